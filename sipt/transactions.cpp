#include "sipt/transactions.h"

#include <algorithm>
#include <span>

#include "sipt/build.h"

namespace tandem::sip {
namespace {

constexpr std::uint64_t kTimerBits = 4;
static_assert(kTxTimers <= 1U << kTimerBits);

TxKind client_kind(std::string_view method) {
  return method == "INVITE" ? TxKind::invite_client : TxKind::client;
}

TxEvent event_of(int status) {
  return status < 200 ? TxEvent::provisional : status < 300 ? TxEvent::success : TxEvent::failure;
}

std::span<const TxTimer> timers_of(TxKind kind) {
  using T = TxTimer;
  static constexpr std::array kInviteClient{T::a, T::b, T::d, T::m};
  static constexpr std::array kClient{T::e, T::f, T::k};
  static constexpr std::array kInviteServer{T::g, T::h, T::i, T::l};
  static constexpr std::array kServer{T::j};
  switch (kind) {
    case TxKind::invite_client:
      return kInviteClient;
    case TxKind::client:
      return kClient;
    case TxKind::invite_server:
      return kInviteServer;
    case TxKind::server:
      return kServer;
  }
  return {};
}

std::string client_key(std::string_view branch, std::string_view method) {
  std::string key;
  key.reserve(branch.size() + 1 + method.size());
  key.append(branch).append(1, '\n').append(method);
  return key;
}

void append_lower(std::string& out, std::string_view text) {
  for (const char c : text) out += c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

/// What a request and its retransmissions have in common (RFC 3261 17.2.3). An ACK is looked up as INVITE.
std::string server_key(const Message& request, std::string_view method) {
  const auto via = request.via();
  std::string key;
  if (!via) return key;
  if (via->has_unique_branch()) {
    key.reserve(via->branch.size() + via->host.size() + method.size() + 8);
    key.append(via->branch).append(1, '\n');
    append_lower(key, via->host);  // host names compare without regard to case
    key.append(1, ':').append(std::to_string(via->port == 0 ? 5060 : via->port));
    return key.append(1, '\n').append(method);
  }
  // RFC 2543. The To tag is left out: an ACK has another than its INVITE, and nothing else can differ in it
  // where all the rest is the same.
  const auto from = request.from();
  const auto cseq = request.cseq();
  key.append(via->text).append(1, '\n').append(request.request_uri()).append(1, '\n');
  key.append(request.call_id().value_or("")).append(1, '\n').append(from ? from->tag : "").append(1, '\n');
  return key.append(std::to_string(cseq ? cseq->number : 0)).append(1, '\n').append(method);
}

std::string merge_key_of(const Message& request) {
  const auto from = request.from();
  const auto cseq = request.cseq();
  if (!from || !cseq) return {};
  std::string key(request.call_id().value_or(""));
  key.append(1, '\n').append(from->tag).append(1, '\n').append(std::to_string(cseq->number));
  return key.append(1, '\n').append(cseq->method_text);
}

bool has_to_tag(const Message& request) {
  const auto to = request.to();
  return to && !to->tag.empty();
}

/// ACK to a failure (RFC 3261 17.1.1.3), CANCEL (9.1): what they share with the INVITE they are for.
MessageBuilder sibling(const Message& invite, std::string_view method, const Message& to_from) {
  MessageBuilder out = MessageBuilder::request(method, invite.request_uri());
  if (const auto via = invite.via()) out.header(HeaderId::via, via->text);
  out.copy(invite, HeaderId::route).header(HeaderId::max_forwards, 70U);
  out.copy(invite, HeaderId::from).copy(to_from, HeaderId::to).copy(invite, HeaderId::call_id);
  if (const auto cseq = invite.cseq()) out.cseq(cseq->number, method);
  return out;
}

}  // namespace

Transactions::Transactions(Timings timings, std::size_t limit, std::span<const ListenAddress> listen,
                           TransactionUser& user)
    : timings_(timings), limit_(limit), large_(listen), user_(user) {}

// --- client side ----------------------------------------------------------------------------------------

TxId Transactions::start_client(std::string_view method, std::string_view branch, const Flow& meant,
                                Octets request, TxOwner owner, Time now) {
  Flow flow = meant;
  const auto datagram = large_.divert(flow, request, now);
  Transaction& tx = create(client_kind(method), client_key(branch, method), flow, owner, now);
  tx.datagram = datagram;
  const TxId id = tx.id;
  run(tx, TxEvent::start, {.message = std::move(request)}, now);
  return id;
}

void Transactions::cancel(TxId invite, const std::vector<Reason>& reasons, Time now) {
  const Transaction* tx = find(invite);
  if (tx == nullptr || tx->message.empty()) return;
  Message request;
  if (!request.parse(tx->message)) return;
  const auto via = request.via();
  if (!via) return;
  MessageBuilder out = sibling(request, "CANCEL", request);
  out.reasons(reasons);
  start_client("CANCEL", via->branch, tx->flow, out.finish(), {}, now);
}

void Transactions::abandon(TxId id, Time now) {
  if (Transaction* tx = find(id)) erase(*tx, now);
}

bool Transactions::handle_response(const Message& response, const Flow& flow, Time now) {
  const auto via = response.via();
  const auto cseq = response.cseq();
  if (!via || !cseq) return false;
  const auto found = clients_.find(client_key(via->branch, cseq->method_text));
  if (found == clients_.end()) return false;
  Transaction& tx = *found->second;
  // RFC 3261 18.1.2: the Via must be one of ours, and the only one (8.1.3.3).
  const auto sent_by = parse_ip(via->host, via->port == 0 ? std::uint16_t{5060} : via->port);
  if (!sent_by || *sent_by != tx.flow.local) return false;
  if (response.count(HeaderId::via) > 1) return false;
  if (flow.transport == Transport::tcp && tx.flow.transport == Transport::tcp) move(tx, flow.connection);
  run(tx, event_of(response.status()), {.response = &response, .flow = &flow, .status = response.status()},
      now);
  return true;
}

// --- server side ----------------------------------------------------------------------------------------

Transactions::Arrival Transactions::handle_request(const Message& request, const Flow& flow, Time now) {
  const bool ack = request.method() == Method::ack;
  Transaction* tx = find_server(request, ack ? "INVITE" : request.method_text());
  if (tx == nullptr) return Arrival::fresh;
  if (flow.transport == Transport::tcp && tx->flow.transport == Transport::tcp) move(*tx, flow.connection);
  // RFC 6026 7.1: the ACK to a 2xx is the core's, whatever branch it has.
  if (ack && tx->state == TxState::accepted) return Arrival::fresh;
  run(*tx, ack ? TxEvent::ack : TxEvent::request, {.flow = &flow}, now);
  return Arrival::absorbed;
}

TxId Transactions::start_server(const Message& request, const Flow& flow, TxOwner owner, Time now) {
  const TxKind kind = request.method() == Method::invite ? TxKind::invite_server : TxKind::server;
  Transaction& tx =
      create(kind, server_key(request, request.method_text()), response_flow(request, flow), owner, now);
  if (const auto via = request.via()) tx.sent_by_port = via->port == 0 ? std::uint16_t{5060} : via->port;
  if (!has_to_tag(request)) {
    tx.merge_key = merge_key_of(request);
    merges_.emplace(tx.merge_key, &tx);
  }
  run(tx, TxEvent::start, {}, now);
  return tx.id;
}

void Transactions::respond(TxId id, int status, Octets response, Time now) {
  Transaction* tx = find(id);
  if (tx == nullptr) return;
  run(*tx, event_of(status), {.message = std::move(response), .status = status}, now);
}

void Transactions::repeat(TxId id) {
  const Transaction* tx = find(id);
  if (tx != nullptr && !tx->message.empty()) user_.transmit(tx->flow, tx->message);
}

bool Transactions::merged(const Message& request) const {
  return !has_to_tag(request) && merges_.contains(merge_key_of(request));
}

std::optional<Transactions::Match> Transactions::invite_of(const Message& cancel) const {
  const Transaction* tx = find_server(cancel, "INVITE");
  if (tx == nullptr) return std::nullopt;
  return Match{tx->id, tx->owner};
}

// --- time and transport ---------------------------------------------------------------------------------

void Transactions::handle_closed(const Flow& flow, Time now) {
  if (flow.transport != Transport::tcp) return;
  std::vector<TxId> affected = on_connection(flow.connection);
  if (flow.connection != 0) {
    // Requests that were to open a connection to the same place may have gone out on this one.
    const auto waiting = on_connection(0);
    affected.insert(affected.end(), waiting.begin(), waiting.end());
  }
  for (const TxId id : affected) {
    Transaction* tx = find(id);
    if (tx == nullptr || (tx->flow.connection == 0 && tx->flow.remote != flow.remote)) continue;
    const bool server = tx->kind == TxKind::invite_server || tx->kind == TxKind::server;
    if (server && tx->flow.connection != 0) {
      move(*tx, 0);
      tx->flow.remote.port = tx->sent_by_port;
    } else {
      if (!fall_back(*tx, now)) run(*tx, TxEvent::transport_error, {}, now);
    }
  }
}

/// RFC 3261 18.1.1: a request that was too large for UDP goes there all the same when TCP is refused.
bool Transactions::fall_back(Transaction& tx, Time now) {
  if (!tx.datagram || tx.state != TxState::calling) return false;
  for (const TxTimer timer : timers_of(tx.kind))
    timers_.stop(tx.id.value << kTimerBits | static_cast<std::uint64_t>(timer));
  by_connection_.erase({tx.flow.connection, tx.id.value});
  Octets request = large_.restore(tx.message, *tx.datagram, now);
  tx.flow = *std::exchange(tx.datagram, std::nullopt);
  tx.state = TxState::idle;
  run(tx, TxEvent::start, {.message = std::move(request)}, now);
  return true;
}

void Transactions::handle_timers(Time now) {
  while (const auto expired = timers_.pop_expired(now)) {
    const auto timer = static_cast<TxTimer>(*expired & ((1U << kTimerBits) - 1));
    if (Transaction* tx = find(TxId{*expired >> kTimerBits})) run(*tx, expiry_of(timer), {}, now);
  }
}

// --- machinery ------------------------------------------------------------------------------------------

Transactions::Transaction& Transactions::create(TxKind kind, std::string key, const Flow& flow, TxOwner owner,
                                                Time now) {
  auto tx = std::make_unique<Transaction>();
  tx->id = TxId{++last_id_};
  tx->kind = kind;
  tx->owner = owner;
  tx->flow = flow;
  tx->started = now;
  tx->key = std::move(key);
  const bool client = kind == TxKind::invite_client || kind == TxKind::client;
  (client ? clients_ : servers_).emplace(tx->key, tx.get());
  if (flow.transport == Transport::tcp) by_connection_.emplace(flow.connection, tx->id.value);
  return *(by_id_[tx->id] = std::move(tx));
}

void Transactions::run(Transaction& tx, TxEvent event, Input input, Time now) {
  TxContext context{.reliable = tx.flow.transport == Transport::tcp,
                    .status = input.status,
                    .trying_due = now - tx.started >= trying_delay(timings_)};
  if (tx_step(tx.kind, tx.state, event, context) == nullptr) return;
  for (std::size_t i = 0; i < context.count; ++i) execute(tx, context.steps[i], input, now);
  const bool client_done = tx.state == TxState::completed && tx.kind == TxKind::client;
  if (client_done || tx.state == TxState::accepted || tx.state == TxState::confirmed)
    Octets().swap(tx.message);
  if (tx.state == TxState::terminated) erase(tx, now);
}

void Transactions::execute(Transaction& tx, TxStep step, Input& input, Time now) {
  switch (step.what) {
    case TxDo::send:
      tx.message = std::move(input.message);
      user_.transmit(tx.flow, tx.message);
      break;
    case TxDo::send_once:
      user_.transmit(tx.flow, std::move(input.message));
      break;
    case TxDo::resend:
      if (!tx.message.empty()) user_.transmit(tx.flow, tx.message);
      break;
    case TxDo::send_ack: {
      Message request;
      if (request.parse(tx.message))
        user_.transmit(tx.flow, sibling(request, "ACK", *input.response).finish());
      break;
    }
    case TxDo::deliver:
      if (input.response != nullptr) user_.on_response(tx.owner, *input.response, *input.flow, now);
      break;
    case TxDo::timed_out:
      user_.on_timed_out(tx.owner, now);
      break;
    case TxDo::transport_failed:
      user_.on_transport_failed(tx.owner, now);
      break;
    case TxDo::start_timer: {
      const Duration after = timer_duration(step.timer, timings_);
      if (step.timer == TxTimer::a || step.timer == TxTimer::e || step.timer == TxTimer::g)
        tx.interval = after;
      start_timer(tx, step.timer, after, now);
      break;
    }
    case TxDo::double_timer:
      start_timer(tx, step.timer, tx.interval *= 2, now);
      break;
    case TxDo::double_to_t2:
      tx.interval = std::min(2 * tx.interval, timings_.t2);
      start_timer(tx, step.timer, tx.interval, now);
      break;
    case TxDo::start_at_t2:
      start_timer(tx, step.timer, timings_.t2, now);
      break;
    case TxDo::stop_timer:
      timers_.stop(tx.id.value << kTimerBits | static_cast<std::uint64_t>(step.timer));
  }
}

void Transactions::start_timer(const Transaction& tx, TxTimer timer, Duration after, Time now) {
  timers_.start(tx.id.value << kTimerBits | static_cast<std::uint64_t>(timer), now + after);
}

void Transactions::move(Transaction& tx, std::uint64_t connection) {
  if (tx.flow.connection == connection) return;
  by_connection_.erase({tx.flow.connection, tx.id.value});
  tx.flow.connection = connection;
  by_connection_.emplace(connection, tx.id.value);
}

void Transactions::erase(Transaction& tx, Time now) {
  for (const TxTimer timer : timers_of(tx.kind))
    timers_.stop(tx.id.value << kTimerBits | static_cast<std::uint64_t>(timer));
  const bool client = tx.kind == TxKind::invite_client || tx.kind == TxKind::client;
  Index& index = client ? clients_ : servers_;
  if (const auto it = index.find(tx.key); it != index.end() && it->second == &tx) index.erase(it);
  if (const auto it = merges_.find(tx.merge_key); it != merges_.end() && it->second == &tx) merges_.erase(it);
  if (tx.flow.transport == Transport::tcp) by_connection_.erase({tx.flow.connection, tx.id.value});
  const TxOwner owner = tx.owner;
  by_id_.erase(TxId{tx.id});
  if (client) user_.on_ended(owner, now);
}

Transactions::Transaction* Transactions::find(TxId id) const {
  const auto it = by_id_.find(id);
  return it == by_id_.end() ? nullptr : it->second.get();
}

Transactions::Transaction* Transactions::find_server(const Message& request, std::string_view method) const {
  const auto it = servers_.find(server_key(request, method));
  return it == servers_.end() ? nullptr : it->second;
}

std::vector<TxId> Transactions::on_connection(std::uint64_t connection) const {
  std::vector<TxId> found;
  for (auto it = by_connection_.lower_bound({connection, 0});
       it != by_connection_.end() && it->first == connection; ++it)
    found.push_back(TxId{it->second});
  return found;
}

}  // namespace tandem::sip
