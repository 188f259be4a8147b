#include "gateway/media/digit_player.h"

#include <algorithm>

namespace tandem::media {

void DigitPlayer::reset() {
  first_ = count_ = 0;
  played_ = pause_ = hold_ = 0;
  open_ = false;
}

bool DigitPlayer::begin(char digit) {
  end();
  open_ = count_ < kQueue && tones_->dtmf(digit) != nullptr;
  if (!open_) return false;
  ++count_;
  newest() = {.digit = digit};
  return true;
}

void DigitPlayer::extend(std::uint32_t samples) {
  if (open_) newest().duration = std::max(newest().duration, samples);
}

void DigitPlayer::end() {
  if (open_) newest().ended = true;
  open_ = false;
}

bool DigitPlayer::play(dsp::Samples block) {
  const auto size = static_cast<std::uint32_t>(block.size());
  if (pause_ > 0) {
    std::fill(block.begin(), block.end(), std::int16_t{0});
    pause_ -= std::min(pause_, size);
    return true;
  }
  if (count_ == 0) return false;
  const auto& now = queue_[first_];
  if (played_ == 0) generator_.start(*tones_->dtmf(now.digit));
  generator_.generate(block);
  played_ += size;
  const auto due = std::clamp(now.duration, kLeast, kLongestEnded);
  if (now.ended && played_ >= due) {
    first_ = (first_ + 1) % kQueue;
    --count_;
    played_ = 0;
    pause_ = std::max(kLeast, hold_);
    hold_ = 0;
  }
  return true;
}

}  // namespace tandem::media
