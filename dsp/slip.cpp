#include "dsp/slip.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace tandem::dsp {
namespace {

constexpr std::size_t kTaps = 8;
constexpr std::size_t kPhases = 256;  ///< of a sample: steps between them are 54 dB below a tone of 1 kHz

using Kernel = std::array<float, kTaps>;

// Kaiser's window: with these the interpolation is right to -55 dB up to 2 kHz.
double window(double x) {
  constexpr double kBeta = 6;
  constexpr double kHalf = 4.2;
  return std::cyl_bessel_i(0, kBeta * std::sqrt(std::max(0.0, 1 - x * x / (kHalf * kHalf)))) /
         std::cyl_bessel_i(0, kBeta);
}

// A sinc under that window, made to leave direct current alone.
const std::array<Kernel, kPhases + 1> kKernels = [] {
  std::array<Kernel, kPhases + 1> made{};
  for (std::size_t phase = 0; phase <= kPhases; ++phase) {
    const double offset = static_cast<double>(phase) / kPhases;
    std::array<double, kTaps> values{};
    double sum = 0;
    for (std::size_t tap = 0; tap < kTaps; ++tap) {
      const double x = static_cast<double>(tap) - 3 - offset;
      const double angle = std::numbers::pi * x;
      const double sinc = std::abs(x) < 1e-9 ? 1 : std::sin(angle) / angle;
      values[tap] = sinc * window(x);
      sum += values[tap];
    }
    for (std::size_t tap = 0; tap < kTaps; ++tap) made[phase][tap] = static_cast<float>(values[tap] / sum);
  }
  return made;
}();

}  // namespace

void slip(std::span<const std::int16_t> around, int direction, int block, int blocks,
          std::span<std::int16_t> out) {
  const auto size = out.size();
  const auto total = static_cast<std::size_t>(blocks) * size;
  for (std::size_t i = 0; i < size; ++i) {
    const auto done = (static_cast<std::size_t>(block) * size + i) * kPhases / total;
    // Forwards the place is between sample i and the next one, backwards between the one before and i.
    const bool back = direction < 0;
    const auto first = i + kSlipReach - 3 - (back ? 1 : 0);
    const auto& kernel = kKernels[back ? kPhases - done : done];
    float sum = 0;
    for (std::size_t tap = 0; tap < kTaps; ++tap)
      sum += kernel[tap] * static_cast<float>(around[first + tap]);
    out[i] = static_cast<std::int16_t>(std::lrintf(std::clamp(sum, -32768.0F, 32767.0F)));
  }
}

}  // namespace tandem::dsp
