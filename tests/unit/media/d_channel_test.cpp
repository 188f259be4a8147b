#include "tests/unit/media/rig.h"

namespace tandem::media {
namespace {

constexpr Circuit kD{.span = 0, .timeslot = 16};

DFrame frame(std::initializer_list<Octet> octets, std::uint16_t d_channel = 0) {
  DFrame f{.d_channel = d_channel, .size = static_cast<std::uint16_t>(octets.size())};
  std::copy(octets.begin(), octets.end(), f.octets.begin());
  return f;
}

EngineConfig with_d_channel() {
  EngineConfig config;
  config.d_channels = {kD};
  return config;
}

/// Two engines whose spans' timeslot 16 is joined.
struct Pair {
  Rig a{{SpanSetup{}}, with_d_channel()};
  Rig b{{SpanSetup{}}, with_d_channel()};
  Octets to_b;

  Pair() {
    b.spans[0]->set_source(
        16, [this](std::span<Octet> out) { std::copy_n(to_b.begin(), out.size(), out.begin()); });
  }
  void tick(int count = 1) {
    for (int i = 0; i < count; ++i) {
      a.tick();
      to_b = a.spans[0]->take_sent(16);
      b.tick();
    }
  }
};

TEST(DChannel, a_frame_crosses_from_engine_to_engine) {
  Pair pair;
  ASSERT_TRUE(pair.a.engine->send_frame(frame({0x00, 0x01, 0x7F})));
  ASSERT_TRUE(pair.a.engine->send_frame(frame({0x02, 0x01, 0x00, 0x00, 0xFF, 0xFF, 0x7E})));
  pair.tick(3);
  DFrame got;
  ASSERT_TRUE(pair.b.engine->poll_frame(got));
  EXPECT_EQ(to_hex(OctetView(got.octets).first(got.size)), "00017f");
  ASSERT_TRUE(pair.b.engine->poll_frame(got));
  EXPECT_EQ(to_hex(OctetView(got.octets).first(got.size)), "02010000ffff7e");
  EXPECT_FALSE(pair.b.engine->poll_frame(got));
}

TEST(DChannel, a_gain_on_the_span_does_not_touch_it) {
  EngineConfig config = with_d_channel();
  Rig rig({SpanSetup{.media = {.receive_gain = {-6}, .send_gain = {6}}}}, config);
  Rig far({SpanSetup{.media = {.receive_gain = {-6}, .send_gain = {6}}}}, config);
  Octets line;
  far.spans[0]->set_source(16,
                           [&](std::span<Octet> out) { std::copy_n(line.begin(), out.size(), out.begin()); });
  ASSERT_TRUE(rig.engine->send_frame(frame({1, 2, 3, 4, 5})));
  for (int i = 0; i < 3; ++i) {
    rig.tick();
    line = rig.spans[0]->take_sent(16);
    far.tick();
  }
  DFrame got;
  EXPECT_TRUE(far.engine->poll_frame(got));
}

TEST(DChannel, no_session_tone_or_patch_takes_its_timeslot) {
  Rig rig({SpanSetup{}}, with_d_channel());
  doubles::FakeRtp peer;
  rig.open(1, kD, peer);
  ASSERT_TRUE(rig.engine->post(PlayTone{.circuit = kD, .tone = Tone::busy}));
  ASSERT_TRUE(rig.engine->post(PatchCircuits{.a = kD, .b = {.span = 0, .timeslot = 1}}));
  rig.tick(5);
  const auto closed = rig.take<SessionClosed>();
  ASSERT_EQ(closed.size(), 1U);
  EXPECT_EQ(closed[0].transport, &peer);
  EXPECT_EQ(rig.engine->counters().sessions_refused, 1U);
  for (const auto octet : rig.spans[0]->take_sent(16)) ASSERT_EQ(octet, 0x7E);
}

TEST(DChannel, frames_for_no_channel_and_frames_without_room_are_counted) {
  Rig rig({SpanSetup{}}, with_d_channel());
  ASSERT_TRUE(rig.engine->send_frame(frame({1, 2, 3}, 7)));
  rig.tick();
  EXPECT_EQ(rig.engine->counters().frames_dropped_sent, 1U);
  // More than the transmitter can hold, a queue at a time.
  int posted = 0;
  for (int round = 0; round < 4; ++round) {
    while (rig.engine->send_frame(frame({1, 2, 3, 4}))) ++posted;
    rig.tick();
  }
  EXPECT_GT(posted, 128);
  EXPECT_GT(rig.engine->counters().frames_dropped_sent, 1U);
}

TEST(DChannel, received_frames_that_nobody_takes_are_counted) {
  Pair pair;
  for (int i = 0; i < 400; ++i) {
    (void)pair.a.engine->send_frame(frame({1, 2, 3, 4}));
    pair.tick(1);
  }
  EXPECT_GT(pair.b.engine->counters().frames_dropped_received, 0U);
}

TEST(DChannel, a_span_that_is_down_brings_no_frames) {
  Pair pair;
  pair.b.spans[0]->set_alarms({.blue = true});
  ASSERT_TRUE(pair.a.engine->send_frame(frame({1, 2, 3, 4})));
  pair.tick(5);
  DFrame got;
  EXPECT_FALSE(pair.b.engine->poll_frame(got));
}

}  // namespace
}  // namespace tandem::media
