#pragma once
// A call on a PRI trunk as a leg: Q.699 by interwork's tables, the circuit, the channel's negotiation.
#include "gateway/core/context.h"
#include "gateway/core/leg.h"
#include "gateway/interwork/q931_isup.h"
#include "tdm/pri/values.h"

namespace tandem::core {

class Trunk;

class PriLeg final : public Leg {
 public:
  PriLeg(Context& context, Bus& bus, Trunk& trunk, CallId call, int attempt);

  /// Incoming: SETUP came, `circuit` was taken for it. `more`: digits may follow (Q.931 5.2.4).
  void take_setup(tdm::pri::CallRef reference, Circuit circuit, bool more);
  /// A call that was never offered is given up: its circuit is free again.
  void drop();
  /// The number is complete.
  void close_overlap() { more_ = false; }

  void send(const isup::Message& message, Time now) override;
  void accepted(Time now) override;
  [[nodiscard]] bool overlapping() const override { return more_; }
  bool release_with_tones(const isup::Message& rel, Time now) override;
  bool hand_over(Leg& incoming, Time now) override;
  [[nodiscard]] bool packet() const override { return false; }
  [[nodiscard]] std::optional<Circuit> circuit() const override { return circuit_; }
  [[nodiscard]] TrunkRef trunk_config() const override;
  void describe(Cdr& cdr) const override;

  // Events of the D channel.
  void on(const tdm::pri::SetupAckInd& event, Time now);
  void on(const tdm::pri::InformationInd& event, Time now);
  void on(const tdm::pri::ProceedingInd& event, Time now);
  void on(const tdm::pri::AlertingInd& event, Time now);
  void on(const tdm::pri::ProgressInd& event, Time now);
  void on(const tdm::pri::ConnectInd& event, Time now);
  void on(const tdm::pri::ConnectedLineInd& event, Time now);
  void on(const tdm::pri::RedirectingInd& event, Time now);
  void on(const tdm::pri::NotifyInd& event, Time now);
  void on(const tdm::pri::ChargeInd& event, Time now);
  void on(const tdm::pri::HoldInd& event, Time now);
  void on(const tdm::pri::RetrieveInd& event, Time now);
  void on(const tdm::pri::DisconnectInd& event, Time now);
  void on(const tdm::pri::ReleasedInd& event, Time now);

  /// SETUP sent, nothing heard: a SETUP from the far end for the same channel collides (Q.931 5.7).
  [[nodiscard]] bool may_collide() const {
    return attempt() != 0 && reference_ != 0 && !responded_ && !released_;
  }
  /// The far end's call has the channel: this one is to be tried on another.
  void lose_channel(Time now);
  /// may_collide(), and the D channel that SETUP went by has failed: to be tried again.
  void repeat(Time now);
  [[nodiscard]] tdm::pri::CallRef reference() const { return reference_; }
  [[nodiscard]] const Trunk& trunk() const { return trunk_; }

 private:
  void send_iam(const isup::Message& iam, Time now);
  void send_digits(const isup::Message& sam, Time now);
  void send_backward(const isup::Message& message, Time now);
  void send_in_call(const interwork::PriBackwardChoice& choice, Time now);
  /// Diversions and other notifications.
  void tell(const interwork::PriBackwardChoice& choice, Time now);
  void send_release(const isup::Message& rel, Time now);
  /// What of it this trunk is to be told.
  [[nodiscard]] tdm::pri::Party presented(const std::optional<tdm::pri::Party>& party) const;
  bool take_channel(const std::optional<tdm::pri::Channel>& channel, Time now);
  void proceed(const tdm::pri::Extras& extras, Time now);
  void say(isup::Message message);
  void release(isup::Message rel);
  void finish();
  [[nodiscard]] tdm::pri::Channel channel() const;

  Context& context_;
  Bus& bus_;
  Trunk& trunk_;
  tdm::pri::CallRef reference_ = 0;  ///< 0: none, or dead
  std::optional<Circuit> circuit_;   ///< the last one; none while held
  std::string called_sent_;
  std::string charge_;          ///< as last advised
  std::string waiting_digits_;  ///< for the far end, until it has acknowledged SETUP
  bool waiting_complete_ = false;
  bool more_ = false;          ///< incoming: digits may follow
  bool overlap_sent_ = false;  ///< outgoing: SETUP acknowledged, the far end takes digits
  bool responded_ = false;
  bool proceeded_ = false;  ///< CALL PROCEEDING sent, or received in any form
  bool acm_said_ = false;
  bool alerted_ = false;    ///< ALERTING sent
  bool connected_ = false;  ///< CONNECT sent or received
  bool held_ = false;
  bool tones_ = false;     ///< DISCONNECT sent, with something to hear until REL
  bool released_ = false;  ///< REL said or heard
  bool over_ = false;      ///< RLC said
};

}  // namespace tandem::core
