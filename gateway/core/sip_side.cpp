#include "gateway/core/sip_side.h"

#include "gateway/core/sip_text.h"
#include "gateway/interwork/causes.h"
#include "gateway/interwork/sip_isup.h"

namespace tandem::core {

namespace {

SocketAddress without_port(SocketAddress address) {
  address.port = 0;
  return address;
}

}  // namespace

SipSide::SipSide(Context& context, Exchange& exchange, MediaControl& media, Time now)
    : context_(context),
      exchange_(exchange),
      agent_(context.config.sip, context.random),
      services_{context, exchange, media, agent_, legs_, call_ids_} {
  const auto& peers = context.config.peers;
  for (std::size_t i = 0; i < peers.size(); ++i) {
    const bool watched = peers[i].options_interval > Duration{};
    states_.push_back(watched ? Reach::unknown : Reach::not_watched);
    // Two peers at one host are told apart by port; the first named has the host's other ports.
    peer_by_address_.emplace(peers[i].destination.remote, i);
    peer_by_host_.emplace(without_port(peers[i].destination.remote), i);
    if (watched) agent_.watch_peer(i, peers[i].uri, peers[i].destination, peers[i].options_interval, now);
  }
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
    dispatch(*event, now);
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

void SipSide::dispatch(const sip::Event& event, Time now) {
  std::visit(
      [&](const auto& e) {
        using E = std::decay_t<decltype(e)>;
        if constexpr (std::is_same_v<E, sip::IncomingCall>) {
          incoming(e, now);
        } else if constexpr (std::is_same_v<E, sip::PeerState>) {
          if (e.peer >= states_.size()) return;
          states_[e.peer] = e.reachable ? Reach::reachable : Reach::unreachable;
          context_.log(e.reachable ? Severity::info : Severity::warning, {},
                       "peer " + context_.config.peers[e.peer].name +
                           (e.reachable ? " answers OPTIONS" : " does not answer OPTIONS"));
        } else if constexpr (std::is_same_v<E, sip::Rejected>) {
          context_.log(Severity::warning, {}, "SIP from " + to_string(e.flow.remote) + ": " + e.text);
        } else {
          const auto it = legs_.find(e.call);
          if constexpr (requires(SipLeg& leg) { leg.on(e, now); })
            if (it != legs_.end()) it->second->on(e, now);
        }
      },
      event);
}

void SipSide::incoming(const sip::IncomingCall& event, Time now) {
  const auto& info = event.info;
  const auto call = context_.new_call();
  call_ids_.add(info.call_id, call);
  const auto peer = peer_of(event.flow);
  if (!peer) return refuse(event, {}, call, 403, "Unknown Peer", now);
  const auto& config = context_.config.peers[*peer];
  if (exchange_.draining()) return refuse(event, config.name, call, 503, {}, now);
  auto iam = interwork::iam_from_invite(info, {config.numbers.country_code}, {config.trusted});
  if (!iam)
    return refuse(event, config.name, call, interwork::status_from_error(iam.error()).status, {}, now);
  auto leg = std::make_unique<SipLeg>(services_, *peer, call, 0);
  if (const auto taken = leg->take_invite(event.call, info); !taken)
    return refuse(event, config.name, call, taken.error(), {}, now);
  exchange_.offer(std::move(leg), std::move(*iam));
}

void SipSide::refuse(const sip::IncomingCall& event, const std::string& peer, CallId call, int status,
                     std::string phrase, Time now) {
  const auto& info = event.info;
  agent_.reject(event.call, status, std::move(phrase), {}, {}, now);
  call_ids_.forget(info.call_id, call);
  context_.log(Severity::info, call,
               "INVITE from " + to_string(event.flow.remote) + " refused with " + std::to_string(status));
  if (peer.empty()) return;  // a stranger's attempts are logged, not accounted
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

std::optional<std::size_t> SipSide::peer_of(const sip::Flow& flow) const {
  if (const auto it = peer_by_address_.find(flow.remote); it != peer_by_address_.end()) return it->second;
  if (const auto it = peer_by_host_.find(without_port(flow.remote)); it != peer_by_host_.end())
    return it->second;
  return std::nullopt;
}

std::string SipSide::party_of(const sip::Flow& flow) const {
  const auto peer = peer_of(flow);
  return peer ? context_.config.peers[*peer].name : to_string(flow.remote);
}

std::vector<PeerStatus> SipSide::peers() const {
  std::vector<PeerStatus> rows;
  for (std::size_t i = 0; i < states_.size(); ++i) {
    const auto& peer = context_.config.peers[i];
    std::string state = "not watched";
    if (states_[i] == Reach::unknown) state = "unknown";
    if (states_[i] == Reach::reachable) state = "reachable";
    if (states_[i] == Reach::unreachable) state = "unreachable";
    rows.push_back({peer.name, to_string(peer.uri), std::move(state)});
  }
  return rows;
}

}  // namespace tandem::core
