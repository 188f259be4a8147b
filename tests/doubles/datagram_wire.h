#pragma once
// A datagram wire in memory and virtual time: loses, delays, repeats and reorders by a seed.
#include <algorithm>
#include <deque>
#include <functional>
#include <memory>

#include "gateway/base/random.h"
#include "hw/datagram_port.h"

namespace tandem::test {

struct WireFaults {
  double loss = 0;        ///< share of the datagrams, 0 to 1
  double duplicates = 0;  ///< share
  double reorder = 0;     ///< share that is held back by `reorder_by`
  Duration reorder_by = std::chrono::microseconds(5500);
  Duration delay{};
  Duration jitter{};  ///< added to the delay, evenly from zero to this
};

/// One direction. `now` is the virtual time, owned by the test.
class Wire {
 public:
  Wire(const Time& now, std::uint64_t seed, WireFaults with = {}) : faults(with), now_(now), random_(seed) {}

  void put(OctetView datagram) {
    if (tap) tap(datagram);
    if (cut || chance(faults.loss)) {
      if (on_loss) on_loss(datagram);
      return;
    }
    Duration delay = faults.delay;
    if (faults.jitter > Duration{})
      delay += Duration(
          static_cast<std::int64_t>(random_.next() % static_cast<std::uint64_t>(faults.jitter.count())));
    if (chance(faults.reorder)) delay += faults.reorder_by;
    insert({now_ + delay, Octets(datagram.begin(), datagram.end())});
    if (chance(faults.duplicates)) insert({now_ + delay, Octets(datagram.begin(), datagram.end())});
  }

  std::optional<hw::Received> take(std::span<Octet> buffer) {
    if (queue_.empty() || queue_.front().due > now_) return std::nullopt;
    const auto item = std::move(queue_.front());
    queue_.pop_front();
    std::copy_n(item.octets.begin(), std::min(item.octets.size(), buffer.size()), buffer.begin());
    return hw::Received{item.octets.size(), now_ - item.due};
  }
  [[nodiscard]] std::size_t waiting() const { return queue_.size(); }

  WireFaults faults;
  bool cut = false;
  std::function<void(OctetView)> tap;      ///< sees all that is put
  std::function<void(OctetView)> on_loss;  ///< sees what is lost

 private:
  struct Item {
    Time due;
    Octets octets;
  };
  bool chance(double share) {
    return share > 0 && static_cast<double>(random_.next() >> 11) * 0x1p-53 < share;
  }
  void insert(Item item) {
    auto at = queue_.end();
    while (at != queue_.begin() && std::prev(at)->due > item.due) --at;
    queue_.insert(at, std::move(item));
  }

  const Time& now_;
  SeededRandom random_;
  std::deque<Item> queue_;
};

/// An end of two wires.
class WirePort final : public hw::DatagramPort {
 public:
  WirePort(Wire& out, Wire& in) : out_(out), in_(in) {}
  bool send(OctetView datagram) override {
    out_.put(datagram);
    return true;
  }
  std::optional<hw::Received> receive(std::span<Octet> buffer) override { return in_.take(buffer); }

 private:
  Wire& out_;
  Wire& in_;
};

}  // namespace tandem::test
