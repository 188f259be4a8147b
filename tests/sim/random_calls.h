#pragma once
// The people at both ends of the simulated gateway: what they do, and when they lose patience, is random.
#include <optional>
#include <set>
#include <string>
#include <unordered_map>

#include "tests/doubles/gateway_world.h"

namespace tandem::sim {

/// Makes calls and answers them at all far ends of a world.
class RandomCalls {
 public:
  explicit RandomCalls(doubles::GatewayWorld& world) : world_(world) {
    sip_sides_.resize(world.config.peers.size());
    pri_sides_.resize(world.config.trunks.size());
    for (std::size_t i = 0; i < sip_sides_.size(); ++i)
      world.on_sip(i, [this, i](const sip::Event& event) { on_sip(i, event); });
    for (std::size_t i = 0; i < pri_sides_.size(); ++i)
      world.on_pri(i, [this, i](const tdm::pri::Output& event) { on_pri(i, event); });
  }

  /// Starts `count` calls, one every `interval` on average.
  void start(int count, Duration interval);
  /// Now and then a trunk is cut, a span is in alarm, circuits are reset, blocked, calls hung up.
  void disturb(Duration interval, Time until);

  int begun = 0, answered = 0, came_in = 0;

 private:
  struct SipSide {
    std::set<std::uint64_t> calls;  ///< may be released by us
  };
  struct PriSide {
    std::set<std::uint8_t> busy;
    std::unordered_map<tdm::pri::CallRef, std::uint8_t> calls;
  };

  Duration some(Duration most) { return world_.some(most); }
  std::string number();
  void begin_sip();
  void begin_pri();
  void on_sip(std::size_t side, const sip::Event& event);
  void on_pri(std::size_t side, const tdm::pri::Output& event);
  void serve_sip(std::size_t side, const sip::IncomingCall& event);
  void serve_pri(std::size_t side, const tdm::pri::SetupInd& event);
  void hang_up_sip(std::size_t side, sip::SipCall call, Duration after);
  void hang_up_pri(std::size_t side, tdm::pri::CallRef call, Duration after);
  void disturb_once();

  doubles::GatewayWorld& world_;
  std::vector<SipSide> sip_sides_;
  std::vector<PriSide> pri_sides_;
};

}  // namespace tandem::sim
