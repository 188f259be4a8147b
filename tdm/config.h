#pragma once
#include <string>

#include "gateway/base/address.h"
#include "gateway/base/time.h"
#include "tdm/span.h"

namespace tandem::tdm {

enum class SpanDriver : std::uint8_t { cesopsn };
enum class ClockSource : std::uint8_t { master, recovered };

/// One `[[span]]` of the configuration.
struct SpanConfig {
  std::string name = {};
  SpanType type = SpanType::e1;
  SpanDriver driver = SpanDriver::cesopsn;
  SocketAddress local = {};
  SocketAddress remote = {};
  ClockSource clock = ClockSource::master;
  int packet_frames = 40;                            ///< frames a CESoPSN packet (RFC 5086 section 5)
  Duration playout = std::chrono::milliseconds(10);  ///< depth of the playout buffer that is aimed at
  std::uint8_t dscp = 46;                            ///< EF: RFC 5086 section 7 rules out the default class
};

}  // namespace tandem::tdm
