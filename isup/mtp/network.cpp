#include "isup/mtp/network.h"

#include "isup/mtp/network_core.h"

namespace tandem::mtp {
namespace {

constexpr std::size_t kMaxLinks = 16;    // Q.704 2.2.4: the SLC has four bits
constexpr std::size_t kMaxSif = 272;     // Q.703 2.3.3
constexpr std::uint8_t kOneTfcOf = 8;    // Q.704 13.7.3
constexpr std::uint8_t kUnequipped = 1;  // Q.704 15.17.5
constexpr std::string_view kWhere = "network";

Result<void> check_linkset(const NetworkConfig& config, const LinksetConfig& set, std::size_t at) {
  if (set.links.empty() || set.links.size() > kMaxLinks)
    return fail(Errc::out_of_range, at, kWhere, "a linkset has 1 to 16 links");
  if (std::ranges::find(config.own, set.own) == config.own.end())
    return fail(Errc::missing, at, kWhere, "a linkset's own point code is not ours");
  if (std::ranges::find(config.own, set.adjacent) != config.own.end())
    return fail(Errc::malformed, at, kWhere, "a linkset leads to ourselves");
  std::uint32_t seen = 0;
  for (const auto& link : set.links) {
    if (link.slc >= kMaxLinks) return fail(Errc::out_of_range, at, kWhere, "an SLC is 0 to 15");
    if ((seen >> link.slc & 1U) != 0)
      return fail(Errc::malformed, at, kWhere, "two links of a linkset have one SLC");
    seen |= 1U << link.slc;
  }
  return {};
}

}  // namespace

Result<void> validate(const NetworkConfig& config) {
  if (config.own.empty()) return fail(Errc::missing, 0, kWhere, "no own point code");
  if (config.network_indicator > 3)
    return fail(Errc::out_of_range, 0, kWhere, "a network indicator is 0 to 3");
  for (std::size_t i = 0; i < config.linksets.size(); ++i)
    if (auto ok = check_linkset(config, config.linksets[i], i); !ok) return ok;
  for (std::size_t i = 0; i < config.routes.size(); ++i) {
    if (config.routes[i].linkset >= config.linksets.size())
      return fail(Errc::missing, i, kWhere, "a route of no linkset");
    if (std::ranges::find(config.own, config.routes[i].destination) != config.own.end())
      return fail(Errc::malformed, i, kWhere, "a route to ourselves");
  }
  return {};
}

std::string_view to_string(LinkNotice notice) {
  switch (notice) {
    case LinkNotice::available:
      return "available";
    case LinkNotice::unavailable:
      return "unavailable";
    case LinkNotice::test_failed:
      return "link test failed";
    case LinkNotice::inhibited:
      return "inhibited";
    case LinkNotice::inhibit_denied:
      return "inhibiting denied";
    case LinkNotice::inhibit_failed:
      return "inhibiting not answered";
    case LinkNotice::uninhibited:
      return "uninhibited";
    case LinkNotice::uninhibit_failed:
      return "uninhibiting not answered";
  }
  return "";
}

NetworkCore::NetworkCore(NetworkConfig with)
    : config(std::move(with)), durations(config.timers.resolve(kNetworkTimerRows, config.variant)) {
  const auto destination = [this](PointCode code) -> Destination& {
    if (Destination* known = find(code)) return *known;
    destinations.push_back({.code = code});
    destinations.back().told.resize(config.linksets.size());
    destinations.back().reminded.resize(config.linksets.size());
    return destinations.back();
  };
  for (std::size_t l = 0; l < config.linksets.size(); ++l) {
    const auto& set = config.linksets[l];
    auto& data = linksets.emplace_back();
    for (const auto& link : set.links) {
      data.links.push_back(links.size());
      links.push_back({.linkset = l, .slc = link.slc});
    }
    destination(set.adjacent).routes.push_back({.linkset = l});
  }
  for (const auto& r : config.routes) {
    auto& routes = destination(r.destination).routes;
    // A neighbour's own linkset comes before any way round.
    const bool round =
        config.linksets[r.linkset].adjacent != r.destination &&
        std::ranges::any_of(config.linksets, [&](const auto& s) { return s.adjacent == r.destination; });
    if (config.linksets[r.linkset].adjacent == r.destination) continue;
    // All ways round alike, so that they keep their order among themselves.
    const unsigned priority = r.priority + (round ? 1U : 0U);
    routes.push_back({.linkset = r.linkset, .priority = static_cast<std::uint8_t>(std::min(priority, 255U))});
  }
}

Destination* NetworkCore::find(PointCode code) {
  const auto found = std::ranges::find(destinations, code, &Destination::code);
  return found == destinations.end() ? nullptr : &*found;
}

LinkIndex NetworkCore::link_of(std::size_t linkset, std::uint8_t slc) const {
  for (const LinkIndex l : linksets[linkset].links)
    if (links[l].slc == slc) return l;
  return kNoLink;
}

namespace {

void manage(NetworkCore& core, LinkIndex from, const Msu& msu) {
  const auto message = decode_management(msu.data, core.config.variant, msu.label.sls);
  if (!message) {
    ++core.counters.malformed;
    return;
  }
  // A message about a link may come by another linkset: the sender tells whose link it is.
  std::size_t linkset = core.links[from].linkset;
  for (std::size_t l = 0; l < core.linksets.size(); ++l)
    if (core.linkset_config(l).adjacent == msu.label.opc && core.linkset_config(l).own == msu.label.dpc)
      linkset = l;
  switch (static_cast<unsigned>(message->heading) & 0x0FU) {
    case 1:
    case 2:
      receive_changeover(core, linkset, *message);
      break;
    case 6:
      receive_inhibiting(core, linkset, *message);
      break;
    case 8:  // Q.704 12.5: data links are not switched here
      if (message->heading == Heading::dlc && core.link_of(linkset, message->slc) != kNoLink)
        send_management(core, core.link_of(linkset, message->slc), {.heading = Heading::cnp});
      break;
    default:
      receive_route_message(core, linkset, msu, *message);
      break;
  }
}

/// Q.704 13.6 (UPU): nobody here takes that.
void answer_unavailable(NetworkCore& core, const Msu& msu) {
  ++core.counters.no_user;
  send_to_point(
      core, msu.label.opc, msu.label.dpc,
      {.heading = Heading::upu, .affected = msu.label.dpc, .user = msu.service, .cause = kUnequipped});
}

void transfer(NetworkCore& core, LinkIndex from, const Msu& msu) {
  if (!core.config.transfer) {
    ++core.counters.wrong_destination;
    return;
  }
  Destination* destination = core.find(msu.label.dpc);
  const LinkIndex link = destination == nullptr ? kNoLink : choose(core, *destination, msu.label.sls);
  if (link == kNoLink) {
    ++core.counters.no_route;
    refuse_transfer(core, core.links[from].linkset, msu);
    return;
  }
  LinkData& data = core.links[link];
  if (data.congestion > 0 && data.transferred++ % kOneTfcOf == 0)  // Q.704 11.2.3
    send_to_point(core, msu.label.opc, core.config.own.front(),
                  {.heading = Heading::tfc, .affected = msu.label.dpc, .status = data.congestion});
  remind_restricted(core, *destination, core.links[from].linkset);
  if (route(core, {msu.label.dpc, msu.label.sls, encode_msu(msu, core.config.variant)}))
    ++core.counters.transferred;
}

}  // namespace

void distribute(NetworkCore& core, LinkIndex from, const Msu& msu) {
  const bool itu = core.config.variant == Variant::itu;
  if (msu.network_indicator != core.config.network_indicator) {
    ++core.counters.wrong_network;
    return;
  }
  if (!core.is_own(msu.label.dpc)) {
    transfer(core, from, msu);
  } else if (msu.service == service::kManagement) {
    manage(core, from, msu);
  } else if (msu.service == (itu ? service::kTest : service::kTestSpecial)) {
    receive_test(core, from, msu);
  } else if ((core.config.users >> msu.service & 1U) == 0) {
    answer_unavailable(core, msu);
  } else {
    ++core.counters.delivered;
    core.outputs.emplace_back(UserMessage{.service = msu.service,
                                          .priority = msu.priority,
                                          .label = msu.label,
                                          .data = Octets(msu.data.begin(), msu.data.end())});
  }
}

Network::Network(NetworkConfig config) : core_(std::make_unique<NetworkCore>(std::move(config))) {}
Network::~Network() = default;
Network::Network(Network&&) noexcept = default;
Network& Network::operator=(Network&&) noexcept = default;

Result<void> Network::send(UserMessage message, Time now) {
  expire(now);
  NetworkCore& core = *core_;
  const Destination* destination = core.find(message.label.dpc);
  const LinkIndex link = destination == nullptr ? kNoLink : choose(core, *destination, message.label.sls);
  if (link == kNoLink) {
    ++core.counters.no_route;
    return fail(Errc::refused, 0, "MTP-TRANSFER", "no route to the destination");
  }
  const std::size_t label = core.config.variant == Variant::itu ? 4 : 7;
  if (message.data.empty() || label + message.data.size() > kMaxSif)
    return fail(Errc::too_long, 0, "MTP-TRANSFER", "1 to 272 octets with the label");
  if (message.label.opc == 0) message.label.opc = core.linkset_config(core.links[link].linkset).own;
  const Msu msu{.service = message.service,
                .network_indicator = core.config.network_indicator,
                .priority = message.priority,
                .label = message.label,
                .data = message.data};
  if (!route(core, {message.label.dpc, message.label.sls, encode_msu(msu, core.config.variant)}))
    return fail(Errc::refused, 0, "MTP-TRANSFER", "too many messages are held");
  return {};
}

void Network::received(LinkIndex link, OctetView octets, Time now) {
  expire(now);
  NetworkCore& core = *core_;
  if (link >= core.links.size()) return;
  ++core.counters.received;
  const auto msu = decode_msu(octets, core.config.variant);
  if (!msu) {
    ++core.counters.malformed;
    return;
  }
  distribute(core, link, *msu);
}

void Network::in_service(LinkIndex link, Time now) {
  expire(now);
  if (link < links()) step_activity(*core_, link, ActivityEvent::up);
}
void Network::out_of_service(LinkIndex link, Time now) {
  expire(now);
  if (link < links()) step_activity(*core_, link, ActivityEvent::down);
}
void Network::remote_processor_outage(LinkIndex link, bool begins, Time now) {
  expire(now);
  if (link >= links()) return;
  core_->links[link].remote_outage = begins;
  judge_link(*core_, link, TrafficEvent::lost_quietly);
}
/// Q.704 3.2.6: the link is unavailable at both ends, so that both restart when it was the last.
void Network::local_processor_outage(LinkIndex link, bool begins, Time now) {
  expire(now);
  if (link >= links()) return;
  core_->links[link].local_outage = begins;
  judge_link(*core_, link, TrafficEvent::lost_quietly);
}
void Network::backward_sequence(LinkIndex link, std::optional<std::uint8_t> bsnt, Time now) {
  expire(now);
  if (link >= links()) return;
  core_->links[link].bsnt = bsnt;
  step_traffic(*core_, link, TrafficEvent::bsnt);
}
void Network::retrieved(LinkIndex link, OctetView octets, Time now) {
  expire(now);
  NetworkCore& core = *core_;
  if (link >= core.links.size()) return;
  const auto msu = decode_msu(octets, core.config.variant);
  if (!msu || msu->service == service::kTest || msu->service == service::kTestSpecial ||
      msu->service == service::kManagement)
    return;  // Q.704 5.5.3: level 3's own are of no use any more
  LinkData& data = core.links[link];
  Held held{msu->label.dpc, msu->label.sls, Octets(octets.begin(), octets.end())};
  if (data.traffic != Traffic::retrieving) {
    route(core, std::move(held));
    return;
  }
  // In their order, before all that was held meanwhile.
  data.held.insert(data.held.begin() + static_cast<std::ptrdiff_t>(data.retrieved++), std::move(held));
}
void Network::retrieval_complete(LinkIndex link, Time now) {
  expire(now);
  if (link >= links()) return;
  core_->links[link].retrieved = 0;
  step_traffic(*core_, link, TrafficEvent::retrieved);
}
void Network::congestion(LinkIndex link, std::uint8_t level, Time now) {
  expire(now);
  if (link >= links()) return;
  core_->links[link].congestion = level;
  judge_link_congestion(*core_, link);
}

void Network::activate(LinkIndex link, Time now) {
  expire(now);
  if (link < links()) step_activity(*core_, link, ActivityEvent::activate);
}
void Network::deactivate(LinkIndex link, Time now) {
  expire(now);
  if (link < links()) step_activity(*core_, link, ActivityEvent::deactivate);
}
void Network::activate_all(Time now) {
  for (LinkIndex l = 0; l < links(); ++l) activate(l, now);
}
void Network::deactivate_all(Time now) {
  for (LinkIndex l = 0; l < links(); ++l) deactivate(l, now);
}
void Network::inhibit(LinkIndex link, Time now) {
  expire(now);
  if (link < links()) ask_inhibit(*core_, link);
}
void Network::uninhibit(LinkIndex link, Time now) {
  expire(now);
  if (link < links()) ask_uninhibit(*core_, link);
}

void Network::expire(Time now) {
  NetworkCore& core = *core_;
  core.now = now;
  while (const auto key = core.timers.pop_expired(now)) {
    switch (key->timer) {
      case NetworkTimer::t1:
        step_traffic(core, key->of, TrafficEvent::t1);
        break;
      case NetworkTimer::t2:
        step_traffic(core, key->of, TrafficEvent::t2);
        break;
      case NetworkTimer::t4:
        step_traffic(core, key->of, TrafficEvent::t4);
        break;
      case NetworkTimer::t5:
        step_traffic(core, key->of, TrafficEvent::t5);
        break;
      case NetworkTimer::t12:
      case NetworkTimer::t13:
      case NetworkTimer::t14:
      case NetworkTimer::t22:
      case NetworkTimer::t23:
        inhibiting_timed_out(core, key->of, key->timer);
        break;
      case NetworkTimer::t17:
        step_activity(core, key->of, ActivityEvent::t17);
        break;
      case NetworkTimer::test1:
        test_timed_out(core, key->of);
        break;
      case NetworkTimer::test2:
        core.links[key->of].test_tries = 0;
        send_test(core, key->of);
        break;
      default:
        route_timed_out(core, key->timer, key->of);
        break;
    }
  }
}

std::optional<Time> Network::next_deadline() const {
  return core_->timers.next_deadline();
}
std::optional<NetworkOutput> Network::poll_output() {
  if (core_->outputs.empty()) return std::nullopt;
  NetworkOutput out = std::move(core_->outputs.front());
  core_->outputs.pop_front();
  return out;
}
std::size_t Network::links() const {
  return core_->links.size();
}
LinkStatus Network::status(LinkIndex link) const {
  const LinkData& data = core_->links.at(link);
  return {.active = data.wanted,
          .available = data.activity == Activity::available,
          .carrying = data.traffic == Traffic::carrying,
          .inhibited_locally = data.inhibited_locally,
          .inhibited_remotely = data.inhibited_remotely,
          .remote_outage = data.remote_outage,
          .congestion = data.congestion,
          .local_outage = data.local_outage};
}
bool Network::accessible(PointCode destination) const {
  const Destination* found = core_->find(destination);
  return found != nullptr && found->accessible;
}
const NetworkCounters& Network::counters() const {
  return core_->counters;
}
const NetworkConfig& Network::config() const {
  return core_->config;
}

}  // namespace tandem::mtp
