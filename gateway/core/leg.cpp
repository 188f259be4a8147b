#include "gateway/core/leg.h"

namespace tandem::core {

isup::Message make_rel(std::uint8_t cause, isup::Location location) {
  isup::Message rel(isup::MessageType::rel);
  isup::CauseIndicators indicators;
  indicators.value = cause;
  indicators.location = location;
  rel.set(std::move(indicators));
  return rel;
}

isup::CauseIndicators cause_of(const isup::Message& rel) {
  const auto* cause = rel.get<isup::CauseIndicators>();
  return cause != nullptr ? *cause : isup::CauseIndicators{};
}

bool is_alerting(const isup::Message& message) {
  if (const auto* event = message.get<isup::EventInformation>(); event != nullptr) return event->event == 1;
  const auto* indicators = message.get<isup::BackwardCallIndicators>();
  return message.type() == isup::MessageType::acm && indicators != nullptr && indicators->called_status == 1;
}

bool has_inband(const isup::Message& message) {
  if (const auto* optional = message.get<isup::OptionalBackwardCallIndicators>();
      optional != nullptr && optional->inband)
    return true;
  if (const auto* event = message.get<isup::EventInformation>(); event != nullptr && event->event == 3)
    return true;
  const auto* indicators = message.get<isup::BackwardCallIndicators>();
  return indicators != nullptr && indicators->interworking;
}

std::string number_text(const std::string& digits, isup::NatureOfAddress nature) {
  std::string text = nature == isup::NatureOfAddress::international ? "+" + digits : digits;
  if (!text.empty() && text.back() == 'F') text.pop_back();      // ST is a signal, not a digit
  for (auto& c : text) c = c == 'B' ? '*' : c == 'C' ? '#' : c;  // Q.763 3.9: code 11, code 12
  return text;
}

}  // namespace tandem::core
