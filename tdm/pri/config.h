#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "gateway/base/time.h"

namespace tandem::tdm::pri {

/// Variants of Q.931 that libpri speaks; euroisdn is ETSI on an E1 and, with `t1`, on a T1; national is NI-2.
enum class Switch : std::uint8_t { euroisdn, national, ni1, dms100, att4ess, lucent5ess, qsig };
enum class Side : std::uint8_t { user, network };

/// A timer of Q.931 or Q.921 by the name that libpri knows ("T309", "N200", "K").
struct TimerSetting {
  std::string name;
  std::int32_t value = 0;  ///< milliseconds; counts for N200, N202, K
  friend bool operator==(const TimerSetting&, const TimerSetting&) = default;
};

/// Network-specific facilities (Q.931 4.5.21) that libpri can ask for with every SETUP, as AT&T's TR 41459
/// codes them.
enum class NetworkFacility : std::uint8_t {
  none = 0,
  sid_preferred = 0xb1,
  ani_preferred = 0xb2,
  sid_only = 0xb3,
  ani_only = 0xb4,
  operator_service = 0xb5,
  pcco = 0xb6,
  sdn = 0xe1,
  toll_free_megacom = 0xe2,
  megacom = 0xe3,
  accunet = 0xe6,
  long_distance = 0xe7,
  international_toll_free = 0xe8,
  multiquest = 0xf0,
  call_redirection = 0xf7
};

struct DChannelConfig {
  Switch type = Switch::euroisdn;
  Side side = Side::user;
  bool t1 = false;         ///< 24 timeslots and mu-law rather than 31 and A-law
  std::uint8_t links = 1;  ///< 2: NFAS with a backup D channel
  /// Interface identifiers (Q.931 4.5.13) of the trunk's spans, by Channel::span; one span: not sent.
  std::vector<std::uint8_t> interfaces = {0};
  std::vector<TimerSetting> timers = {};
  bool overlap_receiving = false;  ///< SETUP ACKNOWLEDGE and digits (Q.931 5.1.3, 5.2.4)
  bool overlap_sending = false;
  /// SERVICE (ANSI T1.607, DMS-100, 4ESS, 5ESS maintenance) is reported and sent; it is answered in any case.
  bool service_messages = false;
  bool hold = false;                                 ///< HOLD and RETRIEVE (Q.932 6)
  bool transfer = false;                             ///< ECT, RLT, 2BCT as the switch type has it
  NetworkFacility facility = NetworkFacility::none;  ///< that each SETUP asks for
  bool inband_disconnect = true;  ///< DISCONNECT with PI 8 keeps the channel until T306 (Q.931 5.4.1)
};

}  // namespace tandem::tdm::pri
