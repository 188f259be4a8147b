#pragma once
// Comfort noise: RFC 3389 and G.711 appendix II.
#include <array>
#include <cstdint>
#include <span>

namespace tandem::dsp {

/// Level and spectrum of background noise, as one RFC 3389 payload says it.
struct NoiseShape {
  static constexpr std::size_t kMaxOrder = 10;  ///< G.711 appendix II; coefficients beyond it are left out
  std::uint8_t level = 127;                     ///< 0 to 127: minus dBov
  std::uint8_t order = 0;
  std::array<float, kMaxOrder> reflection{};
};

/// RFC 3389 3. Nothing in the payload: silence.
NoiseShape parse_noise(std::span<const std::uint8_t> payload);

/// Makes noise of a shape. Changes of level are gradual.
class ComfortNoise {
 public:
  /// As new, silent.
  void reset();
  void set(const NoiseShape& shape);
  void generate(std::span<std::int16_t> samples);

 private:
  NoiseShape shape_;
  float wanted_ = 0;  ///< of the excitation's amplitude
  float gain_ = 0;
  std::uint32_t random_ = 0x2545F491;
  std::array<float, NoiseShape::kMaxOrder> backward_{};
};

/// Tells speech from background noise, block by block.
class VoiceActivity {
 public:
  struct Verdict {
    bool voice = true;         ///< or has been shortly before
    std::uint8_t level = 127;  ///< of the background: minus dBov
  };
  void reset() { *this = {}; }
  Verdict process(std::span<const std::int16_t> samples);

 private:
  float floor_ = -50;  ///< dBov, what the background is believed to be
  float noise_ = -50;  ///< dBov, of the last blocks without voice
  std::uint8_t hangover_ = kHangover;
  static constexpr std::uint8_t kHangover = 20;  ///< blocks: 200 ms, so that word ends are not cut
};

/// Mean power in dBov (RFC 3389 3.1: 0 is a square wave of full scale); -127 for silence.
float level_dbov(std::span<const std::int16_t> samples);

}  // namespace tandem::dsp
