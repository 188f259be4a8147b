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

/// The B channels of a trunk, span by span.
std::vector<Circuit> circuits_of(const TrunkConfig& trunk);

enum class CircuitState : std::uint8_t { idle, incoming, outgoing, resetting };
std::string_view to_string(CircuitState state);

struct CircuitEntry {
  Circuit circuit;
  CircuitState state = CircuitState::idle;
  bool blocked = false;         ///< by the operator
  bool out_of_service = false;  ///< by the far end (SERVICE, T1.607)
  std::uint16_t media = 0;      ///< sessions that have not confirmed their end
  std::uint64_t touched = 0;    ///< order of last releases
  CallId call;
};

/// A circuit is given to one call at a time. It is given out again when signalling and media have both let go
/// of it; a call coming in on it need not wait for media, because media commands are carried out in order.
class CircuitPool {
 public:
  CircuitPool(std::span<const Circuit> circuits, Hunt hunt);

  /// Takes a free circuit of this side's choice. nullopt: none.
  std::optional<Circuit> hunt(CircuitState state, CallId call);
  enum class Seizure : std::uint8_t { taken, busy, unknown };
  /// Takes the circuit that the far end has chosen. Blocked and resetting ones are busy.
  Seizure seize(Circuit circuit, CircuitState state, CallId call);
  /// Signalling has let go of it; nothing when another call has it.
  void release(Circuit circuit, CallId call);
  void hold_media(Circuit circuit);
  void release_media(Circuit circuit);
  /// The circuit passes from a call that lost it in a glare to the one that won (Q.931 5.7).
  void pass_on(Circuit circuit, CallId winner);

  bool block(Circuit circuit, bool blocked);
  bool set_service(Circuit circuit, bool in_service);
  /// No new call until reset is over; a call that has it keeps it.
  bool set_resetting(Circuit circuit, bool resetting);
  /// Its circuits are taken by nobody; those of other spans are.
  void set_alarm(std::uint16_t span, bool alarm);
  void set_up(bool up) { up_ = up; }
  /// Not open: no new call either way; those in progress go on.
  void set_open(bool open) { open_ = open; }
  [[nodiscard]] bool open() const { return open_; }
  [[nodiscard]] bool alarm(std::uint16_t span) const;
  /// Every circuit is on a span in alarm.
  [[nodiscard]] bool alarm() const;
  [[nodiscard]] bool up() const { return up_; }

  [[nodiscard]] const CircuitEntry* find(Circuit circuit) const;
  [[nodiscard]] std::span<const CircuitEntry> entries() const { return entries_; }
  /// "", "local", "remote", "alarm", "down", "draining"
  [[nodiscard]] std::string_view blocked_by(const CircuitEntry& entry) const;
  /// Every circuit idle and let go by media: nothing has leaked.
  [[nodiscard]] bool all_idle() const;

 private:
  CircuitEntry* entry(Circuit circuit);
  [[nodiscard]] const CircuitEntry* choose() const;
  [[nodiscard]] bool usable(const CircuitEntry& entry) const;

  std::vector<CircuitEntry> entries_;
  std::vector<bool> resetting_;  ///< by entry
  Hunt hunt_;
  std::vector<std::uint16_t> alarms_;  ///< spans
  bool up_ = false;
  bool open_ = true;
  std::uint64_t sequence_ = 0;
};

/// A span's name and index, as commands name it.
struct SpanName {
  std::string_view name;
  std::uint16_t span = 0;
};
/// "1-15,17" of every span, "e1-2:1-15,17" of one, within `circuits`; a span's name holds for what follows
/// it. Empty: all of them. Errors are sentences.
std::expected<std::vector<Circuit>, std::string> parse_circuits(std::string_view text,
                                                                std::span<const Circuit> circuits,
                                                                std::span<const SpanName> spans);

}  // namespace tandem::core
