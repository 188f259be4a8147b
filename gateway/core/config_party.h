#pragma once
// What the configuration says of a trunk of any kind, and of a peer.
#include <cstdint>
#include <optional>
#include <vector>

#include "gateway/base/units.h"
#include "gateway/media/commands.h"

namespace tandem::core {

/// When a caller on a trunk hears busy or congestion tone before its call is cleared.
enum class FailureTone : std::uint8_t {
  interworked,  ///< when its call comes from a network that cannot carry causes (Q.931 PI 1, Q.763 3.23 bit
                ///< D)
  always,
  never
};

/// A number that arrives in pieces from a trunk.
enum class Overlap : std::uint8_t {
  off,      ///< SETUP or IAM holds the whole number
  collect,  ///< digits are collected until complete, or T302 (Q.931), then sent en bloc
  pass_on   ///< each digit goes on at once where the far side can take it (Q.931 overlap sending, RFC 3578)
};

/// A sound before a release: which file for which cause.
struct AnnouncementConfig {
  std::vector<std::uint8_t> causes;
  media::RecordingId recording = 0;
  friend bool operator==(const AnnouncementConfig&, const AnnouncementConfig&) = default;
};

/// Of a trunk's circuits, in place of what their spans say; nothing: as the span.
struct TrunkGains {
  std::optional<Decibels> receive;  ///< timeslot towards RTP
  std::optional<Decibels> send;     ///< RTP towards timeslot
};

}  // namespace tandem::core
