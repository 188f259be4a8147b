#pragma once
// People behind the far end of an ISUP trunk of a simulated gateway: they call, answer and hang up.
#include <map>
#include <string>

#include "gateway/core/leg.h"
#include "tests/doubles/gateway_world.h"

namespace tandem::sim {

class IsupSubscribers {
 public:
  IsupSubscribers(doubles::GatewayWorld& world, std::size_t trunk) : world_(world), trunk_(trunk) {
    world.ss7.on_isup(trunk, [this](const isup::GroupOutput& output) { on(output); });
  }
  void start(int count, Duration interval) {
    Duration when{};
    for (int i = 0; i < count; ++i) world_.after(when += world_.some(2 * interval), [this] { begin(); });
  }
  void hang_up_all() {
    for (const auto& [cic, call] : std::map(calls_)) release(cic, call, 16);
  }
  /// Nobody is there: no message is answered.
  static constexpr const char* kNobody = "2999";

  int begun = 0, came_in = 0, answered = 0;

 private:
  using Call = int;
  using M = isup::MessageType;

  static isup::Message iam(const std::string& called) {
    isup::CalledPartyNumber number;
    number.digits = called;
    number.nature = isup::NatureOfAddress::national;
    return isup::Message(M::iam)
        .set(isup::NatureOfConnection{})
        .set(isup::ForwardCallIndicators{})
        .set(isup::CallingPartysCategory{})
        .set(isup::TransmissionMedium{})
        .set(number);
  }
  void begin() {
    ++begun;
    const auto cic =
        world_.ss7.group(trunk_).seize(iam("1" + std::to_string(100 + world_.pick(100))), {}, world_.now);
    if (!cic) return;
    const auto call = calls_[*cic] = ++last_;
    later(*cic, call, world_.some(std::chrono::seconds(60)),
          [this, cic = *cic, call] { release(cic, call, 16); });
  }
  void later(std::uint16_t cic, Call call, Duration delay, std::function<void()> action) {
    world_.after(delay, [this, cic, call, action = std::move(action)] {
      if (const auto it = calls_.find(cic); it != calls_.end() && it->second == call) action();
    });
  }
  void send(std::uint16_t cic, const isup::Message& message) {
    (void)world_.ss7.group(trunk_).send(cic, message, world_.now);
  }
  void release(std::uint16_t cic, Call call, std::uint8_t cause) {
    const auto it = calls_.find(cic);
    if (it == calls_.end() || it->second != call) return;
    calls_.erase(it);
    send(cic, core::make_rel(cause));
  }
  void on(const isup::GroupOutput& output) {
    if (const auto* over = std::get_if<isup::CallOver>(&output)) calls_.erase(over->cic);
    const auto* said = std::get_if<isup::ToCall>(&output);
    if (said == nullptr) return;
    if (said->message.type() == M::rel) calls_.erase(said->cic);
    if (said->message.type() == M::iam) on_iam(said->cic, said->message);
  }
  void on_iam(std::uint16_t cic, const isup::Message& iam) {
    using std::chrono::seconds;
    ++came_in;
    const auto call = calls_[cic] = ++last_;
    const auto* called = iam.get<isup::CalledPartyNumber>();
    if (called != nullptr && called->digits.starts_with(kNobody)) return;
    if (world_.chance(0.15))
      return later(cic, call, world_.some(seconds(2)), [this, cic, call] { release(cic, call, 17); });
    later(cic, call, world_.some(seconds(1)), [this, cic] {
      isup::BackwardCallIndicators indicators;
      indicators.called_status = 1;
      send(cic, isup::Message(M::acm).set(indicators));
    });
    later(cic, call, seconds(1) + world_.some(seconds(5)), [this, cic, call] {
      ++answered;
      send(cic, isup::Message(M::anm));
      later(cic, call, world_.some(seconds(40)), [this, cic, call] { release(cic, call, 16); });
    });
  }

  doubles::GatewayWorld& world_;
  std::size_t trunk_;
  std::map<std::uint16_t, Call> calls_;  ///< by CIC
  Call last_ = 0;
};

}  // namespace tandem::sim
