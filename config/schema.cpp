#include "config/schema.h"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "config/schema_parts.h"

namespace tandem::config {
namespace {

constexpr std::string_view kNumberHelp =
    "A change to numbers on their way. Of the rules for one party and direction the first that fits is made.";
constexpr std::string_view kAnnouncementHelp =
    "What callers hear before a call that ends here is released, by cause.";

const auto& all_sections() {
  static const auto all = std::to_array<Section>({
      {.path = "gateway", .required = true, .help = "The gateway itself.", .keys = gateway_keys()},
      {.path = "gateway.sip", .required = true, .help = "SIP of the gateway.", .keys = sip_keys()},
      {.path = "gateway.rtp", .required = true, .help = "RTP of the gateway.", .keys = rtp_keys()},
      {.path = "gateway.metrics",
       .help = "Metrics for Prometheus; without this table there are none.",
       .keys = metrics_keys()},
      {.path = "span",
       .many = true,
       .limit = 256,
       .required = true,
       .help = "An E1 or T1.",
       .keys = span_keys()},
      {.path = "trunk",
       .many = true,
       .limit = 256,
       .required = true,
       .help = "Timeslots towards one exchange, with their signalling.",
       .keys = trunk_keys()},
      {.path = "trunk.number", .many = true, .limit = 64, .help = kNumberHelp, .keys = number_keys()},
      {.path = "trunk.announcement",
       .many = true,
       .limit = 32,
       .help = kAnnouncementHelp,
       .keys = announcement_keys()},
      {.path = "trunk.links",
       .many = true,
       .limit = 16,
       .help = "The signalling links between opc and dpc, a linkset of the trunk's own.",
       .keys = link_keys(),
       .only = "isup"},
      {.path = "trunk.circuits",
       .many = true,
       .limit = 256,
       .help = "The circuits of a trunk with signalling = \"isup\", by runs of CICs.",
       .keys = isup_circuits_keys(),
       .only = "isup"},
      {.path = "linkset",
       .many = true,
       .limit = 64,
       .help = "Signalling links to a neighbour that is not the other end of a trunk's circuits: an STP.",
       .keys = linkset_keys()},
      {.path = "linkset.links",
       .many = true,
       .limit = 16,
       .help = "The signalling links of the linkset.",
       .keys = link_keys()},
      {.path = "peer",
       .many = true,
       .limit = 1000,
       .help = "A SIP neighbour. Requests from other addresses are refused.",
       .keys = peer_keys()},
      {.path = "peer.number", .many = true, .limit = 64, .help = kNumberHelp, .keys = number_keys()},
      {.path = "peer.announcement",
       .many = true,
       .limit = 32,
       .help = kAnnouncementHelp,
       .keys = announcement_keys()},
      {.path = "route",
       .many = true,
       .limit = 1000,
       .required = true,
       .help = "Where calls go. Routes are tried in the order of the file.",
       .keys = route_keys()},
  });
  return all;
}

}  // namespace

std::span<const Section> sections() {
  return all_sections();
}

const Section& section(std::string_view path) {
  const auto it = std::ranges::find(all_sections(), path, &Section::path);
  if (it == all_sections().end()) std::abort();  // a name in our own code
  return *it;
}

const Key* find_key(const Section& section, std::string_view name) {
  const auto it = std::ranges::find(section.keys, name, &Key::name);
  return it == section.keys.end() ? nullptr : &*it;
}

}  // namespace tandem::config
