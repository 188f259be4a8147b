#include "gateway/media/reporter.h"

#include <algorithm>

namespace tandem::media {

namespace rtp = sip::rtp;

void Reporter::open(const OpenSession& command, Duration since_1900) {
  *this = {};
  since_1900_ = since_1900;
  cname_ = command.cname;
  cname_.back() = 0;
  // The three numbers are random already (RFC 3550 5.1); the intervals only have to differ between sessions.
  random_ =
      SeededRandom(std::uint64_t{command.ssrc} << 32 ^ command.first_timestamp ^ command.first_sequence);
}

void Reporter::start(Time now) {
  if (due_ != Time::max()) return;
  due_ = now + rtp::rtcp_interval(true, random_.next());
}

void Reporter::poll(Time now, const Transmitter& sender, Receiver& receiver, RtpTransport& transport) {
  if (now < due_) return;
  send(now, false, sender, receiver, transport);
  due_ = now + rtp::rtcp_interval(false, random_.next());
}

void Reporter::leave(Time now, const Transmitter& sender, Receiver& receiver, RtpTransport& transport) {
  // 6.3.7: who never sent anything must not send BYE.
  if (!active_ && sender.packets() == 0) return;
  send(now, true, sender, receiver, transport);
}

void Reporter::send(Time now, bool bye, const Transmitter& sender, Receiver& receiver,
                    RtpTransport& transport) {
  rtp::RtcpReport report{
      .ssrc = sender.ssrc(), .sender = {}, .block = {}, .cname = cname_.data(), .bye = bye};
  if (sender.packets() != packets_reported_) {  // 6.4: SR only of who sent since the last report
    report.sender = rtp::SenderInfo{.ntp = ntp(now),
                                    .rtp_timestamp = sender.timestamp(),
                                    .packets = sender.packets(),
                                    .octets = sender.octets()};
    packets_reported_ = sender.packets();
  }
  if (receiver.heard()) {
    report.block = receiver.reception().report();
    if (their_report_at_) {
      report.block->last_report = their_report_;
      report.block->delay = static_cast<std::uint32_t>(rtp::to_ntp(Time(now - *their_report_at_)) >> 16);
    }
  }
  std::array<Octet, rtp::kMaxReport> packet;
  transport.send_rtcp(std::span(packet).first(rtp::build_rtcp(report, packet)));
  active_ = true;
}

void Reporter::learn(const SocketAddress& named) {
  learning_ = true;
  named_ = named;
  candidate_reports_ = 0;
}

bool Reporter::receive(Time now, const Transmitter& sender, Receiver& receiver, const SourceLearner& learner,
                       RtpTransport& transport) {
  bool reported = false;
  std::array<Octet, rtp::kMaxPacket> buffer;
  for (int i = 0; i < kPacketsPerPoll; ++i) {
    const auto size = transport.receive_rtcp(buffer);
    if (size == 0) break;
    const auto compound = rtp::parse_rtcp(std::span(buffer).first(std::min(size, buffer.size())));
    if (!compound) {
      ++malformed_;
    } else if (!learning_ || believe(*compound, receiver, learner, transport)) {
      reported = on_packet(*compound, now, sender, receiver) || reported;
    }
  }
  return reported;
}

// RFC 4961 section 4, RFC 7362 section 4: as for RTP, but a report comes every few seconds only. Who knows
// the SSRC of the believed stream hears it, so two reports are enough.
bool Reporter::believe(const rtp::RtcpCompound& compound, const Receiver& receiver,
                       const SourceLearner& learner, RtpTransport& transport) {
  const auto from = transport.rtcp_source();
  const bool named = from.port == 0 || from == named_;
  if (!named && !same_host(from, learner.source())) return false;
  const bool known = receiver.heard() && compound.ssrc == receiver.reception().ssrc();
  if (!known) return named && !receiver.heard();
  if (from != candidate_) candidate_reports_ = 0;
  candidate_ = from;
  ++candidate_reports_;
  if (!named && candidate_reports_ < 2) return false;
  if (!learner.learning()) {
    learning_ = false;
    transport.set_remote(learner.source(), named ? named_ : from);
  }
  return true;
}

bool Reporter::on_packet(const rtp::RtcpCompound& compound, Time now, const Transmitter& sender,
                         Receiver& receiver) {
  if (compound.sender) {
    their_report_ = static_cast<std::uint32_t>(compound.sender->ntp >> 16);
    their_report_at_ = now;
  }
  for (const auto& block : std::span(compound.blocks).first(compound.block_count)) {
    if (block.ssrc != sender.ssrc()) continue;
    remote_loss_ = static_cast<float>(block.fraction_lost) / 256.0F;
    if (const auto trip = rtp::round_trip(block, ntp(now))) round_trip_ = *trip;
  }
  if (compound.bye && receiver.heard() && compound.ssrc == receiver.reception().ssrc())
    receiver.source_left();
  return receiver.heard() && compound.ssrc == receiver.reception().ssrc();
}

}  // namespace tandem::media
