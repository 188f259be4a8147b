#pragma once
// Causes and statuses: RFC 3398 7.2.4.1 and 8.2.6.1, as tables; what the configuration puts in their place.
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/result.h"
#include "gateway/interwork/config.h"
#include "gateway/interwork/numbers.h"
#include "gateway/interwork/tables.h"
#include "isup/parameters.h"
#include "sipt/user_agent.h"

namespace tandem::interwork {

struct StatusChoice {
  int status = 500;
  std::string_view clause;  ///< of the row that chose it
  bool overridden = false;  ///< chosen by the trunk's configuration: no clause
};
/// RFC 3398 7.2.4.1. Cause 16 (no failure) gives 480 where a response is forced, and cause 44 gives 503 once
/// no other circuit is left to try. 301 only when new_number() has something to put into Contact.
StatusChoice status_from_cause(const isup::CauseIndicators& cause,
                               std::span<const CauseOverride> overrides = {}, const Tables& tables = kTables);
/// For an INVITE of which no IAM could be made (RFC 3398 7.2.1.1, 12.2): 404 where there is no number at all,
/// 484 where it is cut short, too long or of a plan that is not ours, 483 where no hops are left.
StatusChoice status_from_error(const Error& error, const Tables& tables = kTables);
/// The diagnostic of cause 22 or 23: a called party number as Q.931 4.5.8 codes it (Q.850 2.2.8).
std::optional<isup::CalledPartyNumber> new_number(const isup::CauseIndicators& cause,
                                                  const Tables& tables = kTables);

/// What chose a cause.
enum class CauseBy : std::uint8_t {
  table,
  configuration,  ///< an override of the peer: no clause
  reason,         ///< a Reason header
  silence         ///< no response at all, or none that was final
};
struct CauseChoice {
  isup::CauseIndicators cause;
  std::string_view clause;
  CauseBy by = CauseBy::table;
};
/// RFC 3398 8.2.6.1; 487 has no cause there and gives 16. `warning`: the value of a Warning header, which
/// tells more of 488 and 606.
CauseChoice cause_from_status(int status, std::string_view warning = {}, const Tables& tables = kTables);

/// How a peer's failures are read.
struct FailureRules {
  bool reason_decides = false;              ///< a Q.850 cause in Reason wins over the status (RFC 6432)
  std::span<const CauseOverride> causes{};  ///< the peer's overrides
  NumberPlan plan{};
};
/// The cause of a REL for a failed INVITE: that of Reason if it decides, else of the overrides, else of the
/// tables; a 3xx with a telephone number in its Contact has it as diagnostic (RFC 3398 8.2.5). `ringing`: a
/// provisional response had come before the time-out.
CauseChoice cause_from_failure(const sip::FailureReceived& failure, bool ringing, const FailureRules& rules,
                               const Tables& tables = kTables);
/// Where a 3xx sends the call, best first (RFC 3261 20.10: q), at most `limit`; only URIs that can be called.
std::vector<sip::Uri> redirect_targets(std::span<const sip::NameAddr> contacts, std::size_t limit);

/// The Q.850 value of Reason (RFC 3326, RFC 8606), if any.
std::optional<isup::CauseIndicators> cause_from_reasons(const std::vector<sip::Reason>& reasons);
/// For REL on BYE or CANCEL: that of Reason, else 16 from the user (RFC 3398 7.2.3, 8.2.6.1).
isup::CauseIndicators cause_from_clearing(const std::vector<sip::Reason>& reasons);
/// Reason: Q.850 of a cause.
sip::Reason reason_from_cause(const isup::CauseIndicators& cause);

}  // namespace tandem::interwork
