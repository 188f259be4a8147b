#pragma once
// Provisional responses that are acknowledged (RFC 3262): what a session has to remember of them.
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "gateway/base/bytes.h"
#include "gateway/base/time.h"
#include "sipt/message.h"
#include "sipt/user_agent.h"

namespace tandem::sip {

inline constexpr std::size_t kMaxWaitingResponses = 8;  ///< behind one that has no PRACK yet

/// A reliable provisional response received whose PRACK waits for the core's answer (RFC 3262 5).
struct OwedPrack {
  std::uint32_t rseq = 0, cseq = 0;
};

/// A reliable provisional response sent that has no PRACK yet (RFC 3262 3).
struct UnprackedResponse {
  std::uint32_t rseq = 0, cseq = 0;
  bool sdp = false;
  Octets octets;
  Duration interval{};
};

/// A response that waits for another's PRACK.
struct WaitingResponse {
  int status = 0;
  std::string sdp;
  std::vector<ExtraHeader> extra;
};

/// The callee's side of RFC 3262.
struct Reliability {
  bool supported = false, required = false;  ///< by the caller
  std::uint32_t rseq = 0;                    ///< of the last one; 0: none yet
  int status = 0;                            ///< of the last one
  std::optional<UnprackedResponse> unpracked;
  std::deque<WaitingResponse> waiting;
  std::optional<WaitingResponse> answer;  ///< the 2xx that has to wait
};

/// RFC 3262 7.2: "776656 1 INVITE".
struct RAck {
  std::uint32_t rseq = 0, cseq = 0;
  std::string_view method;
};
std::optional<RAck> rack_of(const Message& prack);
/// RFC 3262 4: the number of a provisional response that must be acknowledged; nothing: it cannot be.
std::optional<std::uint32_t> rseq_of(const Message& response);
/// An option tag is listed in a header field, in any case.
bool lists_tag(const Message& message, HeaderId id, std::string_view tag);

}  // namespace tandem::sip
