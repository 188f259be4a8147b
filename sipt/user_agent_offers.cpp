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
  if (leg->owed) return answer_in_prack(call, *leg, sdp, now);
  if (!leg->pending) return answer(call, sdp, {}, now);
  PendingOffer pending = std::move(*leg->pending);
  leg->pending.reset();
  leg->sdp = SdpState::agreed;
  const bool update = pending.via == OfferVia::update;
  if (update) refresh_target(leg->dialog, *pending.message);
  MessageBuilder out = update ? update_response(call, *pending.message, pending.flow, now)
                              : response(*pending.message, pending.flow, 200);
  transactions.respond(pending.tx, 200, finish_with(out, sdp), now);
  call.local_sdp = sdp;
  pump(call, now);
}

void UserAgent::Impl::reject_offer(Call& call, int status, std::string_view warning, Time now) {
  Leg* leg = asking_leg(call);
  if (leg == nullptr) return;
  leg->asked = 0;
  if (leg->owed) return answer_in_prack(call, *leg, {}, now);
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

/// RFC 4916 4.3: in an UPDATE that says nothing else.
void UserAgent::Impl::identify(Call& call, const std::vector<ExtraHeader>& headers, Time now) {
  if (call.stage != Stage::confirmed || call.legs.empty() || !call.leg().allows(Method::update)) return;
  call.identity = headers;
  call.timer.due = true;
  pump(call, now);
}

void UserAgent::Impl::pump(Call& call, Time now) {
  if (call.dead) return;
  Reliability& reliability = call.reliability;
  if (call.stage == Stage::offered && !reliability.unpracked && !reliability.waiting.empty()) {
    WaitingResponse next = std::move(reliability.waiting.front());
    reliability.waiting.pop_front();
    send_reliable(call, std::move(next), now);
  }
  if (reliability.answer && !answer_must_wait(call)) {
    const WaitingResponse held = *std::exchange(reliability.answer, std::nullopt);
    return send_answer(call, held.sdp, held.extra, now);
  }
  if (call.own || call.backing_off || (!call.wanted && !call.timer.due)) return;
  Leg* leg = current_leg(call);
  if (leg == nullptr || leg->sdp != SdpState::agreed || leg->pending || leg->owed) return;
  if (call.stage == Stage::confirmed) {
    if (call.pending || call.unacked) return;
    if (!call.wanted) return refresh(call, now);
    return send_reinvite(call, *std::exchange(call.wanted, std::nullopt), false, now);
  }
  const bool early = call.stage == Stage::offered || call.stage == Stage::proceeding;
  // RFC 3311 5.1: before the answer UPDATE is the only way, and not before the PRACK; else the offer waits.
  if (early && call.wanted && !reliability.unpracked && !reliability.answer && leg->allows(Method::update))
    send_update(call, *leg, *std::exchange(call.wanted, std::nullopt), false, now);
}

/// RFC 4028 7.4: UPDATE without an offer, or a re-INVITE with the same one.
void UserAgent::Impl::refresh(Call& call, Time now) {
  call.timer.due = false;
  if (call.leg().allows(Method::update)) return send_update(call, call.leg(), {}, true, now);
  if (!call.local_sdp.empty()) send_reinvite(call, call.local_sdp, true, now);
}

void UserAgent::Impl::send_update(Call& call, Leg& leg, std::string sdp, bool refresh, Time now) {
  const Flow hop = next_hop(leg.dialog, config.listen);
  const std::string id = branch();
  MessageBuilder out = request_in(leg.dialog, "UPDATE", ++leg.dialog.local_cseq, id, hop);
  describe(out, call, hop);
  if (call.answered) ask_session_timer(out, call);
  add_extra(out, call.identity);
  out.header(HeaderId::user_agent, config.product);
  if (!sdp.empty()) leg.sdp = SdpState::sent;
  Octets octets = finish_with(out, sdp);
  call.own.emplace(OwnRequest{.reinvite = false,
                              .tx = {},
                              .cseq = leg.dialog.local_cseq,
                              .remote_tag = leg.dialog.remote_tag,
                              .sdp = std::move(sdp),
                              .refresh = refresh});
  call.own->tx = transactions.start_client("UPDATE", id, hop, std::move(octets),
                                           {.role = TxOwner::Role::update, .id = call.id.value}, now);
}

void UserAgent::Impl::send_reinvite(Call& call, std::string sdp, bool refresh, Time now) {
  Leg& leg = call.leg();
  const Flow hop = next_hop(leg.dialog, config.listen);
  const std::string id = branch();
  MessageBuilder out = request_in(leg.dialog, "INVITE", ++leg.dialog.local_cseq, id, hop);
  describe(out, call, hop);
  ask_session_timer(out, call);
  add_extra(out, call.identity);
  out.header(HeaderId::user_agent, config.product);
  leg.sdp = SdpState::sent;
  leg.rseq.reset();  // RFC 3262 3: the numbers are those of one transaction
  Octets octets = finish_with(out, sdp);
  call.own.emplace(OwnRequest{.reinvite = true,
                              .tx = {},
                              .cseq = leg.dialog.local_cseq,
                              .remote_tag = leg.dialog.remote_tag,
                              .sdp = std::move(sdp),
                              .refresh = refresh});
  ++call.reinvites_open;
  start(call, CallTimer::offer_timeout, config.invite_timeout, now);
  call.own->tx = transactions.start_client("INVITE", id, hop, std::move(octets),
                                           {.role = TxOwner::Role::reinvite, .id = call.id.value}, now);
}

void UserAgent::Impl::on_reinvite_response(Call& call, const Message& response, Time now) {
  const auto cseq = response.cseq();
  if (!cseq || !call.answered) return;
  if (const auto rseq = rseq_of(response); rseq && call.own && call.own->reinvite && !call.dead) {
    if (!in_order(call.leg(), *rseq)) return;
    if (call.own->answer.empty()) call.own->answer = sdp_of(response);  // it takes effect with the 2xx
    send_prack(call, call.leg(), {*rseq, cseq->number}, {}, now);
  }
  if (response.status() < 200) return;
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
  if (call.dead || call.stage == Stage::cancelling || leg == nullptr) return;
  refresh_target(leg->dialog, response);
  learn_methods(*leg, response);
  note_identity(call, *leg, response);
  if (call.answered) take_session_timer(call, response, now);
  if (!own.sdp.empty()) {
    // RFC 3261 13.2.1: the first answer is the answer.
    const std::string_view sdp = own.answer.empty() ? sdp_of(response) : std::string_view(own.answer);
    const std::size_t before = call.remote_sdp;
    leg->sdp = SdpState::agreed;
    call.local_sdp = own.sdp;
    heard_sdp(call, sdp);
    if (!own.refresh || call.remote_sdp != before)  // a refresh may bring news
      events.emplace_back(OfferAnswered{call.id, response.status(), std::string(sdp), {}});
  }
  pump(call, now);
}

void UserAgent::Impl::own_request_failed(Call& call, int status, const Message* response, Time now) {
  OwnRequest own = *std::exchange(call.own, std::nullopt);
  stop(call, CallTimer::offer_timeout);
  Leg* leg = leg_of_tag(call, own.remote_tag);
  if (call.dead || call.stage == Stage::cancelling || leg == nullptr) return;
  if (!own.sdp.empty()) leg->sdp = SdpState::agreed;
  // RFC 3261 12.2.1.2, 14.1: the peer has no such dialog any more.
  if ((status == 481 || status == 408) && call.answered)
    return expire(call, status, reason_phrase(status), now);
  if (response != nullptr && try_again(call, own, *response, now)) return;
  call.attempts = 0;
  if (own.refresh) {
    // RFC 4028 7.4: the peer may have promised too much; else the session ends when its time is up.
    if (!own.reinvite && (status == 405 || status == 501)) {
      leg->methods &= ~(1U << static_cast<unsigned>(Method::update));
      call.timer.due = true;
    }
  } else {
    events.emplace_back(
        OfferAnswered{call.id,
                      status,
                      {},
                      response != nullptr ? std::string(response->value(HeaderId::warning)) : std::string()});
  }
  pump(call, now);
}

/// Glare and its like: the same once more, at once or later.
bool UserAgent::Impl::try_again(Call& call, OwnRequest& own, const Message& response, Time now) {
  const auto retry_after = response.retry_after();
  const bool later = response.status() == 500 && retry_after;  // RFC 3311 5.1
  const bool longer = raise_interval(call, response);
  if (response.status() != 491 && !later && !longer) return false;
  if (++call.attempts >= kMaxOfferAttempts) return false;
  if (own.refresh)
    call.timer.due = true;
  else if (!call.wanted)
    call.wanted = std::move(own.sdp);
  if (longer) {
    pump(call, now);
    return true;
  }
  call.backing_off = true;
  const Duration wait = later ? Duration(std::min(std::chrono::seconds(*retry_after), kMaxRetryAfter))
                              : glare_wait(call.caller, random);
  start(call, CallTimer::offer_retry, wait, now);
  return true;
}

// --- INFO -----------------------------------------------------------------------------------------------

void UserAgent::Impl::info(Call& call, std::string_view content_type, std::string_view body, Time now) {
  Leg* leg = current_leg(call);
  if (leg == nullptr || call.stage == Stage::cancelling || call.stage == Stage::ending) return;
  const Flow hop = next_hop(leg->dialog, config.listen);
  const std::string id = branch();
  MessageBuilder out = request_in(leg->dialog, "INFO", ++leg->dialog.local_cseq, id, hop);
  out.header(HeaderId::supported, supported(call)).header(HeaderId::user_agent, config.product);
  transactions.start_client("INFO", id, hop, out.finish(content_type, body), {}, now);
}

}  // namespace tandem::sip
