#pragma once
#include <memory>
#include <span>
#include <vector>

#include "gateway/base/time.h"
#include "gateway/media/commands.h"
#include "gateway/media/config.h"

namespace tandem::media {

inline constexpr int kTickFrames = 80;  ///< frames a tick: 10 ms
inline constexpr Duration kTick = std::chrono::milliseconds(10);

/// The media of a group of spans: one tick reads a block of every span, runs it through the chain and the RTP
/// edge, and writes a block back. A tick allocates nothing, takes no lock and logs nothing.
class Engine {
 public:
  /// `spans` must outlive the engine; indices are those of Circuit::span.
  Engine(const EngineConfig& config, std::vector<tdm::Span*> spans);
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  // Signalling thread. False: the queue is full and nothing was taken.
  bool post(const Command& command);
  bool send_frame(const DFrame& frame);
  bool poll(Event& event);
  bool poll_frame(DFrame& frame);

  // Media thread: every 10 ms.
  void tick(Time now);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tandem::media
