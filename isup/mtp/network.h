#pragma once
// MTP level 3 (Q.704, Q.707; T1.111.4, T1.111.7) of one network. Several networks are several of these.
//
// sans-IO: every call takes `now`; what is to be done comes out of poll_output(). Links are numbered through
// all linksets, in the order of the configuration. Their events come from LinkSink, over a queue; the
// commands in ToLink go to Link the same way.
#include <deque>
#include <memory>
#include <variant>

#include "isup/mtp/config.h"
#include "isup/mtp/link_events.h"

namespace tandem::mtp {

using LinkIndex = std::size_t;

enum class LinkAction : std::uint8_t {
  start,
  stop,
  emergency,
  emergency_ceases,
  send,
  backward_sequence,
  retrieve
};
struct ToLink {
  LinkIndex link = 0;
  LinkAction action = LinkAction::start;
  Octets msu = {};                             ///< send: SIO and SIF
  std::optional<std::uint8_t> confirmed = {};  ///< retrieve: the FSN that the far end has accepted
};

/// MTP-TRANSFER both ways (Q.701 8.1): `data` is what follows the routing label.
struct UserMessage {
  std::uint8_t service = service::kIsup;
  std::uint8_t priority = 0;
  Label label;
  Octets data;
};
struct Pause {  ///< MTP-PAUSE
  PointCode destination = 0;
};
struct Resume {  ///< MTP-RESUME
  PointCode destination = 0;
};
/// MTP-STATUS: congestion; level 0 is its end (with levels: national option, ANSI).
struct Congested {
  PointCode destination = 0;
  std::uint8_t level = 0;
};
/// MTP-STATUS: the user part there is not available. Cause: 0 unknown, 1 unequipped, 2 inaccessible.
struct UserUnavailable {
  PointCode destination = 0;
  std::uint8_t user = 0;
  std::uint8_t cause = 0;
};

enum class LinkNotice : std::uint8_t {
  available,
  unavailable,
  test_failed,
  inhibited,
  inhibit_denied,
  inhibit_failed,
  uninhibited,
  uninhibit_failed,
};
std::string_view to_string(LinkNotice notice);
struct LinkReport {  ///< for management and logs
  LinkIndex link = 0;
  LinkNotice notice = LinkNotice::available;
};
using NetworkOutput =
    std::variant<ToLink, UserMessage, Pause, Resume, Congested, UserUnavailable, LinkReport>;

struct NetworkCounters {
  std::uint64_t received = 0;
  std::uint64_t delivered = 0;
  std::uint64_t transferred = 0;
  std::uint64_t sent = 0;
  std::uint64_t malformed = 0;
  std::uint64_t wrong_network = 0;      ///< network indicator not ours
  std::uint64_t wrong_destination = 0;  ///< not for us, and nothing is transferred
  std::uint64_t no_user = 0;            ///< answered with UPU
  std::uint64_t no_route = 0;           ///< Q.752 table 5 item 5.5
  std::uint64_t held_too_many = 0;
  std::uint64_t unexpected = 0;   ///< management messages of no link or point that is known
  std::uint64_t changeovers = 0;  ///< Q.752 table 1 item 1.10
  std::uint64_t changebacks = 0;  ///< Q.752 table 1 item 1.11
  std::uint64_t tests_failed = 0;
};

struct LinkStatus {
  bool active = false;     ///< wanted by management
  bool available = false;  ///< aligned and tested
  bool carrying = false;
  bool inhibited_locally = false;
  bool inhibited_remotely = false;
  bool remote_outage = false;
  std::uint8_t congestion = 0;
  bool local_outage = false;
};

struct NetworkCore;

class Network {
 public:
  /// Of a configuration that validate() accepts.
  explicit Network(NetworkConfig config);
  ~Network();
  Network(Network&&) noexcept;
  Network& operator=(Network&&) noexcept;

  // --- users ----------------------------------------------------------------------------------------------
  /// MTP-TRANSFER. opc 0: the own point code of the linkset used. Refused: no route now, data too long.
  Result<void> send(UserMessage message, Time now);

  // --- links (LinkSink's words)
  // -----------------------------------------------------------------------------
  void received(LinkIndex link, OctetView msu, Time now);
  void in_service(LinkIndex link, Time now);
  void out_of_service(LinkIndex link, Time now);
  void remote_processor_outage(LinkIndex link, bool begins, Time now);
  void local_processor_outage(LinkIndex link, bool begins, Time now);
  /// Nothing: the link cannot say, so the changeover is an emergency one (Q.704 5.6).
  void backward_sequence(LinkIndex link, std::optional<std::uint8_t> bsnt, Time now);
  void retrieved(LinkIndex link, OctetView msu, Time now);
  void retrieval_complete(LinkIndex link, Time now);
  void congestion(LinkIndex link, std::uint8_t level, Time now);

  // --- management
  // -------------------------------------------------------------------------------------------
  void activate(LinkIndex link, Time now);
  void deactivate(LinkIndex link, Time now);
  void activate_all(Time now);
  void deactivate_all(Time now);
  void inhibit(LinkIndex link, Time now);
  void uninhibit(LinkIndex link, Time now);

  void expire(Time now);
  [[nodiscard]] std::optional<Time> next_deadline() const;
  [[nodiscard]] std::optional<NetworkOutput> poll_output();

  [[nodiscard]] std::size_t links() const;
  [[nodiscard]] LinkStatus status(LinkIndex link) const;
  [[nodiscard]] bool accessible(PointCode destination) const;
  [[nodiscard]] const NetworkCounters& counters() const;
  [[nodiscard]] const NetworkConfig& config() const;

 private:
  std::unique_ptr<NetworkCore> core_;
};

}  // namespace tandem::mtp
