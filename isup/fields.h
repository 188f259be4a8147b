#pragma once
// A parameter is one declaration: what it is called, how long it is and which bits hold which member, with
// the letters printed in Q.763. Encoding, decoding and the text for people come from it.
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <tuple>

#include "gateway/base/bytes.h"

namespace tandem::isup {

/// What Q.763 says of a parameter as a whole.
struct ParamSpec {
  std::uint8_t code = 0;
  std::string_view name = {};
  std::uint8_t octets = 0;    ///< length of the contents; 0: variable
  std::string_view ref = {};  ///< the clause that defines it
};

/// Where a field lies: `first` counts from bit A of octet 1; bit I is bit 1 of octet 2, as in Q.763.
struct Bits {
  std::uint8_t first = 0;
  std::uint8_t count = 0;
  [[nodiscard]] constexpr std::uint32_t mask() const { return ((1U << count) - 1U) << first; }
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

/// The meaning of one coded value.
struct ValueName {
  std::uint8_t value = 0;
  std::string_view name = {};
};

enum class Show : std::uint8_t { when_set, always };  ///< in describe(): unless it is the default, or always

/// A member of P and the bits that carry it.
template <class P, class T>
struct Field {
  T P::* member;
  Bits bits;
  std::span<const ValueName> values;
  Show show = Show::when_set;
};
template <class P, class T, std::size_t N>
Field(T P::*, Bits, const ValueName (&)[N]) -> Field<P, T>;
template <class P, class T, std::size_t N>
Field(T P::*, Bits, const ValueName (&)[N], Show) -> Field<P, T>;

/// A parameter whose bits are declared.
template <class P>
concept BitFields = requires {
  P::spec;
  P::fields();
};

/// No two fields share a bit and none lies outside the octets.
template <BitFields P>
consteval bool fields_disjoint() {
  std::uint32_t seen = 0;
  bool good = P::spec.octets == 1 || P::spec.octets == 2;
  std::apply(
      [&](const auto&... field) {
        (([&] {
           good = good && (seen & field.bits.mask()) == 0 &&
                  field.bits.first + field.bits.count <= P::spec.octets * 8;
           seen |= field.bits.mask();
         }()),
         ...);
      },
      P::fields());
  return good;
}

/// The contents, `spec.octets` long; bits that no field declares are zero.
template <BitFields P>
Octets encode_fields(const P& parameter) {
  std::uint32_t word = 0;
  std::apply(
      [&](const auto&... field) {
        ((word |=
          static_cast<std::uint32_t>(parameter.*field.member) << field.bits.first & field.bits.mask()),
         ...);
      },
      P::fields());
  Octets out;
  for (unsigned i = 0; i < P::spec.octets; ++i) out.push_back(static_cast<Octet>(word >> (8 * i)));
  return out;
}

/// Errc::truncated when `contents` is shorter than the parameter; octets after its end are passed over, as
/// later issues of Q.763 may append some.
template <BitFields P>
Result<P> decode_fields(OctetView contents) {
  if (contents.size() < P::spec.octets)
    return fail(Errc::truncated, contents.size(), P::spec.name, P::spec.ref);
  std::uint32_t word = 0;
  for (unsigned i = 0; i < P::spec.octets; ++i) word |= std::uint32_t{contents[i]} << (8 * i);
  P parameter;
  const auto read = [&]<class T>(const Field<P, T>& field) {
    parameter.*field.member = static_cast<T>((word & field.bits.mask()) >> field.bits.first);
  };
  std::apply([&](const auto&... field) { (read(field), ...); }, P::fields());
  return parameter;
}

/// Appends the names of the values worth reading, each after ", " or, for the first, after ' '.
template <BitFields P>
void describe_fields(const P& parameter, std::string& out, bool& first) {
  const auto one = [&]<class T>(const Field<P, T>& field) {
    if (field.show == Show::when_set && parameter.*field.member == P{}.*field.member) return;
    for (const auto& [value, name] : field.values) {
      if (value != static_cast<std::uint8_t>(parameter.*field.member) || name.empty()) continue;
      out += first ? " " : ", ";
      out += name;
      first = false;
    }
  };
  std::apply([&](const auto&... field) { (one(field), ...); }, P::fields());
}

}  // namespace tandem::isup
