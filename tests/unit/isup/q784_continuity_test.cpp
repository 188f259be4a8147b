// ITU-T Q.784.1 tests 1.4, 6.1 and 6.2: continuity checks and automatic repeat attempts.
#include "tests/unit/isup/q784_world.h"

namespace tandem::isup::q784 {
namespace {

using M = MessageType;
using S = CallState;

TEST(Q784, T1_4_1_CcrReceivedThenGoodCot) {
  Tester t;
  t.peer(1, M::ccr);
  EXPECT_EQ(t.out(), "loop_on 1");
  EXPECT_EQ(t.seize(iam(), {.cic = 1}), std::nullopt);
  t.peer(1, cot(true));
  EXPECT_EQ(t.out(), "loop_off 1; free 1");
}

TEST(Q784, T1_4_2_CcrSentAndTheToneComesBack) {
  Tester t;
  t.group.check(1, t.now);
  EXPECT_EQ(t.out(), "1 CCR; tone_on 1");
  t.group.tone_received(1, t.now);
  EXPECT_EQ(t.out(), "tone_off 1; 1 COT good; check 1 good; free 1");
}

TEST(Q784, T1_4_3_CcrReceivedThenBadCotWaitsForTheNextCcr) {
  Tester t;
  t.peer(1, M::ccr);
  t.peer(1, cot(false));
  EXPECT_EQ(t.out(), "loop_on 1; loop_off 1");
  t.wait(60);
  t.peer(1, M::ccr);
  t.peer(1, cot(true));
  EXPECT_EQ(t.out(), "loop_on 1; loop_off 1; free 1");
}

TEST(Q784, T1_4_4_CcrSentAndNoToneIsRepeatedAfterT26) {
  Tester t;
  t.group.check(1, t.now);
  t.wait(2);
  EXPECT_EQ(t.out(), "1 CCR; tone_on 1; tone_off 1; 1 COT bad; alert 1 continuity check failed; check 1 bad");
  t.wait(120);
  EXPECT_EQ(t.out().substr(0, 16), "1 CCR; tone_on 1");
}

TEST(Q784, T1_4_5_AFailedCheckWithoutCcrIsResetAfterT27) {
  Tester t;
  t.peer(1, checked(iam(), 1));
  t.peer(1, cot(false));
  EXPECT_EQ(t.out(), "loop_on 1; loop_off 1");
  t.wait(241);
  EXPECT_EQ(t.out(), "alert 1 no CCR after a failed check (T27); 1 RSC");
}

TEST(Q784, CcrWithoutCotIsResetAfterT36) {  // Q.764 2.1.8
  Tester t;
  t.peer(1, M::ccr);
  t.wait(13);
  EXPECT_EQ(t.out(), "loop_on 1; loop_off 1; 1 RSC");
}

TEST(Q784, InAnsiNetworksLpaPromptsTheTone) {  // T1.113.4
  auto c = config();
  c.variant = Variant::ansi;
  Tester t(c);
  t.peer(1, M::ccr);
  EXPECT_EQ(t.out(), "1 LPA; loop_on 1");
  t.group.check(2, t.now);
  EXPECT_EQ(t.out(), "2 CCR");
  t.peer(2, M::lpa);
  EXPECT_EQ(t.out(), "tone_on 2");
  t.group.check(3, t.now);
  t.wait(2);  // TCCR
  EXPECT_NE(t.out().find("3 CCR"), std::string::npos);
  EXPECT_EQ(t.state(3), S::recheck_wait);
}

TEST(Q784, T6_1_1_ACheckedOutgoingCallGoesOnAfterGoodCot) {
  Tester t;
  ASSERT_EQ(t.seize(checked(iam(), 1), {.cic = 1}), 1);
  EXPECT_EQ(t.out(), "1 IAM; tone_on 1");
  EXPECT_FALSE(t.send(1, cot(true)));
  t.group.tone_received(1, t.now);
  t.peer(1, M::acm);
  t.peer(1, M::anm);
  EXPECT_EQ(t.out(), "tone_off 1; 1 COT good; call 1 ACM; call 1 ANM");
}

TEST(Q784, T6_1_2_ACallCheckedOnAPreviousCircuitWaitsForCotWithoutALoop) {
  Tester t;
  t.peer(1, checked(iam(), 2));
  EXPECT_EQ(t.out(), "");
  t.peer(1, cot(true));
  EXPECT_EQ(t.out(), "call 1 IAM");
  // and outgoing: call control passes COT on
  ASSERT_EQ(t.seize(checked(iam(), 2), {.cic = 2}), 2);
  EXPECT_TRUE(t.send(2, cot(true)));
  EXPECT_EQ(t.out(), "2 IAM; 2 COT good");
}

TEST(Q784, T6_1_3_ACheckedIncomingCallIsHeldUntilGoodCot) {
  Tester t;
  t.peer(1, checked(iam("10"), 1));
  t.peer(1, sam("00"));
  EXPECT_EQ(t.out(), "loop_on 1");
  t.peer(1, cot(true));
  EXPECT_EQ(t.out(), "loop_off 1; call 1 IAM");
  EXPECT_EQ(t.last_call->get<CalledPartyNumber>()->digits, "1000");
  t.send(1, M::acm);
  EXPECT_EQ(t.out(), "1 ACM");
}

TEST(Q784, T6_1_4_ABadCotOfAnIncomingCallTellsCallControlNothing) {
  Tester t;
  t.peer(1, checked(iam(), 1));
  t.peer(1, cot(false));
  EXPECT_EQ(t.out(), "loop_on 1; loop_off 1");
  t.peer(1, M::ccr);
  t.peer(1, cot(true));
  EXPECT_EQ(t.out(), "loop_on 1; loop_off 1; free 1");
}

TEST(Q784, T6_1_5_ABadCotAboutAPreviousCircuitReleases) {
  Tester t;
  t.peer(1, checked(iam(), 2));
  t.peer(1, cot(false));
  EXPECT_EQ(t.out(), "1 REL 41");
}

TEST(Q784, OlmWhileTheCircuitIsCheckedTriesAnother) {  // Q.764 2.9.9
  Tester t;
  ASSERT_EQ(t.seize(checked(iam(), 1), {.cic = 1}), 1);
  t.out();
  t.peer(1, Message(M::inr).set(InformationRequestIndicators{}));
  EXPECT_EQ(t.out(), "call 1 INR");
  t.peer(1, M::olm);
  EXPECT_EQ(t.out(), "tone_off 1; over 1 42 again");
  EXPECT_EQ(t.state(), S::out_overload);
}

TEST(Q784, ChecksFromBothSidesMeetAndTheControllingSideGoesOn) {  // Q.764 2.1.8
  Tester t;
  t.group.check(1, t.now);  // the peer's
  t.group.check(2, t.now);  // ours
  t.out();
  t.peer(1, M::ccr);
  t.peer(2, M::ccr);
  EXPECT_EQ(t.out(), "tone_off 1; loop_on 1; check 1 bad");
}

TEST(Q784, T6_2_4_ACheckThatFailsIsToldAndTheCallTriedAgain) {
  Tester t;
  ASSERT_EQ(t.seize(checked(iam(), 1), {.cic = 1}), 1);
  t.wait(2);
  EXPECT_EQ(t.out(),
            "1 IAM; tone_on 1; tone_off 1; 1 COT bad; over 1 41 again; alert 1 continuity check failed");
  t.wait(5);  // T25
  EXPECT_EQ(t.out().substr(0, 16), "1 CCR; tone_on 1");
  t.group.tone_received(1, t.now);
  EXPECT_EQ(t.state(), S::idle);
}

TEST(Q784, T5_2_5_T8ReleasesACallWithoutCot) {
  Tester t;
  t.peer(1, checked(iam(), 1));
  t.wait(13);
  EXPECT_EQ(t.out(), "loop_on 1; loop_off 1; 1 REL 41");
  Tester u;
  u.peer(1, checked(iam(), 2));
  u.wait(13);
  EXPECT_EQ(u.out(), "1 REL 41");
}

TEST(Q784, EveryNthCallIsChecked) {
  auto c = config();
  c.continuity_every = 3;
  Tester t(c);
  std::string checks;
  for (int i = 0; i < 6; ++i) {
    t.seize();
    t.out();
    checks += t.last_sent->get<NatureOfConnection>()->continuity == 1 ? "x" : ".";
  }
  EXPECT_EQ(checks, "..x..x");
}

TEST(Q784, T6_2_1_DualSeizureOfACircuitThatThePeerControlsRepeatsTheCall) {
  Tester t;  // 2 against 1: odd ones are the peer's
  t.outgoing(S::out_setup);
  t.peer(1, iam());
  EXPECT_EQ(t.out(), "over 1 44 again; call 1 IAM");
  EXPECT_EQ(t.state(), S::in_setup);
}

TEST(Q784, T6_2_2_BlockingOfTheCircuitRepeatsTheCall) {
  Tester t;
  t.outgoing(S::out_setup);
  t.peer(1, M::blo);
  EXPECT_EQ(t.out(), "1 BLA; changed 1; over 1 44 again; 1 REL 31");
  Tester u;
  u.outgoing(S::out_setup);
  u.peer(1, group_of(M::cgb, 3));
  EXPECT_NE(u.out().find("over 1 44 again; 1 REL 31"), std::string::npos);
}

TEST(Q784, T6_2_3_ResetOfTheCircuitRepeatsTheCall) {
  Tester t;
  t.outgoing(S::out_setup);
  t.peer(1, M::rsc);
  EXPECT_EQ(t.out(), "over 1 41 again; 1 RLC; free 1");
  t.outgoing(S::out_setup);
  t.peer(1, group_of(M::grs, 3));
  EXPECT_EQ(t.out(), "over 1 41 again; free 1; 1 GRA");
}

TEST(Q784, T6_2_5_UnreasonableMessagesBeforeABackwardOneRepeatTheCall) {
  Tester t;
  t.outgoing(S::out_setup);
  t.peer(1, M::anm);
  EXPECT_EQ(t.out(), "over 1 41 again; alert 1 unexpected message, circuit reset; 1 RSC");
}

TEST(Q784, T6_3_1_DualSeizureOfACircuitThatWeControlKeepsOurCall) {
  Tester t;
  ASSERT_EQ(t.seize(iam(), {.cic = 2}), 2);
  t.out();
  t.peer(2, iam());
  EXPECT_EQ(t.out(), "alert 2 dual seizure");
  t.peer(2, M::acm);
  EXPECT_EQ(t.out(), "call 2 ACM");
  EXPECT_EQ(t.group.counters().dual_seizures, 1u);
}

TEST(Q784, UcicRepeatsTheCallAndTakesTheCircuitOutOfService) {  // Q.764 2.12
  Tester t;
  t.outgoing(S::out_setup);
  t.peer(1, M::ucic);
  EXPECT_EQ(t.out(), "over 1 41 again; alert 1 the peer has no such circuit; changed 1");
  EXPECT_EQ(t.seize(iam(), {.cic = 1}), std::nullopt);
  t.group.reset(1, 1, t.now);
  t.peer(1, M::rlc);
  EXPECT_EQ(t.state(), S::idle);
}

TEST(Q784, HuntingFollowsItsConfiguration) {  // Q.764 2.9.1.3
  const auto first_two = [](Hunting hunting, std::uint32_t own) {
    auto c = config(own, own == 2 ? 1 : 2, 6);
    c.hunting = hunting;
    Tester t(c);
    const auto first = *t.seize();
    return std::pair(first, *t.seize());
  };
  using P = std::pair<std::uint16_t, std::uint16_t>;
  EXPECT_EQ(first_two(Hunting::ascending, 2), P(1, 2));
  EXPECT_EQ(first_two(Hunting::descending, 2), P(6, 5));
  EXPECT_EQ(first_two(Hunting::odd, 2), P(1, 3));
  EXPECT_EQ(first_two(Hunting::even, 2), P(2, 4));
  EXPECT_EQ(first_two(Hunting::method_1, 2), P(1, 2));
  EXPECT_EQ(first_two(Hunting::method_1, 1), P(6, 5));
  EXPECT_EQ(first_two(Hunting::method_2, 2), P(2, 4));  // the controlled ones, longest idle first
  EXPECT_EQ(first_two(Hunting::method_2, 1), P(1, 3));
  Tester t(config(2, 1, 4));
  for (int i = 0; i < 2; ++i) t.seize();
  EXPECT_EQ(t.seize(), 3);  // not controlled: last idle first
  EXPECT_EQ(t.seize(), 1);
  EXPECT_EQ(t.seize(), std::nullopt);
}

}  // namespace
}  // namespace tandem::isup::q784
