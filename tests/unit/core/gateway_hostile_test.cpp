// Octets that nobody sane would send, at a gateway with a call on it; and SIP over TCP in pieces.
#include "tests/unit/core/gateway_fixture.h"

namespace tandem::core {
namespace {

class GatewayHostile : public GatewayCall {
 protected:
  sip::Flow from_peer() const {
    const auto seen = world->to_gateway(0);
    return {sip::Transport::udp, seen.remote, seen.local, 0};
  }
  /// Some octets of it are others.
  Octets damaged(Octets octets) {
    const auto count = 1 + world->pick(6);
    for (std::size_t i = 0; i < count && !octets.empty(); ++i) {
      const auto at = world->pick(octets.size());
      switch (world->pick(3)) {
        case 0:
          octets[at] = static_cast<Octet>(world->pick(256));
          break;
        case 1:
          octets.erase(octets.begin() + static_cast<std::ptrdiff_t>(at));
          break;
        default:
          octets.insert(octets.begin() + static_cast<std::ptrdiff_t>(at), octets[at]);
      }
    }
    return octets;
  }
};

TEST_F(GatewayHostile, DamagedMessagesAndFramesDoNotDisturbTheCall) {
  start();
  const auto setup = answered_from_sip();
  std::vector<Octets> messages, frames;
  for (const auto& record : world->traces) {
    if (record.kind == TraceKind::sip && !record.sent) messages.push_back(record.octets);
    if (record.kind == TraceKind::q931 && !record.sent && record.octets.size() > 8)
      frames.push_back(record.octets);
  }
  ASSERT_FALSE(messages.empty());
  ASSERT_FALSE(frames.empty());
  world->keep_traces = false;
  for (int i = 0; i < 5000; ++i) {
    auto message = damaged(messages[world->pick(messages.size())]);
    // Another Call-ID and branch: what belongs to the call by all the rules may well end it.
    for (auto& octet : message)
      if (octet == '-') octet = '_';
    world->gateway.handle_datagram(from_peer(), message, world->now);
    auto frame = damaged(frames[world->pick(frames.size())]);
    if (frame.size() > 6) frame[6] ^= 0x40;  // another call reference
    world->gateway.handle_frame(0, frame, world->now);
    world->gateway.handle_frame(99, frame, world->now);  // no such trunk
    world->run(1ms);
  }
  world->run(5s);
  // The D channel may have been reset by a frame that said so, the call is there.
  const auto calls = world->gateway.calls(world->now);
  ASSERT_FALSE(calls.empty());
  EXPECT_EQ(calls.front().state, "answered");
  world->peer(0).bye(sip_call, {}, world->now);
  world->run(1s);
  world->gateway.clear_all(world->now);
  world->far(0).disconnect(setup.call, 16, world->now);
  world->run(400s);
  EXPECT_TRUE(world->gateway.idle());
}

TEST_F(GatewayHostile, RandomOctetsAreOnlyLogged) {
  start();
  for (int i = 0; i < 3000; ++i) {
    Octets octets(world->pick(400));
    for (auto& octet : octets) octet = static_cast<Octet>(world->pick(256));
    world->gateway.handle_datagram(from_peer(), octets, world->now);
    world->gateway.handle_frame(0, octets, world->now);
    world->gateway.handle_stream({sip::Transport::tcp, from_peer().local, from_peer().remote, 7}, octets,
                                 world->now);
    world->settle();
  }
  world->run(60s);
  EXPECT_TRUE(world->gateway.idle());
  EXPECT_TRUE(world->cdrs.empty());
}

TEST_F(GatewayHostile, MediaEventsOfNobodyAreIgnored) {
  start();
  world->gateway.handle_media(media::SessionClosed{SessionId{5}, nullptr, {}}, world->now);
  world->gateway.handle_media(media::RtpStarted{SessionId{5}}, world->now);
  world->gateway.handle_media(media::Digit{SessionId{5}, '1', false}, world->now);
  world->gateway.handle_media(media::SpanAlarms{77, {.red = true}}, world->now);
  EXPECT_TRUE(world->gateway.idle());
}

TEST_F(GatewayHostile, AnInviteOverTcpMayComeInPieces) {
  start();
  std::string sent;
  std::uint64_t connection = 0;
  world->tap = [&](const sip::Transmit& transmit) {
    sent += as_text(transmit.octets);
    connection = transmit.flow.connection;
    return true;
  };
  const std::string invite =
      "INVITE sip:1000@192.0.2.1 SIP/2.0\r\nVia: SIP/2.0/TCP 198.51.100.1:5060;branch=z9hG4bK1\r\n"
      "Max-Forwards: 70\r\nFrom: <sip:1@198.51.100.1>;tag=1\r\nTo: <sip:1000@192.0.2.1>\r\nCall-ID: x\r\n"
      "CSeq: 1 INVITE\r\nContact: <sip:1@198.51.100.1;transport=tcp>\r\nContent-Length: 0\r\n\r\n";
  const sip::Flow flow{sip::Transport::tcp, world->config.sip.listen[0].address,
                       parse_socket_address("198.51.100.1:41234").value(), 9};
  for (std::size_t i = 0; i < invite.size(); i += 50)
    world->gateway.handle_stream(flow, as_octets(std::string_view(invite).substr(i, 50)), world->now);
  world->run(50ms);
  EXPECT_TRUE(from_pri<pri::SetupInd>());
  EXPECT_TRUE(sent.starts_with("SIP/2.0 100"));
  EXPECT_EQ(connection, 9U);
  world->gateway.handle_closed(flow, world->now);  // the call is not the connection
  EXPECT_EQ(world->gateway.calls(world->now).size(), 1U);
}

}  // namespace
}  // namespace tandem::core
