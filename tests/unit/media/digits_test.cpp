// Digits as peers want them: reported (for INFO), in the audio, or as events; and each only once.
#include "dsp/spandsp.h"
#include "sipt/rtp/telephone_event.h"
#include "tests/unit/media/rig.h"

namespace tandem::media {
namespace {

constexpr Circuit kCircuit{.span = 0, .timeslot = 5};

/// Digits on the timeslot, 100 ms each with pauses of 100 ms, that begin `offset` ticks into a packet.
struct Keys {
  dsp::ToneTable tones;
  dsp::ToneGenerator generator{tones};
  std::string digits;
  int on_ticks = 10;
  int at = 0;

  Keys(std::string what, int offset) : digits(std::move(what)), at(-offset) {}
  void operator()(std::span<Octet> out) {
    std::array<std::int16_t, 80> samples{};
    const int now = at++;
    const auto index = static_cast<std::size_t>(now / 20);
    if (now >= 0 && index < digits.size() && now % 20 < on_ticks) {
      if (now % 20 == 0) generator.start(*tones.dtmf(digits[index]));
      generator.generate(samples);
    }
    dsp::encode(Law::a, samples, out);
  }
};

struct Dialled {
  Rig rig;
  doubles::FakeRtp peer;
  std::shared_ptr<Keys> keys;
  Dialled(const RtpParameters& p, std::string digits, int offset = 0)
      : keys(std::make_shared<Keys>(std::move(digits), offset)) {
    rig.open(1, kCircuit, peer, p);
    rig.spans[0]->set_source(5, [k = keys](std::span<Octet> out) { (*k)(out); });
  }
  /// Milliseconds of audio louder than a whisper, in packets that are no events.
  int loud_ms() {
    int loud = 0;
    while (const auto octets = peer.pop_rtp()) {
      const auto packet = parsed(*octets);
      if (packet.header.payload_type == 101) continue;
      for (std::size_t i = 0; i + 40 <= packet.payload.size(); i += 40)
        loud += rms(linear(Law::a, packet.payload.subspan(i, 40))) > 500 ? 5 : 0;
    }
    return loud;
  }
};

RtpParameters reporting() {
  auto p = Rig::parameters();
  p.digits_out = DigitsOut::report;
  p.send_event_type = 101;  // signalling asked for INFO all the same
  return p;
}

TEST(ReportedDigits, come_at_their_end_with_their_duration_and_neither_as_event_nor_as_audio) {
  Dialled d(reporting(), "159*0#ABCD");
  d.rig.tick(220);
  const auto digits = d.rig.take<Digit>();
  ASSERT_EQ(digits.size(), 10U);
  std::string text;
  for (const auto& digit : digits) {
    text += digit.digit;
    EXPECT_TRUE(digit.from_timeslot);
    EXPECT_NEAR(digit.duration_ms, 100, 20);
    EXPECT_EQ(digit.session.value, 1U);
  }
  EXPECT_EQ(text, "159*0#ABCD");
  for (const auto& octets : d.peer.rtp_sent) EXPECT_EQ(parsed(octets).header.payload_type, 8);
  EXPECT_LE(d.loud_ms(), 10 * 25);
}

TEST(ReportedDigits, a_long_one_is_told_of_once_and_a_hold_in_its_middle_leaves_it_out) {
  Dialled d(reporting(), "5");
  d.keys->on_ticks = 19;
  d.rig.tick(30);
  ASSERT_EQ(d.rig.take<Digit>().size(), 1U);
  d.keys->at = 0;
  d.rig.tick(10);
  auto p = reporting();
  p.send = false;
  d.rig.engine->post(SetParameters{.session = {1}, .parameters = p});
  d.rig.tick(30);
  EXPECT_TRUE(d.rig.take<Digit>().empty());
}

TEST(DigitsOut, audio_leaves_the_tone_alone_even_where_events_were_negotiated) {
  auto p = Rig::parameters();
  p.digits_out = DigitsOut::audio;
  p.send_event_type = 101;
  Dialled d(p, "55");
  d.rig.tick(50);
  EXPECT_TRUE(d.rig.take<Digit>().empty());
  for (const auto& octets : d.peer.rtp_sent) EXPECT_EQ(parsed(octets).header.payload_type, 8);
  EXPECT_GE(d.loud_ms(), 195);
}

TEST(DigitsOut, wherever_in_a_packet_a_digit_begins_at_most_25_ms_of_it_are_heard) {
  // SpanDSP looks at 12.75 ms at a time; what of its packet has not gone out when it suspects a digit is
  // taken back.
  for (int offset = 0; offset < 8; ++offset) {
    auto p = Rig::parameters();
    p.send_event_type = 101;
    Dialled d(p, "5", offset);
    d.rig.tick(40);
    EXPECT_EQ(d.rig.take<Digit>().size(), 1U);
    EXPECT_LE(d.loud_ms(), 25) << offset;
  }
}

TEST(DigitsInAudio, a_peers_tones_pass_and_its_events_are_none) {
  Rig rig;
  doubles::FakeRtp peer;
  auto p = Rig::parameters();
  p.receive_event_type = 101;
  p.digits_in_audio = true;
  rig.open(1, kCircuit, peer, p);
  Stream stream;
  Keys keys("7", 0);
  Octets sent;
  for (int i = 0; i < 20; ++i) {
    Octets payload(160);
    keys(std::span(payload).first(80));
    keys(std::span(payload).last(80));
    sent.insert(sent.end(), payload.begin(), payload.end());
    stream.payload_type = 8;
    peer.rtp_waiting.push_back(stream.packet(payload));
    auto event = stream;
    event.payload_type = 101;
    stream.sequence = static_cast<std::uint16_t>(stream.sequence + 1);
    const auto body = rtp::build_event({.event = 7, .end = false, .volume = 10, .duration = 400});
    peer.rtp_waiting.push_back(event.packet(body));
    rig.tick(2);
  }
  EXPECT_TRUE(rig.take<Digit>().empty());
  const auto heard = rig.spans[0]->take_sent(5);
  EXPECT_TRUE(std::equal(heard.begin() + 160, heard.end(), sent.begin()));
}

TEST(DigitsOut, an_event_and_a_digit_of_signalling_are_played_one_after_the_other) {
  Rig rig;
  doubles::FakeRtp peer;
  auto p = Rig::parameters();
  p.receive_event_type = 101;
  rig.open(1, kCircuit, peer, p);
  Stream stream;
  stream.payload_type = 101;
  const auto body = rtp::build_event({.event = 3, .end = true, .volume = 10, .duration = 800});
  peer.rtp_waiting.push_back(stream.packet(body));
  rig.tick();
  rig.engine->post(PlayDigit{.session = {1}, .digit = '4', .duration_ms = 100});
  rig.tick(60);
  dsp::DtmfDetector detector;
  std::string found;
  const auto heard = rig.spans[0]->take_sent(5);
  char last = 0;
  for (std::size_t i = 0; i + 80 <= heard.size(); i += 80) {
    std::array<std::int16_t, 80> samples;
    dsp::decode(Law::a, OctetView(heard).subspan(i, 80), samples);
    const char digit = detector.process(samples).digit;
    if (digit != 0 && digit != last) found += digit;
    last = digit;
  }
  EXPECT_EQ(found, "34");
}

TEST(DigitsOut, a_digit_of_signalling_ends_an_event_whose_end_never_comes) {
  Rig rig;
  doubles::FakeRtp peer;
  auto p = Rig::parameters();
  p.receive_event_type = 101;
  rig.open(1, kCircuit, peer, p);
  Stream stream;
  stream.payload_type = 101;
  peer.rtp_waiting.push_back(
      stream.packet(rtp::build_event({.event = 3, .end = false, .volume = 10, .duration = 400})));
  rig.tick();
  rig.engine->post(PlayDigit{.session = {1}, .digit = '4', .duration_ms = 100});
  rig.tick(60);
  rig.spans[0]->take_sent(5);
  rig.tick(10);
  EXPECT_LT(rms(linear(Law::a, rig.spans[0]->take_sent(5))), 9);
}

// ---- packet times

TEST(PacketTime, may_change_in_mid_call_between_10_and_60_ms_and_loses_no_sample) {
  Rig rig;
  doubles::FakeRtp peer;
  std::uint32_t next = 0;
  rig.spans[0]->set_source(5, [&](std::span<Octet> out) {
    for (auto& octet : out) octet = static_cast<Octet>(next++ * 7 / 3);
  });
  rig.open(1, kCircuit, peer);
  rig.tick(3);
  for (const int ms : {60, 10, 50, 30, 20, 40, 7, 1000, 60}) {
    auto p = Rig::parameters();
    p.ptime_ms = ms;
    rig.engine->post(SetParameters{.session = {1}, .parameters = p});
    rig.tick(25);
  }
  std::uint32_t timestamp = 5000;
  std::uint32_t at = 0;
  std::size_t longest = 0;
  for (const auto& octets : peer.rtp_sent) {
    const auto packet = parsed(octets);
    EXPECT_EQ(packet.header.timestamp, timestamp);
    for (const auto octet : packet.payload) {
      const bool rises = at < 80;
      ASSERT_TRUE(rises || octet == static_cast<Octet>(at * 7 / 3));
      ++at;
    }
    timestamp += static_cast<std::uint32_t>(packet.payload.size());
    longest = std::max(longest, packet.payload.size());
  }
  EXPECT_EQ(longest, 480U);
}

}  // namespace
}  // namespace tandem::media
