// Every key of the configuration has a row that says what its change needs, so that a reload misses none.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "config/schema.h"
#include "gateway/core/reload.h"

namespace tandem::config {
namespace {

template <class Rows>
void expect_rows(std::string_view path, const Rows& rows, std::string prefix,
                 const std::set<std::string>& other, std::string_view kind = "") {
  std::set<std::string> keys;
  for (const auto& row : rows) keys.emplace(row.key);
  for (const auto& key : section(path).keys) {
    if (!key.only.empty() && key.only != kind) continue;
    const auto name = prefix + std::string(key.name);
    EXPECT_TRUE(keys.contains(name) || other.contains(name)) << path << ": " << key.name;
  }
}

TEST(ReloadRows, NameEveryKeyOfTheSchema) {
  // Names tell tables apart.
  expect_rows("gateway", core::gateway_rows(), "", {});
  expect_rows("gateway.sip", core::gateway_rows(), "sip.", {});
  expect_rows("gateway.rtp", core::gateway_rows(), "rtp.", {});
  expect_rows("gateway.metrics", core::gateway_rows(), "metrics.", {});
  // Timeslots and interfaces are of "spans", the backup of "d_channel", tones of the span.
  expect_rows("trunk", core::trunk_rows(), "",
              {"name", "signalling", "timeslots", "interfaces", "backup_d_channel", "tones"}, "pri");
  // Linksets are the routes of these, timers of level 2 those of links; tones are of the span.
  expect_rows("trunk", core::isup_trunk_rows(), "",
              {"name", "signalling", "linksets", "mtp2_timers_ms", "tones"}, "isup");
  expect_rows("linkset", core::linkset_rows(), "", {"name"});
  expect_rows("peer", core::peer_rows(), "", {"name", "isup_body"});
  expect_rows("route", core::route_rows(), "", {});
  expect_rows("span", core::span_rows(), "", {"name", "receive_gain_db", "send_gain_db"});
}

TEST(ReloadRows, OfTablesInTablesAreThere) {
  for (const auto* key : {"number", "announcement"}) {
    const auto named = [&](const auto& row) { return row.key == key; };
    EXPECT_TRUE(std::ranges::any_of(core::trunk_rows(), named)) << key;
    EXPECT_TRUE(std::ranges::any_of(core::isup_trunk_rows(), named)) << key;
    EXPECT_TRUE(std::ranges::any_of(core::peer_rows(), named)) << key;
  }
}

TEST(ReloadRows, OfIsupTrunksKnowCircuitsAndLinks) {
  const auto named = [](std::string_view key) { return [key](const auto& row) { return row.key == key; }; };
  EXPECT_TRUE(std::ranges::any_of(core::isup_trunk_rows(), named("circuits")));
  EXPECT_TRUE(std::ranges::any_of(core::linkset_rows(), named("links")));
}

}  // namespace
}  // namespace tandem::config
