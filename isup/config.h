#pragma once
// What a circuit group is told of its circuits, its neighbour and its habits.
#include <cstdint>
#include <optional>
#include <vector>

#include "gateway/base/ids.h"
#include "isup/codes.h"
#include "isup/timers.h"

namespace tandem::isup {

/// Circuits whose CICs follow one another: the first has `first_cic`.
struct CicRange {
  std::uint16_t first_cic = 1;
  std::vector<Circuit> circuits;
};

/// Which idle circuit an outgoing call gets (Q.764 2.9.1.3).
enum class Hunting : std::uint8_t {
  ascending,
  descending,
  odd,       ///< odd CICs, lowest first, then even ones
  even,      ///< the other way round
  method_1,  ///< the higher point code ascending, the lower descending
  method_2   ///< first the controlled ones, longest idle first; then the others, last idle first
};

/// What peers do that no standard says, and what it leaves to networks.
struct Quirks {
  bool double_group_messages = false;  ///< acts on the second of two equal group messages within 5 s (ANSI)
  bool rlc_with_pointer = true;        ///< false: RLC is its type alone, as issues before 1993 have it
  bool unequipped_answer = true;       ///< UCIC to a CIC that is not ours; national in ITU networks
  bool loop_acknowledge = false;       ///< LPA to CCR; always in ANSI networks
};

struct GroupConfig {
  std::uint32_t own = 0;  ///< point codes: 14 bits, ANSI 24
  std::uint32_t destination = 0;
  std::uint8_t network_indicator = 2;
  Variant variant = Variant::itu;
  std::vector<CicRange> circuits;
  TimerValues timers;
  Hunting hunting = Hunting::method_2;
  Quirks quirks;
  unsigned continuity_every = 0;           ///< every n-th outgoing call is checked; 0: none
  std::uint8_t sls_bits = 0;               ///< of the SLS; 0: 4, ANSI 5
  bool reset_at_start = true;              ///< GRS for all circuits when service starts
  bool controlling = true;                 ///< runs T2 and T6, as the exchange that controls its calls
  std::uint16_t propagation_delay_ms = 0;  ///< of the circuits, one way (Q.764 2.6); 0: not known
  std::optional<Location> location;        ///< of causes made here; none: as cause_location
  bool transit = false;  ///< calls may go on by ISUP (Q.764 2.9.5.2: type B), each as set_transit says
};

/// Where a cause is made that this exchange makes (Q.850 table 1 of 2.2.3): in the international network; in
/// the one that is in between; or in the one that serves the local user, as whoever is behind this exchange
/// is to ISUP.
constexpr Location cause_location(const GroupConfig& config, bool transit) {
  constexpr std::uint8_t kNational = 2;  // Q.704 14.2.2: network indicators 0 and 1 are international
  if (config.location) return *config.location;
  if (config.network_indicator < kNational) return Location::international;
  return transit ? Location::transit : Location::public_local;
}

}  // namespace tandem::isup
