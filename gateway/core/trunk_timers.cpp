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

namespace {

const TimerRow* by_trunk(TimerKind kind) {
  const auto* row = std::ranges::find(kTimers, kind, &TimerRow::kind);
  return row == kTimers.end() || !row->by_trunk ? nullptr : row;
}

Duration isup_timer(const isup::GroupConfig& group, TimerKind kind) {
  const auto* row = by_trunk(kind);
  const auto* own = row != nullptr ? isup::find_timer(row->name) : nullptr;
  if (own == nullptr) return timer_value(kind);
  return group.timers.value(own->id, group.variant) + (own->by_core ? Duration{} : kMargin);
}

}  // namespace

Duration trunk_timer(TrunkRef reference, TimerKind kind) {
  if (reference.isup != nullptr) return isup_timer(reference.isup->group, kind);
  const auto* trunk = reference.pri;
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
  const auto* row = by_trunk(kind);
  if (row == nullptr) return timer_value(kind);
  return std::clamp(setting(*trunk, row->name).value_or(row->value), row->minimum, row->maximum);
}

Duration no_answer_timer(TrunkRef incoming, TrunkRef outgoing, bool alerting) {
  const auto t9 = trunk_timer(outgoing.or_else(incoming), TimerKind::t9);
  if (outgoing.pri == nullptr || setting(*outgoing.pri, "T9")) return t9;
  return std::max(t9, q931_timer(*outgoing.pri, alerting ? "T301" : "T310") + kMargin);
}

}  // namespace tandem::core
