#include "sipt/message.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "tests/bench/sample_invite.h"
#include "tests/doubles/allocations.h"

namespace tandem::sip {
namespace {

std::string request(std::string_view fields, std::string_view body = {}) {
  return std::string("OPTIONS sip:a@b SIP/2.0\r\n").append(fields).append("\r\n").append(body);
}
constexpr std::string_view kMandatory =
    "Via: SIP/2.0/UDP h;branch=z9hG4bK1\r\nFrom: <sip:f@h>;tag=1\r\nTo: <sip:t@h>\r\nCall-ID: c@h\r\nCSeq: 1 "
    "OPTIONS\r\n";

TEST(Message, ReadsAnInviteAsAUserAgentServerDoes) {
  Message message;
  ASSERT_TRUE(message.parse(as_octets(kSampleInvite)));
  EXPECT_TRUE(message.is_request());
  EXPECT_EQ(message.method(), Method::invite);
  EXPECT_EQ(message.uri()->user, "+493012345678");
  EXPECT_EQ(message.via()->branch, "z9hG4bKnashds8f00d77a1b");
  EXPECT_EQ(message.via()->rport, "");
  EXPECT_EQ(message.from()->tag, "1928301774");
  EXPECT_EQ(message.from()->display, "\"Alice Example\"");
  EXPECT_EQ(message.to()->tag, "");
  EXPECT_EQ(message.call_id(), "a84b4c76e66710d8f1e2@198.51.100.17");
  EXPECT_EQ(message.cseq()->number, 314159u);
  EXPECT_EQ(message.cseq()->method, Method::invite);
  EXPECT_EQ(message.contact()->uri, "sip:+442079460123@198.51.100.17:5060;transport=udp");
  EXPECT_EQ(message.max_forwards(), 70u);
  EXPECT_TRUE(message.content_type()->is("application", "sdp"));
  EXPECT_EQ(message.body().size(), 243u);
  EXPECT_EQ(message.tokens(HeaderId::supported), (std::vector<std::string>{"100rel", "timer"}));
  EXPECT_EQ(message.asserted().at(0).uri.user, "+442079460123");
  EXPECT_EQ(validate_request(message, {}), std::nullopt);
}

TEST(Message, ParsingAndReadingAllocateNothing) {
  Message message;
  const auto before = test::allocations();
  const auto parsed = message.parse(as_octets(kSampleInvite));
  const bool all = parsed && message.uri() && message.via() && message.from() && message.to() &&
                   message.call_id() && message.cseq() && message.contact() && message.max_forwards() &&
                   message.content_type();
  const auto rejection = validate_request(message, parsed);
  const auto during = test::allocations() - before;
  EXPECT_TRUE(all);
  EXPECT_FALSE(rejection);
  EXPECT_EQ(during, 0u);
  ::operator delete(::operator new(1));  // the counter counts; no compiler may leave these out
  EXPECT_GT(test::allocations(), before + during);
}

TEST(Message, FindsFieldsByCompactNameInAnyCaseWithBlanksAndFolds) {
  const auto text = request(
      "v:SIP/2.0/UDP h;branch=z9hG4bK1\r\nFROM \t: <sip:f@h>\r\n ;tag=1\r\nt: sip:t@h\r\ni: c\r\nCsEq:\r\n "
      "1\r\n\tOPTIONS\r\n"
      "X-Own: one\r\nx-own: two\r\nk: a, b\r\nSupported: c\r\nl: 2\r\n",
      "hi");
  Message message;
  ASSERT_TRUE(message.parse(as_octets(text)));
  EXPECT_EQ(message.from()->tag, "1");
  EXPECT_EQ(message.cseq()->number, 1u);
  EXPECT_EQ(message.value("x-OWN"), "one");
  EXPECT_EQ(message.value("I"), "c");
  EXPECT_EQ(message.value("absent"), std::nullopt);
  EXPECT_EQ(message.values(HeaderId::supported), (std::vector<std::string_view>{"a", "b", "c"}));
  EXPECT_EQ(message.count(HeaderId::supported), 2u);
  EXPECT_EQ(message.body(), "hi");
  EXPECT_EQ(validate_request(message, {}), std::nullopt);
}

TEST(Message, EveryRowOfTheRegistryIsFoundByItsNames) {
  for (const auto& row : kHeaderRows) {
    if (row.id == HeaderId::other) continue;
    std::string name(row.name);
    EXPECT_EQ(header_id(name), row.id) << name;
    for (auto& c : name) c = static_cast<char>(std::toupper(c));
    EXPECT_EQ(header_id(name), row.id) << name;
    if (row.compact != 0) {
      EXPECT_EQ(header_id(std::string(1, row.compact)), row.id);
    }
    name.back() = '!';
    EXPECT_EQ(header_id(name), HeaderId::other) << name;
    EXPECT_FALSE(row.rfc.empty());
  }
  EXPECT_EQ(header_id("z"), HeaderId::other);
  EXPECT_EQ(header_id(""), HeaderId::other);
  EXPECT_EQ(header_id("ab"), HeaderId::other);
}

TEST(Message, BodyOfADatagramIsTheRestWithoutContentLengthAndCutWithIt) {
  Message message;
  auto text = request(kMandatory, "body");
  ASSERT_TRUE(message.parse(as_octets(text)));
  EXPECT_EQ(message.body(), "body");
  text = request(std::string(kMandatory) + "Content-Length: 2\r\n", "body");
  ASSERT_TRUE(message.parse(as_octets(text)));
  EXPECT_EQ(message.body(), "bo");
  EXPECT_EQ(message.octets().size(), text.size() - 2);
}

TEST(Message, ContentLengthBeyondTheDatagramIsABadRequest) {
  const auto text = request(std::string(kMandatory) + "Content-Length: 9999\r\n", "body");
  Message message;
  const auto parsed = message.parse(as_octets(text));
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().offset, text.find("9999"));
  EXPECT_TRUE(message.answerable());
  const auto rejection = validate_request(message, parsed);
  ASSERT_TRUE(rejection);
  EXPECT_EQ(rejection->status, 400);
  EXPECT_EQ(rejection->phrase, "Bad Content-Length: more than the octets that came");
}

TEST(Message, AStreamNeedsContentLength) {
  const std::string text = request(kMandatory);
  Message message;
  const auto parsed = message.parse(as_octets(text), Framing::stream);
  ASSERT_FALSE(parsed);
  EXPECT_EQ(validate_request(message, parsed)->phrase, "Missing Content-Length header field");
}

TEST(Message, LeadingLineEndsArePassedOverAndCountInOffsets) {
  const std::string text = "\r\n\r\n" + request(std::string(kMandatory) + "No colon here\r\n");
  Message message;
  const auto parsed = message.parse(as_octets(text));
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().offset, text.find("No colon") + 2);
  EXPECT_EQ(message.from()->tag, "1");  // the rest is there
}

