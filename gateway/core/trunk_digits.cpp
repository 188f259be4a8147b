// Numbers that come digit by digit and are collected before the call is offered (Q.931 5.2.4).
#include "gateway/core/trunk.h"
#include "gateway/interwork/numbers.h"

namespace tandem::core {

namespace pri = tdm::pri;

std::uint64_t Trunk::timer_id(pri::CallRef reference) const {
  return static_cast<std::uint64_t>(index_) << 48 | (reference & 0xffff'ffff'ffff);
}

std::vector<const Leg*> Trunk::collecting() const {
  std::vector<const Leg*> legs;
  for (const auto& [reference, one] : collecting_) legs.push_back(one.leg.get());
  return legs;
}

void Trunk::collect(std::unique_ptr<PriLeg> leg, const pri::Setup& setup, Time now) {
  const auto reference = leg->reference();
  context_.timers.start({TimerKind::t302, timer_id(reference)},
                        now + trunk_timer(&config(), TimerKind::t302));
  collecting_.emplace(reference, Collecting{std::move(leg), setup});
}

void Trunk::on_digits(const pri::InformationInd& event, Time now) {
  if (event.keypad) return;  // Q.932: for the exchange, not of the number
  auto& digits = collecting_.at(event.call).setup.called.digits;
  digits += event.digits;
  const bool end = digits.ends_with('#');
  if (end) digits.pop_back();
  if (end || event.sending_complete || digits.size() >= interwork::kMaxDigits)
    return collected(event.call, now);
  context_.timers.start({TimerKind::t302, timer_id(event.call)},
                        now + trunk_timer(&config(), TimerKind::t302));
}

void Trunk::collected(pri::CallRef reference, Time /*now*/) {
  context_.stop(TimerKind::t302, timer_id(reference));
  auto whole = std::move(collecting_.extract(reference).mapped());
  whole.leg->close_overlap();
  offer(std::move(whole.leg), whole.setup);
}

void Trunk::t302_expired(pri::CallRef reference, Time now) {
  const auto it = collecting_.find(reference);
  if (it == collecting_.end()) return;
  const auto least = static_cast<std::size_t>(std::max(config().minimum_digits, 1));
  if (it->second.setup.called.digits.size() >= least) return collected(reference, now);
  context_.log(Severity::info, it->second.leg->call(),
               "trunk " + config().name + ": no more digits came, the number is too short");
  exchange_.count_refused();
  commanded().disconnect(reference, 28, now);  // Q.931 5.2.4: invalid number format (incomplete)
}

bool Trunk::abandoned(pri::CallRef reference) {
  const auto it = collecting_.find(reference);
  if (it == collecting_.end()) return false;
  context_.stop(TimerKind::t302, timer_id(reference));
  it->second.leg->drop();
  collecting_.erase(it);
  return true;
}

}  // namespace tandem::core
