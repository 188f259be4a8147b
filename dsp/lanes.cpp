#include "dsp/lanes.h"

#include <algorithm>
#include <cmath>

// Highway compiles what lies between HWY_BEFORE_NAMESPACE and HWY_AFTER_NAMESPACE once a target.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "dsp/lanes.cpp"
#include <hwy/foreach_target.h>  // must come before highway.h
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace tandem::dsp::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using F = hn::CappedTag<float, kLanes>;
using I = hn::RebindToSigned<F>;
using U8 = hn::Rebind<std::uint8_t, F>;
using Ints = hn::Vec<I>;
using Floats = hn::Vec<F>;

inline Floats decode_a(Ints octets) {
  const F f;
  const I d;
  const auto code = hn::Xor(octets, hn::Set(d, 0x55));
  const auto segment = hn::And(hn::ShiftRight<4>(code), hn::Set(d, 7));
  const auto value = hn::Or(hn::ShiftLeft<4>(hn::And(code, hn::Set(d, 15))), hn::Set(d, 8));
  const auto some = hn::Gt(segment, hn::Zero(d));
  const auto based = hn::Add(value, hn::IfThenElseZero(some, hn::Set(d, 0x100)));
  const auto magnitude = hn::Shl(based, hn::Sub(hn::Max(segment, hn::Set(d, 1)), hn::Set(d, 1)));
  const auto positive = hn::Gt(hn::And(code, hn::Set(d, 0x80)), hn::Zero(d));
  return hn::ConvertTo(f, hn::IfThenElse(positive, magnitude, hn::Neg(magnitude)));
}

inline Floats decode_mu(Ints octets) {
  const F f;
  const I d;
  const auto code = hn::Xor(octets, hn::Set(d, 0xFF));
  const auto segment = hn::And(hn::ShiftRight<4>(code), hn::Set(d, 7));
  const auto bias = hn::Set(d, 0x84);
  const auto based = hn::Add(hn::ShiftLeft<3>(hn::And(code, hn::Set(d, 15))), bias);
  const auto magnitude = hn::Sub(hn::Shl(based, segment), bias);
  const auto negative = hn::Gt(hn::And(code, hn::Set(d, 0x80)), hn::Zero(d));
  return hn::ConvertTo(f, hn::IfThenElse(negative, hn::Neg(magnitude), magnitude));
}

// floor(log2) of positive integers that a float holds exactly.
inline Ints top_bit(Ints values) {
  const F f;
  const I d;
  return hn::Sub(hn::ShiftRight<23>(hn::BitCast(d, hn::ConvertTo(f, values))), hn::Set(d, 127));
}

inline Ints encode_a(Ints x) {
  const I d;
  const auto negative = hn::Lt(x, hn::Zero(d));
  const auto magnitude = hn::IfThenElse(negative, hn::Not(x), x);  // -x - 1
  const auto segment = hn::Sub(top_bit(hn::Or(magnitude, hn::Set(d, 0xFF))), hn::Set(d, 7));
  const auto step = hn::Max(hn::Add(segment, hn::Set(d, 3)), hn::Set(d, 4));
  const auto mantissa = hn::And(hn::Shr(magnitude, step), hn::Set(d, 15));
  const auto mask = hn::IfThenElse(negative, hn::Set(d, 0x55), hn::Set(d, 0xD5));
  return hn::Xor(hn::Or(hn::ShiftLeft<4>(segment), mantissa), mask);
}

inline Ints encode_mu(Ints x) {
  const I d;
  const auto negative = hn::Lt(x, hn::Zero(d));
  const auto biased = hn::Add(hn::IfThenElse(negative, hn::Neg(x), x), hn::Set(d, 0x84));
  const auto magnitude = hn::Min(biased, hn::Set(d, 0x7FFF));
  const auto segment = hn::Sub(top_bit(magnitude), hn::Set(d, 7));
  const auto mantissa = hn::And(hn::Shr(magnitude, hn::Add(segment, hn::Set(d, 3))), hn::Set(d, 15));
  const auto mask = hn::IfThenElse(negative, hn::Set(d, 0x7F), hn::Set(d, 0xFF));
  return hn::Xor(hn::Or(hn::ShiftLeft<4>(segment), mantissa), mask);
}

inline Ints to_int16_range(Floats x) {
  const F f;
  const auto limited = hn::Min(hn::Max(x, hn::Set(f, -32768.0F)), hn::Set(f, 32767.0F));
  return hn::NearestInt(limited);
}

template <Law L>
void decode_frames(const Octet* HWY_RESTRICT octets, std::size_t width, LaneBlock& lanes) {
  const F f;
  const I d;
  const U8 u8;
  for (std::size_t frame = 0; frame < kBlock; ++frame) {
    float* out = lanes.samples[frame].data();
    // A frame is read to kLanes octets. What lies behind its width is the next frame, or, behind the last
    // one, the room that SpanOctets has for wider spans.
    const Octet* in = octets + frame * width;
    for (std::size_t lane = 0; lane < kLanes; lane += hn::Lanes(f)) {
      const auto values = hn::PromoteTo(d, hn::LoadU(u8, in + lane));
      hn::Store(L == Law::a ? decode_a(values) : decode_mu(values), f, out + lane);
    }
    for (std::size_t lane = width; lane < kLanes; ++lane) out[lane] = 0;
  }
}

void DecodeLanes(Law law, const Octet* HWY_RESTRICT octets, std::size_t width, LaneBlock& lanes) {
  if (law == Law::a) {
    decode_frames<Law::a>(octets, width, lanes);
  } else {
    decode_frames<Law::mu>(octets, width, lanes);
  }
}

