// Requests that are not served (RFC 3261 8.2.1 to 8.2.3, 21.4, 21.5): by method, extension, body, overload.
#include "sipt/body.h"
#include "sipt/user_agent_core.h"

namespace tandem::sip {
namespace {

/// `token` is one of a comma-separated list.
bool lists(std::string_view list, std::string_view token, bool case_sensitive) {
  ValueList values(list);
  while (const auto one = values.next())
    if (case_sensitive ? *one == token : equal_ignoring_case(*one, token)) return true;
  return false;
}

bool begins_a_call(const Message& request) {
  const auto to = request.to();
  return request.method() == Method::invite && to && to->tag.empty();
}

}  // namespace

std::string_view sdp_of(const Message& message) {
  return read_body(message).sdp;
}

// --- strangers and overload -----------------------------------------------------------------------------

/// RFC 3261 21.4.4. Before overload: who is nobody here takes no call's place.
bool UserAgent::Impl::refuse_stranger(const Message& request, const Flow& flow) {
  if (!callers || !begins_a_call(request) || callers(flow.remote)) return false;
  transmit(response_flow(request, flow), response(request, flow, 403, "Unknown Peer").finish());
  rejected(flow, "INVITE refused with 403: it is no peer");
  return true;
}

/// RFC 3261 21.5.4. Without a transaction and before anything else is looked at; what belongs to a call that
/// is there always passes.
bool UserAgent::Impl::refuse_overload(const Message& request, const Flow& flow, Time now) {
  if (!begins_a_call(request)) return false;
  std::string_view limit;
  if (config.max_calls != 0 && live_calls >= config.max_calls)
    limit = "max_calls";
  else if (transactions.full())
    limit = "max_transactions";
  else if (!call_rate.take(now))
    limit = "calls_per_second";
  else
    return false;
  MessageBuilder out = response(request, flow, 503);
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(config.retry_after).count();
  if (seconds > 0) out.header(HeaderId::retry_after, static_cast<std::uint32_t>(seconds));
  transmit(response_flow(request, flow), out.finish());
  ++refused_calls;
  ++refused_unsaid;
  if (overload_words.take(now))
    rejected(flow, std::to_string(std::exchange(refused_unsaid, 0)) +
                       " INVITE refused with 503: " + std::string(limit));
  return true;
}

// --- method and header fields ---------------------------------------------------------------------------

bool UserAgent::Impl::refuse(const Message& request, const Flow& flow, Time now) {
  return refuse_scheme(request, flow, now) || refuse_method(request, flow, now) ||
         refuse_extensions(request, flow, now) || refuse_hops(request, flow, now);
}

/// RFC 3261 8.2.2.1. A sips URI asks for TLS and for a sips Contact in the answer (12.1.1): there is none
/// here.
bool UserAgent::Impl::refuse_scheme(const Message& request, const Flow& flow, Time now) {
  const auto to = request.to();
  const auto uri = request.uri();
  if (!uri || !equal_ignoring_case(uri->scheme, "sips") || (to && !to->tag.empty())) return false;
  reply(request, flow, response(request, flow, 416), 416, now);
  return true;
}

/// RFC 3261 8.2.1.
bool UserAgent::Impl::refuse_method(const Message& request, const Flow& flow, Time now) {
  if (lists(kAllow, request.method_text(), true)) return false;
  const int status = request.method() == Method::other ? 501 : 405;
  MessageBuilder out = response(request, flow, status);
  out.header(HeaderId::allow, kAllow);
  reply(request, flow, std::move(out), status, now);
  return true;
}

/// RFC 3261 8.2.2.2, 8.2.2.3. Proxy-Require is for proxies.
bool UserAgent::Impl::refuse_extensions(const Message& request, const Flow& flow, Time now) {
  if (transactions.merged(request)) {
    reply(request, flow, response(request, flow, 482), 482, now);
    return true;
  }
  std::string unsupported;
  for (const std::string_view tag : request.values(HeaderId::require))
    if (!lists(kSupported, tag, false)) unsupported.append(unsupported.empty() ? "" : ", ").append(tag);
  if (unsupported.empty()) return false;
  MessageBuilder out = response(request, flow, 420);
  out.header(HeaderId::unsupported, unsupported);
  reply(request, flow, std::move(out), 420, now);
  return true;
}

/// A call may go on to a further hop, so it is for us as for a proxy (RFC 3261 16.3, RFC 7332 4); OPTIONS
/// ends here.
bool UserAgent::Impl::refuse_hops(const Message& request, const Flow& flow, Time now) {
  if (!begins_a_call(request) || request.max_forwards() != 0U) return false;
  reply(request, flow, response(request, flow, 483), 483, now);
  return true;
}

// --- bodies ---------------------------------------------------------------------------------------------

/// RFC 3261 8.2.3. Content-Language is not looked at: SDP has none.
std::optional<std::string_view> UserAgent::Impl::offer_of(const Message& invite, const Flow& flow, Time now) {
  const Body body = read_body(invite);
  if (body.fault != BodyFault::none) {
    refuse_body(invite, flow, body.fault, now);
    return std::nullopt;
  }
  if (accepts_sdp(invite)) return body.sdp;
  MessageBuilder out = response(invite, flow, 406);  // RFC 3261 21.4.7, RFC 4475 3.3.15
  out.header("Warning", "399 " + to_string(flow.local) + " \"An answer has application/sdp\"");
  reply(invite, flow, std::move(out), 406, now);
  return std::nullopt;
}

void UserAgent::Impl::refuse_body(const Message& request, const Flow& flow, BodyFault fault, Time now) {
  if (fault == BodyFault::malformed) {
    rejected(flow, "a multipart body that cannot be taken apart");
    return reply(request, flow, response(request, flow, 400, "Bad Multipart Body"), 400, now);
  }
  MessageBuilder out = response(request, flow, 415);  // RFC 3261 21.4.13
  out.header(HeaderId::accept, kAccept);
  if (fault == BodyFault::encoding) out.header(HeaderId::accept_encoding, "identity");
  reply(request, flow, std::move(out), 415, now);
}

}  // namespace tandem::sip
