// ITU-T Q.784.1 tests 2.3.5, 2.4 and 9.1: echo control and propagation delay.
#include "tests/unit/isup/q784_world.h"

namespace tandem::isup::q784 {
namespace {

using M = MessageType;
using S = CallState;

constexpr std::uint8_t kActivation = 1, kNotAvailable = 1;

GroupConfig far(std::uint16_t ms) {
  auto c = config();
  c.propagation_delay_ms = ms;
  return c;
}
Message counted(std::uint16_t ms) {
  return iam().set(PropagationDelay{ms});
}
/// The counter of the IAM that goes out.
std::optional<std::uint16_t> sent_delay(GroupConfig c, Message m, bool transit) {
  Tester t(std::move(c));
  EXPECT_EQ(t.seize(std::move(m), {.cic = 1, .transit = transit}), 1);
  EXPECT_EQ(t.out(), "1 IAM");
  const auto* delay = t.last_sent->get<PropagationDelay>();
  return delay != nullptr ? std::optional(delay->milliseconds) : std::nullopt;
}
template <class P>
const P* sent(const Tester& t) {
  return t.last_sent ? t.last_sent->get<P>() : nullptr;
}
Message echo_request(M type) {
  return of(type).set(
      EchoControlInformation{.outgoing_request = kActivation, .incoming_request = kActivation});
}

TEST(Q784, T2_4_1_TheFirstExchangeBeginsToCount) {
  EXPECT_EQ(sent_delay(far(7), iam(), false), 7);
  EXPECT_EQ(sent_delay(far(0), iam(), false), std::nullopt);  // nothing is known of it
}

TEST(Q784, T2_4_2_AnExchangeInBetweenAddsItsWayOut) {
  EXPECT_EQ(sent_delay(far(7), counted(30), true), 37);
  EXPECT_EQ(sent_delay(far(0), counted(30), true), 30);
  EXPECT_EQ(sent_delay(far(7), iam(), true), std::nullopt);  // nobody has begun
}

TEST(Q784, T2_4_3_TheLastExchangeTellsTheWholeWithTheAnswer) {
  for (const auto type : {M::anm, M::con}) {
    Tester t(far(7));
    t.peer(1, counted(30));
    if (type == M::anm) {
      t.send(1, M::acm);
      t.out();
      EXPECT_EQ(sent<CallHistoryInformation>(t), nullptr);
    }
    EXPECT_TRUE(t.send(1, type));
    t.out();
    ASSERT_NE(sent<CallHistoryInformation>(t), nullptr) << to_string(type);
    EXPECT_EQ(sent<CallHistoryInformation>(t)->milliseconds, 30);
  }
  Tester uncounted(far(7));
  uncounted.incoming(S::in_ringing);
  uncounted.send(1, M::anm);
  uncounted.out();
  EXPECT_EQ(sent<CallHistoryInformation>(uncounted), nullptr);
}

TEST(Q784, T2_4_4_InBetweenTheHistoryOfTheLastExchangePasses) {
  auto c = far(7);
  c.transit = true;
  Tester t(c);
  t.peer(1, counted(30));
  t.send(1, M::acm);
  EXPECT_TRUE(t.send(1, of(M::anm).set(CallHistoryInformation{99})));
  t.out();
  EXPECT_EQ(sent<CallHistoryInformation>(t)->milliseconds, 99);
  t.peer(2, counted(30));
  t.send(2, M::acm);
  EXPECT_TRUE(t.send(2, M::anm));
  t.out();
  EXPECT_EQ(sent<CallHistoryInformation>(t), nullptr);  // not ours to tell
}

TEST(Q784, T2_4_5_TheCounterDoesNotOverflow) {
  EXPECT_EQ(sent_delay(far(1000), counted(65000), true), 65535);
  EXPECT_EQ(sent_delay(far(65535), counted(65535), false), 65535);
}

TEST(Q784, ACounterIsOfOneCallAlone) {
  Tester t;
  t.peer(1, counted(30));
  t.peer(1, rel());
  t.incoming(S::in_ringing);
  t.send(1, M::anm);
  t.out();
  EXPECT_EQ(sent<CallHistoryInformation>(t), nullptr);
}

TEST(Q784, T2_3_5_ARequestForAnEchoControlDeviceIsAnsweredWithTheFirstMessageBack) {
  Tester t;
  t.peer(1, echo_request(M::iam)
                .set(NatureOfConnection{})
                .set(ForwardCallIndicators{})
                .set(CallingPartysCategory{})
                .set(TransmissionMedium{3})
                .set(CalledPartyNumber{.digits = "1000"}));
  EXPECT_EQ(t.out(), "call 1 IAM");
  EXPECT_TRUE(t.send(1, M::acm));
  t.out();
  ASSERT_NE(sent<EchoControlInformation>(t), nullptr);
  EXPECT_EQ(*sent<EchoControlInformation>(t), EchoControlInformation{.incoming = kNotAvailable});
  EXPECT_TRUE(t.send(1, M::anm));  // once
  t.out();
  EXPECT_EQ(sent<EchoControlInformation>(t), nullptr);
}

TEST(Q784, T9_1_1_ARequestByNrmIsAnswered) {
  Tester t;
  t.incoming(S::in_answered);
  t.peer(1, echo_request(M::nrm));
  EXPECT_EQ(t.out(), "1 NRM; call 1 NRM");
  EXPECT_EQ(*sent<EchoControlInformation>(t), EchoControlInformation{.incoming = kNotAvailable});
  Tester caller;
  caller.outgoing(S::out_answered);
  caller.peer(1, echo_request(M::nrm));
  EXPECT_EQ(caller.out(), "1 NRM; call 1 NRM");
  EXPECT_EQ(*sent<EchoControlInformation>(caller), EchoControlInformation{.outgoing = kNotAvailable});
  caller.peer(1, of(M::nrm).set(EchoControlInformation{.incoming = 2}));  // asks for nothing
  EXPECT_EQ(caller.out(), "call 1 NRM");
}

TEST(Q784, T9_1_2_InBetweenNrmPasses) {
  auto c = config();
  c.transit = true;
  Tester t(c);
  t.incoming(S::in_answered);
  t.peer(1, echo_request(M::nrm));
  EXPECT_EQ(t.out(), "call 1 NRM");
  EXPECT_EQ(*t.last_call->get<EchoControlInformation>(), *echo_request(M::nrm).get<EchoControlInformation>());
}

}  // namespace
}  // namespace tandem::isup::q784
