#pragma once
// The far ends of all SS7 links of a gateway in virtual time: MTP level 3 and circuit groups of their own.
// Links are joined by level 2 as level 3 sees it: MSUs take a millisecond, a link that is cut fails at both
// ends.
#include <algorithm>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "gateway/core/config.h"
#include "gateway/media/link_commands.h"
#include "isup/group.h"
#include "isup/mtp/network.h"

namespace tandem::doubles {

class FarSs7 {
 public:
  using After = std::function<void(Duration, std::function<void()>)>;
  using ToGateway = std::function<void(const media::LinkEvent&)>;
  using Handler = std::function<void(const isup::GroupOutput&)>;

  FarSs7(const core::Config& config, const Time& now, After after, ToGateway to_gateway)
      : now_(now), after_(std::move(after)), to_gateway_(std::move(to_gateway)) {
    for (const auto& ours : config.networks)
      for (const auto& linkset : ours.linksets) {  // each ends at an exchange of its own
        auto theirs = ours;
        theirs.linksets = {linkset};
        std::swap(theirs.linksets[0].own, theirs.linksets[0].adjacent);
        theirs.own = {linkset.adjacent};
        theirs.routes.clear();
        first_link_.push_back(links_.size());
        networks_.emplace_back(theirs);
        for (mtp::LinkIndex i = 0; i < networks_.back().links(); ++i)
          links_.push_back({networks_.size() - 1, i, false, false, false, false});
      }
    for (const auto& trunk : config.isup_trunks) add_trunk(trunk.group);
    for (auto& group : groups_) {
      group.machine = isup::CircuitGroup(group.config);
      group.machine.pause(now_);
    }
    for (auto& network : networks_) network.activate_all(now_);
  }

  /// Of the trunk, and of others between the same point codes.
  isup::CircuitGroup& group(std::size_t trunk) { return groups_[trunks_[trunk].group].machine; }
  void on_isup(std::size_t trunk, Handler handler) { trunks_[trunk].handler = std::move(handler); }
  mtp::Network& network(std::size_t index) { return networks_[index]; }
  /// Both ends lose the link until it is no longer cut.
  void cut(std::size_t link, bool is_cut) {
    auto& one = links_[link];
    one.cut = is_cut;
    if (is_cut && std::exchange(one.up, false)) fail(link);
    try_up(link);
  }

  /// From the gateway.
  void take(const mtp::ToLink& order) {
    using A = mtp::LinkAction;
    using What = media::LinkEvent::What;
    auto& link = links_[order.link];
    switch (order.action) {
      case A::start:
        link.near_started = true;
        return try_up(order.link);
      case A::stop:
        link.near_started = false;
        if (std::exchange(link.up, false)) networks_[link.network].out_of_service(link.index, now_);
        return;
      case A::send:
        if (link.up)
          later([this, at = order.link, msu = order.msu] {
            if (links_[at].up) networks_[links_[at].network].received(links_[at].index, msu, now_);
          });
        return;
      case A::backward_sequence:
        return tell(order.link, What::backward_sequence);
      case A::retrieve:
        return tell(order.link, What::retrieval_complete);
      default:
        return;
    }
  }
  /// True: somebody said something.
  bool drain() {
    bool any = false;
    for (std::size_t n = 0; n < networks_.size(); ++n)
      while (auto output = networks_[n].poll_output()) {
        any = true;
        std::visit([&](auto& what) { on(n, what); }, *output);
      }
    for (auto& group : groups_)
      while (auto output = group.machine.poll_output()) {
        any = true;
        if (const auto* transmit = std::get_if<isup::Transmit>(&*output)) {
          mtp::UserMessage message{
              .priority = transmit->priority,
              .label = {.dpc = group.config.destination, .opc = group.config.own, .sls = transmit->sls},
              .data = transmit->octets};
          (void)networks_[group.network].send(std::move(message), now_);
        } else {
          tell(group, *output);
        }
      }
    return any;
  }
  [[nodiscard]] std::optional<Time> next_deadline() const {
    std::optional<Time> next;
    for (const auto& network : networks_) next = earlier(next, network.next_deadline());
    for (const auto& group : groups_) next = earlier(next, group.machine.next_deadline());
    return next;
  }
  void wake() {
    for (auto& network : networks_)
      if (network.next_deadline() && *network.next_deadline() <= now_) network.expire(now_);
    for (auto& group : groups_)
      if (group.machine.next_deadline() && *group.machine.next_deadline() <= now_)
        group.machine.handle_timers(now_);
  }

 private:
  struct Link {
    std::size_t network = 0;
    mtp::LinkIndex index = 0;
    bool near_started, far_started, up, cut;
  };
  struct Group {
    std::size_t network = 0;
    isup::GroupConfig config;
    isup::CircuitGroup machine;
  };
  struct Trunk {
    std::size_t group = 0;
    std::vector<isup::CicRange> circuits;
    Handler handler;
  };

