// What any request or response must hold (RFC 3261 8.1.1, 8.2, 16.3; the cases of RFC 4475 3.1.2 and 3.3).
#include <algorithm>
#include <array>

#include "sipt/message.h"

namespace tandem::sip {
namespace {

constexpr std::array kMandatory = {HeaderId::via, HeaderId::from, HeaderId::to, HeaderId::call_id,
                                   HeaderId::cseq};
constexpr std::array kOnce = {HeaderId::from, HeaderId::to,           HeaderId::call_id,
                              HeaderId::cseq, HeaderId::max_forwards, HeaderId::content_type};

std::optional<Error> check_once(const Message& message) {
  for (const auto id : kMandatory)
    if (!message.has(id))
      return fail(Errc::missing, message.offset_of(message.body()), header_row(id).name, "is missing")
          .error();
  for (const auto id : kOnce)
    if (message.count(id) > 1)
      return fail(Errc::malformed, message.offset_of(message.value(id)), header_row(id).name, "more than one")
          .error();
  return std::nullopt;
}

/// From and To may have any scheme (RFC 4475 3.3.4); a sip URI must be right.
std::optional<Error> check_address(const Message& message, const Result<AddressView>& address, HeaderId id) {
  if (!address) return address.error();
  const auto uri = split_uri(address->uri);
  if (!uri && address->uri.size() > 3 && equal_ignoring_case(address->uri.substr(0, 3), "sip"))
    return fail(uri.error().code, message.offset_of(address->uri) + uri.error().offset, header_row(id).name,
                uri.error().what)
        .error();
  return std::nullopt;
}

std::optional<Error> check_fields(const Message& message) {
  if (auto error = check_once(message)) return error;
  if (const auto via = message.via(); !via) return via.error();
  if (auto error = check_address(message, message.from(), HeaderId::from)) return error;
  if (auto error = check_address(message, message.to(), HeaderId::to)) return error;
  if (const auto call_id = message.call_id(); !call_id) return call_id.error();
  const auto cseq = message.cseq();
  if (!cseq) return cseq.error();
  // An unknown method is to get its 501 all the same (RFC 4475 3.1.2.18).
  if (message.is_request() && message.method() != Method::other && cseq->method_text != message.method_text())
    return fail(Errc::malformed, message.offset_of(cseq->method_text), "CSeq",
                "method differs from the request's")
        .error();
  // A final response counts whatever its Contact: an INVITE must be acknowledged (RFC
  // 3261 13.2.2.4, 17.1.1.3).
  if (message.has(HeaderId::contact) && (message.is_request() || message.status() < 200)) {
    const auto contact = message.contact();
    if (!contact) return contact.error();
    if (!contact->uri.empty())
      if (auto error = check_address(message, contact, HeaderId::contact)) return error;
  }
  return std::nullopt;
}

/// RFC 3261 21.4.1: the phrase tells what is wrong.
Rejection bad_request(const Error& error) {
  if (error.code == Errc::too_long && error.where == "Request-URI")
    return {414, "Request-URI Too Long", error};
  if (error.code == Errc::too_long) return {513, "Message Too Large", error};
  std::string phrase(error.code == Errc::missing ? "Missing " : "Bad ");
  phrase.append(error.where);
  if (error.code == Errc::missing) return {400, phrase + " header field", error};
  return {400, phrase.append(": ").append(error.what), error};
}

bool supported_version(const Message& message) {
  return equal_ignoring_case(message.version(), "SIP/2.0");
}

}  // namespace

std::optional<Rejection> validate_request(const Message& request, const std::expected<void, Error>& parsed) {
  if (request.is_request() && !supported_version(request) &&
      request.request_uri().find(' ') == std::string_view::npos)
    return Rejection{505,
                     "Version Not Supported",
                     {Errc::unsupported, static_cast<std::uint32_t>(request.offset_of(request.version())),
                      "Request-Line", "version is not SIP/2.0"}};
  if (!parsed) return bad_request(parsed.error());
  if (!request.is_request()) return bad_request({Errc::malformed, 0, "Request-Line", "is not a request"});
  if (const auto error = check_fields(request)) return bad_request(*error);
  const auto uri = request.uri();
  if (!uri) return bad_request(uri.error());
  constexpr std::array<std::string_view, 3> schemes = {"sip", "sips", "tel"};
  if (std::ranges::none_of(schemes,
                           [&](auto s) { return equal_ignoring_case(s, uri->scheme); }))  // RFC 3261 8.2.2.1
    return Rejection{416,
                     "Unsupported URI Scheme",
                     {Errc::unsupported, static_cast<std::uint32_t>(request.offset_of(uri->scheme)),
                      "Request-URI", "scheme is not sip, sips or tel"}};
  if (const auto hops = request.max_forwards(); !hops && hops.error().code != Errc::missing)
    return bad_request(hops.error());
  return std::nullopt;
}

std::optional<Error> validate_response(const Message& response, const std::expected<void, Error>& parsed) {
  if (!parsed) return parsed.error();
  if (!response.is_response()) return Error{Errc::malformed, 0, "Status-Line", "is not a response"};
  if (!supported_version(response))
    return Error{Errc::unsupported, static_cast<std::uint32_t>(response.offset_of(response.version())),
                 "Status-Line", "version is not SIP/2.0"};
  return check_fields(response);
}

}  // namespace tandem::sip
