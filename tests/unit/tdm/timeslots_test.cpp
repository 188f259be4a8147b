#include "tdm/timeslots.h"

#include <gtest/gtest.h>

namespace tandem::tdm {
namespace {

struct Bad {
  const char* text;
  SpanType type;
  Errc code;
  std::uint32_t offset;
};

TEST(Timeslots, RangesAndSinglesAreParsed) {
  const auto set = parse_timeslots("1-15,17-31", SpanType::e1);
  ASSERT_TRUE(set);
  EXPECT_EQ(set->size(), 30);
  EXPECT_TRUE(set->contains(15));
  EXPECT_FALSE(set->contains(16));
  EXPECT_FALSE(set->contains(0));
  EXPECT_FALSE(set->contains(32));
  EXPECT_EQ(set->list().front(), 1);
  EXPECT_EQ(set->list().back(), 31);
  EXPECT_EQ(set->list().size(), 30U);
  EXPECT_EQ(parse_timeslots(" 3 , 1 - 2 ", SpanType::t1)->mask, 0xEU);
}

TEST(Timeslots, TheShortestTextComesBack) {
  for (const char* text : {"1-15,17-31", "16", "1,3,5-6", "1-31", "31"}) {
    EXPECT_EQ(to_string(*parse_timeslots(text, SpanType::e1)), text);
  }
  EXPECT_EQ(to_string(*parse_timeslots("3,2,1", SpanType::e1)), "1-3");
  EXPECT_EQ(to_string(TimeslotSet{}), "");
}

TEST(Timeslots, EverySetSurvivesItsText) {
  std::uint32_t x = 1;
  for (int i = 0; i < 2000; ++i) {
    x = x * 1664525U + 1013904223U;
    const TimeslotSet set{(x ^ x >> 13) & all_timeslots(SpanType::e1).mask};
    if (set.empty()) continue;
    EXPECT_EQ(*parse_timeslots(to_string(set), SpanType::e1), set);
  }
}

TEST(Timeslots, ErrorsNameTheOctet) {
  const Bad bad[] = {
      {"", SpanType::e1, Errc::missing, 0},
      {"  ", SpanType::e1, Errc::missing, 2},
      {"0", SpanType::e1, Errc::out_of_range, 0},
      {"1-32", SpanType::e1, Errc::out_of_range, 2},
      {"25", SpanType::t1, Errc::out_of_range, 0},
      {"1,,2", SpanType::e1, Errc::malformed, 2},
      {"1-", SpanType::e1, Errc::malformed, 2},
      {"5-2", SpanType::e1, Errc::malformed, 0},
      {"1-5,5", SpanType::e1, Errc::malformed, 4},
      {"1 2", SpanType::e1, Errc::malformed, 2},
      {"1-2-3", SpanType::e1, Errc::malformed, 3},
      {"x", SpanType::e1, Errc::malformed, 0},
      {"-1", SpanType::e1, Errc::malformed, 0},
      {"1,", SpanType::e1, Errc::malformed, 2},
      {"99999999999999999999", SpanType::e1, Errc::out_of_range, 0},
  };
  for (const auto& b : bad) {
    const auto set = parse_timeslots(b.text, b.type);
    ASSERT_FALSE(set) << b.text;
    EXPECT_EQ(set.error().code, b.code) << b.text;
    EXPECT_EQ(set.error().offset, b.offset) << b.text;
    EXPECT_EQ(set.error().where, "timeslots");
  }
}

TEST(Timeslots, OverlapsAreFound) {
  const auto a = *parse_timeslots("1-15", SpanType::e1);
  const auto b = *parse_timeslots("15-20", SpanType::e1);
  EXPECT_TRUE(a.overlaps(b));
  EXPECT_EQ(to_string(a.common(b)), "15");
  EXPECT_EQ(to_string(b.without(a)), "16-20");
  EXPECT_FALSE(a.overlaps(b.without(a)));
  EXPECT_EQ(to_string(all_timeslots(SpanType::e1)), "1-31");
  EXPECT_EQ(to_string(all_timeslots(SpanType::t1)), "1-24");
}

}  // namespace
}  // namespace tandem::tdm
