// What every request is checked for (RFC 3261 8.2), and requests that are no part of an INVITE session.
#include "sipt/body.h"
#include "sipt/user_agent_core.h"

namespace tandem::sip {

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
  if (refuse_stranger(request, flow)) return;
  if (refuse_overload(request, flow, now)) return;
  if (refuse(request, flow, now)) return;
  const auto to = request.to();
  if (to && !to->tag.empty()) return in_dialog(request, flow, now);
  out_of_dialog(request, flow, now);
}

void UserAgent::Impl::out_of_dialog(const Message& request, const Flow& flow, Time now) {
  if (request.method() == Method::invite) return on_invite(request, flow, now);
  if (request.method() == Method::options) return answer_options(request, flow, now);
  reply(request, flow, response(request, flow, 481), 481, now);  // BYE, UPDATE, INFO
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
  if (call->stage != Stage::offered) return pump(*call, now);
  if (!call->dead) events.emplace_back(CancelReceived{call->id, request.reasons()});
  release(*call, now);
}

/// RFC 3261 11.2.
void UserAgent::Impl::answer_options(const Message& request, const Flow& flow, Time now) {
  if (const auto fault = read_body(request).fault; fault != BodyFault::none)
    return refuse_body(request, flow, fault, now);
  MessageBuilder out = response(request, flow, 200);
  out.header(HeaderId::contact, contact(flow)).header(HeaderId::allow, kAllow);
  out.header(HeaderId::accept, kAccept).header(HeaderId::accept_encoding, "identity");
  out.header(HeaderId::supported, kSupported);
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
