#include "sipt/user_agent.h"

#include <algorithm>
#include <charconv>

#include "sipt/user_agent_core.h"

namespace tandem::sip {

std::string hex16(std::uint64_t value) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out(16, '0');
  for (auto it = out.rbegin(); value != 0; ++it, value >>= 4) *it = kDigits[value & 0xf];
  return out;
}

UserAgent::Impl::Impl(UserAgentConfig c, Random& r)
    : config(std::move(c)),
      random(r),
      timings{.t1 = config.t1, .t2 = config.t2, .t4 = config.t4},
      salt(random.next()),
      transactions(timings, config.max_transactions, config.listen, *this),
      call_rate(config.calls_per_second, config.calls_per_second) {}

// --- octets in ------------------------------------------------------------------------------------------

void UserAgent::Impl::receive(const Flow& flow, OctetView octets, Framing framing, Time now,
                              const std::optional<Error>& fault) {
  const bool keep_alive =
      std::ranges::all_of(octets, [](Octet o) { return o == '\r' || o == '\n' || o == 0; });
  if (keep_alive) return;  // RFC 5626 3.5, and what NAT boxes are kept open with
  Message message;
  auto parsed = message.parse(octets, framing);
  if (octets.size() > config.max_message)
    parsed = fail(Errc::too_long, config.max_message, "message", "longer than max_message");
  if (fault) parsed = std::unexpected(*fault);
  if (message.is_request()) return handle_request(message, parsed, flow, now);
  if (!message.is_response()) {
    return rejected(flow, parsed ? "neither request nor response" : to_string(parsed.error()));
  }
  if (const auto error = validate_response(message, parsed)) return rejected(flow, to_string(*error));
  transactions.handle_response(message, flow, now);  // RFC 6026 8.2: strays are dropped
}

void UserAgent::Impl::receive_stream(const Flow& flow, OctetView octets, Time now) {
  Stream& stream = streams.try_emplace(flow.connection, StreamFramer(config.max_message), flow).first->second;
  if (stream.broken) return;
  heard(stream, now);
  stream.framer.append(octets);
  while (true) {
    const auto frame = stream.framer.next();
    if (!frame) {
      stream.broken = true;
      receive(flow, stream.framer.head(), Framing::stream, now, frame.error());  // 400 or 513, where possible
      return transmit(flow, {});
    }
    if (!*frame) return await_rest(stream, now);
    partial_timers.stop(flow.connection);  // whatever follows is another message
    if ((*frame)->kind == StreamFramer::Frame::Kind::ping) transmit(flow, to_octets("\r\n"));
    if ((*frame)->kind == StreamFramer::Frame::Kind::pong) stream.pongs = true;
    if ((*frame)->kind == StreamFramer::Frame::Kind::message)
      receive(flow, (*frame)->octets, Framing::stream, now);
  }
}

void UserAgent::Impl::closed(const Flow& flow, Time now) {
  streams.erase(flow.connection);
  keepalive_timers.stop(flow.connection);
  partial_timers.stop(flow.connection);
  transactions.handle_closed(flow, now);
}

/// Something came: the next ping is not due before `keepalive` has passed without a word.
void UserAgent::Impl::heard(Stream& stream, Time now) {
  stream.pinged = false;
  if (config.keepalive > Duration::zero())
    keepalive_timers.start(stream.flow.connection, now + config.keepalive);
}

/// A message that has begun is to end within the time that a transaction has (RFC 4475 3.1.2.2).
void UserAgent::Impl::await_rest(const Stream& stream, Time now) {
  const std::uint64_t connection = stream.flow.connection;
  if (stream.framer.buffered() == 0) return partial_timers.stop(connection);
  if (!partial_timers.running(connection)) partial_timers.start(connection, now + 64 * config.t1);
}

