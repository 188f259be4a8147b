#include "gateway/io/recordings.h"

#include <gtest/gtest.h>
#include <sndfile.h>

#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <numbers>

namespace tandem::io {
namespace {

/// A file that goes with the test.
struct Temporary {
  explicit Temporary(const std::string& name)
      : path(std::filesystem::temp_directory_path() / ("tandem-" + std::to_string(getpid()) + "-" + name)) {}
  ~Temporary() { std::filesystem::remove(path); }
  Temporary(const Temporary&) = delete;
  Temporary& operator=(const Temporary&) = delete;
  std::string path;
};

void write_sound(const std::string& path, int rate, int channels, int format, double hz, double seconds) {
  SF_INFO info{};
  info.samplerate = rate;
  info.channels = channels;
  info.format = SF_FORMAT_WAV | format;
  auto* file = sf_open(path.c_str(), SFM_WRITE, &info);
  ASSERT_NE(file, nullptr);
  const auto frames = static_cast<std::size_t>(seconds * rate);
  std::vector<float> samples;
  for (std::size_t i = 0; i < frames; ++i) {
    const double phase = 2 * std::numbers::pi * hz * static_cast<double>(i) / rate;
    for (int c = 0; c < channels; ++c) samples.push_back(static_cast<float>(0.25 * std::sin(phase)));
  }
  sf_writef_float(file, samples.data(), static_cast<sf_count_t>(frames));
  sf_close(file);
}

/// Amplitude of a frequency in samples of 8000 Hz.
double amplitude(const std::vector<std::int16_t>& samples, double hz) {
  double re = 0;
  double im = 0;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const double phase = 2 * std::numbers::pi * hz * static_cast<double>(i) / 8000;
    re += samples[i] * std::cos(phase);
    im += samples[i] * std::sin(phase);
  }
  return 2 * std::hypot(re, im) / static_cast<double>(samples.size());
}

struct Case {
  int rate;
  int channels;
  int format;
};

class Recordings : public testing::TestWithParam<Case> {};

TEST_P(Recordings, become_8000_hz_mono_with_their_pitch_and_level) {
  const auto& c = GetParam();
  const Temporary file("tone.wav");
  write_sound(file.path, c.rate, c.channels, c.format, 1000, 1);
  const auto loaded = load_recording(file.path);
  ASSERT_TRUE(loaded) << to_string(loaded.error());
  EXPECT_EQ(loaded->name, file.path);
  EXPECT_NEAR(static_cast<double>(loaded->samples.size()), 8000, 2);
  EXPECT_NEAR(amplitude(loaded->samples, 1000), 0.25 * 32768, 200);
}

INSTANTIATE_TEST_SUITE_P(All, Recordings,
                         testing::Values(Case{8000, 1, SF_FORMAT_PCM_16}, Case{8000, 1, SF_FORMAT_ALAW},
                                         Case{8000, 1, SF_FORMAT_ULAW}, Case{8000, 2, SF_FORMAT_PCM_U8},
                                         Case{16000, 1, SF_FORMAT_PCM_16}, Case{16000, 2, SF_FORMAT_PCM_16},
                                         Case{44100, 1, SF_FORMAT_PCM_16}, Case{44100, 2, SF_FORMAT_PCM_24},
                                         Case{6000, 1, SF_FORMAT_PCM_16}));

TEST(Recording, what_8000_hz_cannot_carry_does_not_fold_back) {
  const Temporary file("high.wav");
  write_sound(file.path, 44100, 1, SF_FORMAT_PCM_16, 5000, 1);
  const auto loaded = load_recording(file.path);
  ASSERT_TRUE(loaded);
  EXPECT_LT(amplitude(loaded->samples, 3000), 0.25 * 32768 / 300) << "50 dB under";
}

TEST(Recording, errors_say_what_is_wrong) {
  const auto absent = load_recording("/nowhere/at/all.wav");
  ASSERT_FALSE(absent);
  EXPECT_EQ(absent.error().code, Errc::missing);
  EXPECT_FALSE(absent.error().what.empty());

  const Temporary text("text.wav");
  std::ofstream(text.path) << "This is no sound at all, whatever its name says.";
  const auto wrong = load_recording(text.path);
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().code, Errc::unsupported);

  const Temporary empty("empty.wav");
  write_sound(empty.path, 8000, 1, SF_FORMAT_PCM_16, 1000, 0);
  const auto nothing = load_recording(empty.path);
  ASSERT_FALSE(nothing);
  EXPECT_EQ(nothing.error().code, Errc::truncated);

  const Temporary slow("slow.wav");
  write_sound(slow.path, 500, 1, SF_FORMAT_PCM_16, 100, 1);
  EXPECT_EQ(load_recording(slow.path).error().code, Errc::out_of_range);

  const Temporary wide("wide.wav");
  write_sound(wide.path, 8000, 9, SF_FORMAT_PCM_16, 100, 0.1);
  EXPECT_EQ(load_recording(wide.path).error().code, Errc::out_of_range);

  const Temporary lengthy("long.wav");
  write_sound(lengthy.path, 8000, 1, SF_FORMAT_PCM_U8, 100, 601);
  EXPECT_EQ(load_recording(lengthy.path).error().code, Errc::too_long);
}

}  // namespace
}  // namespace tandem::io
