// Level 3 tests after Q.782 1 to 4: link management, message handling, changeover, changeback. Titles are
// ours.
#include <utility>

#include "tests/unit/isup/mtp/network_world.h"

namespace tandem::mtp::test {
namespace {

bool has(const std::string& log, std::string_view what) {
  return log.find(what) != std::string::npos;
}

TEST(Q782, N1_1_TheFirstLinkIsAlignedTestedAndTakenIntoUse) {
  for (const auto variant : {Variant::itu, Variant::ansi}) {
    World w;
    w.add(network(1, {linkset(1, 2, 1)}, variant));
    w.add(network(2, {linkset(2, 1, 1)}, variant));
    w.join(0, 0, 1, 0);
    EXPECT_FALSE(w.send(0, 2, 0));
    w.activate();
    w.run(2s);
    EXPECT_EQ(w.log(0), "TRA>2:0, resume 2");
    EXPECT_EQ(w.log(1), "TRA>1:0, resume 1");
    EXPECT_TRUE(w.send(0, 2, 5, 9));
    w.run(20ms);
    ASSERT_EQ(w.points[1]->heard.size(), 1u);
    EXPECT_EQ(w.points[1]->heard[0].label, (Label{2, 1, 5}));
    EXPECT_EQ(w.points[1]->heard[0].data, (Octets{1, 2, 9}));
  }
}

TEST(Q782, N1_2_ALinksetIsDeactivated) {
  Two w(2);
  w.points[0]->network.deactivate_all(w.now);
  w.run(5s);
  EXPECT_TRUE(has(w.log(0), "pause 2")) << w.log(0);
  EXPECT_TRUE(has(w.log(1), "pause 1")) << w.log(1);
  EXPECT_FALSE(w.points[0]->network.status(0).available);
}

TEST(Q782, N1_3_ALinksetIsActivatedAgain) {
  Two w(2);
  w.points[0]->network.deactivate_all(w.now);
  w.run(5s);
  w.clear();
  w.points[0]->network.activate_all(w.now);
  w.run(5s);
  EXPECT_TRUE(has(w.log(0), "resume 2")) << w.log(0);
  EXPECT_TRUE(w.points[0]->network.status(0).carrying && w.points[0]->network.status(1).carrying);
}

TEST(Q782, N2_1_AnotherNetworksMessageIsDiscarded) {
  Two w(1);
  w.inject(0, 0, encode_msu({.network_indicator = 0, .label = {1, 2, 0}, .data = Octets{1}}, Variant::itu));
  EXPECT_EQ(w.points[0]->network.counters().wrong_network, 1u);
  w.run(10ms);
  EXPECT_TRUE(w.points[0]->heard.empty());
}

TEST(Q782, N2_2_AMessageForAnotherPointIsDiscarded) {
  Two w(1);
  w.inject(0, 0, encode_msu({.label = {77, 2, 0}, .data = Octets{1}}, Variant::itu));
  EXPECT_EQ(w.points[0]->network.counters().wrong_destination, 1u);
  w.run(10ms);
  EXPECT_TRUE(w.points[0]->heard.empty());
  EXPECT_EQ(w.log(0), "");
}

TEST(Q782, N2_3_AMessageForAUserThatIsNotHereIsAnsweredWithUpu) {
  Two w(1);
  w.inject(0, 0,
           encode_msu({.service = service::kSccp, .label = {1, 2, 0}, .data = Octets{1}}, Variant::itu));
  w.run(10ms);
  EXPECT_EQ(w.log(0), "UPU>2:0");
  EXPECT_EQ(w.log(1), "unavailable 1 user 3 cause 1");
}

TEST(Q782, N2_4_1_TheLoadIsSharedByTheLinksOfALinkset) {
  Two w(4);
  for (int i = 0; i < 160; ++i) EXPECT_TRUE(w.send(0, 2, static_cast<std::uint8_t>(i % 16)));
  w.run(50ms);
  for (LinkIndex l = 0; l < 4; ++l) EXPECT_EQ(w.points[0]->sent_on[l], 40);
  EXPECT_EQ(w.points[1]->heard.size(), 160u);
}

TEST(Q782, N2_4_2_TheOthersTakeTheLoadOfALostLinkAndKeepTheirOwn) {
  Two w(4);
  w.cut(1);
  w.run(3s);
  w.clear();
  for (int i = 0; i < 160; ++i) EXPECT_TRUE(w.send(0, 2, static_cast<std::uint8_t>(i % 16)));
  w.run(50ms);
  EXPECT_EQ(w.points[0]->sent_on[1], 0);
  for (const LinkIndex l : {LinkIndex{0}, LinkIndex{2}, LinkIndex{3}}) EXPECT_GE(w.points[0]->sent_on[l], 50);
  EXPECT_EQ(w.points[1]->heard.size(), 160u);
}

TEST(Q782, N2_5_1_TheLoadIsSharedByTwoLinksets) {
  Diamond w;
  for (int i = 0; i < 160; ++i) EXPECT_TRUE(w.send(0, 4, static_cast<std::uint8_t>(i % 16)));
  w.run(50ms);
  for (LinkIndex l = 0; l < 4; ++l) EXPECT_EQ(w.points[0]->sent_on[l], 40);
  EXPECT_EQ(w.points[3]->heard.size(), 160u);
  EXPECT_GT(w.points[1]->network.counters().transferred, 0u);
}

TEST(Q782, N2_5_2_OneLinksetTakesTheLoadOfTheOther) {
  Diamond w;
  w.cut(0), w.cut(1);
  w.run(5s);
  w.clear();
  for (int i = 0; i < 160; ++i) EXPECT_TRUE(w.send(0, 4, static_cast<std::uint8_t>(i % 16)));
  w.run(50ms);
  EXPECT_EQ(w.points[0]->sent_on[0] + w.points[0]->sent_on[1], 0);
  EXPECT_EQ(w.points[3]->heard.size(), 160u);
}

TEST(Q782, N2_6_ADestinationIsLostWithItsLinkset) {
  Two w(1);
  w.cut(0);
  w.run(100ms);
  EXPECT_EQ(w.log(0), "pause 2");
  EXPECT_FALSE(w.send(0, 2, 0));
  EXPECT_FALSE(w.points[0]->network.accessible(2));
}

TEST(Q782, N3_1_ChangeoverByCooAndCoaLosesAndReordersNothing) {
  Two w(2);
  for (std::uint8_t i = 0; i < 20; ++i) {
    w.send(0, 2, 1, i);
    w.run(1ms);
  }
  w.cut(1);  // with five messages on their way
  for (std::uint8_t i = 20; i < 40; ++i) {
    w.send(0, 2, 1, i);
    w.run(1ms);
  }
  w.run(3s);
  EXPECT_TRUE(has(w.log(0), "COO>2:0")) << w.log(0);
  ASSERT_EQ(w.points[1]->heard.size(), 40u);
  for (std::uint8_t i = 0; i < 40; ++i) EXPECT_EQ(w.points[1]->heard[i].data[2], i);
}

TEST(Q782, N3_2_BothEndsOrderAtOnceAndAnswerEachOther) {
  Two w(2);
  w.cut(0);
  w.run(2s);
  EXPECT_TRUE(has(w.log(0), "COO>2:1") && has(w.log(1), "COO>1:1"));
  EXPECT_TRUE(has(w.log(0), "COA>2:1") && has(w.log(1), "COA>1:1"));
  EXPECT_FALSE(has(w.log(0), "pause"));
}

TEST(Q782, N3_3_EcaAnswersWhenTheNumberIsNotKnown) {
  Two w(2);
  w.forget_sequence(1);
  w.swallow = {Heading::eco};
  w.cut(0);
  w.run(3s);
  EXPECT_TRUE(has(w.log(1), "ECA>1:1")) << w.log(1);
  w.send(0, 2, 0);
  w.run(20ms);
  EXPECT_EQ(w.points[1]->heard.size(), 1u);
}

TEST(Q782, N3_4_EcoOrdersWhenTheNumberIsNotKnown) {
  Two w(2);
  w.forget_sequence(0);
  w.cut(0);
  w.run(3s);
  EXPECT_TRUE(has(w.log(0), "ECO>2:1")) << w.log(0);
  EXPECT_TRUE(has(w.log(1), "COA>1:1")) << w.log(1);
}

TEST(Q782, N3_5_EcoIsAnsweredByEca) {
  Two w(2);
  w.forget_sequence(0), w.forget_sequence(1);
  w.cut(0);
  w.run(3s);
  EXPECT_TRUE(has(w.log(0), "ECO>2:1") && has(w.log(0), "ECA>2:1")) << w.log(0);
}

TEST(Q782, N3_6_AnOrderAloneTakesTheLinkOutOfUse) {
  Two w(2);
  w.inject(0, 1, Label{1, 2, 0}, {.heading = Heading::coo, .slc = 0, .fsn = 127});
  w.run(10ms);
  EXPECT_TRUE(has(w.log(0), "COA>2:1")) << w.log(0);
  EXPECT_FALSE(w.points[0]->network.status(0).carrying);
  w.run(8s);
  EXPECT_TRUE(w.points[0]->network.status(0).carrying);
}

TEST(Q782, N3_7_ChangeoverToSeveralLinks) {
  Two w(4);
  w.cut(2);
  w.run(3s);
  w.clear();
  for (std::uint8_t sls = 2; sls < 16; sls = static_cast<std::uint8_t>(sls + 4)) w.send(0, 2, sls);
  w.run(20ms);
  EXPECT_EQ(w.points[0]->sent_on.size(), 3u);
}

/// Sends `times` messages of every SLS, numbered per SLS in their third octet, 2 ms apart.
struct Load {
  World& world;
  PointCode to;
  std::array<std::uint8_t, 16> next{};

