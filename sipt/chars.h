#pragma once
// Character classes of RFC 3261 25.1, one table look-up each.
#include <array>
#include <cstdint>
#include <string_view>

namespace tandem::sip {

namespace chars {
inline constexpr std::uint8_t kToken = 1;  ///< token
inline constexpr std::uint8_t kLws = 2;    ///< SP, HT, and CR, LF of a fold
inline constexpr std::uint8_t kDigit = 4;
inline constexpr std::uint8_t kHost = 8;         ///< host name or IPv4; '_' too, since it is met
inline constexpr std::uint8_t kUri = 16;         ///< may stand in a URI, '%' included
inline constexpr std::uint8_t kUnreserved = 32;  ///< never escaped
inline constexpr std::uint8_t kHex = 64;
inline constexpr std::uint8_t kAlpha = 128;
}  // namespace chars

consteval std::array<std::uint8_t, 256> make_char_classes() {
  std::array<std::uint8_t, 256> table{};
  const auto mark = [&](std::string_view set, std::uint8_t bits) {
    for (const char c : set) table[static_cast<std::uint8_t>(c)] |= bits;
  };
  const std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  const std::string_view digits = "0123456789";
  mark(letters, chars::kToken | chars::kHost | chars::kUri | chars::kUnreserved | chars::kAlpha);
  mark(digits, chars::kToken | chars::kHost | chars::kUri | chars::kUnreserved | chars::kDigit | chars::kHex);
  mark("abcdefABCDEF", chars::kHex);
  mark("-.!%*_+`'~", chars::kToken);
  mark(" \t\r\n", chars::kLws);
  mark("-._", chars::kHost);
  mark("-_.!~*'()", chars::kUnreserved | chars::kUri);
  mark(";/?:@&=+$,%[]#", chars::kUri);  // '#' is met unescaped in dialled numbers
  return table;
}
inline constexpr auto kCharClasses = make_char_classes();

constexpr bool is(char c, std::uint8_t classes) {
  return (kCharClasses[static_cast<std::uint8_t>(c)] & classes) != 0;
}
constexpr bool all_are(std::string_view text, std::uint8_t classes) {
  for (const char c : text)
    if (!is(c, classes)) return false;
  return true;
}
constexpr char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

}  // namespace tandem::sip
