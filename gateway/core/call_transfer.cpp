// Explicit call transfer (ETS 300 369-1): two calls of one party become one between the other two.
#include "gateway/core/call_actions.h"

namespace tandem::core {

namespace {

/// The current attempt that the legs' media counts for.
Attempt& attempt_of(Call& call) {
  return *call.current();
}

}  // namespace

bool Exchange::can_transfer(const Leg& a, const Leg& b) const {
  const auto* first = find(a.call());
  const auto* second = find(b.call());
  if (first == nullptr || second == nullptr || first == second) return false;
  for (const auto* call : {first, second})
    if (call->state != CallState::answered || call->partner || call->current() == nullptr ||
        call->current()->leg == nullptr)
      return false;
  const auto packet = [](const Call& call, const Leg& left) {
    const bool incoming = call.incoming.get() == &left;
    return (incoming ? *call.current()->leg : *call.incoming).packet();
  };
  return !packet(*first, a) || !packet(*second, b);
}

bool Exchange::transfer(Leg& a, Leg& b, Time now) {
  if (!can_transfer(a, b)) return false;
  auto* first = find(a.call());
  auto* second = find(b.call());
  first->left = &a;
  second->left = &b;
  media_.leave(first->join, first->id, now);
  media_.leave(second->join, second->id, now);
  first->partner = second->id;
  second->partner = first->id;
  second->partner_has_join = true;
  const auto rel = make_rel(16);
  a.send(rel, now);
  b.send(rel, now);
  update_transferred(*first, now);
  context_.note(first->id, now, "transferred: joined with call " + std::to_string(second->id.value));
  context_.note(second->id, now, "transferred: joined with call " + std::to_string(first->id.value));
  return true;
}

void Exchange::update_transferred(Call& call, Time now) {
  auto* other = find(call.partner);
  if (other == nullptr) return;
  Call& owner = call.partner_has_join ? *other : call;
  Call& guest = call.partner_has_join ? call : *other;
  auto& x = owner.stayed();
  auto& y = guest.stayed();
  // Sessions belong to the call of their RTP side.
  auto& attempt = attempt_of(x.packet() ? owner : guest);
  if (media_.update(owner.join, x, y, attempt.cdr.attempt, now)) ++attempt.sessions;
  media_.through(owner.join, owner.id, true, true, now);
}

bool CallActions::has_left(const CallStep& step) {
  const auto& call = step.call;
  return call.left != nullptr && step.from_incoming == (call.left == call.incoming.get());
}

void CallActions::end_partner(CallStep& step, const isup::CauseIndicators& cause) {
  auto& call = step.call;
  if (!call.partner) return;
  auto* other = step.exchange.find(call.partner);
  call.partner = {};
  if (other == nullptr) return;
  step.exchange.media_.leave(other->join, other->id, step.now);
  other->partner = {};
  CallStep work{step.exchange, *other, step.now};
  work.cause = cause;
  step.exchange.step(work, CallEvent::clear);
}

}  // namespace tandem::core
