// A changed configuration in a running gateway: calls in progress go on, what comes next finds it changed.
#include "gateway/core/reload.h"
#include "tests/unit/core/gateway_fixture.h"

namespace tandem::core {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

class Reload : public GatewayCall {
 protected:
  std::vector<std::string> reload(const Config& wanted) {
    std::vector<std::string> lines;
    for (const auto& change : world->gateway.reload(wanted, world->now)) lines.push_back(to_string(change));
    world->run(50ms);
    return lines;
  }
  std::vector<std::string> pending() { return world->gateway.status(world->now).pending; }
  /// The gateway's side of a call ends by the far end's wish.
  void release(const pri::SetupInd& setup) {
    world->far(0).disconnect(setup.call, 16, world->now);
    world->run(2s);
  }
};

TEST_F(Reload, OfTheSameFileChangesNothing) {
  start();
  EXPECT_THAT(reload(world->config), IsEmpty());
  EXPECT_THAT(pending(), IsEmpty());
}

TEST_F(Reload, ARouteIsForTheNextCallAndACallInProgressGoesOn) {
  start(doubles::small_config(1, 2));
  const auto setup = answered_from_sip();
  auto wanted = world->config;
  wanted.routes.back().to = {"carrier2"};  // of telco
  wanted.routes.erase(wanted.routes.begin());
  EXPECT_THAT(reload(wanted), Contains("route 3: removed"));
  call_from_pri("2000", 5);
  const auto incoming = from_sip<sip::IncomingCall>();
  ASSERT_TRUE(incoming);
  EXPECT_EQ(incoming->flow.local.host(), "198.51.100.2");
  EXPECT_EQ(world->gateway.calls(world->now).size(), 2U);
  EXPECT_EQ(world->gateway.calls(world->now)[0].state, "answered");
  world->gateway.clear_all(world->now);
  expect_nothing_left();
  (void)setup;
}

TEST_F(Reload, APeerThatChangesKeepsItsCallsAsTheyWere) {
  start();
  const auto setup = answered_from_sip();
  auto wanted = world->config;
  wanted.peers[0].codecs = {Law::mu};
  EXPECT_THAT(reload(wanted), ElementsAre("peer carrier: codecs changed"));
  EXPECT_THAT(pending(), IsEmpty());
  EXPECT_EQ(world->gateway.status(world->now).peers.size(), 1U);
  call_from_pri("2000", 5);
  const auto incoming = from_sip<sip::IncomingCall>();
  ASSERT_TRUE(incoming);
  EXPECT_EQ(incoming->info.sdp.find("PCMA"), std::string::npos) << incoming->info.sdp;
  ASSERT_EQ(world->gateway.calls(world->now).size(), 2U);
  EXPECT_EQ(world->gateway.calls(world->now)[0].codec, "PCMA");
  release(setup);
  EXPECT_EQ(ended().at(0).cause, 16);
  world->gateway.clear_all(world->now);
  expect_nothing_left();
}

TEST_F(Reload, APeerThatIsTakenOutIsAStrangerButItsCallEndsWell) {
  start(doubles::small_config(1, 2));
  const auto setup = answered_from_sip();
  auto wanted = world->config;
  wanted.peers.erase(wanted.peers.begin());
  wanted.routes.erase(wanted.routes.begin());
  wanted.routes.back().to = {"carrier2"};
  EXPECT_THAT(reload(wanted), Contains("peer carrier: removed"));
  call_from_sip("1000");
  const auto refused = from_sip<sip::FailureReceived>();
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->status, 403);
  world->peer(0).bye(sip_call, {}, world->now);
  world->run(100ms);
  ASSERT_TRUE(from_pri<pri::DisconnectInd>());
  release(setup);
  EXPECT_TRUE(world->gateway.calls(world->now).empty());
  ASSERT_FALSE(ended().empty());
  EXPECT_EQ(last_cdr().released_by, "incoming");
  EXPECT_EQ(last_cdr().from_name, "carrier");
  expect_nothing_left();
}

