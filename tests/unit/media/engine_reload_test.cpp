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

/// Calls on timeslots 5 and 6, a tone in every direction.
struct TwoCalls {
  Rig rig;
  doubles::FakeRtp five, six;
  Stream to_five, to_six;

  TwoCalls() {
    for (const int timeslot : {5, 6}) rig.spans[0]->set_source(timeslot, Sine{});
    rig.open(1, kCircuit, five);
    rig.open(2, {.span = 0, .timeslot = 6}, six);
  }
  /// Amplitude at: RTP of 5, RTP of 6, timeslot 5, timeslot 6.
  std::array<double, 4> levels() {
    feed(10);
    five.rtp_sent.clear();
    six.rtp_sent.clear();
    for (const int timeslot : {5, 6}) rig.spans[0]->take_sent(timeslot);
    feed(10);
    return {rtp(five), rtp(six), rms(linear(Law::a, rig.spans[0]->take_sent(5))),
            rms(linear(Law::a, rig.spans[0]->take_sent(6)))};
  }

 private:
  void feed(int packets) {
    Octets sound(160);
    for (int i = 0; i < packets; ++i) {
      Sine{}(sound);
      five.rtp_waiting.push_back(to_five.packet(sound));
      six.rtp_waiting.push_back(to_six.packet(sound));
      rig.tick(2);
    }
  }
  static double rtp(const doubles::FakeRtp& peer) {
    Octets heard;
    for (const auto& packet : peer.rtp_sent) {
      const auto payload = parsed(packet).payload;
      heard.insert(heard.end(), payload.begin(), payload.end());
    }
    return rms(linear(Law::a, heard));
  }
};

TEST(EngineReload, GainsOfOneTimeslotChangeWhatIsHeardThereBothWaysAndNowhereElse) {
  TwoCalls calls;
  const auto before = calls.levels();
  for (const auto level : before) ASSERT_GT(level, 100);
  calls.rig.engine->post(SetGains{.span = 0, .timeslots = 1U << 4U, .receive = {-6}, .send = {-12}});
  const auto after = calls.levels();
  const auto change = [&](std::size_t i) { return 20 * std::log10(after[i] / before[i]); };
  EXPECT_NEAR(change(0), -6, 0.3);
  EXPECT_NEAR(change(1), 0, 0.01);
  EXPECT_NEAR(change(2), -12, 0.3);
  EXPECT_NEAR(change(3), 0, 0.01);
  // And back.
  calls.rig.engine->post(SetGains{.span = 0, .timeslots = 1U << 4U, .receive = {}, .send = {}});
  EXPECT_NEAR(calls.levels()[0] / before[0], 1, 0.001);
}

TEST(EngineReload, TimeslotsWithoutGainPassOctetsAsTheyAreBesideOneThatHasIt) {
  Rig rig({SpanSetup{.type = tdm::SpanType::t1, .media = {.law = Law::mu}}});
  doubles::FakeRtp peer;
  // Both zeros of mu-law (G.711 Table 2a), which a pass through linear samples would make one.
  rig.spans[0]->set_source(6, [](std::span<Octet> out) {
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = i % 2 == 0 ? 0x7F : 0xFF;
  });
  rig.open(1, {.span = 0, .timeslot = 6}, peer, Rig::parameters(Law::mu));
  rig.engine->post(SetGains{.span = 0, .timeslots = 1U << 4U, .receive = {3}, .send = {3}});
  rig.tick(20);
  ASSERT_FALSE(peer.rtp_sent.empty());
  const auto payload = parsed(peer.rtp_sent.back()).payload;
  EXPECT_EQ(std::ranges::count(payload, 0x7F), 80);
  EXPECT_EQ(std::ranges::count(payload, 0xFF), 80);
}

TEST(EngineReload, AClearChannelHasNoGain) {
  Rig rig;
  doubles::FakeRtp peer;
  rig.spans[0]->set_source(5, [](std::span<Octet> out) { std::ranges::fill(out, Octet{0x2A}); });
  auto p = Rig::parameters();
  p.payload = Payload::clearmode;
  p.payload_type = 97;
  p.receive_types[0] = {.payload_type = 97, .payload = Payload::clearmode};
  p.receive_type_count = 1;
  rig.open(1, kCircuit, peer, p);
  rig.engine->post(SetGains{.span = 0, .timeslots = 1U << 4U, .receive = {-6}, .send = {-6}});
  rig.tick(20);
  ASSERT_FALSE(peer.rtp_sent.empty());
  const auto payload = parsed(peer.rtp_sent.back()).payload;
  EXPECT_EQ(std::ranges::count(payload, 0x2A), 160);
}

}  // namespace
}  // namespace tandem::media
