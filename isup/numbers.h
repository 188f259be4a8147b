#pragma once
// Parameters that hold an address: digits "0-9", codes 11 to 14 as "BCDE", the end-of-pulsing signal ST as
// 'F'.
#include <string>

#include "isup/codes.h"
#include "isup/fields.h"
#include "isup/value_names.h"

namespace tandem::isup {

/// Q.763 3.9.
struct CalledPartyNumber {
  std::string digits = {};
  NatureOfAddress nature = NatureOfAddress::national;
  NumberingPlan plan = NumberingPlan::isdn;
  bool internal_not_allowed = true;
  Spare spare = {};
  static constexpr ParamSpec spec{
      .code = 0x04, .name = "CalledPartyNumber", .octets = 0, .ref = "Q.763 3.9", .least = 2};
  static consteval auto fields() {
    using P = CalledPartyNumber;
    return std::tuple{
        Field{&P::nature, bits(1, "GFEDCBA"), "nature of address", names::kNature},
        Field{&P::plan, bits(2, "GFE"), "numbering plan", names::kPlan},
        Field{&P::internal_not_allowed, bits(2, "H"), "internal network number", names::kInternalNumber}};
  }
  static consteval auto rest() {
    return DigitsRest<CalledPartyNumber>{&CalledPartyNumber::digits, bits(1, "H")};
  }
  friend bool operator==(const CalledPartyNumber&, const CalledPartyNumber&) = default;
};
static_assert(fields_disjoint<CalledPartyNumber>());

/// Q.763 3.10.
struct CallingPartyNumber {
  std::string digits = {};
  NatureOfAddress nature = NatureOfAddress::national;
  NumberingPlan plan = NumberingPlan::isdn;
  bool incomplete = false;
  Presentation presentation = Presentation::allowed;
  Screening screening = Screening::network;
  Spare spare = {};
  static constexpr ParamSpec spec{
      .code = 0x0a, .name = "CallingPartyNumber", .octets = 0, .ref = "Q.763 3.10", .least = 2};
  static consteval auto fields() {
    using P = CallingPartyNumber;
    return std::tuple{Field{&P::nature, bits(1, "GFEDCBA"), "nature of address", names::kNature},
                      Field{&P::plan, bits(2, "GFE"), "numbering plan", names::kPlan},
                      Field{&P::incomplete, bits(2, "H"), "number incomplete", names::kIncomplete},
                      Field{&P::presentation, bits(2, "DC"), "presentation", names::kPresentation},
                      Field{&P::screening, bits(2, "BA"), "screening", names::kScreening}};
  }
  static consteval auto rest() {
    return DigitsRest<CallingPartyNumber>{&CallingPartyNumber::digits, bits(1, "H")};
  }
  friend bool operator==(const CallingPartyNumber&, const CallingPartyNumber&) = default;
};
static_assert(fields_disjoint<CallingPartyNumber>());

/// Q.763 3.16: the same layout as the calling party number.
struct ConnectedNumber {
  std::string digits = {};
  NatureOfAddress nature = NatureOfAddress::national;
  NumberingPlan plan = NumberingPlan::isdn;
  Presentation presentation = Presentation::allowed;
  Screening screening = Screening::network;
  Spare spare = {};
  static constexpr ParamSpec spec{
      .code = 0x21, .name = "ConnectedNumber", .octets = 0, .ref = "Q.763 3.16", .least = 2};
  static consteval auto fields() {
    using P = ConnectedNumber;
    return std::tuple{Field{&P::nature, bits(1, "GFEDCBA"), "nature of address", names::kNature},
                      Field{&P::plan, bits(2, "GFE"), "numbering plan", names::kPlan},
                      Field{&P::presentation, bits(2, "DC"), "presentation", names::kPresentation},
                      Field{&P::screening, bits(2, "BA"), "screening", names::kScreening}};
  }
  static consteval auto rest() { return DigitsRest<ConnectedNumber>{&ConnectedNumber::digits, bits(1, "H")}; }
  friend bool operator==(const ConnectedNumber&, const ConnectedNumber&) = default;
};
static_assert(fields_disjoint<ConnectedNumber>());

/// Q.763 3.39: who was called before the first diversion.
struct OriginalCalledNumber {
  std::string digits = {};
  NatureOfAddress nature = NatureOfAddress::national;
  NumberingPlan plan = NumberingPlan::isdn;
  Presentation presentation = Presentation::allowed;
  Spare spare = {};
  static constexpr ParamSpec spec{
      .code = 0x28, .name = "OriginalCalledNumber", .octets = 0, .ref = "Q.763 3.39", .least = 2};
  static consteval auto fields() {
    using P = OriginalCalledNumber;
    return std::tuple{Field{&P::nature, bits(1, "GFEDCBA"), "nature of address", names::kNature},
                      Field{&P::plan, bits(2, "GFE"), "numbering plan", names::kPlan},
                      Field{&P::presentation, bits(2, "DC"), "presentation", names::kPresentation}};
  }
  static consteval auto rest() {
    return DigitsRest<OriginalCalledNumber>{&OriginalCalledNumber::digits, bits(1, "H")};
  }
  friend bool operator==(const OriginalCalledNumber&, const OriginalCalledNumber&) = default;
};
static_assert(fields_disjoint<OriginalCalledNumber>());

/// Q.763 3.44: who diverted the call last.
struct RedirectingNumber {
  std::string digits = {};
  NatureOfAddress nature = NatureOfAddress::national;
  NumberingPlan plan = NumberingPlan::isdn;
  Presentation presentation = Presentation::allowed;
  Spare spare = {};
  static constexpr ParamSpec spec{
      .code = 0x0b, .name = "RedirectingNumber", .octets = 0, .ref = "Q.763 3.44", .least = 2};
  static consteval auto fields() {
    using P = RedirectingNumber;
    return std::tuple{Field{&P::nature, bits(1, "GFEDCBA"), "nature of address", names::kNature},
                      Field{&P::plan, bits(2, "GFE"), "numbering plan", names::kPlan},
                      Field{&P::presentation, bits(2, "DC"), "presentation", names::kPresentation}};
  }
  static consteval auto rest() {
    return DigitsRest<RedirectingNumber>{&RedirectingNumber::digits, bits(1, "H")};
  }
  friend bool operator==(const RedirectingNumber&, const RedirectingNumber&) = default;
};
static_assert(fields_disjoint<RedirectingNumber>());

/// Q.763 3.46: where the call goes now; who may see it, RedirectionNumberRestriction says.
struct RedirectionNumber {
  std::string digits = {};
  NatureOfAddress nature = NatureOfAddress::national;
  NumberingPlan plan = NumberingPlan::isdn;
  bool internal_not_allowed = false;
  Spare spare = {};
  static constexpr ParamSpec spec{
      .code = 0x0c, .name = "RedirectionNumber", .octets = 0, .ref = "Q.763 3.46", .least = 2};
  static consteval auto fields() {
    using P = RedirectionNumber;
    return std::tuple{
        Field{&P::nature, bits(1, "GFEDCBA"), "nature of address", names::kNature},
        Field{&P::plan, bits(2, "GFE"), "numbering plan", names::kPlan},
        Field{&P::internal_not_allowed, bits(2, "H"), "internal network number", names::kInternalNumber}};
  }
  static consteval auto rest() {
    return DigitsRest<RedirectionNumber>{&RedirectionNumber::digits, bits(1, "H")};
  }
  friend bool operator==(const RedirectionNumber&, const RedirectionNumber&) = default;
};
static_assert(fields_disjoint<RedirectionNumber>());

/// Q.763 3.51: more digits of the called number, ST as 'F'.
struct SubsequentNumber {
  std::string digits = {};
  Spare spare = {};
  static constexpr ParamSpec spec{
      .code = 0x05, .name = "SubsequentNumber", .octets = 0, .ref = "Q.763 3.51", .least = 1};
  static consteval auto fields() { return std::tuple{}; }
  static consteval auto rest() {
    return DigitsRest<SubsequentNumber>{&SubsequentNumber::digits, bits(1, "H")};
  }
  friend bool operator==(const SubsequentNumber&, const SubsequentNumber&) = default;
};
static_assert(fields_disjoint<SubsequentNumber>());

/// Q.763 3.30: where the caller is.
struct LocationNumber {
  std::string digits = {};
  NatureOfAddress nature = NatureOfAddress::national;
  NumberingPlan plan = NumberingPlan::isdn;
  bool internal_not_allowed = true;
  Presentation presentation = Presentation::allowed;
  Screening screening = Screening::network;
  Spare spare = {};
  static constexpr ParamSpec spec{
      .code = 0x3f, .name = "LocationNumber", .octets = 0, .ref = "Q.763 3.30", .least = 2};
  static consteval auto fields() {
    using P = LocationNumber;
    return std::tuple{
        Field{&P::nature, bits(1, "GFEDCBA"), "nature of address", names::kNature},
        Field{&P::plan, bits(2, "GFE"), "numbering plan", names::kPlan},
        Field{&P::internal_not_allowed, bits(2, "H"), "internal network number", names::kInternalNumber},
        Field{&P::presentation, bits(2, "DC"), "presentation", names::kPresentation},
        Field{&P::screening, bits(2, "BA"), "screening", names::kScreening}};
  }
  static consteval auto rest() { return DigitsRest<LocationNumber>{&LocationNumber::digits, bits(1, "H")}; }
  friend bool operator==(const LocationNumber&, const LocationNumber&) = default;
};
static_assert(fields_disjoint<LocationNumber>());

/// Q.763 3.64: whom the call was transferred to.
struct CallTransferNumber {
  std::string digits = {};
  NatureOfAddress nature = NatureOfAddress::national;
  NumberingPlan plan = NumberingPlan::isdn;
  Presentation presentation = Presentation::allowed;
  Screening screening = Screening::network;
  Spare spare = {};
  static constexpr ParamSpec spec{
      .code = 0x45, .name = "CallTransferNumber", .octets = 0, .ref = "Q.763 3.64", .least = 2};
  static consteval auto fields() {
    using P = CallTransferNumber;
    return std::tuple{Field{&P::nature, bits(1, "GFEDCBA"), "nature of address", names::kNature},
                      Field{&P::plan, bits(2, "GFE"), "numbering plan", names::kPlan},
                      Field{&P::presentation, bits(2, "DC"), "presentation", names::kPresentation},
                      Field{&P::screening, bits(2, "BA"), "screening", names::kScreening}};
  }
  static consteval auto rest() {
    return DigitsRest<CallTransferNumber>{&CallTransferNumber::digits, bits(1, "H")};
  }
  friend bool operator==(const CallTransferNumber&, const CallTransferNumber&) = default;
};
static_assert(fields_disjoint<CallTransferNumber>());

/// Q.763 3.73: the number of the intelligent network that was called.
struct CalledInNumber {
  std::string digits = {};
  NatureOfAddress nature = NatureOfAddress::national;
  NumberingPlan plan = NumberingPlan::isdn;
  Presentation presentation = Presentation::allowed;
  Spare spare = {};
  static constexpr ParamSpec spec{
      .code = 0x6f, .name = "CalledINNumber", .octets = 0, .ref = "Q.763 3.73", .least = 2};
  static consteval auto fields() {
    using P = CalledInNumber;
    return std::tuple{Field{&P::nature, bits(1, "GFEDCBA"), "nature of address", names::kNature},
                      Field{&P::plan, bits(2, "GFE"), "numbering plan", names::kPlan},
                      Field{&P::presentation, bits(2, "DC"), "presentation", names::kPresentation}};
  }
  static consteval auto rest() { return DigitsRest<CalledInNumber>{&CalledInNumber::digits, bits(1, "H")}; }
  friend bool operator==(const CalledInNumber&, const CalledInNumber&) = default;
};
static_assert(fields_disjoint<CalledInNumber>());

/// Q.763 3.87.
struct OriginalCalledInNumber {
  std::string digits = {};
  NatureOfAddress nature = NatureOfAddress::national;
  NumberingPlan plan = NumberingPlan::isdn;
  Presentation presentation = Presentation::allowed;
  Spare spare = {};
  static constexpr ParamSpec spec{
      .code = 0x7f, .name = "OriginalCalledINNumber", .octets = 0, .ref = "Q.763 3.87", .least = 2};
  static consteval auto fields() {
    using P = OriginalCalledInNumber;
    return std::tuple{Field{&P::nature, bits(1, "GFEDCBA"), "nature of address", names::kNature},
                      Field{&P::plan, bits(2, "GFE"), "numbering plan", names::kPlan},
                      Field{&P::presentation, bits(2, "DC"), "presentation", names::kPresentation}};
  }
  static consteval auto rest() {
    return DigitsRest<OriginalCalledInNumber>{&OriginalCalledInNumber::digits, bits(1, "H")};
  }
  friend bool operator==(const OriginalCalledInNumber&, const OriginalCalledInNumber&) = default;
};
static_assert(fields_disjoint<OriginalCalledInNumber>());

/// Q.763 3.86: what was dialled, when the called number is a routing number.
struct CalledDirectoryNumber {
  std::string digits = {};
  NatureOfAddress nature = NatureOfAddress::national;
  NumberingPlan plan = NumberingPlan::isdn;
  bool internal_not_allowed = true;
  Spare spare = {};
  static constexpr ParamSpec spec{
      .code = 0x7d, .name = "CalledDirectoryNumber", .octets = 0, .ref = "Q.763 3.86", .least = 2};
  static consteval auto fields() {
    using P = CalledDirectoryNumber;
    return std::tuple{
        Field{&P::nature, bits(1, "GFEDCBA"), "nature of address", names::kNature},
        Field{&P::plan, bits(2, "GFE"), "numbering plan", names::kPlan},
        Field{&P::internal_not_allowed, bits(2, "H"), "internal network number", names::kInternalNumber}};
  }
  static consteval auto rest() {
    return DigitsRest<CalledDirectoryNumber>{&CalledDirectoryNumber::digits, bits(1, "H")};
  }
  friend bool operator==(const CalledDirectoryNumber&, const CalledDirectoryNumber&) = default;
};
static_assert(fields_disjoint<CalledDirectoryNumber>());

/// Q.763 3.90: of a ported subscriber.
struct NetworkRoutingNumber {
  std::string digits = {};
  std::uint8_t plan = 1;
  std::uint8_t nature = 1;
  Spare spare = {};
  static constexpr ParamSpec spec{
      .code = 0x84, .name = "NetworkRoutingNumber", .octets = 0, .ref = "Q.763 3.90", .least = 1};
  static consteval auto fields() {
    using P = NetworkRoutingNumber;
    return std::tuple{Field{&P::plan, bits(1, "GFE"), "numbering plan", names::kPlan},
                      Field{&P::nature, bits(1, "DCBA"), "nature of address", names::kRoutingNature}};
  }
  static consteval auto rest() {
    return DigitsRest<NetworkRoutingNumber>{&NetworkRoutingNumber::digits, bits(1, "H")};
  }
  friend bool operator==(const NetworkRoutingNumber&, const NetworkRoutingNumber&) = default;
};
static_assert(fields_disjoint<NetworkRoutingNumber>());

/// Q.763 3.26: one more number of a party.
struct GenericNumber {
  std::uint8_t qualifier = 6;  ///< 5 additional connected, 6 additional calling party number, ...
  std::string digits = {};
  NatureOfAddress nature = NatureOfAddress::national;
  NumberingPlan plan = NumberingPlan::isdn;
  bool incomplete = false;
  Presentation presentation = Presentation::allowed;
  Screening screening = Screening::user_not_verified;
  Spare spare = {};
  static constexpr ParamSpec spec{
      .code = 0xc0, .name = "GenericNumber", .octets = 0, .ref = "Q.763 3.26", .least = 3};
  static consteval auto fields() {
    using P = GenericNumber;
    return std::tuple{Field{&P::qualifier, bits(1, "HGFEDCBA"), "number qualifier", names::kNumberQualifier},
                      Field{&P::nature, bits(2, "GFEDCBA"), "nature of address", names::kNature},
                      Field{&P::plan, bits(3, "GFE"), "numbering plan", names::kPlan},
                      Field{&P::incomplete, bits(3, "H"), "number incomplete", names::kIncomplete},
                      Field{&P::presentation, bits(3, "DC"), "presentation", names::kPresentation},
                      Field{&P::screening, bits(3, "BA"), "screening", names::kScreening}};
  }
  static consteval auto rest() { return DigitsRest<GenericNumber>{&GenericNumber::digits, bits(2, "H")}; }
  friend bool operator==(const GenericNumber&, const GenericNumber&) = default;
};
static_assert(fields_disjoint<GenericNumber>());

/// Q.763 3.53.
struct TransitNetworkSelection {
  std::string digits = {};
  std::uint8_t type = 2;
  std::uint8_t plan = 0;
  Spare spare = {};
  static constexpr ParamSpec spec{
      .code = 0x23, .name = "TransitNetworkSelection", .octets = 0, .ref = "Q.763 3.53", .least = 1};
  static consteval auto fields() {
    using P = TransitNetworkSelection;
    return std::tuple{Field{&P::type, bits(1, "GFE"), "type of network identification", names::kNetworkType},
                      Field{&P::plan, bits(1, "DCBA"), "network identification plan", names::kNetworkPlan}};
  }
  static consteval auto rest() {
    return DigitsRest<TransitNetworkSelection>{&TransitNetworkSelection::digits, bits(1, "H")};
  }
  friend bool operator==(const TransitNetworkSelection&, const TransitNetworkSelection&) = default;
};
static_assert(fields_disjoint<TransitNetworkSelection>());
}  // namespace tandem::isup
