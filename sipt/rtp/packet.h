#pragma once
// RTP packets: RFC 3550 section 5.1.
#include <cstdint>

#include "gateway/base/bytes.h"

namespace tandem::sip::rtp {

inline constexpr std::size_t kRtpHeader = 12;      ///< octets without CSRC and extension
inline constexpr std::size_t kMaxPacket = 1500;    ///< larger datagrams are no voice
inline constexpr std::uint8_t kComfortNoise = 13;  ///< payload type of RFC 3389 (RFC 3551 table 4)
inline constexpr std::size_t kMaxPayload = 1440;   ///< octets: 180 ms of G.711

struct RtpHeader {
  bool marker = false;
  std::uint8_t payload_type = 0;  ///< 0 to 127
  std::uint16_t sequence = 0;
  std::uint32_t timestamp = 0;
  std::uint32_t ssrc = 0;
};

struct RtpPacket {
  RtpHeader header;
  OctetView payload;  ///< inside the parsed octets, without padding; may be empty
};

/// Error: not version 2, truncated, bad padding, or RTCP on the RTP port (RFC 5761 section 4).
Result<RtpPacket> parse_rtp(OctetView octets);

/// Writes kRtpHeader octets.
void build_rtp_header(const RtpHeader& header, std::span<Octet, kRtpHeader> out);

/// Whether sequence number or timestamp `a` comes after `b`, modulo their size.
constexpr bool newer(std::uint16_t a, std::uint16_t b) {
  return static_cast<std::int16_t>(a - b) > 0;
}
constexpr bool newer(std::uint32_t a, std::uint32_t b) {
  return static_cast<std::int32_t>(a - b) > 0;
}

}  // namespace tandem::sip::rtp
