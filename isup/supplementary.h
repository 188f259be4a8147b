#pragma once
// Parameters of supplementary services: diversion, notifications, user-to-user information, additional
// numbers; and those of overlap sending.
#include <cstdint>
#include <string>

#include "isup/codes.h"
#include "isup/fields.h"
#include "isup/value_names.h"

namespace tandem::isup {

/// Q.763 3.39: who was called before the first diversion.
struct OriginalCalledNumber {
  std::string digits;
  NatureOfAddress nature = NatureOfAddress::national;
  NumberingPlan plan = NumberingPlan::isdn;
  Presentation presentation = Presentation::allowed;
  static constexpr ParamSpec spec{
      .code = 0x28, .name = "OriginalCalledNumber", .octets = 0, .ref = "Q.763 3.39"};
  friend bool operator==(const OriginalCalledNumber&, const OriginalCalledNumber&) = default;
};

/// Q.763 3.44: who diverted the call last.
struct RedirectingNumber {
  std::string digits;
  NatureOfAddress nature = NatureOfAddress::national;
  NumberingPlan plan = NumberingPlan::isdn;
  Presentation presentation = Presentation::allowed;
  static constexpr ParamSpec spec{
      .code = 0x0b, .name = "RedirectingNumber", .octets = 0, .ref = "Q.763 3.44"};
  friend bool operator==(const RedirectingNumber&, const RedirectingNumber&) = default;
};

/// Q.763 3.45.
struct RedirectionInformation {
  std::uint8_t indicator = 3;  ///< CBA: 3 diversion; 4 diversion, all redirection information restricted
  std::uint8_t original_reason = 0;  ///< HGFE: 0 unknown, 1 busy, 2 no reply, 3 unconditional
  std::uint8_t counter = 1;          ///< KJI: 1 to 5
  std::uint8_t reason = 0;           ///< PONM: and 4 deflection in alerting, 5 at once, 6 not reachable
  static constexpr ParamSpec spec{
      .code = 0x13, .name = "RedirectionInformation", .octets = 2, .ref = "Q.763 3.45"};
  static consteval auto fields() {
    using P = RedirectionInformation;
    return std::tuple{Field{&P::indicator, bits("CBA"), names::kRedirecting},
                      Field{&P::original_reason, bits("HGFE"), names::kOriginalReason},
                      Field{&P::counter, bits("KJI"), names::kRedirections},
                      Field{&P::reason, bits("PONM"), names::kReason}};
  }
  friend bool operator==(const RedirectionInformation&, const RedirectionInformation&) = default;
};
static_assert(fields_disjoint<RedirectionInformation>());

/// Q.763 3.46: where the call goes now; who may see it, RedirectionNumberRestriction says.
struct RedirectionNumber {
  std::string digits;
  NatureOfAddress nature = NatureOfAddress::national;
  NumberingPlan plan = NumberingPlan::isdn;
  bool internal_not_allowed = false;
  static constexpr ParamSpec spec{
      .code = 0x0c, .name = "RedirectionNumber", .octets = 0, .ref = "Q.763 3.46"};
  friend bool operator==(const RedirectionNumber&, const RedirectionNumber&) = default;
};

/// Q.763 3.47.
struct RedirectionNumberRestriction {
  Presentation presentation = Presentation::allowed;  ///< BA: allowed or restricted
  static constexpr ParamSpec spec{
      .code = 0x40, .name = "RedirectionNumberRestriction", .octets = 1, .ref = "Q.763 3.47"};
  static consteval auto fields() {
    using P = RedirectionNumberRestriction;
    return std::tuple{Field{&P::presentation, bits("BA"), names::kRestriction}};
  }
  friend bool operator==(const RedirectionNumberRestriction&, const RedirectionNumberRestriction&) = default;
};
static_assert(fields_disjoint<RedirectionNumberRestriction>());

/// Q.763 3.25: as Q.931 4.5.22; the extension bit H is left to the codec, which writes 1.
struct GenericNotification {
  std::uint8_t indicator = 0x79;  ///< GFEDCBA: 0x79 remote hold, 0x7a retrieval, 0x60 call waiting, ...
  static constexpr ParamSpec spec{
      .code = 0x2c, .name = "GenericNotificationIndicator", .octets = 1, .ref = "Q.763 3.25"};
  static consteval auto fields() {
    using P = GenericNotification;
    return std::tuple{Field{&P::indicator, bits("GFEDCBA"), names::kNotification, Show::always}};
  }
  friend bool operator==(const GenericNotification&, const GenericNotification&) = default;
};
static_assert(fields_disjoint<GenericNotification>());

/// Q.763 3.60, as the user-user element of Q.931 4.5.30.
struct UserToUserInformation {
  std::uint8_t protocol = 0x04;  ///< discriminator: 4 IA5 characters
  Octets octets = {};            ///< at most 128
  static constexpr ParamSpec spec{
      .code = 0x20, .name = "UserToUserInformation", .octets = 0, .ref = "Q.763 3.60"};
  friend bool operator==(const UserToUserInformation&, const UserToUserInformation&) = default;
};

/// Q.763 3.51: more digits of the called number, "0-9BC", ST as 'F'.
struct SubsequentNumber {
  std::string digits;
  static constexpr ParamSpec spec{.code = 0x05, .name = "SubsequentNumber", .octets = 0, .ref = "Q.763 3.51"};
  friend bool operator==(const SubsequentNumber&, const SubsequentNumber&) = default;
};

/// Q.763 3.80: hops that the call may still make.
struct HopCounter {
  std::uint8_t value = 31;  ///< EDCBA
  static constexpr ParamSpec spec{.code = 0x3d, .name = "HopCounter", .octets = 1, .ref = "Q.763 3.80"};
  static consteval auto fields() {
    using P = HopCounter;
    return std::tuple{Field{&P::value, bits("EDCBA"), names::kNothing}};
  }
  friend bool operator==(const HopCounter&, const HopCounter&) = default;
};
static_assert(fields_disjoint<HopCounter>());

/// Q.763 3.26: one more number of a party.
struct GenericNumber {
  std::uint8_t qualifier = 6;  ///< 5 additional connected, 6 additional calling party number, ...
  std::string digits;
  NatureOfAddress nature = NatureOfAddress::national;
  NumberingPlan plan = NumberingPlan::isdn;
  bool incomplete = false;
  Presentation presentation = Presentation::allowed;
  Screening screening = Screening::user_not_verified;
  static constexpr ParamSpec spec{.code = 0xc0, .name = "GenericNumber", .octets = 0, .ref = "Q.763 3.26"};
  friend bool operator==(const GenericNumber&, const GenericNumber&) = default;
};

}  // namespace tandem::isup
