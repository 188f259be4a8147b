#include "tests/exchange/signalling.h"

extern "C" {
#include <libpri.h>
}

#include <sys/time.h>

#include <algorithm>
#include <cstring>
#include <deque>
#include <map>
#include <vector>

#include "tests/exchange/hdlc_link.h"

namespace exchange {

struct Signalling::Impl {
  Impl(Kind wanted, SignallingListener& to) : kind(wanted), listener(to) {
    pri_set_message(&Impl::take_message);
    pri_set_error(&Impl::take_message);
    int type = PRI_SWITCH_NI2;
    if (!kind.national) type = kind.t1 ? PRI_SWITCH_EUROISDN_T1 : PRI_SWITCH_EUROISDN_E1;
    pri = pri_new_cb(-1, kind.network ? PRI_NETWORK : PRI_CPE, type, &Impl::read, &Impl::write, this);
    pri_set_overlapdial(pri, 0);
    pri_display_options_send(pri, PRI_DISPLAY_OPTION_NAME_INITIAL);
    pri_set_timer(pri, PRI_TIMER_T309, 30'000);
  }
  ~Impl() {
    // libpri cannot take an instance away; it stays where leak checkers see it.
    static auto& kept = *new std::vector<struct pri*>;
    pri_set_userdata(pri, nullptr);
    kept.push_back(pri);
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  static int read(struct pri* pri, void* buffer, int size) {
    auto& self = *static_cast<Impl*>(pri_get_userdata(pri));
    if (self.frames.empty()) return 0;
    const auto frame = std::move(self.frames.front());
    self.frames.pop_front();
    if (frame.size() + 2 > static_cast<std::size_t>(size)) return 0;
    std::memset(buffer, 0, static_cast<std::size_t>(size));
    std::ranges::copy(frame, static_cast<std::uint8_t*>(buffer));
    return static_cast<int>(frame.size()) + 2;
  }
  static int write(struct pri* pri, void* buffer, int size) {
    auto& self = *static_cast<Impl*>(pri_get_userdata(pri));
    self.link.send({static_cast<const std::uint8_t*>(buffer), static_cast<std::size_t>(size) - 2});
    return size;
  }
  static void take_message(struct pri* pri, char* text) {
    auto* self = pri == nullptr ? nullptr : static_cast<Impl*>(pri_get_userdata(pri));
    std::string line = text;
    while (!line.empty() && line.back() == '\n') line.pop_back();
    if (self != nullptr && !self->quiet && !line.empty()) self->listener.on_message(line);
  }

  int number_of(const q931_call* call) const {
    for (const auto& [number, handle] : calls) {
      if (handle == call) return number;
    }
    return 0;
  }
  q931_call* call_of(int number) const {
    const auto found = calls.find(number);
    return found == calls.end() ? nullptr : found->second;
  }
  void over(int number, int cause) {
    if (calls.erase(number) != 0) listener.on_released(number, cause);
  }

  void on_event(const pri_event& event);
  void on_ring(const pri_event_ring& ring);
  void on_hangup(const pri_event_hangup& event);
  void on_restart(int channel);

  Kind kind;
  SignallingListener& listener;
  struct pri* pri = nullptr;
  HdlcLink link{[this](std::span<const std::uint8_t> frame) {
    if (frame.size() >= 3 && frame.size() <= 300) frames.emplace_back(frame.begin(), frame.end());
  }};
  std::deque<std::vector<std::uint8_t>> frames;
  std::map<int, q931_call*> calls;
  std::map<int, int> causes;  ///< why a call is being cleared
  int last = 0;
  bool connected = true;
  bool quiet = false;
};

void Signalling::Impl::on_event(const pri_event& event) {
  switch (event.e) {
    case PRI_EVENT_DCHAN_UP:
      listener.on_d_channel(true);
      break;
    case PRI_EVENT_DCHAN_DOWN:
      listener.on_d_channel(false);
      break;
    case PRI_EVENT_RING:
      on_ring(event.ring);
      break;
    case PRI_EVENT_PROCEEDING:
      listener.on_proceeding(number_of(event.proceeding.call), event.proceeding.channel & 0xFF);
      break;
    case PRI_EVENT_RINGING:
      listener.on_alerting(number_of(event.ringing.call), event.ringing.channel & 0xFF);
      break;
    case PRI_EVENT_PROGRESS:
      listener.on_progress(number_of(event.proceeding.call), std::max(event.proceeding.cause, 0));
      break;
    case PRI_EVENT_ANSWER:
      listener.on_answered(number_of(event.answer.call), event.answer.channel & 0xFF);
      break;
    case PRI_EVENT_HANGUP_REQ:
    case PRI_EVENT_HANGUP:
    case PRI_EVENT_HANGUP_ACK:
      on_hangup(event.hangup);
      break;
    case PRI_EVENT_RESTART:
      on_restart(event.restart.channel);
      break;
    case PRI_EVENT_RESTART_ACK:
      listener.on_restarted(std::max(event.restartack.channel, 0) & 0xFF);
      break;
    case PRI_EVENT_CONFIG_ERR:
      listener.on_message(event.err.err);
      break;
    default:
      break;
  }
}

void Signalling::Impl::on_ring(const pri_event_ring& ring) {
  const int number = ++last;
  calls[number] = ring.call;
  const int slot = ring.channel & 0xFF;
  listener.on_setup(number, {ring.callingnum, ring.callednum, ring.callingname, slot == 0xFF ? 0 : slot,
                             ring.flexible == 0});
}

void Signalling::Impl::on_hangup(const pri_event_hangup& event) {
  const int number = number_of(event.call);
  if (number == 0) return;
  const auto remembered = causes.try_emplace(number, event.cause > 0 ? event.cause : 16).first->second;
  if (event.e != PRI_EVENT_HANGUP_ACK) pri_hangup(pri, event.call, remembered);
  if (event.e == PRI_EVENT_HANGUP_REQ) return;
  causes.erase(number);
  over(number, remembered);
}

void Signalling::Impl::on_restart(int channel) {
  const int slot = channel < 0 ? 0 : channel & 0xFF;
  listener.on_restart(slot);
}

Signalling::Signalling(Kind kind, SignallingListener& listener)
    : impl_(std::make_unique<Impl>(kind, listener)) {}
Signalling::~Signalling() = default;

void Signalling::receive(std::span<const std::uint8_t> line) {
  if (!impl_->connected) return;
  impl_->link.receive(line);
  while (!impl_->frames.empty()) {
    if (const pri_event* event = pri_check_event(impl_->pri)) impl_->on_event(*event);
  }
}

void Signalling::transmit(std::span<std::uint8_t> line) {
  impl_->link.transmit(line);
  if (!impl_->connected) std::ranges::fill(line, std::uint8_t{0xFF});
}

void Signalling::run_timers() {
  timeval now{};
  gettimeofday(&now, nullptr);
  const timeval* next = pri_schedule_next(impl_->pri);
  if (next == nullptr || timercmp(next, &now, >)) return;
  while (const pri_event* event = pri_schedule_run(impl_->pri)) impl_->on_event(*event);
}

void Signalling::connect_line(bool connected) {
  impl_->connected = connected;
}

int Signalling::setup(const SetupInfo& setup) {
  q931_call* handle = pri_new_call(impl_->pri);
  if (handle == nullptr) return 0;
  std::string to = setup.to;
  pri_sr* request = pri_sr_new();
  pri_sr_set_channel(request, setup.slot, impl_->kind.network ? 1 : 0, 0);
  pri_sr_set_bearer(request, PRI_TRANS_CAP_SPEECH, impl_->kind.t1 ? PRI_LAYER_1_ULAW : PRI_LAYER_1_ALAW);
  pri_sr_set_called(request, to.data(), PRI_UNKNOWN | PRI_NPI_E163_E164, 1);
  pri_party_id party{};
  party.number.valid = 1;
  party.number.plan = PRI_UNKNOWN | PRI_NPI_E163_E164;
  party.number.presentation = PRES_ALLOWED_USER_NUMBER_PASSED_SCREEN;
  setup.from.copy(party.number.str, sizeof party.number.str - 1);
  if (!setup.name.empty()) {
    party.name.valid = 1;
    party.name.presentation = PRI_PRES_ALLOWED;
    party.name.char_set = PRI_CHAR_SET_ISO8859_1;
    setup.name.copy(party.name.str, sizeof party.name.str - 1);
  }
  pri_sr_set_caller_party(request, &party);
  const bool sent = pri_setup(impl_->pri, handle, request) == 0;
  pri_sr_free(request);
  if (!sent) {
    pri_destroycall(impl_->pri, handle);
    return 0;
  }
  impl_->calls[++impl_->last] = handle;
  return impl_->last;
}

void Signalling::proceeding(int call, int slot) {
  if (auto* handle = impl_->call_of(call)) pri_proceeding(impl_->pri, handle, slot, 0);
}

void Signalling::alerting(int call, int slot) {
  if (auto* handle = impl_->call_of(call)) pri_acknowledge(impl_->pri, handle, slot, 0);
}

void Signalling::progress(int call, int slot, int cause) {
  auto* handle = impl_->call_of(call);
  if (handle == nullptr) return;
  if (cause != 0) {
    pri_progress_with_cause(impl_->pri, handle, slot, 1, cause);
  } else {
    pri_progress(impl_->pri, handle, slot, 1);
  }
}

void Signalling::answer(int call, int slot) {
  if (auto* handle = impl_->call_of(call)) pri_answer(impl_->pri, handle, slot, 0);
}

void Signalling::hangup(int call, int cause) {
  auto* handle = impl_->call_of(call);
  if (handle == nullptr || !impl_->causes.try_emplace(call, cause).second) return;
  pri_hangup(impl_->pri, handle, cause);
  // RELEASE COMPLETE as the first answer ends the call at once and without an event.
  int mode = 0;
  impl_->quiet = true;  // libpri complains of a dead call, which is what is asked for
  const bool dead = pri_get_crv(impl_->pri, handle, &mode) < 0;
  impl_->quiet = false;
  if (dead) {
    impl_->causes.erase(call);
    impl_->over(call, cause);
  }
}

void Signalling::restart(int slot) {
  pri_reset(impl_->pri, slot);
}

void Signalling::drop(int call) {
  auto* handle = impl_->call_of(call);
  if (handle == nullptr) return;
  pri_destroycall(impl_->pri, handle);
  impl_->causes.erase(call);
  impl_->over(call, 41);
}

}  // namespace exchange
