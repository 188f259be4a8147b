#include "gateway/io/flight_recorder.h"

#include <gtest/gtest.h>

namespace tandem::io {
namespace {

using namespace std::chrono_literals;

const auto kHere = parse_socket_address("127.0.0.1:20000").value();
const auto kThere = parse_socket_address("127.0.0.1:30000").value();

TEST(FlightRecorder, KeepsTheLastPacketsInOrder) {
  FlightRecorder recorder(3, 4);
  for (Octet i = 0; i < 5; ++i) recorder.record(Time{i * 1ms}, kHere, kThere, Octets{i, i});
  recorder.request();
  EXPECT_FALSE(recorder.ready());
  recorder.service();
  ASSERT_TRUE(recorder.ready());
  const auto packets = recorder.take();
  ASSERT_EQ(packets.size(), 3u);
  for (Octet i = 0; i < 3; ++i) EXPECT_EQ(packets[i].octets, (Octets{Octet(i + 2), Octet(i + 2)}));
  EXPECT_EQ(packets[0].at, Time{2ms});
  EXPECT_EQ(packets[0].destination, kThere);
}

TEST(FlightRecorder, GoesOnRecordingWhileTheLeftBufferIsRead) {
  FlightRecorder recorder(2, 4);
  recorder.record(Time{}, kHere, kThere, Octets{1});
  recorder.request();
  recorder.service();
  recorder.record(Time{}, kHere, kThere, Octets{2});
  EXPECT_EQ(recorder.take().at(0).octets, Octets{1});
  EXPECT_TRUE(recorder.take().empty()) << "a turn is read once";
  recorder.request();
  recorder.service();
  EXPECT_EQ(recorder.take().at(0).octets, Octets{2});
}

TEST(FlightRecorder, CutsWhatIsLongerThanASlotAndTakesNothingWhenItHasNone) {
  FlightRecorder recorder(1, 2);
  recorder.record(Time{}, kHere, kThere, Octets{1, 2, 3});
  recorder.request();
  recorder.service();
  EXPECT_EQ(recorder.take().at(0).octets, (Octets{1, 2}));
  FlightRecorder none(0, 0);
  none.record(Time{}, kHere, kThere, Octets{1});
  none.request();
  none.service();
  EXPECT_TRUE(none.take().empty());
}

}  // namespace
}  // namespace tandem::io
