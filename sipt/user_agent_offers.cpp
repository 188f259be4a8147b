// Offers within the session: answers to theirs, and ours by UPDATE (RFC 3311) and re-INVITE (RFC 3261 14)
// with what glare asks for; INFO.
#include <algorithm>

#include "sipt/user_agent_core.h"

namespace tandem::sip {
namespace {

constexpr std::size_t kMaxReinviteAcks = 4;  // of one that is done, its 2xx comes for 64*T1 at most
constexpr std::chrono::seconds kMaxRetryAfter{32};

/// RFC 3261 14.1: multiples of 10 ms; who owns the Call-ID waits longer.
Duration glare_wait(bool owner, Random& random) {
  const auto steps = owner ? 210 + random.next() % 191 : random.next() % 201;
  return std::chrono::milliseconds(10 * steps);
}

}  // namespace

Leg* UserAgent::Impl::current_leg(Call& call) {
  if (call.legs.empty()) return nullptr;
  if (!call.caller || call.answered) return &call.leg();
  return leg_of_tag(call, call.heard);
}

// --- theirs ---------------------------------------------------------------------------------------------

void UserAgent::Impl::accept_offer(Call& call, std::string_view sdp, Time now) {
  Leg* leg = asking_leg(call);
  if (leg == nullptr) return;
  leg->asked = 0;
  if (!leg->pending) return answer(call, sdp, {}, now);
  PendingOffer pending = std::move(*leg->pending);
  leg->pending.reset();
  leg->sdp = SdpState::agreed;
  const bool update = pending.via == OfferVia::update;
  if (update) refresh_target(leg->dialog, *pending.message);
  MessageBuilder out = update ? update_response(call, *pending.message, pending.flow)
                              : response(*pending.message, pending.flow, 200);
  transactions.respond(pending.tx, 200, finish_with(out, sdp), now);
  if (call.answered) call.local_sdp = sdp;
  pump(call, now);
}

void UserAgent::Impl::reject_offer(Call& call, int status, std::string_view warning, Time now) {
  Leg* leg = asking_leg(call);
  if (leg == nullptr) return;
  leg->asked = 0;
  leg->sdp = SdpState::agreed;
  const int final_status = status >= 300 && status <= 699 ? status : 488;
  const auto refuse = [&](TxId tx, const Message& request, const Flow& flow) {
    MessageBuilder out = response(request, flow, final_status);
    if (!warning.empty()) out.header(HeaderId::warning, warning);
    transactions.respond(tx, final_status, out.finish(), now);
  };
  if (leg->pending) {
    refuse(leg->pending->tx, *leg->pending->message, leg->pending->flow);
    leg->pending.reset();
  } else if (call.answered && call.pending) {
    refuse(call.pending->tx, *call.pending->message, call.pending->flow);
    call.pending.reset();
  }
  pump(call, now);
}

Leg* UserAgent::Impl::asking_leg(Call& call) {
  Leg* first = nullptr;
  for (Leg& leg : call.legs) {
    if (leg.asked != 0 && (first == nullptr || leg.asked < first->asked)) first = &leg;
  }
  return first;
}

// --- ours -----------------------------------------------------------------------------------------------

void UserAgent::Impl::offer(Call& call, std::string_view sdp, Time now) {
  call.wanted = std::string(sdp);
  pump(call, now);
}

void UserAgent::Impl::pump(Call& call, Time now) {
  if (call.dead || call.own || call.backing_off || !call.wanted) return;
  Leg* leg = current_leg(call);
  if (leg == nullptr || leg->sdp != SdpState::agreed || leg->pending) return;
  if (call.stage == Stage::confirmed) {
    if (call.pending || call.unacked) return;
    return send_reinvite(call, *std::exchange(call.wanted, std::nullopt), now);
  }
  const bool early = call.stage == Stage::offered || call.stage == Stage::proceeding;
  // RFC 3311 5.1: before the answer UPDATE is the only way; else the offer waits for the answer.
  if (early && leg->allows(Method::update))
    send_update(call, *leg, *std::exchange(call.wanted, std::nullopt), now);
}

void UserAgent::Impl::send_update(Call& call, Leg& leg, std::string sdp, Time now) {
  const Flow hop = next_hop(leg.dialog, config.listen);
  const std::string id = branch();
  MessageBuilder out = request_in(leg.dialog, "UPDATE", ++leg.dialog.local_cseq, id, hop);
  describe(out, call, hop);
  out.header(HeaderId::user_agent, config.product);
  if (!sdp.empty()) leg.sdp = SdpState::sent;
  Octets octets = finish_with(out, sdp);
  call.own.emplace(OwnRequest{.reinvite = false,
                              .tx = {},
                              .cseq = leg.dialog.local_cseq,
                              .remote_tag = leg.dialog.remote_tag,
                              .sdp = std::move(sdp)});
  call.own->tx = transactions.start_client("UPDATE", id, hop, std::move(octets),
                                           {.role = TxOwner::Role::update, .id = call.id.value}, now);
}

void UserAgent::Impl::send_reinvite(Call& call, std::string sdp, Time now) {
  Leg& leg = call.leg();
  const Flow hop = next_hop(leg.dialog, config.listen);
  const std::string id = branch();
  MessageBuilder out = request_in(leg.dialog, "INVITE", ++leg.dialog.local_cseq, id, hop);
  describe(out, call, hop);
  out.header(HeaderId::user_agent, config.product);
  leg.sdp = SdpState::sent;
  Octets octets = finish_with(out, sdp);
  call.own.emplace(OwnRequest{.reinvite = true,
                              .tx = {},
                              .cseq = leg.dialog.local_cseq,
                              .remote_tag = leg.dialog.remote_tag,
                              .sdp = std::move(sdp)});
  ++call.reinvites_open;
  start(call, CallTimer::offer_timeout, config.invite_timeout, now);
  call.own->tx = transactions.start_client("INVITE", id, hop, std::move(octets),
                                           {.role = TxOwner::Role::reinvite, .id = call.id.value}, now);
}

void UserAgent::Impl::on_reinvite_response(Call& call, const Message& response, Time now) {
  const auto cseq = response.cseq();
  if (response.status() < 200 || !cseq || !call.answered) return;
  if (response.status() < 300) {
    const auto sent = std::ranges::find(call.acks, cseq->number, &SentAck::cseq);
    if (sent != call.acks.end()) return transmit(sent->flow, sent->octets);
    refresh_target(call.leg().dialog, response);
    SentAck ack = make_ack(call.leg().dialog, cseq->number, {});
    transmit(ack.flow, ack.octets);
    const auto later = [&](const SentAck& a) { return a.cseq != call.invite_cseq; };
    if (std::ranges::count_if(call.acks, later) >= static_cast<std::ptrdiff_t>(kMaxReinviteAcks))
      call.acks.erase(std::ranges::find_if(call.acks, later));
    call.acks.push_back(std::move(ack));
  }
  if (!call.own || !call.own->reinvite || call.own->cseq != cseq->number) return;
  if (response.status() < 300)
    own_request_succeeded(call, response, now);
  else
    own_request_failed(call, response.status(), &response, now);
}

void UserAgent::Impl::on_update_response(Call& call, const Message& response, Time now) {
  const auto cseq = response.cseq();
  if (response.status() < 200 || !cseq) return;
  if (!call.own || call.own->reinvite || call.own->cseq != cseq->number) return;
  if (response.status() < 300)
    own_request_succeeded(call, response, now);
  else
    own_request_failed(call, response.status(), &response, now);
}

void UserAgent::Impl::own_request_succeeded(Call& call, const Message& response, Time now) {
  const OwnRequest own = *std::exchange(call.own, std::nullopt);
  stop(call, CallTimer::offer_timeout);
  call.attempts = 0;
  Leg* leg = leg_of_tag(call, own.remote_tag);
  if (call.dead || leg == nullptr) return;
  refresh_target(leg->dialog, response);
  learn_methods(*leg, response);
  note_identity(call, *leg, response);
  if (!own.sdp.empty()) {
    leg->sdp = SdpState::agreed;
    call.local_sdp = own.sdp;
    events.emplace_back(OfferAnswered{call.id, response.status(), std::string(sdp_of(response)), {}});
  }
  pump(call, now);
}

void UserAgent::Impl::own_request_failed(Call& call, int status, const Message* response, Time now) {
  OwnRequest own = *std::exchange(call.own, std::nullopt);
  stop(call, CallTimer::offer_timeout);
  Leg* leg = leg_of_tag(call, own.remote_tag);
  if (call.dead || leg == nullptr) return;
  if (!own.sdp.empty()) leg->sdp = SdpState::agreed;
  // RFC 3261 12.2.1.2, 14.1: the peer has no such dialog any more.
  if ((status == 481 || status == 408) && call.answered)
    return expire(call, status, reason_phrase(status), now);
  const auto retry_after = response != nullptr ? response->retry_after() : Result<std::uint32_t>(0U);
  const bool later = status == 500 && response != nullptr && retry_after;  // RFC 3311 5.1
  if ((status == 491 || later) && ++call.attempts < kMaxOfferAttempts) {
    if (!call.wanted) call.wanted = std::move(own.sdp);
    call.backing_off = true;
    const Duration wait = later ? Duration(std::min(std::chrono::seconds(*retry_after), kMaxRetryAfter))
                                : glare_wait(call.caller, random);
    return start(call, CallTimer::offer_retry, wait, now);
  }
  call.attempts = 0;
  if (!own.sdp.empty()) {
    events.emplace_back(
        OfferAnswered{call.id,
                      status,
                      {},
                      response != nullptr ? std::string(response->value(HeaderId::warning)) : std::string()});
  }
  pump(call, now);
}

// --- INFO -----------------------------------------------------------------------------------------------

void UserAgent::Impl::info(Call& call, std::string_view content_type, std::string_view body, Time now) {
  Leg* leg = current_leg(call);
  if (leg == nullptr || call.stage == Stage::cancelling || call.stage == Stage::ending) return;
  const Flow hop = next_hop(leg->dialog, config.listen);
  const std::string id = branch();
  MessageBuilder out = request_in(leg->dialog, "INFO", ++leg->dialog.local_cseq, id, hop);
  out.header(HeaderId::user_agent, config.product);
  transactions.start_client("INFO", id, hop, out.finish(content_type, body), {}, now);
}

}  // namespace tandem::sip
