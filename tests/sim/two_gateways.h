#pragma once
// Two gateways back to back over SIP, in virtual time: each has far exchanges on its trunks, and between them
// is a network that loses, doubles and reorders. Everything follows from one seed.
#include <array>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tests/doubles/gateway_world.h"

namespace tandem::sim {

class TwoGateways {
 public:
  using PriHandler = std::function<void(const tdm::pri::Output&)>;

  /// The peer of each configuration is the other gateway.
  TwoGateways(core::Config left, core::Config right, std::uint64_t seed);

  [[nodiscard]] core::Gateway& gateway(std::size_t side) { return sides_[side]->gateway; }
  [[nodiscard]] const core::Config& config(std::size_t side) const { return sides_[side]->config; }
  [[nodiscard]] const doubles::MediaBooks& media(std::size_t side) const { return sides_[side]->media; }
  [[nodiscard]] const doubles::FakePorts& ports(std::size_t side) const { return sides_[side]->ports; }
  /// Ended records by cause.
  [[nodiscard]] const std::map<int, int>& causes(std::size_t side) const { return sides_[side]->causes; }
  [[nodiscard]] tdm::pri::DChannel& far(std::size_t side, std::size_t trunk) {
    return sides_[side]->fars[trunk]->channel;
  }
  void on_pri(std::size_t side, std::size_t trunk, PriHandler handler) {
    sides_[side]->fars[trunk]->handler = std::move(handler);
  }
  /// Frames of the trunk go nowhere while cut.
  void cut(std::size_t side, std::size_t trunk, bool is_cut) { sides_[side]->fars[trunk]->cut = is_cut; }
  void alarm(std::size_t side, std::size_t span, bool red) {
    gateway(side).handle_media(media::SpanAlarms{static_cast<std::uint16_t>(span), {.red = red}}, now);
  }

  void after(Duration delay, std::function<void()> action) {
    queue_.emplace(std::pair{now + delay, ++sequence_}, std::move(action));
  }
  void run_until(Time end);
  bool chance(double part) { return static_cast<double>(random_.next() >> 11) * 0x1p-53 < part; }
  std::uint64_t pick(std::uint64_t below) { return random_.next() % below; }
  Duration some(Duration most) {
    return Duration(static_cast<Duration::rep>(pick(static_cast<std::uint64_t>(most.count()))));
  }
  /// Pairs of calls that a gateway has joined for its far end.
  [[nodiscard]] int joined() const { return joined_; }
  /// FNV-1a over every trace record: the same seed gives the same.
  [[nodiscard]] std::uint64_t trace_hash() const { return hash_; }

  Time now{std::chrono::seconds(1)};
  doubles::NetworkFaults network;

 private:
  struct Far {
    Far(const tdm::pri::DChannelConfig& own, Time start) : channel(own, start) {}
    tdm::pri::DChannel channel;
    PriHandler handler = [](const tdm::pri::Output&) {};
    bool cut = false;
  };
  struct Side {
    Side(core::Config configuration, std::uint64_t seed, Time start)
        : config(std::move(configuration)),
          random(seed),
          gateway(config, ports, random, start, WallTime(std::chrono::seconds(1'800'000'000)), CallId{1}) {}
    core::Config config;
    doubles::FakePorts ports;
    SeededRandom random;
    core::Gateway gateway;
    doubles::MediaBooks media;
    std::map<int, int> causes;
    std::vector<std::unique_ptr<Far>> fars;
  };

  [[nodiscard]] std::optional<Time> next_time() const;
  void wake();
  void settle();
  bool drain_gateway(std::size_t side);
  bool drain_far(std::size_t side, std::size_t trunk);
  void take(std::size_t side, sip::Transmit& transmit);
  void take(std::size_t side, core::FrameToSend& frame);
  void take(std::size_t, mtp::ToLink&) {}  // neither has SS7
  void take(std::size_t side, media::Command& command);
  void take(std::size_t side, core::Cdr& cdr);
  void take(std::size_t side, core::TraceRecord& record);
  void take(std::size_t, core::LogRecord&) {}

  SeededRandom random_;
  std::array<std::unique_ptr<Side>, 2> sides_;
  std::map<std::pair<Time, std::uint64_t>, std::function<void()>> queue_;
  std::uint64_t sequence_ = 0;
  int joined_ = 0;
  std::uint64_t hash_ = 1469598103934665603ULL;
};

}  // namespace tandem::sim
