// What the two sides think of circuits: CQM and CQR (Q.764 2.8.3), and T1.113's validation and reservation.
#include "isup/group_core.h"

namespace tandem::isup {
namespace {

using M = MessageType;
using S = CallState;

constexpr std::uint8_t kNoCall = 0, kIncoming = 1, kOutgoing = 2, kIdle = 3;

/// Q.764 2.8.3.2.
CircuitState seen(const CircuitRecord& c, bool blocking_changes) {
  constexpr CircuitState kTransient{.maintenance = 0, .call = kNoCall},
      kUnequipped{.maintenance = 3, .call = 0};
  CircuitState state;
  switch (c.call) {
    case S::unequipped:
      return kUnequipped;
    case S::idle:
      state.call = kIdle;
      break;
    case S::out_ringing:
    case S::out_answered:
      state.call = kOutgoing;
      break;
    case S::in_setup:
    case S::in_ringing:
    case S::in_answered:
      state.call = kIncoming;
      break;
    default:
      return kTransient;
  }
  if (blocking_changes || c.block == BlockState::wait_bla || c.block == BlockState::wait_uba)
    return kTransient;
  const auto marks = [](bool local, bool remote) {
    return static_cast<std::uint8_t>((local ? 1U : 0U) | (remote ? 2U : 0U));
  };
  state.maintenance = marks(c.block == BlockState::blocked, c.remote_maintenance);
  state.hardware = marks(c.local_hardware, c.remote_hardware);
  return state;
}

constexpr unsigned kMostQueried = 32;

}  // namespace

void GroupCore::query(std::uint16_t cic, const RangeAndStatus& range) {
  Octets states;
  for (unsigned i = 0; i < range.circuits(); ++i) {
    const auto* circuit = find(static_cast<std::uint16_t>(cic + i));
    states.push_back(circuit == nullptr ? CircuitState{.maintenance = 3, .call = 0}.octet()
                                        : seen(*circuit, wanted_by_group(circuit->cic).has_value()).octet());
  }
  Message answer(M::cqr);
  answer.set(RangeAndStatus{.range = range.range}).set(CircuitStateIndicator{states});
  transmit(cic, answer);
}

/// Q.764 2.8.3.3: what differs is reset or told again.
void GroupCore::compare(CircuitRecord& circuit, Octet octet, Time now) {
  const auto theirs = CircuitState::of(octet);
  const auto ours = seen(circuit, wanted_by_group(circuit.cic).has_value());
  if (theirs.unequipped()) {
    happen(circuit, CircuitEvent::r_ucic, nullptr, now);
    return;
  }
  if (theirs.transient() || ours.transient() || ours.unequipped()) return;
  bool differs = false;
  if (((theirs.hardware & 1) != 0) != circuit.remote_hardware) {
    differs = true;
    remote_blocking(circuit, Blocking::hardware, !circuit.remote_hardware, now);
  }
  if (((theirs.maintenance & 1) != 0) != circuit.remote_maintenance) {
    differs = true;
    remote_blocking(circuit, Blocking::maintenance, !circuit.remote_maintenance, now);
  }
  const bool blocked = circuit.block == BlockState::blocked;
  if (((theirs.maintenance & 2) != 0) != blocked) {
    differs = true;
    block_one(circuit, blocked, now);
  }
  const bool same = (ours.call == kIdle && theirs.call == kIdle) ||
                    (ours.call == kIncoming && theirs.call == kOutgoing) ||
                    (ours.call == kOutgoing && theirs.call == kIncoming);
  if (!same) {
    differs = true;
    happen(circuit, CircuitEvent::c_reset, nullptr, now);
  }
  if (differs) outputs.emplace_back(GroupAlert{circuit.cic, AlertText::states_differ});
}

void GroupCore::query_message(std::uint16_t cic, const Message& message, Time now) {
  const auto* range = message.get<RangeAndStatus>();
  if (range == nullptr || range->circuits() > kMostQueried) {  // Q.764 2.8.3.1
    ++counters.malformed;
    return;
  }
  if (message.type() == M::cqm) return query(cic, *range);
  const auto* states = message.get<CircuitStateIndicator>();
  auto* first = find(cic);
  const auto asked = std::uint64_t{1} << static_cast<unsigned>(Timer::t28);
  if (states == nullptr || first == nullptr || (first->timers & asked) == 0) return;
  stop(*first, Timer::t28);
  QueryEnded ended{.first = cic, .seen = {}};
  for (unsigned i = 0; i < range->circuits() && i < states->states.size(); ++i) {
    auto* circuit = find(static_cast<std::uint16_t>(cic + i));
    if (circuit == nullptr) continue;
    ended.seen.push_back({circuit->cic, seen(*circuit, wanted_by_group(circuit->cic).has_value()),
                          CircuitState::of(states->states[i])});
    compare(*circuit, states->states[i], now);
  }
  outputs.emplace_back(std::move(ended));
}

void GroupCore::unequipped_answer(CircuitRecord& circuit) {
  const auto runs = [&](Timer timer) {
    return (circuit.timers & std::uint64_t{1} << static_cast<unsigned>(timer)) != 0;
  };
  constexpr CircuitState kUnequipped{.maintenance = 3, .call = 0};
  if (runs(Timer::t28)) {
    stop(circuit, Timer::t28);
    outputs.emplace_back(QueryEnded{
        circuit.cic, {{circuit.cic, seen(circuit, wanted_by_group(circuit.cic).has_value()), kUnequipped}}});
  }
  if (runs(Timer::tcvt)) {
    stop(circuit, Timer::tcvt);
    outputs.emplace_back(ValidationEnded{circuit.cic, Validation::unequipped});
  }
}

void GroupCore::unanswered(CircuitRecord& circuit, Timer timer) {
  if (timer == Timer::t28) {
    outputs.emplace_back(GroupAlert{circuit.cic, AlertText::query_not_answered});
    outputs.emplace_back(QueryEnded{.first = circuit.cic, .seen = {}});
  } else {
    outputs.emplace_back(GroupAlert{circuit.cic, AlertText::validation_not_answered});
    outputs.emplace_back(ValidationEnded{circuit.cic, Validation::unanswered});
  }
}

void GroupCore::ansi_message(CircuitRecord& circuit, const Message& message) {
  constexpr std::uint8_t kSuccessful = 1;
  switch (message.type()) {
    case M::cvt: {
      Message answer(M::cvr);
      answer.set(CircuitValidationResponse{.value = kSuccessful});
      answer.set(CircuitGroupCharacteristic{});
      return transmit(circuit.cic, answer);
    }
    case M::cvr: {
      const bool asked = (circuit.timers & std::uint64_t{1} << static_cast<unsigned>(Timer::tcvt)) != 0;
      if (!asked) return;
      stop(circuit, Timer::tcvt);
      const auto* result = message.get<CircuitValidationResponse>();
      const bool same = result == nullptr || result->value == kSuccessful;
      if (!same) outputs.emplace_back(GroupAlert{circuit.cic, AlertText::validation_failed});
      outputs.emplace_back(ValidationEnded{circuit.cic, same ? Validation::same : Validation::other});
      return;
    }
    case M::crm:
      if (circuit.call == S::idle) transmit(circuit.cic, M::cra);
      return;
    default:
      return;
  }
}

std::vector<std::uint16_t> CircuitGroup::query(std::uint16_t first, unsigned count, Time now) {
  std::vector<std::uint16_t> runs;
  if (core_->is_excluded(M::cqm)) return runs;  // EN 300 356-1 has no query
  core_->for_runs(first, count, [&](std::uint16_t cic, std::uint8_t range) {
    Message m(M::cqm);
    m.set(RangeAndStatus{.range = range});
    core_->start(*core_->find(cic), Timer::t28, now);
    core_->transmit(cic, m);
    runs.push_back(cic);
  });
  return runs;
}

bool CircuitGroup::validate(std::uint16_t cic, Time now) {
  auto* circuit = core_->find(cic);
  if (circuit == nullptr || core_->config.variant != Variant::ansi) return false;
  core_->start(*circuit, Timer::tcvt, now);
  core_->transmit(cic, M::cvt);
  return true;
}

}  // namespace tandem::isup
