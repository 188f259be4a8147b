// ITU-T Q.784.1 tests 6.6 and 7.3: fallback, and calls that take several circuits.
#include "isup/bearer.h"
#include "tests/unit/isup/q784_world.h"

namespace tandem::isup::q784 {
namespace {

using M = MessageType;
using S = CallState;

Message of_medium(std::uint8_t medium) {
  return iam().set(TransmissionMedium{medium});
}
/// 64 kbit/s preferred, or else speech.
Message preferred() {
  return of_medium(6)
      .set(TransmissionMediumPrime{0})
      .set(UserServiceInformation{{0x88, 0x90}})
      .set(UserServiceInformationPrime{{0x80, 0x90, 0xa3}});
}
void refused(std::uint8_t medium) {
  Tester t;
  t.peer(1, of_medium(medium));
  EXPECT_EQ(t.out(), "1 REL 65") << int{medium};
  t.peer(1, M::rlc);
  EXPECT_EQ(t.out(), "free 1");
  t.peer(1, iam());
  EXPECT_EQ(t.out(), "call 1 IAM");
}

TEST(Q784, T6_6_1_ACallThatMayFallBackGoesOnAsItIs) {
  Tester from, to;
  from.peer(1, preferred());
  EXPECT_EQ(from.out(), "call 1 IAM");
  EXPECT_TRUE(may_fall_back(*from.last_call));
  EXPECT_EQ(fallback_of(*from.last_call), 0);
  ASSERT_EQ(to.seize(*from.last_call, {.cic = 1}), 1);
  EXPECT_EQ(to.out(), "1 IAM");
  EXPECT_EQ(*to.last_sent, preferred());
}

TEST(Q784, T6_6_2_FallbackBeyondIsToldBackwards) {
  Tester t, caller;
  t.outgoing(S::out_ringing);
  caller.incoming(S::in_ringing);
  t.peer(1, Message(M::anm).set(TransmissionMediumUsed{0}));
  EXPECT_EQ(t.out(), "call 1 ANM");
  auto answer = *t.last_call;
  tell_fallback(answer, 3);  // what was said further on stays
  EXPECT_TRUE(caller.send(1, answer));
  EXPECT_EQ(caller.out(), "1 ANM");
  EXPECT_EQ(caller.last_sent->get<TransmissionMediumUsed>()->value, 0);
}

TEST(Q784, T6_6_3_FallbackHereIsTheLesserMediumOnwardsAndIsToldBackwards) {
  auto m = preferred();
  fall_back(m);
  EXPECT_EQ(m.get<TransmissionMedium>()->value, 0);
  EXPECT_EQ(m.get<TransmissionMediumPrime>(), nullptr);
  EXPECT_EQ(m.get<UserServiceInformation>()->bearer, (OctetString{0x80, 0x90, 0xa3}));
  EXPECT_EQ(m.get<UserServiceInformationPrime>(), nullptr);
  EXPECT_FALSE(may_fall_back(m));
  auto bare = of_medium(6);  // the sender did not say to what
  fall_back(bare);
  EXPECT_EQ(bare.get<TransmissionMedium>()->value, 3);
  for (const auto type : {M::acm, M::cpg, M::anm, M::con}) {
    auto backward = of(type);
    tell_fallback(backward, 0);
    ASSERT_NE(backward.get<TransmissionMediumUsed>(), nullptr) << to_string(type);
    EXPECT_EQ(backward.get<TransmissionMediumUsed>()->value, 0);
  }
  auto other = of(M::fac);
  tell_fallback(other, 0);
  EXPECT_EQ(other.get<TransmissionMediumUsed>(), nullptr);
}

TEST(Q784, T6_6_4_WhatDoesNotAllowFallbackDoesNotFallBack) {
  for (const std::uint8_t medium : {std::uint8_t{0}, std::uint8_t{2}, std::uint8_t{3}}) {
    auto m = of_medium(medium);
    const auto before = m;
    fall_back(m);
    EXPECT_EQ(m, before) << int{medium};
    EXPECT_FALSE(may_fall_back(m));
  }
}

TEST(Q784, T7_3_1_TwoCircuitsForACallAreRefused) {
  refused(7);
}

TEST(Q784, T7_3_2_SixCircuitsForACallAreRefused) {
  refused(8);
}

TEST(Q784, T7_3_3_TwentyFourCircuitsForACallAreRefused) {
  refused(9);
}

TEST(Q784, T7_3_4_ThirtyCircuitsForACallAreRefused) {
  refused(10);
}

TEST(Q784, T7_3_5_CircuitsByAMapAndAnyOtherNumberAreRefused) {
  for (const std::uint8_t medium : {std::uint8_t{0x10}, std::uint8_t{0x2a}}) refused(medium);
  Tester t;
  t.peer(1, of_medium(2).set(CircuitAssignmentMap{.type = 2, .map = {0x03}}));
  EXPECT_EQ(t.out(), "1 REL 65");
  for (const std::uint8_t medium : {std::uint8_t{0}, std::uint8_t{6}, std::uint8_t{0x2b}})
    EXPECT_FALSE(takes_several_circuits(of_medium(medium))) << int{medium};
  // T1.113 has no transmission medium.
  const auto ansi = [](Octet rate) {
    return Message(M::iam).set(UserServiceInformation{{0x88, rate, 0xa2}});
  };
  for (const Octet rate : {Octet{0x91}, Octet{0x93}, Octet{0x95}, Octet{0x98}})
    EXPECT_TRUE(takes_several_circuits(ansi(rate))) << int{rate};
  EXPECT_FALSE(takes_several_circuits(ansi(0x90)));
}

TEST(Q784, T7_3_6_SeveralCircuitsWinADualSeizureAndAreRefused) {
  Tester t(config(1, 2));  // the peer controls the even circuits
  ASSERT_EQ(t.seize(iam(), {.cic = 2}), 2);
  t.out();
  t.peer(2, of_medium(7));
  EXPECT_EQ(t.out(), "over 2 44 again; 2 REL 65");
  Tester ours;  // and lose it
  ASSERT_EQ(ours.seize(iam(), {.cic = 2}), 2);
  ours.out();
  ours.peer(2, of_medium(7));
  EXPECT_EQ(ours.out(), "alert 2 dual seizure");
  EXPECT_EQ(ours.state(2), S::out_setup);
  Tester busy;  // and are nothing on a circuit that is in use
  busy.incoming(S::in_answered);
  busy.peer(1, of_medium(7));
  EXPECT_NE(busy.out().find("1 RSC"), std::string::npos);
}

}  // namespace
}  // namespace tandem::isup::q784
