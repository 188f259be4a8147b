#pragma once
// Parameters that say how the call was or may be routed: number portability, pivot routing and redirection;
// where the caller is.
#include "isup/codes.h"
#include "isup/fields.h"
#include "isup/service_names.h"
#include "isup/value_names.h"

namespace tandem::isup {

/// Q.763 3.96: national.
struct RedirectCapability {
  std::uint8_t possible = 1;  ///< CBA
  SpareTail spare = {};
  static constexpr ParamSpec spec{
      .code = 0x4e, .name = "RedirectCapability", .octets = 1, .ref = "Q.763 3.96", .ones = 0x80};
  static consteval auto fields() {
    using P = RedirectCapability;
    return std::tuple{Field{&P::possible, bits("CBA"), "redirect possible", names::kPivotPossible}};
  }
  friend bool operator==(const RedirectCapability&, const RedirectCapability&) = default;
};
static_assert(fields_disjoint<RedirectCapability>());

/// Q.763 3.84.
struct PivotCapability {
  std::uint8_t possible = 1;    ///< CBA
  bool to_redirection = false;  ///< D
  SpareTail spare = {};
  static constexpr ParamSpec spec{
      .code = 0x7b, .name = "PivotCapability", .octets = 1, .ref = "Q.763 3.84", .ones = 0x80};
  static consteval auto fields() {
    using P = PivotCapability;
    return std::tuple{Field{&P::possible, bits("CBA"), "pivot possible", names::kPivotPossible},
                      Field{&P::to_redirection, bits("D"), "interworking to redirection", names::kAllowed}};
  }
  friend bool operator==(const PivotCapability&, const PivotCapability&) = default;
};
static_assert(fields_disjoint<PivotCapability>());

/// Q.763 3.85.
struct PivotRoutingIndicators {
  std::uint8_t routing = 1;  ///< GFEDCBA
  SpareTail spare = {};
  static constexpr ParamSpec spec{
      .code = 0x7c, .name = "PivotRoutingIndicators", .octets = 1, .ref = "Q.763 3.85", .ones = 0x80};
  static consteval auto fields() {
    using P = PivotRoutingIndicators;
    return std::tuple{Field{&P::routing, bits("GFEDCBA"), "pivot routing", names::kPivotRouting}};
  }
  friend bool operator==(const PivotRoutingIndicators&, const PivotRoutingIndicators&) = default;
};
static_assert(fields_disjoint<PivotRoutingIndicators>());

/// Q.763 3.92.
struct PivotStatus {
  std::uint8_t status = 0;  ///< BA
  SpareTail spare = {};
  static constexpr ParamSpec spec{
      .code = 0x86, .name = "PivotStatus", .octets = 1, .ref = "Q.763 3.92", .ones = 0x80};
  static consteval auto fields() {
    using P = PivotStatus;
    return std::tuple{Field{&P::status, bits("BA"), "pivot status", names::kPivotStatus}};
  }
  friend bool operator==(const PivotStatus&, const PivotStatus&) = default;
};
static_assert(fields_disjoint<PivotStatus>());

/// Q.763 3.93.
struct PivotCounter {
  std::uint8_t value = 1;  ///< EDCBA
  SpareTail spare = {};
  static constexpr ParamSpec spec{.code = 0x87, .name = "PivotCounter", .octets = 1, .ref = "Q.763 3.93"};
  static consteval auto fields() {
    using P = PivotCounter;
    return std::tuple{Field{&P::value, bits("EDCBA"), "pivot counter"}};
  }
  friend bool operator==(const PivotCounter&, const PivotCounter&) = default;
};
static_assert(fields_disjoint<PivotCounter>());

/// Q.763 3.97: national.
struct RedirectCounter {
  std::uint8_t value = 1;  ///< EDCBA
  SpareTail spare = {};
  static constexpr ParamSpec spec{.code = 0x77, .name = "RedirectCounter", .octets = 1, .ref = "Q.763 3.97"};
  static consteval auto fields() {
    using P = RedirectCounter;
    return std::tuple{Field{&P::value, bits("EDCBA"), "redirect counter"}};
  }
  friend bool operator==(const RedirectCounter&, const RedirectCounter&) = default;
};
static_assert(fields_disjoint<RedirectCounter>());

/// Q.763 3.98: national.
struct RedirectStatus {
  std::uint8_t status = 0;  ///< BA
  SpareTail spare = {};
  static constexpr ParamSpec spec{
      .code = 0x8a, .name = "RedirectStatus", .octets = 1, .ref = "Q.763 3.98", .ones = 0x80};
  static consteval auto fields() {
    using P = RedirectStatus;
    return std::tuple{Field{&P::status, bits("BA"), "redirect status", names::kPivotStatus}};
  }
  friend bool operator==(const RedirectStatus&, const RedirectStatus&) = default;
};
static_assert(fields_disjoint<RedirectStatus>());

/// Q.763 3.91: query on release.
struct QorCapability {
  bool supported = true;  ///< A
  SpareTail spare = {};
  static constexpr ParamSpec spec{
      .code = 0x85, .name = "QoRCapability", .octets = 1, .ref = "Q.763 3.91", .ones = 0x80};
  static consteval auto fields() {
    using P = QorCapability;
    return std::tuple{Field{&P::supported, bits("A"), "query on release", names::kSupported}};
  }
  friend bool operator==(const QorCapability&, const QorCapability&) = default;
};
static_assert(fields_disjoint<QorCapability>());

/// Q.763 3.101.
struct PortabilityForward {
  std::uint8_t status = 0;  ///< DCBA
  SpareTail spare = {};
  static constexpr ParamSpec spec{.code = 0x8d,
                                  .name = "NumberPortabilityForwardInformation",
                                  .octets = 1,
                                  .ref = "Q.763 3.101",
                                  .ones = 0x80};
  static consteval auto fields() {
    using P = PortabilityForward;
    return std::tuple{Field{&P::status, bits("DCBA"), "number portability status", names::kPortability}};
  }
  friend bool operator==(const PortabilityForward&, const PortabilityForward&) = default;
};
static_assert(fields_disjoint<PortabilityForward>());

/// Q.763 3.88.
struct CallingGeodeticLocation {
  Presentation presentation = Presentation::allowed;
  Screening screening = Screening::network;
  std::uint8_t type = 0;
  OctetString shape = {};
  Spare spare = {};
  static constexpr ParamSpec spec{
      .code = 0x81, .name = "CallingGeodeticLocation", .octets = 0, .ref = "Q.763 3.88", .least = 2};
  static consteval auto fields() {
    using P = CallingGeodeticLocation;
    return std::tuple{Field{&P::presentation, bits(1, "DC"), "presentation", names::kPresentation},
                      Field{&P::screening, bits(1, "BA"), "screening", names::kScreening},
                      Field{&P::type, bits(2, "GFEDCBA"), "type of shape", names::kShape}};
  }
  static consteval auto rest() { return OctetsRest{&CallingGeodeticLocation::shape, "shape description"}; }
  friend bool operator==(const CallingGeodeticLocation&, const CallingGeodeticLocation&) = default;
};
static_assert(fields_disjoint<CallingGeodeticLocation>());
}  // namespace tandem::isup
