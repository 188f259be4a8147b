// Digits one by one: Q.931 5.1.3 and 5.2.4.
#include "tests/unit/pri/pri_calls.h"

namespace tandem::tdm::pri {
namespace {

using namespace std::chrono_literals;

DChannelConfig overlapping() {
  DChannelConfig config;
  config.overlap_receiving = config.overlap_sending = true;
  return config;
}

struct Overlap : testing::TestWithParam<Switch> {
  static DChannelConfig config() {
    auto config = overlapping();
    config.type = GetParam();
    return config;
  }
  PriPair pair{config()};
  Overlap() { pair.start(); }
  Joined begin(PriPair::End from) {
    auto setup = a_setup(3, "1");
    setup.sending_complete = false;
    SetupInd seen;
    const auto call = ring(pair, from, setup, &seen);
    EXPECT_FALSE(seen.setup.sending_complete);
    EXPECT_EQ(seen.setup.called.digits, "1");
    return call;
  }
};
INSTANTIATE_TEST_SUITE_P(Types, Overlap,
                         testing::Values(Switch::euroisdn, Switch::national, Switch::dms100, Switch::qsig));

TEST_P(Overlap, CarriesDigitsInOneMessageEachUntilTheyAreComplete) {
  for (const auto from : {kNet, kUser}) {
    const auto call = begin(from);
    const auto to = other(from);
    pair.at(to).setup_ack(call.called, {3, true}, true, pair.now());
    pair.settle();
    const auto wanted = pair.take<SetupAckInd>(from);
    ASSERT_TRUE(wanted);
    EXPECT_EQ(wanted->channel, (Channel{3, true}));
    ASSERT_EQ(wanted->progress.size(), 1U);
    EXPECT_EQ(wanted->progress[0].description, ProgressDescription::inband);
    Ladder ladder(pair);
    pair.at(from).information(call.caller, "23", false, pair.now());
    pair.at(from).information(call.caller, "4", true, pair.now());
    pair.settle();
    EXPECT_EQ(ladder.lines[from].size(), 2U);
    auto digits = pair.take<InformationInd>(to);
    ASSERT_TRUE(digits);
    EXPECT_EQ(digits->digits, "23");
    EXPECT_FALSE(digits->sending_complete);
    digits = pair.take<InformationInd>(to);
    ASSERT_TRUE(digits);
    EXPECT_EQ(digits->digits, "4");
    EXPECT_TRUE(digits->sending_complete);
    pair.at(to).proceeding(call.called, {3, true}, pair.now());
    pair.settle();
    EXPECT_TRUE(pair.take<ProceedingInd>(from));
    pair.at(from).information(call.caller, "5", false, pair.now());  // too late
    pair.settle();
    EXPECT_EQ(ladder.lines[from].size(), 2U);
    clear(pair, call);
    EXPECT_EQ(pair.at(kNet).call_records() + pair.at(kUser).call_records(), 0U);
  }
}

TEST_P(Overlap, SendingCompleteCanComeByItself) {
  const auto call = begin(kUser);
  pair.at(kNet).setup_ack(call.called, {3, true}, false, pair.now());
  pair.settle();
  ASSERT_TRUE(pair.take<SetupAckInd>(kUser));
  pair.at(kUser).information(call.caller, "", true, pair.now());
  pair.settle();
  const auto digits = pair.take<InformationInd>(kNet);
  ASSERT_TRUE(digits);
  EXPECT_EQ(digits->digits, "");
  EXPECT_TRUE(digits->sending_complete);
}

TEST_P(Overlap, T304RunsBetweenDigits) {
  const auto call = begin(kUser);
  pair.at(kNet).setup_ack(call.called, {3, true}, false, pair.now());
  pair.run(29s);
  pair.at(kUser).information(call.caller, "2", false, pair.now());
  pair.run(29s);
  EXPECT_EQ(pair.count<DisconnectInd>(kNet), 0U);
  pair.run(2s);
  const auto disconnected = pair.take<DisconnectInd>(kNet);
  ASSERT_TRUE(disconnected);
  EXPECT_EQ(disconnected->cause.value, 102);
}

TEST_P(Overlap, ARepeatedFrameHasTheSameDigits) {
  const auto call = begin(kUser);
  pair.at(kNet).setup_ack(call.called, {3, true}, false, pair.now());
  pair.settle();
  std::vector<std::string> sent;
  bool lose = true;
  pair.tap = [&](PriPair::End from, OctetView octets) {
    const auto frame = parse_frame(octets);
    if (from == kUser && frame->kind == FrameKind::i) sent.push_back(to_hex(frame->information));
  };
  pair.wire = [&](PriPair::End from, OctetView octets) {
    return from == kNet || parse_frame(octets)->kind != FrameKind::i || !std::exchange(lose, false);
  };
  pair.at(kUser).information(call.caller, "789", true, pair.now());
  pair.run(5s);
  ASSERT_EQ(sent.size(), 2U);
  EXPECT_EQ(sent[0], sent[1]);
  const auto digits = pair.take<InformationInd>(kNet);
  ASSERT_TRUE(digits);
  EXPECT_EQ(digits->digits, "789");
  EXPECT_TRUE(digits->sending_complete);
  EXPECT_FALSE(pair.take<InformationInd>(kNet));
}

TEST_P(Overlap, ACallCanBeRefusedWhileDigitsAreCollected) {
  for (const auto from : {kNet, kUser}) {
    const auto call = begin(from);
    pair.at(other(from)).setup_ack(call.called, {3, true}, false, pair.now());
    pair.settle();
    pair.at(other(from)).disconnect(call.called, 28, pair.now());
    pair.settle();
    const auto disconnected = pair.take<DisconnectInd>(from);
    ASSERT_TRUE(disconnected);
    EXPECT_EQ(disconnected->cause.value, 28);
    pair.at(from).disconnect(call.caller, 28, pair.now());
    pair.settle();
    EXPECT_EQ(pair.at(kNet).call_records() + pair.at(kUser).call_records(), 0U);
  }
}

TEST(OverlapOff, NeitherAsksForDigitsNorTellsThatTheyAreAskedFor) {
  PriPair pair;
  pair.start();
  const auto call = ring(pair, kUser, a_setup());
  Ladder ladder(pair);
  pair.at(kNet).setup_ack(call.called, {3, true}, false, pair.now());
  pair.settle();
  EXPECT_TRUE(ladder.lines[kNet].empty());
  pair.at(kUser).information(call.caller, "1", false, pair.now());
  pair.settle();
  EXPECT_TRUE(ladder.lines[kUser].empty());
}

TEST(OverlapOff, DigitsThatNobodyAskedForAreNotReported) {
  PriPair pair(overlapping());
  pair.start();
  const auto call = ring(pair, kUser, a_setup());
  pair.at(kNet).connect(call.called, {3, true}, pair.now());
  pair.settle();
  pair.at(kUser).information(call.caller, "1", false, pair.now());
  pair.settle();
  EXPECT_EQ(pair.count<InformationInd>(kNet), 0U);
}

}  // namespace
}  // namespace tandem::tdm::pri
