#pragma once
// The keys of each section, by file; sections() puts them together.
#include <span>

#include "config/schema.h"

namespace tandem::config {

std::span<const Key> gateway_keys();
std::span<const Key> sip_keys();
std::span<const Key> rtp_keys();
std::span<const Key> metrics_keys();
std::span<const Key> span_keys();
std::span<const Key> trunk_keys();
std::span<const Key> linkset_keys();
std::span<const Key> link_keys();
std::span<const Key> isup_circuits_keys();
std::span<const Key> peer_keys();
std::span<const Key> number_keys();
std::span<const Key> announcement_keys();
std::span<const Key> route_keys();

}  // namespace tandem::config