struct Bad {
  const char* name;
  std::string text;
  int status;
  const char* phrase;
};
class BadRequest : public testing::TestWithParam<Bad> {};
TEST_P(BadRequest, GetsThePhraseThatNamesTheFault) {
  Message message;
  const auto parsed = message.parse(as_octets(GetParam().text));
  const auto rejection = validate_request(message, parsed);
  ASSERT_TRUE(rejection);
  EXPECT_EQ(rejection->status, GetParam().status);
  EXPECT_EQ(rejection->phrase, GetParam().phrase);
  EXPECT_LE(rejection->error.offset, GetParam().text.size());
}
std::string without(std::string_view field) {
  std::string text(kMandatory);
  const auto at = text.find(field);
  return request(text.erase(at, text.find('\n', at) + 1 - at));
}
std::string with(std::string_view from, std::string_view to) {
  auto text = request(kMandatory);
  return text.replace(text.find(from), from.size(), to);
}
INSTANTIATE_TEST_SUITE_P(
    Message, BadRequest,
    testing::Values(
        Bad{"NoVia", without("Via"), 400, "Missing Via header field"},
        Bad{"NoFrom", without("From"), 400, "Missing From header field"},
        Bad{"NoTo", without("To"), 400, "Missing To header field"},
        Bad{"NoCallId", without("Call-ID"), 400, "Missing Call-ID header field"},
        Bad{"NoCSeq", without("CSeq"), 400, "Missing CSeq header field"},
        Bad{"TwoTo", with("CSeq", "To: <sip:x@h>\r\nCSeq"), 400, "Bad To: more than one"},
        Bad{"CSeqMethod", with("1 OPTIONS", "1 INVITE"), 400, "Bad CSeq: method differs from the request's"},
        Bad{"CSeqTooBig", with("1 OPTIONS", "2147483648 OPTIONS"), 400, "Bad CSeq: no number below 2^31"},
        Bad{"CSeqNoMethod", with("1 OPTIONS", "1"), 400, "Bad CSeq: no method"},
        Bad{"Version", with("SIP/2.0\r\n", "SIP/7.0\r\n"), 505, "Version Not Supported"},
        Bad{"Scheme", with("sip:a@b", "soap.beep://x"), 416, "Unsupported URI Scheme"},
        Bad{"Uri", with("sip:a@b", "sip:a@@b"), 400, "Bad Request-URI: a second @"},
        Bad{"UriBlank", with("sip:a@b", "sip:a@b; lr"), 400,
            "Bad Request-Line: blank in or around the Request-URI"},
        Bad{"LineBlank", with("SIP/2.0\r\n", "SIP/2.0 \r\n"), 400,
            "Bad Request-Line: blank behind the version"},
        Bad{"Via", with("SIP/2.0/UDP h;", "SIP/2.0/UDP ;"), 400, "Bad Via: no host"},
        Bad{"FromQuote", with("<sip:f@h>", "\"f <sip:f@h>"), 400, "Bad From: quoted string does not end"},
        Bad{"ToUri", with("sip:t@h", "sip:t@h:99999"), 400, "Bad To: port is not 1 to 65535"},
        Bad{"MaxForwards", with("CSeq", "Max-Forwards: 256\r\nCSeq"), 400,
            "Bad Max-Forwards: is not a number in its range"},
        Bad{"NegativeLength", with("CSeq", "Content-Length: -1\r\nCSeq"), 400,
            "Bad Content-Length: is not a number in its range"},
        Bad{"TwoLengths", with("CSeq", "l: 0\r\nContent-Length: 1\r\nCSeq"), 400,
            "Bad Content-Length: fields that differ"},
        Bad{"NoEmptyLine", request(kMandatory).substr(0, request(kMandatory).size() - 2), 400,
            "Bad message: no empty line behind the header fields"},
        Bad{"Contact", with("CSeq", "Contact: sip:a@b?x=y\r\nCSeq"), 400,
            "Bad Contact: a URI with , or ? outside <>"},
        Bad{"FirstFold", request(" Via: x\r\n"), 400, "Bad header field: no name"},
        Bad{"LongLine", with("CSeq", "X: " + std::string(9000, 'x') + "\r\nCSeq"), 513, "Message Too Large"},
        Bad{"ManyFields",
            [] {
              std::string many(kMandatory);
              for (int i = 0; i < 100; ++i) many += "X: y\r\n";
              return request(many);
            }(),
            513, "Message Too Large"}),
    [](const auto& bad) { return bad.param.name; });

