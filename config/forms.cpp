#include "config/forms.h"

#include <algorithm>
#include <bitset>
#include <charconv>

#include "gateway/media/config.h"

namespace tandem::config {
namespace {

std::unexpected<std::string> wrong(std::string text) {
  return std::unexpected(std::move(text));
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Decimal digits only, without sign; -1: not such a number, or more than `max`.
int number(std::string_view text, int max) {
  int value = 0;
  if (text.empty() || text.size() > 9 || !std::ranges::all_of(text, is_digit)) return -1;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value > max ? -1 : value;
}

bool same_word(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::ranges::equal(a, b, {}, lower, lower);
}

}  // namespace

Form<std::string> parse_name(std::string_view text) {
  const auto fits = [](char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_' ||
           c == '.';
  };
  if (text.empty() || text.size() > 63 || !std::ranges::all_of(text, fits)) {
    return wrong("a name is 1 to 63 letters, digits, \"-\", \"_\" and \".\"");
  }
  return std::string(text);
}

Form<SocketAddress> parse_host(std::string_view text) {
  const auto address = parse_ip(text);
  if (!address) return wrong("write an IP address, as \"192.0.2.1\"; names are not looked up");
  if (address->unspecified()) {
    return wrong(
        "write the address of one interface: peers are told this address, and nobody can send there");
  }
  return *address;
}

Form<SocketAddress> parse_endpoint(std::string_view text, bool any_host) {
  const auto address = parse_socket_address(text);
  if (!address)
    return wrong("write an IP address and a port, as \"192.0.2.1:40001\"; names are not looked up");
  if (address->port == 0) return wrong("write a port from 1 to 65535");
  if (!any_host && address->unspecified()) {
    return wrong(
        "write the address of one interface: peers are told this address, and nobody can send there");
  }
  return *address;
}

Form<sip::ListenAddress> parse_listen(std::string_view text) {
  sip::ListenAddress listen;
  if (text.starts_with("tls:")) return wrong("SIP over TLS is not supported yet: write udp: or tcp:");
  if (text.starts_with("tcp:")) {
    listen.transport = sip::Transport::tcp;
  } else if (!text.starts_with("udp:")) {
    return wrong("write the transport first, as \"udp:192.0.2.1:5060\" or \"tcp:192.0.2.1:5060\"");
  }
  const auto address = parse_endpoint(text.substr(4));
  if (!address) return wrong(address.error());
  listen.address = *address;
  return listen;
}

Form<PeerAddress> parse_peer_address(std::string_view text) {
  PeerAddress peer;
  const auto colon = text.find(':');
  const auto scheme = text.substr(0, colon);
  if (same_word(scheme, "sips")) return wrong("SIP over TLS is not supported yet: write sip:");
  if (colon == std::string_view::npos || !same_word(scheme, "sip")) {
    return wrong("write a SIP URI, as \"sip:192.0.2.1:5060;transport=udp\"");
  }
  text.remove_prefix(colon + 1);
  if (text.contains('@'))
    return wrong("a peer is a machine, not a user: leave out what stands before the \"@\"");
  const auto semicolon = text.find(';');
  const auto host_port = text.substr(0, semicolon);
  auto address = parse_socket_address(host_port);
  if (address) {
    peer.uri.port = address->port;
    if (address->port == 0) return wrong("write a port from 1 to 65535");
  } else {
    address = parse_ip(host_port, 5060);  // RFC 3261 19.1.2
    if (!address)
      return wrong("write an IP address and a port, as \"sip:192.0.2.1:5060\"; names are not looked up");
  }
  if (address->unspecified()) return wrong("nobody is at this address: write the peer's");
  peer.address = *address;
  peer.uri.host = address->host();
  if (semicolon == std::string_view::npos) return peer;
  const auto param = text.substr(semicolon + 1);
  const auto equals = param.find('=');
  if (param.contains(';') || equals == std::string_view::npos ||
      !same_word(param.substr(0, equals), "transport")) {
    return wrong(
        "the only parameter that is known here is transport: write \";transport=udp\" or \";transport=tcp\"");
  }
  const auto transport = param.substr(equals + 1);
  if (same_word(transport, "tls"))
    return wrong("SIP over TLS is not supported yet: write transport=udp or transport=tcp");
  const bool tcp = same_word(transport, "tcp");
  if (!tcp && !same_word(transport, "udp")) return wrong("write transport=udp or transport=tcp");
  peer.transport = tcp ? sip::Transport::tcp : sip::Transport::udp;
  peer.uri.params.push_back({"transport", tcp ? "tcp" : "udp"});
  return peer;
}

Form<std::pair<std::uint16_t, std::uint16_t>> parse_port_range(std::string_view text) {
  const auto dash = text.find('-');
  const auto first = number(text.substr(0, dash), 65535);
  const auto last = dash == std::string_view::npos ? -1 : number(text.substr(dash + 1), 65535);
  if (first < 1 || last < 0) return wrong("write the first and the last port, as \"20000-29999\"");
  if (first % 2 != 0) {
    return wrong("RTP has the even ports, so the first must be even: write " + std::to_string(first + 1) +
                 " or " + std::to_string(first - 1));
  }
  if (last <= first) return wrong("the last port must be above the first: a call takes two");
  return std::pair{static_cast<std::uint16_t>(first), static_cast<std::uint16_t>(last)};
}

Form<std::vector<std::uint8_t>> parse_timeslots(std::string_view text, int last) {
  std::bitset<64> slots;
  for (bool more = true; more;) {
    const auto comma = text.find(',');
    more = comma != std::string_view::npos;
    auto part = text.substr(0, comma);
    if (more) text.remove_prefix(comma + 1);
    while (part.starts_with(' ')) part.remove_prefix(1);
    while (part.ends_with(' ')) part.remove_suffix(1);
    const auto dash = part.find('-');
    const auto from = number(part.substr(0, dash), 999);
    const auto to = dash == std::string_view::npos ? from : number(part.substr(dash + 1), 999);
    if (from < 0 || to < 0) return wrong("write numbers and ranges with commas between, as \"1-15,17-31\"");
    if (to < from) return wrong("a range runs upwards: write the lower number first");
    if (from < 1 || to > last) return wrong("the span has timeslots 1 to " + std::to_string(last));
    for (int slot = from; slot <= to; ++slot) {
      if (slots[static_cast<std::size_t>(slot)]) {
        return wrong("timeslot " + std::to_string(slot) + " is in the list twice");
      }
      slots.set(static_cast<std::size_t>(slot));
    }
  }
  std::vector<std::uint8_t> result;
  for (std::size_t slot = 0; slot < slots.size(); ++slot) {
    if (slots[slot]) result.push_back(static_cast<std::uint8_t>(slot));
  }
  return result;
}

Form<std::vector<std::vector<std::uint8_t>>> parse_span_timeslots(std::string_view text,
                                                                  const std::vector<SpanSize>& spans) {
  std::vector<std::string> lists(spans.size());
  const bool by_span = text.contains(':');
  auto current = spans.size();
  for (bool more = true; more && by_span;) {
    const auto comma = text.find(',');
    more = comma != std::string_view::npos;
    auto part = text.substr(0, comma);
    if (more) text.remove_prefix(comma + 1);
    if (const auto colon = part.rfind(':'); colon != std::string_view::npos) {
      auto name = part.substr(0, colon);
      while (name.starts_with(' ')) name.remove_prefix(1);
      const auto it = std::ranges::find(spans, name, &SpanSize::name);
      if (it == spans.end()) return wrong("the trunk has no span \"" + std::string(name) + '"');
      current = static_cast<std::size_t>(it - spans.begin());
      part.remove_prefix(colon + 1);
    }
    if (current == spans.size()) return wrong("name the span first, as \"" + spans.front().name + ":1-15\"");
    if (!lists[current].empty()) lists[current] += ',';
    lists[current] += part;
  }
  std::vector<std::vector<std::uint8_t>> result;
  for (std::size_t i = 0; i < spans.size(); ++i) {
    if (by_span && lists[i].empty()) return wrong("it names no timeslot of span \"" + spans[i].name + '"');
    auto parsed = parse_timeslots(by_span ? std::string_view(lists[i]) : text, spans[i].last);
    if (!parsed) return wrong(std::move(parsed.error()));
    result.push_back(std::move(*parsed));
  }
  return result;
}

Form<SpanTimeslot> parse_span_timeslot(std::string_view text) {
  const auto colon = text.rfind(':');
  const auto slot = colon == std::string_view::npos ? -1 : number(text.substr(colon + 1), 255);
  if (slot < 0 || colon == 0) return wrong("write span and timeslot, as \"e1-1:16\"");
  return SpanTimeslot{std::string(text.substr(0, colon)), static_cast<std::uint8_t>(slot)};
}

Form<std::string> parse_country_code(std::string_view text) {
  if (text.size() > 3 || !std::ranges::all_of(text, is_digit) || text.starts_with('0')) {
    return wrong("a country code is one to three digits without \"+\" or \"00\", as \"44\"");
  }
  return std::string(text);
}

Form<std::string> parse_tone_country(std::string_view text) {
  const auto known = media::tone_countries();
  if (std::ranges::find(known, text) == known.end())
    return wrong(
        "write a country by the two letters of ISO 3166, as \"de\", or \"itu\"; `tandem config-reference` "
        "lists those there are");
  return std::string(text);
}

}  // namespace tandem::config
