// What operators ask the far end about circuits: query, check, validate.
#include "tests/unit/core/isup_fixture.h"

namespace tandem::core {
namespace {

using T = isup::MessageType;
using testing::HasSubstr;

class IsupTests : public IsupCall {
 protected:
  std::string ask(CircuitTest what, const std::string& circuits, const std::string& trunk = "ss7-1") {
    const auto number = world->gateway.test_circuits(what, trunk, circuits, world->now);
    return number ? "asked" : number.error();
  }
  /// "5 same, 6 differs" of the only answer.
  std::string answer() {
    if (world->answers.empty()) return "none";
    EXPECT_EQ(world->answers.size(), 1U);
    std::string text;
    for (const auto& row : world->answers.front().rows)
      text += (text.empty() ? "" : ", ") + std::to_string(row.cic) + " " + row.result;
    rows = std::move(world->answers.front().rows);
    world->answers.clear();
    return text;
  }
  std::vector<CircuitTestRow> rows;
};

TEST_F(IsupTests, AQueryComparesTheStatesOfBothEnds) {
  start_isup();
  const auto cic = answered_at_isup();
  ASSERT_EQ(cic, 1);
  world->gateway.block("ss7-1", "3", world->now);
  world->run(1s);
  ASSERT_EQ(ask(CircuitTest::query, "1-3"), "asked");
  world->run(100ms);
  EXPECT_EQ(answer(), "1 same, 2 same, 3 same");
  EXPECT_EQ(rows.at(0).here, "outgoing call");
  EXPECT_EQ(rows.at(0).there, "incoming call");
  EXPECT_EQ(rows.at(1).here, "idle");
  EXPECT_EQ(rows.at(2).here, "idle, blocked by itself");
  EXPECT_EQ(rows.at(2).there, "idle, blocked by the other");
  EXPECT_EQ(rows.at(2).circuit, "e1-2:3");
}

TEST_F(IsupTests, AQueryOverAGapAsksForEachRun) {
  start_isup();
  ASSERT_EQ(ask(CircuitTest::query, ""), "asked");
  world->run(100ms);
  const auto text = answer();
  EXPECT_THAT(text, HasSubstr("15 same, 17 same"));
  EXPECT_EQ(rows.size(), 30U);
}

TEST_F(IsupTests, WithoutAnAnswerTheQueryEndsWithT28) {
  start_isup();
  ASSERT_EQ(ask(CircuitTest::query, "4-5"), "asked");
  world->ss7.cut(0, true);  // the CQR is lost
  world->run(5s);
  EXPECT_EQ(answer(), "none");
  world->run(10s);
  EXPECT_EQ(answer(), "4 no answer, 5 no answer");
}

TEST_F(IsupTests, AQueryWhileTheFarEndIsOutOfReachIsRefused) {
  start_isup();
  world->ss7.cut(0, true);
  world->run(5s);
  EXPECT_THAT(ask(CircuitTest::query, "4"), HasSubstr("cannot be reached"));
}

TEST_F(IsupTests, QuestionsThatWaitAreLimited) {
  start_isup();
  for (int i = 0; i < 64; ++i) ASSERT_EQ(ask(CircuitTest::query, "4"), "asked");
  EXPECT_THAT(ask(CircuitTest::query, "4"), HasSubstr("too many"));
  world->run(1s);
  EXPECT_EQ(world->answers.size(), 64U);
  EXPECT_EQ(ask(CircuitTest::query, "4"), "asked");
}

TEST_F(IsupTests, ACheckThatHearsItsToneHasPassed) {
  start_isup();
  ASSERT_EQ(ask(CircuitTest::check, "5"), "asked");
  world->run(50ms);
  EXPECT_TRUE(world->media.checks.contains({1, 5}));
  EXPECT_EQ(world->ss7.group(0).status(5)->call, isup::CallState::looped);
  EXPECT_EQ(answer(), "none");
  world->gateway.handle_media(media::ContinuityHeard{{1, 5}}, world->now);
  world->run(100ms);
  EXPECT_EQ(answer(), "5 passed");
  EXPECT_TRUE(world->media.checks.empty());
  EXPECT_EQ(world->ss7.group(0).status(5)->call, isup::CallState::idle);
  EXPECT_EQ(circuit("e1-2:5").state, "idle");
}

TEST_F(IsupTests, ACheckThatHearsNothingHasFailedAndIsRepeatedByTheMachine) {
  start_isup();
  ASSERT_EQ(ask(CircuitTest::check, "5"), "asked");
  world->run(3s);  // T24
  EXPECT_EQ(answer(), "5 failed");
  EXPECT_EQ(circuit("e1-2:5").state, "testing");
  ASSERT_TRUE(world->gateway.reset("ss7-1", "5", world->now));
  world->run(1s);
  EXPECT_EQ(circuit("e1-2:5").state, "idle");
  EXPECT_EQ(answer(), "none");
}

TEST_F(IsupTests, ACheckThatAResetCutsOffHasFailed) {
  start_isup();
  ASSERT_EQ(ask(CircuitTest::check, "5"), "asked");
  ASSERT_TRUE(world->gateway.reset("ss7-1", "5", world->now));
  world->run(1s);
  EXPECT_EQ(answer(), "5 failed");
}

TEST_F(IsupTests, OnlyAnIdleCircuitIsChecked) {
  start_isup();
  const auto cic = std::to_string(answered_at_isup());
  EXPECT_THAT(ask(CircuitTest::check, cic), HasSubstr("CIC " + cic + " is not idle"));
  EXPECT_THAT(ask(CircuitTest::check, "5-6"), HasSubstr("one circuit"));
  EXPECT_THAT(ask(CircuitTest::check, "16"), HasSubstr("no circuit with a CIC"));
  EXPECT_THAT(ask(CircuitTest::check, "5", "telco"), HasSubstr("no ISUP trunk 'telco'"));
}

TEST_F(IsupTests, AnsiNetworksValidateCircuits) {
  start_isup(isup_config(1, isup::Variant::ansi));
  ASSERT_EQ(ask(CircuitTest::validate, "5"), "asked");
  world->run(100ms);
  EXPECT_EQ(answer(), "5 same");
  EXPECT_THAT(ask(CircuitTest::validate, "5-7"), HasSubstr("one circuit"));
}

TEST_F(IsupTests, AValidationWithoutAnAnswerEndsToo) {
  start_isup(isup_config(1, isup::Variant::ansi));
  ASSERT_EQ(ask(CircuitTest::validate, "5"), "asked");
  world->ss7.cut(0, true);
  world->run(15s);
  EXPECT_EQ(answer(), "5 no answer");
}

TEST_F(IsupTests, ATestCallOfTheFarEndMayUseABlockedCircuit) {  // Q.764 2.8.2
  start_isup();
  ASSERT_TRUE(world->gateway.block("ss7-1", "5", world->now));
  world->run(1s);
  EXPECT_FALSE(world->ss7.group(0).seize(iam("1000"), {.cic = 5}, world->now));
  constexpr std::uint8_t kTestCall = 0x0d;
  const auto cic = call_from_isup(iam("1000").set(isup::CallingPartysCategory{kTestCall}));
  EXPECT_EQ(cic, 5);
  EXPECT_TRUE(from_sip<sip::IncomingCall>());
  EXPECT_EQ(circuit("e1-2:5").state, "incoming");
  EXPECT_EQ(circuit("e1-2:5").blocked, "local");
}

TEST_F(IsupTests, ItuNetworksHaveNoValidation) {
  start_isup();
  EXPECT_THAT(ask(CircuitTest::validate, "5"), HasSubstr("ANSI networks only"));
}

}  // namespace
}  // namespace tandem::core
