#pragma once
// HDLC framing (ISO/IEC 13239 4, Q.921 2) on a raw 64 kbit/s timeslot.
//
// Bit order. The most significant bit of a timeslot octet is on the line first (G.704, RFC 5086 5.1 rule 2),
// while HDLC sends each octet of a frame least significant bit first (Q.921 2.8.2). So a frame octet 0x01
// that happens to be aligned is the timeslot octet 0x80, and an aligned flag is 0x7E either way. This is the
// order of a clear DAHDI channel (its own HDLC takes bits from the top of each octet) and of SpanDSP's
// hdlc_rx_put_byte and hdlc_tx_get.
#include <cstdint>
#include <vector>

#include "gateway/base/bytes.h"

namespace tandem::tdm {

/// Length of a frame without its FCS.
struct HdlcLimits {
  std::size_t min_octets = 3;    ///< address and control: Q.921 2.9 b) (five octets with the FCS)
  std::size_t max_octets = 300;  ///< holds Q.921 N201 = 260 with its header, and the longest MSU of Q.703
};

struct HdlcCounters {
  std::uint64_t frames = 0;
  std::uint64_t fcs_errors = 0;
  std::uint64_t aborts = 0;     ///< seven ones inside a frame
  std::uint64_t unaligned = 0;  ///< not a whole number of octets between flags
  std::uint64_t too_short = 0;
  std::uint64_t too_long = 0;
};

/// Octets of a timeslot in, frames without FCS out. Allocates at construction only.
class HdlcReceiver {
 public:
  explicit HdlcReceiver(HdlcLimits limits = {});

  /// Calls `on_frame(OctetView)` for each good frame; the view lives until it returns.
  template <class OnFrame>
  void push(OctetView line, OnFrame&& on_frame) {
    for (const Octet octet : line) {
      if (step(octet)) on_frame(OctetView(buffer_.data(), frame_octets_));
    }
  }
  [[nodiscard]] const HdlcCounters& counters() const { return counters_; }
  /// A flag has been seen and no abort since: the far end sends HDLC.
  [[nodiscard]] bool synchronised() const { return !state_.hunting; }
  /// Back to hunting for a flag.
  void reset() { state_ = {}, idle_known_ = false; }

 private:
  struct State {
    bool hunting = true;
    std::uint8_t ones = 0;  ///< ones in a row on the line, at most 7
    std::uint8_t bits = 0;  ///< bits in `partial`
    Octet partial = 0;      ///< octet being collected, first bit in the least significant place
    std::uint32_t octets = 0;
    std::uint16_t crc = 0xFFFF;
    friend bool operator==(const State&, const State&) = default;
  };

  bool step(Octet line);
  bool step_bits(Octet line);
  bool close_frame();
  void start_frame();
  void append(unsigned bits, unsigned count);

  HdlcLimits limits_;
  State state_;
  bool idle_known_ = false;  ///< `idle_octet_` leaves the state as it is
  Octet idle_octet_ = 0;
  std::size_t frame_octets_ = 0;  ///< length of the frame just completed, without FCS
  HdlcCounters counters_;
  std::vector<Octet> buffer_;
};

/// Frames in, octets of a timeslot out: flags when there is nothing to send. Allocates at construction only.
class HdlcTransmitter {
 public:
  explicit HdlcTransmitter(std::size_t queue_frames = 64, std::size_t max_octets = HdlcLimits{}.max_octets);

  /// Queues a frame, FCS to be added here. False: empty, too long, or the queue is full; nothing was taken.
  bool queue(OctetView frame);
  /// Fills all of `line`. One flag stands between frames that follow each other (Q.921 2.2).
  void fill(std::span<Octet> line);
  /// Frames not yet wholly sent.
  [[nodiscard]] std::size_t queued() const { return count_; }
  [[nodiscard]] std::uint64_t frames_sent() const { return frames_sent_; }

 private:
  void emit_next();
  void put_stuffed(Octet octet);

  std::size_t max_octets_;
  std::vector<Octet> slots_;  ///< ring of `lengths_.size()` frames of max_octets_ + 2 each, FCS included
  std::vector<std::size_t> lengths_;
  std::size_t head_ = 0;
  std::size_t count_ = 0;
  std::size_t at_ = 0;  ///< next octet of the frame at head_; its length: the closing flag is due
  std::uint64_t frames_sent_ = 0;
  std::uint64_t bits_ = 0;  ///< bits to be sent, the next one leftmost of the low `bit_count_`
  unsigned bit_count_ = 0;
  unsigned ones_ = 0;
  bool flag_sent_ = false;  ///< an opening flag is on the line
};

/// FCS-16 (ISO/IEC 13239 4.2.5.2, Q.921 2.7), as it is sent: low octet first.
std::uint16_t hdlc_fcs(OctetView frame);

}  // namespace tandem::tdm
