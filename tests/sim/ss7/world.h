#pragma once
// Two exchanges on lines with faults, their people and operators: a simulation of SS7 that follows from one
// seed.
#include <map>

#include "tests/sim/ss7/calls.h"
#include "tests/sim/ss7/wire.h"

namespace tandem::sim {

struct Ss7Scenario {
  isup::Variant variant = isup::Variant::itu;
  std::vector<mtp::LinkConfig> links = std::vector<mtp::LinkConfig>(2);
  std::array<isup::Hunting, 2> hunting = {isup::Hunting::method_2, isup::Hunting::method_2};
  unsigned delay_ticks = 2;  ///< of the first link; each further one takes a tick more
  unsigned continuity_every = 0;
  std::uint64_t calls = 10000;
  unsigned calls_per_second = 80;
  bool faults = true;
  bool operators = true;
  bool resets = true;  ///< by operators
  std::uint64_t seed = 1;
};

class Ss7World {
 public:
  explicit Ss7World(const Ss7Scenario& scenario);

  /// Service, calls, faults; then peace until nothing moves any more.
  void run();
  /// What is not as it should be, a line each; at most some.
  [[nodiscard]] const std::vector<std::string>& complaints() const { return complaints_; }
  /// Every circuit idle, unblocked and marked nowhere; nothing known to call control.
  void expect_rest();
  /// A call on each circuit, one after the other, that goes through.
  void expect_all_circuits_work();

  [[nodiscard]] std::uint64_t hash() const { return exchanges_[0]->hash ^ exchanges_[1]->hash * 3; }
  [[nodiscard]] const Ss7CallCounts& counts() const { return calls_->counts; }
  [[nodiscard]] Ss7Exchange& exchange(std::size_t side) { return *exchanges_[side]; }
  [[nodiscard]] std::uint64_t spoilt() const { return exchanges_[0]->spoilt + exchanges_[1]->spoilt; }
  /// How often maintenance was told this.
  [[nodiscard]] std::uint64_t alerts(isup::AlertText text) const;
  void print_statistics() const;

 private:
  struct Line {
    std::array<Ss7Wire, 2> wires;  ///< [from]
  };

  void tick();
  void run_for(Duration time) {
    for (const Time end = now_ + time; now_ < end;) tick();
  }
  bool at_rest();
  void audit();
  void audit_circuit(std::uint16_t cic);
  void complain(std::string what);

  // --- what befalls them: troubles.cpp
  void disturb();
  void weather();
  void break_something();
  void operate();
  void make_peace();

  Ss7Scenario scenario_;
  std::vector<std::uint16_t> cics_;
  std::array<std::unique_ptr<Ss7Exchange>, 2> exchanges_;
  std::unique_ptr<Ss7Calls> calls_;
  std::vector<Line> lines_;
  SeededRandom random_;
  std::map<std::string, std::uint64_t> troubles_;
  std::vector<std::string> complaints_;
  struct Dispute {
    std::uint32_t call = 0;
    unsigned seconds = 0;
  };
  std::map<std::uint16_t, Dispute> disputed_;  ///< by CIC
  bool peace_ = false;
  Time now_{};
};

}  // namespace tandem::sim
