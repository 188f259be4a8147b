#include "tdm/pri/timers.h"

#include <gtest/gtest.h>

#include <set>

namespace tandem::tdm::pri {
namespace {

using namespace std::chrono_literals;

TEST(PriTimers, HaveDefaultsWithinTheirRangesAndOneRowForEachName) {
  std::set<std::string_view> names;
  for (const auto& row : timer_rows()) {
    EXPECT_TRUE(names.insert(row.name).second) << row.name;
    EXPECT_LE(row.minimum, row.user) << row.name;
    EXPECT_LE(row.minimum, row.network) << row.name;
    EXPECT_LE(row.user, row.maximum) << row.name;
    EXPECT_LE(row.network, row.maximum) << row.name;
    EXPECT_FALSE(row.clause.empty()) << row.name;
  }
  for (const auto* needed : {"T301", "T302", "T303", "T304", "T305", "T306", "T308", "T309", "T310", "T313",
                             "T316", "N200", "K"}) {
    EXPECT_TRUE(names.contains(needed)) << needed;
  }
}

TEST(PriTimers, OnlyTheTimerBetweenReceivedDigitsIsTheExchanges) {
  for (const auto& row : timer_rows()) EXPECT_EQ(row.by_core, row.name == "T302") << row.name;
}

TEST(PriTimers, AreLookedUpByName) {
  ASSERT_NE(find_timer("T309"), nullptr);
  EXPECT_EQ(find_timer("T309")->unit, TimerUnit::milliseconds);
  EXPECT_EQ(find_timer("K")->unit, TimerUnit::count);
  EXPECT_EQ(find_timer("T999"), nullptr);
  EXPECT_EQ(find_timer(""), nullptr);
}

TEST(PriTimers, DependOnTheSideUntilTheyAreConfigured) {
  DChannelConfig config;
  EXPECT_EQ(timer_duration(config, "T310"), 120s);
  config.side = Side::network;
  EXPECT_EQ(timer_duration(config, "T310"), 40s);
  config.timers = {{"T310", 31'000}};
  EXPECT_EQ(timer_duration(config, "T310"), 31s);
}

TEST(PriTimers, ThatAreOutOfRangeAreBroughtIntoIt) {
  DChannelConfig config;
  config.timers = {{"T309", 1'000'000}, {"T303", -5}};
  EXPECT_EQ(timer_duration(config, "T309"), 90s);
  EXPECT_EQ(timer_duration(config, "T303"), 1s);
}

}  // namespace
}  // namespace tandem::tdm::pri
