// Management inhibiting (Q.704 10): a link is kept from user traffic, and each end knows it of the other.
#include "isup/mtp/network_core.h"

namespace tandem::mtp {
namespace {

constexpr std::uint8_t kTries = 2;  // Q.704 10.2, 10.3: once more after T14, T12

void ask(NetworkCore& core, LinkIndex link, Heading heading, NetworkTimer timer) {
  ++core.links[link].inhibit_tries;
  send_management(core, link, {.heading = heading});
  core.start(timer, link);
}
void settle(NetworkCore& core, LinkIndex link, LinkNotice notice) {
  core.links[link].inhibiting = Inhibiting::none;
  core.links[link].inhibit_tries = 0;
  for (const auto t : {NetworkTimer::t12, NetworkTimer::t14}) core.stop(t, link);
  core.report(link, notice);
}

bool would_isolate(const NetworkCore& core, LinkIndex link) {
  return core.links[link].traffic == Traffic::carrying && !has_other_path(core, link);
}

/// Q.704 10.2: the far end wants the link inhibited.
void receive_inhibit(NetworkCore& core, LinkIndex link) {
  LinkData& data = core.links[link];
  if (would_isolate(core, link)) {
    send_management(core, link, {.heading = Heading::lid});
    return;
  }
  data.inhibited_remotely = true;
  core.start(NetworkTimer::t23, link);
  send_management(core, link, {.heading = Heading::lia});
  judge_link(core, link, TrafficEvent::lost_quietly);
}
void receive_uninhibit(NetworkCore& core, LinkIndex link) {
  core.links[link].inhibited_remotely = false;
  for (const auto t : {NetworkTimer::t13, NetworkTimer::t23}) core.stop(t, link);
  send_management(core, link, {.heading = Heading::lua});
  judge_link(core, link, TrafficEvent::lost_quietly);
}

}  // namespace

void ask_inhibit(NetworkCore& core, LinkIndex link) {
  LinkData& data = core.links[link];
  if (data.inhibited_locally || data.inhibiting != Inhibiting::none) return;
  if (would_isolate(core, link)) {  // Q.704 10.1: not when a destination is lost by it
    core.report(link, LinkNotice::inhibit_denied);
    return;
  }
  data.inhibiting = Inhibiting::asking;
  data.inhibit_tries = 0;
  ask(core, link, Heading::lin, NetworkTimer::t14);
}

void ask_uninhibit(NetworkCore& core, LinkIndex link) {
  LinkData& data = core.links[link];
  if (data.inhibiting == Inhibiting::revoking) return;
  core.stop(NetworkTimer::t14, link);
  data.inhibiting = Inhibiting::revoking;
  data.inhibit_tries = 0;
  ask(core, link, Heading::lun, NetworkTimer::t12);
}

void receive_inhibiting(NetworkCore& core, std::size_t linkset, const Management& message) {
  const LinkIndex link = core.link_of(linkset, message.slc);
  if (link == kNoLink) {
    ++core.counters.unexpected;
    return;
  }
  LinkData& data = core.links[link];
  switch (message.heading) {
    case Heading::lin:
      receive_inhibit(core, link);
      break;
    case Heading::lun:
      receive_uninhibit(core, link);
      break;
    case Heading::lia:
      if (data.inhibiting != Inhibiting::asking) return;
      data.inhibited_locally = true;
      core.start(NetworkTimer::t22, link);
      settle(core, link, LinkNotice::inhibited);
      judge_link(core, link, TrafficEvent::lost_quietly);
      break;
    case Heading::lid:
      if (data.inhibiting == Inhibiting::asking) settle(core, link, LinkNotice::inhibit_denied);
      break;
    case Heading::lua:
      if (data.inhibiting != Inhibiting::revoking) return;
      data.inhibited_locally = false;
      core.stop(NetworkTimer::t22, link);
      settle(core, link, LinkNotice::uninhibited);
      judge_link(core, link, TrafficEvent::lost_quietly);
      break;
    case Heading::lfu:
      ask_uninhibit(core, link);
      break;            // Q.704 10.3.3
    case Heading::llt:  // Q.704 10.5: the far end has it inhibited, we have not
      if (!data.inhibited_remotely) send_management(core, link, {.heading = Heading::lfu});
      break;
    default:  // LRT: the far end thinks that we have it inhibited
      if (!data.inhibited_locally) ask_uninhibit(core, link);
      break;
  }
}

void inhibiting_timed_out(NetworkCore& core, LinkIndex link, NetworkTimer timer) {
  LinkData& data = core.links[link];
  switch (timer) {
    case NetworkTimer::t14:
      if (data.inhibit_tries < kTries)
        ask(core, link, Heading::lin, timer);
      else
        settle(core, link, LinkNotice::inhibit_failed);
      break;
    case NetworkTimer::t12:
      if (data.inhibit_tries < kTries)
        ask(core, link, Heading::lun, timer);
      else
        settle(core, link, LinkNotice::uninhibit_failed);
      break;
    case NetworkTimer::t13:
      if (data.inhibited_remotely) send_management(core, link, {.heading = Heading::lfu});
      break;
    case NetworkTimer::t22:
      send_management(core, link, {.heading = Heading::llt});
      core.start(timer, link);
      break;
    default:
      send_management(core, link, {.heading = Heading::lrt});
      core.start(timer, link);
      break;
  }
}

void force_uninhibit(NetworkCore& core, const Destination& destination) {
  for (const auto& route : destination.routes) {
    for (const LinkIndex link : core.linksets[route.linkset].links) {
      const LinkData& data = core.links[link];
      if (data.inhibited_locally) ask_uninhibit(core, link);
      if (!data.inhibited_remotely) continue;
      send_management(core, link, {.heading = Heading::lfu});
      core.start(NetworkTimer::t13, link);
    }
  }
}

}  // namespace tandem::mtp
