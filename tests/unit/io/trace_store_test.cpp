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

TEST(TraceStore, DropsTheOldestWhenItsMemoryIsUsed) {
  TraceStore store(3 * (sizeof(core::TraceRecord) + 100));
  for (std::uint64_t call = 1; call <= 5; ++call) {
    auto made = record(call, core::TraceKind::note, false, "", "");
    made.octets.assign(64, 0);
    store.add(std::move(made));
  }
  EXPECT_TRUE(store.of(CallId{1}).empty());
  EXPECT_EQ(store.of(CallId{5}).size(), 1u);
  EXPECT_EQ(store.calls(), (std::vector<CallId>{CallId{3}, CallId{4}, CallId{5}}));
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
