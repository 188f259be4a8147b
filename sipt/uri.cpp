// RFC 3261 19.1 and RFC 3966: URIs as values.
#include <algorithm>

#include "sipt/chars.h"
#include "sipt/values.h"
#include "sipt/views.h"

namespace tandem::sip {
namespace {

constexpr std::string_view kUserReserved = "&=+$,;?/";  // RFC 3261 25.1 user-unreserved
constexpr std::string_view kPasswordReserved = "&=+$,";
constexpr std::string_view kParamReserved = "[]/:&+$";  // param-unreserved

int hex_value(char c) {
  if (is(c, chars::kDigit)) return c - '0';
  return lower(c) - 'a' + 10;
}

/// `text` has been checked: two hex digits behind each %.
std::string unescape(std::string_view text) {
  std::string plain;
  plain.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      plain.push_back(text[i]);
      continue;
    }
    plain.push_back(static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2])));
    i += 2;
  }
  return plain;
}

void append_escaped(std::string& out, std::string_view text, std::string_view reserved) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  for (const char c : text) {
    if (is(c, chars::kUnreserved) || reserved.find(c) != std::string_view::npos) {
      out.push_back(c);
    } else {
      const auto octet = static_cast<unsigned char>(c);
      out.push_back('%');
      out.push_back(digits[octet >> 4]);
      out.push_back(digits[octet & 15U]);
    }
  }
}

bool has_authority(const Uri& uri) {
  return uri.scheme == "sip" || uri.scheme == "sips";
}

void append_params(std::string& out, const Params& params) {
  for (const auto& param : params) {
    out.push_back(';');
    append_escaped(out, param.name, kParamReserved);
    if (!param.value) continue;
    out.push_back('=');
    append_escaped(out, *param.value, kParamReserved);
  }
}

/// Number without the visual separators of RFC 3966 5.1.1.
std::string dialled(std::string_view number) {
  std::string digits;
  for (const char c : number)
    if (std::string_view("-.()").find(c) == std::string_view::npos) digits.push_back(lower(c));
  return digits;
}

/// RFC 3261 19.1.4: user, ttl, method, maddr and transport must be in both or in neither.
bool counts_when_alone(std::string_view name) {
  constexpr std::string_view names[] = {"user", "ttl", "method", "maddr", "transport"};
  return std::ranges::any_of(names, [&](auto n) { return equal_ignoring_case(n, name); });
}

bool params_agree(const Params& a, const Params& b, bool all_count) {
  return std::ranges::all_of(a, [&](const Param& param) {
    const Param* other = find_param(b, param.name);
    if (other == nullptr) return !all_count && !counts_when_alone(param.name);
    return equal_ignoring_case(param.value.value_or(""), other->value.value_or(""));
  });
}

/// The components behind '?' in any order.
bool headers_agree(std::string_view a, std::string_view b) {
  const auto parts = [](std::string_view text) {
    std::vector<std::string> all;
    ValueList list(text, '&');
    while (const auto one = list.next()) {
      std::string part(*one);
      const auto name_end = std::min(part.find('='), part.size());
      std::transform(part.begin(), part.begin() + static_cast<std::ptrdiff_t>(name_end), part.begin(), lower);
      all.push_back(std::move(part));
    }
    std::ranges::sort(all);
    return all;
  };
  return parts(a) == parts(b);
}

}  // namespace

Result<Uri> parse_uri(std::string_view text) {
  const auto view = split_uri(text);
  if (!view) return std::unexpected(view.error());
  Uri uri;
  uri.scheme = view->scheme;
  std::ranges::transform(uri.scheme, uri.scheme.begin(), lower);
  const bool known = has_authority(uri) || uri.scheme == "tel";
  uri.user = known ? unescape(view->user) : std::string(view->user);
  uri.password = unescape(view->password);
  uri.host = view->host;
  uri.port = view->port;
  uri.headers = view->headers;
  for (ParamCursor param(view->params.text()); param.next();) {
    Param& copy = uri.params.emplace_back();
    copy.name = unescape(param.name);
    if (param.value) copy.value = unescape(*param.value);
  }
  return uri;
}

std::string to_string(const Uri& uri) {
  std::string out = uri.scheme + ":";
  if (!has_authority(uri)) {
    if (uri.scheme != "tel") return out.append(uri.user);
    append_escaped(out, uri.user, "+");
    append_params(out, uri.params);
    return out;
  }
  if (!uri.user.empty()) {
    append_escaped(out, uri.user, kUserReserved);
    if (!uri.password.empty()) {
      out.push_back(':');
      append_escaped(out, uri.password, kPasswordReserved);
    }
    out.push_back('@');
  }
  const bool v6 = uri.host.find(':') != std::string::npos;
  out.append(v6 ? "[" : "").append(uri.host).append(v6 ? "]" : "");
  if (uri.port != 0) out.append(":").append(std::to_string(uri.port));
  append_params(out, uri.params);
  if (!uri.headers.empty()) out.append("?").append(uri.headers);
  return out;
}

bool equivalent(const Uri& a, const Uri& b) {
  if (a == b) return true;  // also where a parameter is there twice, which has no rule
  if (a.scheme != b.scheme) return false;
  if (a.scheme == "tel")
    return dialled(a.user) == dialled(b.user) && params_agree(a.params, b.params, true) &&
           params_agree(b.params, a.params, true);
  if (!has_authority(a)) return a.user == b.user;
  return a.user == b.user && a.password == b.password && equal_ignoring_case(a.host, b.host) &&
         a.port == b.port && params_agree(a.params, b.params, false) &&
         params_agree(b.params, a.params, false) && headers_agree(a.headers, b.headers);
}

}  // namespace tandem::sip
