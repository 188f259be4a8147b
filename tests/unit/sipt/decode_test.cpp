#include "sipt/decode.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/bench/sample_invite.h"

namespace tandem::sip {
namespace {

const ExplainedItem* find(const Explanation& explanation, std::string_view name) {
  const auto found = std::ranges::find(explanation.items, name, &ExplainedItem::name);
  return found == explanation.items.end() ? nullptr : &*found;
}

TEST(Decode, ExplainsEveryPartWithItsPlaceAndClause) {
  const auto explanation = describe(as_octets(kSampleInvite));
  ASSERT_TRUE(explanation);
  EXPECT_EQ(explanation->summary, "INVITE request");
  const auto* from = find(*explanation, "From");
  ASSERT_NE(from, nullptr);
  EXPECT_EQ(from->rfc, "RFC 3261 20.20");
  EXPECT_EQ(from->offset, kSampleInvite.find("\"Alice"));
  EXPECT_EQ(find(*explanation, "branch")->value, "z9hG4bKnashds8f00d77a1b");
  EXPECT_EQ(find(*explanation, "branch")->depth, 1);
  EXPECT_EQ(find(*explanation, "SDP m=")->value, "audio 49172 RTP/AVP 8 0 101");
  const auto text = to_string(*explanation);
  EXPECT_NE(text.find("CSeq"), std::string::npos);
  EXPECT_NE(text.find("314159 INVITE  [RFC 3261 20.16]\n"), std::string::npos);
}

TEST(Decode, ResponsesNameTheirRequest) {
  const auto explanation = describe(as_octets(
      "SIP/2.0 486 Busy Here\r\nv: SIP/2.0/UDP h\r\nf: <sip:a@b>\r\nt: <sip:c@d>\r\n ;tag=1\r\ni: 1\r\n"
      "CSeq: 2 INVITE\r\nReason: Q.850;cause=17\r\nX-Own: y\r\n\r\nbody"));
  ASSERT_TRUE(explanation) << to_string(explanation.error());
  EXPECT_EQ(explanation->summary, "486 Busy Here, response to INVITE");
  EXPECT_EQ(find(*explanation, "To")->value, "<sip:c@d> ;tag=1");
  EXPECT_EQ(find(*explanation, "cause")->value, "17");
  EXPECT_EQ(find(*explanation, "Status-Code")->value, "486");
  EXPECT_EQ(find(*explanation, "X-Own")->rfc, "");
  EXPECT_EQ(find(*explanation, "Body")->value, "4 octets");
}

TEST(Decode, PointsAtTheOctetThatBreaks) {
  std::string text(kSampleInvite);
  const auto at = text.find("314159");
  text[at] = 'x';
  EXPECT_EQ(describe(as_octets(text)).error().offset, at);

  text = kSampleInvite;
  const auto port = text.find("49172");
  text[port + 2] = 'x';
  const auto error = describe(as_octets(text)).error();
  EXPECT_EQ(error.offset, port);
  EXPECT_EQ(error.where, "m=");

  EXPECT_FALSE(describe(as_octets("SIP/2.0 200 OK\r\n\r\n")));
  EXPECT_FALSE(describe({}));
}

}  // namespace
}  // namespace tandem::sip
