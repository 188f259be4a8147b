#pragma once
#include <string>

#include "tdm/pri/values.h"

namespace tandem::core {

/// Of a call record: "12 units", "1.250 EUR", "free" (ETS 300 182).
std::string charge_text(const tdm::pri::AdviceOfCharge& charge);

}  // namespace tandem::core
