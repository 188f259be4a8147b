#include "gateway/core/isup_replies.h"

namespace tandem::core {

namespace {

using T = isup::MessageType;

isup::Message information(const isup::Message& iam, const isup::Message& inr) {
  isup::Message inf(T::inf);
  isup::InformationIndicators indicators;
  const auto* asked = inr.get<isup::InformationRequestIndicators>();
  const auto* number = iam.get<isup::CallingPartyNumber>();
  const auto* category = iam.get<isup::CallingPartysCategory>();
  constexpr std::uint8_t kNotAvailable = 1, kIncluded = 3;
  if (asked != nullptr && asked->calling_party_address)
    indicators.calling_party_address = number != nullptr ? kIncluded : kNotAvailable;
  if (asked != nullptr && asked->calling_partys_category && category != nullptr)
    indicators.calling_partys_category = true;
  inf.set(indicators);
  if (indicators.calling_party_address == kIncluded) inf.set(*number);
  if (indicators.calling_partys_category) inf.set(*category);
  return inf;
}

}  // namespace

bool of_isup_alone(T type) {
  switch (type) {
    case T::iam:
    case T::sam:
    case T::acm:
    case T::cpg:
    case T::anm:
    case T::con:
    case T::sus:
    case T::res:
    case T::rel:
    case T::rlc:
      return false;
    default:
      return true;
  }
}

std::optional<isup::Message> reply_here(const isup::Message& iam, const isup::Message& said) {
  switch (said.type()) {
    case T::inr:
      return information(iam, said);
    case T::idr: {
      isup::Message irs(T::irs);
      irs.set(isup::McidResponse{.included = false});
      return irs;
    }
    case T::far: {
      constexpr std::uint8_t kNotImplemented = 79;  // service or option not implemented
      isup::Message frj(T::frj);
      const auto* facility = said.get<isup::FacilityIndicator>();
      frj.set(facility != nullptr ? *facility : isup::FacilityIndicator{});
      isup::CauseIndicators cause;
      cause.value = kNotImplemented;
      frj.set(cause);
      return frj;
    }
    default:
      return std::nullopt;
  }
}

}  // namespace tandem::core
