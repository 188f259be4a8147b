#pragma once
// What the exchange says on a timeslot: sources of audio, one block of 5 ms at a time.
#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace exchange {

inline constexpr std::size_t kBlock = 40;  ///< samples in 5 ms
using Block = std::array<std::int16_t, kBlock>;
using Recording = std::shared_ptr<const std::vector<std::int16_t>>;

class Source {
 public:
  virtual ~Source() = default;
  /// Writes the next block; `heard` came in on the same timeslot. False: nothing more to say, `out` is
  /// silent.
  virtual bool next(const Block& heard, Block& out) = 0;
};

std::unique_ptr<Source> make_echo();
/// 1004 Hz at 0 dBm0 (O.133: off 1000 Hz, so that it does not beat with the sampling).
std::unique_ptr<Source> make_milliwatt();
/// Special information tone, E.180: 950, 1400 and 1800 Hz, and a pause; `times` times.
std::unique_ptr<Source> make_special_information_tone(int times);
std::unique_ptr<Source> make_playback(Recording recording);
/// The far end's hybrid: what is heard comes back through an echo path, see audio.cpp.
std::unique_ptr<Source> make_hybrid();
/// Digits as tones of 100 ms, by SpanDSP.
std::unique_ptr<Source> make_digits(const std::string& digits);

/// Collects DTMF digits with SpanDSP's detector.
class DigitCollector {
 public:
  DigitCollector();
  ~DigitCollector();
  DigitCollector(const DigitCollector&) = delete;
  DigitCollector& operator=(const DigitCollector&) = delete;
  /// Digits that were recognized in this block.
  std::string feed(const Block& heard);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// G.711 by SpanDSP.
class Law {
 public:
  explicit Law(bool mu) : mu_(mu) {}
  [[nodiscard]] std::int16_t decode(std::uint8_t octet) const;
  [[nodiscard]] std::uint8_t encode(std::int16_t sample) const;
  [[nodiscard]] std::uint8_t silence() const { return encode(0); }

 private:
  bool mu_;
};

}  // namespace exchange
