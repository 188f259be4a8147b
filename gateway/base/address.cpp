#include "gateway/base/address.h"

#include <arpa/inet.h>

#include <charconv>

namespace tandem {

std::string SocketAddress::host() const {
  char text[INET6_ADDRSTRLEN] = {};
  inet_ntop(v6 ? AF_INET6 : AF_INET, ip.data(), text, sizeof text);
  return text;
}

bool SocketAddress::unspecified() const {
  return ip == decltype(ip){};
}

Result<SocketAddress> parse_ip(std::string_view text, std::uint16_t port) {
  SocketAddress address;
  address.port = port;
  const bool brackets = text.size() > 2 && text.front() == '[' && text.back() == ']';
  const std::string host(brackets ? text.substr(1, text.size() - 2) : text);
  if (host.size() != host.find('\0') && host.find('\0') != std::string::npos)
    return fail(Errc::malformed, 0, "address", "not an IP address");
  if (!brackets && inet_pton(AF_INET, host.c_str(), address.ip.data()) == 1) return address;
  address.v6 = true;
  if (inet_pton(AF_INET6, host.c_str(), address.ip.data()) == 1) return address;
  return fail(Errc::malformed, 0, "address", "not an IP address");
}

Result<SocketAddress> parse_socket_address(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return fail(Errc::missing, text.size(), "address", "no port");
  unsigned port = 0;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data() + colon + 1, end, port);
  if (parsed.ec != std::errc{} || parsed.ptr != end || port > 65535)
    return fail(Errc::out_of_range, colon + 1, "address", "port is not a number from 0 to 65535");
  const auto host = text.substr(0, colon);
  if (host.find(':') != std::string_view::npos && !host.starts_with('['))
    return fail(Errc::malformed, 0, "address", "an IPv6 address with a port stands in brackets");
  return parse_ip(host, static_cast<std::uint16_t>(port));
}

std::string to_string(const SocketAddress& address) {
  const std::string host = address.host();
  return (address.v6 ? "[" + host + "]" : host) + ":" + std::to_string(address.port);
}

}  // namespace tandem
