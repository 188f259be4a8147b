// DChannel: what arrives, and what libpri makes of it.
#include <algorithm>
#include <string>

#include "tdm/pri/clock.h"
#include "tdm/pri/d_channel_impl.h"
#include "tdm/pri/party.h"
#include "tdm/pri/q931_elements.h"
#include "tdm/pri/timers.h"

namespace tandem::tdm::pri {
namespace {

// libpri has T303, T305, T308, T309, T313 and T316, but not T301, T304, T306 and T310.
constexpr std::uint8_t kNoAnswer = 19;
constexpr std::uint8_t kTimerExpired = 102;

Bearer bearer_of(const pri_event_ring& ring, const DChannelConfig& config) {
  Bearer bearer{.transfer = Transfer::unrestricted, .layer1 = config.t1 ? Layer1::mu_law : Layer1::a_law};
  // Anything else that exists (video, 7 kHz) needs a clear channel.
  for (const auto known : {Transfer::speech, Transfer::restricted, Transfer::audio_3k1}) {
    if (ring.ctype == static_cast<int>(known)) bearer.transfer = known;
  }
  for (const auto known : {Layer1::v110, Layer1::mu_law, Layer1::a_law}) {
    if (ring.layer1 == static_cast<int>(known)) bearer.layer1 = known;
  }
  return bearer;
}

bool has_inband(const std::vector<Progress>& progress) {
  return std::ranges::any_of(
      progress, [](const Progress& one) { return one.description == ProgressDescription::inband; });
}

/// The call that an event is about; nothing for those that are about none.
q931_call* call_of(const pri_event& event) {
  switch (event.e) {
    case PRI_EVENT_RING:
    case PRI_EVENT_INFO_RECEIVED:
      return event.ring.call;
    case PRI_EVENT_KEYPAD_DIGIT:
      return event.digit.call;
    case PRI_EVENT_SETUP_ACK:
      return event.setup_ack.call;
    case PRI_EVENT_PROCEEDING:
    case PRI_EVENT_PROGRESS:
      return event.proceeding.call;
    case PRI_EVENT_RINGING:
      return event.ringing.call;
    case PRI_EVENT_ANSWER:
      return event.answer.call;
    case PRI_EVENT_FACILITY:
      return event.facility.call;
    case PRI_EVENT_NOTIFY:
      return event.notify.call;
    case PRI_EVENT_HANGUP_REQ:
    case PRI_EVENT_HANGUP:
    case PRI_EVENT_HANGUP_ACK:
      return event.hangup.call;
    default:
      return nullptr;
  }
}

}  // namespace

void DChannel::Impl::run_timers(Time now) {
  const LibpriClock clock(now);
  received.reset();
  bool ran = false;
  for (std::uint8_t i = 0; i < config.links; ++i) {
    const timeval* next = pri_schedule_next(links[i].pri);
    if (next == nullptr) continue;
    if (Time(std::chrono::seconds(next->tv_sec) + std::chrono::microseconds(next->tv_usec)) > now) continue;
    ran = true;
    while (const pri_event* event = pri_schedule_run(links[i].pri)) on_event(*event, now, links[i]);
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
  run_t309(now);
}

void DChannel::Impl::receive(OctetView frame, Time now, Link& link) {
  const LibpriClock clock(now);
  auto screened = screen(
      frame, [this](WireReference reference) { return references.contains(reference); },
      has_service_messages(config.type));
  if (!screened.complaint.empty()) note("Q.931: " + std::string(screened.complaint));
  if (screened.frame.empty()) return;
  const bool information = screened.frame.size() > 4;
  if (information && choked(link))
    return;  // not acknowledged either: layer 2 of the far end waits or starts anew
  const auto layer2 = parse_frame(screened.frame);
  const FrameKind kind = layer2 ? layer2->kind : FrameKind::unknown;
  if (kind == FrameKind::sabme) on_link_reset(link);
  if (acknowledges(kind)) link.sent.acknowledged(layer2->nr);
  received = std::move(screened.received);
  receiving_link = link.index;
  link.incoming = std::move(screened.frame);
  // Once the guard has complained, what libpri says of the same message is no news.
  quiet = !screened.complaint.empty();
  Call* concerned = received && !received->maintenance ? by_reference(received->reference) : nullptr;
  if (concerned != nullptr) note_heard(*concerned, link);
  if (concerned != nullptr && received->type == MessageType::disconnect && !concerned->outgoing &&
      concerned->stage == Stage::present) {
    concerned->abandoned = true;
    concerned->cause = received->cause.value_or(concerned->cause);
  }
  if (received && received->new_status) {
    // libpri's NI-1 answers with a status of its own making.
    global_edits.push_back({.types = {MessageType{kService}, MessageType{kServiceAcknowledge}},
                            .remove = {ie::kChangeStatus},
                            .insert = {encode_change_status(*received->new_status)},
                            .lasting = Edit::Lasting::in_turn});
  }
  if (const pri_event* event = pri_check_event(link.pri)) on_event(*event, now, link);
  quiet = false;
  link.incoming.clear();
  if (received) {
    if (Call* call = by_reference(received->reference)) reconcile(*call);
    received.reset();
  }
  if (any_over) reconcile_all();
}

void DChannel::Impl::note_heard(Call& call, const Link& link) const {
  using T = MessageType;
  call.link = link.index;  // as libpri does
  // Also what a far end sends that has no such call (Q.931 5.8.3.2).
  const bool anything = received->type == T::status || received->type == T::status_enquiry ||
                        received->type == T::release || received->type == T::release_complete;
  if (!anything) call.heard = true;
}

void DChannel::Impl::on_event(const pri_event& event, Time now, Link& link) {
  if (moving) return;
  switch (event.e) {
    case PRI_EVENT_DCHAN_UP:
    case PRI_EVENT_DCHAN_DOWN:
      return on_link(link, event.e == PRI_EVENT_DCHAN_UP, now);
    case PRI_EVENT_RING:
      return on_ring(event.ring, link);
    case PRI_EVENT_RESTART:
      return on_restart(event.restart.channel);
    case PRI_EVENT_RESTART_ACK:
      return on_restart_ack(event.restartack.channel, now);
    case PRI_EVENT_SERVICE:
      return on_service();
    case PRI_EVENT_CONFIG_ERR:
      return note(event.err.err);
    default:
      break;
  }
  Call* call = find(call_of(event));
  if (call == nullptr) return on_hold_event(event);
  on_subcommands(event, *call);
  switch (event.e) {
    case PRI_EVENT_SETUP_ACK:
      return on_setup_ack(*call, now);
    case PRI_EVENT_PROCEEDING:
    case PRI_EVENT_PROGRESS:
      return on_progressing(*call, event.e == PRI_EVENT_PROCEEDING, now);
    case PRI_EVENT_RINGING:
      return on_alerting(*call, now);
    case PRI_EVENT_ANSWER:
      return on_connect(*call);
    case PRI_EVENT_INFO_RECEIVED:
    case PRI_EVENT_KEYPAD_DIGIT:
      return on_information(*call);
    case PRI_EVENT_NOTIFY:
      return on_notify(event.notify, *call);
    case PRI_EVENT_HANGUP_REQ:
    case PRI_EVENT_HANGUP:
    case PRI_EVENT_HANGUP_ACK:
      return on_clearing(event.hangup, *call, now);
    default:
      return;  // FACILITY has said what it has to say by its subcommands
  }
}

void DChannel::Impl::on_ring(const pri_event_ring& ring, Link& link) {
  const auto reference = static_cast<WireReference>(ring.cref);
  if (calls.size() >= kMaxCalls * config.interfaces.size()) {
    note("SETUP refused: too many calls");
    pri_hangup(link.pri, ring.call, PRI_CAUSE_NORMAL_CIRCUIT_CONGESTION);
    return;
  }
  if (received && received->channel && !span_of(received->interface)) {
    note("SETUP refused: a channel of no span of this trunk");
    pri_hangup(link.pri, ring.call, PRI_CAUSE_IDENTIFIED_CHANNEL_NOTEXIST);
    return;
  }
  auto& call = adopt(ring.call, reference, false, link.index);
  SetupInd indication{call.id, {}};
  auto& setup = indication.setup;
  setup.bearer = bearer_of(ring, config);
  setup.called = number_of(ring.callednum, ring.calledplan, 0);
  const auto calling = party_of(ring.calling);
  setup.calling = calling.number;
  setup.calling_name = calling.name;
  call.remote = calling;
  setup.progress = received_progress();
  setup.sending_complete = ring.complete != 0;
  setup.channel = received_channel(call).value_or(Channel{});
  if (received) {
    setup.calling_subaddress = received->calling_subaddress;
    setup.called_subaddress = received->called_subaddress;
    setup.user_user = received->user_user;
    setup.keypad = received->keypad;
    setup.transit_network = received->transit_network;
  }
  for (int i = 0; ring.subcmds != nullptr && i < ring.subcmds->counter_subcmd; ++i) {
    const auto& command = ring.subcmds->subcmd[i];
    if (command.cmd == PRI_SUBCMD_REDIRECTING) setup.redirection = redirection_of(command.u.redirecting);
  }
  put(std::move(indication));
}

void DChannel::Impl::on_setup_ack(Call& call, Time now) {
  call.guard = now + timer_duration(config, "T304");
  call.guard_cause = kTimerExpired;
  if (config.overlap_sending) {
    call.overlap_sending = true;
    put(SetupAckInd{call.id, received_progress(), received_channel(call)});
    return;
  }
  // Everything was sent with SETUP; the far end has the call and its channel all the same.
  put(ProceedingInd{call.id, {}, received_channel(call)});
}

void DChannel::Impl::on_progressing(Call& call, bool proceeding, Time now) {
  if (proceeding) {
    call.overlap_sending = false;
    call.guard = now + timer_duration(config, "T310");
    call.guard_cause = kTimerExpired;
    put(ProceedingInd{call.id, received_progress(), received_channel(call)});
    return;
  }
  if (!call.overlap_sending) call.guard.reset();  // Q.931 table 9-2: PROGRESS stops T310
  std::optional<Cause> cause;
  if (received && received->cause) cause = received->cause;
  put(ProgressInd{call.id, received_progress(), cause});
}

void DChannel::Impl::on_alerting(Call& call, Time now) {
  call.overlap_sending = false;
  call.guard = now + timer_duration(config, "T301");
  call.guard_cause = kNoAnswer;
  put(AlertingInd{call.id, received_progress(), received_channel(call), received_user_user(),
                  call.remote.name});
}

void DChannel::Impl::on_connect(Call& call) {
  call.overlap_sending = false;
  call.stage = Stage::connected;
  call.guard.reset();
  put(ConnectInd{.call = call.id,
                 .connected = call.remote.number,
                 .progress = received_progress(),
                 .channel = received_channel(call),
                 .name = call.remote.name,
                 .subaddress = received ? received->connected_subaddress : std::nullopt,
                 .user_user = received_user_user()});
}

void DChannel::Impl::on_clearing(const pri_event_hangup& event, Call& call, Time now) {
  call.cause = received_cause(event.cause, call);
  if (event.e == PRI_EVENT_HANGUP_REQ) {
    auto progress = received_progress();
    call.guard.reset();
    call.far_cleared = true;
    if (!config.inband_disconnect)
      std::erase_if(progress,
                    [](const Progress& one) { return one.description == ProgressDescription::inband; });
    if (has_inband(progress)) {
      // Q.931 5.4.1: the far end releases at its T306; should it not, we do.
      call.guard = now + timer_duration(config, "T306");
      call.guard_cause = call.cause.value;
    }
    if (!call.clearing) put(DisconnectInd{call.id, call.cause, std::move(progress), received_user_user()});
    return;
  }
  // RELEASE wants its RELEASE COMPLETE (Q.931 5.3.4); afterwards libpri's record is gone.
  if (event.e == PRI_EVENT_HANGUP) {
    call.location.reset();
    pri_hangup(pri_of(call), call.handle, call.cause.value);
  }
  release(call, call.cause);
}

void DChannel::Impl::on_restart(int channel) {
  const auto restart_class = received ? received->restart_class : std::uint8_t{0};
  const bool explicit_interface = (channel >> 16 & 1) != 0 && channel >= 0;
  std::optional<std::uint8_t> interface;
  if (explicit_interface) interface = static_cast<std::uint8_t>(channel >> 8 & 0x7F);
  if (received && received->interface) interface = received->interface;
  const bool no_channel = channel < 0 || (channel & 0xFF) == 0 || (channel & 0xFF) == 0xFF;
  constexpr std::uint8_t kSingleInterface = 6;  // Q.931 4.5.25
  constexpr std::uint8_t kAllInterfaces = 7;
  RestartInd indication{.timeslot = 0, .span = span_of(interface).value_or(0)};
  indication.all = restart_class == kAllInterfaces || (no_channel && restart_class != kSingleInterface);
  if (!no_channel && restart_class < kSingleInterface) {
    indication.timeslot = static_cast<std::uint8_t>(channel & 0xFF);
  }
  clear_channel({.timeslot = indication.timeslot, .exclusive = true, .span = indication.span},
                indication.all);
  put(indication);
}

void DChannel::Impl::on_restart_ack(int channel, Time now) {
  const auto number = static_cast<std::uint8_t>(channel < 0 ? 0 : channel & 0xFF);
  if (!restarting) return;
  const auto [span, timeslot] = *restarting;
  if (number != 0 && number != 0xFF && number != timeslot) return;
  restarting.reset();
  put(RestartAck{timeslot, span});
  send_next_restart(now);
}

void DChannel::Impl::on_service() {
  if (!config.service_messages || !received || !received->new_status || !received->channel) return;
  const auto span = span_of(received->interface);
  if (!span) return;
  Channel channel = *received->channel;
  channel.span = *span;
  put(ServiceInd{channel, *received->new_status == 0});
}

Cause DChannel::Impl::received_cause(int value, const Call& call) const {
  if (received && received->cause) return *received->cause;
  if (value > 0 && value < 128 && !received) return {static_cast<std::uint8_t>(value), own_location};
  return call.cause;
}

std::vector<Progress> DChannel::Impl::received_progress() const {
  return received ? received->progress : std::vector<Progress>{};
}

std::optional<UserUser> DChannel::Impl::received_user_user() const {
  return received ? received->user_user : std::nullopt;
}

std::optional<Channel> DChannel::Impl::received_channel(Call& call) const {
  if (!received || !received->channel) return std::nullopt;
  const auto span = span_of(received->interface);
  if (!span) return std::nullopt;
  Channel channel = *received->channel;
  channel.span = *span;
  if (channel.timeslot != 0) call.channel = channel;
  return channel;
}

}  // namespace tandem::tdm::pri
