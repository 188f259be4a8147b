#pragma once
// What the configuration says of SS7: ISUP trunks, and the networks (MTP level 3) that carry their messages.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gateway/core/config_party.h"
#include "gateway/interwork/config.h"
#include "isup/config.h"
#include "isup/mtp/config.h"

namespace tandem::core {

/// One `[[trunk]]` with signalling = "isup".
struct IsupTrunkConfig {
  std::string name;
  std::size_t network = 0;  ///< index into Config::networks; it has a way to the destination
  isup::GroupConfig group;
  interwork::NumberRules numbers;
  std::vector<interwork::CauseOverride> statuses;  ///< for calls from SIP to this trunk: cause -> status
  std::vector<AnnouncementConfig> announcements;
  FailureTone failure_tone = FailureTone::interworked;
  Overlap overlap = Overlap::off;  ///< digits from the far side: SAM may follow an IAM without ST
  bool overlap_sending = false;    ///< SAMs to the far side
  bool ringback = true;  ///< alerting callers on this trunk hear ringback while nothing else is heard
  std::optional<media::RecordingId> hold_music;
  int echo_tail_ms = 64;
  TrunkGains gains;
  bool retired = false;  ///< taken out by a reload: nothing new comes or goes here
};

}  // namespace tandem::core
