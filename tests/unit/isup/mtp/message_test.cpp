#include "isup/mtp/message.h"

#include <gtest/gtest.h>

#include "gateway/base/random.h"

namespace tandem::mtp {
namespace {

constexpr Heading kAll[] = {
    Heading::coo, Heading::coa, Heading::cbd, Heading::cba, Heading::eco, Heading::eca, Heading::rct,
    Heading::tfc, Heading::tfp, Heading::tcp, Heading::tfr, Heading::tcr, Heading::tfa, Heading::tca,
    Heading::rst, Heading::rsr, Heading::rcp, Heading::rcr, Heading::lin, Heading::lun, Heading::lia,
    Heading::lua, Heading::lid, Heading::lfu, Heading::llt, Heading::lrt, Heading::tra, Heading::trw,
    Heading::dlc, Heading::css, Heading::cns, Heading::cnp, Heading::upu};

std::string whole(const Management& m, Variant v) {
  const Octets data = encode_management(m, v);
  return to_hex(
      encode_msu({.service = 0, .network_indicator = 2, .label = {0x1234, 0x0567, 3}, .data = data}, v));
}

TEST(Message, IsWrittenAsTheRecommendationDrawsIt) {
  // Each was read back by Wireshark's mtp3mg dissector.
  EXPECT_EQ(whole({.heading = Heading::coo, .fsn = 0x55}, Variant::itu), "8034d259311155");
  EXPECT_EQ(whole({.heading = Heading::cbd, .code = 0x0A}, Variant::itu), "8034d25931510a");
  EXPECT_EQ(whole({.heading = Heading::tfp, .affected = 0x1234}, Variant::itu), "8034d25931143412");
  EXPECT_EQ(whole({.heading = Heading::tfc, .affected = 0x1234, .status = 2}, Variant::itu),
            "8034d25931233492");
  EXPECT_EQ(whole({.heading = Heading::upu, .affected = 0x1234, .user = 5, .cause = 1}, Variant::itu),
            "8034d259311a341215");
  EXPECT_EQ(whole({.heading = Heading::tra}, Variant::itu), "8034d2593117");
  EXPECT_EQ(whole({.heading = Heading::coo, .slc = 3, .fsn = 0x55}, Variant::ansi),
            "80341200670500031153"
            "05");
  EXPECT_EQ(whole({.heading = Heading::lin, .slc = 3}, Variant::ansi),
            "803412006705000316"
            "03");
  EXPECT_EQ(whole({.heading = Heading::tfc, .affected = 0x0A0B0C, .status = 2}, Variant::ansi),
            "8034120067050003230c0b0a02");
}

TEST(Message, EveryManagementMessageComesBackAsItWas) {
  SeededRandom random(1);
  for (const auto variant : {Variant::itu, Variant::ansi})
    for (const Heading heading : kAll)
      for (int i = 0; i < 50; ++i) {
        const auto bits = random.next();
        const bool ansi = variant == Variant::ansi;
        const Management all{.heading = heading,
                             .slc = static_cast<std::uint8_t>(bits & 15),
                             .fsn = static_cast<std::uint8_t>(bits >> 8 & 127),
                             .code = static_cast<std::uint8_t>(bits >> 16),
                             .affected = static_cast<PointCode>(bits >> 24 & (ansi ? 0xFFFFFF : 0x3FFF)),
                             .status = static_cast<std::uint8_t>(bits >> 50 & 3),
                             .user = static_cast<std::uint8_t>(bits >> 52 & 15),
                             .cause = static_cast<std::uint8_t>(bits >> 56 & 15),
                             .channel = static_cast<std::uint16_t>(bits >> 40 & (ansi ? 0x3FFF : 0xFFF))};
        const auto octets = encode_management(all, variant);
        const auto once = decode_management(octets, variant, all.slc);
        ASSERT_TRUE(once.has_value());
        EXPECT_EQ(once->heading, heading);
        EXPECT_EQ(encode_management(*once, variant), octets);
        const auto kind = static_cast<unsigned>(heading) & 0x0F;
        const bool may_lack_slc = ansi && (kind == 1 || kind == 2 || kind == 6 || heading == Heading::css ||
                                           heading == Heading::cns || heading == Heading::cnp);
        for (std::size_t cut = 0; cut < octets.size() - (may_lack_slc ? 1 : 0); ++cut) {
          const auto part = decode_management(OctetView(octets).first(cut), variant);
          ASSERT_FALSE(part.has_value()) << to_string(heading);
          EXPECT_EQ(part.error().code, Errc::truncated);
          EXPECT_EQ(part.error().offset, cut);
        }
      }
}

TEST(Message, AnAnsiPeerMayLeaveTheSlcToTheLabel) {  // libss7
  EXPECT_EQ(decode_management(Octets{0x36}, Variant::ansi, 3),
            (Management{.heading = Heading::lia, .slc = 3}));
  EXPECT_EQ(decode_management(Octets{0x51, 0xA5}, Variant::ansi, 2),
            (Management{.heading = Heading::cbd, .slc = 2, .code = 0xA5}));
  EXPECT_EQ(decode_management(Octets{0x11, 0x7B}, Variant::ansi, 1),
            (Management{.heading = Heading::coo, .slc = 1, .fsn = 0x7B}));
  // ... and what it says itself counts.
  EXPECT_EQ(decode_management(Octets{0x36, 0x04}, Variant::ansi, 3),
            (Management{.heading = Heading::lia, .slc = 4}));
  EXPECT_EQ(decode_management(Octets{0x36}, Variant::itu, 5),
            (Management{.heading = Heading::lia, .slc = 5}));
}

TEST(Message, LabelsComeBackAsTheyWere) {
  for (const auto variant : {Variant::itu, Variant::ansi}) {
    const Label label = variant == Variant::itu ? Label{0x3FFF, 0x2AAA, 9} : Label{0xFFFEFD, 0x010203, 0xAB};
    const Octets data{1, 2, 3};
    const auto octets = encode_msu(
        {.service = 5, .network_indicator = 3, .priority = 2, .label = label, .data = data}, variant);
    const auto msu = decode_msu(octets, variant);
    ASSERT_TRUE(msu.has_value());
    EXPECT_EQ(msu->label, label);
    EXPECT_EQ(msu->service, 5);
    EXPECT_EQ(msu->network_indicator, 3);
    EXPECT_EQ(msu->priority, 2);
    EXPECT_TRUE(std::ranges::equal(msu->data, data));
    EXPECT_FALSE(decode_msu(OctetView(octets).first(variant == Variant::itu ? 4 : 7), variant).has_value());
  }
}

TEST(Message, UnknownHeadingsAndBadTestsAreErrors) {
  EXPECT_EQ(decode_management(Octets{0x99}, Variant::itu).error().code, Errc::unsupported);
  EXPECT_EQ(decode_link_test(Octets{0x11, 0x30, 1, 2}, Variant::itu).error().code, Errc::truncated);
  EXPECT_EQ(decode_link_test(Octets{0x11, 0x00}, Variant::itu).error().offset, 1u);
  EXPECT_EQ(decode_link_test(Octets{0x31, 0x10, 1}, Variant::itu).error().code, Errc::unsupported);
}

TEST(Message, PointCodesAreReadAndWritten) {
  EXPECT_EQ(*parse_point_code("1-10-1", Variant::itu), 1U << 11 | 10U << 3 | 1U);
  EXPECT_EQ(*parse_point_code("16383", Variant::itu), 16383u);
  EXPECT_EQ(*parse_point_code("245-16-3", Variant::ansi), 245U << 16 | 16U << 8 | 3U);
  EXPECT_EQ(to_string(*parse_point_code("2-255-7", Variant::itu), Variant::itu), "2-255-7");
  EXPECT_EQ(to_string(*parse_point_code("255-0-9", Variant::ansi), Variant::ansi), "255-0-9");
  for (const char* bad :
       {"", "-", "1-", "1-2", "8-0-0", "1-256-0", "1-0-8", "16384", "1-2-3-4", "a", "1.2.3", "99999999999"})
    EXPECT_FALSE(parse_point_code(bad, Variant::itu).has_value()) << bad;
}

TEST(Timers, AreKeptInsideTheirRanges) {
  for (const auto variant : {Variant::itu, Variant::ansi}) {
    for (const auto& row : kLinkTimerRows)
      EXPECT_TRUE(row.range(variant).holds(row.range(variant).normal)) << row.name;
    for (const auto& row : kNetworkTimerRows)
      EXPECT_TRUE(row.range(variant).holds(row.range(variant).normal)) << row.name;
  }
  for (std::size_t i = 0; i < kNetworkTimers; ++i)
    EXPECT_EQ(static_cast<std::size_t>(kNetworkTimerRows[i].id), i);
  for (std::size_t i = 0; i < kLinkTimers; ++i) EXPECT_EQ(static_cast<std::size_t>(kLinkTimerRows[i].id), i);
  LinkTimerValues values;
  values[LinkTimer::t3] = std::chrono::hours(1);
  values[LinkTimer::t5] = Duration{};
  const auto resolved = values.resolve(kLinkTimerRows, Variant::itu);
  EXPECT_EQ(resolved[2], std::chrono::seconds(2));
  EXPECT_EQ(resolved[5], std::chrono::milliseconds(80));
}

}  // namespace
}  // namespace tandem::mtp
