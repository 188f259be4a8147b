#include "config/loader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>

namespace tandem::config {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

const fs::path kSource = TANDEM_SOURCE_DIR;

std::string all(const std::vector<Problem>& problems) {
  std::string text;
  for (const auto& p : problems) text += to_string(p) + '\n';
  return text;
}

std::string slurp(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

/// The smallest file that holds.
constexpr std::string_view kMinimal = R"(
[gateway]
cdr = "cdr.sqlite"
sip = { listen = ["udp:127.0.0.1:5060"] }
rtp = { address = "127.0.0.1" }
[[span]]
name = "s"
type = "E1"
local = "127.0.0.1:40001"
remote = "127.0.0.1:50001"
[[trunk]]
name = "t"
signalling = "pri"
switch = "euroisdn"
spans = ["s"]
d_channel = "s:16"
[[peer]]
name = "p"
address = "sip:127.0.0.1:5070"
[[route]]
to = ["t"]
)";

std::string replaced(std::string_view what, std::string_view with) {
  std::string text(kMinimal);
  const auto at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return text.replace(at, what.size(), with);
}

TEST(Samples, AllHold) {
  int samples = 0;
  for (const auto& file : fs::directory_iterator(kSource / "config")) {
    if (file.path().extension() != ".toml") continue;
    ++samples;
    const auto loaded = load_text(slurp(file.path()), file.path().filename().string());
    EXPECT_TRUE(loaded) << all(loaded.error());
  }
  EXPECT_GE(samples, 4);
}

/// The examples in the README, in their order.
std::vector<std::string> readme_examples() {
  const auto readme = slurp(kSource / "README.md");
  const std::string open = "```toml\n";
  std::vector<std::string> examples;
  for (auto begin = readme.find(open); begin != std::string::npos; begin = readme.find(open, begin + 1)) {
    const auto first = begin + open.size();
    examples.push_back(readme.substr(first, readme.find("```", first) - first));
  }
  return examples;
}

TEST(Samples, TheReadmesExamplesHold) {
  const auto examples = readme_examples();
  ASSERT_EQ(examples.size(), 2U) << "another example: test it too";
  auto file = examples[0];
  const auto loaded = load_text(file, "README.md");
  EXPECT_TRUE(loaded) << all(loaded.error());
  // The second is a trunk in place of the first one's.
  const auto trunk = file.find("[[trunk]]");
  file.replace(trunk, file.find("[[peer]]") - trunk, examples[1]);
  const auto with_isup = load_text(file, "README.md");
  ASSERT_TRUE(with_isup) << all(with_isup.error());
  EXPECT_EQ(with_isup->isup_trunks.size(), 1U);
}

TEST(Samples, TheDemonstrationSaysWhatRunShRelaysOn) {
  const auto loaded = load_text(slurp(kSource / "config" / "demo.toml"), "demo.toml");
  ASSERT_TRUE(loaded) << all(loaded.error());
  EXPECT_EQ(loaded->name, "demo");
  ASSERT_EQ(loaded->sip.listen.size(), 2U);
  EXPECT_EQ(loaded->sip.listen[1].transport, sip::Transport::tcp);
  EXPECT_EQ(to_string(loaded->sip.listen[1].address), "127.0.0.1:5060");
  ASSERT_EQ(loaded->spans.size(), 2U);
  EXPECT_EQ(to_string(loaded->spans[0].local), "127.0.0.1:40001");
  EXPECT_EQ(to_string(loaded->spans[0].remote), "127.0.0.1:50001");
  EXPECT_EQ(loaded->spans[0].clock, tdm::ClockSource::recovered);
  ASSERT_EQ(loaded->trunks.size(), 1U);
  EXPECT_EQ(loaded->trunks[0].spans[0].timeslots.size(), 30U);
  EXPECT_EQ(loaded->trunks[0].hunt, core::Hunt::ascending);
  EXPECT_EQ(to_string(loaded->spans[1].remote), "127.0.0.1:50002");
  ASSERT_EQ(loaded->isup_trunks.size(), 1U);
  EXPECT_EQ(loaded->isup_trunks[0].group.destination, 200U);
  EXPECT_EQ(loaded->media.links.size(), 2U);
  ASSERT_EQ(loaded->peers.size(), 1U);
  EXPECT_EQ(to_string(loaded->peers[0].destination.remote), "127.0.0.1:5070");
  EXPECT_EQ(to_string(loaded->peers[0].destination.local), "127.0.0.1:5060");
  EXPECT_EQ(loaded->routes.size(), 5U);
}

TEST(Samples, AnNfasGroupHasOneTrunkOverItsSpansAndTwoDChannels) {
  const auto loaded = load_text(slurp(kSource / "config" / "nfas.toml"), "nfas.toml");
  ASSERT_TRUE(loaded) << all(loaded.error());
  ASSERT_EQ(loaded->trunks.size(), 1U);
  const auto& trunk = loaded->trunks[0];
  ASSERT_EQ(trunk.spans.size(), 3U);
  EXPECT_THAT(trunk.d_channels, ElementsAre(Circuit{0, 24}, Circuit{1, 24}));
  EXPECT_EQ(loaded->media.d_channels, trunk.d_channels);
  EXPECT_EQ(trunk.spans[0].timeslots.size(), 23U);
  EXPECT_EQ(trunk.spans[1].timeslots.size(), 23U);
  EXPECT_EQ(trunk.spans[2].timeslots.size(), 24U);  // no D channel there
  for (std::uint8_t i = 0; i < 3; ++i) EXPECT_EQ(trunk.spans[i].interface_id, i);
  for (const auto& span : loaded->spans) EXPECT_EQ(span.clock, tdm::ClockSource::recovered);
}

TEST(Samples, FourT1sHaveMuLawAndTwentyThreeChannelsEach) {
  const auto loaded = load_text(slurp(kSource / "config" / "four-t1.toml"), "four-t1.toml");
  ASSERT_TRUE(loaded) << all(loaded.error());
  ASSERT_EQ(loaded->trunks.size(), 4U);
  for (std::uint16_t i = 0; i < 4; ++i) {
    EXPECT_EQ(loaded->trunks[i].spans[0].span, i);
    EXPECT_EQ(loaded->trunks[i].type, tdm::pri::Switch::national);
    EXPECT_EQ(loaded->trunks[i].spans[0].timeslots.size(), 23U);
    EXPECT_EQ(loaded->media.spans[i].law, Law::mu);
    EXPECT_EQ(loaded->media.d_channels[i], (Circuit{i, 24}));
  }
  EXPECT_THAT(loaded->routes[0].to, ElementsAre("pstn-4", "pstn-3", "pstn-2", "pstn-1"));
}

TEST(Samples, AnIsupTrunkOverTwoE1sHasALinkAndThirtyCircuitsOnEach) {
  const auto loaded = load_text(slurp(kSource / "config" / "isup-e1.toml"), "isup-e1.toml");
  ASSERT_TRUE(loaded) << all(loaded.error());
  ASSERT_EQ(loaded->isup_trunks.size(), 1U);
  const auto& trunk = loaded->isup_trunks[0];
  std::size_t circuits = 0;
  for (const auto& range : trunk.group.circuits) circuits += range.circuits.size();
  EXPECT_EQ(circuits, 60U);
  EXPECT_EQ(trunk.group.variant, isup::Variant::etsi);
  EXPECT_EQ(trunk.group.own, 4897U);
  EXPECT_EQ(trunk.overlap, core::Overlap::collect);
  ASSERT_EQ(loaded->networks.size(), 1U);
  EXPECT_TRUE(mtp::validate(loaded->networks[0]));
  ASSERT_EQ(loaded->media.links.size(), 2U);
  EXPECT_EQ(loaded->media.links[1].circuit, (Circuit{1, 16}));
}

TEST(Samples, AnAnsiTrunkBehindStpsReachesItsExchangeByBoth) {
  const auto loaded = load_text(slurp(kSource / "config" / "isup-t1.toml"), "isup-t1.toml");
  ASSERT_TRUE(loaded) << all(loaded.error());
  ASSERT_EQ(loaded->isup_trunks.size(), 1U);
  const auto& trunk = loaded->isup_trunks[0];
  EXPECT_EQ(trunk.group.variant, isup::Variant::ansi);
  ASSERT_EQ(trunk.group.circuits.size(), 1U);
  EXPECT_EQ(trunk.group.circuits[0].circuits.size(), 24U);
  ASSERT_EQ(loaded->networks.size(), 1U);
  EXPECT_TRUE(mtp::validate(loaded->networks[0]));
  ASSERT_EQ(loaded->networks[0].routes.size(), 2U);
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(loaded->networks[0].routes[i].destination, trunk.group.destination);
    EXPECT_EQ(loaded->networks[0].routes[i].priority, i);
    EXPECT_EQ(loaded->media.links[i].link.rate, mtp::LineRate::k56);
  }
}

