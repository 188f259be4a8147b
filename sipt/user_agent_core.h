#pragma once
// The inside of UserAgent (user_agent.h), shared by its own source files only:
//   user_agent.cpp           octets and time in, octets and events out; the watch on peers
//   user_agent_requests.cpp  where requests go; requests outside INVITE sessions
//   user_agent_refusals.cpp  which of them are refused
//   user_agent_caller.cpp    INVITE sent: responses, forks, CANCEL, ACK
//   user_agent_early.cpp     the dialogs that a sent INVITE makes
//   user_agent_callee.cpp    INVITE received, re-INVITE too: responses, 2xx until ACK
//   user_agent_in_dialog.cpp requests received in a dialog: which call's they are, UPDATE, INFO
//   user_agent_offers.cpp    offers of ours after the first: UPDATE, re-INVITE, glare
//   user_agent_reliable.cpp  100rel and PRACK
//   user_agent_timer.cpp     session timers
//   user_agent_session.cpp   what both have: BYE, the end, timers
//   user_agent_leg.h         one dialog of a session, and where offer and answer stand in it
#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "gateway/base/timer_queue.h"
#include "gateway/base/token_bucket.h"
#include "sipt/body.h"
#include "sipt/dialog.h"
#include "sipt/stream_framer.h"
#include "sipt/transactions.h"
#include "sipt/user_agent.h"
#include "sipt/user_agent_leg.h"
#include "sipt/user_agent_reliable.h"
#include "sipt/user_agent_timer.h"

namespace tandem::sip {

inline constexpr std::size_t kMaxForks = 16;          ///< answers of other branches that are acknowledged
inline constexpr std::size_t kMaxEarlyDialogs = 16;   ///< those of further branches are passed over
inline constexpr std::size_t kMaxProvisionals = 128;  ///< events of a call; then only the timer is fed
inline constexpr int kMaxOfferAttempts = 5;           ///< of an offer that met another, or was too soon
inline constexpr double kRejectionsPerSecond = 20;    ///< Rejected events; the others are counted
inline constexpr double kRejectionsAtOnce = 100;
inline constexpr Duration kPongWait = std::chrono::seconds(10);     ///< RFC 5626 4.4.1
inline constexpr Duration kRingRefresh = std::chrono::seconds(60);  ///< RFC 3261 13.3.1.1
/// Methods; others get 405 or 501.
inline constexpr std::string_view kAllow = "INVITE, ACK, BYE, CANCEL, OPTIONS, PRACK, UPDATE, INFO";
inline constexpr std::string_view kSupported = "100rel, 199, timer";  ///< Require of others gets 420
inline constexpr std::string_view kAccept = "application/sdp, multipart/mixed";
inline constexpr std::string_view kSdpType = "application/sdp";

/// Where an INVITE session stands.
///
///   caller:  calling -> proceeding -> confirmed -> ending
///               |           |
///               +-----------+--> cancelling -> ending (a 2xx crossed: ACK and BYE)
///   callee:  offered -> confirmed -> ending
enum class Stage : std::uint8_t {
  calling,     ///< INVITE sent, nothing heard
  proceeding,  ///< a provisional response was heard
  cancelling,  ///< CANCEL sent, or to be sent with the first provisional response
  offered,     ///< INVITE received, no final response sent
  confirmed,   ///< 2xx sent or received
  ending       ///< nothing left but to take care of stragglers
};

enum class CallTimer : std::uint8_t {
  invite_timeout,   ///< RFC 3261 16.7 timer C
  cancel_wait,      ///< RFC 3261 9.1: 64*T1 after CANCEL; after the end: of a re-INVITE under way
  expires,          ///< RFC 3261 13.3.1: the INVITE said how long it is good for
  ring_refresh,     ///< RFC 3261 13.3.1.1
  answer_repeat,    ///< RFC 3261 13.3.1.4: T1, doubling up to T2
  ack_wait,         ///< RFC 3261 13.3.1.4: 64*T1
  offer_retry,      ///< RFC 3261 14.1 after 491, Retry-After of 500
  offer_timeout,    ///< our re-INVITE has no final response
  prack_repeat,     ///< RFC 3262 3: T1, doubling
  prack_wait,       ///< RFC 3262 3: 64*T1
  session_refresh,  ///< RFC 4028 7.2: half the interval
  session_expiry    ///< RFC 4028 10
};
inline constexpr std::uint64_t kCallTimers = 12;

/// INVITE or re-INVITE received that waits for its final response.
struct PendingInvite {
  TxId tx;
  StoredMessage message;
  Flow flow;
};

/// A 2xx sent that waits for its ACK.
struct UnackedAnswer {
  TxId tx;
  std::uint32_t cseq = 0;
  Octets octets;
  Duration interval{};
};

/// An ACK to a 2xx, for when the 2xx comes again (RFC 3261 13.2.2.4).
struct SentAck {
  std::string remote_tag;
  std::uint32_t cseq = 0;
  Flow flow;
  Octets octets;
};

/// Our re-INVITE or UPDATE under way.
struct OwnRequest {
  bool reinvite = false;
  TxId tx;
  std::uint32_t cseq = 0;
  std::string remote_tag;   ///< of its dialog
  std::string sdp;          ///< the offer
  std::string answer = {};  ///< if it came in a reliable provisional response
  bool refresh = false;     ///< of the session timer, of which the core knows nothing
};

struct Call {
  SipCall id;
  Stage stage = Stage::calling;
  bool caller = false;
  bool dead = false;      ///< for the core: it is told nothing more
  std::uint64_t tag = 0;  ///< our tag, in hex on the wire
  SipCall older;          ///< the one before it with the same tag (RFC 3578 3.2)
  std::string call_id;
  CallPolicy policy;
  std::vector<Leg> legs;  ///< its dialogs; not more than one but for a caller before the answer

