// Q.931 in words: the explanation of `tandem decode q931` and the ladder's summaries.
#include <array>
#include <utility>

#include "tdm/pri/q931.h"
#include "tdm/pri/q931_elements.h"
#include "tdm/pri/q931_values.h"

namespace tandem::tdm::pri {
namespace {

template <class Key, std::size_t N>
std::string_view look_up(const std::array<std::pair<Key, std::string_view>, N>& table, Key key) {
  for (const auto& [k, text] : table) {
    if (k == key) return text;
  }
  return {};
}

using Row = std::pair<int, std::string_view>;

constexpr auto kMessageTypes = std::to_array<Row>({
    {0x01, "ALERTING"},
    {0x02, "CALL PROCEEDING"},
    {0x03, "PROGRESS"},
    {0x05, "SETUP"},
    {0x07, "CONNECT"},
    {0x0D, "SETUP ACKNOWLEDGE"},
    {0x0F, "CONNECT ACKNOWLEDGE"},
    {0x20, "USER INFORMATION"},
    {0x21, "SUSPEND REJECT"},
    {0x22, "RESUME REJECT"},
    {0x24, "HOLD"},
    {0x25, "SUSPEND"},
    {0x26, "RESUME"},
    {0x28, "HOLD ACKNOWLEDGE"},
    {0x2D, "SUSPEND ACKNOWLEDGE"},
    {0x2E, "RESUME ACKNOWLEDGE"},
    {0x30, "HOLD REJECT"},
    {0x31, "RETRIEVE"},
    {0x33, "RETRIEVE ACKNOWLEDGE"},
    {0x37, "RETRIEVE REJECT"},
    {0x45, "DISCONNECT"},
    {0x46, "RESTART"},
    {0x4D, "RELEASE"},
    {0x4E, "RESTART ACKNOWLEDGE"},
    {0x5A, "RELEASE COMPLETE"},
    {0x60, "SEGMENT"},
    {0x62, "FACILITY"},
    {0x64, "REGISTER"},
    {0x6E, "NOTIFY"},
    {0x75, "STATUS ENQUIRY"},
    {0x79, "CONGESTION CONTROL"},
    {0x7B, "INFORMATION"},
    {0x7D, "STATUS"},
});

struct ElementName {
  Octet id;
  std::string_view name;
  std::string_view clause;
};
constexpr auto kElements = std::to_array<ElementName>({
    {0x00, "segmented message", "Q.931 4.5.26"},
    {0x01, "change status", "T1.607 4.5"},
    {0x04, "bearer capability", "Q.931 4.5.5"},
    {0x08, "cause", "Q.931 4.5.12"},
    {0x10, "call identity", "Q.931 4.5.6"},
    {0x0C, "connected address", "Q.951 5.4.1"},
    {0x14, "call state", "Q.931 4.5.7"},
    {0x18, "channel identification", "Q.931 4.5.13"},
    {0x1C, "facility", "Q.932 8.2.3"},
    {0x1E, "progress indicator", "Q.931 4.5.23"},
    {0x20, "network-specific facilities", "Q.931 4.5.21"},
    {0x27, "notification indicator", "Q.931 4.5.22"},
    {0x28, "display", "Q.931 4.5.16"},
    {0x29, "date/time", "Q.931 4.5.15"},
    {0x2C, "keypad facility", "Q.931 4.5.18"},
    {0x34, "signal", "Q.931 4.5.28"},
    {0x4C, "connected number", "Q.951 5.4.1"},
    {0x4D, "connected subaddress", "Q.951 5.4.1"},
    {0x6C, "calling party number", "Q.931 4.5.10"},
    {0x6D, "calling party subaddress", "Q.931 4.5.11"},
    {0x70, "called party number", "Q.931 4.5.8"},
    {0x71, "called party subaddress", "Q.931 4.5.9"},
    {0x74, "redirecting number", "Q.931 4.6.7"},
    {0x76, "redirection number", "Q.952 5.3.1"},
    {0x78, "transit network selection", "Q.931 4.5.29"},
    {0x79, "restart indicator", "Q.931 4.5.25"},
    {0x7C, "low layer compatibility", "Q.931 4.5.19"},
    {0x7D, "high layer compatibility", "Q.931 4.5.17"},
    {0x7E, "user-user", "Q.931 4.5.30"},
    {0xA0, "more data", "Q.931 4.5.20"},
    {0xA1, "sending complete", "Q.931 4.5.27"},
});

/// SERVICE and its acknowledgement have numbers that are other messages' by Q.931's own discriminator.
std::string message_name(const Message& message) {
  if (message.discriminator == kQ931) return std::string(to_string(message.type));
  const Octet type = static_cast<Octet>(message.type);
  if (type != kService && type != kServiceAcknowledge) return "unknown maintenance message";
  const bool national = message.discriminator == kMaintenance2;
  return (type == kService) != national ? "SERVICE" : "SERVICE ACKNOWLEDGE";
}

Explained explain(const Element& element) {
  if ((element.id & 0xF0) == 0x90) {
    return {(element.id & 8) != 0 ? "non-locking shift" : "locking shift",
            "codeset " + std::to_string(element.id & 7), "Q.931 4.5.2"};
  }
  if (element.codeset == 0) {
    for (const auto& row : kElements) {
      if (row.id == element.id)
        return {std::string(row.name), element_value(element), std::string(row.clause)};
    }
  }
  const std::array<Octet, 1> id{element.id};
  return {"element 0x" + to_hex(id) + " of codeset " + std::to_string(element.codeset),
          in_hex(element.contents), "Q.931 4.5.1"};
}

Result<void> explain_message(OctetView octets, std::uint32_t offset, std::vector<Explained>& lines) {
  auto message = parse_message(octets);
  if (!message) {
    message.error().offset += offset;
    return std::unexpected(message.error());
  }
  if (message->discriminator != kQ931 && message->discriminator != kMaintenance1 &&
      message->discriminator != kMaintenance2) {
    return fail(Errc::unsupported, offset, "Q.931 4.2 protocol discriminator", "not call control");
  }
  lines.push_back({"message", message_name(*message), "Q.931 4.4"});
  std::string reference = "dummy";
  if (message->call_reference_length > 0) {
    reference = std::to_string(message->call_reference) +
                (message->from_destination ? ", to the side that made it" : ", from the side that made it");
  }
  lines.push_back({"call reference", reference, "Q.931 4.3"});
  for (const auto& element : message->elements) lines.push_back(explain(element));
  if (message->broken) {
    message->broken->offset += offset;
    return std::unexpected(*message->broken);
  }
  return {};
}

bool starts_as_message(OctetView octets) {
  return octets[0] == kQ931 || octets[0] == kMaintenance1 || octets[0] == kMaintenance2;
}

struct Summary {
  std::string calling;
  std::string called;
  std::string rest;

