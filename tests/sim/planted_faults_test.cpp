// Calls between SIP, PRI and ISUP while mistakes are planted in the gateway: a stuck circuit, a call whose
// leg is gone, media left over, signalling that is not what a trunk takes it for. The auditor finds each,
// repairs, counts and logs it, and at the end nothing is left. The other sims show that normal running needs
// none.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "isup/adapt.h"
#include "tests/doubles/gateway_plants.h"
#include "tests/doubles/isup_config.h"
#include "tests/sim/isup_subscribers.h"
#include "tests/sim/random_calls.h"

namespace tandem::sim {
namespace {

using namespace std::chrono_literals;
using core::Fault;

/// Two PRI trunks, one ISUP trunk, two carriers; numbers with 2 and 5 go to ISUP.
core::Config planted_config(isup::Variant variant) {
  auto config = doubles::isup_config(1, variant);
  const auto base = doubles::small_config(2, 2);
  config.peers = base.peers;
  const auto span = static_cast<std::uint16_t>(config.spans.size());
  config.spans.push_back(base.spans[1]);
  config.spans.back().name = "e1-3";
  config.trunks.push_back(base.trunks[1]);
  config.trunks[1].spans[0].span = span;
  config.trunks[1].d_channels = {{span, 16}};
  config.trunks[1].side = tdm::pri::Side::network;
  config.routes = base.routes;
  core::RouteConfig to_isup, from_isup;
  to_isup.match = "^[25]";
  to_isup.to = {"ss7-1"};
  from_isup.from = "ss7-1";
  from_isup.to = {"carrier", "telco", "telco2"};
  config.routes.insert(config.routes.begin(), {from_isup, to_isup});
  return config;
}

class Planter {
 public:
  explicit Planter(doubles::GatewayWorld& world) : world_(world), plants_(world.gateway) {}

  void start(Time until) {
    world_.after(world_.some(8s), [this, until] {
      if (world_.now > until) return;
      plant();
      start(until);
    });
  }

  int stuck = 0, stuck_cics = 0, held = 0, forgotten = 0, mistaken = 0, forgotten_isup = 0, ports = 0;
  int sessions = 0, states = 0, paused = 0;

 private:
  /// The same state is not turned again before it was put right.
  bool may_turn(Time& last) {
    if (world_.now < last + 20s) return false;
    last = world_.now;
    return true;
  }
  void plant() {
    const auto trunk = world_.pick(2);
    const auto& slots = world_.config.trunks[trunk].spans[0];
    switch (world_.pick(10)) {
      case 0:
        stuck += plants_.take_circuit(CallId{1'000'000U + static_cast<unsigned>(stuck)}, trunk) ? 1 : 0;
        return;
      case 1:
        plants_.hold_media({slots.span, slots.timeslots[world_.pick(slots.timeslots.size())]}, trunk);
        ++held;
        return;
      case 2:
        forgotten += plants_.forget_leg(trunk) ? 1 : 0;
        return;
      case 3:
        mistaken += plants_.mistake_reference(trunk) ? 1 : 0;
        return;
      case 4:
        forgotten_isup += plants_.forget_isup_leg() ? 1 : 0;
        return;
      case 5:
        ports += plants_.open_port() ? 1 : 0;
        return;
      case 6:
        ++world_.swallow_closed;
        ++sessions;
        return;
      case 7: {
        const auto cic = plants_.seize_for_nobody(unanswered_iam(), world_.now);
        stuck_cics += cic ? 1 : 0;
        return;
      }
      case 8:
        if (!may_turn(turned_[trunk])) return;
        plants_.believe_up(trunk, !plants_.believed_up(trunk));
        ++states;
        return;
      default:
        if (!may_turn(turned_[2])) return;
        plants_.believe_paused(world_.now);
        ++paused;
    }
  }
  isup::Message unanswered_iam() {
    isup::CalledPartyNumber number;
    number.digits = IsupSubscribers::kNobody;
    number.nature = isup::NatureOfAddress::national;
    const auto message = isup::Message(isup::MessageType::iam)
                             .set(isup::NatureOfConnection{})
                             .set(isup::ForwardCallIndicators{})
                             .set(isup::CallingPartysCategory{})
                             .set(isup::TransmissionMedium{})
                             .set(number);
    return isup::to_variant(message, world_.config.isup_trunks[0].group.variant);
  }

