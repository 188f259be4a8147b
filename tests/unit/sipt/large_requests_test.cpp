// Requests beyond 1300 octets go by TCP, and by UDP after all when that is refused (RFC 3261 18.1.1).
#include "sipt/large_requests.h"

#include "user_agent_harness.h"

namespace tandem::sip {
namespace {

using namespace std::chrono_literals;

InviteInfo large_call(std::size_t padding = 1300) {
  InviteInfo info = Harness::call_to_peer();
  info.extra.push_back({"X-Padding", std::string(padding, 'x')});
  return info;
}

/// How a TCP connection that could not be opened is reported.
Flow unopened(const Flow& flow) {
  Flow closed = flow;
  closed.connection = 0;
  return closed;
}

TEST(LargeRequest, GoesByTcpWithTheViaOfTcp) {
  Harness peer;
  peer.ua.invite(large_call(), udp_flow(), peer.now);
  const Sent invite = peer.one();
  EXPECT_EQ(invite.flow.transport, Transport::tcp);
  EXPECT_EQ(invite.flow.remote, udp_flow().remote);
  EXPECT_EQ(invite.flow.connection, 0U);
  EXPECT_TRUE(invite.value(HeaderId::via).starts_with("SIP/2.0/TCP 192.0.2.1:5060;branch=z9hG4bK"));
  Flow answering = invite.flow;
  answering.connection = 3;
  peer.inject(Harness::response(invite, "200 OK", "peer", "", kSdp), answering);
  peer.event<AnswerReceived>();
  EXPECT_TRUE(peer.one().is("ACK "));
}

TEST(LargeRequest, TheLimitIs1300Octets) {
  Harness peer;
  peer.ua.invite(large_call(1), udp_flow(), peer.now);
  const std::size_t rest = peer.one().text.size() - 1;
  peer.ua.invite(large_call(kMaxDatagramRequest - rest), udp_flow(), peer.now);
  Sent invite = peer.one();
  EXPECT_EQ(invite.text.size(), kMaxDatagramRequest);
  EXPECT_EQ(invite.flow.transport, Transport::udp);
  peer.ua.invite(large_call(kMaxDatagramRequest - rest + 1), udp_flow(), peer.now);
  invite = peer.one();
  EXPECT_EQ(invite.text.size(), kMaxDatagramRequest + 1);
  EXPECT_EQ(invite.flow.transport, Transport::tcp);
}

TEST(LargeRequest, GoesByUdpAfterAllWhenTcpIsRefused) {
  Harness peer;
  const SipCall call = peer.ua.invite(large_call(), udp_flow(), peer.now);
  const Sent first = peer.one();
  peer.pass(4s);
  peer.ua.handle_closed(unopened(first.flow), peer.now);
  const Sent second = peer.one();
  EXPECT_EQ(second.flow, udp_flow());
  EXPECT_TRUE(second.value(HeaderId::via).starts_with("SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK"));
  EXPECT_EQ(second.branch(), first.branch());
  EXPECT_TRUE(peer.events().empty());
  peer.pass(600ms);
  EXPECT_EQ(peer.one().text, second.text);  // UDP is not reliable
  peer.inject(Harness::response(second, "486 Busy Here"));
  EXPECT_EQ(peer.event<FailureReceived>().call, call);
  EXPECT_TRUE(peer.one().has("ACK sip:3000@192.0.2.9 SIP/2.0\r\nVia: SIP/2.0/UDP "));
  peer.expect_nothing_left();
}

TEST(LargeRequest, APeerThatRefusedTcpIsNotAskedAgainForAWhile) {
  Harness peer;
  peer.ua.invite(large_call(), udp_flow(), peer.now);
  peer.ua.handle_closed(unopened(peer.one().flow), peer.now);
  peer.sent();
  peer.ua.invite(large_call(), udp_flow(), peer.now);
  EXPECT_EQ(peer.one().flow.transport, Transport::udp);
  Flow other = udp_flow();
  other.remote = address_of("192.0.2.77:5060");
  peer.ua.invite(large_call(), other, peer.now);
  EXPECT_EQ(peer.one().flow.transport, Transport::tcp);
  peer.pass(kTcpRefusalMemory);
  peer.sent();
  peer.ua.invite(large_call(), udp_flow(), peer.now);
  EXPECT_EQ(peer.one().flow.transport, Transport::tcp);
}

TEST(LargeRequest, AConnectionThatIsLostAfterAResponseFailsTheCall) {
  Harness peer;
  peer.ua.invite(large_call(), udp_flow(), peer.now);
  const Sent invite = peer.one();
  Flow open = invite.flow;
  open.connection = 3;
  peer.inject(Harness::response(invite, "180 Ringing"), open);
  peer.event<ProvisionalReceived>();
  peer.ua.handle_closed(open, peer.now);
  EXPECT_EQ(peer.event<FailureReceived>().status, 503);
  EXPECT_TRUE(peer.sent().empty());
  peer.expect_nothing_left();
}

TEST(LargeRequest, ItsCancelTakesTheSameWay) {
  Harness peer;
  const SipCall call = peer.ua.invite(large_call(), udp_flow(), peer.now);
  const Sent invite = peer.one();
  Flow open = invite.flow;
  open.connection = 3;
  peer.inject(Harness::response(invite, "180 Ringing"), open);
  peer.event<ProvisionalReceived>();
  peer.ua.cancel(call, {}, peer.now);
  const Sent cancel = peer.one();
  EXPECT_EQ(cancel.flow, open);
  EXPECT_EQ(cancel.value(HeaderId::via), invite.value(HeaderId::via));
}

TEST(LargeRequest, StaysOnUdpWithoutATcpListener) {
  UserAgentConfig config = config_of_tests();
  config.listen.pop_back();
  Harness peer(config);
  peer.ua.invite(large_call(), udp_flow(), peer.now);
  EXPECT_EQ(peer.one().flow, udp_flow());
}

TEST(LargeRequest, LeavesFromAListenerOfItsAddressFamily) {
  UserAgentConfig config = config_of_tests();
  config.listen.push_back({Transport::udp, address_of("[2001:db8::1]:5060")});
  Harness without(config);
  Flow six{Transport::udp, address_of("[2001:db8::1]:5060"), address_of("[2001:db8::9]:5060"), 0};
  without.ua.invite(large_call(), six, without.now);
  EXPECT_EQ(without.one().flow, six);
  config.listen.push_back({Transport::tcp, address_of("[2001:db8::1]:5070")});
  Harness with(config);
  with.ua.invite(large_call(), six, with.now);
  const Sent invite = with.one();
  EXPECT_EQ(invite.flow.local, address_of("[2001:db8::1]:5070"));
  EXPECT_TRUE(invite.value(HeaderId::via).starts_with("SIP/2.0/TCP [2001:db8::1]:5070;"));
  with.ua.handle_closed(unopened(invite.flow), with.now);
  const Sent again = with.one();
  EXPECT_EQ(again.flow, six);
  EXPECT_TRUE(again.value(HeaderId::via).starts_with("SIP/2.0/UDP [2001:db8::1]:5060;"));
}

TEST(LargeRequest, RefusalsThatAreRememberedHaveALimit) {
  LargeRequests large(config_of_tests().listen);
  const std::string text =
      Harness::request("OPTIONS", "z9hG4bKo", {}, 1, "X: " + std::string(1300, 'x') + "\n");
  Flow flow = udp_flow();
  for (std::uint16_t port = 1; port <= 10 * kMaxTcpRefusals; ++port) {
    flow.remote.port = port;
    static_cast<void>(large.restore(to_octets(text), flow, Time{}));
  }
  Octets request = to_octets(text);
  EXPECT_FALSE(large.divert(flow, request, Time{}));  // the last one is known
  EXPECT_EQ(as_text(request), text);
  flow.remote.port = 1;  // the first is forgotten
  EXPECT_TRUE(large.divert(flow, request, Time{}));
}

}  // namespace
}  // namespace tandem::sip
