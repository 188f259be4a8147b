#include "tdm/alarms.h"

#include <gtest/gtest.h>

#include <set>

namespace tandem::tdm {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr AlarmTimes kTimes{milliseconds(100), seconds(1)};

TEST(AlarmDebounce, ADefectRaisesOnlyAfterItsTime) {
  AlarmDebounce alarm(kTimes);
  const Time t0{};
  alarm.update(true, t0);
  alarm.update(true, t0 + milliseconds(99));
  EXPECT_FALSE(alarm.raised());
  alarm.update(true, t0 + milliseconds(100));
  EXPECT_TRUE(alarm.raised());
}

TEST(AlarmDebounce, AShortDefectNeverRaises) {
  AlarmDebounce alarm(kTimes);
  Time now{};
  for (int i = 0; i < 1000; ++i) {
    alarm.update(i % 10 != 0, now);
    now += milliseconds(10);
    EXPECT_FALSE(alarm.raised());
  }
}

TEST(AlarmDebounce, ADefectThatEndsInTheLastMomentDoesNotRaise) {
  AlarmDebounce alarm(kTimes);
  alarm.update(true, Time{});
  alarm.update(false, Time{} + milliseconds(100));
  EXPECT_FALSE(alarm.raised());
}

TEST(AlarmDebounce, ClearsOnlyAfterTheDefectWasGoneForItsTime) {
  AlarmDebounce alarm(kTimes);
  const Time t0{};
  alarm.update(true, t0);
  alarm.update(true, t0 + milliseconds(100));
  alarm.update(false, t0 + milliseconds(200));
  alarm.update(false, t0 + milliseconds(1199));
  EXPECT_TRUE(alarm.raised());
  alarm.update(true, t0 + milliseconds(1199));  // it is back: the time starts anew
  alarm.update(false, t0 + milliseconds(1300));
  alarm.update(false, t0 + milliseconds(2299));
  EXPECT_TRUE(alarm.raised());
  alarm.update(false, t0 + milliseconds(2300));
  EXPECT_FALSE(alarm.raised());
}

TEST(AlarmDebounce, TimesOfZeroFollowAtOnce) {
  AlarmDebounce alarm({Duration{}, Duration{}});
  alarm.update(true, Time{});
  EXPECT_TRUE(alarm.raised());
  alarm.update(false, Time{});
  EXPECT_FALSE(alarm.raised());
}

TEST(AlarmMonitor, TheThreeAlarmsAreIndependent) {
  AlarmMonitor monitor(kTimes);
  const Time t0{};
  monitor.update({.red = true}, t0);
  monitor.update({.red = true, .yellow = true}, t0 + milliseconds(100));
  EXPECT_EQ(monitor.alarms(), (Alarms{.red = true}));
  monitor.update({.yellow = true}, t0 + milliseconds(200));
  EXPECT_EQ(monitor.alarms(), (Alarms{.red = true, .yellow = true}));
  monitor.update({.blue = true}, t0 + milliseconds(1200));
  EXPECT_EQ(monitor.alarms(), (Alarms{.yellow = true}));
  monitor.update({.blue = true}, t0 + milliseconds(2200));
  EXPECT_EQ(monitor.alarms(), (Alarms{.blue = true}));
}

TEST(AlarmRows, EveryStateHearsBothKindsOfDefectAndEveryRowIsReached) {
  std::set<const AlarmRow*> reached;
  for (const auto from : {AlarmState::clear, AlarmState::rising, AlarmState::raised, AlarmState::falling}) {
    for (const auto on : {AlarmEvent::defect, AlarmEvent::no_defect, AlarmEvent::expired}) {
      AlarmTimer timer{kTimes};
      AlarmState state = from;
      const auto* row = fsm_step(kAlarmRows, state, on, timer);
      const bool timed = from == AlarmState::rising || from == AlarmState::falling;
      EXPECT_EQ(row != nullptr, on != AlarmEvent::expired || timed);
      if (row != nullptr) reached.insert(row);
      const bool runs = timer.deadline != Time::max();
      EXPECT_EQ(runs, row != nullptr && row->from != row->to &&
                          (row->to == AlarmState::rising || row->to == AlarmState::falling));
    }
  }
  EXPECT_EQ(reached.size(), kAlarmRows.size());
}

}  // namespace
}  // namespace tandem::tdm
