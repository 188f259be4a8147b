#pragma once
// Timers that the core runs for a trunk's calls and circuits: as the trunk's timers_ms have them.
#include "gateway/core/config.h"
#include "gateway/core/timers.h"

namespace tandem::core {

/// T302, T306 (in-band), T309 (alarm hold), N316 times T316 and those of the rows with `by_trunk`; others,
/// and all when there is no trunk: the default of the row.
Duration trunk_timer(const TrunkConfig* trunk, TimerKind kind);

/// T9. An outgoing trunk has T310 and T301 of its own (Q.931 table 9-2), which T9 does not cut short unless
/// it is set; where the called party is not on a trunk it is the calling trunk's.
Duration no_answer_timer(const TrunkConfig* incoming, const TrunkConfig* outgoing, bool alerting);

}  // namespace tandem::core
