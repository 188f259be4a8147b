#pragma once
#include "gateway/base/time.h"

namespace tandem::tdm::pri {

/// While one of these lives, gettimeofday() in this thread tells `now` instead of the system's time.
///
/// libpri asks gettimeofday() whenever it sets or runs a timer. clock.cpp defines that function for the whole
/// program (a definition in the program goes before the C library's), so libpri is driven by the time that is
/// handed in: timers are exact in virtual time, and a step of the wall clock moves no timer in production.
/// Everybody else, outside of such a scope, gets the real time of day.
class LibpriClock {
 public:
  explicit LibpriClock(Time now);
  ~LibpriClock();
  LibpriClock(const LibpriClock&) = delete;
  LibpriClock& operator=(const LibpriClock&) = delete;

 private:
  std::optional<Time> outer_;
};

}  // namespace tandem::tdm::pri
