// Who may include whom: the arrows of the house, and the one file that each library is behind.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "tests/arch/source.h"

namespace tandem::arch {
namespace {

struct Arrow {
  std::string_view from;
  std::vector<std::string_view> to;  ///< rooms, or files of them
};
const std::vector<Arrow> kArrows = {
    {"gateway/base", {}},
    {"isup", {"gateway/base"}},
    {"dsp", {"gateway/base"}},
    {"tdm", {"gateway/base"}},
    {"sipt", {"gateway/base"}},
    {"hw", {"tdm", "gateway/base"}},
    {"config",
     {"gateway/base", "gateway/core/config.h", "gateway/core/timers.h", "gateway/media/config.h",
      "sipt/config.h", "sipt/rtp/config.h", "tdm/config.h", "tdm/pri/config.h", "tdm/pri/timers.h",
      "isup/config.h", "isup/mtp/config.h", "dsp/config.h", "hw/config.h"}},
    {"gateway/interwork", {"isup", "tdm", "sipt", "dsp", "gateway/base"}},
    {"gateway/media", {"isup", "tdm", "sipt", "dsp", "gateway/base"}},
    {"gateway/core",
     {"isup", "tdm", "sipt", "dsp", "gateway/base", "gateway/interwork", "gateway/media/commands.h",
      "gateway/media/link_commands.h", "gateway/media/config.h"}},
    {"gateway/store", {"gateway/core", "gateway/base"}},
    {"gateway/io",
     {"gateway/core", "gateway/base", "gateway/media", "tdm", "sipt"}},  // sipt, media: ADR 0004
};

Complaints check_arrows(const Files& files) {
  Complaints out;
  for (const auto& file : files) {
    const auto from = room(file.path);
    if (from == "gateway/main.cpp" || from == "tests") continue;
    const auto arrow = std::ranges::find(kArrows, from, &Arrow::from);
    if (arrow == kArrows.end()) {
      out.push_back(at(file, 1, "a room that the house does not have"));
      continue;
    }
    for (const auto& include : includes(file.text)) {
      if (include.angled) continue;
      const auto to = room(include.name);
      const auto named = [&](std::string_view allowed) { return allowed == to || allowed == include.name; };
      if (to != from && std::ranges::none_of(arrow->to, named))
        out.push_back(at(file, include.line, from + " may not include " + include.name));
    }
  }
  return out;
}

/// A library outside the standard one: headers that begin so, and the files or rooms that may include them.
struct Library {
  std::string_view prefix;
  std::vector<std::string_view> users;
  bool one_file = false;  ///< only one of the users may
};
const std::vector<Library> kLibraries = {
    {"libpri.h", {"tdm"}, true},
    {"spandsp.h", {"dsp"}, true},
    {"dahdi/", {"hw"}, true},
    {"hwy/", {"dsp"}, false},
    {"emmintrin.h", {"sipt/scan.h"}, true},  // SSE2 intrinsics of the compiler
    {"toml++/", {"config"}, false},
    {"boost/", {"gateway/io", "gateway/main.cpp"}, false},
    {"prometheus/", {"gateway/io/metrics_page.cpp"}, true},
    {"spdlog/", {"gateway/io", "gateway/main.cpp"}, false},
    {"fmt/", {"gateway/io", "gateway/main.cpp"}, false},
    {"CLI/", {"gateway/main.cpp"}, false},
    {"sndfile.h", {"gateway/io/recordings.cpp"}, true},
    {"sqlite3.h", {"gateway/store"}, false},
    {"openssl/", {"gateway/io"}, false},
    {"emmintrin.h", {"sipt/scan.h"}, true},  // SSE2, where the processor has it
    // The system's own.
    {"arpa/inet.h", {"gateway/io", "hw", "gateway/base/address.cpp"}, false},  // inet_pton: text to octets
    {"sys/mman.h", {"gateway/media/huge_pages.h"}, true},  // advice to the system about large arrays; no IO
    {"sys/time.h", {"gateway/io", "hw", "tdm/pri/clock.cpp"}, false},  // the clock that libpri is given
    {"sys/", {"gateway/io", "gateway/store", "gateway/main.cpp", "hw"}, false},
    {"netinet/", {"gateway/io", "hw"}, false},
    {"unistd.h", {"gateway/io", "gateway/store", "gateway/main.cpp", "hw"}, false},
    {"fcntl.h", {"gateway/io", "gateway/store", "gateway/main.cpp", "hw"}, false},
    {"poll.h", {"gateway/io", "hw"}, false},
    {"malloc.h", {"gateway/io/node.cpp"}, true},
    {"pthread.h", {"gateway/io"}, false},
    {"sched.h", {"gateway/io"}, false},
    {"signal.h", {"gateway/io", "gateway/main.cpp"}, false},
    {"time.h", {"gateway/io"}, false},
};

bool standard_header(std::string_view name) {
  return name.find('/') == std::string_view::npos && name.find('.') == std::string_view::npos;
}

Complaints check_libraries(const Files& files) {
  Complaints out;
  std::map<std::string_view, std::set<std::string>> users;
  for (const auto& file : files) {
    if (room(file.path) == "tests") continue;
    for (const auto& include : includes(file.text)) {
      if (!include.angled || standard_header(include.name)) continue;
      const auto library = std::ranges::find_if(
          kLibraries, [&](const Library& l) { return include.name.starts_with(l.prefix); });
      if (library == kLibraries.end()) {
        out.push_back(at(file, include.line, "<" + include.name + "> is of no library that the house knows"));
        continue;
      }
      const auto allowed = [&](std::string_view user) {
        return user == room(file.path) || user == file.path;
      };
      if (std::ranges::none_of(library->users, allowed))
        out.push_back(at(file, include.line, room(file.path) + " may not include <" + include.name + ">"));
      users[library->prefix].insert(file.path);
      if (library->one_file && users[library->prefix].size() > 1)
        out.push_back(at(file, include.line, "a second file includes <" + include.name + ">"));
    }
  }
  return out;
}

TEST(Arrows, OfTheHouseAreKept) {
  EXPECT_EQ(joined(check_arrows(read_house())), "");
}
TEST(Libraries, AreIncludedOnlyWhereTheyBelong) {
  EXPECT_EQ(joined(check_libraries(read_house())), "");
}

/// The far side of tests has the only signalling that is not ours: were libss7 anywhere else, it would judge
/// itself.
Complaints check_far_side(const Files& files) {
  Complaints out;
  for (const auto& file : files) {
    if (file.path.starts_with("tests/exchange/")) continue;
    for (const auto& include : includes(file.text))
      if (include.name == "libss7.h") out.push_back(at(file, include.line, "libss7 is the test exchange's"));
  }
  return out;
}

TEST(Libraries, OfTheFarSideStayThere) {
  EXPECT_EQ(joined(check_far_side(read_house())), "");
  EXPECT_EQ(check_far_side({{"tests/exchange/a.cpp", "#include <libss7.h>\n"},
                            {"isup/a.cpp", "#include <libss7.h>\n"},
                            {"tests/sim/a.cpp", "#include <libss7.h>\n"}})
                .size(),
            2u);
}

TEST(Arrows, AreReadFromTheHouseItself) {
  const auto files = read_house();
  EXPECT_GT(files.size(), 50u);
  std::set<std::string> rooms;
  for (const auto& file : files) rooms.insert(room(file.path));
  for (const char* expected : {"isup", "tdm", "sipt", "dsp", "config", "gateway/base", "gateway/core",
                               "gateway/interwork", "gateway/media", "gateway/io", "tests"})
    EXPECT_TRUE(rooms.contains(expected)) << expected;
}

// --- each check can fail ----------------------------------------------------------------------------------
std::string include_line(std::string_view name) {
  return "#include \"" + std::string(name) + "\"\n";
}

TEST(Arrows, ComplainOfEachForbiddenOne) {
  const std::pair<const char*, const char*> forbidden[] = {
      {"isup/a.h", "sipt/values.h"},
      {"sipt/rtp/a.h", "tdm/span.h"},
      {"tdm/pri/a.cpp", "isup/message.h"},
      {"dsp/a.h", "gateway/core/gateway.h"},
      {"gateway/base/a.h", "isup/message.h"},
      {"hw/a.h", "sipt/values.h"},
      {"config/a.h", "gateway/core/gateway.h"},
      {"config/a.h", "sipt/values.h"},
      {"gateway/interwork/a.h", "gateway/core/call.h"},
      {"gateway/interwork/a.h", "gateway/media/engine.h"},
      {"gateway/media/a.h", "gateway/core/call.h"},
      {"gateway/media/a.h", "gateway/interwork/causes.h"},
      {"gateway/core/a.h", "gateway/media/engine.h"},
      {"gateway/core/a.h", "gateway/io/node.h"},
      {"gateway/core/a.h", "hw/cesopsn.h"},
      {"gateway/store/a.h", "sipt/values.h"},
      {"gateway/io/a.h", "gateway/store/store.h"},
      {"gateway/io/a.h", "hw/cesopsn.h"},
      {"cellar/a.h", "isup/message.h"},
  };
  for (const auto& [path, name] : forbidden)
    EXPECT_EQ(check_arrows({{path, include_line(name)}}).size(), 1u) << path << " -> " << name;
  const std::pair<const char*, const char*> allowed[] = {
      {"sipt/rtp/a.h", "sipt/values.h"},   {"gateway/core/a.h", "gateway/media/commands.h"},
      {"config/a.h", "tdm/pri/config.h"},  {"gateway/main.cpp", "hw/cesopsn.h"},
      {"tests/sim/a.cpp", "hw/cesopsn.h"}, {"gateway/core/a.h", "gateway/interwork/causes.h"},
  };
  for (const auto& [path, name] : allowed)
    EXPECT_EQ(joined(check_arrows({{path, include_line(name)}})), "") << path << " -> " << name;
}

TEST(Libraries, ComplainOfStrayIncludes) {
  const auto angled = [](std::string_view name) { return "  \n#include <" + std::string(name) + ">\n"; };
  const std::pair<const char*, const char*> forbidden[] = {
      {"isup/a.h", "libpri.h"},
      {"sipt/a.cpp", "boost/asio/ip/tcp.hpp"},
      {"gateway/core/a.cpp", "sqlite3.h"},
      {"sipt/a.cpp", "toml++/toml.h"},
      {"gateway/media/a.cpp", "hwy/highway.h"},
      {"sipt/a.cpp", "openssl/evp.h"},
      {"gateway/core/a.h", "spdlog/spdlog.h"},
      {"tdm/a.cpp", "sys/socket.h"},
      {"isup/a.cpp", "sofia-sip/sip.h"},
  };
  for (const auto& [path, name] : forbidden)
    EXPECT_EQ(check_libraries({{path, angled(name)}}).size(), 1u) << path << " -> " << name;
  EXPECT_EQ(joined(check_libraries({{"dsp/a.cpp", angled("spandsp.h")}, {"sipt/a.h", angled("vector")}})),
            "");
  EXPECT_EQ(check_libraries({{"dsp/a.cpp", angled("spandsp.h")}, {"dsp/b.cpp", angled("spandsp.h")}}).size(),
            1u);
}

}  // namespace
}  // namespace tandem::arch
