#pragma once
// Causes and statuses: RFC 3398 7.2.4.1 and 8.2.6.1, as tables.
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "isup/parameters.h"
#include "sipt/values.h"

namespace tandem::interwork {

struct StatusChoice {
  int status = 500;
  std::string_view clause;  ///< of the row that chose it
};
/// RFC 3398 7.2.4.1. Cause 16 (no failure) gives 480 where a response is forced.
StatusChoice status_from_cause(const isup::CauseIndicators& cause);

struct CauseChoice {
  isup::CauseIndicators cause;
  std::string_view clause;
};
/// RFC 3398 8.2.6.1; 487 has no cause there and gives 16.
CauseChoice cause_from_status(int status);
/// The Q.850 value of Reason (RFC 3326, RFC 8606), if any.
std::optional<isup::CauseIndicators> cause_from_reasons(const std::vector<sip::Reason>& reasons);
/// Reason: Q.850 of a cause.
sip::Reason reason_from_cause(const isup::CauseIndicators& cause);

std::string_view cause_name(std::uint8_t value);  ///< Q.850, "user busy"

}  // namespace tandem::interwork
