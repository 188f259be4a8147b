#include "sipt/rtp/jitter_buffer.h"

#include <gtest/gtest.h>

#include <map>

#include "gateway/base/random.h"
#include "sipt/rtp/e_model.h"

namespace tandem::sip::rtp {
namespace {

using namespace std::chrono_literals;
using Block = JitterBuffer::Block;

constexpr Octet kLoud = 0x2A;  // A-law, full scale

/// A network with a delay for each packet, in 10 ms ticks of virtual time.
struct Net {
  JitterBuffer buffer;
  std::multimap<int, std::pair<std::uint32_t, Octets>> wire;
  int now = 0;
  std::uint32_t timestamp = 1000;
  Octet next = 1;
  std::vector<Octet> played;
  int missing = 0;
  int idle = 0;

  explicit Net(JitterBuffer::Settings settings = {}) { buffer.reset(settings); }

  void send(std::size_t size, int delay_ticks, bool lost = false, Octet fill = 0) {
    Octets payload(size);
    for (auto& o : payload) o = fill != 0 ? fill : next;
    next = next == 200 ? Octet{1} : static_cast<Octet>(next + 1);
    if (!lost) wire.emplace(now + delay_ticks, std::pair{timestamp, payload});
    timestamp += static_cast<std::uint32_t>(size);
  }
  Block tick() {
    while (!wire.empty() && wire.begin()->first <= now) {
      buffer.put(wire.begin()->second.first, wire.begin()->second.second);
      wire.erase(wire.begin());
    }
    ++now;
    std::array<Octet, 80> out{};
    const auto got = buffer.get(out);
    if (got == Block::audio) played.insert(played.end(), out.begin(), out.end());
    if (got == Block::missing) ++missing;
    if (got == Block::idle) ++idle;
    return got;
  }
  void run(int packets, std::size_t size, auto&& delay, Octet fill = 0) {
    for (int i = 0; i < packets; ++i) {
      send(size, delay(i), false, fill);
      for (std::size_t t = 0; t < size / 80; ++t) tick();
    }
  }
};

const auto kSteady = [](int) { return 0; };

TEST(JitterBuffer, plays_a_steady_stream_whole_after_the_minimum) {
  Net net;
  net.run(500, 160, kSteady);
  EXPECT_EQ(net.idle, 2);
  EXPECT_EQ(net.missing, 0);
  EXPECT_EQ(net.played.size(), 500U * 160 - 160);
  EXPECT_EQ(net.buffer.target(), 20ms);
  for (std::size_t i = 160; i < net.played.size(); i += 160) {
    ASSERT_EQ(net.played[i], net.played[i - 160] == 200 ? 1 : net.played[i - 160] + 1);
  }
}

TEST(JitterBuffer, reordered_packets_are_played_in_order) {
  Net net({.minimum = 40ms});
  net.run(200, 160, [](int i) { return i % 5 == 2 ? 3 : 0; });  // the third comes after the fourth
  EXPECT_EQ(net.missing, 0);
  for (std::size_t i = 160; i < net.played.size(); i += 160) {
    ASSERT_EQ(net.played[i], net.played[i - 160] == 200 ? 1 : net.played[i - 160] + 1);
  }
}

TEST(JitterBuffer, a_packet_twice_is_counted_once_and_played_once) {
  Net net;
  net.send(160, 0);
  const auto copy = net.wire.begin()->second;
  net.wire.emplace(0, copy);
  net.run(10, 160, kSteady);
  EXPECT_EQ(net.buffer.counters().duplicates, 1U);
  EXPECT_EQ(net.missing, 0);
}

TEST(JitterBuffer, a_lost_packet_is_two_missing_blocks_and_no_more) {
  Net net;
  net.run(50, 160, kSteady);
  net.send(160, 0, true);
  net.tick();
  net.tick();
  net.run(50, 160, kSteady);
  EXPECT_EQ(net.missing, 2);
  EXPECT_EQ(net.buffer.counters().inserted, 0U);
  EXPECT_EQ(net.buffer.counters().late, 0U);
}

TEST(JitterBuffer, grows_with_the_jitter_until_nothing_is_late_and_shrinks_in_quiet_when_it_is_gone) {
  Net net;
  SeededRandom random(5);
  net.run(500, 160, [&](int) { return static_cast<int>(random.next() >> 60) / 2; }, kLoud);  // 0 to 70 ms
  EXPECT_GE(net.buffer.target(), 60ms);
  EXPECT_LE(net.buffer.target(), 90ms);
  const auto late = net.buffer.counters().late;
  const auto missing = net.missing;
  net.run(500, 160, [&](int) { return static_cast<int>(random.next() >> 60) / 2; }, kLoud);
  EXPECT_EQ(net.buffer.counters().late, late);
  EXPECT_EQ(net.missing, missing);
  // Quiet, and the jitter is gone.
  net.run(600, 160, kSteady, 0xD5);
  EXPECT_EQ(net.buffer.target(), 20ms);
  EXPECT_GE(net.buffer.counters().dropped, 4U);
  EXPECT_EQ(net.missing, missing);
}

TEST(JitterBuffer, a_correction_is_made_of_blocks_in_quiet_and_of_single_samples_else) {
  Net net;
  net.run(20, 160, kSteady, kLoud);
  // The network becomes 40 ms shorter: all packets wait longer than needed.
  for (int i = 0; i < 2; ++i) net.send(160, 0, false, kLoud);  // two packets early
  net.run(240, 160, kSteady, kLoud);  // the last second of it is corrected by a sample each 20 ms
  EXPECT_EQ(net.buffer.counters().dropped, 0U) << "loud";
  EXPECT_GT(net.buffer.counters().slipped, 20U);
  net.run(250, 160, kSteady, 0xD5);
  EXPECT_GE(net.buffer.counters().dropped, 2U) << "quiet";
  const auto dropped = net.buffer.counters().dropped;
  const auto slipped = net.buffer.counters().slipped;
  for (int i = 0; i < 2; ++i) net.send(160, 0, false, kLoud);
  net.run(2000, 160, kSteady, kLoud);
  EXPECT_EQ(net.buffer.counters().dropped, dropped);
  EXPECT_GE(net.buffer.counters().slipped, slipped + 240) << "all of it in the end";
}

TEST(JitterBuffer, never_waits_longer_than_the_maximum) {
  Net net({.maximum = 60ms});
  SeededRandom random(6);
  net.run(1000, 160, [&](int) { return static_cast<int>(random.next() >> 59); });  // 0 to 310 ms
  EXPECT_EQ(net.buffer.target(), 60ms);
  EXPECT_GT(net.buffer.counters().late, 0U);
}

TEST(JitterBuffer, clocks_that_differ_by_200_ppm_lose_nothing_but_the_difference) {
  // The sender is slow: a packet each 20.004 ms. In 100 s that is 20 ms, two blocks.
  Net net;
  double due = 0;
  for (int i = 0; i < 5000; ++i) {
    while (net.now < static_cast<int>(due)) net.tick();
    net.send(160, 0, false, 0xD5);
    due += 2.0004;
  }
  EXPECT_LE(net.buffer.counters().late, 1U);
  EXPECT_LE(net.buffer.counters().inserted, 4U);
  EXPECT_GE(net.buffer.counters().inserted, 1U);
  EXPECT_LE(net.missing, 6);
}

TEST(JitterBuffer, a_jump_of_the_timestamp_needs_two_packets_and_then_restarts) {
  Net net;
  net.run(20, 160, kSteady);
  net.buffer.put(0x80000000U, Octets(160, kLoud));
  EXPECT_EQ(net.buffer.counters().restarts, 0U);
  net.run(5, 160, kSteady);
  EXPECT_EQ(net.missing, 0);
  net.timestamp += 1'000'000;
  net.run(50, 160, kSteady);
  EXPECT_EQ(net.buffer.counters().restarts, 1U);
  EXPECT_LE(net.missing, 4);
  net.timestamp -= 500'000;
  net.run(50, 160, kSteady);
  EXPECT_EQ(net.buffer.counters().restarts, 2U);
}

TEST(JitterBuffer, silence_suppression_costs_nothing) {
  Net net;
  net.run(20, 160, kSteady);
  for (int i = 0; i < 300; ++i) net.tick();
  net.timestamp += 300 * 80;
  const auto before = net.played.size();
  net.run(20, 160, kSteady);
  EXPECT_EQ(net.buffer.counters().late, 0U);
  EXPECT_EQ(net.buffer.counters().restarts, 0U);
  EXPECT_EQ(net.played.size() - before, 19U * 160);  // the last one still waits
}

TEST(JitterBuffer, a_stall_of_the_network_is_played_late_and_caught_up_with) {
  Net net;
  net.run(50, 160, kSteady, 0xD5);
  for (int i = 0; i < 5; ++i) {
    net.send(160, 10 - 2 * i, false, 0xD5);  // five packets at once, 100 ms late
    net.tick();
    net.tick();
  }
  net.run(50, 160, kSteady, 0xD5);
  EXPECT_GE(net.buffer.target(), 80ms);
  net.run(500, 160, kSteady, 0xD5);
  EXPECT_EQ(net.buffer.target(), 20ms);
  EXPECT_GT(net.buffer.counters().dropped, 0U);
}

TEST(JitterBuffer, what_is_partly_there_is_filled_with_silence) {
  JitterBuffer buffer;
  buffer.reset({.law = Law::mu, .minimum = 0ms});
  buffer.put(0, Octets(40, 0x10));
  std::array<Octet, 80> out{};
  EXPECT_EQ(buffer.get(out), Block::audio);
  EXPECT_EQ(out[39], 0x10);
  EXPECT_EQ(out[40], 0xFF);
}

TEST(JitterBuffer, history_is_what_was_played_and_what_replaced_the_missing) {
  JitterBuffer buffer;
  buffer.reset({.minimum = 0ms});
  std::array<Octet, 80> out{};
  for (std::uint32_t i = 0; i < 5; ++i) {
    buffer.put(i * 80, Octets(80, static_cast<Octet>(i + 1)));
    buffer.get(out);
  }
  EXPECT_EQ(buffer.get(out), Block::missing);
  std::array<Octet, JitterBuffer::kHistory> history{};
  buffer.history(history);
  EXPECT_EQ(history.back(), 5);
  EXPECT_EQ(history.front(), 2);
  std::array<Octet, 80> concealed;
  concealed.fill(99);
  buffer.replace(concealed);
  EXPECT_EQ(buffer.get(out), Block::missing);
  buffer.history(history);
  EXPECT_EQ(history.back(), 99);
  EXPECT_EQ(history[JitterBuffer::kHistory - 81], 5);
}

TEST(JitterBuffer, hostile_timestamps_and_sizes_do_no_harm) {
  JitterBuffer buffer;
  buffer.reset({});
  SeededRandom random(9);
  std::array<Octet, 80> out{};
  std::array<Octet, JitterBuffer::kHistory> history{};
  for (int i = 0; i < 200000; ++i) {
    const auto r = random.next();
    const Octets payload((r >> 3) % 1500, static_cast<Octet>(r));
    const auto base = static_cast<std::uint32_t>(i) * 80;
    const auto timestamp = (r & 7U) == 0 ? static_cast<std::uint32_t>(r >> 32)
                                         : base + static_cast<std::uint32_t>(r >> 32) % 8000 - 4000;
    buffer.put(timestamp, payload);
    if ((r >> 20 & 3U) == 0) continue;
    if (buffer.get(out) == Block::missing) {
      buffer.history(history);
      buffer.replace(out);
    }
  }
  EXPECT_GE(buffer.target(), 20ms);
  EXPECT_LE(buffer.target(), 200ms);
}

TEST(EModel, gives_the_known_values_of_g_107_and_g_113) {
  EXPECT_NEAR(e_model(0ms, 0).r_factor, 93.2, 0.01);
  EXPECT_NEAR(e_model(0ms, 0).mos, 4.41, 0.01);
  EXPECT_NEAR(e_model(100ms, 0).r_factor, 90.8, 0.1);
  EXPECT_NEAR(e_model(400ms, 0).r_factor, 93.2 - 9.6 - 24.5, 0.2);
  EXPECT_NEAR(e_model(0ms, 0.02).r_factor, 93.2 - 95 * 2 / 27.1, 0.1);
  EXPECT_NEAR(e_model(10000ms, 1).r_factor, 0, 0.01);
  EXPECT_NEAR(e_model(10000ms, 1).mos, 1, 0.01);
  EXPECT_NEAR(e_model(-5ms, -1).r_factor, 93.2, 0.01);
}

TEST(EModel, more_loss_and_more_delay_are_never_better) {
  for (int loss = 0; loss < 100; ++loss) {
    for (int delay = 0; delay < 1000; delay += 50) {
      const auto here = e_model(std::chrono::milliseconds(delay), loss / 100.0);
      const auto worse = e_model(std::chrono::milliseconds(delay + 50), (loss + 1) / 100.0);
      ASSERT_LE(worse.r_factor, here.r_factor);
      ASSERT_LE(worse.mos, here.mos + 1e-6);
    }
  }
}

}  // namespace
}  // namespace tandem::sip::rtp
