#include "sipt/offer_answer.h"

#include <gtest/gtest.h>

#include "sipt/sdp.h"

namespace tandem::sip {
namespace {

AudioCapabilities ours() {
  AudioCapabilities capabilities;
  capabilities.local = *parse_socket_address("192.0.2.1:20000");
  capabilities.laws = {Law::a, Law::mu};
  capabilities.session_id = 7;
  capabilities.session_version = 9;
  return capabilities;
}

std::string offer(std::string_view media, std::string_view session = "c=IN IP4 198.51.100.2\r\nt=0 0\r\n") {
  return "v=0\r\no=- 1 1 IN IP4 198.51.100.2\r\ns=-\r\n" + std::string(session) + std::string(media);
}

AudioSession answered(const std::string& text, const AudioCapabilities& capabilities = ours()) {
  const auto answer = make_answer(text, capabilities);
  EXPECT_TRUE(answer) << to_string(answer.error());
  return answer ? answer->session : AudioSession{};
}

TEST(Offer, SaysWhatThisSideCanDo) {
  EXPECT_EQ(make_offer(ours()),
            "v=0\r\no=- 7 9 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n"
            "m=audio 20000 RTP/AVP 8 0 101\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:0 PCMU/8000\r\n"
            "a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 "
            "0-15\r\na=ptime:20\r\na=maxptime:60\r\na=sendrecv\r\n");
  auto v6 = ours();
  v6.local = *parse_socket_address("[2001:db8::1]:20000");
  v6.telephone_event = false;
  v6.laws = {Law::mu};
  const auto text = make_offer(v6);
  EXPECT_NE(text.find("c=IN IP6 2001:db8::1\r\n"), std::string::npos);
  EXPECT_NE(text.find("m=audio 20000 RTP/AVP 0\r\n"), std::string::npos);
  EXPECT_EQ(text.find("telephone-event"), std::string::npos);
}

TEST(Answer, TakesTheFirstCommonCodecOfTheOfferAndItsNumbers) {
  const auto answer = make_answer(
      offer("m=audio 49170 RTP/AVP 18 0 8 96\r\na=rtpmap:96 telephone-event/8000\r\na=fmtp:96 0-11\r\n"),
      ours());
  ASSERT_TRUE(answer);
  const auto& session = answer->session;
  EXPECT_EQ(session.law, Law::mu);
  EXPECT_EQ(session.payload_type, 0);
  EXPECT_EQ(session.send_event_type, 96);
  EXPECT_EQ(session.receive_event_type, 96);
  EXPECT_EQ(session.remote_rtp, *parse_socket_address("198.51.100.2:49170"));
  EXPECT_EQ(session.remote_rtcp.port, 49171);
  EXPECT_EQ(answer->sdp,
            "v=0\r\no=- 7 9 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n"
            "m=audio 20000 RTP/AVP 0 96\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:96 telephone-event/8000\r\n"
            "a=fmtp:96 0-15\r\na=ptime:20\r\na=maxptime:60\r\na=sendrecv\r\n");
  auto a_only = ours();
  a_only.laws = {Law::a};
  EXPECT_EQ(answered(offer("m=audio 1 RTP/AVP 0 8\r\n"), a_only).law, Law::a);
}

TEST(Answer, DynamicPayloadTypesFollowTheirRtpmap) {
  const auto session =
      answered(offer("m=audio 4000 RTP/AVP 97 98\r\na=rtpmap:97 pcma/16000\r\na=rtpmap:98 pcma/8000/1\r\n"));
  EXPECT_EQ(session.payload_type, 98);
  EXPECT_EQ(session.law, Law::a);
  // 0 that is mapped to something else is not PCMU
  EXPECT_EQ(make_answer(offer("m=audio 4000 RTP/AVP 0\r\na=rtpmap:0 EVRC/8000\r\n"), ours()).error().code,
            Errc::refused);
}

TEST(Answer, EventsOfAnotherRateAreNotOurs) {
  const auto session =
      answered(offer("m=audio 4000 RTP/AVP 8 100 101\r\na=rtpmap:100 telephone-event/48000\r\na=rtpmap:101 "
                     "telephone-event/8000\r\n"));
  EXPECT_EQ(session.send_event_type, 101);
  auto none = ours();
  none.telephone_event = false;
  EXPECT_EQ(answered(offer("m=audio 4000 RTP/AVP 8 101\r\na=rtpmap:101 telephone-event/8000\r\n"), none)
                .send_event_type,
            std::nullopt);
}

struct Ptime {
  const char* attributes;
  int ours, chosen;
};
class PacketTime : public testing::TestWithParam<Ptime> {};
TEST_P(PacketTime, IsWhatThePeerAsksForAsFarAsItGoes) {
  auto capabilities = ours();
  capabilities.ptime_ms = GetParam().ours;
  const auto answer =
      make_answer(offer(std::string("m=audio 4000 RTP/AVP 8\r\n") + GetParam().attributes), capabilities);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->session.ptime_ms, GetParam().chosen);
  EXPECT_NE(answer->sdp.find("a=ptime:" + std::to_string(GetParam().chosen)), std::string::npos);
}
INSTANTIATE_TEST_SUITE_P(Answer, PacketTime,
                         testing::Values(Ptime{"", 20, 20}, Ptime{"", 30, 30},
                                         Ptime{"a=ptime:10\r\n", 20, 10}, Ptime{"a=ptime:30\r\n", 20, 30},
                                         Ptime{"a=ptime:60\r\n", 20, 60}, Ptime{"a=ptime:40\r\n", 20, 40},
                                         Ptime{"a=ptime:70\r\n", 20, 60}, Ptime{"a=maxptime:5\r\n", 20, 10},
                                         Ptime{"a=ptime:25\r\n", 20, 20}, Ptime{"a=ptime:5\r\n", 20, 10},
                                         Ptime{"a=maxptime:10\r\n", 20, 10},
                                         Ptime{"a=ptime:30\r\na=maxptime:20\r\n", 20, 20},
                                         Ptime{"a=maxptime:150\r\n", 20, 20}));

struct Hold {
  const char* session;
  const char* media;
  bool send, receive;
  const char* answer;
};
class Directions : public testing::TestWithParam<Hold> {};
TEST_P(Directions, AreMirrored) {
  const auto answer = make_answer(
      offer(std::string("m=audio 4000 RTP/AVP 8\r\n") + GetParam().media, GetParam().session), ours());
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->session.send, GetParam().send);
  EXPECT_EQ(answer->session.receive, GetParam().receive);
  EXPECT_NE(answer->sdp.find(std::string("a=") + GetParam().answer + "\r\n"), std::string::npos)
      << answer->sdp;
}
constexpr const char* kHere = "c=IN IP4 198.51.100.2\r\n";
constexpr const char* kNowhere = "c=IN IP4 0.0.0.0\r\n";
INSTANTIATE_TEST_SUITE_P(
    Answer, Directions,
    testing::Values(Hold{kHere, "", true, true, "sendrecv"},
                    Hold{kHere, "a=sendonly\r\n", false, true, "recvonly"},
                    Hold{kHere, "a=recvonly\r\n", true, false, "sendonly"},
                    Hold{kHere, "a=inactive\r\n", false, false, "inactive"},
                    Hold{"c=IN IP4 198.51.100.2\r\na=sendonly\r\n", "", false, true, "recvonly"},
                    Hold{"c=IN IP4 198.51.100.2\r\na=sendonly\r\n", "a=sendrecv\r\n", true, true, "sendrecv"},
                    Hold{kNowhere, "", false, true, "recvonly"},
                    Hold{kNowhere, "a=inactive\r\n", false, false, "inactive"},
                    Hold{kNowhere, "c=IN IP4 198.51.100.2\r\n", true, true, "sendrecv"}));

