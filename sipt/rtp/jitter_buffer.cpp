#include "sipt/rtp/jitter_buffer.h"

#include <algorithm>
#include <cstdlib>

#include "sipt/rtp/packet.h"

namespace tandem::sip::rtp {
namespace {

constexpr std::int32_t kBlockSamples = 80;
constexpr std::uint8_t kWindowBlocks = 100;
/// Blocks over which a sample is taken out or put in: the pitch changes by 0.12 %, or by 0.6 % where the
/// delay is wrong by more than kMuch.
constexpr std::uint8_t kSlow = 10;
constexpr std::uint8_t kFast = 2;
constexpr std::int32_t kMuch = 120;
/// Packets wait too short by less than this: it is left so.
constexpr std::int32_t kTolerance = 16;
/// Below segment 2 of G.711 (peak about -36 dBm0) a block more or less is not heard.
constexpr Octet kQuiet = 0x1F;

std::int32_t to_samples(Duration d) {
  return static_cast<std::int32_t>(std::chrono::duration_cast<std::chrono::microseconds>(d).count() *
                                   kSampleRate / 1'000'000);
}

// Calls `on_word(index, mask)` for the words of a circular bitmap that `count` bits from `from` touch.
template <class OnWord>
void each_word(std::uint32_t from, std::size_t count, std::uint32_t ring, OnWord&& on_word) {
  while (count > 0) {
    const auto bit = from & (ring - 1);
    const auto in_word = std::min<std::size_t>(64 - bit % 64, count);
    const auto mask = (in_word == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << in_word) - 1) << bit % 64;
    on_word(bit / 64, mask);
    from += static_cast<std::uint32_t>(in_word);
    count -= in_word;
  }
}

// Calls `on_piece(ring index, offset, length)`: once, or twice where the ring turns over.
template <class OnPiece>
void each_piece(std::uint32_t from, std::size_t count, std::uint32_t ring, OnPiece&& on_piece) {
  const std::size_t at = from & (ring - 1);
  const auto first = std::min<std::size_t>(count, ring - at);
  on_piece(at, std::size_t{0}, first);
  if (first < count) on_piece(std::size_t{0}, first, count - first);
}

}  // namespace

void JitterBuffer::reset(const Settings& settings) {
  counters_ = {};
  data_ = false;
  law_ = settings.law;
  maximum_ = std::clamp(to_samples(settings.maximum), kBlockSamples, 2400);
  minimum_ = std::clamp(to_samples(settings.minimum), 0, maximum_);
  target_ = minimum_;
  playing_ = false;
  block_inserted_ = false;
  restart();
  ring_.fill(law_ == Law::a ? 0xD5 : 0xFF);
}

void JitterBuffer::restart() {
  begun_ = false;
  suspect_known_ = false;
  windows_ = {};
  windows_age_ = 0;
  due_ = 0;
  urgent_ = false;
  slip_ = {};
  there_.fill(0);
}

Duration JitterBuffer::target() const {
  return std::chrono::microseconds(std::int64_t{target_} * 1'000'000 / kSampleRate);
}

void JitterBuffer::begin_at(std::uint32_t timestamp) {
  const auto play = timestamp - static_cast<std::uint32_t>(target_);
  if (playing_) keep_history(play_, play);
  begun_ = true;
  suspect_known_ = false;
  play_ = play;
  windows_ = {};
  due_ = 0;
  urgent_ = false;
  slip_ = {};
  there_.fill(0);
}

void JitterBuffer::keep_history(std::uint32_t from, std::uint32_t to) {
  std::array<Octet, kHistory> octets;
  constexpr auto kSize = static_cast<std::uint32_t>(kHistory);
  each_piece(from - kSize, kHistory, kRing, [&](std::size_t at, std::size_t offset, std::size_t length) {
    std::copy_n(ring_.data() + at, length, octets.data() + offset);
  });
  each_piece(to - kSize, kHistory, kRing, [&](std::size_t at, std::size_t offset, std::size_t length) {
    std::copy_n(octets.data() + offset, length, ring_.data() + at);
  });
}

// False: the packet lies so far off that it is not played. Two such that agree begin the stream anew.
bool JitterBuffer::admit(std::uint32_t timestamp, std::int32_t slack, std::size_t size) {
  const bool far_ahead = slack > static_cast<std::int32_t>(kMaxAhead) - static_cast<std::int32_t>(size);
  const bool far_behind = slack < -static_cast<std::int32_t>(kMaxAhead);
  if (!far_ahead && !far_behind) {
    suspect_known_ = false;
    return true;
  }
  const auto step = static_cast<std::int32_t>(timestamp - suspect_);
  if (suspect_known_ && step >= 0 && step < static_cast<std::int32_t>(kMaxAhead)) {
    ++counters_.restarts;
    begin_at(timestamp);
    return true;
  }
  suspect_known_ = true;
  suspect_ = timestamp;
  ++counters_.late;
  return false;
}

