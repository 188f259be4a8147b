#include "tdm/pri/guard.h"

#include <algorithm>

namespace tandem::tdm::pri {
namespace {

constexpr Octet kNobody = 0xFF;     // a protocol discriminator that libpri passes over
constexpr Octet kService = 0x0F;    // maintenance: SERVICE
constexpr std::size_t kHeader = 4;  // of an I frame

bool has_end(OctetView c) {
  return std::ranges::any_of(c, [](Octet octet) { return (octet & 0x80) != 0; });
}

enum class Fitness : std::uint8_t { safe, invalid, not_for_libpri };

/// Whether libpri may see the element: what it reads of it lies within it.
Fitness fitness(const Element& element) {
  const OctetView c = element.contents;
  const auto when = [](bool good) { return good ? Fitness::safe : Fitness::invalid; };
  if (element.codeset != 0) return Fitness::not_for_libpri;
  switch (element.id) {
    case ie::kBearerCapability:
      return when(c.size() >= 2 && ((c[1] & 0x7F) != 0x18 || c.size() >= 3));
    case ie::kCause:
      return when(read_cause(c).has_value());
    case ie::kProgressIndicator:
      return when(read_progress(c).has_value());
    case ie::kChannelIdentification:
    case ie::kCallState:
    case ie::kNotificationIndicator:
    case ie::kDisplay:
    case ie::kRestartIndicator:
      return when(!c.empty());
    case ie::kCalledNumber:
      return when(!c.empty() && (c[0] & 0x80) != 0);
    case ie::kCallingNumber:
      return when(has_end(c));
    case ie::kConnectedNumber:
      return when(!c.empty() && ((c[0] & 0x80) != 0 || has_end(c.subspan(1))));
    case ie::kSendingComplete:
      return Fitness::safe;
    case 0x01:  // change status and connected address: old, and libpri reads past their end
    case 0x0C:
      return Fitness::not_for_libpri;
    // Q.931 5.8.7.1: these must be understood; libpri finds that it does not.
    default:
      return (element.id & 0xF0) == 0 ? Fitness::safe : Fitness::not_for_libpri;
  }
}

bool may_repeat(Octet id) {
  return id == ie::kProgressIndicator || id == ie::kCallingNumber;  // the second is the network's own number
}

/// Copies what is safe; Q.931 5.8.6.2: of an element that may not repeat the first counts.
void copy_elements(const Message& message, Screened& to) {
  std::vector<Octet> seen;
  for (const auto& element : message.elements) {
    const auto fit = fitness(element);
    if (fit == Fitness::invalid) to.complaint = "information element with invalid contents left out";
    if (fit != Fitness::safe) continue;
    const bool again = std::ranges::find(seen, element.id) != seen.end();
    if (again && !may_repeat(element.id)) continue;
    seen.push_back(element.id);
    to.frame.insert(to.frame.end(), element.whole.begin(), element.whole.end());
  }
}

void note_elements(const Message& message, Received& received) {
  for (const auto& element : message.elements) {
    if (element.codeset != 0) continue;
    if (element.id == ie::kCause && !received.cause) received.cause = read_cause(element.contents);
    if (element.id == ie::kChannelIdentification && !received.channel) {
      received.channel = read_channel(element.contents);
    }
    if (element.id == ie::kProgressIndicator) {
      if (const auto progress = read_progress(element.contents)) received.progress.push_back(*progress);
    }
  }
}

enum class Verdict : std::uint8_t { pass, ignore, unknown_reference, over };

/// Q.931 5.8.3.2 for references that no call has, before libpri makes a record for them.
Verdict judge_unknown(const Message& message) {
  switch (message.type) {
    case MessageType::setup:
      return message.from_destination ? Verdict::ignore : Verdict::pass;
    case MessageType::release:
      return Verdict::pass;
    case MessageType::release_complete:
      return Verdict::over;
    case MessageType::status:
      for (const auto& element : message.elements) {
        const bool state = element.codeset == 0 && element.id == ie::kCallState && !element.contents.empty();
        if (state && (element.contents[0] & 0x3F) == 0) return Verdict::over;
      }
      return Verdict::unknown_reference;
    default:
      return Verdict::unknown_reference;
  }
}

Verdict judge(const Message& message, bool known) {
  const bool restarting =
      message.type == MessageType::restart || message.type == MessageType::restart_acknowledge;
  if (message.call_reference_length == 0) return Verdict::ignore;
  if (message.call_reference == 0) {
    // Q.931 5.8.3.2 f: the global reference is for RESTART and its acknowledgement.
    if (message.type == MessageType::restart)
      return message.from_destination ? Verdict::ignore : Verdict::pass;
    if (restarting) return message.from_destination ? Verdict::pass : Verdict::ignore;
    return Verdict::ignore;
  }
  if (restarting) return Verdict::ignore;
  if (!known) return judge_unknown(message);
  switch (message.type) {
    case MessageType::setup:     // 5.8.3.2 c: a repeated SETUP is ignored
    case MessageType::facility:  // supplementary services are not for us
      return Verdict::ignore;
    default:
      return Verdict::pass;
  }
}

void put_header(Octets& frame, const Message& message, MessageType type) {
  const auto flag = static_cast<unsigned>(message.from_destination ? 0x80 : 0);
  frame.insert(frame.end(), {message.discriminator, Octet{2},
                             static_cast<Octet>(flag | (message.call_reference >> 8 & 0x7F)),
                             static_cast<Octet>(message.call_reference), static_cast<Octet>(type)});
}

Screened ignored(Screened screened, std::string_view complaint) {
  screened.frame.resize(kHeader);
  screened.frame.insert(screened.frame.end(), {kNobody, Octet{0}, Octet{0}});
  screened.complaint = complaint;
  return screened;
}

Screened screen_message(OctetView octets, Screened screened, const std::function<bool(WireReference)>& known,
                        bool maintenance) {
  const auto message = parse_message(octets);
  if (!message) return ignored(std::move(screened), "message without a valid header ignored");
  const bool service = message->discriminator == kMaintenance1 || message->discriminator == kMaintenance2;
  if (service && maintenance && static_cast<Octet>(message->type) == kService && !message->broken) {
    screened.frame.insert(screened.frame.end(), octets.begin(), octets.end());
    return screened;
  }
  if (message->discriminator != kQ931) return ignored(std::move(screened), "unknown protocol discriminator");
  Received received;
  received.type = message->type;
  received.reference = message->call_reference;
  if (message->from_destination) received.reference |= kOurs;
  switch (judge(*message, known(received.reference))) {
    case Verdict::ignore:
      return ignored(std::move(screened), "unexpected message ignored");
    case Verdict::over:
      put_header(screened.frame, *message, MessageType::release_complete);
      return screened;
    case Verdict::unknown_reference:
      // libpri answers RELEASE COMPLETE 81 and keeps nothing.
      put_header(screened.frame, *message, MessageType::status_enquiry);
      screened.complaint = "message for an unknown call reference";
      return screened;
    case Verdict::pass:
      break;
  }
  put_header(screened.frame, *message, message->type);
  copy_elements(*message, screened);
  if (message->broken) screened.complaint = "end of a malformed message left out";
  note_elements(*message, received);
  screened.received = std::move(received);
  return screened;
}

/// Q.931 4.5.1: elements of one message ascend; the indicators go where 0x1E belongs.
void insert_progress(Octets& frame, const Message& message, const std::vector<Progress>& all) {
  std::size_t at = frame.size();
  for (const auto& element : message.elements) {
    if (element.codeset == 0 && (element.id & 0x80) == 0 && element.id <= ie::kProgressIndicator) continue;
    at = kHeader + element.offset;
    break;
  }
  Octets indicators;
  for (const auto& progress : all) {
    indicators.insert(indicators.end(), {ie::kProgressIndicator, Octet{2},
                                         static_cast<Octet>(0x80 | static_cast<int>(progress.location)),
                                         static_cast<Octet>(0x80 | static_cast<int>(progress.description))});
  }
  if (frame.size() + indicators.size() > kHeader + kN201) return;
  frame.insert(frame.begin() + static_cast<std::ptrdiff_t>(at), indicators.begin(), indicators.end());
}

}  // namespace

Screened screen(OctetView octets, const std::function<bool(WireReference)>& known, bool maintenance) {
  Screened screened;
  const auto frame = parse_frame(octets);
  if (!frame) {
    screened.complaint = "frame without valid address and control";
    return screened;
  }
  // A primary rate D channel is point to point: SAPI 0, TEI 0 (Q.921 3.3.4.1).
  if (frame->sapi != 0 || frame->tei != 0) return screened;
  if (frame->information.size() > kN201) {
    screened.complaint = "frame with more than N201 octets";
    return screened;
  }
  switch (frame->kind) {
    case FrameKind::sabme:
    case FrameKind::dm:
    case FrameKind::disc:
    case FrameKind::ua:
    case FrameKind::frmr:
      screened.frame.assign(octets.begin(), octets.begin() + 3);
      return screened;
    case FrameKind::rr:
    case FrameKind::rnr:
    case FrameKind::rej:
      screened.frame.assign(octets.begin(), octets.begin() + 4);
      return screened;
    case FrameKind::i:
      screened.frame.assign(octets.begin(), octets.begin() + kHeader);
      return screen_message(frame->information, std::move(screened), known, maintenance);
    case FrameKind::ui:
    case FrameKind::xid:
    case FrameKind::unknown:
      break;
  }
  screened.complaint = "unexpected kind of frame";
  return screened;
}

Octets amend(OctetView octets, const std::function<Amendments(WireReference)>& amendments_of) {
  Octets frame(octets.begin(), octets.end());
  const auto layer2 = parse_frame(octets);
  if (!layer2 || layer2->kind != FrameKind::i) return frame;
  const auto message = parse_message(layer2->information);
  if (!message || message->discriminator != kQ931) return frame;
  // The flag is told from the receiver's side; libpri's number has it the other way round.
  const auto flag = message->from_destination ? WireReference{0} : kOurs;
  const auto amendments = amendments_of(static_cast<WireReference>(message->call_reference | flag));
  if (amendments.location) {
    for (const auto& element : message->elements) {
      const bool located = element.id == ie::kCause || element.id == ie::kProgressIndicator;
      if (element.codeset != 0 || !located || element.contents.empty()) continue;
      auto& octet = frame[kHeader + element.offset + 2];
      octet = static_cast<Octet>((octet & 0xF0) | static_cast<int>(*amendments.location));
    }
  }
  if (message->type == MessageType::setup && !amendments.setup_progress.empty()) {
    insert_progress(frame, *message, amendments.setup_progress);
  }
  return frame;
}

}  // namespace tandem::tdm::pri