void UserAgent::Impl::on_partial(std::uint64_t connection) {
  const auto it = streams.find(connection);
  if (it == streams.end() || std::exchange(it->second.broken, true)) return;
  rejected(it->second.flow, "a message that does not end: the connection is closed");
  transmit(it->second.flow, {});
}

/// RFC 5626 4.4.1: a ping, or the end of a connection whose peer has ceased to answer them. Peers that never
/// did are not blamed for it.
void UserAgent::Impl::on_keepalive(std::uint64_t connection, Time now) {
  const auto it = streams.find(connection);
  if (it == streams.end() || it->second.broken) return;
  Stream& stream = it->second;
  if (stream.pinged && stream.pongs) {
    rejected(stream.flow, "no pong: the connection is closed");
    return transmit(stream.flow, {});
  }
  transmit(stream.flow, to_octets("\r\n\r\n"));
  stream.pinged = true;
  keepalive_timers.start(connection, now + (stream.pongs ? kPongWait : config.keepalive));
}

/// A flood of bad input is not to become a flood of words.
void UserAgent::Impl::rejected(const Flow& flow, std::string text) {
  if (!rejections.take(clock)) {
    ++rejections_unsaid;
    return;
  }
  if (rejections_unsaid != 0)
    text.append(" (and ").append(std::to_string(std::exchange(rejections_unsaid, 0))).append(" more unsaid)");
  events.emplace_back(Rejected{flow, std::move(text)});
}

// --- what transactions report ---------------------------------------------------------------------------

void UserAgent::Impl::transmit(const Flow& flow, Octets octets) {
  transmits.push_back({flow, std::move(octets)});
}

void UserAgent::Impl::on_response(TxOwner owner, const Message& response, const Flow& flow, Time now) {
  switch (owner.role) {
    case TxOwner::Role::none:
      break;
    case TxOwner::Role::invite:
      if (Call* call = find(SipCall{owner.id})) on_invite_response(*call, response, flow, now);
      break;
    case TxOwner::Role::reinvite:
      if (Call* call = find(SipCall{owner.id})) on_reinvite_response(*call, response, now);
      break;
    case TxOwner::Role::update:
      if (Call* call = find(SipCall{owner.id})) on_update_response(*call, response, now);
      break;
    case TxOwner::Role::bye:
      // RFC 3261 15.1.1: whatever is answered, the session is over.
      if (Call* call = find(SipCall{owner.id}); call != nullptr && response.status() >= 200) {
        call->bye_open = false;
        release(*call, now);
      }
      break;
    case TxOwner::Role::options:
      // Anything that the peer itself says shows that it is there; 408 and 503 may come from a proxy.
      if (response.status() >= 200)
        peer_state(owner.id, response.status() != 408 && response.status() != 503);
  }
}

void UserAgent::Impl::on_timed_out(TxOwner owner, Time now) {
  request_lost(owner, 408, "Request Timeout", now);
}

void UserAgent::Impl::on_transport_failed(TxOwner owner, Time now) {
  request_lost(owner, 503, "Transport Failure", now);
}

/// RFC 3261 8.1.3.1: as if that status had come.
void UserAgent::Impl::request_lost(TxOwner owner, int status, std::string_view phrase, Time now) {
  using Role = TxOwner::Role;
  if (owner.role == Role::options) return peer_state(owner.id, false);
  if (owner.role == Role::none || owner.role == Role::bye) return;
  Call* call = find(SipCall{owner.id});
  if (call == nullptr) return;
  if (owner.role == Role::invite) return invite_failed(*call, status, phrase, status == 408, now);
  if (call->own && call->own->reinvite == (owner.role == Role::reinvite))
    own_request_failed(*call, status, nullptr, now);
}

