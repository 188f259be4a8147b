#include "gateway/core/exchange.h"

#include <algorithm>

#include "gateway/core/call_actions.h"
#include "gateway/core/isup_replies.h"
#include "gateway/interwork/causes.h"

namespace tandem::core {

namespace {

using A = CallActions;
using S = CallState;
using E = CallEvent;

inline constexpr auto kRows = std::to_array<CallRow>({
    // from          on             guard            action                 to              clause
    {S::idle, E::iam, A::refused, A::refuse_draining, S::releasing, "Q.764 2.10: no new calls"},
    {S::idle, E::iam, A::needs_digits, A::collect, S::collecting, "Q.764 2.1.2, 2.1.6; RFC 3578 2"},
    {S::idle, E::iam, A::no_route_told, A::tell_no_route, S::tone, "Q.764 2.1.9; E.182"},
    {S::idle, E::iam, A::no_route, A::refuse_no_route, S::releasing, "Q.764 2.1.1.1; Q.850 cause 3"},
    {S::idle, E::iam, A::unreachable, A::refuse_unreachable, S::releasing, "Q.850 causes 27, 41"},
    {S::idle, E::iam, nullptr, A::start_attempt, S::wait_acm, "Q.764 2.1.1.1; RFC 3398 7.2.1, 8.2.1"},

    {S::collecting, E::sam, A::needs_digits, A::collect, S::collecting, "Q.764 2.1.2; RFC 3578 2"},
    {S::collecting, E::sam, A::no_route_told, A::tell_no_route, S::tone, "Q.764 2.1.9; E.182"},
    {S::collecting, E::sam, A::no_route, A::refuse_no_route, S::releasing, "Q.764 2.1.2; Q.850 cause 3"},
    {S::collecting, E::sam, A::unreachable, A::refuse_unreachable, S::releasing, "Q.850 causes 27, 41"},
    {S::collecting, E::sam, nullptr, A::start_attempt, S::wait_acm, "Q.764 2.1.2; RFC 3578 2"},
    {S::collecting, E::t10, A::digits_unrouted, A::refuse_incomplete, S::releasing,
     "Q.764 2.9.8.1: cause 28"},
    {S::collecting, E::t10, nullptr, A::start_attempt, S::wait_acm,
     "RFC 3578 2: T10, the number is complete"},
    {S::collecting, E::t35, nullptr, A::refuse_incomplete, S::releasing, "Q.764 table A.1: T35, cause 28"},
    {S::collecting, E::rel_in, nullptr, A::abandon, S::releasing, "Q.764 2.3.1"},
    {S::collecting, E::clear, nullptr, A::refuse_cleared, S::releasing, "Q.764 2.3.1"},
    {S::collecting, E::forward, nullptr, nullptr, S::collecting, "Q.764 2.1.2: nobody to tell yet"},

    {S::wait_acm, E::sam, nullptr, A::send_digits, S::wait_acm, "Q.764 2.1.2"},
    {S::wait_acm, E::t10, nullptr, A::end_digits, S::wait_acm, "RFC 3578 3.2: no more digits"},
    {S::wait_acm, E::forward, nullptr, A::relay_forward, S::wait_acm, "Q.764 2.1.6"},
    {S::wait_acm, E::acm, nullptr, A::relay, S::wait_answer, "Q.764 2.1.4; RFC 3398 7.2.5, 8.2.3"},
    {S::wait_acm, E::cpg, nullptr, A::relay, S::wait_answer, "RFC 3398 7.2.6"},
    {S::wait_acm, E::answer, nullptr, A::connect, S::answered, "Q.764 2.1.7; RFC 3398 7.2.7, 8.2.5"},
    {S::wait_acm, E::info, nullptr, A::relay_backward, S::wait_acm, "Q.764 2.1.6, 2.7"},
    {S::wait_acm, E::rel_in, nullptr, A::release_outgoing, S::releasing, "Q.764 2.3.1; RFC 3398 7.2.8"},
    {S::wait_acm, E::rel_out, A::can_retry, A::retry, S::wait_acm, "Q.764 2.8.1; RFC 3398 8.2.6.1"},
    {S::wait_acm, E::rel_out, A::wants_sound, A::play_sound, S::tone, "Q.699 2.3; Q.764 2.1.9"},
    {S::wait_acm, E::rel_out, nullptr, A::release_incoming, S::releasing, "Q.764 2.3.1; RFC 3398 7.2.4"},
    {S::wait_acm, E::t7, nullptr, A::expire_t7, S::releasing, "Q.764 table A.1; RFC 3398 7.2.2"},
    {S::wait_acm, E::t9, nullptr, nullptr, S::wait_acm, "T9 runs from ACM only"},
    {S::wait_acm, E::clear, nullptr, A::release_both, S::releasing, "Q.764 2.3.1"},
    {S::wait_acm, E::part_over, nullptr, nullptr, S::wait_acm, "an earlier attempt ended"},

    {S::wait_answer, E::sam, nullptr, nullptr, S::wait_answer, "Q.764 2.1.2: the address is complete"},
    {S::wait_answer, E::t10, nullptr, A::end_digits, S::wait_answer, "RFC 3578 3.2: no more digits"},
    {S::wait_answer, E::forward, nullptr, A::relay_forward, S::wait_answer, "Q.764 2.1.6"},
    {S::wait_answer, E::acm, nullptr, A::relay, S::wait_answer, "ACM of another attempt after an early one"},
    {S::wait_answer, E::notice, nullptr, nullptr, S::wait_answer, "Q.764 2.4: only after the answer"},
    {S::wait_answer, E::cpg, nullptr, A::relay, S::wait_answer, "Q.764 2.1.6; RFC 3398 7.2.6, 8.2.4"},
    {S::wait_answer, E::answer, nullptr, A::connect, S::answered, "Q.764 2.1.7; RFC 3398 7.2.7, 8.2.5"},
    {S::wait_answer, E::info, nullptr, A::relay_backward, S::wait_answer, "Q.764 2.1.6, 2.7"},
    {S::wait_answer, E::rel_in, nullptr, A::release_outgoing, S::releasing, "Q.764 2.3.1; RFC 3398 7.2.8"},
    {S::wait_answer, E::rel_out, A::can_retry, A::retry, S::wait_acm, "RFC 3398 8.2.6.1, after an early ACM"},
    {S::wait_answer, E::rel_out, A::wants_sound, A::play_sound, S::tone, "Q.699 2.3; Q.764 2.1.9"},
    {S::wait_answer, E::rel_out, nullptr, A::release_incoming, S::releasing, "Q.764 2.3.1; RFC 3398 7.2.4"},
    {S::wait_answer, E::t9, nullptr, A::expire_t9, S::releasing, "Q.118 T9; RFC 3398 7.2.3"},
    {S::wait_answer, E::inband_end, nullptr, A::end_announcement, S::releasing, "RFC 3398 7.2.5; Q.931 T306"},
    {S::wait_answer, E::clear, nullptr, A::release_both, S::releasing, "Q.764 2.3.1"},
    {S::wait_answer, E::part_over, nullptr, nullptr, S::wait_answer, "an earlier attempt ended"},

    {S::answered, E::rel_in, A::has_left, nullptr, S::answered,
     "ETS 300 369-1 9.3: it left the call to others"},
    {S::answered, E::rel_out, A::has_left, nullptr, S::answered,
     "ETS 300 369-1 9.3: it left the call to others"},
    {S::answered, E::rel_in, nullptr, A::release_outgoing, S::releasing, "Q.764 2.3.1; RFC 3398 7.2.9"},
    {S::answered, E::rel_out, nullptr, A::release_incoming, S::releasing, "Q.764 2.3.2; RFC 3398 7.2.9"},
    {S::answered, E::cpg, A::says_cause, A::await_release, S::answered, "Q.931 5.4.1: T306"},
    {S::answered, E::cpg, nullptr, A::relay_backward, S::answered, "Q.764 2.1.6; RFC 3398 6.10"},
    {S::answered, E::notice, nullptr, A::relay_backward, S::answered, "Q.764 2.4; RFC 3398 9.1"},
    {S::answered, E::info, nullptr, A::relay_backward, S::answered, "Q.764 2.1.6, 2.7"},
    {S::answered, E::forward, A::says_cause, A::await_release, S::answered, "Q.931 5.4.1: T306"},
    {S::answered, E::forward, nullptr, A::relay_forward, S::answered, "Q.764 2.1.6, 2.4; RFC 3398 6.10, 9.1"},
    {S::answered, E::inband_end, nullptr, A::end_announcement, S::releasing, "Q.931 5.4.1: T306"},
    {S::answered, E::sam, nullptr, nullptr, S::answered, "Q.764 2.1.2: the address is complete"},
    {S::answered, E::clear, nullptr, A::release_both, S::releasing, "Q.764 2.3.1"},
    {S::answered, E::part_over, nullptr, nullptr, S::answered, "an earlier attempt or session ended"},

    {S::tone, E::rel_in, nullptr, A::finish_tone, S::releasing, "Q.764 2.3.1"},
    {S::tone, E::tone_end, nullptr, A::end_tone, S::releasing, "Q.699 2.3"},
    {S::tone, E::clear, nullptr, A::end_tone, S::releasing, "Q.764 2.3.1"},
    {S::tone, E::part_over, nullptr, nullptr, S::tone, "the attempt's parts end"},
    {S::tone, E::forward, nullptr, nullptr, S::tone, "Q.764 2.3: nobody to tell any more"},
    {S::tone, E::sam, nullptr, nullptr, S::tone, "Q.764 2.3: nobody to tell any more"},

    {S::releasing, E::part_over, A::all_over, A::finish, S::over, "Q.764 2.3.1: RLC, circuits idle"},
    {S::releasing, E::part_over, nullptr, nullptr, S::releasing, "Q.764 2.3.1: more to wait for"},
    {S::releasing, E::rel_in, nullptr, nullptr, S::releasing, "Q.764 2.3.3: collision of REL"},
    {S::releasing, E::rel_out, nullptr, nullptr, S::releasing, "Q.764 2.3.3: collision of REL"},
    {S::releasing, E::acm, nullptr, nullptr, S::releasing, "Q.764 2.3: after REL nothing else counts"},
    {S::releasing, E::cpg, nullptr, nullptr, S::releasing, "Q.764 2.3: after REL nothing else counts"},
    {S::releasing, E::answer, nullptr, nullptr, S::releasing, "Q.764 2.3: after REL nothing else counts"},
    {S::releasing, E::sam, nullptr, nullptr, S::releasing, "Q.764 2.3: after REL nothing else counts"},
    {S::releasing, E::forward, nullptr, nullptr, S::releasing, "Q.764 2.3: after REL nothing else counts"},
    {S::releasing, E::info, nullptr, nullptr, S::releasing, "Q.764 2.3: after REL nothing else counts"},
    {S::releasing, E::notice, nullptr, nullptr, S::releasing, "Q.764 2.3: after REL nothing else counts"},
    {S::releasing, E::clear, nullptr, nullptr, S::releasing, "Q.764 2.3.1: it is going already"},
});
static_assert(fsm_rows_unique(kRows));

}  // namespace

std::span<const CallRow> Exchange::rows() {
  return kRows;
}

std::string_view to_string(CallState state) {
  switch (state) {
    case CallState::idle:
    case CallState::collecting:
      return "routing";
    case CallState::wait_acm:
      return "trying";
    case CallState::wait_answer:
      return "alerting";
    case CallState::answered:
      return "answered";
    case CallState::tone:
    case CallState::releasing:
    case CallState::over:
      return "releasing";
  }
  return "";
}

bool Call::all_idle() const {
  return incoming_idle && std::ranges::all_of(attempts, [](const auto& attempt) {
           return attempt->idle && attempt->recorded && attempt->sessions == 0;
         });
}

Exchange::Exchange(Context& context, MediaControl& media, LegFactory& factory)
    : context_(context), media_(media), factory_(factory), router_(context.config) {}

void Exchange::post(Leg& leg, isup::Message message) {
  said_.push_back({&leg, std::move(message)});
}

void Exchange::media_changed(Leg& leg) {
  said_.push_back({&leg, MediaChanged{}});
}

void Exchange::digit(Leg& leg, char digit, std::uint16_t duration_ms) {
  said_.push_back({&leg, DigitPressed{digit, duration_ms}});
}

void Exchange::offer(std::unique_ptr<Leg> incoming, isup::Message iam) {
  auto call = std::make_unique<Call>();
  call->id = incoming->call();
  call->iam = iam;
  auto& leg = *incoming;
  call->incoming = std::move(incoming);
  calls_.emplace(call->id, std::move(call));
  post(leg, std::move(iam));
}

std::string Exchange::other_party(const Leg& leg) const {
  const auto it = calls_.find(leg.call());
  if (it == calls_.end()) return {};
  const auto& call = *it->second;
  if (call.incoming.get() != &leg) return call.incoming->party();
  const auto* attempt = call.current();
  return attempt != nullptr && attempt->leg != nullptr ? attempt->leg->party() : std::string();
}

Call* Exchange::find(CallId id) {
  const auto it = calls_.find(id);
  return it != calls_.end() ? it->second.get() : nullptr;
}

const Call* Exchange::find(CallId id) const {
  const auto it = calls_.find(id);
  return it != calls_.end() ? it->second.get() : nullptr;
}

void Exchange::leg_lost(CallId id, int attempt) {
  auto* call = find(id);
  if (call == nullptr) return;
  auto* leg =
      attempt == 0 ? call->incoming.get() : call->attempts[static_cast<std::size_t>(attempt - 1)]->leg.get();
  post(*leg, make_rel(41));
  post(*leg, isup::Message(isup::MessageType::rlc));
}

CallId Exchange::oldest() const {
  auto id = context_.next_call();
  for (const auto& [call, what] : calls_) id = std::min(id, call);
  return id;
}

bool Exchange::run(Time now) {
  const bool any = !said_.empty();
  while (!said_.empty()) {
    auto said = std::move(said_.front());
    said_.pop_front();
    handle(said, now);
  }
  reap();
  return any;
}

void Exchange::reap() {
  for (const auto id : over_) calls_.erase(id);
  over_.clear();
}

void Exchange::drop_all() {
  said_.clear();
  calls_.clear();
}

void Exchange::handle(Said& said, Time now) {
  auto* call = find(said.leg->call());
  if (call == nullptr) return;
  if (const auto* message = std::get_if<isup::Message>(&said.what)) {
    handle_message(*call, *said.leg, *message, now);
    return;
  }
  auto* attempt = call->current();
  if (const auto* pressed = std::get_if<DigitPressed>(&said.what)) {
    if (!said.leg->packet()) return digit_heard(call->id, pressed->digit, pressed->duration_ms, now);
    if (call->state == S::answered || call->state == S::wait_answer)
      media_.play_digit(call->join, call->id, pressed->digit, pressed->duration_ms, now);
    return;
  }
  if (call->state == S::tone && said.leg == call->incoming.get())
    return media_.update_player(call->join, *call->incoming, now);
  if (attempt == nullptr || attempt->over || attempt->leg == nullptr) return;
  if (call->partner) return update_transferred(*call, now);
  if (said.leg != call->incoming.get() && said.leg != attempt->leg.get()) return;
  if (media_.update(call->join, *call->incoming, *attempt->leg, attempt->cdr.attempt, now))
    ++attempt->sessions;
}

namespace {

std::optional<CallEvent> event_of(const isup::Message& message, bool from_incoming) {
  using T = isup::MessageType;
  switch (message.type()) {
    case T::iam:
      return from_incoming ? std::optional(E::iam) : std::nullopt;
    case T::acm:
      return from_incoming ? std::nullopt : std::optional(E::acm);
    case T::sam:
      return from_incoming ? std::optional(E::sam) : std::nullopt;
    case T::cpg:
      return from_incoming ? E::forward : E::cpg;
    case T::sus:
    case T::res:
      return from_incoming ? E::forward : E::notice;
    case T::anm:
    case T::con:
      return from_incoming ? std::nullopt : std::optional(E::answer);
    case T::rel:
      return from_incoming ? E::rel_in : E::rel_out;
    case T::rlc:
      return E::part_over;
    default:
      return from_incoming ? E::forward : E::info;
  }
}

bool heard_by_isup(const Call& call, bool from_incoming) {
  const auto* attempt = call.current();
  const auto* other = !from_incoming       ? call.incoming.get()
                      : attempt != nullptr ? attempt->leg.get()
                                           : nullptr;
  return other != nullptr && other->speaks_isup();
}

}  // namespace

void Exchange::handle_message(Call& call, Leg& leg, const isup::Message& message, Time now) {
  const bool from_incoming = leg.attempt() == 0;
  context_.trace_isup(call.id, now, false, message);
  const auto event = event_of(message, from_incoming);
  if (!event) return;
  if (*event == E::part_over) {
    if (from_incoming) {
      call.incoming_idle = true;
    } else {
      auto& attempt = *call.attempts[static_cast<std::size_t>(leg.attempt() - 1)];
      attempt.idle = true;
      record_if_ready(call, attempt, now);
    }
  } else if (!from_incoming && static_cast<std::size_t>(leg.attempt()) != call.attempts.size()) {
    return;  // an attempt that was given up: only its RLC counts
  }
  if (of_isup_alone(message.type()) && !heard_by_isup(call, from_incoming)) {
    // The other side has no word for it: what wants an answer gets one here.
    if (const auto reply = reply_here(call.iam, message)) leg.send(*reply, now);
    return;
  }
  CallStep work{*this, call, now, &message, from_incoming};
  if (message.type() == isup::MessageType::rel) work.cause = cause_of(message);
  if (*event == E::iam) {
    if (const auto* number = message.get<isup::CalledPartyNumber>())
      call.called = number_text(number->digits, number->nature);
    if (const auto* number = message.get<isup::CallingPartyNumber>())
      call.calling = number_text(number->digits, number->nature);
    find_route(call);
  } else if (*event == E::sam) {
    const auto known = call.called.size();
    if (!CallActions::add_digits(call, message)) return;
    if (call.state == S::collecting)
      find_route(call);
    else
      call.called_sent += call.called.substr(known);  // the way has been chosen
  }
  step(work, *event);
}

void Exchange::find_route(Call& call) {
  auto choice = router_.find(call.incoming->party(), call.called);
  call.routed = choice.has_value();
  if (!choice) return;
  call.draining = std::ranges::any_of(
      choice->targets, [&](const Target& target) { return target.trunk() && !factory_.reachable(target); });
  std::erase_if(choice->targets, [&](const Target& target) { return !factory_.reachable(target); });
  call.targets = std::move(choice->targets);
  call.called_sent = std::move(choice->called);
}

void Exchange::step(CallStep& work, CallEvent event) {
  if (fsm_step(kRows, work.call.state, event, work) == nullptr && work.message != nullptr)
    context_.log(Severity::debug, work.call.id, "unexpected " + isup::describe(*work.message));
}

void Exchange::handle_timer(const TimerKey& key, Time now) {
  if (key.kind == TimerKind::cdr_guard) {
    auto* call = find(CallId{key.id >> 8});
    if (call == nullptr) return;
    auto& attempt = *call->attempts[(key.id & 0xff) - 1];
    if (!attempt.recorded) CallActions::record(*this, *call, attempt, CdrState::ended, now);
    CallStep work{*this, *call, now};
    step(work, E::part_over);
    return;
  }
  auto* call = find(CallId{key.id});
  if (call == nullptr) return;
  CallStep work{*this, *call, now};
  switch (key.kind) {
    case TimerKind::t7:
      return step(work, E::t7);
    case TimerKind::t9:
      return step(work, E::t9);
    case TimerKind::inband:
      return step(work, E::inband_end);
    case TimerKind::tone:
    case TimerKind::recording:
      return step(work, E::tone_end);
    case TimerKind::t10:
      return step(work, E::t10);
    case TimerKind::t35:
      return step(work, E::t35);
    default:
      return;
  }
}

void Exchange::digit_heard(CallId id, char digit, std::uint16_t duration_ms, Time now) {
  auto* call = find(id);
  auto* attempt = call != nullptr ? call->current() : nullptr;
  if (attempt == nullptr || attempt->leg == nullptr || call->state != S::answered) return;
  Leg& packet = call->incoming->packet() ? *call->incoming : *attempt->leg;
  packet.send_digit(digit, duration_ms, now);
}

void Exchange::playback_ended(CallId id, Time now) {
  auto* call = find(id);
  if (call == nullptr || call->join.sound.silent()) return;
  CallStep work{*this, *call, now};
  step(work, E::tone_end);
}

void Exchange::media_closed(const MediaControl::Owner& owner, const media::SessionStats& stats, Time now) {
  auto* call = find(owner.call);
  if (call == nullptr || owner.attempt < 1) return;
  auto& attempt = *call->attempts[static_cast<std::size_t>(owner.attempt - 1)];
  --attempt.sessions;
  if (!attempt.recorded) {
    auto& cdr = attempt.cdr;
    cdr.packets_sent += stats.packets_sent;
    cdr.packets_received += stats.packets_received;
    cdr.packets_lost += stats.packets_lost;
    cdr.jitter_ms = static_cast<double>(stats.jitter_ms);
    cdr.r_factor = static_cast<double>(stats.r_factor);
    cdr.mos = static_cast<double>(stats.mos);
  }
  record_if_ready(*call, attempt, now);
  CallStep work{*this, *call, now};
  step(work, E::part_over);
}

void Exchange::record_if_ready(Call& call, Attempt& attempt, Time now) {
  if (attempt.over && !attempt.recorded && attempt.idle && attempt.sessions == 0)
    CallActions::record(*this, call, attempt, CdrState::ended, now);
}

bool Exchange::clear(CallId id, std::uint8_t cause, std::string_view why, Time now) {
  auto* call = find(id);
  if (call == nullptr || call->state == S::releasing || call->state == S::over) return false;
  CallStep work{*this, *call, now};
  work.cause.value = cause;
  work.cause.location = kMadeHere;
  work.text = why;
  step(work, E::clear);
  return true;
}

void Exchange::clear_all(std::uint8_t cause, std::string_view why, Time now) {
  std::vector<CallId> ids;
  ids.reserve(calls_.size());
  for (const auto& [id, call] : calls_) ids.push_back(id);
  std::ranges::sort(ids);
  for (const auto id : ids) clear(id, cause, why, now);
}

std::vector<CallStatus> Exchange::list(Time now) const {
  std::vector<CallStatus> rows;
  rows.reserve(calls_.size());
  for (const auto& [id, call] : calls_) {
    CallStatus row;
    row.call = id;
    row.state = to_string(call->state);
    row.from_name = call->incoming->party();
    row.calling = call->calling;
    row.called = call->called;
    if (const auto* attempt = call->current()) {
      Cdr cdr = attempt->cdr;
      call->incoming->describe(cdr);
      if (attempt->leg != nullptr) attempt->leg->describe(cdr);
      row.to_name = cdr.to_name;
      row.circuit = cdr.circuit;
      row.codec = cdr.codec;
      row.sip_call_id = cdr.sip_call_id;
      row.setup = cdr.setup;
    }
    if (call->state == S::answered) row.seconds = std::chrono::duration<double>(now - call->answered).count();
    rows.push_back(std::move(row));
  }
  std::ranges::sort(rows, {}, &CallStatus::call);
  return rows;
}

}  // namespace tandem::core
