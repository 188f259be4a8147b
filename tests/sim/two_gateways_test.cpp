// Fifty thousand calls between subscribers of far exchanges, through two gateways and the SIP between them,
// with what people and exchanges add to calls, on trunks of every switch type, and everything going wrong
// that may: at the end nothing is left.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>

#include "tests/sim/subscribers.h"

namespace tandem::sim {
namespace {

using namespace std::chrono_literals;
/// A trunk on T1s of its own, its D channels in the last timeslot of the first ones.
void make_t1(core::Config& config, std::size_t trunk, pri::Switch type, std::size_t spans,
             std::size_t links) {
  auto& own = config.trunks[trunk];
  own.type = type;
  own.d_channels.clear();
  const auto first = own.spans[0].span;
  own.spans.clear();
  for (std::size_t i = 0; i < spans; ++i) {
    auto span = first;
    if (i > 0) {
      span = static_cast<std::uint16_t>(config.spans.size());
      config.spans.push_back(config.spans[first]);
      config.spans.back().name = "t1-" + std::to_string(span + 1);
    }
    config.spans[span].type = tdm::SpanType::t1;
    if (i < links) own.d_channels.push_back({span, 24});
    own.spans.push_back({.span = span, .interface_id = static_cast<std::uint8_t>(i), .timeslots = {}});
    for (std::uint8_t slot = 1; slot <= (i < links ? 23 : 24); ++slot)
      own.spans.back().timeslots.push_back(slot);
  }
  own.service_messages = type != pri::Switch::euroisdn && type != pri::Switch::qsig;
}

/// Every switch type, on E1 and T1, from both sides, and NFAS with a backup D channel and without.
void choose_switches(core::Config& config, bool left) {
  using enum pri::Switch;
  const auto trunk = [&](std::size_t index) -> core::TrunkConfig& { return config.trunks[index]; };
  if (left) {
    make_t1(config, 2, national, 2, 2);
    make_t1(config, 3, dms100, 1, 1);
    make_t1(config, 4, att4ess, 1, 1);
    trunk(3).side = pri::Side::network;
  } else {
    trunk(0).type = national;
    trunk(0).service_messages = true;
    trunk(2).type = qsig;
    make_t1(config, 3, lucent5ess, 3, 1);
    make_t1(config, 4, ni1, 1, 1);
    trunk(2).side = trunk(4).side = pri::Side::network;
  }
}

core::Config side_config(bool left) {
  auto config = doubles::small_config(5, 1);
  config.trunks[1].side = pri::Side::network;
  config.trunks[1].hunt = core::Hunt::descending;
  config.trunks[1].exclusive_channel = false;
  config.trunks[3].exclusive_channel = false;
  config.trunks[0].overlap = core::Overlap::collect;
  config.trunks[0].failure_tone = core::FailureTone::always;
  config.trunks[1].announcements = {{{1, 3}, 0}};
  for (auto& trunk : config.trunks) trunk.hold = trunk.transfer = true;
  choose_switches(config, left);
  // By their last digit to a trunk; should that be full or down, to the next.
  const auto all = config.routes.front();
  for (std::size_t i = 0; i < config.trunks.size(); ++i) {
    auto route = all;
    route.match = "[" + std::to_string(i) + std::to_string(i + 5) + "]$";
    std::ranges::rotate(route.to, route.to.begin() + static_cast<std::ptrdiff_t>(i));
    config.routes.insert(config.routes.begin(), route);
  }
  // Calls that stay here: of two calls that are to be joined one at least has to end on a circuit.
  const auto local = config.routes.emplace(config.routes.begin(), config.routes.back());
  local->from = config.trunks[1].name;
  local->match = "^77";
  local->to = {config.trunks[0].name};
  auto& peer = config.peers[0];
  peer.policy.session_expires = 90s;
  if (!left) {
    peer.policy.reliable = sip::Reliable::required;
    peer.dtmf = core::DtmfMode::info_relay;
    std::swap(config.sip.listen[0].address, peer.destination.remote);
    peer.destination.local = config.sip.listen[0].address;
    peer.uri.host = "192.0.2.1";
  }
  return config;
}

void expect_nothing_left(TwoGateways& world) {
  for (std::size_t side = 0; side < 2; ++side) {
    SCOPED_TRACE("gateway " + std::to_string(side));
    const auto usage = world.gateway(side).usage();
    EXPECT_EQ(usage.calls, 0U);
    EXPECT_EQ(world.gateway(side).audit().all_repairs(), 0U) << "nothing disagrees in normal running";
    EXPECT_EQ(usage.media_sessions, 0U);
    EXPECT_EQ(usage.rtp_ports, 0U);
    EXPECT_EQ(usage.timers, 0U);
    EXPECT_EQ(usage.d_channel_calls, 0U);
    EXPECT_EQ(usage.circuits, 0U);
    EXPECT_EQ(usage.sip.calls, 0U);
    EXPECT_EQ(usage.sip.dialogs, 0U);
    EXPECT_EQ(usage.sip.transactions, 0U);
    EXPECT_EQ(world.ports(side).open_count(), 0U);
    EXPECT_EQ(world.ports(side).closed_twice, 0);
    EXPECT_TRUE(world.media(side).sessions.empty());
    EXPECT_TRUE(world.media(side).tones.empty());
    EXPECT_THAT(world.media(side).faults, ::testing::IsEmpty());
    for (std::size_t trunk = 0; trunk < world.trunks(side); ++trunk) {
      EXPECT_EQ(world.far(side, trunk).calls(), 0U);
      EXPECT_EQ(world.far(side, trunk).call_records(), 0U);
    }
  }
}

std::uint64_t run(std::uint64_t seed, int calls) {
  SCOPED_TRACE("TANDEM_SIM_SEED=" + std::to_string(seed) + " TANDEM_SIM_CALLS=" + std::to_string(calls));
  TwoGateways world(side_config(true), side_config(false), seed);
  world.network = {.loss = 0.01, .duplicate = 0.02, .delay = 5ms, .jitter = 30ms};
  std::vector<std::unique_ptr<Subscribers>> people;
  for (std::size_t side = 0; side < 2; ++side)
    for (std::size_t trunk = 0; trunk < world.trunks(side); ++trunk) {
      people.push_back(std::make_unique<Subscribers>(world, side, trunk));
      world.frame_faults(side, trunk) = kUsualFrameFaults;
    }
  world.run_until(world.now + 3s);
  constexpr Duration kInterval = 400ms;
  Duration when{};
  for (int i = 0; i < calls; ++i) {
    when += world.some(2 * kInterval);
    world.after(when, [&world, &people] { people[world.pick(people.size())]->begin(); });
  }
  const auto end = world.now + when;
  disturb(world, end);
  world.run_until(end + 300s);
  for (std::size_t side = 0; side < 2; ++side) world.gateway(side).clear_all(world.now);
  world.run_until(world.now + 1200s);
  int begun = 0, came_in = 0, connected = 0, answered = 0, features = 0;
  int held = 0, retrieved = 0, transfers = 0, user_user = 0, services = 0, restarts = 0;
  for (const auto& group : people) {
    held += group->held;
    retrieved += group->retrieved;
    transfers += group->transfers;
    user_user += group->user_user;
    services += group->services;
    restarts += group->restarts;
    begun += group->begun;
    came_in += group->came_in;
    connected += group->connected;
    answered += group->answered;
    features += group->features;
  }
  if (std::getenv("TANDEM_SIM_STATS") != nullptr) {
    std::printf("held %d, retrieved %d, transfers %d (%d joined), user-user %d, SERVICE %d, RESTART %d\n",
                held, retrieved, transfers, world.joined(), user_user, services, restarts);
    const auto& frames = world.frames();
    std::printf("frames %lu, lost %lu, damaged %lu (%lu taken for good), doubled %lu; D channels down %d\n",
                frames.carried, frames.lost, frames.damaged, frames.mistaken, frames.doubled,
                world.link_losses());
    std::printf("begun %d, came in %d, connected %d, answered %d, features %d\n", begun, came_in, connected,
                answered, features);
    for (std::size_t side = 0; side < 2; ++side)
      for (const auto& [cause, count] : world.causes(side))
        std::printf("gateway %zu: %8d cause %d\n", side, count, cause);
  }
  EXPECT_GT(came_in, calls / 2);
  EXPECT_GT(answered, calls / 4);
  EXPECT_LE(answered, connected);
  EXPECT_GT(features, calls / 50);
  if (calls >= 5000) {
    EXPECT_GT(held, calls / 100);
    EXPECT_GT(retrieved, calls / 200);
    EXPECT_GT(transfers, calls / 2000);
    EXPECT_GT(world.joined(), 0);
    EXPECT_GT(user_user, calls / 50);
    EXPECT_GT(services, 0);
    EXPECT_GT(restarts, 0) << "of whole spans";
    EXPECT_GT(world.frames().lost, static_cast<std::uint64_t>(calls / 50));
    EXPECT_GT(world.frames().damaged, static_cast<std::uint64_t>(calls / 50));
    EXPECT_GT(world.frames().doubled, static_cast<std::uint64_t>(calls / 50));
    EXPECT_GT(world.link_losses(), calls / 2000);
  }
  expect_nothing_left(world);
  return world.trace_hash();
}

int calls_of_run() {
  const char* text = std::getenv("TANDEM_SIM_CALLS");
  return text != nullptr ? std::atoi(text) : 50000;
}

std::uint64_t seed_of_run() {
  const char* text = std::getenv("TANDEM_SIM_SEED");
  return text != nullptr ? std::strtoull(text, nullptr, 10) : 20261121;
}

TEST(TwoGatewaysSim, FiftyThousandRandomCallsLeaveNothingBehind) {
  run(seed_of_run(), calls_of_run());
}

TEST(TwoGatewaysSim, TheSameSeedGivesTheSameTrace) {
  const auto first = run(7, 300);
  EXPECT_EQ(first, run(7, 300));
  EXPECT_NE(first, run(8, 300));
}

}  // namespace
}  // namespace tandem::sim
