// Number rules and T35 where digits come in pieces: rules are for the number, not for the digits of its IAM.
#include "tests/unit/core/isup_fixture.h"

namespace tandem::core {
namespace {

using T = isup::MessageType;

class IsupNumbers : public IsupCall {
 protected:
  static Config overlap_config(interwork::NumberRule rule, Overlap overlap = Overlap::collect) {
    auto config = isup_config();
    config.isup_trunks[0].overlap = overlap;
    config.isup_trunks[0].numbers.rules = {std::move(rule)};
    return config;
  }
  void digits(std::uint16_t cic, const std::string& more) {
    isup::Message sam(T::sam);
    say(cic, sam.set(isup::SubsequentNumber{.digits = more}));
  }
  /// Who is called at the SIP peer.
  std::string reached() {
    const auto incoming = from_sip<sip::IncomingCall>();
    return incoming ? incoming->info.request_uri.user : "nobody";
  }
};

TEST_F(IsupNumbers, ARuleWhosePrefixComesInPiecesIsApplied) {
  start_isup(overlap_config({.prefix = "1234", .strip = 4, .add = "5"}));
  const auto cic = call_from_isup(iam("12"));
  EXPECT_EQ(reached(), "nobody");
  digits(cic, "3");
  digits(cic, "4");
  digits(cic, "678F");
  EXPECT_EQ(reached(), "5678");
}

TEST_F(IsupNumbers, ARuleThatStripsMoreThanHasComeWaitsForTheRest) {
  start_isup(overlap_config({.prefix = "1", .strip = 3, .add = ""}));
  const auto cic = call_from_isup(iam("12"));
  digits(cic, "3400F");
  EXPECT_EQ(reached(), "400");
}

TEST_F(IsupNumbers, ARuleThatHasBeenAppliedIsNotAppliedAgain) {
  start_isup(overlap_config({.prefix = "1", .strip = 1, .add = "11"}));
  const auto cic = call_from_isup(iam("12"));
  digits(cic, "3");
  digits(cic, "4F");
  EXPECT_EQ(reached(), "11234");
}

TEST_F(IsupNumbers, ANumberThatTurnsAwayFromTheRuleIsAsItCame) {
  start_isup(overlap_config({.prefix = "1234", .strip = 4, .add = "5"}));
  const auto cic = call_from_isup(iam("12"));
  digits(cic, "9F");
  EXPECT_EQ(reached(), "129");
}

TEST_F(IsupNumbers, ANumberThatEndsEarlyIsAsTheRulesReadIt) {
  start_isup(overlap_config({.prefix = "1234", .strip = 4, .add = "5"}));
  call_from_isup(iam("12"));
  world->run(6s);  // T10
  EXPECT_EQ(reached(), "12");
}

TEST_F(IsupNumbers, NothingIsPassedOnWhileTheRulesMayReadItOtherwise) {
  auto config = isup_config(2);
  config.isup_trunks[0].overlap = Overlap::pass_on;
  config.isup_trunks[0].numbers.rules = {{.prefix = "899", .strip = 3, .add = "8"}};
  config.isup_trunks[1].overlap_sending = true;
  for (auto& route : config.routes)
    if (route.match == "^8...$") route.match = "^8";
  start_isup(std::move(config));
  const auto cic = call_from_isup(iam("89"));
  EXPECT_FALSE(from_isup(T::iam, 1));
  digits(cic, "91");
  const auto begun = from_isup(T::iam, 1);
  ASSERT_TRUE(begun);
  EXPECT_EQ(begun->message.get<isup::CalledPartyNumber>()->digits, "81");
  digits(cic, "23");
  const auto more = from_isup(T::sam, 1);
  ASSERT_TRUE(more);
  EXPECT_EQ(more->message.get<isup::SubsequentNumber>()->digits, "23");
  EXPECT_EQ(more->message.get<isup::CalledPartyNumber>(), nullptr);
}

TEST_F(IsupNumbers, WithoutAWayTheCircuitHasT35AndItsTimeCounts) {  // Q.764 2.2.5
  auto config = isup_config();
  config.isup_trunks[0].overlap = Overlap::collect;
  config.isup_trunks[0].group.timers[isup::Timer::t35] = 15s;
  for (auto& route : config.routes)
    if (route.from == "ss7-1") route.match = "^1...";
  start_isup(std::move(config));
  const auto cic = call_from_isup(iam("10"));
  world->run(10s);
  digits(cic, "0");  // the time begins anew
  world->run(14s);
  EXPECT_FALSE(from_isup(T::rel));
  world->run(2s);
  const auto gone = from_isup(T::rel);
  ASSERT_TRUE(gone);
  EXPECT_EQ(gone->message.get<isup::CauseIndicators>()->value, 28);
  EXPECT_EQ(last_cdr().cause, 28);
  expect_nothing_left();
}

}  // namespace
}  // namespace tandem::core
