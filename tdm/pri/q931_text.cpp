// Q.931 in words: names, the explanation of `tandem decode q931` and the ladder's summaries.
#include <array>
#include <utility>

#include "gateway/base/q850.h"
#include "tdm/pri/q931.h"

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

constexpr auto kProgress = std::to_array<Row>({
    {1, "call is not end-to-end ISDN"},
    {2, "destination address is non-ISDN"},
    {3, "origination address is non-ISDN"},
    {4, "call has returned to the ISDN"},
    {5, "interworking has changed the service"},
    {8, "in-band information available"},
});

constexpr auto kTransfers = std::to_array<Row>({
    {0x00, "speech"},
    {0x08, "unrestricted digital"},
    {0x09, "restricted digital"},
    {0x10, "3.1 kHz audio"},
    {0x11, "unrestricted digital with tones"},
    {0x18, "video"},
});

constexpr auto kLayer1 = std::to_array<Row>({
    {0x21, "V.110"},
    {0x22, "G.711 mu-law"},
    {0x23, "G.711 A-law"},
    {0x24, "G.721"},
    {0x25, "H.221 and H.242"},
    {0x28, "V.120"},
    {0x29, "X.31"},
});

constexpr auto kTypes = std::to_array<Row>({
    {0, "unknown"},
    {1, "international"},
    {2, "national"},
    {3, "network specific"},
    {4, "subscriber"},
    {6, "abbreviated"},
});

constexpr auto kPlans = std::to_array<Row>({
    {0, "unknown plan"},
    {1, "E.164"},
    {3, "X.121"},
    {4, "F.69"},
    {8, "national plan"},
    {9, "private plan"},
});

constexpr auto kPresentations = std::to_array<Row>({
    {0, "presentation allowed"},
    {1, "presentation restricted"},
    {2, "number not available"},
});

constexpr auto kScreenings = std::to_array<Row>({
    {0, "user provided, not screened"},
    {1, "user provided, verified and passed"},
    {2, "user provided, verified and failed"},
    {3, "network provided"},
});

constexpr auto kStates = std::to_array<Row>({
    {0, "null"},
    {1, "call initiated"},
    {2, "overlap sending"},
    {3, "outgoing call proceeding"},
    {4, "call delivered"},
    {6, "call present"},
    {7, "call received"},
    {8, "connect request"},
    {9, "incoming call proceeding"},
    {10, "active"},
    {11, "disconnect request"},
    {12, "disconnect indication"},
    {19, "release request"},
    {25, "overlap receiving"},
});

struct ElementName {
  Octet id;
  std::string_view name;
  std::string_view clause;
};
constexpr auto kElements = std::to_array<ElementName>({
    {0x00, "segmented message", "Q.931 4.5.26"},
    {0x04, "bearer capability", "Q.931 4.5.5"},
    {0x08, "cause", "Q.931 4.5.12"},
    {0x10, "call identity", "Q.931 4.5.6"},
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
    {0x74, "redirecting number", "Q.952"},
    {0x78, "transit network selection", "Q.931 4.5.29"},
    {0x79, "restart indicator", "Q.931 4.5.25"},
    {0x7C, "low layer compatibility", "Q.931 4.5.19"},
    {0x7D, "high layer compatibility", "Q.931 4.5.17"},
    {0x7E, "user-user", "Q.931 4.5.30"},
    {0xA0, "more data", "Q.931 4.5.20"},
    {0xA1, "sending complete", "Q.931 4.5.27"},
});

template <std::size_t N>
std::string named(const std::array<Row, N>& table, int value) {
  const auto text = look_up(table, value);
  return text.empty() ? std::to_string(value) : std::string(text);
}

std::string in_hex(OctetView contents) {
  return contents.empty() ? "empty" : "0x" + to_hex(contents);
}

/// Printable text; anything else as '.'.
std::string plain_text(OctetView contents) {
  if (!contents.empty() && (contents[0] & 0x80) != 0) contents = contents.subspan(1);  // character set
  std::string text;
  for (const Octet octet : contents)
    text.push_back(octet >= 0x20 && octet < 0x7F ? static_cast<char>(octet) : '.');
  return '"' + text + '"';
}

