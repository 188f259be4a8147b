// DChannel: the life of calls, libpri's callbacks and the end of an instance.
#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "tdm/pri/clock.h"
#include "tdm/pri/d_channel_impl.h"
#include "tdm/pri/timers.h"

namespace tandem::tdm::pri {
namespace {

/// libpri cannot destroy a `struct pri`. Each is kept here, for as long as the process lives and so that
/// leak checkers see it: about 20 KiB for each DChannel ever made, which is one per trunk.
std::vector<struct pri*>& retired() {
  static auto& instances = *new std::vector<struct pri*>;  // outlives all static objects
  return instances;
}

constexpr std::size_t kLongestNote = 256;
/// libpri's queue of I frames that wait for layer 2 has no limit. A trunk's worth of calls stays far below
/// this.
constexpr std::size_t kLongestQueue = 512;
constexpr unsigned kLookEvery = 64;

}  // namespace

DChannel::Impl::~Impl() {
  quiet = true;
  for (auto& [id, call] : calls) pri_destroycall(pri, call.handle);
  pri_set_userdata(pri, nullptr);
  retired().push_back(pri);
}

int DChannel::Impl::read_frame(struct pri* pri, void* buffer, int size) {
  auto* self = static_cast<Impl*>(pri_get_userdata(pri));
  const auto capacity = static_cast<std::size_t>(size);
  std::memset(buffer, 0, capacity);  // what libpri reads beyond a frame is at least always the same
  if (self == nullptr || self->incoming.empty() || self->incoming.size() + 2 > capacity) return 0;
  std::ranges::copy(self->incoming, static_cast<Octet*>(buffer));
  const auto length = static_cast<int>(self->incoming.size()) + 2;  // libpri takes two octets off for the FCS
  self->incoming.clear();
  return length;
}

int DChannel::Impl::write_frame(struct pri* pri, void* buffer, int size) {
  auto* self = static_cast<Impl*>(pri_get_userdata(pri));
  if (self == nullptr || size < 5) return size;
  const OctetView frame(static_cast<const Octet*>(buffer), static_cast<std::size_t>(size) - 2);
  self->watch_sent(frame);
  self->put(FrameOut{amend(frame, [self](WireReference reference) {
    Amendments amendments{.location = self->own_location, .setup_progress = {}};
    if (const Call* call = self->by_reference(reference)) {
      if (call->amendments.location) amendments.location = call->amendments.location;
      amendments.setup_progress = call->amendments.setup_progress;
    }
    return amendments;
  })});
  return size;
}

void DChannel::Impl::watch_sent(OctetView octets) {
  const auto frame = parse_frame(octets);
  if (!frame || frame->kind != FrameKind::i) return;
  const auto message = parse_message(frame->information);
  if (!message || message->type != MessageType::release_complete || message->call_reference == 0) return;
  const auto flag = message->from_destination ? WireReference{0} : kOurs;
  Call* call = by_reference(static_cast<WireReference>(message->call_reference | flag));
  if (call != nullptr && call->abandoned) call->over = any_over = true;
}

void DChannel::Impl::take_note(struct pri* pri, char* text) {
  auto* self = pri == nullptr ? nullptr : static_cast<Impl*>(pri_get_userdata(pri));
  if (self != nullptr && !self->quiet) self->note(text);
}

void DChannel::Impl::note(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  if (text.empty()) return;
  text.resize(std::min(text.size(), kLongestNote));
  put(Notice{std::move(text)});
}

std::size_t DChannel::Impl::reported(std::string_view key) const {
  const std::unique_ptr<char, void (*)(void*)> dump(pri_dump_info_str(pri), &std::free);
  const std::string_view info = dump ? dump.get() : "";
  const auto at = info.find(key);
  return at == std::string_view::npos ? 0 : std::strtoul(info.data() + at + key.size(), nullptr, 10);
}

bool DChannel::Impl::choked() {
  if (!choking && ++since_looked < kLookEvery) return false;
  since_looked = 0;
  choking = reported("Q921 Outstanding: ") > kLongestQueue;
  return choking;
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

Call& DChannel::Impl::adopt(q931_call* handle, WireReference reference, bool outgoing) {
  const CallRef id = ++last_call;
  auto& call = calls[id];
  call.id = id;
  call.handle = handle;
  call.reference = reference;
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
  const int high = pri_get_crv(pri, call.handle, &low);
  quiet = was;
  return high >= 0 && (high << 3 | low) == (call.reference & ~kOurs);
}

void DChannel::Impl::release(Call& call, Cause cause) {
  if (alive(call)) pri_destroycall(pri, call.handle);
  const CallRef id = call.id;
  forget(call);
  put(ReleasedInd{id, cause});
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

void DChannel::Impl::clear(Call& call, Cause cause) {
  call.clearing = true;
  call.guard.reset();
  if (!call.far_cleared) call.cause = cause;
  call.amendments.location = cause.location;
  // Q.931 5.3.2 a: the first answer may be RELEASE COMPLETE. libpri does that for a few causes only and for
  // all others sends nothing and keeps the call for ever, so these get CALL PROCEEDING before DISCONNECT.
  static constexpr std::uint8_t kRefusals[] = {1, 34, 44, 82, 88};
  const bool refusable = std::ranges::find(kRefusals, cause.value) != std::end(kRefusals);
  if (!call.outgoing && call.stage == Stage::present && !call.far_cleared && !refusable) {
    call.stage = Stage::proceeding;
    pri_proceeding(pri, call.handle, call.timeslot, 0);
  }
  pri_hangup(pri, call.handle, cause.value);
  reconcile(call);
}

void DChannel::Impl::clear_timeslot(std::uint8_t timeslot) {
  std::vector<CallRef> hit;
  for (const auto& [id, call] : calls) {
    if (timeslot == 0 || call.timeslot == timeslot) hit.push_back(id);
  }
  std::ranges::sort(hit);
  for (const auto id : hit) release(*find(id), Cause{41, own_location});  // temporary failure
}

void DChannel::Impl::send_next_restart(Time now) {
  // libpri knows of one RESTART at a time.
  if (restarting || restarts.empty() || !up) return;
  restarting = *restarts.begin();
  restarts.erase(restarts.begin());
  // T316 so many times, then the far end is given up (Q.931 5.5.1).
  restart_until =
      now + timer_value(config, "N316") * timer_duration(config, "T316") + std::chrono::seconds(1);
  pri_reset(pri, *restarting);
}

}  // namespace tandem::tdm::pri
