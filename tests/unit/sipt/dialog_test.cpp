#include "sipt/dialog.h"

#include <gtest/gtest.h>

namespace tandem::sip {
namespace {

SocketAddress at(std::string_view text) {
  return parse_socket_address(text).value();
}

const std::vector<ListenAddress> kListen = {{Transport::udp, at("192.0.2.1:5060")},
                                            {Transport::tcp, at("192.0.2.1:5070")},
                                            {Transport::udp, at("[2001:db8::1]:5060")}};

Dialog dialog_on(Transport transport, std::string_view target) {
  Dialog dialog;
  dialog.call_id = "c";
  dialog.local = "<sip:a@192.0.2.1>;tag=1";
  dialog.remote = "<sip:b@192.0.2.9>;tag=2";
  dialog.remote_target = target;
  dialog.flow = {transport, transport == Transport::udp ? at("192.0.2.1:5060") : at("192.0.2.1:5070"),
                 at("192.0.2.9:41000"), transport == Transport::udp ? 0U : 7U};
  return dialog;
}

TEST(DialogNextHop, IsTheRemoteTarget) {
  const Flow hop = next_hop(dialog_on(Transport::udp, "sip:b@192.0.2.8"), kListen);
  EXPECT_EQ(hop.remote, at("192.0.2.8:5060"));
  EXPECT_EQ(hop.local, at("192.0.2.1:5060"));
  EXPECT_EQ(next_hop(dialog_on(Transport::udp, "sip:b@192.0.2.8:5999"), kListen).remote,
            at("192.0.2.8:5999"));
}

TEST(DialogNextHop, IsTheFlowOfTheDialogWhenTheTargetIsAName) {
  const Dialog dialog = dialog_on(Transport::tcp, "sip:b@example.com");
  EXPECT_EQ(next_hop(dialog, kListen), dialog.flow);
  const Dialog broken = dialog_on(Transport::tcp, "<<<");
  EXPECT_EQ(next_hop(broken, kListen), broken.flow);
}

TEST(DialogNextHop, KeepsTheConnectionToThePeer) {
  const Flow hop = next_hop(dialog_on(Transport::tcp, "sip:b@192.0.2.9:5060;transport=tcp"), kListen);
  EXPECT_EQ(hop.connection, 7U);
  EXPECT_EQ(hop.remote, at("192.0.2.9:5060"));  // where a new one would go
  EXPECT_EQ(next_hop(dialog_on(Transport::tcp, "sip:b@192.0.2.9"), kListen).transport, Transport::tcp);
  EXPECT_EQ(next_hop(dialog_on(Transport::tcp, "sip:b@192.0.2.8;transport=tcp"), kListen).connection, 0U);
}

TEST(DialogNextHop, ChangesTransportAndAddressFamilyWithTheTarget) {
  const Flow tcp = next_hop(dialog_on(Transport::udp, "sip:b@192.0.2.8;transport=TCP"), kListen);
  EXPECT_EQ(tcp.transport, Transport::tcp);
  EXPECT_EQ(tcp.local, at("192.0.2.1:5070"));
  const Flow v6 = next_hop(dialog_on(Transport::udp, "sip:b@[2001:db8::9]"), kListen);
  EXPECT_EQ(v6.local, at("[2001:db8::1]:5060"));
  const Dialog no_way = dialog_on(Transport::udp, "sip:b@[2001:db8::9];transport=tcp");
  EXPECT_EQ(next_hop(no_way, kListen), no_way.flow);
}

TEST(DialogSequence, OnlyRises) {
  Dialog dialog;
  EXPECT_TRUE(accept_cseq(dialog, 0));
  EXPECT_TRUE(accept_cseq(dialog, 10));
  EXPECT_FALSE(accept_cseq(dialog, 10));
  EXPECT_FALSE(accept_cseq(dialog, 9));
  EXPECT_TRUE(accept_cseq(dialog, 2147483647));
}

TEST(DialogRequest, CarriesRoutesAndViaOfItsHop) {
  Dialog dialog = dialog_on(Transport::tcp, "sip:b@192.0.2.9;transport=tcp");
  dialog.route_set = {"<sip:192.0.2.30;lr>"};
  const Flow hop = next_hop(dialog, kListen);
  const Octets octets = request_in(dialog, "BYE", 5, "z9hG4bKx", hop).finish();
  const auto text = as_text(octets);
  EXPECT_TRUE(text.starts_with("BYE sip:b@192.0.2.9;transport=tcp SIP/2.0\r\n"));
  EXPECT_NE(text.find("Route: <sip:192.0.2.30;lr>\r\n"), std::string_view::npos);
  EXPECT_NE(text.find("CSeq: 5 BYE\r\n"), std::string_view::npos);
  EXPECT_EQ(hop.transport, Transport::udp);  // RFC 3263 4.1: the route says nothing
  EXPECT_NE(text.find("Via: SIP/2.0/UDP 192.0.2.1:5060;"), std::string_view::npos);
}

}  // namespace
}  // namespace tandem::sip
