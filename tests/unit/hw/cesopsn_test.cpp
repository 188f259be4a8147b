#include "hw/cesopsn.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "tdm/hdlc.h"
#include "tests/doubles/allocations.h"
#include "tests/doubles/datagram_wire.h"

namespace tandem::hw {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using tdm::Alarms;
using tdm::ClockSource;
using tdm::SpanType;
using test::Wire;
using test::WireFaults;
using test::WirePort;

constexpr int kTickFrames = 80;

/// One end: a span, its clock, a source that numbers its frames and a sink that checks them.
struct Side {
  Side(tdm::SpanConfig span_config, Wire& out_wire, Wire& in_wire, std::uint16_t first)
      : config(std::move(span_config)), out(out_wire), in(in_wire) {
    restart(first);
  }
  void restart(std::uint16_t first) {
    span = std::make_unique<CesopsnSpan>(config, std::make_unique<WirePort>(out, in), first);
  }
  [[nodiscard]] std::size_t width() const {
    return static_cast<std::size_t>(tdm::timeslot_count(config.type));
  }
  static Octet octet_of(std::uint32_t frame, std::size_t slot) {
    if (slot < 4) return static_cast<Octet>(frame >> 8 * slot);
    return static_cast<Octet>((frame * 31 + slot * 7) & 0x7F);
  }

  void tick(Time local) {
    span->service(local);
    Octets frames(kTickFrames * width());
    span->read(frames);
    for (std::size_t i = 0; i < kTickFrames; ++i) check(OctetView(frames).subspan(i * width(), width()));
    if (!writes) return;
    for (std::size_t i = 0; i < kTickFrames; ++i, ++sent) {
      for (std::size_t slot = 0; slot < width(); ++slot) frames[i * width() + slot] = octet_of(sent, slot);
    }
    span->write(frames, local);
  }
  void check(OctetView frame) {
    if (std::ranges::all_of(frame, [](Octet o) { return o == 0xFF; })) {
      ++idle;
      if (expected) ++*expected;
      return;
    }
    std::uint32_t number = 0;
    for (std::size_t slot = 0; slot < 4; ++slot) number |= std::uint32_t{frame[slot]} << 8 * slot;
    for (std::size_t slot = 4; slot < width(); ++slot) ASSERT_EQ(frame[slot], octet_of(number, slot));
    if (expected && number != *expected) {
      ++jumps;
      jumped += static_cast<std::int32_t>(number - *expected);
    }
    expected = number + 1;
    ++good;
  }

