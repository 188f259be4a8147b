// Changeover and changeback (Q.704 5 and 6).
#include "gateway/base/fsm.h"
#include "isup/mtp/network_core.h"

namespace tandem::mtp {
namespace {

struct Step {
  NetworkCore& core;
  LinkIndex link;
  [[nodiscard]] LinkData& data() const { return core.links[link]; }
};
using S = Traffic;
using E = TrafficEvent;
using Row = FsmRow<S, E, Step>;

bool has_no_path(const Step& s) {
  return !has_other_path(s.core, s.link);
}
/// Not inhibited: the link holds what it could not send, and would send it when it comes back.
bool is_out(const Step& s) {
  return s.data().remote_outage || s.data().local_outage;
}
bool is_ordered(const Step& s) {
  return s.data().ordered;
}
/// Those that carried its traffic until now: of its own linkset, or of others (Q.704 6.2). While the
/// neighbour restarts there are none.
std::vector<LinkIndex> partners(const Step& s) {
  const LinksetData& set = s.core.linksets[s.data().linkset];
  std::vector<LinkIndex> out;
  for (const LinkIndex l : set.links)
    if (set.traffic_allowed && l != s.link && s.core.links[l].traffic == Traffic::carrying) out.push_back(l);
  if (out.empty()) out = carriers_elsewhere(s.core, s.data().linkset);
  return out;
}
bool has_partners(const Step& s) {
  return !partners(s).empty();
}

void stop_timers(Step& s) {
  for (const auto t : {NetworkTimer::t1, NetworkTimer::t2, NetworkTimer::t4, NetworkTimer::t5})
    s.core.stop(t, s.link);
}
/// Q.704 5.3.3: nobody to carry it.
void give_up(Step& s) {
  s.core.counters.no_route += s.data().held.size();
  s.data().held.clear();
}
/// Q.704 5.3.3; what the link could not send must not go out when users have long given up.
void give_up_in_outage(Step& s) {
  give_up(s);
  if (is_out(s)) s.core.command(s.link, LinkAction::retrieve);
}
void ask_sequence(Step& s) {
  stop_timers(s);
  ++s.core.counters.changeovers;
  s.data().bsnt.reset();
  s.core.start(NetworkTimer::t2, s.link);
  s.core.command(s.link, LinkAction::backward_sequence);
}
/// The far end says that the link has failed: so it has (Q.704 5.3.2).
void obey(Step& s) {
  LinkData& data = s.data();
  if (data.activity == Activity::available || data.activity == Activity::testing) {
    s.core.command(s.link, LinkAction::stop);
    data.activity = Activity::waiting;
    for (const auto t : {NetworkTimer::test1, NetworkTimer::test2}) s.core.stop(t, s.link);
    data.test_open = false;
    s.core.start(NetworkTimer::t17, s.link);
    s.core.report(s.link, LinkNotice::unavailable);
  }
  ask_sequence(s);
}
void answer(Step& s) {
  LinkData& data = s.data();
  data.ordered = false;
  if (data.bsnt)
    send_management(s.core, s.link, {.heading = Heading::coa, .fsn = *data.bsnt});
  else
    send_management(s.core, s.link, {.heading = Heading::eca});  // Q.704 5.6.2
}
void retrieve(Step& s) {
  s.core.start(NetworkTimer::t2, s.link);
  s.core.outputs.emplace_back(
      ToLink{.link = s.link, .action = LinkAction::retrieve, .confirmed = s.data().confirmed});
}
void retrieve_unsent(Step& s) {  // Q.704 5.7.2: no answer within T2
  s.data().confirmed.reset();
  retrieve(s);
}
void answer_and_retrieve(Step& s) {
  answer(s);
  retrieve(s);
}
void send_order(Step& s) {
  s.core.start(NetworkTimer::t2, s.link);
  if (s.data().bsnt)
    send_management(s.core, s.link, {.heading = Heading::coo, .fsn = *s.data().bsnt});
  else
    send_management(s.core, s.link, {.heading = Heading::eco});
}
void wait_a_while(Step& s) {
  ++s.core.counters.changeovers;
  s.core.start(NetworkTimer::t1, s.link);
}

constexpr std::size_t kMostCodes = 256;  // Q.704 15.5: eight bits; ITU and ANSI

void declare(Step& s) {
  LinkData& data = s.data();
  for (std::size_t code = 0; code < data.declared.size(); ++code) {
    if (data.declared[code] == kNoLink) continue;
    // By the alternative link itself, so that it comes behind that link's messages (Q.704 6.3.3).
    const auto& set = s.core.linkset_config(data.linkset);
    const Octets body =
        encode_management({.heading = Heading::cbd, .slc = data.slc, .code = static_cast<std::uint8_t>(code)},
                          s.core.config.variant);
    s.core.transmit(
        data.declared[code],
        encode_msu({.service = service::kManagement,
                    .network_indicator = s.core.config.network_indicator,
                    .priority = static_cast<std::uint8_t>(s.core.config.variant == Variant::itu ? 0 : 3),
                    .label = {set.adjacent, set.own, data.slc},
                    .data = body},
                   s.core.config.variant));
  }
}
void begin_changeback(Step& s) {
  LinkData& data = s.data();
  ++s.core.counters.changebacks;
  data.declared = partners(s);
  if (data.declared.size() > kMostCodes) data.declared.resize(kMostCodes);
  declare(s);
  s.core.start(NetworkTimer::t4, s.link);
}
void declare_again(Step& s) {
  declare(s);
  s.core.start(NetworkTimer::t5, s.link);
}

constexpr auto kRows = std::to_array<Row>({
    {S::carrying, E::lost, has_no_path, give_up, S::diverted, "Q.704 5.3.3"},
    {S::carrying, E::lost, nullptr, ask_sequence, S::waiting_bsnt, "Q.704 5.3, 5.4"},
    {S::carrying, E::lost_quietly, has_no_path, give_up_in_outage, S::diverted, "Q.704 5.3.3"},
    {S::carrying, E::lost_quietly, nullptr, wait_a_while, S::time_over, "Q.704 5.6.2, 10.2"},
    {S::carrying, E::order, nullptr, obey, S::waiting_bsnt, "Q.704 5.3.2"},

    {S::waiting_bsnt, E::bsnt, is_ordered, answer_and_retrieve, S::retrieving, "Q.704 5.4.2"},
    {S::waiting_bsnt, E::bsnt, nullptr, send_order, S::waiting_ack, "Q.704 5.4.1, 5.6"},
    {S::waiting_bsnt, E::t2, nullptr, send_order, S::waiting_ack, "Q.704 5.6: emergency changeover"},

    {S::waiting_ack, E::acknowledged, nullptr, retrieve, S::retrieving, "Q.704 5.5"},
    {S::waiting_ack, E::order, nullptr, answer_and_retrieve, S::retrieving, "Q.704 5.4.2"},
    {S::waiting_ack, E::t2, nullptr, retrieve_unsent, S::retrieving, "Q.704 5.7.2"},

    {S::retrieving, E::order, nullptr, answer, S::retrieving, "Q.704 5.7.1"},
    {S::retrieving, E::retrieved, nullptr, nullptr, S::diverted, "Q.704 5.5"},
    {S::retrieving, E::t2, nullptr, nullptr, S::diverted, "Q.704 5.7.2"},

    {S::time_over, E::t1, is_out, retrieve_unsent, S::retrieving, "Q.704 5.6.2: nothing old goes out later"},
    {S::time_over, E::t1, nullptr, nullptr, S::diverted, "Q.704 5.6.2"},
    {S::time_over, E::back, nullptr, nullptr, S::carrying, "Q.704 5.6.2"},
    {S::time_over, E::lost, nullptr, ask_sequence, S::waiting_bsnt, "Q.704 5.3"},
    {S::time_over, E::order, nullptr, obey, S::waiting_bsnt, "Q.704 5.3.2"},

    {S::diverted, E::order, nullptr, answer, S::diverted, "Q.704 5.7.1"},
    {S::diverted, E::back, has_partners, begin_changeback, S::changing_back, "Q.704 6.3"},
    {S::diverted, E::back, nullptr, nullptr, S::carrying, "Q.704 6.2"},

    {S::changing_back, E::confirmed, nullptr, nullptr, S::carrying, "Q.704 6.3.4"},
    {S::changing_back, E::t4, nullptr, declare_again, S::changing_back, "Q.704 6.5.3"},
    {S::changing_back, E::t5, nullptr, nullptr, S::carrying, "Q.704 6.5.3"},
    {S::changing_back, E::lost, nullptr, nullptr, S::diverted, "Q.704 6.2"},
    {S::changing_back, E::lost_quietly, nullptr, nullptr, S::diverted, "Q.704 6.2"},
    {S::changing_back, E::order, nullptr, obey, S::waiting_bsnt, "Q.704 5.3.2"},
});
static_assert(fsm_rows_unique(kRows));

}  // namespace

void step_traffic(NetworkCore& core, LinkIndex link, TrafficEvent event) {
  Step step{core, link};
  LinkData& data = core.links[link];
  const Traffic before = data.traffic;
  Traffic state = before;
  fsm_step(kRows, state, event, step);
  data.traffic = state;
  if (before == state) return;
  const bool settled = state == Traffic::carrying || state == Traffic::diverted;
  if (settled) stop_timers(step);
  judge_network(core);
  if (settled) flush(core, data.held);
  // It may have come back while its traffic was on the way elsewhere.
  if (state == Traffic::diverted && core.usable(data)) step_traffic(core, link, TrafficEvent::back);
}

void judge_link(NetworkCore& core, LinkIndex link, TrafficEvent if_lost) {
  const LinkData& data = core.links[link];
  if (core.usable(data)) {
    step_traffic(core, link, TrafficEvent::back);
  } else if (data.traffic == Traffic::carrying || data.traffic == Traffic::changing_back ||
             (data.traffic == Traffic::time_over && if_lost == TrafficEvent::lost &&
              data.activity != Activity::available)) {
    step_traffic(core, link, if_lost);
  }
}

void receive_changeover(NetworkCore& core, std::size_t linkset, const Management& message) {
  const LinkIndex link = core.link_of(linkset, message.slc);
  if (link == kNoLink) {
    ++core.counters.unexpected;
    return;
  }
  LinkData& data = core.links[link];
  switch (message.heading) {
    case Heading::coo:
    case Heading::eco:
      data.confirmed = message.heading == Heading::coo ? std::optional(message.fsn) : std::nullopt;
      data.ordered = true;
      step_traffic(core, link, TrafficEvent::order);
      break;
    case Heading::coa:
    case Heading::eca:
      if (data.traffic != Traffic::waiting_ack) return;  // Q.704 5.7.3: no order is out
      data.confirmed = message.heading == Heading::coa ? std::optional(message.fsn) : std::nullopt;
      step_traffic(core, link, TrafficEvent::acknowledged);
      break;
    case Heading::cbd:  // Q.704 6.5.2: acknowledged in any case
      send_management(core, link, {.heading = Heading::cba, .code = message.code});
      break;
    default:
      if (data.traffic != Traffic::changing_back || message.code >= data.declared.size()) return;
      data.declared[message.code] = kNoLink;
      if (std::ranges::all_of(data.declared, [](LinkIndex l) { return l == kNoLink; }))
        step_traffic(core, link, TrafficEvent::confirmed);
      break;
  }
}

}  // namespace tandem::mtp
