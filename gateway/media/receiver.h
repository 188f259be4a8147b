#pragma once
#include <optional>

#include "dsp/comfort_noise.h"
#include "gateway/media/digit_player.h"
#include "gateway/media/source_learner.h"
#include "gateway/media/transmitter.h"
#include "sipt/rtp/jitter_buffer.h"
#include "sipt/rtp/reception.h"

namespace tandem::media {

/// The receiving end of a session: RTP packets become blocks for the timeslot.
class Receiver {
 public:
  explicit Receiver(const dsp::ToneTable& tones) : digits_(tones) {}

  /// The jitter buffer holds octets of the timeslot's law.
  void open(const sip::rtp::JitterBuffer::Settings& settings);
  void configure(const RtpParameters& parameters);

  /// What a tick's packets brought.
  struct Arrivals {
    bool any = false;  ///< RTP, audio or events
    bool audio = false;
    bool source_changed = false;       ///< the learner believes another source, or the same for good
    std::uint32_t dropped_digits = 0;  ///< not played, or not told of
    std::array<char, 4>
        digits{};  ///< that began, zero-terminated; more in one tick are no digits of a person
  };
  /// Takes in what waits, up to kPacketsPerTick; of those only whom `learner` believes, if there is one.
  Arrivals receive(RtpTransport& transport, SourceLearner* learner, Time now);
  /// A digit that signalling received.
  void play_digit(char digit, std::uint32_t samples);
  /// The next block: a received digit as tone, else audio, else silence. Always to be called, so that time
  /// goes on; what is not to be heard is thrown away by the caller.
  void play(Block& out);

  /// RTCP BYE from the source: the next packet may come from another.
  void source_left() { left_ = true; }

  struct Totals {
    std::uint64_t received = 0;
    std::uint64_t expected = 0;
    std::uint64_t lost = 0;
    std::uint64_t late = 0;
  };
  /// Over all sources.
  [[nodiscard]] Totals totals() const;
  [[nodiscard]] std::uint32_t malformed() const { return malformed_; }
  [[nodiscard]] sip::rtp::Reception& reception() { return reception_; }
  [[nodiscard]] const sip::rtp::Reception& reception() const { return reception_; }
  [[nodiscard]] bool heard() const { return heard_; }  ///< some packet came
  /// The source does not send while nobody speaks.
  [[nodiscard]] bool may_be_silent() const { return noise_allowed_ && heard_; }
  [[nodiscard]] float jitter_ms() const { return static_cast<float>(reception_.jitter() / 8.0); }
  [[nodiscard]] const sip::rtp::JitterBuffer& buffer() const { return buffer_; }
  [[nodiscard]] int packet_ms() const { return packet_samples_ / 8; }  ///< of the last audio packet

  static constexpr int kPacketsPerTick = 16;

  /// Begins to load what a tick touches into the cache: first what lies in the object itself ...
  void prefetch_head() const {
    prefetch(this, kHotHead);
    constexpr std::size_t kPlayer = 16;  // the last of the tone player's members
    prefetch(reinterpret_cast<const char*>(&buffer_) - kPlayer, kPlayer + sip::rtp::JitterBuffer::kHotHead);
  }
  /// ... later what that says.
  void prefetch_rest() const { buffer_.prefetch(); }

  static void prefetch(const void* memory, std::size_t size) {
    for (std::size_t line = 0; line < size; line += 64) {
      __builtin_prefetch(static_cast<const char*>(memory) + line, 1);
    }
  }

 private:
  static constexpr std::size_t kHotHead = 136;  ///< octets up to and with the event receiver

  void on_packet(OctetView octets, Time now, Arrivals& arrivals);
  bool accept_source(const sip::rtp::RtpHeader& header);
  void on_other(const sip::rtp::RtpPacket& packet, Time now, Arrivals& arrivals);
  void on_audio(const sip::rtp::RtpPacket& packet, Payload payload, Time now, Arrivals& arrivals);
  void on_noise(const sip::rtp::RtpPacket& packet);
  void put(const sip::rtp::RtpPacket& packet, Law law);
  void on_event(const sip::rtp::RtpPacket& packet, Arrivals& arrivals);
  void end_digit();
  void conceal(Block& out);
  void bend(Block& out);
  bool make_noise(Block& out);

  // What each tick touches lies together, around the tone player's queue and in front of the buffer's ring.
  Law timeslot_law_ = Law::a;
  Payload payload_ = Payload::pcma;
  bool data_ = false;           ///< 64 kbit/s unrestricted
  bool noise_allowed_ = false;  ///< RFC 3389 was negotiated
  bool noise_next_ = false;     ///< the source said last that it is silent
  bool noise_on_ = false;       ///< comfort noise is played
  bool heard_ = false;
  bool left_ = false;
  bool candidate_known_ = false;
  bool audio_beside_event_ = false;  ///< the source sends a digit's tone as audio too
  std::uint8_t payload_type_ = 8;
  std::uint8_t type_count_ = 0;   ///< of types_; 0: payload_type_ alone
  std::uint8_t concealed_ = 0;    ///< blocks of the present gap
  std::int16_t event_type_ = -1;  ///< -1: none
  std::uint16_t packet_samples_ = 0;
  std::uint32_t malformed_ = 0;
  sip::rtp::Reception reception_;
  sip::rtp::EventReceiver events_;
  std::uint16_t candidate_sequence_ = 0;
  std::uint32_t candidate_ = 0;  ///< SSRC of another source, until a second packet confirms it
  Totals before_;                ///< of earlier sources
  std::array<ReceiveType, 4> types_{};
  dsp::ComfortNoise noise_;
  dsp::Concealer concealer_;
  DigitPlayer digits_;
  sip::rtp::JitterBuffer buffer_;
};

}  // namespace tandem::media
