#include "gateway/media/receiver.h"

#include <algorithm>

#include "dsp/slip.h"

namespace tandem::media {

namespace rtp = sip::rtp;

namespace {

/// Payload types of RFC 3551 that some peers send whatever was negotiated, as both laws are on their list.
constexpr std::uint8_t kPcmu = 0;
constexpr std::uint8_t kPcma = 8;
/// Blocks after which concealment has faded to silence.
constexpr std::uint8_t kFaded = 6;
/// What a channel of 64 kbit/s carries where nothing came.
constexpr Octet kNoData = 0xFF;

static_assert(dsp::kSlipReach == rtp::JitterBuffer::kReach);

constexpr Payload payload_of(Law law) {
  return law == Law::a ? Payload::pcma : Payload::pcmu;
}

std::uint32_t in_samples(Time now) {
  const auto us = std::chrono::duration_cast<std::chrono::microseconds>(now.time_since_epoch()).count();
  return static_cast<std::uint32_t>(us * 8 / 1000);
}

}  // namespace

void Receiver::open(const rtp::JitterBuffer::Settings& settings) {
  timeslot_law_ = settings.law;
  payload_ = payload_of(settings.law);
  heard_ = left_ = candidate_known_ = audio_beside_event_ = false;
  data_ = noise_allowed_ = noise_next_ = noise_on_ = false;
  concealed_ = 0;
  event_type_ = -1;
  type_count_ = 0;
  packet_samples_ = 0;
  malformed_ = 0;
  before_ = {};
  reception_ = {};
  events_.reset();
  digits_.reset();
  noise_.reset();
  buffer_.reset(settings);
}

void Receiver::configure(const RtpParameters& parameters) {
  const bool data = parameters.payload == Payload::clearmode;
  payload_ = data ? Payload::clearmode : payload_of(parameters.law);
  payload_type_ = parameters.payload_type;
  types_ = parameters.receive_types;
  type_count_ =
      static_cast<std::uint8_t>(std::min<std::size_t>(parameters.receive_type_count, types_.size()));
  const bool events = parameters.receive_event_type && !parameters.digits_in_audio && !data;
  event_type_ = events ? *parameters.receive_event_type : std::int16_t{-1};
  noise_allowed_ = parameters.comfort_noise && !data;
  if (!noise_allowed_) noise_next_ = noise_on_ = false;
  if (data != data_) {
    // What waits is of the other kind.
    buffer_.restart();
    digits_.reset();
    concealed_ = 0;
  }
  data_ = data;
  buffer_.set_data(data);
}

Receiver::Arrivals Receiver::receive(RtpTransport& transport, SourceLearner* learner, Time now) {
  Arrivals arrivals;
  std::array<Octet, rtp::kMaxPacket> buffer;
  for (int i = 0; i < kPacketsPerTick; ++i) {
    const auto size = transport.receive_rtp(buffer);
    if (size == 0) break;
    const auto octets = std::span(buffer).first(std::min(size, buffer.size()));
    if (learner != nullptr && learner->learning()) {
      const auto verdict = learner->judge(octets, transport.source(), now);
      if (verdict == SourceLearner::Verdict::refuse) continue;
      if (verdict != SourceLearner::Verdict::accept) {
        arrivals.source_changed = true;
        left_ = heard_;  // it has proved itself: no second confirmation
      }
    }
    on_packet(octets, now, arrivals);
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
  if (header.payload_type == payload_type_ && type_count_ == 0) {
    on_audio(*packet, payload_, now, arrivals);
  } else if (header.payload_type == event_type_) {
    on_event(*packet, arrivals);
  } else {
    on_other(*packet, now, arrivals);
  }
}

// RFC 3264 6.1: the peer may change between what was negotiated from packet to packet.
void Receiver::on_other(const rtp::RtpPacket& packet, Time now, Arrivals& arrivals) {
  const auto type = packet.header.payload_type;
  for (const auto& known : std::span(types_).first(type_count_)) {
    if (known.payload_type == type) return on_audio(packet, known.payload, now, arrivals);
  }
  if (type == rtp::kComfortNoise) return on_noise(packet);
  if (type == kPcmu) return on_audio(packet, Payload::pcmu, now, arrivals);
  if (type == kPcma) return on_audio(packet, Payload::pcma, now, arrivals);
  // Anything else was never negotiated.
}

void Receiver::on_noise(const rtp::RtpPacket& packet) {
  if (!noise_allowed_) return;  // silence does as well
  noise_.set(dsp::parse_noise(packet.payload));
  noise_next_ = true;
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

void Receiver::on_audio(const rtp::RtpPacket& packet, Payload payload, Time now, Arrivals& arrivals) {
  if (packet.payload.empty()) return;                    // keep-alive (RFC 6263)
  if ((payload == Payload::clearmode) != data_) return;  // no octets of a call are ever both
  arrivals.audio = true;
  noise_next_ = false;
  if (events_.active()) audio_beside_event_ = true;
  reception_.update_jitter(packet.header.timestamp, in_samples(now));
  packet_samples_ = static_cast<std::uint16_t>(packet.payload.size());
  const auto law = payload == Payload::pcmu ? Law::mu : Law::a;
  if (data_ || law == timeslot_law_) {
    buffer_.put(packet.header.timestamp, packet.payload);
  } else {
    put(packet, law);
  }
}

void Receiver::put(const rtp::RtpPacket& packet, Law law) {
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

void Receiver::play_digit(char digit, std::uint32_t samples) {
  if (data_ || !digits_.begin(digit)) return;
  digits_.extend(samples);
  digits_.end();
}

void Receiver::play(Block& out) {
  const auto got = buffer_.get(out);
  if (data_) {
    if (got != rtp::JitterBuffer::Block::audio) out.fill(kNoData);
    return;
  }
  if (got == rtp::JitterBuffer::Block::audio) {
    noise_on_ = false;
    if (buffer_.slip().direction != 0) bend(out);
    if (concealed_ > 0) {
      LinearBlock samples;
      dsp::decode(timeslot_law_, out, samples);
      if (concealed_ <= kFaded) {
        concealer_.resume(samples);
      } else {
        cross_fade({}, samples, samples);
      }
      dsp::encode(timeslot_law_, samples, out);
      concealed_ = 0;
    }
  } else if (!make_noise(out)) {
    if (got == rtp::JitterBuffer::Block::missing) {
      conceal(out);
    } else {
      out.fill(dsp::silence_octet(timeslot_law_));
    }
  }
  if (!digits_.busy()) return;
  LinearBlock tone;
  if (digits_.play(tone)) dsp::encode(timeslot_law_, tone, out);
}

// The source's clock is not the timeslots': one sample more or less, where nobody hears it.
void Receiver::bend(Block& out) {
  constexpr auto kSize = dsp::kBlock + 2 * dsp::kSlipReach;
  const auto slip = buffer_.slip();
  std::array<Octet, kSize> octets;
  std::array<std::int16_t, kSize> samples;
  LinearBlock bent;
  buffer_.around(octets);
  dsp::decode(timeslot_law_, octets, samples);
  dsp::slip(samples, slip.direction, slip.block, slip.blocks, bent);
  dsp::encode(timeslot_law_, bent, out);
}

// Gaps of a source that is silent are no loss.
bool Receiver::make_noise(Block& out) {
  if (!noise_next_ && !noise_on_) return false;
  noise_on_ = true;
  concealed_ = 0;
  LinearBlock samples;
  noise_.generate(samples);
  dsp::encode(timeslot_law_, samples, out);
  return true;
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
  LinearBlock samples;
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
