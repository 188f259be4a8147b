// What `tandem links` and the metrics tell of signalling links.
#include "gateway/io/link_rows.h"

#include <gtest/gtest.h>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace tandem::io {
namespace {

core::LinkStatus link(std::size_t index) {
  core::LinkStatus status;
  status.linkset = "telco";
  status.adjacent = "2-100-1";
  status.slc = 3;
  status.link = index;
  status.circuit = "e1-1:16";
  status.state = "carrying";
  status.inhibited = "remote";
  return status;
}

TEST(LinkRows, JoinWhatLevel3AndLevel2Know) {
  std::vector<media::LinkReport> reports(2);
  reports[1].state = mtp::LinkState::in_service;
  reports[1].counters.msus_sent = 71;
  reports[1].counters.failures = 2;
  reports[1].counters.in_service = std::chrono::milliseconds(1500);
  const auto rows = link_rows({link(1)}, reports);
  ASSERT_EQ(rows.size(), 1U);
  const auto& row = rows[0].as_object();
  EXPECT_EQ(row.at("linkset"), "telco");
  EXPECT_EQ(row.at("slc").to_number<int>(), 3);
  EXPECT_EQ(row.at("state"), "carrying");
  EXPECT_EQ(row.at("inhibited"), "remote");
  EXPECT_EQ(row.at("level_2"), "in service");
  EXPECT_EQ(row.at("msus_sent").to_number<int>(), 71);
  EXPECT_EQ(row.at("failures").to_number<int>(), 2);
  EXPECT_EQ(row.at("seconds_in_service").to_number<double>(), 1.5);
}

TEST(LinkRows, ALinkWithoutAReportIsOutOfService) {
  const auto rows = link_rows({link(4)}, {});
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].as_object().at("level_2"), "out of service");
}

TEST(LinkRows, EveryStateOfLevel2HasAName) {
  for (int i = 0; i <= static_cast<int>(mtp::LinkState::processor_outage); ++i)
    EXPECT_FALSE(level2_name(static_cast<mtp::LinkState>(i)).empty()) << i;
}

}  // namespace
}  // namespace tandem::io
