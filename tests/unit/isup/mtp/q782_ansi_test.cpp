// What T1.111.4 has more than Q.704, with numbers after those of Q.782.
#include "tests/unit/isup/mtp/network_world.h"

namespace tandem::mtp::test {
namespace {

/// Messages whose line in the log begins so.
std::ptrdiff_t said(const World& w, std::size_t point, std::string_view what) {
  return std::ranges::count_if(w.points[point]->log,
                               [&](const std::string& line) { return line.starts_with(what); });
}

TEST(Q782, N9_9_TfrIsSaidOnceMoreToWhoUsesTheRoute) {
  for (const auto variant : {Variant::itu, Variant::ansi}) {
    const std::ptrdiff_t again = variant == Variant::ansi ? 1 : 0;
    Diamond w(0, {}, 2, variant);
    const auto through = encode_msu({.label = {4, 1, 0}, .data = Octets{1}}, variant);
    w.cut(4);    // 2 - 4: 2 goes round by 3
    w.run(50s);  // T11
    EXPECT_EQ(said(w, 1, "TFR>1:"), 1) << w.log(1);
    w.clear();
    w.inject(1, 0, through);
    w.run(10ms);
    EXPECT_EQ(said(w, 1, "TFR>1:"), 0) << w.log(1);  // ANSI T18 runs
    w.run(10s);
    for (int i = 0; i < 3; ++i) w.inject(1, 0, through);
    w.run(10ms);
    EXPECT_EQ(said(w, 1, "TFR>1:"), again) << w.log(1);
    w.run(30s);
    w.inject(1, 0, through);
    w.run(50ms);
    EXPECT_EQ(said(w, 1, "TFR>1:"), again) << w.log(1);
    EXPECT_EQ(w.points[3]->heard.size(), 5u);  // all of them got there
  }
}

TEST(Q782, N9_10_ATestOfAClusterIsOneOfEachMember) {
  Diamond w(0, {}, 2, Variant::ansi);
  for (const auto heading : {Heading::rcp, Heading::rcr}) {
    w.clear();
    w.inject(1, 0, Label{2, 1, 0}, {.heading = heading, .affected = 0x000000});
    w.run(10ms);
    EXPECT_EQ(said(w, 1, "TFA>1:"), 2) << w.log(1);  // 3 and 4; 1 asks itself
    w.clear();
    w.inject(1, 0, Label{2, 1, 0}, {.heading = heading, .affected = 0x010000});  // none there
    w.run(10ms);
    EXPECT_EQ(w.log(1), "");
  }
}

TEST(Q782, N10_5_WhoRestartsRepeatsTrw) {
  World w;
  auto two = network(2, {linkset(2, 1, 1), linkset(2, 3, 1)}, Variant::ansi);
  two.transfer = true;
  two.timers[NetworkTimer::t18] = 30s;
  w.add(two);
  w.add(network(1, {linkset(1, 2, 1)}, Variant::ansi));
  w.join(0, 0, 1, 0);  // 3 stays away
  w.activate();
  w.run(2s);
  EXPECT_EQ(said(w, 0, "TRW>1:"), 1) << w.log(0);
  w.run(13s);
  EXPECT_EQ(said(w, 0, "TRW>1:"), 2) << w.log(0);
  EXPECT_FALSE(w.points[1]->network.accessible(2));  // waits for TRA
  w.run(20s);
  EXPECT_EQ(said(w, 0, "TRA>1:"), 1) << w.log(0);
  EXPECT_TRUE(w.points[1]->network.accessible(2));
  const auto until_then = said(w, 0, "TRW>1:");
  w.run(30s);
  EXPECT_EQ(said(w, 0, "TRW>1:"), until_then) << w.log(0);
}

TEST(AnsiTimers, AreThoseOfItsOwnStandard) {  // T1.111.4 16.7
  const auto row = [](NetworkTimer t) { return kNetworkTimerRows[static_cast<std::size_t>(t)]; };
  EXPECT_TRUE(row(NetworkTimer::t21).ansi.holds(30s) && !row(NetworkTimer::t21).itu.holds(30s));
  EXPECT_TRUE(row(NetworkTimer::t22).ansi.holds(90s) && !row(NetworkTimer::t22).itu.holds(90s));
  for (const auto& each : kNetworkTimerRows) {
    EXPECT_TRUE(each.itu.holds(each.itu.normal) && each.ansi.holds(each.ansi.normal)) << each.name;
    EXPECT_EQ(&each - kNetworkTimerRows.data(), static_cast<std::ptrdiff_t>(each.id)) << each.name;
  }
}

}  // namespace
}  // namespace tandem::mtp::test
