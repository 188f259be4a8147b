#pragma once
// Values of single keys, out of TOML by the schema.
#include <string_view>

#include "config/document.h"
#include "config/toml.h"

namespace tandem::config {

Position position(const toml::source_region& source);
/// "a string", "a table": what stands in the file.
std::string_view kind(const toml::node& node);
/// Gives the entry its key's default; the schema's own text is TOML.
void set_default(Entry& entry);
/// Puts the node into the entry, or says what is wrong with it.
void read_value(const toml::node& node, Entry& entry, Problems& problems);

}  // namespace tandem::config
