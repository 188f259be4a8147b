#pragma once
// The E-model (ITU-T G.107) reduced to what a gateway knows: delay and loss.
#include "gateway/base/time.h"

namespace tandem::sip::rtp {

struct Quality {
  float r_factor = 0;  ///< 0 to 93.2
  float mos = 1;       ///< 1 to 4.41 (G.107 annex B)
};

/// For G.711 with concealment (G.113 appendix I: Ie 0, Bpl 25.1), random loss. `one_way`: mouth to ear.
/// `loss`: share of packets lost or discarded, 0 to 1.
Quality e_model(Duration one_way, double loss);

}  // namespace tandem::sip::rtp
