#include "gateway/core/sip_side.h"

#include "gateway/core/sip_text.h"
#include "gateway/interwork/causes.h"
#include "gateway/interwork/sip_isup.h"

namespace tandem::core {

SipSide::SipSide(Context& context, Exchange& exchange, MediaControl& media, Time now)
    : context_(context),
      exchange_(exchange),
      agent_(context.config.sip, context.random),
      peers_(context),
      services_{context, exchange, media, agent_, peers_, legs_, call_ids_} {
  agent_.set_callers([this](const SocketAddress& remote) { return peers_.of(remote).has_value(); });
  set_wall(now);
  for (std::size_t i = 0; i < context.config.peers.size(); ++i) watch(i, now);
}

void SipSide::watch(std::size_t peer, Time now) {
  const auto& config = context_.config.peers[peer];
  if (config.options_interval > Duration{})
    agent_.watch_peer(peer, config.uri, config.destination, config.options_interval, now);
}

void SipSide::set_peer(std::size_t peer, std::optional<SipPeers::Reach> known, Time now) {
  peers_.set(peer, known);
  watch(peer, now);
}

void SipSide::forget_peer(std::size_t peer, Time now) {
  const auto& config = context_.config.peers[peer];
  agent_.watch_peer(peer, config.uri, config.destination, {}, now);
}

// --- input ----------------------------------------------------------------------------------------------

void SipSide::trace_received(const sip::Flow& flow, OctetView octets, Time now) {
  auto text = sip_text(octets);
  TraceRecord record;
  record.at = context_.wall(now);
  record.kind = TraceKind::sip;
  record.party = party_of(flow);
  record.text = std::move(text.line);
  record.octets.assign(octets.begin(), octets.end());
  record.flow = flow;
  auto& placed = context_.out.emplace_back(std::move(record));
  received_.push_back({&std::get<TraceRecord>(placed), std::move(text.call_id)});
}

void SipSide::settle_received() {
  for (auto& received : received_) received.record->call = call_ids_.find(received.call_id);
  received_.clear();
}

void SipSide::handle_datagram(const sip::Flow& flow, OctetView octets, Time now) {
  trace_received(flow, octets, now);
  agent_.handle_datagram(flow, octets, now);
  pump(now);
  settle_received();
}

void SipSide::handle_stream(const sip::Flow& flow, OctetView octets, Time now) {
  trace_received(flow, octets, now);
  agent_.handle_stream(flow, octets, now);
  pump(now);
  settle_received();
}

void SipSide::handle_timers(Time now) {
  const auto deadline = agent_.next_deadline();
  if (deadline && *deadline <= now) agent_.handle_timers(now);
}

void SipSide::handle_t11(std::uint64_t sip_call, Time now) {
  const auto it = legs_.find(sip::SipCall{sip_call});
  if (it != legs_.end()) it->second->early_acm(now);
}

bool SipSide::pump(Time now) {
  bool any = false;
  while (const auto event = agent_.poll_event()) {
    any = true;
    std::visit([&](const auto& e) { on(e, now); }, *event);
  }
  return any;
}

void SipSide::flush(Time now) {
  while (auto transmit = agent_.poll_transmit()) {
    if (transmit->octets.empty()) {  // the connection is to be closed
      context_.out.emplace_back(std::move(*transmit));
      continue;
    }
    auto text = sip_text(transmit->octets);
    TraceRecord record;
    record.call = call_ids_.find(text.call_id);
    record.at = context_.wall(now);
    record.kind = TraceKind::sip;
    record.sent = true;
    record.party = party_of(transmit->flow);
    record.text = std::move(text.line);
    record.octets = transmit->octets;
    record.flow = transmit->flow;
    context_.out.emplace_back(std::move(record));
    context_.out.emplace_back(std::move(*transmit));
  }
}

// --- events ---------------------------------------------------------------------------------------------

template <class Event>
void SipSide::on(const Event& event, Time now) {
  const auto it = legs_.find(event.call);
  if (it != legs_.end()) it->second->on(event, now);
}

void SipSide::on(const sip::PeerState& event, Time /*now*/) {
  peers_.set_reachable(event.peer, event.reachable);
}

void SipSide::on(const sip::Rejected& event, Time /*now*/) {
  context_.log(Severity::warning, {}, "SIP from " + to_string(event.flow.remote) + ": " + event.text);
}

void SipSide::on(const sip::IncomingCall& event, Time now) {
  const auto& info = event.info;
  const auto peer = peers_.of(event.flow.remote);
  if (!peer || more_digits(event, *peer, now)) return;  // others the user agent turns away
  const auto call = context_.new_call();
  call_ids_.add(info.call_id, call);
  const auto& config = context_.config.peers[*peer];
  if (exchange_.draining()) return refuse(event, config.name, call, {503}, now);
  auto leg = std::make_unique<SipLeg>(services_, *peer, call, 0);
  auto iam = leg->take_invite(event.call, info, now);
  if (!iam) return refuse(event, config.name, call, iam.error(), now);
  exchange_.offer(std::move(leg), std::move(*iam));
}

bool SipSide::more_digits(const sip::IncomingCall& event, std::size_t peer, Time now) {
  if (!context_.config.peers[peer].overlap || !call_ids_.find(event.info.call_id)) return false;
  for (const auto& [sip_call, leg] : legs_)
    if (leg->call_id() == event.info.call_id) return leg->take_digits(event.call, event.info, now);
  return false;
}

void SipSide::refuse(const sip::IncomingCall& event, const std::string& peer, CallId call,
                     const Refusal& refusal, Time now) {
  const auto& info = event.info;
  const int status = refusal.status;
  auto extra = refusal.extra;
  add_retry_after(extra, status, context_.config.sip);
  agent_.reject(event.call, status, {}, {}, extra, now);
  call_ids_.forget(info.call_id, call);
  context_.log(Severity::info, call,
               "INVITE from " + to_string(event.flow.remote) + " refused with " + std::to_string(status));
  exchange_.count_refused();
  Cdr cdr;
  cdr.call = call;
  cdr.state = CdrState::ended;
  cdr.from_name = peer;
  cdr.calling = info.from.uri.user;
  cdr.called = info.request_uri.user;
  cdr.setup = context_.wall(now);
  cdr.release = cdr.setup;
  cdr.cause = interwork::cause_from_status(status).cause.value;
  cdr.sip_status = status;
  cdr.released_by = "gateway";
  cdr.sip_call_id = info.call_id;
  context_.out.emplace_back(std::move(cdr));
}

// --- peers ----------------------------------------------------------------------------------------------

std::unique_ptr<Leg> SipSide::make_leg(std::size_t peer, CallId call, int attempt) {
  return std::make_unique<SipLeg>(services_, peer, call, attempt);
}

std::string SipSide::party_of(const sip::Flow& flow) const {
  const auto peer = peers_.of(flow.remote);
  return peer ? context_.config.peers[*peer].name : to_string(flow.remote);
}

std::vector<PeerStatus> SipSide::peers() const {
  std::vector<PeerStatus> rows;
  for (std::size_t i = 0; i < context_.config.peers.size(); ++i) {
    const auto& peer = context_.config.peers[i];
    if (peer.retired) continue;
    rows.push_back({peer.name, to_string(peer.uri), std::string(peers_.state(i))});
  }
  return rows;
}

}  // namespace tandem::core
