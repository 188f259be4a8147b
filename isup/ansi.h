#pragma once
// Parameters of ANSI T1.113 that ITU-T networks do not have, or lay out otherwise.
#include <string>

#include "isup/ansi_names.h"
#include "isup/codes.h"
#include "isup/fields.h"
#include "isup/value_names.h"

namespace tandem::isup {

/// T1.113: ITU-T: GenericNumber.
struct GenericAddress {
  std::uint8_t type = 0;  ///< 0 dialled digits, 1 destination number, 0xc0 ported number
  std::string digits = {};
  NatureOfAddress nature = NatureOfAddress::national;
  NumberingPlan plan = NumberingPlan::isdn;
  Presentation presentation = Presentation::allowed;
  Spare spare = {};
  static constexpr ParamSpec spec{
      .code = 0xc0, .name = "GenericAddress", .octets = 0, .ref = "T1.113", .least = 3};
  static consteval auto fields() {
    using P = GenericAddress;
    return std::tuple{Field{&P::type, bits(1, "HGFEDCBA"), "type of address", names::kAddressType},
                      Field{&P::nature, bits(2, "GFEDCBA"), "nature of address", names::kNature},
                      Field{&P::plan, bits(3, "GFE"), "numbering plan", names::kPlan},
                      Field{&P::presentation, bits(3, "DC"), "presentation", names::kPresentation}};
  }
  static consteval auto rest() { return DigitsRest<GenericAddress>{&GenericAddress::digits, bits(2, "H")}; }
  friend bool operator==(const GenericAddress&, const GenericAddress&) = default;
};
static_assert(fields_disjoint<GenericAddress>());

/// T1.113: who pays.
struct ChargeNumber {
  std::string digits = {};
  std::uint8_t nature = 3;  ///< 1 ANI subscriber, 2 not available, 3 ANI national, 5 to 7 of the called
  NumberingPlan plan = NumberingPlan::isdn;
  Spare spare = {};
  static constexpr ParamSpec spec{
      .code = 0xeb, .name = "ChargeNumber", .octets = 0, .ref = "T1.113", .least = 2};
  static consteval auto fields() {
    using P = ChargeNumber;
    return std::tuple{Field{&P::nature, bits(1, "GFEDCBA"), "nature of address", names::kChargeNature},
                      Field{&P::plan, bits(2, "GFE"), "numbering plan", names::kPlan}};
  }
  static consteval auto rest() { return DigitsRest<ChargeNumber>{&ChargeNumber::digits, bits(1, "H")}; }
  friend bool operator==(const ChargeNumber&, const ChargeNumber&) = default;
};
static_assert(fields_disjoint<ChargeNumber>());

/// T1.113: the first six digits of where the call comes from.
struct JurisdictionInformation {
  std::string digits = {};
  Spare spare = {};
  static constexpr ParamSpec spec{.code = 0xc4, .name = "Jurisdiction", .octets = 0, .ref = "T1.113"};
  static consteval auto fields() { return std::tuple{}; }
  static consteval auto rest() {
    return DigitsRest<JurisdictionInformation>{&JurisdictionInformation::digits, Bits{}};
  }
  friend bool operator==(const JurisdictionInformation&, const JurisdictionInformation&) = default;
};
static_assert(fields_disjoint<JurisdictionInformation>());

/// T1.113: the ANI II digits as a number.
struct OriginatingLineInformation {
  std::uint8_t value = 0;
  SpareTail spare = {};
  static constexpr ParamSpec spec{
      .code = 0xea, .name = "OriginatingLineInformation", .octets = 1, .ref = "T1.113"};
  static consteval auto fields() {
    using P = OriginatingLineInformation;
    return std::tuple{
        Field{&P::value, bits("HGFEDCBA"), "originating line", names::kOriginatingLine, Show::always}};
  }
  friend bool operator==(const OriginatingLineInformation&, const OriginatingLineInformation&) = default;
};
static_assert(fields_disjoint<OriginatingLineInformation>());

/// T1.113.
struct CarrierIdentification {
  std::uint8_t type = 2;
  std::uint8_t plan = 2;  ///< 1 three digits, 2 four digits
  std::uint8_t digit_1 = 0;
  std::uint8_t digit_2 = 0;
  std::uint8_t digit_3 = 0;
  std::uint8_t digit_4 = 0;
  SpareTail spare = {};
  static constexpr ParamSpec spec{
      .code = 0xc5, .name = "CarrierIdentification", .octets = 3, .ref = "T1.113"};
  static consteval auto fields() {
    using P = CarrierIdentification;
    return std::tuple{
        Field{&P::type, bits(1, "GFE"), "type of network identification", names::kNetworkType},
        Field{&P::plan, bits(1, "DCBA"), "network identification plan", names::kAnsiNetworkPlan},
        Field{&P::digit_1, bits(2, "DCBA"), "digit 1"},
        Field{&P::digit_2, bits(2, "HGFE"), "digit 2"},
        Field{&P::digit_3, bits(3, "DCBA"), "digit 3"},
        Field{&P::digit_4, bits(3, "HGFE"), "digit 4"}};
  }
  friend bool operator==(const CarrierIdentification&, const CarrierIdentification&) = default;
};
static_assert(fields_disjoint<CarrierIdentification>());

/// T1.113.
struct AnsiTransitNetworkSelection {
  std::uint8_t type = 2;
  std::uint8_t plan = 2;  ///< 1 three digits, 2 four digits
  std::uint8_t digit_1 = 0;
  std::uint8_t digit_2 = 0;
  std::uint8_t digit_3 = 0;
  std::uint8_t digit_4 = 0;
  std::uint8_t circuit_code = 0;
  SpareTail spare = {};
  static constexpr ParamSpec spec{
      .code = 0x23, .name = "TransitNetworkSelection", .octets = 4, .ref = "T1.113", .shortest = 3};
  static consteval auto fields() {
    using P = AnsiTransitNetworkSelection;
    return std::tuple{
        Field{&P::type, bits(1, "GFE"), "type of network identification", names::kNetworkType},
        Field{&P::plan, bits(1, "DCBA"), "network identification plan", names::kAnsiNetworkPlan},
        Field{&P::digit_1, bits(2, "DCBA"), "digit 1"},
        Field{&P::digit_2, bits(2, "HGFE"), "digit 2"},
        Field{&P::digit_3, bits(3, "DCBA"), "digit 3"},
        Field{&P::digit_4, bits(3, "HGFE"), "digit 4"},
        Field{&P::circuit_code, bits(4, "HGFE"), "circuit code", names::kCircuitCode}};
  }
  friend bool operator==(const AnsiTransitNetworkSelection&, const AnsiTransitNetworkSelection&) = default;
};
static_assert(fields_disjoint<AnsiTransitNetworkSelection>());

/// T1.113.
struct CarrierSelection {
  std::uint8_t value = 0;
  SpareTail spare = {};
  static constexpr ParamSpec spec{
      .code = 0xee, .name = "CarrierSelectionInformation", .octets = 1, .ref = "T1.113"};
  static consteval auto fields() {
    using P = CarrierSelection;
    return std::tuple{Field{&P::value, bits("HGFEDCBA"), "carrier selection", names::kCarrierSelection}};
  }
  friend bool operator==(const CarrierSelection&, const CarrierSelection&) = default;
};
static_assert(fields_disjoint<CarrierSelection>());

/// T1.113.
struct CircuitGroupCharacteristic {
  std::uint8_t carrier = 2;     ///< BA: 1 analogue, 2 digital, 3 both
  std::uint8_t control = 0;     ///< DC: 0 none, 1 odd, 2 even, 3 all
  std::uint8_t alarm = 0;       ///< FE
  std::uint8_t continuity = 0;  ///< HG: 0 unknown, 1 none, 2 statistical, 3 per call
  SpareTail spare = {};
  static constexpr ParamSpec spec{
      .code = 0xe5, .name = "CircuitGroupCharacteristicIndicator", .octets = 1, .ref = "T1.113"};
  static consteval auto fields() {
    using P = CircuitGroupCharacteristic;
    return std::tuple{Field{&P::carrier, bits("BA"), "circuit group carrier", names::kCarrierType},
                      Field{&P::control, bits("DC"), "double seizing control", names::kSeizingControl},
                      Field{&P::alarm, bits("FE"), "alarm carrier", names::kAlarmCarrier},
                      Field{&P::continuity, bits("HG"), "continuity check", names::kContinuityRequirement}};
  }
  friend bool operator==(const CircuitGroupCharacteristic&, const CircuitGroupCharacteristic&) = default;
};
static_assert(fields_disjoint<CircuitGroupCharacteristic>());

/// T1.113.
struct CircuitValidationResponse {
  std::uint8_t value = 1;
  SpareTail spare = {};
  static constexpr ParamSpec spec{
      .code = 0xe6, .name = "CircuitValidationResponseIndicator", .octets = 1, .ref = "T1.113"};
  static consteval auto fields() {
    using P = CircuitValidationResponse;
    return std::tuple{
        Field{&P::value, bits("HGFEDCBA"), "validation response", names::kValidation, Show::always}};
  }
  friend bool operator==(const CircuitValidationResponse&, const CircuitValidationResponse&) = default;
};
static_assert(fields_disjoint<CircuitValidationResponse>());

/// T1.113: trunk number, CLLI of both offices.
struct CircuitIdentificationName {
  std::string name = {};
  static constexpr ParamSpec spec{
      .code = 0xe8, .name = "CircuitIdentificationName", .octets = 0, .ref = "T1.113"};
  static consteval auto fields() { return std::tuple{}; }
  static consteval auto rest() { return OctetsRest{&CircuitIdentificationName::name, "name"}; }
  friend bool operator==(const CircuitIdentificationName&, const CircuitIdentificationName&) = default;
};
static_assert(fields_disjoint<CircuitIdentificationName>());

/// T1.113: eleven characters.
struct CommonLanguageLocation {
  std::string code = {};
  static constexpr ParamSpec spec{.code = 0xe9, .name = "CLLI", .octets = 0, .ref = "T1.113"};
  static consteval auto fields() { return std::tuple{}; }
  static consteval auto rest() { return OctetsRest{&CommonLanguageLocation::code, "code"}; }
  friend bool operator==(const CommonLanguageLocation&, const CommonLanguageLocation&) = default;
};
static_assert(fields_disjoint<CommonLanguageLocation>());

/// T1.113.
struct OutgoingTrunkGroupNumber {
  OctetString digits = {};
  static constexpr ParamSpec spec{
      .code = 0xe7, .name = "OutgoingTrunkGroupNumber", .octets = 0, .ref = "T1.113"};
  static consteval auto fields() { return std::tuple{}; }
  static consteval auto rest() { return OctetsRest{&OutgoingTrunkGroupNumber::digits, "digits"}; }
  friend bool operator==(const OutgoingTrunkGroupNumber&, const OutgoingTrunkGroupNumber&) = default;
};
static_assert(fields_disjoint<OutgoingTrunkGroupNumber>());

/// T1.113.
struct BusinessGroup {
  std::uint8_t party = 0;
  bool line_privileges_customer = false;
  bool ibgi = false;
  bool attendant = false;
  std::uint32_t group = 0;
  std::uint16_t sub_group = 0;
  std::uint8_t line_privileges = 0;
  SpareTail spare = {};
  static constexpr ParamSpec spec{.code = 0xc6, .name = "BusinessGroup", .octets = 7, .ref = "T1.113"};
  static consteval auto fields() {
    using P = BusinessGroup;
    return std::tuple{Field{&P::party, bits(1, "DCBA"), "party selector", names::kPartySelector},
                      Field{&P::line_privileges_customer, bits(1, "E"), "line privileges information",
                            names::kPrivilegesBy},
                      Field{&P::ibgi, bits(1, "F"), "business group identifier type", names::kGroupIdType},
                      Field{&P::attendant, bits(1, "G"), "attendant status", names::kAttendant},
                      Field{&P::group, number(2, 3), "business group identifier"},
                      Field{&P::sub_group, number(5, 2), "sub-group identifier"},
                      Field{&P::line_privileges, bits(7, "HGFEDCBA"), "line privileges"}};
  }
  friend bool operator==(const BusinessGroup&, const BusinessGroup&) = default;
};
static_assert(fields_disjoint<BusinessGroup>());

/// T1.113.
struct AnsiNotificationIndicator {
  std::uint8_t indicator = 0;
  SpareTail spare = {};
  static constexpr ParamSpec spec{
      .code = 0xe1, .name = "NotificationIndicator", .octets = 1, .ref = "T1.113", .ones = 0x80};
  static consteval auto fields() {
    using P = AnsiNotificationIndicator;
    return std::tuple{Field{&P::indicator, bits("GFEDCBA"), "notification"}};
  }
  friend bool operator==(const AnsiNotificationIndicator&, const AnsiNotificationIndicator&) = default;
};
static_assert(fields_disjoint<AnsiNotificationIndicator>());

/// T1.113.
struct ServiceCode {
  std::uint8_t value = 0;
  SpareTail spare = {};
  static constexpr ParamSpec spec{.code = 0xec, .name = "ServiceCodeIndicator", .octets = 1, .ref = "T1.113"};
  static consteval auto fields() {
    using P = ServiceCode;
    return std::tuple{Field{&P::value, bits("HGFEDCBA"), "service code"}};
  }
  friend bool operator==(const ServiceCode&, const ServiceCode&) = default;
};
static_assert(fields_disjoint<ServiceCode>());

/// T1.113.
struct SpecialProcessingRequest {
  std::uint8_t value = 0;
  SpareTail spare = {};
  static constexpr ParamSpec spec{
      .code = 0xed, .name = "SpecialProcessingRequest", .octets = 1, .ref = "T1.113"};
  static consteval auto fields() {
    using P = SpecialProcessingRequest;
    return std::tuple{Field{&P::value, bits("HGFEDCBA"), "special processing", names::kSpecialProcessing}};
  }
  friend bool operator==(const SpecialProcessingRequest&, const SpecialProcessingRequest&) = default;
};
static_assert(fields_disjoint<SpecialProcessingRequest>());

/// T1.113.
struct AnsiCallReference {
  std::uint32_t identity = 0;
  std::uint32_t point_code = 0;  ///< the member in bits 0 to 7
  SpareTail spare = {};
  static constexpr ParamSpec spec{.code = 0x01, .name = "CallReference", .octets = 6, .ref = "T1.113"};
  static consteval auto fields() {
    using P = AnsiCallReference;
    return std::tuple{Field{&P::identity, number(1, 3), "call identity"},
                      Field{&P::point_code, Bits{24, 24}, "point code"}};
  }
  friend bool operator==(const AnsiCallReference&, const AnsiCallReference&) = default;
};
static_assert(fields_disjoint<AnsiCallReference>());
}  // namespace tandem::isup
