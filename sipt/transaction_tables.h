#pragma once
// The four transactions of RFC 3261 17 as tables: figures 5 to 8 with the Accepted states of RFC 6026 and the
// rules of RFC 4320 for requests other than INVITE. A machine sends nothing itself: it appends steps to do.
#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>
#include <tuple>

#include "gateway/base/fsm.h"
#include "gateway/base/time.h"

namespace tandem::sip {

// --- timers ---------------------------------------------------------------------------------------------

/// What every timer of RFC 3261 is counted from (17.1.1.1, 17.1.2.2).
struct Timings {
  Duration t1 = std::chrono::milliseconds(500);
  Duration t2 = std::chrono::seconds(4);
  Duration t4 = std::chrono::seconds(5);
};

enum class TxTimer : std::uint8_t { a, b, c, d, e, f, g, h, i, j, k, l, m };
inline constexpr std::size_t kTxTimers = 13;

enum class TimerBase : std::uint8_t { t1, t4, seconds };

/// One timer: `factor` times `base`, at least `least`.
struct TxTimerSpec {
  TxTimer id;
  char name;
  int factor;
  TimerBase base;
  Duration least;
  std::string_view clause;
};

inline constexpr std::array<TxTimerSpec, kTxTimers> kTxTimerSpecs{{
    {TxTimer::a, 'A', 1, TimerBase::t1, Duration::zero(), "RFC 3261 17.1.1.2: doubles without end"},
    {TxTimer::b, 'B', 64, TimerBase::t1, Duration::zero(), "RFC 3261 17.1.1.2"},
    {TxTimer::c, 'C', 180, TimerBase::seconds, Duration::zero(), "RFC 3261 16.7: kept by the core"},
    {TxTimer::d, 'D', 64, TimerBase::t1, std::chrono::seconds(32), "RFC 6026 8.4"},
    {TxTimer::e, 'E', 1, TimerBase::t1, Duration::zero(), "RFC 3261 17.1.2.2: doubles up to T2"},
    {TxTimer::f, 'F', 64, TimerBase::t1, Duration::zero(), "RFC 3261 17.1.2.2"},
    {TxTimer::g, 'G', 1, TimerBase::t1, Duration::zero(), "RFC 3261 17.2.1: doubles up to T2"},
    {TxTimer::h, 'H', 64, TimerBase::t1, Duration::zero(), "RFC 3261 17.2.1"},
    {TxTimer::i, 'I', 1, TimerBase::t4, Duration::zero(), "RFC 3261 17.2.1"},
    {TxTimer::j, 'J', 64, TimerBase::t1, Duration::zero(), "RFC 3261 17.2.2"},
    {TxTimer::k, 'K', 1, TimerBase::t4, Duration::zero(), "RFC 3261 17.1.2.2"},
    {TxTimer::l, 'L', 64, TimerBase::t1, Duration::zero(), "RFC 6026 7.1"},
    {TxTimer::m, 'M', 64, TimerBase::t1, Duration::zero(), "RFC 6026 7.2"},
}};

constexpr Duration timer_duration(TxTimer timer, const Timings& timings) {
  const TxTimerSpec& spec = kTxTimerSpecs[static_cast<std::size_t>(timer)];
  const Duration base = spec.base == TimerBase::t1   ? timings.t1
                        : spec.base == TimerBase::t4 ? timings.t4
                                                     : Duration(std::chrono::seconds(1));
  return std::max(spec.factor * base, spec.least);
}

/// RFC 4320 4.1: how long a client takes until its timer E is set to T2; 100 goes out on UDP only then.
constexpr Duration trying_delay(const Timings& timings) {
  Duration spent = Duration::zero();
  for (Duration interval = timings.t1; interval < timings.t2; interval *= 2) spent += interval;
  return spent;
}

// --- machines -------------------------------------------------------------------------------------------

enum class TxKind : std::uint8_t { invite_client, invite_server, client, server };

/// The states of all four figures; `calling` is called Trying in figures 6 and 8.
enum class TxState : std::uint8_t { idle, calling, proceeding, completed, confirmed, accepted, terminated };

enum class TxEvent : std::uint8_t {
  start,            ///< client: the request from the core; server: the first request
  request,          ///< server: the request again
  ack,              ///< INVITE server
  provisional,      ///< client: received; server: from the core
  success,          ///< 2xx, likewise
  failure,          ///< 300 to 699, likewise
  transport_error,  ///< RFC 3261 18.4
  timer_a,
  timer_b,
  timer_c,
  timer_d,
  timer_e,
  timer_f,
  timer_g,
  timer_h,
  timer_i,
  timer_j,
  timer_k,
  timer_l,
  timer_m
};

constexpr TxEvent expiry_of(TxTimer timer) {
  return static_cast<TxEvent>(static_cast<std::uint8_t>(TxEvent::timer_a) + static_cast<std::uint8_t>(timer));
}

enum class TxDo : std::uint8_t {
  send,              ///< the message from the core, and keep it for resend
  send_once,         ///< the message from the core, not kept
  resend,            ///< the kept message
  send_ack,          ///< RFC 3261 17.1.1.3
  deliver,           ///< the received message goes to the core
  timed_out,         ///< inform the core
  transport_failed,  ///< inform the core
  start_timer,
  double_timer,  ///< start again with twice the interval
  double_to_t2,  ///< likewise, T2 at most
  start_at_t2,
  stop_timer
};

struct TxStep {
  TxDo what = TxDo::send;
  TxTimer timer = TxTimer::a;
  friend bool operator==(const TxStep&, const TxStep&) = default;
};

/// What guards look at, and where actions put their steps.
struct TxContext {
  bool reliable = false;    ///< the transport (RFC 3261 18)
  int status = 0;           ///< of the response that is the event
  bool trying_due = false;  ///< a non-INVITE server is older than trying_delay()
  std::array<TxStep, 5> steps{};
  std::size_t count = 0;

