// The tables of Q.781's and Q.782's tests name what is there, and all of it.
#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>

namespace tandem::mtp {
namespace {

struct Row {
  std::string number, title, result, test;
};

std::string read(const std::string& path) {
  std::ifstream in(std::string(TANDEM_SOURCE_DIR) + "/" + path);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}
std::vector<Row> rows(const std::string& table) {
  std::istringstream in(read("tests/vectors/" + table));
  std::vector<Row> out;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("#")) continue;
    std::istringstream fields(line);
    Row row;
    std::getline(fields, row.number, '\t');
    std::getline(fields, row.title, '\t');
    std::getline(fields, row.result, '\t');
    std::getline(fields, row.test, '\t');
    out.push_back(row);
  }
  return out;
}
std::set<std::string> tests_of(std::string_view suite) {
  std::set<std::string> out;
  const auto& all = *testing::UnitTest::GetInstance();
  for (int s = 0; s < all.total_test_suite_count(); ++s) {
    const auto& tests = *all.GetTestSuite(s);
    if (tests.name() != suite) continue;
    for (int t = 0; t < tests.total_test_count(); ++t)
      out.insert(std::string(suite) + "." + tests.GetTestInfo(t)->name());
  }
  return out;
}

void check(const std::string& table, std::string_view suite) {
  const auto readme = read("isup/mtp/README.md");
  const auto existing = tests_of(suite);
  std::set<std::string> named;
  for (const auto& row : rows(table)) {
    EXPECT_TRUE(row.result == "pass" || row.result == "not applicable" || row.result == "missing")
        << row.number;
    if (row.result == "pass") {
      EXPECT_TRUE(existing.contains(row.test)) << row.number << " " << row.test;
      EXPECT_TRUE(named.insert(row.test).second) << row.test << " is named twice";
    }
    EXPECT_NE(readme.find("| " + row.number + " | " + row.title + " | " + row.result), std::string::npos)
        << "isup/mtp/README.md lacks " << row.number << " " << row.title;
  }
  EXPECT_EQ(named, existing);
  EXPECT_GT(named.size(), 40u);
}

TEST(Q78xTables, NameTheTestsOfLevel2) {
  check("q781.tsv", "Q781");
}
TEST(Q78xTables, NameTheTestsOfLevel3) {
  check("q782.tsv", "Q782");
}

}  // namespace
}  // namespace tandem::mtp
