// RTP, RTCP, telephone events and the jitter buffer. The first octet says what the rest is.
#include <cstdlib>

#include "sipt/rtp/jitter_buffer.h"
#include "sipt/rtp/packet.h"
#include "sipt/rtp/reception.h"
#include "sipt/rtp/rtcp.h"
#include "sipt/rtp/telephone_event.h"

namespace {

using namespace tandem;
using namespace tandem::sip::rtp;

void require(bool condition) {
  if (!condition) std::abort();
}

void rtp(OctetView input) {
  const auto packet = parse_rtp(input);
  if (!packet) {
    require(packet.error().offset <= input.size());
    return;
  }
  const auto* begin = input.data();
  require(packet->payload.data() >= begin &&
          packet->payload.data() + packet->payload.size() <= begin + input.size());
  std::array<Octet, kRtpHeader> again{};
  build_rtp_header(packet->header, again);
  const auto second = parse_rtp(again);
  require(second && second->header.sequence == packet->header.sequence &&
          second->header.ssrc == packet->header.ssrc);
}

void rtcp(OctetView input) {
  const auto compound = parse_rtcp(input);
  if (!compound) {
    require(compound.error().offset <= input.size());
    return;
  }
  RtcpReport report{.ssrc = compound->ssrc,
                    .sender = compound->sender,
                    .block = {},
                    .cname = compound->cname,
                    .bye = compound->bye};
  if (compound->block_count > 0) {
    report.block = compound->blocks[0];
    (void)round_trip(compound->blocks[0], read_be32(input.data()));
  }
  std::array<Octet, kMaxReport> out{};
  const auto size = build_rtcp(report, out);
  const auto second = parse_rtcp(std::span(out).first(size));
  require(second.has_value());
  require(second->cname == compound->cname && second->bye == compound->bye && second->ssrc == compound->ssrc);
  if (report.block) require(second->blocks[0].lost == report.block->lost);
}

// Six octets each: an event packet, or time going by.
void events(OctetView input) {
  EventReceiver receiver;
  while (input.size() >= 6) {
    if (input[5] == 0xFF) {
      (void)receiver.on_time(read_be16(&input[0]));
    } else if (const auto event = parse_event(input.first(4))) {
      const auto built = build_event(*event);
      require(built[0] == input[0] && built[2] == input[2]);
      (void)receiver.on_packet(*event, std::uint32_t{read_be16(&input[4])} << (input[1] & 0x10));
    }
    input = input.subspan(6);
  }
}

// Six octets each: a packet of some size at some timestamp near the last one or far from it, or a block.
void jitter(OctetView input) {
  static JitterBuffer buffer;
  static const std::array<Octet, 256> payload{};
  buffer.reset({.minimum = std::chrono::milliseconds(input.empty() ? 20 : input[0])});
  Reception reception;
  reception.start(1, 0);
  std::uint32_t timestamp = 0;
  std::array<Octet, JitterBuffer::kBlock> out{};
  std::array<Octet, JitterBuffer::kHistory> history{};
  while (input.size() >= 6) {
    const auto kind = input[0] & 3;
    timestamp += kind == 3 ? read_be32(&input[1])
                           : static_cast<std::uint32_t>(static_cast<std::int8_t>(input[1]) * 40);
    if (kind != 0) {
      if (reception.update(read_be16(&input[2]))) reception.update_jitter(timestamp, read_be32(&input[2]));
      buffer.put(timestamp, std::span(payload).first(input[5]));
    } else if (buffer.get(out) == JitterBuffer::Block::missing) {
      buffer.history(history);
      buffer.replace(out);
    }
    input = input.subspan(6);
  }
  (void)reception.report();
  require(buffer.target() <= std::chrono::milliseconds(300));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const OctetView input(data + 1, size - 1);
  switch (data[0] & 3) {
    case 0:
      rtp(input);
      break;
    case 1:
      rtcp(input);
      break;
    case 2:
      events(input);
      break;
    default:
      jitter(input);
      break;
  }
  return 0;
}
