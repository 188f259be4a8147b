#pragma once
// An engine with spans and RTP in memory and a clock of its own.
#include <gtest/gtest.h>

#include <cmath>
#include <memory>
#include <numbers>

#include "dsp/g711.h"
#include "gateway/media/engine.h"
#include "sipt/rtp/packet.h"
#include "tests/doubles/fake_rtp.h"
#include "tests/doubles/fake_span.h"

namespace tandem::media {

namespace rtp = sip::rtp;

struct SpanSetup {
  tdm::SpanType type = tdm::SpanType::e1;
  SpanMediaConfig media;
};

class Rig {
 public:
  explicit Rig(std::vector<SpanSetup> setups = {SpanSetup{}}, EngineConfig config = {}) {
    std::vector<tdm::Span*> pointers;
    for (const auto& setup : setups) {
      config.spans.push_back(setup.media);
      spans.push_back(std::make_unique<doubles::FakeSpan>(setup.type, dsp::silence_octet(setup.media.law)));
      pointers.push_back(spans.back().get());
    }
    engine = std::make_unique<Engine>(config, pointers);
  }

  std::vector<std::unique_ptr<doubles::FakeSpan>> spans;
  std::unique_ptr<Engine> engine;
  Time now{};

  void tick(int count = 1) {
    for (int i = 0; i < count; ++i) {
      now += kTick;
      engine->tick(now);
      for (Event event; engine->poll(event);) events.push_back(event);
    }
  }

  std::vector<Event> events;
  template <class E>
  std::vector<E> take() {
    std::vector<E> found;
    std::erase_if(events, [&](const Event& event) {
      if (const auto* e = std::get_if<E>(&event)) {
        found.push_back(*e);
        return true;
      }
      return false;
    });
    return found;
  }

  static RtpParameters parameters(Law law = Law::a) {
    return {.law = law,
            .payload_type = static_cast<std::uint8_t>(law == Law::a ? 8 : 0),
            .send_event_type = {},
            .receive_event_type = {},
            .ptime_ms = 20,
            .remote_rtp = *parse_ip("192.0.2.1", 4000),
            .remote_rtcp = *parse_ip("192.0.2.1", 4001)};
  }

  /// A session cut through both ways.
  void open(std::uint64_t id, Circuit circuit, doubles::FakeRtp& transport,
            const RtpParameters& p = parameters(), bool to_rtp = true, bool to_timeslot = true) {
    OpenSession command{.session = {id},
                        .circuit = circuit,
                        .transport = &transport,
                        .ssrc = 0xA0000000U + static_cast<std::uint32_t>(id)};
    command.first_sequence = 100;
    command.first_timestamp = 5000;
    std::copy_n("cname@test", 11, command.cname.begin());
    ASSERT_TRUE(engine->post(command));
    ASSERT_TRUE(engine->post(SetParameters{.session = {id}, .parameters = p}));
    ASSERT_TRUE(engine->post(ThroughConnect{.session = {id}, .to_rtp = to_rtp, .to_timeslot = to_timeslot}));
  }
};

/// A peer's RTP stream.
struct Stream {
  std::uint32_t ssrc = 0x1234;
  std::uint16_t sequence = 7;
  std::uint32_t timestamp = 90000;
  std::uint8_t payload_type = 8;

  Octets packet(OctetView payload, bool marker = false) {
    Octets out(rtp::kRtpHeader);
    rtp::build_rtp_header({.marker = marker,
                           .payload_type = payload_type,
                           .sequence = sequence++,
                           .timestamp = timestamp,
                           .ssrc = ssrc},
                          std::span(out).first<rtp::kRtpHeader>());
    out.insert(out.end(), payload.begin(), payload.end());
    timestamp += static_cast<std::uint32_t>(payload.size());
    return out;
  }
};

/// A tone as law octets, phase kept from call to call.
struct Sine {
  double hz = 1004;
  double amplitude = 8000;
  Law law = Law::a;
  std::uint64_t at = 0;

  void operator()(std::span<Octet> out) {
    for (auto& octet : out) {
      const double phase = 2 * std::numbers::pi * hz * static_cast<double>(at++) / 8000;
      octet = dsp::encode_sample(law, static_cast<std::int16_t>(std::lrint(amplitude * std::sin(phase))));
    }
  }
};

inline std::vector<double> linear(Law law, OctetView octets) {
  std::vector<double> samples;
  for (const auto o : octets) samples.push_back(dsp::decode_octet(law, o));
  return samples;
}

inline double rms(const std::vector<double>& samples) {
  double sum = 0;
  for (const double s : samples) sum += s * s;
  return samples.empty() ? 0 : std::sqrt(sum / static_cast<double>(samples.size()));
}

/// Signal to noise of a sine of known frequency in `samples`: what a fitted sine explains against the rest,
/// dB.
inline double sine_snr(const std::vector<double>& samples, double hz) {
  double re = 0;
  double im = 0;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const double phase = 2 * std::numbers::pi * hz * static_cast<double>(i) / 8000;
    re += samples[i] * std::cos(phase);
    im += samples[i] * std::sin(phase);
  }
  const double n = static_cast<double>(samples.size()) / 2;
  double noise = 0;
  double signal = 0;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const double phase = 2 * std::numbers::pi * hz * static_cast<double>(i) / 8000;
    const double fit = re / n * std::cos(phase) + im / n * std::sin(phase);
    signal += fit * fit;
    noise += (samples[i] - fit) * (samples[i] - fit);
  }
  return 10 * std::log10(signal / (noise + 1e-9));
}

inline rtp::RtpPacket parsed(const Octets& packet) {
  return *rtp::parse_rtp(packet);
}

}  // namespace tandem::media
