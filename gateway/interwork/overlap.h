#pragma once
// A number in pieces: IAM and SAMs joined, and INVITEs that continue another (RFC 3578, Q.764 2.1.1.2).
#include <optional>

#include "gateway/interwork/numbers.h"
#include "isup/message.h"
#include "sipt/user_agent.h"

namespace tandem::interwork {

/// The called number ends with the end-of-pulsing signal ST: nothing can follow.
bool number_complete(const isup::Message& iam);
enum class Joined : std::uint8_t {
  more,      ///< the IAM has the digits; more may come
  complete,  ///< and ST is its last
  nothing,   ///< there was nothing to add, or the number was complete (RFC 3578 2.1: ignored)
  too_long   ///< more than kMaxDigits: the IAM is as it was, the call to be released with 28
};
/// Appends a SAM's digits to the called number; the IAM is then that of the longer INVITE (RFC 3578 3.1).
Joined join_digits(isup::Message& iam, const isup::Message& sam);

/// The SAM that `later` is: same Call-ID and From tag as `earlier`, whose number begins its number (RFC 3578
/// 3.5). Nothing when it is another call, or adds nothing.
std::optional<isup::Message> sam_from_invite(const sip::InviteInfo& earlier, const sip::InviteInfo& later,
                                             const NumberPlan& plan);

}  // namespace tandem::interwork
