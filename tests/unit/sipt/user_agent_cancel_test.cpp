// CANCEL, sent and received, and what crosses it: RFC 3261 9.
#include "user_agent_harness.h"

namespace tandem::sip {
namespace {

using namespace std::chrono_literals;

TEST(UserAgentCancel, WaitsForAProvisionalResponse) {
  Harness peer;
  const SipCall call = peer.ua.invite(Harness::call_to_peer(), udp_flow(), peer.now);
  const Sent invite = peer.one();
  peer.ua.cancel(call, {{.protocol = "SIP", .cause = 487, .text = "", .location = {}}}, peer.now);
  EXPECT_TRUE(peer.sent().empty());
  peer.inject(Harness::response(invite, "100 Trying", ""));
  const Sent cancel = peer.one();
  EXPECT_TRUE(cancel.is("CANCEL sip:3000@192.0.2.9 SIP/2.0\r\n"));
  EXPECT_EQ(cancel.branch(), invite.branch());
  EXPECT_EQ(cancel.value(HeaderId::cseq), "1 CANCEL");
  EXPECT_EQ(cancel.value(HeaderId::from), invite.value(HeaderId::from));
  EXPECT_TRUE(cancel.to_tag().empty());
  EXPECT_TRUE(cancel.value(HeaderId::reason).starts_with("SIP;cause=487"));
  peer.inject(Harness::response(cancel, "200 OK"));
  EXPECT_TRUE(peer.events().empty());
  peer.inject(Harness::response(invite, "487 Request Terminated"));
  EXPECT_EQ(peer.event<FailureReceived>().status, 487);
  EXPECT_TRUE(peer.one().is("ACK "));
  peer.expect_nothing_left();
}

TEST(UserAgentCancel, Crossing200IsAcknowledgedAndHungUpOn) {
  Ringing peer;
  peer.ua.cancel(peer.call, {}, peer.now);
  const Sent cancel = peer.one();
  const std::string ok = Harness::response(peer.invite, "200 OK", "peer", "", kSdp);
  peer.inject(ok);
  const auto sent = peer.sent();
  ASSERT_EQ(sent.size(), 2U);
  EXPECT_TRUE(sent[0].is("ACK "));
  EXPECT_TRUE(sent[1].is("BYE "));
  const auto failure = peer.event<FailureReceived>();
  EXPECT_EQ(failure.status, 487);
  EXPECT_EQ(failure.call, peer.call);
  peer.inject(Harness::response(cancel, "481 Call/Transaction Does Not Exist"));
  peer.inject(ok);
  EXPECT_EQ(peer.one().text, sent[0].text);
  peer.inject(Harness::response(sent[1], "200 OK"));
  EXPECT_TRUE(peer.events().empty());
  peer.expect_nothing_left();
}

TEST(UserAgentCancel, BehindA200HangsUpAllTheSame) {
  Ringing peer;
  peer.answer();
  peer.ua.cancel(peer.call, {}, peer.now);
  EXPECT_TRUE(peer.one().is("BYE "));
  EXPECT_EQ(peer.event<FailureReceived>().status, 487);
  peer.expect_nothing_left();
}

TEST(UserAgentCancel, OfAPeerThatNeverEndsTheInviteEndsAfter64T1) {
  Ringing peer;
  peer.ua.cancel(peer.call, {}, peer.now);
  peer.inject(Harness::response(peer.one(), "200 OK"));
  peer.pass(31999ms);
  EXPECT_TRUE(peer.events().empty());
  peer.pass(1ms);
  const auto failure = peer.event<FailureReceived>();
  EXPECT_EQ(failure.status, 487);
  EXPECT_TRUE(failure.timeout);
  peer.expect_nothing_left();
}

TEST(UserAgentCancel, IsSentWhenNobodyAnswersForTooLong) {
  Ringing peer;
  peer.pass(100s);
  peer.inject(Harness::response(peer.invite, "180 Ringing"));  // RFC 3261 16.7: timer C starts again
  peer.event<ProvisionalReceived>();
  peer.pass(179999ms);
  EXPECT_TRUE(peer.sent().empty());
  peer.pass(1ms);
  const auto failure = peer.event<FailureReceived>();
  EXPECT_EQ(failure.status, 408);
  EXPECT_TRUE(failure.timeout);
  EXPECT_TRUE(peer.one().is("CANCEL "));
  peer.inject(Harness::response(peer.invite, "200 OK", "peer", "", kSdp));  // it crossed
  EXPECT_EQ(peer.sent().size(), 2U);
  EXPECT_TRUE(peer.events().empty());
  peer.expect_nothing_left();
}

TEST(UserAgentCancelled, Gets200And487) {
  Harness peer;
  peer.inject(Harness::invite());
  const SipCall call = peer.event<IncomingCall>().call;
  peer.ua.provisional(call, 180, "", {}, peer.now);
  const std::string tag = peer.sent().back().to_tag();
  peer.inject(Harness::request("CANCEL", "z9hG4bKinv", "", 1, "Reason: SIP;cause=200;text=\"elsewhere\"\n"));
  const auto sent = peer.sent();
  ASSERT_EQ(sent.size(), 2U);
  EXPECT_TRUE(sent[0].is("SIP/2.0 200 OK\r\n"));
  EXPECT_EQ(sent[0].value(HeaderId::cseq), "1 CANCEL");
  EXPECT_TRUE(sent[1].is("SIP/2.0 487 Request Terminated\r\n"));
  EXPECT_EQ(sent[0].to_tag(), tag);
  EXPECT_EQ(sent[1].to_tag(), tag);
  const auto cancelled = peer.event<CancelReceived>();
  EXPECT_EQ(cancelled.call, call);
  ASSERT_EQ(cancelled.reasons.size(), 1U);
  peer.ua.answer(call, std::string(kSdp), {}, peer.now);  // the command crossed the event
  EXPECT_TRUE(peer.sent().empty());
  peer.inject(Harness::request("ACK", "z9hG4bKinv", tag));
  EXPECT_TRUE(peer.events().empty());
  peer.expect_nothing_left();
}

TEST(UserAgentCancelled, BehindOur200HasNoEffect) {
  Answered peer;
  peer.inject(Harness::request("CANCEL", "z9hG4bKinv"));
  const Sent answer = peer.one();
  EXPECT_TRUE(answer.is("SIP/2.0 200 OK\r\n"));
  EXPECT_EQ(answer.value(HeaderId::cseq), "1 CANCEL");
  EXPECT_TRUE(peer.events().empty());
  peer.ack();
}

TEST(UserAgentCancelled, UnknownGets481) {
  Harness peer;
  peer.inject(Harness::request("CANCEL", "z9hG4bKnone"));
  EXPECT_TRUE(peer.one().is("SIP/2.0 481 "));
  EXPECT_TRUE(peer.events().empty());
  peer.expect_nothing_left();
}

TEST(UserAgentCancelled, WhenTheInviteHasExpired) {
  Harness peer;
  peer.inject(Harness::invite("z9hG4bKinv", "Expires: 20\n"));
  const SipCall call = peer.event<IncomingCall>().call;
  peer.sent();
  peer.pass(20s);
  EXPECT_TRUE(peer.sent().front().is("SIP/2.0 487 "));
  EXPECT_EQ(peer.event<CancelReceived>().call, call);
  peer.expect_nothing_left();
}

}  // namespace
}  // namespace tandem::sip