  void add(const Element& element) {
    const OctetView c = element.contents;
    switch (element.id) {
      case ie::kCallingNumber:
        if (const auto number = read_number(c); number && calling.empty()) calling = number->digits;
        return;
      case ie::kCalledNumber:
        if (const auto number = read_number(c); number && called.empty()) called = number->digits;
        return;
      case ie::kChannelIdentification:
        if (const auto channel = read_channel(c); channel && channel->timeslot != 0) {
          rest += " ch " + std::to_string(channel->timeslot);
        }
        return;
      case ie::kCause:
        if (const auto cause = read_cause(c)) rest += " cause " + std::to_string(cause->value);
        return;
      case ie::kProgressIndicator:
        if (const auto progress = read_progress(c)) {
          rest += " PI " + std::to_string(static_cast<int>(progress->description));
        }
        return;
      case ie::kKeypadFacility:
        rest += " keypad " + read_keypad(c);
        return;
      case ie::kNotificationIndicator:
      case ie::kChangeStatus:
        rest += ", " + element_value(element);
        return;
      default:
        return;
    }
  }
};

std::string summarize_message(const Message& message) {
  Summary summary;
  for (const auto& element : message.elements) {
    if (element.codeset == 0) summary.add(element);
  }
  std::string text = message_name(message) + " cr=" + std::to_string(message.call_reference);
  if (!summary.calling.empty()) text += ' ' + summary.calling;
  if (!summary.called.empty()) text += " -> " + summary.called;
  text += summary.rest;
  if (message.broken) text += " (malformed)";
  return text;
}

}  // namespace

std::string_view to_string(MessageType type) {
  const auto text = look_up(kMessageTypes, static_cast<int>(type));
  return text.empty() ? "unknown message" : text;
}

Result<std::vector<Explained>> decode_q931(OctetView octets) {
  if (octets.empty()) return fail(Errc::truncated, 0, "Q.931", "nothing there");
  std::vector<Explained> lines;
  if (starts_as_message(octets)) {
    if (auto done = explain_message(octets, 0, lines); !done) return std::unexpected(done.error());
    return lines;
  }
  const auto frame = parse_frame(octets);
  if (!frame) return std::unexpected(frame.error());
  lines.push_back({"frame", std::string(to_string(frame->kind)), "Q.921 3.6"});
  lines.push_back({"SAPI", std::to_string(frame->sapi), "Q.921 3.3.3"});
  lines.push_back({"TEI", std::to_string(frame->tei), "Q.921 3.3.4"});
  lines.push_back({"command/response", frame->cr ? "1" : "0", "Q.921 3.3.2"});
  if (frame->kind == FrameKind::i) lines.push_back({"N(S)", std::to_string(frame->ns), "Q.921 3.5.2.4"});
  const bool numbered = frame->kind == FrameKind::i || frame->kind == FrameKind::rr ||
                        frame->kind == FrameKind::rnr || frame->kind == FrameKind::rej;
  if (numbered) lines.push_back({"N(R)", std::to_string(frame->nr), "Q.921 3.5.2.6"});
  lines.push_back({"P/F", frame->pf ? "1" : "0", "Q.921 3.4"});
  if (frame->kind == FrameKind::i) {
    if (auto done = explain_message(frame->information, 4, lines); !done)
      return std::unexpected(done.error());
  }
  return lines;
}

std::string summarize(OctetView octets) {
  const auto frame = parse_frame(octets);
  if (!frame) return "malformed frame";
  if (frame->kind != FrameKind::i) return std::string(to_string(frame->kind));
  const auto message = parse_message(frame->information);
  if (!message) return "I, malformed message";
  return summarize_message(*message);
}

}  // namespace tandem::tdm::pri
