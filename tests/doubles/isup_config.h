#pragma once
// A gateway with ISUP trunks, as configured.
#include "tests/doubles/gateway_world.h"

namespace tandem::doubles {

/// small_config() and an E1 for each ISUP trunk "ss7-1", "ss7-2", ...: timeslot 16 is its link, CICs are
/// timeslots. Numbers from 7 on, of four digits, go to the first, from 8 on to the second, others as before.
inline core::Config isup_config(int isup_trunks = 1, isup::Variant variant = isup::Variant::itu) {
  auto config = small_config();
  mtp::NetworkConfig network;
  network.variant = variant == isup::Variant::ansi ? mtp::Variant::ansi : mtp::Variant::itu;
  network.own = {100};
  for (int i = 0; i < isup_trunks; ++i) {
    const auto span = static_cast<std::uint16_t>(config.spans.size());
    config.spans.push_back({});
    config.spans.back().name = "e1-" + std::to_string(span + 1);
    core::IsupTrunkConfig trunk;
    trunk.name = "ss7-" + std::to_string(i + 1);
    trunk.group.variant = variant;
    trunk.group.own = 100;
    trunk.group.destination = 200 + static_cast<std::uint32_t>(i);
    trunk.group.hunting = isup::Hunting::ascending;
    for (const int first : {1, 17}) {
      isup::CicRange range{static_cast<std::uint16_t>(first), {}};
      for (int slot = first; slot < first + 15; ++slot)
        range.circuits.push_back({span, static_cast<std::uint8_t>(slot)});
      trunk.group.circuits.push_back(range);
    }
    network.linksets.push_back(
        {.name = trunk.name, .own = 100, .adjacent = trunk.group.destination, .links = {{.slc = 0}}});
    config.media.links.push_back({.circuit = {span, 16}});
    config.isup_trunks.push_back(std::move(trunk));
    core::RouteConfig from;
    from.from = config.isup_trunks.back().name;
    from.match = "^[0-6]";
    from.to = {"carrier"};
    config.routes.push_back(from);
  }
  core::RouteConfig first, second;
  first.match = "^7...$";
  first.to = {"ss7-1"};
  second.match = "^8...$";
  second.to = {"ss7-2"};
  config.routes.insert(config.routes.begin(), {first, second});
  config.networks.push_back(std::move(network));
  return config;
}

}  // namespace tandem::doubles
