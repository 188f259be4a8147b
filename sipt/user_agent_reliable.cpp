// Provisional responses that are acknowledged (RFC 3262), as caller and as callee.
#include "sipt/user_agent_reliable.h"

#include "sipt/user_agent_core.h"

namespace tandem::sip {
namespace {

constexpr std::uint32_t kMaxNumber = 0xffffffff;
constexpr Duration kReliableRefresh = std::chrono::seconds(150);  // RFC 3262 3

}  // namespace

std::optional<RAck> rack_of(const Message& prack) {
  std::string_view rest = prack.value(HeaderId::rack);
  const auto word = [&] {
    rest = trim(rest);
    const auto size = std::min(rest.find_first_of(" \t\r\n"), rest.size());
    const auto found = rest.substr(0, size);
    rest.remove_prefix(size);
    return found;
  };
  const auto rseq = to_number(word(), kMaxNumber);
  const auto cseq = to_number(word(), kMaxNumber);
  const auto method = word();
  if (!rseq || !cseq || method.empty() || !trim(rest).empty()) return std::nullopt;
  return RAck{*rseq, *cseq, method};
}

std::optional<std::uint32_t> rseq_of(const Message& response) {
  if (response.status() <= 100 || response.status() >= 200) return std::nullopt;
  if (!lists_tag(response, HeaderId::require, "100rel")) return std::nullopt;
  const auto number = to_number(trim(response.value(HeaderId::rseq)), kMaxNumber);
  return number != 0U ? number : std::nullopt;  // RFC 3262 7.1: 1 to 2^32 - 1; else nothing to acknowledge
}

bool lists_tag(const Message& message, HeaderId id, std::string_view tag) {
  bool found = false;
  message.for_each(id, [&](std::string_view value) {
    found = equal_ignoring_case(trim(value), tag);
    return !found;
  });
  return found;
}

// --- as caller ------------------------------------------------------------------------------------------

/// RFC 3262 4: false: it came before, or one before it did not come; not to be processed.
bool UserAgent::Impl::in_order(Leg& leg, std::uint32_t rseq) {
  if (leg.rseq && rseq != *leg.rseq + 1) return false;
  leg.rseq = rseq;
  return true;
}

void UserAgent::Impl::send_prack(Call& call, Leg& leg, OwedPrack owed, std::string_view sdp, Time now) {
  const Flow hop = next_hop(leg.dialog, config.listen);
  const std::string id = branch();
  MessageBuilder out = request_in(leg.dialog, "PRACK", ++leg.dialog.local_cseq, id, hop);
  out.header(HeaderId::rack, std::to_string(owed.rseq) + " " + std::to_string(owed.cseq) + " INVITE");
  out.header(HeaderId::supported, supported(call)).header(HeaderId::user_agent, config.product);
  transactions.start_client("PRACK", id, hop, finish_with(out, sdp), {}, now);
}

/// The answer to an offer in a provisional response; without one the call cannot go on (RFC 6337 2.3).
void UserAgent::Impl::answer_in_prack(Call& call, Leg& leg, std::string_view sdp, Time now) {
  const OwedPrack owed = *std::exchange(leg.owed, std::nullopt);
  send_prack(call, leg, owed, sdp, now);
  leg.sdp = SdpState::agreed;
  if (!sdp.empty()) {
    call.local_sdp = sdp;
    return pump(call, now);
  }
  if (call.stage == Stage::proceeding) cancel(call, {}, now);
}

// --- as callee ------------------------------------------------------------------------------------------

bool UserAgent::Impl::refused_by_policy(Call& call, Time now) {
  if (call.stage != Stage::offered) return false;
  const Message& invite = *call.pending->message;
  const auto refuse = [&](int status, HeaderId id) {
    MessageBuilder out = response(invite, call.pending->flow, status, {}, call.leg().dialog.local_tag);
    out.header(id, "100rel");
    transactions.respond(call.pending->tx, status, out.finish(), now);
    refused_invite(call, status, now);
    return true;
  };
  // RFC 3262 3, RFC 3261 21.4.15.
  if (call.policy.reliable == Reliable::never && call.reliability.required)
    return refuse(420, HeaderId::unsupported);
  if (call.policy.reliable == Reliable::required && !call.reliability.supported)
    return refuse(421, HeaderId::require);
  return refuse_interval(call, now);
}

void UserAgent::Impl::refused_invite(Call& call, int status, Time now) {
  std::string text(reason_phrase(status));
  events.emplace_back(CancelReceived{
      call.id, {{.protocol = "SIP", .cause = status, .text = std::move(text), .location = {}}}});
  call.pending.reset();
  release(call, now);
}

void UserAgent::Impl::send_reliable(Call& call, WaitingResponse what, Time now) {
  Leg& leg = call.leg();
  Reliability& reliability = call.reliability;
  if (!what.sdp.empty() && said_sdp(call, leg, true) == SdpRole::none) what.sdp.clear();
  if (!what.sdp.empty()) call.local_sdp = what.sdp;
  // RFC 3262 3: the first is any from 1 to 2^31 - 1.
  reliability.rseq = reliability.rseq == 0 ? 1 + static_cast<std::uint32_t>(random.next() % 0x7ffffffe)
                                           : reliability.rseq + 1;
  reliability.status = what.status;
  const Message& invite = *call.pending->message;
  MessageBuilder out = response(invite, call.pending->flow, what.status, {}, leg.dialog.local_tag);
  describe(out, call, call.pending->flow);
  out.header(HeaderId::require, "100rel").header(HeaderId::rseq, reliability.rseq);
  add_extra(out, what.extra);
  const auto cseq = invite.cseq();
  reliability.unpracked = UnprackedResponse{.rseq = reliability.rseq,
                                            .cseq = cseq ? cseq->number : 0,
                                            .sdp = !what.sdp.empty(),
                                            .octets = finish_with(out, what.sdp),
                                            .interval = timings.t1};
  transactions.respond(call.pending->tx, what.status, reliability.unpracked->octets, now);
  start(call, CallTimer::prack_repeat, timings.t1, now);
  start(call, CallTimer::prack_wait, timer_duration(TxTimer::h, timings), now);
  start(call, CallTimer::ring_refresh, kReliableRefresh, now);
}

/// RFC 3262 3: T1, doubling without a limit but that of 64*T1.
void UserAgent::Impl::on_prack_repeat(Call& call, Time now) {
  auto& unpracked = call.reliability.unpracked;
  if (!unpracked || !call.pending) return;
  transactions.respond(call.pending->tx, call.reliability.status, unpracked->octets, now);
  start(call, CallTimer::prack_repeat, unpracked->interval *= 2, now);
}

void UserAgent::Impl::on_prack_wait(Call& call, Time now) {
  if (call.stage != Stage::offered || !call.pending) return;
  MessageBuilder out =
      response(*call.pending->message, call.pending->flow, 504, {}, call.leg().dialog.local_tag);
  transactions.respond(call.pending->tx, 504, out.finish(), now);
  call.pending.reset();
  if (!call.dead) events.emplace_back(PrackMissing{call.id});
  release(call, now);
}

void UserAgent::Impl::on_prack(Call& call, Leg& leg, const Message& request, const Flow& flow, Time now) {
  const auto rack = rack_of(request);
  if (!rack) return reply(request, flow, response(request, flow, 400, "Bad RAck"), 400, now);
  auto& unpracked = call.reliability.unpracked;
  if (!unpracked || rack->rseq != unpracked->rseq || rack->cseq != unpracked->cseq ||
      rack->method != "INVITE")
    return reply(request, flow, response(request, flow, 481), 481, now);
  const auto body = offer_of(request, flow, now);
  if (!body) return;
  const bool held_sdp = unpracked->sdp;
  unpracked.reset();
  stop(call, CallTimer::prack_repeat);
  stop(call, CallTimer::prack_wait);
  if (held_sdp && leg.sdp == SdpState::sent && !call.own) {  // RFC 3262 5: our offer's answer
    leg.sdp = SdpState::agreed;
    heard_sdp(call, *body);
    reply(request, flow, response(request, flow, 200), 200, now);
    events.emplace_back(OfferAnswered{call.id, body->empty() ? 488 : 200, std::string(*body), {}});
  } else if (body->empty()) {
    reply(request, flow, response(request, flow, 200), 200, now);
  } else if (const int refusal = transactions.full() || leg.pending ? 500 : offer_refusal(leg.sdp);
             refusal != 0) {
    refuse_offer(request, flow, refusal, now);
  } else {
    const TxId tx = transactions.start_server(request, flow, {}, now);
    leg.pending.emplace(PendingOffer{OfferVia::prack, tx, StoredMessage(request), flow});
    hand_up_offer(call, leg, request, *body, OfferVia::prack);
  }
  pump(call, now);
}

/// RFC 3262 3: a 2xx waits for the PRACK of SDP; and no offer may be open behind it (RFC 6337 3.1.1).
bool UserAgent::Impl::answer_must_wait(const Call& call) {
  const auto& unpracked = call.reliability.unpracked;
  return (unpracked && unpracked->sdp) || (call.own && !call.own->sdp.empty()) || call.legs.front().pending;
}

}  // namespace tandem::sip
