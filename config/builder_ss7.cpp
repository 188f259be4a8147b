#include <array>
#include <map>
#include <tuple>

#include "config/building.h"
#include "isup/config.h"
#include "isup/mtp/config.h"

namespace tandem::config {
namespace {

std::string given(const Entry& entry) {
  return std::string(entry.key->name) + " = " + in_quotes(entry.text());
}

Form<mtp::PointCode> parse_code(std::string_view text, mtp::Variant variant) {
  const auto code = mtp::parse_point_code(text, variant);
  if (code && *code != 0) return *code;
  if (variant == mtp::Variant::itu)
    return std::unexpected(
        "write a point code as \"2-100-1\", at most 7-255-7, or as a number from 1 to 16383");
  return std::unexpected("write a point code as \"245-16-3\": network, cluster and member, each at most 255");
}

/// Timers of one table of rows, by name, each within its own range.
template <class Rows, class Range, class Values>
void read_timers(Building& b, Entry& entry, const Rows& rows, Range&& range_of, Values& into) {
  std::vector<std::string_view> names;
  for (const auto& row : rows) names.push_back(row.name);
  for (const auto& setting : entry.settings()) {
    const auto row = std::ranges::find(names, setting.name);
    if (row == names.end()) {
      const auto near = nearest(setting.name, names);
      b.bad(entry, setting.at,
            "there is no timer " + in_quotes(setting.name) +
                (near.empty() ? ": `tandem config-reference` lists them"
                              : ": did you mean " + std::string(near) + "?"));
      continue;
    }
    const auto& found = rows[static_cast<std::size_t>(row - names.begin())];
    const auto& range = range_of(found);
    const Duration value = std::chrono::milliseconds(setting.value);
    if (value < range.least || value > range.most) {
      const auto ms = [](Duration d) { return std::to_string(d / std::chrono::milliseconds(1)); };
      b.bad(entry, setting.at,
            std::string(entry.key->name) + '.' + setting.name + " is out of range: it takes " +
                ms(range.least) + " to " + ms(range.most) + " ms");
    } else {
      into[found.id] = value;
    }
  }
}

class Ss7 {
 public:
  explicit Ss7(Building& b) : b_(b) {}

  void run() {
    taken_before();
    for (auto& table : b_.document.linksets) linkset(table);
    for (auto& table : b_.document.isup_trunks) trunk(table);
    for (std::size_t i = 0; i < b_.document.isup_trunks.size(); ++i)
      ways(b_.document.isup_trunks[i], b_.config.isup_trunks[i]);
    for (const auto& one : reached_) not_own(one);
    for (auto& network : networks_) {
      b_.config.networks.push_back(std::move(network.config));
      for (const auto& links : network.links)
        b_.config.media.links.insert(b_.config.media.links.end(), links.begin(), links.end());
    }
  }

 private:
  struct Network {
    mtp::NetworkConfig config;
    std::vector<std::vector<media::SignallingLink>> links;  ///< by linkset
    bool timers_said = false;
  };
  struct Place {
    std::size_t network = 0, linkset = 0;
  };
  /// A point code that must be somebody else's, whatever tables say later of our own.
  struct Reached {
    Entry* entry = nullptr;
    Position at;
    std::string said;
    std::size_t network = 0;
    mtp::PointCode code = 0;
  };
  void not_own(const Reached& one) {
    const auto& own = networks_[one.network].config.own;
    if (one.code == 0 || one.entry->bad || std::ranges::find(own, one.code) == own.end()) return;
    b_.bad(*one.entry, one.at,
           one.said + " is a point code of this end, by the opc of a trunk or linkset: write the far end's");
  }

  /// What the trunks of PRI use: their places and their tones.
  void taken_before() {
    for (std::size_t i = 0; i < b_.config.trunks.size(); ++i) {
      const auto& trunk = b_.config.trunks[i];
      const auto who = "trunk " + in_quotes(trunk.name);
      for (const auto circuit : trunk.d_channels) uses_.insert({circuit, who});
      for (const auto& span : trunk.spans) {
        for (const auto slot : span.timeslots) uses_.insert({Circuit{span.span, slot}, who});
        tones_.insert({span.span, b_.document.trunks[i]["tones"].text()});
      }
    }
  }

