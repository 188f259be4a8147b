#pragma once
#include <compare>
#include <cstdint>

namespace tandem {

inline constexpr int kSampleRate = 8000;  ///< samples a second of every timeslot (G.711)

/// The companding law of octets (G.711); a type, never a bool.
enum class Law : std::uint8_t { a, mu };

/// Power relative to one milliwatt at the zero level point.
struct Dbm0 {
  float value = 0;
  friend constexpr auto operator<=>(Dbm0, Dbm0) = default;
};

/// Gain or loss.
struct Decibels {
  float value = 0;
  friend constexpr auto operator<=>(Decibels, Decibels) = default;
};

}  // namespace tandem
