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
  data_ = audible_ = to_peer_used_ = to_peer_opened_ = source_untold_ = learning_now_ = false;
  timeslot_law_ = timeslot_law;
  remote_rtp_ = remote_rtcp_ = {};
  transmitter_.open(command, timeslot_law);
  reporter_.open(command, config.since_1900);
  receiver_.open({.law = timeslot_law, .minimum = config.jitter_minimum, .maximum = config.jitter_maximum});
  learner_.reset();
  learning_ = SourceLearning::off;
  to_peer_.reset();
}

void Session::set_parameters(const RtpParameters& parameters, Time now) {
  if (state_ != State::open) return;
  const bool moved =
      !configured_ || parameters.remote_rtp != remote_rtp_ || parameters.remote_rtcp != remote_rtcp_;
  learn(parameters, moved, now);
  configured_ = true;
  send_ = parameters.send;
  receive_ = parameters.receive;
  data_ = parameters.payload == Payload::clearmode;
  if (data_) {
    to_peer_.reset();
    to_peer_used_ = false;
  }
  transmitter_.configure(parameters);
  receiver_.configure(parameters);
  reporter_.start(now);
  update_gates(now);
}

// What was learned holds until signalling names another address, or names the same one again when nothing
// comes any more from where the packets came from (RFC 7362 section 5).
void Session::learn(const RtpParameters& parameters, bool moved, Time now) {
  const bool lost = now - last_heard_ >= SourceLearner::kQuiet * 4;
  const bool again = parameters.learning != learning_ || (parameters.learning != SourceLearning::off && lost);
  if (!moved && !again) return;
  remote_rtp_ = parameters.remote_rtp;
  remote_rtcp_ = parameters.remote_rtcp;
  learning_ = parameters.learning;
  source_untold_ = false;
  if (learning_ == SourceLearning::off) {
    learning_now_ = false;
    learner_.reset();
    reporter_.stop_learning();
    transport_->set_remote(remote_rtp_, remote_rtcp_);
  } else {
    learning_now_ = true;
    learner_.begin(learning_, remote_rtp_, transmitter_.ssrc());
    reporter_.learn(remote_rtcp_);
    transport_->open_to_any(remote_rtp_, remote_rtcp_);
  }
  // Another peer may well be another source.
  if (moved) receiver_.source_left();
}

void Session::follow_source(EventSink& sink) {
  const auto& source = learner_.source();
  auto rtcp = remote_rtcp_;
  if (source != remote_rtp_) {
    // Until RTCP tells its own way, it is taken to go the way of RTP.
    const bool next = same_host(remote_rtp_, remote_rtcp_) && remote_rtcp_.port == remote_rtp_.port + 1;
    if (next) {
      rtcp = source;
      ++rtcp.port;
    }
  }
  if (learner_.learning()) {
    transport_->open_to_any(source, rtcp);
    return;
  }
  learning_now_ = false;
  transport_->lock_rtp(source, rtcp);
  source_untold_ = source != remote_rtp_;
  tell_of_source(sink);
}

void Session::tell_of_source(EventSink& sink) {
  if (source_untold_)
    source_untold_ = !sink.offer(SourceLearned{.session = id_, .source = learner_.source()});
}

void Session::through(bool to_rtp, bool to_timeslot, Time now) {
  to_rtp_ = to_rtp;
  to_timeslot_ = to_timeslot;
  update_gates(now);
}

void Session::update_gates(Time now) {
  const bool detected = transmitter_.detects_dtmf();
  to_peer_opened_ = to_peer_used_ && to_peer_.busy() && !to_rtp_;
  // RFC 3264 5.1, RFC 2543: an unspecified address is an old way to hold.
  transmitter_.set_gate(configured_ && send_ && (to_rtp_ || to_peer_opened_) && !remote_rtp_.unspecified());
  if (transmitter_.detects_dtmf() && !detected) detector_.reset();
  const bool expecting = configured_ && heard_on_timeslot();
  if (expecting && !expecting_) last_heard_ = now;
  expecting_ = expecting;
}

void Session::play_to_peer(const dsp::ToneCadence& tone) {
  if (data_) return;
  to_peer_.play(tone);
  to_peer_used_ = true;
}

void Session::play_to_peer(const Recording& recording, bool repeat) {
  if (data_) return;
  to_peer_.play(recording, repeat);
  to_peer_used_ = true;
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

void Session::from_timeslot(const Block& block, dsp::SampleView samples, Time now, EventSink& sink) {
  dsp::DtmfDetector::Status dtmf;
  if (!samples.empty()) dtmf = detector_.process(samples);
  Transmitter::Heard heard;
  if (to_peer_used_) {
    Block mixed = block;
    replace_by_playing(mixed, now, sink);
    heard = transmitter_.take(mixed, {}, *transport_);
  } else {
    heard = transmitter_.take(block, dtmf, *transport_);
  }
  if (heard.digit == 0) return;
  sink.offer_or_count(
      Digit{.session = id_, .digit = heard.digit, .from_timeslot = true, .duration_ms = heard.duration_ms});
}

void Session::replace_by_playing(Block& block, Time now, EventSink& sink) {
  if (!configured_) return;  // nothing of it is to be lost
  if (to_peer_.busy() != to_peer_opened_ && !to_rtp_) update_gates(now);
  if (!to_rtp_) block.fill(dsp::silence_octet(timeslot_law_));
  if (to_peer_.busy()) to_peer_.mix(timeslot_law_, block);
  if (to_peer_.ended() && sink.offer(PlaybackEnded{.session = id_, .circuit = {}})) to_peer_.told();
  to_peer_used_ = to_peer_.busy() || to_peer_.ended() || to_peer_opened_;
}

bool Session::to_timeslot(Block& block, Time now, bool poll_rtcp, Duration timeout, EventSink& sink) {
  if (!configured_) {
    block.fill(dsp::silence_octet(timeslot_law_));
    return false;
  }
  if (to_peer_opened_ && !to_peer_.busy()) update_gates(now);
  const auto arrivals = receiver_.receive(*transport_, learning_now_ ? &learner_ : nullptr, now);
  if (arrivals.source_changed) follow_source(sink);
  if (source_untold_) tell_of_source(sink);
  const bool reported = poll_rtcp && reporter_.receive(now, transmitter_, receiver_, learner_, *transport_);
  // RFC 3389: who is silent by agreement need not send, but reports.
  if (reported && receiver_.may_be_silent()) last_heard_ = now;
  reporter_.poll(now, transmitter_, receiver_, *transport_);
  watch(arrivals, now, timeout, sink);
  receiver_.play(block);
  const bool heard = heard_on_timeslot();
  if (heard != audible_ && !data_) {
    fade(timeslot_law_, heard, block);
  } else if (!heard) {
    block.fill(data_ ? Octet{0xFF} : dsp::silence_octet(timeslot_law_));
  }
  audible_ = heard;
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
