#pragma once
// 64 kbit/s on a timeslot, bit for bit: a sequence that never repeats soon goes out, and what comes back must
// be it; or what comes is sent back.
#include <cstddef>
#include <cstdint>
#include <span>

namespace exchange {

class ClearChannel {
 public:
  explicit ClearChannel(bool loop) : loop_(loop) {}

  /// One octet in, one out.
  std::uint8_t step(std::uint8_t in) {
    if (loop_) return in;
    check(in);
    return next(sent_);
  }
  /// Octets that followed each other as they were sent, since the last that did not.
  [[nodiscard]] std::size_t good() const { return good_; }
  [[nodiscard]] std::size_t broken() const { return broken_; }

 private:
  /// O.150: the sequence of 2^15 - 1 bits, in octets.
  static std::uint8_t next(std::uint16_t& state) {
    std::uint8_t octet = 0;
    for (int i = 0; i < 8; ++i) {
      const auto bit = static_cast<std::uint16_t>((state >> 14 ^ state >> 13) & 1);
      state = static_cast<std::uint16_t>((state << 1 | bit) & 0x7fff);
      octet = static_cast<std::uint8_t>(octet << 1 | bit);
    }
    return octet;
  }
  void check(std::uint8_t in) {
    // Two octets tell the state that the sender had.
    const auto seen = static_cast<std::uint16_t>((last_ << 8 | in) & 0x7fff);
    auto state = heard_;
    const bool follows = next(state) == in && heard_ != 0;
    if (follows) {
      ++good_;
    } else if (good_ > 0) {
      ++broken_;
      good_ = 0;
    }
    heard_ = seen;
    last_ = in;
  }

  bool loop_;
  std::uint16_t sent_ = 0x1234;
  std::uint16_t heard_ = 0;
  std::uint8_t last_ = 0;
  std::size_t good_ = 0, broken_ = 0;
};

}  // namespace exchange
