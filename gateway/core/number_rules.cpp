#include "gateway/core/number_rules.h"

namespace tandem::core {

namespace {

using isup::NatureOfAddress;

template <class Number, class Change>
void change(isup::Message& iam, Change&& rule) {
  const auto* number = iam.get<Number>();
  if (number == nullptr || number->digits.empty() || number->plan != isup::NumberingPlan::isdn) return;
  auto changed = *number;
  if (rule(changed.digits, changed.nature)) iam.set(std::move(changed));
}

template <class Change>
void change_both(isup::Message& iam, const std::string& country_code, Change&& rule) {
  if (country_code.empty()) return;
  change<isup::CalledPartyNumber>(iam, rule);
  change<isup::CallingPartyNumber>(iam, rule);
}

}  // namespace

void numbers_from_trunk(isup::Message& iam, const std::string& country_code) {
  change_both(iam, country_code, [&](std::string& digits, NatureOfAddress& nature) {
    if (nature != NatureOfAddress::national) return false;
    digits.insert(0, country_code);
    nature = NatureOfAddress::international;
    return true;
  });
}

void numbers_to_trunk(isup::Message& iam, const std::string& country_code) {
  change_both(iam, country_code, [&](std::string& digits, NatureOfAddress& nature) {
    if (nature != NatureOfAddress::international || !digits.starts_with(country_code)) return false;
    if (digits.size() == country_code.size()) return false;
    digits.erase(0, country_code.size());
    nature = NatureOfAddress::national;
    return true;
  });
}

}  // namespace tandem::core
