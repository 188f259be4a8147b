// Level 2 tests after Q.781 1 to 4: link state control, transmission failure, processor outage.
// Titles are ours; what the link sends and says is read from Tester's log.
#include "tests/unit/isup/mtp/link_tester.h"

namespace tandem::mtp::test {
namespace {

LinkConfig short_timers() {
  LinkConfig config;
  config.timers[LinkTimer::t2] = 5s;
  return config;
}

/// Aligned as far as its own FISU or SIPO; the tester still sends SIN.
void to_ready(Tester& t, std::string_view ends_with = "FISU") {
  t.link.start(t.now);
  t.say(Status::out_of_alignment);
  ASSERT_TRUE(t.until("SIN"));
  t.say(Status::normal);
  ASSERT_TRUE(t.until(ends_with, 12s)) << t.log();
}
void to_not_ready(Tester& t) {
  t.link.local_processor_outage(true, t.now);
  to_ready(t, "SIPO");
}

TEST(Q781, N1_1_PowerUpSendsSios) {
  Tester t;
  t.run(200ms);
  EXPECT_EQ(t.log(), "SIOS");
}
TEST(Q781, N1_2_TimerT2EndsTheWaitForAlignment) {
  Tester t(short_timers());
  t.link.start(t.now);
  t.run(4900ms);
  EXPECT_EQ(t.log(), "SIO");
  t.run(300ms);
  EXPECT_EQ(t.log(), "SIO !out SIOS");
  EXPECT_EQ(t.level3.reasons, std::vector{Failure::alignment});
}
TEST(Q781, N1_3_TimerT3EndsTheAlignedState) {
  Tester t;
  t.link.start(t.now);
  t.say(Status::out_of_alignment);
  ASSERT_TRUE(t.until("SIN"));
  t.run(1s);
  EXPECT_EQ(t.log(), "SIO SIN");
  t.run(1s);
  EXPECT_EQ(t.log(), "SIO SIN !out SIOS");
}
TEST(Q781, N1_4_TimersT4AndT1) {
  Tester t;
  t.link.start(t.now);
  t.say(Status::normal);
  ASSERT_TRUE(t.until("SIN"));
  const Time proving = t.now;
  ASSERT_TRUE(t.until("FISU"));
  EXPECT_NEAR(std::chrono::duration<double>(t.now - proving).count(), 8.2, 0.1);
  const Time ready = t.now;
  ASSERT_TRUE(t.until("!out", 100s));
  EXPECT_NEAR(std::chrono::duration<double>(t.now - ready).count(), 45, 0.1);
  EXPECT_EQ(t.level3.reasons, std::vector{Failure::t1});
}
TEST(Q781, N1_5_NormalAlignmentFisu) {
  Tester t;
  to_ready(t);
  t.say_fisu();
  t.run(100ms);
  EXPECT_EQ(t.log(), "SIO SIN FISU !in-service");
}
TEST(Q781, N1_6_NormalAlignmentMsu) {
  Tester t;
  to_ready(t);
  t.msu_once(msu(1));
  t.say_fisu();
  t.run(100ms);
  EXPECT_EQ(t.log(), "SIO SIN FISU !in-service !msu1");
}
TEST(Q781, N1_7_SioDuringProvingBeginsItAnew) {
  Tester t;
  t.link.start(t.now);
  t.say(Status::normal);
  t.run(5s);
  t.say(Status::out_of_alignment);
  t.run(300ms);
  t.say(Status::normal);
  t.run(8s);
  EXPECT_EQ(t.log(), "SIO SIN");
  EXPECT_TRUE(t.until("FISU", 500ms)) << t.log();
}
TEST(Q781, N1_8_ProcessorOutageSetFisu) {
  Tester t;
  to_not_ready(t);
  t.say_fisu();
  t.run(100ms);
  EXPECT_EQ(t.log(), "SIO SIN SIPO !in-service");
}
TEST(Q781, N1_9_ProcessorOutageSetMsu) {
  Tester t;
  to_not_ready(t);
  t.msu_once(msu(1));
  t.say_fisu();
  t.run(100ms);
  EXPECT_EQ(t.log(), "SIO SIN SIPO !in-service");  // the MSU is not taken
}
TEST(Q781, N1_10_ProcessorOutageSetAndCleared) {
  Tester t;
  to_not_ready(t);
  t.link.local_processor_outage(false, t.now);
  ASSERT_TRUE(t.until("FISU"));
  t.say_fisu();
  t.run(100ms);
  EXPECT_EQ(t.log(), "SIO SIN SIPO !lpo-over FISU !in-service");
}
TEST(Q781, N1_11_RemoteOutageWhenNotReady) {
  Tester t;
  to_not_ready(t);
  t.say(Status::processor_outage);
  t.run(100ms);
  EXPECT_EQ(t.log(), "SIO SIN SIPO !rpo");
}
TEST(Q781, N1_12_SiosWhenNotReady) {
  Tester t;
  to_not_ready(t);
  t.say(Status::out_of_service);
  t.run(100ms);
  EXPECT_EQ(t.log(), "SIO SIN SIPO !out SIOS");
}
TEST(Q781, N1_13_SioWhenNotReady) {
  Tester t;
  to_not_ready(t);
  t.say(Status::out_of_alignment);
  t.run(100ms);
  EXPECT_EQ(t.log(), "SIO SIN SIPO !out SIOS");
}
TEST(Q781, N1_14_OutageSetAndClearedDuringAlignment) {
  Tester t;
  t.link.start(t.now);
  t.link.local_processor_outage(true, t.now);
  t.link.local_processor_outage(false, t.now);
  t.say(Status::normal);
  EXPECT_TRUE(t.until("FISU", 12s));
  EXPECT_EQ(t.log(), "SIO SIN FISU");
}
TEST(Q781, N1_15_OutageSetAndClearedWhenReady) {
  Tester t;
  to_ready(t);
  t.link.local_processor_outage(true, t.now);
  t.run(50ms);
  t.link.local_processor_outage(false, t.now);
  t.run(50ms);
  t.say_fisu();
  t.run(50ms);
  EXPECT_EQ(t.log(), "SIO SIN FISU !lpo SIPO !lpo-over FISU !in-service");
}
TEST(Q781, N1_16_TimerT1WhenNotReady) {
  Tester t;
  to_not_ready(t);
  ASSERT_TRUE(t.until("SIOS", 60s));
  EXPECT_EQ(t.level3.reasons, std::vector{Failure::t1});
}
TEST(Q781, N1_17_NoSioFromTheOtherEndNormal) {
  Tester t;
  t.link.start(t.now);
  t.say(Status::normal);
  EXPECT_TRUE(t.until("FISU", 12s));
  EXPECT_EQ(t.log(), "SIO SIN FISU");
}
TEST(Q781, N1_18_EmergencySetAndCeasedBeforeStart) {
  Tester t;
  t.link.emergency(true, t.now);
  t.link.emergency(false, t.now);
  t.link.start(t.now);
  t.say(Status::normal);
  t.run(5s);
  EXPECT_EQ(t.log(), "SIO SIN");
}
TEST(Q781, N1_19_EmergencySetWhileNotAligned) {
  Tester t;
  t.link.start(t.now);
  t.run(50ms);
  t.link.emergency(true, t.now);
  t.say(Status::normal);
  EXPECT_TRUE(t.until("FISU", 1s));
  EXPECT_EQ(t.log(), "SIO SIE FISU");
}
TEST(Q781, N1_20_EmergencySetWhenAligned) {
  Tester t;
  t.link.start(t.now);
  t.say(Status::out_of_alignment);
  ASSERT_TRUE(t.until("SIN"));
  t.link.emergency(true, t.now);
  ASSERT_TRUE(t.until("SIE"));
  t.say(Status::normal);
  EXPECT_TRUE(t.until("FISU", 1s));
  EXPECT_EQ(t.log(), "SIO SIN SIE FISU");
}
TEST(Q781, N1_21_BothEndsSetEmergency) {
  Tester t;
  t.link.emergency(true, t.now);
  t.link.start(t.now);
  t.say(Status::emergency);
  EXPECT_TRUE(t.until("FISU", 1s));
  EXPECT_EQ(t.log(), "SIO SIE FISU");
}
TEST(Q781, N1_22_TheOtherEndSetsEmergency) {
  Tester t;
  t.link.start(t.now);
  t.say(Status::emergency);
  EXPECT_TRUE(t.until("FISU", 1s));
  EXPECT_EQ(t.log(), "SIO SIN FISU");
}
TEST(Q781, N1_23_EmergencySetDuringNormalProving) {
  Tester t;
  t.link.start(t.now);
  t.say(Status::normal);
  t.run(3s);
  t.link.emergency(true, t.now);
  EXPECT_TRUE(t.until("FISU", 700ms));
  EXPECT_EQ(t.log(), "SIO SIN SIE FISU");
}
TEST(Q781, N1_24_NoSioFromTheOtherEndEmergency) {
  Tester t;
  t.say(Status::emergency);
  t.run(50ms);
  t.link.start(t.now);
  EXPECT_TRUE(t.until("FISU", 1s));
}
void stops(Tester& t, const std::string& log) {
  t.link.stop(t.now);
  t.run(100ms);
  EXPECT_EQ(t.log(), log + " !out SIOS");
  EXPECT_EQ(t.level3.reasons.back(), Failure::stopped);
}
TEST(Q781, N1_25_StopDuringInitialAlignment) {
  Tester t;
  t.link.start(t.now);
  t.run(50ms);
  stops(t, "SIO");
}
TEST(Q781, N1_26_StopWhenAligned) {
  Tester t;
  t.link.start(t.now);
  t.say(Status::out_of_alignment);
  t.run(100ms);
  stops(t, "SIO SIN");
}
TEST(Q781, N1_27_StopWhenNotReady) {
  Tester t;
  to_not_ready(t);
  stops(t, "SIO SIN SIPO");
}
TEST(Q781, N1_28_SiosInService) {
  Tester t;
  t.align();
  t.say(Status::out_of_service);
  t.run(100ms);
  EXPECT_EQ(t.log(), "FISU !out SIOS");
}
TEST(Q781, N1_29_StopInService) {
  Tester t;
  t.align();
  t.run(10ms);
  stops(t, "FISU");
}
TEST(Q781, N1_30_StopDuringLocalOutage) {
  Tester t;
  t.align();
  t.link.local_processor_outage(true, t.now);
  t.run(100ms);
  stops(t, "!lpo FISU SIPO");
}
TEST(Q781, N1_31_StopDuringRemoteOutage) {
  Tester t;
  t.align();
  t.say(Status::processor_outage);
  t.run(100ms);
  stops(t, "FISU !rpo");
}
TEST(Q781, N1_32_StopDuringProving) {
  Tester t;
  t.link.start(t.now);
  t.say(Status::normal);
  t.run(3s);
  stops(t, "SIO SIN");
}
TEST(Q781, N1_33_SioInsteadOfFisu) {
  Tester t;
  to_ready(t);
  t.say(Status::out_of_alignment);
  t.run(100ms);
  EXPECT_EQ(t.log(), "SIO SIN FISU !out SIOS");
}
TEST(Q781, N1_34_SiosInsteadOfFisu) {
  Tester t;
  to_ready(t);
  t.say(Status::out_of_service);
  t.run(100ms);
  EXPECT_EQ(t.log(), "SIO SIN FISU !out SIOS");
}
TEST(Q781, N1_35_SipoInsteadOfFisu) {
  Tester t;
  to_ready(t);
  t.say(Status::processor_outage);
  t.run(100ms);
  EXPECT_EQ(t.log(), "SIO SIN FISU !rpo");
  t.say_fisu();
  t.run(100ms);
  EXPECT_EQ(t.log(), "SIO SIN FISU !rpo !rpo-over !in-service");
}

// --- 2: unexpected signal units and orders ----------------------------------------------------------------
void expect_nothing_of(Tester& t, std::initializer_list<Status> units, const std::string& log) {
  for (const Status s : units) {
    t.say_once(s);
    t.run(20ms);
  }
  EXPECT_EQ(t.log(), log);
}
TEST(Q781, N2_1_OutOfServiceHearsNothing) {
  Tester t;
  using enum Status;
  expect_nothing_of(t, {out_of_alignment, normal, emergency, out_of_service, processor_outage, busy}, "SIOS");
  t.fisu_once(), t.msu_once(msu(1));
  t.link.stop(t.now);
  t.run(50ms);
  EXPECT_EQ(t.log(), "SIOS");
}
TEST(Q781, N2_2_NotAlignedIgnoresAllButSioSinSie) {
  Tester t;
  t.link.start(t.now);
  using enum Status;
  expect_nothing_of(t, {out_of_service, processor_outage, busy}, "SIO");
  t.fisu_once(), t.msu_once(msu(1));
  t.link.start(t.now);
  t.run(50ms);
  EXPECT_EQ(t.log(), "SIO");
}
TEST(Q781, N2_3_AlignedIgnoresSioSipoSibFisuMsu) {
  Tester t;
  t.link.start(t.now);
  t.say(Status::out_of_alignment);
  ASSERT_TRUE(t.until("SIN"));
  using enum Status;
  expect_nothing_of(t, {processor_outage, busy}, "SIO SIN");
  t.fisu_once(), t.msu_once(msu(1));
  t.run(50ms);
  EXPECT_EQ(t.log(), "SIO SIN");
}
TEST(Q781, N2_4_ProvingIgnoresSinSipoSibFisuMsu) {
  Tester t;
  t.link.start(t.now);
  t.say(Status::normal);
  t.run(1s);
  using enum Status;
  expect_nothing_of(t, {processor_outage, busy}, "SIO SIN");
  t.fisu_once(), t.msu_once(msu(1));
  t.run(50ms);
  EXPECT_EQ(t.log(), "SIO SIN");
}
TEST(Q781, N2_5_ReadyIgnoresSinSieSib) {
  Tester t;
  to_ready(t);
  using enum Status;
  expect_nothing_of(t, {normal, emergency, busy}, "SIO SIN FISU");
}
TEST(Q781, N2_6_NotReadyIgnoresSinSieSib) {
  Tester t;
  to_not_ready(t);
  using enum Status;
  expect_nothing_of(t, {normal, emergency, busy}, "SIO SIN SIPO");
}
TEST(Q781, N2_7_InServiceFailsOnSinSieAndIgnoresStart) {
  for (const Status status : {Status::normal, Status::emergency, Status::out_of_alignment}) {
    Tester t;
    t.align();
    t.link.start(t.now);
    t.link.emergency(true, t.now);
    t.run(20ms);
    EXPECT_EQ(t.log(), "FISU");
    t.say(status);
    t.run(50ms);
    EXPECT_EQ(t.log(), "FISU !out SIOS");
  }
}
TEST(Q781, N2_8_ProcessorOutageFailsOnSinSie) {
  for (const Status status :
       {Status::normal, Status::emergency, Status::out_of_alignment, Status::out_of_service}) {
    Tester t;
    t.align();
    t.say(Status::processor_outage);
    t.run(50ms);
    t.say(status);
    t.run(50ms);
    EXPECT_EQ(t.log(), "FISU !rpo !out SIOS");
  }
}

// --- 3: transmission failure ------------------------------------------------------------------------------
void expect_failure(Tester& t, Failure reason) {
  ASSERT_TRUE(t.until("SIOS", 1s)) << t.log();
  EXPECT_EQ(t.level3.reasons.back(), reason);
}
void wrong_fib(Tester& t) {
  t.forward.bit = !t.forward.bit;
  t.say_fisu();
}
TEST(Q781, N3_1_ReadyLineBreaks) {
  Tester t;
  to_ready(t);
  t.fall_silent();
  expect_failure(t, Failure::error_rate);
}
TEST(Q781, N3_2_ReadyWrongFib) {
  Tester t;
  to_ready(t);
  wrong_fib(t);
  expect_failure(t, Failure::abnormal_fib);
}
TEST(Q781, N3_3_NotReadyLineBreaks) {
  Tester t;
  to_not_ready(t);
  t.fall_silent();
  expect_failure(t, Failure::error_rate);
}
TEST(Q781, N3_5_InServiceLineBreaks) {
  Tester t;
  t.align();
  t.fall_silent();
  expect_failure(t, Failure::error_rate);
}
TEST(Q781, N3_6_InServiceWrongFib) {
  Tester t;
  t.align();
  wrong_fib(t);
  expect_failure(t, Failure::abnormal_fib);
}
TEST(Q781, N3_7_OutageLineBreaks) {
  Tester t;
  t.align();
  t.link.local_processor_outage(true, t.now);
  t.run(50ms);
  t.fall_silent();
  expect_failure(t, Failure::error_rate);
}

// --- 4: processor outage ----------------------------------------------------------------------------------
TEST(Q781, N4_1_LocalOutageSetAndClearedInService) {
  Tester t;
  t.align();
  t.link.local_processor_outage(true, t.now);
  t.run(50ms);
  t.link.local_processor_outage(false, t.now);
  t.run(50ms);
  EXPECT_EQ(t.log(), "!lpo FISU SIPO !lpo-over FISU");
  EXPECT_EQ(t.link.state(), LinkState::in_service);
}
TEST(Q781, N4_2_RemoteOutageDuringLocal) {
  Tester t;
  t.align();
  t.link.local_processor_outage(true, t.now);
  t.run(50ms);
  t.say(Status::processor_outage);
  t.run(50ms);
  t.say_fisu();
  t.run(50ms);
  t.link.local_processor_outage(false, t.now);
  t.run(50ms);
  EXPECT_EQ(t.log(), "!lpo FISU SIPO !rpo !rpo-over !lpo-over FISU");
  EXPECT_EQ(t.link.state(), LinkState::in_service);
}
TEST(Q781, N4_3_LocalOutageClearedWhileBothAreOut) {
  Tester t;
  t.align();
  t.link.local_processor_outage(true, t.now);
  t.say(Status::processor_outage);
  t.run(50ms);
  t.link.local_processor_outage(false, t.now);
  t.run(50ms);
  EXPECT_EQ(t.link.state(), LinkState::processor_outage);
  EXPECT_EQ(t.heard.length, 0);  // FISUs
  t.say_fisu();
  t.run(50ms);
  EXPECT_EQ(t.link.state(), LinkState::in_service);
}

}  // namespace
}  // namespace tandem::mtp::test
