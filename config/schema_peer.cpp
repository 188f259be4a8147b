#include <array>

#include "config/schema_parts.h"

namespace tandem::config {
namespace {

using Words = std::string_view;

constexpr auto kCodecs = std::to_array<Words>({"PCMA", "PCMU"});
constexpr auto kPtimes = std::to_array<Words>({"10", "20", "30", "40", "50", "60"});
constexpr auto kIsupBody = std::to_array<Words>({"off"});
constexpr Words kNoBodies = "ISUP bodies in SIP are not supported yet: use \"off\"";
constexpr auto kIsupBodyLater = std::to_array<Later>({{"optional", kNoBodies}, {"required", kNoBodies}});
// Each in the order of its enumeration.
constexpr auto kDtmf = std::to_array<Words>({"rfc4733", "info-relay", "info-dtmf", "inband"});
constexpr auto kReliable = std::to_array<Words>({"never", "supported", "required"});
constexpr auto kRefreshers = std::to_array<Words>({"any", "self", "peer"});
constexpr auto kLearning = std::to_array<Words>({"off", "address", "any"});
constexpr auto kDiversion = std::to_array<Words>({"none", "diversion", "history-info", "both"});
constexpr auto kParties = std::to_array<Words>({"called", "calling"});
constexpr auto kDirections = std::to_array<Words>({"received", "sent"});
// From the second: isup::NatureOfAddress from 1.
constexpr auto kTypes =
    std::to_array<Words>({"any", "subscriber", "unknown", "national", "international", "network-specific"});
constexpr auto kBecomes = std::to_array<Words>(
    {"unchanged", "subscriber", "unknown", "national", "international", "network-specific"});

constexpr auto kPeer = std::to_array<Key>({
    {.name = "name", .required = true, .help = "Name of the peer, which routes refer to."},
    {.name = "address",
     .unit = "sip:ADDRESS:PORT;transport=udp|tcp",
     .required = true,
     .help = "Where the peer is; an IP address. Port 5060 and UDP unless said otherwise. A request belongs "
             "to the peer whose "
             "address and port it comes from, else to the one at that address."},
    {.name = "codecs",
     .type = Type::strings,
     .unit = "codec",
     .min = 1,
     .max = 2,
     .choices = kCodecs,
     .fallback = "[\"PCMA\", \"PCMU\"]",
     .help = "Codecs offered and accepted, best first (RFC 3551)."},
    {.name = "ptime_ms",
     .type = Type::integer,
     .unit = "ms",
     .choices = kPtimes,
     .fallback = "20",
     .help = "Speech in one RTP packet, unless the peer asks for another."},
    {.name = "maxptime_ms",
     .type = Type::integer,
     .unit = "ms",
     .choices = kPtimes,
     .fallback = "60",
     .help = "The most speech in one RTP packet that the peer is told to send."},
    {.name = "dtmf",
     .choices = kDtmf,
     .fallback = "\"rfc4733\"",
     .help = "How digits are sent. rfc4733: as events where the peer takes them; info-relay, info-dtmf: by "
             "INFO with application/dtmf-relay or application/dtmf; inband: as tones."},
    {.name = "trusted",
     .type = Type::boolean,
     .fallback = "true",
     .help = "Inside the trust domain: P-Asserted-Identity is believed and sent (RFC 3325)."},
    {.name = "options_interval_s",
     .type = Type::integer,
     .unit = "s",
     .min = 0,
     .max = 3600,
     .fallback = "0",
     .help =
         "The peer is asked by OPTIONS this often and routed around while it is silent; 0: it is not asked."},
    {.name = "country_code",
     .unit = "digits",
     .fallback = "\"\"",
     .help =
         "Country code with which national numbers are read as E.164; empty: numbers are left as they are."},
    {.name = "isup_body",
     .choices = kIsupBody,
     .later = kIsupBodyLater,
     .fallback = "\"off\"",
     .help = "Whether ISUP messages travel in SIP bodies (RFC 3372)."},
    {.name = "reliable",
     .choices = kReliable,
     .fallback = "\"supported\"",
     .help = "Provisional responses by RFC 3262: never, where the peer supports it, or required of it."},
    {.name = "session_expires_s",
     .type = Type::integer,
     .unit = "s",
     .min = 0,
     .max = 86400,
     .fallback = "0",
     .help = "Session timer that is asked for (RFC 4028): 90 or more; 0: none."},
    {.name = "min_se_s",
     .type = Type::integer,
     .unit = "s",
     .min = 90,
     .max = 86400,
     .fallback = "90",
     .help = "The shortest session timer that is accepted (RFC 4028 5)."},
    {.name = "refresher",
     .choices = kRefreshers,
     .fallback = "\"any\"",
     .help = "Who is asked to refresh the session (RFC 4028 7.1); self: this gateway."},
    {.name = "symmetric_rtp",
     .choices = kLearning,
     .fallback = "\"address\"",
     .help =
         "Where RTP is sent when the peer's packets come from elsewhere than its SDP says. off: where SDP "
         "says; address: to another port of that address; any: to whoever sends first."},
    {.name = "comfort_noise",
     .type = Type::boolean,
     .fallback = "true",
     .help = "Comfort noise is offered and taken (RFC 3389)."},
    {.name = "suppress_silence",
     .type = Type::boolean,
     .fallback = "false",
     .help = "Silence is not sent, but comfort noise, where the peer takes it."},
    {.name = "clearmode",
     .type = Type::boolean,
     .fallback = "true",
     .help = "Data calls of 64 kbit/s are offered and taken as CLEARMODE (RFC 4040)."},
    {.name = "diversion",
     .choices = kDiversion,
     .fallback = "\"both\"",
     .help = "Headers that say redirections to the peer (RFC 5806, RFC 7044); both are understood."},
    {.name = "user_to_user",
     .type = Type::boolean,
     .fallback = "true",
     .help = "User-to-user information crosses (RFC 7433)."},
    {.name = "p_early_media",
     .type = Type::boolean,
     .fallback = "false",
     .help = "P-Early-Media decides what is heard before answer, and is sent to callers that list it as "
             "supported "
             "(RFC 5009)."},
    {.name = "reason_decides",
     .type = Type::boolean,
     .fallback = "false",
     .help = "A Reason header with a Q.850 cause wins over the status (RFC 6432)."},
    {.name = "overlap",
     .type = Type::boolean,
     .fallback = "false",
     .help = "Numbers that grow in further INVITEs are taken, and sent for callers of a trunk with overlap = "
             "\"pass-on\" (RFC 3578 3): the peer must be one gateway, or lead to one."},
    {.name = "follow_redirects",
     .type = Type::integer,
     .unit = "targets",
     .min = 0,
     .max = 10,
     .fallback = "0",
     .help = "Contacts of a 3xx that are tried; 0: the call is released with cause 23."},
    {.name = "status_to_cause",
     .type = Type::table,
     .unit = "SIP status, as 480 = 19",
     .min = 1,
     .max = 127,
     .fallback = "{}",
     .help = "Q.850 causes of calls that this peer refuses, where they are to differ from RFC 3398 8.2.6.1. "
             "The causes of "
             "networks (41, 58, ...) lead to the next target of the route: { 488 = 58 } where that has other "
             "codecs."},
    {.name = "hold_music",
     .unit = "WAV file",
     .fallback = "\"\"",
     .help =
         "What this peer hears when the PSTN holds its call; empty: what the PSTN sends, or hold tone where "
         "that has given up the channel (Q.932 6)."},
});

constexpr auto kNumber = std::to_array<Key>({
    {.name = "of", .choices = kParties, .fallback = "\"called\"", .help = "Whose number is changed."},
    {.name = "direction",
     .choices = kDirections,
     .required = true,
     .help = "Numbers received from this trunk or peer, or sent to it."},
    {.name = "type",
     .choices = kTypes,
     .fallback = "\"any\"",
     .help = "The type of number that the rule is for (Q.763 3.9 nature of address)."},
    {.name = "prefix",
     .unit = "digits",
     .fallback = "\"\"",
     .help = "The number begins with these; empty: any number."},
    {.name = "strip",
     .type = Type::integer,
     .unit = "digits",
     .min = 0,
     .max = 24,
     .fallback = "0",
     .help = "Digits that are taken from the front."},
    {.name = "add", .unit = "digits", .fallback = "\"\"", .help = "Digits that are then put in front."},
    {.name = "becomes",
     .choices = kBecomes,
     .fallback = "\"unchanged\"",
     .help = "The type that the number has from then on."},
});

constexpr auto kAnnouncement = std::to_array<Key>({
    {.name = "causes",
     .type = Type::integers,
     .unit = "Q.850 causes",
     .min = 1,
     .max = 127,
     .required = true,
     .help = "The causes that the announcement is for."},
    {.name = "file",
     .unit = "WAV file",
     .required = true,
     .help = "What the caller hears before the call is released."},
});

}  // namespace

std::span<const Key> peer_keys() {
  return kPeer;
}

std::span<const Key> number_keys() {
  return kNumber;
}

std::span<const Key> announcement_keys() {
  return kAnnouncement;
}

}  // namespace tandem::config
