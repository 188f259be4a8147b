#pragma once
// The whole of signalling, sans-IO: one thread owns it.
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "gateway/base/ids.h"
#include "gateway/base/random.h"
#include "gateway/base/time.h"
#include "gateway/core/audit.h"
#include "gateway/core/cdr.h"
#include "gateway/core/config.h"
#include "gateway/core/metrics.h"
#include "gateway/core/reload.h"
#include "gateway/core/status.h"
#include "gateway/core/trace.h"
#include "gateway/media/commands.h"
#include "gateway/media/link_commands.h"
#include "isup/mtp/network.h"
#include "sipt/user_agent.h"

namespace tandem::core {

/// Opens the sockets of a session: the one thing the core needs an answer to at once.
class RtpPorts {
 public:
  virtual ~RtpPorts() = default;
  struct Port {
    media::RtpTransport* transport = nullptr;  ///< nullptr: no port free
    SocketAddress local;
  };
  /// `v6`: at the IPv6 address of this host, else at its IPv4 one; it may lack either.
  virtual Port open(bool v6) = 0;
  virtual void close(media::RtpTransport* transport) = 0;
};

enum class Severity : std::uint8_t { debug, info, warning, error };
struct LogRecord {
  Severity severity = Severity::info;
  CallId call;  ///< none: not about a call
  std::string text;
};

/// A layer 2 frame for a D channel of a trunk: its index in TrunkConfig::d_channels.
struct FrameToSend {
  std::size_t trunk = 0;
  Octets octets;
  std::uint8_t link = 0;
};

/// mtp::ToLink: its link is an index into media::EngineConfig::links.
using Output = std::variant<sip::Transmit, FrameToSend, mtp::ToLink, media::Command, Cdr, TraceRecord,
                            LogRecord, CircuitAnswer>;

class Gateway {
 public:
  /// `wall` is the calendar time at `now`. `first_call` numbers the first call, so that ids never repeat
  /// across restarts.
  Gateway(const Config& config, RtpPorts& ports, Random& random, Time now, WallTime wall, CallId first_call);
  ~Gateway();
  Gateway(const Gateway&) = delete;
  Gateway& operator=(const Gateway&) = delete;

  // Input.
  void handle_datagram(const sip::Flow& flow, OctetView octets, Time now);
  void handle_stream(const sip::Flow& flow, OctetView octets, Time now);
  void handle_closed(const sip::Flow& flow, Time now);
  void handle_frame(std::size_t trunk, OctetView frame, Time now, std::uint8_t link = 0);
  void handle_media(const media::Event& event, Time now);
  void handle_link(const media::LinkEvent& event, Time now);
  void handle_timers(Time now);
  /// The calendar was set: what follows is stamped with it.
  void set_wall(Time now, WallTime wall);
  [[nodiscard]] std::optional<Time> next_deadline() const;
  /// What to do, in order; to be called until it gives nothing.
  std::optional<Output> poll_output();

  // Operators. Errors are sentences for people.
  [[nodiscard]] Status status(Time now) const;
  [[nodiscard]] std::vector<CallStatus> calls(Time now) const;
  [[nodiscard]] std::vector<CircuitStatus> circuits() const;
  std::expected<void, std::string> hangup(CallId call, std::uint8_t cause, Time now);
  [[nodiscard]] std::vector<LinkStatus> links() const;
  /// The signalling link of a linkset (that of a trunk has its name).
  std::expected<void, std::string> command_link(const std::string& linkset, std::uint8_t slc, LinkOrder order,
                                                Time now);
  /// `timeslots`: "1-15,17", "e1-2:1-15"; empty: the whole trunk. For ISUP trunks numbers are CICs, with a
  /// span's name they are timeslots. Blocking keeps new calls off; calls in
  /// progress go on.
  std::expected<void, std::string> block(const std::string& trunk, const std::string& timeslots, Time now);
  std::expected<void, std::string> unblock(const std::string& trunk, const std::string& timeslots, Time now);
  /// RESTART, RSC, GRS: clears what is on the timeslots on both sides.
  std::expected<void, std::string> reset(const std::string& trunk, const std::string& timeslots, Time now);
  /// Asks the far end of an ISUP trunk about circuits, named as for block; check and validate take one. The
  /// number of the CircuitAnswer that follows, in half a minute at most.
  std::expected<std::uint64_t, std::string> test_circuits(CircuitTest what, const std::string& trunk,
                                                          const std::string& circuits, Time now);
  /// Takes over a checked configuration without touching calls in progress; what changed, and what each
  /// change waits for. Once a trunk that a change waits for is idle, it is made.
  std::vector<Change> reload(const Config& config, Time now);
  /// At start: the far ends still hold calls of the last process on these circuits. They carry nothing until
  /// a RESTART, sent when the D channel comes up, has cleared them (Q.931 5.5). Circuits that are no more are
  /// ignored.
  void restart_when_up(const std::vector<HeldCircuit>& circuits);

  /// No new calls (503, cause 41); existing ones go on until the drain limit, then are cleared.
  void drain(Time now);
  /// Clears every call with proper causes now.
  void clear_all(Time now);
  /// What is held for calls: all zero when nothing is going on.
  struct Usage {
    std::size_t calls = 0, media_sessions = 0, rtp_ports = 0, timers = 0;
    std::size_t d_channel_calls = 0, circuits = 0;
    std::size_t isup_calls = 0;
    std::size_t peer_numbers = 0;  ///< peers in force, and those that calls in progress still know
    sip::UserAgent::Usage sip;
  };
  [[nodiscard]] Usage usage() const;
  // For metrics.
  [[nodiscard]] const CallMetrics& call_metrics() const;
  [[nodiscard]] const AuditCounters& audit() const;
  /// INVITEs refused because of limits.
  [[nodiscard]] std::uint64_t sip_refusals() const;
  /// No call left and nothing of one: the process may end.
  [[nodiscard]] bool idle() const;
  /// Nothing has been left for longer than any repetition lasts (64*T1): what was kept to tell the calls of
  /// late messages goes, so that its memory can be given back.
  void forget_calls();

 private:
  friend struct GatewayPlants;  // tests plant faults for the auditor
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tandem::core
