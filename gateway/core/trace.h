#pragma once
#include <cstdint>
#include <string>

#include "gateway/base/bytes.h"
#include "gateway/base/ids.h"
#include "gateway/base/time.h"
#include "sipt/values.h"

namespace tandem::core {

enum class TraceKind : std::uint8_t { sip, q931, isup, media, note, mtp };

/// One thing that happened to a call, for the ladder and for pcap files.
struct TraceRecord {
  CallId call;  ///< none: a frame or message of no call (layer 2, OPTIONS)
  WallTime at{};
  TraceKind kind = TraceKind::note;
  bool sent = false;           ///< by this gateway
  std::string party;           ///< trunk or peer name; empty for isup (inside) and notes
  std::string text;            ///< one line: "INVITE sip:1000@...", "SETUP", "IAM 1000", "ringback on"
  Octets octets;               ///< sip: the message; q931: the layer 2 frame; mtp: SIO and SIF
  std::uint16_t link = 0;      ///< of mtp: index into media::EngineConfig::links
  sip::Flow flow;              ///< of sip
  std::uint32_t rtp_port = 0;  ///< media: local RTP port, so that a capture shows this call only
};

}  // namespace tandem::core
