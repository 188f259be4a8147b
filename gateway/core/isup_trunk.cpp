#include "gateway/core/isup_trunk.h"

#include <algorithm>
#include <utility>

#include "gateway/interwork/number_rules.h"
#include "gateway/interwork/overlap.h"
#include "isup/adapt.h"

namespace tandem::core {

namespace {

bool uses(isup::CallState state) {
  return state != isup::CallState::idle && state != isup::CallState::unequipped;
}

/// As operators know circuits.
std::string_view state_name(isup::CallState state) {
  using S = isup::CallState;
  switch (state) {
    case S::idle:
      return "idle";
    case S::out_check:
    case S::out_setup:
    case S::out_ringing:
    case S::out_answered:
    case S::out_overload:
      return "outgoing";
    case S::in_check:
    case S::in_setup:
    case S::in_ringing:
    case S::in_answered:
      return "incoming";
    case S::wait_rlc:
      return "releasing";
    case S::resetting:
    case S::group_reset:
      return "resetting";
    case S::check_failed:
    case S::looped:
    case S::recheck_wait:
    case S::recheck_prompt:
    case S::recheck_tone:
      return "testing";
    case S::unequipped:
      return "unequipped";
  }
  return "";
}

std::string_view blocked_by(const isup::CircuitStatus& circuit) {
  if (circuit.local_hardware) return "alarm";
  if (circuit.block != isup::BlockState::unblocked) return "local";
  return circuit.remote_maintenance || circuit.remote_hardware ? "remote" : "";
}

}  // namespace

IsupTrunk::IsupTrunk(Context& context, Exchange& exchange, IsupGroup& group, std::size_t index,
                     std::size_t part)
    : context_(context), exchange_(exchange), group_(group), index_(index), part_(part) {}

// --- circuits -------------------------------------------------------------------------------------------

std::optional<Circuit> IsupTrunk::circuit(std::uint16_t cic) const {
  for (const auto& range : config().group.circuits)
    if (cic >= range.first_cic && static_cast<std::size_t>(cic - range.first_cic) < range.circuits.size())
      return range.circuits[static_cast<std::size_t>(cic - range.first_cic)];
  return std::nullopt;
}

std::optional<std::uint16_t> IsupTrunk::cic(Circuit circuit) const {
  for (const auto& range : config().group.circuits) {
    const auto it = std::ranges::find(range.circuits, circuit);
    if (it != range.circuits.end())
      return static_cast<std::uint16_t>(range.first_cic + (it - range.circuits.begin()));
  }
  return std::nullopt;
}

std::vector<std::uint16_t> IsupTrunk::cics() const {
  std::vector<std::uint16_t> all;
  for (const auto& range : config().group.circuits)
    for (std::size_t i = 0; i < range.circuits.size(); ++i)
      all.push_back(static_cast<std::uint16_t>(range.first_cic + i));
  std::ranges::sort(all);
  return all;
}

bool IsupTrunk::has_span(std::uint16_t span) const {
  return std::ranges::any_of(config().group.circuits, [span](const isup::CicRange& range) {
    return std::ranges::find(range.circuits, span, &Circuit::span) != range.circuits.end();
  });
}

void IsupTrunk::bind(std::uint16_t cic, IsupLeg& leg) {
  const auto it = legs_.find(cic);
  if (it != legs_.end() && it->second != &leg) {
    auto* left = it->second;  // the machine knows nothing of it any more
    legs_.erase(it);
    left->over(41, false);
  }
  legs_[cic] = &leg;
  last_calls_[cic] = leg.call();
}

void IsupTrunk::unbind(std::uint16_t cic, const IsupLeg& leg) {
  const auto it = legs_.find(cic);
  if (it != legs_.end() && it->second == &leg) legs_.erase(it);
}

CallId IsupTrunk::call_of(std::uint16_t cic) const {
  const auto it = last_calls_.find(cic);
  return it == last_calls_.end() ? CallId{} : it->second;
}

// --- from MTP -------------------------------------------------------------------------------------------

void IsupTrunk::resume(Time now) {
  for (const auto circuit : std::exchange(reset_when_up_, {}))
    if (const auto of = cic(circuit)) commanded().reset(*of, 1, now);
}

void IsupTrunk::reset_when_up(Circuit circuit) {
  // Start of service resets them all, if it is to.
  if (!config().group.reset_at_start) reset_when_up_.push_back(circuit);
}

void IsupTrunk::set_failed(std::uint16_t span, bool failed, Time now) {
  for (const auto& range : config().group.circuits) {
    std::size_t i = 0;
    while (i < range.circuits.size()) {
      std::size_t end = i;
      while (end < range.circuits.size() && range.circuits[end].span == span) ++end;
      const auto first = static_cast<std::uint16_t>(range.first_cic + i);
      const auto count = static_cast<unsigned>(end - i);
      if (count > 0 && failed) commanded().block(first, count, isup::Blocking::hardware, now);
      if (count > 0 && !failed) commanded().unblock(first, count, isup::Blocking::hardware, now);
      i = std::max(end, i + 1);
    }
  }
}

void IsupTrunk::continuity_heard(Circuit circuit, Time now) {
  if (const auto of = cic(circuit)) commanded().tone_received(*of, now);
}

// --- from the circuit machines --------------------------------------------------------------------------

void IsupTrunk::on(isup::ToCall& output, Time /*now*/) {
  auto message = isup::from_variant(output.message, config().group.variant);
  std::optional<isup::CalledPartyNumber> called;
  if (const auto* number = message.get<isup::CalledPartyNumber>()) called = *number;
  interwork::numbers_in(message, config().numbers);
  if (message.type() == isup::MessageType::iam) return on_iam(output.cic, std::move(message), called);
  const auto it = legs_.find(output.cic);
  if (it != legs_.end()) it->second->on(std::move(message));
}

void IsupTrunk::on_iam(std::uint16_t cic, isup::Message iam,
                       const std::optional<isup::CalledPartyNumber>& called) {
  const auto call = context_.new_call();
  const auto circuit = this->circuit(cic);
  if (!circuit) return;
  auto leg = std::make_unique<IsupLeg>(context_, exchange_, *this, call, 0);
  const bool more = config().overlap != Overlap::off && config().group.variant != isup::Variant::ansi &&
                    !interwork::number_complete(iam);
  leg->take_iam(cic, *circuit, iam, called, more);
  exchange_.offer(std::move(leg), std::move(iam));
}

void IsupTrunk::on(const isup::CallOver& output, Time now) {
  const auto it = legs_.find(output.cic);
  if (it == legs_.end()) return;
  context_.note(it->second->call(), now,
                "CIC " + std::to_string(output.cic) +
                    (output.again ? ": another circuit is tried" : ": ended by the circuit's own machine"));
  it->second->over(output.cause, output.again);
}

void IsupTrunk::on(const isup::TimerExpired& output, Time now) {
  const auto it = legs_.find(output.cic);
  if (it != legs_.end())
    context_.note(
        it->second->call(), now,
        std::string(isup::kTimerRows[static_cast<std::size_t>(output.timer)].name) + " has expired");
}

void IsupTrunk::on(const isup::CircuitFree& /*output*/, Time /*now*/) {}  // the group gives it out again

void IsupTrunk::on(const isup::MediaOrder& output, Time /*now*/) {
  using A = isup::MediaAction;
  const bool on = output.action == A::loop_on || output.action == A::tone_on;
  if (output.action == A::loop_on || output.action == A::loop_off)
    context_.out.emplace_back(media::Command{media::LoopCircuit{output.circuit, on}});
  else
    context_.out.emplace_back(media::Command{media::CheckContinuity{output.circuit, on}});
}

void IsupTrunk::on(const isup::GroupAlert& output, Time /*now*/) {
  context_.log(Severity::warning, call_of(output.cic),
               "trunk " + config().name + ": CIC " + std::to_string(output.cic) + ": " +
                   std::string(isup::to_string(output.text)));
}

void IsupTrunk::on(const isup::CircuitChanged& output, Time /*now*/) {
  const auto status = group().status(output.cic);
  if (!status) return;
  const auto by = blocked_by(*status);
  context_.log(Severity::debug, {},
               "trunk " + config().name + ": CIC " + std::to_string(output.cic) + " " +
                   (status->call == isup::CallState::unequipped ? "is not equipped over there"
                    : by.empty()                                ? "is not blocked"
                                                                : "is blocked (" + std::string(by) + ")"));
}

void IsupTrunk::on(const isup::GroupChanged& output, Time /*now*/) {
  context_.log(output.available ? Severity::info : Severity::warning, {},
               "trunk " + config().name + ": the far end's ISUP is " +
                   (output.available ? "reachable" : "out of reach"));
}

// --- for people -----------------------------------------------------------------------------------------

TrunkStatus IsupTrunk::status() const {
  TrunkStatus row;
  const auto& machine = group();
  row.name = config().name;
  row.signalling = "isup";
  const auto& group = config().group;
  const auto variant = group.variant == isup::Variant::ansi ? mtp::Variant::ansi : mtp::Variant::itu;
  row.switch_type = group.variant == isup::Variant::ansi   ? "ansi"
                    : group.variant == isup::Variant::etsi ? "etsi"
                                                           : "itu";
  row.side = mtp::to_string(group.own, variant) + " to " + mtp::to_string(group.destination, variant);
  row.up = machine.available();
  // Messages are of the group: the first trunk that is in use stands for all of it.
  const auto used = [](const IsupTrunk* trunk) { return !trunk->config().retired; };
  if (*std::ranges::find_if(group_.trunks(), used) == this) row.isup = machine.counters();
  for (const auto of : cics()) {
    const auto circuit = machine.status(of);
    if (!circuit) continue;
    if (circuit->call == isup::CallState::unequipped || circuit->remote_hardware || circuit->local_hardware)
      ++row.out_of_service;
    else if (uses(circuit->call))
      ++row.busy;
    else if (!blocked_by(*circuit).empty())
      ++row.blocked;
    else
      ++row.idle;
  }
  return row;
}

std::vector<CircuitStatus> IsupTrunk::circuits() const {
  std::vector<CircuitStatus> rows;
  for (const auto of : cics()) {
    const auto circuit = group().status(of);
    if (!circuit) continue;
    CircuitStatus row{config().name,
                      context_.circuit_name(circuit->circuit),
                      std::string(state_name(circuit->call)),
                      std::string(blocked_by(*circuit)),
                      {}};
    row.cic = of;
    if (row.blocked.empty() && !group().available()) row.blocked = "down";
    if (row.blocked.empty() && !open_) row.blocked = "draining";
    if (const auto it = legs_.find(of); it != legs_.end()) row.call = it->second->call();
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace tandem::core