  // As caller.
  TxId invite_tx;
  std::uint32_t invite_cseq = 1;
  std::string target;  ///< Request-URI
  Flow destination;
  bool offered = false;               ///< the INVITE had an offer
  std::size_t invites_open = 0;       ///< its transactions that may still report something
  std::unique_ptr<InviteInfo> again;  ///< the INVITE, for another after 422 (RFC 4028 7.3)
  bool cancel_sent = false;
  std::size_t provisionals = 0;  ///< events so far
  std::string heard;             ///< tag of the early dialog last heard of
  /// Branches that lost: their tags and our last sequence number in them.
  std::vector<std::pair<std::string, std::uint32_t>> lost;
  std::vector<SentAck> acks;    ///< of the dialog and of forks
  std::vector<Reason> reasons;  ///< of a CANCEL or BYE that has to wait
  std::vector<ExtraHeader> bye_extra;

  // As callee.
  std::optional<PendingInvite> pending;
  std::optional<UnackedAnswer> unacked;

  Reliability reliability;

  // Offers within the session.
  std::uint64_t asked = 0;            ///< how many were handed up
  std::optional<OwnRequest> own;      ///< one at a time
  std::optional<std::string> wanted;  ///< an offer of ours that waits
  std::vector<ExtraHeader> identity;  ///< RFC 4916: who is at our end, if that has changed
  std::string local_sdp;              ///< as it was agreed on last
  std::size_t remote_sdp = 0;         ///< digest of the last one heard
  SessionTimer timer;
  int attempts = 0;                ///< of the one under way
  bool backing_off = false;        ///< until offer_retry
  std::size_t reinvites_open = 0;  ///< transactions that may still bring a 2xx

  bool live = true;         ///< counts for max_calls
  bool bye_wanted = false;  ///< as soon as the ACK is there (RFC 3261 15)
  bool bye_open = false;    ///< BYE sent, no final response yet

  bool answered = false;  ///< a 2xx was sent or received: there is one dialog, and it is confirmed
  [[nodiscard]] Leg& leg() { return legs.front(); }
};

struct UserAgent::Impl final : TransactionUser {
  Impl(UserAgentConfig config, Random& random);

  struct Stream {
    StreamFramer framer;
    Flow flow;
    bool broken = false;  // RFC 3261 18.3: where its next message starts is not known; it is being closed
    bool pinged = false;  // by us, and nothing has come since
    bool pongs = false;   // the peer answers pings
  };

