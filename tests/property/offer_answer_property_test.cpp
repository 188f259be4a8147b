// Any two sides that have a codec in common come to sessions that are each other's mirror, whoever offers,
// and as often as they do; two that have none come to no session.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "sipt/offer_answer.h"

namespace tandem::sip {
namespace {

class Sides {
 public:
  explicit Sides(unsigned seed) : engine_(seed) {}
  unsigned below(unsigned limit) { return static_cast<unsigned>(engine_() % limit); }
  bool coin() { return below(2) == 0; }
  AudioCapabilities side(std::uint8_t last) {
    AudioCapabilities side;
    side.local = {{192, 0, 2, last}, false, static_cast<std::uint16_t>(1024 + below(64000))};
    side.laws = coin() ? std::vector{Law::a, Law::mu} : std::vector{Law::mu, Law::a};
    side.laws.resize(below(3));
    side.clearmode = side.laws.empty() || coin();
    side.telephone_event = coin();
    side.comfort_noise = coin();
    side.ptime_ms = 10 * static_cast<int>(1 + below(6));
    side.maxptime_ms = std::max(side.ptime_ms, 10 * static_cast<int>(1 + below(6)));
    side.direction = static_cast<Direction>(below(4));
    side.event_type = static_cast<std::uint8_t>(98 + below(5));
    side.clearmode_type = static_cast<std::uint8_t>(103 + below(5));
    return side;
  }

 private:
  std::mt19937 engine_;
};

bool in_common(const AudioCapabilities& a, const AudioCapabilities& b) {
  if (a.clearmode && b.clearmode) return true;
  return std::ranges::any_of(a.laws, [&](Law law) { return std::ranges::find(b.laws, law) != b.laws.end(); });
}

bool receives(const AudioSession& session, std::uint8_t type, AudioCodec codec) {
  return std::ranges::find(session.receive_types, AudioFormat{type, codec}) != session.receive_types.end();
}

void expect_mirrored(const AudioSession& one, const AudioSession& other) {
  ASSERT_EQ(one.codec, other.codec);
  ASSERT_EQ(one.ptime_ms, other.ptime_ms);
  ASSERT_EQ(one.send, other.receive);
  ASSERT_EQ(one.receive, other.send);
  ASSERT_EQ(one.comfort_noise, other.comfort_noise);
  ASSERT_EQ(one.send_event_type, other.receive_event_type);
  ASSERT_EQ(one.receive_event_type, other.send_event_type);
  ASSERT_TRUE(receives(one, other.payload_type, other.codec));
  ASSERT_TRUE(receives(other, one.payload_type, one.codec));
  for (const auto& session : {one, other}) {
    ASSERT_LE(session.receive_types.size(), kMaxAudioFormats);
    for (const auto& format : session.receive_types)
      ASSERT_NE(session.receive_event_type, format.payload_type);
  }
}

TEST(OfferAnswerProperty, AnyTwoSidesMirrorEachOther) {
  Sides sides(5);
  int refused = 0;
  for (int i = 0; i < 5000; ++i) {
    const auto a = sides.side(1);
    const auto b = sides.side(2);
    const auto answer = make_answer(make_offer(a), b);
    ASSERT_EQ(answer.has_value(), in_common(a, b)) << make_offer(a);
    if (!answer) {
      ++refused;
      continue;
    }
    const auto session = accept_answer(answer->sdp, a);
    ASSERT_TRUE(session) << answer->sdp;
    expect_mirrored(*session, answer->session);
    ASSERT_EQ(session->remote_rtp, b.local);
    ASSERT_EQ(answer->session.remote_rtp, a.local);
    ASSERT_LE(session->ptime_ms, std::min(a.maxptime_ms, b.maxptime_ms));
    const bool sound = session->codec != AudioCodec::clearmode;
    ASSERT_EQ(session->send_event_type.has_value(), sound && a.telephone_event && b.telephone_event);
    ASSERT_EQ(session->comfort_noise, sound && a.comfort_noise && b.comfort_noise);
  }
  EXPECT_GT(refused, 50);
}

TEST(OfferAnswerProperty, OffersFromBothSidesInTurnKeepStreamsAndVersionsInOrder) {
  Sides sides(6);
  for (int i = 0; i < 300; ++i) {
    AudioNegotiation two[] = {AudioNegotiation(sides.side(1)), AudioNegotiation(sides.side(2))};
    if (!in_common(two[0].own(), two[1].own())) continue;
    std::uint64_t version[2] = {0, 0};
    std::size_t streams = 0;
    const auto seen = [&](unsigned who, const std::string& text) {
      const auto sdp = parse_sdp(text);
      ASSERT_TRUE(sdp);
      ASSERT_GE(sdp->origin.session_version, version[who]);
      ASSERT_LE(sdp->origin.session_version, std::max<std::uint64_t>(version[who] + 1, 1));
      ASSERT_GE(sdp->media.size(), streams);
      version[who] = sdp->origin.session_version;
      streams = sdp->media.size();
    };
    for (int round = 0; round < 10; ++round) {
      const unsigned who = sides.below(2);
      two[who].own().direction = static_cast<Direction>(sides.below(4));
      const auto offer = two[who].offer();
      seen(who, offer);
      const auto answer = two[1 - who].answer(offer);
      ASSERT_TRUE(answer) << offer;
      seen(1 - who, answer->sdp);
      const auto session = two[who].accept(answer->sdp);
      ASSERT_TRUE(session) << answer->sdp;
      expect_mirrored(*session, answer->session);
    }
  }
}

}  // namespace
}  // namespace tandem::sip
