#pragma once
// Messages that only ISUP has, in calls whose other side is SIP or PRI.
#include <optional>

#include "isup/message.h"

namespace tandem::core {

/// Nothing in SIP or Q.931 says it: between two ISUP legs it is passed on.
bool of_isup_alone(isup::MessageType type);

/// The answer to such a message where nobody beyond can give one: INF to INR, with what the IAM of the call
/// said of the caller (Q.764 2.1.6); IRS without an identity to IDR (Q.731.7); FRJ to FAR (Q.764 2.6).
/// nullopt: it wants none.
std::optional<isup::Message> reply_here(const isup::Message& iam, const isup::Message& said);

}  // namespace tandem::core