  // user_agent.cpp
  /// `fault`: why a stream cannot be framed any more; the octets are all that is left of it.
  void receive(const Flow& flow, OctetView octets, Framing framing, Time now,
               const std::optional<Error>& fault = {});
  void receive_stream(const Flow& flow, OctetView octets, Time now);
  void closed(const Flow& flow, Time now);
  void heard(Stream& stream, Time now);
  void await_rest(const Stream& stream, Time now);
  void on_keepalive(std::uint64_t connection, Time now);
  void on_partial(std::uint64_t connection);
  void run_timers(Time now);
  [[nodiscard]] std::optional<Time> next_deadline() const;
  void watch(std::size_t peer, const Uri& uri, const Flow& destination, Duration interval, Time now);
  void ping(std::size_t peer, Time now);
  void peer_state(std::size_t peer, bool reachable);
  std::string branch();
  [[nodiscard]] std::string contact(const Flow& flow) const;
  /// Contact, Allow, Supported, Organization, Date: in INVITE, UPDATE and their responses.
  void describe(MessageBuilder& out, const Call& call, const Flow& flow);
  /// Empty: nobody has said what time it is.
  std::string_view date();
  /// Option tags, as the policy says.
  [[nodiscard]] static std::string_view supported(const Call& call);
  Call* find(SipCall id);
  Call* find_live(SipCall id);  ///< one that the core may still speak of
  Call* find_by_tag(std::string_view local_tag);

  // TransactionUser
  void transmit(const Flow& flow, Octets octets) override;
  void on_response(TxOwner owner, const Message& response, const Flow& flow, Time now) override;
  void on_timed_out(TxOwner owner, Time now) override;
  void on_transport_failed(TxOwner owner, Time now) override;
  void on_ended(TxOwner owner, Time now) override;
  void request_lost(TxOwner owner, int status, std::string_view phrase, Time now);

  // user_agent_requests.cpp, user_agent_refusals.cpp
  void handle_request(const Message& request, const std::expected<void, Error>& parsed, const Flow& flow,
                      Time now);
  bool refuse_stranger(const Message& request, const Flow& flow);
  bool refuse_overload(const Message& request, const Flow& flow, Time now);
  bool refuse(const Message& request, const Flow& flow, Time now);
  bool refuse_scheme(const Message& request, const Flow& flow, Time now);
  bool refuse_method(const Message& request, const Flow& flow, Time now);
  bool refuse_extensions(const Message& request, const Flow& flow, Time now);
  bool refuse_hops(const Message& request, const Flow& flow, Time now);
  /// The offer of a request; nothing: it has been refused with 400, 406 or 415.
  std::optional<std::string_view> offer_of(const Message& invite, const Flow& flow, Time now);
  void refuse_body(const Message& request, const Flow& flow, BodyFault fault, Time now);
  void out_of_dialog(const Message& request, const Flow& flow, Time now);
  void on_cancel(const Message& request, const Flow& flow, Time now);
  void answer_options(const Message& request, const Flow& flow, Time now);
  /// A final response to a request that needs no more than that; through a transaction if there is room.
  void reply(const Message& request, const Flow& flow, MessageBuilder response, int status, Time now);
  MessageBuilder response(const Message& request, const Flow& flow, int status, std::string_view phrase = {},
                          std::string_view to_tag = {});
  [[nodiscard]] std::string stateless_tag(const Message& request) const;
  void rejected(const Flow& flow, std::string text);

  // user_agent_in_dialog.cpp
  void in_dialog(const Message& request, const Flow& flow, Time now);
  void on_update(Call& call, Leg& leg, const Message& request, const Flow& flow, Time now);
  void on_info(Call& call, const Message& request, const Flow& flow, Time now);
  /// RFC 3311 5.2, RFC 3261 14.2: 491, or 500 with a Retry-After.
  void refuse_offer(const Message& request, const Flow& flow, int status, Time now);
  bool refuse_target(const Message& request, const Flow& flow, Time now);
  void hand_up_offer(Call& call, Leg& leg, const Message& request, std::string_view sdp, OfferVia via);
  /// 200 to UPDATE, with what both have agreed on.
  MessageBuilder update_response(Call& call, const Message& request, const Flow& flow, Time now);
  /// IdentityReceived if who is at the far end has changed (RFC 4916).
  void note_identity(Call& call, Leg& leg, const Message& message);

