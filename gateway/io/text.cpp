#include "gateway/io/text.h"

#include <cstdint>

namespace tandem::io {
namespace {

/// Octets of the character that `text` begins with (RFC 3629 4); 0: of none.
std::size_t character(std::string_view text) {
  const auto octet = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : std::uint8_t{0};
  };
  const std::uint8_t first = octet(0);
  if (first < 0x80) return 1;
  const std::size_t size = first >= 0xc2 && first <= 0xdf   ? 2
                           : first >= 0xe0 && first <= 0xef ? 3
                           : first >= 0xf0 && first <= 0xf4 ? 4
                                                            : 0;
  for (std::size_t i = 1; i < size; ++i)
    if ((octet(i) & 0xc0) != 0x80) return 0;
  // Neither longer than needed, nor a surrogate, nor beyond U+10FFFF.
  const std::uint8_t second = octet(1);
  if ((first == 0xe0 && second < 0xa0) || (first == 0xed && second > 0x9f)) return 0;
  if ((first == 0xf0 && second < 0x90) || (first == 0xf4 && second > 0x8f)) return 0;
  return size;
}

bool control(std::string_view one) {
  const auto first = static_cast<unsigned char>(one[0]);
  if (one.size() == 1) return first < 0x20 || first == 0x7f;
  return first == 0xc2 && static_cast<unsigned char>(one[1]) < 0xa0;  // U+0080 to U+009F
}

}  // namespace

std::string visible(std::string_view text, bool lines) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const auto size = character(text);
    const auto one = text.substr(0, size == 0 ? 1 : size);
    if (size != 0 && (!control(one) || (lines && one == "\n")))
      out += one;
    else
      out += '?';
    text.remove_prefix(one.size());
  }
  return out;
}

}  // namespace tandem::io
