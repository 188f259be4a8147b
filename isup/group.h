#pragma once
// All circuits between one own point code and one neighbour: Q.764's machines, and who may use which circuit.
// Call control may have them in parts (trunks), whose outgoing calls keep to their own circuits; messages
// about groups of circuits name those of several parts.
//
// sans-IO: every call takes `now`; what is to be done comes out of poll_output() and is to be done in that
// order. handle_timers() is due at next_deadline().
#include <memory>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include "isup/circuit.h"

namespace tandem::isup {

/// To the neighbour, from the CIC on.
struct Transmit {
  std::uint8_t sls = 0;
  std::uint8_t priority = 0;  ///< of the MSU, where networks have it
  Octets octets;
};
/// To call control: IAM begins a call, REL ends one (RLC has been sent; the circuit is idle).
struct ToCall {
  std::uint16_t cic = 0;
  Message message;
};
/// The call of this circuit is over, and call control has nothing to send.
struct CallOver {
  std::uint16_t cic = 0;
  std::uint8_t cause = 0;  ///< Q.850
  bool again = false;      ///< Q.764 2.8.1: another circuit may do
};
/// A timer that has no consequence here (T39).
struct TimerExpired {
  std::uint16_t cic = 0;
  Timer timer = Timer::t39;
};
/// The circuit has become idle.
struct CircuitFree {
  std::uint16_t cic = 0;
};
enum class MediaAction : std::uint8_t { loop_on, loop_off, tone_on, tone_off };
/// To media: a loop, or the check tone and its receiver (Q.724 7).
struct MediaOrder {
  std::uint16_t cic = 0;
  Circuit circuit;
  MediaAction action = MediaAction::loop_on;
};
/// To maintenance.
struct GroupAlert {
  std::uint16_t cic = 0;
  AlertText text = AlertText::confusion;
};
/// Blocking or equipment of the circuit has changed: CircuitGroup::status().
struct CircuitChanged {
  std::uint16_t cic = 0;
};
/// Whether calls can be set up has changed: MTP, or the user part over there.
struct GroupChanged {
  bool available = true;
};
/// What the two ends thought of a circuit, before they agreed.
struct CircuitSeen {
  std::uint16_t cic = 0;
  CircuitState ours, theirs;
};
/// CircuitGroup::query of 32 circuits or fewer, from `first` on, is over.
struct QueryEnded {
  std::uint16_t first = 0;
  std::vector<CircuitSeen> seen;  ///< empty: CQM was not answered (T28)
};
/// A continuity check of a circuit without a call is over, asked for or one of those after a failure.
struct CheckEnded {
  std::uint16_t cic = 0;
  bool good = false;
};
enum class Validation : std::uint8_t { same, other, unequipped, unanswered };
/// T1.113.4: CircuitGroup::validate is over.
struct ValidationEnded {
  std::uint16_t cic = 0;
  Validation result = Validation::unanswered;
};
using GroupOutput =
    std::variant<Transmit, ToCall, CallOver, TimerExpired, CircuitFree, MediaOrder, GroupAlert,
                 CircuitChanged, GroupChanged, QueryEnded, CheckEnded, ValidationEnded>;

struct CircuitStatus {
  Circuit circuit;
  CallState call = CallState::idle;
  BlockState block = BlockState::unblocked;
  bool local_hardware = false;
  bool remote_maintenance = false;
  bool remote_hardware = false;
};

struct GroupCounters {
  std::uint64_t received = 0;
  std::uint64_t sent = 0;
  std::uint64_t malformed = 0;  ///< Q.764 2.9.5: dropped
  std::uint64_t unknown_cic = 0;
  std::uint64_t unexpected = 0;
  std::uint64_t unrecognized = 0;  ///< messages and parameters
  std::uint64_t dual_seizures = 0;
  std::uint64_t refused = 0;  ///< calls, for congestion or want of circuits
};

/// Blocking by people, or since the circuit does not work.
enum class Blocking : std::uint8_t { maintenance = 0, hardware = 1 };

struct SeizeOptions {
  std::size_t part = 0;                   ///< whose circuits the call may have, unless `cic` says one
  std::optional<std::uint16_t> cic = {};  ///< this circuit and no other
  bool priority = false;                  ///< also when congested
  std::optional<bool> transit = {};       ///< as of CircuitGroup::set_transit
};

class GroupCore;
class CircuitGroup {
 public:
  /// Part 0, and further ones: of these circuits, circuit selection and continuity_every count.
  explicit CircuitGroup(GroupConfig config, const std::vector<GroupConfig>& further = {});
  ~CircuitGroup();
  CircuitGroup(CircuitGroup&&) noexcept;
  CircuitGroup& operator=(CircuitGroup&&) noexcept;

