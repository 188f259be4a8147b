// What the media of a channel costs: nanoseconds a channel for each 20 ms, at the size of an E1, of 16 and of
// an STM-1, with transports in memory. The argument is the number of E1s; 30 channels each, timeslot 16 is a
// D channel.
#include <benchmark/benchmark.h>

#include <memory>

#include "dsp/g711.h"
#include "gateway/base/random.h"
#include "gateway/media/engine.h"
#include "sipt/rtp/packet.h"

namespace {

using namespace tandem;

constexpr std::size_t kBlocks = 16;
constexpr std::size_t kBlockOctets = std::size_t{media::kTickFrames} * tdm::kMaxTimeslots;
using Recording = std::array<std::array<Octet, kBlockOctets>, kBlocks>;

/// Noise of the level of speech on all timeslots but the D channel's, which has flags.
const Recording& recording() {
  static const auto blocks = [] {
    auto made = std::make_unique<Recording>();
    SeededRandom random(1);
    for (auto& block : *made) {
      block.fill(0x7E);
      for (auto& octet : block) {
        octet = dsp::encode_sample(Law::a,
                                   static_cast<std::int16_t>(static_cast<int>(random.next() >> 51) - 4096));
      }
    }
    return made;
  }();
  return *blocks;
}

class RecordedSpan final : public tdm::Span {
 public:
  [[nodiscard]] tdm::SpanType type() const override { return tdm::SpanType::e1; }
  void service(Time) override { ++at_; }
  void read(std::span<Octet> frames) override {
    const auto& block = recording()[at_ % kBlocks];
    std::copy(block.begin(), block.end(), frames.begin());
  }
  void write(std::span<const Octet> frames, Time) override {
    static std::array<Octet, kBlockOctets> sent;
    std::copy(frames.begin(), frames.end(), sent.begin());
    benchmark::DoNotOptimize(sent);
  }
  [[nodiscard]] tdm::Alarms alarms() const override { return {}; }
  [[nodiscard]] tdm::SpanCounters counters() const override { return {}; }
  [[nodiscard]] double clock_offset_ppm() const override { return 0; }

 private:
  std::size_t at_ = 0;
};

/// A peer that sends 20 ms of audio every other tick and throws away what it gets. It has next to no memory
/// of its own, so that what is measured is the engine's.
class Peer final : public media::RtpTransport {
 public:
  void set_remote(const SocketAddress&, const SocketAddress&) override {}
  void send_rtp(OctetView packet) override { sent_ += packet.size(); }
  void send_rtcp(OctetView packet) override { sent_ += packet.size(); }
  // The engine asks until nothing is left: packet and nothing in one tick, nothing in the next.
  std::size_t receive_rtp(std::span<Octet> buffer) override {
    calls_ = static_cast<std::uint8_t>((calls_ + 1) % 3);
    if (calls_ != 1) return 0;
    const sip::rtp::RtpHeader header{
        .payload_type = payload_type, .sequence = ++sequence_, .timestamp = timestamp_ += 160, .ssrc = 1};
    sip::rtp::build_rtp_header(header, buffer.first<sip::rtp::kRtpHeader>());
    std::copy_n(recording()[sequence_ % kBlocks].begin(), 160, buffer.begin() + sip::rtp::kRtpHeader);
    return sip::rtp::kRtpHeader + 160;
  }
  std::size_t receive_rtcp(std::span<Octet>) override { return 0; }

  std::uint8_t payload_type = 8;

 private:
  std::uint8_t calls_ = 0;
  std::uint16_t sequence_ = 0;
  std::uint32_t timestamp_ = 0;
  std::uint64_t sent_ = 0;
};

/// What the calls of a load are.
struct Kind {
  Law law = Law::a;
  bool dtmf = true;
  bool suppress = false;  ///< silence: the detector of speech runs
  bool data = false;
  bool playing = false;  ///< a tone to each circuit and a recording to each peer
};

struct Load {
  std::vector<RecordedSpan> spans;
  std::vector<Peer> transports;
  std::unique_ptr<media::Engine> engine;
  Time now{};
  std::size_t channels;

