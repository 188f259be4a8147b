#include "tests/unit/media/rig.h"

namespace tandem::media {
namespace {

constexpr Circuit kCircuit{.span = 0, .timeslot = 5};

TEST(AudioToRtp, equal_laws_pass_every_octet_bit_for_bit) {
  Rig rig;
  doubles::FakeRtp peer;
  rig.open(1, kCircuit, peer);
  Octet next = 0;
  rig.spans[0]->set_source(5, [&](std::span<Octet> out) {
    for (auto& octet : out) octet = next++;
  });
  rig.tick(20);
  ASSERT_EQ(peer.rtp_sent.size(), 10U);
  Octet want = 0;
  std::uint16_t sequence = 100;
  std::uint32_t timestamp = 5000;
  for (const auto& octets : peer.rtp_sent) {
    const auto packet = parsed(octets);
    EXPECT_EQ(packet.header.sequence, sequence++);
    EXPECT_EQ(packet.header.timestamp, timestamp);
    EXPECT_EQ(packet.header.marker, timestamp == 5000);
    EXPECT_EQ(packet.header.payload_type, 8);
    EXPECT_EQ(packet.header.ssrc, 0xA0000001U);
    ASSERT_EQ(packet.payload.size(), 160U);
    // The first block rises from silence.
    for (std::size_t i = 0; i < 160; ++i, ++want) {
      const bool rises = timestamp == 5000 && i < 80;
      ASSERT_TRUE(rises || packet.payload[i] == want);
    }
    timestamp += 160;
  }
}

class Ptime : public testing::TestWithParam<int> {};

TEST_P(Ptime, packets_hold_as_much_as_was_negotiated) {
  Rig rig;
  doubles::FakeRtp peer;
  auto p = Rig::parameters();
  p.ptime_ms = GetParam();
  rig.open(1, kCircuit, peer, p);
  rig.tick(30);
  const auto samples = static_cast<std::size_t>(GetParam()) * 8;
  ASSERT_EQ(peer.rtp_sent.size(), 300U / static_cast<std::size_t>(GetParam()));
  EXPECT_EQ(parsed(peer.rtp_sent[1]).payload.size(), samples);
  EXPECT_EQ(parsed(peer.rtp_sent[1]).header.timestamp - parsed(peer.rtp_sent[0]).header.timestamp, samples);
}

INSTANTIATE_TEST_SUITE_P(All, Ptime, testing::Values(10, 20, 30, 40, 50, 60));

TEST(AudioToRtp, other_laws_are_transcoded_by_the_table) {
  Rig rig;
  doubles::FakeRtp peer;
  rig.open(1, kCircuit, peer, Rig::parameters(Law::mu));
  rig.spans[0]->set_source(5, [](std::span<Octet> out) { std::fill(out.begin(), out.end(), Octet{0x2A}); });
  rig.tick(2);
  const auto packet = parsed(peer.rtp_sent.at(0));
  EXPECT_EQ(packet.header.payload_type, 0);
  EXPECT_EQ(packet.payload[80], dsp::transcode_table(Law::a, Law::mu)[0x2A]) << "behind the block that rises";
}

TEST(AudioToRtp, the_timestamp_goes_on_while_nothing_is_sent_and_a_marker_begins_again) {
  Rig rig;
  doubles::FakeRtp peer;
  rig.open(1, kCircuit, peer);
  rig.tick(4);
  const auto before = parsed(peer.rtp_sent.back()).header;
  auto held = Rig::parameters();
  held.send = false;
  ASSERT_TRUE(rig.engine->post(SetParameters{.session = {1}, .parameters = held}));
  peer.rtp_sent.clear();
  rig.tick(100);
  EXPECT_TRUE(peer.rtp_sent.empty());
  ASSERT_TRUE(rig.engine->post(SetParameters{.session = {1}, .parameters = Rig::parameters()}));
  rig.tick(4);
  ASSERT_EQ(peer.rtp_sent.size(), 2U);
  const auto after = parsed(peer.rtp_sent[0]).header;
  EXPECT_TRUE(after.marker);
  EXPECT_FALSE(parsed(peer.rtp_sent[1]).header.marker);
  EXPECT_EQ(after.sequence, before.sequence + 1);
  EXPECT_EQ(after.timestamp, before.timestamp + 160 + 100 * 80);
}

TEST(AudioToRtp, nothing_is_sent_before_it_is_cut_through_or_to_an_unspecified_address) {
  Rig rig;
  doubles::FakeRtp closed;
  rig.open(1, kCircuit, closed, Rig::parameters(), false, false);
  doubles::FakeRtp nowhere;
  auto p = Rig::parameters();
  p.remote_rtp = {};
  rig.open(2, {.span = 0, .timeslot = 6}, nowhere, p);
  rig.tick(10);
  EXPECT_TRUE(closed.rtp_sent.empty());
  EXPECT_TRUE(nowhere.rtp_sent.empty());
}

TEST(AudioToRtp, a_changed_ptime_law_and_address_take_effect_in_mid_call) {
  Rig rig;
  doubles::FakeRtp peer;
  rig.open(1, kCircuit, peer);
  rig.tick(5);
  auto p = Rig::parameters(Law::mu);
  p.ptime_ms = 30;
  p.remote_rtp.port = 5004;
  ASSERT_TRUE(rig.engine->post(SetParameters{.session = {1}, .parameters = p}));
  peer.rtp_sent.clear();
  rig.tick(9);
  ASSERT_EQ(peer.remotes.size(), 2U);
  EXPECT_EQ(peer.remotes[1].port, 5004);
  ASSERT_EQ(peer.rtp_sent.size(), 3U);
  const auto packet = parsed(peer.rtp_sent[0]);
  EXPECT_EQ(packet.payload.size(), 240U);
  EXPECT_EQ(packet.header.payload_type, 0);
  EXPECT_EQ(packet.payload[0], dsp::transcode_table(Law::a, Law::mu)[0xD5]);
  // The same parameters again are no reason to connect the sockets again.
  ASSERT_TRUE(rig.engine->post(SetParameters{.session = {1}, .parameters = p}));
  rig.tick();
  EXPECT_EQ(peer.remotes.size(), 2U);
}

TEST(AudioToRtp, a_span_that_is_down_sends_silence_and_says_so) {
  Rig rig;
  doubles::FakeRtp peer;
  rig.open(1, kCircuit, peer);
  rig.spans[0]->set_source(5, [](std::span<Octet> out) { std::fill(out.begin(), out.end(), Octet{0xFF}); });
  rig.spans[0]->set_alarms({.red = true});
  rig.tick(2);
  for (const auto octet : parsed(peer.rtp_sent.at(0)).payload) ASSERT_EQ(octet, 0xD5);
  auto alarms = rig.take<SpanAlarms>();
  ASSERT_EQ(alarms.size(), 1U);
  EXPECT_TRUE(alarms[0].alarms.red);
  rig.spans[0]->set_alarms({});
  rig.tick(2);
  alarms = rig.take<SpanAlarms>();
  ASSERT_EQ(alarms.size(), 1U);
  EXPECT_FALSE(alarms[0].alarms.any());
  EXPECT_EQ(parsed(peer.rtp_sent.at(1)).payload[0], 0xFF);
}

TEST(AudioToTimeslot, equal_laws_pass_every_octet_bit_for_bit_with_20_ms_of_delay) {
  Rig rig;
  doubles::FakeRtp peer;
  rig.open(1, kCircuit, peer);
  Stream stream;
  Octet next = 0;
  for (int i = 0; i < 50; ++i) {
    Octets payload(160);
    for (auto& octet : payload) octet = next++;
    peer.rtp_waiting.push_back(stream.packet(payload, i == 0));
    rig.tick(2);
  }
  const auto sent = rig.spans[0]->take_sent(5);
  // The first packet waits for two blocks: the jitter buffer's minimum.
  for (std::size_t i = 0; i < 160; ++i) ASSERT_EQ(sent[i], 0xD5) << i;
  Octet want = 0;
  for (std::size_t i = 160; i < sent.size(); ++i) ASSERT_EQ(sent[i], want++) << i;
  EXPECT_EQ(rig.take<RtpStarted>().size(), 1U);
}

TEST(AudioToTimeslot, other_laws_are_transcoded_even_where_the_peer_changes_between_the_static_types) {
  Rig rig;
  doubles::FakeRtp peer;
  rig.open(1, kCircuit, peer, Rig::parameters(Law::mu));
  Stream stream{.payload_type = 0};
  const Octets payload(160, 0x80);
  peer.rtp_waiting.push_back(stream.packet(payload));
  rig.tick(2);
  stream.payload_type = 8;
  peer.rtp_waiting.push_back(stream.packet(payload));
  rig.tick(4);
  const auto sent = rig.spans[0]->take_sent(5);
  EXPECT_EQ(sent.at(160), dsp::transcode_table(Law::mu, Law::a)[0x80]);
  EXPECT_EQ(sent.at(320), 0x80);
}

TEST(AudioToTimeslot, packets_of_10_20_and_30_ms_may_be_mixed) {
  Rig rig;
  doubles::FakeRtp peer;
  rig.open(1, kCircuit, peer);
  Stream stream;
  Octet next = 0;
  int wait = 1;
  const std::array sizes{80, 160, 240, 160, 80, 80, 240};
  std::size_t at = 0;
  for (int tick = 0; tick < 60; ++tick) {
    if (--wait == 0) {
      const auto size = static_cast<std::size_t>(sizes[at++ % sizes.size()]);
      Octets payload(size);
      for (auto& octet : payload) octet = next++;
      peer.rtp_waiting.push_back(stream.packet(payload));
      wait = static_cast<int>(size / 80);
    }
    rig.tick();
  }
  const auto sent = rig.spans[0]->take_sent(5);
  Octet want = 0;
  for (std::size_t i = 160; i < sent.size(); ++i) ASSERT_EQ(sent[i], want++) << i;
}

TEST(AudioToTimeslot, unused_and_closed_timeslots_carry_the_idle_octet_of_their_law) {
  Rig rig({SpanSetup{}, SpanSetup{.type = tdm::SpanType::t1, .media = {.law = Law::mu}}});
  doubles::FakeRtp peer;
  rig.open(1, kCircuit, peer, Rig::parameters(), true, false);
  Stream stream;
  peer.rtp_waiting.push_back(stream.packet(Octets(160, 0x11)));
  rig.tick(6);
  for (const auto octet : rig.spans[0]->take_sent(5)) ASSERT_EQ(octet, 0xD5);
  for (const auto octet : rig.spans[0]->take_sent(31)) ASSERT_EQ(octet, 0xD5);
  for (const auto octet : rig.spans[1]->take_sent(24)) ASSERT_EQ(octet, 0xFF);
}

TEST(AudioToTimeslot, gains_are_applied_in_their_direction_only) {
  Rig rig({SpanSetup{.media = {.law = Law::a, .receive_gain = {-6.0F}, .send_gain = {3.0F}}}});
  doubles::FakeRtp peer;
  rig.open(1, kCircuit, peer);
  rig.spans[0]->set_source(5, Sine{});
  Stream stream;
  Sine far_end;
  for (int i = 0; i < 100; ++i) {
    Octets payload(160);
    far_end(payload);
    peer.rtp_waiting.push_back(stream.packet(payload));
    rig.tick(2);
  }
  Octets received;
  for (std::size_t i = 50; i < 100; ++i) {
    const auto packet = parsed(peer.rtp_sent[i]);
    received.insert(received.end(), packet.payload.begin(), packet.payload.end());
  }
  const double level = 8000 / std::numbers::sqrt2;
  EXPECT_NEAR(20 * std::log10(rms(linear(Law::a, received)) / level), -6.0, 0.1);
  EXPECT_GT(sine_snr(linear(Law::a, received), 1004), 33);  // two quantisations
  auto sent = rig.spans[0]->take_sent(5);
  sent.erase(sent.begin(), sent.begin() + 8000);
  EXPECT_NEAR(20 * std::log10(rms(linear(Law::a, sent)) / level), 3.0, 0.1);
  EXPECT_GT(sine_snr(linear(Law::a, sent), 1004), 33);
}

TEST(AudioToTimeslot, quality_and_delay_through_two_engines_are_those_of_the_buffer_and_one_packet) {
  // Timeslot -> engine -> RTP -> engine -> timeslot; a click measures the delay, a tone the quality.
  Rig a;
  Rig b({SpanSetup{.media = {.law = Law::mu}}});
  doubles::FakeRtp rtp_a;
  doubles::FakeRtp rtp_b;
  a.open(1, kCircuit, rtp_a);
  b.open(1, kCircuit, rtp_b);
  std::uint64_t at = 0;
  a.spans[0]->set_source(5, [&](std::span<Octet> out) {
    for (auto& octet : out) octet = at++ == 16000 ? 0x2A : 0xD5;
  });
  const auto run = [&](int ticks) {
    for (int i = 0; i < ticks; ++i) {
      a.tick();
      while (auto packet = rtp_a.pop_rtp()) rtp_b.rtp_waiting.push_back(*packet);
      b.tick();
    }
  };
  run(300);
  const auto click = linear(Law::mu, b.spans[0]->take_sent(5));
  const auto peak = std::max_element(click.begin(), click.end(),
                                     [](double x, double y) { return std::abs(x) < std::abs(y); });
  const auto delay = peak - click.begin() - 16000;
  EXPECT_GE(delay, 160);
  EXPECT_LE(delay, 320);  // 40 ms: packing, the tick and the buffer's 20 ms
  a.spans[0]->set_source(5, Sine{});
  run(20);
  b.spans[0]->take_sent(5);
  run(200);
  const auto tone = linear(Law::mu, b.spans[0]->take_sent(5));
  EXPECT_NEAR(20 * std::log10(rms(tone) / (8000 / std::numbers::sqrt2)), 0.0, 0.3);  // table 4's steps
  EXPECT_GT(sine_snr(tone, 1004), 33);
}

}  // namespace
}  // namespace tandem::media
