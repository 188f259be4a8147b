#pragma once
// Q.931 <-> ISUP by Q.699, and by the supplementary services' own clauses (Q.730 to Q.737, Q.951 to Q.957).
#include <optional>
#include <string>
#include <vector>

#include "gateway/interwork/tables.h"
#include "isup/message.h"
#include "tdm/pri/values.h"

namespace tandem::interwork {

// --- forward --------------------------------------------------------------------------------------------
/// Numbers that no address signals can be made of have no digits: the call is to be released with 28.
isup::Message iam_from_setup(const tdm::pri::Setup& setup, const Tables& tables = kTables);
/// The channel and sending_complete (true here) are left to the caller.
tdm::pri::Setup setup_from_iam(const isup::Message& iam, tdm::pri::Layer1 law,
                               const Tables& tables = kTables);
/// INFORMATION -> SAM (Q.764 2.1.1.2), with the end-of-pulsing signal when sending is complete; nullopt for
/// keypad, for what is no number and for nothing at all.
std::optional<isup::Message> sam_from_information(const tdm::pri::InformationInd& information);
/// SAM -> INFORMATION.
struct MoreDigits {
  std::string digits;
  bool complete = false;
};
MoreDigits information_from_sam(const isup::Message& sam);

// --- backward, from the PRI side ------------------------------------------------------------------------
/// nullopt where Q.699 sends nothing (a CALL PROCEEDING after the ACM).
std::optional<isup::Message> backward_from_proceeding(const std::vector<tdm::pri::Progress>& progress,
                                                      bool acm_sent, const Tables& tables = kTables);
isup::Message backward_from_alerting(const std::vector<tdm::pri::Progress>& progress, bool acm_sent,
                                     const std::optional<tdm::pri::UserUser>& user_user = {},
                                     const std::string& name = {}, const Tables& tables = kTables);
/// nullopt: the PROGRESS says nothing.
std::optional<isup::Message> backward_from_progress(const tdm::pri::ProgressInd& progress, bool acm_sent,
                                                    const Tables& tables = kTables);
isup::Message answer_from_connect(const tdm::pri::ConnectInd& connect, bool acm_sent,
                                  const Tables& tables = kTables);
isup::Message release_from_cause(const tdm::pri::Cause& cause,
                                 const std::optional<tdm::pri::UserUser>& user_user = {});

// --- in the call, both ways -----------------------------------------------------------------------------
/// SUS, RES, or CPG with a generic notification; nullopt: not known to ISUP.
std::optional<isup::Message> message_from_notification(tdm::pri::Notification notification,
                                                       const Tables& tables = kTables);
/// Of SUS, RES, ACM, CPG; a CPG that says that the call is being forwarded is call_diverting.
std::optional<tdm::pri::Notification> notification_from_message(const isup::Message& message,
                                                                const Tables& tables = kTables);
/// The connected party has changed: CPG with connected number, name and sub-address (Q.731.5, Q.951 5).
isup::Message message_from_connected_line(const tdm::pri::Party& party, const Tables& tables = kTables);
/// The connected party of ANM, CON or CPG; nullopt when the message says nothing of it.
std::optional<tdm::pri::Party> party_from_message(const isup::Message& message,
                                                  const Tables& tables = kTables);
/// Where the call goes now, and why.
struct PriDiversion {
  tdm::pri::Party to = {};  ///< without digits: the caller may not know
  tdm::pri::RedirectionReason reason = tdm::pri::RedirectionReason::unknown;
  friend bool operator==(const PriDiversion&, const PriDiversion&) = default;
};
/// The call has been diverted on its way: ACM or CPG with the number it goes to and the reason (Q.732.2).
isup::Message message_from_redirecting(const PriDiversion& diversion, bool acm_sent,
                                       const Tables& tables = kTables);
/// Of ACM and CPG; nullopt: not diverted, or the number is not to be told (Q.763 3.6).
std::optional<PriDiversion> diversion_from_message(const isup::Message& message,
                                                   const Tables& tables = kTables);
std::optional<tdm::pri::UserUser> user_user_from_message(const isup::Message& message);
/// Sets the parameter; more than 128 octets are not passed on (Q.957.1).
void set_user_user(isup::Message& message, const std::optional<tdm::pri::UserUser>& user_user);

// --- backward, to the PRI side --------------------------------------------------------------------------
/// What the PRI side is told of a backward message.
enum class PriBackward { none, proceeding, alerting, progress, connect, notify };
struct PriBackwardChoice {
  PriBackward message = PriBackward::none;
  bool inband = false;
  std::optional<tdm::pri::Cause> cause;
  std::vector<tdm::pri::Progress> progress = {};  ///< those that crossed and those that the indicators demand
  std::optional<tdm::pri::Party> party = {};
  std::optional<tdm::pri::UserUser> user_user = {};
  std::optional<tdm::pri::Notification> notification = {};  ///< may stand beside any message
  std::optional<PriDiversion> diversion = {};               ///< says more than that notification
};
PriBackwardChoice pri_from_backward(const isup::Message& message, const Tables& tables = kTables);
/// 31 when the REL has no cause.
tdm::pri::Cause cause_from_release(const isup::Message& rel);

}  // namespace tandem::interwork
