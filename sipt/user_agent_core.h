#pragma once
// The inside of UserAgent (user_agent.h), shared by its own source files only:
//   user_agent.cpp           octets and time in, octets and events out; the watch on peers
//   user_agent_requests.cpp  where requests go; requests outside INVITE sessions
//   user_agent_refusals.cpp  which of them are refused
//   user_agent_caller.cpp    INVITE sent: responses, forks, CANCEL, ACK
//   user_agent_callee.cpp    INVITE received, re-INVITE too: responses, 2xx until ACK
//   user_agent_session.cpp   what both have: BYE, the end, timers
#include <deque>
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

namespace tandem::sip {

inline constexpr std::size_t kMaxForks = 16;  ///< answers of other branches that are acknowledged
inline constexpr std::uint32_t kInviteCSeq = 1;
inline constexpr Duration kRingRefresh = std::chrono::seconds(60);               ///< RFC 3261 13.3.1.1
inline constexpr std::string_view kAllow = "INVITE, ACK, BYE, CANCEL, OPTIONS";  ///< others get 405 or 501
inline constexpr std::string_view kSupported = "";  ///< option tags; Require of others gets 420
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
  invite_timeout,  ///< RFC 3261 16.7 timer C
  cancel_wait,     ///< RFC 3261 9.1: 64*T1 after CANCEL
  expires,         ///< RFC 3261 13.3.1: the INVITE said how long it is good for
  ring_refresh,    ///< RFC 3261 13.3.1.1
  answer_repeat,   ///< RFC 3261 13.3.1.4: T1, doubling up to T2
  ack_wait         ///< RFC 3261 13.3.1.4: 64*T1
};
inline constexpr std::uint64_t kCallTimers = 6;

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
  Flow flow;
  Octets octets;
};

struct Call {
  SipCall id;
  Stage stage = Stage::calling;
  bool dead = false;      ///< for the core: it is told nothing more
  std::uint64_t tag = 0;  ///< our tag, in hex on the wire
  std::string call_id;
  std::optional<Dialog> dialog;

  // As caller.
  TxId invite_tx;
  std::string target;  ///< Request-URI
  Flow destination;
  bool offered = false;      ///< the INVITE had an offer
  bool invite_open = false;  ///< its transaction may still report something
  bool cancel_sent = false;
  std::vector<SentAck> acks;    ///< of the dialog and of forks
  std::vector<Reason> reasons;  ///< of a CANCEL or BYE that has to wait

  // As callee.
  std::optional<PendingInvite> pending;
  std::optional<UnackedAnswer> unacked;

  bool live = true;         ///< counts for max_calls
  bool bye_wanted = false;  ///< as soon as the ACK is there (RFC 3261 15)
  bool bye_open = false;    ///< BYE sent, no final response yet
};

struct UserAgent::Impl final : TransactionUser {
  Impl(UserAgentConfig config, Random& random);

  // user_agent.cpp
  /// `fault`: why a stream cannot be framed any more; the octets are all that is left of it.
  void receive(const Flow& flow, OctetView octets, Framing framing, Time now,
               const std::optional<Error>& fault = {});
  void receive_stream(const Flow& flow, OctetView octets, Time now);
  void closed(const Flow& flow, Time now);
  void run_timers(Time now);
  [[nodiscard]] std::optional<Time> next_deadline() const;
  void watch(std::size_t peer, const Uri& uri, const Flow& destination, Duration interval, Time now);
  void ping(std::size_t peer, Time now);
  void peer_state(std::size_t peer, bool reachable);
  std::string branch();
  [[nodiscard]] std::string contact(const Flow& flow) const;
  Call* find(SipCall id);
  Call* find_live(SipCall id);  ///< one that the core may still speak of
  Call* find_by_tag(std::string_view local_tag);

  // TransactionUser
  void transmit(const Flow& flow, Octets octets) override;
  void on_response(TxOwner owner, const Message& response, const Flow& flow, Time now) override;
  void on_timed_out(TxOwner owner, Time now) override;
  void on_transport_failed(TxOwner owner, Time now) override;
  void on_ended(TxOwner owner, Time now) override;

