// Message routing and load sharing (Q.704 2.3), also of level 3's own messages (Q.704 15.1).
#include "isup/mtp/network_core.h"

namespace tandem::mtp {
namespace {

/// Traffic goes to it, or is held for it.
bool serves(const LinkData& link) {
  return link.traffic != Traffic::diverted;
}
/// Can send at this moment.
bool sends(const LinkData& link) {
  return link.traffic == Traffic::carrying || link.traffic == Traffic::changing_back;
}

/// Q.704 2.3.4: a link's own share stays with it whatever the others do; only a lost link's is shared out.
LinkIndex choose_in(const NetworkCore& core, std::size_t linkset, std::size_t share) {
  const auto& links = core.linksets[linkset].links;
  const LinkIndex normal = links[share % links.size()];
  if (serves(core.links[normal])) return normal;
  const auto able = [&](LinkIndex l) { return serves(core.links[l]); };
  const auto count = static_cast<std::size_t>(std::ranges::count_if(links, able));
  if (count == 0) return kNoLink;
  std::size_t skip = share / links.size() % count;
  for (const LinkIndex l : links)
    if (able(l) && skip-- == 0) return l;
  return kNoLink;
}

/// The open routes of least restriction, then of least priority (Q.704 2.3.5).
struct BestRoutes {
  BestRoutes(const NetworkCore& with, const Destination& destination) : core(with) {
    for (const auto& r : destination.routes) {
      if (!open(r)) continue;
      if (rank_of(r) < rank) rank = rank_of(r), count = 0;
      if (rank_of(r) == rank) ++count;
    }
  }
  [[nodiscard]] bool holds(const Route& r) const { return open(r) && rank_of(r) == rank; }
  [[nodiscard]] bool open(const Route& r) const {
    return r.status != RouteStatus::prohibited && core.linksets[r.linkset].traffic_allowed &&
           linkset_serves(core, r.linkset);
  }
  static unsigned rank_of(const Route& r) { return static_cast<unsigned>(r.status) << 8 | r.priority; }

