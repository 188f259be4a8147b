// Two exchanges with 16 E1s between them and real signalling links on noisy lines that fail: whatever
// happens, no circuit is used twice, and at the end each is idle at both ends.
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>

#include "tests/sim/ss7_world.h"

namespace tandem::sim {
namespace {

using namespace std::chrono_literals;

struct Outcome {
  std::uint64_t hash = 0;
  Ss7CallCounts counts;
};

Outcome run(const Ss7Scenario& scenario) {
  SCOPED_TRACE("TANDEM_SIM_SEED=" + std::to_string(scenario.seed) +
               " TANDEM_SIM_CALLS=" + std::to_string(scenario.calls));
  Ss7World world(scenario);
  world.run();
  world.expect_rest();
  const Outcome outcome{world.hash(), world.counts()};
  world.expect_all_circuits_work();
  if (std::getenv("TANDEM_SIM_STATS") != nullptr) world.print_statistics();
  for (const auto& complaint : world.complaints()) ADD_FAILURE() << complaint;
  EXPECT_EQ(outcome.counts.two_calls, 0U);
  EXPECT_LE(outcome.counts.foreign, world.spoilt());
  EXPECT_LE(outcome.counts.elsewhere, world.spoilt());
  EXPECT_EQ(outcome.counts.stray, 0U);
  EXPECT_GT(outcome.counts.came_in, scenario.calls * 3 / 4);
  EXPECT_GT(outcome.counts.answered, scenario.calls / 3);
  return outcome;
}

TEST(Ss7Sim, CallsOverGoodLinesAllGoThroughAndLeaveNothingBehind) {
  const Ss7Scenario scenario{.calls = 3000, .faults = false, .operators = false, .seed = 5};
  const auto outcome = run(scenario);
  EXPECT_EQ(outcome.counts.begun, scenario.calls);
  EXPECT_GT(outcome.counts.came_in, scenario.calls * 99 / 100);  // some are abandoned during their check
  EXPECT_EQ(outcome.counts.cleared, 0U);
  EXPECT_EQ(outcome.counts.stale_rel, 0U);
}

}  // namespace
}  // namespace tandem::sim
