#include "config/forms.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>

#include "config/pattern.h"

namespace tandem::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(Timeslots, AreListsAndRangesInAnyOrder) {
  EXPECT_THAT(*parse_timeslots("1", 31), ElementsAre(1));
  EXPECT_THAT(*parse_timeslots("30-31, 1-2 ,7", 31), ElementsAre(1, 2, 7, 30, 31));
  for (const auto* bad : {"", ",", "1,", "0", "32", "1-32", "5-4", "1,1", "1-3,2", "a", "1-", "-1", "1--2",
                          "+1", "1.5", "99999999999999999999", "1-15;17", "1 2"}) {
    EXPECT_FALSE(parse_timeslots(bad, 31)) << bad;
  }
  EXPECT_FALSE(parse_timeslots("25", 24));
  EXPECT_THAT(parse_timeslots("25", 24).error(), HasSubstr("timeslots 1 to 24"));
}

TEST(PortRange, StartsEvenAndHoldsACall) {
  EXPECT_EQ(*parse_port_range("20000-29999"), (std::pair<std::uint16_t, std::uint16_t>(20000, 29999)));
  EXPECT_TRUE(parse_port_range("65534-65535"));
  for (const auto* bad : {"", "-", "20000", "20000-", "20001-20010", "20000-20000", "20010-20000", "0-10",
                          "20000-65536", "20000 - 20010", "20000-20010-20020", "abc-def"}) {
    EXPECT_FALSE(parse_port_range(bad)) << bad;
  }
}

TEST(PeerAddress, IsASipUriOfAMachine) {
  const auto plain = parse_peer_address("sip:192.0.2.1");
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->address.port, 5060);
  EXPECT_EQ(plain->uri.port, 0);
  EXPECT_EQ(plain->transport, sip::Transport::udp);
  EXPECT_TRUE(plain->uri.params.empty());
  const auto full = parse_peer_address("SIP:[2001:db8::1]:5062;Transport=TCP");
  ASSERT_TRUE(full);
  EXPECT_EQ(full->uri.host, "2001:db8::1");
  EXPECT_EQ(full->uri.port, 5062);
  EXPECT_EQ(full->transport, sip::Transport::tcp);
  for (const auto* bad :
       {"", "sip:", "192.0.2.1:5060", "sips:192.0.2.1", "sip:bob@192.0.2.1", "sip:example.com",
        "sip:192.0.2.1:0", "sip:192.0.2.1:99999", "sip:192.0.2.1;lr", "sip:192.0.2.1;transport=tls",
        "sip:192.0.2.1;transport=", "sip:192.0.2.1;transport=udp;lr", "sip:192.0.2.1?a=b", "sip:0.0.0.0",
        "tel:1000", "sip:192.0.2.1:5060:1"}) {
    EXPECT_FALSE(parse_peer_address(bad)) << bad;
  }
}

TEST(Listen, NamesTransportAddressAndPort) {
  EXPECT_TRUE(parse_listen("udp:192.0.2.1:5060"));
  EXPECT_EQ(parse_listen("tcp:[::1]:5060")->transport, sip::Transport::tcp);
  for (const auto* bad :
       {"", "192.0.2.1:5060", "udp:192.0.2.1", "udp:0.0.0.0:5060", "udp:[::]:5060", "tls:192.0.2.1:5061",
        "udp:192.0.2.1:0", "udp:localhost:5060", "sctp:192.0.2.1:5060"}) {
    EXPECT_FALSE(parse_listen(bad)) << bad;
  }
}

TEST(SpanTimeslotForm, SplitsAtTheLastColon) {
  EXPECT_EQ(parse_span_timeslot("e1-1:16")->timeslot, 16);
  EXPECT_EQ(parse_span_timeslot("a:b:3")->span, "a:b");
  for (const auto* bad : {"", "16", ":16", "e1-1:", "e1-1:x", "e1-1:-1", "e1-1:1000"})
    EXPECT_FALSE(parse_span_timeslot(bad)) << bad;
}