  /// Timers that start from now on, circuit selection, quirks, how often circuits are checked; all else of a
  /// group stays as it was built.
  void reconfigure(const GroupConfig& config, std::size_t part = 0);
  /// Service starts: circuits are reset by groups of 32 (Q.764 2.9.3.2), unless the configuration says not
  /// to.
  void start(Time now);

  // --- MTP ------------------------------------------------------------------------------------------------
  /// A message for this group, from the CIC on.
  void receive(OctetView from_cic, Time now);
  void pause(Time now);
  void resume(Time now);
  void congestion(Time now);
  /// MTP-STATUS; cause as Q.704 15.17.5: 0 unknown, 1 unequipped, 2 inaccessible.
  void user_part_unavailable(std::uint8_t cause, Time now);

  // --- call control ---------------------------------------------------------------------------------------
  /// Begins a call on an idle circuit; nothing: there is none, or no more may be set up now.
  std::optional<std::uint16_t> seize(Message iam, const SeizeOptions& options, Time now);
  /// Any message of a call but IAM. False: it does not belong here now, and nothing was sent.
  bool send(std::uint16_t cic, const Message& message, Time now);
  /// Whether the call goes on by ISUP, so that what is not known here may be known beyond (Q.764 2.9.5.2:
  /// type B), or this is its end point in ISUP (type A). Until it is said a call is what
  /// GroupConfig::transit lets it be. False: what was passed on so far may not end here, and the call is
  /// being released.
  bool set_transit(std::uint16_t cic, bool transit, Time now);
  /// The number is not complete: T35 runs until the next SAM or ACM.
  bool want_digits(std::uint16_t cic, Time now);
  /// Q.764 2.11: goes into each REL; 0: none.
  void set_congestion_level(std::uint8_t level);

  // --- maintenance: circuits of `count` CICs from `first` on
  // ------------------------------------------------
  void block(std::uint16_t first, unsigned count, Blocking kind, Time now);
  void unblock(std::uint16_t first, unsigned count, Blocking kind, Time now);
  void reset(std::uint16_t first, unsigned count, Time now);
  /// Asks the peer for the states of the circuits; what differs is put right (Q.764 2.8.3). A QueryEnded for
  /// each run of at most 32 of them: its first CIC. None where the variant has no such message.
  std::vector<std::uint16_t> query(std::uint16_t first, unsigned count, Time now);
  /// A continuity check of an idle circuit, CheckEnded follows. False: it is not idle.
  bool check(std::uint16_t cic, Time now);
  /// T1.113: asks the peer what it takes the circuit for, ValidationEnded follows. False: no such circuit, or
  /// not ANSI.
  bool validate(std::uint16_t cic, Time now);

  // --- media
  // ------------------------------------------------------------------------------------------------
  /// The check tone of MediaAction::tone_on came back as it should.
  void tone_received(std::uint16_t cic, Time now);

  void handle_timers(Time now);
  [[nodiscard]] std::optional<Time> next_deadline() const;
  std::optional<GroupOutput> poll_output();

  [[nodiscard]] std::optional<CircuitStatus> status(std::uint16_t cic) const;
  /// Call control has a call there: it was given the IAM, or gave it, and has not heard of the end.
  [[nodiscard]] bool in_call(std::uint16_t cic) const;
  [[nodiscard]] std::size_t size() const;  ///< circuits
  [[nodiscard]] std::size_t idle() const;  ///< that an outgoing call may have
  [[nodiscard]] std::size_t idle(std::size_t part) const;
  [[nodiscard]] bool available() const;
  [[nodiscard]] bool reachable() const;  ///< MTP-RESUME was the last that was said of the way
  [[nodiscard]] const GroupCounters& counters() const;

 private:
  std::unique_ptr<GroupCore> core_;
};

}  // namespace tandem::isup
