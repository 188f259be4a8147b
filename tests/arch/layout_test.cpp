// Names at the top, sizes of files, words that mean unfinished work.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <regex>

#include "tests/arch/source.h"

namespace tandem::arch {
namespace {

constexpr auto kTop = std::to_array<std::string_view>({
    // the house
    "CMakeLists.txt",
    "gateway",
    "tdm",
    "isup",
    "sipt",
    "dsp",
    "config",
    "hw",
    "tests",
    "README.md",
    // small tool files
    "run.sh",
    "test.sh",
    "CMakePresets.json",
    "LICENSE",
    "NOTICE",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    // made by the tools, never committed
    "build",
    "run",
    "compile_commands.json",
});

Complaints check_top(const std::vector<std::string>& names) {
  Complaints out;
  for (const auto& name : names)
    if (!name.starts_with('.') && std::ranges::find(kTop, name) == kTop.end())
      out.push_back(name + " does not belong at the top");
  return out;
}

constexpr std::size_t kMaxLines = 600;
/// Tables may be longer than that.
constexpr std::array<std::string_view, 0> kLongTables = {};

Complaints check_sizes(const Files& files) {
  Complaints out;
  for (const auto& file : files) {
    const auto count = static_cast<std::size_t>(std::ranges::count(file.text, '\n'));
    if (count > kMaxLines && std::ranges::find(kLongTables, file.path) == kLongTables.end())
      out.push_back(at(file, count, "more than 600 lines"));
  }
  return out;
}

Complaints check_words(const Files& files) {
  // Put together here, so that this file does not hold them.
  const std::regex unfinished(std::string("\\b(TO") + "DO|FIX" + "ME|XX" + "X|HA" + "CK)\\b");
  Complaints out;
  for (const auto& file : files) {
    std::size_t number = 1;
    std::size_t start = 0;
    while (start < file.text.size()) {
      const auto end = std::min(file.text.find('\n', start), file.text.size());
      if (std::regex_search(file.text.begin() + static_cast<std::ptrdiff_t>(start),
                            file.text.begin() + static_cast<std::ptrdiff_t>(end), unfinished))
        out.push_back(at(file, number, "unfinished work"));
      start = end + 1;
      ++number;
    }
  }
  return out;
}

TEST(Top, HoldsOnlyTheHouseAndItsTools) {
  EXPECT_EQ(joined(check_top(top_level_names())), "");
}
TEST(Files, AreShort) {
  EXPECT_EQ(joined(check_sizes(read_house())), "");
}
TEST(Files, HoldNoUnfinishedWork) {
  EXPECT_EQ(joined(check_words(read_all_text())), "");
}

TEST(Top, ComplainsOfAnotherFolder) {
  EXPECT_EQ(check_top({"src", "docs", "gateway", ".git", "README.md"}).size(), 2u);
}

TEST(Files, ComplainWhenTheyAreLong) {
  EXPECT_EQ(check_sizes({{"isup/a.cpp", std::string(600, '\n')}}).size(), 0u);
  EXPECT_EQ(check_sizes({{"isup/a.cpp", std::string(601, '\n')}}).size(), 1u);
}

TEST(Files, ComplainOfEachWordForUnfinishedWork) {
  for (const char* word : {"TO"
                           "DO",
                           "FIX"
                           "ME",
                           "XX"
                           "X",
                           "HA"
                           "CK"}) {
    EXPECT_EQ(check_words({{"a.md", "x\n// " + std::string(word) + ": later\n"}}),
              Complaints{"a.md:2: unfinished work"});
    EXPECT_TRUE(check_words({{"a.md", "x" + std::string(word) + "x"}}).empty());
  }
}

}  // namespace
}  // namespace tandem::arch
