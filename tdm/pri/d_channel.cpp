#include "tdm/pri/d_channel.h"

#include <algorithm>
#include <new>
#include <stdexcept>

#include "tdm/pri/clock.h"
#include "tdm/pri/d_channel_impl.h"
#include "tdm/pri/timers.h"

namespace tandem::tdm::pri {
namespace {

int switch_of(const DChannelConfig& config) {
  switch (config.type) {
    case Switch::euroisdn:
      return config.t1 ? PRI_SWITCH_EUROISDN_T1 : PRI_SWITCH_EUROISDN_E1;
    case Switch::national:
      return PRI_SWITCH_NI2;
    case Switch::ni1:
      return PRI_SWITCH_NI1;
    case Switch::dms100:
      return PRI_SWITCH_DMS100;
    case Switch::att4ess:
      return PRI_SWITCH_ATT4ESS;
    case Switch::lucent5ess:
      return PRI_SWITCH_LUCENT5E;
    case Switch::qsig:
      return PRI_SWITCH_QSIG;
  }
  return PRI_SWITCH_EUROISDN_E1;
}

void set_timers_of(struct pri* pri, const DChannelConfig& config) {
  for (const auto& row : timer_rows()) {
    const int index = pri_timer2idx(std::string(row.name).c_str());
    // libpri counts only its own; the others' indices have no meaning for it.
    if (index >= 0) pri_set_timer(pri, index, timer_value(config, row.name));
  }
}

void set_options(struct pri* pri, const DChannelConfig& config) {
  pri_hangup_fix_enable(pri, 1);  // Q.931 5.3.2 rather than RELEASE COMPLETE by cause
  pri_set_overlapdial(pri, 1);    // here only: "sending complete" as the request says
  // Names and diversions as the switch type has them; of DMS-100 it is RLT alone, offered in each SETUP.
  if (config.type != Switch::dms100 || config.transfer) pri_facility_enable(pri);
  pri_display_options_send(pri, PRI_DISPLAY_OPTION_NAME_INITIAL | PRI_DISPLAY_OPTION_NAME_UPDATE);
  pri_display_options_receive(pri, PRI_DISPLAY_OPTION_NAME_INITIAL | PRI_DISPLAY_OPTION_NAME_UPDATE);
  pri_aoc_events_enable(pri, 1);
  pri_hold_enable(pri, config.hold ? 1 : 0);
  pri_transfer_enable(pri, config.transfer ? 1 : 0);
  if (config.facility != NetworkFacility::none) pri_set_nsf(pri, static_cast<int>(config.facility));
  if (has_service_messages(config.type)) pri_set_service_message_support(pri, 1);
  if (config.type == Switch::qsig) pri_set_chan_mapping_logical(pri, 0);  // channels are timeslots
  set_timers_of(pri, config);
}

}  // namespace

DChannel::Impl::Impl(const DChannelConfig& wanted, Time now)
    : config(wanted),
      own_location(wanted.side == Side::network ? Location::public_local : Location::private_local) {
  if (config.interfaces.empty()) config.interfaces = {0};
  config.links = std::clamp<std::uint8_t>(config.links, 1, 2);
  // The hooks are the process's; each says on whose behalf it is called.
  pri_set_message(&Impl::take_note);
  pri_set_error(&Impl::take_note);
  const LibpriClock clock(now);
  const int node = config.side == Side::network ? PRI_NETWORK : PRI_CPE;
  for (std::uint8_t i = 0; i < config.links; ++i) {
    auto& link = links[i];
    link.owner = this;
    link.index = i;
    link.pri = pri_new_cb(-1, node, switch_of(config), &Impl::read_frame, &Impl::write_frame, &link);
    if (link.pri == nullptr) throw std::bad_alloc();
    set_options(link.pri, config);
  }
  if (config.links == 2) pri_enslave(links[0].pri, links[1].pri);
}

DChannel::DChannel(const DChannelConfig& config, Time now) : impl_(std::make_unique<Impl>(config, now)) {}
DChannel::~DChannel() = default;

void DChannel::handle_frame(OctetView frame, Time now, std::uint8_t link) {
  if (link >= impl_->config.links || impl_->closed) return;
  impl_->run_timers(now);
  impl_->receive(frame, now, impl_->links[link]);
}

void DChannel::handle_timers(Time now) {
  if (impl_->closed) return;
  impl_->run_timers(now);
}

std::optional<Time> DChannel::next_deadline() const {
  if (impl_->closed) return std::nullopt;
  std::optional<Time> deadline = impl_->t309;
  for (std::uint8_t i = 0; i < impl_->config.links; ++i) {
    const timeval* next = pri_schedule_next(impl_->links[i].pri);
    if (next == nullptr) continue;
    deadline = earlier(deadline,
                       Time(std::chrono::seconds(next->tv_sec) + std::chrono::microseconds(next->tv_usec)));
  }
  for (const auto& [id, call] : impl_->calls) deadline = earlier(deadline, call.guard);
  if (impl_->restarting) deadline = earlier(deadline, impl_->restart_until);
  return deadline;
}

std::optional<Output> DChannel::poll_output() {
  if (impl_->out.empty()) return std::nullopt;
  Output output = std::move(impl_->out.front());
  impl_->out.pop_front();
  return output;
}

void DChannel::set_timers(const std::vector<TimerSetting>& timers) {
  impl_->config.timers = timers;
  for (std::uint8_t i = 0; i < impl_->config.links; ++i) set_timers_of(impl_->links[i].pri, impl_->config);
}

bool DChannel::up() const {
  return impl_->up;
}

bool DChannel::link_up(std::uint8_t link) const {
  return link < impl_->links.size() && impl_->links[link].up;
}

std::size_t DChannel::calls() const {
  return impl_->calls.size();
}

bool DChannel::has(CallRef call) const {
  return impl_->calls.contains(call);
}

std::vector<CallRef> DChannel::open_calls() const {
  std::vector<CallRef> open;
  for (const auto& [id, call] : impl_->calls)
    if (!call.clearing) open.push_back(id);
  std::ranges::sort(open);
  return open;
}

std::size_t DChannel::call_records() const {
  return Impl::reported(impl_->links[0], "active-calls:");
}

void DChannel::proceeding(CallRef ref, const Channel& channel, Time now, const Extras& extras) {
  Call* call = impl_->find(ref);
  if (call == nullptr || call->outgoing || call->clearing || call->stage >= Stage::proceeding) return;
  const LibpriClock clock(now);
  call->stage = Stage::proceeding;
  call->channel = channel;
  impl_->attach(*call, MessageType::call_proceeding, extras.progress, std::nullopt, false);
  pri_proceeding(impl_->pri_of(*call), call->handle, impl_->encoded(channel), 0);
}

void DChannel::alerting(CallRef ref, const Channel& channel, bool inband, Time now, const Extras& extras) {
  Call* call = impl_->find(ref);
  if (call == nullptr || call->outgoing || call->clearing || call->stage >= Stage::alerting) return;
  const LibpriClock clock(now);
  call->stage = Stage::alerting;
  call->channel = channel;
  impl_->attach(*call, MessageType::alerting, extras.progress, extras.user_user, false);
  pri_acknowledge(impl_->pri_of(*call), call->handle, impl_->encoded(channel), inband ? 1 : 0);
}

void DChannel::progress(CallRef ref, const Channel& channel, std::optional<Cause> cause, bool inband,
                        Time now, const Extras& extras) {
  Call* call = impl_->find(ref);
  if (call == nullptr || call->outgoing || call->clearing || call->stage == Stage::connected) return;
  // Q.931 3.1.8: PROGRESS must have a progress indicator. In-band is the only one that libpri sends in it.
  if (!inband && extras.progress.empty()) return;
  const LibpriClock clock(now);
  // Q.931 5.2.4: the channel is agreed upon by the first response, and PROGRESS does not have it.
  if (call->stage == Stage::present) proceeding(ref, channel, now);
  call->location = impl_->own_location;
  impl_->attach(*call, MessageType::progress, extras.progress, extras.user_user, !inband);
  const int number = impl_->encoded(channel);
  if (cause) {
    call->location = cause->location;
    pri_progress_with_cause(impl_->pri_of(*call), call->handle, number, 1, cause->value);
  } else {
    pri_progress(impl_->pri_of(*call), call->handle, number, 1);
  }
}

void DChannel::connect(CallRef ref, const Channel& channel, Time now, const Party& party,
                       const std::optional<UserUser>& user_user, const std::vector<Progress>& progress) {
  Call* call = impl_->find(ref);
  if (call == nullptr || call->outgoing || call->clearing || call->stage == Stage::connected) return;
  if (party != Party{}) connected_line(ref, party, now);
  const LibpriClock clock(now);
  call->stage = Stage::connected;
  call->channel = channel;
  impl_->attach(*call, MessageType::connect, progress, user_user, false);
  pri_answer(impl_->pri_of(*call), call->handle, impl_->encoded(channel), 0);
}

void DChannel::disconnect(CallRef ref, std::uint8_t cause, Time now) {
  disconnect(ref, Cause{cause, impl_->own_location}, now);
}

void DChannel::disconnect(CallRef ref, Cause cause, Time now, bool inband) {
  Call* call = impl_->find(ref);
  if (call == nullptr || call->clearing) return;
  const LibpriClock clock(now);
  // Q.931 5.4.1: tones while clearing are the network's.
  impl_->clear(*call, cause, inband && impl_->config.side == Side::network);
}

void DChannel::close(Time now) {
  auto& impl = *impl_;
  if (impl.closed) return;
  const LibpriClock clock(now);
  impl.closed = true;
  impl.quiet = true;
  for (const auto& [id, call] : impl.calls) pri_destroycall(impl.pri_of(call), call.handle);
  impl.calls.clear();
  impl.by_handle.clear();
  impl.references.clear();
  // libpri has no word for it. C/R is 0 in the user's commands, 1 in the network's (Q.921 3.3.2).
  const auto address = static_cast<Octet>(impl.config.side == Side::network ? 0x02 : 0x00);
  constexpr Octet kTei = 0x01, kDisc = 0x53;
  for (std::uint8_t i = 0; i < impl.config.links; ++i) {
    impl.links[i].up = false;
    impl.put(FrameOut{{address, kTei, kDisc}, i});
  }
  if (std::exchange(impl.up, false)) impl.put(DChannelDown{});
}

void DChannel::restart(std::uint8_t timeslot, Time now, std::uint8_t span) {
  if (timeslot > 31 || span >= impl_->config.interfaces.size()) return;
  const LibpriClock clock(now);
  impl_->clear_channel({.timeslot = timeslot, .exclusive = true, .span = span}, false);
  impl_->restarts.insert({span, timeslot});
  impl_->send_next_restart(now);
}

}  // namespace tandem::tdm::pri
