#pragma once
// The SIP side of the gateway, sans-IO: octets and time in, octets and events out (RFC 3261).
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "gateway/base/bytes.h"
#include "gateway/base/random.h"
#include "gateway/base/time.h"
#include "sipt/config.h"
#include "sipt/values.h"

namespace tandem::sip {

/// An INVITE session, from INVITE to the end of its dialog. Never reused.
using SipCall = Id<struct SipCallTag>;

/// A header that the user agent does not manage itself.
struct ExtraHeader {
  std::string name;
  std::string value;
};

/// Octets to send on a flow. TCP: on `flow.connection` if it is open, else on a connection to `flow.remote`;
/// no octets: close the connection, as what comes on it cannot be read any more (RFC 3261 18.3).
struct Transmit {
  Flow flow;
  Octets octets;
};

/// Headers as received that interworking reads and the user agent does not manage itself, by their long names
/// (Diversion, History-Info, User-to-User, P-Early-Media, ...), in the order of the message; at most 32.
using Headers = std::vector<ExtraHeader>;

/// What an SDP body means where it stands (RFC 3264, RFC 6337 table 1).
enum class SdpRole : std::uint8_t {
  none,
  offer,
  answer,
  preview  ///< in an unreliable provisional response: what the answer will be; or the answer said again
};

/// What a further INVITE of the same call shares with those before it: one whose number has grown (RFC 3578
/// 3.2).
struct Continuation {
  std::string call_id;
  std::uint64_t tag = 0;   ///< of From
  std::uint32_t cseq = 0;  ///< the highest used so far, in any dialog
};

/// What an INVITE says, received or to be sent.
struct InviteInfo {
  Uri request_uri;
  NameAddr from;
  NameAddr to;
  std::vector<NameAddr> asserted;    ///< P-Asserted-Identity (RFC 3325)
  std::vector<std::string> privacy;  ///< Privacy (RFC 3323), lower case: "id", "header", "user", "none"
  std::string sdp;                   ///< offer; empty: none
  std::vector<ExtraHeader> extra;    ///< to be sent only
  Headers headers;                   ///< received only
  std::string call_id;               ///< received: as it came; to be sent: empty, made here
  int max_forwards = 70;
  CallPolicy policy;                           ///< to be sent only; set_policy() for received ones
  std::optional<Continuation> continues = {};  ///< to be sent only
};

// --- events ---------------------------------------------------------------------------------------------
/// An INVITE outside a dialog: 100 has been sent. To be ended by answer() or reject().
struct IncomingCall {
  SipCall call;
  Flow flow;
  InviteInfo info;
};
/// A provisional response other than 100. `early_dialog` tells forked responses apart (RFC 3261 12.1). When
/// it came reliably its PRACK has been sent, unless `role` is offer: then accept_offer() sends it (RFC 3262
/// 5).
struct ProvisionalReceived {
  SipCall call;
  int status;
  std::string early_dialog = {};
  std::string sdp = {};
  SdpRole role = SdpRole::none;
  std::vector<Reason> reasons = {};
  Headers headers = {};
};
/// An early dialog has ended, the call goes on: 199 (RFC 6228), or a fork that lost.
struct EarlyDialogEnded {
  SipCall call;
  std::string early_dialog = {};
  std::vector<Reason> reasons = {};
};
/// 2xx: sdp by `role`: the answer, the offer when the INVITE had none (then ack_answer() must follow), or
/// nothing new. The ACK has been sent otherwise.
struct AnswerReceived {
  SipCall call;
  std::string sdp = {};
  std::vector<NameAddr> asserted = {};
  SdpRole role = SdpRole::none;
  std::string early_dialog = {};  ///< the one that became the dialog
  Headers headers = {};
};
/// A final response other than 2xx, or a time-out (408) or transport failure (503) put in its place
/// (RFC 3261 8.1.3.1). The SipCall is dead.
struct FailureReceived {
  SipCall call;
  int status;
  std::string phrase = {};
  std::vector<Reason> reasons = {};
  std::vector<NameAddr> contacts = {};
  std::string warning = {};
  bool timeout;
  std::optional<Duration> retry_after = {};  ///< RFC 3261 20.33
  Headers headers = {};
  std::uint32_t cseq = 0;  ///< the highest that was used in the call, in any dialog
};
/// CANCEL of an INVITE that was not answered: 200 and 487 have been sent; or it has expired, or set_policy()
/// has refused it. The SipCall is dead.
struct CancelReceived {
  SipCall call;
  std::vector<Reason> reasons = {};
};
/// ACK to our 2xx of INVITE or re-INVITE; sdp is the answer when our 2xx held the offer.
struct AckReceived {
  SipCall call;
  std::string sdp = {};
};
/// No ACK to our 2xx within 64*T1: BYE has been sent (RFC 3261 13.3.1.4). The SipCall is dead.
struct AckMissing {
  SipCall call;
};
/// The request that brought an offer.
enum class OfferVia : std::uint8_t { invite, update, prack };

/// An offer within the session, to be ended by accept_offer() or reject_offer(): in re-INVITE (sdp empty: we
/// are to offer, RFC 3261 14.1), UPDATE, PRACK.
struct OfferReceived {
  SipCall call;
  std::string sdp = {};
  OfferVia via = OfferVia::invite;
  Headers headers = {};
  std::string early_dialog = {};  ///< of a call that is not answered yet: the branch that offers
};
/// What became of our offer(): a 2xx with the answer; any other status: the session is as it was. Also the
/// answer in PRACK to the offer in our reliable provisional response. 491 is tried again by RFC 3261 14.1
/// before it is reported. It may come unasked: the answer to an offer of ours that a refresh of the session
/// timer said again, when the peer answers otherwise than before (RFC 4028 7.4).
struct OfferAnswered {
  SipCall call;
  int status;
  std::string sdp = {};
  std::string warning = {};
};
/// INFO of a content type of UserAgentConfig::info_types: 200 has been sent. Others got 415.
struct InfoReceived {
  SipCall call;
  std::string content_type = {};  ///< lower case, without parameters
  std::string body = {};
  Headers headers = {};
};
/// A refresh within the session changed who is at the far end (RFC 4916: From, P-Asserted-Identity).
struct IdentityReceived {
  SipCall call;
  std::vector<NameAddr> asserted = {};
  Headers headers = {};
};
/// The session timer ran out (RFC 4028 10), or the peer knows the session no more: silence, 408 or 481 in the
/// place of an answer to our refresh or offer (RFC 3261 12.2.1.2, 14.1). BYE has been sent. The SipCall is
/// dead.
struct SessionExpired {
  SipCall call;
};
/// A reliable provisional response was not acknowledged within 64*T1: the INVITE has been refused with 504
/// (RFC 3262 3). The SipCall is dead.
struct PrackMissing {
  SipCall call;
};
/// BYE: 200 has been sent. The SipCall is dead.
struct ByeReceived {
  SipCall call;
  std::vector<Reason> reasons = {};
  Headers headers = {};
};
/// A watched peer answers OPTIONS, or has ceased to.
struct PeerState {
  std::size_t peer;
  bool reachable;
};
/// Bad input that was answered or dropped: for the log. A flood of it is counted, not told one by one.
struct Rejected {
  Flow flow;
  std::string text = {};
};

using Event =
    std::variant<IncomingCall, ProvisionalReceived, EarlyDialogEnded, AnswerReceived, FailureReceived,
                 CancelReceived, AckReceived, AckMissing, OfferReceived, OfferAnswered, InfoReceived,
                 IdentityReceived, SessionExpired, PrackMissing, ByeReceived, PeerState, Rejected>;

class UserAgent {
 public:
  UserAgent(UserAgentConfig config, Random& random);
  ~UserAgent();
  UserAgent(const UserAgent&) = delete;
  UserAgent& operator=(const UserAgent&) = delete;

