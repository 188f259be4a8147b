#pragma once
// The tone of continuity checks, and the receiver that says that it came back.
#include <cstdint>
#include <span>

#include "gateway/base/bytes.h"
#include "gateway/base/units.h"

namespace tandem::dsp {

/// Sends the check tone at -12 dBm0. 2010 Hz fulfil Q.724 7.3.1 (2000 +-20 Hz), are what T1.113 names for
/// loops, and are no fraction of the sampling rate, so that the tone goes through all codes of its level.
class CheckToneSender {
 public:
  static constexpr int kHz = 2010;
  static constexpr Dbm0 kLevel{-12};

  void restart() { at_ = 0; }
  /// The tone's continuation.
  void send(Law law, std::span<Octet> octets);

 private:
  std::uint16_t at_ = 0;  ///< in the tone's period, samples
};

/// Q.724 7.3.3: recognises the tone within 2000 +-30 Hz and -18 to -6 dBm0 when it has lasted for 30 to 60
/// ms. Not what is 200 Hz away, of -22 dBm0 and less, shorter than 30 ms, or not one tone.
class CheckToneReceiver {
 public:
  static constexpr std::size_t kStep = 40;  ///< samples: 5 ms

  void reset() { *this = {}; }
  /// Takes in whole steps. True from the recognition on, until it is reset.
  bool take(Law law, OctetView octets);

 private:
  static constexpr std::uint8_t kSteps = 7;

  [[nodiscard]] bool fits(Law law, std::span<const Octet, kStep> octets);

  std::int32_t real_ = 0;  ///< of the last step at 2000 Hz
  std::int32_t imaginary_ = 0;
  std::uint8_t steps_ = 0;  ///< in a row that fit
};

}  // namespace tandem::dsp
