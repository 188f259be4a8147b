// What a PRI trunk asks of the exchange besides calls: keypad, short numbers, tones before a release, hold,
// transfer, a D channel that fails or is no longer wanted.
#include <algorithm>
#include <set>

#include "tests/unit/core/gateway_fixture.h"

namespace tandem::core {
namespace {

class PriServices : public GatewayCall {
 protected:
  void start_with(Config config, const doubles::GatewayWorld::FarConfig& far) {
    world = std::make_unique<doubles::GatewayWorld>(std::move(config), 1, 4000, far);
    world->keep_traces = true;
    world->on_sip(0, [this](const sip::Event& event) { sip_events.push_back(event); });
    world->on_pri(0, [this](const pri::Output& event) { pri_events.push_back(event); });
    world->run(3s);
    sip_events.clear();
    pri_events.clear();
  }
  static void overlap(std::size_t, pri::DChannelConfig& far) {
    far.overlap_sending = far.overlap_receiving = true;
  }
  pri::CallRef set_up(const std::string& digits, bool complete, const std::string& keypad = {},
                      std::uint8_t timeslot = 1) {
    pri::Setup setup;
    setup.called.digits = digits;
    setup.keypad = keypad;
    setup.channel = {timeslot, true};
    setup.sending_complete = complete;
    const auto call = world->far(0).setup(setup, world->now);
    world->run(50ms);
    return call.value_or(0);
  }
  void dial(pri::CallRef call, const std::string& digits, bool complete = false) {
    world->far(0).information(call, digits, complete, world->now);
    world->run(50ms);
  }
  std::string state_of(const std::string& circuit) {
    for (const auto& row : world->gateway.circuits())
      if (row.circuit == circuit) return row.state + "/" + row.blocked;
    return "none";
  }
  /// The gateway has sent a Q.931 message of that name. (libpri takes no event of a diversion's NOTIFY.)
  bool has_sent(const std::string& message) {
    return std::ranges::any_of(world->traces, [&](const auto& record) {
      return record.kind == TraceKind::q931 && record.sent && record.text.starts_with(message);
    });
  }
  /// The peer has been sent an offer of this direction, and answers it.
  void accept_offer_that_is(const std::string& direction) {
    const auto offer = from_sip<sip::OfferReceived>();
    ASSERT_TRUE(offer) << "no offer of " << direction;
    const bool plain = !offer->sdp.contains("a=sendonly") && !offer->sdp.contains("a=recvonly") &&
                       !offer->sdp.contains("a=inactive");
    EXPECT_TRUE(direction == "sendrecv" ? plain : offer->sdp.contains("a=" + direction)) << offer->sdp;
    const auto answer = sip::make_answer(offer->sdp, doubles::peer_audio());
    ASSERT_TRUE(answer);
    world->peer(0).accept_offer(offer->call, answer->sdp, world->now);
    world->run(100ms);
  }
  std::string number_at_sip() {
    const auto incoming = from_sip<sip::IncomingCall>();
    return incoming ? incoming->info.request_uri.user : "none";
  }
};

TEST_F(PriServices, ANumberMayStandInTheKeypadElement) {
  start();
  set_up("", true, "4711");
  EXPECT_EQ(number_at_sip(), "4711");
  world->gateway.clear_all(world->now);
}

TEST_F(PriServices, AnyNumberThatIsTooShortIsRefusedWith28) {
  auto config = doubles::small_config();
  config.trunks[0].minimum_digits = 4;
  start(std::move(config));
  const auto call = set_up("123", true);
  EXPECT_FALSE(from_sip<sip::IncomingCall>());
  const auto gone = from_pri<pri::DisconnectInd>();
  ASSERT_TRUE(gone);
  EXPECT_EQ(gone->cause.value, 28);
  world->far(0).disconnect(call, 28, world->now);
  world->run(1s);
  set_up("1234", true);
  EXPECT_EQ(number_at_sip(), "1234");
  world->gateway.clear_all(world->now);
  world->run(100ms);
  for (const auto& event : pri_events)
    if (const auto* cleared = std::get_if<pri::DisconnectInd>(&event))
      world->far(0).disconnect(cleared->call, 16, world->now);
  expect_nothing_left();
}

TEST_F(PriServices, DigitsArePassedOnFromTheLeastNumberOn) {
  auto config = doubles::small_config();
  config.trunks[0].overlap = Overlap::pass_on;
  config.trunks[0].minimum_digits = 3;
  start_with(std::move(config), overlap);
  const auto call = set_up("1", false);
  dial(call, "2");
  EXPECT_EQ(world->gateway.calls(world->now).size(), 0U);
  dial(call, "3");
  ASSERT_EQ(world->gateway.calls(world->now).size(), 1U);
  EXPECT_EQ(world->gateway.calls(world->now)[0].called, "123");
  dial(call, "4", true);
  EXPECT_EQ(number_at_sip(), "1234");
  world->far(0).disconnect(call, 16, world->now);
  expect_nothing_left();
}

TEST_F(PriServices, DigitsOfACallThatIsBeingRefusedChangeNothing) {
  auto config = doubles::small_config();
  config.trunks[0].overlap = Overlap::collect;
  config.trunks[0].minimum_digits = 3;
  start_with(std::move(config), overlap);
  const auto call = set_up("1", false);
  dial(call, "2", true);
  ASSERT_TRUE(from_pri<pri::DisconnectInd>());
  dial(call, "345", true);
  EXPECT_FALSE(from_sip<sip::IncomingCall>());
  world->far(0).disconnect(call, 28, world->now);
  expect_nothing_left();
}

TEST_F(PriServices, ACallerWithoutADigitHearsDialToneUntilTheFirst) {
  for (const bool wanted : {true, false}) {
    auto config = doubles::small_config();
    config.trunks[0].overlap = Overlap::collect;
    config.trunks[0].dial_tone = wanted;
    start_with(std::move(config), overlap);
    const auto call = set_up("", false);
    const auto acknowledged = from_pri<pri::SetupAckInd>();
    ASSERT_TRUE(acknowledged);
    EXPECT_EQ(!acknowledged->progress.empty(), wanted);
    EXPECT_EQ(world->media.tones.contains({0, 1}), wanted);
    if (wanted) {
      EXPECT_EQ((world->media.tones.at({0, 1})), media::Tone::dial);
    }
    dial(call, "1");
    EXPECT_TRUE(world->media.tones.empty());
    world->far(0).disconnect(call, 16, world->now);
    world->run(1s);
    const auto second = set_up("", false);
    world->far(0).disconnect(second, 16, world->now);  // without any digit
    expect_nothing_left();
  }
}

TEST_F(PriServices, TheNetworkSideDisconnectsWithItsTonesOnTheChannel) {
  auto config = doubles::small_config();
  config.trunks[0].side = pri::Side::network;
  config.trunks[0].failure_tone = FailureTone::always;
  for (const bool waits : {true, false}) {
    start(config);
    const auto call = call_from_pri("2000", 7);
    const auto incoming = from_sip<sip::IncomingCall>();
    ASSERT_TRUE(incoming);
    world->peer(0).reject(incoming->call, 486, {}, {}, {}, world->now);
    world->run(100ms);
    const auto told = from_pri<pri::DisconnectInd>();
    ASSERT_TRUE(told);
    EXPECT_EQ(told->cause.value, 17);
    ASSERT_EQ(told->progress.size(), 1U);
    EXPECT_EQ(told->progress[0].description, pri::ProgressDescription::inband);
    EXPECT_EQ((world->media.tones.at({0, 7})), media::Tone::busy);
    if (!waits) world->far(0).disconnect(call, 17, world->now);  // the caller has heard enough
    world->run(waits ? 29s : 1s);
    EXPECT_EQ(from_pri<pri::ReleasedInd>().has_value(), !waits);
    EXPECT_EQ(world->media.tones.empty(), !waits);
    world->run(2s);  // T306: RELEASE
    EXPECT_EQ(from_pri<pri::ReleasedInd>().has_value(), waits);
    expect_nothing_left();
    EXPECT_EQ(ended().back().cause, 17);
  }
}

TEST_F(PriServices, WhatTheCalledPartySaidAtTheEndGoesWithTheGatewaysOwnTones) {  // Q.957.1, Q.737.1
  auto config = doubles::small_config(2, 1);
  for (auto& trunk : config.trunks) trunk.side = pri::Side::network;
  config.trunks[0].failure_tone = FailureTone::always;
  for (auto& route : config.routes) route.to = {"telco2"};
  start(std::move(config));
  std::vector<pri::Output> at_second;
  world->on_pri(1, [&](const pri::Output& event) { at_second.push_back(event); });
  const auto call = call_from_pri("2000", 7);
  const auto setup = take<pri::SetupInd>(at_second);
  ASSERT_TRUE(setup);
  world->far(1).user_user(setup->call, {.protocol = 4, .octets = {'b', 'u', 's', 'y'}}, world->now);
  world->far(1).disconnect(setup->call, 17, world->now);
  world->run(100ms);
  const auto told = from_pri<pri::DisconnectInd>();
  ASSERT_TRUE(told);
  ASSERT_EQ(told->progress.size(), 1U);
  ASSERT_TRUE(told->user_user);
  EXPECT_EQ(told->user_user->octets, (Octets{'b', 'u', 's', 'y'}));
  world->far(0).disconnect(call, 17, world->now);
  world->run(1s);
  const auto released = from_pri<pri::ReleasedInd>();
  ASSERT_TRUE(released);
  EXPECT_FALSE(released->user_user);  // once
  expect_nothing_left();
}

TEST_F(PriServices, ASetupThatADyingDChannelTookWithItIsRepeatedOnTheBackup) {
  auto config = doubles::small_config();
  tdm::SpanConfig span;
  span.name = "e1-2";
  config.spans.push_back(span);
  auto own = config.trunks[0].spans[0];
  own.span = 1;
  own.interface_id = 1;
  config.trunks[0].spans.push_back(own);
  config.trunks[0].d_channels.push_back(Circuit{1, 16});
  start(std::move(config));
  world->cut_link(0, 0, true);
  const auto call = call_from_sip("1000");
  EXPECT_FALSE(from_pri<pri::SetupInd>());
  world->run(5s);                          // layer 2 has given the link up
  auto setup = from_pri<pri::SetupInd>();  // T303's repetition, which is taken back
  while (auto next = from_pri<pri::SetupInd>()) setup = std::move(next);
  ASSERT_TRUE(setup);
  EXPECT_FALSE(from_sip<sip::FailureReceived>());
  world->far(0).connect(setup->call, setup->setup.channel, world->now);
  world->run(100ms);
  EXPECT_TRUE(from_sip<sip::AnswerReceived>());
  world->peer(0).bye(call, {}, world->now);
  world->run(100ms);
  world->far(0).disconnect(setup->call, 16, world->now);
  world->cut_link(0, 0, false);
  expect_nothing_left();
}

TEST_F(PriServices, ATrunkThatIsTakenOutTakesItsDChannelDown) {
  start(doubles::small_config(2, 1));
  auto wanted = world->config;
  wanted.trunks.erase(wanted.trunks.begin());
  wanted.routes[0].to = {"telco2"};
  wanted.routes.erase(wanted.routes.begin() + 1);
  world->gateway.reload(wanted, world->now);
  world->run(100ms);
  EXPECT_FALSE(world->far(0).up());
  EXPECT_TRUE(world->far(1).up());
  world->run(60s);
  EXPECT_FALSE(world->far(0).up());
  EXPECT_EQ(call_from_pri("2000"), 0U);
  world->gateway.reload(world->config, world->now);
  world->run(10s);
  EXPECT_TRUE(world->far(0).up());
  EXPECT_EQ(set_up_from_sip().setup.called.digits, "1000");
}

TEST_F(PriServices, ACallerIsToldByNumberAndReasonWhereItsCallGoes) {  // ETS 300 207-1, ISO/IEC 13873
  using T = pri::Switch;
  const sip::ExtraHeader history{"History-Info",
                                 "<sip:2000@x>;index=1,<sip:+442073@x;user=phone;cause=486>;index=1.1"};
  for (const auto type : {T::euroisdn, T::qsig, T::national}) {
    for (const bool ringing : {false, true}) {
      auto config = doubles::small_config();
      config.trunks[0].type = type;
      start(std::move(config));
      const auto call = call_from_pri("2000", 7);
      const auto incoming = from_sip<sip::IncomingCall>();
      ASSERT_TRUE(incoming);
      if (ringing) world->peer(0).provisional(incoming->call, 180, {}, {}, world->now);
      world->run(50ms);
      world->peer(0).provisional(incoming->call, 181, {}, {history}, world->now);
      world->run(50ms);
      const auto told = from_pri<pri::RedirectingInd>();
      ASSERT_EQ(told.has_value(), type != T::national);
      if (told) {
        EXPECT_TRUE(told->to.number.value_or(pri::Number{}).digits.ends_with("2073"));
        EXPECT_EQ(told->redirection.reason, pri::RedirectionReason::busy);
      }
      EXPECT_FALSE(has_sent("NOTIFY"));
      // Without a number there is only the notification, and only euroisdn has it.
      world->peer(0).provisional(incoming->call, 181, {}, {}, world->now);
      world->run(50ms);
      EXPECT_EQ(has_sent("NOTIFY"), type == T::euroisdn);
      world->far(0).disconnect(call, 16, world->now);
      expect_nothing_left();
    }
  }
}

TEST_F(PriServices, ATrunkThatIsNotToldNumbersIsToldOfADiversionAlone) {
  auto config = doubles::small_config();
  config.trunks[0].send_connected = false;
  start(std::move(config));
  const auto call = call_from_pri("2000", 7);
  const auto incoming = from_sip<sip::IncomingCall>();
  ASSERT_TRUE(incoming);
  world->peer(0).provisional(incoming->call, 181, {},
                             {{"History-Info", "<sip:2000@x>;index=1,<sip:+442073@x;cause=302>;index=1.1"}},
                             world->now);
  world->run(50ms);
  EXPECT_FALSE(from_pri<pri::RedirectingInd>());
  EXPECT_TRUE(has_sent("NOTIFY"));
  EXPECT_FALSE(has_sent("FACILITY"));
  world->far(0).disconnect(call, 16, world->now);
  expect_nothing_left();
}

TEST_F(PriServices, ADiversionAtThePstnIsA181WithItsReason) {
  start();
  const auto setup = set_up_from_sip();
  auto& far = world->far(0);
  far.proceeding(setup.call, setup.setup.channel, world->now);
  far.diverted(setup.call, {.number = pri::Number{.digits = "2073"}}, pri::RedirectionReason::no_reply,
               world->now);
  std::string last;
  world->tap = [&last](const sip::Transmit& sent) {
    const std::string text(sent.octets.begin(), sent.octets.end());
    if (text.starts_with("SIP/2.0 181")) last = text;
    return false;
  };
  world->run(100ms);
  world->tap = {};
  EXPECT_TRUE(last.contains("2073")) << last;
  EXPECT_TRUE(last.contains("cause=408")) << last;
  world->far(0).disconnect(setup.call, 16, world->now);
  expect_nothing_left();
}

TEST_F(PriServices, HoldFreesTheCircuitAndRetrieveTakesAnother) {
  auto config = doubles::small_config();
  config.trunks[0].hold = true;
  config.trunks[0].side = pri::Side::network;
  start_with(std::move(config), [](std::size_t, pri::DChannelConfig& far) { far.hold = true; });
  const auto call = call_from_pri("2000", 7);
  const auto incoming = from_sip<sip::IncomingCall>();
  ASSERT_TRUE(incoming);
  answer_at_sip(*incoming);
  ASSERT_TRUE(from_pri<pri::ConnectInd>());
  ASSERT_TRUE(world->far(0).hold(call, world->now));
  world->run(100ms);
  EXPECT_TRUE(from_pri<pri::HoldInd>());
  EXPECT_EQ(state_of("e1-1:7"), "idle/");
  accept_offer_that_is("sendonly");  // RFC 3398 9.1
  ASSERT_TRUE(world->far(0).retrieve(call, {9, true}, world->now));
  world->run(100ms);
  ASSERT_TRUE(from_pri<pri::RetrieveInd>());
  EXPECT_EQ(state_of("e1-1:9"), "incoming/");
  accept_offer_that_is("sendrecv");
  const auto* session = world->media.on({0, 9});
  ASSERT_NE(session, nullptr);
  EXPECT_TRUE(session->to_rtp && session->to_timeslot);
  world->far(0).disconnect(call, 16, world->now);
  expect_nothing_left();
}

TEST_F(PriServices, KeypadInACallGoesByInfoWhereThePeerHasIt) {
  for (const auto mode : {DtmfMode::info_relay, DtmfMode::rfc4733}) {
    auto config = doubles::small_config();
    config.peers[0].dtmf = mode;
    start(std::move(config));
    const auto call = call_from_pri("2000", 7);
    const auto incoming = from_sip<sip::IncomingCall>();
    ASSERT_TRUE(incoming);
    answer_at_sip(*incoming);
    ASSERT_TRUE(from_pri<pri::ConnectInd>());
    world->far_frame = [](Octets& frame) {  // INFORMATION with keypad facility (Q.932 8.2.3) for NOTIFY
      if (frame.size() <= 8 || frame[8] != 0x6e) return;
      frame.resize(8);
      frame.insert(frame.end(), {0x7b, 0x2c, 0x03, '5', 'x', '#'});
    };
    std::vector<std::string> bodies;
    world->tap = [&bodies](const sip::Transmit& sent) {
      const std::string text(sent.octets.begin(), sent.octets.end());
      if (text.starts_with("INFO ")) bodies.push_back(text.substr(text.find("\r\n\r\n") + 4));
      return false;
    };
    world->far(0).notify(call, pri::Notification::user_suspended, world->now);
    world->run(1s);
    if (mode == DtmfMode::info_relay)
      EXPECT_THAT(bodies,
                  ::testing::ElementsAre("Signal=5\r\nDuration=160\r\n", "Signal=#\r\nDuration=160\r\n"));
    else
      EXPECT_THAT(bodies, ::testing::IsEmpty());
    world->far_frame = {};
    world->far(0).disconnect(call, 16, world->now);
    expect_nothing_left();
    world->tap = {};
  }
}

TEST_F(PriServices, ATransferIsDecidedBeforeItsCallsAreCleared) {
  for (const bool wanted : {true, false}) {
    auto config = doubles::small_config(2, 1);
    config.trunks[0].hold = config.trunks[0].transfer = true;
    config.trunks[0].side = pri::Side::network;
    config.routes.back().to = {"telco"};
    config.routes[1].match = "^2";
    config.routes.insert(config.routes.begin() + 2, config.routes[1]);
    config.routes[2].match = "^3";
    config.routes[2].to = {wanted ? "telco2" : "carrier"};
    world = std::make_unique<doubles::GatewayWorld>(
        std::move(config), 1, 4000,
        [](std::size_t, pri::DChannelConfig& far) { far.hold = far.transfer = true; });
    std::vector<pri::Output> at_second;
    world->on_sip(0, [this](const sip::Event& event) { sip_events.push_back(event); });
    world->on_pri(0, [this](const pri::Output& event) { pri_events.push_back(event); });
    world->on_pri(1, [&](const pri::Output& event) { at_second.push_back(event); });
    world->run(3s);
    const auto first = call_from_pri("2000", 7);
    const auto incoming = from_sip<sip::IncomingCall>();
    ASSERT_TRUE(incoming);
    answer_at_sip(*incoming);
    ASSERT_TRUE(world->far(0).hold(first, world->now));
    world->run(100ms);
    const auto second = call_from_pri("3000", 8);
    if (wanted) {
      const auto setup = take<pri::SetupInd>(at_second);
      ASSERT_TRUE(setup);
      world->far(1).connect(setup->call, setup->setup.channel, world->now);
      world->run(100ms);
    } else {
      const auto other = from_sip<sip::IncomingCall>();
      ASSERT_TRUE(other);
      answer_at_sip(*other);
    }
    pri_events.clear();
    ASSERT_TRUE(world->far(0).transfer(first, second, world->now));
    world->run(200ms);
    // Two RTP parties cannot be joined: the transferring party keeps both calls.
    EXPECT_EQ(from_pri<pri::DisconnectInd>().has_value(), wanted);
    EXPECT_EQ(world->gateway.calls(world->now).size(), 2U);
    EXPECT_EQ(world->media.sessions.size(), wanted ? 1U : 1U + 1U);
  }
}

TEST_F(PriServices, ACallThatComesAndGoesOnOneTrunkIsHandedOverToItsFarEnd) {  // ETS 300 369-1
  for (const bool joined : {true, false}) {
    auto config = doubles::small_config();
    config.trunks[0].transfer = true;
    config.trunks[0].side = pri::Side::network;
    for (auto& route : config.routes) route.to = {"telco"};
    start_with(std::move(config), [](std::size_t, pri::DChannelConfig& far) { far.transfer = true; });
    const auto call = call_from_pri("1000", 7);
    const auto setup = from_pri<pri::SetupInd>();
    ASSERT_TRUE(setup);
    world->far(0).connect(setup->call, setup->setup.channel, world->now);
    world->run(100ms);
    const auto asked = from_pri<pri::TransferInd>();
    ASSERT_TRUE(asked);
    EXPECT_EQ(std::set<pri::CallRef>({asked->call, asked->other}),
              std::set<pri::CallRef>({call, setup->call}));
    world->far(0).transfer_result(*asked, joined, world->now);
    world->run(30s);
    // Until the far end clears, the call goes on through the gateway.
    EXPECT_FALSE(from_pri<pri::DisconnectInd>());
    EXPECT_EQ(world->media.patches.size(), 1U);
    world->far(0).disconnect(call, 16, world->now);
    world->far(0).disconnect(setup->call, 16, world->now);
    expect_nothing_left();
  }
}

TEST_F(PriServices, ACallIsHandedOverOnlyWhereTheTrunkSaysSo) {
  auto config = doubles::small_config();
  config.trunks[0].side = pri::Side::network;
  for (auto& route : config.routes) route.to = {"telco"};
  start_with(std::move(config), [](std::size_t, pri::DChannelConfig& far) { far.transfer = true; });
  const auto call = call_from_pri("1000", 7);
  const auto setup = from_pri<pri::SetupInd>();
  ASSERT_TRUE(setup);
  world->far(0).connect(setup->call, setup->setup.channel, world->now);
  world->run(100ms);
  EXPECT_FALSE(from_pri<pri::TransferInd>());
  EXPECT_FALSE(has_sent("FACILITY"));
  world->far(0).disconnect(call, 16, world->now);
  expect_nothing_left();
}

TEST_F(PriServices, ACarrierIsNamedAsTheTrunkSays) {  // Q.931 4.5.29, RFC 4694
  struct Case {
    CarrierRule rule;
    std::string named, sent;
  };
  for (const auto& [rule, named, sent] :
       {Case{{}, ";cic=0288", ""}, Case{{.as_called = true, .otherwise = {}}, ";cic=0288", "0288"},
        Case{{.as_called = true, .otherwise = {}}, "", ""},
        Case{{.as_called = false, .otherwise = "0444"}, ";cic=0288", "0444"},
        Case{{.as_called = false, .otherwise = "0444"}, "", "0444"}}) {
    auto config = doubles::small_config();
    config.trunks[0].carrier = rule;
    start(std::move(config));
    const auto setup = set_up_from_sip("1000" + named);
    EXPECT_EQ(setup.setup.transit_network, sent);
    EXPECT_EQ(setup.setup.called.digits, "1000");
    world->far(0).disconnect(setup.call, 16, world->now);
    expect_nothing_left();
  }
}

TEST_F(PriServices, ACarrierThatAPbxNamesCountsOnlyWhereTheTrunkSaysSo) {
  for (const bool counts : {true, false}) {
    auto config = doubles::small_config();
    config.trunks[0].carrier.as_called = counts;
    config.peers[0].numbers.country_code = "1";
    start(std::move(config));
    pri::Setup setup;
    setup.called.digits = "2000";
    setup.channel = {1, true};
    setup.transit_network = "0288";
    const auto call = world->far(0).setup(setup, world->now).value_or(0);
    world->run(50ms);
    const auto number = number_at_sip();
    EXPECT_EQ(number.contains(";cic=+10288"), counts) << number;
    world->far(0).disconnect(call, 16, world->now);
    expect_nothing_left();
  }
}

}  // namespace
}  // namespace tandem::core
