#include "hw/clock_recovery.h"

#include <algorithm>
#include <cmath>

namespace tandem::hw {
namespace {

constexpr double kFrameRate = 8000;
constexpr double kMemory = 40;     // seconds
constexpr double kSettle = 5;      // seconds
constexpr double kPlace = 1;       // seconds
constexpr double kKnown = 10;      // seconds: the weight of a frequency found earlier
constexpr double kLevelTime = 1;   // seconds, time constant of the level's smoothing
constexpr double kMaxError = 400;  // frames: an outlier of more than 50 ms weighs no more than that
constexpr double kSteerPpmPerFrame = 5;
constexpr double kMaxSteerPpm = 20;

double seconds(Duration d) {
  return std::chrono::duration<double>(d).count();
}

}  // namespace

double ClockRecovery::predicted(Time at) const {
  return phase_ + seconds(at - last_) * (kFrameRate + offset_);
}

void ClockRecovery::restart() {
  running_ = false;
  measured_ = false;
  line_begun_ = false;
  forget_level();
}

void ClockRecovery::forget_level() {
  level_known_ = false;
  settled_ = false;
}

void ClockRecovery::arrived(std::int64_t end, Time arrival) {
  if (!running_) {
    running_ = true;
    packets_ = 1;
    first_ = arrival;
    last_ = arrival;
    origin_ = end;
    phase_ = 0;
    offset_ = believed_;
    return;
  }
  const double at = predicted(arrival);
  const double error = std::clamp(static_cast<double>(end - origin_) - at, -kMaxError, kMaxError);
  const double rate = kFrameRate / packet_frames_;
  last_ = arrival;
  if (!line_begun_) {
    // Packets may come in bursts: first only the place of the line is averaged, its slope is taken as it was
    // believed, so that a burst does not look like a clock that races.
    packets_ += 1;
    phase_ = at + error / packets_;
    if (seconds(arrival - first_) < kPlace) return;
    line_begun_ = true;
    packets_ = measured_before_ ? kKnown * rate : packets_;
    return;
  }
  packets_ = std::min(packets_ + 1, kMemory * rate);
  // The gains of a least-squares line through evenly spaced points.
  const double n = packets_;
  phase_ = at + 2 * (2 * n - 1) / (n * (n + 1)) * error;
  offset_ += 6 / (n * (n + 1)) * error * rate;
  if (!measured_ && seconds(arrival - first_) < kSettle) return;
  measured_ = true;
  measured_before_ = true;
  constexpr double kLimit = kMaxPpm * 1e-6 * kFrameRate;
  offset_ = std::clamp(offset_, -kLimit, kLimit);
  believed_ = offset_;
}

void ClockRecovery::observe(std::int64_t position, Time now) {
  if (!measured_) return;
  const double level = predicted(now) - static_cast<double>(position - origin_);
  if (!level_known_) {
    level_known_ = true;
    level_ = level;
    level_since_ = now;
    level_at_ = now;
    return;
  }
  level_ += (level - level_) * (1 - std::exp(-seconds(now - level_at_) / kLevelTime));
  level_at_ = now;
  if (!settled_ && seconds(now - level_since_) >= kSettle) {
    settled_ = true;
    settled_level_ = level_;
  }
}

double ClockRecovery::ppm() const {
  const double steer = std::clamp(drift() * kSteerPpmPerFrame, -kMaxSteerPpm, kMaxSteerPpm);
  return std::clamp(believed_ / kFrameRate * 1e6 + steer, -kMaxPpm, kMaxPpm);
}

}  // namespace tandem::hw
