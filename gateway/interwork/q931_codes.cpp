#include "gateway/interwork/q931_codes.h"

#include <array>

#include "gateway/interwork/numbers.h"

namespace tandem::interwork::q931 {

namespace {

using tdm::pri::TypeOfNumber;
using PriPlan = tdm::pri::NumberingPlan;

struct NatureRow {
  TypeOfNumber type;
  isup::NatureOfAddress nature;
};
constexpr auto kNatures = std::to_array<NatureRow>({
    // Q.931 table 4-9, Q.763 3.9
    {TypeOfNumber::unknown, isup::NatureOfAddress::unknown},
    {TypeOfNumber::international, isup::NatureOfAddress::international},
    {TypeOfNumber::national, isup::NatureOfAddress::national},
    {TypeOfNumber::network_specific, isup::NatureOfAddress::network_specific},
    {TypeOfNumber::subscriber, isup::NatureOfAddress::subscriber},
});

struct PlanRow {
  PriPlan q931;
  isup::NumberingPlan isup;
};
constexpr auto kPlans = std::to_array<PlanRow>({
    // Q.931 table 4-9, Q.763 3.9
    {PriPlan::unknown, isup::NumberingPlan::unknown},
    {PriPlan::isdn, isup::NumberingPlan::isdn},
    {PriPlan::data, isup::NumberingPlan::data},
    {PriPlan::telex, isup::NumberingPlan::telex},
    {PriPlan::private_plan, isup::NumberingPlan::private_plan},
});

constexpr Octet kCalledNumber = 0x70;       // Q.931 4.5.8
constexpr Octet kProgressIndicator = 0x1e;  // Q.931 4.5.23
constexpr std::size_t kMaxProgress = 8;     // elements taken from one message

/// The element at the front and what follows it; Q.931 4.5.1: those with bit 8 set are one octet long.
struct Element {
  Octet id = 0;
  OctetView contents;
  OctetView rest;
};
std::optional<Element> front(OctetView octets) {
  if (octets.empty()) return std::nullopt;
  if ((octets[0] & 0x80) != 0) return Element{octets[0], {}, octets.subspan(1)};
  if (octets.size() < 2 || octets.size() < 2U + octets[1]) return std::nullopt;
  return Element{octets[0], octets.subspan(2, octets[1]), octets.subspan(2U + octets[1])};
}

}  // namespace

isup::NatureOfAddress nature_from_type(TypeOfNumber type) {
  for (const auto& row : kNatures)
    if (row.type == type) return row.nature;
  return isup::NatureOfAddress::unknown;
}

TypeOfNumber type_from_nature(isup::NatureOfAddress nature) {
  for (const auto& row : kNatures)
    if (row.nature == nature) return row.type;
  return TypeOfNumber::unknown;
}

isup::NumberingPlan plan_from_q931(PriPlan plan) {
  for (const auto& row : kPlans)
    if (row.q931 == plan) return row.isup;
  return isup::NumberingPlan::unknown;
}

PriPlan plan_from_isup(isup::NumberingPlan plan) {
  for (const auto& row : kPlans)
    if (row.isup == plan) return row.q931;
  return PriPlan::unknown;
}

std::string signals_from_digits(std::string_view digits) {
  if (digits.size() > kMaxDigits) return {};
  std::string out;
  for (const char c : digits) {
    if (c >= '0' && c <= '9')
      out += c;
    else if (c == '*')
      out += 'B';
    else if (c == '#')
      out += 'C';
    else
      return {};
  }
  return out;
}

std::string digits_from_signals(std::string_view signals) {
  std::string out;
  for (const char c : signals) {
    if (c == 'F') break;  // Q.763 3.9: ST ends the number
    out += c == 'B' ? '*' : c == 'C' ? '#' : c;
  }
  return out;
}

std::optional<isup::CalledPartyNumber> read_called_number(OctetView element) {
  const auto found = front(element);
  if (!found || found->id != kCalledNumber || found->contents.size() < 2) return std::nullopt;
  const auto octet3 = found->contents[0];
  isup::CalledPartyNumber number{
      .digits = signals_from_digits(as_text(found->contents.subspan(1))),
      .nature = nature_from_type(static_cast<TypeOfNumber>(octet3 >> 4 & 0x07)),
      .plan = plan_from_q931(static_cast<PriPlan>(octet3 & 0x0f)),
  };
  if (number.digits.empty()) return std::nullopt;
  return number;
}

Octets write_progress(const std::vector<tdm::pri::Progress>& progress) {
  Octets out;
  for (const auto& [description, location] : progress) {
    if (out.size() == kMaxProgress * 4) break;
    out.push_back(kProgressIndicator);
    out.push_back(2);
    out.push_back(static_cast<Octet>(0x80 | static_cast<Octet>(location)));     // octet 3: ITU-T coding
    out.push_back(static_cast<Octet>(0x80 | static_cast<Octet>(description)));  // octet 4
  }
  return out;
}

std::vector<tdm::pri::Progress> read_progress(OctetView elements) {
  std::vector<tdm::pri::Progress> out;
  for (auto element = front(elements); element && out.size() < kMaxProgress; element = front(element->rest)) {
    if (element->id != kProgressIndicator || element->contents.size() < 2) continue;
    if ((element->contents[0] & 0x60) != 0) continue;  // Q.931 4.5.23: another coding standard
    out.push_back({static_cast<tdm::pri::ProgressDescription>(element->contents[1] & 0x7f),
                   static_cast<tdm::pri::Location>(element->contents[0] & 0x0f)});
  }
  return out;
}

}  // namespace tandem::interwork::q931
