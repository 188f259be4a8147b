#include "tests/sim/ss7/world.h"

#include <algorithm>
#include <cstdio>
#include <utility>

namespace tandem::sim {

using namespace std::chrono_literals;
using S = isup::CallState;

namespace {

constexpr std::array<std::uint32_t, 2> kPoints = {0x0101, 0x0202};

/// States in which call control has a call; in_check and out_overload are of nobody.
bool has_call(S state) {
  switch (state) {
    case S::out_check:
    case S::out_setup:
    case S::out_ringing:
    case S::out_answered:
    case S::in_setup:
    case S::in_ringing:
    case S::in_answered:
      return true;
    default:
      return false;
  }
}

}  // namespace

Ss7World::Ss7World(const Ss7Scenario& scenario) : scenario_(scenario), random_(scenario.seed) {
  for (std::size_t side = 0; side < 2; ++side) {
    const Ss7Setup setup{.own = kPoints[side],
                         .other = kPoints[1 - side],
                         .variant = scenario.variant,
                         .links = scenario.links,
                         .hunting = scenario.hunting[side],
                         .continuity_every = scenario.continuity_every};
    cics_ = cics_of(setup);
    exchanges_[side] = std::make_unique<Ss7Exchange>(setup);
  }
  exchanges_[0]->hears(*exchanges_[1]);
  exchanges_[1]->hears(*exchanges_[0]);
  calls_ = std::make_unique<Ss7Calls>(std::array{exchanges_[0].get(), exchanges_[1].get()}, scenario.variant,
                                      random_.next());
  calls_->faults = scenario.faults;
  for (unsigned i = 0; i < scenario.links.size(); ++i) {
    const unsigned delay = scenario.delay_ticks + i;
    lines_.push_back({{Ss7Wire(delay, random_.next()), Ss7Wire(delay, random_.next())}});
  }
}

void Ss7World::complain(std::string what) {
  constexpr std::size_t kMost = 20;
  if (complaints_.size() >= kMost) return;
  const auto at = std::chrono::duration_cast<std::chrono::milliseconds>(now_.time_since_epoch()).count();
  complaints_.push_back(std::to_string(at) + " ms: " + std::move(what));
}

void Ss7World::tick() {
  calls_->now = now_ += kTick;
  for (auto& exchange : exchanges_) exchange->work(now_);
  calls_->run_due(now_);
  for (std::size_t l = 0; l < lines_.size(); ++l) {
    for (std::size_t from = 0; from < 2; ++from) {
      TickOctets line;
      exchanges_[from]->link(l).transmit(line, now_);
      auto& wire = lines_[l].wires[from];
      const TickOctets arrived = wire.carry(line);
      auto& far = exchanges_[1 - from]->link(l);
      if (wire.down)
        far.line_down(arrived.size(), now_);
      else
        far.receive(arrived, now_);
    }
  }
  if (now_.time_since_epoch() % 1s == 0s) audit();
}

void Ss7World::audit_circuit(std::uint16_t cic) {
  std::array<isup::CircuitStatus, 2> status;
  for (std::size_t side = 0; side < 2; ++side) {
    status[side] = *exchanges_[side]->group.status(cic);
    const auto* call = calls_->call(side, cic);
    if (has_call(status[side].call) == (call != nullptr)) continue;
    complain("side " + std::to_string(side) + " CIC " + std::to_string(cic) + " is " +
             std::string(to_string(status[side].call)) +
             (call != nullptr ? ", with a call" : ", without a call"));
  }
  for (std::size_t side = 0; side < 2; ++side) {
    // ANM has come from there, so it is the same call there, unless it is being released.
    if (status[side].call != S::out_answered || !has_call(status[1 - side].call)) continue;
    const auto* here = calls_->call(side, cic);
    const auto* there = calls_->call(1 - side, cic);
    if (here == nullptr || there == nullptr || here->tag == there->tag) continue;
    auto& dispute = disputed_[cic];
    if (dispute.call != here->tag) dispute = {.call = here->tag, .seconds = 0};
    // A stale ACM, CON or ANM, overtaken by a GRS on another link, is soon set right.
    if (++dispute.seconds != 2) continue;
    complain("CIC " + std::to_string(cic) + " has call " + std::to_string(here->tag) + " and call " +
             std::to_string(there->tag));
  }
}

void Ss7World::audit() {
  for (auto& exchange : exchanges_) exchange->flush(now_);
  for (const auto cic : cics_) audit_circuit(cic);
}

void Ss7World::run() {
  for (auto& exchange : exchanges_) exchange->start(now_);
  run_for(30s);
  for (std::size_t side = 0; side < 2; ++side)
    if (exchanges_[side]->group.idle() != cics_.size()) complain("not all circuits are idle at the start");
  Duration when{};
  const Duration mean = Duration(1s) / scenario_.calls_per_second;
  for (std::uint64_t i = 0; i < scenario_.calls; ++i) {
    when += Duration(static_cast<Duration::rep>(calls_->pick(static_cast<std::uint64_t>(2 * mean.count()))));
    calls_->later(when, [this, side = i % 2] { calls_->begin(side); });
  }
  const Time end = now_ + when;
  disturb();
  while (now_ < end) tick();
  make_peace();
  run_for(60s);
  for (std::size_t side = 0; side < 2; ++side) {
    calls_->release_all(side);
    exchanges_[side]->flush(now_);
  }
  const Time last = now_ + 2h;  // T5, T17, T23, T26, T27, T36 and those after them
  while (now_ < last && !at_rest()) run_for(1s);
  run_for(5s);
}

bool Ss7World::at_rest() {
  for (std::size_t side = 0; side < 2; ++side) {
    const auto& group = exchanges_[side]->group;
    if (group.next_deadline() || group.idle() != cics_.size() || calls_->calls(side) != 0) return false;
  }
  return true;
}

void Ss7World::expect_rest() {
  for (std::size_t side = 0; side < 2; ++side) {
    const auto& group = exchanges_[side]->group;
    const auto where = "at rest: side " + std::to_string(side) + " ";
    for (const auto cic : cics_) {
      const auto s = *group.status(cic);
      const bool marked = s.local_hardware || s.remote_hardware || s.remote_maintenance ||
                          s.block != isup::BlockState::unblocked;
      if (s.call != S::idle || marked)
        complain(where + "CIC " + std::to_string(cic) + " is " + std::string(to_string(s.call)) +
                 (marked ? ", blocked" : ""));
    }
    if (calls_->calls(side) != 0) complain(where + "has calls");
    if (group.idle() != cics_.size()) complain(where + "not all are idle");
    if (group.next_deadline()) complain(where + "a timer runs");
    if (group.counters().malformed > exchanges_[side]->spoilt) complain(where + "malformed messages");
    if (group.counters().unknown_cic > exchanges_[side]->spoilt) complain(where + "unknown CICs");
  }
  if (!calls_->media_quiet()) complain("at rest: a loop or a tone is left");
}

void Ss7World::expect_all_circuits_work() {
  const auto before = calls_->counts;
  calls_->faults = false;
  for (const auto cic : cics_) {
    calls_->begin(cic % 2, 2, cic);
    run_for(20ms);
  }
  run_for(30s);
  const auto n = cics_.size();
  if (calls_->counts.begun - before.begun != n) complain("a circuit cannot be seized");
  if (calls_->counts.came_in - before.came_in != n)
    complain(std::to_string(calls_->counts.came_in - before.came_in) + " of the calls came in");
}

std::uint64_t Ss7World::alerts(isup::AlertText text) const {
  std::uint64_t count = 0;
  for (const auto& side : calls_->alerts)
    if (const auto found = side.find(std::string(to_string(text))); found != side.end())
      count += found->second;
  return count;
}

void Ss7World::print_statistics() const {
  const auto& c = calls_->counts;
  std::printf(
      "virtual %.0f s, begun %lu, no circuit %lu, came in %lu, answered %lu, abandoned %lu, refused %lu\n",
      std::chrono::duration<double>(now_.time_since_epoch()).count(), c.begun, c.no_circuit, c.came_in,
      c.answered, c.abandoned, c.refused);
  std::printf(
      "retried %lu, crossed %lu, cleared %lu, foreign %lu, two calls %lu, elsewhere %lu, stray %lu, "
      "stale REL %lu, checks %lu, spoilt %lu\n",
      c.retried, c.crossed, c.cleared, c.foreign, c.two_calls, c.elsewhere, c.stray, c.stale_rel, c.checks,
      spoilt());
  for (std::size_t side = 0; side < 2; ++side) {
    const auto& g = exchanges_[side]->group.counters();
    const auto& n = exchanges_[side]->network.counters();
    std::printf(
        "side %zu: received %lu, sent %lu, not sent %lu, malformed %lu, unexpected %lu, dual %lu, refused "
        "%lu, "
        "pauses %lu, changeovers %lu, changebacks %lu, held too many %lu\n",
        side, g.received, g.sent, exchanges_[side]->not_sent, g.malformed, g.unexpected, g.dual_seizures,
        g.refused, exchanges_[side]->pauses, n.changeovers, n.changebacks, n.held_too_many);
    for (std::size_t l = 0; l < lines_.size(); ++l) {
      const auto& k = exchanges_[side]->link(l).counters();
      std::printf(
          "  link %zu: failures %lu, in error %lu, NACKs %lu, sent %lu, resent octets %lu of %lu, discarded "
          "%lu\n",
          l, k.failures, k.signal_units_in_error, k.negative_acknowledgements, k.msus_sent, k.octets_resent,
          k.octets_sent, k.msus_discarded);
    }
    for (const auto& [text, count] : calls_->alerts[side]) std::printf("  %8lu %s\n", count, text.c_str());
  }
  for (const auto& [text, count] : troubles_) std::printf("%8lu %s\n", count, text.c_str());
  for (const auto& remark : calls_->remarks) std::printf("%s\n", remark.c_str());
  std::printf("hash %016lx\n", hash());
}

}  // namespace tandem::sim
