#pragma once
// The explanation of one message, for `tandem decode sip`.
#include <cstdint>
#include <string>
#include <vector>

#include "gateway/base/bytes.h"
#include "gateway/base/result.h"

namespace tandem::sip {

/// A part of a message: "Via", "  branch", "SDP m=". `offset` is that of its value from the start of the
/// input.
struct ExplainedItem {
  std::string name;
  std::string value;
  std::string rfc;  ///< where it is defined; empty: nowhere that is known here
  std::uint32_t offset = 0;
  int depth = 0;  ///< 1: a part of the item before it
};

struct Explanation {
  std::string summary;  ///< "INVITE request", "486 Busy Here, response to INVITE"
  std::vector<ExplainedItem> items;
};

/// Error: the first octet that breaks the standard, whether the message cannot be read or must be refused
/// (see validate_request). A body that says it is SDP is read too.
Result<Explanation> describe(OctetView octets);

/// One line an item: name, value, reference; indented by depth.
std::string to_string(const Explanation& explanation);

}  // namespace tandem::sip
