#include "gateway/core/metrics.h"

#include <gtest/gtest.h>

#include <numeric>

#include "tests/doubles/gateway_world.h"

namespace tandem::core {
namespace {

Cdr ended(int cause, int status) {
  Cdr cdr;
  cdr.state = CdrState::ended;
  cdr.from_name = "carrier";
  cdr.to_name = "telco";
  cdr.cause = cause;
  cdr.sip_status = status;
  cdr.setup = WallTime(std::chrono::seconds(100));
  cdr.release = WallTime(std::chrono::seconds(200));
  return cdr;
}

TEST(CallMetrics, CountEndedAttemptsByPartyDirectionCauseAndStatus) {
  const auto config = doubles::small_config();
  CallMetrics metrics;
  metrics.count(ended(16, 200), config);
  metrics.count(ended(16, 200), config);
  metrics.count(ended(17, 486), config);
  auto up = ended(16, 200);
  up.state = CdrState::up;
  metrics.count(up, config);
  ASSERT_EQ(metrics.attempts().size(), 4U);
  EXPECT_EQ(metrics.attempts().at({"carrier", false, true, 16, 200}), 2U);
  EXPECT_EQ(metrics.attempts().at({"telco", true, false, 16, 200}), 2U);
  EXPECT_EQ(metrics.attempts().at({"carrier", false, true, 17, 486}), 1U);
  EXPECT_EQ(metrics.attempts().at({"telco", true, false, 17, 486}), 1U);
}

TEST(CallMetrics, LeaveOutNamesThatNobodyConfigured) {
  auto cdr = ended(3, 404);
  cdr.from_name = "whoever";
  cdr.to_name.clear();
  CallMetrics metrics;
  metrics.count(cdr, doubles::small_config());
  EXPECT_TRUE(metrics.attempts().empty());
}

TEST(CallMetrics, GrowNoFurtherThanTheirLimit) {
  const auto config = doubles::small_config();
  CallMetrics metrics;
  for (int cause = 0; cause < 128; ++cause)
    for (int status = 100; status < 700; ++status) metrics.count(ended(cause, status), config);
  EXPECT_LE(metrics.attempts().size(), 20002U);
  const auto sum = std::accumulate(metrics.attempts().begin(), metrics.attempts().end(), std::uint64_t{0},
                                   [](std::uint64_t n, const auto& kind) { return n + kind.second; });
  EXPECT_EQ(sum, 2U * 128 * 600) << "what has no kind of its own is counted all the same";
}

TEST(CallMetrics, MeasureTimesAndQuality) {
  CallMetrics metrics;
  auto cdr = ended(16, 200);
  cdr.answer = WallTime(std::chrono::seconds(104));
  cdr.packets_received = 990;
  cdr.packets_lost = 10;
  cdr.jitter_ms = 4;
  cdr.mos = 4.2;
  metrics.count(cdr, doubles::small_config());
  EXPECT_EQ(metrics.answer_seconds.counts[2], 1U);  // above 2 s, at most 5 s
  EXPECT_EQ(metrics.answer_seconds.sum, 4);
  EXPECT_EQ(metrics.talk_seconds.counts[4], 1U);  // 96 s
  EXPECT_EQ(metrics.loss_ratio.counts[3], 1U);    // 1 %
  EXPECT_EQ(metrics.jitter_seconds.counts[2], 1U);
  EXPECT_EQ(metrics.mos.counts[6], 1U);
}

TEST(CallMetrics, MeasureNoQualityWhereNothingWasReceived) {
  CallMetrics metrics;
  metrics.count(ended(17, 486), doubles::small_config());
  EXPECT_EQ(metrics.loss_ratio.sum, 0);
  for (const auto count : metrics.loss_ratio.counts) EXPECT_EQ(count, 0U);
  for (const auto count : metrics.answer_seconds.counts) EXPECT_EQ(count, 0U);
}

TEST(Histogram, PutsABoundBelowItself) {
  Histogram<2> histogram{.bounds = {1, 2}};
  for (const double value : {1.0, 1.5, 2.0, 2.1}) histogram.add(value);
  EXPECT_EQ(histogram.counts, (std::array<std::uint64_t, 3>{1, 2, 1}));
  EXPECT_DOUBLE_EQ(histogram.sum, 6.6);
}

}  // namespace
}  // namespace tandem::core
