#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/result.h"

namespace tandem {

using Octet = std::uint8_t;
using Octets = std::vector<Octet>;
using OctetView = std::span<const Octet>;

inline std::string_view as_text(OctetView octets) {
  return {reinterpret_cast<const char*>(octets.data()), octets.size()};
}
inline OctetView as_octets(std::string_view text) {
  return {reinterpret_cast<const Octet*>(text.data()), text.size()};
}
inline Octets to_octets(std::string_view text) {
  const auto view = as_octets(text);
  return {view.begin(), view.end()};
}

inline std::uint16_t read_be16(const Octet* p) {
  return static_cast<std::uint16_t>(p[0] << 8 | p[1]);
}
inline std::uint32_t read_be32(const Octet* p) {
  return std::uint32_t{p[0]} << 24 | std::uint32_t{p[1]} << 16 | std::uint32_t{p[2]} << 8 | p[3];
}
inline void write_be16(Octet* p, std::uint16_t v) {
  p[0] = static_cast<Octet>(v >> 8);
  p[1] = static_cast<Octet>(v);
}
inline void write_be32(Octet* p, std::uint32_t v) {
  write_be16(p, static_cast<std::uint16_t>(v >> 16));
  write_be16(p + 2, static_cast<std::uint16_t>(v));
}

/// "0a1b2c"; no separators.
std::string to_hex(OctetView octets);
/// Hex digits of either case; blanks, line ends, ':' and a leading 0x are passed over. Error: the offending
/// character's position.
Result<Octets> from_hex(std::string_view text);

}  // namespace tandem
