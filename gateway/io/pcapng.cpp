#include "gateway/io/pcapng.h"

#include <algorithm>
#include <map>

namespace tandem::io {
namespace {

constexpr std::uint16_t kLinkRawIp = 101;  // LINKTYPE_RAW
constexpr std::uint16_t kLinkLapd = 177;   // LINKTYPE_LINUX_LAPD: 16 octets of pseudo-header
constexpr std::uint16_t kLinkMtp2 = 139;   // LINKTYPE_MTP2_WITH_PHDR: 4 octets of pseudo-header
constexpr std::uint32_t kIpInterface = 0;
constexpr std::uint32_t kLapdInterface = 1;
constexpr std::uint32_t kMtp2Interface = 2;

/// Little-endian writer of pcapng blocks (draft-ietf-opsawg-pcapng).
class PcapngWriter {
 public:
  PcapngWriter() {
    block(0x0a0d0d0a, [&] {
      put32(0x1a2b3c4d);
      put16(1);
      put16(0);
      put32(0xffffffff);
      put32(0xffffffff);
    });
    interface(kLinkRawIp);
    interface(kLinkLapd);
    interface(kLinkMtp2);
  }

  void packet(std::uint32_t interface_id, WallTime at, const Octets& octets) {
    const auto us = static_cast<std::uint64_t>(at.time_since_epoch().count());
    block(6, [&] {
      put32(interface_id);
      put32(static_cast<std::uint32_t>(us >> 32));
      put32(static_cast<std::uint32_t>(us));
      put32(static_cast<std::uint32_t>(octets.size()));
      put32(static_cast<std::uint32_t>(octets.size()));
      out_.insert(out_.end(), octets.begin(), octets.end());
      while (out_.size() % 4 != 0) out_.push_back(0);
    });
  }

  Octets take() { return std::move(out_); }

 private:
  void put16(std::uint16_t v) {
    out_.push_back(static_cast<Octet>(v));
    out_.push_back(static_cast<Octet>(v >> 8));
  }
  void put32(std::uint32_t v) {
    put16(static_cast<std::uint16_t>(v));
    put16(static_cast<std::uint16_t>(v >> 16));
  }
  template <class Body>
  void block(std::uint32_t type, Body body) {
    const auto start = out_.size();
    put32(type);
    put32(0);
    body();
    const auto length = static_cast<std::uint32_t>(out_.size() - start + 4);
    put32(length);
    for (int i = 0; i < 4; ++i)
      out_[start + 4 + static_cast<std::size_t>(i)] = static_cast<Octet>(length >> (8 * i));
  }
  void interface(std::uint16_t link_type) {
    block(1, [&] {
      put16(link_type);
      put16(0);
      put32(0);  // no limit of length
    });
  }

  Octets out_;
};

std::uint16_t fold(std::uint32_t sum) {
  while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
  return static_cast<std::uint16_t>(~sum);
}

std::uint32_t sum_octets(OctetView octets) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < octets.size(); ++i)
    sum += i % 2 == 0 ? std::uint32_t{octets[i]} << 8 : octets[i];
  return sum;
}

/// IP header before `payload`, which begins with the UDP or TCP header whose checksum stands at
/// `checksum_at`.
Octets ip_packet(const SocketAddress& source, const SocketAddress& destination, Octet protocol,
                 Octets payload, std::size_t checksum_at) {
  const std::size_t address_size = source.v6 ? 16 : 4;
  std::uint32_t sum = protocol + static_cast<std::uint32_t>(payload.size());
  sum += sum_octets(OctetView(source.ip).first(address_size)) +
         sum_octets(OctetView(destination.ip).first(address_size)) + sum_octets(payload);
  write_be16(&payload[checksum_at], fold(sum));

  Octets packet;
  if (source.v6) {
    packet = {0x60, 0, 0, 0, 0, 0, protocol, 64};
    write_be16(&packet[4], static_cast<std::uint16_t>(payload.size()));
  } else {
    packet = {0x45, 0, 0, 0, 0, 0, 0x40, 0, 64, protocol, 0, 0};
    write_be16(&packet[2], static_cast<std::uint16_t>(payload.size() + 20));
  }
  packet.insert(packet.end(), source.ip.begin(),
                source.ip.begin() + static_cast<std::ptrdiff_t>(address_size));
  packet.insert(packet.end(), destination.ip.begin(),
                destination.ip.begin() + static_cast<std::ptrdiff_t>(address_size));
  if (!source.v6) write_be16(&packet[10], fold(sum_octets(packet)));
  packet.insert(packet.end(), payload.begin(), payload.end());
  return packet;
}

