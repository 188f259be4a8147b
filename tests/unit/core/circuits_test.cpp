#include "gateway/core/circuits.h"

#include <gtest/gtest.h>

#include <array>

namespace tandem::core {
namespace {

using Slots = std::vector<std::uint8_t>;
constexpr std::array<std::uint8_t, 6> kSix = {1, 2, 3, 4, 5, 6};

CircuitPool make_pool(Hunt hunt) {
  CircuitPool pool(kSix, hunt);
  pool.set_up(true);
  return pool;
}

Slots hunt_all(CircuitPool& pool) {
  Slots order;
  CallId call{100};
  while (const auto slot = pool.hunt(CircuitState::outgoing, CallId{call.value++})) order.push_back(*slot);
  return order;
}

TEST(Circuits, AscendingHuntTakesTheLowestFirst) {
  auto pool = make_pool(Hunt::ascending);
  EXPECT_EQ(hunt_all(pool), (Slots{1, 2, 3, 4, 5, 6}));
}

TEST(Circuits, DescendingHuntTakesTheHighestFirst) {
  auto pool = make_pool(Hunt::descending);
  EXPECT_EQ(hunt_all(pool), (Slots{6, 5, 4, 3, 2, 1}));
}

TEST(Circuits, OddHuntTakesOddOnesThenEvenOnes) {
  auto pool = make_pool(Hunt::odd);
  EXPECT_EQ(hunt_all(pool), (Slots{1, 3, 5, 2, 4, 6}));
}

TEST(Circuits, EvenHuntTakesEvenOnesThenOddOnes) {
  auto pool = make_pool(Hunt::even);
  EXPECT_EQ(hunt_all(pool), (Slots{2, 4, 6, 1, 3, 5}));
}

/// Takes all, then gives back 4, 2, 6 in this order.
void use_and_release(CircuitPool& pool) {
  for (const auto slot : kSix)
    ASSERT_EQ(pool.seize(slot, CircuitState::incoming, CallId{slot}), CircuitPool::Seizure::taken);
  for (const std::uint8_t slot : Slots{4, 2, 6}) pool.release(slot, CallId{slot});
}

TEST(Circuits, LeastRecentHuntTakesWhatHasBeenIdleLongest) {
  auto pool = make_pool(Hunt::least_recent);
  use_and_release(pool);
  EXPECT_EQ(hunt_all(pool), (Slots{4, 2, 6}));
}

TEST(Circuits, LeastRecentHuntTakesUnusedOnesBeforeAll) {
  auto pool = make_pool(Hunt::least_recent);
  pool.seize(1, CircuitState::incoming, CallId{1});
  pool.release(1, CallId{1});
  EXPECT_EQ(hunt_all(pool), (Slots{2, 3, 4, 5, 6, 1}));
}

TEST(Circuits, MostRecentHuntTakesWhatWasReleasedLast) {
  auto pool = make_pool(Hunt::most_recent);
  use_and_release(pool);
  EXPECT_EQ(hunt_all(pool), (Slots{6, 2, 4}));
}

TEST(Circuits, ACircuitIsNeverGivenOutTwice) {
  auto pool = make_pool(Hunt::ascending);
  ASSERT_EQ(pool.hunt(CircuitState::outgoing, CallId{1}), 1);
  EXPECT_EQ(pool.seize(1, CircuitState::incoming, CallId{2}), CircuitPool::Seizure::busy);
  pool.release(1, CallId{2});  // not its owner
  EXPECT_EQ(pool.find(1)->call, CallId{1});
  EXPECT_EQ(pool.hunt(CircuitState::outgoing, CallId{3}), 2);
}

TEST(Circuits, HuntingPassesOverCircuitsWhoseMediaHasNotEnded) {
  auto pool = make_pool(Hunt::ascending);
  ASSERT_EQ(pool.hunt(CircuitState::outgoing, CallId{1}), 1);
  pool.hold_media(1);
  pool.release(1, CallId{1});
  EXPECT_FALSE(pool.all_idle());
  EXPECT_EQ(pool.hunt(CircuitState::outgoing, CallId{2}), 2);
  pool.release_media(1);
  EXPECT_EQ(pool.hunt(CircuitState::outgoing, CallId{3}), 1);
}

TEST(Circuits, TheFarEndMayReuseACircuitWhoseMediaIsStillClosing) {
  auto pool = make_pool(Hunt::ascending);
  pool.hold_media(1);
  EXPECT_EQ(pool.seize(1, CircuitState::incoming, CallId{1}), CircuitPool::Seizure::taken);
}

TEST(Circuits, NothingIsHuntedWhenTheDChannelIsDownOrTheSpanInAlarm) {
  auto pool = make_pool(Hunt::ascending);
  pool.set_alarm(true);
  EXPECT_FALSE(pool.hunt(CircuitState::outgoing, CallId{1}));
  EXPECT_EQ(pool.blocked_by(*pool.find(1)), "alarm");
  pool.set_alarm(false);
  pool.set_up(false);
  EXPECT_FALSE(pool.hunt(CircuitState::outgoing, CallId{1}));
  EXPECT_EQ(pool.blocked_by(*pool.find(1)), "down");
}

TEST(Circuits, BlockingKeepsNewCallsOffBothWaysAndTheCallInProgressOn) {
  auto pool = make_pool(Hunt::ascending);
  ASSERT_EQ(pool.hunt(CircuitState::outgoing, CallId{1}), 1);
  EXPECT_TRUE(pool.block(1, true));
  EXPECT_EQ(pool.find(1)->call, CallId{1});
  pool.release(1, CallId{1});
  EXPECT_EQ(pool.hunt(CircuitState::outgoing, CallId{2}), 2);
  EXPECT_EQ(pool.seize(1, CircuitState::incoming, CallId{3}), CircuitPool::Seizure::busy);
  EXPECT_TRUE(pool.block(1, false));
  EXPECT_EQ(pool.seize(1, CircuitState::incoming, CallId{3}), CircuitPool::Seizure::taken);
}

TEST(Circuits, ResettingLastsUntilItIsOverEvenWhenTheCallEndsBefore) {
  auto pool = make_pool(Hunt::ascending);
  ASSERT_EQ(pool.hunt(CircuitState::outgoing, CallId{1}), 1);
  pool.set_resetting(1, true);
  EXPECT_EQ(pool.find(1)->state, CircuitState::outgoing);
  pool.release(1, CallId{1});
  EXPECT_EQ(pool.find(1)->state, CircuitState::resetting);
  EXPECT_EQ(pool.hunt(CircuitState::outgoing, CallId{2}), 2);
  pool.set_resetting(1, false);
  EXPECT_EQ(pool.find(1)->state, CircuitState::idle);
}

TEST(Circuits, AfterAGlareTheLosersReleaseDoesNotTouchTheWinner) {
  auto pool = make_pool(Hunt::ascending);
  ASSERT_EQ(pool.hunt(CircuitState::outgoing, CallId{1}), 1);
  pool.pass_on(1, CallId{2});
  pool.release(1, CallId{1});
  EXPECT_EQ(pool.find(1)->call, CallId{2});
  EXPECT_EQ(pool.find(1)->state, CircuitState::incoming);
  pool.release(1, CallId{2});
  EXPECT_TRUE(pool.all_idle());
}

TEST(Circuits, UnknownTimeslotsAreRefused) {
  auto pool = make_pool(Hunt::ascending);
  EXPECT_EQ(pool.seize(16, CircuitState::incoming, CallId{1}), CircuitPool::Seizure::unknown);
  EXPECT_FALSE(pool.block(16, true));
  EXPECT_FALSE(pool.set_resetting(16, true));
}

TEST(Timeslots, RangesAndSinglesAreReadWithinTheTrunk) {
  EXPECT_EQ(parse_timeslots("1-3,5", kSix), (Slots{1, 2, 3, 5}));
  EXPECT_EQ(parse_timeslots("", kSix), (Slots{1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(parse_timeslots("5-31", kSix), (Slots{5, 6}));
  EXPECT_EQ(parse_timeslots("2,2,1-2", kSix), (Slots{2, 1}));
}

TEST(Timeslots, NonsenseIsASentence) {
  for (const auto* text : {"x", "0", "32", "3-1", "1,", ",", "1-", "-2", "16", "99999999999", "1 2"}) {
    const auto result = parse_timeslots(text, kSix);
    EXPECT_FALSE(result) << text;
    if (!result) {
      EXPECT_GT(result.error().size(), 10U);
    }
  }
}

}  // namespace
}  // namespace tandem::core
