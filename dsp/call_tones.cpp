#include "dsp/call_tones.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace tandem::dsp {
namespace {

/// Samples over which a tone rises and falls: 2 ms, well inside the tolerances of E.180.
constexpr std::uint32_t kEdge = 16;
/// Depth of modulation where E.180 names a pair as modulated.
constexpr float kDepth = 0.9F;
constexpr std::size_t kTurn = 1024;

// One entry more than a turn, so that interpolation needs no wrapping.
const std::array<float, kTurn + 1> kSine = [] {
  std::array<float, kTurn + 1> table{};
  for (std::size_t i = 0; i <= kTurn; ++i)
    table[i] = static_cast<float>(std::sin(2 * std::numbers::pi * static_cast<double>(i) / kTurn));
  return table;
}();

float sine(std::uint32_t phase) {
  const auto index = phase >> 22;
  const auto rest = static_cast<float>(phase & 0x3FFFFF) / 4194304.0F;
  return kSine[index] + rest * (kSine[index + 1] - kSine[index]);
}

std::uint32_t step_of(unsigned hz) {
  return static_cast<std::uint32_t>((std::uint64_t{hz} << 32) / kSampleRate);
}

}  // namespace

void CallToneGenerator::start(const ToneCadence& tone) {
  tone_ = &tone;
  segment_ = 0;
  phase_ = other_phase_ = 0;
  begin_segment();
}

void CallToneGenerator::begin_segment() {
  const auto& now = tone_->segments[segment_];
  played_ = 0;
  length_ = std::uint32_t{now.ms} * (kSampleRate / 1000);
  step_ = step_of(now.hz);
  other_step_ = step_of(now.other);
  if (now.silent()) phase_ = other_phase_ = 0;
  // A sine of full scale has 3.14 dBm0 (G.711).
  amplitude_ = 32768.0F * std::pow(10.0F, (static_cast<float>(now.level) - 3.14F) / 20.0F);
  // A modulated tone has its level as a whole.
  if (now.modulated) amplitude_ /= std::sqrt(1 + kDepth * kDepth / 2);
}

void CallToneGenerator::generate(std::span<std::int16_t> samples) {
  if (tone_ == nullptr || tone_->count == 0) {
    std::fill(samples.begin(), samples.end(), std::int16_t{0});
    return;
  }
  while (!samples.empty()) {
    auto count = samples.size();
    if (length_ != 0) count = std::min<std::size_t>(count, length_ - played_);
    fill(samples.first(count));
    samples = samples.subspan(count);
    if (length_ == 0 || played_ < length_) continue;
    segment_ = static_cast<std::uint8_t>((segment_ + 1) % tone_->count);
    begin_segment();
  }
}

void CallToneGenerator::fill(std::span<std::int16_t> samples) {
  const auto& now = tone_->segments[segment_];
  if (now.silent()) {
    std::fill(samples.begin(), samples.end(), std::int16_t{0});
    played_ += static_cast<std::uint32_t>(samples.size());
    return;
  }
  for (auto& sample : samples) {
    float value = sine(phase_);
    if (now.modulated) {
      value *= 1 + kDepth * sine(other_phase_);
    } else if (other_step_ != 0) {
      value += sine(other_phase_);
    }
    auto edge = std::min(played_ + 1, kEdge);
    if (length_ != 0) edge = std::min(edge, length_ - played_);
    value *= amplitude_ * static_cast<float>(edge) / static_cast<float>(kEdge);
    sample = static_cast<std::int16_t>(std::lrintf(std::clamp(value, -32768.0F, 32767.0F)));
    phase_ += step_;
    other_phase_ += other_step_;
    // An endless tone has no end to wait for; its edge is over with the first samples.
    if (length_ != 0 || played_ < kEdge) ++played_;
  }
}

}  // namespace tandem::dsp
