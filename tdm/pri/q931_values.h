#pragma once
// The contents of single information elements in words.
#include <string>

#include "tdm/pri/q931.h"

namespace tandem::tdm::pri {

/// "0x0102", "empty".
std::string in_hex(OctetView contents);
/// Of an element of codeset 0; hexadecimal when it has no better words, or is too short for them.
std::string element_value(const Element& element);

}  // namespace tandem::tdm::pri
