// Numbers that come digit by digit and are collected before the call is offered (Q.931 5.2.4).
#include <algorithm>
#include <utility>

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

std::size_t Trunk::least_digits() const {
  return static_cast<std::size_t>(std::max(config().minimum_digits, 1));
}

void Trunk::collect(std::unique_ptr<PriLeg> leg, const pri::Setup& setup, bool dial_tone, Time now) {
  const auto reference = leg->reference();
  Collecting one{std::move(leg), setup};
  if (dial_tone) {
    one.dial_tone = one.leg->circuit();
    context_.out.emplace_back(media::Command{media::PlayTone{*one.dial_tone, media::Tone::dial}});
  }
  context_.timers.start({TimerKind::t302, timer_id(reference)},
                        now + trunk_timer(&config(), TimerKind::t302));
  collecting_.emplace(reference, std::move(one));
}

void Trunk::end_dial_tone(Collecting& one) {
  if (const auto circuit = std::exchange(one.dial_tone, std::nullopt))
    context_.out.emplace_back(media::Command{media::PlayTone{*circuit, media::Tone::none}});
}

void Trunk::on_digits(const pri::InformationInd& event, Time now) {
  auto& one = collecting_.at(event.call);
  if (one.refused) return;
  auto& digits = one.setup.called.digits;
  digits += event.digits;  // Q.931 5.1.3: called party number or keypad facility
  if (!digits.empty()) end_dial_tone(one);
  const bool end = digits.ends_with('#');
  if (end) digits.pop_back();
  if (end || event.sending_complete || digits.size() >= interwork::kMaxDigits)
    return collected(event.call, true, now);
  if (config().overlap == Overlap::pass_on && digits.size() >= least_digits())
    return collected(event.call, false, now);
  context_.timers.start({TimerKind::t302, timer_id(event.call)},
                        now + trunk_timer(&config(), TimerKind::t302));
}

void Trunk::collected(pri::CallRef reference, bool whole, Time now) {
  context_.stop(TimerKind::t302, timer_id(reference));
  if (collecting_.at(reference).setup.called.digits.size() < least_digits())
    return refuse_short(reference, now);
  auto one = std::move(collecting_.extract(reference).mapped());
  if (whole) one.leg->close_overlap();
  offer(std::move(one.leg), one.setup);
}

void Trunk::t302_expired(pri::CallRef reference, Time now) {
  if (collecting_.contains(reference)) collected(reference, true, now);
}

void Trunk::refuse_short(pri::CallRef reference, Time now) {
  auto& one = collecting_.at(reference);
  one.refused = true;
  end_dial_tone(one);
  context_.log(Severity::info, one.leg->call(), "trunk " + config().name + ": the number is too short");
  exchange_.count_refused();
  commanded().disconnect(reference, 28, now);
}

bool Trunk::abandoned(pri::CallRef reference) {
  const auto it = collecting_.find(reference);
  if (it == collecting_.end()) return false;
  context_.stop(TimerKind::t302, timer_id(reference));
  end_dial_tone(it->second);
  it->second.leg->drop();
  collecting_.erase(it);
  return true;
}

}  // namespace tandem::core
