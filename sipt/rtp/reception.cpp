#include "sipt/rtp/reception.h"

#include <algorithm>

namespace tandem::sip::rtp {
namespace {
constexpr std::uint16_t kMaxDropout = 3000;
constexpr std::uint16_t kMaxMisorder = 100;
constexpr std::uint32_t kNoSequence = 1U << 16;
}  // namespace

void Reception::start(std::uint32_t ssrc, std::uint16_t sequence) {
  *this = {};
  ssrc_ = ssrc;
  restart(sequence);
}

void Reception::restart(std::uint16_t sequence) {
  base_sequence_ = sequence;
  max_sequence_ = static_cast<std::uint16_t>(sequence - 1);
  cycles_ = sequence == 0 ? 0U - kNoSequence : 0U;  // so that the first packet's step lands in cycle 0
  bad_sequence_ = kNoSequence;
}

bool Reception::update(std::uint16_t sequence) {
  const auto delta = static_cast<std::uint16_t>(sequence - max_sequence_);
  if (delta < kMaxDropout) {
    if (sequence < max_sequence_) cycles_ += kNoSequence;
    max_sequence_ = sequence;
    bad_sequence_ = kNoSequence;
  } else if (delta <= 0xFFFF - kMaxMisorder) {
    if (sequence != bad_sequence_) {
      bad_sequence_ = static_cast<std::uint16_t>(sequence + 1);
      return false;
    }
    // Two in a row: the source restarted without saying so.
    expected_before_ = expected();
    restart(sequence);
    max_sequence_ = sequence;
    cycles_ = 0;
  }
  ++received_;
  return true;
}

void Reception::update_jitter(std::uint32_t timestamp, std::uint32_t arrival) {
  const auto transit = arrival - timestamp;
  const auto step = static_cast<float>(std::abs(std::int64_t{static_cast<std::int32_t>(transit - transit_)}));
  transit_ = transit;
  if (!jitter_started_) {
    jitter_started_ = true;
    return;
  }
  // A jump of over 2 s is a new timestamp origin, not jitter.
  if (step < 16000.0F) jitter_ += (step - jitter_) / 16.0F;
}

std::uint64_t Reception::expected() const {
  return expected_before_ +
         std::uint64_t{static_cast<std::uint32_t>(cycles_ + max_sequence_ - base_sequence_ + 1)};
}

std::uint64_t Reception::lost() const {
  const auto want = expected();
  return want > received_ ? want - received_ : 0;
}

ReportBlock Reception::report() {
  const auto want = expected();
  const auto interval = static_cast<std::int64_t>(want - expected_prior_);
  const auto missing = interval - static_cast<std::int64_t>(received_ - received_prior_);
  expected_prior_ = want;
  received_prior_ = received_;
  const auto total = static_cast<std::int64_t>(want) - static_cast<std::int64_t>(received_);
  return {.ssrc = ssrc_,
          .fraction_lost = interval <= 0 || missing <= 0 ? std::uint8_t{0}
                                                         : static_cast<std::uint8_t>(std::min<std::int64_t>(
                                                               missing * 256 / interval, 255)),
          .lost = static_cast<std::int32_t>(std::clamp<std::int64_t>(total, -0x800000, 0x7FFFFF)),
          .highest_sequence = highest_sequence(),
          .jitter = static_cast<std::uint32_t>(jitter_),
          .last_report = 0,
          .delay = 0};
}

}  // namespace tandem::sip::rtp
