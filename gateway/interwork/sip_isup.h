#pragma once
// SIP <-> ISUP by RFC 3398; the call's state machines are in gateway/core.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/result.h"
#include "gateway/interwork/config.h"
#include "gateway/interwork/numbers.h"
#include "gateway/interwork/tables.h"
#include "isup/message.h"
#include "sipt/user_agent.h"

namespace tandem::interwork {

/// What a peer is believed and told.
struct SipRules {
  bool trusted = true;       ///< inside the trust domain (RFC 3325): its P-Asserted-Identity counts, and ours
                             ///< may be sent although presentation is restricted
  bool user_to_user = true;  ///< RFC 7433
  DiversionHeader diversion = DiversionHeader::both;  ///< as sent; both are read
  bool p_early_media = false;                         ///< RFC 5009
};
struct InviteTarget {
  sip::Uri peer;        ///< host, port and transport of the request URI
  SocketAddress local;  ///< host of From
  SipRules rules;
};

// --- forward --------------------------------------------------------------------------------------------
/// INVITE -> IAM (RFC 3398 7.2.1.1). The calling number is that of P-Asserted-Identity (network provided) if
/// the peer is trusted, with a From that differs as generic number (Q.1912.5); else that of From (user
/// provided, not verified), else absent. `media`: what SDP offers; audio and unrestricted are told apart.
/// Errors are those of read_called(), and Errc::refused without hops: status_from_error() has the response.
Result<isup::Message> iam_from_invite(const sip::InviteInfo& invite, const NumberPlan& plan,
                                      const SipRules& rules = {}, MediaKind media = MediaKind::audio,
                                      const Tables& tables = kTables);
/// What the call's medium needs of SDP (RFC 3398 7.2.1.1, RFC 4040).
MediaKind media_of(const isup::Message& iam, const Tables& tables = kTables);
/// The call has made its last hop (Q.764 2.11): it is to be released with cause 25.
bool hops_exhausted(const isup::Message& iam);
/// IAM -> INVITE without SDP (RFC 3398 8.2.1.1). P-Asserted-Identity holds only what the network provided or
/// verified (Q.1912.5); a restricted number stands nowhere else, and there only if the peer is trusted.
sip::InviteInfo invite_from_iam(const isup::Message& iam, const NumberPlan& plan, const InviteTarget& target,
                                const Tables& tables = kTables);

// --- backward, from SIP ---------------------------------------------------------------------------------
/// 18x -> ACM or CPG (RFC 3398 8.2.3): `acm_sent` chooses; media is present when the response had SDP that
/// may be heard: see may_be_heard(). A 181 before the ACM is two messages there: call again with `acm_sent`
/// for the CPG, which has the redirection number where the headers tell it.
isup::Message backward_from_provisional(int status, bool acm_sent, bool early_media,
                                        const sip::Headers& headers = {}, const NumberPlan& plan = {},
                                        const SipRules& rules = {}, const Tables& tables = kTables);
/// The INVITE says that P-Early-Media is understood (RFC 5009 8): else none is sent back.
bool supports_early_media(const sip::Headers& headers);
/// Early media is authorised: P-Early-Media says so, or the peer is not asked for it (RFC 5009 8). What is
/// not authorised is not to be heard. `before`: what the call's earlier responses said.
bool may_be_heard(const sip::Headers& headers, const SipRules& rules, bool before = false,
                  const Tables& tables = kTables);
/// 200 -> ANM, or CON when no ACM went before (RFC 3398 8.2.4), with the connected number and name from
/// P-Asserted-Identity (RFC 4497 9.2.3) of a trusted peer, restricted as Privacy says (COLR).
isup::Message answer_from_ok(const std::vector<sip::NameAddr>& asserted, const NumberPlan& plan,
                             const SipRules& rules, bool acm_sent, const sip::Headers& headers = {},
                             const Tables& tables = kTables);
/// Who is at the far end has changed (RFC 4916): a CPG; nothing when no identity can be read.
std::optional<isup::Message> message_from_identity(const std::vector<sip::NameAddr>& asserted,
                                                   const sip::Headers& headers, const NumberPlan& plan,
                                                   const SipRules& rules, const Tables& tables = kTables);
/// The peer holds the party behind us, or has ceased to: CPG with generic notification (RFC 3398 9.2).
isup::Message message_from_hold(bool held, const Tables& tables = kTables);
/// User-to-User of any message of the call -> the parameter, if the peer's rules allow.
void set_user_to_user(isup::Message& message, const sip::Headers& headers, const SipRules& rules);

// --- backward, to SIP -----------------------------------------------------------------------------------
/// Who answered, for the 200 (RFC 4497 9.1.3).
struct ConnectedParty {
  std::optional<sip::NameAddr> asserted;  ///< P-Asserted-Identity, with the name
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
ProvisionalChoice provisional_from_backward(const isup::Message& acm_or_cpg, const Tables& tables = kTables);
/// What stands in the 18x besides: History-Info of a 181, P-Early-Media, User-to-User.
std::vector<sip::ExtraHeader> headers_for_provisional(const isup::Message& acm_or_cpg,
                                                      const ProvisionalChoice& choice, const NumberPlan& plan,
                                                      const InviteTarget& target,
                                                      const Tables& tables = kTables);
/// And in the 200: P-Asserted-Identity, Privacy, User-to-User.
std::vector<sip::ExtraHeader> headers_for_answer(const isup::Message& anm_or_con, const NumberPlan& plan,
                                                 const InviteTarget& target);
/// And in BYE or the failure: User-to-User; for 301 Contact with the new number, without which it must be a
/// 410: status_from_cause() sees to that.
std::vector<sip::ExtraHeader> headers_for_release(const isup::Message& rel, int status,
                                                  const NumberPlan& plan, const InviteTarget& target,
                                                  const Tables& tables = kTables);
/// SUS, RES and CPG with generic notification: the party is held (true), is back (false), or no word of it.
std::optional<bool> hold_from_message(const isup::Message& message, const Tables& tables = kTables);

}  // namespace tandem::interwork
