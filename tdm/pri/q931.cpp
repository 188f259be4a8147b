#include "tdm/pri/q931.h"

namespace tandem::tdm::pri {
namespace {

/// A message has at most N201 octets; this bounds its single octet elements.
constexpr std::size_t kMaxElements = 64;

bool single_octet(Octet id) {
  return (id & 0x80) != 0;  // Q.931 4.5.1
}

Error error(Errc code, std::size_t offset, std::string_view where, std::string_view what) {
  return {code, static_cast<std::uint32_t>(offset), where, what};
}

/// Walks the elements; codesets by Q.931 4.5.2 to 4.5.4.
void read_elements(OctetView octets, std::size_t start, Message& message) {
  std::uint8_t locked = 0;
  std::uint8_t current = 0;
  std::size_t at = start;
  while (at < octets.size()) {
    if (message.elements.size() == kMaxElements) {
      message.broken = error(Errc::too_long, at, "Q.931 4.5", "too many information elements");
      return;
    }
    Element element;
    element.codeset = current;
    element.id = octets[at];
    element.offset = static_cast<std::uint32_t>(at);
    std::size_t length = 1;
    if (!single_octet(element.id)) {
      if (at + 1 >= octets.size()) {
        message.broken = error(Errc::truncated, at, "Q.931 4.5.1", "element without its length");
        return;
      }
      length = 2U + octets[at + 1];
      if (at + length > octets.size()) {
        message.broken = error(Errc::truncated, at + 1, "Q.931 4.5.1", "element longer than the message");
        return;
      }
      element.contents = octets.subspan(at + 2, length - 2);
    }
    element.whole = octets.subspan(at, length);
    at += length;
    const bool shift = (element.id & 0xF0) == 0x90;
    if (shift) {
      element.codeset = 0;
      current = element.id & 7;
      if ((element.id & 8) == 0) locked = current;
    } else {
      current = locked;
    }
    message.elements.push_back(element);
  }
}

std::string dialled_digits(OctetView octets) {
  std::string digits;
  for (const Octet raw : octets) {
    const char c = static_cast<char>(raw & 0x7F);  // IA5
    const bool digit = (c >= '0' && c <= '9') || c == '*' || c == '#' || c == '+';
    if (digit || (c >= 'A' && c <= 'D') || (c >= 'a' && c <= 'd')) digits.push_back(c);
  }
  return digits;
}

}  // namespace

Result<Message> parse_message(OctetView octets) {
  if (octets.size() < 3)
    return fail(Errc::truncated, octets.size(), "Q.931 4.1", "message of less than 3 octets");
  Message message;
  message.discriminator = octets[0];
  // Q.931 4.3: bits 8 to 5 of the length are spare; references of more than 2 octets do not exist at a PRI.
  const std::size_t length = octets[1] & 0x0F;
  if ((octets[1] & 0xF0) != 0) return fail(Errc::malformed, 1, "Q.931 4.3 call reference", "spare bits set");
  if (length > 2) return fail(Errc::out_of_range, 1, "Q.931 4.3 call reference", "length above 2");
  if (octets.size() < 3 + length) return fail(Errc::truncated, octets.size(), "Q.931 4.4", "no message type");
  message.call_reference_length = static_cast<std::uint8_t>(length);
  if (length == 1) message.call_reference = octets[2] & 0x7F;
  if (length == 2) message.call_reference = static_cast<std::uint16_t>((octets[2] & 0x7F) << 8 | octets[3]);
  message.from_destination = length > 0 && (octets[2] & 0x80) != 0;
  message.type = static_cast<MessageType>(octets[2 + length]);
  read_elements(octets, 3 + length, message);
  return message;
}

std::optional<Cause> read_cause(OctetView c) {
  if (c.size() < 2) return std::nullopt;
  // Octet 3a (recommendation) is there when octet 3 does not end with its extension bit.
  const std::size_t at = (c[0] & 0x80) != 0 ? 1 : 2;
  if (c.size() <= at) return std::nullopt;
  return Cause{static_cast<std::uint8_t>(c[at] & 0x7F), static_cast<Location>(c[0] & 0x0F)};
}

std::optional<Progress> read_progress(OctetView c) {
  if (c.size() < 2) return std::nullopt;
  const Octet description = c[1] & 0x7F;
  const bool known = (description >= 1 && description <= 5) || description == 8;
  if (!known) return std::nullopt;
  return Progress{static_cast<ProgressDescription>(description), static_cast<Location>(c[0] & 0x0F)};
}

std::optional<Channel> read_channel(OctetView c) {
  if (c.empty() || (c[0] & 0x20) == 0) return std::nullopt;  // not the primary rate coding
  Channel channel{.timeslot = 0, .exclusive = (c[0] & 0x08) != 0};
  if ((c[0] & 0x03) != 1) return channel;  // no or any channel
  std::size_t at = 1;
  if ((c[0] & 0x40) != 0) {  // octet 3.1, interface identifier
    while (at < c.size() && (c[at] & 0x80) == 0) ++at;
    ++at;
  }
  if (at + 1 >= c.size()) return std::nullopt;
  if ((c[at] & 0x10) != 0) return std::nullopt;  // a slot map is not one channel
  channel.timeslot = c[at + 1] & 0x7F;
  return channel;
}

std::optional<Number> read_number(OctetView c) {
  if (c.empty()) return std::nullopt;
  Number number;
  number.type = static_cast<TypeOfNumber>(c[0] >> 4 & 7);
  number.plan = static_cast<NumberingPlan>(c[0] & 0x0F);
  std::size_t at = 1;
  if ((c[0] & 0x80) == 0) {
    if (c.size() < 2) return std::nullopt;
    number.presentation = static_cast<Presentation>(c[1] >> 5 & 3);
    number.screening = static_cast<Screening>(c[1] & 3);
    while (at < c.size() && (c[at] & 0x80) == 0) ++at;
    if (at == c.size()) return std::nullopt;
    ++at;
  }
  number.digits = dialled_digits(c.subspan(at));
  return number;
}

}  // namespace tandem::tdm::pri
