#pragma once
// Every parameter of Q.763 and ANSI T1.113 that has members; the others are RawParameter (isup/registry.h has
// their names).
#include <string>
#include <variant>

#include "isup/ansi.h"
#include "isup/cause.h"
#include "isup/compatibility.h"
#include "isup/indicators.h"
#include "isup/maintenance.h"
#include "isup/numbers.h"
#include "isup/payloads.h"
#include "isup/routing.h"
#include "isup/supplementary.h"

namespace tandem::isup {

/// Whose name a GenericName is.
enum class NameOf : std::uint8_t { calling = 1, original_called = 2, redirecting = 3, connected = 4 };

/// A display name; not in ITU-T Q.763. A message may have one for each party.
struct GenericName {
  std::string name = {};
  NameOf of = NameOf::calling;
  bool not_available = false;
  std::uint8_t presentation = 0;  ///< 0 allowed, 1 restricted, 2 blocking toggle, 3 no indication
  Spare spare = {};
  static constexpr ParamSpec spec{
      .code = 0xc7, .name = "GenericName", .octets = 0, .ref = "T1.113", .least = 1};
  static consteval auto fields() {
    using P = GenericName;
    return std::tuple{Field{&P::of, bits(1, "HGF"), "type of name", names::kNameOf},
                      Field{&P::not_available, bits(1, "E"), "availability", names::kNameAvailability},
                      Field{&P::presentation, bits(1, "BA"), "presentation", names::kNamePresentation}};
  }
  static consteval auto rest() { return OctetsRest{&GenericName::name, "name"}; }
  friend bool operator==(const GenericName&, const GenericName&) = default;
};
static_assert(fields_disjoint<GenericName>());

/// A parameter that is not declared, or whose contents are too short for its declaration: kept as it came.
/// Code 0, which no parameter has: all that follows the message type (of PAM, and of messages not known).
struct RawParameter {
  std::uint8_t code = 0;
  OctetString contents = {};
  friend bool operator==(const RawParameter&, const RawParameter&) = default;
};

using Parameter = std::variant<
    // of calls
    NatureOfConnection, ForwardCallIndicators, CallingPartysCategory, TransmissionMedium, CalledPartyNumber,
    CallingPartyNumber, ConnectedNumber, BackwardCallIndicators, OptionalBackwardCallIndicators,
    EventInformation, CauseIndicators, AccessTransport, UserServiceInformation, SuspendResume,
    OriginalCalledNumber, RedirectingNumber, RedirectionInformation, RedirectionNumber,
    RedirectionNumberRestriction, GenericNotification, UserToUserInformation, SubsequentNumber, HopCounter,
    GenericNumber, GenericName, OptionalForwardCallIndicators, TransmissionMediumPrime,
    TransmissionMediumUsed, PropagationDelay, CallHistoryInformation, EchoControlInformation, AccessDelivery,
    InformationRequestIndicators, InformationIndicators, LocationNumber, TransitNetworkSelection,
    UserServiceInformationPrime, UserTeleserviceInformation, GenericDigits, ApplicationTransport,
    // of circuits and exchanges
    ContinuityIndicators, CircuitGroupSupervisionType, RangeAndStatus, CircuitStateIndicator,
    CircuitAssignmentMap, FacilityIndicator, AutomaticCongestionLevel, NetworkManagementControls,
    OriginationIscPointCode, SignallingPointCode, CallReference, ConnectionRequest, MessageCompatibility,
    ParameterCompatibility,
    // of services and routing
    CallDiversionInformation, UserToUserIndicators, ClosedUserGroup, McidRequest, McidResponse,
    MlppPrecedence, CallTransferReference, CallTransferNumber, LoopPreventionIndicators, Ccss, BackwardGvns,
    CallDiversionTreatment, CallOfferingTreatment, ConferenceTreatment, UidAction, UidCapability,
    CollectCallRequest, CcnrPossible, CalledInNumber, OriginalCalledInNumber, CalledDirectoryNumber,
    NetworkRoutingNumber, RedirectCapability, PivotCapability, PivotRoutingIndicators, PivotStatus,
    PivotCounter, RedirectCounter, RedirectStatus, QorCapability, PortabilityForward, CallingGeodeticLocation,
    // of ANSI
    GenericAddress, ChargeNumber, JurisdictionInformation, OriginatingLineInformation, CarrierIdentification,
    AnsiTransitNetworkSelection, CarrierSelection, CircuitGroupCharacteristic, CircuitValidationResponse,
    CircuitIdentificationName, CommonLanguageLocation, OutgoingTrunkGroupNumber, BusinessGroup,
    AnsiNotificationIndicator, ServiceCode, SpecialProcessingRequest, AnsiCallReference, RawParameter>;

/// Whether a message holds these two beside each other: parameters that come once for each party or kind.
template <class P>
bool same_place(const P& /*a*/, const P& /*b*/) {
  return true;
}
inline bool same_place(const RawParameter& a, const RawParameter& b) {
  return a.code == b.code;
}
inline bool same_place(const GenericName& a, const GenericName& b) {
  return a.of == b.of;
}
inline bool same_place(const GenericNumber& a, const GenericNumber& b) {
  return a.qualifier == b.qualifier;
}
inline bool same_place(const GenericAddress& a, const GenericAddress& b) {
  return a.type == b.type;
}
inline bool same_place(const GenericDigits& a, const GenericDigits& b) {
  return a.type == b.type;
}

}  // namespace tandem::isup
