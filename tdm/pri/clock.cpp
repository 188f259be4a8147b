#include "tdm/pri/clock.h"

#include <sys/time.h>

#include <ctime>

namespace tandem::tdm::pri {
namespace {

thread_local std::optional<Time> virtual_now;

}  // namespace

LibpriClock::LibpriClock(Time now) : outer_(virtual_now) {
  virtual_now = now;
}

LibpriClock::~LibpriClock() {
  virtual_now = outer_;
}

}  // namespace tandem::tdm::pri

/// The program's gettimeofday, see LibpriClock.
extern "C" int gettimeofday(struct timeval* __restrict tv, void* __restrict) noexcept {
  using namespace std::chrono;
  nanoseconds now{};
  if (tandem::tdm::pri::virtual_now) {
    now = tandem::tdm::pri::virtual_now->time_since_epoch();
  } else {
    timespec real{};
    clock_gettime(CLOCK_REALTIME, &real);
    now = seconds(real.tv_sec) + nanoseconds(real.tv_nsec);
  }
  const auto whole = floor<seconds>(now);
  tv->tv_sec = whole.count();
  tv->tv_usec = floor<microseconds>(now - whole).count();
  return 0;
}
