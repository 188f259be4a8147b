// What a call does beside set-up and release: digits in pieces, sounds, holds, clear channels.
#include <algorithm>

#include "tests/unit/core/exchange_fixture.h"

namespace tandem::core {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

isup::Message sam(const std::string& digits) {
  isup::Message message(T::sam);
  isup::SubsequentNumber number;
  number.digits = digits;
  message.set(number);
  return message;
}

isup::Message notification(std::uint8_t indicator) {
  isup::Message message(T::cpg);
  message.set(isup::EventInformation{2}).set(isup::GenericNotification{indicator});
  return message;
}

std::string called_digits(const FakeLeg* leg) {
  const auto* number = leg->heard.front().get<isup::CalledPartyNumber>();
  return number != nullptr ? number->digits : "";
}

// --- digits in pieces (Q.764 2.1.2, RFC 3578 2) ---------------------------------------------------------

TEST_F(ExchangeTest, ANumberInPiecesIsCollectedUntilT10WhereTheOtherSideTakesNoDigits) {
  config.routes = {{"", "^12", "", {"carrier"}}};
  Exchange own(context, media, *this);  // with these routes
  auto leg = std::make_unique<FakeLeg>(CallId{1}, 0, "telco", false, nullptr);
  auto* caller = leg.get();
  caller->more = true;
  isup::Message iam(T::iam);
  isup::CalledPartyNumber called;
  called.digits = "1";
  iam.set(called);
  port = media.open_port(false);
  own.offer(std::move(leg), std::move(iam));
  own.run(now);
  EXPECT_TRUE(context.timers.running({TimerKind::t35, 1}));
  own.post(*caller, sam("23"));
  own.run(now);
  EXPECT_FALSE(context.timers.running({TimerKind::t35, 1}));
  EXPECT_TRUE(context.timers.running({TimerKind::t10, 1}));
  EXPECT_THAT(outs, IsEmpty());
  own.post(*caller, sam("4"));
  own.run(now);
  own.handle_timer({TimerKind::t10, 1}, now);
  ASSERT_EQ(outs.size(), 1U);
  EXPECT_EQ(called_digits(outs[0]), "1234");
  own.drop_all();
}

TEST_F(ExchangeTest, TheStSignalEndsTheCollection) {
  offer("telco", false, "10", true);
  EXPECT_THAT(outs, IsEmpty());
  say(in, sam("00F"));
  ASSERT_EQ(outs.size(), 1U);
  EXPECT_EQ(called_digits(outs[0]), "1000F");
  EXPECT_FALSE(context.timers.running({TimerKind::t10, 1}));
}

TEST_F(ExchangeTest, TooFewDigitsAreReleasedWith28WhenT35Ends) {
  config.routes.clear();
  Exchange own(context, media, *this);
  auto leg = std::make_unique<FakeLeg>(CallId{1}, 0, "telco", false, nullptr);
  auto* caller = leg.get();
  caller->more = true;
  isup::Message iam(T::iam);
  iam.set(isup::CalledPartyNumber{});
  own.offer(std::move(leg), std::move(iam));
  own.run(now);
  own.handle_timer({TimerKind::t35, 1}, now);
  EXPECT_EQ(last_cause(caller), 28);
  own.drop_all();
}

TEST_F(ExchangeTest, ACallerWhoHangsUpWhileDialingLeavesNothing) {
  offer("telco", false, "10", true);
  say(in, make_rel(16));
  rlc(in);
  settle_media();
  EXPECT_EQ(exchange.calls(), 0U);
  EXPECT_EQ(context.timers.size(), 0U);
}

TEST_F(ExchangeTest, DigitsGoOnOneByOneWhereTheOtherSideTakesThem) {
  takes_overlap_ = true;
  offer("telco", false, "10", true);
  ASSERT_EQ(outs.size(), 1U);
  say(in, sam("0"));
  say(in, sam("0"));
  EXPECT_THAT(outs[0]->types(), ElementsAre(T::iam, T::sam, T::sam));
  say(outs[0], acm(true));
  say(in, sam("9"));  // Q.764 2.1.2: too late
  EXPECT_THAT(outs[0]->types(), ElementsAre(T::iam, T::sam, T::sam));
}

TEST_F(ExchangeTest, DigitsWithoutEndAreDropped) {
  offer("telco", false, "1", true);
  for (int i = 0; i < 100; ++i) say(in, sam("0"));
  exchange.handle_timer({TimerKind::t10, 1}, now);
  ASSERT_EQ(outs.size(), 1U);
  EXPECT_EQ(called_digits(outs[0]).size(), 31U);
}

TEST_F(ExchangeTest, WhatWasSaidAtTheEndGoesOutAfterTheGatewaysOwnSound) {
  const isup::UserToUserInformation words{.protocol = 4, .octets = {7}};
  config.trunks[0].announcements = {{{17}, 7}};
  for (const bool said : {true, false}) {
    outs.clear();
    offer("telco", false);
    auto rel = make_rel(17);
    if (said) rel.set(words);
    say(outs[0], rel);
    EXPECT_NE(in->types().back(), T::rel);
    exchange.playback_ended(in->call(), now);
    ASSERT_EQ(in->types().back(), T::rel);
    const auto* told = in->heard.back().get<isup::UserToUserInformation>();
    ASSERT_EQ(told != nullptr, said);  // nor is it another call's
    if (said) {
      EXPECT_EQ(*told, words);
    }
    rlc(outs[0]);
    rlc(in);
    settle_media();
  }
}

// --- release (Q.737.1) ----------------------------------------------------------------------------------

TEST_F(ExchangeTest, WhatTheCalledPartySaysAtTheEndIsToldToTheCaller) {
  offer("telco", false);
  say(outs[0], isup::Message(T::con));
  const isup::UserToUserInformation words{.protocol = 4, .octets = {'b', 'y', 'e'}};
  auto rel = make_rel(31);
  rel.set(words).set(isup::AutomaticCongestionLevel{.level = 2});
  say(outs[0], rel);
  const auto& told = in->heard.back();
  EXPECT_EQ(told.type(), T::rel);
  EXPECT_EQ(last_cause(in), 31);
  ASSERT_NE(told.get<isup::UserToUserInformation>(), nullptr);
  EXPECT_EQ(*told.get<isup::UserToUserInformation>(), words);
  EXPECT_EQ(told.get<isup::AutomaticCongestionLevel>(), nullptr);  // Q.764 2.10: of one exchange to the next
}

TEST_F(ExchangeTest, WhatTheCallerSaysAtTheEndIsToldToTheCalledParty) {
  offer("telco", false);
  say(outs[0], isup::Message(T::con));
  const isup::UserToUserInformation words{.protocol = 0, .octets = {1, 2}};
  auto rel = make_rel(16);
  rel.set(words);
  say(in, rel);
  const auto* told = outs[0]->heard.back().get<isup::UserToUserInformation>();
  ASSERT_NE(told, nullptr);
  EXPECT_EQ(*told, words);
}

TEST_F(ExchangeTest, WhatWasSaidWithTonesGoesOutWithTheReleaseAndNotBackToTheSpeaker) {
  for (const bool by_speaker : {true, false}) {
    outs.clear();
    offer("telco", false);
    say(outs[0], isup::Message(T::con));
    isup::Message tones(T::cpg);
    tones.set(isup::CauseIndicators{.value = 31})
        .set(isup::UserToUserInformation{.protocol = 4, .octets = {7}});
    say(outs[0], tones);
    auto& told = by_speaker ? *in : *outs[0];
    say(by_speaker ? outs[0] : in, make_rel(by_speaker ? 31 : 16));
    EXPECT_EQ(told.heard.back().type(), T::rel);
    EXPECT_EQ(told.heard.back().get<isup::UserToUserInformation>() != nullptr, by_speaker);
    rlc(outs[0]);
    rlc(in);
    settle_media();
  }
}

// --- sounds ---------------------------------------------------------------------------------------------

TEST_F(ExchangeTest, AnAnnouncementForTheCauseComesBeforeTheRelease) {
  config.trunks[0].announcements = {{{1, 22}, 7}};
  config.peers[0].announcements = {{{1}, 5}};
  offer("carrier", true);
  const auto cause = make_rel(1);
  say(outs[0], cause);
  rlc(outs[0]);
  EXPECT_TRUE(has_inband(in->heard.back()));
  const auto sounds = commands<media::PlayToPeer>();
  ASSERT_EQ(sounds.size(), 1U);
  EXPECT_EQ(sounds[0].recording, 5);
  const auto opened = commands<media::OpenSession>();
  ASSERT_EQ(opened.size(), 2U);
  EXPECT_EQ(opened[1].circuit.timeslot, 0);
  EXPECT_EQ(opened[1].session, sounds[0].session);
  exchange.playback_ended(CallId{1}, now);
  EXPECT_EQ(last_cause(in), 1);
  rlc(in);
  settle_media();
  EXPECT_EQ(exchange.calls(), 0U);
  EXPECT_EQ(media.sessions(), 0U);
  EXPECT_EQ(context.timers.size(), 0U);
}

TEST_F(ExchangeTest, AnAnnouncementEndsWhenTheCallerHangsUp) {
  config.trunks[0].announcements = {{{17}, 7}};
  offer("telco", false);
  say(outs[0], make_rel(17));
  ASSERT_EQ(commands<media::PlayRecording>().size(), 1U);
  EXPECT_EQ(commands<media::PlayRecording>()[0].recording, 7);
  say(in, make_rel(16));
  EXPECT_FALSE(commands<media::PlayRecording>().back().recording);
  rlc(in);
  rlc(outs[0]);
  settle_media();
  EXPECT_EQ(exchange.calls(), 0U);
}

TEST_F(ExchangeTest, ANumberWithoutARouteIsAnnouncedToo) {
  config.trunks[0].announcements = {{{3}, 2}};
  config.routes.clear();
  Exchange own(context, media, *this);
  auto leg = std::make_unique<FakeLeg>(CallId{1}, 0, "telco", false, nullptr);
  auto* caller = leg.get();
  own.offer(std::move(leg), isup::Message(T::iam));
  own.run(now);
  EXPECT_EQ(commands<media::PlayRecording>().size(), 1U);
  own.playback_ended(CallId{1}, now);
  EXPECT_EQ(last_cause(caller), 3);
  own.post(*caller, isup::Message(T::rlc));
  own.run(now);
  EXPECT_EQ(own.calls(), 0U);
}

TEST_F(ExchangeTest, TheHeldPartyHearsMusicUnlessTheHolderSendsItsOwn) {
  config.trunks[0].hold_music = 3;
  offer("carrier", true);
  say(outs[0], isup::Message(T::anm));
  in->end().parameters = media::RtpParameters{};
  say(in, notification(0x79));
  EXPECT_THAT(commands<media::PlayRecording>(), IsEmpty());  // sendonly: RFC 3264 8.4
  EXPECT_EQ(outs[0]->types().back(), T::cpg);
  in->end().parameters->receive = false;
  say(in, notification(0x79));
  ASSERT_EQ(commands<media::PlayRecording>().size(), 1U);
  EXPECT_TRUE(commands<media::PlayRecording>()[0].repeat);
  say(in, notification(0x7a));
  EXPECT_FALSE(commands<media::PlayRecording>().back().recording);
}

TEST_F(ExchangeTest, WithoutMusicAHeldCircuitHearsTheHoldTone) {
  offer("carrier", true);
  say(outs[0], isup::Message(T::anm));
  in->end().parameters = media::RtpParameters{};
  in->end().parameters->receive = false;
  say(in, notification(0x79));
  ASSERT_EQ(commands<media::PlayTone>().size(), 1U);
  EXPECT_EQ(commands<media::PlayTone>()[0].tone, media::Tone::hold);
  say(in, make_rel(16));
  EXPECT_EQ(commands<media::PlayTone>().back().tone, media::Tone::none);
}

TEST_F(ExchangeTest, APeerHeldByAPartyThatGaveItsChannelUpHearsTheHoldTone) {
  offer("carrier", true);
  say(outs[0], isup::Message(T::anm));
  in->end().parameters = media::RtpParameters{};
  outs[0]->held = true;
  exchange.media_changed(*outs[0]);
  say(outs[0], notification(0x79));
  ASSERT_EQ(commands<media::PlayToPeer>().size(), 1U);
  EXPECT_EQ(commands<media::PlayToPeer>()[0].tone, media::Tone::hold);
  EXPECT_EQ(commands<media::PlayToPeer>()[0].session, commands<media::OpenSession>().back().session);
  outs[0]->held = false;
  exchange.media_changed(*outs[0]);
  say(outs[0], notification(0x7a));
  EXPECT_EQ(commands<media::PlayToPeer>().back().tone, media::Tone::none);
  ASSERT_EQ(commands<media::OpenSession>().size(), 3U);
  EXPECT_EQ(commands<media::OpenSession>()[2].circuit, (Circuit{0, 5}));
  EXPECT_TRUE(commands<media::ThroughConnect>().back().to_rtp);
  say(in, make_rel(16));
  rlc(in);
  rlc(outs[0]);
  settle_media();
  EXPECT_EQ(media.sessions(), 0U);
  EXPECT_EQ(holds, 0);
  EXPECT_EQ(exchange.calls(), 0U);
}

TEST_F(ExchangeTest, ARingbackThatIsNotWantedIsNotPlayed) {
  config.trunks[0].ringback = false;
  offer("telco", false);
  say(outs[0], acm(true));
  EXPECT_THAT(commands<media::PlayTone>(), IsEmpty());
}

// --- in the call ----------------------------------------------------------------------------------------

TEST_F(ExchangeTest, WhatOnePartyIsToldInTheCallReachesTheOther) {
  offer("carrier", true);
  say(outs[0], isup::Message(T::anm));
  say(outs[0], isup::Message(T::sus));
  say(outs[0], isup::Message(T::res));
  EXPECT_THAT(in->types(), ElementsAre(T::anm, T::sus, T::res));
  say(in, isup::Message(T::sus));
  say(in, notification(0x60));
  EXPECT_THAT(outs[0]->types(), ElementsAre(T::iam, T::sus, T::cpg));
}

TEST_F(ExchangeTest, TonesOfADisconnectAfterTheAnswerAreHeardUntilT306) {
  offer("carrier", true);
  say(outs[0], isup::Message(T::anm));
  auto message = notification(0x7b);
  message.set(isup::CauseIndicators{.value = 27});
  say(outs[0], message);
  EXPECT_EQ(exchange.list(now).at(0).state, "answered");
  expire(TimerKind::inband);
  EXPECT_EQ(last_cause(in), 27);
  EXPECT_EQ(last_cause(outs[0]), 16);
}

TEST_F(ExchangeTest, DigitsCrossBetweenSignallingAndTheCircuit) {
  offer("carrier", true);
  say(outs[0], isup::Message(T::anm));
  exchange.digit(*in, '5', 160);
  exchange.run(now);
  ASSERT_EQ(commands<media::PlayDigit>().size(), 1U);
  EXPECT_EQ(commands<media::PlayDigit>()[0].digit, '5');
  EXPECT_EQ(commands<media::PlayDigit>()[0].duration_ms, 160);
  exchange.digit_heard(CallId{1}, '#', 90, now);
  EXPECT_EQ(in->digits, "#");
}

TEST_F(ExchangeTest, UnrestrictedDigitalInformationIsPatchedClear) {
  config.routes = {{"", "", "", {"telco"}}};
  Exchange own(context, media, *this);
  auto leg = std::make_unique<FakeLeg>(CallId{1}, 0, "telco", false, nullptr);
  isup::Message iam(T::iam);
  iam.set(isup::TransmissionMedium{2});
  own.offer(std::move(leg), std::move(iam));
  own.run(now);
  ASSERT_EQ(outs.size(), 1U);
  own.post(*outs[0], isup::Message(T::anm));
  own.run(now);
  ASSERT_EQ(commands<media::PatchCircuits>().size(), 1U);
  EXPECT_TRUE(commands<media::PatchCircuits>()[0].clear);
  own.drop_all();
}

TEST_F(ExchangeTest, AnAnsweredCallMayBeHandedOver) {
  offer("carrier", true);
  outs[0]->hands_over = true;
  say(outs[0], isup::Message(T::anm));
  EXPECT_TRUE(std::ranges::any_of(context.out, [](const Output& output) {
    const auto* record = std::get_if<TraceRecord>(&output);
    return record != nullptr && record->text.find("join the two channels") != std::string::npos;
  }));
}

// --- transfer (ETS 300 369-1) ---------------------------------------------------------------------------

class TransferTest : public ExchangeTest {
 protected:
  TransferTest() : ExchangeTest(routed()) {}
  static Config routed() {
    auto config = doubles::small_config(2);
    config.routes = {
        {"carrier", "", "", {"telco"}}, {"telco", "", "", {"telco2"}}, {"telco2", "", "", {"carrier"}}};
    return config;
  }
  /// An answered call from `from` to `to`; its legs in `caller` and `callee`.
  void call(std::uint64_t id, const std::string& from, bool packet, FakeLeg*& caller, FakeLeg*& callee) {
    const auto own = media.open_port(false);
    port = own;
    auto leg = std::make_unique<FakeLeg>(CallId{id}, 0, from, packet, own.transport);
    caller = leg.get();
    isup::Message iam(T::iam);
    isup::CalledPartyNumber called;
    called.digits = "1000";
    iam.set(called);
    exchange.offer(std::move(leg), std::move(iam));
    exchange.run(now);
    callee = outs.back();
    say(callee, isup::Message(T::anm));
  }
};

TEST_F(TransferTest, TwoCallsOfAPartyBecomeOneBetweenTheOtherTwo) {
  FakeLeg *x = nullptr, *a = nullptr, *b = nullptr, *y = nullptr;
  call(1, "carrier", true, x, a);  // SIP to the party on the trunk
  call(2, "telco", false, b, y);   // which calls another one on a trunk
  context.out.clear();
  ASSERT_TRUE(exchange.transfer(*a, *b, now));
  EXPECT_EQ(a->types().back(), T::rel);
  EXPECT_EQ(b->types().back(), T::rel);
  EXPECT_NE(x->types().back(), T::rel);
  EXPECT_NE(y->types().back(), T::rel);
  EXPECT_EQ(commands<media::OpenSession>().size(), 1U);
  EXPECT_TRUE(commands<media::ThroughConnect>().back().to_rtp);
  rlc(a);
  rlc(b);
  settle_media();
  EXPECT_EQ(exchange.calls(), 2U);
  say(y, make_rel(16));
  EXPECT_EQ(x->types().back(), T::rel);
  rlc(y);
  rlc(x);
  settle_media();
  EXPECT_EQ(exchange.calls(), 0U);
  EXPECT_EQ(media.sessions(), 0U);
  EXPECT_EQ(holds, 0);
}

TEST_F(TransferTest, TwoRtpPartiesStayWhereTheyAre) {
  FakeLeg *x = nullptr, *a = nullptr, *b = nullptr, *y = nullptr;
  call(1, "carrier", true, x, a);
  call(2, "telco2", false, b, y);
  EXPECT_FALSE(exchange.transfer(*a, *b, now));
  EXPECT_FALSE(exchange.transfer(*a, *a, now));
  EXPECT_EQ(exchange.list(now).size(), 2U);
  EXPECT_NE(a->types().back(), T::rel);
}

}  // namespace
}  // namespace tandem::core
