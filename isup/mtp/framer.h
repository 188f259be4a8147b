#pragma once
// Signal units on a raw timeslot (Q.703 3 and 4): flags, bit stuffing, FCS-16, octet counting.
//
// Bit order. The most significant bit of a timeslot octet is on the line first (G.704, RFC 5086 5.1), while
// each octet of a signal unit goes out least significant bit first (Q.703 2.3.1). At 56 kbit/s the least
// significant bit of each timeslot octet is not ours: it is sent as one and passed over (T1.111.2).
#include <array>
#include <cstdint>

#include "isup/mtp/signal_unit.h"

namespace tandem::mtp {

enum class LineRate : std::uint8_t { k64, k56 };

struct FramerCounters {
  std::uint64_t signal_units = 0;  ///< received without error
  std::uint64_t errors = 0;        ///< Q.752 table 1 item 1.8: signal units in error, octets counted by 16
  std::uint64_t fcs_errors = 0;
  std::uint64_t unaligned = 0;  ///< no whole number of octets between flags
  std::uint64_t too_short = 0;
  std::uint64_t too_long = 0;
  std::uint64_t aborts = 0;  ///< seven ones
};

/// Octets of a timeslot in; signal units without FCS, and errors for the monitors, out. Allocates nothing.
class SignalUnitReceiver {
 public:
  explicit SignalUnitReceiver(LineRate rate = LineRate::k64) : rate_(rate) {}

  /// Calls `on_unit(OctetView)` for each correct unit (the view lives until it returns) and `on_error()` for
  /// each one in error and for every 16 octets in octet counting mode (Q.703 4.1.4), in their order.
  template <class OnUnit, class OnError>
  void push(OctetView line, OnUnit&& on_unit, OnError&& on_error) {
    for (const Octet octet : line) {
      if (rate_ == LineRate::k64) {
        report(step(octet), on_unit, on_error);
        continue;
      }
      narrow_ = narrow_ << 7 | octet >> 1;
      narrow_bits_ += 7;
      if (narrow_bits_ < 8) continue;
      narrow_bits_ -= 8;
      report(step(static_cast<Octet>(narrow_ >> narrow_bits_)), on_unit, on_error);
    }
  }
  [[nodiscard]] const FramerCounters& counters() const { return counters_; }
  [[nodiscard]] bool octet_counting() const { return octet_counting_; }

 private:
  static constexpr unsigned kGood = 1;
  static constexpr unsigned kBad = 2;
  static constexpr unsigned kCounted = 4;

  template <class OnUnit, class OnError>
  void report(unsigned found, OnUnit& on_unit, OnError& on_error) {
    if (found == 0) return;
    if ((found & kCounted) != 0) on_error();
    if ((found & kBad) != 0) on_error();
    if ((found & kGood) != 0) on_unit(OctetView(buffer_.data(), unit_octets_));
  }
  unsigned step(Octet line);
  unsigned step_bits(Octet line);
  unsigned close();
  void open();
  void append(unsigned bits, unsigned count);
  void begin_octet_counting();

  LineRate rate_;
  bool hunting_ = true;         ///< no flag since the start, an abort, or a unit too long
  bool octet_counting_ = true;  ///< until the first correct unit: a dead line counts as errors too
  std::uint8_t ones_ = 0;       ///< ones in a row on the line, at most 7
  std::uint8_t counted_ = 0;    ///< octets counted, below 16
  std::uint8_t bits_ = 0;       ///< bits in partial_
  std::uint8_t partial_ = 0;    ///< octet being collected, first bit in the least significant place
  std::uint16_t crc_ = 0xFFFF;
  std::uint16_t octets_ = 0;
  std::uint16_t unit_octets_ = 0;  ///< of the unit just completed, without FCS
  unsigned narrow_bits_ = 0;
  std::uint32_t narrow_ = 0;
  FramerCounters counters_;
  std::array<Octet, kMaxSignalUnitOctets + 2> buffer_{};
};

/// Signal units in, octets of a timeslot out, one flag between units. Allocates nothing.
class SignalUnitTransmitter {
 public:
  explicit SignalUnitTransmitter(LineRate rate = LineRate::k64) : rate_(rate) {}

  /// Fills all of `line`. `next(std::span<Octet>)` writes the next signal unit without FCS into a buffer of
  /// kMaxSignalUnitOctets and returns its octets; zero: another flag is sent.
  template <class Next>
  void fill(std::span<Octet> line, Next&& next) {
    const unsigned wanted = rate_ == LineRate::k64 ? 8 : 7;
    for (Octet& octet : line) {
      while (bit_count_ < wanted) {
        if (at_ == end_) {
          close();
          const std::size_t octets = next(std::span<Octet>(buffer_).first(kMaxSignalUnitOctets));
          if (octets > 0) load(octets);
        } else {
          emit();
        }
      }
      bit_count_ -= wanted;
      const auto bits = static_cast<Octet>(line_ >> bit_count_);
      octet = wanted == 8 ? bits : static_cast<Octet>(unsigned{bits} << 1 | 1U);
    }
  }

 private:
  void close();
  void load(std::size_t octets);
  void emit();

  LineRate rate_;
  std::uint64_t line_ = 0;  ///< bits to be sent, the next one leftmost of the low `bit_count_`
  unsigned bit_count_ = 0;
  unsigned ones_ = 0;
  std::size_t at_ = 0;
  std::size_t end_ = 0;
  std::array<Octet, kMaxSignalUnitOctets + 2> buffer_{};
};

/// FCS-16 (Q.703 4.2.2), as it is sent: low octet first.
std::uint16_t check_bits(OctetView unit);

}  // namespace tandem::mtp
