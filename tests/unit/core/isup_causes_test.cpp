// Causes on ISUP trunks: where they say they were made, which circuits and levels of load they are about, and
// records of calls that are refused.
#include "tests/unit/core/isup_fixture.h"

namespace tandem::core {
namespace {

using T = isup::MessageType;
using L = isup::Location;

class IsupCauses : public IsupCall {
 protected:
  isup::Message rel(std::uint8_t cause, L location) { return make_rel(cause, location); }
  L location_of(const std::optional<isup::ToCall>& gone) {
    EXPECT_TRUE(gone);
    return gone ? gone->message.get<isup::CauseIndicators>()->location : L::user;
  }
};

TEST_F(IsupCauses, MadeHereAreOfTheNetworkThatServesTheLocalUser) {
  start_isup();
  answered_at_isup();
  world->gateway.clear_all(world->now);
  world->run(1s);
  EXPECT_EQ(location_of(from_isup(T::rel)), L::public_local);
}

TEST_F(IsupCauses, ARefusalWithoutARouteIsToo) {
  auto config = isup_config();
  config.routes.resize(2);
  start_isup(std::move(config));
  call_from_isup(iam("1000"));
  EXPECT_EQ(location_of(from_isup(T::rel)), L::public_local);
}

TEST_F(IsupCauses, InTheInternationalNetworkTheyAreOfThat) {
  auto config = isup_config();
  config.isup_trunks[0].group.network_indicator = 0;
  config.networks[0].network_indicator = 0;
  start_isup(std::move(config));
  answered_at_isup();
  world->gateway.clear_all(world->now);
  world->run(1s);
  EXPECT_EQ(location_of(from_isup(T::rel)), L::international);
}

TEST_F(IsupCauses, BetweenIsupTrunksTheyAreOfTheTransitNetwork) {
  start_isup(isup_config(2));
  call_from_isup(iam("8000"));
  ASSERT_TRUE(from_isup(T::iam, 1));
  world->gateway.clear_all(world->now);
  world->run(1s);
  EXPECT_EQ(location_of(from_isup(T::rel)), L::transit);
  EXPECT_EQ(location_of(from_isup(T::rel, 1)), L::transit);
}

TEST_F(IsupCauses, TheConfigurationMaySayOtherwise) {
  auto config = isup_config();
  config.isup_trunks[0].group.location = L::private_local;
  start_isup(std::move(config));
  answered_at_isup();
  world->gateway.clear_all(world->now);
  world->run(1s);
  EXPECT_EQ(location_of(from_isup(T::rel)), L::private_local);
}

TEST_F(IsupCauses, WhatOthersSaidOfTheirPlaceCrosses) {
  start_isup(isup_config(2));
  call_from_isup(iam("8000"));
  const auto begun = from_isup(T::iam, 1);
  ASSERT_TRUE(begun);
  say(begun->cic, rel(17, L::private_local), 1);
  EXPECT_EQ(location_of(from_isup(T::rel)), L::private_local);
}

TEST_F(IsupCauses, AFarEndThatRefusesTheCircuitIsGivenAnother) {
  for (const auto location : {L::public_local, L::transit}) {
    start_isup();
    const auto cic = arrived_at_isup();
    say(cic, rel(44, location));
    const auto again = from_isup(T::iam);
    ASSERT_TRUE(again);
    EXPECT_NE(again->cic, cic);
  }
}

TEST_F(IsupCauses, OneBeyondThatLacksAChannelIsNotAskedAgain) {
  for (const auto location : {L::user, L::private_local, L::public_remote, L::private_remote,
                              L::international, L::beyond_interworking}) {
    start_isup();
    say(arrived_at_isup(), rel(44, location));
    EXPECT_FALSE(from_isup(T::iam)) << static_cast<int>(location);
    EXPECT_TRUE(from_sip<sip::FailureReceived>());
    expect_nothing_left();
  }
}

TEST_F(IsupCauses, NorIsOneThatHasTakenTheCall) {
  start_isup();
  const auto cic = arrived_at_isup();
  say(cic, acm(false));
  say(cic, rel(44, L::public_local));
  EXPECT_FALSE(from_isup(T::iam));
}

TEST_F(IsupCauses, ACallRefusedByATrunkThatIsBeingEmptiedHasARecord) {
  auto config = isup_config();
  start_isup(config);
  answered_at_isup();  // keeps it from being idle
  auto next = config;
  next.isup_trunks.clear();
  next.routes.clear();
  world->gateway.reload(next, world->now);
  const auto before = world->cdrs.size();
  call_from_isup(iam("1000"));
  const auto gone = from_isup(T::rel);
  ASSERT_TRUE(gone);
  EXPECT_EQ(gone->message.get<isup::CauseIndicators>()->value, 41);
  ASSERT_GT(world->cdrs.size(), before);
  const auto& cdr = world->cdrs.back();
  EXPECT_EQ(cdr.state, CdrState::ended);
  EXPECT_EQ(cdr.from_name, "ss7-1");
  EXPECT_EQ(cdr.called, "1000");
  EXPECT_EQ(cdr.cause, 41);
  EXPECT_EQ(cdr.released_by, "gateway");
}

TEST_F(IsupCauses, LoadIsToldInEachRel) {  // Q.764 2.11
  auto config = isup_config();
  config.sip.max_calls = 10;
  start_isup(std::move(config));
  const auto level_after = [this](int calls) -> int {
    while (static_cast<int>(world->gateway.usage().sip.calls) < calls) {
      world->peer(0).invite(invite("7000"), world->to_gateway(0), world->now);
      world->run(50ms);
    }
    const auto begun = from_isup(T::iam);
    if (!begun) return -1;
    world->gateway.hangup(world->gateway.calls(world->now).front().call, 16, world->now);
    world->run(50ms);
    const auto gone = from_isup(T::rel);
    if (!gone) return -1;
    const auto* level = gone->message.get<isup::AutomaticCongestionLevel>();
    return level == nullptr ? 0 : level->level;
  };
  EXPECT_EQ(level_after(8), 0);
  EXPECT_EQ(level_after(9), 1);
  EXPECT_EQ(level_after(10), 2);
}

TEST_F(IsupCauses, AGatewayThatDrainsSaysSoToo) {
  start_isup();
  const auto cic = answered_at_isup();
  world->gateway.drain(world->now);
  world->peer(0).bye(sip_call, {}, world->now);
  world->run(50ms);
  (void)cic;
  const auto gone = from_isup(T::rel);
  ASSERT_TRUE(gone);
  const auto* level = gone->message.get<isup::AutomaticCongestionLevel>();
  ASSERT_NE(level, nullptr);
  EXPECT_EQ(level->level, 2);
}

TEST_F(IsupCauses, AFarEndThatIsLoadedGetsFewerCallsForAWhile) {
  auto config = isup_config();
  config.routes[0].to = {"ss7-1", "telco"};
  start_isup(std::move(config));
  auto loaded = rel(42, L::public_local);
  loaded.set(isup::AutomaticCongestionLevel{.level = 2});
  say(arrived_at_isup(), loaded);
  heard.clear();
  int there = 0;
  for (int i = 0; i < 20; ++i) {
    world->peer(0).invite(invite("7000"), world->to_gateway(0), world->now);
    world->run(20ms);
    if (from_isup(T::iam)) ++there;
  }
  EXPECT_EQ(there, 10);
}

TEST_F(IsupCauses, ACallThatCongestionKeepsOffHasItsCause) {
  start_isup();
  auto loaded = rel(17, L::user);
  loaded.set(isup::AutomaticCongestionLevel{.level = 2});
  say(arrived_at_isup(), loaded);
  for (int i = 0; i < 4; ++i) {
    world->peer(0).invite(invite("7000"), world->to_gateway(0), world->now);
    world->run(20ms);
  }
  EXPECT_TRUE(std::ranges::any_of(world->cdrs, [](const Cdr& cdr) { return cdr.cause == 42; }));
}

}  // namespace
}  // namespace tandem::core
