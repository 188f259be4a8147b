#include "sipt/views.h"

#include <algorithm>
#include <utility>

#include "sipt/chars.h"
#include "sipt/scan.h"

namespace tandem::sip {
namespace {

constexpr auto npos = std::string_view::npos;
constexpr std::string_view kGap = "nothing between two semicolons";  // RFC 4475 3.1.2.1

/// Position behind the quoted string that starts at `at`; npos when it does not end.
std::size_t skip_quoted(std::string_view text, std::size_t at) {
  for (++at;; at += 2) {
    at = find_any<'"', '\\'>(text, at);
    if (at >= text.size()) return npos;
    if (text[at] == '"') return at + 1;
    if (at + 2 > text.size()) return npos;
  }
}

std::size_t skip_lws(std::string_view text, std::size_t at) {
  while (at < text.size() && is(text[at], chars::kLws)) ++at;
  return at;
}

std::size_t skip_class(std::string_view text, std::size_t at, std::uint8_t classes) {
  while (at < text.size() && is(text[at], classes)) ++at;
  return at;
}

/// Reads "host[:port]" from `at` on; gives the position behind it.
Result<std::size_t> read_host_port(std::string_view text, std::size_t at, std::string_view where,
                                   std::string_view& host, std::uint16_t& port) {
  if (at < text.size() && text[at] == '[') {  // RFC 3261 25.1 IPv6reference
    const auto end = text.find(']', at);
    if (end == npos) return fail(Errc::malformed, at, where, "no ] behind the IPv6 address");
    host = text.substr(at + 1, end - at - 1);
    for (std::size_t i = 0; i < host.size(); ++i)
      if (!is(host[i], chars::kHex) && host[i] != ':' && host[i] != '.')
        return fail(Errc::malformed, at + 1 + i, where, "not an IPv6 address");
    if (host.find(':') == npos) return fail(Errc::malformed, at + 1, where, "not an IPv6 address");
    at = end + 1;
  } else {
    const auto end = skip_class(text, at, chars::kHost);
    host = text.substr(at, end - at);
    if (host.empty()) return fail(Errc::malformed, at, where, "no host");
    at = end;
  }
  const auto colon = skip_lws(text, at);
  if (colon == text.size() || text[colon] != ':') return at;
  const auto start = skip_lws(text, colon + 1);
  const auto end = skip_class(text, start, chars::kDigit);
  const auto number = to_number(text.substr(start, end - start), 65535);
  if (!number || *number == 0) return fail(Errc::out_of_range, start, where, "port is not 1 to 65535");
  port = static_cast<std::uint16_t>(*number);
  return end;
}

}  // namespace

std::optional<std::uint32_t> to_number(std::string_view text, std::uint32_t limit) {
  std::uint64_t value = 0;
  for (const char c : text) {
    if (!is(c, chars::kDigit)) return std::nullopt;
    value = value * 10 + static_cast<std::uint64_t>(c - '0');
    if (value > limit) return std::nullopt;
  }
  if (text.empty()) return std::nullopt;
  return static_cast<std::uint32_t>(value);
}

std::optional<std::string_view> ValueList::next() {
  while (!rest_.empty()) {
    std::size_t at = rest_.find(separator_);
    // Most values stand alone; only where there is a separator do quotes and <> matter.
    if (at != npos) at = end_of_value();
    const auto value = trim(rest_.substr(0, at));
    rest_.remove_prefix(at >= rest_.size() ? rest_.size() : at + 1);
    if (!value.empty()) return value;
  }
  return std::nullopt;
}

/// Position of the next separator outside quotes and <>, or the end.
std::size_t ValueList::end_of_value() const {
  for (std::size_t at = 0; at < rest_.size(); ++at) {
    const char c = rest_[at];
    if (c == separator_) return at;
    if (c == '"') {
      at = skip_quoted(rest_, at);
      if (at == npos) break;
      --at;
    } else if (c == '<') {
      at = rest_.find('>', at);
      if (at == npos) break;
    }
  }
  return rest_.size();
}

bool ParamCursor::next() {
  while (!rest_.empty()) {
    std::size_t at = find_any<';', '=', '"'>(rest_, 0);
    const std::size_t name_end = at;
    const bool has_value = at < rest_.size() && rest_[at] == '=';
    while (at < rest_.size() && rest_[at] != ';') {
      const bool quoted = rest_[at] == '"';
      at = quoted ? std::min(skip_quoted(rest_, at), rest_.size()) : at + 1;
      at = find_any<';', '"'>(rest_, at);
    }
    name = trim(rest_.substr(0, has_value ? name_end : at));
    value.reset();
    if (has_value) value = trim(rest_.substr(name_end + 1, at - name_end - 1));
    rest_.remove_prefix(std::min(at + 1, rest_.size()));
    const bool first = std::exchange(fresh_, false);  // what is before the first semicolon
    if (!name.empty()) return true;
    if (!first) gap = true;
  }
  return false;
}

std::optional<std::string_view> ParamsView::find(std::string_view name) const {
  for (ParamCursor param(text_); param.next();)
    if (equal_ignoring_case(param.name, name)) return param.value.value_or(std::string_view{});
  return std::nullopt;
}

std::string unquote(std::string_view text) {
  const bool quoted = text.size() >= 2 && text.front() == '"' && text.back() == '"';
  if (quoted) text = text.substr(1, text.size() - 2);
  std::string plain;
  plain.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n') continue;  // a fold is one blank
    if (text[i] == '\r' || text[i] == '\n') {
      while (i + 1 < text.size() && is(text[i + 1], chars::kLws)) ++i;
      plain.push_back(' ');
      continue;
    }
    if (quoted && text[i] == '\\' && i + 1 < text.size()) ++i;
    plain.push_back(text[i]);
  }
  return plain;
}

