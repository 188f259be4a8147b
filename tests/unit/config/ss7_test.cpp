// ISUP trunks and linksets as the configuration says them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/loader.h"
#include "config/schema.h"

namespace tandem::config {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

const std::string kHead = R"([gateway]
cdr = "c"
control = "s"
sip = { listen = ["udp:127.0.0.1:5060"] }
rtp = { address = "127.0.0.1" }
[[span]]
name = "a"
type = "E1"
local = "127.0.0.1:40001"
remote = "127.0.0.1:50001"
[[span]]
name = "b"
type = "T1"
local = "127.0.0.1:40002"
remote = "127.0.0.1:50002"
[[route]]
to = ["west"]
)";

const std::string kWest = R"([[trunk]]
name = "west"
signalling = "isup"
opc = "1-10-1"
dpc = "1-20-1"
)";
const std::string kLinks = "links = [{ span = \"a\", timeslot = 16, slc = 0 }]\n";
const std::string kCircuits = R"(circuits = [{ span = "a", timeslots = "1-15,17-31", first_cic = 33 }]
)";

core::Config loaded(const std::string& text) {
  const auto result = load_text(kHead + text, "f");
  if (result) return *result;
  std::string all;
  for (const auto& problem : result.error()) all += to_string(problem) + '\n';
  ADD_FAILURE() << all;
  return {};
}

TEST(Ss7Config, AnIsupTrunkWithLinksOfItsOwnIsANetworkWithOneLinkset) {
  const auto config = loaded(kWest + kLinks + kCircuits);
  EXPECT_TRUE(config.trunks.empty());
  ASSERT_EQ(config.isup_trunks.size(), 1U);
  const auto& trunk = config.isup_trunks[0];
  EXPECT_EQ(trunk.name, "west");
  EXPECT_EQ(trunk.group.own, 1U << 11 | 10U << 3 | 1U);
  EXPECT_EQ(trunk.group.destination, 1U << 11 | 20U << 3 | 1U);
  EXPECT_EQ(trunk.group.network_indicator, 2);
  EXPECT_EQ(trunk.group.hunting, isup::Hunting::method_2);
  ASSERT_EQ(config.networks.size(), 1U);
  const auto& network = config.networks[trunk.network];
  EXPECT_TRUE(mtp::validate(network));
  EXPECT_EQ(network.variant, mtp::Variant::itu);
  EXPECT_THAT(network.own, testing::ElementsAre(trunk.group.own));
  ASSERT_EQ(network.linksets.size(), 1U);
  EXPECT_EQ(network.linksets[0].adjacent, trunk.group.destination);
  EXPECT_TRUE(network.routes.empty()) << "the neighbour is reached of its own accord";
  ASSERT_EQ(config.media.links.size(), 1U);
  EXPECT_EQ(config.media.links[0].circuit, (Circuit{0, 16}));
  EXPECT_EQ(config.media.links[0].link.rate, mtp::LineRate::k64);
}

TEST(Ss7Config, WhatACallerHearsAndOverlapAreSaidAsOfPri) {
  const auto config = loaded(kWest + kLinks + kCircuits +
                             "failure_tone = \"never\"\noverlap = \"pass-on\"\noverlap_sending = true\n");
  const auto& trunk = config.isup_trunks.at(0);
  EXPECT_EQ(trunk.failure_tone, core::FailureTone::never);
  EXPECT_EQ(trunk.overlap, core::Overlap::pass_on);
  EXPECT_TRUE(trunk.overlap_sending);
}

TEST(Ss7Config, CicsKeepTheDistanceOfTheTimeslots) {
  const auto config = loaded(kWest + kLinks + kCircuits);
  const auto& runs = config.isup_trunks.at(0).group.circuits;
  ASSERT_EQ(runs.size(), 2U);
  EXPECT_EQ(runs[0].first_cic, 33);
  EXPECT_EQ(runs[0].circuits.size(), 15U);
  EXPECT_EQ(runs[1].first_cic, 49) << "timeslot 17 is 16 after timeslot 1";
  EXPECT_EQ(runs[1].circuits.front(), (Circuit{0, 17}));
  EXPECT_EQ(runs[1].circuits.back(), (Circuit{0, 31}));
}

TEST(Ss7Config, AnsiHasThreeOctetsOfPointCodeAnd14BitsOfCic) {
  const auto config = loaded(R"([[trunk]]
name = "west"
signalling = "isup"
variant = "ansi"
opc = "245-16-3"
dpc = "245-16-4"
network_indicator = "international-spare"
links = [{ span = "b", timeslot = 24, slc = 1, rate = 56, correction = "preventive" }]
circuits = [{ span = "b", timeslots = "1-23", first_cic = 16361 }]
mtp2_timers_ms = { T1 = 14000 }
)");
  const auto& group = config.isup_trunks.at(0).group;
  EXPECT_EQ(group.own, 245U << 16 | 16U << 8 | 3U);
  EXPECT_EQ(group.variant, isup::Variant::ansi);
  EXPECT_EQ(config.networks.at(0).variant, mtp::Variant::ansi);
  EXPECT_EQ(config.networks.at(0).network_indicator, 1);
  EXPECT_EQ(config.networks.at(0).linksets.at(0).links.at(0).slc, 1);
  auto link = config.media.links.at(0).link;
  EXPECT_EQ(link.variant, mtp::Variant::ansi);
  EXPECT_EQ(link.rate, mtp::LineRate::k56);
  EXPECT_EQ(link.correction, mtp::Correction::preventive);
  EXPECT_EQ(link.timers[mtp::LinkTimer::t1], Duration(14s));
}

