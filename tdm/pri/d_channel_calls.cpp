// DChannel: the life of calls and the end of an instance.
#include <algorithm>

#include "tdm/pri/clock.h"
#include "tdm/pri/d_channel_impl.h"
#include "tdm/pri/q931_elements.h"
#include "tdm/pri/timers.h"

namespace tandem::tdm::pri {
namespace {

/// libpri cannot destroy a `struct pri`. Each is kept here, for as long as the process lives and so that
/// leak checkers see it: about 20 KiB for each link ever made, which is one or two per trunk.
std::vector<struct pri*>& retired() {
  static auto& instances = *new std::vector<struct pri*>;  // outlives all static objects
  return instances;
}

}  // namespace

DChannel::Impl::~Impl() {
  quiet = true;
  for (auto& [id, call] : calls) pri_destroycall(pri_of(call), call.handle);
  for (auto& link : links) {
    if (link.pri == nullptr) continue;
    pri_set_userdata(link.pri, nullptr);
    retired().push_back(link.pri);
  }
}

Call* DChannel::Impl::find(CallRef id) {
  const auto found = calls.find(id);
  return found == calls.end() ? nullptr : &found->second;
}

Call* DChannel::Impl::find(const q931_call* handle) {
  const auto found = by_handle.find(handle);
  return found == by_handle.end() ? nullptr : find(found->second);
}

Call* DChannel::Impl::by_reference(WireReference reference) {
  const auto found = references.find(reference);
  return found == references.end() ? nullptr : find(found->second);
}

Call& DChannel::Impl::adopt(q931_call* handle, WireReference reference, bool outgoing, std::uint8_t link) {
  const CallRef id = ++last_call;
  auto& call = calls[id];
  call.id = id;
  call.handle = handle;
  call.reference = reference;
  call.link = link;
  call.outgoing = outgoing;
  call.cause = Cause{16, own_location};
  by_handle[handle] = id;
  references[reference] = id;
  return call;
}

void DChannel::Impl::forget(const Call& call) {
  const CallRef id = call.id;
  by_handle.erase(call.handle);
  references.erase(call.reference);
  calls.erase(id);
}

bool DChannel::Impl::alive(const Call& call) {
  const bool was = std::exchange(quiet, true);  // libpri complains when asked about a dead call
  int low = 0;
  const int high = pri_get_crv(links[0].pri, call.handle, &low);
  quiet = was;
  return high >= 0 && (high << 3 | low) == (call.reference & ~kOurs);
}

void DChannel::Impl::release(Call& call, Cause cause) {
  if (alive(call)) pri_destroycall(pri_of(call), call.handle);
  const CallRef id = call.id;
  const bool last_word =
      received && received->reference == call.reference &&
      (received->type == MessageType::release || received->type == MessageType::release_complete);
  const bool unheard = call.outgoing && call.link_reset && !call.heard;
  forget(call);
  put(ReleasedInd{id, cause, last_word ? received->user_user : std::nullopt, unheard});
}

void DChannel::Impl::reconcile(Call& call) {
  if (call.over || !alive(call)) release(call, call.cause);
}

void DChannel::Impl::reconcile_all() {
  std::vector<CallRef> gone;
  for (const auto& [id, call] : calls) {
    if (call.over || !alive(call)) gone.push_back(id);
  }
  any_over = false;
  std::ranges::sort(gone);
  for (const auto id : gone) {
    if (Call* call = find(id)) release(*call, call->cause);
  }
}

void DChannel::Impl::clear(Call& call, Cause cause, bool inband) {
  call.clearing = true;
  call.guard.reset();
  if (!call.far_cleared) call.cause = cause;
  call.location = cause.location;
  auto* pri = pri_of(call);
  // Q.931 5.3.2 a: the first answer may be RELEASE COMPLETE. libpri does that for a few causes only and for
  // all others sends nothing and keeps the call for ever, so these get CALL PROCEEDING before DISCONNECT.
  static constexpr std::uint8_t kRefusals[] = {1, 34, 44, 82, 88};
  const bool refusable = !inband && std::ranges::find(kRefusals, cause.value) != std::end(kRefusals);
  if (!call.outgoing && call.stage == Stage::present && !call.far_cleared && !refusable) {
    call.stage = Stage::proceeding;
    pri_proceeding(pri, call.handle, encoded(call.channel), 0);
  }
  if (inband && !call.far_cleared) {
    // Q.931 5.4.1: T306 takes the place of T305. libpri has no T306, so it is given another T305 for this
    // call.
    call.edits.push_back({.types = {MessageType::disconnect},
                          .remove = {},
                          .insert = {encode_progress({ProgressDescription::inband, own_location})},
                          .lasting = Edit::Lasting::once});
    pri_set_timer(pri, PRI_TIMER_T305, timer_value(config, "T306"));
    pri_hangup(pri, call.handle, cause.value);
    pri_set_timer(pri, PRI_TIMER_T305, timer_value(config, "T305"));
  } else {
    pri_hangup(pri, call.handle, cause.value);
  }
  reconcile(call);
}

void DChannel::Impl::clear_channel(Channel channel, bool all) {
  std::vector<CallRef> hit;
  for (const auto& [id, call] : calls) {
    const bool on_span = call.channel.span == channel.span;
    const bool on_channel = channel.timeslot == 0 || call.channel.timeslot == channel.timeslot;
    if (all || (on_span && on_channel)) hit.push_back(id);
  }
  std::ranges::sort(hit);
  for (const auto id : hit) release(*find(id), Cause{41, own_location});  // temporary failure
}

bool DChannel::Impl::in_use(const Channel& channel) const {
  return std::ranges::any_of(calls, [&](const auto& entry) {
    const auto& used = entry.second.channel;
    return used.timeslot == channel.timeslot && used.span == channel.span;
  });
}

void DChannel::Impl::send_next_restart(Time now) {
  // libpri knows of one RESTART at a time.
  if (restarting || restarts.empty() || !up) return;
  restarting = *restarts.begin();
  restarts.erase(restarts.begin());
  // T316 so many times, then the far end is given up (Q.931 5.5.1).
  restart_until =
      now + timer_value(config, "N316") * timer_duration(config, "T316") + std::chrono::seconds(1);
  const auto [span, timeslot] = *restarting;
  const Channel channel{.timeslot = timeslot, .exclusive = true, .span = span};
  std::erase_if(global_edits, [](const Edit& edit) { return edit.types.front() == MessageType::restart; });
  if (timeslot == 0) {
    // libpri restarts channels only; Q.931 4.5.25: class 6 is the indicated interface, 7 the only one.
    Edit edit{.types = {MessageType::restart},
              .remove = {ie::kChannelIdentification, ie::kRestartIndicator},
              .insert = {encode_restart_class(several_spans() ? 6 : 7)},
              .lasting = Edit::Lasting::always};
    if (several_spans()) edit.insert.push_back(encode_channel(channel, interface_of(channel)));
    global_edits.push_back(std::move(edit));
  }
  constexpr int kWholeInterface = 0xFF;
  Channel number = channel;
  if (timeslot == 0) number.timeslot = kWholeInterface;
  pri_reset(active().pri, encoded(number));
}

// --- two D channels for one trunk --------------------------------------------------------------------------

DChannel::Impl::Link& DChannel::Impl::active() {
  return config.links == 2 && !links[0].up && links[1].up ? links[1] : links[0];
}

void DChannel::Impl::on_link(Link& link, bool is_up, Time now) {
  link.up = is_up;
  const bool any = links[0].up || links[1].up;
  if (config.links == 2) {
    // libpri leaves T309 of NFAS to its user.
    if (any) {
      t309.reset();
    } else if (up) {
      t309 = now + timer_duration(config, "T309");
    }
  }
  if (any && !up) {
    up = true;
    put(DChannelUp{});
  } else if (!any && up) {
    up = false;
    put(DChannelDown{});
  }
  move_calls();
  send_next_restart(now);
}

void DChannel::Impl::on_link_reset(const Link& link) {
  if (!link.up) return;
  for (auto& [id, call] : calls)
    if (call.link == link.index) call.link_reset = true;
}

void DChannel::Impl::move_calls() {
  if (config.links != 2 || !up) return;
  auto& to = active();
  std::vector<WireReference> references_to_move;
  for (auto& [id, call] : calls) {
    if (links[call.link].up || !alive(call)) continue;
    call.link = to.index;
    references_to_move.push_back(call.reference);
  }
  std::ranges::sort(references_to_move);
  // libpri attaches a call to the link by which a message for it arrives: it is given an INFORMATION that
  // says nothing, in an unnumbered frame, which layer 2 does not count.
  moving = true;
  for (const auto reference : references_to_move) {
    const auto flag = static_cast<Octet>((reference & kOurs) != 0 ? 0x80 : 0);
    to.incoming = {static_cast<Octet>(config.side == Side::user ? 0x02 : 0x00),
                   0x01,
                   0x03,
                   kQ931,
                   0x02,
                   static_cast<Octet>(flag | (reference >> 8 & 0x7F)),
                   static_cast<Octet>(reference),
                   static_cast<Octet>(MessageType::information)};
    pri_check_event(to.pri);
    to.incoming.clear();
  }
  moving = false;
}

void DChannel::Impl::run_t309(Time now) {
  if (!t309 || *t309 > now) return;
  t309.reset();
  constexpr std::uint8_t kOutOfOrder = 27;  // Q.931 5.8.9
  std::vector<CallRef> all;
  for (const auto& [id, call] : calls) all.push_back(id);
  std::ranges::sort(all);
  for (const auto id : all) release(*find(id), Cause{kOutOfOrder, own_location});
}

// --- channels ----------------------------------------------------------------------------------------------

int DChannel::Impl::encoded(const Channel& channel) const {
  if (channel.timeslot == 0) return 0;
  const auto interface = interface_of(channel);
  return channel.timeslot | (interface ? 1 << 16 | *interface << 8 : 0);
}

std::optional<std::uint8_t> DChannel::Impl::interface_of(const Channel& channel) const {
  if (!several_spans() || channel.span >= config.interfaces.size()) return std::nullopt;
  return config.interfaces[channel.span];
}

std::optional<std::uint8_t> DChannel::Impl::span_of(std::optional<std::uint8_t> interface) const {
  if (!several_spans()) return std::uint8_t{0};
  // Q.931 4.5.13: without an identifier it is the interface that has this D channel.
  if (!interface) return receiving_link;
  const auto found = std::ranges::find(config.interfaces, *interface);
  if (found == config.interfaces.end()) return std::nullopt;
  return static_cast<std::uint8_t>(found - config.interfaces.begin());
}

}  // namespace tandem::tdm::pri
