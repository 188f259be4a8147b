// INVITE sent, until it is answered (RFC 3398 8).
#include <algorithm>

#include "gateway/core/sip_leg.h"
#include "gateway/interwork/causes.h"
#include "gateway/interwork/diversion.h"
#include "gateway/interwork/explain.h"
#include "gateway/interwork/number_rules.h"
#include "gateway/interwork/overlap.h"
#include "isup/bearer.h"

namespace tandem::core {

namespace {

constexpr std::size_t kMaxContacts = 8;  // of redirections, at once

/// Where a URI leads, whatever its parameters.
std::string place(const sip::Uri& uri) {
  return uri.user + "@" + uri.host + ":" + std::to_string(uri.port != 0 ? uri.port : 5060);
}

}  // namespace

// --- from the exchange ----------------------------------------------------------------------------------

void SipLeg::send_iam(const isup::Message& iam, Time now) {
  using interwork::MediaKind;
  const auto kind = interwork::media_of(iam);
  const bool clear = (kind == MediaKind::unrestricted || kind == MediaKind::preferred) && peer().clearmode;
  if (kind == MediaKind::unsupported || (kind == MediaKind::unrestricted && !clear)) {
    release(make_rel(65));  // bearer capability not implemented: PCMA and PCMU would not keep its bits
    return finish();
  }
  if (interwork::hops_exhausted(iam)) {
    release(make_rel(25));  // Q.764 2.11: exchange routing error
    return finish();
  }
  if (!open_port(dials_v6())) {
    release(make_rel(47));
    return finish();
  }
  iam_ = iam;
  overlap_.open = peer().overlap && !interwork::number_complete(iam);
  user_to_user_ = iam.get<isup::UserToUserInformation>() != nullptr;
  redirects_left_ = peer().follow_redirects;
  t11_ = trunk_timer(services_.context.calling_trunk, TimerKind::t11);
  sdp_ = sip::AudioNegotiation(capabilities());
  sdp_.own().clearmode = clear;
  if (kind == MediaKind::unrestricted) settle_kind(true);
  if (!invite(nullptr, now)) {
    release(make_rel(42));  // the user agent's limits
    finish();
  }
}

/// `contact`: the target of a redirection (RFC 3261 8.1.3.4), of this peer.
bool SipLeg::invite(const sip::Uri* contact, Time now) {
  auto own = iam_;
  interwork::numbers_out(own, peer().numbers);
  auto info = interwork::invite_from_iam(own, plan(), target());
  auto destination = peer().destination;
  if (contact != nullptr) {
    info.request_uri = *contact;
    if (const auto there = parse_ip(contact->host, contact->port != 0 ? contact->port : 5060))
      destination.remote = *there;
  }
  visited_.push_back(place(info.request_uri));
  info.continues = overlap_.thread;
  if (!info.continues) local_sdp_ = sdp_.offer();
  info.sdp = local_sdp_;
  info.policy = peer().policy;
  const auto sip_call = services_.agent.invite(info, destination, now);
  if (!sip_call) return false;
  adopt(sip_call, services_.agent.call_id(sip_call));
  if (overlap_.open) overlap_.thread = services_.agent.continuation(sip_call);
  if (!acm_said_) services_.context.start(TimerKind::t11, sip_call_.value, now, t11_);
  return true;
}

// --- what is heard before the answer --------------------------------------------------------------------

void SipLeg::early_acm(Time /*now*/) {
  if (state_ != State::proceeding || acm_said_) return;
  acm_said_ = true;
  isup::Message acm(isup::MessageType::acm);
  acm.set(isup::BackwardCallIndicators{});  // called party's status: no indication
  services_.bus.post(*this, std::move(acm));
}

void SipLeg::backward(int status, bool early_media, const sip::Headers& headers) {
  const bool first = !acm_said_;
  acm_said_ = true;
  const auto say = [&](bool acm_sent) {
    auto message =
        interwork::backward_from_provisional(status, acm_sent, early_media, headers, plan(), rules());
    interwork::numbers_in(message, peer().numbers);
    services_.bus.post(*this, std::move(message));
  };
  say(!first);
  if (first && status == 181) say(true);  // RFC 3398 8.2.3.2: an early ACM, then the CPG
}

void SipLeg::hear_early() {
  auto heard = early_.heard();
  if (!heard) return;
  session_ = std::move(heard);
  commit_media();
}

void SipLeg::on(const sip::ProvisionalReceived& event, Time now) {
  if (state_ != State::proceeding) return;
  anything_received_ = true;
  services_.context.stop(TimerKind::t11, sip_call_.value);
  if (event.status == 199) {  // RFC 6228: a branch has failed, no progress
    early_.ended(event.early_dialog);
    return hear_early();
  }
  early_.authorise(event.early_dialog,
                   interwork::may_be_heard(event.headers, rules(), early_.authorised(event.early_dialog)));
  const auto* own = early_.negotiation(event.early_dialog);
  if (event.role == sip::SdpRole::offer) {
    auto negotiation = own != nullptr ? *own : sdp_;
    if (auto answer = negotiation.answer(event.sdp)) {
      services_.agent.accept_offer(event.call, answer->sdp, now);
      early_.renegotiated(event.early_dialog, std::move(negotiation), std::move(answer->session));
    } else {
      services_.agent.reject_offer(event.call, 488, now, sip::refusal_warning(answer.error(), own_host()));
    }
  } else if (!event.sdp.empty()) {
    // Nonsense is passed over: the answer in the 200 decides.
    if (auto session = (own != nullptr ? *own : sdp_).accept(event.sdp))
      early_.described(event.early_dialog, std::move(*session));
  }
  hear_early();
  const bool media = early_.of(event.early_dialog).has_value() && early_.authorised(event.early_dialog);
  // A storm of the same is said once; forwarding may well happen again (RFC 3398 8.2.3).
  if (event.status == told_status_ && media == told_media_ && event.status != 181) return;
  told_status_ = event.status;
  told_media_ = media;
  backward(event.status, media && (!event.sdp.empty() || event.status == 183), event.headers);
}

void SipLeg::on(const sip::EarlyDialogEnded& event, Time /*now*/) {
  if (state_ != State::proceeding) return;
  early_.ended(event.early_dialog);
  hear_early();
}

void SipLeg::on(const sip::AnswerReceived& event, Time now) {
  if (state_ != State::proceeding) return;
  services_.context.stop(TimerKind::t11, sip_call_.value);
  if (overlap_.thread) keep_only(event.call, now);
  state_ = State::answered;
  sip_status_ = 200;
  if (const auto* own = early_.negotiation(event.early_dialog)) sdp_ = *own;
  if (event.role == sip::SdpRole::offer) {
    auto answer = sdp_.answer(event.sdp);
    services_.agent.ack_answer(sip_call_, answer ? answer->sdp : local_sdp_, now);
    if (!answer) return fail_negotiation(answer.error(), now);
    session_ = std::move(answer->session);
  } else {
    // The dialog that was answered, not the one that was heard. One with SDP in a provisional response may
    // leave it out of the 2xx (RFC 6337 3.1.1).
    session_ = early_.of(event.early_dialog);
    if (!event.sdp.empty()) {
      auto session = sdp_.accept(event.sdp);
      if (!session) return fail_negotiation(session.error(), now);
      session_ = std::move(*session);
    }
  }
  if (!session_)  // RFC 3264 4
    return fail_negotiation({Errc::missing, 0, "SDP", "no answer in any response"}, now);
  settle_kind(session_->codec == sip::AudioCodec::clearmode);
  commit_media();
  auto answer = interwork::answer_from_ok(event.asserted, plan(), rules(), acm_said_, event.headers);
  interwork::numbers_in(answer, peer().numbers);
  if (isup::may_fall_back(iam_) && session_->codec != sip::AudioCodec::clearmode)
    isup::tell_fallback(answer, isup::fallback_of(iam_));
  services_.bus.post(*this, std::move(answer));
  note_hold();
}

// --- failures and redirections --------------------------------------------------------------------------

void SipLeg::on(const sip::FailureReceived& event, Time now) {
  // RFC 3261 20.33: in other responses it is the called party who is to be left alone, not the peer.
  if ((event.status == 503 || event.status == 500) && event.retry_after)
    services_.peers.back_off(peer_, *event.retry_after, now);
  if (!overlap_.thread) return fail(event, now);
  note_failure(event);
  settle_failures(now);
}

void SipLeg::fail(const sip::FailureReceived& event, Time now) {
  sip_status_ = event.status;
  if (state_ == State::proceeding && !released_ && redirect(event, now)) return;
  const interwork::FailureRules how{
      .reason_decides = peer().reason_decides, .causes = peer().causes, .plan = plan()};
  // RFC 3398 8.1.3: the called user does not answer; without any response the peer itself is silent.
  const auto choice = interwork::cause_from_failure(event, anything_received_, how);
  if (!released_) services_.context.note(call(), now, interwork::explain(choice, event.status, peer().name));
  isup::Message rel(isup::MessageType::rel);
  rel.set(choice.cause);
  interwork::set_user_to_user(rel, event.headers, rules());
  release(std::move(rel));
  finish();
}

/// True: the call goes on at another Contact (RFC 3261 8.1.3.4, RFC 3398 8.2.5).
bool SipLeg::redirect(const sip::FailureReceived& event, Time now) {
  if (event.status < 300 || event.status >= 600) {  // 6xx: nowhere else either (RFC 3261 21.6)
    contacts_.clear();
    return false;
  }
  if (event.status < 400) {
    for (auto& uri : interwork::redirect_targets(event.contacts, kMaxContacts)) {
      const bool known = std::ranges::find(visited_, place(uri)) != visited_.end();
      if (!known && contacts_.size() < kMaxContacts) contacts_.push_back(std::move(uri));
    }
  }
  return try_next_contact(now);
}

bool SipLeg::try_next_contact(Time now) {
  while (redirects_left_ > 0 && !contacts_.empty()) {
    const auto contact = std::move(contacts_.front());
    contacts_.pop_front();
    // Only to those that this gateway knows: a peer has no say over whom it calls.
    const auto there = services_.peers.of(contact);
    if (!there || std::ranges::find(visited_, place(contact)) != visited_.end()) continue;
    if (auto called = interwork::called_from_uri(contact, plan())) {
      auto iam = interwork::redirected(iam_, std::move(*called));
      if (!iam) return false;  // Q.763 3.45: diverted too often
      iam_ = std::move(*iam);
    }
    --redirects_left_;
    services_.context.note(call(), now,
                           std::to_string(sip_status_) + " from " + peer().name + ": tried at " +
                               sip::to_string(contact) + ", RFC 3261 8.1.3.4");
    abandon_sip_call();
    overlap_ = {};
    early_ = {};
    if (*there != peer_) {
      peer_ = *there;
      auto own = capabilities();
      own.clearmode = own.clearmode && sdp_.own().clearmode;
      if (sdp_.own().laws.empty()) own.laws.clear();
      if (dials_v6() != rtp_.local.v6) {
        if (!open_port(dials_v6())) return false;
        own.local = rtp_.local;
        services_.bus.media_changed(*this);
      }
      sdp_ = sip::AudioNegotiation(std::move(own));
    }
    told_status_ = 0;
    backward(181, false, {});  // RFC 3398 8.2.5: the caller may know
    if (invite(&contact, now)) return true;
  }
  return false;
}

}  // namespace tandem::core
