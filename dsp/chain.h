#pragma once
// The order of processing of a span's block, both ways. Everything here works on all lanes at once.
#include "dsp/lanes.h"

namespace tandem::dsp {

/// What a span's lanes go through.
struct ChainSettings {
  Law law = Law::a;
  int width = 31;                ///< timeslots
  LaneMask audio = ~LaneMask{};  ///< lanes that may be changed; all others (D channels) stay bit-exact
  std::array<float, kLanes> receive_factors{};
  std::array<float, kLanes> send_factors{};
  LaneMask receive_gain = 0;  ///< lanes whose receive factor is not 1
  LaneMask send_gain = 0;
};

/// From the timeslots towards the calls.
///
///   octets -> linear lanes -> [echo canceller] -> gain -> law octets by channel
///                                                   \-> detectors, which read single lanes (extract_lane)
///
/// The echo canceller's place is before the gain: it wants the hybrid's return at the level at which it came,
/// with `lanes` as its near input and the lanes of the block sent to the same span one block earlier as its
/// far input. It has to mark the lanes that it changed, so that only they are encoded again: where nothing
/// was changed the octets pass bit for bit, and data calls cross the gateway unharmed.
inline void receive_chain(const ChainSettings& s, SpanOctets& octets, LaneBlock& lanes,
                          ChannelOctets& channels) {
  decode_lanes(s.law, octets, s.width, lanes);
  if ((s.receive_gain & s.audio) != 0) {
    apply_gain(s.receive_factors, lanes);
    encode_lanes(s.law, lanes, s.audio & s.receive_gain, s.width, octets);
  }
  split_channels(octets, s.width, channels);
}

/// From the calls towards the timeslots.
///
///   law octets by channel -> octets in span order -> gain (only where there is one; else bit-exact)
inline void send_chain(const ChainSettings& s, const ChannelOctets& channels, LaneBlock& lanes,
                       SpanOctets& octets) {
  merge_channels(channels, s.width, octets);
  if ((s.send_gain & s.audio) == 0) return;
  decode_lanes(s.law, octets, s.width, lanes);
  apply_gain(s.send_factors, lanes);
  encode_lanes(s.law, lanes, s.audio & s.send_gain, s.width, octets);
}

}  // namespace tandem::dsp
