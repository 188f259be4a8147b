#pragma once
// DTMF digits in INFO: application/dtmf-relay ("Signal=5", "Duration=160") and application/dtmf ("5"), legacy
// usage in the sense of RFC 6086 1; neither type has a standard.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/core/config.h"

namespace tandem::core {

struct DigitInfo {
  char digit = '0';  ///< 0-9 * # A-D
  std::uint16_t duration_ms = 160;
};
/// `content_type` in lower case, without parameters. Nothing: no digit that can be dialled (a hook flash
/// too).
std::optional<DigitInfo> digit_from_info(std::string_view content_type, std::string_view body);

struct InfoBody {
  std::string_view content_type;
  std::string body;
};
/// Nothing: the mode has no INFO.
std::optional<InfoBody> info_from_digit(DtmfMode mode, char digit, std::uint16_t duration_ms);

}  // namespace tandem::core
