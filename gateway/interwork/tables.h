#pragma once
// Every table that interworking consults, as rows with their clauses. Functions take the set as their last
// parameter, so that tests can show of each row that it matters.
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "gateway/base/result.h"
#include "isup/message.h"
#include "tdm/pri/values.h"

namespace tandem::interwork {

/// ISUP cause -> SIP status; the first row that fits counts.
enum class CauseOf : std::uint8_t {
  any,
  user,       ///< the location is the user
  new_number  ///< the diagnostic holds the new number
};
struct StatusRow {
  std::uint8_t cause;  ///< 0: any that has no row
  CauseOf of;
  int status;
  std::string_view clause;
};
/// SIP status -> ISUP cause; the first row that fits counts.
struct CauseRow {
  int status;   ///< 300: any 3xx; 0: any that has no row
  bool bearer;  ///< only if a Warning says that the media cannot be had
  std::uint8_t cause;
  std::string_view clause;
};
/// Who the cause of a failure comes from, by the lowest status of the rows.
struct LocationRow {
  int from_status;
  isup::Location location;
};
struct WarningRow {
  std::string_view code;  ///< RFC 3261 20.43
};
/// An INVITE of which no IAM can be made.
struct ErrorRow {
  Errc code;
  int status;
  std::string_view clause;
};

/// 18x -> ACM or CPG.
struct ProvisionalRow {
  int status;                  ///< 0: any that has no row (RFC 3261 8.1.3.2: as 183)
  std::uint8_t called_status;  ///< of the ACM
  std::uint8_t event;          ///< of the CPG
  std::uint8_t event_inband;   ///< of the CPG when the response opened early media
  std::string_view clause;
};
/// Event of a CPG -> 18x.
struct EventRow {
  std::uint8_t event;  ///< 0: none said
  int status;
  bool early_media;
  std::string_view clause;
};
/// RFC 5009 8: what a direction authorises.
struct EarlyMediaRow {
  std::string_view value;
  bool backward;  ///< from the far end to the caller
};
/// RFC 3323 4.2, RFC 3325 9.3: the kinds of privacy that hide a number.
struct PrivacyRow {
  std::string_view value;
};
/// tel parameter "cpc" <-> calling party's category; the first row of a value is the one that is written.
struct CategoryRow {
  std::string_view cpc;
  std::uint8_t category;
};
/// What a call's medium needs of SIP.
enum class MediaKind : std::uint8_t {
  audio,         ///< G.711
  unrestricted,  ///< RFC 4040 CLEARMODE
  preferred,     ///< CLEARMODE if it can be had, else G.711
  unsupported
};
struct MediumRow {
  std::uint8_t medium;  ///< Q.763 3.54
  MediaKind kind;
};
/// Why a call was diverted, as each protocol says it; the first row of a value is the one that is read.
struct ReasonRow {
  std::uint8_t isup;  ///< Q.763 3.45
  tdm::pri::RedirectionReason q931;
  std::string_view diversion;  ///< RFC 5806
  int history;                 ///< cause URI parameter, RFC 4458
};

/// Type of number <-> nature of address; what has no row is unknown.
struct NatureRow {
  tdm::pri::TypeOfNumber type;
  isup::NatureOfAddress nature;
};
/// Numbering plans; what has no row is unknown.
struct PlanRow {
  tdm::pri::NumberingPlan q931;
  isup::NumberingPlan isup;
};
/// Bearer capability <-> transmission medium; what has no row is as the first.
struct BearerRow {
  tdm::pri::Transfer transfer;
  std::uint8_t medium;      ///< Q.763 3.54
  std::uint8_t preference;  ///< Q.763 3.23 HG: 1 ISUP not required all the way, 2 required
};
/// What a progress indicator says of the call, for the indicators of ISUP.
struct ProgressRow {
  tdm::pri::ProgressDescription description;
  bool interworking;       ///< Q.763 3.5 I, 3.23 D
  bool called_non_isdn;    ///< Q.763 3.5 M
  bool calling_non_isdn;   ///< Q.763 3.23 I
  bool inband;             ///< Q.763 3.37 A
  std::uint8_t cpg_event;  ///< Q.763 3.21 of the CPG that a PROGRESS with it becomes
};
/// Notifications of Q.931 as ISUP messages.
struct NotificationRow {
  tdm::pri::Notification notification;
  isup::MessageType message;
  std::uint8_t event;  ///< of the CPG
};
/// What holds and resumes a party's media.
struct HoldRow {
  isup::MessageType message;
  std::uint8_t indicator;  ///< of the CPG's generic notification
  bool held;
};

struct Tables {
  std::span<const StatusRow> statuses;
  std::span<const CauseRow> causes;
  std::span<const LocationRow> locations;
  std::span<const WarningRow> warnings;
  std::span<const ErrorRow> errors;
  std::span<const ProvisionalRow> provisionals;
  std::span<const EventRow> events;
  std::span<const EarlyMediaRow> early_media;
  std::span<const PrivacyRow> privacy;
  std::span<const CategoryRow> categories;
  std::span<const MediumRow> media;
  std::span<const ReasonRow> reasons;
  std::span<const NatureRow> natures;
  std::span<const PlanRow> plans;
  std::span<const BearerRow> bearers;
  std::span<const ProgressRow> progress;
  std::span<const NotificationRow> notifications;
  std::span<const HoldRow> holds;
};
/// The standards' own.
extern const Tables kTables;

}  // namespace tandem::interwork
