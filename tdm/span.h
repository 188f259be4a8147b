#pragma once
#include <cstdint>
#include <span>

#include "gateway/base/bytes.h"
#include "gateway/base/time.h"

namespace tandem::tdm {

enum class SpanType : std::uint8_t { e1, t1 };

/// DS0s that carry traffic: E1 timeslots 1 to 31 (timeslot 0 is framing), T1 timeslots 1 to 24.
constexpr int timeslot_count(SpanType type) {
  return type == SpanType::e1 ? 31 : 24;
}
inline constexpr int kMaxTimeslots = 31;

/// What is wrong with a span; several may hold at once (names as on the alarm lamps: G.775, T1.231).
struct Alarms {
  bool red = false;     ///< no usable signal arrives here (loss of signal, of frame or of packets)
  bool blue = false;    ///< AIS: the far equipment sends all ones because it has no source
  bool yellow = false;  ///< RDI: the far end does not receive us
  [[nodiscard]] bool any() const { return red || blue || yellow; }
  /// Timeslots carry nothing usable.
  [[nodiscard]] bool down() const { return red || blue; }
  friend constexpr bool operator==(Alarms, Alarms) = default;
};

/// Counters since start, for `tandem spans` and the metrics.
struct SpanCounters {
  std::uint64_t received = 0;  ///< packets or blocks
  std::uint64_t sent = 0;
  std::uint64_t lost = 0;       ///< packets never received, filled
  std::uint64_t reordered = 0;  ///< received late but in time to be played
  std::uint64_t late = 0;       ///< received too late or twice, dropped
  std::uint64_t malformed = 0;
  std::uint64_t slips = 0;      ///< blocks repeated or dropped because the clocks differ
  std::uint64_t underruns = 0;  ///< the playout buffer ran dry
};

/// An E1 or T1: its timeslots in step, one octet each every 125 microseconds.
/// Used by one media thread; each call returns at once and allocates nothing.
class Span {
 public:
  virtual ~Span() = default;
  [[nodiscard]] virtual SpanType type() const = 0;
  /// Takes in what has arrived. Called once a tick, before read.
  virtual void service(Time now) = 0;
  /// Fills `frames` ([frame][timeslot - 1] octets, a whole number of frames) with received octets; with the
  /// idle pattern 0xFF where nothing came.
  virtual void read(std::span<Octet> frames) = 0;
  /// Sends `frames`, laid out as for read.
  virtual void write(std::span<const Octet> frames, Time now) = 0;
  /// Debounced alarms.
  [[nodiscard]] virtual Alarms alarms() const = 0;
  [[nodiscard]] virtual SpanCounters counters() const = 0;
  /// How much faster than the local clock the far end runs, in parts per million, as recovered from the
  /// arriving signal; 0 when this end is the master of the clock.
  [[nodiscard]] virtual double clock_offset_ppm() const = 0;
};

}  // namespace tandem::tdm
