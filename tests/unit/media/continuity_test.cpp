// Continuity checks: loops and the check tone on timeslots (Q.724 7, Q.764 2.1.8).
#include <deque>

#include "dsp/check_tone.h"
#include "gateway/base/random.h"
#include "tests/unit/media/rig.h"

namespace tandem::media {
namespace {

constexpr Circuit kCircuit{.span = 0, .timeslot = 5};

SpanSetup setup_of(Law law, SpanMediaConfig media = {}) {
  media.law = law;
  return {.type = law == Law::a ? tdm::SpanType::e1 : tdm::SpanType::t1, .media = media};
}

/// Random octets that a timeslot received, to compare with what it sent.
struct Random {
  std::shared_ptr<Octets> received = std::make_shared<Octets>();
  std::shared_ptr<SeededRandom> random = std::make_shared<SeededRandom>(5);

  void operator()(std::span<Octet> out) {
    for (auto& octet : out) {
      octet = static_cast<Octet>(random->next());
      received->push_back(octet);
    }
  }
};

bool silent(Law law, OctetView octets) {
  return std::ranges::all_of(octets, [law](Octet o) { return o == dsp::silence_octet(law); });
}

/// What the check tone is from its beginning.
Octets check_tone(Law law, std::size_t size) {
  Octets octets(size);
  dsp::CheckToneSender sender;
  sender.send(law, octets);
  return octets;
}

TEST(Loop, sends_back_what_comes_octet_for_octet_from_on_to_off) {
  for (const auto law : {Law::a, Law::mu}) {
    Rig rig({setup_of(law, {.receive_gain = {3}, .send_gain = {-2}})});  // that are no concern of a loop
    Random source;
    rig.spans[0]->set_source(5, source);
    rig.tick(2);
    EXPECT_TRUE(silent(law, rig.spans[0]->take_sent(5)));
    source.received->clear();
    ASSERT_TRUE(rig.engine->post(LoopCircuit{.circuit = kCircuit}));
    rig.tick(7);
    EXPECT_EQ(rig.spans[0]->take_sent(5), *source.received);
    EXPECT_TRUE(silent(law, rig.spans[0]->take_sent(4))) << "nobody else's";
    EXPECT_TRUE(silent(law, rig.spans[0]->take_sent(6)));
    ASSERT_TRUE(rig.engine->post(LoopCircuit{.circuit = kCircuit, .on = false}));
    rig.tick();
    EXPECT_TRUE(silent(law, rig.spans[0]->take_sent(5)));
    EXPECT_TRUE(rig.events.empty());
  }
}

TEST(Loop, of_a_span_that_is_down_has_silence) {
  Rig rig;
  rig.spans[0]->set_source(5, Random{});
  ASSERT_TRUE(rig.engine->post(LoopCircuit{.circuit = kCircuit}));
  rig.spans[0]->set_alarms({.red = true});
  rig.tick(3);
  EXPECT_TRUE(silent(Law::a, rig.spans[0]->take_sent(5)));
}

TEST(Loop, is_not_put_on_signalling_timeslots_or_what_is_no_timeslot) {
  EngineConfig config;
  config.d_channels = {{.span = 0, .timeslot = 16}};
  config.links = {{.circuit = {.span = 0, .timeslot = 17}, .link = {}}};
  Rig rig({SpanSetup{}}, config);
  Random source;
  rig.spans[0]->set_source(16, source);
  rig.spans[0]->set_source(17, source);
  for (const Circuit circuit :
       {Circuit{0, 16}, Circuit{0, 17}, Circuit{0, 0}, Circuit{0, 32}, Circuit{9, 1}}) {
    ASSERT_TRUE(rig.engine->post(LoopCircuit{.circuit = circuit}));
    ASSERT_TRUE(rig.engine->post(CheckContinuity{.circuit = circuit}));
  }
  rig.tick(2);
  const auto d_channel = rig.spans[0]->take_sent(16);
  EXPECT_TRUE(std::ranges::all_of(d_channel, [&](Octet o) { return o == d_channel[0]; })) << "flags";
  EXPECT_NE(rig.spans[0]->take_sent(17), check_tone(Law::a, 160));
  for (const int timeslot : {1, 15, 18, 31}) EXPECT_TRUE(silent(Law::a, rig.spans[0]->take_sent(timeslot)));
}

/// Two engines with a span between them that takes some time, not a whole number of blocks.
struct Line {
  explicit Line(Law the_law, std::size_t delay) : law(the_law) {
    for (int timeslot = 1; timeslot <= 24; ++timeslot) {
      wire(near, far, timeslot, delay);
      wire(far, near, timeslot, delay);
    }
  }
  Law law;
  Rig near{{setup_of(law)}};
  Rig far{{setup_of(law)}};

