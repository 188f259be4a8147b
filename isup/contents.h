#pragma once
// The contents of a parameter to and from its declaration.
#include <array>
#include <cstring>

#include "isup/fields.h"

namespace tandem::isup {

namespace detail {

inline constexpr std::string_view kDigit = "0123456789ABCDEF";
inline constexpr std::uint8_t kNoDigit = 0xff;
inline constexpr auto kNibble = [] {
  std::array<std::uint8_t, 256> table{};
  table.fill(kNoDigit);
  for (std::uint8_t i = 0; i < 16; ++i) table[static_cast<std::uint8_t>(kDigit[i])] = i;
  for (std::uint8_t i = 10; i < 16; ++i) table[static_cast<std::uint8_t>('a' + i - 10)] = i;
  return table;
}();
inline constexpr auto kDigitPair = [] {
  std::array<std::array<char, 2>, 256> table{};
  for (std::size_t i = 0; i < 256; ++i) table[i] = {kDigit[i & 15], kDigit[i >> 4]};
  return table;
}();

inline std::uint64_t load(const Octet* octets, std::size_t count) {
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < count; ++i) word |= std::uint64_t{octets[i]} << (8 * i);
  return word;
}
inline void store(std::uint64_t word, Octet* out, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) out[i] = static_cast<Octet>(word >> (8 * i));
}
constexpr std::uint64_t swapped(std::uint64_t value, unsigned octets) {
  std::uint64_t out = 0;
  for (unsigned i = 0; i < octets; ++i) out |= (value >> (8 * i) & 0xff) << (8 * (octets - 1 - i));
  return out;
}
constexpr std::uint64_t to_bits(std::uint64_t value, Bits bits) {
  if (bits.big_endian) value = swapped(value, bits.count / 8U);
  return value << bits.first & bits.mask();
}
constexpr std::uint64_t from_bits(std::uint64_t word, Bits bits) {
  const auto value = (word & bits.mask()) >> bits.first;
  return bits.big_endian ? swapped(value, bits.count / 8U) : value;
}

template <BitFields P>
std::uint64_t word_of(const P& parameter) {
  std::uint64_t word = 0;
  std::apply(
      [&](const auto&... field) {
        ((word |= to_bits(static_cast<std::uint64_t>(parameter.*field.member), field.bits)), ...);
      },
      P::fields());
  std::uint64_t undeclared = P::spec.ones;
  if constexpr (requires { parameter.spare.bits; }) undeclared ^= parameter.spare.bits;
  return word | (undeclared & ~declared_bits<P>());
}

template <BitFields P>
void take_word(P& parameter, std::uint64_t word, std::size_t octets) {
  const auto read = [&]<class T>(const Field<P, T>& field) {
    parameter.*field.member = static_cast<T>(from_bits(word, field.bits));
  };
  std::apply([&](const auto&... field) { (read(field), ...); }, P::fields());
  if constexpr (requires { parameter.spare.bits; }) {
    const auto present = (std::uint64_t{1} << octets * 8) - 1;
    parameter.spare.bits = static_cast<std::uint32_t>((word ^ P::spec.ones) & ~declared_bits<P>() & present);
  }
}

inline void read_digits(OctetView octets, bool odd, std::string& digits, Spare& spare) {
  spare.odd_and_empty = odd && octets.empty();
  digits.resize(octets.size() * 2);
  for (std::size_t i = 0; i < octets.size(); ++i)
    std::memcpy(digits.data() + 2 * i, kDigitPair[octets[i]].data(), 2);
  if (!odd || octets.empty()) return;
  digits.pop_back();
  spare.filler = octets.back() >> 4;
}
/// False when a character is no digit.
inline bool write_digits(std::string_view digits, const Spare& spare, Octet* out) {
  std::uint8_t all = 0;
  for (std::size_t i = 0; i < digits.size(); i += 2) {
    const auto low = kNibble[static_cast<std::uint8_t>(digits[i])];
    const auto high =
        i + 1 < digits.size() ? kNibble[static_cast<std::uint8_t>(digits[i + 1])] : spare.filler;
    all |= low | high;
    *out++ = static_cast<Octet>((low & 15) | high << 4);
  }
  return (all & 0xf0) == 0;
}

}  // namespace detail

