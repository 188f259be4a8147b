// Requests received in a dialog (RFC 3261 12.2.2): which call's they are, UPDATE (RFC 3311 5.2), INFO
// (RFC 6086 4.2.1).
#include <algorithm>

#include "sipt/user_agent_core.h"

namespace tandem::sip {
namespace {

constexpr std::size_t kMaxHandedUp = 32;  // headers in an event
constexpr std::uint32_t kRetrySpan = 11;  // RFC 3261 14.2: 0 to 10 seconds

bool handed_up(HeaderId id) {
  using H = HeaderId;
  switch (id) {
    case H::other:
    case H::alert_info:
    case H::call_info:
    case H::date:
    case H::diversion:
    case H::error_info:
    case H::history_info:
    case H::identity:
    case H::organization:
    case H::p_access_network_info:
    case H::p_called_party_id:
    case H::p_charging_vector:
    case H::p_early_media:
    case H::p_preferred_identity:
    case H::priority:
    case H::referred_by:
    case H::remote_party_id:
    case H::resource_priority:
    case H::subject:
    case H::user_to_user:
      return true;
    default:
      return false;
  }
}

std::size_t digest(std::string_view text) {
  return std::hash<std::string_view>{}(text);
}

std::size_t asserted_digest(const Message& message) {
  std::size_t sum = 0;
  message.for_each(HeaderId::p_asserted_identity,
                   [&](std::string_view value) { sum = sum * 31 + digest(value); });
  return sum;
}

/// Who the far end is: From of its requests, To of its responses. The number alone, for what stands beside it
/// is not the same in both.
std::size_t party_digest(const Message& message) {
  const auto party = message.address(message.is_request() ? HeaderId::from : HeaderId::to);
  return party ? digest("u" + party->uri.user) : 0;
}

}  // namespace

void heard_sdp(Call& call, std::string_view sdp) {
  if (!sdp.empty()) call.remote_sdp = digest(sdp);
}

Headers headers_of(const Message& message) {
  Headers out;
  for (std::size_t i = 0; i < message.header_count() && out.size() < kMaxHandedUp; ++i) {
    const auto field = message.header(i);
    if (!handed_up(field.id)) continue;
    const auto name = field.id == HeaderId::other ? field.name : header_row(field.id).name;
    out.push_back({std::string(name), std::string(field.value)});
  }
  return out;
}

Leg* UserAgent::Impl::leg_of_tag(Call& call, std::string_view remote_tag) {
  const auto it = std::ranges::find_if(
      call.legs, [&](const Leg& leg) { return leg.dialog.remote_tag == remote_tag && !leg.ended; });
  return it == call.legs.end() ? nullptr : &*it;
}

void UserAgent::Impl::in_dialog(const Message& request, const Flow& flow, Time now) {
  const auto to = request.to();
  const auto from = request.from();
  Call* call = find_by_tag(to ? to->tag : std::string_view());
  Leg* leg = nullptr;
  if (call != nullptr && request.call_id() == call->call_id) {
    for (Call* one = call; one != nullptr && leg == nullptr; one = find(one->older)) {
      leg = leg_of_tag(*one, from ? from->tag : std::string_view());
      if (leg != nullptr) call = one;
    }
  }
  const bool bye = request.method() == Method::bye;
  // A caller whose 2xx is lost may be hung up on in a dialog that it has not heard of.
  const bool unheard = call != nullptr && request.call_id() == call->call_id && !call->answered && bye;
  // A dialog that BYE was sent in knows nothing but the BYE that crossed it; one that is cancelled likewise.
  const bool over = call != nullptr && (call->stage == Stage::ending || call->stage == Stage::cancelling);
  if ((leg == nullptr && !unheard) || (over && !bye))
    return reply(request, flow, response(request, flow, 481), 481, now);
  const auto cseq = request.cseq();
  if (leg != nullptr && !accept_cseq(leg->dialog, cseq ? cseq->number : 0))
    return reply(request, flow, response(request, flow, 500, "CSeq Out of Order"), 500, now);
  if (bye) return on_bye(*call, request, flow, now);
  learn_methods(*leg, request);
  switch (request.method()) {
    case Method::invite:
      return on_reinvite(*call, *leg, request, flow, now);
    case Method::update:
      return on_update(*call, *leg, request, flow, now);
    case Method::prack:
      return on_prack(*call, *leg, request, flow, now);
    case Method::info:
      return on_info(*call, request, flow, now);
    default:
      return answer_options(request, flow, now);
  }
}

void UserAgent::Impl::refuse_offer(const Message& request, const Flow& flow, int status, Time now) {
  MessageBuilder out = response(request, flow, status);
  if (status != 491)
    out.header(HeaderId::retry_after, static_cast<std::uint32_t>(random.next() % kRetrySpan));
  reply(request, flow, std::move(out), status, now);
}

/// RFC 3261 12.2.2: a target refresh to what is no SIP URI.
bool UserAgent::Impl::refuse_target(const Message& request, const Flow& flow, Time now) {
  if (!request.has(HeaderId::contact) || has_sip_contact(request)) return false;
  reply(request, flow, response(request, flow, 400, "Bad Contact"), 400, now);
  return true;
}

void UserAgent::Impl::hand_up_offer(Call& call, Leg& leg, const Message& request, std::string_view sdp,
                                    OfferVia via) {
  leg.sdp = SdpState::received;
  heard_sdp(call, sdp);
  leg.asked = ++call.asked;
  events.emplace_back(OfferReceived{.call = call.id,
                                    .sdp = std::string(sdp),
                                    .via = via,
                                    .headers = headers_of(request),
                                    .early_dialog = call.answered ? std::string() : leg.dialog.remote_tag});
}

// --- UPDATE ---------------------------------------------------------------------------------------------

void UserAgent::Impl::on_update(Call& call, Leg& leg, const Message& request, const Flow& flow, Time now) {
  if (leg.pending) return refuse_offer(request, flow, 500, now);
  if (refuse_target(request, flow, now)) return;
  const auto offer = offer_of(request, flow, now);
  if (!offer || refuse_interval(call.policy, request, flow, now)) return;
  if (offer->empty()) {  // a refresh (RFC 4028 7.4), or another Contact
    refresh_target(leg.dialog, request);
    note_identity(call, leg, request);
    return reply(request, flow, update_response(call, request, flow, now), 200, now);
  }
  const int refusal = transactions.full() ? 503 : offer_refusal(leg.sdp);
  if (refusal != 0) return refuse_offer(request, flow, refusal, now);
  note_identity(call, leg, request);
  const TxId tx = transactions.start_server(request, flow, {}, now);
  leg.pending.emplace(PendingOffer{OfferVia::update, tx, StoredMessage(request), flow});
  hand_up_offer(call, leg, request, *offer, OfferVia::update);
}

MessageBuilder UserAgent::Impl::update_response(Call& call, const Message& request, const Flow& flow,
                                                Time now) {
  MessageBuilder out = response(request, flow, 200);
  describe(out, call, flow);
  if (call.answered) answer_session_timer(out, call, request, now);
  return out;
}

void UserAgent::Impl::note_identity(Call& call, Leg& leg, const Message& message) {
  const bool first = leg.from == 0;
  const std::size_t asserted = asserted_digest(message);
  // What a response repeats of the request says nothing new.
  const std::size_t from = message.is_request() || first ? party_digest(message) : leg.from;
  const bool other_asserted = asserted != 0 && asserted != leg.identity;
  const bool other_from = from != 0 && from != leg.from;
  if (asserted != 0) leg.identity = asserted;
  leg.from = from;
  if (first || call.dead || !(other_asserted || other_from)) return;
  std::vector<NameAddr> who = message.asserted();
  if (who.empty()) {
    if (auto address = message.address(HeaderId::from)) who.push_back(std::move(*address));
  }
  events.emplace_back(IdentityReceived{call.id, std::move(who), headers_of(message)});
}

// --- INFO -----------------------------------------------------------------------------------------------

void UserAgent::Impl::on_info(Call& call, const Message& request, const Flow& flow, Time now) {
  if (request.value("Info-Package")) {  // RFC 6086 4.2.2: none is supported
    MessageBuilder out = response(request, flow, 469);
    out.header("Recv-Info", "");
    return reply(request, flow, std::move(out), 469, now);
  }
  if (request.body().empty()) return reply(request, flow, response(request, flow, 200), 200, now);
  const auto type = request.content_type();
  const auto known = std::ranges::find_if(config.info_types, [&](const std::string& name) {
    const auto slash = name.find('/');
    return type && slash != std::string::npos && request.value(HeaderId::content_encoding).empty() &&
           type->is(std::string_view(name).substr(0, slash), std::string_view(name).substr(slash + 1));
  });
  if (known == config.info_types.end()) {
    MessageBuilder out = response(request, flow, 415);
    std::string accept;
    for (const auto& name : config.info_types) accept.append(accept.empty() ? "" : ", ").append(name);
    out.header(HeaderId::accept, accept);
    return reply(request, flow, std::move(out), 415, now);
  }
  reply(request, flow, response(request, flow, 200), 200, now);
  std::string name = *known;
  std::ranges::transform(name, name.begin(), [](char c) { return lower(c); });
  events.emplace_back(
      InfoReceived{call.id, std::move(name), std::string(request.body()), headers_of(request)});
}

}  // namespace tandem::sip
