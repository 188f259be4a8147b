#include "tdm/hdlc.h"

#include <algorithm>
#include <array>

namespace tandem::tdm {
namespace {

constexpr std::uint16_t kGoodFcs = 0xF0B8;  // Q.921 2.7: remainder at the receiver, bits in reverse

constexpr auto kCrcTable = [] {
  std::array<std::uint16_t, 256> table{};
  for (unsigned i = 0; i < 256; ++i) {
    unsigned crc = i;
    for (int bit = 0; bit < 8; ++bit) crc = (crc & 1U) != 0 ? crc >> 1 ^ 0x8408U : crc >> 1;
    table[i] = static_cast<std::uint16_t>(crc);
  }
  return table;
}();

constexpr std::uint16_t crc_step(std::uint16_t crc, Octet octet) {
  return static_cast<std::uint16_t>(crc >> 8 ^ kCrcTable[(crc ^ octet) & 0xFFU]);
}

// What a line octet inside a frame gives, by the ones before it: its data bits without stuffed zeros.
struct Destuffed {
  Octet bits = 0;  // first bit in the least significant place
  std::uint8_t count = 0;
  std::uint8_t ones = 0;
  bool event = false;  // a flag or an abort ends within: to be taken bit by bit
};
constexpr unsigned kStuffAfter = 5;  // Q.921 2.6

constexpr auto kDestuff = [] {
  std::array<std::array<Destuffed, 256>, kStuffAfter + 1> table{};
  for (unsigned before = 0; before <= kStuffAfter; ++before) {
    for (unsigned line = 0; line < 256; ++line) {
      Destuffed d;
      unsigned ones = before;
      unsigned bits = 0;
      unsigned count = 0;
      for (unsigned i = 0; i < 8; ++i) {
        const bool bit = (line >> (7 - i) & 1U) != 0;
        if (!bit && ones == kStuffAfter) {
          ones = 0;
          continue;
        }
        if (ones > kStuffAfter) d.event = true;
        if (bit) bits |= 1U << count;
        ++count;
        ones = bit ? ones + 1 : 0;
      }
      d.bits = static_cast<Octet>(bits);
      d.count = static_cast<std::uint8_t>(count);
      d.ones = static_cast<std::uint8_t>(ones);
      table[before][line] = d;
    }
  }
  return table;
}();

// What a frame octet becomes on the line, by the ones before it.
struct Stuffed {
  std::uint16_t bits = 0;  // first bit leftmost of `count`
  std::uint8_t count = 0;
  std::uint8_t ones = 0;
};

constexpr auto kStuff = [] {
  std::array<std::array<Stuffed, 256>, kStuffAfter> table{};
  for (unsigned before = 0; before < kStuffAfter; ++before) {
    for (unsigned octet = 0; octet < 256; ++octet) {
      unsigned ones = before;
      unsigned bits = 0;
      unsigned count = 0;
      for (unsigned i = 0; i < 8; ++i) {
        const unsigned bit = octet >> i & 1U;
        bits = bits << 1 | bit;
        ++count;
        ones = bit != 0 ? ones + 1 : 0;
        if (ones == kStuffAfter) {
          bits <<= 1;
          ++count;
          ones = 0;
        }
      }
      table[before][octet] = {static_cast<std::uint16_t>(bits), static_cast<std::uint8_t>(count),
                              static_cast<std::uint8_t>(ones)};
    }
  }
  return table;
}();

}  // namespace

std::uint16_t hdlc_fcs(OctetView frame) {
  std::uint16_t crc = 0xFFFF;
  for (const Octet octet : frame) crc = crc_step(crc, octet);
  return static_cast<std::uint16_t>(~crc);
}

HdlcReceiver::HdlcReceiver(HdlcLimits limits) : limits_(limits), buffer_(limits.max_octets + 2) {}

bool HdlcReceiver::step(Octet line) {
  // Flags or ones without end: an octet that changed nothing changes nothing the next time.
  if (idle_known_ && line == idle_octet_) return false;
  idle_known_ = false;
  if (!state_.hunting && state_.ones <= kStuffAfter) {
    const Destuffed& d = kDestuff[state_.ones][line];
    if (!d.event) {
      state_.ones = d.ones;
      append(d.bits, d.count);
      return false;
    }
  }
  const State before = state_;
  const bool complete = step_bits(line);
  // Between flags no more than seven bits can have been collected, so nothing was counted either.
  if (!complete && state_ == before && state_.octets == 0) {
    idle_known_ = true;
    idle_octet_ = line;
  }
  return complete;
}

bool HdlcReceiver::step_bits(Octet line) {
  bool complete = false;
  for (unsigned i = 0; i < 8; ++i) {
    const bool bit = (line >> (7 - i) & 1U) != 0;
    const unsigned ones = state_.ones;
    if (bit) {
      if (ones < 7) state_.ones = static_cast<std::uint8_t>(ones + 1);
      if (state_.hunting) continue;
      if (ones == 6) {  // Q.921 2.10: abort
        // Nothing is lost when only flags were there: fewer than the bits of a flag have been collected.
        if (state_.octets > 0) ++counters_.aborts;
        state_.hunting = true;
      } else {
        append(1, 1);
      }
      continue;
    }
    state_.ones = 0;
    if (ones == 6) {
      if (!state_.hunting) complete = close_frame() || complete;
      start_frame();
    } else if (ones != kStuffAfter && !state_.hunting) {
      append(0, 1);
    }
  }
  return complete;
}

/// A flag has come. The zero and the six ones at its front have been collected as data: seven bits.
bool HdlcReceiver::close_frame() {
  if (state_.octets == 0)
    return false;  // flags in a row, with or without a shared zero; or noise of one octet
  if (state_.bits != 7) {
    ++counters_.unaligned;
    return false;
  }
  if (state_.octets < limits_.min_octets + 2) {
    ++counters_.too_short;
    return false;
  }
  if (state_.crc != kGoodFcs) {
    ++counters_.fcs_errors;
    return false;
  }
  ++counters_.frames;
  frame_octets_ = state_.octets - 2;
  return true;
}

void HdlcReceiver::start_frame() {
  state_.hunting = false;
  state_.bits = 0;
  state_.partial = 0;
  state_.octets = 0;
  state_.crc = 0xFFFF;
}

void HdlcReceiver::append(unsigned bits, unsigned count) {
  if (state_.hunting) return;
  const unsigned collected = state_.partial | bits << state_.bits;
  const unsigned total = state_.bits + count;
  if (total < 8) {
    state_.partial = static_cast<Octet>(collected);
    state_.bits = static_cast<std::uint8_t>(total);
    return;
  }
  if (state_.octets == buffer_.size()) {  // Q.921 2.9 c): too long; the rest is passed over until a flag
    ++counters_.too_long;
    state_.hunting = true;
    return;
  }
  const auto octet = static_cast<Octet>(collected & 0xFFU);
  buffer_[state_.octets++] = octet;
  state_.crc = crc_step(state_.crc, octet);
  state_.partial = static_cast<Octet>(collected >> 8);
  state_.bits = static_cast<std::uint8_t>(total - 8);
}

HdlcTransmitter::HdlcTransmitter(std::size_t queue_frames, std::size_t max_octets)
    : max_octets_(max_octets), slots_(queue_frames * (max_octets + 2)), lengths_(queue_frames) {}

bool HdlcTransmitter::queue(OctetView frame) {
  if (frame.empty() || frame.size() > max_octets_ || count_ == lengths_.size()) return false;
  const std::size_t slot = (head_ + count_) % lengths_.size();
  Octet* to = &slots_[slot * (max_octets_ + 2)];
  std::ranges::copy(frame, to);
  const std::uint16_t fcs = hdlc_fcs(frame);
  to[frame.size()] = static_cast<Octet>(fcs);
  to[frame.size() + 1] = static_cast<Octet>(fcs >> 8);
  lengths_[slot] = frame.size() + 2;
  ++count_;
  return true;
}

void HdlcTransmitter::fill(std::span<Octet> line) {
  for (Octet& octet : line) {
    while (bit_count_ < 8) emit_next();
    bit_count_ -= 8;
    octet = static_cast<Octet>(bits_ >> bit_count_);
  }
}

void HdlcTransmitter::emit_next() {
  if (count_ > 0 && flag_sent_) {
    if (at_ < lengths_[head_]) {
      put_stuffed(slots_[head_ * (max_octets_ + 2) + at_++]);
      return;
    }
    head_ = (head_ + 1) % lengths_.size();
    --count_;
    ++frames_sent_;
    at_ = 0;
  }
  bits_ = bits_ << 8 | 0x7E;
  bit_count_ += 8;
  ones_ = 0;
  flag_sent_ = true;
}

void HdlcTransmitter::put_stuffed(Octet octet) {
  const Stuffed& s = kStuff[ones_][octet];
  bits_ = bits_ << s.count | s.bits;
  bit_count_ += s.count;
  ones_ = s.ones;
}

}  // namespace tandem::tdm
