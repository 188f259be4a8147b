#include "gateway/interwork/q931_isup.h"

#include <algorithm>
#include <array>

#include "gateway/interwork/q931_codes.h"

namespace tandem::interwork {

namespace {

using isup::MessageType;
using tdm::pri::Layer1;
using tdm::pri::Progress;
using tdm::pri::ProgressDescription;
using tdm::pri::Transfer;

struct BearerRow {
  Transfer transfer;
  std::uint8_t medium;      ///< Q.763 3.54
  std::uint8_t preference;  ///< Q.763 3.23 HG: 1 ISUP not required all the way, 2 required
};
constexpr auto kBearers = std::to_array<BearerRow>({
    // Q.699: bearer capability and TMR
    {Transfer::speech, 0, 1},
    {Transfer::audio_3k1, 3, 1},
    {Transfer::unrestricted, 2, 2},
    {Transfer::restricted, 2, 2},  // no TMR of its own: USI tells it apart
});
constexpr const BearerRow& kAudio = kBearers[1];

constexpr Octet kCircuitMode64k = 0x90;  // Q.931 4.5.5 octet 4

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
tdm::pri::Bearer bearer_from_iam(const isup::Message& iam, Layer1 law) {
  const auto* tmr = iam.get<isup::TransmissionMedium>();
  const auto* usi = iam.get<isup::UserServiceInformation>();
  const BearerRow* row = &kAudio;
  for (const auto& candidate : kBearers)
    if (tmr != nullptr && candidate.medium == tmr->value && row->medium != tmr->value) row = &candidate;
  tdm::pri::Bearer bearer{.transfer = row->transfer, .layer1 = law};
  if (usi == nullptr || usi->bearer.size() < 2) return bearer;
  const auto transfer = static_cast<Transfer>(usi->bearer[0] & 0x1f);
  const auto known = std::ranges::find(kBearers, transfer, &BearerRow::transfer);
  if (known == kBearers.end() || (tmr != nullptr && known->medium != tmr->value)) return bearer;
  bearer.transfer = transfer;
  const bool v110 = usi->bearer.size() > 2 && (usi->bearer[2] & 0x7f) == static_cast<Octet>(Layer1::v110);
  if (v110 && !is_voice(transfer)) bearer.layer1 = Layer1::v110;
  return bearer;
}

bool has(const std::vector<Progress>& progress, ProgressDescription description) {
  return std::ranges::find(progress, description, &Progress::description) != progress.end();
}

/// Q.699: progress indicators cross in the access transport parameter besides what the indicators say.
void carry(isup::Message& message, const std::vector<Progress>& progress) {
  if (!progress.empty()) message.set(isup::AccessTransport{q931::write_progress(progress)});
}

/// Q.699: the far end is ISDN unless a progress indicator says otherwise.
isup::BackwardCallIndicators bci(std::uint8_t called_status, const std::vector<Progress>& progress) {
  const bool interworking = has(progress, ProgressDescription::not_end_to_end);
  return {.called_status = called_status,
          .interworking = interworking,
          .isup_all_the_way = !interworking,
          .isdn_access = !interworking && !has(progress, ProgressDescription::destination_non_isdn)};
}

void add_inband(isup::Message& message, const std::vector<Progress>& progress) {
  if (has(progress, ProgressDescription::inband))
    message.set(isup::OptionalBackwardCallIndicators{.inband = true});
}

isup::Message acm(std::uint8_t called_status, const std::vector<Progress>& progress) {
  isup::Message message(MessageType::acm);
  message.set(bci(called_status, progress));
  add_inband(message, progress);
  carry(message, progress);
  return message;
}

isup::Message cpg(std::uint8_t event, std::uint8_t called_status, const std::vector<Progress>& progress) {
  isup::Message message(MessageType::cpg);
  message.set(isup::EventInformation{event});
  if (!progress.empty()) message.set(bci(called_status, progress));  // Q.763 table 30: when they change
  add_inband(message, progress);
  carry(message, progress);
  return message;
}

isup::CauseIndicators isup_cause(const tdm::pri::Cause& cause) {  // Q.850: the same values on both sides
  return {.value = cause.value, .location = static_cast<isup::Location>(cause.location)};
}

tdm::pri::Cause pri_cause(const isup::CauseIndicators& cause) {
  return {.value = cause.value, .location = static_cast<tdm::pri::Location>(cause.location)};
}

/// Progress indicators for SETUP: those that crossed, and those that the indicators demand.
std::vector<Progress> forward_progress(const isup::Message& iam) {
  std::vector<Progress> progress;
  if (const auto* transport = iam.get<isup::AccessTransport>())
    progress = q931::read_progress(transport->elements);
  const auto add =
      [&](ProgressDescription description) {  // generated here: we are the network next to the user
        if (!has(progress, description)) progress.push_back({description, tdm::pri::Location::public_local});
      };
  const auto* fci = iam.get<isup::ForwardCallIndicators>();
  if (fci == nullptr) return progress;
  if (fci->interworking)
    add(ProgressDescription::not_end_to_end);
  else if (!fci->isdn_access)
    add(ProgressDescription::origination_non_isdn);
  return progress;
}

}  // namespace

isup::Message iam_from_setup(const tdm::pri::Setup& setup) {
  const auto known = std::ranges::find(kBearers, setup.bearer.transfer, &BearerRow::transfer);
  const auto& bearer = known == kBearers.end() ? kAudio : *known;
  const bool interworking = has(setup.progress, ProgressDescription::not_end_to_end);
  isup::Message iam(MessageType::iam);
  iam.set(isup::NatureOfConnection{});
  iam.set(isup::ForwardCallIndicators{
      .interworking = interworking,
      .isup_all_the_way = !interworking,
      .isup_preference = bearer.preference,
      .isdn_access = !has(setup.progress, ProgressDescription::origination_non_isdn)});
  iam.set(isup::CallingPartysCategory{}).set(isup::TransmissionMedium{bearer.medium});
  iam.set(isup::CalledPartyNumber{.digits = q931::signals_from_digits(setup.called.digits),
                                  .nature = q931::nature_from_type(setup.called.type),
                                  .plan = q931::plan_from_q931(setup.called.plan)});
  const auto& calling = setup.calling;
  if (calling) {
    isup::CallingPartyNumber number{
        .digits = q931::signals_from_digits(calling->digits),
        .nature = q931::nature_from_type(calling->type),
        .plan = q931::plan_from_q931(calling->plan),
        .presentation = static_cast<isup::Presentation>(calling->presentation),  // coded alike, Q.763 3.10
        .screening = static_cast<isup::Screening>(calling->screening)};
    if (!number.digits.empty() || number.presentation != isup::Presentation::allowed)
      iam.set(std::move(number));
  }
  iam.set(isup::UserServiceInformation{bearer_octets(setup.bearer)});
  const bool restricted = calling && calling->presentation == tdm::pri::Presentation::restricted;
  if (!setup.calling_name.empty() && !restricted) iam.set(isup::GenericName{setup.calling_name});
  carry(iam, setup.progress);
  return iam;
}

tdm::pri::Setup setup_from_iam(const isup::Message& iam, Layer1 law) {
  tdm::pri::Setup setup;
  setup.bearer = bearer_from_iam(iam, law);
  if (const auto* called = iam.get<isup::CalledPartyNumber>())
    setup.called = {.digits = q931::digits_from_signals(called->digits),
                    .type = q931::type_from_nature(called->nature),
                    .plan = q931::plan_from_isup(called->plan)};
  const auto* calling = iam.get<isup::CallingPartyNumber>();
  if (calling != nullptr)
    setup.calling =
        tdm::pri::Number{.digits = q931::digits_from_signals(calling->digits),
                         .type = q931::type_from_nature(calling->nature),
                         .plan = q931::plan_from_isup(calling->plan),
                         .presentation = static_cast<tdm::pri::Presentation>(calling->presentation),
                         .screening = static_cast<tdm::pri::Screening>(calling->screening)};
  const bool restricted = calling != nullptr && calling->presentation == isup::Presentation::restricted;
  // A display element has no presentation indicator of its own (Q.931 4.5.16).
  if (const auto* name = iam.get<isup::GenericName>(); name != nullptr && !restricted)
    setup.calling_name = name->name;
  setup.progress = forward_progress(iam);
  setup.sending_complete = true;  // en bloc
  return setup;
}

std::optional<isup::Message> backward_from_proceeding(const std::vector<Progress>& progress, bool acm_sent) {
  if (acm_sent) return std::nullopt;
  return acm(0, progress);
}

isup::Message backward_from_alerting(const std::vector<Progress>& progress, bool acm_sent) {
  return acm_sent ? cpg(1, 1, progress) : acm(1, progress);
}

std::optional<isup::Message> backward_from_progress(const tdm::pri::ProgressInd& indication, bool acm_sent) {
  const auto& [call, progress, cause] = indication;
  if (progress.empty() && !cause) return std::nullopt;
  const std::uint8_t event = has(progress, ProgressDescription::inband) ? 3 : 2;  // Q.763 3.21
  auto message = acm_sent ? cpg(event, 0, progress) : acm(0, progress);
  if (cause) message.set(isup_cause(*cause));
  return message;
}

isup::Message answer_from_connect(const tdm::pri::ConnectInd& connect, bool acm_sent) {
  isup::Message answer(acm_sent ? MessageType::anm : MessageType::con);
  if (!acm_sent || !connect.progress.empty()) answer.set(bci(acm_sent ? 0 : 1, connect.progress));
  if (const auto& number = connect.connected)
    answer.set(isup::ConnectedNumber{.digits = q931::signals_from_digits(number->digits),
                                     .nature = q931::nature_from_type(number->type),
                                     .plan = q931::plan_from_q931(number->plan),
                                     .presentation = static_cast<isup::Presentation>(number->presentation),
                                     .screening = static_cast<isup::Screening>(number->screening)});
  carry(answer, connect.progress);
  return answer;
}

isup::Message release_from_cause(const tdm::pri::Cause& cause) {
  return isup::Message(MessageType::rel).set(isup_cause(cause));
}

PriBackwardChoice pri_from_backward(const isup::Message& message) {
  const auto* indicators = message.get<isup::BackwardCallIndicators>();
  const auto* optional = message.get<isup::OptionalBackwardCallIndicators>();
  const auto* event = message.get<isup::EventInformation>();
  const auto* cause = message.get<isup::CauseIndicators>();
  PriBackwardChoice choice;
  if (message.type() == MessageType::anm || message.type() == MessageType::con) {
    choice.message = PriBackward::connect;
    return choice;
  }
  if (message.type() != MessageType::acm && message.type() != MessageType::cpg) return choice;
  if (cause != nullptr) choice.cause = pri_cause(*cause);
  // Q.931 4.5.23: descriptions 1 and 8 both say that there may be something to hear.
  choice.inband = cause != nullptr || (optional != nullptr && optional->inband) ||
                  (indicators != nullptr && indicators->interworking) ||
                  (event != nullptr && event->event == 3);
  const bool alerting = message.type() == MessageType::acm
                            ? indicators != nullptr && indicators->called_status == 1
                            : event != nullptr && event->event == 1;
  if (alerting && cause == nullptr)
    choice.message = PriBackward::alerting;
  else if (choice.inband)
    choice.message = PriBackward::progress;  // Q.931 3.1.8: only with a progress indicator
  else if (message.type() == MessageType::acm)
    choice.message = PriBackward::proceeding;
  return choice;
}

tdm::pri::Cause cause_from_release(const isup::Message& rel) {
  const auto* cause = rel.get<isup::CauseIndicators>();
  return pri_cause(cause != nullptr ? *cause : isup::CauseIndicators{});
}

}  // namespace tandem::interwork
