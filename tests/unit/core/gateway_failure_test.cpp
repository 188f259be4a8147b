// What a gateway does when a call cannot be, and the ways to try it otherwise.
#include "tests/unit/core/gateway_fixture.h"

namespace tandem::core {
namespace {

using GatewayFailure = GatewayCall;

TEST_F(GatewayFailure, ACongestedTrunkIsFollowedByTheNextOfTheRoute) {
  start(doubles::small_config(2));
  const auto first = set_up_from_sip();
  world->far(0).disconnect(first.call, 34, world->now);
  world->run(100ms);
  const auto second = from_pri<pri::SetupInd>();
  ASSERT_TRUE(second);
  EXPECT_FALSE(from_sip<sip::FailureReceived>());
  world->far(1).connect(second->call, second->setup.channel, world->now);
  world->run(50ms);
  EXPECT_TRUE(from_sip<sip::AnswerReceived>());
  EXPECT_EQ(world->media.on({0, 1}), nullptr);
  EXPECT_NE(world->media.on({1, 1}), nullptr);
  world->peer(0).bye(sip_call, {}, world->now);
  world->run(100ms);
  world->far(1).disconnect(second->call, 16, world->now);
  expect_nothing_left();
  const auto rows = ended();
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].call, rows[1].call);
  EXPECT_EQ(rows[0].attempt, 1);
  EXPECT_EQ(rows[0].cause, 34);
  EXPECT_EQ(rows[0].sip_status, 0);
  EXPECT_FALSE(rows[0].answer);
  EXPECT_EQ(rows[1].attempt, 2);
  EXPECT_EQ(rows[1].to_name, "telco2");
}

TEST_F(GatewayFailure, ABusyUserIsNotTriedElsewhere) {
  start(doubles::small_config(2));
  const auto first = set_up_from_sip();
  world->far(0).disconnect(first.call, 17, world->now);
  world->run(100ms);
  EXPECT_FALSE(from_pri<pri::SetupInd>());
  EXPECT_EQ(from_sip<sip::FailureReceived>()->status, 486);
  expect_nothing_left();
}

TEST_F(GatewayFailure, AfterAlertingNothingElseIsTried) {
  start(doubles::small_config(2));
  const auto first = set_up_from_sip();
  world->far(0).alerting(first.call, first.setup.channel, false, world->now);
  world->run(50ms);
  world->far(0).disconnect(first.call, 34, world->now);
  world->run(100ms);
  EXPECT_FALSE(from_pri<pri::SetupInd>());
  EXPECT_EQ(from_sip<sip::FailureReceived>()->status, 503);
  expect_nothing_left();
}

TEST_F(GatewayFailure, ATakenChannelIsFollowedByAnotherOfTheSameTrunk) {
  start();
  const auto first = set_up_from_sip();
  EXPECT_EQ(first.setup.channel.timeslot, 1);
  world->far(0).disconnect(first.call, 44, world->now);
  world->run(100ms);
  const auto second = from_pri<pri::SetupInd>();
  ASSERT_TRUE(second);
  EXPECT_EQ(second->setup.channel.timeslot, 2);
  EXPECT_TRUE(from_pri<pri::RestartInd>());  // 1 is idle here, so both ends begin anew
  world->far(0).disconnect(second->call, 21, world->now);
  world->run(100ms);
  EXPECT_EQ(from_sip<sip::FailureReceived>()->status, 403);
  expect_nothing_left();
}

TEST_F(GatewayFailure, AStrangersInviteIs403AndNoRecord) {
  start();
  auto stranger = world->to_gateway(0);
  const sip::Flow flow{sip::Transport::udp, stranger.remote, parse_socket_address("203.0.113.9:5060").value(),
                       0};
  std::string seen;
  world->tap = [&](const sip::Transmit& transmit) {
    seen += as_text(transmit.octets);
    return true;
  };
  const std::string invite =
      "INVITE sip:1000@192.0.2.1 SIP/2.0\r\nVia: SIP/2.0/UDP 203.0.113.9:5060;branch=z9hG4bK1\r\n"
      "Max-Forwards: 70\r\nFrom: <sip:1@203.0.113.9>;tag=1\r\nTo: <sip:1000@192.0.2.1>\r\nCall-ID: x\r\n"
      "CSeq: 1 INVITE\r\nContact: <sip:1@203.0.113.9>\r\nContent-Length: 0\r\n\r\n";
  world->gateway.handle_datagram(flow, as_octets(invite), world->now);
  world->settle();
  EXPECT_NE(seen.find("SIP/2.0 403 Unknown Peer\r\n"), std::string::npos);
  EXPECT_TRUE(world->cdrs.empty());
  expect_nothing_left();
}

struct Refusal {
  const char* user;
  const char* sdp;
  int status;
};

