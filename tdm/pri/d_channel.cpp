#include "tdm/pri/d_channel.h"

#include <algorithm>
#include <cstring>
#include <new>

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

void set_timers(struct pri* pri, const DChannelConfig& config) {
  for (const auto& row : timer_rows()) {
    const int index = pri_timer2idx(std::string(row.name).c_str());
    // libpri counts only its own; the others' indices have no meaning for it.
    if (index >= 0) pri_set_timer(pri, index, timer_value(config, row.name));
  }
}

/// For the signature of libpri's setters, which take char* and do not write.
char* text(const std::string& value) {
  return const_cast<char*>(value.c_str());  // NOLINT(cppcoreguidelines-pro-type-const-cast): see above
}

int type_and_plan(const Number& number) {
  return static_cast<int>(number.type) << 4 | static_cast<int>(number.plan);
}

template <std::size_t N>
void copy_text(char (&to)[N], const std::string& from) {
  const auto length = std::min(from.size(), N - 1);
  std::memcpy(to, from.data(), length);
  to[length] = '\0';
}

/// Q.931 4.5.16: IA5; the name is UTF-8 here.
std::string ia5(const std::string& name) {
  std::string text;
  for (const char c : name) {
    const auto octet = static_cast<unsigned char>(c);
    if ((octet & 0xC0) == 0x80) continue;  // the rest of a character that has its '?' already
    text.push_back(octet < 0x20 || octet > 0x7E ? '?' : c);
  }
  return text;
}

pri_party_id calling_party(const Setup& setup) {
  pri_party_id party{};
  party.number.valid = 1;
  if (setup.calling) {
    copy_text(party.number.str, setup.calling->digits);
    party.number.plan = type_and_plan(*setup.calling);
    party.number.presentation =
        static_cast<int>(setup.calling->presentation) << 5 | static_cast<int>(setup.calling->screening);
  } else {
    // libpri sends a name only with a number.
    party.number.presentation = PRES_NUMBER_NOT_AVAILABLE;
  }
  if (!setup.calling_name.empty()) {
    party.name.valid = 1;
    party.name.presentation = PRI_PRES_ALLOWED;
    party.name.char_set = PRI_CHAR_SET_ISO8859_1;
    copy_text(party.name.str, ia5(setup.calling_name));
  }
  return party;
}

using SetupRequest = std::unique_ptr<pri_sr, void (*)(pri_sr*)>;

SetupRequest make_request(const Setup& setup) {
  SetupRequest request(pri_sr_new(), &pri_sr_free);
  if (!request) return request;
  const int channel = setup.channel.timeslot == 0 ? 0xFF : setup.channel.timeslot;  // 0xFF: any
  pri_sr_set_channel(request.get(), channel, setup.channel.exclusive ? 1 : 0, 0);
  pri_sr_set_bearer(request.get(), static_cast<int>(setup.bearer.transfer),
                    static_cast<int>(setup.bearer.layer1));
  pri_sr_set_called(request.get(), text(setup.called.digits), type_and_plan(setup.called),
                    setup.sending_complete ? 1 : 0);
  if (setup.calling || !setup.calling_name.empty()) {
    const auto party = calling_party(setup);
    pri_sr_set_caller_party(request.get(), &party);
  }
  return request;
}

}  // namespace

DChannel::Impl::Impl(const DChannelConfig& wanted, Time now)
    : config(wanted),
      own_location(wanted.side == Side::network ? Location::public_local : Location::private_local) {
  // The hooks are the process's; each says on whose behalf it is called.
  pri_set_message(&Impl::take_note);
  pri_set_error(&Impl::take_note);
  const LibpriClock clock(now);
  const int node = config.side == Side::network ? PRI_NETWORK : PRI_CPE;
  pri = pri_new_cb(-1, node, switch_of(config), &Impl::read_frame, &Impl::write_frame, this);
  if (pri == nullptr) throw std::bad_alloc();
  pri_hangup_fix_enable(pri, 1);  // Q.931 5.3.2 rather than RELEASE COMPLETE by cause
  pri_set_overlapdial(pri, 1);    // here only: "sending complete" as the request says
  pri_display_options_send(pri, PRI_DISPLAY_OPTION_NAME_INITIAL);
  pri_display_options_receive(pri, PRI_DISPLAY_OPTION_NAME_INITIAL);
  set_timers(pri, config);
}

DChannel::DChannel(const DChannelConfig& config, Time now) : impl_(std::make_unique<Impl>(config, now)) {}
DChannel::~DChannel() = default;

void DChannel::handle_frame(OctetView frame, Time now, std::uint8_t /*link*/) {
  impl_->run_timers(now);
  impl_->receive(frame, now);
}

