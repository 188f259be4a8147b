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
  /// Sends to these, receives from anywhere (RFC 4961), until set_remote or lock_rtp. A transport that cannot
  /// tell where packets come from keeps to these.
  virtual void open_to_any(const SocketAddress& rtp, const SocketAddress& rtcp) { set_remote(rtp, rtcp); }
  /// After open_to_any: connects the RTP socket alone; RTCP goes to `rtcp` and still comes from anywhere.
  virtual void lock_rtp(const SocketAddress& rtp, const SocketAddress& rtcp) { set_remote(rtp, rtcp); }
  /// Where the packet received last came from, while open to any; port 0: from whom packets are sent to.
  [[nodiscard]] virtual SocketAddress source() const { return {}; }
  [[nodiscard]] virtual SocketAddress rtcp_source() const { return {}; }
  virtual void send_rtp(OctetView packet) = 0;
  virtual void send_rtcp(OctetView packet) = 0;
  /// Octets received into `buffer`; 0 when nothing waits.
  virtual std::size_t receive_rtp(std::span<Octet> buffer) = 0;
  virtual std::size_t receive_rtcp(std::span<Octet> buffer) = 0;
};

/// What the octets of an RTP payload are.
enum class Payload : std::uint8_t {
  pcma,
  pcmu,
  clearmode  ///< 64 kbit/s as on the timeslot (RFC 4040): no law, gain, tone, concealment or echo canceller
};
/// A payload type that the peer may send; it may change from packet to packet (RFC 3264 6.1).
struct ReceiveType {
  std::uint8_t payload_type = 8;
  Payload payload = Payload::pcma;
  friend bool operator==(const ReceiveType&, const ReceiveType&) = default;
};
/// How digits found on the timeslot go to the peer.
enum class DigitsOut : std::uint8_t {
  events,  ///< RFC 4733 when send_event_type is there, else as audio
  audio,   ///< in the audio, untouched
  report   ///< taken out of the audio and reported by Event::Digit: signalling sends INFO
};
/// Whose source address is believed (RFC 4961 symmetric RTP).
enum class SourceLearning : std::uint8_t {
  off,      ///< only what SDP says
  address,  ///< another port of the address in SDP
  any       ///< whoever sends first after each SDP; locked when its packets prove consistent
};

struct RtpParameters {
  Law law = Law::a;
  std::uint8_t payload_type = 8;
  std::optional<std::uint8_t> send_event_type;  ///< RFC 4733: events are sent with it; none: audio only
  std::optional<std::uint8_t> receive_event_type;
  int ptime_ms = 20;  ///< 10 to 60, a multiple of 10
  SocketAddress remote_rtp;
  SocketAddress remote_rtcp;
  bool send = true;                 ///< the peer wants our audio
  bool receive = true;              ///< the peer sends audio
  Payload payload = Payload::pcma;  ///< what is sent as payload_type; `law` agrees with it
  std::array<ReceiveType, 4> receive_types{};
  std::uint8_t receive_type_count = 0;  ///< 0: payload_type alone
  bool comfort_noise = false;  ///< RFC 3389, payload type 13: received, and sent if `suppress_silence`
  bool suppress_silence = false;
  DigitsOut digits_out = DigitsOut::events;
  bool digits_in_audio = false;  ///< no events from this peer: its tones pass to the timeslot untouched
  SourceLearning learning = SourceLearning::off;
  friend bool operator==(const RtpParameters&, const RtpParameters&) = default;
};

/// Call-progress tones (E.180, E.182); how they sound is the trunk's country's.
enum class Tone : std::uint8_t {
  none,
  dial,
  ringback,
  busy,
  congestion,
  special_information,
  call_waiting,
  hold
};

