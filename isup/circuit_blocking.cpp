// Blocking of one circuit (Q.764 2.8.2): ours as a machine, the peer's as marks.
#include <array>

#include "isup/group_core.h"

namespace tandem::isup {
namespace {

struct BlockContext {
  GroupCore& group;
  CircuitRecord& circuit;
  Time now;
};

enum class BlockEvent : std::uint8_t { block, unblock, bla, uba, t12, t13, t14, t15 };

void send_blo(BlockContext& c) {
  c.group.transmit(c.circuit.cic, MessageType::blo);
}
void send_ubl(BlockContext& c) {
  c.group.transmit(c.circuit.cic, MessageType::ubl);
}
void stop_timers(BlockContext& c) {
  for (const Timer t : {Timer::t12, Timer::t13, Timer::t14, Timer::t15}) c.group.stop(c.circuit, t);
}
void begin_blocking(BlockContext& c) {
  stop_timers(c);
  send_blo(c);
  c.group.start(c.circuit, Timer::t12, c.now);
  c.group.start(c.circuit, Timer::t13, c.now);
}
void begin_unblocking(BlockContext& c) {
  stop_timers(c);
  send_ubl(c);
  c.group.start(c.circuit, Timer::t14, c.now);
  c.group.start(c.circuit, Timer::t15, c.now);
}
void again_blo(BlockContext& c) {
  send_blo(c);
  c.group.start(c.circuit, Timer::t12, c.now);
}
void again_ubl(BlockContext& c) {
  send_ubl(c);
  c.group.start(c.circuit, Timer::t14, c.now);
}
void long_blo(BlockContext& c) {
  c.group.outputs.emplace_back(GroupAlert{c.circuit.cic, AlertText::blocking_not_answered});
  c.group.stop(c.circuit, Timer::t12);
  send_blo(c);
  c.group.start(c.circuit, Timer::t13, c.now);
}
void long_ubl(BlockContext& c) {
  c.group.outputs.emplace_back(GroupAlert{c.circuit.cic, AlertText::unblocking_not_answered});
  c.group.stop(c.circuit, Timer::t14);
  send_ubl(c);
  c.group.start(c.circuit, Timer::t15, c.now);
}

using S = BlockState;
using E = BlockEvent;
using Row = FsmRow<BlockState, BlockEvent, BlockContext>;
constexpr auto kRows = std::to_array<Row>({
    {S::unblocked, E::block, nullptr, begin_blocking, S::wait_bla, "Q.764 2.8.2"},
    {S::unblocked, E::unblock, nullptr, begin_unblocking, S::wait_uba,
     "Q.764 2.8.3.3: the peer thinks it is"},
    {S::unblocked, E::bla, nullptr, begin_unblocking, S::wait_uba, "Q.764 2.9.2: BLA, but not blocked"},
    {S::wait_bla, E::bla, nullptr, stop_timers, S::blocked, "Q.764 2.8.2"},
    {S::wait_bla, E::block, nullptr, begin_blocking, S::wait_bla, "Q.764 2.9.3.1: after a reset"},
    {S::wait_bla, E::unblock, nullptr, begin_unblocking, S::wait_uba, "Q.764 2.8.2"},
    {S::wait_bla, E::t12, nullptr, again_blo, S::wait_bla, "Q.764 2.9.4"},
    {S::wait_bla, E::t13, nullptr, long_blo, S::wait_bla, "Q.764 2.9.4"},
    {S::blocked, E::unblock, nullptr, begin_unblocking, S::wait_uba, "Q.764 2.8.2"},
    {S::blocked, E::block, nullptr, begin_blocking, S::wait_bla, "Q.764 2.9.3.1: after a reset"},
    {S::blocked, E::uba, nullptr, begin_blocking, S::wait_bla, "Q.764 2.9.2: UBA, but blocked"},
    {S::wait_uba, E::uba, nullptr, stop_timers, S::unblocked, "Q.764 2.8.2"},
    {S::wait_uba, E::block, nullptr, begin_blocking, S::wait_bla, "Q.764 2.8.2"},
    {S::wait_uba, E::t14, nullptr, again_ubl, S::wait_uba, "Q.764 2.9.4"},
    {S::wait_uba, E::t15, nullptr, long_ubl, S::wait_uba, "Q.764 2.9.4"},
});
static_assert(fsm_rows_unique(kRows));

void block_step(GroupCore& group, CircuitRecord& circuit, BlockEvent event, Time now) {
  BlockContext context{group, circuit, now};
  const BlockState before = circuit.block;
  if (fsm_step(kRows, circuit.block, event, context) == nullptr) return;
  if (circuit.block == before) return;
  group.changed(circuit);
  group.list(circuit);
}

}  // namespace

void GroupCore::changed(const CircuitRecord& circuit) {
  outputs.emplace_back(CircuitChanged{circuit.cic});
}

void GroupCore::block_one(CircuitRecord& circuit, bool blocked, Time now) {
  constexpr std::uint8_t kAlone = 1;
  supersede(static_cast<std::uint8_t>(Blocking::maintenance), circuit.cic,
            {.range = 0, .status = OctetString{kAlone}});
  block_step(*this, circuit, blocked ? BlockEvent::block : BlockEvent::unblock, now);
}

void GroupCore::blocking_message(CircuitRecord& circuit, MessageType type, Time now) {
  switch (type) {
    case MessageType::blo:
      transmit(circuit.cic, MessageType::bla);
      return remote_blocking(circuit, Blocking::maintenance, true, now);
    case MessageType::ubl:
      transmit(circuit.cic, MessageType::uba);
      return remote_blocking(circuit, Blocking::maintenance, false, now);
    case MessageType::bla:
      return block_step(*this, circuit, BlockEvent::bla, now);
    default:
      return block_step(*this, circuit, BlockEvent::uba, now);
  }
}

void GroupCore::blocking_timer(CircuitRecord& circuit, Timer timer, Time now) {
  const auto event = timer == Timer::t12   ? BlockEvent::t12
                     : timer == Timer::t13 ? BlockEvent::t13
                     : timer == Timer::t14 ? BlockEvent::t14
                                           : BlockEvent::t15;
  block_step(*this, circuit, event, now);
}

void GroupCore::remote_blocking(CircuitRecord& circuit, Blocking kind, bool blocked, Time now) {
  bool& mark = kind == Blocking::hardware ? circuit.remote_hardware : circuit.remote_maintenance;
  const bool news = mark != blocked;
  mark = blocked;
  if (news) {
    changed(circuit);
    list(circuit);
  }
  if (!blocked) return;
  if (kind == Blocking::hardware)
    happen(circuit, CircuitEvent::r_hardware, nullptr, now);
  else if (!circuit.test)  // Q.764 2.8.2: test calls are allowed
    happen(circuit, CircuitEvent::r_blocking, nullptr, now);
}

void GroupCore::local_hardware(CircuitRecord& circuit, bool blocked, Time now) {
  if (circuit.local_hardware == blocked) return;
  circuit.local_hardware = blocked;
  changed(circuit);
  list(circuit);
  if (blocked) happen(circuit, CircuitEvent::r_hardware, nullptr, now);
}

}  // namespace tandem::isup
