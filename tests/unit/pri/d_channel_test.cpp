#include "tdm/pri/d_channel.h"

#include <gtest/gtest.h>
#include <sys/time.h>

#include "tdm/pri/clock.h"
#include "tdm/pri/q931.h"
#include "tests/doubles/pri_pair.h"

namespace tandem::tdm::pri {

static void PrintTo(const DChannelConfig& config, std::ostream* out) {
  *out << (config.t1 ? "T1" : "E1");
}

namespace {

using doubles::PriPair;
using namespace std::chrono_literals;
constexpr auto kNet = PriPair::network;
constexpr auto kUser = PriPair::user;

Setup a_call(std::uint8_t timeslot = 3) {
  Setup setup;
  setup.channel = {timeslot, false};
  setup.called = {.digits = "1000", .type = TypeOfNumber::national};
  setup.calling = Number{.digits = "4930201",
                         .type = TypeOfNumber::international,
                         .presentation = Presentation::restricted,
                         .screening = Screening::network};
  setup.calling_name = "Ada Lovelace";
  return setup;
}

struct Joined {
  CallRef caller = 0;
  CallRef called = 0;
};

/// Brings one call from `from` to the point where the other end has its SETUP.
Joined ring(PriPair& pair, PriPair::End from, const Setup& setup) {
  const auto ref = pair.at(from).setup(setup, pair.now());
  EXPECT_TRUE(ref);
  pair.settle();
  const auto other = from == kNet ? kUser : kNet;
  const auto setup_ind = pair.take<SetupInd>(other);
  EXPECT_TRUE(setup_ind);
  return {ref.value_or(0), setup_ind ? setup_ind->call : 0};
}

Joined answered(PriPair& pair, PriPair::End from, const Setup& setup) {
  const auto call = ring(pair, from, setup);
  const auto other = from == kNet ? kUser : kNet;
  pair.at(other).connect(call.called, setup.channel, pair.now());
  pair.settle();
  EXPECT_TRUE(pair.take<ConnectInd>(from));
  return call;
}

struct PriFlavour : testing::TestWithParam<DChannelConfig> {
  PriPair pair{GetParam()};
};
INSTANTIATE_TEST_SUITE_P(Kinds, PriFlavour,
                         testing::Values(DChannelConfig{Switch::euroisdn, Side::user, false},
                                         DChannelConfig{Switch::national, Side::user, true}),
                         [](const auto& kind) { return kind.param.t1 ? "NationalT1" : "EuroIsdnE1"; });

TEST(PriClock, IsVirtualWithinAScopeAndRealOutside) {
  timeval tv{};
  {
    const LibpriClock clock(Time(12s + 345678us));
    gettimeofday(&tv, nullptr);
    EXPECT_EQ(tv.tv_sec, 12);
    EXPECT_EQ(tv.tv_usec, 345678);
  }
  gettimeofday(&tv, nullptr);
  EXPECT_GT(tv.tv_sec, 1'000'000'000);
}

TEST(PriClock, MovesLibpriTimersByTheTimeHandedInAlone) {
  // T200 and T203 of a lone end: had libpri read the real clock, no deadline would be near this date.
  const Time start(std::chrono::hours(24 * 365 * 200));
  DChannel lone({}, start);
  std::size_t sabme = 0;
  Time now = start;
  for (int i = 0; i < 1000; ++i) {
    while (auto output = lone.poll_output()) sabme += std::holds_alternative<FrameOut>(*output) ? 1U : 0U;
    ASSERT_TRUE(lone.next_deadline());
    ASSERT_GE(*lone.next_deadline(), now);
    ASSERT_LE(*lone.next_deadline(), now + 10s);
    now = *lone.next_deadline();
    lone.handle_timers(now);
  }
  EXPECT_GT(now, start + 500s);
  EXPECT_GE(sabme, 500U);
}

TEST_P(PriFlavour, ComesUpOnBothEndsOnce) {
  pair.start();
  EXPECT_TRUE(pair.at(kNet).up());
  EXPECT_TRUE(pair.at(kUser).up());
  pair.run(10min);
  EXPECT_EQ(pair.count<DChannelUp>(kNet), 1U);
  EXPECT_EQ(pair.count<DChannelUp>(kUser), 1U);
  EXPECT_EQ(pair.count<DChannelDown>(kUser), 0U);
}

TEST_P(PriFlavour, GoesDownWithoutTheWireAndComesBack) {
  pair.start();
  pair.wire = [](PriPair::End, OctetView) { return false; };
  pair.run(30s);
  EXPECT_EQ(pair.count<DChannelDown>(kNet), 1U);
  EXPECT_EQ(pair.count<DChannelDown>(kUser), 1U);
  EXPECT_FALSE(pair.at(kUser).up());
  EXPECT_FALSE(pair.at(kUser).setup(a_call(), pair.now()));
  pair.wire = [](PriPair::End, OctetView) { return true; };
  pair.run(30s);
  EXPECT_TRUE(pair.at(kNet).up());
  EXPECT_TRUE(pair.at(kUser).up());
}

TEST_P(PriFlavour, CarriesEverythingThatSetupHasEitherWay) {
  pair.start();
  for (const auto from : {kNet, kUser}) {
    auto setup = a_call();
    setup.bearer = {Transfer::audio_3k1, GetParam().t1 ? Layer1::mu_law : Layer1::a_law};
    setup.progress = {{ProgressDescription::not_end_to_end, Location::transit},
                      {ProgressDescription::origination_non_isdn, Location::public_remote}};
    ASSERT_TRUE(pair.at(from).setup(setup, pair.now()));
    pair.settle();
    const auto got = pair.take<SetupInd>(from == kNet ? kUser : kNet);
    ASSERT_TRUE(got);
    EXPECT_EQ(got->setup.called, setup.called);
    EXPECT_EQ(got->setup.calling, setup.calling);
    EXPECT_EQ(got->setup.calling_name, setup.calling_name);
    EXPECT_EQ(got->setup.bearer, setup.bearer);
    EXPECT_EQ(got->setup.channel, setup.channel);
    EXPECT_EQ(got->setup.progress, setup.progress);
    EXPECT_TRUE(got->setup.sending_complete);
  }
}

TEST_P(PriFlavour, CarriesSetupWithoutTheOptionalParts) {
  pair.start();
  pri::Setup setup;
  setup.called.digits = "112";
  setup.channel = {0, false};
  setup.sending_complete = false;
  ASSERT_TRUE(pair.at(kUser).setup(setup, pair.now()));
  pair.settle();
  const auto got = pair.take<SetupInd>(kNet);
  ASSERT_TRUE(got);
  EXPECT_FALSE(got->setup.calling);
  EXPECT_TRUE(got->setup.calling_name.empty());
  EXPECT_EQ(got->setup.channel.timeslot, 0);
  EXPECT_FALSE(got->setup.sending_complete);
}

TEST_P(PriFlavour, AnswersACallStepByStep) {
  pair.start();
  const auto call = ring(pair, kUser, a_call());
  auto& far = pair.at(kNet);
  far.proceeding(call.called, {5, true}, pair.now());
  pair.settle();
  const auto proceeding = pair.take<ProceedingInd>(kUser);
  ASSERT_TRUE(proceeding);
  EXPECT_EQ(proceeding->channel, (Channel{5, true}));  // the far end's choice in the first response
  far.progress(call.called, {5, true}, Cause{1, Location::transit}, true, pair.now());
  pair.settle();
  const auto progress = pair.take<ProgressInd>(kUser);
  ASSERT_TRUE(progress);
  EXPECT_EQ(progress->cause, (Cause{1, Location::transit}));
  ASSERT_EQ(progress->progress.size(), 1U);
  EXPECT_EQ(progress->progress[0].description, ProgressDescription::inband);
  far.alerting(call.called, {5, true}, true, pair.now());
  pair.settle();
  const auto alerting = pair.take<AlertingInd>(kUser);
  ASSERT_TRUE(alerting);
  ASSERT_EQ(alerting->progress.size(), 1U);
  EXPECT_EQ(alerting->progress[0].description, ProgressDescription::inband);
  far.connect(call.called, {5, true}, pair.now());
  pair.settle();
  EXPECT_TRUE(pair.take<ConnectInd>(kUser));
  pair.run(5min);  // no timer is left running: CONNECT was acknowledged
  EXPECT_EQ(pair.at(kUser).calls(), 1U);
  EXPECT_EQ(pair.at(kNet).calls(), 1U);
}

TEST_P(PriFlavour, DoesNotGoBackInACall) {
  pair.start();
  const auto call = answered(pair, kUser, a_call());
  pair.take(kUser);
  auto& far = pair.at(kNet);
  far.alerting(call.called, {3, true}, false, pair.now());
  far.proceeding(call.called, {3, true}, pair.now());
  far.progress(call.called, {3, true}, std::nullopt, true, pair.now());
  far.connect(call.called, {3, true}, pair.now());
  pair.settle();
  EXPECT_TRUE(pair.take(kUser).empty());
}

TEST_P(PriFlavour, ClearsAnActiveCallFromEitherEndWithCauseAndLocation) {
  pair.start();
  for (const auto clearing : {kNet, kUser}) {
    const auto call = answered(pair, kUser, a_call());
    const auto other = clearing == kNet ? kUser : kNet;
    const auto mine = clearing == kUser ? call.caller : call.called;
    const auto theirs = clearing == kUser ? call.called : call.caller;
    pair.at(clearing).disconnect(mine, Cause{31, Location::international}, pair.now());
    pair.settle();
    const auto disconnected = pair.take<DisconnectInd>(other);
    ASSERT_TRUE(disconnected);
    EXPECT_EQ(disconnected->call, theirs);
    EXPECT_EQ(disconnected->cause, (Cause{31, Location::international}));
    EXPECT_EQ(pair.count<ReleasedInd>(other), 0U);
    pair.at(other).disconnect(theirs, 16, pair.now());
    pair.settle();
    const auto released = pair.take<ReleasedInd>(other);
    ASSERT_TRUE(released);
    EXPECT_EQ(released->call, theirs);
    EXPECT_TRUE(pair.take<ReleasedInd>(clearing));
    EXPECT_EQ(pair.at(kNet).call_records() + pair.at(kUser).call_records(), 0U);
    EXPECT_EQ(pair.at(kNet).calls() + pair.at(kUser).calls(), 0U);
  }
}

TEST_P(PriFlavour, RefusesANewCallWithAnyCause) {
  pair.start();
  for (const auto refusing : {kNet, kUser}) {
    for (int cause = 1; cause < 128; ++cause) {
      const auto caller = refusing == kNet ? kUser : kNet;
      const auto call = ring(pair, caller, a_call());
      pair.at(refusing).disconnect(call.called, static_cast<std::uint8_t>(cause), pair.now());
      pair.settle();
      if (const auto asked = pair.take<DisconnectInd>(caller)) {
        EXPECT_EQ(asked->cause.value, cause);
        pair.at(caller).disconnect(call.caller, 16, pair.now());
        pair.settle();
        EXPECT_TRUE(pair.take<ReleasedInd>(caller)) << cause;
      } else {
        const auto released = pair.take<ReleasedInd>(caller);
        ASSERT_TRUE(released) << cause;
        EXPECT_EQ(released->cause.value, cause);
      }
      pair.run(2min);
      EXPECT_EQ(pair.count<ReleasedInd>(refusing), 1U) << cause;
      pair.take(refusing);
      pair.take(caller);
      ASSERT_EQ(pair.at(kNet).call_records() + pair.at(kUser).call_records(), 0U) << cause;
    }
  }
}

TEST_P(PriFlavour, SendsTheLocationOfItsSide) {
  pair.start();
  auto call = answered(pair, kUser, a_call());
  pair.at(kNet).disconnect(call.called, 16, pair.now());
  pair.settle();
  EXPECT_EQ(pair.take<DisconnectInd>(kUser)->cause.location, Location::public_local);
  pair.at(kUser).disconnect(call.caller, 16, pair.now());
  pair.settle();
  EXPECT_EQ(pair.take<ReleasedInd>(kNet)->cause.location, Location::private_local);
}

TEST_P(PriFlavour, SurvivesClearsThatCross) {
  pair.start();
  const auto call = answered(pair, kUser, a_call());
  pair.at(kUser).disconnect(call.caller, 16, pair.now());
  pair.at(kNet).disconnect(call.called, 31, pair.now());
  pair.settle();
  EXPECT_EQ(pair.count<ReleasedInd>(kUser), 1U);
  EXPECT_EQ(pair.count<ReleasedInd>(kNet), 1U);
  EXPECT_EQ(pair.count<DisconnectInd>(kUser) + pair.count<DisconnectInd>(kNet), 0U);
  EXPECT_EQ(pair.at(kNet).call_records() + pair.at(kUser).call_records(), 0U);
}

TEST_P(PriFlavour, GivesUpOnASetupThatNobodyAnswers) {
  pair.start();
  int setups = 0;
  pair.tap = [&](PriPair::End, OctetView frame) { setups += summarize(frame).starts_with("SETUP") ? 1 : 0; };
  const auto start = pair.now();
  const auto call = ring(pair, kUser, a_call());
  pair.run(9s);  // T303 twice
  EXPECT_EQ(setups, 2);
  const auto released = pair.take<ReleasedInd>(kUser);
  ASSERT_TRUE(released);
  EXPECT_EQ(released->call, call.caller);
  EXPECT_EQ(released->cause.value, 18);
  EXPECT_EQ(pair.now(), start + 9s);
  EXPECT_EQ(pair.at(kUser).call_records(), 0U);
}

TEST_P(PriFlavour, HasTheTimersThatLibpriLacks) {
  pair.start();
  struct Case {
    bool alert;
    Duration after;
    int cause;
  };
  for (const auto& [alert, after, cause] : {Case{false, 120s, 102}, Case{true, 240s, 19}}) {
    const auto call = ring(pair, kUser, a_call());
    pair.at(kNet).proceeding(call.called, {3, true}, pair.now());
    if (alert) pair.at(kNet).alerting(call.called, {3, true}, false, pair.now());
    pair.run(after - 1s);
    EXPECT_EQ(pair.count<DisconnectInd>(kNet), 0U);
    pair.run(2s);
    const auto disconnected = pair.take<DisconnectInd>(kNet);
    ASSERT_TRUE(disconnected);
    EXPECT_EQ(disconnected->cause.value, cause);
    pair.at(kNet).disconnect(call.called, 16, pair.now());
    pair.settle();
    EXPECT_TRUE(pair.take<ReleasedInd>(kUser));
    pair.take(kNet);
    pair.take(kUser);
  }
}

TEST_P(PriFlavour, EndsACallWhoseFarEndFallsSilentInClearing) {
  pair.start();
  const auto call = answered(pair, kUser, a_call());
  // Layer 2 goes on, the far exchange ignores DISCONNECT and RELEASE.
  pair.at(kUser).disconnect(call.caller, 16, pair.now());
  pair.run(25s);
  EXPECT_EQ(pair.count<ReleasedInd>(kUser), 0U);
  pair.run(20s);  // T305, then RELEASE, which libpri on the other side answers by itself
  EXPECT_EQ(pair.count<ReleasedInd>(kUser), 1U);
  EXPECT_EQ(pair.count<ReleasedInd>(kNet), 1U);
  EXPECT_EQ(pair.at(kNet).call_records() + pair.at(kUser).call_records(), 0U);
}

TEST_P(PriFlavour, KeepsAnsweredCallsThroughAShortLossAndClearsTheRest) {
  pair.start();
  const auto kept = answered(pair, kUser, a_call(1));
  const auto half = ring(pair, kUser, a_call(2));
  const auto half_in = ring(pair, kNet, a_call(4));
  pair.wire = [](PriPair::End, OctetView) { return false; };
  pair.run(25s);
  for (const auto end : {kNet, kUser}) {
    EXPECT_EQ(pair.count<ReleasedInd>(end), 2U) << end;
    EXPECT_EQ(pair.at(end).calls(), 1U) << end;
  }
  pair.wire = [](PriPair::End, OctetView) { return true; };
  pair.run(2min);
  EXPECT_EQ(pair.at(kUser).calls(), 1U);
  pair.at(kUser).disconnect(kept.caller, 16, pair.now());
  pair.settle();
  EXPECT_TRUE(pair.take<DisconnectInd>(kNet));
  (void)half;
  (void)half_in;
}

TEST_P(PriFlavour, ClearsAnsweredCallsAfterT309) {
  pair.start();
  answered(pair, kUser, a_call());
  pair.wire = [](PriPair::End, OctetView) { return false; };
  pair.run(90s);
  for (const auto end : {kNet, kUser}) {
    const auto released = pair.take<ReleasedInd>(end);
    ASSERT_TRUE(released) << end;
    EXPECT_EQ(released->cause.value, 27);
    EXPECT_EQ(pair.at(end).call_records(), 0U);
  }
}

TEST_P(PriFlavour, RestartsATimeslotAndItsCallOnBothEnds) {
  pair.start();
  for (const auto from : {kNet, kUser}) {
    const auto other = from == kNet ? kUser : kNet;
    answered(pair, kUser, a_call(7));
    answered(pair, kUser, a_call(8));
    pair.at(from).restart(7, pair.now());
    pair.settle();
    EXPECT_EQ(pair.count<ReleasedInd>(from), 1U);
    EXPECT_EQ(pair.count<ReleasedInd>(other), 1U);
    EXPECT_EQ(pair.take<RestartInd>(other)->timeslot, 7);
    EXPECT_EQ(pair.take<RestartAck>(from)->timeslot, 7);
    EXPECT_EQ(pair.at(from).calls(), 1U);
    pair.at(from).restart(8, pair.now());
    pair.settle();
    EXPECT_EQ(pair.at(from).calls() + pair.at(other).calls(), 0U);
    pair.take(from);
    pair.take(other);
  }
}

TEST_P(PriFlavour, RestartsManyTimeslotsOneAfterTheOther) {
  pair.start();
  for (std::uint8_t timeslot = 1; timeslot <= 23; ++timeslot) pair.at(kUser).restart(timeslot, pair.now());
  pair.settle();
  EXPECT_EQ(pair.count<RestartInd>(kNet), 23U);
  EXPECT_EQ(pair.count<RestartAck>(kUser), 23U);
}

TEST_P(PriFlavour, IgnoresCommandsForCallsThatAreGone) {
  pair.start();
  const auto call = answered(pair, kUser, a_call());
  pair.at(kUser).restart(3, pair.now());
  pair.settle();
  pair.at(kUser).disconnect(call.caller, 16, pair.now());
  pair.at(kNet).alerting(call.called, {3, true}, false, pair.now());
  pair.at(kNet).connect(call.called, {3, true}, pair.now());
  pair.at(kNet).disconnect(12345, 16, pair.now());
  pair.settle();
  EXPECT_EQ(pair.at(kNet).call_records() + pair.at(kUser).call_records(), 0U);
}

TEST_P(PriFlavour, HasNoMoreCallsThanItsLimit) {
  pair.start();
  for (std::size_t i = 0; i < kMaxCalls; ++i) ASSERT_TRUE(pair.at(kUser).setup(a_call(), pair.now()));
  EXPECT_FALSE(pair.at(kUser).setup(a_call(), pair.now()));
}

TEST_P(PriFlavour, SaysWhatIsWrongWhenBothEndsAreTheNetwork) {
  auto config = GetParam();
  config.side = Side::network;
  DChannel a(config, pair.now());
  DChannel b(config, pair.now());
  bool told = false;
  while (auto output = a.poll_output()) {
    if (const auto* frame = std::get_if<FrameOut>(&*output)) b.handle_frame(frame->octets, pair.now());
  }
  while (auto output = b.poll_output()) {
    if (const auto* notice = std::get_if<Notice>(&*output)) told = notice->text.contains("network");
  }
  EXPECT_TRUE(told);
}

}  // namespace
}  // namespace tandem::tdm::pri
