// ITU-T Q.784.1 tests 1.6 and 1.7: messages and parameters that are not known, with and without instructions
// (Q.764 2.9.5.2, 2.9.5.3). The numbers inside 1.6 and 1.7 are ours.
#include "tests/unit/isup/q784_world.h"

namespace tandem::isup::q784 {
namespace {

using M = MessageType;
using S = CallState;

Message unknown(std::optional<std::uint8_t> instructions = {}) {
  Message m(static_cast<M>(0xf7));
  if (instructions) m.set(MessageCompatibility{.octets = {*instructions}});
  return m;
}
Message with_unknown(Message m, std::optional<std::uint8_t> instructions = {}) {
  if (instructions) m.set(ParameterCompatibility{.octets = {0xf0, *instructions}});
  return m.set(RawParameter{0xf0, {1, 2}});
}

GroupConfig between() {
  auto c = config();
  c.transit = true;
  return c;
}
/// An outgoing call that rings, and comes from another ISUP trunk.
void ring_in_transit(Tester& t) {
  t.outgoing(S::out_ringing);
  t.group.set_transit(1, true, t.now);
}
constexpr Octet kUnknownType = 0xf7, kUnknownParameter = 0xf0;

/// What comes out when the message arrives for a call that rings, at an end or in between.
std::string treated(const Message& message, bool transit = false) {
  Tester t;
  t.outgoing(S::out_ringing);
  t.group.set_transit(1, transit, t.now);
  t.peer(1, message);
  return t.out();
}
/// The diagnostic of what was sent last.
OctetString diagnostic(const Tester& t) {
  const auto* cause = t.last_sent ? t.last_sent->get<CauseIndicators>() : nullptr;
  return cause != nullptr ? cause->diagnostic : OctetString{};
}

TEST(Q784, T1_6_1_1_AnUnknownMessageWithoutInstructionsIsAnsweredWithCfn) {
  Tester t;
  t.outgoing(S::out_ringing);
  t.peer(1, unknown());
  EXPECT_EQ(t.out(), "1 CFN 97");
  EXPECT_EQ(t.last_sent->get<CauseIndicators>()->diagnostic, (OctetString{0xf7}));
}

TEST(Q784, T1_7_1_1_AnUnknownMessageIsTreatedAsItSays) {
  const auto result = [](std::uint8_t instructions) {
    Tester t;
    t.outgoing(S::out_ringing);
    t.peer(1, unknown(instructions));
    return t.out();
  };
  EXPECT_EQ(result(Instructions{.discard_message = true}.octet()), "");
  EXPECT_EQ(result(Instructions{.notify = true, .discard_message = true}.octet()), "1 CFN 97");
  EXPECT_EQ(result(Instructions{.release = true}.octet()), "over 1 97; 1 REL 97");
}

TEST(Q784, T1_7_3_1_AnExchangeInBetweenPassesOn) {
  Tester t(between());
  ring_in_transit(t);
  t.peer(1, unknown(Instructions{}.octet()));
  EXPECT_EQ(t.out(), "call 1 ?");
  t.peer(1, with_unknown(of(M::cpg), Instructions{}.octet()));
  EXPECT_EQ(t.out(), "call 1 CPG");
  EXPECT_NE(t.last_call->find<RawParameter>([](const auto& r) { return r.code == 0xf0; }), nullptr);
}

TEST(Q784, T1_6_2_1_AnUnknownParameterWithoutInstructionsIsDroppedAndTold) {
  Tester t;
  t.outgoing(S::out_ringing);
  t.peer(1, with_unknown(of(M::cpg)));
  EXPECT_EQ(t.out(), "1 CFN 99; call 1 CPG");
  EXPECT_EQ(t.last_call->get<RawParameter>(), nullptr);
}

TEST(Q784, T1_7_2_1_AnUnknownParameterIsTreatedAsItSays) {
  const auto result = [](std::uint8_t instructions) {
    Tester t;
    t.outgoing(S::out_ringing);
    t.peer(1, with_unknown(of(M::anm), instructions));
    return t.out();
  };
  EXPECT_EQ(result(Instructions{.discard_parameter = true}.octet()), "call 1 ANM");
  EXPECT_EQ(result(Instructions{.notify = true, .discard_parameter = true}.octet()), "1 CFN 99; call 1 ANM");
  EXPECT_EQ(result(Instructions{.discard_message = true}.octet()), "");
  EXPECT_EQ(result(Instructions{.notify = true, .discard_message = true}.octet()), "1 CFN 110");
  EXPECT_EQ(result(Instructions{.release = true}.octet()), "over 1 99; 1 REL 99");
}

TEST(Q784, T1_7_2_3_AnIamWithAParameterThatDemandsReleaseIsRefused) {
  Tester t;
  t.peer(1, with_unknown(iam(), Instructions{.release = true}.octet()));
  EXPECT_EQ(t.out(), "1 REL 99");
  t.peer(1, M::rlc);
  EXPECT_EQ(t.state(), S::idle);
}

TEST(Q784, T1_6_3_1_UnknownParametersOfRelAreToldInRlc) {
  Tester t;
  t.outgoing(S::out_ringing);
  t.peer(1, with_unknown(rel()));
  EXPECT_EQ(t.out(), "call 1 REL; 1 RLC 99; free 1");
  t.peer(1, Message(M::cfn).set(CauseIndicators{.value = 97}));  // never answered
  EXPECT_EQ(t.out(), "alert 1 the peer did not understand a message");
}

TEST(Q784, T1_6_1_2_AnUnknownMessageWithoutInstructionsIsNotPassedOn) {
  EXPECT_EQ(treated(unknown(), true), "1 CFN 97");
}

TEST(Q784, T1_6_2_2_AnUnknownParameterWithoutInstructionsIsPassedOn) {
  Tester t(between());
  ring_in_transit(t);
  t.peer(1, with_unknown(of(M::cpg)));
  EXPECT_EQ(t.out(), "call 1 CPG");
  EXPECT_NE(t.last_call->get<RawParameter>(), nullptr);
}

TEST(Q784, T1_6_3_2_UnknownParametersOfRelArePassedOnAndNotToldOf) {
  Tester t(between());
  ring_in_transit(t);
  t.peer(1, with_unknown(rel()));
  EXPECT_EQ(t.out(), "call 1 REL; 1 RLC; free 1");
  EXPECT_NE(t.last_call->get<RawParameter>(), nullptr);
}

TEST(Q784, T1_7_1_2_AMessageThatReleasesDoesSoWhateverElseItSays) {
  const Instructions all{.release = true, .notify = true, .discard_message = true, .discard_parameter = true};
  EXPECT_EQ(treated(unknown(all.octet())), "over 1 97; 1 REL 97");
  Tester idle;
  idle.peer(1, unknown(all.octet()));  // nothing to release
  EXPECT_EQ(idle.out(), "");
}

TEST(Q784, T1_7_1_3_AMessageIsDiscardedWithNotification) {
  Tester t;
  t.outgoing(S::out_answered);
  t.peer(1, unknown(Instructions{.notify = true, .discard_message = true}.octet()));
  EXPECT_EQ(t.out(), "1 CFN 97");
  EXPECT_EQ(diagnostic(t), (OctetString{kUnknownType}));
  EXPECT_EQ(t.state(), S::out_answered);
}

TEST(Q784, T1_7_1_4_AMessageThatCannotBePassedOnReleases) {
  EXPECT_EQ(treated(unknown(Instructions{}.octet())), "over 1 97; 1 REL 97");
  EXPECT_EQ(treated(unknown(Instructions{.notify = true}.octet())), "over 1 97; 1 REL 97");
}

TEST(Q784, T1_7_1_5_AMessageThatCannotBePassedOnIsDiscarded) {
  EXPECT_EQ(treated(unknown(Instructions{.discard_parameter = true}.octet())), "");
  EXPECT_EQ(treated(unknown(Instructions{.notify = true, .discard_parameter = true}.octet())), "1 CFN 97");
}

TEST(Q784, T1_7_1_6_BetweenTheEndsAMessageForAllIsTreatedAsAtAnEnd) {
  EXPECT_EQ(treated(unknown(Instructions{.end_node = true, .release = true}.octet()), true),
            "over 1 97; 1 REL 97");
  EXPECT_EQ(treated(unknown(Instructions{.end_node = true, .discard_message = true}.octet()), true), "");
  EXPECT_EQ(treated(unknown(Instructions{.end_node = true, .notify = true}.octet()), true),
            "1 CFN 97; call 1 ?");
}

TEST(Q784, T1_7_1_7_WhatConcernsBroadbandIsNotHeeded) {
  for (std::uint8_t broadband = 1; broadband <= 3; ++broadband) {
    const Instructions said{.discard_message = true, .pass_on = broadband};
    EXPECT_EQ(treated(unknown(said.octet())), "") << int{broadband};
    EXPECT_EQ(treated(unknown(Instructions{.pass_on = broadband}.octet()), true), "call 1 ?");
  }
}

TEST(Q784, T1_7_2_4_AParameterThatCannotBePassedOnReleases) {
  EXPECT_EQ(treated(with_unknown(of(M::cpg), Instructions{}.octet())), "over 1 99; 1 REL 99");
  EXPECT_EQ(treated(with_unknown(of(M::cpg), Instructions{.pass_on = 3}.octet())), "over 1 99; 1 REL 99");
}

TEST(Q784, T1_7_2_5_AParameterThatCannotBePassedOnTakesItsMessageAlong) {
  EXPECT_EQ(treated(with_unknown(of(M::cpg), Instructions{.pass_on = 1}.octet())), "");
  Tester t;
  t.outgoing(S::out_ringing);
  t.peer(1, with_unknown(of(M::cpg), Instructions{.notify = true, .pass_on = 1}.octet()));
  EXPECT_EQ(t.out(), "1 CFN 110");
  EXPECT_EQ(diagnostic(t), (OctetString{static_cast<Octet>(M::cpg), kUnknownParameter}));
}

TEST(Q784, T1_7_2_6_AParameterThatCannotBePassedOnIsDiscarded) {
  EXPECT_EQ(treated(with_unknown(of(M::cpg), Instructions{.pass_on = 2}.octet())), "call 1 CPG");
  Tester t;
  t.outgoing(S::out_ringing);
  t.peer(1, with_unknown(of(M::cpg), Instructions{.notify = true, .pass_on = 2}.octet()));
  EXPECT_EQ(t.out(), "1 CFN 99; call 1 CPG");
  EXPECT_EQ(t.last_call->get<RawParameter>(), nullptr);
  t.peer(1, M::anm);
  EXPECT_EQ(t.out(), "call 1 ANM");
}

TEST(Q784, T1_7_2_7_OfSeveralParametersTheStrictestDecides) {
  const auto with = [](std::uint8_t first, std::uint8_t second) {
    auto m = of(M::cpg);
    m.set(ParameterCompatibility{.octets = {0xf0, first, 0xf1, second}});
    m.append(RawParameter{0xf0, {1}});
    m.append(RawParameter{0xf1, {2}});
    return m;
  };
  const auto told = Instructions{.notify = true, .discard_parameter = true}.octet();
  const auto message = Instructions{.notify = true, .discard_message = true}.octet();
  EXPECT_EQ(treated(with(told, Instructions{.release = true}.octet())), "over 1 99; 1 REL 99");
  EXPECT_EQ(treated(with(told, message)), "1 CFN 110");
  Tester t;
  t.outgoing(S::out_ringing);
  t.peer(1, with(told, told));
  EXPECT_EQ(t.out(), "1 CFN 99; call 1 CPG");
  t.peer(1, with(told, message));
  t.out();
  EXPECT_EQ(diagnostic(t), (OctetString{static_cast<Octet>(M::cpg), 0xf0, 0xf1}));
}

TEST(Q784, T1_7_2_8_BetweenTheEndsAParameterForAllIsPassedOnAndToldOf) {
  Tester t(between());
  ring_in_transit(t);
  t.peer(1, with_unknown(of(M::cpg), Instructions{.end_node = true, .notify = true}.octet()));
  EXPECT_EQ(t.out(), "1 CFN 103; call 1 CPG");
  EXPECT_NE(t.last_call->get<RawParameter>(), nullptr);
  EXPECT_EQ(diagnostic(t), (OctetString{kUnknownParameter}));
  const Instructions drop{.end_node = true, .notify = true, .discard_parameter = true};
  t.peer(1, with_unknown(of(M::cpg), drop.octet()));
  EXPECT_EQ(t.out(), "1 CFN 99; call 1 CPG");
  EXPECT_EQ(t.last_call->get<RawParameter>(), nullptr);
}

TEST(Q784, T1_7_2_9_ASecondOctetOfInstructionsIsForBroadbandAlone) {
  auto m = of(M::cpg);
  const auto first = static_cast<Octet>(Instructions{.discard_parameter = true}.octet() & 0x7f);
  m.set(ParameterCompatibility{.octets = {0xf0, first, 0x82, 0xf1, 0x90}});
  m.append(RawParameter{0xf0, {1}});
  m.append(RawParameter{0xf1, {2}});
  EXPECT_EQ(treated(m), "call 1 CPG");
  // Cut short: what is not there instructs nobody.
  EXPECT_EQ(treated(of(M::cpg)
                        .set(ParameterCompatibility{.octets = {kUnknownParameter}})
                        .set(RawParameter{kUnknownParameter, {1}})),
            "1 CFN 99; call 1 CPG");
}

TEST(Q784, AnIamOnACircuitThatHasFailedHereLeavesNothingToTheNextCall) {
  Tester t(between());
  t.group.block(1, 2, Blocking::hardware, t.now);
  t.peer(1, group_of(M::cgba, 1, 1));
  t.out();
  t.peer(1, with_unknown(iam(), Instructions{}.octet()));
  EXPECT_EQ(t.out(), "alert 1 call on a blocked circuit");
  t.group.unblock(1, 2, Blocking::hardware, t.now);
  t.peer(1, group_of(M::cgua, 1, 1));
  t.out();
  t.peer(1, iam());
  EXPECT_EQ(t.out(), "call 1 IAM");
  EXPECT_TRUE(t.group.set_transit(1, false, t.now));
  EXPECT_EQ(t.out(), "");
}

TEST(Q784, ADualSeizureIsDecidedBeforeAnIamIsRefused) {  // Q.764 2.9.1.4
  const auto refused = with_unknown(iam(), Instructions{}.octet());
  Tester t;
  ASSERT_EQ(t.seize(iam(), {.cic = 1}), 1);
  ASSERT_EQ(t.seize(iam(), {.cic = 2}), 2);
  t.out();
  t.peer(2, refused);  // ours
  EXPECT_EQ(t.out().find("REL"), std::string::npos);
  t.peer(1, refused);  // the peer's
  EXPECT_EQ(t.out(), "over 1 44 again; 1 REL 99");
}

TEST(Q784, T1_7_2_10_AnIamWhoseCallLeavesIsupIsTreatedAsAtAnEndAfterAll) {
  const auto result = [](std::optional<std::uint8_t> instructions) {
    Tester t(between());
    t.peer(1, with_unknown(iam(), instructions));
    EXPECT_EQ(t.out(), "call 1 IAM");
    EXPECT_NE(t.last_call->get<RawParameter>(), nullptr);
    t.group.set_transit(1, true, t.now);  // the first route; it was refused there
    t.group.set_transit(1, false, t.now);
    t.group.set_transit(1, false, t.now);  // once is enough
    return t.out();
  };
  EXPECT_EQ(result(std::nullopt), "1 CFN 99");
  EXPECT_EQ(result(Instructions{}.octet()), "over 1 99; 1 REL 99");
  EXPECT_EQ(result(Instructions{.notify = true, .pass_on = 1}.octet()), "1 CFN 110; over 1 110; 1 REL 110");
  EXPECT_EQ(result(Instructions{.notify = true, .pass_on = 2}.octet()), "1 CFN 99");
  EXPECT_EQ(result(Instructions{.pass_on = 2}.octet()), "");
  Tester t(between());
  t.peer(1, iam());
  t.group.set_transit(1, false, t.now);
  t.peer(1, with_unknown(of(M::fac)));  // also what comes later
  EXPECT_EQ(t.out(), "call 1 IAM; 1 CFN 99; call 1 FAC");
  t.peer(1, rel());
  t.peer(1, with_unknown(iam()));  // the next call is another
  EXPECT_EQ(t.out(), "call 1 REL; 1 RLC; free 1; call 1 IAM");
}

TEST(Q784, T1_7_3_2_BetweenTheEndsPassingOnGoesBeforeAllElse) {
  const Instructions all{.release = true, .notify = true, .discard_message = true, .discard_parameter = true};
  EXPECT_EQ(treated(unknown(all.octet()), true), "call 1 ?");
  EXPECT_EQ(treated(with_unknown(of(M::cpg), all.octet()), true), "call 1 CPG");
}

}  // namespace
}  // namespace tandem::isup::q784
