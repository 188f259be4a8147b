#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "gateway/base/bytes.h"

namespace tandem::hw {

struct PlayoutConfig {
  int timeslots = 31;
  int packet_frames = 40;
  int target_frames = 80;  ///< what is left in the buffer after a read, when it starts to play
};

struct PlayoutCounters {
  std::uint64_t lost = 0;       ///< packets that were not there when their turn came
  std::uint64_t reordered = 0;  ///< arrived behind a later one, but in time
  std::uint64_t late = 0;       ///< arrived too late, twice, or far out of sequence: dropped
  std::uint64_t slips = 0;
  std::uint64_t underruns = 0;
};

/// The jitter buffer of RFC 5086 6.2: packets in by their sequence numbers, frames out in step.
///
/// Time is the count of frames since some origin: packet n (its sequence number extended to 64 bits) holds
/// frames n * packet_frames and following. The place of playing moves on even when nothing is there (what
/// comes after a gap is played in its time), so only slip(), an overrun or a fresh start shift the circuit.
class PlayoutBuffer {
 public:
  enum class Verdict : std::uint8_t {
    started,    ///< the first packet of a stream: of this peer, or of its next life
    newest,     ///< ahead of all so far
    reordered,  ///< behind, but in time
    dropped
  };
  static constexpr int kOverrunFrames = 800;  ///< 100 ms above target: delay beyond is thrown away

  explicit PlayoutBuffer(const PlayoutConfig& config);

  /// `payload`: one packet's frames, or empty for a packet without data, which plays as idle.
  Verdict insert(std::uint16_t sequence, OctetView payload);
  /// Fills whole frames; idle octets (0xFF) where nothing came.
  void read(std::span<Octet> frames);
  /// Controlled slip of one packet's frames: drop them, or play the last ones again.
  void slip(bool drop);
  /// The stream has ended; the next packet starts one.
  void stop();

  [[nodiscard]] bool playing() const { return state_ == State::playing; }
  /// Place of playing, in frames.
  [[nodiscard]] std::int64_t position() const { return position_; }
  /// End of the newest packet, in frames.
  [[nodiscard]] std::int64_t end() const { return (newest_ + 1) * config_.packet_frames; }
  /// Frames between both; negative while it runs dry.
  [[nodiscard]] std::int64_t level() const { return end() - position_; }
  [[nodiscard]] const PlayoutCounters& counters() const { return counters_; }

 private:
  enum class State : std::uint8_t { stopped, filling, playing };
  struct Slot {
    std::int64_t packet = -1;
    bool idle = false;
  };

  void start(std::uint16_t sequence);
  void store(std::int64_t packet, OctetView payload);
  void shed();
  void begin(int wanted);
  bool is_new_life(std::uint16_t sequence);
  [[nodiscard]] std::int64_t extend(std::uint16_t sequence) const;
  Slot& slot(std::int64_t packet) { return slots_[static_cast<std::size_t>(packet) & mask_]; }
  std::span<Octet> data(std::int64_t packet);
  void play(std::span<Octet> out, std::int64_t packet, int offset, int frames);

  PlayoutConfig config_;
  std::size_t packet_octets_;
  std::size_t mask_;
  std::vector<Slot> slots_;
  std::vector<Octet> octets_;
  State state_ = State::stopped;
  std::int64_t newest_ = 0;
  std::int64_t position_ = 0;
  std::int64_t counted_ = 0;  ///< packets before this one have been counted, if lost
  bool dry_ = false;
  int expected_stray_ = -1;  ///< sequence number after the last stray packet
  int late_run_ = 0;         ///< late packets in a row, with none in time
  PlayoutCounters counters_;
};

}  // namespace tandem::hw
