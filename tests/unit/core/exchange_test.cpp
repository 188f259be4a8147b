// The call's machine: its rows, and calls between two legs that do as the test says.
#include "gateway/core/exchange.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "tests/unit/core/exchange_fixture.h"

namespace tandem::core {
namespace {

using namespace std::chrono_literals;
using T = isup::MessageType;
using S = CallState;
using E = CallEvent;
using ::testing::ElementsAre;

// --- the table ------------------------------------------------------------------------------------------

TEST(CallRows, EachHasAClause) {
  for (const auto& row : Exchange::rows()) EXPECT_GT(row.clause.size(), 5U);
}

TEST(CallRows, EveryStateIsReachedFromIdle) {
  std::set<S> reached = {S::idle};
  for (std::size_t round = 0; round < Exchange::rows().size(); ++round)
    for (const auto& row : Exchange::rows())
      if (reached.contains(row.from)) reached.insert(row.to);
  EXPECT_EQ(reached.size(), 8U);
}

TEST(CallRows, EveryLivingStateCanBeClearedAndReleasedFromTheIncomingSide) {
  for (const auto state : {S::collecting, S::wait_acm, S::wait_answer, S::answered, S::tone, S::releasing})
    for (const auto event : {E::rel_in, E::clear})
      EXPECT_TRUE(std::ranges::any_of(
          Exchange::rows(),
          [&](const CallRow& row) { return row.from == state && row.on == event && row.guard == nullptr; }))
          << to_string(state) << " " << static_cast<int>(event);
}

TEST(CallRows, WhatIsNotInTheTableIsKnown) {
  // Events that cannot come in a state, or that are passed over there; a new row must be taken out of this
  // list.
  const std::map<S, std::set<E>> unexpected = {
      {S::idle,
       {E::sam, E::forward, E::acm, E::cpg, E::answer, E::notice, E::info, E::rel_in, E::rel_out, E::t7,
        E::t9, E::t10, E::t35, E::inband_end, E::tone_end, E::clear, E::part_over}},
      {S::collecting,
       {E::iam, E::acm, E::cpg, E::answer, E::notice, E::info, E::rel_out, E::t7, E::t9, E::inband_end,
        E::tone_end, E::part_over}},
      {S::wait_acm, {E::iam, E::notice, E::t35, E::inband_end, E::tone_end}},
      {S::wait_answer, {E::iam, E::t7, E::t35, E::tone_end}},
      {S::answered, {E::iam, E::acm, E::answer, E::t7, E::t9, E::t10, E::t35, E::tone_end}},
      {S::tone,
       {E::iam, E::acm, E::cpg, E::answer, E::notice, E::info, E::rel_out, E::t7, E::t9, E::t10, E::t35,
        E::inband_end}},
      {S::releasing, {E::iam, E::t7, E::t9, E::t10, E::t35, E::inband_end, E::tone_end}},
  };
  for (const auto& [state, events] : unexpected)
    for (int i = 0; i <= static_cast<int>(E::part_over); ++i) {
      const auto event = static_cast<E>(i);
      const bool has_row = std::ranges::any_of(
          Exchange::rows(), [&, s = state](const CallRow& row) { return row.from == s && row.on == event; });
      EXPECT_NE(has_row, events.contains(event)) << to_string(state) << " " << i;
    }
}

TEST(CallTimers, ValuesAreWithinTheirRanges) {
  for (const auto& row : kTimers) {
    EXPECT_LE(row.minimum, row.value) << row.name;
    EXPECT_LE(row.value, row.maximum) << row.name;
    EXPECT_EQ(timer_value(row.kind), row.value);
  }
}

TEST(RetryCauses, UserCausesAreNeverTriedElsewhere) {
  for (const int cause : {1, 16, 17, 18, 19, 20, 21, 22, 28, 31, 57, 65, 88})
    EXPECT_FALSE(may_retry(static_cast<std::uint8_t>(cause))) << cause;
  for (const int cause : {27, 34, 38, 41, 42, 44, 47})
    EXPECT_TRUE(may_retry(static_cast<std::uint8_t>(cause))) << cause;
}

// --- with fakes -----------------------------------------------------------------------------------------

TEST_F(ExchangeTest, ACallGoesThroughAndIsForgottenWhenBothLegsAndMediaAreOver) {
  offer("carrier", true);
  ASSERT_EQ(outs.size(), 1U);
  EXPECT_THAT(outs[0]->types(), ElementsAre(T::iam));
  EXPECT_EQ(in->accepts, 1);
  EXPECT_EQ(holds, 1);
  say(outs[0], acm(true));
  say(outs[0], isup::Message(T::anm));
  EXPECT_THAT(in->types(), ElementsAre(T::acm, T::anm));
  EXPECT_EQ(exchange.list(now).at(0).state, "answered");
  say(in, make_rel(16));
  EXPECT_THAT(outs[0]->types(), ElementsAre(T::iam, T::rel));
  EXPECT_THAT(in->types(), ElementsAre(T::acm, T::anm));  // who said REL hears none
  rlc(in);
  rlc(outs[0]);
  EXPECT_EQ(exchange.calls(), 1U);  // media is still closing
  settle_media();
  EXPECT_EQ(exchange.calls(), 0U);
  EXPECT_EQ(holds, 0);
  EXPECT_EQ(context.timers.size(), 0U);
}

TEST_F(ExchangeTest, ReleasesThatCollideAreBothQuiet) {
  offer("carrier", true);
  say(outs[0], isup::Message(T::con));
  exchange.post(*in, make_rel(16));
  exchange.post(*outs[0], make_rel(31));
  exchange.run(now);
  EXPECT_THAT(outs[0]->types(), ElementsAre(T::iam, T::rel));
  EXPECT_THAT(in->types(), ElementsAre(T::con));
}

TEST_F(ExchangeTest, AfterReleaseNothingIsRelayed) {
  offer("carrier", true);
  say(in, make_rel(16));
  say(outs[0], acm(true));
  say(outs[0], isup::Message(T::anm));
  EXPECT_TRUE(in->heard.empty());
}

TEST_F(ExchangeTest, AnotherTryFollowsAnEarlyAcmAndTheOldLegsLateWordsDoNotCount) {
  offer("carrier", true);
  say(outs[0], acm(false));
  say(outs[0], make_rel(41));
  ASSERT_EQ(outs.size(), 2U);
  say(outs[0], isup::Message(T::anm));
  EXPECT_THAT(in->types(), ElementsAre(T::acm));
  say(outs[1], isup::Message(T::con));
  EXPECT_THAT(in->types(), ElementsAre(T::acm, T::con));
  rlc(outs[0]);
  EXPECT_EQ(exchange.list(now).at(0).to_name, "telco2");
}

TEST_F(ExchangeTest, TheLastTargetsCauseReachesTheCaller) {
  offer("carrier", true);
  say(outs[0], make_rel(34));
  say(outs[1], make_rel(42));
  EXPECT_THAT(in->types(), ElementsAre(T::rel));
  EXPECT_EQ(last_cause(in), 42);
}

TEST_F(ExchangeTest, T7ReleasesBothSidesWith102) {
  offer("carrier", true);
  expire(TimerKind::t7);
  EXPECT_EQ(last_cause(in), 102);
  EXPECT_EQ(last_cause(outs[0]), 102);
}

TEST_F(ExchangeTest, T9ReleasesBothSidesWith19) {
  offer("carrier", true);
  say(outs[0], acm(true));
  expire(TimerKind::t9);
  EXPECT_EQ(last_cause(in), 19);
  EXPECT_EQ(last_cause(outs[0]), 19);
}

TEST_F(ExchangeTest, ARecordDoesNotWaitForEverForItsStatistics) {
  offer("carrier", true);
  say(in, make_rel(16));
  expire(TimerKind::cdr_guard);
  const auto* cdr = std::get_if<Cdr>(&context.out.back());
  ASSERT_NE(cdr, nullptr);
  EXPECT_EQ(cdr->state, CdrState::ended);
  settle_media();
  rlc(in);
  rlc(outs[0]);
  for (const auto& output : context.out) EXPECT_FALSE(std::holds_alternative<Cdr>(output));
  EXPECT_EQ(exchange.calls(), 0U);
}

TEST_F(ExchangeTest, WithoutARouteTheCallerHearsCause3) {
  config.routes.clear();
  Exchange bare(context, media, *this);
  port = media.open_port(false);
  auto leg = std::make_unique<FakeLeg>(CallId{1}, 0, "carrier", true, port.transport);
  auto* caller = leg.get();
  bare.offer(std::move(leg), isup::Message(T::iam));
  bare.run(now);
  EXPECT_EQ(last_cause(caller), 3);
  bare.post(*caller, isup::Message(T::rlc));
  bare.run(now);
  EXPECT_EQ(bare.calls(), 0U);
}

TEST_F(ExchangeTest, WhenEveryPeerIsDeadTheCallerHearsCause27) {
  reachable_ = false;
  offer("telco", false);
  EXPECT_TRUE(outs.empty());
  EXPECT_EQ(last_cause(in), 27);
}

TEST_F(ExchangeTest, WhenTheTrunkIsClosedForAWhileTheCallerHearsCause41) {
  reachable_ = false;
  offer("carrier", true);
  EXPECT_TRUE(outs.empty());
  EXPECT_EQ(last_cause(in), 41);
}

TEST_F(ExchangeTest, MessagesThatMakeNoSenseAreLoggedAndPassedOver) {
  offer("carrier", true);
  say(in, acm(true));                   // backward from the wrong side
  say(outs[0], isup::Message(T::iam));  // forward from the wrong side
  say(outs[0], isup::Message(T::sus));
  say(outs[0], isup::Message(T::con));
  say(outs[0], isup::Message(T::con));
  EXPECT_THAT(in->types(), ElementsAre(T::con));
  EXPECT_TRUE(std::ranges::any_of(context.out, [](const Output& output) {
    const auto* log = std::get_if<LogRecord>(&output);
    return log != nullptr && log->text.starts_with("unexpected");
  }));
}

TEST_F(ExchangeTest, RingbackIsPlayedToACircuitOnlyAndEndsWithTheAnswer) {
  offer("telco", false);
  ASSERT_EQ(outs.size(), 1U);
  say(outs[0], acm(true));
  EXPECT_TRUE(has_inband(in->heard.back()));
  const auto tones = [this] {
    std::vector<media::Tone> list;
    for (const auto& output : context.out)
      if (const auto* command = std::get_if<media::Command>(&output))
        if (const auto* tone = std::get_if<media::PlayTone>(command)) list.push_back(tone->tone);
    return list;
  };
  EXPECT_THAT(tones(), ElementsAre(media::Tone::ringback));
  say(outs[0], isup::Message(T::anm));
  EXPECT_THAT(tones(), ElementsAre(media::Tone::ringback, media::Tone::none));
}

}  // namespace
}  // namespace tandem::core
