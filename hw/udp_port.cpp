#include "hw/udp_port.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <ctime>

namespace tandem::hw {
namespace {

constexpr int kReceiveBuffer = 256 * 1024;  // half a second of a full E1, for a tick that comes late

struct Sockaddr {
  sockaddr_storage storage{};
  socklen_t size = 0;
};

Sockaddr to_sockaddr(const SocketAddress& address) {
  Sockaddr result;
  if (address.v6) {
    sockaddr_in6 in{};
    in.sin6_family = AF_INET6;
    in.sin6_port = htons(address.port);
    std::memcpy(&in.sin6_addr, address.ip.data(), 16);
    std::memcpy(&result.storage, &in, sizeof in);
    result.size = sizeof in;
  } else {
    sockaddr_in in{};
    in.sin_family = AF_INET;
    in.sin_port = htons(address.port);
    std::memcpy(&in.sin_addr, address.ip.data(), 4);
    std::memcpy(&result.storage, &in, sizeof in);
    result.size = sizeof in;
  }
  return result;
}

bool set_option(int socket, int level, int option, int value) {
  return setsockopt(socket, level, option, &value, sizeof value) == 0;
}

std::unexpected<std::string> failed(const std::string& what, std::string_view hint = {}) {
  const int error = errno;
  return std::unexpected(what + ": " + std::strerror(error) + std::string(hint));
}

/// From the kernel's receive time, so that how late the tick is does not blur the recovered clock.
Duration age_of(msghdr& message) {
  for (cmsghdr* c = CMSG_FIRSTHDR(&message); c != nullptr; c = CMSG_NXTHDR(&message, c)) {
    if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_TIMESTAMPNS) continue;
    timespec arrived{};
    timespec now{};
    std::memcpy(&arrived, CMSG_DATA(c), sizeof arrived);
    clock_gettime(CLOCK_REALTIME, &now);
    return std::chrono::seconds(now.tv_sec - arrived.tv_sec) + Duration(now.tv_nsec - arrived.tv_nsec);
  }
  return {};
}

/// What a connected socket reports of earlier datagrams: the far end is not up yet, or the way to it is gone.
/// The alarms tell that better.
bool passing(int error) {
  return error == ECONNREFUSED || error == EHOSTUNREACH || error == ENETUNREACH || error == EINTR;
}
constexpr int kTries = 4;

}  // namespace

std::expected<std::unique_ptr<UdpPort>, std::string> UdpPort::open(const SocketAddress& local,
                                                                   const SocketAddress& remote,
                                                                   std::uint8_t dscp) {
  if (local.v6 != remote.v6) {
    return std::unexpected("local " + to_string(local) + " and remote " + to_string(remote) +
                           " are not of one kind; give both as IPv4 or both as IPv6");
  }
  const int socket = ::socket(local.v6 ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (socket < 0) return failed("cannot make a UDP socket");
  std::unique_ptr<UdpPort> port(new UdpPort(socket));

  // No SO_REUSEADDR: for UDP it is not needed to start again at once, and it would let two spans share a
  // port.
  const Sockaddr from = to_sockaddr(local);
  if (bind(socket, reinterpret_cast<const sockaddr*>(&from.storage), from.size) != 0) {
    const std::string_view hint = errno == EADDRINUSE ? "; another program, or another span, has this port"
                                  : errno == EADDRNOTAVAIL ? "; this machine has no such address"
                                                           : "";
    return failed("cannot bind " + to_string(local), hint);
  }
  const Sockaddr to = to_sockaddr(remote);
  if (connect(socket, reinterpret_cast<const sockaddr*>(&to.storage), to.size) != 0)
    return failed("cannot use " + to_string(remote) + " as the far end of " + to_string(local));

  const int traffic_class = dscp << 2;
  const bool marked = local.v6 ? set_option(socket, IPPROTO_IPV6, IPV6_TCLASS, traffic_class)
                               : set_option(socket, IPPROTO_IP, IP_TOS, traffic_class);
  if (!marked) return failed("cannot set DSCP " + std::to_string(dscp) + " on " + to_string(local));
  // RFC 5086 4.2: "Don't Fragment" has to be set.
  if (!local.v6 && !set_option(socket, IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_DO))
    return failed("cannot forbid fragments on " + to_string(local));
  if (!set_option(socket, SOL_SOCKET, SO_TIMESTAMPNS, 1))
    return failed("cannot get receive times on " + to_string(local));
  set_option(socket, SOL_SOCKET, SO_RCVBUF, kReceiveBuffer);  // the system may give less
  return port;
}

UdpPort::~UdpPort() {
  close(socket_);
}

bool UdpPort::send(OctetView datagram) {
  for (int i = 0; i < kTries; ++i) {
    if (::send(socket_, datagram.data(), datagram.size(), MSG_NOSIGNAL) >= 0) return true;
    if (!passing(errno)) return false;
  }
  return false;
}

std::optional<Received> UdpPort::receive(std::span<Octet> buffer) {
  for (int i = 0; i < kTries; ++i) {
    alignas(cmsghdr) char control[CMSG_SPACE(sizeof(timespec))];
    iovec piece{buffer.data(), buffer.size()};
    msghdr message{};
    message.msg_iov = &piece;
    message.msg_iovlen = 1;
    message.msg_control = control;
    message.msg_controllen = sizeof control;
    const auto size = recvmsg(socket_, &message, MSG_TRUNC);
    if (size >= 0) return Received{static_cast<std::size_t>(size), age_of(message)};
    if (!passing(errno)) return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace tandem::hw
