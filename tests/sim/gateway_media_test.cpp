// The gateway with its real media engine, joined to a far exchange by an E1 in memory: HDLC, Q.931, audio and
// RTP all travel as octets.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "gateway/media/engine.h"
#include "hw/cesopsn.h"
#include "tests/doubles/datagram_wire.h"
#include "tests/doubles/fake_rtp.h"
#include "tests/doubles/gateway_world.h"

namespace tandem::sim {
namespace {

using namespace std::chrono_literals;
namespace pri = tdm::pri;

/// One end of an E1: what is written here is read at the other end.
class CrossSpan final : public tdm::Span {
 public:
  void join(CrossSpan& other) {
    peer_ = &other;
    other.peer_ = this;
  }
  [[nodiscard]] tdm::SpanType type() const override { return tdm::SpanType::e1; }
  void service(Time) override {}
  void read(std::span<Octet> frames) override {
    std::ranges::fill(frames, Octet{0xff});
    std::copy_n(inbox_.begin(), std::min(inbox_.size(), frames.size()), frames.begin());
  }
  void write(std::span<const Octet> frames, Time) override {
    peer_->inbox_.assign(frames.begin(), frames.end());
  }
  [[nodiscard]] tdm::Alarms alarms() const override { return {}; }
  [[nodiscard]] tdm::SpanCounters counters() const override { return {}; }
  [[nodiscard]] double clock_offset_ppm() const override { return 0; }
  /// Different octets of a timeslot in the last block: more than one is sound.
  [[nodiscard]] std::size_t variety(int timeslot) const {
    std::array<bool, 256> seen{};
    for (auto i = static_cast<std::size_t>(timeslot - 1); i < inbox_.size(); i += 31) seen[inbox_[i]] = true;
    return static_cast<std::size_t>(std::ranges::count(seen, true));
  }

 private:
  CrossSpan* peer_ = nullptr;
  std::vector<Octet> inbox_;
};

/// Ports in memory whose peer sends back what it hears, with a voice of its own (another SSRC).
class EchoPorts final : public core::RtpPorts {
 public:
  Port open(bool /*v6*/) override {
    auto rtp = std::make_unique<doubles::FakeRtp>();
    auto* raw = rtp.get();
    open_.emplace(raw, std::move(rtp));
    next_ = static_cast<std::uint16_t>(next_ + 2);
    return {raw, parse_ip("192.0.2.1", next_).value()};
  }
  void close(media::RtpTransport* transport) override { open_.erase(transport); }
  void echo() {
    for (auto& [raw, rtp] : open_) {
      rtp->rtcp_sent.clear();
      while (auto packet = rtp->pop_rtp()) {
        ++packets;
        for (std::size_t i = 12; i < packet->size(); ++i) loud += (*packet)[i] != 0xd5;
        (*packet)[8] ^= 0x55;  // SSRC
        rtp->rtp_waiting.push_back(std::move(*packet));
      }
    }
  }
  [[nodiscard]] std::size_t open_count() const { return open_.size(); }
  std::size_t packets = 0, loud = 0;

 private:
  std::map<media::RtpTransport*, std::unique_ptr<doubles::FakeRtp>> open_;
  std::uint16_t next_ = 20000;
};

media::EngineConfig engine_config() {
  media::EngineConfig config;
  config.spans.resize(1);
  config.d_channels = {{0, 16}};
  return config;
}

/// The gateway and the far exchange, each with its end of an E1.
class GatewayOverSpans : public ::testing::Test {
 protected:
  GatewayOverSpans(const Time& start, tdm::Span& near, tdm::Span& far_end)
      : config(doubles::small_config()),
        now(start),
        random(11),
        gateway(config, ports, random, now, WallTime{}, CallId{1}),
        near_engine(engine_config(), {&near}),
        far_engine(engine_config(), {&far_end}),
        far({.side = pri::Side::network}, now),
        peer({.listen = {{sip::Transport::udp, config.peers[0].destination.remote}}}, random) {
    run(4s);
  }

