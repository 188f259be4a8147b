#pragma once
// Time is handed in, never read: a component gets `now` with each input and says when it wants to be woken.
#include <chrono>
#include <optional>

namespace tandem {

using Duration = std::chrono::nanoseconds;

/// A steady clock without now(): only the rim of the program (gateway/io) knows what time it is.
struct Monotonic {
  using duration = Duration;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<Monotonic>;
  static constexpr bool is_steady = true;
};
using Time = Monotonic::time_point;

/// Calendar time (UTC), for records that people read; also handed in.
using WallTime = std::chrono::sys_time<std::chrono::microseconds>;

/// The earlier of two optional deadlines.
constexpr std::optional<Time> earlier(std::optional<Time> a, std::optional<Time> b) {
  if (!a) return b;
  if (!b) return a;
  return *a < *b ? a : b;
}

}  // namespace tandem
