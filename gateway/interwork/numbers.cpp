#include "gateway/interwork/numbers.h"

#include <algorithm>

#include "gateway/interwork/q931_codes.h"
#include "gateway/interwork/text.h"

namespace tandem::interwork {

namespace {

constexpr std::string_view kWhere = "telephone number";

struct Address {
  std::string digits;
  isup::NatureOfAddress nature = isup::NatureOfAddress::unknown;
};

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
constexpr bool is_separator(char c) {
  return c == '-' || c == '.' || c == '(' || c == ')';
}  // RFC 3966 3

/// The address signals of `text`, which stands at `offset` of the user part.
Result<std::string> read_signals(std::string_view text, std::size_t offset, bool global) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (is_separator(c)) continue;
    if (is_digit(c))
      out += c;
    else if (c == '*' && !global)  // RFC 3966 3: phonedigit-hex; its letters cannot be told from names
      out += 'B';
    else if (c == '#' && !global)
      out += 'C';
    else
      return fail(Errc::missing, offset + i, kWhere, "not a digit");
    if (out.size() > kMaxDigits) return fail(Errc::too_long, offset + i, kWhere, "too many digits");
  }
  if (out.empty()) return fail(Errc::malformed, offset, kWhere, "no digits");
  return out;
}

/// RFC 3966 5.1.5: who places a call to a local number must understand its context. A domain name is the
/// peer's own plan, which the routes know; a number must lie in our country.
bool understood(std::string_view context, const NumberPlan& plan) {
  if (!context.starts_with('+') || plan.country_code.empty()) return true;
  const auto digits = read_signals(context.substr(1), 0, true);
  return digits && digits->starts_with(plan.country_code);
}

Result<Address> read_address(const sip::Uri& uri, const NumberPlan& plan) {
  if (!same_token(uri.scheme, "sip") && !same_token(uri.scheme, "sips") && !same_token(uri.scheme, "tel"))
    return fail(Errc::missing, 0, kWhere, "not a URI that holds one");
  const std::string_view user = uri.user;
  const auto end = std::min(user.find(';'), user.size());
  if (end == 0) return fail(Errc::missing, 0, kWhere, "no user part");
  const bool global = user[0] == '+';
  const std::size_t start = global ? 1 : 0;
  auto signals = read_signals(user.substr(start, end - start), start, global);
  if (!signals) return std::unexpected(signals.error());
  if (!global) {
    if (!understood(user_param(uri, "phone-context").value_or(""), plan))
      return fail(Errc::unsupported, end, kWhere, "phone-context of another country");
    return Address{std::move(*signals), isup::NatureOfAddress::unknown};
  }
  // RFC 3398 12.2: the country code is stripped where it is local to the gateway.
  const auto& country = plan.country_code;
  if (country.empty() || !signals->starts_with(country))
    return Address{std::move(*signals), isup::NatureOfAddress::international};
  if (signals->size() == country.size()) return fail(Errc::malformed, end, kWhere, "a country code alone");
  return Address{signals->substr(country.size()), isup::NatureOfAddress::national};
}

}  // namespace

std::optional<std::string> user_param(const sip::Uri& uri, std::string_view name) {
  if (const auto* param = sip::find_param(uri.params, name)) return param->value.value_or("");
  const std::string_view user = uri.user;
  auto rest = user.substr(std::min(user.find(';'), user.size()));
  while (!rest.empty()) {
    rest.remove_prefix(1);
    const auto param = rest.substr(0, rest.find(';'));
    const auto equals = std::min(param.find('='), param.size());
    if (same_token(param.substr(0, equals), name))
      return std::string(param.substr(std::min(equals + 1, param.size())));
    rest.remove_prefix(param.size());
  }
  return std::nullopt;
}

Result<isup::CalledPartyNumber> read_called(const sip::Uri& uri, const NumberPlan& plan) {
  auto address = read_address(uri, plan);
  if (!address) return std::unexpected(address.error());
  return isup::CalledPartyNumber{.digits = std::move(address->digits), .nature = address->nature};
}

std::optional<isup::CalledPartyNumber> called_from_uri(const sip::Uri& uri, const NumberPlan& plan) {
  auto called = read_called(uri, plan);
  if (!called) return std::nullopt;
  return std::move(*called);
}

std::optional<isup::CallingPartyNumber> calling_from_uri(const sip::Uri& uri, const NumberPlan& plan) {
  auto address = read_address(uri, plan);
  if (!address) return std::nullopt;
  return isup::CallingPartyNumber{.digits = std::move(address->digits),
                                  .nature = address->nature,
                                  .presentation = isup::Presentation::allowed,
                                  .screening = isup::Screening::network};
}

std::string user_from_number(std::string_view digits, isup::NatureOfAddress nature, const NumberPlan& plan) {
  auto user = q931::digits_from_signals(digits);
  if (user.empty() || !std::ranges::all_of(user, is_digit)) return user;
  if (nature == isup::NatureOfAddress::international) return "+" + user;  // RFC 3398 12.1
  if (nature == isup::NatureOfAddress::national && !plan.country_code.empty())
    return "+" + plan.country_code + user;
  return user;
}

}  // namespace tandem::interwork
