// What this exchange adds to the messages of a call: its propagation delay (Q.764 2.6), and that it has no
// echo control device (Q.764 2.7).
#include <algorithm>
#include <limits>

#include "isup/group_core.h"

namespace tandem::isup {
namespace {

using M = MessageType;

// Q.763 3.19.
constexpr std::uint8_t kActivation = 1, kNotAvailable = 1;

bool first_backward(M type) {
  return type == M::acm || type == M::con || type == M::anm;
}

}  // namespace

/// Q.764 2.6.2: to what has been counted comes the delay of the way out. A call that comes from where nobody
/// counts begins here; in between a count that was not begun is not begun.
void GroupCore::add_delay(Message& iam, bool transit) const {
  const auto* counted = iam.get<PropagationDelay>();
  if (config.variant == Variant::ansi ||
      (counted == nullptr && (transit || config.propagation_delay_ms == 0)))
    return;
  constexpr unsigned kMost = std::numeric_limits<std::uint16_t>::max();
  auto delay = counted != nullptr ? *counted : PropagationDelay{};
  delay.milliseconds = static_cast<std::uint16_t>(
      std::min<unsigned>(kMost, unsigned{delay.milliseconds} + config.propagation_delay_ms));
  iam.set(delay);
}

/// What the end of the call in ISUP owes to its beginning.
void GroupCore::remember_path(const CircuitRecord& circuit, const Message& iam) {
  if (const auto* counted = iam.get<PropagationDelay>()) from_iam[circuit.cic].delay = counted->milliseconds;
  const auto* echo = iam.get<EchoControlInformation>();
  if (echo != nullptr && echo->incoming_request == kActivation) from_iam[circuit.cic].echo_asked = true;
}

/// The message with what it owes; nothing: as it is.
std::optional<Message> GroupCore::with_path(const CircuitRecord& circuit, const Message& message) {
  if (circuit.transit || !first_backward(message.type())) return std::nullopt;
  const auto found = from_iam.find(circuit.cic);
  if (found == from_iam.end()) return std::nullopt;
  auto& owed = found->second;
  std::optional<Message> out;
  // Q.764 2.6.3: with the answer.
  if (owed.delay && message.type() != M::acm && message.get<CallHistoryInformation>() == nullptr) {
    out = message;
    out->set(CallHistoryInformation{*owed.delay});
  }
  // Q.764 2.7.2: the first message back says what became of the request.
  if (std::exchange(owed.echo_asked, false) && message.get<EchoControlInformation>() == nullptr) {
    if (!out) out = message;
    out->set(EchoControlInformation{.incoming = kNotAvailable});
  }
  return out;
}

/// Q.764 2.7.2: a request for the half that would be here.
void GroupCore::answer_echo_request(const CircuitRecord& circuit, const Message& nrm) {
  if (!circuit.known || circuit.transit) return;
  const auto* asked = nrm.get<EchoControlInformation>();
  if (asked == nullptr) return;
  using S = CallState;
  const bool incoming =
      circuit.call == S::in_setup || circuit.call == S::in_ringing || circuit.call == S::in_answered;
  if ((incoming ? asked->incoming_request : asked->outgoing_request) != kActivation) return;
  Message answer(M::nrm);
  transmit(circuit.cic, answer.set(incoming ? EchoControlInformation{.incoming = kNotAvailable}
                                            : EchoControlInformation{.outgoing = kNotAvailable}));
}

}  // namespace tandem::isup
