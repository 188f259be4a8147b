#pragma once
// ITU-T G.711: A-law and mu-law octets, exact to the table, and the transcoding of its tables 3 and 4.
#include <array>
#include <bit>
#include <cstdint>
#include <cstdlib>

#include "gateway/base/bytes.h"
#include "gateway/base/units.h"

namespace tandem::dsp {

/// The octet that an idle timeslot or a silent packet carries: the code of +0 (G.711: A-law 0xD5 with its
/// even bits inverted, mu-law 0xFF).
constexpr Octet silence_octet(Law law) {
  return law == Law::a ? 0xD5 : 0xFF;
}

/// Linear sample in 16-bit scale: full scale of A-law is +-32256, of mu-law +-32124.
constexpr std::int16_t decode_octet(Law law, Octet octet) {
  if (law == Law::a) {
    const int code = octet ^ 0x55;
    const int segment = code >> 4 & 7;
    int value = (code & 0x0F) << 4 | 8;
    if (segment > 0) value = (value + 0x100) << (segment - 1);
    return static_cast<std::int16_t>((code & 0x80) != 0 ? value : -value);
  }
  const int code = ~octet & 0xFF;
  const int value = ((((code & 0x0F) << 3) + 0x84) << (code >> 4 & 7)) - 0x84;
  return static_cast<std::int16_t>((code & 0x80) != 0 ? -value : value);
}

/// The inverse, with G.711's decision values.
constexpr Octet encode_sample(Law law, std::int16_t sample) {
  const int x = sample;
  if (law == Law::a) {
    const int magnitude = x >= 0 ? x : -x - 1;
    const int segment = static_cast<int>(std::bit_width(static_cast<unsigned>(magnitude | 0xFF))) - 8;
    const int step = segment > 0 ? segment + 3 : 4;
    return static_cast<Octet>((segment << 4 | (magnitude >> step & 0x0F)) ^ (x >= 0 ? 0xD5 : 0x55));
  }
  int magnitude = (x >= 0 ? x : -x) + 0x84;
  if (magnitude > 0x7FFF) magnitude = 0x7FFF;
  const int segment = static_cast<int>(std::bit_width(static_cast<unsigned>(magnitude))) - 8;
  return static_cast<Octet>((segment << 4 | (magnitude >> (segment + 3) & 0x0F)) ^ (x >= 0 ? 0xFF : 0x7F));
}

using OctetTable = std::array<Octet, 256>;

/// Linear values of all octets.
const std::array<std::int16_t, 256>& decode_table(Law law);
/// G.711 tables 3 (mu to A) and 4 (A to mu) as a table of octets; the identity where the laws are equal.
const OctetTable& transcode_table(Law from, Law to);

/// `octets` to the same number of samples.
void decode(Law law, OctetView octets, std::span<std::int16_t> samples);
void encode(Law law, std::span<const std::int16_t> samples, std::span<Octet> octets);
/// Any sizes; the shorter of both counts. `from` and `to` may be the same memory.
void transcode(const OctetTable& table, OctetView from, std::span<Octet> to);

}  // namespace tandem::dsp
