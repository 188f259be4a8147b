// What every request is checked for (RFC 3261 8.2), and requests that are no part of an INVITE session.
#include "sipt/user_agent_core.h"

namespace tandem::sip {
namespace {

constexpr bool allowed(Method method) {
  return method == Method::invite || method == Method::ack || method == Method::bye ||
         method == Method::cancel || method == Method::options;
}

bool encoded(const Message& message) {
  const auto encoding = message.value(HeaderId::content_encoding);
  return !encoding.empty() && !equal_ignoring_case(encoding, "identity");
}

/// RFC 3261 20.11: a body that may be passed over.
bool optional_body(const Message& message) {
  const auto disposition = message.value(HeaderId::content_disposition);
  const auto parameters = disposition.find(';');
  if (parameters == std::string_view::npos) return false;
  const auto handling = ParamsView(disposition.substr(parameters)).find("handling");
  return handling && equal_ignoring_case(*handling, "optional");
}

}  // namespace

std::string_view sdp_of(const Message& message) {
  if (message.body().empty() || encoded(message)) return {};
  const auto type = message.content_type();
  return type && type->is("application", "sdp") ? message.body() : std::string_view();
}

void UserAgent::Impl::handle_request(const Message& request, const std::expected<void, Error>& parsed,
                                     const Flow& flow, Time now) {
  if (const auto rejection = validate_request(request, parsed)) {
    // RFC 3261 8.2.7: without a transaction, so that rubbish costs no memory.
    if (request.answerable())
      transmit(response_flow(request, flow),
               response(request, flow, rejection->status, rejection->phrase).finish());
    return rejected(flow, to_string(rejection->error));
  }
  if (transactions.handle_request(request, flow, now) == Transactions::Arrival::absorbed) return;
  if (request.method() == Method::ack) return on_ack(request, now);
  if (request.method() == Method::cancel) return on_cancel(request, flow, now);
  if (refuse(request, flow, now)) return;
  const auto to = request.to();
  if (to && !to->tag.empty()) return in_dialog(request, flow, now);
  out_of_dialog(request, flow, now);
}

bool UserAgent::Impl::refuse(const Message& request, const Flow& flow, Time now) {
  if (request.method() == Method::invite && transactions.full()) {
    MessageBuilder out = response(request, flow, 503);
    out.header(HeaderId::retry_after, 1 + static_cast<std::uint32_t>(random.next() % 10));
    reply(request, flow, std::move(out), 503, now);
    return true;
  }
  return refuse_method(request, flow, now) || refuse_extensions(request, flow, now);
}

/// RFC 3261 8.2.1.
bool UserAgent::Impl::refuse_method(const Message& request, const Flow& flow, Time now) {
  if (allowed(request.method())) return false;
  const int status = request.method() == Method::other ? 501 : 405;
  MessageBuilder out = response(request, flow, status);
  out.header(HeaderId::allow, kAllow);
  reply(request, flow, std::move(out), status, now);
  return true;
}

/// RFC 3261 8.2.2.2, 8.2.2.3. No extension is supported, so whatever is required is refused.
bool UserAgent::Impl::refuse_extensions(const Message& request, const Flow& flow, Time now) {
  if (transactions.merged(request)) {
    reply(request, flow, response(request, flow, 482), 482, now);
    return true;
  }
  std::string unsupported;
  for (const std::string_view tag : request.values(HeaderId::require))
    unsupported.append(unsupported.empty() ? "" : ", ").append(tag);
  if (unsupported.empty()) return false;
  MessageBuilder out = response(request, flow, 420);
  out.header(HeaderId::unsupported, unsupported);
  reply(request, flow, std::move(out), 420, now);
  return true;
}

/// RFC 3261 8.2.3.
std::optional<std::string_view> UserAgent::Impl::offer_of(const Message& invite, const Flow& flow, Time now) {
  if (invite.body().empty()) return std::string_view();
  const auto sdp = sdp_of(invite);
  if (!sdp.empty() || optional_body(invite)) return sdp;
  MessageBuilder out = response(invite, flow, 415);
  out.header(HeaderId::accept, kSdpType);
  if (encoded(invite)) out.header(HeaderId::accept_encoding, "identity");
  reply(invite, flow, std::move(out), 415, now);
  return std::nullopt;
}

void UserAgent::Impl::out_of_dialog(const Message& request, const Flow& flow, Time now) {
  if (request.method() == Method::invite) return on_invite(request, flow, now);
  if (request.method() == Method::options) return answer_options(request, flow, now);
  reply(request, flow, response(request, flow, 481), 481, now);  // BYE
}

void UserAgent::Impl::in_dialog(const Message& request, const Flow& flow, Time now) {
  const auto to = request.to();
  Call* call = find_by_tag(to ? to->tag : std::string_view());
  const bool ours = call != nullptr && request.call_id() == call->call_id &&
                    (!call->dialog || belongs_to(request, *call->dialog));
  const bool bye = request.method() == Method::bye;
  // A dialog that BYE was sent in knows nothing but the BYE that crossed it.
  if (!ours || (call->stage == Stage::ending && !bye))
    return reply(request, flow, response(request, flow, 481), 481, now);
  const auto cseq = request.cseq();
  if (call->dialog && !accept_cseq(*call->dialog, cseq ? cseq->number : 0))
    return reply(request, flow, response(request, flow, 500, "CSeq Out of Order"), 500, now);
  if (bye) return on_bye(*call, request, flow, now);
  if (request.method() == Method::invite) return on_reinvite(*call, request, flow, now);
  answer_options(request, flow, now);
}

/// RFC 3261 9.2.
void UserAgent::Impl::on_cancel(const Message& request, const Flow& flow, Time now) {
  const auto invite = transactions.invite_of(request);
  if (!invite) return reply(request, flow, response(request, flow, 481), 481, now);
  Call* call = find(SipCall{invite->owner.id});
  const bool waiting = call != nullptr && call->pending && call->pending->tx == invite->id;
  const std::string tag = call != nullptr ? hex16(call->tag) : std::string();
  reply(request, flow, response(request, flow, 200, {}, tag), 200, now);
  if (!waiting) return;  // it has its final response already
  terminate_pending(*call, now);
  if (call->stage != Stage::offered) return;
  if (!call->dead) events.emplace_back(CancelReceived{call->id, request.reasons()});
  release(*call);
}

/// RFC 3261 11.2.
void UserAgent::Impl::answer_options(const Message& request, const Flow& flow, Time now) {
  MessageBuilder out = response(request, flow, 200);
  out.header(HeaderId::contact, contact(flow)).header(HeaderId::allow, kAllow);
  out.header(HeaderId::accept, kSdpType).header(HeaderId::supported, "");
  reply(request, flow, std::move(out), 200, now);
}

void UserAgent::Impl::reply(const Message& request, const Flow& flow, MessageBuilder response, int status,
                            Time now) {
  Octets octets = response.finish();
  if (transactions.full()) return transmit(response_flow(request, flow), std::move(octets));
  const TxId id = transactions.start_server(request, flow, {}, now);
  transactions.respond(id, status, std::move(octets), now);
}

MessageBuilder UserAgent::Impl::response(const Message& request, const Flow& flow, int status,
                                         std::string_view phrase, std::string_view to_tag) {
  MessageBuilder out =
      response_to(request, status, phrase, to_tag.empty() ? std::string_view(stateless_tag(request)) : to_tag,
                  flow.remote);
  out.header(HeaderId::server, config.product);
  return out;
}

/// RFC 3261 8.2.7: the same for each retransmission.
std::string UserAgent::Impl::stateless_tag(const Message& request) const {
  const std::string_view call_id = request.call_id().value_or("");
  const auto via = request.via();
  const std::hash<std::string_view> hash;
  return hex16((hash(call_id) ^ salt) * 0x9e3779b97f4a7c15ULL + hash(via ? via->branch : std::string_view()));
}

}  // namespace tandem::sip
