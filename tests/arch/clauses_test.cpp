// Clauses cited: each names its standard, so that a reader finds it.
#include <gtest/gtest.h>

#include <map>
#include <regex>

#include "tests/arch/source.h"

namespace tandem::arch {
namespace {

// A standard: RFC with four digits, a recommendation of the ITU-T's series, T1.nnn, ISO, EN, ETS, TS.
// Of the RFCs with three digits only those of IP itself are meant; any other is one that lost a digit.
constexpr std::string_view kStandard =
    R"((RFC (\d{4}|768|791|792|793|919)|(ITU-T )?[EGHIMOQTVX]\.\d{1,4}(\.\d{1,2})?|T1\.\d{3}|ISO(/IEC)? ?\d{4,5}|EN \d{3} \d{3}|ETS \d{3} \d{3}|TS \d{2,3}[. ]\d{3}))";
// A clause of it: "17.2.1", "4.5.8", "table 4-9", "figure 5", "annex A".
constexpr std::string_view kClause =
    R"(( (section |table |figure |annex |appendix )?[A-Z]?\d+([.-]\d+)*[A-Z]?)?)";
// Looks like a clause of three parts, but is no address, no version and no object identifier.
constexpr std::string_view kBare = R"((^|[^\w.])(\d{1,2}(\.\d{1,3}){2,4})([^\w.:/]|\.?$|\. ))";
constexpr std::string_view kNoClause =
    R"((\d{1,3}\.){3}\d{1,3}|(libpri|SpanDSP|libss7|Boost|Asterisk|Yate|Wireshark|SQLite|TOML|v|version) ?\d+(\.\d+)+)";

/// Every citation with the number of times it is made.
using Citations = std::map<std::string, int>;

void collect(std::string_view text, Citations& citations) {
  static const std::regex citation(std::string(kStandard) + std::string(kClause));
  const std::string copy(text);
  for (std::sregex_iterator it(copy.begin(), copy.end(), citation), end; it != end; ++it)
    ++citations[it->str()];
}

/// A clause number, or a standard's name that is none, in a text that names no standard before it.
std::string uncited(std::string_view text) {
  static const std::regex standard{std::string(kStandard)};
  static const std::regex bare{std::string(kBare)};
  static const std::regex no_clause{std::string(kNoClause)};
  static const std::regex any_rfc(R"(\bRFC[- ]?(\d+)\b)");
  static const std::regex rfc(R"(RFC (\d{4}|768|791|792|793|919))");
  const std::string copy(text);
  for (std::sregex_iterator it(copy.begin(), copy.end(), any_rfc), end; it != end; ++it)
    if (!std::regex_match(it->str(), rfc)) return it->str();
  const auto cleaned = std::regex_replace(copy, no_clause, "");
  std::smatch found;
  if (!std::regex_search(cleaned, found, bare)) return {};
  const std::string before = found.prefix().str();
  return std::regex_search(before, standard) ? std::string() : found[2].str();
}

Complaints check_clauses(const Files& files, Citations& citations) {
  Complaints out;
  for (const auto& file : files) {
    if (!pure(file.path)) continue;
    auto texts = comments(file.text);
    for (auto& literal : string_literals(file.text)) {
      // A literal that begins like a clause is one: the clause column of a table.
      static const std::regex clause(
          R"(^(RFC|[A-Z]\.\d|T1\.\d|\d{1,2}\.\d{1,2}\.\d|[Cc]lause|[Ss]ection|[Ff]igure \d|[Tt]able \d).*)");
      if (std::regex_match(literal.text, clause)) texts.push_back(std::move(literal));
    }
    for (const auto& [line, text] : texts) {
      collect(text, citations);
      if (const auto what = uncited(text); !what.empty())
        out.push_back(at(file, line, "\"" + what + "\" names no standard"));
    }
  }
  return out;
}

TEST(Clauses, AllNameTheirStandard) {
  Citations citations;
  EXPECT_EQ(joined(check_clauses(read_house(), citations)), "");
  EXPECT_GT(citations.size(), 100u);
  EXPECT_TRUE(citations.contains("RFC 3398 7.2.4.1"));
  std::string list;  // --gtest_output=xml writes it out
  for (const auto& [text, count] : citations) list += text + " (" + std::to_string(count) + "); ";
  RecordProperty("citations", list);
}

TEST(Clauses, ComplainOfOneWithoutAStandard) {
  Citations citations;
  const char* const bad[] = {"// as 17.2.1 says\n",     "// see 4.5.23.\n", "// RFC3261 17.2.1\n",
                             "// RFC 326 17.2.1\n",     "// RFC-3261\n",    "f({\"17.2.1\", 3});\n",
                             "f({\"RFC 32611\", 3});\n"};
  for (const char* text : bad) EXPECT_EQ(check_clauses({{"sipt/a.cpp", text}}, citations).size(), 1u) << text;
  const char* const good[] = {"// RFC 3261 17.2.1\n",
                              "// Q.931 4.5.5, 4.5.8\n",
                              "// Q.763 gives three\n// of them in 3.23.1\n",
                              "/// as said in RFC\n/// 3261 18.2.1\n",
                              "// 192.0.2.1 and 127.0.0.1:5060\n",
                              "// libpri 1.6.0 does not\n",
                              "// 0.5 s to 1.2 s\n",
                              "f({\"Q.764 2.1.1\", 3});\n",
                              "f(\"192.0.2.1\");\n",
                              "x = 1; // T1.231 6.2.2\n"};
  for (const char* text : good)
    EXPECT_EQ(joined(check_clauses({{"sipt/a.cpp", text}}, citations)), "") << text;
  EXPECT_TRUE(check_clauses({{"gateway/io/a.cpp", "// as 17.2.1 says\n"}}, citations).empty());
}

TEST(Clauses, AreCollectedWhole) {
  Citations citations;
  collect("RFC 3261 17.2.1, Q.931 table 4-9; RFC 3398 and T1.113, Q.1912.5", citations);
  for (const char* expected : {"RFC 3261 17.2.1", "Q.931 table 4-9", "RFC 3398", "T1.113", "Q.1912.5"})
    EXPECT_EQ(citations.count(expected), 1u) << expected;
}

}  // namespace
}  // namespace tandem::arch
