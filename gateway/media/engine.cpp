#include <algorithm>

#include "gateway/media/engine_impl.h"

namespace tandem::media {
namespace {

constexpr std::size_t kCommandsPerTick = 512;
constexpr std::size_t kFramesPerTick = 64;

std::size_t count_channels(const std::vector<tdm::Span*>& spans) {
  std::size_t count = 0;
  for (const auto* span : spans) count += static_cast<std::size_t>(tdm::timeslot_count(span->type()));
  return count;
}

/// Sessions that may be open without circuit: those that only hear an announcement.
std::size_t count_without_circuit(const std::vector<tdm::Span*>& spans) {
  return std::max<std::size_t>(8, count_channels(spans) / 4);
}

}  // namespace

Engine::Impl::Impl(const EngineConfig& engine_config, std::vector<tdm::Span*> the_spans)
    : config(engine_config),
      index(count_channels(the_spans) + count_without_circuit(the_spans)),
      commands(std::max<std::size_t>(1024, count_channels(the_spans) * 4)),
      events(std::max<std::size_t>(1024, count_channels(the_spans) * 4)),
      frames_in(std::max<std::size_t>(64, config.d_channels.size() * 16)),
      frames_out(std::max<std::size_t>(64, config.d_channels.size() * 16)),
      links_out(config.links.size()),
      link_commands(config.links.empty() ? 1 : std::max<std::size_t>(1024, config.links.size() * 64)),
      link_reports(std::max<std::size_t>(8, config.links.size() * 2)) {
  channels.reserve(count_channels(the_spans) + count_without_circuit(the_spans));
  if (config.tones.empty()) config.tones = {"itu"};
  for (const auto& country : config.tones) {
    countries_a.push_back(&country_tones(country, Law::a));
    countries_mu.push_back(&country_tones(country, Law::mu));
  }
  spans.resize(the_spans.size());
  config.spans.resize(the_spans.size());
  for (std::size_t i = 0; i < spans.size(); ++i) {
    auto& state = spans[i];
    const auto& media = config.spans[i];
    state.span = the_spans[i];
    state.first_channel = channels.size();
    state.chain.law = media.law;
    state.chain.width = tdm::timeslot_count(state.span->type());
    state.chain.receive_factors.fill(1);
    state.chain.send_factors.fill(1);
    set_gains(state, SetGains{}.timeslots, media.receive_gain, media.send_gain);
    for (int timeslot = 0; timeslot < state.chain.width; ++timeslot) {
      channels.emplace_back(tones);
      span_of.push_back(static_cast<std::uint16_t>(i));
    }
  }
  first_without_circuit = channels.size();
  for (auto i = count_without_circuit(the_spans); i > 0; --i) channels.emplace_back(tones);
  open_without_circuit.reserve(count_without_circuit(the_spans));
  recordings.resize(kMaxRecordings);
  for (std::size_t i = 0; i < std::min(config.recordings.size(), kMaxRecordings); ++i)
    recordings[i] = &config.recordings[i];
  d_channels.reserve(config.d_channels.size());
  for (const auto circuit : config.d_channels) {
    const auto channel = audio_channel(circuit);
    const auto port = d_channels.size();
    d_channels.emplace_back(static_cast<std::uint16_t>(port), circuit);
    if (channel == kNoChannel) continue;
    channels[channel].d_channel = static_cast<std::int32_t>(port);
    update_lane(channel);
  }
  make_links();
}

std::uint32_t Engine::Impl::audio_channel(Circuit circuit) const {
  if (circuit.span >= spans.size() || circuit.timeslot == 0) return kNoChannel;
  const auto& span = spans[circuit.span];
  if (circuit.timeslot > span.chain.width) return kNoChannel;
  const auto channel = span.first_channel + circuit.timeslot - 1;
  const bool audio = channels[channel].d_channel < 0 && channels[channel].link < 0;
  return audio ? static_cast<std::uint32_t>(channel) : kNoChannel;
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

std::uint32_t Engine::Impl::free_without_circuit() const {
  for (auto i = first_without_circuit; i < channels.size(); ++i)
    if (!channels[i].session.is_open()) return static_cast<std::uint32_t>(i);
  return kNoChannel;
}

void Engine::Impl::apply(const OpenSession& command) {
  const bool circuit = command.circuit.timeslot != 0;
  const auto channel = circuit ? audio_channel(command.circuit) : free_without_circuit();
  const bool fits = channel != kNoChannel && command.session && command.transport != nullptr &&
                    !channels[channel].session.is_open() && index.find(command.session) == kNoChannel;
  if (!fits) {
    sessions_refused.fetch_add(1, std::memory_order_relaxed);
    const SessionClosed closed{.session = command.session, .transport = command.transport, .stats = {}};
    if (!offer(closed)) refusal = closed;
    return;
  }
  const auto law = circuit ? spans[command.circuit.span].chain.law : Law::a;
  channels[channel].session.open(command, law, config);
  index.insert(command.session, channel);
  if (!circuit) open_without_circuit.push_back(channel);
}

// Commands for sessions that are gone are no mistake: they crossed with the end.
void Engine::Impl::apply(const SetParameters& command) {
  const auto channel = index.find(command.session);
  if (channel == kNoChannel) return;
  channels[channel].session.set_parameters(command.parameters, now);
  update_lane(channel);
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
  if (!channel.session.finish(*this)) return;
  index.erase(id);
  const auto number = static_cast<std::uint32_t>(&channel - channels.data());
  if (number >= first_without_circuit) std::erase(open_without_circuit, number);
  update_lane(number);
}

// The lane of a timeslot that carries no audio is left out of all that works on whole spans.
void Engine::Impl::update_lane(std::uint32_t number) {
  auto& channel = channels[number];
  if (number >= first_without_circuit) return;
  const bool clear = (channel.session.is_open() && channel.session.data()) ||
                     (channel.patched != kNoChannel && channel.patch_clear);
  if (clear && !channel.clear) {
    channel.player.reset();
    channel.playing = false;
  }
  channel.clear = clear;
  channel.plain = channel.d_channel < 0 && channel.link < 0 && !channel.check.on();
  auto& span = spans[span_of[number]];
  const auto lane = dsp::LaneMask{1} << (number - span.first_channel);
  if (channel.plain && !clear) {
    span.chain.audio |= lane;
  } else {
    span.chain.audio &= ~lane;
  }
}

const dsp::CountryTones& Engine::Impl::tones_of(std::uint16_t country, Law law) const {
  const auto& countries = law == Law::a ? countries_a : countries_mu;
  return *countries[country < countries.size() ? country : 0];
}

void Engine::Impl::apply(const PlayTone& command) {
  const auto number = audio_channel(command.circuit);
  if (number == kNoChannel || channels[number].clear) return;
  auto& channel = channels[number];
  channel.yield_to_rtp = command.yield_to_rtp;
  if (command.tone == Tone::none) return channel.player.stop();
  const auto span = command.circuit.span;
  const auto& tones_here = tones_of(config.spans[span].tones, spans[span].chain.law);
  channel.player.play(tones_here.of(call_tone(command.tone)));
  channel.playing = true;
}

void Engine::Impl::apply(const PlayRecording& command) {
  const auto number = audio_channel(command.circuit);
  if (number == kNoChannel || channels[number].clear) return;
  auto& channel = channels[number];
  channel.yield_to_rtp = command.yield_to_rtp;
  const auto* sound = recording(command.recording);
  if (sound == nullptr) return channel.player.stop();
  channel.player.play(*sound, command.repeat);
  channel.playing = true;
}

void Engine::Impl::apply(const PlayToPeer& command) {
  auto* channel = find(command.session);
  if (channel == nullptr) return;
  auto& session = channel->session;
  if (const auto* sound = recording(command.recording)) {
    session.play_to_peer(*sound, command.repeat);
  } else if (command.tone != Tone::none) {
    const auto& country = tones_of(command.tones, session.timeslot_law());
    session.play_to_peer(country.of(call_tone(command.tone)));
  } else {
    session.stop_playing_to_peer();
  }
}

void Engine::Impl::apply(const PlayDigit& command) {
  auto* channel = find(command.session);
  if (channel == nullptr) return;
  const auto ms = std::clamp<std::uint32_t>(command.duration_ms, 40, 5000);
  channel->session.play_digit(command.digit, ms * (kSampleRate / 1000));
}

void Engine::Impl::unpatch(std::uint32_t number) {
  const auto other = channels[number].patched;
  if (other == kNoChannel) return;
  channels[number].patched = kNoChannel;
  channels[other].patched = kNoChannel;
  --patches;
  update_lane(number);
  update_lane(other);
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
  channels[a].patch_clear = channels[b].patch_clear = command.clear;
  ++patches;
  update_lane(a);
  update_lane(b);
}

void Engine::Impl::take_frames() {
  DFrame frame;
  for (std::size_t i = 0; i < kFramesPerTick && frames_in.pop(frame); ++i) {
    const bool taken = frame.d_channel < d_channels.size() && d_channels[frame.d_channel].send(frame);
    if (!taken) frames_dropped_sent.fetch_add(1, std::memory_order_relaxed);
  }
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
          .sessions_refused = read(impl_->sessions_refused),
          .link_events_dropped = read(impl_->links_out.dropped),
          .link_commands_dropped = read(impl_->link_commands_dropped)};
}

}  // namespace tandem::media
