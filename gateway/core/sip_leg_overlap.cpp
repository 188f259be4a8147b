// Further INVITEs of a number that grows (RFC 3578 3.2 to 3.4): the same Call-ID and From, a longer
// Request-URI, each a transaction of its own.
#include <algorithm>

#include "gateway/core/sip_leg.h"
#include "gateway/interwork/causes.h"
#include "gateway/interwork/overlap.h"

namespace tandem::core {

namespace {

/// RFC 3578 3.2, RFC 3261 16.7 6: 6xx, then the lowest class; what says something of the called user rather
/// than of the number's length.
bool better(int status, int than) {
  const auto rank = [](int s) { return s >= 600 ? 0 : s / 100 * 10 + (s == 484 ? 1 : 0); };
  return rank(status) <= rank(than);  // of equals the one with more digits
}

}  // namespace

void SipLeg::send_digits(const isup::Message& sam, Time now) {
  if (!outgoing() || !overlap_.open || state_ != State::proceeding) return;
  const auto* more = sam.get<isup::SubsequentNumber>();
  const auto joined = interwork::join_digits(iam_, sam);
  if (joined == interwork::Joined::nothing || joined == interwork::Joined::too_long) return;
  const bool longer = more->digits.front() != 'F';  // Q.763 3.51: else ST alone
  if (longer && overlap_.thread) follow(now);
  overlap_.open = joined == interwork::Joined::more;
  settle_failures(now);
}

void SipLeg::follow(Time now) {
  auto& thread = *overlap_.thread;
  auto calls = overlap_.older;
  calls.push_back(sip_call_);
  for (const auto sip_call : calls)  // PRACK and UPDATE count on
    if (const auto last = services_.agent.continuation(sip_call))
      thread.cseq = std::max(thread.cseq, last->cseq);
  services_.context.stop(TimerKind::t11, sip_call_.value);
  if (overlap_.newest_failed)
    services_.legs.erase(sip_call_);
  else
    overlap_.older.push_back(sip_call_);  // RFC 3578 3.4: not to be cancelled
  const auto kept = thread;
  overlap_.newest_failed = !invite(nullptr, now);
  if (!overlap_.thread) overlap_.thread = kept;  // the user agent's limits: its failure is on its way
}

void SipLeg::note_failure(const sip::FailureReceived& event) {
  overlap_.thread->cseq = std::max(overlap_.thread->cseq, event.cseq);
  std::erase(overlap_.older, event.call);
  if (event.call == sip_call_)
    overlap_.newest_failed = true;
  else
    services_.legs.erase(event.call);
  if (!overlap_.best || better(event.status, overlap_.best->status)) overlap_.best = event;
}

void SipLeg::settle_failures(Time now) {
  if (overlap_.open || !overlap_.newest_failed || !overlap_.older.empty() || !overlap_.best) return;
  const auto best = std::move(*overlap_.best);
  overlap_.best.reset();
  fail(best, now);
}

void SipLeg::cancel_all(const isup::CauseIndicators& cause, Time now) {
  const std::vector<sip::Reason> reasons{interwork::reason_from_cause(cause)};
  state_ = State::cancelling;
  overlap_.open = false;
  services_.context.stop(TimerKind::t11, sip_call_.value);
  const auto older = overlap_.older;
  for (const auto sip_call : older) services_.agent.cancel(sip_call, reasons, now);
  if (!overlap_.newest_failed) return services_.agent.cancel(sip_call_, reasons, now);
  if (older.empty()) finish();
}

void SipLeg::keep_only(sip::SipCall answered, Time now) {
  const std::vector<sip::Reason> reasons{
      {.protocol = "SIP", .cause = 200, .text = "Call completed elsewhere", .location = {}}};
  auto others = std::exchange(overlap_.older, {});
  if (answered != sip_call_) {
    services_.context.stop(TimerKind::t11, sip_call_.value);
    others.push_back(std::exchange(sip_call_, answered));
  }
  overlap_ = {};
  for (const auto sip_call : others) {
    if (sip_call == answered) continue;
    services_.legs.erase(sip_call);
    services_.agent.cancel(sip_call, reasons, now);
  }
}

}  // namespace tandem::core
