#pragma once
// Offer and answer (RFC 3264, RFC 6337) of one audio stream in G.711 with telephone-event (RFC 4733).
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/address.h"
#include "gateway/base/result.h"
#include "gateway/base/units.h"

namespace tandem::sip {

/// What this side can do on a stream.
struct AudioCapabilities {
  SocketAddress local;    ///< where RTP is received
  std::vector<Law> laws;  ///< in order of preference, not empty
  bool telephone_event = true;
  int ptime_ms = 20;                  ///< 10, 20 or 30
  std::uint64_t session_id = 1;       ///< o= session id
  std::uint64_t session_version = 1;  ///< o= version, one more with each change
};

/// What both sides agreed on.
struct AudioSession {
  Law law = Law::a;
  std::uint8_t payload_type = 8;
  std::optional<std::uint8_t> receive_event_type;  ///< payload type the peer sends events with
  std::optional<std::uint8_t> send_event_type;     ///< payload type the peer wants events with
  int ptime_ms = 20;
  SocketAddress remote_rtp;
  SocketAddress remote_rtcp;  ///< a=rtcp (RFC 3605) or the port above
  bool send = true;           ///< this side may send (a=sendrecv/sendonly/..., 0.0.0.0)
  bool receive = true;
  friend bool operator==(const AudioSession&, const AudioSession&) = default;
};

std::string make_offer(const AudioCapabilities& capabilities);

struct Answer {
  std::string sdp;
  AudioSession session;
};
/// Answers an offer: the first audio stream that can be served is taken, all others are refused with port 0.
/// Errc::refused when nothing fits (488), Errc::malformed and others when it is not SDP (400).
Result<Answer> make_answer(std::string_view offer, const AudioCapabilities& capabilities);

/// Takes the peer's answer to what make_offer gave for `capabilities`.
Result<AudioSession> accept_answer(std::string_view answer, const AudioCapabilities& capabilities);

}  // namespace tandem::sip
