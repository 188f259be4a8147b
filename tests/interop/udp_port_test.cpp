// The real UDP socket, on loopback.
#include "hw/udp_port.h"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "hw/open_span.h"

namespace tandem::hw {
namespace {

/// A UDP port of 127.0.0.1 that was free a moment ago.
SocketAddress free_address() {
  const int socket = ::socket(AF_INET, SOCK_DGRAM, 0);
  sockaddr_in in{};
  in.sin_family = AF_INET;
  in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof in;
  EXPECT_EQ(bind(socket, reinterpret_cast<sockaddr*>(&in), size), 0);
  EXPECT_EQ(getsockname(socket, reinterpret_cast<sockaddr*>(&in), &size), 0);
  close(socket);
  return *parse_ip("127.0.0.1", ntohs(in.sin_port));
}

std::optional<Received> receive_soon(UdpPort& port, std::span<Octet> buffer) {
  for (int i = 0; i < 200; ++i) {
    if (const auto got = port.receive(buffer)) return got;
    poll(nullptr, 0, 5);
  }
  return std::nullopt;
}

TEST(UdpPort, CarriesDatagramsWithTheirAge) {
  const auto a_address = free_address();
  const auto b_address = free_address();
  auto a = UdpPort::open(a_address, b_address, 46);
  auto b = UdpPort::open(b_address, a_address, 46);
  ASSERT_TRUE(a && b);
  Octets buffer(2048);
  EXPECT_FALSE((*b)->receive(buffer));
  ASSERT_TRUE((*a)->send(Octets{1, 2, 3}));
  const auto got = receive_soon(**b, buffer);
  ASSERT_TRUE(got);
  EXPECT_EQ(got->size, 3U);
  EXPECT_EQ(buffer[2], 3);
  EXPECT_GE(got->age, Duration{});
  EXPECT_LT(got->age, std::chrono::seconds(2));
}

TEST(UdpPort, ADatagramThatIsTooLongForTheBufferSaysSo) {
  const auto a_address = free_address();
  const auto b_address = free_address();
  auto a = UdpPort::open(a_address, b_address, 46);
  auto b = UdpPort::open(b_address, a_address, 46);
  ASSERT_TRUE(a && b);
  ASSERT_TRUE((*a)->send(Octets(900, 7)));
  Octets buffer(100);
  EXPECT_EQ(receive_soon(**b, buffer)->size, 900U);
}

TEST(UdpPort, AFarEndThatIsNotUpYetIsNoError) {
  const auto a_address = free_address();
  const auto b_address = free_address();
  auto a = UdpPort::open(a_address, b_address, 46);
  ASSERT_TRUE(a);
  Octets buffer(100);
  for (int i = 0; i < 20; ++i) {
    EXPECT_TRUE((*a)->send(Octets{1}));  // each is answered by "port unreachable"
    EXPECT_FALSE((*a)->receive(buffer));
  }
  auto b = UdpPort::open(b_address, a_address, 46);
  ASSERT_TRUE(b);
  ASSERT_TRUE((*a)->send(Octets{2}));
  ASSERT_TRUE(receive_soon(**b, buffer));
  EXPECT_EQ(buffer[0], 2);
}

TEST(OpenSpan, SaysWhatIsWrongAndWithWhichSpan) {
  const auto address = free_address();
  const auto far = free_address();
  tdm::SpanConfig config{.name = "e1-1", .local = address, .remote = far};
  const auto first = open_span(config);
  ASSERT_TRUE(first) << first.error();
  EXPECT_EQ((*first)->type(), tdm::SpanType::e1);
  const auto second = open_span(config);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error(), "span e1-1: cannot bind " + to_string(address) +
                                ": Address already in use; another program, or another span, has this port");

  config.local = *parse_ip("192.0.2.1", 40000);
  EXPECT_EQ(
      open_span(config).error(),
      "span e1-1: cannot bind 192.0.2.1:40000: Cannot assign requested address; this machine has no such "
      "address");
  config.local = *parse_ip("::1", 40000);
  EXPECT_NE(open_span(config).error().find("are not of one kind"), std::string::npos);
  config.local = address;
  for (const int frames : {0, -1, 47}) {
    config.packet_frames = frames;
    EXPECT_NE(open_span(config).error().find("is not from 1 to 46"), std::string::npos);
  }
  config.packet_frames = 40;
  config.playout = std::chrono::seconds(1);
  EXPECT_EQ(open_span(config).error(), "span e1-1: playout is not from 0 to 500 ms");
}

}  // namespace
}  // namespace tandem::hw
