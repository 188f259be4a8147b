#pragma once
// What the configuration layer fills: links of level 2; networks, linksets and routes of level 3.
#include <cstdint>
#include <string>
#include <vector>

#include "isup/mtp/framer.h"
#include "isup/mtp/timers.h"

namespace tandem::mtp {

enum class Correction : std::uint8_t { basic, preventive };  ///< Q.703 5 and 6

/// A level of congestion of the transmit buffer, in MSUs held (Q.704 3.8.2).
struct CongestionThreshold {
  std::uint16_t onset = 0;
  std::uint16_t abatement = 0;
};

struct LinkConfig {
  Variant variant = Variant::itu;
  LineRate rate = LineRate::k64;
  Correction correction = Correction::basic;
  LinkTimerValues timers;
  /// Q.703 6.4: forced retransmission from so many MSUs, or octets, unacknowledged (preventive only).
  std::uint8_t forced_msus = 127;
  std::uint32_t forced_octets = 8192;
  /// SIPO is sent when level 3 was not heard of for so long; zero: level 3 is taken for alive.
  Duration level3_silence{};
  std::array<CongestionThreshold, 3> congestion{{{80, 60}, {128, 110}, {200, 170}}};
};

}  // namespace tandem::mtp
