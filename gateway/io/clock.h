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

}  // namespace tandem::io
