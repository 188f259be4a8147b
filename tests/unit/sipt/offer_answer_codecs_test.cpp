// CLEARMODE, comfort noise, events, colliding numbers, Warning codes.
#include <gtest/gtest.h>

#include "sipt/offer_answer.h"

namespace tandem::sip {
namespace {

AudioCapabilities ours() {
  AudioCapabilities capabilities;
  capabilities.local = *parse_socket_address("192.0.2.1:20000");
  capabilities.laws = {Law::a, Law::mu};
  return capabilities;
}

AudioCapabilities clear_only() {
  auto capabilities = ours();
  capabilities.laws = {};
  capabilities.clearmode = true;
  return capabilities;
}

std::string sdp(std::string_view media, std::string_view host = "IN IP4 198.51.100.2") {
  return "v=0\r\no=- 1 1 IN IP4 198.51.100.2\r\ns=-\r\nc=" + std::string(host) + "\r\nt=0 0\r\n" +
         std::string(media);
}

std::string line_of(const std::string& text, const std::string& begin) {
  const auto at = text.find(begin);
  return at == std::string::npos ? std::string() : text.substr(at, text.find("\r\n", at) - at);
}

TEST(Clearmode, AloneIsOfferedWithoutSoundsOrEvents) {
  auto capabilities = clear_only();
  capabilities.comfort_noise = true;
  const auto text = make_offer(capabilities);
  EXPECT_EQ(line_of(text, "m="), "m=audio 20000 RTP/AVP 97");
  EXPECT_EQ(line_of(text, "a=rtpmap:97"), "a=rtpmap:97 CLEARMODE/8000");  // RFC 4040 8
}

TEST(Clearmode, WithTheLawsBehindItIsAFallback) {
  auto capabilities = ours();
  capabilities.clearmode = true;
  EXPECT_EQ(line_of(make_offer(capabilities), "m="), "m=audio 20000 RTP/AVP 97 8 0 101");
}

TEST(Clearmode, TakesThePeersNumberAndNoEvents) {
  auto capabilities = ours();
  capabilities.clearmode = true;
  const auto answer =
      make_answer(sdp("m=audio 4000 RTP/AVP 125 8 101\r\na=rtpmap:125 clearmode/8000\r\na=rtpmap:101 "
                      "telephone-event/8000\r\n"),
                  capabilities);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->session.codec, AudioCodec::clearmode);
  EXPECT_EQ(answer->session.payload_type, 125);
  EXPECT_EQ(answer->session.receive_types, (std::vector<AudioFormat>{{125, AudioCodec::clearmode}}));
  EXPECT_EQ(answer->session.send_event_type, std::nullopt);
  EXPECT_EQ(line_of(answer->sdp, "m="), "m=audio 20000 RTP/AVP 125");
}

TEST(Clearmode, IsNotTakenByWhoHasOnlyLawsNorTheOtherWayAbout) {
  const auto clear = sdp("m=audio 4000 RTP/AVP 125\r\na=rtpmap:125 CLEARMODE/8000\r\n");
  EXPECT_EQ(make_answer(clear, ours()).error().code, Errc::refused);
  EXPECT_EQ(make_answer(sdp("m=audio 4000 RTP/AVP 8\r\n"), clear_only()).error().code, Errc::refused);
  EXPECT_EQ(accept_answer(sdp("m=audio 4000 RTP/AVP 8\r\n"), clear_only()).error().code, Errc::refused);
}

TEST(Clearmode, TheAnswersOwnNumberIsReceivedToo) {
  const auto session =
      accept_answer(sdp("m=audio 4000 RTP/AVP 125\r\na=rtpmap:125 CLEARMODE/8000\r\n"), clear_only());
  ASSERT_TRUE(session);
  EXPECT_EQ(session->payload_type, 125);
  EXPECT_EQ(session->receive_types,
            (std::vector<AudioFormat>{{97, AudioCodec::clearmode}, {125, AudioCodec::clearmode}}));
}

TEST(ComfortNoise, IsAgreedOnWhenBothHaveIt) {
  auto with = ours();
  with.comfort_noise = true;
  EXPECT_EQ(line_of(make_offer(with), "m="), "m=audio 20000 RTP/AVP 8 0 13 101");
  const auto offer = sdp("m=audio 4000 RTP/AVP 8 13\r\n");  // static: no rtpmap needed
  const auto answer = make_answer(offer, with);
  ASSERT_TRUE(answer);
  EXPECT_TRUE(answer->session.comfort_noise);
  EXPECT_EQ(line_of(answer->sdp, "m="), "m=audio 20000 RTP/AVP 8 13");
  EXPECT_FALSE(make_answer(offer, ours())->session.comfort_noise);
  EXPECT_FALSE(make_answer(sdp("m=audio 4000 RTP/AVP 8\r\n"), with)->session.comfort_noise);
  // 13 that is something else
  EXPECT_FALSE(make_answer(sdp("m=audio 4000 RTP/AVP 8 13\r\na=rtpmap:13 EVRC/8000\r\n"), with)
                   ->session.comfort_noise);
}

TEST(Formats, SeveralTypesAreReceivedTheFirstIsSent) {
  const auto answer = make_answer(sdp("m=audio 4000 RTP/AVP 0 98 8\r\na=rtpmap:98 PCMA/8000\r\n"), ours());
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->session.receive_types,
            (std::vector<AudioFormat>{{0, AudioCodec::pcmu}, {98, AudioCodec::pcma}, {8, AudioCodec::pcma}}));
  EXPECT_EQ(answer->session.payload_type, 0);
}

