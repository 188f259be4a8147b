#include "dsp/check_tone.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "dsp/g711.h"

namespace tandem::dsp {
namespace {

/// Samples after which the tone repeats itself.
constexpr std::size_t kPeriod = 800;
static_assert(CheckToneSender::kHz * kPeriod % kSampleRate == 0);

// A sine of full scale has 3.14 dBm0 (G.711).
double amplitude(double dbm0) {
  return 32768 * std::pow(10.0, (dbm0 - 3.14) / 20);
}

using Period = std::array<Octet, kPeriod>;

Period period(Law law) {
  Period octets{};
  for (std::size_t i = 0; i < kPeriod; ++i) {
    const auto turns = CheckToneSender::kHz * static_cast<double>(i) / kSampleRate;
    const auto sample =
        amplitude(double{CheckToneSender::kLevel.value}) * std::sin(2 * std::numbers::pi * turns);
    octets[i] = encode_sample(law, static_cast<std::int16_t>(std::lrint(sample)));
  }
  return octets;
}

const Period kPeriodA = period(Law::a);
const Period kPeriodMu = period(Law::mu);

// Half way between where Q.724 7.3.3 wants the tone to be recognised and not (-18 and -22 dBm0); as far
// beyond the upper end (-6 dBm0), for which it names no such limit.
constexpr double kLowest = -20;
constexpr double kHighest = -4;
/// Of what comes in, the share that has to be the tone: a tone 30 Hz off has 0.93 left.
constexpr std::int64_t kShare = 3;
constexpr std::int64_t kOf = 4;

/// The square of what a step's samples sum up to at 2000 Hz.
std::int64_t correlation(double dbm0) {
  const double sum = amplitude(dbm0) * CheckToneReceiver::kStep / 2;
  return std::llround(sum * sum);
}
const std::int64_t kLeast = correlation(kLowest);
const std::int64_t kMost = correlation(kHighest);

}  // namespace

void CheckToneSender::send(Law law, std::span<Octet> octets) {
  const auto& tone = law == Law::a ? kPeriodA : kPeriodMu;
  std::size_t done = 0;
  while (done < octets.size()) {
    const auto count = std::min(octets.size() - done, kPeriod - at_);
    std::copy_n(tone.begin() + at_, count, octets.begin() + static_cast<std::ptrdiff_t>(done));
    done += count;
    at_ = static_cast<std::uint16_t>((at_ + count) % kPeriod);
  }
}

// 2000 Hz are a quarter of the sampling rate: its sine and cosine are 0, 1 and -1, and all sums are exact.
// The phase may turn by 90 degrees from step to step: that are 50 Hz.
bool CheckToneReceiver::fits(Law law, std::span<const Octet, kStep> octets) {
  const auto& linear = decode_table(law);
  std::int32_t real = 0;
  std::int32_t imaginary = 0;
  std::int64_t energy = 0;
  for (std::size_t i = 0; i < kStep; i += 4) {
    const std::array<std::int32_t, 4> s{linear[octets[i]], linear[octets[i + 1]], linear[octets[i + 2]],
                                        linear[octets[i + 3]]};
    real += s[0] - s[2];
    imaginary += s[1] - s[3];
    for (const std::int64_t sample : s) energy += sample * sample;
  }
  const auto product = [](std::int32_t a, std::int32_t b) { return std::int64_t{a} * b; };
  const auto turned = product(real, real_) + product(imaginary, imaginary_);
  const auto tone = product(real, real) + product(imaginary, imaginary);
  real_ = real;
  imaginary_ = imaginary;
  const bool pure = tone * 2 * kOf >= energy * static_cast<std::int64_t>(kStep) * kShare;
  return pure && tone >= kLeast && tone <= kMost && turned >= 0;
}

bool CheckToneReceiver::take(Law law, OctetView octets) {
  for (; octets.size() >= kStep && steps_ < kSteps; octets = octets.subspan(kStep))
    steps_ = fits(law, octets.first<kStep>()) ? static_cast<std::uint8_t>(steps_ + 1) : std::uint8_t{0};
  return steps_ == kSteps;
}

}  // namespace tandem::dsp