void JitterBuffer::put(std::uint32_t timestamp, OctetView payload) {
  if (payload.empty() || payload.size() > kMaxPayload) return;
  if (!begun_) begin_at(timestamp);
  if (!admit(timestamp, static_cast<std::int32_t>(timestamp - play_), payload.size())) return;
  const auto slack = static_cast<std::int32_t>(timestamp - play_);
  note_slack(slack);
  if (slack < 0) {
    const auto gone = static_cast<std::size_t>(-slack);
    if (gone >= payload.size()) {
      ++counters_.late;
      return;
    }
    payload = payload.subspan(gone);
    timestamp = play_;
  }
  end_ = timestamp + static_cast<std::uint32_t>(payload.size());
  if (!mark(timestamp, payload.size())) {
    ++counters_.duplicates;
    return;
  }
  each_piece(timestamp, payload.size(), kRing, [&](std::size_t at, std::size_t offset, std::size_t length) {
    std::copy_n(payload.data() + offset, length, ring_.data() + at);
  });
}

JitterBuffer::Block JitterBuffer::get(std::span<Octet, kBlock> out) {
  if (!begun_) return playing_ ? Block::missing : Block::idle;
  if (++windows_age_ >= kWindowBlocks) {
    windows_age_ = 0;
    window_ = static_cast<std::uint8_t>((window_ + 1) % kWindows);
    adapt();
    windows_[window_] = {};
  }
  block_inserted_ = false;
  if (slip_.direction != 0 && ++slip_.block == slip_.blocks) end_slip(true);
  if (due_ != 0 && slip_.direction == 0 && playing_ && correct()) return Block::missing;
  const auto there = present(play_, kBlock);
  if (there == Presence::none) {
    if (slip_.direction != 0) end_slip(slip_.block * 2 >= slip_.blocks);  // nobody hears it now
    play_ += kBlock;
    return playing_ ? Block::missing : Block::idle;
  }
  if (there == Presence::some) silence_gaps();
  each_piece(play_, kBlock, kRing, [&](std::size_t at, std::size_t offset, std::size_t length) {
    std::copy_n(ring_.data() + at, length, out.data() + offset);
  });
  // Where one is put in, the last octet is wanted again.
  const bool again = slip_.direction < 0 && slip_.block + 1 == slip_.blocks;
  clear(play_, again ? kBlock - 1 : kBlock);
  play_ += kBlock;
  playing_ = true;
  return Block::audio;
}

// True: a block is put in.
bool JitterBuffer::correct() {
  if (urgent_ || (quiet() && !data_)) {
    if (due_ >= kBlockSamples) {
      shift(kBlockSamples);
      ++counters_.inserted;
      block_inserted_ = true;
      return true;
    }
    if (due_ <= -kBlockSamples) {
      clear(play_, kBlock);
      play_ += kBlock;
      shift(-kBlockSamples);
      ++counters_.dropped;
      return false;
    }
  }
  if (data_) return false;
  slip_ = {.direction = static_cast<std::int8_t>(due_ > 0 ? -1 : 1),
           .block = 0,
           .blocks = std::abs(due_) > kMuch ? kFast : kSlow};
  return false;
}

void JitterBuffer::end_slip(bool whole) {
  if (whole) {
    ++counters_.slipped;
    if (slip_.direction > 0) clear(play_, 1);
    play_ += static_cast<std::uint32_t>(std::int32_t{slip_.direction});
    shift(-slip_.direction);
  }
  slip_ = {};
}

void JitterBuffer::around(std::span<Octet, kBlock + 2 * kReach> out) const {
  const auto from = play_ - static_cast<std::uint32_t>(kBlock);
  each_piece(from - static_cast<std::uint32_t>(kReach), out.size(), kRing,
             [&](std::size_t at, std::size_t offset, std::size_t length) {
               std::copy_n(ring_.data() + at, length, out.data() + offset);
             });
  for (std::size_t i = 0; i < kReach; ++i) {
    const auto at = (play_ + i) & (kRing - 1);
    if ((there_[at / 64] >> at % 64 & 1U) == 0) out[kReach + kBlock + i] = out[kReach + kBlock + i - 1];
  }
}

