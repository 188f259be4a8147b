#include "gateway/io/recordings.h"

#include <sndfile.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <numbers>
#include <vector>

#include "gateway/base/units.h"

namespace tandem::io {
namespace {

constexpr std::string_view kWhere = "recording";
constexpr int kMaxRate = 192'000;
constexpr int kMaxChannels = 8;

using SoundFile = std::unique_ptr<SNDFILE, decltype([](SNDFILE* file) { sf_close(file); })>;

/// The part of a sinc that a filter uses, in zero crossings on each side.
constexpr double kCrossings = 16;

// A raised-cosine window, 1 in the middle and 0 at kCrossings.
double windowed_sinc(double x) {
  if (std::abs(x) < 1e-9) return 1;
  if (std::abs(x) >= kCrossings) return 0;
  const double angle = std::numbers::pi * x;
  return std::sin(angle) / angle * (0.5 + 0.5 * std::cos(angle / kCrossings));
}

std::int16_t to_sample(double value) {
  return static_cast<std::int16_t>(std::lrint(std::clamp(value * 32768, -32768.0, 32767.0)));
}

// To 8000 Hz. What 8000 Hz cannot carry is filtered out: nothing folds back.
std::vector<std::int16_t> resample(const std::vector<float>& in, int rate) {
  std::vector<std::int16_t> out;
  if (rate == kSampleRate) {
    out.reserve(in.size());
    for (const float v : in) out.push_back(to_sample(v));
    return out;
  }
  const double step = static_cast<double>(rate) / kSampleRate;
  // The filter is to have died away at half of 8000 Hz.
  const double cutoff = rate > kSampleRate ? 0.94 / step : 1.0;
  const auto reach = static_cast<std::ptrdiff_t>(std::ceil(kCrossings / cutoff));
  const auto size = static_cast<std::ptrdiff_t>(in.size());
  const auto count = static_cast<std::size_t>(static_cast<double>(in.size()) / step);
  out.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    const double place = static_cast<double>(i) * step;
    const auto middle = static_cast<std::ptrdiff_t>(place);
    double sum = 0;
    double weights = 0;
    for (auto at = middle - reach; at <= middle + reach + 1; ++at) {
      const double weight = windowed_sinc((static_cast<double>(at) - place) * cutoff);
      weights += weight;
      if (at >= 0 && at < size) sum += weight * static_cast<double>(in[static_cast<std::size_t>(at)]);
    }
    out.push_back(to_sample(sum / weights));
  }
  return out;
}

}  // namespace

Result<media::Recording> load_recording(const std::string& path) {
  SF_INFO info{};
  const SoundFile file(sf_open(path.c_str(), SFM_READ, &info));
  if (!file) {
    // libsndfile's texts of error numbers are literals.
    const auto code = sf_error(nullptr) == SF_ERR_SYSTEM ? Errc::missing : Errc::unsupported;
    return fail(code, 0, kWhere, sf_error_number(sf_error(nullptr)));
  }
  if (info.samplerate < 1000 || info.samplerate > kMaxRate)
    return fail(Errc::out_of_range, 0, kWhere, "sample rate not between 1000 and 192000 Hz");
  if (info.channels < 1 || info.channels > kMaxChannels)
    return fail(Errc::out_of_range, 0, kWhere, "not 1 to 8 channels");
  const auto longest = sf_count_t{kLongestRecordingMinutes} * 60 * info.samplerate;
  if (info.frames > longest) return fail(Errc::too_long, 0, kWhere, "longer than 10 minutes");

  const auto channels = static_cast<std::size_t>(info.channels);
  std::vector<float> mono;
  std::vector<float> frames(4096 * channels);
  while (true) {
    const auto got = sf_readf_float(file.get(), frames.data(), 4096);
    if (got <= 0) break;
    for (std::size_t i = 0; i < static_cast<std::size_t>(got); ++i) {
      float sum = 0;
      for (std::size_t c = 0; c < channels; ++c) sum += frames[i * channels + c];
      mono.push_back(sum / static_cast<float>(channels));
    }
    // A header may say less than the file has.
    if (static_cast<sf_count_t>(mono.size()) > longest)
      return fail(Errc::too_long, 0, kWhere, "longer than 10 minutes");
  }
  media::Recording made{.name = path, .samples = resample(mono, info.samplerate)};
  if (made.samples.empty()) return fail(Errc::truncated, 0, kWhere, "no sound in it");
  return made;
}

}  // namespace tandem::io
