// Answers about circuits, put together from what the machine says.
#include "gateway/core/circuit_tests.h"

#include <gtest/gtest.h>

#include "gateway/core/context.h"

namespace tandem::core {
namespace {

class CircuitTestsTest : public testing::Test {
 protected:
  std::optional<CircuitAnswer> answer() {
    if (context.out.empty()) return std::nullopt;
    auto taken = std::get<CircuitAnswer>(context.out.front());
    context.out.pop_front();
    return taken;
  }
  std::vector<CircuitTestRow> rows(std::initializer_list<std::uint16_t> cics) {
    std::vector<CircuitTestRow> all;
    for (const auto cic : cics) all.push_back({.cic = cic, .circuit = "e1-1:" + std::to_string(cic)});
    return all;
  }
  /// What a query of one circuit comes to.
  CircuitTestRow compared(isup::CircuitState ours, isup::CircuitState theirs) {
    tests.begin(CircuitTest::query, rows({1}), {1});
    tests.ended(isup::QueryEnded{1, {{1, ours, theirs}}});
    const auto said = answer();
    EXPECT_TRUE(said);
    return said ? said->rows.at(0) : CircuitTestRow{};
  }

  Config config;
  SeededRandom random{1};
  Context context{config, random, Time{}, WallTime{}, CallId{1}};
  CircuitTests tests{context};
};

TEST_F(CircuitTestsTest, AnIncomingCallHereIsAnOutgoingOneThere) {
  EXPECT_EQ(compared({.call = 1}, {.call = 2}).result, "same");
  EXPECT_EQ(compared({.call = 1}, {.call = 1}).result, "differs");
  EXPECT_EQ(compared({.call = 3}, {.call = 2}).result, "differs");
}

TEST_F(CircuitTestsTest, BlockedByItselfHereIsBlockedByTheOtherThere) {
  EXPECT_EQ(compared({.maintenance = 1}, {.maintenance = 2}).result, "same");
  EXPECT_EQ(compared({.maintenance = 1}, {.maintenance = 1}).result, "differs");
  EXPECT_EQ(compared({.hardware = 2}, {.hardware = 1}).result, "same");
  EXPECT_EQ(compared({.maintenance = 3}, {.maintenance = 3}).result, "same");
  EXPECT_EQ(compared({}, {.hardware = 1}).there, "idle, failed at its end");
}

TEST_F(CircuitTestsTest, WhatIsChangingOrNotThereIsNotCompared) {
  EXPECT_EQ(compared({.call = 0}, {.call = 3}).result, "changing");
  const auto row = compared({}, {.maintenance = 3, .call = 0});
  EXPECT_EQ(row.result, "unequipped");
  EXPECT_EQ(row.there, "unequipped");
}

TEST_F(CircuitTestsTest, AnAnswerWaitsForAllItsRuns) {
  const auto number = tests.begin(CircuitTest::query, rows({1, 2, 40}), {1, 40});
  tests.ended(isup::QueryEnded{1, {{1, {}, {}}, {2, {}, {}}}});
  EXPECT_FALSE(answer());
  tests.ended(isup::QueryEnded{40, {}});
  const auto said = answer();
  ASSERT_TRUE(said);
  EXPECT_EQ(said->number, number);
  ASSERT_EQ(said->rows.size(), 3U);
  EXPECT_EQ(said->rows[1].result, "same");
  EXPECT_EQ(said->rows[2].result, "no answer");
}

TEST_F(CircuitTestsTest, OtherQuestionsAboutTheCircuitGoOnWaiting) {
  tests.begin(CircuitTest::query, rows({1}), {1});
  tests.ended(isup::CheckEnded{1, true});
  tests.ended(isup::ValidationEnded{1, isup::Validation::same});
  tests.ended(isup::QueryEnded{2, {}});
  EXPECT_FALSE(answer());
}

TEST_F(CircuitTestsTest, ValidationsHaveTheirWords) {
  const auto result = [this](isup::Validation validation) {
    tests.begin(CircuitTest::validate, rows({1}), {1});
    tests.ended(isup::ValidationEnded{1, validation});
    return answer()->rows.at(0).result;
  };
  EXPECT_EQ(result(isup::Validation::same), "same");
  EXPECT_EQ(result(isup::Validation::other), "differs");
  EXPECT_EQ(result(isup::Validation::unequipped), "unequipped");
  EXPECT_EQ(result(isup::Validation::unanswered), "no answer");
}

TEST_F(CircuitTestsTest, NobodyAskedAndNothingIsSaid) {
  tests.ended(isup::CheckEnded{1, false});
  EXPECT_FALSE(answer());
}

}  // namespace
}  // namespace tandem::core
