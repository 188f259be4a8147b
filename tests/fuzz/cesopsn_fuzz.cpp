// A span at the mercy of its far end: the input says what arrives, when, and how much is read and written.
#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "hw/cesopsn.h"

namespace {

using namespace tandem;

constexpr int kFrames = 2;
constexpr std::size_t kPayload = 48;

void require(bool holds) {
  if (!holds) std::abort();
}

/// Gives the one datagram that was put into it, and checks what is sent.
class FuzzPort final : public hw::DatagramPort {
 public:
  bool send(OctetView datagram) override {
    const auto packet = hw::decode_packet(datagram, kPayload);
    require(packet.has_value());
    if (sequence_ >= 0) require(packet->control.sequence == (sequence_ + 1) % 65536);
    sequence_ = packet->control.sequence;
    return true;
  }
  std::optional<hw::Received> receive(std::span<Octet> buffer) override {
    if (!waiting_) return std::nullopt;
    waiting_ = false;
    std::copy_n(next_.begin(), std::min(next_.size(), buffer.size()), buffer.begin());
    return hw::Received{next_.size(), age_};
  }
  void put(Octets datagram, Duration age) {
    next_ = std::move(datagram);
    age_ = age;
    waiting_ = true;
  }

 private:
  Octets next_;
  Duration age_{};
  bool waiting_ = false;
  int sequence_ = -1;
};

struct Input {
  OctetView left;
  Octet octet() {
    if (left.empty()) return 0;
    const Octet value = left[0];
    left = left.subspan(1);
    return value;
  }
  Octets octets(std::size_t count) {
    count = std::min(count, left.size());
    Octets value(left.begin(), left.begin() + static_cast<std::ptrdiff_t>(count));
    left = left.subspan(count);
    return value;
  }
};

/// What is decoded is encoded to the same octets, but for LEN, which may be left zero.
void check_codec(OctetView datagram) {
  const auto packet = hw::decode_packet(datagram, kPayload);
  if (!packet) return;
  Octets out(hw::kMaxPacketOctets);
  out.resize(hw::encode_packet(packet->control, packet->payload, out));
  require(out.size() == datagram.size());
  if (datagram[1] == 0) out[1] = 0;
  require(std::ranges::equal(out, datagram));
}

Octets next_datagram(Input& input, std::uint16_t& sequence) {
  const Octet kind = input.octet();
  if (kind >= 0xF0) return input.octets(input.octet() * 16U);
  // A good packet, or nearly: flags from the input, a sequence number near the last.
  Octets datagram(4 + ((kind & 1) != 0 ? kPayload : 0));
  datagram[0] = kind >> 1 & 0x0F;
  sequence = static_cast<std::uint16_t>(sequence + static_cast<std::int8_t>(input.octet()));
  if (kind >= 0xE0) sequence = static_cast<std::uint16_t>(input.octet() << 8);
  write_be16(&datagram[2], sequence);
  return datagram;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > 8192) return 0;
  Input input{OctetView(data, size)};
  check_codec(input.left);
  auto owned = std::make_unique<FuzzPort>();
  FuzzPort& port = *owned;
  const Octet setup = input.octet();
  hw::CesopsnSpan span({.type = tdm::SpanType::t1,
                        .clock = (setup & 1) != 0 ? tdm::ClockSource::recovered : tdm::ClockSource::master,
                        .packet_frames = kFrames,
                        .playout = std::chrono::microseconds(125 * (setup >> 1))},
                       std::move(owned), 65530);
  Time now{};
  std::uint16_t sequence = 0;
  while (!input.left.empty()) {
    const Octet op = input.octet();
    now += std::chrono::microseconds(125) * (op >> 3) * ((op & 4) != 0 ? 16 : 1);
    switch (op & 3) {
      case 0:
        port.put(next_datagram(input, sequence),
                 std::chrono::milliseconds(op >> 4) - std::chrono::milliseconds(2));
        span.service(now);
        break;
      case 1: {
        Octets frames(24U * (op >> 2));
        span.read(frames);
        break;
      }
      case 2:
        span.write(Octets(24U * (op >> 2), 0x55), now);
        break;
      default:
        span.set_circuit(static_cast<hw::AttachmentCircuit>((op >> 2) % 3));
        span.service(now);
    }
    require(std::abs(span.clock_offset_ppm()) <= hw::ClockRecovery::kMaxPpm);
  }
  return 0;
}
