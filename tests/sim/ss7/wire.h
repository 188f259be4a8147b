#pragma once
// A signalling timeslot in 10 ms ticks: what goes in comes out some ticks later, with what befell it.
#include <array>
#include <chrono>
#include <deque>

#include "gateway/base/bytes.h"
#include "gateway/base/random.h"
#include "gateway/base/time.h"

namespace tandem::sim {

inline constexpr Duration kTick = std::chrono::milliseconds(10);
inline constexpr std::size_t kTickOctets = 80;  ///< of 64 kbit/s
using TickOctets = std::array<Octet, kTickOctets>;

/// One direction of one link.
class Ss7Wire {
 public:
  Ss7Wire(unsigned delay_ticks, std::uint64_t seed) : random_(seed) {
    TickOctets dead;
    dead.fill(0xff);
    way_.assign(delay_ticks, dead);
  }

  /// Everything is lost and the far end sees an alarm.
  bool down = false;
  /// A bit in so many is wrong, on average; 0: none.
  std::uint64_t one_bit_of = 0;
  std::uint64_t bits_spoilt = 0;

  /// The next `octets` are noise.
  void burst(std::size_t octets) { noise_ += octets; }
  void calm() {
    noise_ = 0;
    one_bit_of = 0;
    down = false;
  }
  TickOctets carry(const TickOctets& in) {
    way_.push_back(in);
    TickOctets out = way_.front();
    way_.pop_front();
    spoil(out);
    return out;
  }

 private:
  void spoil(TickOctets& line) {
    for (std::size_t i = 0; noise_ > 0 && i < line.size(); ++i, --noise_) {
      line[i] ^= static_cast<Octet>(random_.next() >> 56);
      bits_spoilt += 4;
    }
    constexpr std::uint64_t kBits = kTickOctets * 8;
    if (one_bit_of == 0) return;
    while (until_error_ < kBits) {
      line[until_error_ / 8] ^= static_cast<Octet>(1U << until_error_ % 8);
      ++bits_spoilt;
      until_error_ += 1 + (random_.next() >> 32) % (2 * one_bit_of);
    }
    until_error_ -= kBits;
  }

  SeededRandom random_;
  std::deque<TickOctets> way_;
  std::size_t noise_ = 0;
  std::uint64_t until_error_ = 0;
};

}  // namespace tandem::sim
