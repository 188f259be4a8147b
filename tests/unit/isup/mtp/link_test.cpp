// Two links back to back in virtual time, over a line that may spoil bits.
#include "isup/mtp/link.h"

#include <gtest/gtest.h>

#include "gateway/base/random.h"
#include "tests/doubles/allocations.h"
#include "tests/unit/isup/mtp/link_tester.h"

namespace tandem::mtp::test {
namespace {

struct Pair {
  explicit Pair(LinkConfig config = {}) : a(config, a3), b(config, b3) {}
  void run(Duration time) {
    std::array<Octet, 40> line{};
    for (const Time end = now + time; now < end; now += 5ms) {
      a.transmit(line, now);
      spoil(line);
      b.receive(line, now);
      b.transmit(line, now);
      spoil(line);
      a.receive(line, now);
    }
  }
  void spoil(std::span<Octet> line) {
    for (auto& octet : line)
      if (errors > 0 && random.next() % 1000000 < errors)
        octet = static_cast<Octet>(octet ^ 1U << random.next() % 8);
  }
  void align() {
    a.start(now);
    b.start(now);
    run(10s);
    ASSERT_EQ(a.state(), LinkState::in_service);
    ASSERT_EQ(b.state(), LinkState::in_service);
  }
  std::string a_log, b_log;
  Level3 a3{a_log}, b3{b_log};
  Link a, b;
  SeededRandom random{42};
  std::uint64_t errors = 0;  ///< of a million octets
  Time now{};
};

LinkConfig with(Correction correction, LineRate rate = LineRate::k64) {
  LinkConfig config;
  config.correction = correction;
  config.rate = rate;
  return config;
}

TEST(Link, TwoEndsAlignAndCarryAnMsu) {
  for (const auto rate : {LineRate::k64, LineRate::k56}) {
    Pair pair(with(Correction::basic, rate));
    pair.align();
    EXPECT_TRUE(pair.a.send(msu(1), pair.now));
    pair.run(50ms);
    ASSERT_EQ(pair.b3.msus.size(), 1u);
    EXPECT_EQ(pair.b3.msus[0], msu(1));
    EXPECT_EQ(pair.a.counters().msus_sent, 1u);
    EXPECT_EQ(pair.b.counters().msus_received, 1u);
  }
}

TEST(Link, LosesAndReordersNothingWhileBitsAreSpoilt) {
  for (const auto correction : {Correction::basic, Correction::preventive}) {
    Pair pair(with(correction));
    pair.align();
    pair.errors = 80;  // one in two seconds: below what the SUERM lets pass
    std::vector<Octets> sent_a, sent_b;
    for (int i = 0; i < 3000; ++i) {
      const auto m = msu(static_cast<std::uint8_t>(i), 3 + pair.random.next() % 60);
      if (pair.a.send(m, pair.now)) sent_a.push_back(m);
      const auto n = msu(static_cast<std::uint8_t>(i + 7), 3 + pair.random.next() % 60);
      if (pair.b.send(n, pair.now)) sent_b.push_back(n);
      pair.run(10ms);
    }
    pair.errors = 0;
    pair.run(2s);
    ASSERT_EQ(pair.a.state(), LinkState::in_service)
        << to_string(pair.a3.reasons.empty() ? Failure::none : pair.a3.reasons[0]) << ", "
        << to_string(pair.b3.reasons.empty() ? Failure::none : pair.b3.reasons[0]);
    EXPECT_GT(pair.a.framer_counters().errors, 8u);
    EXPECT_EQ(sent_a.size(), 3000u);
    EXPECT_TRUE(pair.b3.msus == sent_a);
    EXPECT_TRUE(pair.a3.msus == sent_b);
    EXPECT_GT(pair.a.counters().octets_resent, 0u);
  }
}

TEST(Link, SaysSiosWheneverItIsOutOfService) {
  Tester t;
  t.run(100ms);
  EXPECT_EQ(t.log(), "SIOS");
  t.align();
  t.link.stop(t.now);
  t.run(1s);
  EXPECT_EQ(t.log(), "!out FISU SIOS");
}

TEST(Link, SaysSipoWhenLevel3FallsSilent) {
  LinkConfig config;
  config.level3_silence = 500ms;
  Tester t(config);
  const auto live = [&](Duration time) {
    for (const Time end = t.now + time; t.now < end;) {
      t.link.level3_alive(t.now);
      t.run(100ms);
    }
  };
  t.link.start(t.now);
  t.say(Status::normal);
  live(10s);
  t.say_fisu();
  live(1s);
  ASSERT_TRUE(t.log().ends_with("!in-service")) << t.log();
  t.clear();
  t.run(300ms);
  EXPECT_EQ(t.log(), "FISU");
  t.run(300ms);
  EXPECT_EQ(t.log(), "FISU !lpo SIPO");
  live(1s);
  EXPECT_EQ(t.log(), "FISU !lpo SIPO !lpo-over FISU");
  EXPECT_EQ(t.link.state(), LinkState::in_service);
}

TEST(Link, StartedWhileLevel3IsSilentIsNotReady) {
  LinkConfig config;
  config.level3_silence = 500ms;
  Tester t(config);
  t.run(1s);
  t.link.start(t.now);
  t.say(Status::normal);
  EXPECT_TRUE(t.until("SIPO", 20s)) << t.log();
}

TEST(Link, RetrievesWhatTheFarEndHasNotConfirmed) {
  Tester t;
  t.align();
  t.acknowledges = false;
  for (std::uint8_t i = 0; i < 5; ++i) ASSERT_TRUE(t.link.send(msu(i), t.now));
  t.run(30ms);
  t.msu_once(msu(9));
  t.run(30ms);
  t.link.stop(t.now);
  t.clear();
  t.link.retrieve_backward_sequence();
  t.link.retrieve(1);
  EXPECT_EQ(t.log(), "!bsnt0 !retrieved2 !retrieved3 !retrieved4 !retrieval-complete");
  t.clear();
  t.link.retrieve(1);
  EXPECT_EQ(t.log(), "!retrieval-complete");
}

TEST(Link, RetrievesOnlyWhatWasNeverSentForAnUnreasonableNumber) {
  for (const auto fsnc : {std::optional<std::uint8_t>(100), std::optional<std::uint8_t>()}) {
    Tester t;
    t.align();
    t.acknowledges = false;
    for (std::uint8_t i = 0; i < 3; ++i) ASSERT_TRUE(t.link.send(msu(i), t.now));
    t.run(30ms);
    for (std::uint8_t i = 3; i < 5; ++i) ASSERT_TRUE(t.link.send(msu(i), t.now));
    t.link.stop(t.now);
    t.clear();
    t.link.retrieve(fsnc);
    EXPECT_EQ(t.log(), "!retrieved3 !retrieved4 !retrieval-complete");
  }
}

TEST(Link, RefusesAnMsuThatIsNoneOrHasNoRoom) {
  Tester t;
  EXPECT_FALSE(t.link.send(msu(1), t.now));  // out of service
  t.align();
  EXPECT_FALSE(t.link.send({}, t.now));
  EXPECT_FALSE(t.link.send(msu(1, 2), t.now));
  EXPECT_FALSE(t.link.send(msu(1, kMaxMsuOctets + 1), t.now));
  EXPECT_TRUE(t.link.send(msu(1, kMaxMsuOctets), t.now));
  int taken = 1;
  while (t.link.send(msu(2), t.now)) ++taken;
  EXPECT_EQ(taken, 256);
  EXPECT_EQ(t.link.congestion(), 3);
  EXPECT_EQ(t.log(), "!congestion1 !congestion2 !congestion3");
  t.run(10s);
  EXPECT_EQ(t.link.congestion(), 0);
}

TEST(Link, KeepsWhatComesAfterItsFailureForRetrieval) {
  Tester t;
  t.align();
  t.say(Status::out_of_service);
  t.run(50ms);
  ASSERT_EQ(t.link.state(), LinkState::out_of_service);
  EXPECT_TRUE(t.link.send(msu(4), t.now));  // level 3 does not know yet
  t.clear();
  t.link.retrieve(127);
  EXPECT_EQ(t.log(), "!retrieved4 !retrieval-complete");
  EXPECT_FALSE(t.link.send(msu(5), t.now));
}

TEST(Link, AllocatesNothingOnceItIsBuilt) {
  Pair pair;
  pair.align();
  pair.a3.msus.reserve(100);
  pair.b3.msus.reserve(100);
  struct Quiet : LinkSink {
    int msus = 0;
    void received(OctetView) override { ++msus; }
    void in_service() override {}
    void out_of_service(Failure) override {}
    void remote_processor_outage(bool) override {}
    void local_processor_outage(bool) override {}
    void backward_sequence(std::uint8_t) override {}
    void retrieved(OctetView) override {}
    void retrieval_complete() override {}
    void congestion(std::uint8_t) override {}
  } sink;
  LinkConfig config;
  Link c(config, sink);
  Link d(config, sink);
  std::array<Octet, 40> line{};
  const auto message = msu(1, 40);
  const auto before = tandem::test::allocations();
  Time now{};
  c.start(now);
  d.start(now);
  for (int i = 0; i < 4000; ++i, now += 5ms) {
    c.transmit(line, now);
    if (i > 2000 && i % 50 == 0) line[3] ^= 4;
    d.receive(line, now);
    d.transmit(line, now);
    c.receive(line, now);
    c.send(message, now);
  }
  c.stop(now);
  c.retrieve(3);
  EXPECT_EQ(tandem::test::allocations(), before);
  EXPECT_GT(sink.msus, 1000);
}

TEST(Link, SurvivesNoise) {
  Tester t;
  SeededRandom random(5);
  t.link.start(t.now);
  for (int i = 0; i < 200000; ++i) {
    std::array<Octet, 8> line{};
    for (auto& octet : line) octet = static_cast<Octet>(random.next());
    t.link.receive(line, t.now);
    t.link.transmit(line, t.now);
    t.now += 1ms;
    if (i % 5000 == 0) t.link.start(t.now);
  }
  EXPECT_NE(t.link.state(), LinkState::in_service);
}

}  // namespace
}  // namespace tandem::mtp::test
