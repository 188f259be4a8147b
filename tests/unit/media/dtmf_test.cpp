#include "dsp/spandsp.h"
#include "sipt/rtp/telephone_event.h"
#include "tests/unit/media/rig.h"

namespace tandem::media {
namespace {

constexpr Circuit kCircuit{.span = 0, .timeslot = 5};
constexpr std::uint8_t kEventType = 101;

RtpParameters with_events(Law law = Law::a) {
  auto p = Rig::parameters(law);
  p.send_event_type = kEventType;
  p.receive_event_type = kEventType;
  return p;
}

/// Digits on a timeslot, as tones with pauses.
struct Keypad {
  dsp::ToneTable tones;
  dsp::ToneGenerator generator{tones};
  Law law = Law::a;
  std::string digits;
  int on_ticks = 10;
  int off_ticks = 10;
  int at = 0;

  void operator()(std::span<Octet> out) {
    const auto index = static_cast<std::size_t>(at / (on_ticks + off_ticks));
    const int phase = at % (on_ticks + off_ticks);
    ++at;
    std::array<std::int16_t, 80> samples{};
    if (index < digits.size() && phase < on_ticks) {
      if (phase == 0) generator.start(*tones.dtmf(digits[index]));
      generator.generate(samples);
    }
    dsp::encode(law, samples, out);
  }
};

struct Sorted {
  std::vector<rtp::RtpPacket> events;
  std::vector<rtp::RtpPacket> audio;
};

Sorted sort(const std::deque<Octets>& packets) {
  Sorted sorted;
  for (const auto& octets : packets) {
    const auto packet = parsed(octets);
    (packet.header.payload_type == kEventType ? sorted.events : sorted.audio).push_back(packet);
  }
  return sorted;
}

rtp::TelephoneEvent event_of(const rtp::RtpPacket& packet) {
  return *rtp::parse_event(packet.payload);
}

TEST(DtmfToRtp, a_digit_goes_out_as_one_event_with_its_duration_and_three_ends) {
  Rig rig;
  doubles::FakeRtp peer;
  rig.open(1, kCircuit, peer, with_events());
  auto keypad = std::make_shared<Keypad>();
  keypad->digits = "7";
  rig.spans[0]->set_source(5, [keypad](std::span<Octet> out) { (*keypad)(out); });
  rig.tick(40);
  const auto sorted = sort(peer.rtp_sent);
  ASSERT_GE(sorted.events.size(), 6U);
  int ends = 0;
  for (std::size_t i = 0; i < sorted.events.size(); ++i) {
    const auto& packet = sorted.events[i];
    const auto event = event_of(packet);
    EXPECT_EQ(event.event, 7);
    EXPECT_EQ(packet.payload.size(), 4U);
    EXPECT_EQ(packet.header.marker, i == 0);
    EXPECT_EQ(packet.header.timestamp, sorted.events[0].header.timestamp);
    ends += event.end ? 1 : 0;
    if (i > 0 && !event.end) {
      EXPECT_EQ(event.duration, event_of(sorted.events[i - 1]).duration + 160);
    }
  }
  EXPECT_EQ(ends, 3);
  // 100 ms of tone; the detector works in blocks of 12.75 ms.
  EXPECT_NEAR(event_of(sorted.events.back()).duration, 800, 160);
  const auto digits = rig.take<Digit>();
  ASSERT_EQ(digits.size(), 1U);
  EXPECT_EQ(digits[0].digit, '7');
  EXPECT_TRUE(digits[0].from_timeslot);
}

TEST(DtmfToRtp, all_packets_are_in_sequence_and_the_audio_keeps_its_timestamps) {
  Rig rig;
  doubles::FakeRtp peer;
  rig.open(1, kCircuit, peer, with_events());
  auto keypad = std::make_shared<Keypad>();
  keypad->digits = "123456789*0#ABCD";
  rig.spans[0]->set_source(5, [keypad](std::span<Octet> out) { (*keypad)(out); });
  rig.tick(400);
  std::uint16_t sequence = 100;
  for (const auto& octets : peer.rtp_sent) EXPECT_EQ(parsed(octets).header.sequence, sequence++);
  const auto sorted = sort(peer.rtp_sent);
  for (const auto& packet : sorted.audio) EXPECT_EQ((packet.header.timestamp - 5000) % 160, 0U);
  std::string digits;
  for (const auto& digit : rig.take<Digit>()) digits += digit.digit;
  EXPECT_EQ(digits, "123456789*0#ABCD");
  std::string sent;
  for (const auto& packet : sorted.events) {
    if (packet.header.marker) sent += rtp::event_digit(event_of(packet).event);
  }
  EXPECT_EQ(sent, "123456789*0#ABCD");
}

TEST(DtmfToRtp, fast_digits_of_50_ms_are_all_sent_with_all_their_ends) {
  Rig rig;
  doubles::FakeRtp peer;
  rig.open(1, kCircuit, peer, with_events());
  auto keypad = std::make_shared<Keypad>();
  keypad->digits = "1122334455";
  keypad->on_ticks = keypad->off_ticks = 5;
  rig.spans[0]->set_source(5, [keypad](std::span<Octet> out) { (*keypad)(out); });
  rig.tick(120);
  std::string sent;
  int ends = 0;
  for (const auto& packet : sort(peer.rtp_sent).events) {
    if (packet.header.marker) sent += rtp::event_digit(event_of(packet).event);
    ends += event_of(packet).end ? 1 : 0;
  }
  EXPECT_EQ(sent, "1122334455");
  EXPECT_EQ(ends, 30);
}

TEST(DtmfToRtp, so_little_tone_is_left_in_the_audio_that_nobody_detects_the_digit_twice) {
  Rig rig;
  doubles::FakeRtp peer;
  rig.open(1, kCircuit, peer, with_events());
  auto keypad = std::make_shared<Keypad>();
  keypad->digits = "1590#D";
  rig.spans[0]->set_source(5, [keypad](std::span<Octet> out) { (*keypad)(out); });
  rig.tick(150);
  // The audio as it was played, with silence where events took its place.
  Octets audio(150 * 80, 0xD5);
  for (const auto& packet : sort(peer.rtp_sent).audio) {
    const auto at = packet.header.timestamp - 5000;
    std::copy(packet.payload.begin(), packet.payload.end(), audio.begin() + at);
  }
  dsp::DtmfDetector detector;
  std::array<std::int16_t, 80> samples{};
  std::size_t loud = 0;
  for (std::size_t i = 0; i < audio.size(); i += 80) {
    dsp::decode(Law::a, OctetView(audio).subspan(i, 80), samples);
    EXPECT_EQ(detector.process(samples).digit, 0);
    if (rms(linear(Law::a, OctetView(audio).subspan(i, 80))) > 500) ++loud;
  }
  EXPECT_LE(loud, 6U * 3) << "at most 30 ms of each digit";
}

TEST(DtmfToRtp, a_long_digit_goes_on_in_segments) {
  Rig rig;
  doubles::FakeRtp peer;
  rig.open(1, kCircuit, peer, with_events());
  auto keypad = std::make_shared<Keypad>();
  keypad->digits = "9";
  keypad->on_ticks = 1000;
  rig.spans[0]->set_source(5, [keypad](std::span<Octet> out) { (*keypad)(out); });
  rig.tick(1020);
  const auto events = sort(peer.rtp_sent).events;
  ASSERT_GT(events.size(), 500U);
  int markers = 0;
  std::uint32_t total = 0;
  for (std::size_t i = 0; i < events.size(); ++i) {
    markers += events[i].header.marker ? 1 : 0;
    if (i > 0 && events[i].header.timestamp != events[i - 1].header.timestamp)
      total += event_of(events[i - 1]).duration;
  }
  EXPECT_EQ(markers, 1);
  EXPECT_EQ(total, 0xFFFFU);
  EXPECT_NEAR(total + event_of(events.back()).duration, 80000, 160);
  EXPECT_EQ(rig.take<Digit>().size(), 1U);
}

TEST(DtmfToRtp, without_negotiated_events_the_tone_stays_in_the_audio_untouched) {
  Rig rig;
  doubles::FakeRtp peer;
  rig.open(1, kCircuit, peer);
  auto keypad = std::make_shared<Keypad>();
  keypad->digits = "5";
  Octets original;
  rig.spans[0]->set_source(5, [&, keypad](std::span<Octet> out) {
    (*keypad)(out);
    original.insert(original.end(), out.begin(), out.end());
  });
  rig.tick(20);
  Octets sent;
  for (const auto& octets : peer.rtp_sent) {
    const auto packet = parsed(octets);
    EXPECT_EQ(packet.header.payload_type, 8);
    sent.insert(sent.end(), packet.payload.begin(), packet.payload.end());
  }
  // All but the first block, which rises from silence.
  EXPECT_TRUE(std::equal(sent.begin() + 80, sent.end(), original.begin() + 80, original.end()));
  EXPECT_TRUE(rig.take<Digit>().empty());
}

TEST(DtmfToRtp, a_hold_in_the_middle_of_a_digit_leaves_no_event_behind) {
  Rig rig;
  doubles::FakeRtp peer;
  rig.open(1, kCircuit, peer, with_events());
  auto keypad = std::make_shared<Keypad>();
  keypad->digits = "5";
  rig.spans[0]->set_source(5, [keypad](std::span<Octet> out) { (*keypad)(out); });
  rig.tick(8);
  auto held = with_events();
  held.send = false;
  ASSERT_TRUE(rig.engine->post(SetParameters{.session = {1}, .parameters = held}));
  rig.tick(20);
  peer.rtp_sent.clear();
  ASSERT_TRUE(rig.engine->post(SetParameters{.session = {1}, .parameters = with_events()}));
  rig.tick(20);
  EXPECT_TRUE(sort(peer.rtp_sent).events.empty());
  EXPECT_EQ(sort(peer.rtp_sent).audio.size(), 10U);
}

// ---- from RTP to the timeslot

/// A peer that sends digits as events, with as much loss as a test wants.
struct EventPeer {
  Stream stream;
  doubles::FakeRtp* transport;
  Rig* rig;

