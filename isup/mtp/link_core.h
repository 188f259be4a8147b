#pragma once
// The inside of a link, split as Q.703 splits it (figure 7): each function is a small struct, the machines
// are tables of rows over LinkCore, and what one says to another waits in a queue of fixed size.
#include "isup/mtp/config.h"
#include "isup/mtp/link_events.h"
#include "isup/mtp/msu_ring.h"

namespace tandem::mtp {

enum class LinkState : std::uint8_t {
  out_of_service,
  initial_alignment,
  aligned_ready,
  aligned_not_ready,
  in_service,
  processor_outage,
};
enum class LinkEvent : std::uint8_t {
  start,
  stop,
  emergency,
  emergency_ceases,
  local_outage,
  local_recovered,
  alignment_complete,
  alignment_not_possible,
  failure,
  t1,
  sio,
  sin,
  sie,
  sios,
  sipo,
  fisu_msu,
  no_outage,
};

enum class AlignmentState : std::uint8_t { idle, not_aligned, aligned, proving };
enum class AlignmentEvent : std::uint8_t {
  start,
  stop,
  emergency,
  emergency_ceases,
  sio,
  sin,
  sie,
  sios,
  correct_unit,
  abort_proving,
  t2,
  t3,
  t4,
};

enum class OutageState : std::uint8_t { none, local, remote, both };
enum class OutageEvent : std::uint8_t { local, local_recovers, remote, remote_recovers, stop };

enum class BusyState : std::uint8_t { idle, busy };
enum class BusyEvent : std::uint8_t { congestion, normal, t5, stop };

/// What the transmitter sends when it is asked (Q.703 figure 13).
enum class Sending : std::uint8_t { sios, sio, sin, sie, sipo, fisu, msu };

enum class CongestionAction : std::uint8_t { none, accept, discard };  ///< Q.703 9.2

/// Signal unit error rate monitor (Q.703 10.2, figure 18): T = 64, D = 256.
struct ErrorRateMonitor {
  bool running = false;
  std::uint16_t count = 0;
  std::uint16_t units = 0;
  void start() { *this = {.running = true}; }
  void stop() { running = false; }
  void leak() {
    if (++units < 256) return;
    units = 0;
    if (count > 0) --count;
  }
  /// True: the link has failed.
  bool error() {
    ++count;
    if (count >= 64) {
      running = false;
      return true;
    }
    leak();
    return false;
  }
};

/// Alignment error rate monitor (Q.703 10.3, figure 17): Tin = 4, Tie = 1.
struct AlignmentErrorMonitor {
  bool running = false;
  bool emergency = false;
  std::uint8_t count = 0;
  void start() { running = true, count = 0; }
  void stop() { running = false; }
  /// True: proving is aborted.
  bool error() {
    if (++count < (emergency ? 1 : 4)) return false;
    running = false;
    return true;
  }
};

/// "Two of three consecutive" (Q.703 5.3.1).
class TwoOfThree {
 public:
  bool note(bool abnormal) {
    history_ = static_cast<std::uint8_t>((unsigned{history_} << 1 | (abnormal ? 1U : 0U)) & 7U);
    return abnormal && (history_ & (history_ - 1)) != 0;
  }

 private:
  std::uint8_t history_ = 0;
};

struct Transmission {
  Sending sending = Sending::sios;
  bool busy_due = false;  ///< one SIB
  bool bit = true;        ///< FIB
  std::uint32_t resend = 0;
  bool flushed = false;  ///< in processor outage: numbers follow what the far end has
  bool open = false;     ///< takes MSUs: from alignment until they are retrieved, so none is lost on the way
  bool forced = false;
  std::uint32_t cycle = 0;       ///< preventive: the next to repeat
  std::uint32_t forced_end = 0;  ///< forced retransmission ends here
  std::uint8_t congestion = 0;
};

struct Reception {
  bool running = false;
  bool accepting = false;        ///< MSUs and FISUs (Q.703 figure 14: accept, reject)
  std::uint8_t expected = 0;     ///< FSNX
  std::uint8_t confirmed = 127;  ///< BSN that is sent: lags when congested
  bool bit = true;               ///< BIB that is sent, and so the FIB expected
  bool asked = false;            ///< a negative acknowledgement is out
  bool discarded = false;        ///< an MSU was, in congestion
  std::uint8_t heard = 127;      ///< the last BSN received
  CongestionAction congestion = CongestionAction::none;
  TwoOfThree bsn;
  TwoOfThree fib;
};

/// One function's word to another.
struct LinkSignal {
  enum class To : std::uint8_t { link, alignment, outage } to = To::link;
  std::uint8_t event = 0;
};

struct LinkCore {
  LinkCore(const LinkConfig& with, LinkSink& events)
      : config(with), sink(events), durations(with.timers.resolve(kLinkTimerRows, with.variant)) {}

