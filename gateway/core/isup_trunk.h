#pragma once
// One ISUP trunk: its part of a circuit group, and the calls on it.
#include <expected>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "gateway/core/exchange.h"
#include "gateway/core/isup_group.h"
#include "gateway/core/isup_leg.h"
#include "gateway/core/status.h"

namespace tandem::core {

class IsupTrunk {
 public:
  /// `index` in the configuration; `part` of the group.
  IsupTrunk(Context& context, Exchange& exchange, IsupGroup& group, std::size_t index, std::size_t part);

  /// Its far end can be reached.
  void resume(Time now);
  /// What MTP itself has to say of the way there.
  [[nodiscard]] bool reachable() const { return group_.reachable(); }

  /// A span of its circuits: those are blocked while it is in alarm (Q.764 2.8.2).
  void set_failed(std::uint16_t span, bool failed, Time now);
  void continuity_heard(Circuit circuit, Time now);
  /// The far end still holds a call of the last process there: it is reset when service starts.
  void reset_when_up(Circuit circuit);

  [[nodiscard]] const IsupTrunkConfig& config() const { return context_.config.isup_trunks[index_]; }
  [[nodiscard]] std::size_t index() const { return index_; }
  [[nodiscard]] IsupGroup& shared() { return group_; }
  [[nodiscard]] std::size_t part() const { return part_; }
  [[nodiscard]] const isup::CircuitGroup& group() const { return group_.machine(); }
  isup::CircuitGroup& commanded() { return group_.commanded(); }
  [[nodiscard]] std::optional<Circuit> circuit(std::uint16_t cic) const;
  [[nodiscard]] std::optional<std::uint16_t> cic(Circuit circuit) const;
  [[nodiscard]] bool owns(std::uint16_t cic) const { return circuit(cic).has_value(); }
  [[nodiscard]] bool has_span(std::uint16_t span) const;
  [[nodiscard]] std::vector<std::uint16_t> cics() const;  ///< ascending

  void bind(std::uint16_t cic, IsupLeg& leg);
  void unbind(std::uint16_t cic, const IsupLeg& leg);
  std::unordered_map<std::uint16_t, IsupLeg*>& legs() { return legs_; }
  [[nodiscard]] const std::unordered_map<std::uint16_t, IsupLeg*>& legs() const { return legs_; }
  /// The call on the circuit, or the last one: messages of its release come after it.
  [[nodiscard]] CallId call_of(std::uint16_t cic) const;

  /// Operators: "1-15,17" are CICs, "e1-1:1-15" timeslots; empty: all. The circuits that were meant, or a
  /// sentence.
  enum class Maintenance : std::uint8_t { block, unblock, reset };
  std::expected<std::size_t, std::string> maintain(std::string_view circuits, Maintenance what, Time now);

  /// The number of the answer, or a sentence.
  std::expected<std::uint64_t, std::string> test(CircuitTest what, std::string_view circuits, Time now);

  /// Not open: no new call either way; those in progress go on.
  void set_open(bool open) { open_ = open; }
  /// The configuration was changed where that takes no more than this.
  void reconfigure() { group_.commanded().reconfigure(config().group, part_); }
  /// The trunk is taken out: the far end is kept off its circuits, until it is put back.
  void close(Time now);
  void reopen(Time now);
  [[nodiscard]] bool open() const { return open_; }
  [[nodiscard]] TrunkStatus status() const;
  [[nodiscard]] std::vector<CircuitStatus> circuits() const;

 private:
  friend class IsupGroup;  // which says what the machine says
  void on(isup::ToCall& output, Time now);
  void on(const isup::CallOver& output, Time now);
  void on(const isup::TimerExpired& output, Time now);
  void on(const isup::CircuitFree& output, Time now);
  void on(const isup::MediaOrder& output, Time now);
  void on(const isup::GroupAlert& output, Time now);
  void on(const isup::CircuitChanged& output, Time now);
  void on(const isup::GroupChanged& output, Time now);
  [[nodiscard]] std::expected<std::vector<std::uint16_t>, std::string> choose(std::string_view text) const;
  void on_iam(std::uint16_t cic, isup::Message iam, const std::optional<isup::CalledPartyNumber>& called);
  void order(const std::vector<std::uint16_t>& cics, Maintenance what, Time now);

  Context& context_;
  Exchange& exchange_;
  IsupGroup& group_;
  std::size_t index_;
  std::size_t part_;
  std::unordered_map<std::uint16_t, IsupLeg*> legs_;
  std::unordered_map<std::uint16_t, CallId> last_calls_;  ///< by circuit
  std::vector<Circuit> reset_when_up_;
  bool open_ = true;
  std::vector<std::uint16_t> closed_;  ///< circuits that close has blocked
};

}  // namespace tandem::core
