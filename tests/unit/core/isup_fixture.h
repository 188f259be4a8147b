#pragma once
// A gateway with ISUP trunks, and what their far ends were told.
#include "gateway/core/leg.h"
#include "isup/adapt.h"
#include "tests/doubles/isup_config.h"
#include "tests/unit/core/gateway_fixture.h"

namespace tandem::core {

using doubles::isup_config;

class IsupCall : public GatewayCall {
 protected:
  /// Normal running needs no repair.
  void expect_nothing_left() {
    const auto before = world->gateway.audit().all_repairs();
    GatewayCall::expect_nothing_left();
    EXPECT_EQ(world->gateway.audit().all_repairs(), before);
  }
  struct Heard {
    std::size_t trunk = 0;
    isup::GroupOutput what;
  };
  void start_isup(Config config = isup_config()) {
    const auto trunks = config.isup_trunks.size();
    start(std::move(config));
    for (std::size_t i = 0; i < trunks; ++i)
      world->ss7.on_isup(i, [this, i](const isup::GroupOutput& output) { heard.push_back({i, output}); });
    world->run(90s);  // links are up, restarts over, circuits reset
    heard.clear();
    sip_events.clear();
  }
  /// The first message of that type that the far end's call control was given, taken out.
  std::optional<isup::ToCall> from_isup(isup::MessageType type, std::size_t trunk = 0) {
    for (auto it = heard.begin(); it != heard.end(); ++it) {
      const auto* call = std::get_if<isup::ToCall>(&it->what);
      if (it->trunk != trunk || call == nullptr || call->message.type() != type) continue;
      auto found = *call;
      heard.erase(it);
      return found;
    }
    return std::nullopt;
  }
  static isup::Message iam(const std::string& called, const std::string& calling = "3000") {
    isup::Message message(isup::MessageType::iam);
    isup::CalledPartyNumber number;
    number.digits = called;
    number.nature = isup::NatureOfAddress::national;
    isup::CallingPartyNumber from;
    from.digits = calling;
    message.set(isup::NatureOfConnection{})
        .set(isup::ForwardCallIndicators{})
        .set(isup::CallingPartysCategory{})
        .set(isup::TransmissionMedium{})
        .set(number)
        .set(from);
    return message;
  }
  static isup::Message acm(bool alerting = true) {
    isup::BackwardCallIndicators indicators;
    indicators.called_status = alerting ? 1 : 0;
    return isup::Message(isup::MessageType::acm).set(indicators);
  }
  /// The far end of a trunk calls; its CIC.
  std::uint16_t call_from_isup(isup::Message message, std::size_t trunk = 0, std::uint16_t cic = 5) {
    const auto variant = world->config.isup_trunks[trunk].group.variant;
    const auto taken =
        world->ss7.group(trunk).seize(isup::to_variant(message, variant), {.cic = cic}, world->now);
    EXPECT_TRUE(taken);
    world->run(50ms);
    return taken.value_or(0);
  }
  /// What the far end says in a call.
  void say(std::uint16_t cic, const isup::Message& message, std::size_t trunk = 0) {
    EXPECT_TRUE(world->ss7.group(trunk).send(cic, message, world->now)) << isup::describe(message);
    world->run(50ms);
  }
  void say(std::uint16_t cic, isup::MessageType type, std::size_t trunk = 0) {
    say(cic, isup::Message(type), trunk);
  }
  /// A call from SIP that has arrived there: its CIC.
  std::uint16_t arrived_at_isup(const std::string& number = "7000") {
    sip_call = call_from_sip(number);
    const auto begun = from_isup(isup::MessageType::iam);
    EXPECT_TRUE(begun);
    return begun ? begun->cic : std::uint16_t{0};
  }
  std::uint16_t answered_at_isup() {
    const auto cic = arrived_at_isup();
    say(cic, acm());
    say(cic, isup::MessageType::anm);
    EXPECT_TRUE(from_sip<sip::AnswerReceived>());
    return cic;
  }
  CircuitStatus circuit(const std::string& name) {
    for (auto& row : world->gateway.circuits())
      if (row.circuit == name) return row;
    return {};
  }

  std::vector<Heard> heard;
};

}  // namespace tandem::core
