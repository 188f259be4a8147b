// INVITEs that fork, storm, are redirected or told to wait.
#include "tests/unit/core/gateway_raw_peer.h"

namespace tandem::core {
namespace {

class GatewayForks : public GatewayRawPeer {};

TEST_F(GatewayForks, TheBranchThatSpokeLastIsHeardTheOneThatAnsweredCounts) {
  listen();
  const auto invite = invited();
  respond(invite, "183 Session Progress", "a", sdp(30000));
  EXPECT_EQ(parameters().remote_rtp.port, 30000);
  respond(invite, "183 Session Progress", "b", sdp(32000, "", "0"));
  EXPECT_EQ(parameters().remote_rtp.port, 32000);
  EXPECT_EQ(parameters().payload, media::Payload::pcmu);
  respond(invite, "180 Ringing", "c", sdp(34000, "a=inactive\r\n"));
  EXPECT_EQ(parameters().remote_rtp.port, 32000);  // c has nothing to say
  respond(invite, "200 OK", "a", sdp(30000));
  EXPECT_EQ(parameters().remote_rtp.port, 30000);
  EXPECT_EQ(parameters().payload, media::Payload::pcma);
  EXPECT_TRUE(from_pri<pri::ConnectInd>());
  hang_up_far();
}

TEST_F(GatewayForks, ABranchThatEndedIsHeardNoMore) {
  listen();
  const auto invite = invited();
  respond(invite, "183 Session Progress", "a", sdp(30000));
  respond(invite, "183 Session Progress", "b", sdp(32000));
  respond(invite, "199 Early Dialog Terminated", "b");
  EXPECT_EQ(parameters().remote_rtp.port, 30000);
  respond(invite, "486 Busy Here", "a");
  EXPECT_EQ(from_pri<pri::DisconnectInd>()->cause.value, 17);
  hang_up_far();
}

TEST_F(GatewayForks, PEarlyMediaGatesWhatIsHeardUntilTheAnswer) {
  auto config = doubles::small_config();
  config.peers[0].p_early_media = true;
  listen(config);
  const auto invite = invited();
  EXPECT_TRUE(invite.contains("\r\nP-Early-Media: supported\r\n"));  // RFC 5009 8
  respond(invite, "183 Session Progress", "a", sdp(30000), "P-Early-Media: inactive\r\n");
  EXPECT_FALSE(parameters().receive);
  respond(invite, "183 Session Progress", "a", "", "P-Early-Media: sendonly,gated\r\n");
  EXPECT_TRUE(parameters().receive);
  respond(invite, "183 Session Progress", "a", "", "P-Early-Media: inactive\r\n");
  EXPECT_FALSE(parameters().receive);
  respond(invite, "200 OK", "a", sdp(30000));
  EXPECT_TRUE(parameters().receive);
  hang_up_far();
}

TEST_F(GatewayForks, AStormOf183IsSaidOnce) {
  listen();
  const auto invite = invited();
  respond(invite, "183 Session Progress", "a", sdp(30000));
  const auto said = traced(TraceKind::isup, "CPG") + traced(TraceKind::isup, "ACM");
  for (int i = 0; i < 100; ++i) respond(invite, "183 Session Progress", "a", sdp(30000));
  EXPECT_EQ(traced(TraceKind::isup, "CPG") + traced(TraceKind::isup, "ACM"), said);
  respond(invite, "180 Ringing", "a");
  EXPECT_TRUE(from_pri<pri::AlertingInd>());
  respond(invite, "200 OK", "a", sdp(30000));
  EXPECT_TRUE(from_pri<pri::ConnectInd>());
  hang_up_far();
}

TEST_F(GatewayForks, AnAnswerThatChangesItsMindIsTheOneThatCounts) {
  listen();
  const auto invite = invited();
  respond(invite, "183 Session Progress", "a", sdp(30000, "", "8"));
  respond(invite, "200 OK", "a", sdp(31000, "", "0"));  // RFC 6337 3.1.1 forbids it
  EXPECT_EQ(parameters().remote_rtp.port, 31000);
  EXPECT_EQ(parameters().payload, media::Payload::pcmu);
  respond(invite, "200 OK", "a",
          sdp(32000, "", "8"));  // and once more: a retransmission is only acknowledged
  EXPECT_EQ(parameters().remote_rtp.port, 31000);
  EXPECT_GE(count("ACK"), 2);
  hang_up_far();
}

TEST_F(GatewayForks, AnAnswerToACodecThatWasNotOfferedEndsTheCall) {
  listen();
  const auto invite = invited();
  respond(invite, "200 OK", "a", sdp(30000, "", "18"));
  EXPECT_FALSE(last("ACK").empty());
  EXPECT_FALSE(last("BYE").empty());
  EXPECT_EQ(from_pri<pri::DisconnectInd>()->cause.value, 31);
  hang_up_far();
}

// --- redirections ---------------------------------------------------------------------------------------

constexpr const char* kMoved = "302 Moved Temporarily";

class GatewayRedirects : public GatewayRawPeer {
 protected:
  void listen_following(int targets) {
    auto config = doubles::small_config(1, 2);
    config.peers[0].follow_redirects = targets;
    config.peers[1].codecs = {Law::mu};
    for (auto& route : config.routes)
      if (route.from == "telco") route.to = {"carrier"};
    listen(config);
  }
};

TEST_F(GatewayRedirects, AreFollowedToAPeerThatIsKnown) {
  listen_following(1);
  respond(invited(), kMoved, "a", "", "Contact: <sip:2001@198.51.100.2:5060>\r\n");
  const auto second = last("INVITE");
  EXPECT_TRUE(second.starts_with("INVITE sip:2001@198.51.100.2:5060 ")) << second;
  EXPECT_EQ(to_string(last_to("INVITE")), "198.51.100.2:5060");
  EXPECT_TRUE(second.contains("RTP/AVP 0")) << second;  // as that peer wants it
  EXPECT_FALSE(from_pri<pri::DisconnectInd>());
  respond(second, "180 Ringing", "b", "", "", 1);
  EXPECT_TRUE(from_pri<pri::AlertingInd>());
  respond(second, "200 OK", "b", sdp(30000, "", "0"), "", 1);
  EXPECT_TRUE(from_pri<pri::ConnectInd>());
  EXPECT_EQ(traced(TraceKind::note, "302 from carrier"), 1);
  hang_up_far();
}

TEST_F(GatewayRedirects, AreNotFollowedUnlessAllowed) {
  listen_following(0);
  respond(invited(), kMoved, "a", "", "Contact: <sip:2001@198.51.100.2:5060>\r\n");
  EXPECT_EQ(count("INVITE"), 1);
  EXPECT_EQ(from_pri<pri::DisconnectInd>()->cause.value, 23);  // RFC 3398 8.2.6.1
  hang_up_far();
}

TEST_F(GatewayRedirects, GoToNoStranger) {
  listen_following(5);
  respond(invited(), kMoved, "a", "",
          "Contact: <sip:2001@203.0.113.9:5060>, <sip:2001@carrier.example>, <tel:+4420>\r\n");
  EXPECT_EQ(count("INVITE"), 1);
  EXPECT_EQ(from_pri<pri::DisconnectInd>()->cause.value, 23);
  hang_up_far();
}

TEST_F(GatewayRedirects, DoNotGoInCirclesNorForEver) {
  listen_following(3);
  auto invite = invited();
  respond(invite, kMoved, "a", "", "Contact: <sip:1@198.51.100.1:5060>\r\n");
  respond(last("INVITE"), kMoved, "a", "",
          "Contact: <sip:1@198.51.100.1:5060>, <sip:2@198.51.100.1:5060>, <sip:3@198.51.100.1>\r\n");
  EXPECT_TRUE(last("INVITE").starts_with("INVITE sip:2@")) << "the first has been tried";
  respond(last("INVITE"), "486 Busy Here", "a");
  EXPECT_TRUE(last("INVITE").starts_with("INVITE sip:3@")) << "the next of the same response";
  respond(last("INVITE"), kMoved, "a", "", "Contact: <sip:4@198.51.100.1:5060>\r\n");
  EXPECT_EQ(count("INVITE"), 4);  // three targets, no more
  EXPECT_EQ(from_pri<pri::DisconnectInd>()->cause.value, 23);
  hang_up_far();
}

TEST_F(GatewayRedirects, ADeclineEverywhereEndsThem) {
  listen_following(3);
  respond(invited(), kMoved, "a", "", "Contact: <sip:1@198.51.100.1:5060>, <sip:2@198.51.100.1:5060>\r\n");
  respond(last("INVITE"), "603 Decline", "a");  // RFC 3261 21.6
  EXPECT_EQ(count("INVITE"), 2);
  EXPECT_EQ(from_pri<pri::DisconnectInd>()->cause.value, 21);
  hang_up_far();
}

TEST_F(GatewayRedirects, APeerThatAsksForTimeIsPassedOverUntilThen) {
  listen(doubles::small_config(1, 2));
  respond(invited(), "503 Service Unavailable", "a", "", "Retry-After: 30\r\n");
  EXPECT_EQ(to_string(last_to("INVITE")), "198.51.100.2:5060");
  EXPECT_EQ(world->gateway.status(world->now).peers.at(0).state, "overloaded");
  respond(last("INVITE"), "486 Busy Here", "b", "", "", 1);
  world->far(0).disconnect(far_call, 17, world->now);
  world->run(100ms);
  const auto before = count("INVITE");
  far_call = call_from_pri("2000", 2);
  EXPECT_EQ(to_string(last_to("INVITE")), "198.51.100.2:5060");
  EXPECT_EQ(count("INVITE"), before + 1);
  respond(last("INVITE"), "486 Busy Here", "b", "", "", 1);
  world->far(0).disconnect(far_call, 17, world->now);
  world->run(31s);
  EXPECT_EQ(world->gateway.status(world->now).peers.at(0).state, "not watched");
  far_call = call_from_pri("2000", 3);
  EXPECT_EQ(to_string(last_to("INVITE")), "198.51.100.1:5060");
  respond(last("INVITE"), "486 Busy Here", "b");
  hang_up_far();
}

}  // namespace
}  // namespace tandem::core
