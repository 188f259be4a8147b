#pragma once
#include "gateway/media/config.h"
#include "gateway/media/player.h"
#include "gateway/media/receiver.h"
#include "gateway/media/reporter.h"
#include "gateway/media/transmitter.h"

namespace tandem::media {

/// Where sessions and spans leave their events.
class EventSink {
 public:
  virtual ~EventSink() = default;
  /// False: no room now; try again next tick.
  virtual bool offer(const Event& event) = 0;
  /// Counts the event where there is no room.
  virtual void offer_or_count(const Event& event) = 0;
  virtual void count_dropped_digits(std::uint32_t count) = 0;
};

/// An RTP stream pair joined to a timeslot. One for each timeslot is made with the engine and used again and
/// again.
class Session {
 public:
  explicit Session(const dsp::ToneTable& tones) : receiver_(tones) {}

  [[nodiscard]] bool is_open() const { return state_ != State::free; }
  [[nodiscard]] SessionId id() const { return id_; }

  void open(const OpenSession& command, Law timeslot_law, const EngineConfig& config);
  void set_parameters(const RtpParameters& parameters, Time now);
  void through(bool to_rtp, bool to_timeslot, Time now);
  void close(Time now);
  /// Hands the statistics and the transport back. False: no room for the event yet.
  bool finish(EventSink& sink);
  [[nodiscard]] bool closing() const { return state_ == State::closing; }

  [[nodiscard]] Law timeslot_law() const { return timeslot_law_; }
  /// 64 kbit/s unrestricted: nothing may touch the octets.
  [[nodiscard]] bool data() const { return data_; }
  /// Plays to the peer in place of the circuit's audio, cut through or not. Not for data.
  void play_to_peer(const dsp::ToneCadence& tone);
  void play_to_peer(const Recording& recording, bool repeat);
  void stop_playing_to_peer() { to_peer_.stop(); }
  /// A digit that signalling received.
  void play_digit(char digit, std::uint32_t samples) { receiver_.play_digit(digit, samples); }

  /// RTP audio is to be heard on the timeslot.
  [[nodiscard]] bool heard_on_timeslot() const { return to_timeslot_ && receive_; }
  [[nodiscard]] bool detects_dtmf() const { return transmitter_.detects_dtmf(); }

  /// Sessions are far more memory than a cache has, and are gone through in order: while one is worked on,
  /// what the next ones will touch is loaded. First what lies in the object itself ...
  void prefetch_head() const {
    Receiver::prefetch(this, kHotHead);
    Receiver::prefetch(&transmitter_, sizeof transmitter_);
    receiver_.prefetch_head();
  }
  /// ... and later, when that is there, what it points at.
  void prefetch_rest() const {
    if (state_ == State::free) return;
    __builtin_prefetch(transport_, 1);
    if (transmitter_.detects_dtmf()) Receiver::prefetch(&detector_, dsp::DtmfDetector::kHot);
    receiver_.prefetch_rest();
  }

  /// A block from the timeslot. `samples` is the same block as 16-bit samples, empty unless detects_dtmf.
  void from_timeslot(const Block& block, dsp::SampleView samples, Time now, EventSink& sink);
  /// Takes in packets and writes the next block towards the timeslot. True: RTP audio came with this tick.
  bool to_timeslot(Block& block, Time now, bool poll_rtcp, Duration timeout, EventSink& sink);

 private:
  enum class State : std::uint8_t { free, open, closing };
  static constexpr std::size_t kHotHead = 64;

  void update_gates(Time now);
  void learn(const RtpParameters& parameters, bool moved, Time now);
  void follow_source(EventSink& sink);
  void tell_of_source(EventSink& sink);
  void replace_by_playing(Block& block, Time now, EventSink& sink);
  void watch(const Receiver::Arrivals& arrivals, Time now, Duration timeout, EventSink& sink);
  [[nodiscard]] SessionStats stats() const;

  // What each tick touches comes first.
  RtpTransport* transport_ = nullptr;
  Time last_heard_{};
  State state_ = State::free;
  bool configured_ = false;
  bool send_ = false;  ///< as negotiated
  bool receive_ = false;
  bool to_rtp_ = false;  ///< as cut through
  bool to_timeslot_ = false;
  bool started_told_ = false;
  bool audio_came_ = false;
  bool timeout_told_ = false;
  bool expecting_ = false;  ///< the peer should send
  bool data_ = false;
  bool audible_ = false;       ///< the timeslot heard RTP with the last block
  bool to_peer_used_ = false;  ///< something is played to the peer, or its end is to be told
  bool learning_now_ = false;
  bool to_peer_opened_ = false;  ///< what is played to the peer keeps the gate open
  bool source_untold_ = false;
  Law timeslot_law_ = Law::a;
  Reporter reporter_;
  SessionId id_;
  SocketAddress remote_rtp_;
  SocketAddress remote_rtcp_;
  dsp::DtmfDetector detector_;
  Transmitter transmitter_;
  Receiver receiver_;
  SourceLearner learner_;
  SourceLearning learning_ = SourceLearning::off;
  Player to_peer_;
};

}  // namespace tandem::media
