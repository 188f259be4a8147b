// Both sides agree again after messages were lost: cases that the simulation (tests/sim/ss7) has met.
#include "tests/unit/isup/q784_world.h"

namespace tandem::isup::q784 {
namespace {

using M = MessageType;
using S = CallState;

TEST(Recovery, HardwareUnblockedBeforeCgbaIsResetSinceThePeerMayHaveTheCallYet) {  // Q.764 2.8.2.2
  Tester t;
  t.outgoing(S::out_answered);
  t.group.block(1, 2, Blocking::hardware, t.now);
  EXPECT_EQ(t.out(), "changed 1; over 1 41; free 1; changed 2; 1 CGB");
  t.group.unblock(1, 2, Blocking::hardware, t.now);
  EXPECT_EQ(t.out(), "changed 1; changed 2; 1 CGU; 1 RSC; 2 RSC");
  EXPECT_EQ(t.state(), S::resetting);
  t.peer(1, M::rlc);
  EXPECT_EQ(t.state(), S::idle);
}

TEST(Recovery, HardwareUnblockedAfterCgbaIsIdleAtOnce) {  // Q.764 2.8.2.3
  Tester t;
  t.group.block(1, 2, Blocking::hardware, t.now);
  t.peer(1, group_of(M::cgba, 1, 1));
  t.out();
  t.group.unblock(1, 2, Blocking::hardware, t.now);
  EXPECT_EQ(t.out(), "changed 1; changed 2; 1 CGU");
  EXPECT_EQ(t.state(), S::idle);
}

TEST(Recovery, ACircuitThatGrsNamesIsIdleAfterItsGraAndNotBefore) {  // Q.764 2.9.3.2
  Tester t;
  t.group.reset(1, 4, t.now);
  t.out();
  t.group.reset(2, 1, t.now);  // else a GRS that is repeated would end the next call over there
  EXPECT_EQ(t.out(), "");
  EXPECT_EQ(t.state(2), S::group_reset);
  t.group.reset(3, 4, t.now);
  EXPECT_EQ(t.out(), "3 GRS");
  t.peer(1, group_of(M::gra, 3, 0, 0));
  EXPECT_EQ(t.out(), "free 1; free 2");
  EXPECT_EQ(t.state(3), S::group_reset);
  t.peer(3, group_of(M::gra, 3, 0, 0));
  EXPECT_EQ(t.state(3), S::idle);
}

TEST(Recovery, GraEndsACallThatBeganWhileItsGrsWasUnderWay) {  // Q.764 2.9.3.2
  Tester t;
  t.group.reset(1, 2, t.now);
  t.peer(1, M::ucic);
  t.peer(1, iam());
  EXPECT_EQ(t.state(), S::in_setup);
  t.out();
  t.peer(1, group_of(M::gra, 1, 0, 0));
  EXPECT_EQ(t.out(), "over 1 41; free 1; free 2");
}

TEST(Recovery, CcrInPlaceOfALostCotBeginsTheCheckAgain) {  // Q.764 2.1.8
  Tester t;
  t.peer(1, checked(iam(), 1));
  EXPECT_EQ(t.out(), "loop_on 1");
  t.peer(1, M::ccr);
  EXPECT_EQ(t.state(), S::looped);
  t.peer(1, cot(true));
  EXPECT_EQ(t.out(), "loop_off 1; free 1");  // nothing of the IAM
  EXPECT_EQ(t.state(), S::idle);
}

/// REL and RSC cross: the RLC of REL is taken for that of RSC, and the next IAM for a new call, which RSC
/// ends over there. The RLC of RSC sets this right.
TEST(Recovery, RlcThatAnswersNoRelReleasesTheCall) {  // Q.764 2.9.5.1 c)
  Tester t;
  t.incoming(S::in_answered);
  t.send(1, rel());
  t.group.reset(1, 1, t.now);
  t.peer(1, M::rlc);
  t.peer(1, iam());
  t.out();
  t.peer(1, M::rlc);
  EXPECT_EQ(t.out(), "over 1 41; 1 REL 41");
  for (const auto state : {S::in_ringing, S::in_answered, S::out_ringing, S::out_answered}) {
    Tester u;
    state == S::in_ringing || state == S::in_answered ? u.incoming(state) : u.outgoing(state);
    u.peer(1, M::rlc);
    EXPECT_EQ(u.out(), "over 1 41; 1 REL 41");
    EXPECT_EQ(u.state(), S::wait_rlc);
  }
}

/// The first IAM was overtaken by a GRS on another link, so that the peer has begun a second call.
TEST(Recovery, AnIamDuringAnIncomingCallResetsTheCircuit) {  // Q.764 2.9.5.1 d)
  for (const auto state : {S::in_setup, S::in_ringing, S::in_answered}) {
    Tester t;
    t.incoming(state);
    t.peer(1, iam());
    EXPECT_EQ(t.out(), "over 1 41; alert 1 unexpected message, circuit reset; 1 RSC");
    EXPECT_EQ(t.state(), S::resetting);
  }
  Tester held;
  held.peer(1, checked(iam(), 1));
  held.peer(1, iam());
  EXPECT_EQ(held.out(), "loop_on 1; loop_off 1; alert 1 unexpected message, circuit reset; 1 RSC");
}

TEST(Recovery, TheIamThatWinsADualSeizureWaitsForItsCheck) {  // Q.764 2.9.1.4, 2.1.8
  for (const unsigned own_check : {0U, 1U}) {
    Tester t(config(1, 2));  // the peer controls the even circuits
    ASSERT_EQ(t.seize(checked(iam(), static_cast<std::uint8_t>(own_check)), {.cic = 2}), 2);
    t.out();
    t.peer(2, checked(iam(), 1));
    EXPECT_EQ(t.out(),
              own_check != 0 ? "tone_off 2; over 2 44 again; loop_on 2" : "over 2 44 again; loop_on 2");
    EXPECT_EQ(t.state(2), S::in_check);
    t.peer(2, cot(true));
    EXPECT_EQ(t.out(), "loop_off 2; call 2 IAM");
  }
  Tester before(config(1, 2));
  ASSERT_EQ(before.seize(iam(), {.cic = 2}), 2);
  before.peer(2, checked(iam(), 2));
  EXPECT_EQ(before.out(), "2 IAM; over 2 44 again");
  before.peer(2, cot(true));
  EXPECT_EQ(before.out(), "call 2 IAM");
}

TEST(Recovery, WhatFollowsAnIamThatLostADualSeizureIsDropped) {  // Q.764 2.9.1.4
  for (const unsigned check : {0U, 1U}) {
    Tester t;  // we control the even circuits
    ASSERT_EQ(t.seize(checked(iam(), static_cast<std::uint8_t>(check)), {.cic = 2}), 2);
    t.peer(2, iam("1"));
    t.out();
    t.peer(2, sam("000"));
    t.peer(2, cot(true));
    EXPECT_EQ(t.out(), "");
    EXPECT_EQ(t.state(2), check != 0 ? S::out_check : S::out_setup);
  }
}

}  // namespace
}  // namespace tandem::isup::q784
