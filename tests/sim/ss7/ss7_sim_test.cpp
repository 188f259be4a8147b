// Two exchanges with 16 E1s between them and real signalling links on noisy lines that fail: whatever
// happens, no circuit is used twice, and at the end each is idle at both ends.
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>

#include "tests/sim/ss7/world.h"

namespace tandem::sim {
namespace {

using namespace std::chrono_literals;

std::uint64_t number_from(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text != nullptr ? std::strtoull(text, nullptr, 10) : otherwise;
}

struct Outcome {
  std::uint64_t hash = 0;
  Ss7CallCounts counts;
};

Outcome run(const Ss7Scenario& scenario) {
  SCOPED_TRACE("TANDEM_SIM_SEED=" + std::to_string(scenario.seed) +
               " TANDEM_SIM_CALLS=" + std::to_string(scenario.calls));
  Ss7World world(scenario);
  for (std::size_t side = 0; side < 2 && std::getenv("TANDEM_SIM_CIC") != nullptr; ++side)
    world.exchange(side).watch(static_cast<std::uint16_t>(number_from("TANDEM_SIM_CIC", 0)));
  world.run();
  world.expect_rest();
  const Outcome outcome{world.hash(), world.counts()};
  world.expect_all_circuits_work();
  if (std::getenv("TANDEM_SIM_STATS") != nullptr) world.print_statistics();
  for (const auto& complaint : world.complaints()) ADD_FAILURE() << complaint;
  EXPECT_EQ(outcome.counts.two_calls, 0U);
  // MTP keeps the order of messages with the same SLS (Q.704 2.2.4), and that is a circuit's CIC. Two things
  // let the last message of a call reach the next one all the same, and Q.764 2.9.3 has nothing against
  // either. GRS and GRA have the SLS of the first circuit of many: they overtake by another link. And RLC
  // answers REL as well as RSC: who resets a circuit that it has just released takes the first RLC for the
  // second, while the far end, which has seen the REL only, already calls again.
  EXPECT_LE(outcome.counts.foreign, (scenario.resets ? scenario.calls / 2000 : 0) + world.spoilt());
  EXPECT_LE(outcome.counts.elsewhere, world.spoilt());
  EXPECT_EQ(outcome.counts.stray, 0U);
  EXPECT_LE(world.alerts(isup::AlertText::unexpected_message), scenario.calls / 100 + 20);
  EXPECT_GT(outcome.counts.came_in, scenario.calls / 4);
  EXPECT_GT(outcome.counts.answered, scenario.calls / 8);
  return outcome;
}

TEST(Ss7Sim, CallsOverGoodLinesAllGoThroughAndLeaveNothingBehind) {
  const Ss7Scenario scenario{.calls = 3000, .faults = false, .operators = false, .seed = 5};
  const auto outcome = run(scenario);
  EXPECT_EQ(outcome.counts.begun, scenario.calls);
  EXPECT_GT(outcome.counts.came_in, scenario.calls * 99 / 100);  // some are abandoned during their check
  EXPECT_EQ(outcome.counts.cleared, 0U);
  EXPECT_EQ(outcome.counts.stale_rel, 0U);
}

/// Both hunt from the same end, so they often seize the same circuit.
Ss7Scenario itu(std::uint64_t calls) {
  Ss7Scenario scenario{.calls = number_from("TANDEM_SIM_CALLS", calls),
                       .seed = number_from("TANDEM_SIM_SEED", 20261121)};
  scenario.hunting = {isup::Hunting::ascending, isup::Hunting::ascending};
  scenario.continuity_every = 50;
  return scenario;
}

/// One link of 56 kbit/s, one of 64.
Ss7Scenario ansi(std::uint64_t calls) {
  auto scenario = itu(calls);
  scenario.variant = isup::Variant::ansi;
  scenario.hunting = {isup::Hunting::method_2, isup::Hunting::odd};
  for (auto& link : scenario.links) link.variant = mtp::Variant::ansi;
  scenario.links[0].rate = mtp::LineRate::k56;
  return scenario;
}

/// Four links by satellite.
Ss7Scenario preventive(std::uint64_t calls) {
  auto scenario = itu(calls);
  scenario.links = std::vector<mtp::LinkConfig>(4);
  for (auto& link : scenario.links) link.correction = mtp::Correction::preventive;
  scenario.hunting = {isup::Hunting::descending, isup::Hunting::method_1};
  scenario.delay_ticks = 26;
  return scenario;
}

TEST(Ss7Sim, AHundredThousandRandomCallsLeaveEveryCircuitIdle) {
  run(itu(100000));
}

TEST(Ss7Sim, RandomCallsAfterAnsiLeaveEveryCircuitIdle) {
  run(ansi(100000));
}

TEST(Ss7Sim, RandomCallsBySatelliteLeaveEveryCircuitIdle) {
  run(preventive(20000));
}

/// Changeover, changeback, inhibiting and rerouting keep messages in order (Q.704 5 and 6).
TEST(Ss7Sim, WithoutResetsNoMessageComesTooLateForItsCall) {
  for (auto scenario : {itu(20000), ansi(20000), preventive(20000)}) {
    scenario.resets = false;
    run(scenario);
  }
}

TEST(Ss7Sim, TheSameSeedGivesTheSameTrace) {
  auto scenario = itu(2000);
  scenario.calls = 2000;
  const auto first = run(scenario);
  const auto second = run(scenario);
  EXPECT_EQ(first.hash, second.hash);
  EXPECT_EQ(first.counts, second.counts);
  ++scenario.seed;
  EXPECT_NE(first.hash, run(scenario).hash);
}

}  // namespace
}  // namespace tandem::sim
