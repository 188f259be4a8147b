#pragma once
// Which trunk or peer a number goes to: the first route that fits.
#include <optional>
#include <regex>
#include <span>
#include <string>
#include <vector>

#include "gateway/core/config.h"
#include "gateway/core/leg.h"

namespace tandem::core {

struct RouteChoice {
  std::vector<Target> targets;  ///< in turn, not empty
  std::string called;           ///< rewritten
};

class Router {
 public:
  /// Routes whose expression is bad or whose names are unknown lead nowhere: the loader has refused them.
  explicit Router(const Config& config);

  /// `called` as number_text gives it. nullopt: no route fits.
  [[nodiscard]] std::optional<RouteChoice> find(const std::string& from, const std::string& called) const;

 private:
  struct Route {
    std::string from;
    std::optional<std::regex> match;  ///< none: any number
    std::string rewrite;
    std::vector<Target> targets;
  };
  std::vector<Route> routes_;
};

/// The trunk or peer of that name.
std::optional<Target> find_target(const Config& config, const std::string& name);

/// None for a peer.
TrunkRef trunk_of(const Config& config, const Target& target);
/// What holds for a call from there, whatever signals it.
struct PartyRules {
  const std::vector<AnnouncementConfig>& announcements;
  const std::optional<media::RecordingId>& hold_music;
  bool ringback;             ///< alerting callers hear it from here
  FailureTone failure_tone;  ///< of trunks
};
PartyRules party_rules(const Config& config, const Target& target);
/// Causes that a SIP caller gets as another status when its call goes there; trunks have them.
std::span<const CauseOverride> status_overrides(const Config& config, const Target& target);

}  // namespace tandem::core
