#include "gateway/interwork/q931_isup.h"

#include <gtest/gtest.h>

namespace tandem::interwork {
namespace {

using isup::Message;
using isup::MessageType;
using tdm::pri::Bearer;
using tdm::pri::Layer1;
using tdm::pri::Progress;
using tdm::pri::ProgressDescription;
using PriSetup = tdm::pri::Setup;  // gtest keeps the plain name to itself
using tdm::pri::Transfer;

using Progresses = std::vector<Progress>;
const Progress kInband{ProgressDescription::inband, tdm::pri::Location::public_local};
const Progress kNotEndToEnd{ProgressDescription::not_end_to_end, tdm::pri::Location::user};
const Progress kFarNonIsdn{ProgressDescription::destination_non_isdn, tdm::pri::Location::public_remote};
const Progress kNearNonIsdn{ProgressDescription::origination_non_isdn, tdm::pri::Location::user};

PriSetup setup_to(std::string digits) {
  PriSetup setup;
  setup.called.digits = std::move(digits);
  setup.called.type = tdm::pri::TypeOfNumber::national;
  return setup;
}

// --- SETUP -> IAM
// -------------------------------------------------------------------------------------------
TEST(IamFromSetup, TranslatesNumbersAndIndicators) {
  auto setup = setup_to("2079460000");
  setup.calling = tdm::pri::Number{.digits = "201",
                                   .type = tdm::pri::TypeOfNumber::subscriber,
                                   .plan = tdm::pri::NumberingPlan::private_plan,
                                   .presentation = tdm::pri::Presentation::allowed,
                                   .screening = tdm::pri::Screening::user_passed};
  setup.calling_name = "Ada";
  const auto iam = iam_from_setup(setup);
  EXPECT_EQ(iam.type(), MessageType::iam);
  EXPECT_EQ(*iam.get<isup::CalledPartyNumber>(),
            (isup::CalledPartyNumber{.digits = "2079460000", .nature = isup::NatureOfAddress::national}));
  EXPECT_EQ(*iam.get<isup::CallingPartyNumber>(),
            (isup::CallingPartyNumber{.digits = "201",
                                      .nature = isup::NatureOfAddress::subscriber,
                                      .plan = isup::NumberingPlan::private_plan,
                                      .incomplete = false,
                                      .presentation = isup::Presentation::allowed,
                                      .screening = isup::Screening::user_passed}));
  EXPECT_EQ(iam.get<isup::GenericName>()->name, "Ada");
  EXPECT_EQ(*iam.get<isup::ForwardCallIndicators>(), (isup::ForwardCallIndicators{.isdn_access = true}));
  EXPECT_NE(iam.get<isup::NatureOfConnection>(), nullptr);
  EXPECT_EQ(iam.get<isup::CallingPartysCategory>()->value, 0x0a);
  EXPECT_EQ(iam.get<isup::AccessTransport>(), nullptr);
}

struct BearerLine {
  const char* title;
  Bearer bearer;
  int medium;
  int preference;
  Octets usi;
};
const BearerLine kBearers[] = {
    {"speech", {Transfer::speech, Layer1::a_law}, 0, 1, {0x80, 0x90, 0xa3}},
    {"speech_mu_law", {Transfer::speech, Layer1::mu_law}, 0, 1, {0x80, 0x90, 0xa2}},
    {"audio", {Transfer::audio_3k1, Layer1::a_law}, 3, 1, {0x90, 0x90, 0xa3}},
    {"unrestricted", {Transfer::unrestricted, Layer1::a_law}, 2, 2, {0x88, 0x90}},
    {"v110", {Transfer::unrestricted, Layer1::v110}, 2, 2, {0x88, 0x90, 0xa1}},
    {"restricted", {Transfer::restricted, Layer1::a_law}, 2, 2, {0x89, 0x90}},
};
class BearerCapability : public testing::TestWithParam<BearerLine> {};
TEST_P(BearerCapability, BecomesTmrAndUsiAndComesBack) {
  const auto& row = GetParam();
  auto setup = setup_to("1000");
  setup.bearer = row.bearer;
  const auto iam = iam_from_setup(setup);
  EXPECT_EQ(iam.get<isup::TransmissionMedium>()->value, row.medium);
  EXPECT_EQ(iam.get<isup::ForwardCallIndicators>()->isup_preference, row.preference);
  EXPECT_EQ(iam.get<isup::UserServiceInformation>()->bearer, row.usi);
  const auto law = row.bearer.layer1 == Layer1::mu_law ? Layer1::mu_law : Layer1::a_law;
  EXPECT_EQ(setup_from_iam(iam, law).bearer, row.bearer);
}
INSTANTIATE_TEST_SUITE_P(Q699, BearerCapability, testing::ValuesIn(kBearers),
                         [](const auto& row) { return row.param.title; });

TEST(BearerCapability, TakesTheLawOfTheTrunkItGoesTo) {
  auto setup = setup_to("1000");
  setup.bearer = {Transfer::speech, Layer1::a_law};
  EXPECT_EQ(setup_from_iam(iam_from_setup(setup), Layer1::mu_law).bearer,
            (Bearer{Transfer::speech, Layer1::mu_law}));
}

TEST(BearerCapability, FollowsTmrWithoutUsiOrWhenTheyDisagree) {
  const std::pair<int, Transfer> expected[] = {{0, Transfer::speech},
                                               {2, Transfer::unrestricted},
                                               {3, Transfer::audio_3k1},
                                               {6, Transfer::audio_3k1},
                                               {255, Transfer::audio_3k1}};
  for (const auto& [medium, transfer] : expected) {
    Message iam(MessageType::iam);
    iam.set(isup::TransmissionMedium{static_cast<std::uint8_t>(medium)});
    EXPECT_EQ(setup_from_iam(iam, Layer1::a_law).bearer, (Bearer{transfer, Layer1::a_law})) << medium;
    for (const Octets& usi : {Octets{}, Octets{0x88}, Octets{0x9f, 0x90}, Octets{0x9f, 0x90, 0xa1}}) {
      iam.set(isup::UserServiceInformation{usi});
      EXPECT_EQ(setup_from_iam(iam, Layer1::a_law).bearer, (Bearer{transfer, Layer1::a_law})) << medium;
    }
  }
  Message iam(MessageType::iam);
  iam.set(isup::TransmissionMedium{0}).set(isup::UserServiceInformation{{0x88, 0x90}});
  EXPECT_EQ(setup_from_iam(iam, Layer1::a_law).bearer.transfer, Transfer::speech);
  EXPECT_EQ(setup_from_iam(Message(MessageType::iam), Layer1::mu_law).bearer,
            (Bearer{Transfer::audio_3k1, Layer1::mu_law}));
}

TEST(IamFromSetup, TellsInterworkingAndAccessFromProgress) {  // Q.699, Q.763 3.23
  struct Line {
    Progresses progress;
    bool interworking, all_the_way, isdn_access;
  };
  const Line lines[] = {{{}, false, true, true},
                        {{kNotEndToEnd}, true, false, true},
                        {{kNearNonIsdn}, false, true, false},
                        {{kNotEndToEnd, kNearNonIsdn}, true, false, false},
                        {{kInband}, false, true, true}};
  for (const auto& line : lines) {
    auto setup = setup_to("1000");
    setup.progress = line.progress;
    const auto fci = *iam_from_setup(setup).get<isup::ForwardCallIndicators>();
    EXPECT_EQ(fci.interworking, line.interworking);
    EXPECT_EQ(fci.isup_all_the_way, line.all_the_way);
    EXPECT_EQ(fci.isdn_access, line.isdn_access);
  }
}

TEST(IamFromSetup, DialsNothingInPlaceOfANumberThatCannotBeCarried) {
  for (const std::string& digits : {std::string("12a4"), std::string(40, '1'), std::string()}) {
    auto setup = setup_to(digits);
    setup.calling = tdm::pri::Number{.digits = digits};
    const auto iam = iam_from_setup(setup);
    EXPECT_EQ(iam.get<isup::CalledPartyNumber>()->digits, "");
    EXPECT_EQ(iam.get<isup::CallingPartyNumber>(), nullptr);
  }
}

TEST(IamFromSetup, KeepsRestrictionButNotTheName) {
  auto setup = setup_to("*1#");
  setup.calling = tdm::pri::Number{.digits = "", .presentation = tdm::pri::Presentation::restricted};
  setup.calling_name = "Ada";
  const auto iam = iam_from_setup(setup);
  EXPECT_EQ(iam.get<isup::CalledPartyNumber>()->digits, "B1C");
  EXPECT_EQ(iam.get<isup::CallingPartyNumber>()->presentation, isup::Presentation::restricted);
  EXPECT_EQ(iam.get<isup::GenericName>(), nullptr);
}

// --- IAM -> SETUP
// -------------------------------------------------------------------------------------------
TEST(SetupFromIam, SaysInProgressWhatTheIndicatorsSay) {  // Q.699: 1 interworking, 3 non-ISDN origin
  Message iam(MessageType::iam);
  iam.set(isup::ForwardCallIndicators{.isdn_access = false});
  EXPECT_EQ(setup_from_iam(iam, Layer1::a_law).progress,
            (Progresses{{ProgressDescription::origination_non_isdn, tdm::pri::Location::public_local}}));
  iam.set(isup::ForwardCallIndicators{.interworking = true, .isdn_access = false});
  EXPECT_EQ(setup_from_iam(iam, Layer1::a_law).progress,
            (Progresses{{ProgressDescription::not_end_to_end, tdm::pri::Location::public_local}}));
  iam.set(isup::ForwardCallIndicators{.isdn_access = true});
  EXPECT_TRUE(setup_from_iam(iam, Layer1::a_law).progress.empty());
  EXPECT_TRUE(setup_from_iam(Message(MessageType::iam), Layer1::a_law).progress.empty());
}

TEST(SetupFromIam, LeavesOutStAndTheNameOfARestrictedCaller) {
  Message iam(MessageType::iam);
  iam.set(isup::CalledPartyNumber{.digits = "1000F", .nature = isup::NatureOfAddress::international});
  iam.set(isup::CallingPartyNumber{.digits = "201", .presentation = isup::Presentation::restricted});
  iam.set(isup::GenericName{"Ada"});
  const auto setup = setup_from_iam(iam, Layer1::a_law);
  EXPECT_EQ(setup.called.digits, "1000");
  EXPECT_EQ(setup.called.type, tdm::pri::TypeOfNumber::international);
  EXPECT_EQ(setup.calling->presentation, tdm::pri::Presentation::restricted);
  EXPECT_EQ(setup.calling_name, "");
  EXPECT_TRUE(setup.sending_complete);
}

TEST(SetupIamSetup, ComesBackAsItWas) {
  using tdm::pri::TypeOfNumber;
  for (const auto type : {TypeOfNumber::unknown, TypeOfNumber::international, TypeOfNumber::national,
                          TypeOfNumber::network_specific, TypeOfNumber::subscriber})
    for (const int presentation : {0, 1, 2})
      for (const int screening : {0, 1, 2, 3})
        for (const auto& progress : {Progresses{},
                                     {kNotEndToEnd},
                                     {kNearNonIsdn},
                                     {kInband},
                                     {kNotEndToEnd, kNearNonIsdn, kInband}}) {
          PriSetup setup;
          setup.called = {.digits = "0123456789*#", .type = type};
          setup.calling = tdm::pri::Number{.digits = "201",
                                           .type = type,
                                           .plan = tdm::pri::NumberingPlan::isdn,
                                           .presentation = static_cast<tdm::pri::Presentation>(presentation),
                                           .screening = static_cast<tdm::pri::Screening>(screening)};
          if (presentation != 1) setup.calling_name = "Ada";
          setup.progress = progress;
          const auto again = setup_from_iam(iam_from_setup(setup), Layer1::a_law);
          EXPECT_EQ(again.called, setup.called);
          EXPECT_EQ(again.calling, setup.calling);
          EXPECT_EQ(again.calling_name, setup.calling_name);
          EXPECT_EQ(again.progress, setup.progress);
          EXPECT_EQ(again.bearer, setup.bearer);
        }
}

// --- backward
// -----------------------------------------------------------------------------------------------
TEST(Backward, ProceedingIsAnEarlyAcmOnce) {
  const auto acm = backward_from_proceeding({}, false);
  ASSERT_TRUE(acm);
  EXPECT_EQ(acm->type(), MessageType::acm);
  EXPECT_EQ(*acm->get<isup::BackwardCallIndicators>(),
            (isup::BackwardCallIndicators{.called_status = 0, .isdn_access = true}));
  EXPECT_EQ(acm->get<isup::OptionalBackwardCallIndicators>(), nullptr);
  EXPECT_FALSE(backward_from_proceeding({}, true));
}

TEST(Backward, AlertingIsSubscriberFreeOrAlertingEvent) {
  const auto acm = backward_from_alerting({}, false);
  EXPECT_EQ(acm.type(), MessageType::acm);
  EXPECT_EQ(acm.get<isup::BackwardCallIndicators>()->called_status, 1);
  const auto cpg = backward_from_alerting({}, true);
  EXPECT_EQ(cpg.type(), MessageType::cpg);
  EXPECT_EQ(cpg.get<isup::EventInformation>()->event, 1);
  EXPECT_EQ(cpg.get<isup::BackwardCallIndicators>(), nullptr);
}

TEST(Backward, ProgressIndicatorsBecomeIndicatorsAndCross) {
  for (const bool acm_sent : {false, true}) {
    const auto message = backward_from_alerting({kInband, kFarNonIsdn}, acm_sent);
    EXPECT_TRUE(message.get<isup::OptionalBackwardCallIndicators>()->inband);
    EXPECT_FALSE(message.get<isup::BackwardCallIndicators>()->isdn_access);
    EXPECT_FALSE(message.get<isup::BackwardCallIndicators>()->interworking);
    EXPECT_EQ(message.get<isup::AccessTransport>()->elements,
              (Octets{0x1e, 2, 0x82, 0x88, 0x1e, 2, 0x84, 0x82}));
    const auto mixed = backward_from_alerting({kNotEndToEnd}, acm_sent);
    EXPECT_TRUE(mixed.get<isup::BackwardCallIndicators>()->interworking);
    EXPECT_FALSE(mixed.get<isup::BackwardCallIndicators>()->isup_all_the_way);
    EXPECT_FALSE(mixed.get<isup::BackwardCallIndicators>()->isdn_access);
    EXPECT_EQ(mixed.get<isup::OptionalBackwardCallIndicators>(), nullptr);
  }
}

TEST(Backward, ProgressIsAnEventOrAnEarlyAcm) {
  const auto progress = [](Progresses indicators, std::optional<tdm::pri::Cause> cause, bool acm_sent) {
    return backward_from_progress({.call = 1, .progress = std::move(indicators), .cause = cause}, acm_sent);
  };
  EXPECT_FALSE(progress({}, {}, true));
  EXPECT_FALSE(progress({}, {}, false));
  EXPECT_EQ(progress({kInband}, {}, true)->get<isup::EventInformation>()->event, 3);
  EXPECT_EQ(progress({kNotEndToEnd}, {}, true)->get<isup::EventInformation>()->event, 2);
  const auto early = progress({kInband}, {}, false);
  EXPECT_EQ(early->type(), MessageType::acm);
  EXPECT_EQ(early->get<isup::BackwardCallIndicators>()->called_status, 0);
  EXPECT_TRUE(early->get<isup::OptionalBackwardCallIndicators>()->inband);
  const auto told = progress({kInband}, tdm::pri::Cause{1, tdm::pri::Location::transit}, true);
  EXPECT_EQ(*told->get<isup::CauseIndicators>(),
            (isup::CauseIndicators{.value = 1, .location = isup::Location::transit}));
}

TEST(Backward, ConnectIsAnmOrConWithTheConnectedNumber) {
  tdm::pri::ConnectInd connect{
      .call = 1,
      .connected = tdm::pri::Number{.digits = "1000",
                                    .type = tdm::pri::TypeOfNumber::subscriber,
                                    .plan = tdm::pri::NumberingPlan::isdn,
                                    .presentation = tdm::pri::Presentation::restricted,
                                    .screening = tdm::pri::Screening::network},
      .progress = {},
      .channel = {}};
  const auto anm = answer_from_connect(connect, true);
  EXPECT_EQ(anm.type(), MessageType::anm);
  EXPECT_EQ(anm.get<isup::BackwardCallIndicators>(), nullptr);
  EXPECT_EQ(*anm.get<isup::ConnectedNumber>(),
            (isup::ConnectedNumber{.digits = "1000",
                                   .nature = isup::NatureOfAddress::subscriber,
                                   .presentation = isup::Presentation::restricted,
                                   .screening = isup::Screening::network}));
  connect.connected.reset();
  connect.progress = {kFarNonIsdn};
  const auto con = answer_from_connect(connect, false);
  EXPECT_EQ(con.type(), MessageType::con);
  EXPECT_EQ(con.get<isup::BackwardCallIndicators>()->called_status, 1);
  EXPECT_FALSE(con.get<isup::BackwardCallIndicators>()->isdn_access);
  EXPECT_EQ(con.get<isup::ConnectedNumber>(), nullptr);
  EXPECT_EQ(con.get<isup::AccessTransport>()->elements, (Octets{0x1e, 2, 0x84, 0x82}));
}

TEST(Release, CarriesEveryCauseAndLocationBothWays) {
  for (int value = 1; value < 128; ++value)
    for (const int location : {0, 1, 2, 3, 4, 5, 7, 10}) {
      const tdm::pri::Cause cause{static_cast<std::uint8_t>(value),
                                  static_cast<tdm::pri::Location>(location)};
      const auto rel = release_from_cause(cause);
      ASSERT_EQ(rel.type(), MessageType::rel);
      ASSERT_EQ(
          *rel.get<isup::CauseIndicators>(),
          (isup::CauseIndicators{.value = cause.value, .location = static_cast<isup::Location>(location)}));
      ASSERT_EQ(cause_from_release(rel), cause);
    }
  EXPECT_EQ(cause_from_release(Message(MessageType::rel)).value, 31);
}

struct BackwardLine {
  const char* title;
  Message message;
  PriBackward expected;
  bool inband;
};
Message acm(std::uint8_t status) {
  return Message(MessageType::acm).set(isup::BackwardCallIndicators{.called_status = status});
}
Message cpg(std::uint8_t event) {
  return Message(MessageType::cpg).set(isup::EventInformation{event});
}
const isup::OptionalBackwardCallIndicators kHear{.inband = true};
const BackwardLine kBackward[] = {
    {"early_acm", acm(0), PriBackward::proceeding, false},
    {"acm_without_indicators", Message(MessageType::acm), PriBackward::proceeding, false},
    {"early_acm_inband", acm(0).set(kHear), PriBackward::progress, true},
    {"early_acm_interworking",
     Message(MessageType::acm).set(isup::BackwardCallIndicators{.interworking = true}), PriBackward::progress,
     true},
    {"acm_with_cause", acm(1).set(isup::CauseIndicators{.value = 17}), PriBackward::progress, true},
    {"acm_free", acm(1), PriBackward::alerting, false},
    {"acm_free_inband", acm(1).set(kHear), PriBackward::alerting, true},
    {"cpg_alerting", cpg(1), PriBackward::alerting, false},
    {"cpg_alerting_inband", cpg(1).set(kHear), PriBackward::alerting, true},
    {"cpg_progress", cpg(2), PriBackward::none, false},
    {"cpg_progress_inband", cpg(2).set(kHear), PriBackward::progress, true},
    {"cpg_inband", cpg(3), PriBackward::progress, true},
    {"cpg_forwarded_busy", cpg(4), PriBackward::notify, false},
    {"cpg_forwarded_no_reply", cpg(5), PriBackward::notify, false},
    {"cpg_forwarded", cpg(6), PriBackward::notify, false},
    {"cpg_forwarded_inband", cpg(6).set(kHear), PriBackward::progress, true},
    {"cpg_with_cause", cpg(2).set(isup::CauseIndicators{.value = 17}), PriBackward::progress, true},
    {"cpg_without_event", Message(MessageType::cpg), PriBackward::none, false},
    {"anm", Message(MessageType::anm), PriBackward::connect, false},
    {"con", Message(MessageType::con).set(isup::BackwardCallIndicators{}), PriBackward::connect, false},
    {"rel", Message(MessageType::rel).set(isup::CauseIndicators{.value = 17}), PriBackward::none, false},
    {"sus", Message(MessageType::sus), PriBackward::notify, false},
};
class PriFromBackward : public testing::TestWithParam<BackwardLine> {};
TEST_P(PriFromBackward, IsTheMessageOfQ699) {
  const auto choice = pri_from_backward(GetParam().message);
  EXPECT_EQ(choice.message, GetParam().expected);
  EXPECT_EQ(choice.inband, GetParam().inband);
  const auto* cause = GetParam().message.get<isup::CauseIndicators>();
  EXPECT_EQ(choice.cause.has_value(), cause != nullptr && GetParam().message.type() != MessageType::rel);
  if (choice.cause) {
    EXPECT_EQ(choice.cause->value, 17);
  }
}
INSTANTIATE_TEST_SUITE_P(Q699, PriFromBackward, testing::ValuesIn(kBackward),
                         [](const auto& row) { return row.param.title; });

}  // namespace
}  // namespace tandem::interwork
