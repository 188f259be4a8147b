// Far ends that lie about supplementary services, repeat them, or say them to nobody.
#include "tests/unit/pri/by_hand.h"

namespace tandem::tdm::pri {
namespace {

using namespace std::chrono_literals;

DChannelConfig everything() {
  DChannelConfig config;
  config.overlap_receiving = config.overlap_sending = true;
  config.hold = config.transfer = true;
  return config;
}

struct HostileServices : ByHand {
  HostileServices() : ByHand(everything()) {}
  CallRef active() {
    const auto call = call_out();
    send("08028001 07 1803 a98383");
    return call;
  }
  template <class T>
  [[nodiscard]] std::size_t count() const {
    std::size_t n = 0;
    for (const auto& event : events) n += std::holds_alternative<T>(event) ? 1U : 0U;
    return n;
  }
};

TEST_F(HostileServices, HoldTwiceIsRefusedTheSecondTime) {
  active();
  send("08028001 24");
  EXPECT_EQ(sent.back(), "HOLD ACKNOWLEDGE cr=1");
  send("08028001 24");
  EXPECT_EQ(sent.back(), "HOLD REJECT cr=1 cause 101");
  EXPECT_EQ(count<HoldInd>(), 1U);
  EXPECT_EQ(user.calls(), 1U);
}

TEST_F(HostileServices, RetrieveOfACallThatIsNotHeldIsRefused) {
  active();
  send("08028001 31 1803 a98385");
  EXPECT_EQ(sent.back(), "RETRIEVE REJECT cr=1 cause 101");
  EXPECT_EQ(count<RetrieveInd>(), 0U);
}

TEST_F(HostileServices, AcknowledgementsThatNobodyWaitsForAreIgnored) {
  active();
  for (const auto* message :
       {"08028001 28", "08028001 30 0802 8290", "08028001 33 1803 a98385", "08028001 37 0802 8290"}) {
    send(message);
  }
  EXPECT_EQ(count<HoldInd>() + count<RetrieveInd>(), 0U);
  EXPECT_EQ(user.calls(), 1U);
}

TEST_F(HostileServices, AHeldCallMayBeClearedByTheFarEnd) {
  active();
  send("08028001 24");
  send("08028001 4d 0802 8290");
  EXPECT_EQ(count<ReleasedInd>(), 1U);
  EXPECT_EQ(user.call_records(), 0U);
}

TEST_F(HostileServices, NotificationsWithoutMeaningAreNotReported) {
  active();
  send("08028001 6e");            // no indicator at all
  send("08028001 6e 2701 ff");    // not defined
  send("08028001 6e 2702 03a1");  // a component follows
  send("08028001 6e 2700");
  EXPECT_EQ(count<NotifyInd>(), 0U);
  send("08028001 6e 2701 80");
  EXPECT_EQ(count<NotifyInd>(), 1U);
}

TEST_F(HostileServices, ANumberTheCallIsDivertedToIsReportedOnce) {
  call_out();
  send("08028001 02 1803 a98383");
  send("08028001 6e 2701 fb 7606 2183 35353535");
  ASSERT_NE(last<RedirectingInd>(), nullptr);
  EXPECT_EQ(last<RedirectingInd>()->to.number.value_or(Number{}).digits, "5555");
  send("08028001 6e 2701 fb 7602 2103");  // a number without its end
  EXPECT_EQ(count<RedirectingInd>(), 1U);
}

TEST_F(HostileServices, DigitsNeverGrowTheirMessage) {
  send("08020005 05 0403 8090a3 1803 a98383 7002 8131");
  ASSERT_NE(last<SetupInd>(), nullptr);
  const auto call = last<SetupInd>()->call;
  user.setup_ack(call, {3, true}, false, now);
  drain();
  for (int i = 0; i < 500; ++i)
    send("08020005 7b 7021 80 3131313131313131313131313131313131313131313131313131313131313131");
  EXPECT_EQ(count<InformationInd>(), 500U);
  for (const auto& event : events) {
    const auto* digits = std::get_if<InformationInd>(&event);
    EXPECT_TRUE(digits == nullptr || digits->digits.size() == 32U);
  }
  EXPECT_EQ(user.calls(), 1U);
}

TEST_F(HostileServices, KeypadsAreReportedInAnyStateAndBounded) {
  active();
  send("08028001 7b 2c03 2a3233");
  ASSERT_NE(last<InformationInd>(), nullptr);
  EXPECT_TRUE(last<InformationInd>()->keypad);
  EXPECT_EQ(last<InformationInd>()->digits, "*23");
  send("08028001 7b 2c04 00010a7f");
  EXPECT_EQ(count<InformationInd>(), 1U);
}

TEST_F(HostileServices, ElementsOfAnImpossibleLengthAreNotReported) {
  std::string subaddress = "711680";  // 21 octets of it
  for (int i = 0; i < 21; ++i) subaddress += "41";
  send("08020005 05 0403 8090a3 1803 a98383 7002 8131 " + subaddress);
  ASSERT_NE(last<SetupInd>(), nullptr);
  EXPECT_FALSE(last<SetupInd>()->setup.called_subaddress);
  std::string user_user = "7e8204";  // 129 octets
  for (int i = 0; i < 129; ++i) user_user += "41";
  send("08020006 05 0403 8090a3 1803 a98384 7002 8131 7e00 " + user_user);
  ASSERT_NE(last<SetupInd>(), nullptr);
  EXPECT_FALSE(last<SetupInd>()->setup.user_user);
}

TEST_F(HostileServices, TransferOfACallToItselfIsNotReported) {
  active();
  send("08028001 24");
  send("08028001 62 1c0e 91 a10b 020101 0606 040082710104");  // no other call is there
  EXPECT_EQ(count<TransferInd>(), 0U);
  EXPECT_EQ(user.calls(), 1U);
}

TEST_F(HostileServices, FacilitiesForNobodyKeepNoRecord) {
  for (int i = 10; i < 40; ++i) {
    const Octets reference{0x00, static_cast<Octet>(i)};
    send("0802" + to_hex(reference) + "62 1c09 91 a106 020101 020122");
    send("0802" + to_hex(reference) + "64 1c09 91 a106 020101 020122");  // REGISTER
    send("0802" + to_hex(reference) + "24");
  }
  EXPECT_EQ(user.calls(), 0U);
  EXPECT_EQ(user.call_records(), 0U);
}

TEST(HostileNfas, AChannelOfNoSpanIsRefused) {
  DChannelConfig config;
  config.links = 2;
  config.interfaces = {0, 4};
  FarByHand far(config);
  far.send("08020005 05 0403 8090a3 1804 e9828383 7002 8131");
  EXPECT_EQ(far.last<SetupInd>(), nullptr);
  EXPECT_EQ(far.sent.back(), "RELEASE COMPLETE cr=5 cause 82");
  EXPECT_EQ(far.user.call_records(), 0U);
  far.send("08020006 05 0403 8090a3 1804 e9848383 7002 8131");
  ASSERT_NE(far.last<SetupInd>(), nullptr);
  EXPECT_EQ(far.last<SetupInd>()->setup.channel.span, 1);
  far.user.handle_frame(from_hex("000173").value(), far.now, 2);  // there is no third link
  far.send("08020000 46 1803 e98283 7901 86");                    // a span that is not ours
  EXPECT_EQ(far.user.calls(), 1U);
}

}  // namespace
}  // namespace tandem::tdm::pri
