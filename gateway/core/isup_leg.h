#pragma once
// The side of a call that is on a circuit of an ISUP trunk. The inner language is its own: what it adds is
// the order that Q.764 demands of messages, and the network's variant.
#include "gateway/core/context.h"
#include "gateway/core/leg.h"
#include "isup/group.h"

namespace tandem::core {

class IsupTrunk;

class IsupLeg final : public Leg {
 public:
  IsupLeg(Context& context, Bus& bus, IsupTrunk& trunk, CallId call, int attempt);

  void send(const isup::Message& message, Time now) override;
  [[nodiscard]] bool overlapping() const override { return more_; }
  [[nodiscard]] bool number_open() const override { return number_open_; }
  void want_digits(Time now) override;
  [[nodiscard]] bool open() const override;
  [[nodiscard]] bool circuit_refused(const isup::CauseIndicators& cause) const override;
  [[nodiscard]] bool speaks_isup() const override { return true; }
  bool set_transit(bool transit, Time now) override;
  [[nodiscard]] bool packet() const override { return false; }
  [[nodiscard]] std::optional<Circuit> circuit() const override { return circuit_; }
  [[nodiscard]] TrunkRef trunk_config() const override;
  void describe(Cdr& cdr) const override;

  /// An incoming leg: its IAM came on this circuit, `called` is the number before the trunk's rules. `more`:
  /// SAM may follow.
  void take_iam(std::uint16_t cic, Circuit circuit, const isup::Message& iam,
                const std::optional<isup::CalledPartyNumber>& called, bool more);
  /// What the far end says in the call, as the inner language has it. REL: the circuit is idle.
  void on(isup::Message message);
  /// The circuit machine has ended the call. `again`: another circuit may do (Q.764 2.8.1).
  void over(std::uint8_t cause, bool again);
  [[nodiscard]] std::uint16_t cic() const { return cic_; }

 private:
  void send_iam(const isup::Message& iam, Time now);
  void send_backward(const isup::Message& message, Time now);
  void answer(const isup::Message& message, Time now);
  bool transmit(const isup::Message& message, Time now);
  void release(isup::Message rel);
  void finish();
  void read_digits(isup::Message& sam);

  Context& context_;
  Bus& bus_;
  IsupTrunk& trunk_;
  std::uint16_t cic_ = 0;
  std::optional<Circuit> circuit_;
  std::string called_sent_;
  std::optional<isup::CalledPartyNumber>
      called_;         ///< of an incoming leg while SAM may come: before any rules
  bool more_ = false;  ///< SAM may come
  bool number_open_ = false;
  bool heard_back_ = false;     ///< by an outgoing leg: anything but REL
  bool other_circuit_ = false;  ///< the circuit machine wants the call elsewhere
  bool transit_ = false;
  bool acm_sent_ = false;  ///< by an incoming leg
  bool answered_ = false;
  bool tells_party_ = false;  ///< the far end has asked who answers
  bool released_ = false;     ///< REL said or heard
  bool over_ = false;         ///< RLC said
};

}  // namespace tandem::core