  // user_agent_requests.cpp, user_agent_refusals.cpp
  void handle_request(const Message& request, const std::expected<void, Error>& parsed, const Flow& flow,
                      Time now);
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
  void in_dialog(const Message& request, const Flow& flow, Time now);
  void on_cancel(const Message& request, const Flow& flow, Time now);
  void answer_options(const Message& request, const Flow& flow, Time now);
  /// A final response to a request that needs no more than that; through a transaction if there is room.
  void reply(const Message& request, const Flow& flow, MessageBuilder response, int status, Time now);
  MessageBuilder response(const Message& request, const Flow& flow, int status, std::string_view phrase = {},
                          std::string_view to_tag = {});
  [[nodiscard]] std::string stateless_tag(const Message& request) const;
  void rejected(const Flow& flow, std::string text);

  // user_agent_caller.cpp
  SipCall invite(const InviteInfo& info, const Flow& destination, Time now);
  void cancel(Call& call, const std::vector<Reason>& reasons, Time now);
  void send_cancel(Call& call, Time now);
  void ack_answer(Call& call, std::string_view sdp);
  void on_invite_response(Call& call, const Message& response, const Flow& flow, Time now);
  void on_provisional(Call& call, const Message& response, Time now);
  void on_success(Call& call, const Message& response, const Flow& flow, Time now);
  void on_first_success(Call& call, const Message& response, const Flow& flow, Time now);
  void on_fork_success(Call& call, const Message& response, const Flow& flow, Time now);
  void on_failure(Call& call, const Message& response);
  /// FailureReceived in the place of a response (RFC 3261 8.1.3.1), unless the core knows the end already.
  void failed(const Call& call, int status, std::string_view phrase, bool timeout);
  void invite_failed(Call& call, int status, std::string_view phrase, bool timeout);
  SentAck make_ack(const Dialog& dialog, std::string_view sdp);

  // user_agent_callee.cpp
  void on_invite(const Message& request, const Flow& flow, Time now);
  void on_reinvite(Call& call, const Message& request, const Flow& flow, Time now);
  void on_ack(const Message& request, Time now);
  void provisional(Call& call, int status, std::string_view sdp, const std::vector<ExtraHeader>& extra,
                   Time now);
  void answer(Call& call, std::string_view sdp, const std::vector<ExtraHeader>& extra, Time now);
  void reject(Call& call, int status, std::string_view phrase, const std::vector<Reason>& reasons,
              const std::vector<ExtraHeader>& extra, Time now);
  void reject_offer(Call& call, int status, Time now);
  /// 487 for an INVITE or re-INVITE that waits (RFC 3261 9.2, 15.1.2).
  void terminate_pending(Call& call, Time now);
  void on_answer_repeat(Call& call, Time now);
  void on_ack_wait(Call& call, Time now);

  // user_agent_session.cpp
  Call& new_call(Stage stage);
  void bye(Call& call, const std::vector<Reason>& reasons, Time now);
  void send_bye(Call& call, Time now);
  /// BYE in a dialog that no call has (RFC 3261 13.2.2.4).
  void send_bye(Dialog& dialog, const std::vector<Reason>& reasons, TxOwner owner, Time now);
  void on_bye(Call& call, const Message& request, const Flow& flow, Time now);
  void on_call_timer(Call& call, CallTimer timer, Time now);
  void start(const Call& call, CallTimer timer, Duration after, Time now);
  void stop(const Call& call, CallTimer timer);
  /// The core has heard the last of it: what is left is forgotten as soon as no straggler can come.
  void release(Call& call);
  void forget(Call& call);

  struct Watch {
    Uri uri;
    Flow destination;
    Duration interval{};
    bool pending = false;
    std::optional<bool> reachable;
  };

  struct Stream {
    StreamFramer framer;
    bool broken = false;  // RFC 3261 18.3: where its next message starts is not known; it is being closed
  };

  UserAgentConfig config;
  Random& random;
  Timings timings;
  std::uint64_t salt;  // of stateless tags
  Transactions transactions;
  TokenBucket call_rate;
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
  std::deque<Transmit> transmits;
  std::deque<Event> events;
};

/// Sixteen hex digits.
std::string hex16(std::uint64_t value);
/// The SDP in a body, if that is what it holds.
std::string_view sdp_of(const Message& message);
void add_extra(MessageBuilder& out, const std::vector<ExtraHeader>& extra);
/// Ends a message with SDP, or without a body.
Octets finish_with(MessageBuilder& out, std::string_view sdp);

}  // namespace tandem::sip
