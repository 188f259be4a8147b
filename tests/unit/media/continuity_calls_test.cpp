// What a call on a circuit notices of a continuity check on it: the check has the timeslot (Q.764 2.1.8: it
// has ended before the path is through).
#include "dsp/check_tone.h"
#include "dsp/spandsp.h"
#include "gateway/base/random.h"
#include "gateway/media/block.h"
#include "tests/unit/media/rig.h"

namespace tandem::media {
namespace {

constexpr Circuit kCircuit{.span = 0, .timeslot = 5};
constexpr Circuit kOther{.span = 1, .timeslot = 9};

bool silent(Law law, OctetView octets) {
  return std::ranges::all_of(octets, [law](Octet o) { return o == dsp::silence_octet(law); });
}

Octets check_tone(Law law, std::size_t size) {
  Octets octets(size);
  dsp::CheckToneSender sender;
  sender.send(law, octets);
  return octets;
}

/// The payloads of all packets that wait, one after the other.
Octets heard_by(doubles::FakeRtp& peer) {
  Octets all;
  while (const auto packet = peer.pop_rtp()) {
    const auto payload = parsed(*packet).payload;
    all.insert(all.end(), payload.begin(), payload.end());
  }
  return all;
}

void talk(Rig& rig, doubles::FakeRtp& peer, Stream& stream, int packets, Octet octet = 0x2A) {
  const Octets payload(160, octet);
  for (int i = 0; i < packets; ++i) {
    peer.rtp_waiting.push_back(stream.packet(payload));
    rig.tick(2);
  }
}

/// Whether the end of what a timeslot sent is all what `talk` says.
bool talks(OctetView octets, Octet octet = 0x2A) {
  return octets.size() >= 160 &&
         std::ranges::all_of(octets.last(160), [octet](Octet o) { return o == octet; });
}

TEST(CheckAndCall, a_session_that_opens_during_a_check_is_not_heard_and_hears_silence_until_it_ends) {
  for (const bool loop : {false, true}) {
    const auto command = [loop](bool on) {
      return loop ? Command(LoopCircuit{.circuit = kCircuit, .on = on})
                  : Command(CheckContinuity{.circuit = kCircuit, .on = on});
    };
    Rig rig;
    Sine sine{.hz = 1004};
    rig.spans[0]->set_source(5, [&](std::span<Octet> out) { sine(out); });
    doubles::FakeRtp peer;
    Stream stream;
    ASSERT_TRUE(rig.engine->post(command(true)));
    rig.open(1, kCircuit, peer);
    talk(rig, peer, stream, 10);
    Sine expected{.hz = 1004};
    Octets looped(1600);
    expected(looped);
    EXPECT_EQ(rig.spans[0]->take_sent(5), loop ? looped : check_tone(Law::a, 1600));
    const auto heard = heard_by(peer);
    EXPECT_EQ(heard.size(), 1600U) << "packets go on";
    EXPECT_TRUE(silent(Law::a, heard));
    EXPECT_EQ(rig.take<RtpStarted>().size(), 1U);

    ASSERT_TRUE(rig.engine->post(command(false)));
    talk(rig, peer, stream, 10);
    EXPECT_TRUE(talks(rig.spans[0]->take_sent(5))) << "through";
    EXPECT_GT(rms(linear(Law::a, heard_by(peer))), 5000);
    EXPECT_TRUE(rig.events.empty()) << "1004 Hz are no check tone";
  }
}

TEST(CheckAndCall, a_check_on_a_circuit_with_a_session_takes_the_timeslot_and_gives_it_back) {
  Rig rig;
  doubles::FakeRtp peer;
  Stream stream;
  rig.open(1, kCircuit, peer);
  talk(rig, peer, stream, 20);
  EXPECT_TRUE(talks(rig.spans[0]->take_sent(5)));
  ASSERT_TRUE(rig.engine->post(CheckContinuity{.circuit = kCircuit}));
  talk(rig, peer, stream, 20);
  EXPECT_EQ(rig.spans[0]->take_sent(5), check_tone(Law::a, 3200));
  ASSERT_TRUE(rig.engine->post(CheckContinuity{.circuit = kCircuit, .on = false}));
  rig.tick();
  const auto after = rig.spans[0]->take_sent(5);
  EXPECT_TRUE(std::ranges::all_of(after, [](Octet o) { return o == 0x2A; })) << "what waited was not held up";
  ASSERT_TRUE(rig.engine->post(CloseSession{.session = {1}}));
  rig.tick(2);
  EXPECT_EQ(rig.take<SessionClosed>().size(), 1U);
}

TEST(CheckAndCall, a_session_may_close_during_a_check) {
  Rig rig;
  doubles::FakeRtp peer;
  rig.open(1, kCircuit, peer);
  ASSERT_TRUE(rig.engine->post(CheckContinuity{.circuit = kCircuit}));
  rig.tick(5);
  ASSERT_TRUE(rig.engine->post(CloseSession{.session = {1}}));
  rig.tick(5);
  EXPECT_EQ(rig.take<SessionClosed>().size(), 1U);
  EXPECT_EQ(rig.spans[0]->take_sent(5), check_tone(Law::a, 800));
}

TEST(CheckAndCall, digits_that_a_loop_sends_back_are_no_callers) {
  Rig rig;
  const dsp::ToneTable tones;
  dsp::ToneGenerator generator(tones);
  generator.start(*tones.dtmf('5'));
  rig.spans[0]->set_source(5, [&](std::span<Octet> out) {
    LinearBlock samples;
    generator.generate(samples);
    dsp::encode(Law::a, samples, out);
  });
  doubles::FakeRtp peer;
  auto p = Rig::parameters();
  p.send_event_type = 101;
  rig.open(1, kCircuit, peer, p);
  ASSERT_TRUE(rig.engine->post(LoopCircuit{.circuit = kCircuit}));
  rig.tick(20);
  EXPECT_TRUE(rig.take<Digit>().empty());
  ASSERT_TRUE(rig.engine->post(LoopCircuit{.circuit = kCircuit, .on = false}));
  rig.tick(20);
  EXPECT_EQ(rig.take<Digit>().size(), 1U);
}

TEST(CheckAndCall, a_clear_session_has_idle_octets_meanwhile_and_is_clear_afterwards) {
  Rig rig({SpanSetup{.media = {.receive_gain = {6}, .send_gain = {-6}}}});
  SeededRandom random(2);
  Octets received;
  rig.spans[0]->set_source(5, [&](std::span<Octet> out) {
    for (auto& octet : out) octet = static_cast<Octet>(random.next());
    received.insert(received.end(), out.begin(), out.end());
  });
  doubles::FakeRtp peer;
  auto p = Rig::parameters();
  p.payload = Payload::clearmode;
  p.payload_type = 97;
  ASSERT_TRUE(rig.engine->post(LoopCircuit{.circuit = kCircuit}));
  rig.open(1, kCircuit, peer, p);
  rig.tick(10);
  EXPECT_EQ(rig.spans[0]->take_sent(5), received);
  const auto heard = heard_by(peer);
  EXPECT_EQ(heard, Octets(800, 0xFF));
  ASSERT_TRUE(rig.engine->post(LoopCircuit{.circuit = kCircuit, .on = false}));
  received.clear();
  rig.tick(10);
  EXPECT_EQ(heard_by(peer), received) << "no gain touches it";
  ASSERT_TRUE(rig.engine->post(CloseSession{.session = {1}}));
  rig.tick(2);
  ASSERT_TRUE(rig.engine->post(LoopCircuit{.circuit = kCircuit}));
  rig.tick(2);
  rig.spans[0]->take_sent(5);
  received.clear();
  rig.tick(2);
  EXPECT_EQ(rig.spans[0]->take_sent(5), received);
}

class CheckAndPatch : public testing::TestWithParam<bool> {};

// Whichever span comes first in the tick.
TEST_P(CheckAndPatch, a_patch_has_silence_meanwhile_and_is_there_afterwards) {
  Rig rig({SpanSetup{}, SpanSetup{.type = tdm::SpanType::t1, .media = {.law = Law::mu}}});
  const auto checked = GetParam() ? kCircuit : kOther;
  const auto patched = GetParam() ? kOther : kCircuit;
  const auto law = [](Circuit circuit) { return circuit == kCircuit ? Law::a : Law::mu; };
  for (const auto circuit : {kCircuit, kOther})
    rig.spans[circuit.span]->set_source(circuit.timeslot, Sine{.hz = 700, .law = law(circuit)});
  const auto sent = [&](Circuit circuit) { return rig.spans[circuit.span]->take_sent(circuit.timeslot); };
  ASSERT_TRUE(rig.engine->post(CheckContinuity{.circuit = checked}));
  ASSERT_TRUE(rig.engine->post(PatchCircuits{.a = kCircuit, .b = kOther}));
  rig.tick(10);
  EXPECT_EQ(sent(checked), check_tone(law(checked), 800));
  EXPECT_LT(rms(linear(law(patched), sent(patched))), 10) << "silence of the other law";
  // A tone to the other circuit is heard there, and only there.
  ASSERT_TRUE(rig.engine->post(PlayTone{.circuit = patched, .tone = Tone::dial}));
  rig.tick(10);
  EXPECT_GT(rms(linear(law(patched), sent(patched))), 1000);
  ASSERT_TRUE(rig.engine->post(PlayTone{.circuit = patched, .tone = Tone::none}));
  ASSERT_TRUE(rig.engine->post(CheckContinuity{.circuit = checked, .on = false}));
  rig.tick(3);
  sent(checked);
  sent(patched);
  rig.tick(10);
  EXPECT_GT(sine_snr(linear(law(checked), sent(checked)), 700), 30);
  EXPECT_GT(sine_snr(linear(law(patched), sent(patched)), 700), 30);
  // And while it is there.
  ASSERT_TRUE(rig.engine->post(LoopCircuit{.circuit = checked}));
  rig.tick(10);
  EXPECT_LT(rms(linear(law(patched), sent(patched))), 10);
  EXPECT_GT(sine_snr(linear(law(checked), sent(checked)), 700), 30) << "its own";
  ASSERT_TRUE(rig.engine->post(PatchCircuits{.a = kCircuit, .b = kOther, .on = false}));
  ASSERT_TRUE(rig.engine->post(LoopCircuit{.circuit = checked, .on = false}));
  rig.tick(2);
  EXPECT_TRUE(silent(law(checked), sent(checked)));
  EXPECT_TRUE(silent(law(patched), sent(patched)));
}
INSTANTIATE_TEST_SUITE_P(EitherEnd, CheckAndPatch, testing::Bool());

TEST(CheckAndCall, a_recording_runs_on_unheard_and_its_end_is_told) {
  EngineConfig config;
  config.recordings = {{.name = "short", .samples = std::vector<std::int16_t>(1600, 8000)}};
  Rig rig({SpanSetup{}}, config);
  ASSERT_TRUE(rig.engine->post(CheckContinuity{.circuit = kCircuit}));
  ASSERT_TRUE(rig.engine->post(PlayRecording{.circuit = kCircuit, .recording = RecordingId{0}}));
  rig.tick(30);
  EXPECT_EQ(rig.spans[0]->take_sent(5), check_tone(Law::a, 2400));
  EXPECT_EQ(rig.take<PlaybackEnded>().size(), 1U);
  // What still plays when the check ends is heard.
  ASSERT_TRUE(rig.engine->post(PlayTone{.circuit = kCircuit, .tone = Tone::ringback}));
  rig.tick(5);
  EXPECT_TRUE(rig.engine->post(CheckContinuity{.circuit = kCircuit, .on = false}));
  rig.spans[0]->take_sent(5);
  rig.tick(5);
  EXPECT_GT(rms(linear(Law::a, rig.spans[0]->take_sent(5))), 1000);
}

TEST(CheckAndCall, no_d_channel_moves_to_a_timeslot_with_a_check) {
  EngineConfig config;
  config.d_channels = {{.span = 0, .timeslot = 16}};
  Rig rig({SpanSetup{}}, config);
  ASSERT_TRUE(rig.engine->post(CheckContinuity{.circuit = kCircuit}));
  ASSERT_TRUE(rig.engine->post(MoveDChannel{.d_channel = 0, .circuit = kCircuit}));
  rig.tick(10);
  EXPECT_EQ(rig.spans[0]->take_sent(5), check_tone(Law::a, 800));
  EXPECT_FALSE(silent(Law::a, rig.spans[0]->take_sent(16)));
  ASSERT_TRUE(rig.engine->post(CheckContinuity{.circuit = kCircuit, .on = false}));
  ASSERT_TRUE(rig.engine->post(MoveDChannel{.d_channel = 0, .circuit = kCircuit}));
  rig.tick(10);
  EXPECT_FALSE(silent(Law::a, rig.spans[0]->take_sent(5)));
  EXPECT_TRUE(silent(Law::a, rig.spans[0]->take_sent(16)));
}

TEST(CheckAndCall, gains_are_as_before_when_it_has_ended) {
  Rig rig({SpanSetup{.media = {.send_gain = {-6}}}});
  doubles::FakeRtp peer;
  Stream stream;
  rig.open(1, kCircuit, peer);
  ASSERT_TRUE(rig.engine->post(LoopCircuit{.circuit = kCircuit}));
  talk(rig, peer, stream, 5);
  ASSERT_TRUE(rig.engine->post(LoopCircuit{.circuit = kCircuit, .on = false}));
  talk(rig, peer, stream, 20);
  const auto sent = rig.spans[0]->take_sent(5);
  EXPECT_NEAR(dsp::decode_octet(Law::a, sent.back()), dsp::decode_octet(Law::a, 0x2A) / 2.0, 60);
}

}  // namespace
}  // namespace tandem::media
