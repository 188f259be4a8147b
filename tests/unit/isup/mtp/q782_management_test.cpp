// Level 3 tests after Q.782 5 to 13: rerouting, inhibiting, flow control, route management, restart, link
// test, invalid messages. Titles are ours.
#include "gateway/base/random.h"
#include "tests/unit/isup/mtp/network_world.h"

namespace tandem::mtp::test {
namespace {

bool has(const std::string& log, std::string_view what) {
  return log.find(what) != std::string::npos;
}
LinkNotice last_notice(const World& w, std::size_t point) {
  return w.points[point]->reports.back().notice;
}

TEST(Q782, N5_1_TransferProhibitedForcesTheTrafficToTheOtherRoute) {
  Diamond w;
  w.cut(4);  // 2 - 4
  w.run(3s);
  // 2 has a way round by 3, so only the loss of that one makes it say TFP.
  w.clear();
  w.cut(6);  // 2 - 3
  w.run(100ms);
  EXPECT_TRUE(has(w.log(1), "TFP>1:")) << w.log(1);
  w.clear();
  for (int i = 0; i < 16; ++i) EXPECT_TRUE(w.send(0, 4, static_cast<std::uint8_t>(i)));
  w.run(50ms);
  EXPECT_EQ(w.points[0]->sent_on[0] + w.points[0]->sent_on[1], 0);
  EXPECT_EQ(w.points[3]->heard.size(), 16u);
}

TEST(Q782, N5_2_WithoutAnotherRouteTheDestinationIsLost) {
  Diamond w;
  w.inject(0, 0, Label{1, 2, 0}, {.heading = Heading::tfp, .affected = 4});
  w.inject(0, 2, Label{1, 3, 0}, {.heading = Heading::tfp, .affected = 4});
  w.run(10ms);
  EXPECT_EQ(w.log(0), "pause 4");
  EXPECT_FALSE(w.send(0, 4, 0));
}

TEST(Q782, N6_1_TransferAllowedBringsTheTrafficBackAfterT6) {
  Diamond w(1);
  w.inject(0, 0, Label{1, 2, 0}, {.heading = Heading::tfp, .affected = 4});
  w.run(100ms);
  EXPECT_TRUE(w.send(0, 4, 0));
  w.run(20ms);
  EXPECT_EQ(w.points[0]->sent_on[2] + w.points[0]->sent_on[3], 1);
  w.clear();
  w.inject(0, 0, Label{1, 2, 0}, {.heading = Heading::tfa, .affected = 4});
  EXPECT_TRUE(w.send(0, 4, 0));
  w.run(300ms);
  EXPECT_EQ(w.points[0]->sent_on.size(), 0u);  // held
  w.run(1s);
  EXPECT_EQ(w.points[0]->sent_on[0], 1);
}

TEST(Q782, N6_2_ARestrictedRouteIsLeftForABetterOne) {
  Diamond w;
  w.inject(0, 0, Label{1, 2, 0}, {.heading = Heading::tfr, .affected = 4});
  w.run(1500ms);
  w.clear();
  for (int i = 0; i < 16; ++i) EXPECT_TRUE(w.send(0, 4, static_cast<std::uint8_t>(i)));
  w.run(50ms);
  EXPECT_EQ(w.points[0]->sent_on[0] + w.points[0]->sent_on[1], 0);
}

TEST(Q782, N6_3_ALinksetThatReturnsTakesItsShareInOrder) {
  Diamond w;
  w.cut(2), w.cut(3);
  w.run(5s);
  w.clear();
  w.mend(2), w.mend(3);
  std::uint8_t tag = 0;
  for (int i = 0; i < 240; ++i) {
    EXPECT_TRUE(w.send(0, 4, 1, tag++));
    w.run(25ms);
  }
  w.run(2s);
  EXPECT_GT(w.points[0]->sent_on[2] + w.points[0]->sent_on[3], 0);
  ASSERT_EQ(w.points[3]->heard.size(), 240u);
  for (std::uint8_t i = 0; i < 240; ++i) EXPECT_EQ(w.points[3]->heard[i].data[2], i);
}

TEST(Q782, N7_1_ALinkIsInhibitedAndItsTrafficGoesElsewhere) {
  for (const auto variant : {Variant::itu, Variant::ansi}) {
    Two w(2, variant);
    w.points[0]->network.inhibit(1, w.now);
    w.run(2s);
    EXPECT_TRUE(has(w.log(0), "LIN>2:1")) << w.log(0);
    EXPECT_TRUE(has(w.log(1), "LIA>1:1")) << w.log(1);
    EXPECT_TRUE(w.points[0]->network.status(1).inhibited_locally);
    EXPECT_TRUE(w.points[1]->network.status(1).inhibited_remotely);
    for (int i = 0; i < 8; ++i) EXPECT_TRUE(w.send(0, 2, static_cast<std::uint8_t>(i)));
    for (int i = 0; i < 8; ++i) EXPECT_TRUE(w.send(1, 1, static_cast<std::uint8_t>(i)));
    w.run(50ms);
    EXPECT_EQ(w.points[0]->sent_on[1] + w.points[1]->sent_on[1], 0);
    EXPECT_EQ(w.points[1]->heard.size(), 8u);
    w.points[0]->network.uninhibit(1, w.now);
    w.run(3s);
    EXPECT_EQ(last_notice(w, 0), LinkNotice::uninhibited);
    EXPECT_TRUE(w.points[0]->network.status(1).carrying && w.points[1]->network.status(1).carrying);
  }
}

TEST(Q782, N7_2_TheLastLinkIsNotInhibited) {
  Two w(1);
  w.points[0]->network.inhibit(0, w.now);
  w.run(100ms);
  EXPECT_EQ(last_notice(w, 0), LinkNotice::inhibit_denied);
  EXPECT_EQ(w.log(0), "");
}

TEST(Q782, N7_3_TheFarEndDeniesWhatWouldIsolateIt) {
  Two w(1);
  w.inject(0, 0, Label{1, 2, 0}, {.heading = Heading::lin});
  w.run(100ms);
  EXPECT_EQ(w.log(0), "LID>2:0");
  EXPECT_FALSE(w.points[0]->network.status(0).inhibited_remotely);
}

TEST(Q782, N7_4_NoAnswerToLinIsReportedAfterTheSecondTry) {
  Two w(2);
  w.swallow = {Heading::lia};
  w.points[0]->network.inhibit(1, w.now);
  w.run(10s);
  EXPECT_EQ(std::ranges::count(w.points[0]->log, "LIN>2:1"), 2);
  EXPECT_EQ(last_notice(w, 0), LinkNotice::inhibit_failed);
}

TEST(Q782, N7_5_AnInhibitedLinkIsGivenBackWhenTheLastOtherIsLost) {
  for (const std::size_t inhibitor : {0U, 1U}) {
    Two w(2);
    w.points[inhibitor]->network.inhibit(1, w.now);
    w.run(2s);
    w.cut(0);
    w.run(5s);
    EXPECT_TRUE(w.points[0]->network.status(1).carrying) << w.log(0);
    EXPECT_TRUE(w.points[1]->network.status(1).carrying) << w.log(1);
  }
}

TEST(Q782, N7_6_TheInhibitTestsFindAnEndThatForgot) {
  Two w(2);
  w.inject(0, 0, Label{1, 2, 1}, {.heading = Heading::llt, .slc = 1});
  w.run(10ms);
  EXPECT_TRUE(has(w.log(0), "LFU>2:1")) << w.log(0);
  w.clear();
  w.inject(0, 0, Label{1, 2, 1}, {.heading = Heading::lrt, .slc = 1});
  w.run(10ms);
  EXPECT_TRUE(has(w.log(0), "LUN>2:1")) << w.log(0);
}

TEST(Q782, N7_7_TheInhibitTestsAreSentFromTimeToTime) {
  Two w(2);
  w.points[0]->network.inhibit(1, w.now);
  w.run(2s);
  w.clear();
  w.run(300s);
  EXPECT_TRUE(has(w.log(0), "LLT>2:1")) << w.log(0);
  EXPECT_TRUE(has(w.log(1), "LRT>1:1")) << w.log(1);
  EXPECT_TRUE(w.points[0]->network.status(1).inhibited_locally);
}

TEST(Q782, N8_1_TransferControlledIsToldToUsersAndEndsByRouteSetCongestionTests) {
  Two w(1);
  w.inject(0, 0, Label{1, 2, 0}, {.heading = Heading::tfc, .affected = 2, .status = 2});
  w.run(1s);
  EXPECT_EQ(w.log(0), "congested 2 2");
  w.run(10s);
  EXPECT_EQ(w.log(0), "congested 2 2, RCT>2:0, congested 2 1, RCT>2:0, congested 2 0");
}

TEST(Q782, N8_2_ACongestedLinkIsToldToUsersAndByTfcToOthers) {
  Diamond w;
  w.points[1]->network.congestion(2, 2, w.now);
  w.send(0, 4, 0);
  w.run(50ms);
  EXPECT_TRUE(has(w.log(1), "congested 4 2")) << w.log(1);
  EXPECT_TRUE(has(w.log(1), "TFC>1:")) << w.log(1);
  EXPECT_TRUE(has(w.log(0), "congested 4 2")) << w.log(0);
}

TEST(Q782, N8_3_AnUnavailableUserPartIsToldToUsers) {
  Two w(1);
  w.inject(0, 0, Label{1, 2, 0}, {.heading = Heading::upu, .affected = 2, .user = 5, .cause = 1});
  w.run(10ms);
  EXPECT_EQ(w.log(0), "unavailable 2 user 5 cause 1");
}

TEST(Q782, N9_1_ATransferPointSaysTfpWhenItLosesADestination) {
  Diamond w;
  w.cut(4), w.cut(6);
  w.run(3s);  // the changeover that had begun is waited for
  EXPECT_TRUE(has(w.log(1), "pause 4") && has(w.log(1), "TFP>1:")) << w.log(1);
}

TEST(Q782, N9_2_AndTfaWhenItComesBack) {
  Diamond w;
  w.cut(4), w.cut(6);
  w.run(3s);
  w.clear();
  w.mend(4);
  w.run(70s);
  EXPECT_TRUE(has(w.log(1), "resume 4") && has(w.log(1), "TFA>1:")) << w.log(1);
  EXPECT_TRUE(w.points[0]->network.accessible(4));
}

TEST(Q782, N9_3_TheRouteIsTestedUntilItIsAllowed) {
  Diamond w;
  w.inject(0, 0, Label{1, 2, 0}, {.heading = Heading::tfp, .affected = 4});
  w.run(50s);
  EXPECT_TRUE(has(w.log(0), "RST>2:")) << w.log(0);
  EXPECT_TRUE(has(w.log(1), "TFA>1:")) << w.log(1);
  w.clear();
  w.run(100s);
  EXPECT_FALSE(has(w.log(0), "RST>2:"));
}

TEST(Q782, N9_4_AMessageForALostDestinationIsAnsweredWithOneTfp) {
  Diamond w;
  w.cut(4), w.cut(6);
  w.run(3s);
  w.clear();
  const auto lost = encode_msu({.label = {4, 1, 0}, .data = Octets{1}}, Variant::itu);
  for (int i = 0; i < 5; ++i) w.inject(1, 0, lost);
  w.run(10ms);
  EXPECT_EQ(std::ranges::count_if(w.points[1]->log, [](const auto& s) { return s.starts_with("TFP>1"); }), 1);
}

TEST(Q782, N9_5_OnlyANeighboursWordCounts) {
  Diamond w;
  w.inject(0, 0, Label{1, 4, 0}, {.heading = Heading::tfp, .affected = 4});
  w.run(10ms);
  EXPECT_EQ(w.log(0), "");
  EXPECT_TRUE(w.points[0]->network.accessible(4));
  EXPECT_EQ(w.points[0]->network.counters().unexpected, 1u);
}

TEST(Q782, N9_6_AClusterMessageIsAboutAllItsMembers) {
  World w;
  auto config = network(0x010101, {linkset(0x010101, 0x020201, 1)}, Variant::ansi);
  config.routes = {{0x030301, 0, 0}, {0x030302, 0, 0}, {0x040401, 0, 0}};
  w.add(config);
  w.add(network(0x020201, {linkset(0x020201, 0x010101, 1)}, Variant::ansi));
  w.join(0, 0, 1, 0);
  w.activate();
  w.run(2s);
  w.inject(0, 0, Label{0x010101, 0x020201, 0}, {.heading = Heading::tcp, .affected = 0x030300});
  EXPECT_FALSE(w.points[0]->network.accessible(0x030301));
  EXPECT_FALSE(w.points[0]->network.accessible(0x030302));
  EXPECT_TRUE(w.points[0]->network.accessible(0x040401));
}

TEST(Q782, N9_7_ATransferPointSaysTfrWhenItsBestLinksetStaysAway) {
  for (const auto network : std::to_array<std::uint8_t>({2, 0})) {
    Diamond w(0, {}, network);
    w.cut(4);  // 2 - 4: 2 goes round by 3
    w.run(40s);
    EXPECT_FALSE(has(w.log(1), "TFR")) << w.log(1);
    w.run(10s);  // T11
    EXPECT_EQ(has(w.log(1), "TFR>1:"), network == 2) << w.log(1);
    EXPECT_FALSE(has(w.log(1), "TFR>3:")) << w.log(1);  // that one has heard TFP
    w.clear();
    for (int i = 0; i < 16; ++i) EXPECT_TRUE(w.send(0, 4, static_cast<std::uint8_t>(i)));
    w.run(2s);
    EXPECT_EQ(w.points[0]->sent_on[0] + w.points[0]->sent_on[1], network == 2 ? 0 : 8);
    EXPECT_EQ(w.points[3]->heard.size(), 16u);
    // Tests that find nothing new are not answered (Q.704 13.5.4).
    w.run(60s);
    EXPECT_EQ(has(w.log(0), "RSR>2:"), network == 2) << w.log(0);
    EXPECT_FALSE(has(w.log(1), ">1:")) << w.log(1);
    w.mend(4);
    w.run(5s);
    EXPECT_EQ(has(w.log(1), "TFA>1:"), network == 2) << w.log(1);
    EXPECT_TRUE(has(w.log(1), "TFA>3:")) << w.log(1);
  }
}

TEST(Q782, N9_8_WhomTheWayLeadsThroughIsToldNotToComeBack) {
  Diamond w;
  w.cut(4);  // 2 - 4: 2 goes round by 3
  w.run(3s);
  EXPECT_TRUE(has(w.log(1), "TFP>3:")) << w.log(1);
  EXPECT_FALSE(has(w.log(1), "TFP>1:")) << w.log(1);
  w.clear();
  w.cut(5);  // 3 - 4: there is no way any more, and none in a circle
  w.run(3s);
  EXPECT_TRUE(has(w.log(2), "pause 4")) << w.log(2);
  EXPECT_TRUE(has(w.log(1), "pause 4")) << w.log(1);
  EXPECT_TRUE(has(w.log(0), "pause 4")) << w.log(0);
}

TEST(Q782, N10_1_TrafficWaitsForTheNeighboursTra) {
  World w;
  w.add(network(1, {linkset(1, 2, 1)}));
  w.add(network(2, {linkset(2, 1, 1)}));
  w.join(0, 0, 1, 0);
  w.swallow = {Heading::tra};
  w.activate();
  w.run(50s);
  EXPECT_EQ(w.log(0), "TRA>2:0");
  EXPECT_FALSE(w.send(0, 2, 0));
  w.run(15s);  // T20
  EXPECT_EQ(w.log(0), "TRA>2:0, resume 2");
}

TEST(Q782, N10_2_AnUnexpectedTraIsAnsweredOnce) {
  Two w(1);
  w.run(70s);  // T19 of the restart is over
  w.clear();
  w.inject(0, 0, Label{1, 2, 15}, {.heading = Heading::tra});  // with any SLS
  w.inject(0, 0, Label{1, 2, 15}, {.heading = Heading::tra});
  w.run(100ms);
  EXPECT_EQ(w.log(0), "TRA>2:0");
}

/// Where in the log of a point something is; as many as there are lines: nowhere.
std::size_t place(const World& w, std::size_t point, std::string_view what) {
  const auto& log = w.points[point]->log;
  return static_cast<std::size_t>(std::ranges::find(log, what) - log.begin());
}

/// 2 transfers between 1, 3 and 4; `joined` tells how many of them are there.
struct Star : World {
  Star(Variant variant, std::size_t joined) {
    auto two = network(2, {linkset(2, 1, 1), linkset(2, 4, 1), linkset(2, 3, 1)}, variant);
    two.transfer = true;
    two.routes = {{9, 1, 0}};
    two.timers[NetworkTimer::t18] = 5s;
    add(two);
    for (const PointCode code : {1U, 4U, 3U}) {
      auto other = network(code, {linkset(code, 2, 1)}, variant);
      for (const PointCode to : {1U, 3U, 4U, 9U})
        if (to != code) other.routes.push_back({to, 0, 0});
      add(other);
    }
    for (std::size_t l = 0; l < joined; ++l) join(0, l, l + 1, 0);
    activate();
  }
};

TEST(Q782, N10_3_ATransferPointThatRestartsSaysTraAfterT18AndAllThatIsNotThere) {
  for (const auto variant : {Variant::itu, Variant::ansi}) {
    Star w(variant, 2);
    w.run(2s);
    EXPECT_EQ(w.log(1), "TRA>2:0");
    EXPECT_EQ(w.log(0), variant == Variant::ansi ? "TRW>1:0, TRW>4:1" : "");
    w.inject(0, 1, Label{2, 4, 0}, {.heading = Heading::tfp, .affected = 9});
    EXPECT_FALSE(w.send(0, 1, 0));
    EXPECT_FALSE(w.send(1, 4, 0));
    w.inject(0, 0, encode_msu({.label = {4, 1, 0}, .data = Octets{1}}, variant));  // nothing is transferred
    w.run(2s);
    EXPECT_FALSE(has(w.log(0), "TFP") || has(w.log(0), "TRA")) << w.log(0);
    w.run(2s);                                                                  // T18
    EXPECT_EQ(std::ranges::count(w.points[0]->log, "TFP>1:0"), 2) << w.log(0);  // of 3 and of 9
    EXPECT_LT(place(w, 0, "TFP>1:0"), place(w, 0, "TRA>1:0")) << w.log(0);
    EXPECT_LT(place(w, 0, "TFP>4:1"), place(w, 0, "TRA>4:1")) << w.log(0);
    EXPECT_TRUE(has(w.log(1), "resume 4") && has(w.log(0), "resume 1")) << w.log(1);
    EXPECT_FALSE(w.send(1, 3, 0) || w.send(1, 9, 0));
    EXPECT_TRUE(w.send(1, 4, 0));
    w.run(50ms);
    EXPECT_EQ(w.points[2]->heard.size(), 1u);
  }
}

TEST(Q782, N10_4_ARestartIsOverWhenAllNeighboursAreThere) {
  Star w(Variant::itu, 3);
  w.run(1s);
  EXPECT_EQ(std::ranges::count_if(w.points[0]->log, [](const auto& s) { return s.starts_with("TRA>"); }), 3);
  EXPECT_FALSE(has(w.log(0), "TFP>1:") || has(w.log(0), "TFP>3:")) << w.log(0);
  EXPECT_TRUE(has(w.log(0), "TFP>4:")) << w.log(0);  // of 9, to which the way leads through 4
  EXPECT_TRUE(w.send(1, 3, 0));
  // Lost altogether within a later restart, it begins anew.
  for (std::size_t l = 0; l < 3; ++l) w.cut(l);
  w.run(5s);
  w.clear();
  w.mend(0);
  w.run(3s);
  EXPECT_FALSE(has(w.log(0), "TRA")) << w.log(0);
  w.cut(0);
  w.run(10s);
  EXPECT_FALSE(has(w.log(0), "TRA")) << w.log(0);
  for (std::size_t l = 0; l < 3; ++l) w.mend(l);
  w.run(4s);
  EXPECT_TRUE(has(w.log(0), "TRA>1:0") && has(w.log(0), "TRA>3:2")) << w.log(0);
  EXPECT_TRUE(w.send(1, 3, 0));
}

TEST(Network, HearsWhatANeighbourSaysBeforeTheLinkIsTestedHere) {
  Network n([] {
    auto config = network(1, {linkset(1, 2, 1)});
    config.routes = {{4, 0, 0}};
    return config;
  }());
  n.activate(0, Time{});
  n.in_service(0, Time{});
  const auto say = [&](const Management& m) {
    const Octets data = encode_management(m, Variant::itu);
    n.received(0,
               encode_msu({.service = service::kManagement, .label = {1, 2, 0}, .data = data}, Variant::itu),
               Time{});
  };
  say({.heading = Heading::tfp, .affected = 4});
  say({.heading = Heading::tra});
  EXPECT_FALSE(n.accessible(2));
  while (const auto out = n.poll_output()) {  // its test is answered
    const auto* to = std::get_if<ToLink>(&*out);
    if (to == nullptr || to->action != LinkAction::send) continue;
    const auto sent = decode_msu(to->msu, Variant::itu);
    const auto test = decode_link_test(sent->data, Variant::itu);
    if (!test) continue;
    const Octets answer = encode_link_test({.acknowledgement = true, .pattern = test->pattern}, Variant::itu);
    n.received(0, encode_msu({.service = service::kTest, .label = {1, 2, 0}, .data = answer}, Variant::itu),
               Time{});
  }
  EXPECT_TRUE(n.accessible(2));
  EXPECT_FALSE(n.accessible(4));
}

TEST(Network, HasSeveralPointCodesOfItsOwn) {
  World w;
  auto config = network(1, {linkset(1, 2, 1), linkset(11, 3, 1)});
  config.own = {1, 11};
  w.add(config);
  w.add(network(2, {linkset(2, 1, 1)}));
  w.add(network(3, {linkset(3, 11, 1)}));
  w.join(0, 0, 1, 0), w.join(0, 1, 2, 0);
  w.activate();
  w.run(2s);
  EXPECT_TRUE(w.send(0, 2, 0) && w.send(0, 3, 0) && w.send(1, 1, 0) && w.send(2, 11, 0));
  w.run(20ms);
  EXPECT_EQ(w.points[1]->heard.at(0).label.opc, 1u);
  EXPECT_EQ(w.points[2]->heard.at(0).label.opc, 11u);
  EXPECT_EQ(w.points[0]->heard.size(), 2u);
}

TEST(Network, RefusesAConfigurationThatCannotWork) {
  const auto good = network(1, {linkset(1, 2, 2)});
  EXPECT_TRUE(validate(good).has_value());
  auto bad = good;
  bad.own.clear();
  EXPECT_FALSE(validate(bad).has_value());
  bad = good, bad.linksets[0].links[1].slc = 0;
  EXPECT_FALSE(validate(bad).has_value());
  bad = good, bad.linksets[0].links.clear();
  EXPECT_FALSE(validate(bad).has_value());
  bad = good, bad.linksets[0].links[0].slc = 16;
  EXPECT_FALSE(validate(bad).has_value());
  bad = good, bad.linksets[0].adjacent = 1;
  EXPECT_FALSE(validate(bad).has_value());
  bad = good, bad.routes = {{4, 1, 0}};
  EXPECT_FALSE(validate(bad).has_value());
  bad = good, bad.routes = {{1, 0, 0}};
  EXPECT_FALSE(validate(bad).has_value());
  bad = good, bad.network_indicator = 4;
  EXPECT_FALSE(validate(bad).has_value());
}

TEST(Q782, N12_1_ALinkWithoutAnswerToItsTestIsNotUsed) {
  World w;
  w.add(network(1, {linkset(1, 2, 1)}));
  w.join(0, 0, 0, 99);
  w.points[0]->network.activate_all(w.now);
  w.points[0]->network.in_service(0, w.now);
  w.run(30s);
  EXPECT_EQ(w.points[0]->network.counters().tests_failed, 1u);
  EXPECT_FALSE(w.points[0]->network.status(0).available);
}

TEST(Q782, N12_2_ATestIsAnsweredWithItsPatternWhateverItsSls) {
  for (const auto variant : {Variant::itu, Variant::ansi}) {
    Network n(network(1, {linkset(1, 2, 1)}, variant));
    const Octets pattern{9, 8, 7};
    const Octets data = encode_link_test({.slc = 3, .pattern = pattern}, variant);
    const std::uint8_t si = variant == Variant::itu ? 1 : 2;
    n.received(0, encode_msu({.service = si, .label = {1, 2, 3}, .data = data}, variant), Time{});
    const auto out = n.poll_output();
    ASSERT_TRUE(out);
    const auto answer = decode_msu(std::get<ToLink>(*out).msu, variant);
    EXPECT_EQ(answer->label, (Label{2, 1, 3}));
    const auto test = decode_link_test(answer->data, variant);
    EXPECT_TRUE(test->acknowledgement);
    EXPECT_TRUE(std::ranges::equal(test->pattern, pattern));
  }
}

TEST(Q782, N12_3_AWrongAnswerIsNoAnswer) {
  Network n(network(1, {linkset(1, 2, 1)}));
  n.activate(0, Time{});
  n.in_service(0, Time{});
  const Octets pattern{9, 8, 7};
  const Octets data = encode_link_test({.acknowledgement = true, .pattern = pattern}, Variant::itu);
  n.received(0, encode_msu({.service = 1, .label = {1, 2, 0}, .data = data}, Variant::itu), Time{});
  EXPECT_FALSE(n.status(0).available);
  EXPECT_EQ(n.counters().unexpected, 1u);
}

TEST(Q782, N13_1_InvalidMessagesAreCountedAndChangeNothing) {
  Diamond w;
  SeededRandom random(11);
  for (int i = 0; i < 50000; ++i) {
    Octets msu(random.next() % 12);
    for (auto& octet : msu) octet = static_cast<Octet>(random.next());
    if (msu.size() > 5 && i % 2 == 0) {  // to us, from 2, management or test
      msu[0] = static_cast<Octet>(0x80 | random.next() % 2);
      const std::uint32_t label = 1U | 2U << 14 | static_cast<std::uint32_t>(random.next() % 16) << 28;
      for (std::size_t k = 0; k < 4; ++k) msu[1 + k] = static_cast<Octet>(label >> 8 * k);
    }
    w.inject(0, random.next() % 4, msu);
    if (i % 100 == 0) w.run(1ms);
  }
  w.run(200s);
  EXPECT_GT(w.points[0]->network.counters().malformed, 0u);
  // Whatever it was told, it is as before in the end: inhibited links, routes, congestion.
  EXPECT_TRUE(w.points[0]->network.accessible(4));
  w.clear();
  EXPECT_TRUE(w.send(0, 4, 0));
  w.run(2s);
  EXPECT_EQ(w.points[3]->heard.size(), 1u);
}

}  // namespace
}  // namespace tandem::mtp::test
