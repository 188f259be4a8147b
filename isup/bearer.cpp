#include "isup/bearer.h"

#include <algorithm>
#include <array>

namespace tandem::isup {

namespace {

// Q.763 3.54.
constexpr std::uint8_t kAudio = 3, kPreferred = 6, kTwice = 7, kMost = 10;
constexpr std::uint8_t kThrice = 0x10, kMostTimes = 0x2a;

bool is_multirate(std::uint8_t medium) {
  return (medium >= kTwice && medium <= kMost) || (medium >= kThrice && medium <= kMostTimes);
}

/// Q.931 4.5.5 octet 4: 2 x 64, 384, 1536 and 1920 kbit/s, and a multiplier that follows.
bool is_multirate(const UserServiceInformation& service) {
  constexpr auto kRates = std::to_array<Octet>({0x11, 0x13, 0x15, 0x17, 0x18});
  if (service.bearer.size() < 2) return false;
  return std::ranges::find(kRates, static_cast<Octet>(service.bearer[1] & 0x1f)) != kRates.end();
}

}  // namespace

bool takes_several_circuits(const Message& iam) {
  if (iam.get<CircuitAssignmentMap>() != nullptr) return true;
  if (const auto* medium = iam.get<TransmissionMedium>()) return is_multirate(medium->value);
  const auto* service = iam.get<UserServiceInformation>();
  return service != nullptr && is_multirate(*service);
}

bool may_fall_back(const Message& iam) {
  const auto* medium = iam.get<TransmissionMedium>();
  return medium != nullptr && medium->value == kPreferred;
}

std::uint8_t fallback_of(const Message& iam) {
  const auto* less = iam.get<TransmissionMediumPrime>();
  return less != nullptr ? less->value : kAudio;
}

void fall_back(Message& iam) {
  if (!may_fall_back(iam)) return;
  iam.set(TransmissionMedium{fallback_of(iam)});
  iam.remove(TransmissionMediumPrime::spec.code);
  // Of the two descriptions the one that holds now is the only one (Q.764 2.5.1.2).
  iam.remove(UserServiceInformation::spec.code);
  if (const auto* less = iam.get<UserServiceInformationPrime>()) {
    UserServiceInformation service{less->bearer};
    iam.remove(UserServiceInformationPrime::spec.code);
    iam.set(std::move(service));
  }
}

void tell_fallback(Message& backward, std::uint8_t medium) {
  switch (backward.type()) {
    case MessageType::acm:
    case MessageType::cpg:
    case MessageType::anm:
    case MessageType::con:
      if (backward.get<TransmissionMediumUsed>() == nullptr) backward.set(TransmissionMediumUsed{medium});
      return;
    default:
      return;
  }
}

}  // namespace tandem::isup
