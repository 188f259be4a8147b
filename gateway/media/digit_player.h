#pragma once
#include <array>
#include <cstdint>

#include "dsp/spandsp.h"

namespace tandem::media {

/// Plays received telephone events as DTMF, one after the other, each for at least as long and with at least
/// such a pause behind it as a receiver needs (Q.24: 40 ms both).
class DigitPlayer {
 public:
  explicit DigitPlayer(const dsp::ToneTable& tones) : tones_(&tones), generator_(tones) {}
  void reset();

  /// A digit begins; one that has not ended ends. False: too many wait, it is left out.
  bool begin(char digit);
  /// The newest digit has lasted `samples` so far.
  void extend(std::uint32_t samples);
  /// The newest digit has ended.
  void end();
  /// Silence for so long after the last tone: the same tone may still be under way as audio.
  void hold(std::uint32_t samples) { hold_ = samples; }

  /// Fills a block and returns true while there is something to play.
  bool play(dsp::Samples block);
  [[nodiscard]] bool busy() const { return count_ > 0 || pause_ > 0; }

 private:
  struct Waiting {
    char digit = 0;
    bool ended = false;
    std::uint32_t duration = 0;  ///< samples
  };
  static constexpr std::size_t kQueue = 16;
  static constexpr std::uint32_t kLeast = 400;  ///< samples: 50 ms, tone and pause
  static constexpr std::uint32_t kLongestEnded =
      65535;  ///< samples that an event may go on after its end came

  [[nodiscard]] Waiting& newest() { return queue_[(first_ + count_ - 1) % kQueue]; }

  const dsp::ToneTable* tones_;
  dsp::ToneGenerator generator_;
  std::array<Waiting, kQueue> queue_{};
  std::size_t first_ = 0;
  std::uint32_t played_ = 0;  ///< of the first; 0: not begun
  std::uint32_t hold_ = 0;
  bool open_ = false;  ///< the newest has not ended
  // What each tick looks at comes last, next to the receiver's buffer.
  std::uint32_t pause_ = 0;  ///< samples of silence still due
  std::size_t count_ = 0;
};

}  // namespace tandem::media
