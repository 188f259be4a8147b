#pragma once
// Timers that the core runs for a trunk's calls and circuits: as the trunk's timers_ms have them.
#include "gateway/core/config.h"
#include "gateway/core/timers.h"
#include "gateway/core/trunk_ref.h"

namespace tandem::core {

/// Of a PRI trunk T302, T306 (in-band), T309 (alarm hold), N316 times T316 and those of the rows with
/// `by_trunk`; others, and all when there is no trunk: the default of the row.
Duration trunk_timer(TrunkRef trunk, TimerKind kind);

/// T9. An outgoing trunk has T310 and T301 of its own (Q.931 table 9-2), which T9 does not cut short unless
/// it is set; where the called party is not on a trunk it is the calling trunk's.
Duration no_answer_timer(TrunkRef incoming, TrunkRef outgoing, bool alerting);

}  // namespace tandem::core
