#pragma once
// Requests that are too large for a datagram (RFC 3261 18.1.1).
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "gateway/base/bytes.h"
#include "gateway/base/time.h"
#include "sipt/config.h"
#include "sipt/values.h"

namespace tandem::sip {

inline constexpr std::size_t kMaxDatagramRequest = 1300;  ///< octets; the path MTU is not known
inline constexpr std::size_t kMaxTcpRefusals = 64;        ///< peers remembered
inline constexpr Duration kTcpRefusalMemory = std::chrono::minutes(5);

/// Turns requests meant for UDP into requests for TCP, and back when the peer does not listen there.
class LargeRequests {
 public:
  explicit LargeRequests(std::span<const ListenAddress> listen);

  /// When `request` is too large for UDP: `flow` and its topmost Via become those of TCP, and the flow that
  /// it was meant for is given. Nothing when it fits, when we do not listen on TCP in that address family, or
  /// when the peer refused TCP a while ago.
  std::optional<Flow> divert(Flow& flow, Octets& request, Time now);
  /// The peer refused TCP: `request` with a Via for the flow it was meant for.
  Octets restore(const Octets& request, const Flow& datagram, Time now);

 private:
  std::vector<SocketAddress> tcp_;
  std::unordered_map<SocketAddress, Time> refusals_;  // until when
};

}  // namespace tandem::sip