/// Joins a session to a circuit. Both directions start closed; see Command::through.
struct OpenSession {
  SessionId session;
  Circuit circuit;                    ///< timeslot 0: none; the session only plays what it is told to
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
  bool clear = false;  ///< 64 kbit/s unrestricted: octets as they are
};
/// A recording of EngineConfig::recordings, by its index.
using RecordingId = std::uint16_t;
/// Plays a recording to the circuit in place of the session's audio; nothing: stops it. PlaybackEnded follows
/// when it has been played to its end.
struct PlayRecording {
  Circuit circuit;
  std::optional<RecordingId> recording = {};
  bool repeat = false;
  bool yield_to_rtp = false;  ///< until RTP audio arrives
};
/// Plays a tone or a recording to the session's peer in place of the circuit's audio; neither: stops it.
struct PlayToPeer {
  SessionId session;
  Tone tone = Tone::none;   ///< of the country `tones`
  std::uint16_t tones = 0;  ///< index into EngineConfig::tones
  std::optional<RecordingId> recording = {};
  bool repeat = false;
};
/// Plays a DTMF digit that signalling received (INFO) to the session's circuit.
struct PlayDigit {
  SessionId session;
  char digit = '0';
  std::uint16_t duration_ms = 100;  ///< 40 to 5000
};

/// Sends back what the circuit's timeslot receives, octet for octet: the incoming exchange's part in a
/// continuity check (Q.724 7.3.2). Off: ends the loop, and no check tone.
///
/// While a loop or a check tone is on it has the timeslot. Sessions, patches, tones and recordings on the
/// circuit may begin, end and run meanwhile; they hear silence, are not heard, and have the timeslot when it
/// ends. The later of a loop and a check tone ends the other.
struct LoopCircuit {
  Circuit circuit;
  bool on = true;
};
/// Sends the check tone on the circuit's timeslot and listens for it: the outgoing exchange's part
/// (Q.724 7.3.1). ContinuityHeard follows once. On, when it is on: all begins again. Off: ends the tone, and
/// no loop.
struct CheckContinuity {
  Circuit circuit;
  bool on = true;
};

struct Recording;
/// A recording beside those of EngineConfig; it must outlive the engine. Numbers from kMaxRecordings on are
/// ignored.
struct AddRecording {
  RecordingId recording = 0;
  const Recording* sound = nullptr;
};
inline constexpr std::size_t kMaxRecordings = 2000;
/// A D channel of EngineConfig goes to another timeslot, on which nothing may be going on.
struct MoveDChannel {
  std::uint16_t d_channel = 0;
  Circuit circuit;
};
/// Of some timeslots of a span, from the next block on; a clear channel has none.
struct SetGains {
  std::uint16_t span = 0;
  std::uint32_t timeslots = ~std::uint32_t{};  ///< bit 0: timeslot 1
  Decibels receive{};                          ///< timeslot towards RTP
  Decibels send{};
};

using Command = std::variant<OpenSession, SetParameters, ThroughConnect, CloseSession, PlayTone,
                             PatchCircuits, PlayRecording, PlayToPeer, PlayDigit, LoopCircuit,
                             CheckContinuity, AddRecording, MoveDChannel, SetGains>;

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
  std::uint16_t duration_ms = 0;  ///< with DigitsOut::report the event comes at the digit's end
};
/// A recording that does not repeat has been played to its end.
struct PlaybackEnded {
  std::optional<SessionId> session;  ///< of PlayToPeer
  Circuit circuit;                   ///< of PlayRecording
};
/// The peer's packets come from elsewhere than SDP said and are now believed.
struct SourceLearned {
  SessionId session;
  SocketAddress source;
};
/// The tone of CheckContinuity came back as it should (Q.724 7.3.3).
struct ContinuityHeard {
  Circuit circuit;
};
struct SpanAlarms {
  std::uint16_t span = 0;
  tdm::Alarms alarms;
};

using Event = std::variant<SessionClosed, RtpTimeout, RtpStarted, Digit, SpanAlarms, PlaybackEnded,
                           SourceLearned, ContinuityHeard>;

/// A layer 2 frame of a D channel (index into EngineConfig::d_channels), without FCS.
struct DFrame {
  std::uint16_t d_channel = 0;
  std::uint16_t size = 0;
  std::array<Octet, 320> octets{};
};

}  // namespace tandem::media