  LinkConfig config;
  LinkSink& sink;
  std::array<Duration, kLinkTimers> durations;
  Time now{};

  LinkState state = LinkState::out_of_service;
  AlignmentState alignment = AlignmentState::idle;
  OutageState outage = OutageState::none;
  BusyState busy = BusyState::idle;

  bool emergency = false;            ///< marked by level 3
  bool local_outage = false;         ///< marked by level 3 or by its silence
  bool proving_emergency = false;    ///< T4 is Pe
  bool alignment_emergency = false;  ///< marked in the alignment control
  bool further_proving = false;
  std::uint8_t provings = 0;  ///< aborted ones: Cp
  Failure reason = Failure::none;

  ErrorRateMonitor error_rate;
  AlignmentErrorMonitor alignment_errors;
  Transmission tx;
  Reception rx;
  MsuRing ring;
  LinkCounters counters;
  Time in_service_since{};

  // Timers: one deadline each; `next_deadline` is the least, so that a tick looks at one number.
  static constexpr Time kNever = Time::max();
  std::array<Time, 7> deadlines = {kNever, kNever, kNever, kNever, kNever, kNever, kNever};
  Time next_deadline = kNever;
  void start_timer(LinkTimer timer);
  void stop_timer(LinkTimer timer);
  [[nodiscard]] bool timer_running(LinkTimer timer) const { return deadlines[slot(timer)] != kNever; }
  void expire();
  /// T4 is one timer with two durations.
  static constexpr std::size_t slot(LinkTimer t) {
    return static_cast<std::size_t>(t) - (t > LinkTimer::t4_normal ? 1 : 0);
  }

  // Signals wait here until the step that raised them is done; no chain of steps is longer than this.
  std::array<LinkSignal, 16> signals{};
  std::uint8_t signal_count = 0;
  void raise(LinkEvent e) { push({LinkSignal::To::link, static_cast<std::uint8_t>(e)}); }
  void raise(AlignmentEvent e) { push({LinkSignal::To::alignment, static_cast<std::uint8_t>(e)}); }
  void raise(OutageEvent e) { push({LinkSignal::To::outage, static_cast<std::uint8_t>(e)}); }
  void push(LinkSignal signal) {
    if (signal_count < signals.size()) signals[signal_count++] = signal;
  }
  void fail(Failure why) {
    reason = why;
    raise(LinkEvent::failure);
  }
  void pump();
  void step_busy(BusyEvent event);
};

// link_state.cpp: link state control (Q.703 figure 8) and processor outage control (figure 10).
void step_link(LinkCore& core, LinkEvent event);
void step_outage(LinkCore& core, OutageEvent event);
// alignment.cpp: initial alignment control (Q.703 figure 9).
void step_alignment(LinkCore& core, AlignmentEvent event);
// transmission.cpp: transmission control (Q.703 figures 13 and 15).
void start_transmission(LinkCore& core);
std::size_t next_unit(LinkCore& core, std::span<Octet> to);
/// BSN and BIB received. False: the BSN is of nothing that was sent.
bool acknowledge(LinkCore& core, Sequence backward);
void busy_received(LinkCore& core);
void inhibit_msus(LinkCore& core);
void release_msus(LinkCore& core);
/// Tells level 3 when the buffer's level of congestion has changed (Q.704 3.8.2).
void judge_congestion(LinkCore& core);
// reception.cpp: reception control (Q.703 figures 14 and 16).
void start_reception(LinkCore& core);
void receive_unit(LinkCore& core, OctetView unit);
void receive_error(LinkCore& core);
void set_congestion(LinkCore& core, CongestionAction action);

}  // namespace tandem::mtp
