#include "gateway/interwork/number_rules.h"

#include <gtest/gtest.h>

#include "gateway/interwork/numbers.h"

namespace tandem::interwork {
namespace {

using isup::Message;
using isup::MessageType;
using isup::NatureOfAddress;
using N = NatureOfAddress;

Message iam(std::string called, N called_nature, std::string calling = "201",
            N calling_nature = N::national) {
  Message m(MessageType::iam);
  m.set(isup::CalledPartyNumber{.digits = std::move(called), .nature = called_nature});
  m.set(isup::CallingPartyNumber{.digits = std::move(calling), .nature = calling_nature});
  return m;
}
std::string called(const Message& m) {
  const auto* number = m.get<isup::CalledPartyNumber>();
  return number->digits + "/" + std::to_string(static_cast<int>(number->nature));
}
std::string calling(const Message& m) {
  const auto* number = m.get<isup::CallingPartyNumber>();
  return number->digits + "/" + std::to_string(static_cast<int>(number->nature));
}

TEST(NumberRules, WithoutAnyNumbersPassUnchanged) {
  auto m = iam("2079460000", N::national);
  const auto before = m;
  numbers_in(m, {});
  numbers_out(m, {});
  EXPECT_EQ(m, before);
}

TEST(NumberRules, NationalNumbersAreE164InsideAndNationalOutside) {  // RFC 3398 12
  const NumberRules britain{.country_code = "44", .rules = {}};
  auto m = iam("2079460000", N::national, "12025550110", N::international);
  numbers_in(m, britain);
  EXPECT_EQ(called(m), "442079460000/4");
  EXPECT_EQ(calling(m), "12025550110/4");
  numbers_out(m, britain);
  EXPECT_EQ(called(m), "2079460000/3");
  EXPECT_EQ(calling(m), "12025550110/4");
}

TEST(NumberRules, ACountryCodeAloneAndOtherPlansAreLeftAlone) {
  const NumberRules britain{.country_code = "44", .rules = {}};
  auto m = iam("44", N::international);
  m.set(isup::CallingPartyNumber{.digits = "201", .plan = isup::NumberingPlan::private_plan});
  numbers_out(m, britain);
  EXPECT_EQ(called(m), "44/4");
  numbers_in(m, britain);
  EXPECT_EQ(calling(m), "201/3");
}

TEST(NumberRules, PrefixesArePutOnByTypeAndTakenOffAgain) {
  const NumberRules germany{
      .country_code = "49",
      .rules = {{.of = NumberOf::called, .prefix = "00", .strip = 2, .becomes = N::international},
                {.of = NumberOf::called, .prefix = "0", .strip = 1, .becomes = N::national},
                {.of = NumberOf::calling,
                 .outgoing = true,
                 .type = N::international,
                 .add = "00",
                 .becomes = N::unknown},
                {.of = NumberOf::calling,
                 .outgoing = true,
                 .type = N::national,
                 .add = "0",
                 .becomes = N::unknown}}};
  auto m = iam("0012025550110", N::unknown);
  numbers_in(m, germany);
  EXPECT_EQ(called(m), "12025550110/4");
  m = iam("0301234", N::unknown);
  numbers_in(m, germany);
  EXPECT_EQ(called(m), "49301234/4");  // the rule made it national, the country code international
  m = iam("1", N::unknown, "4930555", N::international);
  numbers_out(m, germany);
  EXPECT_EQ(calling(m), "030555/2");
  m = iam("1", N::unknown, "12025550110", N::international);
  numbers_out(m, germany);
  EXPECT_EQ(calling(m), "0012025550110/2");
}

TEST(NumberRules, OnlyTheFirstThatFitsIsMade) {
  const NumberRules rules{.rules = {{.prefix = "9", .strip = 1}, {.prefix = "", .add = "5"}}};
  auto m = iam("9123", N::unknown);
  numbers_in(m, rules);
  EXPECT_EQ(called(m), "123/2");
  m = iam("8123", N::unknown);
  numbers_in(m, rules);
  EXPECT_EQ(called(m), "58123/2");
  numbers_out(m, rules);
  EXPECT_EQ(called(m), "58123/2");  // rules for the other direction
}

TEST(NumberRules, RedirectingConnectedAndGenericNumbersFollowTheRulesOfTheCaller) {
  const NumberRules rules{
      .rules = {{.of = NumberOf::calling, .add = "7"}, {.of = NumberOf::called, .add = "8"}}};
  Message m(MessageType::iam);
  m.set(isup::OriginalCalledNumber{.digits = "1"}).set(isup::RedirectingNumber{.digits = "2"});
  m.set(isup::ConnectedNumber{.digits = "3"}).set(isup::GenericNumber{.digits = "4"});
  m.set(isup::RedirectionNumber{.digits = "5"});
  numbers_in(m, rules);
  EXPECT_EQ(m.get<isup::OriginalCalledNumber>()->digits, "71");
  EXPECT_EQ(m.get<isup::RedirectingNumber>()->digits, "72");
  EXPECT_EQ(m.get<isup::ConnectedNumber>()->digits, "73");
  EXPECT_EQ(m.get<isup::GenericNumber>()->digits, "74");
  EXPECT_EQ(m.get<isup::RedirectionNumber>()->digits, "85");
}

TEST(NumberRules, WhatWouldBeTooLongIsLeftAndWhatIsShortIsUsedUp) {
  const std::string digits(kMaxDigits, '1');
  auto m = iam(digits, N::national);
  numbers_in(m, {.country_code = "44", .rules = {{.add = "2"}}});
  EXPECT_EQ(called(m), digits + "/3");
  m = iam("12", N::national, "");
  numbers_in(m, {.rules = {{.strip = 9}, {.of = NumberOf::calling, .add = "5"}}});
  EXPECT_EQ(called(m), "/3");
  EXPECT_EQ(calling(m), "/3");  // no number is none: nothing is made of it
  m = iam("12", N::national);
  numbers_in(m, {.rules = {{.strip = -3}}});
  EXPECT_EQ(called(m), "12/3");
}

}  // namespace
}  // namespace tandem::interwork
