#pragma once
// What every part of the core shares: outputs in order, timers, the calendar, numbers for calls.
#include <deque>
#include <string>

#include "gateway/base/random.h"
#include "gateway/base/timer_queue.h"
#include "gateway/core/gateway.h"
#include "gateway/core/trunk_timers.h"
#include "isup/message.h"

namespace tandem::core {

class Context {
 public:
  Context(const Config& configuration, Random& source, Time now, WallTime wall, CallId first_call)
      : config(configuration),
        random(source),
        base_(now),
        wall_(wall),
        started_(wall),
        next_call_(first_call) {}

  const Config& config;
  Random& random;
  std::deque<Output> out;
  TimerQueue<TimerKey, TimerKeyHash> timers;

  void set_wall(Time now, WallTime wall) {
    base_ = now;
    wall_ = wall;
  }
  [[nodiscard]] WallTime wall(Time now) const {
    return wall_ + std::chrono::floor<std::chrono::microseconds>(now - base_);
  }
  [[nodiscard]] WallTime started() const { return started_; }
  /// The number that the next call gets.
  [[nodiscard]] CallId next_call() const { return next_call_; }
  /// Numbers what operators ask of circuits; never 0.
  std::uint64_t new_test() { return ++tests_; }
  CallId new_call() { return CallId{next_call_.value++}; }

  /// Where the call comes from whose IAM is being sent, when it is a trunk: its timers hold (T11).
  TrunkRef calling_trunk;
  void start(TimerKind kind, std::uint64_t id, Time now) {
    start(kind, id, now, trunk_timer(calling_trunk, kind));
  }
  void start(TimerKind kind, std::uint64_t id, Time now, Duration duration) {
    timers.start({kind, id}, now + duration);
  }
  void stop(TimerKind kind, std::uint64_t id) { timers.stop({kind, id}); }

  void log(Severity severity, CallId call, std::string text);
  /// The records of a call's ladder.
  void note(CallId call, Time now, std::string text);
  void trace_isup(CallId call, Time now, bool sent, const isup::Message& message);
  void trace_media(CallId call, Time now, std::string text, std::uint16_t port = 0);
  /// "e1-1:5"
  [[nodiscard]] std::string circuit_name(Circuit circuit) const;

 private:
  Time base_;
  WallTime wall_;
  WallTime started_;
  CallId next_call_;
  std::uint64_t tests_ = 0;
};

}  // namespace tandem::core
