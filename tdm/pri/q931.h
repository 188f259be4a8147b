#pragma once
// Q.931 messages, read for people and for the guard in front of libpri. Calls are libpri's business.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/bytes.h"
#include "tdm/pri/q921.h"
#include "tdm/pri/values.h"

namespace tandem::tdm::pri {

/// Q.931 table 4-2, message types.
enum class MessageType : std::uint8_t {
  alerting = 0x01,
  call_proceeding = 0x02,
  progress = 0x03,
  setup = 0x05,
  connect = 0x07,
  setup_acknowledge = 0x0D,
  connect_acknowledge = 0x0F,
  hold = 0x24,
  hold_acknowledge = 0x28,
  hold_reject = 0x30,
  retrieve = 0x31,
  retrieve_acknowledge = 0x33,
  retrieve_reject = 0x37,
  disconnect = 0x45,
  restart = 0x46,
  release = 0x4D,
  restart_acknowledge = 0x4E,
  release_complete = 0x5A,
  facility = 0x62,
  notify = 0x6E,
  status_enquiry = 0x75,
  information = 0x7B,
  status = 0x7D
};

/// Q.931 table 4-3, information elements of codeset 0 by their identifier.
namespace ie {
inline constexpr Octet kChangeStatus = 0x01;  // of the maintenance messages
inline constexpr Octet kBearerCapability = 0x04;
inline constexpr Octet kCause = 0x08;
inline constexpr Octet kCallState = 0x14;
inline constexpr Octet kChannelIdentification = 0x18;
inline constexpr Octet kFacility = 0x1C;
inline constexpr Octet kProgressIndicator = 0x1E;
inline constexpr Octet kNotificationIndicator = 0x27;
inline constexpr Octet kDisplay = 0x28;
inline constexpr Octet kKeypadFacility = 0x2C;
inline constexpr Octet kConnectedNumber = 0x4C;
inline constexpr Octet kConnectedSubaddress = 0x4D;
inline constexpr Octet kCallingNumber = 0x6C;
inline constexpr Octet kCallingSubaddress = 0x6D;
inline constexpr Octet kCalledNumber = 0x70;
inline constexpr Octet kCalledSubaddress = 0x71;
inline constexpr Octet kRedirectingNumber = 0x74;
inline constexpr Octet kRedirectionNumber = 0x76;
inline constexpr Octet kTransitNetworkSelection = 0x78;
inline constexpr Octet kRestartIndicator = 0x79;
inline constexpr Octet kUserUser = 0x7E;
inline constexpr Octet kSendingComplete = 0xA1;
}  // namespace ie

/// Protocol discriminators (Q.931 4.2); the other two are the maintenance messages of North America.
inline constexpr Octet kQ931 = 0x08;
inline constexpr Octet kMaintenance1 = 0x03;
inline constexpr Octet kMaintenance2 = 0x43;
/// SERVICE and its acknowledgement by the first discriminator; the second (NI-2) has them exchanged.
inline constexpr Octet kService = 0x0F;
inline constexpr Octet kServiceAcknowledge = 0x07;

struct Element {
  std::uint8_t codeset = 0;
  Octet id = 0;              ///< identifier; of a single octet element the whole octet
  std::uint32_t offset = 0;  ///< of the identifier, from the start of the message
  OctetView contents;        ///< empty for a single octet element
  OctetView whole;           ///< identifier, length and contents
};

struct Message {
  Octet discriminator = kQ931;
  std::uint8_t call_reference_length = 0;  ///< 0: the dummy call reference
  std::uint16_t call_reference = 0;        ///< value without the flag
  bool from_destination = false;           ///< the flag of 4.3: sent to the side that made the reference
  MessageType type{};
  std::vector<Element> elements;
  /// Why reading stopped before the end of the message; what was read until there is above.
  std::optional<Error> broken;
};

/// Offsets in errors count from the start of `message`. Error: no complete header (4.2 to 4.4); faults in the
/// elements are in `broken`.
Result<Message> parse_message(OctetView message);

/// Contents of single elements; nothing when too short or out of range.
std::optional<Cause> read_cause(OctetView contents);
std::optional<Progress> read_progress(OctetView contents);
/// Timeslot 0: any or none.
std::optional<Channel> read_channel(OctetView contents);
/// Of called, calling and connected number.
std::optional<Number> read_number(OctetView contents);

/// One line of an explanation.
struct Explained {
  std::string name;
  std::string value;
  std::string clause;  ///< e.g. "Q.931 4.5.8"
};

/// Explains a Q.931 message or a whole Q.921 frame (told apart by the first octet). Error: the octet from
/// where it cannot be read.
Result<std::vector<Explained>> decode_q931(OctetView octets);

/// A layer 2 frame in a few words for the ladder: "SETUP cr=5 201 -> 1000 ch 3", "RR", "malformed frame".
std::string summarize(OctetView frame);

std::string_view to_string(MessageType type);

}  // namespace tandem::tdm::pri
