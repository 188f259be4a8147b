#pragma once
// What the rows of the call's machine do.
#include "gateway/core/exchange.h"

namespace tandem::core {

/// REL, with what a party says at the end (Q.737.1).
isup::Message rel_with(const isup::CauseIndicators& cause,
                       const std::optional<isup::UserToUserInformation>& words = {});
/// What `message`, if it is there, holds of that.
std::optional<isup::UserToUserInformation> words_of(const isup::Message* message);

struct CallActions {
  // Guards.
  static bool refused(const CallStep& step);  ///< draining
  static bool no_route(const CallStep& step);
  static bool unreachable(const CallStep& step);  ///< a route, but every target of it is known to be dead
  static bool can_retry(const CallStep& step);
  static bool wants_sound(const CallStep& step);
  static bool no_route_told(const CallStep& step);  ///< no_route, and there is an announcement of it
  static bool has_left(const CallStep& step);       ///< who said it has transferred the call
  static bool needs_digits(const CallStep& step);
  static bool digits_unrouted(const CallStep& step);
  static bool says_cause(const CallStep& step);  ///< the message holds a cause: a release with tones follows
  static bool all_over(const CallStep& step);

  // Actions.
  static void refuse_draining(CallStep& step);
  static void refuse_no_route(CallStep& step);
  static void refuse_unreachable(CallStep& step);
  static void start_attempt(CallStep& step);
  static void retry(CallStep& step);
  static void relay(CallStep& step);
  static void connect(CallStep& step);
  static void collect(CallStep& step);
  static void refuse_incomplete(CallStep& step);
  static void refuse_cleared(CallStep& step);
  static void abandon(CallStep& step);
  static void send_digits(CallStep& step);
  static void end_digits(CallStep& step);
  static void relay_forward(CallStep& step);
  static void relay_backward(CallStep& step);
  static void await_release(CallStep& step);
  static void play_sound(CallStep& step);
  static void tell_no_route(CallStep& step);
  static void release_incoming(CallStep& step);
  static void release_outgoing(CallStep& step);
  static void release_both(CallStep& step);
  static void expire_t7(CallStep& step);
  static void expire_t9(CallStep& step);
  static void end_announcement(CallStep& step);
  static void end_tone(CallStep& step);
  static void finish_tone(CallStep& step);
  static void finish(CallStep& step);

  /// RFC 3578 3.2: T10 from the latest digits, where the attempt takes more of them.
  static void await_digits(CallStep& step);
  /// Q.764 2.1.2: SAM. False: no digits, or more than a number has.
  static bool add_digits(Call& call, const isup::Message& sam);
  static void open_attempt(CallStep& step, const Target* target);
  static std::optional<Sound> sound_for(const CallStep& step, const isup::CauseIndicators& cause);
  static void start_sound(CallStep& step);
  static void hold_sound(CallStep& step, const Leg& holder, Leg& held);
  static void end_attempt(CallStep& step, const isup::CauseIndicators& cause, std::string_view by);
  static void record(Exchange& exchange, Call& call, Attempt& attempt, CdrState state, Time now);
  static void end_partner(CallStep& step, const isup::CauseIndicators& cause);
  static void start_timer(CallStep& step, TimerKind kind);
  /// T306: of the party that is heard, or of the one that hears it.
  static void start_inband(CallStep& step, const Leg& speaker, const Leg& listener);
  static void stop_timers(CallStep& step);
  static void tell_incoming(CallStep& step, const isup::Message& message, bool made_here);
  static void refuse(CallStep& step, std::uint8_t cause);
  static void timed_out(CallStep& step, std::uint8_t cause);
  static std::uint64_t guard_id(const Call& call, int attempt);
};

}  // namespace tandem::core
