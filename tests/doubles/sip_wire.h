#pragma once
// A network for user agents in virtual time: UDP that loses, doubles and reorders, TCP that cuts its stream
// anywhere and can break. Everything follows from the Random handed in.
#include <algorithm>
#include <functional>
#include <map>
#include <utility>
#include <vector>

#include "gateway/base/random.h"
#include "sipt/user_agent.h"

namespace tandem::doubles {

struct WireFaults {
  double loss = 0;       ///< part of the datagrams
  double duplicate = 0;  ///< likewise
  Duration delay = std::chrono::milliseconds(5);
  Duration jitter{};  ///< added at random: more than the time between two datagrams reorders them
  double cut = 0;     ///< TCP: part of the writes after which the connection breaks
};

class SipWire {
 public:
  using OnEvent = std::function<void(sip::Event, Time)>;

  SipWire(Random& random, WireFaults faults) : random_(random), faults_(faults) {}

  /// A user agent that listens at `address` on UDP and TCP.
  void attach(const SocketAddress& address, sip::UserAgent& agent, OnEvent on_event) {
    hosts_.push_back({address, &agent, std::move(on_event)});
  }
  /// Datagrams to `address` reach each of the members: branches of a fork, without a proxy's Via.
  void group(const SocketAddress& address, std::vector<SocketAddress> members) {
    groups_.emplace_back(address, std::move(members));
  }
  /// Something to be done later.
  void after(Duration delay, std::function<void()> action) { at(now_ + delay, std::move(action)); }
  [[nodiscard]] Time now() const { return now_; }
  [[nodiscard]] std::size_t datagrams() const { return datagrams_; }
  void faults(WireFaults faults) { faults_ = faults; }

  /// Lets everything happen that happens until `end`.
  void run_until(Time end) {
    settle();
    while (const auto next = next_time()) {
      if (*next > end) break;
      now_ = *next;
      for (auto& host : hosts_) {
        const auto due = host.agent->next_deadline();
        if (due && *due <= now_) host.agent->handle_timers(now_);
      }
      settle();  // who acts has heard what happened before
      while (!queue_.empty() && queue_.begin()->first.first <= now_) {
        auto action = std::move(queue_.extract(queue_.begin()).mapped());
        action();
        settle();
      }
    }
    now_ = end;
  }

 private:
  struct Host {
    SocketAddress address;
    sip::UserAgent* agent;
    OnEvent on_event;
  };
  struct Connection {
    Host* from;
    Host* to;
    SocketAddress ephemeral;  // of `from`
    Time busy_until;          // a stream keeps its order
  };

