// What the gateway adds to calls on ISUP trunks: propagation delay (Q.764 2.6), fallback (Q.764 2.5).
#include "tests/unit/core/isup_fixture.h"

namespace tandem::core {
namespace {

using T = isup::MessageType;

class IsupPath : public IsupCall {
 protected:
  static Config distant(int trunks, std::uint16_t ms) {
    auto config = isup_config(trunks);
    for (auto& trunk : config.isup_trunks) trunk.group.propagation_delay_ms = ms;
    return config;
  }
};

TEST_F(IsupPath, ACallFromSipBeginsToCountItsDelay) {
  start_isup(distant(1, 8));
  sip_call = call_from_sip("7000");
  const auto begun = from_isup(T::iam);
  ASSERT_TRUE(begun);
  ASSERT_NE(begun->message.get<isup::PropagationDelay>(), nullptr);
  EXPECT_EQ(begun->message.get<isup::PropagationDelay>()->milliseconds, 8);
}

TEST_F(IsupPath, ACallBetweenIsupTrunksCountsOn) {
  start_isup(distant(2, 8));
  call_from_isup(iam("8000").set(isup::PropagationDelay{20}));
  const auto begun = from_isup(T::iam, 1);
  ASSERT_TRUE(begun);
  EXPECT_EQ(begun->message.get<isup::PropagationDelay>()->milliseconds, 36);  // the far end's way and ours
}

TEST_F(IsupPath, AnAnswerFromSipTellsTheDelayAndWhatTheCallHasFallenBackTo) {
  start_isup(distant(1, 8));
  call_from_isup(iam("1000")
                     .set(isup::PropagationDelay{20})
                     .set(isup::TransmissionMedium{6})
                     .set(isup::TransmissionMediumPrime{0}));
  const auto invite = from_sip<sip::IncomingCall>();
  ASSERT_TRUE(invite);
  answer_at_sip(*invite);
  auto answer = from_isup(T::anm);
  if (!answer) answer = from_isup(T::con);
  ASSERT_TRUE(answer);
  ASSERT_NE(answer->message.get<isup::CallHistoryInformation>(), nullptr);
  EXPECT_EQ(answer->message.get<isup::CallHistoryInformation>()->milliseconds, 28);  // with the far end's way
  ASSERT_NE(answer->message.get<isup::TransmissionMediumUsed>(), nullptr);
  EXPECT_EQ(answer->message.get<isup::TransmissionMediumUsed>()->value, 0);
}

}  // namespace
}  // namespace tandem::core
