// Calls that go as they should.
#include "user_agent_harness.h"

namespace tandem::sip {
namespace {

using namespace std::chrono_literals;

TEST(UserAgentCallee, AnswersAnInviteAndIsHungUpOn) {
  Harness peer;
  peer.inject(Harness::invite());
  const Sent trying = peer.one();
  EXPECT_TRUE(trying.is("SIP/2.0 100 Trying\r\n"));
  EXPECT_TRUE(trying.to_tag().empty());
  EXPECT_TRUE(trying.has("received=192.0.2.9"));
  EXPECT_TRUE(trying.has("rport=5060"));
  const auto incoming = peer.event<IncomingCall>();
  EXPECT_EQ(incoming.info.request_uri.user, "1000");
  EXPECT_EQ(incoming.info.from.display, "Bob");
  EXPECT_EQ(incoming.info.sdp, kSdp);
  EXPECT_EQ(incoming.info.call_id, "c1@192.0.2.9");
  EXPECT_EQ(peer.ua.call_id(incoming.call), "c1@192.0.2.9");

  peer.ua.provisional(incoming.call, 180, "", {}, peer.now);
  const Sent ringing = peer.one();
  EXPECT_TRUE(ringing.is("SIP/2.0 180 Ringing\r\n"));
  EXPECT_FALSE(ringing.to_tag().empty());
  EXPECT_EQ(ringing.value(HeaderId::contact), "<sip:192.0.2.1:5060>");

  peer.ua.answer(incoming.call, std::string(kSdp), {{"P-Asserted-Identity", "<sip:1000@192.0.2.1>"}},
                 peer.now);
  const Sent ok = peer.one();
  EXPECT_TRUE(ok.is("SIP/2.0 200 OK\r\n"));
  EXPECT_EQ(ok.to_tag(), ringing.to_tag());
  EXPECT_EQ(ok.message().body(), kSdp);
  EXPECT_EQ(ok.value(HeaderId::content_type), "application/sdp");
  EXPECT_TRUE(ok.has("P-Asserted-Identity: <sip:1000@192.0.2.1>\r\n"));
  EXPECT_EQ(ok.value(HeaderId::server), "Tandem");

  peer.inject(Harness::request("ACK", "z9hG4bKack", ok.to_tag()));
  EXPECT_EQ(peer.event<AckReceived>().call, incoming.call);
  peer.pass(2s);
  EXPECT_TRUE(peer.sent().empty());

  peer.inject(Harness::request("BYE", "z9hG4bKbye", ok.to_tag(), 2, "Reason: Q.850;cause=16;text=\"bye\"\n"));
  EXPECT_TRUE(peer.one().is("SIP/2.0 200 OK\r\n"));
  const auto bye = peer.event<ByeReceived>();
  ASSERT_EQ(bye.reasons.size(), 1U);
  EXPECT_EQ(bye.reasons[0].cause, 16);
  peer.expect_nothing_left();
}

TEST(UserAgentCallee, HangsUpWithAReasonInTheDialog) {
  Harness peer;
  peer.inject(Harness::invite("z9hG4bKinv",
                              "Record-Route: <sip:192.0.2.30;lr>\nRecord-Route: <sip:192.0.2.31;lr>\n"));
  const auto incoming = peer.event<IncomingCall>();
  peer.ua.answer(incoming.call, std::string(kSdp), {}, peer.now);
  const auto sent = peer.sent();
  const Sent& ok = sent.back();
  EXPECT_EQ(ok.message().count(HeaderId::record_route), 2U);
  peer.inject(Harness::request("ACK", "z9hG4bKack", ok.to_tag()));
  peer.event<AckReceived>();

  peer.ua.bye(incoming.call, {{.protocol = "Q.850", .cause = 16, .text = "Terminated", .location = {}}},
              peer.now);
  const Sent bye = peer.one();
  EXPECT_TRUE(bye.is("BYE sip:bob@192.0.2.9:5060 SIP/2.0\r\n"));
  EXPECT_EQ(bye.flow.remote, address_of("192.0.2.30:5060"));  // the first route, as they came
  EXPECT_EQ(bye.message().values(HeaderId::route),
            (std::vector<std::string_view>{"<sip:192.0.2.30;lr>", "<sip:192.0.2.31;lr>"}));
  EXPECT_EQ(bye.from_tag(), ok.to_tag());
  EXPECT_EQ(bye.to_tag(), "bob");
  EXPECT_TRUE(bye.value(HeaderId::reason).starts_with("Q.850;cause=16"));
  peer.inject(Harness::response(bye, "200 OK"));
  EXPECT_TRUE(peer.events().empty());
  peer.expect_nothing_left();
}

TEST(UserAgentCallee, RejectsWithReasonAndAbsorbsTheAck) {
  Harness peer;
  peer.inject(Harness::invite());
  const auto incoming = peer.event<IncomingCall>();
  peer.sent();
  peer.ua.reject(incoming.call, 486, "", {{.protocol = "Q.850", .cause = 17, .text = "", .location = {}}},
                 {{"Warning", "399 tandem \"busy\""}}, peer.now);
  const Sent busy = peer.one();
  EXPECT_TRUE(busy.is("SIP/2.0 486 Busy Here\r\n"));
  EXPECT_TRUE(busy.value(HeaderId::reason).starts_with("Q.850;cause=17"));
  EXPECT_TRUE(busy.has("Warning: 399"));
  peer.pass(600ms);
  EXPECT_EQ(peer.one().text, busy.text);  // timer G
  peer.inject(Harness::request("ACK", "z9hG4bKinv", busy.to_tag()));
  peer.pass(20s);
  EXPECT_TRUE(peer.sent().empty());
  EXPECT_TRUE(peer.events().empty());
  peer.expect_nothing_left();
}

TEST(UserAgentCaller, PlacesACallAndHangsUp) {
  Harness peer;
  InviteInfo info = Harness::call_to_peer();
  info.privacy = {"id", "header"};
  info.asserted = {info.from};
  info.extra = {{"X-Trunk", "west"}};
  const SipCall call = peer.ua.invite(info, udp_flow(), peer.now);
  const Sent invite = peer.one();
  EXPECT_TRUE(invite.is("INVITE sip:3000@192.0.2.9 SIP/2.0\r\n"));
  EXPECT_TRUE(invite.branch().starts_with("z9hG4bK"));
  EXPECT_TRUE(invite.has("Via: SIP/2.0/UDP 192.0.2.1:5060;"));
  EXPECT_TRUE(invite.has(";rport"));
  EXPECT_EQ(invite.value(HeaderId::max_forwards), "70");
  EXPECT_EQ(invite.value(HeaderId::privacy), "id;header");
  EXPECT_TRUE(invite.has("P-Asserted-Identity: <sip:1000@192.0.2.1>\r\n"));
  EXPECT_TRUE(invite.has("X-Trunk: west\r\n"));
  EXPECT_EQ(invite.value(HeaderId::user_agent), "Tandem");
  EXPECT_EQ(invite.message().body(), kSdp);
  EXPECT_EQ(peer.ua.call_id(call), invite.value(HeaderId::call_id));

  peer.inject(Harness::response(invite, "100 Trying", ""));
  EXPECT_TRUE(peer.events().empty());
  peer.inject(Harness::response(invite, "183 Session Progress", "peer", "", kSdp));
  const auto progress = peer.event<ProvisionalReceived>();
  EXPECT_EQ(progress.status, 183);
  EXPECT_EQ(progress.early_dialog, "peer");
  EXPECT_EQ(progress.sdp, kSdp);
  peer.inject(Harness::response(invite, "200 OK", "peer",
                                "Record-Route: <sip:192.0.2.31;lr>\nRecord-Route: <sip:192.0.2.30;lr>\n",
                                kSdp));
  EXPECT_EQ(peer.event<AnswerReceived>().sdp, kSdp);
  const Sent ack = peer.one();
  EXPECT_TRUE(ack.is("ACK sip:peer@192.0.2.9:5060 SIP/2.0\r\n"));
  EXPECT_EQ(ack.value(HeaderId::cseq), "1 ACK");
  EXPECT_NE(ack.branch(), invite.branch());
  EXPECT_EQ(ack.flow.remote, address_of("192.0.2.30:5060"));  // the last of the record, reversed

  peer.ua.bye(call, {}, peer.now);
  const Sent bye = peer.one();
  EXPECT_TRUE(bye.is("BYE "));
  EXPECT_EQ(bye.value(HeaderId::cseq), "2 BYE");
  peer.inject(Harness::response(bye, "200 OK"));
  EXPECT_TRUE(peer.events().empty());
  peer.expect_nothing_left();
}

TEST(UserAgentCaller, HandsUpAFailureAndAcknowledgesIt) {
  Harness peer;
  const SipCall call = peer.ua.invite(Harness::call_to_peer(), udp_flow(), peer.now);
  const Sent invite = peer.one();
  const std::string busy = Harness::response(invite, "486 Busy Here", "peer",
                                             "Reason: Q.850;cause=17\nWarning: 399 peer \"in a call\"\n");
  peer.inject(busy);
  const Sent ack = peer.one();
  EXPECT_TRUE(ack.is("ACK sip:3000@192.0.2.9 SIP/2.0\r\n"));
  EXPECT_EQ(ack.branch(), invite.branch());
  EXPECT_EQ(ack.to_tag(), "peer");
  const auto failure = peer.event<FailureReceived>();
  EXPECT_EQ(failure.call, call);
  EXPECT_EQ(failure.status, 486);
  EXPECT_EQ(failure.phrase, "Busy Here");
  ASSERT_EQ(failure.reasons.size(), 1U);
  EXPECT_EQ(failure.reasons[0].cause, 17);
  EXPECT_EQ(failure.warning, "399 peer \"in a call\"");
  EXPECT_FALSE(failure.timeout);
  peer.inject(busy);
  EXPECT_EQ(peer.one().text, ack.text);
  EXPECT_TRUE(peer.events().empty());
  peer.expect_nothing_left();
}

TEST(UserAgentCaller, TimesOutAfter64T1WithSevenSendings) {
  Harness peer;
  peer.ua.invite(Harness::call_to_peer(), udp_flow(), peer.now);
  peer.pass(31999ms);
  EXPECT_TRUE(peer.events().empty());
  EXPECT_EQ(peer.sent().size(), 7U);
  peer.pass(1ms);
  const auto failure = peer.event<FailureReceived>();
  EXPECT_EQ(failure.status, 408);
  EXPECT_TRUE(failure.timeout);
  peer.expect_nothing_left();
}

TEST(UserAgentOptions, AreAnsweredWithWhatItCanDo) {
  Harness peer;
  peer.inject(Harness::request("OPTIONS", "z9hG4bKopt"));
  const Sent ok = peer.one();
  EXPECT_TRUE(ok.is("SIP/2.0 200 OK\r\n"));
  EXPECT_EQ(ok.value(HeaderId::allow), kAllowed);
  EXPECT_EQ(ok.value(HeaderId::accept), "application/sdp, multipart/mixed");
  EXPECT_TRUE(ok.message().has(HeaderId::supported));
  EXPECT_FALSE(ok.to_tag().empty());
  peer.inject(Harness::request("OPTIONS", "z9hG4bKopt"));
  EXPECT_EQ(peer.one().text, ok.text);
  peer.expect_nothing_left();
}

TEST(UserAgentOptions, WatchAPeer) {
  Harness peer;
  peer.ua.watch_peer(3, parse_uri("sip:192.0.2.9").value(), udp_flow(), 60s, peer.now);
  const Sent first = peer.one();
  EXPECT_TRUE(first.is("OPTIONS sip:192.0.2.9 SIP/2.0\r\n"));
  peer.inject(Harness::response(first, "404 Not Found"));
  EXPECT_TRUE(peer.event<PeerState>().reachable);
  peer.pass(60s);
  peer.inject(Harness::response(peer.one(), "200 OK"));
  EXPECT_TRUE(peer.events().empty());  // no change
  peer.pass(95s);
  const auto lost = peer.event<PeerState>();
  EXPECT_FALSE(lost.reachable);
  EXPECT_EQ(lost.peer, 3U);
  peer.sent();
  peer.pass(30s);
  peer.inject(Harness::response(peer.sent().front(), "200 OK"));
  EXPECT_TRUE(peer.event<PeerState>().reachable);
  peer.ua.watch_peer(3, {}, udp_flow(), 0s, peer.now);
  peer.expect_nothing_left();
  EXPECT_FALSE(peer.ua.next_deadline());
}

TEST(UserAgentDate, StandsInInviteAndItsResponsesOnceTheTimeIsKnown) {  // RFC 3261 20.17
  Harness peer;
  peer.ua.invite(Harness::call_to_peer(), udp_flow(), peer.now);
  EXPECT_FALSE(peer.one().has("\r\nDate: "));
  peer.now += 1ms;
  peer.ua.set_wall(peer.now, WallTime(1289690940999ms));
  peer.ua.invite(Harness::call_to_peer(), udp_flow(), peer.now);
  EXPECT_EQ(peer.one().value(HeaderId::date), "Sat, 13 Nov 2010 23:29:00 GMT");
  peer.now += 400ms;
  peer.inject(Harness::invite());
  const SipCall call = peer.event<IncomingCall>().call;
  EXPECT_FALSE(peer.one().has("\r\nDate: ")) << "100 says no more than it must";
  peer.ua.answer(call, std::string(kSdp), {}, peer.now);
  EXPECT_EQ(peer.one().value(HeaderId::date), "Sat, 13 Nov 2010 23:29:01 GMT");
}

}  // namespace
}  // namespace tandem::sip
