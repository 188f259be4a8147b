#include "gateway/core/call_actions.h"

#include "gateway/base/q850.h"
#include "gateway/core/routing.h"
#include "gateway/interwork/causes.h"
#include "gateway/interwork/overlap.h"

namespace tandem::core {

namespace {

constexpr int kChannelRetries = 2;  // other circuits of the same trunk, after cause 44

isup::CauseIndicators made_here(std::uint8_t value) {
  isup::CauseIndicators cause;
  cause.value = value;
  cause.location = kMadeHere;
  return cause;
}

bool between_isup(const Call& call) {
  const auto* attempt = call.current();
  return call.incoming->speaks_isup() && attempt != nullptr && attempt->leg != nullptr &&
         attempt->leg->speaks_isup();
}

/// One exchange more on the way (Q.764 2.11, Q.763 3.80). False: it was one too many.
bool take_hop(isup::Message& iam) {
  const auto* counter = iam.get<isup::HopCounter>();
  if (counter == nullptr) return true;
  if (counter->value <= 1) return false;
  auto left = *counter;
  --left.value;
  iam.set(left);
  return true;
}

/// What of a party's REL is for the other party (Q.737.1: implicit service 1, at the end too). The rest of it
/// is between this exchange and the next.
isup::Message relayed_rel(const CallStep& step) {
  const auto& call = step.call;
  if (step.message != nullptr && step.message->type() == isup::MessageType::rel && between_isup(call)) {
    auto rel = *step.message;  // Q.764 2.9.5.3: with what only the far exchange may know
    rel.remove(isup::AutomaticCongestionLevel::spec.code);
    return rel.set(step.cause);
  }
  const auto words = words_of(step.message);
  const bool theirs = !words && step.from_incoming == call.announced_by_incoming;
  return rel_with(step.cause, theirs ? call.last_words : words);
}

/// Same trunk once more: the far end had that channel taken (Q.931 5.7, Q.764 2.8.1).
bool other_channel(const Call& call, const isup::CauseIndicators& cause) {
  const auto* attempt = call.current();
  return attempt != nullptr && attempt->leg != nullptr && attempt->target.trunk() &&
         attempt->leg->circuit_refused(cause) && call.channel_retries < kChannelRetries;
}

/// 64 kbit/s unrestricted (Q.763 3.54), whose octets are nobody's to change.
bool is_unrestricted(const isup::Message& iam) {
  const auto* medium = iam.get<isup::TransmissionMedium>();
  return medium != nullptr && (medium->value == 2 || medium->value == 6);
}

bool rings(const Config& config, const Leg& incoming) {
  const auto trunk = find_target(config, incoming.party());
  return !trunk || party_rules(config, *trunk).ringback;
}

/// The called party is on a PBX of ours, which says by a progress indicator when it gives a tone itself; to
/// the ISUP network before, this is the exchange that has to (Q.764 2.1.4, Q.35).
bool is_last_exchange(const Leg& incoming, const Leg& outgoing) {
  const auto* pri = outgoing.trunk_config().pri;
  return incoming.speaks_isup() && pri != nullptr && pri->side == tdm::pri::Side::network;
}

/// The number as the route has rewritten it: '+' says international; without, a changed number has no nature.
void rewrite_called(isup::Message& iam, const Call& call) {
  const auto* number = iam.get<isup::CalledPartyNumber>();
  if (number == nullptr || call.called_sent == call.called) return;
  auto changed = *number;
  const bool plus = call.called_sent.starts_with('+');
  changed.digits.clear();
  for (const char c : call.called_sent.substr(plus ? 1 : 0)) {
    if (c == '*' || c == '#') changed.digits += c == '*' ? 'B' : 'C';  // Q.763 3.9
    if (c >= '0' && c <= '9') changed.digits += c;
  }
  changed.nature = plus ? isup::NatureOfAddress::international : isup::NatureOfAddress::unknown;
  iam.set(std::move(changed));
}

/// Q.763 3.9: ST, no digits follow, for a leg that could take more.
void end_number(isup::Message& iam) {
  const auto* number = iam.get<isup::CalledPartyNumber>();
  if (number == nullptr || number->digits.ends_with('F')) return;
  auto ended = *number;
  ended.digits += 'F';
  iam.set(std::move(ended));
}

}  // namespace

isup::Message rel_with(const isup::CauseIndicators& cause,
                       const std::optional<isup::UserToUserInformation>& words) {
  isup::Message rel(isup::MessageType::rel);
  rel.set(cause);
  if (words) rel.set(*words);
  return rel;
}

std::optional<isup::UserToUserInformation> words_of(const isup::Message* message) {
  const auto* said = message == nullptr ? nullptr : message->get<isup::UserToUserInformation>();
  return said == nullptr ? std::nullopt : std::optional(*said);
}

// --- guards ---------------------------------------------------------------------------------------------

bool CallActions::refused(const CallStep& step) {
  return step.exchange.draining_ || !step.call.incoming->open();
}

bool CallActions::no_route(const CallStep& step) {
  return !step.call.routed;
}

bool CallActions::unreachable(const CallStep& step) {
  return step.call.targets.empty();
}

bool CallActions::can_retry(const CallStep& step) {
  const auto& call = step.call;
  if (call.committed || call.attempts.size() >= 255) return false;
  if (other_channel(call, step.cause)) return true;  // the call was taken before we drained
  if (step.exchange.draining_) return false;
  return (may_retry(step.cause.value) && call.next_target < call.targets.size());
}

bool CallActions::says_cause(const CallStep& step) {
  return step.message->get<isup::CauseIndicators>() != nullptr;
}

bool CallActions::all_over(const CallStep& step) {
  return step.call.all_idle();
}

// --- attempts and their records -------------------------------------------------------------------------

std::uint64_t CallActions::guard_id(const Call& call, int attempt) {
  return call.id.value << 8 | static_cast<std::uint64_t>(attempt);
}

void CallActions::open_attempt(CallStep& step, const Target* target) {
  auto& call = step.call;
  auto& exchange = step.exchange;
  auto attempt = std::make_unique<Attempt>();
  auto& cdr = attempt->cdr;
  cdr.call = call.id;
  cdr.attempt = static_cast<int>(call.attempts.size()) + 1;
  cdr.from_name = call.incoming->party();
  cdr.calling = call.calling;
  cdr.called = call.called;
  cdr.called_sent = call.called_sent;
  cdr.setup = exchange.context_.wall(step.now);
  attempt->idle = true;
  if (target != nullptr) {
    attempt->target = *target;
    attempt->leg = exchange.factory_.make_leg(*target, call.id, cdr.attempt);
    cdr.to_name = attempt->leg->party();
    attempt->idle = false;
  }
  call.attempts.push_back(std::move(attempt));
  ++exchange.counters_.attempts;
}

void CallActions::record(Exchange& exchange, Call& call, Attempt& attempt, CdrState state, Time now) {
  auto& cdr = attempt.cdr;
  cdr.state = state;
  if (state == CdrState::up) call.incoming->describe(cdr);
  if (attempt.leg != nullptr) attempt.leg->describe(cdr);
  if (state == CdrState::ended) {
    attempt.recorded = true;
    exchange.context_.stop(TimerKind::cdr_guard, guard_id(call, cdr.attempt));
    if (!cdr.answer) ++exchange.counters_.failed;
    if (!cdr.release) cdr.release = exchange.context_.wall(now);
  }
  exchange.context_.out.emplace_back(cdr);
}

void CallActions::end_attempt(CallStep& step, const isup::CauseIndicators& cause, std::string_view by) {
  auto& call = step.call;
  auto& context = step.exchange.context_;
  stop_timers(step);
  step.exchange.media_.leave(call.join, call.id, step.now);
  end_partner(step, cause);
  auto* attempt = call.current();
  if (attempt == nullptr || attempt->over) return;
  attempt->over = true;
  attempt->cdr.cause = cause.value;
  attempt->cdr.released_by = by;
  attempt->cdr.release = context.wall(step.now);
  call.incoming->describe(attempt->cdr);
  context.log(Severity::info, call.id,
              attempt->cdr.from_name + " " + call.calling + " -> " + attempt->cdr.to_name + " " +
                  call.called_sent + ": released by " + std::string(by) + ", cause " +
                  std::to_string(cause.value) + " " + std::string(cause_name(cause.value)));
  if (attempt->idle && attempt->sessions == 0)
    record(step.exchange, call, *attempt, CdrState::ended, step.now);
  else
    context.start(TimerKind::cdr_guard, guard_id(call, attempt->cdr.attempt), step.now);
}

void CallActions::start_timer(CallStep& step, TimerKind kind) {
  const auto& call = step.call;
  const auto* attempt = call.current();
  const auto incoming = call.incoming->trunk_config();
  const auto outgoing =
      attempt != nullptr && attempt->leg != nullptr ? attempt->leg->trunk_config() : TrunkRef();
  auto duration = trunk_timer(outgoing.or_else(incoming), kind);
  if (kind == TimerKind::t9)
    duration = no_answer_timer(incoming, outgoing, step.message != nullptr && is_alerting(*step.message));
  step.exchange.context_.start(kind, call.id.value, step.now, duration);
}

void CallActions::start_inband(CallStep& step, const Leg& speaker, const Leg& listener) {
  const auto trunk = speaker.trunk_config().or_else(listener.trunk_config());
  step.exchange.context_.start(TimerKind::inband, step.call.id.value, step.now,
                               trunk_timer(trunk, TimerKind::inband));
}

void CallActions::stop_timers(CallStep& step) {
  for (const auto kind : {TimerKind::t7, TimerKind::t9, TimerKind::t10, TimerKind::t35, TimerKind::inband,
                          TimerKind::tone, TimerKind::recording})
    step.exchange.context_.stop(kind, step.call.id.value);
}

void CallActions::start_attempt(CallStep& step) {
  auto& call = step.call;
  auto& exchange = step.exchange;
  const Target target = call.targets[call.next_target++];
  open_attempt(step, &target);
  auto& attempt = *call.current();
  auto iam = call.iam;
  rewrite_called(iam, call);
  const bool whole = !call.incoming->overlapping() || interwork::number_complete(call.iam);
  if (whole && exchange.factory_.takes_overlap(target)) end_number(iam);
  const auto refuse_attempt = [&](std::uint8_t cause) {
    exchange.post(*attempt.leg, make_rel(cause));
    exchange.post(*attempt.leg, isup::Message(isup::MessageType::rlc));
  };
  // Two RTP sides need no gateway: the loader refuses such routes (47 gives 503, and tries the next).
  if (attempt.leg->packet() && call.incoming->packet()) return refuse_attempt(47);
  const bool transit = between_isup(call);
  if (transit && !take_hop(iam)) return refuse_attempt(25);
  if (!call.incoming->set_transit(transit, step.now)) return refuse_attempt(99);
  attempt.leg->set_transit(transit, step.now);
  stop_timers(step);  // those of digits
  call.join.clear = is_unrestricted(iam);
  exchange.context_.trace_isup(call.id, step.now, true, iam);
  exchange.context_.calling_trunk = call.incoming->trunk_config();
  attempt.leg->send(iam, step.now);
  exchange.context_.calling_trunk = {};
  if (exchange.media_.join(call.join, *call.incoming, *attempt.leg, attempt.cdr.attempt, step.now))
    ++attempt.sessions;
  if (call.attempts.size() == 1) call.incoming->accepted(step.now);
  start_timer(step, TimerKind::t7);
  await_digits(step);
  record(exchange, call, attempt, CdrState::up, step.now);
}

void CallActions::retry(CallStep& step) {
  auto& call = step.call;
  if (other_channel(call, step.cause)) {
    ++call.channel_retries;
    --call.next_target;
  } else {
    call.channel_retries = 0;
  }
  end_attempt(step, step.cause, "outgoing");
  start_attempt(step);
}

// --- backward messages ----------------------------------------------------------------------------------

void CallActions::tell_incoming(CallStep& step, const isup::Message& message, bool made_here) {
  if (made_here) step.exchange.context_.trace_isup(step.call.id, step.now, true, message);
  step.call.incoming->send(message, step.now);
}

void CallActions::relay(CallStep& step) {
  auto& call = step.call;
  auto& exchange = step.exchange;
  auto& attempt = *call.current();
  auto message = *step.message;
  const bool alerting = is_alerting(message);
  const bool inband = has_inband(message);
  if (const auto* cause = message.get<isup::CauseIndicators>()) {
    call.announced = *cause;
    start_inband(step, *attempt.leg, *call.incoming);
    call.committed = true;
  }
  if (alerting || inband) {
    call.committed = true;
    exchange.media_.through(call.join, call.id, true, false, step.now);
  }
  const auto circuit = call.incoming->circuit();
  if (alerting && circuit && rings(exchange.context_.config, *call.incoming) &&
      (attempt.leg->packet() || (!inband && is_last_exchange(*call.incoming, *attempt.leg)))) {
    // RFC 3398 8.2.3: nobody else rings for the calling party, until media comes after all; a 180 with SDP
    // is no promise of it.
    const Sound ringback{.tone = media::Tone::ringback, .recording = {}, .yield_to_rtp = true};
    exchange.media_.play(call.join, *call.incoming, ringback, step.now);
    isup::OptionalBackwardCallIndicators indicators;
    indicators.inband = true;
    message.set(indicators);
  }
  if (call.state == CallState::wait_acm) exchange.context_.stop(TimerKind::t7, call.id.value);
  // Q.764 2.1.4: from ACM on; where the called party's own timer begins anew when it is alerted, T9 does too.
  const bool rings_now = alerting && !attempt.cdr.alerting && attempt.leg->trunk_config();
  if (rings_now || !exchange.context_.timers.running({TimerKind::t9, call.id.value}))
    start_timer(step, TimerKind::t9);
  call.acm_sent = true;
  tell_incoming(step, message, false);
  if (alerting && !attempt.cdr.alerting) {
    attempt.cdr.alerting = exchange.context_.wall(step.now);
    record(exchange, call, attempt, CdrState::up, step.now);
  }
}

void CallActions::connect(CallStep& step) {
  auto& call = step.call;
  auto& exchange = step.exchange;
  auto& attempt = *call.current();
  stop_timers(step);
  exchange.media_.hush(call.join, call.id, step.now);
  tell_incoming(step, *step.message, false);
  exchange.media_.through(call.join, call.id, true, true, step.now);
  call.committed = true;
  call.answered = step.now;
  attempt.cdr.answer = exchange.context_.wall(step.now);
  ++exchange.counters_.answered;
  record(exchange, call, attempt, CdrState::up, step.now);
  if (attempt.leg->hand_over(*call.incoming, step.now))
    exchange.context_.note(call.id, step.now, "the far end is asked to join the two channels");
}

// --- in the call ----------------------------------------------------------------------------------------

void CallActions::relay_forward(CallStep& step) {
  auto* attempt = step.call.current();
  if (attempt == nullptr || attempt->leg == nullptr) return;
  attempt->leg->send(*step.message, step.now);
  hold_sound(step, *step.call.incoming, *attempt->leg);
}

void CallActions::relay_backward(CallStep& step) {
  step.call.incoming->send(*step.message, step.now);
  hold_sound(step, *step.call.current()->leg, *step.call.incoming);
}

void CallActions::await_release(CallStep& step) {
  auto& call = step.call;
  call.announced = *step.message->get<isup::CauseIndicators>();
  call.last_words = words_of(step.message);
  const auto& incoming = *call.incoming;
  call.announced_by_incoming = step.from_incoming;
  Leg& told = step.from_incoming ? *call.current()->leg : *call.incoming;
  start_inband(step, step.from_incoming ? incoming : *call.current()->leg, told);
  if (!told.release_with_tones(rel_with(*call.announced, call.last_words), step.now))
    told.send(*step.message, step.now);
  step.exchange.context_.trace_media(
      call.id, step.now,
      "tones before the release by " + (step.from_incoming ? incoming : *call.current()->leg).party());
}

// --- release --------------------------------------------------------------------------------------------

void CallActions::refuse(CallStep& step, std::uint8_t cause) {
  open_attempt(step, nullptr);
  tell_incoming(step, make_rel(cause), true);
  end_attempt(step, made_here(cause), "gateway");
}

void CallActions::refuse_cleared(CallStep& step) {
  if (!step.text.empty()) step.exchange.context_.note(step.call.id, step.now, std::string(step.text));
  refuse(step, step.cause.value);
}

void CallActions::abandon(CallStep& step) {
  open_attempt(step, nullptr);
  end_attempt(step, step.cause, "incoming");
}

void CallActions::refuse_draining(CallStep& step) {
  refuse(step, 41);
}

void CallActions::refuse_no_route(CallStep& step) {
  refuse(step, 3);
}

void CallActions::refuse_unreachable(CallStep& step) {
  refuse(step, step.call.draining ? 41 : 27);  // 41, 503: it can be tried again (RFC 3261 21.5.4)
}

void CallActions::release_incoming(CallStep& step) {
  tell_incoming(step, relayed_rel(step), false);
  end_attempt(step, step.cause, "outgoing");
}

void CallActions::release_outgoing(CallStep& step) {
  if (auto* attempt = step.call.current(); attempt->leg != nullptr)
    attempt->leg->send(relayed_rel(step), step.now);
  end_attempt(step, step.cause, "incoming");
}

void CallActions::release_both(CallStep& step) {
  auto& call = step.call;
  if (!step.text.empty()) step.exchange.context_.note(call.id, step.now, std::string(step.text));
  const auto rel = rel_with(step.cause);
  tell_incoming(step, rel, true);
  if (auto* attempt = call.current(); attempt->leg != nullptr) attempt->leg->send(rel, step.now);
  end_attempt(step, step.cause, "gateway");
}

void CallActions::timed_out(CallStep& step, std::uint8_t cause) {
  step.cause = made_here(cause);
  release_both(step);
}

void CallActions::expire_t7(CallStep& step) {
  step.text = "T7 expired";
  timed_out(step, 102);
}

void CallActions::expire_t9(CallStep& step) {
  step.text = "T9 expired";
  timed_out(step, 19);
}

void CallActions::end_announcement(CallStep& step) {
  auto& call = step.call;
  const auto cause = call.announced.value_or(isup::CauseIndicators{});
  auto* attempt = call.current();
  const bool by_incoming = call.announced_by_incoming;
  const auto last = rel_with(cause, call.last_words);
  tell_incoming(step, by_incoming ? make_rel(16) : last, true);
  if (attempt->leg != nullptr) attempt->leg->send(by_incoming ? last : make_rel(16), step.now);
  end_attempt(step, cause, by_incoming ? "incoming" : "outgoing");
}

void CallActions::finish(CallStep& step) {
  stop_timers(step);
  step.exchange.over_.push_back(step.call.id);
}

}  // namespace tandem::core