  void send(std::uint32_t timestamp, rtp::TelephoneEvent event, bool marker = false) {
    Octets out(rtp::kRtpHeader);
    rtp::build_rtp_header({.marker = marker,
                           .payload_type = kEventType,
                           .sequence = stream.sequence++,
                           .timestamp = timestamp,
                           .ssrc = stream.ssrc},
                          std::span(out).first<rtp::kRtpHeader>());
    const auto payload = rtp::build_event(event);
    out.insert(out.end(), payload.begin(), payload.end());
    transport->rtp_waiting.push_back(out);
  }
  void audio(OctetView payload) { transport->rtp_waiting.push_back(stream.packet(payload)); }

  /// One digit of `packets` updates of 20 ms and three ends; `keep(i)` says which packets arrive.
  template <class Keep>
  void digit(char digit, int packets, Keep&& keep) {
    const auto begin = stream.timestamp;
    const auto code = *rtp::digit_event(digit);
    int sent = 0;
    for (int i = 1; i <= packets + 2; ++i) {
      const bool end = i >= packets;
      const auto duration = static_cast<std::uint16_t>(std::min(i, packets) * 160);
      if (keep(sent++)) {
        send(begin, {.event = code, .end = end, .volume = 10, .duration = duration}, i == 1);
      } else {
        ++stream.sequence;
      }
      stream.timestamp += 160;
      rig->tick(2);
    }
  }
};

/// Digits heard on a timeslot, and how long each lasted.
std::vector<std::pair<char, int>> heard(OctetView octets, Law law = Law::a) {
  dsp::DtmfDetector detector;
  std::vector<std::pair<char, int>> digits;
  char last = 0;
  std::array<std::int16_t, 80> samples{};
  for (std::size_t i = 0; i + 80 <= octets.size(); i += 80) {
    dsp::decode(law, octets.subspan(i, 80), samples);
    const char digit = detector.process(samples).digit;
    if (digit != 0 && digit != last) digits.emplace_back(digit, 0);
    if (digit != 0) digits.back().second += 10;
    last = digit;
  }
  return digits;
}

const auto kAll = [](int) { return true; };

TEST(EventsFromRtp, are_played_as_tones_of_their_duration_and_told_once) {
  Rig rig;
  doubles::FakeRtp peer;
  rig.open(1, kCircuit, peer, with_events());
  EventPeer sender{.stream = {}, .transport = &peer, .rig = &rig};
  std::string wanted = "0123456789*#ABCD";
  for (const char digit : wanted) {
    sender.digit(digit, 6, kAll);
    rig.tick(6);
    sender.stream.timestamp += 480;
  }
  rig.tick(20);
  const auto digits = heard(rig.spans[0]->take_sent(5));
  std::string got;
  for (const auto& [digit, ms] : digits) {
    got += digit;
    EXPECT_NEAR(ms, 120, 20) << digit;
  }
  EXPECT_EQ(got, wanted);
  std::string told;
  for (const auto& digit : rig.take<Digit>()) {
    EXPECT_FALSE(digit.from_timeslot);
    told += digit.digit;
  }
  EXPECT_EQ(told, wanted);
}

TEST(EventsFromRtp, survive_the_loss_of_any_packets_but_one) {
  for (int survivor = 0; survivor < 8; ++survivor) {
    Rig rig;
    doubles::FakeRtp peer;
    rig.open(1, kCircuit, peer, with_events());
    EventPeer sender{.stream = {}, .transport = &peer, .rig = &rig};
    sender.digit('4', 6, [&](int i) { return i == survivor; });
    rig.tick(40);
    const auto digits = heard(rig.spans[0]->take_sent(5));
    ASSERT_EQ(digits.size(), 1U) << survivor;
    EXPECT_EQ(digits[0].first, '4');
    EXPECT_LE(digits[0].second, 200) << "a lost end must not leave the tone on";
    EXPECT_EQ(rig.take<Digit>().size(), 1U);
  }
}

TEST(EventsFromRtp, take_the_place_of_whatever_audio_comes_beside_them) {
  Rig rig;
  doubles::FakeRtp peer;
  rig.open(1, kCircuit, peer, with_events());
  EventPeer sender{.stream = {}, .transport = &peer, .rig = &rig};
  // The peer sends the tone as audio too.
  auto keypad = std::make_shared<Keypad>();
  keypad->digits = "8";
  const auto begin = sender.stream.timestamp;
  for (int i = 1; i <= 30; ++i) {
    Octets payload(160);
    (*keypad)(std::span(payload).first(80));
    (*keypad)(std::span(payload).last(80));
    sender.audio(payload);
    if (i <= 7) {
      sender.send(begin, {.event = 8,
                          .end = i >= 5,
                          .volume = 10,
                          .duration = static_cast<std::uint16_t>(std::min(i, 5) * 160)});
    }
    rig.tick(2);
  }
  const auto digits = heard(rig.spans[0]->take_sent(5));
  ASSERT_EQ(digits.size(), 1U);
  EXPECT_EQ(digits[0].first, '8');
}

TEST(EventsFromRtp, many_digits_at_once_are_played_one_after_the_other) {
  Rig rig;
  doubles::FakeRtp peer;
  rig.open(1, kCircuit, peer, with_events());
  EventPeer sender{.stream = {}, .transport = &peer, .rig = &rig};
  // Five ends in 20 ms, each of 20 ms: shorter than a receiver needs.
  for (const char digit : std::string("12344")) {
    sender.send(sender.stream.timestamp,
                {.event = *rtp::digit_event(digit), .end = true, .volume = 10, .duration = 160});
    sender.stream.timestamp += 160;
    rig.tick();
  }
  rig.tick(80);
  std::string got;
  for (const auto& [digit, ms] : heard(rig.spans[0]->take_sent(5))) got += digit;
  EXPECT_EQ(got, "12344");
}

TEST(EventsFromRtp, a_flood_of_events_is_limited_and_counted) {
  Rig rig;
  doubles::FakeRtp peer;
  rig.open(1, kCircuit, peer, with_events());
  EventPeer sender{.stream = {}, .transport = &peer, .rig = &rig};
  for (int i = 0; i < 400; ++i) {
    sender.send(sender.stream.timestamp,
                {.event = static_cast<std::uint8_t>(i & 15), .end = true, .volume = 10, .duration = 0xFFFF});
    sender.stream.timestamp += 160;
  }
  rig.tick(40);
  EXPECT_GT(rig.engine->counters().digits_dropped, 300U);
  EXPECT_LE(rig.take<Digit>().size(), 3U * 40);
}

TEST(EventsFromRtp, events_that_were_not_negotiated_or_are_no_digits_are_silence) {
  Rig rig;
  doubles::FakeRtp peer;
  rig.open(1, kCircuit, peer);
  EventPeer sender{.stream = {}, .transport = &peer, .rig = &rig};
  sender.digit('1', 6, kAll);
  ASSERT_TRUE(rig.engine->post(SetParameters{.session = {1}, .parameters = with_events()}));
  sender.send(sender.stream.timestamp, {.event = 36, .end = false, .volume = 10, .duration = 800});
  rig.tick(20);
  for (const auto octet : rig.spans[0]->take_sent(5)) ASSERT_EQ(octet, 0xD5);
  EXPECT_TRUE(rig.take<Digit>().empty());
}

TEST(Dtmf, crosses_from_timeslot_to_timeslot_through_two_engines_with_different_laws) {
  Rig a;
  Rig b({SpanSetup{.type = tdm::SpanType::t1, .media = {.law = Law::mu}}});
  doubles::FakeRtp rtp_a;
  doubles::FakeRtp rtp_b;
  a.open(1, kCircuit, rtp_a, with_events());
  b.open(1, kCircuit, rtp_b, with_events());
  auto keypad = std::make_shared<Keypad>();
  keypad->digits = "0123456789*#";
  keypad->on_ticks = keypad->off_ticks = 7;
  a.spans[0]->set_source(5, [keypad](std::span<Octet> out) { (*keypad)(out); });
  for (int i = 0; i < 250; ++i) {
    a.tick();
    while (auto packet = rtp_a.pop_rtp()) {
      if (i % 10 != 3) rtp_b.rtp_waiting.push_back(*packet);  // 10% lost
    }
    b.tick();
  }
  std::string got;
  for (const auto& [digit, ms] : heard(b.spans[0]->take_sent(5), Law::mu)) got += digit;
  EXPECT_EQ(got, "0123456789*#");
}

}  // namespace
}  // namespace tandem::media
