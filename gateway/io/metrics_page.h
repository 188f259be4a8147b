#pragma once
// The metrics of a running gateway in the text format of Prometheus.
#include <string>
#include <vector>

#include "gateway/core/gateway.h"
#include "gateway/io/media_thread.h"

namespace tandem::io {

/// What is not the core's.
struct ProcessNumbers {
  media::EngineCounters engine;
  std::uint64_t tick_overruns = 0;
  std::size_t commands_waiting = 0;  ///< for the media thread
  std::uint64_t cdrs_lost = 0;
  std::uint64_t cdrs_waiting = 0;  ///< for the disk
  std::vector<SpanReport> spans;
  std::uint64_t msus_dropped = 0;        ///< for want of room before the media thread
  std::vector<media::LinkReport> links;  ///< by media::EngineConfig::links
};

/// Labels are names of the configuration and words of fixed lists, so that the number of series is bounded.
std::string metrics_page(const core::Gateway& gateway, const core::Config& config,
                         const ProcessNumbers& process, Time now);

}  // namespace tandem::io
