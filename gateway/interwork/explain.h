#pragma once
// Why a status or a cause was chosen, as a sentence for traces and the log.
#include <string>
#include <string_view>

#include "gateway/interwork/causes.h"

namespace tandem::interwork {

/// "404 because cause 1 from telco, RFC 3398 7.2.4.1", "480 because cause 17 from telco, by the override of
/// telco". `party`: the trunk or peer that the cause came from.
std::string explain(const StatusChoice& choice, const isup::CauseIndicators& cause, std::string_view party);
/// "404 because the INVITE of carrier-a cannot go on: telephone number: not a digit, RFC 3398 7.2.1.1".
std::string explain(const StatusChoice& choice, const Error& error, std::string_view party);
/// "cause 17 because status 486 from carrier-a, RFC 3398 8.2.6.1", "cause 19 because status 480 from
/// carrier-a, by the override of carrier-a", "cause 1 because Reason in status 480 from carrier-a, RFC 6432
/// 3", "cause 102 because carrier-a did not answer, RFC 3398 8.2.6.1".
std::string explain(const CauseChoice& choice, int status, std::string_view party);

}  // namespace tandem::interwork
