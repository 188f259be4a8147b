// Pure inside, IO at the rim: time, randomness and the network are handed in.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <regex>
#include <set>

#include "tests/arch/source.h"

namespace tandem::arch {
namespace {

/// What pure code may not name, as a pattern over code without comments and strings.
struct Forbidden {
  std::string_view what;
  std::string_view pattern;
};
constexpr auto kForbidden = std::to_array<Forbidden>({
    {"clock",
     R"(\b\w*_clock\b|\bgettimeofday\b|\bclock_gettime\b|(^|[^\w])(std)?::(time|clock)\s*\(|<ctime>|\blocaltime)"},
    {"thread",
     R"(\bstd::(thread|jthread|async|condition_variable\w*|this_thread)\b|<thread>|<future>|\bpthread_)"},
    {"lock", R"(\bstd::(\w*mutex|lock_guard|unique_lock|scoped_lock|call_once)\b|<(shared_)?mutex>)"},
    {"socket", R"(<sys/socket\.h>|<netinet/|<sys/un\.h>|\b(recvfrom|sendto|recvmmsg|sendmmsg)\s*\()"},
    {"sleep", R"(\b(sleep|usleep|nanosleep|sleep_for|sleep_until)\s*\()"},
    {"random source", R"(\b(s?rand|getrandom|getentropy|arc4random)\s*\(|\brandom_device\b|<random>)"},
    {"log",
     R"(\bspdlog\b|\bstd::(cout|cerr|clog)\b|\bf?printf\s*\(|\bputs\s*\(|<iostream>|<syslog\.h>|\bsyslog\s*\()"},
    {"environment", R"(\bgetenv\s*\()"},
});

struct Exception {
  std::string_view path;
  std::string_view what;
  std::string_view reason;
};
constexpr auto kExceptions = std::to_array<Exception>({
    {"tdm/pri/clock.cpp", "clock",
     "libpri reads the clock itself; this file puts the time that is handed in in its place (ADR 0002)"},
});

bool excused(std::string_view path, std::string_view what) {
  return std::ranges::any_of(kExceptions,
                             [&](const Exception& e) { return e.path == path && e.what == what; });
}

struct Finding {
  std::string path;
  std::string_view what;
  std::string complaint;
};

/// Most lines hold none of these, and patterns are slow.
bool worth_a_look(std::string_view line) {
  constexpr auto kParts = std::to_array<std::string_view>(
      {"clock",   "time",   "thread",  "async",  "future", "condition", "lock",  "mutex",
       "once",    "socket", "netinet", "sys/un", "recv",   "send",      "sleep", "rand",
       "entropy", "log",    "std::c",  "printf", "puts",   "stream",    "getenv"});
  return std::ranges::any_of(
      kParts, [&](std::string_view part) { return line.find(part) != std::string_view::npos; });
}

std::vector<Finding> find_impure(const Files& files) {
  std::vector<std::regex> patterns;
  for (const auto& forbidden : kForbidden) patterns.emplace_back(std::string(forbidden.pattern));
  std::vector<Finding> out;
  for (const auto& file : files) {
    if (!pure(file.path)) continue;
    for (const auto& line : code_lines(file.text)) {
      if (!worth_a_look(line.text)) continue;
      for (std::size_t i = 0; i < patterns.size(); ++i)
        if (std::regex_search(line.text, patterns[i]))
          out.push_back({file.path, kForbidden[i].what,
                         at(file, line.number, "pure code uses a " + std::string(kForbidden[i].what))});
    }
  }
  return out;
}

TEST(Purity, OfTheInnerRoomsIsKept) {
  Complaints complaints;
  for (const auto& finding : find_impure(read_house()))
    if (!excused(finding.path, finding.what)) complaints.push_back(finding.complaint);
  EXPECT_EQ(joined(complaints), "");
}

TEST(Purity, HasNoExceptionThatIsNotNeeded) {
  const auto findings = find_impure(read_house());
  for (const auto& exception : kExceptions)
    EXPECT_TRUE(std::ranges::any_of(
        findings, [&](const Finding& f) { return f.path == exception.path && f.what == exception.what; }))
        << exception.path << " no longer needs: " << exception.reason;
}

TEST(Purity, ComplainsOfEachImpureThing) {
  const char* const impure[] = {"auto t = std::chrono::steady_clock::now();",
                                "using Clock = std::chrono::system_clock;",
                                "gettimeofday(&tv, nullptr);",
                                "clock_gettime(CLOCK_REALTIME, &ts);",
                                "auto t = std::time(nullptr);",
                                "auto t = ::time(nullptr);",
                                "#include <thread>",
                                "std::jthread worker;",
                                "std::this_thread::yield();",
                                "std::mutex m;",
                                "std::shared_mutex m;",
                                "const std::lock_guard guard(m);",
                                "#include <sys/socket.h>",
                                "sendto(fd, p, n, 0, a, l);",
                                "usleep(10);",
                                "sleep(1);",
                                "int r = rand();",
                                "std::random_device d;",
                                "spdlog::info(x);",
                                "std::cout << x;",
                                "printf(x);",
                                "auto v = getenv(x);"};
  for (const char* line : impure) {
    EXPECT_FALSE(find_impure({{"sipt/a.cpp", line}}).empty()) << line;
    EXPECT_TRUE(find_impure({{"gateway/io/a.cpp", line}}).empty()) << line;
    EXPECT_TRUE(find_impure({{"sipt/a.cpp", "// " + std::string(line)}}).empty()) << line;
  }
  const char* const fine[] = {"const char* s = \"rand()\";",
                              "int x = operand(1);",
                              "handle(input, now);",
                              "void timers(Time now);",
                              "auto n = 10'000; /* std::mutex */",
                              "std::snprintf(buffer, size, format);",
                              "random_.next();"};
  for (const char* line : fine) EXPECT_TRUE(find_impure({{"gateway/core/a.cpp", line}}).empty()) << line;
}

TEST(Lexer, TellsCodeFromCommentsAndLiterals) {
  const auto lines = code_lines("a /* b\nc */ d \"e // f\\\" g\" h 'i' R\"x(j\"\nk)x\" l // m\nn 1'000 o");
  ASSERT_EQ(lines.size(), 4u);
  const auto squeezed = [](std::string text) {
    std::erase(text, ' ');
    return text;
  };
  EXPECT_EQ(squeezed(lines[0].text), "a");
  EXPECT_EQ(squeezed(lines[1].text), "dh");
  EXPECT_EQ(squeezed(lines[2].text), "l");
  EXPECT_EQ(squeezed(lines[3].text), "n1'000o");
}

}  // namespace
}  // namespace tandem::arch
