#pragma once
// A SIP call as a leg: RFC 3398 by interwork's tables, offer and answer, forks, holds, redirections.
#include <deque>
#include <expected>
#include <unordered_map>

#include "gateway/core/context.h"
#include "gateway/core/leg.h"
#include "gateway/core/media_control.h"
#include "gateway/core/sip_leg_forks.h"
#include "gateway/core/sip_side_peers.h"
#include "gateway/interwork/sip_isup.h"
#include "sipt/offer_answer.h"
#include "sipt/user_agent.h"

namespace tandem::core {

class SipLeg;

/// Which call a SIP Call-ID belongs to, for traces; known for a while after the call, bounded.
class CallIds {
 public:
  void add(const std::string& id, CallId call) { calls_.insert_or_assign(id, call); }
  void forget(const std::string& id, CallId call);
  /// No call is left, and nobody repeats anything of those that were.
  void clear();
  [[nodiscard]] CallId find(const std::string& id) const;

 private:
  std::unordered_map<std::string, CallId> calls_;
  std::deque<std::pair<std::string, CallId>> ended_;
};

/// What SIP legs work with.
struct SipServices {
  Context& context;
  Bus& bus;
  MediaControl& media;
  sip::UserAgent& agent;
  SipPeers& peers;
  std::unordered_map<sip::SipCall, SipLeg*>& legs;  ///< those whose SipCall is alive
  CallIds& call_ids;
};

/// Why an INVITE cannot be taken.
struct Refusal {
  int status = 500;
  std::vector<sip::ExtraHeader> extra = {};
};

/// Of INVITEs sent for a number that comes in pieces (RFC 3578 3.2).
struct OverlapSent {
  bool open = false;                              ///< digits may follow
  std::optional<sip::Continuation> thread = {};   ///< what they share; nothing: there is but one INVITE
  std::vector<sip::SipCall> older = {};           ///< of fewer digits, without a final response
  bool newest_failed = false;                     ///< and the last one has one
  std::optional<sip::FailureReceived> best = {};  ///< of the failures so far
};

/// In files by subject:
///   sip_leg.cpp           what the exchange says, release, the end
///   sip_leg_incoming.cpp  INVITE received, until it is answered
///   sip_leg_outgoing.cpp  INVITE sent, until it is answered: forks, failures, redirections
///   sip_leg_overlap.cpp   further INVITEs of a number that grows
///   sip_leg_dialog.cpp    after that, and in early dialogs: offers, holds, identities, digits
class SipLeg final : public Leg {
 public:
  /// For an INVITE that came from `peer`, or (attempt not 0) that is to be sent there.
  SipLeg(SipServices& services, std::size_t peer, CallId call, int attempt);
  ~SipLeg() override;

  /// Incoming call: prepares media; the IAM.
  std::expected<isup::Message, Refusal> take_invite(sip::SipCall sip_call, const sip::InviteInfo& info,
                                                    Time now);
  /// RFC 3578 3: the same INVITE once more with further digits. False: it is none.
  bool take_digits(sip::SipCall sip_call, const sip::InviteInfo& info, Time now);
  [[nodiscard]] const std::string& call_id() const { return call_id_; }

  void send(const isup::Message& message, Time now) override;
  void send_digit(char digit, std::uint16_t duration_ms, Time now) override;
  [[nodiscard]] bool overlapping() const override;
  [[nodiscard]] bool packet() const override { return true; }
  [[nodiscard]] const RtpEnd* rtp() const override { return &rtp_; }
  void describe(Cdr& cdr) const override;

  // Events of the user agent.
  void on(const sip::ProvisionalReceived& event, Time now);
  void on(const sip::EarlyDialogEnded& event, Time now);
  void on(const sip::AnswerReceived& event, Time now);
  void on(const sip::FailureReceived& event, Time now);
  void on(const sip::CancelReceived& event, Time now);
  void on(const sip::AckReceived& event, Time now);
  void on(const sip::AckMissing& event, Time now);
  void on(const sip::OfferReceived& event, Time now);
  void on(const sip::OfferAnswered& event, Time now);
  void on(const sip::InfoReceived& event, Time now);
  void on(const sip::IdentityReceived& event, Time now);
  void on(const sip::SessionExpired& event, Time now);
  void on(const sip::PrackMissing& event, Time now);
  void on(const sip::ByeReceived& event, Time now);
  /// T11: the called side says nothing, the calling one must hear of it (RFC 3398 8.2.2).
  void early_acm(Time now);

