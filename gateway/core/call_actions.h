#pragma once
// What the rows of the call's machine do.
#include "gateway/core/exchange.h"

namespace tandem::core {

struct CallActions {
  // Guards.
  static bool refused(const CallStep& step);  ///< draining
  static bool no_route(const CallStep& step);
  static bool unreachable(const CallStep& step);  ///< a route, but every target of it is known to be dead
  static bool can_retry(const CallStep& step);
  static bool wants_tone(const CallStep& step);
  static bool all_over(const CallStep& step);

  // Actions.
  static void refuse_draining(CallStep& step);
  static void refuse_no_route(CallStep& step);
  static void refuse_unreachable(CallStep& step);
  static void start_attempt(CallStep& step);
  static void retry(CallStep& step);
  static void relay(CallStep& step);
  static void connect(CallStep& step);
  static void play_tone(CallStep& step);
  static void release_incoming(CallStep& step);
  static void release_outgoing(CallStep& step);
  static void release_both(CallStep& step);
  static void expire_t7(CallStep& step);
  static void expire_t9(CallStep& step);
  static void end_announcement(CallStep& step);
  static void end_tone(CallStep& step);
  static void finish_tone(CallStep& step);
  static void finish(CallStep& step);

  static void open_attempt(CallStep& step, const Target* target);
  static void end_attempt(CallStep& step, const isup::CauseIndicators& cause, std::string_view by);
  static void record(Exchange& exchange, Call& call, Attempt& attempt, CdrState state, Time now);
  static void stop_timers(CallStep& step);
  static void tell_incoming(CallStep& step, const isup::Message& message, bool made_here);
  static void refuse(CallStep& step, std::uint8_t cause);
  static void timed_out(CallStep& step, std::uint8_t cause);
  static std::uint64_t guard_id(const Call& call, int attempt);
};

}  // namespace tandem::core
