#pragma once
// Names, numbers and URIs of parties, for both directions of SIP <-> ISUP.
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/interwork/numbers.h"
#include "gateway/interwork/tables.h"
#include "isup/parameters.h"
#include "sipt/values.h"
#include "tdm/pri/values.h"

namespace tandem::interwork {

/// Printable, and cut between UTF-8 characters to what a display element holds.
std::string display_name(std::string_view text);
/// RFC 3398 12.1; user=phone as RFC 3398 12 and RFC 3261 19.1.6 say of a telephone number in a SIP URI.
sip::Uri number_uri(std::string user, std::string host);
sip::NameAddr name_addr(std::string display, sip::Uri uri);
sip::NameAddr anonymous_from();  ///< RFC 3323 4.1.1.3
/// RFC 3323 4.1.1.3: the URI of who wants to stay unknown.
bool is_anonymous(const sip::Uri& uri);
/// One of the values hides a number.
bool hides_number(const std::vector<std::string>& privacy, const Tables& tables);
/// Q.1912.5: P-Asserted-Identity is for numbers that the network provided or verified.
inline bool assertable(isup::Screening screening) {
  return screening == isup::Screening::network || screening == isup::Screening::user_passed;
}

/// tel parameter "isub" (RFC 3966 3) with its encoding (RFC 4715) -> NSAP sub-address.
std::optional<tdm::pri::Subaddress> subaddress_of(const sip::Uri& uri);
/// ";isub=...;isub-encoding=..." for the user part; empty for a sub-address that is no NSAP.
std::string subaddress_params(const tdm::pri::Subaddress& subaddress);

}  // namespace tandem::interwork
