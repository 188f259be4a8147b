// Two trunks between the same point codes: their circuits are of one machine (ADR 0012).
#include <algorithm>

#include "tests/unit/core/isup_fixture.h"

namespace tandem::core {
namespace {

using T = isup::MessageType;

class IsupShared : public IsupCall {
 protected:
  /// "ss7-1" has CICs 1 to 15, "ss7-2" 16 to 31, to the same exchange by the links of the first; numbers from
  /// 7 and 8 on lead to them.
  static Config shared_config() {
    auto config = isup_config(2);
    auto& first = config.isup_trunks[0].group;
    auto& second = config.isup_trunks[1].group;
    first.circuits.resize(1);
    second.destination = first.destination;
    second.circuits = {{16, {}}};
    for (std::uint8_t slot = 1; slot <= 16; ++slot) second.circuits[0].circuits.push_back({2, slot});
    config.networks[0].linksets.resize(1);
    config.media.links.resize(1);
    return config;
  }
  std::vector<std::string> blocked() {
    std::vector<std::string> rows;
    for (const auto& row : world->gateway.circuits())
      if (row.cic && !row.blocked.empty())
        rows.push_back(row.trunk + " " + std::to_string(*row.cic) + " " + row.blocked);
    return rows;
  }
  std::uint16_t called(const std::string& number) {
    world->peer(0).invite(invite(number), world->to_gateway(0), world->now);
    world->run(50ms);
    for (const std::size_t trunk : {0U, 1U})
      if (const auto begun = from_isup(T::iam, trunk)) return begun->cic;
    return 0;
  }
};

TEST_F(IsupShared, AGroupBlockingOverBothBlocksCircuitsOfBothAndIsAcknowledgedWhole) {
  start_isup(shared_config());
  world->ss7.group(0).block(14, 4, isup::Blocking::maintenance, world->now);
  world->run(1s);
  EXPECT_EQ(blocked(), (std::vector<std::string>{"ss7-1 14 remote", "ss7-1 15 remote", "ss7-2 16 remote",
                                                 "ss7-2 17 remote"}));
  for (std::uint16_t cic = 14; cic <= 17; ++cic)
    EXPECT_EQ(world->ss7.group(0).status(cic)->block, isup::BlockState::blocked) << cic;
  world->ss7.group(0).unblock(14, 4, isup::Blocking::maintenance, world->now);
  world->run(1s);
  EXPECT_TRUE(blocked().empty());
}

TEST_F(IsupShared, AGroupResetOverBothEndsTheCallsOfBoth) {
  start_isup(shared_config());
  ASSERT_EQ(called("7000"), 1);
  ASSERT_EQ(called("8000"), 16);
  say(1, acm());
  say(16, acm());
  ASSERT_EQ(world->gateway.calls(world->now).size(), 2U);
  world->ss7.group(0).reset(1, 31, world->now);
  world->run(1s);
  EXPECT_TRUE(world->gateway.calls(world->now).empty());
  for (std::uint16_t cic = 1; cic <= 31; ++cic)
    EXPECT_EQ(world->ss7.group(0).status(cic)->call, isup::CallState::idle) << cic;
  expect_nothing_left();
}

TEST_F(IsupShared, AQueryOverBothIsAnsweredForBoth) {
  start_isup(shared_config());
  ASSERT_EQ(called("8000"), 16);
  ASSERT_TRUE(world->gateway.block("ss7-1", "15", world->now));
  world->run(1s);
  heard.clear();
  world->ss7.group(0).query(15, 2, world->now);
  world->run(1s);
  const auto it = std::ranges::find_if(
      heard, [](const Heard& one) { return std::holds_alternative<isup::QueryEnded>(one.what); });
  ASSERT_NE(it, heard.end());
  const auto& seen = std::get<isup::QueryEnded>(it->what).seen;
  ASSERT_EQ(seen.size(), 2U);
  EXPECT_EQ(seen[0].theirs.maintenance, 1);  // blocked by the gateway
  EXPECT_EQ(seen[0].theirs.call, 3);
  EXPECT_EQ(seen[1].theirs.call, 0);  // an outgoing call without ACM: changing
}

TEST_F(IsupShared, CallsKeepToTheCircuitsOfTheirTrunk) {
  auto config = shared_config();
  config.isup_trunks[0].group.circuits[0].circuits.resize(1);
  start_isup(std::move(config));
  EXPECT_EQ(called("7000"), 1);
  EXPECT_EQ(called("8000"), 16);
  EXPECT_EQ(called("7001"), 0);
  EXPECT_EQ(called("8001"), 17);
}

TEST_F(IsupShared, EachTrunkSelectsCircuitsInItsOwnWay) {
  auto config = shared_config();
  config.isup_trunks[1].group.hunting = isup::Hunting::descending;
  start_isup(std::move(config));
  EXPECT_EQ(called("7000"), 1);
  EXPECT_EQ(called("8000"), 31);
}

TEST_F(IsupShared, ACallIsOfTheTrunkOnWhoseCircuitItComes) {
  start_isup(shared_config());
  call_from_isup(iam("1000"), 0, 20);
  ASSERT_TRUE(from_sip<sip::IncomingCall>());
  EXPECT_EQ(world->gateway.calls(world->now).at(0).from_name, "ss7-2");
}

TEST_F(IsupShared, MessagesAreCountedOnce) {
  start_isup(shared_config());
  const auto trunks = world->gateway.status(world->now).trunks;
  EXPECT_TRUE(trunks.at(1).isup);
  EXPECT_FALSE(trunks.at(2).isup);
}

TEST_F(IsupShared, OneTrunkThatIsTakenOutLeavesTheOther) {
  const auto config = shared_config();
  start_isup(config);
  auto next = config;
  next.isup_trunks.erase(next.isup_trunks.begin());
  std::erase_if(next.routes,
                [](const RouteConfig& route) { return route.from == "ss7-1" || route.to[0] == "ss7-1"; });
  world->gateway.reload(next, world->now);
  world->run(1s);
  EXPECT_TRUE(world->ss7.group(0).status(15)->remote_maintenance);
  EXPECT_FALSE(world->ss7.group(0).status(16)->remote_maintenance);
  EXPECT_EQ(called("8000"), 16);
  EXPECT_TRUE(world->gateway.status(world->now).trunks.at(1).isup);
}

}  // namespace
}  // namespace tandem::core