  doubles::GatewayWorld& world_;
  core::GatewayPlants plants_;
  std::array<Time, 3> turned_{};
};

void expect_nothing_left(doubles::GatewayWorld& world) {
  const auto usage = world.gateway.usage();
  EXPECT_EQ(usage.calls, 0U);
  EXPECT_EQ(usage.media_sessions, 0U);
  EXPECT_EQ(usage.rtp_ports, 0U);
  EXPECT_EQ(usage.d_channel_calls, 0U);
  EXPECT_EQ(usage.circuits, 0U);
  EXPECT_EQ(usage.isup_calls, 0U);
  EXPECT_EQ(usage.sip.calls, 0U);
  EXPECT_TRUE(world.gateway.idle());
  EXPECT_EQ(world.ports.open_count(), 0U);
  EXPECT_TRUE(world.media.sessions.empty());
  // The engine had closed the session already whose end it was not heard to say; a CIC whose leg is forgotten
  // is idle for the far end before the audit has ended its call.
  EXPECT_THAT(world.media.faults,
              ::testing::Each(::testing::AnyOf("close of no session", "a second session on one circuit")));
  for (const auto& row : world.gateway.circuits())
    if (row.state != "d-channel" && row.state != "link") {
      EXPECT_EQ(row.state + row.blocked, "idle") << row.circuit;
    }
  for (std::size_t i = 0; i < world.config.trunks.size(); ++i) EXPECT_EQ(world.far(i).calls(), 0U);
  EXPECT_EQ(world.ss7.group(0).idle(), world.ss7.group(0).size());
}

void expect_nearly_all(int repaired, int planted) {
  EXPECT_LE(repaired, planted);
  EXPECT_GE(repaired, planted * 3 / 4);
}

void expect_found(const doubles::GatewayWorld& world, const Planter& planted) {
  const auto& audit = world.gateway.audit();
  const auto repairs = [&](Fault fault) {
    return static_cast<int>(audit.repairs[static_cast<std::size_t>(fault)]);
  };
  int of_stuck = 0, of_cics = 0, logged = 0, written_off = 0;
  for (const auto& log : world.logs) {
    if (!log.text.starts_with("audit: ")) continue;
    ++logged;
    if (log.text.ends_with("written off")) ++written_off;
    if (!log.text.ends_with("is taken from a call that is not on it") &&
        !log.text.ends_with("not on it: reset"))
      continue;
    if (log.call.value >= 1'000'000U) ++of_stuck;
    if (log.text.find(" CIC ") != std::string::npos) ++of_cics;
  }
  EXPECT_EQ(of_stuck, planted.stuck);
  EXPECT_GE(of_cics, planted.stuck_cics);
  expect_nearly_all(repairs(Fault::circuit_without_media), planted.held);  // two on one circuit are one
  // A call may have been cleared by the gateway's other side before the second audit.
  expect_nearly_all(repairs(Fault::call_without_leg),
                    planted.forgotten + planted.mistaken + planted.forgotten_isup);
  EXPECT_GT(repairs(Fault::leg_without_call), planted.mistaken / 2);
  EXPECT_EQ(repairs(Fault::port_without_leg), planted.ports);
  // The engine's second word may be lost too: then the session is written off.
  expect_nearly_all(repairs(Fault::session_without_call), planted.sessions);
  EXPECT_EQ(repairs(Fault::signalling_state), planted.states + planted.paused);
  EXPECT_EQ(logged - written_off, static_cast<int>(audit.all_repairs()));
  for (const int planted_of_kind :
       {planted.stuck, planted.stuck_cics, planted.held, planted.forgotten, planted.mistaken,
        planted.forgotten_isup, planted.ports, planted.sessions, planted.states, planted.paused})
    EXPECT_GT(planted_of_kind, 3);
}

void run(isup::Variant variant, std::uint64_t seed) {
  SCOPED_TRACE("TANDEM_SIM_SEED=" + std::to_string(seed));
  doubles::GatewayWorld world(planted_config(variant), seed);
  world.network = {.loss = 0.01, .duplicate = 0.01, .delay = 5ms, .jitter = 20ms};
  RandomCalls people(world);
  IsupSubscribers others(world, 0);
  world.run(90s);
  constexpr int kCalls = 2000;
  people.start(kCalls, 400ms);
  others.start(kCalls / 4, 1600ms);
  Planter planter(world);
  planter.start(world.now + kCalls * 400ms);
  world.run(kCalls * 400ms + 300s);
  world.gateway.clear_all(world.now);
  others.hang_up_all();
  world.run(1200s);
  EXPECT_GT(people.answered, kCalls / 5);
  EXPECT_GT(others.came_in, kCalls / 20);
  EXPECT_GT(others.answered, kCalls / 40);
  expect_nothing_left(world);
  expect_found(world, planter);
}

std::uint64_t seed_of_run(std::uint64_t otherwise) {
  const char* text = std::getenv("TANDEM_SIM_SEED");
  return text != nullptr ? std::strtoull(text, nullptr, 10) : otherwise;
}

TEST(PlantedFaults, AreFoundRepairedCountedAndLogged) {
  run(isup::Variant::itu, seed_of_run(20261121));
}

TEST(PlantedFaults, AreFoundOnAnsiTrunksToo) {
  run(isup::Variant::ansi, seed_of_run(20261122));
}

}  // namespace
}  // namespace tandem::sim
