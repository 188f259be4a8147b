#include "sipt/values.h"

#include <algorithm>
#include <array>

#include "sipt/chars.h"
#include "sipt/message.h"
#include "sipt/views.h"

namespace tandem::sip {
namespace {

/// RFC 8606 3: the location codes of Q.850 by value.
constexpr std::array<std::string_view, 16> kLocations = {
    "U",     "LPN",   "LN", "TN",     "RLN",    "RPN",    "LOC-6",  "INTL",
    "LOC-8", "LOC-9", "BI", "LOC-11", "LOC-12", "LOC-13", "LOC-14", "LOC-15"};

/// A header parameter's value as it can stand: token or host, else quoted (RFC 3261 25.1 gen-value).
std::string value_text(std::string_view value) {
  const bool plain = !value.empty() && std::ranges::all_of(value, [](char c) {
    return is(c, chars::kToken | chars::kHost) || c == '[' || c == ']' || c == ':';
  });
  return plain ? std::string(value) : quote(value);
}

}  // namespace

const Param* find_param(const Params& params, std::string_view name) {
  const auto found =
      std::ranges::find_if(params, [&](const Param& p) { return equal_ignoring_case(p.name, name); });
  return found == params.end() ? nullptr : &*found;
}

std::string to_string(const NameAddr& address) {
  std::string out;
  if (!address.display.empty()) out = quote(address.display) + " ";
  out.append("<").append(to_string(address.uri)).append(">");
  for (const auto& param : address.params) {
    out.append(";").append(param.name);
    if (param.value) out.append("=").append(value_text(*param.value));
  }
  return out;
}

Result<NameAddr> parse_name_addr(std::string_view text) {
  const auto view = split_address(text);
  if (!view) return std::unexpected(view.error());
  if (view->uri.empty()) return fail(Errc::malformed, 0, "address", "no URI with a scheme");
  auto uri = parse_uri(view->uri);
  if (!uri) {
    uri.error().offset += static_cast<std::uint32_t>(view->uri.data() - text.data());
    return std::unexpected(uri.error());
  }
  NameAddr address{.display = unquote(view->display), .uri = std::move(*uri), .params = {}};
  for (ParamCursor param(view->params.text()); param.next();) {
    if (!all_are(param.name, chars::kToken))
      return fail(Errc::malformed, static_cast<std::size_t>(param.name.data() - text.data()), "address",
                  "parameter name");
    Param& copy = address.params.emplace_back();
    copy.name = param.name;
    if (param.value) copy.value = unquote(*param.value);
  }
  return address;
}

Result<std::vector<NameAddr>> parse_name_addrs(std::string_view text) {
  std::vector<NameAddr> all;
  ValueList list(text);
  while (const auto one = list.next()) {
    const auto at = static_cast<std::uint32_t>(one->data() - text.data());
    if (all.size() == kMaxValues) return fail(Errc::too_long, at, "address", "too many values");
    auto address = parse_name_addr(*one);
    if (!address) {
      address.error().offset += at;
      return std::unexpected(address.error());
    }
    all.push_back(std::move(*address));
  }
  return all;
}

std::string to_string(const Reason& reason) {
  std::string out = reason.protocol + ";cause=" + std::to_string(reason.cause);
  if (!reason.text.empty()) out.append(";text=").append(quote(reason.text));
  if (reason.location) out.append(";location=").append(kLocations[*reason.location & 15U]);
  return out;
}

Result<Reason> parse_reason(std::string_view text) {
  const auto semicolon = std::min(text.find(';'), text.size());
  Reason reason{
      .protocol = std::string(trim(text.substr(0, semicolon))), .cause = 0, .text = {}, .location = {}};
  if (reason.protocol.empty() || !all_are(reason.protocol, chars::kToken))
    return fail(Errc::malformed, 0, "Reason", "no protocol");
  for (ParamCursor param(text.substr(semicolon)); param.next();) {
    const auto value = param.value.value_or(std::string_view{});
    if (equal_ignoring_case(param.name, "cause")) {
      const auto cause = to_number(value, 999);
      if (!cause)
        return fail(Errc::malformed, static_cast<std::size_t>(param.name.data() - text.data()), "Reason",
                    "cause");
      reason.cause = static_cast<int>(*cause);
    } else if (equal_ignoring_case(param.name, "text")) {
      reason.text = unquote(value);
    } else if (equal_ignoring_case(param.name, "location")) {
      const auto* found =
          std::ranges::find_if(kLocations, [&](auto l) { return equal_ignoring_case(l, value); });
      if (found != kLocations.end()) reason.location = static_cast<std::uint8_t>(found - kLocations.begin());
    }
  }
  return reason;
}

std::vector<Reason> parse_reasons(std::string_view text) {
  std::vector<Reason> all;
  ValueList list(text);
  while (const auto one = list.next()) {
    if (all.size() == kMaxValues) break;
    if (auto reason = parse_reason(*one)) all.push_back(std::move(*reason));
  }
  return all;
}

}  // namespace tandem::sip
