#include "gateway/io/rtp_ports.h"

#include <algorithm>

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

RtpPortPool::RtpPortPool(std::span<const SocketAddress> addresses, std::uint16_t first, std::uint16_t last,
                         int dscp, FlightRecorder& recorder)
    : first_(static_cast<std::uint16_t>(first + (first & 1))),
      pairs_(static_cast<std::uint16_t>(last > first_ ? (last - first_ + 1) / 2 : 0)),
      dscp_(dscp),
      recorder_(recorder) {
  for (const auto& address : addresses) ranges_.push_back({address, 0, std::vector<bool>(pairs_)});
}

RtpPortPool::Range* RtpPortPool::range(bool v6) {
  const auto it = std::ranges::find(ranges_, v6, [](const Range& r) { return r.address.v6; });
  return it != ranges_.end() ? &*it : nullptr;
}

core::RtpPorts::Port RtpPortPool::open(bool v6) {
  auto* const range = this->range(v6);
  if (range == nullptr) return {};
  // A pair that cannot be bound is another program's; when many in a row cannot, the system has no more to
  // give.
  for (int tries = 0, refused = 0; tries < pairs_ && refused < kRefusals; ++tries) {
    const auto pair = range->next;
    range->next = static_cast<std::uint16_t>((range->next + 1) % pairs_);
    if (range->used[pair]) continue;
    SocketAddress local = range->address;
    local.port = static_cast<std::uint16_t>(first_ + 2 * pair);
    auto rtp = UdpSocket::bind(local, dscp_);
    auto rtcp = rtp ? UdpSocket::bind(next_port(local), dscp_) : std::unexpected(rtp.error());
    if (!rtcp) {
      ++refused;
      continue;
    }
    auto transport = std::make_unique<UdpRtpTransport>(std::move(*rtp), std::move(*rtcp), local, recorder_);
    auto* const handle = transport.get();
    open_.emplace(handle, Open{std::move(transport), pair, v6});
    range->used[pair] = true;
    return {handle, local};
  }
  return {};
}

void RtpPortPool::close(media::RtpTransport* transport) {
  const auto it = open_.find(transport);
  if (it == open_.end()) return;
  range(it->second.v6)->used[it->second.pair] = false;
  open_.erase(it);
}

}  // namespace tandem::io
