// Timers of a trunk's calls: its own configuration rules, from the next timer that is started.
#include "gateway/core/trunk_timers.h"

#include "gateway/core/reload.h"
#include "tests/unit/core/gateway_fixture.h"

namespace tandem::core {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

TrunkConfig trunk_with(std::vector<pri::TimerSetting> timers, pri::Side side = pri::Side::user) {
  TrunkConfig trunk;
  trunk.side = side;
  trunk.timers = std::move(timers);
  return trunk;
}

TEST(TrunkTimers, AreThoseOfTheTrunkByName) {
  const auto trunk = trunk_with({{"T7", 21'000},
                                 {"T9", 100'000},
                                 {"T10", 6'000},
                                 {"T11", 19'000},
                                 {"T35", 16'000},
                                 {"T302", 9'000},
                                 {"T306", 50'000},
                                 {"T309", 8'000},
                                 {"T316", 10'000},
                                 {"N316", 3}});
  const std::map<TimerKind, Duration> expected = {
      {TimerKind::t7, 21s},     {TimerKind::t9, 100s},       {TimerKind::t10, 6s},
      {TimerKind::t11, 19s},    {TimerKind::t35, 16s},       {TimerKind::t302, 9s},
      {TimerKind::inband, 50s}, {TimerKind::alarm_hold, 8s}, {TimerKind::t316, 35s}};
  for (const auto& [kind, duration] : expected)
    EXPECT_EQ(trunk_timer(&trunk, kind), duration) << static_cast<int>(kind);
  EXPECT_EQ(trunk_timer(&trunk, TimerKind::back_off), timer_value(TimerKind::back_off));
}

TEST(TrunkTimers, HaveTheDefaultsOfTheirRowsAndOfTheSide) {
  const auto user = trunk_with({});
  const auto network = trunk_with({}, pri::Side::network);
  EXPECT_EQ(trunk_timer(&user, TimerKind::t302), 15s);
  EXPECT_EQ(trunk_timer(&network, TimerKind::t302), 12s);
  EXPECT_EQ(trunk_timer(&user, TimerKind::t7), 25s);
  for (const auto& row : kTimers) EXPECT_EQ(trunk_timer(nullptr, row.kind), row.value) << row.name;
}

TEST(TrunkTimers, OfAnIsupTrunkLeaveTheCircuitMachineItsOwn) {
  IsupTrunkConfig trunk;
  trunk.group.timers[isup::Timer::t7] = 22s;
  trunk.group.timers[isup::Timer::t9] = 90s;
  trunk.group.timers[isup::Timer::t10] = 6s;
  EXPECT_EQ(trunk_timer(&trunk, TimerKind::t7), 23s);
  EXPECT_EQ(trunk_timer(&trunk, TimerKind::t10), 6s);
  EXPECT_EQ(trunk_timer(&trunk, TimerKind::back_off), timer_value(TimerKind::back_off));
  EXPECT_EQ(no_answer_timer(nullptr, &trunk, true), 91s);
  trunk.group.variant = isup::Variant::ansi;
  trunk.group.timers[isup::Timer::t9] = {};
  EXPECT_EQ(no_answer_timer(&trunk, nullptr, true), 181s);
}

TEST(TrunkTimers, StayWithinTheirRanges) {
  const auto trunk = trunk_with({{"T7", 1}, {"T9", 10'000'000}, {"T309", -1}});
  EXPECT_EQ(trunk_timer(&trunk, TimerKind::t7), 20s);
  EXPECT_EQ(trunk_timer(&trunk, TimerKind::t9), 240s);
  EXPECT_EQ(trunk_timer(&trunk, TimerKind::alarm_hold), 0s);
}

TEST(TrunkTimers, T9LeavesTheCalledTrunkItsOwnTimersUnlessItIsSet) {
  const auto slow = trunk_with({{"T301", 600'000}, {"T310", 60'000}});
  EXPECT_EQ(no_answer_timer(nullptr, &slow, true), 601s);
  EXPECT_EQ(no_answer_timer(nullptr, &slow, false), 180s);  // T310 is shorter
  const auto set = trunk_with({{"T301", 600'000}, {"T9", 120'000}});
  EXPECT_EQ(no_answer_timer(&slow, &set, true), 120s);
  EXPECT_EQ(no_answer_timer(&set, nullptr, true), 120s);
  EXPECT_EQ(no_answer_timer(&slow, nullptr, true), 180s);  // T301 is of the called side
  EXPECT_EQ(no_answer_timer(nullptr, nullptr, true), 180s);
}

class TrunkTimersInCalls : public GatewayCall {
 protected:
  void start_with(std::vector<pri::TimerSetting> timers) {
    auto config = doubles::small_config();
    config.trunks[0].timers = std::move(timers);
    start(std::move(config));
  }
};

TEST_F(TrunkTimersInCalls, AnAlarmIsSurvivedUntilT309) {
  start_with({{"T309", 12'000}});
  const auto setup = answered_from_sip();
  world->gateway.handle_media(media::SpanAlarms{0, {.red = true}}, world->now);
  world->run(11s);
  EXPECT_FALSE(from_sip<sip::ByeReceived>());
  world->run(2s);
  EXPECT_TRUE(from_sip<sip::ByeReceived>());
  EXPECT_EQ(from_pri<pri::DisconnectInd>()->cause.value, 27);
  world->far(0).disconnect(setup.call, 27, world->now);
  world->gateway.handle_media(media::SpanAlarms{0, {}}, world->now);
  expect_nothing_left();
}

TEST_F(TrunkTimersInCalls, AnAlarmThatEndsBeforeT309LeavesTheCall) {
  start_with({{"T309", 12'000}});
  const auto setup = answered_from_sip();
  world->gateway.handle_media(media::SpanAlarms{0, {.red = true}}, world->now);
  world->run(11s);
  world->gateway.handle_media(media::SpanAlarms{0, {}}, world->now);
  world->run(20s);
  EXPECT_FALSE(from_sip<sip::ByeReceived>());
  world->far(0).disconnect(setup.call, 16, world->now);
  expect_nothing_left();
}

TEST_F(TrunkTimersInCalls, RingingLastsAsLongAsT301) {
  start_with({{"T301", 420'000}});
  const auto setup = set_up_from_sip();
  world->far(0).proceeding(setup.call, setup.setup.channel, world->now);
  world->run(20s);
  world->far(0).alerting(setup.call, setup.setup.channel, false, world->now);
  world->run(400s);
  EXPECT_FALSE(from_sip<sip::FailureReceived>());
  world->run(25s);
  EXPECT_TRUE(from_sip<sip::FailureReceived>());
  EXPECT_EQ(from_pri<pri::DisconnectInd>()->cause.value, 19);
  world->far(0).disconnect(setup.call, 19, world->now);
  expect_nothing_left();
}

TEST_F(TrunkTimersInCalls, T9OfTheTrunkEndsACallThatRingsTooLong) {
  start_with({{"T9", 95'000}});
  const auto setup = set_up_from_sip();
  world->far(0).alerting(setup.call, setup.setup.channel, false, world->now);
  world->run(94s);
  EXPECT_FALSE(from_sip<sip::FailureReceived>());
  world->run(2s);
  EXPECT_TRUE(from_sip<sip::FailureReceived>());
  world->far(0).disconnect(setup.call, 19, world->now);
  expect_nothing_left();
}

TEST_F(TrunkTimersInCalls, TonesBeforeTheReleaseLastUntilT306) {
  start_with({{"T306", 50'000}});
  const auto setup = answered_from_sip();
  world->far(0).disconnect(setup.call, pri::Cause{31, pri::Location::public_local}, world->now, true);
  world->far_frame = [](Octets& frame) {
    // The far end has another T306: its DISCONNECT went, its RELEASE does not come.
    if (frame.size() > 8 && frame[8] == 0x4d) frame.resize(2);
  };
  world->run(48s);
  EXPECT_FALSE(from_sip<sip::ByeReceived>());
  world->run(3s);
  EXPECT_TRUE(from_sip<sip::ByeReceived>());
  world->far_frame = {};
  expect_nothing_left();
}

TEST_F(TrunkTimersInCalls, T11OfTheCallingTrunkBringsTheEarlyAcm) {
  for (const int t11 : {15'000, 20'000}) {
    start_with({{"T11", t11}});
    world->tap = [](const sip::Transmit&) { return true; };  // the peer is silent
    call_from_pri("2000");
    world->run(17s);
    bool acm = false;
    for (const auto& record : world->traces)
      acm = acm || (record.kind == TraceKind::isup && record.text.starts_with("ACM"));
    EXPECT_EQ(acm, t11 == 15'000);
  }
}

TEST_F(TrunkTimersInCalls, AChangedTimerHoldsForWhatIsStartedAfterIt) {
  start();
  const auto setup = answered_from_sip();
  auto wanted = world->config;
  wanted.trunks[0].timers = {{"T309", 5'000}, {"T303", 9'000}};
  std::vector<std::string> lines;
  for (const auto& change : world->gateway.reload(wanted, world->now)) lines.push_back(to_string(change));
  EXPECT_THAT(lines, ElementsAre("trunk telco: timers_ms changed"));
  EXPECT_THAT(world->gateway.status(world->now).pending, IsEmpty());
  world->gateway.handle_media(media::SpanAlarms{0, {.red = true}}, world->now);
  world->run(6s);
  EXPECT_TRUE(from_sip<sip::ByeReceived>());
  world->far(0).disconnect(setup.call, 27, world->now);
  world->gateway.handle_media(media::SpanAlarms{0, {}}, world->now);
  world->run(1s);

  // The D channel's too: SETUP is repeated after the new T303.
  world->traces.clear();
  call_from_sip("1000");
  world->far_frame = [](Octets& frame) { frame.resize(std::min<std::size_t>(frame.size(), 4)); };
  ASSERT_TRUE(from_pri<pri::SetupInd>());
  world->run(8s);
  const auto setups = [&] {
    return std::ranges::count_if(world->traces, [](const TraceRecord& record) {
      return record.kind == TraceKind::q931 && record.sent && record.text.starts_with("SETUP");
    });
  };
  EXPECT_EQ(setups(), 1);
  world->run(2s);
  EXPECT_EQ(setups(), 2);
}

}  // namespace
}  // namespace tandem::core
