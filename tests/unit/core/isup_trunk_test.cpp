// Calls between SIP and ISUP trunks, and between ISUP trunks: what each side is told, and what is left.
#include "tests/unit/core/isup_fixture.h"

namespace tandem::core {
namespace {

using T = isup::MessageType;

TEST_F(IsupCall, FromSipIsAnsweredAndReleasedBySip) {
  start_isup();
  sip_call = call_from_sip("7000");
  const auto begun = from_isup(T::iam);
  ASSERT_TRUE(begun);
  EXPECT_EQ(begun->cic, 1);
  EXPECT_EQ(begun->message.get<isup::CalledPartyNumber>()->digits.substr(0, 4), "7000");
  ASSERT_NE(begun->message.get<isup::CallingPartyNumber>(), nullptr);
  EXPECT_EQ(begun->message.get<isup::CallingPartyNumber>()->digits, "2000");
  say(1, acm());
  const auto ringing = from_sip<sip::ProvisionalReceived>();
  ASSERT_TRUE(ringing);
  EXPECT_EQ(ringing->status, 180);
  say(1, T::anm);
  EXPECT_TRUE(from_sip<sip::AnswerReceived>());
  const auto* session = world->media.on({1, 1});
  ASSERT_NE(session, nullptr);
  EXPECT_TRUE(session->to_rtp && session->to_timeslot);
  EXPECT_EQ(circuit("e1-2:1").state, "outgoing");
  EXPECT_EQ(circuit("e1-2:1").cic, 1);
  world->peer(0).bye(sip_call, {}, world->now);
  world->run(50ms);
  const auto gone = from_isup(T::rel);
  ASSERT_TRUE(gone);
  EXPECT_EQ(gone->message.get<isup::CauseIndicators>()->value, 16);
  expect_nothing_left();
  EXPECT_EQ(last_cdr().circuit, "e1-2:1");
  EXPECT_EQ(last_cdr().trunk, "ss7-1");
  EXPECT_EQ(last_cdr().cause, 16);
}

TEST_F(IsupCall, FromIsupIsAnsweredAndReleasedByIsup) {
  start_isup();
  const auto cic = call_from_isup(iam("1000"));
  const auto incoming = from_sip<sip::IncomingCall>();
  ASSERT_TRUE(incoming);
  EXPECT_EQ(incoming->info.request_uri.user, "1000");
  world->peer(0).provisional(incoming->call, 180, {}, {}, world->now);
  world->run(50ms);
  const auto complete = from_isup(T::acm);
  ASSERT_TRUE(complete);
  EXPECT_EQ(complete->message.get<isup::BackwardCallIndicators>()->called_status, 1);
  answer_at_sip(*incoming);
  EXPECT_TRUE(from_isup(T::anm));
  EXPECT_FALSE(from_isup(T::con));
  EXPECT_EQ(circuit("e1-2:5").state, "incoming");
  say(cic, make_rel(16));
  EXPECT_TRUE(from_sip<sip::ByeReceived>());
  expect_nothing_left();
}

TEST_F(IsupCall, AnAnswerWithoutAnythingBeforeItIsCon) {
  start_isup();
  call_from_isup(iam("1000"));
  answer_at_sip(*from_sip<sip::IncomingCall>());
  const auto answer = from_isup(T::con);
  ASSERT_TRUE(answer);
  EXPECT_NE(answer->message.get<isup::BackwardCallIndicators>(), nullptr);
  EXPECT_FALSE(from_isup(T::acm));
}

TEST_F(IsupCall, WhoAnswersIsToldToThoseWhoAsked) {  // Q.731.5
  start_isup();
  auto asks = iam("1000");
  asks.set(isup::OptionalForwardCallIndicators{.connected_line_request = true});
  for (const auto& [message, cic, told] : {std::tuple{asks, 5, true}, std::tuple{iam("1000"), 7, false}}) {
    call_from_isup(message, 0, static_cast<std::uint16_t>(cic));
    const auto incoming = from_sip<sip::IncomingCall>();
    ASSERT_TRUE(incoming);
    const auto body = sip::make_answer(incoming->info.sdp, doubles::peer_audio());
    ASSERT_TRUE(body);
    world->peer(0).answer(incoming->call, body->sdp, {{"P-Asserted-Identity", "<sip:5551@example.com>"}},
                          world->now);
    world->run(50ms);
    const auto answer = from_isup(T::con);
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->message.get<isup::ConnectedNumber>() != nullptr, told);
  }
}

TEST_F(IsupCall, InAnsiNetworksItIsAnAcmAndAnAnm) {
  start_isup(isup_config(1, isup::Variant::ansi));
  call_from_isup(iam("1000"));
  answer_at_sip(*from_sip<sip::IncomingCall>());
  EXPECT_TRUE(from_isup(T::acm));
  EXPECT_TRUE(from_isup(T::anm));
  EXPECT_FALSE(from_isup(T::con));
}

TEST_F(IsupCall, ACallThatLosesADualSeizureGoesToAnotherCircuit) {
  auto config = isup_config();
  config.isup_trunks[0].group.circuits[0].circuits.resize(3);
  config.isup_trunks[0].group.circuits.resize(1);
  start_isup(std::move(config));
  // CIC 2 is the far end's, whose point code is the higher one (Q.764 2.9.1.4).
  ASSERT_EQ(arrived_at_isup(), 1);
  world->peer(0).invite(invite("7001"), world->to_gateway(0), world->now);
  ASSERT_TRUE(world->ss7.group(0).seize(iam("1000"), {.cic = 2}, world->now));
  world->run(100ms);
  EXPECT_TRUE(from_sip<sip::IncomingCall>());
  const auto again = from_isup(T::iam);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->cic, 3);
}

