#pragma once
#include <map>
#include <optional>
#include <unordered_map>
#include <utility>

#include "gateway/base/time.h"

namespace tandem {

/// Timers by key. Starting a running timer replaces it and stopping removes it, so no stale expiry exists.
/// Timers with equal deadlines expire in the order in which they were started.
template <class Key, class Hash = std::hash<Key>>
class TimerQueue {
 public:
  void start(const Key& key, Time deadline) {
    stop(key);
    const auto it = by_time_.emplace(std::pair{deadline, ++sequence_}, key).first;
    by_key_.emplace(key, it);
  }
  void stop(const Key& key) {
    const auto it = by_key_.find(key);
    if (it == by_key_.end()) return;
    by_time_.erase(it->second);
    by_key_.erase(it);
  }
  [[nodiscard]] bool running(const Key& key) const { return by_key_.contains(key); }
  [[nodiscard]] std::optional<Time> next_deadline() const {
    if (by_time_.empty()) return std::nullopt;
    return by_time_.begin()->first.first;
  }
  /// Takes out the first timer due at or before `now`.
  std::optional<Key> pop_expired(Time now) {
    if (by_time_.empty() || by_time_.begin()->first.first > now) return std::nullopt;
    Key key = by_time_.begin()->second;
    by_time_.erase(by_time_.begin());
    by_key_.erase(key);
    return key;
  }
  [[nodiscard]] std::size_t size() const { return by_time_.size(); }

 private:
  using ByTime = std::map<std::pair<Time, std::uint64_t>, Key>;
  ByTime by_time_;
  std::unordered_map<Key, typename ByTime::iterator, Hash> by_key_;
  std::uint64_t sequence_ = 0;
};

}  // namespace tandem