TEST(Answer, OtherStreamsAreRefusedInTheirPlaces) {
  const auto answer = make_answer(offer("m=video 5000 RTP/AVP 31 34\r\nm=audio 0 RTP/AVP 8\r\nm=audio 5002 "
                                        "RTP/SAVP 8\r\nm=audio 5004 RTP/AVP 8\r\n"
                                        "m=audio 5006 RTP/AVP 8\r\nm=application 9 UDP/BFCP *\r\n",
                                        "c=IN IP4 198.51.100.2\r\nt=5 6\r\n"),
                                  ours());
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->session.remote_rtp.port, 5004);
  const auto sdp = parse_sdp(answer->sdp);
  ASSERT_TRUE(sdp);
  EXPECT_EQ(sdp->times, (std::vector<std::string>{"5 6"}));
  ASSERT_EQ(sdp->media.size(), 6u);
  const std::uint16_t ports[] = {0, 0, 0, 20000, 0, 0};
  for (std::size_t i = 0; i < 6; ++i) EXPECT_EQ(sdp->media[i].port, ports[i]) << i;
  EXPECT_EQ(sdp->media[0].formats, (std::vector<std::string>{"31", "34"}));
  EXPECT_EQ(sdp->media[5].protocol, "UDP/BFCP");
}

TEST(Answer, RefusesWhatItCannotServeAndWhatIsNoSdp) {
  for (const char* media : {"", "m=video 1 RTP/AVP 31\r\n", "m=audio 1 RTP/AVP 18\r\n",
                            "m=audio 0 RTP/AVP 8\r\n", "m=audio 1 RTP/AVP 8\r\nc=IN IP6 2001:db8::1\r\n",
                            "m=audio 1 RTP/AVP 8\r\nc=IN IP4 host.example\r\n"})
    EXPECT_EQ(make_answer(offer(media), ours()).error().code, Errc::refused) << media;
  EXPECT_EQ(make_answer(offer("m=audio 1 RTP/AVP 8\r\n", ""), ours()).error().code,
            Errc::refused);  // no c= at all
  EXPECT_EQ(make_answer("hello", ours()).error().code, Errc::malformed);
  EXPECT_EQ(make_answer("", ours()).error().code, Errc::missing);
}

