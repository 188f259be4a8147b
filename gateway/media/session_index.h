#pragma once
#include <bit>
#include <cstdint>
#include <vector>

#include "gateway/base/ids.h"

namespace tandem::media {

/// Finds a session's channel by its id. Open addressing in memory taken once; never more than half full.
class SessionIndex {
 public:
  explicit SessionIndex(std::size_t sessions)
      : slots_(std::bit_ceil(sessions * 2 + 2)), mask_(slots_.size() - 1) {}

  static constexpr std::uint32_t kNone = ~std::uint32_t{0};

  [[nodiscard]] std::uint32_t find(SessionId id) const {
    for (auto at = home(id); slots_[at].id; at = (at + 1) & mask_) {
      if (slots_[at].id == id) return slots_[at].channel;
    }
    return kNone;
  }
  /// `id` must be new, and fewer than the promised number of sessions inside.
  void insert(SessionId id, std::uint32_t channel) {
    auto at = home(id);
    while (slots_[at].id) at = (at + 1) & mask_;
    slots_[at] = {.id = id, .channel = channel};
  }
  void erase(SessionId id) {
    auto hole = home(id);
    while (slots_[hole].id != id) {
      if (!slots_[hole].id) return;
      hole = (hole + 1) & mask_;
    }
    // What was pushed past the hole by a collision moves back into it, so that no search ends too early.
    for (auto at = (hole + 1) & mask_; slots_[at].id; at = (at + 1) & mask_) {
      if (((at - home(slots_[at].id)) & mask_) < ((at - hole) & mask_)) continue;
      slots_[hole] = slots_[at];
      hole = at;
    }
    slots_[hole] = {};
  }

 private:
  struct Slot {
    SessionId id;
    std::uint32_t channel = 0;
  };
  [[nodiscard]] std::size_t home(SessionId id) const {
    return static_cast<std::size_t>(id.value * 0x9E3779B97F4A7C15ULL >> 32) & mask_;
  }

  std::vector<Slot> slots_;
  std::size_t mask_;
};

}  // namespace tandem::media
