#include "hw/cesopsn_packet.h"

#include <algorithm>

namespace tandem::hw {
namespace {

constexpr std::string_view kWhere = "CESoPSN control word";
constexpr unsigned kLBit = 0x08;
constexpr unsigned kRBit = 0x04;
constexpr unsigned kMBits = 0x03;
constexpr unsigned kMRdi = 0x02;
constexpr unsigned kFrgBits = 0xC0;
constexpr unsigned kLenBits = 0x3F;
constexpr std::size_t kLenLimit = 64;  // RFC 5086 4.3: LEN only below, zero from there on

}  // namespace

std::size_t encode_packet(const ControlWord& control, OctetView payload, std::span<Octet> out) {
  const std::size_t size = kControlWordOctets + payload.size();
  unsigned flags = control.remote_loss ? kRBit : 0U;
  if (control.circuit == AttachmentCircuit::invalid) flags |= kLBit;
  if (control.circuit == AttachmentCircuit::rdi) flags |= kMRdi;
  out[0] = static_cast<Octet>(flags);
  out[1] = static_cast<Octet>(size < kLenLimit ? size : 0);
  write_be16(&out[2], control.sequence);
  std::ranges::copy(payload, out.begin() + kControlWordOctets);
  return size;
}

Result<CesopsnPacket> decode_packet(OctetView datagram, std::size_t payload_octets) {
  if (datagram.size() < kControlWordOctets)
    return fail(Errc::truncated, datagram.size(), kWhere, "too short");
  const unsigned flags = datagram[0];
  if ((flags & 0xF0U) != 0) return fail(Errc::malformed, 0, kWhere, "bits 0 to 3 are not zero");
  if ((datagram[1] & kFrgBits) != 0) return fail(Errc::malformed, 1, kWhere, "FRG is not zero");
  // UDP gives the exact size, so that unlike on Ethernet there is no padding for LEN to tell from the
  // payload.
  const std::size_t length = datagram[1] & kLenBits;
  if (length != 0 && length != datagram.size())
    return fail(Errc::malformed, 1, kWhere, "LEN is not the size");

  const bool invalid = (flags & kLBit) != 0;
  const unsigned modifier = flags & kMBits;
  if (modifier != 0 && (invalid || modifier != kMRdi))
    return fail(Errc::unsupported, 0, kWhere, "reserved code point of L and M");
  CesopsnPacket packet;
  if (invalid) packet.control.circuit = AttachmentCircuit::invalid;
  if (modifier == kMRdi) packet.control.circuit = AttachmentCircuit::rdi;
  packet.control.remote_loss = (flags & kRBit) != 0;
  packet.control.sequence = read_be16(&datagram[2]);
  packet.payload = datagram.subspan(kControlWordOctets);
  // RFC 5086 6.3: the size tells malformed packets, the L bit taken into account.
  if (packet.payload.size() != payload_octets && !(invalid && packet.payload.empty()))
    return fail(Errc::malformed, kControlWordOctets, "CESoPSN payload", "not the size that was agreed");
  return packet;
}

}  // namespace tandem::hw
