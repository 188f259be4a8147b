// What befalls the lines and links of the SS7 simulation, and what operators do.
#include <algorithm>

#include "tests/sim/ss7/world.h"

namespace tandem::sim {

using namespace std::chrono_literals;

void Ss7World::disturb() {
  if (scenario_.faults) {
    for (auto& line : lines_)
      for (auto& wire : line.wires) wire.one_bit_of = 200000;
    calls_->later(500ms, [this] { weather(); });
    calls_->later(5s, [this] { break_something(); });
  }
  if (scenario_.operators) calls_->later(1s, [this] { operate(); });
}

/// Noise: short bursts often, long ones now and then.
void Ss7World::weather() {
  if (peace_) return;
  auto& wire = lines_[calls_->pick(lines_.size())].wires[calls_->pick(2)];
  const bool storm = calls_->chance(20);
  ++troubles_[storm ? "long burst" : "burst"];
  wire.burst(storm ? 100 + calls_->pick(1000) : 1 + calls_->pick(12));
  calls_->later(calls_->some(0, 2000), [this] { weather(); });
}

/// Links fail alone or together, by their lines, processors or management.
void Ss7World::break_something() {
  if (peace_) return;
  calls_->later(calls_->some(5000, 35000), [this] { break_something(); });
  const auto l = calls_->pick(lines_.size());
  const auto side = calls_->pick(2);
  const auto length = calls_->some(100, 8000);
  switch (calls_->pick(8)) {
    case 0:
    case 1:
      ++troubles_["line down"];
      for (auto& wire : lines_[l].wires) wire.down = true;
      return calls_->later(length, [this, l] {
        for (auto& wire : lines_[l].wires) wire.down = false;
      });
    case 2:
      ++troubles_["line down, one direction"];
      lines_[l].wires[side].down = true;
      return calls_->later(length, [this, l, side] { lines_[l].wires[side].down = false; });
    case 3:
      ++troubles_["all lines down"];
      for (auto& line : lines_)
        for (auto& wire : line.wires) wire.down = true;
      return calls_->later(length, [this] {
        for (auto& line : lines_)
          for (auto& wire : line.wires) wire.down = false;
      });
    case 4:
      ++troubles_["processor outage"];
      exchanges_[side]->link(l).local_processor_outage(true, now_);
      return calls_->later(
          length, [this, l, side] { exchanges_[side]->link(l).local_processor_outage(false, now_); });
    case 5:
      ++troubles_["processor outage, all links"];
      for (std::size_t i = 0; i < lines_.size(); ++i)
        exchanges_[side]->link(i).local_processor_outage(true, now_);
      return calls_->later(length, [this, side] {
        for (std::size_t i = 0; i < lines_.size(); ++i)
          exchanges_[side]->link(i).local_processor_outage(false, now_);
      });
    case 6:
      ++troubles_["link deactivated"];
      exchanges_[side]->network.deactivate(l, now_);
      return calls_->later(length, [this, l, side] { exchanges_[side]->network.activate(l, now_); });
    default:
      ++troubles_["link inhibited"];
      exchanges_[side]->network.inhibit(l, now_);
      return calls_->later(length, [this, l, side] { exchanges_[side]->network.uninhibit(l, now_); });
  }
}

/// Maintenance of some circuits by people at either end.
void Ss7World::operate() {
  if (peace_) return;
  calls_->later(calls_->some(0, 2000), [this] { operate(); });
  const auto side = calls_->pick(2);
  auto& group = exchanges_[side]->group;
  const auto first = cics_[calls_->pick(cics_.size())];
  const auto count = calls_->chance(500) ? 1U : static_cast<unsigned>(1 + calls_->pick(31));
  const auto length = calls_->some(0, 20000);
  const auto dice = calls_->pick(20);
  if (dice < 8) {
    const auto kind = dice < 6 ? isup::Blocking::maintenance : isup::Blocking::hardware;
    ++troubles_[dice < 6 ? "blocked" : "blocked, hardware"];
    group.block(first, count, kind, now_);
    calls_->later(length, [this, side, first, count, kind] {
      exchanges_[side]->group.unblock(first, count, kind, now_);
    });
  } else if (dice < 11) {
    if (!scenario_.resets) return;
    ++troubles_["reset"];
    group.reset(first, count, now_);
  } else if (dice < 14) {
    ++troubles_["continuity check"];
    group.check(first, now_);
  } else if (dice < 18) {
    ++troubles_["query"];
    group.query(first, count, now_);
  } else if (dice < 19) {
    group.validate(first, now_);
  } else {
    ++troubles_["congestion level"];
    group.set_congestion_level(static_cast<std::uint8_t>(calls_->pick(3)));
  }
}

void Ss7World::make_peace() {
  peace_ = true;
  for (auto& line : lines_)
    for (auto& wire : line.wires) wire.calm();
  calls_->faults = false;
  for (auto& exchange : exchanges_) {
    for (std::size_t l = 0; l < lines_.size(); ++l) {
      exchange->link(l).local_processor_outage(false, now_);
      exchange->network.activate(l, now_);
      exchange->network.uninhibit(l, now_);
    }
    exchange->group.set_congestion_level(0);
    exchange->flush(now_);
  }
  // Operators' later() still lifts each blocking.
}

}  // namespace tandem::sim
