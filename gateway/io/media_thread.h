#pragma once
#include <atomic>
#include <functional>
#include <thread>
#include <vector>

#include "gateway/base/spsc_queue.h"
#include "gateway/io/flight_recorder.h"
#include "gateway/media/engine.h"

namespace tandem::io {

/// What the media thread tells of a span, once a second.
struct SpanReport {
  std::size_t span = 0;
  tdm::SpanCounters counters;
  double clock_offset_ppm = 0;
};

/// Runs an engine's ticks at the pace of the timeslots: of this machine's clock, or of the first span whose
/// clock is recovered from what arrives.
class MediaThread {
 public:
  /// `after_tick` is called in the media thread, to wake the signalling thread.
  MediaThread(media::Engine& engine, std::vector<tdm::Span*> spans, std::vector<FlightRecorder*> recorders,
              std::function<void()> after_tick);
  ~MediaThread();
  MediaThread(const MediaThread&) = delete;
  MediaThread& operator=(const MediaThread&) = delete;

  // Signalling thread.
  bool poll(SpanReport& report) { return reports_.pop(report); }
  /// Ticks that began more than a tick late.
  [[nodiscard]] std::uint64_t overruns() const { return overruns_.load(std::memory_order_relaxed); }

 private:
  void run();
  void report();

  media::Engine& engine_;
  std::vector<tdm::Span*> spans_;
  std::vector<FlightRecorder*> recorders_;
  std::function<void()> after_tick_;
  SpscQueue<SpanReport> reports_;
  std::atomic<bool> stop_{false};
  std::atomic<std::uint64_t> overruns_{0};
  std::thread thread_;
};

}  // namespace tandem::io
