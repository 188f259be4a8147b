// What a transfer point tells its neighbours of its routes (Q.704 13.2 to 13.5).
#include "isup/mtp/network_core.h"

namespace tandem::mtp {
namespace {

/// As a way for this neighbour. Whom the way leads through shall not come back here (Q.704 13.2.2).
RouteStatus status_for(const Destination& destination, std::size_t linkset) {
  if (!destination.accessible || std::ranges::find(destination.in_use, linkset) != destination.in_use.end())
    return RouteStatus::prohibited;
  return destination.restricted ? RouteStatus::restricted : RouteStatus::allowed;
}

void say(NetworkCore& core, Destination& destination, std::size_t linkset) {
  const RouteStatus status = status_for(destination, linkset);
  constexpr std::array kHeadings = {Heading::tfa, Heading::tfr, Heading::tfp};
  if (send_to_neighbour(
          core, linkset,
          {.heading = kHeadings[static_cast<std::size_t>(status)], .affected = destination.code}))
    destination.told[linkset] = status;
  if (status != RouteStatus::restricted || core.config.variant != Variant::ansi) return;
  destination.reminded[linkset] = false;
  core.start(NetworkTimer::restricted_again, core.route_key(destination, linkset));
}

/// Q.704 13.4: a national option; T1.111.4 has it always.
bool may_restrict(const NetworkCore& core) {
  return core.config.transfer && (core.config.variant == Variant::ansi || core.config.network_indicator >= 2);
}

/// A linkset that its traffic would rather take is gone.
bool is_second_best(const NetworkCore& core, const Destination& destination) {
  unsigned used = ~0U;
  for (const auto& r : destination.routes)
    if (std::ranges::find(destination.in_use, r.linkset) != destination.in_use.end())
      used = std::min<unsigned>(used, r.priority);
  return destination.accessible && std::ranges::any_of(destination.routes, [&](const Route& r) {
           return r.priority < used && !core.linksets[r.linkset].traffic_allowed;
         });
}

}  // namespace

void tell(NetworkCore& core, std::size_t linkset) {
  if (!core.config.transfer || core.restarting || !core.linksets[linkset].up) return;
  for (auto& destination : core.destinations)
    if (!core.is_neighbour(destination, linkset) &&
        destination.told[linkset] != status_for(destination, linkset))
      say(core, destination, linkset);
}

void forget_told(NetworkCore& core, std::size_t linkset) {
  for (auto& destination : core.destinations) destination.told[linkset] = RouteStatus::allowed;
}

void judge_restriction(NetworkCore& core, Destination& destination) {
  if (!may_restrict(core)) return;
  const TimerKey t11{NetworkTimer::t11, core.index_of(destination)};
  if (!is_second_best(core, destination)) {
    core.stop(t11.timer, t11.of);
    destination.restricted = false;
  } else if (!destination.restricted && !core.timers.running(t11)) {
    core.start(t11.timer, t11.of);
  }
}

void restrict_destination(NetworkCore& core, Destination& destination) {
  destination.restricted = true;
  for (std::size_t l = 0; l < core.linksets.size(); ++l) tell(core, l);
}

/// Q.704 13.5.4: answered only when it is not as the asker thinks. A test of a cluster is one of each member
/// that is known here (T1.111.4 13.5).
void receive_route_test(NetworkCore& core, std::size_t linkset, const Management& message) {
  if (!core.config.transfer || core.restarting) return;
  const Heading h = message.heading;
  const PointCode mask = h == Heading::rcp || h == Heading::rcr ? 0xFFFF00 : 0xFFFFFF;
  const bool restricted = h == Heading::rsr || h == Heading::rcr;
  const RouteStatus thought = restricted ? RouteStatus::restricted : RouteStatus::prohibited;
  for (auto& destination : core.destinations)
    if ((destination.code & mask) == (message.affected & mask) && !core.is_neighbour(destination, linkset) &&
        status_for(destination, linkset) != thought)
      say(core, destination, linkset);
}

void remind_restricted(NetworkCore& core, Destination& destination, std::size_t linkset) {
  const std::size_t key = core.route_key(destination, linkset);
  if (core.config.variant != Variant::ansi || core.restarting || core.is_neighbour(destination, linkset) ||
      status_for(destination, linkset) != RouteStatus::restricted || destination.reminded[linkset] ||
      core.timers.running({NetworkTimer::restricted_again, key}))
    return;
  say(core, destination, linkset);
  core.stop(NetworkTimer::restricted_again, key);
  destination.reminded[linkset] = true;
}

void refuse_transfer(NetworkCore& core, std::size_t linkset, const Msu& msu) {
  Destination* destination = core.find(msu.label.dpc);
  if (destination == nullptr || core.restarting || core.is_neighbour(*destination, linkset) ||
      status_for(*destination, linkset) != RouteStatus::prohibited)
    return;
  const std::size_t key = core.route_key(*destination, linkset);
  if (core.timers.running({NetworkTimer::t8, key})) return;
  core.start(NetworkTimer::t8, key);
  say(core, *destination, linkset);
}

}  // namespace tandem::mtp
