// The keys of what carriers and PBXs do: each reaches its field, and its default is the field's.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "config/loader.h"
#include "config/schema.h"

namespace tandem::config {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

std::string all(const std::vector<Problem>& problems) {
  std::string text;
  for (const auto& p : problems) text += to_string(p) + '\n';
  return text;
}

struct Parts {
  std::string gateway = {}, sip = {}, trunk = {}, peer = {};
};

std::string file(const Parts& parts) {
  return "[gateway]\ncdr = \"cdr.sqlite\"\n" + parts.gateway +
         "[gateway.sip]\nlisten = [\"udp:127.0.0.1:5060\"]\n" + parts.sip +
         "[gateway.rtp]\naddress = \"127.0.0.1\"\n"
         "[[span]]\nname = \"s\"\ntype = \"E1\"\nlocal = \"127.0.0.1:40001\"\nremote = \"127.0.0.1:50001\"\n"
         "[[trunk]]\nname = \"t\"\nsignalling = \"pri\"\nswitch = \"euroisdn\"\nspans = [\"s\"]\n"
         "d_channel = \"s:16\"\n" +
         parts.trunk + "[[peer]]\nname = \"p\"\naddress = \"sip:127.0.0.1:5070\"\n" + parts.peer +
         "[[route]]\nto = [\"t\"]\n";
}

core::Config loaded(const Parts& parts) {
  const auto result = load_text(file(parts), "f");
  if (!result) {
    ADD_FAILURE() << all(result.error());
    return {};
  }
  return *result;
}

TEST(OperationKeys, DefaultsAreThoseOfTheStructures) {
  const auto config = loaded({});
  const core::Config d;
  EXPECT_EQ(config.audit_interval, d.audit_interval);
  EXPECT_EQ(config.metrics.has_value(), d.metrics.has_value());
  EXPECT_EQ(config.sip.organization, d.sip.organization);
  EXPECT_EQ(config.sip.keepalive, d.sip.keepalive);
  EXPECT_EQ(config.sip.max_calls, d.sip.max_calls);
  EXPECT_EQ(config.sip.calls_per_second, d.sip.calls_per_second);
  EXPECT_EQ(config.sip.retry_after, d.sip.retry_after);
  EXPECT_EQ(config.media.tones, d.media.tones);
  EXPECT_TRUE(config.media.recordings.empty());
  ASSERT_EQ(config.trunks.size(), 1U);
  const auto& trunk = config.trunks[0];
  const core::TrunkConfig t;
  EXPECT_EQ(trunk.timers, t.timers);
  EXPECT_EQ(trunk.overlap, t.overlap);
  EXPECT_EQ(trunk.overlap_sending, t.overlap_sending);
  EXPECT_EQ(trunk.minimum_digits, t.minimum_digits);
  EXPECT_EQ(trunk.service_messages, t.service_messages);
  EXPECT_EQ(trunk.hold, t.hold);
  EXPECT_EQ(trunk.transfer, t.transfer);
  EXPECT_EQ(trunk.inband_disconnect, t.inband_disconnect);
  EXPECT_EQ(trunk.send_display, t.send_display);
  EXPECT_EQ(trunk.send_connected, t.send_connected);
  EXPECT_EQ(trunk.statuses, t.statuses);
  EXPECT_TRUE(trunk.announcements.empty());
  EXPECT_EQ(trunk.ringback, t.ringback);
  EXPECT_EQ(trunk.hold_music, t.hold_music);
  EXPECT_EQ(trunk.numbers, t.numbers);
  EXPECT_FALSE(trunk.gains.receive || trunk.gains.send);
  ASSERT_EQ(config.peers.size(), 1U);
  const auto& peer = config.peers[0];
  const core::PeerConfig p;
  EXPECT_EQ(peer.maxptime_ms, p.maxptime_ms);
  EXPECT_EQ(peer.policy, p.policy);
  EXPECT_EQ(peer.symmetric_rtp, p.symmetric_rtp);
  EXPECT_EQ(peer.comfort_noise, p.comfort_noise);
  EXPECT_EQ(peer.suppress_silence, p.suppress_silence);
  EXPECT_EQ(peer.clearmode, p.clearmode);
  EXPECT_EQ(peer.diversion, p.diversion);
  EXPECT_EQ(peer.user_to_user, p.user_to_user);
  EXPECT_EQ(peer.p_early_media, p.p_early_media);
  EXPECT_EQ(peer.reason_decides, p.reason_decides);
  EXPECT_EQ(peer.overlap, p.overlap);
  EXPECT_EQ(peer.follow_redirects, p.follow_redirects);
  EXPECT_EQ(peer.causes, p.causes);
  EXPECT_EQ(peer.hold_music, p.hold_music);
  EXPECT_EQ(peer.numbers, p.numbers);
}

TEST(OperationKeys, OfTheGatewayReachTheirFields) {
  const auto config = loaded({.gateway = "audit_interval_s = 9\nmetrics = { listen = \"127.0.0.1:9464\" }\n",
                              .sip = "organization = \"ACME\"\nkeepalive_s = 30\nmax_calls = 240\n"
                                     "calls_per_second = 12.5\nretry_after_s = 4\n"});
  EXPECT_EQ(config.audit_interval, 9s);
  ASSERT_TRUE(config.metrics);
  EXPECT_EQ(to_string(config.metrics->address), "127.0.0.1:9464");
  EXPECT_EQ(config.sip.organization, "ACME");
  EXPECT_EQ(config.sip.keepalive, 30s);
  EXPECT_EQ(config.sip.max_calls, 240U);
  EXPECT_EQ(config.sip.calls_per_second, 12.5);
  EXPECT_EQ(config.sip.retry_after, 4s);
}

TEST(OperationKeys, OfATrunkReachTheirFields) {
  const auto config = loaded({.trunk = R"(timers_ms = { T309 = 9000, T302 = 12000, T11 = 16000 }
overlap = "pass-on"
overlap_sending = true
minimum_digits = 3
dial_tone = true
service_messages = true
hold = true
transfer = true
inband_disconnect = false
send_display = false
send_connected = false
tones = "de"
ringback = false
hold_music = "music.wav"
receive_gain_db = -3.5
send_gain_db = 0
cause_to_status = { 1 = 480, 34 = 480 }
[[trunk.number]]
of = "calling"
direction = "received"
type = "national"
prefix = "0"
strip = 1
add = "49"
becomes = "international"
[[trunk.number]]
direction = "sent"
[[trunk.announcement]]
causes = [1, 22]
file = "unallocated.wav"
)"});
  const auto& trunk = config.trunks.at(0);
  EXPECT_THAT(trunk.timers,
              ElementsAre(tdm::pri::TimerSetting{"T309", 9000}, tdm::pri::TimerSetting{"T302", 12000},
                          tdm::pri::TimerSetting{"T11", 16000}));
  EXPECT_EQ(trunk.overlap, core::Overlap::pass_on);
  EXPECT_TRUE(trunk.overlap_sending);
  EXPECT_EQ(trunk.minimum_digits, 3);
  EXPECT_TRUE(trunk.dial_tone);
  EXPECT_TRUE(trunk.service_messages);
  EXPECT_TRUE(trunk.hold);
  EXPECT_TRUE(trunk.transfer);
  EXPECT_FALSE(trunk.inband_disconnect);
  EXPECT_FALSE(trunk.send_display);
  EXPECT_FALSE(trunk.send_connected);
  EXPECT_FALSE(trunk.ringback);
  EXPECT_EQ(trunk.gains.receive, Decibels{-3.5});
  EXPECT_EQ(trunk.gains.send, Decibels{0});
  EXPECT_THAT(trunk.statuses, ElementsAre(core::CauseOverride{1, 480}, core::CauseOverride{34, 480}));
  using Nature = isup::NatureOfAddress;
  EXPECT_THAT(trunk.numbers.rules,
              ElementsAre(interwork::NumberRule{interwork::NumberOf::calling, false, Nature::national, "0", 1,
                                                "49", Nature::international},
                          interwork::NumberRule{interwork::NumberOf::called, true, std::nullopt, "", 0, "",
                                                std::nullopt}));
  ASSERT_EQ(trunk.announcements.size(), 1U);
  EXPECT_THAT(trunk.announcements[0].causes, ElementsAre(1, 22));
  ASSERT_TRUE(trunk.hold_music);
  ASSERT_EQ(config.media.recordings.size(), 2U);
  EXPECT_EQ(config.media.recordings[*trunk.hold_music].name, "music.wav");
  EXPECT_EQ(config.media.recordings[trunk.announcements[0].recording].name, "unallocated.wav");
  EXPECT_THAT(config.media.tones, ElementsAre("itu", "de"));
  EXPECT_EQ(config.media.spans.at(0).tones, 1);
}

TEST(OperationKeys, OfAPeerReachTheirFields) {
  const auto config = loaded({.peer = R"(ptime_ms = 40
maxptime_ms = 50
dtmf = "info-dtmf"
reliable = "required"
session_expires_s = 1800
min_se_s = 120
refresher = "peer"
symmetric_rtp = "any"
comfort_noise = true
suppress_silence = true
clearmode = false
diversion = "history-info"
user_to_user = false
p_early_media = true
reason_decides = true
overlap = true
follow_redirects = 3
status_to_cause = { 480 = 19, 603 = 17 }
hold_music = "music.wav"
[[peer.number]]
direction = "sent"
type = "network-specific"
becomes = "subscriber"
[[peer.announcement]]
causes = [17]
file = "music.wav"
)"});
  const auto& peer = config.peers.at(0);
  EXPECT_EQ(peer.ptime_ms, 40);
  EXPECT_EQ(peer.maxptime_ms, 50);
  EXPECT_EQ(peer.dtmf, core::DtmfMode::info_dtmf);
  EXPECT_EQ(peer.policy, (sip::CallPolicy{sip::Reliable::required, 1800s, 120s, sip::Refresher::peer}));
  EXPECT_EQ(peer.symmetric_rtp, media::SourceLearning::any);
  EXPECT_TRUE(peer.suppress_silence);
  EXPECT_FALSE(peer.clearmode);
  EXPECT_EQ(peer.diversion, core::DiversionHeader::history_info);
  EXPECT_FALSE(peer.user_to_user);
  EXPECT_TRUE(peer.p_early_media);
  EXPECT_TRUE(peer.reason_decides);
  EXPECT_TRUE(peer.overlap);
  EXPECT_EQ(peer.follow_redirects, 3);
  EXPECT_THAT(peer.causes, ElementsAre(core::CauseOverride{19, 480}, core::CauseOverride{17, 603}));
  using Nature = isup::NatureOfAddress;
  EXPECT_THAT(peer.numbers.rules,
              ElementsAre(interwork::NumberRule{interwork::NumberOf::called, true, Nature::network_specific,
                                                "", 0, "", Nature::subscriber}));
  // One file is one recording, however often it is named.
  ASSERT_EQ(config.media.recordings.size(), 1U);
  EXPECT_EQ(peer.hold_music, peer.announcements.at(0).recording);
}

TEST(OperationKeys, EveryWordIsTheValueOfItsPlace) {
  const auto dtmf = [](const char* word) {
    return loaded({.peer = std::string("dtmf = \"") + word + "\"\n"}).peers.at(0).dtmf;
  };
  EXPECT_EQ(dtmf("rfc4733"), core::DtmfMode::rfc4733);
  EXPECT_EQ(dtmf("info-relay"), core::DtmfMode::info_relay);
  EXPECT_EQ(dtmf("inband"), core::DtmfMode::inband);
  const auto type = [](const char* word) {
    auto text = file({});
    text.replace(text.find("euroisdn"), 8, word);
    text.replace(text.find("\"E1\""), 4, "\"T1\"");
    const auto result = load_text(text, "f");
    EXPECT_TRUE(result) << word;
    return result ? result->trunks[0].type : tdm::pri::Switch{};
  };
  using tdm::pri::Switch;
  EXPECT_EQ(type("euroisdn"), Switch::euroisdn);
  EXPECT_EQ(type("national"), Switch::national);
  EXPECT_EQ(type("ni1"), Switch::ni1);
  EXPECT_EQ(type("dms100"), Switch::dms100);
  EXPECT_EQ(type("4ess"), Switch::att4ess);
  EXPECT_EQ(type("5ess"), Switch::lucent5ess);
  EXPECT_EQ(type("qsig"), Switch::qsig);
  EXPECT_EQ(loaded({.trunk = "overlap = \"collect\"\n"}).trunks.at(0).overlap, core::Overlap::collect);
  EXPECT_EQ(loaded({.peer = "diversion = \"none\"\n"}).peers.at(0).diversion, core::DiversionHeader::none);
  EXPECT_EQ(loaded({.peer = "symmetric_rtp = \"off\"\n"}).peers.at(0).symmetric_rtp,
            media::SourceLearning::off);
}

TEST(OperationKeys, MoreNumberRulesThanTheLimitAreRefused) {
  std::string rules;
  for (int i = 0; i < 65; ++i) rules += "[[trunk.number]]\ndirection = \"sent\"\n";
  const auto result = load_text(file({.trunk = rules}), "f");
  ASSERT_FALSE(result);
  EXPECT_THAT(all(result.error()), HasSubstr("more than 64 [[trunk.number]]: that is the limit"));
}

TEST(OperationKeys, MoreTimersThanThereAreIsRefusedWithoutEnd) {
  std::string timers = "timers_ms = {";
  for (int i = 0; i < 5000; ++i) timers += (i == 0 ? " x" : ", x") + std::to_string(i) + " = 1";
  const auto result = load_text(file({.trunk = timers + " }\n"}), "f");
  ASSERT_FALSE(result);
  EXPECT_LE(result.error().size(), 201U);
}

TEST(OperationKeys, RecordingsAreReadAndWhatIsWrongWithOneStandsAtItsFirstMention) {
  const auto path = std::filesystem::path(testing::TempDir()) / "tandem-recordings.toml";
  std::ofstream(path) << file({.trunk = "hold_music = \"good.wav\"\n[[trunk.announcement]]\ncauses = [1]\n"
                                        "file = \"bad.wav\"\n"});
  const auto read = [](const std::string& name) -> std::expected<std::vector<std::int16_t>, std::string> {
    if (name == "bad.wav") return std::unexpected("has two channels: make it mono");
    return std::vector<std::int16_t>{1, 2, 3};
  };
  const auto result = load_file(path.string(), read);
  ASSERT_FALSE(result);
  ASSERT_EQ(result.error().size(), 1U);
  EXPECT_EQ(to_string(result.error()[0]),
            path.string() + ":21:8: file = \"bad.wav\": has two channels: make it mono");
  std::ofstream(path) << file({.trunk = "hold_music = \"good.wav\"\n"});
  const auto good = load_file(path.string(), read);
  ASSERT_TRUE(good);
  EXPECT_THAT(good->media.recordings.at(0).samples, ElementsAre(1, 2, 3));
  std::filesystem::remove(path);
}

TEST(OperationKeys, TheReferenceListsEveryTimerWithItsRange) {
  EXPECT_THAT(reference(), HasSubstr("### Timers of timers_ms"));
  EXPECT_THAT(reference(), HasSubstr("| T309 | "));
  EXPECT_THAT(reference(), HasSubstr("| T35 | 15000 to 20000 ms | 15000 / 15000 | "));
  EXPECT_THAT(reference(), Not(HasSubstr("alarm hold")));
  EXPECT_THAT(reference(), HasSubstr("### Countries of tones"));
  EXPECT_THAT(reference(), HasSubstr("## [[trunk.number]]"));
}

}  // namespace
}  // namespace tandem::config
