#include "sipt/dialog.h"

#include <algorithm>
#include <ranges>

namespace tandem::sip {
namespace {

constexpr std::uint16_t kDefaultPort = 5060;  // RFC 3261 19.1.2

std::string with_tag(std::string_view value, std::string_view tag) {
  std::string out(value);
  return out.append(";tag=").append(tag);
}

void take_contact(std::string& target, const Message& message) {
  if (has_sip_contact(message)) target = message.contact()->uri;
}

std::vector<std::string> record_route(const Message& message) {
  std::vector<std::string> routes;
  for (const std::string_view value : message.values(HeaderId::record_route)) routes.emplace_back(value);
  return routes;
}

/// RFC 3261 12.2.1.1, 16.12: a first route without ;lr is a strict router of RFC 2543.
bool strict(const AddressView& route) {
  const auto uri = split_uri(route.uri);
  return uri && !uri->params.find("lr");
}

/// A Request-URI has neither a method parameter nor headers (RFC 3261 19.1.1).
std::string_view without_headers(std::string_view uri) {
  return uri.substr(0, uri.find('?'));
}

/// The listening address of that transport and address family.
const SocketAddress* leave_from(std::span<const ListenAddress> listen, Transport transport, bool v6) {
  const auto found = std::ranges::find_if(
      listen, [&](const ListenAddress& l) { return l.transport == transport && l.address.v6 == v6; });
  return found == listen.end() ? nullptr : &found->address;
}

}  // namespace

bool is_sip_uri(std::string_view text) {
  const auto uri = split_uri(text);
  return uri && (equal_ignoring_case(uri->scheme, "sip") || equal_ignoring_case(uri->scheme, "sips"));
}

bool has_sip_contact(const Message& message) {
  const auto contact = message.contact();
  return contact && is_sip_uri(contact->uri);
}

Dialog dialog_of_request(const Message& invite, std::string_view local_tag, const Flow& flow) {
  Dialog dialog;
  dialog.call_id = invite.call_id().value_or("");
  dialog.local_tag = local_tag;
  if (const auto from = invite.from()) dialog.remote_tag = from->tag;
  dialog.local = with_tag(invite.value(HeaderId::to), local_tag);
  dialog.remote = invite.value(HeaderId::from);
  if (const auto from = invite.from())
    dialog.remote_target = from->uri;  // RFC 2543, where Contact is missing
  take_contact(dialog.remote_target, invite);
  dialog.route_set = record_route(invite);
  if (const auto cseq = invite.cseq()) dialog.remote_cseq = cseq->number;
  dialog.flow = flow;
  return dialog;
}

Dialog dialog_of_response(const Message& response, std::string_view target, const Flow& flow) {
  Dialog dialog;
  dialog.call_id = response.call_id().value_or("");
  if (const auto from = response.from()) dialog.local_tag = from->tag;
  if (const auto to = response.to()) dialog.remote_tag = to->tag;
  dialog.local = response.value(HeaderId::from);
  dialog.remote = response.value(HeaderId::to);
  dialog.remote_target = target;
  take_contact(dialog.remote_target, response);
  dialog.route_set = record_route(response);
  std::ranges::reverse(dialog.route_set);
  if (const auto cseq = response.cseq()) dialog.local_cseq = cseq->number;
  dialog.flow = flow;
  return dialog;
}

bool belongs_to(const Message& request, const Dialog& dialog) {
  const auto from = request.from();
  const auto to = request.to();
  const auto call_id = request.call_id();
  return from && to && call_id && *call_id == dialog.call_id && to->tag == dialog.local_tag &&
         from->tag == dialog.remote_tag;
}

bool accept_cseq(Dialog& dialog, std::uint32_t number) {
  // An equal number is no retransmission, as the transaction would have taken that.
  if (dialog.remote_cseq && number <= *dialog.remote_cseq) return false;
  dialog.remote_cseq = number;
  return true;
}

void refresh_target(Dialog& dialog, const Message& message) {
  take_contact(dialog.remote_target, message);
}

Flow next_hop(const Dialog& dialog, std::span<const ListenAddress> listen) {
  std::string_view text = dialog.remote_target;
  if (!dialog.route_set.empty()) {
    const auto route = split_address(dialog.route_set.front());
    if (!route) return dialog.flow;
    text = route->uri;
  }
  const auto uri = split_uri(text);
  if (!uri) return dialog.flow;
  const auto address = parse_ip(uri->host, uri->port == 0 ? kDefaultPort : uri->port);
  if (!address) return dialog.flow;

  Flow hop = dialog.flow;
  hop.remote = *address;
  const auto named = uri->params.find("transport");
  const bool same_host = address->ip == dialog.flow.remote.ip && address->v6 == dialog.flow.remote.v6;
  // RFC 3263 4.1 has UDP where nothing is said, but a peer that called on TCP is called back on it.
  if (!named && same_host) return hop;
  hop.transport = named && equal_ignoring_case(*named, "tcp") ? Transport::tcp : Transport::udp;
  if (hop.transport == dialog.flow.transport && same_host) return hop;
  hop.connection = 0;
  if (hop.transport == dialog.flow.transport && address->v6 == dialog.flow.local.v6) return hop;
  const SocketAddress* local = leave_from(listen, hop.transport, address->v6);
  if (local == nullptr) return dialog.flow;
  hop.local = *local;
  return hop;
}

MessageBuilder request_in(const Dialog& dialog, std::string_view method, std::uint32_t cseq,
                          std::string_view branch, const Flow& hop) {
  const auto first =
      dialog.route_set.empty() ? std::nullopt : std::optional(split_address(dialog.route_set.front()));
  const bool strict_router = first && *first && strict(**first);
  MessageBuilder out =
      MessageBuilder::request(method, strict_router ? without_headers((*first)->uri) : dialog.remote_target);
  out.via(hop.transport, hop.local, branch).header(HeaderId::max_forwards, 70U);
  for (const auto& route : dialog.route_set | std::views::drop(strict_router ? 1 : 0))
    out.header(HeaderId::route, route);
  if (strict_router) out.header(HeaderId::route, "<" + dialog.remote_target + ">");
  out.header(HeaderId::from, dialog.local).header(HeaderId::to, dialog.remote);
  return out.header(HeaderId::call_id, dialog.call_id).cseq(cseq, method);
}

}  // namespace tandem::sip
