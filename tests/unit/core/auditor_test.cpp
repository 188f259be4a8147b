// Every kind of disagreement is planted, found in the second audit and repaired; normal running has none.
#include "tests/doubles/gateway_plants.h"
#include "tests/unit/core/isup_fixture.h"

namespace tandem::core {
namespace {

using testing::Contains;
using testing::Field;
using testing::HasSubstr;

class Audit : public IsupCall {
 protected:
  std::uint64_t repairs(Fault fault) {
    return world->gateway.audit().repairs[static_cast<std::size_t>(fault)];
  }
  /// Two audits go by: the first sees, the second repairs.
  void expect_repaired(Fault fault, std::uint64_t times = 1) {
    const auto before = world->gateway.audit().audits;
    world->run(5s);
    ASSERT_EQ(world->gateway.audit().audits, before + 1);
    EXPECT_EQ(repairs(fault), 0U) << "one look is not enough: it may be on its way";
    world->run(5s);
    EXPECT_EQ(repairs(fault), times);
    EXPECT_THAT(world->logs, Contains(Field(&LogRecord::text, HasSubstr("audit: "))));
  }
};

TEST_F(Audit, OfCallsThatComeAndGoFindsNothing) {
  start();
  const auto setup = answered_from_sip();
  world->run(60s);
  world->far(0).disconnect(setup.call, 16, world->now);
  world->run(60s);
  EXPECT_GE(world->gateway.audit().audits, 20U);
  EXPECT_EQ(world->gateway.audit().all_repairs(), 0U);
  expect_nothing_left();
}

TEST_F(Audit, OfCallsThatWereTransferredFindsNothing) {
  auto config = doubles::small_config(2);
  config.routes.insert(config.routes.begin(), RouteConfig{"telco", "^9", "", {"telco2"}});
  start(std::move(config));
  std::vector<pri::Output> second;
  world->on_pri(1, [&](const pri::Output& event) { second.push_back(event); });
  const auto first = answered_from_sip();
  pri::Setup setup;
  setup.called.digits = "91";
  setup.channel = {9, true};
  const auto other = world->far(0).setup(setup, world->now);
  ASSERT_TRUE(other);
  world->run(50ms);
  const auto out = take<pri::SetupInd>(second);
  ASSERT_TRUE(out);
  world->far(1).connect(out->call, out->setup.channel, world->now);
  world->run(50ms);
  ASSERT_TRUE(GatewayPlants(world->gateway).transfer(world->now));
  world->run(50ms);
  world->far(0).disconnect(first.call, 16, world->now);
  world->far(0).disconnect(*other, 16, world->now);
  world->run(60s);
  EXPECT_EQ(world->gateway.audit().all_repairs(), 0U);
  EXPECT_EQ(world->gateway.usage().media_sessions, 1U);
  world->far(1).disconnect(out->call, 16, world->now);
  expect_nothing_left();
}

TEST_F(Audit, TakesACircuitFromACallThatIsGoneAndRestartsIt) {
  start();
  const auto circuit = GatewayPlants(world->gateway).take_circuit(CallId{4711}).value();
  expect_repaired(Fault::circuit_without_call);
  world->run(5s);
  EXPECT_TRUE(from_pri<pri::RestartInd>()) << "the far end may think otherwise of it";
  for (const auto& row : world->gateway.circuits()) EXPECT_FALSE(row.call) << row.circuit;
  EXPECT_EQ(circuit.timeslot, 1);
  expect_nothing_left();
}

TEST_F(Audit, TakesACircuitFromACallThatHasAnother) {
  start();
  (void)answered_from_sip();
  const auto call = world->gateway.calls(world->now).at(0).call;
  (void)GatewayPlants(world->gateway).take_circuit(call);
  expect_repaired(Fault::circuit_without_call);
  ASSERT_EQ(world->gateway.calls(world->now).size(), 1U);
  EXPECT_EQ(world->gateway.calls(world->now)[0].state, "answered") << "the call itself is left alone";
  world->gateway.clear_all(world->now);
  expect_nothing_left();
}

TEST_F(Audit, LetsMediaGoOfACircuitThatNoSessionHas) {
  start();
  GatewayPlants(world->gateway).hold_media({0, 7});
  expect_repaired(Fault::circuit_without_media);
  expect_nothing_left();
}

TEST_F(Audit, EndsTheSideOfACallWhoseLegSignallingHasForgotten) {
  start();
  const auto setup = answered_from_sip();
  GatewayPlants(world->gateway).forget_pri_legs();
  expect_repaired(Fault::call_without_leg);
  EXPECT_TRUE(world->gateway.calls(world->now).empty());
  EXPECT_TRUE(from_sip<sip::ByeReceived>());
  EXPECT_EQ(last_cdr().cause, 41);
  // Its circuit is taken back by the next audits, and the far end hears of it by RESTART.
  world->run(15s);
  EXPECT_EQ(repairs(Fault::circuit_without_call), 1U);
  for (const auto& row : world->gateway.circuits()) EXPECT_FALSE(row.call) << row.circuit;
  (void)setup;
}

TEST_F(Audit, ClearsACallOfTheDChannelThatNoCallKnows) {
  start();
  const auto setup = answered_from_sip();
  GatewayPlants(world->gateway).add_leg(99, reinterpret_cast<PriLeg*>(std::uintptr_t{16}));
  expect_repaired(Fault::leg_without_call);
  EXPECT_EQ(world->gateway.calls(world->now).size(), 1U);
  world->far(0).disconnect(setup.call, 16, world->now);
  expect_nothing_left();
}

TEST_F(Audit, EndsALegThatWaitsForACallThatTheDChannelHasNot) {
  start();
  (void)answered_from_sip();
  ASSERT_TRUE(GatewayPlants(world->gateway).mistake_reference(0));
  expect_repaired(Fault::call_without_leg);
  EXPECT_EQ(repairs(Fault::leg_without_call), 1U) << "and the call that the D channel has instead";
  world->run(50ms);
  EXPECT_TRUE(from_sip<sip::ByeReceived>());
  const auto disconnect = from_pri<pri::DisconnectInd>();
  ASSERT_TRUE(disconnect);
  world->far(0).disconnect(disconnect->call, 41, world->now);
  world->run(15s);
  EXPECT_EQ(repairs(Fault::circuit_without_call), 1U);
  expect_nothing_left();
}

TEST_F(Audit, SeesThatATrunkTakesItsDChannelForDown) {
  start();
  GatewayPlants(world->gateway).believe_up(0, false);
  EXPECT_EQ(world->gateway.circuits().at(0).blocked, "down");
  expect_repaired(Fault::signalling_state);
  (void)answered_from_sip();
  world->gateway.clear_all(world->now);
  expect_nothing_left();
}

TEST_F(Audit, SeesThatATrunkTakesItsDChannelForUp) {
  start();
  world->cut(0, true);
  world->run(60s);
  GatewayPlants(world->gateway).believe_up(0, true);
  expect_repaired(Fault::signalling_state);
  EXPECT_EQ(world->gateway.circuits().at(0).blocked, "down");
}

TEST_F(Audit, TellsTheMediaEngineAgainToCloseASession) {
  start();
  const auto setup = answered_from_sip();
  world->swallow_closed = 1;  // the engine's word that the session is over is lost
  world->far(0).disconnect(setup.call, 16, world->now);
  world->run(3s);
  EXPECT_EQ(world->gateway.usage().media_sessions, 1U);
  world->run(10s);
  EXPECT_EQ(repairs(Fault::session_without_call), 1U);
  EXPECT_EQ(world->gateway.usage().media_sessions, 0U);
  EXPECT_TRUE(world->gateway.calls(world->now).empty());
  EXPECT_EQ(world->ports.open_count(), 0U);
}

TEST_F(Audit, WritesASessionOffThatTheMediaEngineNeverCloses) {
  start();
  const auto setup = answered_from_sip();
  world->swallow_closed = 1000;
  world->far(0).disconnect(setup.call, 16, world->now);
  world->run(30s);
  EXPECT_EQ(repairs(Fault::session_without_call), 1U);
  EXPECT_EQ(world->gateway.usage().media_sessions, 0U);
  EXPECT_TRUE(world->gateway.calls(world->now).empty());
  EXPECT_EQ(world->ports.open_count(), 0U);
}

TEST_F(Audit, ClosesAPortThatNoLegHas) {
  start();
  GatewayPlants(world->gateway).open_port();
  EXPECT_EQ(world->ports.open_count(), 1U);
  expect_repaired(Fault::port_without_leg);
  EXPECT_EQ(world->ports.open_count(), 0U);
  expect_nothing_left();
}

TEST_F(Audit, CanBeTurnedOff) {
  auto config = doubles::small_config();
  config.audit_interval = {};
  start(config);
  world->run(60s);
  EXPECT_EQ(world->gateway.audit().audits, 0U);
}

TEST(AuditFaults, HaveNamesOfTheirOwn) {
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < kFaults; ++i)
    EXPECT_TRUE(names.insert(to_string(static_cast<Fault>(i))).second);
  EXPECT_FALSE(names.contains(""));
}

TEST_F(Audit, AnIsupLegThatIsGoneEndsItsCallAndItsCircuit) {
  start_isup();
  const auto cic = answered_at_isup();
  GatewayPlants(world->gateway).forget_isup_legs();
  expect_repaired(Fault::call_without_leg);
  EXPECT_EQ(repairs(Fault::circuit_without_call), 1U);
  world->run(1s);
  EXPECT_TRUE(from_sip<sip::ByeReceived>());
  EXPECT_EQ(world->ss7.group(0).status(cic)->call, isup::CallState::idle);
  expect_nothing_left();
}

TEST_F(Audit, AnIsupTrunkThatTakesItsFarEndForUnreachableIsPutRight) {
  start_isup();
  GatewayPlants(world->gateway).believe_paused(world->now);
  world->run(10ms);
  EXPECT_EQ(circuit("e1-2:1").blocked, "down");
  expect_repaired(Fault::signalling_state);
  EXPECT_EQ(circuit("e1-2:1").blocked, "");
  answered_at_isup();
}

TEST_F(Audit, ACicThatIsTakenForNobodyIsReset) {
  start_isup();
  ASSERT_TRUE(GatewayPlants(world->gateway).seize_for_nobody(iam("7000"), world->now));
  expect_repaired(Fault::circuit_without_call);
  expect_nothing_left();
}

TEST_F(Audit, AnIsupLegThatNoCallHasIsReleased) {
  start_isup();
  GatewayPlants(world->gateway).add_isup_leg(7, nullptr);
  expect_repaired(Fault::leg_without_call);
  EXPECT_TRUE(world->gateway.idle());
}

}  // namespace
}  // namespace tandem::core
