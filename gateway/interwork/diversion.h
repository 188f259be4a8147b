#pragma once
// Redirections: Diversion (RFC 5806) and History-Info (RFC 7044, RFC 7544) <-> original called number,
// redirecting number, redirection information (Q.763 3.39, 3.44, 3.45).
#include <string>
#include <vector>

#include "gateway/interwork/config.h"
#include "gateway/interwork/numbers.h"
#include "gateway/interwork/tables.h"
#include "isup/message.h"
#include "sipt/user_agent.h"

namespace tandem::interwork {

/// Sets the three parameters from History-Info, or from Diversion where History-Info tells of no diversion.
/// `hidden`: the request asks for privacy of its history (RFC 7044 10.1).
void read_redirections(isup::Message& iam, const sip::Headers& headers, const NumberPlan& plan,
                       bool hidden = false, const Tables& tables = kTables);

/// Whom diversions are told to.
struct DiversionTarget {
  DiversionHeader as = DiversionHeader::both;
  bool trusted = true;  ///< restricted numbers may be told, with their privacy
  std::string host;     ///< of the URIs
};
/// `request_uri`: where the call goes now, the last entry of History-Info.
std::vector<sip::ExtraHeader> write_redirections(const isup::Message& iam, const NumberPlan& plan,
                                                 const sip::Uri& request_uri, const DiversionTarget& target,
                                                 const Tables& tables = kTables);

/// 181: the last entry of History-Info is where the call goes now (RFC 7044 9.4) and why; else Diversion has
/// the reason (RFC 5806). Of ACM and CPG.
void read_redirection_number(isup::Message& message, const sip::Headers& headers, const NumberPlan& plan,
                             const Tables& tables = kTables);
/// ACM or CPG: the call goes to somebody else than was called (Q.732.2).
bool says_diverting(const isup::Message& message);
/// The caller may not know that it does (Q.763 3.6).
bool keeps_diversion_secret(const isup::Message& message);
/// Why, as in Q.763 3.45; 0: not known.
std::uint8_t diversion_reason(const isup::Message& message);
/// The event of a CPG that tells of a diversion for that reason.
std::uint8_t diversion_event(std::uint8_t reason);
/// 181: History-Info with the redirection number; nothing without one.
std::vector<sip::ExtraHeader> write_redirection_number(const isup::Message& message, const NumberPlan& plan,
                                                       const DiversionTarget& target,
                                                       const Tables& tables = kTables);

/// The IAM for a target of a 3xx (RFC 3398 8.2.5): the called party becomes the redirecting one. Nothing when
/// there were five redirections already (Q.763 3.45).
std::optional<isup::Message> redirected(const isup::Message& iam, isup::CalledPartyNumber target);

}  // namespace tandem::interwork
