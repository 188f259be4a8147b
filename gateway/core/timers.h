#pragma once
// The core's own timers: ISUP's (Q.764 table A.1), and those of the joint between the worlds.
#include <array>
#include <cstdint>
#include <functional>
#include <string_view>

#include "gateway/base/time.h"

namespace tandem::core {

enum class TimerKind : std::uint8_t {
  t7,            ///< per call
  t9,            ///< per call
  inband,        ///< per call
  tone,          ///< per call
  t10,           ///< per call
  t35,           ///< per call
  recording,     ///< per call
  t11,           ///< per SIP leg
  cdr_guard,     ///< per attempt
  alarm_hold,    ///< per span of a trunk
  t316,          ///< per circuit
  span_failure,  ///< per span of ISUP trunks
  back_off,      ///< per SIP peer
  t302,          ///< per call of a trunk
  drain          ///< one
};

struct TimerRow {
  TimerKind kind;
  std::string_view name;
  Duration minimum, value, maximum;
  std::string_view clause;
  bool by_trunk = false;  ///< timers_ms of a trunk may set it, by its name
};
inline constexpr auto kTimers = std::to_array<TimerRow>({
    {TimerKind::t7, "T7", std::chrono::seconds(20), std::chrono::seconds(25), std::chrono::seconds(30),
     "Q.764 table A.1: no ACM or CON after the last address message", true},
    {TimerKind::t9, "T9", std::chrono::seconds(90), std::chrono::seconds(180), std::chrono::seconds(240),
     "Q.764 table A.1, Q.118: no answer", true},
    {TimerKind::inband, "in-band", std::chrono::seconds(10), std::chrono::seconds(30),
     std::chrono::seconds(60), "RFC 3398 7.2.5: a tone or announcement with a cause; Q.931 T306"},
    {TimerKind::tone, "tone", std::chrono::seconds(5), std::chrono::seconds(20), std::chrono::seconds(60),
     "Q.699: busy or congestion tone towards a party that cannot read causes"},
    {TimerKind::recording, "recording", std::chrono::seconds(10), std::chrono::seconds(120),
     std::chrono::seconds(600), "the longest announcement before a release"},
    {TimerKind::t10, "T10", std::chrono::seconds(4), std::chrono::seconds(5), std::chrono::seconds(6),
     "Q.764 table A.1; RFC 3578 2: no digit after those that have a way", true},
    {TimerKind::t35, "T35", std::chrono::seconds(15), std::chrono::seconds(15), std::chrono::seconds(20),
     "Q.764 table A.1; RFC 3578 2: no digit, and too few for a way", true},
    {TimerKind::t11, "T11", std::chrono::seconds(15), std::chrono::seconds(15), std::chrono::seconds(20),
     "RFC 3398 8.2.2, Q.764 table A.1: early ACM", true},
    {TimerKind::cdr_guard, "CDR", std::chrono::seconds(1), std::chrono::seconds(2), std::chrono::seconds(5),
     "the record does not wait longer for its media statistics"},
    {TimerKind::alarm_hold, "alarm hold", std::chrono::seconds(0), std::chrono::seconds(30),
     std::chrono::seconds(90), "Q.931 T309 of the trunk: calls survive an interruption that is shorter"},
    {TimerKind::t316, "T316", std::chrono::seconds(120), std::chrono::seconds(245), std::chrono::seconds(600),
     "Q.931 table 9-2: no RESTART ACKNOWLEDGE after N316 times T316 of the trunk"},
    {TimerKind::span_failure, "span failure", std::chrono::milliseconds(0), std::chrono::milliseconds(2500),
     std::chrono::seconds(30), "Q.764 2.8.2: circuits of a span in alarm are blocked, shorter ones are none"},
    {TimerKind::back_off, "back-off", std::chrono::seconds(1), std::chrono::seconds(10),
     std::chrono::seconds(60), "RFC 3261 21.5.4: as long as Retry-After says"},
    {TimerKind::t302, "T302", std::chrono::seconds(10), std::chrono::seconds(15), std::chrono::seconds(15),
     "Q.931 table 9-1: no further digit; T302 of the trunk"},
});

constexpr Duration timer_value(TimerKind kind) {
  for (const auto& row : kTimers)
    if (row.kind == kind) return row.value;
  return {};
}

struct TimerKey {
  TimerKind kind = TimerKind::drain;
  std::uint64_t id = 0;
  friend bool operator==(const TimerKey&, const TimerKey&) = default;
};
struct TimerKeyHash {
  std::size_t operator()(const TimerKey& key) const noexcept {
    return std::hash<std::uint64_t>{}(key.id * 31 + static_cast<std::uint64_t>(key.kind));
  }
};

}  // namespace tandem::core
