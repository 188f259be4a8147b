#pragma once
#include <algorithm>
#include <boost/asio/ip/address.hpp>

#include "gateway/base/address.h"

namespace tandem::io {

inline boost::asio::ip::address to_asio(const SocketAddress& address) {
  if (address.v6) return boost::asio::ip::address_v6(address.ip);
  boost::asio::ip::address_v4::bytes_type octets;
  std::copy_n(address.ip.begin(), octets.size(), octets.begin());
  return boost::asio::ip::address_v4(octets);
}

/// `Endpoint`: udp::endpoint or tcp::endpoint.
template <class Endpoint>
Endpoint to_asio_endpoint(const SocketAddress& address) {
  return {to_asio(address), address.port};
}

template <class Endpoint>
SocketAddress from_asio(const Endpoint& endpoint) {
  SocketAddress address;
  address.port = endpoint.port();
  address.v6 = endpoint.address().is_v6();
  if (address.v6) {
    address.ip = endpoint.address().to_v6().to_bytes();
  } else {
    const auto octets = endpoint.address().to_v4().to_bytes();
    std::copy(octets.begin(), octets.end(), address.ip.begin());
  }
  return address;
}

}  // namespace tandem::io