/// Lines `# expect: LINE:COL: text` at the top of a bad file, one for each problem.
std::vector<std::string> expected_problems(const std::string& text) {
  std::vector<std::string> result;
  std::istringstream lines(text);
  const std::string mark = "# expect: ";
  for (std::string line; std::getline(lines, line) && line.starts_with(mark);)
    result.push_back(line.substr(mark.size()));
  return result;
}

TEST(BadFiles, EachIsRefusedWithExactlyWhatItsFirstLinesSay) {
  std::size_t files = 0;
  for (const auto& file : fs::directory_iterator(kSource / "tests/config/bad")) {
    ++files;
    SCOPED_TRACE(file.path().filename());
    const auto expected = expected_problems(slurp(file.path()));
    ASSERT_FALSE(expected.empty());
    const auto loaded = load_file(file.path().string());
    ASSERT_FALSE(loaded);
    ASSERT_EQ(loaded.error().size(), expected.size()) << all(loaded.error());
    for (std::size_t i = 0; i < expected.size(); ++i) {
      const auto place = file.path().string() + ':';
      const auto text = to_string(loaded.error()[i]);
      ASSERT_TRUE(text.starts_with(place)) << text;
      const auto rest = text.substr(place.size());
      const auto column_end = expected[i].find(": ") + 2;
      EXPECT_TRUE(rest.starts_with(expected[i].substr(0, column_end)))
          << rest << "\nexpected " << expected[i];
      EXPECT_THAT(rest, HasSubstr(expected[i].substr(column_end)));
    }
  }
  EXPECT_GE(files, 80U);
}