TEST(Formats, NoMoreThanFourAreKept) {
  std::string media = "m=audio 4000 RTP/AVP 96 97 98 99 100 8\r\n";
  for (int type = 96; type <= 100; ++type) media += "a=rtpmap:" + std::to_string(type) + " PCMA/8000\r\n";
  EXPECT_EQ(make_answer(sdp(media), ours())->session.receive_types.size(), kMaxAudioFormats);
}

TEST(Collisions, ANumberThatStandsTwiceCountsOnce) {
  const auto answer = make_answer(sdp("m=audio 4000 RTP/AVP 8 8 8 0\r\n"), ours());
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->session.receive_types,
            (std::vector<AudioFormat>{{8, AudioCodec::pcma}, {0, AudioCodec::pcmu}}));
}

TEST(Collisions, OfTwoMeaningsOfANumberTheFirstCounts) {
  const auto answer = make_answer(
      sdp("m=audio 4000 RTP/AVP 97 101\r\na=rtpmap:97 PCMA/8000\r\na=rtpmap:97 telephone-event/8000\r\n"),
      ours());
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->session.payload_type, 97);
  EXPECT_EQ(answer->session.send_event_type, std::nullopt);
}

TEST(Collisions, AnAnswerThatGivesOurEventNumberToACodecIsReceivedByOurOffer) {
  const auto session = accept_answer(
      sdp("m=audio 4000 RTP/AVP 101 96\r\na=rtpmap:101 PCMA/8000\r\na=rtpmap:96 telephone-event/8000\r\n"),
      ours());
  ASSERT_TRUE(session);
  EXPECT_EQ(session->payload_type, 101);  // what the peer wants
  EXPECT_EQ(session->send_event_type, 96);
  EXPECT_EQ(session->receive_event_type, 101);  // what we asked for
  EXPECT_EQ(session->receive_types, (std::vector<AudioFormat>{{8, AudioCodec::pcma}, {0, AudioCodec::pcmu}}));
}

