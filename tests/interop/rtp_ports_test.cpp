// Real sockets on loopback: the pool of RTP ports.
#include "gateway/io/rtp_ports.h"

#include <gtest/gtest.h>

#include <set>

namespace tandem::io {
namespace {

const auto kLoopback = parse_ip("127.0.0.1").value();

TEST(RtpPortPool, HandsOutEachPairOnceAndAgainWhenItIsClosed) {
  FlightRecorder recorder(0, 0);
  RtpPortPool pool(kLoopback, 39700, 39707, 0, recorder);
  std::set<std::uint16_t> ports;
  std::vector<media::RtpTransport*> open;
  for (int i = 0; i < 4; ++i) {
    const auto port = pool.open();
    ASSERT_NE(port.transport, nullptr);
    ports.insert(port.local.port);
    open.push_back(port.transport);
  }
  EXPECT_EQ(ports, (std::set<std::uint16_t>{39700, 39702, 39704, 39706}));
  EXPECT_EQ(pool.open().transport, nullptr) << "none is left";
  pool.close(open[2]);
  EXPECT_EQ(pool.open().local.port, 39704);
  EXPECT_EQ(pool.in_use(), 4U);
}

TEST(RtpPortPool, PassesOverAPairOfWhichAnotherProgramHasTheRtcpPort) {
  FlightRecorder recorder(0, 0);
  auto taken = parse_ip("127.0.0.1", 39721).value();
  const auto other = UdpSocket::bind(taken, 0);
  ASSERT_TRUE(other);
  RtpPortPool pool(kLoopback, 39720, 39723, 0, recorder);
  EXPECT_EQ(pool.open().local.port, 39722);
  EXPECT_EQ(pool.open().transport, nullptr);
}

}  // namespace
}  // namespace tandem::io
