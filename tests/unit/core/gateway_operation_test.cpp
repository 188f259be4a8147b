// Maintenance, alarms, collisions and the end of the program.
#include "tests/unit/core/gateway_fixture.h"

namespace tandem::core {
namespace {

using GatewayOperation = GatewayCall;

CircuitStatus circuit_of(const Gateway& gateway, const std::string& name) {
  for (const auto& circuit : gateway.circuits())
    if (circuit.circuit == name) return circuit;
  return {};
}

TEST_F(GatewayOperation, AnOperatorsHangupReleasesBothSidesWithItsCause) {
  start();
  const auto setup = answered_from_sip();
  const auto id = world->gateway.calls(world->now).at(0).call;
  EXPECT_FALSE(world->gateway.hangup(CallId{999}, 16, world->now));
  EXPECT_FALSE(world->gateway.hangup(id, 0, world->now));
  EXPECT_TRUE(world->gateway.hangup(id, 31, world->now));
  world->run(100ms);
  EXPECT_EQ(from_pri<pri::DisconnectInd>()->cause.value, 31);
  EXPECT_EQ(from_sip<sip::ByeReceived>()->reasons.at(0).cause, 31);
  world->far(0).disconnect(setup.call, 31, world->now);
  expect_nothing_left();
  EXPECT_EQ(last_cdr().released_by, "gateway");
}

TEST_F(GatewayOperation, BlockedCircuitsTakeNoNewCallsAndKeepTheirOwn) {
  start();
  const auto setup = answered_from_sip();
  EXPECT_FALSE(world->gateway.block("nobody", "1", world->now));
  EXPECT_FALSE(world->gateway.block("telco", "16", world->now));
  EXPECT_TRUE(world->gateway.block("telco", "1-3", world->now));
  EXPECT_EQ(circuit_of(world->gateway, "e1-1:1").blocked, "local");
  EXPECT_EQ(circuit_of(world->gateway, "e1-1:1").state, "outgoing");
  call_from_sip("1000");
  EXPECT_EQ(from_pri<pri::SetupInd>()->setup.channel.timeslot, 4);
  EXPECT_NE(call_from_pri("1000", 2), 0U);
  EXPECT_EQ(from_pri<pri::ReleasedInd>()->cause.value, 44);
  EXPECT_TRUE(world->gateway.unblock("telco", "", world->now));
  EXPECT_NE(call_from_pri("1000", 2), 0U);
  EXPECT_TRUE(from_sip<sip::IncomingCall>());
  EXPECT_EQ(world->gateway.calls(world->now).front().state, "answered");
  EXPECT_EQ(setup.setup.channel.timeslot, 1);
}

TEST_F(GatewayOperation, AResetClearsTheCallAndRestartsTheCircuit) {
  start();
  answered_from_sip();
  EXPECT_TRUE(world->gateway.reset("telco", "1", world->now));
  world->run(200ms);
  EXPECT_TRUE(from_sip<sip::ByeReceived>());
  EXPECT_EQ(from_pri<pri::RestartInd>()->timeslot, 1);
  EXPECT_EQ(circuit_of(world->gateway, "e1-1:1").state, "idle");
  expect_nothing_left();
}

TEST_F(GatewayOperation, AResetWithTheDChannelDownIsRefused) {
  start();
  world->cut(0, true);
  world->run(60s);
  EXPECT_FALSE(world->gateway.reset("telco", "1", world->now));
}

TEST_F(GatewayOperation, ARestartByTheFarEndReleasesTheCall) {
  start();
  answered_from_sip();
  world->far(0).restart(1, world->now);
  world->run(200ms);
  const auto bye = from_sip<sip::ByeReceived>();
  ASSERT_TRUE(bye);
  EXPECT_EQ(bye->reasons.at(0).cause, 41);
  expect_nothing_left();
}

TEST_F(GatewayOperation, ACollisionIsWonByTheNetworkAndTheOtherCallMoves) {
  start();
  // Both SETUPs for timeslot 1 are on the wire at once.
  world->peer(0).invite(invite("1000"), world->to_gateway(0), world->now);
  world->run(5ms);
  pri::Setup setup;
  setup.called.digits = "2222";
  setup.channel = {1, true};
  ASSERT_TRUE(world->far(0).setup(setup, world->now));
  world->run(200ms);
  const auto incoming = from_sip<sip::IncomingCall>();
  ASSERT_TRUE(incoming);
  EXPECT_EQ(incoming->info.request_uri.user, "2222");
  const auto lost = from_pri<pri::SetupInd>();
  const auto moved = from_pri<pri::SetupInd>();
  ASSERT_TRUE(lost && moved);
  EXPECT_EQ(lost->setup.channel.timeslot, 1);
  EXPECT_EQ(moved->setup.channel.timeslot, 2);
  EXPECT_EQ(circuit_of(world->gateway, "e1-1:1").state, "incoming");
  EXPECT_EQ(circuit_of(world->gateway, "e1-1:2").state, "outgoing");
}

TEST_F(GatewayOperation, APreferredChannelMayBeChangedByTheFarEnd) {
  auto config = doubles::small_config();
  config.trunks[0].exclusive_channel = false;
  start(std::move(config));
  const auto setup = set_up_from_sip();
  EXPECT_FALSE(setup.setup.channel.exclusive);
  world->far(0).proceeding(setup.call, {9, true}, world->now);
  world->run(50ms);
  EXPECT_EQ(circuit_of(world->gateway, "e1-1:1").state, "idle");
  EXPECT_EQ(circuit_of(world->gateway, "e1-1:9").state, "outgoing");
  EXPECT_NE(world->media.on({0, 9}), nullptr);
  EXPECT_EQ(world->media.on({0, 1}), nullptr);
  world->far(0).connect(setup.call, {9, true}, world->now);
  world->run(50ms);
  EXPECT_TRUE(world->media.on({0, 9})->to_timeslot);
  world->peer(0).bye(sip_call, {}, world->now);
  world->run(50ms);
  world->far(0).disconnect(setup.call, 16, world->now);
  expect_nothing_left();
  EXPECT_EQ(last_cdr().circuit, "e1-1:9");
}

TEST_F(GatewayOperation, AShortAlarmCostsNoCallAndALongOneAll) {
  start();
  answered_from_sip();
  world->gateway.handle_media(media::SpanAlarms{0, {.red = true}}, world->now);
  world->run(4s);
  world->gateway.handle_media(media::SpanAlarms{0, {}}, world->now);
  world->run(20s);
  EXPECT_EQ(world->gateway.calls(world->now).at(0).state, "answered");
  world->gateway.handle_media(media::SpanAlarms{0, {.blue = true}}, world->now);
  EXPECT_EQ(circuit_of(world->gateway, "e1-1:2").blocked, "alarm");
  call_from_sip("1000");
  EXPECT_EQ(from_sip<sip::FailureReceived>()->status, 503);
  world->run(31s);
  EXPECT_EQ(from_sip<sip::ByeReceived>()->reasons.at(0).cause, 27);
  EXPECT_TRUE(world->gateway.status(world->now).spans.at(0).blue);
}

TEST_F(GatewayOperation, AYellowAlarmKeepsNewCallsAwayAndEndsNone) {
  start();
  answered_from_sip();
  world->gateway.handle_media(media::SpanAlarms{0, {.yellow = true}}, world->now);
  call_from_sip("1000");
  EXPECT_EQ(from_sip<sip::FailureReceived>()->status, 503);
  world->run(20s);
  EXPECT_EQ(world->gateway.calls(world->now).at(0).state, "answered");
  // A red one that comes and goes meanwhile has its own time.
  world->gateway.handle_media(media::SpanAlarms{0, {.red = true, .yellow = true}}, world->now);
  world->run(4s);
  world->gateway.handle_media(media::SpanAlarms{0, {.yellow = true}}, world->now);
  world->run(20s);
  EXPECT_EQ(world->gateway.calls(world->now).at(0).state, "answered");
  world->gateway.handle_media(media::SpanAlarms{0, {}}, world->now);
  set_up_from_sip();
}

TEST_F(GatewayOperation, SilenceOfRtpReleasesTheCall) {
  start();
  const auto setup = answered_from_sip();
  world->gateway.handle_media(media::RtpTimeout{SessionId{1}}, world->now);
  world->gateway.handle_media(media::RtpTimeout{SessionId{77}}, world->now);  // of nobody
  world->run(100ms);
  EXPECT_EQ(from_sip<sip::ByeReceived>()->reasons.at(0).cause, 102);
  world->far(0).disconnect(setup.call, 102, world->now);
  expect_nothing_left();
}

TEST_F(GatewayOperation, DrainingRefusesNewCallsAndClearsOldOnesAtItsLimit) {
  start();
  const auto setup = answered_from_sip();
  world->gateway.drain(world->now);
  call_from_sip("1000");
  EXPECT_EQ(from_sip<sip::FailureReceived>()->status, 503);
  call_from_pri("1000", 7);
  const auto refused = from_pri<pri::DisconnectInd>();
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->cause.value, 41);
  world->far(0).disconnect(refused->call, 41, world->now);
  world->run(50s);
  EXPECT_FALSE(world->gateway.idle());
  EXPECT_FALSE(from_sip<sip::ByeReceived>());
  world->run(15s);
  EXPECT_TRUE(from_sip<sip::ByeReceived>());
  world->far(0).disconnect(setup.call, 16, world->now);
  world->run(1s);
  EXPECT_TRUE(world->gateway.idle());
  expect_nothing_left();
}

TEST_F(GatewayOperation, ClearingAllEndsCallsInEveryState) {
  start();
  answered_from_sip();
  set_up_from_sip();
  call_from_pri("1000", 20);
  world->gateway.clear_all(world->now);
  world->run(100ms);
  EXPECT_TRUE(from_sip<sip::ByeReceived>());
  EXPECT_EQ(from_sip<sip::FailureReceived>()->status, 503);
  EXPECT_TRUE(from_sip<sip::CancelReceived>());
  while (const auto gone = from_pri<pri::DisconnectInd>())
    world->far(0).disconnect(gone->call, 41, world->now);
  expect_nothing_left();
}

TEST_F(GatewayOperation, TheLadderOfACallHasSipQ931IsupAndMediaInOrder) {
  start();
  const auto setup = answered_from_sip();
  world->peer(0).bye(sip_call, {}, world->now);
  world->run(100ms);
  world->far(0).disconnect(setup.call, 16, world->now);
  world->run(100ms);
  const auto id = world->cdrs.at(0).call;
  std::vector<std::string> ladder;
  for (const auto& record : world->traces)
    if (record.call == id)
      ladder.push_back((record.sent ? "> " : "< ") + record.text.substr(0, record.text.find(' ')));
  // IAM from the leg and to the leg; CONNECT arrives as CON and leaves as 200.
  const std::vector<std::string> expected = {"< INVITE", "< IAM", "> IAM", "> session", "> 100", "> SETUP"};
  ASSERT_GE(ladder.size(), expected.size());
  for (const auto* text :
       {"< INVITE", "> 100", "> SETUP", "< CONNECT", "> 200", "< ACK", "< BYE", "> DISCONNECT", "< RELEASE",
        "< IAM", "< CON", "< REL", "< RLC", "> session", "> through"})
    EXPECT_THAT(ladder, ::testing::Contains(text));
  EXPECT_EQ(ladder.front(), "< INVITE");
}

TEST_F(GatewayOperation, ForgettingTheCallsOfThePastLeavesThoseThatAreUp) {
  start();
  const auto traced = [this](std::string_view text, CallId call) {
    return std::ranges::any_of(
        world->traces, [&](const auto& r) { return r.text.starts_with(text) && r.call && r.call == call; });
  };
  const auto setup = answered_from_sip();
  world->gateway.forget_calls();
  world->peer(0).bye(sip_call, {}, world->now);
  world->run(100ms);
  const auto first = world->cdrs.at(0).call;
  EXPECT_TRUE(traced("BYE", first));
  EXPECT_TRUE(traced("DISCONNECT", first));
  world->far(0).disconnect(setup.call, 16, world->now);
  world->run(40s);
  world->gateway.forget_calls();
  answered_from_sip();
  world->run(100ms);
  const auto second = world->cdrs.back().call;
  EXPECT_NE(first, second);
  EXPECT_TRUE(traced("INVITE", second));
  EXPECT_TRUE(traced("SETUP", second));
}

TEST_F(GatewayOperation, DigitsAreInTheLadder) {
  start();
  answered_from_sip();
  world->gateway.handle_media(media::Digit{SessionId{1}, '5', true}, world->now);
  world->gateway.handle_media(media::RtpStarted{SessionId{1}}, world->now);
  world->settle();
  EXPECT_EQ(world->traces.at(world->traces.size() - 2).text, "digit 5 from the timeslot");
  EXPECT_EQ(world->traces.back().text, "first RTP");
}

TEST_F(GatewayOperation, ACircuitThatTheLastProcessLeftBusyIsRestartedWhenTheDChannelIsUp) {
  world = std::make_unique<doubles::GatewayWorld>(doubles::small_config(), 1);
  std::vector<std::uint8_t> restarted;
  world->on_pri(0, [&](const pri::Output& event) {
    if (const auto* restart = std::get_if<pri::RestartInd>(&event)) restarted.push_back(restart->timeslot);
  });
  world->gateway.restart_when_up({{"telco", "e1-1:5"}, {"telco", "e1-9:6"}, {"gone", "e1-1:7"}});
  EXPECT_EQ(circuit_of(world->gateway, "e1-1:5").state, "resetting");
  world->run(3s);
  EXPECT_THAT(restarted, ::testing::ElementsAre(5));
  EXPECT_EQ(circuit_of(world->gateway, "e1-1:5").state, "idle");
}

TEST_F(GatewayOperation, TheStatusCountsWhatIsThere) {
  start();
  answered_from_sip();
  (void)world->gateway.block("telco", "30-31", world->now);
  const auto status = world->gateway.status(world->now);
  EXPECT_EQ(status.calls, 1U);
  EXPECT_EQ(status.attempts, 1U);
  EXPECT_EQ(status.answered, 1U);
  ASSERT_EQ(status.trunks.size(), 1U);
  EXPECT_TRUE(status.trunks[0].up);
  EXPECT_EQ(status.trunks[0].busy, 1);
  EXPECT_EQ(status.trunks[0].blocked, 2);
  EXPECT_EQ(status.trunks[0].idle, 27);
  EXPECT_EQ(circuit_of(world->gateway, "e1-1:16").state, "d-channel");
  const auto call = world->gateway.calls(world->now).at(0);
  EXPECT_EQ(call.circuit, "e1-1:1");
  EXPECT_EQ(call.codec, "PCMA");
  EXPECT_FALSE(call.sip_call_id.empty());
}

}  // namespace
}  // namespace tandem::core
