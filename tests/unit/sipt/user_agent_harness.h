#pragma once
// A user agent and a peer that is written out in the test, message by message.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "sipt/message.h"
#include "sipt/user_agent.h"

namespace tandem::sip {

inline constexpr std::string_view kSdp =
    "v=0\r\no=- 1 1 IN IP4 192.0.2.9\r\ns=-\r\nc=IN IP4 192.0.2.9\r\nt=0 0\r\n";

inline constexpr std::string_view kAllowed = "INVITE, ACK, BYE, CANCEL, OPTIONS, PRACK, UPDATE, INFO";

inline SocketAddress address_of(std::string_view text) {
  return parse_socket_address(text).value();
}

inline UserAgentConfig config_of_tests() {
  UserAgentConfig config;
  config.listen = {{Transport::udp, address_of("192.0.2.1:5060")},
                   {Transport::tcp, address_of("192.0.2.1:5060")}};
  return config;
}

inline Flow udp_flow() {
  return {Transport::udp, address_of("192.0.2.1:5060"), address_of("192.0.2.9:5060"), 0};
}
inline Flow tcp_flow(std::uint64_t connection) {
  return {Transport::tcp, address_of("192.0.2.1:5060"), address_of("192.0.2.9:41000"), connection};
}

/// A message that was sent, parsed.
struct Sent {
  Flow flow;
  std::string text;

