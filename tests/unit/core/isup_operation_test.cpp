// What operators, alarms and the auditor do to ISUP trunks, and calls that do not go by the book.
#include "gateway/core/ss7_side.h"
#include "tests/unit/core/isup_fixture.h"

namespace tandem::core {
namespace {

using T = isup::MessageType;
using testing::HasSubstr;

class IsupOperation : public IsupCall {
 protected:
  /// "1:local 2: ..." of the CICs that are not simply idle.
  std::string not_idle() {
    std::string text;
    for (const auto& row : world->gateway.circuits())
      if (row.cic && (row.state != "idle" || !row.blocked.empty()))
        text += std::to_string(*row.cic) + ":" + row.state + "/" + row.blocked + " ";
    return text;
  }
  isup::Message early(T type) {
    isup::Message message(type);
    if (type == T::acm) message.set(isup::BackwardCallIndicators{});
    return message;
  }
};

TEST_F(IsupOperation, CircuitsAreBlockedAndUnblockedByCic) {
  start_isup();
  ASSERT_TRUE(world->gateway.block("ss7-1", "3-4,9", world->now));
  world->run(1s);
  EXPECT_EQ(not_idle(), "3:idle/local 4:idle/local 9:idle/local ");
  EXPECT_TRUE(world->ss7.group(0).status(4)->remote_maintenance);
  EXPECT_FALSE(world->ss7.group(0).status(5)->remote_maintenance);
  ASSERT_TRUE(world->gateway.unblock("ss7-1", "", world->now));
  world->run(1s);
  EXPECT_EQ(not_idle(), "");
  EXPECT_FALSE(world->ss7.group(0).status(4)->remote_maintenance);
}

TEST_F(IsupOperation, CircuitsAreNamedByTimeslotWithTheSpanInFront) {
  start_isup();
  ASSERT_TRUE(world->gateway.block("ss7-1", "e1-2:17-18", world->now));
  world->run(1s);
  EXPECT_EQ(not_idle(), "17:idle/local 18:idle/local ");
}

TEST_F(IsupOperation, RangesThatMeanNothingAreRefusedInWords) {
  start_isup();
  const auto why = [this](const std::string& text) {
    const auto result = world->gateway.block("ss7-1", text, world->now);
    return result ? std::string("taken") : result.error();
  };
  EXPECT_THAT(why("16"), HasSubstr("has no circuit with a CIC in '16'"));
  EXPECT_THAT(why("9-3"), HasSubstr("runs backwards"));
  EXPECT_THAT(why("x"), HasSubstr("'x' is not a CIC"));
  EXPECT_THAT(why("e1-9:1"), HasSubstr("has no span 'e1-9'"));
  EXPECT_EQ(not_idle(), "");
}

TEST_F(IsupOperation, AResetReleasesTheCallOnTheCircuit) {
  start_isup();
  const auto cic = answered_at_isup();
  ASSERT_TRUE(world->gateway.reset("ss7-1", std::to_string(cic), world->now));
  world->run(1s);
  EXPECT_TRUE(from_sip<sip::ByeReceived>());
  EXPECT_TRUE(from_isup(T::rel) || world->ss7.group(0).status(cic)->call == isup::CallState::idle);
  expect_nothing_left();
}

TEST_F(IsupOperation, AResetFromTheFarEndDoesToo) {
  start_isup();
  const auto cic = answered_at_isup();
  world->ss7.group(0).reset(cic, 1, world->now);
  world->run(1s);
  EXPECT_TRUE(from_sip<sip::ByeReceived>());
  expect_nothing_left();
}

TEST_F(IsupOperation, TheFarEndsBlockingIsSeenAndKept) {
  auto config = isup_config();
  start_isup(std::move(config));
  world->ss7.group(0).block(1, 15, isup::Blocking::maintenance, world->now);
  world->run(1s);
  EXPECT_EQ(circuit("e1-2:1").blocked, "remote");
  EXPECT_EQ(arrived_at_isup(), 17);
}

TEST_F(IsupOperation, ASpanInAlarmIsBlockedAfterAWhileAndItsCallsEnd) {
  start_isup();
  const auto cic = answered_at_isup();
  world->gateway.handle_media(media::SpanAlarms{1, {.red = true}}, world->now);
  world->run(2s);
  EXPECT_EQ(world->gateway.calls(world->now).size(), 1U);
  world->run(2s);
  EXPECT_TRUE(from_sip<sip::ByeReceived>());
  EXPECT_EQ(circuit("e1-2:2").blocked, "alarm");
  EXPECT_TRUE(world->ss7.group(0).status(cic)->remote_hardware);
  world->gateway.handle_media(media::SpanAlarms{1, {}}, world->now);
  world->run(2s);
  EXPECT_EQ(circuit("e1-2:2").blocked, "");
  EXPECT_FALSE(world->ss7.group(0).status(cic)->remote_hardware);
  expect_nothing_left();
}

TEST_F(IsupOperation, AShortAlarmDoesNothing) {
  start_isup();
  answered_at_isup();
  world->gateway.handle_media(media::SpanAlarms{1, {.red = true}}, world->now);
  world->run(2s);
  world->gateway.handle_media(media::SpanAlarms{1, {}}, world->now);
  world->run(5s);
  EXPECT_EQ(world->gateway.calls(world->now).size(), 1U);
  EXPECT_EQ(circuit("e1-2:2").blocked, "");
}

TEST_F(IsupOperation, LinksAreListedAndTakeOrders) {
  start_isup();
  const auto links = world->gateway.links();
  ASSERT_EQ(links.size(), 1U);
  EXPECT_EQ(links[0].linkset, "ss7-1");
  EXPECT_EQ(links[0].circuit, "e1-2:16");
  EXPECT_EQ(links[0].state, "carrying");
  ASSERT_TRUE(world->gateway.command_link("ss7-1", 0, LinkOrder::deactivate, world->now));
  world->run(1s);
  EXPECT_EQ(world->gateway.links()[0].state, "deactivated");
  EXPECT_FALSE(world->gateway.status(world->now).trunks.at(1).up);
  ASSERT_TRUE(world->gateway.command_link("ss7-1", 0, LinkOrder::activate, world->now));
  world->run(90s);
  EXPECT_EQ(world->gateway.links()[0].state, "carrying");
  EXPECT_THAT(world->gateway.command_link("ss7-1", 4, LinkOrder::inhibit, world->now).error(),
              HasSubstr("no link with SLC 4"));
  EXPECT_THAT(world->gateway.command_link("x", 0, LinkOrder::inhibit, world->now).error(),
              HasSubstr("no linkset 'x'"));
}

TEST_F(IsupOperation, OfSipsResponsesTheFirstIsTheAcmAndOthersAreCpgs) {
  start_isup();
  const auto cic = call_from_isup(iam("1000"));
  const auto incoming = from_sip<sip::IncomingCall>();
  ASSERT_TRUE(incoming);
  for (const int status : {181, 183, 180}) {
    world->peer(0).provisional(incoming->call, status, {}, {}, world->now);
    world->run(50ms);
  }
  EXPECT_TRUE(from_isup(T::acm));
  EXPECT_FALSE(from_isup(T::acm));
  bool alerting = false;
  while (const auto progress = from_isup(T::cpg))
    alerting = alerting || progress->message.get<isup::EventInformation>()->event == 1;
  EXPECT_TRUE(alerting);
  answer_at_sip(*incoming);
  EXPECT_TRUE(from_isup(T::anm));
  say(cic, make_rel(16));
  expect_nothing_left();
}

TEST_F(IsupOperation, ARefusalOfSipIsARelWithItsCause) {
  start_isup();
  call_from_isup(iam("1000"));
  const auto incoming = from_sip<sip::IncomingCall>();
  ASSERT_TRUE(incoming);
  world->peer(0).reject(incoming->call, 486, {}, {}, {}, world->now);
  world->run(100ms);
  const auto gone = from_isup(T::rel);
  ASSERT_TRUE(gone);
  EXPECT_EQ(gone->message.get<isup::CauseIndicators>()->value, 17);
  expect_nothing_left();
}

TEST_F(IsupOperation, ARefusalOfIsupIsAStatus) {
  start_isup();
  const auto cic = arrived_at_isup();
  say(cic, make_rel(17));
  const auto failed = from_sip<sip::FailureReceived>();
  ASSERT_TRUE(failed);
  EXPECT_EQ(failed->status, 486);
  expect_nothing_left();
}

TEST_F(IsupOperation, ACallThatSipGivesUpIsReleased) {
  start_isup();
  const auto cic = arrived_at_isup();
  say(cic, acm());
  world->peer(0).cancel(sip_call, {}, world->now);
  world->run(100ms);
  EXPECT_TRUE(from_isup(T::rel));
  expect_nothing_left();
}

TEST_F(IsupOperation, WithoutAnAcmT7EndsTheCall) {
  start_isup();
  arrived_at_isup();
  world->run(30s);
  EXPECT_TRUE(from_sip<sip::FailureReceived>());
  EXPECT_TRUE(from_isup(T::rel));
  expect_nothing_left();
}

TEST_F(IsupOperation, DigitsThatFollowAreCollected) {
  auto config = isup_config();
  config.isup_trunks[0].overlap = Overlap::collect;
  start_isup(std::move(config));
  const auto cic = call_from_isup(iam("10"));
  EXPECT_FALSE(from_sip<sip::IncomingCall>());
  isup::Message sam(T::sam);
  sam.set(isup::SubsequentNumber{.digits = "00F"});
  say(cic, sam);
  const auto incoming = from_sip<sip::IncomingCall>();
  ASSERT_TRUE(incoming);
  EXPECT_EQ(incoming->info.request_uri.user, "1000");
}

TEST_F(IsupOperation, OrEndWithT10) {
  auto config = isup_config();
  config.isup_trunks[0].overlap = Overlap::collect;
  start_isup(std::move(config));
  call_from_isup(iam("1000"));
  world->run(4s);
  EXPECT_FALSE(from_sip<sip::IncomingCall>());
  world->run(2s);
  EXPECT_TRUE(from_sip<sip::IncomingCall>());
}

TEST_F(IsupOperation, DigitsArePassedOnBetweenIsupTrunks) {
  auto config = isup_config(2);
  config.isup_trunks[0].overlap = Overlap::pass_on;
  config.isup_trunks[1].overlap_sending = true;
  for (auto& route : config.routes)
    if (route.match == "^8...$") route.match = "^8";
  start_isup(std::move(config));
  const auto cic = call_from_isup(iam("80"));
  const auto begun = from_isup(T::iam, 1);
  ASSERT_TRUE(begun);
  EXPECT_EQ(begun->message.get<isup::CalledPartyNumber>()->digits, "80");
  isup::Message sam(T::sam);
  sam.set(isup::SubsequentNumber{.digits = "12"});
  say(cic, sam);
  const auto more = from_isup(T::sam, 1);
  ASSERT_TRUE(more);
  EXPECT_EQ(more->message.get<isup::SubsequentNumber>()->digits, "12");
}

TEST_F(IsupOperation, ACheckOfContinuityIsToldToTheMedia) {
  auto config = isup_config();
  config.isup_trunks[0].group.continuity_every = 1;
  start_isup(std::move(config));
  sip_call = call_from_sip("7000");
  EXPECT_TRUE(world->media.checks.contains({1, 1}));
  world->gateway.handle_media(media::ContinuityHeard{{1, 1}}, world->now);
  world->run(100ms);
  EXPECT_TRUE(world->media.checks.empty());
  EXPECT_TRUE(from_isup(T::iam));  // the far end has held it for the COT
  say(1, acm());
  EXPECT_TRUE(from_sip<sip::ProvisionalReceived>());
}

TEST_F(IsupOperation, ACheckThatFailsIsTriedOnAnotherCircuit) {
  auto config = isup_config();
  config.isup_trunks[0].group.continuity_every = 2;
  start_isup(std::move(config));
  ASSERT_EQ(arrived_at_isup(), 1);
  world->peer(0).invite(invite("7001"), world->to_gateway(0), world->now);
  world->run(3s);  // T24
  EXPECT_TRUE(world->media.checks.empty());
  const auto begun = from_isup(T::iam);
  ASSERT_TRUE(begun);
  EXPECT_EQ(begun->cic, 3);
}

TEST_F(IsupOperation, AnIamThatAsksForACheckIsLooped) {
  start_isup();
  auto message = iam("1000");
  message.set(isup::NatureOfConnection{.continuity = 1});
  const auto cic = call_from_isup(message);
  EXPECT_TRUE(world->media.loops.contains({1, 5}));
  EXPECT_FALSE(from_sip<sip::IncomingCall>());
  world->ss7.group(0).tone_received(cic, world->now);
  world->run(100ms);
  EXPECT_TRUE(world->media.loops.empty());
  EXPECT_TRUE(from_sip<sip::IncomingCall>());
}

TEST_F(IsupOperation, WhatIsForNoTrunkIsDropped) {
  start_isup();
  for (const auto& text : std::vector<Octets>{{},
                                              {0x85},
                                              {0x85, 0x64, 0x40, 0x12, 0x03},
                                              {0x85, 0x64, 0x40, 0xff, 0x3f, 0x05, 0x00, 0x01},
                                              {0x80, 0x64, 0x00, 0x32, 0x00, 0xff}}) {
    media::LinkEvent event{.link = 0, .what = media::LinkEvent::What::received, .msu = {}};
    event.msu.assign(text);
    world->gateway.handle_link(event, world->now);
  }
  world->gateway.handle_link({.link = 99, .what = media::LinkEvent::What::in_service, .msu = {}}, world->now);
  world->run(1s);
  EXPECT_TRUE(world->gateway.idle());
  EXPECT_EQ(not_idle(), "");
}

TEST_F(IsupOperation, WhenTheGatewayStopsCallsAreReleased) {
  start_isup();
  answered_at_isup();
  world->gateway.clear_all(world->now);
  world->run(1s);
  const auto gone = from_isup(T::rel);
  ASSERT_TRUE(gone);
  EXPECT_EQ(gone->message.get<isup::CauseIndicators>()->value, 41);
  EXPECT_TRUE(world->gateway.idle());
}

TEST_F(IsupOperation, AMessageOfTheNetworkIsAsPeopleReadIt) {
  const Octets sltm = {0x81, 0xc8, 0x00, 0x19, 0x10, 0x11, 0x20, 0xaa, 0xbb};
  EXPECT_EQ(describe_msu(sltm, mtp::Variant::itu), "SLTM SLC 1");
  EXPECT_THAT(describe_msu(Octets{0x85, 0x01}, mtp::Variant::itu), HasSubstr("MSU that cannot be read"));
}

}  // namespace
}  // namespace tandem::core
