#include "tdm/pri/guard.h"

#include <algorithm>

#include "tdm/pri/facility.h"
#include "tdm/pri/q931_elements.h"

namespace tandem::tdm::pri {
namespace {

constexpr Octet kNobody = 0xFF;     // a protocol discriminator that libpri passes over
constexpr std::size_t kHeader = 4;  // of an I frame
constexpr std::size_t kMaxFacilities = 4;

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
    case ie::kRedirectingNumber:
    case ie::kRedirectionNumber:
      return when(has_end(c));
    case ie::kFacility:
      return when(facility_is_sound(c));
    case ie::kConnectedNumber:
      return when(!c.empty() && ((c[0] & 0x80) != 0 || has_end(c.subspan(1))));
    case ie::kSendingComplete:
      return Fitness::safe;
    case ie::kChangeStatus:  // of maintenance messages only
    case 0x0C:               // connected address: old, and libpri reads past its end
      return Fitness::not_for_libpri;
    // Q.931 5.8.7.1: these must be understood; libpri finds that it does not.
    default:
      return (element.id & 0xF0) == 0 ? Fitness::safe : Fitness::not_for_libpri;
  }
}

std::size_t may_occur(Octet id) {
  if (id == ie::kFacility) return kMaxFacilities;
  if (id == ie::kCallingNumber) return 2;  // the second is the network's own number
  return id == ie::kProgressIndicator ? 8 : 1;
}

/// Copies what is safe; Q.931 5.8.6.2: of an element that may not repeat the first counts.
void copy_elements(const Message& message, Screened& to) {
  std::vector<Octet> seen;
  for (const auto& element : message.elements) {
    const auto fit = fitness(element);
    if (fit == Fitness::invalid) to.complaint = "information element with invalid contents left out";
    if (fit != Fitness::safe) continue;
    if (static_cast<std::size_t>(std::ranges::count(seen, element.id)) >= may_occur(element.id)) continue;
    seen.push_back(element.id);
    to.frame.insert(to.frame.end(), element.whole.begin(), element.whole.end());
  }
}

template <class T>
void first(std::optional<T>& kept, std::optional<T> found) {
  if (!kept) kept = std::move(found);
}

void note_element(const Element& element, Received& received) {
  const OctetView c = element.contents;
  switch (element.id) {
    case ie::kCause:
      return first(received.cause, read_cause(c));
    case ie::kChannelIdentification:
      if (!received.channel) received.interface = read_interface(c);
      return first(received.channel, read_channel(c));
    case ie::kProgressIndicator:
      if (const auto progress = read_progress(c)) received.progress.push_back(*progress);
      return;
    case ie::kNotificationIndicator:
      return first(received.notification, read_notification(c));
    case ie::kKeypadFacility:
      if (received.keypad.empty()) received.keypad = read_keypad(c);
      return;
    case ie::kTransitNetworkSelection:
      if (received.transit_network.empty()) received.transit_network = read_transit_network(c);
      return;
    case ie::kConnectedSubaddress:
      return first(received.connected_subaddress, read_subaddress(c));
    case ie::kCallingSubaddress:
      return first(received.calling_subaddress, read_subaddress(c));
    case ie::kCalledNumber:
      if (const auto number = read_number(c); number && received.digits.empty())
        received.digits = number->digits;
      return;
    case ie::kCalledSubaddress:
      return first(received.called_subaddress, read_subaddress(c));
    case ie::kRedirectingNumber:
      return first(received.redirection_reason, read_redirection_reason(c));
    case ie::kRestartIndicator:
      if (!c.empty()) received.restart_class = c[0] & 7;
      return;
    case ie::kUserUser:
      return first(received.user_user, read_user_user(c));
    case ie::kSendingComplete:
      received.sending_complete = true;
      return;
    default:
      return;
  }
}

