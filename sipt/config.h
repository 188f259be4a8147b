#pragma once
#include <string>
#include <vector>

#include "gateway/base/time.h"
#include "sipt/values.h"

namespace tandem::sip {

struct ListenAddress {
  Transport transport = Transport::udp;
  SocketAddress address;
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
};

}  // namespace tandem::sip
