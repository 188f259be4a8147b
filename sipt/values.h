#pragma once
// What SIP says, as values that outlive the message they came in.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/base/address.h"
#include "gateway/base/ids.h"
#include "gateway/base/result.h"

namespace tandem::sip {

enum class Transport : std::uint8_t { udp, tcp };

/// Where a message came from or goes to.
struct Flow {
  Transport transport = Transport::udp;
  SocketAddress local;  ///< the listening address it came in on, or is to leave from
  SocketAddress remote;
  std::uint64_t connection = 0;  ///< TCP: number of the connection it came in on; 0: find one or open one
  friend bool operator==(const Flow&, const Flow&) = default;
};

/// One parameter of a URI or header: ";name=value" or ";name".
struct Param {
  std::string name;
  std::optional<std::string> value;
  friend bool operator==(const Param&, const Param&) = default;
};
using Params = std::vector<Param>;
/// The named parameter, names compared without regard to case; nullptr when absent.
const Param* find_param(const Params& params, std::string_view name);

/// RFC 3261 19.1 sip: and sips: URIs, RFC 3966 tel: URIs (number in `user`, host empty); unescaped. Any other
/// scheme: all behind the colon in `user`, as it came.
struct Uri {
  std::string scheme = "sip";
  std::string user;
  std::string password;
  std::string host;        ///< IPv6 without brackets
  std::uint16_t port = 0;  ///< 0: none written
  Params params;
  std::string headers;  ///< after '?', as it came
  friend bool operator==(const Uri&, const Uri&) = default;
};
std::string to_string(const Uri& uri);
/// The whole of `text` is one URI.
Result<Uri> parse_uri(std::string_view text);
/// RFC 3261 19.1.4, RFC 3966 4.
bool equivalent(const Uri& a, const Uri& b);

/// RFC 3261 20.10: display name, URI and header parameters (tag, ...).
struct NameAddr {
  std::string display;
  Uri uri;
  Params params;
  friend bool operator==(const NameAddr&, const NameAddr&) = default;
};
std::string to_string(const NameAddr& address);
Result<NameAddr> parse_name_addr(std::string_view text);
/// Separated by commas; at most 64 values.
Result<std::vector<NameAddr>> parse_name_addrs(std::string_view text);

/// RFC 3326 Reason: one value of one protocol.
struct Reason {
  std::string protocol;  ///< "Q.850", "SIP"
  int cause = 0;
  std::string text;
  std::optional<std::uint8_t> location;  ///< RFC 8606, Q.850 location code
  friend bool operator==(const Reason&, const Reason&) = default;
};
/// "Q.850;cause=16;text=\"...\";location=LN".
std::string to_string(const Reason& reason);
Result<Reason> parse_reason(std::string_view text);
/// Separated by commas; those that cannot be read are left out (RFC 3326 2: a hint).
std::vector<Reason> parse_reasons(std::string_view text);

}  // namespace tandem::sip
