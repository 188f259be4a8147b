#include "dsp/g711.h"

#include <gtest/gtest.h>
#include <spandsp.h>

#include <numeric>

namespace tandem::dsp {
namespace {

TEST(G711, decodes_every_octet_as_the_reference_does) {
  for (unsigned octet = 0; octet < 256; ++octet) {
    const auto o = static_cast<Octet>(octet);
    ASSERT_EQ(decode_octet(Law::a, o), alaw_to_linear(o)) << octet;
    ASSERT_EQ(decode_octet(Law::mu, o), ulaw_to_linear(o)) << octet;
  }
}

TEST(G711, encodes_every_sample_as_the_reference_does) {
  for (int sample = -32768; sample <= 32767; ++sample) {
    const auto s = static_cast<std::int16_t>(sample);
    ASSERT_EQ(encode_sample(Law::a, s), linear_to_alaw(sample)) << sample;
    ASSERT_EQ(encode_sample(Law::mu, s), linear_to_ulaw(sample)) << sample;
  }
}

TEST(G711, transcodes_by_tables_3_and_4) {
  for (unsigned octet = 0; octet < 256; ++octet) {
    const auto o = static_cast<Octet>(octet);
    ASSERT_EQ(transcode_table(Law::a, Law::mu)[octet], alaw_to_ulaw(o)) << octet;
    ASSERT_EQ(transcode_table(Law::mu, Law::a)[octet], ulaw_to_alaw(o)) << octet;
    ASSERT_EQ(transcode_table(Law::a, Law::a)[octet], o);
    ASSERT_EQ(transcode_table(Law::mu, Law::mu)[octet], o);
  }
}

TEST(G711, a_second_pass_through_both_tables_changes_nothing_more) {
  const auto& to_mu = transcode_table(Law::a, Law::mu);
  const auto& to_a = transcode_table(Law::mu, Law::a);
  for (unsigned octet = 0; octet < 256; ++octet) {
    const auto once = to_a[to_mu[octet]];
    EXPECT_EQ(to_a[to_mu[once]], once) << octet;
  }
}

TEST(G711, encoding_what_was_decoded_gives_the_same_octet_but_for_mu_law_minus_zero) {
  for (unsigned octet = 0; octet < 256; ++octet) {
    const auto o = static_cast<Octet>(octet);
    EXPECT_EQ(encode_sample(Law::a, decode_octet(Law::a, o)), o);
    EXPECT_EQ(encode_sample(Law::mu, decode_octet(Law::mu, o)), o == 0x7F ? 0xFF : o);
  }
}

TEST(G711, silence_is_the_code_of_plus_zero) {
  EXPECT_EQ(silence_octet(Law::a), encode_sample(Law::a, 0));
  EXPECT_EQ(silence_octet(Law::mu), encode_sample(Law::mu, 0));
}

TEST(G711, block_functions_stop_at_the_shorter_side) {
  const std::array<Octet, 4> octets{0xD5, 0x55, 0x2A, 0xAA};
  std::array<std::int16_t, 6> samples{1, 1, 1, 1, 1, 1};
  decode(Law::a, octets, samples);
  EXPECT_EQ(samples, (std::array<std::int16_t, 6>{8, -8, -32256, 32256, 1, 1}));
  std::array<Octet, 2> back{};
  encode(Law::a, samples, back);
  EXPECT_EQ(back, (std::array<Octet, 2>{0xD5, 0x55}));
  std::array<Octet, 4> mu{};
  transcode(transcode_table(Law::a, Law::mu), octets, mu);
  EXPECT_EQ(mu, (std::array<Octet, 4>{0xFE, 0x7E, 0x00, 0x80}));
}

}  // namespace
}  // namespace tandem::dsp
