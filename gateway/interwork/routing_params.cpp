#include "gateway/interwork/routing_params.h"

#include <algorithm>
#include <string_view>

namespace tandem::interwork {

namespace {

constexpr std::size_t kMaxCarrier = 8;         // Q.763 3.53 sets no limit; carrier codes have three to five
constexpr std::size_t kJurisdiction = 6;       // T1.113: NPA and NXX
constexpr std::uint8_t kPorted = 0xc0;         // T1.113: generic address, ported number
constexpr std::uint8_t kNationalFormat = 1;    // Q.763 3.90
constexpr std::uint8_t kThreeDigits = 1;       // T1.113: of a carrier code
constexpr std::uint8_t kNationalNetworks = 2;  // Q.763 3.53

/// The digits of a parameter as the own country has them.
std::string national_digits(const sip::Uri& uri, std::string_view name, const NumberPlan& plan,
                            std::size_t limit) {
  const auto value = user_param(uri, name);
  if (!value) return {};
  std::string_view text = *value;
  if (text.starts_with('+')) {
    text.remove_prefix(1);
    if (plan.country_code.empty() || !text.starts_with(plan.country_code)) return {};
    text.remove_prefix(plan.country_code.size());
  }
  std::string digits;
  for (const char c : text) {
    if (c == '-' || c == '.' || c == '(' || c == ')') continue;  // RFC 3966 3: visual separators
    if (c < '0' || c > '9' || digits.size() == limit) return {};
    digits += c;
  }
  return digits;
}

std::string global(std::string_view name, std::string_view digits, const NumberPlan& plan) {
  if (digits.empty() || plan.country_code.empty()) return {};
  if (!std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; })) return {};
  return ";" + std::string(name) + "=+" + plan.country_code + std::string(digits);
}

const isup::GenericAddress* ported_number(const isup::Message& iam) {
  return iam.find<isup::GenericAddress>([](const auto& address) { return address.type == kPorted; });
}

/// RFC 4694 5: where the number was ported to; empty: nowhere.
std::string routing_number(const isup::Message& iam) {
  if (const auto* number = iam.get<isup::NetworkRoutingNumber>())
    return number->nature == kNationalFormat ? number->digits : std::string();
  const auto* called = iam.get<isup::CalledPartyNumber>();
  const bool ported = ported_number(iam) != nullptr && called != nullptr;
  return ported && called->nature == isup::NatureOfAddress::national ? called->digits : std::string();
}

/// Of CarrierIdentification and AnsiTransitNetworkSelection.
template <class Carrier>
std::string carrier_digits(const Carrier& carrier) {
  std::string digits;
  for (const auto digit : {carrier.digit_1, carrier.digit_2, carrier.digit_3, carrier.digit_4}) {
    if (digit > 9 || (carrier.plan == kThreeDigits && digits.size() == 3)) break;
    digits += static_cast<char>('0' + digit);
  }
  return digits;
}

}  // namespace

void read_routing(isup::Message& iam, const sip::Uri& request_uri, const NumberPlan& plan, bool trusted) {
  if (user_param(request_uri, "npdi")) {  // RFC 3398 wrote "npdi=yes", RFC 4694 has no value
    auto indicators = isup::ForwardCallIndicators{};
    if (const auto* given = iam.get<isup::ForwardCallIndicators>()) indicators = *given;
    indicators.ported_query_done = true;
    iam.set(indicators);
  }
  if (!trusted) return;  // RFC 4694 7: whoever sets these chooses the way and who is paid
  if (auto digits = national_digits(request_uri, "rn", plan, kMaxDigits); !digits.empty())
    iam.set(isup::NetworkRoutingNumber{.digits = std::move(digits)});
  if (auto digits = national_digits(request_uri, "cic", plan, kMaxCarrier); !digits.empty())
    iam.set(isup::TransitNetworkSelection{.digits = std::move(digits), .type = kNationalNetworks});
}

std::string routing_params(const isup::Message& iam, const NumberPlan& plan, bool trusted) {
  std::string params;
  const auto* indicators = iam.get<isup::ForwardCallIndicators>();
  if (indicators != nullptr && indicators->ported_query_done) params = ";npdi";  // RFC 4694 5.1
  if (!trusted) return params;
  return params + global("rn", routing_number(iam), plan) + global("cic", carrier_of(iam), plan);
}

void read_jurisdiction(isup::Message& iam, const sip::Uri& caller, const NumberPlan& plan, bool trusted) {
  if (!trusted) return;
  auto digits = national_digits(caller, "rn", plan, kMaxDigits);
  if (digits.size() < kJurisdiction) return;
  digits.resize(kJurisdiction);
  iam.set(isup::JurisdictionInformation{.digits = std::move(digits)});
}

std::string jurisdiction_params(const isup::Message& iam, const NumberPlan& plan, bool trusted) {
  const auto* jurisdiction = iam.get<isup::JurisdictionInformation>();
  if (jurisdiction == nullptr || !trusted) return {};
  return global("rn", jurisdiction->digits, plan);
}

std::optional<isup::CalledPartyNumber> dialled_number(const isup::Message& iam) {
  const auto* called = iam.get<isup::CalledPartyNumber>();
  if (called == nullptr) return std::nullopt;
  const auto* ported = ported_number(iam);
  if (ported == nullptr) return *called;
  auto own = *called;
  own.digits = ported->digits;
  own.nature = ported->nature;
  own.plan = ported->plan;
  return own;
}

std::string carrier_of(const isup::Message& iam) {
  if (const auto* network = iam.get<isup::TransitNetworkSelection>()) return network->digits;
  if (const auto* carrier = iam.get<isup::AnsiTransitNetworkSelection>()) return carrier_digits(*carrier);
  if (const auto* carrier = iam.get<isup::CarrierIdentification>()) return carrier_digits(*carrier);
  return {};
}

}  // namespace tandem::interwork
