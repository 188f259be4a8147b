#include <algorithm>

#include "gateway/interwork/q931_codes.h"
#include "gateway/interwork/q931_isup.h"
#include "gateway/interwork/q931_progress.h"

namespace tandem::interwork {

namespace {

using isup::MessageType;
using tdm::pri::Progress;
using tdm::pri::ProgressDescription;

constexpr std::size_t kMaxUserUser = 128;  // Q.957.1, octets behind the protocol discriminator

/// Q.699: the far end is ISDN unless a progress indicator says otherwise.
isup::BackwardCallIndicators bci(std::uint8_t called_status, const ProgressSays& says) {
  return {.called_status = called_status,
          .interworking = says.interworking,
          .isup_all_the_way = !says.interworking,
          .isdn_access = !says.interworking && !says.called_non_isdn};
}

/// Q.699: progress indicators cross in the access transport parameter besides what the indicators say.
void add_progress_to(isup::Message& message, const std::vector<Progress>& progress,
                     const ProgressSays& says) {
  if (says.inband) message.set(isup::OptionalBackwardCallIndicators{.inband = true});
  q931::carry(message, q931::write_progress(progress));
}

isup::Message acm(std::uint8_t called_status, const std::vector<Progress>& progress, const Tables& tables) {
  const auto says = progress_says(progress, tables);
  isup::Message message(MessageType::acm);
  message.set(bci(called_status, says));
  add_progress_to(message, progress, says);
  return message;
}

isup::Message cpg(std::uint8_t event, std::uint8_t called_status, const std::vector<Progress>& progress,
                  const Tables& tables) {
  const auto says = progress_says(progress, tables);
  isup::Message message(MessageType::cpg);
  message.set(isup::EventInformation{event});
  if (!progress.empty()) message.set(bci(called_status, says));  // Q.763 table 30: when they change
  add_progress_to(message, progress, says);
  return message;
}

isup::CauseIndicators isup_cause(const tdm::pri::Cause& cause) {  // Q.850: the same values on both sides
  return {.value = cause.value, .location = static_cast<isup::Location>(cause.location)};
}

tdm::pri::Cause pri_cause(const isup::CauseIndicators& cause) {
  return {.value = cause.value,
          .location = static_cast<tdm::pri::Location>(static_cast<unsigned>(cause.location) & 15U)};
}

/// Connected number, name and sub-address (Q.731.5, Q.951 5).
void set_party(isup::Message& message, const tdm::pri::Party& party, const Tables& tables) {
  const auto& number = party.number;
  if (number) message.set(q931::isup_number<isup::ConnectedNumber>(*number, tables));
  // A display element has no presentation indicator of its own (Q.931 4.5.16).
  const bool restricted = number && number->presentation == tdm::pri::Presentation::restricted;
  if (!party.name.empty() && !restricted)
    message.set(isup::GenericName{.name = party.name, .of = isup::NameOf::connected});
  if (party.subaddress)
    q931::carry(message, q931::write_subaddress(q931::SubaddressOf::connected, *party.subaddress));
}

/// Q.931 4.5.23: those that crossed, and those that the indicators demand.
std::vector<Progress> backward_progress(const isup::Message& message, bool inband) {
  auto progress = q931::read_progress(q931::carried(message));
  if (const auto* indicators = message.get<isup::BackwardCallIndicators>()) {
    if (indicators->interworking)
      add_progress(progress, ProgressDescription::not_end_to_end);
    else if (!indicators->isdn_access)
      add_progress(progress, ProgressDescription::destination_non_isdn);
  }
  if (inband) add_progress(progress, ProgressDescription::inband);
  return progress;
}

bool says_alerting(const isup::Message& message) {
  const auto* indicators = message.get<isup::BackwardCallIndicators>();
  const auto* event = message.get<isup::EventInformation>();
  if (message.type() == MessageType::acm) return indicators != nullptr && indicators->called_status == 1;
  return event != nullptr && event->event == 1;
}

bool says_inband(const isup::Message& message) {
  const auto* indicators = message.get<isup::BackwardCallIndicators>();
  const auto* optional = message.get<isup::OptionalBackwardCallIndicators>();
  const auto* event = message.get<isup::EventInformation>();
  // Q.931 4.5.23: descriptions 1 and 8 both say that there may be something to hear.
  return message.get<isup::CauseIndicators>() != nullptr || (optional != nullptr && optional->inband) ||
         (indicators != nullptr && indicators->interworking) || (event != nullptr && event->event == 3);
}

}  // namespace

std::optional<isup::Message> backward_from_proceeding(const std::vector<Progress>& progress, bool acm_sent,
                                                      const Tables& tables) {
  if (acm_sent) return std::nullopt;
  return acm(0, progress, tables);
}

isup::Message backward_from_alerting(const std::vector<Progress>& progress, bool acm_sent,
                                     const std::optional<tdm::pri::UserUser>& user_user,
                                     const std::string& name, const Tables& tables) {
  auto message = acm_sent ? cpg(1, 1, progress, tables) : acm(1, progress, tables);
  set_user_user(message, user_user);
  if (!name.empty()) message.set(isup::GenericName{.name = name, .of = isup::NameOf::connected});
  return message;
}

std::optional<isup::Message> backward_from_progress(const tdm::pri::ProgressInd& indication, bool acm_sent,
                                                    const Tables& tables) {
  const auto& [call, progress, cause] = indication;
  if (progress.empty() && !cause) return std::nullopt;
  const auto event = progress_says(progress, tables).event;
  auto message = acm_sent ? cpg(event, 0, progress, tables) : acm(0, progress, tables);
  if (cause) message.set(isup_cause(*cause));
  return message;
}

isup::Message answer_from_connect(const tdm::pri::ConnectInd& connect, bool acm_sent, const Tables& tables) {
  isup::Message answer(acm_sent ? MessageType::anm : MessageType::con);
  const auto says = progress_says(connect.progress, tables);
  if (!acm_sent || !connect.progress.empty()) answer.set(bci(acm_sent ? 0 : 1, says));
  q931::carry(answer, q931::write_progress(connect.progress));
  set_party(answer, {connect.connected, connect.name, connect.subaddress}, tables);
  set_user_user(answer, connect.user_user);
  return answer;
}

isup::Message release_from_cause(const tdm::pri::Cause& cause,
                                 const std::optional<tdm::pri::UserUser>& user_user) {
  auto rel = isup::Message(MessageType::rel).set(isup_cause(cause));
  set_user_user(rel, user_user);
  return rel;
}

std::optional<isup::Message> message_from_notification(tdm::pri::Notification notification,
                                                       const Tables& tables) {
  const auto row = std::ranges::find(tables.notifications, notification, &NotificationRow::notification);
  if (row == tables.notifications.end()) return std::nullopt;
  isup::Message message(row->message);
  if (row->message != MessageType::cpg) return message.set(isup::SuspendResume{.network = false});
  message.set(isup::EventInformation{row->event});
  return message.set(isup::GenericNotification{static_cast<std::uint8_t>(notification)});  // coded alike
}

isup::Message message_from_connected_line(const tdm::pri::Party& party, const Tables& tables) {
  auto message = isup::Message(MessageType::cpg).set(isup::EventInformation{2});
  set_party(message, party, tables);
  return message;
}

std::optional<tdm::pri::Party> party_from_message(const isup::Message& message, const Tables& tables) {
  tdm::pri::Party party;
  const auto* number = message.get<isup::ConnectedNumber>();
  if (number != nullptr) party.number = q931::q931_number(*number, tables);
  const bool restricted = number != nullptr && number->presentation == isup::Presentation::restricted;
  if (!restricted) party.name = name_of(message, isup::NameOf::connected);
  party.subaddress = q931::read_subaddress(q931::SubaddressOf::connected, q931::carried(message));
  if (party == tdm::pri::Party{}) return std::nullopt;
  return party;
}

std::optional<tdm::pri::UserUser> user_user_from_message(const isup::Message& message) {
  const auto* information = message.get<isup::UserToUserInformation>();
  if (information == nullptr || information->octets.size() > kMaxUserUser) return std::nullopt;
  return tdm::pri::UserUser{information->protocol, {information->octets.begin(), information->octets.end()}};
}

void set_user_user(isup::Message& message, const std::optional<tdm::pri::UserUser>& user_user) {
  if (user_user && user_user->octets.size() <= kMaxUserUser)
    message.set(isup::UserToUserInformation{user_user->protocol, user_user->octets});
}

PriBackwardChoice pri_from_backward(const isup::Message& message, const Tables& tables) {
  PriBackwardChoice choice;
  choice.notification = notification_from_message(message, tables);
  choice.diversion = diversion_from_message(message, tables);
  choice.user_user = user_user_from_message(message);
  choice.party = party_from_message(message, tables);
  if (message.type() == MessageType::anm || message.type() == MessageType::con) {
    choice.message = PriBackward::connect;
    choice.progress = backward_progress(message, false);
    return choice;
  }
  if (message.type() != MessageType::acm && message.type() != MessageType::cpg) {
    if (choice.notification) choice.message = PriBackward::notify;
    return choice;
  }
  const auto* cause = message.get<isup::CauseIndicators>();
  if (cause != nullptr) choice.cause = pri_cause(*cause);
  choice.inband = says_inband(message);
  choice.progress = backward_progress(message, choice.inband);
  if (says_alerting(message) && cause == nullptr)
    choice.message = PriBackward::alerting;
  else if (choice.inband)
    choice.message = PriBackward::progress;  // Q.931 3.1.8: only with a progress indicator
  else if (message.type() == MessageType::acm)
    choice.message = PriBackward::proceeding;
  else if (choice.notification)
    choice.message = PriBackward::notify;
  return choice;
}

tdm::pri::Cause cause_from_release(const isup::Message& rel) {
  const auto* cause = rel.get<isup::CauseIndicators>();
  return pri_cause(cause != nullptr ? *cause : isup::CauseIndicators{});
}

}  // namespace tandem::interwork
