// A number that comes in pieces (Q.764 2.1.2, RFC 3578 2): collected until it has a way, or passed on.
#include "gateway/core/call_actions.h"
#include "gateway/core/routing.h"
#include "gateway/interwork/overlap.h"

namespace tandem::core {

bool CallActions::add_digits(Call& call, const isup::Message& sam) {
  const auto* whole = sam.get<isup::CalledPartyNumber>();
  if (whole != nullptr && call.state == CallState::collecting) {
    call.iam.set(*whole);  // as its trunk's rules read it now
  } else {
    const auto joined = interwork::join_digits(call.iam, sam);
    if (joined == interwork::Joined::nothing || joined == interwork::Joined::too_long) return false;
  }
  const auto* number = call.iam.get<isup::CalledPartyNumber>();
  call.called = number_text(number->digits, number->nature);
  return true;
}

bool CallActions::needs_digits(const CallStep& step) {
  const auto& call = step.call;
  if (!call.incoming->overlapping() || interwork::number_complete(call.iam)) return false;
  if (!call.routed || call.incoming->number_open()) return true;
  return !call.targets.empty() && !step.exchange.factory_.takes_overlap(call.targets.front());
}

bool CallActions::digits_unrouted(const CallStep& step) {
  return !step.call.routed || step.call.targets.empty();
}

void CallActions::collect(CallStep& step) {
  auto& context = step.exchange.context_;
  const auto id = step.call.id.value;
  context.stop(TimerKind::t10, id);
  context.stop(TimerKind::t35, id);
  auto trunk = step.call.incoming->trunk_config();
  if (!trunk && !step.call.targets.empty()) trunk = trunk_of(context.config, step.call.targets.front());
  const auto kind = step.call.routed ? TimerKind::t10 : TimerKind::t35;
  context.start(kind, id, step.now, trunk_timer(trunk, kind));
  if (kind == TimerKind::t35) step.call.incoming->want_digits(step.now);
}

void CallActions::refuse_incomplete(CallStep& step) {
  refuse(step, 28);
}

void CallActions::send_digits(CallStep& step) {
  auto& attempt = *step.call.current();
  attempt.cdr.called = step.call.called;
  if (attempt.leg == nullptr) return;
  step.exchange.context_.trace_isup(step.call.id, step.now, true, *step.message);
  attempt.leg->send(*step.message, step.now);
  start_timer(step, TimerKind::t7);  // Q.764 table A.1: from the latest address message
  await_digits(step);
}

void CallActions::await_digits(CallStep& step) {
  auto& call = step.call;
  const auto& attempt = *call.current();
  step.exchange.context_.stop(TimerKind::t10, call.id.value);
  const bool more = call.incoming->overlapping() && !interwork::number_complete(call.iam);
  // A trunk has its own timers for that (Q.931 T304 of the far end).
  if (more && attempt.leg->packet() && step.exchange.factory_.takes_overlap(attempt.target))
    start_timer(step, TimerKind::t10);
}

void CallActions::end_digits(CallStep& step) {
  isup::Message sam(isup::MessageType::sam);
  sam.set(isup::SubsequentNumber{"F"});  // Q.763 3.51: ST
  add_digits(step.call, sam);
  auto* attempt = step.call.current();
  if (attempt->leg == nullptr) return;
  step.exchange.context_.trace_isup(step.call.id, step.now, true, sam);
  attempt->leg->send(sam, step.now);
}

}  // namespace tandem::core
