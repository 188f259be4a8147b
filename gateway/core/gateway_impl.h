#pragma once
// The parts of a gateway and what joins them.
#include <deque>

#include "gateway/core/auditor.h"
#include "gateway/core/context.h"
#include "gateway/core/exchange.h"
#include "gateway/core/gains.h"
#include "gateway/core/gateway.h"
#include "gateway/core/reload.h"
#include "gateway/core/sip_side.h"
#include "gateway/core/ss7_side.h"
#include "gateway/core/trunks.h"

namespace tandem::core {

struct Gateway::Impl final : LegFactory {
  Impl(const Config& configuration, RtpPorts& ports, Random& random, Time now, WallTime wall,
       CallId first_call)
      : config(configuration),
        context(config, random, now, wall, first_call),
        trunks(context),
        ss7(context),
        media(context, ports, trunks),
        exchange(context, media, *this),
        sip(context, exchange, media, now),
        auditor(context, exchange, media, trunks, ss7, sip),
        gains(span_gains(config)) {
    apply_gains();
    trunks.build(exchange, now);
    ss7.build(exchange, now);
    plan_audit(now);
  }
  ~Impl() override { exchange.drop_all(); }  // legs first: they know all the others
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  std::unique_ptr<Leg> make_leg(const Target& target, CallId call, int attempt) override {
    switch (target.kind) {
      case Target::Kind::pri:
        return trunks.make_leg(target.index, exchange, call, attempt);
      case Target::Kind::isup:
        return ss7.make_leg(target.index, exchange, call, attempt);
      case Target::Kind::peer:
        break;
    }
    return sip.make_leg(target.index, call, attempt);
  }
  [[nodiscard]] bool reachable(const Target& target) const override {
    switch (target.kind) {
      case Target::Kind::pri:
        return trunks.at(target.index).circuits().open();
      case Target::Kind::isup:
        return ss7.at(target.index).open();
      case Target::Kind::peer:
        break;
    }
    return sip.reachable(target.index);
  }
  [[nodiscard]] bool takes_overlap(const Target& target) const override {
    switch (target.kind) {
      case Target::Kind::pri:
        return config.trunks[target.index].overlap_sending;
      case Target::Kind::isup:
        return config.isup_trunks[target.index].overlap_sending;
      case Target::Kind::peer:
        break;
    }
    return config.peers[target.index].overlap;
  }

  /// Q.764 2.11: 1 from nine tenths of the calls that `max_calls` allows, 2 at all of them, and when no new
  /// call is taken at all.
  [[nodiscard]] std::uint8_t congestion_level() const {
    if (exchange.draining()) return 2;
    const auto most = config.sip.max_calls;
    const auto calls = sip.calls();
    if (most == 0 || calls * 10 < most * 9) return 0;
    return calls < most ? 1 : 2;
  }
  /// Until nobody has anything left to say.
  void settle(Time now) {
    ss7.set_congestion_level(congestion_level());
    while (true) {
      const bool spoke = sip.pump(now);
      const bool frames = trunks.pump(now);
      const bool messages = ss7.pump(now);
      if (!exchange.run(now) && !spoke && !frames && !messages && !apply_drained(now)) break;
    }
    sip.flush(now);
  }
  void run_timers(Time now) {
    sip.handle_timers(now);
    trunks.handle_timers(now);
    ss7.handle_timers(now);
    while (const auto key = context.timers.pop_expired(now)) expired(*key, now);
    settle(now);
    if (!next_audit || *next_audit > now) return;
    plan_audit(now);
    auditor.audit(now);
    settle(now);
  }
  void plan_audit(Time now) {
    next_audit =
        config.audit_interval > Duration{} ? std::optional(now + config.audit_interval) : std::nullopt;
  }
  /// Expired timers run before new input.
  void wake(Time now) {
    const auto deadline = next_deadline();
    if (deadline && *deadline <= now) run_timers(now);
  }
  [[nodiscard]] std::optional<Time> next_deadline() const {
    return earlier(earlier(earlier(sip.next_deadline(), trunks.next_deadline()),
                           earlier(ss7.next_deadline(), context.timers.next_deadline())),
                   next_audit);
  }
  std::expected<void, std::string> set_blocked(const std::string& trunk, const std::string& timeslots,
                                               bool blocked, Time now);
  std::expected<void, std::string> reset(const std::string& trunk, const std::string& timeslots, Time now);
  void expired(const TimerKey& key, Time now);

  // gateway_reload.cpp
  std::vector<Change> reload(Config file, Time now);
  void reload_media();
  void reload_trunks();
  void reload_isup_trunks();
  void apply_drained_isup(std::size_t trunk, Time now);
  /// What the media engine has of each circuit's gains becomes what the configuration in force says.
  void apply_gains();
  void reload_peers(Time now);
  std::size_t free_peer();
  /// Trunks that wait for a change and are idle get it; true when there was one.
  bool apply_drained(Time now);
  [[nodiscard]] std::vector<std::string> pending() const;
  void on(const media::SessionClosed& event, Time now);
  void on(const media::RtpTimeout& event, Time now);
  void on(const media::RtpStarted& event, Time now);
  void on(const media::Digit& event, Time now);
  void on(const media::PlaybackEnded& event, Time now);
  void on(const media::SourceLearned& event, Time now);
  void on(const media::ContinuityHeard& event, Time now) { ss7.continuity_heard(event.circuit, now); }
  void on(const media::SpanAlarms& event, Time now) {
    trunks.set_alarms(event.span, event.alarms, now);
    ss7.set_alarms(event.span, event.alarms, now);
  }

  Config config;  ///< in force; peers and trunks keep their numbers, for legs know them by these (ADR 0009)
  Context context;
  Trunks trunks;
  Ss7Side ss7;
  MediaControl media;
  Exchange exchange;
  SipSide sip;
  Auditor auditor;
  std::vector<SpanGains> gains;  ///< as the media engine has them
  CallMetrics metrics;
  std::optional<Time> next_audit;
  std::optional<Config> wanted;             ///< the last one loaded, while something of it waits
  std::vector<std::size_t> waiting;         ///< trunks that take no new calls until they are idle
  std::vector<std::size_t> waiting_isup;    ///< likewise
  std::deque<media::Recording> recordings;  ///< added since the start; the media engine plays them from here
  std::vector<CallId> left;                 ///< by peer: no call from this one on knows it
};

}  // namespace tandem::core