std::string quote(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted.push_back('\\');
    quoted.push_back(c == '\r' || c == '\n' ? ' ' : c);
  }
  return quoted.append("\"");
}

Result<UriView> split_uri(std::string_view text) {
  UriView uri;
  const auto colon = find_any<':'>(text, 0);
  if (colon == text.size() || colon == 0 || !is(text[0], chars::kAlpha))
    return fail(Errc::malformed, 0, "URI", "no scheme");
  uri.scheme = text.substr(0, colon);
  for (std::size_t i = 0; i < colon; ++i)
    if (!is(text[i], chars::kAlpha | chars::kDigit) && text[i] != '+' && text[i] != '-' && text[i] != '.')
      return fail(Errc::malformed, i, "URI", "no scheme");
  for (std::size_t i = colon + 1; i < text.size(); ++i) {
    if (is(text[i], chars::kUnreserved)) continue;
    if (!is(text[i], chars::kUri)) return fail(Errc::malformed, i, "URI", "character not allowed in a URI");
    if (text[i] == '%' &&
        (i + 2 >= text.size() || !is(text[i + 1], chars::kHex) || !is(text[i + 2], chars::kHex)))
      return fail(Errc::malformed, i, "URI", "% without two hex digits");
  }
  std::size_t at = colon + 1;
  if (equal_ignoring_case(uri.scheme, "tel")) {  // RFC 3966 3
    const auto semicolon = find_any<';'>(text, at);
    uri.user = text.substr(at, semicolon - at);
    if (uri.user.empty()) return fail(Errc::malformed, at, "URI", "no number");
    uri.params = ParamsView(text.substr(semicolon));
    return uri;
  }
  if (!equal_ignoring_case(uri.scheme, "sip") && !equal_ignoring_case(uri.scheme, "sips")) {
    uri.user = text.substr(at);
    if (uri.user.empty()) return fail(Errc::malformed, at, "URI", "nothing behind the scheme");
    return uri;
  }
  if (const auto sign = find_any<'@'>(text, at); sign != text.size()) {
    if (const auto second = find_any<'@'>(text, sign + 1); second != text.size())
      return fail(Errc::malformed, second, "URI", "a second @");
    const auto info = text.substr(at, sign - at);
    const auto separator = find_any<':'>(info, 0);
    uri.user = info.substr(0, separator);
    if (separator < info.size()) uri.password = info.substr(separator + 1);
    if (uri.user.empty()) return fail(Errc::malformed, at, "URI", "no user before @");
    at = sign + 1;
  }
  const auto behind = read_host_port(text, at, "URI", uri.host, uri.port);
  if (!behind) return std::unexpected(behind.error());
  at = *behind;
  if (at < text.size() && text[at] != ';' && text[at] != '?')
    return fail(Errc::malformed, at, "URI", "character not allowed in a host");
  const auto query = find_any<'?'>(text, at);
  uri.params = ParamsView(text.substr(at, query - at));
  if (query < text.size()) uri.headers = text.substr(query + 1);
  return uri;
}