void EncodeLanes(Law law, const LaneBlock& lanes, LaneMask mask, std::size_t width,
                 Octet* HWY_RESTRICT octets) {
  const F f;
  const I d;
  const U8 u8;
  alignas(64) std::array<Octet, kLanes> row;
  for (std::size_t frame = 0; frame < kBlock; ++frame) {
    const float* in = lanes.samples[frame].data();
    for (std::size_t lane = 0; lane < kLanes; lane += hn::Lanes(f)) {
      const auto values = to_int16_range(hn::Load(f, in + lane));
      const auto codes = law == Law::a ? encode_a(values) : encode_mu(values);
      hn::StoreU(hn::DemoteTo(u8, hn::And(codes, hn::Set(d, 0xFF))), u8, row.data() + lane);
    }
    Octet* out = octets + frame * width;
    for (std::size_t lane = 0; lane < width; ++lane) {
      if ((mask >> lane & 1U) != 0) out[lane] = row[lane];
    }
  }
}

void ApplyGain(const float* HWY_RESTRICT factors, LaneBlock& lanes) {
  const F f;
  for (std::size_t lane = 0; lane < kLanes; lane += hn::Lanes(f)) {
    const auto factor = hn::LoadU(f, factors + lane);
    for (auto& frame : lanes.samples) {
      hn::Store(hn::Mul(hn::Load(f, frame.data() + lane), factor), f, frame.data() + lane);
    }
  }
}

// Turns a square of 16 x 16 octets round: four perfect shuffles of the rows.
inline void turn_square(const Octet* HWY_RESTRICT in, std::size_t in_step, Octet* HWY_RESTRICT out,
                        std::size_t out_step) {
#if HWY_TARGET == HWY_SCALAR
  for (std::size_t i = 0; i < 16; ++i) {
    for (std::size_t j = 0; j < 16; ++j) out[j * out_step + i] = in[i * in_step + j];
  }
#else
  const hn::FixedTag<std::uint8_t, 16> d;
  using Row = hn::Vec<decltype(d)>;
  Row a[16];  // NOLINT(modernize-avoid-c-arrays): some targets' vectors do not fit std::array
  Row b[16];  // NOLINT(modernize-avoid-c-arrays): as above
  for (std::size_t i = 0; i < 16; ++i) a[i] = hn::LoadU(d, in + i * in_step);
  const auto shuffle = [&](const Row* from, Row* to) HWY_ATTR {
    for (std::size_t i = 0; i < 8; ++i) {
      to[2 * i] = hn::InterleaveLower(d, from[i], from[i + 8]);
      to[2 * i + 1] = hn::InterleaveUpper(d, from[i], from[i + 8]);
    }
  };
  shuffle(a, b);
  shuffle(b, a);
  shuffle(a, b);
  shuffle(b, a);
  for (std::size_t i = 0; i < 16; ++i) hn::StoreU(a[i], d, out + i * out_step);
#endif
}

// The second square begins at width - 16, so it overlaps the first and nothing is read or written outside.
void SplitChannels(const Octet* HWY_RESTRICT octets, std::size_t width, ChannelOctets& channels) {
  for (std::size_t frame = 0; frame < kBlock; frame += 16) {
    turn_square(octets + frame * width, width, channels.lanes[0].data() + frame, kBlock);
    const auto lane = width - 16;
    turn_square(octets + frame * width + lane, width, channels.lanes[lane].data() + frame, kBlock);
  }
}

void MergeChannels(const ChannelOctets& channels, std::size_t width, Octet* HWY_RESTRICT octets) {
  for (std::size_t frame = 0; frame < kBlock; frame += 16) {
    turn_square(channels.lanes[0].data() + frame, kBlock, octets + frame * width, width);
    const auto lane = width - 16;
    turn_square(channels.lanes[lane].data() + frame, kBlock, octets + frame * width + lane, width);
  }
}

}  // namespace tandem::dsp::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace tandem::dsp {

HWY_EXPORT(DecodeLanes);
HWY_EXPORT(EncodeLanes);
HWY_EXPORT(ApplyGain);
HWY_EXPORT(SplitChannels);
HWY_EXPORT(MergeChannels);

void decode_lanes(Law law, const SpanOctets& octets, int width, LaneBlock& lanes) {
  HWY_DYNAMIC_DISPATCH(DecodeLanes)(law, octets.data(), static_cast<std::size_t>(width), lanes);
}

void encode_lanes(Law law, const LaneBlock& lanes, LaneMask mask, int width, SpanOctets& octets) {
  HWY_DYNAMIC_DISPATCH(EncodeLanes)(law, lanes, mask, static_cast<std::size_t>(width), octets.data());
}

void apply_gain(const std::array<float, kLanes>& factors, LaneBlock& lanes) {
  HWY_DYNAMIC_DISPATCH(ApplyGain)(factors.data(), lanes);
}

void split_channels(const SpanOctets& octets, int width, ChannelOctets& channels) {
  HWY_DYNAMIC_DISPATCH(SplitChannels)(octets.data(), static_cast<std::size_t>(width), channels);
}

void merge_channels(const ChannelOctets& channels, int width, SpanOctets& octets) {
  HWY_DYNAMIC_DISPATCH(MergeChannels)(channels, static_cast<std::size_t>(width), octets.data());
}

void extract_lane(const LaneBlock& lanes, int lane, std::span<std::int16_t, kBlock> samples) {
  const auto column = static_cast<std::size_t>(lane);
  for (std::size_t i = 0; i < kBlock; ++i) {
    const auto limited = std::min(std::max(lanes.samples[i][column], -32768.0F), 32767.0F);
    samples[i] = static_cast<std::int16_t>(std::lrintf(limited));
  }
}

float amplitude(Decibels gain) {
  return std::pow(10.0F, gain.value / 20.0F);
}

}  // namespace tandem::dsp
#endif
