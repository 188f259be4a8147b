#pragma once
#include <expected>
#include <span>
#include <string>
#include <utility>

#include "gateway/base/address.h"
#include "gateway/base/bytes.h"

namespace tandem::io {

/// A non-blocking UDP socket, for media: plain calls, no event loop.
class UdpSocket {
 public:
  UdpSocket() = default;
  ~UdpSocket();
  UdpSocket(UdpSocket&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  UdpSocket& operator=(UdpSocket&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }

  /// Errors name the address and the system's reason. `dscp`: RFC 2474 code point, 0 to 63.
  static std::expected<UdpSocket, std::string> bind(const SocketAddress& local, int dscp);
  /// From now on only this peer's packets are received; what others sent before is dropped.
  void connect(const SocketAddress& remote);
  void send(OctetView packet);
  /// Octets received, 0 when nothing waits.
  std::size_t receive(std::span<Octet> buffer);

  /// From now on everybody's packets are received, until `connect`.
  void disconnect();
  /// Of a socket that is not connected.
  void send_to(OctetView packet, const SocketAddress& remote);
  std::size_t receive_from(std::span<Octet> buffer, SocketAddress& source);

 private:
  int fd_ = -1;
};

}  // namespace tandem::io
