#include "hw/cesopsn.h"

#include <algorithm>

namespace tandem::hw {
namespace {

using std::chrono::milliseconds;

constexpr Duration kFrame = std::chrono::microseconds(125);
constexpr int kMaxDatagramsPerService = 512;  // a flood must not hold up the tick
// RFC 5086 6.2: the pre-configured numbers of packets that enter and leave the packet loss state.
constexpr int kLossPackets = 10;
constexpr int kRecoveryPackets = 2;
constexpr Duration kMinLossTime = milliseconds(40);  // packets come in bursts, one a tick of the far end
constexpr Duration kSourceLost = milliseconds(40);   // nothing written for so long: the source is gone
constexpr int kSourceLostServices = 2;
constexpr Duration kMaxCatchUp = milliseconds(100);
constexpr double kSlipShare =
    0.75;  // of a packet: a drift of more is a slip; less than 1, so that it is reached

PlayoutConfig playout_config(const tdm::SpanConfig& config) {
  return {.timeslots = tdm::timeslot_count(config.type),
          .packet_frames = config.packet_frames,
          .target_frames = static_cast<int>(config.playout / kFrame)};
}

}  // namespace

CesopsnSpan::CesopsnSpan(const tdm::SpanConfig& config, std::unique_ptr<DatagramPort> port,
                         std::uint16_t first_sequence, tdm::AlarmTimes alarm_times)
    : type_(config.type),
      clock_source_(config.clock),
      packet_frames_(config.packet_frames),
      packet_octets_(static_cast<std::size_t>(config.packet_frames) *
                     static_cast<std::size_t>(tdm::timeslot_count(config.type))),
      packet_time_(config.packet_frames * kFrame),
      loss_after_(std::max(kMinLossTime, kLossPackets * packet_time_)),
      port_(std::move(port)),
      playout_(playout_config(config)),
      clock_(config.packet_frames),
      monitor_(alarm_times),
      sequence_(first_sequence),
      outgoing_(packet_octets_),
      packet_(kControlWordOctets + packet_octets_) {}

void CesopsnSpan::service(Time now) {
  if (!serviced_) {
    serviced_ = true;
    last_received_ = now;
    source_due_ = now + kSourceLost;
    invalid_due_ = now;
  }
  receive(now);
  watch_loss(now);
  watch_clock(now);
  watch_source(now);
  monitor_.update(defects(), now);
}

void CesopsnSpan::receive(Time now) {
  for (int i = 0; i < kMaxDatagramsPerService; ++i) {
    const auto datagram = port_->receive(buffer_);
    if (!datagram) return;
    // What does not fit into the buffer has the wrong size, whatever it is.
    const auto size = std::min(datagram->size, buffer_.size());
    const auto packet = decode_packet(OctetView(buffer_.data(), size), packet_octets_);
    if (packet) {
      handle(*packet, now - std::clamp(datagram->age, Duration{}, Duration(milliseconds(500))));
    } else if (packet.error().code != Errc::unsupported) {
      ++malformed_;
    }
  }
}

void CesopsnSpan::handle(const CesopsnPacket& packet, Time arrival) {
  ++received_;
  const ControlWord& control = packet.control;
  const auto slips = playout_.counters().slips;
  const auto verdict = playout_.insert(
      control.sequence, control.circuit == AttachmentCircuit::invalid ? OctetView{} : packet.payload);
  if (verdict == PlayoutBuffer::Verdict::dropped) return;

  last_received_ = std::max(last_received_, arrival);
  if (verdict == PlayoutBuffer::Verdict::reordered) return;
  const bool in_sequence = control.sequence == static_cast<std::uint16_t>(last_sequence_ + 1);
  consecutive_ = in_sequence ? std::min(consecutive_ + 1, kRecoveryPackets) : 1;
  last_sequence_ = control.sequence;
  if (consecutive_ >= kRecoveryPackets) loss_ = false;
  remote_ = control;
  if (verdict == PlayoutBuffer::Verdict::started) clock_.restart();
  if (playout_.counters().slips != slips) clock_.forget_level();
  clock_.arrived(playout_.end(), arrival);
}

void CesopsnSpan::watch_loss(Time now) {
  if (now - last_received_ <= loss_after_) return;
  // RFC 5086 6.2: idle is played, and the depth is built up again when packets come back.
  loss_ = true;
  consecutive_ = 0;
  playout_.stop();
  clock_.forget_level();
}

void CesopsnSpan::watch_clock(Time now) {
  if (!playout_.playing()) return;
  clock_.observe(playout_.position(), now);
  const double drift = clock_.drift();
  const double limit = kSlipShare * packet_frames_;
  if (drift > limit || drift < -limit) {
    const bool drop = drift > 0;
    playout_.slip(drop);
    clock_.slipped(drop ? packet_frames_ : -packet_frames_);
  }
}

void CesopsnSpan::watch_source(Time now) {
  // Time alone does not tell: a thread that was held up writes late, but all of it.
  if (++unwritten_ <= kSourceLostServices || now < source_due_) return;
  filled_ = 0;
  // From where the data ended, so that the sequence stays in step with time; but a long stall is not made up
  // for.
  if (now - invalid_due_ > kMaxCatchUp) invalid_due_ = now;
  for (; invalid_due_ <= now; invalid_due_ += packet_time_) send_invalid();
}

void CesopsnSpan::read(std::span<Octet> frames) {
  playout_.read(frames);
}

void CesopsnSpan::write(std::span<const Octet> frames, Time now) {
  const auto width = static_cast<std::size_t>(tdm::timeslot_count(type_));
  unwritten_ = 0;
  source_due_ = now + kSourceLost;
  invalid_due_ = now + static_cast<std::int64_t>(frames.size() / width) * kFrame;
  while (!frames.empty()) {
    const std::size_t count = std::min(frames.size(), packet_octets_ - filled_);
    std::ranges::copy(frames.first(count), outgoing_.begin() + static_cast<std::ptrdiff_t>(filled_));
    filled_ += count;
    frames = frames.subspan(count);
    if (filled_ < packet_octets_) return;
    filled_ = 0;
    if (circuit_ == AttachmentCircuit::invalid) {
      send_invalid();
    } else {
      send(outgoing_);
    }
  }
}

void CesopsnSpan::send(OctetView payload) {
  ControlWord control{.remote_loss = loss_, .sequence = sequence_++};
  const bool receives_ais = !loss_ && remote_.circuit == AttachmentCircuit::invalid;
  if (receives_ais || circuit_ == AttachmentCircuit::rdi) control.circuit = AttachmentCircuit::rdi;
  if (payload.empty()) control.circuit = AttachmentCircuit::invalid;
  const std::size_t size = encode_packet(control, payload, packet_);
  if (port_->send(OctetView(packet_).first(size))) ++sent_;
}

void CesopsnSpan::send_invalid() {
  send({});
}

tdm::Alarms CesopsnSpan::defects() const {
  if (loss_) return {.red = true};
  return {.red = false,
          .blue = remote_.circuit == AttachmentCircuit::invalid,
          .yellow = remote_.remote_loss || remote_.circuit == AttachmentCircuit::rdi};
}

tdm::SpanCounters CesopsnSpan::counters() const {
  const PlayoutCounters& p = playout_.counters();
  return {.received = received_,
          .sent = sent_,
          .lost = p.lost,
          .reordered = p.reordered,
          .late = p.late,
          .malformed = malformed_,
          .slips = p.slips,
          .underruns = p.underruns};
}

double CesopsnSpan::clock_offset_ppm() const {
  return clock_source_ == tdm::ClockSource::recovered ? clock_.ppm() : 0;
}

}  // namespace tandem::hw
