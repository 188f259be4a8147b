#pragma once
// The code points in which Q.931 and Q.763 differ, and the Q.931 elements that ISUP carries as octets.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/interwork/tables.h"
#include "isup/parameters.h"
#include "tdm/pri/values.h"

namespace tandem::interwork::q931 {

/// Q.931 table 4-9 <-> Q.763 3.9.
isup::NatureOfAddress nature_from_type(tdm::pri::TypeOfNumber type, const Tables& tables = kTables);
tdm::pri::TypeOfNumber type_from_nature(isup::NatureOfAddress nature, const Tables& tables = kTables);
isup::NumberingPlan plan_from_q931(tdm::pri::NumberingPlan plan, const Tables& tables = kTables);
tdm::pri::NumberingPlan plan_from_isup(isup::NumberingPlan plan, const Tables& tables = kTables);

/// IA5 digits of Q.931 as ISUP address signals ('*' is code 11, '#' code 12). Empty when the number holds
/// anything else or is too long: no part of it may be dialled in its place.
std::string signals_from_digits(std::string_view digits);
/// The inverse; the end-of-pulsing signal is left out.
std::string digits_from_signals(std::string_view signals);

/// A number with presentation (calling, connected, redirecting) of ISUP from one of Q.931. Screening is set
/// where the parameter has one.
template <class IsupNumber>
IsupNumber isup_number(const tdm::pri::Number& number, const Tables& tables = kTables) {
  IsupNumber out{.digits = signals_from_digits(number.digits),
                 .nature = nature_from_type(number.type, tables),
                 .plan = plan_from_q931(number.plan, tables)};
  out.presentation = static_cast<isup::Presentation>(number.presentation);  // coded alike, Q.763 3.10
  if constexpr (requires { out.screening; }) out.screening = static_cast<isup::Screening>(number.screening);
  return out;
}
/// The inverse; numbers without screening count as provided by the network.
template <class IsupNumber>
tdm::pri::Number q931_number(const IsupNumber& number, const Tables& tables = kTables) {
  tdm::pri::Number out{.digits = digits_from_signals(number.digits),
                       .type = type_from_nature(number.nature, tables),
                       .plan = plan_from_isup(number.plan, tables),
                       .presentation = static_cast<tdm::pri::Presentation>(number.presentation),
                       .screening = tdm::pri::Screening::network};
  if constexpr (requires { number.screening; })
    out.screening = static_cast<tdm::pri::Screening>(number.screening);
  return out;
}

/// Q.931 4.5.8: a whole called party number element; nullopt when it holds none.
std::optional<isup::CalledPartyNumber> read_called_number(OctetView element, const Tables& tables = kTables);
Octets write_called_number(const isup::CalledPartyNumber& number, const Tables& tables = kTables);

/// Q.931 4.5.23: progress indicators as whole elements, and those among other elements.
Octets write_progress(const std::vector<tdm::pri::Progress>& progress);
std::vector<tdm::pri::Progress> read_progress(OctetView elements);

/// Q.931 4.5.9, 4.5.11, Q.951 3: whose sub-address an element holds, as coded.
enum class SubaddressOf : Octet { connected = 0x4d, calling = 0x6d, called = 0x71 };
/// A whole element; at most 20 octets of the sub-address.
Octets write_subaddress(SubaddressOf of, const tdm::pri::Subaddress& subaddress);
/// The first one among other elements.
std::optional<tdm::pri::Subaddress> read_subaddress(SubaddressOf of, OctetView elements);

/// Q.932 8.2.3 keypad facility: a whole element, and the first one among others.
Octets write_keypad(std::string_view keypad);
std::string read_keypad(OctetView elements);

/// Appends whole elements to the access transport parameter; nothing when there are none.
void carry(isup::Message& message, const Octets& elements);
/// The elements that crossed; empty without the parameter.
OctetView carried(const isup::Message& message);

}  // namespace tandem::interwork::q931
