#include <atomic>
#include <thread>

#include "gateway/base/random.h"
#include "sipt/rtp/rtcp.h"
#include "tests/unit/media/rig.h"

namespace tandem::media {
namespace {

using namespace std::chrono_literals;

constexpr Circuit kCircuit{.span = 0, .timeslot = 5};

void send_audio(Rig& rig, doubles::FakeRtp& peer, Stream& stream, int packets, Octet octet = 0x34) {
  for (int i = 0; i < packets; ++i) {
    peer.rtp_waiting.push_back(stream.packet(Octets(160, octet)));
    rig.tick(2);
  }
}

TEST(Tones, ringback_is_played_until_it_is_told_to_stop) {
  Rig rig;
  ASSERT_TRUE(rig.engine->post(PlayTone{.circuit = kCircuit, .tone = Tone::ringback}));
  rig.tick(500);
  const auto audio = linear(Law::a, rig.spans[0]->take_sent(5));
  const std::vector<double> on(audio.begin() + 80, audio.begin() + 7980);  // between its edges
  const std::vector<double> off(audio.begin() + 8000, audio.end());
  EXPECT_GT(sine_snr(on, 425), 33);
  EXPECT_LE(rms(off), 8.0);
  ASSERT_TRUE(rig.engine->post(PlayTone{.circuit = kCircuit, .tone = Tone::none}));
  rig.tick();
  rig.spans[0]->take_sent(5);  // falls to silence
  rig.tick(10);
  for (const auto octet : rig.spans[0]->take_sent(5)) ASSERT_EQ(octet, 0xD5);
}

TEST(Tones, a_mu_law_span_has_north_american_tones) {
  Rig rig({SpanSetup{.type = tdm::SpanType::t1, .media = {.law = Law::mu}}});
  ASSERT_TRUE(rig.engine->post(PlayTone{.circuit = kCircuit, .tone = Tone::busy}));
  rig.tick(50);
  const auto audio = linear(Law::mu, rig.spans[0]->take_sent(5));
  double re = 0;
  double im = 0;
  for (std::size_t i = 0; i < audio.size(); ++i) {
    const double phase = 2 * std::numbers::pi * 620 * static_cast<double>(i) / 8000;
    re += audio[i] * std::cos(phase);
    im += audio[i] * std::sin(phase);
  }
  const double amplitude = 2 * std::hypot(re, im) / static_cast<double>(audio.size());
  // -24 dBm0, where a sine of full scale has 3.14 dBm0.
  EXPECT_NEAR(20 * std::log10(amplitude / 32768) + 3.14, -24, 0.5);
}

TEST(Tones, a_tone_takes_the_place_of_the_sessions_audio) {
  Rig rig;
  doubles::FakeRtp peer;
  rig.open(1, kCircuit, peer);
  ASSERT_TRUE(rig.engine->post(PlayTone{.circuit = kCircuit, .tone = Tone::congestion}));
  Stream stream;
  send_audio(rig, peer, stream, 10);
  const std::vector<Octet> sent = rig.spans[0]->take_sent(5);
  EXPECT_GT(sine_snr(linear(Law::a, OctetView(sent).subspan(80)), 425), 30);
}

TEST(Tones, a_tone_that_yields_ends_with_the_first_rtp_audio_that_is_to_be_heard) {
  Rig rig;
  doubles::FakeRtp peer;
  rig.open(1, kCircuit, peer, Rig::parameters(), true, false);
  ASSERT_TRUE(rig.engine->post(PlayTone{.circuit = kCircuit, .tone = Tone::ringback, .yield_to_rtp = true}));
  Stream stream;
  send_audio(rig, peer, stream, 10);
  const auto tone = rig.spans[0]->take_sent(5);
  EXPECT_GT(sine_snr(linear(Law::a, OctetView(tone).subspan(80)), 425), 30) << "not cut through yet";
  ASSERT_TRUE(rig.engine->post(ThroughConnect{.session = {1}, .to_rtp = true, .to_timeslot = true}));
  send_audio(rig, peer, stream, 10);
  const auto sent = rig.spans[0]->take_sent(5);
  EXPECT_EQ(sent.back(), 0x34);
}

TEST(Patch, joins_two_circuits_both_ways_without_delay_and_with_transcoding) {
  Rig rig({SpanSetup{}, SpanSetup{.type = tdm::SpanType::t1, .media = {.law = Law::mu}}});
  const Circuit b{.span = 1, .timeslot = 24};
  Octet a_next = 0;
  Octet b_next = 0;
  rig.spans[0]->set_source(5, [&](std::span<Octet> out) {
    for (auto& octet : out) octet = a_next++;
  });
  rig.spans[1]->set_source(24, [&](std::span<Octet> out) {
    for (auto& octet : out) octet = b_next++;
  });
  ASSERT_TRUE(rig.engine->post(PatchCircuits{.a = kCircuit, .b = b}));
  rig.tick(10);
  const auto to_b = rig.spans[1]->take_sent(24);
  const auto to_a = rig.spans[0]->take_sent(5);
  for (std::size_t i = 0; i < 800; ++i) {
    ASSERT_EQ(to_b[i], dsp::transcode_table(Law::a, Law::mu)[i & 0xFF]) << i;
    ASSERT_EQ(to_a[i], dsp::transcode_table(Law::mu, Law::a)[i & 0xFF]) << i;
  }
  ASSERT_TRUE(rig.engine->post(PatchCircuits{.a = b, .b = kCircuit, .on = false}));
  rig.tick();
  EXPECT_EQ(rig.spans[0]->take_sent(5).front(), 0xD5);
  EXPECT_EQ(rig.spans[1]->take_sent(24).front(), 0xFF);
}

TEST(Patch, equal_laws_are_bit_exact_and_a_new_patch_undoes_the_old_one) {
  Rig rig;
  const Circuit b{.span = 0, .timeslot = 6};
  const Circuit c{.span = 0, .timeslot = 7};
  for (int timeslot = 5; timeslot <= 7; ++timeslot) {
    rig.spans[0]->set_source(timeslot, [timeslot](std::span<Octet> out) {
      std::fill(out.begin(), out.end(), static_cast<Octet>(timeslot));
    });
  }
  ASSERT_TRUE(rig.engine->post(PatchCircuits{.a = kCircuit, .b = b}));
  ASSERT_TRUE(rig.engine->post(PatchCircuits{.a = kCircuit, .b = c}));
  rig.tick();
  EXPECT_EQ(rig.spans[0]->take_sent(5).front(), 7);
  EXPECT_EQ(rig.spans[0]->take_sent(7).front(), 5);
  EXPECT_EQ(rig.spans[0]->take_sent(6).front(), 0xD5);
  // To undo what is no pair changes nothing; a circuit patched to itself is a loop.
  ASSERT_TRUE(rig.engine->post(PatchCircuits{.a = b, .b = c, .on = false}));
  ASSERT_TRUE(rig.engine->post(PatchCircuits{.a = b, .b = b}));
  rig.tick();
  EXPECT_EQ(rig.spans[0]->take_sent(5).front(), 7);
  EXPECT_EQ(rig.spans[0]->take_sent(6).front(), 6);
}

TEST(Patch, a_circuit_whose_span_is_down_hears_nothing_of_it) {
  Rig rig({SpanSetup{}, SpanSetup{}});
  rig.spans[0]->set_source(5, [](std::span<Octet> out) { std::fill(out.begin(), out.end(), Octet{0xFF}); });
  rig.spans[0]->set_alarms({.blue = true});
  ASSERT_TRUE(rig.engine->post(PatchCircuits{.a = kCircuit, .b = {.span = 1, .timeslot = 1}}));
  rig.tick();
  EXPECT_EQ(rig.spans[1]->take_sent(1).front(), 0xD5);
}

TEST(Sessions, are_refused_where_they_do_not_fit_and_the_transport_comes_back) {
  Rig rig({SpanSetup{}, SpanSetup{.type = tdm::SpanType::t1, .media = {}}});
  doubles::FakeRtp good;
  rig.open(1, kCircuit, good);
  rig.tick();
  doubles::FakeRtp bad;
  const std::vector<std::pair<std::uint64_t, Circuit>> cases{
      {2, kCircuit},                     // taken
      {1, {.span = 0, .timeslot = 6}},   // the id is in use
      {0, {.span = 0, .timeslot = 7}},   // no id
      {4, {.span = 0, .timeslot = 32}},  // no such timeslot
      {5, {.span = 1, .timeslot = 25}},  // nor here
      {6, {.span = 2, .timeslot = 1}},   // no such span
  };
  for (const auto& [id, circuit] : cases) {
    ASSERT_TRUE(rig.engine->post(OpenSession{.session = {id}, .circuit = circuit, .transport = &bad}));
  }
  rig.tick();
  const auto closed = rig.take<SessionClosed>();
  ASSERT_EQ(closed.size(), cases.size());
  for (std::size_t i = 0; i < cases.size(); ++i) {
    EXPECT_EQ(closed[i].session.value, cases[i].first);
    EXPECT_EQ(closed[i].transport, &bad);
  }
  EXPECT_EQ(rig.engine->counters().sessions_refused, cases.size());
  good.rtp_sent.clear();
  rig.tick(2);
  EXPECT_EQ(good.rtp_sent.size(), 1U) << "the session that was there goes on";
}

TEST(Sessions, commands_for_sessions_that_are_gone_do_nothing) {
  Rig rig;
  ASSERT_TRUE(rig.engine->post(CloseSession{.session = {9}}));
  ASSERT_TRUE(rig.engine->post(SetParameters{.session = {9}, .parameters = Rig::parameters()}));
  ASSERT_TRUE(rig.engine->post(ThroughConnect{.session = {9}, .to_rtp = true}));
  ASSERT_TRUE(rig.engine->post(PlayTone{.circuit = {.span = 9, .timeslot = 9}, .tone = Tone::busy}));
  rig.tick(2);
  EXPECT_TRUE(rig.events.empty());
}

TEST(Sessions, every_timeslot_can_be_opened_and_closed_again_and_again) {
  Rig rig({SpanSetup{}, SpanSetup{.type = tdm::SpanType::t1, .media = {.law = Law::mu}}});
  std::vector<std::unique_ptr<doubles::FakeRtp>> peers;
  std::uint64_t id = 1;
  for (int round = 0; round < 20; ++round) {
    const auto first = id;
    for (std::uint16_t span = 0; span < 2; ++span) {
      for (int timeslot = 1; timeslot <= (span == 0 ? 31 : 24); ++timeslot) {
        peers.push_back(std::make_unique<doubles::FakeRtp>());
        rig.open(id++, {.span = span, .timeslot = static_cast<std::uint8_t>(timeslot)}, *peers.back());
      }
    }
    rig.tick(2);
    for (auto i = first; i < id; ++i) {
      ASSERT_TRUE(rig.engine->post(CloseSession{.session = {i}}));
    }
    rig.tick();
    const auto closed = rig.take<SessionClosed>();
    ASSERT_EQ(closed.size(), 55U);
    for (const auto& c : closed) EXPECT_EQ(c.stats.packets_sent, 1U);
  }
  EXPECT_EQ(rig.engine->counters().sessions_refused, 0U);
}

TEST(Sessions, with_the_event_queue_full_no_end_is_lost) {
  Rig rig;
  doubles::FakeRtp peer;
  std::uint64_t id = 1;
  std::uint64_t closed = 0;
  std::uint64_t posted = 0;
  std::vector<std::uint64_t> unclosed;  // their command found the queue full
  // Nobody polls: the queue fills up with ends and refusals.
  for (int round = 0; round < 60; ++round) {
    for (int i = 0; i < 40; ++i) {
      if (!rig.engine->post(OpenSession{.session = {id}, .circuit = kCircuit, .transport = &peer})) continue;
      ++posted;
      unclosed.push_back(id++);
      if (rig.engine->post(CloseSession{.session = {unclosed.back()}})) unclosed.pop_back();
    }
    rig.engine->tick(rig.now += kTick);
  }
  for (int round = 0; round < 60; ++round) {
    while (!unclosed.empty() && rig.engine->post(CloseSession{.session = {unclosed.back()}}))
      unclosed.pop_back();
    for (Event event; rig.engine->poll(event);)
      closed += std::holds_alternative<SessionClosed>(event) ? 1U : 0U;
    rig.engine->tick(rig.now += kTick);
  }
  EXPECT_EQ(closed, posted);
  EXPECT_GT(posted, 1024U);
}

TEST(Watch, a_peer_that_falls_silent_is_told_of_once_and_again_after_it_came_back) {
  EngineConfig config;
  config.rtp_timeout = 5s;
  Rig rig({SpanSetup{}}, config);
  doubles::FakeRtp peer;
  rig.open(1, kCircuit, peer);
  Stream stream;
  send_audio(rig, peer, stream, 10);
  rig.tick(495);
  EXPECT_TRUE(rig.take<RtpTimeout>().empty());
  rig.tick(1000);
  EXPECT_EQ(rig.take<RtpTimeout>().size(), 1U);
  send_audio(rig, peer, stream, 10);
  rig.tick(1000);
  EXPECT_EQ(rig.take<RtpTimeout>().size(), 1U);
  EXPECT_EQ(rig.take<RtpStarted>().size(), 1U);
}

TEST(Watch, a_peer_that_is_held_or_not_heard_or_not_watched_may_be_silent) {
  for (int which = 0; which < 3; ++which) {
    EngineConfig config;
    config.rtp_timeout = which == 2 ? 0s : 1s;
    Rig rig({SpanSetup{}}, config);
    doubles::FakeRtp peer;
    auto p = Rig::parameters();
    p.receive = which != 0;
    rig.open(1, kCircuit, peer, p, true, which != 1);
    rig.tick(500);
    EXPECT_TRUE(rig.take<RtpTimeout>().empty()) << which;
    // From the moment at which it should send, the whole time counts anew.
    if (which == 2) continue;
    ASSERT_TRUE(rig.engine->post(SetParameters{.session = {1}, .parameters = Rig::parameters()}));
    ASSERT_TRUE(rig.engine->post(ThroughConnect{.session = {1}, .to_rtp = true, .to_timeslot = true}));
    rig.tick(95);
    EXPECT_TRUE(rig.take<RtpTimeout>().empty()) << which;
    rig.tick(10);
    EXPECT_EQ(rig.take<RtpTimeout>().size(), 1U) << which;
  }
}

TEST(Watch, comfort_noise_is_silence_but_a_sign_of_life) {
  EngineConfig config;
  config.rtp_timeout = 1s;
  Rig rig({SpanSetup{}}, config);
  doubles::FakeRtp peer;
  rig.open(1, kCircuit, peer);
  Stream noise{.payload_type = 13};
  for (int i = 0; i < 10; ++i) {
    peer.rtp_waiting.push_back(noise.packet(Octets(1, 0x40)));
    rig.tick(50);
  }
  EXPECT_TRUE(rig.take<RtpTimeout>().empty());
  EXPECT_TRUE(rig.take<RtpStarted>().empty());
  for (const auto octet : rig.spans[0]->take_sent(5)) ASSERT_EQ(octet, 0xD5);
}

TEST(Rtcp, reports_go_out_every_few_seconds_and_bye_at_the_end) {
  Rig rig;
  doubles::FakeRtp peer;
  rig.open(1, kCircuit, peer);
  Stream stream;
  for (int i = 0; i < 3000; ++i) {
    peer.rtp_waiting.push_back(stream.packet(Octets(160, 0x34)));
    rig.tick(2);
    if (i % 10 == 9) ++stream.sequence, stream.timestamp += 160;  // one in eleven is lost
  }
  EXPECT_GE(peer.rtcp_sent.size(), 60U / 7);
  EXPECT_LE(peer.rtcp_sent.size(), 60U / 2);
  const auto report = rtp::parse_rtcp(peer.rtcp_sent[2]);
  ASSERT_TRUE(report);
  EXPECT_EQ(report->ssrc, 0xA0000001U);
  EXPECT_EQ(report->cname, "cname@test");
  ASSERT_TRUE(report->sender);
  EXPECT_EQ(report->sender->octets, report->sender->packets * 160);
  ASSERT_EQ(report->block_count, 1U);
  EXPECT_EQ(report->blocks[0].ssrc, stream.ssrc);
  EXPECT_NEAR(report->blocks[0].fraction_lost, 256 / 11, 3);
  EXPECT_FALSE(report->bye);
  ASSERT_TRUE(rig.engine->post(CloseSession{.session = {1}}));
  rig.tick();
  const auto last = rtp::parse_rtcp(peer.rtcp_sent.back());
  ASSERT_TRUE(last);
  EXPECT_TRUE(last->bye);
}

TEST(Rtcp, times_are_those_of_the_wall_and_the_round_trip_is_measured_by_them) {
  // RFC 3550 section 4: NTP counts from 1900.
  EngineConfig config;
  config.since_1900 = 4'004'000'000s;
  Rig rig({SpanSetup{}}, config);
  doubles::FakeRtp peer;
  rig.open(1, kCircuit, peer);
  while (peer.rtcp_sent.empty()) rig.tick();
  const auto octets = *peer.pop_rtcp();
  const auto report = *rtp::parse_rtcp(octets);
  ASSERT_TRUE(report.sender);
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(rig.now.time_since_epoch()).count();
  EXPECT_EQ(report.sender->ntp >> 32, 4'004'000'000U + static_cast<std::uint64_t>(seconds));
  // The peer answers 70 ms later and says that it held the report for 30 ms.
  rig.tick(7);
  std::array<Octet, rtp::kMaxReport> buffer;
  const rtp::ReportBlock block{.ssrc = report.ssrc,
                               .last_report = static_cast<std::uint32_t>(report.sender->ntp >> 16),
                               .delay = 65536 * 3 / 100};
  const auto size = rtp::build_rtcp({.ssrc = 9, .sender = {}, .block = block, .cname = "p"}, buffer);
  peer.rtcp_waiting.emplace_back(buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(size));
  rig.tick(2);
  rig.engine->post(CloseSession{.session = {1}});
  rig.tick();
  EXPECT_NEAR(rig.take<SessionClosed>().at(0).stats.round_trip_ms, 50, 11);
}

TEST(Rtcp, a_session_that_never_sent_leaves_without_bye) {
  Rig rig;
  doubles::FakeRtp peer;
  rig.open(1, kCircuit, peer, Rig::parameters(), false, false);
  rig.tick(2);
  ASSERT_TRUE(rig.engine->post(CloseSession{.session = {1}}));
  rig.tick();
  EXPECT_TRUE(peer.rtcp_sent.empty());
}

TEST(Rtcp, two_engines_measure_their_round_trip_and_each_others_loss) {
  Rig a;
  Rig b;
  doubles::FakeRtp rtp_a;
  doubles::FakeRtp rtp_b;
  a.open(1, kCircuit, rtp_a);
  b.open(1, kCircuit, rtp_b);
  // 50 ms each way, and every 20th packet of a is lost.
  std::deque<std::pair<Time, Octets>> rtp_ab, rtp_ba, rtcp_ab, rtcp_ba;
  const auto carry = [](Time now, std::deque<Octets>& from, std::deque<std::pair<Time, Octets>>& wire,
                        std::deque<Octets>& to, int& count, int lose) {
    while (!from.empty()) {
      if (lose == 0 || ++count % lose != 0) wire.emplace_back(now + 50ms, from.front());
      from.pop_front();
    }
    while (!wire.empty() && wire.front().first <= now) {
      to.push_back(wire.front().second);
      wire.pop_front();
    }
  };
  int count = 0;
  for (int i = 0; i < 3000; ++i) {
    a.tick();
    b.tick();
    carry(a.now, rtp_a.rtp_sent, rtp_ab, rtp_b.rtp_waiting, count, 20);
    carry(a.now, rtp_b.rtp_sent, rtp_ba, rtp_a.rtp_waiting, count, 0);
    carry(a.now, rtp_a.rtcp_sent, rtcp_ab, rtp_b.rtcp_waiting, count, 0);
    carry(a.now, rtp_b.rtcp_sent, rtcp_ba, rtp_a.rtcp_waiting, count, 0);
  }
  ASSERT_TRUE(a.engine->post(CloseSession{.session = {1}}));
  ASSERT_TRUE(b.engine->post(CloseSession{.session = {1}}));
  a.tick();
  b.tick();
  const auto stats_a = a.take<SessionClosed>().at(0).stats;
  const auto stats_b = b.take<SessionClosed>().at(0).stats;
  EXPECT_NEAR(stats_a.round_trip_ms, 110, 25);
  EXPECT_NEAR(stats_b.round_trip_ms, 110, 25);
  EXPECT_NEAR(stats_a.remote_loss, 0.05F, 0.01F);
  EXPECT_EQ(stats_a.packets_lost, 0U);
  EXPECT_EQ(stats_a.packets_sent, 1500U);
  EXPECT_NEAR(static_cast<double>(stats_b.packets_lost), 75, 2);
  EXPECT_GT(stats_a.mos, 4.2F);
  EXPECT_LT(stats_b.r_factor, 80.0F);
  EXPECT_GT(stats_b.r_factor, 70.0F);
}

TEST(Sources, another_source_needs_two_packets_in_a_row) {
  Rig rig;
  doubles::FakeRtp peer;
  rig.open(1, kCircuit, peer);
  Stream stream;
  send_audio(rig, peer, stream, 20);
  Stream stray{.ssrc = 0x9999};
  for (int i = 0; i < 10; ++i) {
    peer.rtp_waiting.push_back(stray.packet(Octets(160, 0x11)));
    stray.sequence = static_cast<std::uint16_t>(stray.sequence + 50);
    send_audio(rig, peer, stream, 1);
  }
  auto sent = rig.spans[0]->take_sent(5);
  EXPECT_EQ(std::count(sent.begin(), sent.end(), Octet{0x11}), 0);
  Stream other{.ssrc = 0x7777, .sequence = 40000, .timestamp = 1};
  send_audio(rig, peer, other, 20, 0x22);
  sent = rig.spans[0]->take_sent(5);
  EXPECT_EQ(sent.back(), 0x22);
  ASSERT_TRUE(rig.engine->post(CloseSession{.session = {1}}));
  rig.tick();
  const auto stats = rig.take<SessionClosed>().at(0).stats;
  EXPECT_EQ(stats.packets_received, 30U + 19U);
  EXPECT_EQ(stats.packets_lost, 0U);
}

TEST(Sources, after_bye_or_at_another_address_a_new_source_is_taken_at_once) {
  Rig rig;
  doubles::FakeRtp peer;
  rig.open(1, kCircuit, peer);
  Stream stream;
  send_audio(rig, peer, stream, 5);
  std::array<Octet, rtp::kMaxReport> bye{};
  const auto size =
      rtp::build_rtcp({.ssrc = stream.ssrc, .sender = {}, .block = {}, .cname = "x", .bye = true}, bye);
  peer.rtcp_waiting.emplace_back(bye.begin(), bye.begin() + static_cast<std::ptrdiff_t>(size));
  rig.tick(2);
  Stream second{.ssrc = 2};
  peer.rtp_waiting.push_back(second.packet(Octets(160, 0x22)));
  rig.tick(4);
  EXPECT_EQ(rig.spans[0]->take_sent(5).back(), 0x22);
  auto p = Rig::parameters();
  p.remote_rtp.port = 6000;
  ASSERT_TRUE(rig.engine->post(SetParameters{.session = {1}, .parameters = p}));
  rig.tick();
  Stream third{.ssrc = 3};
  peer.rtp_waiting.push_back(third.packet(Octets(160, 0x33)));
  rig.tick(4);
  EXPECT_EQ(rig.spans[0]->take_sent(5).back(), 0x33);
}

TEST(Loss, five_percent_of_a_tone_is_concealed) {
  Rig rig;
  doubles::FakeRtp peer;
  rig.open(1, kCircuit, peer);
  Stream stream;
  Sine sine{.hz = 200};
  for (int i = 0; i < 500; ++i) {
    Octets payload(160);
    sine(payload);
    auto packet = stream.packet(payload);
    if (i % 20 != 10) peer.rtp_waiting.push_back(std::move(packet));
    rig.tick(2);
  }
  auto sent = rig.spans[0]->take_sent(5);
  sent.erase(sent.begin(), sent.begin() + 1600);
  const auto audio = linear(Law::a, sent);
  EXPECT_GT(sine_snr(audio, 200), 18) << "with silence in the gaps it is 13";
  EXPECT_NEAR(20 * std::log10(rms(audio) / (8000 / std::numbers::sqrt2)), 0, 0.3);
  ASSERT_TRUE(rig.engine->post(CloseSession{.session = {1}}));
  rig.tick();
  const auto stats = rig.take<SessionClosed>().at(0).stats;
  EXPECT_EQ(stats.packets_lost, 25U);
  EXPECT_EQ(stats.packets_late, 0U);
}

TEST(Loss, when_the_peer_stops_the_timeslot_becomes_silent) {
  Rig rig;
  doubles::FakeRtp peer;
  rig.open(1, kCircuit, peer);
  Stream stream;
  Sine sine{.hz = 200};
  for (int i = 0; i < 20; ++i) {
    Octets payload(160);
    sine(payload);
    peer.rtp_waiting.push_back(stream.packet(payload));
    rig.tick(2);
  }
  rig.tick(10);
  rig.spans[0]->take_sent(5);
  rig.tick(20);
  for (const auto octet : rig.spans[0]->take_sent(5)) ASSERT_EQ(octet, 0xD5);
}

TEST(Hostile, noise_on_rtp_and_rtcp_is_counted_and_disturbs_no_other_call) {
  Rig rig;
  doubles::FakeRtp victim;
  doubles::FakeRtp other;
  rig.open(1, kCircuit, victim);
  rig.open(2, {.span = 0, .timeslot = 6}, other);
  SeededRandom random(4);
  Stream stream;
  Octet next = 0;
  for (int i = 0; i < 500; ++i) {
    for (int k = 0; k < 30; ++k) {
      Octets noise(random.next() % 1500);
      for (auto& octet : noise) octet = static_cast<Octet>(random.next());
      if (!noise.empty() && k % 2 == 0) noise[0] = 0x80;
      (k % 3 == 0 ? victim.rtcp_waiting : victim.rtp_waiting).push_back(noise);
    }
    Octets payload(160);
    for (auto& octet : payload) octet = next++;
    other.rtp_waiting.push_back(stream.packet(payload));
    rig.tick(2);
  }
  const auto sent = rig.spans[0]->take_sent(6);
  Octet want = 0;
  for (std::size_t i = 160; i < sent.size(); ++i) ASSERT_EQ(sent[i], want++);
  ASSERT_TRUE(rig.engine->post(CloseSession{.session = {1}}));
  rig.tick();
  EXPECT_GT(rig.take<SessionClosed>().at(0).stats.malformed, 1000U);
}

TEST(Hostile, a_flood_is_taken_in_a_bounded_number_of_packets_a_tick) {
  Rig rig;
  doubles::FakeRtp peer;
  rig.open(1, kCircuit, peer);
  Stream stream;
  for (int i = 0; i < 1000; ++i) peer.rtp_waiting.push_back(stream.packet(Octets(160, 0x34)));
  rig.tick();
  EXPECT_EQ(peer.rtp_waiting.size(), 1000U - 16);
}

TEST(Queues, signalling_and_media_may_run_in_threads_of_their_own) {
  Rig rig;
  std::vector<doubles::RingRtp> transports(31);
  std::atomic<bool> stop{false};
  std::jthread media([&] {
    Time now{};
    while (!stop.load()) rig.engine->tick(now += kTick);
  });
  std::uint64_t opened = 0;
  std::uint64_t closed = 0;
  const auto poll = [&] {
    for (Event event; rig.engine->poll(event);) {
      if (const auto* end = std::get_if<SessionClosed>(&event)) {
        EXPECT_EQ(end->session.value, closed + 1) << "in the order in which they were closed";
        ++closed;
      }
    }
  };
  const auto post = [&](const Command& command) {
    while (!rig.engine->post(command)) poll();
  };
  while (opened < 3000) {
    const SessionId id{++opened};
    const Circuit circuit{.span = 0, .timeslot = static_cast<std::uint8_t>(opened % 31 + 1)};
    post(OpenSession{.session = id, .circuit = circuit, .transport = &transports[opened % 31], .ssrc = 1});
    post(SetParameters{.session = id, .parameters = Rig::parameters()});
    post(ThroughConnect{.session = id, .to_rtp = true, .to_timeslot = true});
    post(CloseSession{.session = id});
    poll();
  }
  while (closed < opened) poll();
  stop = true;
  EXPECT_EQ(rig.engine->counters().sessions_refused, 0U);
}

TEST(Queues, a_full_command_queue_says_so) {
  Rig rig;
  int posted = 0;
  while (rig.engine->post(CloseSession{.session = {1}})) ++posted;
  EXPECT_EQ(posted, 1024);
  rig.tick(2);
  EXPECT_TRUE(rig.engine->post(CloseSession{.session = {1}}));
}

}  // namespace
}  // namespace tandem::media
