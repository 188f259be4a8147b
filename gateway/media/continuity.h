#pragma once
#include "dsp/check_tone.h"
#include "gateway/media/block.h"

namespace tandem::media {

/// What a continuity check does to a timeslot (Q.724 7): the loop of the incoming exchange, or the tone and
/// the receiver of the outgoing one.
class ContinuityCheck {
 public:
  enum class Mode : std::uint8_t { off, loop, tone };

  /// Also from the other mode, or again: from the beginning.
  void start(Mode mode) {
    mode_ = mode;
    told_ = false;
    sender_.restart();
    receiver_.reset();
  }
  void stop() { mode_ = Mode::off; }
  [[nodiscard]] Mode mode() const { return mode_; }
  [[nodiscard]] bool on() const { return mode_ != Mode::off; }

  /// What came in, and room for what is sent. True: the tone is heard, and nobody was told.
  bool run(Law law, const Block& received, Block& sent) {
    if (mode_ == Mode::loop) {
      sent = received;
      return false;
    }
    sender_.send(law, sent);
    return receiver_.take(law, received) && !told_;
  }
  void told() { told_ = true; }

 private:
  Mode mode_ = Mode::off;
  bool told_ = false;
  dsp::CheckToneSender sender_;
  dsp::CheckToneReceiver receiver_;
};

static_assert(dsp::kBlock % dsp::CheckToneReceiver::kStep == 0);

}  // namespace tandem::media
