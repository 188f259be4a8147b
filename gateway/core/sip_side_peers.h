#pragma once
// The configured SIP peers: who an address is, who answers, who has asked to be left alone for a while.
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "gateway/core/context.h"
#include "sipt/values.h"

namespace tandem::core {

class SipPeers {
 public:
  explicit SipPeers(Context& context);

  /// Two peers at one host are told apart by port; the first named has the host's other ports.
  [[nodiscard]] std::optional<std::size_t> of(const SocketAddress& remote) const;
  /// The peer that a URI names by its address.
  [[nodiscard]] std::optional<std::size_t> of(const sip::Uri& uri) const;

  void set_reachable(std::size_t peer, bool reachable);
  /// 503 or 500 with Retry-After: no INVITE goes there until then, an hour at most (RFC 3261 21.5.1, 21.5.4).
  /// A call that has no other target is refused: the RFC wants no further requests, and one in vain costs
  /// both.
  void back_off(std::size_t peer, Duration delay, Time now);
  [[nodiscard]] bool usable(std::size_t peer) const;
  enum class Reach : std::uint8_t { not_watched, unknown, reachable, unreachable };
  [[nodiscard]] Reach reach(std::size_t peer) const { return states_[peer]; }
  /// By a reload: the peer of this number is another, and nothing is known of it but `known`.
  void set(std::size_t peer, std::optional<Reach> known);
  /// The peers that requests may come from, in the order of the file.
  void order(std::span<const std::size_t> peers);
  /// "reachable", "unreachable", "unknown", "not watched", "overloaded".
  [[nodiscard]] std::string_view state(std::size_t peer) const;

 private:
  Context& context_;
  std::vector<Reach> states_;
  std::unordered_map<SocketAddress, std::size_t> by_address_;  ///< address and port
  std::unordered_map<SocketAddress, std::size_t> by_host_;     ///< port 0
};

}  // namespace tandem::core
