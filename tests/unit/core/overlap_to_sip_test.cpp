// Digits that a trunk passes on go to a peer in further INVITEs (RFC 3578 3.2 to 3.4).
#include "tests/unit/core/gateway_fixture.h"

namespace tandem::core {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class OverlapToSip : public GatewayCall {
 protected:
  static Config passing_on(int peers = 1) {
    auto config = doubles::small_config(1, peers);
    config.trunks[0].overlap = Overlap::pass_on;
    for (auto& peer : config.peers) peer.overlap = true;
    return config;
  }
  void begin(Config config = passing_on()) {
    const auto far = [](std::size_t, pri::DChannelConfig& own) {
      own.overlap_sending = own.overlap_receiving = true;
    };
    world = std::make_unique<doubles::GatewayWorld>(std::move(config), 1, 4000, far);
    world->keep_traces = true;
    for (std::size_t i = 0; i < world->config.peers.size(); ++i)
      world->on_sip(i, [this](const sip::Event& event) {
        if (const auto* incoming = std::get_if<sip::IncomingCall>(&event)) invites.push_back(*incoming);
        sip_events.push_back(event);
      });
    world->on_pri(0, [this](const pri::Output& event) { pri_events.push_back(event); });
    world->run(3s);
    sip_events.clear();
    pri_events.clear();
  }
  void dial(const std::string& digits, bool complete = false) {
    pri::Setup setup;
    setup.called.digits = digits;
    setup.calling = pri::Number{.digits = "3000"};
    setup.channel = {1, true};
    setup.sending_complete = complete;
    caller = world->far(0).setup(setup, world->now).value_or(0);
    world->run(50ms);
  }
  void more(const std::string& digits, bool complete = false) {
    world->far(0).information(caller, digits, complete, world->now);
    world->run(50ms);
  }
  void refuse(std::size_t invite, int status) {
    world->peer(0).reject(invites.at(invite).call, status, {}, {}, {}, world->now);
    world->run(50ms);
  }
  void answer(std::size_t invite) { answer_at_sip(invites.at(invite)); }
  std::vector<std::string> numbers() const {
    std::vector<std::string> out;
    for (const auto& invite : invites) out.push_back(invite.info.request_uri.user);
    return out;
  }
  static std::string tag(const sip::NameAddr& address) {
    const auto* param = sip::find_param(address.params, "tag");
    return param != nullptr ? param->value.value_or("") : "";
  }
  int traced(TraceKind kind, const std::string& start) const {
    int count = 0;
    for (const auto& record : world->traces) count += record.kind == kind && record.text.starts_with(start);
    return count;
  }
  void hang_up() {
    world->far(0).disconnect(caller, 16, world->now);
    world->run(1s);
  }

