// Gain of each circuit, as the media engine is told: its trunk's, else its span's; at the start and by a
// reload.
#include "gateway/core/gains.h"

#include "gateway/core/reload.h"
#include "tests/unit/core/isup_fixture.h"

namespace tandem::core {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using testing::UnorderedElementsAre;
using Both = std::pair<float, float>;

class TrunkGain : public IsupCall {
 protected:
  std::vector<std::string> reload(const Config& wanted) {
    std::vector<std::string> lines;
    for (const auto& change : world->gateway.reload(wanted, world->now)) lines.push_back(to_string(change));
    world->run(50ms);
    return lines;
  }
  /// A trunk with timeslots 1 and 2 of span 0 only, and no gain of the spans.
  static Config two_timeslots() {
    auto config = doubles::small_config();
    config.trunks[0].spans[0].timeslots = {1, 2};
    config.media.spans.resize(config.spans.size());
    return config;
  }
  static Circuit slot(std::uint8_t timeslot) { return {.span = 0, .timeslot = timeslot}; }
};

TEST_F(TrunkGain, IsToldAtTheStartForTheCircuitsOfTheTrunkOnly) {
  auto config = two_timeslots();
  config.trunks[0].gains = {.receive = Decibels{-3}, .send = Decibels{2}};
  start(config);
  EXPECT_THAT(world->media.gains,
              UnorderedElementsAre(Pair(slot(1), Both(-3, 2)), Pair(slot(2), Both(-3, 2))));
}

TEST_F(TrunkGain, OfOneDirectionLeavesTheOtherAsTheSpanHasIt) {
  auto config = two_timeslots();
  config.media.spans[0] = {.receive_gain = {-6}, .send_gain = {4}};
  config.trunks[0].gains.send = Decibels{0};
  start(config);
  EXPECT_THAT(world->media.gains,
              UnorderedElementsAre(Pair(slot(1), Both(-6, 0)), Pair(slot(2), Both(-6, 0))));
}

TEST_F(TrunkGain, NotSaidIsTheSpans) {
  auto config = two_timeslots();
  config.media.spans[0] = {.receive_gain = {-6}, .send_gain = {4}};
  start(config);
  EXPECT_THAT(world->media.gains, IsEmpty()) << "the engine begins with those";
}

TEST_F(TrunkGain, OfAnIsupTrunkIsOfItsCircuits) {
  auto config = isup_config();
  config.isup_trunks[0].gains.receive = Decibels{-2};
  start(config);
  EXPECT_EQ(world->media.gains.size(), 30U);
  EXPECT_FALSE(world->media.gains.contains({.span = 1, .timeslot = 16})) << "that is its link";
  EXPECT_EQ((world->media.gains[{.span = 1, .timeslot = 31}]), Both(-2, 0));
}

TEST_F(TrunkGain, ThatAReloadChangesHoldsAtOnceAndThatOfTheSpanWhereItIsTakenOut) {
  start(two_timeslots());
  auto wanted = world->config;
  wanted.trunks[0].gains.receive = Decibels{-3};
  EXPECT_THAT(reload(wanted), ElementsAre("trunk telco: receive_gain_db changed"));
  EXPECT_THAT(world->media.gains,
              UnorderedElementsAre(Pair(slot(1), Both(-3, 0)), Pair(slot(2), Both(-3, 0))));
  world->media.gains.clear();
  EXPECT_THAT(reload(wanted), IsEmpty());
  EXPECT_THAT(world->media.gains, IsEmpty()) << "nothing changed";
  wanted.media.spans[0].receive_gain = {5};
  EXPECT_THAT(reload(wanted), ElementsAre("span e1-1: receive_gain_db changed"));
  EXPECT_FALSE(world->media.gains.contains(slot(1))) << "the trunk's own is stronger";
  EXPECT_EQ(world->media.gains[slot(3)], Both(5, 0));
  wanted.trunks[0].gains = {};
  reload(wanted);
  EXPECT_EQ(world->media.gains[slot(2)], Both(5, 0));
}

TEST_F(TrunkGain, FollowsTheTimeslotsOnceTheTrunkIsDrained) {
  auto config = two_timeslots();
  config.trunks[0].gains.send = Decibels{-4};
  start(config);
  const auto setup = answered_from_sip();
  auto wanted = world->config;
  wanted.trunks[0].spans[0].timeslots = {2, 3};
  world->media.gains.clear();
  EXPECT_THAT(reload(wanted), ElementsAre("trunk telco: spans changed: waits until drained"));
  EXPECT_THAT(world->media.gains, IsEmpty()) << "a call is on it";
  world->far(0).disconnect(setup.call, 16, world->now);
  world->run(2s);
  EXPECT_THAT(world->media.gains,
              UnorderedElementsAre(Pair(slot(1), Both(0, 0)), Pair(slot(3), Both(0, -4))));
}

TEST(GainChanges, PutTimeslotsOfLikeGainsTogether) {
  std::vector<SpanGains> from(2);
  auto to = from;
  to[0][0] = to[0][4] = {.receive = {3}};
  to[0][31] = {.send = {3}};
  to[1][0] = {.receive = {3}};
  const auto changes = gain_changes(from, to);
  ASSERT_EQ(changes.size(), 3U);
  EXPECT_EQ(changes[0].timeslots, 0x11U);
  EXPECT_EQ(changes[1].timeslots, 0x80000000U);
  EXPECT_EQ(changes[2].span, 1);
  EXPECT_TRUE(gain_changes(to, to).empty());
  EXPECT_TRUE(gain_changes({}, to).empty());
}

}  // namespace
}  // namespace tandem::core