TEST(Names, AndCountryCodesAreShortAndPlain) {
  EXPECT_TRUE(parse_name("e1-1_a.B"));
  for (const auto& bad : {std::string(), std::string("a b"), std::string("a:b"), std::string("\xc3\xa4"),
                          std::string(64, 'a')}) {
    EXPECT_FALSE(parse_name(bad)) << bad;
  }
  EXPECT_TRUE(parse_country_code(""));
  EXPECT_TRUE(parse_country_code("353"));
  for (const auto* bad : {"+44", "0044", "1234", "4a"}) EXPECT_FALSE(parse_country_code(bad)) << bad;
}

TEST(Pattern, OrdinaryOnesPassWithTheirGroupsCounted) {
  EXPECT_EQ(check_pattern(""), 0);
  EXPECT_EQ(check_pattern("^(\\d+)$"), 1);
  EXPECT_EQ(check_pattern("^(\\+44|0)?(20\\d{8})$"), 2);
  EXPECT_EQ(check_pattern("^(?:00|\\+)(?!44)([1-9]\\d{5,14})$"), 1);
  EXPECT_EQ(check_pattern("^1[0-9]{3}$"), 0);
  EXPECT_EQ(check_pattern("^(9{2})+$"), 1);
  EXPECT_EQ(check_pattern("[(*]+\\(\\)"), 0);
}

TEST(Pattern, BrokenOnesSayWhy) {
  EXPECT_THAT(check_pattern("(").error(), HasSubstr("parenthesis"));
  EXPECT_THAT(check_pattern(")").error(), HasSubstr("parenthesis"));
  EXPECT_THAT(check_pattern("[0-9").error(), HasSubstr("["));
  EXPECT_THAT(check_pattern("+44").error(), HasSubstr("nothing before it to repeat"));
  EXPECT_THAT(check_pattern("^*1").error(), HasSubstr("nothing before it to repeat"));
  EXPECT_THAT(check_pattern("[9-0]").error(), HasSubstr("backwards"));
  EXPECT_THAT(check_pattern("a{2,1}").error(), HasSubstr("{"));
  EXPECT_THAT(check_pattern("a{x}").error(), HasSubstr("form"));
  EXPECT_THAT(check_pattern("a\\").error(), HasSubstr("escape"));
  EXPECT_THAT(check_pattern("[[:nope:]]").error(), HasSubstr("class"));
}

TEST(Pattern, ThoseThatCouldRunForEverAreRefused) {
  for (const auto* bad :
       {"(a+)+$", "(a*)*", "(a|a)*$", "(a|aa)+$", "((a?)b?)*", "(\\d+,?)+", "\\d*\\d*\\d*\\d*x", "(a)\\1",
        "a{1000}", "a{99999999999}", "(a{1,40}){2}", "(((((((((a)))))))))"}) {
    EXPECT_FALSE(check_pattern(bad)) << bad;
  }
  EXPECT_FALSE(check_pattern(std::string(201, '1')));
}

TEST(Pattern, TheWorstThatPassesIsStillQuick) {
  // 40 * 40 * 40 ways: counted by the matcher in well under a second, which the test's limit would show.
  ASSERT_TRUE(check_pattern("\\d*\\d*\\d*x"));
  EXPECT_FALSE(std::regex_search(std::string(64, '1'), std::regex("\\d*\\d*\\d*x")));
}

TEST(Rewrite, RefersOnlyToGroupsThatExist) {
  EXPECT_EQ(check_rewrite("", 0), "");
  EXPECT_EQ(check_rewrite("00$1$2", 2), "");
  EXPECT_EQ(check_rewrite("$$5$&", 0), "");
  EXPECT_EQ(check_rewrite("$010", 1), "");
  EXPECT_THAT(check_rewrite("$1", 0), HasSubstr("no group"));
  EXPECT_THAT(check_rewrite("$3", 2), HasSubstr("group $3, but match has 2"));
  EXPECT_THAT(check_rewrite("$10", 1), HasSubstr("write $010 for group 1 followed by 0"));
  EXPECT_THAT(check_rewrite("$0", 1), HasSubstr("group $0"));
  EXPECT_THAT(check_rewrite("5$", 1), HasSubstr("without a group number"));
  EXPECT_THAT(check_rewrite("$x", 1), HasSubstr("without a group number"));
}

}  // namespace
}  // namespace tandem::config
