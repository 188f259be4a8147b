#pragma once
#include <memory>
#include <span>
#include <vector>

#include "gateway/base/time.h"
#include "gateway/media/commands.h"
#include "gateway/media/config.h"
#include "gateway/media/link_commands.h"

namespace tandem::media {

inline constexpr int kTickFrames = 80;  ///< frames a tick: 10 ms
inline constexpr Duration kTick = std::chrono::milliseconds(10);

/// What full queues cost. A full command queue costs nothing: `post` says so.
struct EngineCounters {
  std::uint64_t events_dropped = 0;           ///< digits; other events are held back until there is room
  std::uint64_t frames_dropped_received = 0;  ///< D-channel frames
  std::uint64_t frames_dropped_sent = 0;
  std::uint64_t digits_dropped = 0;  ///< received telephone events, as too many came at once
  std::uint64_t sessions_refused = 0;
  std::uint64_t link_events_dropped = 0;    ///< none: links hold their MSUs back before (SIB)
  std::uint64_t link_commands_dropped = 0;  ///< of no link, or MSUs for which a link had no room
};

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
  bool post_link(const LinkCommand& command);
  bool poll_link(LinkEvent& event);
  bool poll_link(LinkReport& report);
  /// The signalling thread lives. Without this for EngineConfig::level3_silence, links send SIPO.
  void signalling_alive();
  /// Links go out of service and no command is taken any more: SIOS is sent in the ticks that follow.
  void shut_down_links();
  // Any thread.
  [[nodiscard]] EngineCounters counters() const;

  // Media thread: every 10 ms.
  void tick(Time now);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tandem::media
