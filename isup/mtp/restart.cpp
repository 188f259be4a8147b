// MTP restart, ours and a neighbour's (Q.704 9).
#include "isup/mtp/network_core.h"

namespace tandem::mtp {
namespace {

void allow_traffic(NetworkCore& core, std::size_t linkset) {
  core.linksets[linkset].traffic_allowed = core.linksets[linkset].returning = true;
  core.start(NetworkTimer::t19, linkset);
}

bool is_up(const LinksetData& linkset) {
  return linkset.up;
}

/// Nothing more can be learnt by waiting.
bool all_heard(const NetworkCore& core) {
  return std::ranges::all_of(core.linksets, [&](const LinksetData& set) {
    return (set.up && set.heard) ||
           std::ranges::none_of(set.links, [&](LinkIndex l) { return core.links[l].wanted; });
  });
}

/// Q.704 9.2: a transfer point gathers links and what its neighbours say of routes before it lets any send.
void await_others(NetworkCore& core, std::size_t linkset) {
  if (core.config.variant == Variant::ansi)  // T1.111.4 9.2
    repeat_waiting(core, linkset);
  if (!core.linksets[linkset].heard) core.start(NetworkTimer::t20, linkset);
}

}  // namespace

void repeat_waiting(NetworkCore& core, std::size_t linkset) {
  if (!core.restarting || !core.linksets[linkset].up) return;
  send_to_neighbour(core, linkset, {.heading = Heading::trw});
  core.start(NetworkTimer::waiting_again, linkset);
}

bool end_restart(NetworkCore& core) {
  if (!core.restarting) return false;
  if (std::ranges::none_of(core.linksets, is_up)) {
    core.restarting = false;
    core.stop(NetworkTimer::t18, 0);
    return false;
  }
  if (core.timers.running({NetworkTimer::t18, 0}) && !all_heard(core)) return false;
  core.restarting = false;
  core.stop(NetworkTimer::t18, 0);
  for (std::size_t l = 0; l < core.linksets.size(); ++l)
    if (core.linksets[l].up && core.linksets[l].heard) allow_traffic(core, l);
  return true;
}

void send_allowed(NetworkCore& core) {
  for (std::size_t l = 0; l < core.linksets.size(); ++l)
    if (core.linksets[l].up) send_to_neighbour(core, l, {.heading = Heading::tra});
}

/// The neighbour is there again. What it must know goes before TRA, and its own TRA is waited for, unless it
/// was in reach by others all the time: then it does not restart (Q.704 9.3), and the traffic changes back.
void greet(NetworkCore& core, std::size_t linkset) {
  const bool alone =
      std::ranges::none_of(core.linksets, [](const LinksetData& l) { return l.traffic_allowed; });
  if (core.config.transfer && std::ranges::count_if(core.linksets, is_up) == 1) {
    core.restarting = true;
    core.start(NetworkTimer::t18, 0);
  }
  if (core.restarting) return await_others(core, linkset);
  tell(core, linkset);
  send_to_neighbour(core, linkset, {.heading = Heading::tra});
  const Destination* neighbour = core.find(core.linkset_config(linkset).adjacent);
  if (neighbour->accessible)
    core.linksets[linkset].traffic_allowed = core.linksets[linkset].returning = true;
  else if (core.linksets[linkset].heard)
    allow_traffic(core, linkset);
  else
    core.start(alone ? NetworkTimer::t20 : NetworkTimer::t21, linkset);
}

void receive_restart(NetworkCore& core, std::size_t linkset, bool allowed) {
  LinksetData& data = core.linksets[linkset];
  if (!data.up) {
    data.heard = allowed;
    return;
  }
  if (!allowed) {  // T1.111.4 9: the neighbour is not ready yet
    if (!data.traffic_allowed) core.start(NetworkTimer::t21, linkset);
    return;
  }
  if (data.traffic_allowed) {  // Q.704 9.4: unexpected
    if (core.timers.running({NetworkTimer::t19, linkset})) return;
    send_to_neighbour(core, linkset, {.heading = Heading::tra});
    core.start(NetworkTimer::t19, linkset);
    return;
  }
  for (const auto t : {NetworkTimer::t20, NetworkTimer::t21}) core.stop(t, linkset);
  if (core.restarting)
    data.heard = true;
  else
    allow_traffic(core, linkset);
  judge_network(core);
}

}  // namespace tandem::mtp
