// Advice of charge in the words of a call record (ETS 300 182), from octets to words.
#include "gateway/core/charge.h"

#include <gtest/gtest.h>

#include <limits>

namespace tandem::core {
namespace {

using tdm::pri::AdviceOfCharge;

AdviceOfCharge money(std::uint64_t thousandths, std::string currency = "EUR") {
  AdviceOfCharge charge;
  charge.currency = std::move(currency);
  charge.amount = thousandths;
  return charge;
}

TEST(ChargeText, CountsUnits) {
  AdviceOfCharge charge;
  EXPECT_EQ(charge_text(charge), "0 units");
  charge.units = 12;
  EXPECT_EQ(charge_text(charge), "12 units");
  charge.final = true;  // AOC-E reads as AOC-D
  EXPECT_EQ(charge_text(charge), "12 units");
  charge.units = std::numeric_limits<std::uint32_t>::max();
  EXPECT_EQ(charge_text(charge), "4294967295 units");
}

TEST(ChargeText, WritesMoneyWithThreeDecimals) {
  EXPECT_EQ(charge_text(money(1250)), "1.250 EUR");
  EXPECT_EQ(charge_text(money(5)), "0.005 EUR");
  EXPECT_EQ(charge_text(money(50)), "0.050 EUR");
  EXPECT_EQ(charge_text(money(0)), "0.000 EUR");
  EXPECT_EQ(charge_text(money(1000, "$")), "1.000 $");
  EXPECT_EQ(charge_text(money(4294967295000000)), "4294967295000.000 EUR");
}

TEST(ChargeText, SaysFreeWhateverElseIsThere) {
  auto charge = money(1250);
  charge.free = true;
  charge.units = 3;
  EXPECT_EQ(charge_text(charge), "free");
}

}  // namespace
}  // namespace tandem::core