TEST(Defaults, AreThoseOfTheStructures) {
  const auto loaded = load_text(kMinimal, "minimal");
  ASSERT_TRUE(loaded) << all(loaded.error());
  const core::Config d;
  EXPECT_EQ(loaded->name, d.name);
  EXPECT_EQ(loaded->control_path, d.control_path);
  EXPECT_EQ(loaded->log_level, d.log_level);
  EXPECT_EQ(loaded->drain_limit, d.drain_limit);
  EXPECT_EQ(loaded->rtp_first_port, d.rtp_first_port);
  EXPECT_EQ(loaded->rtp_last_port, d.rtp_last_port);
  EXPECT_EQ(loaded->dscp_rtp, d.dscp_rtp);
  EXPECT_EQ(loaded->dscp_sip, d.dscp_sip);
  EXPECT_EQ(loaded->sip.product, d.sip.product);
  EXPECT_EQ(loaded->sip.t1, d.sip.t1);
  EXPECT_EQ(loaded->sip.t2, d.sip.t2);
  EXPECT_EQ(loaded->sip.t4, d.sip.t4);
  EXPECT_EQ(loaded->sip.invite_timeout, d.sip.invite_timeout);
  EXPECT_EQ(loaded->sip.max_message, d.sip.max_message);
  EXPECT_EQ(loaded->sip.max_transactions, d.sip.max_transactions);
  EXPECT_EQ(loaded->media.rtp_timeout, d.media.rtp_timeout);
  EXPECT_EQ(loaded->media.jitter_minimum, d.media.jitter_minimum);
  EXPECT_EQ(loaded->media.jitter_maximum, d.media.jitter_maximum);
  EXPECT_EQ(loaded->media.spans[0].receive_gain, media::SpanMediaConfig{}.receive_gain);
  EXPECT_EQ(loaded->media.spans[0].send_gain, media::SpanMediaConfig{}.send_gain);
  EXPECT_EQ(loaded->spans[0].driver, tdm::SpanConfig{}.driver);
  EXPECT_EQ(loaded->spans[0].packet_frames, tdm::SpanConfig{}.packet_frames);
  EXPECT_EQ(loaded->spans[0].playout, tdm::SpanConfig{}.playout);
  EXPECT_EQ(loaded->trunks[0].side, core::TrunkConfig{}.side);
  EXPECT_EQ(loaded->trunks[0].hunt, core::TrunkConfig{}.hunt);
  EXPECT_EQ(loaded->trunks[0].exclusive_channel, core::TrunkConfig{}.exclusive_channel);
  EXPECT_EQ(loaded->trunks[0].numbers.country_code, "");
  EXPECT_EQ(loaded->trunks[0].echo_tail_ms, core::TrunkConfig{}.echo_tail_ms);
  EXPECT_EQ(loaded->peers[0].codecs, core::PeerConfig{}.codecs);
  EXPECT_EQ(loaded->peers[0].ptime_ms, core::PeerConfig{}.ptime_ms);
  EXPECT_EQ(loaded->peers[0].dtmf, core::PeerConfig{}.dtmf);
  EXPECT_EQ(loaded->peers[0].trusted, core::PeerConfig{}.trusted);
  EXPECT_EQ(loaded->peers[0].options_interval, core::PeerConfig{}.options_interval);
  EXPECT_EQ(loaded->routes[0].from, "");
  EXPECT_EQ(loaded->routes[0].match, "");
  EXPECT_EQ(loaded->routes[0].rewrite, "");
}

