#pragma once
// A dialog (RFC 3261 12): what both sides have to remember to send requests to each other.
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sipt/build.h"
#include "sipt/config.h"
#include "sipt/message.h"
#include "sipt/values.h"

namespace tandem::sip {

struct Dialog {
  std::string call_id;
  std::string local_tag;
  std::string remote_tag;              ///< empty: the peer is of RFC 2543
  std::string local;                   ///< From of our requests, with its tag
  std::string remote;                  ///< To of our requests, with its tag
  std::string remote_target;           ///< URI
  std::vector<std::string> route_set;  ///< values of Route, in the order of sending
  std::uint32_t local_cseq = 0;        ///< of the last request sent
  std::optional<std::uint32_t> remote_cseq;
  Flow flow;  ///< what the dialog was made on
};

/// RFC 3261 8.1.1.8: where a dialog may lead; a tel URI, for one, is not.
bool is_sip_uri(std::string_view uri);
/// The message has a Contact, and the first value is a SIP or SIPS URI.
bool has_sip_contact(const Message& message);

/// RFC 3261 12.1.1: the callee's view; `local_tag` is the tag of our responses.
Dialog dialog_of_request(const Message& invite, std::string_view local_tag, const Flow& flow);
/// RFC 3261 12.1.2: the caller's view. A response without a sound Contact leaves `target` as the remote
/// target.
Dialog dialog_of_response(const Message& response, std::string_view target, const Flow& flow);

/// RFC 3261 12.2.2: Call-ID and both tags of a request received.
bool belongs_to(const Message& request, const Dialog& dialog);
/// RFC 3261 12.2.2: remembers the sequence number of a request received; false: it is out of order (500).
bool accept_cseq(Dialog& dialog, std::uint32_t number);
/// RFC 3261 12.2.1.2, 12.2.2: a target refresh request or its 2xx brings a new remote target.
void refresh_target(Dialog& dialog, const Message& message);

/// Where the next request goes and from where: the first route or the remote target if that is an address,
/// else the flow of the dialog (names are not resolved here).
Flow next_hop(const Dialog& dialog, std::span<const ListenAddress> listen);
/// Start line, Via, Max-Forwards, Route, From, To, Call-ID and CSeq of a request in the dialog
/// (RFC 3261 12.2.1.1).
MessageBuilder request_in(const Dialog& dialog, std::string_view method, std::uint32_t cseq,
                          std::string_view branch, const Flow& hop);

}  // namespace tandem::sip
