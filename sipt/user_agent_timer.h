#pragma once
// Session timers (RFC 4028): what a session has to remember of its own.
#include <cstdint>
#include <optional>

#include "sipt/message.h"

namespace tandem::sip {

inline constexpr std::uint32_t kMinInterval = 90;  ///< RFC 4028 4, seconds

struct SessionTimer {
  std::uint32_t interval = 0;  ///< seconds; 0: none
  bool refresher = false;      ///< it is we who refresh
  bool due = false;            ///< a refresh waits to be sent
  std::uint32_t min_se = 0;    ///< the largest Min-SE heard (RFC 4028 7.4); 0: none
};

/// Session-Expires: 1800;refresher=uas (RFC 4028 4).
struct SessionExpires {
  std::uint32_t seconds = 0;
  std::optional<bool> by_uac;  ///< the refresher, if one is named
};
/// Nothing: absent, or not readable.
std::optional<SessionExpires> session_expires_of(const Message& message);
/// 0: absent, or not readable.
std::uint32_t min_se_of(const Message& message);

}  // namespace tandem::sip
