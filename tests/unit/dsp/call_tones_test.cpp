#include "dsp/call_tones.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>
#include <set>
#include <string>
#include <vector>

namespace tandem::dsp {
namespace {

using Signal = std::vector<std::int16_t>;

Signal generate(CallToneGenerator& generator, std::size_t samples) {
  Signal signal(samples);
  for (std::size_t i = 0; i < samples; i += 80)
    generator.generate(std::span(signal).subspan(i, std::min<std::size_t>(80, samples - i)));
  return signal;
}

double amplitude(std::span<const std::int16_t> samples, double hz) {
  double re = 0;
  double im = 0;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const double phase = 2 * std::numbers::pi * hz * static_cast<double>(i) / 8000;
    re += samples[i] * std::cos(phase);
    im += samples[i] * std::sin(phase);
  }
  return 2 * std::hypot(re, im) / static_cast<double>(samples.size());
}

double dbm0(double amplitude) {
  return 20 * std::log10(amplitude / 32768 + 1e-12) + 3.14;
}

double power_dbm0(std::span<const std::int16_t> samples) {
  double sum = 0;
  for (const auto s : samples) sum += static_cast<double>(s) * s;
  return dbm0(std::sqrt(2 * sum / static_cast<double>(samples.size())));
}

class Countries : public testing::TestWithParam<std::size_t> {
 protected:
  [[nodiscard]] static const CountryTones& country() { return call_tones()[GetParam()]; }
};

TEST_P(Countries, each_tone_has_its_frequencies_levels_and_cadence_when_it_is_played) {
  for (std::size_t kind = 0; kind < kCallTones; ++kind) {
    const auto& cadence = country().tones[kind];
    CallToneGenerator generator;
    generator.start(cadence);
    for (std::size_t i = 0; i < 2U * cadence.count; ++i) {
      const auto& segment = cadence.segments[i % cadence.count];
      const auto where = std::string(country().country) + " tone " + std::to_string(kind) + " segment " +
                         std::to_string(i % cadence.count);
      const auto all = generate(generator, segment.ms == 0 ? 4000 : segment.ms * 8U);
      if (segment.silent()) {
        ASSERT_TRUE(std::ranges::all_of(all, [](int s) { return s == 0; })) << where;
        continue;
      }
      // Whole multiples of 10 ms, so that all frequencies fit, without the edges.
      const auto part = std::span(all).subspan(20, (all.size() - 40) / 80 * 80);
      if (part.size() < 800) {
        EXPECT_GT(power_dbm0(part), -20) << where;
        continue;
      }
      if (segment.modulated) {
        EXPECT_NEAR(power_dbm0(part), segment.level, 0.5) << where;
        EXPECT_GT(amplitude(part, segment.hz), amplitude(part, segment.hz + 200.0) * 10) << where;
        continue;
      }
      EXPECT_NEAR(dbm0(amplitude(part, segment.hz)), segment.level, 0.5) << where;
      if (segment.other != 0) {
        EXPECT_NEAR(dbm0(amplitude(part, segment.other)), segment.level, 0.5) << where;
      }
      EXPECT_LT(dbm0(amplitude(part, segment.hz + 400.0)), segment.level - 25) << where;
    }
  }
}

TEST_P(Countries, have_all_tones_within_the_levels_of_e_180) {
  for (const auto& cadence : country().tones) {
    ASSERT_GT(cadence.count, 0);
    int sounding = 0;
    for (std::size_t i = 0; i < cadence.count; ++i) {
      const auto& segment = cadence.segments[i];
      if (segment.silent()) {
        EXPECT_GT(segment.ms, 0) << "endless silence";
        continue;
      }
      ++sounding;
      EXPECT_GE(segment.hz, 300);
      EXPECT_LE(segment.hz, 1850);
      EXPECT_LE(segment.level, -10);
      EXPECT_GE(segment.level, -24);
    }
    EXPECT_GT(sounding, 0);
  }
  EXPECT_GE(country().of(CallTone::special_information).count, 3);
}

INSTANTIATE_TEST_SUITE_P(All, Countries, testing::Range(std::size_t{0}, call_tones().size()),
                         [](const auto& test) { return std::string(call_tones()[test.param].country); });

TEST(CallTones, are_known_for_e_180_and_thirty_countries_at_least_each_once) {
  const auto names = tone_countries();
  EXPECT_GE(names.size(), 31U);
  EXPECT_EQ(names.front(), "itu");
  EXPECT_EQ(std::set<std::string_view>(names.begin(), names.end()).size(), names.size());
  for (const auto name : names) {
    ASSERT_NE(find_call_tones(name), nullptr);
    EXPECT_EQ(find_call_tones(name)->country, name);
  }
  for (const char* unknown : {"", "DE", "xx", "germany"}) EXPECT_EQ(find_call_tones(unknown), nullptr);
}

TEST(CallTones, rise_and_fall_without_a_step_whatever_the_sizes_asked_for) {
  const auto& tone = find_call_tones("gb")->of(CallTone::ringback);
  CallToneGenerator by_blocks;
  CallToneGenerator at_once;
  by_blocks.start(tone);
  at_once.start(tone);
  const auto blocks = generate(by_blocks, 24000);
  Signal whole(24000);
  at_once.generate(whole);
  EXPECT_EQ(blocks, whole);
  int worst = 0;
  for (std::size_t i = 1; i < whole.size(); ++i) worst = std::max(worst, std::abs(whole[i] - whole[i - 1]));
  EXPECT_LT(worst, 2600) << "400 and 450 Hz at -16 dBm0 each change by 2400 a sample at most";
  EXPECT_LT(std::abs(whole.front()), 300);
}

TEST(CallTones, a_generator_that_was_never_started_is_silent) {
  CallToneGenerator generator;
  Signal out(80, 5);
  generator.generate(out);
  EXPECT_TRUE(std::ranges::all_of(out, [](int s) { return s == 0; }));
}

// ---- libtonezone

#ifdef TANDEM_TONEZONE
// As <dahdi/tonezone.h> has it, which does not come without the kernel's headers.
extern "C" {
struct tone_zone_sound {
  int toneid;
  char data[256];  // NOLINT(modernize-avoid-c-arrays): theirs
};
struct tone_zone {
  int zone;
  char country[10];           // NOLINT(modernize-avoid-c-arrays)
  char description[40];       // NOLINT(modernize-avoid-c-arrays)
  int ringcadence[16];        // NOLINT(modernize-avoid-c-arrays)
  tone_zone_sound tones[16];  // NOLINT(modernize-avoid-c-arrays)
  int dtmf_high_level, dtmf_low_level, mfr1_level, mfr2_level;
};
tone_zone* tone_zone_find(char* country);
}

/// "350+440", "425/330,0/330": the same for ours as for theirs.
std::string text(const ToneCadence& cadence) {
  std::string out;
  for (std::size_t i = 0; i < cadence.count; ++i) {
    const auto& s = cadence.segments[i];
    if (i > 0) out += ',';
    out += std::to_string(s.hz);
    if (s.other != 0) out += (s.modulated ? '*' : '+') + std::to_string(s.other);
    if (s.ms != 0) out += '/' + std::to_string(s.ms);
  }
  return out;
}

TEST(CallTones, are_those_of_libtonezone_but_where_a_reason_is_given) {
  // country and tone, and why ours is another.
  const std::map<std::string, std::string> differ{
      {"au 0", "E.180's list: 413 and 438 Hz"},
      {"au 3", "theirs marks the softer half by a sign of its own"},
      {"cr 2", "E.180's list: a period of 6 s"},
      {"jp 2", "E.180's list: 400 Hz modulated by 16 Hz"},
      {"tr 3", "theirs plays the short pulses once only"}};
  // Their numbers of dial, busy, ringing and congestion tone.
  const std::map<int, CallTone> kinds{
      {0, CallTone::dial}, {1, CallTone::busy}, {2, CallTone::ringback}, {3, CallTone::congestion}};
  std::set<std::string> found;
  int compared = 0;
  for (const auto& ours : call_tones()) {
    std::string name(ours.country == "gb" ? "uk" : ours.country);
    auto* theirs = tone_zone_find(name.data());
    if (theirs == nullptr) continue;
    ASSERT_EQ(name, theirs->country);
    for (const auto& sound : theirs->tones) {
      const auto kind = kinds.find(sound.toneid);
      if (sound.data[0] == 0 || kind == kinds.end()) continue;
      ++compared;
      const auto key = std::string(ours.country) + ' ' + std::to_string(sound.toneid);
      if (text(ours.of(kind->second)) == sound.data) continue;
      EXPECT_TRUE(differ.contains(key))
          << key << ": ours " << text(ours.of(kind->second)) << ", theirs " << sound.data;
      found.insert(key);
    }
  }
  EXPECT_GE(compared, 30 * 4);
  for (const auto& [key, reason] : differ) EXPECT_TRUE(found.contains(key)) << key << ": " << reason;
}
#endif

}  // namespace
}  // namespace tandem::dsp