TEST(Values, EveryKeyReachesItsField) {
  const auto loaded = load_text(R"(
[gateway]
name = "g"
cdr = "c.sqlite"
control = "c.sock"
log_level = "debug"
drain_limit_s = 7
[gateway.sip]
listen = ["tcp:[::1]:5062", "udp:[::1]:5063"]
product = "Prod"
t1_ms = 250
t2_ms = 2000
t4_ms = 2500
invite_timeout_s = 90
max_message = 4000
max_transactions = 500
dscp = 26
[gateway.rtp]
address = "::1"
ports = "30000-30099"
timeout_s = 5
dscp = 34
jitter_min_ms = 30
jitter_max_ms = 90
[[span]]
name = "other"
type = "T1"
local = "0.0.0.0:40001"
remote = "192.0.2.1:40001"
[[span]]
name = "s"
type = "E1"
driver = "cesopsn"
local = "[::1]:40002"
remote = "[::2]:40003"
clock = "master"
packet_frames = 8
playout_ms = 25
receive_gain_db = -3
send_gain_db = 1.5
[[trunk]]
name = "t"
signalling = "pri"
switch = "euroisdn"
side = "network"
spans = ["s"]
d_channel = "s:1"
timeslots = "5, 2-3"
hunt = "most-recent"
exclusive = false
country_code = "353"
echo_tail_ms = 0
[[peer]]
name = "p"
address = "sip:[2001:db8::7];transport=tcp"
codecs = ["PCMU"]
ptime_ms = 30
dtmf = "inband"
trusted = false
options_interval_s = 15
country_code = "1"
isup_body = "off"
[[route]]
from = "p"
match = "^0(\\d+)$"
rewrite = "353$1"
to = ["t"]
)",
                                "full");
  ASSERT_TRUE(loaded) << all(loaded.error());
  EXPECT_EQ(loaded->name, "g");
  EXPECT_EQ(loaded->cdr_path, "c.sqlite");
  EXPECT_EQ(loaded->control_path, "c.sock");
  EXPECT_EQ(loaded->log_level, "debug");
  EXPECT_EQ(loaded->drain_limit, 7s);
  EXPECT_EQ(to_string(loaded->sip.listen[0].address), "[::1]:5062");
  EXPECT_EQ(loaded->sip.product, "Prod");
  EXPECT_EQ(loaded->sip.t1, 250ms);
  EXPECT_EQ(loaded->sip.t2, 2s);
  EXPECT_EQ(loaded->sip.t4, 2500ms);
  EXPECT_EQ(loaded->sip.invite_timeout, 90s);
  EXPECT_EQ(loaded->sip.max_message, 4000U);
  EXPECT_EQ(loaded->sip.max_transactions, 500U);
  EXPECT_EQ(loaded->dscp_sip, 26);
  ASSERT_EQ(loaded->rtp_addresses.size(), 1U);
  EXPECT_EQ(loaded->rtp_addresses[0].host(), "::1");
  EXPECT_EQ(loaded->rtp_first_port, 30000);
  EXPECT_EQ(loaded->rtp_last_port, 30099);
  EXPECT_EQ(loaded->media.rtp_timeout, 5s);
  EXPECT_EQ(loaded->dscp_rtp, 34);
  EXPECT_EQ(loaded->media.jitter_minimum, 30ms);
  EXPECT_EQ(loaded->media.jitter_maximum, 90ms);
  EXPECT_EQ(loaded->spans[0].type, tdm::SpanType::t1);
  EXPECT_EQ(loaded->spans[0].clock, tdm::ClockSource::master);
  EXPECT_EQ(loaded->spans[1].clock, tdm::ClockSource::master);
  EXPECT_EQ(loaded->spans[1].packet_frames, 8);
  EXPECT_EQ(loaded->spans[1].playout, 25ms);
  EXPECT_EQ(loaded->media.spans[1].receive_gain.value, -3.0F);
  EXPECT_EQ(loaded->media.spans[1].send_gain.value, 1.5F);
  const auto& trunk = loaded->trunks[0];
  EXPECT_EQ(trunk.spans[0].span, 1);
  EXPECT_EQ(trunk.side, tdm::pri::Side::network);
  EXPECT_THAT(trunk.d_channels, ElementsAre(Circuit{1, 1}));
  EXPECT_THAT(trunk.spans[0].timeslots, ElementsAre(2, 3, 5));
  EXPECT_EQ(trunk.hunt, core::Hunt::most_recent);
  EXPECT_FALSE(trunk.exclusive_channel);
  EXPECT_EQ(trunk.numbers.country_code, "353");
  EXPECT_EQ(trunk.echo_tail_ms, 0);
  EXPECT_THAT(loaded->media.d_channels, ElementsAre(Circuit{1, 1}));
  const auto& peer = loaded->peers[0];
  EXPECT_EQ(peer.uri.host, "2001:db8::7");
  EXPECT_EQ(peer.uri.port, 0);
  EXPECT_EQ(peer.uri.params, (sip::Params{{"transport", "tcp"}}));
  EXPECT_EQ(to_string(peer.destination.remote), "[2001:db8::7]:5060");
  EXPECT_EQ(to_string(peer.destination.local), "[::1]:5062");
  EXPECT_EQ(peer.destination.transport, sip::Transport::tcp);
  EXPECT_THAT(peer.codecs, ElementsAre(Law::mu));
  EXPECT_EQ(peer.ptime_ms, 30);
  EXPECT_EQ(peer.dtmf, core::DtmfMode::inband);
  EXPECT_FALSE(peer.trusted);
  EXPECT_EQ(peer.options_interval, 15s);
  EXPECT_EQ(peer.numbers.country_code, "1");
  EXPECT_EQ(loaded->routes[0].match, "^0(\\d+)$");
  EXPECT_EQ(loaded->routes[0].rewrite, "353$1");
}

