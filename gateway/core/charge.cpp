#include "gateway/core/charge.h"

namespace tandem::core {

std::string charge_text(const tdm::pri::AdviceOfCharge& charge) {
  if (charge.free) return "free";
  if (charge.currency.empty()) return std::to_string(charge.units) + " units";
  auto thousandths = std::to_string(charge.amount % 1000);
  thousandths.insert(0, 3 - thousandths.size(), '0');
  return std::to_string(charge.amount / 1000) + "." + thousandths + " " + charge.currency;
}

}  // namespace tandem::core
