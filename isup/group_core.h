#pragma once
// What the files of CircuitGroup share.
#include <deque>
#include <unordered_map>
#include <utility>
#include <vector>

#include "gateway/base/timer_queue.h"
#include "isup/circuit_tables.h"
#include "isup/codec.h"
#include "isup/group.h"
#include "isup/treatment.h"

namespace tandem::isup {

/// A group message of ours that waits for its acknowledgement.
struct GroupOperation {
  MessageType type = MessageType::grs;
  std::uint8_t kind = 0;  ///< of CGB and CGU
  std::uint16_t first = 0;
  std::uint8_t range = 0;
  OctetString status = {};
  bool active = false;
};

/// A group message that is done when it comes again (Quirks::double_group_messages).
struct FirstOfTwo {
  std::uint16_t cic = 0;
  Message message;
  Time until;
};

/// What is kept of the IAM of an incoming call.
struct FromIam {
  UnknownParameters unknown;  ///< that may be passed on, should the call have no way by which they can
  std::optional<std::uint16_t> delay = {};  ///< counted until here, ms
  bool echo_asked = false;                  ///< for the incoming half's echo control device
};

/// What the outgoing calls of one part choose from.
struct Pool {
  Hunting hunting = Hunting::method_2;
  unsigned continuity_every = 0;
  std::uint32_t calls_begun = 0;
  std::vector<std::uint64_t> free_bits;                                  ///< idle circuits by CIC
  std::uint32_t oldest[2] = {kNone, kNone}, newest[2] = {kNone, kNone};  ///< [whether we control them]
  std::size_t free_count = 0;
};

class GroupCore {
 public:
  GroupCore(GroupConfig config, const std::vector<GroupConfig>& further);

  // --- circuits: group.cpp -------------------------------------------------------------------------------
  [[nodiscard]] CircuitRecord* find(std::uint16_t cic);
  [[nodiscard]] bool controls(std::uint16_t cic) const;  ///< whether we do, Q.764 2.9.1.4
  [[nodiscard]] bool may_take(const CircuitRecord& circuit) const;
  /// Puts the circuit among the idle ones, or takes it from them.
  void list(CircuitRecord& circuit);
  [[nodiscard]] CircuitRecord* hunt(const Pool& pool);
  void add_circuits(const GroupConfig& of);
  [[nodiscard]] bool admits(bool priority);
  CallDetails& details(CircuitRecord& circuit);

  // --- events: circuit_steps.cpp -------------------------------------------------------------------------
  /// Takes the row of this event; false: there is none.
  bool happen(CircuitRecord& circuit, CircuitEvent event, const Message* message, Time now);
  void unexpected(CircuitRecord& circuit, Time now);
  void step(CallContext& context, const Step& step);
  void release(CircuitRecord& circuit, Message rel, Time now);
  void call_over(CircuitRecord& circuit, std::uint8_t cause, bool again);
  void take_call(CircuitRecord& circuit, const Message& iam, Time now);
  void acknowledge_release(const CircuitRecord& circuit);
  void media(CircuitRecord& circuit, MediaAction action);

  // --- timers --------------------------------------------------------------------------------------------
  static constexpr std::uint32_t kOperations = 0x10000, kGroup = 0x20000;
  void start(std::uint32_t of, Timer timer, Time now);
  void start(CircuitRecord& circuit, Timer timer, Time now);
  void stop(CircuitRecord& circuit, Timer timer);
  void stop_call_timers(CircuitRecord& circuit);
  [[nodiscard]] static std::uint32_t key(std::uint32_t of, Timer timer) {
    return of << 8 | static_cast<std::uint32_t>(timer);
  }
  void expired(std::uint32_t key, Time now);
  void group_timer(Timer timer, Time now);

  // --- messages: group_receive.cpp -----------------------------------------------------------------------
  void receive(OctetView from_cic, Time now);
  void dispatch(std::uint16_t cic, Message& message, Time now);
  void to_circuit(CircuitRecord& circuit, Message& message, Time now);
  void transmit(std::uint16_t cic, const Message& message);
  void transmit(std::uint16_t cic, MessageType type) { transmit(cic, Message(type)); }
  void unknown_cic(std::uint16_t cic, const Message& message);
  /// The variant has no such message, unless a quirk says otherwise.
  [[nodiscard]] bool is_excluded(MessageType type) const;
  /// An IAM that asks for what one circuit cannot do: refused.
  bool refuse_bearer(CircuitRecord& circuit, const Message& iam, Time now);
  bool refuse_iam(CircuitRecord& circuit, const Message& iam, std::uint8_t cause, Time now);
  void forget_first_part(CircuitRecord& circuit);
  /// To the call machine of the circuit.
  void act(CircuitRecord& circuit, const Message& message, Time now);
  bool command(CircuitRecord& circuit, const Message& message, Time now);

  // --- blocking of one circuit: circuit_blocking.cpp -----------------------------------------------------
  void block_one(CircuitRecord& circuit, bool blocked, Time now);
  void blocking_message(CircuitRecord& circuit, MessageType type, Time now);
  void blocking_timer(CircuitRecord& circuit, Timer timer, Time now);
  void remote_blocking(CircuitRecord& circuit, Blocking kind, bool blocked, Time now);
  void local_hardware(CircuitRecord& circuit, bool blocked, Time now);
  void changed(const CircuitRecord& circuit);

