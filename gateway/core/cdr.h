#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "gateway/base/ids.h"
#include "gateway/base/time.h"

namespace tandem::core {

/// Why the row is written: a row appears when the attempt starts and is replaced as the attempt goes on, so
/// that what a crash interrupts is in the table.
enum class CdrState : std::uint8_t { up, ended };

/// One attempt: a call tried over three routes is three attempts of the same call.
struct Cdr {
  CallId call;
  int attempt = 1;
  CdrState state = CdrState::up;
  std::string from_name;    ///< trunk or peer the call came from
  std::string to_name;      ///< trunk or peer it was sent to; empty: none was found
  std::string calling;      ///< number as received
  std::string called;       ///< number as received
  std::string called_sent;  ///< number as sent, rewritten
  WallTime setup{};
  std::optional<WallTime> alerting;
  std::optional<WallTime> answer;
  std::optional<WallTime> release;
  int cause = 0;            ///< Q.850 cause of the PSTN side; 0: none
  int sip_status = 0;       ///< final status of the SIP side; 0: none
  std::string released_by;  ///< "incoming", "outgoing", "gateway"
  std::string trunk;        ///< of the circuit
  std::string circuit;      ///< "e1-1:5"
  std::string sip_call_id;
  std::string codec;  ///< "PCMA"
  std::uint64_t packets_sent = 0;
  std::uint64_t packets_received = 0;
  std::uint64_t packets_lost = 0;
  double jitter_ms = 0;
  double r_factor = 0;
  double mos = 0;
  std::string charge;  ///< last advice of charge (ETS 300 182): "12 units", "1.250 EUR", "free"
};

/// A circuit that a call had when the process before this one was cut off.
struct HeldCircuit {
  std::string trunk;
  std::string circuit;  ///< "e1-1:5"
  friend bool operator==(const HeldCircuit&, const HeldCircuit&) = default;
};

}  // namespace tandem::core