  std::size_t network(mtp::Variant variant, std::uint8_t indicator, mtp::PointCode own) {
    auto it = std::ranges::find_if(networks_, [&](const Network& n) {
      return n.config.variant == variant && n.config.network_indicator == indicator;
    });
    if (it == networks_.end()) {
      it = networks_.insert(it, Network{});
      it->config.variant = variant;
      it->config.network_indicator = indicator;
    }
    auto& codes = it->config.own;
    if (own != 0 && std::ranges::find(codes, own) == codes.end()) codes.push_back(own);
    return static_cast<std::size_t>(it - networks_.begin());
  }

  void linkset(Table& t) {
    std::string name;
    b_.parsed(t["name"], name, parse_name);
    const auto variant = choice<mtp::Variant>(t["variant"]);
    const auto code = [variant](const std::string& text) { return parse_code(text, variant); };
    mtp::PointCode own = 0, adjacent = 0;
    b_.parsed(t["opc"], own, code);
    b_.parsed(t["adjacent"], adjacent, code);
    const auto number = network(variant, choice<std::uint8_t>(t["network_indicator"]), own);
    auto& config = networks_[number].config;
    config.transfer = config.transfer || t["transfer"].boolean();
    if (t["mtp3_timers_ms"].given) network_timers(t["mtp3_timers_ms"], networks_[number]);
    if (t.links.empty())
      b_.problems.add(t.at, "linkset " + in_quotes(name) +
                                " has no links: add links = [{ span = ..., timeslot = ..., slc = 0 }]");
    const auto place = add_linkset(t, number, name, own, adjacent, t["adjacent"]);
    reached_.push_back({&t["adjacent"], t["adjacent"].at, given(t["adjacent"]), number, adjacent});
    const auto texts = t["routes"].list();
    for (std::size_t i = 0; !t["routes"].bad && i < texts.size(); ++i) {
      const auto destination = parse_code(texts[i], variant);
      if (!destination) {
        b_.bad(t["routes"], t["routes"].elements[i],
               "routes = " + in_quotes(texts[i]) + ": " + destination.error());
      } else {
        add_route(*destination, place, 0);
        reached_.push_back(
            {&t["routes"], t["routes"].elements[i], "routes = " + in_quotes(texts[i]), number, *destination});
      }
    }
  }

  void network_timers(Entry& entry, Network& network) {
    if (network.timers_said)
      return b_.bad(entry, entry.at,
                    "mtp3_timers_ms is said by another linkset of the network already: say it once");
    network.timers_said = true;
    const auto variant = network.config.variant;
    read_timers(
        b_, entry, mtp::kNetworkTimerRows,
        [variant](const auto& row) -> const auto& { return row.range(variant); }, network.config.timers);
  }

  Place add_linkset(Table& t, std::size_t number, const std::string& name, mtp::PointCode own,
                    mtp::PointCode adjacent, Entry& at) {
    auto& network = networks_[number];
    if (own != 0 && own == adjacent)
      b_.bad(at, at.at, given(at) + " is this end's own: write the neighbour's");
    for (const auto& other : network.config.linksets)
      if (adjacent != 0 && other.own == own && other.adjacent == adjacent)
        b_.bad(at, at.at,
               given(at) + " is reached by the links of " + in_quotes(other.name) +
                   " already: put the links together there");
    mtp::LinkConfig defaults{.variant = network.config.variant, .timers = {}};
    read_timers(
        b_, t["mtp2_timers_ms"], mtp::kLinkTimerRows,
        [&](const auto& row) -> const auto& { return row.range(network.config.variant); }, defaults.timers);
    mtp::LinksetConfig out{.name = name, .own = own, .adjacent = adjacent};
    std::vector<media::SignallingLink> links;
    for (auto& table : t.links) link(table, name, defaults, out, links);
    network.config.linksets.push_back(std::move(out));
    network.links.push_back(std::move(links));
    const Place place{number, network.links.size() - 1};
    if (!name.empty() && !places_.insert({name, place}).second)
      b_.bad(t["name"], t["name"].at,
             "the name " + in_quotes(name) + " is that of other links already: choose another");
    return place;
  }

