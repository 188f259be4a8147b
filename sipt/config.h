#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "gateway/base/time.h"
#include "sipt/values.h"

namespace tandem::sip {

struct ListenAddress {
  Transport transport = Transport::udp;
  SocketAddress address;
  friend bool operator==(const ListenAddress&, const ListenAddress&) = default;
};

/// Whether provisional responses are to be reliable (RFC 3262): never; where the peer supports it; or not at
/// all without it (Require: 100rel, 421 to callers that cannot).
enum class Reliable : std::uint8_t { never, supported, required };
/// Who refreshes the session (RFC 4028 7.1): whoever, this side, the peer.
enum class Refresher : std::uint8_t { any, self, peer };
/// How one call is to be handled; the peer's configuration decides.
struct CallPolicy {
  Reliable reliable = Reliable::supported;             ///< RFC 3262
  Duration session_expires = std::chrono::seconds(0);  ///< RFC 4028; 0: we ask for no session timer
  Duration min_se = std::chrono::seconds(90);          ///< RFC 4028 4: not below 90 s
  Refresher refresher = Refresher::any;
  friend bool operator==(const CallPolicy&, const CallPolicy&) = default;
};

/// What a user agent needs to know of itself.
struct UserAgentConfig {
  std::vector<ListenAddress> listen;
  std::string product = "Tandem";                ///< Server and User-Agent
  Duration t1 = std::chrono::milliseconds(500);  ///< RFC 3261 17.1.1.1
  Duration t2 = std::chrono::seconds(4);
  Duration t4 = std::chrono::seconds(5);
  Duration invite_timeout = std::chrono::seconds(180);  ///< RFC 3261 16.7 timer C: no final response
  std::size_t max_message = 65535;                      ///< octets
  std::size_t max_transactions = 100000;
  std::string organization = {};  ///< Organization header (RFC 3261 20.25); empty: none
  /// INFO bodies that are passed on (RFC 6086 legacy usage).
  std::vector<std::string> info_types = {"application/dtmf-relay", "application/dtmf"};
  Duration keepalive =
      std::chrono::seconds(0);  ///< CRLF CRLF on idle TCP connections (RFC 5626 4.4.1); 0: none
  double calls_per_second = 0;  ///< new INVITEs beyond get 503 with Retry-After; 0: no limit
  std::size_t max_calls = 0;    ///< the same, calls at once; 0: no limit
  Duration retry_after = std::chrono::seconds(10);  ///< Retry-After of 503 (RFC 3261 21.5.4)
};

}  // namespace tandem::sip
