#pragma once
// SpanDSP behind typed handles. Each object takes its memory when it is made; nothing else here allocates, so
// that calls may start, run and end inside a media tick. SpanDSP's echo canceller is not for use: it prints
// on standard output for every sample, diverges on speech and mutes the near talker.
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "gateway/base/c_handle.h"
#include "gateway/base/units.h"

struct dtmf_rx_state_s;
struct tone_gen_state_s;
struct tone_gen_descriptor_s;

namespace tandem::dsp {

namespace spandsp {
struct PlcState;  // SpanDSP's own has no name that could be declared here
void free_tone_gen(tone_gen_state_s* state);
void free_descriptor(tone_gen_descriptor_s* descriptor);
void free_plc(PlcState* state);
}  // namespace spandsp

using Samples = std::span<std::int16_t>;
using SampleView = std::span<const std::int16_t>;

/// DTMF receiver (Q.24). Digits are the characters 0-9 * # A-D.
class DtmfDetector {
 public:
  DtmfDetector();
  /// As new.
  void reset();

  struct Status {
    char digit = 0;          ///< the confirmed digit that is on now; 0: none
    bool suspected = false;  ///< the last block of 12.75 ms looks like DTMF, but is not confirmed yet
  };
  Status process(SampleView samples);
  /// Octets of the object that `process` touches.
  static constexpr std::size_t kHot = 288;

 private:
  [[nodiscard]] dtmf_rx_state_s* state() { return reinterpret_cast<dtmf_rx_state_s*>(storage_.data()); }

  // In place: there is one for each timeslot, and each tick goes through all of them. SpanDSP's state owns
  // nothing.
  alignas(16) std::array<std::byte, 448> storage_;
};

/// A pair of tones, worked out in advance.
class ToneDescriptor {
 public:
  explicit ToneDescriptor(tone_gen_descriptor_s* descriptor) : descriptor_(descriptor) {}

 private:
  friend class ToneGenerator;
  CHandle<tone_gen_descriptor_s, &spandsp::free_descriptor> descriptor_;
};

/// The DTMF digits. Call-progress tones are in call_tones.h.
class ToneTable {
 public:
  ToneTable();
  /// Unbroken DTMF; nullptr: not a DTMF digit.
  [[nodiscard]] const ToneDescriptor* dtmf(char digit) const;

 private:
  std::array<ToneDescriptor, 16> dtmf_;
};

/// Plays one tone at a time.
class ToneGenerator {
 public:
  explicit ToneGenerator(const ToneTable& tones);
  /// From the tone's beginning; its descriptor may go afterwards.
  void start(const ToneDescriptor& tone);
  /// Fills `samples` with the tone's continuation.
  void generate(Samples samples);

 private:
  CHandle<tone_gen_state_s, &spandsp::free_tone_gen> state_;
};

/// Concealment of lost audio: repeats the last pitch period and fades out over 50 ms.
class Concealer {
 public:
  /// Samples of history that `begin` wants for the pitch search.
  static constexpr std::size_t kHistory = 280;

  Concealer();
  /// A gap begins, after this history.
  void begin(SampleView history);
  /// Fills the gap, `samples` at a time.
  void conceal(Samples samples);
  /// The gap has ended: blends the concealment into the audio that follows it.
  void resume(Samples samples);

 private:
  CHandle<spandsp::PlcState, &spandsp::free_plc> state_;
};

}  // namespace tandem::dsp
