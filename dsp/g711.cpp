#include "dsp/g711.h"

#include <algorithm>

namespace tandem::dsp {
namespace {

constexpr std::array<std::int16_t, 256> make_decode_table(Law law) {
  std::array<std::int16_t, 256> table{};
  for (unsigned octet = 0; octet < 256; ++octet) table[octet] = decode_octet(law, static_cast<Octet>(octet));
  return table;
}

// Magnitude codes, counted from zero outwards. They are not what decoding and encoding again would give: the
// tables are chosen so that octets survive as many conversions as possible.
using MagnitudeCodes = std::array<Octet, 128>;

// G.711 table 3.
constexpr MagnitudeCodes kMuToA{
    0,   0,   1,   1,   2,   2,   3,   3,   4,   4,   5,   5,   6,   6,   7,   7,    //
    8,   9,   10,  11,  12,  13,  14,  15,  16,  17,  18,  19,  20,  21,  22,  23,   //
    24,  26,  28,  30,  32,  33,  34,  35,  36,  37,  38,  39,  40,  41,  42,  43,   //
    45,  47,  48,  49,  50,  51,  52,  53,  54,  55,  56,  57,  58,  59,  60,  61,   //
    63,  64,  65,  66,  67,  68,  69,  70,  71,  72,  73,  74,  75,  76,  77,  78,   //
    79,  81,  82,  83,  84,  85,  86,  87,  88,  89,  90,  91,  92,  93,  94,  95,   //
    96,  97,  98,  99,  100, 101, 102, 103, 104, 105, 106, 107, 108, 109, 110, 111,  //
    112, 113, 114, 115, 116, 117, 118, 119, 120, 121, 122, 123, 124, 125, 126, 127};

// G.711 table 4.
constexpr MagnitudeCodes kAToMu{
    1,   3,   5,   7,   9,   11,  13,  15,  16,  17,  18,  19,  20,  21,  22,  23,   //
    24,  25,  26,  27,  28,  29,  30,  31,  32,  32,  33,  33,  34,  34,  35,  35,   //
    36,  37,  38,  39,  40,  41,  42,  43,  44,  45,  46,  47,  48,  48,  49,  49,   //
    50,  51,  52,  53,  54,  55,  56,  57,  58,  59,  60,  61,  62,  63,  64,  64,   //
    65,  66,  67,  68,  69,  70,  71,  72,  73,  74,  75,  76,  77,  78,  79,  80,   //
    80,  81,  82,  83,  84,  85,  86,  87,  88,  89,  90,  91,  92,  93,  94,  95,   //
    96,  97,  98,  99,  100, 101, 102, 103, 104, 105, 106, 107, 108, 109, 110, 111,  //
    112, 113, 114, 115, 116, 117, 118, 119, 120, 121, 122, 123, 124, 125, 126, 127};

// On the line A-law octets have their even bits inverted and mu-law octets all but the sign.
constexpr OctetTable make_transcode_table(const MagnitudeCodes& codes, Octet from_mask, Octet to_mask) {
  OctetTable table{};
  for (unsigned octet = 0; octet < 256; ++octet) {
    const auto code = codes[(octet ^ from_mask) & 0x7F];
    table[octet] = static_cast<Octet>((octet & 0x80) | ((code ^ to_mask) & 0x7F));
  }
  return table;
}

constexpr OctetTable make_identity() {
  OctetTable table{};
  for (unsigned octet = 0; octet < 256; ++octet) table[octet] = static_cast<Octet>(octet);
  return table;
}

constexpr auto kDecodeA = make_decode_table(Law::a);
constexpr auto kDecodeMu = make_decode_table(Law::mu);
constexpr auto kTranscodeMuToA = make_transcode_table(kMuToA, 0xFF, 0x55);
constexpr auto kTranscodeAToMu = make_transcode_table(kAToMu, 0x55, 0xFF);
constexpr auto kIdentity = make_identity();

}  // namespace

const std::array<std::int16_t, 256>& decode_table(Law law) {
  return law == Law::a ? kDecodeA : kDecodeMu;
}

const OctetTable& transcode_table(Law from, Law to) {
  if (from == to) return kIdentity;
  return from == Law::a ? kTranscodeAToMu : kTranscodeMuToA;
}

void decode(Law law, OctetView octets, std::span<std::int16_t> samples) {
  const auto& table = decode_table(law);
  const auto count = std::min(octets.size(), samples.size());
  for (std::size_t i = 0; i < count; ++i) samples[i] = table[octets[i]];
}

void encode(Law law, std::span<const std::int16_t> samples, std::span<Octet> octets) {
  const auto count = std::min(octets.size(), samples.size());
  for (std::size_t i = 0; i < count; ++i) octets[i] = encode_sample(law, samples[i]);
}

void transcode(const OctetTable& table, OctetView from, std::span<Octet> to) {
  const auto count = std::min(from.size(), to.size());
  for (std::size_t i = 0; i < count; ++i) to[i] = table[from[i]];
}

}  // namespace tandem::dsp
