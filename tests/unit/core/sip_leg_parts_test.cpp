// The parts of a SIP leg that stand alone: digits in INFO, early dialogs, what media is told.
#include <gtest/gtest.h>

#include "gateway/core/sip_leg_digits.h"
#include "gateway/core/sip_leg_forks.h"
#include "gateway/core/sip_leg_media.h"

namespace tandem::core {
namespace {

// --- INFO -----------------------------------------------------------------------------------------------

struct Info {
  const char* type;
  const char* body;
  char digit;  ///< 0: none
  int duration;
};
class DigitInInfo : public testing::TestWithParam<Info> {};
TEST_P(DigitInInfo, IsReadAsFieldEquipmentWritesIt) {
  const auto& row = GetParam();
  const auto info = digit_from_info(std::string("application/") + row.type, row.body);
  ASSERT_EQ(info.has_value(), row.digit != 0) << row.body;
  if (!info) return;
  EXPECT_EQ(info->digit, row.digit);
  EXPECT_EQ(info->duration_ms, row.duration);
}
INSTANTIATE_TEST_SUITE_P(Bodies, DigitInInfo,
                         testing::Values(Info{"dtmf-relay", "Signal=5\r\nDuration=160\r\n", '5', 160},
                                         Info{"dtmf-relay", "Signal= #\nDuration= 250", '#', 250},
                                         Info{"dtmf-relay", "signal = a \r\nDURATION=100", 'A', 100},
                                         Info{"dtmf-relay", "Duration=100\r\nSignal=10\r\n", '*', 100},
                                         Info{"dtmf-relay", "Signal=1\r\nSignal=2\r\n", '1', 160},
                                         Info{"dtmf-relay", "Signal=1\r\nDuration=7\r\n", '1', 40},
                                         Info{"dtmf-relay", "Signal=1\r\nDuration=999999\r\n", '1', 5000},
                                         Info{"dtmf-relay", "Signal=1\r\nDuration=-5\r\n", '1', 160},
                                         Info{"dtmf-relay", "Signal=16\r\n", 0, 0},  // a hook flash
                                         Info{"dtmf-relay", "Signal=!\r\n", 0, 0},
                                         Info{"dtmf-relay", "5", 0, 0}, Info{"dtmf-relay", "", 0, 0},
                                         Info{"dtmf-relay", "=\r\n==\r\nSignal\r\n", 0, 0},
                                         Info{"dtmf", "5", '5', 160}, Info{"dtmf", " 11 \r\n", '#', 160},
                                         Info{"dtmf", "Signal=D\r\n", 'D', 160}, Info{"dtmf", "55", 0, 0},
                                         Info{"dtmf", "\r\n\r\n", 0, 0}, Info{"text", "5", 0, 0}));

TEST(DigitInInfo, IsWrittenByThePeersMode) {
  const auto relay = info_from_digit(DtmfMode::info_relay, '#', 120);
  ASSERT_TRUE(relay);
  EXPECT_EQ(relay->content_type, "application/dtmf-relay");
  EXPECT_EQ(relay->body, "Signal=#\r\nDuration=120\r\n");
  EXPECT_EQ(info_from_digit(DtmfMode::info_relay, '1', 0)->body, "Signal=1\r\nDuration=40\r\n");
  const auto dtmf = info_from_digit(DtmfMode::info_dtmf, '7', 120);
  ASSERT_TRUE(dtmf);
  EXPECT_EQ(dtmf->content_type, "application/dtmf");
  EXPECT_EQ(dtmf->body, "7");
  EXPECT_FALSE(info_from_digit(DtmfMode::rfc4733, '7', 120));
  EXPECT_FALSE(info_from_digit(DtmfMode::inband, '7', 120));
  for (const char digit : std::string_view("0123456789*#ABCD"))
    for (const auto mode : {DtmfMode::info_relay, DtmfMode::info_dtmf}) {
      const auto body = info_from_digit(mode, digit, 200);
      EXPECT_EQ(digit_from_info(body->content_type, body->body)->digit, digit);
    }
}

// --- early dialogs --------------------------------------------------------------------------------------

sip::AudioSession session(int port, bool receive = true) {
  sip::AudioSession session;
  session.receive_types = {{8, sip::AudioCodec::pcma}};
  session.remote_rtp = *parse_ip("198.51.100.1", static_cast<std::uint16_t>(port));
  session.receive = receive;
  return session;
}

TEST(EarlyDialogs, TheLastThatDescribedAudioIsHeard) {
  EarlyDialogs early;
  for (const char* dialog : {"a", "b", "c"}) early.authorise(dialog, true);
  EXPECT_FALSE(early.heard());
  early.described("a", session(1000));
  early.described("b", session(2000));
  EXPECT_EQ(early.heard()->remote_rtp.port, 2000);
  early.described("a", session(1000));  // the same again
  EXPECT_EQ(early.heard()->remote_rtp.port, 2000);
  early.described("a", session(1002));
  EXPECT_EQ(early.heard()->remote_rtp.port, 1002);
  early.described("c", session(3000, false));  // silent
  EXPECT_EQ(early.heard()->remote_rtp.port, 1002);
  early.ended("a");
  EXPECT_EQ(early.heard()->remote_rtp.port, 2000);
  EXPECT_EQ(early.of("c")->remote_rtp.port, 3000);
  EXPECT_FALSE(early.of("a"));
}

TEST(EarlyDialogs, WhoIsNotAllowedIsNotHeard) {
  EarlyDialogs early;
  early.authorise("a", false);
  early.described("a", session(1000));
  EXPECT_FALSE(early.heard()->receive);
  EXPECT_TRUE(early.of("a")->receive);  // once answered
  early.authorise("b", true);
  early.described("b", session(2000));
  early.authorise("a", true);
  EXPECT_EQ(early.heard()->remote_rtp.port, 1000);  // it has just begun to speak
  early.authorise("a", false);
  EXPECT_EQ(early.heard()->remote_rtp.port, 2000);
}

TEST(EarlyDialogs, AreNotKeptWithoutEnd) {
  EarlyDialogs early;
  for (int i = 0; i < 1000; ++i) early.described(std::to_string(i), session(1000 + i));
  EXPECT_EQ(early.heard()->remote_rtp.port, 1015);
}

// --- media ----------------------------------------------------------------------------------------------

TEST(RtpParametersOf, AHoldByZerosKeepsTheAddressAndStopsTheSound) {
  const PeerConfig peer;
  const auto before = rtp_parameters(session(1000), peer, std::nullopt);
  auto held = session(0);
  held.remote_rtp = *parse_ip("0.0.0.0", 1000);
  held.send = false;
  const auto after = rtp_parameters(held, peer, before);
  EXPECT_EQ(after.remote_rtp, before.remote_rtp);
  EXPECT_EQ(after.remote_rtcp, before.remote_rtcp);
  EXPECT_FALSE(after.send);
  EXPECT_TRUE(rtp_parameters(held, peer, std::nullopt).remote_rtp.unspecified());
}

TEST(RtpParametersOf, DigitsGoAsThePeerWantsThem) {
  PeerConfig peer;
  auto agreed = session(1000);
  EXPECT_TRUE(rtp_parameters(agreed, peer, {}).digits_in_audio);  // no events agreed on
  agreed.receive_event_type = 101;
  EXPECT_FALSE(rtp_parameters(agreed, peer, {}).digits_in_audio);
  EXPECT_EQ(rtp_parameters(agreed, peer, {}).digits_out, media::DigitsOut::events);
  peer.dtmf = DtmfMode::inband;
  EXPECT_EQ(rtp_parameters(agreed, peer, {}).digits_out, media::DigitsOut::audio);
  for (const auto mode : {DtmfMode::info_relay, DtmfMode::info_dtmf}) {
    peer.dtmf = mode;
    EXPECT_EQ(rtp_parameters(agreed, peer, {}).digits_out, media::DigitsOut::report);
  }
  agreed.codec = sip::AudioCodec::clearmode;  // RFC 4040: its bits are nobody's to look into
  EXPECT_EQ(rtp_parameters(agreed, peer, {}).digits_out, media::DigitsOut::audio);
}

TEST(RtpParametersOf, TypesSilenceAndLearningAreCarried) {
  PeerConfig peer;
  peer.suppress_silence = true;
  peer.symmetric_rtp = media::SourceLearning::any;
  auto agreed = session(1000);
  agreed.receive_types = {{0, sip::AudioCodec::pcmu}, {98, sip::AudioCodec::pcma}};
  agreed.codec = sip::AudioCodec::pcmu;
  agreed.law = Law::mu;
  agreed.payload_type = 0;
  auto p = rtp_parameters(agreed, peer, {});
  EXPECT_EQ(p.payload, media::Payload::pcmu);
  EXPECT_EQ(p.receive_type_count, 2);
  EXPECT_EQ(p.receive_types[1], (media::ReceiveType{98, media::Payload::pcma}));
  EXPECT_EQ(p.learning, media::SourceLearning::any);
  EXPECT_FALSE(p.suppress_silence);  // the peer does not take comfort noise
  agreed.comfort_noise = true;
  EXPECT_TRUE(rtp_parameters(agreed, peer, {}).suppress_silence);
}

}  // namespace
}  // namespace tandem::core
