#include "gateway/interwork/number_rules.h"

#include <algorithm>

#include "gateway/interwork/numbers.h"

namespace tandem::interwork {

namespace {

using isup::NatureOfAddress;

struct Change {
  const NumberRules& rules;
  bool outgoing;

  void operator()(std::string& digits, NatureOfAddress& nature, isup::NumberingPlan plan, NumberOf of) const {
    if (digits.empty()) return;
    const bool e164 = plan == isup::NumberingPlan::isdn && !rules.country_code.empty();
    if (outgoing && e164) to_national(digits, nature);
    apply(digits, nature, of);
    if (!outgoing && e164) to_international(digits, nature);
  }

  void apply(std::string& digits, NatureOfAddress& nature, NumberOf of) const {
    const auto rule = std::ranges::find_if(rules.rules, [&](const NumberRule& candidate) {
      return candidate.of == of && candidate.outgoing == outgoing &&
             candidate.type.value_or(nature) == nature && digits.starts_with(candidate.prefix);
    });
    if (rule == rules.rules.end()) return;
    const auto stripped = std::min(digits.size(), static_cast<std::size_t>(std::max(rule->strip, 0)));
    if (digits.size() - stripped + rule->add.size() > kMaxDigits) return;  // no one could read it
    digits.replace(0, stripped, rule->add);
    if (rule->becomes) nature = *rule->becomes;
  }

  void to_international(std::string& digits, NatureOfAddress& nature) const {
    if (nature != NatureOfAddress::national || digits.size() + rules.country_code.size() > kMaxDigits) return;
    digits.insert(0, rules.country_code);
    nature = NatureOfAddress::international;
  }

  void to_national(std::string& digits, NatureOfAddress& nature) const {
    const auto& country = rules.country_code;
    if (nature != NatureOfAddress::international || !digits.starts_with(country)) return;
    if (digits.size() == country.size()) return;
    digits.erase(0, country.size());
    nature = NatureOfAddress::national;
  }
};

template <class Number>
void change(isup::Message& message, NumberOf of, const Change& rule) {
  const auto* number = message.get<Number>();
  if (number == nullptr) return;
  auto changed = *number;
  rule(changed.digits, changed.nature, changed.plan, of);
  if (changed != *number) message.set(std::move(changed));
}

void change_all(isup::Message& message, const Change& rule) {
  change<isup::CalledPartyNumber>(message, NumberOf::called, rule);
  change<isup::RedirectionNumber>(message, NumberOf::called, rule);
  change<isup::CallingPartyNumber>(message, NumberOf::calling, rule);
  change<isup::GenericNumber>(message, NumberOf::calling, rule);
  change<isup::OriginalCalledNumber>(message, NumberOf::calling, rule);
  change<isup::RedirectingNumber>(message, NumberOf::calling, rule);
  change<isup::ConnectedNumber>(message, NumberOf::calling, rule);
}

}  // namespace

bool reading_open(const isup::CalledPartyNumber& number, const NumberRules& rules) {
  for (const auto& rule : rules.rules) {
    if (rule.of != NumberOf::called || rule.outgoing || rule.type.value_or(number.nature) != number.nature)
      continue;
    if (number.digits.starts_with(rule.prefix))
      return number.digits.size() < static_cast<std::size_t>(rule.strip);
    if (rule.prefix.starts_with(number.digits)) return true;
  }
  return false;
}

void numbers_in(isup::Message& message, const NumberRules& rules) {
  change_all(message, {rules, false});
}

void numbers_out(isup::Message& message, const NumberRules& rules) {
  change_all(message, {rules, true});
}

}  // namespace tandem::interwork
