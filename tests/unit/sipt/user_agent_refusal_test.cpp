// Requests that cannot be served, octets that are no SIP, limits, and connections that go away.
#include "user_agent_harness.h"

namespace tandem::sip {
namespace {

using namespace std::chrono_literals;

std::string without(std::string text, std::string_view header) {
  const auto at = text.find(header);
  EXPECT_NE(at, std::string::npos);
  return text.erase(at, text.find("\r\n", at) + 2 - at);
}

std::string replaced(std::string text, std::string_view what, std::string_view with) {
  const auto at = text.find(what);
  EXPECT_NE(at, std::string::npos);
  return text.replace(at, what.size(), with);
}

/// What an INVITE gets at once, and that it leaves nothing.
Sent refused(const std::string& invite) {
  Harness peer;
  peer.inject(invite);
  const Sent answer = peer.one();
  EXPECT_FALSE(answer.to_tag().empty());
  for (const Event& event : peer.events()) EXPECT_TRUE(std::holds_alternative<Rejected>(event));
  peer.expect_nothing_left();
  return answer;
}

TEST(UserAgentRefusal, NamesTheHeaderThatIsMissing) {
  EXPECT_TRUE(refused(without(Harness::invite(), "Contact:")).is("SIP/2.0 400 Missing Contact\r\n"));
  const Sent no_limit = refused(replaced(Harness::invite(), "Max-Forwards: 70", "Max-Forwards: x"));
  EXPECT_TRUE(no_limit.is("SIP/2.0 400 "));
  EXPECT_TRUE(no_limit.has("Max-Forwards"));
  EXPECT_TRUE(refused(replaced(Harness::invite(), "1 INVITE", "1 BYE")).has("400 "));
}

TEST(UserAgentRefusal, IsSilentWhereNoResponseIsPossible) {
  Harness peer;
  peer.inject(without(Harness::invite(), "Via:"));
  peer.inject("\r\n\r\n");
  peer.inject(std::string_view("\0\0\0\0", 4));
  peer.inject("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  peer.inject(std::string(70000, 'x'));
  peer.inject("SIP/2.0 200 OK\r\n\r\n");
  EXPECT_TRUE(peer.sent().empty());
  for (const Event& event : peer.events()) EXPECT_TRUE(std::holds_alternative<Rejected>(event));
  peer.expect_nothing_left();
}

TEST(UserAgentRefusal, Answers513ToWhatIsLongerThanConfigured) {
  UserAgentConfig config = config_of_tests();
  config.max_message = 600;
  Harness peer(config);
  peer.inject(Harness::request("OPTIONS", "z9hG4bKo1", {}, 1, "X: " + std::string(600, 'x') + "\n"));
  EXPECT_TRUE(peer.one().is("SIP/2.0 513 Message Too Large\r\n"));
  peer.event<Rejected>();
  EXPECT_EQ(peer.ua.usage().transactions, 0U);
  peer.inject(Harness::request("OPTIONS", "z9hG4bKo2"));
  EXPECT_TRUE(peer.one().is("SIP/2.0 200 OK\r\n"));
}

TEST(UserAgentRefusal, Answers420WithEachExtensionThatIsRequired) {
  const Sent answer = refused(Harness::invite("z9hG4bKinv", "Require: 100rel, precondition, 199, x\n"));
  EXPECT_TRUE(answer.is("SIP/2.0 420 "));
  EXPECT_EQ(answer.value(HeaderId::unsupported), "precondition, x");
}

TEST(UserAgentRefusal, Answers415ForABodyItDoesNotUnderstand) {
  const Sent answer = refused(replaced(Harness::invite(), "application/sdp", "application/isup"));
  EXPECT_TRUE(answer.is("SIP/2.0 415 "));
  EXPECT_EQ(answer.value(HeaderId::accept), "application/sdp, multipart/mixed");
  const Sent packed = refused(Harness::invite("z9hG4bKinv", "Content-Encoding: gzip\n"));
  EXPECT_TRUE(packed.is("SIP/2.0 415 "));
  EXPECT_EQ(packed.value(HeaderId::accept_encoding), "identity");
}

TEST(UserAgentRefusal, Answers414ToARequestUriBeyondItsLimit) {
  const std::string uri = "sip:" + std::string(kMaxRequestUri - 14, '1') + "@192.0.2.1";
  EXPECT_TRUE(refused(replaced(Harness::invite(), "sip:1000@192.0.2.1", uri + "1")).is("SIP/2.0 414 "));
  EXPECT_TRUE(refused(replaced(Harness::invite(), "sip:1000@192.0.2.1", uri + std::string(9000, 'x')))
                  .is("SIP/2.0 414 "));
  Harness peer;
  peer.inject(replaced(Harness::invite(), "sip:1000@192.0.2.1", uri));
  peer.event<IncomingCall>();
}

TEST(UserAgentRefusal, Answers483ToACallThatMayGoNoFurtherButAnswersOptions) {
  EXPECT_TRUE(refused(replaced(Harness::invite(), "Max-Forwards: 70", "Max-Forwards: 0")).is("SIP/2.0 483 "));
  Harness peer;
  peer.inject(replaced(Harness::request("OPTIONS", "z9hG4bKo"), "Max-Forwards: 70", "Max-Forwards: 0"));
  EXPECT_TRUE(peer.one().is("SIP/2.0 200 "));
  peer.inject(replaced(Harness::invite(), "Max-Forwards: 70", "Max-Forwards: 1"));
  EXPECT_EQ(peer.event<IncomingCall>().info.max_forwards, 1);
}

TEST(UserAgentRefusal, ARequestWithinACallMayHaveNoHopsLeft) {
  Answered peer;
  peer.ack();
  peer.inject(replaced(Harness::request("BYE", "z9hG4bKbye", peer.ok.to_tag(), 2), "Max-Forwards: 70",
                       "Max-Forwards: 0"));
  EXPECT_TRUE(peer.one().is("SIP/2.0 200 "));
}

TEST(UserAgentRefusal, Answers406WhenSdpIsNotAcceptable) {
  for (const char* accept : {"text/plain", "", "application/sdp;q=0", "application/isup, multipart/mixed",
                             "*/*, application/sdp;q=0.000"}) {
    const Sent answer = refused(Harness::invite("z9hG4bKinv", "Accept: " + std::string(accept) + "\n"));
    EXPECT_TRUE(answer.is("SIP/2.0 406 ")) << accept;
    EXPECT_TRUE(answer.has("\r\nWarning: 399 192.0.2.1:5060 \"")) << accept;
  }
  for (const char* accept : {"application/sdp", "text/plain, application/*;q=0.1", "*/*",
                             "*/*;q=0, APPLICATION/SDP;level=1", "multipart/mixed,application/sdp;q=1"}) {
    Harness peer;
    peer.inject(Harness::invite("z9hG4bKinv", "Accept: " + std::string(accept) + "\n"));
    peer.event<IncomingCall>();
  }
}

TEST(UserAgentRefusal, Answers416ToSipsAsNothingHereKeepsItsPromise) {
  EXPECT_TRUE(refused(replaced(Harness::invite(), "INVITE sip:", "INVITE sips:")).is("SIP/2.0 416 "));
  Harness peer;
  peer.inject(
      replaced(Harness::invite(), "INVITE sip:1000@192.0.2.1", "INVITE tel:+4930123;phone-context=x"));
  const auto info = peer.event<IncomingCall>().info;
  EXPECT_EQ(info.request_uri.scheme, "tel");
  EXPECT_EQ(info.request_uri.user, "+4930123");
}

TEST(UserAgentRefusal, ProxyRequireIsNotForAnEndpoint) {
  Harness peer;
  peer.inject(Harness::invite("z9hG4bKinv", "Proxy-Require: foo\n"));
  peer.event<IncomingCall>();
}

TEST(UserAgentRefusal, ARequireInCancelIsNotLookedAt) {  // RFC 3261 8.2.2.3
  Harness peer;
  peer.inject(Harness::invite());
  peer.sent();
  peer.event<IncomingCall>();
  peer.inject(Harness::request("CANCEL", "z9hG4bKinv", {}, 1, "Require: foo\n"));
  EXPECT_TRUE(peer.sent().at(0).is("SIP/2.0 200 "));
}

TEST(UserAgentRefusal, OptionsWithABodyThatIsNotUnderstoodGet415) {
  Harness peer;
  peer.inject(
      replaced(Harness::request("OPTIONS", "z9hG4bKo", {}, 1, "", "hello"), "application/sdp", "text/plain"));
  EXPECT_TRUE(peer.one().is("SIP/2.0 415 "));
}

TEST(UserAgentRefusal, AMultipartThatCannotBeTakenApartIsABadRequest) {
  const Sent answer = refused(replaced(Harness::invite(), "application/sdp", "multipart/mixed"));
  EXPECT_TRUE(answer.is("SIP/2.0 400 Bad Multipart Body\r\n"));
}

TEST(UserAgentRefusal, TheSdpOfAMultipartIsTheOffer) {
  Harness peer;
  const std::string body =
      "--b\r\nContent-Type: application/isup;version=itu-t92+\r\nContent-Disposition: "
      "signal;handling=optional\r\n\r\n\x01\x11\r\n--b\r\nContent-Type: application/sdp\r\n\r\n" +
      std::string(kSdp) + "\r\n--b--\r\n";
  peer.inject(replaced(Harness::request("INVITE", "z9hG4bKinv", {}, 1, "", body), "application/sdp",
                       "multipart/mixed;boundary=b"));
  EXPECT_EQ(peer.event<IncomingCall>().info.sdp, kSdp);
  // Without "optional" the ISUP message must be understood (RFC 3204 4, RFC 5621 5).
  const auto must = replaced(body, ";handling=optional", "");
  EXPECT_TRUE(refused(replaced(Harness::request("INVITE", "z9hG4bKinv", {}, 1, "", must), "application/sdp",
                               "multipart/mixed;boundary=b"))
                  .is("SIP/2.0 415 "));
}

TEST(UserAgentRefusal, TheLanguageOfSdpDoesNotMatter) {
  Harness peer;
  peer.inject(Harness::invite("z9hG4bKinv", "Content-Language: tlh\n"));
  EXPECT_EQ(peer.event<IncomingCall>().info.sdp, kSdp);
}

TEST(UserAgentResponse, SaysTheTimestampAgainWhereNobodyWasWaitedFor) {  // RFC 3261 8.2.6.1
  Harness peer;
  peer.inject(Harness::request("OPTIONS", "z9hG4bKo", {}, 1, "Timestamp: 54.21\n"));
  EXPECT_EQ(peer.one().value(HeaderId::timestamp), "54.21");
  peer.inject(Harness::invite("z9hG4bKinv", "Timestamp: 54.22\n"));
  EXPECT_EQ(peer.one().value(HeaderId::timestamp), "54.22");
  peer.ua.reject(peer.event<IncomingCall>().call, 486, "", {}, {}, peer.now);
  EXPECT_FALSE(peer.one().message().has(HeaderId::timestamp));
}

TEST(UserAgentRefusal, PassesOverABodyThatIsOptional) {
  Harness peer;
  peer.inject(replaced(Harness::invite("z9hG4bKinv", "Content-Disposition: render;handling=optional\n"),
                       "application/sdp", "text/html"));
  EXPECT_TRUE(peer.event<IncomingCall>().info.sdp.empty());
}

TEST(UserAgentRefusal, Answers405ForWhatItKnowsAnd501ForWhatNobodyKnows) {
  Harness peer;
  peer.inject(Harness::request("SUBSCRIBE", "z9hG4bKsub"));
  const Sent known = peer.one();
  EXPECT_TRUE(known.is("SIP/2.0 405 "));
  EXPECT_EQ(known.value(HeaderId::allow), kAllowed);
  peer.inject(Harness::request("DANCE", "z9hG4bKdance"));
  EXPECT_TRUE(peer.one().is("SIP/2.0 501 "));
  peer.expect_nothing_left();
}

TEST(UserAgentRefusal, Answers416ForASchemeThatIsNotSip) {
  EXPECT_TRUE(refused(replaced(Harness::invite(), "INVITE sip:1000@192.0.2.1", "INVITE http://192.0.2.1/"))
                  .is("SIP/2.0 416 "));
}

TEST(UserAgentRefusal, Answers482ForARequestThatCameTwoWays) {
  Harness peer;
  peer.inject(Harness::invite("z9hG4bKone"));
  peer.sent();
  peer.event<IncomingCall>();
  peer.inject(Harness::invite("z9hG4bKtwo"));
  EXPECT_TRUE(peer.one().is("SIP/2.0 482 "));
  EXPECT_TRUE(peer.events().empty());
}

TEST(UserAgentRefusal, AnswersTheSameToARetransmission) {
  Harness peer;
  const std::string bad = replaced(Harness::invite(), "Max-Forwards: 70", "Max-Forwards: x");
  peer.inject(bad);
  const Sent first = peer.one();
  peer.inject(bad);
  EXPECT_EQ(peer.one().text, first.text);
  EXPECT_EQ(peer.ua.usage().transactions, 0U);
}

TEST(UserAgentRefusal, AFloodOfBadInputIsCountedNotTold) {
  Harness peer;
  const std::string bad = replaced(Harness::invite(), "Max-Forwards: 70", "Max-Forwards: x");
  for (int i = 0; i < 1000; ++i) peer.inject(bad);
  EXPECT_EQ(peer.events().size(), 100U);
  EXPECT_EQ(peer.sent().size(), 1000U);  // each has its answer all the same
  peer.now += 1s;
  peer.inject(bad);
  EXPECT_TRUE(peer.event<Rejected>().text.ends_with(" (and 900 more unsaid)"));
  peer.inject(bad);
  EXPECT_EQ(peer.event<Rejected>().text.find("unsaid"), std::string::npos);
}

TEST(UserAgentResponse,
     SaysWhereAnIpv6RequestCameFrom) {  // RFC 3581 4, RFC 5118 4.5: no brackets in received
  UserAgentConfig config = config_of_tests();
  config.listen.push_back({Transport::udp, address_of("[2001:db8::1]:5060")});
  Harness peer(config);
  const Flow six{Transport::udp, address_of("[2001:db8::1]:5060"), address_of("[2001:db8::9]:6000"), 0};
  peer.inject(
      replaced(Harness::request("OPTIONS", "z9hG4bKo"), "192.0.2.9:5060;rport", "[2001:db8::8]:5070;rport"),
      six);
  const Sent ok = peer.one();
  EXPECT_EQ(ok.value(HeaderId::via),
            "SIP/2.0/UDP [2001:db8::8]:5070;rport=6000;branch=z9hG4bKo;received=2001:db8::9");
  EXPECT_EQ(ok.value(HeaderId::contact), "<sip:[2001:db8::1]:5060>");
  EXPECT_EQ(ok.flow, six);
}

TEST(UserAgentResponse, GoesWhereRportOrViaSay) {
  Harness peer;
  Flow nat = udp_flow();
  nat.remote = address_of("203.0.113.5:61000");
  peer.inject(Harness::request("OPTIONS", "z9hG4bKo1"), nat);
  EXPECT_EQ(peer.one().flow.remote, nat.remote);
  peer.inject(replaced(Harness::request("OPTIONS", "z9hG4bKo2"), ";rport", ""), nat);
  EXPECT_EQ(peer.one().flow.remote, address_of("203.0.113.5:5060"));
}

TEST(UserAgentResponse, ThatMatchesNothingIsDropped) {
  Harness peer;
  peer.ua.invite(Harness::call_to_peer(), udp_flow(), peer.now);
  const Sent invite = peer.one();
  std::string other = Harness::response(invite, "200 OK");
  peer.inject(replaced(other, invite.branch(), "z9hG4bKguess"));
  peer.inject(replaced(other, "1 INVITE", "1 BYE"));
  peer.inject(replaced(other, "192.0.2.1:5060;", "192.0.2.66:5060;"));  // RFC 3261 18.1.2
  EXPECT_TRUE(peer.sent().empty());
  EXPECT_TRUE(peer.events().empty());
}

TEST(UserAgentOldPeer, OfRfc2543IsMatchedWithoutTheCookie) {
  Harness peer;
  peer.inject(Harness::invite("1"));
  const SipCall call = peer.event<IncomingCall>().call;
  peer.sent();
  peer.inject(Harness::invite("1"));
  EXPECT_TRUE(peer.one().is("SIP/2.0 100 "));
  EXPECT_TRUE(peer.events().empty());
  peer.ua.reject(call, 404, "", {}, {}, peer.now);
  const Sent answer = peer.one();
  peer.inject(Harness::request("ACK", "1", answer.to_tag()));
  peer.pass(10s);
  EXPECT_TRUE(peer.sent().empty());
  peer.expect_nothing_left();
}

// --- hostile input
// ------------------------------------------------------------------------------------------

TEST(UserAgentHostile, MutilatedMessagesLeaveNothingBehind) {
  Harness peer;
  SeededRandom random(99);
  const std::vector<std::string> originals = {Harness::invite(), Harness::request("ACK", "z9hG4bKinv", "x"),
                                              Harness::request("BYE", "z9hG4bKbye", "x", 2),
                                              Harness::request("CANCEL", "z9hG4bKinv"),
                                              Harness::request("OPTIONS", "z9hG4bKopt")};
  for (int i = 0; i < 20000; ++i) {
    std::string text = originals[random.next() % originals.size()];
    for (std::uint64_t n = 1 + random.next() % 4; n > 0; --n)
      text[random.next() % text.size()] = static_cast<char>(random.next());
    if (random.next() % 4 == 0) text.resize(random.next() % text.size());
    peer.now += 1ms;
    peer.inject(text);
    for (const Event& event : peer.events()) {
      if (const auto* call = std::get_if<IncomingCall>(&event))
        peer.ua.reject(call->call, 404, "", {}, {}, peer.now);
    }
    peer.sent();
  }
  peer.expect_nothing_left();
}

}  // namespace
}  // namespace tandem::sip
