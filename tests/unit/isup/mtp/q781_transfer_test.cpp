// Level 2 tests after Q.781 5 to 10: delimitation, error monitors, basic and preventive correction,
// congestion. Titles are ours.
#include "tests/unit/isup/mtp/link_tester.h"

namespace tandem::mtp::test {
namespace {

LinkConfig preventive() {
  LinkConfig config;
  config.correction = Correction::preventive;
  return config;
}
Octets raw(std::initializer_list<int> octets) {
  Octets out;
  for (const int o : octets) out.push_back(static_cast<Octet>(o));
  return out;
}
/// How often an MSU of this tag was heard.
long heard(const Tester& t, std::uint8_t tag) {
  return std::ranges::count_if(t.units, [&](const Octets& u) { return u[4] == tag; });
}
/// Spoils one bit of every `period`th FISU's worth of line.
void spoil_every(Tester& t, int units) {
  t.spoil = [bits = 0, units](std::span<Octet> line) mutable {
    // A FISU and its flag are 48 bits; a bit more for stuffing is of no account here.
    for (auto& octet : line) {
      if ((bits += 8) < units * 48) continue;
      bits -= units * 48;
      octet = static_cast<Octet>(octet ^ 0x10);
    }
  };
}

// --- 5: delimitation --------------------------------------------------------------------------------------
TEST(Q781, N5_1_SevenOnesInsideAnMsu) {
  Tester t;
  t.align();
  bool done = false;
  t.spoil = [&](std::span<Octet> line) {
    if (!done) line[3] = 0xFF, done = true;
  };
  t.run(100ms);
  EXPECT_GE(t.link.framer_counters().aborts, 1u);
  EXPECT_EQ(t.link.state(), LinkState::in_service);
  EXPECT_EQ(t.log(), "FISU");
}
TEST(Q781, N5_2_LongerThanTheLongestUnit) {
  Tester t;
  t.align();
  int left = 50;  // 400 octets without a flag
  t.spoil = [&](std::span<Octet> line) {
    if (left-- > 0) std::ranges::fill(line, Octet{0x55});
  };
  t.run(200ms);
  EXPECT_EQ(t.link.framer_counters().too_long, 1u);
  EXPECT_EQ(t.link.state(), LinkState::in_service);
}
TEST(Q781, N5_3_ShorterThanTheShortestUnit) {
  Tester t;
  t.align();
  t.raw_once(raw({0x11}));
  t.run(50ms);
  EXPECT_EQ(t.link.framer_counters().too_short, 1u);
  EXPECT_EQ(t.log(), "FISU");
}
TEST(Q781, N5_4_OneFlagOrManyBetweenFisus) {
  Tester t;
  t.align();
  for (int i = 0; i < 20; ++i) {
    for (int k = 0; k < i; ++k) t.raw_once({});
    t.fisu_once();
  }
  t.run(200ms);
  EXPECT_EQ(t.link.framer_counters().errors, 0u);
}
TEST(Q781, N5_5_OneFlagOrManyBetweenMsus) {
  Tester t;
  t.align();
  for (std::uint8_t i = 0; i < 5; ++i) {
    for (int k = 0; k < i; ++k) t.raw_once({});
    t.msu_once(msu(i));
  }
  t.say_fisu();
  t.run(200ms);
  EXPECT_EQ(t.level3.msus.size(), 5u);
  EXPECT_EQ(t.link.framer_counters().errors, 0u);
}

// --- 6: SUERM ---------------------------------------------------------------------------------------------
TEST(Q781, N6_1_OneErrorIn300UnitsIsBorne) {
  Tester t;
  t.align();
  spoil_every(t, 300);
  t.run(60s);
  EXPECT_EQ(t.link.state(), LinkState::in_service);
  EXPECT_GT(t.link.framer_counters().errors, 200u);
}
TEST(Q781, N6_2_OneErrorIn100UnitsIsNot) {
  Tester t;
  t.align();
  spoil_every(t, 100);
  t.run(30s);
  EXPECT_EQ(t.level3.reasons, std::vector{Failure::error_rate});
}
TEST(Q781, N6_3_SixtyFourErrorsInARow) {
  Tester t;
  t.align();
  spoil_every(t, 1);
  t.run(40ms);  // about 53 units
  EXPECT_EQ(t.link.state(), LinkState::in_service);
  t.run(60ms);
  EXPECT_EQ(t.level3.reasons, std::vector{Failure::error_rate});
}
TEST(Q781, N6_4_ABreakOf128MillisecondsEndsTheLink) {
  Tester t;
  t.align();
  t.fall_silent();
  t.run(120ms);
  EXPECT_EQ(t.link.state(), LinkState::in_service);
  t.run(20ms);
  EXPECT_EQ(t.level3.reasons, std::vector{Failure::error_rate});
}

// --- 7: AERM ----------------------------------------------------------------------------------------------
void prove_with_errors(Tester& t, int errors, Status status) {
  t.link.start(t.now);
  t.say(status);
  ASSERT_TRUE(t.until("SIN"));
  t.run(20ms);
  for (int i = 0; i < errors; ++i) t.raw_once(raw({0x11}));
  t.run(20ms);
}
TEST(Q781, N7_1_BelowTheThresholdProvingGoesOn) {
  Tester t;
  prove_with_errors(t, 3, Status::normal);
  const Time begun = t.now;
  ASSERT_TRUE(t.until("FISU"));
  EXPECT_LT(t.now - begun, 8200ms);
}
TEST(Q781, N7_2_AtTheThresholdProvingBeginsAgain) {
  Tester t;
  prove_with_errors(t, 4, Status::normal);
  const Time begun = t.now;
  ASSERT_TRUE(t.until("FISU"));
  EXPECT_GT(t.now - begun, 8150ms);
}
TEST(Q781, N7_3_FiveAbortedProvingsEndTheAttempt) {
  Tester t;
  prove_with_errors(t, 0, Status::normal);
  for (int i = 0; i < 5; ++i) {
    EXPECT_TRUE(t.level3.reasons.empty());
    for (int k = 0; k < 4; ++k) t.raw_once(raw({0x11}));
    t.run(50ms);
  }
  EXPECT_EQ(t.level3.reasons, std::vector{Failure::alignment});
}
TEST(Q781, N7_4_OneErrorAbortsAnEmergencyProving) {
  Tester t;
  prove_with_errors(t, 0, Status::emergency);
  t.run(300ms);
  t.raw_once(raw({0x11}));
  t.run(20ms);
  const Time begun = t.now;
  ASSERT_TRUE(t.until("FISU"));
  EXPECT_GT(t.now - begun, 450ms);
}

// --- 8: basic correction ----------------------------------------------------------------------------------
TEST(Q781, N8_1_MsusBothWays) {
  Tester t;
  t.align();
  t.link.send(msu(1), t.now);
  t.msu_once(msu(2));
  t.run(50ms);
  EXPECT_EQ(heard(t, 1), 1);
  EXPECT_EQ(t.level3.msus, std::vector<Octets>{msu(2)});
  EXPECT_EQ(t.heard.backward.number, 0);
}
TEST(Q781, N8_2_SibGoesBeforeMsus) {
  Tester t;
  t.align();
  for (std::uint8_t i = 0; i < 5; ++i) t.link.send(msu(i), t.now);
  t.link.receiving_congestion(CongestionAction::accept, t.now);
  t.run(90ms);
  EXPECT_EQ(t.log().find("SIB") < t.log().find("MSU4"), true) << t.log();
}
TEST(Q781, N8_3_ANegativeAcknowledgementBringsTheMsuAgain) {
  Tester t;
  t.align();
  t.acknowledges = false;
  t.link.send(msu(1), t.now), t.link.send(msu(2), t.now);
  t.run(20ms);
  t.backward.bit = !t.backward.bit;
  t.run(20ms);
  EXPECT_EQ(heard(t, 1), 2);
  EXPECT_EQ(heard(t, 2), 2);
  EXPECT_EQ(t.heard.forward.bit, t.backward.bit);
  EXPECT_EQ(t.link.counters().negative_acknowledgements, 1u);
}
TEST(Q781, N8_4_TheRetransmissionBufferHolds127) {
  Tester t;
  t.align();
  t.acknowledges = false;
  for (int i = 0; i < 140; ++i) t.link.send(msu(static_cast<std::uint8_t>(i), 3), t.now);
  t.run(400ms);
  EXPECT_EQ(t.units.size(), 127u);
  t.backward.number = 0;
  t.run(50ms);
  EXPECT_EQ(t.units.size(), 128u);
}
TEST(Q781, N8_5_OneMsuWithAWrongFibIsPassedOver) {
  Tester t;
  t.align();
  t.forward.bit = !t.forward.bit;
  t.msu_once(msu(1));
  t.forward.bit = !t.forward.bit;
  t.forward.number = 127;
  t.run(50ms);
  EXPECT_TRUE(t.level3.msus.empty());
  EXPECT_EQ(t.link.state(), LinkState::in_service);
}
TEST(Q781, N8_6_ARepeatedFsnIsDiscarded) {
  Tester t;
  t.align();
  t.msu_once(msu(1));
  t.forward.number = previous(t.forward.number);
  t.msu_once(msu(1));
  t.run(50ms);
  EXPECT_EQ(t.level3.msus.size(), 1u);
  EXPECT_EQ(t.link.counters().negative_acknowledgements_sent, 0u);
}
TEST(Q781, N8_7_AGapIsAnsweredNegatively) {
  Tester t;
  t.align();
  const bool before = t.heard.backward.bit;
  t.forward.number = 0;  // one is missing
  t.msu_once(msu(2));
  t.run(50ms);
  EXPECT_TRUE(t.level3.msus.empty());
  EXPECT_NE(t.heard.backward.bit, before);
  // Repeated with the new bit.
  t.forward = {127, t.heard.backward.bit};
  t.msu_once(msu(1)), t.msu_once(msu(2));
  t.run(50ms);
  EXPECT_EQ(t.level3.msus, (std::vector<Octets>{msu(1), msu(2)}));
}
TEST(Q781, N8_8_RepetitionBeginningWrongIsAskedForAgain) {
  Tester t;
  t.align();
  t.forward.number = 0;
  t.msu_once(msu(2));
  t.run(50ms);
  t.forward = {0, t.heard.backward.bit};
  t.msu_once(msu(2));  // still not the first
  t.run(50ms);
  EXPECT_EQ(t.link.counters().negative_acknowledgements_sent, 2u);
  EXPECT_TRUE(t.level3.msus.empty());
  EXPECT_EQ(t.link.state(), LinkState::in_service);
}
TEST(Q781, N8_9_OneFisuWithAWrongFibIsPassedOver) {
  Tester t;
  t.align();
  t.forward.bit = !t.forward.bit;
  t.fisu_once();
  t.forward.bit = !t.forward.bit;
  t.run(50ms);
  EXPECT_EQ(t.link.state(), LinkState::in_service);
  EXPECT_EQ(t.log(), "FISU");
}
TEST(Q781, N8_10_MsusWaitForTheEndOfARemoteOutage) {
  Tester t;
  t.align();
  t.acknowledges = false;
  t.link.send(msu(1), t.now);
  t.run(20ms);
  t.say(Status::processor_outage);
  t.run(50ms);
  t.link.send(msu(2), t.now);
  t.run(5s);  // T7 does not run meanwhile
  EXPECT_EQ(heard(t, 2), 0);
  EXPECT_EQ(t.link.state(), LinkState::processor_outage);
  t.acknowledges = true;
  t.backward.number = 0;
  t.say_fisu();
  t.run(50ms);
  EXPECT_EQ(heard(t, 2), 1);
}
TEST(Q781, N8_11_OneAbnormalBsnIsBorne) {
  Tester t;
  t.align();
  const auto good = t.backward;
  t.backward.number = 50;
  t.msu_once(msu(1));
  t.backward = good;
  t.run(50ms);
  EXPECT_EQ(t.link.state(), LinkState::in_service);
  EXPECT_TRUE(t.level3.msus.empty());
}
TEST(Q781, N8_12_TwoAbnormalBsnsOfThreeEndTheLink) {
  for (const bool between : {false, true}) {
    Tester t;
    t.align();
    const auto good = t.backward;
    t.backward.number = 50;
    t.fisu_once();
    if (between) {
      t.backward = good;
      t.fisu_once();
      t.backward.number = 50;
    }
    t.fisu_once();
    t.backward = good;
    t.run(50ms);
    EXPECT_EQ(t.level3.reasons, std::vector{Failure::abnormal_bsn});
  }
}
TEST(Q781, N8_13_NoAcknowledgementWithinT7) {
  Tester t;
  t.align();
  t.acknowledges = false;
  t.link.send(msu(1), t.now);
  t.run(1400ms);
  EXPECT_EQ(t.link.state(), LinkState::in_service);
  t.run(200ms);
  EXPECT_EQ(t.level3.reasons, std::vector{Failure::acknowledgement});
}
TEST(Q781, N8_14_Level3StopsTheLink) {
  Tester t;
  t.align();
  t.link.send(msu(1), t.now);
  t.link.stop(t.now);
  t.run(50ms);
  EXPECT_TRUE(t.log().ends_with("SIOS"));
  EXPECT_EQ(t.level3.reasons, std::vector{Failure::stopped});
}

// --- 9: preventive cyclic retransmission ------------------------------------------------------------------
TEST(Q781, N9_1_PreventiveMsusBothWays) {
  Tester t(preventive());
  t.align();
  t.link.send(msu(1), t.now);
  t.msu_once(msu(2));
  t.run(50ms);
  EXPECT_GE(heard(t, 1), 1);
  EXPECT_EQ(t.level3.msus.size(), 1u);
}
TEST(Q781, N9_2_NewMsusGoBeforeRepetitions) {
  Tester t(preventive());
  t.align();
  t.acknowledges = false;
  t.link.send(msu(1), t.now);
  t.run(50ms);
  EXPECT_GT(heard(t, 1), 5);
  t.link.send(msu(2), t.now);
  t.run(6ms);
  EXPECT_GE(heard(t, 2), 1);
}
TEST(Q781, N9_3_ForcedFromN1Msus) {
  auto config = preventive();
  config.forced_msus = 3;
  Tester t(config);
  t.align();
  t.acknowledges = false;
  for (std::uint8_t i = 0; i < 5; ++i) t.link.send(msu(i), t.now);
  t.run(100ms);
  EXPECT_EQ(heard(t, 3), 0);
  EXPECT_GT(heard(t, 0), 2);
}
TEST(Q781, N9_4_ForcedFromN2Octets) {
  auto config = preventive();
  config.forced_octets = 100;
  Tester t(config);
  t.align();
  t.acknowledges = false;
  for (std::uint8_t i = 0; i < 5; ++i) t.link.send(msu(i, 50), t.now);
  t.run(200ms);
  EXPECT_EQ(heard(t, 2), 0);
  EXPECT_GT(heard(t, 1), 2);
}
TEST(Q781, N9_5_AcknowledgementEndsTheForcing) {
  auto config = preventive();
  config.forced_msus = 3;
  Tester t(config);
  t.align();
  t.acknowledges = false;
  for (std::uint8_t i = 0; i < 5; ++i) t.link.send(msu(i), t.now);
  t.run(100ms);
  t.backward.number = 2;
  t.run(50ms);
  EXPECT_GE(heard(t, 3), 1);
  EXPECT_GE(heard(t, 4), 1);
}
TEST(Q781, N9_6_RepetitionsReceivedAreDiscarded) {
  Tester t(preventive());
  t.align();
  for (int i = 0; i < 4; ++i) {
    t.forward.number = 127;
    t.msu_once(msu(1)), t.msu_once(msu(2));
  }
  t.run(100ms);
  EXPECT_EQ(t.level3.msus.size(), 2u);
}
TEST(Q781, N9_7_NothingIsRepeatedDuringARemoteOutage) {
  Tester t(preventive());
  t.align();
  t.acknowledges = false;
  t.link.send(msu(1), t.now);
  t.run(20ms);
  t.say(Status::processor_outage);
  t.run(20ms);
  const auto before = heard(t, 1);
  t.run(3s);
  EXPECT_EQ(heard(t, 1), before);
  EXPECT_EQ(t.link.state(), LinkState::processor_outage);
}
TEST(Q781, N9_8_OneAbnormalBsnIsBorne) {
  Tester t(preventive());
  t.align();
  const auto good = t.backward;
  t.backward.number = 50;
  t.msu_once(msu(1));
  t.backward = good;
  t.run(50ms);
  EXPECT_EQ(t.link.state(), LinkState::in_service);
}
TEST(Q781, N9_9_TwoAbnormalBsnsEndTheLink) {
  Tester t(preventive());
  t.align();
  t.backward.number = 50;
  t.msu_once(msu(1)), t.msu_once(msu(2));
  t.run(50ms);
  EXPECT_EQ(t.level3.reasons, std::vector{Failure::abnormal_bsn});
}
TEST(Q781, N9_10_AnUnexpectedFsnIsDiscardedAndNotAskedFor) {
  Tester t(preventive());
  t.align();
  t.forward.number = 4;
  t.msu_once(msu(1));
  t.run(50ms);
  EXPECT_TRUE(t.level3.msus.empty());
  EXPECT_TRUE(t.heard.backward.bit);
}
TEST(Q781, N9_11_NoAcknowledgementWithinT7) {
  Tester t(preventive());
  t.align();
  t.acknowledges = false;
  t.link.send(msu(1), t.now);
  t.run(1700ms);
  EXPECT_EQ(t.level3.reasons, std::vector{Failure::acknowledgement});
}
TEST(Q781, N9_12_AFisuWithTheFsnOfAnMsuIsPassedOver) {
  Tester t(preventive());
  t.align();
  t.forward.number = 0;
  t.fisu_once();
  t.run(50ms);
  EXPECT_EQ(t.heard.backward.number, 127);
  t.forward.number = 127;
  t.msu_once(msu(1));
  t.run(50ms);
  EXPECT_EQ(t.level3.msus.size(), 1u);
}
TEST(Q781, N9_13_Level3StopsTheLink) {
  Tester t(preventive());
  t.align();
  t.link.send(msu(1), t.now);
  t.link.stop(t.now);
  t.run(50ms);
  EXPECT_TRUE(t.log().ends_with("SIOS"));
}

// --- 10: congestion ---------------------------------------------------------------------------------------
TEST(Q781, N10_1_SibUntilCongestionAbates) {
  Tester t;
  t.align();
  t.link.receiving_congestion(CongestionAction::discard, t.now);
  t.msu_once(msu(1));
  t.run(450ms);
  EXPECT_GE(t.log().length(), std::string("SIB FISU SIB FISU SIB FISU SIB FISU").length()) << t.log();
  EXPECT_TRUE(t.level3.msus.empty());
  EXPECT_EQ(t.heard.backward.number, 127);  // not acknowledged
  t.link.receiving_congestion(CongestionAction::none, t.now);
  t.run(50ms);
  t.forward = {127, t.heard.backward.bit};  // asked for again
  t.clear();
  t.msu_once(msu(1));
  t.run(300ms);
  EXPECT_EQ(t.level3.msus.size(), 1u);
  EXPECT_EQ(t.log().find("SIB"), std::string::npos);
}
TEST(Q781, N10_2_SibHoldsT7) {
  Tester t;
  t.align();
  t.acknowledges = false;
  t.link.send(msu(1), t.now);
  for (int i = 0; i < 25; ++i) {
    t.say_once(Status::busy);
    t.run(100ms);
  }
  EXPECT_EQ(t.link.state(), LinkState::in_service);  // T7 alone would have ended at 1.5 s
  t.run(1600ms);
  EXPECT_EQ(t.level3.reasons, std::vector{Failure::acknowledgement});
}
TEST(Q781, N10_3_T6EndsALongCongestion) {
  Tester t;
  t.align();
  t.acknowledges = false;
  t.link.send(msu(1), t.now);
  for (int i = 0; i < 60 && t.level3.reasons.empty(); ++i) {
    t.say_once(Status::busy);
    t.run(100ms);
  }
  EXPECT_EQ(t.level3.reasons, std::vector{Failure::congestion});
}

}  // namespace
}  // namespace tandem::mtp::test
