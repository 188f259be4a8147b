#pragma once
#include <compare>
#include <cstdint>
#include <functional>

namespace tandem {

/// A number that cannot be mixed up with another kind of number. Zero is "none".
template <class Tag>
struct Id {
  std::uint64_t value = 0;
  friend constexpr auto operator<=>(Id, Id) = default;
  explicit constexpr operator bool() const { return value != 0; }
};

using CallId = Id<struct CallTag>;        ///< a call through the exchange: two legs
using SessionId = Id<struct SessionTag>;  ///< a media session: an RTP stream pair

/// A timeslot of a span: spans by their index in the configuration, timeslots as in G.704 (1 to 31) or
/// T1.107 (1 to 24).
struct Circuit {
  std::uint16_t span = 0;
  std::uint8_t timeslot = 0;
  friend constexpr auto operator<=>(Circuit, Circuit) = default;
};

}  // namespace tandem

template <class Tag>
struct std::hash<tandem::Id<Tag>> {
  std::size_t operator()(tandem::Id<Tag> id) const noexcept { return std::hash<std::uint64_t>{}(id.value); }
};
template <>
struct std::hash<tandem::Circuit> {
  std::size_t operator()(tandem::Circuit c) const noexcept { return std::size_t{c.span} << 8 | c.timeslot; }
};
