#include "tdm/pri/sent_frames.h"

#include <algorithm>

namespace tandem::tdm::pri {

const Octets* SentFrames::repeated(std::uint8_t ns, OctetView original) const {
  const auto& frame = frames_[ns % kModulus];
  if (ns == next_ || !frame) return nullptr;
  return std::ranges::equal(frame->original, original) ? &frame->instead : nullptr;
}

void SentFrames::sent(std::uint8_t ns, OctetView original, Octets instead) {
  frames_[ns % kModulus] = Frame{Octets(original.begin(), original.end()), std::move(instead)};
  next_ = static_cast<std::uint8_t>((ns + 1U) % kModulus);
}

void SentFrames::acknowledged(std::uint8_t nr) {
  const auto after_oldest = [this](std::uint8_t number) { return (number + kModulus - oldest_) % kModulus; };
  if (after_oldest(nr) > after_oldest(next_)) return;
  for (; oldest_ != nr; oldest_ = static_cast<std::uint8_t>((oldest_ + 1U) % kModulus))
    frames_[oldest_].reset();
}

void SentFrames::reset() {
  for (auto& frame : frames_) frame.reset();
  oldest_ = next_ = 0;
}

}  // namespace tandem::tdm::pri
