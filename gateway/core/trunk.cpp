#include "gateway/core/trunk.h"

#include <algorithm>
#include <array>
#include <utility>

#include "gateway/base/q850.h"
#include "gateway/interwork/causes.h"
#include "gateway/interwork/number_rules.h"
#include "gateway/interwork/numbers.h"
#include "gateway/interwork/q931_isup.h"
#include "tdm/pri/q931.h"

namespace tandem::core {

namespace pri = tdm::pri;

namespace {

pri::DChannelConfig d_channel_config(const Config& config, const TrunkConfig& trunk) {
  pri::DChannelConfig own{.type = trunk.type,
                          .side = trunk.side,
                          .t1 = config.spans[trunk.spans.front().span].type == tdm::SpanType::t1,
                          .links = static_cast<std::uint8_t>(trunk.d_channels.size()),
                          .interfaces = {},
                          .timers = trunk.timers,
                          .overlap_receiving = trunk.overlap != Overlap::off,
                          .overlap_sending = trunk.overlap_sending,
                          .service_messages = trunk.service_messages,
                          .hold = trunk.hold,
                          .transfer = trunk.transfer,
                          .facility = trunk.facility,
                          .inband_disconnect = trunk.inband_disconnect};
  for (const auto& span : trunk.spans) own.interfaces.push_back(span.interface_id);
  return own;
}

std::string_view switch_name(pri::Switch type) {
  static constexpr std::array<std::string_view, 7> kNames = {"euroisdn", "national", "ni1", "dms100",
                                                             "4ess",     "5ess",     "qsig"};
  return kNames[static_cast<std::size_t>(type)];
}

/// '#' is the caller's own end of pulsing. True: more digits may follow those of SETUP.
bool take_end_of_digits(pri::Setup& setup) {
  if (setup.sending_complete) return false;
  auto& digits = setup.called.digits;
  if (!digits.ends_with('#')) return true;
  digits.pop_back();
  return false;
}

/// Q.931 5.1.1: the number may be in the keypad facility instead. '#' belongs to what is dialled there.
void take_keypad(pri::Setup& setup) {
  if (!setup.called.digits.empty() || setup.keypad.empty()) return;
  setup.called.digits = std::exchange(setup.keypad, {}).substr(0, interwork::kMaxDigits);
}

}  // namespace

Trunk::Trunk(Context& context, Exchange& exchange, std::size_t index, std::vector<std::size_t>& touched,
             Time now)
    : context_(context),
      exchange_(exchange),
      index_(index),
      d_channel_(d_channel_config(context.config, context.config.trunks[index]), now),
      pool_(circuits_of(context.config.trunks[index]), context.config.trunks[index].hunt),
      touched_list_(touched) {
  touch();
}

pri::Layer1 Trunk::law() const {
  return context_.config.spans[config().spans.front().span].type == tdm::SpanType::t1 ? pri::Layer1::mu_law
                                                                                      : pri::Layer1::a_law;
}

pri::Channel Trunk::channel(Circuit circuit, bool exclusive) const {
  const auto& spans = config().spans;
  const auto it = std::ranges::find(spans, circuit.span, &TrunkSpan::span);
  return {circuit.timeslot, exclusive, static_cast<std::uint8_t>(it - spans.begin())};
}

std::optional<Circuit> Trunk::circuit(const pri::Channel& channel) const {
  if (channel.timeslot == 0 || channel.span >= config().spans.size()) return std::nullopt;
  return Circuit{config().spans[channel.span].span, channel.timeslot};
}

// --- input ----------------------------------------------------------------------------------------------

void Trunk::trace(OctetView frame, bool sent, CallId call, Time now) {
  TraceRecord record;
  record.call = call;
  record.at = context_.wall(now);
  record.kind = TraceKind::q931;
  record.sent = sent;
  record.party = config().name;
  record.text = pri::summarize(frame);
  record.octets.assign(frame.begin(), frame.end());
  context_.out.emplace_back(std::move(record));
}

void Trunk::handle_frame(OctetView frame, Time now, std::uint8_t link) {
  if (config().retired) return;
  // The record goes before what the frame causes; its call is known only after.
  trace(frame, false, {}, now);
  auto& record = std::get<TraceRecord>(context_.out.back());
  frames_.receiving(frame);
  touch();
  d_channel_.handle_frame(frame, now, link);
  pump(now);
  touch();  // its deadline is another
  record.call = frames_.of_received();
}

void Trunk::handle_timers(Time now) {
  touch();
  d_channel_.handle_timers(now);
}

bool Trunk::pump(Time now) {
  touched_ = false;
  bool any = false;
  while (auto output = d_channel_.poll_output()) {
    any = true;
    dispatch(*output, now);
  }
  watch_links(now);
  return any;
}

void Trunk::dispatch(pri::Output& output, Time now) {
  std::visit(
      [&](auto& e) {
        using E = std::decay_t<decltype(e)>;
        if constexpr (std::is_same_v<E, pri::FrameOut>) {
          trace(e.octets, true, frames_.of_sent(e.octets), now);
          context_.out.emplace_back(FrameToSend{index_, std::move(e.octets), e.link});
        } else if constexpr (std::is_same_v<E, pri::DChannelUp>) {
          on_state(true, now);
        } else if constexpr (std::is_same_v<E, pri::DChannelDown>) {
          on_state(false, now);
        } else if constexpr (std::is_same_v<E, pri::SetupInd>) {
          on_setup(e, now);
        } else if constexpr (std::is_same_v<E, pri::ServiceInd>) {
          on_service(e);
        } else if constexpr (std::is_same_v<E, pri::TransferInd>) {
          on_transfer(e, now);
        } else if constexpr (std::is_same_v<E, pri::RestartInd>) {
          on_restart(e, now);
        } else if constexpr (std::is_same_v<E, pri::RestartAck>) {
          on_restart_ack(e);
        } else if constexpr (std::is_same_v<E, pri::Notice>) {
          context_.log(Severity::warning, {}, "trunk " + config().name + ": " + e.text);
        } else if constexpr (requires { e.call; }) {
          if constexpr (std::is_same_v<E, pri::InformationInd>)
            if (collecting_.contains(e.call)) return on_digits(e, now);
          if constexpr (std::is_same_v<E, pri::ReleasedInd>)
            if (abandoned(e.call)) return;
          if constexpr (std::is_same_v<E, pri::DisconnectInd>)
            if (collecting_.contains(e.call)) return commanded().disconnect(e.call, e.cause.value, now);
          const auto it = legs_.find(e.call);
          if (it != legs_.end()) it->second->on(e, now);
        }
      },
      output);
}

void Trunk::watch_links(Time now) {
  const auto& d_channels = config().d_channels;
  if (d_channels.size() < 2) return;  // on_state tells all there is
  links_up_.resize(d_channels.size());
  for (std::size_t i = 0; i < d_channels.size(); ++i) {
    const bool up = link_up(i);
    if (links_up_[i] == up) continue;
    links_up_[i] = up;
    context_.log(up ? Severity::info : Severity::warning, {},
                 "trunk " + config().name + ": " + (i == 0 ? "primary" : "backup") + " D channel " +
                     context_.circuit_name(d_channels[i]) + (up ? " up" : " down"));
    if (!up && d_channel_.up()) repeat_unanswered(now);
  }
}

void Trunk::repeat_unanswered(Time now) {
  std::vector<PriLeg*> unanswered;
  for (const auto& [reference, leg] : legs_)
    if (leg->may_collide()) unanswered.push_back(leg);
  std::ranges::sort(unanswered, {}, [](const PriLeg* leg) { return leg->call(); });
  for (auto* leg : unanswered) leg->repeat(now);
}

void Trunk::close(Time now) {
  stop_timers();
  restart_when_up_.clear();
  commanded().close(now);
}

void Trunk::on_state(bool up, Time now) {
  pool_.set_up(up);
  context_.log(up ? Severity::info : Severity::warning, {},
               "trunk " + config().name + ": D channel " + (up ? "up" : "down"));
  if (!up) return;
  for (const auto circuit : std::exchange(restart_when_up_, {})) restart(circuit, now);
  if (!config().service_messages) return;
  for (const auto& entry : pool_.entries())  // the far end may have forgotten
    if (entry.blocked) commanded().service(channel(entry.circuit, true), false, now);
}

// --- calls in -------------------------------------------------------------------------------------------

std::expected<Circuit, std::uint8_t> Trunk::accept_channel(const pri::Channel& asked, CallId call, Time now) {
  const auto any = [&]() -> std::expected<Circuit, std::uint8_t> {
    const auto chosen = pool_.hunt(CircuitState::incoming, call);
    if (!chosen) return std::unexpected(std::uint8_t{34});  // no circuit available
    return *chosen;
  };
  if (asked.timeslot == 0) return any();
  const auto wanted = circuit(asked);
  const auto seizure =
      wanted ? pool_.seize(*wanted, CircuitState::incoming, call) : CircuitPool::Seizure::unknown;
  if (seizure == CircuitPool::Seizure::taken) return *wanted;
  if (seizure == CircuitPool::Seizure::unknown)
    return asked.exclusive ? std::unexpected(std::uint8_t{82}) : any();  // no such channel
  // Q.931 5.7: on a collision the network's call has the channel.
  const auto* entry = pool_.find(*wanted);
  if (config().side == pri::Side::user && entry->state == CircuitState::outgoing && !entry->blocked) {
    for (const auto& [reference, leg] : legs_) {
      if (leg->call() != entry->call || !leg->may_collide()) continue;
      pool_.pass_on(*wanted, call);
      leg->lose_channel(now);
      return *wanted;
    }
  }
  // Q.931 5.2.3.1: one that is only preferred is exchanged for another.
  return asked.exclusive ? std::unexpected(std::uint8_t{44}) : any();
}

void Trunk::on_setup(const pri::SetupInd& event, Time now) {
  const auto call = context_.new_call();
  frames_.bind_received(call);
  const auto circuit = accept_channel(event.setup.channel, call, now);
  if (!circuit) {
    context_.log(Severity::info, call,
                 "SETUP on trunk " + config().name + " refused: " + std::string(cause_name(circuit.error())));
    frames_.ended(call);
    commanded().disconnect(event.call, circuit.error(), now);
    return;
  }
  auto leg = std::make_unique<PriLeg>(context_, exchange_, *this, call, 0);
  auto setup = event.setup;
  const bool more = take_end_of_digits(setup) && config().overlap != Overlap::off;
  take_keypad(setup);
  leg->take_setup(event.call, *circuit, more);
  const auto digits = setup.called.digits.size();
  if (!more) {
    if (digits >= static_cast<std::size_t>(config().minimum_digits)) return offer(std::move(leg), setup);
    collecting_.emplace(event.call, Collecting{std::move(leg), setup});
    return refuse_short(event.call, now);
  }
  const bool dial_tone = config().dial_tone && digits == 0;
  commanded().setup_ack(event.call, channel(*circuit, true), dial_tone, now);
  if (config().overlap == Overlap::pass_on && digits >= least_digits()) return offer(std::move(leg), setup);
  collect(std::move(leg), setup, dial_tone, now);
}

void Trunk::offer(std::unique_ptr<PriLeg> leg, const pri::Setup& setup) {
  auto iam = interwork::iam_from_setup(setup);
  if (!config().carrier.as_called) iam.remove(isup::TransitNetworkSelection::spec.code);
  interwork::numbers_in(iam, config().numbers);
  exchange_.offer(std::move(leg), std::move(iam));
}

// --- maintenance ----------------------------------------------------------------------------------------

std::uint64_t Trunk::timer_id(Circuit circuit) const {
  return static_cast<std::uint64_t>(index_) << 48 | std::uint64_t{circuit.span} << 8 | circuit.timeslot;
}

void Trunk::handle_timer(const TimerKey& key, Time now) {
  const Circuit circuit{static_cast<std::uint16_t>(key.id >> 8), static_cast<std::uint8_t>(key.id)};
  if (key.kind == TimerKind::t302) return t302_expired(key.id & 0xffff'ffff'ffff, now);
  if (key.kind == TimerKind::alarm_hold) alarm_held(circuit.span, now);
  if (key.kind == TimerKind::t316) reset_unanswered(circuit);
}

std::expected<void, std::string> Trunk::reset(std::span<const Circuit> circuits, Time now) {
  if (!pool_.up()) return std::unexpected("the D channel of trunk " + config().name + " is down");
  for (const auto circuit : circuits) {
    const auto* entry = pool_.find(circuit);
    if (entry == nullptr) continue;
    if (entry->call) exchange_.clear(entry->call, 41, "circuit reset", now);
    restart(circuit, now);
  }
  return {};
}

void Trunk::block(std::span<const Circuit> circuits, bool blocked, Time now) {
  for (const auto circuit : circuits) {
    pool_.block(circuit, blocked);
    if (config().service_messages && pool_.up()) commanded().service(channel(circuit, true), !blocked, now);
  }
}

void Trunk::on_service(const pri::ServiceInd& event) {
  const auto concerned = circuit(event.channel);
  if (!concerned || !pool_.set_service(*concerned, event.in_service)) return;
  context_.log(Severity::warning, {},
               "trunk " + config().name + ": " + context_.circuit_name(*concerned) + " is " +
                   (event.in_service ? "in service again" : "out of service") + ", says the far end");
}

void Trunk::on_transfer(const pri::TransferInd& event, Time now) {
  const auto a = legs_.find(event.call);
  const auto b = legs_.find(event.other);
  const bool known = a != legs_.end() && b != legs_.end();
  const bool joined = known && config().transfer && exchange_.can_transfer(*a->second, *b->second);
  commanded().transfer_result(event, joined, now);  // before the calls are cleared
  if (!known) return;
  const auto call = a->second->call();
  const auto other = std::to_string(b->second->call().value);
  if (joined) exchange_.transfer(*a->second, *b->second, now);
  context_.note(call, now,
                (joined ? "joined with call " : "the far end asks for what cannot be joined: call ") + other);
}

void Trunk::restart(Circuit circuit, Time now) {
  pool_.set_resetting(circuit, true);
  commanded().restart(circuit.timeslot, now, channel(circuit, true).span);
  context_.start(TimerKind::t316, timer_id(circuit), now, trunk_timer(&config(), TimerKind::t316));
}

void Trunk::restart_idle(Circuit circuit, Time now) {
  const auto* entry = pool_.find(circuit);
  if (entry == nullptr || entry->state != CircuitState::idle || !pool_.up()) return;
  context_.log(Severity::info, {},
               "trunk " + config().name + ": RESTART of " + context_.circuit_name(circuit) +
                   ", which the far end holds");
  restart(circuit, now);
}

void Trunk::restart_when_up(Circuit circuit) {
  pool_.set_resetting(circuit, true);
  restart_when_up_.push_back(circuit);
}

void Trunk::reset_unanswered(Circuit circuit) {
  pool_.set_resetting(circuit, false);
  context_.log(
      Severity::warning, {},
      "trunk " + config().name + ": no acknowledgement of RESTART for " + context_.circuit_name(circuit));
}

void Trunk::on_restart_ack(const pri::RestartAck& event) {
  for (const auto& entry : pool_.entries()) {
    const auto own = channel(entry.circuit, true);
    if (event.timeslot != 0 && (event.timeslot != own.timeslot || event.span != own.span)) continue;
    const auto id = timer_id(entry.circuit);
    if (!context_.timers.running({TimerKind::t316, id})) continue;
    context_.stop(TimerKind::t316, id);
    pool_.set_resetting(entry.circuit, false);
  }
}

void Trunk::on_restart(const pri::RestartInd& event, Time now) {
  // Its calls have got their ReleasedInd (Q.931 5.5.2).
  const auto one = circuit({event.timeslot, true, event.span});
  std::string what = "all channels";
  if (one)
    what = context_.circuit_name(*one);
  else if (!event.all && event.span < config().spans.size())
    what = "span " + context_.config.spans[config().spans[event.span].span].name;
  context_.log(Severity::warning, {}, "trunk " + config().name + ": RESTART of " + what);
  for (const auto& entry : pool_.entries()) {
    const auto own = channel(entry.circuit, true);
    const bool concerned =
        event.all || (own.span == event.span && (event.timeslot == 0 || own.timeslot == event.timeslot));
    if (!concerned) continue;
    if (entry.call) context_.note(entry.call, now, "RESTART by the far end");
    pool_.set_service(entry.circuit, true);  // Q.931 5.5: back to the idle condition
  }
}

void Trunk::set_alarms(std::uint16_t span, const tdm::Alarms& alarms, Time now) {
  // G.775, T1.231: an end that hears nothing says so (yellow); what this one would offer it does not get.
  // Calls that are up are kept as long as without a D channel (Q.931 T309).
  pool_.set_alarm(span, alarms.any());
  const bool was_down = std::erase(down_, span) != 0;
  if (alarms.down()) down_.push_back(span);
  if (alarms.down() == was_down) return;
  if (alarms.down())
    context_.start(TimerKind::alarm_hold, timer_id({span, 0}), now,
                   trunk_timer(&config(), TimerKind::alarm_hold));
  else
    context_.stop(TimerKind::alarm_hold, timer_id({span, 0}));
}

void Trunk::alarm_held(std::uint16_t span, Time now) {
  std::vector<CallId> hit;
  for (const auto& entry : pool_.entries())
    if (entry.call && entry.circuit.span == span) hit.push_back(entry.call);
  for (const auto call : hit) exchange_.clear(call, 27, "span in alarm", now);  // destination out of order
}

bool Trunk::drained() const {
  return calls() == 0 && std::ranges::all_of(pool_.entries(), [](const CircuitEntry& entry) {
           return !entry.call && entry.media == 0;
         });
}

void Trunk::stop_timers() {
  for (const auto& entry : pool_.entries()) context_.stop(TimerKind::t316, timer_id(entry.circuit));
  for (const auto& span : config().spans) context_.stop(TimerKind::alarm_hold, timer_id({span.span, 0}));
}

TrunkStatus Trunk::status() const {
  TrunkStatus status;
  status.name = config().name;
  status.switch_type = switch_name(config().type);
  status.side = config().side == pri::Side::user ? "user" : "network";
  status.up = pool_.up();
  for (const auto& entry : pool_.entries()) {
    if (entry.call)
      ++status.busy;
    else if (entry.blocked || entry.out_of_service)
      ++status.blocked;
    else if (!pool_.blocked_by(entry).empty() || entry.state == CircuitState::resetting)
      ++status.out_of_service;
    else
      ++status.idle;
  }
  return status;
}

}  // namespace tandem::core
