#pragma once
// The code points in which Q.931 and Q.763 differ, and the Q.931 elements that ISUP carries as octets.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "isup/parameters.h"
#include "tdm/pri/values.h"

namespace tandem::interwork::q931 {

/// Q.931 table 4-9 <-> Q.763 3.9.
isup::NatureOfAddress nature_from_type(tdm::pri::TypeOfNumber type);
tdm::pri::TypeOfNumber type_from_nature(isup::NatureOfAddress nature);
isup::NumberingPlan plan_from_q931(tdm::pri::NumberingPlan plan);
tdm::pri::NumberingPlan plan_from_isup(isup::NumberingPlan plan);

/// IA5 digits of Q.931 as ISUP address signals ('*' is code 11, '#' code 12). Empty when the number holds
/// anything else or is too long: no part of it may be dialled in its place.
std::string signals_from_digits(std::string_view digits);
/// The inverse; the end-of-pulsing signal is left out.
std::string digits_from_signals(std::string_view signals);

/// Q.931 4.5.8: a whole called party number element; nullopt when it holds none.
std::optional<isup::CalledPartyNumber> read_called_number(OctetView element);

/// Q.931 4.5.23: progress indicators as whole elements, and those among other elements.
Octets write_progress(const std::vector<tdm::pri::Progress>& progress);
std::vector<tdm::pri::Progress> read_progress(OctetView elements);

}  // namespace tandem::interwork::q931
