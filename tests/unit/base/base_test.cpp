#include <gtest/gtest.h>

#include "gateway/base/address.h"
#include "gateway/base/bytes.h"
#include "gateway/base/fsm.h"
#include "gateway/base/spsc_queue.h"
#include "gateway/base/timer_queue.h"

namespace tandem {
namespace {

using namespace std::chrono_literals;

TEST(Hex, ReadsBackWhatItWroteAndTakesSeparators) {
  const Octets octets{0x00, 0x9f, 0xff};
  EXPECT_EQ(to_hex(octets), "009fff");
  EXPECT_EQ(from_hex("0x00:9F ff\n").value(), octets);
}

TEST(Hex, NamesThePositionOfWhatIsNotADigit) {
  EXPECT_EQ(from_hex("00zz").error().offset, 2u);
  EXPECT_EQ(from_hex("012").error().code, Errc::truncated);
}

TEST(TimerQueue, RestartReplacesAndStopRemoves) {
  TimerQueue<int> timers;
  timers.start(1, Time{5s});
  timers.start(2, Time{3s});
  timers.start(1, Time{1s});
  timers.start(3, Time{2s});
  timers.stop(3);
  EXPECT_EQ(timers.next_deadline(), Time{1s});
  EXPECT_EQ(timers.pop_expired(Time{10s}), 1);
  EXPECT_EQ(timers.pop_expired(Time{10s}), 2);
  EXPECT_EQ(timers.pop_expired(Time{10s}), std::nullopt);
  EXPECT_EQ(timers.size(), 0u);
}

TEST(TimerQueue, NothingExpiresBeforeItsTime) {
  TimerQueue<int> timers;
  timers.start(1, Time{5s});
  EXPECT_EQ(timers.pop_expired(Time{5s - 1ns}), std::nullopt);
  EXPECT_EQ(timers.pop_expired(Time{5s}), 1);
}

enum class Lamp { off, on };
enum class Press { button, reset };
struct Count {
  int switched = 0;
};
using Row = FsmRow<Lamp, Press, Count>;
constexpr std::array kRows{
    Row{Lamp::off, Press::button, [](const Count& c) { return c.switched < 2; },
        [](Count& c) { ++c.switched; }, Lamp::on, "test"},
    Row{Lamp::off, Press::button, nullptr, nullptr, Lamp::off, "test"},
    Row{Lamp::on, Press::button, nullptr, nullptr, Lamp::off, "test"},
};
static_assert(fsm_rows_unique(kRows));

TEST(Fsm, TakesTheFirstRowWhoseGuardHoldsAndReportsTheUnexpected) {
  Count count;
  Lamp lamp = Lamp::off;
  for (const Lamp expected : {Lamp::on, Lamp::off, Lamp::on, Lamp::off, Lamp::off}) {
    EXPECT_NE(fsm_step(kRows, lamp, Press::button, count), nullptr);
    EXPECT_EQ(lamp, expected);
  }
  EXPECT_EQ(count.switched, 2);
  EXPECT_EQ(fsm_step(kRows, lamp, Press::reset, count), nullptr);
  EXPECT_EQ(lamp, Lamp::off);
}

TEST(SpscQueue, RefusesWhenFullAndKeepsOrder) {
  SpscQueue<int> queue(3);  // rounded up to 4
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(queue.push(i));
  EXPECT_FALSE(queue.push(4));
  int out = -1;
  for (int i = 0; i < 4; ++i) {
    ASSERT_TRUE(queue.pop(out));
    EXPECT_EQ(out, i);
  }
  EXPECT_FALSE(queue.pop(out));
}

TEST(SocketAddress, ReadsBackWhatItWrote) {
  for (const auto* text : {"127.0.0.1:5060", "[2001:db8::1]:65535", "0.0.0.0:0"})
    EXPECT_EQ(to_string(parse_socket_address(text).value()), text);
  EXPECT_TRUE(parse_socket_address("0.0.0.0:9")->unspecified());
}

TEST(SocketAddress, SaysWhatIsWrong) {
  EXPECT_EQ(parse_socket_address("127.0.0.1").error().what, "no port");
  EXPECT_FALSE(parse_socket_address("127.0.0.1:70000"));
  EXPECT_FALSE(parse_socket_address("::1:5060"));
  EXPECT_FALSE(parse_socket_address("localhost:1"));
  EXPECT_FALSE(parse_ip(std::string_view("127.0.0.1\0x", 11)));
}

}  // namespace
}  // namespace tandem
