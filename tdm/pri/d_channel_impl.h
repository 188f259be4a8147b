#pragma once
// The inside of DChannel: one libpri instance for each link, its calls and what it said. Private to tdm/pri.
#include <array>
#include <deque>
#include <set>
#include <unordered_map>
#include <utility>

#include "tdm/pri/d_channel.h"
#include "tdm/pri/guard.h"
#include "tdm/pri/libpri.h"
#include "tdm/pri/sent_frames.h"

namespace tandem::tdm::pri {

/// North America's; their SERVICE is always answered, since a channel stays out of service otherwise.
inline bool has_service_messages(Switch type) {
  return type != Switch::euroisdn && type != Switch::qsig;
}

/// How far a call that came in has been answered: Q.931 messages only go forward, libpri does not check.
enum class Stage : std::uint8_t { present, overlap, proceeding, alerting, connected };

/// A change of messages that libpri is about to send.
struct Edit {
  /// `in_turn`: one message takes one of several edits that wait for its type.
  enum class Lasting : std::uint8_t { always, once, in_turn };
  std::vector<MessageType> types;
  std::vector<Octet> remove;
  std::vector<Octets> insert;
  Lasting lasting = Lasting::once;
};

struct Call {
  CallRef id = 0;
  q931_call* handle = nullptr;  ///< libpri's; dead when pri_get_crv() says so
  WireReference reference = 0;
  std::uint8_t link = 0;  ///< whose libpri instance the call belongs to
  Channel channel;        ///< timeslot 0: none yet, or none while it is held
  Channel before_hold;
  bool outgoing = false;
  bool clearing = false;  ///< disconnect() was called: nothing more to be sent for the owner
  bool far_cleared = false;
  bool held = false;
  bool overlap_sending = false;  ///< SETUP ACKNOWLEDGE came, and nothing after it
  /// DISCONNECT came before any answer: libpri sends RELEASE COMPLETE for it, but then keeps the call.
  bool abandoned = false;
  bool over = false;        ///< ... and it has sent it
  bool heard = false;       ///< a message of it came that was not STATUS
  bool link_reset = false;  ///< since it was made
  Stage stage = Stage::present;
  Cause cause;   ///< what ReleasedInd says when the last message has no cause
  Party remote;  ///< as last reported
  std::optional<Location> location;
  std::vector<Edit> edits;
  std::optional<Time> guard;  ///< T301, T304, T306 or T310, which libpri has not
  std::uint8_t guard_cause = 102;
};

struct DChannel::Impl {
  /// One data link with its libpri instance. Its address is libpri's user data.
  struct Link {
    Impl* owner = nullptr;
    std::uint8_t index = 0;
    struct pri* pri = nullptr;
    bool up = false;
    Octets incoming;  ///< the frame that libpri is about to read
    SentFrames sent;
    bool choking = false;
    unsigned since_looked = 0;  ///< I frames since the queue was looked at
  };

  Impl(const DChannelConfig& config, Time now);
  ~Impl();
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  // Input.
  void run_timers(Time now);
  void receive(OctetView frame, Time now, Link& link);
  void on_event(const pri_event& event, Time now, Link& link);
  void note_heard(Call& call, const Link& link) const;
  void on_link(Link& link, bool is_up, Time now);
  /// SABME on a link that is up: what was on its way is gone (Q.921 5.7).
  void on_link_reset(const Link& link);
  void on_ring(const pri_event_ring& ring, Link& link);
  void on_setup_ack(Call& call, Time now);
  void on_progressing(Call& call, bool proceeding, Time now);
  void on_alerting(Call& call, Time now);
  void on_connect(Call& call);
  void on_clearing(const pri_event_hangup& event, Call& call, Time now);
  void on_information(Call& call);
  void on_notify(const pri_event_notify& event, Call& call);
  void on_hold(Call& call);
  void on_retrieve(Call& call);
  void on_hold_event(const pri_event& event);
  void on_restart(int channel);
  void on_restart_ack(int channel, Time now);
  void on_service();