TEST_F(GatewayFailure, InvitesThatCannotBeServedGetTheirStatusAndARecord) {
  auto config = doubles::small_config();
  config.routes[0].match = "^1";
  start(std::move(config));
  const std::string video =
      "v=0\r\no=- 1 1 IN IP4 198.51.100.1\r\ns=-\r\nc=IN IP4 198.51.100.1\r\nt=0 0\r\nm=video 9 RTP/AVP "
      "96\r\n";
  for (const auto& [user, sdp, status] : {Refusal{"alice", "", 404}, Refusal{"1000", video.c_str(), 488},
                                          Refusal{"1000", "what?", 400}, Refusal{"2000", "", 404}}) {
    auto info = invite(user);
    if (*sdp != 0) info.sdp = sdp;
    world->peer(0).invite(info, world->to_gateway(0), world->now);
    world->run(100ms);
    const auto failure = from_sip<sip::FailureReceived>();
    ASSERT_TRUE(failure) << user << sdp;
    EXPECT_EQ(failure->status, status) << user << sdp;
    EXPECT_EQ(failure->warning.substr(0, 3), *sdp == 0 ? "" : status == 400 ? "399" : "304") << user << sdp;
    EXPECT_EQ(ended().back().sip_status, status);
    EXPECT_NE(ended().back().cause, 0) << user << sdp;  // RFC 3398 8.2.6.1
  }
  EXPECT_EQ(ended()[0].cause, 1);
  EXPECT_EQ(ended().size(), 4U);
  EXPECT_EQ(world->gateway.status(world->now).failed, 4U);
  expect_nothing_left();
}

TEST_F(GatewayFailure, WithoutAFreeRtpPortTheInviteIs503) {
  world = std::make_unique<doubles::GatewayWorld>(doubles::small_config(), 1, 0);
  world->on_sip(0, [this](const sip::Event& event) { sip_events.push_back(event); });
  world->run(3s);
  call_from_sip("1000");
  EXPECT_EQ(from_sip<sip::FailureReceived>()->status, 503);
}

TEST_F(GatewayFailure, WithTheDChannelDownTheInviteIs503) {
  start();
  world->cut(0, true);
  world->run(60s);
  call_from_sip("1000");
  EXPECT_EQ(from_sip<sip::FailureReceived>()->status, 503);
  EXPECT_EQ(last_cdr().cause, 38);
}

TEST_F(GatewayFailure, WithAllCircuitsTakenTheInviteIs503) {
  auto config = doubles::small_config();
  config.trunks[0].spans[0].timeslots = {5};
  start(std::move(config));
  set_up_from_sip();
  call_from_sip("1000");
  const auto failure = from_sip<sip::FailureReceived>();
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->status, 503);
  EXPECT_EQ(failure->reasons.at(0).cause, 34);
}

TEST_F(GatewayFailure, ASipFailureBecomesItsCauseOnPri) {
  start();
  call_from_pri("1000", 7);
  const auto incoming = from_sip<sip::IncomingCall>();
  ASSERT_TRUE(incoming);
  world->peer(0).reject(incoming->call, 486, {}, {}, {}, world->now);
  world->run(100ms);
  const auto gone = from_pri<pri::DisconnectInd>();
  ASSERT_TRUE(gone);
  EXPECT_EQ(gone->cause.value, 17);
  EXPECT_TRUE(world->media.tones.empty());
  world->far(0).disconnect(gone->call, 17, world->now);
  expect_nothing_left();
  EXPECT_EQ(last_cdr().cause, 17);
  EXPECT_EQ(last_cdr().sip_status, 486);
}

TEST_F(GatewayFailure, ACallerBehindAnInterworkingNetworkHearsBusyToneBeforeTheRelease) {
  start();
  pri::Setup setup;
  setup.called.digits = "1000";
  setup.channel = {7, true};
  setup.progress = {{pri::ProgressDescription::not_end_to_end, pri::Location::user}};
  const auto made = world->far(0).setup(setup, world->now);
  world->run(50ms);
  const auto incoming = from_sip<sip::IncomingCall>();
  ASSERT_TRUE(incoming);
  world->peer(0).reject(incoming->call, 486, {}, {}, {}, world->now);
  world->run(100ms);
  EXPECT_FALSE(from_pri<pri::DisconnectInd>());
  const auto progress = from_pri<pri::ProgressInd>();
  ASSERT_TRUE(progress);
  EXPECT_EQ(progress->cause->value, 17);
  EXPECT_EQ((world->media.tones.at({0, 7})), media::Tone::busy);
  world->run(25s);
  const auto gone = from_pri<pri::DisconnectInd>();
  ASSERT_TRUE(gone);
  EXPECT_EQ(gone->cause.value, 17);
  world->far(0).disconnect(*made, 17, world->now);
  expect_nothing_left();
}

