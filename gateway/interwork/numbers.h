#pragma once
// Numbers <-> URIs (RFC 3398 12, RFC 3966).
#include <optional>
#include <string>
#include <string_view>

#include "gateway/base/result.h"
#include "isup/parameters.h"
#include "sipt/values.h"

namespace tandem::interwork {

/// The country the trunk or peer is in: how a number without '+' reads.
struct NumberPlan {
  std::string country_code;  ///< empty: digits pass unchanged, '+' means international
};

/// E.164 6 allows 15 digits; prefixes and private plans make longer numbers. PRI equipment takes so many.
inline constexpr std::size_t kMaxDigits = 31;

/// A parameter of the telephone number: of a tel: URI, and of the user part of a SIP URI (RFC 3261 19.1.6);
/// also found among the SIP URI's own. Empty: without a value.
std::optional<std::string> user_param(const sip::Uri& uri, std::string_view name);

/// Digits and nature of address of a URI's number (sip:, sips: or tel:): '+' with the own country code gives
/// national digits without it, '+' otherwise international, no '+' unknown. Visual separators of RFC 3966 are
/// passed over; '*' and '#' become the address signals B and C. Errors, with the position in the user part:
/// Errc::missing: not a telephone number at all; malformed: '+', a country code or separators without a
/// number behind them; too_long: more than kMaxDigits; unsupported: a local number of another country's
/// phone-context (RFC 3966 5.1.5).
Result<isup::CalledPartyNumber> read_called(const sip::Uri& uri, const NumberPlan& plan);
/// The same without the reason.
std::optional<isup::CalledPartyNumber> called_from_uri(const sip::Uri& uri, const NumberPlan& plan);
/// Presentation allowed, network provided, as RFC 3398 12.2 says.
std::optional<isup::CallingPartyNumber> calling_from_uri(const sip::Uri& uri, const NumberPlan& plan);

/// User part: "+4420...", or the digits as they are where no E.164 number can be made.
std::string user_from_number(std::string_view digits, isup::NatureOfAddress nature, const NumberPlan& plan);

}  // namespace tandem::interwork
