#pragma once
// Indicators of a call: parameters of fixed length in the messages that set it up and clear it.
#include "isup/codes.h"
#include "isup/fields.h"
#include "isup/value_names.h"

namespace tandem::isup {

/// Q.763 3.35.
struct NatureOfConnection {
  std::uint8_t satellites = 0;  ///< BA
  std::uint8_t continuity = 0;  ///< DC
  bool echo_device = false;     ///< E
  SpareTail spare = {};
  static constexpr ParamSpec spec{
      .code = 0x06, .name = "NatureOfConnectionIndicators", .octets = 1, .ref = "Q.763 3.35"};
  static consteval auto fields() {
    using P = NatureOfConnection;
    return std::tuple{Field{&P::satellites, bits("BA"), "satellite indicator", names::kSatellites},
                      Field{&P::continuity, bits("DC"), "continuity check indicator", names::kContinuity},
                      Field{&P::echo_device, bits("E"), "echo control device", names::kEchoDevice}};
  }
  friend bool operator==(const NatureOfConnection&, const NatureOfConnection&) = default;
};
static_assert(fields_disjoint<NatureOfConnection>());

/// Q.763 3.23.
struct ForwardCallIndicators {
  bool international = false;           ///< A
  bool interworking = false;            ///< D
  bool isup_all_the_way = true;         ///< F
  std::uint8_t isup_preference = 1;     ///< HG: 0 preferred, 1 not required, 2 required
  bool isdn_access = false;             ///< I
  bool ported_query_done = false;       ///< M, national: the number was looked up for its new network
  std::uint8_t end_to_end_method = 0;   ///< CB
  bool end_to_end_information = false;  ///< E, national
  std::uint8_t sccp_method = 0;         ///< KJ
  bool query_on_release = false;        ///< N
  SpareTail spare = {};
  static constexpr ParamSpec spec{
      .code = 0x07, .name = "ForwardCallIndicators", .octets = 2, .ref = "Q.763 3.23"};
  static consteval auto fields() {
    using P = ForwardCallIndicators;
    return std::tuple{
        Field{&P::international, bits("A"), "national/international call", names::kInternational},
        Field{&P::interworking, bits("D"), "interworking", names::kInterworking},
        Field{&P::isup_all_the_way, bits("F"), "ISDN user part", names::kIsupAllTheWay},
        Field{&P::isup_preference, bits("HG"), "ISDN user part preference", names::kIsupPreference},
        Field{&P::isdn_access, bits("I"), "ISDN access", names::kIsdnAccess},
        Field{&P::ported_query_done, bits("M"), "ported number translation", names::kPortedQuery},
        Field{&P::end_to_end_method, bits("CB"), "end-to-end method", names::kEndToEndMethod},
        Field{&P::end_to_end_information, bits("E"), "end-to-end information", names::kEndToEndInformation},
        Field{&P::sccp_method, bits("KJ"), "SCCP method", names::kSccpMethod},
        Field{&P::query_on_release, bits("N"), "query on release attempt", names::kQueryOnRelease}};
  }
  friend bool operator==(const ForwardCallIndicators&, const ForwardCallIndicators&) = default;
};
static_assert(fields_disjoint<ForwardCallIndicators>());

/// Q.763 3.38.
struct OptionalForwardCallIndicators {
  std::uint8_t closed_user_group = 0;   ///< BA: 2 outgoing access allowed, 3 not allowed
  bool segmentation = false;            ///< C: SGM follows
  bool connected_line_request = false;  ///< H
  SpareTail spare = {};
  static constexpr ParamSpec spec{
      .code = 0x08, .name = "OptionalForwardCallIndicators", .octets = 1, .ref = "Q.763 3.38"};
  static consteval auto fields() {
    using P = OptionalForwardCallIndicators;
    return std::tuple{Field{&P::closed_user_group, bits("BA"), "closed user group call", names::kCugCall},
                      Field{&P::segmentation, bits("C"), "simple segmentation", names::kSegmentation},
                      Field{&P::connected_line_request, bits("H"), "connected line identity request",
                            names::kConnectedLineRequest}};
  }
  friend bool operator==(const OptionalForwardCallIndicators&,
                         const OptionalForwardCallIndicators&) = default;
};
static_assert(fields_disjoint<OptionalForwardCallIndicators>());

/// Q.763 3.11: as coded: 0x0a ordinary, 0x0b priority, 0x0d test, 0x0f payphone.
struct CallingPartysCategory {
  std::uint8_t value = 0x0a;
  SpareTail spare = {};
  static constexpr ParamSpec spec{
      .code = 0x09, .name = "CallingPartysCategory", .octets = 1, .ref = "Q.763 3.11"};
  static consteval auto fields() {
    using P = CallingPartysCategory;
    return std::tuple{Field{&P::value, bits("HGFEDCBA"), "calling party's category", names::kCategory}};
  }
  friend bool operator==(const CallingPartysCategory&, const CallingPartysCategory&) = default;
};
static_assert(fields_disjoint<CallingPartysCategory>());

/// Q.763 3.54: as coded: 0 speech, 2 64 kbit/s unrestricted, 3 3.1 kHz audio.
struct TransmissionMedium {
  std::uint8_t value = 3;
  SpareTail spare = {};
  static constexpr ParamSpec spec{
      .code = 0x02, .name = "TransmissionMediumRequirement", .octets = 1, .ref = "Q.763 3.54"};
  static consteval auto fields() {
    using P = TransmissionMedium;
    return std::tuple{
        Field{&P::value, bits("HGFEDCBA"), "transmission medium", names::kMedium, Show::always}};
  }
  friend bool operator==(const TransmissionMedium&, const TransmissionMedium&) = default;
};
static_assert(fields_disjoint<TransmissionMedium>());

/// Q.763 3.55: what to fall back to.
struct TransmissionMediumPrime {
  std::uint8_t value = 3;
  SpareTail spare = {};
  static constexpr ParamSpec spec{
      .code = 0x3e, .name = "TransmissionMediumRequirementPrime", .octets = 1, .ref = "Q.763 3.55"};
  static consteval auto fields() {
    using P = TransmissionMediumPrime;
    return std::tuple{Field{&P::value, bits("HGFEDCBA"), "fallback medium", names::kMedium, Show::always}};
  }
  friend bool operator==(const TransmissionMediumPrime&, const TransmissionMediumPrime&) = default;
};
static_assert(fields_disjoint<TransmissionMediumPrime>());

/// Q.763 3.56: after a fallback.
struct TransmissionMediumUsed {
  std::uint8_t value = 3;
  SpareTail spare = {};
  static constexpr ParamSpec spec{
      .code = 0x35, .name = "TransmissionMediumUsed", .octets = 1, .ref = "Q.763 3.56"};
  static consteval auto fields() {
    using P = TransmissionMediumUsed;
    return std::tuple{Field{&P::value, bits("HGFEDCBA"), "medium used", names::kMedium, Show::always}};
  }
  friend bool operator==(const TransmissionMediumUsed&, const TransmissionMediumUsed&) = default;
};
static_assert(fields_disjoint<TransmissionMediumUsed>());

/// Q.763 3.5.
struct BackwardCallIndicators {
  std::uint8_t charge = 2;              ///< BA
  std::uint8_t called_status = 0;       ///< DC: 0 no indication, 1 subscriber free
  std::uint8_t called_category = 1;     ///< FE
  bool interworking = false;            ///< I
  bool isup_all_the_way = true;         ///< K
  bool isdn_access = false;             ///< M
  bool echo_device = false;             ///< N
  std::uint8_t end_to_end_method = 0;   ///< HG
  bool end_to_end_information = false;  ///< J, national
  bool holding = false;                 ///< L, national
  std::uint8_t sccp_method = 0;         ///< PO
  SpareTail spare = {};
  static constexpr ParamSpec spec{
      .code = 0x11, .name = "BackwardCallIndicators", .octets = 2, .ref = "Q.763 3.5"};
  static consteval auto fields() {
    using P = BackwardCallIndicators;
    return std::tuple{
        Field{&P::called_status, bits("DC"), "called party's status", names::kCalledStatus, Show::always},
        Field{&P::charge, bits("BA"), "charge indicator", names::kCharge},
        Field{&P::called_category, bits("FE"), "called party's category", names::kCalledCategory},
        Field{&P::interworking, bits("I"), "interworking", names::kInterworking},
        Field{&P::isup_all_the_way, bits("K"), "ISDN user part", names::kIsupAllTheWay},
        Field{&P::isdn_access, bits("M"), "ISDN access", names::kIsdnAccess},
        Field{&P::echo_device, bits("N"), "echo control device", names::kEchoDevice},
        Field{&P::end_to_end_method, bits("HG"), "end-to-end method", names::kEndToEndMethod},
        Field{&P::end_to_end_information, bits("J"), "end-to-end information", names::kEndToEndInformation},
        Field{&P::holding, bits("L"), "holding", names::kHolding},
        Field{&P::sccp_method, bits("PO"), "SCCP method", names::kSccpMethod}};
  }
  friend bool operator==(const BackwardCallIndicators&, const BackwardCallIndicators&) = default;
};
static_assert(fields_disjoint<BackwardCallIndicators>());

/// Q.763 3.37.
struct OptionalBackwardCallIndicators {
  bool inband = false;          ///< A
  bool call_diversion = false;  ///< B
  bool segmentation = false;    ///< C: SGM follows
  bool mlpp_user = false;       ///< D
  SpareTail spare = {};
  static constexpr ParamSpec spec{
      .code = 0x29, .name = "OptionalBackwardCallIndicators", .octets = 1, .ref = "Q.763 3.37"};
  static consteval auto fields() {
    using P = OptionalBackwardCallIndicators;
    return std::tuple{Field{&P::inband, bits("A"), "in-band information", names::kInband},
                      Field{&P::call_diversion, bits("B"), "call diversion may occur", names::kCallDiversion},
                      Field{&P::segmentation, bits("C"), "simple segmentation", names::kSegmentation},
                      Field{&P::mlpp_user, bits("D"), "MLPP user", names::kMlppUser}};
  }
  friend bool operator==(const OptionalBackwardCallIndicators&,
                         const OptionalBackwardCallIndicators&) = default;
};
static_assert(fields_disjoint<OptionalBackwardCallIndicators>());

/// Q.763 3.21: 1 alerting, 2 progress, 3 in-band information, 4 busy, 5 no reply, 6 unconditional.
struct EventInformation {
  std::uint8_t event = 2;
  bool restricted = false;  ///< H, national: the caller is not told
  SpareTail spare = {};
  static constexpr ParamSpec spec{.code = 0x24, .name = "EventInformation", .octets = 1, .ref = "Q.763 3.21"};
  static consteval auto fields() {
    using P = EventInformation;
    return std::tuple{
        Field{&P::event, bits("GFEDCBA"), "event indicator", names::kEvent, Show::always},
        Field{&P::restricted, bits("H"), "event presentation restricted", names::kEventRestricted}};
  }
  friend bool operator==(const EventInformation&, const EventInformation&) = default;
};
static_assert(fields_disjoint<EventInformation>());

/// Q.763 3.52: A: 0 user, 1 network.
struct SuspendResume {
  bool network = false;
  SpareTail spare = {};
  static constexpr ParamSpec spec{
      .code = 0x22, .name = "SuspendResumeIndicators", .octets = 1, .ref = "Q.763 3.52"};
  static consteval auto fields() {
    using P = SuspendResume;
    return std::tuple{
        Field{&P::network, bits("A"), "suspend/resume indicator", names::kSuspendedBy, Show::always}};
  }
  friend bool operator==(const SuspendResume&, const SuspendResume&) = default;
};
static_assert(fields_disjoint<SuspendResume>());

/// Q.763 3.80: hops that the call may still make.
struct HopCounter {
  std::uint8_t value = 31;  ///< EDCBA
  SpareTail spare = {};
  static constexpr ParamSpec spec{.code = 0x3d, .name = "HopCounter", .octets = 1, .ref = "Q.763 3.80"};
  static consteval auto fields() {
    using P = HopCounter;
    return std::tuple{Field{&P::value, bits("EDCBA"), "hop counter"}};
  }
  friend bool operator==(const HopCounter&, const HopCounter&) = default;
};
static_assert(fields_disjoint<HopCounter>());

/// Q.763 3.42: of the circuits so far.
struct PropagationDelay {
  std::uint16_t milliseconds = 0;
  SpareTail spare = {};
  static constexpr ParamSpec spec{
      .code = 0x31, .name = "PropagationDelayCounter", .octets = 2, .ref = "Q.763 3.42"};
  static consteval auto fields() {
    using P = PropagationDelay;
    return std::tuple{Field{&P::milliseconds, number(1, 2), "propagation delay, ms"}};
  }
  friend bool operator==(const PropagationDelay&, const PropagationDelay&) = default;
};
static_assert(fields_disjoint<PropagationDelay>());

/// Q.763 3.7: the propagation delay of the whole call.
struct CallHistoryInformation {
  std::uint16_t milliseconds = 0;
  SpareTail spare = {};
  static constexpr ParamSpec spec{
      .code = 0x2d, .name = "CallHistoryInformation", .octets = 2, .ref = "Q.763 3.7"};
  static consteval auto fields() {
    using P = CallHistoryInformation;
    return std::tuple{Field{&P::milliseconds, number(1, 2), "propagation delay, ms"}};
  }
  friend bool operator==(const CallHistoryInformation&, const CallHistoryInformation&) = default;
};
static_assert(fields_disjoint<CallHistoryInformation>());

/// Q.763 3.19.
struct EchoControlInformation {
  std::uint8_t outgoing = 0;          ///< BA
  std::uint8_t incoming = 0;          ///< DC
  std::uint8_t outgoing_request = 0;  ///< FE
  std::uint8_t incoming_request = 0;  ///< HG
  SpareTail spare = {};
  static constexpr ParamSpec spec{
      .code = 0x37, .name = "EchoControlInformation", .octets = 1, .ref = "Q.763 3.19"};
  static consteval auto fields() {
    using P = EchoControlInformation;
    return std::tuple{
        Field{&P::outgoing, bits("BA"), "outgoing echo control device", names::kEchoState},
        Field{&P::incoming, bits("DC"), "incoming echo control device", names::kEchoState},
        Field{&P::outgoing_request, bits("FE"), "outgoing echo control device request", names::kEchoRequest},
        Field{&P::incoming_request, bits("HG"), "incoming echo control device request", names::kEchoRequest}};
  }
  friend bool operator==(const EchoControlInformation&, const EchoControlInformation&) = default;
};
static_assert(fields_disjoint<EchoControlInformation>());

/// Q.763 3.2.
struct AccessDelivery {
  bool no_setup = false;  ///< A: no set-up message was generated
  SpareTail spare = {};
  static constexpr ParamSpec spec{
      .code = 0x2e, .name = "AccessDeliveryInformation", .octets = 1, .ref = "Q.763 3.2"};
  static consteval auto fields() {
    using P = AccessDelivery;
    return std::tuple{
        Field{&P::no_setup, bits("A"), "access delivery indicator", names::kAccessDelivery, Show::always}};
  }
  friend bool operator==(const AccessDelivery&, const AccessDelivery&) = default;
};
static_assert(fields_disjoint<AccessDelivery>());

/// Q.763 3.29: what an INR asks for.
struct InformationRequestIndicators {
  bool calling_party_address = false;    ///< A
  bool holding = false;                  ///< B
  bool calling_partys_category = false;  ///< D
  bool charge_information = false;       ///< E
  bool malicious_call = false;           ///< H
  SpareTail spare = {};
  static constexpr ParamSpec spec{
      .code = 0x0e, .name = "InformationRequestIndicators", .octets = 2, .ref = "Q.763 3.29"};
  static consteval auto fields() {
    using P = InformationRequestIndicators;
    return std::tuple{
        Field{&P::calling_party_address, bits("A"), "calling party address request", names::kRequested},
        Field{&P::holding, bits("B"), "holding", names::kHolding},
        Field{&P::calling_partys_category, bits("D"), "calling party's category request", names::kRequested},
        Field{&P::charge_information, bits("E"), "charge information request", names::kRequested},
        Field{&P::malicious_call, bits("H"), "malicious call identification request", names::kRequested}};
  }
  friend bool operator==(const InformationRequestIndicators&, const InformationRequestIndicators&) = default;
};
static_assert(fields_disjoint<InformationRequestIndicators>());

/// Q.763 3.28: what an INF brings.
struct InformationIndicators {
  std::uint8_t calling_party_address = 0;  ///< BA: 0 not included, 1 not available, 3 included
  bool hold_provided = false;              ///< C
  bool calling_partys_category = false;    ///< F
  bool charge_information = false;         ///< G
  bool unsolicited = false;                ///< H
  SpareTail spare = {};
  static constexpr ParamSpec spec{
      .code = 0x0f, .name = "InformationIndicators", .octets = 2, .ref = "Q.763 3.28"};
  static consteval auto fields() {
    using P = InformationIndicators;
    return std::tuple{
        Field{&P::calling_party_address, bits("BA"), "calling party address response",
              names::kAddressResponse},
        Field{&P::hold_provided, bits("C"), "hold provided", names::kHoldProvided},
        Field{&P::calling_partys_category, bits("F"), "calling party's category response", names::kIncluded},
        Field{&P::charge_information, bits("G"), "charge information response", names::kIncluded},
        Field{&P::unsolicited, bits("H"), "solicited", names::kUnsolicited}};
  }
  friend bool operator==(const InformationIndicators&, const InformationIndicators&) = default;
};
static_assert(fields_disjoint<InformationIndicators>());
}  // namespace tandem::isup
