// Audio over IPv4 and IPv6 (RFC 6157, without ICE): the answer is of the family of the offer, an offer of
// that of the peer's address.
#include "tests/unit/core/gateway_raw_peer.h"

namespace tandem::core {
namespace {

Config two_families(bool peer_v6) {
  auto config = doubles::small_config();
  config.sip.listen.push_back({sip::Transport::udp, parse_socket_address("[2001:db8::1]:5060").value()});
  config.rtp_addresses.push_back(parse_ip("2001:db8::1").value());
  if (peer_v6) {
    auto& peer = config.peers[0];
    peer.uri.host = "2001:db8::7";
    peer.destination.local = config.sip.listen[1].address;
    peer.destination.remote = parse_socket_address("[2001:db8::7]:5060").value();
  }
  return config;
}

class GatewayDualStack : public GatewayRawPeer {
 protected:
  static std::string sdp6(int port, const std::string& host = "2001:db8::7") {
    return "v=0\r\no=- 1 1 IN IP6 " + host + "\r\ns=-\r\nc=IN IP6 " + host + "\r\nt=0 0\r\nm=audio " +
           std::to_string(port) + " RTP/AVP 8\r\n";
  }
};

TEST_F(GatewayDualStack, AnOfferOfIPv6GetsAnAnswerOfIPv6ThoughSignallingIsIPv4) {
  listen(two_families(false));
  answered(sdp6(30000));
  EXPECT_TRUE(response.contains("\r\nc=IN IP6 2001:db8::1\r\n")) << response;
  EXPECT_EQ(to_string(parameters().remote_rtp), "[2001:db8::7]:30000");
  EXPECT_EQ(world->ports.open_count(), 1U) << "the port of the other family is given back";
  hang_up_far();
}

TEST_F(GatewayDualStack, AnOfferOfIPv4GetsAnAnswerOfIPv4) {
  listen(two_families(false));
  answered(sdp(30000));
  EXPECT_TRUE(response.contains("\r\nc=IN IP4 192.0.2.1\r\n")) << response;
  hang_up_far();
}

TEST_F(GatewayDualStack, AnOfferWithBothFamiliesIsTakenInThatOfTheSignalling) {
  listen(two_families(false));
  answered(sdp6(30000) + "m=audio 31000 RTP/AVP 8\r\nc=IN IP4 198.51.100.1\r\n");
  EXPECT_EQ(to_string(parameters().remote_rtp), "198.51.100.1:31000");
  EXPECT_TRUE(response.contains("\r\nm=audio 0 ")) << response;
  hang_up_far();
}

TEST_F(GatewayDualStack, WithoutAnAddressOfTheFamilyTheOfferIsRefusedWithWarning300) {
  auto config = doubles::small_config();
  listen(config);
  world->ports.has_v6 = false;
  request("INVITE", 1, sdp6(30000));
  EXPECT_TRUE(last("SIP/2.0 488").contains("\r\nWarning: 300 192.0.2.1 \"")) << last("SIP/2.0 488");
  request("ACK", 1);
  expect_nothing_left();
}

TEST_F(GatewayDualStack, APeerAtAnIPv6AddressIsOfferedIPv6) {
  listen(two_families(true));
  const auto invite = invited();
  EXPECT_TRUE(invite.contains("\r\nc=IN IP6 2001:db8::1\r\n")) << invite;
  respond(invite, "200 OK", "a", sdp6(30000));
  EXPECT_EQ(to_string(parameters().remote_rtp), "[2001:db8::7]:30000");
  hang_up_far();
}

TEST_F(GatewayDualStack, AnOfferlessInviteIsOfferedTheFamilyOfItsSignalling) {
  listen(two_families(true));
  answered("");
  EXPECT_TRUE(response.contains("\r\nc=IN IP6 2001:db8::1\r\n")) << response;
  world->far(0).disconnect(far_call, 16, world->now);
  world->run(50ms);
  expect_nothing_left();
}

TEST_F(GatewayDualStack, AnOfferOfTheOtherFamilyInMidCallIsRefusedAndTheCallGoesOn) {
  listen(two_families(false));
  answered(sdp(30000));
  request("INVITE", 2, sdp6(30000));
  EXPECT_TRUE(last("SIP/2.0 488").contains("\r\nWarning: 300 ")) << last("SIP/2.0 488");
  EXPECT_EQ(to_string(parameters().remote_rtp), "198.51.100.1:30000");
  request("ACK", 2);
  hang_up_far();
}

TEST_F(GatewayDualStack, ARedirectionToAPeerOfTheOtherFamilyIsOfferedThat) {
  auto config = doubles::small_config(1, 2);
  config.sip.listen.push_back({sip::Transport::udp, parse_socket_address("[2001:db8::1]:5060").value()});
  config.rtp_addresses.push_back(parse_ip("2001:db8::1").value());
  config.peers[0].follow_redirects = 1;
  config.peers[1].uri.host = "2001:db8::7";
  config.peers[1].destination.local = config.sip.listen[1].address;
  config.peers[1].destination.remote = parse_socket_address("[2001:db8::7]:5060").value();
  listen(config);
  const auto invite = invited();
  respond(invite, "302 Moved Temporarily", "a", "", "Contact: <sip:2001@[2001:db8::7]>\r\n");
  const auto second = last("INVITE");
  EXPECT_EQ(to_string(last_to("INVITE")), "[2001:db8::7]:5060");
  EXPECT_TRUE(second.contains("\r\nc=IN IP6 2001:db8::1\r\n")) << second;
  EXPECT_EQ(world->ports.open_count(), 1U);
  respond(second, "183 Session Progress", "b", sdp6(30000), "", 1);
  EXPECT_EQ(to_string(parameters().remote_rtp), "[2001:db8::7]:30000");
  respond(second, "486 Busy Here", "b", "", "", 1);
  hang_up_far();
}

}  // namespace
}  // namespace tandem::core
