#pragma once
// What progress indicators say of a call (Q.931 4.5.23), for the indicators of ISUP.
#include <algorithm>
#include <vector>

#include "gateway/interwork/tables.h"

namespace tandem::interwork {

struct ProgressSays {
  bool interworking = false;
  bool called_non_isdn = false;
  bool calling_non_isdn = false;
  bool inband = false;
  std::uint8_t event = 2;  ///< Q.763 3.21 of the CPG that a PROGRESS with them becomes
};
inline ProgressSays progress_says(const std::vector<tdm::pri::Progress>& progress, const Tables& tables) {
  ProgressSays says;
  for (const auto& one : progress)
    for (const auto& row : tables.progress) {
      if (row.description != one.description) continue;
      says.interworking |= row.interworking;
      says.called_non_isdn |= row.called_non_isdn;
      says.calling_non_isdn |= row.calling_non_isdn;
      says.inband |= row.inband;
      says.event = std::max(says.event, row.cpg_event);
    }
  return says;
}

/// One that is made here, as we are the network next to the user; not twice.
inline void add_progress(std::vector<tdm::pri::Progress>& progress,
                         tdm::pri::ProgressDescription description) {
  if (std::ranges::find(progress, description, &tdm::pri::Progress::description) == progress.end())
    progress.push_back({description, tdm::pri::Location::public_local});
}

}  // namespace tandem::interwork
