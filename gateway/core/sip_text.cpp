#include "gateway/core/sip_text.h"

#include <string_view>

namespace tandem::core {

namespace {

constexpr std::size_t kMaxLine = 120;
constexpr std::size_t kMaxCallId = 255;
constexpr int kMaxHeaders = 64;  // looked at

bool same_name(std::string_view text, std::string_view lower) {
  if (text.size() != lower.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if ((c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c) != lower[i]) return false;
  }
  return true;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r'))
    text.remove_suffix(1);
  return text;
}

std::string_view next_line(std::string_view& rest) {
  const auto end = rest.find('\n');
  const auto line = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  return trimmed(line);
}

std::string printable(std::string_view text) {
  std::string out(text.substr(0, kMaxLine));
  for (auto& c : out)
    if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) >= 0x7f) c = '.';
  return out;
}

}  // namespace

SipText sip_text(OctetView octets) {
  SipText text;
  auto rest = as_text(octets);
  auto start = next_line(rest);
  while (start.empty() && !rest.empty()) start = next_line(rest);
  std::string_view method;
  for (int i = 0; i < kMaxHeaders && !rest.empty(); ++i) {
    const auto line = next_line(rest);
    if (line.empty()) break;
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    const auto name = trimmed(line.substr(0, colon));
    const auto value = trimmed(line.substr(colon + 1));
    if (same_name(name, "call-id") || same_name(name, "i")) text.call_id = value.substr(0, kMaxCallId);
    if (same_name(name, "cseq")) method = trimmed(value.substr(std::min(value.find(' '), value.size())));
  }
  constexpr std::string_view kVersion = "SIP/2.0";
  if (start.starts_with(kVersion)) {
    text.line = printable(trimmed(start.substr(kVersion.size())));
    if (!method.empty()) text.line += " (" + printable(method) + ")";
  } else if (start.ends_with(kVersion)) {
    text.line = printable(trimmed(start.substr(0, start.size() - kVersion.size())));
  } else {
    text.line = octets.empty() ? "nothing" : std::to_string(octets.size()) + " octets that are no SIP";
  }
  return text;
}

}  // namespace tandem::core
