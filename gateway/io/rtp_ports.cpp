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

void UdpRtpTransport::Socket::connect(const SocketAddress& to) {
  // Connecting drops what waits: no packet is lost to a peer that stays the same.
  if (connected && remote == to) return;
  udp.connect(to);
  remote = to;
  source = {};
  used = connected = true;
}

void UdpRtpTransport::Socket::open(const SocketAddress& to) {
  if (connected) udp.disconnect();
  remote = to;
  used = true;
  connected = false;
}

void UdpRtpTransport::Socket::send(OctetView packet, FlightRecorder& recorder) {
  if (!used) return;
  if (connected) {
    udp.send(packet);
  } else {
    udp.send_to(packet, remote);
  }
  recorder.record(now(), local, remote, packet);
}

std::size_t UdpRtpTransport::Socket::receive(std::span<Octet> buffer, FlightRecorder& recorder) {
  if (!used) return 0;
  const auto octets = connected ? udp.receive(buffer) : udp.receive_from(buffer, source);
  if (octets > 0) recorder.record(now(), connected ? remote : source, local, buffer.first(octets));
  return octets;
}

void UdpRtpTransport::set_remote(const SocketAddress& rtp, const SocketAddress& rtcp) {
  rtp_.connect(rtp);
  rtcp_.connect(rtcp);
}

void UdpRtpTransport::open_to_any(const SocketAddress& rtp, const SocketAddress& rtcp) {
  rtp_.open(rtp);
  rtcp_.open(rtcp);
}

void UdpRtpTransport::lock_rtp(const SocketAddress& rtp, const SocketAddress& rtcp) {
  rtp_.connect(rtp);
  rtcp_.open(rtcp);
}

void UdpRtpTransport::send_rtp(OctetView packet) {
  rtp_.send(packet, recorder_);
}

void UdpRtpTransport::send_rtcp(OctetView packet) {
  rtcp_.send(packet, recorder_);
}

std::size_t UdpRtpTransport::receive_rtp(std::span<Octet> buffer) {
  return rtp_.receive(buffer, recorder_);
}

std::size_t UdpRtpTransport::receive_rtcp(std::span<Octet> buffer) {
  return rtcp_.receive(buffer, recorder_);
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
