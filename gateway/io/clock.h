#pragma once
// The only place that knows what time it is.
#include <chrono>

#include "gateway/base/time.h"

namespace tandem::io {

inline Time now() {
  return Time{std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now().time_since_epoch())};
}

inline WallTime wall_now() {
  return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
}

/// From the origin of NTP's times (RFC 3550 4) to that of Time.
inline Duration since_1900() {
  constexpr auto kTo1970 = std::chrono::seconds(2'208'988'800);
  return std::chrono::duration_cast<Duration>(wall_now().time_since_epoch()) + kTo1970 -
         now().time_since_epoch();
}

}  // namespace tandem::io
