#pragma once
// What a receiver counts of one source: RFC 3550 A.1, A.3 and A.8.
#include <cstdint>

#include "sipt/rtp/rtcp.h"

namespace tandem::sip::rtp {

class Reception {
 public:
  /// A new source begins with this packet; it still has to be handed to `update`.
  void start(std::uint32_t ssrc, std::uint16_t sequence);

  /// A packet of the source. False: its sequence number jumped, so it is held back until the next one
  /// confirms that the source restarted (A.1); it does not count as received.
  bool update(std::uint16_t sequence);

  /// Interarrival jitter (A.8); both in timestamp units. Not for packets whose timestamp is not that of their
  /// sending, as telephone events'.
  void update_jitter(std::uint32_t timestamp, std::uint32_t arrival);

  [[nodiscard]] std::uint32_t ssrc() const { return ssrc_; }
  [[nodiscard]] std::uint64_t received() const { return received_; }
  [[nodiscard]] std::uint64_t expected() const;
  /// Expected minus received, never negative.
  [[nodiscard]] std::uint64_t lost() const;
  [[nodiscard]] std::uint32_t highest_sequence() const { return cycles_ + max_sequence_; }
  [[nodiscard]] double jitter() const { return jitter_; }  ///< timestamp units

  /// A report on the source; begins a new interval for the fraction lost (A.3). LSR and DLSR are the
  /// caller's.
  ReportBlock report();

 private:
  void restart(std::uint16_t sequence);

  std::uint32_t ssrc_ = 0;
  std::uint16_t max_sequence_ = 0;
  bool jitter_started_ = false;
  std::uint32_t cycles_ = 0;  ///< sequence cycles, shifted by 16
  std::uint32_t base_sequence_ = 0;
  std::uint32_t bad_sequence_ = 0;
  std::uint32_t transit_ = 0;
  float jitter_ = 0;
  std::uint64_t received_ = 0;
  std::uint64_t expected_before_ = 0;  ///< of stretches before a restart
  std::uint64_t expected_prior_ = 0;   ///< at the last report
  std::uint64_t received_prior_ = 0;
};

}  // namespace tandem::sip::rtp
