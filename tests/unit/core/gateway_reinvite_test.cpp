// Hold, resume and other changes by re-INVITE, from a peer that is written out message by message.
#include "tests/unit/core/gateway_fixture.h"

namespace tandem::core {
namespace {

std::string between(std::string_view text, std::string_view from, std::string_view to) {
  const auto begin = text.find(from);
  if (begin == std::string_view::npos) return {};
  const auto rest = text.substr(begin + from.size());
  return std::string(rest.substr(0, rest.find(to)));
}

class GatewayReinvite : public GatewayCall {
 protected:
  void answered() {
    start();
    world->tap = [this](const sip::Transmit& transmit) {
      sent = as_text(transmit.octets);
      if (sent.starts_with("SIP/2.0")) response = sent;
      return true;
    };
    say("INVITE", 1, sdp("", "PCMA", 30000));
    const auto setup = from_pri<pri::SetupInd>();
    ASSERT_TRUE(setup);
    far_call = setup->call;
    world->far(0).connect(setup->call, {1, true}, world->now);
    world->run(50ms);
    ASSERT_TRUE(response.starts_with("SIP/2.0 200")) << response;
    tag = between(between(response, "\r\nTo: ", "\r\n"), ";tag=", ";");
    version = between(response, "o=- ", " IN");
    say("ACK", 1, "");
  }
  void say(const std::string& method, int cseq, const std::string& body) {
    std::string text =
        method + " sip:1000@192.0.2.1:5060 SIP/2.0\r\nVia: SIP/2.0/UDP 198.51.100.1:5060;branch=z9hG4bK" +
        method + std::to_string(cseq) + "\r\nMax-Forwards: 70\r\nFrom: <sip:2000@198.51.100.1>;tag=f\r\n" +
        "To: <sip:1000@192.0.2.1>" + (tag.empty() ? "" : ";tag=" + tag) +
        "\r\nCall-ID: c1\r\nCSeq: " + std::to_string(cseq) + " " + method +
        "\r\nContact: <sip:2000@198.51.100.1:5060>\r\n";
    if (!body.empty()) text += "Content-Type: application/sdp\r\n";
    text += "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
    const auto seen = world->to_gateway(0);
    world->gateway.handle_datagram({sip::Transport::udp, seen.remote, seen.local, 0}, as_octets(text),
                                   world->now);
    world->run(50ms);
  }
  void reinvite(const std::string& body) {
    response.clear();
    say("INVITE", ++sequence, body);
    if (response.starts_with("SIP/2.0 200")) say("ACK", sequence, "");
  }
  static std::string sdp(const std::string& direction, const std::string& codec, int port,
                         const std::string& host = "198.51.100.1") {
    return "v=0\r\no=- 1 1 IN IP4 198.51.100.1\r\ns=-\r\nc=IN IP4 " + host + "\r\nt=0 0\r\nm=audio " +
           std::to_string(port) + " RTP/AVP " + (codec == "PCMA" ? "8" : "0") + "\r\n" +
           (direction.empty() ? "" : "a=" + direction + "\r\n");
  }
  const media::RtpParameters& parameters() { return *world->media.on({0, 1})->parameters; }

