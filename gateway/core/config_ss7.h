#pragma once
// What the configuration says of SS7: ISUP trunks, and the networks (MTP level 3) that carry their messages.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gateway/interwork/config.h"
#include "gateway/media/commands.h"
#include "isup/config.h"
#include "isup/mtp/config.h"

namespace tandem::core {

/// A sound before a release: which file for which cause.
struct AnnouncementConfig {
  std::vector<std::uint8_t> causes;
  media::RecordingId recording = 0;
  friend bool operator==(const AnnouncementConfig&, const AnnouncementConfig&) = default;
};

/// One `[[trunk]]` with signalling = "isup".
struct IsupTrunkConfig {
  std::string name;
  std::size_t network = 0;  ///< index into Config::networks; it has a way to the destination
  isup::GroupConfig group;
  interwork::NumberRules numbers;
  std::vector<interwork::CauseOverride> statuses;  ///< for calls from SIP to this trunk: cause -> status
  std::vector<AnnouncementConfig> announcements;
  bool ringback = true;  ///< alerting callers on this trunk hear ringback while nothing else is heard
  std::optional<media::RecordingId> hold_music;
  int echo_tail_ms = 64;
};

}  // namespace tandem::core
