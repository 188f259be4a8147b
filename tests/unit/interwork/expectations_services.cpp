#include "gateway/interwork/diversion.h"
#include "gateway/interwork/q931_codes.h"
#include "gateway/interwork/q931_isup.h"
#include "gateway/interwork/sip_isup.h"
#include "tests/unit/interwork/expectations.h"

namespace tandem::interwork {
namespace {

using isup::Message;
using isup::MessageType;
using tdm::pri::ProgressDescription;
using tdm::pri::RedirectionReason;
using Says = std::function<bool(const Tables&)>;

// --- reasons of redirections ------------------------------------------------------------------------------
Message diverted(int reason) {
  Message iam(MessageType::iam);
  iam.set(isup::CalledPartyNumber{.digits = "1000"}).set(isup::RedirectingNumber{.digits = "1001"});
  iam.set(isup::RedirectionInformation{.reason = static_cast<std::uint8_t>(reason)});
  return iam;
}
std::string written(int reason, DiversionHeader as, const Tables& t) {
  const auto headers = write_redirections(diverted(reason), {}, {}, {as, true, "gw"}, t);
  return headers.empty() ? std::string() : headers[0].value;
}
int read(const char* header, const std::string& value, const Tables& t) {
  Message iam(MessageType::iam);
  read_redirections(iam, {{header, value}}, {}, false, t);
  const auto* information = iam.get<isup::RedirectionInformation>();
  return information != nullptr ? information->reason : -1;
}

/// `first`: the reason that is read where several are said alike.
void expect_reason(Expectations& out, int reason, RedirectionReason q931, const char* token, int cause,
                   int first) {
  const auto name = "redirection for reason " + std::to_string(reason);
  out.push_back(
      {name + " to Diversion", [=](const Tables& t) {
         return written(reason, DiversionHeader::diversion, t).contains(std::string("reason=") + token + ";");
       }});
  out.push_back(
      {name + " to History-Info", [=](const Tables& t) {
         return written(reason, DiversionHeader::history_info, t).contains(";cause=" + std::to_string(cause));
       }});
  out.push_back({name + " to Q.931", [=](const Tables& t) {
                   const auto setup = setup_from_iam(diverted(reason), tdm::pri::Layer1::a_law, t);
                   return setup.redirection && setup.redirection->reason == q931;
                 }});
  out.push_back({name + " of a call that goes on, to Q.931", [=](const Tables& t) {
                   auto acm = Message(MessageType::acm).set(isup::RedirectionNumber{.digits = "1001"});
                   acm.set(isup::CallDiversionInformation{.reason = static_cast<std::uint8_t>(reason)});
                   const auto diversion = diversion_from_message(acm, t);
                   return diversion && diversion->reason == q931;
                 }});
  out.push_back({name + " of a call that goes on, from 181", [=](const Tables& t) {
                   Message acm(MessageType::acm);
                   const auto history =
                       "<sip:1@x>,<sip:1001@x;cause=" + std::to_string(cause) + ">;index=1.1";
                   read_redirection_number(acm, {{"History-Info", history}}, {}, t);
                   const auto* information = acm.get<isup::CallDiversionInformation>();
                   return information != nullptr && information->reason == reason;
                 }});
  out.push_back({name + " from Diversion", [=](const Tables& t) {
                   return read("Diversion", std::string("<sip:1001@x>;reason=") + token, t) == first;
                 }});
  out.push_back({name + " from History-Info", [=](const Tables& t) {
                   return read("History-Info",
                               "<sip:1001@x>;index=1,<sip:1000@x;cause=" + std::to_string(cause) +
                                   ">;index=1.1",
                               t) == reason;
                 }});
  out.push_back({name + " from Q.931", [=](const Tables& t) {
                   tdm::pri::Setup setup;
                   setup.redirection = tdm::pri::Redirection{};
                   setup.redirection->redirecting = tdm::pri::Number{.digits = "1001"};
                   setup.redirection->reason = q931;
                   const auto iam = iam_from_setup(setup, t);
                   const auto* information = iam.get<isup::RedirectionInformation>();
                   return information != nullptr && information->reason == first;
                 }});
}

// --- numbers and bearers ----------------------------------------------------------------------------------
void expect_nature(Expectations& out, tdm::pri::TypeOfNumber type, isup::NatureOfAddress nature) {
  out.push_back({"type of number " + std::to_string(static_cast<int>(type)), [=](const Tables& t) {
                   return q931::nature_from_type(type, t) == nature &&
                          q931::type_from_nature(nature, t) == type;
                 }});
}
void expect_plan(Expectations& out, tdm::pri::NumberingPlan plan, isup::NumberingPlan isup) {
  out.push_back({"numbering plan " + std::to_string(static_cast<int>(plan)), [=](const Tables& t) {
                   return q931::plan_from_q931(plan, t) == isup && q931::plan_from_isup(isup, t) == plan;
                 }});
}
void expect_bearer(Expectations& out, tdm::pri::Transfer transfer, int medium, int preference,
                   bool known = true) {
  const auto name = "bearer capability " + std::to_string(static_cast<int>(transfer));
  out.push_back({name, [=](const Tables& t) {
                   tdm::pri::Setup setup;
                   setup.bearer.transfer = transfer;
                   const auto iam = iam_from_setup(setup, t);
                   return iam.get<isup::TransmissionMedium>()->value == medium &&
                          iam.get<isup::ForwardCallIndicators>()->isup_preference == preference;
                 }});
  if (!known) return;
  out.push_back({name + " comes back by USI", [=](const Tables& t) {
                   tdm::pri::Setup setup;
                   setup.bearer.transfer = transfer;
                   const auto back = setup_from_iam(iam_from_setup(setup, t), tdm::pri::Layer1::a_law, t);
                   return back.bearer.transfer == transfer;
                 }});
}
void expect_medium(Expectations& out, int medium, tdm::pri::Transfer transfer) {
  out.push_back({"medium " + std::to_string(medium) + " is its bearer capability", [=](const Tables& t) {
                   Message iam(MessageType::iam);
                   iam.set(isup::TransmissionMedium{static_cast<std::uint8_t>(medium)});
                   return setup_from_iam(iam, tdm::pri::Layer1::a_law, t).bearer.transfer == transfer;
                 }});
}

// --- progress, notifications, holds -----------------------------------------------------------------------
void expect_progress(Expectations& out, ProgressDescription description, bool interworking, bool far_isdn,
                     bool near_isdn, bool inband, int event) {
  const auto name = "progress description " + std::to_string(static_cast<int>(description));
  const std::vector<tdm::pri::Progress> progress{{description, tdm::pri::Location::user}};
  out.push_back({name + " in ALERTING", [=](const Tables& t) {
                   const auto acm = backward_from_alerting(progress, false, {}, {}, t);
                   const auto* bci = acm.get<isup::BackwardCallIndicators>();
                   const auto* optional = acm.get<isup::OptionalBackwardCallIndicators>();
                   return bci->interworking == interworking && bci->isdn_access == far_isdn &&
                          (optional != nullptr && optional->inband) == inband;
                 }});
  out.push_back({name + " in SETUP", [=](const Tables& t) {
                   tdm::pri::Setup setup;
                   setup.progress = progress;
                   const auto iam = iam_from_setup(setup, t);
                   const auto* fci = iam.get<isup::ForwardCallIndicators>();
                   return fci->interworking == interworking && fci->isdn_access == near_isdn;
                 }});
  out.push_back({name + " in PROGRESS", [=](const Tables& t) {
                   const auto cpg = backward_from_progress({1, progress, {}}, true, t);
                   return cpg && cpg->get<isup::EventInformation>()->event == event;
                 }});
}

void expect_notification(Expectations& out, tdm::pri::Notification notification, MessageType type,
                         int event) {
  const auto name = "notification " + std::to_string(static_cast<int>(notification));
  out.push_back({name, [=](const Tables& t) {
                   const auto m = message_from_notification(notification, t);
                   if (!m || m->type() != type) return false;
                   const auto* information = m->get<isup::EventInformation>();
                   return type != MessageType::cpg || (information != nullptr && information->event == event);
                 }});
  out.push_back({name + " comes back", [=](const Tables& t) {
                   Message m(type);
                   if (type == MessageType::cpg)
                     m.set(isup::GenericNotification{static_cast<std::uint8_t>(notification)});
                   return notification_from_message(m, t) == notification;
                 }});
}

void expect_hold(Expectations& out, const char* name, const Message& message, bool held) {
  out.push_back({name, [=](const Tables& t) { return hold_from_message(message, t) == held; }});
}

}  // namespace

void expect_services(Expectations& out) {
  using R = RedirectionReason;
  expect_reason(out, 0, R::unknown, "unknown", 404, 0);  // Q.763 3.45, Q.931 4.6.7, RFC 5806, RFC 7544 5
  expect_reason(out, 1, R::busy, "user-busy", 486, 1);
  expect_reason(out, 2, R::no_reply, "no-answer", 408, 2);
  expect_reason(out, 3, R::unconditional, "unconditional", 302, 3);
  expect_reason(out, 4, R::deflection, "deflection", 487, 5);
  expect_reason(out, 5, R::deflection, "deflection", 480, 5);
  expect_reason(out, 6, R::out_of_order, "unavailable", 503, 6);

  using T = tdm::pri::TypeOfNumber;  // Q.931 table 4-9, Q.763 3.9
  using N = isup::NatureOfAddress;
  expect_nature(out, T::unknown, N::unknown);
  expect_nature(out, T::international, N::international);
  expect_nature(out, T::national, N::national);
  expect_nature(out, T::network_specific, N::network_specific);
  expect_nature(out, T::subscriber, N::subscriber);
  using Q = tdm::pri::NumberingPlan;
  using I = isup::NumberingPlan;
  expect_plan(out, Q::unknown, I::unknown);
  expect_plan(out, Q::isdn, I::isdn);
  expect_plan(out, Q::data, I::data);
  expect_plan(out, Q::telex, I::telex);
  expect_plan(out, Q::private_plan, I::private_plan);

  using B = tdm::pri::Transfer;  // Q.699, Q.763 3.54
  expect_bearer(out, B::speech, 0, 1);
  expect_bearer(out, B::audio_3k1, 3, 1);
  expect_bearer(out, B::unrestricted, 2, 2);
  expect_bearer(out, B::restricted, 2, 2);
  expect_bearer(out, static_cast<B>(0x11), 3, 1, false);  // 7 kHz audio: as 3.1 kHz
  expect_medium(out, 0, B::speech);
  expect_medium(out, 3, B::audio_3k1);
  expect_medium(out, 2, B::unrestricted);

  using P = ProgressDescription;  // Q.931 4.5.23
  expect_progress(out, P::not_end_to_end, true, false, true, false, 2);
  expect_progress(out, P::destination_non_isdn, false, false, true, false, 2);
  expect_progress(out, P::origination_non_isdn, false, true, false, false, 2);
  expect_progress(out, P::returned_to_isdn, false, true, true, false, 2);
  expect_progress(out, P::service_change, false, true, true, false, 2);
  expect_progress(out, P::inband, false, true, true, true, 3);

  using V = tdm::pri::Notification;  // Q.931 4.5.22, Q.763 3.25
  expect_notification(out, V::user_suspended, MessageType::sus, 0);
  expect_notification(out, V::user_resumed, MessageType::res, 0);
  expect_notification(out, V::bearer_change, MessageType::cpg, 2);
  expect_notification(out, V::remote_hold, MessageType::cpg, 2);
  expect_notification(out, V::remote_retrieval, MessageType::cpg, 2);
  expect_notification(out, V::call_diverting, MessageType::cpg, 6);

  // RFC 3398 9.1, 9.2
  expect_hold(out, "SUS holds", Message(MessageType::sus), true);
  expect_hold(out, "RES resumes", Message(MessageType::res), false);
  expect_hold(out, "remote hold holds", Message(MessageType::cpg).set(isup::GenericNotification{0x79}), true);
  expect_hold(out, "remote retrieval resumes", Message(MessageType::cpg).set(isup::GenericNotification{0x7a}),
              false);
  out.push_back({"a peer's hold is remote hold", [](const Tables& t) {
                   const auto message = message_from_hold(true, t);
                   const auto* n = message.get<isup::GenericNotification>();
                   return n != nullptr && n->indicator == 0x79;
                 }});
}

}  // namespace tandem::interwork
