#pragma once
// A block of a timeslot, and how it rises and falls.
#include <array>

#include "dsp/g711.h"
#include "dsp/lanes.h"

namespace tandem::media {

/// Octets of one timeslot for one tick.
using Block = std::array<Octet, dsp::kBlock>;
/// The same, linear.
using LinearBlock = std::array<std::int16_t, dsp::kBlock>;

/// From `old` to `fresh` over a block, so that nothing steps.
inline void cross_fade(const LinearBlock& old, const LinearBlock& fresh, LinearBlock& out) {
  for (int i = 0; i < dsp::kBlock; ++i) {
    const auto at = static_cast<std::size_t>(i);
    out[at] = static_cast<std::int16_t>((old[at] * (dsp::kBlock - i) + fresh[at] * i) / dsp::kBlock);
  }
}

/// Lets a block rise from silence, or fall to it.
inline void fade(Law law, bool rising, Block& block) {
  LinearBlock samples;
  dsp::decode(law, block, samples);
  cross_fade(rising ? LinearBlock{} : samples, rising ? samples : LinearBlock{}, samples);
  dsp::encode(law, samples, block);
}

}  // namespace tandem::media
