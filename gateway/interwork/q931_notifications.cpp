// Q.931 <-> ISUP: notifications, and whom a call is diverted to.
#include <algorithm>

#include "gateway/interwork/diversion.h"
#include "gateway/interwork/q931_codes.h"
#include "gateway/interwork/q931_isup.h"

namespace tandem::interwork {

using isup::MessageType;

std::optional<tdm::pri::Notification> notification_from_message(const isup::Message& message,
                                                                const Tables& tables) {
  const auto* indicator = message.get<isup::GenericNotification>();
  const bool acm = message.type() == MessageType::acm;  // Q.763 table 21: has the indicator as well
  for (const auto& row : tables.notifications) {
    if (row.message != (acm ? MessageType::cpg : message.type())) continue;
    if (row.message != MessageType::cpg) return row.notification;
    if (indicator != nullptr && indicator->indicator == static_cast<std::uint8_t>(row.notification))
      return row.notification;
  }
  const bool may_divert = acm || message.type() == MessageType::cpg;
  if (may_divert && says_diverting(message) && !keeps_diversion_secret(message))
    return tdm::pri::Notification::call_diverting;
  return std::nullopt;
}

isup::Message message_from_redirecting(const PriDiversion& diversion, bool acm_sent, const Tables& tables) {
  const auto row = std::ranges::find(tables.reasons, diversion.reason, &ReasonRow::q931);
  const auto reason = row != tables.reasons.end() ? row->isup : std::uint8_t{0};
  isup::Message message(acm_sent ? MessageType::cpg : MessageType::acm);
  if (acm_sent)
    message.set(isup::EventInformation{diversion_event(reason)});
  else
    message.set(isup::BackwardCallIndicators{.isup_all_the_way = true, .isdn_access = true});
  isup::CallDiversionInformation information{.subscription = 3, .reason = reason};
  if (diversion.to.number) {
    const auto number = q931::isup_number<isup::RedirectingNumber>(*diversion.to.number, tables);
    const bool hidden = number.presentation != isup::Presentation::allowed;
    if (!number.digits.empty()) {
      message.set(
          isup::RedirectionNumber{.digits = number.digits, .nature = number.nature, .plan = number.plan});
      if (hidden) message.set(isup::RedirectionNumberRestriction{isup::Presentation::restricted});
      if (!hidden) information.subscription = 2;  // Q.763 3.6: with the number
    }
  }
  return message.set(information);
}

std::optional<PriDiversion> diversion_from_message(const isup::Message& message, const Tables& tables) {
  const bool may_divert = message.type() == MessageType::acm || message.type() == MessageType::cpg;
  if (!may_divert || !says_diverting(message) || keeps_diversion_secret(message)) return std::nullopt;
  PriDiversion diversion;
  const auto reason = diversion_reason(message);
  if (const auto row = std::ranges::find(tables.reasons, reason, &ReasonRow::isup);
      row != tables.reasons.end())
    diversion.reason = row->q931;
  const auto* number = message.get<isup::RedirectionNumber>();
  if (number == nullptr) return diversion;
  const auto* restriction = message.get<isup::RedirectionNumberRestriction>();
  const auto* information = message.get<isup::CallDiversionInformation>();
  const bool hidden =
      (restriction != nullptr && restriction->presentation != isup::Presentation::allowed) ||
      (information != nullptr && information->subscription == 3);  // Q.763 3.6: without the number
  diversion.to.number = tdm::pri::Number{
      .digits = hidden ? std::string() : q931::digits_from_signals(number->digits),
      .type = q931::type_from_nature(number->nature, tables),
      .plan = q931::plan_from_isup(number->plan, tables),
      .presentation = hidden ? tdm::pri::Presentation::restricted : tdm::pri::Presentation::allowed,
      .screening = tdm::pri::Screening::network};
  return diversion;
}

}  // namespace tandem::interwork