void DChannel::handle_timers(Time now) {
  impl_->run_timers(now);
}

std::optional<Time> DChannel::next_deadline() const {
  std::optional<Time> deadline;
  if (const timeval* next = pri_schedule_next(impl_->pri)) {
    deadline = Time(std::chrono::seconds(next->tv_sec) + std::chrono::microseconds(next->tv_usec));
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

bool DChannel::up() const {
  return impl_->up;
}

std::size_t DChannel::calls() const {
  return impl_->calls.size();
}

std::size_t DChannel::call_records() const {
  return impl_->reported("active-calls:");
}

std::optional<CallRef> DChannel::setup(const Setup& setup, Time now) {
  auto& impl = *impl_;
  // With layer 2 down libpri would keep the SETUP back and count T303 all the same.
  if (!impl.up || impl.calls.size() >= kMaxCalls) return std::nullopt;
  const LibpriClock clock(now);
  q931_call* handle = pri_new_call(impl.pri);
  if (handle == nullptr) return std::nullopt;
  int low = 0;
  const int high = pri_get_crv(impl.pri, handle, &low);
  auto& call = impl.adopt(handle, static_cast<WireReference>(high << 3 | low | kOurs), true);
  call.timeslot = setup.channel.timeslot;
  call.amendments.setup_progress = setup.progress;
  const auto request = make_request(setup);
  if (!request || pri_setup(impl.pri, handle, request.get()) != 0) {
    pri_destroycall(impl.pri, handle);
    impl.forget(call);
    return std::nullopt;
  }
  return call.id;
}

void DChannel::proceeding(CallRef ref, const Channel& channel, Time now) {
  Call* call = impl_->find(ref);
  if (call == nullptr || call->outgoing || call->clearing || call->stage >= Stage::proceeding) return;
  const LibpriClock clock(now);
  call->stage = Stage::proceeding;
  call->timeslot = channel.timeslot;
  pri_proceeding(impl_->pri, call->handle, channel.timeslot, 0);
}

void DChannel::alerting(CallRef ref, const Channel& channel, bool inband, Time now) {
  Call* call = impl_->find(ref);
  if (call == nullptr || call->outgoing || call->clearing || call->stage >= Stage::alerting) return;
  const LibpriClock clock(now);
  call->stage = Stage::alerting;
  call->timeslot = channel.timeslot;
  pri_acknowledge(impl_->pri, call->handle, channel.timeslot, inband ? 1 : 0);
}

void DChannel::progress(CallRef ref, const Channel& channel, std::optional<Cause> cause, bool inband,
                        Time now) {
  Call* call = impl_->find(ref);
  if (call == nullptr || call->outgoing || call->clearing || call->stage == Stage::connected) return;
  // Q.931 3.1.8: PROGRESS must have a progress indicator, and in-band is the only one that libpri sends in
  // it.
  if (!inband) return;
  const LibpriClock clock(now);
  // Q.931 5.2.4: the channel is agreed upon by the first response, and PROGRESS does not have it.
  if (call->stage == Stage::present) proceeding(ref, channel, now);
  call->amendments.location = impl_->own_location;
  if (cause) {
    call->amendments.location = cause->location;
    pri_progress_with_cause(impl_->pri, call->handle, channel.timeslot, 1, cause->value);
  } else {
    pri_progress(impl_->pri, call->handle, channel.timeslot, 1);
  }
}

void DChannel::connect(CallRef ref, const Channel& channel, Time now, const Party& /*party*/,
                       const std::optional<UserUser>& /*user_user*/) {
  Call* call = impl_->find(ref);
  if (call == nullptr || call->outgoing || call->clearing || call->stage == Stage::connected) return;
  const LibpriClock clock(now);
  call->stage = Stage::connected;
  call->timeslot = channel.timeslot;
  pri_answer(impl_->pri, call->handle, channel.timeslot, 0);
}

void DChannel::disconnect(CallRef ref, std::uint8_t cause, Time now) {
  disconnect(ref, Cause{cause, impl_->own_location}, now);
}

void DChannel::disconnect(CallRef ref, Cause cause, Time now) {
  Call* call = impl_->find(ref);
  if (call == nullptr || call->clearing) return;
  const LibpriClock clock(now);
  impl_->clear(*call, cause);
}

void DChannel::restart(std::uint8_t timeslot, Time now, std::uint8_t /*span*/) {
  if (timeslot == 0 || timeslot > 31) return;
  const LibpriClock clock(now);
  impl_->clear_timeslot(timeslot);
  impl_->restarts.insert(timeslot);
  impl_->send_next_restart(now);
}

}  // namespace tandem::tdm::pri
