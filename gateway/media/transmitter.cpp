#include "gateway/media/transmitter.h"

#include <algorithm>
#include <cstring>

namespace tandem::media {

namespace rtp = sip::rtp;

namespace {
/// RFC 4733 2.3.3: -10 dBm0, the level at which the gateway plays digits itself. SpanDSP does not say how
/// loud the detected ones are.
constexpr std::uint8_t kEventVolume = 10;
}  // namespace

void Transmitter::open(const OpenSession& command, Law timeslot_law) {
  *this = {};
  timeslot_law_ = timeslot_law;
  ssrc_ = command.ssrc;
  sequence_ = command.first_sequence;
  timestamp_ = command.first_timestamp;
}

void Transmitter::configure(const RtpParameters& parameters) {
  if (parameters.law != timeslot_law_) {
    table_ = &dsp::transcode_table(timeslot_law_, parameters.law);
  } else {
    table_ = nullptr;
  }
  const auto silence = dsp::silence_octet(parameters.law);
  if (silence != silence_) filled_ = 0;  // what waits is in the other law
  silence_ = silence;
  payload_type_ = parameters.payload_type;
  event_type_ = parameters.send_event_type ? *parameters.send_event_type : std::int16_t{-1};
  if (event_type_ < 0) {
    events_.reset();
    digit_ = 0;
  }
  // Whole blocks: 10, 20 or 30 ms.
  const int blocks = std::clamp((parameters.ptime_ms + 5) / 10, 1, 3);
  interval_ = static_cast<std::uint16_t>(blocks * dsp::kBlock);
}

void Transmitter::set_gate(bool open) {
  if (gate_ == open) return;
  gate_ = open;
  filled_ = 0;
  digit_ = 0;
  talkspurt_ = true;
  events_.reset();
}

char Transmitter::take(const Block& block, dsp::DtmfDetector::Status dtmf, RtpTransport& transport) {
  if (!gate_) {
    timestamp_ += dsp::kBlock;
    return 0;
  }
  const char before = digit_;
  if (event_type_ >= 0) follow_digit(dtmf.digit, transport);
  if (filled_ + block.size() > kMaxPtime) filled_ = 0;
  const auto payload = std::span(packet_).subspan(rtp::kRtpHeader + filled_, block.size());
  // A digit that is to go out as an event is not to be heard too; the detector suspects it a block early.
  if (event_type_ >= 0 && dtmf.suspected) {
    std::memset(payload.data(), silence_, payload.size());
  } else if (table_ != nullptr) {
    dsp::transcode(*table_, block, payload);
  } else {
    std::memcpy(payload.data(), block.data(), block.size());
  }
  filled_ = static_cast<std::uint16_t>(filled_ + block.size());
  timestamp_ += dsp::kBlock;
  if (filled_ >= interval_) end_interval(transport);
  return digit_ != before ? digit_ : '\0';
}

// The detector is as late with a digit's end as with its beginning, so durations come out right.
void Transmitter::follow_digit(char digit, RtpTransport& transport) {
  if (digit == digit_) return;
  if (digit_ != 0) events_.stop(timestamp_);
  digit_ = digit;
  if (digit == 0) return;
  const auto event = rtp::digit_event(digit);
  if (!event) return;
  // The repetitions of the last end go out now: no event may begin before they have.
  while (const auto packet = events_.next(timestamp_)) send_event(*packet, transport);
  events_.start(*event, kEventVolume, timestamp_);
}

void Transmitter::end_interval(RtpTransport& transport) {
  const bool replaced = events_.replaces_audio();
  if (!replaced) {
    send(talkspurt_, payload_type_, timestamp_ - filled_, filled_, packet_, transport);
  }
  if (const auto event = events_.next(timestamp_)) send_event(*event, transport);
  filled_ = 0;
}

void Transmitter::send_event(const rtp::EventSender::Packet& event, RtpTransport& transport) {
  std::array<Octet, rtp::kRtpHeader + rtp::kEventPayload> packet{};
  const auto payload = rtp::build_event(event.event);
  std::copy(payload.begin(), payload.end(), packet.begin() + rtp::kRtpHeader);
  send(event.marker, static_cast<std::uint8_t>(event_type_), event.timestamp, payload.size(), packet,
       transport);
}

void Transmitter::send(bool marker, std::uint8_t payload_type, std::uint32_t timestamp, std::size_t payload,
                       std::span<Octet> packet, RtpTransport& transport) {
  rtp::build_rtp_header({.marker = marker,
                         .payload_type = payload_type,
                         .sequence = sequence_++,
                         .timestamp = timestamp,
                         .ssrc = ssrc_},
                        packet.first<rtp::kRtpHeader>());
  transport.send_rtp(packet.first(rtp::kRtpHeader + payload));
  talkspurt_ = false;
  ++packets_;
  octets_ += static_cast<std::uint32_t>(payload);
}

}  // namespace tandem::media
