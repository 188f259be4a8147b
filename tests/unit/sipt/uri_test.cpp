#include <gtest/gtest.h>

#include "sipt/values.h"
#include "sipt/views.h"

namespace tandem::sip {
namespace {

TEST(Uri, SplitsAllParts) {
  const auto uri =
      parse_uri("SIP:alice:secret@atlanta.example.com:5070;transport=tcp;lr?subject=x&priority=urgent");
  ASSERT_TRUE(uri);
  EXPECT_EQ(uri->scheme, "sip");
  EXPECT_EQ(uri->user, "alice");
  EXPECT_EQ(uri->password, "secret");
  EXPECT_EQ(uri->host, "atlanta.example.com");
  EXPECT_EQ(uri->port, 5070);
  ASSERT_EQ(uri->params.size(), 2u);
  EXPECT_EQ(*find_param(uri->params, "TRANSPORT")->value, "tcp");
  EXPECT_EQ(find_param(uri->params, "lr")->value, std::nullopt);
  EXPECT_EQ(uri->headers, "subject=x&priority=urgent");
}

TEST(Uri, HostAloneIsEnough) {
  const auto uri = parse_uri("sip:gateway1.example");
  ASSERT_TRUE(uri);
  EXPECT_TRUE(uri->user.empty());
  EXPECT_EQ(uri->host, "gateway1.example");
  EXPECT_EQ(uri->port, 0);
}

TEST(Uri, UserMayHoldWhatSeparatesElsewhere) {
  // RFC 4475 3.1.1.9 and RFC 3261 19.1.2: ; ? / belong to the user when they stand before @
  const auto uri = parse_uri("sip:user;par=u%40example.net?x/y@example.com;z=1");
  ASSERT_TRUE(uri);
  EXPECT_EQ(uri->user, "user;par=u@example.net?x/y");
  EXPECT_EQ(uri->params.size(), 1u);
}

TEST(Uri, UnescapesAndEscapes) {
  const auto uri = parse_uri("sip:%61lice%20%23%00@host;p%61r=a%3bb");
  ASSERT_TRUE(uri);
  EXPECT_EQ(uri->user, std::string("alice #\0", 8));
  EXPECT_EQ(uri->params[0], (Param{"par", "a;b"}));
  EXPECT_EQ(to_string(*uri), "sip:alice%20%23%00@host;par=a%3Bb");
}

TEST(Uri, BracketsStandAroundIpv6Only) {
  const auto uri = parse_uri("sips:bob@[2001:db8::10]:5061");
  ASSERT_TRUE(uri);
  EXPECT_EQ(uri->host, "2001:db8::10");
  EXPECT_EQ(uri->port, 5061);
  EXPECT_EQ(to_string(*uri), "sips:bob@[2001:db8::10]:5061");
}

TEST(Uri, TelHasItsNumberInUser) {
  const auto uri = parse_uri("tel:+1-201-555-0123;phone-context=example.com");
  ASSERT_TRUE(uri);
  EXPECT_EQ(uri->user, "+1-201-555-0123");
  EXPECT_EQ(uri->host, "");
  EXPECT_EQ(*find_param(uri->params, "phone-context")->value, "example.com");
  EXPECT_EQ(to_string(*uri), "tel:+1-201-555-0123;phone-context=example.com");
}

TEST(Uri, OtherSchemesAreKeptWhole) {
  const auto uri = parse_uri("isbn:2983792873;x");
  ASSERT_TRUE(uri);
  EXPECT_EQ(uri->user, "2983792873;x");
  EXPECT_EQ(to_string(*uri), "isbn:2983792873;x");
}

struct BadUri {
  const char* text;
  std::uint32_t offset;
};
class UriRefused : public testing::TestWithParam<BadUri> {};
TEST_P(UriRefused, NamesTheOctet) {
  const auto uri = parse_uri(GetParam().text);
  ASSERT_FALSE(uri) << GetParam().text;
  EXPECT_EQ(uri.error().offset, GetParam().offset) << GetParam().text;
}
INSTANTIATE_TEST_SUITE_P(
    Uri, UriRefused,
    testing::Values(BadUri{"", 0}, BadUri{"alice", 0}, BadUri{":x", 0}, BadUri{"1sip:x", 0},
                    BadUri{"sip:", 4}, BadUri{"sip:@host", 4}, BadUri{"sip:a@b@c", 7}, BadUri{"sip:a b@c", 5},
                    BadUri{"sip:a@host:0", 11}, BadUri{"sip:a@host:65536", 11}, BadUri{"sip:a@host:", 11},
                    BadUri{"sip:a%4@host", 5}, BadUri{"sip:a%zz@host", 5}, BadUri{"sip:a@[2001:db8::1", 6},
                    BadUri{"sip:a@[1.2.3.4]", 7}, BadUri{"sip:a@ho<st", 8}, BadUri{"sip:a@host,x", 10},
                    BadUri{"tel:", 4}, BadUri{"sip:a\x01@host", 5}));

TEST(Uri, EquivalenceFollowsTheExamplesOfRfc3261) {
  const auto same = [](const char* a, const char* b) { return equivalent(*parse_uri(a), *parse_uri(b)); };
  EXPECT_TRUE(same("sip:%61lice@atlanta.com;transport=TCP", "sip:alice@AtLanTa.CoM;Transport=tcp"));
  EXPECT_TRUE(same("sip:carol@chicago.com", "sip:carol@chicago.com;newparam=5"));
  EXPECT_TRUE(same("sip:biloxi.com;transport=tcp;method=REGISTER?to=sip:bob%40biloxi.com",
                   "sip:biloxi.com;method=REGISTER;transport=tcp?to=sip:bob%40biloxi.com"));
  EXPECT_TRUE(same("sip:alice@atlanta.com?subject=project%20x&priority=urgent",
                   "sip:alice@atlanta.com?priority=urgent&subject=project%20x"));
  EXPECT_FALSE(same("SIP:ALICE@AtLanTa.CoM;Transport=udp", "sip:alice@AtLanTa.CoM;Transport=UDP"));
  EXPECT_FALSE(same("sip:bob@biloxi.com", "sip:bob@biloxi.com:5060"));
  EXPECT_FALSE(same("sip:bob@biloxi.com", "sip:bob@biloxi.com;transport=udp"));
  EXPECT_FALSE(same("sip:carol@chicago.com", "sip:carol@chicago.com?Subject=next%20meeting"));
  EXPECT_FALSE(same("sip:carol@chicago.com;security=on", "sip:carol@chicago.com;security=off"));
  EXPECT_TRUE(same("tel:+1-201-555-0123", "tel:+12015550123"));  // RFC 3966 4
  EXPECT_FALSE(same("tel:0123;phone-context=a", "tel:0123"));
}

TEST(NameAddr, ReadsEveryForm) {
  const auto quoted = parse_name_addr(R"("A. \"Al\" Bell" <sip:agb@bell.example>;tag=a48s;x="y z")");
  ASSERT_TRUE(quoted);
  EXPECT_EQ(quoted->display, "A. \"Al\" Bell");
  EXPECT_EQ(quoted->uri.user, "agb");
  EXPECT_EQ(quoted->params, (Params{{"tag", "a48s"}, {"x", "y z"}}));
  EXPECT_EQ(to_string(*quoted), R"("A. \"Al\" Bell" <sip:agb@bell.example>;tag=a48s;x="y z")");

  const auto tokens = parse_name_addr("Anonymous Caller <sip:c8oqz84zk7z@privacy.org>;tag=hyh8");
  ASSERT_TRUE(tokens);
  EXPECT_EQ(tokens->display, "Anonymous Caller");

  const auto bare = parse_name_addr("sip:+12125551212@phone2net.com;tag=887s");
  ASSERT_TRUE(bare);
  EXPECT_TRUE(bare->uri.params.empty());  // RFC 3261 20.10: they belong to the header
  EXPECT_EQ(bare->params, (Params{{"tag", "887s"}}));
}

TEST(NameAddr, RefusesWhatIsNotOne) {
  for (const char* text : {"", "\"open <sip:a@b>", "<sip:a@b", "<sip:a@b>x", "\"x\" sip:a@b", "sip:a@b?x=y",
                           "nothing", "<>", "<sip:a b@c>", "<sip:a@b>;ta g=1"})
    EXPECT_FALSE(parse_name_addr(text)) << text;
  EXPECT_EQ(parse_name_addr("\"x\" <sip:a@b@c>").error().offset, 12u);
}

TEST(NameAddr, ListsAreSplitOutsideQuotesAndBrackets) {
  const auto list = parse_name_addrs(R"("a, b" <sip:x,y@h>, <sip:c@h;d>;q=0.5 , sip:e@h,)");
  ASSERT_TRUE(list);
  ASSERT_EQ(list->size(), 3u);
  EXPECT_EQ((*list)[0].uri.user, "x,y");
  EXPECT_EQ((*list)[2].uri.user, "e");
  std::string many = "<sip:a@b>";
  for (int i = 0; i < 64; ++i) many += ",<sip:a@b>";
  EXPECT_EQ(parse_name_addrs(many).error().code, Errc::too_long);
}

TEST(Reason, ReadsAndWritesCauseTextAndLocation) {
  const auto reason = parse_reason(R"(Q.850 ;cause=16 ;text="Terminated, normally";location=RLN)");
  ASSERT_TRUE(reason);
  EXPECT_EQ(*reason, (Reason{"Q.850", 16, "Terminated, normally", 4}));
  EXPECT_EQ(to_string(*reason), R"(Q.850;cause=16;text="Terminated, normally";location=RLN)");
  const auto list = parse_reasons(R"(SIP;cause=200;text="a, b", Q.850;cause=x, Q.850;cause=31;location=BI)");
  ASSERT_EQ(list.size(), 2u);  // the one that cannot be read is left out
  EXPECT_EQ(list[0].text, "a, b");
  EXPECT_EQ(list[1].location, 10);
  EXPECT_FALSE(parse_reason(";cause=1"));
}

TEST(Views, QuotedFoldsBecomeBlanks) {
  EXPECT_EQ(unquote("\"a\r\n  b\\\\\""), "a b\\");
  EXPECT_EQ(unquote("plain"), "plain");
  EXPECT_EQ(quote("a\"\r\nb"), "\"a\\\"  b\"");
}

TEST(Views, ViaWithAllItsWhiteSpace) {
  const auto via = split_via(
      "SIP  / 2.0\r\n /UDP\r\n    [2001:db8::9]\t: 5062 ; branch = z9hG4bK1 ;rport;received=192.0.2.9");
  ASSERT_TRUE(via);
  EXPECT_EQ(via->transport, "UDP");
  EXPECT_EQ(via->host, "2001:db8::9");
  EXPECT_EQ(via->port, 5062);
  EXPECT_EQ(via->branch, "z9hG4bK1");
  EXPECT_EQ(via->rport, "");
  EXPECT_EQ(via->received, "192.0.2.9");
  for (const char* bad : {"", "SIP/2.0/UDP", "SIP/3.0/UDP h", "HTTP/2.0/UDP h", "SIP/2.0 h",
                          "SIP/2.0/UDP h:x", "SIP/2.0/UDP h x"})
    EXPECT_FALSE(split_via(bad)) << bad;
}

TEST(Views, MediaType) {
  const auto type = split_media_type("multipart / Mixed ; boundary=\"a;b\";x");
  ASSERT_TRUE(type);
  EXPECT_TRUE(type->is("Multipart", "mixed"));
  EXPECT_EQ(type->params.find("boundary"), "\"a;b\"");
  EXPECT_EQ(type->params.find("X"), "");
  EXPECT_EQ(type->params.find("y"), std::nullopt);
  EXPECT_FALSE(split_media_type("text"));
  EXPECT_FALSE(split_media_type("text/"));
}

}  // namespace
}  // namespace tandem::sip
