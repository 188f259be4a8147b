#pragma once
#include <array>
#include <chrono>

#include "gateway/base/fsm.h"
#include "gateway/base/time.h"
#include "tdm/span.h"

namespace tandem::tdm {

/// How long a defect has to last, or to be gone, before the alarm follows.
struct AlarmTimes {
  Duration raise;
  Duration clear;
};
/// For packet spans, where calls have to follow at once. RFC 5086 6.3 names 2.5 s and 10 s as typical, for
/// alarms that people act on, and leaves both to configuration.
inline constexpr AlarmTimes kPacketAlarmTimes{std::chrono::milliseconds(100), std::chrono::seconds(1)};

enum class AlarmState : std::uint8_t { clear, rising, raised, falling };
enum class AlarmEvent : std::uint8_t { defect, no_defect, expired };

/// What the actions of the alarm machine work on.
struct AlarmTimer {
  AlarmTimes times;
  Time now{};
  Time deadline = Time::max();
  void await_raise() { deadline = now + times.raise; }
  void await_clear() { deadline = now + times.clear; }
  void stop() { deadline = Time::max(); }
};

using AlarmRow = FsmRow<AlarmState, AlarmEvent, AlarmTimer>;
// clang-format off
inline constexpr auto kAlarmRows = std::to_array<AlarmRow>({
  // from                on                     guard    action                                     to                   clause
  {AlarmState::clear,   AlarmEvent::no_defect, nullptr, nullptr,                                   AlarmState::clear,   "RFC 5086 6.3"},
  {AlarmState::clear,   AlarmEvent::defect,    nullptr, [](AlarmTimer& t) { t.await_raise(); },    AlarmState::rising,  "RFC 5086 6.3"},
  {AlarmState::rising,  AlarmEvent::defect,    nullptr, nullptr,                                   AlarmState::rising,  "RFC 5086 6.3"},
  {AlarmState::rising,  AlarmEvent::no_defect, nullptr, [](AlarmTimer& t) { t.stop(); },           AlarmState::clear,   "RFC 5086 6.3"},
  {AlarmState::rising,  AlarmEvent::expired,   nullptr, [](AlarmTimer& t) { t.stop(); },           AlarmState::raised,  "RFC 5086 6.3"},
  {AlarmState::raised,  AlarmEvent::defect,    nullptr, nullptr,                                   AlarmState::raised,  "RFC 5086 6.3"},
  {AlarmState::raised,  AlarmEvent::no_defect, nullptr, [](AlarmTimer& t) { t.await_clear(); },    AlarmState::falling, "RFC 5086 6.3"},
  {AlarmState::falling, AlarmEvent::no_defect, nullptr, nullptr,                                   AlarmState::falling, "RFC 5086 6.3"},
  {AlarmState::falling, AlarmEvent::defect,    nullptr, [](AlarmTimer& t) { t.stop(); },           AlarmState::raised,  "RFC 5086 6.3"},
  {AlarmState::falling, AlarmEvent::expired,   nullptr, [](AlarmTimer& t) { t.stop(); },           AlarmState::clear,   "RFC 5086 6.3"},
});
// clang-format on
static_assert(fsm_rows_unique(kAlarmRows));

/// One alarm: follows its defect with delay.
class AlarmDebounce {
 public:
  explicit AlarmDebounce(AlarmTimes times) : timer_{times} {}

  /// The defect is, or is not, there at `now`. Calls come in order of time, at least as often as the times
  /// ask for.
  void update(bool defect, Time now) {
    timer_.now = now;
    // The defect is looked at first: one that went away in the last moment must not raise the alarm.
    fsm_step(kAlarmRows, state_, defect ? AlarmEvent::defect : AlarmEvent::no_defect, timer_);
    if (now >= timer_.deadline) fsm_step(kAlarmRows, state_, AlarmEvent::expired, timer_);
  }
  [[nodiscard]] bool raised() const { return state_ == AlarmState::raised || state_ == AlarmState::falling; }
  [[nodiscard]] AlarmState state() const { return state_; }

 private:
  AlarmState state_ = AlarmState::clear;
  AlarmTimer timer_;
};

/// The three alarms of a span, each with its own debounce.
class AlarmMonitor {
 public:
  explicit AlarmMonitor(AlarmTimes times) : red_(times), blue_(times), yellow_(times) {}

  void update(Alarms defects, Time now) {
    red_.update(defects.red, now);
    blue_.update(defects.blue, now);
    yellow_.update(defects.yellow, now);
  }
  [[nodiscard]] Alarms alarms() const { return {red_.raised(), blue_.raised(), yellow_.raised()}; }

 private:
  AlarmDebounce red_;
  AlarmDebounce blue_;
  AlarmDebounce yellow_;
};

}  // namespace tandem::tdm
