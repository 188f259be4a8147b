#include "gateway/core/sip_leg.h"

#include "gateway/interwork/causes.h"
#include "gateway/interwork/numbers.h"
#include "gateway/interwork/sip_isup.h"

namespace tandem::core {

namespace {

media::RtpParameters parameters_from(const sip::AudioSession& session) {
  media::RtpParameters p;
  p.law = session.law;
  p.payload_type = session.payload_type;
  p.send_event_type = session.send_event_type;
  p.receive_event_type = session.receive_event_type;
  p.ptime_ms = session.ptime_ms;
  p.remote_rtp = session.remote_rtp;
  p.remote_rtcp = session.remote_rtcp;
  p.send = session.send;
  p.receive = session.receive;
  return p;
}

std::vector<sip::Reason> reasons_of(const isup::CauseIndicators& cause) {
  return {interwork::reason_from_cause(cause)};
}

isup::Message rel_of(const isup::CauseIndicators& cause) {
  isup::Message rel(isup::MessageType::rel);
  rel.set(cause);
  return rel;
}

constexpr std::size_t kMaxEnded = 1024;

}  // namespace

void CallIds::forget(const std::string& id, CallId call) {
  ended_.emplace_back(id, call);
  if (ended_.size() <= kMaxEnded) return;
  const auto it = calls_.find(ended_.front().first);
  if (it != calls_.end() && it->second == ended_.front().second) calls_.erase(it);  // else it came again
  ended_.pop_front();
}

CallId CallIds::find(const std::string& id) const {
  const auto it = calls_.find(id);
  return it != calls_.end() ? it->second : CallId{};
}

SipLeg::SipLeg(SipServices& services, std::size_t peer, CallId call, int attempt)
    : Leg(call, attempt, services.context.config.peers[peer].name), services_(services), peer_(peer) {
  sdp_session_ = services.context.random.next() >> 2;  // RFC 4566 5.2: fits a signed number as well
}

SipLeg::~SipLeg() {
  if (rtp_.transport != nullptr) services_.media.give_back_port(rtp_.transport);
}

sip::AudioCapabilities SipLeg::capabilities() const {
  sip::AudioCapabilities own;
  own.local = rtp_.local;
  own.laws = peer().codecs;
  own.telephone_event = peer().dtmf == DtmfMode::rfc4733;
  own.ptime_ms = peer().ptime_ms;
  own.session_id = sdp_session_;
  own.session_version = sdp_version_;
  return own;
}

std::expected<void, int> SipLeg::take_invite(sip::SipCall sip_call, const sip::InviteInfo& info) {
  sip_call_ = sip_call;
  call_id_ = info.call_id;
  const auto port = services_.media.open_port();
  if (port.transport == nullptr) return std::unexpected(503);
  rtp_.transport = port.transport;
  rtp_.local = port.local;
  if (!info.sdp.empty()) {
    auto answer = sip::make_answer(info.sdp, capabilities());
    // RFC 3264 6: an offer that nothing fits is refused; what is no SDP is a bad request.
    if (!answer) return std::unexpected(answer.error().code == Errc::refused ? 488 : 400);
    local_sdp_ = std::move(answer->sdp);
    session_ = answer->session;
  }
  state_ = State::proceeding;
  services_.legs.emplace(sip_call_, this);
  services_.call_ids.add(call_id_, call());
  return {};
}

void SipLeg::describe(Cdr& cdr) const {
  if (sip_status_ != 0) cdr.sip_status = sip_status_;
  cdr.sip_call_id = call_id_;
  if (rtp_.parameters) cdr.codec = rtp_.parameters->law == Law::a ? "PCMA" : "PCMU";
}

void SipLeg::commit_media() {
  if (!session_) return;
  rtp_.parameters = parameters_from(*session_);
  services_.bus.media_changed(*this);
}

// --- from the exchange ----------------------------------------------------------------------------------

void SipLeg::send(const isup::Message& message, Time now) {
  if (state_ == State::over || released_) return;
  using T = isup::MessageType;
  switch (message.type()) {
    case T::iam:
      return send_iam(message, now);
    case T::acm:
    case T::cpg:
      return send_provisional(message, now);
    case T::anm:
    case T::con:
      return send_answer(message, now);
    case T::rel:
      return send_release(message, now);
    default:
      return;
  }
}

void SipLeg::send_iam(const isup::Message& iam, Time now) {
  if (!interwork::is_audio(iam)) {
    release(make_rel(65));  // bearer capability not implemented: PCMA and PCMU would not keep its bits
    return finish();
  }
  const auto port = services_.media.open_port();
  if (port.transport == nullptr) {
    release(make_rel(47));
    return finish();
  }
  rtp_.transport = port.transport;
  rtp_.local = port.local;
  const interwork::InviteTarget target{peer().uri, peer().destination.local, {peer().trusted}};
  auto info = interwork::invite_from_iam(iam, {peer().numbers.country_code}, target);
  local_sdp_ = sip::make_offer(capabilities());
  info.sdp = local_sdp_;
  sip_call_ = services_.agent.invite(info, peer().destination, now);
  if (!sip_call_) {
    release(make_rel(42));  // the user agent's limits
    return finish();
  }
  state_ = State::proceeding;
  call_id_ = services_.agent.call_id(sip_call_);
  services_.legs.emplace(sip_call_, this);
  services_.call_ids.add(call_id_, call());
  services_.context.start(TimerKind::t11, sip_call_.value, now);
}

void SipLeg::send_provisional(const isup::Message& message, Time now) {
  if (outgoing() || state_ != State::proceeding) return;
  const auto choice = interwork::provisional_from_backward(message);
  if (choice.status == 0) return;
  // Without an offer in the INVITE, SDP in an unreliable 18x would be an offer that nothing answers.
  const bool media = choice.early_media && session_.has_value();
  std::vector<sip::ExtraHeader> extra;
  services_.agent.provisional(sip_call_, choice.status, media ? local_sdp_ : std::string(), extra, now);
  if (media && !rtp_.parameters) commit_media();
}

void SipLeg::send_answer(const isup::Message& message, Time now) {
  if (outgoing() || state_ != State::proceeding) return;
  std::vector<sip::ExtraHeader> extra;
  const interwork::InviteTarget target{peer().uri, peer().destination.local, {peer().trusted}};
  const auto party = interwork::connected_from_answer(message, {peer().numbers.country_code}, target);
  if (party.asserted) extra.push_back({"P-Asserted-Identity", sip::to_string(*party.asserted)});
  if (party.restricted) extra.push_back({"Privacy", "id"});
  if (!session_) {
    local_sdp_ = sip::make_offer(capabilities());
    offer_sent_ = true;
  }
  state_ = State::answered;
  sip_status_ = 200;
  services_.agent.answer(sip_call_, local_sdp_, extra, now);
  if (session_ && !rtp_.parameters) commit_media();
}

void SipLeg::send_release(const isup::Message& message, Time now) {
  released_ = true;
  const auto cause = cause_of(message);
  if (state_ == State::answered) {
    services_.agent.bye(sip_call_, reasons_of(cause), now);
    return finish();
  }
  if (state_ != State::proceeding) return finish();
  if (outgoing()) {
    state_ = State::cancelling;
    services_.context.stop(TimerKind::t11, sip_call_.value);
    return services_.agent.cancel(sip_call_, reasons_of(cause), now);
  }
  reject(cause, now);
  finish();
}

void SipLeg::reject(const isup::CauseIndicators& cause, Time now) {
  sip_status_ = interwork::status_from_cause(cause).status;
  std::vector<sip::ExtraHeader> extra;
  if (sip_status_ == 301) {
    if (const auto number = interwork::new_number(cause)) {
      sip::NameAddr contact;  // RFC 3398 7.2.4.1, cause 22
      contact.uri.user =
          interwork::user_from_number(number->digits, number->nature, {peer().numbers.country_code});
      contact.uri.host = peer().uri.host;
      contact.uri.port = peer().uri.port;
      extra.push_back({"Contact", sip::to_string(contact)});
    } else {
      sip_status_ = 410;
    }
  }
  services_.agent.reject(sip_call_, sip_status_, {}, reasons_of(cause), extra, now);
}

void SipLeg::release(isup::Message rel) {
  if (released_) return;
  released_ = true;
  services_.bus.post(*this, std::move(rel));
}

void SipLeg::finish() {
  if (state_ == State::over) return;
  state_ = State::over;
  if (sip_call_) {
    services_.context.stop(TimerKind::t11, sip_call_.value);
    services_.legs.erase(sip_call_);
    services_.call_ids.forget(call_id_, call());
  }
  services_.bus.post(*this, isup::Message(isup::MessageType::rlc));
}

// --- from the user agent: the calling side --------------------------------------------------------------

void SipLeg::on(const sip::CancelReceived& event, Time /*now*/) {
  sip_status_ = 487;
  release(rel_of(interwork::cause_from_clearing(event.reasons)));
  finish();
}

void SipLeg::fail_negotiation(Time now) {
  isup::CauseIndicators cause;  // RFC 3398 8.2.6.1: as 488
  cause.location = isup::Location::private_local;
  services_.agent.bye(sip_call_, reasons_of(cause), now);
  release(rel_of(cause));
  finish();
}

void SipLeg::on(const sip::AckReceived& event, Time now) {
  if (!offer_sent_) return;
  offer_sent_ = false;
  const auto session = sip::accept_answer(event.sdp, capabilities());
  if (session) {
    session_ = *session;
    return commit_media();
  }
  if (!rtp_.parameters) fail_negotiation(now);  // else a re-INVITE went wrong: what was agreed stays
}

void SipLeg::on(const sip::AckMissing& /*event*/, Time /*now*/) {
  release(make_rel(102));  // RFC 3398 7.2.7
  finish();
}

// --- from the user agent: the called side ---------------------------------------------------------------

void SipLeg::early_acm(Time /*now*/) {
  if (state_ != State::proceeding || acm_said_) return;
  acm_said_ = true;
  isup::Message acm(isup::MessageType::acm);
  acm.set(isup::BackwardCallIndicators{});  // called party's status: no indication
  services_.bus.post(*this, std::move(acm));
}

void SipLeg::on(const sip::ProvisionalReceived& event, Time /*now*/) {
  if (state_ != State::proceeding) return;
  anything_received_ = true;
  services_.context.stop(TimerKind::t11, sip_call_.value);
  bool early_media = false;
  if (!event.sdp.empty()) {
    // With forks, the last one that sends media is heard (RFC 3960 3.1 leaves the choice to the gateway).
    if (const auto session = sip::accept_answer(event.sdp, capabilities())) {
      session_ = *session;
      early_media = true;
      commit_media();
    }
  }
  services_.bus.post(*this, interwork::backward_from_provisional(event.status, acm_said_, early_media));
  if (event.status == 181 && !acm_said_)  // RFC 3398 8.2.3.2: an early ACM, then the CPG
    services_.bus.post(*this, interwork::backward_from_provisional(event.status, true, early_media));
  acm_said_ = true;
}

void SipLeg::on(const sip::AnswerReceived& event, Time now) {
  if (state_ != State::proceeding) return;
  services_.context.stop(TimerKind::t11, sip_call_.value);
  state_ = State::answered;
  sip_status_ = 200;
  if (!event.sdp.empty()) {
    const auto session = sip::accept_answer(event.sdp, capabilities());
    if (!session) return fail_negotiation(now);
    session_ = *session;
  }
  if (!session_) return fail_negotiation(now);  // RFC 3264 4: no answer at all
  commit_media();
  services_.bus.post(*this, interwork::answer_from_ok(event.asserted, {peer().numbers.country_code},
                                                      {peer().trusted}, acm_said_));
}

void SipLeg::on(const sip::FailureReceived& event, Time /*now*/) {
  sip_status_ = event.status;
  auto cause = interwork::cause_from_status(event.status, event.warning).cause;
  if (const auto given = interwork::cause_from_reasons(event.reasons)) cause = *given;
  // RFC 3398 8.1.3: the called user does not answer; without any response the peer itself is silent (102).
  if (event.timeout) cause.value = anything_received_ ? 18 : 102;
  release(rel_of(cause));
  finish();
}

// --- both sides, in the dialog --------------------------------------------------------------------------

void SipLeg::on(const sip::OfferReceived& event, Time now) {
  if (state_ != State::answered) return services_.agent.reject_offer(sip_call_, 491, now);
  if (event.sdp.empty()) {
    // RFC 3261 14.2: our offer goes in the 200; its answer comes with the ACK.
    if (auto offer = sip::make_offer(capabilities()); offer != local_sdp_) {
      ++sdp_version_;  // RFC 3264 8, as below
      local_sdp_ = sip::make_offer(capabilities());
    }
    offer_sent_ = true;
    return services_.agent.accept_offer(sip_call_, local_sdp_, now);
  }
  auto answer = sip::make_answer(event.sdp, capabilities());
  if (answer && answer->sdp != local_sdp_) {
    ++sdp_version_;  // RFC 3264 8: a changed description has a higher version
    answer = sip::make_answer(event.sdp, capabilities());
  }
  if (!answer) return services_.agent.reject_offer(sip_call_, 488, now);
  const bool changed = session_ != answer->session;
  local_sdp_ = std::move(answer->sdp);
  session_ = answer->session;
  services_.agent.accept_offer(sip_call_, local_sdp_, now);
  if (changed) commit_media();
}

void SipLeg::on(const sip::ByeReceived& event, Time /*now*/) {
  release(rel_of(interwork::cause_from_clearing(event.reasons)));
  finish();
}

}  // namespace tandem::core
