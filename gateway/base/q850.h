#pragma once
// Causes and locations as Q.850 names them.
#include <cstdint>
#include <string_view>

namespace tandem {

/// "user busy"; "unassigned" for a value that Q.850 does not define.
std::string_view cause_name(std::uint8_t value);
/// Q.850 2.2.3: "user", "transit network"; "spare" for the others.
std::string_view location_name(std::uint8_t location);

}  // namespace tandem
