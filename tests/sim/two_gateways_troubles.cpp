// What befalls the trunks of two gateways, and what operators do.
#include <string>

#include "tests/sim/subscribers.h"
#include "tests/sim/two_gateways.h"

namespace tandem::sim {

using namespace std::chrono_literals;

namespace {

/// Until then no frame of the trunk gets through.
void cut_trunk(TwoGateways& world, std::size_t side, std::size_t trunk) {
  world.cut(side, trunk, true);
  world.after(world.some(25s), [&world, side, trunk] { world.cut(side, trunk, false); });
}

/// NFAS: the other D channel takes over, and the calls with it (T1.607 annex F).
void cut_one_link(TwoGateways& world, std::size_t side, std::size_t trunk) {
  const auto link = world.pick(world.config(side).trunks[trunk].d_channels.size());
  world.cut(side, trunk, link, true);
  world.after(world.some(60s), [&world, side, trunk, link] { world.cut(side, trunk, link, false); });
}

void red_alarm(TwoGateways& world, std::size_t side, std::size_t trunk) {
  const auto& config = world.config(side).trunks[trunk];
  const auto span = config.spans[world.pick(config.spans.size())].span;
  world.alarm(side, span, true);
  const auto set = [&world, side, trunk, span](bool is_cut) {
    const auto& links = world.config(side).trunks[trunk].d_channels;
    for (std::size_t i = 0; i < links.size(); ++i)
      if (links[i].span == span) world.cut(side, trunk, i, is_cut);
  };
  set(true);
  world.after(world.some(20s), [&world, side, span, set] {
    set(false);
    world.alarm(side, span, false);
  });
}

/// So many frames are lost that now and then a data link is established anew (Q.921 5.7).
void storm(TwoGateways& world, std::size_t side, std::size_t trunk) {
  world.frame_faults(side, trunk) = {.loss = 0.2, .damage = 0.3, .duplicate = 0.1};
  world.after(world.some(15s),
              [&world, side, trunk] { world.frame_faults(side, trunk) = kUsualFrameFaults; });
}

void take_out_of_service(TwoGateways& world, std::size_t side, std::size_t trunk, Slot slot,
                         bool at_far_end) {
  const auto& config = world.config(side).trunks[trunk];
  const auto name =
      world.config(side).spans[config.spans[slot.span].span].name + ":" + std::to_string(slot.timeslot);
  const auto set = [&world, side, trunk, slot, name, at_far_end](bool out) {
    const auto& own = world.config(side).trunks[trunk].name;
    if (at_far_end)
      world.far(side, trunk).service(slot.channel(true), !out, world.now);
    else if (out)
      (void)world.gateway(side).block(own, name, world.now);
    else
      (void)world.gateway(side).unblock(own, name, world.now);
  };
  set(true);
  world.after(world.some(60s), [set] { set(false); });
}

void disturb_once(TwoGateways& world) {
  const auto side = world.pick(2);
  const auto trunk = world.pick(world.trunks(side));
  const auto& config = world.config(side).trunks[trunk];
  const auto span = static_cast<std::uint8_t>(world.pick(config.spans.size()));
  const auto& timeslots = config.spans[span].timeslots;
  const Slot slot{span, timeslots[world.pick(timeslots.size())]};
  switch (world.pick(10)) {
    case 0:
      return cut_trunk(world, side, trunk);
    case 1:
      return red_alarm(world, side, trunk);
    case 2:
      return world.far(side, trunk).restart(slot.timeslot, world.now, slot.span);
    case 3: {
      const auto& name = world.config(side).spans[config.spans[span].span].name;
      (void)world.gateway(side).reset(config.name, name + ":" + std::to_string(slot.timeslot), world.now);
      return;
    }
    case 4:  // the whole span
      world.far(side, trunk).restart(0, world.now, span);
      return;
    case 5:  // SERVICE, where there is such a thing
    case 6:
      return take_out_of_service(world, side, trunk, slot, world.chance(0.5));
    case 7:
      return storm(world, side, trunk);
    case 8:
      return cut_one_link(world, 0, 2);
    default: {
      const auto calls = world.gateway(side).calls(world.now);
      if (!calls.empty())
        (void)world.gateway(side).hangup(calls[world.pick(calls.size())].call, 31, world.now);
    }
  }
}

}  // namespace

void disturb(TwoGateways& world, Time until) {
  world.after(world.some(12s), [&world, until] {
    if (world.now > until) return;
    disturb_once(world);
    disturb(world, until);
  });
}

}  // namespace tandem::sim
