// ITU-T Q.784.1 tests 2 to 4: calls that come about, are released, or do not come about.
#include "tests/unit/isup/q784_world.h"

namespace tandem::isup::q784 {
namespace {

using M = MessageType;
using S = CallState;

TEST(Q784, T2_2_1_EnBlocCallsGoBothWays) {
  Tester t;
  ASSERT_EQ(t.seize(iam(), {.cic = 1}), 1);
  t.peer(1, M::acm);
  t.peer(1, M::anm);
  EXPECT_EQ(t.out(), "1 IAM; call 1 ACM; call 1 ANM");
  t.peer(2, iam());
  t.send(2, M::acm);
  t.send(2, M::anm);
  EXPECT_EQ(t.out(), "call 2 IAM; 2 ACM; 2 ANM");
  EXPECT_EQ(t.last_call->get<CalledPartyNumber>()->digits, "1000");
}

TEST(Q784, T2_2_2_OverlapDigitsFollowInSam) {
  Tester t;
  ASSERT_EQ(t.seize(iam("10"), {.cic = 1}), 1);
  t.wait(19);
  EXPECT_TRUE(t.send(1, sam("00")));  // T7 begins anew
  t.wait(19);
  EXPECT_EQ(t.out(), "1 IAM; 1 SAM");
  t.peer(1, M::acm);
  EXPECT_FALSE(t.send(1, sam("0")));
  t.peer(2, iam("10"));
  t.peer(2, sam("00"));
  EXPECT_EQ(t.out(), "call 1 ACM; call 2 IAM; call 2 SAM");
}

TEST(Q784, T2_1_1_TheControllingSideTakesItsCircuitsFirst) {
  Tester t(config(2, 1, 4));
  EXPECT_EQ(t.seize(), 2);
  EXPECT_EQ(t.seize(), 4);
}

TEST(Q784, T2_1_2_TheOtherSideTakesThemLast) {
  Tester t(config(1, 2, 4));
  EXPECT_EQ(t.seize(), 1);
  EXPECT_EQ(t.seize(), 3);
  EXPECT_EQ(t.seize(), 4);  // not its own: last idle first
}

TEST(Q784, T2_3_1_IndicationsOfAcmArriveAsSent) {
  for (const bool inband : {false, true}) {
    Tester t;
    t.outgoing(S::out_setup);
    const auto sent = Message(M::acm)
                          .set(BackwardCallIndicators{.called_status = 1, .isdn_access = true})
                          .set(OptionalBackwardCallIndicators{.inband = inband});
    t.peer(1, sent);
    t.out();
    EXPECT_EQ(*t.last_call, sent);
  }
}

TEST(Q784, T2_3_4_SatellitesAndEchoControlOfTheIamArriveAsSent) {
  Tester t;
  const auto sent = iam().set(NatureOfConnection{.satellites = 1, .echo_device = true});
  t.peer(1, sent);
  EXPECT_EQ(t.seize(Message(sent), {.cic = 2}), 2);
  EXPECT_EQ(t.out(), "call 1 IAM; 2 IAM");
  EXPECT_EQ(*t.last_call, sent);
  EXPECT_EQ(*t.last_sent, sent);
}

TEST(Q784, T2_3_2_ProgressFollowsAcm) {
  Tester t;
  t.outgoing(S::out_ringing);
  t.peer(1, M::cpg);
  t.peer(1, M::anm);
  EXPECT_EQ(t.out(), "call 1 CPG; call 1 ANM");
  Tester u;
  u.incoming(S::in_ringing);
  EXPECT_TRUE(u.send(1, M::cpg));
  EXPECT_FALSE(u.send(1, M::acm));  // there was one
  EXPECT_TRUE(u.send(1, M::anm));
}

TEST(Q784, T2_3_3_ConAnswersAtOnce) {
  Tester t;
  t.outgoing(S::out_setup);
  t.peer(1, M::con);
  EXPECT_EQ(t.state(), S::out_answered);
  Tester u;
  u.incoming(S::in_setup);
  EXPECT_TRUE(u.send(1, M::con));
  EXPECT_EQ(u.state(), S::in_answered);
}

TEST(Q784, T2_3_6_BlockingDuringACallLeavesItAndTakesEffectAfterIt) {
  for (const auto state : {S::out_ringing, S::out_answered}) {
    Tester t;
    t.outgoing(state);
    t.peer(1, M::blo);
    EXPECT_EQ(t.out(), "1 BLA; changed 1");
    EXPECT_EQ(t.state(), state);
    t.peer(1, rel());
    EXPECT_EQ(t.seize(iam(), {.cic = 1}), std::nullopt);
  }
}

TEST(Q784, T3_1_TheCallerClearsBeforeAddressComplete) {
  Tester t;
  t.outgoing(S::out_setup);
  EXPECT_TRUE(t.send(1, rel()));
  t.peer(1, M::rlc);
  EXPECT_EQ(t.out(), "1 REL 16; free 1");
  t.incoming(S::in_setup);
  t.peer(1, rel());
  EXPECT_EQ(t.out(), "call 1 REL; 1 RLC; free 1");
}

TEST(Q784, T3_2_TheCallerClearsBeforeAnswer) {
  Tester t;
  t.outgoing(S::out_ringing);
  EXPECT_TRUE(t.send(1, rel()));
  t.peer(1, M::rlc);
  EXPECT_EQ(t.out(), "1 REL 16; free 1");
}

TEST(Q784, T3_3_TheCallerClearsAfterAnswer) {
  Tester t;
  t.incoming(S::in_answered);
  t.peer(1, rel());
  EXPECT_EQ(t.out(), "call 1 REL; 1 RLC; free 1");
}

TEST(Q784, T3_4_TheCalledClearsAfterAnswer) {
  Tester t;
  t.outgoing(S::out_answered);
  t.peer(1, rel());
  EXPECT_EQ(t.out(), "call 1 REL; 1 RLC; free 1");
  Tester u;
  u.incoming(S::in_answered);
  EXPECT_TRUE(u.send(1, rel()));
  EXPECT_EQ(u.out(), "1 REL 16");
}

TEST(Q784, T3_5_SuspendByTheNetworkReleasesAfterT6) {
  Tester t;
  t.outgoing(S::out_answered);
  t.peer(1, sus(M::sus, true));
  t.wait(50);
  EXPECT_EQ(t.out(), "call 1 SUS");
  t.wait(11);
  EXPECT_EQ(t.out(), "over 1 102; 1 REL 102");
}

TEST(Q784, T3_6_SuspendAndResumeByTheCalledUser) {
  Tester t;
  t.outgoing(S::out_answered);
  t.peer(1, sus(M::sus, false));
  t.wait(170);
  t.peer(1, sus(M::res, false));
  t.wait(600);
  EXPECT_EQ(t.out(), "call 1 SUS; call 1 RES");
  t.peer(1, sus(M::sus, false));
  t.wait(181);
  EXPECT_EQ(t.out(), "call 1 SUS; over 1 102; 1 REL 102");
}

TEST(Q784, T3_7_SuspendAndResumeByTheCaller) {
  Tester t;
  t.incoming(S::in_answered);
  t.peer(1, sus(M::sus, false));
  t.peer(1, sus(M::res, false));
  EXPECT_EQ(t.out(), "call 1 SUS; call 1 RES");
}

TEST(Q784, SuspendThatWeSendReleasesAfterT38) {  // Q.764 2.4
  Tester t;
  t.incoming(S::in_answered);
  EXPECT_TRUE(t.send(1, sus(M::sus, true)));
  t.wait(50);
  EXPECT_TRUE(t.send(1, sus(M::res, true)));
  t.wait(300);
  EXPECT_EQ(t.out(), "1 SUS; 1 RES");
  t.send(1, sus(M::sus, true));
  t.wait(61);
  EXPECT_EQ(t.out(), "1 SUS; over 1 102; 1 REL 102");
}

TEST(Q784, T3_8_CollisionOfReleasesEndsIdle) {
  Tester t;
  t.outgoing(S::out_answered);
  t.send(1, rel());
  t.peer(1, rel());
  EXPECT_EQ(t.out(), "1 REL 16; 1 RLC");
  EXPECT_EQ(t.state(), S::wait_rlc);
  t.peer(1, M::rlc);
  EXPECT_EQ(t.out(), "free 1");
}

TEST(Q784, T4_1_EachCauseOfAReleaseArrives) {
  for (const std::uint8_t cause :
       std::to_array<std::uint8_t>({1, 3, 17, 18, 27, 28, 34, 41, 42, 57, 88, 111})) {
    Tester t;
    t.outgoing(S::out_setup);
    t.peer(1, rel(cause));
    EXPECT_EQ(t.out(), "call 1 REL; 1 RLC; free 1");
    EXPECT_EQ(t.last_call->get<CauseIndicators>()->value, cause);
    t.incoming(S::in_setup);
    t.send(1, rel(cause));
    EXPECT_EQ(t.out(), "1 REL " + std::to_string(cause));
  }
}

TEST(Q784, T5_1_ARelWithoutRlcIsRepeatedUntilRlc) {
  Tester t;
  t.outgoing(S::out_answered);
  t.send(1, rel());
  t.wait(35);
  EXPECT_EQ(t.out(), "1 REL 16; 1 REL 16");
  t.peer(1, M::rlc);
  t.wait(3600);
  EXPECT_EQ(t.out(), "free 1");
}

TEST(Q784, T5_2_4_T6EndsWithResume) {
  Tester t;
  t.outgoing(S::out_answered);
  t.peer(1, sus(M::sus, true));
  t.wait(55);
  t.peer(1, sus(M::res, true));
  t.wait(600);
  EXPECT_EQ(t.out(), "call 1 SUS; call 1 RES");
}

TEST(Q784, T5_2_1_T7ReleasesACallWithoutAcm) {
  Tester t;
  t.outgoing(S::out_setup);
  t.wait(30);
  EXPECT_EQ(t.out(), "over 1 102; 1 REL 102");
  t.peer(1, M::rlc);
  EXPECT_EQ(t.out(), "free 1");
}

TEST(Q784, T5_2_2_T9ReleasesACallWithoutAnswer) {
  Tester t;
  t.outgoing(S::out_ringing);
  t.wait(130);
  EXPECT_EQ(t.out(), "over 1 19; 1 REL 19");
}

TEST(Q784, T5_2_3_T1RepeatsRelAndT5ResetsUntilMaintenanceHelps) {
  Tester t;
  t.outgoing(S::out_answered);
  t.send(1, rel(17));
  t.wait(95);
  EXPECT_EQ(t.out(), "1 REL 17; 1 REL 17; 1 REL 17; 1 REL 17");
  t.wait(500);
  t.out();
  t.wait(6);
  EXPECT_EQ(t.out(), "alert 1 REL is not answered (T5); 1 RSC");
  t.wait(1210);
  EXPECT_EQ(t.out(),
            "alert 1 reset is not answered (T17); 1 RSC; alert 1 reset is not answered (T17); 1 RSC");
  t.peer(1, M::rlc);
  EXPECT_EQ(t.out(), "free 1");
}

TEST(Q784, T5_2_6_T12RepeatsBloAndT13Alerts) {
  Tester t;
  t.group.block(1, 1, Blocking::maintenance, t.now);
  t.wait(65);
  EXPECT_EQ(t.out(), "1 BLO; changed 1; 1 BLO; 1 BLO");
  t.wait(540);
  EXPECT_NE(t.out().find("BLO is not answered"), std::string::npos);
  t.wait(590);
  EXPECT_EQ(t.out(), "");
  t.wait(10);
  EXPECT_EQ(t.out(), "alert 1 BLO is not answered (T13); 1 BLO");
}

TEST(Q784, T5_2_7_T14RepeatsUblAndT15Alerts) {
  Tester t;
  t.group.block(1, 1, Blocking::maintenance, t.now);
  t.peer(1, M::bla);
  t.out();
  t.group.unblock(1, 1, Blocking::maintenance, t.now);
  t.wait(35);
  EXPECT_EQ(t.out(), "1 UBL; changed 1; 1 UBL");
  t.wait(570);
  EXPECT_NE(t.out().find("UBL is not answered"), std::string::npos);
}

TEST(Q784, T5_2_8_T16RepeatsRscAndT17Alerts) {
  Tester t;
  t.group.reset(1, 1, t.now);
  t.wait(35);
  EXPECT_EQ(t.out(), "1 RSC; 1 RSC");
  t.wait(570);
  EXPECT_NE(t.out().find("alert 1 reset is not answered (T17); 1 RSC"), std::string::npos);
}

TEST(Q784, T5_2_9_T18RepeatsCgbAndT19Alerts) {
  Tester t;
  t.group.block(1, 4, Blocking::maintenance, t.now);
  t.wait(35);
  EXPECT_EQ(t.out(), "1 CGB; 1 CGB");
  t.wait(570);
  EXPECT_NE(t.out().find("alert 1 a group message is not answered; 1 CGB"), std::string::npos);
}

TEST(Q784, T5_2_10_T20RepeatsCguAndT21Alerts) {
  Tester t;
  t.group.unblock(1, 4, Blocking::maintenance, t.now);
  t.wait(35);
  EXPECT_EQ(t.out(), "1 CGU; 1 CGU");
  t.wait(570);
  EXPECT_NE(t.out().find("alert 1 a group message is not answered; 1 CGU"), std::string::npos);
}

TEST(Q784, T5_2_11_T22RepeatsGrsAndT23Alerts) {
  Tester t;
  t.group.reset(1, 4, t.now);
  t.wait(35);
  EXPECT_EQ(t.out(), "1 GRS; 1 GRS");
  t.wait(570);
  EXPECT_NE(t.out().find("alert 1 a group message is not answered; 1 GRS"), std::string::npos);
}

TEST(Q784, T5_3_1_RscDuringAnOutgoingCallClearsIt) {
  Tester t;
  t.outgoing(S::out_answered);
  t.peer(1, M::rsc);
  EXPECT_EQ(t.out(), "over 1 41; 1 RLC; free 1");
}

TEST(Q784, T5_3_2_RscDuringAnIncomingCallClearsIt) {
  Tester t;
  t.incoming(S::in_answered);
  t.peer(1, M::rsc);
  EXPECT_EQ(t.out(), "over 1 41; 1 RLC; free 1");
}

TEST(Q784, MissingDigitsReleaseAfterT35) {  // Q.764 2.2.5
  Tester t;
  t.incoming(S::in_setup);
  EXPECT_TRUE(t.group.want_digits(1, t.now));
  t.wait(14);
  t.peer(1, sam("1"));
  t.group.want_digits(1, t.now);
  t.wait(14);
  EXPECT_EQ(t.out(), "call 1 SAM");
  t.wait(5);
  EXPECT_EQ(t.out(), "over 1 28; 1 REL 28");
}

Message data_iam() {
  return iam().set(TransmissionMedium{2});
}

TEST(Q784, T7_1_1_UnrestrictedCallsComeAboutAsOthers) {
  Tester t;
  ASSERT_EQ(t.seize(data_iam(), {.cic = 1}), 1);
  t.peer(1, M::con);
  EXPECT_EQ(t.out(), "1 IAM; call 1 CON");
  EXPECT_EQ(t.last_sent->get<TransmissionMedium>()->value, 2);
}

TEST(Q784, T7_1_2_UnrestrictedCallsAreRefusedAsOthers) {
  Tester t;
  t.peer(1, data_iam());
  t.send(1, rel(65));
  EXPECT_EQ(t.out(), "call 1 IAM; 1 REL 65");
}

TEST(Q784, T7_1_3_DualSeizureOfUnrestrictedCalls) {
  Tester t;
  ASSERT_EQ(t.seize(data_iam(), {.cic = 1}), 1);
  t.peer(1, data_iam());
  EXPECT_EQ(t.out(), "1 IAM; over 1 44 again; call 1 IAM");
}

TEST(Q784, T7_2_1_AudioCallsComeAboutAsOthers) {
  Tester t;
  ASSERT_EQ(t.seize(iam().set(TransmissionMedium{3}), {.cic = 1}), 1);
  t.peer(1, M::acm);
  EXPECT_EQ(t.out(), "1 IAM; call 1 ACM");
}

TEST(Q784, WhatCallControlMayNotSendIsRefused) {
  Tester t;
  EXPECT_FALSE(t.send(1, M::acm));  // no call
  t.outgoing(S::out_setup);
  for (const auto type : {M::acm, M::anm, M::rlc, M::rsc, M::blo, M::grs})
    EXPECT_FALSE(t.send(1, of(type))) << to_string(type);
  EXPECT_FALSE(t.send(99, rel()));
  EXPECT_EQ(t.out(), "");
}

TEST(Q784, MessagesOfACircuitHaveTheSlsOfItsCic) {
  auto c = config();
  c.circuits = {{.first_cic = 1000, .circuits = {{1, 1}}}};
  for (const auto& [variant, sls] : {std::pair{Variant::itu, 1000 % 16}, {Variant::ansi, 1000 % 32}}) {
    c.variant = variant;
    CircuitGroup group(c);
    group.block(1000, 1, Blocking::maintenance, Time{});
    EXPECT_EQ(std::get<Transmit>(*group.poll_output()).sls, sls);
  }
}

}  // namespace
}  // namespace tandem::isup::q784
