#pragma once
// What libpri is given of supplementary services (Q.932, ROSE in BER): only what is well formed.
#include "gateway/base/bytes.h"

namespace tandem::tdm::pri {

/// Whether the contents of a facility element (from octet 3 on) may be decoded by libpri: a known protocol
/// profile, and after it BER whose lengths are definite and nest exactly, to a bounded depth and number.
bool facility_is_sound(OctetView contents);

}  // namespace tandem::tdm::pri
