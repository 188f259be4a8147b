#pragma once
// A circuit: what its machines know, what happens to it and what they may do.
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "isup/config.h"
#include "isup/message.h"

namespace tandem::isup {

/// Calls, resets and continuity checks of a circuit: it does one of them at a time.
enum class CallState : std::uint8_t {
  idle,
  out_check,       ///< IAM sent, its circuit is being tested: a tone, then COT
  out_setup,       ///< IAM sent, no backward message yet
  out_ringing,     ///< ACM received
  out_answered,    ///< ANM or CON received
  out_overload,    ///< OLM received: kept until T3
  in_check,        ///< IAM held until COT; a loop, when it is about this circuit
  in_setup,        ///< IAM given to call control
  in_ringing,      ///< ACM sent
  in_answered,     ///< ANM or CON sent
  wait_rlc,        ///< REL sent
  resetting,       ///< RSC sent
  group_reset,     ///< GRS sent
  check_failed,    ///< COT said failure: CCR is due
  looped,          ///< CCR received
  recheck_wait,    ///< our check failed: CCR after T25, then T26
  recheck_prompt,  ///< CCR sent: LPA is due
  recheck_tone,    ///< CCR sent: tone
  unequipped       ///< the peer has no such circuit
};
inline constexpr std::size_t kCallStates = 19;
std::string_view to_string(CallState state);

/// Our maintenance blocking of a circuit.
enum class BlockState : std::uint8_t { unblocked, wait_bla, blocked, wait_uba };

/// r_ received, c_ from call control or maintenance, t.. expired.
enum class CircuitEvent : std::uint8_t {
  r_iam,
  r_sam,
  r_acm,
  r_cpg,
  r_con,
  r_anm,
  r_rel,
  r_rlc,
  r_sus,
  r_res,
  r_cot,
  r_ccr,
  r_lpa,
  r_rsc,
  r_ucic,
  r_olm,
  r_inf,
  r_irs,
  r_info,      ///< others that belong to a call: INR, FAC, USR, APM, ...
  r_blocking,  ///< remote maintenance blocking has begun
  r_hardware,  ///< a hardware failure at either end
  r_group_reset,
  c_iam,
  c_sam,
  c_acm,
  c_cpg,
  c_con,
  c_anm,
  c_rel,
  c_sus,
  c_res,
  c_cot,
  c_inr,
  c_idr,
  c_olm,
  c_info,
  c_digits,  ///< call control wants more digits
  c_reset,
  c_group_reset,
  c_recheck,
  tone,  ///< the check tone came back
  group_reset_done,
  t1,
  t2,
  t3,
  t5,
  t6,
  t7,
  t8,
  t9,
  t16,
  t17,
  t24,
  t25,
  t26,
  t27,
  t33,
  t35,
  t36,
  t38,
  t39,
  tccr
};
inline constexpr std::size_t kCircuitEvents = 60;

/// What maintenance is told.
enum class AlertText : std::uint8_t {
  release_not_answered,
  reset_not_answered,
  blocking_not_answered,
  unblocking_not_answered,
  group_not_answered,
  query_not_answered,
  validation_not_answered,
  check_failed,
  recheck_expected,
  unequipped,
  dual_seizure,
  unexpected_message,
  confusion,
  no_identification,
  acknowledged_otherwise,
  states_differ,
  user_part_unavailable,
  user_part_available,
  blocked_circuit_used,
  validation_failed
};
std::string_view to_string(AlertText text);

/// What exists only while a circuit is in use.
struct CallDetails {
  std::optional<Message> release;     ///< REL as sent, for T1
  std::optional<Message> held;        ///< IAM without COT
  std::optional<Message> first_part;  ///< a message without its SGM
};

inline constexpr std::uint32_t kNone = 0xffffffffU;

struct CircuitRecord {
  std::uint64_t timers = 0;                      ///< those that run, a bit each
  std::uint32_t previous = kNone, next = kNone;  ///< among the idle ones, longest idle first
  std::uint16_t cic = 0;
  std::uint16_t part = 0;  ///< of the group
  Circuit circuit;
  CallState call = CallState::idle;
  BlockState block = BlockState::unblocked;
  bool local_hardware = false;
  bool remote_maintenance = false;
  bool remote_hardware = false;
  bool known = false;    ///< call control has a call here
  bool listed = false;   ///< among the idle ones
  bool checked = false;  ///< the check in progress is about this circuit
  bool test = false;     ///< a test call
  bool transit = false;  ///< the known call goes on by ISUP
  bool looping = false;  ///< media loops the circuit
  bool toning = false;   ///< media sends the check tone and listens for it
  std::unique_ptr<CallDetails> details;
};
static_assert(sizeof(CircuitRecord) <= 64);

}  // namespace tandem::isup
