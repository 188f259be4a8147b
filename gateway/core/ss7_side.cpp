#include "gateway/core/ss7_side.h"

#include <algorithm>
#include <array>
#include <numeric>

namespace tandem::core {

namespace {

std::string point(mtp::PointCode code, const mtp::NetworkConfig& network) {
  return mtp::to_string(code, network.variant);
}

/// Q.763 1.2, T1.113.3: 12 bits, ANSI 14; `from_cic` has both octets.
std::uint16_t cic_of(OctetView from_cic, mtp::Variant variant) {
  const auto mask = variant == mtp::Variant::ansi ? 0x3fffU : 0x0fffU;
  return static_cast<std::uint16_t>((from_cic[0] | static_cast<unsigned>(from_cic[1]) << 8) & mask);
}

}  // namespace

void Ss7Side::build(Exchange& exchange, Time now) {
  const auto& config = context_.config;
  failed_.resize(config.spans.size());
  alarmed_.resize(config.spans.size());
  for (const auto& network : config.networks) networks_.emplace_back(network);
  number_links();
  no_trunk_.resize(networks_.size());
  build_trunks(exchange);
  for (std::size_t i = 0; i < networks_.size(); ++i) {
    networks_[i].activate_all(now);
    touch(i);
  }
}

// Trunks between the same point codes are parts of one group.
void Ss7Side::build_trunks(Exchange& exchange) {
  const auto& all = context_.config.isup_trunks;
  const auto same = [](const IsupTrunkConfig& a, const IsupTrunkConfig& b) {
    return a.network == b.network && a.group.own == b.group.own && a.group.destination == b.group.destination;
  };
  std::vector<std::vector<std::size_t>> parts;
  trunks_.resize(all.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto it = std::ranges::find_if(parts, [&](const auto& part) { return same(all[part[0]], all[i]); });
    (it == parts.end() ? parts.emplace_back() : *it).push_back(i);
  }
  for (const auto& part : parts) {
    auto& network = networks_[all[part[0]].network];
    groups_.push_back(std::make_unique<IsupGroup>(context_, network, part, groups_.size(), touched_groups_));
    for (std::size_t k = 0; k < part.size(); ++k) {
      trunks_[part[k]] = std::make_unique<IsupTrunk>(context_, exchange, *groups_.back(), part[k], k);
      groups_.back()->add(*trunks_[part[k]]);
    }
  }
}

void Ss7Side::set_congestion_level(std::uint8_t level) {
  for (const auto& group : groups_) group->set_congestion_level(level);
}

void Ss7Side::touch(std::size_t network) {
  if (std::ranges::find(touched_networks_, network) == touched_networks_.end())
    touched_networks_.push_back(network);
}

void Ss7Side::number_links() {
  for (std::size_t n = 0; n < networks_.size(); ++n) {
    first_link_.push_back(links_.size());
    mtp::LinkIndex index = 0;
    const auto& linksets = networks_[n].config().linksets;
    for (std::size_t s = 0; s < linksets.size(); ++s)
      for (const auto& place : linksets[s].links) links_.push_back({n, s, index++, place.slc});
  }
}

const mtp::LinksetConfig& Ss7Side::linkset_of(const Link& link) const {
  return networks_[link.network].config().linksets[link.linkset];
}

std::string Ss7Side::name_of(const Link& link) const {
  return "link " + linkset_of(link).name + " SLC " + std::to_string(link.slc);
}

// --- links ----------------------------------------------------------------------------------------------

void Ss7Side::handle_link(const media::LinkEvent& event, Time now) {
  if (event.link >= links_.size()) return;
  const auto& link = links_[event.link];
  auto& network = networks_[link.network];
  using What = media::LinkEvent::What;
  switch (event.what) {
    case What::received: {
      auto& record = trace(event.link, event.msu.view(), false, now);
      network.received(link.index, event.msu.view(), now);
      pump_network(link.network, now);
      record.call = call_of(link.network, event.msu.view());
      break;
    }
    case What::in_service:
      network.in_service(link.index, now);
      break;
    case What::out_of_service:
      context_.log(Severity::warning, {},
                   name_of(link) + ": out of service: " + std::string(mtp::to_string(event.reason)));
      network.out_of_service(link.index, now);
      break;
    case What::remote_outage:
      context_.log(Severity::warning, {},
                   name_of(link) + ": processor outage over there " + (event.value != 0 ? "begins" : "ends"));
      network.remote_processor_outage(link.index, event.value != 0, now);
      break;
    case What::local_outage:
      context_.log(Severity::warning, {},
                   name_of(link) + ": processor outage here " + (event.value != 0 ? "begins" : "ends"));
      network.local_processor_outage(link.index, event.value != 0, now);
      break;
    case What::backward_sequence:
      network.backward_sequence(link.index, event.value, now);
      break;
    case What::retrieved:
      network.retrieved(link.index, event.msu.view(), now);
      break;
    case What::retrieval_complete:
      network.retrieval_complete(link.index, now);
      break;
    case What::congestion:
      network.congestion(link.index, event.value, now);
      break;
  }
  touch(link.network);
}

void Ss7Side::handle_timers(Time now) {
  while (const auto id = deadlines_.pop_expired(now)) {
    if (*id < networks_.size()) {
      networks_[*id].expire(now);
      touch(*id);
    } else {
      groups_[*id - networks_.size()]->handle_timers(now);
    }
  }
}

void Ss7Side::note_deadline(std::size_t id, std::optional<Time> deadline) {
  if (deadline)
    deadlines_.start(id, *deadline);
  else
    deadlines_.stop(id);
}

bool Ss7Side::pump(Time now) {
  bool any = false;
  while (!touched_groups_.empty() || !touched_networks_.empty()) {
    while (!touched_groups_.empty()) {
      const auto index = touched_groups_.back();
      touched_groups_.pop_back();
      any = groups_[index]->pump(now) || any;
      touch(groups_[index]->config().network);
      note_deadline(networks_.size() + index, groups_[index]->next_deadline());
    }
    while (!touched_networks_.empty()) {
      const auto index = touched_networks_.back();
      touched_networks_.pop_back();
      any = pump_network(index, now) || any;
      note_deadline(index, networks_[index].next_deadline());
    }
  }
  return any;
}

bool Ss7Side::pump_network(std::size_t network, Time now) {
  bool any = false;
  while (auto output = networks_[network].poll_output()) {
    any = true;
    std::visit([&](auto& what) { on(network, what, now); }, *output);
  }
  return any;
}

// --- from the networks ----------------------------------------------------------------------------------

void Ss7Side::on(std::size_t network, mtp::ToLink& output, Time now) {
  output.link += first_link_[network];
  if (output.action == mtp::LinkAction::send)
    trace(output.link, output.msu, true, now).call = call_of(network, output.msu);
  context_.out.emplace_back(std::move(output));
}

IsupGroup* Ss7Side::group_for(std::size_t network, const mtp::Label& label) const {
  for (const auto& group : groups_) {
    const auto& config = group->config();
    // Of a retired trunk, too: its circuits are being blocked.
    if (config.network == network && config.group.destination == label.opc && config.group.own == label.dpc)
      return group.get();
  }
  return nullptr;
}

void Ss7Side::on(std::size_t network, const mtp::UserMessage& output, Time now) {
  if (output.service != mtp::service::kIsup) return;
  if (auto* group = group_for(network, output.label)) return group->receive(output.data, now);
  ++no_trunk_[network];
  context_.log(Severity::debug, {},
               "ISUP from point code " + point(output.label.opc, networks_[network].config()) +
                   ", which no trunk has as dpc, is dropped");
}

template <class Each>
void Ss7Side::for_groups_to(std::size_t network, mtp::PointCode destination, Each each) {
  for (const auto& group : groups_)
    if (group->config().network == network && group->config().group.destination == destination) each(*group);
}

void Ss7Side::on(std::size_t network, const mtp::Pause& output, Time now) {
  context_.log(Severity::warning, {},
               "point code " + point(output.destination, networks_[network].config()) +
                   " cannot be reached (MTP-PAUSE)");
  for_groups_to(network, output.destination, [now](IsupGroup& group) { group.pause(now); });
}

void Ss7Side::on(std::size_t network, const mtp::Resume& output, Time now) {
  context_.log(Severity::info, {},
               "point code " + point(output.destination, networks_[network].config()) +
                   " can be reached (MTP-RESUME)");
  for_groups_to(network, output.destination, [now](IsupGroup& group) { group.resume(now); });
}

void Ss7Side::on(std::size_t network, const mtp::Congested& output, Time now) {
  if (output.level == 0) return;
  for_groups_to(network, output.destination, [now](IsupGroup& group) { group.congestion(now); });
}

void Ss7Side::on(std::size_t network, const mtp::UserUnavailable& output, Time now) {
  if (output.user != mtp::service::kIsup) return;
  for_groups_to(network, output.destination,
                [&](IsupGroup& group) { group.user_part_unavailable(output.cause, now); });
}

void Ss7Side::on(std::size_t network, const mtp::LinkReport& output, Time /*now*/) {
  using N = mtp::LinkNotice;
  const bool good = output.notice == N::available || output.notice == N::uninhibited;
  context_.log(good ? Severity::info : Severity::warning, {},
               name_of(links_[first_link_[network] + output.link]) + ": " +
                   std::string(mtp::to_string(output.notice)));
}

// --- traces ---------------------------------------------------------------------------------------------

TraceRecord& Ss7Side::trace(std::size_t link, OctetView msu, bool sent, Time now) {
  TraceRecord record;
  record.at = context_.wall(now);
  record.kind = TraceKind::mtp;
  record.sent = sent;
  record.party = linkset_of(links_[link]).name;
  record.text = describe_msu(msu, networks_[links_[link].network].config().variant);
  record.octets.assign(msu.begin(), msu.end());
  record.link = static_cast<std::uint16_t>(link);
  return std::get<TraceRecord>(context_.out.emplace_back(std::move(record)));
}

CallId Ss7Side::call_of(std::size_t network, OctetView msu) const {
  const auto& config = networks_[network].config();
  const auto message = mtp::decode_msu(msu, config.variant);
  if (!message || message->service != mtp::service::kIsup || message->data.size() < 3) return {};
  const auto& label = message->label;
  const auto cic = cic_of(message->data, config.variant);
  using T = isup::MessageType;
  const auto type = static_cast<T>(message->data[2]);
  for (const auto& trunk : trunks_) {
    const auto& group = trunk->config().group;
    const bool between = (group.own == label.opc && group.destination == label.dpc) ||
                         (group.own == label.dpc && group.destination == label.opc);
    if (trunk->config().network != network || !between || !trunk->owns(cic)) continue;
    const bool closing = type == T::rel || type == T::rlc;
    return closing || trunk->legs().contains(cic) ? trunk->call_of(cic) : CallId{};
  }
  return {};
}

// --- spans ----------------------------------------------------------------------------------------------

void Ss7Side::set_alarms(std::uint16_t span, const tdm::Alarms& alarms, Time now) {
  if (span >= alarmed_.size()) return;
  const bool used = std::ranges::any_of(trunks_, [&](const auto& trunk) { return trunk->has_span(span); });
  if (!used) return;
  alarmed_[span] = alarms.any();
  if (alarmed_[span] == failed_[span]) return context_.stop(TimerKind::span_failure, span);
  if (alarmed_[span]) return context_.start(TimerKind::span_failure, span, now);
  failed_[span] = false;
  for (const auto& trunk : trunks_) trunk->set_failed(span, false, now);
}

void Ss7Side::handle_timer(const TimerKey& key, Time now) {
  const auto span = static_cast<std::uint16_t>(key.id);
  failed_[span] = true;
  for (const auto& trunk : trunks_) trunk->set_failed(span, true, now);
}

void Ss7Side::continuity_heard(Circuit circuit, Time now) {
  for (const auto& trunk : trunks_) trunk->continuity_heard(circuit, now);
}

void Ss7Side::restart_when_up(const HeldCircuit& held) {
  for (const auto& trunk : trunks_) {
    if (trunk->config().name != held.trunk) continue;
    for (const auto& range : trunk->config().group.circuits)
      for (const auto circuit : range.circuits)
        if (context_.circuit_name(circuit) == held.circuit) trunk->reset_when_up(circuit);
  }
}

std::unique_ptr<Leg> Ss7Side::make_leg(std::size_t trunk, Bus& bus, CallId call, int attempt) {
  return std::make_unique<IsupLeg>(context_, bus, *trunks_[trunk], call, attempt);
}

// --- operators ------------------------------------------------------------------------------------------

IsupTrunk* Ss7Side::find(const std::string& trunk) {
  const auto it = std::ranges::find_if(
      trunks_, [&](const auto& one) { return !one->config().retired && one->config().name == trunk; });
  return it == trunks_.end() ? nullptr : it->get();
}

std::expected<void, std::string> Ss7Side::command(const std::string& linkset, std::uint8_t slc,
                                                  LinkOrder order, Time now) {
  bool named = false;
  for (const auto& link : links_) {
    if (linkset_of(link).name != linkset) continue;
    named = true;
    if (link.slc != slc) continue;
    auto& network = networks_[link.network];
    touch(link.network);
    context_.log(Severity::info, {},
                 name_of(link) + ": " + std::string(to_string(order)) + " by the operator");
    switch (order) {
      case LinkOrder::activate:
        network.activate(link.index, now);
        break;
      case LinkOrder::deactivate:
        network.deactivate(link.index, now);
        break;
      case LinkOrder::inhibit:
        network.inhibit(link.index, now);
        break;
      case LinkOrder::uninhibit:
        network.uninhibit(link.index, now);
        break;
    }
    return {};
  }
  return std::unexpected(named ? "linkset '" + linkset + "' has no link with SLC " + std::to_string(slc)
                               : "there is no linkset '" + linkset + "'");
}

std::vector<LinkStatus> Ss7Side::links() const {
  std::vector<LinkStatus> rows;
  for (std::size_t i = 0; i < links_.size(); ++i) {
    const auto& link = links_[i];
    const auto& network = networks_[link.network].config();
    const auto now = networks_[link.network].status(link.index);
    LinkStatus row;
    row.linkset = linkset_of(link).name;
    row.adjacent = point(linkset_of(link).adjacent, network);
    row.slc = link.slc;
    row.link = i;
    row.circuit = context_.circuit_name(context_.config.media.links[i].circuit);
    row.state = !now.active     ? "deactivated"
                : now.carrying  ? "carrying"
                : now.available ? "available"
                                : "down";
    if (now.inhibited_locally) row.inhibited = "local";
    if (now.inhibited_remotely) row.inhibited += row.inhibited.empty() ? "remote" : ",remote";
    row.remote_outage = now.remote_outage;
    row.congestion = now.congestion;
    rows.push_back(std::move(row));
  }
  return rows;
}

std::vector<TrunkStatus> Ss7Side::status() const {
  std::vector<TrunkStatus> rows;
  for (const auto& trunk : trunks_)
    if (!trunk->config().retired) rows.push_back(trunk->status());
  return rows;
}

std::vector<NetworkStatus> Ss7Side::networks() const {
  static constexpr std::array<std::string_view, 4> kIndicators = {"international", "international-spare",
                                                                  "national", "national-spare"};
  std::vector<NetworkStatus> rows;
  for (std::size_t i = 0; i < networks_.size(); ++i) {
    const auto& config = networks_[i].config();
    const auto variant = config.variant == mtp::Variant::ansi ? "ansi " : "itu ";
    rows.push_back({variant + std::string(kIndicators[config.network_indicator & 3U]),
                    networks_[i].counters(), no_trunk_[i]});
  }
  return rows;
}

std::vector<CircuitStatus> Ss7Side::circuits() const {
  std::vector<CircuitStatus> rows;
  for (const auto& trunk : trunks_) {
    if (trunk->config().retired) continue;
    auto own = trunk->circuits();
    std::ranges::move(own, std::back_inserter(rows));
  }
  for (const auto& link : links())
    rows.push_back({link.linkset, link.circuit, "link", link.state == "down" ? "down" : "", {}});
  return rows;
}

std::size_t Ss7Side::busy() const {
  return std::accumulate(trunks_.begin(), trunks_.end(), std::size_t{0},
                         [](std::size_t sum, const auto& trunk) { return sum + trunk->legs().size(); });
}

}  // namespace tandem::core
