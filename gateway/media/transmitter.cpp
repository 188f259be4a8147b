#include "gateway/media/transmitter.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

namespace tandem::media {

namespace rtp = sip::rtp;

namespace {
/// RFC 4733 2.3.3: -10 dBm0, the level at which the gateway plays digits itself. SpanDSP does not say how
/// loud the detected ones are.
constexpr std::uint8_t kEventVolume = 10;
/// What a channel of 64 kbit/s carries where nothing is sent.
constexpr Octet kIdleData = 0xFF;
/// RFC 3389 section 4: another description of the noise goes out when it has changed by so many dB, but not
/// more often than kNoiseLeast, and from time to time as packets get lost. Timestamp units.
constexpr int kNoiseStep = 3;
constexpr std::uint32_t kNoiseLeast = 1600;
constexpr std::uint32_t kNoiseMost = 8000;
}  // namespace

void Transmitter::open(const OpenSession& command, Law timeslot_law) {
  *this = {};
  timeslot_law_ = timeslot_law;
  ssrc_ = command.ssrc;
  sequence_ = command.first_sequence;
  timestamp_ = command.first_timestamp;
}

void Transmitter::configure(const RtpParameters& parameters) {
  data_ = parameters.payload == Payload::clearmode;
  if (parameters.law != timeslot_law_ && !data_) {
    table_ = &dsp::transcode_table(timeslot_law_, parameters.law);
  } else {
    table_ = nullptr;
  }
  const auto silence = data_ ? kIdleData : dsp::silence_octet(parameters.law);
  if (silence != silence_ || data_) filled_ = 0;  // what waits is in the other law
  silence_ = silence;
  payload_type_ = parameters.payload_type;
  const bool events = parameters.digits_out == DigitsOut::events && parameters.send_event_type && !data_;
  event_type_ = events ? *parameters.send_event_type : std::int16_t{-1};
  report_ = parameters.digits_out == DigitsOut::report && !data_;
  if (event_type_ < 0) events_.reset();
  if (!takes_digits()) digit_ = 0;
  suppress_ = parameters.suppress_silence && parameters.comfort_noise && !data_;
  // Whole blocks: 10 to 60 ms.
  const int blocks = std::clamp((parameters.ptime_ms + 5) / 10, 1, 6);
  interval_ = static_cast<std::uint16_t>(blocks * dsp::kBlock);
}

void Transmitter::set_gate(bool open) {
  if (gate_ == open) return;
  gate_ = open;
  filled_ = 0;
  digit_ = 0;
  talkspurt_ = true;
  rising_ = true;
  muted_ = speaks_ = false;
  noise_sent_ = -1;
  voice_.reset();
  events_.reset();
}

Transmitter::Heard Transmitter::take(const Block& block, dsp::DtmfDetector::Status dtmf,
                                     RtpTransport& transport) {
  if (!gate_) {
    timestamp_ += dsp::kBlock;
    return {};
  }
  Heard heard;
  bool mute = false;
  if (takes_digits()) {
    heard = follow_digit(dtmf.digit, transport);
    mute = dtmf.suspected;
  }
  if (filled_ + block.size() > kMaxPtime) filled_ = 0;
  pack(block, mute);
  timestamp_ += dsp::kBlock;
  if (filled_ >= interval_) end_interval(transport);
  return heard;
}

void Transmitter::pack(const Block& block, bool mute) {
  const auto waiting = std::span(packet_).subspan(rtp::kRtpHeader, filled_);
  const auto payload = std::span(packet_).subspan(rtp::kRtpHeader + filled_, block.size());
  // A digit that is to go out another way is not to be heard too. The detector suspects it when it has been
  // on for up to two blocks: what of them has not been sent yet is taken back.
  if (mute) {
    if (!muted_) std::memset(waiting.data(), silence_, waiting.size());
    std::memset(payload.data(), silence_, payload.size());
  } else if (table_ != nullptr) {
    dsp::transcode(*table_, block, payload);
  } else {
    std::memcpy(payload.data(), block.data(), block.size());
  }
  muted_ = mute;
  filled_ = static_cast<std::uint16_t>(filled_ + block.size());
  if (rising_) {
    rising_ = false;
    if (!data_ && !mute) {
      Block first;
      std::copy(payload.begin(), payload.end(), first.begin());
      fade(law(), true, first);
      std::copy(first.begin(), first.end(), payload.begin());
    }
  }
  if (!suppress_) return;
  LinearBlock samples;
  dsp::decode(law(), payload, samples);
  const auto verdict = voice_.process(samples);
  speaks_ = speaks_ || verdict.voice;
  noise_ = verdict.level;
}

// The detector is as late with a digit's end as with its beginning, so durations come out right.
Transmitter::Heard Transmitter::follow_digit(char digit, RtpTransport& transport) {
  if (digit == digit_) return {};
  Heard heard;
  if (digit_ != 0) {
    events_.stop(timestamp_);
    const auto ms = std::uint64_t{timestamp_ - digit_at_} * 1000 / kSampleRate;
    if (report_)
      heard = {.digit = digit_,
               .duration_ms = static_cast<std::uint16_t>(std::min<std::uint64_t>(ms, 0xFFFF))};
  }
  digit_ = digit;
  digit_at_ = timestamp_;
  const auto event = rtp::digit_event(digit);
  if (digit == 0 || !event || report_) return heard;
  // The repetitions of the last end go out now: no event may begin before they have.
  while (const auto packet = events_.next(timestamp_)) send_event(*packet, transport);
  events_.start(*event, kEventVolume, timestamp_);
  return {.digit = digit};
}

void Transmitter::end_interval(RtpTransport& transport) {
  const bool replaced = events_.replaces_audio();
  if (!replaced && (!suppress_ || speaks_)) {
    send(talkspurt_, payload_type_, timestamp_ - filled_, filled_, packet_, transport);
    noise_sent_ = -1;
  } else if (!replaced) {
    end_silence(transport);
  }
  if (const auto event = events_.next(timestamp_)) send_event(*event, transport);
  filled_ = 0;
  speaks_ = false;
}

// RFC 3389: the noise is described in place of being sent.
void Transmitter::end_silence(RtpTransport& transport) {
  const auto since = timestamp_ - noise_sent_at_;
  const bool changed = std::abs(int{noise_} - noise_sent_) >= kNoiseStep && since >= kNoiseLeast;
  if (noise_sent_ < 0 || changed || since >= kNoiseMost) {
    std::array<Octet, rtp::kRtpHeader + 1> packet{};
    packet.back() = noise_;
    send(false, rtp::kComfortNoise, timestamp_ - filled_, 1, packet, transport);
    noise_sent_ = noise_;
    noise_sent_at_ = timestamp_;
  }
  talkspurt_ = true;
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
