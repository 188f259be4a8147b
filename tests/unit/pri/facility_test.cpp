// Facility elements: what is let through to libpri, and what libpri makes of it.
#include "tdm/pri/facility.h"

#include "tests/unit/pri/by_hand.h"
#include "tests/unit/pri/pri_calls.h"

namespace tandem::tdm::pri {
namespace {

using namespace std::chrono_literals;

bool sound(std::string_view text) {
  return facility_is_sound(from_hex(text).value());
}

TEST(FacilityCheck, LetsRemoteOperationsThrough) {
  EXPECT_TRUE(sound("91 a112 020101 020122 300a a105 3003 02010a 820100"));
  EXPECT_TRUE(sound("9f aa06 800100 820100 8b0100 a106 020101 020100"));  // networking extensions
  EXPECT_TRUE(sound("11be a106 020101 020101"));                          // DMS-100
  EXPECT_FALSE(sound("11bf a106 020101 020101"));
  EXPECT_TRUE(sound("91 a1810a 020101 020100 30020500"));  // length in two octets
}

TEST(FacilityCheck, StopsWhatDoesNotNest) {
  EXPECT_FALSE(sound(""));
  EXPECT_FALSE(sound("91"));
  EXPECT_FALSE(sound("91 a1"));
  EXPECT_FALSE(sound("91 a105 020101"));             // longer than the element
  EXPECT_FALSE(sound("91 a104 02010102"));           // a value without its length
  EXPECT_FALSE(sound("91 a106 0205 01020100"));      // inner longer than outer
  EXPECT_FALSE(sound("91 a180 020101 0000"));        // indefinite
  EXPECT_FALSE(sound("91 a18200 06 020101020100"));  // three octets of length
  EXPECT_FALSE(sound("91 a181"));
  EXPECT_FALSE(sound("91 bf2003 020101"));       // long tag
  EXPECT_FALSE(sound("11 a106 020101 020100"));  // protocol profile without extension bit
  EXPECT_FALSE(sound("92 a106 020101 020100"));  // CMIP
}

TEST(FacilityCheck, StopsNumbersThatLibpriCannotHold) {
  EXPECT_TRUE(sound("91 a107 020101 02027fff"));
  EXPECT_FALSE(sound("91 a10a 020101 0205ffffffffff"));
  EXPECT_FALSE(sound("91 a105 020101 0200"));
  EXPECT_FALSE(sound("91 a105 020101 0600"));    // object identifier of nothing
  EXPECT_FALSE(sound("91 a106 020101 060181"));  // ... that does not end
}

TEST(FacilityCheck, StopsDepthAndNumber) {
  std::string nested;
  for (int depth = 0; depth < 40; ++depth) {
    const std::size_t length = nested.size() / 2;
    const Octets head{0x30, static_cast<Octet>(length)};
    nested = to_hex(head) + nested;
    EXPECT_EQ(sound("91" + nested), depth < 15) << depth;
  }
  std::string many;
  for (int i = 0; i < 120; ++i) many += "0500";
  EXPECT_FALSE(sound("91" + many));
}

struct Charged : ByHand {
  CallRef call = 0;
  Charged() {
    call = call_out();
    send("08028001 07 1803 a98383");
    EXPECT_NE(last<ConnectInd>(), nullptr);
  }
  std::optional<AdviceOfCharge> charged() {
    for (const auto& event : events) {
      if (const auto* charge = std::get_if<ChargeInd>(&event)) return charge->charge;
    }
    return std::nullopt;
  }
};

TEST_F(Charged, UnitsDuringTheCall) {
  send("08028001 62 1c15 91 a112 020101 020122 300a a105 3003 02010a 820100");
  ASSERT_TRUE(charged());
  EXPECT_EQ(charged(),
            (AdviceOfCharge{.final = false, .free = false, .units = 10, .currency = {}, .amount = 0}));
}

TEST_F(Charged, UnitsAtItsEndComeBeforeTheRelease) {
  send("08028001 4d 0802 8290 1c14 91 a111 020101 020124 3009 3007 a105 3003 02012a");
  ASSERT_TRUE(charged());
  EXPECT_TRUE(charged()->final);
  EXPECT_EQ(charged()->units, 42U);
  EXPECT_NE(last<ReleasedInd>(), nullptr);
}

TEST_F(Charged, MoneyAtItsEnd) {
  send("08028001 45 0802 8290 1c1d 91 a11a 020101 020123 3012 3010 a10e 8103455552 a207 8101 7b 8201 01 ");
  EXPECT_FALSE(charged());  // two octets are missing
  send("08028001 62 1c1c 91 a119 020101 020123 3011 300f a10d 8103455552 a206 81017b 820101");
  ASSERT_TRUE(charged());
  EXPECT_EQ(charged(),
            (AdviceOfCharge{.final = true, .free = false, .units = 0, .currency = "EUR", .amount = 1230}));
}

TEST_F(Charged, MoneyDuringTheCall) {
  send("08028001 62 1c1d 91 a11a 020101 020121 3012 a10d 8103455552 a206 81017b 820101 820100");
  EXPECT_EQ(charged(),
            (AdviceOfCharge{.final = false, .free = false, .units = 0, .currency = "EUR", .amount = 1230}));
}

TEST_F(Charged, NothingForACallThatIsFree) {
  const AdviceOfCharge during{.final = false, .free = true, .units = 0, .currency = {}, .amount = 0};
  send("08028001 62 1c0b 91 a108 020101 020122 8100");
  EXPECT_EQ(charged(), during);
}

TEST_F(Charged, NothingAtTheEndOfACallThatIsFree) {
  const AdviceOfCharge at_end{.final = true, .free = true, .units = 0, .currency = {}, .amount = 0};
  send("08028001 62 1c0d 91 a10a 020101 020124 3002 8100");
  EXPECT_EQ(charged(), at_end);
}

TEST_F(Charged, WhatIsNotAvailableIsNotToldOf) {
  send("08028001 62 1c0b 91 a108 020101 020122 0500");
  EXPECT_FALSE(charged());
}

TEST_F(Charged, AFacilityThatIsNotSoundIsDroppedAndSaidSo) {
  send("08028001 62 1c07 91 a1ff 020101 02");
  ASSERT_NE(last<Notice>(), nullptr);
  EXPECT_EQ(last<Notice>()->text, "Q.931: information element with invalid contents left out");
  EXPECT_EQ(user.calls(), 1U);
}

TEST_F(Charged, OperationsThatNobodyKnowsChangeNothing) {
  for (int operation = 0; operation < 128; ++operation) {
    const Octets code{static_cast<Octet>(operation)};
    send("08028001 62 1c09 91 a106 020105 0201" + to_hex(code));
    send("08028001 62 1c0b 91 a108 020106 0201" + to_hex(code) + "3000");
  }
  EXPECT_EQ(user.calls(), 1U);
  EXPECT_EQ(user.call_records(), 1U);
}

TEST(Transfers, TheFarEndIsToldOfTwoCallsToJoin) {
  DChannelConfig config;
  config.hold = config.transfer = true;
  PriPair pair(config);
  pair.start();
  const auto first = answered(pair, kUser, a_setup(3));
  const auto second = answered(pair, kUser, a_setup(4, "2000"));
  ASSERT_TRUE(pair.at(kUser).hold(first.caller, pair.now()));
  pair.settle();
  ASSERT_TRUE(pair.at(kUser).transfer(first.caller, second.caller, pair.now()));
  pair.settle();
  const auto asked = pair.take<TransferInd>(kNet);
  ASSERT_TRUE(asked);
  EXPECT_EQ(std::set<CallRef>({asked->call, asked->other}), std::set<CallRef>({first.called, second.called}));
  pair.at(kNet).transfer_result(*asked, true, pair.now());
  pair.settle();
  EXPECT_EQ(pair.count<ReleasedInd>(kUser) + pair.count<ReleasedInd>(kNet), 0U);
  pair.at(kNet).transfer_result({0, 0, 999, 1}, true, pair.now());  // dead by now
}

struct Dms100 : ByHand {
  static DChannelConfig config() {
    DChannelConfig config;
    config.type = Switch::dms100;
    config.t1 = config.transfer = true;
    return config;
  }
  Dms100() : ByHand(config()) {}
};

TEST_F(Dms100, TransfersByTheReferenceThatItsNetworkGives) {
  std::vector<CallRef> calls;
  for (const std::string reference : {"8001", "8002"}) {
    calls.push_back(user.setup(a_setup(static_cast<std::uint8_t>(3 + calls.size())), now).value_or(0));
    drain();
    send("0802" + reference + " 07 1803 a98383");
  }
  EXPECT_FALSE(user.transfer(calls[0], calls[1], now));
  send("08028002 62 1c11 11be a20d 020101 3008 020101 8003 010203");
  EXPECT_TRUE(user.transfer(calls[0], calls[1], now));
  drain();
  EXPECT_EQ(sent.back(), "FACILITY cr=1");
}

struct TransferTypes : testing::TestWithParam<Switch> {};
INSTANTIATE_TEST_SUITE_P(All, TransferTypes,
                         testing::Values(Switch::euroisdn, Switch::national, Switch::ni1, Switch::dms100,
                                         Switch::att4ess, Switch::lucent5ess, Switch::qsig));

TEST_P(TransferTypes, AnAskedTransferLeavesTheCallsUsable) {
  DChannelConfig config;
  config.type = GetParam();
  config.hold = config.transfer = true;
  PriPair pair(config);
  pair.start();
  const auto first = answered(pair, kUser, a_setup(3));
  const auto second = answered(pair, kUser, a_setup(4, "2000"));
  const bool asked = pair.at(kUser).transfer(first.caller, second.caller, pair.now());
  // NI-1 has no transfer in libpri; RLT of DMS-100 needs a reference that only the network gives.
  EXPECT_EQ(asked, GetParam() != Switch::ni1 && GetParam() != Switch::dms100);
  pair.run(20s);
  clear(pair, first);
  clear(pair, second);
  EXPECT_EQ(pair.at(kNet).call_records() + pair.at(kUser).call_records(), 0U);
}

}  // namespace
}  // namespace tandem::tdm::pri