Octets udp_packet(const SocketAddress& source, const SocketAddress& destination, OctetView data) {
  Octets payload(8);
  write_be16(payload.data(), source.port);
  write_be16(&payload[2], destination.port);
  write_be16(&payload[4], static_cast<std::uint16_t>(data.size() + 8));
  payload.insert(payload.end(), data.begin(), data.end());
  return ip_packet(source, destination, 17, std::move(payload), 6);
}

/// Sequence numbers of the TCP streams made up for the file: both directions of a pair of addresses.
using TcpStreams = std::map<std::pair<SocketAddress, SocketAddress>, std::uint32_t>;

Octets tcp_segment(const SocketAddress& source, const SocketAddress& destination, OctetView data,
                   TcpStreams& streams) {
  auto& sequence = streams.try_emplace({source, destination}, 1).first->second;
  const auto acknowledged = streams.try_emplace({destination, source}, 1).first->second;
  Octets payload(20);
  write_be16(payload.data(), source.port);
  write_be16(&payload[2], destination.port);
  write_be32(&payload[4], sequence);
  write_be32(&payload[8], acknowledged);
  payload[12] = 5 << 4;
  payload[13] = 0x18;  // PSH, ACK
  write_be16(&payload[14], 0xffff);
  payload.insert(payload.end(), data.begin(), data.end());
  sequence += static_cast<std::uint32_t>(data.size());
  return ip_packet(source, destination, 6, std::move(payload), 16);
}

Octets lapd_frame(const core::TraceRecord& record) {
  // SLL pseudo-header: packet type (4 sent by us, 0 to us), ARPHRD_LAPD, no link address, protocol.
  Octets frame{0, static_cast<Octet>(record.sent ? 4 : 0), 0x22, 0xc5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x30};
  frame.insert(frame.end(), record.octets.begin(), record.octets.end());
  return frame;
}

/// Sequence numbers stay where level 2 is: they are 0 here.
Octets mtp2_frame(const core::TraceRecord& record) {
  constexpr std::size_t kMost = 63;  // of the length indicator: Q.703 2.3.3
  // Pseudo-header: sent by us, annex A not used, link; then BSN and BIB, FSN and FIB, length.
  Octets frame{static_cast<Octet>(record.sent ? 1 : 0), 0, 0, 0, 0, 0, 0};
  write_be16(&frame[2], record.link);
  frame[6] = static_cast<Octet>(std::min(record.octets.size(), kMost));
  frame.insert(frame.end(), record.octets.begin(), record.octets.end());
  return frame;
}

}  // namespace

Octets make_pcapng(const std::vector<core::TraceRecord>& records, const std::vector<CapturedPacket>& packets,
                   WallTime clock) {
  struct Entry {
    WallTime at;
    std::uint32_t interface;
    Octets octets;
  };
  std::vector<Entry> entries;
  TcpStreams streams;
  for (const auto& record : records) {
    if (record.octets.empty()) continue;
    if (record.kind == core::TraceKind::q931) {
      entries.push_back({record.at, kLapdInterface, lapd_frame(record)});
    } else if (record.kind == core::TraceKind::mtp) {
      entries.push_back({record.at, kMtp2Interface, mtp2_frame(record)});
    } else if (record.kind == core::TraceKind::sip) {
      const auto& source = record.sent ? record.flow.local : record.flow.remote;
      const auto& destination = record.sent ? record.flow.remote : record.flow.local;
      entries.push_back({record.at, kIpInterface,
                         record.flow.transport == sip::Transport::tcp
                             ? tcp_segment(source, destination, record.octets, streams)
                             : udp_packet(source, destination, record.octets)});
    }
  }
  for (const auto& packet : packets) {
    const auto at =
        clock + std::chrono::duration_cast<std::chrono::microseconds>(packet.at.time_since_epoch());
    entries.push_back({at, kIpInterface, udp_packet(packet.source, packet.destination, packet.octets)});
  }
  std::stable_sort(entries.begin(), entries.end(),
                   [](const Entry& a, const Entry& b) { return a.at < b.at; });
  PcapngWriter writer;
  for (const auto& entry : entries) writer.packet(entry.interface, entry.at, entry.octets);
  return writer.take();
}

}  // namespace tandem::io