  void link(Table& t, const std::string& owner, const mtp::LinkConfig& defaults, mtp::LinksetConfig& linkset,
            std::vector<media::SignallingLink>& links) {
    auto config = defaults;
    config.rate = t["rate"].integer() == 56 ? mtp::LineRate::k56 : mtp::LineRate::k64;
    config.correction = choice<mtp::Correction>(t["correction"]);
    const auto slc = static_cast<std::uint8_t>(t["slc"].integer());
    if (!t["slc"].bad && std::ranges::find(linkset.links, slc, &mtp::LinkPlace::slc) != linkset.links.end())
      b_.bad(t["slc"], t["slc"].at,
             "slc = " + std::to_string(slc) + " is that of another link of the linkset: give each its own");
    const auto span = find_span(t["span"]);
    if (!span || t["timeslot"].bad || t["slc"].bad) return;
    const auto timeslot = static_cast<std::uint8_t>(t["timeslot"].integer());
    if (timeslot > last_of(*span))
      return b_.bad(t["timeslot"], t["timeslot"].at,
                    "timeslot = " + std::to_string(timeslot) +
                        " is outside the span: it has timeslots 1 to " + std::to_string(last_of(*span)));
    if (!take({*span, timeslot}, "the links of " + in_quotes(owner), t["timeslot"].at)) return;
    linkset.links.push_back({.slc = slc});
    links.push_back({.circuit = {*span, timeslot}, .link = config});
  }

  std::optional<std::uint16_t> find_span(Entry& entry) {
    if (entry.bad) return std::nullopt;
    const auto it = std::ranges::find(b_.config.spans, entry.text(), &tdm::SpanConfig::name);
    if (it != b_.config.spans.end()) return static_cast<std::uint16_t>(it - b_.config.spans.begin());
    std::vector<std::string_view> names;
    for (const auto& span : b_.config.spans) names.push_back(span.name);
    const auto near = nearest(entry.text(), names);
    b_.bad(entry, entry.at,
           "there is no span " + in_quotes(entry.text()) +
               (near.empty() ? ": add a [[span]] with this name, or name another"
                             : ": did you mean \"" + std::string(near) + "\"?"));
    return std::nullopt;
  }
  /// The highest timeslot; that of an E1 when the type is not known.
  int last_of(std::uint16_t span) const {
    const auto& table = b_.document.spans[span];
    return table.unusable || table["type"].bad ? tdm::kMaxTimeslots
                                               : timeslot_count(b_.config.spans[span].type);
  }
  /// False, and said: the timeslot serves already.
  bool take(Circuit circuit, const std::string& who, Position at) {
    const auto [it, added] = uses_.insert({circuit, who});
    if (!added)
      b_.problems.add(at, "timeslot " + std::to_string(circuit.timeslot) + " of span " +
                              in_quotes(b_.config.spans[circuit.span].name) + " is used by " + it->second +
                              " already: give each its own");
    return added;
  }

  void trunk(Table& t) {
    auto& out = b_.config.isup_trunks.emplace_back();
    auto& group = out.group;
    b_.parsed(t["name"], out.name, parse_name);
    group.variant = choice<isup::Variant>(t["variant"]);
    const auto variant = group.variant == isup::Variant::ansi ? mtp::Variant::ansi : mtp::Variant::itu;
    const auto code = [variant](const std::string& text) { return parse_code(text, variant); };
    b_.parsed(t["opc"], group.own, code);
    b_.parsed(t["dpc"], group.destination, code);
    if (!t["opc"].bad && !t["dpc"].bad && group.own == group.destination)
      b_.bad(t["dpc"], t["dpc"].at, given(t["dpc"]) + " is this end's own: write that of the far end");
    group.network_indicator = choice<std::uint8_t>(t["network_indicator"]);
    group.hunting = choice<isup::Hunting>(t["circuit_selection"]);
    group.continuity_every = static_cast<unsigned>(t["continuity_every"].integer());
    group.reset_at_start = t["reset_at_start"].boolean();
    group.propagation_delay_ms = static_cast<std::uint16_t>(t["propagation_delay_ms"].integer());
    group.quirks = quirks(t["quirks"]);
    group.location = location(t["cause_location"]);
    read_timers(
        b_, t["timers_ms"], isup::kTimerRows,
        [&](const auto& row) -> const auto& { return row.range(group.variant); }, group.timers);
    b_.parsed(t["country_code"], out.numbers.country_code, parse_country_code);
    out.numbers.rules = b_.number_rules(t.numbers);
    out.statuses = b_.overrides(t["cause_to_status"], false);
    out.announcements = b_.announcements(t.announcements);
    out.failure_tone = choice<core::FailureTone>(t["failure_tone"]);
    overlap(t, out);
    out.ringback = t["ringback"].boolean();
    if (t["hold_music"].given) out.hold_music = b_.recording(t["hold_music"]);
    out.echo_tail_ms = static_cast<int>(t["echo_tail_ms"].integer());
    out.gains = trunk_gains(t);
    out.network = network(variant, group.network_indicator, group.own);
    if (!t.links.empty() && !t["dpc"].bad)
      add_linkset(t, out.network, out.name, group.own, group.destination, t["dpc"]);
    reached_.push_back({&t["dpc"], t["dpc"].at, given(t["dpc"]), out.network, group.destination});
    circuits(t, out);
    as_others(t, b_.config.isup_trunks.size() - 1);
  }

