// Comfort noise and silence suppression (RFC 3389), both ways.
#include "dsp/comfort_noise.h"
#include "gateway/base/random.h"
#include "sipt/rtp/rtcp.h"
#include "tests/unit/media/rig.h"

namespace tandem::media {
namespace {

using namespace std::chrono_literals;
constexpr Circuit kCircuit{.span = 0, .timeslot = 5};

RtpParameters with_noise(bool suppress) {
  auto p = Rig::parameters();
  p.comfort_noise = true;
  p.suppress_silence = suppress;
  return p;
}

float level_of(const Octets& octets) {
  std::vector<std::int16_t> samples(octets.size());
  dsp::decode(Law::a, octets, samples);
  return dsp::level_dbov(samples);
}

/// Talks, or makes the noise of a room.
struct Room {
  bool talks = false;
  double noise = 60;  ///< peak
  SeededRandom random{5};
  void feed(doubles::FakeSpan& span) {
    span.set_source(5, [this](std::span<Octet> out) {
      for (auto& octet : out) {
        const auto unit = static_cast<double>(static_cast<std::int64_t>(random.next()) >> 40) / 8388608.0;
        octet = dsp::encode_sample(Law::a, static_cast<std::int16_t>(unit * (talks ? 8000 : noise)));
      }
    });
  }
};

struct Sent {
  int audio = 0;
  int noise = 0;
  int markers = 0;
};
Sent count(doubles::FakeRtp& peer) {
  Sent sent;
  while (const auto octets = peer.pop_rtp()) {
    const auto packet = parsed(*octets);
    if (packet.header.payload_type == 13) {
      ++sent.noise;
      EXPECT_EQ(packet.payload.size(), 1U);
      EXPECT_FALSE(packet.header.marker);
    } else {
      ++sent.audio;
      sent.markers += packet.header.marker ? 1 : 0;
    }
  }
  return sent;
}

TEST(SilenceSuppression, sends_speech_and_describes_what_is_between) {
  Rig rig;
  doubles::FakeRtp peer;
  Room room;
  room.feed(*rig.spans[0]);
  rig.open(1, kCircuit, peer, with_noise(true));
  rig.tick(200);
  count(peer);
  rig.tick(500);
  auto sent = count(peer);
  EXPECT_EQ(sent.audio, 0);
  EXPECT_GE(sent.noise, 4) << "again and again, as one may be lost";
  EXPECT_LE(sent.noise, 8);
  room.talks = true;
  rig.tick(100);
  sent = count(peer);
  EXPECT_EQ(sent.audio, 50);
  EXPECT_EQ(sent.markers, 1) << "a talkspurt begins (RFC 3551 4.1)";
  EXPECT_EQ(sent.noise, 0);
  room.talks = false;
  rig.tick(50);
  sent = count(peer);
  EXPECT_GE(sent.audio, 9) << "200 ms more";
  EXPECT_LE(sent.audio, 11);
  EXPECT_EQ(sent.noise, 1);
}

TEST(SilenceSuppression, a_changed_background_is_told_of_but_not_all_the_time) {
  Rig rig;
  doubles::FakeRtp peer;
  Room room;
  room.feed(*rig.spans[0]);
  rig.open(1, kCircuit, peer, with_noise(true));
  rig.tick(200);
  Octet before = 0;
  while (const auto octets = peer.pop_rtp())
    if (parsed(*octets).header.payload_type == 13) before = parsed(*octets).payload[0];
  EXPECT_NEAR(before, 59, 3);  // even distribution of 60 of 32768
  room.noise = 110;
  rig.tick(60);
  Octet after = 0;
  int noise = 0;
  while (const auto octets = peer.pop_rtp()) {
    if (parsed(*octets).header.payload_type != 13) continue;
    after = parsed(*octets).payload[0];
    ++noise;
  }
  EXPECT_NEAR(after, 54, 3);
  EXPECT_GE(noise, 1);
  EXPECT_LE(noise, 3);
}

TEST(SilenceSuppression, keeps_timestamps_and_sequence_numbers_right) {
  Rig rig;
  doubles::FakeRtp peer;
  Room room;
  room.feed(*rig.spans[0]);
  rig.open(1, kCircuit, peer, with_noise(true));
  std::uint16_t sequence = 100;
  for (int i = 0; i < 20; ++i) {
    room.talks = i % 2 == 0;
    for (int t = 0; t < 50; ++t) {
      rig.tick();
      while (const auto octets = peer.pop_rtp()) {
        const auto header = parsed(*octets).header;
        EXPECT_EQ(header.sequence, sequence++);
        const auto ticks = static_cast<std::uint32_t>(rig.now.time_since_epoch() / kTick);
        EXPECT_EQ(header.timestamp, 5000 + ticks * 80 - 160);
      }
    }
  }
}

TEST(SilenceSuppression, needs_comfort_noise_to_be_negotiated) {
  Rig rig;
  doubles::FakeRtp peer;
  auto p = with_noise(true);
  p.comfort_noise = false;
  rig.open(1, kCircuit, peer, p);
  rig.tick(500);
  EXPECT_EQ(count(peer).audio, 250);
}

TEST(ComfortNoise, fills_the_pause_at_its_level_and_gives_way_to_speech) {
  Rig rig;
  doubles::FakeRtp peer;
  rig.open(1, kCircuit, peer, with_noise(false));
  Stream stream;
  for (int i = 0; i < 20; ++i) {
    peer.rtp_waiting.push_back(stream.packet(Octets(160, 0x34)));
    rig.tick(2);
  }
  stream.payload_type = 13;
  peer.rtp_waiting.push_back(stream.packet(Octets{50}));
  stream.timestamp += 159 + 200 * 80;
  rig.tick(4);
  rig.spans[0]->take_sent(5);
  rig.tick(198);
  EXPECT_NEAR(level_of(rig.spans[0]->take_sent(5)), -50, 1.5);
  stream.payload_type = 8;
  for (int i = 0; i < 20; ++i) {
    peer.rtp_waiting.push_back(stream.packet(Octets(160, 0x34)));
    rig.tick(2);
  }
  const auto sent = rig.spans[0]->take_sent(5);
  EXPECT_GE(std::count(sent.begin(), sent.end(), 0x34), 17 * 160);
  EXPECT_EQ(sent.back(), 0x34);
}

TEST(ComfortNoise, a_gap_is_no_loss_in_the_statistics) {
  Rig rig;
  doubles::FakeRtp peer;
  rig.open(1, kCircuit, peer, with_noise(false));
  Stream stream;
  for (int round = 0; round < 5; ++round) {
    stream.payload_type = 8;
    for (int i = 0; i < 20; ++i) {
      peer.rtp_waiting.push_back(stream.packet(Octets(160, 0x34)));
      rig.tick(2);
    }
    stream.payload_type = 13;
    peer.rtp_waiting.push_back(stream.packet(Octets{50}));
    stream.timestamp += 159 + 100 * 80;
    rig.tick(102);
  }
  rig.engine->post(CloseSession{.session = {1}});
  rig.tick();
  const auto stats = rig.take<SessionClosed>().at(0).stats;
  EXPECT_EQ(stats.packets_lost, 0U);
  EXPECT_EQ(stats.packets_late, 0U);
  EXPECT_EQ(stats.packets_received, 105U);
}

Octets report(std::uint32_t ssrc) {
  std::array<Octet, rtp::kMaxReport> buffer;
  const auto size = rtp::build_rtcp({.ssrc = ssrc, .sender = {}, .block = {}, .cname = "p"}, buffer);
  return {buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(size)};
}

TEST(ComfortNoise, a_silent_peer_that_reports_is_alive_and_one_that_does_not_is_missed) {
  for (const bool negotiated : {true, false}) {
    for (const bool reports : {true, false}) {
      EngineConfig config;
      config.rtp_timeout = 10s;
      Rig rig({SpanSetup{}}, config);
      doubles::FakeRtp peer;
      auto p = with_noise(false);
      p.comfort_noise = negotiated;
      rig.open(1, kCircuit, peer, p);
      Stream stream;
      peer.rtp_waiting.push_back(stream.packet(Octets(160, 0x34)));
      for (int i = 0; i < 20; ++i) {
        rig.tick(200);
        if (reports) peer.rtcp_waiting.push_back(report(stream.ssrc));
      }
      EXPECT_EQ(rig.take<RtpTimeout>().empty(), negotiated && reports);
    }
  }
}

TEST(ComfortNoise, hostile_payloads_do_no_harm) {
  Rig rig;
  doubles::FakeRtp peer;
  rig.open(1, kCircuit, peer, with_noise(false));
  SeededRandom random(6);
  Stream stream;
  stream.payload_type = 13;
  for (int i = 0; i < 500; ++i) {
    Octets payload(random.next() % 40);
    for (auto& octet : payload) octet = static_cast<Octet>(random.next());
    peer.rtp_waiting.push_back(stream.packet(payload));
    rig.tick();
  }
  EXPECT_TRUE(rig.take<RtpStarted>().empty()) << "noise is no audio";
}

}  // namespace
}  // namespace tandem::media
