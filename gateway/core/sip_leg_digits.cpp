// RFC 6086 4.2.1 (legacy INFO usage), RFC 4733 3.2 (numbers of the events).
#include "gateway/core/sip_leg_digits.h"

#include <algorithm>
#include <charconv>

namespace tandem::core {

namespace {

constexpr std::string_view kRelay = "application/dtmf-relay";
constexpr std::string_view kDtmf = "application/dtmf";
constexpr std::string_view kDigits = "0123456789*#ABCD";  // in the order of RFC 4733 3.2
constexpr unsigned kShortest = 40;                        // ms, Q.24: what a receiver has to take
constexpr unsigned kLongest = 5000;

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const auto first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

bool same(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::ranges::equal(a, b, {}, lower, lower);
}

std::optional<unsigned> number(std::string_view text) {
  unsigned value = 0;
  const auto* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, value);
  if (read.ec != std::errc{} || read.ptr != end) return std::nullopt;
  return value;
}

/// A digit, or the number of its event: "10" is '*', "11" is '#'.
std::optional<char> digit_of(std::string_view text) {
  if (text.size() == 1) {
    const char c = text[0] >= 'a' && text[0] <= 'd' ? static_cast<char>(text[0] - 32) : text[0];
    return kDigits.contains(c) ? std::optional(c) : std::nullopt;
  }
  const auto event = number(text);
  if (!event || *event >= kDigits.size()) return std::nullopt;
  return kDigits[*event];
}

}  // namespace

std::optional<DigitInfo> digit_from_info(std::string_view content_type, std::string_view body) {
  if (content_type != kRelay && content_type != kDtmf) return std::nullopt;
  DigitInfo info;
  std::optional<char> digit;
  for (auto rest = body; !rest.empty();) {
    const auto end = std::min(rest.find('\n'), rest.size());
    const auto line = trimmed(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    const auto equals = line.find('=');
    if (equals == std::string_view::npos) {
      if (content_type == kDtmf && !digit) digit = digit_of(line);
      continue;
    }
    const auto key = trimmed(line.substr(0, equals));
    const auto value = trimmed(line.substr(equals + 1));
    if (same(key, "Signal") && !digit) digit = digit_of(value);
    if (same(key, "Duration"))
      if (const auto ms = number(value))
        info.duration_ms = static_cast<std::uint16_t>(std::clamp(*ms, kShortest, kLongest));
  }
  if (!digit) return std::nullopt;
  info.digit = *digit;
  return info;
}

std::optional<InfoBody> info_from_digit(DtmfMode mode, char digit, std::uint16_t duration_ms) {
  if (mode == DtmfMode::info_dtmf) return InfoBody{kDtmf, std::string(1, digit)};
  if (mode != DtmfMode::info_relay) return std::nullopt;
  const auto ms = std::clamp<unsigned>(duration_ms, kShortest, kLongest);
  return InfoBody{kRelay, "Signal=" + std::string(1, digit) + "\r\nDuration=" + std::to_string(ms) + "\r\n"};
}

}  // namespace tandem::core