  static std::optional<isup::Location> location(const Entry& entry) {
    using L = isup::Location;
    constexpr std::array kLocations{L::private_local, L::public_local, L::transit, L::public_remote,
                                    L::international};
    const auto word = choice<std::size_t>(entry);
    return word == 0 ? std::nullopt : std::optional(kLocations[word - 1]);
  }

  /// Circuits between the same point codes are in the same group messages, whichever trunk they are of.
  void as_others(Table& t, std::size_t index) {
    const auto& all = b_.config.isup_trunks;
    const auto& own = all[index];
    if (t["opc"].bad || t["dpc"].bad) return;
    const auto other = std::ranges::find_if(all, [&](const core::IsupTrunkConfig& one) {
      return one.network == own.network && one.group.own == own.group.own &&
             one.group.destination == own.group.destination;
    });
    const auto& a = own.group;
    const auto& b = other->group;
    const auto quirks = [](const isup::Quirks& q) {
      return std::tuple(q.double_group_messages, q.rlc_with_pointer, q.unequipped_answer, q.loop_acknowledge);
    };
    for (const auto& [key, same] :
         {std::pair{"variant", a.variant == b.variant},
          {"timers_ms", a.timers.set == b.timers.set},
          {"quirks", quirks(a.quirks) == quirks(b.quirks)},
          {"reset_at_start", a.reset_at_start == b.reset_at_start},
          {"propagation_delay_ms", a.propagation_delay_ms == b.propagation_delay_ms},
          {"cause_location", a.location == b.location}}) {
      auto& entry = t[key];
      if (same || entry.bad) continue;
      b_.bad(entry, entry.given ? entry.at : t.at,
             std::string(key) + " is other than that of trunk " + in_quotes(other->name) +
                 ", which is between the same point codes: make them alike");
    }
  }

  void overlap(Table& t, core::IsupTrunkConfig& out) {
    out.overlap = choice<core::Overlap>(t["overlap"]);
    out.overlap_sending = t["overlap_sending"].boolean();
    if (out.group.variant != isup::Variant::ansi) return;
    for (const auto* key : {"overlap", "overlap_sending"}) {
      auto& entry = t[key];
      const bool asked =
          key == std::string_view("overlap") ? out.overlap != core::Overlap::off : out.overlap_sending;
      if (asked && !entry.bad)
        b_.bad(entry, entry.at,
               std::string(key) +
                   ": ANSI's ISUP has no SAM (T1.113.2), so each IAM holds the whole number: take it out");
    }
  }

  static isup::Quirks quirks(const Entry& entry) {
    const auto words = entry.list();
    const auto said = [&](std::string_view word) { return std::ranges::find(words, word) != words.end(); };
    return {.double_group_messages = said("double-group-messages"),
            .rlc_with_pointer = !said("rlc-without-pointer"),
            .unequipped_answer = !said("no-unequipped-answer"),
            .loop_acknowledge = said("loop-acknowledge")};
  }

  void circuits(Table& t, core::IsupTrunkConfig& trunk) {
    if (t.circuits.empty())
      b_.problems.add(t.at, "trunk " + in_quotes(trunk.name) +
                                " has no circuits: add circuits = [{ span = ..., timeslots = \"1-15,17-31\", "
                                "first_cic = 1 }]");
    const auto tones = b_.tones(t["tones"]);
    for (auto& table : t.circuits) {
      const auto span = find_span(table["span"]);
      if (!span || table["timeslots"].bad || table["first_cic"].bad) continue;
      std::vector<std::uint8_t> slots;
      b_.parsed(table["timeslots"], slots,
                [&](const std::string& text) { return parse_timeslots(text, last_of(*span)); });
      if (table["timeslots"].bad) continue;
      run_of_cics(table, *span, slots, trunk);
      same_tones(t, *span);
      b_.config.media.spans[*span].tones = tones;
    }
  }

