// What a changed configuration changes of ISUP trunks and of the links below them.
#include <algorithm>
#include <array>
#include <tuple>

#include "gateway/core/reload_rows.h"

namespace tandem::core {
namespace {

bool same_circuits(const IsupTrunkConfig& a, const IsupTrunkConfig& b) {
  return std::ranges::equal(a.group.circuits, b.group.circuits,
                            [](const isup::CicRange& one, const isup::CicRange& other) {
                              return one.first_cic == other.first_cic && one.circuits == other.circuits;
                            });
}
auto quirks_of(const IsupTrunkConfig& trunk) {
  const auto& q = trunk.group.quirks;
  return std::tuple(q.double_group_messages, q.rlc_with_pointer, q.unequipped_answer, q.loop_acknowledge);
}

using enum Effect;
using I = IsupTrunkConfig;
constexpr auto kIsupTrunk = std::to_array<KeyRow<I>>({
    row<I, [](auto& t) -> auto& { return t.group.variant; }>("variant", restart),
    row<I, [](auto& t) -> auto& { return t.group.own; }>("opc", restart),
    row<I, [](auto& t) -> auto& { return t.group.destination; }>("dpc", restart),
    row<I, [](auto& t) -> auto& { return t.group.network_indicator; }>("network_indicator", restart),
    {"circuits", restart, same_circuits,
     [](I& into, const I& from) { into.group.circuits = from.group.circuits; }},
    row<I, [](auto& t) -> auto& { return t.group.hunting; }>("circuit_selection", now),
    row<I, [](auto& t) -> auto& { return t.group.continuity_every; }>("continuity_every", now),
    row<I, [](auto& t) -> auto& { return t.group.reset_at_start; }>("reset_at_start", now),
    row<I, [](auto& t) -> auto& { return t.group.propagation_delay_ms; }>("propagation_delay_ms", now),
    row<I, [](auto& t) -> auto& { return t.group.location; }>("cause_location", now),
    {"quirks", now, [](const I& a, const I& b) { return quirks_of(a) == quirks_of(b); },
     [](I& into, const I& from) { into.group.quirks = from.group.quirks; }},
    row<I, [](auto& t) -> auto& { return t.group.timers.set; }>("timers_ms", now),
    row<I, [](auto& t) -> auto& { return t.numbers.country_code; }>("country_code", now),
    row<I, [](auto& t) -> auto& { return t.numbers.rules; }>("number", now),
    row<I, &I::echo_tail_ms>("echo_tail_ms", now),
    row<I, [](auto& t) -> auto& { return t.gains.receive; }>("receive_gain_db", now),
    row<I, [](auto& t) -> auto& { return t.gains.send; }>("send_gain_db", now),
    row<I, &I::failure_tone>("failure_tone", now),
    row<I, &I::overlap>("overlap", now),
    row<I, &I::overlap_sending>("overlap_sending", now),
    row<I, &I::statuses>("cause_to_status", now),
    row<I, &I::announcements>("announcement", now),
    row<I, &I::ringback>("ringback", now),
    row<I, &I::hold_music>("hold_music", now),
});

using L = LinksetView;
constexpr auto kLinkset = std::to_array<KeyRow<L>>({
    row<L, &L::variant>("variant", restart),
    row<L, &L::own>("opc", restart),
    row<L, &L::adjacent>("adjacent", restart),
    row<L, &L::network_indicator>("network_indicator", restart),
    row<L, &L::routes>("routes", restart),
    row<L, &L::transfer>("transfer", restart),
    row<L, [](auto& l) -> auto& { return l.link_timers.set; }>("mtp2_timers_ms", restart),
    row<L, [](auto& l) -> auto& { return l.network_timers.set; }>("mtp3_timers_ms", restart),
    row<L, &L::links>("links", restart),
});

void list_isup_trunks(const Config& running, const Config& wanted, std::vector<Change>& out) {
  for (const auto& trunk : wanted.isup_trunks) {
    const auto whose = "trunk " + trunk.name;
    if (const auto* known = in_force(running.isup_trunks, trunk.name)) {
      list(whose, isup_trunk_rows(), *known, trunk, out);
      continue;
    }
    // One that was taken out and comes back is still there.
    const bool back =
        std::ranges::find(running.isup_trunks, trunk.name, &I::name) != running.isup_trunks.end();
    out.push_back({back ? drained : restart, whose + ": new"});
  }
  for (const auto& trunk : running.isup_trunks)
    if (!trunk.retired && in_force(wanted.isup_trunks, trunk.name) == nullptr)
      out.push_back({drained, "trunk " + trunk.name + ": removed"});
}

/// The links of a trunk are a linkset that has its name and, as the trunk says them, its point codes.
bool said_of(const L& linkset, std::string_view key, bool of_trunk) {
  if (key == "transfer" || key == "mtp3_timers_ms") return linkset.first;
  return !of_trunk || key == "links" || key == "routes" || key == "mtp2_timers_ms";
}

bool has_trunk(const Config& config, const std::string& name) {
  return std::ranges::find(config.isup_trunks, name, &I::name) != config.isup_trunks.end();
}

void list_linksets(const Config& running, const Config& wanted, std::vector<Change>& out) {
  const auto before = linksets_of(running);
  const auto after = linksets_of(wanted);
  for (const auto& linkset : after) {
    const bool of_trunk = has_trunk(wanted, linkset.name);
    const auto whose = (of_trunk ? "trunk " : "linkset ") + linkset.name;
    const auto known = std::ranges::find(before, linkset.name, &L::name);
    if (known == before.end()) {
      if (!of_trunk) out.push_back({restart, whose + ": new"});
      if (of_trunk && has_trunk(running, linkset.name)) out.push_back({restart, whose + ": links new"});
      continue;
    }
    for (const auto& key : linkset_rows())
      if (said_of(linkset, key.key, of_trunk) && !key.same(*known, linkset))
        out.push_back({key.effect, whose + ": " + std::string(key.key) + " changed"});
  }
  for (const auto& linkset : before) {
    if (std::ranges::find(after, linkset.name, &L::name) != after.end()) continue;
    const bool of_trunk = has_trunk(running, linkset.name);
    out.push_back({restart, (of_trunk ? "trunk " : "linkset ") + linkset.name +
                                (of_trunk ? ": links removed" : ": removed")});
  }
}

}  // namespace

std::span<const KeyRow<IsupTrunkConfig>> isup_trunk_rows() {
  return kIsupTrunk;
}
std::span<const KeyRow<LinksetView>> linkset_rows() {
  return kLinkset;
}

std::vector<LinksetView> linksets_of(const Config& config) {
  std::vector<LinksetView> views;
  std::size_t link = 0;  // EngineConfig::links has them one after the other
  for (const auto& network : config.networks) {
    for (std::size_t s = 0; s < network.linksets.size(); ++s) {
      const auto& linkset = network.linksets[s];
      auto& view = views.emplace_back();
      view.name = linkset.name;
      view.first = s == 0;
      view.variant = network.variant;
      view.network_indicator = network.network_indicator;
      view.own = linkset.own;
      view.adjacent = linkset.adjacent;
      view.transfer = network.transfer;
      view.network_timers = network.timers;
      for (const auto& route : network.routes)
        if (route.linkset == s) view.routes.emplace_back(route.destination, route.priority);
      for (const auto& place : linkset.links) {
        if (link >= config.media.links.size()) break;
        const auto& there = config.media.links[link++];
        view.link_timers = there.link.timers;
        view.links.push_back({place.slc, there.circuit, there.link.rate, there.link.correction});
      }
    }
  }
  return views;
}

void renumber_ss7(Config& wanted, std::span<const std::uint16_t> span_of) {
  for (auto& trunk : wanted.isup_trunks)
    for (auto& range : trunk.group.circuits)
      for (auto& circuit : range.circuits) circuit.span = span_of[circuit.span];
  for (auto& link : wanted.media.links) link.circuit.span = span_of[link.circuit.span];
}

void list_ss7(const Config& running, const Config& wanted, std::vector<Change>& out) {
  list_isup_trunks(running, wanted, out);
  list_linksets(running, wanted, out);
}

}  // namespace tandem::core
