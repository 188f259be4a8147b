#pragma once
// All SIP: the user agent, the peers, the legs by SipCall.
#include <deque>
#include <unordered_map>

#include "gateway/core/exchange.h"
#include "gateway/core/sip_leg.h"

namespace tandem::core {

class SipSide {
 public:
  SipSide(Context& context, Exchange& exchange, MediaControl& media, Time now);

  void handle_datagram(const sip::Flow& flow, OctetView octets, Time now);
  void handle_stream(const sip::Flow& flow, OctetView octets, Time now);
  void handle_closed(const sip::Flow& flow, Time now) { agent_.handle_closed(flow, now); }
  void handle_timers(Time now);
  void handle_t11(std::uint64_t sip_call, Time now);
  [[nodiscard]] std::optional<Time> next_deadline() const { return agent_.next_deadline(); }

  /// The calendar has been set anew.
  /// No call is left: which Call-ID was whose need not be known any more.
  void forget_calls() { call_ids_.clear(); }
  void set_wall(Time now) { agent_.set_wall(now, context_.wall(now)); }
  /// Deals with what the user agent says; true when there was anything.
  bool pump(Time now);
  /// Puts what is to be sent, and its trace, on the outputs.
  void flush(Time now);

  std::unique_ptr<Leg> make_leg(std::size_t peer, CallId call, int attempt);
  [[nodiscard]] bool reachable(std::size_t peer) const { return peers_.usable(peer); }
  [[nodiscard]] std::vector<PeerStatus> peers() const;

  // A reload (ADR 0009).
  /// Limits, timers and texts are those of the configuration.
  void reconfigure() { agent_.reconfigure(context_.config.sip); }
  /// The peer's configuration is new; `known`: whether it answers, where that is known.
  void set_peer(std::size_t peer, std::optional<SipPeers::Reach> known, Time now);
  /// Nothing new comes from there or goes there.
  void forget_peer(std::size_t peer, Time now);
  [[nodiscard]] SipPeers::Reach reach(std::size_t peer) const { return peers_.reach(peer); }
  /// The peers that requests may come from, in the order of the file.
  void order_peers(std::span<const std::size_t> peers) { peers_.order(peers); }
  [[nodiscard]] std::size_t legs() const { return legs_.size(); }
  [[nodiscard]] std::uint64_t refusals() const { return agent_.refused_calls(); }
  [[nodiscard]] std::size_t calls() const { return legs_.size(); }
  [[nodiscard]] sip::UserAgent::Usage usage() const { return agent_.usage(); }

 private:
  friend class Auditor;
  /// A received message: its trace record goes out before what it causes, its call is known only after.
  struct Received {
    TraceRecord* record;
    std::string call_id;
  };
  void trace_received(const sip::Flow& flow, OctetView octets, Time now);
  void settle_received();
  void watch(std::size_t peer, Time now);
  void on(const sip::IncomingCall& event, Time now);
  void on(const sip::PeerState& event, Time now);
  void on(const sip::Rejected& event, Time now);
  /// Events of a call go to its leg, if it still has one.
  template <class Event>
  void on(const Event& event, Time now);
  /// RFC 3578 3: an INVITE that brings further digits for a call that is there already.
  bool more_digits(const sip::IncomingCall& event, std::size_t peer, Time now);
  void refuse(const sip::IncomingCall& event, const std::string& peer, CallId call, const Refusal& refusal,
              Time now);
  [[nodiscard]] std::string party_of(const sip::Flow& flow) const;

  Context& context_;
  Exchange& exchange_;
  sip::UserAgent agent_;
  SipPeers peers_;
  std::unordered_map<sip::SipCall, SipLeg*> legs_;
  CallIds call_ids_;
  SipServices services_;
  std::deque<Received> received_;
};

}  // namespace tandem::core