TEST(Ss7Config, TrunksBehindStpsHaveRoutesInTheOrderOfTheirLinksets) {
  const auto config =
      loaded(R"([[linkset]]
name = "stp-1"
opc = "1-10-1"
adjacent = "1-30-1"
links = [{ span = "a", timeslot = 1, slc = 0 }, { span = "a", timeslot = 2, slc = 1 }]
routes = ["1-50-1"]
transfer = true
mtp3_timers_ms = { T17 = 1200 }
[[linkset]]
name = "stp-2"
opc = "1-10-1"
adjacent = "1-30-2"
links = [{ span = "a", timeslot = 3, slc = 0 }]
)" + kWest + "linksets = [\"stp-2\", \"stp-1\"]\n" +
             "circuits = [{ span = \"a\", timeslots = \"4-15\", first_cic = 4 }]\n" + R"([[trunk]]
name = "abroad"
signalling = "isup"
opc = "4000"
dpc = "5000"
network_indicator = "international"
links = [{ span = "b", timeslot = 24, slc = 0 }]
circuits = [{ span = "b", timeslots = "1-23", first_cic = 1 }]
)");
  ASSERT_EQ(config.networks.size(), 2U);
  auto national = config.networks[0];
  EXPECT_TRUE(mtp::validate(national));
  EXPECT_TRUE(national.transfer);
  EXPECT_EQ(national.timers[mtp::NetworkTimer::t17], Duration(1200ms));
  ASSERT_EQ(national.routes.size(), 3U);
  EXPECT_EQ(national.routes[0].destination, 1U << 11 | 50U << 3 | 1U);
  EXPECT_EQ(national.routes[1].destination, config.isup_trunks.at(0).group.destination);
  EXPECT_EQ(national.routes[1].linkset, 1U);
  EXPECT_EQ(national.routes[1].priority, 0);
  EXPECT_EQ(national.routes[2].linkset, 0U);
  EXPECT_EQ(national.routes[2].priority, 1);
  EXPECT_EQ(config.isup_trunks.at(1).network, 1U);
  EXPECT_EQ(config.networks[1].network_indicator, 0);
  EXPECT_EQ(config.networks[1].own.at(0), 4000U);
  // The links of the media are those of the networks, in their order.
  std::vector<Circuit> places;
  for (const auto& link : config.media.links) places.push_back(link.circuit);
  EXPECT_THAT(places, testing::ElementsAre(Circuit{0, 1}, Circuit{0, 2}, Circuit{0, 3}, Circuit{1, 24}));
}

TEST(Ss7Config, TwoTrunksMayShareTheLinksOfOne) {
  const auto config = loaded(kWest + kLinks + kCircuits + R"([[trunk]]
name = "west-2"
signalling = "isup"
opc = "1-10-1"
dpc = "1-20-1"
linksets = ["west"]
circuits = [{ span = "b", timeslots = "1-24", first_cic = 101 }]
circuit_selection = "odd"
continuity_every = 8
)");
  ASSERT_EQ(config.networks.size(), 1U);
  EXPECT_TRUE(config.networks.at(0).routes.empty());
  const auto& group = config.isup_trunks.at(1).group;
  EXPECT_EQ(group.hunting, isup::Hunting::odd);
  EXPECT_EQ(group.continuity_every, 8U);
}

TEST(Ss7Config, WhatTheCircuitsOfATrunkHaveInCommon) {
  const auto config = loaded(kWest + kLinks + kCircuits + R"(
reset_at_start = false
propagation_delay_ms = 12
timers_ms = { T7 = 25000 }
quirks = ["rlc-without-pointer", "loop-acknowledge"]
)");
  ASSERT_EQ(config.isup_trunks.size(), 1U);
  auto group = config.isup_trunks[0].group;
  EXPECT_FALSE(group.reset_at_start);
  EXPECT_EQ(group.propagation_delay_ms, 12);
  EXPECT_EQ(group.timers[isup::Timer::t7], Duration(25s));
  EXPECT_FALSE(group.quirks.rlc_with_pointer);
  EXPECT_TRUE(group.quirks.unequipped_answer);
  EXPECT_TRUE(group.quirks.loop_acknowledge);
}

TEST(Ss7Config, TheReferenceListsItsTimers) {
  EXPECT_THAT(reference(), HasSubstr("### Timers of mtp2_timers_ms"));
  EXPECT_THAT(reference(), HasSubstr("| T17 | 800 to 1500 ms, 1000"));
  EXPECT_THAT(reference(), HasSubstr("(isup) Point code of this end."));
}

}  // namespace
}  // namespace tandem::config
