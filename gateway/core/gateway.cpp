#include "gateway/core/gateway.h"

#include <algorithm>
#include <iterator>

#include "gateway/core/gateway_impl.h"

namespace tandem::core {

std::expected<void, std::string> Gateway::Impl::set_blocked(const std::string& trunk,
                                                            const std::string& timeslots, bool blocked,
                                                            Time now) {
  std::size_t count = 0;
  if (auto* isup = ss7.find(trunk)) {
    using M = IsupTrunk::Maintenance;
    const auto done = isup->maintain(timeslots, blocked ? M::block : M::unblock, now);
    if (!done) return std::unexpected(done.error());
    count = *done;
  } else {
    const auto chosen = trunks.choose(trunk, timeslots);
    if (!chosen) return std::unexpected(chosen.error());
    chosen->trunk->block(chosen->circuits, blocked, now);
    count = chosen->circuits.size();
  }
  context.log(Severity::info, {},
              "trunk " + trunk + ": " + std::to_string(count) + " circuits " +
                  (blocked ? "blocked" : "unblocked") + " by the operator");
  return {};
}

std::expected<void, std::string> Gateway::Impl::reset(const std::string& trunk, const std::string& timeslots,
                                                      Time now) {
  if (auto* isup = ss7.find(trunk)) {
    const auto done = isup->maintain(timeslots, IsupTrunk::Maintenance::reset, now);
    if (!done) return std::unexpected(done.error());
    return {};
  }
  const auto chosen = trunks.choose(trunk, timeslots);
  if (!chosen) return std::unexpected(chosen.error());
  return chosen->trunk->reset(chosen->circuits, now);
}

void Gateway::Impl::expired(const TimerKey& key, Time now) {
  switch (key.kind) {
    case TimerKind::t7:
    case TimerKind::t9:
    case TimerKind::inband:
    case TimerKind::tone:
    case TimerKind::t10:
    case TimerKind::t35:
    case TimerKind::recording:
    case TimerKind::cdr_guard:
      return exchange.handle_timer(key, now);
    case TimerKind::t11:
      return sip.handle_t11(key.id, now);
    case TimerKind::alarm_hold:
    case TimerKind::t316:
    case TimerKind::t302:
      return trunks.handle_timer(key, now);
    case TimerKind::span_failure:
      return ss7.handle_timer(key, now);
    case TimerKind::back_off:
      return;  // the peer is tried again
    case TimerKind::drain:
      return exchange.clear_all(41, "drain limit reached", now);
  }
}

void Gateway::Impl::on(const media::SessionClosed& event, Time now) {
  if (const auto owner = media.closed(event)) exchange.media_closed(*owner, event.stats, now);
}

void Gateway::Impl::on(const media::RtpTimeout& event, Time now) {
  const auto owner = media.owner(event.session);
  // Q.850 102: a timer, the one that watches RTP, has run out.
  if (owner) exchange.clear(owner->call, 102, "no RTP from the peer", now);
}

void Gateway::Impl::on(const media::RtpStarted& event, Time now) {
  if (const auto owner = media.owner(event.session)) context.trace_media(owner->call, now, "first RTP");
}

void Gateway::Impl::on(const media::Digit& event, Time now) {
  const auto owner = media.owner(event.session);
  if (!owner) return;
  context.trace_media(
      owner->call, now,
      std::string("digit ") + event.digit + (event.from_timeslot ? " from the timeslot" : " from RTP"));
  if (event.from_timeslot && event.duration_ms != 0)
    exchange.digit_heard(owner->call, event.digit, event.duration_ms, now);
}

void Gateway::Impl::on(const media::PlaybackEnded& event, Time now) {
  std::optional<CallId> call;
  if (!event.session)
    call = media.hearer(event.circuit);
  else if (const auto owner = media.owner(*event.session))
    call = owner->call;
  if (call) exchange.playback_ended(*call, now);
}

void Gateway::Impl::on(const media::SourceLearned& event, Time now) {
  if (const auto owner = media.owner(event.session))
    context.trace_media(owner->call, now, "RTP comes from " + to_string(event.source) + ": believed");
}

Gateway::Gateway(const Config& config, RtpPorts& ports, Random& random, Time now, WallTime wall,
                 CallId first_call)
    : impl_(std::make_unique<Impl>(config, ports, random, now, wall, first_call)) {
  impl_->settle(now);
}
Gateway::~Gateway() = default;

// --- input ----------------------------------------------------------------------------------------------

void Gateway::handle_datagram(const sip::Flow& flow, OctetView octets, Time now) {
  impl_->wake(now);
  impl_->sip.handle_datagram(flow, octets, now);
  impl_->settle(now);
}

void Gateway::handle_stream(const sip::Flow& flow, OctetView octets, Time now) {
  impl_->wake(now);
  impl_->sip.handle_stream(flow, octets, now);
  impl_->settle(now);
}

void Gateway::handle_closed(const sip::Flow& flow, Time now) {
  impl_->wake(now);
  impl_->sip.handle_closed(flow, now);
  impl_->settle(now);
}

void Gateway::handle_frame(std::size_t trunk, OctetView frame, Time now, std::uint8_t link) {
  impl_->wake(now);
  impl_->trunks.handle_frame(trunk, frame, now, link);
  impl_->settle(now);
}

void Gateway::handle_media(const media::Event& event, Time now) {
  impl_->wake(now);
  std::visit([&](const auto& e) { impl_->on(e, now); }, event);
  impl_->settle(now);
}

void Gateway::handle_link(const media::LinkEvent& event, Time now) {
  impl_->wake(now);
  impl_->ss7.handle_link(event, now);
  impl_->settle(now);
}

void Gateway::handle_timers(Time now) {
  impl_->run_timers(now);
}

void Gateway::set_wall(Time now, WallTime wall) {
  impl_->context.set_wall(now, wall);
  impl_->sip.set_wall(now);
}

std::optional<Time> Gateway::next_deadline() const {
  return impl_->next_deadline();
}

std::optional<Output> Gateway::poll_output() {
  auto& out = impl_->context.out;
  if (out.empty()) return std::nullopt;
  std::optional<Output> output(std::move(out.front()));
  out.pop_front();
  if (const auto* cdr = std::get_if<Cdr>(&*output)) impl_->metrics.count(*cdr, impl_->config);
  return output;
}

// --- operators ------------------------------------------------------------------------------------------

Status Gateway::status(Time now) const {
  Status status;
  status.name = impl_->config.name;
  status.draining = impl_->exchange.draining();
  status.started = impl_->context.started();
  status.now = impl_->context.wall(now);
  status.calls = impl_->exchange.calls();
  const auto& counters = impl_->exchange.counters();
  status.attempts = counters.attempts;
  status.answered = counters.answered;
  status.failed = counters.failed;
  status.trunks = impl_->trunks.status();
  std::ranges::move(impl_->ss7.status(), std::back_inserter(status.trunks));
  status.peers = impl_->sip.peers();
  status.networks = impl_->ss7.networks();
  status.spans = impl_->trunks.alarms();
  status.pending = impl_->pending();
  return status;
}

std::vector<CallStatus> Gateway::calls(Time now) const {
  return impl_->exchange.list(now);
}

std::vector<CircuitStatus> Gateway::circuits() const {
  auto rows = impl_->trunks.circuits();
  std::ranges::move(impl_->ss7.circuits(), std::back_inserter(rows));
  return rows;
}

std::expected<void, std::string> Gateway::hangup(CallId call, std::uint8_t cause, Time now) {
  if (cause == 0 || cause > 127)
    return std::unexpected("cause " + std::to_string(cause) + " is not one of Q.850 (1 to 127)");
  impl_->wake(now);
  const bool cleared = impl_->exchange.clear(call, cause, "hung up by the operator", now);
  impl_->settle(now);
  if (!cleared) return std::unexpected("there is no call " + std::to_string(call.value));
  return {};
}

std::expected<void, std::string> Gateway::block(const std::string& trunk, const std::string& timeslots,
                                                Time now) {
  impl_->wake(now);
  auto result = impl_->set_blocked(trunk, timeslots, true, now);
  impl_->settle(now);
  return result;
}

std::expected<void, std::string> Gateway::unblock(const std::string& trunk, const std::string& timeslots,
                                                  Time now) {
  impl_->wake(now);
  auto result = impl_->set_blocked(trunk, timeslots, false, now);
  impl_->settle(now);
  return result;
}

std::expected<void, std::string> Gateway::reset(const std::string& trunk, const std::string& timeslots,
                                                Time now) {
  impl_->wake(now);
  auto result = impl_->reset(trunk, timeslots, now);
  impl_->settle(now);
  return result;
}

std::expected<std::uint64_t, std::string> Gateway::test_circuits(CircuitTest what, const std::string& trunk,
                                                                 const std::string& circuits, Time now) {
  impl_->wake(now);
  auto* isup = impl_->ss7.find(trunk);
  auto result = isup != nullptr ? isup->test(what, circuits, now)
                                : std::expected<std::uint64_t, std::string>(
                                      std::unexpected("there is no ISUP trunk '" + trunk + "'"));
  impl_->settle(now);
  return result;
}

std::expected<void, std::string> Gateway::command_link(const std::string& linkset, std::uint8_t slc,
                                                       LinkOrder order, Time now) {
  impl_->wake(now);
  auto result = impl_->ss7.command(linkset, slc, order, now);
  impl_->settle(now);
  return result;
}

std::vector<LinkStatus> Gateway::links() const {
  return impl_->ss7.links();
}

std::vector<Change> Gateway::reload(const Config& config, Time now) {
  impl_->wake(now);
  auto changes = impl_->reload(config, now);
  impl_->settle(now);
  return changes;
}

void Gateway::restart_when_up(const std::vector<HeldCircuit>& circuits) {
  for (const auto& held : circuits) {
    impl_->trunks.restart_when_up(held);
    impl_->ss7.restart_when_up(held);
  }
}

void Gateway::drain(Time now) {
  if (impl_->exchange.draining()) return;
  impl_->exchange.set_draining();
  impl_->context.timers.start({TimerKind::drain, 0}, now + impl_->config.drain_limit);
}

void Gateway::clear_all(Time now) {
  impl_->wake(now);
  impl_->exchange.set_draining();
  impl_->exchange.clear_all(41, "the gateway stops", now);
  impl_->settle(now);
}

Gateway::Usage Gateway::usage() const {
  Usage usage;
  usage.calls = impl_->exchange.calls();
  usage.media_sessions = impl_->media.sessions();
  usage.rtp_ports = impl_->media.ports();
  usage.timers = impl_->context.timers.size();
  usage.d_channel_calls = impl_->trunks.calls();
  usage.circuits = impl_->trunks.busy();
  usage.isup_calls = impl_->ss7.busy();
  usage.peer_numbers = impl_->config.peers.size();
  usage.sip = impl_->sip.usage();
  return usage;
}

const CallMetrics& Gateway::call_metrics() const {
  return impl_->metrics;
}

const AuditCounters& Gateway::audit() const {
  return impl_->auditor.counters();
}

std::uint64_t Gateway::sip_refusals() const {
  return impl_->sip.refusals();
}

void Gateway::forget_calls() {
  if (!idle()) return;
  impl_->sip.forget_calls();
  for (std::size_t i = 0; i < impl_->trunks.size(); ++i) impl_->trunks.at(i).frames().clear();
}

bool Gateway::idle() const {
  const auto now = usage();
  // Transactions that absorb late repeats, and a RESTART that waits, are of no call.
  return now.calls == 0 && now.media_sessions == 0 && now.rtp_ports == 0 && now.d_channel_calls == 0 &&
         now.isup_calls == 0 && now.sip.calls == 0;
}

}  // namespace tandem::core
