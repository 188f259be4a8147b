// A changed configuration in a gateway with ISUP trunks.
#include "gateway/core/reload.h"
#include "tests/unit/core/isup_fixture.h"

namespace tandem::core {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

class IsupReload : public IsupCall {
 protected:
  std::vector<std::string> reload(const Config& wanted) {
    std::vector<std::string> lines;
    for (const auto& change : world->gateway.reload(wanted, world->now)) lines.push_back(to_string(change));
    world->run(2s);
    return lines;
  }
  std::vector<std::string> pending() { return world->gateway.status(world->now).pending; }
  /// The file without its first ISUP trunk; its links stay until a restart.
  Config without_ss7() {
    auto wanted = world->config;
    wanted.isup_trunks.erase(wanted.isup_trunks.begin());
    std::erase_if(wanted.routes, [](const RouteConfig& route) {
      return route.from == "ss7-1" || route.to == std::vector<std::string>{"ss7-1"};
    });
    return wanted;
  }
  bool listed() {
    for (const auto& trunk : world->gateway.status(world->now).trunks)
      if (trunk.name == "ss7-1") return true;
    return false;
  }
  bool blocked_there(std::uint16_t cic) {
    const auto status = world->ss7.group(0).status(cic);
    return status && status->remote_maintenance;
  }
};

TEST_F(IsupReload, OfTheSameFileChangesNothing) {
  start_isup();
  EXPECT_THAT(reload(world->config), IsEmpty());
  EXPECT_THAT(pending(), IsEmpty());
}

TEST_F(IsupReload, SpansInAnotherOrderAreNoChange) {
  start_isup();
  auto wanted = world->config;
  std::swap(wanted.spans[0], wanted.spans[1]);
  wanted.media.spans.resize(wanted.spans.size());
  for (auto& trunk : wanted.trunks) {
    for (auto& span : trunk.spans) span.span = 1;
    for (auto& circuit : trunk.d_channels) circuit.span = 1;
  }
  for (auto& range : wanted.isup_trunks[0].group.circuits)
    for (auto& circuit : range.circuits) circuit.span = 0;
  wanted.media.links[0].circuit.span = 0;
  const auto changes = reload(wanted);
  EXPECT_THAT(changes, testing::Not(Contains(testing::HasSubstr("circuits"))));
  EXPECT_THAT(changes, testing::Not(Contains(testing::HasSubstr("links"))));
}

TEST_F(IsupReload, TimersHoldFromTheNextStartOn) {
  start_isup();
  auto wanted = world->config;
  wanted.isup_trunks[0].group.timers[isup::Timer::t9] = 60s;
  EXPECT_THAT(reload(wanted), ElementsAre("trunk ss7-1: timers_ms changed"));
  EXPECT_THAT(pending(), IsEmpty());
  const auto cic = arrived_at_isup();
  say(cic, acm());
  world->run(59s);
  EXPECT_FALSE(from_isup(isup::MessageType::rel));
  world->run(2s);
  EXPECT_TRUE(from_isup(isup::MessageType::rel));
}

TEST_F(IsupReload, WhatTheLinksAndCircuitsAreNeedsARestart) {
  start_isup();
  auto wanted = world->config;
  auto& group = wanted.isup_trunks[0].group;
  group.circuits.pop_back();
  group.destination = 300;
  wanted.media.links[0].circuit.timeslot = 31;
  wanted.networks[0].linksets.push_back({.name = "stp", .own = 100, .adjacent = 400, .links = {{.slc = 0}}});
  wanted.media.links.push_back({.circuit = {1, 30}});
  EXPECT_THAT(reload(wanted), ElementsAre("trunk ss7-1: dpc changed: needs a restart",
                                          "trunk ss7-1: circuits changed: needs a restart",
                                          "trunk ss7-1: links changed: needs a restart",
                                          "linkset stp: new: needs a restart"));
  EXPECT_EQ(pending().size(), 4U);
  answered_at_isup();
  EXPECT_EQ(world->gateway.calls(world->now).size(), 1U) << "all goes on as before";
}

TEST_F(IsupReload, ATrunkThatIsTakenOutTakesNoNewCallAndGoesWhenItIsIdle) {
  start_isup();
  const auto cic = answered_at_isup();
  EXPECT_THAT(reload(without_ss7()), Contains("trunk ss7-1: removed: waits until drained"));
  EXPECT_EQ(world->gateway.calls(world->now).size(), 1U);
  EXPECT_TRUE(listed());

  call_from_isup(iam("2000"), 0, 9);
  const auto refused = from_isup(isup::MessageType::rel);
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->cic, 9);
  EXPECT_EQ(refused->message.get<isup::CauseIndicators>()->value, 41);

  say(cic, make_rel(16));
  world->run(2s);
  EXPECT_FALSE(listed());
  EXPECT_THAT(pending(), IsEmpty());
  for (const auto& row : world->gateway.circuits())
    EXPECT_FALSE(row.trunk == "ss7-1" && row.cic) << row.circuit;
  EXPECT_TRUE(blocked_there(1));
  EXPECT_TRUE(blocked_there(31));
  EXPECT_FALSE(world->gateway.block("ss7-1", "", world->now)) << "there is no such trunk";
}

TEST_F(IsupReload, ATrunkThatComesBackCarriesCallsAgain) {
  start_isup();
  const auto with = world->config;
  reload(without_ss7());
  EXPECT_FALSE(listed());
  EXPECT_TRUE(blocked_there(5));
  EXPECT_THAT(reload(with), Contains("trunk ss7-1: new: waits until drained"));
  EXPECT_TRUE(listed());
  EXPECT_THAT(pending(), IsEmpty());
  EXPECT_FALSE(blocked_there(5));
  answered_at_isup();
  EXPECT_EQ(world->gateway.calls(world->now).size(), 1U);
}

}  // namespace
}  // namespace tandem::core
