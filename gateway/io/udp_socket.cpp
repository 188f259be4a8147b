#include "gateway/io/udp_socket.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace tandem::io {
namespace {

socklen_t to_native(const SocketAddress& address, sockaddr_storage& native) {
  native = {};
  if (address.v6) {
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(address.port);
    std::memcpy(&v6.sin6_addr, address.ip.data(), 16);
    std::memcpy(&native, &v6, sizeof v6);
    return sizeof v6;
  }
  sockaddr_in v4{};
  v4.sin_family = AF_INET;
  v4.sin_port = htons(address.port);
  std::memcpy(&v4.sin_addr, address.ip.data(), 4);
  std::memcpy(&native, &v4, sizeof v4);
  return sizeof v4;
}

SocketAddress from_native(const sockaddr_storage& native) {
  SocketAddress address;
  if (native.ss_family == AF_INET6) {
    sockaddr_in6 v6{};
    std::memcpy(&v6, &native, sizeof v6);
    address.v6 = true;
    address.port = ntohs(v6.sin6_port);
    std::memcpy(address.ip.data(), &v6.sin6_addr, 16);
  } else {
    sockaddr_in v4{};
    std::memcpy(&v4, &native, sizeof v4);
    address.port = ntohs(v4.sin_port);
    std::memcpy(address.ip.data(), &v4.sin_addr, 4);
  }
  return address;
}

const sockaddr* generic(const sockaddr_storage& native) {
  return reinterpret_cast<const sockaddr*>(&native);
}

}  // namespace

UdpSocket::~UdpSocket() {
  if (fd_ >= 0) ::close(fd_);
}

std::expected<UdpSocket, std::string> UdpSocket::bind(const SocketAddress& local, int dscp) {
  UdpSocket socket;
  socket.fd_ = ::socket(local.v6 ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  const auto refuse = [&] {
    return std::unexpected("udp:" + to_string(local) + ": " + std::strerror(errno));
  };
  if (socket.fd_ < 0) return refuse();
  const int tos = dscp << 2;
  ::setsockopt(socket.fd_, local.v6 ? IPPROTO_IPV6 : IPPROTO_IP, local.v6 ? IPV6_TCLASS : IP_TOS, &tos,
               sizeof tos);
  sockaddr_storage native;
  const auto size = to_native(local, native);
  if (::bind(socket.fd_, generic(native), size) != 0) return refuse();
  return socket;
}

void UdpSocket::connect(const SocketAddress& remote) {
  sockaddr_storage native;
  const auto size = to_native(remote, native);
  ::connect(fd_, generic(native), size);
  // What others sent before still waits, and would be taken for the peer's. No socket holds more than this.
  constexpr int kMost = 4096;
  std::array<Octet, 2048> dropped;
  for (int i = 0; i < kMost && receive(dropped) > 0; ++i) {
  }
}

void UdpSocket::disconnect() {
  sockaddr none{};
  none.sa_family = AF_UNSPEC;
  ::connect(fd_, &none, sizeof none);
}

void UdpSocket::send_to(OctetView packet, const SocketAddress& remote) {
  sockaddr_storage native;
  const auto size = to_native(remote, native);
  ::sendto(fd_, packet.data(), packet.size(), MSG_NOSIGNAL, generic(native), size);
}

std::size_t UdpSocket::receive_from(std::span<Octet> buffer, SocketAddress& source) {
  sockaddr_storage native{};
  for (int tries = 0; tries < 2; ++tries) {
    socklen_t size = sizeof native;
    const auto octets =
        ::recvfrom(fd_, buffer.data(), buffer.size(), 0, reinterpret_cast<sockaddr*>(&native), &size);
    if (octets > 0) {
      source = from_native(native);
      return static_cast<std::size_t>(octets);
    }
    if (octets < 0 && errno != ECONNREFUSED && errno != EINTR) return 0;
  }
  return 0;
}

void UdpSocket::send(OctetView packet) {
  // A refusal by the peer's host (ICMP) is reported on the next call and means nothing here.
  if (::send(fd_, packet.data(), packet.size(), MSG_NOSIGNAL) < 0 && errno == ECONNREFUSED)
    ::send(fd_, packet.data(), packet.size(), MSG_NOSIGNAL);
}

std::size_t UdpSocket::receive(std::span<Octet> buffer) {
  for (int tries = 0; tries < 2; ++tries) {
    const auto octets = ::recv(fd_, buffer.data(), buffer.size(), 0);
    if (octets > 0) return static_cast<std::size_t>(octets);
    if (octets < 0 && errno != ECONNREFUSED && errno != EINTR) return 0;
  }
  return 0;
}

}  // namespace tandem::io
