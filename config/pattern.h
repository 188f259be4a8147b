#pragma once
#include <expected>
#include <string>
#include <string_view>

namespace tandem::config {

/// Checks the regular expression of a route: it must compile, and must not be able to keep the exchange busy,
/// for std::regex tries every way to match. The number of its groups, or what is wrong with it.
std::expected<int, std::string> check_pattern(std::string_view pattern);

/// Checks the replacement of a pattern with `groups` groups; empty when it is right.
std::string check_rewrite(std::string_view rewrite, int groups);

}  // namespace tandem::config