  // --- what is not known, or comes in two parts: group_compatibility.cpp ---------------------------------
  void confusion(const CircuitRecord& circuit, std::uint8_t cause, Octets diagnostic);
  void clear(CircuitRecord& circuit, std::uint8_t cause, Time now);
  void unknown_message(CircuitRecord& circuit, const Message& message, Time now);
  /// What is not known may be passed on with the call.
  [[nodiscard]] bool passes_on(const CircuitRecord& circuit) const {
    return circuit.known ? circuit.transit : config.transit;
  }
  bool known_parameters(CircuitRecord& circuit, Message& message, Time now);
  [[nodiscard]] bool takes_iam(const CircuitRecord& circuit) const;
  void tell_unknown(CircuitRecord& circuit, MessageType type, Octets told, Fate fate);
  void keep_unknown(CircuitRecord& circuit, const Octets& unknown, const ParameterCompatibility& information);
  void set_transit(CircuitRecord& circuit, bool transit, Time now);
  std::optional<Message> joined(CircuitRecord& circuit, Message message, Time now);
  void second_part_missing(CircuitRecord& circuit, Time now);
  [[nodiscard]] std::optional<std::pair<Message, Message>> in_two_parts(const Message& message) const;

  // --- delay and echo: group_path.cpp --------------------------------------------------------------------
  void add_delay(Message& iam, bool transit) const;
  void remember_path(const CircuitRecord& circuit, const Message& iam);
  [[nodiscard]] std::optional<Message> with_path(const CircuitRecord& circuit, const Message& message);
  void answer_echo_request(const CircuitRecord& circuit, const Message& nrm);

  // --- the way to the peer: group_network.cpp ------------------------------------------------------------
  void way(bool mtp, bool user_part);
  void user_part_heard();
  void test_user_part(Time now);

  // --- what the sides think: group_query.cpp -------------------------------------------------------------
  void query(std::uint16_t cic, const RangeAndStatus& range);
  void compare(CircuitRecord& circuit, Octet octet, Time now);
  /// UCIC where an answer was due.
  void unequipped_answer(CircuitRecord& circuit);
  void unanswered(CircuitRecord& circuit, Timer timer);
  void query_message(std::uint16_t cic, const Message& message, Time now);
  void ansi_message(CircuitRecord& circuit, const Message& message);

  // --- groups of circuits: group_supervision.cpp ---------------------------------------------------------
  void begin(MessageType type, std::uint8_t kind, std::uint16_t first, std::uint8_t range, OctetString status,
             Time now);
  /// A new wish about these circuits takes them out of what is still asked for.
  void supersede(std::uint8_t kind, std::uint16_t first, const RangeAndStatus& marks);
  /// What a CGB or CGU that is not acknowledged wants of the circuit.
  [[nodiscard]] std::optional<bool> wanted_by_group(std::uint16_t cic) const;
  [[nodiscard]] bool hardware_pending(std::uint16_t cic) const;
  [[nodiscard]] bool group_reset_pending(std::uint16_t cic) const;
  void unblock_hardware(std::uint16_t first, std::uint8_t range, const RangeAndStatus& all, Time now);
  void end_operation(GroupOperation& operation);
  void send_operation(const GroupOperation& operation);
  void operation_timer(std::uint32_t slot, Timer timer, Time now);
  void group_message(std::uint16_t cic, const Message& message, Time now);
  bool second_of_two(std::uint16_t cic, const Message& message, Time now);
  void group_reset(std::uint16_t cic, const RangeAndStatus& range, Time now);
  void group_reset_acknowledged(std::uint16_t cic, const RangeAndStatus& range, Time now);
  void group_blocking(std::uint16_t cic, const Message& message, const RangeAndStatus& range, Time now);
  void group_blocking_acknowledged(std::uint16_t cic, const Message& message, const RangeAndStatus& range);
  /// Calls `each(first, range, marks)` for the runs of at most 32 known circuits among these.
  template <class Each>
  void for_runs(std::uint16_t first, unsigned count, Each each);

  GroupConfig config;
  std::vector<CircuitRecord> circuits;  ///< by CIC
  std::vector<GroupOperation> operations;
  std::vector<FirstOfTwo> first_of_two;
  TimerQueue<std::uint32_t> timers;
  std::deque<GroupOutput> outputs;
  GroupCounters counters;
  std::vector<Pool> pools;            ///< by part
  std::uint8_t congestion_level = 0;  ///< ours
  std::uint8_t heeded_level = 0;      ///< the peer's
  std::uint8_t congestion_step = 0;   ///< calls refused of kCongestionSteps
  std::uint32_t offered = 0;
  Octets prepared;  ///< what `prepared_for` is on the wire
  const Message* prepared_for = nullptr;
  Octets refused_parameters;                            ///< of the REL at hand
  std::unordered_map<std::uint16_t, FromIam> from_iam;  ///< by CIC, where there is something to keep
  bool mtp_up = true;
  bool user_part_up = true;
  static constexpr std::uint8_t kCongestionSteps = 5;
};

template <class Each>
void GroupCore::for_runs(std::uint16_t first, unsigned count, Each each) {
  constexpr unsigned kMost = 32;
  const unsigned end = first + count;
  for (unsigned cic = first; cic < end;) {
    if (find(static_cast<std::uint16_t>(cic)) == nullptr) {
      ++cic;
      continue;
    }
    unsigned length = 1;
    while (length < kMost && cic + length < end && find(static_cast<std::uint16_t>(cic + length)) != nullptr)
      ++length;
    each(static_cast<std::uint16_t>(cic), static_cast<std::uint8_t>(length - 1));
    cic += length;
  }
}

}  // namespace tandem::isup
