// What MTP and the peer's user part say about the way to it (Q.764 2.10, 2.11, 2.13).
#include <algorithm>

#include "isup/group_core.h"

namespace tandem::isup {

void GroupCore::way(bool mtp, bool user_part) {
  const bool before = mtp_up && user_part_up;
  mtp_up = mtp;
  user_part_up = user_part;
  if (before != (mtp && user_part)) outputs.emplace_back(GroupChanged{!before});
}

/// Q.764 2.13.2: also by any other message.
void GroupCore::user_part_heard() {
  if (user_part_up) return;
  timers.stop(key(kGroup, Timer::t4));
  if (!circuits.empty()) outputs.emplace_back(GroupAlert{circuits[0].cic, AlertText::user_part_available});
  way(mtp_up, true);
}

void GroupCore::test_user_part(Time now) {
  start(kGroup, Timer::t4, now);
  transmit(circuits[0].cic, MessageType::upt);
}

void GroupCore::group_timer(Timer timer, Time now) {
  switch (timer) {
    case Timer::t4:
      return test_user_part(now);
    case Timer::t30:  // Q.764 2.10: a step back every T30
      if (congestion_step > 0 && --congestion_step > 0) start(kGroup, Timer::t30, now);
      return;
    case Timer::tacl:
      heeded_level = 0;
      return;
    default:  // T29: from now on congestion counts again
      return;
  }
}

void CircuitGroup::pause(Time /*now*/) {
  core_->way(false, core_->user_part_up);
}

void CircuitGroup::resume(Time now) {
  auto& core = *core_;
  core.way(true, core.user_part_up);
  // A user part that was said to be unequipped may have come with what has been done over there.
  const bool testing = core.timers.running(GroupCore::key(GroupCore::kGroup, Timer::t4));
  if (!core.user_part_up && !testing && !core.circuits.empty()) core.test_user_part(now);
}

void CircuitGroup::congestion(Time now) {
  auto& core = *core_;
  if (core.timers.running(GroupCore::key(GroupCore::kGroup, Timer::t29))) return;
  core.congestion_step =
      static_cast<std::uint8_t>(std::min<int>(core.congestion_step + 1, GroupCore::kCongestionSteps));
  core.start(GroupCore::kGroup, Timer::t29, now);
  core.start(GroupCore::kGroup, Timer::t30, now);
}

void CircuitGroup::user_part_unavailable(std::uint8_t cause, Time now) {
  auto& core = *core_;
  constexpr std::uint8_t kUnequipped = 1;
  if (core.circuits.empty()) return;
  if (core.user_part_up)
    core.outputs.emplace_back(GroupAlert{core.circuits[0].cic, AlertText::user_part_unavailable});
  core.way(core.mtp_up, false);
  const bool testing = core.timers.running(GroupCore::key(GroupCore::kGroup, Timer::t4));
  if (cause != kUnequipped && !testing) core.test_user_part(now);
}

}  // namespace tandem::isup
