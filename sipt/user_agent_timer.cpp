// Session timers (RFC 4028), both roles.
#include "sipt/user_agent_timer.h"

#include <algorithm>

#include "sipt/user_agent_core.h"

namespace tandem::sip {
namespace {

constexpr std::uint32_t kMaxInterval = 0x7fffffff;
constexpr std::uint32_t kMargin = 32;  // RFC 4028 10: seconds before the end, a third at most

std::optional<std::uint32_t> delta_seconds(std::string_view value) {
  return to_number(trim(value.substr(0, value.find(';'))), kMaxInterval);
}

std::uint32_t seconds_of(Duration duration) {
  const auto count = std::chrono::duration_cast<std::chrono::seconds>(duration).count();
  return static_cast<std::uint32_t>(std::clamp<std::int64_t>(count, 0, kMaxInterval));
}

std::uint32_t own_minimum(const CallPolicy& policy) {
  return std::max(kMinInterval, seconds_of(policy.min_se));
}

/// Only who supports the timer can make use of a 422 (RFC 4028 9).
bool interval_too_short(const CallPolicy& policy, const Message& request) {
  const auto asked = session_expires_of(request);
  return asked && asked->seconds < own_minimum(policy) && lists_tag(request, HeaderId::supported, "timer");
}

}  // namespace

std::optional<SessionExpires> session_expires_of(const Message& message) {
  const auto value = message.value(HeaderId::session_expires);
  const auto seconds = delta_seconds(value);
  if (!seconds) return std::nullopt;
  SessionExpires out{.seconds = *seconds, .by_uac = {}};
  const auto at = value.find(';');
  const auto refresher =
      at == std::string_view::npos ? std::nullopt : ParamsView(value.substr(at)).find("refresher");
  if (refresher && equal_ignoring_case(*refresher, "uac")) out.by_uac = true;
  if (refresher && equal_ignoring_case(*refresher, "uas")) out.by_uac = false;
  return out;
}

std::uint32_t min_se_of(const Message& message) {
  return delta_seconds(message.value(HeaderId::min_se)).value_or(0);
}

// --- requests of ours (RFC 4028 7.1, 7.4) ---------------------------------------------------------------

void UserAgent::Impl::ask_session_timer(MessageBuilder& out, const Call& call) const {
  const SessionTimer& timer = call.timer;
  const std::uint32_t wanted = call.answered ? timer.interval : seconds_of(call.policy.session_expires);
  const std::uint32_t own = seconds_of(call.policy.min_se);
  const std::uint32_t minimum = std::max(timer.min_se, own > kMinInterval ? own : 0);
  if (minimum != 0) out.header(HeaderId::min_se, minimum);
  if (wanted == 0) return;
  std::string value = std::to_string(std::max({wanted, minimum, kMinInterval}));
  if (call.answered) {
    value.append(timer.refresher ? ";refresher=uac" : ";refresher=uas");
  } else if (call.policy.refresher != Refresher::any) {
    value.append(call.policy.refresher == Refresher::self ? ";refresher=uac" : ";refresher=uas");
  }
  out.header(HeaderId::session_expires, value);
}

/// RFC 4028 7.2: of a 2xx to INVITE, re-INVITE or UPDATE.
void UserAgent::Impl::take_session_timer(Call& call, const Message& response, Time now) {
  SessionTimer& timer = call.timer;
  if (const auto given = session_expires_of(response)) {
    timer.interval = std::max(given->seconds, kMinInterval);
    timer.refresher = given->by_uac.value_or(true);
  } else {
    // The peer knows no session timer; if one is wanted here, it is up to us.
    const std::uint32_t wanted = seconds_of(call.policy.session_expires);
    timer.interval = wanted == 0 ? 0 : std::max({wanted, timer.min_se, kMinInterval});
    timer.refresher = true;
  }
  run_session_timer(call, now);
}

/// RFC 4028 7.3: false: there is nothing in it that could make another try succeed.
bool UserAgent::Impl::raise_interval(Call& call, const Message& response) {
  const std::uint32_t minimum = min_se_of(response);
  if (response.status() != 422 || minimum <= call.timer.min_se) return false;
  call.timer.min_se = minimum;
  return true;
}

// --- requests of theirs (RFC 4028 9) --------------------------------------------------------------------

bool UserAgent::Impl::refuse_interval(const CallPolicy& policy, const Message& request, const Flow& flow,
                                      Time now) {
  if (!interval_too_short(policy, request)) return false;
  MessageBuilder out = response(request, flow, 422);
  out.header(HeaderId::min_se, own_minimum(policy));
  reply(request, flow, std::move(out), 422, now);
  return true;
}

/// The INVITE that waits, once its policy is known.
bool UserAgent::Impl::refuse_interval(Call& call, Time now) {
  if (!interval_too_short(call.policy, *call.pending->message)) return false;
  MessageBuilder out =
      response(*call.pending->message, call.pending->flow, 422, {}, call.leg().dialog.local_tag);
  out.header(HeaderId::min_se, own_minimum(call.policy));
  transactions.respond(call.pending->tx, 422, out.finish(), now);
  refused_invite(call, 422, now);
  return true;
}

/// In a 2xx to INVITE, re-INVITE or UPDATE.
void UserAgent::Impl::answer_session_timer(MessageBuilder& out, Call& call, const Message& request,
                                           Time now) {
  SessionTimer& timer = call.timer;
  const bool supported = lists_tag(request, HeaderId::supported, "timer");
  auto asked = session_expires_of(request);
  // RFC 4028 4, 9: less than 90 is no interval. It may be neither echoed nor raised, and who knows no timer
  // could do nothing with a 422.
  if (asked && asked->seconds < kMinInterval) asked.reset();
  const std::uint32_t wanted = seconds_of(call.policy.session_expires);
  const std::uint32_t minimum = std::max(min_se_of(request), kMinInterval);
  timer.min_se = std::max(timer.min_se, min_se_of(request));
  timer.interval = asked ? asked->seconds : wanted;
  if (timer.interval == 0) return run_session_timer(call, now);
  if (asked && wanted != 0 && wanted < asked->seconds)  // it may be reduced, but never raised
    timer.interval = std::min(asked->seconds, std::max(wanted, minimum));
  if (!asked) timer.interval = std::max(wanted, minimum);
  // RFC 4028 table 2: their choice, if they made one; who does not support it cannot refresh.
  const bool ours =
      !supported || (asked && asked->by_uac ? !*asked->by_uac : call.policy.refresher == Refresher::self);
  timer.refresher = ours;
  out.header(HeaderId::session_expires,
             std::to_string(timer.interval) + (ours ? ";refresher=uas" : ";refresher=uac"));
  if (supported) out.header(HeaderId::require, "timer");
  run_session_timer(call, now);
}

// --- time (RFC 4028 7.2, 10) ----------------------------------------------------------------------------

void UserAgent::Impl::run_session_timer(Call& call, Time now) {
  SessionTimer& timer = call.timer;
  timer.due = false;
  stop(call, CallTimer::session_refresh);
  stop(call, CallTimer::session_expiry);
  if (timer.interval == 0 || call.dead) return;
  const std::chrono::seconds interval(timer.interval);
  const std::chrono::seconds margin(std::min(kMargin, timer.interval / 3));
  if (timer.refresher) start(call, CallTimer::session_refresh, interval / 2, now);
  start(call, CallTimer::session_expiry, interval - margin, now);
}

}  // namespace tandem::sip
