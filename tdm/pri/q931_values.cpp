#include "tdm/pri/q931_values.h"

#include <array>
#include <utility>
#include <vector>

#include "gateway/base/q850.h"
#include "tdm/pri/facility.h"
#include "tdm/pri/q931_elements.h"

namespace tandem::tdm::pri {
namespace {

using Row = std::pair<int, std::string_view>;

template <class Key, std::size_t N>
std::string_view look_up(const std::array<std::pair<Key, std::string_view>, N>& table, Key key) {
  for (const auto& [k, text] : table) {
    if (k == key) return text;
  }
  return {};
}

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

constexpr auto kReasons = std::to_array<Row>({
    {0, "reason unknown"},
    {1, "busy"},
    {2, "no reply"},
    {4, "deflection"},
    {9, "out of order"},
    {10, "by the called DTE"},
    {15, "unconditional"},
});

constexpr auto kNotifications = std::to_array<Row>({
    {0x00, "user suspended"},
    {0x01, "user resumed"},
    {0x02, "bearer service change"},
    {0x60, "call is waiting"},
    {0x68, "diversion activated"},
    {0x69, "call transfer, alerting"},
    {0x6A, "call transfer, active"},
    {0x79, "remote hold"},
    {0x7A, "remote retrieval"},
    {0x7B, "call is diverting"},
});

constexpr auto kStatuses = std::to_array<Row>({
    {0, "in service"},
    {1, "maintenance"},
    {2, "out of service"},
});

constexpr auto kComponents = std::to_array<Row>({
    {1, "invoke"},
    {2, "return result"},
    {3, "return error"},
    {4, "reject"},
});

// ETS 300 207-1 and ETS 300 182-1.
constexpr auto kEtsiOperations = std::to_array<Row>({
    {13, "CallDeflection"},
    {14, "CallRerouting"},
    {15, "DivertingLegInformation2"},
    {18, "DivertingLegInformation1"},
    {19, "DivertingLegInformation3"},
    {30, "ChargingRequest"},
    {31, "AOCSCurrency"},
    {32, "AOCSSpecialArr"},
    {33, "AOCDCurrency"},
    {34, "AOCDChargingUnit"},
    {35, "AOCECurrency"},
    {36, "AOCEChargingUnit"},
});

// ECMA-164.
constexpr auto kQsigOperations = std::to_array<Row>({
    {0, "CallingName"},
    {1, "CalledName"},
    {2, "ConnectedName"},
    {3, "BusyName"},
});

template <std::size_t N>
std::string named(const std::array<Row, N>& table, int value) {
  const auto text = look_up(table, value);
  return text.empty() ? std::to_string(value) : std::string(text);
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
  std::string how = channel->exclusive ? ", exclusive" : ", preferred";
  if (const auto interface = read_interface(c)) how += ", interface " + std::to_string(*interface);
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

std::string text_or_hex(OctetView contents) {
  for (const Octet octet : contents) {
    if (octet < 0x20 || octet > 0x7E) return in_hex(contents);
  }
  return '"' + std::string(as_text(contents)) + '"';
}

std::string user_user_value(OctetView c) {
  const auto value = read_user_user(c);
  if (!value) return in_hex(c);
  const Octet protocol[] = {value->protocol};
  return "protocol 0x" + to_hex(protocol) + ", " + text_or_hex(value->octets);
}

std::string subaddress_value(OctetView c) {
  const auto value = read_subaddress(c);
  if (!value) return in_hex(c);
  return (value->nsap ? "NSAP, " : "user specified, ") + text_or_hex(value->octets);
}

std::string redirecting_value(OctetView c) {
  const auto reason = read_redirection_reason(c);
  const auto number = number_value(ie::kRedirectingNumber, c);
  return reason ? number + ", " + named(kReasons, static_cast<int>(*reason)) : number;
}

std::string notification_value(OctetView c) {
  const auto value = read_notification(c);
  return value ? named(kNotifications, *value) : in_hex(c);
}

std::string status_value(OctetView c) {
  return c.empty() ? in_hex(c) : named(kStatuses, c[0] & 7);
}

/// One ROSE component: what it is, and of which operation.
std::string component_value(Octet tag, OctetView contents, bool qsig) {
  std::string text = named(kComponents, tag & 0x1F);
  // The invoke identifier, perhaps a linked one, and then the operation.
  std::size_t at = 0;
  std::vector<int> numbers;
  while (at + 2 < contents.size() && contents[at + 1] == 1 &&
         (contents[at] == 0x02 || contents[at] == 0x80)) {
    if (contents[at] == 0x02) numbers.push_back(contents[at + 2]);
    at += 3;
  }
  if (!numbers.empty()) text += ' ' + std::to_string(numbers[0]);
  if (numbers.size() > 1 && (tag & 0x1F) == 1) {
    const auto name = qsig ? look_up(kQsigOperations, numbers[1]) : look_up(kEtsiOperations, numbers[1]);
    text += ", operation " + std::to_string(numbers[1]);
    if (!name.empty()) text += ' ' + std::string(name);
  }
  return text;
}

std::string facility_value(OctetView c) {
  if (!facility_is_sound(c)) return in_hex(c);
  const bool qsig = (c[0] & 0x1F) == 0x1F;
  std::string text;
  for (OctetView rest = c.subspan((c[0] & 0x80) != 0 ? 1 : 2); rest.size() >= 2;) {
    const std::size_t head = rest[1] == 0x81 ? 3 : 2;
    const std::size_t length = rest[head - 1];
    const Octet tag = rest[0];
    if (tag >= 0xA1 && tag <= 0xA4) {
      if (!text.empty()) text += "; ";
      text += component_value(tag, rest.subspan(head, length), qsig);
    }
    rest = rest.subspan(head + length);
  }
  return text.empty() ? in_hex(c) : text + " (" + in_hex(c) + ')';
}

}  // namespace

std::string in_hex(OctetView contents) {
  return contents.empty() ? "empty" : "0x" + to_hex(contents);
}

std::string element_value(const Element& element) {
  const OctetView c = element.contents;
  switch (element.id) {
    case ie::kFacility:
      return facility_value(c);
    case ie::kNotificationIndicator:
      return notification_value(c);
    case ie::kKeypadFacility:
      return '"' + read_keypad(c) + '"';
    case ie::kTransitNetworkSelection: {
      const auto digits = read_transit_network(c);
      return digits.empty() ? in_hex(c) : "carrier " + digits;
    }
    case ie::kUserUser:
      return user_user_value(c);
    case ie::kConnectedSubaddress:
    case ie::kCallingSubaddress:
    case ie::kCalledSubaddress:
      return subaddress_value(c);
    case ie::kRedirectingNumber:
      return redirecting_value(c);
    case ie::kChangeStatus:
      return status_value(c);
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
    case ie::kRedirectionNumber:
      return number_value(element.id, c);
    case ie::kRestartIndicator:
      return restart_value(c);
    case ie::kSendingComplete:
      return "yes";
    default:
      return in_hex(c);
  }
}

}  // namespace tandem::tdm::pri
