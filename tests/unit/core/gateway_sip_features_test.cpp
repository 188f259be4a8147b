// Holds told onwards, digits by INFO, clear channels, offers in odd places, digits in further INVITEs.
#include "tests/unit/core/gateway_raw_peer.h"

namespace tandem::core {
namespace {

class GatewaySipFeatures : public GatewayRawPeer {
 protected:
  void reinvite(const std::string& body) {
    request("INVITE", ++sequence, body);
    last_final = last("SIP/2.0");
    if (last_final.starts_with("SIP/2.0 200")) request("ACK", sequence);
  }
  int sequence = 1;
  std::string last_final;
};

TEST_F(GatewaySipFeatures, EachFormOfHoldIsToldOnceAndSoIsTheReturn) {
  for (const auto& hold :
       {sdp(30000, "a=sendonly\r\n"), sdp(30000, "a=inactive\r\n"), sdp(30000, "", "8 0", "0.0.0.0")}) {
    response.clear();
    sequence = 1;
    listen();
    answered(sdp(30000));
    reinvite(hold);
    reinvite(hold);
    EXPECT_EQ(traced(TraceKind::isup, "CPG"), 1);
    EXPECT_FALSE(parameters().send);
    EXPECT_EQ(parameters().remote_rtp.port, 30000);  // never the address of zeros
    EXPECT_FALSE(parameters().remote_rtp.unspecified());
    reinvite(sdp(30000));
    EXPECT_EQ(traced(TraceKind::isup, "CPG"), 2);
    EXPECT_TRUE(parameters().send);
    hang_up_far();
  }
}

TEST_F(GatewaySipFeatures, AnOfferThatDoesNotFitIs488WithAWarning) {
  listen();
  answered(sdp(30000));
  reinvite(sdp(30000, "", "18"));
  EXPECT_TRUE(last_final.starts_with("SIP/2.0 488")) << last_final;
  EXPECT_TRUE(last_final.contains("\r\nWarning: 305 192.0.2.1 ")) << last_final;
  hang_up_far();
  response.clear();
  listen();
  request("INVITE", 1,
          "v=0\r\no=- 1 1 IN IP4 1.2.3.4\r\ns=-\r\nc=IN IP4 1.2.3.4\r\nt=0 0\r\nm=video 1 RTP/AVP 31\r\n");
  EXPECT_TRUE(last("SIP/2.0 488").contains("\r\nWarning: 304 192.0.2.1 ")) << last("SIP/2.0");
  expect_nothing_left();
}

TEST_F(GatewaySipFeatures, DigitsByInfoArePlayedAndSaid) {
  auto config = doubles::small_config();
  config.peers[0].dtmf = DtmfMode::info_relay;
  listen(config);
  answered(sdp(30000));
  request("INFO", ++sequence, "Signal=5\r\nDuration=160\r\n", "", "application/dtmf-relay");
  EXPECT_EQ(traced(TraceKind::media, "digit 5 to the timeslot"), 1);
  request("INFO", ++sequence, "Signal=x\r\n", "", "application/dtmf-relay");
  EXPECT_EQ(traced(TraceKind::media, "to the timeslot"), 1);
  EXPECT_EQ(parameters().digits_out, media::DigitsOut::report);
  media::Digit digit;
  digit.session = world->media.on({0, 1})->open.session;
  digit.digit = '7';
  digit.from_timeslot = true;
  digit.duration_ms = 120;
  world->gateway.handle_media(digit, world->now);
  world->run(50ms);
  const auto info = last("INFO");
  EXPECT_TRUE(info.contains("\r\nContent-Type: application/dtmf-relay\r\n")) << info;
  EXPECT_TRUE(info.ends_with("\r\n\r\nSignal=7\r\nDuration=120\r\n")) << info;
  respond(info, "415 Unsupported Media Type", "");  // RFC 3398: changes nothing
  EXPECT_EQ(world->gateway.calls(world->now).at(0).state, "answered");
  hang_up_far();
}

TEST_F(GatewaySipFeatures, ADataCallIsClearmodeBothWays) {
  listen();
  const std::string clear = sdp(30000, "a=rtpmap:125 CLEARMODE/8000\r\n", "125 8");
  request("INVITE", 1, clear);
  const auto setup = from_pri<pri::SetupInd>();
  ASSERT_TRUE(setup);
  EXPECT_EQ(setup->setup.bearer.transfer, pri::Transfer::unrestricted);
  far_call = setup->call;
  world->far(0).connect(far_call, {1, true}, world->now);
  world->run(50ms);
  response = last("SIP/2.0 200");
  EXPECT_TRUE(response.contains("RTP/AVP 125\r\n")) << response;
  request("ACK", 1);
  EXPECT_EQ(parameters().payload, media::Payload::clearmode);
  reinvite(sdp(30000));  // sound in the place of bits
  EXPECT_TRUE(last_final.starts_with("SIP/2.0 488")) << last_final;
  hang_up_far();

  sent.clear();
  response.clear();
  pri::Setup data;
  data.called.digits = "2000";
  data.channel = {1, true};
  data.bearer.transfer = pri::Transfer::unrestricted;
  far_call = world->far(0).setup(data, world->now).value_or(0);
  world->run(50ms);
  const auto invite = last("INVITE");
  EXPECT_TRUE(invite.contains("RTP/AVP 97\r\n")) << invite;
  respond(invite, "200 OK", "a", sdp(30000, "a=rtpmap:120 CLEARMODE/8000\r\n", "120"));
  EXPECT_EQ(parameters().payload, media::Payload::clearmode);
  EXPECT_EQ(parameters().payload_type, 120);
  hang_up_far();
}

TEST_F(GatewaySipFeatures, AnUpdateBeforeTheAnswerMovesTheMedia) {
  listen();
  const auto invite = invited();
  respond(invite, "183 Session Progress", "a", sdp(30000),
          "Require: 100rel\r\nRSeq: 1\r\nAllow: UPDATE, PRACK\r\n");
  EXPECT_FALSE(last("PRACK").empty());
  respond(last("PRACK"), "200 OK", "");
  EXPECT_EQ(parameters().remote_rtp.port, 30000);
  // In the dialog of the INVITE, from the other side.
  const auto update =
      "UPDATE sip:192.0.2.1:5060 SIP/2.0\r\nVia: SIP/2.0/UDP 198.51.100.1:5060;branch=z9hG4bKu1\r\n"
      "Max-Forwards: 70\r\nFrom: " +
      text_between(invite, "\r\nTo: ", "\r\n") +
      ";tag=a\r\nTo: " + text_between(invite, "\r\nFrom: ", "\r\n") +
      "\r\nCall-ID: " + text_between(invite, "\r\nCall-ID: ", "\r\n") +
      "\r\nCSeq: 1 UPDATE\r\nContact: <sip:2000@198.51.100.1:5060>\r\n";
  say(with_body(update, sdp(32000)));
  EXPECT_TRUE(last("SIP/2.0").starts_with("SIP/2.0 200")) << last("SIP/2.0");
  EXPECT_EQ(parameters().remote_rtp.port, 32000);
  respond(invite, "200 OK", "a");  // the offer of the INVITE was answered long ago
  EXPECT_EQ(parameters().remote_rtp.port, 32000);
  EXPECT_TRUE(from_pri<pri::ConnectInd>());
  hang_up_far();
}

TEST_F(GatewaySipFeatures, WithoutAnOfferOursGoesInTheReliable183AndPrackAnswersIt) {
  listen();
  request("INVITE", 1, "", "Supported: 100rel\r\nAllow: PRACK\r\n");
  const auto setup = from_pri<pri::SetupInd>();
  ASSERT_TRUE(setup);
  far_call = setup->call;
  world->far(0).alerting(far_call, {1, true}, true, world->now);
  world->run(50ms);
  bool offered = false;
  std::string acknowledged;
  for (auto next = last("SIP/2.0 18"); next != acknowledged; next = last("SIP/2.0 18")) {
    ASSERT_TRUE(next.contains("\r\nRequire: 100rel\r\n")) << next;
    acknowledged = response = next;
    offered = offered || next.contains("m=audio");
    EXPECT_TRUE(offered) << "RFC 3262 5: the first reliable response has the offer";
    request("PRACK", ++sequence, next.contains("m=audio") ? sdp(30000) : "",
            "RAck: " + text_between(next, "\r\nRSeq: ", "\r\n") + " 1 INVITE\r\n");
    EXPECT_TRUE(last("SIP/2.0 200").contains(" PRACK")) << last("SIP/2.0");
  }
  EXPECT_EQ(parameters().remote_rtp.port, 30000);  // RFC 3262 5: PRACK had the answer
  world->far(0).connect(far_call, {1, true}, world->now);
  world->run(50ms);
  response = last("SIP/2.0 200");
  EXPECT_FALSE(response.contains("m=audio")) << response;
  request("ACK", 1);
  EXPECT_EQ(world->gateway.calls(world->now).at(0).state, "answered");
  hang_up_far();
}

TEST_F(GatewaySipFeatures, FurtherDigitsComeInFurtherInvites) {
  auto config = doubles::small_config();
  config.peers[0].overlap = true;
  config.trunks[0].overlap_sending = true;
  listen(config);
  number = "100";
  request("INVITE", 1, sdp(30000));
  number = "1000";
  request("INVITE", 2, sdp(30002));
  EXPECT_EQ(count("SIP/2.0 484"), 1);  // RFC 3578 3: to the older
  EXPECT_TRUE(last("SIP/2.0 484").contains("CSeq: 1 INVITE"));
  EXPECT_GE(traced(TraceKind::isup, "SAM"), 1);
  EXPECT_EQ(world->gateway.calls(world->now).size(), 1U);
  number = "2000";  // no continuation of 1000: a call of its own
  request("INVITE", 3, sdp(30004));
  EXPECT_EQ(world->gateway.calls(world->now).size(), 2U);
}

}  // namespace
}  // namespace tandem::core
