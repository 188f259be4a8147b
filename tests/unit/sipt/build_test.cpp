#include "sipt/build.h"

#include <gtest/gtest.h>

namespace tandem::sip {
namespace {

const SocketAddress kSource = *parse_socket_address("192.0.2.9:6060");

std::string invite(std::string_view via, std::string_view to = "<sip:t@h>") {
  return "INVITE sip:t@h SIP/2.0\r\nVia: " + std::string(via) +
         "\r\nVia: SIP/2.0/TCP first.example;branch=z9hG4bK0\r\nFrom: <sip:f@h>;tag=1\r\nTo: " +
         std::string(to) +
         "\r\nCall-ID: c@h\r\nCSeq: 7 INVITE\r\nRecord-Route: <sip:p;lr>\r\nTimestamp: 54\r\n\r\n";
}

std::string respond(const std::string& request, int status, std::string_view tag = "x9") {
  Message message;
  EXPECT_TRUE(message.parse(as_octets(request)));
  return std::string(as_text(response_to(message, status, {}, tag, kSource).finish()));
}

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

TEST(Build, RequestReadsBackAsWritten) {
  const NameAddr from{"A \"B\"", *parse_uri("sip:a@h"), {{"tag", "1"}}};
  const auto octets = MessageBuilder::request("INVITE", "sip:b@h")
                          .via(Transport::tcp, *parse_socket_address("[2001:db8::1]:5060"), "z9hG4bKx")
                          .header(HeaderId::max_forwards, 70)
                          .header(HeaderId::from, from)
                          .header(HeaderId::to, NameAddr{"", *parse_uri("sip:b@h"), {}})
                          .header(HeaderId::call_id, "id")
                          .cseq(3, "INVITE")
                          .header(HeaderId::route, std::vector<NameAddr>(2, from))
                          .reasons({{"Q.850", 16, "", {}}})
                          .header("X-Own", "1")
                          .finish("application/sdp", "v=0\r\n");
  Message message;
  const auto parsed = message.parse(octets, Framing::stream);
  EXPECT_EQ(validate_request(message, parsed), std::nullopt);
  EXPECT_EQ(message.via()->host, "2001:db8::1");
  EXPECT_EQ(message.via()->transport, "TCP");
  EXPECT_EQ(message.via()->rport, "");
  EXPECT_EQ(message.address(HeaderId::from), from);
  EXPECT_EQ(message.count(HeaderId::route), 2u);
  EXPECT_EQ(message.reasons().at(0).cause, 16);
  EXPECT_EQ(message.value("X-Own"), "1");
  EXPECT_EQ(message.body(), "v=0\r\n");
}

TEST(Build, AResponseCopiesWhatRfc3261Names) {
  const auto text = respond(invite("SIP/2.0/UDP 192.0.2.9:6060;branch=z9hG4bK1"), 180);
  EXPECT_EQ(
      text,
      "SIP/2.0 180 Ringing\r\nVia: SIP/2.0/UDP 192.0.2.9:6060;branch=z9hG4bK1\r\n"
      "Via: SIP/2.0/TCP first.example;branch=z9hG4bK0\r\nFrom: <sip:f@h>;tag=1\r\nTo: <sip:t@h>;tag=x9\r\n"
      "Call-ID: c@h\r\nCSeq: 7 INVITE\r\nRecord-Route: <sip:p;lr>\r\nContent-Length: 0\r\n\r\n");
}

TEST(Build, ATagThatIsThereStays) {
  EXPECT_TRUE(
      has(respond(invite("SIP/2.0/UDP h", "<sip:t@h>;tag=theirs"), 200), "To: <sip:t@h>;tag=theirs\r\n"));
  EXPECT_TRUE(has(respond(invite("SIP/2.0/UDP h"), 100, ""), "To: <sip:t@h>\r\n"));
}

TEST(Build, TimestampIsForTryingAndRecordRouteForDialogs) {
  const auto trying = respond(invite("SIP/2.0/UDP h"), 100);
  EXPECT_TRUE(has(trying, "Timestamp: 54"));
  EXPECT_FALSE(has(trying, "Record-Route"));
  EXPECT_FALSE(has(respond(invite("SIP/2.0/UDP h"), 486), "Record-Route"));
}

TEST(Build, ReceivedAndRportAreFilledIn) {
  EXPECT_TRUE(has(respond(invite("SIP/2.0/UDP other.example:5060;branch=b"), 100),
                  "Via: SIP/2.0/UDP other.example:5060;branch=b;received=192.0.2.9\r\n"));
  // RFC 3581 4: both, even if sent-by is the source
  EXPECT_TRUE(has(respond(invite("SIP/2.0/UDP 192.0.2.9 ;rport;branch=b"), 100),
                  "Via: SIP/2.0/UDP 192.0.2.9;rport=6060;branch=b;received=192.0.2.9\r\n"));
  // what the sender claims of itself is replaced
  EXPECT_TRUE(has(respond(invite("SIP/2.0/UDP h;received=203.0.113.1;branch=b;rport=1"), 100),
                  "Via: SIP/2.0/UDP h;branch=b;rport=6060;received=192.0.2.9\r\n"));
}

TEST(Build, ResponsesFindTheirWay) {
  Flow flow{Transport::udp, {}, kSource, 0};
  const auto port = [&](std::string_view via) {
    const auto text = invite(via);
    Message message;
    EXPECT_TRUE(message.parse(as_octets(text)));
    const auto back = response_flow(message, flow);
    EXPECT_EQ(back.remote.ip, kSource.ip);
    return back.remote.port;
  };
  EXPECT_EQ(port("SIP/2.0/UDP h;rport"), 6060);
  EXPECT_EQ(port("SIP/2.0/UDP h:5072"), 5072);
  EXPECT_EQ(port("SIP/2.0/UDP h"), 5060);
  EXPECT_EQ(port("broken"), 6060);
  flow.transport = Transport::tcp;
  EXPECT_EQ(port("SIP/2.0/TCP h:5072"), 6060);
}

TEST(Build, NoValueStartsAHeaderOfItsOwn) {
  const auto octets = MessageBuilder::response(400, "x\r\nEvil: 1").header("A\nB: 2", "y\r\n\r\nz").finish();
  Message message;
  ASSERT_TRUE(MessageBuilder::request("A", "b").finish().size() > 0);
  static_cast<void>(message.parse(octets));
  EXPECT_FALSE(message.value("Evil"));
  EXPECT_FALSE(message.value("B"));
  EXPECT_EQ(message.body(), "");
}

TEST(Build, FoldsOfACopiedFieldBecomeBlanks) {
  const auto text =
      respond("INVITE sip:t@h SIP/2.0\r\nVia: SIP/2.0/UDP h\r\nFrom: <sip:f@h>\r\n ;tag=1\r\n\r\n", 400);
  EXPECT_TRUE(has(text, "From: <sip:f@h>   ;tag=1\r\n"));
}

TEST(Build, EveryStatusHasAPhrase) {
  EXPECT_EQ(reason_phrase(488), "Not Acceptable Here");
  EXPECT_EQ(reason_phrase(499), "Bad Request");
  EXPECT_EQ(reason_phrase(150), "Session Progress");
  EXPECT_EQ(reason_phrase(299), "OK");
  EXPECT_EQ(reason_phrase(699), "Busy Everywhere");
  EXPECT_EQ(reason_phrase(42), "Unknown");
  for (int status = 100; status < 700; ++status) EXPECT_FALSE(reason_phrase(status).empty());
}

TEST(DateText, IsAsRfc1123HasIt) {  // RFC 3261 20.17
  using namespace std::chrono;
  EXPECT_EQ(date_text(sys_days(2010y / November / 13) + 23h + 29min), "Sat, 13 Nov 2010 23:29:00 GMT");
  EXPECT_EQ(date_text(sys_days(2024y / February / 29) + 5s), "Thu, 29 Feb 2024 00:00:05 GMT");
  EXPECT_EQ(date_text(sys_days(1999y / December / 31) + 23h + 59min + 59s), "Fri, 31 Dec 1999 23:59:59 GMT");
}

}  // namespace
}  // namespace tandem::sip
