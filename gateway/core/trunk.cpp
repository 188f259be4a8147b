#include "gateway/core/trunk.h"

#include <utility>

#include "gateway/base/q850.h"
#include "gateway/core/number_rules.h"
#include "gateway/interwork/causes.h"
#include "gateway/interwork/q931_isup.h"
#include "tdm/pri/q931.h"

namespace tandem::core {

namespace pri = tdm::pri;

namespace {

pri::DChannelConfig d_channel_config(const Config& config, const TrunkConfig& trunk) {
  return {.type = trunk.type, .side = trunk.side, .t1 = config.spans[trunk.span].type == tdm::SpanType::t1};
}

}  // namespace

Trunk::Trunk(Context& context, Exchange& exchange, std::size_t index, std::vector<std::size_t>& touched,
             Time now)
    : context_(context),
      exchange_(exchange),
      index_(index),
      d_channel_(d_channel_config(context.config, context.config.trunks[index]), now),
      pool_(context.config.trunks[index].timeslots, context.config.trunks[index].hunt),
      touched_list_(touched) {
  touch();
}

pri::Layer1 Trunk::law() const {
  return context_.config.spans[config().span].type == tdm::SpanType::t1 ? pri::Layer1::mu_law
                                                                        : pri::Layer1::a_law;
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

void Trunk::handle_frame(OctetView frame, Time now) {
  // The record goes before what the frame causes; its call is known only after.
  trace(frame, false, {}, now);
  auto& record = std::get<TraceRecord>(context_.out.back());
  frames_.receiving(frame);
  touch();
  d_channel_.handle_frame(frame, now);
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
  return any;
}

void Trunk::dispatch(pri::Output& output, Time now) {
  std::visit(
      [&](auto& e) {
        using E = std::decay_t<decltype(e)>;
        if constexpr (std::is_same_v<E, pri::FrameOut>) {
          trace(e.octets, true, frames_.of_sent(e.octets), now);
          context_.out.emplace_back(FrameToSend{index_, std::move(e.octets)});
        } else if constexpr (std::is_same_v<E, pri::DChannelUp>) {
          on_state(true, now);
        } else if constexpr (std::is_same_v<E, pri::DChannelDown>) {
          on_state(false, now);
        } else if constexpr (std::is_same_v<E, pri::SetupInd>) {
          on_setup(e, now);
        } else if constexpr (std::is_same_v<E, pri::RestartInd>) {
          on_restart(e, now);
        } else if constexpr (std::is_same_v<E, pri::RestartAck>) {
          on_restart_ack(e);
        } else if constexpr (std::is_same_v<E, pri::Notice>) {
          context_.log(Severity::warning, {}, "trunk " + config().name + ": " + e.text);
        } else if constexpr (requires { e.call; }) {
          const auto it = legs_.find(e.call);
          if constexpr (requires(PriLeg& leg) { leg.on(e, now); })
            if (it != legs_.end()) it->second->on(e, now);
        }
      },
      output);
}

void Trunk::on_state(bool up, Time now) {
  pool_.set_up(up);
  context_.log(up ? Severity::info : Severity::warning, {},
               "trunk " + config().name + ": D channel " + (up ? "up" : "down"));
  if (up)
    for (const auto timeslot : std::exchange(restart_when_up_, {})) restart(timeslot, now);
}

// --- calls in -------------------------------------------------------------------------------------------

std::expected<std::uint8_t, std::uint8_t> Trunk::accept_channel(const pri::Channel& asked, CallId call,
                                                                Time now) {
  const auto any = [&]() -> std::expected<std::uint8_t, std::uint8_t> {
    const auto chosen = pool_.hunt(CircuitState::incoming, call);
    if (!chosen) return std::unexpected(std::uint8_t{34});  // no circuit available
    return *chosen;
  };
  if (asked.timeslot == 0) return any();
  const auto seizure = pool_.seize(asked.timeslot, CircuitState::incoming, call);
  if (seizure == CircuitPool::Seizure::taken) return asked.timeslot;
  if (seizure == CircuitPool::Seizure::unknown)
    return asked.exclusive ? std::unexpected(std::uint8_t{82}) : any();  // no such channel
  // Q.931 5.7: on a collision the network's call has the channel.
  const auto* entry = pool_.find(asked.timeslot);
  if (config().side == pri::Side::user && entry->state == CircuitState::outgoing && !entry->blocked) {
    for (const auto& [reference, leg] : legs_) {
      if (leg->call() != entry->call || !leg->may_collide()) continue;
      pool_.pass_on(asked.timeslot, call);
      leg->lose_channel(now);
      return asked.timeslot;
    }
  }
  // Q.931 5.2.3.1: one that is only preferred is exchanged for another.
  return asked.exclusive ? std::unexpected(std::uint8_t{44}) : any();
}

void Trunk::on_setup(const pri::SetupInd& event, Time now) {
  const auto call = context_.new_call();
  frames_.bind_received(call);
  const auto timeslot = accept_channel(event.setup.channel, call, now);
  if (!timeslot) {
    context_.log(
        Severity::info, call,
        "SETUP on trunk " + config().name + " refused: " + std::string(cause_name(timeslot.error())));
    frames_.ended(call);
    commanded().disconnect(event.call, timeslot.error(), now);
    return;
  }
  auto leg = std::make_unique<PriLeg>(context_, exchange_, *this, call, 0);
  leg->take_setup(event.call, *timeslot);
  auto iam = interwork::iam_from_setup(event.setup);
  numbers_from_trunk(iam, config().numbers.country_code);
  exchange_.offer(std::move(leg), std::move(iam));
}

// --- maintenance ----------------------------------------------------------------------------------------

std::uint64_t Trunk::t316_id(std::uint8_t timeslot) const {
  return static_cast<std::uint64_t>(index_) << 8 | timeslot;
}

std::expected<void, std::string> Trunk::reset(std::span<const std::uint8_t> timeslots, Time now) {
  if (!pool_.up()) return std::unexpected("the D channel of trunk " + config().name + " is down");
  for (const auto timeslot : timeslots) {
    const auto* entry = pool_.find(timeslot);
    if (entry == nullptr) continue;
    if (entry->call) exchange_.clear(entry->call, 41, "circuit reset", now);
    restart(timeslot, now);
  }
  return {};
}

void Trunk::restart(std::uint8_t timeslot, Time now) {
  pool_.set_resetting(timeslot, true);
  commanded().restart(timeslot, now);
  context_.start(TimerKind::t316, t316_id(timeslot), now);
}

void Trunk::restart_idle(std::uint8_t timeslot, Time now) {
  const auto* entry = pool_.find(timeslot);
  if (entry == nullptr || entry->state != CircuitState::idle || !pool_.up()) return;
  context_.log(Severity::info, {},
               "trunk " + config().name + ": RESTART of timeslot " + std::to_string(timeslot) +
                   ", which the far end holds");
  restart(timeslot, now);
}

void Trunk::restart_when_up(std::uint8_t timeslot) {
  pool_.set_resetting(timeslot, true);
  restart_when_up_.push_back(timeslot);
}

void Trunk::reset_unanswered(std::uint8_t timeslot) {
  pool_.set_resetting(timeslot, false);
  context_.log(
      Severity::warning, {},
      "trunk " + config().name + ": no acknowledgement of RESTART for timeslot " + std::to_string(timeslot));
}

void Trunk::on_restart_ack(const pri::RestartAck& event) {
  for (const auto& entry : pool_.entries()) {
    if (event.timeslot != 0 && event.timeslot != entry.timeslot) continue;
    const auto timeslot = entry.timeslot;
    if (!context_.timers.running({TimerKind::t316, t316_id(timeslot)})) continue;
    context_.stop(TimerKind::t316, t316_id(timeslot));
    pool_.set_resetting(timeslot, false);
  }
}

void Trunk::on_restart(const pri::RestartInd& event, Time now) {
  // Its calls have got their ReleasedInd (Q.931 5.5.2).
  context_.log(
      Severity::warning, {},
      "trunk " + config().name + ": RESTART of " +
          (event.timeslot == 0 ? std::string("all channels") : "timeslot " + std::to_string(event.timeslot)));
  for (const auto& entry : pool_.entries())
    if (entry.call && (event.timeslot == 0 || event.timeslot == entry.timeslot))
      context_.note(entry.call, now, "RESTART by the far end");
}

void Trunk::set_alarms(const tdm::Alarms& alarms, Time now) {
  // G.775, T1.231: an end that hears nothing says so (yellow); what this one would offer it does not get.
  // Calls that are up wait for the D channel's verdict (Q.931 T309).
  pool_.set_alarm(alarms.any());
  if (alarms.down() == down_) return;
  down_ = alarms.down();
  if (down_)
    context_.start(TimerKind::alarm_hold, index_, now);
  else
    context_.stop(TimerKind::alarm_hold, index_);
}

void Trunk::alarm_held(Time now) {
  std::vector<CallId> hit;
  for (const auto& entry : pool_.entries())
    if (entry.call) hit.push_back(entry.call);
  for (const auto call : hit) exchange_.clear(call, 27, "span in alarm", now);  // destination out of order
}

TrunkStatus Trunk::status() const {
  TrunkStatus status;
  status.name = config().name;
  status.switch_type = config().type == pri::Switch::euroisdn ? "euroisdn" : "national";
  status.side = config().side == pri::Side::user ? "user" : "network";
  status.d_channel_up = pool_.up();
  for (const auto& entry : pool_.entries()) {
    if (entry.call)
      ++status.busy;
    else if (entry.blocked)
      ++status.blocked;
    else if (!pool_.up() || pool_.alarm() || entry.state == CircuitState::resetting)
      ++status.out_of_service;
    else
      ++status.idle;
  }
  return status;
}

}  // namespace tandem::core
