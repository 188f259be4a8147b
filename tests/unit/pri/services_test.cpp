// Supplementary services over a pair of D channels.
#include "tests/unit/pri/by_hand.h"
#include "tests/unit/pri/pri_calls.h"

namespace tandem::tdm::pri {
namespace {

using namespace std::chrono_literals;

DChannelConfig with(Switch type) {
  DChannelConfig config;
  config.type = type;
  config.t1 = type != Switch::euroisdn && type != Switch::qsig;
  config.hold = config.transfer = config.service_messages = true;
  return config;
}

struct Services : testing::Test {
  PriPair pair{with(Switch::euroisdn)};
  Services() { pair.start(); }
};

TEST_F(Services, AnsweringTellsUserUserAndProgress) {
  const auto call = ring(pair, kUser, a_setup());
  const UserUser ringing{0x04, {'r'}};
  pair.at(kNet).alerting(call.called, {3, true}, true, pair.now(),
                         {.progress = {{ProgressDescription::destination_non_isdn, Location::public_remote}},
                          .user_user = ringing});
  pair.settle();
  const auto alerting = pair.take<AlertingInd>(kUser);
  ASSERT_TRUE(alerting);
  EXPECT_EQ(alerting->user_user, ringing);
  EXPECT_EQ(alerting->progress,
            (std::vector<Progress>{{ProgressDescription::inband, Location::public_local},
                                   {ProgressDescription::destination_non_isdn, Location::public_remote}}));
  const UserUser answer{0x00, {1, 0, 2}};
  pair.at(kNet).connect(call.called, {3, true}, pair.now(),
                        {.number = Number{.digits = "7"}, .subaddress = Subaddress{.octets = {1, 2, 3}}},
                        answer, {{ProgressDescription::returned_to_isdn, Location::transit}});
  pair.settle();
  const auto connected = pair.take<ConnectInd>(kUser);
  ASSERT_TRUE(connected);
  EXPECT_EQ(connected->user_user, answer);
  EXPECT_EQ(connected->subaddress, (Subaddress{.octets = {1, 2, 3}}));
  EXPECT_EQ(connected->progress,
            (std::vector<Progress>{{ProgressDescription::returned_to_isdn, Location::transit}}));
}

TEST_F(Services, ProgressPassesOnSeveralIndicatorsWithoutAddingOne) {
  const auto call = ring(pair, kUser, a_setup());
  const std::vector<Progress> both{{ProgressDescription::not_end_to_end, Location::transit},
                                   {ProgressDescription::destination_non_isdn, Location::public_remote}};
  pair.at(kNet).progress(call.called, {3, true}, Cause{1, Location::transit}, false, pair.now(),
                         {.progress = both});
  pair.settle();
  const auto progress = pair.take<ProgressInd>(kUser);
  ASSERT_TRUE(progress);
  EXPECT_EQ(progress->progress, both);
  EXPECT_EQ(progress->cause, (Cause{1, Location::transit}));
}

TEST_F(Services, TheNextClearingMessageHasTheUserUserInformation) {
  const auto call = answered(pair, kUser, a_setup());
  pair.at(kUser).user_user(call.caller, {0x04, {'b', 'y', 'e'}}, pair.now());
  pair.at(kUser).disconnect(call.caller, 16, pair.now());
  pair.settle();
  const auto disconnected = pair.take<DisconnectInd>(kNet);
  ASSERT_TRUE(disconnected);
  EXPECT_EQ(disconnected->user_user, (UserUser{0x04, {'b', 'y', 'e'}}));
  pair.at(kNet).user_user(call.called, {0x04, {'c', 'u'}}, pair.now());
  pair.at(kNet).disconnect(call.called, 16, pair.now());
  pair.settle();
  const auto released = pair.take<ReleasedInd>(kUser);
  ASSERT_TRUE(released);
  EXPECT_EQ(released->user_user, (UserUser{0x04, {'c', 'u'}}));
  const auto last = pair.take<ReleasedInd>(kNet);
  ASSERT_TRUE(last);
  EXPECT_FALSE(last->user_user);
}

TEST_F(Services, UserUserInformationIsCutToWhatAnElementHolds) {
  auto setup = a_setup();
  setup.user_user = UserUser{0x04, Octets(200, 'x')};
  SetupInd seen;
  ring(pair, kUser, setup, &seen);
  ASSERT_TRUE(seen.setup.user_user);
  EXPECT_EQ(seen.setup.user_user->octets.size(), 128U);
}

TEST_F(Services, NotificationsCrossEitherWay) {
  const auto call = answered(pair, kUser, a_setup());
  for (const auto notification :
       {Notification::user_suspended, Notification::user_resumed, Notification::remote_hold,
        Notification::remote_retrieval, Notification::bearer_change}) {
    pair.at(kUser).notify(call.caller, notification, pair.now());
    pair.at(kNet).notify(call.called, notification, pair.now());
    pair.settle();
    for (const auto end : {kNet, kUser}) {
      const auto notified = pair.take<NotifyInd>(end);
      ASSERT_TRUE(notified) << static_cast<int>(notification);
      EXPECT_EQ(notified->notification, notification);
    }
  }
}

TEST(NationalServices, NotificationsAreThoseOfQ931Alone) {
  PriPair pair(with(Switch::national));
  pair.start();
  const auto call = answered(pair, kUser, a_setup());
  pair.at(kUser).notify(call.caller, Notification::remote_hold, pair.now());
  pair.settle();
  EXPECT_EQ(pair.count<NotifyInd>(kNet), 0U);
  pair.at(kUser).notify(call.caller, Notification::user_suspended, pair.now());
  pair.settle();
  EXPECT_EQ(pair.count<NotifyInd>(kNet), 1U);
}

TEST_F(Services, AChangeOfTheConnectedPartyIsToldInTheCall) {
  const auto call = answered(pair, kUser, a_setup());
  const Number now_there{
      .digits = "555", .type = TypeOfNumber::national, .screening = Screening::user_passed};
  pair.at(kNet).connected_line(call.called, {.number = now_there, .name = "Max"}, pair.now());
  pair.settle();
  const auto line = pair.take<ConnectedLineInd>(kUser);
  ASSERT_TRUE(line);
  EXPECT_EQ(line->party.name, "Max");
  ASSERT_TRUE(line->party.number);
  EXPECT_EQ(line->party.number->digits, "555");
}

TEST(QsigServices, AlertingTellsWhoIsCalledAndTransferWhoIsThereNow) {
  PriPair pair(with(Switch::qsig));
  pair.start();
  const auto call = ring(pair, kUser, a_setup());
  pair.at(kNet).connected_line(call.called, {.name = "J\xC3\xBCrgen"}, pair.now());
  pair.at(kNet).alerting(call.called, {3, true}, false, pair.now());
  pair.settle();
  const auto alerting = pair.take<AlertingInd>(kUser);
  ASSERT_TRUE(alerting);
  EXPECT_EQ(alerting->name, "J\xC3\xBCrgen");
  pair.at(kNet).connect(call.called, {3, true}, pair.now());
  pair.settle();
  ASSERT_TRUE(pair.take<ConnectInd>(kUser));
  pair.at(kNet).connected_line(call.called, {.number = Number{.digits = "77"}, .name = "Ada"}, pair.now());
  pair.settle();
  const auto line = pair.take<ConnectedLineInd>(kUser);
  ASSERT_TRUE(line);
  EXPECT_EQ(line->party.name, "Ada");
  EXPECT_EQ(line->party.number.value_or(Number{}).digits, "77");
}

struct Diverting : testing::TestWithParam<Switch> {};
INSTANTIATE_TEST_SUITE_P(Types, Diverting, testing::Values(Switch::euroisdn, Switch::qsig, Switch::national));

TEST_P(Diverting, TellsTheCallerWhereTheCallGoes) {
  const bool possible = GetParam() != Switch::national;
  for (const auto from : {kNet, kUser}) {
    PriPair pair(with(GetParam()));
    pair.start();
    const auto call = ring(pair, from, a_setup());
    auto& called = pair.at(other(from));
    const Party to{.number = Number{.digits = "3003", .type = TypeOfNumber::national}};
    EXPECT_FALSE(called.diverted(call.called, to, RedirectionReason::busy, pair.now()));  // too early
    called.proceeding(call.called, {3, true}, pair.now());
    EXPECT_FALSE(called.diverted(call.called, {}, RedirectionReason::busy, pair.now()));  // to nobody
    pair.settle();
    EXPECT_EQ(pair.count<RedirectingInd>(from), 0U);
    EXPECT_EQ(called.diverted(call.called, to, RedirectionReason::busy, pair.now()), possible);
    pair.settle();
    const auto told = pair.take<RedirectingInd>(from);
    ASSERT_EQ(told.has_value(), possible);
    if (!possible) continue;
    EXPECT_EQ(told->to.number.value_or(Number{}).digits, "3003");
    EXPECT_EQ(told->redirection.reason, RedirectionReason::busy);
    called.connect(call.called, {3, true}, pair.now());
    pair.settle();
    EXPECT_TRUE(pair.take<ConnectInd>(from));
  }
}

TEST_P(Diverting, TellsTheReasonWithoutANumberThatIsRestricted) {
  if (GetParam() == Switch::national) return;
  PriPair pair(with(GetParam()));
  pair.start();
  const auto call = ring(pair, kUser, a_setup());
  pair.at(kNet).alerting(call.called, {3, true}, false, pair.now());
  const Party to{.number = Number{.digits = {}, .presentation = Presentation::restricted}};
  EXPECT_TRUE(pair.at(kNet).diverted(call.called, to, RedirectionReason::no_reply, pair.now()));
  pair.settle();
  const auto told = pair.take<RedirectingInd>(kUser);
  ASSERT_TRUE(told);
  EXPECT_EQ(told->redirection.reason, RedirectionReason::no_reply);
  EXPECT_EQ(told->to.number.value_or(Number{}).digits, "");
}

TEST_F(Services, HoldFreesTheChannelAndRetrieveTakesOne) {
  const auto call = answered(pair, kUser, a_setup());
  ASSERT_TRUE(pair.at(kUser).hold(call.caller, pair.now()));
  pair.settle();
  EXPECT_TRUE(pair.take<HoldInd>(kUser));
  EXPECT_TRUE(pair.take<HoldInd>(kNet));
  EXPECT_FALSE(pair.at(kUser).hold(call.caller, pair.now()));
  const auto second = answered(pair, kUser, a_setup(3));  // the channel is free
  ASSERT_TRUE(pair.at(kUser).retrieve(call.caller, {9, false}, pair.now()));
  pair.settle();
  const auto asked = pair.take<RetrieveInd>(kNet);
  ASSERT_TRUE(asked);
  EXPECT_EQ(asked->channel.value_or(Channel{}).timeslot, 9);
  const auto back = pair.take<RetrieveInd>(kUser);
  ASSERT_TRUE(back);
  EXPECT_EQ(back->channel, (Channel{9, true}));
  clear(pair, call);
  clear(pair, second);
  EXPECT_EQ(pair.at(kNet).call_records(), 0U);
}

TEST_F(Services, RetrieveIsRefusedWhenItsChannelIsTaken) {
  const auto call = answered(pair, kUser, a_setup());
  ASSERT_TRUE(pair.at(kUser).hold(call.caller, pair.now()));
  pair.settle();
  answered(pair, kUser, a_setup(3));
  ASSERT_TRUE(pair.at(kUser).retrieve(call.caller, {3, false}, pair.now()));
  pair.settle();
  EXPECT_EQ(pair.count<RetrieveInd>(kNet) + pair.count<RetrieveInd>(kUser), 0U);
  const auto why = pair.take<Notice>(kUser);
  ASSERT_TRUE(why);
  EXPECT_EQ(why->text, "RETRIEVE refused with cause 44");
  ASSERT_TRUE(pair.at(kUser).retrieve(call.caller, {4, false}, pair.now()));
  pair.settle();
  EXPECT_TRUE(pair.take<RetrieveInd>(kUser));
}

TEST(HoldOff, IsRefusedAndNotSent) {
  DChannelConfig config;
  PriPair pair(config);
  pair.start();
  const auto call = answered(pair, kUser, a_setup());
  EXPECT_FALSE(pair.at(kUser).hold(call.caller, pair.now()));
  EXPECT_FALSE(pair.at(kUser).retrieve(call.caller, {3, true}, pair.now()));
  EXPECT_FALSE(pair.at(kUser).transfer(call.caller, call.caller, pair.now()));
  EXPECT_FALSE(pair.at(kUser).service({3, true}, false, pair.now()));
}

struct Maintained : testing::TestWithParam<Switch> {};
INSTANTIATE_TEST_SUITE_P(Types, Maintained,
                         testing::Values(Switch::national, Switch::ni1, Switch::dms100, Switch::att4ess,
                                         Switch::lucent5ess));

TEST_P(Maintained, ServiceTakesAChannelOutAndBack) {
  PriPair pair(with(GetParam()));
  pair.start();
  for (const auto from : {kNet, kUser}) {
    for (const bool in_service : {false, true}) {
      ASSERT_TRUE(pair.at(from).service({5, true}, in_service, pair.now()));
      pair.settle();
      const auto told = pair.take<ServiceInd>(other(from));
      ASSERT_TRUE(told);
      EXPECT_EQ(told->channel.timeslot, 5);
      EXPECT_EQ(told->in_service, in_service);
      EXPECT_EQ(pair.count<ServiceInd>(from), 0U);
    }
  }
  EXPECT_EQ(pair.count<DChannelDown>(kNet) + pair.count<DChannelDown>(kUser), 0U);
}

TEST_P(Maintained, ServiceIsAnsweredWithItsStatusEvenWhenNobodyWantsToKnow) {
  auto config = with(GetParam());
  config.service_messages = false;
  FarByHand far(config);
  const bool national = GetParam() == Switch::national;
  for (const std::string status : {"c2", "c0"}) {
    far.send((national ? "43020000 07 0101" : "03020000 0f 0101") + status + " 1803 a98385");
    ASSERT_FALSE(far.sent.empty());
    EXPECT_EQ(far.sent.back(), status == "c2" ? "SERVICE ACKNOWLEDGE cr=0, out of service ch 5"
                                              : "SERVICE ACKNOWLEDGE cr=0, in service ch 5");
    EXPECT_EQ(far.last<ServiceInd>(), nullptr);
  }
}

TEST_F(Services, EuroIsdnHasNoServiceMessages) {
  EXPECT_FALSE(pair.at(kUser).service({5, true}, false, pair.now()));
}

TEST_F(Services, RestartOfAWholeSpanEndsItsCalls) {
  answered(pair, kUser, a_setup(3));
  answered(pair, kNet, a_setup(4));
  pair.at(kUser).restart(0, pair.now());
  pair.settle();
  const auto restarted = pair.take<RestartInd>(kNet);
  ASSERT_TRUE(restarted);
  EXPECT_EQ(restarted->timeslot, 0);
  EXPECT_TRUE(restarted->all);
  const auto acknowledged = pair.take<RestartAck>(kUser);
  ASSERT_TRUE(acknowledged);
  EXPECT_EQ(acknowledged->timeslot, 0);
  EXPECT_EQ(pair.count<ReleasedInd>(kNet), 2U);
  EXPECT_EQ(pair.count<ReleasedInd>(kUser), 2U);
  pair.run(10min);
  EXPECT_EQ(pair.count<RestartInd>(kNet), 0U);  // T316 has stopped
}

TEST_F(Services, TonesAfterDisconnectStayUntilT306) {
  const auto call = ring(pair, kUser, a_setup());
  pair.at(kNet).disconnect(call.called, Cause{1, Location::public_local}, pair.now(), true);
  pair.settle();
  const auto disconnected = pair.take<DisconnectInd>(kUser);
  ASSERT_TRUE(disconnected);
  EXPECT_EQ(disconnected->cause.value, 1);
  ASSERT_EQ(disconnected->progress.size(), 1U);
  EXPECT_EQ(disconnected->progress[0].description, ProgressDescription::inband);
  pair.run(29s);
  EXPECT_EQ(pair.count<ReleasedInd>(kUser) + pair.count<ReleasedInd>(kNet), 0U);
  pair.run(2s);
  EXPECT_EQ(pair.count<ReleasedInd>(kUser), 1U);
  EXPECT_EQ(pair.count<ReleasedInd>(kNet), 1U);
  EXPECT_EQ(pair.at(kNet).call_records() + pair.at(kUser).call_records(), 0U);
}

TEST_F(Services, AClosedDChannelIsDownAtBothEndsAndSilent) {
  pair.at(kNet).close(pair.now());
  pair.settle();
  EXPECT_FALSE(pair.at(kNet).up());
  EXPECT_FALSE(pair.at(kUser).up());
  pair.run(60s);
  EXPECT_FALSE(pair.at(kUser).up());
  EXPECT_FALSE(pair.at(kNet).next_deadline());
}

TEST_F(Services, TonesAreTheNetworksAlone) {
  const auto call = ring(pair, kNet, a_setup());
  pair.at(kUser).disconnect(call.called, Cause{17, Location::user}, pair.now(), true);
  pair.settle();
  const auto disconnected = pair.take<DisconnectInd>(kNet);
  ASSERT_TRUE(disconnected);
  EXPECT_TRUE(disconnected->progress.empty());
}

TEST(InbandDisconnectOff, TonesAreNotReported) {
  DChannelConfig config;
  config.inband_disconnect = false;
  PriPair pair(config);
  pair.start();
  const auto call = ring(pair, kUser, a_setup());
  pair.at(kNet).disconnect(call.called, Cause{1, Location::public_local}, pair.now(), true);
  pair.settle();
  const auto disconnected = pair.take<DisconnectInd>(kUser);
  ASSERT_TRUE(disconnected);
  EXPECT_TRUE(disconnected->progress.empty());
}

TEST(ConfiguredTimers, ReachLibpriAndTheOnesBesideIt) {
  DChannelConfig config;
  config.timers = {{"T303", 2'000}, {"T301", 60'000}, {"T306", 5'000}};
  PriPair pair(config);
  pair.start();
  pair.wire = [](PriPair::End, OctetView octets) { return parse_frame(octets)->kind != FrameKind::i; };
  ASSERT_TRUE(pair.at(kUser).setup(a_setup(), pair.now()));
  pair.wire = [](PriPair::End from, OctetView octets) {  // layer 2 hears it, layer 3 does not answer
    return from == kUser || parse_frame(octets)->kind != FrameKind::i;
  };
  pair.run(3900ms);
  EXPECT_EQ(pair.count<ReleasedInd>(kUser), 0U);
  pair.run(200ms);
  EXPECT_EQ(pair.count<ReleasedInd>(kUser), 1U);  // T303 twice
}

TEST_F(Services, SetupNamesACarrier) {  // Q.931 4.5.29
  std::string on_the_wire;
  pair.wire = [&](PriPair::End from, OctetView octets) {
    if (from == kUser) on_the_wire += to_hex(octets) + " ";
    return true;
  };
  auto setup = a_setup();
  setup.transit_network = "0288";
  SetupInd seen;
  ring(pair, kUser, setup, &seen);
  EXPECT_EQ(seen.setup.transit_network, "0288");
  EXPECT_NE(on_the_wire.find("7805a130323838"), std::string::npos) << on_the_wire;
  setup.transit_network = "123456789";  // no carrier has so many
  setup.channel.timeslot = 9;
  ring(pair, kUser, setup, &seen);
  EXPECT_EQ(seen.setup.transit_network, "12345678");
  setup.transit_network.clear();
  setup.channel.timeslot = 10;
  ring(pair, kUser, setup, &seen);
  EXPECT_EQ(seen.setup.transit_network, "");
}

TEST(NetworkFacilities, AreAskedForByEverySetupOfTheTrunk) {  // Q.931 4.5.21, TR 41459
  for (const auto facility : {NetworkFacility::none, NetworkFacility::megacom}) {
    auto config = with(Switch::att4ess);
    config.facility = facility;
    PriPair pair(config);
    pair.start();
    std::string on_the_wire;
    pair.wire = [&](PriPair::End from, OctetView octets) {
      if (from == kUser) on_the_wire += to_hex(octets) + " ";
      return true;
    };
    const auto call = answered(pair, kUser, a_setup());
    EXPECT_EQ(on_the_wire.find("200200e3") != std::string::npos, facility == NetworkFacility::megacom)
        << on_the_wire;
    clear(pair, call);
  }
}

}  // namespace
}  // namespace tandem::tdm::pri