TEST_F(IsupCall, WithoutALinkACallIsRefusedAtOnceAndTriesTheNextTarget) {
  auto config = isup_config();
  config.routes[0].to = {"ss7-1", "telco"};
  start_isup(std::move(config));
  world->ss7.cut(0, true);
  world->run(5s);
  EXPECT_FALSE(world->gateway.status(world->now).trunks.at(1).up);
  call_from_sip("7000");
  EXPECT_TRUE(from_pri<pri::SetupInd>());
}

TEST_F(IsupCall, CallsOutliveALinkThatFailsAndReturns) {
  start_isup();
  const auto cic = answered_at_isup();
  world->ss7.cut(0, true);
  world->run(60s);
  EXPECT_EQ(world->gateway.calls(world->now).at(0).state, "answered");
  world->ss7.cut(0, false);
  world->run(90s);
  EXPECT_EQ(world->gateway.links().at(0).state, "carrying");
  say(cic, make_rel(16));
  EXPECT_TRUE(from_sip<sip::ByeReceived>());
  expect_nothing_left();
}

TEST_F(IsupCall, AReleaseThatTheNetworkLostIsSaidAgain) {
  start_isup();
  answered_at_isup();
  world->ss7.cut(0, true);
  world->run(5s);
  world->peer(0).bye(sip_call, {}, world->now);
  world->run(5s);
  EXPECT_TRUE(world->gateway.idle());  // the call is over, its circuit is not
  EXPECT_EQ(circuit("e1-2:1").state, "releasing");
  world->ss7.cut(0, false);
  world->run(120s);  // T1
  EXPECT_TRUE(from_isup(T::rel));
  expect_nothing_left();
}

