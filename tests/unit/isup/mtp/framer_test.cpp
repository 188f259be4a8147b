#include "isup/mtp/framer.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "gateway/base/random.h"

namespace tandem::mtp {
namespace {

/// Sends each unit once, between FISU-like fillers; returns the line.
Octets line_of(const std::vector<Octets>& units, LineRate rate) {
  SignalUnitTransmitter tx(rate);
  std::size_t at = 0;
  Octets line;
  while (at < units.size() + 3) {
    Octet octet = 0;
    tx.fill(std::span(&octet, 1), [&](std::span<Octet> to) -> std::size_t {
      if (at >= units.size()) return ++at, 0;
      std::ranges::copy(units[at], to.begin());
      return units[at++].size();
    });
    line.push_back(octet);
  }
  return line;
}

struct Heard {
  std::vector<Octets> units;
  int errors = 0;
};
Heard hear(SignalUnitReceiver& rx, OctetView line) {
  Heard heard;
  rx.push(
      line, [&](OctetView unit) { heard.units.emplace_back(unit.begin(), unit.end()); },
      [&] { ++heard.errors; });
  return heard;
}

std::vector<Octets> some_units(std::uint64_t seed) {
  SeededRandom random(seed);
  std::vector<Octets> units;
  for (int i = 0; i < 200; ++i) {
    Octets unit(3 + random.next() % (kMaxSignalUnitOctets - 2));
    const auto kind = random.next() % 4;
    for (auto& octet : unit)
      octet = kind == 0 ? Octet{0xFF} : kind == 1 ? Octet{0x7E} : static_cast<Octet>(random.next());
    units.push_back(unit);
  }
  return units;
}

TEST(Framer, CarriesEveryUnitAt64And56) {
  for (const auto rate : {LineRate::k64, LineRate::k56}) {
    const auto units = some_units(7);
    SignalUnitReceiver rx(rate);
    const auto heard = hear(rx, line_of(units, rate));
    EXPECT_EQ(heard.units, units);
    EXPECT_EQ(rx.counters().signal_units, units.size());
    EXPECT_EQ(rx.counters().fcs_errors + rx.counters().unaligned + rx.counters().too_short, 0u);
  }
}

TEST(Framer, At56LeavesTheRobbedBitAlone) {
  auto line = line_of(some_units(8), LineRate::k56);
  for (Octet& octet : line) {
    EXPECT_EQ(octet & 1, 1);
    octet = static_cast<Octet>(octet & 0xFE);  // robbed on the way
  }
  SignalUnitReceiver rx(LineRate::k56);
  EXPECT_EQ(hear(rx, line).units, some_units(8));
}

TEST(Framer, SendsAFisuAsQ703SaysBitByBit) {
  // BSN 127 BIB 1, FSN 127 FIB 1, LI 0: ff ff 00 and FCS; stuffed, least significant bit first
  // (Q.703 2.2, 3.2).
  SignalUnitTransmitter tx;
  Octets line(9);
  tx.fill(line, [](std::span<Octet> to) -> std::size_t {
    to[0] = to[1] = 0xFF;
    to[2] = 0;
    return 3;
  });
  EXPECT_EQ(line[0], 0x7E);
  // ff ff: sixteen ones with a zero after each five, then eight zeros.
  EXPECT_EQ(line[1], 0xFB);  // 11111 0 11
  EXPECT_EQ(line[2], 0xEF);  // 111 0 1111
  EXPECT_EQ(line[3], 0xA0);  // 1 0 1 00000
  SignalUnitReceiver rx;
  EXPECT_EQ(hear(rx, line).units, (std::vector<Octets>{{0xFF, 0xFF, 0x00}}));
}

TEST(Framer, FindsEachSingleBitError) {
  const std::vector<Octets> units{
      {0x01, 0x02, 0x00}, {0x03, 0x04, 0x08, 0x85, 1, 2, 3, 4, 5, 6, 7}, {0x05, 0x06, 0x00}};
  const auto clean = line_of(units, LineRate::k64);
  for (std::size_t bit = 0; bit < clean.size() * 8; ++bit) {
    auto line = clean;
    line[bit / 8] = static_cast<Octet>(line[bit / 8] ^ 1U << bit % 8);
    SignalUnitReceiver rx;
    for (const auto& unit : hear(rx, line).units)
      EXPECT_NE(std::ranges::find(units, unit), units.end()) << "bit " << bit;
  }
}

TEST(Framer, CountsOctetsBySixteenAfterSevenOnes) {  // Q.703 4.1.4
  SignalUnitReceiver rx;
  hear(rx, line_of({{1, 2, 0}}, LineRate::k64));
  ASSERT_FALSE(rx.octet_counting());
  const auto heard = hear(rx, Octets(1 + 16 * 5, 0xFF));
  EXPECT_TRUE(rx.octet_counting());
  EXPECT_EQ(heard.errors, 5);
  EXPECT_EQ(rx.counters().aborts, 1u);
  // A correct unit ends it.
  hear(rx, line_of({{1, 2, 0}}, LineRate::k64));
  EXPECT_FALSE(rx.octet_counting());
  EXPECT_EQ(hear(rx, line_of(std::vector<Octets>(50, {1, 2, 0}), LineRate::k64)).errors, 0);
}

TEST(Framer, CountsOctetsWhenAUnitIsTooLong) {  // Q.703 4.1.3
  SignalUnitReceiver rx;
  hear(rx, line_of({{1, 2, 0}}, LineRate::k64));
  auto heard = hear(rx, Octets(278 + 2 + 32, 0x55));
  EXPECT_EQ(rx.counters().too_long, 1u);
  EXPECT_EQ(heard.errors, 2);
  EXPECT_TRUE(rx.octet_counting());
}

TEST(Framer, TakesSharedZerosAndManyFlags) {
  SignalUnitReceiver rx;
  // 0111111 0111111 0...: flags that share their zeros, then a unit.
  const Octets line{0x7E, 0xFD, 0xFB, 0xF7, 0xEF, 0xDF, 0xBF, 0x7E};
  hear(rx, line);
  EXPECT_EQ(rx.counters().errors, 0u);
  EXPECT_EQ(hear(rx, line_of({{1, 2, 0}}, LineRate::k64)).units.size(), 1u);
}

TEST(Framer, CountsShortUnalignedAndWrongUnits) {
  SignalUnitReceiver rx;
  hear(rx, line_of({{1, 2, 0}}, LineRate::k64));
  EXPECT_EQ(hear(rx, Octets{0x7E, 0x01, 0x7E}).errors, 1);
  EXPECT_EQ(rx.counters().too_short, 1u);
  EXPECT_EQ(hear(rx, Octets{0x7E, 1, 1, 1, 1, 1, 1, 0x7E}).errors, 1);
  EXPECT_EQ(rx.counters().fcs_errors, 1u);
  EXPECT_EQ(hear(rx, Octets{0x7E, 1, 1, 1, 1, 1, 1, 0x0F, 0xC0}).errors, 1);
  EXPECT_EQ(rx.counters().unaligned, 1u);
}

TEST(Framer, GivesTheSameForAnyCutOfTheLine) {
  SeededRandom random(3);
  Octets line(5000);
  for (auto& octet : line) octet = static_cast<Octet>(random.next() % 3 == 0 ? 0x7E : random.next());
  SignalUnitReceiver whole;
  const auto expected = hear(whole, line);
  SignalUnitReceiver cut;
  Heard got;
  for (std::size_t at = 0; at < line.size();) {
    const auto some = std::min<std::size_t>(1 + random.next() % 9, line.size() - at);
    const auto heard = hear(cut, OctetView(line).subspan(at, some));
    got.units.insert(got.units.end(), heard.units.begin(), heard.units.end());
    got.errors += heard.errors;
    at += some;
  }
  EXPECT_EQ(got.units, expected.units);
  EXPECT_EQ(got.errors, expected.errors);
}

}  // namespace
}  // namespace tandem::mtp
