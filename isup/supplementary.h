#pragma once
// Parameters of supplementary services: diversion, notifications, user-to-user signalling, closed user
// groups, malicious calls, priority, transfer, conference and those of intelligent networks.
#include "isup/codes.h"
#include "isup/fields.h"
#include "isup/service_names.h"
#include "isup/value_names.h"

namespace tandem::isup {

/// Q.763 3.45.
struct RedirectionInformation {
  std::uint8_t indicator = 3;  ///< CBA: 3 diversion; 4 diversion, all redirection information restricted
  std::uint8_t original_reason = 0;  ///< HGFE: 0 unknown, 1 busy, 2 no reply, 3 unconditional
  std::uint8_t counter = 1;          ///< KJI: 1 to 5
  std::uint8_t reason = 0;           ///< PONM: and 4 deflection in alerting, 5 at once, 6 not reachable
  SpareTail spare = {};
  static constexpr ParamSpec spec{
      .code = 0x13, .name = "RedirectionInformation", .octets = 2, .ref = "Q.763 3.45", .shortest = 1};
  static consteval auto fields() {
    using P = RedirectionInformation;
    return std::tuple{
        Field{&P::indicator, bits("CBA"), "redirecting indicator", names::kRedirecting},
        Field{&P::original_reason, bits("HGFE"), "original redirection reason", names::kOriginalReason},
        Field{&P::counter, bits("KJI"), "redirection counter", names::kRedirections},
        Field{&P::reason, bits("PONM"), "redirecting reason", names::kReason}};
  }
  friend bool operator==(const RedirectionInformation&, const RedirectionInformation&) = default;
};
static_assert(fields_disjoint<RedirectionInformation>());

/// Q.763 3.47.
struct RedirectionNumberRestriction {
  Presentation presentation = Presentation::allowed;  ///< BA: allowed or restricted
  SpareTail spare = {};
  static constexpr ParamSpec spec{
      .code = 0x40, .name = "RedirectionNumberRestriction", .octets = 1, .ref = "Q.763 3.47"};
  static consteval auto fields() {
    using P = RedirectionNumberRestriction;
    return std::tuple{Field{&P::presentation, bits("BA"), "presentation restricted", names::kRestriction}};
  }
  friend bool operator==(const RedirectionNumberRestriction&, const RedirectionNumberRestriction&) = default;
};
static_assert(fields_disjoint<RedirectionNumberRestriction>());

/// Q.763 3.6.
struct CallDiversionInformation {
  std::uint8_t subscription = 0;  ///< CBA: what the caller may be told
  std::uint8_t reason = 0;        ///< GFED
  SpareTail spare = {};
  static constexpr ParamSpec spec{
      .code = 0x36, .name = "CallDiversionInformation", .octets = 1, .ref = "Q.763 3.6"};
  static consteval auto fields() {
    using P = CallDiversionInformation;
    return std::tuple{Field{&P::subscription, bits("CBA"), "notification subscription", names::kSubscription},
                      Field{&P::reason, bits("GFED"), "redirecting reason", names::kReason}};
  }
  friend bool operator==(const CallDiversionInformation&, const CallDiversionInformation&) = default;
};
static_assert(fields_disjoint<CallDiversionInformation>());

/// Q.763 3.25: as Q.931 4.5.22; more octets when bit H is 0.
struct GenericNotification {
  std::uint8_t indicator = 0x79;  ///< GFEDCBA: 0x79 remote hold, 0x7a retrieval, 0x60 call waiting, ...
  SpareTail spare = {};
  static constexpr ParamSpec spec{
      .code = 0x2c, .name = "GenericNotificationIndicator", .octets = 1, .ref = "Q.763 3.25", .ones = 0x80};
  static consteval auto fields() {
    using P = GenericNotification;
    return std::tuple{
        Field{&P::indicator, bits("GFEDCBA"), "notification", names::kNotification, Show::always}};
  }
  friend bool operator==(const GenericNotification&, const GenericNotification&) = default;
};
static_assert(fields_disjoint<GenericNotification>());

/// Q.763 3.60.
struct UserToUserIndicators {
  bool response = false;  ///< A
  std::uint8_t service_1 =
      0;  ///< CB: request: 2 not essential, 3 essential; response: 1 not provided, 2 provided
  std::uint8_t service_2 = 0;  ///< ED
  std::uint8_t service_3 = 0;  ///< GF
  bool discarded = false;      ///< H
  SpareTail spare = {};
  static constexpr ParamSpec spec{
      .code = 0x2a, .name = "UserToUserIndicators", .octets = 1, .ref = "Q.763 3.60"};
  static consteval auto fields() {
    using P = UserToUserIndicators;
    return std::tuple{Field{&P::response, bits("A"), "type", names::kUserUserType},
                      Field{&P::service_1, bits("CB"), "service 1", names::kUserUserService},
                      Field{&P::service_2, bits("ED"), "service 2", names::kUserUserService},
                      Field{&P::service_3, bits("GF"), "service 3", names::kUserUserService},
                      Field{&P::discarded, bits("H"), "network discard", names::kUserUserDiscard}};
  }
  friend bool operator==(const UserToUserIndicators&, const UserToUserIndicators&) = default;
};
static_assert(fields_disjoint<UserToUserIndicators>());

/// Q.763 3.15.
struct ClosedUserGroup {
  std::uint16_t network = 0;  ///< four digits as coded: 0x0044
  std::uint16_t code = 0;
  SpareTail spare = {};
  static constexpr ParamSpec spec{
      .code = 0x1a, .name = "ClosedUserGroupInterlockCode", .octets = 4, .ref = "Q.763 3.15"};
  static consteval auto fields() {
    using P = ClosedUserGroup;
    return std::tuple{Field{&P::network, number(1, 2), "network identity, four digits"},
                      Field{&P::code, number(3, 2), "binary code"}};
  }
  friend bool operator==(const ClosedUserGroup&, const ClosedUserGroup&) = default;
};
static_assert(fields_disjoint<ClosedUserGroup>());

/// Q.763 3.31: of malicious call identification.
struct McidRequest {
  bool requested = true;  ///< A
  bool holding = false;   ///< B
  SpareTail spare = {};
  static constexpr ParamSpec spec{
      .code = 0x3b, .name = "MCIDRequestIndicators", .octets = 1, .ref = "Q.763 3.31"};
  static consteval auto fields() {
    using P = McidRequest;
    return std::tuple{Field{&P::requested, bits("A"), "MCID request", names::kRequested},
                      Field{&P::holding, bits("B"), "holding", names::kHolding}};
  }
  friend bool operator==(const McidRequest&, const McidRequest&) = default;
};
static_assert(fields_disjoint<McidRequest>());

/// Q.763 3.32.
struct McidResponse {
  bool included = true;        ///< A
  bool hold_provided = false;  ///< B
  SpareTail spare = {};
  static constexpr ParamSpec spec{
      .code = 0x3c, .name = "MCIDResponseIndicators", .octets = 1, .ref = "Q.763 3.32"};
  static consteval auto fields() {
    using P = McidResponse;
    return std::tuple{Field{&P::included, bits("A"), "MCID response", names::kIncluded},
                      Field{&P::hold_provided, bits("B"), "hold provided", names::kHoldProvided}};
  }
  friend bool operator==(const McidResponse&, const McidResponse&) = default;
};
static_assert(fields_disjoint<McidResponse>());

/// Q.763 3.34.
struct MlppPrecedence {
  std::uint8_t look_forward_busy = 0;  ///< GF
  std::uint8_t level = 4;              ///< DCBA: 0 flash override to 4 routine
  std::uint16_t network = 0;           ///< four digits as coded
  std::uint32_t domain = 0;
  SpareTail spare = {};
  static constexpr ParamSpec spec{.code = 0x3a, .name = "MLPPPrecedence", .octets = 6, .ref = "Q.763 3.34"};
  static consteval auto fields() {
    using P = MlppPrecedence;
    return std::tuple{
        Field{&P::look_forward_busy, bits(1, "GF"), "look forward for busy", names::kLookForward},
        Field{&P::level, bits(1, "DCBA"), "precedence level", names::kPrecedence},
        Field{&P::network, number(2, 2), "network identity, four digits"},
        Field{&P::domain, number(4, 3), "service domain"}};
  }
  friend bool operator==(const MlppPrecedence&, const MlppPrecedence&) = default;
};
static_assert(fields_disjoint<MlppPrecedence>());

/// Q.763 3.65.
struct CallTransferReference {
  std::uint8_t identity = 0;
  SpareTail spare = {};
  static constexpr ParamSpec spec{
      .code = 0x43, .name = "CallTransferReference", .octets = 1, .ref = "Q.763 3.65"};
  static consteval auto fields() {
    using P = CallTransferReference;
    return std::tuple{Field{&P::identity, bits("HGFEDCBA"), "call transfer identity"}};
  }
  friend bool operator==(const CallTransferReference&, const CallTransferReference&) = default;
};
static_assert(fields_disjoint<CallTransferReference>());

/// Q.763 3.67.
struct LoopPreventionIndicators {
  bool response = false;    ///< A
  std::uint8_t result = 0;  ///< CB, of a response
  SpareTail spare = {};
  static constexpr ParamSpec spec{
      .code = 0x44, .name = "LoopPreventionIndicators", .octets = 1, .ref = "Q.763 3.67"};
  static consteval auto fields() {
    using P = LoopPreventionIndicators;
    return std::tuple{Field{&P::response, bits("A"), "type", names::kUserUserType},
                      Field{&P::result, bits("CB"), "response indicator", names::kLoop}};
  }
  friend bool operator==(const LoopPreventionIndicators&, const LoopPreventionIndicators&) = default;
};
static_assert(fields_disjoint<LoopPreventionIndicators>());

/// Q.763 3.63: a call of completion of calls.
struct Ccss {
  bool ccss_call = true;  ///< A
  SpareTail spare = {};
  static constexpr ParamSpec spec{.code = 0x4b, .name = "CCSS", .octets = 1, .ref = "Q.763 3.63"};
  static consteval auto fields() {
    using P = Ccss;
    return std::tuple{Field{&P::ccss_call, bits("A"), "CCSS call", names::kCcssCall}};
  }
  friend bool operator==(const Ccss&, const Ccss&) = default;
};
static_assert(fields_disjoint<Ccss>());

/// Q.763 3.62.
struct BackwardGvns {
  std::uint8_t terminating_access = 0;  ///< BA
  SpareTail spare = {};
  static constexpr ParamSpec spec{
      .code = 0x4d, .name = "BackwardGVNS", .octets = 1, .ref = "Q.763 3.62", .ones = 0x80};
  static consteval auto fields() {
    using P = BackwardGvns;
    return std::tuple{Field{&P::terminating_access, bits("BA"), "terminating access", names::kGvnsAccess}};
  }
  friend bool operator==(const BackwardGvns&, const BackwardGvns&) = default;
};
static_assert(fields_disjoint<BackwardGvns>());

/// Q.763 3.72.
struct CallDiversionTreatment {
  std::uint8_t to_be_diverted = 0;  ///< BA
  SpareTail spare = {};
  static constexpr ParamSpec spec{.code = 0x6e,
                                  .name = "CallDiversionTreatmentIndicators",
                                  .octets = 1,
                                  .ref = "Q.763 3.72",
                                  .ones = 0x80};
  static consteval auto fields() {
    using P = CallDiversionTreatment;
    return std::tuple{Field{&P::to_be_diverted, bits("BA"), "call to be diverted", names::kMayBeDiverted}};
  }
  friend bool operator==(const CallDiversionTreatment&, const CallDiversionTreatment&) = default;
};
static_assert(fields_disjoint<CallDiversionTreatment>());

/// Q.763 3.74.
struct CallOfferingTreatment {
  std::uint8_t to_be_offered = 0;  ///< BA
  SpareTail spare = {};
  static constexpr ParamSpec spec{.code = 0x70,
                                  .name = "CallOfferingTreatmentIndicators",
                                  .octets = 1,
                                  .ref = "Q.763 3.74",
                                  .ones = 0x80};
  static consteval auto fields() {
    using P = CallOfferingTreatment;
    return std::tuple{Field{&P::to_be_offered, bits("BA"), "call to be offered", names::kMayBeOffered}};
  }
  friend bool operator==(const CallOfferingTreatment&, const CallOfferingTreatment&) = default;
};
static_assert(fields_disjoint<CallOfferingTreatment>());

/// Q.763 3.76.
struct ConferenceTreatment {
  std::uint8_t acceptance = 0;  ///< BA
  SpareTail spare = {};
  static constexpr ParamSpec spec{
      .code = 0x72, .name = "ConferenceTreatmentIndicators", .octets = 1, .ref = "Q.763 3.76", .ones = 0x80};
  static consteval auto fields() {
    using P = ConferenceTreatment;
    return std::tuple{Field{&P::acceptance, bits("BA"), "conference acceptance", names::kConference}};
  }
  friend bool operator==(const ConferenceTreatment&, const ConferenceTreatment&) = default;
};
static_assert(fields_disjoint<ConferenceTreatment>());

/// Q.763 3.78: of user interactive dialogue.
struct UidAction {
  bool through_connect = false;  ///< A
  bool stop_t9 = false;          ///< B
  SpareTail spare = {};
  static constexpr ParamSpec spec{
      .code = 0x74, .name = "UIDActionIndicators", .octets = 1, .ref = "Q.763 3.78", .ones = 0x80};
  static consteval auto fields() {
    using P = UidAction;
    return std::tuple{
        Field{&P::through_connect, bits("A"), "through-connection instruction", names::kThroughConnect},
        Field{&P::stop_t9, bits("B"), "T9 timer instruction", names::kStopT9}};
  }
  friend bool operator==(const UidAction&, const UidAction&) = default;
};
static_assert(fields_disjoint<UidAction>());

/// Q.763 3.79.
struct UidCapability {
  bool through_connect = false;  ///< A
  bool stop_t9 = false;          ///< B
  SpareTail spare = {};
  static constexpr ParamSpec spec{
      .code = 0x75, .name = "UIDCapabilityIndicators", .octets = 1, .ref = "Q.763 3.79", .ones = 0x80};
  static consteval auto fields() {
    using P = UidCapability;
    return std::tuple{Field{&P::through_connect, bits("A"), "through-connection", names::kPossible},
                      Field{&P::stop_t9, bits("B"), "T9 timer", names::kPossible}};
  }
  friend bool operator==(const UidCapability&, const UidCapability&) = default;
};
static_assert(fields_disjoint<UidCapability>());

/// Q.763 3.81.
struct CollectCallRequest {
  bool requested = true;  ///< A
  SpareTail spare = {};
  static constexpr ParamSpec spec{
      .code = 0x79, .name = "CollectCallRequest", .octets = 1, .ref = "Q.763 3.81"};
  static consteval auto fields() {
    using P = CollectCallRequest;
    return std::tuple{Field{&P::requested, bits("A"), "collect call", names::kRequested}};
  }
  friend bool operator==(const CollectCallRequest&, const CollectCallRequest&) = default;
};
static_assert(fields_disjoint<CollectCallRequest>());

/// Q.763 3.83: completion of calls on no reply.
struct CcnrPossible {
  bool possible = true;  ///< A
  SpareTail spare = {};
  static constexpr ParamSpec spec{
      .code = 0x7a, .name = "CCNRPossibleIndicator", .octets = 1, .ref = "Q.763 3.83"};
  static consteval auto fields() {
    using P = CcnrPossible;
    return std::tuple{Field{&P::possible, bits("A"), "CCNR", names::kPossible}};
  }
  friend bool operator==(const CcnrPossible&, const CcnrPossible&) = default;
};
static_assert(fields_disjoint<CcnrPossible>());
}  // namespace tandem::isup
