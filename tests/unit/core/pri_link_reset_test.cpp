// A data link that is established anew under a call: in the first second after it came up both ends may send
// SABME (Q.921 5.5.1.2, 5.7), and what was sent in between is gone. libpri at both ends.
#include "tests/unit/core/gateway_fixture.h"

namespace tandem::core {
namespace {

bool is_sabme(OctetView frame) {
  return frame.size() == 3 && (frame[2] & 0xEF) == 0x6F;  // Q.921 table 5
}

class PriLinkReset : public GatewayCall {
 protected:
  /// The far end's first SABME is lost: it repeats it one second after, when the gateway's link is up.
  void start_with_late_sabme(Config config = doubles::small_config()) {
    world = std::make_unique<doubles::GatewayWorld>(std::move(config), 1);
    world->keep_traces = true;
    world->on_sip(0, [this](const sip::Event& event) { sip_events.push_back(event); });
    world->on_pri(0, [this](const pri::Output& event) { pri_events.push_back(event); });
    world->far_frame = [this](Octets& frame) {
      if (is_sabme(frame) && sabmes++ == 0) frame.clear();
    };
    world->run(100ms);
    EXPECT_TRUE(world->gateway.status(world->now).trunks[0].up);
  }
  int setups() const {
    int count = 0;
    for (const auto& record : world->traces)
      count += record.kind == TraceKind::q931 && record.sent && record.text.starts_with("SETUP ");
    return count;
  }

  int sabmes = 0;
};

TEST_F(PriLinkReset, ACallWhoseSetupWasLostIsRepeatedAndAnswered) {
  start_with_late_sabme();
  const auto call = call_from_sip("1000");
  EXPECT_FALSE(from_pri<pri::SetupInd>());
  world->run(2s);
  EXPECT_EQ(sabmes, 2);
  EXPECT_FALSE(from_sip<sip::FailureReceived>());
  const auto setup = from_pri<pri::SetupInd>();
  ASSERT_TRUE(setup);
  EXPECT_EQ(setups(), 2);
  world->far(0).connect(setup->call, setup->setup.channel, world->now);
  world->run(50ms);
  EXPECT_TRUE(from_sip<sip::AnswerReceived>());
  world->peer(0).bye(call, {}, world->now);
  world->run(50ms);
  world->far(0).disconnect(setup->call, 16, world->now);
  expect_nothing_left();
}

TEST_F(PriLinkReset, EachOfManyCallsOfTheFirstSecondGetsThrough) {
  start_with_late_sabme();
  std::vector<sip::SipCall> calls;
  for (int i = 0; i < 8; ++i) calls.push_back(call_from_sip("100" + std::to_string(i)));
  world->run(3s);
  std::set<std::uint8_t> channels;
  std::set<std::string> numbers;
  while (const auto setup = from_pri<pri::SetupInd>()) {
    channels.insert(setup->setup.channel.timeslot);
    numbers.insert(setup->setup.called.digits);
    world->far(0).connect(setup->call, setup->setup.channel, world->now);
  }
  world->run(100ms);
  EXPECT_EQ(channels.size(), 8U);
  EXPECT_EQ(numbers.size(), 8U);
  int answers = 0;
  while (from_sip<sip::AnswerReceived>()) ++answers;
  EXPECT_EQ(answers, 8);
  EXPECT_FALSE(from_sip<sip::FailureReceived>());
  world->gateway.clear_all(world->now);
  world->run(1s);
  while (const auto end = from_pri<pri::DisconnectInd>()) world->far(0).disconnect(end->call, 16, world->now);
  expect_nothing_left();
}

// The far end by hand: its layer 2 begins anew with each SABME.
class PriLinkResetByHand : public PriLinkReset {
 protected:
  void reset_link() { world->gateway.handle_frame(0, from_hex("02017f").value(), world->now); }
  /// RELEASE COMPLETE of the gateway's call `reference`, the first I frame after a SABME.
  void no_such_call(std::uint8_t reference, std::uint8_t cause) {
    world->gateway.handle_frame(0,
                                Octets{0x02, 0x01, 0x00, 0x00, 0x08, 0x02, 0x80, reference, 0x5a, 0x08, 0x02,
                                       0x82, static_cast<Octet>(0x80 | cause)},
                                world->now);
    world->run(50ms);
  }
  void call_over_a_cut_link() {
    start();
    world->cut(0, true);
    call_from_sip("1000");
    ASSERT_EQ(setups(), 1);
  }
};

TEST_F(PriLinkResetByHand, WithoutItTheSameCauseIsTheCallsEnd) {
  call_over_a_cut_link();
  no_such_call(1, 101);
  EXPECT_EQ(setups(), 1);
  EXPECT_EQ(from_sip<sip::FailureReceived>()->reasons.at(0).cause, 101);
}

TEST_F(PriLinkResetByHand, ACauseThatSaysSomethingOfTheCallIsItsEnd) {
  call_over_a_cut_link();
  reset_link();
  no_such_call(1, 1);
  EXPECT_EQ(setups(), 1);
  EXPECT_EQ(from_sip<sip::FailureReceived>()->status, 404);
}

TEST_F(PriLinkResetByHand, AFarEndThatDoesItEachTimeEndsTheCallAfterThree) {
  call_over_a_cut_link();
  for (std::uint8_t reference = 1; reference <= 3; ++reference) {
    EXPECT_FALSE(from_sip<sip::FailureReceived>());
    EXPECT_EQ(setups(), reference);
    reset_link();
    no_such_call(reference, 81);
  }
  EXPECT_EQ(setups(), 3);
  EXPECT_EQ(from_sip<sip::FailureReceived>()->status, 503);
}

}  // namespace
}  // namespace tandem::core
