#pragma once
// What the body of a message holds for a user agent of calls (RFC 3261 8.2.3, 20.11, RFC 5621).
#include <cstdint>
#include <string_view>

#include "sipt/message.h"

namespace tandem::sip {

inline constexpr int kMaxBodyNesting = 4;         ///< multiparts in each other
inline constexpr std::size_t kMaxBodyParts = 16;  ///< of one multipart

enum class BodyFault : std::uint8_t {
  none,
  malformed,   ///< a multipart that cannot be taken apart: 400
  media_type,  ///< a part that must be understood is of another type: 415 with Accept
  encoding     ///< a part that must be understood is packed: 415 with Accept-Encoding
};

struct Body {
  std::string_view sdp;  ///< of the session; a view of the message
  BodyFault fault = BodyFault::none;
};

/// Takes multiparts apart: of multipart/alternative the last part that is understood, of multipart/related
/// the root, of multipart/signed what is signed, of all others every part. What says handling=optional is
/// passed over when it is not understood. An empty body has neither SDP nor fault.
Body read_body(const Message& message);

/// RFC 3261 20.1: SDP may be sent in response.
bool accepts_sdp(const Message& request);

}  // namespace tandem::sip