void UserAgent::Impl::on_ended(TxOwner owner, Time now) {
  using Role = TxOwner::Role;
  if (owner.role == Role::options || owner.role == Role::none || owner.role == Role::update) return;
  Call* call = find(SipCall{owner.id});
  if (call == nullptr) return;
  if (owner.role == Role::invite && call->invites_open != 0) --call->invites_open;
  if (owner.role == Role::bye) call->bye_open = false;
  if (owner.role == Role::reinvite) --call->reinvites_open;
  if (call->stage == Stage::ending) release(*call, now);
}

// --- peers ----------------------------------------------------------------------------------------------

void UserAgent::Impl::watch(std::size_t peer, const Uri& uri, const Flow& destination, Duration interval,
                            Time now) {
  watches.erase(peer);
  watch_timers.stop(peer);
  if (interval <= Duration::zero()) return;
  watches.emplace(peer, Watch{.uri = uri, .destination = destination, .interval = interval, .reachable = {}});
  ping(peer, now);
}

void UserAgent::Impl::ping(std::size_t peer, Time now) {
  const auto it = watches.find(peer);
  if (it == watches.end()) return;
  Watch& to = it->second;
  watch_timers.start(peer, now + to.interval);
  if (to.pending || transactions.full()) return;
  to.pending = true;
  const std::string id = branch();
  const std::string self = contact(to.destination);
  MessageBuilder out = MessageBuilder::request("OPTIONS", to_string(to.uri));
  out.via(to.destination.transport, to.destination.local, id).header(HeaderId::max_forwards, 70U);
  out.header(HeaderId::from, self + ";tag=" + hex16(random.next()));
  out.header(HeaderId::to, "<" + to_string(to.uri) + ">");
  out.header(HeaderId::call_id, hex16(random.next()) + hex16(random.next())).cseq(1, "OPTIONS");
  out.header(HeaderId::contact, self).header(HeaderId::accept, kSdpType);
  out.header(HeaderId::user_agent, config.product);
  transactions.start_client("OPTIONS", id, to.destination, out.finish(),
                            {.role = TxOwner::Role::options, .id = peer}, now);
}

void UserAgent::Impl::peer_state(std::size_t peer, bool reachable) {
  const auto it = watches.find(peer);
  if (it == watches.end()) return;
  it->second.pending = false;
  if (it->second.reachable == reachable) return;
  it->second.reachable = reachable;
  events.emplace_back(PeerState{peer, reachable});
}

// --- odds and ends --------------------------------------------------------------------------------------

std::string UserAgent::Impl::branch() {
  return "z9hG4bK" + hex16(random.next());
}

std::string UserAgent::Impl::contact(const Flow& flow) const {
  return "<sip:" + to_string(flow.local) + (flow.transport == Transport::tcp ? ";transport=tcp>" : ">");
}

std::string_view UserAgent::Impl::supported(const Call& call) {
  return call.policy.reliable == Reliable::never ? std::string_view("199, timer") : kSupported;
}

std::string_view UserAgent::Impl::date() {
  if (!wall) return {};
  const auto since = std::chrono::floor<std::chrono::microseconds>(std::max(clock, wall->at) - wall->at);
  const auto second = std::chrono::floor<std::chrono::seconds>(wall->time + since);
  if (wall->text.empty() || second != wall->written) {
    wall->written = second;
    wall->text = date_text(second);
  }
  return wall->text;
}

void UserAgent::Impl::describe(MessageBuilder& out, const Call& call, const Flow& flow) {
  out.header(HeaderId::contact, contact(flow)).header(HeaderId::allow, kAllow);
  out.header(HeaderId::supported, supported(call));
  if (!config.organization.empty()) out.header(HeaderId::organization, config.organization);
  if (const auto text = date(); !text.empty()) out.header(HeaderId::date, text);
}

Call* UserAgent::Impl::find(SipCall id) {
  const auto it = calls.find(id);
  return it == calls.end() ? nullptr : it->second.get();
}

Call* UserAgent::Impl::find_live(SipCall id) {
  Call* call = find(id);
  return call == nullptr || call->dead ? nullptr : call;
}

