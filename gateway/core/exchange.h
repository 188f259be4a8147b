#pragma once
// The exchange in the middle (Q.764 2.1, RFC 3398 sections 7 and 8 seen from inside): knows ISUP only.
#include <deque>
#include <span>
#include <unordered_map>
#include <variant>

#include "gateway/core/call.h"
#include "gateway/core/context.h"
#include "gateway/core/routing.h"

namespace tandem::core {

class Exchange final : public Bus {
 public:
  Exchange(Context& context, MediaControl& media, LegFactory& factory);

  // Bus.
  void post(Leg& leg, isup::Message message) override;
  void media_changed(Leg& leg) override;
  void digit(Leg& leg, char digit, std::uint16_t duration_ms) override;
  void offer(std::unique_ptr<Leg> incoming, isup::Message iam) override;
  [[nodiscard]] std::string other_party(const Leg& leg) const override;

  /// Deals with what legs have said; true when there was anything.
  bool run(Time now);
  void handle_timer(const TimerKey& key, Time now);
  /// The party behind both legs, of two answered calls, leaves them to each other (ETS 300 369 ECT, 2BCT):
  /// its legs are released, the other two parties hear each other. False: they cannot, as both are RTP, or
  /// one of the calls is not in a state for it.
  bool transfer(Leg& a, Leg& b, Time now);
  /// Whether it would.
  [[nodiscard]] bool can_transfer(const Leg& a, const Leg& b) const;
  /// A digit was found on a circuit of the call, for a party that takes digits by signalling.
  void digit_heard(CallId call, char digit, std::uint16_t duration_ms, Time now);
  void playback_ended(CallId call, Time now);
  void media_closed(const MediaControl::Owner& owner, const media::SessionStats& stats, Time now);
  /// Releases both sides. False: no such call, or it is being released.
  bool clear(CallId call, std::uint8_t cause, std::string_view why, Time now);
  void clear_all(std::uint8_t cause, std::string_view why, Time now);
  /// New calls are refused with cause 41.
  void set_draining() { draining_ = true; }

  /// Routes, trunks or peers of the configuration are others.
  void reroute() { router_ = Router(context_.config); }
  /// The call that has been there longest; none: the one to come.
  [[nodiscard]] CallId oldest() const;

  [[nodiscard]] bool draining() const { return draining_; }
  [[nodiscard]] std::size_t calls() const { return calls_.size(); }
  [[nodiscard]] std::vector<CallStatus> list(Time now) const;
  struct Counters {
    std::uint64_t attempts = 0, answered = 0, failed = 0;
  };
  [[nodiscard]] const Counters& counters() const { return counters_; }
  /// Forgets every call without a word: the end of the program.
  void drop_all();
  /// An attempt that failed before there was a call.
  void count_refused() {
    ++counters_.attempts;
    ++counters_.failed;
  }

  /// The machine, for tests and drawings.
  static std::span<const CallRow> rows();

  /// The leg is gone without a word: as if it had said REL and RLC.
  void leg_lost(CallId call, int attempt);

 private:
  friend struct CallActions;
  friend class Auditor;
  struct MediaChanged {};
  struct DigitPressed {
    char digit;
    std::uint16_t duration_ms;
  };
  struct Said {
    Leg* leg;
    std::variant<isup::Message, MediaChanged, DigitPressed> what;
  };
  void find_route(Call& call);
  void update_transferred(Call& call, Time now);
  void handle(Said& said, Time now);
  void handle_message(Call& call, Leg& leg, const isup::Message& message, Time now);
  void step(CallStep& step, CallEvent event);
  void reap();
  Call* find(CallId id);
  [[nodiscard]] const Call* find(CallId id) const;
  void record_if_ready(Call& call, Attempt& attempt, Time now);

  Context& context_;
  MediaControl& media_;
  LegFactory& factory_;
  Router router_;
  std::deque<Said> said_;
  std::unordered_map<CallId, std::unique_ptr<Call>> calls_;
  std::vector<CallId> over_;
  Counters counters_;
  bool draining_ = false;
};

}  // namespace tandem::core
