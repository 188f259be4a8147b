#pragma once
// MSUs from level 3 until the far end has acknowledged them: retransmission and transmission buffer in one.
#include <algorithm>
#include <cstdint>
#include <vector>

#include "isup/mtp/signal_unit.h"

namespace tandem::mtp {

/// Places count up for ever; the MSU at place p has FSN p modulo 128, until it is numbered anew. Allocates at
/// construction only.
///   head <= sent <= tail:  [head, sent) sent and unacknowledged (RTB), [sent, tail) waiting (TB)
class MsuRing {
 public:
  static constexpr std::uint32_t kSlots = 256;
  static constexpr std::uint32_t kWindow = kSequenceModulus - 1;  ///< Q.703 5.2.2, 6.4

  [[nodiscard]] std::uint32_t head() const { return head_; }
  [[nodiscard]] std::uint32_t sent() const { return sent_; }
  [[nodiscard]] std::uint32_t tail() const { return tail_; }
  [[nodiscard]] std::uint32_t unacknowledged() const { return sent_ - head_; }
  [[nodiscard]] std::uint32_t waiting() const { return tail_ - sent_; }
  [[nodiscard]] std::uint32_t held() const { return tail_ - head_; }
  [[nodiscard]] std::uint32_t unacknowledged_octets() const { return octets_; }
  [[nodiscard]] bool may_send() const { return waiting() > 0 && unacknowledged() < kWindow; }
  [[nodiscard]] std::uint8_t number(std::uint32_t place) const {
    return static_cast<std::uint8_t>((place + offset_) % kSequenceModulus);
  }
  /// What is sent next has this FSN. Only while nothing is unacknowledged.
  void number_anew(std::uint8_t fsn) { offset_ = (fsn - sent_) % kSequenceModulus; }

  /// SIO and SIF, 2 to kMaxMsuOctets octets (shorter ones would be an LSSU). False: no room, or no MSU.
  bool push(OctetView msu) {
    if (msu.size() < 3 || msu.size() > kMaxMsuOctets || held() == kSlots) return false;
    Slot& slot = slots_[tail_ % kSlots];
    slot.octets = static_cast<std::uint16_t>(msu.size());
    std::ranges::copy(msu, slot.data.begin());
    ++tail_;
    return true;
  }
  [[nodiscard]] OctetView at(std::uint32_t place) const {
    const Slot& slot = slots_[place % kSlots];
    return OctetView(slot.data).first(slot.octets);
  }
  void mark_sent() {
    octets_ += slots_[sent_ % kSlots].octets;
    ++sent_;
  }
  /// MSUs that `bsn` acknowledges: 0 to unacknowledged(); more: it is no number of ours.
  [[nodiscard]] std::uint32_t confirms(std::uint8_t bsn) const {
    return (bsn + 1U - head_ - offset_) % kSequenceModulus;
  }
  void drop(std::uint32_t count) {
    for (; count > 0; --count) octets_ -= slots_[head_++ % kSlots].octets;
  }
  void drop_sent() { drop(unacknowledged()); }
  void clear() { head_ = sent_ = tail_ = octets_ = offset_ = 0; }

 private:
  struct Slot {
    std::uint16_t octets = 0;
    std::array<Octet, kMaxMsuOctets> data{};
  };
  std::vector<Slot> slots_ = std::vector<Slot>(kSlots);
  std::uint32_t head_ = 0;
  std::uint32_t sent_ = 0;
  std::uint32_t tail_ = 0;
  std::uint32_t octets_ = 0;
  std::uint32_t offset_ = 0;  ///< of FSNs to places
};

}  // namespace tandem::mtp