  // user_agent_offers.cpp
  void accept_offer(Call& call, std::string_view sdp, Time now);
  void reject_offer(Call& call, int status, std::string_view warning, Time now);
  void offer(Call& call, std::string_view sdp, Time now);
  void identify(Call& call, const std::vector<ExtraHeader>& headers, Time now);
  /// Does what had to wait, if nothing is in its way any more.
  void pump(Call& call, Time now);
  void send_update(Call& call, Leg& leg, std::string sdp, bool refresh, Time now);
  void refresh(Call& call, Time now);
  void send_reinvite(Call& call, std::string sdp, bool refresh, Time now);
  void on_reinvite_response(Call& call, const Message& response, Time now);
  void on_update_response(Call& call, const Message& response, Time now);
  void own_request_succeeded(Call& call, const Message& response, Time now);
  void own_request_failed(Call& call, int status, const Message* response, Time now);
  bool try_again(Call& call, OwnRequest& own, const Message& response, Time now);
  void info(Call& call, std::string_view content_type, std::string_view body, Time now);
  /// The dialog whose offer was handed up first.
  static Leg* asking_leg(Call& call);
  /// The dialog on which something can be sent now; nothing: there is none yet.
  Leg* current_leg(Call& call);
  static Leg* leg_of_tag(Call& call, std::string_view remote_tag);

  // user_agent_reliable.cpp
  static bool in_order(Leg& leg, std::uint32_t rseq);
  void send_prack(Call& call, Leg& leg, OwedPrack owed, std::string_view sdp, Time now);
  void answer_in_prack(Call& call, Leg& leg, std::string_view sdp, Time now);
  /// 420, 421 or 422 because of the policy; the call is over.
  bool refused_by_policy(Call& call, Time now);
  void refused_invite(Call& call, int status, Time now);
  void send_reliable(Call& call, WaitingResponse what, Time now);
  void on_prack_repeat(Call& call, Time now);
  void on_prack_wait(Call& call, Time now);
  void on_prack(Call& call, Leg& leg, const Message& request, const Flow& flow, Time now);
  static bool answer_must_wait(const Call& call);

  // user_agent_timer.cpp
  void ask_session_timer(MessageBuilder& out, const Call& call) const;
  void take_session_timer(Call& call, const Message& response, Time now);
  static bool raise_interval(Call& call, const Message& response);
  /// 422 for an interval that is too short here.
  bool refuse_interval(const CallPolicy& policy, const Message& request, const Flow& flow, Time now);
  bool refuse_interval(Call& call, Time now);
  void answer_session_timer(MessageBuilder& out, Call& call, const Message& request, Time now);
  void run_session_timer(Call& call, Time now);

  // user_agent_caller.cpp
  void send_invite(Call& call, const InviteInfo& info, Time now);
  SipCall invite(const InviteInfo& info, const Flow& destination, Time now);
  void cancel(Call& call, const std::vector<Reason>& reasons, Time now);
  void send_cancel(Call& call, Time now);
  static bool names_target(Call& call, const Message& response);
  void ack_answer(Call& call, std::string_view sdp, Time now);
  void on_invite_response(Call& call, const Message& response, const Flow& flow, Time now);
  void on_provisional(Call& call, const Message& response, const Flow& flow, Time now);

  // user_agent_early.cpp
  /// The dialog that a provisional response is of; nothing: one too many, or without a tag.
  Leg* early_leg(Call& call, const Message& response, const Flow& flow);
  static SdpRole heard_role(const Call& call, Leg& leg, bool reliable);
  static SdpRole said_sdp(const Call& call, Leg& leg, bool reliable);
  Leg new_leg(const Call& call, const Message& response, const Flow& flow);
  /// The dialog that a 2xx confirmed; the others end.
  Leg& settle(Call& call, const Message& response, const Flow& flow, Time now);
  void on_success(Call& call, const Message& response, const Flow& flow, Time now);
  void on_first_success(Call& call, const Message& response, const Flow& flow, Time now);
  void on_fork_success(Call& call, const Message& response, const Flow& flow, Time now);
  void on_failure(Call& call, const Message& response, Time now);
  /// FailureReceived in the place of a response (RFC 3261 8.1.3.1), unless the core knows the end already.
  void failed(const Call& call, int status, std::string_view phrase, bool timeout);
  void invite_failed(Call& call, int status, std::string_view phrase, bool timeout, Time now);
  SentAck make_ack(const Dialog& dialog, std::uint32_t cseq, std::string_view sdp);

