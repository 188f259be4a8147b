// Answers and their ACKs that cross, come twice, or not at all; forks.
#include "user_agent_harness.h"

namespace tandem::sip {
namespace {

using namespace std::chrono_literals;

TEST(UserAgentAnswer, Is200AgainUntilTheAckThenByeAfter64T1) {
  Answered peer;
  peer.pass(31s);
  const auto again = peer.sent();
  EXPECT_EQ(again.size(), 9U);  // 0.5, 1.5, 3.5, 7.5, 11.5 ... 27.5
  for (const Sent& s : again) EXPECT_EQ(s.text, peer.ok.text);
  peer.pass(1s);
  EXPECT_EQ(peer.event<AckMissing>().call, peer.call);
  EXPECT_TRUE(peer.sent().back().is("BYE "));
  peer.expect_nothing_left();
}

TEST(UserAgentAnswer, TakesTheFirstOfTwoAcksAndNoneOfAnotherCSeq) {
  Answered peer;
  peer.inject(Harness::request("ACK", "z9hG4bKother", peer.ok.to_tag(), 7));
  EXPECT_TRUE(peer.events().empty());
  peer.ack();
  peer.inject(Harness::request("ACK", "z9hG4bKack", peer.ok.to_tag()));
  EXPECT_TRUE(peer.events().empty());
  peer.pass(5s);
  EXPECT_TRUE(peer.sent().empty());
}

TEST(UserAgentAnswer, OfferedIn200IsAnsweredInAck) {
  Harness peer;
  peer.inject(Harness::request("INVITE", "z9hG4bKinv"));
  const auto incoming = peer.event<IncomingCall>();
  EXPECT_TRUE(incoming.info.sdp.empty());
  peer.ua.answer(incoming.call, std::string(kSdp), {}, peer.now);
  const Sent ok = peer.sent().back();
  peer.inject(Harness::request("ACK", "z9hG4bKack", ok.to_tag(), 1, "", "v=0\r\no=answer"));
  EXPECT_EQ(peer.event<AckReceived>().sdp, "v=0\r\no=answer");
}

TEST(UserAgentAnswer, ADuplicateInviteGetsTheLastProvisionalAndNothingAfterThe200) {
  Harness peer;
  peer.inject(Harness::invite());
  const SipCall call = peer.event<IncomingCall>().call;
  EXPECT_TRUE(peer.one().is("SIP/2.0 100 "));
  peer.inject(Harness::invite());
  EXPECT_TRUE(peer.one().is("SIP/2.0 100 "));
  peer.ua.provisional(call, 183, std::string(kSdp), {}, peer.now);
  const Sent progress = peer.one();
  peer.inject(Harness::invite());
  EXPECT_EQ(peer.one().text, progress.text);
  peer.ua.answer(call, std::string(kSdp), {}, peer.now);
  peer.sent();
  peer.inject(Harness::invite());
  EXPECT_TRUE(peer.sent().empty());
  EXPECT_TRUE(peer.events().empty());
}

TEST(UserAgentAnswer, ALongRingingIsRefreshedEveryMinute) {
  Harness peer;
  peer.inject(Harness::invite());
  const SipCall call = peer.event<IncomingCall>().call;
  peer.ua.provisional(call, 180, "", {}, peer.now);
  const Sent ringing = peer.sent().back();
  peer.pass(150s);
  const auto again = peer.sent();
  ASSERT_EQ(again.size(), 2U);
  EXPECT_EQ(again[0].text, ringing.text);
}

TEST(UserAgentAnswerReceived, ARepeated200GetsTheSameAck) {
  Ringing peer;
  peer.answer();
  peer.inject(Harness::response(peer.invite, "200 OK", "peer", "", kSdp));
  EXPECT_EQ(peer.one().text, peer.ack.text);
  EXPECT_TRUE(peer.events().empty());
  peer.inject(Harness::response(peer.invite, "180 Ringing"));  // overtaken
  EXPECT_TRUE(peer.events().empty());
}

TEST(UserAgentAnswerReceived, AnOfferIn200WaitsForTheCoreToAnswerIt) {
  Harness peer;
  InviteInfo info = Harness::call_to_peer();
  info.sdp.clear();
  const SipCall call = peer.ua.invite(info, udp_flow(), peer.now);
  const Sent invite = peer.one();
  EXPECT_EQ(invite.value(HeaderId::content_length), "0");
  const std::string ok = Harness::response(invite, "200 OK", "peer", "", kSdp);
  peer.inject(ok);
  EXPECT_EQ(peer.event<AnswerReceived>().sdp, kSdp);
  peer.inject(ok);
  EXPECT_TRUE(peer.sent().empty());
  peer.ua.ack_answer(call, "v=0\r\no=answer", peer.now);
  const Sent ack = peer.one();
  EXPECT_EQ(ack.message().body(), "v=0\r\no=answer");
  peer.ua.ack_answer(call, "twice", peer.now);
  EXPECT_TRUE(peer.sent().empty());
  peer.inject(ok);
  EXPECT_EQ(peer.one().text, ack.text);
}

TEST(UserAgentAnswerReceived, HangingUpOnAnUnansweredOfferAcknowledgesFirst) {
  Harness peer;
  InviteInfo info = Harness::call_to_peer();
  info.sdp.clear();
  const SipCall call = peer.ua.invite(info, udp_flow(), peer.now);
  peer.inject(Harness::response(peer.one(), "200 OK", "peer", "", kSdp));
  peer.event<AnswerReceived>();
  peer.ua.bye(call, {}, peer.now);
  const auto sent = peer.sent();
  ASSERT_EQ(sent.size(), 2U);
  EXPECT_TRUE(sent[0].is("ACK "));
  EXPECT_TRUE(sent[1].is("BYE "));
  peer.expect_nothing_left();
}

TEST(UserAgentFork, EarlyDialogsAreToldApartAndTheSecond200IsHungUpOn) {
  Ringing peer;
  peer.inject(Harness::response(peer.invite, "183 Session Progress", "other", "", kSdp));
  EXPECT_EQ(peer.event<ProvisionalReceived>().early_dialog, "other");
  peer.inject(Harness::response(peer.invite, "200 OK", "peer", "", kSdp));
  const auto events = peer.events();
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(std::get<EarlyDialogEnded>(events[0]).early_dialog, "other");
  EXPECT_EQ(std::get<AnswerReceived>(events[1]).early_dialog, "peer");
  peer.ack = peer.one();
  peer.inject(Harness::response(peer.invite, "200 OK", "other", "", kSdp));
  const auto sent = peer.sent();
  ASSERT_EQ(sent.size(), 2U);
  EXPECT_TRUE(sent[0].is("ACK "));
  EXPECT_EQ(sent[0].to_tag(), "other");
  EXPECT_TRUE(sent[1].is("BYE "));
  EXPECT_EQ(sent[1].to_tag(), "other");
  EXPECT_TRUE(peer.events().empty());
  peer.inject(Harness::response(peer.invite, "200 OK", "other", "", kSdp));
  EXPECT_EQ(peer.one().text, sent[0].text);
  peer.inject(Harness::response(peer.invite, "200 OK", "peer", "", kSdp));
  EXPECT_EQ(peer.one().text, peer.ack.text);
  peer.ua.bye(peer.call, {}, peer.now);
  EXPECT_EQ(peer.one().to_tag(), "peer");
  peer.expect_nothing_left();
}

TEST(UserAgentFork, EndlessForksAreNotFollowed) {
  Ringing peer;
  peer.answer();
  for (int i = 0; i < 100; ++i)
    peer.inject(Harness::response(peer.invite, "200 OK", "t" + std::to_string(i)));
  EXPECT_LE(peer.sent().size(), 40U);
  EXPECT_LE(peer.ua.usage().transactions, 20U);
  peer.ua.bye(peer.call, {}, peer.now);
  peer.expect_nothing_left();
}

}  // namespace
}  // namespace tandem::sip
