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
                 const std::set<std::string>& other) {
  std::set<std::string> keys;
  for (const auto& row : rows) keys.emplace(row.key);
  for (const auto& key : section(path).keys) {
    if (key.only == "isup") continue;
    const auto name = prefix + std::string(key.name);
    EXPECT_TRUE(keys.contains(name) || other.contains(name)) << path << ": " << key.name;
  }
}

TEST(ReloadRows, NameEveryKeyOfTheSchema) {
  // Names tell tables apart. No reload meets the keys of ISUP trunks yet, as nothing runs them.
  expect_rows("gateway", core::gateway_rows(), "", {});
  expect_rows("gateway.sip", core::gateway_rows(), "sip.", {});
  expect_rows("gateway.rtp", core::gateway_rows(), "rtp.", {});
  expect_rows("gateway.metrics", core::gateway_rows(), "metrics.", {});
  // Timeslots and interfaces are of "spans", the backup of "d_channel", tones of the span.
  expect_rows("trunk", core::trunk_rows(), "",
              {"name", "signalling", "timeslots", "interfaces", "backup_d_channel", "tones"});
  expect_rows("peer", core::peer_rows(), "", {"name", "isup_body"});
  expect_rows("route", core::route_rows(), "", {});
  expect_rows("span", core::span_rows(), "", {"name", "receive_gain_db", "send_gain_db"});
}

TEST(ReloadRows, OfTablesInTablesAreThere) {
  for (const auto* key : {"number", "announcement"}) {
    const auto named = [&](const auto& row) { return row.key == key; };
    EXPECT_TRUE(std::ranges::any_of(core::trunk_rows(), named)) << key;
    EXPECT_TRUE(std::ranges::any_of(core::peer_rows(), named)) << key;
  }
}

}  // namespace
}  // namespace tandem::config
