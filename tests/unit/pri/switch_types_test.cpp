// Every switch type against itself, called and cleared from either side.
#include "tests/unit/pri/pri_calls.h"

namespace tandem::tdm::pri {
namespace {

using namespace std::chrono_literals;

struct Flavour {
  std::string_view name;
  DChannelConfig config;
};

void PrintTo(const Flavour& flavour, std::ostream* out) {
  *out << flavour.name;
}

DChannelConfig of(Switch type, bool t1) {
  DChannelConfig config;
  config.type = type;
  config.t1 = t1;
  return config;
}

struct SwitchTypes : testing::TestWithParam<Flavour> {
  PriPair pair{GetParam().config};
  [[nodiscard]] Switch type() const { return GetParam().config.type; }
  SwitchTypes() { pair.start(); }
  void expect_nothing_left() {
    for (const auto end : {kNet, kUser}) {
      EXPECT_EQ(pair.at(end).calls(), 0U);
      EXPECT_EQ(pair.at(end).call_records(), 0U);
    }
  }
};
INSTANTIATE_TEST_SUITE_P(All, SwitchTypes,
                         testing::Values(Flavour{"EuroIsdnE1", of(Switch::euroisdn, false)},
                                         Flavour{"EuroIsdnT1", of(Switch::euroisdn, true)},
                                         Flavour{"National", of(Switch::national, true)},
                                         Flavour{"Ni1", of(Switch::ni1, true)},
                                         Flavour{"Dms100", of(Switch::dms100, true)},
                                         Flavour{"Att4ess", of(Switch::att4ess, true)},
                                         Flavour{"Lucent5ess", of(Switch::lucent5ess, true)},
                                         Flavour{"Qsig", of(Switch::qsig, false)}),
                         [](const auto& flavour) { return std::string(flavour.param.name); });

TEST_P(SwitchTypes, CarriesNumbersBothWays) {
  for (const auto from : {kNet, kUser}) {
    const auto setup = a_setup();
    SetupInd seen;
    const auto call = ring(pair, from, setup, &seen);
    EXPECT_EQ(seen.setup.called.digits, "1000");
    ASSERT_TRUE(seen.setup.calling);
    EXPECT_EQ(seen.setup.calling->digits, "4930201");
    EXPECT_EQ(seen.setup.calling->presentation, Presentation::allowed);
    EXPECT_EQ(seen.setup.channel, setup.channel);
    clear(pair, call);
    expect_nothing_left();
  }
}

TEST_P(SwitchTypes, GoesThroughAllStagesToTheAnswerAndIsClearedByEitherSide) {
  for (const auto from : {kNet, kUser}) {
    for (const auto clearing : {kNet, kUser}) {
      const auto setup = a_setup();
      const auto call = ring(pair, from, setup);
      auto& called = pair.at(other(from));
      called.proceeding(call.called, setup.channel, pair.now());
      pair.settle();
      EXPECT_TRUE(pair.take<ProceedingInd>(from));
      called.progress(call.called, setup.channel, std::nullopt, true, pair.now());
      pair.settle();
      const auto progress = pair.take<ProgressInd>(from);
      ASSERT_TRUE(progress);
      ASSERT_EQ(progress->progress.size(), 1U);
      EXPECT_EQ(progress->progress[0].description, ProgressDescription::inband);
      called.alerting(call.called, setup.channel, false, pair.now());
      pair.settle();
      EXPECT_TRUE(pair.take<AlertingInd>(from));
      called.connect(call.called, setup.channel, pair.now());
      pair.settle();
      EXPECT_TRUE(pair.take<ConnectInd>(from));
      pair.run(60s);
      EXPECT_EQ(pair.at(from).calls(), 1U);
      const auto far = other(clearing);
      pair.at(clearing).disconnect(clearing == from ? call.caller : call.called, 16, pair.now());
      pair.settle();
      const auto disconnected = pair.take<DisconnectInd>(far);
      ASSERT_TRUE(disconnected);
      EXPECT_EQ(disconnected->cause.value, 16);
      pair.at(far).disconnect(disconnected->call, 16, pair.now());
      pair.settle();
      EXPECT_TRUE(pair.take<ReleasedInd>(kNet));
      EXPECT_TRUE(pair.take<ReleasedInd>(kUser));
      expect_nothing_left();
    }
  }
}

TEST_P(SwitchTypes, RefusesABusyCall) {
  for (const auto from : {kNet, kUser}) {
    const auto call = ring(pair, from, a_setup());
    pair.at(other(from)).disconnect(call.called, 17, pair.now());
    pair.settle();
    const auto disconnected = pair.take<DisconnectInd>(from);
    ASSERT_TRUE(disconnected);
    EXPECT_EQ(disconnected->cause.value, 17);
    pair.at(from).disconnect(call.caller, 17, pair.now());
    pair.settle();
    EXPECT_TRUE(pair.take<ReleasedInd>(from));
    expect_nothing_left();
  }
}

TEST_P(SwitchTypes, TellsTheCallersName) {
  for (const auto from : {kNet, kUser}) {
    auto setup = a_setup();
    setup.calling_name = "Ada Lovelace";
    SetupInd seen;
    const auto call = ring(pair, from, setup, &seen);
    EXPECT_EQ(seen.setup.calling_name, "Ada Lovelace") << (from == kNet ? "network" : "user");
    pair.at(other(from)).alerting(call.called, setup.channel, false, pair.now());
    pair.settle();
    EXPECT_EQ(pair.count<ConnectedLineInd>(other(from)), 0U);  // the same name again is no news
    clear(pair, call);
    expect_nothing_left();
  }
}

TEST_P(SwitchTypes, TellsWhoHasAnswered) {
  for (const auto from : {kNet, kUser}) {
    const auto setup = a_setup();
    const auto call = ring(pair, from, setup);
    Party party;
    party.number =
        Number{.digits = "1099", .type = TypeOfNumber::national, .screening = Screening::user_passed};
    party.name = "Charles";
    pair.at(other(from)).connect(call.called, setup.channel, pair.now(), party);
    pair.settle();
    const auto connected = pair.take<ConnectInd>(from);
    ASSERT_TRUE(connected);
    EXPECT_TRUE(connected->connected) << (from == kNet ? "network" : "user");
    EXPECT_EQ(connected->connected.value_or(Number{}).digits, "1099");
    EXPECT_EQ(connected->name, "Charles") << (from == kNet ? "network" : "user");
    clear(pair, call);
    expect_nothing_left();
  }
}

TEST_P(SwitchTypes, CarriesEachBearerService) {
  const auto law = GetParam().config.t1 ? Layer1::mu_law : Layer1::a_law;
  for (const auto from : {kNet, kUser}) {
    for (const auto transfer :
         {Transfer::speech, Transfer::audio_3k1, Transfer::unrestricted, Transfer::restricted}) {
      auto setup = a_setup();
      setup.bearer = {transfer, law};
      SetupInd seen;
      const auto call = ring(pair, from, setup, &seen);
      EXPECT_EQ(seen.setup.bearer.transfer, transfer) << static_cast<int>(transfer);
      EXPECT_EQ(seen.setup.bearer.layer1, law);
      clear(pair, call);
    }
  }
  expect_nothing_left();
}

TEST_P(SwitchTypes, AsksForNoChannelAPreferredAndAnExclusiveOne) {
  for (const auto from : {kNet, kUser}) {
    for (const Channel wanted : {Channel{0, false}, Channel{7, false}, Channel{7, true}}) {
      auto setup = a_setup();
      setup.channel = wanted;
      SetupInd seen;
      const auto call = ring(pair, from, setup, &seen);
      EXPECT_EQ(seen.setup.channel.timeslot, wanted.timeslot);
      EXPECT_EQ(seen.setup.channel.exclusive, wanted.exclusive);
      pair.at(other(from)).proceeding(call.called, {11, true}, pair.now());
      pair.settle();
      const auto proceeding = pair.take<ProceedingInd>(from);
      ASSERT_TRUE(proceeding);
      EXPECT_EQ(proceeding->channel, (Channel{11, true}));
      clear(pair, call);
    }
  }
  expect_nothing_left();
}

TEST_P(SwitchTypes, TellsWhoHasDivertedTheCall) {
  for (const auto from : {kNet, kUser}) {
    auto setup = a_setup();
    setup.redirection =
        Redirection{.original_called = Number{.digits = "2001", .type = TypeOfNumber::national},
                    .redirecting = Number{.digits = "2002", .type = TypeOfNumber::national},
                    .reason = RedirectionReason::no_reply,
                    .count = 2};
    SetupInd seen;
    const auto call = ring(pair, from, setup, &seen);
    ASSERT_TRUE(seen.setup.redirection);
    ASSERT_TRUE(seen.setup.redirection->redirecting);
    EXPECT_EQ(seen.setup.redirection->redirecting->digits, "2002");
    EXPECT_EQ(seen.setup.redirection->reason, RedirectionReason::no_reply);
    const bool facility = type() == Switch::euroisdn || type() == Switch::qsig;
    EXPECT_EQ(seen.setup.redirection->count, facility ? 2 : 1);
    EXPECT_EQ(seen.setup.redirection->original_called.has_value(), facility);
    clear(pair, call);
  }
  expect_nothing_left();
}

TEST_P(SwitchTypes, CarriesUserUserInSubaddressesAndKeypad) {
  for (const auto from : {kNet, kUser}) {
    auto setup = a_setup();
    setup.user_user = UserUser{0x00, {0x00, 0xFF, 0x41}};
    setup.calling_subaddress = Subaddress{.nsap = true, .octets = {0x50, 0x31, 0x00}};
    setup.called_subaddress = Subaddress{.nsap = false, .odd = true, .octets = {0x12, 0x03}};
    setup.keypad = "*21#";
    SetupInd seen;
    const auto call = ring(pair, from, setup, &seen);
    EXPECT_EQ(seen.setup.user_user, setup.user_user);
    EXPECT_EQ(seen.setup.calling_subaddress, setup.calling_subaddress);
    EXPECT_EQ(seen.setup.called_subaddress, setup.called_subaddress);
    EXPECT_EQ(seen.setup.keypad, "*21#");
    clear(pair, call);
  }
  expect_nothing_left();
}

}  // namespace
}  // namespace tandem::tdm::pri
