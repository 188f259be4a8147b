#pragma once
// Parameters of Q.763, each declared once: fields with the letters printed in the standard.
#include <cstdint>
#include <string>
#include <variant>

#include "gateway/base/bytes.h"

namespace tandem::isup {

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

/// Q.763 3.35.
struct NatureOfConnection {
  std::uint8_t satellites = 0;  ///< BA
  std::uint8_t continuity = 0;  ///< DC
  bool echo_device = false;     ///< E
};
/// Q.763 3.23.
struct ForwardCallIndicators {
  bool international = false;        ///< A
  bool interworking = false;         ///< D
  bool isup_all_the_way = true;      ///< F
  std::uint8_t isup_preference = 1;  ///< HG: 0 preferred, 1 not required, 2 required
  bool isdn_access = false;          ///< I
};
/// Q.763 3.11, as coded: 0x0a ordinary, 0x0b priority, 0x0d test, 0x0f payphone.
struct CallingPartysCategory {
  std::uint8_t value = 0x0a;
};
/// Q.763 3.54, as coded: 0 speech, 2 64 kbit/s unrestricted, 3 3.1 kHz audio.
struct TransmissionMedium {
  std::uint8_t value = 3;
};
/// Q.763 3.9; digits "0-9BC", the end-of-pulsing signal ST as 'F'.
struct CalledPartyNumber {
  std::string digits;
  NatureOfAddress nature = NatureOfAddress::national;
  NumberingPlan plan = NumberingPlan::isdn;
  bool internal_not_allowed = true;
};
/// Q.763 3.10.
struct CallingPartyNumber {
  std::string digits;
  NatureOfAddress nature = NatureOfAddress::national;
  NumberingPlan plan = NumberingPlan::isdn;
  bool incomplete = false;
  Presentation presentation = Presentation::allowed;
  Screening screening = Screening::network;
};
/// Q.763 3.16; the same layout as the calling party number.
struct ConnectedNumber {
  std::string digits;
  NatureOfAddress nature = NatureOfAddress::national;
  NumberingPlan plan = NumberingPlan::isdn;
  Presentation presentation = Presentation::allowed;
  Screening screening = Screening::network;
};
/// Q.763 3.5.
struct BackwardCallIndicators {
  std::uint8_t charge = 2;           ///< BA
  std::uint8_t called_status = 0;    ///< DC: 0 no indication, 1 subscriber free
  std::uint8_t called_category = 1;  ///< FE
  bool interworking = false;         ///< I
  bool isup_all_the_way = true;      ///< K
  bool isdn_access = false;          ///< M
  bool echo_device = false;          ///< N
};
/// Q.763 3.37.
struct OptionalBackwardCallIndicators {
  bool inband = false;          ///< A
  bool call_diversion = false;  ///< B
};
/// Q.763 3.21: 1 alerting, 2 progress, 3 in-band information, 4 busy, 5 no reply, 6 unconditional.
struct EventInformation {
  std::uint8_t event = 2;
};
/// Q.763 3.12, Q.850.
struct CauseIndicators {
  std::uint8_t value = 31;
  Location location = Location::transit;
  Octets diagnostic = {};
};
/// Q.763 3.3: Q.931 information elements that cross unchanged (progress indicators, sub-addresses).
struct AccessTransport {
  Octets elements;
};
/// Q.763 3.57, contents as in Q.931 bearer capability.
struct UserServiceInformation {
  Octets bearer;
};
/// Q.763 3.52: A: 0 user, 1 network.
struct SuspendResume {
  bool network = false;
};
/// Generic display name; not in ITU Q.763, ANSI T1.113 generic name (0xC7).
struct GenericName {
  std::string name;
};
/// A parameter that is not declared here: kept as it came.
struct RawParameter {
  std::uint8_t code = 0;
  Octets contents;
};

using Parameter =
    std::variant<NatureOfConnection, ForwardCallIndicators, CallingPartysCategory, TransmissionMedium,
                 CalledPartyNumber, CallingPartyNumber, ConnectedNumber, BackwardCallIndicators,
                 OptionalBackwardCallIndicators, EventInformation, CauseIndicators, AccessTransport,
                 UserServiceInformation, SuspendResume, GenericName, RawParameter>;

}  // namespace tandem::isup
