// What a far end may send that libpri itself never would, octet by octet.
#include <gtest/gtest.h>

#include "tests/unit/pri/by_hand.h"

namespace tandem::tdm::pri {
namespace {

using namespace std::chrono_literals;

TEST_F(ByHand, ADisconnectWithATonePassesOnItsProgressIndicator) {
  const auto call = call_out();
  send("08028001 02 1803 a98383");
  send("08028001 45 0802 8281 1e02 8288");
  const auto* disconnected = last<DisconnectInd>();
  ASSERT_NE(disconnected, nullptr);
  EXPECT_EQ(disconnected->cause, (Cause{1, Location::public_local}));
  ASSERT_EQ(disconnected->progress.size(), 1U);
  EXPECT_EQ(disconnected->progress[0].description, ProgressDescription::inband);
  EXPECT_EQ(sent.size(), 1U);  // the owner decides when the tone has been heard
  user.disconnect(call, 16, now);
  drain();
  EXPECT_EQ(sent.back(), "RELEASE cr=1 cause 16");
  send("08028001 5a");
  ASSERT_NE(last<ReleasedInd>(), nullptr);
  EXPECT_EQ(last<ReleasedInd>()->cause.value, 1);
}

TEST_F(ByHand, AllProgressIndicatorsAreReported) {
  call_out();
  send("08028001 02 1803 a98383 1e02 8281 1e02 8482");
  const auto* proceeding = last<ProceedingInd>();
  ASSERT_NE(proceeding, nullptr);
  EXPECT_EQ(proceeding->progress,
            (std::vector<Progress>{{ProgressDescription::not_end_to_end, Location::public_local},
                                   {ProgressDescription::destination_non_isdn, Location::public_remote}}));
}

TEST_F(ByHand, ASetupAcknowledgeIsTakenForTheCallsFirstResponse) {
  call_out();
  send("08028001 0d 1803 a98385 1e02 8288");
  const auto* proceeding = last<ProceedingInd>();
  ASSERT_NE(proceeding, nullptr);
  EXPECT_EQ(proceeding->channel, (Channel{5, true}));
  EXPECT_TRUE(proceeding->progress.empty());     // a dial tone is nothing for the caller
  for (int second = 0; second < 31; ++second) {  // T304
    now += 1s;
    user.handle_timers(now);
    drain();
  }
  EXPECT_EQ(sent.back(), "DISCONNECT cr=1 cause 102");
}

TEST_F(ByHand, AConnectTellsTheConnectedNumberAndIsAcknowledged) {
  call_out();
  send("08028001 07 1803 a98383 4c06 2183 34393330");
  const auto* connected = last<ConnectInd>();
  ASSERT_NE(connected, nullptr);
  ASSERT_TRUE(connected->connected);
  EXPECT_EQ(connected->connected->digits, "4930");
  EXPECT_EQ(connected->connected->type, TypeOfNumber::national);
  EXPECT_EQ(connected->connected->screening, Screening::network);
  EXPECT_EQ(sent.back(), "CONNECT ACKNOWLEDGE cr=1");
}

TEST_F(ByHand, AReleaseCompleteAnswersASetupWithItsCause) {
  const auto call = call_out();
  send("08028001 5a 0802 82a2");
  ASSERT_NE(last<ReleasedInd>(), nullptr);
  EXPECT_EQ(last<ReleasedInd>()->call, call);
  EXPECT_EQ(last<ReleasedInd>()->cause, (Cause{34, Location::public_local}));
  EXPECT_EQ(user.call_records(), 0U);
}

TEST_F(ByHand, AReleaseOutOfTheBlueIsAnswered) {
  call_out();
  send("08028001 02 1803 a98383");
  send("08028001 4d 0802 829f");
  EXPECT_EQ(last<ReleasedInd>()->cause.value, 31);
  EXPECT_EQ(sent.back(), "RELEASE COMPLETE cr=1 cause 31");
  EXPECT_EQ(user.call_records(), 0U);
}

TEST_F(ByHand, ACallThatIsAbandonedBeforeItsFirstAnswerIsOver) {
  // libpri sends RELEASE COMPLETE for it and would then keep it for ever.
  send("08020005 05 0403 8090a3 1803 a98383 7005 8131303030");
  ASSERT_NE(last<SetupInd>(), nullptr);
  send("08020005 45 0802 8290");
  EXPECT_EQ(sent.back(), "RELEASE COMPLETE cr=5 cause 16");
  ASSERT_NE(last<ReleasedInd>(), nullptr);
  EXPECT_EQ(user.call_records(), 0U);
  send("08020006 05 0403 8090a3 1803 a98383 7005 8131303030");
  send("08020006 5a 0802 8290");
  ASSERT_NE(last<ReleasedInd>(), nullptr);
  EXPECT_EQ(user.calls(), 0U);
  EXPECT_EQ(user.call_records(), 0U);
}

TEST_F(ByHand, AStatusOfTheNullStateEndsTheCall) {
  call_out();
  send("08028001 07 1803 a98383");
  send("08028001 7d 0802 82e5 1401 00");  // Q.931 5.8.11
  ASSERT_NE(last<ReleasedInd>(), nullptr);
  EXPECT_EQ(user.call_records(), 0U);
}

TEST_F(ByHand, ARestartOfTheWholeInterfaceEndsEveryCall) {
  call_out();
  send("08028001 07 1803 a98383");
  send("08020005 05 0403 8090a3 1803 a98384 7005 8131303030");
  send("08020000 46 7901 87");
  ASSERT_NE(last<RestartInd>(), nullptr);
  EXPECT_EQ(last<RestartInd>()->timeslot, 0);
  EXPECT_EQ(sent.back(), "RESTART ACKNOWLEDGE cr=0");
  EXPECT_EQ(user.calls(), 0U);
  EXPECT_EQ(user.call_records(), 0U);
}

TEST_F(ByHand, ARestartOfSeveralChannelsNamesEachOne) {
  send("08020000 46 1805 a9830385 87 7901 80");
  for (int i = 0; i < 3; ++i) {
    user.handle_timers(now);
    drain();
  }
  std::vector<int> timeslots;
  for (const auto& event : events) {
    if (const auto* restart = std::get_if<RestartInd>(&event)) timeslots.push_back(restart->timeslot);
  }
  EXPECT_EQ(timeslots, (std::vector<int>{3, 5}));
}

TEST_F(ByHand, ANameInLatinLettersBecomesUtf8) {
  send("08020005 05 0403 8090a3 1803 a98383 2804 4afc0767 7003 813131");
  ASSERT_NE(last<SetupInd>(), nullptr);
  EXPECT_EQ(last<SetupInd>()->setup.calling_name, "J\xC3\xBCg");
}

}  // namespace
}  // namespace tandem::tdm::pri
