#include <cstddef>

#include "config/document.h"

namespace tandem::config {
namespace {

constexpr std::size_t kMaxDots = 100;  // a line's: each dot in a key is a level of tables

/// Octets of the UTF-8 character at `i` (RFC 3629 4); 0: none.
std::size_t utf8_length(std::string_view text, std::size_t i) {
  const auto at = [&](std::size_t k) { return k < text.size() ? static_cast<unsigned char>(text[k]) : 0U; };
  const auto tail = [&](std::size_t k) { return (at(k) & 0xC0U) == 0x80U; };
  const unsigned c = at(i);
  if (c < 0x80) return 1;
  if (c >= 0xC2 && c <= 0xDF) return tail(i + 1) ? 2 : 0;
  if (c >= 0xE0 && c <= 0xEF) {
    const unsigned d = at(i + 1);
    if ((c == 0xE0 && d < 0xA0) || (c == 0xED && d > 0x9F)) return 0;
    return tail(i + 1) && tail(i + 2) ? 3 : 0;
  }
  if (c >= 0xF0 && c <= 0xF4) {
    const unsigned d = at(i + 1);
    if ((c == 0xF0 && d < 0x90) || (c == 0xF4 && d > 0x8F)) return 0;
    return tail(i + 1) && tail(i + 2) && tail(i + 3) ? 4 : 0;
  }
  return 0;
}

}  // namespace

bool fit_to_parse(std::string_view text, Problems& problems) {
  if (text.size() > kMaxFile) {
    problems.add(
        {}, "the file is larger than " + std::to_string(kMaxFile >> 20U) + " MiB: this is no configuration");
    return false;
  }
  Position at;
  std::size_t dots = 0;
  for (std::size_t i = 0; i < text.size();) {
    const auto length = utf8_length(text, i);
    if (length == 0) {
      problems.add(at, "this is not UTF-8: save the file in that encoding");
      return false;
    }
    if (text[i] == '\n') {
      at = {at.line + 1, 1};
      dots = 0;
    } else {
      if (text[i] == '.' && ++dots > kMaxDots) {
        problems.add(at, "more than " + std::to_string(kMaxDots) + " dots on one line: break the line");
        return false;
      }
      ++at.column;
    }
    i += length;
  }
  return true;
}

}  // namespace tandem::config
