#pragma once
// A SIP call as a leg: RFC 3398 by interwork's tables, offer and answer, holds.
#include <deque>
#include <expected>
#include <unordered_map>

#include "gateway/core/context.h"
#include "gateway/core/leg.h"
#include "gateway/core/media_control.h"
#include "sipt/offer_answer.h"
#include "sipt/user_agent.h"

namespace tandem::core {

class SipLeg;

/// Which call a SIP Call-ID belongs to, for traces; known for a while after the call, bounded.
class CallIds {
 public:
  void add(const std::string& id, CallId call) { calls_.insert_or_assign(id, call); }
  void forget(const std::string& id, CallId call);
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
  std::unordered_map<sip::SipCall, SipLeg*>& legs;  ///< those whose SipCall is alive
  CallIds& call_ids;
};

class SipLeg final : public Leg {
 public:
  /// For an INVITE that came from `peer`.
  SipLeg(SipServices& services, std::size_t peer, CallId call, int attempt);
  ~SipLeg() override;

  // Incoming call: prepares media; the status to refuse with when that fails.
  std::expected<void, int> take_invite(sip::SipCall sip_call, const sip::InviteInfo& info);

  void send(const isup::Message& message, Time now) override;
  [[nodiscard]] bool packet() const override { return true; }
  [[nodiscard]] const RtpEnd* rtp() const override { return &rtp_; }
  void describe(Cdr& cdr) const override;

  // Events of the user agent.
  void on(const sip::ProvisionalReceived& event, Time now);
  void on(const sip::AnswerReceived& event, Time now);
  void on(const sip::FailureReceived& event, Time now);
  void on(const sip::CancelReceived& event, Time now);
  void on(const sip::AckReceived& event, Time now);
  void on(const sip::AckMissing& event, Time now);
  void on(const sip::OfferReceived& event, Time now);
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
  [[nodiscard]] bool outgoing() const { return attempt() != 0; }
  [[nodiscard]] sip::AudioCapabilities capabilities() const;
  void reject(const isup::CauseIndicators& cause, Time now);
  void send_iam(const isup::Message& iam, Time now);
  void send_provisional(const isup::Message& message, Time now);
  void send_answer(const isup::Message& message, Time now);
  void send_release(const isup::Message& message, Time now);
  void release(isup::Message rel);
  void finish();
  void commit_media();
  void fail_negotiation(Time now);

  SipServices& services_;
  std::size_t peer_;
  State state_ = State::fresh;
  sip::SipCall sip_call_;
  std::string call_id_;
  RtpEnd rtp_;
  std::uint64_t sdp_session_ = 0;
  std::uint64_t sdp_version_ = 1;
  std::string local_sdp_;                     ///< last sent, or to be sent with the answer
  std::optional<sip::AudioSession> session_;  ///< agreed; told to media when it counts
  bool offer_sent_ = false;                   ///< our 2xx held the offer: the ACK brings the answer
  bool acm_said_ = false;
  bool released_ = false;           ///< REL said or heard
  bool anything_received_ = false;  ///< a response to our INVITE
  int sip_status_ = 0;
};

}  // namespace tandem::core
