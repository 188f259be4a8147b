#pragma once
#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "gateway/base/result.h"

namespace tandem {

/// An IPv4 or IPv6 address with a port. No name resolution, no socket: a value.
struct SocketAddress {
  std::array<std::uint8_t, 16> ip{};  ///< network order; IPv4 in the first four octets
  bool v6 = false;
  std::uint16_t port = 0;
  friend constexpr auto operator<=>(const SocketAddress&, const SocketAddress&) = default;

  /// "192.0.2.1", "2001:db8::1"; no port, no brackets.
  [[nodiscard]] std::string host() const;
  /// All octets zero: 0.0.0.0 or ::.
  [[nodiscard]] bool unspecified() const;
};

/// "192.0.2.1", "2001:db8::1" or "[2001:db8::1]".
Result<SocketAddress> parse_ip(std::string_view text, std::uint16_t port = 0);
/// "192.0.2.1:5060" or "[2001:db8::1]:5060".
Result<SocketAddress> parse_socket_address(std::string_view text);
/// The inverse of parse_socket_address.
std::string to_string(const SocketAddress& address);

}  // namespace tandem

template <>
struct std::hash<tandem::SocketAddress> {
  std::size_t operator()(const tandem::SocketAddress& a) const noexcept {
    std::size_t h = a.port + (a.v6 ? 0x10000U : 0U);
    for (const auto octet : a.ip) h = h * 131 + octet;
    return h;
  }
};