TEST_F(IsupCall, AMessageThatOnlyIsupHasIsPassedOnBetweenIsupTrunks) {
  auto config = isup_config(2);
  start_isup(std::move(config));
  auto message = iam("8000");
  message.set(isup::HopCounter{.value = 5});
  message.append(isup::Parameter(isup::RawParameter{.code = 0xaa, .contents = {1, 2, 3}}));
  const auto cic = call_from_isup(message, 0, 9);
  const auto begun = from_isup(T::iam, 1);
  ASSERT_TRUE(begun);
  EXPECT_EQ(begun->message.get<isup::HopCounter>()->value, 4);
  say(begun->cic, acm(), 1);
  ASSERT_TRUE(from_isup(T::acm));
  isup::Message apm(T::apm);
  apm.append(isup::Parameter(isup::RawParameter{.code = 0x78, .contents = {0x85, 0x83, 0xc0, 0x01, 0x02}}));
  say(cic, apm);
  EXPECT_TRUE(from_isup(T::apm, 1));
  say(begun->cic, apm, 1);
  EXPECT_TRUE(from_isup(T::apm, 0));
  isup::Message unknown(static_cast<T>(0xf5));  // Q.763 3.33: to be passed on, or discarded
  unknown.set(isup::MessageCompatibility{.octets = {isup::Instructions{.discard_parameter = true}.octet()}});
  const auto before = world->ss7.group(1).counters().unrecognized;
  say(cic, unknown);
  EXPECT_EQ(world->ss7.group(1).counters().unrecognized, before + 1);
  say(begun->cic, T::anm, 1);
  EXPECT_TRUE(from_isup(T::anm));
  EXPECT_EQ(world->media.patches.size(), 1U);
  isup::Message sus(T::sus);
  sus.set(isup::SuspendResume{});
  say(begun->cic, sus, 1);
  EXPECT_TRUE(from_isup(T::sus));
  say(begun->cic, make_rel(17), 1);
  const auto gone = from_isup(T::rel);
  ASSERT_TRUE(gone);
  EXPECT_EQ(gone->message.get<isup::CauseIndicators>()->value, 17);
  expect_nothing_left();
}

TEST_F(IsupCall, AHoldOfTheCallingPartyIsACpgForward) {
  start_isup(isup_config(2));
  const auto cic = call_from_isup(iam("8000"));
  const auto begun = from_isup(T::iam, 1);
  ASSERT_TRUE(begun);
  say(begun->cic, acm(), 1);
  say(begun->cic, T::anm, 1);
  isup::Message hold(T::cpg);
  hold.set(isup::EventInformation{2}).set(isup::GenericNotification{.indicator = 0x79});
  say(cic, hold);
  const auto told = from_isup(T::cpg, 1);
  ASSERT_TRUE(told);
  EXPECT_EQ(told->message.get<isup::GenericNotification>()->indicator, 0x79);
  say(cic, make_rel(16));
  expect_nothing_left();
}

TEST_F(IsupCall, WhatOnlyTheFarExchangeKnowsOfAReleaseCrosses) {
  start_isup(isup_config(2));
  call_from_isup(iam("8000"));
  const auto begun = from_isup(T::iam, 1);
  ASSERT_TRUE(begun);
  auto rel = make_rel(17);
  rel.set(isup::AutomaticCongestionLevel{});
  rel.set(isup::RedirectionInformation{});
  say(begun->cic, rel, 1);
  const auto gone = from_isup(T::rel);
  ASSERT_TRUE(gone);
  EXPECT_NE(gone->message.get<isup::RedirectionInformation>(), nullptr);
  EXPECT_EQ(gone->message.get<isup::AutomaticCongestionLevel>(), nullptr);
  EXPECT_EQ(gone->message.get<isup::CauseIndicators>()->value, 17);
}

TEST_F(IsupCall, ACallThatComesWithItsLastHopIsReleased) {
  start_isup(isup_config(2));
  auto message = iam("8000");
  message.set(isup::HopCounter{.value = 1});
  call_from_isup(message);
  EXPECT_FALSE(from_isup(T::iam, 1));
  const auto gone = from_isup(T::rel);
  ASSERT_TRUE(gone);
  EXPECT_EQ(gone->message.get<isup::CauseIndicators>()->value, 25);
}

TEST_F(IsupCall, AQuestionThatSipCannotBeAskedIsAnsweredHere) {
  start_isup();
  const auto cic = arrived_at_isup();
  isup::Message inr(T::inr);
  isup::InformationRequestIndicators asked;
  asked.calling_party_address = asked.calling_partys_category = true;
  inr.set(asked);
  say(cic, inr);
  const auto inf = from_isup(T::inf);
  ASSERT_TRUE(inf);
  EXPECT_EQ(inf->message.get<isup::InformationIndicators>()->calling_party_address, 3);
  ASSERT_NE(inf->message.get<isup::CallingPartyNumber>(), nullptr);
  EXPECT_EQ(inf->message.get<isup::CallingPartyNumber>()->digits, "2000");
  EXPECT_NE(inf->message.get<isup::CallingPartysCategory>(), nullptr);
  isup::Message far(T::far);
  far.set(isup::FacilityIndicator{});
  say(cic, far);
  EXPECT_TRUE(from_isup(T::frj));
}

