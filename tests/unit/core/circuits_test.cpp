#include "gateway/core/circuits.h"

#include <gtest/gtest.h>

#include <array>

namespace tandem::core {
namespace {

using Slots = std::vector<std::uint8_t>;
using Circuits = std::vector<Circuit>;
constexpr std::array<Circuit, 6> kSix = {Circuit{0, 1}, {0, 2}, {0, 3}, {0, 4}, {0, 5}, {0, 6}};
constexpr Circuit at(std::uint8_t timeslot, std::uint16_t span = 0) {
  return {span, timeslot};
}

CircuitPool make_pool(Hunt hunt) {
  CircuitPool pool(kSix, hunt);
  pool.set_up(true);
  return pool;
}

Slots hunt_all(CircuitPool& pool) {
  Slots order;
  CallId call{100};
  while (const auto slot = pool.hunt(CircuitState::outgoing, CallId{call.value++}))
    order.push_back(slot->timeslot);
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
  for (const auto circuit : kSix)
    ASSERT_EQ(pool.seize(circuit, CircuitState::incoming, CallId{circuit.timeslot}),
              CircuitPool::Seizure::taken);
  for (const std::uint8_t slot : Slots{4, 2, 6}) pool.release(at(slot), CallId{slot});
}

TEST(Circuits, LeastRecentHuntTakesWhatHasBeenIdleLongest) {
  auto pool = make_pool(Hunt::least_recent);
  use_and_release(pool);
  EXPECT_EQ(hunt_all(pool), (Slots{4, 2, 6}));
}

TEST(Circuits, LeastRecentHuntTakesUnusedOnesBeforeAll) {
  auto pool = make_pool(Hunt::least_recent);
  pool.seize(at(1), CircuitState::incoming, CallId{1});
  pool.release(at(1), CallId{1});
  EXPECT_EQ(hunt_all(pool), (Slots{2, 3, 4, 5, 6, 1}));
}

TEST(Circuits, MostRecentHuntTakesWhatWasReleasedLast) {
  auto pool = make_pool(Hunt::most_recent);
  use_and_release(pool);
  EXPECT_EQ(hunt_all(pool), (Slots{6, 2, 4}));
}

TEST(Circuits, ACircuitIsNeverGivenOutTwice) {
  auto pool = make_pool(Hunt::ascending);
  ASSERT_EQ(pool.hunt(CircuitState::outgoing, CallId{1}), at(1));
  EXPECT_EQ(pool.seize(at(1), CircuitState::incoming, CallId{2}), CircuitPool::Seizure::busy);
  pool.release(at(1), CallId{2});  // not its owner
  EXPECT_EQ(pool.find(at(1))->call, CallId{1});
  EXPECT_EQ(pool.hunt(CircuitState::outgoing, CallId{3}), at(2));
}

TEST(Circuits, HuntingPassesOverCircuitsWhoseMediaHasNotEnded) {
  auto pool = make_pool(Hunt::ascending);
  ASSERT_EQ(pool.hunt(CircuitState::outgoing, CallId{1}), at(1));
  pool.hold_media(at(1));
  pool.release(at(1), CallId{1});
  EXPECT_FALSE(pool.all_idle());
  EXPECT_EQ(pool.hunt(CircuitState::outgoing, CallId{2}), at(2));
  pool.release_media(at(1));
  EXPECT_EQ(pool.hunt(CircuitState::outgoing, CallId{3}), at(1));
}

TEST(Circuits, TheFarEndMayReuseACircuitWhoseMediaIsStillClosing) {
  auto pool = make_pool(Hunt::ascending);
  pool.hold_media(at(1));
  EXPECT_EQ(pool.seize(at(1), CircuitState::incoming, CallId{1}), CircuitPool::Seizure::taken);
}

TEST(Circuits, NothingIsHuntedWhenTheDChannelIsDownOrTheSpanInAlarm) {
  auto pool = make_pool(Hunt::ascending);
  pool.set_alarm(0, true);
  EXPECT_FALSE(pool.hunt(CircuitState::outgoing, CallId{1}));
  EXPECT_EQ(pool.blocked_by(*pool.find(at(1))), "alarm");
  pool.set_alarm(0, false);
  pool.set_up(false);
  EXPECT_FALSE(pool.hunt(CircuitState::outgoing, CallId{1}));
  EXPECT_EQ(pool.blocked_by(*pool.find(at(1))), "down");
}

TEST(Circuits, BlockingKeepsNewCallsOffBothWaysAndTheCallInProgressOn) {
  auto pool = make_pool(Hunt::ascending);
  ASSERT_EQ(pool.hunt(CircuitState::outgoing, CallId{1}), at(1));
  EXPECT_TRUE(pool.block(at(1), true));
  EXPECT_EQ(pool.find(at(1))->call, CallId{1});
  pool.release(at(1), CallId{1});
  EXPECT_EQ(pool.hunt(CircuitState::outgoing, CallId{2}), at(2));
  EXPECT_EQ(pool.seize(at(1), CircuitState::incoming, CallId{3}), CircuitPool::Seizure::busy);
  EXPECT_TRUE(pool.block(at(1), false));
  EXPECT_EQ(pool.seize(at(1), CircuitState::incoming, CallId{3}), CircuitPool::Seizure::taken);
}

TEST(Circuits, ResettingLastsUntilItIsOverEvenWhenTheCallEndsBefore) {
  auto pool = make_pool(Hunt::ascending);
  ASSERT_EQ(pool.hunt(CircuitState::outgoing, CallId{1}), at(1));
  pool.set_resetting(at(1), true);
  EXPECT_EQ(pool.find(at(1))->state, CircuitState::outgoing);
  pool.release(at(1), CallId{1});
  EXPECT_EQ(pool.find(at(1))->state, CircuitState::resetting);
  EXPECT_EQ(pool.hunt(CircuitState::outgoing, CallId{2}), at(2));
  pool.set_resetting(at(1), false);
  EXPECT_EQ(pool.find(at(1))->state, CircuitState::idle);
}

TEST(Circuits, AfterAGlareTheLosersReleaseDoesNotTouchTheWinner) {
  auto pool = make_pool(Hunt::ascending);
  ASSERT_EQ(pool.hunt(CircuitState::outgoing, CallId{1}), at(1));
  pool.pass_on(at(1), CallId{2});
  pool.release(at(1), CallId{1});
  EXPECT_EQ(pool.find(at(1))->call, CallId{2});
  EXPECT_EQ(pool.find(at(1))->state, CircuitState::incoming);
  pool.release(at(1), CallId{2});
  EXPECT_TRUE(pool.all_idle());
}

TEST(Circuits, UnknownTimeslotsAreRefused) {
  auto pool = make_pool(Hunt::ascending);
  EXPECT_EQ(pool.seize(at(16), CircuitState::incoming, CallId{1}), CircuitPool::Seizure::unknown);
  EXPECT_FALSE(pool.block(at(16), true));
  EXPECT_FALSE(pool.set_resetting(at(16), true));
}

TEST(Circuits, AnAlarmTakesTheCircuitsOfItsSpanOnly) {
  const std::array<Circuit, 4> two = {at(1, 3), at(2, 3), at(1, 7), at(2, 7)};
  CircuitPool pool(two, Hunt::ascending);
  pool.set_up(true);
  pool.set_alarm(3, true);
  EXPECT_FALSE(pool.alarm());
  EXPECT_EQ(pool.blocked_by(*pool.find(at(1, 3))), "alarm");
  EXPECT_EQ(pool.blocked_by(*pool.find(at(1, 7))), "");
  EXPECT_EQ(pool.hunt(CircuitState::outgoing, CallId{1}), at(1, 7));
  pool.set_alarm(7, true);
  EXPECT_TRUE(pool.alarm());
  EXPECT_FALSE(pool.hunt(CircuitState::outgoing, CallId{2}));
  pool.set_alarm(3, false);
  EXPECT_FALSE(pool.alarm());
  EXPECT_EQ(pool.hunt(CircuitState::outgoing, CallId{3}), at(1, 3));
}

TEST(Circuits, SpansAreHuntedOneAfterTheOtherAndTheSameTimeslotOfTwoIsTwoCircuits) {
  const std::array<Circuit, 4> two = {at(1, 1), at(1, 0), at(2, 1), at(2, 0)};
  CircuitPool pool(two, Hunt::ascending);
  pool.set_up(true);
  EXPECT_EQ(pool.seize(at(1, 1), CircuitState::incoming, CallId{9}), CircuitPool::Seizure::taken);
  EXPECT_EQ(pool.hunt(CircuitState::outgoing, CallId{1}), at(1, 0));
  EXPECT_EQ(pool.hunt(CircuitState::outgoing, CallId{2}), at(2, 0));
  EXPECT_EQ(pool.hunt(CircuitState::outgoing, CallId{3}), at(2, 1));
}

TEST(Circuits, WhatTheFarEndHasPutOutOfServiceIsTakenByNeitherEnd) {
  auto pool = make_pool(Hunt::ascending);
  EXPECT_TRUE(pool.set_service(at(1), false));
  EXPECT_EQ(pool.blocked_by(*pool.find(at(1))), "remote");
  EXPECT_EQ(pool.hunt(CircuitState::outgoing, CallId{1}), at(2));
  EXPECT_EQ(pool.seize(at(1), CircuitState::incoming, CallId{2}), CircuitPool::Seizure::busy);
  EXPECT_TRUE(pool.set_service(at(1), true));
  EXPECT_EQ(pool.hunt(CircuitState::outgoing, CallId{3}), at(1));
  EXPECT_FALSE(pool.set_service(at(16), false));
}

constexpr std::array<SpanName, 2> kNames = {SpanName{"e1-1", 0}, {"e1-2", 1}};

TEST(CircuitRanges, RangesAndSinglesAreReadWithinTheTrunk) {
  EXPECT_EQ(parse_circuits("1-3,5", kSix, kNames), (Circuits{at(1), at(2), at(3), at(5)}));
  EXPECT_EQ(parse_circuits("", kSix, kNames), Circuits(kSix.begin(), kSix.end()));
  EXPECT_EQ(parse_circuits("5-31", kSix, kNames), (Circuits{at(5), at(6)}));
  EXPECT_EQ(parse_circuits("2,2,1-2", kSix, kNames), (Circuits{at(2), at(1)}));
}

TEST(CircuitRanges, ASpansNameHoldsForWhatFollowsItAndWithoutOneEverySpanIsMeant) {
  const std::array<Circuit, 4> two = {at(1, 0), at(2, 0), at(1, 1), at(2, 1)};
  EXPECT_EQ(parse_circuits("1", two, kNames), (Circuits{at(1, 0), at(1, 1)}));
  EXPECT_EQ(parse_circuits("e1-2:1,2", two, kNames), (Circuits{at(1, 1), at(2, 1)}));
  EXPECT_EQ(parse_circuits("e1-2:1,e1-1:2", two, kNames), (Circuits{at(1, 1), at(2, 0)}));
  EXPECT_FALSE(parse_circuits("e1-3:1", two, kNames));
}

TEST(CircuitRanges, NonsenseIsASentence) {
  for (const auto* text : {"x", "0", "32", "3-1", "1,", ",", "1-", "-2", "16", "99999999999", "1 2", ":",
                           ":1", "e1-1", "e1-1:", "e1-2:1"}) {
    const auto result = parse_circuits(text, kSix, kNames);
    EXPECT_FALSE(result) << text;
    if (!result) {
      EXPECT_GT(result.error().size(), 10U);
    }
  }
}

}  // namespace
}  // namespace tandem::core
