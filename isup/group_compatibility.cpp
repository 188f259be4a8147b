// What nobody here knows (Q.764 2.9.5.2, 2.9.5.3), and messages in two parts (Q.764 2.1.12).
#include <algorithm>
#include <array>
#include <utility>

#include "isup/bearer.h"
#include "isup/group_core.h"
#include "isup/registry.h"

namespace tandem::isup {
namespace {

using M = MessageType;

constexpr std::uint8_t kTypeUnknown = 97, kParameterUnknown = 99, kPassedOn = 103, kDiscarded = 110;

/// A message whose unknown parts are never answered by CFN.
bool silent(M type) {
  return type == M::rel || type == M::rlc || type == M::cfn;
}

bool in_a_call(CallState state) {
  using S = CallState;
  switch (state) {
    case S::out_check:
    case S::out_setup:
    case S::out_ringing:
    case S::out_answered:
    case S::in_check:
    case S::in_setup:
    case S::in_ringing:
    case S::in_answered:
      return true;
    default:
      return false;
  }
}

/// Q.850 110: the type of the message, then the names of its parameters.
Octets discarded(M type, const Octets& names) {
  Octets out{static_cast<Octet>(type)};
  out.insert(out.end(), names.begin(), names.end());
  return out;
}

bool may_be_in_two_parts(M type) {
  return type == M::iam || type == M::acm || type == M::con || type == M::anm || type == M::cpg;
}

void mark_segmented(Message& message, bool segmented) {
  if (message.type() == M::iam) {
    OptionalForwardCallIndicators indicators;
    if (const auto* given = message.get<OptionalForwardCallIndicators>()) indicators = *given;
    indicators.segmentation = segmented;
    message.set(std::move(indicators));
  } else {
    OptionalBackwardCallIndicators indicators;
    if (const auto* given = message.get<OptionalBackwardCallIndicators>()) indicators = *given;
    indicators.segmentation = segmented;
    message.set(std::move(indicators));
  }
}

bool segmented(const Message& message) {
  if (!may_be_in_two_parts(message.type())) return false;
  if (message.type() == M::iam) {
    const auto* forward = message.get<OptionalForwardCallIndicators>();
    return forward != nullptr && forward->segmentation;
  }
  const auto* backward = message.get<OptionalBackwardCallIndicators>();
  return backward != nullptr && backward->segmentation;
}

/// Q.763 table 51: user-to-user information, access transport, generic digits, notification and number.
constexpr auto kSecondPart = std::to_array<std::uint8_t>({0x20, 0x03, 0xc1, 0x2c, 0xc0});

bool of_second_part(std::uint8_t code) {
  return std::ranges::find(kSecondPart, code) != kSecondPart.end();
}

}  // namespace

void GroupCore::confusion(const CircuitRecord& circuit, std::uint8_t cause, Octets diagnostic) {
  Message cfn(M::cfn);
  cfn.set(CauseIndicators{.value = cause,
                          .location = cause_location(config, circuit.transit),
                          .diagnostic = std::move(diagnostic)});
  transmit(circuit.cic, cfn);
}

void GroupCore::clear(CircuitRecord& circuit, std::uint8_t cause, Time now) {
  if (!in_a_call(circuit.call)) return;
  CallContext context{*this, circuit, nullptr, now};
  call_table::run<call_table::kToneOff, call_table::kLoopOff, call_table::kStopAll>(context);
  call_over(circuit, cause, false);
  Message rel(M::rel);
  rel.set(CauseIndicators{.value = cause, .location = cause_location(config, circuit.transit)});
  release(circuit, std::move(rel), now);
  circuit.call = CallState::wait_rlc;
  list(circuit);
}

/// Q.764 2.9.5.3.2.
void GroupCore::unknown_message(CircuitRecord& circuit, const Message& message, Time now) {
  ++counters.unrecognized;
  const auto* information = message.get<MessageCompatibility>();
  const auto instructions = information != nullptr ? information->instructions() : std::nullopt;
  const auto treatment = treat_message(instructions, circuit.known && passes_on(circuit));
  if (treatment.fate == Fate::release) return clear(circuit, kTypeUnknown, now);
  if (treatment.notify) confusion(circuit, kTypeUnknown, {static_cast<Octet>(message.type())});
  if (treatment.fate == Fate::pass_on) outputs.emplace_back(ToCall{circuit.cic, message});
}

/// Q.764 2.9.5.3.3. False: the message is not to be acted upon.
bool GroupCore::known_parameters(CircuitRecord& circuit, Message& message, Time now) {
  const bool begins = message.type() == M::iam && takes_iam(circuit);
  if (begins) from_iam.erase(circuit.cic);  // of one that was barred
  Octets unknown;
  for (const auto& parameter : message.parameters()) {
    const auto* raw = std::get_if<RawParameter>(&parameter);
    if (raw != nullptr && raw->code != 0 && find_parameter(raw->code, config.variant).name.empty())
      unknown.push_back(raw->code);
  }
  if (unknown.empty()) return true;
  ++counters.unrecognized;
  const auto* found = message.get<ParameterCompatibility>();
  const auto information = found != nullptr ? *found : ParameterCompatibility{};
  const bool tolerant = silent(message.type());  // never discarded, and releases nothing
  const bool transit = passes_on(circuit);
  UnknownParameters refused, passed;
  for (const Octet code : unknown) {
    auto treatment = treat_parameter(information.instructions_for(code), transit);
    if (tolerant && treatment.fate > Fate::discard_parameter) treatment.fate = Fate::discard_parameter;
    if (treatment.fate == Fate::pass_on) {
      passed.add(code, treatment);
      continue;
    }
    refused.add(code, treatment);
    message.remove(code);
  }
  if (refused.fate == Fate::release) {
    // One that gets no call here anyway is left to the rows.
    if (message.type() == M::iam) return !refuse_iam(circuit, message, kParameterUnknown, now);
    clear(circuit, kParameterUnknown, now);
    return false;
  }
  tell_unknown(circuit, message.type(), std::move(refused.told), refused.fate);
  if (refused.fate == Fate::discard_message) return false;
  if (!tolerant && !passed.told.empty()) confusion(circuit, kPassedOn, std::move(passed.told));
  if (begins && transit) keep_unknown(circuit, unknown, information);
  return true;
}

void GroupCore::tell_unknown(CircuitRecord& circuit, M type, Octets told, Fate fate) {
  if (type == M::rel)
    refused_parameters = std::move(told);  // said by RLC
  else if (!told.empty() && !silent(type))
    fate == Fate::discard_message ? confusion(circuit, kDiscarded, discarded(type, told))
                                  : confusion(circuit, kParameterUnknown, std::move(told));
}

/// Q.850 65: the media path of a call is one circuit.
bool GroupCore::refuse_bearer(CircuitRecord& circuit, const Message& iam, Time now) {
  constexpr std::uint8_t kNotImplemented = 65;
  return takes_several_circuits(iam) && refuse_iam(circuit, iam, kNotImplemented, now);
}

/// Releases the call that the IAM would have; false: it gets none.
bool GroupCore::refuse_iam(CircuitRecord& circuit, const Message& iam, std::uint8_t cause, Time now) {
  if (!takes_iam(circuit)) return false;
  CallContext context{*this, circuit, &iam, now};
  if (call_table::barred(context)) return false;
  // Ours on this circuit, if there is one, has lost (Q.764 2.9.1.4).
  call_table::run<call_table::kToneOff, call_table::kStopAll, call_table::retry(44)>(context);
  circuit.call = CallState::in_setup;
  clear(circuit, cause, now);
  list(circuit);
  return true;
}

/// Whether an IAM has its call here, unless it is barred.
bool GroupCore::takes_iam(const CircuitRecord& circuit) const {
  using S = CallState;
  const bool ours = circuit.call == S::out_setup || circuit.call == S::out_check;
  return circuit.call == S::idle || circuit.call == S::unequipped || (ours && !controls(circuit.cic));
}

/// What the IAM leaves to be decided when its call turns out to leave ISUP here.
void GroupCore::keep_unknown(CircuitRecord& circuit, const Octets& unknown,
                             const ParameterCompatibility& information) {
  UnknownParameters kept;
  for (const Octet code : unknown) {
    const auto instructions = information.instructions_for(code);
    if (treat_parameter(instructions, true).fate == Fate::pass_on)
      kept.add(code, treat_parameter(instructions, false));
  }
  if (kept.fate != Fate::pass_on) from_iam[circuit.cic].unknown = std::move(kept);
}

/// Q.764 2.9.5.2: where the call does not go on in ISUP, passing on is not possible after all.
void GroupCore::set_transit(CircuitRecord& circuit, bool transit, Time now) {
  if (!circuit.known) return;
  circuit.transit = transit;
  if (transit) return;
  const auto found = from_iam.find(circuit.cic);
  if (found == from_iam.end()) return;
  const auto kept = std::exchange(found->second.unknown, {});
  if (kept.fate == Fate::release) return clear(circuit, kParameterUnknown, now);
  tell_unknown(circuit, M::iam, kept.told, kept.fate);
  // An IAM that is discarded has no call.
  if (kept.fate == Fate::discard_message) clear(circuit, kDiscarded, now);
}

void GroupCore::forget_first_part(CircuitRecord& circuit) {
  if (!circuit.details || !circuit.details->first_part) return;
  circuit.details->first_part.reset();
  stop(circuit, Timer::t34);
}

/// What to make of the message now; nothing: it waits for its second part.
std::optional<Message> GroupCore::joined(CircuitRecord& circuit, Message message, Time now) {
  if (circuit.details && circuit.details->first_part) {
    Message first = std::move(*circuit.details->first_part);
    circuit.details->first_part.reset();
    stop(circuit, Timer::t34);
    mark_segmented(first, false);
    if (message.type() == M::sgm) {
      for (const auto& parameter : message.parameters())
        if (of_second_part(code_of(parameter))) first.append(Parameter(parameter));
      list(circuit);
      return first;
    }
    act(circuit, first, now);  // any other message ends the wait
  }
  if (message.type() == M::sgm) {  // late, or of nothing
    ++counters.unexpected;
    return std::nullopt;
  }
  if (!segmented(message)) return message;
  details(circuit).first_part = std::move(message);
  start(circuit, Timer::t34, now);
  list(circuit);
  return std::nullopt;
}

void GroupCore::second_part_missing(CircuitRecord& circuit, Time now) {
  if (!circuit.details || !circuit.details->first_part) return;
  Message first = std::move(*circuit.details->first_part);
  circuit.details->first_part.reset();
  list(circuit);
  mark_segmented(first, false);
  act(circuit, first, now);
}

/// A message that is too long as two; nothing: it cannot be.
std::optional<std::pair<Message, Message>> GroupCore::in_two_parts(const Message& message) const {
  if (!may_be_in_two_parts(message.type()) || config.variant == Variant::ansi) return std::nullopt;
  std::pair<Message, Message> parts{message, Message(M::sgm)};
  mark_segmented(parts.first, true);
  for (const auto code : kSecondPart) {
    bool moved = false;
    for (const auto& parameter : message.parameters()) {
      if (code_of(parameter) != code) continue;
      parts.second.append(Parameter(parameter));
      moved = true;
    }
    if (!moved) continue;
    parts.first.remove(code);
    if (!encode(parts.second, config.variant)) return std::nullopt;
    if (encode(parts.first, config.variant)) return parts;
  }
  return std::nullopt;
}

}  // namespace tandem::isup
