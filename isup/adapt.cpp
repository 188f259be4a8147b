#include "isup/adapt.h"

#include <algorithm>
#include <array>
#include <string>

#include "isup/registry.h"

namespace tandem::isup {

namespace {

/// Transmission medium requirement (Q.763 3.54) and the octets of user service information that say the same
/// (Q.931 4.5.5, T1.113: G.711 mu-law).
struct MediumRow {
  std::uint8_t medium;
  Octet capability, rate;
  bool mu_law;
};
constexpr auto kMediums = std::to_array<MediumRow>({
    {0, 0x80, 0x90, true},    // speech
    {3, 0x90, 0x90, true},    // 3.1 kHz audio
    {2, 0x88, 0x90, false},   // 64 kbit/s unrestricted
    {6, 0x88, 0x90, false},   // 64 kbit/s preferred
    {7, 0x88, 0x91, false},   // 2 x 64 kbit/s
    {8, 0x88, 0x93, false},   // 384 kbit/s
    {9, 0x88, 0x95, false},   // 1536 kbit/s
    {10, 0x88, 0x97, false},  // 1920 kbit/s
});
constexpr Octet kMuLaw = 0xa2;
constexpr std::uint8_t kAudio = 3;

UserServiceInformation service_of(std::uint8_t medium) {
  for (const auto& row : kMediums) {
    if (row.medium != medium) continue;
    if (row.mu_law) return {{row.capability, row.rate, kMuLaw}};
    return {{row.capability, row.rate}};
  }
  return {{0x90, 0x90, kMuLaw}};
}

std::uint8_t medium_of(const UserServiceInformation& service) {
  if (service.bearer.size() < 2) return kAudio;
  auto capability = static_cast<Octet>(service.bearer[0] | 0x80);
  // Restricted, with tones, video: what crosses is 64 kbit/s all the same.
  if (capability == 0x89 || capability == 0x91 || capability == 0x98) capability = 0x88;
  for (const auto& row : kMediums)
    if (row.capability == capability && (row.rate == service.bearer[1] || row.mu_law)) return row.medium;
  return kAudio;
}

// T1.113: types of address that are what the caller says of itself.
constexpr std::uint8_t kFailedScreening = 2, kNotScreened = 3;
constexpr std::uint8_t kAdditionalCalling = 6;  // Q.763 3.26

bool to_generic_address(const GenericNumber& number, Message& out) {
  if (number.qualifier != kAdditionalCalling) return false;
  GenericAddress address{.type =
                             number.screening == Screening::user_failed ? kFailedScreening : kNotScreened};
  address.digits = number.digits;
  address.nature = number.nature;
  address.plan = number.plan;
  address.presentation = number.presentation;
  out.append(Parameter(std::in_place_type<GenericAddress>, std::move(address)));
  return true;
}

bool to_generic_number(const GenericAddress& address, Message& out) {
  if (address.type != kFailedScreening && address.type != kNotScreened) return false;
  GenericNumber number{.qualifier = kAdditionalCalling};
  number.digits = address.digits;
  number.nature = address.nature;
  number.plan = address.plan;
  number.presentation = address.presentation;
  number.screening = address.type == kFailedScreening ? Screening::user_failed : Screening::user_not_verified;
  out.append(Parameter(std::in_place_type<GenericNumber>, std::move(number)));
  return true;
}

constexpr std::uint8_t kPorted = 0xc0;  // T1.113: type of address of a ported number

/// T1.113: the routing number is called, the ported subscriber's own number stands beside it.
void ported_to_ansi(const Message& message, Message& out) {
  const auto* routing = message.get<NetworkRoutingNumber>();
  const auto* called = message.get<CalledPartyNumber>();
  if (routing == nullptr || called == nullptr) return;
  out.append(Parameter(GenericAddress{
      .type = kPorted, .digits = called->digits, .nature = called->nature, .plan = called->plan}));
  auto to = *called;
  to.digits = routing->digits;
  to.nature = NatureOfAddress::national;
  out.set(std::move(to));
}

/// The other way (Q.763 3.90).
void ported_to_itu(const Message& message, Message& out) {
  const auto* address =
      message.find<GenericAddress>([](const auto& candidate) { return candidate.type == kPorted; });
  const auto* called = message.get<CalledPartyNumber>();
  if (address == nullptr || called == nullptr || message.get<NetworkRoutingNumber>() != nullptr) return;
  out.set(NetworkRoutingNumber{.digits = called->digits});
  auto own = *called;
  own.digits = address->digits;
  own.nature = address->nature;
  own.plan = address->plan;
  out.set(std::move(own));
}

/// A carrier: for calls within the country its identification, else transit network selection (T1.113).
void carrier_to_ansi(const Message& message, Message& out) {
  const auto* network = message.get<TransitNetworkSelection>();
  if (network == nullptr || message.get<CarrierIdentification>() != nullptr ||
      message.get<AnsiTransitNetworkSelection>() != nullptr)
    return;
  const auto& digits = network->digits;
  const bool decimal = std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; });
  if (!decimal || (digits.size() != 3 && digits.size() != 4)) return;
  const auto fill = [&](auto carrier) {
    const auto digit = [&](std::size_t i) {
      return i < digits.size() ? static_cast<std::uint8_t>(digits[i] - '0') : std::uint8_t{0};
    };
    carrier.plan = static_cast<std::uint8_t>(digits.size() - 2);
    carrier.digit_1 = digit(0);
    carrier.digit_2 = digit(1);
    carrier.digit_3 = digit(2);
    carrier.digit_4 = digit(3);
    out.set(std::move(carrier));
  };
  const auto* called = message.get<CalledPartyNumber>();
  if (called != nullptr && called->nature == NatureOfAddress::international)
    fill(AnsiTransitNetworkSelection{});
  else
    fill(CarrierIdentification{});
}