  std::vector<sip::IncomingCall> invites;
  pri::CallRef caller = 0;
};

TEST_F(OverlapToSip, EachPieceIsAnInviteOfTheSameCallWithALongerNumber) {
  begin();
  dial("10");
  more("0");
  more("07");
  EXPECT_THAT(numbers(), ElementsAre("10", "100", "10007"));
  for (const auto& invite : invites) {
    EXPECT_EQ(invite.info.call_id, invites[0].info.call_id);
    EXPECT_EQ(tag(invite.info.from), tag(invites[0].info.from));
    EXPECT_EQ(invite.info.to.uri.user, invite.info.request_uri.user);
    EXPECT_EQ(tag(invite.info.to), "");
    EXPECT_EQ(invite.info.sdp, invites[0].info.sdp);
  }
  EXPECT_EQ(traced(TraceKind::sip, "CANCEL"), 0);  // RFC 3578 3.4
  refuse(0, 484);
  refuse(1, 484);
  answer(2);
  EXPECT_TRUE(from_pri<pri::ConnectInd>());
  EXPECT_EQ(world->ports.open_count(), 1U);
  hang_up();
  EXPECT_TRUE(from_sip<sip::ByeReceived>());
  expect_nothing_left();
}

TEST_F(OverlapToSip, SequenceNumbersRiseAboveThoseOfEarlyDialogs) {
  begin();
  std::vector<std::string> cseqs;
  world->tap = [&](const sip::Transmit& transmit) {
    const auto text = std::string(as_text(transmit.octets));
    const auto at = text.find("CSeq: ");
    if (!text.starts_with("SIP/2.0")) cseqs.push_back(text.substr(at + 6, text.find('\r', at) - at - 6));
    return false;
  };
  dial("10");
  refuse(0, 484);
  more("0");
  more("0");
  EXPECT_THAT(cseqs, ElementsAre("1 INVITE", "1 ACK", "2 INVITE", "3 INVITE"));
  hang_up();
  expect_nothing_left();
}

TEST_F(OverlapToSip, FailuresWaitForDigitsUntilT10) {
  begin();
  dial("10");
  refuse(0, 484);
  world->run(3s);
  EXPECT_FALSE(from_pri<pri::DisconnectInd>());
  more("0");  // T10 begins anew
  refuse(1, 484);
  world->run(4s);
  EXPECT_FALSE(from_pri<pri::DisconnectInd>());
  EXPECT_EQ(world->gateway.calls(world->now).size(), 1U);
  world->run(2s);
  EXPECT_EQ(from_pri<pri::DisconnectInd>()->cause.value, 28);
  hang_up();
  expect_nothing_left();
}

TEST_F(OverlapToSip, AFailureThatSaysMoreThan484IsTheCallsCause) {
  begin();
  dial("10");
  more("0");
  refuse(0, 486);
  refuse(1, 484);
  world->run(6s);
  EXPECT_EQ(from_pri<pri::DisconnectInd>()->cause.value, 17);
  hang_up();
  expect_nothing_left();
}

TEST_F(OverlapToSip, WithSendingCompleteAFailureIsTheEndAtOnce) {
  begin();
  dial("10");
  more("00", true);
  refuse(1, 404);
  EXPECT_FALSE(from_pri<pri::DisconnectInd>());  // the older may still be answered
  refuse(0, 484);
  EXPECT_EQ(from_pri<pri::DisconnectInd>()->cause.value, 1);
  hang_up();
  expect_nothing_left();
}

TEST_F(OverlapToSip, EndOfDigitsAloneIsNoFurtherInvite) {
  begin();
  dial("1000");
  more("", true);
  EXPECT_THAT(numbers(), ElementsAre("1000"));
  refuse(0, 486);
  EXPECT_EQ(from_pri<pri::DisconnectInd>()->cause.value, 17);
  hang_up();
  expect_nothing_left();
}

TEST_F(OverlapToSip, AnAnswerToAnOlderInviteCancelsTheOthers) {
  begin();
  dial("10");
  more("0");
  more("0");
  answer(1);
  EXPECT_TRUE(from_pri<pri::ConnectInd>());
  int cancelled = 0;
  while (from_sip<sip::CancelReceived>()) ++cancelled;
  EXPECT_EQ(cancelled, 2);
  EXPECT_EQ(world->gateway.calls(world->now).at(0).state, "answered");
  hang_up();
  EXPECT_TRUE(from_sip<sip::ByeReceived>());
  expect_nothing_left();
}

TEST_F(OverlapToSip, TwoAnswersGiveOneCallAndTheOtherIsHungUpOn) {
  begin();
  dial("10");
  more("0");
  for (const std::size_t i : {0U, 1U}) {
    const auto sdp = sip::make_answer(invites[i].info.sdp, doubles::peer_audio());
    world->peer(0).answer(invites[i].call, sdp->sdp, {}, world->now);
  }
  world->run(1s);
  EXPECT_TRUE(from_pri<pri::ConnectInd>());
  EXPECT_EQ(world->gateway.calls(world->now).size(), 1U);
  EXPECT_EQ(from_sip<sip::ByeReceived>()->call, invites[1].call);
  hang_up();
  EXPECT_EQ(from_sip<sip::ByeReceived>()->call, invites[0].call);
  expect_nothing_left();
}

TEST_F(OverlapToSip, ACallerWhoHangsUpCancelsThemAll) {
  begin();
  dial("10");
  more("0");
  more("0");
  refuse(0, 484);
  hang_up();
  int cancelled = 0;
  while (from_sip<sip::CancelReceived>()) ++cancelled;
  EXPECT_EQ(cancelled, 2);
  expect_nothing_left();
}

TEST_F(OverlapToSip, ACallerWhoHangsUpWhileNoInviteIsOpenLeavesNothing) {
  begin();
  dial("10");
  refuse(0, 484);
  hang_up();
  EXPECT_EQ(traced(TraceKind::sip, "CANCEL"), 0);
  EXPECT_THAT(world->gateway.calls(world->now), IsEmpty());
  expect_nothing_left();
}

TEST_F(OverlapToSip, RingingEndsTheNumber) {
  begin();
  dial("1000");
  world->peer(0).provisional(invites.at(0).call, 180, {}, {}, world->now);
  world->run(50ms);
  EXPECT_TRUE(from_pri<pri::AlertingInd>());
  more("5");
  EXPECT_EQ(invites.size(), 1U);
  answer(0);
  EXPECT_TRUE(from_pri<pri::ConnectInd>());
  hang_up();
  expect_nothing_left();
}

TEST_F(OverlapToSip, DigitsAfterT10AreNotSent) {
  begin();
  dial("1000");
  world->run(7s);
  more("5");
  EXPECT_THAT(numbers(), ElementsAre("1000"));
  refuse(0, 404);
  EXPECT_EQ(from_pri<pri::DisconnectInd>()->cause.value, 1);
  hang_up();
  expect_nothing_left();
}

TEST_F(OverlapToSip, TheNextPeerOfTheRouteGetsTheWholeNumber) {
  begin(passing_on(2));
  dial("10");
  more("00", true);
  refuse(0, 503);
  refuse(1, 503);
  EXPECT_THAT(numbers(), ElementsAre("10", "1000", "1000"));
  EXPECT_NE(invites[2].info.call_id, invites[0].info.call_id);
  hang_up();
  expect_nothing_left();
}

TEST_F(OverlapToSip, ANumberThatTheRouteRewritesGrowsBehindItsNewBeginning) {
  auto config = passing_on(2);
  config.routes.back().match = "^1";
  config.routes.back().rewrite = "+491";
  begin(std::move(config));
  dial("10");
  more("0");
  world->run(6s);  // T10
  refuse(0, 503);
  refuse(1, 503);
  EXPECT_THAT(numbers(), ElementsAre("+4910", "+49100", "+49100"));
  world->peer(1).reject(invites.back().call, 486, {}, {}, {}, world->now);
  world->run(50ms);
  EXPECT_EQ(from_pri<pri::DisconnectInd>()->cause.value, 17);  // at once: the number is known to be whole
  hang_up();
  expect_nothing_left();
}

TEST_F(OverlapToSip, APeerWithoutOverlapGetsTheNumberOnceT10IsOver) {
  auto config = passing_on();
  config.peers[0].overlap = false;
  begin(std::move(config));
  dial("10");
  more("00");
  EXPECT_THAT(numbers(), IsEmpty());
  world->run(6s);
  EXPECT_THAT(numbers(), ElementsAre("1000"));
  hang_up();
  expect_nothing_left();
}

TEST_F(OverlapToSip, T11OfTheCallingTrunkRunsFromTheLastInvite) {
  auto config = passing_on();
  config.trunks[0].timers = {{"T11", 20'000}, {"T10", 4'000}};
  begin(std::move(config));
  world->tap = [](const sip::Transmit&) { return true; };  // the peer is silent
  dial("10");
  world->run(3s);
  more("0");
  world->run(19s);
  EXPECT_EQ(traced(TraceKind::isup, "ACM"), 0);
  world->run(2s);
  EXPECT_EQ(traced(TraceKind::isup, "ACM"), 1);
}

TEST_F(OverlapToSip, NoMoreInvitesThanANumberHasDigits) {
  begin();
  dial("1");
  for (int i = 0; i < 60; ++i) more("2");
  EXPECT_LE(invites.size(), 32U);
  hang_up();
  expect_nothing_left();
}

TEST_F(OverlapToSip, LossOnTheWayChangesNothing) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE(seed);
    invites.clear();
    begin();
    world->random = SeededRandom(seed);
    world->network.loss = 0.2;
    world->network.jitter = std::chrono::milliseconds(40);
    dial("10");
    more("0");
    world->run(1s);
    more("0");
    world->run(8s);
    for (std::size_t i = 0; i < invites.size(); ++i)
      if (invites[i].info.request_uri.user != "1000") refuse(i, 484);
    for (std::size_t i = 0; i < invites.size(); ++i)
      if (invites[i].info.request_uri.user == "1000") answer(i);
    world->run(20s);
    EXPECT_TRUE(from_pri<pri::ConnectInd>());
    world->network.loss = 0;
    hang_up();
    expect_nothing_left();
  }
}

}  // namespace
}  // namespace tandem::core
