#include "gateway/interwork/q931_codes.h"

#include <algorithm>

#include "gateway/interwork/numbers.h"

namespace tandem::interwork::q931 {

namespace {

using tdm::pri::TypeOfNumber;
using PriPlan = tdm::pri::NumberingPlan;

constexpr Octet kCalledNumber = 0x70;       // Q.931 4.5.8
constexpr Octet kProgressIndicator = 0x1e;  // Q.931 4.5.23
constexpr Octet kKeypadFacility = 0x2c;     // Q.932 8.2.3
constexpr std::size_t kMaxProgress = 8;     // elements taken from one message
constexpr std::size_t kMaxSubaddress = 20;  // Q.931 4.5.9
constexpr std::size_t kMaxKeypad = 32;      // Q.932 8.2.3: a network may allow no more
constexpr std::size_t kMaxCarried = 255;    // Q.763 1.5: a parameter's length octet

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

isup::NatureOfAddress nature_from_type(TypeOfNumber type, const Tables& tables) {
  for (const auto& row : tables.natures)
    if (row.type == type) return row.nature;
  return isup::NatureOfAddress::unknown;
}

TypeOfNumber type_from_nature(isup::NatureOfAddress nature, const Tables& tables) {
  for (const auto& row : tables.natures)
    if (row.nature == nature) return row.type;
  return TypeOfNumber::unknown;
}

isup::NumberingPlan plan_from_q931(PriPlan plan, const Tables& tables) {
  for (const auto& row : tables.plans)
    if (row.q931 == plan) return row.isup;
  return isup::NumberingPlan::unknown;
}

PriPlan plan_from_isup(isup::NumberingPlan plan, const Tables& tables) {
  for (const auto& row : tables.plans)
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

std::optional<isup::CalledPartyNumber> read_called_number(OctetView element, const Tables& tables) {
  const auto found = front(element);
  if (!found || found->id != kCalledNumber || found->contents.size() < 2) return std::nullopt;
  const auto octet3 = found->contents[0];
  isup::CalledPartyNumber number{
      .digits = signals_from_digits(as_text(found->contents.subspan(1))),
      .nature = nature_from_type(static_cast<TypeOfNumber>(octet3 >> 4 & 0x07), tables),
      .plan = plan_from_q931(static_cast<PriPlan>(octet3 & 0x0f), tables),
  };
  if (number.digits.empty()) return std::nullopt;
  return number;
}

Octets write_called_number(const isup::CalledPartyNumber& number, const Tables& tables) {
  const auto digits = digits_from_signals(number.digits.substr(0, kMaxDigits));
  Octets out{kCalledNumber, static_cast<Octet>(digits.size() + 1)};
  out.push_back(static_cast<Octet>(0x80 | static_cast<Octet>(type_from_nature(number.nature, tables)) << 4 |
                                   static_cast<Octet>(plan_from_isup(number.plan, tables))));
  out.insert(out.end(), digits.begin(), digits.end());
  return out;
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

Octets write_subaddress(SubaddressOf of, const tdm::pri::Subaddress& subaddress) {
  const auto size = std::min(subaddress.octets.size(), kMaxSubaddress);
  Octets out{static_cast<Octet>(of), static_cast<Octet>(size + 1)};
  const bool odd = !subaddress.nsap && subaddress.odd;
  out.push_back(static_cast<Octet>(0x80 | (subaddress.nsap ? 0 : 0x20) | (odd ? 0x08 : 0)));
  out.insert(out.end(), subaddress.octets.begin(),
             subaddress.octets.begin() + static_cast<std::ptrdiff_t>(size));
  return out;
}

std::optional<tdm::pri::Subaddress> read_subaddress(SubaddressOf of, OctetView elements) {
  for (auto element = front(elements); element; element = front(element->rest)) {
    const auto& contents = element->contents;
    if (element->id != static_cast<Octet>(of) || contents.size() < 2) continue;
    if (contents.size() > kMaxSubaddress + 1) continue;
    const auto type = contents[0] >> 4 & 0x07;
    if (type != 0 && type != 2) continue;  // Q.931 table 4-10: reserved
    return tdm::pri::Subaddress{.nsap = type == 0,
                                .odd = type == 2 && (contents[0] & 0x08) != 0,
                                .octets = Octets(contents.begin() + 1, contents.end())};
  }
  return std::nullopt;
}

Octets write_keypad(std::string_view keypad) {
  const auto taken = keypad.substr(0, kMaxKeypad);
  if (taken.empty()) return {};
  Octets out{kKeypadFacility, static_cast<Octet>(taken.size())};
  out.insert(out.end(), taken.begin(), taken.end());
  return out;
}

std::string read_keypad(OctetView elements) {
  for (auto element = front(elements); element; element = front(element->rest))
    if (element->id == kKeypadFacility) return std::string(as_text(element->contents).substr(0, kMaxKeypad));
  return {};
}

void carry(isup::Message& message, const Octets& elements) {
  if (elements.empty()) return;
  isup::AccessTransport transport;
  if (const auto* present = message.get<isup::AccessTransport>()) transport = *present;
  if (transport.elements.size() + elements.size() > kMaxCarried) return;
  transport.elements.append(elements);
  message.set(std::move(transport));
}

OctetView carried(const isup::Message& message) {
  const auto* transport = message.get<isup::AccessTransport>();
  return transport != nullptr ? OctetView(transport->elements) : OctetView{};
}

}  // namespace tandem::interwork::q931
