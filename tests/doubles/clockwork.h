#pragma once
// What simulations are driven by: virtual time, actions at their time, dice and bad networks. Everything
// follows from one seed.
#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

#include "gateway/base/random.h"
#include "gateway/base/time.h"

namespace tandem::doubles {

struct NetworkFaults {
  double loss = 0, duplicate = 0;
  Duration delay = std::chrono::milliseconds(5);
  Duration jitter{};
};

class Clockwork {
 public:
  explicit Clockwork(std::uint64_t seed) : random(seed) {}
  virtual ~Clockwork() = default;
  Clockwork(const Clockwork&) = delete;
  Clockwork& operator=(const Clockwork&) = delete;

  void after(Duration delay, std::function<void()> action) {
    queue_.emplace(std::pair{now + delay, ++sequence_}, std::move(action));
  }
  void run(Duration duration) { run_until(now + duration); }
  /// The clock jumps from one deadline to the next.
  void run_until(Time end) {
    settle();
    while (const auto next = next_time()) {
      if (*next > end) break;
      now = std::max(now, *next);
      wake();
      while (!queue_.empty() && queue_.begin()->first.first <= now) {
        auto action = std::move(queue_.extract(queue_.begin()).mapped());
        action();
      }
      settle();
    }
    now = end;
  }
  /// Lets everybody say what they have to say.
  virtual void settle() = 0;

  bool chance(double part) { return static_cast<double>(random.next() >> 11) * 0x1p-53 < part; }
  std::uint64_t pick(std::uint64_t below) { return random.next() % below; }
  Duration some(Duration most) {
    return Duration(static_cast<Duration::rep>(pick(static_cast<std::uint64_t>(most.count()))));
  }
  /// FNV-1a over every trace record: the same seed gives the same.
  [[nodiscard]] std::uint64_t trace_hash() const { return hash_; }

  Time now{std::chrono::seconds(1)};
  NetworkFaults network;
  SeededRandom random;

 protected:
  /// Of the parts of the world, without its actions.
  [[nodiscard]] virtual std::optional<Time> next_deadline() const = 0;
  /// Timers of parts that are due.
  virtual void wake() = 0;

  template <class Owner>
  void wake_if_due(Owner& owner) {
    const auto deadline = owner.next_deadline();
    if (deadline && *deadline <= now) owner.handle_timers(now);
  }
  /// A datagram's way: lost, doubled, late.
  void travel(const std::function<void()>& arrive) {
    const int copies = chance(network.loss) ? 0 : chance(network.duplicate) ? 2 : 1;
    for (int i = 0; i < copies; ++i) {
      const auto late = network.jitter > Duration{} ? some(network.jitter) : Duration{};
      after(network.delay + late, arrive);
    }
  }
  void note(std::string_view text, WallTime at) {
    for (const char c : text) hash_ = (hash_ ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
    hash_ = (hash_ ^ static_cast<std::uint64_t>(at.time_since_epoch().count())) * 1099511628211ULL;
  }

 private:
  [[nodiscard]] std::optional<Time> next_time() const {
    const auto next = next_deadline();
    return queue_.empty() ? next : earlier(next, std::optional(queue_.begin()->first.first));
  }

  std::map<std::pair<Time, std::uint64_t>, std::function<void()>> queue_;
  std::uint64_t sequence_ = 0;
  std::uint64_t hash_ = 1469598103934665603ULL;
};

}  // namespace tandem::doubles
