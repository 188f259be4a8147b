#include <array>

#include "config/schema_parts.h"

namespace tandem::config {
namespace {

using Words = std::string_view;

constexpr auto kLogLevels = std::to_array<Words>({"debug", "info", "warning", "error"});

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
    {.name = "audit_interval_s",
     .type = Type::integer,
     .unit = "s",
     .min = 0,
     .max = 3600,
     .fallback = "5",
     .help = "How often calls, circuits, D channels and media are compared; what disagrees twice in a row is "
             "repaired and logged. 0: never."},
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
    {.name = "organization",
     .fallback = "\"\"",
     .help = "Text of the Organization header (RFC 3261 20.25); empty: none is sent."},
    {.name = "keepalive_s",
     .type = Type::integer,
     .unit = "s",
     .min = 0,
     .max = 3600,
     .fallback = "0",
     .help = "CRLF CRLF is sent on TCP connections idle for so long (RFC 5626 4.4.1); 0: never."},
    {.name = "max_calls",
     .type = Type::integer,
     .unit = "calls",
     .min = 0,
     .max = 1000000,
     .fallback = "0",
     .help = "SIP calls at once; INVITEs beyond get 503 with Retry-After. 0: no limit."},
    {.name = "calls_per_second",
     .type = Type::number,
     .unit = "calls a second",
     .min = 0,
     .max = 100000,
     .fallback = "0",
     .help = "New SIP calls; INVITEs beyond get 503 with Retry-After. 0: no limit."},
    {.name = "retry_after_s",
     .type = Type::integer,
     .unit = "s",
     .min = 1,
     .max = 3600,
     .fallback = "10",
     .help = "Retry-After of those refusals (RFC 3261 21.5.4)."},
});

constexpr auto kRtp = std::to_array<Key>({
    {.name = "address",
     .type = Type::strings,
     .unit = "ADDRESS",
     .min = 1,
     .max = 2,
     .required = true,
     .bare = true,
     .help =
         "The address of RTP sockets and of SDP; so not 0.0.0.0. One of IPv4 and one of IPv6 where peers are "
         "of both: an answer is of the family of the offer, an offer of that of the peer's address."},
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

constexpr auto kMetrics = std::to_array<Key>({
    {.name = "listen",
     .unit = "ADDRESS:PORT",
     .required = true,
     .help = "Where Prometheus fetches metrics, at /metrics, by HTTP. Anybody who reaches the port may read "
             "them."},
});

}  // namespace

std::span<const Key> gateway_keys() {
  return kGateway;
}

std::span<const Key> sip_keys() {
  return kSip;
}

std::span<const Key> rtp_keys() {
  return kRtp;
}

std::span<const Key> metrics_keys() {
  return kMetrics;
}

}  // namespace tandem::config
