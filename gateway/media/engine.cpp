#include "gateway/media/engine.h"

#include <algorithm>
#include <atomic>
#include <optional>

#include "dsp/chain.h"
#include "gateway/base/spsc_queue.h"
#include "gateway/media/d_channel.h"
#include "gateway/media/session.h"
#include "gateway/media/session_index.h"

namespace tandem::media {
namespace {

static_assert(kTickFrames == dsp::kBlock);

constexpr std::uint32_t kNoChannel = SessionIndex::kNone;
constexpr std::size_t kCommandsPerTick = 512;
constexpr std::size_t kFramesPerTick = 64;

/// A timeslot and all that can be joined to it.
struct Channel {
  explicit Channel(const dsp::ToneTable& tones) : session(tones), generator(tones) {}

  std::int32_t d_channel = -1;  ///< index of its port; -1: it carries audio
  std::uint32_t patched = kNoChannel;
  Tone tone = Tone::none;
  bool yield_to_rtp = false;
  Session session;
  dsp::ToneGenerator generator;
};

/// What the engine keeps of a span.
struct SpanState {
  tdm::Span* span = nullptr;
  std::size_t first_channel = 0;
  dsp::ChainSettings chain;
  tdm::Alarms alarms;       ///< as they are
  tdm::Alarms alarms_told;  ///< as the signalling thread knows them
  dsp::ChannelOctets out;   ///< towards the timeslots, filled in during a tick
};

void set_gain(Decibels gain, std::array<float, dsp::kLanes>& factors, bool& used) {
  factors.fill(dsp::amplitude(gain));
  used = gain.value != 0;
}

}  // namespace

struct Engine::Impl final : EventSink {
  Impl(const EngineConfig& engine_config, std::vector<tdm::Span*> the_spans);

  bool offer(const Event& event) override { return events.push(event); }
  void offer_or_count(const Event& event) override {
    if (!events.push(event)) events_dropped.fetch_add(1, std::memory_order_relaxed);
  }
  void count_dropped_digits(std::uint32_t count) override {
    digits_dropped.fetch_add(count, std::memory_order_relaxed);
  }

  void tick(Time now);
  void apply_commands();
  void apply(const OpenSession& command);
  void apply(const SetParameters& command);
  void apply(const ThroughConnect& command);
  void apply(const CloseSession& command);
  void apply(const PlayTone& command);
  void apply(const PatchCircuits& command);
  void take_frames();

  void run_span(SpanState& span);
  void check_alarms(std::size_t index);
  void run_channel(SpanState& span, std::size_t lane);
  void run_session(SpanState& span, Channel& channel, std::size_t lane);
  void run_d_channel(SpanState& span, Channel& channel, std::size_t lane);
  void run_patch(SpanState& span, Channel& channel, std::size_t lane);
  void play_tone(const SpanState& span, Channel& channel, Block& out);
  void close_finished(Channel& channel);
  void unpatch(std::uint32_t channel);

  /// Index into `channels`, or kNoChannel where there is no such timeslot for audio.
  [[nodiscard]] std::uint32_t audio_channel(Circuit circuit) const;
  [[nodiscard]] Channel* find(SessionId session);

  EngineConfig config;
  dsp::ToneTable tones;
  std::vector<SpanState> spans;
  std::vector<Channel> channels;
  std::vector<std::uint16_t> span_of;  ///< by channel
  std::vector<DChannelPort> d_channels;
  SessionIndex index;

  SpscQueue<Command> commands;
  SpscQueue<Event> events;
  SpscQueue<DFrame> frames_in;   ///< from the signalling thread
  SpscQueue<DFrame> frames_out;  ///< to it
  std::optional<Event> refusal;  ///< waits for room among the events; no command is taken meanwhile

  Time now{};
  std::uint32_t ticks = 0;

  std::atomic<std::uint64_t> events_dropped{0};
  std::atomic<std::uint64_t> frames_dropped_received{0};
  std::atomic<std::uint64_t> frames_dropped_sent{0};
  std::atomic<std::uint64_t> digits_dropped{0};
  std::atomic<std::uint64_t> sessions_refused{0};

