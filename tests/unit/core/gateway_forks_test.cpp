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

TEST_F(GatewayForks, PEarlyMediaIsSentToCallersThatListIt) {
  for (const bool listed : {false, true}) {
    auto config = doubles::small_config();
    config.peers[0].p_early_media = true;
    sent.clear();
    listen(config);
    request("INVITE", 1, sdp(30000), listed ? "P-Early-Media: supported\r\n" : "");
    const auto setup = from_pri<pri::SetupInd>();
    ASSERT_TRUE(setup);
    world->far(0).progress(setup->call, {1, true}, std::nullopt, true, world->now);
    world->run(50ms);
    const auto progress = last("SIP/2.0 183");
    EXPECT_FALSE(progress.empty());
    EXPECT_EQ(progress.contains("\r\nP-Early-Media: sendonly\r\n"), listed);  // RFC 5009 8
  }
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

/// A request of a branch of the gateway's INVITE.
std::string of_branch(const std::string& invite, const std::string& method, int cseq, const std::string& tag,
                      const std::string& sdp) {
  const auto field = [&](const char* name) {
    return text_between(invite, std::string("\r\n") + name + ": ", "\r\n");
  };
  return method + " sip:192.0.2.1:5060 SIP/2.0\r\nVia: SIP/2.0/UDP 198.51.100.1:5060;branch=z9hG4bK" + tag +
         method + std::to_string(cseq) + "\r\nMax-Forwards: 70\r\nFrom: " + field("To") + ";tag=" + tag +
         "\r\nTo: " + field("From") + "\r\nCall-ID: " + field("Call-ID") +
         "\r\nCSeq: " + std::to_string(cseq) + " " + method +
         "\r\nContact: <sip:2000@198.51.100.1:5060>\r\n" +
         "Content-Type: application/sdp\r\nContent-Length: " + std::to_string(sdp.size()) + "\r\n\r\n" + sdp;
}

TEST_F(GatewayForks, AnOfferOfABranchThatIsNotHeardLeavesTheOneThatIs) {
  listen();
  const auto invite = invited();
  const std::string reliable = "Require: 100rel\r\nRSeq: 1\r\n";
  respond(invite, "183 Session Progress", "a", sdp(30000), reliable);
  respond(invite, "183 Session Progress", "b", sdp(32000), reliable);
  for (const auto& one : std::vector<Sent>(sent))
    if (one.text.starts_with("PRACK")) respond(one.text, "200 OK", "");
  EXPECT_EQ(parameters().remote_rtp.port, 32000);
  say(of_branch(invite, "UPDATE", 1, "a", sdp(34000, "", "0")));
  const auto taken = last("SIP/2.0 200");
  EXPECT_TRUE(taken.contains("UPDATE") && taken.contains("RTP/AVP 0")) << taken;
  EXPECT_EQ(parameters().remote_rtp.port, 32000);
  EXPECT_EQ(parameters().payload, media::Payload::pcma);
  say(of_branch(invite, "UPDATE", 1, "b", sdp(36000)));
  EXPECT_EQ(parameters().remote_rtp.port, 36000);
  respond(invite, "200 OK", "a");  // what a agreed on counts
  EXPECT_EQ(parameters().remote_rtp.port, 34000);
  EXPECT_EQ(parameters().payload, media::Payload::pcmu);
  hang_up_far();
}

TEST_F(GatewayForks, ThePeerThatTakesNoneOfTheCodecsIsPassedOverWhereItsCausesSaySo) {
  auto config = doubles::small_config(1, 2);
  config.peers[0].causes = {{58, 488}, {58, 415}, {58, 606}};  // 58: not presently available here
  config.peers[1].codecs = {Law::mu};
  listen(config);
  for (const char* refusal :
       {"488 Not Acceptable Here", "415 Unsupported Media Type", "606 Not Acceptable"}) {
    SCOPED_TRACE(refusal);
    respond(invited(), refusal, "a");
    EXPECT_EQ(to_string(last_to("INVITE")), "198.51.100.2:5060");
    EXPECT_TRUE(last("INVITE").contains("RTP/AVP 0"));
    respond(last("INVITE"), "486 Busy Here", "b", "", "", 1);
    EXPECT_EQ(from_pri<pri::DisconnectInd>()->cause.value, 17);
    world->far(0).disconnect(far_call, 17, world->now);
    world->run(1s);
  }
  expect_nothing_left();
}

TEST_F(GatewayForks, APeerThatTakesNoneOfTheCodecsEndsTheCallUnlessItsCausesSaySo) {
  listen(doubles::small_config(1, 2));
  respond(invited(), "488 Not Acceptable Here", "a");
  EXPECT_EQ(count("INVITE"), 1);
  EXPECT_EQ(from_pri<pri::DisconnectInd>()->cause.value, 31);  // RFC 3398 8.2.6.1
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

TEST_F(GatewayRedirects, APeerMayAskForAnHourByA500Too) {
  listen();
  respond(invited(), "500 Server Internal Error", "a", "", "Retry-After: 86400\r\n");
  EXPECT_EQ(from_pri<pri::DisconnectInd>()->cause.value, 41);
  world->far(0).disconnect(far_call, 41, world->now);
  world->run(59min);
  EXPECT_EQ(world->gateway.status(world->now).peers.at(0).state, "overloaded");
  far_call = call_from_pri("2000", 2);
  EXPECT_EQ(count("INVITE"), 1) << "RFC 3261 21.5.4: no further requests, though there is no other target";
  EXPECT_EQ(from_pri<pri::DisconnectInd>()->cause.value, 27);
  world->far(0).disconnect(far_call, 27, world->now);
  world->run(2min);
  EXPECT_EQ(world->gateway.status(world->now).peers.at(0).state, "not watched");
  expect_nothing_left();
}

TEST_F(GatewayRedirects, ACalledPartyThatAsksForTimeIsNotThePeer) {
  listen();
  std::uint8_t slot = 0;
  for (const char* status :
       {"480 Temporarily Unavailable", "486 Busy Here", "600 Busy Everywhere", "603 Decline"}) {
    far_call = call_from_pri("2000", ++slot);
    respond(last("INVITE"), status, "a", "", "Retry-After: 600\r\n");
    EXPECT_EQ(world->gateway.status(world->now).peers.at(0).state, "not watched") << status;
    ASSERT_TRUE(from_pri<pri::DisconnectInd>());
    world->far(0).disconnect(far_call, 16, world->now);
    world->run(100ms);
  }
  expect_nothing_left();
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