Call* UserAgent::Impl::find_by_tag(std::string_view local_tag) {
  std::uint64_t tag = 0;
  const auto read = std::from_chars(local_tag.begin(), local_tag.end(), tag, 16);
  if (local_tag.size() != 16 || read.ec != std::errc{} || read.ptr != local_tag.end()) return nullptr;
  const auto it = by_tag.find(tag);
  return it == by_tag.end() ? nullptr : it->second;
}

void UserAgent::Impl::run_timers(Time now) {
  clock = now;
  transactions.handle_timers(now);
  while (const auto expired = call_timers.pop_expired(now)) {
    if (Call* call = find(SipCall{*expired / kCallTimers}))
      on_call_timer(*call, static_cast<CallTimer>(*expired % kCallTimers), now);
  }
  while (const auto peer = watch_timers.pop_expired(now)) ping(*peer, now);
  while (const auto connection = keepalive_timers.pop_expired(now)) on_keepalive(*connection, now);
  while (const auto connection = partial_timers.pop_expired(now)) on_partial(*connection);
}

std::optional<Time> UserAgent::Impl::next_deadline() const {
  return earlier(transactions.next_deadline(),
                 earlier(call_timers.next_deadline(),
                         earlier(watch_timers.next_deadline(),
                                 earlier(keepalive_timers.next_deadline(), partial_timers.next_deadline()))));
}

// --- the interface --------------------------------------------------------------------------------------

UserAgent::UserAgent(UserAgentConfig config, Random& random)
    : impl_(std::make_unique<Impl>(std::move(config), random)) {}
UserAgent::~UserAgent() = default;

void UserAgent::handle_datagram(const Flow& flow, OctetView octets, Time now) {
  impl_->run_timers(now);
  impl_->receive(flow, octets, Framing::datagram, now);
}
void UserAgent::handle_stream(const Flow& flow, OctetView octets, Time now) {
  impl_->run_timers(now);
  impl_->receive_stream(flow, octets, now);
}
void UserAgent::handle_closed(const Flow& flow, Time now) {
  impl_->run_timers(now);
  impl_->closed(flow, now);
}
void UserAgent::handle_timers(Time now) {
  impl_->run_timers(now);
}
std::optional<Time> UserAgent::next_deadline() const {
  return impl_->next_deadline();
}

std::optional<Transmit> UserAgent::poll_transmit() {
  if (impl_->transmits.empty()) return std::nullopt;
  std::optional<Transmit> out(std::move(impl_->transmits.front()));
  impl_->transmits.pop_front();
  return out;
}
std::optional<Event> UserAgent::poll_event() {
  if (impl_->events.empty()) return std::nullopt;
  std::optional<Event> out(std::move(impl_->events.front()));
  impl_->events.pop_front();
  return out;
}

