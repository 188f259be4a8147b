// The messages of RFC 4475 and RFC 5118, through the parser and through a user agent that is their target.
// What is to come of each is in tests/vectors/torture.tsv.
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "user_agent_harness.h"

namespace tandem::sip {
namespace {

const std::string kFolder = TANDEM_SOURCE_DIR "/tests/vectors/";

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::istringstream in(text);
  for (std::string part; std::getline(in, part, separator);) parts.push_back(part);
  return parts;
}

struct Row {
  std::string file, transport, parser;
  std::vector<std::string> agent;
  std::string text;  // the message

  [[nodiscard]] bool tcp() const { return transport == "tcp"; }
};

std::vector<Row> rows() {
  std::vector<Row> all;
  std::ifstream table(kFolder + "torture.tsv");
  for (std::string line; std::getline(table, line);) {
    if (line.starts_with('#')) continue;
    const auto columns = split(line, '\t');
    if (columns.size() != 6) {
      ADD_FAILURE() << line;
      continue;
    }
    std::ifstream file(kFolder + columns[0] + ".dat", std::ios::binary);
    EXPECT_TRUE(file) << columns[0];
    std::stringstream text;
    text << file.rdbuf();
    all.push_back({columns[0], columns[1], columns[2], split(columns[3], '|'), text.str()});
  }
  return all;
}

/// What a user agent does with it.
std::string treatment(Harness& peer, const Row& row) {
  peer.inject(row.text, row.tcp() ? tcp_flow(1) : udp_flow());
  std::string done;
  for (const Event& event : peer.events())
    if (std::holds_alternative<IncomingCall>(event)) done = "call";
  for (const Sent& sent : peer.sent()) {
    if (sent.text.empty()) return "close";
    if (done.empty() && sent.message().status() >= 200) done = std::to_string(sent.message().status());
  }
  return done.empty() ? "nothing" : done;
}

TEST(Torture, EveryMessageOfBothRfcsHasItsRow) {
  std::map<std::string, std::set<std::string>> files;
  for (const Row& row : rows()) files[row.file.substr(0, 7)].insert(row.file);
  EXPECT_EQ(files["rfc4475"].size(), 49U);
  EXPECT_EQ(files["rfc5118"].size(), 12U);
}

TEST(Torture, TheParserObjectsWhereTheRfcsDo) {
  for (const Row& row : rows()) {
    Message message;
    const auto parsed = message.parse(as_octets(row.text), row.tcp() ? Framing::stream : Framing::datagram);
    const bool response = row.text.starts_with("SIP/");
    const bool objects = response ? validate_response(message, parsed).has_value()
                                  : validate_request(message, parsed).has_value();
    if (row.parser == "ok")
      EXPECT_FALSE(objects) << row.file;
    else if (row.parser == "bad")
      EXPECT_TRUE(objects) << row.file;
    else
      EXPECT_EQ(row.parser, "either") << row.file;
  }
}

TEST(Torture, AUserAgentTreatsThemAsTheRfcsAllow) {
  for (const Row& row : rows()) {
    Harness peer;
    const std::string done = treatment(peer, row);
    EXPECT_TRUE(std::ranges::find(row.agent, done) != row.agent.end()) << row.file << ": " << done;
  }
}

TEST(Torture, WhereThereIsAPreferenceItIsFollowed) {
  const std::set<std::string> otherwise = {
      "rfc4475/wsinv",   // a dialog that nobody knows of is not made up (RFC 3261 12.2.2)
      "rfc4475/escruri"  // what stands behind ? is not looked at
  };
  for (const Row& row : rows()) {
    Harness peer;
    const std::string done = treatment(peer, row);
    EXPECT_EQ(done == row.agent.front(), !otherwise.contains(row.file)) << row.file << ": " << done;
  }
}

TEST(Torture, AllOfThemOneAfterTheOtherLeaveNothingBehind) {
  Harness peer;
  for (const Row& row : rows()) {
    if (row.file == "rfc4475/clerr" && row.tcp()) continue;  // waits for octets: see the framer's limits
    peer.inject(row.text, row.tcp() ? tcp_flow(std::hash<std::string>{}(row.file)) : udp_flow());
    for (const Event& event : peer.events())
      if (const auto* call = std::get_if<IncomingCall>(&event))
        peer.ua.reject(call->call, 404, "", {}, {}, peer.now);
    peer.sent();
  }
  peer.expect_nothing_left();
}

TEST(Torture, TheSecondMessageInADatagramIsNoise) {
  for (const Row& row : rows()) {
    if (row.file != "rfc4475/dblreq") continue;
    Harness peer;
    peer.inject(row.text);
    EXPECT_TRUE(peer.one().is("SIP/2.0 405 "));
    EXPECT_TRUE(peer.events().empty());
    return;
  }
  FAIL() << "no row";
}

}  // namespace
}  // namespace tandem::sip