TEST(Answer, RtcpGoesWhereRfc3605Says) {
  EXPECT_EQ(answered(offer("m=audio 4000 RTP/AVP 8\r\na=rtcp:4009\r\n")).remote_rtcp,
            *parse_socket_address("198.51.100.2:4009"));
  EXPECT_EQ(answered(offer("m=audio 4000 RTP/AVP 8\r\na=rtcp:4009 IN IP4 198.51.100.3\r\n")).remote_rtcp,
            *parse_socket_address("198.51.100.3:4009"));
  EXPECT_EQ(answered(offer("m=audio 65535 RTP/AVP 8\r\n")).remote_rtcp.port, 0);
}

TEST(Accept, ReadsThePeersAnswerWithItsOwnNumbers) {
  const auto session = accept_answer(
      offer(
          "m=audio 4000 RTP/AVP 0 8 96\r\na=rtpmap:96 telephone-event/8000\r\na=ptime:30\r\na=recvonly\r\n"),
      ours());
  ASSERT_TRUE(session);
  EXPECT_EQ(session->law, Law::mu);
  EXPECT_EQ(session->send_event_type, 96);      // asymmetric: what the peer wants ...
  EXPECT_EQ(session->receive_event_type, 101);  // ... and what we asked for
  EXPECT_EQ(session->ptime_ms, 30);
  EXPECT_TRUE(session->send);
  EXPECT_FALSE(session->receive);
}

TEST(Accept, RefusalsAndNonsenseAreErrors) {
  EXPECT_EQ(accept_answer(offer("m=audio 0 RTP/AVP 8\r\n"), ours()).error().code, Errc::refused);
  EXPECT_EQ(accept_answer(offer("m=audio 4000 RTP/AVP 18\r\n"), ours()).error().code, Errc::refused);
  EXPECT_EQ(accept_answer(offer("m=video 4000 RTP/AVP 8\r\n"), ours()).error().code, Errc::refused);
  EXPECT_EQ(accept_answer(offer(""), ours()).error().code, Errc::missing);
  EXPECT_EQ(accept_answer("x", ours()).error().code, Errc::malformed);
}

TEST(OfferAnswer, TwoOfUsAgree) {
  auto theirs = ours();
  theirs.local = *parse_socket_address("192.0.2.2:30000");
  theirs.laws = {Law::mu, Law::a};
  theirs.ptime_ms = 30;
  const auto answer = make_answer(make_offer(ours()), theirs);
  ASSERT_TRUE(answer);
  const auto session = accept_answer(answer->sdp, ours());
  ASSERT_TRUE(session);
  EXPECT_EQ(session->law, Law::a);  // the offerer's order
  EXPECT_EQ(session->law, answer->session.law);
  EXPECT_EQ(session->ptime_ms, answer->session.ptime_ms);
  EXPECT_EQ(session->remote_rtp, theirs.local);
  EXPECT_EQ(answer->session.remote_rtp, ours().local);
  EXPECT_EQ(session->send_event_type, answer->session.receive_event_type);
}

TEST(Answer, SendsNoAudioToManyAtOnce) {
  for (const auto* many : {"224.1.1.1/127", "239.255.0.1", "255.255.255.255", "240.0.0.1"}) {
    const auto text = offer("m=audio 30000 RTP/AVP 8\r\n", "c=IN IP4 " + std::string(many) + "\r\nt=0 0\r\n");
    const auto answer = make_answer(text, ours());
    ASSERT_FALSE(answer) << many;
    EXPECT_EQ(answer.error().code, Errc::refused) << many;
  }
  const auto session = answered(offer("m=audio 30000 RTP/AVP 8\r\na=rtcp:40000 IN IP4 224.1.1.1\r\n"));
  EXPECT_EQ(to_string(session.remote_rtcp).substr(0, 13), "198.51.100.2:");
}

}  // namespace
}  // namespace tandem::sip
