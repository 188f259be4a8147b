// Ten thousand random calls through a whole gateway, over bad networks, with everything going wrong that may:
// at the end nothing is left of them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <map>

#include "tests/sim/random_calls.h"

namespace tandem::sim {
namespace {

using namespace std::chrono_literals;

std::uint64_t seed_of_run() {
  const char* text = std::getenv("TANDEM_SIM_SEED");
  return text != nullptr ? std::strtoull(text, nullptr, 10) : 20261120;
}

int calls_of_run() {
  const char* text = std::getenv("TANDEM_SIM_CALLS");
  return text != nullptr ? std::atoi(text) : 10000;
}

/// Two E1s as a user, one as the network, a T1; two carriers; numbers with 9 go from PRI to PRI.
core::Config sim_config() {
  auto config = doubles::small_config(4, 2);
  config.trunks[1].hunt = core::Hunt::least_recent;
  config.trunks[1].exclusive_channel = false;
  config.trunks[2].side = tdm::pri::Side::network;
  config.trunks[2].hunt = core::Hunt::descending;
  config.trunks[3].type = tdm::pri::Switch::national;
  config.trunks[3].d_channels = {Circuit{3, 24}};
  config.trunks[3].spans[0].timeslots.clear();
  for (std::uint8_t slot = 1; slot <= 23; ++slot) config.trunks[3].spans[0].timeslots.push_back(slot);
  config.trunks[3].hunt = core::Hunt::odd;
  config.spans[3].type = tdm::SpanType::t1;
  config.peers[1].codecs = {Law::mu};
  config.peers[1].options_interval = 30s;
  core::RouteConfig transit;
  transit.match = "^9";
  transit.to = {"telco3", "telco"};
  config.routes.insert(config.routes.begin(), transit);
  return config;
}

struct Outcome {
  std::uint64_t hash = 0;
  int answered = 0;
};

void expect_nothing_left(doubles::GatewayWorld& world) {
  const auto usage = world.gateway.usage();
  EXPECT_EQ(usage.calls, 0U);
  EXPECT_EQ(usage.media_sessions, 0U);
  EXPECT_EQ(usage.rtp_ports, 0U);
  EXPECT_EQ(usage.timers, 0U);
  EXPECT_EQ(usage.d_channel_calls, 0U);
  EXPECT_EQ(usage.circuits, 0U);
  EXPECT_EQ(usage.sip.calls, 0U);
  EXPECT_EQ(usage.sip.dialogs, 0U);
  EXPECT_TRUE(world.gateway.idle());
  EXPECT_GT(world.gateway.audit().audits, 0U);
  EXPECT_EQ(world.gateway.audit().all_repairs(), 0U) << "nothing disagrees in normal running";
  EXPECT_EQ(world.ports.open_count(), 0U);
  EXPECT_EQ(world.ports.closed_twice, 0);
  EXPECT_TRUE(world.media.sessions.empty());
  EXPECT_TRUE(world.media.tones.empty());
  EXPECT_TRUE(world.media.patches.empty());
  EXPECT_THAT(world.media.faults, ::testing::IsEmpty());
  for (std::size_t i = 0; i < world.config.trunks.size(); ++i) EXPECT_EQ(world.far(i).calls(), 0U);
  for (std::size_t i = 0; i < world.config.peers.size(); ++i) EXPECT_EQ(world.peer(i).usage().calls, 0U);
}

/// Every attempt has exactly one ended record, and it is its last.
void expect_records_ended(const doubles::GatewayWorld& world) {
  std::map<std::pair<std::uint64_t, int>, std::vector<core::CdrState>> attempts;
  for (const auto& cdr : world.cdrs) attempts[{cdr.call.value, cdr.attempt}].push_back(cdr.state);
  std::size_t wrong = 0;
  for (const auto& [attempt, states] : attempts) {
    const auto ended = std::ranges::count(states, core::CdrState::ended);
    if (ended != 1 || states.back() != core::CdrState::ended) ++wrong;
  }
  EXPECT_EQ(wrong, 0U);
}

/// What the run was made of, for who wants to know whether it tried enough.
void print_statistics(const doubles::GatewayWorld& world, const RandomCalls& people) {
  std::map<std::string, int> counts;
  for (const auto& cdr : world.cdrs) {
    if (cdr.state != core::CdrState::ended) continue;
    ++counts["attempt " + std::to_string(cdr.attempt)];
    ++counts["cause " + std::to_string(cdr.cause)];
    ++counts["status " + std::to_string(cdr.sip_status)];
    ++counts["by " + cdr.released_by];
    ++counts[cdr.answer ? "answered" : cdr.alerting ? "alerted only" : "neither"];
    ++counts[cdr.from_name + " to " + cdr.to_name];
  }
  for (const auto& log : world.logs)
    if (log.text.find("released by") == std::string::npos) ++counts["log: " + log.text];
  std::printf("begun %d, came in %d, answered %d\n", people.begun, people.came_in, people.answered);
  for (const auto& [what, count] : counts) std::printf("%8d %s\n", count, what.c_str());
}

Outcome run(std::uint64_t seed, int calls) {
  SCOPED_TRACE("TANDEM_SIM_SEED=" + std::to_string(seed) + " TANDEM_SIM_CALLS=" + std::to_string(calls));
  doubles::GatewayWorld world(sim_config(), seed);
  world.network = {.loss = 0.02, .duplicate = 0.02, .delay = 5ms, .jitter = 30ms};
  RandomCalls people(world);
  world.run(3s);
  people.start(calls, 200ms);
  const auto end = world.now + calls * 200ms;
  people.disturb(4s, end);
  world.run_until(end + 300s);
  world.gateway.clear_all(world.now);  // those whom nobody has hung up
  world.run(1200s);
  if (std::getenv("TANDEM_SIM_STATS") != nullptr) print_statistics(world, people);
  EXPECT_GT(people.answered, calls / 5);
  EXPECT_GT(people.came_in, calls / 3);
  expect_nothing_left(world);
  expect_records_ended(world);
  return {world.trace_hash(), people.answered};
}

TEST(GatewaySim, TenThousandRandomCallsLeaveNothingBehind) {
  run(seed_of_run(), calls_of_run());
}

TEST(GatewaySim, TheSameSeedGivesTheSameTrace) {
  const auto first = run(7, 300);
  const auto second = run(7, 300);
  EXPECT_EQ(first.hash, second.hash);
  EXPECT_EQ(first.answered, second.answered);
  EXPECT_NE(first.hash, run(8, 300).hash);
}

}  // namespace
}  // namespace tandem::sim
