#include "gateway/interwork/sip_isup.h"

#include <gtest/gtest.h>

namespace tandem::interwork {
namespace {

using isup::CallingPartyNumber;
using isup::Message;
using isup::MessageType;
using isup::NatureOfAddress;
using isup::Presentation;
using isup::Screening;

const NumberPlan kBritain{"44"};

sip::Uri sip_uri(std::string user, std::string host) {
  sip::Uri uri;
  uri.user = std::move(user);
  uri.host = std::move(host);
  return uri;
}
sip::NameAddr address(std::string user, std::string display = {}, std::string host = "peer.example.com") {
  sip::NameAddr out;
  out.display = std::move(display);
  out.uri = sip_uri(std::move(user), std::move(host));
  return out;
}
sip::InviteInfo invite_to(std::string user) {
  sip::InviteInfo invite;
  invite.request_uri = sip_uri(std::move(user), "gw.example.com");
  invite.from = address("alice");
  invite.to = address("bob");
  return invite;
}
InviteTarget target(bool trusted = true) {
  InviteTarget out;
  out.peer = sip_uri("", "192.0.2.9");
  out.peer.port = 5062;
  out.peer.params = {{"transport", "tcp"}};
  out.local = parse_socket_address("192.0.2.1:5060").value();
  out.rules.trusted = trusted;
  return out;
}
const sip::Params kUserPhone{{"user", "phone"}};

// --- INVITE -> IAM ----------------------------------------------------------------------------------------
TEST(IamFromInvite, HasTheFiveMandatoryParametersOfRfc3398) {
  const auto iam = iam_from_invite(invite_to("+442079460000"), kBritain).value();
  EXPECT_EQ(iam.type(), MessageType::iam);
  EXPECT_EQ(*iam.get<isup::NatureOfConnection>(), isup::NatureOfConnection{});
  EXPECT_EQ(*iam.get<isup::ForwardCallIndicators>(), (isup::ForwardCallIndicators{.international = false,
                                                                                  .interworking = false,
                                                                                  .isup_all_the_way = true,
                                                                                  .isup_preference = 1,
                                                                                  .isdn_access = false}));
  EXPECT_EQ(iam.get<isup::CallingPartysCategory>()->value, 0x0a);
  EXPECT_EQ(iam.get<isup::TransmissionMedium>()->value, 3);
  EXPECT_EQ(iam.get<isup::CalledPartyNumber>()->digits, "2079460000");
  EXPECT_EQ(iam.get<isup::CalledPartyNumber>()->nature, NatureOfAddress::national);
  EXPECT_EQ(iam.get<CallingPartyNumber>(), nullptr);  // From without a number: CIN omitted
  EXPECT_TRUE(iam.get<isup::OptionalForwardCallIndicators>()->connected_line_request);
  EXPECT_EQ(iam.parameters().size(), 7u);  // and the hop counter
}

TEST(IamFromInvite, SaysWhatIsWrongWithTheRequestUri) {
  EXPECT_EQ(iam_from_invite(invite_to("bob"), kBritain).error().code, Errc::missing);
  EXPECT_EQ(iam_from_invite(invite_to(""), kBritain).error().code, Errc::missing);
  EXPECT_EQ(iam_from_invite(invite_to("+"), kBritain).error().code, Errc::malformed);
  EXPECT_EQ(iam_from_invite(invite_to(std::string(40, '1')), kBritain).error().code, Errc::too_long);
}

TEST(IamFromInvite, TakesTheCallerFromFromAsNotVerified) {  // RFC 4497 9.2.2
  auto invite = invite_to("1000");
  invite.from = address("+12025550110", "Ada");
  const auto iam = iam_from_invite(invite, kBritain).value();
  EXPECT_EQ(*iam.get<CallingPartyNumber>(), (CallingPartyNumber{.digits = "12025550110",
                                                                .nature = NatureOfAddress::international,
                                                                .screening = Screening::user_not_verified}));
  EXPECT_EQ(iam.get<isup::GenericName>()->name, "Ada");
}

TEST(IamFromInvite, PrefersTheAssertedIdentityAsNetworkProvided) {
  auto invite = invite_to("1000");
  invite.from = address("201", "Ada");
  invite.asserted = {address("ada.lovelace", "Ada Lovelace"), address("+442079460001"),
                     address("+442079460002")};
  const auto iam = iam_from_invite(invite, kBritain).value();
  EXPECT_EQ(*iam.get<CallingPartyNumber>(), (CallingPartyNumber{.digits = "2079460001",
                                                                .nature = NatureOfAddress::national,
                                                                .screening = Screening::network}));
  EXPECT_EQ(iam.get<isup::GenericName>()->name, "Ada Lovelace");
}

TEST(IamFromInvite, DoesNotBelieveTheAssertedIdentityOfAnUntrustedPeer) {  // RFC 3325 5
  auto invite = invite_to("1000");
  invite.from = address("201");
  invite.asserted = {address("+442079460001", "Mallory")};
  const auto iam = iam_from_invite(invite, kBritain, {false}).value();
  EXPECT_EQ(iam.get<CallingPartyNumber>()->digits, "201");
  EXPECT_EQ(iam.get<CallingPartyNumber>()->screening, Screening::user_not_verified);
  EXPECT_EQ(iam.get<isup::GenericName>(), nullptr);
}

TEST(IamFromInvite, FallsBackToFromWhenNoAssertedIdentityIsANumber) {
  auto invite = invite_to("1000");
  invite.from = address("201");
  invite.asserted = {address("ada")};
  const auto iam = iam_from_invite(invite, kBritain).value();
  EXPECT_EQ(iam.get<CallingPartyNumber>()->digits, "201");
  EXPECT_EQ(iam.get<CallingPartyNumber>()->screening, Screening::user_not_verified);
}

struct PrivacyRow {
  const char* title;
  std::vector<std::string> privacy;
  const char* from_user;
  const char* from_host;
  bool restricted;
};
const PrivacyRow kPrivacy[] = {
    {"no Privacy", {}, "201", "peer.example.com", false},
    {"none", {"none"}, "201", "peer.example.com", false},
    {"critical alone", {"critical"}, "201", "peer.example.com", false},
    {"session", {"session"}, "201", "peer.example.com", false},
    {"id", {"id"}, "201", "peer.example.com", true},
    {"ID in capitals", {"ID"}, "201", "peer.example.com", true},
    {"user", {"user"}, "201", "peer.example.com", true},
    {"header", {"header"}, "201", "peer.example.com", true},
    {"several", {"session", "critical", "id"}, "201", "peer.example.com", true},
    {"anonymous From", {}, "anonymous", "anonymous.invalid", true},
    {"anonymous user elsewhere", {}, "Anonymous", "peer.example.com", true},
    {"anonymous host", {}, "c8oqz84zk7z", "Anonymous.Invalid", true},
    {"anonymous From with none", {"none"}, "anonymous", "anonymous.invalid", true},
};

TEST(IamFromInvite, RestrictsPresentationAsPrivacyAndFromSay) {
  for (const auto& row : kPrivacy) {
    auto invite = invite_to("1000");
    invite.privacy = row.privacy;
    invite.from = address(row.from_user, "Ada", row.from_host);
    invite.asserted = {address("+442079460001", "Ada")};
    const auto iam = iam_from_invite(invite, kBritain).value();
    const auto* calling = iam.get<CallingPartyNumber>();
    ASSERT_NE(calling, nullptr) << row.title;
    EXPECT_EQ(calling->digits, "2079460001") << row.title;
    EXPECT_EQ(calling->presentation, row.restricted ? Presentation::restricted : Presentation::allowed)
        << row.title;
    EXPECT_EQ(iam.get<isup::GenericName>() == nullptr, row.restricted) << row.title;
  }
}

TEST(IamFromInvite, RestrictsWithoutDigitsWhenTheCallerHidesAndHasNoNumber) {  // RFC 4497 9.2.2
  auto invite = invite_to("1000");
  invite.from = address("anonymous", "Anonymous", "anonymous.invalid");
  const auto iam = iam_from_invite(invite, kBritain).value();
  const auto* calling = iam.get<CallingPartyNumber>();
  ASSERT_NE(calling, nullptr);
  EXPECT_EQ(calling->digits, "");
  EXPECT_EQ(calling->presentation, Presentation::restricted);
}

TEST(IamFromInvite, CleansAndCutsTheName) {
  auto invite = invite_to("1000");
  invite.from = address("201", std::string("A\r\n\x01\x7f") + "da");
  EXPECT_EQ(iam_from_invite(invite, kBritain)->get<isup::GenericName>()->name, "Ada");
  invite.from.display = std::string(79, 'x') + "\xc3\xa9" + std::string(100000, 'y');  // e acute at 79 and 80
  EXPECT_EQ(iam_from_invite(invite, kBritain)->get<isup::GenericName>()->name, std::string(79, 'x'));
  invite.from.display = "\r\n";
  EXPECT_EQ(iam_from_invite(invite, kBritain)->get<isup::GenericName>(), nullptr);
}

// --- IAM -> INVITE ----------------------------------------------------------------------------------------
Message iam_to(std::string digits, NatureOfAddress nature) {
  return Message(MessageType::iam)
      .set(isup::CalledPartyNumber{.digits = std::move(digits), .nature = nature});
}

TEST(InviteFromIam, PutsTheCalledNumberIntoRequestUriAndTo) {
  const auto invite = invite_from_iam(iam_to("2079460000", NatureOfAddress::national), kBritain, target());
  EXPECT_EQ(invite.request_uri.scheme, "sip");
  EXPECT_EQ(invite.request_uri.user, "+442079460000");
  EXPECT_EQ(invite.request_uri.host, "192.0.2.9");
  EXPECT_EQ(invite.request_uri.port, 5062);
  EXPECT_EQ(invite.request_uri.params, (sip::Params{{"user", "phone"}, {"transport", "tcp"}}));
  EXPECT_EQ(invite.to.uri.user, "+442079460000");
  EXPECT_EQ(invite.to.uri.host, "192.0.2.9");
  EXPECT_EQ(invite.to.uri.port, 0);
  EXPECT_EQ(invite.to.uri.params, kUserPhone);
  EXPECT_EQ(invite.max_forwards, 70);
  EXPECT_EQ(invite.sdp, "");
}

TEST(InviteFromIam, KeepsDigitsOfOtherNaturesAndSaysUserPhone) {  // RFC 3398 12.1
  const auto invite = invite_from_iam(iam_to("1000F", NatureOfAddress::unknown), kBritain, target());
  EXPECT_EQ(invite.request_uri.user, "1000");
  EXPECT_EQ(invite.to.uri.params, kUserPhone);
}

TEST(InviteFromIam, HasNoUserPartWithoutACalledNumber) {
  const auto invite = invite_from_iam(Message(MessageType::iam), kBritain, target());
  EXPECT_EQ(invite.request_uri.user, "");
  EXPECT_EQ(invite.request_uri.params, (sip::Params{{"transport", "tcp"}}));
}

struct CallerRow {
  const char* title;
  std::optional<CallingPartyNumber> calling;
  bool trusted;
  const char* from_display;
  const char* from_user;
  const char* from_host;
  const char* asserted;  ///< nullptr: no P-Asserted-Identity
  bool privacy;
};
CallingPartyNumber calling(Presentation presentation, Screening screening,
                           std::string digits = "2079460001") {
  return {.digits = std::move(digits),
          .nature = NatureOfAddress::national,
          .presentation = presentation,
          .screening = screening};
}
constexpr auto kAllowed = Presentation::allowed;
constexpr auto kRestricted = Presentation::restricted;
constexpr auto kNotAvailable = Presentation::not_available;
const char* const kLocal = "192.0.2.1";
const char* const kHidden = "anonymous.invalid";
const char* const kE164 = "+442079460001";
const CallerRow kCallers[] = {
    {"absent", std::nullopt, true, "Ada", "", kLocal, nullptr, false},
    {"allowed, network", calling(kAllowed, Screening::network), true, "Ada", kE164, kLocal, kE164, false},
    {"allowed, passed", calling(kAllowed, Screening::user_passed), true, "Ada", kE164, kLocal, kE164, false},
    {"allowed, not verified", calling(kAllowed, Screening::user_not_verified), true, "Ada", kE164, kLocal,
     nullptr, false},
    {"allowed, failed", calling(kAllowed, Screening::user_failed), true, "Ada", kE164, kLocal, nullptr,
     false},
    {"allowed to a stranger", calling(kAllowed, Screening::network), false, "Ada", kE164, kLocal, kE164,
     false},
    {"restricted", calling(kRestricted, Screening::network), true, "Anonymous", "anonymous", kHidden, kE164,
     true},
    {"restricted to a stranger", calling(kRestricted, Screening::network), false, "Anonymous", "anonymous",
     kHidden, nullptr, true},
    {"restricted, not verified", calling(kRestricted, Screening::user_not_verified), true, "Anonymous",
     "anonymous", kHidden, nullptr, true},
    {"restricted without digits", calling(kRestricted, Screening::network, ""), true, "Anonymous",
     "anonymous", kHidden, nullptr, true},
    {"not available", calling(kNotAvailable, Screening::network, ""), true, "Ada", "", kLocal, nullptr,
     false},
    {"not available with digits", calling(kNotAvailable, Screening::network), true, "Ada", "", kLocal,
     nullptr, false},
    {"allowed without digits", calling(kAllowed, Screening::network, ""), true, "Ada", "", kLocal, nullptr,
     false},
};

TEST(InviteFromIam, SaysWhoCallsAsPresentationScreeningAndTrustAllow) {
  for (const auto& row : kCallers) {
    auto iam = iam_to("1000", NatureOfAddress::unknown);
    if (row.calling) iam.set(*row.calling);
    iam.set(isup::GenericName{"Ada"});
    const auto invite = invite_from_iam(iam, kBritain, target(row.trusted));
    EXPECT_EQ(invite.from.display, row.from_display) << row.title;
    EXPECT_EQ(invite.from.uri.user, row.from_user) << row.title;
    EXPECT_EQ(invite.from.uri.host, row.from_host) << row.title;
    EXPECT_EQ(invite.privacy, row.privacy ? std::vector<std::string>{"id"} : std::vector<std::string>{})
        << row.title;
    ASSERT_EQ(invite.asserted.size(), row.asserted == nullptr ? 0u : 1u) << row.title;
    if (row.asserted == nullptr) continue;
    EXPECT_EQ(invite.asserted[0].uri.user, row.asserted) << row.title;
    EXPECT_EQ(invite.asserted[0].uri.host, kLocal) << row.title;
    EXPECT_EQ(invite.asserted[0].uri.params, kUserPhone) << row.title;
    EXPECT_EQ(invite.asserted[0].display, row.privacy ? "" : "Ada") << row.title;
  }
}

// --- there and back ---------------------------------------------------------------------------------------
TEST(InviteIamInvite, KeepsNumbersNamesAndPrivacy) {
  for (const bool hidden : {false, true}) {
    for (const char* called : {"+12025550110", "+442079460000", "1000", "*67#"}) {
      auto invite = invite_to(called);
      invite.from =
          hidden ? address("anonymous", "Anonymous", "anonymous.invalid") : address("+442079460001", "Ada");
      invite.asserted = {address("+442079460001", hidden ? "" : "Ada")};
      if (hidden) invite.privacy = {"id"};
      const auto again = invite_from_iam(iam_from_invite(invite, kBritain).value(), kBritain, target());
      EXPECT_EQ(again.request_uri.user, called);
      EXPECT_EQ(again.from.uri.user, invite.from.uri.user);
      EXPECT_EQ(again.from.display, invite.from.display);
      EXPECT_EQ(again.privacy, invite.privacy);
      ASSERT_EQ(again.asserted.size(), 1u);
      EXPECT_EQ(again.asserted[0].uri.user, "+442079460001");
      EXPECT_EQ(again.asserted[0].display, invite.asserted[0].display);
    }
  }
}

TEST(InviteIamInvite, DoesNotAssertWhatOnlyFromSaid) {
  auto invite = invite_to("1000");
  invite.from = address("+442079460001");
  const auto again = invite_from_iam(iam_from_invite(invite, kBritain).value(), kBritain, target());
  EXPECT_EQ(again.from.uri.user, "+442079460001");
  EXPECT_TRUE(again.asserted.empty());
}

TEST(IamInviteIam, KeepsTheNumbers) {
  for (const auto nature :
       {NatureOfAddress::national, NatureOfAddress::international, NatureOfAddress::unknown}) {
    auto iam = iam_to("12079460000", nature);
    iam.set(CallingPartyNumber{.digits = "12079460001", .nature = nature});
    auto invite = invite_from_iam(iam, kBritain, target());
    const auto again = iam_from_invite(invite, kBritain).value();
    EXPECT_EQ(*again.get<isup::CalledPartyNumber>(), *iam.get<isup::CalledPartyNumber>());
    EXPECT_EQ(*again.get<CallingPartyNumber>(), *iam.get<CallingPartyNumber>());
  }
}

// --- RFC 3398 8.2.3, both tables as printed there
// -----------------------------------------------------------
struct ProvisionalLine {
  int status;
  int called_status;
  int event;
  int event_with_media;
};
class BackwardFromProvisional : public testing::TestWithParam<ProvisionalLine> {};
TEST_P(BackwardFromProvisional, IsAnAcmOrACpgAsPrinted) {
  const auto& row = GetParam();
  for (const bool media : {false, true}) {
    const auto acm = backward_from_provisional(row.status, false, media);
    EXPECT_EQ(acm.type(), MessageType::acm);
    ASSERT_NE(acm.get<isup::BackwardCallIndicators>(), nullptr);
    EXPECT_EQ(*acm.get<isup::BackwardCallIndicators>(),
              (isup::BackwardCallIndicators{.charge = 2,
                                            .called_status = static_cast<std::uint8_t>(row.called_status),
                                            .called_category = 1,
                                            .interworking = false,
                                            .isup_all_the_way = true,
                                            .isdn_access = false,
                                            .echo_device = false}));
    const auto* in_acm = acm.get<isup::OptionalBackwardCallIndicators>();
    EXPECT_EQ(in_acm != nullptr && in_acm->inband, media);
    EXPECT_EQ(acm.get<isup::EventInformation>(), nullptr);

    const auto cpg = backward_from_provisional(row.status, true, media);
    EXPECT_EQ(cpg.type(), MessageType::cpg);
    ASSERT_NE(cpg.get<isup::EventInformation>(), nullptr);
    EXPECT_EQ(cpg.get<isup::EventInformation>()->event, media ? row.event_with_media : row.event);
    const auto* in_cpg = cpg.get<isup::OptionalBackwardCallIndicators>();
    EXPECT_EQ(in_cpg != nullptr && in_cpg->inband, media);
  }
}
INSTANTIATE_TEST_SUITE_P(Rfc3398, BackwardFromProvisional,
                         testing::Values(ProvisionalLine{180, 1, 1, 1}, ProvisionalLine{181, 0, 6, 6},
                                         ProvisionalLine{182, 0, 2, 3}, ProvisionalLine{183, 0, 2, 3},
                                         ProvisionalLine{199, 0, 2, 3}),
                         [](const auto& row) { return "status_" + std::to_string(row.param.status); });

// --- RFC 3398 7.2.5, 7.2.6, 7.2.9
// ---------------------------------------------------------------------------
TEST(ProvisionalFromAcm, IsProgressForAnEarlyAcm) {
  const auto choice = provisional_from_backward(
      Message(MessageType::acm).set(isup::BackwardCallIndicators{.called_status = 0}));
  EXPECT_EQ(choice.status, 183);
  EXPECT_FALSE(choice.early_media);
  EXPECT_EQ(choice.clause, "RFC 3398 7.2.5");
  EXPECT_EQ(provisional_from_backward(Message(MessageType::acm)).status, 183);
}

TEST(ProvisionalFromAcm, IsRingingWhenTheSubscriberIsFree) {
  const auto choice = provisional_from_backward(
      Message(MessageType::acm).set(isup::BackwardCallIndicators{.called_status = 1}));
  EXPECT_EQ(choice.status, 180);
  EXPECT_FALSE(choice.early_media);
  EXPECT_EQ(choice.clause, "RFC 3398 7.2.6");
}

TEST(ProvisionalFromAcm, IsProgressWithMediaWhenThereIsSomethingToHear) {
  Message interworking(MessageType::acm);
  interworking.set(isup::BackwardCallIndicators{.called_status = 1, .interworking = true});
  Message inband(MessageType::acm);
  inband.set(isup::BackwardCallIndicators{.called_status = 1})
      .set(isup::OptionalBackwardCallIndicators{.inband = true});
  Message cause(MessageType::acm);
  cause.set(isup::BackwardCallIndicators{}).set(isup::CauseIndicators{.value = 1});
  for (const auto& message : {interworking, inband, cause}) {
    EXPECT_EQ(provisional_from_backward(message).status, 183);
    EXPECT_TRUE(provisional_from_backward(message).early_media);
  }
  Message neither(MessageType::acm);
  neither.set(isup::BackwardCallIndicators{.called_status = 1})
      .set(isup::OptionalBackwardCallIndicators{.call_diversion = true});
  EXPECT_EQ(provisional_from_backward(neither).status, 180);
}

struct EventLine {
  int event;
  int status;
  bool media;
};
class ProvisionalFromCpg : public testing::TestWithParam<EventLine> {};
TEST_P(ProvisionalFromCpg, IsAsPrintedInRfc3398) {
  Message cpg(MessageType::cpg);
  if (GetParam().event != 0) cpg.set(isup::EventInformation{static_cast<std::uint8_t>(GetParam().event)});
  EXPECT_EQ(provisional_from_backward(cpg).status, GetParam().status);
  EXPECT_EQ(provisional_from_backward(cpg).early_media, GetParam().media);
  cpg.set(isup::OptionalBackwardCallIndicators{.inband = true});
  EXPECT_EQ(provisional_from_backward(cpg).status, GetParam().status);
  EXPECT_TRUE(provisional_from_backward(cpg).early_media);
}
INSTANTIATE_TEST_SUITE_P(Rfc3398, ProvisionalFromCpg,
                         testing::Values(EventLine{1, 180, false}, EventLine{2, 183, false},
                                         EventLine{3, 183, true}, EventLine{4, 181, false},
                                         EventLine{5, 181, false}, EventLine{6, 181, false},
                                         EventLine{0, 183, false}, EventLine{99, 183, false}),
                         [](const auto& row) { return "event_" + std::to_string(row.param.event); });

TEST(ProvisionalFromCpg, OpensTheBackwardPathOnInterworkingAndOnACause) {
  Message cpg(MessageType::cpg);
  cpg.set(isup::EventInformation{2}).set(isup::BackwardCallIndicators{.interworking = true});
  EXPECT_TRUE(provisional_from_backward(cpg).early_media);
  Message told(MessageType::cpg);
  told.set(isup::EventInformation{2}).set(isup::CauseIndicators{.value = 17});
  EXPECT_TRUE(provisional_from_backward(told).early_media);
}

TEST(ProvisionalFromBackward, IsNothingForOtherMessages) {
  for (const auto type : {MessageType::iam, MessageType::anm, MessageType::con, MessageType::rel,
                          MessageType::rlc, MessageType::sus, MessageType::res, MessageType::sam})
    EXPECT_EQ(provisional_from_backward(Message(type)).status, 0);
}

// --- answer -----------------------------------------------------------------------------------------------
TEST(AnswerFromOk, IsAnmOrConWithTheAssertedNumber) {
  const auto anm = answer_from_ok({address("bob"), address("+442079460000")}, kBritain, {true}, true);
  EXPECT_EQ(anm.type(), MessageType::anm);
  EXPECT_EQ(anm.get<isup::BackwardCallIndicators>(), nullptr);
  EXPECT_EQ(*anm.get<isup::ConnectedNumber>(), (isup::ConnectedNumber{.digits = "2079460000",
                                                                      .nature = NatureOfAddress::national,
                                                                      .presentation = Presentation::allowed,
                                                                      .screening = Screening::network}));
  const auto con = answer_from_ok({}, kBritain, {true}, false);
  EXPECT_EQ(con.type(), MessageType::con);
  EXPECT_EQ(con.get<isup::BackwardCallIndicators>()->called_status, 1);
  EXPECT_EQ(con.get<isup::ConnectedNumber>(), nullptr);
  EXPECT_EQ(answer_from_ok({address("+442079460000")}, kBritain, {false}, true).get<isup::ConnectedNumber>(),
            nullptr);
}

TEST(ConnectedFromAnswer, AssertsOnlyWhatMayBeShown) {  // RFC 4497 9.1.3
  const auto answered = [](Presentation presentation, Screening screening, std::string digits, bool trusted) {
    Message anm(MessageType::anm);
    anm.set(isup::ConnectedNumber{.digits = std::move(digits),
                                  .nature = NatureOfAddress::national,
                                  .presentation = presentation,
                                  .screening = screening});
    return connected_from_answer(anm, kBritain, target(trusted));
  };
  const auto open = answered(kAllowed, Screening::network, "2079460000", false);
  ASSERT_TRUE(open.asserted);
  EXPECT_EQ(open.asserted->uri.user, "+442079460000");
  EXPECT_EQ(open.asserted->uri.host, kLocal);
  EXPECT_FALSE(open.restricted);
  EXPECT_FALSE(answered(kAllowed, Screening::user_not_verified, "2079460000", true).asserted);
  EXPECT_FALSE(answered(kAllowed, Screening::network, "", true).asserted);
  EXPECT_TRUE(answered(kRestricted, Screening::network, "2079460000", true).asserted);
  EXPECT_TRUE(answered(kRestricted, Screening::network, "2079460000", true).restricted);
  EXPECT_FALSE(answered(kRestricted, Screening::network, "2079460000", false).asserted);
  EXPECT_TRUE(answered(kRestricted, Screening::network, "2079460000", false).restricted);
  EXPECT_FALSE(answered(kNotAvailable, Screening::network, "2079460000", true).asserted);
  EXPECT_FALSE(connected_from_answer(Message(MessageType::anm), kBritain, target()).asserted);
}

}  // namespace
}  // namespace tandem::interwork