TEST_F(GatewayFailure, ATrunkMayGiveEveryCallerTheToneOrNone) {
  for (const auto rule : {core::FailureTone::always, core::FailureTone::never}) {
    auto config = doubles::small_config();
    config.trunks[0].failure_tone = rule;
    start(config);
    const bool interworked = rule == core::FailureTone::never;
    pri::Setup setup;
    setup.called.digits = "1000";
    setup.channel = {7, true};
    if (interworked) setup.progress = {{pri::ProgressDescription::not_end_to_end, pri::Location::user}};
    ASSERT_TRUE(world->far(0).setup(setup, world->now));
    world->run(50ms);
    const auto incoming = from_sip<sip::IncomingCall>();
    ASSERT_TRUE(incoming);
    world->peer(0).reject(incoming->call, 503, {}, {}, {}, world->now);
    world->run(100ms);
    const bool tone =
        world->media.tones.contains({0, 7}) && world->media.tones.at({0, 7}) == media::Tone::congestion;
    EXPECT_EQ(tone, rule == core::FailureTone::always);
    EXPECT_EQ(from_pri<pri::DisconnectInd>().has_value(), rule == core::FailureTone::never);
  }
}

TEST_F(GatewayFailure, ASilentPeerGivesAnEarlyAcmThenTheNextPeer) {
  start(doubles::small_config(1, 2));
  world->tap = [this](const sip::Transmit& transmit) {
    return transmit.flow.remote == world->config.peers[0].destination.remote;  // carrier is dead
  };
  call_from_pri("1000", 7);
  EXPECT_TRUE(from_pri<pri::ProceedingInd>());
  world->run(35s);  // timer B, and before the far end's T310
  const auto incoming = from_sip<sip::IncomingCall>();
  ASSERT_TRUE(incoming);
  world->peer(1).reject(incoming->call, 603, {}, {}, {}, world->now);
  world->run(100ms);
  const auto gone = from_pri<pri::DisconnectInd>();
  ASSERT_TRUE(gone);
  EXPECT_EQ(gone->cause.value, 21);
  world->far(0).disconnect(gone->call, 21, world->now);
  expect_nothing_left();
  EXPECT_EQ(ended().size(), 2U);
  EXPECT_EQ(ended()[0].cause, 102);
}

TEST_F(GatewayFailure, APeerThatDoesNotAnswerOptionsIsPassedOver) {
  auto config = doubles::small_config(1, 2);
  config.peers[0].options_interval = 30s;
  world = std::make_unique<doubles::GatewayWorld>(std::move(config), 1);
  world->tap = [this](const sip::Transmit& transmit) {
    return transmit.flow.remote == world->config.peers[0].destination.remote;
  };
  world->on_sip(1, [this](const sip::Event& event) { sip_events.push_back(event); });
  world->run(100s);
  EXPECT_EQ(world->gateway.status(world->now).peers[0].state, "unreachable");
  EXPECT_EQ(world->gateway.status(world->now).peers[1].state, "not watched");
  call_from_pri("1000", 7);
  EXPECT_TRUE(from_sip<sip::IncomingCall>());
}

TEST_F(GatewayFailure, NobodyAnswersAndT9EndsIt) {
  auto config = doubles::small_config();
  config.trunks[0].timers = {{"T9", 180000}};
  start(std::move(config));
  const auto setup = set_up_from_sip();
  world->far(0).alerting(setup.call, setup.setup.channel, false, world->now);
  world->run(190s);
  const auto failure = from_sip<sip::FailureReceived>();
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->status, 480);
  EXPECT_EQ(from_pri<pri::DisconnectInd>()->cause.value, 19);
  world->far(0).disconnect(setup.call, 19, world->now);
  expect_nothing_left();
}

TEST_F(GatewayFailure, ARouteFromSipToSipIs503) {
  auto config = doubles::small_config(1, 2);
  config.routes.insert(config.routes.begin(), {"carrier", "", "", {"carrier2"}});
  start(std::move(config));
  call_from_sip("1000");
  EXPECT_EQ(from_sip<sip::FailureReceived>()->status, 503);
  expect_nothing_left();
}

TEST_F(GatewayFailure, A200WithoutAnAckIsReleasedOnBothSides) {
  start();
  const auto setup = set_up_from_sip();
  bool deaf = false;
  world->tap = [&](const sip::Transmit&) { return deaf; };
  deaf = true;  // the 200 never arrives
  world->far(0).connect(setup.call, setup.setup.channel, world->now);
  world->run(40s);
  const auto gone = from_pri<pri::DisconnectInd>();
  ASSERT_TRUE(gone);
  EXPECT_EQ(gone->cause.value, 102);
  world->far(0).disconnect(setup.call, 102, world->now);
  expect_nothing_left();
}

TEST_F(GatewayFailure, ADataCallIsNotMadeAnAudioCall) {
  auto config = doubles::small_config();
  config.peers[0].clearmode = false;
  start(config);
  pri::Setup setup;
  setup.called.digits = "2000";
  setup.channel = {1, true};
  setup.bearer.transfer = pri::Transfer::unrestricted;
  ASSERT_TRUE(world->far(0).setup(setup, world->now));
  world->run(50ms);
  EXPECT_FALSE(from_sip<sip::IncomingCall>());
  const auto refused = from_pri<pri::DisconnectInd>();
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->cause.value, 65);  // Q.850: bearer capability not implemented
  world->far(0).disconnect(refused->call, 65, world->now);
  expect_nothing_left();
}

}  // namespace
}  // namespace tandem::core
