#include "sipt/rtp/packet.h"

namespace tandem::sip::rtp {

Result<RtpPacket> parse_rtp(OctetView octets) {
  constexpr std::string_view kWhere = "RTP header";
  if (octets.size() < kRtpHeader) return fail(Errc::truncated, octets.size(), kWhere, "under 12 octets");
  if (octets.size() > kMaxPacket) return fail(Errc::too_long, 0, kWhere, "over 1500 octets");
  if (octets[0] >> 6 != 2) return fail(Errc::malformed, 0, kWhere, "not version 2");
  const std::uint8_t payload_type = octets[1] & 0x7F;
  // With the marker bit these are the RTCP packet types 200 to 207.
  if (payload_type >= 72 && payload_type <= 79 && (octets[1] & 0x80) != 0) {
    return fail(Errc::malformed, 1, kWhere, "RTCP on the RTP port");
  }
  RtpPacket packet{.header = {.marker = (octets[1] & 0x80) != 0,
                              .payload_type = payload_type,
                              .sequence = read_be16(&octets[2]),
                              .timestamp = read_be32(&octets[4]),
                              .ssrc = read_be32(&octets[8])},
                   .payload = {}};
  std::size_t start = kRtpHeader + std::size_t{4} * (octets[0] & 0x0F);
  if (start > octets.size()) return fail(Errc::truncated, octets.size(), "RTP CSRC list", "ends early");
  if ((octets[0] & 0x10) != 0) {
    if (start + 4 > octets.size()) return fail(Errc::truncated, octets.size(), "RTP extension", "ends early");
    start += 4 + std::size_t{4} * read_be16(&octets[start + 2]);
    if (start > octets.size()) return fail(Errc::truncated, octets.size(), "RTP extension", "ends early");
  }
  std::size_t end = octets.size();
  if ((octets[0] & 0x20) != 0) {
    const std::size_t padding = octets[end - 1];
    if (padding == 0 || padding > end - start)
      return fail(Errc::malformed, end - 1, "RTP padding", "bad count");
    end -= padding;
  }
  packet.payload = octets.subspan(start, end - start);
  return packet;
}

void build_rtp_header(const RtpHeader& header, std::span<Octet, kRtpHeader> out) {
  out[0] = 0x80;
  out[1] = static_cast<Octet>((header.marker ? 0x80 : 0) | (header.payload_type & 0x7F));
  write_be16(&out[2], header.sequence);
  write_be32(&out[4], header.timestamp);
  write_be32(&out[8], header.ssrc);
}

}  // namespace tandem::sip::rtp
