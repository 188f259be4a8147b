// ITU-T Q.784.1 tests 1.2 and 1.3: reset and blocking. The number of each test is in its name.
#include "tests/unit/isup/q784_world.h"

namespace tandem::isup::q784 {
namespace {

using M = MessageType;
using S = CallState;

TEST(Q784, T1_2_1_RscOnAnIdleCircuitIsAcknowledged) {
  Tester t;
  t.peer(1, M::rsc);
  EXPECT_EQ(t.out(), "1 RLC");
  EXPECT_EQ(t.state(), S::idle);
}

TEST(Q784, T1_2_2_RscIsSentAndTheCircuitIdleAfterRlc) {
  Tester t;
  t.group.reset(1, 1, t.now);
  EXPECT_EQ(t.out(), "1 RSC");
  EXPECT_EQ(t.seize(iam(), {.cic = 1}), std::nullopt);
  t.peer(1, M::rlc);
  EXPECT_EQ(t.out(), "free 1");
  EXPECT_EQ(t.seize(iam(), {.cic = 1}), 1);
}

TEST(Q784, T1_2_3_RscOnALocallyBlockedCircuitHasBloAgain) {
  Tester t;
  t.group.block(1, 1, Blocking::maintenance, t.now);
  t.peer(1, M::bla);
  t.out();
  t.peer(1, M::rsc);
  EXPECT_EQ(t.out(), "1 BLO; changed 1; 1 RLC");
  t.peer(1, M::bla);
  EXPECT_EQ(t.group.status(1)->block, BlockState::blocked);
}

TEST(Q784, T1_2_4_RscOnARemotelyBlockedCircuitRemovesTheBlocking) {
  Tester t;
  t.peer(1, M::blo);
  EXPECT_EQ(t.out(), "1 BLA; changed 1");
  EXPECT_EQ(t.seize(iam(), {.cic = 1}), std::nullopt);
  t.peer(1, M::rsc);
  EXPECT_EQ(t.out(), "changed 1; 1 RLC");
  EXPECT_FALSE(t.group.status(1)->remote_maintenance);
  EXPECT_EQ(t.seize(iam(), {.cic = 1}), 1);
}

TEST(Q784, T1_2_5_GrsOnIdleCircuitsIsAcknowledged) {
  Tester t;
  t.peer(1, group_of(M::grs, 5));
  EXPECT_EQ(t.out(), "1 GRA");
  EXPECT_EQ(*t.last_sent->get<RangeAndStatus>(), RangeAndStatus::of(5, [](unsigned) { return false; }));
}

TEST(Q784, T1_2_6_GrsIsSentForTheCircuitsAndTheyAreIdleAfterGra) {
  Tester t;
  t.group.reset(3, 10, t.now);
  EXPECT_EQ(t.out(), "3 GRS");
  EXPECT_EQ(t.last_sent->get<RangeAndStatus>()->range, 9);
  EXPECT_EQ(t.state(12), S::group_reset);
  t.peer(3, group_of(M::gra, 8, 0, 0));  // not what was asked
  EXPECT_EQ(t.state(3), S::group_reset);
  t.peer(3, group_of(M::gra, 9, 0, 0));
  for (std::uint16_t cic = 3; cic < 13; ++cic) EXPECT_EQ(t.state(cic), S::idle) << cic;
  t.out();
  t.wait(3600);
  EXPECT_EQ(t.out(), "");
}

TEST(Q784, T1_2_7_GrsOnRemotelyBlockedCircuitsRemovesTheBlocking) {
  Tester t;
  t.peer(1, group_of(M::cgb, 5));
  t.peer(1, group_of(M::grs, 5));
  for (std::uint16_t cic = 1; cic <= 6; ++cic) EXPECT_FALSE(t.group.status(cic)->remote_maintenance) << cic;
}

TEST(Q784, T1_2_8_GraNamesCircuitsThatTheAnsweringSideBlocks) {
  Tester t;
  t.group.block(2, 1, Blocking::maintenance, t.now);
  t.peer(2, M::bla);
  t.out();
  t.peer(1, group_of(M::grs, 3));
  EXPECT_EQ(t.out(), "1 GRA");
  EXPECT_EQ(*t.last_sent->get<RangeAndStatus>(), RangeAndStatus::of(3, [](unsigned i) { return i == 1; }));
  // and the other way round
  t.group.reset(9, 4, t.now);
  t.peer(9, group_of(M::gra, 3, 0, 0b0100));
  EXPECT_TRUE(t.group.status(11)->remote_maintenance);
  EXPECT_FALSE(t.group.status(10)->remote_maintenance);
}

TEST(Q784, T1_3_1_1_CgbAndCguAreAcknowledgedAndBarOutgoingCallsOnly) {
  Tester t;
  t.peer(1, group_of(M::cgb, 3, 0, 0b0101));
  EXPECT_EQ(t.out(), "1 CGBA; changed 1; changed 3");
  EXPECT_EQ(*t.last_sent->get<RangeAndStatus>(),
            RangeAndStatus::of(3, [](unsigned i) { return i % 2 == 0; }));
  EXPECT_EQ(t.seize(iam(), {.cic = 1}), std::nullopt);
  EXPECT_EQ(t.seize(iam(), {.cic = 2}), 2);
  t.out();
  t.peer(1, group_of(M::cgu, 3, 0, 0b0101));
  EXPECT_EQ(t.out(), "1 CGUA; changed 1; changed 3");
  EXPECT_EQ(t.seize(iam(), {.cic = 1}), 1);
}

TEST(Q784, T1_3_1_1_CgbForHardwareEndsCallsWithoutRel) {
  Tester t;
  t.outgoing(S::out_answered);
  t.peer(1, group_of(M::cgb, 3, 1));
  EXPECT_EQ(t.out(), "1 CGBA; changed 1; over 1 41; free 1; changed 2; changed 3; changed 4");
  EXPECT_EQ(t.state(), S::idle);
}

TEST(Q784, T1_3_1_2_CgbAndCguAreSent) {
  Tester t;
  t.group.block(1, 4, Blocking::maintenance, t.now);
  EXPECT_EQ(t.out(), "1 CGB");
  t.peer(1, group_of(M::cgba, 3, 0, 0b0011));  // not all of them
  EXPECT_NE(t.out().find("acknowledged for other circuits"), std::string::npos);
  EXPECT_EQ(t.group.status(2)->block, BlockState::blocked);
  EXPECT_EQ(t.group.status(3)->block, BlockState::unblocked);
  t.wait(60);
  EXPECT_EQ(t.out().substr(0, 5), "1 CGB");
  EXPECT_EQ(*t.last_sent->get<RangeAndStatus>(), RangeAndStatus::of(3, [](unsigned i) { return i > 1; }));
  t.peer(1, group_of(M::cgba, 3, 0, 0b1100));
  EXPECT_EQ(t.group.status(4)->block, BlockState::blocked);
  t.out();
  t.group.unblock(1, 4, Blocking::maintenance, t.now);
  t.peer(1, group_of(M::cgua, 3, 0, 0b1111));
  EXPECT_EQ(t.group.status(4)->block, BlockState::unblocked);
  EXPECT_EQ(t.out(), "1 CGU; changed 1; changed 2; changed 3; changed 4");
  t.wait(3600);
  EXPECT_EQ(t.out(), "");
}

TEST(Q784, T1_3_2_1_BloAndUblAreAcknowledged) {
  Tester t;
  t.peer(1, M::blo);
  EXPECT_EQ(t.out(), "1 BLA; changed 1");
  t.peer(1, M::blo);
  EXPECT_EQ(t.out(), "1 BLA");
  t.peer(1, M::ubl);
  EXPECT_EQ(t.out(), "1 UBA; changed 1");
  EXPECT_EQ(t.seize(iam(), {.cic = 1}), 1);
}

TEST(Q784, T1_3_2_2_BloAndUblAreSent) {
  Tester t;
  t.group.block(1, 1, Blocking::maintenance, t.now);
  t.peer(1, M::bla);
  t.group.unblock(1, 1, Blocking::maintenance, t.now);
  t.peer(1, M::uba);
  EXPECT_EQ(t.out(), "1 BLO; changed 1; changed 1; 1 UBL; changed 1; changed 1");
  EXPECT_EQ(t.group.status(1)->block, BlockState::unblocked);
}

TEST(Q784, T1_3_2_3_BlockingFromBothEndsIsRemovedByEach) {
  Tester t;
  t.group.block(1, 1, Blocking::maintenance, t.now);
  t.peer(1, M::bla);
  t.peer(1, M::blo);
  t.group.unblock(1, 1, Blocking::maintenance, t.now);
  t.peer(1, M::uba);
  EXPECT_EQ(t.seize(iam(), {.cic = 1}), std::nullopt);  // the peer still blocks
  t.peer(1, M::ubl);
  EXPECT_EQ(t.seize(iam(), {.cic = 1}), 1);
}

TEST(Q784, T1_3_2_4_IamOnARemotelyBlockedCircuitRemovesTheBlocking) {
  Tester t;
  t.peer(1, M::blo);
  t.out();
  t.peer(1, iam());
  EXPECT_EQ(t.out(), "changed 1; call 1 IAM");
  EXPECT_FALSE(t.group.status(1)->remote_maintenance);
}

TEST(Q784, TestCallsUseBlockedCircuitsAndKeepTheBlocking) {  // Q.764 2.8.2
  Tester t;
  t.peer(1, M::blo);
  EXPECT_EQ(t.seize(iam("1000", 0x0d), {.cic = 1}), 1);
  t.peer(2, M::blo);
  t.peer(2, iam("1000", 0x0d));
  EXPECT_EQ(t.state(2), S::in_setup);
  EXPECT_TRUE(t.group.status(2)->remote_maintenance);
  t.group.block(3, 1, Blocking::maintenance, t.now);
  t.peer(3, M::bla);
  t.out();
  t.peer(3, iam());
  EXPECT_EQ(t.out(), "3 BLO; changed 3; call 3 IAM");  // again, and the call that crossed it is served
}

TEST(Q784, GroupMessagesOutOfBoundsAreDropped) {  // Q.763 3.43
  Tester t;
  t.peer(1, group_of(M::grs, 0));
  t.peer(1, group_of(M::grs, 32));
  t.peer(1, group_of(M::cgb, 63, 0));  // 64 marks
  t.peer(1, group_of(M::cgb, 5, 2));   // reserved type
  EXPECT_EQ(t.out(), "");
  EXPECT_EQ(t.group.counters().malformed, 3u);
}

TEST(Q784, WithTheQuirkAGroupMessageWorksTheSecondTimeWithinFiveSeconds) {  // T1.113.4
  auto c = config();
  c.quirks.double_group_messages = true;
  Tester t(c);
  t.peer(1, group_of(M::cgb, 3));
  t.wait(6);
  t.peer(1, group_of(M::cgb, 3));
  EXPECT_EQ(t.out(), "");
  t.wait(4);
  t.peer(1, group_of(M::cgb, 3));
  EXPECT_EQ(t.out().substr(0, 6), "1 CGBA");
  t.group.reset(1, 4, t.now);
  EXPECT_EQ(t.out(), "1 GRS; 1 GRS");
}

TEST(Q784, StartOfServiceResetsAllCircuitsByGroupsOf32) {  // Q.764 2.9.3.2
  auto c = config(2, 1, 70);
  c.reset_at_start = true;
  Tester t(c);
  t.group.start(t.now);
  EXPECT_EQ(t.out(), "1 GRS; 33 GRS; 65 GRS");
  EXPECT_EQ(t.last_sent->get<RangeAndStatus>()->range, 5);
  EXPECT_EQ(t.group.idle(), 0u);
  t.peer(1, group_of(M::gra, 31, 0, 0));
  EXPECT_EQ(t.group.idle(), 32u);
}

TEST(Q784, UnexpectedAcknowledgementsOfBlockingAreSetRight) {  // Q.764 2.9.2
  Tester t;
  t.peer(1, M::bla);
  EXPECT_EQ(t.out(), "1 UBL; changed 1");
  t.peer(1, M::uba);
  t.group.block(1, 1, Blocking::maintenance, t.now);
  t.peer(1, M::bla);
  t.out();
  t.peer(1, M::uba);
  EXPECT_EQ(t.out(), "1 BLO; changed 1");
}

}  // namespace
}  // namespace tandem::isup::q784
