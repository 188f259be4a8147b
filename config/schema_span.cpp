#include <array>

#include "config/schema_parts.h"

namespace tandem::config {
namespace {

using Words = std::string_view;

constexpr auto kSpanTypes = std::to_array<Words>({"E1", "T1"});
constexpr auto kDrivers = std::to_array<Words>({"cesopsn"});
constexpr auto kDriversLater = std::to_array<Later>(
    {{"dahdi", "this build has no DAHDI driver yet: join the span by driver = \"cesopsn\""}});
constexpr auto kClocks = std::to_array<Words>({"master", "recovered"});
constexpr auto kPacketFrames = std::to_array<Words>({"8", "16", "24", "32", "40"});

constexpr auto kSpan = std::to_array<Key>({
    {.name = "name", .required = true, .help = "Name of the span, which trunks refer to."},
    {.name = "type",
     .choices = kSpanTypes,
     .required = true,
     .help = "E1: 31 timeslots, A-law. T1: 24 timeslots, mu-law."},
    {.name = "driver",
     .choices = kDrivers,
     .later = kDriversLater,
     .decides = true,
     .fallback = "\"cesopsn\"",
     .help = "How the span is reached; cesopsn: over UDP (RFC 5086, basic NxDS0)."},
    {.name = "local",
     .unit = "ADDRESS:PORT",
     .required = true,
     .help = "Where CESoPSN packets are received and sent from."},
    {.name = "remote", .unit = "ADDRESS:PORT", .required = true, .help = "The far end of the pseudowire."},
    {.name = "clock",
     .choices = kClocks,
     .derived = "recovered with a user-side trunk, else master",
     .help = "master: this end gives the clock. recovered: it follows the far end's. One end of each span is "
             "master."},
    {.name = "packet_frames",
     .type = Type::integer,
     .unit = "frames of 125 us",
     .choices = kPacketFrames,
     .fallback = "40",
     .help = "Frames in one packet (RFC 5086 5); both ends must say the same."},
    {.name = "playout_ms",
     .type = Type::integer,
     .unit = "ms",
     .min = 1,
     .max = 200,
     .fallback = "10",
     .help = "Depth that the playout buffer aims at; more survives more jitter and adds as much delay."},
    {.name = "receive_gain_db",
     .type = Type::number,
     .unit = "dB",
     .min = -24,
     .max = 12,
     .fallback = "0",
     .help = "Gain from the timeslots towards RTP."},
    {.name = "send_gain_db",
     .type = Type::number,
     .unit = "dB",
     .min = -24,
     .max = 12,
     .fallback = "0",
     .help = "Gain from RTP towards the timeslots."},
});

constexpr auto kRoute = std::to_array<Key>({
    {.name = "from",
     .unit = "trunk or peer",
     .fallback = "\"\"",
     .help = "Where calls of this route come from; empty: anywhere."},
    {.name = "match",
     .unit = "regular expression",
     .fallback = "\"\"",
     .help = "ECMAScript regular expression searched in the called number; empty: every number. The first "
             "route that matches is taken."},
    {.name = "rewrite",
     .unit = "text",
     .fallback = "\"\"",
     .help = "What the part matched becomes, with groups $1, $2, ...; empty: the number stays as it is."},
    {.name = "to",
     .type = Type::strings,
     .unit = "trunk or peer",
     .min = 1,
     .max = 16,
     .required = true,
     .help = "Where calls go, tried in turn on the causes that allow another try."},
});

}  // namespace

std::span<const Key> span_keys() {
  return kSpan;
}

std::span<const Key> route_keys() {
  return kRoute;
}

}  // namespace tandem::config