  // Input.
  void handle_datagram(const Flow& flow, OctetView octets, Time now);
  void handle_stream(const Flow& flow, OctetView octets, Time now);
  /// The connection is gone, or could not be opened (flow.connection 0).
  void handle_closed(const Flow& flow, Time now);
  void handle_timers(Time now);
  [[nodiscard]] std::optional<Time> next_deadline() const;

  // Output, in order; to be called until they give nothing.
  std::optional<Transmit> poll_transmit();
  std::optional<Event> poll_event();

  // Calls out.
  /// Sends INVITE to `destination` (whatever the request URI says: an outbound proxy or peer).
  /// With `info.continues` it is one more INVITE of a number that grows; each is a SipCall of its own, and
  /// what they come to is the caller's to sort out (RFC 3578 3.2 to 3.4).
  SipCall invite(const InviteInfo& info, const Flow& destination, Time now);
  /// For an INVITE that is to follow that one; nothing: the SipCall is dead.
  [[nodiscard]] std::optional<Continuation> continuation(SipCall call) const;
  /// CANCEL as soon as the standard allows it; FailureReceived (487 or other) follows, or, when a 2xx
  /// crosses, ACK and BYE are sent and FailureReceived with 487 follows all the same (RFC 3261 9.1, 15).
  void cancel(SipCall call, const std::vector<Reason>& reasons, Time now);
  void ack_answer(SipCall call, std::string_view sdp, Time now);