TEST(Values, ASpanFollowsTheNetworkUnlessToldOtherwise) {
  EXPECT_EQ(load_text(kMinimal, "m")->spans[0].clock, tdm::ClockSource::recovered);
  const auto network = load_text(replaced("switch", "side = \"network\"\nswitch"), "m");
  ASSERT_TRUE(network);
  EXPECT_EQ(network->spans[0].clock, tdm::ClockSource::master);
  const auto told = load_text(replaced("type = \"E1\"", "type = \"E1\"\nclock = \"master\""), "m");
  ASSERT_TRUE(told);
  EXPECT_EQ(told->spans[0].clock, tdm::ClockSource::master);
}

TEST(Values, TwoTrunksMayShareASpan) {
  const auto loaded = load_text(replaced("[[peer]]", R"(timeslots = "1-15"
[[trunk]]
name = "t2"
signalling = "pri"
switch = "euroisdn"
spans = ["s"]
d_channel = "s:31"
timeslots = "17-30"
[[peer]])"),
                                "m");
  EXPECT_TRUE(loaded) << all(loaded.error());
}

TEST(Values, TheSamePortMayServeUdpAndTcpAndTwoAddresses) {
  EXPECT_TRUE(load_text(replaced("\"udp:127.0.0.1:5060\"",
                                 "\"udp:127.0.0.1:5060\", \"tcp:127.0.0.1:5060\", \"udp:127.0.0.2:5060\""),
                        "m"));
  // RTP's ports are taken on its own address only.
  EXPECT_TRUE(load_text(replaced("udp:127.0.0.1:5060", "udp:127.0.0.2:20002"), "m"));
}

