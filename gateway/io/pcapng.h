#pragma once
#include <vector>

#include "gateway/core/trace.h"
#include "gateway/io/flight_recorder.h"

namespace tandem::io {

/// A capture file (pcapng) with two interfaces: IP packets (SIP, RTP, CESoPSN) and LAPD frames (Q.921,
/// Q.931). SIP over TCP is written as TCP segments. `clock`: the calendar time at Time{} zero, for captured
/// packets.
Octets make_pcapng(const std::vector<core::TraceRecord>& records, const std::vector<CapturedPacket>& packets,
                   WallTime clock);

}  // namespace tandem::io
