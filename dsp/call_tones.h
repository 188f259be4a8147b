#pragma once
// Call-progress tones by country: E.180 and its list of national tones, E.182.
#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "gateway/base/units.h"

namespace tandem::dsp {

enum class CallTone : std::uint8_t {
  dial,
  ringback,
  busy,
  congestion,
  special_information,
  call_waiting,
  hold
};
inline constexpr std::size_t kCallTones = 7;

/// A stretch of a cadence: silence, a frequency, two of them, or one modulated by another.
struct ToneSegment {
  std::uint16_t hz = 0;     ///< 0: silence
  std::uint16_t other = 0;  ///< Hz; 0: none
  bool modulated = false;   ///< `hz` is amplitude-modulated by `other`, else both sound
  std::int8_t level = -13;  ///< dBm0 of each frequency
  std::uint16_t ms = 0;     ///< 0: it goes on for ever
  [[nodiscard]] constexpr bool silent() const { return hz == 0; }
};

/// Segments that repeat; the first one without length ends it.
struct ToneCadence {
  std::array<ToneSegment, 8> segments{};
  std::uint8_t count = 0;
};

struct CountryTones {
  std::string_view country;  ///< ISO 3166 alpha-2, lower case; "itu": what E.180 recommends
  std::array<ToneCadence, kCallTones> tones;
  [[nodiscard]] const ToneCadence& of(CallTone tone) const { return tones[static_cast<std::size_t>(tone)]; }
};

/// All that are known, "itu" first.
std::span<const CountryTones> call_tones();
/// nullptr: unknown.
const CountryTones* find_call_tones(std::string_view country);
/// Names of call_tones, in its order.
std::span<const std::string_view> tone_countries();

/// Plays one tone at a time, sample for sample, without steps at its edges.
class CallToneGenerator {
 public:
  /// From the tone's beginning. `tone` must stay.
  void start(const ToneCadence& tone);
  /// Fills `samples` with the tone's continuation.
  void generate(std::span<std::int16_t> samples);

 private:
  void begin_segment();
  void fill(std::span<std::int16_t> samples);

  const ToneCadence* tone_ = nullptr;
  std::uint8_t segment_ = 0;
  std::uint32_t played_ = 0;  ///< samples of the segment
  std::uint32_t length_ = 0;  ///< samples of the segment; 0: endless
  std::uint32_t phase_ = 0;   ///< of a turn of 2^32
  std::uint32_t other_phase_ = 0;
  std::uint32_t step_ = 0;
  std::uint32_t other_step_ = 0;
  float amplitude_ = 0;
};

}  // namespace tandem::dsp
