// Whether a call goes on by ISUP is asked of each call (Q.764 2.9.5.2: type A and type B exchanges).
#include <algorithm>

#include "tests/unit/core/isup_fixture.h"

namespace tandem::core {
namespace {

using T = isup::MessageType;

class IsupTransit : public IsupCall {
 protected:
  /// One to be passed on where it can be, and else discarded, of which the sender wants to hear (Q.763 3.33).
  static isup::Message unknown() {
    isup::Message message(static_cast<T>(0xf5));
    constexpr isup::Instructions kInstructions{.notify = true, .discard_parameter = true};  // E: or discard
    message.set(isup::MessageCompatibility{.octets = {kInstructions.octet()}});
    return message;
  }
  /// The far end of the trunk was sent CFN.
  bool confused(std::size_t trunk) {
    return std::ranges::any_of(heard, [trunk](const Heard& one) {
      const auto* alert = std::get_if<isup::GroupAlert>(&one.what);
      return one.trunk == trunk && alert != nullptr && alert->text == isup::AlertText::confusion;
    });
  }
};

TEST_F(IsupTransit, ACallFromSipIsNotTransitWhereCallsBetweenIsupTrunksAre) {
  start_isup(isup_config(2));
  const auto cic = arrived_at_isup();
  say(cic, acm());
  say(cic, unknown());
  EXPECT_TRUE(confused(0));
}

TEST_F(IsupTransit, NorIsACallToSip) {
  start_isup(isup_config(2));
  const auto cic = call_from_isup(iam("1000"));
  ASSERT_TRUE(from_sip<sip::IncomingCall>());
  say(cic, unknown());
  EXPECT_TRUE(confused(0));
}

TEST_F(IsupTransit, ACallBetweenIsupTrunksIsBothWays) {
  start_isup(isup_config(2));
  const auto cic = call_from_isup(iam("8000"));
  const auto begun = from_isup(T::iam, 1);
  ASSERT_TRUE(begun);
  say(begun->cic, acm(), 1);
  say(begun->cic, unknown(), 1);
  say(cic, unknown());
  // It was the exchange beyond that did not understand, and said so to the one in between.
  EXPECT_FALSE(confused(1));
  EXPECT_FALSE(confused(0));
  EXPECT_EQ(world->ss7.group(0).counters().unrecognized, 1U);
  EXPECT_EQ(world->ss7.group(1).counters().unrecognized, 1U);
}

TEST_F(IsupTransit, ACallThatGoesOnToSipAfterAnIsupTrunkHasRefusedItIsTransitNoMore) {
  auto config = isup_config(2);
  for (auto& route : config.routes)
    if (route.match == "^8...$") route.to = {"ss7-2", "carrier"};
  start_isup(std::move(config));
  const auto cic = call_from_isup(iam("8000"));
  const auto begun = from_isup(T::iam, 1);
  ASSERT_TRUE(begun);
  say(begun->cic, make_rel(34), 1);
  ASSERT_TRUE(from_sip<sip::IncomingCall>());
  say(cic, unknown());
  EXPECT_TRUE(confused(0));
}

TEST_F(IsupTransit, ACallThatMayNotLeaveIsupIsNotOfferedToSip) {  // Q.764 2.9.5.3
  start_isup(isup_config(2));
  constexpr isup::Instructions kRelease{};
  auto message = iam("1000");
  message.set(isup::ParameterCompatibility{.octets = {0xf0, kRelease.octet()}});
  message.set(isup::RawParameter{0xf0, {1}});
  call_from_isup(message);
  EXPECT_FALSE(from_sip<sip::IncomingCall>());
  const auto rel = from_isup(T::rel);
  ASSERT_TRUE(rel);
  EXPECT_EQ(rel->message.get<isup::CauseIndicators>()->value, 99);
  EXPECT_EQ(world->gateway.usage().isup_calls, 0U);
  EXPECT_TRUE(world->gateway.idle());
}

}  // namespace
}  // namespace tandem::core