  void send(int times) {
    for (int i = 0; i < times; ++i) {
      for (std::uint8_t sls = 0; sls < 16; ++sls) EXPECT_TRUE(world.send(0, to, sls, next[sls]++));
      world.run(2ms);
    }
  }
  /// All that was sent has been heard, once, in the order of its SLS.
  void expect_all(const Point& at) const {
    std::array<std::uint8_t, 16> expected{};
    for (const auto& m : at.heard) EXPECT_EQ(m.data[2], expected[m.label.sls]++) << +m.label.sls;
    EXPECT_EQ(expected, next);
  }
};

TEST(Q782, N3_8_ChangeoverToAnotherLinkset) {
  Diamond w(1);
  w.cut(0);
  w.run(3s);
  w.clear();
  Load load{w, 4};
  load.send(10);
  EXPECT_EQ(w.points[0]->sent_on[1], 160);
  w.cut(1);  // with messages on their way
  load.send(10);
  EXPECT_TRUE(has(w.log(0), "COO>2:2") || has(w.log(0), "COO>2:3")) << w.log(0);
  w.run(3s);
  EXPECT_FALSE(has(w.log(0), "pause 4")) << w.log(0);
  EXPECT_GE(w.points[0]->sent_on[2], 80);
  EXPECT_GE(w.points[0]->sent_on[3], 80);
  load.expect_all(*w.points[3]);
}

TEST(Q782, N3_9_ChangeoverToTwoOtherLinksets) {
  World w;
  auto one = network(1, {linkset(1, 2, 1), linkset(1, 3, 1), linkset(1, 4, 1)});
  one.routes = {{5, 0, 0}, {5, 1, 1}, {5, 2, 1}, {2, 1, 1}};
  w.add(one);
  for (const PointCode own : {2U, 3U, 4U}) {
    auto stp = network(own, {linkset(own, 1, 1), linkset(own, 5, 1)});
    stp.transfer = true;
    stp.timers[NetworkTimer::t18] = 1s;
    // 2 and 3 are joined: order and answer go round by 3. The way by 5, which transfers nothing, is worse.
    if (own == 2) stp.linksets.push_back(linkset(2, 3, 1)), stp.routes = {{1, 1, 1}, {1, 2, 0}};
    if (own == 3) stp.linksets.push_back(linkset(3, 2, 1));
    w.add(stp);
  }
  auto five = network(5, {linkset(5, 2, 1), linkset(5, 3, 1), linkset(5, 4, 1)});
  five.routes = {{1, 0, 0}, {1, 1, 0}, {1, 2, 0}};
  w.add(five);
  const auto cut = w.join(0, 0, 1, 0);
  w.join(0, 1, 2, 0), w.join(0, 2, 3, 0);
  for (std::size_t stp = 1; stp <= 3; ++stp) w.join(stp, 1, 4, stp - 1);
  w.join(1, 2, 2, 2);
  w.activate();
  w.run(3s);
  w.clear();
  Load load{w, 5};
  load.send(10);
  EXPECT_EQ(w.points[0]->sent_on[0], 160) << "the first route carries all";
  w.cut(cut);
  load.send(10);
  w.run(5s);
  EXPECT_TRUE(has(w.log(0), "COO>2:1")) << w.log(0);
  EXPECT_TRUE(has(w.log(1), "COA>1:2")) << w.log(1);
  EXPECT_FALSE(has(w.log(0), "pause 5")) << w.log(0);
  EXPECT_GE(w.points[0]->sent_on[1], 80);
  EXPECT_GE(w.points[0]->sent_on[2], 80);
  load.expect_all(*w.points[4]);
}

TEST(Q782, N3_10_NoAnswerWithinT2MeansNoRetrieval) {
  Two w(2);
  w.swallow = {Heading::coo, Heading::coa};
  w.send(0, 2, 0, 1);
  w.run(1ms);
  w.cut(0);
  w.send(0, 2, 0, 2);
  w.run(500ms);
  EXPECT_TRUE(w.points[1]->heard.empty());  // held
  w.run(3s);
  ASSERT_EQ(w.points[1]->heard.size(), 1u);
  EXPECT_EQ(w.points[1]->heard[0].data[2], 2);
}

TEST(Q782, N3_11_ACoaThatNobodyAskedForIsDropped) {
  Two w(2);
  w.inject(0, 1, Label{1, 2, 0}, {.heading = Heading::coa, .slc = 0, .fsn = 3});
  w.run(100ms);
  EXPECT_EQ(w.log(0), "");
  EXPECT_TRUE(w.points[0]->network.status(0).carrying);
}

TEST(Q782, N3_12_AProcessorOutageIsATimeControlledChangeover) {
  Two w(2);
  w.points[0]->network.remote_processor_outage(0, true, w.now);
  w.send(0, 2, 0, 7);
  w.run(300ms);
  EXPECT_TRUE(w.points[1]->heard.empty());
  w.run(1s);
  EXPECT_EQ(w.points[1]->heard.size(), 1u);
  EXPECT_FALSE(has(w.log(0), "COO"));
  w.points[0]->network.remote_processor_outage(0, false, w.now);
  w.run(2s);
  EXPECT_TRUE(has(w.log(0), "CBD>2:1")) << w.log(0);
  EXPECT_TRUE(w.points[0]->network.status(0).carrying);
}

TEST(Q782, N4_1_ChangebackKeepsTheOrder) {
  Two w(2);
  w.cut(0);
  w.run(4s);
  w.clear();
  w.mend(0);
  std::uint8_t tag = 0;
  for (int i = 0; i < 200; ++i) {
    w.send(0, 2, 0, tag++);
    w.run(25ms);
  }
  EXPECT_TRUE(has(w.log(0), "CBD>2:1")) << w.log(0);
  EXPECT_GT(w.points[0]->sent_on[0], 0);
  ASSERT_EQ(w.points[1]->heard.size(), 200u);
  for (std::uint8_t i = 0; i < 200; ++i) EXPECT_EQ(w.points[1]->heard[i].data[2], i);
}

/// Both links to 2 are lost, so that all goes by 3, and one comes back under load. How long nothing was sent.
Duration change_back(World& w, Load& load) {
  w.cut(0), w.cut(1);
  w.run(5s);
  w.clear();
  w.mend(0);
  int quiet = 0, longest = 0, sent = 0;
  for (int i = 0; i < 100; ++i) {
    load.send(1), w.run(38ms);
    int now = 0;
    for (const auto& [link, messages] : w.points[0]->sent_on) now += messages;
    quiet = now == std::exchange(sent, now) ? quiet + 1 : 0;
    longest = std::max(longest, quiet);
  }
  w.run(5s);
  EXPECT_GT(w.points[0]->sent_on[0], 0);
  EXPECT_FALSE(has(w.log(0), "pause 4")) << w.log(0);
  EXPECT_TRUE(w.points[0]->network.status(0).carrying);
  return longest * 40ms;
}

TEST(Q782, N4_2_ChangebackFromAnotherLinksetByCbd) {
  Diamond w(1);
  Load load{w, 4};
  EXPECT_LT(change_back(w, load), 100ms);
  // By each link that carried the traffic, and answered by 2 to which 3 passes it on.
  EXPECT_TRUE(has(w.log(0), "CBD>2:2") && has(w.log(0), "CBD>2:3")) << w.log(0);
  EXPECT_EQ(std::ranges::count_if(w.points[1]->log, [](const auto& s) { return s.starts_with("CBA>1:"); }), 2)
      << w.log(1);
  EXPECT_EQ(w.points[0]->network.counters().changebacks, 1u);
  load.expect_all(*w.points[3]);
}

TEST(Q782, N4_7_WithoutAPathForADeclarationTheDiversionIsTimeControlled) {
  NetworkTimerValues timers;
  timers[NetworkTimer::t3] = 1s;
  timers[NetworkTimer::t6] = 500ms;
  Diamond w(1, timers);
  w.cut(6);  // 2 - 3: nothing gets from 1 to 2 any more when its own links are gone
  w.run(3s);
  Load load{w, 4};
  const Duration held = change_back(w, load);
  EXPECT_GE(held, 920ms);  // T3
  EXPECT_LE(held, 1000ms);
  EXPECT_FALSE(has(w.log(0), "CBD")) << w.log(0);
  load.expect_all(*w.points[3]);
}

TEST(Q782, N4_3_TheDeclarationIsRepeatedOnceAndThenDoneWithout) {
  Two w(2);
  w.cut(0);
  w.run(4s);
  w.clear();
  w.swallow = {Heading::cba};
  w.mend(0);
  w.run(6s);
  EXPECT_EQ(std::ranges::count(w.points[0]->log, "CBD>2:1"), 2);
  EXPECT_TRUE(w.points[0]->network.status(0).carrying);
}

TEST(Q782, N4_4_EachAlternativeLinkHasADeclarationOfItsOwn) {
  Two w(3);
  w.cut(0);
  w.run(4s);
  w.clear();
  w.mend(0);
  w.run(5s);
  EXPECT_TRUE(has(w.log(0), "CBD>2:1") && has(w.log(0), "CBD>2:2")) << w.log(0);
}

TEST(Q782, N4_6_LinksThatComeBeforeTrafficNeedNoDeclaration) {
  World w;
  w.add(network(1, {linkset(1, 2, 3)}));
  w.add(network(2, {linkset(2, 1, 3)}));
  for (LinkIndex l = 0; l < 3; ++l) w.join(0, l, 1, l);
  w.activate();
  w.run(2s);
  EXPECT_FALSE(has(w.log(0), "CBD")) << w.log(0);
  for (LinkIndex l = 0; l < 3; ++l) EXPECT_TRUE(w.points[0]->network.status(l).carrying);
}

TEST(Q782, N4_5_AnUnexpectedDeclarationIsAcknowledged) {
  Two w(2);
  w.inject(0, 1, Label{1, 2, 0}, {.heading = Heading::cbd, .slc = 0, .code = 9});
  w.run(10ms);
  EXPECT_TRUE(has(w.log(0), "CBA>2:1")) << w.log(0);
}

}  // namespace
}  // namespace tandem::mtp::test
