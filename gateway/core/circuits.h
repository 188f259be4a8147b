#pragma once
// The circuits of one trunk: who has them, which may be taken, and in what order.
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/ids.h"
#include "gateway/core/config.h"

namespace tandem::core {

enum class CircuitState : std::uint8_t { idle, incoming, outgoing, resetting };
std::string_view to_string(CircuitState state);

struct CircuitEntry {
  std::uint8_t timeslot = 0;
  CircuitState state = CircuitState::idle;
  bool blocked = false;       ///< by the operator
  std::uint16_t media = 0;    ///< sessions that have not confirmed their end
  std::uint64_t touched = 0;  ///< order of last releases
  CallId call;
};

/// A circuit is given to one call at a time. It is given out again when signalling and media have both let go
/// of it; a call coming in on it need not wait for media, because media commands are carried out in order.
class CircuitPool {
 public:
  CircuitPool(std::span<const std::uint8_t> timeslots, Hunt hunt);

  /// Takes a free circuit of this side's choice. nullopt: none.
  std::optional<std::uint8_t> hunt(CircuitState state, CallId call);
  enum class Seizure : std::uint8_t { taken, busy, unknown };
  /// Takes the circuit that the far end has chosen. Blocked and resetting ones are busy.
  Seizure seize(std::uint8_t timeslot, CircuitState state, CallId call);
  /// Signalling has let go of it; nothing when another call has it.
  void release(std::uint8_t timeslot, CallId call);
  void hold_media(std::uint8_t timeslot);
  void release_media(std::uint8_t timeslot);
  /// The circuit passes from a call that lost it in a glare to the one that won (Q.931 5.7).
  void pass_on(std::uint8_t timeslot, CallId winner);

  bool block(std::uint8_t timeslot, bool blocked);
  /// No new call until reset is over; a call that has it keeps it.
  bool set_resetting(std::uint8_t timeslot, bool resetting);
  void set_alarm(bool alarm) { alarm_ = alarm; }
  void set_up(bool up) { up_ = up; }
  [[nodiscard]] bool alarm() const { return alarm_; }
  [[nodiscard]] bool up() const { return up_; }

  [[nodiscard]] const CircuitEntry* find(std::uint8_t timeslot) const;
  [[nodiscard]] std::span<const CircuitEntry> entries() const { return entries_; }
  /// "", "local", "alarm", "down"
  [[nodiscard]] std::string_view blocked_by(const CircuitEntry& entry) const;
  /// Every circuit idle and let go by media: nothing has leaked.
  [[nodiscard]] bool all_idle() const;

 private:
  CircuitEntry* entry(std::uint8_t timeslot);
  [[nodiscard]] const CircuitEntry* choose() const;

  std::vector<CircuitEntry> entries_;
  std::vector<bool> resetting_;  ///< by entry
  Hunt hunt_;
  bool alarm_ = false;
  bool up_ = false;
  std::uint64_t sequence_ = 0;
};

/// "1-15,17" within `timeslots`; empty: all of them. Errors are sentences.
std::expected<std::vector<std::uint8_t>, std::string> parse_timeslots(
    std::string_view text, std::span<const std::uint8_t> timeslots);

}  // namespace tandem::core
