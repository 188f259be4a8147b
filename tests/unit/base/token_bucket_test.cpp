#include "gateway/base/token_bucket.h"

#include <gtest/gtest.h>

namespace tandem {
namespace {

using namespace std::chrono_literals;

int taken(TokenBucket& bucket, int tries, Time now) {
  int count = 0;
  for (int i = 0; i < tries; ++i) count += bucket.take(now) ? 1 : 0;
  return count;
}

TEST(TokenBucket, StartsFullAndFillsWithTime) {
  TokenBucket bucket(10, 5);
  EXPECT_EQ(taken(bucket, 20, Time{} + 1h), 5);
  EXPECT_EQ(taken(bucket, 20, Time{} + 1h + 99ms), 0);
  EXPECT_EQ(taken(bucket, 20, Time{} + 1h + 301ms), 3);
  EXPECT_EQ(taken(bucket, 20, Time{} + 2h), 5);
}

TEST(TokenBucket, OverALongTimeTheRateIsKept) {
  TokenBucket bucket(7.5, 7.5);
  int count = 0;
  for (int ms = 0; ms < 100000; ms += 3) count += bucket.take(Time{} + std::chrono::milliseconds(ms)) ? 1 : 0;
  EXPECT_NEAR(count, 750 + 7, 1);
}

TEST(TokenBucket, TimeThatGoesBackGivesNothing) {
  TokenBucket bucket(1, 1);
  EXPECT_TRUE(bucket.take(Time{} + 1h));
  EXPECT_FALSE(bucket.take(Time{}));
  EXPECT_FALSE(bucket.take(Time{} + 1h));
  EXPECT_TRUE(bucket.take(Time{} + 1h + 1s));
}

TEST(TokenBucket, NoRateIsNoLimit) {
  TokenBucket bucket(0, 1);
  EXPECT_EQ(taken(bucket, 1000, Time{}), 1000);
}

}  // namespace
}  // namespace tandem
