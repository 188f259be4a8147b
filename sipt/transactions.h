#pragma once
// The transaction layer (RFC 3261 17): finds the machine that a message belongs to, runs the tables of
// transaction_tables.h on it and does what their steps say.
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "gateway/base/bytes.h"
#include "gateway/base/ids.h"
#include "gateway/base/time.h"
#include "gateway/base/timer_queue.h"
#include "sipt/large_requests.h"
#include "sipt/message.h"
#include "sipt/transaction_tables.h"
#include "sipt/values.h"

namespace tandem::sip {

using TxId = Id<struct TransactionTag>;

/// Whom a transaction reports to.
struct TxOwner {
  enum class Role : std::uint8_t { none, invite, reinvite, update, bye, options };
  Role role = Role::none;
  std::uint64_t id = 0;  ///< SipCall, or number of a watched peer
  friend bool operator==(const TxOwner&, const TxOwner&) = default;
};

/// The core as the transaction layer sees it. None of these may abandon the transaction they report of.
class TransactionUser {
 public:
  virtual ~TransactionUser() = default;
  virtual void transmit(const Flow& flow, Octets octets) = 0;
  virtual void on_response(TxOwner owner, const Message& response, const Flow& flow, Time now) = 0;
  virtual void on_timed_out(TxOwner owner, Time now) = 0;
  virtual void on_transport_failed(TxOwner owner, Time now) = 0;
  /// A client transaction is no more: nothing follows.
  virtual void on_ended(TxOwner owner, Time now) = 0;
};

class Transactions {
 public:
  /// `listen`: where requests that are too large for UDP may leave from (RFC 3261 18.1.1).
  Transactions(Timings timings, std::size_t limit, std::span<const ListenAddress> listen,
               TransactionUser& user);

  // Client side.
  /// Sends `request`, whose topmost Via has `branch`. Requests in a dialog and CANCEL are not subject to the
  /// limit: full() is to be asked before others.
  TxId start_client(std::string_view method, std::string_view branch, const Flow& flow, Octets request,
                    TxOwner owner, Time now);
  /// RFC 3261 9.1: CANCEL in a transaction of its own. Nothing is sent for an INVITE that has ended.
  void cancel(TxId invite, const std::vector<Reason>& reasons, Time now);
  /// Ends a transaction without another word.
  void abandon(TxId id, Time now);
  /// false: it belongs to no transaction (RFC 6026 8.2: to be dropped).
  bool handle_response(const Message& response, const Flow& flow, Time now);

  // Server side.
  enum class Arrival : std::uint8_t {
    fresh,    ///< a new request, or an ACK to a 2xx: for the core
    absorbed  ///< dealt with
  };
  Arrival handle_request(const Message& request, const Flow& flow, Time now);
  TxId start_server(const Message& request, const Flow& flow, TxOwner owner, Time now);
  void respond(TxId id, int status, Octets response, Time now);
  /// The last provisional response once more (RFC 3261 13.3.1.1).
  void repeat(TxId id);
  /// RFC 3261 8.2.2.2: the same request came another way.
  [[nodiscard]] bool merged(const Message& request) const;
  struct Match {
    TxId id;
    TxOwner owner;
  };
  /// The INVITE that a CANCEL is for (RFC 3261 9.2).
  [[nodiscard]] std::optional<Match> invite_of(const Message& cancel) const;

  /// The connection is gone (RFC 3261 18.4): clients on it fail, or start again on UDP where they were
  /// diverted from it (18.1.1); servers answer on a new one (18.2.2).
  void handle_closed(const Flow& flow, Time now);
  void handle_timers(Time now);
  [[nodiscard]] std::optional<Time> next_deadline() const { return timers_.next_deadline(); }

  [[nodiscard]] bool full() const { return by_id_.size() >= limit_; }
  [[nodiscard]] std::size_t size() const { return by_id_.size(); }
  [[nodiscard]] std::size_t timers() const { return timers_.size(); }

 private:
  struct Transaction {
    TxId id;
    TxKind kind = TxKind::client;
    TxState state = TxState::idle;
    TxOwner owner;
    std::uint16_t sent_by_port = 0;  // server: where to answer when the connection is lost
    Flow flow;
    std::optional<Flow> datagram;  // client: what it was diverted from, until there is a response
    Time started;
    Duration interval{};  // of timer A, E or G
    std::string key, merge_key;
    Octets message;  // the request sent, or the last response
  };
  struct Input {
    const Message* response = nullptr;
    const Flow* flow = nullptr;
    Octets message = {};
    int status = 0;
  };
  using Index = std::unordered_map<std::string_view, Transaction*>;

  Transaction& create(TxKind kind, std::string key, const Flow& flow, TxOwner owner, Time now);
  void run(Transaction& tx, TxEvent event, Input input, Time now);
  void execute(Transaction& tx, TxStep step, Input& input, Time now);
  void start_timer(const Transaction& tx, TxTimer timer, Duration after, Time now);
  bool fall_back(Transaction& tx, Time now);
  void move(Transaction& tx, std::uint64_t connection);
  void erase(Transaction& tx, Time now);
  Transaction* find(TxId id) const;
  Transaction* find_server(const Message& request, std::string_view method) const;
  std::vector<TxId> on_connection(std::uint64_t connection) const;

  Timings timings_;
  std::size_t limit_;
  LargeRequests large_;
  TransactionUser& user_;
  std::uint64_t last_id_ = 0;
  std::unordered_map<TxId, std::unique_ptr<Transaction>> by_id_;
  Index clients_, servers_, merges_;
  std::set<std::pair<std::uint64_t, std::uint64_t>> by_connection_;  // TCP: connection, transaction
  TimerQueue<std::uint64_t> timers_;                                 // transaction * 16 + timer
};

}  // namespace tandem::sip
