#pragma once
// Two gateways back to back over SIP, in virtual time: each has far exchanges on its trunks, D channels whose
// frames get lost and damaged, and between them is a network that loses, doubles and reorders. Everything
// follows from one seed.
#include <array>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tests/doubles/frame_wire.h"
#include "tests/doubles/gateway_world.h"

namespace tandem::sim {

class TwoGateways final : public doubles::Clockwork {
 public:
  using PriHandler = std::function<void(const tdm::pri::Output&)>;

  /// The peer of each configuration is the other gateway.
  TwoGateways(core::Config left, core::Config right, std::uint64_t seed);

  [[nodiscard]] core::Gateway& gateway(std::size_t side) { return sides_[side]->gateway; }
  [[nodiscard]] const core::Config& config(std::size_t side) const { return sides_[side]->config; }
  [[nodiscard]] std::size_t trunks(std::size_t side) const { return sides_[side]->fars.size(); }
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
  /// Frames of the D channel, or of all of the trunk, go nowhere while cut.
  void cut(std::size_t side, std::size_t trunk, std::size_t link, bool is_cut) {
    sides_[side]->fars[trunk]->cut[link] = is_cut;
  }
  void cut(std::size_t side, std::size_t trunk, bool is_cut) {
    sides_[side]->fars[trunk]->cut = {is_cut, is_cut};
  }
  void alarm(std::size_t side, std::size_t span, bool red) {
    gateway(side).handle_media(media::SpanAlarms{static_cast<std::uint16_t>(span), {.red = red}}, now);
  }
  /// What befalls the frames of a trunk.
  doubles::FrameFaults& frame_faults(std::size_t side, std::size_t trunk) {
    return sides_[side]->fars[trunk]->faults;
  }
  /// Of all trunks.
  [[nodiscard]] const doubles::FrameWire& frames() const { return wire_; }

  void settle() override;
  /// Pairs of calls that a gateway has joined for its far end.
  [[nodiscard]] int joined() const { return joined_; }
  /// "primary D channel e1-3:24 down" and the like.
  [[nodiscard]] int link_losses() const { return link_losses_; }

 private:
  struct Far {
    Far(const tdm::pri::DChannelConfig& own, Time start) : channel(own, start) {}
    tdm::pri::DChannel channel;
    PriHandler handler = [](const tdm::pri::Output&) {};
    std::array<bool, 2> cut{};
    doubles::FrameFaults faults;
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

  [[nodiscard]] std::optional<Time> next_deadline() const override;
  void wake() override;
  bool drain_gateway(std::size_t side);
  bool drain_far(std::size_t side, std::size_t trunk);
  /// Each frame that comes out at the far end of the timeslot is given to `arrive`.
  void send_frame(Far& far, std::uint8_t link, const Octets& frame,
                  std::function<void(const Octets&)> arrive);
  void take(std::size_t side, sip::Transmit& transmit);
  void take(std::size_t side, core::FrameToSend& frame);
  void take(std::size_t, mtp::ToLink&) {}  // neither has SS7
  void take(std::size_t side, media::Command& command);
  void take(std::size_t side, core::Cdr& cdr);
  void take(std::size_t side, core::TraceRecord& record);
  void take(std::size_t, core::CircuitAnswer&) {}  // nobody asks
  void take(std::size_t side, core::LogRecord& record);

  std::array<std::unique_ptr<Side>, 2> sides_;
  doubles::FrameWire wire_;
  int joined_ = 0, link_losses_ = 0;
};

/// A line that is not very good.
inline constexpr doubles::FrameFaults kUsualFrameFaults{.loss = 0.005, .damage = 0.01, .duplicate = 0.005};

/// Until then something goes wrong every six seconds.
void disturb(TwoGateways& world, Time until);

}  // namespace tandem::sim
