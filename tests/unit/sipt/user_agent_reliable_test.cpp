// Reliable provisional responses, both roles (RFC 3262), and offers that travel in them.
#include "user_agent_harness.h"

namespace tandem::sip {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kOffer = "v=0\r\no=- 7 1 IN IP4 192.0.2.9\r\n";
constexpr std::string_view kAnswer = "v=0\r\no=- 8 1 IN IP4 192.0.2.1\r\n";

// --- as caller ------------------------------------------------------------------------------------------

struct Caller : Harness {
  explicit Caller(bool offer = true, Reliable reliable = Reliable::supported) {
    InviteInfo info = call_to_peer();
    if (!offer) info.sdp.clear();
    info.policy.reliable = reliable;
    call = ua.invite(info, udp_flow(), now);
    invite = one();
  }
  void progress(int rseq, std::string_view tag = "peer", std::string_view sdp = {},
                std::string_view status = "183 Session Progress", std::string_view extra = "") {
    inject(response(invite, status, tag,
                    "Require: 100rel\nRSeq: " + std::to_string(rseq) + "\n" + std::string(extra), sdp));
  }
  SipCall call;
  Sent invite;
};

TEST(UserAgentPrack, AcknowledgesAnAnswerInAProvisionalResponse) {
  Caller peer;
  EXPECT_EQ(peer.invite.value(HeaderId::supported), "100rel, 199, timer");
  EXPECT_FALSE(peer.invite.message().has(HeaderId::require));
  peer.progress(776656, "peer", kSdp, "183 Session Progress", "Record-Route: <sip:192.0.2.30;lr>\n");
  const Sent prack = peer.one();
  EXPECT_TRUE(prack.is("PRACK sip:peer@192.0.2.9:5060 SIP/2.0\r\n"));
  EXPECT_EQ(prack.value(HeaderId::rack), "776656 1 INVITE");
  EXPECT_EQ(prack.value(HeaderId::cseq), "2 PRACK");
  EXPECT_EQ(prack.to_tag(), "peer");
  EXPECT_EQ(prack.flow.remote, address_of("192.0.2.30:5060"));
  EXPECT_EQ(peer.event<ProvisionalReceived>().role, SdpRole::answer);
  // What the 2xx says after that is the same again, and is no answer (RFC 3261 13.2.1).
  peer.inject(Harness::response(peer.invite, "200 OK", "peer", "", "v=0\r\no=other\r\n"));
  EXPECT_EQ(peer.event<AnswerReceived>().role, SdpRole::preview);
  EXPECT_TRUE(peer.one().is("ACK "));
  peer.ua.bye(peer.call, {}, peer.now);
  EXPECT_EQ(peer.one().value(HeaderId::cseq), "3 BYE");
  peer.expect_nothing_left();
}

TEST(UserAgentPrack, PassesOverDuplicatesAndGaps) {
  Caller peer;
  peer.progress(10);
  peer.event<ProvisionalReceived>();
  EXPECT_TRUE(peer.one().is("PRACK "));
  for (const int rseq : {10, 9, 12}) peer.progress(rseq);
  EXPECT_TRUE(peer.sent().empty());
  EXPECT_TRUE(peer.events().empty());
  peer.progress(11);
  EXPECT_EQ(peer.one().value(HeaderId::rack), "11 1 INVITE");
  peer.event<ProvisionalReceived>();
  peer.inject(Harness::response(peer.invite, "183 Session Progress", "peer", "Require: 100rel\nRSeq: x\n"));
  peer.event<ProvisionalReceived>();  // not a number: nothing to acknowledge
  EXPECT_TRUE(peer.sent().empty());
}

TEST(UserAgentPrack, IsNotSentForANumberThatThereIsNot) {
  Caller peer;  // RFC 3262 7.1: 1 to 2^32 - 1
  for (const std::string_view rseq : {"0", "4294967296", "-1", "x", ""}) {
    peer.inject(Harness::response(peer.invite, "183 Session Progress", "peer",
                                  "Require: 100rel\nRSeq: " + std::string(rseq) + "\n", kSdp));
    EXPECT_TRUE(peer.sent().empty()) << rseq;
    EXPECT_EQ(peer.event<ProvisionalReceived>().role, SdpRole::preview) << rseq;
  }
  peer.inject(Harness::response(peer.invite, "183 Session Progress", "peer",
                                "Require: 100rel\nRSeq: 4294967295\n", kSdp));
  EXPECT_EQ(peer.one().value(HeaderId::rack), "4294967295 1 INVITE");
  peer.inject(Harness::response(peer.invite, "180 Ringing", "peer", "Require: 100rel\nRSeq: 0\n"));
  EXPECT_TRUE(peer.sent().empty());  // the next after the last there is
}

TEST(UserAgentPrack, CountsEachBranchForItself) {
  Caller peer;
  peer.progress(10, "one", kSdp);
  peer.progress(500, "two", kSdp);
  const auto sent = peer.sent();
  ASSERT_EQ(sent.size(), 2U);
  EXPECT_EQ(sent[0].to_tag(), "one");
  EXPECT_EQ(sent[1].to_tag(), "two");
  EXPECT_EQ(sent[1].value(HeaderId::rack), "500 1 INVITE");
  const auto events = peer.events();
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(std::get<ProvisionalReceived>(events[0]).role, SdpRole::answer);
  EXPECT_EQ(std::get<ProvisionalReceived>(events[1]).role, SdpRole::answer);
  // The branch that loses has seen a PRACK, so its BYE counts on.
  peer.inject(Harness::response(peer.invite, "200 OK", "one"));
  peer.inject(Harness::response(peer.invite, "200 OK", "two"));
  const auto ends = peer.sent();
  ASSERT_EQ(ends.size(), 3U);
  EXPECT_TRUE(ends[2].is("BYE "));
  EXPECT_EQ(ends[2].value(HeaderId::cseq), "3 BYE");
}

TEST(UserAgentPrack, CarriesTheAnswerToAnOffer) {
  Caller peer(false);
  peer.progress(5, "peer", kOffer);
  EXPECT_TRUE(peer.sent().empty());
  const auto progress = peer.event<ProvisionalReceived>();
  EXPECT_EQ(progress.role, SdpRole::offer);
  EXPECT_EQ(progress.sdp, kOffer);
  peer.ua.accept_offer(peer.call, kAnswer, peer.now);
  const Sent prack = peer.one();
  EXPECT_TRUE(prack.is("PRACK "));
  EXPECT_EQ(prack.message().body(), kAnswer);
  peer.inject(Harness::response(prack, "200 OK"));
  peer.inject(Harness::response(peer.invite, "200 OK", "peer"));
  EXPECT_EQ(peer.event<AnswerReceived>().role, SdpRole::none);
  EXPECT_TRUE(peer.one().is("ACK "));
}

TEST(UserAgentPrack, WithoutAnAnswerEndsTheCall) {
  Caller peer(false);
  peer.progress(5, "peer", kOffer);
  peer.event<ProvisionalReceived>();
  peer.ua.reject_offer(peer.call, 488, peer.now);
  const auto sent = peer.sent();
  ASSERT_EQ(sent.size(), 2U);
  EXPECT_TRUE(sent[0].is("PRACK "));
  EXPECT_TRUE(sent[1].is("CANCEL "));
  peer.inject(Harness::response(peer.invite, "487 Request Terminated"));
  EXPECT_EQ(peer.event<FailureReceived>().status, 487);
  peer.expect_nothing_left();
}

TEST(UserAgentPrack, AnOfferIn2xxAfterAnUnansweredOneIsNotTakenForAnother) {
  Caller peer(false);
  peer.progress(5, "peer", kOffer);
  peer.event<ProvisionalReceived>();
  peer.inject(Harness::response(peer.invite, "200 OK", "peer", "", kOffer));
  EXPECT_EQ(peer.event<AnswerReceived>().role, SdpRole::preview);
  EXPECT_TRUE(peer.one().is("ACK "));
  peer.ua.accept_offer(peer.call, kAnswer, peer.now);
  EXPECT_TRUE(peer.one().is("PRACK "));
}

TEST(UserAgentPrack, IsSentToAPeerThatWasNotToldOfIt) {
  Caller peer(true, Reliable::never);
  EXPECT_EQ(peer.invite.value(HeaderId::supported), "199, timer");
  peer.progress(1);
  EXPECT_TRUE(peer.one().is("PRACK "));
}

TEST(UserAgentPrack, IsRequiredWhereThePolicySaysSo) {
  Caller peer(true, Reliable::required);
  EXPECT_EQ(peer.invite.value(HeaderId::require), "100rel");
}

TEST(UserAgentOffer, BeforeTheAnswerIsAnUpdate) {
  Caller peer;
  peer.progress(5, "peer", kSdp, "183 Session Progress", "Allow: INVITE, UPDATE\n");
  peer.event<ProvisionalReceived>();
  peer.one();
  EXPECT_TRUE(peer.ua.allows(peer.call, "UPDATE"));
  peer.ua.offer(peer.call, kOffer, peer.now);
  const Sent update = peer.one();
  EXPECT_TRUE(update.is("UPDATE "));
  EXPECT_EQ(update.value(HeaderId::cseq), "3 UPDATE");
  peer.inject(Harness::response(update, "200 OK", "", "", kAnswer));
  EXPECT_EQ(peer.event<OfferAnswered>().sdp, kAnswer);
}

TEST(UserAgentOffer, BeforeTheAnswerWaitsForItWhenThePeerHasNoUpdate) {
  Caller peer;
  peer.progress(5, "peer", kSdp);
  peer.event<ProvisionalReceived>();
  peer.one();
  peer.ua.offer(peer.call, kOffer, peer.now);
  EXPECT_TRUE(peer.sent().empty());
  peer.inject(Harness::response(peer.invite, "200 OK", "peer"));
  const auto sent = peer.sent();
  ASSERT_EQ(sent.size(), 2U);
  EXPECT_TRUE(sent[0].is("ACK "));
  EXPECT_TRUE(sent[1].is("INVITE "));
  EXPECT_EQ(sent[1].message().body(), kOffer);
}

TEST(UserAgentOffer, OfABranchThatLosesIsMadeAgainToTheWinner) {
  Caller peer;
  peer.progress(5, "loser", kSdp, "183 Session Progress", "Allow: UPDATE\n");
  peer.one();
  peer.ua.offer(peer.call, kOffer, peer.now);
  EXPECT_TRUE(peer.one().is("UPDATE "));
  peer.inject(Harness::response(peer.invite, "200 OK", "winner", "", kSdp));
  const auto sent = peer.sent();
  ASSERT_EQ(sent.size(), 2U);
  EXPECT_TRUE(sent[1].is("INVITE "));
  EXPECT_EQ(sent[1].to_tag(), "winner");
}

TEST(UserAgentReinvite, ThatMeetsOurUpdateOfTheEarlyDialogGets491) {
  Caller peer(false);
  peer.progress(5, "peer", kOffer, "183 Session Progress", "Allow: UPDATE\n");
  peer.event<ProvisionalReceived>();
  peer.ua.accept_offer(peer.call, kAnswer, peer.now);
  peer.ua.offer(peer.call, kOffer, peer.now);
  EXPECT_TRUE(peer.sent().back().is("UPDATE "));
  peer.inject(Harness::response(peer.invite, "200 OK", "peer"));
  peer.event<AnswerReceived>();
  EXPECT_TRUE(peer.one().is("ACK "));
  peer.inject(Harness::in_dialog(peer.invite, "INVITE", 1, "peer", "", kOffer));
  EXPECT_TRUE(peer.one().is("SIP/2.0 491 "));
  EXPECT_TRUE(peer.events().empty());
}

TEST(UserAgentUpdate, InAnEarlyDialogOfACallThatWeMake) {
  Caller peer;
  peer.progress(5, "peer", kSdp);
  peer.event<ProvisionalReceived>();
  peer.sent();
  peer.inject(Harness::in_dialog(peer.invite, "UPDATE", 1, "peer", "", kOffer));
  EXPECT_EQ(peer.event<OfferReceived>().via, OfferVia::update);
  peer.ua.accept_offer(peer.call, kAnswer, peer.now);
  EXPECT_EQ(peer.one().message().body(), kAnswer);
  peer.inject(Harness::in_dialog(peer.invite, "UPDATE", 2, "unknown", "", kOffer));
  EXPECT_TRUE(peer.one().is("SIP/2.0 481 "));
}

TEST(UserAgentUpdate, BeforeOurOfferIsAnsweredGets491) {
  Caller peer;
  peer.inject(Harness::response(peer.invite, "183 Session Progress", "peer", "", kSdp));
  peer.event<ProvisionalReceived>();
  peer.inject(Harness::in_dialog(peer.invite, "UPDATE", 1, "peer", "", kOffer));
  EXPECT_TRUE(peer.one().is("SIP/2.0 491 "));
}

TEST(UserAgentUpdate, OfABranchThatLostIsEndedWith487) {
  Caller peer;
  peer.progress(5, "loser", kSdp);
  peer.inject(Harness::in_dialog(peer.invite, "UPDATE", 1, "loser", "", kOffer));
  peer.sent();
  peer.inject(Harness::response(peer.invite, "200 OK", "winner", "", kSdp));
  const auto sent = peer.sent();
  ASSERT_EQ(sent.size(), 2U);
  EXPECT_TRUE(sent[0].is("SIP/2.0 487 "));
  peer.ua.bye(peer.call, {}, peer.now);
  peer.expect_nothing_left();
}

// --- as callee ------------------------------------------------------------------------------------------

struct Callee : Harness {
  explicit Callee(std::string_view headers = "Supported: 100rel\n", std::string_view sdp = kSdp,
                  std::optional<CallPolicy> policy = {}) {
    inject(request("INVITE", "z9hG4bKinv", {}, 1, headers, sdp));
    call = event<IncomingCall>().call;
    sent();
    if (policy) ua.set_policy(call, *policy);
  }
  Sent ring(int status = 180, std::string_view sdp = {}) {
    ua.provisional(call, status, sdp, {}, now);
    return one();
  }
  void prack(const Sent& response, int cseq, std::string_view sdp = {}) {
    const std::string rack =
        "RAck: " + response.value(HeaderId::rseq) + " " + response.value(HeaderId::cseq) + "\n";
    inject(request("PRACK", "z9hG4bKp" + std::to_string(cseq), response.to_tag(), cseq, rack, sdp));
  }
  SipCall call;
};

TEST(UserAgentReliable, RepeatsAProvisionalResponseUntilItsPrack) {
  Callee peer;
  const Sent ringing = peer.ring(183, kSdp);
  EXPECT_EQ(ringing.value(HeaderId::require), "100rel");
  EXPECT_GE(std::stoul(ringing.value(HeaderId::rseq)), 1U);
  EXPECT_LT(std::stoul(ringing.value(HeaderId::rseq)), 1U << 31U);
  EXPECT_EQ(ringing.message().body(), kSdp);
  peer.pass(15500ms);  // at 0.5, 1.5, 3.5, 7.5 and 15.5 seconds: no T2 here
  EXPECT_EQ(peer.sent().size(), 5U);
  peer.prack(ringing, 2);
  EXPECT_TRUE(peer.one().is("SIP/2.0 200 OK\r\n"));
  peer.pass(60s);
  EXPECT_TRUE(peer.sent().empty());
  EXPECT_TRUE(peer.events().empty());
}

TEST(UserAgentReliable, EndsTheInviteWith504WhenThePrackIsMissing) {
  Callee peer;
  peer.ring();
  peer.pass(32s);
  EXPECT_EQ(peer.event<PrackMissing>().call, peer.call);
  EXPECT_TRUE(peer.sent().back().is("SIP/2.0 504 "));
  peer.expect_nothing_left();
}

TEST(UserAgentReliable, SendsOneAtATime) {
  Callee peer;
  const Sent first = peer.ring(180);
  peer.ua.provisional(peer.call, 183, kSdp, {}, peer.now);
  peer.ua.provisional(peer.call, 182, "", {}, peer.now);
  EXPECT_TRUE(peer.sent().empty());
  peer.prack(first, 2);
  auto sent = peer.sent();
  ASSERT_EQ(sent.size(), 2U);
  EXPECT_TRUE(sent[1].is("SIP/2.0 183 "));
  EXPECT_EQ(std::stoul(sent[1].value(HeaderId::rseq)), std::stoul(first.value(HeaderId::rseq)) + 1);
  peer.prack(sent[1], 3);
  sent = peer.sent();
  ASSERT_EQ(sent.size(), 2U);
  EXPECT_TRUE(sent[1].is("SIP/2.0 182 "));
}

TEST(UserAgentReliable, AnAnswerIsGivenOnce) {
  Callee peer;
  const Sent first = peer.ring(183, kSdp);
  peer.prack(first, 2);
  peer.sent();
  EXPECT_TRUE(peer.ring(183, "v=0\r\no=another\r\n").message().body().empty());
  peer.ua.answer(peer.call, "v=0\r\no=another\r\n", {}, peer.now);
  EXPECT_TRUE(peer.one().message().body().empty());
}

TEST(UserAgentReliable, The2xxWaitsForThePrackOfSdp) {
  Callee peer;
  const Sent progress = peer.ring(183, kSdp);
  peer.ua.answer(peer.call, kSdp, {{"X-Held", "yes"}}, peer.now);
  EXPECT_TRUE(peer.sent().empty());
  peer.ua.provisional(peer.call, 180, "", {}, peer.now);  // overtaken by the answer
  peer.prack(progress, 2);
  const auto sent = peer.sent();
  ASSERT_EQ(sent.size(), 2U);
  EXPECT_TRUE(sent[0].is("SIP/2.0 200 OK\r\n"));
  EXPECT_TRUE(sent[1].is("SIP/2.0 200 OK\r\n"));
  EXPECT_EQ(sent[1].value(HeaderId::cseq), "1 INVITE");
  EXPECT_TRUE(sent[1].has("X-Held: yes\r\n"));
  peer.inject(Harness::request("ACK", "z9hG4bKack", sent[1].to_tag()));
  peer.event<AckReceived>();
}

TEST(UserAgentReliable, The2xxDoesNotWaitForThePrackOfAnEmptyOne) {
  Callee peer;
  const Sent ringing = peer.ring();
  peer.ua.answer(peer.call, kSdp, {}, peer.now);
  const Sent ok = peer.one();
  EXPECT_TRUE(ok.is("SIP/2.0 200 OK\r\n"));
  EXPECT_EQ(ok.message().body(), kSdp);
  peer.prack(ringing, 2);  // RFC 3262 3: still to be expected
  EXPECT_TRUE(peer.one().is("SIP/2.0 200 OK\r\n"));
  peer.inject(Harness::request("ACK", "z9hG4bKack", ok.to_tag()));
  peer.event<AckReceived>();
  peer.pass(60s);
  EXPECT_TRUE(peer.sent().empty());
}

TEST(UserAgentReliable, AHeldAnswerIsForgottenWhenTheCallerCancels) {
  Callee peer;
  peer.ring(183, kSdp);
  peer.ua.answer(peer.call, kSdp, {}, peer.now);
  peer.inject(Harness::request("CANCEL", "z9hG4bKinv"));
  peer.event<CancelReceived>();
  EXPECT_TRUE(peer.sent().back().is("SIP/2.0 487 "));
  peer.expect_nothing_left();
}

TEST(UserAgentReliable, AHeldAnswerIsARefusalWhenWeHangUp) {
  Callee peer;
  peer.ring(183, kSdp);
  peer.ua.answer(peer.call, kSdp, {}, peer.now);
  peer.ua.bye(peer.call, {}, peer.now);
  EXPECT_TRUE(peer.one().is("SIP/2.0 480 "));
  peer.expect_nothing_left();
}

TEST(UserAgentReliable, APrackForAnUnknownResponseGets481) {
  Callee peer;
  const Sent ringing = peer.ring();
  const auto prack = [&](int cseq, const std::string& rack) {
    peer.inject(Harness::request("PRACK", "z9hG4bKx" + std::to_string(cseq), ringing.to_tag(), cseq,
                                 "RAck: " + rack + "\n"));
    return peer.one();
  };
  const std::string rseq = ringing.value(HeaderId::rseq);
  EXPECT_TRUE(prack(2, "1 1 INVITE").is("SIP/2.0 481 "));
  EXPECT_TRUE(prack(3, rseq + " 2 INVITE").is("SIP/2.0 481 "));
  EXPECT_TRUE(prack(4, rseq + " 1 UPDATE").is("SIP/2.0 481 "));
  EXPECT_TRUE(prack(5, rseq).is("SIP/2.0 400 "));
  EXPECT_TRUE(prack(6, "99999999999 1 INVITE").is("SIP/2.0 400 "));
  EXPECT_TRUE(prack(9, "0 1 INVITE").is("SIP/2.0 481 "));  // RFC 3262 7.1: no response has it
  EXPECT_TRUE(prack(10, rseq + " 1 INVITE").is("SIP/2.0 200 "));
  EXPECT_TRUE(prack(11, rseq + " 1 INVITE").is("SIP/2.0 481 "));  // once is enough
  peer.inject(Harness::request("PRACK", "z9hG4bKout", "", 1, "RAck: 1 1 INVITE\n"));
  EXPECT_TRUE(peer.one().is("SIP/2.0 481 "));
}

TEST(UserAgentReliable, AnOfferInAProvisionalResponseIsAnsweredInItsPrack) {
  Callee peer("Supported: 100rel\n", {});
  const Sent progress = peer.ring(183, kOffer);
  EXPECT_EQ(progress.message().body(), kOffer);
  peer.prack(progress, 2, kAnswer);
  EXPECT_TRUE(peer.one().is("SIP/2.0 200 OK\r\n"));
  const auto answered = peer.event<OfferAnswered>();
  EXPECT_EQ(answered.status, 200);
  EXPECT_EQ(answered.sdp, kAnswer);
  peer.ua.answer(peer.call, kOffer, {}, peer.now);
  const Sent ok = peer.one();
  EXPECT_TRUE(ok.message().body().empty());
  peer.inject(Harness::request("ACK", "z9hG4bKack", ok.to_tag(), 1, "", kAnswer));
  EXPECT_TRUE(peer.event<AckReceived>().sdp.empty());
}

TEST(UserAgentReliable, AnOfferInAPrackIsAnsweredByTheCore) {
  Callee peer;
  const Sent progress = peer.ring(183, kSdp);
  peer.prack(progress, 2, kOffer);
  EXPECT_TRUE(peer.sent().empty());
  EXPECT_EQ(peer.event<OfferReceived>().via, OfferVia::prack);
  peer.ua.answer(peer.call, kSdp, {}, peer.now);  // waits for that
  EXPECT_TRUE(peer.sent().empty());
  peer.ua.accept_offer(peer.call, kAnswer, peer.now);
  const auto sent = peer.sent();
  ASSERT_EQ(sent.size(), 2U);
  EXPECT_EQ(sent[0].value(HeaderId::cseq), "2 PRACK");
  EXPECT_EQ(sent[0].message().body(), kAnswer);
  EXPECT_EQ(sent[1].value(HeaderId::cseq), "1 INVITE");
}

TEST(UserAgentReliable, OurOfferBeforeTheAnswerIsAnUpdateBehindThePrack) {
  Callee peer("Supported: 100rel\nAllow: INVITE, UPDATE, PRACK\n");
  const Sent progress = peer.ring(183, kSdp);
  peer.ua.offer(peer.call, kOffer, peer.now);
  EXPECT_TRUE(peer.sent().empty());
  peer.prack(progress, 2);
  const auto sent = peer.sent();
  ASSERT_EQ(sent.size(), 2U);
  EXPECT_TRUE(sent[1].is("UPDATE sip:bob@192.0.2.9:5060 SIP/2.0\r\n"));
  peer.ua.answer(peer.call, kSdp, {}, peer.now);
  EXPECT_TRUE(peer.sent().empty());  // until the UPDATE is answered
  peer.inject(Harness::response(sent[1], "200 OK", "", "", kAnswer));
  EXPECT_EQ(peer.event<OfferAnswered>().sdp, kAnswer);
  EXPECT_TRUE(peer.one().is("SIP/2.0 200 OK\r\n"));
}

TEST(UserAgentReliable, WithoutSupportResponsesAreNotReliable) {
  Callee peer("");
  const Sent ringing = peer.ring(183, kSdp);
  EXPECT_FALSE(ringing.message().has(HeaderId::rseq));
  EXPECT_EQ(ringing.message().body(), kSdp);
  peer.pass(32s);
  EXPECT_TRUE(peer.events().empty());
}

TEST(UserAgentReliable, WithoutAnOfferUnreliableResponsesHaveNoSdp) {
  Callee peer("", {});
  EXPECT_TRUE(peer.ring(183, kSdp).message().body().empty());
}

TEST(UserAgentReliable, ALongRingingIsRefreshedWithANumberOfItsOwn) {
  Callee peer;
  const Sent ringing = peer.ring();
  peer.prack(ringing, 2);
  peer.sent();
  peer.pass(149s);
  EXPECT_TRUE(peer.sent().empty());
  peer.pass(1s);
  const Sent again = peer.one();
  EXPECT_TRUE(again.is("SIP/2.0 180 "));
  EXPECT_EQ(std::stoul(again.value(HeaderId::rseq)), std::stoul(ringing.value(HeaderId::rseq)) + 1);
}

TEST(UserAgentPolicy, WithoutReliabilityARequired100relGets420) {
  Callee peer("Require: 100rel\n", kSdp, CallPolicy{.reliable = Reliable::never});
  const Sent refused = peer.one();
  EXPECT_TRUE(refused.is("SIP/2.0 420 "));
  EXPECT_EQ(refused.value(HeaderId::unsupported), "100rel");
  EXPECT_EQ(peer.event<CancelReceived>().reasons.at(0).cause, 420);
  peer.ua.answer(peer.call, kSdp, {}, peer.now);
  EXPECT_TRUE(peer.sent().empty());
  peer.expect_nothing_left();
}

TEST(UserAgentPolicy, WithRequiredReliabilityACallerWithoutItGets421) {
  Callee peer("", kSdp, CallPolicy{.reliable = Reliable::required});
  const Sent refused = peer.one();
  EXPECT_TRUE(refused.is("SIP/2.0 421 "));
  EXPECT_EQ(refused.value(HeaderId::require), "100rel");
  EXPECT_EQ(peer.event<CancelReceived>().reasons.at(0).cause, 421);
  peer.expect_nothing_left();
}

TEST(UserAgentPolicy, WithoutReliabilityASupporterIsNotBothered) {
  Callee peer("Supported: 100rel\n", kSdp, CallPolicy{.reliable = Reliable::never});
  EXPECT_FALSE(peer.ring().message().has(HeaderId::rseq));
}

// --- early dialogs --------------------------------------------------------------------------------------

TEST(UserAgentFork, AnEarlyDialogEndsWith199AndStaysEnded) {
  Caller peer;
  peer.inject(Harness::response(peer.invite, "183 Session Progress", "one", "", kSdp));
  peer.event<ProvisionalReceived>();
  peer.inject(
      Harness::response(peer.invite, "199 Early Dialog Terminated", "one", "Reason: SIP;cause=486\n"));
  const auto ended = peer.event<EarlyDialogEnded>();
  EXPECT_EQ(ended.early_dialog, "one");
  ASSERT_EQ(ended.reasons.size(), 1U);
  EXPECT_EQ(ended.reasons[0].cause, 486);
  peer.inject(Harness::response(peer.invite, "183 Session Progress", "one", "", kSdp));  // overtaken
  peer.inject(Harness::response(peer.invite, "199 Early Dialog Terminated", "one"));
  EXPECT_TRUE(peer.events().empty());
  peer.inject(Harness::in_dialog(peer.invite, "UPDATE", 1, "one"));
  EXPECT_TRUE(peer.one().is("SIP/2.0 481 "));
  peer.inject(Harness::response(peer.invite, "200 OK", "two", "", kSdp));
  EXPECT_EQ(peer.event<AnswerReceived>().early_dialog, "two");
}

TEST(UserAgentFork, EachBranchHasItsOwnTargetRouteAndSdp) {
  Caller peer;
  const auto progress = [&](std::string_view tag, std::string_view host, int rseq) {
    std::string text = Harness::response(peer.invite, "183 Session Progress", tag,
                                         "Require: 100rel\nRSeq: " + std::to_string(rseq) + "\n", kSdp);
    const std::string_view contact = "<sip:peer@192.0.2.9:5060>";
    peer.inject(text.replace(text.find(contact), contact.size(), "<sip:peer@" + std::string(host) + ">"));
    return peer.one();
  };
  EXPECT_EQ(progress("one", "192.0.2.41:5061", 3).flow.remote, address_of("192.0.2.41:5061"));
  EXPECT_EQ(progress("two", "192.0.2.42:5062", 3).flow.remote, address_of("192.0.2.42:5062"));
  EXPECT_EQ(progress("one", "192.0.2.43:5063", 4).flow.remote, address_of("192.0.2.43:5063"));
}

}  // namespace
}  // namespace tandem::sip