/// A parameter with an extension that declarations do not have codes itself.
template <class P>
concept SelfCoded = requires(const P& p, P& out, OctetView view, Octet* octets) {
  { p.contents_size() } -> std::same_as<std::size_t>;
  p.write(octets);
  { out.read(view) } -> std::same_as<bool>;
};

/// Octets that write_contents() writes.
template <class P>
std::size_t contents_size(const P& parameter) {
  if constexpr (SelfCoded<P>) {
    return parameter.contents_size();
  } else if constexpr (WithRest<P>) {
    const auto& rest = parameter.*P::rest().member;
    if constexpr (requires { P::rest().odd; }) return P::spec.least + (rest.size() + 1) / 2;
    return P::spec.least + rest.size();
  } else if constexpr (requires { parameter.spare.tail; }) {
    const std::size_t missing = parameter.spare.missing;
    // What was left out stays so, unless a member there was set since.
    if (missing > 0 && missing < P::spec.octets &&
        detail::word_of(parameter) >> (8 * (P::spec.octets - missing)) == 0)
      return P::spec.octets - missing;
    return P::spec.octets + parameter.spare.tail.size();
  } else {
    return P::spec.octets;
  }
}

/// Writes contents_size() octets. False when a digit is none: 0 to 9 and A to F are.
template <class P>
bool write_contents(const P& parameter, Octet* out) {
  if constexpr (SelfCoded<P>) {
    parameter.write(out);
    return true;
  } else {
    auto word = detail::word_of(parameter);
    constexpr auto octets = field_octets<P>();
    if constexpr (!WithRest<P>) {
      const auto size = contents_size(parameter);
      detail::store(word, out, std::min(size, octets));
      if constexpr (requires { parameter.spare.tail; })
        if (size > octets) std::copy(parameter.spare.tail.begin(), parameter.spare.tail.end(), out + octets);
      return true;
    } else if constexpr (requires { P::rest().odd; }) {
      const auto& digits = parameter.*P::rest().member;
      if (digits.size() % 2 != 0 || (digits.empty() && parameter.spare.odd_and_empty))
        word |= P::rest().odd.mask();
      detail::store(word, out, octets);
      return detail::write_digits(digits, parameter.spare, out + octets);
    } else {
      const auto& rest = parameter.*P::rest().member;
      detail::store(word, out, octets);
      std::copy(rest.begin(), rest.end(), out + octets);
      return true;
    }
  }
}

/// False when the contents are too short for the parameter, or laid out in a way that it has no members for.
template <class P>
bool read_contents(OctetView contents, P& parameter) {
  if constexpr (SelfCoded<P>) {
    return parameter.read(contents);
  } else {
    constexpr auto octets = field_octets<P>();
    if constexpr (requires { P::fits(contents); })
      if (!P::fits(contents)) return false;
    if (contents.size() < octets) {
      if (P::spec.shortest == 0 || contents.size() < P::spec.shortest) return false;
      detail::take_word(parameter, detail::load(contents.data(), contents.size()), contents.size());
      if constexpr (requires { parameter.spare.missing; })
        parameter.spare.missing = static_cast<std::uint8_t>(octets - contents.size());
      return true;
    }
    const auto word = detail::load(contents.data(), octets);
    detail::take_word(parameter, word, octets);
    const auto after = contents.subspan(octets);
    if constexpr (!WithRest<P>) {
      if constexpr (requires { parameter.spare.tail; })
        if (!after.empty()) parameter.spare.tail.assign(after.begin(), after.end());
    } else if constexpr (requires { P::rest().odd; }) {
      detail::read_digits(after, (word & P::rest().odd.mask()) != 0, parameter.*P::rest().member,
                          parameter.spare);
    } else {
      auto& rest = parameter.*P::rest().member;
      if constexpr (requires { rest = std::string(); })
        rest = as_text(after);
      else
        rest.assign(after);
    }
    return true;
  }
}

/// The contents. Digits that are none make a wrong octet: the codec refuses such a message.
template <class P>
Octets encode_fields(const P& parameter) {
  Octets out(contents_size(parameter));
  write_contents(parameter, out.data());
  return out;
}

/// Errc::truncated when `contents` is shorter than the parameter; octets after the end of a fixed one are
/// kept, as later issues of Q.763 may append some.
template <class P>
Result<P> decode_fields(OctetView contents) {
  P parameter{};
  if (!read_contents(contents, parameter))
    return fail(Errc::truncated, contents.size(), P::spec.name, P::spec.ref);
  return parameter;
}

}  // namespace tandem::isup
