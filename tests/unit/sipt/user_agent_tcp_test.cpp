// Connections: framing, keep-alive, and what becomes of calls when one is lost (RFC 3261 18, RFC 5626).
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

TEST(UserAgentTcp, AMessageThatDoesNotEndCostsTheConnection) {  // RFC 4475 3.1.2.2
  Harness peer;
  const std::string text = over_tcp(Harness::invite());
  peer.inject(text.substr(0, 100), tcp_flow(5));
  peer.pass(20s);
  peer.inject(text.substr(100, 100), tcp_flow(5));  // a drop now and then does not help
  peer.pass(11s);
  EXPECT_TRUE(peer.sent().empty());
  peer.pass(2s);
  EXPECT_TRUE(peer.one().text.empty());
  peer.event<Rejected>();
  peer.inject(text.substr(200), tcp_flow(5));
  EXPECT_TRUE(peer.sent().empty());
  peer.ua.handle_closed(tcp_flow(5), peer.now);
  EXPECT_EQ(peer.ua.next_deadline(), std::nullopt);
}

TEST(UserAgentTcp, AMessageInPiecesHasTimeToEnd) {
  Harness peer;
  const std::string text = over_tcp(Harness::request("OPTIONS", "z9hG4bKo"));
  for (int i = 0; i < 3; ++i) {
    peer.inject(text.substr(0, 100), tcp_flow(5));
    peer.pass(31s);
    peer.inject(text.substr(100), tcp_flow(5));
    EXPECT_TRUE(peer.one().is("SIP/2.0 200 "));
    peer.pass(2s);
  }
  peer.pass(5min);
  EXPECT_TRUE(peer.sent().empty());
}

TEST(UserAgentTcp, ABusyConnectionMayAlwaysHoldAPieceOfTheNextMessage) {
  Harness peer;
  const auto text = [](int i) {
    return over_tcp(Harness::request("OPTIONS", "z9hG4bKo" + std::to_string(i), {}, i));
  };
  peer.inject(text(1).substr(0, 100), tcp_flow(5));
  for (int i = 1; i < 10; ++i) {
    peer.pass(20s);
    peer.inject(text(i).substr(100) + text(i + 1).substr(0, 100), tcp_flow(5));
    EXPECT_TRUE(peer.one().is("SIP/2.0 200 "));
  }
}

// --- keep-alive (RFC 5626 4.4.1) ------------------------------------------------------------------------

UserAgentConfig with_keepalive() {
  UserAgentConfig config = config_of_tests();
  config.keepalive = 30s;
  return config;
}

TEST(UserAgentKeepalive, AnIdleConnectionIsPingedAndThePongAwaited) {
  Harness peer(with_keepalive());
  peer.inject(over_tcp(Harness::request("OPTIONS", "z9hG4bKo")), tcp_flow(5));
  peer.sent();
  peer.pass(29s);
  EXPECT_TRUE(peer.sent().empty());
  peer.pass(2s);
  const Sent ping = peer.one();
  EXPECT_EQ(ping.text, "\r\n\r\n");
  EXPECT_EQ(ping.flow, tcp_flow(5));
  peer.inject("\r\n", tcp_flow(5));
  peer.pass(30s);
  EXPECT_EQ(peer.one().text, "\r\n\r\n");
  EXPECT_TRUE(peer.events().empty());
  peer.pass(9s);
  EXPECT_TRUE(peer.sent().empty());
  peer.pass(2s);
  EXPECT_TRUE(peer.one().text.empty());  // no pong: to be closed
  peer.event<Rejected>();
  peer.ua.handle_closed(tcp_flow(5), peer.now);
  peer.pass(1h);
  EXPECT_TRUE(peer.sent().empty());
}

TEST(UserAgentKeepalive, APeerThatNeverAnswersPingsKeepsItsConnection) {
  Harness peer(with_keepalive());
  peer.inject(over_tcp(Harness::request("OPTIONS", "z9hG4bKo")), tcp_flow(5));
  peer.sent();
  peer.pass(10min);
  const auto sent = peer.sent();
  EXPECT_EQ(sent.size(), 20U);
  for (const Sent& ping : sent) EXPECT_EQ(ping.text, "\r\n\r\n");
}

TEST(UserAgentKeepalive, IsNotSentWhereItIsNotConfigured) {
  Harness peer;
  peer.inject(over_tcp(Harness::request("OPTIONS", "z9hG4bKo")), tcp_flow(5));
  peer.sent();
  peer.pass(1h);
  EXPECT_TRUE(peer.sent().empty());
}

TEST(UserAgentKeepalive, IsToleratedOnUdp) {
  Harness peer;
  peer.inject("\r\n\r\n");
  peer.inject(std::string_view("\0\0\0\0", 4));
  EXPECT_TRUE(peer.sent().empty());
  EXPECT_TRUE(peer.events().empty());
}

}  // namespace
}  // namespace tandem::sip
