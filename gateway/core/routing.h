#pragma once
// Which trunk or peer a number goes to: the first route that fits.
#include <optional>
#include <regex>
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

}  // namespace tandem::core
