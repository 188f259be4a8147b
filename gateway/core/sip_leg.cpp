#include "gateway/core/sip_leg.h"

#include "gateway/core/sip_leg_digits.h"
#include "gateway/core/sip_leg_media.h"
#include "gateway/interwork/causes.h"

namespace tandem::core {

namespace {

constexpr std::size_t kMaxEnded = 1024;

}  // namespace

void CallIds::forget(const std::string& id, CallId call) {
  ended_.emplace_back(id, call);
  if (ended_.size() <= kMaxEnded) return;
  const auto it = calls_.find(ended_.front().first);
  if (it != calls_.end() && it->second == ended_.front().second) calls_.erase(it);  // else it came again
  ended_.pop_front();
}

void CallIds::clear() {
  calls_ = {};
  ended_ = {};
}

CallId CallIds::find(const std::string& id) const {
  const auto it = calls_.find(id);
  return it != calls_.end() ? it->second : CallId{};
}

SipLeg::SipLeg(SipServices& services, std::size_t peer, CallId call, int attempt)
    : Leg(call, attempt, services.context.config.peers[peer].name), services_(services), peer_(peer) {}

SipLeg::~SipLeg() {
  if (rtp_.transport != nullptr) services_.media.give_back_port(rtp_.transport);
}

// --- what it is made of ---------------------------------------------------------------------------------

interwork::SipRules SipLeg::rules() const {
  return {.trusted = peer().trusted,
          .user_to_user = peer().user_to_user,
          .diversion = peer().diversion,
          .p_early_media = peer().p_early_media};
}

interwork::InviteTarget SipLeg::target() const {
  auto told = rules();
  told.user_to_user = told.user_to_user && user_to_user_;
  told.p_early_media = told.p_early_media && (outgoing() || early_media_asked_);
  return {peer().uri, peer().destination.local, told};
}

/// In the place of the one that is open. False: there is none, nothing changes.
bool SipLeg::open_port(bool v6) {
  const auto port = services_.media.open_port(v6);
  if (port.transport == nullptr) return false;
  if (rtp_.transport != nullptr) services_.media.give_back_port(rtp_.transport);
  rtp_ = {};
  rtp_.transport = port.transport;
  rtp_.local = port.local;
  return true;
}

sip::AudioCapabilities SipLeg::capabilities() const {
  sip::AudioCapabilities own;
  own.local = rtp_.local;
  own.laws = peer().codecs;
  own.clearmode = peer().clearmode;
  own.telephone_event = peer().dtmf == DtmfMode::rfc4733;
  own.comfort_noise = peer().comfort_noise;
  own.ptime_ms = peer().ptime_ms;
  own.maxptime_ms = peer().maxptime_ms;
  own.session_id = services_.context.random.next() >> 2;  // RFC 4566 5.2: fits a signed number as well
  return own;
}

/// What the call carries is settled: sound or bits. Later descriptions keep to it.
void SipLeg::settle_kind(bool clear) {
  sdp_.own().clearmode = clear;
  if (clear) sdp_.own().laws.clear();
}

void SipLeg::adopt(sip::SipCall sip_call, std::string call_id) {
  sip_call_ = sip_call;
  call_id_ = std::move(call_id);
  state_ = State::proceeding;
  services_.legs.emplace(sip_call_, this);
  services_.call_ids.add(call_id_, call());
}

/// The SipCall is dead, another may take its place.
void SipLeg::abandon_sip_call() {
  if (!sip_call_) return;
  services_.context.stop(TimerKind::t11, sip_call_.value);
  services_.legs.erase(sip_call_);
  services_.call_ids.forget(call_id_, call());
  sip_call_ = {};
}

void SipLeg::describe(Cdr& cdr) const {
  if (sip_status_ != 0) cdr.sip_status = sip_status_;
  cdr.sip_call_id = call_id_;
  if (!rtp_.parameters) return;
  switch (rtp_.parameters->payload) {
    case media::Payload::pcma:
      cdr.codec = "PCMA";
      return;
    case media::Payload::pcmu:
      cdr.codec = "PCMU";
      return;
    case media::Payload::clearmode:
      cdr.codec = "CLEARMODE";
      return;
  }
}

void SipLeg::commit_media() {
  if (!session_) return;
  auto parameters = rtp_parameters(*session_, peer(), rtp_.parameters);
  if (rtp_.parameters == parameters) return;
  rtp_.parameters = std::move(parameters);
  services_.bus.media_changed(*this);
}

// --- from the exchange ----------------------------------------------------------------------------------

void add_retry_after(std::vector<sip::ExtraHeader>& extra, int status, const sip::UserAgentConfig& config) {
  if (status != 503) return;
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(config.retry_after).count();
  extra.push_back({"Retry-After", std::to_string(seconds)});
}

void SipLeg::send(const isup::Message& message, Time now) {
  if (state_ == State::over || released_) return;
  using T = isup::MessageType;
  switch (message.type()) {
    case T::iam:
      return send_iam(message, now);
    case T::sam:
      return send_digits(message, now);
    case T::acm:
    case T::cpg:
      if (state_ != State::answered) return send_provisional(message, now);
      send_identity(message, now);
      return send_hold(message, now);
    case T::anm:
    case T::con:
      return send_answer(message, now);
    case T::rel:
      return send_release(message, now);
    case T::sus:
    case T::res:
      return send_hold(message, now);
    default:
      return;
  }
}

void SipLeg::send_digit(char digit, std::uint16_t duration_ms, Time now) {
  if (state_ != State::answered) return;
  if (const auto info = info_from_digit(peer().dtmf, digit, duration_ms))
    services_.agent.info(sip_call_, info->content_type, info->body, now);
}

void SipLeg::send_release(const isup::Message& message, Time now) {
  released_ = true;
  const auto cause = cause_of(message);
  if (state_ == State::answered) {
    services_.agent.bye(sip_call_, {interwork::reason_from_cause(cause)}, now,
                        interwork::headers_for_release(message, 0, plan(), target()));
    return finish();
  }
  if (state_ != State::proceeding) return finish();
  if (outgoing()) return cancel_all(cause, now);
  reject(message, now);
  finish();
}

void SipLeg::release(isup::Message rel) {
  if (released_) return;
  released_ = true;
  services_.bus.post(*this, std::move(rel));
}

void SipLeg::finish() {
  if (state_ == State::over) return;
  state_ = State::over;
  abandon_sip_call();
  services_.bus.post(*this, isup::Message(isup::MessageType::rlc));
}

/// Offer and answer have come to nothing.
void SipLeg::fail_negotiation(const Error& error, Time now) {
  isup::CauseIndicators cause;  // RFC 3398 8.2.6.1: as 488
  cause.location = kMadeHere;
  const std::vector<sip::Reason> reasons{interwork::reason_from_cause(cause)};
  services_.context.note(call(), now, "no media with " + party() + ": " + to_string(error));
  if (state_ == State::answered) {
    services_.agent.bye(sip_call_, reasons, now);
  } else {
    sip_status_ = 488;
    services_.agent.reject(sip_call_, sip_status_, {}, reasons,
                           {{"Warning", sip::refusal_warning(error, own_host())}}, now);
  }
  release(make_rel(cause.value, cause.location));
  finish();
}

}  // namespace tandem::core
