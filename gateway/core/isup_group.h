#pragma once
// All circuits between two point codes and the trunks that have them: one machine (Q.764), since messages
// about groups of circuits keep to no trunk's bounds (ADR 0012).
#include <span>
#include <string>
#include <vector>

#include "gateway/core/circuit_tests.h"
#include "gateway/core/context.h"
#include "isup/group.h"
#include "isup/mtp/network.h"

namespace tandem::core {

class IsupTrunk;

class IsupGroup {
 public:
  /// `trunks`: indices into Config::isup_trunks, of the same network and point codes; each is a part of the
  /// machine. `touched` collects the groups that wait for pump.
  IsupGroup(Context& context, mtp::Network& network, std::span<const std::size_t> trunks, std::size_t index,
            std::vector<std::size_t>& touched);
  /// In the order of the parts.
  void add(IsupTrunk& trunk) { trunks_.push_back(&trunk); }

  // What MTP says of the far end's point code.
  void receive(OctetView from_cic, Time now);
  void resume(Time now);
  void pause(Time now) { commanded().pause(now); }
  void congestion(Time now) { commanded().congestion(now); }
  void user_part_unavailable(std::uint8_t cause, Time now) { commanded().user_part_unavailable(cause, now); }
  /// Automatic congestion level of this exchange (Q.764 2.11); 0: none.
  void set_congestion_level(std::uint8_t level) { machine_.set_congestion_level(level); }

  /// What MTP itself has to say of the way there.
  [[nodiscard]] bool reachable() const { return network_.accessible(config().group.destination); }

  void handle_timers(Time now) { commanded().handle_timers(now); }
  /// Does what the machine says; true when there was anything.
  bool pump(Time now);
  [[nodiscard]] std::optional<Time> next_deadline() const { return machine_.next_deadline(); }

  [[nodiscard]] const isup::CircuitGroup& machine() const { return machine_; }
  /// For commands: what they cause is picked up by pump.
  isup::CircuitGroup& commanded() {
    touch();
    return machine_;
  }
  [[nodiscard]] CircuitTests& tests() { return tests_; }
  /// Of the first trunk; point codes and network are those of all.
  [[nodiscard]] const IsupTrunkConfig& config() const;
  [[nodiscard]] const std::vector<IsupTrunk*>& trunks() const { return trunks_; }

 private:
  void touch() {
    if (!touched_) touched_list_.push_back(index_);
    touched_ = true;
  }
  [[nodiscard]] IsupTrunk* trunk_of(std::uint16_t cic) const;
  template <class What>
  void on(What& what, Time now);
  void on(isup::Transmit& output, Time now);
  void on(isup::GroupChanged& output, Time now);
  void on(isup::QueryEnded& output, Time now);
  void on(isup::CheckEnded& output, Time now);
  void on(isup::ValidationEnded& output, Time now);

  Context& context_;
  mtp::Network& network_;
  std::size_t first_;  ///< trunk
  std::size_t index_;
  isup::CircuitGroup machine_;
  CircuitTests tests_;
  std::vector<IsupTrunk*> trunks_;
  std::vector<std::size_t>& touched_list_;
  bool touched_ = false;
  bool started_ = false;  ///< the far end has been reached once
};

}  // namespace tandem::core
