// ITU-T Q.784.1 tests 1.1, 1.5, 6.5 and 8: what is unexpected, segmentation, congestion.
#include "tests/unit/isup/q784_world.h"

namespace tandem::isup::q784 {
namespace {

using M = MessageType;
using S = CallState;

TEST(Q784, T1_1_ACircuitThatIsNotOursIsAnsweredWithUcic) {
  Tester t;
  t.peer(99, iam());
  EXPECT_EQ(t.out(), "99 UCIC");
  for (const auto type : {M::rlc, M::bla, M::ucic, M::acm}) t.peer(99, of(type));
  t.peer(200, group_of(M::grs, 3));
  EXPECT_EQ(t.out(), "200 UCIC");
  EXPECT_EQ(t.group.counters().unknown_cic, 6u);
}

TEST(Q784, T1_5_1_UnexpectedMessagesOnAnIdleCircuit) {
  for (const auto type : {M::acm, M::anm, M::cpg, M::con}) {
    Tester t;
    t.peer(1, of(type));
    EXPECT_EQ(t.out(), "alert 1 unexpected message, circuit reset; 1 RSC") << to_string(type);
  }
  Tester t;
  t.peer(1, rel());
  EXPECT_EQ(t.out(), "1 RLC");
  t.peer(1, M::rlc);
  EXPECT_EQ(t.out(), "");
}

TEST(Q784, T1_5_2_UnexpectedMessagesDuringSetUp) {
  Tester t;
  t.incoming(S::in_setup);
  for (const auto type : {M::acm, M::anm, M::cpg, M::con}) t.peer(1, of(type));
  EXPECT_EQ(t.out(), "");
  EXPECT_EQ(t.state(), S::in_setup);
  Tester u;
  u.outgoing(S::out_setup);
  u.peer(1, M::rlc);  // another circuit may do
  EXPECT_EQ(u.out(), "over 1 41 again; alert 1 unexpected message, circuit reset; 1 RSC");
}

TEST(Q784, T1_5_3_UnexpectedMessagesDuringACall) {
  for (const auto state : {S::out_ringing, S::out_answered}) {
    Tester t;
    t.outgoing(state);
    t.peer(1, iam());
    t.peer(1, M::acm);
    t.peer(1, M::con);
    t.peer(1, sam("1"));
    EXPECT_EQ(t.out(), "");
    EXPECT_EQ(t.state(), state);
  }
}

TEST(Q784, MalformedMessagesAreDroppedAndCounted) {  // Q.764 2.9.5
  Tester t;
  for (const auto& octets : {Octets{}, Octets{1}, Octets{1, 0}, Octets{1, 0, 1}, Octets{1, 0, 6, 0}})
    t.group.receive(octets, t.now);
  EXPECT_EQ(t.out(), "");
  EXPECT_EQ(t.group.counters().malformed, 5u);
}

Message long_iam() {
  auto m = iam();
  return m.set(AccessTransport{.elements = Octets(120, 0x11)})
      .set(UserToUserInformation{.octets = Octets(128, 0x22)});
}

TEST(Q784, T6_5_1_AMessageThatIsTooLongGoesInTwo) {
  Tester t;
  ASSERT_EQ(t.seize(long_iam().set(GenericDigits{.digits = Octets(60, 0x33)}), {.cic = 1}), 1);
  EXPECT_EQ(t.out(), "1 IAM; 1 SGM");
  EXPECT_NE(t.last_sent->get<UserToUserInformation>(), nullptr);
}

TEST(Q784, T6_5_2_AMessageInTwoIsOneToCallControl) {
  Tester t;
  t.peer(1, iam().set(OptionalForwardCallIndicators{.segmentation = true}));
  EXPECT_EQ(t.out(), "");
  EXPECT_EQ(t.seize(iam(), {.cic = 1}), std::nullopt);
  t.peer(1, Message(M::sgm).set(AccessTransport{.elements = {1, 2}}));
  EXPECT_EQ(t.out(), "call 1 IAM");
  EXPECT_NE(t.last_call->get<AccessTransport>(), nullptr);
  EXPECT_FALSE(t.last_call->get<OptionalForwardCallIndicators>()->segmentation);
}

TEST(Q784, T6_5_3_WithoutTheSecondPartT34Delivers) {
  Tester t;
  t.outgoing(S::out_setup);
  t.peer(1, of(M::acm).set(OptionalBackwardCallIndicators{.segmentation = true}));
  EXPECT_EQ(t.out(), "");
  t.wait(4);
  EXPECT_EQ(t.out(), "call 1 ACM");
  t.peer(1, M::sgm);  // too late
  EXPECT_EQ(t.out(), "");
}

TEST(Q784, T6_5_4_AnotherMessageEndsTheWaitForTheSecondPart) {
  Tester t;
  t.outgoing(S::out_setup);
  t.peer(1, of(M::acm).set(OptionalBackwardCallIndicators{.segmentation = true}));
  t.peer(1, M::anm);
  EXPECT_EQ(t.out(), "call 1 ACM; call 1 ANM");
}

TEST(Q784, T6_5_5_ReleaseEndsTheWaitForTheSecondPart) {
  Tester t;
  t.peer(1, iam().set(OptionalForwardCallIndicators{.segmentation = true}));
  t.peer(1, rel());
  EXPECT_EQ(t.out(), "call 1 IAM; call 1 REL; 1 RLC; free 1");
  t.wait(5);
  t.peer(1, M::sgm);
  EXPECT_EQ(t.out(), "");
  EXPECT_EQ(t.state(), S::idle);
}

TEST(Q784, T8_1_1_ACongestionLevelReducesCallsForAWhile) {
  Tester t;
  t.outgoing(S::out_setup);
  t.peer(1, rel(42).set(AutomaticCongestionLevel{.level = 2}));
  int begun = 0;
  for (int i = 0; i < 20; ++i) begun += t.seize() ? 1 : 0;
  EXPECT_EQ(begun, 10);
  t.wait(6);
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(t.seize());
}

TEST(Q784, T8_1_2_OurCongestionLevelIsInEachRel) {
  Tester t;
  t.group.set_congestion_level(1);
  t.incoming(S::in_setup);
  t.send(1, rel(42));
  t.out();
  ASSERT_NE(t.last_sent->get<AutomaticCongestionLevel>(), nullptr);
  EXPECT_EQ(t.last_sent->get<AutomaticCongestionLevel>()->level, 1);
}

TEST(Q784, CongestionOfMtpReducesCallsStepByStep) {
  Tester t(config(2, 1, 200));
  const auto begun_of_20 = [&] {
    int begun = 0;
    for (int i = 0; i < 20; ++i) begun += t.seize() ? 1 : 0;
    return begun;
  };
  t.group.congestion(t.now);
  t.group.congestion(t.now);  // within T29: the same
  EXPECT_EQ(begun_of_20(), 16);
  t.wait(1);
  t.group.congestion(t.now);
  EXPECT_EQ(begun_of_20(), 12);
  t.wait(8);
  EXPECT_EQ(begun_of_20(), 16);
  t.wait(8);
  EXPECT_EQ(begun_of_20(), 20);
}

TEST(Q784, WithoutMtpNoCallBeginsAndCallsStay) {
  Tester t;
  t.outgoing(S::out_answered);
  t.group.pause(t.now);
  EXPECT_EQ(t.out(), "unavailable");
  EXPECT_EQ(t.seize(), std::nullopt);
  t.group.resume(t.now);
  EXPECT_EQ(t.out(), "available");
  EXPECT_TRUE(t.seize());
  EXPECT_EQ(t.state(), S::out_answered);
}

TEST(Q784, T8_2_1_AnUnavailableUserPartIsTestedAndHasNoCalls) {
  Tester t;
  t.group.user_part_unavailable(2, t.now);
  EXPECT_EQ(t.out(), "alert 1 the peer's user part is not available; unavailable; 1 UPT");
  EXPECT_EQ(t.seize(), std::nullopt);
  t.peer(2, iam());  // any message says that it is there
  EXPECT_EQ(t.out(), "alert 1 the peer's user part is available again; available; call 2 IAM");
}

TEST(Q784, AUserPartThatWasUnequippedIsTestedWhenMtpResumes) {  // Q.764 2.13
  Tester t;
  t.group.user_part_unavailable(1, t.now);
  t.group.pause(t.now);
  t.out();
  t.group.resume(t.now);
  EXPECT_EQ(t.out(), "1 UPT");
  t.peer(1, M::upa);
  EXPECT_EQ(t.out(), "alert 1 the peer's user part is available again; available");
}

TEST(Q784, T8_2_3_UptIsAnsweredWithUpa) {
  Tester t;
  t.peer(1, M::upt);
  EXPECT_EQ(t.out(), "1 UPA");
}

TEST(Q784, T8_2_2_TheTestIsRepeatedEveryT4UntilUpa) {
  Tester t;
  t.group.user_part_unavailable(2, t.now);
  t.out();
  t.group.user_part_unavailable(2, t.now);
  t.wait(601);
  EXPECT_EQ(t.out(), "1 UPT");
  t.peer(1, M::upa);
  EXPECT_EQ(t.out(), "alert 1 the peer's user part is available again; available");
  t.wait(3600);
  EXPECT_EQ(t.out(), "");
}

TEST(Q784, AGroupResetEndsTheWaitForTheSecondPart) {  // Q.764 2.9.3.2
  Tester t;
  t.peer(1, iam().set(OptionalForwardCallIndicators{.segmentation = true}));
  t.peer(1, Message(M::grs).set(RangeAndStatus{.range = 1}));
  EXPECT_EQ(t.out(), "1 GRA");
  t.wait(5);
  EXPECT_EQ(t.out(), "");
  EXPECT_EQ(t.seize(iam(), {.cic = 1}), 1);
}

TEST(Q784, OlmKeepsTheCircuitUntilT3) {  // Q.764 2.9.9
  Tester t;
  t.outgoing(S::out_setup);
  t.peer(1, M::olm);
  EXPECT_EQ(t.out(), "over 1 42 again");
  t.wait(121);
  EXPECT_EQ(t.out(), "1 REL 42");
}

TEST(Q784, InrWithoutInfReleasesAfterT33) {  // Q.764 2.1.6
  Tester t;
  t.incoming(S::in_setup);
  EXPECT_TRUE(t.send(1, Message(M::inr).set(InformationRequestIndicators{.calling_party_address = true})));
  t.wait(14);
  EXPECT_EQ(t.out(), "1 INR; over 1 31; 1 REL 31");
  Tester u;
  u.outgoing(S::out_setup);
  u.peer(1, Message(M::inr).set(InformationRequestIndicators{.calling_party_address = true}));
  EXPECT_TRUE(u.send(1, Message(M::inf).set(InformationIndicators{})));
  EXPECT_EQ(u.out(), "call 1 INR; 1 INF");
}

TEST(Q784, IdrWithoutIrsGoesOnAfterT39) {  // Q.731.7
  Tester t;
  t.incoming(S::in_setup);
  EXPECT_TRUE(t.send(1, M::idr));
  t.wait(11);
  EXPECT_EQ(t.out(), "1 IDR; expired T39");
  EXPECT_EQ(t.state(), S::in_setup);
}

TEST(Q784, CallControlGetsAndSendsWhatBelongsToServices) {
  for (const auto type : {M::fac, M::apm, M::crg, M::nrm, M::lop, M::pri, M::fot}) {
    Tester t;
    t.outgoing(S::out_ringing);
    t.peer(1, of(type));
    EXPECT_TRUE(t.send(1, of(type)));
    const auto name = std::string(to_string(type));
    EXPECT_EQ(t.out(), "call 1 " + name + "; 1 " + name);
  }
}

TEST(Q784, CqmIsAnsweredWithWhatTheCircuitsDo) {  // Q.764 2.8.3
  Tester t(config(2, 1, 4));
  t.outgoing(S::out_answered);
  t.peer(2, iam());
  t.peer(3, M::blo);
  t.out();
  t.peer(1, Message(M::cqm).set(RangeAndStatus{.range = 4}));
  EXPECT_EQ(t.out(), "1 CQR");
  EXPECT_EQ(t.last_sent->get<CircuitStateIndicator>()->states, (OctetString{0x08, 0x04, 0x0e, 0x0c, 0x03}));
}

TEST(Q784, CqrThatDiffersResetsOrTellsAgain) {  // Q.764 2.8.3.3
  Tester t;
  t.outgoing(S::out_answered);
  t.group.query(1, 4, t.now);
  EXPECT_EQ(t.out(), "1 CQM");
  const auto answer = Message(M::cqr)
                          .set(RangeAndStatus{.range = 3})
                          .set(CircuitStateIndicator{OctetString{0x0c, 0x0c, 0x0d, 0x03}});
  t.peer(1, answer);
  EXPECT_EQ(t.out(),
            "over 1 41; 1 RSC; alert 1 the peer sees the circuit otherwise; changed 3; "
            "alert 3 the peer sees the circuit otherwise; alert 4 the peer has no such circuit; changed 4; "
            "query 1 of 4");
  t.peer(1, answer);  // not asked for
  EXPECT_EQ(t.out(), "");
  t.group.query(8, 1, t.now);
  t.wait(11);
  EXPECT_EQ(t.out(), "8 CQM; alert 8 CQM is not answered (T28); query 8 of 0");
}

TEST(Q784, AnsiHasNoSamAndValidatesCircuits) {  // T1.113.4
  auto c = config();
  c.variant = Variant::ansi;
  Tester t(c);
  auto m = iam();
  m.remove(0x02);
  ASSERT_EQ(t.seize(m.set(UserServiceInformation{}), {.cic = 1}), 1);
  EXPECT_FALSE(t.send(1, sam("1")));
  t.group.validate(2, t.now);
  EXPECT_EQ(t.out(), "1 IAM; 2 CVT");
  t.peer(2, Message(M::cvr).set(CircuitValidationResponse{.value = 0}).set(CircuitGroupCharacteristic{}));
  EXPECT_EQ(t.out(), "alert 2 the peer takes the circuit for another; validation 2 1");
  t.peer(3, M::cvt);
  t.peer(4, Message(M::crm).set(NatureOfConnection{}));
  EXPECT_EQ(t.out(), "3 CVR; 4 CRA");
}

TEST(Q784, EtsiKnowsNothingOfNationalUse) {  // EN 300 356-1
  auto c = config();
  c.variant = Variant::etsi;
  Tester t(c);
  t.outgoing(S::out_setup);
  t.peer(1, M::ucic);  // the call goes on
  EXPECT_EQ(t.out(), "1 CFN 97");
  EXPECT_EQ(t.last_sent->get<CauseIndicators>()->diagnostic, (OctetString{0x2e}));
  EXPECT_EQ(t.state(), S::out_setup);
  t.peer(2, Message(M::cqm).set(RangeAndStatus{.range = 1}));
  EXPECT_EQ(t.out(), "2 CFN 97");
  t.peer(99, iam());  // no UCIC
  EXPECT_EQ(t.out(), "");
  t.group.query(1, 4, t.now);
  EXPECT_FALSE(t.send(1, Message(M::inr).set(InformationRequestIndicators{})));
  EXPECT_FALSE(t.send(1, M::crg));
  EXPECT_EQ(t.out(), "");
  c.quirks.loop_acknowledge = true;  // agreed with the neighbour
  Tester agreed(c);
  agreed.peer(1, M::ccr);
  EXPECT_EQ(agreed.out(), "1 LPA; loop_on 1");
}

}  // namespace
}  // namespace tandem::isup::q784
