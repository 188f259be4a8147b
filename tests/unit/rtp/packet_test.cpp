#include "sipt/rtp/packet.h"

#include <gtest/gtest.h>

#include "gateway/base/random.h"

namespace tandem::sip::rtp {
namespace {

TEST(RtpPacket, a_plain_packet_has_its_fields) {
  const auto octets = *from_hex("80 88 1234 01020304 a0b0c0d0 d5d5d5");
  const auto packet = parse_rtp(octets);
  ASSERT_TRUE(packet);
  EXPECT_TRUE(packet->header.marker);
  EXPECT_EQ(packet->header.payload_type, 8);
  EXPECT_EQ(packet->header.sequence, 0x1234);
  EXPECT_EQ(packet->header.timestamp, 0x01020304U);
  EXPECT_EQ(packet->header.ssrc, 0xA0B0C0D0U);
  EXPECT_EQ(to_hex(packet->payload), "d5d5d5");
}

TEST(RtpPacket, csrc_extension_and_padding_are_passed_over) {
  // 2 CSRC, an extension of one word, three octets of padding.
  const auto octets =
      *from_hex("b2 00 0001 00000002 00000003 11111111 22222222 bede0001 deadbeef 5566 000003");
  const auto packet = parse_rtp(octets);
  ASSERT_TRUE(packet);
  EXPECT_EQ(to_hex(packet->payload), "5566");
}

TEST(RtpPacket, an_empty_payload_is_a_packet) {
  const auto packet = parse_rtp(*from_hex("80 00 0001 00000002 00000003"));
  ASSERT_TRUE(packet);
  EXPECT_TRUE(packet->payload.empty());
}

struct Bad {
  const char* hex;
  Errc code;
  const char* what;
};

class BadPacket : public testing::TestWithParam<Bad> {};

TEST_P(BadPacket, is_refused_with_its_reason) {
  const auto octets = *from_hex(GetParam().hex);
  const auto packet = parse_rtp(octets);
  ASSERT_FALSE(packet);
  EXPECT_EQ(packet.error().code, GetParam().code);
  EXPECT_EQ(packet.error().what, GetParam().what);
}

INSTANTIATE_TEST_SUITE_P(
    All, BadPacket,
    testing::Values(Bad{"", Errc::truncated, "under 12 octets"},
                    Bad{"80 00 0001 00000002 000000", Errc::truncated, "under 12 octets"},
                    Bad{"40 00 0001 00000002 00000003", Errc::malformed, "not version 2"},
                    Bad{"80 c8 0001 00000002 00000003", Errc::malformed, "RTCP on the RTP port"},
                    Bad{"82 00 0001 00000002 00000003 11111111", Errc::truncated, "ends early"},
                    Bad{"90 00 0001 00000002 00000003 bede", Errc::truncated, "ends early"},
                    Bad{"90 00 0001 00000002 00000003 bedeffff 00", Errc::truncated, "ends early"},
                    Bad{"a0 00 0001 00000002 00000003 d500", Errc::malformed, "bad count"},
                    Bad{"a0 00 0001 00000002 00000003 d503", Errc::malformed, "bad count"},
                    Bad{"a0 00 0001 00000002 00000003", Errc::malformed, "bad count"}));

TEST(RtpPacket, one_that_is_too_long_is_refused) {
  Octets octets(kMaxPacket + 1);
  octets[0] = 0x80;
  const auto packet = parse_rtp(octets);
  ASSERT_FALSE(packet);
  EXPECT_EQ(packet.error().code, Errc::too_long);
}

TEST(RtpPacket, what_is_built_is_what_is_parsed) {
  SeededRandom random(1);
  for (int i = 0; i < 1000; ++i) {
    const auto r = random.next();
    RtpHeader header{.marker = (r & 1U) != 0,
                     .payload_type = static_cast<std::uint8_t>(r >> 8 & 0x3F),
                     .sequence = static_cast<std::uint16_t>(r >> 16),
                     .timestamp = static_cast<std::uint32_t>(r >> 32),
                     .ssrc = static_cast<std::uint32_t>(random.next())};
    std::array<Octet, kRtpHeader> octets{};
    build_rtp_header(header, octets);
    const auto packet = parse_rtp(octets);
    ASSERT_TRUE(packet);
    EXPECT_EQ(packet->header.marker, header.marker);
    EXPECT_EQ(packet->header.payload_type, header.payload_type);
    EXPECT_EQ(packet->header.sequence, header.sequence);
    EXPECT_EQ(packet->header.timestamp, header.timestamp);
    EXPECT_EQ(packet->header.ssrc, header.ssrc);
  }
}

TEST(RtpPacket, newer_goes_round_the_corner) {
  EXPECT_TRUE(newer(std::uint16_t{0}, std::uint16_t{0xFFFF}));
  EXPECT_FALSE(newer(std::uint16_t{0xFFFF}, std::uint16_t{0}));
  EXPECT_FALSE(newer(std::uint32_t{5}, std::uint32_t{5}));
  EXPECT_TRUE(newer(std::uint32_t{10}, 0xFFFFFFF0U));
}

}  // namespace
}  // namespace tandem::sip::rtp
