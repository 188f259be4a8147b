#include "tdm/hdlc.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "gateway/base/random.h"

namespace tandem::tdm {
namespace {

using Frames = std::vector<Octets>;

Frames receive(HdlcReceiver& receiver, OctetView line) {
  Frames frames;
  receiver.push(line, [&](OctetView frame) { frames.emplace_back(frame.begin(), frame.end()); });
  return frames;
}

/// Bits of the line in order, as '0' and '1', packed with the first in the most significant place.
Octets pack(std::string_view bits) {
  Octets line;
  for (std::size_t i = 0; i + 8 <= bits.size(); i += 8) {
    unsigned octet = 0;
    for (std::size_t k = 0; k < 8; ++k) octet = octet << 1 | (bits[i + k] == '1' ? 1U : 0U);
    line.push_back(static_cast<Octet>(octet));
  }
  return line;
}

std::string unpack(OctetView line) {
  std::string bits;
  for (const Octet octet : line) {
    for (int i = 7; i >= 0; --i) bits += (octet >> i & 1) != 0 ? '1' : '0';
  }
  return bits;
}

Octets random_octets(Random& random, std::size_t size) {
  Octets octets(size);
  // Runs of ones are made likely, for the stuffing.
  for (auto& o : octets) o = static_cast<Octet>((random.next() | (random.next() & random.next())) >> 20);
  return octets;
}

Octets line_of(HdlcTransmitter& tx, std::size_t size) {
  Octets line(size);
  tx.fill(line);
  return line;
}

constexpr std::string_view kFlag = "01111110";

TEST(HdlcFcs, IsTheCheckValueOfCrc16X25) {
  EXPECT_EQ(hdlc_fcs(as_octets("123456789")), 0x906E);
}

TEST(HdlcTransmitter, SendsFlagsWhenIdle) {
  HdlcTransmitter tx;
  EXPECT_EQ(to_hex(line_of(tx, 4)), "7e7e7e7e");
}

TEST(HdlcTransmitter, TheFirstBitOfAFrameOctetIsItsLeastSignificantAndGoesIntoTheTopOfTheTimeslotOctet) {
  HdlcTransmitter tx;
  ASSERT_TRUE(tx.queue(Octets{0x01, 0x03, 0x80}));
  const Octets line = line_of(tx, 4);
  EXPECT_EQ(to_hex(line), "7e80c001");
}

TEST(HdlcTransmitter, StuffsAZeroAfterFiveOnesEvenAcrossOctets) {
  HdlcTransmitter tx;
  ASSERT_TRUE(tx.queue(Octets{0xE0, 0xFF, 0x00}));
  const std::string bits = unpack(line_of(tx, 6));
  EXPECT_EQ(bits.substr(0, 8), kFlag);
  EXPECT_EQ(bits.substr(8, 26), "00000111110111110100000000");
}

TEST(HdlcTransmitter, OneFlagStandsBetweenFrames) {
  HdlcTransmitter tx;
  ASSERT_TRUE(tx.queue(Octets{0, 0, 0}));
  ASSERT_TRUE(tx.queue(Octets{0, 0, 0}));
  EXPECT_EQ(tx.queued(), 2U);
  const Octets line = line_of(tx, 40);
  const std::string bits = unpack(line);
  const auto second = bits.find(kFlag, 8);
  const auto third = bits.find(kFlag, second + 8);
  EXPECT_EQ(bits.substr(8, second - 8), bits.substr(second + 8, third - second - 8));
  EXPECT_EQ(tx.queued(), 0U);
  EXPECT_EQ(tx.frames_sent(), 2U);
}

TEST(HdlcTransmitter, RefusesWhatItCannotHold) {
  HdlcTransmitter tx(2, 10);
  EXPECT_FALSE(tx.queue({}));
  EXPECT_FALSE(tx.queue(Octets(11)));
  EXPECT_TRUE(tx.queue(Octets(10)));
  EXPECT_TRUE(tx.queue(Octets(10)));
  EXPECT_FALSE(tx.queue(Octets(10)));
  line_of(tx, 100);
  EXPECT_TRUE(tx.queue(Octets(10)));
}

TEST(Hdlc, RandomFramesCrossAtEveryBitOffset) {
  SeededRandom random(1);
  for (std::size_t offset = 0; offset < 8; ++offset) {
    HdlcTransmitter tx(300);
    HdlcReceiver rx;
    Frames sent;
    for (int i = 0; i < 300; ++i) {
      sent.push_back(random_octets(random, 3 + random.next() % 298));
      ASSERT_TRUE(tx.queue(sent.back()));
    }
    const std::string shifted = std::string(offset, '1') + unpack(line_of(tx, 75000)) + "11111111";
    EXPECT_EQ(receive(rx, pack(shifted)), sent) << offset;
    EXPECT_EQ(rx.counters().frames, 300U);
    EXPECT_EQ(rx.counters().fcs_errors + rx.counters().aborts + rx.counters().unaligned, 0U);
  }
}

TEST(Hdlc, FramesCrossInPiecesOfAnySize) {
  SeededRandom random(2);
  HdlcTransmitter tx;
  HdlcReceiver rx;
  Frames sent;
  Frames got;
  for (int i = 0; i < 4000; ++i) {
    if (random.next() % 8 == 0 && tx.queued() < 60) {
      sent.push_back(random_octets(random, 3 + random.next() % 50));
      ASSERT_TRUE(tx.queue(sent.back()));
    }
    for (auto& frame : receive(rx, line_of(tx, random.next() % 40))) got.push_back(frame);
  }
  for (auto& frame : receive(rx, line_of(tx, 5000))) got.push_back(frame);
  EXPECT_EQ(got, sent);
}

TEST(HdlcReceiver, FlagsMayShareTheirZero) {
  HdlcTransmitter tx;
  ASSERT_TRUE(tx.queue(Octets{1, 2, 3}));
  const std::string bits = unpack(line_of(tx, 10));
  const std::string frame = bits.substr(8, bits.find(kFlag, 8) - 8);
  HdlcReceiver rx;
  const std::string two_flags = "011111101111110";
  const std::string line = two_flags + frame + two_flags + frame + two_flags + "00000000";
  EXPECT_EQ(receive(rx, pack(line)), (Frames{{1, 2, 3}, {1, 2, 3}}));
}

TEST(HdlcReceiver, AnAbortDropsTheFrameAndTheNextIsGood) {
  HdlcTransmitter tx;
  HdlcReceiver rx;
  ASSERT_TRUE(tx.queue(Octets(20, 0x55)));
  Octets line = line_of(tx, 12);
  EXPECT_TRUE(receive(rx, line).empty());
  EXPECT_TRUE(rx.synchronised());
  EXPECT_TRUE(receive(rx, Octets(4, 0xFF)).empty());
  EXPECT_FALSE(rx.synchronised());
  EXPECT_EQ(rx.counters().aborts, 1U);
  HdlcTransmitter again;
  ASSERT_TRUE(again.queue(Octets(20, 0x55)));
  EXPECT_EQ(receive(rx, line_of(again, 40)).size(), 1U);
}

TEST(HdlcReceiver, IdleFlagsAndIdleOnesCountNothing) {
  HdlcReceiver rx;
  receive(rx, Octets(1000, 0xFF));
  for (std::size_t offset = 0; offset < 8; ++offset) {
    std::string bits(offset, '0');
    for (int i = 0; i < 100; ++i) bits += kFlag;
    receive(rx, pack(bits));
    receive(rx, Octets(100, 0xFF));
  }
  const auto& c = rx.counters();
  EXPECT_EQ(c.frames + c.fcs_errors + c.aborts + c.unaligned + c.too_short + c.too_long, 0U);
}

TEST(HdlcReceiver, AFrameWithBitsLeftOverIsUnaligned) {
  HdlcTransmitter tx;
  ASSERT_TRUE(tx.queue(Octets{0, 0, 0}));
  std::string bits = unpack(line_of(tx, 7));
  bits.insert(10, "0");
  HdlcReceiver rx;
  EXPECT_TRUE(receive(rx, pack(bits + "0000000")).empty());
  EXPECT_EQ(rx.counters().unaligned, 1U);
}

TEST(HdlcReceiver, LengthsAreHeldToTheLimits) {
  HdlcTransmitter tx(8, 400);
  HdlcReceiver rx({.min_octets = 3, .max_octets = 20});
  ASSERT_TRUE(tx.queue(Octets(2)));
  ASSERT_TRUE(tx.queue(Octets(3)));
  ASSERT_TRUE(tx.queue(Octets(20)));
  ASSERT_TRUE(tx.queue(Octets(21)));
  ASSERT_TRUE(tx.queue(Octets(400)));
  ASSERT_TRUE(tx.queue(Octets(4)));
  const auto frames = receive(rx, line_of(tx, 600));
  ASSERT_EQ(frames.size(), 3U);
  EXPECT_EQ(frames[0].size(), 3U);
  EXPECT_EQ(frames[1].size(), 20U);
  EXPECT_EQ(frames[2].size(), 4U);
  EXPECT_EQ(rx.counters().too_short, 1U);
  EXPECT_EQ(rx.counters().too_long, 2U);
}

TEST(HdlcReceiver, NoSingleOrDoubleBitErrorPassesTheFcs) {
  HdlcTransmitter tx;
  const Octets frame{0x00, 0x01, 0x7F, 0x08, 0xFF, 0x42};
  ASSERT_TRUE(tx.queue(frame));
  const Octets line = line_of(tx, 12);
  const std::size_t bits = line.size() * 8;
  for (std::size_t a = 0; a < bits; ++a) {
    for (std::size_t b = a; b < bits; ++b) {
      Octets bad = line;
      bad[a / 8] ^= static_cast<Octet>(0x80 >> a % 8);
      if (a != b) bad[b / 8] ^= static_cast<Octet>(0x80 >> b % 8);
      HdlcReceiver rx;
      // What passes is the frame itself (the error hit idle flags); never another of the same length.
      for (const auto& got : receive(rx, bad)) {
        if (got.size() == frame.size()) {
          EXPECT_EQ(got, frame) << a << ' ' << b;
        }
      }
    }
  }
}

TEST(HdlcReceiver, NoiseNeverBreaksItAndItSynchronisesAfterwards) {
  SeededRandom random(3);
  HdlcReceiver rx;
  for (int round = 0; round < 200; ++round) {
    receive(rx, random_octets(random, random.next() % 2000));
    HdlcTransmitter tx;
    const Octets frame = random_octets(random, 30);
    ASSERT_TRUE(tx.queue(frame));
    Octets line = line_of(tx, 60);
    line.insert(line.begin(), 2, 0x7E);
    const auto frames = receive(rx, line);
    ASSERT_FALSE(frames.empty());
    EXPECT_EQ(frames.back(), frame);
  }
}

TEST(HdlcReceiver, ResetHuntsAgain) {
  HdlcReceiver rx;
  receive(rx, Octets(3, 0x7E));
  EXPECT_TRUE(rx.synchronised());
  rx.reset();
  EXPECT_FALSE(rx.synchronised());
  receive(rx, Octets(3, 0x7E));
  EXPECT_TRUE(rx.synchronised());
}

}  // namespace
}  // namespace tandem::tdm
