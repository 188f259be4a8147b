#include "dsp/comfort_noise.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <numbers>
#include <vector>

#include "dsp/slip.h"
#include "gateway/base/random.h"

namespace tandem::dsp {
namespace {

std::vector<std::int16_t> generate(ComfortNoise& noise, int blocks) {
  std::vector<std::int16_t> out(static_cast<std::size_t>(blocks) * 80);
  for (std::size_t i = 0; i < out.size(); i += 80) noise.generate(std::span(out).subspan(i, 80));
  return out;
}

TEST(ComfortNoise, has_the_level_that_the_payload_says_with_and_without_spectrum) {
  for (std::uint8_t level = 30; level <= 60; level = static_cast<std::uint8_t>(level + 15)) {
    ComfortNoise plain;
    plain.set(parse_noise(std::array<std::uint8_t, 1>{level}));
    generate(plain, 2);
    EXPECT_NEAR(level_dbov(generate(plain, 200)), -level, 1.0);
    ComfortNoise coloured;
    coloured.set(parse_noise(std::array<std::uint8_t, 4>{level, 40, 160, 120}));
    generate(coloured, 10);
    EXPECT_NEAR(level_dbov(generate(coloured, 400)), -level, 1.5);
  }
}

TEST(ComfortNoise, the_first_coefficient_tilts_the_spectrum) {
  const auto tilt = [](std::uint8_t coefficient) {
    ComfortNoise noise;
    noise.set(parse_noise(std::array<std::uint8_t, 2>{30, coefficient}));
    generate(noise, 10);
    const auto samples = generate(noise, 200);
    double same = 0;
    double next = 0;
    for (std::size_t i = 1; i < samples.size(); ++i) {
      same += static_cast<double>(samples[i]) * samples[i];
      next += static_cast<double>(samples[i]) * samples[i - 1];
    }
    return next / same;
  };
  // RFC 3389 3.2: k = 258 (N - 127) / 32768, and the first one is minus the correlation of neighbours.
  EXPECT_NEAR(tilt(127), 0, 0.05);
  EXPECT_NEAR(tilt(27), 258.0 * 100 / 32768, 0.05);
  EXPECT_NEAR(tilt(227), -258.0 * 100 / 32768, 0.05);
}

TEST(ComfortNoise, takes_any_payload) {
  EXPECT_EQ(parse_noise({}).level, 127);
  EXPECT_EQ(parse_noise(std::array<std::uint8_t, 1>{0xFF}).level, 127);
  const std::vector<std::uint8_t> lengthy(1400, 254);
  EXPECT_EQ(parse_noise(lengthy).order, NoiseShape::kMaxOrder);
  EXPECT_EQ(parse_noise(std::array<std::uint8_t, 3>{50, 100, 255}).order, 1) << "255 is reserved";
  SeededRandom random(2);
  ComfortNoise noise;
  for (int i = 0; i < 2000; ++i) {
    std::array<std::uint8_t, 11> payload;
    for (auto& octet : payload) octet = static_cast<std::uint8_t>(random.next());
    noise.set(parse_noise(payload));
    generate(noise, 2);
  }
  noise.set(parse_noise(std::array<std::uint8_t, 1>{40}));
  generate(noise, 2);
  EXPECT_NEAR(level_dbov(generate(noise, 200)), -40, 1) << "no filter has run away";
  noise.set({});
  generate(noise, 1);
  EXPECT_LE(level_dbov(generate(noise, 2)), -100);
}

TEST(ComfortNoise, rises_gradually) {
  ComfortNoise noise;
  noise.set(parse_noise(std::array<std::uint8_t, 1>{20}));
  const auto samples = generate(noise, 1);
  EXPECT_LT(level_dbov(std::span(samples).first(10)), level_dbov(std::span(samples).last(10)) - 10);
}

std::vector<std::int16_t> noise_at(SeededRandom& random, double dbov) {
  std::vector<std::int16_t> out(80);
  const double peak = 32768 * std::pow(10, dbov / 20) * std::sqrt(3.0);
  for (auto& s : out) {
    const double unit = static_cast<double>(static_cast<std::int64_t>(random.next()) >> 40) / 8388608.0;
    s = static_cast<std::int16_t>(std::lrint(peak * unit));
  }
  return out;
}

TEST(VoiceActivity, tells_speech_from_background_with_a_hangover_of_200_ms) {
  SeededRandom random(7);
  VoiceActivity activity;
  for (int i = 0; i < 100; ++i) activity.process(noise_at(random, -55));
  EXPECT_FALSE(activity.process(noise_at(random, -55)).voice);
  EXPECT_NEAR(activity.process(noise_at(random, -55)).level, 55, 2);
  EXPECT_TRUE(activity.process(noise_at(random, -25)).voice) << "at once";
  int blocks = 0;
  while (activity.process(noise_at(random, -55)).voice) ++blocks;
  EXPECT_GE(blocks, 18);
  EXPECT_LE(blocks, 20);
}

TEST(VoiceActivity, a_steady_tone_never_becomes_background) {
  VoiceActivity activity;
  std::vector<std::int16_t> block(80);
  for (int i = 0; i < 6000; ++i) {
    for (std::size_t k = 0; k < 80; ++k)
      block[k] = static_cast<std::int16_t>(
          6000 *
          std::sin(2 * std::numbers::pi * 425 * static_cast<double>(i * 80 + static_cast<int>(k)) / 8000));
    ASSERT_TRUE(activity.process(block).voice) << i;
  }
}

TEST(VoiceActivity, follows_a_background_that_becomes_louder_and_is_quiet_in_silence) {
  SeededRandom random(9);
  VoiceActivity activity;
  for (int i = 0; i < 200; ++i) activity.process(noise_at(random, -65));
  for (int i = 0; i < 1000; ++i) activity.process(noise_at(random, -48));
  EXPECT_FALSE(activity.process(noise_at(random, -48)).voice);
  const std::vector<std::int16_t> silence(80, 8);  // A-law's idle octet
  for (int i = 0; i < 100; ++i) activity.process(silence);
  EXPECT_FALSE(activity.process(silence).voice);
}

TEST(Slip, goes_from_one_sample_to_the_next_without_a_step_both_ways) {
  for (const int direction : {1, -1}) {
    for (const int blocks : {2, 10}) {
      std::vector<std::int16_t> source(2000);
      for (std::size_t i = 0; i < source.size(); ++i)
        source[i] = static_cast<std::int16_t>(
            10000 * std::sin(2 * std::numbers::pi * 1004 * static_cast<double>(i) / 8000));
      std::vector<std::int16_t> out;
      for (int block = 0; block < blocks; ++block) {
        std::array<std::int16_t, 80> made{};
        slip(std::span(source).subspan(static_cast<std::size_t>(block) * 80 + 5, 90), direction, block,
             blocks, made);
        out.insert(out.end(), made.begin(), made.end());
      }
      const auto end = static_cast<std::size_t>(blocks) * 80 + 10;
      EXPECT_EQ(out.front(), source[10]);
      // What comes next is the source again, one sample further or less far.
      out.push_back(source[direction > 0 ? end + 1 : end - 1]);
      for (std::size_t i = 0; i < out.size(); ++i) {
        const double place =
            10 + static_cast<double>(i) + direction * static_cast<double>(i) / (80.0 * blocks);
        EXPECT_NEAR(out[i], 10000 * std::sin(2 * std::numbers::pi * 1004 * place / 8000), 60) << i;
      }
    }
  }
}

}  // namespace
}  // namespace tandem::dsp
