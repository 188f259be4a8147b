// Whole calls through a gateway: what each side and the media engine are told, step by step.
#include "tests/unit/core/gateway_fixture.h"

namespace tandem::core {
namespace {

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

TEST_F(GatewayCall, ABusyCalledPartyIs486WithItsCause) {
  start();
  const auto setup = set_up_from_sip();
  world->far(0).disconnect(setup.call, 17, world->now);
  world->run(100ms);
  const auto failure = from_sip<sip::FailureReceived>();
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->status, 486);
  ASSERT_EQ(failure->reasons.size(), 1U);
  EXPECT_EQ(failure->reasons[0].cause, 17);
  expect_nothing_left();
  EXPECT_EQ(last_cdr().cause, 17);
  EXPECT_EQ(last_cdr().sip_status, 486);
  EXPECT_EQ(last_cdr().released_by, "outgoing");
}

TEST_F(GatewayCall, CancelReleasesThePriSideWithTheReasonsCause) {
  start();
  const auto setup = set_up_from_sip();
  world->far(0).alerting(setup.call, setup.setup.channel, false, world->now);
  world->run(50ms);
  world->peer(0).cancel(sip_call, {{"Q.850", 31, "", std::nullopt}}, world->now);
  world->run(100ms);
  const auto gone = from_pri<pri::DisconnectInd>();
  ASSERT_TRUE(gone);
  EXPECT_EQ(gone->cause.value, 31);
  EXPECT_EQ(from_sip<sip::FailureReceived>()->status, 487);
  world->far(0).disconnect(setup.call, 16, world->now);
  expect_nothing_left();
  EXPECT_EQ(last_cdr().sip_status, 487);
}

TEST_F(GatewayCall, InBandInformationOpensTheBackwardPathOnly) {
  start();
  const auto setup = set_up_from_sip();
  world->far(0).progress(setup.call, setup.setup.channel, std::nullopt, true, world->now);
  world->run(50ms);
  auto progress = from_sip<sip::ProvisionalReceived>();
  while (progress && progress->sdp.empty()) progress = from_sip<sip::ProvisionalReceived>();
  ASSERT_TRUE(progress);
  EXPECT_EQ(progress->status, 183);
  const auto* session = world->media.on({0, 1});
  ASSERT_NE(session, nullptr);
  EXPECT_TRUE(session->to_rtp);
  EXPECT_FALSE(session->to_timeslot);
  EXPECT_TRUE(session->parameters);
  world->peer(0).cancel(sip_call, {}, world->now);
  world->run(100ms);
  world->far(0).disconnect(setup.call, 16, world->now);
  expect_nothing_left();
}

TEST_F(GatewayCall, AnAnnouncementWithACauseEndsInTimeWithThatCause) {
  start();
  const auto setup = set_up_from_sip();
  world->far(0).progress(setup.call, setup.setup.channel, pri::Cause{1, pri::Location::public_local}, true,
                         world->now);
  world->run(20s);
  EXPECT_FALSE(from_sip<sip::FailureReceived>());
  world->run(15s);
  EXPECT_EQ(from_sip<sip::FailureReceived>()->status, 404);
  world->far(0).disconnect(setup.call, 16, world->now);
  expect_nothing_left();
  EXPECT_EQ(last_cdr().cause, 1);
}

TEST_F(GatewayCall, AToneThatComesWithDisconnectIsHeardBeforeTheRelease) {
  start();
  const auto setup = set_up_from_sip();
  world->far(0).proceeding(setup.call, setup.setup.channel, world->now);
  world->run(50ms);
  world->far_frame = [](Octets& frame) {
    // Q.931 5.3.4.1: DISCONNECT with progress indicator 8.
    if (frame.size() > 9 && frame[4] == 0x08 && frame[8] == 0x45)
      frame.insert(frame.end(), {0x1e, 0x02, 0x82, 0x88});
  };
  world->far(0).disconnect(setup.call, 1, world->now);
  world->run(5s);
  EXPECT_FALSE(from_sip<sip::FailureReceived>());
  auto progress = from_sip<sip::ProvisionalReceived>();
  while (progress && progress->sdp.empty()) progress = from_sip<sip::ProvisionalReceived>();
  ASSERT_TRUE(progress);
  EXPECT_EQ(progress->status, 183);
  EXPECT_TRUE(world->media.on({0, 1})->to_rtp);
  EXPECT_FALSE(world->media.on({0, 1})->to_timeslot);
  world->run(30s);
  EXPECT_EQ(from_sip<sip::FailureReceived>()->status, 404);
  expect_nothing_left();
  EXPECT_EQ(last_cdr().cause, 1);
}

TEST_F(GatewayCall, EarlyMediaOfTheSipSideIsHeardInPlaceOfRingback) {
  start();
  const auto made = call_from_pri("1000", 7);
  const auto incoming = from_sip<sip::IncomingCall>();
  ASSERT_TRUE(incoming);
  const auto answer = sip::make_answer(incoming->info.sdp, doubles::peer_audio());
  world->peer(0).provisional(incoming->call, 183, answer->sdp, {}, world->now);
  world->run(50ms);
  const auto* session = world->media.on({0, 7});
  ASSERT_NE(session, nullptr);
  EXPECT_TRUE(session->to_timeslot);
  EXPECT_FALSE(session->to_rtp);
  EXPECT_TRUE(world->media.tones.empty());
  EXPECT_TRUE(from_pri<pri::ProgressInd>());
  world->far(0).disconnect(made, 16, world->now);
  world->run(100ms);
  EXPECT_TRUE(from_sip<sip::CancelReceived>());
  expect_nothing_left();
}

TEST_F(GatewayCall, A180WithSdpRingsUntilMediaComes) {
  start();
  call_from_pri("1000", 7);
  const auto incoming = from_sip<sip::IncomingCall>();
  ASSERT_TRUE(incoming);
  const auto answer = sip::make_answer(incoming->info.sdp, doubles::peer_audio());
  world->peer(0).provisional(incoming->call, 180, answer->sdp, {}, world->now);
  world->run(50ms);
  EXPECT_EQ((world->media.tones.at({0, 7})), media::Tone::ringback);
  EXPECT_TRUE(world->media.on({0, 7})->to_timeslot);
  EXPECT_TRUE(world->media.on({0, 7})->parameters);
}

TEST_F(GatewayCall, AnInviteWithoutOfferGetsItInThe200) {
  start();
  const auto made = call_from_sip("1000", false);
  const auto setup = from_pri<pri::SetupInd>();
  ASSERT_TRUE(setup);
  world->far(0).connect(setup->call, {1, true}, world->now);
  world->run(50ms);
  const auto answer = from_sip<sip::AnswerReceived>();
  ASSERT_TRUE(answer);
  EXPECT_FALSE(world->media.on({0, 1})->parameters);
  const auto own = sip::make_answer(answer->sdp, doubles::peer_audio(31000));
  ASSERT_TRUE(own);
  world->peer(0).ack_answer(made, own->sdp, world->now);
  world->run(50ms);
  ASSERT_TRUE(world->media.on({0, 1})->parameters);
  EXPECT_EQ(world->media.on({0, 1})->parameters->remote_rtp.port, 31000);
  world->far(0).disconnect(setup->call, 16, world->now);
  world->run(100ms);
  EXPECT_TRUE(from_sip<sip::ByeReceived>());
  expect_nothing_left();
}

TEST_F(GatewayCall, AnAckWhoseAnswerDoesNotFitReleasesBothSides) {
  start();
  const auto made = call_from_sip("1000", false);
  const auto setup = from_pri<pri::SetupInd>();
  ASSERT_TRUE(setup);
  world->far(0).connect(setup->call, {1, true}, world->now);
  world->run(50ms);
  world->peer(0).ack_answer(made, "v=0\r\n", world->now);
  world->run(100ms);
  EXPECT_TRUE(from_sip<sip::ByeReceived>());
  EXPECT_TRUE(from_pri<pri::DisconnectInd>());
  world->far(0).disconnect(setup->call, 16, world->now);
  expect_nothing_left();
}

TEST_F(GatewayCall, ATrunksNationalNumbersAreE164ForSip) {
  auto config = doubles::small_config();
  config.trunks[0].numbers.country_code = "44";
  start(std::move(config));
  pri::Setup setup;
  setup.called = {.digits = "2070001000", .type = pri::TypeOfNumber::national};
  setup.calling = pri::Number{.digits = "1612223333", .type = pri::TypeOfNumber::national};
  setup.channel = {1, true};
  ASSERT_TRUE(world->far(0).setup(setup, world->now));
  world->run(50ms);
  const auto incoming = from_sip<sip::IncomingCall>();
  ASSERT_TRUE(incoming);
  EXPECT_EQ(incoming->info.request_uri.user, "+442070001000");
  EXPECT_EQ(incoming->info.from.uri.user, "+441612223333");
  const auto other_way = set_up_from_sip("+442079998888");
  EXPECT_EQ(other_way.setup.called.digits, "2079998888");
  EXPECT_EQ(other_way.setup.called.type, pri::TypeOfNumber::national);
  const auto abroad = set_up_from_sip("+4930123456");
  EXPECT_EQ(abroad.setup.called.digits, "4930123456");
  EXPECT_EQ(abroad.setup.called.type, pri::TypeOfNumber::international);
}

TEST_F(GatewayCall, APeersNumbersFollowItsRulesAndAreE164Inside) {  // RFC 3398 12
  auto config = doubles::small_config();
  config.trunks[0].numbers.country_code = "44";
  auto& numbers = config.peers[0].numbers;
  numbers.country_code = "1";
  numbers.rules = {{.of = interwork::NumberOf::called, .prefix = "9", .strip = 1},
                   {.of = interwork::NumberOf::called, .outgoing = true, .add = "7"}};
  start(std::move(config));
  EXPECT_EQ(set_up_from_sip("95551000").setup.called.digits, "5551000");
  const auto theirs = set_up_from_sip("+12025550110");  // national to the peer, abroad to the trunk
  EXPECT_EQ(theirs.setup.called.digits, "12025550110");
  EXPECT_EQ(theirs.setup.called.type, pri::TypeOfNumber::international);
  pri::Setup setup;
  setup.called = {.digits = "1000", .type = pri::TypeOfNumber::unknown};
  setup.channel = {5, true};
  ASSERT_TRUE(world->far(0).setup(setup, world->now));
  world->run(50ms);
  const auto incoming = from_sip<sip::IncomingCall>();
  ASSERT_TRUE(incoming);
  EXPECT_EQ(incoming->info.request_uri.user, "71000");
}

TEST_F(GatewayCall, UserToUserGoesBackOnlyToACallerWhoseInviteHadIt) {  // RFC 7434 8
  start(doubles::small_config());
  const pri::UserUser said{.protocol = 4, .octets = {'h', 'i'}};
  for (const bool permitted : {false, true}) {
    auto info = invite("1000");
    if (permitted) info.extra.push_back({"User-to-User", "04;encoding=hex;purpose=isdn-uui"});
    world->peer(0).invite(info, world->to_gateway(0), world->now);
    world->run(50ms);
    const auto setup = from_pri<pri::SetupInd>();
    ASSERT_TRUE(setup);
    world->far(0).connect(setup->call, setup->setup.channel, world->now, {}, said);
    world->run(50ms);
    const auto answer = from_sip<sip::AnswerReceived>();
    ASSERT_TRUE(answer);
    const bool told = std::ranges::find(answer->headers, std::string("User-to-User"),
                                        &sip::ExtraHeader::name) != answer->headers.end();
    EXPECT_EQ(told, permitted);
  }
}

TEST_F(GatewayCall, FromPriToPriTheCircuitsArePatched) {
  auto config = doubles::small_config(2);
  config.routes.insert(config.routes.begin(), {"telco", "", "", {"telco2"}});
  start(std::move(config));
  const auto made = call_from_pri("5000", 3);
  const auto setup = from_pri<pri::SetupInd>();
  ASSERT_TRUE(setup);
  EXPECT_EQ(setup->setup.called.digits, "5000");
  EXPECT_TRUE(world->media.patches.empty());
  world->far(1).connect(setup->call, setup->setup.channel, world->now);
  world->run(50ms);
  EXPECT_TRUE(from_pri<pri::ConnectInd>());
  EXPECT_EQ(world->media.patches.size(), 1U);
  EXPECT_TRUE(world->media.sessions.empty());
  world->far(0).disconnect(made, 16, world->now);
  world->run(100ms);
  world->far(1).disconnect(setup->call, 16, world->now);
  expect_nothing_left();
}

}  // namespace
}  // namespace tandem::core