  constexpr void add(TxStep step) { steps[count++] = step; }
};

using TxRow = FsmRow<TxState, TxEvent, TxContext>;

/// A pair that has no row, and why it may be passed over.
struct TxUnexpected {
  TxState state;
  TxEvent on;
  std::string_view why;
};

namespace tx {
constexpr TxStep start(TxTimer timer) {
  return {TxDo::start_timer, timer};
}
constexpr TxStep stop(TxTimer timer) {
  return {TxDo::stop_timer, timer};
}
constexpr TxStep step(TxDo what, TxTimer timer = TxTimer::a) {
  return {what, timer};
}

inline constexpr TxStep kSend = step(TxDo::send);
inline constexpr TxStep kSendOnce = step(TxDo::send_once);
inline constexpr TxStep kResend = step(TxDo::resend);
inline constexpr TxStep kAck = step(TxDo::send_ack);
inline constexpr TxStep kDeliver = step(TxDo::deliver);
inline constexpr TxStep kTimedOut = step(TxDo::timed_out);
inline constexpr TxStep kFailed = step(TxDo::transport_failed);

template <TxStep... Steps>
constexpr void run(TxContext& context) {
  static_assert(sizeof...(Steps) <= std::tuple_size_v<decltype(TxContext::steps)>);
  (context.add(Steps), ...);
}

constexpr bool reliable(const TxContext& context) {
  return context.reliable;
}
/// RFC 4320 4.2: no 408 to requests other than INVITE.
constexpr bool is_408(const TxContext& context) {
  return context.status == 408;
}
/// RFC 4320 4.1: 100 only, over UDP only when the client has reached T2.
constexpr bool trying_allowed(const TxContext& context) {
  return context.status == 100 && (context.reliable || context.trying_due);
}

using S = TxState;
using E = TxEvent;
using T = TxTimer;

/// RFC 3261 figure 5 as replaced by RFC 6026 8.4.
inline constexpr auto kInviteClientRows = std::to_array<TxRow>({
    {S::idle, E::start, reliable, run<kSend, start(T::b)>, S::calling, "RFC 3261 17.1.1.2"},
    {S::idle, E::start, nullptr, run<kSend, start(T::a), start(T::b)>, S::calling, "RFC 3261 17.1.1.2"},
    {S::calling, E::timer_a, nullptr, run<kResend, step(TxDo::double_timer, T::a)>, S::calling,
     "RFC 3261 17.1.1.2"},
    {S::calling, E::timer_b, nullptr, run<kTimedOut>, S::terminated, "RFC 3261 17.1.1.2"},
    {S::calling, E::transport_error, nullptr, run<kFailed>, S::terminated, "RFC 3261 17.1.4"},
    {S::calling, E::provisional, nullptr, run<stop(T::a), stop(T::b), kDeliver>, S::proceeding,
     "RFC 3261 17.1.1.2"},
    {S::calling, E::success, nullptr, run<stop(T::a), stop(T::b), start(T::m), kDeliver>, S::accepted,
     "RFC 6026 7.2"},
    {S::calling, E::failure, reliable, run<kAck, kDeliver>, S::terminated, "RFC 6026 8.4: timer D is zero"},
    {S::calling, E::failure, nullptr, run<stop(T::a), stop(T::b), start(T::d), kAck, kDeliver>, S::completed,
     "RFC 6026 8.4"},
    {S::proceeding, E::provisional, nullptr, run<kDeliver>, S::proceeding, "RFC 3261 17.1.1.2"},
    {S::proceeding, E::success, nullptr, run<start(T::m), kDeliver>, S::accepted, "RFC 6026 7.2"},
    {S::proceeding, E::failure, reliable, run<kAck, kDeliver>, S::terminated,
     "RFC 6026 8.4: timer D is zero"},
    {S::proceeding, E::failure, nullptr, run<start(T::d), kAck, kDeliver>, S::completed, "RFC 6026 8.4"},
    {S::proceeding, E::transport_error, nullptr, run<kFailed>, S::terminated,
     "RFC 3261 8.1.3.1: the connection that the responses were to come on is gone"},
    {S::completed, E::failure, nullptr, run<kAck>, S::completed, "RFC 6026 8.4"},
    {S::completed, E::timer_d, nullptr, nullptr, S::terminated, "RFC 6026 8.4"},
    {S::completed, E::transport_error, nullptr, nullptr, S::terminated,
     "RFC 3261 17.1.1.2: the core has its final response already"},
    {S::accepted, E::success, nullptr, run<kDeliver>, S::accepted, "RFC 6026 7.2"},
    {S::accepted, E::timer_m, nullptr, nullptr, S::terminated, "RFC 6026 7.2"},
});

inline constexpr auto kInviteClientUnexpected = std::to_array<TxUnexpected>({
    {S::calling, E::timer_d, "not started"},
    {S::calling, E::timer_m, "not started"},
    {S::proceeding, E::timer_a, "stopped"},
    {S::proceeding, E::timer_b, "stopped"},
    {S::proceeding, E::timer_d, "not started"},
    {S::proceeding, E::timer_m, "not started"},
    {S::completed, E::provisional, "overtaken by the final response"},
    {S::completed, E::success, "another branch answered after a failure: RFC 3261 17.1.1.2 drops it"},
    {S::completed, E::timer_a, "stopped"},
    {S::completed, E::timer_b, "stopped"},
    {S::completed, E::timer_m, "not started"},
    {S::accepted, E::provisional, "overtaken by the 2xx"},
    {S::accepted, E::failure, "RFC 3261 13.2.2.4: the other branches of a fork do not matter any more"},
    {S::accepted, E::transport_error, "nothing is being sent"},
    {S::accepted, E::timer_a, "stopped"},
    {S::accepted, E::timer_b, "stopped"},
    {S::accepted, E::timer_d, "not started"},
});

/// RFC 3261 figure 6.
inline constexpr auto kClientRows = std::to_array<TxRow>({
    {S::idle, E::start, reliable, run<kSend, start(T::f)>, S::calling, "RFC 3261 17.1.2.2"},
    {S::idle, E::start, nullptr, run<kSend, start(T::e), start(T::f)>, S::calling, "RFC 3261 17.1.2.2"},
    {S::calling, E::timer_e, nullptr, run<kResend, step(TxDo::double_to_t2, T::e)>, S::calling,
     "RFC 3261 17.1.2.2"},
    {S::calling, E::timer_f, nullptr, run<kTimedOut>, S::terminated, "RFC 3261 17.1.2.2"},
    {S::calling, E::transport_error, nullptr, run<kFailed>, S::terminated, "RFC 3261 17.1.4"},
    {S::calling, E::provisional, nullptr, run<kDeliver>, S::proceeding, "RFC 3261 17.1.2.2"},
    {S::calling, E::success, reliable, run<kDeliver>, S::terminated, "RFC 3261 17.1.2.2: K is 0"},
    {S::calling, E::success, nullptr, run<stop(T::e), stop(T::f), start(T::k), kDeliver>, S::completed,
     "RFC 3261 17.1.2.2"},
    {S::calling, E::failure, reliable, run<kDeliver>, S::terminated, "RFC 3261 17.1.2.2: K is 0"},
    {S::calling, E::failure, nullptr, run<stop(T::e), stop(T::f), start(T::k), kDeliver>, S::completed,
     "RFC 3261 17.1.2.2"},
    {S::proceeding, E::timer_e, nullptr, run<kResend, step(TxDo::start_at_t2, T::e)>, S::proceeding,
     "RFC 3261 17.1.2.2"},
    {S::proceeding, E::timer_f, nullptr, run<kTimedOut>, S::terminated, "RFC 3261 17.1.2.2"},
    {S::proceeding, E::transport_error, nullptr, run<kFailed>, S::terminated, "RFC 3261 17.1.4"},
    {S::proceeding, E::provisional, nullptr, run<kDeliver>, S::proceeding, "RFC 3261 17.1.2.2"},
    {S::proceeding, E::success, reliable, run<kDeliver>, S::terminated, "RFC 3261 17.1.2.2: K is 0"},
    {S::proceeding, E::success, nullptr, run<stop(T::e), stop(T::f), start(T::k), kDeliver>, S::completed,
     "RFC 3261 17.1.2.2"},
    {S::proceeding, E::failure, reliable, run<kDeliver>, S::terminated, "RFC 3261 17.1.2.2: K is 0"},
    {S::proceeding, E::failure, nullptr, run<stop(T::e), stop(T::f), start(T::k), kDeliver>, S::completed,
     "RFC 3261 17.1.2.2"},
    {S::completed, E::timer_k, nullptr, nullptr, S::terminated, "RFC 3261 17.1.2.2"},
});

inline constexpr auto kClientUnexpected = std::to_array<TxUnexpected>({
    {S::calling, E::timer_k, "not started"},
    {S::proceeding, E::timer_k, "not started"},
    {S::completed, E::provisional, "overtaken by the final response"},
    {S::completed, E::success, "retransmission: absorbed"},
    {S::completed, E::failure, "retransmission: absorbed"},
    {S::completed, E::transport_error, "nothing is being sent"},
    {S::completed, E::timer_e, "stopped"},
    {S::completed, E::timer_f, "stopped"},
});

/// RFC 3261 figure 7 as replaced by RFC 6026 8.6.
inline constexpr auto kInviteServerRows = std::to_array<TxRow>({
    {S::idle, E::start, nullptr, run<kDeliver>, S::proceeding, "RFC 3261 17.2.1"},
    {S::proceeding, E::request, nullptr, run<kResend>, S::proceeding, "RFC 3261 17.2.1"},
    {S::proceeding, E::provisional, nullptr, run<kSend>, S::proceeding, "RFC 3261 17.2.1"},
    {S::proceeding, E::success, nullptr, run<kSendOnce, start(T::l)>, S::accepted, "RFC 6026 8.5"},
    {S::proceeding, E::failure, reliable, run<kSend, start(T::h)>, S::completed, "RFC 3261 17.2.1"},
    {S::proceeding, E::failure, nullptr, run<kSend, start(T::g), start(T::h)>, S::completed,
     "RFC 3261 17.2.1"},
    {S::proceeding, E::transport_error, nullptr, nullptr, S::proceeding, "RFC 6026 7.1"},
    {S::completed, E::request, nullptr, run<kResend>, S::completed, "RFC 3261 17.2.1"},
    {S::completed, E::timer_g, nullptr, run<kResend, step(TxDo::double_to_t2, T::g)>, S::completed,
     "RFC 3261 17.2.1"},
    {S::completed, E::timer_h, nullptr, nullptr, S::terminated, "RFC 6026 8.6"},
    {S::completed, E::ack, reliable, nullptr, S::terminated, "RFC 3261 17.2.1: timer I is zero"},
    {S::completed, E::ack, nullptr, run<stop(T::g), stop(T::h), start(T::i)>, S::confirmed,
     "RFC 3261 17.2.1"},
    {S::completed, E::transport_error, nullptr, nullptr, S::completed, "RFC 6026 7.1"},
    {S::confirmed, E::timer_i, nullptr, nullptr, S::terminated, "RFC 3261 17.2.1"},
    {S::accepted, E::request, nullptr, nullptr, S::accepted, "RFC 6026 7.1: absorbed"},
    {S::accepted, E::ack, nullptr, run<kDeliver>, S::accepted, "RFC 6026 7.1"},
    {S::accepted, E::success, nullptr, run<kSendOnce>, S::accepted, "RFC 6026 7.1"},
    {S::accepted, E::timer_l, nullptr, nullptr, S::terminated, "RFC 6026 7.1"},
    {S::accepted, E::transport_error, nullptr, nullptr, S::accepted, "RFC 6026 7.1"},
});

inline constexpr auto kInviteServerUnexpected = std::to_array<TxUnexpected>({
    {S::proceeding, E::ack, "there is nothing to acknowledge yet"},
    {S::proceeding, E::timer_g, "not started"},
    {S::proceeding, E::timer_h, "not started"},
    {S::proceeding, E::timer_i, "not started"},
    {S::proceeding, E::timer_l, "not started"},
    {S::completed, E::provisional, "RFC 3261 17.2.1: what the core sends after a final response is dropped"},
    {S::completed, E::success, "likewise"},
    {S::completed, E::failure, "likewise"},
    {S::completed, E::timer_i, "not started"},
    {S::completed, E::timer_l, "not started"},
    {S::confirmed, E::request, "a late retransmission: absorbed"},
    {S::confirmed, E::ack, "RFC 3261 17.2.1: absorbed"},
    {S::confirmed, E::provisional, "after the final response"},
    {S::confirmed, E::success, "likewise"},
    {S::confirmed, E::failure, "likewise"},
    {S::confirmed, E::transport_error, "nothing is being sent"},
    {S::confirmed, E::timer_g, "stopped"},
    {S::confirmed, E::timer_h, "stopped"},
    {S::confirmed, E::timer_l, "not started"},
    {S::accepted, E::provisional, "after the final response"},
    {S::accepted, E::failure, "likewise"},
    {S::accepted, E::timer_g, "not started"},
    {S::accepted, E::timer_h, "not started"},
    {S::accepted, E::timer_i, "not started"},
});

/// RFC 3261 figure 8 within RFC 4320.
inline constexpr auto kServerRows = std::to_array<TxRow>({
    {S::idle, E::start, nullptr, run<kDeliver>, S::calling, "RFC 3261 17.2.2"},
    {S::calling, E::provisional, trying_allowed, run<kSend>, S::proceeding, "RFC 4320 4.1"},
    {S::calling, E::provisional, nullptr, nullptr, S::calling, "RFC 4320 4.1: not sent"},
    {S::calling, E::success, reliable, run<kSend>, S::terminated, "RFC 3261 17.2.2: J is 0"},
    {S::calling, E::success, nullptr, run<kSend, start(T::j)>, S::completed, "RFC 3261 17.2.2"},
    {S::calling, E::failure, is_408, nullptr, S::terminated, "RFC 4320 4.2: not sent"},
    {S::calling, E::failure, reliable, run<kSend>, S::terminated, "RFC 3261 17.2.2: J is 0"},
    {S::calling, E::failure, nullptr, run<kSend, start(T::j)>, S::completed, "RFC 3261 17.2.2"},
    {S::calling, E::request, nullptr, nullptr, S::calling, "RFC 3261 17.2.2: discarded"},
    {S::calling, E::transport_error, nullptr, nullptr, S::terminated, "RFC 3261 17.2.4"},
    {S::proceeding, E::request, nullptr, run<kResend>, S::proceeding, "RFC 3261 17.2.2"},
    {S::proceeding, E::provisional, trying_allowed, run<kSend>, S::proceeding, "RFC 4320 4.1"},
    {S::proceeding, E::provisional, nullptr, nullptr, S::proceeding, "RFC 4320 4.1: not sent"},
    {S::proceeding, E::success, reliable, run<kSend>, S::terminated, "RFC 3261 17.2.2: J is 0"},
    {S::proceeding, E::success, nullptr, run<kSend, start(T::j)>, S::completed, "RFC 3261 17.2.2"},
    {S::proceeding, E::failure, is_408, nullptr, S::terminated, "RFC 4320 4.2: not sent"},
    {S::proceeding, E::failure, reliable, run<kSend>, S::terminated, "RFC 3261 17.2.2: J is 0"},
    {S::proceeding, E::failure, nullptr, run<kSend, start(T::j)>, S::completed, "RFC 3261 17.2.2"},
    {S::proceeding, E::transport_error, nullptr, nullptr, S::terminated, "RFC 3261 17.2.4"},
    {S::completed, E::request, nullptr, run<kResend>, S::completed, "RFC 3261 17.2.2"},
    {S::completed, E::transport_error, nullptr, nullptr, S::terminated, "RFC 3261 17.2.4"},
    {S::completed, E::timer_j, nullptr, nullptr, S::terminated, "RFC 3261 17.2.2"},
});

inline constexpr auto kServerUnexpected = std::to_array<TxUnexpected>({
    {S::calling, E::timer_j, "not started"},
    {S::proceeding, E::timer_j, "not started"},
    {S::completed, E::provisional, "RFC 3261 17.2.2: what the core sends after a final response is dropped"},
    {S::completed, E::success, "likewise"},
    {S::completed, E::failure, "likewise"},
});

/// Each pair of a state and an event is a row or a declared surprise, and not both.
template <class Rows, class Unexpected, class States, class Events>
constexpr bool tx_table_complete(const Rows& rows, const Unexpected& unexpected, const States& states,
                                 const Events& events) {
  for (const TxState state : states) {
    for (const TxEvent event : events) {
      const auto here = [&](const auto& entry, TxState from) { return from == state && entry.on == event; };
      const auto row = std::ranges::any_of(rows, [&](const auto& r) { return here(r, r.from); });
      const auto declared =
          std::ranges::count_if(unexpected, [&](const auto& u) { return here(u, u.state); });
      if (declared != (row ? 0 : 1)) return false;
    }
  }
  return true;
}

inline constexpr std::array kInviteClientStates{S::calling, S::proceeding, S::completed, S::accepted};
inline constexpr std::array kInviteClientEvents{E::provisional, E::success, E::failure, E::transport_error,
                                                E::timer_a,     E::timer_b, E::timer_d, E::timer_m};
inline constexpr std::array kClientStates{S::calling, S::proceeding, S::completed};
inline constexpr std::array kClientEvents{E::provisional, E::success, E::failure, E::transport_error,
                                          E::timer_e,     E::timer_f, E::timer_k};
inline constexpr std::array kInviteServerStates{S::proceeding, S::completed, S::confirmed, S::accepted};
inline constexpr std::array kInviteServerEvents{
    E::request,         E::ack,     E::provisional, E::success, E::failure,
    E::transport_error, E::timer_g, E::timer_h,     E::timer_i, E::timer_l};
inline constexpr std::array kServerStates{S::calling, S::proceeding, S::completed};
inline constexpr std::array kServerEvents{E::request, E::provisional,     E::success,
                                          E::failure, E::transport_error, E::timer_j};

static_assert(fsm_rows_unique(kInviteClientRows));
static_assert(fsm_rows_unique(kClientRows));
static_assert(fsm_rows_unique(kInviteServerRows));
static_assert(fsm_rows_unique(kServerRows));
static_assert(tx_table_complete(kInviteClientRows, kInviteClientUnexpected, kInviteClientStates,
                                kInviteClientEvents));
static_assert(tx_table_complete(kClientRows, kClientUnexpected, kClientStates, kClientEvents));
static_assert(tx_table_complete(kInviteServerRows, kInviteServerUnexpected, kInviteServerStates,
                                kInviteServerEvents));
static_assert(tx_table_complete(kServerRows, kServerUnexpected, kServerStates, kServerEvents));
}  // namespace tx

/// One step of the machine of that kind; nullptr: a declared surprise, nothing was done.
constexpr const TxRow* tx_step(TxKind kind, TxState& state, TxEvent event, TxContext& context) {
  switch (kind) {
    case TxKind::invite_client:
      return fsm_step(tx::kInviteClientRows, state, event, context);
    case TxKind::invite_server:
      return fsm_step(tx::kInviteServerRows, state, event, context);
    case TxKind::client:
      return fsm_step(tx::kClientRows, state, event, context);
    case TxKind::server:
      return fsm_step(tx::kServerRows, state, event, context);
  }
  return nullptr;
}

}  // namespace tandem::sip
