#pragma once
// What an engine is made of. The signalling thread's side and the commands are in engine.cpp, the tick in
// tick.cpp.
#include <atomic>
#include <optional>

#include "dsp/chain.h"
#include "gateway/base/spsc_queue.h"
#include "gateway/media/continuity.h"
#include "gateway/media/d_channel.h"
#include "gateway/media/engine.h"
#include "gateway/media/huge_pages.h"
#include "gateway/media/link_port.h"
#include "gateway/media/session.h"
#include "gateway/media/session_index.h"

namespace tandem::media {

static_assert(kTickFrames == dsp::kBlock);

inline constexpr std::uint32_t kNoChannel = SessionIndex::kNone;
/// What a channel of 64 kbit/s carries where nothing came.
inline constexpr Octet kNoData = 0xFF;

/// A timeslot and all that can be joined to it.
struct Channel {
  explicit Channel(const dsp::ToneTable& tones) : session(tones) {}

  std::int32_t d_channel = -1;  ///< index of its port; -1: none
  std::int32_t link = -1;       ///< index of its port; -1 and no D channel either: it carries audio
  std::uint32_t patched = kNoChannel;
  bool yield_to_rtp = false;
  bool patch_clear = false;
  bool clear = false;    ///< 64 kbit/s unrestricted: nothing may touch the octets
  bool plain = true;     ///< no D channel, link or continuity check has the timeslot
  bool playing = false;  ///< the player is busy, or its end is to be told
  Session session;
  Player player;  ///< to the timeslot
  ContinuityCheck check;
};

/// What the engine keeps of a span.
struct SpanState {
  tdm::Span* span = nullptr;
  std::size_t first_channel = 0;
  dsp::ChainSettings chain;
  tdm::Alarms alarms;       ///< as they are
  tdm::Alarms alarms_told;  ///< as the signalling thread knows them
  dsp::ChannelOctets out;   ///< towards the timeslots, while there are patches
};

struct Engine::Impl final : EventSink {
  Impl(const EngineConfig& engine_config, std::vector<tdm::Span*> the_spans);

  bool offer(const Event& event) override { return events.push(event); }
  void offer_or_count(const Event& event) override {
    if (!events.push(event)) events_dropped.fetch_add(1, std::memory_order_relaxed);
  }
  void count_dropped_digits(std::uint32_t count) override {
    digits_dropped.fetch_add(count, std::memory_order_relaxed);
  }

  void tick(Time now);
  void apply_commands();
  void apply(const OpenSession& command);
  void apply(const SetParameters& command);
  void apply(const ThroughConnect& command);
  void apply(const CloseSession& command);
  void apply(const PlayTone& command);
  void apply(const PatchCircuits& command);
  void apply(const PlayRecording& command);
  void apply(const PlayToPeer& command);
  void apply(const PlayDigit& command);
  void apply(const LoopCircuit& command);
  void apply(const CheckContinuity& command);
  void apply(const AddRecording& command);
  void apply(const MoveDChannel& command);
  void apply(const SetGains& command);
  void set_gains(SpanState& span, std::uint32_t timeslots, Decibels receive, Decibels send);
  /// Nothing: there is none of that number.
  [[nodiscard]] const Recording* recording(std::optional<RecordingId> id) const;
  void take_frames();
  // engine_links.cpp
  void make_links();
  void tick_links();
  void report_links();
  void run_link(SpanState& span, Channel& channel, std::size_t lane);

  void read_span(std::size_t index);
  void write_span(SpanState& span);
  void check_alarms(std::size_t index);
  // engine_continuity.cpp
  void set_check(Circuit circuit, ContinuityCheck::Mode mode, bool on);
  void run_check(SpanState& span, Channel& channel, std::size_t lane);

  void run_channel(SpanState& span, std::size_t lane);
  void run_audio(SpanState& span, Channel& channel, std::size_t lane);
  void run_session(SpanState& span, Channel& channel, std::size_t lane);
  void run_d_channel(SpanState& span, Channel& channel, std::size_t lane);
  void run_patch(SpanState& span, Channel& channel, std::size_t lane);
  void run_without_circuit();
  void play(const SpanState& span, Channel& channel, std::size_t lane, Block& out);
  void close_finished(Channel& channel);
  void update_lane(std::uint32_t channel);
  [[nodiscard]] const dsp::CountryTones& tones_of(std::uint16_t country, Law law) const;
  [[nodiscard]] std::uint32_t free_without_circuit() const;
  void unpatch(std::uint32_t channel);
  dsp::ChannelOctets& out_of(SpanState& span) { return patches > 0 ? span.out : shared_out; }

  /// Index into `channels`, or kNoChannel where there is no such timeslot for audio.
  [[nodiscard]] std::uint32_t audio_channel(Circuit circuit) const;
  [[nodiscard]] Channel* find(SessionId session);

  EngineConfig config;
  dsp::ToneTable tones;
  std::vector<const dsp::CountryTones*> countries_a;  ///< EngineConfig::tones, where the law is A
  std::vector<const dsp::CountryTones*> countries_mu;
  std::vector<SpanState> spans;
  std::vector<Channel, HugePages<Channel>> channels;  ///< of timeslots, then of sessions without circuit
  std::size_t first_without_circuit = 0;
  std::vector<std::uint32_t> open_without_circuit;  ///< their channels
  std::vector<std::uint16_t> span_of;               ///< by channel
  std::vector<DChannelPort> d_channels;
  std::vector<const Recording*> recordings;  ///< kMaxRecordings
  SessionIndex index;
  std::size_t patches = 0;

  SpscQueue<Command> commands;
  SpscQueue<Event> events;
  SpscQueue<DFrame> frames_in;   ///< from the signalling thread
  SpscQueue<DFrame> frames_out;  ///< to it
  LinkQueues links_out;
  std::vector<std::unique_ptr<LinkPort>> links;  ///< EngineConfig::links
  SpscQueue<LinkCommand> link_commands;
  SpscQueue<LinkReport> link_reports;
  LinkCommand link_command;         ///< being carried out
  bool link_command_waits = false;  ///< for room among the events
  std::uint32_t alive_seen = 0;     ///< of `alive`
  std::atomic<std::uint32_t> alive{0};
  std::atomic<bool> links_end{false};
  bool links_ended = false;
  std::optional<Event> refusal;  ///< waits for room among the events; no command is taken meanwhile

  Time now{};
  std::uint32_t ticks = 0;

  std::atomic<std::uint64_t> events_dropped{0};
  std::atomic<std::uint64_t> frames_dropped_received{0};
  std::atomic<std::uint64_t> frames_dropped_sent{0};
  std::atomic<std::uint64_t> digits_dropped{0};
  std::atomic<std::uint64_t> sessions_refused{0};
  std::atomic<std::uint64_t> link_commands_dropped{0};

  // Scratch of one span, hot in the cache from span to span.
  dsp::SpanOctets octets{};
  dsp::LaneBlock lanes{};
  dsp::ChannelOctets in{};
  dsp::ChannelOctets shared_out{};
};

}  // namespace tandem::media
