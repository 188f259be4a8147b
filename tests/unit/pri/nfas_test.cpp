// Several spans and two D channels in one trunk.
#include "tests/unit/pri/pri_calls.h"

namespace tandem::tdm::pri {
namespace {

using namespace std::chrono_literals;

DChannelConfig nfas() {
  DChannelConfig config;
  config.type = Switch::national;
  config.t1 = true;
  config.links = 2;
  config.interfaces = {0, 1, 5};
  config.service_messages = true;
  return config;
}

struct Nfas : testing::Test {
  PriPair pair{nfas()};
  Nfas() { pair.start(); }
};

TEST_F(Nfas, IsUpOnceAndStaysUpWithOneLink) {
  EXPECT_EQ(pair.count<DChannelUp>(kNet), 1U);
  EXPECT_EQ(pair.count<DChannelUp>(kUser), 1U);
  pair.cut[0] = true;
  pair.run(60s);
  EXPECT_EQ(pair.count<DChannelDown>(kNet), 0U);
  EXPECT_TRUE(pair.at(kUser).up());
  pair.cut[1] = true;
  pair.run(60s);
  EXPECT_EQ(pair.count<DChannelDown>(kNet), 1U);
  EXPECT_FALSE(pair.at(kUser).up());
  pair.cut[1] = false;
  pair.run(60s);
  EXPECT_EQ(pair.count<DChannelUp>(kNet), 2U);
}

TEST_F(Nfas, ChannelsNameTheirSpan) {
  for (const auto from : {kNet, kUser}) {
    for (std::uint8_t span = 0; span < 3; ++span) {
      auto setup = a_setup();
      setup.channel = {.timeslot = 3, .exclusive = true, .span = span};
      SetupInd seen;
      const auto call = ring(pair, from, setup, &seen);
      EXPECT_EQ(seen.setup.channel, setup.channel);
      pair.at(other(from)).connect(call.called, setup.channel, pair.now());
      pair.settle();
      const auto connected = pair.take<ConnectInd>(from);
      ASSERT_TRUE(connected);
      EXPECT_EQ(connected->channel, setup.channel);
      clear(pair, call);
    }
  }
  auto setup = a_setup();
  setup.channel = {.timeslot = 3, .exclusive = true, .span = 3};
  EXPECT_FALSE(pair.at(kUser).setup(setup, pair.now()));
}

TEST_F(Nfas, CallsAreKeptWhenTheBackupTakesOver) {
  auto setup = a_setup();
  setup.channel = {.timeslot = 3, .exclusive = true, .span = 1};
  const auto ours = answered(pair, kUser, setup);
  setup.channel.span = 2;
  const auto theirs = answered(pair, kNet, setup);
  pair.cut[0] = true;
  pair.run(10min);  // far beyond T309
  EXPECT_EQ(pair.count<ReleasedInd>(kNet) + pair.count<ReleasedInd>(kUser), 0U);
  pair.at(kUser).disconnect(ours.caller, 16, pair.now());
  pair.run(1s);
  const auto disconnected = pair.take<DisconnectInd>(kNet);
  ASSERT_TRUE(disconnected);
  EXPECT_EQ(disconnected->call, ours.called);
  clear(pair, ours);
  const auto later = answered(pair, kNet, a_setup(7));
  pair.cut[0] = false;
  pair.run(1min);
  clear(pair, theirs);
  clear(pair, later);
  for (const auto end : {kNet, kUser}) {
    EXPECT_EQ(pair.at(end).calls(), 0U);
    EXPECT_EQ(pair.at(end).call_records(), 0U);
  }
}

TEST_F(Nfas, WithoutAnyLinkCallsEndAtT309) {
  answered(pair, kUser, a_setup());
  pair.cut[0] = pair.cut[1] = true;
  pair.run(35s);
  EXPECT_EQ(pair.count<ReleasedInd>(kUser), 0U);
  pair.run(20s);
  const auto released = pair.take<ReleasedInd>(kUser);
  ASSERT_TRUE(released);
  EXPECT_EQ(released->cause.value, 27);
  EXPECT_EQ(pair.count<ReleasedInd>(kNet), 1U);
  EXPECT_EQ(pair.at(kUser).call_records(), 0U);
}

TEST_F(Nfas, ABriefLossOfBothLinksCostsNoCall) {
  const auto call = answered(pair, kUser, a_setup());
  pair.cut[0] = pair.cut[1] = true;
  pair.run(20s);
  pair.cut[1] = false;
  pair.run(5min);
  EXPECT_EQ(pair.count<ReleasedInd>(kNet) + pair.count<ReleasedInd>(kUser), 0U);
  clear(pair, call);
  pair.run(10s);
  EXPECT_EQ(pair.at(kNet).call_records() + pair.at(kUser).call_records(), 0U);
}

TEST_F(Nfas, RestartAndServiceNameTheSpan) {
  auto setup = a_setup();
  setup.channel = {.timeslot = 3, .exclusive = true, .span = 1};
  answered(pair, kUser, setup);
  setup.channel.span = 2;
  answered(pair, kUser, setup);
  pair.at(kUser).restart(3, pair.now(), 1);
  pair.settle();
  auto restarted = pair.take<RestartInd>(kNet);
  ASSERT_TRUE(restarted);
  EXPECT_EQ(restarted->timeslot, 3);
  EXPECT_EQ(restarted->span, 1);
  auto acknowledged = pair.take<RestartAck>(kUser);
  ASSERT_TRUE(acknowledged);
  EXPECT_EQ(acknowledged->span, 1);
  EXPECT_EQ(pair.at(kNet).calls(), 1U);
  pair.at(kUser).restart(0, pair.now(), 2);
  pair.settle();
  restarted = pair.take<RestartInd>(kNet);
  ASSERT_TRUE(restarted);
  EXPECT_EQ(restarted->timeslot, 0);
  EXPECT_EQ(restarted->span, 2);
  EXPECT_FALSE(restarted->all);
  EXPECT_TRUE(pair.take<RestartAck>(kUser));
  EXPECT_EQ(pair.at(kNet).calls(), 0U);
  ASSERT_TRUE(pair.at(kNet).service({.timeslot = 9, .exclusive = true, .span = 2}, false, pair.now()));
  pair.settle();
  const auto service = pair.take<ServiceInd>(kUser);
  ASSERT_TRUE(service);
  EXPECT_EQ(service->channel.span, 2);
  EXPECT_EQ(service->channel.timeslot, 9);
}

}  // namespace
}  // namespace tandem::tdm::pri
