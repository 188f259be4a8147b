#include <array>

#include "config/schema_parts.h"

namespace tandem::config {
namespace {

using Words = std::string_view;

constexpr auto kSignalling = std::to_array<Words>({"pri", "isup"});
// In the order of tdm::pri::Switch.
constexpr auto kSwitches =
    std::to_array<Words>({"euroisdn", "national", "ni1", "dms100", "4ess", "5ess", "qsig"});
constexpr auto kSides = std::to_array<Words>({"user", "network"});
constexpr auto kHunts =
    std::to_array<Words>({"ascending", "descending", "least-recent", "most-recent", "odd", "even"});
constexpr auto kFailureTones = std::to_array<Words>({"interworked", "always", "never"});
// In the order of kFacilities in builder_trunk.cpp.
constexpr auto kNetworkFacilities =
    std::to_array<Words>({"none", "sid_preferred", "ani_preferred", "sid_only", "ani_only", "operator",
                          "pcco", "sdn", "toll_free_megacom", "megacom", "accunet", "long_distance",
                          "international_toll_free", "multiquest", "call_redirection"});
constexpr auto kOverlap = std::to_array<Words>({"off", "collect", "pass-on"});

// In the order of isup::Variant, of the network indicator's values, of isup::Hunting, and the quirks' own.
constexpr auto kVariants = std::to_array<Words>({"itu", "etsi", "ansi"});
constexpr auto kIndicators =
    std::to_array<Words>({"international", "international-spare", "national", "national-spare"});
constexpr auto kSelections =
    std::to_array<Words>({"ascending", "descending", "odd", "even", "method-1", "method-2"});
// In the order of the builder's locations.
constexpr auto kLocations =
    std::to_array<Words>({"auto", "private", "local", "transit", "remote", "international"});
constexpr auto kQuirks = std::to_array<Words>(
    {"double-group-messages", "rlc-without-pointer", "no-unequipped-answer", "loop-acknowledge"});

constexpr auto kTrunk = std::to_array<Key>({
    {.name = "name", .required = true, .help = "Name of the trunk, which routes refer to."},
    {.name = "signalling",
     .choices = kSignalling,
     .decides = true,
     .required = true,
     .help = "The signalling on the trunk; pri: ISDN primary rate (Q.931); isup: SS7 (Q.763, "
             "Q.764)."},
    {.name = "switch",
     .choices = kSwitches,
     .only = "pri",
     .required = true,
     .help = "Variant of Q.931. euroisdn: ETSI, on an E1 or T1; qsig: between PBXs, on an E1 or T1; national "
             "(NI-2), ni1, dms100, 4ess, 5ess: North America, on a T1."},
    {.name = "side",
     .choices = kSides,
     .only = "pri",
     .fallback = "\"user\"",
     .help = "Which side of the interface this end is (Q.931 1.2)."},
    {.name = "spans",
     .type = Type::strings,
     .unit = "span",
     .min = 1,
     .max = 20,
     .only = "pri",
     .required = true,
     .help = "The spans of the trunk, all E1 or all T1; several share its D channels (NFAS)."},
    {.name = "d_channel",
     .unit = "SPAN:TIMESLOT",
     .only = "pri",
     .required = true,
     .help = "Where the signalling is: timeslot 16 of an E1, 24 of a T1 as a rule."},
    {.name = "backup_d_channel",
     .unit = "SPAN:TIMESLOT",
     .only = "pri",
     .fallback = "\"\"",
     .help = "A second D channel that takes over when d_channel fails; empty: none."},
    {.name = "interfaces",
     .type = Type::integers,
     .unit = "identifier",
     .min = 0,
     .max = 126,
     .only = "pri",
     .derived = "0, 1, 2, ... in the order of spans",
     .help =
         "Interface identifier of each span in channel identifications (Q.931 4.5.13), as the far end has "
         "them; said only when there are several spans."},
    {.name = "timeslots",
     .unit = "list, as \"1-15,17-31\"",
     .only = "pri",
     .derived = "all but the D channels",
     .help =
         "The timeslots that carry calls: \"1-15,17-31\" of each span, or \"e1-1:1-15,e1-2:1-31\" by span."},
    {.name = "hunt",
     .choices = kHunts,
     .only = "pri",
     .fallback = "\"ascending\"",
     .help = "The order in which free timeslots are taken for outgoing calls; the two ends do well to go "
             "opposite ways. odd and even: those first."},
    {.name = "exclusive",
     .type = Type::boolean,
     .only = "pri",
     .fallback = "true",
     .help =
         "The timeslot asked for in SETUP is exclusive; false: preferred, the far end may choose another."},
    {.name = "failure_tone",
     .choices = kFailureTones,
     .fallback = "\"interworked\"",
     .help = "Who hears busy or congestion tone for 20 s before a failed call is cleared: callers behind a "
             "network without causes (progress indicator 1; not ISUP all the way), always, or never."},
    {.name = "variant",
     .choices = kVariants,
     .only = "isup",
     .fallback = "\"itu\"",
     .help = "ISUP as of ITU-T, ETSI (EN 300 356) or ANSI (T1.113); ansi: with ANSI's MTP."},
    {.name = "opc",
     .unit = "point code, as \"2-100-1\"",
     .only = "isup",
     .required = true,
     .help = "Point code of this end. ITU: a number, or 3-8-3 bits with hyphens; ANSI: "
             "network-cluster-member."},
    {.name = "dpc",
     .unit = "point code, as \"2-100-1\"",
     .only = "isup",
     .required = true,
     .help = "Point code of the exchange at the other end of the circuits."},
    {.name = "network_indicator",
     .choices = kIndicators,
     .only = "isup",
     .fallback = "\"national\"",
     .help = "Which network the point codes are of (Q.704 14.2.2)."},
    {.name = "linksets",
     .type = Type::strings,
     .unit = "linkset or trunk",
     .min = 0,
     .max = 8,
     .only = "isup",
     .fallback = "[]",
     .help = "Without links of its own: the linksets that lead to dpc, the preferred one first, or trunks "
             "that have links."},
    {.name = "circuit_selection",
     .choices = kSelections,
     .only = "isup",
     .fallback = "\"method-2\"",
     .help = "Which idle circuit an outgoing call takes (Q.764 2.9.1.3). method-2: each end prefers the "
             "circuits it controls, so that few calls meet."},
    {.name = "continuity_every",
     .type = Type::integer,
     .unit = "calls",
     .min = 0,
     .max = 1000,
     .only = "isup",
     .fallback = "0",
     .help = "Every so many outgoing calls the circuit is checked for continuity (Q.764 2.1.8); 0: never."},
    {.name = "reset_at_start",
     .type = Type::boolean,
     .only = "isup",
     .fallback = "true",
     .help = "All circuits are reset when service starts (Q.764 2.9.3)."},
    {.name = "propagation_delay_ms",
     .type = Type::integer,
     .unit = "ms",
     .min = 0,
     .max = 1000,
     .only = "isup",
     .fallback = "0",
     .help = "Delay of the circuits one way, which IAMs count (Q.764 2.6); 0: not known."},
    {.name = "cause_location",
     .choices = kLocations,
     .only = "isup",
     .fallback = "\"auto\"",
     .help =
         "Where causes that the gateway makes are made, as RELs say (Q.850 2.2.3). auto: international where "
         "the network indicator says so; else transit in calls between ISUP trunks, and local, the public "
         "network that serves the local user, in others."},
    {.name = "quirks",
     .type = Type::strings,
     .unit = "quirk",
     .min = 0,
     .max = 4,
     .choices = kQuirks,
     .only = "isup",
     .fallback = "[]",
     .help = "Ways of the other end. double-group-messages: it acts on the second of two group messages "
             "(T1.113); rlc-without-pointer: its RLC is the type alone; no-unequipped-answer: UCIC is not "
             "sent; loop-acknowledge: LPA answers CCR in ITU networks too."},
    {.name = "mtp2_timers_ms",
     .type = Type::table,
     .unit = "timer, as T1 = 45000",
     .min = 0,
     .max = 3600000,
     .only = "isup",
     .fallback = "{}",
     .help = "Timers of Q.703 of the trunk's links, by name, in ms."},
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
    {.name = "receive_gain_db",
     .type = Type::number,
     .unit = "dB",
     .min = -24,
     .max = 12,
     .derived = "as the span",
     .help = "Gain from the trunk's circuits towards RTP; never of clear channels."},
    {.name = "send_gain_db",
     .type = Type::number,
     .unit = "dB",
     .min = -24,
     .max = 12,
     .derived = "as the span",
     .help = "Gain from RTP towards the trunk's circuits; never of clear channels."},
    {.name = "overlap",
     .choices = kOverlap,
     .fallback = "\"off\"",
     .help =
         "Numbers that arrive digit by digit (Q.931 5.1.3, 5.2.4; Q.764 2.1.2). off: SETUP or IAM holds the "
         "whole number. collect: digits are collected until complete or no more have come for a while "
         "(T302), then sent on as a whole. pass-on: each digit goes on at once where the far side can "
         "take it. ANSI's ISUP has whole numbers only."},
    {.name = "overlap_sending",
     .type = Type::boolean,
     .fallback = "false",
     .help = "Numbers that grow are sent on in INFORMATION messages (Q.931 5.1.3) or SAM (Q.764 2.1.2); "
             "false: as a "
             "whole."},
    {.name = "minimum_digits",
     .type = Type::integer,
     .unit = "digits",
     .min = 0,
     .max = 24,
     .only = "pri",
     .fallback = "0",
     .help =
         "A number with fewer digits is refused with cause 28; one that arrives digit by digit is sent on "
         "no sooner than with so many."},
    {.name = "dial_tone",
     .type = Type::boolean,
     .only = "pri",
     .fallback = "false",
     .help = "With overlap: a caller whose SETUP has no digits hears dial tone until the first one."},
    {.name = "service_messages",
     .type = Type::boolean,
     .only = "pri",
     .fallback = "false",
     .help = "SERVICE messages tell the far end of blocked circuits, where the switch type has them."},
    {.name = "hold",
     .type = Type::boolean,
     .only = "pri",
     .fallback = "false",
     .help = "The far end may put calls on hold (Q.932 6: HOLD and RETRIEVE)."},
    {.name = "transfer",
     .type = Type::boolean,
     .only = "pri",
     .fallback = "false",
     .help =
         "Of two calls that this trunk has both, the gateway hands both to the far end to be joined there "
         "(ECT, 2BCT, RLT, path replacement, as the switch type has it); by ETSI's ECT the far end may "
         "join two of its calls here."},
    {.name = "inband_disconnect",
     .type = Type::boolean,
     .only = "pri",
     .fallback = "true",
     .help = "A DISCONNECT with something to hear keeps the channel until T306 (Q.931 5.4.1)."},
    {.name = "network_facility",
     .choices = kNetworkFacilities,
     .only = "pri",
     .fallback = "\"none\"",
     .help = "What each call asks of the network (Q.931 4.5.21 network-specific facilities, as AT&T codes "
             "them): of use on 4ess, 5ess and national."},
    {.name = "carrier",
     .unit = "off, called or digits",
     .only = "pri",
     .fallback = "\"off\"",
     .help =
         "Transit network selection (Q.931 4.5.29). off: neither sent nor taken; called: the carrier that "
         "the caller names, as \"cic\" of a SIP URI does (RFC 4694), and what the far end names counts; "
         "digits: every call goes by that carrier."},
    {.name = "send_display",
     .type = Type::boolean,
     .only = "pri",
     .fallback = "true",
     .help = "Names are sent to the far end."},
    {.name = "send_connected",
     .type = Type::boolean,
     .only = "pri",
     .fallback = "true",
     .help = "Connected numbers are sent to the far end (COLP, Q.951)."},
    {.name = "ringback",
     .type = Type::boolean,
     .fallback = "true",
     .help = "Callers on this trunk hear ringback while the called party is alerted and nothing else is to "
             "be heard."},
    {.name = "tones",
     .unit = "country, ISO 3166, as \"de\"",
     .fallback = "\"itu\"",
     .help = "Whose call-progress tones are played on the trunk's spans (E.180); itu: 425 Hz as E.180 "
             "recommends."},
    {.name = "hold_music",
     .unit = "WAV file",
     .fallback = "\"\"",
     .help = "What the party on this trunk hears when it is put on hold; empty: hold tone."},
    {.name = "timers_ms",
     .type = Type::table,
     .unit = "timer, as T309 = 6000",
     .min = 0,
     .max = 3600000,
     .fallback = "{}",
     .help = "Timers of Q.931, Q.921 and Q.764 by name, in ms; N200, N316 and K are counts. Each has a range "
             "of its own."},
    {.name = "cause_to_status",
     .type = Type::table,
     .unit = "Q.850 cause, as 1 = 480",
     .min = 400,
     .max = 699,
     .fallback = "{}",
     .help =
         "SIP statuses of calls that this trunk refuses, where they are to differ from RFC 3398 7.2.4.1."},
});

}  // namespace

std::span<const Key> trunk_keys() {
  return kTrunk;
}

}  // namespace tandem::config