TEST_F(Reload, NumbersOfPeersAreUsedAgainOnceTheirCallsAreOver) {
  start();
  auto wanted = world->config;
  const auto setup = answered_from_sip();
  for (int round = 0; round < 1000; ++round) {
    wanted.peers[0].ptime_ms = round % 2 == 0 ? 30 : 20;
    ASSERT_THAT(reload(wanted), ElementsAre("peer carrier: ptime_ms changed"));
  }
  // The call holds the first number; the others are as many as one call needs, however often it changes.
  EXPECT_LE(world->gateway.usage().peer_numbers, 1002U);
  release(setup);
  wanted.peers[0].ptime_ms = 40;
  reload(wanted);
  const auto most = world->gateway.usage().peer_numbers;
  for (int round = 0; round < 100; ++round) {
    wanted.peers[0].ptime_ms = round % 2 == 0 ? 30 : 20;
    reload(wanted);
  }
  EXPECT_EQ(world->gateway.usage().peer_numbers, most);
  expect_nothing_left();
}

TEST_F(Reload, ATrunkThatMustBeDrainedTakesNoCallsWaitsAndComesUpChanged) {
  start();
  const auto setup = answered_from_sip();
  auto wanted = world->config;
  wanted.trunks[0].hunt = Hunt::descending;
  wanted.trunks[0].spans[0].timeslots.resize(20);
  const std::string spans = "trunk telco: spans changed: waits until drained";
  const std::string hunt = "trunk telco: hunt changed: waits until drained";
  EXPECT_THAT(reload(wanted), ElementsAre(spans, hunt));
  EXPECT_THAT(pending(), ElementsAre(spans, hunt));
  for (const auto& circuit : world->gateway.circuits()) {
    if (circuit.state != "d-channel") {
      EXPECT_EQ(circuit.blocked, "draining");
    }
  }
  call_from_sip("1000");
  const auto failure = from_sip<sip::FailureReceived>();
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->status, 503);
  EXPECT_TRUE(failure->retry_after);
  const auto refused = call_from_pri("2000", 5);
  world->run(1s);
  EXPECT_FALSE(from_sip<sip::IncomingCall>());
  EXPECT_TRUE(from_pri<pri::ReleasedInd>());
  (void)refused;
  EXPECT_EQ(world->gateway.calls(world->now).at(0).state, "answered");
  release(setup);
  EXPECT_THAT(pending(), IsEmpty());
  world->run(10s);  // the D channel comes up again
  EXPECT_EQ(world->gateway.circuits().size(), 21U);
  const auto next = set_up_from_sip();
  EXPECT_EQ(next.setup.channel.timeslot, 21);
  world->gateway.clear_all(world->now);
  expect_nothing_left();
}

TEST_F(Reload, ATrunkThatDrainsIsPassedOverForTheNextOfTheRoute) {
  start(doubles::small_config(2, 1));
  const auto setup = answered_from_sip();
  auto wanted = world->config;
  wanted.trunks[0].hunt = Hunt::descending;
  reload(wanted);
  const auto second = set_up_from_sip();
  EXPECT_EQ(world->cdrs.back().to_name, "telco2");
  world->far(1).disconnect(second.call, 17, world->now);
  world->run(50ms);
  release(setup);
  world->gateway.clear_all(world->now);
}

TEST_F(Reload, WhatTrunksSayOfCallsHoldsAtOnce) {
  start();
  auto wanted = world->config;
  wanted.trunks[0].statuses = {{1, 480}};
  EXPECT_THAT(reload(wanted), ElementsAre("trunk telco: cause_to_status changed"));
  EXPECT_THAT(pending(), IsEmpty());
  EXPECT_EQ(world->gateway.circuits()[0].blocked, "");
}

TEST_F(Reload, ASecondFileTakesThePlaceOfOneThatWaits) {
  start();
  const auto setup = answered_from_sip();
  auto wanted = world->config;
  wanted.trunks[0].hunt = Hunt::descending;
  reload(wanted);
  EXPECT_EQ(pending().size(), 1U);
  EXPECT_THAT(reload(world->config), IsEmpty());
  EXPECT_THAT(pending(), IsEmpty());
  EXPECT_EQ(world->gateway.circuits()[4].blocked, "");
  release(setup);
  EXPECT_TRUE(set_up_from_sip().call != 0);
  world->gateway.clear_all(world->now);
  expect_nothing_left();
}

