#include "gateway/base/bytes.h"

namespace tandem {

std::string to_hex(OctetView octets) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  text.reserve(octets.size() * 2);
  for (const Octet octet : octets) {
    text += kDigits[octet >> 4];
    text += kDigits[octet & 15];
  }
  return text;
}

Result<Octets> from_hex(std::string_view text) {
  Octets octets;
  int high = -1;
  std::size_t start = 0;
  if (text.starts_with("0x") || text.starts_with("0X")) start = 2;
  for (std::size_t i = start; i < text.size(); ++i) {
    const char c = text[i];
    int value = 0;
    if (c >= '0' && c <= '9') {
      value = c - '0';
    } else if (c >= 'a' && c <= 'f') {
      value = c - 'a' + 10;
    } else if (c >= 'A' && c <= 'F') {
      value = c - 'A' + 10;
    } else if (c == ' ' || c == ':' || c == '\n' || c == '\r' || c == '\t') {
      continue;
    } else {
      return fail(Errc::malformed, i, "hex", "not a hexadecimal digit");
    }
    if (high < 0) {
      high = value;
    } else {
      octets.push_back(static_cast<Octet>(high << 4 | value));
      high = -1;
    }
  }
  if (high >= 0) return fail(Errc::truncated, text.size(), "hex", "odd number of digits");
  return octets;
}

}  // namespace tandem
