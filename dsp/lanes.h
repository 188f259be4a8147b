#pragma once
// A span is a vector: its timeslots arrive interleaved and in step, so one timeslot is one lane. All
// functions here run on the widest vectors that the processor has (AVX-512, AVX2, SSE4, NEON), chosen at run
// time.
#include <array>
#include <cstdint>

#include "gateway/base/bytes.h"
#include "gateway/base/units.h"

namespace tandem::dsp {

inline constexpr int kLanes = 32;
inline constexpr int kBlock = 80;  ///< samples a block: 10 ms

/// Linear samples in 16-bit scale, [sample][lane].
struct alignas(64) LaneBlock {
  std::array<std::array<float, kLanes>, kBlock> samples;
};

/// Octets as the span has them: [frame][timeslot - 1], `width` octets a frame, without gaps. Room for kLanes.
using SpanOctets = std::array<Octet, std::size_t{kBlock} * kLanes>;

/// The same octets turned round, [lane][sample]: what the calls want.
struct alignas(64) ChannelOctets {
  std::array<std::array<Octet, kBlock>, kLanes> lanes;
};

/// A bit a lane: bit 0 is timeslot 1.
using LaneMask = std::uint32_t;

/// `width`: 16 to 32 timeslots (24 or 31 on real spans). Lanes from `width` on become 0.
void decode_lanes(Law law, const SpanOctets& octets, int width, LaneBlock& lanes);
/// Rounds, limits to 16 bits and writes the octets of the lanes in `mask`; other octets stay as they are.
void encode_lanes(Law law, const LaneBlock& lanes, LaneMask mask, int width, SpanOctets& octets);
/// Multiplies each lane by its factor.
void apply_gain(const std::array<float, kLanes>& factors, LaneBlock& lanes);
/// [frame][timeslot] to [lane][sample]; lanes from `width` on are not written.
void split_channels(const SpanOctets& octets, int width, ChannelOctets& channels);
/// The inverse.
void merge_channels(const ChannelOctets& channels, int width, SpanOctets& octets);
/// One lane as 16-bit samples, rounded and limited.
void extract_lane(const LaneBlock& lanes, int lane, std::span<std::int16_t, kBlock> samples);
/// Factor of an amplitude for a gain.
float amplitude(Decibels gain);

}  // namespace tandem::dsp
