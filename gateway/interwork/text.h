#pragma once
#include <algorithm>
#include <string_view>

namespace tandem::interwork {

/// Equal but for the case of ASCII letters, as SIP compares tokens (RFC 3261 7.3.1).
constexpr bool same_token(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::ranges::equal(a, b, {}, lower, lower);
}

}  // namespace tandem::interwork
