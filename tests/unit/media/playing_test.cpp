// What is played to circuits and peers: tones by country, recordings, digits; and that switches do not click.
#include "dsp/spandsp.h"
#include "tests/unit/media/rig.h"

namespace tandem::media {
namespace {

constexpr Circuit kCircuit{.span = 0, .timeslot = 5};

Recording tone_recording(double hz, std::size_t samples) {
  Recording r{.name = "tone", .samples = {}};
  for (std::size_t i = 0; i < samples; ++i)
    r.samples.push_back(static_cast<std::int16_t>(
        8000 * std::sin(2 * std::numbers::pi * hz * static_cast<double>(i) / 8000)));
  return r;
}

EngineConfig with_recordings() {
  EngineConfig config;
  config.tones = {"itu", "gb", "atlantis"};
  config.recordings = {
      tone_recording(500, 8000), tone_recording(700, 1000), {.name = "empty", .samples = {}}};
  return config;
}

double amplitude(const std::vector<double>& samples, double hz) {
  double re = 0;
  double im = 0;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const double phase = 2 * std::numbers::pi * hz * static_cast<double>(i) / 8000;
    re += samples[i] * std::cos(phase);
    im += samples[i] * std::sin(phase);
  }
  return 2 * std::hypot(re, im) / static_cast<double>(samples.size());
}

std::vector<double> to_circuit(Rig& rig, int ticks) {
  rig.spans[0]->take_sent(5);
  rig.tick(ticks);
  return linear(Law::a, rig.spans[0]->take_sent(5));
}

std::vector<double> to_peer(Rig& rig, doubles::FakeRtp& peer, int ticks) {
  peer.rtp_sent.clear();
  rig.tick(ticks);
  std::vector<double> out;
  while (const auto octets = peer.pop_rtp()) {
    for (const double s : linear(Law::a, parsed(*octets).payload)) out.push_back(s);
  }
  return out;
}

double worst_jump(const std::vector<double>& samples) {
  double worst = 0;
  for (std::size_t i = 1; i < samples.size(); ++i)
    worst = std::max(worst, std::abs(samples[i] - samples[i - 1]));
  return worst;
}

TEST(Playing, each_tone_of_the_trunks_country_is_heard_on_the_circuit) {
  Rig rig({SpanSetup{.media = {.law = Law::a, .tones = 1}}}, with_recordings());
  rig.engine->post(PlayTone{.circuit = kCircuit, .tone = Tone::dial});
  const auto dial = to_circuit(rig, 100);
  EXPECT_GT(amplitude(dial, 350), 2500);
  EXPECT_GT(amplitude(dial, 440), 2500);
  rig.engine->post(PlayTone{.circuit = kCircuit, .tone = Tone::busy});
  const auto busy = to_circuit(rig, 30);
  EXPECT_GT(amplitude(busy, 400), 3500);
  for (const auto tone :
       {Tone::ringback, Tone::congestion, Tone::special_information, Tone::call_waiting, Tone::hold}) {
    rig.engine->post(PlayTone{.circuit = kCircuit, .tone = tone});
    EXPECT_GT(rms(to_circuit(rig, 9)), 500) << static_cast<int>(tone);
  }
  rig.engine->post(PlayTone{.circuit = kCircuit, .tone = Tone::special_information});
  to_circuit(rig, 1);
  const auto special = to_circuit(rig, 98);
  for (const double hz : {950.0, 1400.0, 1800.0}) EXPECT_GT(amplitude(special, hz), 1000) << hz;
}

TEST(Playing, unknown_countries_and_indices_sound_as_e_180_says) {
  for (const std::uint16_t tones : {std::uint16_t{2}, std::uint16_t{77}}) {
    Rig rig({SpanSetup{.media = {.law = Law::a, .tones = tones}}}, with_recordings());
    rig.engine->post(PlayTone{.circuit = kCircuit, .tone = Tone::dial});
    EXPECT_GT(amplitude(to_circuit(rig, 100), 425), 4000);
  }
}

TEST(Playing, a_recording_is_played_once_and_its_end_is_told) {
  Rig rig({SpanSetup{}}, with_recordings());
  rig.engine->post(PlayRecording{.circuit = kCircuit, .recording = RecordingId{0}});
  const auto heard = to_circuit(rig, 99);
  EXPECT_NEAR(amplitude(std::vector(heard.begin() + 80, heard.end()), 500), 8000, 100);
  EXPECT_TRUE(rig.take<PlaybackEnded>().empty());
  rig.tick(2);
  const auto ended = rig.take<PlaybackEnded>();
  ASSERT_EQ(ended.size(), 1U);
  EXPECT_EQ(ended[0].circuit, kCircuit);
  EXPECT_FALSE(ended[0].session);
  EXPECT_LT(rms(to_circuit(rig, 50)), 9);
  EXPECT_TRUE(rig.take<PlaybackEnded>().empty());
}

TEST(Playing, a_recording_that_repeats_goes_on_until_it_is_stopped) {
  Rig rig({SpanSetup{}}, with_recordings());
  rig.engine->post(PlayRecording{.circuit = kCircuit, .recording = RecordingId{0}, .repeat = true});
  to_circuit(rig, 1);
  EXPECT_NEAR(amplitude(to_circuit(rig, 1000), 500), 8000, 100);
  rig.engine->post(PlayRecording{.circuit = kCircuit});
  rig.tick(1);
  EXPECT_LT(rms(to_circuit(rig, 50)), 9);
  EXPECT_TRUE(rig.take<PlaybackEnded>().empty());
}

TEST(Playing, a_recording_that_yields_ends_with_the_peers_audio_and_tells_of_no_end) {
  Rig rig({SpanSetup{}}, with_recordings());
  doubles::FakeRtp peer;
  rig.open(1, kCircuit, peer);
  rig.engine->post(
      PlayRecording{.circuit = kCircuit, .recording = RecordingId{0}, .repeat = true, .yield_to_rtp = true});
  rig.tick(20);
  Stream stream;
  for (int i = 0; i < 10; ++i) {
    peer.rtp_waiting.push_back(stream.packet(Octets(160, 0x34)));
    rig.tick(2);
  }
  EXPECT_EQ(rig.spans[0]->take_sent(5).back(), 0x34);
  EXPECT_TRUE(rig.take<PlaybackEnded>().empty());
}

TEST(Playing, empty_and_unknown_recordings_end_or_stop) {
  Rig rig({SpanSetup{}}, with_recordings());
  rig.engine->post(PlayRecording{.circuit = kCircuit, .recording = RecordingId{2}, .repeat = true});
  rig.tick(3);
  EXPECT_EQ(rig.take<PlaybackEnded>().size(), 1U);
  rig.engine->post(PlayTone{.circuit = kCircuit, .tone = Tone::busy});
  rig.engine->post(PlayRecording{.circuit = kCircuit, .recording = RecordingId{99}});
  rig.tick(1);
  EXPECT_LT(rms(to_circuit(rig, 20)), 9);
}

TEST(Playing, the_peer_hears_music_and_the_circuit_again_afterwards) {
  Rig rig({SpanSetup{}}, with_recordings());
  doubles::FakeRtp peer;
  rig.open(1, kCircuit, peer);
  Sine circuit{.hz = 1000};
  rig.spans[0]->set_source(5, [&](std::span<Octet> out) { circuit(out); });
  rig.tick(4);
  rig.engine->post(PlayToPeer{.session = {1}, .recording = RecordingId{0}});
  to_peer(rig, peer, 2);
  const auto music = to_peer(rig, peer, 90);
  EXPECT_GT(amplitude(music, 500), 7500);
  EXPECT_LT(amplitude(music, 1000), 100);
  rig.tick(10);
  const auto ended = rig.take<PlaybackEnded>();
  ASSERT_EQ(ended.size(), 1U);
  EXPECT_EQ(ended[0].session, SessionId{1});
  EXPECT_GT(amplitude(to_peer(rig, peer, 50), 1000), 7500);
  rig.engine->post(PlayToPeer{.session = {1}, .tone = Tone::hold, .tones = 1});
  EXPECT_GT(amplitude(to_peer(rig, peer, 20), 400), 1500);
}

TEST(Playing, digits_on_the_circuit_are_not_taken_while_the_peer_hears_music) {
  Rig rig({SpanSetup{}}, with_recordings());
  doubles::FakeRtp peer;
  auto p = Rig::parameters();
  p.send_event_type = 101;
  rig.open(1, kCircuit, peer, p);
  rig.engine->post(PlayToPeer{.session = {1}, .recording = RecordingId{0}, .repeat = true});
  const dsp::ToneTable tones;
  dsp::ToneGenerator generator(tones);
  generator.start(*tones.dtmf('7'));
  rig.spans[0]->set_source(5, [&](std::span<Octet> out) {
    std::array<std::int16_t, 80> samples;
    generator.generate(samples);
    dsp::encode(Law::a, samples, out);
  });
  rig.tick(50);
  EXPECT_TRUE(rig.take<Digit>().empty());
}

TEST(Playing, a_digit_from_signalling_is_heard_for_as_long_as_it_says) {
  Rig rig;
  doubles::FakeRtp peer;
  rig.open(1, kCircuit, peer);
  rig.tick(2);
  rig.engine->post(PlayDigit{.session = {1}, .digit = '6', .duration_ms = 200});
  rig.engine->post(PlayDigit{.session = {1}, .digit = 'x', .duration_ms = 200});
  const auto heard = to_circuit(rig, 60);
  const std::vector<double> first(heard.begin() + 80, heard.begin() + 1600);
  EXPECT_GT(amplitude(first, 770), 4000);
  EXPECT_GT(amplitude(first, 1477), 4000);
  std::size_t loud = 0;
  for (std::size_t i = 0; i < heard.size(); i += 80)
    loud += rms({heard.begin() + static_cast<std::ptrdiff_t>(i),
                 heard.begin() + static_cast<std::ptrdiff_t>(i) + 80}) > 1000
                ? 1
                : 0;
  EXPECT_EQ(loud, 20U);
  rig.engine->post(PlayDigit{.session = {1}, .digit = '1', .duration_ms = 0});
  rig.engine->post(PlayDigit{.session = {1}, .digit = '2', .duration_ms = 65535});
  EXPECT_GT(rms(to_circuit(rig, 700)), 1000) << "40 ms to 5 s are played";
}

// ---- switches

TEST(Switches, tones_recordings_and_the_peers_audio_follow_each_other_without_a_click) {
  Rig rig({SpanSetup{}}, with_recordings());
  doubles::FakeRtp peer;
  rig.open(1, kCircuit, peer, Rig::parameters(), true, false);
  Sine voice{.hz = 300};
  Stream stream;
  std::vector<double> heard;
  const auto run = [&](int packets) {
    for (int i = 0; i < packets; ++i) {
      Octets payload(160);
      voice(payload);
      peer.rtp_waiting.push_back(stream.packet(payload));
      rig.tick(2);
    }
  };
  const auto through = [&](bool on) {
    rig.engine->post(ThroughConnect{.session = {1}, .to_rtp = true, .to_timeslot = on});
  };
  run(10);
  through(true);
  run(7);
  through(false);
  run(7);
  through(true);
  run(7);
  rig.engine->post(PlayTone{.circuit = kCircuit, .tone = Tone::dial});
  run(7);
  rig.engine->post(PlayRecording{.circuit = kCircuit, .recording = RecordingId{1}, .repeat = false});
  run(20);
  rig.engine->post(PlayRecording{.circuit = kCircuit, .recording = RecordingId{0}, .repeat = true});
  run(7);
  rig.engine->post(PlayTone{.circuit = kCircuit, .tone = Tone::busy});
  run(7);
  // As signalling does it: off, and another on.
  rig.engine->post(PlayTone{.circuit = kCircuit, .tone = Tone::none});
  rig.engine->post(PlayTone{.circuit = kCircuit, .tone = Tone::dial});
  run(6);
  rig.engine->post(PlayTone{.circuit = kCircuit, .tone = Tone::none});
  rig.engine->post(PlayRecording{.circuit = kCircuit, .recording = RecordingId{0}, .repeat = true});
  run(7);
  rig.engine->post(PlayRecording{.circuit = kCircuit});
  run(7);
  heard = linear(Law::a, rig.spans[0]->take_sent(5));
  // 8000 at 700 Hz changes by 4300 a sample; the 300 Hz by 1900. Steps between them would add 8000 and more.
  EXPECT_LT(worst_jump(heard), 4900);
  EXPECT_GT(rms(heard), 2000);
}

TEST(Switches, a_tone_that_is_stopped_and_replaced_at_once_does_not_click) {
  Rig rig;
  for (int i = 0; i < 40; ++i) {
    rig.engine->post(PlayTone{.circuit = kCircuit, .tone = Tone::none});
    rig.engine->post(PlayTone{.circuit = kCircuit, .tone = Tone::dial});
    rig.tick(7 + i % 5);
    rig.engine->post(PlayTone{.circuit = kCircuit, .tone = Tone::none});
    rig.engine->post(PlayTone{.circuit = kCircuit, .tone = Tone::busy});
    rig.tick(5 + i % 7);
  }
  // 425 Hz at -13 dBm0 changes by 1700 a sample at most.
  EXPECT_LT(worst_jump(linear(Law::a, rig.spans[0]->take_sent(5))), 2300);
}

TEST(Switches, cutting_through_to_the_peer_in_mid_tone_does_not_click) {
  Rig rig;
  doubles::FakeRtp peer;
  Sine circuit{.hz = 300};
  rig.spans[0]->set_source(5, [&](std::span<Octet> out) { circuit(out); });
  rig.open(1, kCircuit, peer, Rig::parameters(), false, true);
  rig.tick(13);
  rig.engine->post(ThroughConnect{.session = {1}, .to_rtp = true, .to_timeslot = true});
  auto heard = to_peer(rig, peer, 20);
  heard.insert(heard.begin(), 0.0);
  EXPECT_LT(worst_jump(heard), 2400);
}

}  // namespace
}  // namespace tandem::media
