#include "gateway/media/session.h"

#include <algorithm>

#include "sipt/rtp/e_model.h"

namespace tandem::media {

namespace rtp = sip::rtp;

void Session::open(const OpenSession& command, Law timeslot_law, const EngineConfig& config) {
  id_ = command.session;
  transport_ = command.transport;
  state_ = State::open;
  configured_ = send_ = receive_ = to_rtp_ = to_timeslot_ = false;
  started_told_ = audio_came_ = timeout_told_ = expecting_ = false;
  timeslot_law_ = timeslot_law;
  remote_rtp_ = remote_rtcp_ = {};
  transmitter_.open(command, timeslot_law);
  reporter_.open(command);
  receiver_.open({.law = timeslot_law, .minimum = config.jitter_minimum, .maximum = config.jitter_maximum});
}

void Session::set_parameters(const RtpParameters& parameters, Time now) {
  if (state_ != State::open) return;
  if (!configured_ || parameters.remote_rtp != remote_rtp_ || parameters.remote_rtcp != remote_rtcp_) {
    remote_rtp_ = parameters.remote_rtp;
    remote_rtcp_ = parameters.remote_rtcp;
    transport_->set_remote(remote_rtp_, remote_rtcp_);
    // Another peer may well be another source.
    receiver_.source_left();
  }
  configured_ = true;
  send_ = parameters.send;
  receive_ = parameters.receive;
  transmitter_.configure(parameters);
  receiver_.configure(parameters);
  reporter_.start(now);
  update_gates(now);
}

void Session::through(bool to_rtp, bool to_timeslot, Time now) {
  to_rtp_ = to_rtp;
  to_timeslot_ = to_timeslot;
  update_gates(now);
}

void Session::update_gates(Time now) {
  const bool detected = transmitter_.detects_dtmf();
  // RFC 3264 5.1, RFC 2543: an unspecified address is an old way to hold.
  transmitter_.set_gate(configured_ && send_ && to_rtp_ && !remote_rtp_.unspecified());
  if (transmitter_.detects_dtmf() && !detected) detector_.reset();
  const bool expecting = configured_ && heard_on_timeslot();
  if (expecting && !expecting_) last_heard_ = now;
  expecting_ = expecting;
}

void Session::close(Time now) {
  if (state_ != State::open) return;
  reporter_.leave(now, transmitter_, receiver_, *transport_);
  state_ = State::closing;
}

bool Session::finish(EventSink& sink) {
  if (!sink.offer(SessionClosed{.session = id_, .transport = transport_, .stats = stats()})) return false;
  state_ = State::free;
  transport_ = nullptr;
  id_ = {};
  return true;
}

void Session::from_timeslot(const Block& block, dsp::SampleView samples, EventSink& sink) {
  dsp::DtmfDetector::Status dtmf;
  if (!samples.empty()) dtmf = detector_.process(samples);
  const char digit = transmitter_.take(block, dtmf, *transport_);
  if (digit != 0) sink.offer_or_count(Digit{.session = id_, .digit = digit, .from_timeslot = true});
}

bool Session::to_timeslot(Block& block, Time now, bool poll_rtcp, Duration timeout, EventSink& sink) {
  if (!configured_) {
    block.fill(dsp::silence_octet(timeslot_law_));
    return false;
  }
  const auto arrivals = receiver_.receive(*transport_, now);
  if (poll_rtcp) reporter_.receive(now, transmitter_, receiver_, *transport_);
  reporter_.poll(now, transmitter_, receiver_, *transport_);
  watch(arrivals, now, timeout, sink);
  receiver_.play(block);
  if (!heard_on_timeslot()) block.fill(dsp::silence_octet(timeslot_law_));
  return arrivals.audio;
}

void Session::watch(const Receiver::Arrivals& arrivals, Time now, Duration timeout, EventSink& sink) {
  if (arrivals.any) {
    last_heard_ = now;
    timeout_told_ = false;
    audio_came_ = audio_came_ || arrivals.audio;
    for (const char digit : arrivals.digits) {
      if (digit == 0) break;
      sink.offer_or_count(Digit{.session = id_, .digit = digit, .from_timeslot = false});
    }
    if (arrivals.dropped_digits != 0) sink.count_dropped_digits(arrivals.dropped_digits);
  }
  if (audio_came_ && !started_told_) started_told_ = sink.offer(RtpStarted{.session = id_});
  if (expecting_ && !timeout_told_ && timeout > Duration::zero() && now - last_heard_ >= timeout) {
    timeout_told_ = sink.offer(RtpTimeout{.session = id_});
  }
}

SessionStats Session::stats() const {
  const auto totals = receiver_.totals();
  SessionStats s{.packets_sent = transmitter_.packets(),
                 .packets_received = totals.received,
                 .packets_lost = totals.lost,
                 .packets_late = totals.late,
                 .malformed = std::uint64_t{receiver_.malformed()} + reporter_.malformed(),
                 .jitter_ms = receiver_.jitter_ms(),
                 .round_trip_ms = std::chrono::duration<float, std::milli>(reporter_.round_trip()).count(),
                 .remote_loss = reporter_.remote_loss()};
  if (totals.received == 0) return s;
  // Mouth to ear as far as it is known from here: the network, packing there, and playout here.
  const auto one_way = reporter_.round_trip() / 2 + std::chrono::milliseconds(receiver_.packet_ms()) +
                       receiver_.buffer().target();
  const auto missed = static_cast<double>(totals.lost + totals.late);
  const auto quality =
      rtp::e_model(one_way, missed / static_cast<double>(std::max<std::uint64_t>(totals.expected, 1)));
  s.r_factor = quality.r_factor;
  s.mos = quality.mos;
  return s;
}

}  // namespace tandem::media
