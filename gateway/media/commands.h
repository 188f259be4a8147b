#pragma once
// What crosses between the signalling thread and a media thread: plain values in lock-free queues.
#include <array>
#include <cstdint>
#include <optional>
#include <variant>

#include "gateway/base/address.h"
#include "gateway/base/bytes.h"
#include "gateway/base/ids.h"
#include "gateway/base/units.h"
#include "tdm/span.h"

namespace tandem::media {

/// The sockets of one session: RTP on an even port, RTCP on the next. No call blocks.
class RtpTransport {
 public:
  virtual ~RtpTransport() = default;
  /// Connects both sockets, so that only this peer's packets are received.
  virtual void set_remote(const SocketAddress& rtp, const SocketAddress& rtcp) = 0;
  virtual void send_rtp(OctetView packet) = 0;
  virtual void send_rtcp(OctetView packet) = 0;
  /// Octets received into `buffer`; 0 when nothing waits.
  virtual std::size_t receive_rtp(std::span<Octet> buffer) = 0;
  virtual std::size_t receive_rtcp(std::span<Octet> buffer) = 0;
};

struct RtpParameters {
  Law law = Law::a;
  std::uint8_t payload_type = 8;
  std::optional<std::uint8_t> send_event_type;  ///< RFC 4733: events are sent with it; none: audio only
  std::optional<std::uint8_t> receive_event_type;
  int ptime_ms = 20;
  SocketAddress remote_rtp;
  SocketAddress remote_rtcp;
  bool send = true;     ///< the peer wants our audio
  bool receive = true;  ///< the peer sends audio
};

/// Call-progress tones towards a timeslot (E.180).
enum class Tone : std::uint8_t { none, ringback, busy, congestion };

/// Joins a session to a circuit. Both directions start closed; see Command::through.
struct OpenSession {
  SessionId session;
  Circuit circuit;
  RtpTransport* transport = nullptr;  ///< given back with SessionClosed
  std::uint32_t ssrc = 0;
  std::uint16_t first_sequence = 0;
  std::uint32_t first_timestamp = 0;
  std::array<char, 64> cname{};  ///< RTCP SDES, zero-terminated
};
/// Peer and codec, as negotiated; may come again at any time.
struct SetParameters {
  SessionId session;
  RtpParameters parameters;
};
/// Cuts audio through, by direction.
struct ThroughConnect {
  SessionId session;
  bool to_rtp = false;
  bool to_timeslot = false;
};
struct CloseSession {
  SessionId session;
};
/// Plays a tone to the circuit in place of the session's audio until Tone::none, or until RTP audio arrives
/// when `yield_to_rtp`.
struct PlayTone {
  Circuit circuit;
  Tone tone = Tone::none;
  bool yield_to_rtp = false;
};
/// Joins two circuits both ways, with transcoding where their laws differ; unpatch by the same pair.
struct PatchCircuits {
  Circuit a;
  Circuit b;
  bool on = true;
};

using Command =
    std::variant<OpenSession, SetParameters, ThroughConnect, CloseSession, PlayTone, PatchCircuits>;

/// RFC 3550, G.107: what a session saw, final at its end.
struct SessionStats {
  std::uint64_t packets_sent = 0;
  std::uint64_t packets_received = 0;
  std::uint64_t packets_lost = 0;  ///< expected minus received, never negative
  std::uint64_t packets_late = 0;  ///< came too late to be played
  std::uint64_t malformed = 0;
  float jitter_ms = 0;      ///< interarrival jitter at the end
  float round_trip_ms = 0;  ///< last from RTCP; 0: not measured
  float remote_loss = 0;    ///< fraction, as the peer's last report says
  float r_factor = 0;       ///< E-model
  float mos = 0;
};

struct SessionClosed {
  SessionId session;
  RtpTransport* transport = nullptr;
  SessionStats stats;
};
/// No RTP for the configured time though the peer should send.
struct RtpTimeout {
  SessionId session;
};
/// The first RTP audio of a session.
struct RtpStarted {
  SessionId session;
};
/// A DTMF digit began on the timeslot or in RTP events.
struct Digit {
  SessionId session;
  char digit = 0;
  bool from_timeslot = false;
};
struct SpanAlarms {
  std::uint16_t span = 0;
  tdm::Alarms alarms;
};

using Event = std::variant<SessionClosed, RtpTimeout, RtpStarted, Digit, SpanAlarms>;

/// A layer 2 frame of a D channel (index into EngineConfig::d_channels), without FCS.
struct DFrame {
  std::uint16_t d_channel = 0;
  std::uint16_t size = 0;
  std::array<Octet, 320> octets{};
};

}  // namespace tandem::media
