// Requests that cannot be served, octets that are no SIP, limits, and connections that go away.
#include "user_agent_harness.h"

namespace tandem::sip {
namespace {

using namespace std::chrono_literals;

std::string without(std::string text, std::string_view header) {
  const auto at = text.find(header);
  EXPECT_NE(at, std::string::npos);
  return text.erase(at, text.find("\r\n", at) + 2 - at);
}

std::string replaced(std::string text, std::string_view what, std::string_view with) {
  const auto at = text.find(what);
  EXPECT_NE(at, std::string::npos);
  return text.replace(at, what.size(), with);
}

/// What an INVITE gets at once, and that it leaves nothing.
Sent refused(const std::string& invite) {
  Harness peer;
  peer.inject(invite);
  const Sent answer = peer.one();
  EXPECT_FALSE(answer.to_tag().empty());
  for (const Event& event : peer.events()) EXPECT_TRUE(std::holds_alternative<Rejected>(event));
  peer.expect_nothing_left();
  return answer;
}

TEST(UserAgentRefusal, NamesTheHeaderThatIsMissing) {
  EXPECT_TRUE(refused(without(Harness::invite(), "Contact:")).is("SIP/2.0 400 Missing Contact\r\n"));
  const Sent no_limit = refused(replaced(Harness::invite(), "Max-Forwards: 70", "Max-Forwards: x"));
  EXPECT_TRUE(no_limit.is("SIP/2.0 400 "));
  EXPECT_TRUE(no_limit.has("Max-Forwards"));
  EXPECT_TRUE(refused(replaced(Harness::invite(), "1 INVITE", "1 BYE")).has("400 "));
}

TEST(UserAgentRefusal, IsSilentWhereNoResponseIsPossible) {
  Harness peer;
  peer.inject(without(Harness::invite(), "Via:"));
  peer.inject("\r\n\r\n");
  peer.inject(std::string_view("\0\0\0\0", 4));
  peer.inject("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  peer.inject(std::string(70000, 'x'));
  peer.inject("SIP/2.0 200 OK\r\n\r\n");
  EXPECT_TRUE(peer.sent().empty());
  for (const Event& event : peer.events()) EXPECT_TRUE(std::holds_alternative<Rejected>(event));
  peer.expect_nothing_left();
}

TEST(UserAgentRefusal, DropsWhatIsLongerThanConfigured) {
  UserAgentConfig config = config_of_tests();
  config.max_message = 600;
  Harness peer(config);
  peer.inject(Harness::request("OPTIONS", "z9hG4bKo1", {}, 1, "X: " + std::string(600, 'x') + "\n"));
  EXPECT_TRUE(peer.sent().empty());
  peer.event<Rejected>();
  peer.inject(Harness::request("OPTIONS", "z9hG4bKo2"));
  EXPECT_TRUE(peer.one().is("SIP/2.0 200 OK\r\n"));
}

TEST(UserAgentRefusal, Answers420WithEachExtensionThatIsRequired) {
  const Sent answer = refused(Harness::invite("z9hG4bKinv", "Require: 100rel, precondition\n"));
  EXPECT_TRUE(answer.is("SIP/2.0 420 "));
  EXPECT_EQ(answer.value(HeaderId::unsupported), "100rel, precondition");
}

TEST(UserAgentRefusal, Answers415ForABodyItDoesNotUnderstand) {
  const Sent answer = refused(replaced(Harness::invite(), "application/sdp", "application/isup"));
  EXPECT_TRUE(answer.is("SIP/2.0 415 "));
  EXPECT_EQ(answer.value(HeaderId::accept), "application/sdp");
  const Sent packed = refused(Harness::invite("z9hG4bKinv", "Content-Encoding: gzip\n"));
  EXPECT_TRUE(packed.is("SIP/2.0 415 "));
  EXPECT_EQ(packed.value(HeaderId::accept_encoding), "identity");
}

TEST(UserAgentRefusal, PassesOverABodyThatIsOptional) {
  Harness peer;
  peer.inject(replaced(Harness::invite("z9hG4bKinv", "Content-Disposition: render;handling=optional\n"),
                       "application/sdp", "text/html"));
  EXPECT_TRUE(peer.event<IncomingCall>().info.sdp.empty());
}

TEST(UserAgentRefusal, Answers405ForWhatItKnowsAnd501ForWhatNobodyKnows) {
  Harness peer;
  peer.inject(Harness::request("SUBSCRIBE", "z9hG4bKsub"));
  const Sent known = peer.one();
  EXPECT_TRUE(known.is("SIP/2.0 405 "));
  EXPECT_EQ(known.value(HeaderId::allow), "INVITE, ACK, BYE, CANCEL, OPTIONS");
  peer.inject(Harness::request("DANCE", "z9hG4bKdance"));
  EXPECT_TRUE(peer.one().is("SIP/2.0 501 "));
  peer.expect_nothing_left();
}

TEST(UserAgentRefusal, Answers416ForASchemeThatIsNotSip) {
  EXPECT_TRUE(refused(replaced(Harness::invite(), "INVITE sip:1000@192.0.2.1", "INVITE http://192.0.2.1/"))
                  .is("SIP/2.0 416 "));
}

TEST(UserAgentRefusal, Answers482ForARequestThatCameTwoWays) {
  Harness peer;
  peer.inject(Harness::invite("z9hG4bKone"));
  peer.sent();
  peer.event<IncomingCall>();
  peer.inject(Harness::invite("z9hG4bKtwo"));
  EXPECT_TRUE(peer.one().is("SIP/2.0 482 "));
  EXPECT_TRUE(peer.events().empty());
}

TEST(UserAgentRefusal, AnswersTheSameToARetransmission) {
  Harness peer;
  const std::string bad = replaced(Harness::invite(), "Max-Forwards: 70", "Max-Forwards: x");
  peer.inject(bad);
  const Sent first = peer.one();
  peer.inject(bad);
  EXPECT_EQ(peer.one().text, first.text);
  EXPECT_EQ(peer.ua.usage().transactions, 0U);
}

TEST(UserAgentRefusal, Answers503WithoutATransactionWhenThereAreTooMany) {
  UserAgentConfig config = config_of_tests();
  config.max_transactions = 3;
  Harness peer(config);
  for (int i = 0; i < 3; ++i) {
    peer.inject(
        replaced(Harness::invite("z9hG4bK" + std::to_string(i)), "c1@", "c" + std::to_string(i) + "@"));
    peer.event<IncomingCall>();
  }
  peer.sent();
  peer.inject(replaced(Harness::invite("z9hG4bKmore"), "c1@", "cx@"));
  const Sent full = peer.one();
  EXPECT_TRUE(full.is("SIP/2.0 503 "));
  EXPECT_GE(full.message().retry_after().value(), 1U);
  EXPECT_EQ(peer.ua.usage().transactions, 3U);
  peer.ua.invite(Harness::call_to_peer(), udp_flow(), peer.now);
  EXPECT_EQ(peer.event<FailureReceived>().status, 503);
  // What ends calls still goes through.
  peer.inject(Harness::request("CANCEL", "z9hG4bK1"));
  const auto sent = peer.sent();
  ASSERT_EQ(sent.size(), 2U);
  EXPECT_TRUE(sent[0].is("SIP/2.0 200 OK\r\n"));
  EXPECT_TRUE(sent[1].is("SIP/2.0 487 "));
  peer.event<CancelReceived>();
}

TEST(UserAgentResponse, GoesWhereRportOrViaSay) {
  Harness peer;
  Flow nat = udp_flow();
  nat.remote = address_of("203.0.113.5:61000");
  peer.inject(Harness::request("OPTIONS", "z9hG4bKo1"), nat);
  EXPECT_EQ(peer.one().flow.remote, nat.remote);
  peer.inject(replaced(Harness::request("OPTIONS", "z9hG4bKo2"), ";rport", ""), nat);
  EXPECT_EQ(peer.one().flow.remote, address_of("203.0.113.5:5060"));
}

TEST(UserAgentResponse, ThatMatchesNothingIsDropped) {
  Harness peer;
  peer.ua.invite(Harness::call_to_peer(), udp_flow(), peer.now);
  const Sent invite = peer.one();
  std::string other = Harness::response(invite, "200 OK");
  peer.inject(replaced(other, invite.branch(), "z9hG4bKguess"));
  peer.inject(replaced(other, "1 INVITE", "1 BYE"));
  peer.inject(replaced(other, "192.0.2.1:5060;", "192.0.2.66:5060;"));  // RFC 3261 18.1.2
  EXPECT_TRUE(peer.sent().empty());
  EXPECT_TRUE(peer.events().empty());
}

TEST(UserAgentOldPeer, OfRfc2543IsMatchedWithoutTheCookie) {
  Harness peer;
  peer.inject(Harness::invite("1"));
  const SipCall call = peer.event<IncomingCall>().call;
  peer.sent();
  peer.inject(Harness::invite("1"));
  EXPECT_TRUE(peer.one().is("SIP/2.0 100 "));
  EXPECT_TRUE(peer.events().empty());
  peer.ua.reject(call, 404, "", {}, {}, peer.now);
  const Sent answer = peer.one();
  peer.inject(Harness::request("ACK", "1", answer.to_tag()));
  peer.pass(10s);
  EXPECT_TRUE(peer.sent().empty());
  peer.expect_nothing_left();
}

// --- TCP
// ----------------------------------------------------------------------------------------------------

std::string over_tcp(std::string text) {
  return replaced(std::move(text), "SIP/2.0/UDP", "SIP/2.0/TCP");
}

TEST(UserAgentTcp, TakesMessagesCutAnywhere) {
  const std::string both =
      over_tcp(Harness::invite()) + "\r\n\r\n" + over_tcp(Harness::request("OPTIONS", "z9hG4bKo"));
  for (std::size_t size = 1; size < 40; ++size) {
    Harness peer;
    for (std::size_t at = 0; at < both.size(); at += size) peer.inject(both.substr(at, size), tcp_flow(5));
    const auto sent = peer.sent();
    ASSERT_EQ(sent.size(), 3U) << size;
    EXPECT_TRUE(sent[0].is("SIP/2.0 100 "));
    EXPECT_EQ(sent[1].text, "\r\n");  // RFC 5626 4.4.1
    EXPECT_TRUE(sent[2].is("SIP/2.0 200 "));
    EXPECT_EQ(sent[0].flow, tcp_flow(5));
    peer.event<IncomingCall>();
  }
}

TEST(UserAgentTcp, ClosesAConnectionThatLostItsFraming) {
  Harness peer;
  peer.inject(without(over_tcp(Harness::invite()), "Content-Length:"), tcp_flow(5));
  const auto sent = peer.sent();
  ASSERT_EQ(sent.size(), 2U);
  EXPECT_TRUE(sent[0].is("SIP/2.0 400 "));
  EXPECT_TRUE(sent[0].has("Content-Length"));
  EXPECT_TRUE(sent[1].text.empty());
  peer.inject(over_tcp(Harness::invite()), tcp_flow(5));
  EXPECT_TRUE(peer.sent().empty());
  peer.ua.handle_closed(tcp_flow(5), peer.now);
  peer.events();
  peer.inject(over_tcp(Harness::invite()), tcp_flow(6));
  peer.event<IncomingCall>();
}

TEST(UserAgentTcp, DoesNotRetransmitButTimesOut) {
  Harness peer;
  Flow flow = tcp_flow(0);
  flow.remote = address_of("192.0.2.9:5060");
  peer.ua.invite(Harness::call_to_peer(), flow, peer.now);
  const Sent invite = peer.one();
  EXPECT_TRUE(invite.has("Via: SIP/2.0/TCP 192.0.2.1:5060;"));
  EXPECT_TRUE(invite.has("Contact: <sip:192.0.2.1:5060;transport=tcp>\r\n"));
  peer.pass(32s);
  EXPECT_TRUE(peer.sent().empty());
  EXPECT_EQ(peer.event<FailureReceived>().status, 408);
  peer.expect_nothing_left();
}

TEST(UserAgentTcp, AConnectionThatCannotBeOpenedFailsTheCallWith503) {
  Harness peer;
  Flow flow = tcp_flow(0);
  flow.remote = address_of("192.0.2.9:5060");
  const SipCall call = peer.ua.invite(Harness::call_to_peer(), flow, peer.now);
  Flow elsewhere = flow;
  elsewhere.remote = address_of("192.0.2.10:5060");
  peer.ua.handle_closed(elsewhere, peer.now);
  EXPECT_TRUE(peer.events().empty());
  peer.ua.handle_closed(flow, peer.now);
  const auto failure = peer.event<FailureReceived>();
  EXPECT_EQ(failure.call, call);
  EXPECT_EQ(failure.status, 503);
  EXPECT_FALSE(failure.timeout);
  peer.expect_nothing_left();
}

TEST(UserAgentTcp, AConnectionThatBreaksWhileRingingFailsTheCallWith503) {
  Harness peer;
  Flow flow = tcp_flow(0);
  flow.remote = address_of("192.0.2.9:5060");
  peer.ua.invite(Harness::call_to_peer(), flow, peer.now);
  Flow open = flow;
  open.connection = 9;
  peer.inject(Harness::response(peer.one(), "180 Ringing"), open);
  peer.event<ProvisionalReceived>();
  peer.ua.handle_closed(open, peer.now);
  EXPECT_EQ(peer.event<FailureReceived>().status, 503);
  peer.expect_nothing_left();
}

TEST(UserAgentTcp, AnswersOnANewConnectionWhenTheOldOneIsGoneAndTheDialogLives) {
  Harness peer;
  peer.inject(over_tcp(Harness::invite()), tcp_flow(5));
  const SipCall call = peer.event<IncomingCall>().call;
  peer.sent();
  peer.ua.handle_closed(tcp_flow(5), peer.now);
  EXPECT_TRUE(peer.events().empty());
  peer.ua.answer(call, std::string(kSdp), {}, peer.now);
  const Sent ok = peer.one();
  EXPECT_EQ(ok.flow.connection, 0U);
  EXPECT_EQ(ok.flow.remote, address_of("192.0.2.9:5060"));  // RFC 3261 18.2.2: the port of sent-by
  peer.inject(over_tcp(Harness::request("ACK", "z9hG4bKack", ok.to_tag())), tcp_flow(6));
  peer.event<AckReceived>();
  peer.ua.bye(call, {}, peer.now);
  const Sent bye = peer.one();
  EXPECT_EQ(bye.flow.transport, Transport::tcp);
  peer.inject(Harness::response(bye, "200 OK"), tcp_flow(6));
  peer.expect_nothing_left();
}

// --- hostile input
// ------------------------------------------------------------------------------------------

TEST(UserAgentHostile, MutilatedMessagesLeaveNothingBehind) {
  Harness peer;
  SeededRandom random(99);
  const std::vector<std::string> originals = {Harness::invite(), Harness::request("ACK", "z9hG4bKinv", "x"),
                                              Harness::request("BYE", "z9hG4bKbye", "x", 2),
                                              Harness::request("CANCEL", "z9hG4bKinv"),
                                              Harness::request("OPTIONS", "z9hG4bKopt")};
  for (int i = 0; i < 20000; ++i) {
    std::string text = originals[random.next() % originals.size()];
    for (std::uint64_t n = 1 + random.next() % 4; n > 0; --n)
      text[random.next() % text.size()] = static_cast<char>(random.next());
    if (random.next() % 4 == 0) text.resize(random.next() % text.size());
    peer.now += 1ms;
    peer.inject(text);
    for (const Event& event : peer.events()) {
      if (const auto* call = std::get_if<IncomingCall>(&event))
        peer.ua.reject(call->call, 404, "", {}, {}, peer.now);
    }
    peer.sent();
  }
  peer.expect_nothing_left();
}

}  // namespace
}  // namespace tandem::sip