  Load(std::size_t e1s, Kind kind) : spans(e1s), transports(e1s * 30), channels(e1s * 30) {
    media::EngineConfig config;
    config.spans.resize(e1s);
    config.recordings = {{.name = "music", .samples = std::vector<std::int16_t>(80'000, 1234)}};
    std::vector<tdm::Span*> pointers;
    for (auto& span : spans) pointers.push_back(&span);
    for (std::size_t i = 0; i < e1s; ++i) config.d_channels.push_back({static_cast<std::uint16_t>(i), 16});
    engine = std::make_unique<media::Engine>(config, pointers);
    std::size_t next = 0;
    for (std::size_t i = 0; i < e1s; ++i) {
      for (std::uint8_t timeslot = 1; timeslot <= 31; ++timeslot) {
        if (timeslot != 16) open({static_cast<std::uint16_t>(i), timeslot}, transports[next++], kind);
      }
      tick();  // calls begin at all times: half of them send with the odd ticks
    }
    for (int i = 0; i < 100; ++i) tick();
  }
  void open(Circuit circuit, Peer& transport, Kind kind) {
    transport.payload_type = kind.data ? 97 : kind.law == Law::a ? 8 : 0;
    const SessionId id{std::uint64_t{circuit.span} * 32 + circuit.timeslot};
    engine->post(media::OpenSession{.session = id,
                                    .circuit = circuit,
                                    .transport = &transport,
                                    .ssrc = static_cast<std::uint32_t>(id.value)});
    media::RtpParameters p;
    p.law = kind.law;
    p.payload_type = transport.payload_type;
    if (kind.dtmf) p.send_event_type = p.receive_event_type = 101;
    p.comfort_noise = p.suppress_silence = kind.suppress;
    if (kind.data) p.payload = media::Payload::clearmode;
    p.remote_rtp = *parse_ip("192.0.2.1", 4000);
    engine->post(media::SetParameters{.session = id, .parameters = p});
    engine->post(media::ThroughConnect{.session = id, .to_rtp = true, .to_timeslot = true});
    if (!kind.playing) return;
    engine->post(media::PlayTone{.circuit = circuit, .tone = media::Tone::dial});
    engine->post(media::PlayToPeer{.session = id, .recording = media::RecordingId{0}, .repeat = true});
  }
  void tick() {
    engine->tick(now += media::kTick);
    for (media::Event event; engine->poll(event);) {
    }
  }
};

void run(benchmark::State& state, Kind kind) {
  Load load(static_cast<std::size_t>(state.range(0)), kind);
  for (auto _ : state) {
    load.tick();
    load.tick();
  }
  state.counters["channels"] = static_cast<double>(load.channels);
  state.counters["ns_per_channel_20ms"] =
      benchmark::Counter(static_cast<double>(load.channels) * 1e-9,
                         benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

void sizes(benchmark::internal::Benchmark* bench) {
  bench->Arg(1)->Arg(16)->Arg(63)->Unit(benchmark::kMicrosecond);
}

void media_channel(benchmark::State& state) {
  run(state, {});
}
BENCHMARK(media_channel)->Apply(sizes);

void media_channel_without_dtmf(benchmark::State& state) {
  run(state, {.dtmf = false});
}
BENCHMARK(media_channel_without_dtmf)->Apply(sizes);

void media_channel_transcoding(benchmark::State& state) {
  run(state, {.law = Law::mu});
}
BENCHMARK(media_channel_transcoding)->Apply(sizes);

void media_channel_suppressing_silence(benchmark::State& state) {
  run(state, {.suppress = true});
}
BENCHMARK(media_channel_suppressing_silence)->Apply(sizes);

void media_channel_of_data(benchmark::State& state) {
  run(state, {.data = true});
}
BENCHMARK(media_channel_of_data)->Apply(sizes);

void media_channel_playing_both_ways(benchmark::State& state) {
  run(state, {.playing = true});
}
BENCHMARK(media_channel_playing_both_ways)->Apply(sizes);

/// An E1 whose timeslots come back: a link that hears itself aligns.
class EchoSpan final : public tdm::Span {
 public:
  EchoSpan() { line_.fill(0xFF); }
  [[nodiscard]] tdm::SpanType type() const override { return tdm::SpanType::e1; }
  void service(Time) override {}
  void read(std::span<Octet> frames) override { std::copy_n(line_.begin(), frames.size(), frames.begin()); }
  void write(std::span<const Octet> frames, Time) override { std::ranges::copy(frames, line_.begin()); }
  [[nodiscard]] tdm::Alarms alarms() const override { return {}; }
  [[nodiscard]] tdm::SpanCounters counters() const override { return {}; }
  [[nodiscard]] double clock_offset_ppm() const override { return 0; }

 private:
  std::array<Octet, kBlockOctets> line_{};
};

// 31 links of an E1 that are in service and send fill-in units, heard by themselves: what a link costs that
// has nothing to do. Time is of one link for one tick.
void media_idle_link(benchmark::State& state) {
  constexpr std::uint8_t kLinks = 31;
  EchoSpan span;
  media::EngineConfig config;
  config.spans = {{.law = Law::a}};
  for (std::uint8_t slot = 1; slot <= kLinks; ++slot)
    config.links.push_back({.circuit = {.span = 0, .timeslot = slot}, .link = {}});
  media::Engine engine(config, {&span});
  for (std::uint8_t slot = 1; slot <= kLinks; ++slot) {
    for (const auto action : {media::LinkCommand::Action::emergency, media::LinkCommand::Action::start})
      engine.post_link({.link = static_cast<std::uint16_t>(slot - 1), .action = action});
  }
  Time now{};
  std::size_t up = 0;
  const auto tick = [&] {
    engine.signalling_alive();
    engine.tick(now += media::kTick);
    for (media::LinkEvent event; engine.poll_link(event);)
      up += event.what == media::LinkEvent::What::in_service ? 1 : 0;
  };
  for (int i = 0; i < 500; ++i) tick();
  if (up != kLinks) state.SkipWithError("the links did not align");
  for (auto _ : state) tick();
  state.SetItemsProcessed(state.iterations() * kLinks);
}
BENCHMARK(media_idle_link);

}  // namespace

BENCHMARK_MAIN();
