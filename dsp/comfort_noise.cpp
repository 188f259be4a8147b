#include "dsp/comfort_noise.h"

#include <algorithm>
#include <cmath>

namespace tandem::dsp {

NoiseShape parse_noise(std::span<const std::uint8_t> payload) {
  NoiseShape shape;
  if (payload.empty()) return shape;
  shape.level = payload[0] & 0x7F;
  const auto order = std::min(payload.size() - 1, NoiseShape::kMaxOrder);
  for (std::size_t i = 0; i < order; ++i) {
    // RFC 3389 3.2: from -1 to 1 in 255 steps; 255 is reserved.
    if (payload[i + 1] == 255) return shape;
    shape.reflection[i] = static_cast<float>(payload[i + 1] - 127) * 258.0F / 32768.0F;
    shape.order = static_cast<std::uint8_t>(i + 1);
  }
  return shape;
}

void ComfortNoise::reset() {
  const auto random = random_;
  *this = {};
  random_ = random;
}

void ComfortNoise::set(const NoiseShape& shape) {
  shape_ = shape;
  backward_ = {};
  // What the filter adds to the power of its excitation.
  float rest = 1;
  for (std::size_t i = 0; i < shape.order; ++i) rest *= 1 - shape.reflection[i] * shape.reflection[i];
  const float rms =
      shape.level >= 127 ? 0 : 32768.0F * std::pow(10.0F, -static_cast<float>(shape.level) / 20.0F);
  wanted_ = rms * std::sqrt(std::max(rest, 1e-4F) * 3);  // even distribution: peak is root 3 over the mean
}

void ComfortNoise::generate(std::span<std::int16_t> samples) {
  const float step = (wanted_ - gain_) / static_cast<float>(std::max<std::size_t>(samples.size(), 1));
  for (auto& sample : samples) {
    gain_ += step;
    random_ = random_ * 1664525U + 1013904223U;
    float forward = gain_ * static_cast<float>(static_cast<std::int32_t>(random_)) / 2147483648.0F;
    // All-pole lattice, from the highest coefficient down.
    for (std::size_t i = shape_.order; i-- > 0;) {
      forward -= shape_.reflection[i] * backward_[i];
      if (i + 1 < shape_.order) backward_[i + 1] = backward_[i] + shape_.reflection[i] * forward;
    }
    if (shape_.order > 0) backward_[0] = forward;
    sample = static_cast<std::int16_t>(std::lrintf(std::clamp(forward, -32768.0F, 32767.0F)));
  }
  gain_ = wanted_;
}

float level_dbov(std::span<const std::int16_t> samples) {
  std::int64_t sum = 0;
  for (const auto s : samples) sum += std::int32_t{s} * s;
  if (sum == 0) return -127;
  const auto mean = static_cast<float>(sum) / static_cast<float>(samples.size());
  return std::max(-127.0F, 10 * std::log10(mean / (32768.0F * 32768.0F)));
}

VoiceActivity::Verdict VoiceActivity::process(std::span<const std::int16_t> samples) {
  constexpr float kMargin = 8;      // dB over the background
  constexpr float kQuietest = -68;  // dBov: under G.711's first steps nothing is voice
  constexpr float kLoudest = -38;   // dBov: louder is no background, however steady
  constexpr float kRise = 0.03F;    // dB a block: 3 dB a second
  const float level = level_dbov(samples);
  floor_ = level < floor_ ? std::max(level, kQuietest) : std::min(floor_ + kRise, kLoudest);
  if (level > floor_ + kMargin) {
    hangover_ = kHangover;
  } else {
    noise_ += (std::max(level, -100.0F) - noise_) / 8;
    if (hangover_ > 0) --hangover_;
  }
  return {.voice = hangover_ > 0,
          .level = static_cast<std::uint8_t>(std::clamp(std::lrintf(-noise_), 0L, 127L))};
}

}  // namespace tandem::dsp
