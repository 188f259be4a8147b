// INVITEs that continue another: the same Call-ID and From tag (RFC 3578 3.2).
#include "user_agent_harness.h"

namespace tandem::sip {
namespace {

using namespace std::chrono_literals;

struct Overlap : Harness {
  /// One INVITE more; `digits` are those of the Request-URI.
  SipCall dial(std::string_view digits, std::optional<Continuation> after = {}) {
    InviteInfo info = call_to_peer();
    info.request_uri.user = digits;
    info.continues = std::move(after);
    info.policy.session_expires = 600s;
    const auto call = ua.invite(info, udp_flow(), now);
    invites.push_back(one());
    return call;
  }
  SipCall first() { return dial("30"); }
  SipCall next(SipCall before, std::string_view digits = "300") {
    return dial(digits, ua.continuation(before));
  }
  std::vector<Sent> invites;
};

TEST(UserAgentOverlap, AFurtherInviteSharesCallIdAndFromAndCountsOn) {
  Overlap peer;
  const auto first = peer.first();
  const auto second = peer.next(first);
  EXPECT_NE(first, second);
  const auto& [a, b] = std::tie(peer.invites[0], peer.invites[1]);
  EXPECT_TRUE(b.is("INVITE sip:300@192.0.2.9 SIP/2.0\r\n"));
  for (const auto id : {HeaderId::call_id, HeaderId::from}) EXPECT_EQ(a.value(id), b.value(id));
  EXPECT_EQ(b.value(HeaderId::cseq), "2 INVITE");
  EXPECT_EQ(b.to_tag(), "");
  EXPECT_NE(a.branch(), b.branch());
}

TEST(UserAgentOverlap, ItCountsOnFromWhatEarlyDialogsHaveUsed) {
  Overlap peer;
  const auto first = peer.first();
  peer.inject(Harness::response(peer.invites[0], "183 Session Progress", "a", "Require: 100rel\nRSeq: 1\n"));
  EXPECT_EQ(peer.one().value(HeaderId::cseq), "2 PRACK");
  EXPECT_EQ(peer.ua.continuation(first)->cseq, 2U);
  const auto second = peer.next(first);
  EXPECT_EQ(peer.invites[1].value(HeaderId::cseq), "3 INVITE");
  EXPECT_EQ(peer.ua.continuation(second)->cseq, 3U);
}

TEST(UserAgentOverlap, AFailureTellsHowFarItHasCounted) {
  Overlap peer;
  const auto first = peer.first();
  peer.inject(Harness::response(peer.invites[0], "183 Session Progress", "a", "Require: 100rel\nRSeq: 1\n"));
  peer.event<ProvisionalReceived>();
  peer.inject(Harness::response(peer.invites[0], "484 Address Incomplete", "a"));
  EXPECT_EQ(peer.event<FailureReceived>().cseq, 2U);
  EXPECT_FALSE(peer.ua.continuation(first));
}

TEST(UserAgentOverlap, EachIsAnsweredForItself) {
  Overlap peer;
  const auto first = peer.first();
  const auto second = peer.next(first);
  const auto third = peer.next(second, "3000");
  peer.inject(Harness::response(peer.invites[1], "484 Address Incomplete", "b"));
  EXPECT_EQ(peer.event<FailureReceived>().call, second);
  peer.inject(Harness::response(peer.invites[2], "180 Ringing", "c"));
  EXPECT_EQ(peer.event<ProvisionalReceived>().call, third);
  peer.inject(Harness::response(peer.invites[0], "200 OK", "a", "", kSdp));
  EXPECT_EQ(peer.event<AnswerReceived>().call, first);
}

TEST(UserAgentOverlap, RequestsOfThePeerFindTheInviteWhoseDialogItIs) {
  for (const bool oldest_ends_first : {true, false}) {
    Overlap peer;
    std::vector<SipCall> calls = {peer.first()};
    calls.push_back(peer.next(calls[0]));
    calls.push_back(peer.next(calls[1], "3000"));
    const std::vector<std::string> tags = {"a", "b", "c"};
    for (std::size_t i = 0; i < 3; ++i) {
      peer.inject(Harness::response(peer.invites[i], "200 OK", tags[i], "", kSdp));
      EXPECT_EQ(peer.event<AnswerReceived>().call, calls[i]);
      peer.one();
    }
    for (std::size_t n = 0; n < 3; ++n) {
      const auto i = oldest_ends_first ? n : 2 - n;
      peer.inject(Harness::in_dialog(peer.invites[i], "BYE", static_cast<int>(50 + i), tags[i]));
      EXPECT_EQ(peer.event<ByeReceived>().call, calls[i]);
      EXPECT_TRUE(peer.one().is("SIP/2.0 200 "));
      peer.pass(40s);  // the older ones are forgotten in any order
      peer.sent();
      peer.events();
    }
    peer.inject(Harness::in_dialog(peer.invites[0], "BYE", 99, "a"));
    EXPECT_TRUE(peer.one().is("SIP/2.0 481 "));
    peer.expect_nothing_left();
  }
}

TEST(UserAgentOverlap, ItCanContinueWhatHasEnded) {
  Overlap peer;
  const auto first = peer.first();
  auto thread = peer.ua.continuation(first);
  peer.inject(Harness::response(peer.invites[0], "484 Address Incomplete", "a"));
  thread->cseq = peer.event<FailureReceived>().cseq;
  peer.pass(40s);
  peer.sent();
  EXPECT_EQ(peer.ua.usage().calls, 0U);
  const auto second = peer.dial("300", thread);
  EXPECT_EQ(peer.invites[1].from_tag(), peer.invites[0].from_tag());
  EXPECT_EQ(peer.invites[1].value(HeaderId::cseq), "2 INVITE");
  peer.inject(Harness::response(peer.invites[1], "486 Busy Here", "b"));
  EXPECT_EQ(peer.event<FailureReceived>().call, second);
  peer.expect_nothing_left();
}

TEST(UserAgentOverlap, AnOlderOneIsNotRepeatedWithALongerInterval) {
  Overlap peer;
  const auto first = peer.first();
  const auto second = peer.next(first);
  peer.inject(Harness::response(peer.invites[0], "422 Session Interval Too Small", "a", "Min-SE: 900\n"));
  EXPECT_EQ(peer.event<FailureReceived>().call, first);  // its next number is another's
  EXPECT_TRUE(peer.one().is("ACK "));
  peer.inject(Harness::response(peer.invites[1], "422 Session Interval Too Small", "b", "Min-SE: 900\n"));
  const auto out = peer.sent();
  ASSERT_EQ(out.size(), 2U);
  EXPECT_EQ(out[1].value(HeaderId::cseq), "3 INVITE");
  EXPECT_EQ(peer.ua.continuation(second)->cseq, 3U);
}

}  // namespace
}  // namespace tandem::sip
