#pragma once
// A gateway, its far ends, and what they have heard.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/doubles/gateway_world.h"

namespace tandem::core {

using namespace std::chrono_literals;
namespace pri = tdm::pri;

/// A world with what the far ends have heard.
class GatewayCall : public ::testing::Test {
 protected:
  void start(Config config = doubles::small_config()) {
    world = std::make_unique<doubles::GatewayWorld>(std::move(config), 1);
    world->keep_traces = true;
    for (std::size_t i = 0; i < world->config.peers.size(); ++i)
      world->on_sip(i, [this](const sip::Event& event) { sip_events.push_back(event); });
    for (std::size_t i = 0; i < world->config.trunks.size(); ++i)
      world->on_pri(i, [this](const pri::Output& event) { pri_events.push_back(event); });
    world->run(3s);
    sip_events.clear();
    pri_events.clear();
  }
  /// The first event of that kind, taken out.
  template <class E, class List>
  std::optional<E> take(List& list) {
    for (auto it = list.begin(); it != list.end(); ++it)
      if (auto* found = std::get_if<E>(&*it)) {
        E result = *found;
        list.erase(it);
        return result;
      }
    return std::nullopt;
  }
  template <class E>
  std::optional<E> from_sip() {
    return take<E>(sip_events);
  }
  template <class E>
  std::optional<E> from_pri() {
    return take<E>(pri_events);
  }
  sip::InviteInfo invite(const std::string& number, bool with_offer = true) {
    sip::InviteInfo info;
    info.request_uri.user = number;
    info.request_uri.host = "192.0.2.1";
    info.from.uri.user = "2000";
    info.from.uri.host = "198.51.100.1";
    info.to.uri = info.request_uri;
    if (with_offer) info.sdp = sip::make_offer(doubles::peer_audio());
    return info;
  }
  sip::SipCall call_from_sip(const std::string& number, bool with_offer = true) {
    const auto call = world->peer(0).invite(invite(number, with_offer), world->to_gateway(0), world->now);
    world->run(50ms);
    return call;
  }
  pri::CallRef call_from_pri(const std::string& number, std::uint8_t timeslot = 1) {
    pri::Setup setup;
    setup.called.digits = number;
    setup.calling = pri::Number{.digits = "3000"};
    setup.channel = {timeslot, true};
    const auto call = world->far(0).setup(setup, world->now);
    world->run(50ms);
    return call.value_or(0);
  }
  void expect_nothing_left() {
    world->run(400s);
    EXPECT_TRUE(world->gateway.idle());
    EXPECT_EQ(world->ports.open_count(), 0U);
    EXPECT_EQ(world->ports.closed_twice, 0);
    EXPECT_TRUE(world->media.sessions.empty());
    EXPECT_TRUE(world->media.tones.empty());
    EXPECT_TRUE(world->media.patches.empty());
    EXPECT_THAT(world->media.faults, ::testing::IsEmpty());
    for (const auto& circuit : world->gateway.circuits())
      if (circuit.state != "d-channel" && circuit.state != "link") {
        EXPECT_EQ(circuit.state, "idle") << circuit.circuit;
      }
    std::map<std::pair<std::uint64_t, int>, int> ended;
    for (const auto& cdr : world->cdrs) ended[{cdr.call.value, cdr.attempt}] += cdr.state == CdrState::ended;
    for (const auto& [attempt, times] : ended) EXPECT_EQ(times, 1);
  }
  const Cdr& last_cdr() { return world->cdrs.back(); }
  std::vector<Cdr> ended() {
    std::vector<Cdr> rows;
    for (const auto& cdr : world->cdrs)
      if (cdr.state == CdrState::ended) rows.push_back(cdr);
    return rows;
  }
  /// An INVITE that has been offered to the far end of a trunk.
  pri::SetupInd set_up_from_sip(const std::string& number = "1000") {
    sip_call = call_from_sip(number);
    auto setup = from_pri<pri::SetupInd>();
    EXPECT_TRUE(setup);
    return setup.value_or(pri::SetupInd{});
  }
  /// A call that is answered: SIP calling.
  pri::SetupInd answered_from_sip() {
    auto setup = set_up_from_sip();
    world->far(0).connect(setup.call, setup.setup.channel, world->now);
    world->run(50ms);
    EXPECT_TRUE(from_sip<sip::AnswerReceived>());
    return setup;
  }
  void answer_at_sip(const sip::IncomingCall& incoming) {
    const auto answer = sip::make_answer(incoming.info.sdp, doubles::peer_audio());
    ASSERT_TRUE(answer);
    world->peer(0).answer(incoming.call, answer->sdp, {}, world->now);
    world->run(50ms);
  }

  std::unique_ptr<doubles::GatewayWorld> world;
  std::vector<sip::Event> sip_events;
  std::vector<pri::Output> pri_events;  ///< of all trunks
  sip::SipCall sip_call;                ///< of set_up_from_sip
};

}  // namespace tandem::core