  /// Ticks of 10 ms, signalling in between.
  void run(Duration duration) {
    for (const auto end = now + duration; now < end;) {
      now += media::kTick;
      set_wires(now);
      near_engine.tick(now);
      far_engine.tick(now);
      ports.echo();
      if (gateway.next_deadline().value_or(Time::max()) <= now) gateway.handle_timers(now);
      if (far.next_deadline().value_or(Time::max()) <= now) far.handle_timers(now);
      if (peer.next_deadline().value_or(Time::max()) <= now) peer.handle_timers(now);
      while (exchange_once()) {
      }
    }
  }
  bool exchange_once() {
    bool any = false;
    for (media::DFrame frame; near_engine.poll_frame(frame); any = true)
      gateway.handle_frame(0, std::span(frame.octets).first(frame.size), now);
    for (media::DFrame frame; far_engine.poll_frame(frame); any = true)
      far.handle_frame(std::span(frame.octets).first(frame.size), now);
    for (media::Event event; near_engine.poll(event); any = true) gateway.handle_media(event, now);
    while (auto output = gateway.poll_output()) {
      any = true;
      std::visit([this](auto& out) { take(out); }, *output);
    }
    while (auto output = far.poll_output()) {
      any = true;
      if (auto* frame = std::get_if<pri::FrameOut>(&*output))
        EXPECT_TRUE(far_engine.send_frame(frame_of(frame->octets)));
      else
        serve(*output);
    }
    while (auto transmit = peer.poll_transmit()) {
      any = true;
      const auto& flow = config.peers[0].destination;
      gateway.handle_datagram({sip::Transport::udp, flow.local, flow.remote, 0}, transmit->octets, now);
    }
    while (const auto event = peer.poll_event()) {
      any = true;
      serve(*event);
    }
    return any;
  }
  static media::DFrame frame_of(const Octets& octets) {
    media::DFrame frame;
    frame.size = static_cast<std::uint16_t>(octets.size());
    std::ranges::copy(octets, frame.octets.begin());
    return frame;
  }
  void take(sip::Transmit& transmit) {
    const auto& flow = config.peers[0].destination;
    peer.handle_datagram({sip::Transport::udp, flow.remote, flow.local, 0}, transmit.octets, now);
  }
  void take(mtp::ToLink&) { ADD_FAILURE() << "no SS7 here"; }
  void take(core::FrameToSend& frame) { EXPECT_TRUE(near_engine.send_frame(frame_of(frame.octets))); }
  void take(media::Command& command) { EXPECT_TRUE(near_engine.post(command)); }
  void take(core::Cdr& cdr) {
    if (cdr.state == core::CdrState::ended) cdrs.push_back(cdr);
  }
  template <class T>
  void take(T&) {}

  void serve(const pri::Output& event) {
    if (const auto* setup = std::get_if<pri::SetupInd>(&event)) {
      far.proceeding(setup->call, setup->setup.channel, now);
      far.connect(setup->call, setup->setup.channel, now);
      circuits.push_back({0, setup->setup.channel.timeslot});
      EXPECT_TRUE(far_engine.post(media::PlayTone{circuits.back(), media::Tone::busy}));
    } else if (const auto* gone = std::get_if<pri::DisconnectInd>(&event)) {
      far.disconnect(gone->call, gone->cause, now);
    }
  }
  void serve(const sip::Event& event) {
    if (const auto* answer = std::get_if<sip::AnswerReceived>(&event)) up.push_back(answer->call);
  }
  void dial() {
    sip::InviteInfo info;
    info.request_uri.user = "1000";
    info.request_uri.host = "192.0.2.1";
    info.from.uri.user = "2000";
    info.from.uri.host = "198.51.100.1";
    info.to.uri = info.request_uri;
    info.sdp = sip::make_offer(doubles::peer_audio());
    const auto& flow = config.peers[0].destination;
    peer.invite(info, {sip::Transport::udp, flow.remote, flow.local, 0}, now);
  }

  /// Time as the wires between the spans see it.
  virtual void set_wires(Time) {}

