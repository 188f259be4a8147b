#pragma once
// One PRI trunk: its D channel, its circuits, its legs.
#include <deque>
#include <unordered_map>
#include <vector>

#include "gateway/core/circuits.h"
#include "gateway/core/context.h"
#include "gateway/core/exchange.h"
#include "gateway/core/pri_leg.h"
#include "tdm/pri/d_channel.h"

namespace tandem::core {

/// Which call a Q.931 call reference on the wire belongs to, for traces.
class FrameCalls {
 public:
  /// SETUP is about to be sent for the call: the next new one on the wire is its.
  void expect(CallId call) { expected_.push_back(call); }
  /// The SETUP being received makes this call.
  void bind_received(CallId call);
  void ended(CallId call);
  /// No call is left, nor a frame of one on the wire.
  void clear();
  /// Looks at a frame before the D channel gets it.
  void receiving(OctetView frame);
  [[nodiscard]] CallId of_received() const;
  CallId of_sent(OctetView frame);

 private:
  void bind(std::uint16_t reference, CallId call);

  std::unordered_map<std::uint16_t, CallId> calls_;            ///< bit 15: the reference is ours
  std::unordered_multimap<CallId, std::uint16_t> references_;  ///< of calls that have not ended
  std::deque<CallId> expected_;
  std::deque<std::pair<std::uint16_t, CallId>> ended_;
  std::optional<std::uint16_t> receiving_;
};

class Trunk {
 public:
  /// `touched` collects the trunks that wait for pump.
  Trunk(Context& context, Exchange& exchange, std::size_t index, std::vector<std::size_t>& touched, Time now);

  void handle_frame(OctetView frame, Time now, std::uint8_t link);
  void handle_timers(Time now);
  /// Deals with what the D channel says; true when there was anything.
  bool pump(Time now);
  /// For commands: what they cause is picked up by pump.
  tdm::pri::DChannel& commanded() {
    touch();
    return d_channel_;
  }
  [[nodiscard]] std::optional<Time> next_deadline() const { return d_channel_.next_deadline(); }

  void set_alarms(std::uint16_t span, const tdm::Alarms& alarms, Time now);
  void handle_timer(const TimerKey& key, Time now);
  std::expected<void, std::string> reset(std::span<const Circuit> circuits, Time now);
  /// By the operator; the far end is told where there are SERVICE messages (T1.607).
  void block(std::span<const Circuit> circuits, bool blocked, Time now);
  /// RESTART of a circuit that both ends do not see alike; nothing when a call has it (Q.931 5.5).
  void restart_idle(Circuit circuit, Time now);
  /// Kept from calls until the D channel is up and a RESTART has been acknowledged.
  void restart_when_up(Circuit circuit);

  [[nodiscard]] const TrunkConfig& config() const { return context_.config.trunks[index_]; }
  [[nodiscard]] std::size_t index() const { return index_; }
  CircuitPool& circuits() { return pool_; }
  [[nodiscard]] const CircuitPool& circuits() const { return pool_; }
  /// The channel as Q.931 has it; and back: nullopt for a span that the trunk has not, or none named.
  [[nodiscard]] tdm::pri::Channel channel(Circuit circuit, bool exclusive) const;
  [[nodiscard]] std::optional<Circuit> circuit(const tdm::pri::Channel& channel) const;
  /// The key of a timer of one of its calls or circuits says whose it is.
  [[nodiscard]] static std::size_t trunk_of(const TimerKey& key) { return key.id >> 48; }
  [[nodiscard]] tdm::pri::Layer1 law() const;
  std::unordered_map<tdm::pri::CallRef, PriLeg*>& legs() { return legs_; }
  [[nodiscard]] const tdm::pri::DChannel& d_channel() const { return d_channel_; }
  /// Takes the D channel for what it says that it is.
  void believe(Time now) { on_state(d_channel_.up(), now); }
  /// Legs of calls whose number is still collected: the exchange does not know them yet.
  [[nodiscard]] std::vector<const Leg*> collecting() const;
  FrameCalls& frames() { return frames_; }
  [[nodiscard]] std::size_t calls() const { return d_channel_.calls(); }
  /// Signalling and media have let go of every circuit.
  [[nodiscard]] bool drained() const;
  /// The trunk is drained and no longer wanted: its D channel goes down.
  void close(Time now);
  /// Of its circuits and spans; before it is taken down.
  void stop_timers();
  /// timers_ms of its configuration have changed: for what is started from now on.
  void reset_timers() { d_channel_.set_timers(config().timers); }
  [[nodiscard]] TrunkStatus status() const;
  /// Of a D channel, by its place in the configuration: the link is established.
  [[nodiscard]] bool link_up(std::size_t d_channel) const {
    return d_channel_.link_up(static_cast<std::uint8_t>(d_channel));
  }

