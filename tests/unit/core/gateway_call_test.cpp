// Whole calls through a gateway: what each side and the media engine are told, step by step.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/doubles/gateway_world.h"

namespace tandem::core {
namespace {

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
      if (circuit.state != "d-channel") {
        EXPECT_EQ(circuit.state, "idle") << circuit.circuit;
      }
    std::map<std::pair<std::uint64_t, int>, int> ended;
    for (const auto& cdr : world->cdrs) ended[{cdr.call.value, cdr.attempt}] += cdr.state == CdrState::ended;
    for (const auto& [attempt, times] : ended) EXPECT_EQ(times, 1);
  }
  const Cdr& last_cdr() { return world->cdrs.back(); }

  std::unique_ptr<doubles::GatewayWorld> world;
  std::vector<sip::Event> sip_events;
  std::vector<pri::Output> pri_events;
};

TEST_F(GatewayCall, FromSipToPriIsAnsweredAndReleasedBySip) {
  start();
  const auto call = call_from_sip("1000");
  const auto setup = from_pri<pri::SetupInd>();
  ASSERT_TRUE(setup);
  EXPECT_EQ(setup->setup.called.digits, "1000");
  EXPECT_EQ(setup->setup.calling->digits, "2000");
  EXPECT_EQ(setup->setup.channel.timeslot, 1);
  world->far(0).proceeding(setup->call, {1, true}, world->now);
  world->far(0).alerting(setup->call, {1, true}, false, world->now);
  world->run(50ms);
  const auto early = from_sip<sip::ProvisionalReceived>();  // CALL PROCEEDING is an early ACM (Q.699)
  ASSERT_TRUE(early);
  EXPECT_EQ(early->status, 183);
  const auto ringing = from_sip<sip::ProvisionalReceived>();
  ASSERT_TRUE(ringing);
  EXPECT_EQ(ringing->status, 180);
  world->far(0).connect(setup->call, {1, true}, world->now);
  world->run(50ms);
  const auto answer = from_sip<sip::AnswerReceived>();
  ASSERT_TRUE(answer);
  EXPECT_TRUE(sip::accept_answer(answer->sdp, doubles::peer_audio()));
  const auto* session = world->media.on({0, 1});
  ASSERT_NE(session, nullptr);
  EXPECT_TRUE(session->to_rtp);
  EXPECT_TRUE(session->to_timeslot);
  ASSERT_TRUE(session->parameters);
  EXPECT_EQ(session->parameters->remote_rtp.port, 30000);
  EXPECT_EQ(world->gateway.calls(world->now).at(0).state, "answered");
  world->run(10s);
  world->peer(0).bye(call, {}, world->now);
  world->run(100ms);
  const auto gone = from_pri<pri::DisconnectInd>();
  ASSERT_TRUE(gone);
  EXPECT_EQ(gone->cause.value, 16);
  world->far(0).disconnect(setup->call, 16, world->now);
  expect_nothing_left();
  EXPECT_EQ(last_cdr().cause, 16);
  EXPECT_EQ(last_cdr().sip_status, 200);
  EXPECT_EQ(last_cdr().released_by, "incoming");
  EXPECT_EQ(last_cdr().circuit, "e1-1:1");
  EXPECT_EQ(last_cdr().codec, "PCMA");
  EXPECT_EQ(last_cdr().packets_sent, 50U);
  EXPECT_EQ(last_cdr().calling, "2000");
  EXPECT_TRUE(last_cdr().answer);
  EXPECT_TRUE(last_cdr().alerting);
}

TEST_F(GatewayCall, FromPriToSipIsAnsweredAndReleasedByPri) {
  start();
  const auto call = call_from_pri("1000", 7);
  ASSERT_NE(call, 0U);
  const auto incoming = from_sip<sip::IncomingCall>();
  ASSERT_TRUE(incoming);
  EXPECT_EQ(incoming->info.request_uri.user, "1000");
  EXPECT_EQ(incoming->info.from.uri.user, "3000");
  EXPECT_TRUE(from_pri<pri::ProceedingInd>());
  world->peer(0).provisional(incoming->call, 180, {}, {}, world->now);
  world->run(50ms);
  const auto alerting = from_pri<pri::AlertingInd>();
  ASSERT_TRUE(alerting);
  EXPECT_FALSE(alerting->progress.empty());  // the gateway rings in-band
  EXPECT_EQ((world->media.tones.at({0, 7})), media::Tone::ringback);
  const auto answer = sip::make_answer(incoming->info.sdp, doubles::peer_audio());
  ASSERT_TRUE(answer);
  world->peer(0).answer(incoming->call, answer->sdp, {}, world->now);
  world->run(50ms);
  EXPECT_TRUE(from_pri<pri::ConnectInd>());
  EXPECT_TRUE(world->media.tones.empty());
  const auto* session = world->media.on({0, 7});
  ASSERT_NE(session, nullptr);
  EXPECT_TRUE(session->to_rtp && session->to_timeslot);
  world->far(0).disconnect(call, 16, world->now);
  world->run(100ms);
  const auto bye = from_sip<sip::ByeReceived>();
  ASSERT_TRUE(bye);
  ASSERT_EQ(bye->reasons.size(), 1U);
  EXPECT_EQ(bye->reasons[0].cause, 16);
  EXPECT_EQ(bye->reasons[0].protocol, "Q.850");
  expect_nothing_left();
  EXPECT_EQ(last_cdr().released_by, "incoming");
  EXPECT_EQ(last_cdr().circuit, "e1-1:7");
}

}  // namespace
}  // namespace tandem::core