  /// The far end has the circuits between two point codes as one trunk.
  void add_trunk(isup::GroupConfig group) {
    std::swap(group.own, group.destination);
    group.reset_at_start = false;
    std::size_t known = 0;
    while (known < groups_.size() &&
           (groups_[known].config.own != group.own || groups_[known].config.destination != group.destination))
      ++known;
    trunks_.push_back({known, group.circuits, [](const auto&) {}});
    if (known < groups_.size()) {
      auto& all = groups_[known].config.circuits;
      all.insert(all.end(), group.circuits.begin(), group.circuits.end());
      return;
    }
    std::size_t network = 0;
    while (networks_[network].config().own[0] != group.own) ++network;
    groups_.push_back({network, group, isup::CircuitGroup(group)});
  }
  /// To the trunk that has the circuit; of no circuit: to the first.
  void tell(const Group& group, const isup::GroupOutput& output) {
    const auto cic = std::visit(
        [](const auto& what) -> std::optional<std::uint16_t> {
          if constexpr (requires { what.cic; })
            return what.cic;
          else
            return std::nullopt;
        },
        output);
    for (const auto& trunk : trunks_) {
      if (&groups_[trunk.group] != &group) continue;
      const bool has = !cic || std::ranges::any_of(trunk.circuits, [&](const isup::CicRange& range) {
        return *cic >= range.first_cic && *cic - range.first_cic < static_cast<int>(range.circuits.size());
      });
      if (has) return trunk.handler(output);
    }
  }

  void later(std::function<void()> action) { after_(std::chrono::milliseconds(1), std::move(action)); }
  void tell(std::size_t link, media::LinkEvent::What what, OctetView msu = {}) {
    media::LinkEvent event{.link = static_cast<std::uint16_t>(link), .what = what, .msu = {}};
    event.msu.assign(msu);
    later([this, event] { to_gateway_(event); });
  }
  void try_up(std::size_t index) {
    auto& link = links_[index];
    if (link.up || link.cut || !link.near_started || !link.far_started) return;
    link.up = true;
    tell(index, media::LinkEvent::What::in_service);
    later([this, index] {
      if (links_[index].up) networks_[links_[index].network].in_service(links_[index].index, now_);
    });
  }
  void fail(std::size_t index) {
    links_[index].near_started = links_[index].far_started = false;  // level 3 starts it again
    tell(index, media::LinkEvent::What::out_of_service);
    networks_[links_[index].network].out_of_service(links_[index].index, now_);
  }
  void on(std::size_t network, const mtp::ToLink& order) {
    using A = mtp::LinkAction;
    const auto at = first_link_[network] + order.link;
    auto& link = links_[at];
    switch (order.action) {
      case A::start:
        link.far_started = true;
        return try_up(at);
      case A::stop:
        link.far_started = false;
        if (std::exchange(link.up, false)) tell(at, media::LinkEvent::What::out_of_service);
        return;
      case A::send:
        if (link.up) tell(at, media::LinkEvent::What::received, order.msu);
        return;
      case A::backward_sequence:
        return later([this, network, i = link.index] { networks_[network].backward_sequence(i, 0, now_); });
      case A::retrieve:
        return later([this, network, i = link.index] { networks_[network].retrieval_complete(i, now_); });
      default:
        return;
    }
  }
  void on(std::size_t network, const mtp::UserMessage& message) {
    for (auto& group : groups_)
      if (group.network == network && group.config.destination == message.label.opc)
        return group.machine.receive(message.data, now_);
  }
  template <class Act>
  void to_groups(std::size_t network, mtp::PointCode destination, Act act) {
    for (auto& group : groups_)
      if (group.network == network && group.config.destination == destination) act(group.machine);
  }
  void on(std::size_t network, const mtp::Pause& pause) {
    to_groups(network, pause.destination, [&](isup::CircuitGroup& group) { group.pause(now_); });
  }
  void on(std::size_t network, const mtp::Resume& resume) {
    to_groups(network, resume.destination, [&](isup::CircuitGroup& group) { group.resume(now_); });
  }
  void on(std::size_t, const mtp::Congested&) {}
  void on(std::size_t, const mtp::UserUnavailable&) {}
  void on(std::size_t, const mtp::LinkReport&) {}

  const Time& now_;
  After after_;
  ToGateway to_gateway_;
  std::deque<mtp::Network> networks_;
  std::vector<std::size_t> first_link_;
  std::vector<Link> links_;
  std::deque<Group> groups_;
  std::vector<Trunk> trunks_;
};

}  // namespace tandem::doubles
