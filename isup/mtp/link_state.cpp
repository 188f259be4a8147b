// Link state control (Q.703 figure 8) and processor outage control (Q.703 figure 10).
#include "gateway/base/fsm.h"
#include "isup/mtp/link_core.h"

namespace tandem::mtp {
namespace {

using S = LinkState;
using E = LinkEvent;
using Row = FsmRow<S, E, LinkCore>;

bool has_local_outage(const LinkCore& core) {
  return core.local_outage;
}
bool remote_is_well(const LinkCore& core) {
  return core.outage == OutageState::none || core.outage == OutageState::local;
}
bool remote_is_out(const LinkCore& core) {
  return !remote_is_well(core);
}

void mark_emergency(LinkCore& core) {
  core.emergency = true;
}
void cancel_emergency(LinkCore& core) {
  core.emergency = false;
}
void mark_local(LinkCore& core) {
  core.local_outage = true;
}
void cancel_local(LinkCore& core) {
  core.local_outage = false;
}

void start(LinkCore& core) {
  start_reception(core);
  start_transmission(core);
  core.reason = Failure::none;
  if (core.emergency) core.raise(AlignmentEvent::emergency);
  core.raise(AlignmentEvent::start);
}
void hasten(LinkCore& core) {
  core.emergency = true;
  core.raise(AlignmentEvent::emergency);
}

void count_failure(LinkCore& core) {
  auto& c = core.counters;
  ++c.failures;
  switch (core.reason) {
    case Failure::abnormal_bsn:
    case Failure::abnormal_fib:
      ++c.abnormal_fib_bsn;
      break;
    case Failure::acknowledgement:
      ++c.acknowledgement_delay;
      break;
    case Failure::error_rate:
      ++c.error_rate;
      break;
    case Failure::congestion:
      ++c.congestion_too_long;
      break;
    case Failure::alignment:
      ++c.alignment_failures;
      break;
    default:
      break;
  }
}

/// Everything that runs only while the link does. The buffers stay as they are, for retrieval.
void quiet(LinkCore& core) {
  core.rx.running = false;
  core.tx.sending = Sending::sios;
  core.tx.busy_due = false;
  core.error_rate.stop();
  core.alignment_errors.stop();
  for (const auto timer : {LinkTimer::t1, LinkTimer::t6, LinkTimer::t7}) core.stop_timer(timer);
  core.step_busy(BusyEvent::stop);
  core.outage = OutageState::none;
  core.emergency = false;
  core.local_outage = false;
  core.alignment_emergency = false;
  if (core.in_service_since != LinkCore::kNever) core.counters.in_service += core.now - core.in_service_since;
  core.in_service_since = LinkCore::kNever;
}
void fail(LinkCore& core) {
  quiet(core);
  count_failure(core);
  core.sink.out_of_service(core.reason);
}
void stop(LinkCore& core) {
  core.raise(AlignmentEvent::stop);
  core.reason = Failure::stopped;
  quiet(core);
  core.sink.out_of_service(core.reason);
}
void fail_sio(LinkCore& core) {
  core.reason = Failure::received_sio;
  fail(core);
}
void fail_sin(LinkCore& core) {
  core.reason = Failure::received_sin;
  fail(core);
}
void fail_sie(LinkCore& core) {
  core.reason = Failure::received_sie;
  fail(core);
}
void fail_sios(LinkCore& core) {
  core.reason = Failure::received_sios;
  fail(core);
}
void fail_alignment(LinkCore& core) {
  core.reason = Failure::alignment;
  fail(core);
}
void fail_t1(LinkCore& core) {
  core.reason = Failure::t1;
  fail(core);
}

void aligned(LinkCore& core) {
  core.tx.open = true;
  core.error_rate.start();
  core.start_timer(LinkTimer::t1);
}
void ready(LinkCore& core) {
  aligned(core);
  core.tx.sending = Sending::fisu;
  core.rx.accepting = true;
}
void not_ready(LinkCore& core) {
  aligned(core);
  core.raise(OutageEvent::local);
  core.tx.sending = Sending::sipo;
  core.rx.accepting = false;
}

void tell_in_service(LinkCore& core) {
  core.stop_timer(LinkTimer::t1);
  if (core.in_service_since != LinkCore::kNever) return;
  core.in_service_since = core.now;
  core.sink.in_service();
}
void into_service(LinkCore& core) {
  core.tx.sending = Sending::msu;
  core.rx.accepting = true;
  tell_in_service(core);
}
void back_into_service(LinkCore& core) {
  core.tx.flushed = false;
  into_service(core);
  release_msus(core);
}

void local_begins(LinkCore& core) {
  core.local_outage = true;
  core.raise(OutageEvent::local);
  inhibit_msus(core);
  core.tx.sending = Sending::sipo;
  core.rx.accepting = false;
  core.sink.local_processor_outage(true);
}
void local_ends(LinkCore& core) {
  core.local_outage = false;
  core.raise(OutageEvent::local_recovers);
  core.tx.sending = Sending::fisu;
  core.rx.accepting = true;
  core.sink.local_processor_outage(false);
}
void remote_begins(LinkCore& core) {
  core.stop_timer(LinkTimer::t1);
  inhibit_msus(core);
  if (core.tx.sending == Sending::msu) core.tx.sending = Sending::fisu;
  ++core.counters.remote_outages;
  core.raise(OutageEvent::remote);
  core.sink.remote_processor_outage(true);
}
void remote_ends(LinkCore& core) {
  core.raise(OutageEvent::remote_recovers);
  core.sink.remote_processor_outage(false);
}

constexpr auto kRows = std::to_array<Row>({
    // from                 on                           guard             action            to
    {S::out_of_service, E::start, nullptr, start, S::initial_alignment, "Q.703 figure 8, 7.2"},
    {S::out_of_service, E::emergency, nullptr, mark_emergency, S::out_of_service, "Q.703 figure 8"},
    {S::out_of_service, E::emergency_ceases, nullptr, cancel_emergency, S::out_of_service, "Q.703 figure 8"},
    {S::out_of_service, E::local_outage, nullptr, mark_local, S::out_of_service, "Q.703 figure 8"},
    {S::out_of_service, E::local_recovered, nullptr, cancel_local, S::out_of_service, "Q.703 figure 8"},

    {S::initial_alignment, E::emergency, nullptr, hasten, S::initial_alignment, "Q.703 figure 8, 7.2"},
    {S::initial_alignment, E::emergency_ceases, nullptr, cancel_emergency, S::initial_alignment,
     "Q.703 figure 8"},
    {S::initial_alignment, E::local_outage, nullptr, mark_local, S::initial_alignment, "Q.703 figure 8"},
    {S::initial_alignment, E::local_recovered, nullptr, cancel_local, S::initial_alignment, "Q.703 figure 8"},
    {S::initial_alignment, E::stop, nullptr, stop, S::out_of_service, "Q.703 figure 8"},
    {S::initial_alignment, E::alignment_complete, has_local_outage, not_ready, S::aligned_not_ready,
     "Q.703 figure 8"},
    {S::initial_alignment, E::alignment_complete, nullptr, ready, S::aligned_ready, "Q.703 figure 8"},
    {S::initial_alignment, E::alignment_not_possible, nullptr, fail_alignment, S::out_of_service,
     "Q.703 figure 8, 7.3"},

    {S::aligned_ready, E::fisu_msu, nullptr, into_service, S::in_service, "Q.703 figure 8"},
    {S::aligned_ready, E::sipo, nullptr, remote_begins, S::processor_outage, "Q.703 figure 8"},
    {S::aligned_ready, E::local_outage, nullptr, local_begins, S::aligned_not_ready, "Q.703 figure 8"},
    {S::aligned_ready, E::stop, nullptr, stop, S::out_of_service, "Q.703 figure 8"},
    {S::aligned_ready, E::t1, nullptr, fail_t1, S::out_of_service, "Q.703 figure 8"},
    {S::aligned_ready, E::failure, nullptr, fail, S::out_of_service, "Q.703 figure 8"},
    {S::aligned_ready, E::sio, nullptr, fail_sio, S::out_of_service, "Q.703 figure 8"},
    {S::aligned_ready, E::sios, nullptr, fail_sios, S::out_of_service, "Q.703 figure 8"},

    {S::aligned_not_ready, E::local_recovered, nullptr, local_ends, S::aligned_ready, "Q.703 figure 8"},
    {S::aligned_not_ready, E::fisu_msu, nullptr, tell_in_service, S::processor_outage, "Q.703 figure 8"},
    {S::aligned_not_ready, E::sipo, nullptr, remote_begins, S::processor_outage, "Q.703 figure 8"},
    {S::aligned_not_ready, E::stop, nullptr, stop, S::out_of_service, "Q.703 figure 8"},
    {S::aligned_not_ready, E::t1, nullptr, fail_t1, S::out_of_service, "Q.703 figure 8"},
    {S::aligned_not_ready, E::failure, nullptr, fail, S::out_of_service, "Q.703 figure 8"},
    {S::aligned_not_ready, E::sio, nullptr, fail_sio, S::out_of_service, "Q.703 figure 8"},
    {S::aligned_not_ready, E::sios, nullptr, fail_sios, S::out_of_service, "Q.703 figure 8"},

    {S::in_service, E::sipo, nullptr, remote_begins, S::processor_outage, "Q.703 figure 8, 8"},
    {S::in_service, E::local_outage, nullptr, local_begins, S::processor_outage, "Q.703 figure 8, 8"},
    {S::in_service, E::stop, nullptr, stop, S::out_of_service, "Q.703 figure 8"},
    {S::in_service, E::failure, nullptr, fail, S::out_of_service, "Q.703 figure 8"},
    {S::in_service, E::sio, nullptr, fail_sio, S::out_of_service, "Q.703 figure 8"},
    {S::in_service, E::sin, nullptr, fail_sin, S::out_of_service, "Q.703 figure 8"},
    {S::in_service, E::sie, nullptr, fail_sie, S::out_of_service, "Q.703 figure 8"},
    {S::in_service, E::sios, nullptr, fail_sios, S::out_of_service, "Q.703 figure 8"},

    {S::processor_outage, E::local_outage, has_local_outage, nullptr, S::processor_outage, "Q.703 figure 8"},
    {S::processor_outage, E::local_outage, nullptr, local_begins, S::processor_outage, "Q.703 figure 8"},
    {S::processor_outage, E::local_recovered, has_local_outage, local_ends, S::processor_outage,
     "Q.703 figure 8"},
    {S::processor_outage, E::sipo, remote_is_well, remote_begins, S::processor_outage, "Q.703 figure 8"},
    {S::processor_outage, E::fisu_msu, remote_is_out, remote_ends, S::processor_outage, "Q.703 figure 8"},
    {S::processor_outage, E::no_outage, nullptr, back_into_service, S::in_service, "Q.703 figure 8, 8"},
    {S::processor_outage, E::stop, nullptr, stop, S::out_of_service, "Q.703 figure 8"},
    {S::processor_outage, E::failure, nullptr, fail, S::out_of_service, "Q.703 figure 8"},
    {S::processor_outage, E::sio, nullptr, fail_sio, S::out_of_service, "Q.703 figure 8"},
    {S::processor_outage, E::sin, nullptr, fail_sin, S::out_of_service, "Q.703 figure 8"},
    {S::processor_outage, E::sie, nullptr, fail_sie, S::out_of_service, "Q.703 figure 8"},
    {S::processor_outage, E::sios, nullptr, fail_sios, S::out_of_service, "Q.703 figure 8"},
});
static_assert(fsm_rows_unique(kRows));

using PS = OutageState;
using PE = OutageEvent;
using OutageRow = FsmRow<PS, PE, LinkCore>;

void all_well(LinkCore& core) {
  core.raise(LinkEvent::no_outage);
}

constexpr auto kOutageRows = std::to_array<OutageRow>({
    {PS::none, PE::local, nullptr, nullptr, PS::local, "Q.703 figure 10"},
    {PS::none, PE::remote, nullptr, nullptr, PS::remote, "Q.703 figure 10"},
    {PS::local, PE::remote, nullptr, nullptr, PS::both, "Q.703 figure 10"},
    {PS::local, PE::local_recovers, nullptr, all_well, PS::none, "Q.703 figure 10"},
    {PS::remote, PE::local, nullptr, nullptr, PS::both, "Q.703 figure 10"},
    {PS::remote, PE::remote_recovers, nullptr, all_well, PS::none, "Q.703 figure 10"},
    {PS::both, PE::local_recovers, nullptr, nullptr, PS::remote, "Q.703 figure 10"},
    {PS::both, PE::remote_recovers, nullptr, nullptr, PS::local, "Q.703 figure 10"},
});
static_assert(fsm_rows_unique(kOutageRows));

}  // namespace

void step_link(LinkCore& core, LinkEvent event) {
  fsm_step(kRows, core.state, event, core);
}

void step_outage(LinkCore& core, OutageEvent event) {
  fsm_step(kOutageRows, core.outage, event, core);
}

}  // namespace tandem::mtp