std::string bearer_value(OctetView c) {
  if (c.size() < 2) return in_hex(c);
  std::string value = named(kTransfers, c[0] & 0x1F);
  value +=
      (c[1] & 0x7F) == 0x10 ? ", circuit mode 64 kbit/s" : ", mode and rate " + std::to_string(c[1] & 0x7F);
  if (c.size() > 2 && (c[2] & 0x60) == 0x20) value += ", " + named(kLayer1, c[2] & 0x7F);
  return value;
}

std::string cause_value(OctetView c) {
  const auto cause = read_cause(c);
  if (!cause) return in_hex(c);
  return std::to_string(cause->value) + ' ' + std::string(cause_name(cause->value)) + ", " +
         std::string(location_name(static_cast<std::uint8_t>(cause->location)));
}

std::string progress_value(OctetView c) {
  const auto progress = read_progress(c);
  if (!progress) return in_hex(c);
  const auto code = static_cast<int>(progress->description);
  return std::to_string(code) + ' ' + named(kProgress, code) + ", " +
         std::string(location_name(static_cast<std::uint8_t>(progress->location)));
}

std::string channel_value(OctetView c) {
  const auto channel = read_channel(c);
  if (!channel) return in_hex(c);
  const std::string how = channel->exclusive ? ", exclusive" : ", preferred";
  if ((c[0] & 3) == 3) return "any channel" + how;
  if ((c[0] & 3) == 0) return "no channel" + how;
  return "timeslot " + std::to_string(channel->timeslot) + how;
}

std::string number_value(Octet id, OctetView c) {
  const auto number = read_number(c);
  if (!number) return in_hex(c);
  std::string value = number->digits + ", " + named(kTypes, static_cast<int>(number->type)) + ", " +
                      named(kPlans, static_cast<int>(number->plan));
  if (id != ie::kCalledNumber && (c[0] & 0x80) == 0) {
    value += ", " + named(kPresentations, static_cast<int>(number->presentation)) + ", " +
             named(kScreenings, static_cast<int>(number->screening));
  }
  return value;
}

std::string restart_value(OctetView c) {
  if (c.empty()) return in_hex(c);
  switch (c[0] & 7) {
    case 0:
      return "indicated channels";
    case 6:
      return "single interface";
    case 7:
      return "all interfaces";
    default:
      return std::to_string(c[0] & 7);
  }
}

std::string element_value(const Element& element) {
  const OctetView c = element.contents;
  switch (element.id) {
    case ie::kBearerCapability:
      return bearer_value(c);
    case ie::kCause:
      return cause_value(c);
    case ie::kCallState:
      return c.empty() ? in_hex(c) : named(kStates, c[0] & 0x3F);
    case ie::kChannelIdentification:
      return channel_value(c);
    case ie::kProgressIndicator:
      return progress_value(c);
    case ie::kDisplay:
      return plain_text(c);
    case ie::kConnectedNumber:
    case ie::kCallingNumber:
    case ie::kCalledNumber:
      return number_value(element.id, c);
    case ie::kRestartIndicator:
      return restart_value(c);
    case ie::kSendingComplete:
      return "yes";
    default:
      return in_hex(c);
  }
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
  lines.push_back({"message", std::string(to_string(message->type)), "Q.931 4.4"});
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

std::string summarize_message(const Message& message) {
  std::string text{to_string(message.type)};
  text += " cr=" + std::to_string(message.call_reference);
  std::string calling;
  std::string called;
  std::string rest;
  for (const auto& element : message.elements) {
    if (element.codeset != 0) continue;
    if (element.id == ie::kCallingNumber && calling.empty()) {
      if (const auto number = read_number(element.contents)) calling = number->digits;
    } else if (element.id == ie::kCalledNumber && called.empty()) {
      if (const auto number = read_number(element.contents)) called = number->digits;
    } else if (element.id == ie::kChannelIdentification) {
      if (const auto channel = read_channel(element.contents); channel && channel->timeslot != 0) {
        rest += " ch " + std::to_string(channel->timeslot);
      }
    } else if (element.id == ie::kCause) {
      if (const auto cause = read_cause(element.contents)) rest += " cause " + std::to_string(cause->value);
    } else if (element.id == ie::kProgressIndicator) {
      if (const auto progress = read_progress(element.contents)) {
        rest += " PI " + std::to_string(static_cast<int>(progress->description));
      }
    }
  }
  if (!calling.empty()) text += ' ' + calling;
  if (!called.empty()) text += " -> " + called;
  text += rest;
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
