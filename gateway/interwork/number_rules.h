#pragma once
// Numbers on their way between a trunk or peer and the gateway, inside which they are E.164 where they can be
// (RFC 3398 12).
#include "gateway/interwork/config.h"
#include "isup/message.h"

namespace tandem::interwork {

/// Every number of a message as it came: the first rule that fits each, then national numbers with the
/// country code in front become international. Redirection numbers are called parties'; original called,
/// redirecting, connected and generic numbers are calling parties'.
void numbers_in(isup::Message& message, const NumberRules& rules);
/// More digits may make another rule fit a called number as it came, or this one take more from it.
bool reading_open(const isup::CalledPartyNumber& number, const NumberRules& rules);
/// The inverse for what is to be sent: international numbers of the country become national, then the rules.
void numbers_out(isup::Message& message, const NumberRules& rules);

}  // namespace tandem::interwork
