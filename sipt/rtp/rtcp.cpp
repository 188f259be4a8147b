#include "sipt/rtp/rtcp.h"

#include <algorithm>

#include "sipt/rtp/packet.h"

namespace tandem::sip::rtp {
namespace {

enum PacketType : std::uint8_t { kSenderReport = 200, kReceiverReport = 201, kSdes = 202, kBye = 203 };
constexpr std::size_t kBlockOctets = 24;
constexpr std::size_t kSenderOctets = 20;

ReportBlock parse_block(const Octet* p) {
  const auto lost = std::uint32_t{p[5]} << 16 | std::uint32_t{p[6]} << 8 | p[7];
  return {.ssrc = read_be32(p),
          .fraction_lost = p[4],
          .lost = static_cast<std::int32_t>(lost << 8) >> 8,
          .highest_sequence = read_be32(p + 8),
          .jitter = read_be32(p + 12),
          .last_report = read_be32(p + 16),
          .delay = read_be32(p + 20)};
}

// SR or RR; `packet` is whole.
std::string_view parse_report(OctetView packet, bool first, RtcpCompound& out) {
  const bool sender = packet[1] == kSenderReport;
  std::size_t at = sender ? 8 + kSenderOctets : 8;
  const std::size_t count = packet[0] & 0x1F;
  if (packet.size() < at + count * kBlockOctets) return "report shorter than its blocks";
  if (first) out.ssrc = read_be32(&packet[4]);
  if (sender && first) {
    out.sender = SenderInfo{.ntp = std::uint64_t{read_be32(&packet[8])} << 32 | read_be32(&packet[12]),
                            .rtp_timestamp = read_be32(&packet[16]),
                            .packets = read_be32(&packet[20]),
                            .octets = read_be32(&packet[24])};
  }
  for (std::size_t i = 0; i < count && out.block_count < kMaxReportBlocks; ++i, at += kBlockOctets) {
    out.blocks[out.block_count++] = parse_block(&packet[at]);
  }
  return {};
}

// RFC 3550 6.5: chunks of an SSRC and items, each chunk ended by a zero and filled up to 32 bits.
std::string_view parse_sdes(OctetView packet, RtcpCompound& out) {
  std::size_t at = 4;
  for (int chunk = packet[0] & 0x1F; chunk > 0; --chunk) {
    if (at + 4 > packet.size()) return "SDES chunk ends early";
    at += 4;
    while (true) {
      if (at >= packet.size()) return "SDES chunk has no end";
      const auto type = packet[at];
      if (type == 0) break;
      if (at + 2 > packet.size() || at + 2 + packet[at + 1] > packet.size()) return "SDES item ends early";
      const std::size_t length = packet[at + 1];
      if (type == 1 && out.cname.empty()) out.cname = as_text(packet.subspan(at + 2, length));
      at += 2 + length;
    }
    at = (at + 4) / 4 * 4;
  }
  return {};
}

std::string_view parse_bye(OctetView packet, RtcpCompound& out) {
  const std::size_t count = packet[0] & 0x1F;
  if (packet.size() < 4 + 4 * count) return "BYE ends early";
  for (std::size_t i = 0; i < count; ++i) {
    if (read_be32(&packet[4 + 4 * i]) == out.ssrc) out.bye = true;
  }
  return {};
}

}  // namespace

Result<RtcpCompound> parse_rtcp(OctetView octets) {
  constexpr std::string_view kWhere = "RTCP";
  RtcpCompound out;
  if (octets.size() > kMaxPacket) return fail(Errc::too_long, 0, kWhere, "over 1500 octets");
  for (std::size_t at = 0; at < octets.size() || at == 0;) {
    if (at + 4 > octets.size()) return fail(Errc::truncated, octets.size(), kWhere, "header ends early");
    if (octets[at] >> 6 != 2) return fail(Errc::malformed, at, kWhere, "not version 2");
    const auto size = (std::size_t{read_be16(&octets[at + 2])} + 1) * 4;
    if (at + size > octets.size()) return fail(Errc::truncated, at, kWhere, "lengths do not add up");
    auto packet = octets.subspan(at, size);
    const auto type = packet[1];
    const bool report = type == kSenderReport || type == kReceiverReport;
    if (at == 0 && (!report || size < 8))
      return fail(Errc::malformed, 0, kWhere, "does not begin with a report");
    if ((packet[0] & 0x20) != 0) {
      const std::size_t padding = packet[size - 1];
      if (at + size != octets.size()) return fail(Errc::malformed, at, kWhere, "padding before the end");
      if (padding == 0 || padding % 4 != 0 || padding > size - 4) {
        return fail(Errc::malformed, at + size - 1, kWhere, "bad padding");
      }
      packet = packet.first(size - padding);
    }
    std::string_view problem;
    if (report) {
      problem = parse_report(packet, at == 0, out);
    } else if (type == kSdes) {
      problem = parse_sdes(packet, out);
    } else if (type == kBye) {
      problem = parse_bye(packet, out);
    }
    if (!problem.empty()) return fail(Errc::malformed, at, kWhere, problem);
    at += size;
  }
  return out;
}

namespace {

class Writer {
 public:
  explicit Writer(std::span<Octet> out) : out_(out) {}
  void octet(unsigned v) { out_[size_++] = static_cast<Octet>(v); }
  void be32(std::uint32_t v) {
    write_be32(&out_[size_], v);
    size_ += 4;
  }
  void begin(unsigned count, PacketType type) {
    start_ = size_;
    octet(0x80 | count);
    octet(type);
    octet(0);
    octet(0);
  }
  void end() {
    while (size_ % 4 != 0) octet(0);
    write_be16(&out_[start_ + 2], static_cast<std::uint16_t>((size_ - start_) / 4 - 1));
  }
  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  std::span<Octet> out_;
  std::size_t size_ = 0;
  std::size_t start_ = 0;
};

void write_block(Writer& w, const ReportBlock& b) {
  const auto lost = static_cast<std::uint32_t>(std::clamp(b.lost, -0x800000, 0x7FFFFF)) & 0xFFFFFF;
  w.be32(b.ssrc);
  w.be32(std::uint32_t{b.fraction_lost} << 24 | lost);
  w.be32(b.highest_sequence);
  w.be32(b.jitter);
  w.be32(b.last_report);
  w.be32(b.delay);
}

}  // namespace

std::size_t build_rtcp(const RtcpReport& report, std::span<Octet, kMaxReport> out) {
  Writer w(out);
  w.begin(report.block ? 1 : 0, report.sender ? kSenderReport : kReceiverReport);
  w.be32(report.ssrc);
  if (report.sender) {
    w.be32(static_cast<std::uint32_t>(report.sender->ntp >> 32));
    w.be32(static_cast<std::uint32_t>(report.sender->ntp));
    w.be32(report.sender->rtp_timestamp);
    w.be32(report.sender->packets);
    w.be32(report.sender->octets);
  }
  if (report.block) write_block(w, *report.block);
  w.end();

  const auto cname = report.cname.substr(0, 255);
  w.begin(1, kSdes);
  w.be32(report.ssrc);
  w.octet(1);
  w.octet(static_cast<unsigned>(cname.size()));
  for (const char c : cname) w.octet(static_cast<unsigned char>(c));
  w.octet(0);
  w.end();

  if (report.bye) {
    w.begin(1, kBye);
    w.be32(report.ssrc);
    w.end();
  }
  return w.size();
}

Duration rtcp_interval(bool initial, std::uint64_t random) {
  constexpr double kCompensation = 2.71828 - 1.5;
  const double factor = 0.5 + static_cast<double>(random >> 11) / static_cast<double>(1ULL << 53);
  const double seconds = (initial ? 2.5 : 5.0) * factor / kCompensation;
  return std::chrono::duration_cast<Duration>(std::chrono::duration<double>(seconds));
}

std::uint64_t to_ntp(Time now) {
  constexpr std::uint64_t kSecond = 1'000'000'000;
  const auto ns = static_cast<std::uint64_t>(now.time_since_epoch().count());
  return ns / kSecond << 32 | (ns % kSecond << 32) / kSecond;
}

std::optional<Duration> round_trip(const ReportBlock& block, std::uint64_t ntp_now) {
  if (block.last_report == 0) return std::nullopt;
  const auto now = static_cast<std::uint32_t>(ntp_now >> 16);
  const auto units = static_cast<std::int32_t>(now - block.last_report - block.delay);
  // Over a minute is a peer's mistake; slightly under zero is the rounding of its clock.
  if (units < -655 || units > 60 * 65536) return std::nullopt;
  return std::chrono::nanoseconds(std::int64_t{std::max(units, 0)} * 1'000'000'000 / 65536);
}

}  // namespace tandem::sip::rtp
