#include "sipt/sdp.h"

#include <gtest/gtest.h>

#include <limits>

namespace tandem::sip {
namespace {

constexpr std::string_view kHead = "v=0\r\no=- 1 2 IN IP4 192.0.2.1\r\ns=-\r\nt=0 0\r\n";

TEST(Sdp, ReadsTheWholeModel) {
  const auto sdp = parse_sdp(
      "v=0\r\no=alice 2890844526 2890844527 IN IP6 2001:db8::1\r\ns=A call\r\ni=info\r\nu=http://x\r\n"
      "c=IN IP4 192.0.2.1\r\nb=CT:128\r\nt=1 2\r\na=recvonly\r\na=tool:x\r\na=ptime:30\r\n"
      "m=audio 49170/2 RTP/AVP 8 96 101\r\ni=stream\r\nc=IN IP6 2001:db8::2\r\nb=AS:64\r\n"
      "a=rtpmap:8 PCMA/8000\r\na=rtpmap:96 L16/44100/2\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 "
      "0-15,66\r\n"
      "a=rtcp:53020 IN IP4 192.0.2.7\r\na=ptime:20\r\na=maxptime:40\r\na=sendonly\r\na=silenceSupp:off - - - "
      "-\r\n"
      "m=video 0 RTP/AVP 31\r\n");
  ASSERT_TRUE(sdp);
  EXPECT_EQ(sdp->origin, (SdpOrigin{"alice", 2890844526, 2890844527, {true, "2001:db8::1"}}));
  EXPECT_EQ(sdp->session_name, "A call");
  EXPECT_EQ(sdp->connection->host, "192.0.2.1");
  EXPECT_EQ(sdp->attributes.direction, Direction::recvonly);
  EXPECT_EQ(sdp->attributes.ptime, 30);
  EXPECT_EQ(sdp->attributes.other, (std::vector<std::string>{"tool:x"}));
  ASSERT_EQ(sdp->media.size(), 2u);
  const auto& audio = sdp->media[0];
  EXPECT_EQ(audio.port, 49170);
  EXPECT_EQ(audio.port_count, 2);
  EXPECT_EQ(audio.formats, (std::vector<std::string>{"8", "96", "101"}));
  EXPECT_EQ(*audio.rtpmap(96), (SdpRtpmap{96, "L16", 44100, 2}));
  EXPECT_EQ(audio.rtpmap(97), nullptr);
  EXPECT_EQ(audio.fmtps.at(0), (SdpFmtp{101, "0-15,66"}));
  EXPECT_EQ(audio.rtcp->port, 53020);
  EXPECT_EQ(audio.rtcp->address->host, "192.0.2.7");
  EXPECT_EQ(audio.attributes.maxptime, 40);
  EXPECT_EQ(audio.attributes.direction, Direction::sendonly);
  EXPECT_EQ(parse_sdp(to_string(*sdp)), *sdp);
}

TEST(Sdp, ToleratesWhatIsMet) {
  const auto sdp = parse_sdp("v=0\no=- 1 1 IN IP4 h\nm=audio 1 RTP/AVP 0\na=ptime:twenty\na=x\n\n\n");
  ASSERT_TRUE(sdp);
  EXPECT_EQ(sdp->session_name, "-");
  EXPECT_EQ(sdp->media[0].attributes.ptime, std::nullopt);
  EXPECT_TRUE(parse_sdp("v=0\r\no=- 1 1 IN IP4 h"));
}

// RFC 8866 5.2: sess-id and sess-version are digits, without a bound.
TEST(Sdp, TakesAnOriginOfManyDigits) {
  const auto sdp = parse_sdp("v=0\no=- 1234567890123456789012345 18446744073709551616 IN IP4 h\n");
  ASSERT_TRUE(sdp);
  EXPECT_EQ(sdp->origin.session_id, std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(sdp->origin.session_version, std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(parse_sdp(to_string(*sdp)), *sdp);
  EXPECT_FALSE(parse_sdp("v=0\no=- 1234567890123456789012345x 1 IN IP4 h\n"));
}

TEST(Sdp, AttributesOfAnotherKindOfStreamThatCannotBeReadAreKeptAsTheyAre) {
  const auto sdp = parse_sdp(std::string(kHead) +
                             "m=audio 1 RTP/AVP 8\r\nm=video 2 RTP/AVP 96\r\na=rtpmap:96 H264\r\n"
                             "a=rtcp:none\r\nm=application 3 x x\r\na=rtpmap:200 y/1\r\n");
  ASSERT_TRUE(sdp);
  EXPECT_EQ(sdp->media[1].attributes.other, (std::vector<std::string>{"rtpmap:96 H264", "rtcp:none"}));
  EXPECT_EQ(sdp->media[2].attributes.other, (std::vector<std::string>{"rtpmap:200 y/1"}));
  EXPECT_EQ(parse_sdp(to_string(*sdp)), *sdp);
}

struct BadSdp {
  std::string text;
  std::string at;  ///< what the error points at
};
class SdpRefused : public testing::TestWithParam<BadSdp> {};
TEST_P(SdpRefused, NamesTheOctet) {
  const auto text = std::string(kHead) + GetParam().text;
  const auto sdp = parse_sdp(text);
  ASSERT_FALSE(sdp);
  EXPECT_EQ(text.substr(sdp.error().offset, GetParam().at.size()), GetParam().at) << sdp.error().offset;
}
INSTANTIATE_TEST_SUITE_P(
    Sdp, SdpRefused,
    testing::Values(BadSdp{"m=audio x RTP/AVP 0\r\n", "x RTP"},
                    BadSdp{"m=audio 70000 RTP/AVP 0\r\n", "70000"}, BadSdp{"m=audio 1 RTP/AVP\r\n", "1 RTP"},
                    BadSdp{"m=audio 1\r\n", "1\r\n"}, BadSdp{"c=IN IP5 x\r\n", "IN IP5"},
                    BadSdp{"c=ATM IP4 x\r\n", "ATM"}, BadSdp{"c=IN IP4\r\n", "IN IP4"},
                    BadSdp{"junk\r\n", "junk"}, BadSdp{"\r\nm=audio 1 RTP/AVP 0\r\n", "\r\nm"},
                    BadSdp{"m=audio 1 RTP/AVP 0\r\na=rtpmap:128 X/1\r\n", "128 X"},
                    BadSdp{"m=audio 1 RTP/AVP 0\r\na=rtpmap:0 PCMU\r\n", "0 PCMU"},
                    BadSdp{"m=audio 1 RTP/AVP 0\r\na=rtpmap:0 X/8000/0\r\n", "X/8000/0"},
                    BadSdp{"m=audio 1 RTP/AVP 0\r\na=rtcp:99999\r\n", "99999"},
                    BadSdp{"o=- x 1 IN IP4 h\r\n", "x 1"}, BadSdp{"o=- 1 -1 IN IP4 h\r\n", "-1"},
                    BadSdp{std::string("a=\0b\r\n", 6), "a="}));

TEST(Sdp, NeedsVersionAndOrigin) {
  EXPECT_EQ(parse_sdp("").error().code, Errc::missing);
  EXPECT_FALSE(parse_sdp("v=1\r\no=- 1 1 IN IP4 h\r\n"));
  EXPECT_FALSE(parse_sdp("o=- 1 1 IN IP4 h\r\nv=0\r\n"));
  EXPECT_EQ(parse_sdp("v=0\r\ns=-\r\n").error().code, Errc::missing);
}

TEST(Sdp, HasLimits) {
  std::string media(kHead);
  for (int i = 0; i < 65; ++i) media += "m=audio 1 RTP/AVP 0\r\n";
  EXPECT_EQ(parse_sdp(media).error().code, Errc::too_long);
  std::string formats = std::string(kHead) + "m=audio 1 RTP/AVP";
  for (int i = 0; i < 65; ++i) formats += " 0";
  EXPECT_EQ(parse_sdp(formats).error().code, Errc::too_long);
  for (const std::string line : {"a=x\r\n", "b=x\r\n", "a=rtpmap:0 a/1\r\n", "a=fmtp:0 a\r\n"}) {
    std::string many(kHead);
    many.append("m=audio 1 RTP/AVP 0\r\n");
    for (int i = 0; i < 129; ++i) many += line;
    EXPECT_EQ(parse_sdp(many).error().code, Errc::too_long) << line;
  }
  EXPECT_EQ(parse_sdp(std::string(kHead) + std::string(40000, 'a')).error().code, Errc::too_long);
}

}  // namespace
}  // namespace tandem::sip
