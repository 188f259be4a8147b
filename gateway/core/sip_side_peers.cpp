#include "gateway/core/sip_side_peers.h"

#include <algorithm>

namespace tandem::core {

namespace {

/// A peer's word is not taken for longer: its next response can say it again.
constexpr Duration kLongestBackOff = std::chrono::hours(1);
constexpr std::uint16_t kSipPort = 5060;  // RFC 3261 19.1.2

SocketAddress without_port(SocketAddress address) {
  address.port = 0;
  return address;
}

}  // namespace

SipPeers::SipPeers(Context& context) : context_(context) {
  std::vector<std::size_t> all;
  for (std::size_t i = 0; i < context.config.peers.size(); ++i) {
    set(i, std::nullopt);
    all.push_back(i);
  }
  order(all);
}

void SipPeers::set(std::size_t peer, std::optional<Reach> known) {
  if (states_.size() <= peer) states_.resize(peer + 1);
  const bool watched = context_.config.peers[peer].options_interval > Duration{};
  states_[peer] = known.value_or(watched ? Reach::unknown : Reach::not_watched);
  context_.stop(TimerKind::back_off, peer);
}

void SipPeers::order(std::span<const std::size_t> peers) {
  by_address_.clear();
  by_host_.clear();
  for (const auto i : peers) {
    const auto& remote = context_.config.peers[i].destination.remote;
    by_address_.emplace(remote, i);
    by_host_.emplace(without_port(remote), i);
  }
}

std::optional<std::size_t> SipPeers::of(const SocketAddress& remote) const {
  if (const auto it = by_address_.find(remote); it != by_address_.end()) return it->second;
  if (const auto it = by_host_.find(without_port(remote)); it != by_host_.end()) return it->second;
  return std::nullopt;
}

std::optional<std::size_t> SipPeers::of(const sip::Uri& uri) const {
  const auto address = parse_ip(uri.host, uri.port != 0 ? uri.port : kSipPort);
  return address ? of(*address) : std::nullopt;
}

void SipPeers::set_reachable(std::size_t peer, bool reachable) {
  if (peer >= states_.size()) return;
  states_[peer] = reachable ? Reach::reachable : Reach::unreachable;
  context_.log(reachable ? Severity::info : Severity::warning, {},
               "peer " + context_.config.peers[peer].name +
                   (reachable ? " answers OPTIONS" : " does not answer OPTIONS"));
}

void SipPeers::back_off(std::size_t peer, Duration delay, Time now) {
  if (peer >= states_.size() || delay <= Duration{}) return;
  const TimerKey key{TimerKind::back_off, peer};
  const bool news = !context_.timers.running(key);
  context_.timers.start(key, now + std::min(delay, kLongestBackOff));
  if (news)
    context_.log(Severity::warning, {},
                 "peer " + context_.config.peers[peer].name + " is overloaded: passed over as it asks");
}

bool SipPeers::usable(std::size_t peer) const {
  return states_[peer] != Reach::unreachable && !context_.timers.running({TimerKind::back_off, peer});
}

std::string_view SipPeers::state(std::size_t peer) const {
  if (states_[peer] != Reach::unreachable && !usable(peer)) return "overloaded";
  switch (states_[peer]) {
    case Reach::not_watched:
      return "not watched";
    case Reach::unknown:
      return "unknown";
    case Reach::reachable:
      return "reachable";
    case Reach::unreachable:
      break;
  }
  return "unreachable";
}

}  // namespace tandem::core
