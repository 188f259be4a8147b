// PRI trunks of several spans, digits in pieces, and supplementary services across the gateway.
#include "isup/message.h"
#include "tests/unit/core/gateway_fixture.h"

namespace tandem::core {
namespace {

class PriTrunk : public GatewayCall {
 protected:
  /// Spans of one trunk: the D channel on the first, the backup on the second.
  static Config nfas(std::uint16_t spans, bool backup) {
    auto config = doubles::small_config();
    for (std::uint16_t i = 1; i < spans; ++i) {
      tdm::SpanConfig span;
      span.name = "e1-" + std::to_string(i + 1);
      config.spans.push_back(span);
      auto own = config.trunks[0].spans[0];
      own.span = i;
      own.interface_id = static_cast<std::uint8_t>(i);
      if (i == 1 && !backup) own.timeslots.insert(own.timeslots.begin() + 15, 16);
      config.trunks[0].spans.push_back(own);
    }
    if (backup) config.trunks[0].d_channels.push_back(Circuit{1, 16});
    return config;
  }
  /// The same with the far end told what is expected of it.
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

  pri::CallRef overlap_from_pri(const std::string& digits) {
    pri::Setup setup;
    setup.called.digits = digits;
    setup.calling = pri::Number{.digits = "3000"};
    setup.channel = {1, true};
    setup.sending_complete = false;
    const auto call = world->far(0).setup(setup, world->now);
    world->run(50ms);
    return call.value_or(0);
  }
  void digits_from_pri(pri::CallRef call, const std::string& digits, bool complete = false) {
    world->far(0).information(call, digits, complete, world->now);
    world->run(50ms);
  }
  std::string state_of(const std::string& circuit) {
    for (const auto& row : world->gateway.circuits())
      if (row.circuit == circuit) return row.state + "/" + row.blocked;
    return "none";
  }
};

// --- several spans --------------------------------------------------------------------------------------

TEST_F(PriTrunk, CallsGoOverTheSpansOneAfterTheOtherAndNameTheirInterface) {
  auto config = nfas(2, false);
  config.trunks[0].spans[0].timeslots = {1};
  config.trunks[0].spans[1].timeslots = {1, 16};
  start(std::move(config));
  for (const std::uint8_t span : std::vector<std::uint8_t>{0, 1, 1}) {
    const auto setup = set_up_from_sip();
    EXPECT_EQ(setup.setup.channel.span, span);
    world->far(0).proceeding(setup.call, setup.setup.channel, world->now);
    world->run(50ms);
  }
  EXPECT_EQ(state_of("e1-1:1"), "outgoing/");
  EXPECT_EQ(state_of("e1-2:1"), "outgoing/");
  EXPECT_EQ(state_of("e1-2:16"), "outgoing/");
  call_from_sip("1000");
  EXPECT_EQ(from_sip<sip::FailureReceived>()->reasons.at(0).cause, 34);
}

TEST_F(PriTrunk, AnIncomingCallTakesTheSpanThatItsChannelIdentificationNames) {
  start(nfas(2, false));
  pri::Setup setup;
  setup.called.digits = "1000";
  setup.channel = {5, true, 1};
  ASSERT_TRUE(world->far(0).setup(setup, world->now));
  world->run(50ms);
  ASSERT_TRUE(from_sip<sip::IncomingCall>());
  EXPECT_EQ(state_of("e1-2:5"), "incoming/");
  EXPECT_EQ(state_of("e1-1:5"), "idle/");
}

TEST_F(PriTrunk, AnAlarmClearsTheCallsOfItsSpanAndNewOnesTakeTheOther) {
  auto config = nfas(2, false);
  config.trunks[0].hunt = Hunt::descending;
  config.trunks[0].timers = {{"T309", 6000}};
  start(std::move(config));
  auto first = set_up_from_sip();
  ASSERT_EQ(first.setup.channel.span, 1);
  world->far(0).connect(first.call, first.setup.channel, world->now);
  world->run(50ms);
  world->gateway.handle_media(media::SpanAlarms{1, {.red = true}}, world->now);
  EXPECT_EQ(state_of("e1-2:1"), "idle/alarm");
  EXPECT_EQ(state_of("e1-1:1"), "idle/");
  const auto second = set_up_from_sip();
  EXPECT_EQ(second.setup.channel.span, 0);
  world->run(7s);  // longer than calls wait for a span
  EXPECT_EQ(from_pri<pri::DisconnectInd>()->cause.value, 27);
  world->far(0).disconnect(first.call, 16, world->now);
  world->run(1s);
  EXPECT_EQ(world->gateway.status(world->now).trunks[0].out_of_service, 31);
}

TEST_F(PriTrunk, OperatorsNameCircuitsOfOneSpanOrOfAll) {
  start(nfas(2, false));
  ASSERT_TRUE(world->gateway.block("telco", "e1-2:1-3", world->now));
  EXPECT_EQ(state_of("e1-2:3"), "idle/local");
  EXPECT_EQ(state_of("e1-1:3"), "idle/");
  ASSERT_TRUE(world->gateway.block("telco", "4", world->now));
  EXPECT_EQ(state_of("e1-1:4"), "idle/local");
  EXPECT_EQ(state_of("e1-2:4"), "idle/local");
  EXPECT_FALSE(world->gateway.block("telco", "e1-9:1", world->now));
  ASSERT_TRUE(world->gateway.reset("telco", "e1-2:7", world->now));
  world->run(1s);
  const auto restart = from_pri<pri::RestartInd>();
  ASSERT_TRUE(restart);
  EXPECT_EQ(restart->timeslot, 7);
  EXPECT_EQ(restart->span, 1);
  EXPECT_EQ(state_of("e1-2:7"), "idle/");
}

TEST_F(PriTrunk, TheBackupTakesOverAndCallsLiveOn) {
  start(nfas(2, true));
  const auto setup = answered_from_sip();
  world->cut_link(0, 0, true);
  world->run(40s);
  EXPECT_TRUE(world->gateway.status(world->now).trunks[0].up);
  EXPECT_EQ(state_of("e1-1:16"), "d-channel/down");
  EXPECT_EQ(state_of("e1-2:16"), "d-channel/");
  EXPECT_EQ(world->gateway.calls(world->now).size(), 1U);
  const auto second = set_up_from_sip();
  EXPECT_NE(second.call, setup.call);
  world->far(0).disconnect(second.call, 17, world->now);
  world->peer(0).bye(sip_call, {}, world->now);
  world->run(1s);
  world->far(0).disconnect(setup.call, 16, world->now);
  world->run(1s);
  EXPECT_TRUE(world->gateway.calls(world->now).empty());
}

// --- digits in pieces -----------------------------------------------------------------------------------

TEST_F(PriTrunk, DigitsAreCollectedUntilSendingComplete) {
  auto config = doubles::small_config();
  config.trunks[0].overlap = Overlap::collect;
  start_with(std::move(config), overlap);
  const auto call = overlap_from_pri("1");
  ASSERT_TRUE(from_pri<pri::SetupAckInd>());
  digits_from_pri(call, "23");
  EXPECT_FALSE(from_sip<sip::IncomingCall>());
  EXPECT_FALSE(from_pri<pri::ProceedingInd>());
  digits_from_pri(call, "4", true);
  const auto invite = from_sip<sip::IncomingCall>();
  ASSERT_TRUE(invite);
  EXPECT_EQ(invite->info.request_uri.user, "1234");
  EXPECT_TRUE(from_pri<pri::ProceedingInd>());
}

TEST_F(PriTrunk, ASquareEndsTheNumberAndIsNoPartOfIt) {
  auto config = doubles::small_config();
  config.trunks[0].overlap = Overlap::collect;
  start_with(std::move(config), overlap);
  const auto call = overlap_from_pri("12");
  digits_from_pri(call, "3#");
  EXPECT_EQ(from_sip<sip::IncomingCall>()->info.request_uri.user, "123");
}

TEST_F(PriTrunk, T302EndsTheNumberWhenItIsLongEnoughAndTheCallWhenItIsNot) {
  auto config = doubles::small_config();
  config.trunks[0].overlap = Overlap::collect;
  config.trunks[0].minimum_digits = 3;
  config.trunks[0].timers = {{"T302", 4000}};
  start_with(std::move(config), overlap);
  const auto call = overlap_from_pri("12");
  world->run(3s);
  digits_from_pri(call, "3");
  world->run(3s);
  EXPECT_FALSE(from_sip<sip::IncomingCall>());
  world->run(2s);
  EXPECT_EQ(from_sip<sip::IncomingCall>()->info.request_uri.user, "123");
  pri_events.clear();

  world->far(0).disconnect(call, 16, world->now);
  world->run(1s);
  overlap_from_pri("12");
  world->run(5s);
  const auto gone = from_pri<pri::DisconnectInd>();
  ASSERT_TRUE(gone);
  EXPECT_EQ(gone->cause.value, 28);
  EXPECT_FALSE(from_sip<sip::IncomingCall>());
  expect_nothing_left();
}

TEST_F(PriTrunk, ACallerWhoHangsUpWhileDiallingLeavesNothingBehind) {
  auto config = doubles::small_config();
  config.trunks[0].overlap = Overlap::collect;
  start_with(std::move(config), overlap);
  const auto call = overlap_from_pri("12");
  EXPECT_EQ(state_of("e1-1:1"), "incoming/");
  world->far(0).disconnect(call, 16, world->now);
  world->run(1s);
  EXPECT_EQ(state_of("e1-1:1"), "idle/");
  EXPECT_FALSE(from_sip<sip::IncomingCall>());
  expect_nothing_left();
}

TEST_F(PriTrunk, DigitsWithoutEndEndTheNumber) {
  auto config = doubles::small_config();
  config.trunks[0].overlap = Overlap::collect;
  start_with(std::move(config), overlap);
  const auto call = overlap_from_pri("1");
  for (int i = 0; i < 100 && world->gateway.calls(world->now).empty(); ++i) digits_from_pri(call, "123");
  EXPECT_EQ(world->gateway.calls(world->now).size(), 1U);
}

TEST_F(PriTrunk, DigitsFromOneTrunkArePassedOnToTheOther) {
  auto config = doubles::small_config(2);
  config.trunks[0].overlap = Overlap::pass_on;
  config.trunks[1].overlap_sending = true;
  config.routes.insert(config.routes.begin(), RouteConfig{"telco", "^9", "", {"telco2"}});
  start_with(std::move(config), overlap);
  std::vector<pri::Output> second;
  world->on_pri(1, [&](const pri::Output& event) { second.push_back(event); });
  const auto call = overlap_from_pri("91");
  const auto setup = take<pri::SetupInd>(second);
  ASSERT_TRUE(setup);
  EXPECT_EQ(setup->setup.called.digits, "91");
  EXPECT_FALSE(setup->setup.sending_complete);
  digits_from_pri(call, "2");  // before the far end has acknowledged: kept
  EXPECT_FALSE(take<pri::InformationInd>(second));
  world->far(1).setup_ack(setup->call, setup->setup.channel, false, world->now);
  world->run(50ms);
  EXPECT_EQ(take<pri::InformationInd>(second)->digits, "2");
  digits_from_pri(call, "3");
  EXPECT_EQ(take<pri::InformationInd>(second)->digits, "3");
  EXPECT_FALSE(from_pri<pri::ProceedingInd>());
  world->far(1).proceeding(setup->call, setup->setup.channel, world->now);
  world->run(50ms);
  EXPECT_TRUE(from_pri<pri::ProceedingInd>());
  world->far(1).disconnect(setup->call, 17, world->now);
  world->run(1s);
  EXPECT_EQ(ended().back().called_sent, "9123");
}

TEST_F(PriTrunk, ANumberThatIsWholeIsSentAsSuchOnATrunkThatTakesPieces) {
  auto config = doubles::small_config();
  config.trunks[0].overlap_sending = true;
  start_with(std::move(config), overlap);
  EXPECT_TRUE(set_up_from_sip("1000").setup.sending_complete);
}

// --- supplementary services -----------------------------------------------------------------------------

TEST_F(PriTrunk, DisconnectWithTonesKeepsTheChannelUntilTheCallerHangsUp) {
  start();
  const auto setup = answered_from_sip();
  world->far(0).disconnect(setup.call, pri::Cause{31, pri::Location::public_local}, world->now, true);
  world->run(2s);
  EXPECT_FALSE(from_sip<sip::ByeReceived>());
  EXPECT_EQ(world->gateway.calls(world->now).size(), 1U);
  EXPECT_EQ(state_of("e1-1:1"), "outgoing/");
  world->run(60s);
  EXPECT_TRUE(world->gateway.calls(world->now).empty());
  EXPECT_EQ(ended().back().cause, 31);
  expect_nothing_left();
}

TEST_F(PriTrunk, UserInformationThatCameWithTonesIsToldWhenTheyEnd) {
  auto config = doubles::small_config(2);
  config.routes.insert(config.routes.begin(), RouteConfig{"telco", "^9", "", {"telco2"}});
  start(std::move(config));
  std::vector<pri::Output> second;
  world->on_pri(1, [&](const pri::Output& event) { second.push_back(event); });
  pri::Setup setup;
  setup.called.digits = "91";
  setup.channel = {3, true};
  ASSERT_TRUE(world->far(0).setup(setup, world->now));
  world->run(50ms);
  const auto out = take<pri::SetupInd>(second);
  ASSERT_TRUE(out);
  world->far(1).connect(out->call, out->setup.channel, world->now);
  world->run(50ms);
  world->far(1).user_user(out->call, {.protocol = 4, .octets = {'b', 'y', 'e'}}, world->now);
  world->far(1).disconnect(out->call, pri::Cause{31, pri::Location::public_local}, world->now, true);
  world->run(50ms);
  EXPECT_FALSE(from_pri<pri::ReleasedInd>());
  world->run(60s);
  const auto cleared = from_pri<pri::DisconnectInd>();
  ASSERT_TRUE(cleared);
  ASSERT_TRUE(cleared->user_user);
  EXPECT_EQ(cleared->user_user->octets, (Octets{'b', 'y', 'e'}));
}

TEST_F(PriTrunk, ATrunkWithoutInbandDisconnectClearsAtOnce) {
  auto config = doubles::small_config();
  config.trunks[0].inband_disconnect = false;
  start(std::move(config));
  const auto setup = answered_from_sip();
  world->far(0).disconnect(setup.call, pri::Cause{31, pri::Location::public_local}, world->now, true);
  world->run(1s);
  EXPECT_TRUE(world->gateway.calls(world->now).empty());
}

TEST_F(PriTrunk, TheFarEndHearsOfBlockedChannelsBySERVICEAndItsOwnAreNotTaken) {
  auto config = doubles::small_config();
  config.trunks[0].type = pri::Switch::national;
  config.trunks[0].service_messages = true;
  config.trunks[0].d_channels = {Circuit{0, 24}};
  config.trunks[0].spans[0].timeslots = {1, 2, 3};
  config.spans[0].type = tdm::SpanType::t1;
  start_with(std::move(config), [](std::size_t, pri::DChannelConfig& far) { far.service_messages = true; });
  ASSERT_TRUE(world->gateway.block("telco", "2", world->now));
  world->run(1s);
  const auto told = from_pri<pri::ServiceInd>();
  ASSERT_TRUE(told);
  EXPECT_EQ(told->channel.timeslot, 2);
  EXPECT_FALSE(told->in_service);
  ASSERT_TRUE(world->far(0).service({1, true}, false, world->now));
  world->run(1s);
  EXPECT_EQ(state_of("e1-1:1"), "idle/remote");
  EXPECT_EQ(set_up_from_sip().setup.channel.timeslot, 3);
  ASSERT_TRUE(world->far(0).service({1, true}, true, world->now));
  world->run(1s);
  EXPECT_EQ(state_of("e1-1:1"), "idle/");
}

TEST_F(PriTrunk, AnUnrestrictedCallCrossesFromTrunkToTrunkAsSuch) {
  auto config = doubles::small_config(2);
  config.routes.insert(config.routes.begin(), RouteConfig{"telco", "^9", "", {"telco2"}});
  start(std::move(config));
  std::vector<pri::Output> second;
  world->on_pri(1, [&](const pri::Output& event) { second.push_back(event); });
  pri::Setup setup;
  setup.called.digits = "91";
  setup.bearer.transfer = pri::Transfer::unrestricted;
  setup.channel = {3, true};
  ASSERT_TRUE(world->far(0).setup(setup, world->now));
  world->run(50ms);
  const auto out = take<pri::SetupInd>(second);
  ASSERT_TRUE(out);
  EXPECT_EQ(out->setup.bearer.transfer, pri::Transfer::unrestricted);
}

TEST_F(PriTrunk, NamesNumbersAndUserInformationCrossFromTrunkToTrunk) {
  auto config = doubles::small_config(2);
  config.routes.insert(config.routes.begin(), RouteConfig{"telco", "^9", "", {"telco2"}});
  start(std::move(config));
  std::vector<pri::Output> second;
  world->on_pri(1, [&](const pri::Output& event) { second.push_back(event); });
  pri::Setup setup;
  setup.called.digits = "91";
  setup.calling = pri::Number{.digits = "3000"};
  setup.calling_name = "Anna";
  setup.channel = {3, true};
  setup.user_user = pri::UserUser{.protocol = 4, .octets = {'h', 'i'}};
  const auto call = world->far(0).setup(setup, world->now);
  ASSERT_TRUE(call);
  world->run(50ms);
  const auto out = take<pri::SetupInd>(second);
  ASSERT_TRUE(out);
  EXPECT_EQ(out->setup.calling_name, "Anna");
  ASSERT_TRUE(out->setup.user_user);
  EXPECT_EQ(out->setup.user_user->octets, (Octets{'h', 'i'}));
  world->far(1).connect(out->call, out->setup.channel, world->now,
                        {.number = pri::Number{.digits = "777"}, .name = {}, .subaddress = {}});
  world->run(50ms);
  const auto answer = from_pri<pri::ConnectInd>();
  ASSERT_TRUE(answer);
  ASSERT_TRUE(answer->connected);
  EXPECT_EQ(answer->connected->digits, "777");
  world->far(1).notify(out->call, pri::Notification::remote_hold, world->now);
  world->run(50ms);
  const auto told = from_pri<pri::NotifyInd>();
  ASSERT_TRUE(told);
  EXPECT_EQ(told->notification, pri::Notification::remote_hold);
}

TEST_F(PriTrunk, ATrunkThatShowsNoNamesAndNoConnectedNumbersGetsNone) {
  auto config = doubles::small_config(2);
  config.routes.insert(config.routes.begin(), RouteConfig{"telco", "^9", "", {"telco2"}});
  config.trunks[0].send_connected = false;
  config.trunks[1].send_display = false;
  start(std::move(config));
  std::vector<pri::Output> second;
  world->on_pri(1, [&](const pri::Output& event) { second.push_back(event); });
  pri::Setup setup;
  setup.called.digits = "91";
  setup.calling_name = "Anna";
  setup.channel = {3, true};
  ASSERT_TRUE(world->far(0).setup(setup, world->now));
  world->run(50ms);
  const auto out = take<pri::SetupInd>(second);
  ASSERT_TRUE(out);
  EXPECT_EQ(out->setup.calling_name, "");
  world->far(1).connect(out->call, out->setup.channel, world->now,
                        {.number = pri::Number{.digits = "777"}, .name = {}, .subaddress = {}});
  world->run(50ms);
  EXPECT_FALSE(from_pri<pri::ConnectInd>()->connected);
}

}  // namespace
}  // namespace tandem::core
