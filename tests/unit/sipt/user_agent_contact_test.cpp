// Where a dialog leads: Contact that is missing, cannot be read or is no SIP URI (RFC 3261 8.1.1.8, 12.1,
// 13.2.2.4).
#include "user_agent_harness.h"

namespace tandem::sip {
namespace {

using namespace std::chrono_literals;

/// The message with another Contact, whole header line; empty: with none.
std::string with_contact(std::string text, std::string_view line) {
  const auto at = text.find("Contact: ");
  const auto end = text.find("\r\n", at) + 2;
  return text.replace(at, end - at, line.empty() ? std::string() : std::string(line) + "\r\n");
}

constexpr std::string_view kUnusable[] = {
    "Contact: <sip:peer@192.0.2.9:5060",
    "Contact: <sip:peer@[::1>",
    "Contact: <>",
    "Contact: *",
    "Contact: <tel:+4930123456>",
    "Contact: tel:+4930123456",
    "Contact: <mailto:peer@example.com>",
    "Contact: <http://192.0.2.9/phone>",
    "Contact: \"peer <sip:a@192.0.2.9>",
};

// --- 2xx to INVITE --------------------------------------------------------------------------------------

struct Calling : Harness {
  Calling() {
    call = ua.invite(call_to_peer(), udp_flow(), now);
    invite = one();
  }
  void expect_thanked_and_hung_up_on() {
    const auto out = sent();
    ASSERT_EQ(out.size(), 2U);
    for (const auto& message : out) EXPECT_EQ(message.flow.remote, udp_flow().remote);
    EXPECT_TRUE(out[0].is("ACK sip:3000@192.0.2.9 SIP/2.0\r\n")) << out[0].text;
    EXPECT_TRUE(out[1].is("BYE sip:3000@192.0.2.9 SIP/2.0\r\n")) << out[1].text;
    EXPECT_EQ(out[1].to_tag(), "peer");
    EXPECT_TRUE(out[1].has("Reason: SIP;cause=400"));
    const auto all = events();
    ASSERT_EQ(all.size(), 2U);
    EXPECT_TRUE(std::holds_alternative<Rejected>(all[0]));
    EXPECT_EQ(std::get<FailureReceived>(all[1]).status, 502);
    inject(response(out[1], "200 OK", ""));
    expect_nothing_left();
  }
  SipCall call;
  Sent invite;
};

TEST(UserAgentContact, A2xxWithoutAUsableOneIsAcknowledgedAndHungUpOn) {
  for (const auto line : kUnusable) {
    SCOPED_TRACE(line);
    Calling peer;
    peer.inject(with_contact(Harness::response(peer.invite, "200 OK", "peer", "", kSdp), line));
    peer.expect_thanked_and_hung_up_on();
  }
}

TEST(UserAgentContact, A2xxWithoutAnyIsAcknowledgedAndHungUpOn) {
  Calling peer;
  peer.inject(with_contact(Harness::response(peer.invite, "200 OK", "peer", "", kSdp), ""));
  peer.expect_thanked_and_hung_up_on();
}

TEST(UserAgentContact, OfA2xxThatComesAgainIsAcknowledgedAgain) {
  Calling peer;
  const auto ok = with_contact(Harness::response(peer.invite, "200 OK", "peer", "", kSdp), kUnusable[0]);
  peer.inject(ok);
  const auto first = peer.sent();
  ASSERT_EQ(first.size(), 2U);
  peer.inject(ok);
  EXPECT_EQ(peer.one().text, first[0].text);
}

TEST(UserAgentContact, OfARfc2543PeerMayBeMissing) {
  Calling peer;
  peer.inject(with_contact(Harness::response(peer.invite, "200 OK", "", "", kSdp), ""));
  peer.event<AnswerReceived>();
  EXPECT_TRUE(peer.one().is("ACK sip:3000@192.0.2.9 "));
}

TEST(UserAgentContact, OfTheEarlyDialogHoldsWhenThe2xxHasNone) {
  Ringing peer;
  peer.inject(with_contact(Harness::response(peer.invite, "200 OK", "peer", "", kSdp), ""));
  peer.event<AnswerReceived>();
  EXPECT_TRUE(peer.one().is("ACK sip:peer@192.0.2.9:5060 "));
}

TEST(UserAgentContact, OfTheEarlyDialogIsWhereA2xxThatSpoilsItIsThanked) {
  Ringing peer;
  peer.inject(with_contact(Harness::response(peer.invite, "200 OK", "peer", "", kSdp), "Contact: <tel:1>"));
  const auto out = peer.sent();
  ASSERT_EQ(out.size(), 2U);
  EXPECT_TRUE(out[0].is("ACK sip:peer@192.0.2.9:5060 "));
  EXPECT_TRUE(out[1].is("BYE sip:peer@192.0.2.9:5060 "));
}

TEST(UserAgentContact, OfA2xxThatCrossedACancelDoesNotMatter) {
  Ringing peer;
  peer.ua.cancel(peer.call, {}, peer.now);
  peer.sent();
  peer.inject(with_contact(Harness::response(peer.invite, "200 OK", "peer", "", kSdp), "Contact: <tel:1>"));
  const auto out = peer.sent();
  ASSERT_EQ(out.size(), 2U);
  EXPECT_TRUE(out[0].is("ACK "));
  EXPECT_TRUE(out[1].is("BYE "));
  EXPECT_EQ(peer.event<FailureReceived>().status, 487);
}

TEST(UserAgentContact, OfAnotherBranchThatAnswersTooDoesNotMatter) {
  Ringing peer;
  peer.answer();
  peer.inject(with_contact(Harness::response(peer.invite, "200 OK", "other", "", kSdp), kUnusable[0]));
  const auto out = peer.sent();
  ASSERT_EQ(out.size(), 2U);
  EXPECT_TRUE(out[0].is("ACK sip:3000@192.0.2.9 "));
  EXPECT_TRUE(out[1].is("BYE sip:3000@192.0.2.9 "));
  EXPECT_TRUE(peer.events().empty());
}

TEST(UserAgentContact, OfARefusalThatCannotBeReadIsNoReasonToPassItOver) {
  Calling peer;
  peer.inject(with_contact(Harness::response(peer.invite, "302 Moved Temporarily"), kUnusable[0]));
  EXPECT_TRUE(peer.one().is("ACK "));
  const auto failure = peer.event<FailureReceived>();
  EXPECT_EQ(failure.status, 302);
  EXPECT_TRUE(failure.contacts.empty());
}

TEST(UserAgentContact, OfA2xxToAReinviteThatIsUnusableLeavesTheTargetAsItWas) {
  Ringing peer;
  peer.answer();
  peer.ua.offer(peer.call, kSdp, peer.now);
  const Sent reinvite = peer.one();
  peer.inject(with_contact(Harness::response(reinvite, "200 OK", "", "", kSdp), "Contact: <tel:+49301>"));
  EXPECT_TRUE(peer.one().is("ACK sip:peer@192.0.2.9:5060 "));
  peer.event<OfferAnswered>();
  peer.ua.bye(peer.call, {}, peer.now);
  EXPECT_TRUE(peer.one().is("BYE sip:peer@192.0.2.9:5060 "));
}

// --- requests -------------------------------------------------------------------------------------------

TEST(UserAgentContact, ThatIsNoSipUriMakesAnInviteABadRequest) {
  for (const auto line : kUnusable) {
    SCOPED_TRACE(line);
    Harness peer;
    peer.inject(with_contact(Harness::invite(), line));
    EXPECT_TRUE(peer.one().is("SIP/2.0 400 Bad Contact"));
    for (const auto& event : peer.events()) EXPECT_TRUE(std::holds_alternative<Rejected>(event));
    peer.expect_nothing_left();
  }
}

TEST(UserAgentContact, ARfc2543CallerWhoseFromLeadsNowhereIsRefused) {
  auto text = with_contact(Harness::invite("1"), "");
  const auto from = text.find("<sip:2000@192.0.2.9>");
  text.replace(from, std::string_view("<sip:2000@192.0.2.9>").size(), "<tel:+49302000>");
  Harness peer;
  peer.inject(text);
  EXPECT_TRUE(peer.one().is("SIP/2.0 400 Missing Contact"));
}

TEST(UserAgentContact, ThatIsNoSipUriIsNoNewTarget) {
  Answered peer;
  peer.ack();
  for (const std::string_view method : {"INVITE", "UPDATE"}) {
    const int cseq = method == "INVITE" ? 2 : 3;
    const auto request =
        Harness::request(method, "z9hG4bK" + std::string(method), peer.ok.to_tag(), cseq, "", kSdp);
    peer.inject(with_contact(request, "Contact: <tel:+49301>"));
    EXPECT_TRUE(peer.one().is("SIP/2.0 400 Bad Contact")) << method;
  }
  EXPECT_TRUE(peer.events().empty());
  peer.ua.bye(peer.call, {}, peer.now);
  EXPECT_TRUE(peer.sent().back().is("BYE sip:bob@192.0.2.9:5060 "));
}

}  // namespace
}  // namespace tandem::sip
