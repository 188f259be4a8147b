// Initial alignment control (Q.703 7 and figure 9).
#include "gateway/base/fsm.h"
#include "isup/mtp/link_core.h"

namespace tandem::mtp {
namespace {

using S = AlignmentState;
using E = AlignmentEvent;
using Row = FsmRow<S, E, LinkCore>;

constexpr std::uint8_t kMaxProvings = 5;  // Q.703 7.3: M

bool proving_is_short(const LinkCore& core) {
  return core.proving_emergency;
}
bool must_prove_again(const LinkCore& core) {
  return core.further_proving;
}
bool was_last_proving(const LinkCore& core) {
  return core.provings + 1 >= kMaxProvings;
}

LinkTimer proving_timer(const LinkCore& core) {
  return core.proving_emergency ? LinkTimer::t4_emergency : LinkTimer::t4_normal;
}
void prove(LinkCore& core) {
  core.alignment_errors.emergency = core.proving_emergency;
  core.alignment_errors.start();
  core.further_proving = false;
  core.start_timer(proving_timer(core));
}

void mark_emergency(LinkCore& core) {
  core.alignment_emergency = true;
}
void cancel_emergency(LinkCore& core) {
  core.alignment_emergency = false;
}
void start(LinkCore& core) {
  core.proving_emergency = false;
  core.tx.sending = Sending::sio;
  core.start_timer(LinkTimer::t2);
}
/// SIO or SIN has come.
void align(LinkCore& core) {
  core.stop_timer(LinkTimer::t2);
  core.proving_emergency = core.alignment_emergency;
  core.tx.sending = core.alignment_emergency ? Sending::sie : Sending::sin;
  core.start_timer(LinkTimer::t3);
}
void align_emergency(LinkCore& core) {
  align(core);
  core.proving_emergency = true;
}
void begin_proving(LinkCore& core) {
  core.stop_timer(LinkTimer::t3);
  core.provings = 0;
  prove(core);
}
void begin_short_proving(LinkCore& core) {
  core.proving_emergency = true;
  begin_proving(core);
}
void ask_emergency(LinkCore& core) {
  core.alignment_emergency = true;
  core.proving_emergency = true;
  core.tx.sending = Sending::sie;
}
void shorten(LinkCore& core) {
  core.proving_emergency = true;
  prove(core);
}
void ask_and_shorten(LinkCore& core) {
  ask_emergency(core);
  prove(core);
}
void align_again(LinkCore& core) {
  core.stop_timer(LinkTimer::t4_normal);
  core.alignment_errors.stop();
  core.start_timer(LinkTimer::t3);
}
void prove_once_more(LinkCore& core) {
  ++core.provings;
  core.further_proving = true;
}

void end(LinkCore& core) {
  for (const auto timer : {LinkTimer::t2, LinkTimer::t3, LinkTimer::t4_normal}) core.stop_timer(timer);
  core.alignment_errors.stop();
  core.alignment_emergency = false;
}
void give_up(LinkCore& core) {
  end(core);
  core.raise(LinkEvent::alignment_not_possible);
}
void complete(LinkCore& core) {
  end(core);
  core.raise(LinkEvent::alignment_complete);
}

constexpr auto kRows = std::to_array<Row>({
    {S::idle, E::emergency, nullptr, mark_emergency, S::idle, "Q.703 figure 9"},
    {S::idle, E::emergency_ceases, nullptr, cancel_emergency, S::idle, "Q.703 figure 9"},
    {S::idle, E::start, nullptr, start, S::not_aligned, "Q.703 figure 9, 7.3"},

    {S::not_aligned, E::sio, nullptr, align, S::aligned, "Q.703 figure 9, 7.3"},
    {S::not_aligned, E::sin, nullptr, align, S::aligned, "Q.703 figure 9, 7.3"},
    {S::not_aligned, E::sie, nullptr, align_emergency, S::aligned, "Q.703 figure 9, 7.3"},
    {S::not_aligned, E::emergency, nullptr, mark_emergency, S::not_aligned, "Q.703 figure 9"},
    {S::not_aligned, E::emergency_ceases, nullptr, cancel_emergency, S::not_aligned, "Q.703 figure 9"},
    {S::not_aligned, E::t2, nullptr, give_up, S::idle, "Q.703 figure 9"},
    {S::not_aligned, E::stop, nullptr, end, S::idle, "Q.703 figure 9"},

    {S::aligned, E::sin, nullptr, begin_proving, S::proving, "Q.703 figure 9, 7.3"},
    {S::aligned, E::sie, nullptr, begin_short_proving, S::proving, "Q.703 figure 9, 7.3"},
    {S::aligned, E::emergency, nullptr, ask_emergency, S::aligned, "Q.703 figure 9"},
    {S::aligned, E::sios, nullptr, give_up, S::idle, "Q.703 figure 9"},
    {S::aligned, E::t3, nullptr, give_up, S::idle, "Q.703 figure 9"},
    {S::aligned, E::stop, nullptr, end, S::idle, "Q.703 figure 9"},

    {S::proving, E::t4, must_prove_again, prove, S::proving, "Q.703 figure 9"},
    {S::proving, E::t4, nullptr, complete, S::idle, "Q.703 figure 9, 7.3"},
    {S::proving, E::correct_unit, must_prove_again, prove, S::proving, "Q.703 figure 9, 7.3"},
    {S::proving, E::abort_proving, was_last_proving, give_up, S::idle, "Q.703 figure 9, 7.3"},
    {S::proving, E::abort_proving, nullptr, prove_once_more, S::proving, "Q.703 figure 9, 7.3"},
    {S::proving, E::sie, proving_is_short, nullptr, S::proving, "Q.703 figure 9"},
    {S::proving, E::sie, nullptr, shorten, S::proving, "Q.703 figure 9, 7.2"},
    {S::proving, E::emergency, nullptr, ask_and_shorten, S::proving, "Q.703 figure 9"},
    {S::proving, E::sio, nullptr, align_again, S::aligned, "Q.703 figure 9"},
    {S::proving, E::sios, nullptr, give_up, S::idle, "Q.703 figure 9"},
    {S::proving, E::stop, nullptr, end, S::idle, "Q.703 figure 9"},
});
static_assert(fsm_rows_unique(kRows));

}  // namespace

void step_alignment(LinkCore& core, AlignmentEvent event) {
  fsm_step(kRows, core.alignment, event, core);
}

}  // namespace tandem::mtp