  void run_of_cics(Table& table, std::uint16_t span, const std::vector<std::uint8_t>& slots,
                   core::IsupTrunkConfig& trunk) {
    auto& group = trunk.group;
    // ITU: 12 bits; ANSI: 14 (Q.763 1.2, T1.113.3).
    const std::int64_t most = group.variant == isup::Variant::ansi ? 16383 : 4095;
    int last = -2;
    for (const auto slot : slots) {
      const auto cic = table["first_cic"].integer() + slot - slots.front();
      if (cic > most)
        return b_.bad(table["first_cic"], table["first_cic"].at,
                      "first_cic gives timeslot " + std::to_string(slot) + " CIC " + std::to_string(cic) +
                          ": the highest is " + std::to_string(most));
      const auto key = std::tuple(trunk.network, group.own, group.destination, cic);
      const auto [it, added] = cics_.insert({key, trunk.name});
      if (!added)
        return b_.bad(table["first_cic"], table["first_cic"].at,
                      "CIC " + std::to_string(cic) + " is in use on trunk " + in_quotes(it->second) +
                          " already, between the same point codes: give each circuit its own");
      if (!take({span, slot}, "trunk " + in_quotes(trunk.name), table["timeslots"].at)) return;
      if (slot != last + 1) group.circuits.push_back({static_cast<std::uint16_t>(cic), {}});
      group.circuits.back().circuits.push_back({span, slot});
      last = slot;
    }
  }

  void same_tones(Table& t, std::uint16_t span) {
    auto& entry = t["tones"];
    const auto [it, added] = tones_.insert({span, entry.text()});
    if (added || entry.bad || it->second == entry.text()) return;
    b_.bad(entry, entry.at,
           given(entry) + ": another trunk has timeslots of span " + in_quotes(b_.config.spans[span].name) +
               " and the tones of " + in_quotes(it->second) + ": make them alike");
  }

  /// How the trunk's messages reach its destination.
  void ways(Table& t, const core::IsupTrunkConfig& trunk) {
    auto& entry = t["linksets"];
    if (entry.bad) return;
    const auto names = entry.list();
    if (names.empty() && t.links.empty())
      return b_.problems.add(t.at,
                             "trunk " + in_quotes(trunk.name) +
                                 " has no way to its dpc: add links = [{ span = ..., timeslot = 16, slc = "
                                 "0 }], or linksets = [...]");
    for (std::size_t i = 0; i < names.size(); ++i) {
      const auto what = "linksets = " + in_quotes(names[i]);
      const auto it = places_.find(names[i]);
      if (it == places_.end())
        return b_.bad(entry, entry.elements[i],
                      what + ": there is no [[linkset]], and no trunk with links, of this name");
      if (it->second.network != trunk.network)
        return b_.bad(entry, entry.elements[i],
                      what + " is of another network: variant or network_indicator differ");
      if (!t["dpc"].bad) add_route(trunk.group.destination, it->second, static_cast<std::uint8_t>(i));
    }
  }

  void add_route(mtp::PointCode destination, Place place, std::uint8_t priority) {
    auto& config = networks_[place.network].config;
    if (config.linksets[place.linkset].adjacent == destination) return;  // there of its own accord
    const auto known = [&](const mtp::RouteConfig& route) {
      return route.destination == destination && route.linkset == place.linkset;
    };
    if (std::ranges::find_if(config.routes, known) == config.routes.end())
      config.routes.push_back({destination, place.linkset, priority});
  }

  Building& b_;
  std::vector<Reached> reached_;
  std::vector<Network> networks_;
  std::map<std::string, Place> places_;
  std::map<Circuit, std::string> uses_;
  std::map<std::uint16_t, std::string> tones_;  ///< by span
  std::map<std::tuple<std::size_t, std::uint32_t, std::uint32_t, std::int64_t>, std::string> cics_;
};

}  // namespace

void build_ss7(Building& b) {
  Ss7(b).run();
}

}  // namespace tandem::config
