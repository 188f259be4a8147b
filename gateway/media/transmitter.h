#pragma once
#include "dsp/g711.h"
#include "dsp/lanes.h"
#include "dsp/spandsp.h"
#include "gateway/media/commands.h"
#include "sipt/rtp/packet.h"
#include "sipt/rtp/telephone_event.h"

namespace tandem::media {

/// Octets of one timeslot for one tick.
using Block = std::array<Octet, dsp::kBlock>;

/// The sending end of a session: blocks of the timeslot become RTP packets and telephone events. The
/// timestamp goes on with the timeslot's clock whether anything is sent or not (RFC 3550 5.1).
class Transmitter {
 public:
  void open(const OpenSession& command, Law timeslot_law);
  void configure(const RtpParameters& parameters);
  /// Whether anything is sent.
  void set_gate(bool open);

  /// In-band DTMF is wanted: it goes out as events.
  [[nodiscard]] bool detects_dtmf() const { return gate_ && event_type_ >= 0; }
  /// Takes in a block; `dtmf` is what the detector said of it. Returns the digit that began with it, or 0.
  char take(const Block& block, dsp::DtmfDetector::Status dtmf, RtpTransport& transport);

  [[nodiscard]] std::uint32_t ssrc() const { return ssrc_; }
  [[nodiscard]] std::uint32_t timestamp() const { return timestamp_; }  ///< of the next block's first sample
  [[nodiscard]] std::uint32_t packets() const { return packets_; }
  [[nodiscard]] std::uint32_t octets() const { return octets_; }  ///< of payload

 private:
  static constexpr std::size_t kMaxPtime = 240;  ///< samples: 30 ms

  void follow_digit(char digit, RtpTransport& transport);
  void end_interval(RtpTransport& transport);
  void send_event(const sip::rtp::EventSender::Packet& packet, RtpTransport& transport);
  void send(bool marker, std::uint8_t payload_type, std::uint32_t timestamp, std::size_t payload,
            std::span<Octet> packet, RtpTransport& transport);

  const dsp::OctetTable* table_ = nullptr;  ///< nullptr: the laws are equal, octets pass as they are
  Law timeslot_law_ = Law::a;
  Octet silence_ = 0xD5;  ///< in the law of RTP
  bool gate_ = false;
  bool talkspurt_ = true;  ///< the next packet begins one
  std::uint8_t payload_type_ = 8;
  std::int16_t event_type_ = -1;  ///< -1: none
  char digit_ = 0;                ///< on the timeslot now
  std::uint16_t interval_ = 160;  ///< samples a packet
  std::uint16_t filled_ = 0;
  std::uint16_t sequence_ = 0;
  std::uint32_t ssrc_ = 0;
  std::uint32_t timestamp_ = 0;
  std::uint32_t packets_ = 0;
  std::uint32_t octets_ = 0;
  sip::rtp::EventSender events_;
  std::array<Octet, sip::rtp::kRtpHeader + kMaxPtime> packet_{};
};

}  // namespace tandem::media
