#pragma once
#include <span>

#include "gateway/base/bytes.h"
#include "gateway/base/result.h"
#include "tdm/span.h"

namespace tandem::hw {

/// What a packet says of the attachment circuit of its sender: the (L, M) code points of RFC 5086 table 1.
enum class AttachmentCircuit : std::uint8_t {
  normal,  ///< L=0 M=00
  rdi,     ///< L=0 M=10: the sender's circuit reports a remote defect; the payload is good
  invalid  ///< L=1 M=00: no usable data; the payload may be missing
};

/// RFC 5086 4.3.
struct ControlWord {
  AttachmentCircuit circuit = AttachmentCircuit::normal;
  bool remote_loss = false;  ///< R: the sender receives no packets
  std::uint16_t sequence = 0;
  friend constexpr bool operator==(const ControlWord&, const ControlWord&) = default;
};

struct CesopsnPacket {
  ControlWord control;
  OctetView payload;  ///< into the datagram; empty when it was left out
};

inline constexpr std::size_t kControlWordOctets = 4;
/// RFC 5086 4.2: a packet must not exceed the path's MTU. 1500 less the headers of IPv6 and UDP.
inline constexpr std::size_t kMaxPacketOctets = 1452;
/// The most frames that a packet can carry.
constexpr int max_packet_frames(tdm::SpanType type) {
  return static_cast<int>(kMaxPacketOctets - kControlWordOctets) / tdm::timeslot_count(type);
}

/// Writes control word and payload into `out`, which holds them; gives the packet's octets.
std::size_t encode_packet(const ControlWord& control, OctetView payload, std::span<Octet> out);

/// Reads a packet whose payload, where there is one, is `payload_octets` long. Errors: truncated; malformed
/// (bits 0 to 3, FRG, LEN or the payload's size); unsupported (a reserved code point, to be discarded
/// silently by RFC 5086 table 1 note 2).
Result<CesopsnPacket> decode_packet(OctetView datagram, std::size_t payload_octets);

}  // namespace tandem::hw
