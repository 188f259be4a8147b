// Keys of SS7: linksets, links, circuits by CIC. Those of the trunk itself are in schema_trunk.cpp.
#include <array>

#include "config/schema_parts.h"

namespace tandem::config {
namespace {

using Words = std::string_view;

// In the order of mtp::Variant, mtp::Correction, and of the network indicator's values.
constexpr auto kVariants = std::to_array<Words>({"itu", "ansi"});
constexpr auto kCorrections = std::to_array<Words>({"basic", "preventive"});
constexpr auto kIndicators =
    std::to_array<Words>({"international", "international-spare", "national", "national-spare"});
constexpr auto kRates = std::to_array<Words>({"64", "56"});

constexpr auto kLinkset = std::to_array<Key>({
    {.name = "name", .required = true, .help = "Name of the linkset, which trunks refer to."},
    {.name = "variant",
     .choices = kVariants,
     .fallback = "\"itu\"",
     .help = "MTP as of ITU-T (Q.703, Q.704) or ANSI (T1.111)."},
    {.name = "opc",
     .unit = "point code, as \"2-100-1\"",
     .required = true,
     .help = "Point code of this end. ITU: a number, or 3-8-3 bits with hyphens; ANSI: "
             "network-cluster-member."},
    {.name = "adjacent",
     .unit = "point code, as \"2-100-1\"",
     .required = true,
     .help = "Point code of the neighbour."},
    {.name = "network_indicator",
     .choices = kIndicators,
     .fallback = "\"national\"",
     .help = "Which network the point codes are of (Q.704 14.2.2)."},
    {.name = "routes",
     .type = Type::strings,
     .unit = "point code",
     .min = 0,
     .max = 256,
     .fallback = "[]",
     .help = "Further destinations behind the neighbour, for messages that pass through; those of trunks "
             "are known."},
    {.name = "transfer",
     .type = Type::boolean,
     .fallback = "false",
     .help = "Messages of the linkset's network for others are passed on (Q.704 2.3: STP)."},
    {.name = "mtp2_timers_ms",
     .type = Type::table,
     .unit = "timer, as T1 = 45000",
     .min = 0,
     .max = 3600000,
     .fallback = "{}",
     .help = "Timers of Q.703 of the links, by name, in ms."},
    {.name = "mtp3_timers_ms",
     .type = Type::table,
     .unit = "timer, as T17 = 1000",
     .min = 0,
     .max = 3600000,
     .fallback = "{}",
     .help = "Timers of Q.704 and Q.707 of the linkset's network, by name, in ms; said by one of its "
             "linksets."},
});

constexpr auto kLink = std::to_array<Key>({
    {.name = "span", .required = true, .help = "The span that the link is on."},
    {.name = "timeslot",
     .type = Type::integer,
     .unit = "timeslot",
     .min = 1,
     .max = 31,
     .required = true,
     .help = "Its timeslot."},
    {.name = "slc",
     .type = Type::integer,
     .unit = "code",
     .min = 0,
     .max = 15,
     .required = true,
     .help = "Signalling link code, as the neighbour has it (Q.704 1.3.1)."},
    {.name = "rate",
     .type = Type::integer,
     .unit = "kbit/s",
     .choices = kRates,
     .fallback = "64",
     .help = "56: the last bit of each octet is not used (T1.111.2)."},
    {.name = "correction",
     .choices = kCorrections,
     .fallback = "\"basic\"",
     .help = "Error correction; preventive cyclic retransmission is for satellites (Q.703 6)."},
});

constexpr auto kCircuits = std::to_array<Key>({
    {.name = "span", .required = true, .help = "The span that the circuits are on."},
    {.name = "timeslots",
     .unit = "list, as \"1-15,17-31\"",
     .required = true,
     .help = "Their timeslots, ascending."},
    {.name = "first_cic",
     .type = Type::integer,
     .unit = "CIC",
     .min = 0,
     .max = 16383,
     .required = true,
     .help = "Circuit identification code of the first of them; the others' are as far from it as their "
             "timeslots (Q.763 1.2). ITU and ETSI have 0 to 4095."},
});

}  // namespace

std::span<const Key> linkset_keys() {
  return kLinkset;
}
std::span<const Key> link_keys() {
  return kLink;
}
std::span<const Key> isup_circuits_keys() {
  return kCircuits;
}

}  // namespace tandem::config