struct Fmtp {
  const char* events;
  bool usable;
};
class EventRanges : public testing::TestWithParam<Fmtp> {};
TEST_P(EventRanges, HoldTheTelephonesKeysOrAreNotUsed) {
  const auto answer = make_answer(sdp("m=audio 4000 RTP/AVP 8 96\r\na=rtpmap:96 telephone-event/8000\r\n" +
                                      std::string("a=fmtp:96 ") + GetParam().events + "\r\n"),
                                  ours());
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->session.send_event_type.has_value(), GetParam().usable) << GetParam().events;
}
INSTANTIATE_TEST_SUITE_P(Events, EventRanges,
                         testing::Values(Fmtp{"0-15", true}, Fmtp{"0-11", true}, Fmtp{"0-15,66,70", true},
                                         Fmtp{"0-9, 10 , 11", true}, Fmtp{"0,1,2,3-11", true},
                                         Fmtp{"0-9", false}, Fmtp{"66", false}, Fmtp{"", false},
                                         Fmtp{"11-0", false}, Fmtp{"0-", false}, Fmtp{"0-999", false},
                                         Fmtp{"-,,-", false}));

TEST(Directions, OurHoldIsNotLiftedByAnAnswer) {
  auto holding = ours();
  holding.direction = Direction::sendonly;
  EXPECT_NE(make_offer(holding).find("a=sendonly\r\n"), std::string::npos);
  const auto session = accept_answer(sdp("m=audio 4000 RTP/AVP 8\r\na=sendrecv\r\n"), holding);
  ASSERT_TRUE(session);
  EXPECT_TRUE(session->send);
  EXPECT_FALSE(session->receive);  // it lies: RFC 3264 6.1
}

TEST(Directions, TheNullAddressOfEitherFamilyHolds) {
  auto v6 = ours();
  v6.local = *parse_socket_address("[2001:db8::1]:20000");
  const auto answer = make_answer(sdp("m=audio 4000 RTP/AVP 8\r\n", "IN IP6 ::"), v6);
  ASSERT_TRUE(answer);
  EXPECT_TRUE(answer->session.held());
  EXPECT_TRUE(answer->session.remote_rtp.unspecified());
  EXPECT_TRUE(make_answer(sdp("m=audio 4000 RTP/AVP 8\r\n", "IN IP4 0.0.0.0"), ours())->session.held());
}

struct Refusal {
  const char* media;
  const char* connection;
  const char* warning;
};
class Refusals : public testing::TestWithParam<Refusal> {};
TEST_P(Refusals, SayWhy) {
  const auto answer = make_answer(sdp(GetParam().media, GetParam().connection), ours());
  ASSERT_FALSE(answer);
  const auto warning = refusal_warning(answer.error(), "192.0.2.1");
  EXPECT_TRUE(warning.starts_with(std::string(GetParam().warning) + " 192.0.2.1 \"")) << warning;
}
constexpr const char* kHere = "IN IP4 198.51.100.2";
INSTANTIATE_TEST_SUITE_P(
    Warning, Refusals,
    testing::Values(Refusal{"m=audio 4000 RTP/AVP 18\r\n", kHere, "305"},
                    Refusal{"m=video 4000 RTP/AVP 31\r\n", kHere, "304"}, Refusal{"", kHere, "304"},
                    Refusal{"m=audio 0 RTP/AVP 8\r\n", kHere, "304"},
                    Refusal{"m=video 4000 RTP/AVP 31\r\nm=audio 4002 RTP/AVP 18\r\n", kHere, "305"},
                    Refusal{"m=audio 4000 RTP/SAVP 8\r\n", kHere, "302"},
                    Refusal{"m=audio 4000 RTP/AVP 8\r\n", "IN IP6 2001:db8::1", "300"},
                    Refusal{"m=audio 4000 RTP/AVP 8\r\n", "IN IP4 host.example", "301"},
                    Refusal{"m=audio 4000 RTP/AVP 8\r\n", "IN IP4 224.1.1.1/127", "330"},
                    Refusal{"nonsense\r\n", kHere, "399"}));

TEST(Warning, SaysWhatIsWrongWithADescriptionThatCannotBeRead) {
  const auto answer = make_answer("v=0\r\no=- x 1 IN IP4 h\r\n", ours());
  ASSERT_FALSE(answer);
  EXPECT_EQ(
      refusal_warning(answer.error(), "gw"),
      "399 gw \"Session description not understood: octet 9: o=: session id is not a number (malformed)\"");
}

}  // namespace
}  // namespace tandem::sip