 private:
  void touch() {
    if (!touched_) touched_list_.push_back(index_);
    touched_ = true;
  }
  void dispatch(tdm::pri::Output& output, Time now);
  void on_setup(const tdm::pri::SetupInd& event, Time now);
  void on_service(const tdm::pri::ServiceInd& event);
  void on_transfer(const tdm::pri::TransferInd& event, Time now);
  // Numbers that are collected before the call is offered (Q.931 5.2.4).
  void collect(std::unique_ptr<PriLeg> leg, const tdm::pri::Setup& setup, bool dial_tone, Time now);
  void on_digits(const tdm::pri::InformationInd& event, Time now);
  /// No more digits, or enough to be passed on: the call is offered. `whole`: none will follow.
  void collected(tdm::pri::CallRef reference, bool whole, Time now);
  /// Q.931 5.2.4: invalid number format (incomplete).
  void refuse_short(tdm::pri::CallRef reference, Time now);
  [[nodiscard]] std::size_t least_digits() const;
  void t302_expired(tdm::pri::CallRef reference, Time now);
  /// The far end gives up a call that is not offered yet. False: there is none.
  bool abandoned(tdm::pri::CallRef reference);
  void offer(std::unique_ptr<PriLeg> leg, const tdm::pri::Setup& setup);
  [[nodiscard]] std::uint64_t timer_id(tdm::pri::CallRef reference) const;
  void on_restart(const tdm::pri::RestartInd& event, Time now);
  void on_restart_ack(const tdm::pri::RestartAck& event);
  void on_state(bool up, Time now);
  void watch_links(Time now);
  void repeat_unanswered(Time now);
  void trace(OctetView frame, bool sent, CallId call, Time now);
  std::expected<Circuit, std::uint8_t> accept_channel(const tdm::pri::Channel& asked, CallId call, Time now);
  void restart(Circuit circuit, Time now);
  void reset_unanswered(Circuit circuit);
  void alarm_held(std::uint16_t span, Time now);
  [[nodiscard]] std::uint64_t timer_id(Circuit circuit) const;

  Context& context_;
  Exchange& exchange_;
  std::size_t index_;
  tdm::pri::DChannel d_channel_;
  CircuitPool pool_;
  std::unordered_map<tdm::pri::CallRef, PriLeg*> legs_;
  struct Collecting {
    std::unique_ptr<PriLeg> leg;
    tdm::pri::Setup setup;
    std::optional<Circuit> dial_tone = {};  ///< where it is played
    bool refused = false;                   ///< is being cleared
  };
  void end_dial_tone(Collecting& one);
  std::unordered_map<tdm::pri::CallRef, Collecting> collecting_;
  FrameCalls frames_;
  std::vector<std::size_t>& touched_list_;
  bool touched_ = false;
  std::vector<bool> links_up_;       ///< as last told
  std::vector<std::uint16_t> down_;  ///< spans, by their alarms
  std::vector<Circuit> restart_when_up_;
};

}  // namespace tandem::core
