#include "gateway/io/flight_recorder.h"

#include <algorithm>
#include <cstring>

namespace tandem::io {

FlightRecorder::FlightRecorder(std::size_t packets, std::size_t packet_octets)
    : packet_octets_(packet_octets) {
  for (auto& buffer : buffers_) {
    buffer.headers.resize(packets);
    buffer.octets.resize(packets * packet_octets);
  }
}

void FlightRecorder::record(Time at, const SocketAddress& source, const SocketAddress& destination,
                            OctetView packet) {
  auto& buffer = buffers_[active_];
  if (buffer.headers.empty()) return;
  const auto slot = buffer.count++ % buffer.headers.size();
  const auto size = std::min(packet.size(), packet_octets_);
  buffer.headers[slot] = {at, source, destination, size};
  if (size > 0) std::memcpy(buffer.octets.data() + slot * packet_octets_, packet.data(), size);
}

void FlightRecorder::service() {
  if (turn_.load(std::memory_order_acquire) != Turn::requested) return;
  active_ ^= 1;
  buffers_[active_].count = 0;
  turn_.store(Turn::ready, std::memory_order_release);
}

void FlightRecorder::request() {
  auto expected = Turn::none;
  turn_.compare_exchange_strong(expected, Turn::requested, std::memory_order_acq_rel);
}

bool FlightRecorder::ready() const {
  return turn_.load(std::memory_order_acquire) == Turn::ready;
}

std::vector<CapturedPacket> FlightRecorder::take() {
  std::vector<CapturedPacket> packets;
  if (!ready()) return packets;
  const auto& buffer = buffers_[active_ ^ 1];
  const auto slots = buffer.headers.size();
  for (auto i = buffer.count > slots ? buffer.count - slots : 0; i < buffer.count; ++i) {
    const auto& header = buffer.headers[i % slots];
    const auto* begin = buffer.octets.data() + (i % slots) * packet_octets_;
    packets.push_back({header.at, header.source, header.destination, Octets(begin, begin + header.size)});
  }
  turn_.store(Turn::none, std::memory_order_release);
  return packets;
}

}  // namespace tandem::io