  // Supplementary services, of the event being handled.
  void on_subcommands(const pri_event& event, Call& call);
  void on_transfer(const pri_subcmd_transfer& transfer, q931_call* asked);
  void on_party(Call& call, const Party& party, int event);

  // Calls.
  Call* find(CallRef id);
  Call* find(const q931_call* handle);
  Call* by_reference(WireReference reference);
  Call& adopt(q931_call* handle, WireReference reference, bool outgoing, std::uint8_t link);
  void forget(const Call& call);
  /// Emits ReleasedInd and forgets the call; libpri's record is taken away should it still be there.
  void release(Call& call, Cause cause);
  /// libpri sometimes ends a call without an event; this finds out.
  void reconcile(Call& call);
  void reconcile_all();
  void watch_sent(OctetView frame);
  [[nodiscard]] bool alive(const Call& call);
  void clear(Call& call, Cause cause, bool inband = false);
  /// Calls on that channel; timeslot 0: on that span; `all`: all.
  void clear_channel(Channel channel, bool all);
  void send_next_restart(Time now);
  [[nodiscard]] bool in_use(const Channel& channel) const;

  // NFAS.
  [[nodiscard]] Link& active();
  struct pri* pri_of(const Call& call) { return links[call.link].pri; }
  /// Calls of a link that is down go on by the one that is up.
  void move_calls();
  void run_t309(Time now);

  // Channels: libpri's number of one, and the span of an interface identifier.
  [[nodiscard]] bool several_spans() const { return config.interfaces.size() > 1; }
  [[nodiscard]] int encoded(const Channel& channel) const;
  [[nodiscard]] std::optional<std::uint8_t> interface_of(const Channel& channel) const;
  [[nodiscard]] std::optional<std::uint8_t> span_of(std::optional<std::uint8_t> interface) const;

  // What the message being handled says.
  [[nodiscard]] Cause received_cause(int value, const Call& call) const;
  [[nodiscard]] std::vector<Progress> received_progress() const;
  std::optional<Channel> received_channel(Call& call) const;
  [[nodiscard]] std::optional<UserUser> received_user_user() const;

  // Outgoing messages.
  void attach(Call& call, MessageType type, const std::vector<Progress>& progress,
              const std::optional<UserUser>& user_user, bool replace_progress);
  Amendments amendments(WireReference reference, MessageType type);

  // libpri's callbacks.
  static int read_frame(struct pri* pri, void* buffer, int size);
  static int write_frame(struct pri* pri, void* buffer, int size);
  static void take_note(struct pri* pri, char* text);
  void write(OctetView frame, Link& link);
  void note(std::string text);

  /// A number out of libpri's own report; 0 when it is not there.
  [[nodiscard]] static std::size_t reported(const Link& link, std::string_view key);
  /// The far end takes nothing (RNR, or no acknowledgements) while it makes us answer: hear no more of it.
  [[nodiscard]] static bool choked(Link& link);

  template <class T>
  void put(T output) {
    out.emplace_back(std::move(output));
  }

  DChannelConfig config;
  Location own_location;
  std::array<Link, 2> links;  ///< the first config.links of them
  bool up = false;
  bool any_over = false;
  bool quiet = false;  ///< libpri's complaints are expected and not news
  bool closed = false;
  bool moving = false;  ///< events come of move_calls()
  std::optional<Time> t309;
  CallRef last_call = 0;
  std::unordered_map<CallRef, Call> calls;
  std::unordered_map<const q931_call*, CallRef> by_handle;
  std::unordered_map<WireReference, CallRef> references;
  std::vector<Edit> global_edits;    ///< of messages with the global call reference
  std::optional<Received> received;  ///< what was in the frame that libpri is reading
  std::uint8_t receiving_link = 0;
  using Place = std::pair<std::uint8_t, std::uint8_t>;  ///< span, timeslot
  std::set<Place> restarts;                             ///< that wait for their RESTART
  std::optional<Place> restarting;
  Time restart_until;
  std::deque<Output> out;
};

}  // namespace tandem::tdm::pri
