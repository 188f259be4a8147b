#include "gateway/core/trunk_timers.h"

#include <algorithm>
#include <optional>

#include "tdm/pri/timers.h"

namespace tandem::core {

namespace {

using namespace std::chrono_literals;

/// The leg's own timer, which knows more of the call, ends first.
constexpr Duration kMargin = 1s;

std::optional<Duration> setting(const TrunkConfig& trunk, std::string_view name) {
  const auto it = std::ranges::find(trunk.timers, name, &tdm::pri::TimerSetting::name);
  if (it == trunk.timers.end()) return std::nullopt;
  return std::chrono::milliseconds(it->value);
}

tdm::pri::DChannelConfig q931_of(const TrunkConfig& trunk) {
  tdm::pri::DChannelConfig config;
  config.side = trunk.side;
  config.timers = trunk.timers;
  return config;
}

Duration q931_timer(const TrunkConfig& trunk, std::string_view name) {
  return tdm::pri::timer_duration(q931_of(trunk), name);
}

}  // namespace

Duration trunk_timer(const TrunkConfig* trunk, TimerKind kind) {
  if (trunk == nullptr) return timer_value(kind);
  switch (kind) {
    case TimerKind::t302:
      return q931_timer(*trunk, "T302");
    case TimerKind::inband:
      return q931_timer(*trunk, "T306");
    case TimerKind::alarm_hold:
      return q931_timer(*trunk, "T309");
    case TimerKind::t316:
      return tdm::pri::timer_value(q931_of(*trunk), "N316") * q931_timer(*trunk, "T316") + 5 * kMargin;
    default:
      break;
  }
  const auto* row = std::ranges::find(kTimers, kind, &TimerRow::kind);
  if (row == kTimers.end() || !row->by_trunk) return timer_value(kind);
  return std::clamp(setting(*trunk, row->name).value_or(row->value), row->minimum, row->maximum);
}

Duration no_answer_timer(const TrunkConfig* incoming, const TrunkConfig* outgoing, bool alerting) {
  const auto* trunk = outgoing != nullptr ? outgoing : incoming;
  const auto t9 = trunk_timer(trunk, TimerKind::t9);
  if (outgoing == nullptr || setting(*outgoing, "T9")) return t9;
  return std::max(t9, q931_timer(*outgoing, alerting ? "T301" : "T310") + kMargin);
}

}  // namespace tandem::core