TEST_F(Reload, ATrunkThatIsTakenOutDrainsGoesAndComesBack) {
  start(doubles::small_config(2, 1));
  const auto setup = answered_from_sip();
  auto wanted = world->config;
  wanted.trunks.erase(wanted.trunks.begin());
  wanted.routes[0].to = {"telco2"};
  wanted.routes.erase(wanted.routes.begin() + 1);
  // The spans stay as they are in the file, so only the trunk is gone.
  EXPECT_THAT(reload(wanted), Contains("trunk telco: removed: waits until drained"));
  EXPECT_EQ(world->gateway.status(world->now).trunks.size(), 2U);
  release(setup);
  ASSERT_EQ(world->gateway.status(world->now).trunks.size(), 1U);
  EXPECT_EQ(world->gateway.status(world->now).trunks[0].name, "telco2");
  EXPECT_THAT(pending(), IsEmpty());
  EXPECT_THAT(reload(world->config), Contains("trunk telco: new: waits until drained"));
  world->run(10s);
  EXPECT_EQ(world->gateway.status(world->now).trunks.size(), 2U);
  EXPECT_TRUE(set_up_from_sip().call != 0);
  world->gateway.clear_all(world->now);
  expect_nothing_left();
}

TEST_F(Reload, WhatNeedsARestartSaysSoAndStaysAsItWas) {
  start();
  auto wanted = world->config;
  wanted.sip.listen[0].address.port = 5080;
  wanted.control_path = "elsewhere.sock";
  wanted.cdr_path = "elsewhere.sqlite";
  wanted.log_level = "debug";
  const std::vector<std::string> expected{"gateway: cdr changed: needs a restart",
                                          "gateway: control changed: needs a restart",
                                          "gateway: sip.listen changed: needs a restart"};
  EXPECT_THAT(reload(wanted),
              ElementsAre(expected[0], expected[1], "gateway: log_level changed", expected[2]));
  EXPECT_EQ(pending(), expected);
  (void)answered_from_sip();
  world->gateway.clear_all(world->now);
  expect_nothing_left();
}

TEST(Differences, SayWhatIsWhereByName) {
  auto a = doubles::small_config(2, 2);
  auto b = a;
  std::swap(b.peers[0], b.peers[1]);
  std::swap(b.spans[0], b.spans[1]);  // and so each trunk's span has another number
  b.trunks[0].spans[0].span = 1;
  b.trunks[0].d_channels[0].span = 1;
  b.trunks[1].spans[0].span = 0;
  b.trunks[1].d_channels[0].span = 0;
  EXPECT_THAT(differences(a, renumbered(b, a)), IsEmpty()) << "places in the file are no change";
  b.peers[0].name = "other";
  b.routes[1].match = "^1";
  EXPECT_THAT(differences(a, renumbered(b, a)), ElementsAre(Change{Effect::now, "peer other: new"},
                                                            Change{Effect::now, "peer carrier2: removed"},
                                                            Change{Effect::now, "route 2: match changed"}));
}

TEST(Differences, ATrunkOnASpanThatIsNewNeedsARestart) {
  const auto a = doubles::small_config(1, 1);
  auto b = doubles::small_config(2, 1);
  b.trunks.pop_back();
  b.routes = a.routes;
  b.trunks[0].spans.push_back({.span = 1, .interface_id = 1, .timeslots = {1, 2}});
  EXPECT_THAT(differences(a, renumbered(b, a)),
              ElementsAre(Change{Effect::restart, "span e1-2: new"},
                          Change{Effect::restart, "trunk telco: spans changed"}));
}

TEST(Differences, RecordingsAreKnownByTheirFilesAndWhatTheseHold) {
  auto a = doubles::small_config();
  a.media.recordings = {{"a.wav", {1, 2}}, {"b.wav", {3}}};
  a.trunks[0].announcements = {{{1}, 0}, {{17}, 1}};
  auto b = a;
  std::swap(b.media.recordings[0], b.media.recordings[1]);
  b.trunks[0].announcements = {{{1}, 1}, {{17}, 0}};
  EXPECT_THAT(differences(a, renumbered(b, a)), IsEmpty());
  b.media.recordings[0].samples = {4};
  EXPECT_THAT(differences(a, renumbered(b, a)),
              ElementsAre(Change{Effect::now, "trunk telco: announcement changed"}));
}

}  // namespace
}  // namespace tandem::core
