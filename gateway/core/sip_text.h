#pragma once
// A SIP message in a line, for the ladder, without parsing it: it may be none.
#include <string>

#include "gateway/base/bytes.h"

namespace tandem::core {

struct SipText {
  std::string line;     ///< "INVITE sip:1000@192.0.2.1", "180 Ringing (INVITE)"
  std::string call_id;  ///< empty: none found
};
SipText sip_text(OctetView octets);

}  // namespace tandem::core
