#include "gateway/io/rtp_ports.h"

#include "gateway/io/clock.h"

namespace tandem::io {
namespace {

constexpr int kRefusals = 64;

SocketAddress next_port(SocketAddress address) {
  ++address.port;
  return address;
}

}  // namespace

void UdpRtpTransport::set_remote(const SocketAddress& rtp, const SocketAddress& rtcp) {
  rtp_.connect(rtp);
  rtcp_.connect(rtcp);
  remote_rtp_ = rtp;
  remote_rtcp_ = rtcp;
  connected_ = true;
}

void UdpRtpTransport::send_rtp(OctetView packet) {
  if (!connected_) return;
  rtp_.send(packet);
  recorder_.record(now(), local_, remote_rtp_, packet);
}

void UdpRtpTransport::send_rtcp(OctetView packet) {
  if (!connected_) return;
  rtcp_.send(packet);
  recorder_.record(now(), next_port(local_), remote_rtcp_, packet);
}

std::size_t UdpRtpTransport::receive_rtp(std::span<Octet> buffer) {
  if (!connected_) return 0;
  const auto octets = rtp_.receive(buffer);
  if (octets > 0) recorder_.record(now(), remote_rtp_, local_, buffer.first(octets));
  return octets;
}

std::size_t UdpRtpTransport::receive_rtcp(std::span<Octet> buffer) {
  if (!connected_) return 0;
  const auto octets = rtcp_.receive(buffer);
  if (octets > 0) recorder_.record(now(), remote_rtcp_, next_port(local_), buffer.first(octets));
  return octets;
}

RtpPortPool::RtpPortPool(const SocketAddress& address, std::uint16_t first, std::uint16_t last, int dscp,
                         FlightRecorder& recorder)
    : address_(address),
      first_(static_cast<std::uint16_t>(first + (first & 1))),
      pairs_(static_cast<std::uint16_t>(last > first_ ? (last - first_ + 1) / 2 : 0)),
      used_(pairs_),
      dscp_(dscp),
      recorder_(recorder) {}

core::RtpPorts::Port RtpPortPool::open() {
  // A pair that cannot be bound is another program's; when many in a row cannot, the system has no more to
  // give.
  for (int tries = 0, refused = 0; tries < pairs_ && refused < kRefusals; ++tries) {
    const auto pair = next_;
    next_ = static_cast<std::uint16_t>((next_ + 1) % pairs_);
    if (used_[pair]) continue;
    SocketAddress local = address_;
    local.port = static_cast<std::uint16_t>(first_ + 2 * pair);
    auto rtp = UdpSocket::bind(local, dscp_);
    auto rtcp = rtp ? UdpSocket::bind(next_port(local), dscp_) : std::unexpected(rtp.error());
    if (!rtcp) {
      ++refused;
      continue;
    }
    auto transport = std::make_unique<UdpRtpTransport>(std::move(*rtp), std::move(*rtcp), local, recorder_);
    auto* const handle = transport.get();
    open_.emplace(handle, Open{std::move(transport), pair});
    used_[pair] = true;
    return {handle, local};
  }
  return {};
}

void RtpPortPool::close(media::RtpTransport* transport) {
  const auto it = open_.find(transport);
  if (it == open_.end()) return;
  used_[it->second.pair] = false;
  open_.erase(it);
}

}  // namespace tandem::io