  // user_agent_callee.cpp
  void on_invite(const Message& request, const Flow& flow, Time now);
  void on_reinvite(Call& call, Leg& leg, const Message& request, const Flow& flow, Time now);
  void on_ack(const Message& request, Time now);
  void provisional(Call& call, int status, std::string_view sdp, const std::vector<ExtraHeader>& extra,
                   Time now);
  void answer(Call& call, std::string_view sdp, const std::vector<ExtraHeader>& extra, Time now);
  void reject(Call& call, int status, std::string_view phrase, const std::vector<Reason>& reasons,
              const std::vector<ExtraHeader>& extra, Time now);
  void on_ring_refresh(Call& call, Time now);
  void send_answer(Call& call, std::string_view sdp, const std::vector<ExtraHeader>& extra, Time now);
  /// 487 for an INVITE or re-INVITE that waits (RFC 3261 9.2, 15.1.2).
  void terminate_pending(Call& call, Time now);
  /// 487 for UPDATE and PRACK that wait.
  void terminate_offers(Call& call, Time now);
  void on_answer_repeat(Call& call, Time now);
  void on_ack_wait(Call& call, Time now);

  // user_agent_session.cpp
  /// `tag`: that of calls that this one continues.
  Call& new_call(Stage stage, std::optional<std::uint64_t> tag = {});
  void bye(Call& call, const std::vector<Reason>& reasons, const std::vector<ExtraHeader>& extra, Time now);
  void send_bye(Call& call, Time now);
  /// BYE, also in a dialog that no call has (RFC 3261 13.2.2.4).
  void send_bye(Dialog& dialog, const std::vector<Reason>& reasons, const std::vector<ExtraHeader>& extra,
                TxOwner owner, Time now);
  /// BYE of ours that the core has not asked for: SessionExpired.
  void expire(Call& call, int cause, std::string_view text, Time now);
  void on_bye(Call& call, const Message& request, const Flow& flow, Time now);
  void on_call_timer(Call& call, CallTimer timer, Time now);
  void start(const Call& call, CallTimer timer, Duration after, Time now);
  void stop(const Call& call, CallTimer timer);
  /// The core has heard the last of it: what is left is forgotten as soon as no straggler can come.
  void release(Call& call, Time now);
  void forget(Call& call);
  void forget_tag(const Call& call);

  struct Watch {
    Uri uri;
    Flow destination;
    Duration interval{};
    bool pending = false;
    std::optional<bool> reachable;
  };

  /// The calendar time at some Time, and the Date of the second written last.
  struct Wall {
    Time at{};
    WallTime time{};
    std::chrono::sys_seconds written{};
    std::string text = {};
  };

  UserAgentConfig config;
  Random& random;
  std::optional<Wall> wall;
  std::function<bool(const SocketAddress&)> callers;  // empty: everybody
  Timings timings;
  Time clock{};        // of the last input
  std::uint64_t salt;  // of stateless tags
  Transactions transactions;
  TokenBucket call_rate;
  TokenBucket rejections{kRejectionsPerSecond, kRejectionsAtOnce};
  std::uint64_t rejections_unsaid = 0;
  TokenBucket overload_words{1, 1};  // one Rejected a second at most
  std::uint64_t refused_calls = 0, refused_unsaid = 0;
  std::size_t live_calls = 0;
  std::uint64_t last_call = 0;
  std::unordered_map<SipCall, std::unique_ptr<Call>> calls;
  std::unordered_map<std::uint64_t, Call*> by_tag;
  TimerQueue<std::uint64_t> call_timers;  // call * kCallTimers + timer
  std::unordered_map<std::size_t, Watch> watches;
  TimerQueue<std::size_t> watch_timers;
  std::unordered_map<std::uint64_t, Stream> streams;
  TimerQueue<std::uint64_t> keepalive_timers;
  TimerQueue<std::uint64_t> partial_timers;  // connections with a message that has not ended
  std::deque<Transmit> transmits;
  std::deque<Event> events;
};

/// Sixteen hex digits.
std::string hex16(std::uint64_t value);
/// The SDP in a body, if that is what it holds.
std::string_view sdp_of(const Message& message);
/// Takes note of SDP of the peer.
void heard_sdp(Call& call, std::string_view sdp);
/// What events hand up (Headers in user_agent.h).
Headers headers_of(const Message& message);
/// The highest sequence number of ours, in any dialog.
std::uint32_t last_cseq(const Call& call);
void add_extra(MessageBuilder& out, const std::vector<ExtraHeader>& extra);
/// Ends a message with SDP, or without a body.
Octets finish_with(MessageBuilder& out, std::string_view sdp);

}  // namespace tandem::sip
