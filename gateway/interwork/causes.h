#pragma once
// Causes and statuses: RFC 3398 7.2.4.1 and 8.2.6.1, as tables.
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "gateway/base/result.h"
#include "isup/parameters.h"
#include "sipt/values.h"

namespace tandem::interwork {

struct StatusChoice {
  int status = 500;
  std::string_view clause;  ///< of the row that chose it
};
/// RFC 3398 7.2.4.1. Cause 16 (no failure) gives 480 where a response is forced, and cause 44 gives 503 once
/// no other circuit is left to try. 301 only when new_number() has something to put into Contact.
StatusChoice status_from_cause(const isup::CauseIndicators& cause);
/// For an INVITE of which no IAM could be made (RFC 3398 7.2.1.1, 12.2): 404 where there is no number at all,
/// 484 where it is cut short, too long or of a plan that is not ours.
StatusChoice status_from_error(const Error& error);
/// The diagnostic of cause 22 or 23: a called party number as Q.931 4.5.8 codes it (Q.850 2.2.8).
std::optional<isup::CalledPartyNumber> new_number(const isup::CauseIndicators& cause);

struct CauseChoice {
  isup::CauseIndicators cause;
  std::string_view clause;
};
/// RFC 3398 8.2.6.1; 487 has no cause there and gives 16. `warning`: the value of a Warning header, which
/// tells more of 488 and 606.
CauseChoice cause_from_status(int status, std::string_view warning = {});
/// The Q.850 value of Reason (RFC 3326, RFC 8606), if any.
std::optional<isup::CauseIndicators> cause_from_reasons(const std::vector<sip::Reason>& reasons);
/// For REL on BYE or CANCEL: that of Reason, else 16 from the user (RFC 3398 7.2.3, 8.2.6.1).
isup::CauseIndicators cause_from_clearing(const std::vector<sip::Reason>& reasons);
/// Reason: Q.850 of a cause.
sip::Reason reason_from_cause(const isup::CauseIndicators& cause);

}  // namespace tandem::interwork
