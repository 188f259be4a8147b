// DChannel: what arrives, and what libpri makes of it.
#include <algorithm>
#include <string>

#include "tdm/pri/clock.h"
#include "tdm/pri/d_channel_impl.h"
#include "tdm/pri/timers.h"

namespace tandem::tdm::pri {
namespace {

// libpri has T303, T305, T308, T309, T313 and T316, but not T301, T304, T306 and T310.
constexpr std::uint8_t kNoAnswer = 19;
constexpr std::uint8_t kTimerExpired = 102;

std::string digits_of(std::string_view text) {
  std::string digits;
  for (const char c : text) {
    const bool letter = (c >= 'A' && c <= 'D') || (c >= 'a' && c <= 'd');
    if ((c >= '0' && c <= '9') || c == '*' || c == '#' || c == '+' || letter) digits.push_back(c);
  }
  return digits;
}

/// From ISO 8859-1, what libpri takes display texts for, to UTF-8; control characters are dropped.
std::string utf8(std::string_view text) {
  std::string name;
  for (const char c : text) {
    const auto octet = static_cast<unsigned char>(c);
    if (octet < 0x20 || (octet >= 0x7F && octet < 0xA0)) continue;
    if (octet < 0x80) {
      name.push_back(c);
    } else {
      name.push_back(static_cast<char>(0xC0 | octet >> 6));
      name.push_back(static_cast<char>(0x80 | (octet & 0x3F)));
    }
  }
  return name;
}

Number number_of(std::string_view digits, int type_and_plan, int presentation) {
  Number number{.digits = digits_of(digits)};
  number.type = static_cast<TypeOfNumber>(type_and_plan >> 4 & 7);
  number.plan = static_cast<NumberingPlan>(type_and_plan & 0x0F);
  number.presentation = static_cast<Presentation>(presentation >> 5 & 3);
  number.screening = static_cast<Screening>(presentation & 3);
  return number;
}

Bearer bearer_of(const pri_event_ring& ring, bool t1) {
  Bearer bearer{.transfer = Transfer::unrestricted, .layer1 = t1 ? Layer1::mu_law : Layer1::a_law};
  // Anything else that exists (video, 7 kHz) needs a clear channel.
  for (const auto known : {Transfer::speech, Transfer::restricted, Transfer::audio_3k1}) {
    if (ring.ctype == static_cast<int>(known)) bearer.transfer = known;
  }
  for (const auto known : {Layer1::v110, Layer1::mu_law, Layer1::a_law}) {
    if (ring.layer1 == static_cast<int>(known)) bearer.layer1 = known;
  }
  return bearer;
}

std::optional<Number> connected_number(const pri_subcommands* commands) {
  if (commands == nullptr) return std::nullopt;
  for (int i = 0; i < commands->counter_subcmd; ++i) {
    const auto& command = commands->subcmd[i];
    if (command.cmd != PRI_SUBCMD_CONNECTED_LINE) continue;
    const auto& number = command.u.connected_line.id.number;
    if (number.valid != 0) return number_of(number.str, number.plan, number.presentation);
  }
  return std::nullopt;
}

}  // namespace

void DChannel::Impl::run_timers(Time now) {
  const LibpriClock clock(now);
  received.reset();
  bool ran = false;
  if (const timeval* next = pri_schedule_next(pri)) {
    ran = Time(std::chrono::seconds(next->tv_sec) + std::chrono::microseconds(next->tv_usec)) <= now;
  }
  if (ran) {
    while (const pri_event* event = pri_schedule_run(pri)) on_event(*event, now);
  }
  if (ran || any_over) reconcile_all();
  std::vector<CallRef> due;
  for (const auto& [id, call] : calls) {
    if (call.guard && *call.guard <= now) due.push_back(id);
  }
  std::ranges::sort(due);
  for (const auto id : due) {
    if (Call* call = find(id)) clear(*call, Cause{call->guard_cause, own_location});
  }
  if (restarting && restart_until <= now) {
    restarting.reset();
    send_next_restart(now);
  }
}

void DChannel::Impl::receive(OctetView frame, Time now) {
  const LibpriClock clock(now);
  auto screened = screen(
      frame, [this](WireReference reference) { return references.contains(reference); },
      config.type == Switch::national);
  if (!screened.complaint.empty()) note("Q.931: " + std::string(screened.complaint));
  if (screened.frame.empty()) return;
  const bool information = screened.frame.size() > 4;
  if (information && choked())
    return;  // not acknowledged either: layer 2 of the far end waits or starts anew
  received = std::move(screened.received);
  incoming = std::move(screened.frame);
  // Once the guard has complained, what libpri says of the same message is no news.
  quiet = !screened.complaint.empty();
  if (received && received->type == MessageType::disconnect) {
    Call* call = by_reference(received->reference);
    if (call != nullptr && !call->outgoing && call->stage == Stage::present) {
      call->abandoned = true;
      call->cause = received->cause.value_or(call->cause);
    }
  }
  if (const pri_event* event = pri_check_event(pri)) on_event(*event, now);
  quiet = false;
  incoming.clear();
  if (received) {
    if (Call* call = by_reference(received->reference)) reconcile(*call);
    received.reset();
  }
  if (any_over) reconcile_all();
}

void DChannel::Impl::on_event(const pri_event& event, Time now) {
  switch (event.e) {
    case PRI_EVENT_DCHAN_UP:
      if (!std::exchange(up, true)) put(DChannelUp{});
      send_next_restart(now);
      break;
    case PRI_EVENT_DCHAN_DOWN:
      if (std::exchange(up, false)) put(DChannelDown{});
      break;
    case PRI_EVENT_RING:
      on_ring(event.ring, now);
      break;
    case PRI_EVENT_SETUP_ACK:
      if (Call* call = find(event.setup_ack.call)) {
        // Everything was sent with SETUP; the far end has the call and its channel all the same.
        call->guard = now + timer_duration(config, "T304");
        call->guard_cause = kTimerExpired;
        put(ProceedingInd{call->id, {}, received_channel(*call)});
      }
      break;
    case PRI_EVENT_PROCEEDING:
    case PRI_EVENT_PROGRESS:
      on_progressing(event.proceeding, now);
      break;
    case PRI_EVENT_RINGING:
      on_alerting(event.ringing, now);
      break;
    case PRI_EVENT_ANSWER:
      on_connect(event.answer);
      break;
    case PRI_EVENT_HANGUP_REQ:
    case PRI_EVENT_HANGUP:
    case PRI_EVENT_HANGUP_ACK:
      on_clearing(event.hangup);
      break;
    case PRI_EVENT_RESTART:
      on_restart(event.restart.channel);
      break;
    case PRI_EVENT_RESTART_ACK:
      on_restart_ack(event.restartack.channel, now);
      break;
    case PRI_EVENT_CONFIG_ERR:
      note(event.err.err);
      break;
    default:
      break;  // supplementary services, keypad and notifications are of no consequence here
  }
}

void DChannel::Impl::on_ring(const pri_event_ring& ring, Time /*now*/) {
  const auto reference = static_cast<WireReference>(ring.cref);
  if (calls.size() >= kMaxCalls) {
    note("SETUP refused: too many calls");
    pri_hangup(pri, ring.call, PRI_CAUSE_NORMAL_CIRCUIT_CONGESTION);
    return;
  }
  auto& call = adopt(ring.call, reference, false);
  SetupInd indication{call.id, {}};
  auto& setup = indication.setup;
  setup.bearer = bearer_of(ring, config.t1);
  setup.called = number_of(ring.callednum, ring.calledplan, 0);
  const auto& calling = ring.calling.number;
  if (calling.valid != 0) setup.calling = number_of(calling.str, calling.plan, calling.presentation);
  if (ring.calling.name.valid != 0) setup.calling_name = utf8(ring.calling.name.str);
  setup.progress = received_progress();
  setup.sending_complete = ring.complete != 0;
  setup.channel = received_channel(call).value_or(Channel{});
  put(std::move(indication));
}

void DChannel::Impl::on_progressing(const pri_event_proceeding& event, Time now) {
  Call* call = find(event.call);
  if (call == nullptr) return;
  if (event.e == PRI_EVENT_PROCEEDING) {
    call->guard = now + timer_duration(config, "T310");
    call->guard_cause = kTimerExpired;
    put(ProceedingInd{call->id, received_progress(), received_channel(*call)});
    return;
  }
  call->guard.reset();  // Q.931 table 9-2: PROGRESS stops T310
  std::optional<Cause> cause;
  if (received && received->cause) cause = received->cause;
  put(ProgressInd{call->id, received_progress(), cause});
}

void DChannel::Impl::on_alerting(const pri_event_ringing& event, Time now) {
  Call* call = find(event.call);
  if (call == nullptr) return;
  call->guard = now + timer_duration(config, "T301");
  call->guard_cause = kNoAnswer;
  put(AlertingInd{call->id, received_progress(), received_channel(*call)});
}

void DChannel::Impl::on_connect(const pri_event_answer& event) {
  Call* call = find(event.call);
  if (call == nullptr) return;
  call->guard.reset();
  auto connected = connected_number(event.subcmds);
  put(ConnectInd{call->id, std::move(connected), received_progress(), received_channel(*call)});
}

void DChannel::Impl::on_clearing(const pri_event_hangup& event) {
  Call* call = find(event.call);
  if (call == nullptr) return;
  call->cause = received_cause(event.cause, *call);
  if (event.e == PRI_EVENT_HANGUP_REQ) {
    call->guard.reset();
    call->far_cleared = true;
    if (!call->clearing) put(DisconnectInd{call->id, call->cause, received_progress()});
    return;
  }
  // RELEASE wants its RELEASE COMPLETE (Q.931 5.3.4); afterwards libpri's record is gone.
  if (event.e == PRI_EVENT_HANGUP) {
    call->amendments.location.reset();
    pri_hangup(pri, call->handle, call->cause.value);
  }
  release(*call, call->cause);
}

void DChannel::Impl::on_restart(int channel) {
  const bool all = channel < 0 || (channel & 0xFF) == 0 || (channel & 0xFF) == 0xFF;
  const auto timeslot = static_cast<std::uint8_t>(all ? 0 : channel & 0xFF);
  clear_timeslot(timeslot);
  put(RestartInd{timeslot});
}

void DChannel::Impl::on_restart_ack(int channel, Time now) {
  auto timeslot = static_cast<std::uint8_t>(channel < 0 ? 0 : channel & 0xFF);
  if (!restarting || (timeslot != 0 && timeslot != *restarting)) return;
  timeslot = *restarting;
  restarting.reset();
  put(RestartAck{timeslot});
  send_next_restart(now);
}

Cause DChannel::Impl::received_cause(int value, const Call& call) const {
  if (received && received->cause) return *received->cause;
  if (value > 0 && value < 128 && !received) return {static_cast<std::uint8_t>(value), own_location};
  return call.cause;
}

std::vector<Progress> DChannel::Impl::received_progress() const {
  return received ? received->progress : std::vector<Progress>{};
}

std::optional<Channel> DChannel::Impl::received_channel(Call& call) const {
  if (!received || !received->channel) return std::nullopt;
  if (received->channel->timeslot != 0) call.timeslot = received->channel->timeslot;
  return received->channel;
}

}  // namespace tandem::tdm::pri
