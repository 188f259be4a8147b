#pragma once
#include "dsp/comfort_noise.h"
#include "dsp/spandsp.h"
#include "gateway/media/block.h"
#include "gateway/media/commands.h"
#include "sipt/rtp/packet.h"
#include "sipt/rtp/telephone_event.h"

namespace tandem::media {

/// The sending end of a session: blocks of the timeslot become RTP packets and telephone events. The
/// timestamp goes on with the timeslot's clock whether anything is sent or not (RFC 3550 5.1).
class Transmitter {
 public:
  void open(const OpenSession& command, Law timeslot_law);
  void configure(const RtpParameters& parameters);
  /// Whether anything is sent.
  void set_gate(bool open);

  /// In-band DTMF is wanted: it goes out as events, or is reported.
  [[nodiscard]] bool detects_dtmf() const { return gate_ && takes_digits(); }
  /// A digit to be told of: as it begins where it goes out as an event, at its end where it is reported.
  struct Heard {
    char digit = 0;  ///< 0: none
    std::uint16_t duration_ms = 0;
  };
  /// Takes in a block; `dtmf` is what the detector said of it.
  Heard take(const Block& block, dsp::DtmfDetector::Status dtmf, RtpTransport& transport);

  [[nodiscard]] std::uint32_t ssrc() const { return ssrc_; }
  [[nodiscard]] std::uint32_t timestamp() const { return timestamp_; }  ///< of the next block's first sample
  [[nodiscard]] std::uint32_t packets() const { return packets_; }
  [[nodiscard]] std::uint32_t octets() const { return octets_; }  ///< of payload

 private:
  static constexpr std::size_t kMaxPtime = 480;  ///< samples: 60 ms

  [[nodiscard]] bool takes_digits() const { return event_type_ >= 0 || report_; }
  [[nodiscard]] Law law() const { return silence_ == dsp::silence_octet(Law::a) ? Law::a : Law::mu; }
  void pack(const Block& block, bool mute);
  Heard follow_digit(char digit, RtpTransport& transport);
  void end_silence(RtpTransport& transport);
  void end_interval(RtpTransport& transport);
  void send_event(const sip::rtp::EventSender::Packet& packet, RtpTransport& transport);
  void send(bool marker, std::uint8_t payload_type, std::uint32_t timestamp, std::size_t payload,
            std::span<Octet> packet, RtpTransport& transport);

  const dsp::OctetTable* table_ = nullptr;  ///< nullptr: the laws are equal, octets pass as they are
  Law timeslot_law_ = Law::a;
  Octet silence_ = 0xD5;  ///< in the law of RTP
  bool gate_ = false;
  bool talkspurt_ = true;         ///< the next packet begins one
  bool data_ = false;             ///< RFC 4040: octets as they are
  bool report_ = false;           ///< digits are reported
  bool suppress_ = false;         ///< silence is not sent
  bool rising_ = false;           ///< the next block is the first
  bool muted_ = false;            ///< the last block was part of a digit
  bool speaks_ = false;           ///< voice in the present interval
  std::int16_t noise_sent_ = -1;  ///< in this silence; -1: nothing yet
  std::uint8_t payload_type_ = 8;
  std::int16_t event_type_ = -1;  ///< -1: none
  char digit_ = 0;                ///< on the timeslot now
  std::uint32_t digit_at_ = 0;    ///< timestamp
  std::uint16_t interval_ = 160;  ///< samples a packet
  std::uint16_t filled_ = 0;
  std::uint16_t sequence_ = 0;
  std::uint32_t ssrc_ = 0;
  std::uint32_t timestamp_ = 0;
  std::uint32_t packets_ = 0;
  std::uint32_t octets_ = 0;
  sip::rtp::EventSender events_;
  dsp::VoiceActivity voice_;
  std::uint8_t noise_ = 127;         ///< minus dBov
  std::uint32_t noise_sent_at_ = 0;  ///< timestamp
  std::array<Octet, sip::rtp::kRtpHeader + kMaxPtime> packet_{};
};

}  // namespace tandem::media
