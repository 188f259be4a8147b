#pragma once
// What stands between the wire and libpri, both ways.
//
// Inwards: libpri trusts the octets within an information element (it looks for the extension bit of a number
// past the element's end), keeps a call record for ever when a message that it does not expect carries an
// unknown call reference, and starts afresh on a second SETUP. So each frame is read here first and rebuilt
// from what is valid; what libpri must not act upon becomes a message that it passes over, so that layer 2
// still counts it.
// Outwards: libpri sends one fixed location and no progress indicator in SETUP; both are put in here. The
// same frame is rewritten the same way when layer 2 repeats it.
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
  std::optional<Channel> channel;
};

struct Screened {
  Octets frame;                      ///< for libpri; empty: not for it at all
  std::optional<Received> received;  ///< of an I frame that libpri may act upon
  std::string_view complaint;        ///< why something was taken out; empty: nothing was
};

/// `known` says whether a call has this reference. `maintenance`: SERVICE messages are answered.
Screened screen(OctetView frame, const std::function<bool(WireReference)>& known, bool maintenance);

/// What to change in the messages of one call.
struct Amendments {
  std::optional<Location> location;  ///< of causes and progress indicators; nothing: libpri's own
  std::vector<Progress> setup_progress;
};
/// Applies `amendments_of(reference)` to an outgoing frame.
Octets amend(OctetView frame, const std::function<Amendments(WireReference)>& amendments_of);

}  // namespace tandem::tdm::pri
