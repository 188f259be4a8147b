// The peer's clock is not the timeslots': what is heard follows it without a click.
#include <functional>
#include <map>

#include "gateway/base/random.h"
#include "gateway/media/receiver.h"
#include "tests/unit/media/rig.h"

namespace tandem::media {
namespace {

/// A peer whose clock is `ppm` faster than ours, over a network, into a receiver; all in virtual time.
struct Drift {
  using Source = std::function<double()>;

  doubles::FakeRtp transport;
  dsp::ToneTable tones;
  Receiver receiver{tones};
  Stream stream;
  Source source;
  double peer_ms = 0;  ///< when its next packet is due, by our clock
  double packet_ms;
  Time now{};
  std::vector<double> played;
  std::int32_t least_depth = 1 << 20;
  std::int32_t most_depth = -(1 << 20);
  std::function<int()> delay_ticks = [] { return 0; };
  std::function<bool()> lost = [] { return false; };
  std::multimap<int, Octets> wire;
  int tick = 0;

  Drift(double ppm, Source what) : source(std::move(what)), packet_ms(20 / (1 + ppm * 1e-6)) {
    receiver.open({});
    receiver.configure(Rig::parameters());
  }
  void run(int ticks) {
    for (const int end = tick + ticks; tick < end; ++tick, now += kTick) {
      while (peer_ms <= tick * 10.0) {
        Octets payload(160);
        for (auto& octet : payload)
          octet = dsp::encode_sample(Law::a, static_cast<std::int16_t>(std::lrint(source())));
        auto packet = stream.packet(payload);
        if (!lost()) wire.emplace(tick + delay_ticks(), std::move(packet));
        peer_ms += packet_ms;
      }
      while (!wire.empty() && wire.begin()->first <= tick) {
        transport.rtp_waiting.push_back(wire.begin()->second);
        wire.erase(wire.begin());
      }
      receiver.receive(transport, nullptr, now);
      Block block;
      receiver.play(block);
      if (tick % 2 == 1 && tick > 10) {
        least_depth = std::min(least_depth, receiver.buffer().depth());
        most_depth = std::max(most_depth, receiver.buffer().depth());
      }
      for (const auto octet : block) played.push_back(dsp::decode_octet(Law::a, octet));
    }
  }
};

Drift::Source sine(double hz, double amplitude) {
  return [hz, amplitude, at = 0.0]() mutable {
    at += hz / 8000;
    return amplitude * std::sin(2 * std::numbers::pi * at);
  };
}

/// Noise through a resonance that comes and goes as syllables do.
Drift::Source speech() {
  return [random = SeededRandom(3), a = 0.0, b = 0.0, at = 0]() mutable {
    const double envelope = std::max(0.0, std::sin(2 * std::numbers::pi * ++at / 8000.0 * 0.9));
    const double noise = static_cast<double>(static_cast<std::int64_t>(random.next()) >> 40) / 8388608.0;
    const double next = 1.82 * a - 0.91 * b + noise * 900;
    b = a;
    a = next;
    return std::clamp(envelope * next, -30000.0, 30000.0);
  };
}

/// How far each sample lies from what a tone's two before it say: a click stands out by far.
double worst_step(const std::vector<double>& samples, std::size_t from, double hz) {
  const double c = 2 * std::cos(2 * std::numbers::pi * hz / 8000);
  double worst = 0;
  for (std::size_t i = from + 2; i < samples.size(); ++i)
    worst = std::max(worst, std::abs(samples[i] - c * samples[i - 1] + samples[i - 2]));
  return worst;
}

double worst_bend(const std::vector<double>& samples, std::size_t from) {
  double worst = 0;
  for (std::size_t i = from + 2; i < samples.size(); ++i)
    worst = std::max(worst, std::abs(samples[i] - 2 * samples[i - 1] + samples[i - 2]));
  return worst;
}

constexpr int kTenMinutes = 60'000;  // ticks

class ClockDrift : public testing::TestWithParam<double> {};

TEST_P(ClockDrift, of_200_ppm_is_followed_for_ten_minutes_of_a_tone_without_a_click) {
  Drift drift(GetParam(), sine(1004, 8000));
  drift.run(kTenMinutes);
  const auto& counters = drift.receiver.buffer().counters();
  // Twice A-law's quantising, in three terms: 870 at most. A sample left out makes some 6000.
  EXPECT_LT(worst_step(drift.played, 1600, 1004), 900);
  EXPECT_EQ(counters.late, 0U);
  EXPECT_EQ(counters.inserted, 0U);
  EXPECT_EQ(counters.dropped, 0U);
  // 200 ppm of ten minutes are 960 samples; what is not yet seen or corrected is less than two blocks.
  EXPECT_NEAR(static_cast<double>(counters.slipped), std::abs(GetParam()) * 1e-6 * 600 * 8000, 170);
  EXPECT_GE(drift.least_depth, 80);
  EXPECT_LE(drift.most_depth, 80 + 160 + 170);
}

TEST_P(ClockDrift, of_200_ppm_is_followed_for_ten_minutes_of_speech_without_a_click) {
  Drift drift(GetParam(), speech());
  Drift straight(0, speech());
  drift.run(kTenMinutes);
  straight.run(kTenMinutes);
  EXPECT_LT(worst_bend(drift.played, 1600), worst_bend(straight.played, 1600) * 1.15);
  EXPECT_NEAR(rms(drift.played), rms(straight.played), rms(straight.played) * 0.01);
  EXPECT_EQ(drift.receiver.buffer().counters().late, 0U);
  EXPECT_GE(drift.least_depth, 80);
  EXPECT_LE(drift.most_depth, 80 + 160 + 170);
}

INSTANTIATE_TEST_SUITE_P(BothWays, ClockDrift, testing::Values(200.0, -200.0, 37.0, -37.0));

TEST(ClockDrift, without_any_every_octet_is_the_peers) {
  std::uint8_t next = 0;
  Drift drift(0, [] { return 0.0; });
  for (int i = 0; i < 3000; ++i) {
    Octets payload(160);
    for (auto& octet : payload) octet = next++;
    drift.transport.rtp_waiting.push_back(drift.stream.packet(payload));
    for (int t = 0; t < 2; ++t) {
      drift.receiver.receive(drift.transport, nullptr, drift.now += kTick);
      Block block;
      drift.receiver.play(block);
      for (std::size_t k = 0; i > 1 && k < 80; ++k)
        ASSERT_EQ(block[k], static_cast<Octet>((i - 1) * 160 + t * 80 + static_cast<int>(k)));
    }
  }
  EXPECT_EQ(drift.receiver.buffer().counters().slipped, 0U);
}

TEST(ClockDrift, the_pitch_stays_within_seven_parts_in_a_thousand) {
  // A step of the network's delay by 60 ms, in the middle of a tone: the fastest correction that there is.
  Drift drift(0, sine(1004, 8000));
  drift.run(500);
  drift.peer_ms -= 60;  // all packets come 60 ms earlier from here
  drift.run(6000);
  EXPECT_GT(drift.receiver.buffer().counters().slipped, 300U);
  EXPECT_LT(worst_step(drift.played, 1600, 1004), 900 + 8000 * 2 * std::numbers::pi * 1004 / 8000 * 0.007);
  EXPECT_LE(drift.receiver.buffer().depth(), 80 + 160 + 80);
}

TEST(ClockDrift, jitter_of_50_ms_and_200_ppm_at_once_lose_nothing_once_the_depth_is_found) {
  for (const double ppm : {200.0, -200.0}) {
    Drift drift(ppm, speech());
    drift.delay_ticks = [random = SeededRandom(8)]() mutable { return static_cast<int>(random.next() % 6); };
    drift.run(2000);
    const auto late = drift.receiver.buffer().counters().late;
    drift.run(28'000);
    EXPECT_LE(drift.receiver.buffer().counters().late - late, 28U) << "two in a thousand at most: " << ppm;
    EXPECT_LE(drift.most_depth, 1600 + 160);
  }
}

TEST(ClockDrift, bursts_of_loss_and_pauses_do_not_lead_it_astray) {
  for (const double ppm : {200.0, -200.0}) {
    Drift drift(ppm, sine(1004, 8000));
    int packet = 0;
    // Every 10 s five packets in a row are lost; each half minute 4 s are a pause.
    drift.lost = [&packet] {
      ++packet;
      return packet % 500 < 5 || packet % 1500 < 200;
    };
    drift.run(kTenMinutes / 2);
    EXPECT_LE(drift.receiver.buffer().counters().late, 12U);
    EXPECT_GE(drift.least_depth, -200 * 160 - 400);
    EXPECT_LE(drift.most_depth, 80 + 160 + 170);
    EXPECT_LT(drift.receiver.buffer().counters().inserted, 12U);
  }
}

TEST(SourceChange, a_new_ssrc_a_jump_of_the_timestamp_and_a_silent_peer_fade_and_do_not_click) {
  Drift drift(0, sine(300, 8000));
  drift.run(200);
  drift.stream.ssrc += 1;
  drift.run(200);
  drift.stream.timestamp += 5'000'000;
  drift.run(200);
  drift.lost = [] { return true; };
  drift.run(200);
  // A tone of 300 Hz rises by 1900 a sample at most; cut off at its peak it falls by 8000 at once.
  double worst = 0;
  for (std::size_t i = 400; i + 1 < drift.played.size(); ++i)
    worst = std::max(worst, std::abs(drift.played[i + 1] - drift.played[i]));
  EXPECT_LT(worst, 2600);
  EXPECT_EQ(drift.receiver.buffer().counters().restarts, 1U);
}

}  // namespace
}  // namespace tandem::media