TEST(Message, NothingIsAnswerableWithoutViaOrForAnAck) {
  Message message;
  static_cast<void>(message.parse(as_octets(without("Via"))));
  EXPECT_FALSE(message.answerable());
  static_cast<void>(message.parse(as_octets(with("OPTIONS sip", "ACK sip"))));
  EXPECT_FALSE(message.answerable());
  for (const auto* junk : {"", "\r\n", "x", "GET / HTTP/1.1\r\n\r\n", "\r\n\r\n\r\n", "SIP/2.0 99 x\r\n\r\n",
                           "SIP/2.0 4294967301 x\r\n\r\n"}) {
    EXPECT_FALSE(message.parse(as_octets(junk))) << junk;
    EXPECT_FALSE(message.answerable());
  }
  EXPECT_EQ(message.parse(Octets(70000, 'x')).error().code, Errc::too_long);
}

TEST(Message, ResponsesHaveStatusAndPhrase) {
  std::string text = "SIP/2.0 183 Session \xc3\xa9 Progress\r\n" + std::string(kMandatory) + "\r\n";
  Message message;
  const auto parsed = message.parse(as_octets(text));
  ASSERT_TRUE(parsed);
  EXPECT_EQ(message.status(), 183);
  EXPECT_EQ(message.phrase(), "Session \xc3\xa9 Progress");
  EXPECT_EQ(validate_response(message, parsed), std::nullopt);
  EXPECT_TRUE(validate_request(message, parsed));
  text = "SIP/2.0 200 \r\n" + std::string(kMandatory) + "\r\n";
  ASSERT_TRUE(message.parse(as_octets(text)));
  EXPECT_EQ(message.phrase(), "");
}

