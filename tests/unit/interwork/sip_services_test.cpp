// What supplementary services put into SIP messages, beyond the basic call of sip_isup_test.cpp.
#include <gtest/gtest.h>

#include <algorithm>

#include "gateway/interwork/causes.h"
#include "gateway/interwork/q931_codes.h"
#include "gateway/interwork/sip_isup.h"

namespace tandem::interwork {
namespace {

using isup::Message;
using isup::MessageType;
using isup::Presentation;
using isup::Screening;

const NumberPlan kBritain{"44"};

sip::InviteInfo invite_from(const char* from, const char* request = "sip:1000@gw.example.com") {
  sip::InviteInfo invite;
  invite.request_uri = sip::parse_uri(request).value();
  invite.from = sip::parse_name_addr(from).value();
  return invite;
}
InviteTarget target(bool trusted = true) {
  InviteTarget out;
  out.peer = sip::parse_uri("sip:192.0.2.9:5062").value();
  out.local = parse_socket_address("192.0.2.1:5060").value();
  out.rules.trusted = trusted;
  return out;
}
Message iam_to(std::string digits) {
  return Message(MessageType::iam).set(isup::CalledPartyNumber{.digits = std::move(digits)});
}
std::string header(const std::vector<sip::ExtraHeader>& headers, std::string_view name) {
  const auto found = std::ranges::find(headers, name, &sip::ExtraHeader::name);
  return found != headers.end() ? found->value : "-";
}

TEST(HopCounter, FallsWithEveryPassThroughAGateway) {  // Q.1912.5, Q.764 2.11
  int hops = 70;
  int passes = 0;
  for (; passes < 100; ++passes) {
    auto invite = invite_from("<sip:201@x>");
    invite.max_forwards = hops;
    const auto iam = iam_from_invite(invite, {});
    if (!iam || hops_exhausted(*iam)) break;
    const auto next = invite_from_iam(*iam, {}, target()).max_forwards;
    EXPECT_LT(next, hops);
    hops = next;
  }
  EXPECT_LT(passes, 30);
  auto invite = invite_from("<sip:201@x>");
  invite.max_forwards = 0;
  EXPECT_EQ(status_from_error(iam_from_invite(invite, {}).error()).status, 483);
  invite.max_forwards = 255;
  EXPECT_EQ(iam_from_invite(invite, {})->get<isup::HopCounter>()->value, 31);
  EXPECT_EQ(invite_from_iam(iam_to("1"), {}, target()).max_forwards, 70);
  EXPECT_FALSE(hops_exhausted(iam_to("1")));
}

TEST(AdditionalNumber, AFromThatDiffersIsTheUsersOwnWord) {  // Q.1912.5
  auto invite = invite_from("\"Ada\" <sip:+442071@x>");
  invite.asserted = {sip::parse_name_addr("<sip:+442079@x>").value()};
  const auto iam = iam_from_invite(invite, kBritain).value();
  EXPECT_EQ(iam.get<isup::CallingPartyNumber>()->digits, "2079");
  const auto* additional = iam.get<isup::GenericNumber>();
  ASSERT_NE(additional, nullptr);
  EXPECT_EQ(additional->qualifier, 6);
  EXPECT_EQ(additional->digits, "2071");
  EXPECT_EQ(additional->screening, Screening::user_not_verified);
  const auto out = invite_from_iam(iam, kBritain, target());
  EXPECT_EQ(out.from.uri.user, "+442071");
  ASSERT_EQ(out.asserted.size(), 1u);
  EXPECT_EQ(out.asserted[0].uri.user, "+442079");
}

TEST(AdditionalNumber, IsNotSaidForTheSameNumberNorByTheAnonymousNorIfRestricted) {
  auto invite = invite_from("<sip:+442079@x>");
  invite.asserted = {sip::parse_name_addr("<sip:+442079@x>").value()};
  EXPECT_EQ(iam_from_invite(invite, kBritain)->get<isup::GenericNumber>(), nullptr);
  invite.from = sip::parse_name_addr("<sip:anonymous@anonymous.invalid>").value();
  EXPECT_EQ(iam_from_invite(invite, kBritain)->get<isup::GenericNumber>(), nullptr);
  invite.from = sip::parse_name_addr("<sip:+442071@x>").value();
  invite.privacy = {"id"};
  const auto iam = iam_from_invite(invite, kBritain).value();
  EXPECT_EQ(iam.get<isup::GenericNumber>()->presentation, Presentation::restricted);
  const auto out = invite_from_iam(iam, kBritain, target());
  EXPECT_EQ(out.from.uri.host, "anonymous.invalid");
  EXPECT_FALSE(sip::to_string(out.from).contains("2071"));
}

TEST(Category, IsReadWhereverItStandsAndKeptWithTheNumber) {  // TS 29.163
  EXPECT_EQ(
      iam_from_invite(invite_from("<sip:201;cpc=payphone@x>"), {})->get<isup::CallingPartysCategory>()->value,
      0x0f);
  EXPECT_EQ(
      iam_from_invite(invite_from("<sip:201@x;CPC=Test>"), {})->get<isup::CallingPartysCategory>()->value,
      0x0d);
  EXPECT_EQ(iam_from_invite(invite_from("<tel:201;phone-context=x;cpc=priority>"), {})
                ->get<isup::CallingPartysCategory>()
                ->value,
            0x0b);
  EXPECT_EQ(
      iam_from_invite(invite_from("<sip:201;cpc=strange@x>"), {})->get<isup::CallingPartysCategory>()->value,
      0x0a);
  auto iam = iam_to("1").set(isup::CallingPartysCategory{0x0f});
  EXPECT_FALSE(
      sip::to_string(invite_from_iam(iam, {}, target()).from).contains("cpc"));  // no number to be with
}

tdm::pri::Subaddress nsap(Octets octets) {
  return {.nsap = true, .odd = false, .octets = std::move(octets)};
}

TEST(SubaddressOfUri, CrossesBothWaysWithItsEncoding) {  // RFC 4715, RFC 3966 3
  struct Line {
    const char* params;
    Octets octets;
  };
  const Line lines[] = {{";isub=12ab;isub-encoding=nsap-ia5", {0x50, '1', '2', 'a', 'b'}},
                        {";isub=49010203;isub-encoding=nsap", {0x49, 1, 2, 3}},
                        {";isub=500d;isub-encoding=nsap", {0x50, 0x0d}}};  // no plain characters
  for (const auto& [params, octets] : lines) {
    const auto request = "sip:1000" + std::string(params) + "@gw";
    const auto from = "<sip:201" + std::string(params) + "@x>";
    const auto iam = iam_from_invite(invite_from(from.c_str(), request.c_str()), {}).value();
    EXPECT_EQ(iam.get<isup::CalledPartyNumber>()->digits, "1000");
    const auto elements = q931::carried(iam);
    EXPECT_EQ(q931::read_subaddress(q931::SubaddressOf::called, elements), nsap(octets)) << params;
    EXPECT_EQ(q931::read_subaddress(q931::SubaddressOf::calling, elements), nsap(octets)) << params;
    const auto out = invite_from_iam(iam, {}, target());
    EXPECT_EQ(out.request_uri.user, "1000" + std::string(params));
    EXPECT_EQ(out.from.uri.user, "201" + std::string(params));
    EXPECT_EQ(out.to.uri.user, "1000");
  }
}

TEST(SubaddressOfUri, OtherFormsAreReadAndBadOnesPassedOver) {
  const auto called = [](const char* params) {
    const auto request = "sip:1000" + std::string(params) + "@gw";
    const auto iam = iam_from_invite(invite_from("<sip:201@x>", request.c_str()), {}).value();
    return q931::read_subaddress(q931::SubaddressOf::called, q931::carried(iam));
  };
  EXPECT_EQ(called(";isub=77"), nsap({0x50, '7', '7'}));
  EXPECT_EQ(called(";isub=123;isub-encoding=nsap-bcd"), nsap({0x48, 0x12, 0x3f}));
  for (const char* bad : {";isub", ";isub=", ";isub=123;isub-encoding=nsap", ";isub=zz;isub-encoding=nsap",
                          ";isub=0x11;isub-encoding=nsap", ";isub=12345678901234567890"})
    EXPECT_FALSE(called(bad)) << bad;
  auto iam = iam_to("1000");
  q931::carry(iam, q931::write_subaddress(q931::SubaddressOf::called,
                                          {.nsap = false, .odd = true, .octets = {0x12}}));
  EXPECT_EQ(invite_from_iam(iam, {}, target()).request_uri.user, "1000");  // no tel parameter can say it
}

TEST(NumberPortability, TheQueryIsToldOnce) {  // RFC 4694 5, Q.763 3.23 bit M
  for (const char* request : {"sip:1000;npdi@gw", "sip:1000;npdi=yes@gw", "tel:1000;npdi;phone-context=x"}) {
    const auto iam = iam_from_invite(invite_from("<sip:201@x>", request), {}).value();
    EXPECT_TRUE(iam.get<isup::ForwardCallIndicators>()->ported_query_done) << request;
    EXPECT_EQ(invite_from_iam(iam, {}, target()).request_uri.user, "1000;npdi");
  }
  EXPECT_FALSE(
      iam_from_invite(invite_from("<sip:201@x>"), {})->get<isup::ForwardCallIndicators>()->ported_query_done);
}

TEST(ClearMode, IsUnrestrictedDigitalInformationAllTheWay) {  // RFC 4040, Q.763 3.54
  const auto iam = iam_from_invite(invite_from("<sip:201@x>"), {}, {}, MediaKind::unrestricted).value();
  EXPECT_EQ(iam.get<isup::TransmissionMedium>()->value, 2);
  EXPECT_EQ(iam.get<isup::UserServiceInformation>()->bearer, (Octets{0x88, 0x90}));
  EXPECT_EQ(iam.get<isup::ForwardCallIndicators>()->isup_preference, 2);
  EXPECT_EQ(media_of(iam), MediaKind::unrestricted);
  EXPECT_EQ(media_of(iam_from_invite(invite_from("<sip:201@x>"), {}).value()), MediaKind::audio);
}

TEST(EarlyMedia, IsGatedOnlyForPeersThatAreAsked) {  // RFC 5009
  const SipRules asked{.p_early_media = true};
  EXPECT_TRUE(may_be_heard({}, {}));
  EXPECT_TRUE(may_be_heard({{"P-Early-Media", "inactive"}}, {}));
  EXPECT_FALSE(may_be_heard({}, asked));
  EXPECT_TRUE(may_be_heard({}, asked, true));  // what an earlier response authorised stands
  EXPECT_TRUE(may_be_heard({{"p-early-media", "foo, SendRecv, inactive, gated"}}, asked));
  EXPECT_FALSE(may_be_heard({{"P-Early-Media", "gated"}}, asked));
  auto peer = target();
  peer.rules.p_early_media = true;
  EXPECT_EQ(header(invite_from_iam(iam_to("1"), {}, peer).extra, "P-Early-Media"), "supported");
  EXPECT_EQ(
      header(headers_for_provisional(Message(MessageType::acm), {183, true, {}}, {}, peer), "P-Early-Media"),
      "sendonly");
  EXPECT_EQ(
      header(headers_for_provisional(Message(MessageType::acm), {183, false, {}}, {}, peer), "P-Early-Media"),
      "-");
  EXPECT_EQ(header(invite_from_iam(iam_to("1"), {}, target()).extra, "P-Early-Media"), "-");
  EXPECT_TRUE(supports_early_media({{"P-Early-Media", "sendrecv, Supported"}}));
  EXPECT_FALSE(supports_early_media({{"P-Early-Media", "sendrecv"}}));
  EXPECT_FALSE(supports_early_media({{"Supported", "supported"}}));
}

TEST(Connected, NameNumberAndPrivacyComeFromThe200) {  // RFC 4497 9.2.3, COLR
  const std::vector<sip::NameAddr> asserted{sip::parse_name_addr("\"Bob\" <sip:+442072@x>").value()};
  auto anm = answer_from_ok(asserted, kBritain, {}, true);
  EXPECT_EQ(anm.get<isup::ConnectedNumber>()->presentation, Presentation::allowed);
  EXPECT_EQ(anm.get<isup::GenericName>()->name, "Bob");
  anm = answer_from_ok(asserted, kBritain, {}, true, {{"Privacy", "critical; ID"}});
  EXPECT_EQ(anm.get<isup::ConnectedNumber>()->presentation, Presentation::restricted);
  EXPECT_EQ(anm.get<isup::GenericName>(), nullptr);
  EXPECT_EQ(answer_from_ok(asserted, kBritain, {.trusted = false}, true).get<isup::ConnectedNumber>(),
            nullptr);
}

TEST(Connected, NameNumberAndPrivacyStandInThe200) {
  auto anm = Message(MessageType::anm)
                 .set(isup::ConnectedNumber{.digits = "2072"})
                 .set(isup::GenericName{.name = "Bob", .of = isup::NameOf::connected});
  auto out = headers_for_answer(anm, kBritain, target());
  EXPECT_EQ(header(out, "P-Asserted-Identity"), "\"Bob\" <sip:+442072@192.0.2.1;user=phone>");
  EXPECT_EQ(header(out, "Privacy"), "-");
  anm.set(isup::ConnectedNumber{.digits = "2072", .presentation = Presentation::restricted});
  out = headers_for_answer(anm, kBritain, target());
  EXPECT_EQ(header(out, "P-Asserted-Identity"), "<sip:+442072@192.0.2.1;user=phone>");
  EXPECT_EQ(header(out, "Privacy"), "id");
  out = headers_for_answer(anm, kBritain, target(false));
  EXPECT_EQ(header(out, "P-Asserted-Identity"), "-");
}

TEST(Connected, AChangeIsACallProgress) {  // RFC 4916
  const std::vector<sip::NameAddr> asserted{sip::parse_name_addr("<sip:+442072@x>").value()};
  const auto cpg = message_from_identity(asserted, {}, kBritain, {});
  ASSERT_TRUE(cpg);
  EXPECT_EQ(cpg->type(), MessageType::cpg);
  EXPECT_EQ(cpg->get<isup::ConnectedNumber>()->digits, "2072");
  EXPECT_FALSE(message_from_identity(asserted, {}, kBritain, {.trusted = false}));
  EXPECT_FALSE(message_from_identity({sip::parse_name_addr("<sip:bob@x>").value()}, {}, kBritain, {}));
  EXPECT_FALSE(message_from_identity({}, {}, kBritain, {}));
}

TEST(Forwarded, A181HasTheNumberThatTheCallGoesTo) {  // RFC 3398 8.2.3.2
  const sip::Headers headers{{"History-Info", "<sip:1@x>;index=1,<sip:+442073@x;cause=302>;index=1.1"}};
  const auto cpg = backward_from_provisional(181, true, false, headers, kBritain);
  EXPECT_EQ(cpg.get<isup::RedirectionNumber>()->digits, "2073");
  EXPECT_EQ(backward_from_provisional(181, false, false, headers, kBritain).get<isup::RedirectionNumber>(),
            nullptr);
  EXPECT_EQ(backward_from_provisional(180, true, false, headers, kBritain).get<isup::RedirectionNumber>(),
            nullptr);
  const auto choice = provisional_from_backward(cpg);
  EXPECT_EQ(choice.status, 181);
  EXPECT_TRUE(
      header(headers_for_provisional(cpg, choice, kBritain, target()), "History-Info").contains("+442073"));
}

TEST(Moved, A301HasTheNewNumberAsContact) {  // RFC 3398 7.2.4.1
  const isup::CauseIndicators cause{
      .value = 22,
      .diagnostic = q931::write_called_number({.digits = "2073", .nature = isup::NatureOfAddress::national})};
  const auto rel = Message(MessageType::rel).set(cause);
  EXPECT_EQ(status_from_cause(cause).status, 301);
  EXPECT_EQ(header(headers_for_release(rel, 301, kBritain, target()), "Contact"),
            "<sip:+442073@192.0.2.9:5062;user=phone>");
  EXPECT_TRUE(headers_for_release(rel, 410, kBritain, target()).empty());
}

TEST(Held, CrossesBothWays) {  // RFC 3398 9.2
  EXPECT_EQ(hold_from_message(message_from_hold(true)), true);
  EXPECT_EQ(hold_from_message(message_from_hold(false)), false);
  EXPECT_EQ(hold_from_message(Message(MessageType::cpg)), std::nullopt);
  EXPECT_EQ(hold_from_message(Message(MessageType::anm)), std::nullopt);
}

}  // namespace
}  // namespace tandem::interwork
