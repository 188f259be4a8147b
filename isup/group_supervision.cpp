// Messages about groups of circuits (Q.764 2.8.2.3, 2.9.3.2), ours and the peer's.
#include <algorithm>

#include "isup/group_core.h"

namespace tandem::isup {
namespace {

using M = MessageType;
constexpr unsigned kMostCircuits = 32;  ///< reset, or marked, by one message

struct Pair {
  Timer first, long_one;
};
Pair timers_of(M type) {
  if (type == M::cgb) return {Timer::t18, Timer::t19};
  if (type == M::cgu) return {Timer::t20, Timer::t21};
  return {Timer::t22, Timer::t23};
}

unsigned marks(const RangeAndStatus& range) {
  unsigned count = 0;
  for (unsigned i = 0; i < range.circuits(); ++i) count += range.marked(i) ? 1 : 0;
  return count;
}

/// Q.763 3.43: a range of 0 is reserved; GRS names up to 32 circuits, CGB and CGU mark up to 32 of 256.
bool in_bounds(M type, const RangeAndStatus& range) {
  if (range.range == 0) return false;
  if (type == M::grs || type == M::gra) return range.circuits() <= kMostCircuits;
  return range.status.size() * 8 >= range.circuits() && marks(range) <= kMostCircuits;
}

}  // namespace

void GroupCore::send_operation(const GroupOperation& operation) {
  Message m(operation.type);
  if (operation.type != M::grs) m.set(CircuitGroupSupervisionType{.type = operation.kind});
  m.set(RangeAndStatus{.range = operation.range, .status = operation.status});
  transmit(operation.first, m);
  if (config.quirks.double_group_messages) transmit(operation.first, m);  // the peer acts on the second
}

void GroupCore::end_operation(GroupOperation& operation) {
  operation.active = false;
  const auto id = kOperations + static_cast<std::uint32_t>(&operation - operations.data());
  timers.stop(key(id, timers_of(operation.type).first));
  timers.stop(key(id, timers_of(operation.type).long_one));
}

void GroupCore::supersede(std::uint8_t kind, std::uint16_t first, const RangeAndStatus& given) {
  for (auto& operation : operations) {
    if (!operation.active || operation.type == M::grs || operation.kind != kind) continue;
    const RangeAndStatus old{.range = operation.range, .status = operation.status};
    const auto rest = RangeAndStatus::of(operation.range, [&](unsigned i) {
      const auto at = operation.first + i - first;  // within the given ones, or far outside
      return old.marked(i) && !(at < given.circuits() && given.marked(at));
    });
    operation.status = rest.status;
    if (marks(rest) == 0) end_operation(operation);
  }
  if (kind != static_cast<std::uint8_t>(Blocking::maintenance)) return;
  for (unsigned i = 0; i < given.circuits(); ++i) {
    auto* circuit = given.marked(i) ? find(static_cast<std::uint16_t>(first + i)) : nullptr;
    if (circuit == nullptr) continue;
    for (const Timer t : {Timer::t12, Timer::t13, Timer::t14, Timer::t15}) stop(*circuit, t);
  }
}

std::optional<bool> GroupCore::wanted_by_group(std::uint16_t cic) const {
  for (const auto& o : operations) {
    if (!o.active || o.type == M::grs || o.kind != static_cast<std::uint8_t>(Blocking::maintenance)) continue;
    const RangeAndStatus range{.range = o.range, .status = o.status};
    const unsigned at = static_cast<unsigned>(cic) - o.first;
    if (at < range.circuits() && range.marked(at)) return o.type == M::cgb;
  }
  return std::nullopt;
}

void GroupCore::begin(MessageType type, std::uint8_t kind, std::uint16_t first, std::uint8_t range,
                      OctetString status, Time now) {
  const auto reset = type == M::grs;
  if (!reset) supersede(kind, first, {.range = range, .status = status});
  auto slot =
      std::ranges::find_if(operations, [&](const GroupOperation& o) {  // the same again, or its contrary
        return o.active && o.first == first && o.range == range && (o.type == M::grs) == reset &&
               o.kind == kind;
      });
  if (slot == operations.end()) slot = std::ranges::find(operations, false, &GroupOperation::active);
  if (slot == operations.end()) slot = operations.emplace(operations.end());
  const auto id = kOperations + static_cast<std::uint32_t>(slot - operations.begin());
  if (slot->active) end_operation(*slot);
  *slot = {type, kind, first, range, std::move(status), true};
  start(id, timers_of(type).first, now);
  start(id, timers_of(type).long_one, now);
  send_operation(*slot);
}

/// Q.764 2.8.2.2: a hardware blocking that the peer has not acknowledged may not have released its call.
bool GroupCore::hardware_pending(std::uint16_t cic) const {
  return std::ranges::any_of(operations, [&](const GroupOperation& o) {
    const unsigned at = static_cast<unsigned>(cic) - o.first;
    return o.active && o.type == M::cgb && o.kind == static_cast<std::uint8_t>(Blocking::hardware) &&
           at <= o.range && RangeAndStatus{.range = o.range, .status = o.status}.marked(at);
  });
}

bool GroupCore::group_reset_pending(std::uint16_t cic) const {
  return std::ranges::any_of(operations, [&](const GroupOperation& o) {
    return o.active && o.type == M::grs && static_cast<unsigned>(cic) - o.first <= o.range;
  });
}

void GroupCore::unblock_hardware(std::uint16_t first, std::uint8_t range, const RangeAndStatus& all,
                                 Time now) {
  std::array<bool, kMostCircuits> pending{};
  for (unsigned i = 0; i <= range; ++i) {
    const auto cic = static_cast<std::uint16_t>(first + i);
    pending[i] = hardware_pending(cic);
    local_hardware(*find(cic), false, now);
  }
  begin(M::cgu, static_cast<std::uint8_t>(Blocking::hardware), first, all.range, all.status, now);
  for (unsigned i = 0; i <= range; ++i)  // Q.764 2.9.3.1: what the peer has there is not known
    if (pending[i]) happen(*find(static_cast<std::uint16_t>(first + i)), CircuitEvent::c_reset, nullptr, now);
}

void GroupCore::operation_timer(std::uint32_t slot, Timer timer, Time now) {
  const auto& operation = operations[slot];
  if (!operation.active) return;
  const auto pair = timers_of(operation.type);
  if (timer == pair.long_one) {
    timers.stop(key(kOperations + slot, pair.first));
    outputs.emplace_back(GroupAlert{operation.first, AlertText::group_not_answered});
  }
  start(kOperations + slot, timer, now);
  send_operation(operation);
}

/// T1.113.4: acted upon when it comes twice within five seconds.
bool GroupCore::second_of_two(std::uint16_t cic, const Message& message, Time now) {
  std::erase_if(first_of_two, [&](const FirstOfTwo& f) { return f.until < now; });
  const auto same = std::ranges::find_if(
      first_of_two, [&](const FirstOfTwo& f) { return f.cic == cic && f.message == message; });
  if (same != first_of_two.end()) {
    first_of_two.erase(same);
    return true;
  }
  constexpr std::size_t kMost = 256;
  if (first_of_two.size() >= kMost) first_of_two.erase(first_of_two.begin());
  first_of_two.push_back({cic, message, now + config.timers.value(Timer::tgrs, config.variant)});
  return false;
}

void GroupCore::group_message(std::uint16_t cic, const Message& message, Time now) {
  const M type = message.type();
  if (type == M::cqm || type == M::cqr) return query_message(cic, message, now);
  const auto* range = message.get<RangeAndStatus>();
  if (range == nullptr) return;
  if (!in_bounds(type, *range)) {  // Q.764 2.9.5: discarded
    ++counters.malformed;
    return;
  }
  const bool asks = type == M::grs || type == M::cgb || type == M::cgu;
  if (asks && config.quirks.double_group_messages && !second_of_two(cic, message, now)) return;
  bool any = false;
  for (unsigned i = 0; i < range->circuits() && !any; ++i)
    any = find(static_cast<std::uint16_t>(cic + i)) != nullptr;
  if (!any) return unknown_cic(cic, message);
  switch (type) {
    case M::grs:
      return group_reset(cic, *range, now);
    case M::gra:
      return group_reset_acknowledged(cic, *range, now);
    case M::cgb:
    case M::cgu:
      return group_blocking(cic, message, *range, now);
    default:
      return group_blocking_acknowledged(cic, message, *range);
  }
}

void GroupCore::group_reset(std::uint16_t cic, const RangeAndStatus& range, Time now) {
  const auto circuit_at = [&](unsigned i) { return find(static_cast<std::uint16_t>(cic + i)); };
  std::array<bool, kMostCircuits> blocked{};
  bool hardware = false;
  for (unsigned i = 0; i < range.circuits(); ++i) {
    auto* circuit = circuit_at(i);
    if (circuit == nullptr) continue;
    const bool alone = circuit->block == BlockState::blocked || circuit->block == BlockState::wait_bla;
    blocked[i] = wanted_by_group(circuit->cic).value_or(alone);
    hardware = hardware || circuit->local_hardware;
    // GRA says that we block it: no BLO beside it.
    if (blocked[i]) {
      for (const Timer t : {Timer::t12, Timer::t13}) stop(*circuit, t);
      circuit->block = BlockState::unblocked;
    }
    if (circuit->remote_hardware) remote_blocking(*circuit, Blocking::hardware, false, now);
    happen(*circuit, CircuitEvent::r_group_reset, nullptr, now);
    if (blocked[i]) circuit->block = BlockState::blocked;
    list(*circuit);
  }
  if (hardware) {  // Q.764 2.9.3.2: told beside the acknowledgement
    const auto status = RangeAndStatus::of(range.range, [&](unsigned i) {
      const auto* circuit = circuit_at(i);
      return circuit != nullptr && circuit->local_hardware;
    });
    begin(M::cgb, static_cast<std::uint8_t>(Blocking::hardware), cic, range.range, status.status, now);
  }
  Message gra(M::gra);
  gra.set(RangeAndStatus::of(range.range, [&](unsigned i) { return blocked[i]; }));
  transmit(cic, gra);
}

void GroupCore::group_reset_acknowledged(std::uint16_t cic, const RangeAndStatus& range, Time now) {
  const auto operation = std::ranges::find_if(operations, [&](const GroupOperation& o) {
    return o.active && o.type == M::grs && o.first == cic && o.range == range.range;
  });
  if (operation == operations.end()) return;  // Q.764 2.9.3.2: no such reset
  end_operation(*operation);
  Octets hardware(range.range / 8U + 1);
  bool any_hardware = false;
  for (unsigned i = 0; i < range.circuits(); ++i) {
    auto* circuit = find(static_cast<std::uint16_t>(cic + i));
    if (circuit == nullptr) continue;
    if (!group_reset_pending(circuit->cic))  // by another GRS
      happen(*circuit, CircuitEvent::group_reset_done, nullptr, now);
    remote_blocking(*circuit, Blocking::maintenance, range.marked(i), now);
    if (circuit->block == BlockState::blocked && !wanted_by_group(circuit->cic))
      block_one(*circuit, true, now);
    if (!circuit->local_hardware) continue;
    hardware[i / 8] |= static_cast<Octet>(1U << i % 8);
    any_hardware = true;
  }
  if (any_hardware)
    begin(M::cgb, static_cast<std::uint8_t>(Blocking::hardware), cic, range.range, hardware, now);
}

void GroupCore::group_blocking(std::uint16_t cic, const Message& message, const RangeAndStatus& range,
                               Time now) {
  const auto* type = message.get<CircuitGroupSupervisionType>();
  if (type == nullptr || type->type > 1) return;  // Q.763 3.13: reserved
  const auto kind = static_cast<Blocking>(type->type);
  const bool block = message.type() == M::cgb;
  Message answer(block ? M::cgba : M::cgua);
  answer.set(CircuitGroupSupervisionType{.type = type->type});
  // Q.764 2.8.2.3: circuits that we do not have are not acknowledged.
  answer.set(RangeAndStatus::of(range.range, [&](unsigned i) {
    return range.marked(i) && find(static_cast<std::uint16_t>(cic + i)) != nullptr;
  }));
  transmit(cic, answer);
  for (unsigned i = 0; i < range.circuits(); ++i) {
    auto* circuit = range.marked(i) ? find(static_cast<std::uint16_t>(cic + i)) : nullptr;
    if (circuit != nullptr) remote_blocking(*circuit, kind, block, now);
  }
}

void GroupCore::group_blocking_acknowledged(std::uint16_t cic, const Message& message,
                                            const RangeAndStatus& range) {
  const auto* type = message.get<CircuitGroupSupervisionType>();
  if (type == nullptr) return;
  const M asked = message.type() == M::cgba ? M::cgb : M::cgu;
  const auto operation = std::ranges::find_if(operations, [&](const GroupOperation& o) {
    return o.active && o.type == asked && o.first == cic && o.range == range.range && o.kind == type->type;
  });
  if (operation == operations.end()) {
    outputs.emplace_back(GroupAlert{cic, AlertText::acknowledged_otherwise});
    return;
  }
  const RangeAndStatus wanted{.range = operation->range, .status = operation->status};
  bool other = false, missing = false;
  for (unsigned i = 0; i < range.circuits(); ++i) {
    other = other || (range.marked(i) && !wanted.marked(i));
    missing = missing || (wanted.marked(i) && !range.marked(i));
    auto* circuit = find(static_cast<std::uint16_t>(cic + i));
    if (circuit == nullptr || !range.marked(i) || !wanted.marked(i) || type->type != 0) continue;
    for (const Timer t : {Timer::t12, Timer::t13, Timer::t14, Timer::t15}) stop(*circuit, t);
    circuit->block = asked == M::cgb ? BlockState::blocked : BlockState::unblocked;
    changed(*circuit);
    list(*circuit);
  }
  if (other || missing) outputs.emplace_back(GroupAlert{cic, AlertText::acknowledged_otherwise});
  if (missing) {  // Q.764 2.8.2.3: those are asked for again with T18 or T20
    operation->status = RangeAndStatus::of(range.range, [&](unsigned i) {
                          return wanted.marked(i) && !range.marked(i);
                        }).status;
    return;
  }
  end_operation(*operation);
}

// --- maintenance from outside
// -----------------------------------------------------------------------------------

void CircuitGroup::start(Time now) {
  if (!core_->config.reset_at_start || core_->circuits.empty()) return;
  const auto first = core_->circuits.front().cic;
  reset(first, core_->circuits.back().cic - first + 1U, now);
}

void CircuitGroup::reset(std::uint16_t first, unsigned count, Time now) {
  core_->for_runs(first, count, [&](std::uint16_t cic, std::uint8_t range) {
    const auto event = range == 0 ? CircuitEvent::c_reset : CircuitEvent::c_group_reset;
    for (unsigned i = 0; i <= range; ++i)
      core_->happen(*core_->find(static_cast<std::uint16_t>(cic + i)), event, nullptr, now);
    if (range != 0) core_->begin(M::grs, 0, cic, range, {}, now);
  });
}

void CircuitGroup::block(std::uint16_t first, unsigned count, Blocking kind, Time now) {
  core_->for_runs(first, count, [&](std::uint16_t cic, std::uint8_t range) {
    if (kind == Blocking::hardware) {
      for (unsigned i = 0; i <= range; ++i)
        core_->local_hardware(*core_->find(static_cast<std::uint16_t>(cic + i)), true, now);
    } else if (range == 0) {
      return core_->block_one(*core_->find(cic), true, now);
    }
    const auto all = RangeAndStatus::of(range == 0 ? 1 : range, [&](unsigned i) { return i <= range; });
    core_->begin(M::cgb, static_cast<std::uint8_t>(kind), cic, all.range, all.status, now);
  });
}

void CircuitGroup::unblock(std::uint16_t first, unsigned count, Blocking kind, Time now) {
  core_->for_runs(first, count, [&](std::uint16_t cic, std::uint8_t range) {
    if (kind == Blocking::maintenance && range == 0) return core_->block_one(*core_->find(cic), false, now);
    const auto all = RangeAndStatus::of(range == 0 ? 1 : range, [&](unsigned i) { return i <= range; });
    if (kind == Blocking::hardware) return core_->unblock_hardware(cic, range, all, now);
    core_->begin(M::cgu, static_cast<std::uint8_t>(kind), cic, all.range, all.status, now);
  });
}

}  // namespace tandem::isup
