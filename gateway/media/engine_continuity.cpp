// Continuity checks (Q.764 2.1.8) in the tick.
#include "gateway/media/engine_impl.h"

namespace tandem::media {

void Engine::Impl::set_check(Circuit circuit, ContinuityCheck::Mode mode, bool on) {
  const auto number = audio_channel(circuit);
  if (number == kNoChannel) return;
  auto& check = channels[number].check;
  if (on) {
    check.start(mode);
  } else if (check.mode() == mode) {
    check.stop();
  }
  update_lane(number);
}

void Engine::Impl::apply(const LoopCircuit& command) {
  set_check(command.circuit, ContinuityCheck::Mode::loop, command.on);
}

void Engine::Impl::apply(const CheckContinuity& command) {
  set_check(command.circuit, ContinuityCheck::Mode::tone, command.on);
}

// The timeslot is the check's. What else is on the circuit goes on, so that its clocks do, but hears nothing
// and is not heard.
void Engine::Impl::run_check(SpanState& span, Channel& channel, std::size_t lane) {
  auto& heard = in.lanes[lane];
  const Block received = heard;
  heard.fill(channel.clear ? kNoData : dsp::silence_octet(span.chain.law));
  for (auto& sample : lanes.samples) sample[lane] = 0;
  run_audio(span, channel, lane);
  if (!channel.check.run(span.chain.law, received, out_of(span).lanes[lane])) return;
  const Circuit circuit{.span = span_of[span.first_channel], .timeslot = static_cast<std::uint8_t>(lane + 1)};
  if (offer(ContinuityHeard{.circuit = circuit})) channel.check.told();
}

}  // namespace tandem::media
