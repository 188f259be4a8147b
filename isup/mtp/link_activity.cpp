// Link activity control (Q.704 12.2) and the signalling link test (Q.707 2.2).
#include "gateway/base/fsm.h"
#include "isup/mtp/network_core.h"

namespace tandem::mtp {
namespace {

struct Step {
  NetworkCore& core;
  LinkIndex link;
  [[nodiscard]] LinkData& data() const { return core.links[link]; }
};
using S = Activity;
using E = ActivityEvent;
using Row = FsmRow<S, E, Step>;

bool untested(const Step& s) {
  return !s.core.config.link_test;
}

void start(Step& s) {
  s.data().wanted = true;
  s.core.command(s.link, LinkAction::start);
}
void stop(Step& s) {
  s.data().wanted = false;
  for (const auto t : {NetworkTimer::t17, NetworkTimer::test1, NetworkTimer::test2}) s.core.stop(t, s.link);
  s.data().test_open = false;
}
void stop_link(Step& s) {
  stop(s);
  s.core.command(s.link, LinkAction::stop);
}
void wait(Step& s) {
  for (const auto t : {NetworkTimer::test1, NetworkTimer::test2}) s.core.stop(t, s.link);
  s.data().test_open = false;
  s.core.start(NetworkTimer::t17, s.link);
}
void stop_and_wait(Step& s) {
  s.core.command(s.link, LinkAction::stop);
  s.core.report(s.link, LinkNotice::test_failed);
  ++s.core.counters.tests_failed;
  wait(s);
}
void test(Step& s) {
  s.data().test_tries = 0;
  send_test(s.core, s.link);
}
void begin_use(Step& s) {
  s.core.report(s.link, LinkNotice::available);
  if (s.core.config.link_test) s.core.start(NetworkTimer::test2, s.link);
}
void tested_again(Step& s) {
  s.core.start(NetworkTimer::test2, s.link);
}
/// Q.703 7.2: level 3 knows whether the link is needed at once.
void align(Step& s) {
  const bool urgent = s.core.config.emergency && !s.core.linksets[s.data().linkset].up;
  if (urgent) s.core.command(s.link, LinkAction::emergency);
  s.core.command(s.link, LinkAction::start);
}
void start_again(Step& s) {
  // What a changeover still wants from the link's buffers would be lost with a new start (Q.703 figure 13).
  const Traffic t = s.data().traffic;
  if (t == Traffic::waiting_bsnt || t == Traffic::waiting_ack || t == Traffic::retrieving)
    s.core.start(NetworkTimer::t17, s.link);
  else
    align(s);
}

constexpr auto kRows = std::to_array<Row>({
    {S::inactive, E::activate, nullptr, start, S::aligning, "Q.704 12.2.2"},
    {S::aligning, E::up, untested, begin_use, S::available, "Q.704 12.2.2"},
    {S::aligning, E::up, nullptr, test, S::testing, "Q.704 12.2.2, Q.707 2.2"},
    {S::aligning, E::down, nullptr, wait, S::waiting, "Q.704 12.2.3"},
    {S::aligning, E::deactivate, nullptr, stop_link, S::inactive, "Q.704 12.2.4"},
    {S::testing, E::tested, nullptr, begin_use, S::available, "Q.707 2.2"},
    {S::testing, E::test_failed, nullptr, stop_and_wait, S::waiting, "Q.707 2.2"},
    {S::testing, E::down, nullptr, wait, S::waiting, "Q.704 12.2.3"},
    {S::testing, E::deactivate, nullptr, stop_link, S::inactive, "Q.704 12.2.4"},
    {S::available, E::tested, nullptr, tested_again, S::available, "Q.707 2.2"},
    {S::available, E::test_failed, nullptr, stop_and_wait, S::waiting, "Q.707 2.2"},
    {S::available, E::down, nullptr, wait, S::waiting, "Q.704 12.2.3"},
    {S::available, E::deactivate, nullptr, stop_link, S::inactive, "Q.704 12.2.4"},
    {S::waiting, E::t17, nullptr, start_again, S::aligning, "Q.704 12.2.3"},
    {S::waiting, E::deactivate, nullptr, stop_link, S::inactive, "Q.704 12.2.4"},
});
static_assert(fsm_rows_unique(kRows));

constexpr std::uint8_t kTestTries = 2;  // Q.707 2.2: once more after T1

/// Differs from test to test, so that a late answer is not taken for a new one.
std::array<Octet, 8> pattern(const LinkData& link) {
  return {0x54, 0x61, 0x6E, 0x64, 0x65, 0x6D, link.slc, link.test_number};
}

void send_link_test(NetworkCore& core, LinkIndex link, const Label& label, const LinkTest& what) {
  const Octets data = encode_link_test(what, core.config.variant);
  const bool itu = core.config.variant == Variant::itu;
  core.transmit(link, encode_msu({.service = itu ? service::kTest : service::kTestSpecial,
                                  .network_indicator = core.config.network_indicator,
                                  .priority = static_cast<std::uint8_t>(itu ? 0 : 3),
                                  .label = label,
                                  .data = data},
                                 core.config.variant));
}

}  // namespace

void step_activity(NetworkCore& core, LinkIndex link, ActivityEvent event) {
  Step step{core, link};
  const Activity before = core.links[link].activity;
  Activity state = before;
  fsm_step(kRows, state, event, step);
  // A new start may have to wait for a changeover.
  if (event == E::t17 && core.timers.running({NetworkTimer::t17, link})) state = S::waiting;
  core.links[link].activity = state;
  if (before == S::available && state != S::available) {
    core.report(link, LinkNotice::unavailable);
    core.links[link].remote_outage = core.links[link].local_outage = false;
  }
  if (before != state && state == S::waiting) core.linksets[core.links[link].linkset].heard = false;
  if (before != state) judge_link(core, link, TrafficEvent::lost);
}

void send_test(NetworkCore& core, LinkIndex link) {
  LinkData& data = core.links[link];
  ++data.test_tries;
  if (data.test_tries == 1) ++data.test_number;
  data.test_open = true;
  core.start(NetworkTimer::test1, link);
  const auto& set = core.linkset_config(data.linkset);
  const auto octets = pattern(data);
  send_link_test(core, link, {set.adjacent, set.own, data.slc}, {.slc = data.slc, .pattern = octets});
}

void test_timed_out(NetworkCore& core, LinkIndex link) {
  LinkData& data = core.links[link];
  if (data.test_tries < kTestTries)
    send_test(core, link);
  else
    step_activity(core, link, E::test_failed);
}

void receive_test(NetworkCore& core, LinkIndex from, const Msu& msu) {
  const auto test = decode_link_test(msu.data, core.config.variant);
  LinkData& data = core.links[from];
  if (!test) {
    ++core.counters.malformed;
    return;
  }
  if (!test->acknowledgement) {  // Q.707 2.2: answered in any case, with what came
    send_link_test(core, from, {msu.label.opc, msu.label.dpc, msu.label.sls},
                   {.acknowledgement = true, .slc = test->slc, .pattern = test->pattern});
    return;
  }
  const auto& set = core.linkset_config(data.linkset);
  const auto expected = pattern(data);
  const std::uint8_t slc = core.config.variant == Variant::itu ? msu.label.sls : test->slc;
  if (!data.test_open || msu.label.opc != set.adjacent || slc != data.slc ||
      !std::ranges::equal(test->pattern, expected)) {
    ++core.counters.unexpected;
    return;
  }
  data.test_open = false;
  core.stop(NetworkTimer::test1, from);
  step_activity(core, from, E::tested);
}

}  // namespace tandem::mtp
