// What the kernel makes of an RTP socket's options.
#include "gateway/io/udp_socket.h"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

namespace tandem::io {
namespace {

TEST(UdpSocket, PacketsCarryTheCodePoint) {
  const int receiver = ::socket(AF_INET, SOCK_DGRAM, 0);
  sockaddr_in in{};
  in.sin_family = AF_INET;
  in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof in;
  ASSERT_EQ(::bind(receiver, reinterpret_cast<sockaddr*>(&in), size), 0);
  ASSERT_EQ(::getsockname(receiver, reinterpret_cast<sockaddr*>(&in), &size), 0);
  const int on = 1;
  ASSERT_EQ(::setsockopt(receiver, IPPROTO_IP, IP_RECVTOS, &on, sizeof on), 0);
  const timeval patience{5, 0};
  ASSERT_EQ(::setsockopt(receiver, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience), 0);

  auto socket = UdpSocket::bind(*parse_ip("127.0.0.1", 0), 46);
  ASSERT_TRUE(socket) << socket.error();
  socket->connect(*parse_ip("127.0.0.1", ntohs(in.sin_port)));
  socket->send(std::array<Octet, 1>{0x80});

  std::array<char, 16> octets{};
  alignas(cmsghdr) std::array<char, 64> control{};
  iovec part{octets.data(), octets.size()};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  ASSERT_EQ(::recvmsg(receiver, &message, 0), 1);
  ::close(receiver);
  const auto* option = CMSG_FIRSTHDR(&message);
  ASSERT_NE(option, nullptr);
  ASSERT_EQ(option->cmsg_type, IP_TOS);
  EXPECT_EQ(*CMSG_DATA(option), 46 << 2);  // RFC 2474 3: the upper six bits
}

}  // namespace
}  // namespace tandem::io