  tdm::SpanConfig config;
  Wire& out;
  Wire& in;
  std::unique_ptr<CesopsnSpan> span;
  bool writes = true;
  double ppm = 0;       ///< of its clock
  bool follows = true;  ///< its tick follows the recovered clock
  double next = 0;      ///< of its next tick, in true nanoseconds
  std::uint32_t sent = 0;
  std::optional<std::uint32_t> expected;
  std::uint64_t good = 0;
  std::uint64_t idle = 0;
  std::uint64_t jumps = 0;
  std::int64_t jumped = 0;  ///< frames skipped less frames repeated
};

struct Pair {
  explicit Pair(tdm::SpanConfig config = {}, WireFaults faults = {}, std::uint16_t first = 65000)
      : ab(now, 11, faults), ba(now, 22, faults), a(config, ab, ba, first), b(config, ba, ab, first) {
    b.next = 3e6;  // the ticks of the two ends have nothing to do with each other
  }
  void run(Duration time) {
    end += static_cast<double>(time.count());
    for (;;) {
      Side& side = a.next <= b.next ? a : b;
      if (side.next > end) return;
      now = Time(Duration(static_cast<std::int64_t>(side.next)));
      const double rate = 1 + side.ppm * 1e-6;
      side.tick(Time(Duration(static_cast<std::int64_t>(side.next * rate))));
      const double follow = side.follows ? 1 + side.span->clock_offset_ppm() * 1e-6 : 1;
      side.next += 1e7 / (rate * follow);
    }
  }
  Time now{};
  double end = 0;
  Wire ab;
  Wire ba;
  Side a;
  Side b;
};

TEST(CesopsnSpan, EveryFrameCrossesUnchangedForEveryPacketLength) {
  for (const auto type : {SpanType::e1, SpanType::t1}) {
    for (int frames = 1; frames <= max_packet_frames(type); frames += frames < 8 ? 1 : 7) {
      Pair pair({.type = type, .packet_frames = frames});
      pair.run(seconds(3));
      for (const Side* side : {&pair.a, &pair.b}) {
        EXPECT_EQ(side->jumps, 0U) << frames;
        EXPECT_GT(side->good, 8000U * 29 / 10) << frames;
        EXPECT_EQ(side->good + side->idle, 24000U + (side == &pair.a ? 80U : 0U));
        const auto c = side->span->counters();
        EXPECT_EQ(c.lost + c.late + c.malformed + c.slips + c.underruns + c.reordered, 0U) << frames;
        EXPECT_FALSE(side->span->alarms().any());
      }
    }
  }
}

TEST(CesopsnSpan, LossAndReorderingCostTheLostPacketsAndNoSlip) {
  Pair pair({}, {.loss = 0.01, .reorder = 0.05, .delay = milliseconds(3), .jitter = milliseconds(2)});
  pair.run(seconds(1));
  const auto idle_before = pair.b.idle;
  const auto lost_before = pair.b.span->counters().lost;
  pair.run(seconds(120));
  const auto c = pair.b.span->counters();
  EXPECT_NEAR(static_cast<double>(c.lost), 240, 60);
  EXPECT_GT(c.reordered, 200U);
  EXPECT_EQ(c.slips, 0U);
  EXPECT_EQ(pair.b.jumps, 0U);
  EXPECT_NEAR(static_cast<double>(pair.b.idle - idle_before), static_cast<double>(c.lost - lost_before) * 40,
              40);
  EXPECT_FALSE(pair.b.span->alarms().any());
}

TEST(CesopsnSpan, DuplicatesAreDropped) {
  Pair pair({}, {.duplicates = 0.3});
  pair.run(seconds(20));
  const auto c = pair.b.span->counters();
  EXPECT_GT(c.late, 1000U);
  EXPECT_EQ(c.lost + c.slips + pair.b.jumps, 0U);
}

TEST(CesopsnSpan, ASilentSideRaisesRedHereAndYellowThere) {
  Pair pair;
  pair.run(seconds(2));
  pair.ab.cut = true;
  pair.run(milliseconds(100));
  EXPECT_FALSE(pair.b.span->alarms().any());
  pair.run(milliseconds(100));
  EXPECT_EQ(pair.b.span->alarms(), (Alarms{.red = true}));
  EXPECT_EQ(pair.a.span->alarms(), (Alarms{.yellow = true}));
  pair.run(seconds(5));
  const auto c = pair.b.span->counters();
  EXPECT_LT(c.lost, 20U);
  EXPECT_EQ(c.underruns, 1U);
  pair.ab.cut = false;
  pair.run(milliseconds(900));
  EXPECT_TRUE(pair.b.span->alarms().red);
  EXPECT_EQ(pair.b.span->defects(), Alarms{});
  pair.run(milliseconds(400));
  EXPECT_FALSE(pair.b.span->alarms().any());
  EXPECT_FALSE(pair.a.span->alarms().any());
}

TEST(CesopsnSpan, NothingEverReceivedIsRedAndSentWithR) {
  Pair pair;
  pair.ba.cut = true;
  ControlWord last;
  pair.ab.tap = [&](OctetView packet) { last = decode_packet(packet, 1240)->control; };
  pair.run(milliseconds(300));
  EXPECT_EQ(pair.a.span->alarms(), (Alarms{.red = true}));
  EXPECT_EQ(last, (ControlWord{.remote_loss = true, .sequence = last.sequence}));
  EXPECT_EQ(pair.a.good, 0U);
}

TEST(CesopsnSpan, ASideThatNobodyWritesToSendsAisAndGetsRdi) {
  Pair pair;
  pair.run(seconds(2));
  pair.a.writes = false;
  std::vector<Octets> packets;
  pair.ab.tap = [&](OctetView packet) { packets.emplace_back(packet.begin(), packet.end()); };
  const auto good = pair.b.good;
  pair.run(seconds(1));
  EXPECT_EQ(pair.b.span->alarms(), (Alarms{.blue = true}));
  EXPECT_TRUE(pair.b.span->alarms().down());
  EXPECT_EQ(pair.a.span->alarms(), (Alarms{.yellow = true}));
  EXPECT_LT(pair.b.good, good + 400);
  ASSERT_FALSE(packets.empty());
  EXPECT_EQ(packets.back().size(), 4U);
  EXPECT_EQ(packets.back()[0], 0x08);
  EXPECT_EQ(packets.back()[1], 4);
  EXPECT_NEAR(static_cast<double>(packets.size()), 200, 12);  // at the pace of data
  EXPECT_LE(pair.b.span->counters().lost, 8U);                // until it is noticed
  EXPECT_EQ(pair.b.span->counters().slips, 0U);
  pair.a.writes = true;
  pair.run(seconds(3));
  EXPECT_EQ(pair.b.span->counters().slips, 0U);
  EXPECT_FALSE(pair.a.span->alarms().any());
  EXPECT_FALSE(pair.b.span->alarms().any());
}

TEST(CesopsnSpan, AnInvalidCircuitIsAisAndARemoteDefectIsRdiWithGoodPayload) {
  Pair pair;
  pair.run(seconds(2));
  pair.a.span->set_circuit(AttachmentCircuit::invalid);
  pair.run(seconds(1));
  EXPECT_EQ(pair.b.span->alarms(), (Alarms{.blue = true}));
  EXPECT_EQ(pair.b.span->counters().slips, 0U);
  pair.a.span->set_circuit(AttachmentCircuit::rdi);
  const auto good = pair.b.good;
  pair.run(seconds(2));
  EXPECT_EQ(pair.b.span->alarms(), (Alarms{.yellow = true}));
  EXPECT_NEAR(static_cast<double>(pair.b.good - good), 16000, 200);
  pair.a.span->set_circuit(AttachmentCircuit::normal);
  pair.run(seconds(2));
  EXPECT_FALSE(pair.b.span->alarms().any());
}

TEST(CesopsnSpan, ARestartedPeerIsFoundAgainAtOnceWhereverItsSequenceStarts) {
  for (const int first : {0, 200, 65000, 65300, 65390, 65395, 65400, 65405, 65500, 30000}) {
    Pair pair;
    pair.run(seconds(2));  // the sequence has come to about 65400
    pair.a.restart(static_cast<std::uint16_t>(first));
    pair.run(milliseconds(200));
    const auto good = pair.b.good;
    pair.run(seconds(1));
    EXPECT_GT(pair.b.good, good + 7500) << first;
    EXPECT_FALSE(pair.b.span->alarms().red) << first;
    pair.run(seconds(1));
    EXPECT_FALSE(pair.a.span->alarms().any()) << first;
  }
}

TEST(CesopsnSpan, TwoMastersSlipABlockAtTheRateOfTheirDifference) {
  for (const double ppm : {50.0, -50.0}) {
    Pair pair({.type = SpanType::t1, .packet_frames = 8});
    pair.b.ppm = ppm;
    pair.run(seconds(200));
    // 50e-6 * 8000 frames a second are 80 frames in 200 s: ten packets.
    const auto c = pair.b.span->counters();
    EXPECT_NEAR(static_cast<double>(c.slips), 10, 2) << ppm;
    EXPECT_EQ(pair.b.jumps, c.slips);
    EXPECT_EQ(pair.b.jumped, static_cast<std::int64_t>(c.slips) * (ppm > 0 ? -8 : 8));
    EXPECT_EQ(c.underruns + c.lost + c.late, 0U);
    EXPECT_EQ(pair.b.span->clock_offset_ppm(), 0);
  }
}

TEST(CesopsnSpan, TheRecoveredClockFindsTheFarOneAndNothingSlips) {
  struct Case {
    double ppm;
    Duration jitter;
  };
  for (const auto& [ppm, jitter] :
       {Case{50, Duration{}}, Case{-50, milliseconds(2)}, Case{3, milliseconds(2)}}) {
    Pair pair({.type = SpanType::t1}, {.loss = 0.01, .delay = milliseconds(1), .jitter = jitter});
    pair.b.config.clock = ClockSource::recovered;
    pair.b.restart(0);
    pair.b.ppm = -ppm;  // so that the far end is faster by ppm
    pair.run(seconds(60));
    const auto before = pair.b.span->counters();
    double worst = 0;
    for (int i = 0; i < 100; ++i) {
      pair.run(seconds(1));
      worst = std::max(worst, std::abs(pair.b.span->clock_offset_ppm() - ppm));
    }
    EXPECT_LT(worst, 6) << ppm << ' ' << jitter.count();
    const auto after = pair.b.span->counters();
    EXPECT_EQ(after.slips + pair.b.jumps, 0U) << ppm << ' ' << jitter.count();
    EXPECT_EQ(after.underruns, before.underruns);
    EXPECT_EQ(pair.a.span->counters().slips, 0U);  // the master sees its own clock come back
  }
}

TEST(CesopsnSpan, AMemoryOfTheClockOutlivesAnOutage) {
  Pair pair;
  pair.b.config.clock = ClockSource::recovered;
  pair.b.restart(0);
  pair.b.ppm = -40;
  pair.run(seconds(60));
  pair.ab.cut = true;
  pair.run(seconds(2));
  EXPECT_NEAR(pair.b.span->clock_offset_ppm(), 40, 3);
  pair.ab.cut = false;
  for (int i = 0; i < 30; ++i) {
    pair.run(seconds(1));
    EXPECT_NEAR(pair.b.span->clock_offset_ppm(), 40, 10);
  }
}

TEST(CesopsnSpan, ClocksFarOutsideTheStandardAreNotFollowedButSlip) {
  Pair pair;
  pair.b.config.clock = ClockSource::recovered;
  pair.b.restart(0);
  pair.b.ppm = -1000;
  pair.run(seconds(100));
  EXPECT_LE(pair.b.span->clock_offset_ppm(), 100);
  EXPECT_GT(pair.b.span->counters().slips, 5U);
  EXPECT_FALSE(pair.b.span->alarms().any());
}

TEST(CesopsnSpan, JitterBeyondTheDepthIsSurvived) {
  Pair pair({.playout = milliseconds(2)}, {.jitter = milliseconds(40)});
  pair.run(seconds(30));
  EXPECT_GT(pair.b.good, 8000U * 10);
  EXPECT_FALSE(pair.b.span->alarms().any());
}

TEST(CesopsnSpan, AStallOfAWholeSecondIsOverWhenItIsOver) {
  Pair pair;
  pair.run(seconds(5));
  pair.b.next += 1e9;
  pair.run(seconds(2));
  const auto good = pair.b.good;
  const auto jumps = pair.b.jumps;
  pair.run(seconds(2));
  EXPECT_NEAR(static_cast<double>(pair.b.good - good), 16000, 160);
  EXPECT_EQ(pair.b.jumps, jumps);
}

TEST(CesopsnSpan, ASenderThatStallsAndCatchesUpKeepsTheTime) {
  for (const int ticks : {3, 4, 6, 12}) {
    Pair pair;
    pair.run(seconds(15));
    bool invalid = false;
    pair.ab.tap = [&](OctetView packet) { invalid = invalid || (packet[0] & 8) != 0; };
    pair.a.next += ticks * 1e7;
    pair.run(ticks * milliseconds(10));
    for (int i = 0; i < ticks; ++i) pair.a.tick(pair.now);
    pair.run(seconds(15));
    EXPECT_FALSE(invalid) << ticks;
    EXPECT_EQ(pair.b.span->counters().slips, 0U) << ticks;
    // No delay remains: what was written at one end is played at the other within 40 ms.
    EXPECT_LT(pair.a.sent - *pair.b.expected, 320U) << ticks;
  }
}

TEST(CesopsnSpan, ReadsAndWritesOfAnySizeKeepTheFrames) {
  Time now{};
  Wire ab(now, 1);
  Wire ba(now, 2);
  tdm::SpanConfig config{.type = SpanType::t1, .packet_frames = 24};
  CesopsnSpan a(config, std::make_unique<WirePort>(ab, ba), 1);
  CesopsnSpan b(config, std::make_unique<WirePort>(ba, ab), 1);
  SeededRandom random(4);
  Octets sent;
  Octets got;
  for (int i = 0; i < 2000; ++i) {
    const std::size_t frames = 1 + random.next() % 20;
    now += Duration(static_cast<std::int64_t>(frames) * 125'000);
    Octets block(frames * 24);
    for (auto& octet : block) octet = static_cast<Octet>(random.next() % 255);
    a.service(now);
    a.write(block, now);
    sent.insert(sent.end(), block.begin(), block.end());
    b.service(now);
    b.read(block);
    got.insert(got.end(), block.begin(), block.end());
  }
  const auto first = std::ranges::find_if(got, [](Octet o) { return o != 0xFF; });
  const Octets played(first, got.end());
  ASSERT_GT(played.size(), sent.size() - 24 * 300);
  EXPECT_TRUE(std::ranges::equal(played, OctetView(sent).first(played.size())));
}

TEST(CesopsnSpan, HdlcAcrossOnePercentLossLosesOnlyTheFramesInLostPackets) {
  Time now{};
  Wire ab(now, 5, {.loss = 0.01, .reorder = 0.03, .delay = milliseconds(2)});
  Wire ba(now, 6);
  CesopsnSpan a({}, std::make_unique<WirePort>(ab, ba), 100);
  CesopsnSpan b({}, std::make_unique<WirePort>(ba, ab), 100);
  std::set<std::size_t> lost;  // packets, counted from the first
  std::size_t packet = 0;
  ab.tap = [&](OctetView) { ++packet; };
  ab.on_loss = [&](OctetView) { lost.insert(packet - 1); };

  SeededRandom random(8);
  tdm::HdlcTransmitter tx;
  tdm::HdlcReceiver rx;
  std::vector<Octets> sent;
  std::vector<std::size_t> ends;  // octet of the timeslot at which each frame's closing flag is over
  std::vector<Octets> got;
  std::size_t octets = 0;
  for (int tick = 0; tick < 60 * 100; ++tick, now += milliseconds(10)) {
    while (tx.queued() < 5) {
      Octets frame(3 + random.next() % 60);
      for (auto& octet : frame) octet = static_cast<Octet>(random.next() | random.next());
      write_be16(frame.data(), static_cast<std::uint16_t>(sent.size()));
      ASSERT_TRUE(tx.queue(frame));
      sent.push_back(frame);
    }
    Octets block(80 * 31, 0xD5);
    for (std::size_t i = 0; i < 80; ++i) {
      tx.fill(std::span(block).subspan(i * 31 + 15, 1));
      ++octets;
      while (ends.size() < tx.frames_sent()) ends.push_back(octets);
    }
    a.service(now);
    b.service(now);
    a.write(block, now);
    b.write(block, now);
    b.read(block);
    for (std::size_t i = 0; i < 80; ++i) {
      rx.push(OctetView(block).subspan(i * 31 + 15, 1),
              [&](OctetView frame) { got.emplace_back(frame.begin(), frame.end()); });
    }
  }
  ASSERT_GT(lost.size(), 50U);
  EXPECT_EQ(b.counters().slips, 0U);
  // All that came was sent, in this order; what did not come was, in part, in a lost packet.
  std::size_t next = 0;
  std::size_t missing = 0;
  for (std::size_t i = 0; i < ends.size() && next < got.size(); ++i) {
    if (got[next] == sent[i]) {
      ++next;
      continue;
    }
    ++missing;
    const std::size_t from = i == 0 ? 0 : ends[i - 1] - std::min<std::size_t>(ends[i - 1], 3);
    const auto hit = lost.lower_bound(from / 40);
    EXPECT_TRUE(hit != lost.end() && *hit <= ends[i] / 40) << i;
  }
  EXPECT_EQ(next, got.size());
  EXPECT_GT(missing, 20U);
  EXPECT_GT(got.size(), sent.size() * 9 / 10);
}

TEST(CesopsnSpan, AnyOctetsAtAllAreOnlyCounted) {
  Time now{};
  Wire ab(now, 1);
  Wire ba(now, 2);
  CesopsnSpan span({.packet_frames = 2}, std::make_unique<WirePort>(ab, ba), 0);
  SeededRandom random(9);
  Octets block(80 * 31);
  for (int i = 0; i < 3000; ++i, now += milliseconds(10)) {
    for (std::size_t n = random.next() % 20; n > 0; --n) {
      Octets datagram(random.next() % 3 == 0 ? 66 : random.next() % 3000);
      for (auto& octet : datagram) octet = static_cast<Octet>(random.next());
      if (datagram.size() == 66) datagram[0] &= 0x0F, datagram[1] = 0;
      ba.put(datagram);
    }
    span.service(now);
    span.read(block);
    span.write(block, now);
  }
  EXPECT_GT(span.counters().malformed, 1000U);
  EXPECT_GT(span.counters().received, 1000U);
}

TEST(CesopsnSpan, AFloodDoesNotHoldUpTheTick) {
  Time now{};
  Wire ab(now, 1);
  Wire ba(now, 2);
  CesopsnSpan span({}, std::make_unique<WirePort>(ab, ba), 0);
  for (int i = 0; i < 5000; ++i) ba.put(Octets(3));
  span.service(now);
  EXPECT_GT(ba.waiting(), 4000U);
}

/// A port that takes no memory: what is sent comes back.
class LoopPort final : public DatagramPort {
 public:
  bool send(OctetView datagram) override {
    if (head_ - tail_ == slots_.size()) return false;
    auto& slot = slots_[head_++ % slots_.size()];
    slot.size = datagram.size();
    std::ranges::copy(datagram, slot.octets.begin());
    return true;
  }
  std::optional<Received> receive(std::span<Octet> buffer) override {
    if (head_ == tail_) return std::nullopt;
    const auto& slot = slots_[tail_++ % slots_.size()];
    std::copy_n(slot.octets.begin(), slot.size, buffer.begin());
    return Received{slot.size, {}};
  }

 private:
  struct Slot {
    std::size_t size = 0;
    std::array<Octet, kMaxPacketOctets> octets{};
  };
  std::array<Slot, 64> slots_{};
  std::size_t head_ = 0;
  std::size_t tail_ = 0;
};

TEST(CesopsnSpan, NoTickAllocates) {
  CesopsnSpan span({}, std::make_unique<LoopPort>(), 65000);
  Octets block(80 * 31);
  tdm::HdlcTransmitter tx;
  tdm::HdlcReceiver rx;
  Time now{};
  const Octets frame(20, 0x42);
  std::uint64_t frames = 0;
  const std::size_t before = test::allocations();
  for (int i = 0; i < 5000; ++i, now += milliseconds(10)) {
    if (i == 2000) span.set_circuit(AttachmentCircuit::invalid);
    if (i == 2500) span.set_circuit(AttachmentCircuit::normal);
    if (i == 3000) now += seconds(1);
    span.service(now);
    span.read(block);
    rx.push(block, [&](OctetView) { ++frames; });
    tx.queue(frame);
    tx.fill(block);
    span.write(block, now);
  }
  EXPECT_EQ(test::allocations(), before);
  EXPECT_GT(frames, 1000U);
  EXPECT_GT(span.counters().received, 9000U);
}

}  // namespace
}  // namespace tandem::hw