TEST_F(IsupCall, AnAlertedPbxIsRungForHereUnlessItHasATone) {
  for (const bool inband : {false, true}) {
    auto config = isup_config();
    config.trunks[0].side = pri::Side::network;
    config.routes.insert(config.routes.begin(),
                         {.from = "ss7-1", .match = "^6", .rewrite = {}, .to = {"telco"}});
    heard.clear();
    start_isup(std::move(config));
    call_from_isup(iam("6000"));
    const auto setup = from_pri<pri::SetupInd>();
    ASSERT_TRUE(setup);
    world->far(0).alerting(setup->call, setup->setup.channel, inband, world->now);
    world->run(50ms);
    EXPECT_EQ(world->media.tones.contains({1, 5}), !inband);
    world->far(0).connect(setup->call, setup->setup.channel, world->now);
    world->run(50ms);
    EXPECT_TRUE(world->media.tones.empty());
  }
}

TEST_F(IsupCall, BetweenIsupAndPri) {
  auto config = isup_config();
  config.routes.push_back({.from = "telco", .match = "^9", .rewrite = "7000", .to = {"ss7-1"}});
  std::rotate(config.routes.rbegin(), config.routes.rbegin() + 1, config.routes.rend());
  config.routes.insert(config.routes.begin(),
                       {.from = "ss7-1", .match = "^6", .rewrite = {}, .to = {"telco"}});
  start_isup(std::move(config));
  const auto cic = call_from_isup(iam("6000"));
  const auto setup = from_pri<pri::SetupInd>();
  ASSERT_TRUE(setup);
  EXPECT_EQ(setup->setup.called.digits, "6000");
  world->far(0).alerting(setup->call, setup->setup.channel, false, world->now);
  world->run(50ms);
  EXPECT_TRUE(from_isup(T::acm));
  world->far(0).connect(setup->call, setup->setup.channel, world->now);
  world->run(50ms);
  EXPECT_TRUE(from_isup(T::anm));
  EXPECT_EQ(world->media.patches.size(), 1U);
  say(cic, make_rel(16));
  EXPECT_TRUE(from_pri<pri::DisconnectInd>());
  world->far(0).disconnect(setup->call, 16, world->now);
  world->run(1s);
  const auto call = call_from_pri("9", 3);
  ASSERT_NE(call, 0U);
  const auto begun = from_isup(T::iam);
  ASSERT_TRUE(begun);
  say(begun->cic, acm());
  say(begun->cic, T::anm);
  EXPECT_TRUE(from_pri<pri::ConnectInd>());
  world->far(0).disconnect(call, 16, world->now);
  world->run(1s);
  EXPECT_TRUE(from_isup(T::rel));
  expect_nothing_left();
}

TEST_F(IsupCall, EveryMsuIsTracedWithTheCallThatItBelongsTo) {
  start_isup();
  world->traces.clear();
  const auto cic = arrived_at_isup();
  say(cic, make_rel(17));
  world->run(1s);
  std::vector<std::pair<std::string, bool>> msus;
  for (const auto& record : world->traces) {
    if (record.kind != TraceKind::mtp) continue;
    EXPECT_EQ(record.call.value, 1U) << record.text;
    EXPECT_EQ(record.party, "ss7-1");
    EXPECT_EQ(record.link, 0);
    EXPECT_FALSE(record.octets.empty());
    msus.emplace_back(record.text.substr(0, 3), record.sent);
  }
  EXPECT_EQ(msus, (std::vector<std::pair<std::string, bool>>{{"IAM", true}, {"REL", false}, {"RLC", true}}));
}

}  // namespace
}  // namespace tandem::core
