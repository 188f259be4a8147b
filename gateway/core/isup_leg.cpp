#include "gateway/core/isup_leg.h"

#include <algorithm>

#include "gateway/core/isup_trunk.h"
#include "gateway/interwork/number_rules.h"
#include "gateway/interwork/sip_isup.h"
#include "isup/adapt.h"
#include "isup/bearer.h"

namespace tandem::core {

namespace {

using T = isup::MessageType;

constexpr std::uint8_t kSubscriberFree = 1;  // Q.763 3.5 bits DC

/// The parameters of one message in another; EventInformation is CPG's alone.
isup::Message retyped(const isup::Message& message, T type) {
  isup::Message out(type);
  for (const auto& parameter : message.parameters()) {
    if (type != T::cpg && std::holds_alternative<isup::EventInformation>(parameter)) continue;
    out.append(isup::Parameter(parameter));
  }
  if (type != T::cpg && type != T::anm && out.get<isup::BackwardCallIndicators>() == nullptr)
    out.set(isup::BackwardCallIndicators{});
  return out;
}

/// Q.764 2.1.4: nothing goes back before the ACM.
isup::Message as_acm(const isup::Message& message) {
  if (message.type() == T::acm && message.get<isup::BackwardCallIndicators>() != nullptr) return message;
  auto acm = retyped(message, T::acm);
  if (is_alerting(message)) {
    auto indicators = *acm.get<isup::BackwardCallIndicators>();
    indicators.called_status = kSubscriberFree;
    acm.set(indicators);
  }
  return acm;
}

/// Q.764 2.1.6: what follows the ACM.
isup::Message as_cpg(const isup::Message& message) {
  if (message.type() == T::cpg) return message;
  constexpr std::uint8_t kAlerting = 1, kProgress = 2, kInband = 3;
  auto cpg = retyped(message, T::cpg);
  cpg.set(isup::EventInformation{is_alerting(message)  ? kAlerting
                                 : has_inband(message) ? kInband
                                                       : kProgress});
  return cpg;
}

/// What an IAM cannot be without (Q.763 table 32).
void complete(isup::Message& iam) {
  auto nature = iam.get<isup::NatureOfConnection>() != nullptr ? *iam.get<isup::NatureOfConnection>()
                                                               : isup::NatureOfConnection{};
  nature.continuity = 0;  // that of the circuit before; its own is the circuit machine's
  iam.set(nature);
  if (iam.get<isup::ForwardCallIndicators>() == nullptr) iam.set(isup::ForwardCallIndicators{});
  if (iam.get<isup::CallingPartysCategory>() == nullptr) iam.set(isup::CallingPartysCategory{});
  if (iam.get<isup::TransmissionMedium>() == nullptr) iam.set(isup::TransmissionMedium{});
}

/// An idle circuit that this call has not been refused; nothing: it has been refused none, or there is no
/// other.
std::optional<std::uint16_t> other_circuit(const IsupTrunk& trunk, CallId call) {
  const auto tried = [&](std::uint16_t cic) { return trunk.call_of(cic) == call; };
  const auto usable = [&](std::uint16_t cic) {
    const auto circuit = trunk.group().status(cic);
    return circuit && circuit->call == isup::CallState::idle && !circuit->local_hardware &&
           circuit->block == isup::BlockState::unblocked && !circuit->remote_maintenance &&
           !circuit->remote_hardware && !tried(cic);
  };
  const auto cics = trunk.cics();
  if (std::ranges::none_of(cics, tried)) return std::nullopt;
  const auto it = std::ranges::find_if(cics, usable);
  return it == cics.end() ? std::nullopt : std::optional(*it);
}

}  // namespace

IsupLeg::IsupLeg(Context& context, Bus& bus, IsupTrunk& trunk, CallId call, int attempt)
    : Leg(call, attempt, trunk.config().name), context_(context), bus_(bus), trunk_(trunk) {}

TrunkRef IsupLeg::trunk_config() const {
  return &trunk_.config();
}

void IsupLeg::describe(Cdr& cdr) const {
  cdr.trunk = trunk_.config().name;
  if (circuit_) cdr.circuit = context_.circuit_name(*circuit_);
  if (!called_sent_.empty()) cdr.called_sent = called_sent_;
}

bool IsupLeg::open() const {
  return trunk_.open();
}

void IsupLeg::want_digits(Time now) {
  trunk_.commanded().want_digits(cic_, now);
}

/// Only the next exchange knows of our circuit, and it says so before anything else. Locations of others are
/// relative to those (Q.850 2.2.3): a network's own, local or transit, may be the next exchange's.
bool IsupLeg::circuit_refused(const isup::CauseIndicators& cause) const {
  using L = isup::Location;
  const bool next = cause.location == L::public_local || cause.location == L::transit;
  return other_circuit_ || (cause.value == 44 && next && !heard_back_);
}

void IsupLeg::take_iam(std::uint16_t cic, Circuit circuit, const isup::Message& iam,
                       const std::optional<isup::CalledPartyNumber>& called, bool more) {
  if (more) called_ = called;
  number_open_ = called_ && interwork::reading_open(*called_, trunk_.config().numbers);
  const auto* asked = iam.get<isup::OptionalForwardCallIndicators>();
  tells_party_ = asked != nullptr && asked->connected_line_request;
  cic_ = cic;
  circuit_ = circuit;
  more_ = more;
  trunk_.bind(cic, *this);
}

// --- from the exchange ----------------------------------------------------------------------------------

void IsupLeg::send(const isup::Message& message, Time now) {
  if (over_ || released_) return;
  switch (message.type()) {
    case T::iam:
      return send_iam(message, now);
    case T::acm:
    case T::anm:
    case T::con:
    case T::cpg:
      if (attempt() == 0) return send_backward(message, now);
      break;
    case T::sam:
      if (const auto* more = message.get<isup::SubsequentNumber>()) called_sent_ += more->digits;
      break;
    case T::rel:
      released_ = true;
      transmit(message, now);
      return finish();  // RLC is the circuit machine's to wait for
    default:
      break;
  }
  transmit(message, now);
}

bool IsupLeg::set_transit(bool transit, Time now) {
  transit_ = transit;
  if (over_ || released_) return false;
  return !circuit_ || trunk_.commanded().set_transit(cic_, transit, now);
}

bool IsupLeg::transmit(const isup::Message& message, Time now) {
  const auto& config = trunk_.config();
  auto own = message;
  interwork::numbers_out(own, config.numbers);
  if (own.type() == T::sam) own.remove(isup::CalledPartyNumber::spec.code);
  if (const auto* said = own.get<isup::CauseIndicators>(); said != nullptr && said->location == kMadeHere) {
    auto cause = *said;
    cause.location = isup::cause_location(config.group, transit_);
    own.set(std::move(cause));
  }
  if (trunk_.commanded().send(cic_, isup::to_variant(own, config.group.variant), now)) return true;
  context_.note(call(), now, "not sent to " + party() + ": " + isup::describe(message));
  return false;
}

void IsupLeg::send_iam(const isup::Message& iam, Time now) {
  const auto refuse = [this](std::uint8_t cause) {
    release(make_rel(cause));
    finish();
  };
  const auto& config = trunk_.config();
  if (!trunk_.group().available()) return refuse(38);  // network out of order
  auto own = iam;
  if (interwork::hops_exhausted(own)) return refuse(25);     // exchange routing error
  if (isup::takes_several_circuits(own)) return refuse(65);  // bearer capability not implemented
  interwork::numbers_out(own, config.numbers);
  complete(own);
  const auto* called = own.get<isup::CalledPartyNumber>();
  const bool complete_number =
      !config.overlap_sending || (called != nullptr && called->digits.ends_with('F'));
  if (complete_number && (called == nullptr || called->digits.empty() || called->digits == "F"))
    return refuse(28);
  called_sent_ = called != nullptr ? number_text(called->digits, called->nature) : std::string();
  const auto cic =
      trunk_.commanded().seize(isup::to_variant(own, config.group.variant),
                               {.part = trunk_.part(),
                                // Idle again since RLC, the circuit that was refused may be the first.
                                .cic = attempt() > 1 ? other_circuit(trunk_, call()) : std::nullopt,
                                .transit = transit_},
                               now);
  if (!cic)  // Q.764 2.10, 2.11: there are circuits, but the far end or the way there is congested
    return refuse(trunk_.group().idle(trunk_.part()) > 0 ? 42 : 34);
  cic_ = *cic;
  circuit_ = trunk_.circuit(cic_);
  trunk_.bind(cic_, *this);
}

void IsupLeg::send_backward(const isup::Message& message, Time now) {
  more_ = false;
  const bool answers = message.type() == T::anm || message.type() == T::con;
  if (answered_) {
    if (message.type() == T::cpg) transmit(message, now);
    return;
  }
  if (answers) return answer(message, now);
  if (acm_sent_) {
    transmit(as_cpg(message), now);
    return;
  }
  acm_sent_ = transmit(as_acm(message), now);
}

void IsupLeg::answer(const isup::Message& said, Time now) {
  answered_ = true;
  auto message = said;
  if (!tells_party_) message.remove(isup::ConnectedNumber::spec.code);  // Q.731.5 5.3.2.5
  if (acm_sent_) {
    transmit(retyped(message, T::anm), now);
  } else if (trunk_.config().group.variant == isup::Variant::ansi) {
    // T1.113 has no CON: the answer follows an ACM.
    isup::Message acm(T::acm);
    transmit(acm.set(isup::BackwardCallIndicators{}), now);
    transmit(retyped(message, T::anm), now);
  } else {
    transmit(retyped(message, T::con), now);
  }
}

// --- from the circuit machine ---------------------------------------------------------------------------

void IsupLeg::on(isup::Message message) {
  if (released_) return;
  if (message.type() == T::rel) {
    release(std::move(message));
    return finish();
  }
  heard_back_ = true;
  if (message.type() == T::sam) read_digits(message);
  bus_.post(*this, std::move(message));
}

/// Rules are for numbers, not for their pieces.
void IsupLeg::read_digits(isup::Message& sam) {
  sam.remove(isup::CalledPartyNumber::spec.code);  // no wire says it there
  const auto* more = sam.get<isup::SubsequentNumber>();
  if (!called_ || more == nullptr || called_->digits.size() + more->digits.size() > interwork::kMaxDigits)
    return;
  called_->digits += more->digits;
  if (!number_open_) return;  // the rules have had their say: what follows, follows
  number_open_ =
      !called_->digits.ends_with('F') && interwork::reading_open(*called_, trunk_.config().numbers);
  isup::Message whole(T::iam);
  whole.set(*called_);
  interwork::numbers_in(whole, trunk_.config().numbers);
  sam.set(*whole.get<isup::CalledPartyNumber>());
}

void IsupLeg::over(std::uint8_t cause, bool again) {
  other_circuit_ = again;
  release(make_rel(again ? 44 : cause));
  finish();
}

void IsupLeg::release(isup::Message rel) {
  if (released_) return;
  released_ = true;
  bus_.post(*this, std::move(rel));
}

void IsupLeg::finish() {
  if (over_) return;
  over_ = true;
  more_ = false;
  trunk_.unbind(cic_, *this);
  bus_.post(*this, isup::Message(T::rlc));
}

}  // namespace tandem::core
