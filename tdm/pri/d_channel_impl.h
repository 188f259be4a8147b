#pragma once
// The inside of DChannel: one libpri instance, its calls and what it said. Private to tdm/pri.
#include <deque>
#include <set>
#include <unordered_map>
#include <utility>

#include "tdm/pri/d_channel.h"
#include "tdm/pri/guard.h"
#include "tdm/pri/libpri.h"

namespace tandem::tdm::pri {

/// How far a call that came in has been answered: Q.931 messages only go forward, libpri does not check.
enum class Stage : std::uint8_t { present, proceeding, alerting, connected };

struct Call {
  CallRef id = 0;
  q931_call* handle = nullptr;  ///< libpri's; dead when pri_get_crv() says so
  WireReference reference = 0;
  std::uint8_t timeslot = 0;
  bool outgoing = false;
  bool clearing = false;  ///< disconnect() was called: nothing more to be sent for the owner
  bool far_cleared = false;
  /// DISCONNECT came before any answer: libpri sends RELEASE COMPLETE for it, but then keeps the call.
  bool abandoned = false;
  bool over = false;  ///< ... and it has sent it
  Stage stage = Stage::present;
  Cause cause;  ///< what ReleasedInd says when the last message has no cause
  Amendments amendments;
  std::optional<Time> guard;  ///< T301, T304 or T310, which libpri has not
  std::uint8_t guard_cause = 102;
};

struct DChannel::Impl {
  Impl(const DChannelConfig& config, Time now);
  ~Impl();
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  // Input.
  void run_timers(Time now);
  void receive(OctetView frame, Time now);
  void on_event(const pri_event& event, Time now);
  void on_ring(const pri_event_ring& ring, Time now);
  void on_progressing(const pri_event_proceeding& event, Time now);
  void on_alerting(const pri_event_ringing& event, Time now);
  void on_connect(const pri_event_answer& event);
  void on_clearing(const pri_event_hangup& event);
  void on_restart(int channel);
  void on_restart_ack(int channel, Time now);

  // Calls.
  Call* find(CallRef id);
  Call* find(const q931_call* handle);
  Call* by_reference(WireReference reference);
  Call& adopt(q931_call* handle, WireReference reference, bool outgoing);
  void forget(const Call& call);
  /// Emits ReleasedInd and forgets the call; libpri's record is taken away should it still be there.
  void release(Call& call, Cause cause);
  /// libpri sometimes ends a call without an event; this finds out.
  void reconcile(Call& call);
  void reconcile_all();
  void watch_sent(OctetView frame);
  [[nodiscard]] bool alive(const Call& call);
  void clear(Call& call, Cause cause);
  void clear_timeslot(std::uint8_t timeslot);
  void send_next_restart(Time now);

  // What the message being handled says.
  [[nodiscard]] Cause received_cause(int value, const Call& call) const;
  [[nodiscard]] std::vector<Progress> received_progress() const;
  [[nodiscard]] std::optional<Channel> received_channel(Call& call) const;

  // libpri's callbacks.
  static int read_frame(struct pri* pri, void* buffer, int size);
  static int write_frame(struct pri* pri, void* buffer, int size);
  static void take_note(struct pri* pri, char* text);
  void note(std::string text);

  /// A number out of libpri's own report; 0 when it is not there.
  [[nodiscard]] std::size_t reported(std::string_view key) const;
  /// The far end takes nothing (RNR, or no acknowledgements) while it makes us answer: hear no more of it.
  [[nodiscard]] bool choked();

  template <class T>
  void put(T output) {
    out.emplace_back(std::move(output));
  }

  DChannelConfig config;
  Location own_location;
  struct pri* pri = nullptr;
  bool up = false;
  bool any_over = false;
  bool quiet = false;  ///< libpri's complaints are expected and not news
  CallRef last_call = 0;
  std::unordered_map<CallRef, Call> calls;
  std::unordered_map<const q931_call*, CallRef> by_handle;
  std::unordered_map<WireReference, CallRef> references;
  bool choking = false;
  unsigned since_looked = 0;         ///< I frames since the queue was looked at
  Octets incoming;                   ///< the frame that libpri is about to read
  std::optional<Received> received;  ///< what was in it
  std::set<std::uint8_t> restarts;   ///< timeslots that wait for their RESTART
  std::optional<std::uint8_t> restarting;
  Time restart_until;
  std::deque<Output> out;
};

}  // namespace tandem::tdm::pri
