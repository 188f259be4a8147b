#include "isup/mtp/framer.h"

namespace tandem::mtp {
namespace {

constexpr unsigned kStuffAfter = 5;               // Q.703 3.2: a zero after five ones
constexpr std::uint16_t kGoodRemainder = 0xF0B8;  // Q.703 4.2.2, bits in reverse
constexpr std::size_t kMinOctets = 5;             // Q.703 4.1.2: with the FCS
constexpr unsigned kCountedOctets = 16;           // Q.703 4.1.4: N
constexpr unsigned kFlagBits = 7;                 // of a closing flag, collected before its last zero

constexpr auto kCrc = [] {
  std::array<std::uint16_t, 256> table{};
  for (unsigned octet = 0; octet < 256; ++octet) {
    unsigned remainder = octet;
    for (int bit = 0; bit < 8; ++bit) remainder = remainder >> 1 ^ ((remainder & 1U) * 0x8408U);
    table[octet] = static_cast<std::uint16_t>(remainder);
  }
  return table;
}();

constexpr std::uint16_t crc_next(std::uint16_t crc, Octet octet) {
  return static_cast<std::uint16_t>(crc >> 8 ^ kCrc[(crc ^ octet) & 0xFFU]);
}

/// What eight bits of line mean after `ones` ones: data bits, and at most one flag with data after it.
struct LineStep {
  std::uint8_t before = 0;  ///< data bits up to the flag, first bit least significant
  std::uint8_t before_count = 0;
  std::uint8_t after = 0;
  std::uint8_t after_count = 0;
  std::uint8_t ones = 0;
  bool flag = false;
  bool bitwise = false;  ///< an abort, or two flags that share a zero: rare
};

constexpr LineStep line_step(unsigned ones, unsigned line) {
  LineStep step;
  for (unsigned i = 0; i < 8; ++i) {
    const bool bit = (line >> (7 - i) & 1U) != 0;
    if (!bit && ones == kStuffAfter) {
      ones = 0;
      continue;
    }
    if (!bit && ones == kStuffAfter + 1) {
      if (step.flag) step.bitwise = true;
      step.flag = true;
      ones = 0;
      continue;
    }
    if (bit && ones > kStuffAfter) step.bitwise = true;
    auto& bits = step.flag ? step.after : step.before;
    auto& count = step.flag ? step.after_count : step.before_count;
    bits = static_cast<std::uint8_t>(bits | (bit ? 1U << count : 0U));
    ++count;
    ones = bit ? ones + 1 : 0;
  }
  step.ones = static_cast<std::uint8_t>(ones);
  return step;
}

constexpr auto kLine = [] {
  std::array<std::array<LineStep, 256>, kStuffAfter + 2> table{};
  for (unsigned ones = 0; ones < table.size(); ++ones)
    for (unsigned line = 0; line < 256; ++line) table[ones][line] = line_step(ones, line);
  return table;
}();

/// What an octet becomes on the line after `ones` ones.
struct Stuffed {
  std::uint16_t bits = 0;  ///< first bit leftmost of `count`
  std::uint8_t count = 0;
  std::uint8_t ones = 0;
};

constexpr Stuffed stuff(unsigned ones, unsigned octet) {
  unsigned bits = 0;
  unsigned count = 8;
  for (unsigned i = 0; i < 8; ++i) {
    const unsigned bit = octet >> i & 1U;
    bits = bits << 1 | bit;
    ones = bit != 0 ? ones + 1 : 0;
    if (ones < kStuffAfter) continue;
    bits <<= 1;
    ++count;
    ones = 0;
  }
  return {static_cast<std::uint16_t>(bits), static_cast<std::uint8_t>(count),
          static_cast<std::uint8_t>(ones)};
}

constexpr auto kStuffed = [] {
  std::array<std::array<Stuffed, 256>, kStuffAfter> table{};
  for (unsigned ones = 0; ones < table.size(); ++ones)
    for (unsigned octet = 0; octet < 256; ++octet) table[ones][octet] = stuff(ones, octet);
  return table;
}();

}  // namespace

std::uint16_t check_bits(OctetView unit) {
  std::uint16_t crc = 0xFFFF;
  for (const Octet octet : unit) crc = crc_next(crc, octet);
  return static_cast<std::uint16_t>(~crc);
}

unsigned SignalUnitReceiver::step(Octet line) {
  unsigned found = 0;
  if (octet_counting_ && ++counted_ == kCountedOctets) {
    counted_ = 0;
    ++counters_.errors;
    found = kCounted;
  }
  if (ones_ >= kLine.size()) {
    if (line == 0xFF) return found;  // a dead line
    return found | step_bits(line);
  }
  const LineStep& step = kLine[ones_][line];
  if (step.bitwise) return found | step_bits(line);
  ones_ = step.ones;
  append(step.before, step.before_count);
  if (!step.flag) return found;
  found |= close();
  open();
  append(step.after, step.after_count);
  return found;
}

unsigned SignalUnitReceiver::step_bits(Octet line) {
  unsigned found = 0;
  for (unsigned i = 0; i < 8; ++i) {
    const bool bit = (line >> (7 - i) & 1U) != 0;
    const unsigned ones = ones_;
    if (bit) {
      if (ones_ < kStuffAfter + 2) ++ones_;
      if (ones == kStuffAfter + 1) {
        if (!hunting_) ++counters_.aborts;
        begin_octet_counting();
      } else {
        append(1, 1);
      }
      continue;
    }
    ones_ = 0;
    if (ones == kStuffAfter + 1) {
      found |= close();
      open();
    } else if (ones != kStuffAfter) {
      append(0, 1);
    }
  }
  return found;
}

void SignalUnitReceiver::begin_octet_counting() {
  hunting_ = true;
  if (octet_counting_) return;
  octet_counting_ = true;
  counted_ = 0;
}

/// A flag has come; the seven bits at its front were collected as data.
unsigned SignalUnitReceiver::close() {
  // Flags in a row, with or without a shared zero, leave no octet between them.
  if (hunting_ || octets_ == 0) return 0;
  if (bits_ != kFlagBits) {
    ++counters_.unaligned;
  } else if (octets_ < kMinOctets) {
    ++counters_.too_short;
  } else if (crc_ != kGoodRemainder) {
    ++counters_.fcs_errors;
  } else {
    ++counters_.signal_units;
    octet_counting_ = false;
    unit_octets_ = static_cast<std::uint16_t>(octets_ - 2);
    return kGood;
  }
  ++counters_.errors;
  return kBad;
}

void SignalUnitReceiver::open() {
  hunting_ = false;
  bits_ = 0;
  partial_ = 0;
  octets_ = 0;
  crc_ = 0xFFFF;
}

void SignalUnitReceiver::append(unsigned bits, unsigned count) {
  if (hunting_) return;
  const unsigned collected = partial_ | bits << bits_;
  const unsigned total = bits_ + count;
  if (total < 8) {
    partial_ = static_cast<std::uint8_t>(collected);
    bits_ = static_cast<std::uint8_t>(total);
    return;
  }
  if (octets_ == buffer_.size()) {  // Q.703 4.1.3: longer than m + 7 octets
    ++counters_.too_long;
    begin_octet_counting();
    return;
  }
  const auto octet = static_cast<Octet>(collected & 0xFFU);
  buffer_[octets_++] = octet;
  crc_ = crc_next(crc_, octet);
  partial_ = static_cast<std::uint8_t>(collected >> 8);
  bits_ = static_cast<std::uint8_t>(total - 8);
}

void SignalUnitTransmitter::close() {
  line_ = line_ << 8 | 0x7E;
  bit_count_ += 8;
  ones_ = 0;
}

void SignalUnitTransmitter::load(std::size_t octets) {
  const std::uint16_t check = check_bits(OctetView(buffer_).first(octets));
  buffer_[octets] = static_cast<Octet>(check);
  buffer_[octets + 1] = static_cast<Octet>(check >> 8);
  at_ = 0;
  end_ = octets + 2;
}

void SignalUnitTransmitter::emit() {
  const Stuffed& s = kStuffed[ones_][buffer_[at_++]];
  line_ = line_ << s.count | s.bits;
  bit_count_ += s.count;
  ones_ = s.ones;
}

}  // namespace tandem::mtp