void JitterBuffer::history(std::span<Octet, kHistory> out) const {
  const auto end = block_inserted_ ? play_ : play_ - static_cast<std::uint32_t>(kBlock);
  each_piece(end - static_cast<std::uint32_t>(kHistory), kHistory, kRing,
             [&](std::size_t at, std::size_t offset, std::size_t length) {
               std::copy_n(ring_.data() + at, length, out.data() + offset);
             });
}

void JitterBuffer::replace(std::span<const Octet, kBlock> played) {
  if (block_inserted_ || !begun_) return;
  each_piece(play_ - static_cast<std::uint32_t>(kBlock), kBlock, kRing,
             [&](std::size_t at, std::size_t offset, std::size_t length) {
               std::copy_n(played.data() + offset, length, ring_.data() + at);
             });
}

void JitterBuffer::note_slack(std::int32_t slack) {
  auto& window = windows_[window_];
  if (!window.used) {
    window = {.least = slack, .most = slack, .used = true};
  } else {
    window.least = std::min(window.least, slack);
    window.most = std::max(window.most, slack);
  }
  // Packets come too late already: no waiting for the end of the window.
  if (slack < 0) adapt();
}

void JitterBuffer::adapt() {
  Window all;
  for (const auto& window : windows_) {
    if (!window.used) continue;
    all.least = all.used ? std::min(all.least, window.least) : window.least;
    all.most = all.used ? std::max(all.most, window.most) : window.most;
    all.used = true;
  }
  if (!all.used) return;
  const auto spread = all.most - all.least;
  target_ = std::clamp(spread, minimum_, maximum_);
  const auto wanted = target_ - all.most;
  urgent_ = wanted > 0 && all.least < 0;
  if (urgent_) {
    due_ = (wanted + kBlockSamples - 1) / kBlockSamples * kBlockSamples;
  } else if (wanted > 0) {
    due_ = wanted > kTolerance || due_ > 0 ? wanted : 0;
  } else {
    // Down only when a block or more is too much, as packets come to be seen once in a block's time.
    due_ = -wanted >= kBlockSamples || due_ < 0 ? wanted : 0;
  }
  if (data_ && !urgent_) {
    urgent_ = due_ < 0 && all.most > maximum_;  // the buffer would overflow
    if (!urgent_) due_ = 0;
  }
}

// Playout moved by `samples` (later: positive), and with it the slack of all packets seen.
void JitterBuffer::shift(std::int32_t samples) {
  for (auto& window : windows_) {
    window.least += samples;
    window.most += samples;
  }
  due_ -= samples;
}

bool JitterBuffer::quiet() const {
  const Octet mask = law_ == Law::a ? 0x55 : 0xFF;
  bool result = true;
  each_piece(play_, kBlock, kRing, [&](std::size_t at, std::size_t, std::size_t length) {
    for (std::size_t i = at; i < at + length; ++i) {
      const bool there = (there_[i / 64] >> i % 64 & 1U) != 0;
      if (there && ((ring_[i] ^ mask) & 0x7F) > kQuiet) result = false;
    }
  });
  return result;
}

// Octets of the next block that are not there become silence.
void JitterBuffer::silence_gaps() {
  const Octet silence = law_ == Law::a && !data_ ? 0xD5 : 0xFF;
  each_piece(play_, kBlock, kRing, [&](std::size_t at, std::size_t, std::size_t length) {
    for (std::size_t i = at; i < at + length; ++i) {
      if ((there_[i / 64] >> i % 64 & 1U) == 0) ring_[i] = silence;
    }
  });
}

JitterBuffer::Presence JitterBuffer::present(std::uint32_t from, std::size_t count) const {
  bool all = true;
  bool some = false;
  each_word(from, count, kRing, [&](std::size_t word, std::uint64_t mask) {
    all = all && (there_[word] & mask) == mask;
    some = some || (there_[word] & mask) != 0;
  });
  if (all) return Presence::all;
  return some ? Presence::some : Presence::none;
}

// False: everything was marked before.
bool JitterBuffer::mark(std::uint32_t from, std::size_t count) {
  bool fresh = false;
  each_word(from, count, kRing, [&](std::size_t word, std::uint64_t mask) {
    fresh = fresh || (~there_[word] & mask) != 0;
    there_[word] |= mask;
  });
  return fresh;
}

void JitterBuffer::clear(std::uint32_t from, std::size_t count) {
  each_word(from, count, kRing, [&](std::size_t word, std::uint64_t mask) { there_[word] &= ~mask; });
}

}  // namespace tandem::sip::rtp
