#include "hw/playout.h"

#include <algorithm>
#include <bit>
#include <cstdlib>

namespace tandem::hw {
namespace {

constexpr Octet kIdle = 0xFF;
constexpr int kBurstFrames = 80;  // what a far end sends in one tick of 10 ms
constexpr int kLateRun = 8;  // that many late packets in a row: the delay has grown or the peer began anew

}  // namespace

PlayoutBuffer::PlayoutBuffer(const PlayoutConfig& config)
    : config_(config),
      packet_octets_(static_cast<std::size_t>(config.timeslots) *
                     static_cast<std::size_t>(config.packet_frames)),
      // Twice what may be buffered: the other half for what was played and may be again, and for jumps ahead.
      mask_(std::bit_ceil(2 * static_cast<std::size_t>(
                                  (config.target_frames + kOverrunFrames) / config.packet_frames + 4)) -
            1),
      slots_(mask_ + 1),
      octets_((mask_ + 1) * packet_octets_) {}

std::span<Octet> PlayoutBuffer::data(std::int64_t packet) {
  return std::span(octets_).subspan((static_cast<std::size_t>(packet) & mask_) * packet_octets_,
                                    packet_octets_);
}

std::int64_t PlayoutBuffer::extend(std::uint16_t sequence) const {
  return newest_ + static_cast<std::int16_t>(sequence - static_cast<std::uint16_t>(newest_));
}

void PlayoutBuffer::start(std::uint16_t sequence) {
  std::ranges::fill(slots_, Slot{});
  newest_ = 65536 + sequence;  // leaves room below for slips and stragglers
  position_ = newest_ * config_.packet_frames;
  counted_ = newest_;
  state_ = State::filling;
  dry_ = false;
  expected_stray_ = -1;
  late_run_ = 0;
}

void PlayoutBuffer::stop() {
  state_ = State::stopped;
}

void PlayoutBuffer::store(std::int64_t packet, OctetView payload) {
  slot(packet) = {packet, payload.empty()};
  if (!payload.empty()) std::ranges::copy(payload, data(packet).begin());
}

PlayoutBuffer::Verdict PlayoutBuffer::insert(std::uint16_t sequence, OctetView payload) {
  const std::int64_t packet = extend(sequence);
  const bool stray = std::abs(packet - newest_) > static_cast<std::int64_t>(mask_ / 4);
  const bool late =
      !stray && ((packet + 1) * config_.packet_frames <= position_ || slot(packet).packet == packet);
  bool fresh = state_ == State::stopped;
  if (!fresh && stray) fresh = is_new_life(sequence);
  if (!fresh && late && ++late_run_ == kLateRun) {
    ++counters_.slips;
    fresh = true;
  }
  if (fresh) {
    start(sequence);
    store(newest_, payload);
    return Verdict::started;
  }
  if (stray || late) {
    ++counters_.late;
    return Verdict::dropped;
  }
  expected_stray_ = -1;
  late_run_ = 0;
  dry_ = false;
  store(packet, payload);
  if (packet < newest_) {
    ++counters_.reordered;
    return Verdict::reordered;
  }
  newest_ = packet;
  shed();
  return Verdict::newest;
}

/// A packet far from the sequence is a stranger's, a second one that follows it is the peer's next life, as
/// RFC 3550 A.1 takes a source that restarted.
bool PlayoutBuffer::is_new_life(std::uint16_t sequence) {
  if (sequence == expected_stray_) return true;
  expected_stray_ = static_cast<std::uint16_t>(sequence + 1);
  return false;
}

/// RFC 5086 6.3, buffer overrun: back to the depth that is aimed at.
void PlayoutBuffer::shed() {
  if (level() <= config_.target_frames + kOverrunFrames + 2 * config_.packet_frames) return;
  if (state_ == State::playing) ++counters_.slips;
  position_ = end() - config_.target_frames;
  counted_ = std::max(counted_, position_ / config_.packet_frames);
}

void PlayoutBuffer::slip(bool drop) {
  ++counters_.slips;
  position_ += drop ? config_.packet_frames : -config_.packet_frames;
}

void PlayoutBuffer::read(std::span<Octet> frames) {
  const auto width = static_cast<std::size_t>(config_.timeslots);
  auto left = static_cast<int>(frames.size() / width);
  const int wanted = config_.target_frames + std::min(left, kOverrunFrames);
  if (state_ == State::filling && level() >= wanted) begin(wanted);
  if (state_ != State::playing) {
    std::ranges::fill(frames, kIdle);
    return;
  }
  while (left > 0) {
    const std::int64_t packet = position_ / config_.packet_frames;
    const auto offset = static_cast<int>(position_ % config_.packet_frames);
    const int count = std::min(left, config_.packet_frames - offset);
    play(frames.first(static_cast<std::size_t>(count) * width), packet, offset, count);
    frames = frames.subspan(static_cast<std::size_t>(count) * width);
    left -= count;
    position_ += count;
  }
}

/// After an outage a burst of what was held up may have come: it is not kept as delay.
void PlayoutBuffer::begin(int wanted) {
  state_ = State::playing;
  if (level() <= wanted + kBurstFrames + config_.packet_frames) return;
  position_ = end() - wanted;
  counted_ = position_ / config_.packet_frames;
}

void PlayoutBuffer::play(std::span<Octet> out, std::int64_t packet, int offset, int frames) {
  const Slot& from = slot(packet);
  const bool present = from.packet == packet;
  if (present && !from.idle) {
    const auto start = static_cast<std::size_t>(offset) * static_cast<std::size_t>(config_.timeslots);
    std::ranges::copy(data(packet).subspan(start, out.size()), out.begin());
  } else {
    // RFC 5086 6.2: idle in place of what was lost, and of what came with L. To HDLC it is an abort, so that
    // no frame with a gap inside can look whole.
    std::ranges::fill(out, kIdle);
  }
  if (!present && packet > newest_ && !dry_) {
    dry_ = true;
    ++counters_.underruns;
  }
  if (offset + frames == config_.packet_frames && packet >= counted_) {
    counted_ = packet + 1;
    if (!present) ++counters_.lost;
  }
}

}  // namespace tandem::hw