SipCall UserAgent::invite(const InviteInfo& info, const Flow& destination, Time now) {
  return impl_->invite(info, destination, now);
}
void UserAgent::cancel(SipCall id, const std::vector<Reason>& reasons, Time now) {
  if (Call* call = impl_->find_live(id)) impl_->cancel(*call, reasons, now);
}
void UserAgent::ack_answer(SipCall id, std::string_view sdp, Time now) {
  if (Call* call = impl_->find_live(id)) impl_->ack_answer(*call, sdp, now);
}
void UserAgent::set_policy(SipCall id, const CallPolicy& policy) {
  Call* call = impl_->find_live(id);
  if (call == nullptr) return;
  call->policy = policy;
  impl_->refused_by_policy(*call, impl_->clock);
}
void UserAgent::provisional(SipCall id, int status, std::string_view sdp,
                            const std::vector<ExtraHeader>& extra, Time now) {
  if (Call* call = impl_->find_live(id)) impl_->provisional(*call, status, sdp, extra, now);
}
void UserAgent::answer(SipCall id, std::string_view sdp, const std::vector<ExtraHeader>& extra, Time now) {
  Call* call = impl_->find_live(id);
  if (call != nullptr && call->stage == Stage::offered) impl_->answer(*call, sdp, extra, now);
}
void UserAgent::reject(SipCall id, int status, std::string_view phrase, const std::vector<Reason>& reasons,
                       const std::vector<ExtraHeader>& extra, Time now) {
  if (Call* call = impl_->find_live(id)) impl_->reject(*call, status, phrase, reasons, extra, now);
}
void UserAgent::accept_offer(SipCall id, std::string_view sdp, Time now) {
  if (Call* call = impl_->find_live(id)) impl_->accept_offer(*call, sdp, now);
}
void UserAgent::reject_offer(SipCall id, int status, Time now, std::string_view warning) {
  if (Call* call = impl_->find_live(id)) impl_->reject_offer(*call, status, warning, now);
}
void UserAgent::offer(SipCall id, std::string_view sdp, Time now) {
  if (Call* call = impl_->find_live(id)) impl_->offer(*call, sdp, now);
}
void UserAgent::identify(SipCall id, const std::vector<ExtraHeader>& headers, Time now) {
  if (Call* call = impl_->find_live(id)) impl_->identify(*call, headers, now);
}
void UserAgent::info(SipCall id, std::string_view content_type, std::string_view body, Time now) {
  if (Call* call = impl_->find_live(id)) impl_->info(*call, content_type, body, now);
}
void UserAgent::bye(SipCall id, const std::vector<Reason>& reasons, Time now,
                    const std::vector<ExtraHeader>& extra) {
  if (Call* call = impl_->find_live(id)) impl_->bye(*call, reasons, extra, now);
}
bool UserAgent::allows(SipCall id, std::string_view method) const {
  Call* call = impl_->find(id);
  const Leg* leg = call == nullptr ? nullptr : impl_->current_leg(*call);
  const Method known = method_of(method);
  return leg != nullptr && known != Method::other && leg->allows(known);
}
std::string UserAgent::call_id(SipCall id) const {
  const Call* call = impl_->find(id);
  return call == nullptr ? std::string() : call->call_id;
}
std::optional<Continuation> UserAgent::continuation(SipCall id) const {
  const Call* call = impl_->find_live(id);
  if (call == nullptr || !call->caller) return std::nullopt;
  return Continuation{.call_id = call->call_id, .tag = call->tag, .cseq = last_cseq(*call)};
}
void UserAgent::set_wall(Time now, WallTime wall) {
  if (!impl_->wall) impl_->wall = Impl::Wall{};
  impl_->wall->at = now;
  impl_->wall->time = wall;
}

void UserAgent::set_callers(std::function<bool(const SocketAddress&)> known) {
  impl_->callers = std::move(known);
}

void UserAgent::reconfigure(UserAgentConfig config) {
  auto& own = impl_->config;
  config.listen = std::move(own.listen);
  config.t1 = own.t1;
  config.t2 = own.t2;
  config.t4 = own.t4;
  config.max_transactions = own.max_transactions;
  if (config.calls_per_second != own.calls_per_second)
    impl_->call_rate = TokenBucket(config.calls_per_second, config.calls_per_second);
  own = std::move(config);
}

void UserAgent::watch_peer(std::size_t peer, const Uri& uri, const Flow& destination, Duration interval,
                           Time now) {
  impl_->watch(peer, uri, destination, interval, now);
}

std::uint64_t UserAgent::refused_calls() const {
  return impl_->refused_calls;
}

UserAgent::Usage UserAgent::usage() const {
  std::size_t dialogs = 0;
  for (const auto& [id, call] : impl_->calls) dialogs += call->legs.size();
  return {.calls = impl_->calls.size(),
          .transactions = impl_->transactions.size(),
          .dialogs = dialogs,
          .timers = impl_->transactions.timers() + impl_->call_timers.size()};
}

}  // namespace tandem::sip
