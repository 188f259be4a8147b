#include "gateway/io/trace_store.h"

#include <gtest/gtest.h>

namespace tandem::io {
namespace {

using namespace std::chrono_literals;

core::TraceRecord record(std::uint64_t call, core::TraceKind kind, bool sent, std::string party,
                         std::string text) {
  core::TraceRecord made;
  made.call = CallId{call};
  made.kind = kind;
  made.sent = sent;
  made.party = std::move(party);
  made.text = std::move(text);
  return made;
}

TEST(TraceStore, GivesBackWhatItWasGiven) {
  TraceStore store(4096);
  auto made = record(7, core::TraceKind::sip, true, "peer", "INVITE sip:1000@gw");
  made.at = WallTime(123456789us);
  made.octets.assign(100, 0x41);
  made.flow.connection = 9;
  made.flow.remote.port = 5060;
  made.rtp_port = 30000;
  store.add(made);
  const auto found = store.of(CallId{7});
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].at, made.at);
  EXPECT_EQ(found[0].kind, made.kind);
  EXPECT_TRUE(found[0].sent);
  EXPECT_EQ(found[0].party, made.party);
  EXPECT_EQ(found[0].text, made.text);
  EXPECT_EQ(found[0].octets, made.octets);
  EXPECT_EQ(found[0].flow, made.flow);
  EXPECT_EQ(found[0].rtp_port, 30000u);
}

TEST(TraceStore, KeepsTheNewestWhateverTheirSizes) {
  TraceStore store(20000);
  std::size_t given = 0;
  for (std::uint64_t call = 1; call <= 2000; ++call) {
    auto made = record(call, core::TraceKind::note, false, std::string(call % 7, 'p'), std::to_string(call));
    made.octets.assign(call * 37 % 1500, static_cast<Octet>(call));
    given = made.octets.size();
    store.add(made);
    const auto kept = store.all();
    ASSERT_FALSE(kept.empty());
    ASSERT_GE(kept.size(), std::min<std::uint64_t>(call, 5)) << call;
    std::size_t octets = 0;
    for (std::size_t i = 0; i < kept.size(); ++i) {
      const auto expected = call - kept.size() + 1 + i;
      ASSERT_EQ(kept[i].call.value, expected);
      ASSERT_EQ(kept[i].text, std::to_string(expected));
      ASSERT_EQ(kept[i].octets, Octets(expected * 37 % 1500, static_cast<Octet>(expected)));
      octets += kept[i].octets.size();
    }
    ASSERT_LE(octets, 20000u);
    ASSERT_EQ(store.calls().size(), kept.size());
  }
  EXPECT_GT(given, 0u);
}

TEST(TraceStore, KeepsAGiantWithoutItsOctets) {
  TraceStore store(4096);
  auto made = record(1, core::TraceKind::sip, false, "peer", "INVITE");
  made.octets.assign(100000, 0);
  store.add(made);
  const auto found = store.of(CallId{1});
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].text, "INVITE");
  EXPECT_TRUE(found[0].octets.empty());
}

TEST(Ladder, PutsTheCallerOnTheLeftAndTheInsideInTheMiddle) {
  std::vector<core::TraceRecord> records{
      record(7, core::TraceKind::sip, false, "softphone", "INVITE sip:1000@gw"),
      record(7, core::TraceKind::isup, true, "", "IAM 1000"),
      record(7, core::TraceKind::q931, true, "telco", "SETUP -> 1000")};
  records[2].at = records[0].at + 2ms;
  const auto text = ladder(records);
  EXPECT_NE(text.find("call 7 "), std::string::npos);
  EXPECT_NE(text.find("| INVITE sip:1000@gw ---"), std::string::npos) << text;
  EXPECT_NE(text.find("* IAM 1000 ->"), std::string::npos) << text;
  EXPECT_NE(text.find("| SETUP -> 1000 ---"), std::string::npos) << text;
  EXPECT_NE(text.find("    0.002  Q.931"), std::string::npos) << text;
  EXPECT_LT(text.find("softphone"), text.find("telco"));
}

TEST(Ladder, ShortensWhatDoesNotFit) {
  const auto text = ladder({record(1, core::TraceKind::sip, true, "peer", std::string(200, 'x'))});
  for (std::size_t start = 0, end = 0; (end = text.find('\n', start)) != std::string::npos; start = end + 1)
    EXPECT_LT(end - start, 130u);
  EXPECT_NE(text.find("xxx..."), std::string::npos);
}

}  // namespace
}  // namespace tandem::io
