#include "gateway/core/pri_leg.h"

#include <algorithm>

#include "gateway/core/trunk.h"
#include "gateway/interwork/number_rules.h"
#include "gateway/interwork/q931_isup.h"

namespace tandem::core {

namespace pri = tdm::pri;

PriLeg::PriLeg(Context& context, Bus& bus, Trunk& trunk, CallId call, int attempt)
    : Leg(call, attempt, trunk.config().name), context_(context), bus_(bus), trunk_(trunk) {}

pri::Channel PriLeg::channel() const {
  return circuit_ ? trunk_.channel(*circuit_, true) : pri::Channel{};
}

void PriLeg::describe(Cdr& cdr) const {
  cdr.trunk = trunk_.config().name;
  if (circuit_) cdr.circuit = context_.circuit_name(*circuit_);
  if (!called_sent_.empty()) cdr.called_sent = called_sent_;
}

void PriLeg::take_setup(pri::CallRef reference, Circuit circuit) {
  reference_ = reference;
  circuit_ = circuit;
  trunk_.legs().emplace(reference, this);
}

// --- from the exchange ----------------------------------------------------------------------------------

void PriLeg::send(const isup::Message& message, Time now) {
  if (over_ || released_) return;
  using T = isup::MessageType;
  switch (message.type()) {
    case T::iam:
      return send_iam(message, now);
    case T::acm:
    case T::cpg:
    case T::anm:
    case T::con:
      return send_backward(message, now);
    case T::rel:
      return send_release(message, now);
    default:
      return;
  }
}

void PriLeg::send_iam(const isup::Message& iam, Time now) {
  const auto refuse = [this](std::uint8_t cause) {
    release(make_rel(cause));
    finish();
  };
  auto& pool = trunk_.circuits();
  if (!pool.up() || pool.alarm()) return refuse(38);  // network out of order
  auto own = iam;
  interwork::numbers_out(own, trunk_.config().numbers);
  auto setup = interwork::setup_from_iam(own, trunk_.law());
  if (setup.called.digits.empty()) return refuse(28);
  circuit_ = pool.hunt(CircuitState::outgoing, call());
  if (!circuit_) return refuse(34);
  setup.channel = trunk_.channel(*circuit_, trunk_.config().exclusive_channel);
  called_sent_ = setup.called.digits;
  const auto reference = trunk_.commanded().setup(setup, now);
  if (!reference) return refuse(41);
  reference_ = *reference;
  trunk_.legs().emplace(reference_, this);
  trunk_.frames().expect(call());
}

void PriLeg::accepted(Time now) {
  if (released_ || connected_) return;
  trunk_.commanded().proceeding(reference_, channel(), now);
}

void PriLeg::send_backward(const isup::Message& message, Time now) {
  if (attempt() != 0 || connected_) return;
  const auto choice = interwork::pri_from_backward(message);
  auto& d_channel = trunk_.commanded();
  using B = interwork::PriBackward;
  switch (choice.message) {
    case B::none:
    case B::notify:
      return;
    case B::proceeding:  // was sent when the way was found
      if (choice.inband) d_channel.progress(reference_, channel(), choice.cause, true, now);
      return;
    case B::alerting:
      if (!alerted_)
        d_channel.alerting(reference_, channel(), choice.inband, now);
      else if (choice.inband)
        d_channel.progress(reference_, channel(), std::nullopt, true, now);
      alerted_ = true;
      return;
    case B::progress:
      return d_channel.progress(reference_, channel(), choice.cause, choice.inband, now);
    case B::connect:
      connected_ = true;
      return d_channel.connect(reference_, channel(), now);
  }
}

void PriLeg::send_release(const isup::Message& rel, Time now) {
  released_ = true;
  trunk_.commanded().disconnect(reference_, interwork::cause_from_release(rel), now);
}

void PriLeg::say(isup::Message message) {
  if (released_) return;
  if (message.type() == isup::MessageType::acm) acm_said_ = true;
  bus_.post(*this, std::move(message));
}

void PriLeg::release(isup::Message rel) {
  if (released_) return;
  released_ = true;
  bus_.post(*this, std::move(rel));
}

void PriLeg::finish() {
  if (over_) return;
  over_ = true;
  if (circuit_) trunk_.circuits().release(*circuit_, call());
  if (reference_ != 0) {
    trunk_.legs().erase(reference_);
    trunk_.frames().ended(call());
  }
  reference_ = 0;
  bus_.post(*this, isup::Message(isup::MessageType::rlc));
}

// --- from the D channel ---------------------------------------------------------------------------------

bool PriLeg::take_channel(const std::optional<pri::Channel>& channel, Time now) {
  if (released_) return false;
  responded_ = true;
  if (!channel || channel->timeslot == 0) return true;
  const auto named = trunk_.circuit(*channel);
  if (named == circuit_) return true;
  // Q.931 5.2.3.1: the far end's first answer may name another channel than the one preferred.
  auto& pool = trunk_.circuits();
  if (!named || pool.seize(*named, CircuitState::outgoing, call()) != CircuitPool::Seizure::taken) {
    trunk_.commanded().disconnect(reference_, 6, now);  // channel unacceptable
    release(make_rel(44));
    return false;
  }
  if (circuit_) pool.release(*circuit_, call());
  circuit_ = named;
  bus_.media_changed(*this);
  return true;
}

void PriLeg::on(const pri::ProceedingInd& event, Time now) {
  if (!take_channel(event.channel, now)) return;
  if (auto message = interwork::backward_from_proceeding(event.progress, acm_said_)) say(std::move(*message));
}

void PriLeg::on(const pri::AlertingInd& event, Time now) {
  if (!take_channel(event.channel, now)) return;
  say(interwork::backward_from_alerting(event.progress, acm_said_));
}

void PriLeg::on(const pri::ProgressInd& event, Time now) {
  if (!take_channel(std::nullopt, now)) return;
  if (auto message = interwork::backward_from_progress(event, acm_said_)) say(std::move(*message));
}

void PriLeg::on(const pri::ConnectInd& event, Time now) {
  if (attempt() == 0 || connected_ || !take_channel(event.channel, now)) return;
  connected_ = true;
  say(interwork::answer_from_connect(event, acm_said_));
}

void PriLeg::on(const pri::DisconnectInd& event, Time now) {
  responded_ = true;
  const bool inband = std::ranges::any_of(event.progress, [](const pri::Progress& progress) {
    return progress.description == pri::ProgressDescription::inband;
  });
  if (attempt() != 0 && inband && !connected_ && !released_) {
    // Q.931 5.3.4.1: a tone or announcement goes with it; the exchange ends it in its time (T306).
    const auto message =
        interwork::backward_from_progress({event.call, event.progress, event.cause}, acm_said_);
    if (message) return say(*message);
  }
  release(interwork::release_from_cause(event.cause));
  trunk_.commanded().disconnect(event.call, event.cause.value, now);
}

void PriLeg::on(const pri::ReleasedInd& event, Time now) {
  // The far end holds a call on the channel that is idle here: its end went lost while the link was down.
  const bool out_of_step = attempt() != 0 && !responded_ && !released_ && event.cause.value == 44;
  release(interwork::release_from_cause(event.cause));
  finish();
  if (out_of_step && circuit_) trunk_.restart_idle(*circuit_, now);
}

void PriLeg::lose_channel(Time now) {
  // The pool passes the channel on: what this leg still has of it is its name.
  release(make_rel(44));
  trunk_.commanded().disconnect(reference_, 44, now);
}

}  // namespace tandem::core