  // Calls in.
  /// Before anything else is said about the call. An INVITE that does not fit it is refused (420, 421, 422):
  /// CancelReceived follows, its reason has the status.
  void set_policy(SipCall call, const CallPolicy& policy);
  /// 180 to 199, with SDP or without; reliably as the policy and the caller's Supported and Require say.
  void provisional(SipCall call, int status, std::string_view sdp, const std::vector<ExtraHeader>& extra,
                   Time now);
  /// 200; `sdp` is left out where the answer was given already. It waits for the PRACK of SDP (RFC 3262 3):
  /// until then CancelReceived, PrackMissing and ByeReceived may come instead of AckReceived.
  void answer(SipCall call, std::string_view sdp, const std::vector<ExtraHeader>& extra, Time now);
  /// 300 to 699. `phrase` empty: the standard one. The SipCall is dead.
  void reject(SipCall call, int status, std::string_view phrase, const std::vector<Reason>& reasons,
              const std::vector<ExtraHeader>& extra, Time now);

  // In a dialog, early or confirmed. A dead SipCall is ignored: the command crossed the event.
  /// Answers OfferReceived, or the offer of a reliable ProvisionalReceived (the answer goes in PRACK), the
  /// first one that waits when several early dialogs have asked. `sdp` is the answer, or our offer when a
  /// re-INVITE had none.
  void accept_offer(SipCall call, std::string_view sdp, Time now);
  /// 488 with a Warning (RFC 3261 20.43) when `warning` is not empty, 491, ...
  void reject_offer(SipCall call, int status, Time now, std::string_view warning = {});
  /// A new offer of ours: UPDATE before the answer (RFC 3311 5.1), re-INVITE after. OfferAnswered follows.
  /// Waits while another offer is under way; the last one given counts.
  void offer(SipCall call, std::string_view sdp, Time now);
  /// Who is at our end has changed: UPDATE with `headers` (P-Asserted-Identity, Privacy), which go with later
  /// refreshes too (RFC 4916 4.3), if the call is answered and the peer allows UPDATE; else nothing.
  void identify(SipCall call, const std::vector<ExtraHeader>& headers, Time now);
  /// INFO (RFC 6086 4.2.1, legacy usage); refusals change nothing.
  void info(SipCall call, std::string_view content_type, std::string_view body, Time now);
  /// BYE; waits for the ACK first where RFC 3261 15 says so. The SipCall is dead for the caller at once.
  void bye(SipCall call, const std::vector<Reason>& reasons, Time now,
           const std::vector<ExtraHeader>& extra = {});
  /// The peer allows `method` ("UPDATE", "INFO"), as far as its Allow headers have said (RFC 3261 20.5).
  [[nodiscard]] bool allows(SipCall call, std::string_view method) const;
  [[nodiscard]] std::string call_id(SipCall call) const;

  /// What time it is, from time to time: requests and responses then have a Date (RFC 3261 20.17).
  void set_wall(Time now, WallTime wall);
  /// INVITEs that begin a call get 403, and nothing is kept of them, where `known` says no: they are not
  /// counted against calls_per_second.
  void set_callers(std::function<bool(const SocketAddress&)> known);

  /// Limits and texts for what begins from now on; `listen`, T1, T2, T4 and the number of transactions stay.
  void reconfigure(UserAgentConfig config);

  /// Sends OPTIONS to a peer every `interval`; PeerState events tell of changes (the first answer too).
  /// No interval: ceases. A watch is no usage(), but the transaction of an OPTIONS under way is.
  void watch_peer(std::size_t peer, const Uri& uri, const Flow& destination, Duration interval, Time now);

  /// For audits: all must be zero when nothing is going on.
  struct Usage {
    std::size_t calls = 0, transactions = 0, dialogs = 0, timers = 0;
  };
  [[nodiscard]] Usage usage() const;
  /// INVITEs that got 503 for overload since the start (calls_per_second, max_calls, max_transactions).
  [[nodiscard]] std::uint64_t refused_calls() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tandem::sip
