#pragma once
// Parameters that carry what others understand: elements of Q.931, user information, applications, digits.
#include "isup/codes.h"
#include "isup/fields.h"
#include "isup/service_names.h"

namespace tandem::isup {

/// Q.763 3.3: Q.931 information elements that cross unchanged (progress indicators, sub-addresses).
struct AccessTransport {
  OctetString elements = {};
  static constexpr ParamSpec spec{.code = 0x03, .name = "AccessTransport", .octets = 0, .ref = "Q.763 3.3"};
  static consteval auto fields() { return std::tuple{}; }
  static consteval auto rest() { return OctetsRest{&AccessTransport::elements, "elements"}; }
  friend bool operator==(const AccessTransport&, const AccessTransport&) = default;
};
static_assert(fields_disjoint<AccessTransport>());

/// Q.763 3.57: contents as in Q.931 bearer capability.
struct UserServiceInformation {
  OctetString bearer = {};
  static constexpr ParamSpec spec{
      .code = 0x1d, .name = "UserServiceInformation", .octets = 0, .ref = "Q.763 3.57"};
  static consteval auto fields() { return std::tuple{}; }
  static consteval auto rest() { return OctetsRest{&UserServiceInformation::bearer, "bearer capability"}; }
  friend bool operator==(const UserServiceInformation&, const UserServiceInformation&) = default;
};
static_assert(fields_disjoint<UserServiceInformation>());

/// Q.763 3.58: what to fall back to.
struct UserServiceInformationPrime {
  OctetString bearer = {};
  static constexpr ParamSpec spec{
      .code = 0x30, .name = "UserServiceInformationPrime", .octets = 0, .ref = "Q.763 3.58"};
  static consteval auto fields() { return std::tuple{}; }
  static consteval auto rest() {
    return OctetsRest{&UserServiceInformationPrime::bearer, "bearer capability"};
  }
  friend bool operator==(const UserServiceInformationPrime&, const UserServiceInformationPrime&) = default;
};
static_assert(fields_disjoint<UserServiceInformationPrime>());

/// Q.763 3.59: contents as in Q.931 high layer compatibility.
struct UserTeleserviceInformation {
  OctetString compatibility = {};
  static constexpr ParamSpec spec{
      .code = 0x34, .name = "UserTeleserviceInformation", .octets = 0, .ref = "Q.763 3.59"};
  static consteval auto fields() { return std::tuple{}; }
  static consteval auto rest() {
    return OctetsRest{&UserTeleserviceInformation::compatibility, "high layer compatibility"};
  }
  friend bool operator==(const UserTeleserviceInformation&, const UserTeleserviceInformation&) = default;
};
static_assert(fields_disjoint<UserTeleserviceInformation>());

/// Q.763 3.61: as the user-user element of Q.931 4.5.30.
struct UserToUserInformation {
  std::uint8_t protocol = 0x04;  ///< 4 IA5 characters
  OctetString octets = {};       ///< at most 128
  Spare spare = {};
  static constexpr ParamSpec spec{
      .code = 0x20, .name = "UserToUserInformation", .octets = 0, .ref = "Q.763 3.61", .least = 1};
  static consteval auto fields() {
    using P = UserToUserInformation;
    return std::tuple{
        Field{&P::protocol, bits(1, "HGFEDCBA"), "protocol discriminator", names::kUserUserProtocol}};
  }
  static consteval auto rest() { return OctetsRest{&UserToUserInformation::octets, "user information"}; }
  friend bool operator==(const UserToUserInformation&, const UserToUserInformation&) = default;
};
static_assert(fields_disjoint<UserToUserInformation>());

/// Q.763 3.24: national.
struct GenericDigits {
  std::uint8_t scheme = 0;  ///< 0 BCD even, 1 BCD odd, 2 IA5, 3 binary
  std::uint8_t type = 0;
  OctetString digits = {};  ///< as the scheme says
  Spare spare = {};
  static constexpr ParamSpec spec{
      .code = 0xc1, .name = "GenericDigits", .octets = 0, .ref = "Q.763 3.24", .least = 1};
  static consteval auto fields() {
    using P = GenericDigits;
    return std::tuple{Field{&P::scheme, bits(1, "HGF"), "encoding scheme", names::kDigitScheme},
                      Field{&P::type, bits(1, "EDCBA"), "type of digits", names::kDigitType}};
  }
  static consteval auto rest() { return OctetsRest{&GenericDigits::digits, "digits"}; }
  friend bool operator==(const GenericDigits&, const GenericDigits&) = default;
};
static_assert(fields_disjoint<GenericDigits>());

/// Q.763 3.82.
struct ApplicationTransport {
  std::uint8_t context = 0;
  bool release = false;  ///< when the application is not known
  bool notify = false;
  std::uint8_t segments = 0;  ///< that follow
  bool new_sequence = true;
  OctetString data =
      {};  ///< segmentation local reference when bit H of octet 3 is 0, addresses, user information
  Spare spare = {};
  static constexpr ParamSpec spec{.code = 0x78,
                                  .name = "ApplicationTransportParameter",
                                  .octets = 0,
                                  .ref = "Q.763 3.82",
                                  .least = 3,
                                  .ones = 0x808080};
  static consteval auto fields() {
    using P = ApplicationTransport;
    return std::tuple{
        Field{&P::context, bits(1, "GFEDCBA"), "application context identifier", names::kApplication},
        Field{&P::release, bits(2, "A"), "release call", names::kReleaseCall},
        Field{&P::notify, bits(2, "B"), "send notification", names::kSendNotification},
        Field{&P::segments, bits(3, "FEDCBA"), "APM segmentation"},
        Field{&P::new_sequence, bits(3, "G"), "sequence", names::kSequence}};
  }
  static consteval auto rest() { return OctetsRest{&ApplicationTransport::data, "addresses and data"}; }
  /// Of the contexts above 127, which take one more octet, none is assigned.
  static bool fits(OctetView contents) {
    return contents.size() >= 2 && (contents[0] & contents[1] & 0x80) != 0;
  }
  friend bool operator==(const ApplicationTransport&, const ApplicationTransport&) = default;
};
static_assert(fields_disjoint<ApplicationTransport>());
}  // namespace tandem::isup
