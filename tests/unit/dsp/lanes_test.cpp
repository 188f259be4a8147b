#include "dsp/lanes.h"

#include <gtest/gtest.h>
#include <hwy/targets.h>

#include <cmath>

#include "dsp/chain.h"
#include "dsp/g711.h"
#include "gateway/base/random.h"

namespace tandem::dsp {
namespace {

/// Each test runs once for each instruction set that this machine has and the library was built for.
class Lanes : public testing::TestWithParam<std::int64_t> {
 protected:
  void SetUp() override { hwy::SetSupportedTargetsForTest(GetParam()); }
  void TearDown() override { hwy::SetSupportedTargetsForTest(0); }

  static SpanOctets noise(std::uint64_t seed) {
    SeededRandom random(seed);
    SpanOctets octets{};
    for (auto& octet : octets) octet = static_cast<Octet>(random.next() >> 32);
    return octets;
  }
};

constexpr std::array kWidths{16, 24, 31, 32};

TEST_P(Lanes, decode_like_the_table_for_both_laws_and_all_widths) {
  for (const auto law : {Law::a, Law::mu}) {
    for (const int width : kWidths) {
      const auto octets = noise(7);
      auto lanes = std::make_unique<LaneBlock>();
      decode_lanes(law, octets, width, *lanes);
      for (std::size_t frame = 0; frame < kBlock; ++frame) {
        for (std::size_t lane = 0; lane < kLanes; ++lane) {
          const bool inside = lane < static_cast<std::size_t>(width);
          const float want =
              inside ? decode_octet(law, octets[frame * static_cast<std::size_t>(width) + lane]) : 0.0F;
          ASSERT_EQ(lanes->samples[frame][lane], want) << width << ' ' << frame << ' ' << lane;
        }
      }
    }
  }
}

TEST_P(Lanes, encode_every_16_bit_sample_like_the_scalar_code) {
  auto lanes = std::make_unique<LaneBlock>();
  SpanOctets octets{};
  for (const auto law : {Law::a, Law::mu}) {
    int next = -32768;
    while (next <= 32767) {
      const int first = next;
      for (auto& frame : lanes->samples) {
        for (auto& sample : frame) sample = static_cast<float>(std::min(next++, 32767));
      }
      encode_lanes(law, *lanes, ~LaneMask{}, kLanes, octets);
      for (std::size_t i = 0; i < octets.size(); ++i) {
        const auto sample = static_cast<std::int16_t>(std::min(first + static_cast<int>(i), 32767));
        ASSERT_EQ(octets[i], encode_sample(law, sample)) << sample;
      }
    }
  }
}

TEST_P(Lanes, encode_limits_what_is_too_loud_and_leaves_unmasked_lanes_alone) {
  auto lanes = std::make_unique<LaneBlock>();
  for (auto& frame : lanes->samples) frame.fill(1e6F);
  for (auto& frame : lanes->samples) frame[3] = -1e6F;
  SpanOctets octets{};
  octets.fill(0x77);
  encode_lanes(Law::a, *lanes, 0b1001, 31, octets);
  for (std::size_t frame = 0; frame < kBlock; ++frame) {
    EXPECT_EQ(octets[frame * 31], encode_sample(Law::a, 32767));
    EXPECT_EQ(octets[frame * 31 + 1], 0x77);
    EXPECT_EQ(octets[frame * 31 + 3], encode_sample(Law::a, -32768));
  }
}

TEST_P(Lanes, split_and_merge_are_inverse_and_touch_only_the_width) {
  for (const int width : kWidths) {
    const auto w = static_cast<std::size_t>(width);
    const auto octets = noise(9);
    auto channels = std::make_unique<ChannelOctets>();
    for (auto& lane : channels->lanes) lane.fill(0xEE);
    split_channels(octets, width, *channels);
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      for (std::size_t frame = 0; frame < kBlock; ++frame) {
        ASSERT_EQ(channels->lanes[lane][frame], lane < w ? octets[frame * w + lane] : 0xEE);
      }
    }
    SpanOctets back{};
    back.fill(0xAB);
    merge_channels(*channels, width, back);
    for (std::size_t i = 0; i < back.size(); ++i) ASSERT_EQ(back[i], i < w * kBlock ? octets[i] : 0xAB) << i;
  }
}

TEST_P(Lanes, a_gain_of_6_db_doubles_and_the_chain_leaves_d_channels_alone) {
  ChainSettings settings{.law = Law::a, .width = 31, .audio = ~(LaneMask{1} << 15)};
  settings.receive_factors.fill(amplitude(Decibels{6.0206F}));
  settings.receive_gain = ~LaneMask{};
  SpanOctets octets{};
  octets.fill(encode_sample(Law::a, 1000));
  auto lanes = std::make_unique<LaneBlock>();
  auto channels = std::make_unique<ChannelOctets>();
  receive_chain(settings, octets, *lanes, *channels);
  const int before = decode_octet(Law::a, encode_sample(Law::a, 1000));
  EXPECT_NEAR(decode_octet(Law::a, channels->lanes[0][5]), 2 * before, 2 * before * 0.032);
  EXPECT_EQ(channels->lanes[15][5], encode_sample(Law::a, 1000));
  std::array<std::int16_t, kBlock> samples{};
  extract_lane(*lanes, 0, samples);
  EXPECT_NEAR(samples[79], 2 * before, 1);
}

TEST_P(Lanes, without_gain_the_chain_is_bit_exact_both_ways) {
  const ChainSettings settings{.law = Law::mu, .width = 24};
  const auto sent = noise(11);
  auto octets = sent;
  auto lanes = std::make_unique<LaneBlock>();
  auto channels = std::make_unique<ChannelOctets>();
  receive_chain(settings, octets, *lanes, *channels);
  SpanOctets back{};
  send_chain(settings, *channels, *lanes, back);
  EXPECT_TRUE(std::equal(back.begin(), back.begin() + 24 * kBlock, sent.begin()));
}

std::vector<std::int64_t> targets() {
  return hwy::SupportedAndGeneratedTargets();
}

INSTANTIATE_TEST_SUITE_P(AllTargets, Lanes, testing::ValuesIn(targets()),
                         [](const auto& param) { return std::string(hwy::TargetName(param.param)); });

}  // namespace
}  // namespace tandem::dsp
