#include "gateway/core/routing.h"

namespace tandem::core {

namespace {

/// No number is longer; keeps the time that a regular expression takes in bounds.
constexpr std::size_t kMaxNumber = 64;

}  // namespace

std::optional<Target> find_target(const Config& config, const std::string& name) {
  for (std::size_t i = 0; i < config.trunks.size(); ++i)
    if (!config.trunks[i].retired && config.trunks[i].name == name) return Target{Target::Kind::pri, i};
  for (std::size_t i = 0; i < config.isup_trunks.size(); ++i)
    if (!config.isup_trunks[i].retired && config.isup_trunks[i].name == name)
      return Target{Target::Kind::isup, i};
  for (std::size_t i = 0; i < config.peers.size(); ++i)
    if (!config.peers[i].retired && config.peers[i].name == name) return Target{Target::Kind::peer, i};
  return std::nullopt;
}

TrunkRef trunk_of(const Config& config, const Target& target) {
  if (target.kind == Target::Kind::pri) return &config.trunks[target.index];
  if (target.kind == Target::Kind::isup) return &config.isup_trunks[target.index];
  return {};
}

PartyRules party_rules(const Config& config, const Target& target) {
  const auto of = [](const auto& trunk) {
    return PartyRules{trunk.announcements, trunk.hold_music, trunk.ringback, trunk.failure_tone};
  };
  switch (target.kind) {
    case Target::Kind::pri:
      return of(config.trunks[target.index]);
    case Target::Kind::isup:
      return of(config.isup_trunks[target.index]);
    case Target::Kind::peer:
      break;
  }
  const auto& peer = config.peers[target.index];
  return {peer.announcements, peer.hold_music, true, FailureTone::never};
}

std::span<const CauseOverride> status_overrides(const Config& config, const Target& target) {
  if (target.kind == Target::Kind::pri) return config.trunks[target.index].statuses;
  if (target.kind == Target::Kind::isup) return config.isup_trunks[target.index].statuses;
  return {};
}

Router::Router(const Config& config) {
  for (const auto& source : config.routes) {
    Route route{source.from, std::nullopt, source.rewrite, {}};
    try {
      if (!source.match.empty())
        route.match.emplace(source.match, std::regex::ECMAScript | std::regex::optimize);
    } catch (const std::regex_error&) {
      continue;
    }
    for (const auto& name : source.to)
      if (const auto target = find_target(config, name)) route.targets.push_back(*target);
    if (!route.targets.empty()) routes_.push_back(std::move(route));
  }
}

std::optional<RouteChoice> Router::find(const std::string& from, const std::string& called) const {
  if (called.size() > kMaxNumber) return std::nullopt;
  for (const auto& route : routes_) {
    if (!route.from.empty() && route.from != from) continue;
    try {
      if (route.match && !std::regex_search(called, *route.match)) continue;
      RouteChoice choice{route.targets, called};
      if (!route.rewrite.empty())
        choice.called = route.match ? std::regex_replace(called, *route.match, route.rewrite,
                                                         std::regex_constants::format_first_only)
                                    : route.rewrite;
      return choice;
    } catch (const std::regex_error&) {
      continue;  // too complex for this number: the route does not fit
    }
  }
  return std::nullopt;
}

}  // namespace tandem::core