  void tick(int count = 1) {
    for (int i = 0; i < count; ++i) {
      near.tick();
      far.tick();
    }
  }

 private:
  void wire(Rig& from, Rig& to, int timeslot, std::size_t delay) {
    auto waiting = std::make_shared<std::deque<Octet>>(kTickFrames + delay, dsp::silence_octet(law));
    to.spans[0]->set_source(timeslot, [&from, timeslot, waiting](std::span<Octet> out) {
      for (const auto octet : from.spans[0]->take_sent(timeslot)) waiting->push_back(octet);
      for (auto& octet : out) {
        octet = waiting->front();
        waiting->pop_front();
      }
    });
  }
};

TEST(Check, hears_its_tone_once_through_the_loop_of_another_engine) {
  for (const auto law : {Law::a, Law::mu}) {
    for (const std::size_t delay : {0U, 1U, 39U, 77U}) {
      Line line(law, delay);
      ASSERT_TRUE(line.near.engine->post(CheckContinuity{.circuit = kCircuit}));
      line.tick(10);
      EXPECT_TRUE(line.near.events.empty()) << "no loop yet";
      ASSERT_TRUE(line.far.engine->post(LoopCircuit{.circuit = kCircuit}));
      line.tick(10);
      const auto heard = line.near.take<ContinuityHeard>();
      ASSERT_EQ(heard.size(), 1U) << delay;
      EXPECT_EQ(heard[0].circuit, kCircuit);
      line.tick(100);
      EXPECT_TRUE(line.near.events.empty()) << "once";
      EXPECT_TRUE(line.far.events.empty()) << "a loop listens to nothing";
      ASSERT_TRUE(line.near.engine->post(CheckContinuity{.circuit = kCircuit}));
      line.tick(10);
      EXPECT_EQ(line.near.take<ContinuityHeard>().size(), 1U) << "a new check";
    }
  }
}

TEST(Check, does_not_hear_a_loop_of_another_timeslot) {
  Line line(Law::a, 0);
  ASSERT_TRUE(line.near.engine->post(CheckContinuity{.circuit = kCircuit}));
  ASSERT_TRUE(line.far.engine->post(LoopCircuit{.circuit = {.span = 0, .timeslot = 6}}));
  line.tick(200);
  EXPECT_TRUE(line.near.events.empty());
}

TEST(Check, of_both_ends_at_once_hears_the_other_tone) {
  // Dual seizure with checks by both (Q.764 2.10.1): each is heard, and call control says whose it is.
  Line line(Law::mu, 3);
  ASSERT_TRUE(line.near.engine->post(CheckContinuity{.circuit = kCircuit}));
  ASSERT_TRUE(line.far.engine->post(CheckContinuity{.circuit = kCircuit}));
  line.tick(12);
  EXPECT_EQ(line.near.take<ContinuityHeard>().size(), 1U);
  EXPECT_EQ(line.far.take<ContinuityHeard>().size(), 1U);
}

TEST(Check, sends_the_tone_from_its_beginning_whatever_the_gains) {
  Rig rig({setup_of(Law::a, {.receive_gain = {-6}, .send_gain = {-6}})});
  ASSERT_TRUE(rig.engine->post(CheckContinuity{.circuit = kCircuit}));
  rig.tick(12);
  EXPECT_EQ(rig.spans[0]->take_sent(5), check_tone(Law::a, 960));
  ASSERT_TRUE(rig.engine->post(CheckContinuity{.circuit = kCircuit}));
  rig.tick(1);
  EXPECT_EQ(rig.spans[0]->take_sent(5), check_tone(Law::a, 80)) << "again from the beginning";
  ASSERT_TRUE(rig.engine->post(CheckContinuity{.circuit = kCircuit, .on = false}));
  rig.tick();
  EXPECT_TRUE(silent(Law::a, rig.spans[0]->take_sent(5)));
}

TEST(Check, measures_levels_before_the_gains) {
  // -16 dBm0 are right (Q.724 7.3.3) with 6 dB of loss behind, -24 are not with as much gain.
  const auto heard = [](double dbm0, float gain) {
    Rig rig({setup_of(Law::a, {.receive_gain = {gain}})});
    const double amplitude = 32768 * std::pow(10.0, (dbm0 - 3.14) / 20);
    rig.spans[0]->set_source(5, Sine{.hz = 2000, .amplitude = amplitude, .at = 1});
    EXPECT_TRUE(rig.engine->post(CheckContinuity{.circuit = kCircuit}));
    rig.tick(30);
    return rig.take<ContinuityHeard>().size();
  };
  EXPECT_EQ(heard(-16, -6), 1U);
  EXPECT_EQ(heard(-24, 6), 0U);
}

TEST(Check, hears_nothing_on_a_span_that_is_down) {
  Rig rig;
  rig.spans[0]->set_source(5, Sine{.hz = 2010, .amplitude = 5700});
  rig.spans[0]->set_alarms({.blue = true});
  ASSERT_TRUE(rig.engine->post(CheckContinuity{.circuit = kCircuit}));
  rig.tick(30);
  EXPECT_TRUE(rig.take<ContinuityHeard>().empty());
  rig.spans[0]->set_alarms({});
  rig.tick(10);
  EXPECT_EQ(rig.take<ContinuityHeard>().size(), 1U);
}

TEST(Check, and_loop_end_each_other_and_neither_ends_by_the_others_off) {
  Rig rig;
  Random source;
  rig.spans[0]->set_source(5, source);
  const auto sends = [&](const Command& command) {
    rig.spans[0]->take_sent(5);
    source.received->clear();
    EXPECT_TRUE(rig.engine->post(command));
    rig.tick(2);
    const auto sent = rig.spans[0]->take_sent(5);
    return sent == *source.received ? "loop" : silent(Law::a, sent) ? "silence" : "tone";
  };
  EXPECT_STREQ(sends(CheckContinuity{.circuit = kCircuit}), "tone");
  EXPECT_STREQ(sends(LoopCircuit{.circuit = kCircuit, .on = false}), "tone");
  EXPECT_STREQ(sends(LoopCircuit{.circuit = kCircuit}), "loop");
  EXPECT_STREQ(sends(CheckContinuity{.circuit = kCircuit, .on = false}), "loop");
  EXPECT_STREQ(sends(CheckContinuity{.circuit = kCircuit}), "tone");
  EXPECT_STREQ(sends(CheckContinuity{.circuit = kCircuit, .on = false}), "silence");
  EXPECT_STREQ(sends(CheckContinuity{.circuit = kCircuit, .on = false}), "silence");
}

TEST(Check, that_found_the_event_queue_full_is_told_of_later) {
  Rig rig;
  rig.spans[0]->set_source(5, Sine{.hz = 2010, .amplitude = 5700});
  doubles::FakeRtp transport;
  ASSERT_TRUE(rig.engine->post(CheckContinuity{.circuit = kCircuit}));
  // Refusals, each an event that nobody takes.
  std::uint64_t id = 1;
  for (int tick = 0; tick < 3; ++tick) {
    while (rig.engine->post(OpenSession{.session = {id++}, .circuit = {9, 9}, .transport = &transport})) {
    }
    rig.engine->tick(rig.now += kTick);
  }
  for (int tick = 0; tick < 20; ++tick) rig.engine->tick(rig.now += kTick);
  std::size_t refused = 0;
  for (Event event; rig.engine->poll(event); ++refused)
    EXPECT_TRUE(std::holds_alternative<SessionClosed>(event)) << "the queue was not full";
  EXPECT_GE(refused, 1024U);
  rig.tick();
  EXPECT_EQ(rig.take<ContinuityHeard>().size(), 1U);
  rig.tick(20);
  EXPECT_TRUE(rig.take<ContinuityHeard>().empty());
}

}  // namespace
}  // namespace tandem::media