  std::string sent, response, tag, version;
  pri::CallRef far_call = 0;
  int sequence = 1;
};

TEST_F(GatewayReinvite, HoldStopsOurAudioAndResumeStartsIt) {
  answered();
  reinvite(sdp("sendonly", "PCMA", 30000));
  EXPECT_TRUE(response.starts_with("SIP/2.0 200"));
  EXPECT_NE(response.find("a=recvonly"), std::string::npos);
  EXPECT_FALSE(parameters().send);
  EXPECT_TRUE(parameters().receive);
  EXPECT_NE(between(response, "o=- ", " IN"), version);  // RFC 3264 8
  reinvite(sdp("inactive", "PCMA", 30000));
  EXPECT_FALSE(parameters().send);
  EXPECT_FALSE(parameters().receive);
  reinvite(sdp("", "PCMA", 30000));
  EXPECT_TRUE(parameters().send);
  EXPECT_TRUE(parameters().receive);
  EXPECT_EQ(world->gateway.calls(world->now).at(0).state, "answered");
}

TEST_F(GatewayReinvite, TheOldWayToHoldIsAnAddressOfZeros) {
  answered();
  reinvite(sdp("", "PCMA", 30000, "0.0.0.0"));
  EXPECT_TRUE(response.starts_with("SIP/2.0 200"));
  EXPECT_FALSE(parameters().send);
}

TEST_F(GatewayReinvite, ANewAddressAndCodecAreTaken) {
  answered();
  reinvite(sdp("", "PCMU", 32000, "198.51.100.77"));
  EXPECT_TRUE(response.starts_with("SIP/2.0 200"));
  EXPECT_EQ(parameters().law, Law::mu);
  EXPECT_EQ(to_string(parameters().remote_rtp), "198.51.100.77:32000");
}

TEST_F(GatewayReinvite, TheSameOfferChangesNothing) {
  answered();
  const auto media_records = [this] {
    return std::ranges::count_if(world->traces, [](const auto& r) { return r.kind == TraceKind::media; });
  };
  const auto before = media_records();
  reinvite(sdp("", "PCMA", 30000));
  EXPECT_TRUE(response.starts_with("SIP/2.0 200"));
  EXPECT_EQ(between(response, "o=- ", " IN"), version);
  EXPECT_EQ(media_records(), before);
}

TEST_F(GatewayReinvite, AnOfferThatDoesNotFitIs488AndTheCallGoesOn) {
  answered();
  reinvite(
      "v=0\r\no=- 1 1 IN IP4 198.51.100.1\r\ns=-\r\nc=IN IP4 198.51.100.1\r\nt=0 0\r\nm=audio 30000 RTP/AVP "
      "3\r\n");
  EXPECT_TRUE(response.starts_with("SIP/2.0 488")) << response;
  EXPECT_EQ(parameters().remote_rtp.port, 30000);
  EXPECT_EQ(world->gateway.calls(world->now).at(0).state, "answered");
}

TEST_F(GatewayReinvite, ABodyThatIsNoSdpIs400WithAReasonAndTheCallGoesOn) {
  answered();
  reinvite("what?");
  EXPECT_TRUE(response.starts_with("SIP/2.0 400")) << response;
  EXPECT_NE(response.find("Warning: 399 192.0.2.1 \"Session description not understood: octet 0"),
            std::string::npos)
      << response;
  EXPECT_EQ(world->gateway.calls(world->now).at(0).state, "answered");
}

TEST_F(GatewayReinvite, WithoutAnOfferOursGoesInThe200AndTheAckAnswersIt) {
  answered();
  response.clear();
  say("INVITE", ++sequence, "");
  EXPECT_TRUE(response.starts_with("SIP/2.0 200"));
  EXPECT_NE(response.find("m=audio"), std::string::npos);
  say("ACK", sequence, sdp("", "PCMA", 33000));
  EXPECT_EQ(parameters().remote_rtp.port, 33000);
}

TEST_F(GatewayReinvite, AnOfferOfOursThatDiffersHasAHigherVersion) {
  answered();
  response.clear();
  say("INVITE", ++sequence, "");  // both codecs, where PCMA alone was agreed
  const auto offered = between(response, "o=- ", " IN");
  EXPECT_NE(offered, version);  // RFC 3264 8
  say("ACK", sequence, sdp("", "PCMA", 33000));
  say("INVITE", ++sequence, "");
  EXPECT_EQ(between(response, "o=- ", " IN"), offered);  // the same again
}

TEST_F(GatewayReinvite, AByeWithoutAReasonIsNormalClearing) {
  answered();
  response.clear();
  say("BYE", ++sequence, "");
  EXPECT_TRUE(response.starts_with("SIP/2.0 200"));
  EXPECT_EQ(from_pri<pri::DisconnectInd>()->cause.value, 16);
  world->far(0).disconnect(far_call, 16, world->now);
  expect_nothing_left();
}

}  // namespace
}  // namespace tandem::core
