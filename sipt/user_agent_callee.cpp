// INVITE and re-INVITE received (RFC 3261 13.3, 14.2): responses, 2xx until its ACK comes.
#include <algorithm>
#include <charconv>

#include "sipt/user_agent_core.h"

namespace tandem::sip {
namespace {

std::optional<InviteInfo> info_of(const Message& invite, std::string_view offer) {
  auto uri = parse_uri(invite.request_uri());
  auto from = invite.address(HeaderId::from);
  auto to = invite.address(HeaderId::to);
  if (!uri || !from || !to) return std::nullopt;
  InviteInfo info;
  info.request_uri = std::move(*uri);
  info.from = std::move(*from);
  info.to = std::move(*to);
  info.asserted = invite.asserted();
  info.privacy = invite.privacy();
  info.sdp = offer;
  info.call_id = invite.call_id().value_or("");
  info.max_forwards = static_cast<int>(invite.max_forwards().value_or(70));
  info.headers = headers_of(invite);
  return info;
}

/// RFC 3261 20.19: seconds, a day at most.
std::optional<std::chrono::seconds> expires_of(const Message& invite) {
  const std::string_view text = invite.value(HeaderId::expires);
  std::uint32_t seconds = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (read.ec != std::errc{}) return std::nullopt;
  return std::chrono::seconds(std::min(seconds, 86400U));
}

}  // namespace

void UserAgent::Impl::on_invite(const Message& request, const Flow& flow, Time now) {
  const bool absent = !request.has(HeaderId::contact);
  const auto via = request.via();
  const auto from = request.from();
  // RFC 2543: Contact may be missing (RFC 4475 3.4.1), From is where its dialog leads.
  const bool old = via && !via->has_unique_branch() && from && is_sip_uri(from->uri);
  if (absent ? !old : !has_sip_contact(request)) {  // RFC 3261 8.1.1.8
    rejected(flow, absent ? "INVITE without Contact" : "INVITE with a bad Contact");
    return reply(request, flow, response(request, flow, 400, absent ? "Missing Contact" : "Bad Contact"), 400,
                 now);
  }
  const auto offer = offer_of(request, flow, now);
  if (!offer) return;
  auto info = info_of(request, *offer);
  if (!info) {
    rejected(flow, "INVITE with an address that cannot be read");
    return reply(request, flow, response(request, flow, 400, "Bad Address"), 400, now);
  }
  if (refuse_interval(CallPolicy{}, request, flow, now)) return;  // RFC 4028 4: whatever the policy will be
  Call& call = new_call(Stage::offered);
  call.call_id = info->call_id;
  Leg& leg = call.legs.emplace_back();
  leg.dialog = dialog_of_request(request, hex16(call.tag), flow);
  leg.sdp = offer->empty() ? SdpState::none : SdpState::received;
  learn_methods(leg, request);
  heard_sdp(call, *offer);
  call.reliability.required = lists_tag(request, HeaderId::require, "100rel");
  call.reliability.supported = call.reliability.required || lists_tag(request, HeaderId::supported, "100rel");
  note_identity(call, leg, request);
  const TxId tx =
      transactions.start_server(request, flow, {.role = TxOwner::Role::invite, .id = call.id.value}, now);
  transactions.respond(tx, 100, response_to(request, 100, {}, {}, flow.remote).finish(), now);
  call.pending.emplace(PendingInvite{tx, StoredMessage(request), flow});
  if (const auto expires = expires_of(request)) start(call, CallTimer::expires, *expires, now);
  events.emplace_back(IncomingCall{call.id, flow, std::move(*info)});
}

void UserAgent::Impl::on_reinvite(Call& call, Leg& leg, const Message& request, const Flow& flow, Time now) {
  if (call.pending) return refuse_offer(request, flow, 500, now);  // RFC 3261 14.2
  // Our own INVITE is under way, or the answer that the peer's last one got is not known to have arrived.
  const bool inviting = call.stage != Stage::confirmed || (call.own && call.own->reinvite);
  const bool unacked = call.unacked || (call.caller && call.acks.empty());
  if (inviting || unacked) return refuse_offer(request, flow, 491, now);
  if (const int refusal = offer_refusal(leg.sdp); refusal != 0)
    return refuse_offer(request, flow, refusal, now);
  if (refuse_target(request, flow, now)) return;
  const auto offer = offer_of(request, flow, now);
  if (!offer || refuse_interval(call.policy, request, flow, now)) return;
  const TxId tx =
      transactions.start_server(request, flow, {.role = TxOwner::Role::invite, .id = call.id.value}, now);
  transactions.respond(tx, 100, response_to(request, 100, {}, {}, flow.remote).finish(), now);
  call.pending.emplace(PendingInvite{tx, StoredMessage(request), flow});
  note_identity(call, leg, request);
  hand_up_offer(call, leg, request, *offer, OfferVia::invite);
}

void UserAgent::Impl::on_ack(const Message& request, Time now) {
  const auto to = request.to();
  const auto cseq = request.cseq();
  Call* call = find_by_tag(to ? to->tag : std::string_view());
  if (call == nullptr || call->legs.empty() || !belongs_to(request, call->leg().dialog)) return;
  if (!call->unacked || !cseq || cseq->number != call->unacked->cseq) return;  // it came before
  call->unacked.reset();
  stop(*call, CallTimer::answer_repeat);
  stop(*call, CallTimer::ack_wait);
  if (call->bye_wanted) return send_bye(*call, now);
  const bool answers = call->leg().sdp == SdpState::sent;
  if (!call->own) call->leg().sdp = SdpState::agreed;
  const std::string_view sdp = answers ? sdp_of(request) : std::string_view();
  heard_sdp(*call, sdp);
  events.emplace_back(AckReceived{call->id, std::string(sdp)});
  pump(*call, now);
}

// --- responses ------------------------------------------------------------------------------------------

void UserAgent::Impl::provisional(Call& call, int status, std::string_view sdp,
                                  const std::vector<ExtraHeader>& extra, Time now) {
  if (call.stage != Stage::offered || status <= 100 || status >= 200 || call.reliability.answer) return;
  if (call.policy.reliable != Reliable::never && call.reliability.supported) {
    WaitingResponse what{status, std::string(sdp), extra};
    if (!call.reliability.unpracked) return send_reliable(call, std::move(what), now);
    if (call.reliability.waiting.size() < kMaxWaitingResponses)
      call.reliability.waiting.push_back(std::move(what));
    return;
  }
  MessageBuilder out =
      response(*call.pending->message, call.pending->flow, status, {}, call.leg().dialog.local_tag);
  describe(out, call, call.pending->flow);
  add_extra(out, extra);
  if (said_sdp(call, call.leg(), false) == SdpRole::none) sdp = {};
  transactions.respond(call.pending->tx, status, finish_with(out, sdp), now);
  start(call, CallTimer::ring_refresh, kRingRefresh, now);
}

/// RFC 3261 13.3.1.1, or RFC 3262 3 with a number of its own.
void UserAgent::Impl::on_ring_refresh(Call& call, Time now) {
  if (!call.pending) return;
  if (call.reliability.rseq == 0) {
    transactions.repeat(call.pending->tx);
    return start(call, CallTimer::ring_refresh, kRingRefresh, now);
  }
  if (call.reliability.unpracked || call.reliability.answer) return;
  send_reliable(call, {.status = call.reliability.status, .sdp = {}, .extra = {}}, now);
}

/// 2xx to the INVITE or re-INVITE that waits.
void UserAgent::Impl::answer(Call& call, std::string_view sdp, const std::vector<ExtraHeader>& extra,
                             Time now) {
  if (!call.pending || call.reliability.answer) return;
  if (call.stage == Stage::offered) {
    call.reliability.waiting.clear();  // what has not been said yet need not be
    if (answer_must_wait(call)) {
      call.reliability.answer = WaitingResponse{200, std::string(sdp), extra};
      return;
    }
  }
  send_answer(call, sdp, extra, now);
}

void UserAgent::Impl::send_answer(Call& call, std::string_view sdp, const std::vector<ExtraHeader>& extra,
                                  Time now) {
  const Message& invite = *call.pending->message;
  Leg& leg = call.leg();
  if (call.answered) {
    refresh_target(leg.dialog, invite);  // RFC 3261 12.2.2
    if (sdp_of(invite).empty()) leg.sdp = SdpState::none;
  }
  if (!sdp.empty() && said_sdp(call, leg, true) == SdpRole::none) sdp = {};
  if (!sdp.empty()) call.local_sdp = sdp;
  MessageBuilder out = response(invite, call.pending->flow, 200, {}, leg.dialog.local_tag);
  describe(out, call, call.pending->flow);
  answer_session_timer(out, call, invite, now);
  add_extra(out, extra);
  const auto cseq = invite.cseq();
  call.unacked = UnackedAnswer{.tx = call.pending->tx,
                               .cseq = cseq ? cseq->number : 0,
                               .octets = finish_with(out, sdp),
                               .interval = timings.t1};
  call.pending.reset();
  call.stage = Stage::confirmed;
  call.answered = true;
  stop(call, CallTimer::ring_refresh);
  stop(call, CallTimer::expires);
  stop(call, CallTimer::prack_repeat);
  stop(call, CallTimer::prack_wait);
  start(call, CallTimer::answer_repeat, timings.t1, now);
  start(call, CallTimer::ack_wait, timer_duration(TxTimer::l, timings), now);
  transactions.respond(call.unacked->tx, 200, call.unacked->octets, now);
}

void UserAgent::Impl::reject(Call& call, int status, std::string_view phrase,
                             const std::vector<Reason>& reasons, const std::vector<ExtraHeader>& extra,
                             Time now) {
  if (call.stage != Stage::offered) return;
  const int final_status = status >= 300 && status <= 699 ? status : 500;
  MessageBuilder out =
      response(*call.pending->message, call.pending->flow, final_status, phrase, call.leg().dialog.local_tag);
  out.reasons(reasons);
  add_extra(out, extra);
  transactions.respond(call.pending->tx, final_status, out.finish(), now);
  release(call, now);
}

void UserAgent::Impl::terminate_pending(Call& call, Time now) {
  terminate_offers(call, now);
  if (!call.pending) return;
  MessageBuilder out =
      response(*call.pending->message, call.pending->flow, 487, {}, call.leg().dialog.local_tag);
  transactions.respond(call.pending->tx, 487, out.finish(), now);
  call.pending.reset();
}

void UserAgent::Impl::terminate_offers(Call& call, Time now) {
  for (Leg& leg : call.legs) {
    if (leg.pending) {
      MessageBuilder out = response(*leg.pending->message, leg.pending->flow, 487);
      transactions.respond(leg.pending->tx, 487, out.finish(), now);
      leg.pending.reset();
    }
    leg.asked = 0;
    if (call.answered && leg.sdp == SdpState::received) leg.sdp = SdpState::agreed;
  }
}

// --- 2xx until ACK (RFC 3261 13.3.1.4) --------------------------------------------------------------------

void UserAgent::Impl::on_answer_repeat(Call& call, Time now) {
  if (!call.unacked) return;
  transactions.respond(call.unacked->tx, 200, call.unacked->octets, now);
  call.unacked->interval = std::min(2 * call.unacked->interval, timings.t2);
  start(call, CallTimer::answer_repeat, call.unacked->interval, now);
}

void UserAgent::Impl::on_ack_wait(Call& call, Time now) {
  call.unacked.reset();
  stop(call, CallTimer::answer_repeat);
  if (!call.dead) events.emplace_back(AckMissing{call.id});
  terminate_pending(call, now);
  send_bye(call, now);
}

}  // namespace tandem::sip
