// Peers that lie, change their mind or come too late: whatever they say, there is one dialog, one answer and
// one end.
#include "user_agent_harness.h"

namespace tandem::sip {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kOther = "v=0\r\no=- 99 1 IN IP4 192.0.2.9\r\n";

TEST(UserAgentLiar, AnswersTwiceWithOtherSdp) {
  Ringing peer;
  peer.answer();
  peer.inject(Harness::response(peer.invite, "200 OK", "peer", "", kOther));
  EXPECT_EQ(peer.one().text, peer.ack.text);
  EXPECT_TRUE(peer.events().empty());
}

TEST(UserAgentLiar, AnswersAReinviteTwiceWithOtherSdp) {
  Ringing peer;
  peer.answer();
  peer.ua.offer(peer.call, kOther, peer.now);
  const Sent reinvite = peer.one();
  peer.inject(Harness::response(reinvite, "200 OK", "", "", kSdp));
  const Sent ack = peer.one();
  EXPECT_EQ(peer.event<OfferAnswered>().sdp, kSdp);
  peer.inject(Harness::response(reinvite, "200 OK", "", "", kOther));
  EXPECT_EQ(peer.one().text, ack.text);
  peer.inject(Harness::response(reinvite, "488 Not Acceptable Here"));
  EXPECT_TRUE(peer.events().empty());
  EXPECT_TRUE(peer.sent().empty());
}

TEST(UserAgentLiar, AnswersAReinviteReliablyAndThenOtherwise) {
  Ringing peer;
  peer.answer();
  peer.ua.offer(peer.call, kOther, peer.now);
  const Sent reinvite = peer.one();
  peer.inject(Harness::response(reinvite, "183 Session Progress", "", "Require: 100rel\nRSeq: 4\n", kSdp));
  EXPECT_EQ(peer.one().value(HeaderId::rack), "4 2 INVITE");
  EXPECT_TRUE(peer.events().empty());
  peer.inject(Harness::response(reinvite, "200 OK", "", "", kOther));
  EXPECT_EQ(peer.event<OfferAnswered>().sdp, kSdp);  // RFC 3261 13.2.1: the first is the answer
}

TEST(UserAgentLiar, AnswersOurOfferWithoutSdp) {
  Ringing peer;
  peer.inject(Harness::response(peer.invite, "200 OK"));
  EXPECT_EQ(peer.event<AnswerReceived>().role, SdpRole::none);
  EXPECT_TRUE(peer.one().is("ACK "));
  peer.ua.offer(peer.call, kOther, peer.now);  // the session can still be mended
  const Sent reinvite = peer.one();
  peer.inject(Harness::response(reinvite, "200 OK"));
  EXPECT_TRUE(peer.event<OfferAnswered>().sdp.empty());
}

TEST(UserAgentLiar, HangsUpBeforeTheAck) {
  Answered peer;
  peer.inject(Harness::request("BYE", "z9hG4bKbye", peer.ok.to_tag(), 2));
  EXPECT_TRUE(peer.one().is("SIP/2.0 200 OK\r\n"));
  peer.event<ByeReceived>();
  peer.inject(Harness::request("ACK", "z9hG4bKack", peer.ok.to_tag()));
  peer.pass(40s);
  EXPECT_TRUE(peer.events().empty());
  EXPECT_TRUE(peer.sent().empty());
  peer.expect_nothing_left();
}

TEST(UserAgentLiar, HangsUpInTheMiddleOfAReliableResponse) {
  Harness peer;
  peer.inject(Harness::invite("z9hG4bKinv", "Supported: 100rel\n"));
  const SipCall call = peer.event<IncomingCall>().call;
  peer.ua.provisional(call, 183, kSdp, {}, peer.now);
  const std::string tag = peer.sent().back().to_tag();
  peer.ua.answer(call, kSdp, {}, peer.now);
  peer.inject(Harness::request("BYE", "z9hG4bKbye", tag, 2));
  peer.event<ByeReceived>();
  EXPECT_TRUE(peer.sent().back().is("SIP/2.0 487 "));
  peer.expect_nothing_left();
}

TEST(UserAgentLiar, AnswersAfterItHasRefused) {
  Ringing peer;
  peer.inject(Harness::response(peer.invite, "486 Busy Here"));
  EXPECT_EQ(peer.event<FailureReceived>().status, 486);
  peer.sent();
  peer.inject(Harness::response(peer.invite, "200 OK", "peer", "", kSdp));
  peer.inject(
      Harness::response(peer.invite, "183 Session Progress", "peer", "Require: 100rel\nRSeq: 1\n", kSdp));
  EXPECT_TRUE(peer.events().empty());
  EXPECT_TRUE(peer.sent().empty());
  peer.expect_nothing_left();
}

TEST(UserAgentLiar, RingsReliablyAfterItHasAnswered) {
  Ringing peer;
  peer.answer();
  peer.inject(
      Harness::response(peer.invite, "183 Session Progress", "peer", "Require: 100rel\nRSeq: 1\n", kOther));
  EXPECT_TRUE(peer.events().empty());
  EXPECT_TRUE(peer.sent().empty());
}

TEST(UserAgentLiar, AllowsUpdateAndThenRefusesIt) {
  Ringing peer;
  peer.inject(Harness::response(peer.invite, "183 Session Progress", "peer",
                                "Require: 100rel\nRSeq: 1\nAllow: UPDATE\n", kSdp));
  peer.event<ProvisionalReceived>();
  peer.sent();
  peer.ua.offer(peer.call, kOther, peer.now);
  peer.inject(Harness::response(peer.one(), "501 Not Implemented"));
  EXPECT_EQ(peer.event<OfferAnswered>().status, 501);
  peer.answer();
  EXPECT_TRUE(peer.ack.is("ACK "));
}

TEST(UserAgentLiar, OffersInAnUpdateBeforeAnythingWasOffered) {
  Harness peer;
  peer.inject(Harness::request("INVITE", "z9hG4bKinv"));
  const SipCall call = peer.event<IncomingCall>().call;
  peer.ua.provisional(call, 180, "", {}, peer.now);
  const std::string tag = peer.sent().back().to_tag();
  peer.inject(Harness::request("UPDATE", "z9hG4bKup", tag, 2, "", kOther));
  EXPECT_TRUE(peer.one().is("SIP/2.0 500 "));
  EXPECT_TRUE(peer.events().empty());
}

TEST(UserAgentLiar, SendsABodyThatNobodyAskedForInAPrack) {
  Harness peer;
  peer.inject(Harness::invite("z9hG4bKinv", "Supported: 100rel\n"));
  const SipCall call = peer.event<IncomingCall>().call;
  peer.ua.provisional(call, 180, "", {}, peer.now);
  const Sent ringing = peer.sent().back();
  peer.inject(Harness::request("PRACK", "z9hG4bKp", ringing.to_tag(), 2,
                               "RAck: " + ringing.value(HeaderId::rseq) + " 1 INVITE\n", kOther));
  // RFC 3311 5.2: the offer of the INVITE has no answer yet. The response is acknowledged all the same.
  EXPECT_TRUE(peer.one().is("SIP/2.0 500 "));
  peer.pass(40s);
  EXPECT_TRUE(peer.sent().empty());
  EXPECT_TRUE(peer.events().empty());
}

TEST(UserAgentLiar, FloodsADialogWithUpdates) {
  UserAgentConfig config = config_of_tests();
  config.max_transactions = 50;
  Harness peer(config);
  peer.inject(Harness::invite());
  const SipCall call = peer.event<IncomingCall>().call;
  peer.ua.answer(call, kSdp, {}, peer.now);
  const std::string tag = peer.sent().back().to_tag();
  peer.inject(Harness::request("ACK", "z9hG4bKack", tag));
  for (int i = 0; i < 500; ++i)
    peer.inject(
        Harness::request("UPDATE", "z9hG4bKu" + std::to_string(i), tag, i + 2, "", i % 2 == 0 ? kOther : ""));
  EXPECT_LE(peer.ua.usage().transactions, 50U);
  EXPECT_EQ(peer.sent().size(), 499U);  // each but the offer that waits for the core
  peer.inject(Harness::request("BYE", "z9hG4bKbye", tag, 1000));
  peer.expect_nothing_left();
}

TEST(UserAgentResponse, EchoesTheTimestampInThe100) {
  Harness peer;
  peer.inject(Harness::invite("z9hG4bKinv", "Timestamp: 54.21\n"));
  EXPECT_EQ(peer.one().value(HeaderId::timestamp), "54.21");  // RFC 3261 8.2.6.1: sent at once, so no delay
  peer.ua.provisional(peer.event<IncomingCall>().call, 180, "", {}, peer.now);
  EXPECT_FALSE(peer.one().message().has(HeaderId::timestamp));
}

TEST(UserAgentResponse, NamesTheOrganization) {
  UserAgentConfig config = config_of_tests();
  config.organization = "Example Telecom";
  Harness peer(config);
  peer.inject(Harness::invite());
  peer.ua.provisional(peer.event<IncomingCall>().call, 180, "", {}, peer.now);
  EXPECT_EQ(peer.sent().back().value(HeaderId::organization), "Example Telecom");
  peer.ua.invite(Harness::call_to_peer(), udp_flow(), peer.now);
  EXPECT_EQ(peer.one().value(HeaderId::organization), "Example Telecom");
}

}  // namespace
}  // namespace tandem::sip
