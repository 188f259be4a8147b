#pragma once
// A call on a PRI trunk as a leg: Q.699 by interwork's tables, the circuit, the channel's negotiation.
#include "gateway/core/context.h"
#include "gateway/core/leg.h"
#include "tdm/pri/values.h"

namespace tandem::core {

class Trunk;

class PriLeg final : public Leg {
 public:
  PriLeg(Context& context, Bus& bus, Trunk& trunk, CallId call, int attempt);

  /// Incoming: SETUP came, `circuit` was taken for it.
  void take_setup(tdm::pri::CallRef reference, Circuit circuit);

  void send(const isup::Message& message, Time now) override;
  void accepted(Time now) override;
  [[nodiscard]] bool packet() const override { return false; }
  [[nodiscard]] std::optional<Circuit> circuit() const override { return circuit_; }
  void describe(Cdr& cdr) const override;

  // Events of the D channel.
  void on(const tdm::pri::ProceedingInd& event, Time now);
  void on(const tdm::pri::AlertingInd& event, Time now);
  void on(const tdm::pri::ProgressInd& event, Time now);
  void on(const tdm::pri::ConnectInd& event, Time now);
  void on(const tdm::pri::DisconnectInd& event, Time now);
  void on(const tdm::pri::ReleasedInd& event, Time now);

  /// SETUP sent, nothing heard: a SETUP from the far end for the same channel collides (Q.931 5.7).
  [[nodiscard]] bool may_collide() const {
    return attempt() != 0 && reference_ != 0 && !responded_ && !released_;
  }
  /// The far end's call has the channel: this one is to be tried on another.
  void lose_channel(Time now);

 private:
  void send_iam(const isup::Message& iam, Time now);
  void send_backward(const isup::Message& message, Time now);
  void send_release(const isup::Message& rel, Time now);
  bool take_channel(const std::optional<tdm::pri::Channel>& channel, Time now);
  void say(isup::Message message);
  void release(isup::Message rel);
  void finish();
  [[nodiscard]] tdm::pri::Channel channel() const;

  Context& context_;
  Bus& bus_;
  Trunk& trunk_;
  tdm::pri::CallRef reference_ = 0;  ///< 0: none, or dead
  std::optional<Circuit> circuit_;   ///< the last one
  std::string called_sent_;
  bool responded_ = false;
  bool acm_said_ = false;
  bool alerted_ = false;    ///< ALERTING sent
  bool connected_ = false;  ///< CONNECT sent or received
  bool released_ = false;   ///< REL said or heard
  bool over_ = false;       ///< RLC said
};

}  // namespace tandem::core
