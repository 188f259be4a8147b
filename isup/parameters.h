#pragma once
// Parameters of Q.763, each declared once: fields with the letters printed in the standard.
#include <cstdint>
#include <string>
#include <variant>

#include "isup/codes.h"
#include "isup/fields.h"
#include "isup/supplementary.h"
#include "isup/value_names.h"

namespace tandem::isup {

/// Q.763 3.35.
struct NatureOfConnection {
  std::uint8_t satellites = 0;  ///< BA
  std::uint8_t continuity = 0;  ///< DC
  bool echo_device = false;     ///< E
  static constexpr ParamSpec spec{
      .code = 0x06, .name = "NatureOfConnectionIndicators", .octets = 1, .ref = "Q.763 3.35"};
  static consteval auto fields() {
    using P = NatureOfConnection;
    return std::tuple{Field{&P::satellites, bits("BA"), names::kSatellites},
                      Field{&P::continuity, bits("DC"), names::kContinuity},
                      Field{&P::echo_device, bits("E"), names::kEchoDevice}};
  }
  friend bool operator==(const NatureOfConnection&, const NatureOfConnection&) = default;
};
static_assert(fields_disjoint<NatureOfConnection>());

/// Q.763 3.23.
struct ForwardCallIndicators {
  bool international = false;        ///< A
  bool interworking = false;         ///< D
  bool isup_all_the_way = true;      ///< F
  std::uint8_t isup_preference = 1;  ///< HG: 0 preferred, 1 not required, 2 required
  bool isdn_access = false;          ///< I
  bool ported_query_done = false;    ///< M, national: the number was looked up for its new network
  static constexpr ParamSpec spec{
      .code = 0x07, .name = "ForwardCallIndicators", .octets = 2, .ref = "Q.763 3.23"};
  static consteval auto fields() {
    using P = ForwardCallIndicators;
    return std::tuple{Field{&P::international, bits("A"), names::kInternational},
                      Field{&P::interworking, bits("D"), names::kInterworking},
                      Field{&P::isup_all_the_way, bits("F"), names::kIsupAllTheWay},
                      Field{&P::isup_preference, bits("HG"), names::kIsupPreference},
                      Field{&P::isdn_access, bits("I"), names::kIsdnAccess},
                      Field{&P::ported_query_done, bits("M"), names::kPortedQuery}};
  }
  friend bool operator==(const ForwardCallIndicators&, const ForwardCallIndicators&) = default;
};
static_assert(fields_disjoint<ForwardCallIndicators>());

/// Q.763 3.11, as coded: 0x0a ordinary, 0x0b priority, 0x0d test, 0x0f payphone.
struct CallingPartysCategory {
  std::uint8_t value = 0x0a;
  static constexpr ParamSpec spec{
      .code = 0x09, .name = "CallingPartysCategory", .octets = 1, .ref = "Q.763 3.11"};
  static consteval auto fields() {
    using P = CallingPartysCategory;
    return std::tuple{Field{&P::value, bits("HGFEDCBA"), names::kCategory}};
  }
  friend bool operator==(const CallingPartysCategory&, const CallingPartysCategory&) = default;
};
static_assert(fields_disjoint<CallingPartysCategory>());

/// Q.763 3.54, as coded: 0 speech, 2 64 kbit/s unrestricted, 3 3.1 kHz audio.
struct TransmissionMedium {
  std::uint8_t value = 3;
  static constexpr ParamSpec spec{
      .code = 0x02, .name = "TransmissionMediumRequirement", .octets = 1, .ref = "Q.763 3.54"};
  static consteval auto fields() {
    using P = TransmissionMedium;
    return std::tuple{Field{&P::value, bits("HGFEDCBA"), names::kMedium, Show::always}};
  }
  friend bool operator==(const TransmissionMedium&, const TransmissionMedium&) = default;
};
static_assert(fields_disjoint<TransmissionMedium>());

/// Q.763 3.9; digits "0-9BC", the end-of-pulsing signal ST as 'F'.
struct CalledPartyNumber {
  std::string digits;
  NatureOfAddress nature = NatureOfAddress::national;
  NumberingPlan plan = NumberingPlan::isdn;
  bool internal_not_allowed = true;
  static constexpr ParamSpec spec{.code = 0x04, .name = "CalledPartyNumber", .octets = 0, .ref = "Q.763 3.9"};
  friend bool operator==(const CalledPartyNumber&, const CalledPartyNumber&) = default;
};

/// Q.763 3.10.
struct CallingPartyNumber {
  std::string digits;
  NatureOfAddress nature = NatureOfAddress::national;
  NumberingPlan plan = NumberingPlan::isdn;
  bool incomplete = false;
  Presentation presentation = Presentation::allowed;
  Screening screening = Screening::network;
  static constexpr ParamSpec spec{
      .code = 0x0a, .name = "CallingPartyNumber", .octets = 0, .ref = "Q.763 3.10"};
  friend bool operator==(const CallingPartyNumber&, const CallingPartyNumber&) = default;
};

/// Q.763 3.16; the same layout as the calling party number.
struct ConnectedNumber {
  std::string digits;
  NatureOfAddress nature = NatureOfAddress::national;
  NumberingPlan plan = NumberingPlan::isdn;
  Presentation presentation = Presentation::allowed;
  Screening screening = Screening::network;
  static constexpr ParamSpec spec{.code = 0x21, .name = "ConnectedNumber", .octets = 0, .ref = "Q.763 3.16"};
  friend bool operator==(const ConnectedNumber&, const ConnectedNumber&) = default;
};

/// Q.763 3.5.
struct BackwardCallIndicators {
  std::uint8_t charge = 2;           ///< BA
  std::uint8_t called_status = 0;    ///< DC: 0 no indication, 1 subscriber free
  std::uint8_t called_category = 1;  ///< FE
  bool interworking = false;         ///< I
  bool isup_all_the_way = true;      ///< K
  bool isdn_access = false;          ///< M
  bool echo_device = false;          ///< N
  static constexpr ParamSpec spec{
      .code = 0x11, .name = "BackwardCallIndicators", .octets = 2, .ref = "Q.763 3.5"};
  static consteval auto fields() {
    using P = BackwardCallIndicators;
    return std::tuple{Field{&P::called_status, bits("DC"), names::kCalledStatus, Show::always},
                      Field{&P::charge, bits("BA"), names::kCharge},
                      Field{&P::called_category, bits("FE"), names::kCalledCategory},
                      Field{&P::interworking, bits("I"), names::kInterworking},
                      Field{&P::isup_all_the_way, bits("K"), names::kIsupAllTheWay},
                      Field{&P::isdn_access, bits("M"), names::kIsdnAccess},
                      Field{&P::echo_device, bits("N"), names::kEchoDevice}};
  }
  friend bool operator==(const BackwardCallIndicators&, const BackwardCallIndicators&) = default;
};
static_assert(fields_disjoint<BackwardCallIndicators>());

/// Q.763 3.37.
struct OptionalBackwardCallIndicators {
  bool inband = false;          ///< A
  bool call_diversion = false;  ///< B
  static constexpr ParamSpec spec{
      .code = 0x29, .name = "OptionalBackwardCallIndicators", .octets = 1, .ref = "Q.763 3.37"};
  static consteval auto fields() {
    using P = OptionalBackwardCallIndicators;
    return std::tuple{Field{&P::inband, bits("A"), names::kInband},
                      Field{&P::call_diversion, bits("B"), names::kCallDiversion}};
  }
  friend bool operator==(const OptionalBackwardCallIndicators&,
                         const OptionalBackwardCallIndicators&) = default;
};
static_assert(fields_disjoint<OptionalBackwardCallIndicators>());

/// Q.763 3.21: 1 alerting, 2 progress, 3 in-band information, 4 busy, 5 no reply, 6 unconditional.
struct EventInformation {
  std::uint8_t event = 2;
  static constexpr ParamSpec spec{.code = 0x24, .name = "EventInformation", .octets = 1, .ref = "Q.763 3.21"};
  static consteval auto fields() {
    using P = EventInformation;
    return std::tuple{Field{&P::event, bits("GFEDCBA"), names::kEvent, Show::always}};
  }
  friend bool operator==(const EventInformation&, const EventInformation&) = default;
};
static_assert(fields_disjoint<EventInformation>());

/// Q.763 3.12, Q.850.
struct CauseIndicators {
  std::uint8_t value = 31;
  Location location = Location::transit;
  Octets diagnostic = {};
  static constexpr ParamSpec spec{.code = 0x12, .name = "CauseIndicators", .octets = 0, .ref = "Q.763 3.12"};
  friend bool operator==(const CauseIndicators&, const CauseIndicators&) = default;
};

/// Q.763 3.3: Q.931 information elements that cross unchanged (progress indicators, sub-addresses).
struct AccessTransport {
  Octets elements = {};
  static constexpr ParamSpec spec{.code = 0x03, .name = "AccessTransport", .octets = 0, .ref = "Q.763 3.3"};
  friend bool operator==(const AccessTransport&, const AccessTransport&) = default;
};

/// Q.763 3.57, contents as in Q.931 bearer capability.
struct UserServiceInformation {
  Octets bearer;
  static constexpr ParamSpec spec{
      .code = 0x1d, .name = "UserServiceInformation", .octets = 0, .ref = "Q.763 3.57"};
  friend bool operator==(const UserServiceInformation&, const UserServiceInformation&) = default;
};

/// Q.763 3.52: A: 0 user, 1 network.
struct SuspendResume {
  bool network = false;
  static constexpr ParamSpec spec{
      .code = 0x22, .name = "SuspendResumeIndicators", .octets = 1, .ref = "Q.763 3.52"};
  static consteval auto fields() {
    using P = SuspendResume;
    return std::tuple{Field{&P::network, bits("A"), names::kSuspendedBy, Show::always}};
  }
  friend bool operator==(const SuspendResume&, const SuspendResume&) = default;
};
static_assert(fields_disjoint<SuspendResume>());

/// Generic display names; not in ITU Q.763, ANSI T1.113 generic name (0xC7), which comes once for each.
struct GenericName {
  std::string name = {};             ///< of the calling party, or of the connected one
  std::string original_called = {};  ///< whom the call was for before it was diverted
  std::string redirecting = {};      ///< who diverted it last
  static constexpr ParamSpec spec{.code = 0xc7, .name = "GenericName", .octets = 0, .ref = "ANSI T1.113"};
  friend bool operator==(const GenericName&, const GenericName&) = default;
};

/// A parameter that is not declared here: kept as it came.
struct RawParameter {
  std::uint8_t code = 0;
  Octets contents;
  friend bool operator==(const RawParameter&, const RawParameter&) = default;
};

using Parameter =
    std::variant<NatureOfConnection, ForwardCallIndicators, CallingPartysCategory, TransmissionMedium,
                 CalledPartyNumber, CallingPartyNumber, ConnectedNumber, BackwardCallIndicators,
                 OptionalBackwardCallIndicators, EventInformation, CauseIndicators, AccessTransport,
                 UserServiceInformation, SuspendResume, OriginalCalledNumber, RedirectingNumber,
                 RedirectionInformation, RedirectionNumber, RedirectionNumberRestriction, GenericNotification,
                 UserToUserInformation, SubsequentNumber, HopCounter, GenericNumber, GenericName,
                 RawParameter>;

}  // namespace tandem::isup
