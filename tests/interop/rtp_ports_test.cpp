// Real sockets on loopback: the pool of RTP ports.
#include "gateway/io/rtp_ports.h"

#include <gtest/gtest.h>

#include <array>
#include <set>

namespace tandem::io {
namespace {

const std::array kLoopback{parse_ip("127.0.0.1").value()};

TEST(RtpPortPool, HandsOutEachPairOnceAndAgainWhenItIsClosed) {
  FlightRecorder recorder(0, 0);
  RtpPortPool pool(kLoopback, 39700, 39707, 0, recorder);
  std::set<std::uint16_t> ports;
  std::vector<media::RtpTransport*> open;
  for (int i = 0; i < 4; ++i) {
    const auto port = pool.open(false);
    ASSERT_NE(port.transport, nullptr);
    ports.insert(port.local.port);
    open.push_back(port.transport);
  }
  EXPECT_EQ(ports, (std::set<std::uint16_t>{39700, 39702, 39704, 39706}));
  EXPECT_EQ(pool.open(false).transport, nullptr) << "none is left";
  pool.close(open[2]);
  EXPECT_EQ(pool.open(false).local.port, 39704);
  EXPECT_EQ(pool.in_use(), 4U);
}

TEST(RtpPortPool, PassesOverAPairOfWhichAnotherProgramHasTheRtcpPort) {
  FlightRecorder recorder(0, 0);
  auto taken = parse_ip("127.0.0.1", 39721).value();
  const auto other = UdpSocket::bind(taken, 0);
  ASSERT_TRUE(other);
  RtpPortPool pool(kLoopback, 39720, 39723, 0, recorder);
  EXPECT_EQ(pool.open(false).local.port, 39722);
  EXPECT_EQ(pool.open(false).transport, nullptr);
}

TEST(RtpPortPool, HasTheRangeOnceForEachVersionOfIp) {
  FlightRecorder recorder(0, 0);
  const std::array both{parse_ip("127.0.0.1").value(), parse_ip("::1").value()};
  RtpPortPool pool(both, 39740, 39741, 0, recorder);
  const auto v6 = pool.open(true);
  EXPECT_EQ(to_string(v6.local), "[::1]:39740");
  EXPECT_EQ(pool.open(true).transport, nullptr) << "none is left";
  EXPECT_EQ(to_string(pool.open(false).local), "127.0.0.1:39740");
  pool.close(v6.transport);
  EXPECT_EQ(to_string(pool.open(true).local), "[::1]:39740");
}

TEST(RtpPortPool, HasNoPortsOfAVersionOfIpThatItHasNoAddressOf) {
  FlightRecorder recorder(0, 0);
  RtpPortPool pool(kLoopback, 39744, 39747, 0, recorder);
  EXPECT_EQ(pool.open(true).transport, nullptr);
}

}  // namespace
}  // namespace tandem::io
