#pragma once
// The call machine of a circuit as rows (Q.764 2.1 to 2.9). A machine does nothing itself: it has its context
// take the steps of the row.
#include <array>

#include "gateway/base/fsm.h"
#include "isup/circuit.h"

namespace tandem::isup {

enum class Do : std::uint8_t {
  send,        ///< what call control said
  send_iam,    ///< the same, begins a call
  deliver,     ///< what was received to call control
  take_call,   ///< IAM: call control gets it, unless its SGM or COT is still due
  hold_iam,    ///< IAM: kept until COT
  add_digits,  ///< SAM: to the IAM that is held
  give_held,   ///< the IAM that was held to call control
  start,
  stop,
  stop_all,
  release,       ///< REL with a cause; call control is told
  keep_release,  ///< REL of call control
  resend_release,
  rlc,
  rsc,
  resend_rsc,
  ccr,
  lpa,  ///< where the network has it
  cot_good,
  cot_bad,
  fail,     ///< call control: the call is over, with a cause
  retry,    ///< call control: the call is over here, another circuit may do
  expired,  ///< call control: a timer without consequence
  loop_on,
  loop_off,
  tone_on,
  tone_off,
  reset_marks,  ///< the peer has reset the circuit: its blocking is gone, ours is told again
  after_reset,  ///< the peer has acknowledged: our blocking is told again
  alert
};

struct Step {
  Do what;
  Timer timer = Timer::t1;
  std::uint8_t cause = 0;
  AlertText text = AlertText::confusion;
};

class GroupCore;
/// One event at one circuit.
struct CallContext {
  GroupCore& group;
  CircuitRecord& circuit;
  const Message* message;
  Time now;
  void step(const Step& step);
};

using CallRow = FsmRow<CallState, CircuitEvent, CallContext>;

namespace call_table {
constexpr Step start(Timer t) {
  return {Do::start, t};
}
constexpr Step stop(Timer t) {
  return {Do::stop, t};
}
constexpr Step release(std::uint8_t cause) {
  return {Do::release, Timer::t1, cause};
}
constexpr Step fail(std::uint8_t cause) {
  return {Do::fail, Timer::t1, cause};
}
constexpr Step retry(std::uint8_t cause) {
  return {Do::retry, Timer::t1, cause};
}
constexpr Step alert(AlertText text) {
  return {Do::alert, Timer::t1, 0, text};
}
constexpr Step expired(Timer t) {
  return {Do::expired, t};
}
template <Step... kSteps>
void run(CallContext& c) {
  (c.step(kSteps), ...);
}
constexpr Step kSend{Do::send}, kSendIam{Do::send_iam}, kDeliver{Do::deliver}, kTake{Do::take_call},
    kHold{Do::hold_iam}, kAddDigits{Do::add_digits}, kGiveHeld{Do::give_held}, kStopAll{Do::stop_all},
    kKeepRelease{Do::keep_release}, kResendRelease{Do::resend_release}, kRlc{Do::rlc}, kRsc{Do::rsc},
    kResendRsc{Do::resend_rsc}, kCcr{Do::ccr}, kLpa{Do::lpa}, kCotGood{Do::cot_good}, kCotBad{Do::cot_bad},
    kLoopOn{Do::loop_on}, kLoopOff{Do::loop_off}, kToneOn{Do::tone_on}, kToneOff{Do::tone_off},
    kResetMarks{Do::reset_marks}, kAfterReset{Do::after_reset};

// guards, in circuit_steps.cpp
bool wants_check(const CallContext& c);       ///< IAM: continuity check required on this circuit
bool check_before(const CallContext& c);      ///< IAM: performed on a previous circuit
bool barred(const CallContext& c);            ///< IAM on a circuit that we block, and no test call
bool peer_controls(const CallContext& c);     ///< Q.764 2.9.1.4
bool loses_to_check(const CallContext& c);    ///< IAM of the controlling side, whose circuit is checked
bool loses_to_checked(const CallContext& c);  ///< the same, on a previous circuit
bool cot_good(const CallContext& c);
bool cot_bad_here(const CallContext& c);  ///< failure, and the check was about this circuit
bool by_network(const CallContext& c);    ///< SUS, RES
bool not_controlling(const CallContext& c);
bool prompted(const CallContext& c);  ///< LPA comes after CCR

using S = CallState;
using E = CircuitEvent;
using T = Timer;
using A = AlertText;

/// Idle, and calls that begin.
inline constexpr auto kIdleRows = std::to_array<CallRow>({
    {S::idle, E::c_iam, wants_check, run<kSendIam, kToneOn, start(T::t7), start(T::t24)>, S::out_check,
     "Q.764 2.1.8"},
    {S::idle, E::c_iam, nullptr, run<kSendIam, start(T::t7)>, S::out_setup, "Q.764 2.1.1"},
    {S::idle, E::r_iam, barred, run<alert(A::blocked_circuit_used)>, S::idle, "Q.764 2.8.2"},
    {S::idle, E::r_iam, wants_check, run<kHold, kLoopOn, start(T::t8)>, S::in_check, "Q.764 2.1.8"},
    {S::idle, E::r_iam, check_before, run<kHold, start(T::t8)>, S::in_check, "Q.764 2.1.8"},
    {S::idle, E::r_iam, nullptr, run<kTake>, S::in_setup, "Q.764 2.1.1"},
    {S::idle, E::r_rel, nullptr, run<kRlc>, S::idle, "Q.764 2.9.5.1: REL on an idle circuit"},
    {S::idle, E::r_rlc, nullptr, nullptr, S::idle, "Q.764 2.9.5.1: RLC on an idle circuit"},
    {S::idle, E::r_rsc, nullptr, run<kResetMarks, kRlc>, S::idle, "Q.764 2.9.3.1"},
    {S::idle, E::r_group_reset, nullptr, run<kResetMarks>, S::idle, "Q.764 2.9.3.2"},
    {S::idle, E::r_ccr, nullptr, run<kLpa, kLoopOn, start(T::t36)>, S::looped, "Q.764 2.1.8"},
    {S::idle, E::r_lpa, nullptr, nullptr, S::idle, "Q.764 2.9.5.1: late"},
    {S::idle, E::r_cot, nullptr, nullptr, S::idle, "Q.764 2.9.5.1: late"},
    {S::idle, E::r_blocking, nullptr, nullptr, S::idle, "Q.764 2.8.2"},
    {S::idle, E::r_hardware, nullptr, nullptr, S::idle, "Q.764 2.8.2"},
    {S::idle, E::r_ucic, nullptr, run<alert(A::unequipped)>, S::unequipped, "Q.764 2.12"},
    {S::idle, E::c_reset, nullptr, run<kRsc>, S::resetting, "Q.764 2.9.3.1"},
    {S::idle, E::c_group_reset, nullptr, nullptr, S::group_reset, "Q.764 2.9.3.2"},
    {S::idle, E::c_recheck, prompted, run<kCcr, start(T::tccr)>, S::recheck_prompt, "T1.113.4"},
    {S::idle, E::c_recheck, nullptr, run<kCcr, kToneOn, start(T::t24)>, S::recheck_tone, "Q.764 2.1.8"},
});

/// Outgoing calls.
inline constexpr auto kOutgoingRows = std::to_array<CallRow>({
    // the check of the circuit
    {S::out_check, E::tone, nullptr, run<kToneOff, stop(T::t24), kCotGood, start(T::t7)>, S::out_setup,
     "Q.764 2.1.8"},
    {S::out_check, E::t24, nullptr,
     run<kToneOff, kStopAll, kCotBad, retry(41), alert(A::check_failed), start(T::t25)>, S::recheck_wait,
     "Q.764 2.1.8"},
    {S::out_check, E::t7, nullptr, run<kToneOff, kStopAll, release(102)>, S::wait_rlc, "Q.764 2.9.8.3"},
    {S::out_check, E::r_iam, loses_to_check, run<kToneOff, kStopAll, retry(44), kHold, kLoopOn, start(T::t8)>,
     S::in_check, "Q.764 2.9.1.4, 2.1.8"},
    {S::out_check, E::r_iam, loses_to_checked, run<kToneOff, kStopAll, retry(44), kHold, start(T::t8)>,
     S::in_check, "Q.764 2.9.1.4, 2.1.8"},
    {S::out_check, E::r_sam, nullptr, nullptr, S::out_check, "Q.764 2.9.1.4: of an IAM that has lost"},
    {S::out_check, E::r_cot, nullptr, nullptr, S::out_check, "Q.764 2.9.1.4: of an IAM that has lost"},
    {S::out_check, E::r_iam, peer_controls, run<kToneOff, kStopAll, retry(44), kTake>, S::in_setup,
     "Q.764 2.9.1.4"},
    {S::out_check, E::r_iam, nullptr, run<alert(A::dual_seizure)>, S::out_check, "Q.764 2.9.1.4"},
    {S::out_check, E::r_rel, nullptr, run<kToneOff, kStopAll, kDeliver, kRlc>, S::idle, "Q.764 2.3"},
    {S::out_check, E::r_blocking, nullptr, run<kToneOff, kStopAll, retry(44), release(31)>, S::wait_rlc,
     "Q.764 2.8.2.2"},
    {S::out_check, E::r_info, nullptr, run<kDeliver>, S::out_check, "Q.764 2.1.6"},
    {S::out_check, E::r_olm, nullptr, run<kToneOff, kStopAll, retry(42), start(T::t3)>, S::out_overload,
     "Q.764 2.9.9"},
    {S::out_check, E::c_sam, nullptr, run<kSend, start(T::t7)>, S::out_check, "Q.764 2.1.2"},
    {S::out_check, E::c_info, nullptr, run<kSend>, S::out_check, "Q.764 2.1"},
    {S::out_check, E::c_rel, nullptr, run<kToneOff, kStopAll, kKeepRelease>, S::wait_rlc, "Q.764 2.3"},
    // no backward message yet
    {S::out_setup, E::r_iam, loses_to_check, run<kStopAll, retry(44), kHold, kLoopOn, start(T::t8)>,
     S::in_check, "Q.764 2.9.1.4, 2.1.8"},
    {S::out_setup, E::r_iam, loses_to_checked, run<kStopAll, retry(44), kHold, start(T::t8)>, S::in_check,
     "Q.764 2.9.1.4, 2.1.8"},
    {S::out_setup, E::r_sam, nullptr, nullptr, S::out_setup, "Q.764 2.9.1.4: of an IAM that has lost"},
    {S::out_setup, E::r_cot, nullptr, nullptr, S::out_setup, "Q.764 2.9.1.4: of an IAM that has lost"},
    {S::out_setup, E::r_iam, peer_controls, run<kStopAll, retry(44), kTake>, S::in_setup, "Q.764 2.9.1.4"},
    {S::out_setup, E::r_iam, nullptr, run<alert(A::dual_seizure)>, S::out_setup, "Q.764 2.9.1.4"},
    {S::out_setup, E::r_acm, nullptr, run<stop(T::t7), start(T::t9), kDeliver>, S::out_ringing,
     "Q.764 2.1.4"},
    {S::out_setup, E::r_con, nullptr, run<stop(T::t7), kDeliver>, S::out_answered, "Q.764 2.1.5"},
    {S::out_setup, E::r_rel, nullptr, run<kStopAll, kDeliver, kRlc>, S::idle, "Q.764 2.2"},
    {S::out_setup, E::r_info, nullptr, run<kDeliver>, S::out_setup, "Q.764 2.1.6"},
    {S::out_setup, E::r_inf, nullptr, run<kDeliver>, S::out_setup, "Q.764 2.1.6"},
    {S::out_setup, E::r_irs, nullptr, run<stop(T::t39), kDeliver>, S::out_setup, "Q.731.7"},
    {S::out_setup, E::r_olm, nullptr, run<kStopAll, retry(42), start(T::t3)>, S::out_overload, "Q.764 2.9.9"},
    {S::out_setup, E::r_blocking, nullptr, run<kStopAll, retry(44), release(31)>, S::wait_rlc,
     "Q.764 2.8.2.2"},
    {S::out_setup, E::c_sam, nullptr, run<kSend, start(T::t7)>, S::out_setup, "Q.764 2.1.2"},
    {S::out_setup, E::c_cot, nullptr, run<kSend, start(T::t7)>, S::out_setup, "Q.764 2.1.8"},
    {S::out_setup, E::c_info, nullptr, run<kSend>, S::out_setup, "Q.764 2.1"},
    {S::out_setup, E::c_idr, nullptr, run<kSend, start(T::t39)>, S::out_setup, "Q.731.7"},
    {S::out_setup, E::t39, nullptr, run<expired(T::t39)>, S::out_setup, "Q.731.7"},
    {S::out_setup, E::c_rel, nullptr, run<kStopAll, kKeepRelease>, S::wait_rlc, "Q.764 2.3"},
    {S::out_setup, E::t7, nullptr, run<kStopAll, release(102)>, S::wait_rlc, "Q.764 2.9.8.3"},
    // waiting for the answer
    {S::out_ringing, E::r_cpg, nullptr, run<kDeliver>, S::out_ringing, "Q.764 2.1.4"},
    {S::out_ringing, E::r_anm, nullptr, run<stop(T::t9), kDeliver>, S::out_answered, "Q.764 2.1.7"},
    {S::out_ringing, E::r_rel, nullptr, run<kStopAll, kDeliver, kRlc>, S::idle, "Q.764 2.2"},
    {S::out_ringing, E::r_rlc, nullptr, run<kStopAll, release(41)>, S::wait_rlc, "Q.764 2.9.5.1 c)"},
    {S::out_ringing, E::r_info, nullptr, run<kDeliver>, S::out_ringing, "Q.764 2.1"},
    {S::out_ringing, E::r_inf, nullptr, run<kDeliver>, S::out_ringing, "Q.764 2.1.6"},
    {S::out_ringing, E::r_irs, nullptr, run<stop(T::t39), kDeliver>, S::out_ringing, "Q.731.7"},
    {S::out_ringing, E::c_idr, nullptr, run<kSend, start(T::t39)>, S::out_ringing, "Q.731.7"},
    {S::out_ringing, E::t39, nullptr, run<expired(T::t39)>, S::out_ringing, "Q.731.7"},
    {S::out_ringing, E::r_blocking, nullptr, nullptr, S::out_ringing, "Q.764 2.8.2.2: the call goes on"},
    {S::out_ringing, E::c_info, nullptr, run<kSend>, S::out_ringing, "Q.764 2.1"},
    {S::out_ringing, E::c_rel, nullptr, run<kStopAll, kKeepRelease>, S::wait_rlc, "Q.764 2.3"},
    {S::out_ringing, E::t9, nullptr, run<kStopAll, release(19)>, S::wait_rlc, "Q.764 2.1.4"},
    // answered
    {S::out_answered, E::r_cpg, nullptr, run<kDeliver>, S::out_answered, "Q.764 2.1.4"},
    {S::out_answered, E::c_cpg, nullptr, run<kSend>, S::out_answered, "Q.733.2: hold by the calling party"},
    {S::out_answered, E::r_rlc, nullptr, run<kStopAll, release(41)>, S::wait_rlc, "Q.764 2.9.5.1 c)"},
    {S::out_answered, E::r_sus, not_controlling, run<kDeliver>, S::out_answered, "Q.764 2.4"},
    {S::out_answered, E::r_sus, by_network, run<start(T::t6), kDeliver>, S::out_answered, "Q.764 2.4.1"},
    {S::out_answered, E::r_sus, nullptr, run<start(T::t2), kDeliver>, S::out_answered, "Q.733.4"},
    {S::out_answered, E::r_res, by_network, run<stop(T::t6), kDeliver>, S::out_answered, "Q.764 2.4.2"},
    {S::out_answered, E::r_res, nullptr, run<stop(T::t2), kDeliver>, S::out_answered, "Q.733.4"},
    {S::out_answered, E::t6, nullptr, run<kStopAll, release(102)>, S::wait_rlc, "Q.764 2.4.3"},
    {S::out_answered, E::t2, nullptr, run<kStopAll, release(102)>, S::wait_rlc, "Q.733.4"},
    {S::out_answered, E::t38, nullptr, run<kStopAll, release(102)>, S::wait_rlc, "Q.764 2.4.3"},
    {S::out_answered, E::c_sus, by_network, run<kSend, start(T::t38)>, S::out_answered, "Q.764 2.4.1"},
    {S::out_answered, E::c_sus, nullptr, run<kSend>, S::out_answered, "Q.733.4"},
    {S::out_answered, E::c_res, by_network, run<kSend, stop(T::t38)>, S::out_answered, "Q.764 2.4.2"},
    {S::out_answered, E::c_res, nullptr, run<kSend>, S::out_answered, "Q.733.4"},
    {S::out_answered, E::r_info, nullptr, run<kDeliver>, S::out_answered, "Q.764 2.1"},
    {S::out_answered, E::r_inf, nullptr, run<kDeliver>, S::out_answered, "Q.764 2.1.6"},
    {S::out_answered, E::r_irs, nullptr, run<stop(T::t39), kDeliver>, S::out_answered, "Q.731.7"},
    {S::out_answered, E::c_idr, nullptr, run<kSend, start(T::t39)>, S::out_answered, "Q.731.7"},
    {S::out_answered, E::t39, nullptr, run<expired(T::t39)>, S::out_answered, "Q.731.7"},
    {S::out_answered, E::r_rel, nullptr, run<kStopAll, kDeliver, kRlc>, S::idle, "Q.764 2.3"},
    {S::out_answered, E::r_blocking, nullptr, nullptr, S::out_answered, "Q.764 2.8.2.2: the call goes on"},
    {S::out_answered, E::c_info, nullptr, run<kSend>, S::out_answered, "Q.764 2.1"},
    {S::out_answered, E::c_rel, nullptr, run<kStopAll, kKeepRelease>, S::wait_rlc, "Q.764 2.3"},
    // refused for overload
    {S::out_overload, E::t3, nullptr, run<kStopAll, release(42)>, S::wait_rlc, "Q.764 2.9.9"},
    {S::out_overload, E::r_rel, nullptr, run<kStopAll, kRlc>, S::idle, "Q.764 2.9.9"},
    {S::out_overload, E::r_blocking, nullptr, nullptr, S::out_overload, "Q.764 2.8.2.2"},
});

/// IAM where its sender has a call already: a GRS by another link has overtaken that one's IAM. Neither side
/// may take the one call for the other.
inline constexpr auto kSecondIam =
    run<kToneOff, kLoopOff, kStopAll, fail(41), alert(A::unexpected_message), kRsc>;

/// Incoming calls.
inline constexpr auto kIncomingRows = std::to_array<CallRow>({
    // COT is due
    {S::in_check, E::r_iam, nullptr, kSecondIam, S::resetting, "Q.764 2.9.5.1 d), 2.9.3.1"},
    {S::in_check, E::r_cot, cot_good, run<kLoopOff, stop(T::t8), kGiveHeld>, S::in_setup, "Q.764 2.1.8"},
    {S::in_check, E::r_cot, cot_bad_here, run<kLoopOff, stop(T::t8), start(T::t27)>, S::check_failed,
     "Q.764 2.1.8"},
    {S::in_check, E::r_cot, nullptr, run<kLoopOff, kStopAll, release(41)>, S::wait_rlc, "Q.764 2.1.8"},
    {S::in_check, E::r_ccr, nullptr, run<kStopAll, kLpa, kLoopOn, start(T::t36)>, S::looped,
     "Q.764 2.1.8: COT, failure, went lost"},
    {S::in_check, E::r_rlc, nullptr, run<kLoopOff, kStopAll, release(41)>, S::wait_rlc, "Q.764 2.9.5.1 c)"},
    {S::in_check, E::r_sam, nullptr, run<kAddDigits>, S::in_check, "Q.764 2.1.2"},
    {S::in_check, E::r_rel, nullptr, run<kLoopOff, kStopAll, kRlc>, S::idle, "Q.764 2.3"},
    {S::in_check, E::r_blocking, nullptr, nullptr, S::in_check, "Q.764 2.8.2.2"},
    {S::in_check, E::t8, nullptr, run<kLoopOff, kStopAll, release(41)>, S::wait_rlc, "Q.764 2.9.8.3"},
    // no ACM yet
    {S::in_setup, E::r_iam, nullptr, kSecondIam, S::resetting, "Q.764 2.9.5.1 d), 2.9.3.1"},
    {S::in_setup, E::r_sam, nullptr, run<stop(T::t35), kDeliver>, S::in_setup, "Q.764 2.1.2"},
    // RLC that answers no REL: the peer has begun this call before our reset, and ended it since
    {S::in_setup, E::r_rlc, nullptr, run<kStopAll, release(41)>, S::wait_rlc, "Q.764 2.9.5.1 c)"},
    {S::in_setup, E::r_info, nullptr, run<kDeliver>, S::in_setup, "Q.764 2.1"},
    {S::in_setup, E::r_inf, nullptr, run<stop(T::t33), kDeliver>, S::in_setup, "Q.764 2.1.6"},
    {S::in_setup, E::r_irs, nullptr, run<stop(T::t39), kDeliver>, S::in_setup, "Q.731.7"},
    {S::in_setup, E::r_rel, nullptr, run<kStopAll, kDeliver, kRlc>, S::idle, "Q.764 2.3"},
    {S::in_setup, E::r_blocking, nullptr, nullptr, S::in_setup, "Q.764 2.8.2.2: the call goes on"},
    {S::in_setup, E::c_acm, nullptr, run<stop(T::t35), kSend>, S::in_ringing, "Q.764 2.1.4"},
    {S::in_setup, E::c_con, nullptr, run<stop(T::t35), kSend>, S::in_answered, "Q.764 2.1.5"},
    {S::in_setup, E::c_digits, nullptr, run<start(T::t35)>, S::in_setup, "Q.764 2.2.5"},
    {S::in_setup, E::c_inr, nullptr, run<kSend, start(T::t33)>, S::in_setup, "Q.764 2.1.6"},
    {S::in_setup, E::c_idr, nullptr, run<kSend, start(T::t39)>, S::in_setup, "Q.731.7"},
    {S::in_setup, E::c_info, nullptr, run<kSend>, S::in_setup, "Q.764 2.1"},
    {S::in_setup, E::c_olm, nullptr, run<kSend>, S::in_setup, "Q.764 2.9.9"},
    {S::in_setup, E::c_rel, nullptr, run<kStopAll, kKeepRelease>, S::wait_rlc, "Q.764 2.2"},
    {S::in_setup, E::t33, nullptr, run<kStopAll, release(31)>, S::wait_rlc, "Q.764 2.1.6"},
    {S::in_setup, E::t35, nullptr, run<kStopAll, release(28)>, S::wait_rlc, "Q.764 2.2.5"},
    {S::in_setup, E::t39, nullptr, run<expired(T::t39)>, S::in_setup, "Q.731.7"},
    // ACM sent
    {S::in_ringing, E::r_iam, nullptr, kSecondIam, S::resetting, "Q.764 2.9.5.1 d), 2.9.3.1"},
    {S::in_ringing, E::r_rlc, nullptr, run<kStopAll, release(41)>, S::wait_rlc, "Q.764 2.9.5.1 c)"},
    {S::in_ringing, E::r_info, nullptr, run<kDeliver>, S::in_ringing, "Q.764 2.1"},
    {S::in_ringing, E::r_inf, nullptr, run<stop(T::t33), kDeliver>, S::in_ringing, "Q.764 2.1.6"},
    {S::in_ringing, E::r_irs, nullptr, run<stop(T::t39), kDeliver>, S::in_ringing, "Q.731.7"},
    {S::in_ringing, E::r_rel, nullptr, run<kStopAll, kDeliver, kRlc>, S::idle, "Q.764 2.3"},
    {S::in_ringing, E::r_blocking, nullptr, nullptr, S::in_ringing, "Q.764 2.8.2.2: the call goes on"},
    {S::in_ringing, E::c_cpg, nullptr, run<kSend>, S::in_ringing, "Q.764 2.1.4"},
    {S::in_ringing, E::c_anm, nullptr, run<kSend>, S::in_answered, "Q.764 2.1.7"},
    {S::in_ringing, E::c_inr, nullptr, run<kSend, start(T::t33)>, S::in_ringing, "Q.764 2.1.6"},
    {S::in_ringing, E::c_idr, nullptr, run<kSend, start(T::t39)>, S::in_ringing, "Q.731.7"},
    {S::in_ringing, E::c_info, nullptr, run<kSend>, S::in_ringing, "Q.764 2.1"},
    {S::in_ringing, E::c_rel, nullptr, run<kStopAll, kKeepRelease>, S::wait_rlc, "Q.764 2.2"},
    {S::in_ringing, E::t33, nullptr, run<kStopAll, release(31)>, S::wait_rlc, "Q.764 2.1.6"},
    {S::in_ringing, E::t39, nullptr, run<expired(T::t39)>, S::in_ringing, "Q.731.7"},
    // answered
    {S::in_answered, E::c_cpg, nullptr, run<kSend>, S::in_answered, "Q.764 2.1.4"},
    {S::in_answered, E::r_cpg, nullptr, run<kDeliver>, S::in_answered, "Q.733.2: hold by the calling party"},
    {S::in_answered, E::c_sus, by_network, run<kSend, start(T::t38)>, S::in_answered, "Q.764 2.4.1"},
    {S::in_answered, E::c_sus, nullptr, run<kSend>, S::in_answered, "Q.733.4"},
    {S::in_answered, E::c_res, by_network, run<kSend, stop(T::t38)>, S::in_answered, "Q.764 2.4.2"},
    {S::in_answered, E::c_res, nullptr, run<kSend>, S::in_answered, "Q.733.4"},
    {S::in_answered, E::t38, nullptr, run<kStopAll, release(102)>, S::wait_rlc, "Q.764 2.4.3"},
    {S::in_answered, E::r_sus, nullptr, run<kDeliver>, S::in_answered, "Q.764 2.4"},
    {S::in_answered, E::r_res, nullptr, run<kDeliver>, S::in_answered, "Q.764 2.4"},
    {S::in_answered, E::r_iam, nullptr, kSecondIam, S::resetting, "Q.764 2.9.5.1 d), 2.9.3.1"},
    {S::in_answered, E::r_rlc, nullptr, run<kStopAll, release(41)>, S::wait_rlc, "Q.764 2.9.5.1 c)"},
    {S::in_answered, E::r_info, nullptr, run<kDeliver>, S::in_answered, "Q.764 2.1"},
    {S::in_answered, E::r_inf, nullptr, run<stop(T::t33), kDeliver>, S::in_answered, "Q.764 2.1.6"},
    {S::in_answered, E::r_irs, nullptr, run<stop(T::t39), kDeliver>, S::in_answered, "Q.731.7"},
    {S::in_answered, E::c_idr, nullptr, run<kSend, start(T::t39)>, S::in_answered, "Q.731.7"},
    {S::in_answered, E::c_info, nullptr, run<kSend>, S::in_answered, "Q.764 2.1"},
    {S::in_answered, E::t33, nullptr, run<kStopAll, release(31)>, S::wait_rlc, "Q.764 2.1.6"},
    {S::in_answered, E::t39, nullptr, run<expired(T::t39)>, S::in_answered, "Q.731.7"},
    {S::in_answered, E::r_rel, nullptr, run<kStopAll, kDeliver, kRlc>, S::idle, "Q.764 2.3"},
    {S::in_answered, E::r_blocking, nullptr, nullptr, S::in_answered, "Q.764 2.8.2.2: the call goes on"},
    {S::in_answered, E::c_rel, nullptr, run<kStopAll, kKeepRelease>, S::wait_rlc, "Q.764 2.3"},
});

/// Release, reset and rechecks.
inline constexpr auto kClearingRows = std::to_array<CallRow>({
    {S::wait_rlc, E::r_rlc, nullptr, run<kStopAll>, S::idle, "Q.764 2.3"},
    {S::wait_rlc, E::r_rel, nullptr, run<kRlc>, S::wait_rlc, "Q.764 2.3.1: both have released"},
    {S::wait_rlc, E::t1, nullptr, run<kResendRelease, start(T::t1)>, S::wait_rlc, "Q.764 2.9.6"},
    {S::wait_rlc, E::t5, nullptr, run<kStopAll, alert(A::release_not_answered), kResendRsc, start(T::t17)>,
     S::resetting, "Q.764 2.9.6"},
    {S::wait_rlc, E::r_blocking, nullptr, nullptr, S::wait_rlc, "Q.764 2.8.2.2"},
    {S::resetting, E::r_rlc, nullptr, run<kStopAll, kAfterReset>, S::idle, "Q.764 2.9.3.1"},
    {S::resetting, E::r_rsc, nullptr, run<kResetMarks, kRlc>, S::resetting, "Q.764 2.9.3.1: both reset"},
    {S::resetting, E::r_rel, nullptr, run<kRlc>, S::resetting, "Q.764 2.3.1"},
    {S::resetting, E::r_group_reset, nullptr, run<kResetMarks>, S::resetting, "Q.764 2.9.3.2"},
    {S::resetting, E::r_blocking, nullptr, nullptr, S::resetting, "Q.764 2.8.2"},
    {S::resetting, E::r_hardware, nullptr, nullptr, S::resetting, "Q.764 2.8.2"},
    {S::resetting, E::r_ucic, nullptr, run<kStopAll, alert(A::unequipped)>, S::unequipped, "Q.764 2.12"},
    {S::resetting, E::t16, nullptr, run<kResendRsc, start(T::t16)>, S::resetting, "Q.764 2.9.3.1"},
    {S::resetting, E::t17, nullptr,
     run<stop(T::t16), alert(A::reset_not_answered), kResendRsc, start(T::t17)>, S::resetting,
     "Q.764 2.9.3.1"},
    {S::resetting, E::c_reset, nullptr, run<kStopAll, kRsc>, S::resetting, "Q.764 2.9.3.1"},
    {S::resetting, E::c_group_reset, nullptr, run<kStopAll>, S::group_reset, "Q.764 2.9.3.2"},
    {S::resetting, E::group_reset_done, nullptr, nullptr, S::resetting, "Q.764 2.9.3.1: RLC is due"},
    {S::group_reset, E::group_reset_done, nullptr, nullptr, S::idle, "Q.764 2.9.3.2"},
    {S::group_reset, E::r_rsc, nullptr, run<kResetMarks, kRlc>, S::group_reset, "Q.764 2.9.3.2"},
    {S::group_reset, E::r_rel, nullptr, run<kRlc>, S::group_reset, "Q.764 2.3.1"},
    {S::group_reset, E::r_group_reset, nullptr, run<kResetMarks>, S::group_reset, "Q.764 2.9.3.2"},
    {S::group_reset, E::r_blocking, nullptr, nullptr, S::group_reset, "Q.764 2.8.2"},
    {S::group_reset, E::r_hardware, nullptr, nullptr, S::group_reset, "Q.764 2.8.2"},
    {S::group_reset, E::r_ucic, nullptr, run<alert(A::unequipped)>, S::unequipped, "Q.764 2.12"},
    {S::group_reset, E::c_reset, nullptr, nullptr, S::group_reset, "Q.764 2.9.3.2: GRS is repeated anyway"},
    {S::group_reset, E::c_group_reset, nullptr, nullptr, S::group_reset, "Q.764 2.9.3.2"},
    // the peer's check has failed
    {S::check_failed, E::r_ccr, nullptr, run<kStopAll, kLpa, kLoopOn, start(T::t36)>, S::looped,
     "Q.764 2.1.8"},
    {S::check_failed, E::t27, nullptr, run<kStopAll, alert(A::recheck_expected), kRsc>, S::resetting,
     "Q.764 2.1.8"},
    {S::check_failed, E::r_rel, nullptr, run<kStopAll, kRlc>, S::idle, "Q.764 2.1.8"},
    {S::check_failed, E::r_blocking, nullptr, nullptr, S::check_failed, "Q.764 2.8.2"},
    {S::looped, E::r_cot, cot_good, run<kLoopOff, kStopAll>, S::idle, "Q.764 2.1.8"},
    {S::looped, E::r_cot, nullptr, run<kLoopOff, kStopAll, start(T::t27)>, S::check_failed, "Q.764 2.1.8"},
    {S::looped, E::r_rel, nullptr, run<kLoopOff, kStopAll, kRlc>, S::idle, "Q.764 2.1.8"},
    {S::looped, E::r_ccr, nullptr, run<kLpa, start(T::t36)>, S::looped, "Q.764 2.1.8"},
    {S::looped, E::t36, nullptr, run<kLoopOff, kStopAll, kRsc>, S::resetting, "Q.764 2.1.8"},
    {S::looped, E::r_blocking, nullptr, nullptr, S::looped, "Q.764 2.8.2"},
    // our check has failed
    {S::recheck_wait, E::t25, prompted, run<kCcr, start(T::tccr)>, S::recheck_prompt, "T1.113.4"},
    {S::recheck_wait, E::t25, nullptr, run<kCcr, kToneOn, start(T::t24)>, S::recheck_tone, "Q.764 2.1.8"},
    {S::recheck_wait, E::t26, prompted, run<kCcr, start(T::tccr)>, S::recheck_prompt, "T1.113.4"},
    {S::recheck_wait, E::t26, nullptr, run<kCcr, kToneOn, start(T::t24)>, S::recheck_tone, "Q.764 2.1.8"},
    {S::recheck_wait, E::r_ccr, nullptr, run<kStopAll, kLpa, kLoopOn, start(T::t36)>, S::looped,
     "Q.764 2.1.8: the peer checks it"},
    {S::recheck_prompt, E::r_ccr, peer_controls, run<kStopAll, kLpa, kLoopOn, start(T::t36)>, S::looped,
     "Q.764 2.1.8"},
    {S::recheck_tone, E::r_ccr, peer_controls, run<kToneOff, kStopAll, kLpa, kLoopOn, start(T::t36)>,
     S::looped, "Q.764 2.1.8"},
    {S::recheck_wait, E::r_rel, nullptr, run<kStopAll, kRlc>, S::idle, "Q.764 2.3"},
    {S::recheck_wait, E::r_blocking, nullptr, nullptr, S::recheck_wait, "Q.764 2.8.2"},
    {S::recheck_prompt, E::r_lpa, nullptr, run<stop(T::tccr), kToneOn, start(T::t24)>, S::recheck_tone,
     "T1.113.4"},
    {S::recheck_prompt, E::tccr, nullptr, run<kCotBad, alert(A::check_failed), start(T::t26)>,
     S::recheck_wait, "T1.113.4"},
    {S::recheck_prompt, E::r_rel, nullptr, run<kStopAll, kRlc>, S::idle, "Q.764 2.3"},
    {S::recheck_prompt, E::r_blocking, nullptr, nullptr, S::recheck_prompt, "Q.764 2.8.2"},
    {S::recheck_tone, E::r_lpa, nullptr, nullptr, S::recheck_tone, "Q.764 2.1.8"},
    {S::recheck_tone, E::tone, nullptr, run<kToneOff, kStopAll, kCotGood>, S::idle, "Q.764 2.1.8"},
    {S::recheck_tone, E::t24, nullptr, run<kToneOff, kCotBad, alert(A::check_failed), start(T::t26)>,
     S::recheck_wait, "Q.764 2.1.8"},
    {S::recheck_tone, E::r_rel, nullptr, run<kToneOff, kStopAll, kRlc>, S::idle, "Q.764 2.3"},
    {S::recheck_tone, E::r_blocking, nullptr, nullptr, S::recheck_tone, "Q.764 2.8.2"},
    // the peer has no such circuit
    {S::unequipped, E::r_iam, wants_check, run<kHold, kLoopOn, start(T::t8)>, S::in_check, "Q.764 2.1.8"},
    {S::unequipped, E::r_iam, check_before, run<kHold, start(T::t8)>, S::in_check, "Q.764 2.1.8"},
    {S::unequipped, E::r_iam, nullptr, run<kTake>, S::in_setup, "Q.764 2.12: it has one now"},
    {S::unequipped, E::r_rsc, nullptr, run<kResetMarks, kRlc>, S::idle, "Q.764 2.12"},
    {S::unequipped, E::r_group_reset, nullptr, run<kResetMarks>, S::idle, "Q.764 2.12"},
    {S::unequipped, E::r_rel, nullptr, run<kRlc>, S::unequipped, "Q.764 2.9.5.1"},
    {S::unequipped, E::r_blocking, nullptr, nullptr, S::unequipped, "Q.764 2.8.2"},
    {S::unequipped, E::r_hardware, nullptr, nullptr, S::unequipped, "Q.764 2.8.2"},
    {S::unequipped, E::r_ucic, nullptr, nullptr, S::unequipped, "Q.764 2.12"},
    {S::unequipped, E::group_reset_done, nullptr, nullptr, S::unequipped, "Q.764 2.12"},
    {S::unequipped, E::c_reset, nullptr, run<kRsc>, S::resetting, "Q.764 2.9.3.1"},
    {S::unequipped, E::c_group_reset, nullptr, nullptr, S::group_reset, "Q.764 2.9.3.2"},
});

/// What ends whatever is going on, in every state that has no row of its own.
struct AnyRow {
  CircuitEvent on;
  bool (*guard)(const CallContext&);
  void (*action)(CallContext&);
  CallState to;
  std::string_view clause;
};
inline constexpr auto kAnyRows = std::to_array<AnyRow>({
    {E::r_rsc, nullptr, run<kToneOff, kLoopOff, kStopAll, {Do::retry, T::t1, 41}, kResetMarks, kRlc>, S::idle,
     "Q.764 2.9.3.1"},
    {E::r_group_reset, nullptr, run<kToneOff, kLoopOff, kStopAll, {Do::retry, T::t1, 41}, kResetMarks>,
     S::idle, "Q.764 2.9.3.2"},
    {E::group_reset_done, nullptr, run<kToneOff, kLoopOff, kStopAll, {Do::retry, T::t1, 41}>, S::idle,
     "Q.764 2.9.3.2: begun while the GRS was under way, so the peer has ended it"},
    {E::r_hardware, nullptr, run<kToneOff, kLoopOff, kStopAll, {Do::retry, T::t1, 41}>, S::idle,
     "Q.764 2.8.2.2: without REL"},
    {E::r_ucic, nullptr, run<kToneOff, kLoopOff, kStopAll, {Do::retry, T::t1, 41}, alert(A::unequipped)>,
     S::unequipped, "Q.764 2.12"},
    {E::c_reset, nullptr, run<kToneOff, kLoopOff, kStopAll, fail(41), kRsc>, S::resetting, "Q.764 2.9.3.1"},
    {E::c_group_reset, nullptr, run<kToneOff, kLoopOff, kStopAll, fail(41)>, S::group_reset, "Q.764 2.9.3.2"},
});

/// Messages that have no row in the state (Q.764 2.9.5.1): the circuit is reset and another tried.
inline constexpr auto kUnexpectedReset =
    run<kToneOff, kLoopOff, kStopAll, retry(41), alert(A::unexpected_message), kRsc>;

static_assert(fsm_rows_unique(kIdleRows));
static_assert(fsm_rows_unique(kOutgoingRows));
static_assert(fsm_rows_unique(kIncomingRows));
static_assert(fsm_rows_unique(kClearingRows));
}  // namespace call_table

}  // namespace tandem::isup
