#pragma once
// SIP <-> ISUP by RFC 3398; the call's state machines are in gateway/core.
#include <string>

#include "gateway/base/result.h"
#include "gateway/interwork/numbers.h"
#include "isup/message.h"
#include "sipt/user_agent.h"

namespace tandem::interwork {

/// INVITE -> IAM (RFC 3398 7.2.1.1). Errc::missing/malformed: the request URI holds no number (404 or 484).
Result<isup::Message> iam_from_invite(const sip::InviteInfo& invite, const NumberPlan& plan);

struct InviteTarget {
  sip::Uri peer;        ///< host, port and transport of the request URI
  SocketAddress local;  ///< host of From when there is no number
  bool trusted = true;  ///< P-Asserted-Identity may be sent although presentation is restricted
};
/// IAM -> INVITE without SDP (RFC 3398 8.2.1.1).
sip::InviteInfo invite_from_iam(const isup::Message& iam, const NumberPlan& plan, const InviteTarget& target);

/// 18x -> ACM or CPG (RFC 3398 8.2.3, 8.2.4): `acm_sent` chooses; media is present when the response had SDP.
isup::Message backward_from_provisional(int status, bool acm_sent, bool early_media);

/// ACM, CPG -> 180, 181, 183 (RFC 3398 7.2.5, 7.2.6); 0: no response.
struct ProvisionalChoice {
  int status = 0;
  bool early_media = false;  ///< SDP goes with it and the backward path is open
  std::string_view clause;
};
ProvisionalChoice provisional_from_backward(const isup::Message& acm_or_cpg);

}  // namespace tandem::interwork
