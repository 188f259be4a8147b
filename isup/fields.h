#pragma once
// A parameter is one declaration: what it is called, how long it is and which bits hold which member, with
// the letters printed in Q.763. Encoding, decoding and the text for people come from it (isup/contents.h,
// isup/explain.h).
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <tuple>

#include "isup/octet_string.h"

namespace tandem::isup {

/// What Q.763 says of a parameter as a whole.
struct ParamSpec {
  std::uint8_t code = 0;
  std::string_view name = {};
  std::uint8_t octets = 0;    ///< length of the contents; 0: variable
  std::string_view ref = {};  ///< the clause that defines it
  std::uint8_t least = 0;     ///< of a variable one: octets in front of the rest()
  std::uint8_t shortest = 0;  ///< of a fixed one: what earlier issues had, when that was less
  std::uint32_t ones = 0;     ///< bits of no field that are sent as 1: extension bits
};

/// Where a field lies: `first` counts from bit A of octet 1; bit I is bit 1 of octet 2, as in Q.763.
struct Bits {
  std::uint8_t first = 0;
  std::uint8_t count = 0;
  bool big_endian = false;  ///< of whole octets: the most significant is first
  [[nodiscard]] constexpr std::uint64_t mask() const { return ((std::uint64_t{1} << count) - 1) << first; }
};

/// Letters as printed, most significant first: bits("HG"). Does not compile when they are not neighbours.
consteval Bits bits(std::string_view letters) {
  const auto last = letters.back();
  for (std::size_t i = 0; i < letters.size(); ++i) {
    const auto expected = static_cast<char>(last + static_cast<char>(letters.size() - 1 - i));
    if (letters[i] != expected || letters[i] < 'A' || letters[i] > 'P') throw "letters are not neighbours";
  }
  return {static_cast<std::uint8_t>(last - 'A'), static_cast<std::uint8_t>(letters.size())};
}
/// The same within octet `octet`, which counts from 1.
consteval Bits bits(int octet, std::string_view letters) {
  const auto within = bits(letters);
  if (within.first + within.count > 8) throw "an octet has the letters A to H";
  return {static_cast<std::uint8_t>(within.first + 8 * (octet - 1)), within.count};
}
/// A number of `count` whole octets from octet `octet` on, most significant first.
consteval Bits number(int octet, int count) {
  return {static_cast<std::uint8_t>(8 * (octet - 1)), static_cast<std::uint8_t>(8 * count), true};
}

/// The meaning of one coded value.
struct ValueName {
  std::uint8_t value = 0;
  std::string_view name = {};
};
using ValueNames = std::span<const ValueName>;

enum class Show : std::uint8_t { when_set, always };  ///< in describe(): unless it is the default, or always

/// A member of P, the bits that carry it, what Q.763 calls it and what its values mean; without values it is
/// a number.
template <class P, class T>
struct Field {
  T P::* member;
  Bits bits;
  std::string_view label;
  ValueNames values = {};
  Show show = Show::when_set;
};
template <class P, class T>
Field(T P::*, Bits, std::string_view) -> Field<P, T>;
template <class P, class T, std::size_t N>
Field(T P::*, Bits, std::string_view, const ValueName (&)[N]) -> Field<P, T>;
template <class P, class T>
Field(T P::*, Bits, std::string_view, ValueNames, Show) -> Field<P, T>;
template <class P, class T, std::size_t N>
Field(T P::*, Bits, std::string_view, const ValueName (&)[N], Show) -> Field<P, T>;

/// What follows the fields: address signals, two in an octet, the first in bits DCBA. `odd` is the bit that
/// says that the last half octet is a filler; count 0: there is none.
template <class P>
struct DigitsRest {
  std::string P::* member;
  Bits odd;
};
/// What follows the fields: octets, or the characters of a text.
template <class P, class T>
struct OctetsRest {
  T P::* member;
  std::string_view label;
};
template <class P, class T>
OctetsRest(T P::*, std::string_view) -> OctetsRest<P, T>;

/// Of a parameter with a rest(): what came in places that no member holds, so that it leaves the same.
struct Spare {
  std::uint32_t bits = 0;      ///< of no field, and not as they are sent
  std::uint8_t filler = 0;     ///< the half octet after an odd number of digits
  bool odd_and_empty = false;  ///< the odd bit, but no digit
  friend bool operator==(const Spare&, const Spare&) = default;
};
/// The same of one with a fixed length.
struct SpareTail {
  std::uint32_t bits = 0;
  std::uint8_t missing = 0;  ///< octets that an earlier issue did not have
  Octets tail = {};          ///< octets that a later issue appended
  friend bool operator==(const SpareTail&, const SpareTail&) = default;
};

/// A parameter whose bits are declared.
template <class P>
concept BitFields = requires {
  P::spec;
  P::fields();
};
template <class P>
concept WithRest = BitFields<P> && requires { P::rest(); };

/// Octets that fields lie in.
template <BitFields P>
constexpr std::size_t field_octets() {
  return P::spec.octets != 0 ? P::spec.octets : P::spec.least;
}

template <BitFields P>
consteval std::uint64_t declared_bits() {
  std::uint64_t seen = 0;
  std::apply([&](const auto&... field) { ((seen |= field.bits.mask()), ...); }, P::fields());
  if constexpr (WithRest<P>) {
    if constexpr (requires { P::rest().odd; }) seen |= P::rest().odd.mask();
  }
  return seen;
}

/// No two fields share a bit, none lies outside the octets, and the bits of no field have their place in the
/// spare ones.
template <BitFields P>
consteval bool fields_disjoint() {
  constexpr auto octets = field_octets<P>();
  std::uint64_t seen = 0;
  bool good = octets <= 7 && (octets > 0 || WithRest<P>);
  const auto one = [&](const Bits& bits) {
    good = good && (seen & bits.mask()) == 0 && bits.first + bits.count <= octets * 8;
    seen |= bits.mask();
  };
  std::apply([&](const auto&... field) { (one(field.bits), ...); }, P::fields());
  if constexpr (WithRest<P>) {
    if constexpr (requires { P::rest().odd; }) one(P::rest().odd);
  }
  const auto undeclared = ((std::uint64_t{1} << octets * 8) - 1) & ~seen;
  return good && undeclared >> 32 == 0 && (P::spec.ones & ~undeclared) == 0;
}

}  // namespace tandem::isup