TEST(Limits, AHugeFileIsRefusedUnread) {
  const auto loaded = load_text(std::string((1U << 20U) + 1, '#'), "huge");
  ASSERT_FALSE(loaded);
  EXPECT_THAT(all(loaded.error()), HasSubstr("huge:1:1: the file is larger than 1 MiB"));
}

TEST(Limits, DeepNestingIsRefused) {
  std::string key = "a";
  for (int i = 0; i < 100000; ++i) key += ".a";
  EXPECT_THAT(all(load_text(key + " = 1", "f").error()),
              HasSubstr("f:1:202: more than 100 dots on one line"));
  EXPECT_THAT(all(load_text("a = " + std::string(100000, '['), "f").error()), HasSubstr("not TOML"));
  std::string tables;
  for (int i = 0; i < 20000; ++i) tables += "{a=";
  EXPECT_THAT(all(load_text("a = " + tables, "f").error()), HasSubstr("not TOML"));
}

TEST(Limits, ProblemsAreCountedRatherThanListedWithoutEnd) {
  std::string text(kMinimal);
  for (int i = 0; i < 5000; ++i) text += "x" + std::to_string(i) + " = 1\n";
  const auto loaded = load_text(text, "f");
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().size(), 201U);
  EXPECT_THAT(loaded.error().back().message, HasSubstr("and 4800 more"));
}

TEST(Limits, ControlCharactersNeverReachTheTerminal) {
  const auto loaded = load_text(std::string(kMinimal) + "\"a\\u001b[31m\\n\" = 1\n", "f");
  ASSERT_FALSE(loaded);
  const auto text = all(loaded.error());
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_EQ(std::ranges::count(text, '\n'), 1);
}

TEST(Files, AMissingFileADirectoryAndABinaryAreReported) {
  EXPECT_THAT(all(load_file("/nonexistent/x.toml").error()),
              HasSubstr("/nonexistent/x.toml:1:1: cannot be read: No such file or directory"));
  EXPECT_THAT(all(load_file("/").error()), HasSubstr("/:1:1: is a directory"));
  EXPECT_THAT(all(load_text(std::string("\x7f"
                                        "ELF\0\0",
                                        6),
                            "f")
                      .error()),
              HasSubstr("f:1:1: not TOML"));
  EXPECT_THAT(all(load_text("a = \"\xc3\x28\"", "f").error()), HasSubstr("f:1:6: this is not UTF-8"));
  EXPECT_THAT(all(load_text("", "f").error()), HasSubstr("f:1:1: there is no [gateway]"));
}

TEST(Files, LettersBeyondAsciiStandInStringsOnly) {
  EXPECT_TRUE(load_text(replaced("cdr.sqlite", "r\u00e9seau.sqlite"), "f"));
  // The parser's own table of white space leaves some letters out.
  for (const auto* letter : {"\u00e9", "\u1601", "\u2100", "\ufefb"}) {
    const auto loaded = load_text(std::string("e") + letter + " = 1", "f");
    ASSERT_FALSE(loaded);
    EXPECT_THAT(all(loaded.error()), HasSubstr("f:1:2: not TOML"));
  }
}

TEST(Files, DirectoriesAreMadeOneLevelDeep) {
  const auto base = fs::path(testing::TempDir()) / "tandem-config-test";
  fs::remove_all(base);
  fs::create_directory(base);
  core::Config config;
  config.cdr_path = (base / "a/cdr.sqlite").string();
  config.control_path = (base / "b/control.sock").string();
  EXPECT_TRUE(make_directories(config));
  EXPECT_TRUE(make_directories(config));  // again: nothing to do
  EXPECT_TRUE(fs::is_directory(base / "a"));
  EXPECT_TRUE(fs::is_directory(base / "b"));
  config.cdr_path = (base / "c/d/cdr.sqlite").string();
  const auto failed = make_directories(config);
  ASSERT_FALSE(failed);
  EXPECT_THAT(failed.error(), HasSubstr("c/d\" cannot be made: No such file or directory"));
  fs::remove_all(base);
}

}  // namespace
}  // namespace tandem::config
