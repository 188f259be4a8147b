#pragma once
// RTCP compound packets: RFC 3550 section 6.
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "gateway/base/bytes.h"
#include "gateway/base/time.h"

namespace tandem::sip::rtp {

/// RFC 3550 6.4.1: what the reporter says of one source that it hears.
struct ReportBlock {
  std::uint32_t ssrc = 0;
  std::uint8_t fraction_lost = 0;  ///< in 1/256, since its last report
  std::int32_t lost = 0;           ///< since the beginning, 24 bits; negative: duplicates
  std::uint32_t highest_sequence = 0;
  std::uint32_t jitter = 0;       ///< timestamp units
  std::uint32_t last_report = 0;  ///< LSR: middle 32 bits of the NTP time of our last SR; 0: none
  std::uint32_t delay = 0;        ///< DLSR in 1/65536 s
};

struct SenderInfo {
  std::uint64_t ntp = 0;
  std::uint32_t rtp_timestamp = 0;
  std::uint32_t packets = 0;
  std::uint32_t octets = 0;
};

inline constexpr std::size_t kMaxReportBlocks = 31;  ///< as many as one report has room for

struct RtcpCompound {
  std::uint32_t ssrc = 0;            ///< of the reporter
  std::optional<SenderInfo> sender;  ///< SR; none: RR
  std::size_t block_count = 0;
  std::array<ReportBlock, kMaxReportBlocks> blocks;
  std::string_view cname;  ///< inside the parsed octets; empty: no SDES
  bool bye = false;        ///< the reporter leaves
};

/// Checks by RFC 3550 A.2: a compound of version 2 that begins with SR or RR, whose lengths add up, padded at
/// most in its last packet. Report blocks beyond kMaxReportBlocks and unknown packet types are passed over.
Result<RtcpCompound> parse_rtcp(OctetView octets);

struct RtcpReport {
  std::uint32_t ssrc = 0;
  std::optional<SenderInfo> sender;
  std::optional<ReportBlock> block;
  std::string_view cname = {};  ///< cut at 255 octets
  bool bye = false;
};

/// Enough for any RtcpReport.
inline constexpr std::size_t kMaxReport = 28 + 24 + 4 + 4 + 2 + 255 + 4 + 8;
/// Octets written.
std::size_t build_rtcp(const RtcpReport& report, std::span<Octet, kMaxReport> out);

/// RFC 3550 6.3.1, A.7 for a session of two: 5 s (the first time half of it), times 0.5 to 1.5 by `random`,
/// divided by e - 3/2.
Duration rtcp_interval(bool initial, std::uint64_t random);

/// NTP time format of a clock with an origin of its own (RFC 3550 section 4 allows any common clock).
std::uint64_t to_ntp(Time now);

/// Round trip from a report block about us (RFC 3550 6.4.1), received at `now`; none: it refers to no report
/// of ours, or makes no sense.
std::optional<Duration> round_trip(const ReportBlock& block, std::uint64_t ntp_now);

}  // namespace tandem::sip::rtp
