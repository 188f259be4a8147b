#include "isup/mtp/link.h"

namespace tandem::mtp {

std::string_view to_string(Failure failure) {
  switch (failure) {
    case Failure::none:
      return "none";
    case Failure::stopped:
      return "stopped";
    case Failure::alignment:
      return "alignment not possible";
    case Failure::t1:
      return "T1: no answer when ready";
    case Failure::received_sio:
      return "received SIO";
    case Failure::received_sin:
      return "received SIN";
    case Failure::received_sie:
      return "received SIE";
    case Failure::received_sios:
      return "received SIOS";
    case Failure::abnormal_bsn:
      return "abnormal BSN";
    case Failure::abnormal_fib:
      return "abnormal FIB";
    case Failure::acknowledgement:
      return "T7: no acknowledgement";
    case Failure::congestion:
      return "T6: congested too long";
    case Failure::error_rate:
      return "error rate";
    case Failure::line:
      return "span down";
  }
  return "";
}

void LinkCore::start_timer(LinkTimer timer) {
  const Time deadline = now + durations[static_cast<std::size_t>(timer)];
  deadlines[slot(timer)] = deadline;
  next_deadline = std::min(next_deadline, deadline);
}

void LinkCore::stop_timer(LinkTimer timer) {
  deadlines[slot(timer)] = kNever;  // next_deadline may be early: one look too many
}

void LinkCore::expire() {
  if (now < next_deadline) return;
  for (std::size_t i = 0; i < deadlines.size(); ++i) {
    if (deadlines[i] > now) continue;
    deadlines[i] = kNever;
    switch (i) {
      case slot(LinkTimer::t1):
        raise(LinkEvent::t1);
        break;
      case slot(LinkTimer::t2):
        raise(AlignmentEvent::t2);
        break;
      case slot(LinkTimer::t3):
        raise(AlignmentEvent::t3);
        break;
      case slot(LinkTimer::t4_normal):
        raise(AlignmentEvent::t4);
        break;
      case slot(LinkTimer::t5):
        step_busy(BusyEvent::t5);
        break;
      case slot(LinkTimer::t6):
        fail(Failure::congestion);
        break;
      default:
        fail(Failure::acknowledgement);
        break;
    }
    pump();
  }
  next_deadline = kNever;
  for (const Time deadline : deadlines) next_deadline = std::min(next_deadline, deadline);
}

void LinkCore::pump() {
  for (std::uint8_t i = 0; i < signal_count; ++i) {
    const LinkSignal signal = signals[i];
    switch (signal.to) {
      case LinkSignal::To::link:
        step_link(*this, static_cast<LinkEvent>(signal.event));
        break;
      case LinkSignal::To::alignment:
        step_alignment(*this, static_cast<AlignmentEvent>(signal.event));
        break;
      case LinkSignal::To::outage:
        step_outage(*this, static_cast<OutageEvent>(signal.event));
        break;
    }
  }
  signal_count = 0;
}

Link::Link(const LinkConfig& config, LinkSink& sink)
    : core_(config, sink), receiver_(config.rate), transmitter_(config.rate) {
  core_.in_service_since = LinkCore::kNever;
}

void Link::at(Time now) {
  core_.now = now;
  core_.expire();
}

void Link::watch_level3() {
  const Duration limit = core_.config.level3_silence;
  if (limit == Duration{} || level3_silent_) return;
  if (level3_heard_ == LinkCore::kNever) level3_heard_ = core_.now;
  if (core_.now - level3_heard_ < limit) return;
  level3_silent_ = true;
  core_.raise(LinkEvent::local_outage);
  core_.pump();
}

void Link::receive(OctetView line, Time now) {
  at(now);
  receiver_.push(
      line, [this](OctetView unit) { receive_unit(core_, unit); }, [this] { receive_error(core_); });
}

void Link::line_down(std::size_t octets, Time now) {
  at(now);
  if (core_.state != LinkState::out_of_service && core_.state != LinkState::initial_alignment) {
    core_.fail(Failure::line);
    core_.pump();
  }
  // All ones, as the alarm indication signal has them: the alignment's monitor counts them as errors.
  constexpr std::array<Octet, 1> kOnes = {0xFF};
  for (; octets > 0; --octets) receiver_.push(kOnes, [](OctetView) {}, [this] { receive_error(core_); });
}

void Link::transmit(std::span<Octet> line, Time now) {
  at(now);
  watch_level3();
  transmitter_.fill(line, [this](std::span<Octet> to) { return next_unit(core_, to); });
}

void Link::command(LinkEvent event, Time now) {
  at(now);
  core_.raise(event);
  core_.pump();
}

void Link::start(Time now) {
  if (level3_silent_) core_.local_outage = true;
  command(LinkEvent::start, now);
}
void Link::stop(Time now) {
  command(LinkEvent::stop, now);
}
void Link::emergency(bool on, Time now) {
  command(on ? LinkEvent::emergency : LinkEvent::emergency_ceases, now);
}
void Link::local_processor_outage(bool on, Time now) {
  command(on ? LinkEvent::local_outage : LinkEvent::local_recovered, now);
}

void Link::level3_alive(Time now) {
  level3_heard_ = now;
  if (!level3_silent_) return;
  level3_silent_ = false;
  command(LinkEvent::local_recovered, now);
}

bool Link::send(OctetView msu, Time now) {
  at(now);
  if (!core_.tx.open || !core_.ring.push(msu)) {
    ++core_.counters.msus_discarded;
    return false;
  }
  judge_congestion(core_);
  return true;
}

void Link::receiving_congestion(CongestionAction action, Time now) {
  at(now);
  set_congestion(core_, action);
}

void Link::retrieve_backward_sequence() {
  core_.sink.backward_sequence(previous(core_.rx.expected));
}

void Link::retrieve(std::optional<std::uint8_t> fsnc) {
  if (core_.state != LinkState::out_of_service && core_.state != LinkState::processor_outage) return;
  auto& ring = core_.ring;
  std::uint32_t confirmed = ring.unacknowledged();
  if (fsnc && ring.confirms(*fsnc) <= ring.unacknowledged()) confirmed = ring.confirms(*fsnc);
  ring.drop(confirmed);
  for (std::uint32_t place = ring.head(); place != ring.tail(); ++place) core_.sink.retrieved(ring.at(place));
  ring.drop_sent();
  while (ring.waiting() > 0) ring.mark_sent();
  ring.drop_sent();
  core_.tx.resend = core_.tx.cycle = ring.sent();
  core_.tx.forced = false;
  if (core_.state == LinkState::out_of_service)
    core_.tx.open = false;
  else
    core_.tx.flushed = true, ring.number_anew(next(core_.rx.heard));
  judge_congestion(core_);
  core_.sink.retrieval_complete();
}

}  // namespace tandem::mtp
