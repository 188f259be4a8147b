#pragma once
// How often something may happen, with the time handed in.
#include <algorithm>

#include "gateway/base/time.h"

namespace tandem {

/// Fills at `per_second`, holds `burst` tokens at most and starts full. A rate of 0 or less: no limit.
class TokenBucket {
 public:
  TokenBucket(double per_second, double burst)
      : rate_(per_second), burst_(std::max(burst, 1.0)), tokens_(burst_) {}

  /// Takes a token; false: there is none. A time before the last one counts as the last one.
  bool take(Time now) {
    if (rate_ <= 0) return true;
    if (!started_ || now > last_) {
      if (started_)
        tokens_ = std::min(burst_, tokens_ + rate_ * std::chrono::duration<double>(now - last_).count());
      last_ = now;
      started_ = true;
    }
    if (tokens_ < 1) return false;
    tokens_ -= 1;
    return true;
  }

 private:
  double rate_, burst_, tokens_;
  Time last_{};
  bool started_ = false;
};

}  // namespace tandem
