#pragma once
// Between libpri's parties and ours. Private to tdm/pri.
#include <string>
#include <string_view>

#include "tdm/pri/config.h"
#include "tdm/pri/libpri.h"
#include "tdm/pri/values.h"

namespace tandem::tdm::pri {

/// Digits, '*', '#', '+' and A to D; the rest is dropped.
std::string digits_of(std::string_view text);
Number number_of(std::string_view digits, int type_and_plan, int presentation);
std::string name_of(const pri_party_name& name);
Party party_of(const pri_party_id& id);
Redirection redirection_of(const pri_party_redirecting& redirecting);

int type_and_plan(const Number& number);
/// `type` decides about the characters: names in a display are IA5 (Q.931 4.5.16), QSIG's ISO 8859-1.
pri_party_id to_libpri(const Party& party, Switch type);
/// libpri sends a name only with a number: without one this says that the number is not available.
pri_party_id calling_to_libpri(const Party& party, Switch type);
pri_party_subaddress to_libpri(const Subaddress& subaddress);
pri_party_redirecting to_libpri(const Redirection& redirection, Switch type);

}  // namespace tandem::tdm::pri
