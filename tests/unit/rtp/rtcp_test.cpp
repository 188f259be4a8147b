#include "sipt/rtp/rtcp.h"

#include <gtest/gtest.h>

#include "sipt/rtp/reception.h"

namespace tandem::sip::rtp {
namespace {

using namespace std::chrono_literals;

Octets built(const RtcpReport& report) {
  std::array<Octet, kMaxReport> out{};
  const auto size = build_rtcp(report, out);
  return {out.begin(), out.begin() + static_cast<std::ptrdiff_t>(size)};
}

TEST(Rtcp, a_sender_report_has_the_octets_of_rfc_3550_section_6_4_1) {
  const auto octets = built(
      {.ssrc = 0x11223344,
       .sender =
           SenderInfo{.ntp = 0x0102030405060708, .rtp_timestamp = 0x0A0B0C0D, .packets = 5, .octets = 800},
       .block = ReportBlock{.ssrc = 0x55667788,
                            .fraction_lost = 0x40,
                            .lost = 3,
                            .highest_sequence = 0x00010002,
                            .jitter = 9,
                            .last_report = 0xAABBCCDD,
                            .delay = 0x10000},
       .cname = "a@b",
       .bye = true});
  EXPECT_EQ(to_hex(octets),
            "81c8000c11223344010203040506070"
            "80a0b0c0d0000000500000320"
            "5566778840000003000100020000000"
            "9aabbccdd00010000"
            "81ca000311223344"
            "010361406200"
            "0000"
            "81cb000111223344");
}

TEST(Rtcp, what_is_built_is_what_is_parsed) {
  const RtcpReport report{
      .ssrc = 7,
      .sender = SenderInfo{.ntp = 1ULL << 40, .rtp_timestamp = 2, .packets = 3, .octets = 4},
      .block = ReportBlock{.ssrc = 9,
                           .fraction_lost = 255,
                           .lost = -5,
                           .highest_sequence = 1,
                           .jitter = 2,
                           .last_report = 3,
                           .delay = 4},
      .cname = "gateway@host",
      .bye = true};
  const auto octets = built(report);
  const auto compound = parse_rtcp(octets);
  ASSERT_TRUE(compound);
  EXPECT_EQ(compound->ssrc, 7U);
  ASSERT_TRUE(compound->sender);
  EXPECT_EQ(compound->sender->ntp, 1ULL << 40);
  EXPECT_EQ(compound->sender->octets, 4U);
  ASSERT_EQ(compound->block_count, 1U);
  EXPECT_EQ(compound->blocks[0].lost, -5);
  EXPECT_EQ(compound->blocks[0].fraction_lost, 255);
  EXPECT_EQ(compound->blocks[0].delay, 4U);
  EXPECT_EQ(compound->cname, "gateway@host");
  EXPECT_TRUE(compound->bye);
}

TEST(Rtcp, every_cname_length_keeps_the_32_bit_boundary) {
  for (std::size_t length = 0; length < 300; ++length) {
    const std::string cname(length, 'x');
    const auto octets = built({.ssrc = 1, .sender = {}, .block = {}, .cname = cname});
    ASSERT_EQ(octets.size() % 4, 0U);
    const auto compound = parse_rtcp(octets);
    ASSERT_TRUE(compound) << length;
    EXPECT_EQ(compound->cname.size(), std::min<std::size_t>(length, 255));
    EXPECT_FALSE(compound->bye);
    EXPECT_FALSE(compound->sender);
  }
}

TEST(Rtcp, the_cumulative_loss_is_held_inside_24_bits) {
  auto octets = built({.ssrc = 1, .sender = {}, .block = ReportBlock{.lost = 0x7FFFFFFF}});
  EXPECT_EQ(parse_rtcp(octets)->blocks[0].lost, 0x7FFFFF);
  octets = built({.ssrc = 1, .sender = {}, .block = ReportBlock{.lost = -0x7FFFFFFF}});
  EXPECT_EQ(parse_rtcp(octets)->blocks[0].lost, -0x800000);
}

TEST(Rtcp, the_bye_of_another_source_is_not_that_of_the_reporter) {
  const auto compound = parse_rtcp(*from_hex("80c9000100000001 81cb000100000002"));
  ASSERT_TRUE(compound);
  EXPECT_FALSE(compound->bye);
}

TEST(Rtcp, unknown_types_and_padding_in_the_last_packet_are_passed_over) {
  const auto compound =
      parse_rtcp(*from_hex("80c9000100000001 80cc000200000001 41424344 a0cd0002 00000001 00000004"));
  ASSERT_TRUE(compound);
  EXPECT_EQ(compound->ssrc, 1U);
}

TEST(Rtcp, more_blocks_than_one_report_holds_are_left_out) {
  std::string hex;
  for (int report = 0; report < 2; ++report) {
    hex += "9fc900bb00000001";  // 31 blocks
    for (int i = 0; i < 31; ++i) hex += "000000020000000000000000000000000000000000000000";
  }
  const auto compound = parse_rtcp(*from_hex(hex));
  ASSERT_FALSE(compound);  // 1504 octets do not fit a datagram
  const auto compound2 =
      parse_rtcp(*from_hex(hex.substr(0, hex.size() / 2) + "81c9000700000001" + std::string(48, '0')));
  ASSERT_TRUE(compound2);
  EXPECT_EQ(compound2->block_count, kMaxReportBlocks);
}

struct Bad {
  const char* hex;
  const char* what;
};

class BadCompound : public testing::TestWithParam<Bad> {};

TEST_P(BadCompound, is_refused_with_its_reason) {
  const auto compound = parse_rtcp(*from_hex(GetParam().hex));
  ASSERT_FALSE(compound);
  EXPECT_EQ(compound.error().what, GetParam().what);
}

INSTANTIATE_TEST_SUITE_P(All, BadCompound,
                         testing::Values(Bad{"", "header ends early"}, Bad{"80c9", "header ends early"},
                                         Bad{"40c9000100000001", "not version 2"},
                                         Bad{"80c9000200000001", "lengths do not add up"},
                                         Bad{"80c90000", "does not begin with a report"},
                                         Bad{"81ca000200000001 01000000", "does not begin with a report"},
                                         Bad{"80c8000100000001", "report shorter than its blocks"},
                                         Bad{"82c9000100000001", "report shorter than its blocks"},
                                         Bad{"a0c9000100000001 80c9000100000001", "padding before the end"},
                                         Bad{"a0c9000200000001 00000000", "bad padding"},
                                         Bad{"a0c9000200000001 00000003", "bad padding"},
                                         Bad{"a0c9000200000001 0000000c", "bad padding"},
                                         Bad{"80c9000100000001 81ca0000", "SDES chunk ends early"},
                                         Bad{"80c9000100000001 81ca000100000001", "SDES chunk has no end"},
                                         Bad{"80c9000100000001 81ca000200000001 01ff4141",
                                             "SDES item ends early"},
                                         Bad{"80c9000100000001 82cb000100000001", "BYE ends early"}));

TEST(RtcpTiming, intervals_lie_between_half_and_one_and_a_half_of_5_s_with_the_compensation) {
  EXPECT_NEAR(std::chrono::duration<double>(rtcp_interval(false, 0)).count(), 2.5 / 1.21828, 1e-6);
  EXPECT_NEAR(std::chrono::duration<double>(rtcp_interval(false, ~0ULL)).count(), 7.5 / 1.21828, 1e-6);
  EXPECT_NEAR(std::chrono::duration<double>(rtcp_interval(true, ~0ULL)).count(), 3.75 / 1.21828, 1e-6);
}

TEST(RtcpTiming, the_round_trip_is_what_lsr_and_dlsr_leave) {
  const auto sent = to_ntp(Time(1000s));
  const auto received = to_ntp(Time(1000s + 350ms));
  ReportBlock block{.last_report = static_cast<std::uint32_t>(sent >> 16), .delay = 65536 / 4};
  const auto trip = round_trip(block, received);
  ASSERT_TRUE(trip);
  EXPECT_NEAR(std::chrono::duration<double>(*trip).count(), 0.1, 0.001);
  block.delay = 65536;  // longer than the whole
  EXPECT_FALSE(round_trip(block, received));
  block.last_report = 0;
  EXPECT_FALSE(round_trip(block, received));
}

TEST(Reception, counts_cycles_and_losses) {
  Reception r;
  r.start(1, 0xFFFE);
  for (const int s : {0xFFFE, 0xFFFF, 0x0000, 0x0003}) EXPECT_TRUE(r.update(static_cast<std::uint16_t>(s)));
  EXPECT_EQ(r.expected(), 6U);
  EXPECT_EQ(r.lost(), 2U);
  EXPECT_EQ(r.highest_sequence(), 0x10003U);
  const auto report = r.report();
  EXPECT_EQ(report.fraction_lost, 2 * 256 / 6);
  EXPECT_EQ(report.lost, 2);
  // The next interval is clean.
  EXPECT_TRUE(r.update(4));
  EXPECT_EQ(r.report().fraction_lost, 0);
}

TEST(Reception, begins_at_sequence_number_zero_in_cycle_zero) {
  Reception r;
  r.start(1, 0);
  EXPECT_EQ(r.expected(), 0U);
  EXPECT_TRUE(r.update(0));
  EXPECT_EQ(r.expected(), 1U);
  EXPECT_EQ(r.highest_sequence(), 0U);
}

TEST(Reception, duplicates_make_the_loss_negative_in_reports_only) {
  Reception r;
  r.start(1, 10);
  for (const int s : {10, 11, 11, 11}) EXPECT_TRUE(r.update(static_cast<std::uint16_t>(s)));
  EXPECT_EQ(r.lost(), 0U);
  EXPECT_EQ(r.report().lost, -2);
}

TEST(Reception, a_jump_needs_two_packets_in_a_row) {
  Reception r;
  r.start(1, 100);
  EXPECT_TRUE(r.update(100));
  EXPECT_FALSE(r.update(20000));
  EXPECT_TRUE(r.update(101));
  EXPECT_FALSE(r.update(20000));
  EXPECT_TRUE(r.update(20001));
  EXPECT_TRUE(r.update(20002));
  EXPECT_EQ(r.expected(), 4U);
  EXPECT_EQ(r.lost(), 0U);
}

TEST(Reception, counts_a_long_stream_exactly) {
  Reception r;
  r.start(1, 65000);
  std::uint16_t sequence = 65000;
  for (int i = 0; i < 300000; ++i, ++sequence) {
    if (i % 100 != 7) {
      EXPECT_TRUE(r.update(sequence));
    }
  }
  EXPECT_EQ(r.expected(), 300000U);
  EXPECT_EQ(r.lost(), 3000U);
}

TEST(Reception, the_jitter_is_that_of_appendix_a_8) {
  Reception r;
  r.start(1, 0);
  double want = 0;
  std::int64_t last = 0;
  for (int i = 0; i < 200; ++i) {
    const std::int64_t late = i * 37 % 90;
    r.update_jitter(static_cast<std::uint32_t>(i * 160), static_cast<std::uint32_t>(i * 160 + late));
    if (i > 0) want += (static_cast<double>(std::abs(late - last)) - want) / 16;
    last = late;
  }
  EXPECT_NEAR(r.jitter(), want, 0.01);
  EXPECT_GT(want, 20);
  r.update_jitter(0x80000000U, 200 * 160);  // a new origin is no jitter
  EXPECT_NEAR(r.jitter(), want, 0.01);
}

}  // namespace
}  // namespace tandem::sip::rtp
