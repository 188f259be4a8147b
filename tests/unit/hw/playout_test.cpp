#include "hw/playout.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "gateway/base/random.h"

namespace tandem::hw {
namespace {

using Verdict = PlayoutBuffer::Verdict;

/// Packets of two frames of one timeslot; packet n holds 2n and 2n + 1 (below 0xFF).
struct Fixture {
  explicit Fixture(int target = 0) : buffer({.timeslots = 1, .packet_frames = 2, .target_frames = target}) {}

  Verdict put(int n) {
    const Octets payload{value(2 * n), value(2 * n + 1)};
    return buffer.insert(static_cast<std::uint16_t>(n), payload);
  }
  Octets get(std::size_t frames) {
    Octets out(frames);
    buffer.read(out);
    return out;
  }
  static Octet value(int frame) { return static_cast<Octet>(frame % 200); }
  PlayoutBuffer buffer;
};

TEST(Playout, PlaysIdleUntilTheDepthIsReachedAndThenInOrder) {
  Fixture f(4);
  EXPECT_EQ(f.get(2), (Octets{0xFF, 0xFF}));
  EXPECT_EQ(f.put(10), Verdict::started);
  EXPECT_EQ(f.put(11), Verdict::newest);
  EXPECT_EQ(f.get(2), (Octets{0xFF, 0xFF}));
  f.put(12);
  EXPECT_EQ(f.get(2), (Octets{20, 21}));
  EXPECT_EQ(f.buffer.level(), 4);
  EXPECT_EQ(f.get(3), (Octets{22, 23, 24}));
}

TEST(Playout, PutsPacketsBackIntoOrder) {
  Fixture f;
  f.put(1);
  f.put(4);
  EXPECT_EQ(f.put(2), Verdict::reordered);
  EXPECT_EQ(f.put(3), Verdict::reordered);
  EXPECT_EQ(f.get(8), (Octets{2, 3, 4, 5, 6, 7, 8, 9}));
  EXPECT_EQ(f.buffer.counters().reordered, 2U);
  EXPECT_EQ(f.buffer.counters().lost, 0U);
}

TEST(Playout, FillsALostPacketWithIdleAndKeepsTheTime) {
  Fixture f;
  f.put(1);
  f.put(3);
  EXPECT_EQ(f.get(6), (Octets{2, 3, 0xFF, 0xFF, 6, 7}));
  EXPECT_EQ(f.buffer.counters().lost, 1U);
  EXPECT_EQ(f.put(2), Verdict::dropped);
  EXPECT_EQ(f.buffer.counters().late, 1U);
  EXPECT_EQ(f.buffer.counters().slips, 0U);
}

TEST(Playout, APacketThatComesWhileItsTurnIsOnIsPlayedFromThere) {
  Fixture f;
  f.put(1);
  f.put(3);
  EXPECT_EQ(f.get(3), (Octets{2, 3, 0xFF}));
  EXPECT_EQ(f.put(2), Verdict::reordered);
  EXPECT_EQ(f.get(3), (Octets{5, 6, 7}));
  EXPECT_EQ(f.buffer.counters().lost, 0U);
}

TEST(Playout, DropsADuplicate) {
  Fixture f;
  f.put(1);
  EXPECT_EQ(f.put(1), Verdict::dropped);
  EXPECT_EQ(f.get(2), (Octets{2, 3}));
  EXPECT_EQ(f.buffer.counters().late, 1U);
}

TEST(Playout, APacketWithoutDataPlaysAsIdleButIsNotLost) {
  Fixture f;
  f.put(1);
  f.buffer.insert(2, {});
  EXPECT_EQ(f.get(4), (Octets{2, 3, 0xFF, 0xFF}));
  EXPECT_EQ(f.buffer.counters().lost, 0U);
}

TEST(Playout, RunningDryIsCountedOnceAndThePlaceMovesOn) {
  Fixture f;
  f.put(1);
  EXPECT_EQ(f.get(2), (Octets{2, 3}));
  EXPECT_EQ(f.get(4), (Octets{0xFF, 0xFF, 0xFF, 0xFF}));
  EXPECT_EQ(f.buffer.counters().underruns, 1U);
  EXPECT_EQ(f.buffer.counters().lost, 2U);
  f.put(4);
  EXPECT_EQ(f.get(2), (Octets{8, 9}));
  f.get(2);
  EXPECT_EQ(f.buffer.counters().underruns, 2U);
}

TEST(Playout, TheSequenceGoesRoundWithoutASeam) {
  Fixture f;
  for (int n = 0; n < 140000; ++n) {
    ASSERT_NE(f.put(n), Verdict::dropped);
    ASSERT_EQ(f.get(2), (Octets{Fixture::value(2 * n), Fixture::value(2 * n + 1)})) << n;
  }
  const auto& c = f.buffer.counters();
  EXPECT_EQ(c.lost + c.late + c.reordered + c.slips + c.underruns, 0U);
}

TEST(Playout, OneStrangerFarFromTheSequenceIsDroppedAndTwoAreANewLife) {
  Fixture f;
  f.put(1);
  f.put(2);
  EXPECT_EQ(f.put(30000), Verdict::dropped);
  EXPECT_EQ(f.put(3), Verdict::newest);
  EXPECT_EQ(f.put(30001), Verdict::dropped);
  EXPECT_EQ(f.put(30002), Verdict::started);
  EXPECT_EQ(f.put(30003), Verdict::newest);
  EXPECT_EQ(f.get(4), (Octets{Fixture::value(60004), Fixture::value(60005), Fixture::value(60006),
                              Fixture::value(60007)}));
}

TEST(Playout, PacketsThatStayLateMoveThePlace) {
  Fixture f;
  for (int n = 100; n < 110; ++n) f.put(n);
  f.get(20);
  f.get(60);  // until 140
  for (int n = 110; n < 117; ++n) EXPECT_EQ(f.put(n), Verdict::dropped);
  EXPECT_EQ(f.put(117), Verdict::started);
  EXPECT_EQ(f.get(2), (Octets{Fixture::value(234), Fixture::value(235)}));
  EXPECT_EQ(f.buffer.counters().slips, 1U);
  EXPECT_EQ(f.buffer.counters().late, 7U);
}

TEST(Playout, ASlipDropsOrRepeatsOnePacketsFrames) {
  Fixture f;
  for (int n = 1; n < 10; ++n) f.put(n);
  EXPECT_EQ(f.get(4), (Octets{2, 3, 4, 5}));
  f.buffer.slip(true);
  EXPECT_EQ(f.get(2), (Octets{8, 9}));
  f.buffer.slip(false);
  EXPECT_EQ(f.get(2), (Octets{8, 9}));
  EXPECT_EQ(f.buffer.counters().slips, 2U);
  EXPECT_EQ(f.buffer.counters().lost, 0U);
}

TEST(Playout, TooMuchDelayIsThrownAway) {
  Fixture f(10);
  f.put(0);
  for (int n = 1; n < 6; ++n) f.put(n);
  f.get(2);
  for (int n = 6; n < 1000; ++n) f.put(n);
  EXPECT_LE(f.buffer.level(), 10 + PlayoutBuffer::kOverrunFrames + 4);
  EXPECT_EQ(f.buffer.counters().slips, 2U);
  EXPECT_EQ(f.buffer.counters().lost, 0U);
}

TEST(Playout, AfterAStopTheNextPacketStartsAnew) {
  Fixture f;
  f.put(1);
  f.get(2);
  f.buffer.stop();
  EXPECT_EQ(f.get(2), (Octets{0xFF, 0xFF}));
  EXPECT_EQ(f.put(2), Verdict::started);
  EXPECT_EQ(f.get(2), (Octets{4, 5}));
}

TEST(Playout, WhateverComesEachOctetIsRightOrIdle) {
  SeededRandom random(7);
  Fixture f(6);
  int n = 500;
  for (int i = 0; i < 200000; ++i) {
    const auto dice = random.next() % 1000;
    if (dice < 400) {
      f.put(n++);
    } else if (dice < 450) {
      f.put(n - static_cast<int>(random.next() % 40));
    } else if (dice < 460) {
      n += static_cast<int>(random.next() % 20);
    } else if (dice < 462) {
      n = 1000 + static_cast<int>(random.next() % 60000);
    } else if (dice < 463) {
      f.buffer.stop();
    } else if (dice < 465) {
      if (f.buffer.playing()) f.buffer.slip(dice == 464);
    } else {
      const auto position = f.buffer.position();
      const Octets out = f.get(random.next() % 4);
      for (std::size_t k = 0; k < out.size() && f.buffer.playing(); ++k) {
        if (out[k] == 0xFF) continue;
        // The place counts from 65536 packets before sequence number 0.
        const auto frame = (position + static_cast<std::int64_t>(k)) % (2 * 65536);
        EXPECT_EQ(out[k], Fixture::value(static_cast<int>(frame)));
      }
    }
  }
}

}  // namespace
}  // namespace tandem::hw