void carrier_to_itu(const Message& message, Message& out) {
  if (message.get<TransitNetworkSelection>() != nullptr) return;
  const auto read = [&](const auto& carrier) {
    std::string digits;
    for (const auto digit : {carrier.digit_1, carrier.digit_2, carrier.digit_3, carrier.digit_4})
      if (digit <= 9 && (carrier.plan == 2 || digits.size() < 3)) digits += static_cast<char>('0' + digit);
    out.set(TransitNetworkSelection{.digits = std::move(digits)});
  };
  if (const auto* carrier = message.get<AnsiTransitNetworkSelection>()) return read(*carrier);
  if (const auto* carrier = message.get<CarrierIdentification>()) read(*carrier);
}

Message to_ansi(const Message& message) {
  const auto type = message.type() == MessageType::con ? MessageType::anm : message.type();
  Message out(type);
  if (type == MessageType::iam && message.get<UserServiceInformation>() == nullptr) {
    const auto* medium = message.get<TransmissionMedium>();
    out.set(service_of(medium != nullptr ? medium->value : kAudio));
  }
  for (const auto& parameter : message.parameters()) {
    if (std::holds_alternative<TransmissionMedium>(parameter) ||
        std::holds_alternative<TransitNetworkSelection>(parameter) ||
        std::holds_alternative<NetworkRoutingNumber>(parameter))
      continue;
    if (const auto* number = std::get_if<GenericNumber>(&parameter)) {
      to_generic_address(*number, out);  // others would be read as something else
      continue;
    }
    out.append(Parameter(parameter));
  }
  if (type == MessageType::iam) {
    ported_to_ansi(message, out);
    carrier_to_ansi(message, out);
  }
  return out;
}

/// Whether only ANSI has assigned the code of this parameter.
bool of_ansi_alone(const Parameter& parameter, const AdaptOptions& options) {
  if (std::holds_alternative<GenericName>(parameter)) return !options.names;
  if (std::holds_alternative<RawParameter>(parameter)) return false;
  const auto code = code_of(parameter);
  const auto& itu = find_parameter(code, Variant::itu);
  return std::holds_alternative<GenericAddress>(parameter) ||
         std::holds_alternative<AnsiTransitNetworkSelection>(parameter) ||
         std::holds_alternative<AnsiCallReference>(parameter) || itu.name.empty();
}

}  // namespace

Message to_variant(const Message& message, Variant variant, const AdaptOptions& options) {
  if (variant == Variant::ansi) return to_ansi(message);
  Message out(message.type());
  for (const auto& parameter : message.parameters()) {
    const auto* address = std::get_if<GenericAddress>(&parameter);
    if (address != nullptr && to_generic_number(*address, out)) continue;
    if (!of_ansi_alone(parameter, options)) out.append(Parameter(parameter));
  }
  if (message.type() == MessageType::iam) {
    ported_to_itu(message, out);
    carrier_to_itu(message, out);
  }
  return out;
}

Message from_variant(const Message& message, Variant variant) {
  if (variant != Variant::ansi) return message;
  Message out(message.type());
  for (const auto& parameter : message.parameters()) {
    const auto* address = std::get_if<GenericAddress>(&parameter);
    if (address != nullptr && to_generic_number(*address, out)) continue;
    out.append(Parameter(parameter));
  }
  if (const auto* service = message.get<UserServiceInformation>();
      service != nullptr && message.type() == MessageType::iam)
    out.set(TransmissionMedium{medium_of(*service)});
  return out;
}

}  // namespace tandem::isup
