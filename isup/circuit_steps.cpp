// What the rows of isup/circuit_tables.h ask about and have done.
#include <bit>
#include <utility>

#include "isup/group_core.h"

namespace tandem::isup {

namespace call_table {
namespace {
unsigned continuity_of(const CallContext& c) {
  const auto* nature = c.message->get<NatureOfConnection>();
  return nature == nullptr ? 0 : nature->continuity;
}
}  // namespace

bool wants_check(const CallContext& c) {
  return continuity_of(c) == 1;
}
bool check_before(const CallContext& c) {
  return continuity_of(c) == 2;
}
bool barred(const CallContext& c) {
  constexpr std::uint8_t kTestCall = 0x0d;
  const auto* category = c.message->get<CallingPartysCategory>();
  if (c.circuit.local_hardware) return true;
  return c.circuit.block == BlockState::blocked && (category == nullptr || category->value != kTestCall);
}
bool peer_controls(const CallContext& c) {
  return !c.group.controls(c.circuit.cic);
}
bool loses_to_check(const CallContext& c) {
  return peer_controls(c) && wants_check(c);
}
bool loses_to_checked(const CallContext& c) {
  return peer_controls(c) && check_before(c);
}
bool cot_good(const CallContext& c) {
  const auto* result = c.message->get<ContinuityIndicators>();
  return result != nullptr && result->successful;
}
bool cot_bad_here(const CallContext& c) {
  return !cot_good(c) && c.circuit.checked;
}
bool by_network(const CallContext& c) {
  const auto* by = c.message->get<SuspendResume>();
  return by != nullptr && by->network;
}
bool not_controlling(const CallContext& c) {
  return !c.group.config.controlling;
}
bool prompted(const CallContext& c) {
  return c.group.config.variant == Variant::ansi || c.group.config.quirks.loop_acknowledge;
}
}  // namespace call_table

namespace {

template <class Rows>
bool take(const Rows& rows, CallContext& context, CircuitEvent event) {
  return fsm_step(rows, context.circuit.call, event, context) != nullptr;
}

bool step_of_state(CallContext& context, CircuitEvent event) {
  using S = CallState;
  switch (context.circuit.call) {
    case S::idle:
      return take(call_table::kIdleRows, context, event);
    case S::out_check:
    case S::out_setup:
    case S::out_ringing:
    case S::out_answered:
    case S::out_overload:
      return take(call_table::kOutgoingRows, context, event);
    case S::in_check:
    case S::in_setup:
    case S::in_ringing:
    case S::in_answered:
      return take(call_table::kIncomingRows, context, event);
    default:
      return take(call_table::kClearingRows, context, event);
  }
}

/// Between the messages of a check, not between checks.
bool rechecking(CallState state) {
  return state == CallState::recheck_prompt || state == CallState::recheck_tone;
}

Message continuity(bool good) {
  Message m(MessageType::cot);
  m.set(ContinuityIndicators{.successful = good});
  return m;
}

}  // namespace

void CallContext::step(const Step& s) {
  group.step(*this, s);
}

bool GroupCore::happen(CircuitRecord& circuit, CircuitEvent event, const Message* message, Time now) {
  CallContext context{*this, circuit, message, now};
  const CallState before = circuit.call;
  // What concerns many circuits does not wait for the rest of a message about one.
  using E = CircuitEvent;
  if (event == E::r_group_reset || event == E::r_hardware || event == E::r_ucic) forget_first_part(circuit);
  bool taken = step_of_state(context, event);
  if (!taken) {
    for (const auto& row : call_table::kAnyRows) {
      if (row.on != event) continue;
      row.action(context);
      circuit.call = row.to;
      taken = true;
    }
  }
  if (circuit.call == before) return taken;
  if (rechecking(before) && !rechecking(circuit.call))
    outputs.emplace_back(CheckEnded{circuit.cic, event == CircuitEvent::tone});
  if (circuit.call == CallState::idle) {
    circuit.details.reset();
    circuit.test = circuit.checked = false;
    from_iam.erase(circuit.cic);
    outputs.emplace_back(CircuitFree{circuit.cic});
  }
  if (circuit.call == CallState::unequipped || before == CallState::unequipped) changed(circuit);
  list(circuit);
  return taken;
}

/// Q.764 2.9.5.1: before a backward message and on an idle circuit a reset makes both sides agree; else the
/// message is dropped.
void GroupCore::unexpected(CircuitRecord& circuit, Time now) {
  ++counters.unexpected;
  using S = CallState;
  if (circuit.call != S::idle && circuit.call != S::out_setup && circuit.call != S::out_check) return;
  CallContext context{*this, circuit, nullptr, now};
  call_table::kUnexpectedReset(context);
  circuit.call = S::resetting;
  list(circuit);
}

void GroupCore::release(CircuitRecord& circuit, Message rel, Time now) {
  if (congestion_level != 0) rel.set(AutomaticCongestionLevel{.level = congestion_level});  // Q.764 2.11
  transmit(circuit.cic, rel);
  details(circuit).release = std::move(rel);
  circuit.known = false;
  start(circuit, Timer::t1, now);
  start(circuit, Timer::t5, now);
}

void GroupCore::call_over(CircuitRecord& circuit, std::uint8_t cause, bool again) {
  if (!std::exchange(circuit.known, false)) return;
  outputs.emplace_back(CallOver{circuit.cic, cause, again});
}

/// Q.764 2.9.5.3.3: RLC says what was not understood of REL.
void GroupCore::acknowledge_release(const CircuitRecord& circuit) {
  const Octets refused = std::exchange(refused_parameters, {});
  if (refused.empty() || config.variant == Variant::ansi) return transmit(circuit.cic, MessageType::rlc);
  constexpr std::uint8_t kParameterUnknown = 99;
  Message rlc(MessageType::rlc);
  rlc.set(CauseIndicators{.value = kParameterUnknown,
                          .location = cause_location(config, circuit.transit),
                          .diagnostic = refused});
  transmit(circuit.cic, rlc);
}

void GroupCore::media(CircuitRecord& circuit, MediaAction action) {
  const bool loop = action == MediaAction::loop_on || action == MediaAction::loop_off;
  const bool on = action == MediaAction::loop_on || action == MediaAction::tone_on;
  bool& is = loop ? circuit.looping : circuit.toning;
  if (std::exchange(is, on) != on) outputs.emplace_back(MediaOrder{circuit.cic, circuit.circuit, action});
}

void GroupCore::take_call(CircuitRecord& circuit, const Message& iam, Time /*now*/) {
  circuit.known = true;
  circuit.transit = config.transit;
  remember_path(circuit, iam);
  outputs.emplace_back(ToCall{circuit.cic, iam});
}

void GroupCore::step(CallContext& c, const Step& s) {
  CircuitRecord& circuit = c.circuit;
  const bool early = circuit.call == CallState::out_setup || circuit.call == CallState::out_check;
  switch (s.what) {
    case Do::send:
      return transmit(circuit.cic, *c.message);
    case Do::send_iam:
      circuit.known = true;
      circuit.checked = call_table::wants_check(c);
      return transmit(circuit.cic, *c.message);
    case Do::deliver:
      if (circuit.known) outputs.emplace_back(ToCall{circuit.cic, *c.message});
      if (c.message->type() == MessageType::rel) circuit.known = false;
      return;
    case Do::take_call:
      return take_call(circuit, *c.message, c.now);
    case Do::hold_iam:
      circuit.checked = call_table::wants_check(c);
      details(circuit).held = *c.message;
      return;
    case Do::add_digits: {
      const auto* more = c.message->get<SubsequentNumber>();
      auto& held = details(circuit).held;
      const auto* called = held ? held->get<CalledPartyNumber>() : nullptr;
      if (more == nullptr || called == nullptr) return;
      constexpr std::size_t kMostDigits = 64;
      auto number = *called;
      if (number.digits.size() + more->digits.size() > kMostDigits) return;
      number.digits += more->digits;
      held->set(std::move(number));
      return;
    }
    case Do::give_held:
      if (auto& held = details(circuit).held) {
        const Message iam = std::move(*held);
        held.reset();
        take_call(circuit, iam, c.now);
      }
      return;
    case Do::start:
      return start(circuit, s.timer, c.now);
    case Do::stop:
      return stop(circuit, s.timer);
    case Do::stop_all:
      return stop_call_timers(circuit);
    case Do::release: {
      call_over(circuit, s.cause, false);
      Message rel(MessageType::rel);
      rel.set(CauseIndicators{.value = s.cause, .location = cause_location(config, circuit.transit)});
      return release(circuit, std::move(rel), c.now);
    }
    case Do::keep_release:
      return release(circuit, *c.message, c.now);
    case Do::resend_release:
      if (circuit.details && circuit.details->release) transmit(circuit.cic, *circuit.details->release);
      return;
    case Do::rlc:
      return acknowledge_release(circuit);
    case Do::rsc:
      start(circuit, Timer::t16, c.now);
      start(circuit, Timer::t17, c.now);
      return transmit(circuit.cic, MessageType::rsc);
    case Do::resend_rsc:
      return transmit(circuit.cic, MessageType::rsc);
    case Do::ccr:
      return transmit(circuit.cic, MessageType::ccr);
    case Do::lpa:
      if (call_table::prompted(c)) transmit(circuit.cic, MessageType::lpa);
      return;
    case Do::cot_good:
    case Do::cot_bad:
      return transmit(circuit.cic, continuity(s.what == Do::cot_good));
    case Do::fail:
      return call_over(circuit, s.cause, false);
    case Do::retry:
      return call_over(circuit, s.cause, early);
    case Do::expired:
      outputs.emplace_back(TimerExpired{circuit.cic, s.timer});
      return;
    case Do::loop_on:
      return media(circuit, MediaAction::loop_on);
    case Do::loop_off:
      return media(circuit, MediaAction::loop_off);
    case Do::tone_on:
      return media(circuit, MediaAction::tone_on);
    case Do::tone_off:
      return media(circuit, MediaAction::tone_off);
    case Do::reset_marks:  // Q.764 2.9.3.1
      if (circuit.remote_maintenance) remote_blocking(circuit, Blocking::maintenance, false, c.now);
      if (circuit.block == BlockState::wait_bla && !wanted_by_group(circuit.cic))
        return block_one(circuit, true, c.now);
      [[fallthrough]];
    case Do::after_reset:  // a CGB or CGU that is under way is repeated anyway
      if (circuit.block == BlockState::blocked && !wanted_by_group(circuit.cic))
        block_one(circuit, true, c.now);
      return;
    case Do::alert:
      if (s.text == AlertText::dual_seizure) ++counters.dual_seizures;
      outputs.emplace_back(GroupAlert{circuit.cic, s.text});
      return;
  }
}

}  // namespace tandem::isup
