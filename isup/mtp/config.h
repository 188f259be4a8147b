#pragma once
// What the configuration layer fills: links of level 2; networks, linksets and routes of level 3.
#include <cstdint>
#include <string>
#include <vector>

#include "isup/mtp/framer.h"
#include "isup/mtp/message.h"
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

/// A link of a linkset.
struct LinkPlace {
  std::uint8_t slc = 0;  ///< 0 to 15, its own in the linkset
  LinkConfig link{};     ///< its level 2; level 3 does not look at it
};

struct LinksetConfig {
  std::string name{};
  PointCode own = 0;  ///< one of NetworkConfig::own
  PointCode adjacent = 0;
  std::vector<LinkPlace> links{};  ///< 1 to 16
};

/// A way to a destination beyond the neighbour; one to the neighbour itself is there of its own accord.
struct RouteConfig {
  PointCode destination = 0;
  std::size_t linkset = 0;    ///< index into NetworkConfig::linksets
  std::uint8_t priority = 0;  ///< least first; equal ones share the load
};

/// One network: ITU international or national, or ANSI. Several run beside each other.
struct NetworkConfig {
  Variant variant = Variant::itu;
  std::uint8_t network_indicator = 2;
  std::vector<PointCode> own;                  ///< point codes that are ours
  std::uint16_t users = 1U << service::kIsup;  ///< user parts that are here, a bit a service indicator
  bool transfer = false;                       ///< the STP function
  bool emergency = true;  ///< the last link of a linkset is realigned by the short proving (Q.703 7.2)
  bool link_test = true;  ///< SLTM before use and from time to time (Q.707)
  std::vector<LinksetConfig> linksets;
  std::vector<RouteConfig> routes;
  NetworkTimerValues timers;
  std::size_t held_msus = 512;  ///< a link's or destination's, in changeover, changeback, rerouting
};
/// What cannot work: a duplicate SLC, a linkset without links, a route of no linkset.
Result<void> validate(const NetworkConfig& config);

}  // namespace tandem::mtp
