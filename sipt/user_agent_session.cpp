// What calls in both directions have: BYE (RFC 3261 15), their timers, their end.
#include "sipt/user_agent_core.h"

namespace tandem::sip {

Call& UserAgent::Impl::new_call(Stage stage, std::optional<std::uint64_t> tag) {
  auto call = std::make_unique<Call>();
  call->id = SipCall{++last_call};
  call->stage = stage;
  if (tag) {
    call->tag = *tag;
    if (const auto it = by_tag.find(*tag); it != by_tag.end()) call->older = it->second->id;
  } else {
    do call->tag = random.next();
    while (by_tag.contains(call->tag));
  }
  by_tag.insert_or_assign(call->tag, call.get());
  ++live_calls;
  return *(calls[call->id] = std::move(call));
}

void UserAgent::Impl::bye(Call& call, const std::vector<Reason>& reasons,
                          const std::vector<ExtraHeader>& extra, Time now) {
  call.reasons = reasons;
  call.bye_extra = extra;
  switch (call.stage) {
    case Stage::calling:
    case Stage::proceeding:
      cancel(call, reasons, now);
      call.dead = true;
      break;
    case Stage::cancelling:
      call.dead = true;
      break;
    case Stage::offered:
      reject(call, 480, {}, reasons, extra, now);
      break;
    case Stage::confirmed:
      call.dead = true;
      terminate_pending(call, now);
      if (call.unacked) {
        call.bye_wanted = true;  // RFC 3261 15: not before the ACK
        call.stage = Stage::ending;
        return;
      }
      ack_answer(call, {}, now);  // the peer's offer in its 2xx was never answered
      send_bye(call, now);
      break;
    case Stage::ending:
      break;
  }
}

void UserAgent::Impl::send_bye(Call& call, Time now) {
  call.bye_wanted = false;
  call.bye_open = true;
  send_bye(call.leg().dialog, call.reasons, call.bye_extra, {.role = TxOwner::Role::bye, .id = call.id.value},
           now);
  release(call, now);
}

void UserAgent::Impl::send_bye(Dialog& dialog, const std::vector<Reason>& reasons,
                               const std::vector<ExtraHeader>& extra, TxOwner owner, Time now) {
  const Flow hop = next_hop(dialog, config.listen);
  const std::string id = branch();
  MessageBuilder out = request_in(dialog, "BYE", ++dialog.local_cseq, id, hop);
  out.header(HeaderId::supported, kSupported).header(HeaderId::user_agent, config.product).reasons(reasons);
  add_extra(out, extra);
  transactions.start_client("BYE", id, hop, out.finish(), owner, now);
}

void UserAgent::Impl::expire(Call& call, int cause, std::string_view text, Time now) {
  if (call.dead) return;
  events.emplace_back(SessionExpired{call.id});
  bye(call, {{.protocol = "SIP", .cause = cause, .text = std::string(text), .location = {}}}, {}, now);
}

void UserAgent::Impl::on_bye(Call& call, const Message& request, const Flow& flow, Time now) {
  reply(request, flow, response(request, flow, 200), 200, now);
  terminate_pending(call, now);  // RFC 3261 15.1.2
  const bool unanswered = call.caller && !call.answered;
  if (!call.dead) {
    if (unanswered)  // it gave up waiting for the ACK to a 2xx that never arrived
      failed(call, 480, "Peer hung up", false);
    else
      events.emplace_back(ByeReceived{call.id, request.reasons(), headers_of(request)});
  }
  call.bye_wanted = false;
  call.unacked.reset();
  if (unanswered && call.invites_open != 0) {
    call.invites_open = 0;
    transactions.abandon(call.invite_tx, now);
  }
  release(call, now);
}

void UserAgent::Impl::on_call_timer(Call& call, CallTimer timer, Time now) {
  switch (timer) {
    case CallTimer::invite_timeout:
      failed(call, 408, "Request Timeout", true);
      cancel(call, {}, now);
      call.dead = true;
      break;
    case CallTimer::cancel_wait: {
      if (call.answered) {  // a re-INVITE of ours that outlived the call
        if (call.own) transactions.abandon(call.own->tx, now);
        break;
      }
      const TxId tx = call.invite_tx;
      invite_failed(call, 487, "Request Terminated", true, now);
      transactions.abandon(tx, now);
      break;
    }
    case CallTimer::expires:
      if (call.stage != Stage::offered) break;
      terminate_pending(call, now);
      events.emplace_back(CancelReceived{call.id, {}});
      release(call, now);
      break;
    case CallTimer::ring_refresh:
      on_ring_refresh(call, now);
      break;
    case CallTimer::answer_repeat:
      on_answer_repeat(call, now);
      break;
    case CallTimer::ack_wait:
      on_ack_wait(call, now);
      break;
    case CallTimer::offer_retry:
      call.backing_off = false;
      pump(call, now);
      break;
    case CallTimer::prack_repeat:
      on_prack_repeat(call, now);
      break;
    case CallTimer::prack_wait:
      on_prack_wait(call, now);
      break;
    case CallTimer::session_refresh:
      call.timer.due = true;
      pump(call, now);
      break;
    case CallTimer::session_expiry:
      expire(call, 408, "Session Timer Expired", now);
      break;
    case CallTimer::offer_timeout:
      if (!call.own) break;
      transactions.cancel(call.own->tx, {}, now);
      expire(call, 408, "Request Timeout", now);
      break;
  }
}

void UserAgent::Impl::start(const Call& call, CallTimer timer, Duration after, Time now) {
  call_timers.start(call.id.value * kCallTimers + static_cast<std::uint64_t>(timer), now + after);
}

void UserAgent::Impl::stop(const Call& call, CallTimer timer) {
  call_timers.stop(call.id.value * kCallTimers + static_cast<std::uint64_t>(timer));
}

void UserAgent::Impl::release(Call& call, Time now) {
  call.dead = true;
  call.stage = Stage::ending;
  if (std::exchange(call.live, false)) --live_calls;
  terminate_offers(call, now);
  if (call.bye_wanted) return;  // its 2xx is still being sent
  for (std::uint64_t timer = 0; timer < kCallTimers; ++timer) stop(call, static_cast<CallTimer>(timer));
  // A re-INVITE under way is given the time of a CANCEL, as it may have no timer of its own.
  if (call.own && call.own->reinvite)
    start(call, CallTimer::cancel_wait, timer_duration(TxTimer::b, timings), now);
  if (call.invites_open == 0 && !call.bye_open && call.reinvites_open == 0) forget(call);
}

void UserAgent::Impl::forget(Call& call) {
  const SipCall id = call.id;
  if (call.live) --live_calls;
  for (std::uint64_t timer = 0; timer < kCallTimers; ++timer) stop(call, static_cast<CallTimer>(timer));
  forget_tag(call);
  calls.erase(id);
}

/// Those that have the same tag stand in a row, the newest first.
void UserAgent::Impl::forget_tag(const Call& call) {
  const auto head = by_tag.find(call.tag);
  if (head->second != &call) {
    for (Call* newer = head->second; newer != nullptr; newer = find(newer->older))
      if (newer->older == call.id) newer->older = call.older;
  } else if (Call* older = find(call.older)) {
    head->second = older;
  } else {
    by_tag.erase(head);
  }
}

}  // namespace tandem::sip
