// Messages that cross, come twice, or not at all.
#include "user_agent_harness.h"

namespace tandem::sip {
namespace {

using namespace std::chrono_literals;

/// A peer whose call has been answered; the ACK is up to the test.
struct Answered : Harness {
  Answered() {
    inject(invite());
    call = event<IncomingCall>().call;
    ua.answer(call, std::string(kSdp), {}, now);
    ok = sent().back();
  }
  void ack() {
    inject(request("ACK", "z9hG4bKack", ok.to_tag()));
    event<AckReceived>();
  }
  SipCall call;
  Sent ok;
};

/// A call to the peer that rings there.
struct Ringing : Harness {
  Ringing() {
    call = ua.invite(call_to_peer(), udp_flow(), now);
    invite = one();
    inject(response(invite, "180 Ringing"));
    event<ProvisionalReceived>();
  }
  void answer() {
    inject(response(invite, "200 OK", "peer", "", kSdp));
    event<AnswerReceived>();
    ack = one();
  }
  SipCall call;
  Sent invite, ack;
};

// --- CANCEL sent
// --------------------------------------------------------------------------------------------

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

// --- CANCEL received
// ----------------------------------------------------------------------------------------

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

// --- 2xx and ACK
// --------------------------------------------------------------------------------------------

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

// --- forks
// --------------------------------------------------------------------------------------------------

TEST(UserAgentFork, EarlyDialogsAreToldApartAndTheSecond200IsHungUpOn) {
  Ringing peer;
  peer.inject(Harness::response(peer.invite, "183 Session Progress", "other", "", kSdp));
  EXPECT_EQ(peer.event<ProvisionalReceived>().early_dialog, "other");
  peer.answer();
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

// --- BYE
// ----------------------------------------------------------------------------------------------------

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
  peer.event<ReinviteReceived>();
  EXPECT_TRUE(peer.one().is("SIP/2.0 100 "));
  peer.inject(Harness::request("BYE", "z9hG4bKbye", peer.ok.to_tag(), 3));
  const auto sent = peer.sent();
  ASSERT_EQ(sent.size(), 2U);
  EXPECT_TRUE(sent[0].is("SIP/2.0 200 OK\r\n"));
  EXPECT_TRUE(sent[1].is("SIP/2.0 487 "));
  peer.event<ByeReceived>();
  peer.ua.accept_reinvite(peer.call, std::string(kSdp), peer.now);
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

// --- re-INVITE
// ----------------------------------------------------------------------------------------------

TEST(UserAgentReinvite, IsAcceptedAndMovesTheRemoteTarget) {
  Answered peer;
  peer.ack();
  std::string moved = Harness::request("INVITE", "z9hG4bKre", peer.ok.to_tag(), 2, "", "v=0\r\no=hold");
  const std::string_view contact = "bob@192.0.2.9:5060>";
  moved.replace(moved.find(contact), contact.size(), "bob@192.0.2.8:5070>");
  peer.inject(moved);
  const auto reinvite = peer.event<ReinviteReceived>();
  EXPECT_EQ(reinvite.call, peer.call);
  EXPECT_EQ(reinvite.sdp, "v=0\r\no=hold");
  EXPECT_TRUE(peer.one().is("SIP/2.0 100 "));
  peer.ua.accept_reinvite(peer.call, "v=0\r\no=held", peer.now);
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
  peer.event<ReinviteReceived>();
  peer.ua.accept_reinvite(peer.call, std::string(kSdp), peer.now);
  peer.pass(32s);
  EXPECT_EQ(peer.event<AckMissing>().call, peer.call);
  EXPECT_TRUE(peer.sent().back().is("BYE "));
  peer.expect_nothing_left();
}

TEST(UserAgentReinvite, RejectedLeavesTheCallAsItWas) {
  Answered peer;
  peer.ack();
  peer.inject(Harness::request("INVITE", "z9hG4bKre", peer.ok.to_tag(), 2, "", kSdp));
  peer.event<ReinviteReceived>();
  peer.sent();
  peer.ua.reject_reinvite(peer.call, 488, peer.now);
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
  peer.event<ReinviteReceived>();
  peer.sent();
  peer.inject(Harness::request("CANCEL", "z9hG4bKre", peer.ok.to_tag(), 2));
  const auto sent = peer.sent();
  ASSERT_EQ(sent.size(), 2U);
  EXPECT_TRUE(sent[1].is("SIP/2.0 487 "));
  EXPECT_TRUE(peer.events().empty());
  peer.ua.accept_reinvite(peer.call, std::string(kSdp), peer.now);
  EXPECT_TRUE(peer.sent().empty());
  EXPECT_EQ(peer.ua.usage().calls, 1U);
}

TEST(UserAgentReinvite, IsNotHitByALateCancelOfTheFirstInvite) {
  Answered peer;
  peer.ack();
  peer.inject(Harness::request("INVITE", "z9hG4bKre", peer.ok.to_tag(), 2, "", kSdp));
  peer.event<ReinviteReceived>();
  peer.sent();
  peer.inject(Harness::request("CANCEL", "z9hG4bKinv"));
  EXPECT_TRUE(peer.one().is("SIP/2.0 200 OK\r\n"));
  peer.ua.accept_reinvite(peer.call, kSdp, peer.now);
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
  EXPECT_EQ(peer.event<ReinviteReceived>().call, peer.call);
  peer.ua.accept_reinvite(peer.call, std::string(kSdp), peer.now);
  peer.inject(Harness::in_dialog(peer.invite, "ACK", 10));
  peer.event<AckReceived>();
}

// --- order in a dialog
// ----------------------------------------------------------------------------------------

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
