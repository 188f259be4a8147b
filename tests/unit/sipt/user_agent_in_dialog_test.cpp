// BYE, re-INVITE and the order of requests in a dialog, crossing one another.
#include "user_agent_harness.h"

namespace tandem::sip {
namespace {

using namespace std::chrono_literals;

TEST(UserAgentBye, WaitsForTheAck) {
  Answered peer;
  peer.ua.bye(peer.call, {}, peer.now);
  EXPECT_TRUE(peer.sent().empty());
  peer.pass(600ms);
  EXPECT_EQ(peer.one().text, peer.ok.text);  // the 2xx is still repeated
  peer.inject(Harness::request("ACK", "z9hG4bKack", peer.ok.to_tag()));
  EXPECT_TRUE(peer.events().empty());
  EXPECT_TRUE(peer.one().is("BYE "));
  peer.expect_nothing_left();
}

TEST(UserAgentBye, IsSentAfter64T1WhenTheAckNeverComes) {
  Answered peer;
  peer.ua.bye(peer.call, {}, peer.now);
  peer.pass(32s);
  EXPECT_TRUE(peer.sent().back().is("BYE "));
  EXPECT_TRUE(peer.events().empty());
  peer.expect_nothing_left();
}

TEST(UserAgentBye, ThatCrossesTheirsGets200) {
  Answered peer;
  peer.ack();
  peer.ua.bye(peer.call, {}, peer.now);
  const Sent bye = peer.one();
  peer.inject(Harness::request("BYE", "z9hG4bKbye", peer.ok.to_tag(), 2));
  EXPECT_TRUE(peer.one().is("SIP/2.0 200 OK\r\n"));
  peer.inject(Harness::response(bye, "481 Call/Transaction Does Not Exist"));
  EXPECT_TRUE(peer.events().empty());
  peer.expect_nothing_left();
}

TEST(UserAgentBye, ThatCrossesAReinviteAnswersIt481) {
  Answered peer;
  peer.ack();
  peer.ua.bye(peer.call, {}, peer.now);
  peer.one();
  peer.inject(Harness::request("INVITE", "z9hG4bKre", peer.ok.to_tag(), 2, "", kSdp));
  EXPECT_TRUE(peer.one().is("SIP/2.0 481 "));
  EXPECT_TRUE(peer.events().empty());
  peer.expect_nothing_left();
}

TEST(UserAgentBye, DuringAReinviteEndsItWith487) {
  Answered peer;
  peer.ack();
  peer.inject(Harness::request("INVITE", "z9hG4bKre", peer.ok.to_tag(), 2, "", kSdp));
  peer.event<OfferReceived>();
  EXPECT_TRUE(peer.one().is("SIP/2.0 100 "));
  peer.inject(Harness::request("BYE", "z9hG4bKbye", peer.ok.to_tag(), 3));
  const auto sent = peer.sent();
  ASSERT_EQ(sent.size(), 2U);
  EXPECT_TRUE(sent[0].is("SIP/2.0 200 OK\r\n"));
  EXPECT_TRUE(sent[1].is("SIP/2.0 487 "));
  peer.event<ByeReceived>();
  peer.ua.accept_offer(peer.call, std::string(kSdp), peer.now);
  EXPECT_TRUE(peer.sent().empty());
  peer.expect_nothing_left();
}

TEST(UserAgentBye, OfAnEarlyDialogEndsTheInviteWith487) {
  Harness peer;
  peer.inject(Harness::invite());
  const SipCall call = peer.event<IncomingCall>().call;
  peer.ua.provisional(call, 180, "", {}, peer.now);
  const std::string tag = peer.sent().back().to_tag();
  peer.inject(Harness::request("BYE", "z9hG4bKbye", tag, 2));
  const auto sent = peer.sent();
  ASSERT_EQ(sent.size(), 2U);
  EXPECT_TRUE(sent[0].is("SIP/2.0 200 OK\r\n"));
  EXPECT_TRUE(sent[1].is("SIP/2.0 487 "));
  EXPECT_EQ(peer.event<ByeReceived>().call, call);
  peer.expect_nothing_left();
}

TEST(UserAgentBye, FromAPeerWhose200NeverCameFailsTheCall) {
  Ringing peer;
  peer.inject(Harness::in_dialog(peer.invite, "BYE", 1));
  EXPECT_TRUE(peer.one().is("SIP/2.0 200 OK\r\n"));
  EXPECT_EQ(peer.event<FailureReceived>().status, 480);
  peer.expect_nothing_left();
}

TEST(UserAgentBye, OfACallThatStillRingsCancelsIt) {
  Ringing peer;
  peer.ua.bye(peer.call, {}, peer.now);
  EXPECT_TRUE(peer.one().is("CANCEL "));
  peer.inject(Harness::response(peer.invite, "487 Request Terminated"));
  EXPECT_TRUE(peer.events().empty());
  peer.expect_nothing_left();
}

TEST(UserAgentBye, OutsideAnyDialogGets481) {
  Harness peer;
  peer.inject(Harness::request("BYE", "z9hG4bKbye", "0123456789abcdef", 2));
  EXPECT_TRUE(peer.one().is("SIP/2.0 481 "));
  peer.inject(Harness::request("BYE", "z9hG4bKbye2", "notoneofours", 2));
  EXPECT_TRUE(peer.one().is("SIP/2.0 481 "));
  peer.inject(Harness::request("BYE", "z9hG4bKbye3", "", 2));
  EXPECT_TRUE(peer.one().is("SIP/2.0 481 "));
  EXPECT_TRUE(peer.events().empty());
  peer.expect_nothing_left();
}

TEST(UserAgentReinvite, IsAcceptedAndMovesTheRemoteTarget) {
  Answered peer;
  peer.ack();
  std::string moved = Harness::request("INVITE", "z9hG4bKre", peer.ok.to_tag(), 2, "", "v=0\r\no=hold");
  const std::string_view contact = "bob@192.0.2.9:5060>";
  moved.replace(moved.find(contact), contact.size(), "bob@192.0.2.8:5070>");
  peer.inject(moved);
  const auto reinvite = peer.event<OfferReceived>();
  EXPECT_EQ(reinvite.call, peer.call);
  EXPECT_EQ(reinvite.sdp, "v=0\r\no=hold");
  EXPECT_TRUE(peer.one().is("SIP/2.0 100 "));
  peer.ua.accept_offer(peer.call, "v=0\r\no=held", peer.now);
  const Sent ok = peer.one();
  EXPECT_TRUE(ok.is("SIP/2.0 200 OK\r\n"));
  EXPECT_EQ(ok.message().body(), "v=0\r\no=held");
  EXPECT_EQ(ok.to_tag(), peer.ok.to_tag());
  peer.pass(600ms);
  EXPECT_EQ(peer.one().text, ok.text);
  peer.inject(Harness::request("ACK", "z9hG4bKack2", ok.to_tag(), 2));
  peer.event<AckReceived>();
  peer.ua.bye(peer.call, {}, peer.now);
  const Sent bye = peer.one();
  EXPECT_TRUE(bye.is("BYE sip:bob@192.0.2.8:5070 SIP/2.0\r\n"));
  EXPECT_EQ(bye.flow.remote, address_of("192.0.2.8:5070"));
  peer.expect_nothing_left();
}

TEST(UserAgentReinvite, WithoutAnAckEndsTheCall) {
  Answered peer;
  peer.ack();
  peer.inject(Harness::request("INVITE", "z9hG4bKre", peer.ok.to_tag(), 2, "", kSdp));
  peer.event<OfferReceived>();
  peer.ua.accept_offer(peer.call, std::string(kSdp), peer.now);
  peer.pass(32s);
  EXPECT_EQ(peer.event<AckMissing>().call, peer.call);
  EXPECT_TRUE(peer.sent().back().is("BYE "));
  peer.expect_nothing_left();
}

TEST(UserAgentReinvite, RejectedLeavesTheCallAsItWas) {
  Answered peer;
  peer.ack();
  peer.inject(Harness::request("INVITE", "z9hG4bKre", peer.ok.to_tag(), 2, "", kSdp));
  peer.event<OfferReceived>();
  peer.sent();
  peer.ua.reject_offer(peer.call, 488, peer.now);
  const Sent refused = peer.one();
  EXPECT_TRUE(refused.is("SIP/2.0 488 "));
  peer.inject(Harness::request("ACK", "z9hG4bKre", refused.to_tag(), 2));
  EXPECT_TRUE(peer.events().empty());
  peer.inject(Harness::request("BYE", "z9hG4bKbye", peer.ok.to_tag(), 3));
  peer.event<ByeReceived>();
  peer.expect_nothing_left();
}

TEST(UserAgentReinvite, CancelledGets487AndTheCallGoesOn) {
  Answered peer;
  peer.ack();
  peer.inject(Harness::request("INVITE", "z9hG4bKre", peer.ok.to_tag(), 2, "", kSdp));
  peer.event<OfferReceived>();
  peer.sent();
  peer.inject(Harness::request("CANCEL", "z9hG4bKre", peer.ok.to_tag(), 2));
  const auto sent = peer.sent();
  ASSERT_EQ(sent.size(), 2U);
  EXPECT_TRUE(sent[1].is("SIP/2.0 487 "));
  EXPECT_TRUE(peer.events().empty());
  peer.ua.accept_offer(peer.call, std::string(kSdp), peer.now);
  EXPECT_TRUE(peer.sent().empty());
  EXPECT_EQ(peer.ua.usage().calls, 1U);
}

TEST(UserAgentReinvite, IsNotHitByALateCancelOfTheFirstInvite) {
  Answered peer;
  peer.ack();
  peer.inject(Harness::request("INVITE", "z9hG4bKre", peer.ok.to_tag(), 2, "", kSdp));
  peer.event<OfferReceived>();
  peer.sent();
  peer.inject(Harness::request("CANCEL", "z9hG4bKinv"));
  EXPECT_TRUE(peer.one().is("SIP/2.0 200 OK\r\n"));
  peer.ua.accept_offer(peer.call, kSdp, peer.now);
  EXPECT_EQ(peer.one().value(HeaderId::cseq), "2 INVITE");
}

TEST(UserAgentReinvite, OverlappingAnotherGets500WithRetryAfter) {
  Answered peer;
  peer.ack();
  peer.inject(Harness::request("INVITE", "z9hG4bKre", peer.ok.to_tag(), 2, "", kSdp));
  peer.sent();
  peer.inject(Harness::request("INVITE", "z9hG4bKre2", peer.ok.to_tag(), 3, "", kSdp));
  const Sent refused = peer.one();
  EXPECT_TRUE(refused.is("SIP/2.0 500 "));
  EXPECT_LE(refused.message().retry_after().value(), 10U);
}

TEST(UserAgentReinvite, WhileOurInviteIsUnderWayGets491) {
  Ringing peer;
  peer.inject(Harness::in_dialog(peer.invite, "INVITE", 1, "peer", "", kSdp));
  EXPECT_TRUE(peer.one().is("SIP/2.0 491 "));
}

TEST(UserAgentReinvite, BeforeTheAckOfTheFirstGets491) {
  Answered peer;
  peer.inject(Harness::request("INVITE", "z9hG4bKre", peer.ok.to_tag(), 2, "", kSdp));
  EXPECT_TRUE(peer.one().is("SIP/2.0 491 "));
  EXPECT_TRUE(peer.events().empty());
}

TEST(UserAgentReinvite, OfACallThatWeMadeIsHandedUp) {
  Ringing peer;
  peer.answer();
  peer.inject(Harness::in_dialog(peer.invite, "INVITE", 10, "peer", "", kSdp));
  EXPECT_EQ(peer.event<OfferReceived>().call, peer.call);
  peer.ua.accept_offer(peer.call, std::string(kSdp), peer.now);
  peer.inject(Harness::in_dialog(peer.invite, "ACK", 10));
  peer.event<AckReceived>();
}

TEST(UserAgentDialog, AnswersALowerSequenceNumber500) {
  Answered peer;
  peer.ack();
  peer.inject(Harness::request("OPTIONS", "z9hG4bKo1", peer.ok.to_tag(), 5));
  EXPECT_TRUE(peer.one().is("SIP/2.0 200 OK\r\n"));
  peer.inject(Harness::request("BYE", "z9hG4bKlate", peer.ok.to_tag(), 4));
  EXPECT_TRUE(peer.one().is("SIP/2.0 500 "));
  EXPECT_TRUE(peer.events().empty());
}

TEST(UserAgentDialog, KnowsNoneWithAnotherCallIdOrRemoteTag) {
  Answered peer;
  peer.ack();
  std::string other = Harness::request("BYE", "z9hG4bKx1", peer.ok.to_tag(), 2);
  other.replace(other.find("c1@"), 3, "c2@");
  peer.inject(other);
  EXPECT_TRUE(peer.one().is("SIP/2.0 481 "));
  std::string forged = Harness::request("BYE", "z9hG4bKx2", peer.ok.to_tag(), 2);
  forged.replace(forged.find("tag=bob"), 7, "tag=eve");
  peer.inject(forged);
  EXPECT_TRUE(peer.one().is("SIP/2.0 481 "));
  EXPECT_EQ(peer.ua.usage().calls, 1U);
}

TEST(UserAgentDialog, ASequenceOfAStrictRouterIsRewritten) {
  Harness peer;
  peer.inject(Harness::invite("z9hG4bKinv", "Record-Route: <sip:192.0.2.30>, <sip:192.0.2.31;lr>\n"));
  const SipCall call = peer.event<IncomingCall>().call;
  peer.ua.answer(call, std::string(kSdp), {}, peer.now);
  peer.inject(Harness::request("ACK", "z9hG4bKack", peer.sent().back().to_tag()));
  peer.ua.bye(call, {}, peer.now);
  const Sent bye = peer.one();
  EXPECT_TRUE(bye.is("BYE sip:192.0.2.30 SIP/2.0\r\n"));
  EXPECT_EQ(bye.message().values(HeaderId::route),
            (std::vector<std::string_view>{"<sip:192.0.2.31;lr>", "<sip:bob@192.0.2.9:5060>"}));
}

}  // namespace
}  // namespace tandem::sip
