// What is heard of routes (Q.704 13), forced and controlled rerouting (7, 8), signalling traffic flow
// control (11).
#include <utility>

#include "isup/mtp/network_core.h"

namespace tandem::mtp {
namespace {

/// The way used until now would still do, so nothing is lost by waiting (Q.704 8.2).
bool still_open(const NetworkCore& core, const Destination& destination, std::size_t linkset) {
  return core.linksets[linkset].traffic_allowed && linkset_serves(core, linkset) &&
         std::ranges::any_of(destination.routes, [&](const Route& r) {
           return r.linkset == linkset && r.status != RouteStatus::prohibited;
         });
}

/// All its links hold their traffic until the declarations are answered.
bool changes_back(const NetworkCore& core, std::size_t linkset) {
  return std::ranges::none_of(core.linksets[linkset].links,
                              [&](LinkIndex l) { return core.links[l].traffic == Traffic::carrying; });
}

/// A new way beside one that still does: traffic is held for T3 when a linkset is back (Q.704 6.4), for T6
/// when it is a route (8.2).
void divert(NetworkCore& core, Destination& destination, const std::vector<std::size_t>& before) {
  for (const std::size_t l : destination.in_use) {
    if (std::ranges::find(before, l) != before.end() || changes_back(core, l)) continue;
    const bool back = core.linksets[l].returning;
    destination.rerouting = true;
    core.stop(back ? NetworkTimer::t6 : NetworkTimer::t3, core.index_of(destination));
    core.start(back ? NetworkTimer::t3 : NetworkTimer::t6, core.index_of(destination));
    return;
  }
}

void judge_destination(NetworkCore& core, Destination& destination) {
  auto in_use = linksets_in_use(core, destination);
  const auto before = std::exchange(destination.in_use, in_use);
  destination.linkset = in_use.empty() ? std::nullopt : std::optional(in_use.front());
  const bool accessible = !in_use.empty();
  if (accessible && destination.accessible &&
      std::ranges::any_of(before, [&](std::size_t l) { return still_open(core, destination, l); }))
    divert(core, destination, before);
  const bool changed = accessible != destination.accessible;
  destination.accessible = accessible;
  judge_restriction(core, destination);
  if (!changed) return;
  if (accessible) {
    core.outputs.emplace_back(Resume{destination.code});
  } else {
    destination.rerouting = false;
    core.counters.no_route += destination.held.size();
    destination.held.clear();
    destination.congestion = 0;
    for (const auto t : {NetworkTimer::t3, NetworkTimer::t6, NetworkTimer::t15, NetworkTimer::t16})
      core.stop(t, core.index_of(destination));
    core.outputs.emplace_back(Pause{destination.code});
    force_uninhibit(core, destination);
  }
}

/// What the neighbour said of its routes is over with its linkset. When that is back it may speak before we
/// have tested the link, and must be heard.
void forget_routes(NetworkCore& core, std::size_t linkset) {
  core.linksets[linkset].heard = false;
  for (auto& destination : core.destinations)
    for (auto& route : destination.routes)
      if (route.linkset == linkset) {
        route.status = RouteStatus::allowed;
        core.stop(NetworkTimer::t10, core.route_key(destination, linkset));
      }
}

void set_route(NetworkCore& core, Destination& destination, std::size_t linkset, RouteStatus status) {
  for (auto& route : destination.routes) {
    if (route.linkset != linkset || core.is_neighbour(destination, linkset)) continue;
    route.status = status;
    if (status == RouteStatus::allowed)
      core.stop(NetworkTimer::t10, core.route_key(destination, linkset));
    else
      core.start(NetworkTimer::t10, core.route_key(destination, linkset));
  }
}

/// TFP, TFR, TFA; ANSI's cluster messages are about every member that is known.
void receive_status(NetworkCore& core, std::size_t linkset, const Management& message, RouteStatus status) {
  const Heading h = message.heading;
  const bool cluster = h == Heading::tcp || h == Heading::tcr || h == Heading::tca;
  const PointCode mask = cluster ? 0xFFFF00 : 0xFFFFFF;
  for (auto& destination : core.destinations)
    if ((destination.code & mask) == (message.affected & mask)) set_route(core, destination, linkset, status);
  judge_network(core);
}

void set_congestion(NetworkCore& core, Destination& destination, std::uint8_t level) {
  destination.congestion = level;
  const std::size_t index = core.index_of(destination);
  core.stop(NetworkTimer::t16, index);
  if (level > 0)
    core.start(NetworkTimer::t15, index);
  else
    core.stop(NetworkTimer::t15, index);
  core.outputs.emplace_back(Congested{destination.code, level});
}

/// Q.704 13.7, 13.9.
void receive_controlled(NetworkCore& core, const Management& message) {
  Destination* destination = core.find(message.affected);
  if (destination == nullptr || !destination->accessible) {
    ++core.counters.unexpected;
    return;
  }
  set_congestion(core, *destination, std::max<std::uint8_t>(message.status, 1));
}

}  // namespace

void judge_network(NetworkCore& core) {
  for (std::size_t l = 0; l < core.linksets.size(); ++l) {
    LinksetData& data = core.linksets[l];
    const bool up = linkset_serves(core, l);
    if (up == data.up) continue;
    data.up = up;
    data.traffic_allowed = false;
    for (const auto t : {NetworkTimer::t19, NetworkTimer::t20, NetworkTimer::t21}) core.stop(t, l);
    if (up) {
      greet(core, l);
    } else {
      forget_routes(core, l);
      forget_told(core, l);
    }
  }
  const bool restarted = end_restart(core);
  for (auto& destination : core.destinations) judge_destination(core, destination);
  for (auto& linkset : core.linksets) linkset.returning = false;
  for (std::size_t l = 0; l < core.linksets.size(); ++l) tell(core, l);
  if (restarted) send_allowed(core);
}

void receive_route_message(NetworkCore& core, std::size_t linkset, const Msu& msu,
                           const Management& message) {
  const bool from_neighbour = msu.label.opc == core.linkset_config(linkset).adjacent;
  switch (message.heading) {
    case Heading::tfc:
      receive_controlled(core, message);
      return;
    case Heading::rct:
      return;  // Q.704 13.9: its priority is the question; discarded at its end
    case Heading::upu:
      core.outputs.emplace_back(UserUnavailable{message.affected, message.user, message.cause});
      return;
    default:
      break;
  }
  if (!from_neighbour) {  // Q.704 13.2.4: only a neighbour's word counts
    ++core.counters.unexpected;
    return;
  }
  switch (message.heading) {
    case Heading::tfp:
    case Heading::tcp:
      receive_status(core, linkset, message, RouteStatus::prohibited);
      break;
    case Heading::tfr:
    case Heading::tcr:
      receive_status(core, linkset, message, RouteStatus::restricted);
      break;
    case Heading::tfa:
    case Heading::tca:
      receive_status(core, linkset, message, RouteStatus::allowed);
      break;
    case Heading::rst:
    case Heading::rsr:
    case Heading::rcp:
    case Heading::rcr:
      receive_route_test(core, linkset, message);
      break;
    case Heading::tra:
      receive_restart(core, linkset, true);
      break;
    case Heading::trw:
      receive_restart(core, linkset, false);
      break;
    default:
      ++core.counters.unexpected;
      break;
  }
}

void route_timed_out(NetworkCore& core, NetworkTimer timer, std::size_t of) {
  switch (timer) {
    case NetworkTimer::t3:
    case NetworkTimer::t6:
      core.destinations[of].rerouting = false;
      flush(core, core.destinations[of].held);
      break;
    case NetworkTimer::t10: {
      const Destination& destination = core.destinations[of / core.linksets.size()];
      const std::size_t linkset = of % core.linksets.size();
      const auto route = std::ranges::find(destination.routes, linkset, &Route::linkset);
      const bool restricted = route != destination.routes.end() && route->status == RouteStatus::restricted;
      send_to_neighbour(core, linkset,
                        {.heading = restricted ? Heading::rsr : Heading::rst, .affected = destination.code});
      core.start(timer, of);
      break;
    }
    case NetworkTimer::t11:
      restrict_destination(core, core.destinations[of]);
      break;
    case NetworkTimer::t15: {  // Q.704 13.9.3
      const auto& destination = core.destinations[of];
      if (destination.linkset)
        send_to_point(core, destination.code, core.linkset_config(*destination.linkset).own,
                      {.heading = Heading::rct});
      core.start(NetworkTimer::t16, of);
      break;
    }
    case NetworkTimer::t16: {
      auto& destination = core.destinations[of];
      set_congestion(core, destination, static_cast<std::uint8_t>(destination.congestion - 1));
      break;
    }
    case NetworkTimer::t18:
      judge_network(core);
      break;
    case NetworkTimer::waiting_again:
      repeat_waiting(core, of);
      break;
    case NetworkTimer::t20:
    case NetworkTimer::t21:
      receive_restart(core, of, true);
      break;
    default:
      break;  // T8, T19, ANSI's T18: their running is their meaning
  }
}

void judge_link_congestion(NetworkCore& core, LinkIndex link) {
  const LinkData& data = core.links[link];
  for (const auto& destination : core.destinations)
    if (destination.linkset == data.linkset && destination.congestion == 0)
      core.outputs.emplace_back(Congested{destination.code, data.congestion});
}

}  // namespace tandem::mtp
