#include "gateway/media/receiver.h"

#include <algorithm>
#include <cstring>

namespace tandem::media {

namespace rtp = sip::rtp;

namespace {

/// Payload types of RFC 3551 that some peers send whatever was negotiated, as both laws are on their list.
constexpr std::uint8_t kPcmu = 0;
constexpr std::uint8_t kPcma = 8;
/// Blocks after which concealment has faded to silence.
constexpr std::uint8_t kFaded = 6;

std::uint32_t in_samples(Time now) {
  const auto us = std::chrono::duration_cast<std::chrono::microseconds>(now.time_since_epoch()).count();
  return static_cast<std::uint32_t>(us * 8 / 1000);
}

}  // namespace

void Receiver::open(const rtp::JitterBuffer::Settings& settings) {
  timeslot_law_ = law_ = settings.law;
  heard_ = left_ = candidate_known_ = audio_beside_event_ = false;
  concealed_ = 0;
  event_type_ = -1;
  packet_samples_ = 0;
  malformed_ = 0;
  before_ = {};
  reception_ = {};
  events_.reset();
  digits_.reset();
  buffer_.reset(settings);
}

void Receiver::configure(const RtpParameters& parameters) {
  law_ = parameters.law;
  payload_type_ = parameters.payload_type;
  event_type_ = parameters.receive_event_type ? *parameters.receive_event_type : std::int16_t{-1};
}

Receiver::Arrivals Receiver::receive(RtpTransport& transport, Time now) {
  Arrivals arrivals;
  std::array<Octet, rtp::kMaxPacket> buffer;
  for (int i = 0; i < kPacketsPerTick; ++i) {
    const auto size = transport.receive_rtp(buffer);
    if (size == 0) break;
    on_packet(std::span(buffer).first(std::min(size, buffer.size())), now, arrivals);
  }
  if (events_.on_time(dsp::kBlock)) end_digit();
  return arrivals;
}

void Receiver::on_packet(OctetView octets, Time now, Arrivals& arrivals) {
  const auto packet = rtp::parse_rtp(octets);
  if (!packet) {
    ++malformed_;
    return;
  }
  const auto& header = packet->header;
  if (!accept_source(header) || !reception_.update(header.sequence)) return;
  arrivals.any = true;
  if (header.payload_type == event_type_) {
    on_event(*packet, arrivals);
  } else if (header.payload_type == payload_type_) {
    on_audio(*packet, law_, now, arrivals);
  } else if (header.payload_type == kPcmu) {
    on_audio(*packet, Law::mu, now, arrivals);
  } else if (header.payload_type == kPcma) {
    on_audio(*packet, Law::a, now, arrivals);
  }
  // Anything else is comfort noise (RFC 3389) or was never negotiated: silence does as well.
}

// The first source is taken as it is; another one has to send two packets in a row, so that a stray packet
// does not break the stream (RFC 3550 A.1).
bool Receiver::accept_source(const rtp::RtpHeader& header) {
  if (heard_ && header.ssrc == reception_.ssrc()) {
    candidate_known_ = false;
    left_ = false;
    return true;
  }
  const bool confirmed =
      candidate_known_ && candidate_ == header.ssrc && header.sequence == candidate_sequence_;
  if (heard_ && !left_ && !confirmed) {
    candidate_known_ = true;
    candidate_ = header.ssrc;
    candidate_sequence_ = static_cast<std::uint16_t>(header.sequence + 1);
    return false;
  }
  before_ = totals();
  before_.late = 0;  // the buffer's count goes on
  reception_.start(header.ssrc, header.sequence);
  buffer_.restart();
  if (events_.active()) end_digit();
  events_.reset();
  heard_ = true;
  left_ = candidate_known_ = false;
  return true;
}

void Receiver::on_audio(const rtp::RtpPacket& packet, Law law, Time now, Arrivals& arrivals) {
  if (packet.payload.empty()) return;  // keep-alive (RFC 6263)
  arrivals.audio = true;
  if (events_.active()) audio_beside_event_ = true;
  reception_.update_jitter(packet.header.timestamp, in_samples(now));
  packet_samples_ = static_cast<std::uint16_t>(packet.payload.size());
  if (law == timeslot_law_) {
    buffer_.put(packet.header.timestamp, packet.payload);
    return;
  }
  std::array<Octet, rtp::kMaxPacket> converted;
  const auto out = std::span(converted).first(packet.payload.size());
  dsp::transcode(dsp::transcode_table(law, timeslot_law_), packet.payload, out);
  buffer_.put(packet.header.timestamp, out);
}

void Receiver::on_event(const rtp::RtpPacket& packet, Arrivals& arrivals) {
  const auto event = rtp::parse_event(packet.payload);
  if (!event) {
    ++malformed_;
    return;
  }
  const char digit = rtp::event_digit(event->event);
  if (digit == 0) return;
  const auto update = events_.on_packet(*event, packet.header.timestamp);
  if (!update) return;
  if (update->previous_ended) end_digit();
  if (update->started) {
    audio_beside_event_ = false;
    const bool played = digits_.begin(digit);
    const auto free = std::find(arrivals.digits.begin(), arrivals.digits.end() - 1, '\0');
    const bool told = free != arrivals.digits.end() - 1;
    if (told) *free = digit;
    if (!played || !told) ++arrivals.dropped_digits;
  }
  digits_.extend(update->duration);
  if (update->ended) end_digit();
}

void Receiver::end_digit() {
  digits_.end();
  if (!audio_beside_event_) return;
  // What the source sent beside the event still waits in the buffer.
  digits_.hold(static_cast<std::uint32_t>(buffer_.target().count() * kSampleRate / 1'000'000'000) +
               packet_samples_);
}

void Receiver::play(Block& out) {
  const auto got = buffer_.get(out);
  if (got == rtp::JitterBuffer::Block::missing) {
    conceal(out);
  } else if (got == rtp::JitterBuffer::Block::idle) {
    out.fill(dsp::silence_octet(timeslot_law_));
    concealed_ = 0;
  } else if (concealed_ > 0) {
    std::array<std::int16_t, dsp::kBlock> samples;
    dsp::decode(timeslot_law_, out, samples);
    if (concealed_ <= kFaded) concealer_.resume(samples);
    dsp::encode(timeslot_law_, samples, out);
    concealed_ = 0;
  }
  if (!digits_.busy()) return;
  std::array<std::int16_t, dsp::kBlock> tone;
  if (digits_.play(tone)) dsp::encode(timeslot_law_, tone, out);
}

void Receiver::conceal(Block& out) {
  if (concealed_ >= kFaded) {
    concealed_ = kFaded + 1;
    out.fill(dsp::silence_octet(timeslot_law_));
    buffer_.replace(out);
    return;
  }
  if (concealed_ == 0) {
    std::array<Octet, rtp::JitterBuffer::kHistory> octets;
    std::array<std::int16_t, rtp::JitterBuffer::kHistory> history;
    buffer_.history(octets);
    dsp::decode(timeslot_law_, octets, history);
    concealer_.begin(history);
  }
  std::array<std::int16_t, dsp::kBlock> samples;
  concealer_.conceal(samples);
  dsp::encode(timeslot_law_, samples, out);
  buffer_.replace(out);
  ++concealed_;
}

Receiver::Totals Receiver::totals() const {
  Totals sum = before_;
  if (heard_) {
    sum.received += reception_.received();
    sum.expected += reception_.expected();
    sum.lost += reception_.lost();
  }
  sum.late += buffer_.counters().late;
  return sum;
}

}  // namespace tandem::media