  // Scratch of one span, hot in the cache from span to span.
  dsp::SpanOctets octets{};
  dsp::LaneBlock lanes{};
  dsp::ChannelOctets in{};
};

namespace {

std::size_t count_channels(const std::vector<tdm::Span*>& spans) {
  std::size_t count = 0;
  for (const auto* span : spans) count += static_cast<std::size_t>(tdm::timeslot_count(span->type()));
  return count;
}

}  // namespace

Engine::Impl::Impl(const EngineConfig& engine_config, std::vector<tdm::Span*> the_spans)
    : config(engine_config),
      index(count_channels(the_spans)),
      commands(std::max<std::size_t>(1024, count_channels(the_spans) * 4)),
      events(std::max<std::size_t>(1024, count_channels(the_spans) * 4)),
      frames_in(std::max<std::size_t>(64, config.d_channels.size() * 16)),
      frames_out(std::max<std::size_t>(64, config.d_channels.size() * 16)) {
  channels.reserve(count_channels(the_spans));
  spans.resize(the_spans.size());
  config.spans.resize(the_spans.size());
  for (std::size_t i = 0; i < spans.size(); ++i) {
    auto& state = spans[i];
    const auto& media = config.spans[i];
    state.span = the_spans[i];
    state.first_channel = channels.size();
    state.chain.law = media.law;
    state.chain.width = tdm::timeslot_count(state.span->type());
    set_gain(media.receive_gain, state.chain.receive_factors, state.chain.receive_gain);
    set_gain(media.send_gain, state.chain.send_factors, state.chain.send_gain);
    for (int timeslot = 0; timeslot < state.chain.width; ++timeslot) {
      channels.emplace_back(tones);
      span_of.push_back(static_cast<std::uint16_t>(i));
    }
  }
  d_channels.reserve(config.d_channels.size());
  for (const auto circuit : config.d_channels) {
    const auto channel = audio_channel(circuit);
    const auto port = d_channels.size();
    d_channels.emplace_back(static_cast<std::uint16_t>(port), circuit);
    if (channel == kNoChannel) continue;
    channels[channel].d_channel = static_cast<std::int32_t>(port);
    spans[circuit.span].chain.audio &= ~(dsp::LaneMask{1} << (circuit.timeslot - 1));
  }
}

std::uint32_t Engine::Impl::audio_channel(Circuit circuit) const {
  if (circuit.span >= spans.size() || circuit.timeslot == 0) return kNoChannel;
  const auto& span = spans[circuit.span];
  if (circuit.timeslot > span.chain.width) return kNoChannel;
  const auto channel = span.first_channel + circuit.timeslot - 1;
  return channels[channel].d_channel < 0 ? static_cast<std::uint32_t>(channel) : kNoChannel;
}

Channel* Engine::Impl::find(SessionId session) {
  const auto channel = index.find(session);
  return channel == kNoChannel ? nullptr : &channels[channel];
}

// ---- commands

void Engine::Impl::apply_commands() {
  if (refusal && !offer(*refusal)) return;
  refusal.reset();
  Command command;
  for (std::size_t i = 0; i < kCommandsPerTick && !refusal && commands.pop(command); ++i) {
    std::visit([this](const auto& c) { apply(c); }, command);
  }
}

void Engine::Impl::apply(const OpenSession& command) {
  const auto channel = audio_channel(command.circuit);
  const bool fits = channel != kNoChannel && command.session && command.transport != nullptr &&
                    !channels[channel].session.is_open() && index.find(command.session) == kNoChannel;
  if (!fits) {
    sessions_refused.fetch_add(1, std::memory_order_relaxed);
    const SessionClosed closed{.session = command.session, .transport = command.transport, .stats = {}};
    if (!offer(closed)) refusal = closed;
    return;
  }
  channels[channel].session.open(command, spans[command.circuit.span].chain.law, config);
  index.insert(command.session, channel);
}

// Commands for sessions that are gone are no mistake: they crossed with the end.
void Engine::Impl::apply(const SetParameters& command) {
  if (auto* channel = find(command.session)) channel->session.set_parameters(command.parameters, now);
}

void Engine::Impl::apply(const ThroughConnect& command) {
  if (auto* channel = find(command.session)) {
    channel->session.through(command.to_rtp, command.to_timeslot, now);
  }
}

void Engine::Impl::apply(const CloseSession& command) {
  auto* channel = find(command.session);
  if (channel == nullptr) return;
  channel->session.close(now);
  close_finished(*channel);
}

void Engine::Impl::close_finished(Channel& channel) {
  const auto id = channel.session.id();
  if (channel.session.finish(*this)) index.erase(id);
}

void Engine::Impl::apply(const PlayTone& command) {
  const auto number = audio_channel(command.circuit);
  if (number == kNoChannel) return;
  auto& channel = channels[number];
  channel.tone = command.tone;
  channel.yield_to_rtp = command.yield_to_rtp;
  if (command.tone == Tone::none) return;
  const auto tone = command.tone == Tone::ringback ? dsp::CallTone::ringback
                    : command.tone == Tone::busy   ? dsp::CallTone::busy
                                                   : dsp::CallTone::congestion;
  channel.generator.start(tones.call_tone(spans[command.circuit.span].chain.law, tone));
}

void Engine::Impl::unpatch(std::uint32_t number) {
  const auto other = channels[number].patched;
  if (other == kNoChannel) return;
  channels[number].patched = kNoChannel;
  channels[other].patched = kNoChannel;
}

void Engine::Impl::apply(const PatchCircuits& command) {
  const auto a = audio_channel(command.a);
  const auto b = audio_channel(command.b);
  if (a == kNoChannel || b == kNoChannel) return;
  if (!command.on) {
    if (channels[a].patched == b) unpatch(a);
    return;
  }
  unpatch(a);
  unpatch(b);
  channels[a].patched = b;
  channels[b].patched = a;
}

void Engine::Impl::take_frames() {
  DFrame frame;
  for (std::size_t i = 0; i < kFramesPerTick && frames_in.pop(frame); ++i) {
    const bool taken = frame.d_channel < d_channels.size() && d_channels[frame.d_channel].send(frame);
    if (!taken) frames_dropped_sent.fetch_add(1, std::memory_order_relaxed);
  }
}

// ---- the tick

void Engine::Impl::tick(Time time) {
  now = time;
  ++ticks;
  apply_commands();
  take_frames();
  // All spans are read before one is written, so that a patch costs no tick.
  for (std::size_t i = 0; i < spans.size(); ++i) {
    spans[i].span->service(now);
    check_alarms(i);
    run_span(spans[i]);
  }
  for (auto& span : spans) {
    dsp::send_chain(span.chain, span.out, lanes, octets);
    const auto size = static_cast<std::size_t>(span.chain.width) * dsp::kBlock;
    span.span->write(OctetView(octets).first(size), now);
  }
}

void Engine::Impl::check_alarms(std::size_t number) {
  auto& span = spans[number];
  span.alarms = span.span->alarms();
  if (span.alarms == span.alarms_told) return;
  if (offer(SpanAlarms{.span = static_cast<std::uint16_t>(number), .alarms = span.alarms})) {
    span.alarms_told = span.alarms;
  }
}

void Engine::Impl::run_span(SpanState& span) {
  const auto size = static_cast<std::size_t>(span.chain.width) * dsp::kBlock;
  span.span->read(std::span(octets).first(size));
  // What comes in on a span that is down is no audio.
  if (span.alarms.down()) octets.fill(dsp::silence_octet(span.chain.law));
  dsp::receive_chain(span.chain, octets, lanes, in);
  for (std::size_t lane = 0; lane < static_cast<std::size_t>(span.chain.width); ++lane)
    run_channel(span, lane);
}

void Engine::Impl::run_channel(SpanState& span, std::size_t lane) {
  auto& channel = channels[span.first_channel + lane];
  if (channel.d_channel >= 0) {
    run_d_channel(span, channel, lane);
    return;
  }
  auto& out = span.out.lanes[lane];
  if (channel.session.is_open()) {
    run_session(span, channel, lane);
  } else if (channel.patched == kNoChannel) {
    out.fill(dsp::silence_octet(span.chain.law));
  }
  if (channel.patched != kNoChannel) run_patch(span, channel, lane);
  if (channel.tone != Tone::none) play_tone(span, channel, out);
}

void Engine::Impl::run_session(SpanState& span, Channel& channel, std::size_t lane) {
  auto& session = channel.session;
  auto& out = span.out.lanes[lane];
  if (session.closing()) {
    close_finished(channel);
    if (channel.patched == kNoChannel) out.fill(dsp::silence_octet(span.chain.law));
    return;
  }
  std::array<std::int16_t, dsp::kBlock> samples;
  dsp::SampleView detected;
  if (session.detects_dtmf()) {
    dsp::extract_lane(lanes, static_cast<int>(lane), samples);
    detected = samples;
  }
  session.from_timeslot(in.lanes[lane], detected, *this);
  Block block;
  // RTCP every other tick, half of the sessions at a time.
  const bool poll_rtcp = ((ticks + lane) & 1U) == 0;
  const bool audio = session.to_timeslot(block, now, poll_rtcp, config.rtp_timeout, *this);
  if (audio && channel.yield_to_rtp && session.heard_on_timeslot()) channel.tone = Tone::none;
  if (channel.patched == kNoChannel) out = block;
}

void Engine::Impl::run_d_channel(SpanState& span, Channel& channel, std::size_t lane) {
  auto& port = d_channels[static_cast<std::size_t>(channel.d_channel)];
  if (!span.alarms.down()) {
    port.receive(in.lanes[lane], [this](const DFrame& frame) {
      if (!frames_out.push(frame)) frames_dropped_received.fetch_add(1, std::memory_order_relaxed);
    });
  }
  port.fill(span.out.lanes[lane]);
}

// What one circuit of a pair sends is what the other receives.
void Engine::Impl::run_patch(SpanState& span, Channel& channel, std::size_t lane) {
  auto& other = spans[span_of[channel.patched]];
  auto& out = other.out.lanes[channel.patched - other.first_channel];
  if (channels[channel.patched].tone != Tone::none) return;
  dsp::transcode(dsp::transcode_table(span.chain.law, other.chain.law), in.lanes[lane], out);
}

void Engine::Impl::play_tone(const SpanState& span, Channel& channel, Block& out) {
  std::array<std::int16_t, dsp::kBlock> samples;
  channel.generator.generate(samples);
  dsp::encode(span.chain.law, samples, out);
}

// ---- the outside

Engine::Engine(const EngineConfig& config, std::vector<tdm::Span*> spans)
    : impl_(std::make_unique<Impl>(config, std::move(spans))) {}

Engine::~Engine() = default;

bool Engine::post(const Command& command) {
  return impl_->commands.push(command);
}

bool Engine::send_frame(const DFrame& frame) {
  return impl_->frames_in.push(frame);
}

bool Engine::poll(Event& event) {
  return impl_->events.pop(event);
}

bool Engine::poll_frame(DFrame& frame) {
  return impl_->frames_out.pop(frame);
}

void Engine::tick(Time now) {
  impl_->tick(now);
}

EngineCounters Engine::counters() const {
  const auto read = [](const std::atomic<std::uint64_t>& c) { return c.load(std::memory_order_relaxed); };
  return {.events_dropped = read(impl_->events_dropped),
          .frames_dropped_received = read(impl_->frames_dropped_received),
          .frames_dropped_sent = read(impl_->frames_dropped_sent),
          .digits_dropped = read(impl_->digits_dropped),
          .sessions_refused = read(impl_->sessions_refused)};
}

}  // namespace tandem::media
