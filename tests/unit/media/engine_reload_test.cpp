// What a changed configuration changes in a running engine.
#include "tests/unit/media/rig.h"

namespace tandem::media {
namespace {

constexpr Circuit kCircuit{.span = 0, .timeslot = 5};

DFrame frame(std::initializer_list<Octet> octets) {
  DFrame f{.d_channel = 0, .size = static_cast<std::uint16_t>(octets.size())};
  std::copy(octets.begin(), octets.end(), f.octets.begin());
  return f;
}

EngineConfig with_d_channel() {
  EngineConfig config;
  config.d_channels = {{.span = 0, .timeslot = 16}};
  return config;
}

TEST(EngineReload, ARecordingThatIsAddedCanBePlayed) {
  const Recording sound{.name = "new", .samples = std::vector<std::int16_t>(8000, 4000)};
  Rig rig;
  rig.engine->post(PlayRecording{.circuit = kCircuit, .recording = RecordingId{3}});
  rig.tick(5);
  for (const double s : linear(Law::a, rig.spans[0]->take_sent(5))) EXPECT_NEAR(s, 0, 10);
  rig.engine->post(AddRecording{.recording = 3, .sound = &sound});
  rig.engine->post(AddRecording{.recording = 65535, .sound = &sound});  // beyond what there is room for
  rig.engine->post(PlayRecording{.circuit = kCircuit, .recording = RecordingId{3}});
  rig.tick(3);
  rig.spans[0]->take_sent(5);
  rig.tick(5);
  for (const double s : linear(Law::a, rig.spans[0]->take_sent(5))) EXPECT_NEAR(s, 4000, 150);
  rig.engine->post(PlayRecording{.circuit = kCircuit, .recording = RecordingId{65535}});
  rig.tick(5);
}

TEST(EngineReload, ADChannelMovesToAnotherTimeslotAndItsOwnBecomesAudio) {
  Rig rig({SpanSetup{}}, with_d_channel());
  Rig far({SpanSetup{}}, with_d_channel());
  rig.engine->post(MoveDChannel{.d_channel = 0, .circuit = {.span = 0, .timeslot = 31}});
  Octets line;
  far.spans[0]->set_source(16,
                           [&](std::span<Octet> out) { std::copy_n(line.begin(), out.size(), out.begin()); });
  rig.tick();
  line = rig.spans[0]->take_sent(31);  // the far end's receiver finds a flag
  far.tick();
  ASSERT_TRUE(rig.engine->send_frame(frame({1, 2, 3, 4, 5})));
  for (int i = 0; i < 3; ++i) {
    rig.tick();
    line = rig.spans[0]->take_sent(31);
    far.tick();
  }
  DFrame got;
  ASSERT_TRUE(far.engine->poll_frame(got));
  EXPECT_EQ(to_hex(OctetView(got.octets).first(got.size)), "0102030405");
  doubles::FakeRtp peer;
  rig.open(1, {.span = 0, .timeslot = 31}, peer);
  rig.open(2, {.span = 0, .timeslot = 16}, peer);
  rig.tick(2);
  const auto closed = rig.take<SessionClosed>();
  ASSERT_EQ(closed.size(), 1U) << "the new timeslot is taken, the old one is not";
  EXPECT_EQ(closed[0].session, SessionId{1});
}

TEST(EngineReload, ADChannelStaysWhereItIsWhenTheOtherTimeslotIsNotFree) {
  Rig rig({SpanSetup{}}, with_d_channel());
  doubles::FakeRtp peer;
  rig.open(1, {.span = 0, .timeslot = 31}, peer);
  rig.tick();
  rig.engine->post(MoveDChannel{.d_channel = 0, .circuit = {.span = 0, .timeslot = 31}});
  rig.engine->post(MoveDChannel{.d_channel = 0, .circuit = {.span = 9, .timeslot = 1}});
  rig.engine->post(MoveDChannel{.d_channel = 7, .circuit = {.span = 0, .timeslot = 1}});
  rig.tick();
  rig.spans[0]->take_sent(16);
  ASSERT_TRUE(rig.engine->send_frame(frame({1, 2, 3})));
  rig.tick(2);
  const auto sent = rig.spans[0]->take_sent(16);
  EXPECT_TRUE(std::ranges::any_of(sent, [](Octet o) { return o != 0x7E; }));
}

TEST(EngineReload, GainsChangeInMidCall) {
  Rig rig;
  doubles::FakeRtp peer;
  rig.spans[0]->set_source(5, Sine{});
  rig.open(1, kCircuit, peer);
  const auto level = [&] {
    rig.tick(10);
    peer.rtp_sent.clear();
    rig.tick(20);
    Octets heard;
    for (const auto& packet : peer.rtp_sent) {
      const auto payload = parsed(packet).payload;
      heard.insert(heard.end(), payload.begin(), payload.end());
    }
    return rms(linear(Law::a, heard));
  };
  const double before = level();
  rig.engine->post(SetGains{.span = 0, .receive = {-6}, .send = {0}});
  rig.engine->post(SetGains{.span = 9, .receive = {-6}, .send = {0}});  // there is none
  EXPECT_NEAR(20 * std::log10(level() / before), -6, 0.3);
}

}  // namespace
}  // namespace tandem::media
