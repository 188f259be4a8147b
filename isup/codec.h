#pragma once
// ISUP messages to and from octets (Q.763, EN 300 356-1, T1.113).
#include "isup/message.h"

namespace tandem::isup {

/// The message that begins with its type. Parameters stand as on the wire: mandatory ones first, optional
/// ones in the order in which they came; what is not known, or too short to be read, as RawParameter. Errors
/// are the format errors of Q.764 2.9.5: `where` is the parameter, `offset` the octet from the message type
/// on.
Result<Message> decode(OctetView message, Variant variant);

/// From the message type on: mandatory parameters as the variant's table has them, then the others in their
/// order. encode(decode(octets)) == octets, whatever was accepted. Errors: Errc::missing, a mandatory
/// parameter is not there; Errc::out_of_range, a digit is none; Errc::too_long, a parameter of more than 255
/// octets, or a message that does not fit into 272 octets of SIF.
Result<Octets> encode(const Message& message, Variant variant);
/// The same into `out`; returns the octets written.
Result<std::size_t> encode_to(const Message& message, Variant variant, std::span<Octet> out);

/// A message with its circuit identification code (Q.763 1.2).
struct CircuitMessage {
  std::uint16_t cic = 0;   ///< 12 bits, ANSI 14
  std::uint8_t spare = 0;  ///< the bits above the code, as they came
  Message message;
  friend bool operator==(const CircuitMessage&, const CircuitMessage&) = default;
};
/// As decode() and encode(), with the two octets of the CIC before the type; offsets count from the CIC.
Result<CircuitMessage> decode_with_cic(OctetView octets, Variant variant);
Result<Octets> encode_with_cic(const CircuitMessage& message, Variant variant);

}  // namespace tandem::isup
