// MTP restart, ours and a neighbour's (Q.704 9).
#include "isup/mtp/network_core.h"

namespace tandem::mtp {
namespace {

void allow_traffic(NetworkCore& core, std::size_t linkset) {
  core.linksets[linkset].traffic_allowed = core.linksets[linkset].returning = true;
  core.start(NetworkTimer::t19, linkset);
}

}  // namespace

/// The neighbour is there again. What it must know goes before TRA, and its own TRA is waited for, unless it
/// was in reach by others all the time: then it does not restart (Q.704 9.3), and the traffic changes back.
void greet(NetworkCore& core, std::size_t linkset) {
  const bool alone =
      std::ranges::none_of(core.linksets, [](const LinksetData& l) { return l.traffic_allowed; });
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
  allow_traffic(core, linkset);
  judge_network(core);
}

}  // namespace tandem::mtp
