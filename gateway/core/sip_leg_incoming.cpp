// INVITE received, until it is answered (RFC 3398 7).
#include "gateway/core/routing.h"
#include "gateway/core/sip_leg.h"
#include "gateway/interwork/causes.h"
#include "gateway/interwork/explain.h"
#include "gateway/interwork/number_rules.h"
#include "gateway/interwork/overlap.h"
#include "gateway/interwork/user_to_user.h"

namespace tandem::core {

std::expected<isup::Message, Refusal> SipLeg::take_invite(sip::SipCall sip_call, const sip::InviteInfo& info,
                                                          Time now) {
  using interwork::MediaKind;
  services_.agent.set_policy(sip_call, peer().policy);
  user_to_user_ = interwork::permits_user_to_user(info.headers);
  early_media_asked_ = interwork::supports_early_media(info.headers);
  auto iam = interwork::iam_from_invite(info, plan(), rules());
  if (!iam) {
    const auto choice = interwork::status_from_error(iam.error());
    services_.context.note(call(), now, interwork::explain(choice, iam.error(), party()));
    return std::unexpected(Refusal{choice.status});
  }
  if (!open_port(dials_v6())) return std::unexpected(Refusal{503});
  sdp_ = sip::AudioNegotiation(capabilities());
  if (info.sdp.empty()) {
    settle_kind(false);  // RFC 3398 7.2.1.1: without a word, it is audio
  } else {
    auto answer = answer_first(info.sdp);
    if (!answer) {
      // RFC 3264 6: an offer that nothing fits is refused; what is no SDP is a bad request.
      const int status = answer.error().code == Errc::refused ? 488 : 400;
      return std::unexpected(
          Refusal{status, {{"Warning", sip::refusal_warning(answer.error(), own_host())}}});
    }
    const bool clear = answer->session.codec == sip::AudioCodec::clearmode;
    settle_kind(clear);
    if (clear)
      iam = interwork::iam_from_invite(info, plan(), rules(), MediaKind::unrestricted);  // RFC 4040 1
    local_sdp_ = std::move(answer->sdp);
    session_ = std::move(answer->session);
  }
  remember(info);
  interwork::numbers_in(*iam, peer().numbers);
  adopt(sip_call, info.call_id);
  return std::move(*iam);
}

/// RFC 6157 3.2: the answer is of the family of the offer, which mostly is that of the signalling.
Result<sip::Answer> SipLeg::answer_first(const std::string& offer) {
  auto answer = sdp_.answer(offer);
  if (answer || !sip::other_family(answer.error()) || !open_port(!rtp_.local.v6)) return answer;
  sdp_.own().local = rtp_.local;
  return sdp_.answer(offer);
}

bool SipLeg::overlapping() const {
  return !outgoing() && peer().overlap && state_ == State::proceeding && !provisional_sent_;
}

bool SipLeg::take_digits(sip::SipCall sip_call, const sip::InviteInfo& info, Time now) {
  if (!overlapping() || released_) return false;
  auto sam = interwork::sam_from_invite(last_invite_, info, plan());
  if (!sam) return false;
  if (!info.sdp.empty()) {
    auto answer = sdp_.answer(info.sdp);
    if (!answer) return false;
    local_sdp_ = std::move(answer->sdp);
    session_ = std::move(answer->session);
  }
  // RFC 3578 3.5: the older INVITE is of no more use.
  services_.agent.reject(sip_call_, 484, {}, {}, {}, now);
  abandon_sip_call();
  services_.agent.set_policy(sip_call, peer().policy);
  remember(info);
  adopt(sip_call, info.call_id);
  services_.bus.post(*this, std::move(*sam));
  return true;
}

void SipLeg::remember(const sip::InviteInfo& info) {
  last_invite_ = {};
  last_invite_.request_uri = info.request_uri;
  last_invite_.from = info.from;
  last_invite_.call_id = info.call_id;
}

// --- from the exchange ----------------------------------------------------------------------------------

void SipLeg::send_provisional(const isup::Message& message, Time now) {
  if (outgoing() || state_ != State::proceeding) return;
  const auto choice = interwork::provisional_from_backward(message);
  if (choice.status == 0) return;
  auto own = message;
  interwork::numbers_out(own, peer().numbers);
  provisional_sent_ = true;
  // RFC 3262 5: without an offer in the INVITE, ours goes in the first response that is reliable, whatever
  // that says of media; of others the user agent leaves it out, as nothing would answer it.
  const bool offers = !session_ && !awaiting_answer_;
  if (offers) {
    local_sdp_ = sdp_.offer();
    awaiting_answer_ = true;
  }
  services_.agent.provisional(sip_call_, choice.status,
                              offers || choice.early_media ? local_sdp_ : std::string(),
                              interwork::headers_for_provisional(own, choice, plan(), target()), now);
  if (choice.early_media) commit_media();
}

void SipLeg::send_answer(const isup::Message& message, Time now) {
  if (outgoing() || state_ != State::proceeding) return;
  if (!session_) {
    if (local_sdp_.empty()) local_sdp_ = sdp_.offer();
    awaiting_answer_ = true;
  }
  auto own = message;
  interwork::numbers_out(own, peer().numbers);
  state_ = State::answered;
  sip_status_ = 200;
  services_.agent.answer(sip_call_, local_sdp_, interwork::headers_for_answer(own, plan(), target()), now);
  commit_media();
  note_hold();
}

void SipLeg::reject(const isup::Message& rel, Time now) {
  const auto cause = cause_of(rel);
  const auto& config = services_.context.config;
  const auto other = services_.bus.other_party(*this);
  const auto found = find_target(config, other);
  std::span<const interwork::CauseOverride> overrides;
  if (found) overrides = status_overrides(config, *found);
  const auto choice = interwork::status_from_cause(cause, overrides);
  sip_status_ = choice.status;
  services_.context.note(call(), now, interwork::explain(choice, cause, other.empty() ? config.name : other));
  auto extra = interwork::headers_for_release(rel, choice.status, plan(), target());
  add_retry_after(extra, choice.status, config.sip);
  services_.agent.reject(sip_call_, choice.status, {}, {interwork::reason_from_cause(cause)}, extra, now);
}

// --- from the user agent --------------------------------------------------------------------------------

void SipLeg::on(const sip::CancelReceived& event, Time /*now*/) {
  sip_status_ = 487;
  isup::Message rel(isup::MessageType::rel);
  rel.set(interwork::cause_from_clearing(event.reasons));
  release(std::move(rel));
  finish();
}

void SipLeg::on(const sip::PrackMissing& /*event*/, Time /*now*/) {
  sip_status_ = 504;  // RFC 3262 3
  release(make_rel(102));
  finish();
}

/// The answer to our offer in a response: in PRACK, in ACK.
void SipLeg::take_late_answer(const std::string& sdp, Time now) {
  if (!awaiting_answer_) return;
  awaiting_answer_ = false;
  auto session = sdp_.accept(sdp);
  if (session) {
    session_ = std::move(*session);
    commit_media();
    return note_hold();
  }
  if (!rtp_.parameters) fail_negotiation(session.error(), now);  // else what was agreed before stays
}

void SipLeg::on(const sip::AckReceived& event, Time now) {
  if (state_ == State::answered) take_late_answer(event.sdp, now);
}

void SipLeg::on(const sip::AckMissing& /*event*/, Time /*now*/) {
  release(make_rel(102));  // RFC 3398 7.2.7
  finish();
}

}  // namespace tandem::core
