#include "gateway/core/pri_leg.h"

#include <algorithm>
#include <array>

#include "gateway/core/charge.h"
#include "gateway/core/trunk.h"
#include "gateway/interwork/number_rules.h"
#include "gateway/interwork/routing_params.h"

namespace tandem::core {

namespace pri = tdm::pri;

namespace {

constexpr std::uint16_t kKeypadDigitMs = 160;
constexpr std::string_view kDtmf = "0123456789*#ABCD";

bool is_inband(const pri::Progress& progress) {
  return progress.description == pri::ProgressDescription::inband;
}

/// Q.931 5.8.3.2, 5.8.9, 5.8.11: what a far end says of a call that it has never heard of, or of our STATUS.
bool is_no_such_call(std::uint8_t cause) {
  static constexpr std::array<std::uint8_t, 4> kCauses = {31, 81, 98, 101};
  return std::ranges::find(kCauses, cause) != kCauses.end();
}

/// Indicators besides the in-band one, which the command itself names.
pri::Extras extras_of(const interwork::PriBackwardChoice& choice) {
  pri::Extras extras{.progress = choice.progress, .user_user = choice.user_user};
  std::erase_if(extras.progress, is_inband);
  return extras;
}

}  // namespace

PriLeg::PriLeg(Context& context, Bus& bus, Trunk& trunk, CallId call, int attempt)
    : Leg(call, attempt, trunk.config().name), context_(context), bus_(bus), trunk_(trunk) {}

pri::Channel PriLeg::channel() const {
  return circuit_ ? trunk_.channel(*circuit_, true) : pri::Channel{};
}

TrunkRef PriLeg::trunk_config() const {
  return &trunk_.config();
}

void PriLeg::describe(Cdr& cdr) const {
  cdr.trunk = trunk_.config().name;
  if (circuit_) cdr.circuit = context_.circuit_name(*circuit_);
  if (!called_sent_.empty()) cdr.called_sent = called_sent_;
  if (!charge_.empty()) cdr.charge = charge_;
}

void PriLeg::take_setup(pri::CallRef reference, Circuit circuit, bool more) {
  reference_ = reference;
  circuit_ = circuit;
  more_ = more;
  trunk_.legs().emplace(reference_, this);
}

void PriLeg::drop() {
  over_ = released_ = true;
  if (circuit_) trunk_.circuits().release(*circuit_, call());
  trunk_.legs().erase(reference_);
  trunk_.frames().ended(call());
  reference_ = 0;
}

// --- from the exchange ----------------------------------------------------------------------------------

void PriLeg::send(const isup::Message& message, Time now) {
  if (over_ || released_) return;
  using T = isup::MessageType;
  switch (message.type()) {
    case T::iam:
      return send_iam(message, now);
    case T::sam:
      return send_digits(message, now);
    case T::acm:
    case T::cpg:
    case T::anm:
    case T::con:
    case T::sus:
    case T::res:
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
  const auto& config = trunk_.config();
  auto& pool = trunk_.circuits();
  if (!pool.up() || pool.alarm()) return refuse(38);  // network out of order
  auto own = iam;
  // Q.931 has no routing number: only the subscriber's own.
  if (auto called = interwork::dialled_number(iam)) own.set(std::move(*called));
  interwork::numbers_out(own, config.numbers);
  auto setup = interwork::setup_from_iam(own, trunk_.law());
  const auto* called = iam.get<isup::CalledPartyNumber>();
  const bool complete = !config.overlap_sending || (called != nullptr && called->digits.ends_with('F'));
  if (setup.called.digits.empty() && complete) return refuse(28);
  circuit_ = pool.hunt(CircuitState::outgoing, call());
  if (!circuit_) return refuse(34);
  setup.channel = trunk_.channel(*circuit_, config.exclusive_channel);
  setup.sending_complete = complete;
  if (!config.send_display) setup.calling_name.clear();
  const bool named = config.carrier.as_called && !setup.transit_network.empty();
  if (!named) setup.transit_network = config.carrier.otherwise;
  called_sent_ = setup.called.digits;
  const auto reference = trunk_.commanded().setup(setup, now);
  if (!reference) return refuse(41);
  reference_ = *reference;
  trunk_.legs().emplace(reference_, this);
  trunk_.frames().expect(call());
}

void PriLeg::send_digits(const isup::Message& sam, Time now) {
  if (attempt() == 0 || proceeded_ || connected_) return;
  const auto more = interwork::information_from_sam(sam);
  called_sent_ += more.digits;
  if (overlap_sent_) return trunk_.commanded().information(reference_, more.digits, more.complete, now);
  waiting_digits_ += more.digits;  // Q.931 5.1.3: INFORMATION after SETUP ACKNOWLEDGE only
  waiting_complete_ = waiting_complete_ || more.complete;
}

void PriLeg::accepted(Time now) {
  // Q.931 5.2.4: CALL PROCEEDING says that no more digits are wanted.
  if (!released_ && !connected_ && !more_) proceed({}, now);
}

void PriLeg::proceed(const pri::Extras& extras, Time now) {
  if (proceeded_ || alerted_) return;
  proceeded_ = true;
  more_ = false;
  trunk_.commanded().proceeding(reference_, channel(), now, extras);
}

pri::Party PriLeg::presented(const std::optional<pri::Party>& party) const {
  auto shown = party.value_or(pri::Party{});
  if (!trunk_.config().send_display) shown.name.clear();
  if (!trunk_.config().send_connected) {
    shown.number.reset();
    shown.subaddress.reset();
  }
  return shown;
}

void PriLeg::send_backward(const isup::Message& message, Time now) {
  const auto choice = interwork::pri_from_backward(message);
  if (attempt() != 0 || connected_) return send_in_call(choice, now);
  auto& d_channel = trunk_.commanded();
  const auto party = presented(choice.party);
  const auto extras = extras_of(choice);
  using B = interwork::PriBackward;
  if (choice.message != B::connect && party != pri::Party{}) d_channel.connected_line(reference_, party, now);
  switch (choice.message) {
    case B::none:
    case B::notify:
      break;
    case B::proceeding:  // was sent when the way was found, unless digits were to follow
      proceed(extras, now);
      if (choice.inband) d_channel.progress(reference_, channel(), choice.cause, true, now, extras);
      break;
    case B::alerting:
      more_ = false;
      if (!alerted_)
        d_channel.alerting(reference_, channel(), choice.inband, now, extras);
      else if (choice.inband)
        d_channel.progress(reference_, channel(), std::nullopt, true, now, extras);
      alerted_ = true;
      break;
    case B::progress:
      more_ = false;
      d_channel.progress(reference_, channel(), choice.cause, choice.inband, now, extras);
      break;
    case B::connect:
      connected_ = true;
      more_ = false;
      d_channel.connect(reference_, channel(), now, party, choice.user_user, extras.progress);
      break;
  }
  tell(choice, now);
}

void PriLeg::tell(const interwork::PriBackwardChoice& choice, Time now) {
  auto& d_channel = trunk_.commanded();
  // ETS 300 207-1 9.2.5, ISO/IEC 13873: by number and reason, where the switch type has words for it.
  if (const auto& diversion = choice.diversion; diversion && attempt() == 0) {
    const auto to = presented(diversion->to);
    if (to.number && d_channel.diverted(reference_, to, diversion->reason, now)) return;
  }
  if (choice.notification) d_channel.notify(reference_, *choice.notification, now);
}

void PriLeg::send_in_call(const interwork::PriBackwardChoice& choice, Time now) {
  tell(choice, now);
  const auto party = presented(choice.party);
  if (connected_ && party != pri::Party{}) trunk_.commanded().connected_line(reference_, party, now);
}

void PriLeg::send_release(const isup::Message& rel, Time now) {
  released_ = true;
  more_ = false;
  auto& d_channel = trunk_.commanded();
  const auto said = interwork::user_user_from_message(rel);
  // Q.957.1: in the first message of the clearing, which may be out.
  if (said && !tones_) d_channel.user_user(reference_, *said, now);
  d_channel.disconnect(reference_, interwork::cause_from_release(rel), now);
}

bool PriLeg::release_with_tones(const isup::Message& rel, Time now) {
  const auto& config = trunk_.config();
  const bool possible = config.side == pri::Side::network && config.inband_disconnect && circuit_;
  if (!possible || released_ || over_ || tones_) return false;
  more_ = false;
  tones_ = true;
  if (const auto said = interwork::user_user_from_message(rel))
    trunk_.commanded().user_user(reference_, *said, now);
  trunk_.commanded().disconnect(reference_, interwork::cause_from_release(rel), now, true);
  return true;
}

bool PriLeg::hand_over(Leg& incoming, Time now) {
  const auto* other = dynamic_cast<PriLeg*>(&incoming);
  if (other == nullptr || &other->trunk_ != &trunk_ || !trunk_.config().transfer) return false;
  if (reference_ == 0 || other->reference_ == 0) return false;
  return trunk_.commanded().transfer(reference_, other->reference_, now);
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
  more_ = false;
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
  if (named && named == circuit_) return true;
  // Q.931 5.2.3.1: the far end's first answer may name another channel than the one preferred.
  auto& pool = trunk_.circuits();
  const auto state = attempt() == 0 ? CircuitState::incoming : CircuitState::outgoing;
  if (!named || pool.seize(*named, state, call()) != CircuitPool::Seizure::taken) {
    trunk_.commanded().disconnect(reference_, 6, now);  // channel unacceptable
    release(make_rel(44));
    return false;
  }
  if (circuit_) pool.release(*circuit_, call());
  circuit_ = named;
  bus_.media_changed(*this);
  return true;
}

void PriLeg::on(const pri::SetupAckInd& event, Time now) {
  if (!take_channel(event.channel, now) || attempt() == 0) return;
  overlap_sent_ = true;
  if (!waiting_digits_.empty() || waiting_complete_)
    trunk_.commanded().information(reference_, waiting_digits_, waiting_complete_, now);
  waiting_digits_.clear();
}

void PriLeg::on(const pri::InformationInd& event, Time /*now*/) {
  if (event.keypad && connected_)  // Q.932: a stimulus, which the other side has digits for
    for (const char c : event.digits)
      if (kDtmf.contains(c)) bus_.digit(*this, c, kKeypadDigitMs);
  if (!more_) return;
  auto own = event;
  own.keypad = false;               // Q.931 5.1.3: the number may be sent in either element
  if (own.digits.ends_with('#')) {  // the caller's own end of pulsing
    own.digits.pop_back();
    own.sending_complete = true;
  }
  auto sam = interwork::sam_from_information(own);
  if (own.sending_complete) more_ = false;
  if (sam) say(std::move(*sam));
}

void PriLeg::on(const pri::ProceedingInd& event, Time now) {
  if (!take_channel(event.channel, now)) return;
  proceeded_ = true;
  if (auto message = interwork::backward_from_proceeding(event.progress, acm_said_)) say(std::move(*message));
}

void PriLeg::on(const pri::AlertingInd& event, Time now) {
  if (!take_channel(event.channel, now)) return;
  proceeded_ = true;
  say(interwork::backward_from_alerting(event.progress, acm_said_, event.user_user, event.name));
}

void PriLeg::on(const pri::ProgressInd& event, Time now) {
  if (!take_channel(std::nullopt, now)) return;
  if (auto message = interwork::backward_from_progress(event, acm_said_)) say(std::move(*message));
}

void PriLeg::on(const pri::ConnectInd& event, Time now) {
  if (attempt() == 0 || connected_ || !take_channel(event.channel, now)) return;
  connected_ = true;
  proceeded_ = true;
  say(interwork::answer_from_connect(event, acm_said_));
}

void PriLeg::on(const pri::ConnectedLineInd& event, Time /*now*/) {
  say(interwork::message_from_connected_line(event.party));
}

void PriLeg::on(const pri::RedirectingInd& event, Time /*now*/) {
  if (attempt() != 0)
    say(interwork::message_from_redirecting({event.to, event.redirection.reason}, acm_said_));
}

void PriLeg::on(const pri::NotifyInd& event, Time /*now*/) {
  if (auto message = interwork::message_from_notification(event.notification)) say(std::move(*message));
}

void PriLeg::on(const pri::ChargeInd& event, Time now) {
  charge_ = charge_text(event.charge);
  context_.note(call(), now, (event.charge.final ? "charge: " : "charge so far: ") + charge_);
}

void PriLeg::on(const pri::HoldInd& event, Time now) {
  if (released_ || held_) return;
  // Q.932 6: the channel is free for other calls; the other party hears of it, and has nothing to listen to.
  held_ = true;
  if (circuit_) trunk_.circuits().release(*circuit_, call());
  circuit_.reset();
  bus_.media_changed(*this);
  on(pri::NotifyInd{event.call, pri::Notification::remote_hold}, now);
}

void PriLeg::on(const pri::RetrieveInd& event, Time now) {
  if (!held_ || !take_channel(event.channel, now)) return;
  held_ = false;
  on(pri::NotifyInd{event.call, pri::Notification::remote_retrieval}, now);
}

void PriLeg::on(const pri::DisconnectInd& event, Time now) {
  responded_ = true;
  const bool inband = trunk_.config().inband_disconnect && std::ranges::any_of(event.progress, is_inband);
  if (inband && !released_ && (attempt() != 0 || connected_)) {
    // Q.931 5.3.4.1: a tone or announcement goes with it; the exchange ends it in its time (T306).
    auto message =
        interwork::backward_from_progress({event.call, event.progress, event.cause}, acm_said_ || connected_);
    if (message) {
      interwork::set_user_user(*message, event.user_user);
      return say(std::move(*message));
    }
  }
  release(interwork::release_from_cause(event.cause, event.user_user));
  trunk_.commanded().disconnect(event.call, event.cause.value, now);
}

void PriLeg::on(const pri::ReleasedInd& event, Time now) {
  // The far end holds a call on the channel that is idle here: its end went lost while the link was down.
  const bool unheard = attempt() != 0 && !responded_ && !released_;
  const bool out_of_step = unheard && event.cause.value == 44;
  if (unheard && event.unheard && is_no_such_call(event.cause.value)) {
    context_.note(call(), now, "the data link was established anew before an answer: the call is repeated");
    release(make_rel(44));
  }
  if (unheard && event.cause.value == 102 && trunk_.config().d_channels.size() > 1) {
    // T303 has run out, and the link may be dead without layer 2 knowing it yet.
    context_.note(call(), now, "no answer at all: the call is repeated");
    release(make_rel(44));
  }
  release(interwork::release_from_cause(event.cause, event.user_user));
  finish();
  if (out_of_step && circuit_) trunk_.restart_idle(*circuit_, now);
}

void PriLeg::repeat(Time now) {
  // What was sent is lost with its link: Q.764 2.8.1's other circuit, by the link that is up.
  context_.note(call(), now, "the D channel failed before an answer: the call is repeated");
  lose_channel(now);
}

void PriLeg::lose_channel(Time now) {
  // The pool passes the channel on: what this leg still has of it is its name.
  release(make_rel(44));
  trunk_.commanded().disconnect(reference_, 44, now);
}

}  // namespace tandem::core
