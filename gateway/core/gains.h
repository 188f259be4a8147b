#pragma once
// Gain of each circuit: its trunk's, else its span's.
#include <array>
#include <vector>

#include "gateway/core/config.h"

namespace tandem::core {

struct Gains {
  Decibels receive{};  ///< timeslot towards RTP
  Decibels send{};
  friend bool operator==(const Gains&, const Gains&) = default;
};
inline constexpr std::size_t kSpanTimeslots = 32;
/// By timeslot, of which the first is 1.
using SpanGains = std::array<Gains, kSpanTimeslots>;

/// By span: what the spans say, which the media engine begins with.
std::vector<SpanGains> span_gains(const Config& config);
/// By span: what the trunks in force make of that.
std::vector<SpanGains> circuit_gains(const Config& config);
/// What brings an engine from `from` to `to`: for each span, timeslots of like gains together.
std::vector<media::SetGains> gain_changes(const std::vector<SpanGains>& from,
                                          const std::vector<SpanGains>& to);

}  // namespace tandem::core
