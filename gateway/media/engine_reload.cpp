// What a changed configuration changes in a running engine.
#include "gateway/media/engine_impl.h"

namespace tandem::media {
namespace {

void set_gain(Decibels gain, dsp::LaneMask timeslots, std::array<float, dsp::kLanes>& factors,
              dsp::LaneMask& used) {
  const auto factor = dsp::amplitude(gain);
  for (std::size_t lane = 0; lane < dsp::kLanes; ++lane)
    if ((timeslots >> lane & 1U) != 0) factors[lane] = factor;
  used = gain.value != 0 ? used | timeslots : used & ~timeslots;
}

}  // namespace

void Engine::Impl::set_gains(SpanState& span, std::uint32_t timeslots, Decibels receive, Decibels send) {
  set_gain(receive, timeslots, span.chain.receive_factors, span.chain.receive_gain);
  set_gain(send, timeslots, span.chain.send_factors, span.chain.send_gain);
}

const Recording* Engine::Impl::recording(std::optional<RecordingId> id) const {
  return id && *id < recordings.size() ? recordings[*id] : nullptr;
}

void Engine::Impl::apply(const AddRecording& command) {
  if (command.recording < recordings.size()) recordings[command.recording] = command.sound;
}

void Engine::Impl::apply(const SetGains& command) {
  if (command.span >= spans.size()) return;
  set_gains(spans[command.span], command.timeslots, command.receive, command.send);
}

// Its HDLC stays: the receiver hunts for a flag (Q.921 2.2), and what waits to be sent is sent on the new
// one.
void Engine::Impl::apply(const MoveDChannel& command) {
  if (command.d_channel >= d_channels.size()) return;
  const auto to = audio_channel(command.circuit);
  if (to == kNoChannel || channels[to].session.is_open() || channels[to].check.on()) return;
  auto& port = d_channels[command.d_channel];
  const auto old = port.circuit();
  const auto from = spans[old.span].first_channel + old.timeslot - 1;
  if (channels[from].d_channel == static_cast<std::int32_t>(command.d_channel)) {
    channels[from].d_channel = -1;
    update_lane(static_cast<std::uint32_t>(from));
  }
  channels[to].d_channel = static_cast<std::int32_t>(command.d_channel);
  update_lane(to);
  port.move_to(command.circuit);
}

}  // namespace tandem::media
