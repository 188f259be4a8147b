#pragma once
// SIP <-> ISUP by RFC 3398; the call's state machines are in gateway/core.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/result.h"
#include "gateway/interwork/numbers.h"
#include "isup/message.h"
#include "sipt/user_agent.h"

namespace tandem::interwork {

/// INVITE -> IAM (RFC 3398 7.2.1.1). The calling number is that of P-Asserted-Identity (network provided) if
/// the peer is `trusted` (RFC 3325), else that of From (user provided, not verified), else absent.
/// Errors are those of read_called(): status_from_error() has the response.
Result<isup::Message> iam_from_invite(const sip::InviteInfo& invite, const NumberPlan& plan,
                                      bool trusted = true);

struct InviteTarget {
  sip::Uri peer;        ///< host, port and transport of the request URI
  SocketAddress local;  ///< host of From
  bool trusted = true;  ///< P-Asserted-Identity may be sent although presentation is restricted
};
/// The call is one for G.711: not for digital information, whose bits have to stay as they are (RFC
/// 3398 7.2.1.1; its counterpart, RFC 4040, is not spoken here).
bool is_audio(const isup::Message& iam);
/// IAM -> INVITE without SDP (RFC 3398 8.2.1.1). P-Asserted-Identity holds only what the network provided or
/// verified (Q.1912.5); a restricted number stands nowhere else, and there only if the peer is trusted.
sip::InviteInfo invite_from_iam(const isup::Message& iam, const NumberPlan& plan, const InviteTarget& target);

/// 18x -> ACM or CPG (RFC 3398 8.2.3): `acm_sent` chooses; media is present when the response had SDP.
/// A 181 before the ACM is two messages there: call again with `acm_sent` for the CPG.
isup::Message backward_from_provisional(int status, bool acm_sent, bool early_media);

/// 200 -> ANM, or CON when no ACM went before (RFC 3398 8.2.4), with the connected number from
/// P-Asserted-Identity (RFC 4497 9.2.3) of a trusted peer.
isup::Message answer_from_ok(const std::vector<sip::NameAddr>& asserted, const NumberPlan& plan, bool trusted,
                             bool acm_sent);

/// Who answered, for the 200 (RFC 4497 9.1.3).
struct ConnectedParty {
  std::optional<sip::NameAddr> asserted;  ///< P-Asserted-Identity
  bool restricted = false;                ///< Privacy: id
};
ConnectedParty connected_from_answer(const isup::Message& anm_or_con, const NumberPlan& plan,
                                     const InviteTarget& target);

/// ACM, CPG -> 180, 181, 183 (RFC 3398 7.2.5, 7.2.6, 7.2.9); 0: no response.
struct ProvisionalChoice {
  int status = 0;
  bool early_media = false;  ///< SDP goes with it and the backward path is open
  std::string_view clause;
};
ProvisionalChoice provisional_from_backward(const isup::Message& acm_or_cpg);

}  // namespace tandem::interwork
