// Reception control: basic (Q.703 5 and figure 14) and preventive cyclic retransmission (Q.703 6 and
// figure 16); congestion control's receiving side (Q.703 9 and figure 19).
#include "gateway/base/fsm.h"
#include "isup/mtp/link_core.h"

namespace tandem::mtp {
namespace {

void ask_again(LinkCore& core) {
  core.rx.bit = !core.rx.bit;
  core.rx.asked = true;
  ++core.counters.negative_acknowledgements_sent;
}

void confirm(LinkCore& core) {
  if (core.rx.congestion == CongestionAction::none) core.rx.confirmed = previous(core.rx.expected);
}

void accept(LinkCore& core, OctetView msu) {
  if (core.rx.congestion == CongestionAction::discard) {  // Q.703 9.2
    core.rx.discarded = true;
    return;
  }
  core.rx.expected = next(core.rx.expected);
  core.rx.asked = false;
  confirm(core);
  ++core.counters.msus_received;
  core.counters.octets_received += msu.size();
  core.sink.received(msu);
}

/// Q.703 5.2.2 c), 5.3.2: the forward number and bit of a FISU or MSU.
void receive_basic(LinkCore& core, const Header& header, OctetView msu) {
  auto& rx = core.rx;
  const bool same_bit = header.forward.bit == rx.bit;
  if (rx.fib.note(!same_bit && !rx.asked)) {
    core.fail(Failure::abnormal_fib);
    return;
  }
  if (!same_bit) return;  // not yet repeated, or abnormal
  const std::uint8_t number = header.forward.number;
  const bool is_msu = !msu.empty();
  if (number == previous(rx.expected)) {
    rx.asked = rx.asked && is_msu;  // a FISU with the new bit: there is nothing to repeat
    return;
  }
  if (is_msu && number == rx.expected)
    accept(core, msu);
  else if (rx.congestion != CongestionAction::discard)  // what was discarded is asked for afterwards
    ask_again(core);
}

/// Q.703 6.2, 6.3: only the number counts; what is not expected will come again.
void receive_preventive(LinkCore& core, const Header& header, OctetView msu) {
  if (!msu.empty() && header.forward.number == core.rx.expected) accept(core, msu);
}

void receive_fisu_msu(LinkCore& core, const Header& header, OctetView msu) {
  if (core.state != LinkState::in_service) {
    core.raise(LinkEvent::fisu_msu);
    core.pump();
  }
  if (!core.rx.accepting) return;
  const bool known = acknowledge(core, header.backward);
  if (core.rx.bsn.note(!known)) core.fail(Failure::abnormal_bsn);
  if (known) {
    if (core.config.correction == Correction::basic)
      receive_basic(core, header, msu);
    else
      receive_preventive(core, header, msu);
  }
}

void receive_lssu(LinkCore& core, Status status) {
  switch (status) {
    case Status::out_of_alignment:
      core.raise(AlignmentEvent::sio);
      core.raise(LinkEvent::sio);
      break;
    case Status::normal:
      core.raise(AlignmentEvent::sin);
      core.raise(LinkEvent::sin);
      break;
    case Status::emergency:
      core.raise(AlignmentEvent::sie);
      core.raise(LinkEvent::sie);
      break;
    case Status::out_of_service:
      core.raise(AlignmentEvent::sios);
      core.raise(LinkEvent::sios);
      break;
    case Status::processor_outage:
      core.raise(LinkEvent::sipo);
      break;
    case Status::busy:
      if (core.state == LinkState::in_service) busy_received(core);
      break;
  }
}

using S = BusyState;
using E = BusyEvent;
using Row = FsmRow<S, E, LinkCore>;

void send_busy(LinkCore& core) {
  core.tx.busy_due = true;
  core.start_timer(LinkTimer::t5);
}
void resume(LinkCore& core) {
  core.stop_timer(LinkTimer::t5);
  core.tx.busy_due = false;
  confirm(core);
  if (core.rx.discarded && core.config.correction == Correction::basic && !core.rx.asked) ask_again(core);
  core.rx.discarded = false;
}
void stop_busy(LinkCore& core) {
  core.stop_timer(LinkTimer::t5);
}

constexpr auto kRows = std::to_array<Row>({
    {S::idle, E::congestion, nullptr, send_busy, S::busy, "Q.703 figure 19, 9.2"},
    {S::busy, E::t5, nullptr, send_busy, S::busy, "Q.703 figure 19, 9.3"},
    {S::busy, E::normal, nullptr, resume, S::idle, "Q.703 figure 19, 9.4"},
    {S::busy, E::stop, nullptr, stop_busy, S::idle, "Q.703 figure 19"},
});
static_assert(fsm_rows_unique(kRows));

}  // namespace

void LinkCore::step_busy(BusyEvent event) {
  fsm_step(kRows, busy, event, *this);
}

void start_reception(LinkCore& core) {
  core.rx = {};
  core.rx.running = true;
}

void receive_unit(LinkCore& core, OctetView unit) {
  if (core.error_rate.running) core.error_rate.leak();
  if (!core.rx.running) return;
  if (core.further_proving) core.raise(AlignmentEvent::correct_unit);
  const auto header = read_header(unit);
  if (header) core.rx.heard = header->backward.number;
  if (header && core.tx.flushed) core.ring.number_anew(next(core.rx.heard));
  const OctetView rest = header ? unit.subspan(kHeaderOctets) : OctetView{};
  if (!header) {
    ++core.counters.malformed;
  } else if (rest.size() == 1 || rest.size() == 2) {
    const auto status = read_status(rest[0]);
    if (status)
      receive_lssu(core, *status);
    else
      ++core.counters.malformed;
  } else {
    receive_fisu_msu(core, *header, rest);
  }
  core.pump();
}

void receive_error(LinkCore& core) {
  ++core.counters.signal_units_in_error;
  if (core.error_rate.running && core.error_rate.error()) core.fail(Failure::error_rate);
  if (core.alignment_errors.running && core.alignment_errors.error())
    core.raise(AlignmentEvent::abort_proving);
  core.pump();
}

void set_congestion(LinkCore& core, CongestionAction action) {
  if (!core.rx.running) return;
  core.rx.congestion = action;
  core.step_busy(action == CongestionAction::none ? BusyEvent::normal : BusyEvent::congestion);
}

}  // namespace tandem::mtp
