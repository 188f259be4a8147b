#include "config/schema.h"

#include <algorithm>
#include <array>
#include <cstdlib>

namespace tandem::config {
namespace {

using Words = std::string_view;

constexpr auto kLogLevels = std::to_array<Words>({"debug", "info", "warning", "error"});
constexpr auto kSpanTypes = std::to_array<Words>({"E1", "T1"});
constexpr auto kDrivers = std::to_array<Words>({"cesopsn"});
constexpr auto kDriversLater = std::to_array<Later>(
    {{"dahdi", "this build has no DAHDI driver yet: join the span by driver = \"cesopsn\""}});
constexpr auto kClocks = std::to_array<Words>({"master", "recovered"});
constexpr auto kPacketFrames = std::to_array<Words>({"8", "16", "24", "32", "40"});
constexpr auto kSignalling = std::to_array<Words>({"pri"});
constexpr auto kSignallingLater = std::to_array<Later>(
    {{"isup", "ISUP trunks are not supported yet: use signalling = \"pri\" or take this trunk out"}});
constexpr auto kSwitches = std::to_array<Words>({"euroisdn", "national"});
constexpr Words kOtherSwitch =
    "this variant is not supported yet: use \"euroisdn\" on an E1, \"national\" on a T1";
constexpr auto kSwitchesLater = std::to_array<Later>({{"ni1", kOtherSwitch},
                                                      {"dms100", kOtherSwitch},
                                                      {"4ess", kOtherSwitch},
                                                      {"5ess", kOtherSwitch},
                                                      {"qsig", kOtherSwitch}});
constexpr auto kSides = std::to_array<Words>({"user", "network"});
constexpr auto kHunts =
    std::to_array<Words>({"ascending", "descending", "least-recent", "most-recent", "odd", "even"});
constexpr auto kFailureTones = std::to_array<Words>({"interworked", "always", "never"});
constexpr auto kCodecs = std::to_array<Words>({"PCMA", "PCMU"});
constexpr auto kPtimes = std::to_array<Words>({"10", "20", "30"});
constexpr auto kDtmf = std::to_array<Words>({"rfc4733", "inband"});
constexpr auto kIsupBody = std::to_array<Words>({"off"});
constexpr Words kNoBodies = "ISUP bodies in SIP are not supported yet: use \"off\"";
constexpr auto kIsupBodyLater = std::to_array<Later>({{"optional", kNoBodies}, {"required", kNoBodies}});

constexpr auto kGateway = std::to_array<Key>({
    {.name = "name", .fallback = "\"tandem\"", .help = "Name of this gateway in logs and status."},
    {.name = "cdr",
     .unit = "file",
     .required = true,
     .help = "SQLite database of the call detail records. A missing directory is made if its parent exists. "
             "Relative paths are relative to the working directory."},
    {.name = "control",
     .unit = "file",
     .fallback = "\"/run/tandem/control.sock\"",
     .help = "Local socket that `tandem status`, `calls`, ... talk to. A missing directory is made if its "
             "parent exists."},
    {.name = "log_level",
     .choices = kLogLevels,
     .fallback = "\"info\"",
     .help = "The least severe level that is logged."},
    {.name = "drain_limit_s",
     .type = Type::integer,
     .unit = "s",
     .min = 0,
     .max = 86400,
     .fallback = "60",
     .help = "After SIGTERM existing calls may go on for so long, then they are cleared."},
});

constexpr auto kSip = std::to_array<Key>({
    {.name = "listen",
     .type = Type::strings,
     .unit = "udp:ADDRESS:PORT or tcp:ADDRESS:PORT",
     .min = 1,
     .max = 16,
     .required = true,
     .help = "Where SIP is listened for, and what Via and Contact say; so not 0.0.0.0."},
    {.name = "product", .fallback = "\"Tandem\"", .help = "Text of the Server and User-Agent headers."},
    {.name = "t1_ms",
     .type = Type::integer,
     .unit = "ms",
     .min = 50,
     .max = 5000,
     .fallback = "500",
     .help = "Timer T1, the round-trip estimate (RFC 3261 17.1.1.1)."},
    {.name = "t2_ms",
     .type = Type::integer,
     .unit = "ms",
     .min = 100,
     .max = 60000,
     .fallback = "4000",
     .help = "Timer T2, the longest interval between retransmissions (RFC 3261 17.1.2.2)."},
    {.name = "t4_ms",
     .type = Type::integer,
     .unit = "ms",
     .min = 100,
     .max = 60000,
     .fallback = "5000",
     .help = "Timer T4, how long a message stays in the network (RFC 3261 17.1.2.2)."},
    {.name = "invite_timeout_s",
     .type = Type::integer,
     .unit = "s",
     .min = 10,
     .max = 3600,
     .fallback = "180",
     .help = "An INVITE without a final response is given up after this (timer C, RFC 3261 16.7)."},
    {.name = "max_message",
     .type = Type::integer,
     .unit = "octets",
     .min = 1500,
     .max = 65535,
     .fallback = "65535",
     .help = "Longer SIP messages are refused."},
    {.name = "max_transactions",
     .type = Type::integer,
     .unit = "transactions",
     .min = 100,
     .max = 10000000,
     .fallback = "100000",
     .help = "New requests beyond this are refused."},
    {.name = "dscp",
     .type = Type::integer,
     .unit = "code point",
     .min = 0,
     .max = 63,
     .fallback = "24",
     .help = "Differentiated services code point of SIP packets (RFC 2474); 24 is CS3."},
});

constexpr auto kRtp = std::to_array<Key>({
    {.name = "address",
     .unit = "ADDRESS",
     .required = true,
     .help = "The address of RTP sockets and of SDP; so not 0.0.0.0."},
    {.name = "ports",
     .unit = "FIRST-LAST",
     .fallback = "\"20000-29999\"",
     .help = "UDP ports of RTP (even) and RTCP (the odd one above): two a call."},
    {.name = "timeout_s",
     .type = Type::integer,
     .unit = "s",
     .min = 0,
     .max = 86400,
     .fallback = "60",
     .help = "A call whose peer should send and sends no RTP for so long is cleared; 0: never."},
    {.name = "dscp",
     .type = Type::integer,
     .unit = "code point",
     .min = 0,
     .max = 63,
     .fallback = "46",
     .help = "Differentiated services code point of RTP and RTCP packets; 46 is EF."},
    {.name = "jitter_min_ms",
     .type = Type::integer,
     .unit = "ms",
     .min = 10,
     .max = 500,
     .fallback = "20",
     .help = "The jitter buffer never gets shorter than this."},
    {.name = "jitter_max_ms",
     .type = Type::integer,
     .unit = "ms",
     .min = 20,
     .max = 1000,
     .fallback = "200",
     .help = "The jitter buffer never gets longer than this."},
});

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

constexpr auto kTrunk = std::to_array<Key>({
    {.name = "name", .required = true, .help = "Name of the trunk, which routes refer to."},
    {.name = "signalling",
     .choices = kSignalling,
     .later = kSignallingLater,
     .decides = true,
     .required = true,
     .help = "The signalling on the trunk; pri: ISDN primary rate (Q.931)."},
    {.name = "switch",
     .choices = kSwitches,
     .later = kSwitchesLater,
     .required = true,
     .help = "Variant of Q.931: euroisdn on an E1, national on a T1."},
    {.name = "side",
     .choices = kSides,
     .fallback = "\"user\"",
     .help = "Which side of the interface this end is (Q.931 1.2)."},
    {.name = "spans",
     .type = Type::strings,
     .unit = "span",
     .min = 1,
     .max = 1,
     .required = true,
     .help = "The span of the trunk; one for now."},
    {.name = "d_channel",
     .unit = "SPAN:TIMESLOT",
     .required = true,
     .help = "Where the signalling is: timeslot 16 of an E1, 24 of a T1 as a rule."},
    {.name = "timeslots",
     .unit = "list, as \"1-15,17-31\"",
     .derived = "all but d_channel",
     .help = "The timeslots that carry calls."},
    {.name = "hunt",
     .choices = kHunts,
     .fallback = "\"ascending\"",
     .help = "The order in which free timeslots are taken for outgoing calls; the two ends do well to go "
             "opposite ways. odd and even: those first."},
    {.name = "exclusive",
     .type = Type::boolean,
     .fallback = "true",
     .help =
         "The timeslot asked for in SETUP is exclusive; false: preferred, the far end may choose another."},
    {.name = "failure_tone",
     .choices = kFailureTones,
     .fallback = "\"interworked\"",
     .help = "Who hears busy or congestion tone for 20 s before a failed call is cleared: callers behind a "
             "network without causes (progress indicator 1), always, or never."},
    {.name = "country_code",
     .unit = "digits",
     .fallback = "\"\"",
     .help = "Country code of national numbers on this trunk, with which they are read as E.164; empty: "
             "numbers are left as they are."},
    {.name = "echo_tail_ms",
     .type = Type::integer,
     .unit = "ms",
     .min = 0,
     .max = 128,
     .fallback = "64",
     .help = "Length of echo that a canceller is to cover; 0: none. This version has no canceller yet and "
             "only checks the value."},
});

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
    {.name = "dtmf",
     .choices = kDtmf,
     .fallback = "\"rfc4733\"",
     .help = "rfc4733: digits are sent as events where the peer takes them. inband: as tones."},
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

constexpr auto kSections = std::to_array<Section>({
    {.path = "gateway", .required = true, .help = "The gateway itself.", .keys = kGateway},
    {.path = "gateway.sip", .required = true, .help = "SIP of the gateway.", .keys = kSip},
    {.path = "gateway.rtp", .required = true, .help = "RTP of the gateway.", .keys = kRtp},
    {.path = "span", .many = true, .limit = 256, .required = true, .help = "An E1 or T1.", .keys = kSpan},
    {.path = "trunk",
     .many = true,
     .limit = 256,
     .required = true,
     .help = "Timeslots towards one exchange, with their signalling.",
     .keys = kTrunk},
    {.path = "peer",
     .many = true,
     .limit = 1000,
     .help = "A SIP neighbour. Requests from other addresses are refused.",
     .keys = kPeer},
    {.path = "route",
     .many = true,
     .limit = 1000,
     .required = true,
     .help = "Where calls go. Routes are tried in the order of the file.",
     .keys = kRoute},
});

}  // namespace

std::span<const Section> sections() {
  return kSections;
}

const Section& section(std::string_view path) {
  const auto it = std::ranges::find(kSections, path, &Section::path);
  if (it == kSections.end()) std::abort();  // a name in our own code
  return *it;
}

const Key* find_key(const Section& section, std::string_view name) {
  const auto it = std::ranges::find(section.keys, name, &Key::name);
  return it == section.keys.end() ? nullptr : &*it;
}

}  // namespace tandem::config
