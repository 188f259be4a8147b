// Offers within a session, theirs and ours: re-INVITE (RFC 3261 14), UPDATE (RFC 3311), glare.
#include "user_agent_harness.h"

namespace tandem::sip {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kHold = "v=0\r\no=- 1 2 IN IP4 192.0.2.9\r\na=sendonly\r\n";
constexpr std::string_view kHeld = "v=0\r\no=- 1 2 IN IP4 192.0.2.1\r\na=recvonly\r\n";

/// A callee whose call has been answered and acknowledged.
struct Talking : Answered {
  Talking() { ack(); }
};

/// A caller whose call has been answered.
struct Calling : Ringing {
  Calling() { answer("Allow: INVITE, ACK, BYE, UPDATE\n"); }
  Sent offer(std::string_view sdp = kHold) {
    ua.offer(call, sdp, now);
    return one();
  }
};

// --- ours -----------------------------------------------------------------------------------------------

TEST(UserAgentOffer, AfterTheAnswerIsAReinviteWhoseAnswerIsHandedUp) {
  Calling peer;
  const Sent reinvite = peer.offer();
  EXPECT_TRUE(reinvite.is("INVITE sip:peer@192.0.2.9:5060 SIP/2.0\r\n"));
  EXPECT_EQ(reinvite.value(HeaderId::cseq), "2 INVITE");
  EXPECT_EQ(reinvite.message().body(), kHold);
  const std::string ok = Harness::response(reinvite, "200 OK", "", "", kHeld);
  peer.inject(ok);
  const Sent ack = peer.one();
  EXPECT_TRUE(ack.is("ACK "));
  EXPECT_EQ(ack.value(HeaderId::cseq), "2 ACK");
  const auto answered = peer.event<OfferAnswered>();
  EXPECT_EQ(answered.status, 200);
  EXPECT_EQ(answered.sdp, kHeld);
  peer.inject(ok);
  EXPECT_EQ(peer.one().text, ack.text);
  EXPECT_TRUE(peer.events().empty());
  peer.ua.bye(peer.call, {}, peer.now);
  peer.expect_nothing_left();
}

TEST(UserAgentOffer, AnotherIdentityGoesInAnUpdateWithoutOne) {
  Calling peer;
  peer.ua.identify(peer.call, {{"P-Asserted-Identity", "<sip:+1@192.0.2.1>"}}, peer.now);
  const Sent update = peer.one();  // RFC 4916 4.3
  EXPECT_TRUE(update.is("UPDATE "));
  EXPECT_TRUE(update.message().body().empty());
  EXPECT_NE(update.text.find("\r\nP-Asserted-Identity: <sip:+1@192.0.2.1>\r\n"), std::string::npos);
  peer.inject(Harness::response(update, "200 OK"));
  EXPECT_TRUE(peer.events().empty());
  peer.ua.bye(peer.call, {}, peer.now);
  peer.expect_nothing_left();
}

TEST(UserAgentOffer, AnotherIdentityIsNotToldToWhoDoesNotAllowUpdate) {
  Ringing peer;
  peer.answer("Allow: INVITE, ACK, BYE\n");
  peer.ua.identify(peer.call, {{"P-Asserted-Identity", "<sip:+1@192.0.2.1>"}}, peer.now);
  EXPECT_TRUE(peer.sent().empty());
}

TEST(UserAgentOffer, AnsweredBy2xxMovesTheRemoteTarget) {
  Calling peer;
  const Sent reinvite = peer.offer();
  std::string ok = Harness::response(reinvite, "200 OK", "", "", kHeld);
  ok.replace(ok.find("sip:peer@192.0.2.9:5060"), 23, "sip:peer@192.0.2.8:5070");
  peer.inject(ok);
  EXPECT_EQ(peer.one().flow.remote, address_of("192.0.2.8:5070"));
}

TEST(UserAgentOffer, RefusedLeavesTheSessionAsItWas) {
  Calling peer;
  const Sent reinvite = peer.offer();
  peer.inject(Harness::response(reinvite, "488 Not Acceptable Here", "", "Warning: 305 x \"codec\"\n"));
  EXPECT_TRUE(peer.one().is("ACK "));
  const auto answered = peer.event<OfferAnswered>();
  EXPECT_EQ(answered.status, 488);
  EXPECT_EQ(answered.warning, "305 x \"codec\"");
  EXPECT_TRUE(peer.offer().is("INVITE "));
}

TEST(UserAgentOffer, WaitsForTheOneUnderWayAndTheLastOneCounts) {
  Calling peer;
  const Sent first = peer.offer();
  peer.ua.offer(peer.call, "v=0\r\ns=second\r\n", peer.now);
  peer.ua.offer(peer.call, "v=0\r\ns=third\r\n", peer.now);
  EXPECT_TRUE(peer.sent().empty());
  peer.inject(Harness::response(first, "200 OK", "", "", kHeld));
  const auto sent = peer.sent();
  ASSERT_EQ(sent.size(), 2U);
  EXPECT_TRUE(sent[0].is("ACK "));
  EXPECT_EQ(sent[1].message().body(), "v=0\r\ns=third\r\n");
}

TEST(UserAgentOffer, BeforeTheAckOfOurAnswerWaitsForIt) {
  Answered peer;
  peer.ua.offer(peer.call, kHold, peer.now);
  EXPECT_TRUE(peer.sent().empty());
  peer.ack();
  EXPECT_TRUE(peer.one().is("INVITE "));
}

TEST(UserAgentOffer, ThatMeets491IsTriedAgainAfterTwoSecondsByTheOwnerOfTheCallId) {
  Calling peer;
  const Sent reinvite = peer.offer();
  peer.inject(Harness::response(reinvite, "491 Request Pending"));
  EXPECT_TRUE(peer.one().is("ACK "));
  peer.pass(2090ms);
  EXPECT_TRUE(peer.sent().empty());
  peer.pass(1910ms);
  const auto sent = peer.sent();
  ASSERT_FALSE(sent.empty());
  const Sent& again = sent.front();
  EXPECT_EQ(again.value(HeaderId::cseq), "3 INVITE");
  EXPECT_EQ(again.message().body(), kHold);
  EXPECT_TRUE(peer.events().empty());
}

TEST(UserAgentOffer, ThatMeets491IsTriedAgainWithinTwoSecondsByTheOther) {
  Talking peer;
  peer.ua.offer(peer.call, kHold, peer.now);
  peer.inject(Harness::response(peer.one(), "491 Request Pending"));
  peer.sent();
  peer.pass(2s);
  EXPECT_FALSE(peer.sent().empty());
}

TEST(UserAgentOffer, ThatAlwaysMeets491IsReportedInTheEnd) {
  Calling peer;
  Sent reinvite = peer.offer();
  int tries = 1;
  for (; tries < 50; ++tries) {
    peer.inject(Harness::response(reinvite, "491 Request Pending"));
    peer.sent();
    if (!peer.ua.next_deadline()) break;
    peer.pass(4s);
    const auto sent = peer.sent();
    if (sent.empty()) break;
    reinvite = sent.front();
  }
  EXPECT_EQ(tries, 5);
  EXPECT_EQ(peer.event<OfferAnswered>().status, 491);
}

TEST(UserAgentOffer, ThatMeets500WithRetryAfterIsTriedAgainThen) {
  Calling peer;
  const Sent reinvite = peer.offer();
  peer.inject(Harness::response(reinvite, "500 Server Internal Error", "", "Retry-After: 7\n"));
  peer.sent();
  peer.pass(6999ms);
  EXPECT_TRUE(peer.sent().empty());
  peer.pass(1ms);
  EXPECT_TRUE(peer.one().is("INVITE "));
}

TEST(UserAgentOffer, ToAPeerThatHasLostTheDialogEndsTheCall) {
  Calling peer;
  const Sent reinvite = peer.offer();
  peer.inject(Harness::response(reinvite, "481 Call/Transaction Does Not Exist"));
  EXPECT_EQ(peer.event<SessionExpired>().call, peer.call);
  EXPECT_TRUE(peer.sent().back().is("BYE "));
  peer.expect_nothing_left();
}

TEST(UserAgentOffer, ToASilentPeerEndsTheCall) {
  Calling peer;
  peer.offer();
  peer.pass(32s);
  peer.event<SessionExpired>();
  EXPECT_TRUE(peer.sent().back().is("BYE "));
  peer.expect_nothing_left();
}

TEST(UserAgentOffer, ThatIsNeverDecidedOnEndsTheCallAndLeavesNothing) {
  Calling peer;
  const Sent reinvite = peer.offer();
  peer.inject(Harness::response(reinvite, "100 Trying", ""));
  peer.pass(180s);
  peer.event<SessionExpired>();
  const auto sent = peer.sent();
  ASSERT_EQ(sent.size(), 2U);
  EXPECT_TRUE(sent[0].is("CANCEL "));
  EXPECT_TRUE(sent[1].is("BYE "));
  peer.expect_nothing_left();
}

TEST(UserAgentOffer, CrossedByTheirByeIsForgotten) {
  Calling peer;
  const Sent reinvite = peer.offer();
  peer.inject(Harness::response(reinvite, "100 Trying", ""));
  peer.inject(Harness::in_dialog(peer.invite, "BYE", 5));
  peer.event<ByeReceived>();
  peer.inject(Harness::response(reinvite, "487 Request Terminated"));
  EXPECT_TRUE(peer.events().empty());
  peer.expect_nothing_left();
}

TEST(UserAgentOffer, WhoseAnswerComesAfterOurByeIsStillAcknowledged) {
  Calling peer;
  const Sent reinvite = peer.offer();
  peer.ua.bye(peer.call, {}, peer.now);
  peer.sent();
  peer.inject(Harness::response(reinvite, "200 OK", "", "", kHeld));
  EXPECT_TRUE(peer.one().is("ACK "));
  EXPECT_TRUE(peer.events().empty());
  peer.expect_nothing_left();
}

// --- UPDATE ---------------------------------------------------------------------------------------------

TEST(UserAgentUpdate, WithAnOfferIsAnsweredByTheCore) {
  Talking peer;
  std::string update = Harness::request("UPDATE", "z9hG4bKup", peer.ok.to_tag(), 2, "", kHold);
  update.replace(update.find("bob@192.0.2.9:5060>"), 19, "bob@192.0.2.8:5070>");
  peer.inject(update);
  const auto offer = peer.event<OfferReceived>();
  EXPECT_EQ(offer.via, OfferVia::update);
  EXPECT_EQ(offer.sdp, kHold);
  EXPECT_TRUE(peer.sent().empty());
  peer.ua.accept_offer(peer.call, kHeld, peer.now);
  const Sent ok = peer.one();
  EXPECT_TRUE(ok.is("SIP/2.0 200 OK\r\n"));
  EXPECT_EQ(ok.message().body(), kHeld);
  EXPECT_TRUE(ok.message().has(HeaderId::contact));
  peer.ua.accept_offer(peer.call, kHeld, peer.now);
  EXPECT_TRUE(peer.sent().empty());
  peer.ua.bye(peer.call, {}, peer.now);
  EXPECT_EQ(peer.one().flow.remote, address_of("192.0.2.8:5070"));
}

TEST(UserAgentUpdate, RefusedCarriesTheWarning) {
  Talking peer;
  peer.inject(Harness::request("UPDATE", "z9hG4bKup", peer.ok.to_tag(), 2, "", kHold));
  peer.event<OfferReceived>();
  peer.ua.reject_offer(peer.call, 488, peer.now, "304 tandem \"media type\"");
  const Sent refused = peer.one();
  EXPECT_TRUE(refused.is("SIP/2.0 488 "));
  EXPECT_EQ(refused.value(HeaderId::warning), "304 tandem \"media type\"");
  peer.inject(Harness::request("UPDATE", "z9hG4bKup2", peer.ok.to_tag(), 3, "", kHold));
  peer.event<OfferReceived>();
}

TEST(UserAgentUpdate, WithoutAnOfferIsAnsweredAtOnce) {
  Talking peer;
  peer.inject(Harness::request("UPDATE", "z9hG4bKup", peer.ok.to_tag(), 2));
  EXPECT_TRUE(peer.one().is("SIP/2.0 200 OK\r\n"));
  EXPECT_TRUE(peer.events().empty());
}

TEST(UserAgentUpdate, BehindAnUnansweredOneGets500WithRetryAfter) {
  Talking peer;
  peer.inject(Harness::request("UPDATE", "z9hG4bKup", peer.ok.to_tag(), 2, "", kHold));
  peer.event<OfferReceived>();
  peer.inject(Harness::request("UPDATE", "z9hG4bKup2", peer.ok.to_tag(), 3, "", kHold));
  const Sent refused = peer.one();
  EXPECT_TRUE(refused.is("SIP/2.0 500 "));
  EXPECT_LE(refused.message().retry_after().value(), 10U);
}

TEST(UserAgentUpdate, ThatMeetsOurOfferGets491) {
  Talking peer;
  peer.ua.offer(peer.call, kHold, peer.now);
  peer.one();
  peer.inject(Harness::request("UPDATE", "z9hG4bKup", peer.ok.to_tag(), 2, "", kHold));
  EXPECT_TRUE(peer.one().is("SIP/2.0 491 "));
  EXPECT_TRUE(peer.events().empty());
}

TEST(UserAgentUpdate, BeforeWeAnsweredTheInviteGets500WithRetryAfter) {
  Harness peer;
  peer.inject(Harness::invite());
  const SipCall call = peer.event<IncomingCall>().call;
  peer.ua.provisional(call, 183, kSdp, {}, peer.now);
  const std::string tag = peer.sent().back().to_tag();
  peer.inject(Harness::request("UPDATE", "z9hG4bKup", tag, 2, "", kHold));
  const Sent refused = peer.one();
  EXPECT_TRUE(refused.is("SIP/2.0 500 "));
  EXPECT_TRUE(refused.message().has(HeaderId::retry_after));
}

TEST(UserAgentUpdate, PendingAtTheirByeGets487) {
  Talking peer;
  peer.inject(Harness::request("UPDATE", "z9hG4bKup", peer.ok.to_tag(), 2, "", kHold));
  peer.event<OfferReceived>();
  peer.inject(Harness::request("BYE", "z9hG4bKbye", peer.ok.to_tag(), 3));
  const auto sent = peer.sent();
  ASSERT_EQ(sent.size(), 2U);
  EXPECT_TRUE(sent[1].is("SIP/2.0 487 "));
  peer.event<ByeReceived>();
  peer.expect_nothing_left();
}

TEST(UserAgentUpdate, OutsideAnyDialogGets481) {
  Harness peer;
  peer.inject(Harness::request("UPDATE", "z9hG4bKup", "", 1, "", kHold));
  EXPECT_TRUE(peer.one().is("SIP/2.0 481 "));
  peer.inject(Harness::request("INFO", "z9hG4bKin", "0123456789abcdef", 1));
  EXPECT_TRUE(peer.one().is("SIP/2.0 481 "));
  peer.expect_nothing_left();
}

// --- re-INVITE ------------------------------------------------------------------------------------------

TEST(UserAgentReinvite, ThatMeetsOursGets491) {
  Talking peer;
  peer.ua.offer(peer.call, kHold, peer.now);
  peer.one();
  peer.inject(Harness::request("INVITE", "z9hG4bKre", peer.ok.to_tag(), 2, "", kHold));
  const Sent refused = peer.one();
  EXPECT_TRUE(refused.is("SIP/2.0 491 "));
  EXPECT_FALSE(refused.message().has(HeaderId::retry_after));
  EXPECT_TRUE(peer.events().empty());
}

TEST(UserAgentReinvite, BehindAnUnansweredUpdateGets500) {
  Talking peer;
  peer.inject(Harness::request("UPDATE", "z9hG4bKup", peer.ok.to_tag(), 2, "", kHold));
  peer.event<OfferReceived>();
  peer.inject(Harness::request("INVITE", "z9hG4bKre", peer.ok.to_tag(), 3, "", kHold));
  EXPECT_TRUE(peer.one().is("SIP/2.0 500 "));
}

TEST(UserAgentReinvite, WithoutAnOfferGetsOursAndItsAnswerComesInTheAck) {
  Talking peer;
  peer.inject(Harness::request("INVITE", "z9hG4bKre", peer.ok.to_tag(), 2));
  EXPECT_TRUE(peer.event<OfferReceived>().sdp.empty());
  peer.sent();
  peer.ua.accept_offer(peer.call, kHold, peer.now);
  EXPECT_EQ(peer.one().message().body(), kHold);
  // Until the answer is there, no other offer has room.
  peer.inject(Harness::request("UPDATE", "z9hG4bKup", peer.ok.to_tag(), 3, "", kHold));
  EXPECT_TRUE(peer.one().is("SIP/2.0 491 "));
  peer.inject(Harness::request("ACK", "z9hG4bKack2", peer.ok.to_tag(), 2, "", kHeld));
  EXPECT_EQ(peer.event<AckReceived>().sdp, kHeld);
}

TEST(UserAgentReinvite, SdpInAnAckThatAnswersNothingIsPassedOver) {
  Answered peer;
  peer.inject(Harness::request("ACK", "z9hG4bKack", peer.ok.to_tag(), 1, "", kHold));
  EXPECT_TRUE(peer.event<AckReceived>().sdp.empty());
}

// --- INFO, headers, identity ----------------------------------------------------------------------------

TEST(UserAgentInfo, OfAKnownTypeIsHandedUpAndOthersGet415) {
  Talking peer;
  std::string info =
      Harness::request("INFO", "z9hG4bKi1", peer.ok.to_tag(), 2, "", "Signal=5\r\nDuration=160\r\n");
  const std::string_view type = "application/sdp";
  info.replace(info.find(type), type.size(), "Application/DTMF-relay;x=y");
  peer.inject(info);
  EXPECT_TRUE(peer.one().is("SIP/2.0 200 OK\r\n"));
  const auto received = peer.event<InfoReceived>();
  EXPECT_EQ(received.content_type, "application/dtmf-relay");
  EXPECT_EQ(received.body, "Signal=5\r\nDuration=160\r\n");
  peer.inject(Harness::request("INFO", "z9hG4bKi2", peer.ok.to_tag(), 3, "", kHold));
  const Sent refused = peer.one();
  EXPECT_TRUE(refused.is("SIP/2.0 415 "));
  EXPECT_EQ(refused.value(HeaderId::accept), "application/dtmf-relay, application/dtmf");
  peer.inject(Harness::request("INFO", "z9hG4bKi3", peer.ok.to_tag(), 4));
  EXPECT_TRUE(peer.one().is("SIP/2.0 200 OK\r\n"));
  peer.inject(Harness::request("INFO", "z9hG4bKi4", peer.ok.to_tag(), 5, "Info-Package: foo\n"));
  EXPECT_TRUE(peer.one().is("SIP/2.0 469 "));
  EXPECT_TRUE(peer.events().empty());
}

TEST(UserAgentInfo, IsSentInTheDialogAndItsRefusalChangesNothing) {
  Calling peer;
  EXPECT_FALSE(peer.ua.allows(peer.call, "INFO"));
  EXPECT_TRUE(peer.ua.allows(peer.call, "UPDATE"));
  EXPECT_FALSE(peer.ua.allows(peer.call, "DANCE"));
  peer.ua.info(peer.call, "application/dtmf", "5", peer.now);
  const Sent info = peer.one();
  EXPECT_TRUE(info.is("INFO sip:peer@192.0.2.9:5060 SIP/2.0\r\n"));
  EXPECT_EQ(info.value(HeaderId::content_type), "application/dtmf");
  EXPECT_EQ(info.message().body(), "5");
  peer.inject(Harness::response(info, "481 Call/Transaction Does Not Exist"));
  EXPECT_TRUE(peer.events().empty());
  EXPECT_TRUE(peer.sent().empty());
}

TEST(UserAgentHeaders, AreHandedUpByTheirLongNamesAtMost32) {
  Harness peer;
  std::string extra = "Diversion: <sip:1@h>;reason=unconditional\nx: 1800\nP-Charge-Info: <sip:9@h>\n";
  for (int i = 0; i < 50; ++i) extra += "X-N: " + std::to_string(i) + "\n";
  peer.inject(Harness::invite("z9hG4bKinv", extra));
  const auto info = peer.event<IncomingCall>().info;
  ASSERT_EQ(info.headers.size(), 32U);
  EXPECT_EQ(info.headers[0].name, "Diversion");
  EXPECT_EQ(info.headers[0].value, "<sip:1@h>;reason=unconditional");
  EXPECT_EQ(info.headers[1].name, "P-Charge-Info");  // Session-Expires is the user agent's own business
}

TEST(UserAgentHeaders, ComeWithResponsesAndWithTheirBye) {
  Harness peer;
  peer.ua.invite(Harness::call_to_peer(), udp_flow(), peer.now);
  const Sent invite = peer.one();
  peer.inject(Harness::response(invite, "183 Session Progress", "peer", "P-Early-Media: sendrecv\n", kSdp));
  const auto progress = peer.event<ProvisionalReceived>();
  EXPECT_EQ(progress.role, SdpRole::preview);
  ASSERT_EQ(progress.headers.size(), 1U);
  EXPECT_EQ(progress.headers[0].name, "P-Early-Media");
  peer.inject(Harness::response(invite, "200 OK", "peer", "User-to-User: 00;encoding=hex\n", kSdp));
  const auto answer = peer.event<AnswerReceived>();
  EXPECT_EQ(answer.role, SdpRole::answer);
  EXPECT_EQ(answer.early_dialog, "peer");
  EXPECT_EQ(answer.headers.size(), 1U);
  peer.inject(Harness::in_dialog(invite, "BYE", 1, "peer", "User-to-User: 01;encoding=hex\n"));
  const auto bye = peer.event<ByeReceived>();
  ASSERT_EQ(bye.headers.size(), 1U);
  EXPECT_EQ(bye.headers[0].value, "01;encoding=hex");
}

TEST(UserAgentHeaders, OfOurByeAreSentAlongEvenIfItHasToWait) {
  Answered peer;
  peer.ua.bye(peer.call, {}, peer.now, {{"User-to-User", "02;encoding=hex"}});
  EXPECT_TRUE(peer.sent().empty());
  peer.inject(Harness::request("ACK", "z9hG4bKack", peer.ok.to_tag()));
  EXPECT_TRUE(peer.one().has("User-to-User: 02;encoding=hex\r\n"));
}

TEST(UserAgentFailure, HandsUpRetryAfter) {
  Harness peer;
  peer.ua.invite(Harness::call_to_peer(), udp_flow(), peer.now);
  peer.inject(Harness::response(peer.one(), "503 Service Unavailable", "peer", "Retry-After: 30 (busy)\n"));
  EXPECT_EQ(peer.event<FailureReceived>().retry_after, Duration(30s));
}

TEST(UserAgentIdentity, ChangedByARefreshIsHandedUpOnce) {
  Harness peer;
  peer.inject(Harness::invite("z9hG4bKinv", "P-Asserted-Identity: <sip:2000@h>\n"));
  const SipCall call = peer.event<IncomingCall>().call;
  peer.ua.answer(call, kSdp, {}, peer.now);
  const std::string tag = peer.sent().back().to_tag();
  peer.inject(Harness::request("ACK", "z9hG4bKack", tag));
  peer.event<AckReceived>();
  const auto update = [&](int cseq, const char* who) {
    peer.inject(Harness::request("UPDATE", "z9hG4bKu" + std::to_string(cseq), tag, cseq,
                                 std::string("P-Asserted-Identity: <sip:") + who + "@h>\n"));
  };
  update(2, "2000");
  EXPECT_TRUE(peer.events().empty());
  update(3, "2001");
  const auto identity = peer.event<IdentityReceived>();
  ASSERT_EQ(identity.asserted.size(), 1U);
  EXPECT_EQ(identity.asserted[0].uri.user, "2001");
  update(4, "2001");
  EXPECT_TRUE(peer.events().empty());
}

TEST(UserAgentIdentity, OfTheCalledPartyChangesThoughNobodyVouchedForTheFirst) {
  Harness peer;
  peer.ua.invite(Harness::call_to_peer(), udp_flow(), peer.now);
  const Sent invite = peer.one();
  peer.inject(Harness::response(invite, "200 OK", "peer", "", kSdp));
  peer.sent();
  peer.events();
  const auto update = [&](int cseq, const std::string& user, std::string_view extra = "") {
    auto text = Harness::in_dialog(invite, "UPDATE", cseq, "peer", extra);
    const auto from = text.find("sip:3000@", text.find("From:"));
    peer.inject(text.replace(from, 9, "sip:" + user + "@"));
  };
  update(1, "3000");
  EXPECT_TRUE(peer.events().empty()) << "From is To of the INVITE";
  update(2, "3001");  // RFC 4916 4.4
  const auto other = peer.event<IdentityReceived>();
  ASSERT_EQ(other.asserted.size(), 1U);
  EXPECT_EQ(other.asserted[0].uri.user, "3001");
  update(3, "3001");
  EXPECT_TRUE(peer.events().empty());
  update(4, "3001", "P-Asserted-Identity: <sip:3002@h>\n");
  EXPECT_EQ(peer.event<IdentityReceived>().asserted.at(0).uri.user, "3002");
}

TEST(UserAgentProvisional, AStormGivesABoundedNumberOfEvents) {
  Ringing peer;
  for (int i = 0; i < 5000; ++i)
    peer.inject(
        Harness::response(peer.invite, "183 Session Progress", "t" + std::to_string(i % 40), "", kSdp));
  EXPECT_LE(peer.events().size(), 128U);
  EXPECT_LE(peer.ua.usage().dialogs, 16U);
  peer.ua.cancel(peer.call, {}, peer.now);
  peer.inject(Harness::response(peer.invite, "487 Request Terminated"));
  EXPECT_EQ(peer.event<FailureReceived>().status, 487);
  peer.expect_nothing_left();
}

}  // namespace
}  // namespace tandem::sip