  core::Config config;
  Time now;
  SeededRandom random;
  EchoPorts ports;
  core::Gateway gateway;
  media::Engine near_engine, far_engine;
  pri::DChannel far;
  sip::UserAgent peer;
  std::vector<sip::SipCall> up;
  std::vector<Circuit> circuits;
  std::vector<core::Cdr> cdrs;
};

struct CrossedSpans {
  CrossedSpans() { near_span.join(far_span); }
  CrossSpan near_span, far_span;
};

class GatewayWithMedia : CrossedSpans, public GatewayOverSpans {
 protected:
  GatewayWithMedia() : GatewayOverSpans(Time{1s}, near_span, far_span) {}
  using CrossedSpans::far_span;
};

TEST_F(GatewayWithMedia, AToneOfTheFarExchangeGoesOutAsRtpAndItsEchoComesBack) {
  dial();
  run(1s);
  ASSERT_EQ(up.size(), 1U);
  ASSERT_EQ(circuits.size(), 1U);
  std::size_t heard = 0;
  for (int i = 0; i < 100; ++i) {
    run(10ms);
    heard = std::max(heard, far_span.variety(circuits[0].timeslot));
  }
  EXPECT_GT(ports.packets, 50U);
  EXPECT_GT(ports.loud, 1000U);
  EXPECT_GT(heard, 20U);  // the far exchange hears itself
  peer.bye(up[0], {}, now);
  run(2s);
  ASSERT_EQ(cdrs.size(), 1U);
  EXPECT_GT(cdrs[0].packets_sent, 50U);
  EXPECT_GT(cdrs[0].packets_received, 50U);
  EXPECT_GT(cdrs[0].mos, 3.0);
  EXPECT_EQ(cdrs[0].codec, "PCMA");
  EXPECT_EQ(ports.open_count(), 0U);
}

TEST_F(GatewayWithMedia, AWholeE1OfCallsTwiceOverLeavesNothingBehind) {
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 30; ++i) {
      dial();
      run(30ms);
    }
    run(2s);
    EXPECT_EQ(up.size(), 30U);
    for (const auto call : up) peer.bye(call, {}, now);
    up.clear();
    run(3s);
  }
  run(60s);
  EXPECT_TRUE(gateway.idle());
  EXPECT_EQ(gateway.usage().circuits, 0U);
  EXPECT_EQ(gateway.usage().timers, 0U);
  EXPECT_EQ(ports.open_count(), 0U);
  EXPECT_EQ(far.calls(), 0U);
  ASSERT_EQ(cdrs.size(), 60U);
  for (const auto& cdr : cdrs) {
    EXPECT_EQ(cdr.cause, 16);
    EXPECT_GT(cdr.packets_sent, 30U);
  }
}

/// Two CESoPSN ends with a wire each way that loses 1 % of the packets and lets 2 % overtake each other.
struct PoorSpans {
  PoorSpans()
      : near_span(end(), std::make_unique<test::WirePort>(out, in), 1),
        far_span(end(), std::make_unique<test::WirePort>(in, out), 2) {}
  static tdm::SpanConfig end() {
    tdm::SpanConfig config;
    config.playout = 20ms;
    return config;
  }
  static constexpr test::WireFaults kFaults{.loss = 0.01, .reorder = 0.02};
  Time wire_time{1s};
  test::Wire out{wire_time, 5, kFaults}, in{wire_time, 6, kFaults};
  hw::CesopsnSpan near_span, far_span;
};

class GatewayOverAPoorSpan : PoorSpans, public GatewayOverSpans {
 protected:
  GatewayOverAPoorSpan() : GatewayOverSpans(wire_time, near_span, far_span) {}
  void set_wires(Time at) override { wire_time = at; }
  using PoorSpans::near_span;
};

// RFC 5086 7: loss is filled; layer 2 repeats the frames that it cost (Q.921 5.6).
TEST_F(GatewayOverAPoorSpan, NoCallIsLostToLostAndReorderedPackets) {
  for (int i = 0; i < 10; ++i) {
    dial();
    run(1s);
  }
  run(120s);
  EXPECT_GT(near_span.counters().lost, 100U);
  EXPECT_GT(near_span.counters().reordered, 100U);
  EXPECT_EQ(near_span.counters().slips, 0U);
  EXPECT_FALSE(near_span.alarms().any());
  ASSERT_EQ(up.size(), 10U);
  EXPECT_TRUE(cdrs.empty()) << "a call ended by itself";
  EXPECT_TRUE(far.up());
  for (const auto call : up) peer.bye(call, {}, now);
  run(5s);
  ASSERT_EQ(cdrs.size(), 10U);
  for (const auto& cdr : cdrs) EXPECT_EQ(cdr.cause, 16);
}

}  // namespace
}  // namespace tandem::sim
