#include "sipt/rtp/e_model.h"

#include <algorithm>

namespace tandem::sip::rtp {

Quality e_model(Duration one_way, double loss) {
  constexpr double kDefaultR = 93.2;  // all other parameters of G.107 at their defaults
  constexpr double kBpl = 25.1;
  const double ms = std::max(0.0, std::chrono::duration<double, std::milli>(one_way).count());
  const double percent = std::clamp(loss, 0.0, 1.0) * 100;
  // The delay impairment Id in two straight lines, with the knee at 177.3 ms.
  const double delay = 0.024 * ms + (ms > 177.3 ? 0.11 * (ms - 177.3) : 0.0);
  const double equipment = 95 * percent / (percent + kBpl);  // G.107 7.5, Ie,eff
  const double r = std::clamp(kDefaultR - delay - equipment, 0.0, 100.0);
  const double mos = 1 + 0.035 * r + r * (r - 60) * (100 - r) * 7e-6;
  return {.r_factor = static_cast<float>(r), .mos = static_cast<float>(std::max(1.0, mos))};
}

}  // namespace tandem::sip::rtp