Result<AddressView> split_address(std::string_view text) {
  AddressView address;
  std::size_t at = skip_lws(text, 0);
  if (at + 1 == text.size() && text[at] == '*') return address;  // RFC 3261 20.10, Contact of a REGISTER
  std::size_t angle = text.size();
  if (at < text.size() && text[at] == '"') {
    const auto end = skip_quoted(text, at);
    if (end == npos) return fail(Errc::malformed, at, "address", "quoted string does not end");
    address.display = text.substr(at, end - at);
    angle = skip_lws(text, end);
    if (angle == text.size() || text[angle] != '<')
      return fail(Errc::malformed, angle, "address", "no < behind the display name");
  } else if (angle = find_any<'<'>(text, at); angle != text.size()) {
    address.display = trim(text.substr(at, angle - at));
  }
  std::size_t behind = 0;
  if (angle != text.size()) {
    const auto end = find_any<'>'>(text, angle);
    if (end == text.size()) return fail(Errc::malformed, angle, "address", "no > behind the URI");
    address.uri = text.substr(angle + 1, end - angle - 1);
    at = angle + 1;
    behind = end + 1;
  } else {
    behind = find_any<';'>(text, at);
    address.uri = trim(text.substr(at, behind - at));
    // RFC 3261 20.10: a URI with comma, question mark or semicolon must stand in <>.
    if (const auto bad = address.uri.find_first_of(",?"); bad != npos)
      return fail(Errc::malformed, at + bad, "address", "a URI with , or ? outside <>");
  }
  std::size_t scheme = 0;
  while (scheme < address.uri.size() &&
         (is(address.uri[scheme], chars::kToken) && address.uri[scheme] != '%'))
    ++scheme;
  if (scheme == 0 || scheme == address.uri.size() || address.uri[scheme] != ':')
    return fail(Errc::malformed, at, "address", "no URI with a scheme");
  if (const auto blank = find_any<' ', '\t', '\r', '\n'>(address.uri, scheme); blank != address.uri.size())
    return fail(Errc::malformed, at + blank, "address", "blank in the URI");
  behind = skip_lws(text, behind);
  if (behind < text.size() && text[behind] != ';')
    return fail(Errc::malformed, behind, "address", "neither ; nor end behind the URI");
  address.params = ParamsView(text.substr(behind));
  ParamCursor param(address.params.text());
  while (param.next())
    if (address.tag.empty() && equal_ignoring_case(param.name, "tag"))
      address.tag = param.value.value_or(std::string_view{});
  if (param.gap) return fail(Errc::malformed, behind, "address", kGap);
  return address;
}

Result<ViaView> split_via(std::string_view text) {
  ViaView via;
  via.text = text;
  std::size_t at = 0;
  // sent-protocol = "SIP" SLASH "2.0" SLASH transport; SLASH has white space around it
  for (int part = 0; part < 3; ++part) {
    const auto start = skip_lws(text, at);
    const auto end = skip_class(text, start, chars::kToken);
    const auto token = text.substr(start, end - start);
    if (part == 0 && !equal_ignoring_case(token, "SIP"))
      return fail(Errc::malformed, start, "Via", "no SIP/2.0");
    if (part == 1 && token != "2.0") return fail(Errc::unsupported, start, "Via", "protocol version");
    if (part == 2) via.transport = token;
    if (token.empty()) return fail(Errc::malformed, start, "Via", "no transport");
    at = end;
    if (part == 2) break;
    at = skip_lws(text, at);
    if (at == text.size() || text[at] != '/') return fail(Errc::malformed, at, "Via", "no / in the protocol");
    ++at;
  }
  if (at == text.size() || !is(text[at], chars::kLws)) return fail(Errc::malformed, at, "Via", "no sent-by");
  const auto behind = read_host_port(text, skip_lws(text, at), "Via", via.host, via.port);
  if (!behind) return std::unexpected(behind.error());
  at = skip_lws(text, *behind);
  if (at == text.size()) return via;
  if (text[at] != ';') return fail(Errc::malformed, at, "Via", "neither ; nor end behind sent-by");
  via.params = ParamsView(text.substr(at));
  ParamCursor param(via.params.text());
  while (param.next()) {
    const auto value = param.value.value_or(std::string_view{});
    if (equal_ignoring_case(param.name, "branch")) {
      via.branch = value;
    } else if (equal_ignoring_case(param.name, "rport")) {
      via.rport = value;
    } else if (equal_ignoring_case(param.name, "received")) {
      via.received = value;
    } else if (equal_ignoring_case(param.name, "maddr")) {
      via.maddr = value;
    }
  }
  if (param.gap) return fail(Errc::malformed, at, "Via", kGap);
  return via;
}

Result<MediaTypeView> split_media_type(std::string_view text) {
  MediaTypeView media;
  auto end = skip_class(text, 0, chars::kToken);
  media.type = text.substr(0, end);
  if (media.type.empty()) return fail(Errc::malformed, 0, "Content-Type", "no type");
  end = skip_lws(text, end);
  if (end == text.size() || text[end] != '/') return fail(Errc::malformed, end, "Content-Type", "no /");
  const auto start = skip_lws(text, end + 1);
  end = skip_class(text, start, chars::kToken);
  media.subtype = text.substr(start, end - start);
  if (media.subtype.empty()) return fail(Errc::malformed, start, "Content-Type", "no subtype");
  end = skip_lws(text, end);
  if (end < text.size() && text[end] != ';')
    return fail(Errc::malformed, end, "Content-Type", "neither ; nor end behind the type");
  media.params = ParamsView(text.substr(end));
  return media;
}

}  // namespace tandem::sip