  const NetworkCore& core;
  unsigned rank = ~0U;
  std::size_t count = 0;
};

/// Once the linkset serves, the destination's traffic goes by it, or a part.
bool prefers(const NetworkCore& core, const Destination& destination, std::size_t linkset) {
  const auto r = std::ranges::find(destination.routes, linkset, &Route::linkset);
  return r != destination.routes.end() && r->status != RouteStatus::prohibited &&
         BestRoutes::rank_of(*r) <= BestRoutes(core, destination).rank;
}

LinkIndex sender_in(const NetworkCore& core, std::size_t linkset, std::uint8_t share, LinkIndex avoid) {
  std::vector<LinkIndex> able;
  for (const LinkIndex l : core.linksets[linkset].links)
    if (l != avoid && sends(core.links[l])) able.push_back(l);
  return able.empty() ? kNoLink : able[share % able.size()];
}

/// A link towards a neighbour by way of another one: by the best route whose linkset can send. What the other
/// end answers must come the same way, so a route that is merely there will not do (Q.704 2.3.5).
LinkIndex way_round(const NetworkCore& core, std::size_t linkset) {
  const auto destination =
      std::ranges::find(core.destinations, core.linkset_config(linkset).adjacent, &Destination::code);
  if (destination == core.destinations.end()) return kNoLink;
  LinkIndex best = kNoLink;
  unsigned best_rank = ~0U;
  for (const auto& r : destination->routes) {
    if (r.linkset == linkset || r.status == RouteStatus::prohibited) continue;
    // A neighbour that restarts transfers nothing yet, if it does so at all.
    const unsigned rank = BestRoutes::rank_of(r) | (core.linksets[r.linkset].traffic_allowed ? 0U : 1U << 16);
    if (rank >= best_rank) continue;
    if (const LinkIndex l = sender_in(core, r.linkset, 0, kNoLink); l != kNoLink) best = l, best_rank = rank;
  }
  return best;
}

void send_on(NetworkCore& core, LinkIndex link, const Label& label, const Management& message) {
  const Octets data = encode_management(message, core.config.variant);
  core.transmit(
      link, encode_msu({.service = service::kManagement,
                        .network_indicator = core.config.network_indicator,
                        .priority = static_cast<std::uint8_t>(core.config.variant == Variant::itu ? 0 : 3),
                        .label = label,
                        .data = data},
                       core.config.variant));
}

}  // namespace

bool linkset_serves(const NetworkCore& core, std::size_t linkset) {
  return std::ranges::any_of(core.linksets[linkset].links,
                             [&](LinkIndex l) { return serves(core.links[l]); });
}

LinkIndex choose(const NetworkCore& core, const Destination& destination, std::uint8_t sls) {
  const BestRoutes best(core, destination);
  if (best.count == 0) return kNoLink;
  std::size_t skip = sls % best.count;
  for (const auto& r : destination.routes)
    if (best.holds(r) && skip-- == 0) return choose_in(core, r.linkset, sls / best.count);
  return kNoLink;
}

std::vector<std::size_t> linksets_in_use(const NetworkCore& core, const Destination& destination) {
  const BestRoutes best(core, destination);
  std::vector<std::size_t> out;
  for (const auto& r : destination.routes)
    if (best.holds(r)) out.push_back(r.linkset);
  return out;
}

bool route(NetworkCore& core, Held message) {
  Destination* destination = core.find(message.destination);
  const LinkIndex link = destination == nullptr ? kNoLink : choose(core, *destination, message.sls);
  if (link == kNoLink) {
    ++core.counters.no_route;
    return false;
  }
  LinkData& data = core.links[link];
  std::deque<Held>* held = destination->rerouting              ? &destination->held
                           : data.traffic == Traffic::carrying ? nullptr
                                                               : &data.held;
  if (held == nullptr) {
    core.transmit(link, std::move(message.msu));
  } else if (held->size() < core.config.held_msus) {
    held->push_back(std::move(message));
  } else {
    ++core.counters.held_too_many;
    return false;
  }
  return true;
}

void flush(NetworkCore& core, std::deque<Held>& held) {
  std::deque<Held> messages = std::move(held);
  held.clear();
  for (auto& message : messages) route(core, std::move(message));
}

bool send_management(NetworkCore& core, LinkIndex about, Management message) {
  const LinkData& data = core.links[about];
  const auto& set = core.linkset_config(data.linkset);
  message.slc = data.slc;
  // Of inhibiting a link that works speaks itself (Q.704 10): some receivers drop what comes by another.
  const bool inhibiting = (static_cast<unsigned>(message.heading) & 0x0fU) == 6;
  LinkIndex by = kNoLink;
  if (inhibiting && data.activity == Activity::available && !data.remote_outage && !data.local_outage)
    by = about;
  if (by == kNoLink) by = sender_in(core, data.linkset, data.slc, about);
  if (by == kNoLink) by = way_round(core, data.linkset);
  if (by == kNoLink && data.activity == Activity::available) by = about;
  if (by == kNoLink) return false;
  send_on(core, by, {set.adjacent, set.own, data.slc}, message);
  return true;
}

bool send_to_neighbour(NetworkCore& core, std::size_t linkset, Management message) {
  const auto& set = core.linkset_config(linkset);
  const LinkIndex by = sender_in(core, linkset, 0, kNoLink);
  if (by == kNoLink) return false;
  // The SLS is the SLC of the link that carries it: some receivers drop any other.
  send_on(core, by, {set.adjacent, set.own, core.links[by].slc}, message);
  return true;
}

void send_to_point(NetworkCore& core, PointCode to, PointCode from, Management message) {
  const Destination* destination = core.find(to);
  const LinkIndex by = destination == nullptr ? kNoLink : choose(core, *destination, 0);
  if (by == kNoLink || !sends(core.links[by])) return;
  send_on(core, by, {to, from, core.links[by].slc}, message);
}

bool has_other_path(const NetworkCore& core, LinkIndex link) {
  const std::size_t linkset = core.links[link].linkset;
  return sender_in(core, linkset, 0, link) != kNoLink || way_round(core, linkset) != kNoLink;
}

std::vector<LinkIndex> carriers_elsewhere(const NetworkCore& core, std::size_t linkset) {
  const PointCode adjacent = core.linkset_config(linkset).adjacent;
  std::vector<bool> used(core.linksets.size());
  for (const auto& destination : core.destinations)
    if (prefers(core, destination, linkset))
      for (const std::size_t other : destination.in_use) used[other] = true;
  used[linkset] = false;
  const auto neighbour = std::ranges::find(core.destinations, adjacent, &Destination::code);
  std::vector<LinkIndex> out;
  for (std::size_t other = 0; other < used.size(); ++other) {
    if (!used[other]) continue;
    const auto r = std::ranges::find(neighbour->routes, other, &Route::linkset);
    if (r == neighbour->routes.end() || !BestRoutes(core, *neighbour).open(*r)) return {};
    for (const LinkIndex l : core.linksets[other].links)
      if (core.links[l].traffic == Traffic::carrying) out.push_back(l);
  }
  return out;
}

}  // namespace tandem::mtp
