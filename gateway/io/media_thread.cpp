#include "gateway/io/media_thread.h"

#include <pthread.h>
#include <sched.h>
#include <time.h>

#include <algorithm>

#include "gateway/io/clock.h"

namespace tandem::io {
namespace {

/// After the order to stop: links say that they are out of service (SIOS), and the line needs its time.
constexpr int kLastTicks = 10;

void sleep_until(Time deadline) {
  const auto since = deadline.time_since_epoch();
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(since);
  const timespec at{seconds.count(), (since - seconds).count()};
  while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, nullptr) == EINTR) {
  }
}

/// A tick must not wait for other work of the machine: real-time priority where the system grants it
/// (CAP_SYS_NICE, LimitRTPRIO), else the thread goes on as it is.
void ask_for_priority() {
  sched_param priority{};
  priority.sched_priority = 10;
  pthread_setschedparam(pthread_self(), SCHED_FIFO, &priority);
}

}  // namespace

MediaThread::MediaThread(media::Engine& engine, std::vector<tdm::Span*> spans,
                         std::vector<FlightRecorder*> recorders, std::function<void()> after_tick)
    : engine_(engine),
      spans_(std::move(spans)),
      recorders_(std::move(recorders)),
      after_tick_(std::move(after_tick)),
      reports_(std::max<std::size_t>(64, spans_.size() * 4)),
      thread_([this] { run(); }) {}

MediaThread::~MediaThread() {
  stop_.store(true, std::memory_order_relaxed);
  thread_.join();
}

void MediaThread::run() {
  pthread_setname_np(pthread_self(), "media");
  ask_for_priority();
  Time next = now();
  int last_ticks = kLastTicks;
  for (std::uint64_t ticks = 0; last_ticks > 0; ++ticks) {
    if (stop_.load(std::memory_order_relaxed)) {
      engine_.shut_down_links();
      --last_ticks;
    }
    engine_.tick(next);
    for (auto* recorder : recorders_) recorder->service();
    if (ticks % 100 == 0) report();
    after_tick_();

    double ppm = 0;
    for (const auto* span : spans_)
      if ((ppm = span->clock_offset_ppm()) != 0) break;
    next += std::chrono::duration_cast<Duration>(media::kTick * (1.0 - ppm * 1e-6));
    const auto late = now() - next;
    if (late > media::kTick) overruns_.fetch_add(1, std::memory_order_relaxed);
    // After a long stop (suspended machine) the lost time is skipped, not caught up with.
    if (late > std::chrono::milliseconds(200)) next = now();
    sleep_until(next);
  }
}

void MediaThread::report() {
  for (std::size_t i = 0; i < spans_.size(); ++i)
    reports_.push({i, spans_[i]->counters(), spans_[i]->clock_offset_ppm()});
}

}  // namespace tandem::io