  [[nodiscard]] Message message() const {
    Message parsed;
    EXPECT_TRUE(parsed.parse(as_octets(text))) << text;
    return parsed;
  }
  [[nodiscard]] bool is(std::string_view start) const { return text.starts_with(start); }
  [[nodiscard]] std::string value(HeaderId id) const { return std::string(message().value(id)); }
  [[nodiscard]] bool has(std::string_view part) const { return text.find(part) != std::string::npos; }
  [[nodiscard]] std::string to_tag() const { return std::string(message().to().value().tag); }
  [[nodiscard]] std::string from_tag() const { return std::string(message().from().value().tag); }
  [[nodiscard]] std::string branch() const { return std::string(message().via().value().branch); }
};

/// One line per header; Content-Length and the empty line are added.
inline std::string text_of(std::string_view start_and_headers, std::string_view body = {}) {
  std::string out;
  for (const char c : start_and_headers) {
    if (c == '\n') out += '\r';
    out += c;
  }
  return out + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

class Harness {
 public:
  explicit Harness(UserAgentConfig config = config_of_tests()) : ua(std::move(config), random_) {}

  void inject(std::string_view text) { inject(text, udp_flow()); }
  void inject(std::string_view text, const Flow& flow) {
    if (flow.transport == Transport::tcp)
      ua.handle_stream(flow, as_octets(text), now);
    else
      ua.handle_datagram(flow, as_octets(text), now);
  }
  /// What has been sent since the last call.
  std::vector<Sent> sent() {
    std::vector<Sent> out;
    while (auto transmit = ua.poll_transmit())
      out.push_back({transmit->flow, std::string(as_text(transmit->octets))});
    return out;
  }
  /// The one message that has been sent since the last call.
  Sent one() {
    const auto all = sent();
    EXPECT_EQ(all.size(), 1U);
    return all.empty() ? Sent{} : all.front();
  }
  std::vector<Event> events() {
    std::vector<Event> out;
    while (auto event = ua.poll_event()) out.push_back(std::move(*event));
    return out;
  }
  /// The one event since the last call, of that kind.
  template <class Kind>
  Kind event() {
    auto all = events();
    EXPECT_EQ(all.size(), 1U);
    if (all.size() != 1 || !std::holds_alternative<Kind>(all.front())) {
      ADD_FAILURE() << "another event, number " << (all.empty() ? 99 : all.front().index());
      return Kind{};
    }
    return std::get<Kind>(all.front());
  }
  /// Time passes; each timer expires when it is due.
  void pass(Duration duration) {
    const Time end = now + duration;
    while (const auto due = ua.next_deadline()) {
      if (*due > end) break;
      now = *due;
      ua.handle_timers(now);
    }
    now = end;
  }
  /// After this nothing may be left.
  void expect_nothing_left() {
    pass(std::chrono::minutes(10));
    const auto usage = ua.usage();
    EXPECT_EQ(usage.calls, 0U);
    EXPECT_EQ(usage.transactions, 0U);
    EXPECT_EQ(usage.dialogs, 0U);
    EXPECT_EQ(usage.timers, 0U);
  }

  // --- what the peer says -------------------------------------------------------------------------------
  static std::string request(std::string_view method, std::string_view branch, std::string_view to_tag = {},
                             int cseq = 1, std::string_view extra = "", std::string_view body = {}) {
    std::string head(method);
    head += " sip:1000@192.0.2.1 SIP/2.0\nVia: SIP/2.0/UDP 192.0.2.9:5060;rport;branch=";
    head.append(branch).append("\nMax-Forwards: 70\nFrom: \"Bob\" <sip:2000@192.0.2.9>;tag=bob\n");
    head.append("To: <sip:1000@192.0.2.1>").append(to_tag.empty() ? "" : ";tag=").append(to_tag);
    head.append("\nCall-ID: c1@192.0.2.9\nCSeq: ").append(std::to_string(cseq)).append(1, ' ').append(method);
    head.append("\nContact: <sip:bob@192.0.2.9:5060>\n").append(extra);
    if (!body.empty()) head.append("Content-Type: application/sdp\n");
    return text_of(head, body);
  }
  static std::string invite(std::string_view branch = "z9hG4bKinv", std::string_view extra = "") {
    return request("INVITE", branch, {}, 1, extra, kSdp);
  }
  /// A response to a request that the user agent sent.
  static std::string response(const Sent& to, std::string_view status, std::string_view tag = "peer",
                              std::string_view extra = "", std::string_view body = {}) {
    const Message request = to.message();
    std::string head = "SIP/2.0 ";
    head.append(status).append("\nVia: ").append(request.value(HeaderId::via)).append("\nFrom: ");
    head.append(request.value(HeaderId::from)).append("\nTo: ").append(request.value(HeaderId::to));
    if (!tag.empty() && request.to().value().tag.empty()) head.append(";tag=").append(tag);
    head.append("\nCall-ID: ").append(request.value(HeaderId::call_id)).append("\nCSeq: ");
    head.append(request.value(HeaderId::cseq)).append("\nContact: <sip:peer@192.0.2.9:5060>\n").append(extra);
    if (!body.empty()) head.append("Content-Type: application/sdp\n");
    return text_of(head, body);
  }
  /// A request of the peer in the dialog of a call that the user agent made.
  static std::string in_dialog(const Sent& invite, std::string_view method, int cseq,
                               std::string_view tag = "peer", std::string_view extra = "",
                               std::string_view body = {}) {
    std::string head(method);
    head += " sip:192.0.2.1:5060 SIP/2.0\nVia: SIP/2.0/UDP 192.0.2.9:5060;branch=z9hG4bKpeer";
    head.append(method).append(std::to_string(cseq)).append("\nMax-Forwards: 70\nFrom: ");
    head.append(invite.value(HeaderId::to)).append(";tag=").append(tag).append("\nTo: ");
    head.append(invite.value(HeaderId::from)).append("\nCall-ID: ").append(invite.value(HeaderId::call_id));
    head.append("\nCSeq: ").append(std::to_string(cseq)).append(1, ' ').append(method);
    head.append("\nContact: <sip:peer@192.0.2.9:5060>\n").append(extra);
    if (!body.empty()) head.append("Content-Type: application/sdp\n");
    return text_of(head, body);
  }

  static InviteInfo call_to_peer() {
    InviteInfo info;
    info.request_uri = parse_uri("sip:3000@192.0.2.9").value();
    info.from = parse_name_addr("<sip:1000@192.0.2.1>").value();
    info.to = parse_name_addr("<sip:3000@192.0.2.9>").value();
    info.sdp = kSdp;
    return info;
  }

 private:
  SeededRandom random_{7};

 public:
  UserAgent ua;
  Time now{};
};

/// A peer whose call has been answered; the ACK is up to the test.
struct Answered : Harness {
  Answered() {
    inject(invite());
    call = event<IncomingCall>().call;
    ua.answer(call, std::string(kSdp), {}, now);
    ok = sent().back();
  }
  void ack() {
    inject(request("ACK", "z9hG4bKack", ok.to_tag()));
    event<AckReceived>();
  }
  SipCall call;
  Sent ok;
};

/// A call to the peer that rings there.
struct Ringing : Harness {
  Ringing() {
    call = ua.invite(call_to_peer(), udp_flow(), now);
    invite = one();
    inject(response(invite, "180 Ringing"));
    event<ProvisionalReceived>();
  }
  void answer(std::string_view extra = "") {
    inject(response(invite, "200 OK", "peer", extra, kSdp));
    event<AnswerReceived>();
    ack = one();
  }
  SipCall call;
  Sent invite, ack;
};

}  // namespace tandem::sip
