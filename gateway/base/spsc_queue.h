#pragma once
#include <atomic>
#include <bit>
#include <cstddef>
#include <utility>
#include <vector>

namespace tandem {

/// Lock-free queue between exactly one producer and one consumer thread. All memory is taken at construction.
template <class T>
class SpscQueue {
 public:
  /// `capacity` is rounded up to a power of two.
  explicit SpscQueue(std::size_t capacity) : slots_(std::bit_ceil(capacity)), mask_(slots_.size() - 1) {}

  /// Producer. False when full: the item was not taken.
  bool push(T&& item) {
    const auto tail = tail_.load(std::memory_order_relaxed);
    if (tail - head_.load(std::memory_order_acquire) == slots_.size()) return false;
    slots_[tail & mask_] = std::move(item);
    tail_.store(tail + 1, std::memory_order_release);
    return true;
  }
  bool push(const T& item) { return push(T(item)); }
  /// Producer. Items that will be taken for certain; the consumer may make it more.
  [[nodiscard]] std::size_t room() const {
    return slots_.size() - (tail_.load(std::memory_order_relaxed) - head_.load(std::memory_order_acquire));
  }
  [[nodiscard]] std::size_t capacity() const { return slots_.size(); }

  /// Consumer. False when empty.
  bool pop(T& item) {
    const auto head = head_.load(std::memory_order_relaxed);
    if (head == tail_.load(std::memory_order_acquire)) return false;
    item = std::move(slots_[head & mask_]);
    head_.store(head + 1, std::memory_order_release);
    return true;
  }

 private:
  std::vector<T> slots_;
  std::size_t mask_;
  alignas(64) std::atomic<std::size_t> head_{0};
  alignas(64) std::atomic<std::size_t> tail_{0};
};

}  // namespace tandem
