#pragma once
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

namespace tandem {

enum class Errc : std::uint8_t {
  truncated,
  malformed,
  out_of_range,
  too_long,
  unsupported,
  missing,
  refused
};

/// What a decoder says of bad input: which rule was broken, in which element, at which octet.
/// Both texts are literals, so that an error costs nothing to make.
struct Error {
  Errc code = Errc::malformed;
  std::uint32_t offset = 0;     ///< octet from the start of the input
  std::string_view where = {};  ///< header, parameter or field, e.g. "Via", "Q.931 4.5.8 called number"
  std::string_view what = {};   ///< what is wrong, e.g. "no sent-by"
};

template <class T>
using Result = std::expected<T, Error>;

std::string_view to_string(Errc code);
/// "octet 17: Via: no sent-by (malformed)"
std::string to_string(const Error& error);

[[nodiscard]] inline std::unexpected<Error> fail(Errc code, std::size_t offset, std::string_view where,
                                                 std::string_view what) {
  return std::unexpected(Error{code, static_cast<std::uint32_t>(offset), where, what});
}

}  // namespace tandem
