#include "isup/registry.h"

#include <algorithm>

#include "isup/contents.h"

namespace tandem::isup {

namespace {

constexpr ParameterCodes kNone{};
constexpr auto kOptional = OptionalPart::pointer;
constexpr auto kNoOptional = OptionalPart::none;
using M = MessageType;

constexpr auto kMessages = std::to_array<MessageRow>({
    {M::iam, "Initial address", {0x06, 0x07, 0x09, 0x02}, {0x04}, kOptional, "Q.763 table 32"},
    {M::sam, "Subsequent address", kNone, {0x05}, kOptional, "Q.763 table 4"},
    {M::inr, "Information request", {0x0e}, kNone, kOptional, "Q.763 table 4"},
    {M::inf, "Information", {0x0f}, kNone, kOptional, "Q.763 table 4"},
    {M::cot, "Continuity", {0x10}, kNone, kNoOptional, "Q.763 table 4"},
    {M::acm, "Address complete", {0x11}, kNone, kOptional, "Q.763 table 4"},
    {M::con, "Connect", {0x11}, kNone, kOptional, "Q.763 table 4"},
    {M::fot, "Forward transfer", kNone, kNone, kOptional, "Q.763 table 4"},
    {M::anm, "Answer", kNone, kNone, kOptional, "Q.763 table 4"},
    {M::rel, "Release", kNone, {0x12}, kOptional, "Q.763 table 33"},
    {M::sus, "Suspend", {0x22}, kNone, kOptional, "Q.763 table 4"},
    {M::res, "Resume", {0x22}, kNone, kOptional, "Q.763 table 4"},
    {M::rlc, "Release complete", kNone, kNone, OptionalPart::pointer_may_be_missing, "Q.763 table 34"},
    {M::ccr, "Continuity check request", kNone, kNone, kNoOptional, "Q.763 table 4"},
    {M::rsc, "Reset circuit", kNone, kNone, kNoOptional, "Q.763 table 4"},
    {M::blo, "Blocking", kNone, kNone, kNoOptional, "Q.763 table 4"},
    {M::ubl, "Unblocking", kNone, kNone, kNoOptional, "Q.763 table 4"},
    {M::bla, "Blocking acknowledgement", kNone, kNone, kNoOptional, "Q.763 table 4"},
    {M::uba, "Unblocking acknowledgement", kNone, kNone, kNoOptional, "Q.763 table 4"},
    {M::grs, "Circuit group reset", kNone, {0x16}, kNoOptional, "Q.763 table 4"},
    {M::cgb, "Circuit group blocking", {0x15}, {0x16}, kNoOptional, "Q.763 table 4"},
    {M::cgu, "Circuit group unblocking", {0x15}, {0x16}, kNoOptional, "Q.763 table 4"},
    {M::cgba, "Circuit group blocking acknowledgement", {0x15}, {0x16}, kNoOptional, "Q.763 table 4"},
    {M::cgua, "Circuit group unblocking acknowledgement", {0x15}, {0x16}, kNoOptional, "Q.763 table 4"},
    {M::far, "Facility request", {0x18}, kNone, kOptional, "Q.763 table 4"},
    {M::faa, "Facility accepted", {0x18}, kNone, kOptional, "Q.763 table 4"},
    {M::frj, "Facility reject", {0x18}, {0x12}, kOptional, "Q.763 table 4"},
    {M::lpa, "Loop back acknowledgement", kNone, kNone, kNoOptional, "Q.763 table 4"},
    {M::pam, "Pass-along", kNone, kNone, kNoOptional, "Q.763 table 4"},
    {M::gra, "Circuit group reset acknowledgement", kNone, {0x16}, kNoOptional, "Q.763 table 4"},
    {M::cqm, "Circuit group query", kNone, {0x16}, kNoOptional, "Q.763 table 4"},
    {M::cqr, "Circuit group query response", kNone, {0x16, 0x26}, kNoOptional, "Q.763 table 4"},
    {M::cpg, "Call progress", {0x24}, kNone, kOptional, "Q.763 table 4"},
    {M::usr, "User-to-user information", kNone, {0x20}, kOptional, "Q.763 table 4"},
    {M::ucic, "Unequipped CIC", kNone, kNone, kNoOptional, "Q.763 table 4"},
    {M::cfn, "Confusion", kNone, {0x12}, kOptional, "Q.763 table 4"},
    {M::olm, "Overload", kNone, kNone, kNoOptional, "Q.763 table 4"},
    {M::crg, "Charge information", kNone, kNone, kOptional, "Q.763 table 4"},
    {M::nrm, "Network resource management", kNone, kNone, kOptional, "Q.763 table 4"},
    {M::fac, "Facility", kNone, kNone, kOptional, "Q.763 table 4"},
    {M::upt, "User part test", kNone, kNone, kOptional, "Q.763 table 4"},
    {M::upa, "User part available", kNone, kNone, kOptional, "Q.763 table 4"},
    {M::idr, "Identification request", kNone, kNone, kOptional, "Q.763 table 4"},
    {M::irs, "Identification response", kNone, kNone, kOptional, "Q.763 table 4"},
    {M::sgm, "Segmentation", kNone, kNone, kOptional, "Q.763 table 4"},
    {M::lop, "Loop prevention", kNone, kNone, kOptional, "Q.763 table 4"},
    {M::apm, "Application transport", kNone, kNone, kOptional, "Q.763 table 4"},
    {M::pri, "Pre-release information", kNone, kNone, kOptional, "Q.763 table 4"},
    {M::sdn, "Subsequent directory number", kNone, kNone, kOptional, "Q.763 table 4"},
});

// What T1.113 has otherwise or more. Those that it has not (SAM, CON, FAR, FAA, FRJ, USR, OLM) are read all
// the same.
constexpr auto kAnsiMessages = std::to_array<MessageRow>({
    {M::iam, "Initial address", {0x06, 0x07, 0x09}, {0x1d, 0x04}, kOptional, "T1.113"},
    {M::rlc, "Release complete", kNone, kNone, kNoOptional, "T1.113"},
    {M::gra, "Circuit group reset acknowledgement", kNone, {0x16}, kOptional, "T1.113"},
    {M::cra, "Circuit reservation acknowledgement", kNone, kNone, kNoOptional, "T1.113"},
    {M::crm, "Circuit reservation", {0x06}, kNone, kNoOptional, "T1.113"},
    {M::cvr, "Circuit validation response", {0xe6, 0xe5}, kNone, kOptional, "T1.113"},
    {M::cvt, "Circuit validation test", kNone, kNone, kNoOptional, "T1.113"},
    {M::exm, "Exit", kNone, kNone, kOptional, "T1.113"},
});

// Q.763 tables 4 and 5: "national use".
constexpr auto kNationalMessages =
    std::to_array<M>({M::cqm, M::cqr, M::crg, M::inf, M::inr, M::lpa, M::olm, M::pam, M::ucic});
constexpr auto kNationalParameters = std::to_array<std::uint8_t>({
    0x01,  // call reference
    0x0d,  // connection request
    0x0e,  // information request indicators
    0x0f,  // information indicators
    0x1e,  // signalling point code
    0x23,  // transit network selection
    0x26,  // circuit state indicator
    0x2f,  // network specific facility
    0x32,  // remote operations
    0x65,  // correlation id
    0x66,  // SCF id
    0x6e,  // call diversion treatment indicators
    0x6f,  // called IN number
    0x70,  // call offering treatment indicators
    0x71,  // charged party identification
    0x72,  // conference treatment indicators
    0x74,  // UID action indicators
    0x75,  // UID capability indicators
});

constexpr std::size_t kTypes = 256;
using Index = std::array<const MessageRow*, kTypes>;
constexpr Index index_of(std::span<const MessageRow> base, std::span<const MessageRow> overlay) {
  Index index{};
  for (const auto& row : base) index[static_cast<std::size_t>(row.type)] = &row;
  for (const auto& row : overlay) index[static_cast<std::size_t>(row.type)] = &row;
  return index;
}
constexpr Index kItuIndex = index_of(kMessages, {});
constexpr Index kAnsiIndex = index_of(kMessages, kAnsiMessages);

// --- parameters -----------------------------------------------------------------------------------------
/// Codes whose contents have no members here.
struct NameRow {
  std::uint8_t code;
  std::string_view name;
  std::string_view ref;
};
constexpr auto kItuNames = std::to_array<NameRow>({
    {0x2f, "NetworkSpecificFacility", "Q.763 3.36"},
    {0x32, "RemoteOperations", "Q.763 3.48"},
    {0x33, "ServiceActivation", "Q.763 3.49"},
    {0x4c, "ForwardGVNS", "Q.763 3.66"},
    {0x65, "CorrelationId", "Q.763 3.70"},
    {0x66, "SCFId", "Q.763 3.71"},
    {0x71, "ChargedPartyIdentification", "Q.763 3.75"},
    {0x73, "DisplayInformation", "Q.763 3.77"},
    {0x82, "HTRInformation", "Q.763 3.89"},
    {0x88, "PivotRoutingForwardInformation", "Q.763 3.94"},
    {0x89, "PivotRoutingBackwardInformation", "Q.763 3.95"},
    {0x8b, "RedirectForwardInformation", "Q.763 3.99"},
    {0x8c, "RedirectBackwardInformation", "Q.763 3.100"},
    {0x8e, "ForwardCATIndicators", "Q.763 table 5"},
    {0x8f, "BackwardCATIndicators", "Q.763 table 5"},
    {0x96, "AutomaticRerouting", "Q.763 table 5"},
    {0xa6, "IEPSCallInformation", "Q.763 table 5"},
    {0xa8, "VEDInformation", "Q.763 table 5"},
});
constexpr auto kAnsiNames = std::to_array<NameRow>({
    {0xc2, "OperatorServicesInformation", "T1.113"},
    {0xc3, "Egress", "T1.113"},
    {0xe2, "ServiceActivation", "T1.113"},
    {0xe3, "TransactionRequest", "T1.113"},
    {0xe4, "LocalServiceProviderIdentification", "T1.113"},
    {0xef, "NetworkTransport", "T1.113"},
    // with 24-bit point codes, which Q.763 3.17, 3.40 and 3.50 have no room for
    {0x0d, "ConnectionRequest", "T1.113"},
    {0x1e, "SignallingPointCode", "T1.113"},
    {0x2b, "OriginationISCPointCode", "T1.113"},
});

template <class P>
bool read_into(OctetView contents, Message& message) {
  if (read_contents(contents, message.emplace<P>())) return true;
  message.drop_last();
  return false;
}

template <class P>
constexpr bool of_ansi() {
  return P::spec.ref == "T1.113" && !std::same_as<P, GenericName>;
}

using Parameters = std::array<ParameterRow, 256>;
template <class... P>
constexpr Parameters parameters_of(bool ansi, const std::variant<P...>* /*all*/) {
  Parameters rows{};
  const auto one = [&]<class T>(const T* /*type*/, bool of_ansi_only) {
    if constexpr (requires { T::spec; }) {
      if (of_ansi<T>() == of_ansi_only)
        rows[T::spec.code] = {T::spec.name, T::spec.ref, T::spec.octets, &read_into<T>};
    }
  };
  (one(static_cast<const P*>(nullptr), false), ...);
  for (const auto& row : kItuNames) rows[row.code] = {row.name, row.ref};
  if (!ansi) return rows;
  for (const auto& row : kAnsiNames) rows[row.code] = {row.name, row.ref};
  (one(static_cast<const P*>(nullptr), true), ...);
  return rows;
}
constexpr Parameters kItuParameters = parameters_of(false, static_cast<const Parameter*>(nullptr));
constexpr Parameters kAnsiParameters = parameters_of(true, static_cast<const Parameter*>(nullptr));

}  // namespace

const MessageRow* find_message(MessageType type, Variant variant) {
  const auto& index = variant == Variant::ansi ? kAnsiIndex : kItuIndex;
  return index[static_cast<std::size_t>(type)];
}

bool excluded(MessageType type, Variant variant) {
  return variant == Variant::etsi && std::ranges::find(kNationalMessages, type) != kNationalMessages.end();
}

bool excluded_parameter(std::uint8_t code, Variant variant) {
  return variant == Variant::etsi &&
         std::ranges::find(kNationalParameters, code) != kNationalParameters.end();
}

const ParameterRow& find_parameter(std::uint8_t code, Variant variant) {
  return (variant == Variant::ansi ? kAnsiParameters : kItuParameters)[code];
}

}  // namespace tandem::isup
