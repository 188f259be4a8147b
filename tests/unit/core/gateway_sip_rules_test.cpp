// Which rule chose a status or a cause, and what crosses beside it.
#include "tests/unit/core/gateway_raw_peer.h"

namespace tandem::core {
namespace {

class GatewaySipRules : public GatewayRawPeer {
 protected:
  /// The status of a call to the PSTN that is cleared with the cause.
  std::string refused_with(std::uint8_t cause) {
    request("INVITE", 1, sdp(30000));
    const auto setup = from_pri<pri::SetupInd>();
    EXPECT_TRUE(setup);
    if (!setup) return {};
    world->far(0).disconnect(setup->call, cause, world->now);
    world->run(50ms);
    response = last("SIP/2.0");
    request("ACK", 1);
    return response.substr(8, 3);
  }
  /// The cause that the PSTN sees when the peer refuses.
  int cause_of_refusal(const std::string& status, const std::string& extra = "") {
    respond(invited(), status, "a", "", extra);
    const auto cleared = from_pri<pri::DisconnectInd>();
    EXPECT_TRUE(cleared);
    if (!cleared) return 0;
    world->far(0).disconnect(far_call, 16, world->now);
    return cleared->cause.value;
  }
};

TEST_F(GatewaySipRules, TheTraceSaysWhyAStatusWasChosen) {
  listen();
  EXPECT_EQ(refused_with(1), "404");
  EXPECT_EQ(traced(TraceKind::note, "404 because cause 1 from telco, RFC 3398 7.2.4.1"), 1);
  expect_nothing_left();
}

TEST_F(GatewaySipRules, ATrunkMayHaveItsOwnStatuses) {
  auto config = doubles::small_config();
  config.trunks[0].statuses = {{.cause = 17, .status = 480}};
  listen(config);
  EXPECT_EQ(refused_with(17), "480");
  EXPECT_EQ(traced(TraceKind::note, "480 because cause 17 from telco"), 1);
  EXPECT_EQ(ended().at(0).sip_status, 480);
  expect_nothing_left();
}

TEST_F(GatewaySipRules, TheTraceSaysWhyACauseWasChosen) {
  listen();
  EXPECT_EQ(cause_of_refusal("486 Busy Here"), 17);
  EXPECT_EQ(traced(TraceKind::note, "cause 17 because status 486 from carrier, RFC 3398 8.2.6.1"), 1);
  expect_nothing_left();
}

TEST_F(GatewaySipRules, APeerMayHaveItsOwnCauses) {
  auto config = doubles::small_config();
  config.peers[0].causes = {{.cause = 20, .status = 480}};
  listen(config);
  EXPECT_EQ(cause_of_refusal("480 Temporarily Unavailable"), 20);
  expect_nothing_left();
}

TEST_F(GatewaySipRules, ReasonDecidesWhereThePeerIsConfiguredSo) {
  listen();
  EXPECT_EQ(cause_of_refusal("500 Server Internal Error", "Reason: Q.850;cause=34\r\n"), 41);
  auto config = doubles::small_config();
  config.peers[0].reason_decides = true;
  listen(config);
  EXPECT_EQ(cause_of_refusal("500 Server Internal Error", "Reason: Q.850;cause=34\r\n"), 34);  // RFC 6432 4
  expect_nothing_left();
}

TEST_F(GatewaySipRules, ANumberThatIsNoneIsExplained) {
  listen();
  number = "1x00";
  request("INVITE", 1, sdp(30000));
  EXPECT_TRUE(last("SIP/2.0 4").starts_with("SIP/2.0 404")) << last("SIP/2.0");
  EXPECT_EQ(traced(TraceKind::note, "404 because the INVITE of carrier cannot go on"), 1);
}

TEST_F(GatewaySipRules, UserToUserCrossesUnlessThePeerHasNone) {
  constexpr const char* kHello = "User-to-User: 0448656c6c6f;encoding=hex\r\n";  // RFC 7433 4.1
  listen();
  request("INVITE", 1, sdp(30000), kHello);
  const auto setup = from_pri<pri::SetupInd>();
  ASSERT_TRUE(setup && setup->setup.user_user);
  EXPECT_EQ(std::string(as_text(setup->setup.user_user->octets)), "Hello");
  auto config = doubles::small_config();
  config.peers[0].user_to_user = false;
  listen(config);
  request("INVITE", 1, sdp(30000), kHello);
  EXPECT_FALSE(from_pri<pri::SetupInd>()->setup.user_user);
}

TEST_F(GatewaySipRules, WhoIsThereNowIsToldOnwards) {
  listen();
  answered(sdp(30000));
  request("INVITE", 2, sdp(30000), "P-Asserted-Identity: <sip:+442079460123@198.51.100.1>\r\n");
  request("ACK", 2);
  EXPECT_EQ(traced(TraceKind::isup, "CPG"), 1);  // RFC 4916
  request("INVITE", 3, sdp(30000), "P-Asserted-Identity: <sip:+442079460123@198.51.100.1>\r\n");
  request("ACK", 3);
  EXPECT_EQ(traced(TraceKind::isup, "CPG"), 1);  // nothing new
  hang_up_far();
}

TEST_F(GatewaySipRules, WhoIsThereNowIsToldToThePeerIfSomebodyVouchesForIt) {
  // EuroISDN says a new number without its screening (ETS 300 369-1), QSIG with it (ECMA-178).
  for (const auto type : {pri::Switch::euroisdn, pri::Switch::qsig}) {
    auto config = doubles::small_config();
    config.trunks[0].type = type;
    sent.clear();
    response.clear();
    listen(config);
    request("INVITE", 1, sdp(30000), "Allow: INVITE, ACK, BYE, UPDATE\r\n");
    const auto setup = from_pri<pri::SetupInd>();
    ASSERT_TRUE(setup);
    far_call = setup->call;
    world->far(0).connect(far_call, {1, true}, world->now);
    world->run(50ms);
    response = last("SIP/2.0 200");
    request("ACK", 1);
    pri::Party party;
    party.number = pri::Number{.digits = "442079460777",
                               .type = pri::TypeOfNumber::international,
                               .screening = pri::Screening::network};
    world->far(0).connected_line(far_call, party, world->now);
    world->run(50ms);
    const auto update = last("UPDATE");
    if (type == pri::Switch::euroisdn) {
      EXPECT_TRUE(update.empty()) << update;
    } else {
      EXPECT_TRUE(update.contains("P-Asserted-Identity: <sip:+442079460777@")) << update;  // RFC 4916
      respond(update, "200 OK", "");
    }
    hang_up_far();
  }
}

}  // namespace
}  // namespace tandem::core
