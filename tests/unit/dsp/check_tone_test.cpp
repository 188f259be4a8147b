#include "dsp/check_tone.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <numbers>
#include <optional>
#include <vector>

#include "dsp/g711.h"
#include "gateway/base/random.h"

namespace tandem::dsp {
namespace {

constexpr std::size_t kTick = 80;
constexpr std::array kLaws{Law::a, Law::mu};

double amplitude(double dbm0) {
  return 32768 * std::pow(10.0, (dbm0 - 3.14) / 20);
}

/// The value of a signal at a sample.
using Signal = std::function<double(std::size_t)>;

Signal sine(double hz, double dbm0, double phase = 0) {
  return [=](std::size_t i) {
    return amplitude(dbm0) *
           std::sin(phase + 2 * std::numbers::pi * hz * static_cast<double>(i) / kSampleRate);
  };
}

Octets sound(Law law, const Signal& signal, std::size_t samples) {
  Octets octets(samples);
  for (std::size_t i = 0; i < samples; ++i) {
    const auto limited = std::clamp(signal(i), -32768.0, 32767.0);
    octets[i] = encode_sample(law, static_cast<std::int16_t>(std::lrint(limited)));
  }
  return octets;
}

/// `signal` after `before` samples of silence and before more of it.
Octets in_silence(Law law, const Signal& signal, std::size_t samples, std::size_t before) {
  Octets octets(before, silence_octet(law));
  const auto middle = sound(law, signal, samples);
  octets.insert(octets.end(), middle.begin(), middle.end());
  octets.resize((octets.size() / kTick + 3) * kTick, silence_octet(law));
  return octets;
}

/// Samples until the recognition, which comes at a tick's end; nothing: it does not come.
std::optional<std::size_t> recognised(Law law, OctetView octets) {
  CheckToneReceiver receiver;
  for (std::size_t at = 0; at + kTick <= octets.size(); at += kTick)
    if (receiver.take(law, octets.subspan(at, kTick))) return at + kTick;
  return std::nullopt;
}

TEST(CheckTone, is_sent_at_minus_12_dbm0_within_20_hz_of_2000) {  // Q.724 7.3.1
  for (const auto law : kLaws) {
    CheckToneSender sender;
    Octets octets(8000);
    sender.send(law, octets);
    double energy = 0;
    double re = 0;
    double im = 0;
    for (std::size_t i = 0; i < octets.size(); ++i) {
      const double s = decode_octet(law, octets[i]);
      const double phase = 2 * std::numbers::pi * 2010 * static_cast<double>(i) / kSampleRate;
      energy += s * s;
      re += s * std::cos(phase);
      im += s * std::sin(phase);
    }
    const double tone = (re * re + im * im) * 2 / 8000;
    EXPECT_NEAR(10 * std::log10(energy / 8000 / (amplitude(0) * amplitude(0) / 2)), -12, 0.1);
    EXPECT_GT(tone / energy, 0.999) << "all of it is at 2010 Hz";
  }
}

TEST(CheckTone, goes_on_from_call_to_call_whatever_is_asked_for) {
  CheckToneSender whole, parts;
  Octets expected(4000), got(4000);
  whole.send(Law::a, expected);
  std::size_t at = 0;
  for (std::size_t size = 1; at < got.size(); size = size * 3 % 1009) {
    const auto count = std::min(size, got.size() - at);
    parts.send(Law::a, std::span(got).subspan(at, count));
    at += count;
  }
  EXPECT_EQ(got, expected);
  parts.restart();
  parts.send(Law::a, std::span(got).first(80));
  EXPECT_TRUE(std::equal(got.begin(), got.begin() + 80, expected.begin()));
}

TEST(CheckTone, is_recognised_at_all_limits_within_30_to_60_ms) {  // Q.724 7.3.3 a)
  for (const auto law : kLaws) {
    for (const double hz : {1970.0, 1980.0, 2000.0, 2010.0, 2020.0, 2030.0}) {
      for (const double level : {-18.0, -17.0, -12.0, -7.0, -6.0}) {
        for (std::size_t before = 0; before < kTick; ++before) {
          const double phase = static_cast<double>(before) * 0.3;
          const auto octets = in_silence(law, sine(hz, level, phase), 480, before);
          const auto after = recognised(law, octets);
          ASSERT_TRUE(after) << hz << " Hz, " << level << " dBm0, after " << before;
          EXPECT_GE(*after - before, 240U) << hz << " Hz, " << level << " dBm0, after " << before;
          EXPECT_LE(*after - before, 480U) << hz << " Hz, " << level << " dBm0, after " << before;
        }
      }
    }
  }
}

TEST(CheckTone, is_not_recognised_200_hz_away_at_any_level) {  // Q.724 7.3.3 b)
  for (const auto law : kLaws) {
    for (double hz = 200; hz < 3950; hz += 25) {
      if (std::abs(hz - 2000) < 200) continue;
      for (const double level : {-18.0, -12.0, -6.0, 0.0, 3.0})
        EXPECT_FALSE(recognised(law, sound(law, sine(hz, level, 0.4), 4000))) << hz << " Hz, " << level;
    }
  }
}

TEST(CheckTone, is_not_recognised_where_it_is_too_weak_or_has_been_amplified) {  // Q.724 7.3.3 b)
  for (const auto law : kLaws) {
    for (const double hz : {1970.0, 2000.0, 2010.0, 2030.0}) {
      for (const double level : {-60.0, -40.0, -30.0, -22.0, -3.0, 0.0, 3.0}) {
        for (const double phase : {0.0, 0.7854, 1.1})
          EXPECT_FALSE(recognised(law, sound(law, sine(hz, level, phase), 4000))) << hz << " Hz, " << level;
      }
    }
  }
}

TEST(CheckTone, is_not_recognised_when_it_is_shorter_than_30_ms) {  // Q.724 7.3.3 b)
  for (std::size_t before = 0; before < kTick; ++before)
    EXPECT_FALSE(recognised(Law::a, in_silence(Law::a, sine(2010, -12), 239, before))) << before;
  // Nor are bursts of it added up.
  Octets bursts;
  for (int i = 0; i < 50; ++i) {
    const auto one = in_silence(Law::a, sine(2010, -12), 239, static_cast<std::size_t>(i));
    bursts.insert(bursts.end(), one.begin(), one.end());
  }
  EXPECT_FALSE(recognised(Law::a, bursts));
}

TEST(CheckTone, is_not_recognised_in_silence_or_noise_or_random_octets) {
  SeededRandom random(7);
  for (const auto law : kLaws) {
    for (const Octet idle : {Octet{0x00}, Octet{0x54}, Octet{0x55}, Octet{0x7F}, Octet{0xD5}, Octet{0xFF}})
      EXPECT_FALSE(recognised(law, Octets(4000, idle))) << int{idle};
    Octets octets(400'000);
    for (auto& octet : octets) octet = static_cast<Octet>(random.next());
    EXPECT_FALSE(recognised(law, octets));
    for (const double level : {-20.0, -10.0, 0.0}) {
      const auto noise = [&](std::size_t) {
        return amplitude(level) * (static_cast<double>(random.next() >> 11) / 4503599627370496.0 - 1);
      };
      EXPECT_FALSE(recognised(law, sound(law, noise, 400'000))) << level;
    }
  }
}

TEST(CheckTone, is_not_recognised_in_other_tones_and_pairs_of_tones) {
  const auto pair = [](double low, double high, double level) {
    return [a = sine(low, level), b = sine(high, level, 0.5)](std::size_t i) { return a(i) + b(i); };
  };
  for (const double low : {350.0, 697.0, 770.0, 852.0, 941.0, 1400.0, 1900.0, 1950.0})
    for (const double high : {440.0, 1209.0, 1336.0, 1477.0, 1633.0, 1780.0, 2060.0, 2100.0})
      EXPECT_FALSE(recognised(Law::a, sound(Law::a, pair(low, high, -9), 8000))) << low << " + " << high;
  // The right one beside another of the same level is not the tone alone.
  EXPECT_FALSE(recognised(Law::a, sound(Law::a, pair(1004, 2000, -12), 8000)));
  // V.8's answer tone, and a sweep that passes 2000 Hz.
  const auto answer = [](std::size_t i) {
    return sine(2100, -12)(i) *
           (1 + 0.2 * std::sin(2 * std::numbers::pi * 15 * static_cast<double>(i) / 8000));
  };
  EXPECT_FALSE(recognised(Law::a, sound(Law::a, answer, 16000)));
  const auto sweep = [](std::size_t i) {
    const double t = static_cast<double>(i) / 8000;
    return amplitude(-12) * std::sin(2 * std::numbers::pi * (1000 * t + 2000 * t * t));
  };
  EXPECT_FALSE(recognised(Law::a, sound(Law::a, sweep, 4000))) << "1000 to 3000 Hz in half a second";
}

// Voiced sounds: pulses at the pitch through resonances, one of them near 2000 Hz; the pitch moves.
TEST(CheckTone, is_not_recognised_in_speech) {
  for (const double pitch : {80.0, 100.0, 125.0, 200.0, 250.0, 400.0, 500.0}) {
    for (const double level : {0.3, 1.0, 3.0}) {
      struct Formant {
        double hz, width, one = 0, two = 0;
        double operator()(double x) {
          const double r = std::exp(-std::numbers::pi * width / 8000);
          const double y = x + 2 * r * std::cos(2 * std::numbers::pi * hz / 8000) * one - r * r * two;
          two = one;
          return one = y;
        }
      };
      std::array<Formant, 3> formants{{{280, 60}, {2000, 80}, {2900, 120}}};
      double phase = 0;
      const auto voice = [&](std::size_t i) {
        phase += pitch * (1 + 0.05 * std::sin(static_cast<double>(i) / 2000)) / 8000;
        const bool pulse = phase >= 1;
        if (pulse) phase -= 1;
        double x = pulse ? 1500 * level : 0;
        double sum = 0;
        for (auto& formant : formants) sum += formant(x);
        return sum;
      };
      EXPECT_FALSE(recognised(Law::a, sound(Law::a, voice, 80'000))) << pitch << " Hz, " << level;
    }
  }
}

TEST(CheckTone, is_recognised_through_noise_ten_decibels_below_it) {
  SeededRandom random(3);
  for (const auto law : kLaws) {
    const auto noisy = [&](std::size_t i) {
      const double noise = static_cast<double>(random.next() >> 11) / 4503599627370496.0 - 1;
      return sine(2010, -17)(i) + amplitude(-17) * std::sqrt(1.5 / 10) * noise;
    };
    EXPECT_TRUE(recognised(law, sound(law, noisy, 4000)));
  }
}

TEST(CheckTone, stays_recognised_until_the_receiver_is_reset) {
  CheckToneReceiver receiver;
  const auto tone = sound(Law::a, sine(2000, -12, 0.8), 480);
  const Octets silence(480, silence_octet(Law::a));
  EXPECT_TRUE(receiver.take(Law::a, tone));
  EXPECT_TRUE(receiver.take(Law::a, silence));
  receiver.reset();
  EXPECT_FALSE(receiver.take(Law::a, silence));
  EXPECT_TRUE(receiver.take(Law::a, tone));
}

TEST(CheckTone, octets_short_of_a_step_are_left) {
  CheckToneReceiver receiver;
  const auto tone = sound(Law::mu, sine(2000, -12), 480);
  for (int i = 0; i < 100; ++i) EXPECT_FALSE(receiver.take(Law::mu, OctetView(tone).first(39)));
  EXPECT_FALSE(receiver.take(Law::mu, {}));
}

}  // namespace
}  // namespace tandem::dsp
