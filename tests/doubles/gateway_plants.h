#pragma once
// Reaches into a gateway, to put wrong what goes wrong by mistakes of the program only.
#include "gateway/core/gateway_impl.h"

namespace tandem::core {

struct GatewayPlants {
  Gateway::Impl& impl;
  explicit GatewayPlants(Gateway& gateway) : impl(*gateway.impl_) {}

  // --- PRI
  std::optional<Circuit> take_circuit(CallId call, std::size_t trunk = 0) {
    return impl.trunks.at(trunk).circuits().hunt(CircuitState::outgoing, call);
  }
  void hold_media(Circuit circuit, std::size_t trunk = 0) {
    impl.trunks.at(trunk).circuits().hold_media(circuit);
  }
  void forget_pri_legs() { impl.trunks.at(0).legs().clear(); }
  void add_leg(tdm::pri::CallRef reference, PriLeg* leg) { impl.trunks.at(0).legs().emplace(reference, leg); }
  /// The trunk takes one of its calls for another of the D channel's, which has none of that number: the D
  /// channel has a call without a leg, and a leg waits for a call that is none. That leg's call.
  std::optional<CallId> mistake_reference(std::size_t trunk) {
    auto& legs = impl.trunks.at(trunk).legs();
    constexpr tdm::pri::CallRef kOfNone = 0x7fff'0000;
    for (auto& [reference, leg] : legs) {
      if (leg->may_collide() || legs.contains(kOfNone)) continue;
      auto* moved = leg;
      legs.erase(reference);
      legs.emplace(kOfNone, moved);
      return moved->call();
    }
    return std::nullopt;
  }
  /// What the trunk believes of its D channel.
  void believe_up(std::size_t trunk, bool up) { impl.trunks.at(trunk).circuits().set_up(up); }
  [[nodiscard]] bool believed_up(std::size_t trunk) { return impl.trunks.at(trunk).circuits().up(); }
  /// A leg of the trunk is forgotten by signalling; its call.
  std::optional<CallId> forget_leg(std::size_t trunk) { return forget_one(impl.trunks.at(trunk).legs()); }

  // --- ISUP
  void forget_isup_legs() { impl.ss7.at(0).legs().clear(); }
  void add_isup_leg(std::uint16_t cic, IsupLeg* leg) { impl.ss7.at(0).legs().emplace(cic, leg); }
  std::optional<CallId> forget_isup_leg() { return forget_one(impl.ss7.at(0).legs()); }
  /// A circuit of the group is seized for nobody.
  std::optional<std::uint16_t> seize_for_nobody(isup::Message iam, Time now) {
    return impl.ss7.at(0).commanded().seize(std::move(iam), {}, now);
  }
  /// What the circuit group believes of the way to the far end.
  void believe_paused(Time now) { impl.ss7.at(0).commanded().pause(now); }

  // --- media
  bool open_port() { return impl.media.open_port(false).transport != nullptr; }

  /// The party on the first trunk joins its two calls, that which came from it first.
  bool transfer(Time now) {
    PriLeg *came = nullptr, *went = nullptr;
    for (const auto& [reference, leg] : impl.trunks.at(0).legs()) (leg->attempt() == 0 ? came : went) = leg;
    return came != nullptr && went != nullptr && impl.exchange.transfer(*came, *went, now);
  }

 private:
  template <class Legs>
  static std::optional<CallId> forget_one(Legs& legs) {
    if (legs.empty()) return std::nullopt;
    const auto call = legs.begin()->second->call();
    legs.erase(legs.begin());
    return call;
  }
};

}  // namespace tandem::core
