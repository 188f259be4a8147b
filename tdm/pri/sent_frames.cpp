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

void SentFrames::reset() {
  for (auto& frame : frames_) frame.reset();
  next_ = 0;
}

}  // namespace tandem::tdm::pri
