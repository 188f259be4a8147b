// A number that comes in pieces (Q.764 2.1.2, RFC 3578 2): collected until it has a way, or passed on.
#include "gateway/core/call_actions.h"
#include "gateway/interwork/numbers.h"

namespace tandem::core {

namespace {

bool complete(const isup::Message& iam) {
  const auto* number = iam.get<isup::CalledPartyNumber>();
  return number != nullptr && number->digits.ends_with('F');  // Q.763 3.9: ST
}

}  // namespace

bool CallActions::add_digits(Call& call, const std::string& digits) {
  const auto* number = call.iam.get<isup::CalledPartyNumber>();
  if (number == nullptr || digits.empty()) return false;
  auto longer = *number;
  if (longer.digits.ends_with('F') || longer.digits.size() + digits.size() > interwork::kMaxDigits)
    return false;
  longer.digits += digits;
  call.called = number_text(longer.digits, longer.nature);
  call.iam.set(std::move(longer));
  return true;
}

bool CallActions::needs_digits(const CallStep& step) {
  const auto& call = step.call;
  if (!call.incoming->overlapping() || complete(call.iam)) return false;
  if (!call.routed) return true;
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
  context.start(step.call.routed ? TimerKind::t10 : TimerKind::t35, id, step.now);
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
}

}  // namespace tandem::core
