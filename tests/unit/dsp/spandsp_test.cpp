#include "dsp/spandsp.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <string>
#include <vector>

#include "gateway/base/random.h"

namespace tandem::dsp {
namespace {

using Signal = std::vector<std::int16_t>;

double level_dbm0(std::span<const std::int16_t> samples) {
  double energy = 0;
  for (const auto s : samples) energy += double{static_cast<double>(s)} * s;
  // A sine at +3.14 dBm0 is full scale (G.711).
  return 10 * std::log10(energy / static_cast<double>(samples.size()) / (32768.0 * 32768.0 / 2) + 1e-12) +
         3.14;
}

double power_at(std::span<const std::int16_t> samples, double hz) {
  double re = 0;
  double im = 0;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const double phase = 2 * std::numbers::pi * hz * static_cast<double>(i) / 8000;
    re += samples[i] * std::cos(phase);
    im += samples[i] * std::sin(phase);
  }
  return (re * re + im * im) / (static_cast<double>(samples.size()) * static_cast<double>(samples.size()));
}

Signal generate(ToneGenerator& generator, int ms) {
  Signal signal(static_cast<std::size_t>(ms) * 8);
  for (std::size_t i = 0; i < signal.size(); i += 80) generator.generate(std::span(signal).subspan(i, 80));
  return signal;
}

TEST(Dtmf, every_digit_that_is_generated_is_detected_within_40_ms_and_ends_within_40_ms) {
  const ToneTable tones;
  ToneGenerator generator(tones);
  DtmfDetector detector;
  for (const char digit : std::string("0123456789*#ABCD")) {
    generator.start(*tones.dtmf(digit));
    int on_after = -1;
    std::array<std::int16_t, 80> block{};
    for (int tick = 0; tick < 10; ++tick) {
      generator.generate(block);
      const auto status = detector.process(block);
      if (status.digit != 0 && on_after < 0) on_after = tick * 10 + 10;
      if (status.digit != 0) {
        EXPECT_EQ(status.digit, digit);
      }
    }
    EXPECT_GT(on_after, 0) << digit;
    EXPECT_LE(on_after, 40) << digit;
    block.fill(0);
    int off_after = -1;
    for (int tick = 0; tick < 10; ++tick) {
      if (detector.process(block).digit == 0 && off_after < 0) off_after = tick * 10 + 10;
    }
    EXPECT_GT(off_after, 0) << digit;
    EXPECT_LE(off_after, 40) << digit;
  }
}

TEST(Dtmf, a_digit_is_suspected_before_it_is_confirmed) {
  const ToneTable tones;
  ToneGenerator generator(tones);
  generator.start(*tones.dtmf('5'));
  DtmfDetector detector;
  std::array<std::int16_t, 80> block{};
  bool suspected_first = false;
  for (int tick = 0; tick < 4; ++tick) {
    generator.generate(block);
    const auto status = detector.process(block);
    if (status.digit != 0) break;
    suspected_first = suspected_first || status.suspected;
  }
  EXPECT_TRUE(suspected_first);
}

TEST(Dtmf, noise_and_single_tones_are_not_digits) {
  DtmfDetector detector;
  SeededRandom random(3);
  std::array<std::int16_t, 80> block{};
  for (int tick = 0; tick < 2000; ++tick) {
    for (auto& s : block)
      s = static_cast<std::int16_t>(static_cast<int>(random.next() >> 40 & 0x3FFF) - 0x2000);
    ASSERT_EQ(detector.process(block).digit, 0);
  }
  for (int tick = 0; tick < 100; ++tick) {
    for (std::size_t i = 0; i < 80; ++i) {
      block[i] = static_cast<std::int16_t>(
          8000 * std::sin(2 * std::numbers::pi * 697 *
                          static_cast<double>(static_cast<std::size_t>(tick) * 80 + i) / 8000));
    }
    ASSERT_EQ(detector.process(block).digit, 0);
  }
}

TEST(Dtmf, reset_forgets_a_digit_that_is_on) {
  const ToneTable tones;
  ToneGenerator generator(tones);
  generator.start(*tones.dtmf('7'));
  DtmfDetector detector;
  std::array<std::int16_t, 80> block{};
  for (int tick = 0; tick < 5; ++tick) {
    generator.generate(block);
    detector.process(block);
  }
  detector.reset();
  block.fill(0);
  const auto status = detector.process(block);
  EXPECT_EQ(status.digit, 0);
  EXPECT_FALSE(status.suspected);
}

TEST(Tones, characters_that_are_no_digit_have_no_tone) {
  const ToneTable tones;
  for (const char c : std::string("EabcdXx -+")) EXPECT_EQ(tones.dtmf(c), nullptr) << c;
  EXPECT_EQ(tones.dtmf(0), nullptr);
}

TEST(Tones, dtmf_has_its_two_frequencies_at_minus_10_and_minus_8_dbm0) {
  const ToneTable tones;
  ToneGenerator generator(tones);
  generator.start(*tones.dtmf('6'));
  const auto signal = generate(generator, 1000);
  EXPECT_NEAR(level_dbm0(signal), 10 * std::log10(std::pow(10, -1.0) + std::pow(10, -0.8)), 0.3);
  EXPECT_NEAR(10 * std::log10(power_at(signal, 1477) / power_at(signal, 770)), 2.0, 0.2);
  EXPECT_LT(power_at(signal, 1000), power_at(signal, 770) * 1e-3);
}

Signal sine(double hz, double amplitude, std::size_t count, std::size_t from = 0) {
  Signal signal(count);
  for (std::size_t i = 0; i < count; ++i) {
    signal[i] = static_cast<std::int16_t>(
        amplitude * std::sin(2 * std::numbers::pi * hz * static_cast<double>(from + i) / 8000));
  }
  return signal;
}

TEST(Concealer, continues_a_steady_tone_through_a_lost_packet) {
  const auto history = sine(200, 8000, Concealer::kHistory);
  Concealer concealer;
  concealer.begin(history);
  Signal filled(160);
  concealer.conceal(std::span(filled).first(80));
  concealer.conceal(std::span(filled).last(80));
  const auto wanted = sine(200, 8000, 160, Concealer::kHistory);
  double signal = 0;
  double error = 0;
  for (std::size_t i = 0; i < 80; ++i) {
    signal += static_cast<double>(wanted[i]) * wanted[i];
    error += std::pow(wanted[i] - filled[i], 2);
  }
  EXPECT_GT(10 * std::log10(signal / error), 10);  // it fades on purpose, so it is never exact
}

TEST(Concealer, fades_to_silence_within_60_ms_and_forgets_old_calls) {
  Concealer concealer;
  concealer.begin(sine(200, 8000, Concealer::kHistory));
  Signal filled(80);
  for (int i = 0; i < 7; ++i) concealer.conceal(filled);
  EXPECT_LT(level_dbm0(filled), -70);
  concealer.begin(Signal(Concealer::kHistory, 0));
  concealer.conceal(filled);
  EXPECT_LT(level_dbm0(filled), -70);
}

TEST(Concealer, blends_back_into_what_follows) {
  Concealer concealer;
  concealer.begin(sine(200, 8000, Concealer::kHistory));
  Signal filled(80);
  concealer.conceal(filled);
  auto next = sine(200, 8000, 80, Concealer::kHistory + 80);
  const auto clean = next;
  concealer.resume(next);
  EXPECT_TRUE(std::equal(next.begin() + 60, next.end(), clean.begin() + 60));
}

}  // namespace
}  // namespace tandem::dsp
