#pragma once
// What stands between the wire and libpri, both ways.
//
// Inwards: libpri trusts the octets within an information element (it looks for the extension bit of a number
// past the element's end), keeps a call record for ever when a message that it does not expect carries an
// unknown call reference, and starts afresh on a second SETUP. So each frame is read here first and rebuilt
// from what is valid; what libpri must not act upon becomes a message that it passes over, so that layer 2
// still counts it.
// Outwards: libpri sends one fixed location, no progress indicator in SETUP, user-user information as a C
// string and digits one by one; all that is put right here. What layer 2 repeats is repeated as it was.
#include <functional>
#include <optional>
#include <vector>

#include "gateway/base/bytes.h"
#include "tdm/pri/q931.h"
#include "tdm/pri/values.h"

namespace tandem::tdm::pri {

/// A call reference as libpri numbers it: the flag in bit 16 is set for calls that this side made.
using WireReference = std::uint16_t;
inline constexpr WireReference kOurs = 0x8000;

/// What a received message says besides what libpri's events tell of it.
struct Received {
  MessageType type{};
  WireReference reference = 0;
  std::optional<Cause> cause;
  std::vector<Progress> progress;
  std::optional<Channel> channel;         ///< span 0; see `interface`
  std::optional<std::uint8_t> interface;  ///< octet 3.1 of the channel identification
  std::optional<UserUser> user_user;
  std::optional<Subaddress> calling_subaddress;
  std::optional<Subaddress> called_subaddress;
  std::optional<Subaddress> connected_subaddress;
  std::optional<RedirectionReason> redirection_reason;
  std::optional<std::uint8_t> notification;
  std::string digits;  ///< of a called party number
  std::string keypad;
  std::string transit_network;
  std::uint8_t restart_class = 0;  ///< Q.931 4.5.25
  bool sending_complete = false;
  bool maintenance = false;                ///< SERVICE or its acknowledgement
  std::optional<std::uint8_t> new_status;  ///< what SERVICE asks for (T1.607 change status); 0: in service
};

struct Screened {
  Octets frame;                      ///< for libpri; empty: not for it at all
  std::optional<Received> received;  ///< of an I frame that libpri may act upon
  std::string_view complaint;        ///< why something was taken out; empty: nothing was
};

/// `known` says whether a call has this reference. `maintenance`: SERVICE messages are libpri's to answer.
Screened screen(OctetView frame, const std::function<bool(WireReference)>& known, bool maintenance);

/// What to change in a message before it is sent.
struct Amendments {
  std::optional<Location> location;  ///< of causes and progress indicators; nothing: libpri's own
  std::vector<Octet> remove;         ///< identifiers of codeset 0
  std::vector<Octets> insert;  ///< whole elements of codeset 0, left out when the message grows too long
};
using AmendmentsOf = std::function<Amendments(WireReference, MessageType)>;
/// Applies `amendments_of` to an outgoing frame.
Octets amend(OctetView frame, const AmendmentsOf& amendments_of);

}  // namespace tandem::tdm::pri
