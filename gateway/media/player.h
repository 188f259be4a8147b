#pragma once
#include <optional>

#include "dsp/call_tones.h"
#include "gateway/media/block.h"
#include "gateway/media/commands.h"
#include "gateway/media/config.h"

namespace tandem::media {

/// Plays a tone or a recording in place of what would be heard, with a block of cross-fading at both ends.
class Player {
 public:
  /// Both take the place of what is played now. What they are given must stay.
  void play(const dsp::ToneCadence& tone);
  void play(const Recording& recording, bool repeat);
  void stop();
  /// Silent at once, and no end is told of.
  void reset() { *this = {}; }

  [[nodiscard]] bool busy() const { return state_ != State::idle; }
  /// Not asked to stop yet.
  [[nodiscard]] bool playing() const { return state_ == State::starting || state_ == State::on; }
  /// Takes the place of a block of what would be heard.
  void mix(Law law, Block& block);
  /// A recording has come to its end, and nobody was told.
  [[nodiscard]] bool ended() const { return ended_; }
  void told() { ended_ = false; }

 private:
  enum class State : std::uint8_t { idle, starting, on, stopping };

  void begin();
  void generate(LinearBlock& samples);

  State state_ = State::idle;
  bool repeat_ = false;
  bool ended_ = false;
  bool has_tail_ = false;
  std::uint32_t position_ = 0;            ///< samples of the recording played
  const Recording* recording_ = nullptr;  ///< none: a tone
  dsp::CallToneGenerator tone_;
  LinearBlock tail_{};  ///< what was played before goes on under the beginning
};

/// The circuit's tones of a country and law.
const dsp::CountryTones& country_tones(std::string_view country, Law law);
/// Tone::none has none.
dsp::CallTone call_tone(Tone tone);

}  // namespace tandem::media
