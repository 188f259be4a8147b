#pragma once
// Code points that several parameters of Q.763 share.
#include <cstdint>

namespace tandem::isup {

/// Whose ISUP: ITU-T Q.763, ETSI EN 300 356-1, ANSI T1.113.
enum class Variant : std::uint8_t { itu, etsi, ansi };

/// Q.763 3.9 nature of address indicator.
enum class NatureOfAddress : std::uint8_t {
  subscriber = 1,
  unknown = 2,
  national = 3,
  international = 4,
  network_specific = 5
};
enum class NumberingPlan : std::uint8_t { unknown = 0, isdn = 1, data = 3, telex = 4, private_plan = 5 };
enum class Presentation : std::uint8_t { allowed = 0, restricted = 1, not_available = 2 };
enum class Screening : std::uint8_t { user_not_verified = 0, user_passed = 1, user_failed = 2, network = 3 };

/// Q.850 location.
enum class Location : std::uint8_t {
  user = 0,
  private_local = 1,
  public_local = 2,
  transit = 3,
  public_remote = 4,
  private_remote = 5,
  international = 7,
  beyond_interworking = 10
};

}  // namespace tandem::isup