TEST(Message, ListsOfTypedValues) {
  const auto text =
      request(std::string(kMandatory) +
              "Reason: SIP;cause=487, Q.850;cause=17;text=\"busy\"\r\nReason: broken;cause=z\r\n"
              "Privacy: ID;critical\r\nPrivacy: header\r\nRetry-After: 120 (I'm busy);duration=60\r\n"
              "Record-Route: <sip:p1;lr>,<sip:p2;lr>\r\nRecord-Route: <sip:p3;lr>\r\n"
              "Warning: 370 gw.example \"Insufficient bandwidth\", 1 bad\r\n"
              "P-Asserted-Identity: \"A\" <sip:+1@h>, tel:+12, nonsense\r\nContact: *\r\n");
  Message message;
  ASSERT_TRUE(message.parse(as_octets(text)));
  ASSERT_EQ(message.reasons().size(), 2u);
  EXPECT_EQ(message.reasons()[1].cause, 17);
  EXPECT_EQ(message.privacy(), (std::vector<std::string>{"id", "critical", "header"}));
  EXPECT_EQ(message.retry_after(), 120u);
  ASSERT_EQ(message.addresses(HeaderId::record_route)->size(), 3u);
  EXPECT_EQ(message.addresses(HeaderId::record_route)->back().uri.host, "p3");
  EXPECT_EQ(message.addresses(HeaderId::route)->size(), 0u);
  EXPECT_EQ(message.addresses(HeaderId::p_asserted_identity).error().offset, text.find("nonsense"));
  ASSERT_EQ(message.warnings().size(), 1u);
  EXPECT_EQ(message.warnings()[0].text, "Insufficient bandwidth");
  EXPECT_EQ(message.asserted().size(), 2u);
  EXPECT_EQ(message.contact()->uri, "");
  EXPECT_EQ(message.address(HeaderId::to)->uri.user, "t");
  EXPECT_EQ(message.address(HeaderId::refer_to).error().code, Errc::missing);
}

TEST(Message, StoredOutlivesItsInput) {
  auto text = std::make_unique<std::string>("\r\n" + request(kMandatory, "body"));
  Message message;
  ASSERT_TRUE(message.parse(as_octets(*text)));
  StoredMessage stored(message);
  text.reset();
  const StoredMessage moved = std::move(stored);
  EXPECT_EQ(moved->from()->tag, "1");
  EXPECT_EQ(moved->body(), "body");
  EXPECT_EQ(moved->uri()->host, "b");
}

// Each vector is a message in a file NAME.msg, what is to come of it in NAME.verdict: "ok", or status and
// phrase.
TEST(Message, TortureVectorsGetTheirVerdicts) {
  const std::string folder = TANDEM_SOURCE_DIR "/tests/vectors/sip/";
  std::ifstream list(folder + "verdicts.txt");
  std::string line;
  int seen = 0;
  while (std::getline(list, line)) {
    if (line.empty() || line[0] == '#') continue;
    const auto bar = line.find(" | ");
    ASSERT_NE(bar, std::string::npos) << line;
    std::ifstream file(folder + line.substr(0, bar), std::ios::binary);
    ASSERT_TRUE(file) << line;
    std::stringstream text;
    text << file.rdbuf();
    const std::string octets = text.str();
    Message message;
    const auto parsed = message.parse(as_octets(octets));
    std::string verdict = "ok";
    if (octets.starts_with("SIP/")) {
      if (const auto error = validate_response(message, parsed)) verdict = "drop " + to_string(*error);
    } else if (const auto rejection = validate_request(message, parsed)) {
      verdict = std::to_string(rejection->status) + " " + rejection->phrase;
    }
    EXPECT_EQ(verdict, line.substr(bar + 3)) << line;
    ++seen;
  }
  EXPECT_GE(seen, 30);
}

}  // namespace
}  // namespace tandem::sip
