// Symmetric RTP (RFC 4961, RFC 7362): where the peer's packets really come from, and who may not say so.
#include <map>

#include "gateway/base/random.h"
#include "sipt/rtp/rtcp.h"
#include "tests/unit/media/rig.h"

namespace tandem::media {
namespace {

constexpr Circuit kCircuit{.span = 0, .timeslot = 5};
const SocketAddress kNamed = *parse_ip("192.0.2.1", 4000);
const SocketAddress kNamedRtcp = *parse_ip("192.0.2.1", 4001);
const SocketAddress kOtherPort = *parse_ip("192.0.2.1", 61000);
const SocketAddress kElsewhere = *parse_ip("198.51.100.9", 30000);
constexpr Octet kPeerSound = 0x34;
constexpr Octet kAttackSound = 0x2A;

RtpParameters learning(SourceLearning how) {
  auto p = Rig::parameters();
  p.learning = how;
  return p;
}

/// A session whose peer, and whoever else, sends from where the test says.
struct Learning {
  Rig rig;
  doubles::FakeRtp sockets;
  explicit Learning(SourceLearning how) {
    rig.open(1, kCircuit, sockets, learning(how));
    rig.tick();
  }
  void send(const SocketAddress& from, Stream& stream, Octet sound) {
    sockets.arrive(from, stream.packet(Octets(160, sound)));
  }
  void run(const SocketAddress& from, Stream& stream, int packets, Octet sound = kPeerSound) {
    for (int i = 0; i < packets; ++i) {
      send(from, stream, sound);
      rig.tick(2);
    }
  }
  std::vector<SocketAddress> learned() {
    std::vector<SocketAddress> out;
    for (const auto& event : rig.take<SourceLearned>()) out.push_back(event.source);
    return out;
  }
  int heard(Octet sound) {
    const auto sent = rig.spans[0]->take_sent(5);
    return static_cast<int>(std::count(sent.begin(), sent.end(), sound));
  }
};

TEST(SourceLearning, while_it_is_off_the_sockets_are_connected_to_what_sdp_says) {
  Learning l(SourceLearning::off);
  EXPECT_FALSE(l.sockets.rtp_open);
  Stream stream;
  l.run(kOtherPort, stream, 20);
  EXPECT_EQ(l.heard(kPeerSound), 0);
  EXPECT_EQ(l.sockets.remote_rtp, kNamed);
}

TEST(SourceLearning, the_signalled_source_is_heard_from_its_first_packet_and_then_connected_to) {
  Learning l(SourceLearning::any);
  EXPECT_TRUE(l.sockets.rtp_open);
  Stream stream;
  l.run(kNamed, stream, 10);
  EXPECT_EQ(l.heard(kPeerSound), 10 * 160 - 160);
  EXPECT_FALSE(l.sockets.rtp_open);
  EXPECT_EQ(l.sockets.remote_rtp, kNamed);
  EXPECT_TRUE(l.learned().empty()) << "it is no news";
}

TEST(SourceLearning, another_port_of_the_same_host_is_believed_after_consistent_packets_and_locked) {
  Learning l(SourceLearning::address);
  Stream stream;
  l.run(kOtherPort, stream, 3);
  EXPECT_EQ(l.sockets.remote_rtp, kNamed) << "not believed yet";
  l.run(kOtherPort, stream, 2);
  EXPECT_EQ(l.sockets.remote_rtp, kOtherPort) << "on probation, but audio goes there";
  EXPECT_TRUE(l.sockets.rtp_open);
  l.run(kOtherPort, stream, 110);
  EXPECT_FALSE(l.sockets.rtp_open);
  EXPECT_EQ(l.learned(), std::vector{kOtherPort});
  EXPECT_GT(l.heard(kPeerSound), 100 * 160);
  l.sockets.rtp_sent.clear();
  l.rig.tick(2);
  EXPECT_EQ(l.sockets.rtp_sent.size(), 1U);
}

TEST(SourceLearning, another_host_is_believed_only_where_any_may_be) {
  Learning strict(SourceLearning::address);
  Stream stream;
  strict.run(kElsewhere, stream, 200);
  EXPECT_EQ(strict.heard(kPeerSound), 0);
  EXPECT_EQ(strict.sockets.remote_rtp, kNamed);
  Learning open(SourceLearning::any);
  open.run(kElsewhere, stream, 120);
  EXPECT_EQ(open.learned(), std::vector{kElsewhere});
}

TEST(SourceLearning, a_burst_in_one_moment_proves_nothing) {
  Learning l(SourceLearning::any);
  Stream stream;
  for (int i = 0; i < 10; ++i) l.send(kElsewhere, stream, kAttackSound);
  l.rig.tick();
  EXPECT_EQ(l.sockets.remote_rtp, kNamed);
  EXPECT_EQ(l.heard(kAttackSound), 0);
}

TEST(SourceLearning, changing_ssrcs_or_sequence_numbers_prove_nothing) {
  Learning l(SourceLearning::any);
  SeededRandom random(4);
  for (int i = 0; i < 200; ++i) {
    Stream stream;
    stream.ssrc = static_cast<std::uint32_t>(random.next());
    stream.sequence = static_cast<std::uint16_t>(i);
    l.send(kElsewhere, stream, kAttackSound);
    Stream other;
    other.sequence = static_cast<std::uint16_t>(random.next());
    l.send(*parse_ip("198.51.100.10", 30000), other, kAttackSound);
    l.rig.tick();
  }
  EXPECT_EQ(l.sockets.remote_rtp, kNamed);
  EXPECT_EQ(l.heard(kAttackSound), 0);
}

TEST(SourceLearning, while_the_signalled_source_sends_nobody_else_is_believed) {
  // The attacker is there first, and sends five times as much; the peer's packets come at most once a tick.
  Learning l(SourceLearning::any);
  Stream attack;
  attack.ssrc = 666;
  Stream peer;
  for (int i = 0; i < 3; ++i) {
    l.send(kElsewhere, attack, kAttackSound);
    l.rig.tick();
  }
  for (int i = 0; i < 300; ++i) {
    for (int k = 0; k < 5; ++k) l.send(kElsewhere, attack, kAttackSound);
    if (i % 2 == 0) l.send(kNamed, peer, kPeerSound);
    l.rig.tick();
  }
  EXPECT_EQ(l.sockets.remote_rtp, kNamed);
  EXPECT_FALSE(l.sockets.rtp_open);
  EXPECT_EQ(l.heard(kAttackSound), 0);
}

TEST(SourceLearning, an_attacker_who_was_first_loses_the_stream_again_to_the_signalled_source) {
  Learning l(SourceLearning::any);
  Stream attack;
  attack.ssrc = 666;
  l.run(kElsewhere, attack, 10, kAttackSound);
  EXPECT_EQ(l.sockets.remote_rtp, kElsewhere) << "nobody else is there";
  l.heard(kAttackSound);
  Stream peer;
  for (int i = 0; i < 50; ++i) {
    l.send(kElsewhere, attack, kAttackSound);
    l.send(kNamed, peer, kPeerSound);
    l.rig.tick(2);
  }
  EXPECT_EQ(l.sockets.remote_rtp, kNamed);
  EXPECT_FALSE(l.sockets.rtp_open);
  EXPECT_TRUE(l.learned().empty());
  EXPECT_GT(l.heard(kPeerSound), 40 * 160);
}

TEST(SourceLearning, spraying_from_many_addresses_does_not_keep_the_peer_from_being_learned) {
  Learning l(SourceLearning::any);
  Stream peer;
  SeededRandom random(9);
  for (int i = 0; i < 400; ++i) {
    for (int k = 0; k < 12; ++k) {
      Stream spray;
      spray.ssrc = static_cast<std::uint32_t>(random.next());
      auto from = *parse_ip("203.0.113.1", 1024);
      from.ip[3] = static_cast<std::uint8_t>(random.next());
      from.port = static_cast<std::uint16_t>(random.next() | 1);
      l.send(from, spray, kAttackSound);
    }
    if (i % 2 == 0) l.send(kElsewhere, peer, kPeerSound);
    l.rig.tick();
  }
  EXPECT_EQ(l.learned(), std::vector{kElsewhere});
  EXPECT_EQ(l.heard(kAttackSound), 0);
}

TEST(SourceLearning, once_locked_no_other_packet_is_received_at_all) {
  Learning l(SourceLearning::any);
  Stream peer;
  l.run(kElsewhere, peer, 120);
  ASSERT_EQ(l.learned(), std::vector{kElsewhere});
  l.heard(kPeerSound);
  Stream attack;
  attack.ssrc = peer.ssrc;  // even with everything right but the address
  attack.sequence = static_cast<std::uint16_t>(peer.sequence + 5);
  attack.timestamp = peer.timestamp + 800;
  for (int i = 0; i < 100; ++i) {
    l.send(*parse_ip("203.0.113.66", 5555), attack, kAttackSound);
    l.send(kElsewhere, peer, kPeerSound);
    l.rig.tick(2);
  }
  EXPECT_EQ(l.heard(kAttackSound), 0);
  EXPECT_TRUE(l.learned().empty());
  EXPECT_EQ(l.sockets.remote_rtp, kElsewhere);
}

TEST(SourceLearning, what_is_refused_is_no_sign_of_life) {
  EngineConfig config;
  config.rtp_timeout = std::chrono::seconds(2);
  Rig rig({SpanSetup{}}, config);
  doubles::FakeRtp sockets;
  rig.open(1, kCircuit, sockets, learning(SourceLearning::address));
  Stream attack;
  for (int i = 0; i < 150; ++i) {
    sockets.arrive(kElsewhere, attack.packet(Octets(160, kAttackSound)));
    rig.tick(2);
  }
  EXPECT_EQ(rig.take<RtpTimeout>().size(), 1U);
  EXPECT_TRUE(rig.take<RtpStarted>().empty());
}

TEST(SourceLearning, a_new_address_in_sdp_begins_it_again_and_the_same_one_does_not) {
  Learning l(SourceLearning::address);
  Stream stream;
  l.run(kOtherPort, stream, 120);
  ASSERT_EQ(l.learned(), std::vector{kOtherPort});
  auto p = learning(SourceLearning::address);
  p.ptime_ms = 30;
  l.rig.engine->post(SetParameters{.session = {1}, .parameters = p});
  l.run(kOtherPort, stream, 3);
  EXPECT_EQ(l.sockets.remote_rtp, kOtherPort) << "what was learned holds";
  EXPECT_FALSE(l.sockets.rtp_open);
  p.remote_rtp = kElsewhere;
  l.rig.engine->post(SetParameters{.session = {1}, .parameters = p});
  l.rig.tick();
  EXPECT_TRUE(l.sockets.rtp_open);
  EXPECT_EQ(l.sockets.remote_rtp, kElsewhere);
}

TEST(SourceLearning, the_same_sdp_again_begins_it_anew_when_the_believed_source_has_fallen_silent) {
  Learning l(SourceLearning::address);
  Stream stream;
  l.run(kOtherPort, stream, 120);
  ASSERT_EQ(l.learned(), std::vector{kOtherPort});
  l.rig.tick(300);
  l.rig.engine->post(SetParameters{.session = {1}, .parameters = learning(SourceLearning::address)});
  const auto moved = *parse_ip("192.0.2.1", 62000);
  l.run(moved, stream, 120);
  EXPECT_EQ(l.learned(), std::vector{moved});
}

// ---- RTCP

Octets report(std::uint32_t ssrc, bool bye = false) {
  std::array<Octet, rtp::kMaxReport> buffer;
  rtp::RtcpReport r{.ssrc = ssrc, .sender = rtp::SenderInfo{}, .block = {}, .cname = "peer", .bye = bye};
  const auto size = rtp::build_rtcp(r, buffer);
  return {buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(size)};
}

TEST(SourceLearning, rtcp_goes_beside_the_learned_rtp_until_its_own_source_is_known) {
  Learning l(SourceLearning::address);
  Stream stream;
  l.run(kOtherPort, stream, 120);
  EXPECT_EQ(l.sockets.remote_rtcp, *parse_ip("192.0.2.1", 61001));
  EXPECT_TRUE(l.sockets.rtcp_open);
  const auto rtcp = *parse_ip("192.0.2.1", 61777);
  for (int i = 0; i < 2; ++i) {
    l.sockets.arrive_rtcp(rtcp, report(stream.ssrc));
    l.run(kOtherPort, stream, 5);
  }
  EXPECT_EQ(l.sockets.remote_rtcp, rtcp);
  EXPECT_FALSE(l.sockets.rtcp_open);
  EXPECT_EQ(l.sockets.remote_rtp, kOtherPort);
}

TEST(SourceLearning, rtcp_of_another_host_or_ssrc_is_not_believed_and_ends_nothing) {
  Learning l(SourceLearning::any);
  Stream stream;
  l.run(kNamed, stream, 120);
  for (int i = 0; i < 5; ++i) {
    l.sockets.arrive_rtcp(kElsewhere, report(stream.ssrc, true));
    l.sockets.arrive_rtcp(*parse_ip("192.0.2.1", 7), report(stream.ssrc + 1, true));
    l.run(kNamed, stream, 2);
  }
  EXPECT_TRUE(l.sockets.rtcp_open);
  EXPECT_EQ(l.sockets.remote_rtcp, kNamedRtcp);
  // The BYE was not heard: another source still needs two packets.
  l.rig.tick(10);
  l.heard(kPeerSound);
  Stream other;
  other.ssrc = 99;
  l.run(kNamed, other, 1, kAttackSound);
  l.rig.tick(4);
  EXPECT_EQ(l.heard(kAttackSound), 0);
}

TEST(SourceLearning, rtcp_of_the_signalled_address_is_connected_to_with_its_first_report) {
  Learning l(SourceLearning::any);
  Stream stream;
  l.run(kNamed, stream, 10);
  l.sockets.arrive_rtcp(kNamedRtcp, report(stream.ssrc));
  l.rig.tick(4);
  EXPECT_FALSE(l.sockets.rtcp_open);
  EXPECT_EQ(l.sockets.remote_rtcp, kNamedRtcp);
}

}  // namespace
}  // namespace tandem::media
