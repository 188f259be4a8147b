#pragma once
// A SIP peer that is written out message by message: it can lie.
#include "tests/unit/core/gateway_fixture.h"

namespace tandem::core {

inline std::string text_between(std::string_view text, std::string_view from, std::string_view to) {
  const auto begin = text.find(from);
  if (begin == std::string_view::npos) return {};
  const auto rest = text.substr(begin + from.size());
  return std::string(rest.substr(0, rest.find(to)));
}

class GatewayRawPeer : public GatewayCall {
 protected:
  void listen(Config config = doubles::small_config()) {
    start(std::move(config));
    world->tap = [this](const sip::Transmit& transmit) {
      sent.push_back({transmit.flow.remote, std::string(as_text(transmit.octets))});
      return true;
    };
  }
  /// The last message that begins so, from the gateway; empty: none.
  std::string last(std::string_view begin) const {
    for (auto it = sent.rbegin(); it != sent.rend(); ++it)
      if (it->text.starts_with(begin)) return it->text;
    return {};
  }
  SocketAddress last_to(std::string_view begin) const {
    for (auto it = sent.rbegin(); it != sent.rend(); ++it)
      if (it->text.starts_with(begin)) return it->to;
    return {};
  }
  long count(std::string_view begin) const {
    return std::ranges::count_if(sent, [&](const Sent& one) { return one.text.starts_with(begin); });
  }
  void say(const std::string& text, std::size_t peer = 0) {
    const auto seen = world->to_gateway(peer);
    world->gateway.handle_datagram({sip::Transport::udp, seen.remote, seen.local, 0}, as_octets(text),
                                   world->now);
    world->run(50ms);
  }
  static std::string with_body(std::string head, const std::string& body,
                               const std::string& type = "application/sdp") {
    if (!body.empty()) head += "Content-Type: " + type + "\r\n";
    return head + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  }
  /// A response of a peer to a request of the gateway.
  void respond(const std::string& request, const std::string& status, const std::string& tag,
               const std::string& body = "", const std::string& extra = "", std::size_t peer = 0) {
    std::string text = "SIP/2.0 " + status + "\r\n";
    for (const char* name : {"Via", "From", "Call-ID", "CSeq"})
      text += std::string(name) + ": " + text_between(request, std::string("\r\n") + name + ": ", "\r\n") +
              "\r\n";
    const auto to = text_between(request, "\r\nTo: ", "\r\n");
    text += "To: " + to + (tag.empty() || to.contains(";tag=") ? "" : ";tag=" + tag) + "\r\n";
    if (!extra.contains("Contact: ")) text += "Contact: <sip:2000@198.51.100.1:5060>\r\n";
    say(with_body(text + extra, body), peer);
  }
  /// A request of the peer: outside a dialog, or in that of `answer_` (a response of the gateway).
  void request(const std::string& method, int cseq, const std::string& body = "",
               const std::string& extra = "", const std::string& type = "application/sdp") {
    const auto to = text_between(response, "\r\nTo: ", "\r\n");
    const std::string uri = "sip:" + number + "@192.0.2.1:5060";
    std::string text = method + " " + uri + " SIP/2.0\r\nVia: SIP/2.0/UDP 198.51.100.1:5060;branch=z9hG4bK" +
                       method + std::to_string(cseq) + "\r\nMax-Forwards: 70\r\n" +
                       "From: <sip:2000@198.51.100.1>;tag=f\r\nTo: " + (to.empty() ? "<" + uri + ">" : to) +
                       "\r\nCall-ID: c1\r\nCSeq: " + std::to_string(cseq) + " " + method +
                       "\r\nContact: <sip:2000@198.51.100.1:5060>\r\n" + extra;
    say(with_body(text, body, type));
  }
  static std::string sdp(int port, const std::string& attributes = "", const std::string& formats = "8 0",
                         const std::string& host = "198.51.100.1") {
    return "v=0\r\no=- 1 1 IN IP4 198.51.100.1\r\ns=-\r\nc=IN IP4 " + host + "\r\nt=0 0\r\nm=audio " +
           std::to_string(port) + " RTP/AVP " + formats + "\r\n" + attributes;
  }
  const media::RtpParameters& parameters() {
    static const media::RtpParameters kNone;
    const auto* session = world->media.on({0, 1});
    EXPECT_TRUE(session != nullptr && session->parameters);
    return session != nullptr && session->parameters ? *session->parameters : kNone;
  }
  long traced(TraceKind kind, std::string_view part) const {
    return std::ranges::count_if(world->traces,
                                 [&](const auto& r) { return r.kind == kind && r.text.contains(part); });
  }
  /// An INVITE from the PRI side has reached the peer.
  std::string invited() {
    far_call = call_from_pri("2000");
    auto invite = last("INVITE");
    EXPECT_FALSE(invite.empty());
    return invite;
  }
  /// A call from this peer that the PRI side has answered.
  void answered(const std::string& offer) {
    request("INVITE", 1, offer);
    const auto setup = from_pri<pri::SetupInd>();
    ASSERT_TRUE(setup);
    far_call = setup->call;
    world->far(0).connect(far_call, {1, true}, world->now);
    world->run(50ms);
    response = last("SIP/2.0 200");
    ASSERT_FALSE(response.empty());
    request("ACK", 1);
  }
  void hang_up_far() {
    world->far(0).disconnect(far_call, 16, world->now);
    world->run(50ms);
    if (const auto bye = last("BYE"); !bye.empty()) respond(bye, "200 OK", "");
    expect_nothing_left();
  }

  struct Sent {
    SocketAddress to;
    std::string text;
  };
  std::vector<Sent> sent;
  std::string response, number = "1000";
  pri::CallRef far_call = 0;
};

}  // namespace tandem::core
