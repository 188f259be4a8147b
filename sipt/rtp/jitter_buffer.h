#pragma once
#include <array>
#include <cstdint>

#include "gateway/base/bytes.h"
#include "gateway/base/time.h"
#include "gateway/base/units.h"

namespace tandem::sip::rtp {

/// Adaptive playout buffer of G.711 octets by timestamp, in fixed memory. Packets of any length may be mixed.
///
/// A ring of octets with a bit each for "is there": place and time are one, so packets that come twice, out
/// of order or overlapping need no special care and nothing drifts. A packet's *slack* is how long before its
/// playout it arrived. The spread of slack over the last seconds is the jitter; the earliest packets are to
/// wait just that long, within the configured bounds. Corrections, as for a clock that runs faster or slower
/// than the timeslots', are blocks of 10 ms dropped or inserted in quiet moments, or else single samples,
/// each spread over several blocks: `slip` says so, and the caller bends the audio.
class JitterBuffer {
 public:
  static constexpr std::size_t kBlock = 80;     ///< octets a `get`
  static constexpr std::size_t kHistory = 280;  ///< octets that `history` gives

  struct Settings {
    Law law = Law::a;
    Duration minimum = std::chrono::milliseconds(20);
    Duration maximum = std::chrono::milliseconds(200);  ///< at most 300 ms are used
  };
  struct Counters {
    std::uint32_t late = 0;        ///< packets, of which nothing could be played
    std::uint32_t duplicates = 0;  ///< packets, of which everything was there
    std::uint32_t dropped = 0;     ///< blocks taken out to shorten the delay
    std::uint32_t inserted = 0;    ///< blocks put in to lengthen it
    std::uint32_t slipped = 0;     ///< samples taken out or put in
    std::uint32_t restarts = 0;    ///< jumps of the timestamp
  };
  /// One sample is being taken out (direction 1) or put in (-1) over `blocks` blocks; direction 0: none is.
  struct Slip {
    std::int8_t direction = 0;
    std::uint8_t block = 0;
    std::uint8_t blocks = 0;
  };
  static constexpr std::size_t kReach = 5;  ///< octets that `around` gives on each side of the block
  enum class Block : std::uint8_t {
    audio,    ///< octets of the source; what was missing of a block that was partly there is silence
    missing,  ///< nothing there, or a block put in: to be concealed
    idle      ///< nothing of this stream was played yet
  };

  /// Empty, with the counters at zero.
  void reset(const Settings& settings);
  /// Empty and not begun, for another source; counters and target stay. What was played stays as history, and
  /// what is to be concealed until the other source is heard comes as `missing`.
  void restart();
  /// Octets are data, not audio (RFC 4040): nothing is quiet or can be bent, what is missing is all ones, and
  /// playout moves only when packets come too late or fill the buffer.
  void set_data(bool data) { data_ = data; }

  /// A packet that came before the next `get`.
  void put(std::uint32_t timestamp, OctetView payload);
  /// The next block. Octets are written for `audio` only.
  Block get(std::span<Octet, kBlock> out);
  [[nodiscard]] bool begun() const { return begun_; }
  /// Of the last block got, if it was audio.
  [[nodiscard]] Slip slip() const { return slip_; }
  /// The last block got with its surroundings; what has not come yet is as the block's last octet.
  void around(std::span<Octet, kBlock + 2 * kReach> out) const;
  /// The octets played before the last block got, for concealment.
  void history(std::span<Octet, kHistory> out) const;
  /// What was played in place of the last block, if it was missing: it becomes history.
  void replace(std::span<const Octet, kBlock> played);

  /// Octets of the object that each put and get touches, before the ring.
  static constexpr std::size_t kHotHead = 112;
  /// Begins to load what the next put and get will touch of the ring into the cache.
  void prefetch() const {
    const auto load = [this](std::uint32_t from, std::uint32_t size) {
      __builtin_prefetch(&there_[(from & (kRing - 1)) / 64], 1);
      for (std::uint32_t i = 0; i < size; i += 64) __builtin_prefetch(&ring_[(from + i) & (kRing - 1)], 1);
    };
    load(play_, kBlock + 63);
    // The next packet goes behind the last one, when that one has waited its time.
    if (static_cast<std::int32_t>(end_ - play_) <= target_) load(end_, 160 + 63);
  }

  [[nodiscard]] const Counters& counters() const { return counters_; }
  /// Samples from the next one played to the end of the packet that came last.
  [[nodiscard]] std::int32_t depth() const { return static_cast<std::int32_t>(end_ - play_); }
  /// How long the earliest packets are to wait.
  [[nodiscard]] Duration target() const;

 private:
  static constexpr std::uint32_t kRing = 4096;
  static constexpr std::uint32_t kPrefetch = 400;   ///< octets: a block, the least delay and a packet
  static constexpr std::size_t kWindows = 4;        ///< of a second each
  static constexpr std::uint32_t kMaxAhead = 3200;  ///< samples; the rest of the ring is history

  struct Window {
    std::int32_t least = 0;
    std::int32_t most = 0;
    bool used = false;
  };

  bool admit(std::uint32_t timestamp, std::int32_t slack, std::size_t size);
  void begin_at(std::uint32_t timestamp);
  void keep_history(std::uint32_t from, std::uint32_t to);
  void note_slack(std::int32_t slack);
  void adapt();
  void shift(std::int32_t samples);
  bool correct();
  void end_slip(bool whole);
  [[nodiscard]] bool quiet() const;
  void silence_gaps();
  enum class Presence : std::uint8_t { none, some, all };
  [[nodiscard]] Presence present(std::uint32_t from, std::size_t count) const;
  bool mark(std::uint32_t from, std::size_t count);
  void clear(std::uint32_t from, std::size_t count);

  // What each block touches comes first.
  bool begun_ = false;
  bool playing_ = false;  ///< the stream's first octets were played
  bool suspect_known_ = false;
  Law law_ = Law::a;
  std::uint8_t windows_age_ = 0;  ///< blocks since the current window began
  std::uint8_t window_ = 0;
  bool block_inserted_ = false;  ///< the last block got was put in, so it has no place in the ring
  bool data_ = false;
  Slip slip_;                  ///< of the last block got
  std::uint32_t play_ = 0;     ///< timestamp of the next block
  std::uint32_t end_ = 0;      ///< timestamp behind the last packet stored
  std::uint32_t suspect_ = 0;  ///< timestamp of a packet far off, until another confirms it
  std::int32_t target_ = 0;    ///< samples
  std::int32_t minimum_ = 0;
  std::int32_t maximum_ = 0;
  std::int32_t due_ = 0;  ///< correction wanted, in samples: positive to lengthen
  bool urgent_ = false;
  std::array<Window, kWindows> windows_{};
  Counters counters_;
  std::array<std::uint64_t, kRing / 64> there_{};
  std::array<Octet, kRing> ring_{};
};

}  // namespace tandem::sip::rtp
