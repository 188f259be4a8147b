#pragma once
// Numbers <-> URIs (RFC 3398 12, RFC 3966).
#include <optional>
#include <string>
#include <string_view>

#include "isup/parameters.h"
#include "sipt/values.h"

namespace tandem::interwork {

/// The country the trunk or peer is in: how a number without '+' reads.
struct NumberPlan {
  std::string country_code;  ///< empty: digits pass unchanged, '+' means international
};

/// Digits and nature of address of a URI's number: '+' with the own country code gives national digits
/// without it, '+' otherwise international, no '+' unknown. nullopt: the user part is not a telephone number.
/// Visual separators of RFC 3966 are passed over.
std::optional<isup::CalledPartyNumber> called_from_uri(const sip::Uri& uri, const NumberPlan& plan);
std::optional<isup::CallingPartyNumber> calling_from_uri(const sip::Uri& uri, const NumberPlan& plan);

/// User part: "+4420...", or the digits as they are where no E.164 number can be made.
std::string user_from_number(std::string_view digits, isup::NatureOfAddress nature, const NumberPlan& plan);

}  // namespace tandem::interwork
