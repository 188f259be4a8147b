#pragma once
// The forms in which strings of the configuration are written.
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/base/address.h"
#include "sipt/config.h"

namespace tandem::config {

/// Each gives a value, or what is wrong and what to write, to stand after the text in quotation marks.
template <class T>
using Form = std::expected<T, std::string>;

/// Letters, digits, '-', '_' and '.', at most 63: names appear in commands and records.
Form<std::string> parse_name(std::string_view text);
/// "192.0.2.1" or "2001:db8::1", a definite address.
Form<SocketAddress> parse_host(std::string_view text);
/// "192.0.2.1:40001", a definite port; `any_host`: 0.0.0.0 will do.
Form<SocketAddress> parse_endpoint(std::string_view text, bool any_host = false);
/// "udp:192.0.2.1:5060".
Form<sip::ListenAddress> parse_listen(std::string_view text);

struct PeerAddress {
  sip::Uri uri;
  sip::Transport transport = sip::Transport::udp;
  SocketAddress address;
};
/// "sip:192.0.2.1:5060;transport=udp".
Form<PeerAddress> parse_peer_address(std::string_view text);
/// "20000-29999": the first even, two at least.
Form<std::pair<std::uint16_t, std::uint16_t>> parse_port_range(std::string_view text);
/// "1-15,17-31" within 1 to `last`; ascending.
Form<std::vector<std::uint8_t>> parse_timeslots(std::string_view text, int last);

/// A span's name and its highest timeslot.
struct SpanSize {
  std::string name;
  int last = 0;
};
/// "1-15,17-31": of each span; "e1-1:1-15,17-31,e1-2:1-31": by span, each named. By span, ascending.
Form<std::vector<std::vector<std::uint8_t>>> parse_span_timeslots(std::string_view text,
                                                                  const std::vector<SpanSize>& spans);

struct SpanTimeslot {
  std::string span;
  std::uint8_t timeslot = 0;
};
/// "e1-1:16".
Form<SpanTimeslot> parse_span_timeslot(std::string_view text);
/// One to three digits, or nothing.
Form<std::string> parse_country_code(std::string_view text);
/// "itu", or a country of ISO 3166 in lower case, as "de".
Form<std::string> parse_tone_country(std::string_view text);

}  // namespace tandem::config
