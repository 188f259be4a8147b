#include "gateway/interwork/diversion.h"

#include <gtest/gtest.h>

namespace tandem::interwork {
namespace {

using isup::Message;
using isup::MessageType;
using isup::Presentation;
using isup::RedirectionInformation;

const NumberPlan kBritain{"44"};

Message read(const sip::Headers& headers, bool hidden = false) {
  Message iam(MessageType::iam);
  read_redirections(iam, headers, kBritain, hidden);
  return iam;
}
std::string first(const Message& m) {
  const auto* number = m.get<isup::OriginalCalledNumber>();
  return number != nullptr ? number->digits : "-";
}
std::string last(const Message& m) {
  const auto* number = m.get<isup::RedirectingNumber>();
  return number != nullptr ? number->digits : "-";
}
sip::Uri uri(const char* text) {
  return sip::parse_uri(text).value();
}

TEST(Diversion, TheTopEntryDivertedLast) {  // RFC 5806
  const auto m = read({{"Diversion",
                        "<sip:+442071@x>;reason=user-busy;counter=1;privacy=full,"
                        "<sip:+442072@x>;reason=no-answer"},
                       {"diversion", "<tel:+12025550110>;reason=unconditional;privacy=off"}});
  EXPECT_EQ(last(m), "2071");
  EXPECT_EQ(m.get<isup::RedirectingNumber>()->presentation, Presentation::restricted);
  EXPECT_EQ(first(m), "12025550110");
  EXPECT_EQ(m.get<isup::OriginalCalledNumber>()->nature, isup::NatureOfAddress::international);
  EXPECT_EQ(m.get<isup::OriginalCalledNumber>()->presentation, Presentation::allowed);
  EXPECT_EQ(*m.get<RedirectionInformation>(),
            (RedirectionInformation{.indicator = 4, .original_reason = 3, .counter = 3, .reason = 1}));
}

TEST(Diversion, OneRedirectionHasOnePartyForBothNumbers) {
  const auto m = read({{"Diversion", "<sip:+442071@x>;reason=deflection"}});
  EXPECT_EQ(first(m), "2071");
  EXPECT_EQ(last(m), "2071");
  EXPECT_EQ(*m.get<RedirectionInformation>(),
            (RedirectionInformation{.indicator = 3, .original_reason = 0, .counter = 1, .reason = 5}));
}

TEST(Diversion, CountersAddUpToFiveAtMost) {  // Q.763 3.45
  EXPECT_EQ(
      read({{"Diversion", "<sip:1@x>;counter=3,<sip:2@x>;counter=1"}}).get<RedirectionInformation>()->counter,
      4);
  EXPECT_EQ(read({{"Diversion", "<sip:1@x>;counter=99"}}).get<RedirectionInformation>()->counter, 5);
  EXPECT_EQ(read({{"Diversion", "<sip:1@x>;counter=0"}}).get<RedirectionInformation>()->counter, 1);
  EXPECT_EQ(read({{"Diversion", "<sip:1@x>;counter=bad"}}).get<RedirectionInformation>()->counter, 1);
  std::string storm = "<sip:1@x>";
  for (int i = 0; i < 300; ++i) storm += ",<sip:1@x>";
  EXPECT_TRUE(read({{"Diversion", storm}}).parameters().size() <= 3);
}

TEST(Diversion, ANameInsteadOfANumberIsCountedWithoutIt) {
  const auto m = read({{"Diversion", "<sip:bob@x>;reason=unconditional"}});
  EXPECT_EQ(last(m), "-");
  EXPECT_EQ(m.get<RedirectionInformation>()->reason, 3);
}

TEST(Diversion, WhatCannotBeReadIsNoDiversion) {
  for (const char* bad : {"", ",", "<", "reason=user-busy", "<sip:>;;=;", "\"", "\xff\xfe"})
    EXPECT_EQ(read({{"Diversion", bad}, {"History-Info", bad}}).get<isup::RedirectingNumber>(), nullptr)
        << bad;
}

TEST(HistoryInfo, TheCauseBelongsToTheEntryThatTheOneBeforeDivertedTo) {  // RFC 7544 6, 7.2
  const auto m =
      read({{"History-Info",
             "<sip:+442071@x?Privacy=history>;index=1,<sip:+442072@x;cause=302?Privacy=none>;index=1.1;mp=1,"
             "<sip:+442073@x;cause=486>;index=1.1.1;mp=1.1"}});
  EXPECT_EQ(first(m), "2071");
  EXPECT_EQ(m.get<isup::OriginalCalledNumber>()->presentation, Presentation::restricted);
  EXPECT_EQ(last(m), "2072");
  EXPECT_EQ(m.get<isup::RedirectingNumber>()->presentation, Presentation::allowed);
  EXPECT_EQ(*m.get<RedirectionInformation>(),
            (RedirectionInformation{.indicator = 3, .original_reason = 3, .counter = 2, .reason = 1}));
}

TEST(HistoryInfo, EntriesWithoutACauseAreNoDiversions) {  // RFC 7044: proxies on the way
  EXPECT_TRUE(read({{"History-Info", "<sip:1@x>;index=1,<sip:2@x>;index=1.1"}}).parameters().empty());
  EXPECT_TRUE(read({{"History-Info", "<sip:1@x;cause=302>;index=1"}}).parameters().empty());
  EXPECT_TRUE(
      read({{"History-Info", "<sip:1@x>;index=1,<sip:2@x;cause=200>;index=1.1"}}).parameters().empty());
}

TEST(HistoryInfo, CountsBeforeDiversionAndMayBeHiddenAsAWhole) {
  const sip::Headers both{{"Diversion", "<sip:9@x>;reason=user-busy"},
                          {"History-Info", "<sip:1@x>;index=1,<sip:2@x;cause=302>;index=1.1"}};
  EXPECT_EQ(last(read(both)), "1");
  EXPECT_EQ(read(both, true).get<isup::RedirectingNumber>()->presentation, Presentation::restricted);
  const sip::Headers no_diversion{{"Diversion", "<sip:9@x>;reason=user-busy"},
                                  {"History-Info", "<sip:1@x>;index=1"}};
  EXPECT_EQ(last(read(no_diversion)), "9");
}

Message diverted(int count) {
  Message iam(MessageType::iam);
  iam.set(isup::OriginalCalledNumber{.digits = "2071"});
  iam.set(isup::RedirectingNumber{.digits = "2072", .presentation = Presentation::restricted});
  iam.set(RedirectionInformation{
      .indicator = 4, .original_reason = 2, .counter = static_cast<std::uint8_t>(count), .reason = 1});
  return iam;
}
const DiversionTarget kBoth{DiversionHeader::both, true, "gw"};

TEST(WriteRedirections, SaysBothWaysWhatTheIamSays) {
  const auto out = write_redirections(diverted(2), kBritain, uri("sip:+442073@peer"), kBoth);
  ASSERT_EQ(out.size(), 2u);
  EXPECT_EQ(out[0].name, "Diversion");
  EXPECT_EQ(out[0].value,
            "<sip:+442072@gw;user=phone>;reason=user-busy;counter=1;privacy=full, "
            "<sip:+442071@gw;user=phone>;reason=no-answer;counter=1;privacy=off");
  EXPECT_EQ(out[1].name, "History-Info");
  EXPECT_EQ(out[1].value,
            "<sip:+442071@gw;user=phone>;index=1, "
            "<sip:+442072@gw;user=phone;cause=408?Privacy=history>;index=1.1;mp=1, "
            "<sip:+442073@peer;cause=486>;index=1.1.1;mp=1.1");
}

TEST(WriteRedirections, WhatIsWrittenIsReadBack) {
  for (int count = 1; count <= 5; ++count) {
    for (const auto as : {DiversionHeader::diversion, DiversionHeader::history_info}) {
      const auto out =
          write_redirections(diverted(count), kBritain, uri("sip:+442073@peer"), {as, true, "gw"});
      ASSERT_EQ(out.size(), 1u);
      const auto back = read(out);
      EXPECT_EQ(last(back), "2072") << count;
      EXPECT_EQ(back.get<RedirectionInformation>()->counter, count);
      EXPECT_EQ(back.get<RedirectionInformation>()->reason, 1) << out[0].value;
      EXPECT_EQ(back.get<isup::RedirectingNumber>()->presentation, Presentation::restricted);
      EXPECT_EQ(first(back), count == 1 ? "2072" : "2071");
      if (count > 1) {
        EXPECT_EQ(back.get<RedirectionInformation>()->original_reason, 2) << out[0].value;
      }
    }
  }
}

TEST(WriteRedirections, AnUntrustedPeerIsNotToldARestrictedNumber) {  // RFC 3325 7, RFC 7544 3.2
  for (const auto& header :
       write_redirections(diverted(2), kBritain, uri("sip:1@p"), {DiversionHeader::both, false, "gw"})) {
    EXPECT_FALSE(header.value.contains("2072")) << header.value;
    EXPECT_TRUE(header.value.contains("anonymous.invalid")) << header.value;
    EXPECT_TRUE(header.value.contains("2071")) << header.value;
  }
}

TEST(WriteRedirections, IsSilentByPolicyAndWithoutARedirection) {
  EXPECT_TRUE(
      write_redirections(diverted(2), kBritain, uri("sip:1@p"), {DiversionHeader::none, true, "gw"}).empty());
  EXPECT_TRUE(write_redirections(Message(MessageType::iam), kBritain, uri("sip:1@p"), kBoth).empty());
  auto none = diverted(1);
  none.set(RedirectionInformation{.indicator = 0});
  EXPECT_TRUE(write_redirections(none, kBritain, uri("sip:1@p"), kBoth).empty());
}

TEST(RedirectionNumber, OfA181IsTheLastEntryOfItsHistory) {  // RFC 7044
  Message cpg(MessageType::cpg);
  read_redirection_number(
      cpg, {{"History-Info", "<sip:1@x>;index=1,<sip:+442073@x;cause=302?Privacy=history>;index=1.1"}},
      kBritain);
  EXPECT_EQ(cpg.get<isup::RedirectionNumber>()->digits, "2073");
  EXPECT_EQ(cpg.get<isup::RedirectionNumberRestriction>()->presentation, Presentation::restricted);
  Message none(MessageType::cpg);
  read_redirection_number(none, {{"History-Info", "<sip:1@x>;index=1"}}, kBritain);
  EXPECT_EQ(none.get<isup::RedirectionNumber>(), nullptr);
}

TEST(RedirectionNumber, OfA181HasTheReasonOfItsLastEntryOrOfDiversion) {  // RFC 7544 6, RFC 5806
  const auto read = [](const sip::Headers& headers) {
    auto cpg = Message(MessageType::cpg).set(isup::EventInformation{6});
    read_redirection_number(cpg, headers, kBritain);
    return cpg;
  };
  const std::string history = "<sip:1@x>;index=1,<sip:+442073@x;cause=486>;index=1.1";
  const auto busy = read({{"History-Info", history}, {"Diversion", "<sip:1@x>;reason=no-answer"}});
  EXPECT_EQ(busy.get<isup::EventInformation>()->event, 4);
  EXPECT_EQ(*busy.get<isup::CallDiversionInformation>(),
            (isup::CallDiversionInformation{.subscription = 2, .reason = 1}));
  const auto no_reply = read({{"Diversion", "<sip:1@x>;reason=no-answer"}});
  EXPECT_EQ(no_reply.get<isup::EventInformation>()->event, 5);
  EXPECT_EQ(*no_reply.get<isup::CallDiversionInformation>(),
            (isup::CallDiversionInformation{.subscription = 3, .reason = 2}));
  EXPECT_EQ(no_reply.get<isup::RedirectionNumber>(), nullptr);
  const auto deflected =
      read({{"History-Info", "<sip:1@x>;index=1,<sip:+442073@x;cause=480?Privacy=history>;index=1.1"}});
  EXPECT_EQ(deflected.get<isup::EventInformation>()->event, 6);
  EXPECT_EQ(*deflected.get<isup::CallDiversionInformation>(),
            (isup::CallDiversionInformation{.subscription = 3, .reason = 5}));
  const auto bare = read({});
  EXPECT_EQ(bare.get<isup::CallDiversionInformation>(), nullptr);
  EXPECT_EQ(bare.get<isup::EventInformation>()->event, 6);
  const auto odd =
      read({{"History-Info", "<sip:1@x>;index=1,<tel:x;cause=99999999999>"}, {"Diversion", ";;"}});
  EXPECT_EQ(odd.get<isup::RedirectionNumber>(), nullptr);
  EXPECT_EQ(odd.get<isup::EventInformation>()->event, 6);
}

TEST(RedirectionNumber, ThatTheCallerMayNotKnowIsNotTold) {  // Q.763 3.6
  auto acm = Message(MessageType::acm)
                 .set(isup::RedirectionNumber{.digits = "2073"})
                 .set(isup::CallDiversionInformation{.subscription = 1, .reason = 2});
  EXPECT_TRUE(write_redirection_number(acm, kBritain, {DiversionHeader::both, false, "gw"}).empty());
  acm.set(isup::CallDiversionInformation{.subscription = 2, .reason = 2});
  const auto out = write_redirection_number(acm, kBritain, kBoth);
  ASSERT_EQ(out.size(), 1u);
  EXPECT_TRUE(out[0].value.contains("cause=408")) << out[0].value;
}

TEST(RedirectionNumber, IsToldInA181UnlessRestricted) {
  auto cpg =
      Message(MessageType::cpg).set(isup::EventInformation{4}).set(isup::RedirectionNumber{.digits = "2073"});
  const auto out = write_redirection_number(cpg, kBritain, kBoth);
  ASSERT_EQ(out.size(), 1u);
  EXPECT_EQ(out[0].value,
            "<sip:unknown@unknown.invalid>;index=1, <sip:+442073@gw;user=phone;cause=486>;index=1.1;mp=1");
  EXPECT_TRUE(write_redirection_number(cpg, kBritain, {DiversionHeader::diversion, true, "gw"}).empty());
  cpg.set(isup::RedirectionNumberRestriction{Presentation::restricted});
  EXPECT_TRUE(write_redirection_number(cpg, kBritain, {DiversionHeader::both, false, "gw"}).empty());
  EXPECT_FALSE(write_redirection_number(cpg, kBritain, kBoth).empty());
}

TEST(Redirected, TheCalledPartyBecomesTheRedirectingOne) {  // RFC 3398 8.2.5
  auto iam = Message(MessageType::iam).set(isup::CalledPartyNumber{.digits = "1"});
  for (int i = 1; i <= 5; ++i) {
    const auto next = redirected(iam, {.digits = std::to_string(i + 1)});
    ASSERT_TRUE(next);
    EXPECT_EQ(first(*next), "1");
    EXPECT_EQ(last(*next), std::to_string(i));
    EXPECT_EQ(next->get<RedirectionInformation>()->counter, i);
    EXPECT_EQ(next->get<isup::CalledPartyNumber>()->digits, std::to_string(i + 1));
    iam = *next;
  }
  EXPECT_FALSE(redirected(iam, {.digits = "7"}));  // Q.763 3.45: five at most
}

}  // namespace
}  // namespace tandem::interwork
