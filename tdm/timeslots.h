#pragma once
#include <bit>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/result.h"
#include "tdm/span.h"

namespace tandem::tdm {

/// Timeslots of one span, numbered as in G.704 (E1, 1 to 31) or T1.107 (T1, 1 to 24).
struct TimeslotSet {
  std::uint32_t mask = 0;  ///< bit n: timeslot n

  [[nodiscard]] constexpr bool contains(int timeslot) const {
    return timeslot > 0 && timeslot < 32 && (mask >> timeslot & 1U) != 0;
  }
  constexpr void add(int timeslot) { mask |= 1U << timeslot; }
  [[nodiscard]] constexpr int size() const { return std::popcount(mask); }
  [[nodiscard]] constexpr bool empty() const { return mask == 0; }
  [[nodiscard]] constexpr bool overlaps(TimeslotSet other) const { return (mask & other.mask) != 0; }
  [[nodiscard]] constexpr TimeslotSet common(TimeslotSet other) const { return {mask & other.mask}; }
  [[nodiscard]] constexpr TimeslotSet without(TimeslotSet other) const { return {mask & ~other.mask}; }
  /// In ascending order.
  [[nodiscard]] std::vector<std::uint8_t> list() const;
  friend constexpr bool operator==(TimeslotSet, TimeslotSet) = default;
};

/// Every timeslot of a span that carries traffic.
constexpr TimeslotSet all_timeslots(SpanType type) {
  return {((1U << timeslot_count(type)) - 1U) << 1};
}

/// "1-15,17-31", "16"; blanks around numbers are passed over. Errors (offset of the offending character):
/// nothing given, not a number, a timeslot that the span does not have, a range that runs backwards, a
/// timeslot named twice.
Result<TimeslotSet> parse_timeslots(std::string_view text, SpanType type);
/// The shortest text that parses to the set: "1-15,17-31".
std::string to_string(TimeslotSet set);

}  // namespace tandem::tdm
