#pragma once
// Parameters of circuit supervision and of the messages between exchanges rather than subscribers.
#include "isup/codes.h"
#include "isup/fields.h"
#include "isup/maintenance_names.h"

namespace tandem::isup {

/// Q.763 3.18.
struct ContinuityIndicators {
  bool successful = true;  ///< A
  SpareTail spare = {};
  static constexpr ParamSpec spec{
      .code = 0x10, .name = "ContinuityIndicators", .octets = 1, .ref = "Q.763 3.18"};
  static consteval auto fields() {
    using P = ContinuityIndicators;
    return std::tuple{Field{&P::successful, bits("A"), "continuity", names::kContinuityResult, Show::always}};
  }
  friend bool operator==(const ContinuityIndicators&, const ContinuityIndicators&) = default;
};
static_assert(fields_disjoint<ContinuityIndicators>());

/// Q.763 3.13.
struct CircuitGroupSupervisionType {
  std::uint8_t type = 0;  ///< BA: 0 maintenance, 1 hardware failure; ANSI: 0 without release, 1 with release
  SpareTail spare = {};
  static constexpr ParamSpec spec{
      .code = 0x15, .name = "CircuitGroupSupervisionMessageTypeIndicator", .octets = 1, .ref = "Q.763 3.13"};
  static consteval auto fields() {
    using P = CircuitGroupSupervisionType;
    return std::tuple{Field{&P::type, bits("BA"), "type indicator", names::kSupervisionType, Show::always}};
  }
  friend bool operator==(const CircuitGroupSupervisionType&, const CircuitGroupSupervisionType&) = default;
};
static_assert(fields_disjoint<CircuitGroupSupervisionType>());

/// Q.763 3.43: circuits from that of the message on, and a bit for each.
struct RangeAndStatus {
  std::uint8_t range = 0;   ///< the number of circuits less one; 0 is reserved but in CQM and CQR
  OctetString status = {};  ///< the first circuit in bit A of octet 1; none in GRS, CQM and CQR
  Spare spare = {};
  static constexpr ParamSpec spec{
      .code = 0x16, .name = "RangeAndStatus", .octets = 0, .ref = "Q.763 3.43", .least = 1};
  static consteval auto fields() {
    using P = RangeAndStatus;
    return std::tuple{Field{&P::range, bits(1, "HGFEDCBA"), "range", ValueNames{}, Show::always}};
  }
  static consteval auto rest() { return OctetsRest{&RangeAndStatus::status, "status"}; }
  [[nodiscard]] unsigned circuits() const { return range + 1U; }
  /// Whether the status of circuit `index` of the range is 1.
  [[nodiscard]] bool marked(unsigned index) const {
    return index / 8 < status.size() && (status[index / 8] >> index % 8 & 1) != 0;
  }
  /// `marks(i)` for each circuit of the range.
  template <class Marks>
  static RangeAndStatus of(std::uint8_t range, Marks marks) {
    Octets octets(range / 8U + 1);
    for (unsigned i = 0; i <= range; ++i)
      if (marks(i)) octets[i / 8] |= static_cast<Octet>(1U << i % 8);
    return {.range = range, .status = octets};
  }
  friend bool operator==(const RangeAndStatus&, const RangeAndStatus&) = default;
};
static_assert(fields_disjoint<RangeAndStatus>());

/// Q.763 3.14: an octet for each circuit of the range, see CircuitState.
struct CircuitStateIndicator {
  OctetString states = {};
  static constexpr ParamSpec spec{
      .code = 0x26, .name = "CircuitStateIndicator", .octets = 0, .ref = "Q.763 3.14"};
  static consteval auto fields() { return std::tuple{}; }
  static consteval auto rest() { return OctetsRest{&CircuitStateIndicator::states, "circuit states"}; }
  friend bool operator==(const CircuitStateIndicator&, const CircuitStateIndicator&) = default;
};
static_assert(fields_disjoint<CircuitStateIndicator>());

/// One octet of a CircuitStateIndicator. When `call` is 0, `maintenance` says: 0 transient, 3 unequipped.
struct CircuitState {
  std::uint8_t maintenance = 0;  ///< BA, when call is not 0: 0 active, 1 locally, 2 remotely blocked, 3 both
  std::uint8_t call = 3;         ///< DC: 0 none, 1 incoming busy, 2 outgoing busy, 3 idle
  std::uint8_t hardware = 0;     ///< FE: as maintenance, of hardware blocking; unless 0, call is 3
  static constexpr CircuitState of(Octet octet) {
    return {static_cast<std::uint8_t>(octet & 3), static_cast<std::uint8_t>(octet >> 2 & 3),
            static_cast<std::uint8_t>(octet >> 4 & 3)};
  }
  [[nodiscard]] constexpr Octet octet() const {
    return static_cast<Octet>((maintenance & 3U) | (call & 3U) << 2 | (hardware & 3U) << 4);
  }
  [[nodiscard]] constexpr bool unequipped() const { return call == 0 && maintenance == 3; }
  [[nodiscard]] constexpr bool transient() const { return call == 0 && maintenance == 0; }
  friend bool operator==(const CircuitState&, const CircuitState&) = default;
};

/// Q.763 3.69: the circuits of an N x 64 kbit/s call.
struct CircuitAssignmentMap {
  std::uint8_t type = 1;  ///< 1 of a 1544 kbit/s, 2 of a 2048 kbit/s path
  OctetString map = {};   ///< the first circuit in bit A of octet 1
  Spare spare = {};
  static constexpr ParamSpec spec{
      .code = 0x25, .name = "CircuitAssignmentMap", .octets = 0, .ref = "Q.763 3.69", .least = 1};
  static consteval auto fields() {
    using P = CircuitAssignmentMap;
    return std::tuple{Field{&P::type, bits(1, "FEDCBA"), "map type", names::kMapType}};
  }
  static consteval auto rest() { return OctetsRest{&CircuitAssignmentMap::map, "map"}; }
  friend bool operator==(const CircuitAssignmentMap&, const CircuitAssignmentMap&) = default;
};
static_assert(fields_disjoint<CircuitAssignmentMap>());

/// Q.763 3.22: the service that FAR, FAA and FRJ are about.
struct FacilityIndicator {
  std::uint8_t value = 2;
  SpareTail spare = {};
  static constexpr ParamSpec spec{
      .code = 0x18, .name = "FacilityIndicator", .octets = 1, .ref = "Q.763 3.22"};
  static consteval auto fields() {
    using P = FacilityIndicator;
    return std::tuple{Field{&P::value, bits("HGFEDCBA"), "facility", names::kFacility, Show::always}};
  }
  friend bool operator==(const FacilityIndicator&, const FacilityIndicator&) = default;
};
static_assert(fields_disjoint<FacilityIndicator>());

/// Q.763 3.4.
struct AutomaticCongestionLevel {
  std::uint8_t level = 1;
  SpareTail spare = {};
  static constexpr ParamSpec spec{
      .code = 0x27, .name = "AutomaticCongestionLevel", .octets = 1, .ref = "Q.763 3.4"};
  static consteval auto fields() {
    using P = AutomaticCongestionLevel;
    return std::tuple{
        Field{&P::level, bits("HGFEDCBA"), "congestion level", names::kCongestionLevel, Show::always}};
  }
  friend bool operator==(const AutomaticCongestionLevel&, const AutomaticCongestionLevel&) = default;
};
static_assert(fields_disjoint<AutomaticCongestionLevel>());

/// Q.763 3.68.
struct NetworkManagementControls {
  bool temporary_alternative_routing = false;  ///< A
  SpareTail spare = {};
  static constexpr ParamSpec spec{
      .code = 0x5b, .name = "NetworkManagementControls", .octets = 1, .ref = "Q.763 3.68", .ones = 0x80};
  static consteval auto fields() {
    using P = NetworkManagementControls;
    return std::tuple{Field{&P::temporary_alternative_routing, bits("A"), "temporary alternative routing",
                            names::kTemporaryRouting}};
  }
  friend bool operator==(const NetworkManagementControls&, const NetworkManagementControls&) = default;
};
static_assert(fields_disjoint<NetworkManagementControls>());

/// Q.763 3.40.
struct OriginationIscPointCode {
  std::uint16_t point_code = 0;
  SpareTail spare = {};
  static constexpr ParamSpec spec{
      .code = 0x2b, .name = "OriginationISCPointCode", .octets = 2, .ref = "Q.763 3.40"};
  static consteval auto fields() {
    using P = OriginationIscPointCode;
    return std::tuple{Field{&P::point_code, Bits{0, 14}, "point code"}};
  }
  friend bool operator==(const OriginationIscPointCode&, const OriginationIscPointCode&) = default;
};
static_assert(fields_disjoint<OriginationIscPointCode>());

/// Q.763 3.50: national.
struct SignallingPointCode {
  std::uint16_t point_code = 0;
  SpareTail spare = {};
  static constexpr ParamSpec spec{
      .code = 0x1e, .name = "SignallingPointCode", .octets = 2, .ref = "Q.763 3.50"};
  static consteval auto fields() {
    using P = SignallingPointCode;
    return std::tuple{Field{&P::point_code, Bits{0, 14}, "point code"}};
  }
  friend bool operator==(const SignallingPointCode&, const SignallingPointCode&) = default;
};
static_assert(fields_disjoint<SignallingPointCode>());

/// Q.763 3.8: national.
struct CallReference {
  std::uint32_t identity = 0;
  std::uint16_t point_code = 0;  ///< 14 bits, 2 spare
  SpareTail spare = {};
  static constexpr ParamSpec spec{.code = 0x01, .name = "CallReference", .octets = 5, .ref = "Q.763 3.8"};
  static consteval auto fields() {
    using P = CallReference;
    return std::tuple{Field{&P::identity, number(1, 3), "call identity"},
                      Field{&P::point_code, Bits{24, 16}, "point code"}};
  }
  friend bool operator==(const CallReference&, const CallReference&) = default;
};
static_assert(fields_disjoint<CallReference>());

/// Q.763 3.17.
struct ConnectionRequest {
  std::uint32_t local_reference = 0;
  std::uint16_t point_code = 0;  ///< 14 bits, 2 spare
  std::uint8_t protocol_class = 0;
  std::uint8_t credit = 0;
  SpareTail spare = {};
  static constexpr ParamSpec spec{
      .code = 0x0d, .name = "ConnectionRequest", .octets = 7, .ref = "Q.763 3.17", .shortest = 5};
  static consteval auto fields() {
    using P = ConnectionRequest;
    return std::tuple{Field{&P::local_reference, number(1, 3), "local reference"},
                      Field{&P::point_code, Bits{24, 16}, "point code"},
                      Field{&P::protocol_class, bits(6, "HGFEDCBA"), "protocol class"},
                      Field{&P::credit, bits(7, "HGFEDCBA"), "credit"}};
  }
  friend bool operator==(const ConnectionRequest&, const ConnectionRequest&) = default;
};
static_assert(fields_disjoint<ConnectionRequest>());
}  // namespace tandem::isup
