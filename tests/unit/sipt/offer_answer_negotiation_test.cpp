// Offers and answers one after the other in a session (RFC 3264 8).
#include <gtest/gtest.h>

#include "sipt/offer_answer.h"

namespace tandem::sip {
namespace {

AudioNegotiation negotiation() {
  AudioCapabilities own;
  own.local = *parse_socket_address("192.0.2.1:20000");
  own.laws = {Law::a, Law::mu};
  own.session_id = 7;
  own.session_version = 9;
  return AudioNegotiation(own);
}

std::string sdp(std::string_view media) {
  return "v=0\r\no=- 1 1 IN IP4 198.51.100.2\r\ns=-\r\nc=IN IP4 198.51.100.2\r\nt=0 0\r\n" +
         std::string(media);
}

std::uint64_t version(const std::string& text) {
  return parse_sdp(text)->origin.session_version;
}

TEST(Negotiation, TheSameDescriptionKeepsItsVersionAnotherRaisesItByOne) {
  auto ours = negotiation();
  const auto first = ours.offer();
  EXPECT_EQ(version(first), 9U);
  EXPECT_EQ(ours.offer(), first);
  ours.own().direction = Direction::sendonly;
  EXPECT_EQ(version(ours.offer()), 10U);
  ours.own().direction = Direction::sendrecv;
  EXPECT_EQ(version(ours.offer()), 11U);
  const auto answer = ours.answer(sdp("m=audio 4000 RTP/AVP 8\r\n"));
  EXPECT_EQ(version(answer->sdp), 12U);
  EXPECT_EQ(ours.answer(sdp("m=audio 4000 RTP/AVP 8\r\n"))->sdp, answer->sdp);
}

TEST(Negotiation, RefusedStreamsKeepTheirPlacesInLaterOffers) {
  auto ours = negotiation();
  ASSERT_TRUE(
      ours.answer(sdp("m=video 5000 RTP/AVP 31 34\r\nm=audio 5004 RTP/AVP 8\r\nm=image 5006 udptl t38\r\n")));
  const auto offer = parse_sdp(ours.offer());
  ASSERT_TRUE(offer);
  ASSERT_EQ(offer->media.size(), 3U);
  EXPECT_EQ(offer->media[0].port, 0);
  EXPECT_EQ(offer->media[0].type, "video");
  EXPECT_EQ(offer->media[1].port, 20000);
  EXPECT_EQ(offer->media[2].port, 0);
  EXPECT_EQ(offer->media[2].protocol, "udptl");
  // The answer is read in its place.
  const auto session =
      ours.accept(sdp("m=video 0 RTP/AVP 31\r\nm=audio 6000 RTP/AVP 0\r\nm=image 0 udptl t38\r\n"));
  ASSERT_TRUE(session);
  EXPECT_EQ(session->remote_rtp.port, 6000);
  EXPECT_EQ(ours.accept(sdp("m=audio 6000 RTP/AVP 0\r\n")).error().code, Errc::missing);
}

TEST(Negotiation, FortyStreamsAreAnsweredOneByOne) {
  auto ours = negotiation();
  std::string media;
  for (int i = 0; i < 39; ++i) media += "m=video " + std::to_string(5000 + i) + " RTP/AVP 31\r\n";
  media += "m=audio 6000 RTP/AVP 8\r\n";
  const auto answer = ours.answer(sdp(media));
  ASSERT_TRUE(answer);
  EXPECT_EQ(parse_sdp(answer->sdp)->media.size(), 40U);
  EXPECT_EQ(answer->session.remote_rtp.port, 6000);
  std::string too_many;
  for (std::size_t i = 0; i <= kMaxSdpMedia; ++i) too_many += "m=audio 6000 RTP/AVP 8\r\n";
  EXPECT_EQ(ours.answer(sdp(too_many)).error().code, Errc::too_long);
}

TEST(Negotiation, OffersAfterAHoldListEverythingAgain) {
  auto ours = negotiation();
  ASSERT_TRUE(ours.answer(sdp("m=audio 4000 RTP/AVP 8\r\na=sendonly\r\n")));
  const auto offer = parse_sdp(ours.offer());
  EXPECT_EQ(offer->media[0].formats, (std::vector<std::string>{"8", "0", "101"}));  // RFC 6337 5.3
  EXPECT_EQ(offer->media[0].attributes.direction, Direction::sendrecv);
}

TEST(Negotiation, DynamicNumbersKeepTheirMeaning) {
  auto ours = negotiation();
  ASSERT_TRUE(ours.answer(sdp("m=audio 4000 RTP/AVP 8 96\r\na=rtpmap:96 telephone-event/8000\r\n")));
  EXPECT_EQ(parse_sdp(ours.offer())->media[0].formats, (std::vector<std::string>{"8", "0", "96"}));
  auto other = negotiation();
  ASSERT_TRUE(other.answer(sdp("m=audio 4000 RTP/AVP 101 8\r\na=rtpmap:101 opus/48000/2\r\n")));
  EXPECT_EQ(parse_sdp(other.offer())->media[0].formats, (std::vector<std::string>{"8", "0", "96"}));
}

TEST(Negotiation, ARefusedOfferOfThePeersChangesNothing) {
  auto ours = negotiation();
  const auto first = ours.answer(sdp("m=video 1 RTP/AVP 31\r\nm=audio 4000 RTP/AVP 8\r\n"));
  ASSERT_TRUE(first);
  EXPECT_FALSE(ours.answer(sdp("m=audio 4000 RTP/AVP 18\r\n")));
  EXPECT_FALSE(ours.answer("nonsense"));
  EXPECT_EQ(ours.answer(sdp("m=video 1 RTP/AVP 31\r\nm=audio 4000 RTP/AVP 8\r\n"))->sdp, first->sdp);
}

}  // namespace
}  // namespace tandem::sip
