#include <algorithm>

#include "gateway/interwork/q931_codes.h"
#include "gateway/interwork/q931_isup.h"
#include "gateway/interwork/q931_progress.h"
#include "gateway/interwork/routing_params.h"

namespace tandem::interwork {

namespace {

using isup::MessageType;
using tdm::pri::Layer1;
using tdm::pri::Progress;
using tdm::pri::ProgressDescription;
using tdm::pri::Transfer;

constexpr Octet kCircuitMode64k = 0x90;       // Q.931 4.5.5 octet 4
constexpr std::uint8_t kMaxRedirections = 5;  // Q.763 3.45

/// Q.699: 3.1 kHz audio, which interworks with everything.
BearerRow fallback(const Tables& tables) {
  return tables.bearers.empty() ? BearerRow{Transfer::audio_3k1, 3, 1} : tables.bearers.front();
}

bool is_voice(Transfer transfer) {
  return transfer == Transfer::speech || transfer == Transfer::audio_3k1;
}

/// Q.931 4.5.5 octets 3 to 5; layer 1 is said only where it matters.
Octets bearer_octets(const tdm::pri::Bearer& bearer) {
  Octets out{static_cast<Octet>(0x80 | static_cast<Octet>(bearer.transfer)), kCircuitMode64k};
  if (is_voice(bearer.transfer) || bearer.layer1 == Layer1::v110)
    out.push_back(static_cast<Octet>(0x80 | static_cast<Octet>(bearer.layer1)));
  return out;
}

/// From USI if it is there and known, else from TMR. The law is that of the trunk it goes to.
tdm::pri::Bearer bearer_from_iam(const isup::Message& iam, Layer1 law, const Tables& tables) {
  const auto* tmr = iam.get<isup::TransmissionMedium>();
  const auto* usi = iam.get<isup::UserServiceInformation>();
  auto row = fallback(tables);
  if (tmr != nullptr)
    if (const auto found = std::ranges::find(tables.bearers, tmr->value, &BearerRow::medium);
        found != tables.bearers.end())
      row = *found;
  tdm::pri::Bearer bearer{.transfer = row.transfer, .layer1 = law};
  if (usi == nullptr || usi->bearer.size() < 2) return bearer;
  const auto transfer = static_cast<Transfer>(usi->bearer[0] & 0x1f);
  const auto known = std::ranges::find(tables.bearers, transfer, &BearerRow::transfer);
  if (known == tables.bearers.end() || (tmr != nullptr && known->medium != tmr->value)) return bearer;
  bearer.transfer = transfer;
  const bool v110 = usi->bearer.size() > 2 && (usi->bearer[2] & 0x7f) == static_cast<Octet>(Layer1::v110);
  if (v110 && !is_voice(transfer)) bearer.layer1 = Layer1::v110;
  return bearer;
}

/// Progress indicators for SETUP: those that crossed, and those that the indicators demand.
std::vector<Progress> forward_progress(const isup::Message& iam) {
  auto progress = q931::read_progress(q931::carried(iam));
  const auto* fci = iam.get<isup::ForwardCallIndicators>();
  if (fci == nullptr) return progress;
  if (fci->interworking)
    add_progress(progress, ProgressDescription::not_end_to_end);
  else if (!fci->isdn_access)
    add_progress(progress, ProgressDescription::origination_non_isdn);
  return progress;
}

std::uint8_t isup_reason(tdm::pri::RedirectionReason reason, const Tables& tables) {
  const auto row = std::ranges::find(tables.reasons, reason, &ReasonRow::q931);
  return row != tables.reasons.end() ? row->isup : std::uint8_t{0};
}

tdm::pri::RedirectionReason q931_reason(std::uint8_t reason, const Tables& tables) {
  const auto row = std::ranges::find(tables.reasons, reason, &ReasonRow::isup);
  return row != tables.reasons.end() ? row->q931 : tdm::pri::RedirectionReason::unknown;
}

/// Q.732.2, Q.952: who diverted the call.
void set_redirection(isup::Message& iam, const tdm::pri::Redirection& redirection, const Tables& tables) {
  const auto& last = redirection.redirecting;
  // One diversion has one diverting party: both numbers are its.
  const auto& first =
      redirection.original_called || redirection.count > 1 ? redirection.original_called : last;
  if (!last && !first) return;
  if (first) iam.set(q931::isup_number<isup::OriginalCalledNumber>(*first, tables));
  if (last) iam.set(q931::isup_number<isup::RedirectingNumber>(*last, tables));
  const bool hidden = last && last->presentation != tdm::pri::Presentation::allowed;
  const auto original = isup_reason(redirection.original_reason, tables);
  iam.set(isup::RedirectionInformation{
      .indicator = static_cast<std::uint8_t>(hidden ? 4 : 3),
      .original_reason = original > 3 ? std::uint8_t{0} : original,  // Q.763 3.45: no others there
      .counter = std::clamp<std::uint8_t>(redirection.count, 1, kMaxRedirections),
      .reason = isup_reason(redirection.reason, tables)});
}

std::optional<tdm::pri::Redirection> redirection_of(const isup::Message& iam, const Tables& tables) {
  const auto* first = iam.get<isup::OriginalCalledNumber>();
  const auto* last = iam.get<isup::RedirectingNumber>();
  if (first == nullptr && last == nullptr) return std::nullopt;
  tdm::pri::Redirection redirection;
  if (first != nullptr) redirection.original_called = q931::q931_number(*first, tables);
  if (last != nullptr) redirection.redirecting = q931::q931_number(*last, tables);
  if (const auto* information = iam.get<isup::RedirectionInformation>()) {
    redirection.original_reason = q931_reason(information->original_reason, tables);
    redirection.reason = q931_reason(information->reason, tables);
    redirection.count = std::max<std::uint8_t>(information->counter, 1);
  }
  const auto hidden = [](const auto* number) {
    return number != nullptr && number->presentation == isup::Presentation::restricted;
  };
  if (!hidden(first)) redirection.original_called_name = name_of(iam, isup::NameOf::original_called);
  if (!hidden(last)) redirection.redirecting_name = name_of(iam, isup::NameOf::redirecting);
  if (!redirection.redirecting && redirection.count == 1)
    redirection.redirecting = redirection.original_called;
  return redirection;
}

/// A name is as secret as the number beside it: a display element has no presentation indicator of its own
/// (Q.931 4.5.16).
void set_names(isup::Message& iam, const tdm::pri::Setup& setup) {
  const auto set = [&](isup::NameOf of, const std::string& name,
                       const std::optional<tdm::pri::Number>& number) {
    const bool restricted = number && number->presentation == tdm::pri::Presentation::restricted;
    if (!name.empty() && !restricted) iam.set(isup::GenericName{.name = name, .of = of});
  };
  set(isup::NameOf::calling, setup.calling_name, setup.calling);
  if (const auto& redirection = setup.redirection) {
    set(isup::NameOf::original_called, redirection->original_called_name, redirection->original_called);
    set(isup::NameOf::redirecting, redirection->redirecting_name, redirection->redirecting);
  }
}

}  // namespace

isup::Message iam_from_setup(const tdm::pri::Setup& setup, const Tables& tables) {
  const auto known = std::ranges::find(tables.bearers, setup.bearer.transfer, &BearerRow::transfer);
  const auto bearer = known == tables.bearers.end() ? fallback(tables) : *known;
  const auto said = progress_says(setup.progress, tables);
  isup::Message iam(MessageType::iam);
  iam.set(isup::NatureOfConnection{});
  iam.set(isup::ForwardCallIndicators{.interworking = said.interworking,
                                      .isup_all_the_way = !said.interworking,
                                      .isup_preference = bearer.preference,
                                      .isdn_access = !said.calling_non_isdn});
  iam.set(isup::CallingPartysCategory{}).set(isup::TransmissionMedium{bearer.medium});
  iam.set(isup::OptionalForwardCallIndicators{.connected_line_request = true});  // Q.731.5: else none is told
  iam.set(isup::CalledPartyNumber{.digits = q931::signals_from_digits(setup.called.digits),
                                  .nature = q931::nature_from_type(setup.called.type, tables),
                                  .plan = q931::plan_from_q931(setup.called.plan, tables)});
  const auto& calling = setup.calling;
  if (calling) {
    auto number = q931::isup_number<isup::CallingPartyNumber>(*calling, tables);
    if (!number.digits.empty() || number.presentation != isup::Presentation::allowed)
      iam.set(std::move(number));
  }
  iam.set(isup::UserServiceInformation{bearer_octets(setup.bearer)});
  if (setup.redirection) set_redirection(iam, *setup.redirection, tables);
  set_names(iam, setup);
  set_user_user(iam, setup.user_user);
  q931::carry(iam, q931::write_progress(setup.progress));
  if (setup.calling_subaddress)
    q931::carry(iam, q931::write_subaddress(q931::SubaddressOf::calling, *setup.calling_subaddress));
  if (setup.called_subaddress)
    q931::carry(iam, q931::write_subaddress(q931::SubaddressOf::called, *setup.called_subaddress));
  q931::carry(iam, q931::write_keypad(setup.keypad));
  if (!setup.transit_network.empty())  // Q.699; Q.763 3.53: national network identification
    iam.set(isup::TransitNetworkSelection{.digits = setup.transit_network});
  return iam;
}

tdm::pri::Setup setup_from_iam(const isup::Message& iam, Layer1 law, const Tables& tables) {
  tdm::pri::Setup setup;
  setup.bearer = bearer_from_iam(iam, law, tables);
  if (const auto* called = iam.get<isup::CalledPartyNumber>())
    setup.called = {.digits = q931::digits_from_signals(called->digits),
                    .type = q931::type_from_nature(called->nature, tables),
                    .plan = q931::plan_from_isup(called->plan, tables)};
  const auto* calling = iam.get<isup::CallingPartyNumber>();
  if (calling != nullptr) setup.calling = q931::q931_number(*calling, tables);
  const bool restricted = calling != nullptr && calling->presentation == isup::Presentation::restricted;
  // A display element has no presentation indicator of its own (Q.931 4.5.16).
  if (!restricted) setup.calling_name = name_of(iam, isup::NameOf::calling);
  setup.progress = forward_progress(iam);
  setup.sending_complete = true;  // en bloc
  const auto elements = q931::carried(iam);
  setup.calling_subaddress = q931::read_subaddress(q931::SubaddressOf::calling, elements);
  setup.called_subaddress = q931::read_subaddress(q931::SubaddressOf::called, elements);
  setup.keypad = q931::read_keypad(elements);
  setup.transit_network = carrier_of(iam);
  setup.redirection = redirection_of(iam, tables);
  setup.user_user = user_user_from_message(iam);
  return setup;
}

std::optional<isup::Message> sam_from_information(const tdm::pri::InformationInd& information) {
  if (information.keypad) return std::nullopt;  // Q.932: a stimulus for the exchange, no digits of the number
  auto digits = q931::signals_from_digits(information.digits);
  if (digits.empty() && !information.digits.empty()) return std::nullopt;
  if (information.sending_complete) digits += 'F';  // Q.763 3.51: ST
  if (digits.empty()) return std::nullopt;
  return isup::Message(MessageType::sam).set(isup::SubsequentNumber{std::move(digits)});
}

MoreDigits information_from_sam(const isup::Message& sam) {
  const auto* subsequent = sam.get<isup::SubsequentNumber>();
  if (subsequent == nullptr) return {};
  return {.digits = q931::digits_from_signals(subsequent->digits),
          .complete = subsequent->digits.contains('F')};
}

}  // namespace tandem::interwork
