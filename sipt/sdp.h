#pragma once
// Session descriptions (RFC 4566, RFC 8866; RFC 3605 a=rtcp), as far as audio gateways need them.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/result.h"

namespace tandem::sip {

inline constexpr std::size_t kMaxSdp = 32768;          ///< octets
inline constexpr std::size_t kMaxSdpMedia = 64;        ///< m= lines
inline constexpr std::size_t kMaxSdpFormats = 64;      ///< formats of an m= line
inline constexpr std::size_t kMaxSdpAttributes = 128;  ///< a= lines, b= and t= lines of a section

enum class Direction : std::uint8_t { sendrecv, sendonly, recvonly, inactive };
std::string_view to_string(Direction direction);

/// c=, and the address of o= and a=rtcp: "IN IP4 192.0.2.1".
struct SdpAddress {
  bool v6 = false;
  std::string host;  ///< address or name; a multicast TTL stays behind a '/'
  friend bool operator==(const SdpAddress&, const SdpAddress&) = default;
};

struct SdpOrigin {
  std::string username = "-";
  std::uint64_t session_id = 0;
  std::uint64_t session_version = 0;
  SdpAddress address;
  friend bool operator==(const SdpOrigin&, const SdpOrigin&) = default;
};

struct SdpRtpmap {
  std::uint8_t payload_type = 0;
  std::string encoding;
  std::uint32_t rate = 0;
  std::uint32_t channels = 1;
  friend bool operator==(const SdpRtpmap&, const SdpRtpmap&) = default;
};

struct SdpFmtp {
  std::uint8_t payload_type = 0;
  std::string parameters;
  friend bool operator==(const SdpFmtp&, const SdpFmtp&) = default;
};

/// a=rtcp:port [address] (RFC 3605 2.1).
struct SdpRtcp {
  std::uint16_t port = 0;
  std::optional<SdpAddress> address;
  friend bool operator==(const SdpRtcp&, const SdpRtcp&) = default;
};

/// Attributes of a session or a stream. Those that are not understood are in `other`: "name" or "name:value".
struct SdpAttributes {
  std::optional<Direction> direction;
  std::optional<int> ptime;     ///< milliseconds
  std::optional<int> maxptime;  ///< milliseconds
  std::vector<std::string> other;
  friend bool operator==(const SdpAttributes&, const SdpAttributes&) = default;
};

struct SdpMedia {
  std::string type = "audio";
  std::uint16_t port = 0;
  std::uint16_t port_count = 1;
  std::string protocol = "RTP/AVP";
  std::vector<std::string> formats;  ///< at least one
  std::optional<SdpAddress> connection;
  std::vector<std::string> bandwidths;  ///< "AS:64"
  std::vector<SdpRtpmap> rtpmaps;
  std::vector<SdpFmtp> fmtps;
  std::optional<SdpRtcp> rtcp;
  SdpAttributes attributes;
  friend bool operator==(const SdpMedia&, const SdpMedia&) = default;

  [[nodiscard]] const SdpRtpmap* rtpmap(unsigned payload_type) const;
};

struct Sdp {
  SdpOrigin origin;
  std::string session_name = "-";
  std::optional<SdpAddress> connection;
  std::vector<std::string> bandwidths;
  std::vector<std::string> times = {"0 0"};  ///< t= values, at least one
  SdpAttributes attributes;
  std::vector<SdpMedia> media;
  friend bool operator==(const Sdp&, const Sdp&) = default;
};

/// Tolerates LF for CRLF, a last line without end, absent s= and t=, and lines out of order within a section;
/// lines that are not in the model (i= u= e= p= r= z= k=) are passed over.
Result<Sdp> parse_sdp(std::string_view text);
std::string to_string(const Sdp& sdp);

}  // namespace tandem::sip
