#pragma once
// The people of the simulation of two gateways: they call, answer, hold, transfer and hang up, and lose their
// patience, as the dice say.
#include <compare>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "tests/sim/two_gateways.h"

namespace tandem::sim {

namespace pri = tdm::pri;

/// A circuit of a trunk, as its far exchange numbers it: place of the span in the trunk, timeslot.
struct Slot {
  std::uint8_t span = 0, timeslot = 0;
  friend auto operator<=>(const Slot&, const Slot&) = default;
  [[nodiscard]] pri::Channel channel(bool exclusive) const { return {timeslot, exclusive, span}; }
};

/// Subscribers behind one far exchange.
class Subscribers {
 public:
  Subscribers(TwoGateways& world, std::size_t side, std::size_t trunk)
      : world_(world), side_(side), trunk_(trunk) {
    const auto& spans = world.config(side).trunks[trunk].spans;
    for (std::size_t span = 0; span < spans.size(); ++span)
      for (const auto timeslot : spans[span].timeslots)
        slots_.push_back({static_cast<std::uint8_t>(span), timeslot});
    world.on_pri(side, trunk,
                 [this](const pri::Output& event) { std::visit([this](const auto& e) { on(e); }, event); });
  }
  void begin();

  int begun = 0, came_in = 0, connected = 0, answered = 0, features = 0;
  int held = 0, retrieved = 0, transfers = 0, user_user = 0, services = 0, restarts = 0;

 private:
  void on(const pri::SetupInd& event);
  void on(const pri::ConnectInd& event);
  void on(const pri::DisconnectInd& event);
  void on(const pri::ReleasedInd& event);
  void on(const pri::ProceedingInd& event) { moved(event.call, event.channel); }
  void on(const pri::SetupAckInd& event);
  void on(const pri::AlertingInd& event) { heard(event.user_user); }
  void on(const pri::NotifyInd&) { ++features; }
  void on(const pri::HoldInd& event);
  void on(const pri::RetrieveInd& event);
  void on(const pri::ServiceInd&) { ++services; }
  void on(const pri::RestartAck& event) { restarts += event.timeslot == 0 ? 1 : 0; }
  void on(const pri::ConnectedLineInd&) { ++features; }
  void on(const pri::RedirectingInd&) { ++features; }
  template <class Other>
  void on(const Other&) {}

  pri::DChannel& channel() { return world_.far(side_, trunk_); }
  void hang_up(pri::CallRef call, Duration after, std::uint8_t cause = 16) {
    world_.after(after, [this, call, cause] { channel().disconnect(call, cause, world_.now); });
  }
  void moved(pri::CallRef call, const std::optional<pri::Channel>& to);
  void talk(pri::CallRef call);
  void add_features(pri::Setup& setup);
  void heard(const std::optional<pri::UserUser>& said) { user_user += said ? 1 : 0; }
  std::optional<pri::UserUser> something_to_say();
  void ask_transfer(pri::CallRef call);
  Slot idle_slot();

  TwoGateways& world_;
  std::size_t side_, trunk_;
  std::vector<Slot> slots_;
  std::set<Slot> busy_;
  std::unordered_map<pri::CallRef, Slot> calls_;
  std::unordered_map<pri::CallRef, std::string> digits_;  ///< still to be dialled
  std::set<pri::CallRef> talking_;
};

}  // namespace tandem::sim
