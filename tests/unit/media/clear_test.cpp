// 64 kbit/s unrestricted (RFC 4040), sessions without circuit, and peers that change their payload type.
#include "gateway/base/random.h"
#include "tests/unit/media/rig.h"

namespace tandem::media {
namespace {

constexpr Circuit kCircuit{.span = 0, .timeslot = 5};

RtpParameters clear_parameters() {
  auto p = Rig::parameters();
  p.payload = Payload::clearmode;
  p.payload_type = 97;
  p.receive_types[0] = {.payload_type = 97, .payload = Payload::clearmode};
  p.receive_type_count = 1;
  return p;
}

/// Random octets for a timeslot, kept for comparison.
struct Data {
  explicit Data(std::uint64_t seed) : random(seed) {}
  SeededRandom random;
  Octets sent;
  void feed(doubles::FakeSpan& span, int timeslot) {
    span.set_source(timeslot, [this](std::span<Octet> out) {
      for (auto& octet : out) octet = static_cast<Octet>(random.next());
      sent.insert(sent.end(), out.begin(), out.end());
    });
  }
};

/// Whether `received` is all of `sent` but its end, behind idle octets.
testing::AssertionResult arrives_whole(const Octets& sent, const Octets& received, std::size_t delay) {
  if (received.size() <= delay) return testing::AssertionFailure() << "nothing";
  const auto count = received.size() - delay;
  if (!std::equal(received.begin() + static_cast<std::ptrdiff_t>(delay), received.end(), sent.begin(),
                  sent.begin() + static_cast<std::ptrdiff_t>(count)))
    return testing::AssertionFailure() << "octets differ";
  return testing::AssertionSuccess();
}

TEST(ClearChannel, random_octets_cross_two_sessions_back_to_back_bit_for_bit) {
  // Gains, another law and digits asked for: none of it may matter.
  Rig a({SpanSetup{.media = {.law = Law::a, .receive_gain = {6}, .send_gain = {-6}}}});
  Rig b({SpanSetup{.type = tdm::SpanType::t1,
                   .media = {.law = Law::mu, .receive_gain = {3}, .send_gain = {3}}}});
  doubles::RingRtp left;
  doubles::RingRtp right;
  left.join(right);
  auto p = clear_parameters();
  p.send_event_type = p.receive_event_type = 101;
  p.comfort_noise = p.suppress_silence = true;
  for (auto* side : {&a, &b}) {
    side->engine->post(OpenSession{
        .session = {1}, .circuit = kCircuit, .transport = side == &a ? &left : &right, .ssrc = 77});
    side->engine->post(SetParameters{.session = {1}, .parameters = p});
    side->engine->post(ThroughConnect{.session = {1}, .to_rtp = true, .to_timeslot = true});
  }
  Data forth(1);
  Data back(2);
  forth.feed(*a.spans[0], 5);
  back.feed(*b.spans[0], 5);
  for (int i = 0; i < 3000; ++i) {
    a.tick();
    b.tick();
  }
  const auto at_b = b.spans[0]->take_sent(5);
  const auto at_a = a.spans[0]->take_sent(5);
  const auto delay = [](const Octets& out) {
    return static_cast<std::size_t>(std::find_if(out.begin(), out.end(), [](Octet o) { return o != 0xFF; }) -
                                    out.begin());
  };
  EXPECT_LE(delay(at_b), 400U);
  // Random octets may begin with ones: the delay is whole blocks.
  EXPECT_TRUE(arrives_whole(forth.sent, at_b, delay(at_b) / 80 * 80));
  EXPECT_TRUE(arrives_whole(back.sent, at_a, delay(at_a) / 80 * 80));
  EXPECT_TRUE(a.take<Digit>().empty());
}

TEST(ClearChannel, what_is_lost_is_ones_and_nothing_else_moves) {
  Rig rig;
  doubles::FakeRtp peer;
  rig.open(1, kCircuit, peer, clear_parameters());
  Stream stream;
  stream.payload_type = 97;
  SeededRandom random(3);
  Octets want;
  for (int i = 0; i < 200; ++i) {
    Octets payload(160);
    for (auto& octet : payload) octet = static_cast<Octet>(random.next() % 0xFF);
    const auto packet = stream.packet(payload);
    const bool lost = i % 10 == 7;
    if (!lost) peer.rtp_waiting.push_back(packet);
    if (lost) payload.assign(160, 0xFF);
    want.insert(want.end(), payload.begin(), payload.end());
    rig.tick(2);
  }
  EXPECT_TRUE(arrives_whole(want, rig.spans[0]->take_sent(5), 160));
}

TEST(ClearChannel, audio_types_are_not_taken_for_data_nor_data_for_audio) {
  Rig rig;
  doubles::FakeRtp peer;
  rig.open(1, kCircuit, peer, clear_parameters());
  Stream stream;  // PCMA
  for (int i = 0; i < 10; ++i) {
    peer.rtp_waiting.push_back(stream.packet(Octets(160, 0x34)));
    rig.tick(2);
  }
  for (const auto octet : rig.spans[0]->take_sent(5)) ASSERT_EQ(octet, 0xFF);
  auto p = Rig::parameters();
  p.receive_types[0] = {.payload_type = 97, .payload = Payload::clearmode};
  p.receive_type_count = 1;
  rig.engine->post(SetParameters{.session = {1}, .parameters = p});
  stream.payload_type = 97;
  for (int i = 0; i < 10; ++i) {
    peer.rtp_waiting.push_back(stream.packet(Octets(160, 0x34)));
    rig.tick(2);
  }
  for (const auto octet : rig.spans[0]->take_sent(5)) ASSERT_EQ(octet, 0xD5);
}

TEST(ClearChannel, hears_no_tone_recording_or_digit_and_is_ones_before_it_is_cut_through) {
  EngineConfig config;
  config.recordings = {{.name = "a", .samples = std::vector<std::int16_t>(8000, 1000)}};
  Rig rig({SpanSetup{}}, config);
  doubles::FakeRtp peer;
  rig.open(1, kCircuit, peer, clear_parameters(), false, false);
  rig.tick();
  rig.spans[0]->take_sent(5);
  rig.engine->post(PlayTone{.circuit = kCircuit, .tone = Tone::busy});
  rig.tick(5);
  rig.engine->post(PlayRecording{.circuit = kCircuit, .recording = RecordingId{0}});
  rig.engine->post(PlayToPeer{.session = {1}, .tone = Tone::busy});
  rig.engine->post(PlayDigit{.session = {1}, .digit = '5'});
  rig.tick(5);
  for (const auto octet : rig.spans[0]->take_sent(5)) ASSERT_EQ(octet, 0xFF);
  EXPECT_TRUE(peer.rtp_sent.empty());
}

TEST(ClearChannel, becomes_audio_again_with_the_next_call) {
  Rig rig({SpanSetup{.media = {.law = Law::a, .receive_gain = {-6}}}});
  doubles::FakeRtp peer;
  rig.open(1, kCircuit, peer, clear_parameters());
  rig.spans[0]->set_source(5, [](std::span<Octet> out) { std::fill(out.begin(), out.end(), Octet{0x34}); });
  rig.tick(4);
  EXPECT_EQ(parsed(peer.rtp_sent.back()).payload[0], 0x34);
  EXPECT_EQ(parsed(peer.rtp_sent.back()).header.payload_type, 97);
  rig.engine->post(CloseSession{.session = {1}});
  rig.open(2, kCircuit, peer);
  rig.tick(6);
  EXPECT_NE(parsed(peer.rtp_sent.back()).payload[0], 0x34) << "the gain is back";
}

TEST(ClearChannel, a_clear_patch_is_bit_exact_between_different_laws_and_gains) {
  Rig rig({SpanSetup{.media = {.law = Law::a, .receive_gain = {6}}},
           SpanSetup{.type = tdm::SpanType::t1, .media = {.law = Law::mu, .send_gain = {6}}}});
  const Circuit b{.span = 1, .timeslot = 3};
  rig.engine->post(PatchCircuits{.a = kCircuit, .b = b, .on = true, .clear = true});
  Data forth(4);
  Data back(5);
  forth.feed(*rig.spans[0], 5);
  back.feed(*rig.spans[1], 3);
  rig.tick(50);
  EXPECT_TRUE(arrives_whole(forth.sent, rig.spans[1]->take_sent(3), 0));
  EXPECT_TRUE(arrives_whole(back.sent, rig.spans[0]->take_sent(5), 0));
  rig.engine->post(PatchCircuits{.a = kCircuit, .b = b, .on = false});
  rig.tick();
  rig.spans[0]->take_sent(5);
  rig.tick();
  for (const auto octet : rig.spans[0]->take_sent(5)) ASSERT_EQ(octet, 0xD5);
}

TEST(ReceiveTypes, may_change_from_packet_to_packet_and_reuse_the_static_numbers) {
  Rig rig;
  doubles::FakeRtp peer;
  auto p = Rig::parameters();
  p.receive_types = {
      {{.payload_type = 96, .payload = Payload::pcma}, {.payload_type = 8, .payload = Payload::pcmu}}};
  p.receive_type_count = 2;
  rig.open(1, kCircuit, peer, p);
  Stream stream;
  for (int i = 0; i < 20; ++i) {
    stream.payload_type = i % 2 == 0 ? 96 : 8;
    peer.rtp_waiting.push_back(stream.packet(Octets(160, 0x34)));
    rig.tick(2);
  }
  const auto sent = rig.spans[0]->take_sent(5);
  const auto converted = dsp::transcode_table(Law::mu, Law::a)[0x34];
  ASSERT_NE(converted, 0x34);
  for (std::size_t i = 160; i < sent.size(); ++i)
    ASSERT_EQ(sent[i], (i / 160) % 2 == 1 ? 0x34 : converted) << i;
}

TEST(ReceiveTypes, a_count_beyond_the_array_is_its_size) {
  Rig rig;
  doubles::FakeRtp peer;
  auto p = Rig::parameters();
  p.receive_type_count = 200;
  rig.open(1, kCircuit, peer, p);
  Stream stream;
  stream.payload_type = 99;
  peer.rtp_waiting.push_back(stream.packet(Octets(160, 0x34)));
  rig.tick(6);
  for (const auto octet : rig.spans[0]->take_sent(5)) ASSERT_EQ(octet, 0xD5);
}

TEST(WithoutCircuit, a_session_plays_to_its_peer_what_it_is_told_and_closes) {
  Rig rig;
  doubles::FakeRtp peer;
  rig.open(1, {}, peer, Rig::parameters(Law::mu), false, false);
  rig.tick(10);
  EXPECT_TRUE(peer.rtp_sent.empty());
  rig.engine->post(PlayToPeer{.session = {1}, .tone = Tone::dial});
  rig.tick(30);
  ASSERT_GE(peer.rtp_sent.size(), 14U);
  Octets heard;
  for (const auto& packet : peer.rtp_sent) {
    EXPECT_EQ(parsed(packet).header.payload_type, 0);
    const auto payload = parsed(packet).payload;
    heard.insert(heard.end(), payload.begin(), payload.end());
  }
  EXPECT_GT(sine_snr(linear(Law::mu, OctetView(heard).subspan(160)), 425), 28);
  rig.engine->post(PlayToPeer{.session = {1}});
  rig.tick(3);
  const auto packets = peer.rtp_sent.size();
  rig.tick(10);
  EXPECT_EQ(peer.rtp_sent.size(), packets) << "nothing is sent any more";
  rig.engine->post(CloseSession{.session = {1}});
  rig.tick();
  const auto closed = rig.take<SessionClosed>();
  ASSERT_EQ(closed.size(), 1U);
  EXPECT_EQ(closed[0].transport, &peer);
  EXPECT_EQ(closed[0].stats.packets_sent, packets);
}

TEST(WithoutCircuit, what_is_played_waits_for_the_parameters) {
  EngineConfig config;
  config.recordings = {{.name = "a", .samples = std::vector<std::int16_t>(800, 4000)}};
  Rig rig({SpanSetup{}}, config);
  doubles::FakeRtp peer;
  rig.engine->post(OpenSession{.session = {1}, .circuit = {}, .transport = &peer});
  rig.engine->post(PlayToPeer{.session = {1}, .recording = RecordingId{0}});
  rig.tick(50);
  EXPECT_TRUE(rig.take<PlaybackEnded>().empty());
  rig.engine->post(SetParameters{.session = {1}, .parameters = Rig::parameters()});
  rig.tick(20);
  EXPECT_EQ(rig.take<PlaybackEnded>().size(), 1U);
  std::size_t loud = 0;
  for (const auto& octets : peer.rtp_sent)
    for (const double s : linear(Law::a, parsed(octets).payload)) loud += s > 3000 ? 1 : 0;
  EXPECT_GE(loud, 800U - 160);
}

TEST(WithoutCircuit, sessions_are_limited_and_their_places_are_used_again) {
  Rig rig;
  doubles::FakeRtp peer;
  for (int round = 0; round < 20; ++round) {
    for (std::uint64_t id = 1; id <= 8; ++id) rig.open(id, {}, peer);
    ASSERT_TRUE(rig.engine->post(OpenSession{.session = {99}, .circuit = {}, .transport = &peer}));
    rig.tick();
    const auto refused = rig.take<SessionClosed>();
    ASSERT_EQ(refused.size(), 1U);
    EXPECT_EQ(refused[0].session.value, 99U);
    for (std::uint64_t id = 1; id <= 8; ++id) rig.engine->post(CloseSession{.session = {id}});
    rig.tick();
    ASSERT_EQ(rig.take<SessionClosed>().size(), 8U);
  }
}

TEST(WithoutCircuit, a_peer_that_sends_is_heard_of) {
  Rig rig;
  doubles::FakeRtp peer;
  rig.open(1, {}, peer);
  Stream stream;
  peer.rtp_waiting.push_back(stream.packet(Octets(160, 0x34)));
  rig.tick(2);
  EXPECT_EQ(rig.take<RtpStarted>().size(), 1U);
}

}  // namespace
}  // namespace tandem::media
