// What happens in a dialog: offers of the peer, holds, identities, digits, the end.
#include "gateway/core/sip_leg.h"
#include "gateway/core/sip_leg_digits.h"
#include "gateway/interwork/causes.h"
#include "gateway/interwork/number_rules.h"

namespace tandem::core {

void SipLeg::on(const sip::OfferReceived& event, Time now) {
  if (state_ != State::answered && state_ != State::proceeding)
    return services_.agent.reject_offer(event.call, 491, now);
  if (event.sdp.empty()) {
    // RFC 3261 14.2: our offer goes in the 200; its answer comes with the ACK.
    local_sdp_ = sdp_.offer();
    awaiting_answer_ = true;
    return services_.agent.accept_offer(event.call, local_sdp_, now);
  }
  const bool branch = state_ == State::proceeding && outgoing();
  const auto* own = branch ? early_.negotiation(event.early_dialog) : nullptr;
  auto negotiation = own != nullptr ? *own : sdp_;
  auto answer = negotiation.answer(event.sdp);
  if (!answer) {
    const int status = answer.error().code == Errc::refused ? 488 : 400;  // 400: it is no SDP
    return services_.agent.reject_offer(event.call, status, now,
                                        sip::refusal_warning(answer.error(), own_host()));
  }
  if (branch) {  // RFC 3311 5.1, RFC 3261 12.1: each early dialog has a session of its own
    services_.agent.accept_offer(event.call, answer->sdp, now);
    early_.renegotiated(event.early_dialog, std::move(negotiation), std::move(answer->session));
    return hear_early();
  }
  sdp_ = std::move(negotiation);
  local_sdp_ = std::move(answer->sdp);
  session_ = std::move(answer->session);
  awaiting_answer_ = false;
  services_.agent.accept_offer(event.call, local_sdp_, now);
  // Before the answer only what the caller hears already changes.
  if (state_ == State::answered || rtp_.parameters) commit_media();
  note_hold();
}

void SipLeg::on(const sip::OfferAnswered& event, Time now) {
  if (event.status >= 200 && event.status < 300) return take_late_answer(event.sdp, now);
  if (!holding_) return;
  // The session is as it was (RFC 3264 8): the peer goes on sending to who does not listen.
  awaiting_answer_ = holding_ = false;
  sdp_.own().direction = sip::Direction::sendrecv;
}

/// RFC 3398 9.1: a party held or suspended is told by an offer, and so is its return. Music on hold may still
/// come from here, so it is sendonly rather than inactive (RFC 3264 8.4).
void SipLeg::send_hold(const isup::Message& message, Time now) {
  const auto held = interwork::hold_from_message(message);
  if (!held || state_ != State::answered || !session_ || *held == holding_) return;
  holding_ = *held;
  sdp_.own().direction = holding_ ? sip::Direction::sendonly : sip::Direction::sendrecv;
  local_sdp_ = sdp_.offer();
  awaiting_answer_ = true;
  services_.agent.offer(sip_call_, local_sdp_, now);
}

/// RFC 3398 9: hold and resume are told to the other side as notifications.
void SipLeg::note_hold() {
  if (state_ != State::answered || !session_ || held_ == session_->held()) return;
  held_ = session_->held();
  services_.bus.post(*this, interwork::message_from_hold(held_));
}

void SipLeg::on(const sip::InfoReceived& event, Time /*now*/) {
  if (state_ != State::answered && state_ != State::proceeding) return;
  if (const auto info = digit_from_info(event.content_type, event.body))
    services_.bus.digit(*this, info->digit, info->duration_ms);
}

/// RFC 4916 3: somebody else is there now.
void SipLeg::on(const sip::IdentityReceived& event, Time /*now*/) {
  if (state_ != State::answered) return;
  auto cpg = interwork::message_from_identity(event.asserted, event.headers, plan(), rules());
  if (!cpg) return;
  interwork::numbers_in(*cpg, peer().numbers);
  services_.bus.post(*this, std::move(*cpg));
}

/// The other side has somebody else to talk to (RFC 4916 4.3).
void SipLeg::send_identity(const isup::Message& cpg, Time now) {
  if (cpg.get<isup::ConnectedNumber>() == nullptr) return;
  auto own = cpg;
  interwork::numbers_out(own, peer().numbers);
  const auto headers = interwork::headers_for_answer(own, plan(), target());
  if (!headers.empty()) services_.agent.identify(sip_call_, headers, now);  // else nobody vouches for it
}

void SipLeg::on(const sip::SessionExpired& /*event*/, Time now) {
  services_.context.note(call(), now, "the session timer of " + party() + " ran out, RFC 4028 10");
  release(make_rel(102));  // recovery on timer expiry
  finish();
}

void SipLeg::on(const sip::ByeReceived& event, Time /*now*/) {
  isup::Message rel(isup::MessageType::rel);
  rel.set(interwork::cause_from_clearing(event.reasons));
  interwork::set_user_to_user(rel, event.headers, rules());
  release(std::move(rel));
  finish();
}

}  // namespace tandem::core
