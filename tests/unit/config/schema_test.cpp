#include "config/schema.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <sstream>

#include "config/document.h"

namespace tandem::config {
namespace {

using testing::HasSubstr;

/// (section, key) pairs as the reference prints them.
std::set<std::pair<std::string, std::string>> referenced() {
  std::set<std::pair<std::string, std::string>> result;
  std::istringstream lines(reference());
  std::string path;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("## ")) {
      path = line.substr(3);
      std::erase_if(path, [](char c) { return c == '[' || c == ']'; });
    } else if (line.starts_with("| `")) {
      result.insert({path, line.substr(3, line.find('`', 3) - 3)});
    }
  }
  return result;
}

/// What stands before the keys of a section: its own header, below its parent's.
std::string header(const Section& s) {
  if (s.many && s.path.contains('.')) {
    const std::string parent(s.path.substr(0, s.path.find('.')));
    return "[[" + parent + "]]\n[[" + std::string(s.path) + "]]\n";
  }
  return s.many ? "[[" + std::string(s.path) + "]]\n" : '[' + std::string(s.path) + "]\n";
}

std::string unknown_keys_in(const std::string& text) {
  Document document;
  Problems problems;
  EXPECT_TRUE(read_document(text, document, problems)) << text;
  std::string result;
  for (const auto& p : problems.take("f")) {
    if (p.message.starts_with("unknown key")) result += to_string(p) + '\n';
  }
  return result;
}

TEST(Reference, ListsExactlyTheKeysThatAreAccepted) {
  const auto listed = referenced();
  std::size_t keys = 0;
  for (const auto& s : sections()) {
    for (const auto& key : s.keys) {
      ++keys;
      EXPECT_TRUE(listed.contains({std::string(s.path), std::string(key.name)})) << s.path << ' ' << key.name;
      EXPECT_EQ(unknown_keys_in(header(s) + std::string(key.name) + " = 1\n"), "");
      EXPECT_NE(unknown_keys_in(header(s) + std::string(key.name) + "_ = 1\n"), "");
    }
  }
  EXPECT_EQ(listed.size(), keys);
}

TEST(Reference, SaysTypeUnitRangeDefaultAndMeaning) {
  EXPECT_THAT(reference(), HasSubstr("| `t1_ms` | whole number of ms, 50 to 5000 | `500` | Timer T1"));
  EXPECT_THAT(reference(), HasSubstr("| `type` | string, one of \"E1\", \"T1\" | required |"));
  EXPECT_THAT(reference(),
              HasSubstr("| `timeslots` | string (list, as \"1-15,17-31\") | all but the D channels |"));
  EXPECT_THAT(reference(), HasSubstr("transport=udp\\|tcp"));
}

TEST(Schema, EveryKeyHasAMeaningAndEitherADefaultOrAReasonForNone) {
  for (const auto& s : sections()) {
    EXPECT_FALSE(s.help.empty());
    EXPECT_GE(s.limit, 1U);
    std::set<std::string_view> names;
    for (const auto& key : s.keys) {
      SCOPED_TRACE(key.name);
      EXPECT_TRUE(names.insert(key.name).second);
      EXPECT_TRUE(key.help.ends_with('.') || key.help.ends_with(')'));
      EXPECT_EQ(1, int{key.required} + int{!key.fallback.empty()} + int{!key.derived.empty()});
      if (key.type == Type::integer || key.type == Type::number) {
        EXPECT_FALSE(key.unit.empty());
        EXPECT_TRUE(key.max > key.min || !key.choices.empty());
      }
      if (key.type == Type::strings) {
        EXPECT_GE(key.max, 1);
      }
    }
  }
}

TEST(Schema, DefaultsLieWithinTheirOwnRanges) {
  for (const auto& s : sections()) {
    std::string text = header(s);
    for (const auto& key : s.keys) {
      if (!key.fallback.empty()) text += std::string(key.name) + " = " + std::string(key.fallback) + '\n';
    }
    Document document;
    Problems problems;
    ASSERT_TRUE(read_document(text, document, problems));
    for (const auto& p : problems.take("f")) {
      EXPECT_TRUE(p.message.contains(" has no ") || p.message.starts_with("there is no ")) << to_string(p);
    }
  }
}

TEST(Nearest, FindsTyposAndMissingUnitsButNotWhatIsFar) {
  const std::vector<std::string_view> names{"name", "timeout_s", "d_channel", "echo_tail_ms", "to"};
  EXPECT_EQ(nearest("nmae", names), "name");
  EXPECT_EQ(nearest("Name", names), "name");
  EXPECT_EQ(nearest("timeout", names), "timeout_s");
  EXPECT_EQ(nearest("dchannel", names), "d_channel");
  EXPECT_EQ(nearest("echo_tail", names), "echo_tail_ms");
  EXPECT_EQ(nearest("colour", names), "");
  EXPECT_EQ(nearest("", names), "");
  EXPECT_EQ(nearest(std::string(100000, 'n'), names), "");
}

}  // namespace
}  // namespace tandem::config
