#pragma once
// Follows a clock that runs slightly faster or slower: one sample is taken out or put in, spread over a
// stretch so long that only the pitch changes, by a part in hundreds, and no step is heard.
#include <cstdint>
#include <span>

namespace tandem::dsp {

/// Samples before and after a block that `slip` looks at.
inline constexpr std::size_t kSlipReach = 5;

/// Block number `block` of `blocks` over which one sample is taken out (`direction` 1) or put in (-1).
/// `around`: the block as it came with kSlipReach samples before and behind it. `out`: a block.
void slip(std::span<const std::int16_t> around, int direction, int block, int blocks,
          std::span<std::int16_t> out);

}  // namespace tandem::dsp
