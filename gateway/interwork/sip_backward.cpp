#include <algorithm>

#include "gateway/interwork/causes.h"
#include "gateway/interwork/diversion.h"
#include "gateway/interwork/identities.h"
#include "gateway/interwork/sip_isup.h"
#include "gateway/interwork/text.h"
#include "gateway/interwork/user_to_user.h"
#include "sipt/views.h"

namespace tandem::interwork {

namespace {

using isup::MessageType;
using isup::Presentation;

ProvisionalChoice from_cpg(const isup::Message& cpg, bool backward_media, const Tables& tables) {
  const auto* information = cpg.get<isup::EventInformation>();
  const auto find = [&](std::uint8_t event) {
    return std::ranges::find(tables.events, event, &EventRow::event);
  };
  auto row = find(information != nullptr ? information->event : std::uint8_t{0});
  if (row == tables.events.end()) row = find(0);
  if (row == tables.events.end()) return {};
  return {row->status, row->early_media || backward_media, row->clause};
}

/// The values of all headers of a name.
template <class Visit>
void for_each_value(const sip::Headers& headers, std::string_view name, Visit&& visit) {
  for (const auto& header : headers) {
    if (!same_token(header.name, name)) continue;
    sip::ValueList values(header.value);
    while (const auto value = values.next()) visit(sip::trim(*value));
  }
}

/// Privacy (RFC 3323 4.2): values are parted by semicolons.
std::vector<std::string> privacy_of(const sip::Headers& headers) {
  std::vector<std::string> out;
  for_each_value(headers, "Privacy", [&](std::string_view text) {
    sip::ValueList values(text, ';');
    while (const auto value = values.next())
      if (out.size() < 16) out.emplace_back(sip::trim(*value));
  });
  return out;
}

/// Connected number and name; false: nobody could be named.
bool set_connected(isup::Message& message, const std::vector<sip::NameAddr>& asserted,
                   const sip::Headers& headers, const NumberPlan& plan, const Tables& tables) {
  const bool hidden = hides_number(privacy_of(headers), tables);
  bool named = false;
  for (const auto& identity : asserted) {
    if (const auto name = display_name(identity.display); !named && !name.empty() && !hidden) {
      message.set(isup::GenericName{.name = name, .of = isup::NameOf::connected});
      named = true;
    }
    if (message.get<isup::ConnectedNumber>() != nullptr) continue;
    auto number = calling_from_uri(identity.uri, plan);
    if (!number) continue;
    message.set(
        isup::ConnectedNumber{.digits = std::move(number->digits),
                              .nature = number->nature,
                              .presentation = hidden ? Presentation::restricted : Presentation::allowed});
  }
  return named || message.get<isup::ConnectedNumber>() != nullptr;
}

void add_user_to_user(std::vector<sip::ExtraHeader>& out, const isup::Message& message,
                      const SipRules& rules) {
  if (const auto* information = message.get<isup::UserToUserInformation>();
      information != nullptr && rules.user_to_user)
    out.push_back(write_user_to_user(*information));
}

}  // namespace

isup::Message backward_from_provisional(int status, bool acm_sent, bool early_media,
                                        const sip::Headers& headers, const NumberPlan& plan,
                                        const SipRules& rules, const Tables& tables) {
  const auto row = std::ranges::find_if(tables.provisionals, [&](const ProvisionalRow& candidate) {
    return candidate.status == status || candidate.status == 0;
  });
  isup::Message message(acm_sent ? MessageType::cpg : MessageType::acm);
  if (row == tables.provisionals.end()) return message;
  if (acm_sent)
    message.set(isup::EventInformation{early_media ? row->event_inband : row->event});
  else
    message.set(isup::BackwardCallIndicators{.called_status = row->called_status});
  if (early_media) message.set(isup::OptionalBackwardCallIndicators{.inband = true});
  if (acm_sent && status == 181) read_redirection_number(message, headers, plan, tables);
  set_user_to_user(message, headers, rules);
  return message;
}

bool supports_early_media(const sip::Headers& headers) {
  bool listed = false;
  for_each_value(headers, "P-Early-Media",
                 [&](std::string_view value) { listed = listed || same_token(value, "supported"); });
  return listed;
}

bool may_be_heard(const sip::Headers& headers, const SipRules& rules, bool before, const Tables& tables) {
  if (!rules.p_early_media) return true;
  std::optional<bool> said;
  for_each_value(headers, "P-Early-Media", [&](std::string_view value) {
    const auto row = std::ranges::find_if(tables.early_media, [&](const EarlyMediaRow& candidate) {
      return same_token(candidate.value, value);
    });
    if (row != tables.early_media.end() && !said) said = row->backward;  // the first is our only stream's
  });
  return said.value_or(before);
}

isup::Message answer_from_ok(const std::vector<sip::NameAddr>& asserted, const NumberPlan& plan,
                             const SipRules& rules, bool acm_sent, const sip::Headers& headers,
                             const Tables& tables) {
  isup::Message answer(acm_sent ? MessageType::anm : MessageType::con);
  if (!acm_sent) answer.set(isup::BackwardCallIndicators{.called_status = 1});  // Q.763 table 28: mandatory
  if (rules.trusted) set_connected(answer, asserted, headers, plan, tables);
  set_user_to_user(answer, headers, rules);
  return answer;
}

std::optional<isup::Message> message_from_identity(const std::vector<sip::NameAddr>& asserted,
                                                   const sip::Headers& headers, const NumberPlan& plan,
                                                   const SipRules& rules, const Tables& tables) {
  auto message = isup::Message(MessageType::cpg).set(isup::EventInformation{2});
  if (!rules.trusted || !set_connected(message, asserted, headers, plan, tables)) return std::nullopt;
  return message;
}

isup::Message message_from_hold(bool held, const Tables& tables) {
  auto message = isup::Message(MessageType::cpg).set(isup::EventInformation{2});
  for (const auto& row : tables.holds)
    if (row.message == MessageType::cpg && row.held == held)
      message.set(isup::GenericNotification{row.indicator});
  return message;
}

void set_user_to_user(isup::Message& message, const sip::Headers& headers, const SipRules& rules) {
  if (!rules.user_to_user) return;
  if (auto information = read_user_to_user(headers)) message.set(std::move(*information));
}

ConnectedParty connected_from_answer(const isup::Message& anm_or_con, const NumberPlan& plan,
                                     const InviteTarget& target) {
  const auto* connected = anm_or_con.get<isup::ConnectedNumber>();
  if (connected == nullptr || connected->presentation == Presentation::not_available) return {};
  ConnectedParty party;
  party.restricted = connected->presentation == Presentation::restricted;
  std::string name;
  if (!party.restricted) name = display_name(std::string(name_of(anm_or_con, isup::NameOf::connected)));
  auto user = user_from_number(connected->digits, connected->nature, plan);
  if (!user.empty() && assertable(connected->screening) && (!party.restricted || target.rules.trusted))
    party.asserted = name_addr(std::move(name), number_uri(std::move(user), target.local.host()));
  return party;
}

ProvisionalChoice provisional_from_backward(const isup::Message& acm_or_cpg, const Tables& tables) {
  const auto* bci = acm_or_cpg.get<isup::BackwardCallIndicators>();
  const auto* optional = acm_or_cpg.get<isup::OptionalBackwardCallIndicators>();
  const bool interworking = bci != nullptr && bci->interworking;
  const bool inband = optional != nullptr && optional->inband;
  // A cause before the release: a tone or announcement says it (RFC 3398 5.5).
  const bool told = acm_or_cpg.get<isup::CauseIndicators>() != nullptr;
  const bool backward_media = interworking || inband || told;
  if (acm_or_cpg.type() == MessageType::cpg) return from_cpg(acm_or_cpg, backward_media, tables);
  if (acm_or_cpg.type() != MessageType::acm) return {};
  if (backward_media) return {183, true, "RFC 3398 7.2.6"};
  if (bci != nullptr && bci->called_status == 1) return {180, false, "RFC 3398 7.2.6"};
  if (says_diverting(acm_or_cpg)) return {181, false, "RFC 3398 7.2.7"};  // what an ACM may say as well
  return {183, false, "RFC 3398 7.2.5"};
}

std::vector<sip::ExtraHeader> headers_for_provisional(const isup::Message& acm_or_cpg,
                                                      const ProvisionalChoice& choice, const NumberPlan& plan,
                                                      const InviteTarget& target, const Tables& tables) {
  std::vector<sip::ExtraHeader> out;
  if (choice.status == 181)
    out = write_redirection_number(
        acm_or_cpg, plan, {target.rules.diversion, target.rules.trusted, target.local.host()}, tables);
  if (choice.early_media && target.rules.p_early_media)
    out.push_back({"P-Early-Media", "sendonly"});  // RFC 5009 8: the PSTN speaks, and hears nothing yet
  add_user_to_user(out, acm_or_cpg, target.rules);
  return out;
}

std::vector<sip::ExtraHeader> headers_for_answer(const isup::Message& anm_or_con, const NumberPlan& plan,
                                                 const InviteTarget& target) {
  std::vector<sip::ExtraHeader> out;
  const auto party = connected_from_answer(anm_or_con, plan, target);
  if (party.asserted) out.push_back({"P-Asserted-Identity", sip::to_string(*party.asserted)});
  if (party.restricted) out.push_back({"Privacy", "id"});
  add_user_to_user(out, anm_or_con, target.rules);
  return out;
}

std::vector<sip::ExtraHeader> headers_for_release(const isup::Message& rel, int status,
                                                  const NumberPlan& plan, const InviteTarget& target,
                                                  const Tables& tables) {
  std::vector<sip::ExtraHeader> out;
  const auto* cause = rel.get<isup::CauseIndicators>();
  if (status == 301 && cause != nullptr) {
    if (const auto number = new_number(*cause, tables)) {
      sip::NameAddr contact;  // RFC 3398 7.2.4.1, cause 22
      contact.uri = number_uri(user_from_number(number->digits, number->nature, plan), target.peer.host);
      contact.uri.port = target.peer.port;
      out.push_back({"Contact", sip::to_string(contact)});
    }
  }
  add_user_to_user(out, rel, target.rules);
  return out;
}

std::optional<bool> hold_from_message(const isup::Message& message, const Tables& tables) {
  const auto* notification = message.get<isup::GenericNotification>();
  for (const auto& row : tables.holds) {
    if (row.message != message.type()) continue;
    if (row.message != MessageType::cpg ||
        (notification != nullptr && notification->indicator == row.indicator))
      return row.held;
  }
  return std::nullopt;
}

}  // namespace tandem::interwork
