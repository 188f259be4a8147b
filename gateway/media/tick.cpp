#include "gateway/media/engine_impl.h"

namespace tandem::media {

void Engine::Impl::tick(Time time) {
  now = time;
  ++ticks;
  apply_commands();
  take_frames();
  if (!links.empty()) tick_links();
  // Where circuits are patched, all spans are read before one is written, so that a patch costs no tick. Else
  // each is done with while it is in the cache.
  for (std::size_t i = 0; i < spans.size(); ++i) {
    read_span(i);
    if (patches == 0) write_span(spans[i]);
  }
  if (patches > 0) {
    for (auto& span : spans) write_span(span);
  }
  run_without_circuit();
}

void Engine::Impl::run_without_circuit() {
  // From the end, as one that has closed leaves the list.
  for (auto i = open_without_circuit.size(); i-- > 0;) {
    auto& channel = channels[open_without_circuit[i]];
    auto& session = channel.session;
    if (session.closing()) {
      close_finished(channel);
      continue;
    }
    Block block;
    block.fill(dsp::silence_octet(session.timeslot_law()));
    session.from_timeslot(block, {}, now, *this);
    session.to_timeslot(block, now, ((ticks + i) & 1U) == 0, config.rtp_timeout, *this);
  }
}

void Engine::Impl::write_span(SpanState& span) {
  dsp::send_chain(span.chain, out_of(span), lanes, octets);
  const auto size = static_cast<std::size_t>(span.chain.width) * dsp::kBlock;
  span.span->write(OctetView(octets).first(size), now);
}

void Engine::Impl::check_alarms(std::size_t number) {
  auto& span = spans[number];
  span.alarms = span.span->alarms();
  if (span.alarms == span.alarms_told) return;
  if (offer(SpanAlarms{.span = static_cast<std::uint16_t>(number), .alarms = span.alarms})) {
    span.alarms_told = span.alarms;
  }
}

void Engine::Impl::read_span(std::size_t number) {
  auto& span = spans[number];
  span.span->service(now);
  check_alarms(number);
  const auto size = static_cast<std::size_t>(span.chain.width) * dsp::kBlock;
  span.span->read(std::span(octets).first(size));
  // What comes in on a span that is down is no audio.
  if (span.alarms.down()) octets.fill(dsp::silence_octet(span.chain.law));
  dsp::receive_chain(span.chain, octets, lanes, in);
  for (std::size_t lane = 0; lane < static_cast<std::size_t>(span.chain.width); ++lane) {
    const auto next = span.first_channel + lane + 1;
    if (next + 1 < channels.size()) channels[next + 1].session.prefetch_head();
    if (next < channels.size()) channels[next].session.prefetch_rest();
    run_channel(span, lane);
  }
}

void Engine::Impl::run_channel(SpanState& span, std::size_t lane) {
  auto& channel = channels[span.first_channel + lane];
  if (channel.plain) {
    run_audio(span, channel, lane);
  } else if (channel.d_channel >= 0) {
    run_d_channel(span, channel, lane);
  } else if (channel.link >= 0) {
    run_link(span, channel, lane);
  } else {
    run_check(span, channel, lane);
  }
}

void Engine::Impl::run_audio(SpanState& span, Channel& channel, std::size_t lane) {
  auto& out = out_of(span).lanes[lane];
  if (channel.clear && span.alarms.down()) in.lanes[lane].fill(kNoData);
  if (channel.session.is_open()) {
    run_session(span, channel, lane);
  } else if (channel.patched == kNoChannel) {
    out.fill(dsp::silence_octet(span.chain.law));
  }
  if (channel.patched != kNoChannel) run_patch(span, channel, lane);
  if (channel.playing) play(span, channel, lane, out);
}

void Engine::Impl::run_session(SpanState& span, Channel& channel, std::size_t lane) {
  auto& session = channel.session;
  auto& out = out_of(span).lanes[lane];
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
  session.from_timeslot(in.lanes[lane], detected, now, *this);
  Block block;
  // RTCP every other tick, half of the sessions at a time.
  const bool poll_rtcp = ((ticks + lane) & 1U) == 0;
  const bool audio = session.to_timeslot(block, now, poll_rtcp, config.rtp_timeout, *this);
  if (audio && channel.yield_to_rtp && session.heard_on_timeslot()) {
    channel.player.stop();
    channel.yield_to_rtp = false;
  }
  if (channel.patched == kNoChannel) out = block;
}

void Engine::Impl::run_d_channel(SpanState& span, Channel& channel, std::size_t lane) {
  auto& port = d_channels[static_cast<std::size_t>(channel.d_channel)];
  if (!span.alarms.down()) {
    port.receive(in.lanes[lane], [this](const DFrame& frame) {
      if (!frames_out.push(frame)) frames_dropped_received.fetch_add(1, std::memory_order_relaxed);
    });
  }
  port.fill(out_of(span).lanes[lane]);
}

// What one circuit of a pair sends is what the other receives.
void Engine::Impl::run_patch(SpanState& span, Channel& channel, std::size_t lane) {
  auto& other = spans[span_of[channel.patched]];
  auto& out = other.out.lanes[channel.patched - other.first_channel];
  if (channels[channel.patched].playing || !channels[channel.patched].plain) return;
  if (channel.patch_clear) {
    out = in.lanes[lane];
  } else {
    dsp::transcode(dsp::transcode_table(span.chain.law, other.chain.law), in.lanes[lane], out);
  }
}

void Engine::Impl::play(const SpanState& span, Channel& channel, std::size_t lane, Block& out) {
  // What the other circuit of a pair sends may not have come in yet.
  if (channel.patched != kNoChannel) out.fill(dsp::silence_octet(span.chain.law));
  if (channel.player.busy()) channel.player.mix(span.chain.law, out);
  channel.playing = channel.player.busy() || channel.player.ended();
  if (!channel.player.ended()) return;
  const Circuit circuit{.span = span_of[span.first_channel], .timeslot = static_cast<std::uint8_t>(lane + 1)};
  if (offer(PlaybackEnded{.session = {}, .circuit = circuit})) channel.player.told();
}

}  // namespace tandem::media
