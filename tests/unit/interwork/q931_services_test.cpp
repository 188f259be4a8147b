// What supplementary services say on a PRI, beyond the basic call of q931_isup_test.cpp.
#include <gtest/gtest.h>

#include <algorithm>

#include "gateway/interwork/q931_codes.h"
#include "gateway/interwork/q931_isup.h"
#include "gateway/interwork/sip_isup.h"

namespace tandem::interwork {
namespace {

using isup::Message;
using isup::MessageType;
using tdm::pri::Layer1;
using tdm::pri::Notification;
using tdm::pri::Number;
using tdm::pri::Party;
using tdm::pri::Presentation;
using tdm::pri::Progress;
using tdm::pri::ProgressDescription;
using tdm::pri::Redirection;
using tdm::pri::RedirectionReason;
using tdm::pri::Screening;
using tdm::pri::Subaddress;
using PriSetup = tdm::pri::Setup;

PriSetup setup() {
  PriSetup out;
  out.called.digits = "1000";
  out.called.type = tdm::pri::TypeOfNumber::national;
  return out;
}
Number number(std::string digits, Presentation presentation = Presentation::allowed) {
  return {.digits = std::move(digits),
          .type = tdm::pri::TypeOfNumber::national,
          .presentation = presentation,
          .screening = Screening::network};
}
PriSetup across(const PriSetup& in) {
  return setup_from_iam(iam_from_setup(in), Layer1::a_law);
}

TEST(PriRedirection, CrossesWithNumbersReasonsAndNames) {  // Q.732.2, Q.952
  auto in = setup();
  in.redirection = Redirection{.original_called = number("2071"),
                               .original_called_name = "First",
                               .original_reason = RedirectionReason::busy,
                               .redirecting = number("2072"),
                               .redirecting_name = "Last",
                               .reason = RedirectionReason::no_reply,
                               .count = 2};
  EXPECT_EQ(across(in).redirection, in.redirection);
  const auto iam = iam_from_setup(in);
  EXPECT_EQ(*iam.get<isup::RedirectionInformation>(),
            (isup::RedirectionInformation{.indicator = 3, .original_reason = 1, .counter = 2, .reason = 2}));
}

TEST(PriRedirection, ARestrictedPartyLosesItsName) {
  auto in = setup();
  in.redirection =
      Redirection{.redirecting = number("2072", Presentation::restricted), .redirecting_name = "Last"};
  const auto iam = iam_from_setup(in);
  EXPECT_EQ(iam.get<isup::RedirectionInformation>()->indicator, 4);
  EXPECT_EQ(iam.get<isup::GenericName>(), nullptr);
  EXPECT_EQ(iam.get<isup::OriginalCalledNumber>()->digits, "2072");  // one diversion has one party
  EXPECT_EQ(across(in).redirection->redirecting->presentation, Presentation::restricted);
}

TEST(PriRedirection, CountersAndReasonsStayWithinQ763) {  // Q.763 3.45
  auto in = setup();
  in.redirection = Redirection{.original_reason = RedirectionReason::deflection,
                               .redirecting = number("2072"),
                               .reason = RedirectionReason::by_called_dte,
                               .count = 200};
  auto information = *iam_from_setup(in).get<isup::RedirectionInformation>();
  EXPECT_EQ(information.counter, 5);
  EXPECT_EQ(information.original_reason, 0);
  EXPECT_EQ(information.reason, 0);
  in.redirection->count = 0;
  EXPECT_EQ(iam_from_setup(in).get<isup::RedirectionInformation>()->counter, 1);
  in.redirection = Redirection{};
  EXPECT_EQ(iam_from_setup(in).get<isup::RedirectionInformation>(), nullptr);
  EXPECT_FALSE(across(in).redirection);
}

TEST(PriRedirection, ADiversionToldLaterIsACallProgressWithTheNumber) {
  const auto cpg = message_from_redirecting({{.number = number("2073", Presentation::restricted)}}, true);
  EXPECT_EQ(cpg.get<isup::EventInformation>()->event, 6);
  EXPECT_EQ(cpg.get<isup::RedirectionNumber>()->digits, "2073");
  EXPECT_EQ(cpg.get<isup::RedirectionNumberRestriction>()->presentation, isup::Presentation::restricted);
  EXPECT_EQ(pri_from_backward(cpg).notification, Notification::call_diverting);
  EXPECT_EQ(message_from_redirecting({}, true).get<isup::RedirectionNumber>(), nullptr);
  EXPECT_EQ(provisional_from_backward(message_from_redirecting({}, true)).status, 181);
}

TEST(PriRedirection, ADiversionCrossesWithNumberAndReasonBeforeAndAfterTheAcm) {  // Q.732.2, Q.763 3.6
  for (const bool acm_sent : {false, true}) {
    for (const auto reason :
         {RedirectionReason::unknown, RedirectionReason::busy, RedirectionReason::no_reply,
          RedirectionReason::unconditional, RedirectionReason::deflection, RedirectionReason::out_of_order}) {
      const auto message = message_from_redirecting({{.number = number("2073")}, reason}, acm_sent);
      EXPECT_EQ(message.type(), acm_sent ? MessageType::cpg : MessageType::acm);
      const auto choice = pri_from_backward(message);
      ASSERT_TRUE(choice.diversion);
      EXPECT_EQ(choice.diversion->to.number, number("2073"));
      // Without a reason, a CPG's event has nothing but "unconditional" to say.
      EXPECT_EQ(choice.diversion->reason,
                acm_sent && reason == RedirectionReason::unknown ? RedirectionReason::unconditional : reason);
      EXPECT_EQ(provisional_from_backward(message).status, 181);
    }
  }
}

TEST(PriRedirection, ACallerWhoMayNotKnowTheNumberIsToldNone) {  // Q.763 3.6, Q.732.2
  const auto cpg = [](std::uint8_t subscription) {
    return Message(MessageType::cpg)
        .set(isup::EventInformation{4})
        .set(isup::RedirectionNumber{.digits = "2073"})
        .set(isup::CallDiversionInformation{.subscription = subscription, .reason = 1});
  };
  EXPECT_FALSE(pri_from_backward(cpg(1)).diversion);
  EXPECT_FALSE(pri_from_backward(cpg(1)).notification);
  ASSERT_TRUE(pri_from_backward(cpg(3)).diversion);
  EXPECT_EQ(pri_from_backward(cpg(3)).diversion->to.number->digits, "");
  EXPECT_EQ(pri_from_backward(cpg(3)).diversion->to.number->presentation, Presentation::restricted);
  EXPECT_EQ(pri_from_backward(cpg(2)).diversion->to.number->digits, "2073");
  const auto restricted = cpg(2).set(isup::RedirectionNumberRestriction{isup::Presentation::restricted});
  EXPECT_EQ(pri_from_backward(restricted).diversion->to.number->digits, "");
  EXPECT_EQ(pri_from_backward(cpg(2)).diversion->reason, RedirectionReason::busy);
  EXPECT_FALSE(pri_from_backward(Message(MessageType::cpg).set(isup::EventInformation{1})).diversion);
  EXPECT_FALSE(
      pri_from_backward(Message(MessageType::anm).set(isup::RedirectionNumber{.digits = "1"})).diversion);
  EXPECT_FALSE(pri_from_backward(Message(MessageType::acm).set(isup::EventInformation{1})).notification);
}

TEST(PriSubaddress, CrossesForBothParties) {  // Q.931 4.5.9, 4.5.11
  auto in = setup();
  in.calling_subaddress = Subaddress{.nsap = true, .odd = false, .octets = {0x50, '1'}};
  in.called_subaddress = Subaddress{.nsap = false, .odd = true, .octets = {0x12, 0x30}};
  in.progress = {{ProgressDescription::origination_non_isdn, tdm::pri::Location::user}};
  in.keypad = "*21#";
  const auto out = across(in);
  EXPECT_EQ(out.calling_subaddress, in.calling_subaddress);
  EXPECT_EQ(out.called_subaddress, in.called_subaddress);
  EXPECT_EQ(out.keypad, in.keypad);
  EXPECT_EQ(out.progress, in.progress);
}

TEST(PriSubaddress, OctetsAreThoseOfQ931) {  // Q.931 figure 4-17
  EXPECT_EQ(
      q931::write_subaddress(q931::SubaddressOf::called, {.nsap = false, .odd = true, .octets = {0x12}}),
      (Octets{0x71, 2, 0xa8, 0x12}));
  EXPECT_EQ(
      q931::write_subaddress(q931::SubaddressOf::connected, {.nsap = true, .odd = true, .octets = {0x50}}),
      (Octets{0x4d, 2, 0x80, 0x50}));
  EXPECT_EQ(q931::write_subaddress(q931::SubaddressOf::calling, {.octets = Octets(40)}).size(), 23u);
  EXPECT_EQ(q931::write_keypad("*1"), (Octets{0x2c, 2, '*', '1'}));
  EXPECT_TRUE(q931::write_keypad("").empty());
}

TEST(PriSubaddress, BrokenElementsArePassedOver) {
  const auto read = [](Octets octets) { return q931::read_subaddress(q931::SubaddressOf::called, octets); };
  EXPECT_FALSE(read({}));
  EXPECT_FALSE(read({0x71}));
  EXPECT_FALSE(read({0x71, 5, 0x80, 1}));  // cut short
  EXPECT_FALSE(read({0x71, 1, 0x80}));     // empty
  EXPECT_FALSE(read({0x71, 2, 0x90, 1}));  // a reserved type
  EXPECT_FALSE(read({0x6d, 2, 0x80, 1}));  // another party's
  EXPECT_TRUE(read({0xa1, 0x6d, 1, 0x80, 0x71, 2, 0x80, 1}));
  Octets long_one{0x71, 22, 0x80};
  long_one.resize(24, 1);
  EXPECT_FALSE(read(long_one));
}

TEST(AccessTransport, HoldsNoMoreThanAParameterCan) {  // Q.763 1.5
  Message m(MessageType::iam);
  for (int i = 0; i < 100; ++i)
    q931::carry(m, q931::write_subaddress(q931::SubaddressOf::calling, {.octets = Octets(20)}));
  EXPECT_LE(q931::carried(m).size(), 255u);
  EXPECT_GT(q931::carried(m).size(), 200u);
}

TEST(ConnectedLine, NumberNameAndSubaddressCross) {  // Q.951 5, Q.731.5
  const Party party{number("2072"), "Bob", Subaddress{.nsap = true, .odd = false, .octets = {0x50, '7'}}};
  const auto cpg = message_from_connected_line(party);
  EXPECT_EQ(cpg.type(), MessageType::cpg);
  EXPECT_EQ(party_from_message(cpg), party);
  tdm::pri::ConnectInd connect{.call = 1, .connected = party.number, .progress = {}, .channel = {}};
  connect.name = party.name;
  connect.subaddress = party.subaddress;
  const auto choice = pri_from_backward(answer_from_connect(connect, true));
  EXPECT_EQ(choice.message, PriBackward::connect);
  EXPECT_EQ(choice.party, party);
}

TEST(ConnectedLine, ARestrictedPartyHasNoName) {
  const Party party{number("2072", Presentation::restricted), "Bob", {}};
  const auto back = party_from_message(message_from_connected_line(party));
  EXPECT_EQ(back->number, party.number);
  EXPECT_TRUE(back->name.empty());
  EXPECT_FALSE(party_from_message(Message(MessageType::anm)));
}

TEST(Alerting, TheCalledNameCrosses) {
  const auto acm = backward_from_alerting({}, false, {}, "Bob");
  EXPECT_EQ(pri_from_backward(acm).party->name, "Bob");
}

TEST(ProgressTransit, EveryIndicatorCrossesUnchanged) {  // Q.931 4.5.23, Q.699
  for (const int description : {1, 2, 3, 4, 5, 8}) {
    const std::vector<Progress> progress{
        {static_cast<ProgressDescription>(description), tdm::pri::Location::private_remote}};
    const auto has = [&](const std::vector<Progress>& all) {
      return std::ranges::find(all, progress[0]) != all.end();
    };
    EXPECT_TRUE(has(pri_from_backward(backward_from_alerting(progress, false)).progress)) << description;
    EXPECT_TRUE(has(pri_from_backward(*backward_from_progress({1, progress, {}}, true)).progress))
        << description;
    tdm::pri::ConnectInd connect{.call = 1, .connected = {}, .progress = progress, .channel = {}};
    EXPECT_TRUE(has(pri_from_backward(answer_from_connect(connect, true)).progress)) << description;
    auto in = setup();
    in.progress = progress;
    EXPECT_TRUE(has(across(in).progress)) << description;
  }
}

TEST(ProgressTransit, IndicatorsOfIsupBecomeProgressIndicatorsOnce) {
  const auto only = [](const Message& m) { return pri_from_backward(m).progress; };
  using P = std::vector<Progress>;
  const auto here = tdm::pri::Location::public_local;
  auto acm = Message(MessageType::acm).set(isup::BackwardCallIndicators{.interworking = true});
  EXPECT_EQ(only(acm), (P{{ProgressDescription::not_end_to_end, here}, {ProgressDescription::inband, here}}));
  acm.set(isup::BackwardCallIndicators{.isdn_access = false});
  EXPECT_EQ(only(acm), (P{{ProgressDescription::destination_non_isdn, here}}));
  acm.set(isup::BackwardCallIndicators{.isdn_access = true});
  EXPECT_TRUE(only(acm).empty());
  const auto twice = backward_from_alerting({{ProgressDescription::inband, tdm::pri::Location::user}}, false);
  EXPECT_EQ(only(twice), (P{{ProgressDescription::inband, tdm::pri::Location::user}}));
}

TEST(Notify, CrossesAndHoldsReachSip) {  // Q.931 4.5.22, RFC 3398 9
  for (const auto notification :
       {Notification::user_suspended, Notification::user_resumed, Notification::bearer_change,
        Notification::remote_hold, Notification::remote_retrieval, Notification::call_diverting}) {
    const auto message = message_from_notification(notification);
    ASSERT_TRUE(message);
    const auto choice = pri_from_backward(*message);
    EXPECT_EQ(choice.notification, notification);
    EXPECT_EQ(choice.message, PriBackward::notify);
  }
  EXPECT_EQ(hold_from_message(*message_from_notification(Notification::remote_hold)), true);
  EXPECT_EQ(hold_from_message(*message_from_notification(Notification::user_resumed)), false);
  EXPECT_EQ(notification_from_message(message_from_hold(true)), Notification::remote_hold);
  EXPECT_FALSE(message_from_notification(static_cast<Notification>(0x33)));
  EXPECT_FALSE(notification_from_message(Message(MessageType::anm)));
}

}  // namespace
}  // namespace tandem::interwork