  bool chance(double part) { return static_cast<double>(random_.next() >> 11) * 0x1p-53 < part; }
  Duration travel() {
    const auto spread =
        faults_.jitter.count() == 0
            ? 0
            : static_cast<Duration::rep>(random_.next() % static_cast<std::uint64_t>(faults_.jitter.count()));
    return faults_.delay + Duration(spread);
  }
  void at(Time time, std::function<void()> action) {
    queue_.emplace(std::pair{time, ++sequence_}, std::move(action));
  }
  Host* host_at(const SocketAddress& address) {
    const auto it = std::ranges::find(hosts_, address, &Host::address);
    return it == hosts_.end() ? nullptr : &*it;
  }
  std::optional<Time> next_time() {
    std::optional<Time> next;
    if (!queue_.empty()) next = queue_.begin()->first.first;
    for (const auto& host : hosts_) next = earlier(next, host.agent->next_deadline());
    return next;
  }
  void settle() {
    bool busy = true;
    while (std::exchange(busy, false)) {
      for (auto& host : hosts_) {
        while (auto transmit = host.agent->poll_transmit()) {
          busy = true;
          transmit->flow.transport == sip::Transport::udp ? send(std::move(*transmit))
                                                          : write(host, std::move(*transmit));
        }
        while (auto event = host.agent->poll_event()) {
          busy = true;
          host.on_event(std::move(*event), now_);
        }
      }
    }
  }
  void send(sip::Transmit transmit) {
    for (const auto& [address, members] : groups_) {
      if (address != transmit.flow.remote) continue;
      for (const auto& member : members) {
        sip::Transmit copy = transmit;
        copy.flow.remote = member;
        send(std::move(copy));
      }
      return;
    }
    ++datagrams_;
    const int copies = chance(faults_.loss) ? 0 : chance(faults_.duplicate) ? 2 : 1;
    for (int i = 0; i < copies; ++i) {
      at(now_ + travel(), [this, transmit] {
        Host* to = host_at(transmit.flow.remote);
        if (to == nullptr) return;
        const sip::Flow seen{sip::Transport::udp, transmit.flow.remote, transmit.flow.local, 0};
        to->agent->handle_datagram(seen, transmit.octets, now_);
      });
    }
  }
  void write(Host& from, sip::Transmit transmit) {
    auto it = connections_.find(transmit.flow.connection);
    if (it == connections_.end()) it = reusable(from, transmit.flow.remote);
    if (it == connections_.end()) {
      Host* to = host_at(transmit.flow.remote);
      if (to == nullptr) {
        sip::Flow flow = transmit.flow;
        flow.connection = 0;
        return at(now_ + faults_.delay, [this, &from, flow] { from.agent->handle_closed(flow, now_); });
      }
      SocketAddress ephemeral = from.address;
      ephemeral.port = static_cast<std::uint16_t>(32768 + ++last_connection_ % 32768);
      it = connections_.emplace(last_connection_, Connection{&from, to, ephemeral, now_}).first;
    }
    if (transmit.octets.empty() || chance(faults_.cut)) return close(it->first);
    stream(it->first, &from == it->second.from, transmit.octets);
  }
  std::map<std::uint64_t, Connection>::iterator reusable(const Host& from, const SocketAddress& remote) {
    return std::ranges::find_if(connections_, [&](const auto& entry) {
      const Connection& c = entry.second;
      return (c.from == &from && c.to->address == remote) || (c.to == &from && c.ephemeral == remote);
    });
  }
  /// In pieces, in order.
  void stream(std::uint64_t id, bool forward, const Octets& octets) {
    Connection& connection = connections_.at(id);
    for (std::size_t begin = 0; begin < octets.size();) {
      const std::size_t size = std::min<std::size_t>(octets.size() - begin, 1 + random_.next() % 700);
      const auto from = octets.begin() + static_cast<std::ptrdiff_t>(begin);
      connection.busy_until = std::max(connection.busy_until, now_ + travel());
      at(connection.busy_until,
         [this, id, forward, piece = Octets(from, from + static_cast<std::ptrdiff_t>(size))] {
           const auto it = connections_.find(id);
           if (it == connections_.end()) return;
           Host* to = forward ? it->second.to : it->second.from;
           to->agent->handle_stream(flow_of(it->first, it->second, !forward), piece, now_);
         });
      begin += size;
    }
  }
  static sip::Flow flow_of(std::uint64_t id, const Connection& c, bool of_opener) {
    return of_opener ? sip::Flow{sip::Transport::tcp, c.from->address, c.to->address, id}
                     : sip::Flow{sip::Transport::tcp, c.to->address, c.ephemeral, id};
  }
  void close(std::uint64_t id) {
    const Connection connection = connections_.at(id);
    connections_.erase(id);
    at(now_, [this, id, connection] {
      connection.from->agent->handle_closed(flow_of(id, connection, true), now_);
      connection.to->agent->handle_closed(flow_of(id, connection, false), now_);
    });
  }

  Random& random_;
  WireFaults faults_;
  Time now_{};
  std::uint64_t sequence_ = 0, last_connection_ = 0;
  std::size_t datagrams_ = 0;
  std::vector<Host> hosts_;
  std::vector<std::pair<SocketAddress, std::vector<SocketAddress>>> groups_;
  std::map<std::pair<Time, std::uint64_t>, std::function<void()>> queue_;
  std::map<std::uint64_t, Connection> connections_;
};

}  // namespace tandem::doubles
