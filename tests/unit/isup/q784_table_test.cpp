// The table of Q.784.1's tests names what is there, and all of it; a circuit that is idle costs little.
#include <fstream>
#include <set>
#include <sstream>

#include "isup/group_core.h"
#include "tests/unit/isup/q784_world.h"

namespace tandem::isup::q784 {
namespace {

std::string read(const std::string& path) {
  std::ifstream in(std::string(TANDEM_SOURCE_DIR) + "/" + path);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

/// The tests with a number.
std::set<std::string> numbered_tests() {
  std::set<std::string> out;
  const auto& all = *testing::UnitTest::GetInstance();
  for (int s = 0; s < all.total_test_suite_count(); ++s) {
    const auto& suite = *all.GetTestSuite(s);
    if (std::string(suite.name()) != "Q784") continue;
    for (int t = 0; t < suite.total_test_count(); ++t) {
      const std::string name = suite.GetTestInfo(t)->name();
      if (name.size() > 1 && name[0] == 'T' && name[1] >= '1' && name[1] <= '9') out.insert("Q784." + name);
    }
  }
  return out;
}

TEST(Q784Table, NamesTheTestsThatThereAre) {
  const auto readme = read("isup/README.md");
  std::istringstream in(read("tests/vectors/q784.tsv"));
  std::set<std::string> named;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("#")) continue;
    std::istringstream fields(line);
    std::string number, title, result, test;
    std::getline(fields, number, '\t');
    std::getline(fields, title, '\t');
    std::getline(fields, result, '\t');
    std::getline(fields, test, '\t');
    EXPECT_TRUE(result == "pass" || result == "not applicable" || result == "missing") << number;
    if (result == "pass") {
      EXPECT_TRUE(named.insert(test).second) << test << " is named twice";
      auto as_name = number;
      std::ranges::replace(as_name, '.', '_');
      EXPECT_TRUE(test.starts_with("Q784.T" + as_name + "_")) << number << " " << test;
    }
    EXPECT_NE(readme.find("| " + number + " | " + title + " | " + result), std::string::npos)
        << "isup/README.md lacks " << number;
  }
  auto existing = numbered_tests();
  existing.erase("Q784.T1_3_1_1_CgbForHardwareEndsCallsWithoutRel");  // the second of its number
  EXPECT_EQ(named, existing);
  EXPECT_GT(named.size(), 60u);
}

TEST(Q784Table, TimersHaveRangesWithTheirNormalValueInside) {  // Q.764 annex A
  for (const auto& row : kTimerRows) {
    for (const auto variant : {Variant::itu, Variant::ansi}) {
      const auto& range = row.range(variant);
      EXPECT_LE(range.least, range.normal) << row.name;
      EXPECT_LE(range.normal, range.most) << row.name;
    }
    EXPECT_EQ(find_timer(row.name), &row);
  }
  TimerValues values;
  values[Timer::t7] = std::chrono::seconds(99);
  EXPECT_EQ(values.value(Timer::t7, Variant::itu), std::chrono::seconds(30));
  EXPECT_EQ(find_timer("T40"), nullptr);
}

TEST(Q784Table, AnIdleCircuitCostsLessThanAKilobyte) {
  const GroupCore core(config(2, 1, 4000), {});
  ASSERT_EQ(core.circuits.size(), 4000u);
  auto octets = sizeof(core) + core.circuits.capacity() * sizeof(CircuitRecord);
  for (const auto& pool : core.pools)
    octets += sizeof(pool) + pool.free_bits.capacity() * sizeof(std::uint64_t);
  EXPECT_LT(octets / 4000, 100u);
  for (const auto& circuit : core.circuits) ASSERT_EQ(circuit.details, nullptr);
}

}  // namespace
}  // namespace tandem::isup::q784