 private:
  enum class State : std::uint8_t {
    fresh,       ///< nothing sent or received
    proceeding,  ///< INVITE sent or received, no final response
    answered,    ///< 2xx sent or received
    cancelling,  ///< CANCEL sent
    over         ///< RLC said
  };
  [[nodiscard]] const PeerConfig& peer() const { return services_.context.config.peers[peer_]; }
  [[nodiscard]] interwork::NumberPlan plan() const { return {peer().numbers.country_code}; }
  [[nodiscard]] interwork::SipRules rules() const;
  [[nodiscard]] interwork::InviteTarget target() const;
  [[nodiscard]] bool outgoing() const { return attempt() != 0; }
  [[nodiscard]] bool open_port(bool v6);
  [[nodiscard]] bool dials_v6() const { return peer().destination.remote.v6; }
  [[nodiscard]] Result<sip::Answer> answer_first(const std::string& offer);
  [[nodiscard]] sip::AudioCapabilities capabilities() const;
  void settle_kind(bool clear);
  void adopt(sip::SipCall sip_call, std::string call_id);
  void abandon_sip_call();
  [[nodiscard]] std::string own_host() const { return rtp_.local.host(); }

  // incoming
  void reject(const isup::Message& rel, Time now);
  void send_provisional(const isup::Message& message, Time now);
  void send_answer(const isup::Message& message, Time now);
  void take_late_answer(const std::string& sdp, Time now);

  // outgoing
  void send_iam(const isup::Message& iam, Time now);
  [[nodiscard]] bool invite(const sip::Uri* contact, Time now);
  void backward(int status, bool early_media, const sip::Headers& headers);
  bool redirect(const sip::FailureReceived& event, Time now);
  bool try_next_contact(Time now);
  void hear_early();
  void fail(const sip::FailureReceived& event, Time now);

  // overlap
  void send_digits(const isup::Message& sam, Time now);
  void follow(Time now);
  void note_failure(const sip::FailureReceived& event);
  /// RFC 3578 3.2: the call fails once no digits can follow and no INVITE waits for its final response.
  void settle_failures(Time now);
  void cancel_all(const isup::CauseIndicators& cause, Time now);
  /// RFC 3578 3.4: one was answered, the others are cancelled.
  void keep_only(sip::SipCall answered, Time now);

  void send_release(const isup::Message& message, Time now);
  void release(isup::Message rel);
  void finish();
  void commit_media();
  void note_hold();
  void remember(const sip::InviteInfo& info);
  void send_identity(const isup::Message& cpg, Time now);
  void send_hold(const isup::Message& message, Time now);
  void fail_negotiation(const Error& error, Time now);

  SipServices& services_;
  std::size_t peer_;
  State state_ = State::fresh;
  sip::SipCall sip_call_;
  std::string call_id_;
  RtpEnd rtp_;
  sip::AudioNegotiation sdp_;
  std::string local_sdp_;                     ///< last sent, or to be sent with the answer
  std::optional<sip::AudioSession> session_;  ///< agreed; told to media when it counts
  bool awaiting_answer_ = false;    ///< our offer went in a response: PRACK or ACK brings the answer
  bool held_ = false;               ///< by the peer, as the exchange was told
  bool holding_ = false;            ///< the other side holds the peer, which was told
  bool early_media_asked_ = false;  ///< the INVITE listed P-Early-Media as supported
  bool user_to_user_ = false;       ///< the INVITE had User-to-User: so may what follows (RFC 7434 7, 8)
  bool acm_said_ = false;
  bool released_ = false;           ///< REL said or heard
  bool anything_received_ = false;  ///< a response to our INVITE
  int sip_status_ = 0;

  // incoming
  sip::InviteInfo last_invite_;    ///< what tells the one that continues it: URI, From, Call-ID
  bool provisional_sent_ = false;  ///< the address is complete

  // outgoing
  isup::Message iam_{isup::MessageType::iam};
  Duration t11_{};  ///< the calling trunk's
  OverlapSent overlap_;
  EarlyDialogs early_;
  int told_status_ = 0;  ///< of the last provisional response the exchange was told of
  bool told_media_ = false;
  int redirects_left_ = 0;
  std::deque<sip::Uri> contacts_;     ///< not tried yet
  std::vector<std::string> visited_;  ///< where Request-URIs led
};

/// 503 says when to come back (RFC 3261 21.5.4).
void add_retry_after(std::vector<sip::ExtraHeader>& extra, int status, const sip::UserAgentConfig& config);

}  // namespace tandem::core