void note_elements(const Message& message, Received& received) {
  for (const auto& element : message.elements) {
    if (element.codeset == 0) note_element(element, received);
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
  // 5.8.3.2 c: a repeated SETUP is ignored
  return message.type == MessageType::setup ? Verdict::ignore : Verdict::pass;
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

/// SERVICE of one B channel, rebuilt; libpri takes one that names none for the D channel going up or down.
Screened screen_service(const Message& message, Screened screened) {
  Received received;
  received.type = message.type;
  received.maintenance = true;
  note_elements(message, received);
  const auto status = std::ranges::find_if(message.elements, [](const Element& element) {
    return element.codeset == 0 && element.id == ie::kChangeStatus && !element.contents.empty();
  });
  const bool named = received.channel && received.channel->timeslot != 0;
  const bool known =
      static_cast<Octet>(message.type) == kService || static_cast<Octet>(message.type) == kServiceAcknowledge;
  if (!known || !named || status == message.elements.end() || message.call_reference_length == 0 ||
      message.call_reference != 0) {
    return ignored(std::move(screened), "maintenance message ignored");
  }
  put_header(screened.frame, message, message.type);
  screened.frame.insert(screened.frame.end(), status->whole.begin(), status->whole.end());
  for (const auto& element : message.elements) {
    if (element.codeset != 0 || element.id != ie::kChannelIdentification) continue;
    screened.frame.insert(screened.frame.end(), element.whole.begin(), element.whole.end());
    break;
  }
  const Octet request = message.discriminator == kMaintenance2 ? kServiceAcknowledge : kService;
  if (static_cast<Octet>(message.type) == request) received.new_status = status->contents[0] & 7;
  screened.received = std::move(received);
  return screened;
}

Screened screen_message(OctetView octets, Screened screened, const std::function<bool(WireReference)>& known,
                        bool maintenance) {
  const auto message = parse_message(octets);
  if (!message) return ignored(std::move(screened), "message without a valid header ignored");
  const bool service = message->discriminator == kMaintenance1 || message->discriminator == kMaintenance2;
  if (service && maintenance) return screen_service(*message, std::move(screened));
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

/// Where an element goes: those of one message ascend (Q.931 4.5.1), single octets of codeset 0 come first.
std::size_t place_of(Octet id, const std::vector<Octets>& elements) {
  std::size_t at = 0;
  if ((id & 0x80) != 0) return at;
  for (const auto& element : elements) {
    const bool shift = (element[0] & 0xF0) == 0x90;
    if (shift || ((element[0] & 0x80) == 0 && element[0] > id)) break;
    ++at;
  }
  return at;
}

std::size_t size_of(const std::vector<Octets>& elements) {
  std::size_t size = 0;
  for (const auto& element : elements) size += element.size();
  return size;
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

Octets amend(OctetView octets, const AmendmentsOf& amendments_of) {
  Octets frame(octets.begin(), octets.end());
  const auto layer2 = parse_frame(octets);
  if (!layer2 || layer2->kind != FrameKind::i) return frame;
  const auto message = parse_message(layer2->information);
  if (!message || message->broken) return frame;
  const Octet discriminator = message->discriminator;
  if (discriminator != kQ931 && discriminator != kMaintenance1 && discriminator != kMaintenance2)
    return frame;
  // The flag is told from the receiver's side; libpri's number has it the other way round.
  const auto flag = message->from_destination ? WireReference{0} : kOurs;
  const auto amendments =
      amendments_of(static_cast<WireReference>(message->call_reference | flag), message->type);
  std::vector<Octets> elements;
  for (const auto& element : message->elements) {
    if (element.codeset == 0 && std::ranges::find(amendments.remove, element.id) != amendments.remove.end()) {
      continue;
    }
    auto& copy = elements.emplace_back(element.whole.begin(), element.whole.end());
    const bool located = element.id == ie::kCause || element.id == ie::kProgressIndicator;
    if (amendments.location && element.codeset == 0 && located && copy.size() > 2) {
      copy[2] = static_cast<Octet>((copy[2] & 0xF0) | static_cast<int>(*amendments.location));
    }
  }
  const std::size_t header = kHeader + 3U + message->call_reference_length;
  for (const auto& element : amendments.insert) {
    if (header + size_of(elements) + element.size() > kHeader + kN201) continue;
    elements.insert(elements.begin() + static_cast<std::ptrdiff_t>(place_of(element[0], elements)), element);
  }
  frame.resize(header);
  for (const auto& element : elements) frame.insert(frame.end(), element.begin(), element.end());
  return frame;
}

}  // namespace tandem::tdm::pri
