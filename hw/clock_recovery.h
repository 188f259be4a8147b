#pragma once
#include <cstdint>

#include "gateway/base/time.h"

namespace tandem::hw {

/// Adaptive clock recovery (RFC 5086 6.2): how fast the far end's clock runs, from when its packets arrive,
/// and how far the playout buffer has drifted from where it settled.
///
/// A growing-memory least-squares line through (arrival, end of packet in frames), which turns into a fixed
/// second-order loop when the memory is full: quick at first, then narrow enough to average out milliseconds
/// of jitter. Lost packets only leave points out.
class ClockRecovery {
 public:
  static constexpr double kMaxPpm = 100;  ///< both ends within the 50 ppm of G.703, in opposite directions

  explicit ClockRecovery(int packet_frames) : packet_frames_(packet_frames) {}

  /// A new stream. The frequency that was found stays in force until a new one has been measured.
  void restart();
  /// A packet ending at frame `end` has arrived. In any order.
  void arrived(std::int64_t end, Time arrival);
  /// Once a tick while playing. `position`: next frame to be played.
  void observe(std::int64_t position, Time now);
  /// Playing has stopped, or the place of playing was moved by something else than a slip.
  void forget_level();
  /// Frames by which the buffer is fuller than when it settled, smoothed; 0 until it has settled.
  [[nodiscard]] double drift() const { return settled_ ? level_ - settled_level_ : 0; }
  /// The place of playing was moved ahead by `frames`.
  void slipped(std::int64_t frames) { level_ -= static_cast<double>(frames); }
  /// What the local tick has to follow: the far clock's offset, and a little to bring the buffer back.
  [[nodiscard]] double ppm() const;

 private:
  [[nodiscard]] double predicted(Time at) const;

  int packet_frames_;
  bool running_ = false;
  bool measured_ = false;  ///< the line is long enough to be believed
  bool measured_before_ = false;
  bool line_begun_ = false;
  double packets_ = 0;  ///< points in the memory
  Time first_{};
  Time last_{};
  std::int64_t origin_ = 0;
  double phase_ = 0;     ///< frames since origin_ at last_
  double offset_ = 0;    ///< frames a second above 8000
  double believed_ = 0;  ///< offset_ as of when it was last believed

  bool level_known_ = false;
  bool settled_ = false;
  Time level_since_{};
  Time level_at_{};
  double level_ = 0;
  double settled_level_ = 0;
};

}  // namespace tandem::hw
