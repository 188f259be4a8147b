#include "tests/exchange/ss7_signalling.h"

#include <algorithm>
#include <utility>

#include "tests/exchange/ss7_impl.h"

namespace exchange {
namespace {

using Timers = std::initializer_list<std::pair<const char*, int>>;

/// Q.764 annex A, in ms. Those of seconds are short: the far end is near.
constexpr Timers kIsupTimers = {
    {"t1", 15'000},   {"t2", 180'000},  {"t5", 300'000},  {"t6", 20'000},  {"t7", 20'000},   {"t8", 10'000},
    {"t10", 4'000},   {"t12", 15'000},  {"t13", 300'000}, {"t14", 15'000}, {"t15", 300'000}, {"t16", 15'000},
    {"t17", 300'000}, {"t18", 15'000},  {"t19", 300'000}, {"t20", 15'000}, {"t21", 300'000}, {"t22", 15'000},
    {"t23", 300'000}, {"t27", 240'000}, {"t33", 12'000},  {"t35", 15'000}};

/// Q.704 16.8 and Q.707 5.5, in ms.
constexpr Timers kMtp3Timers = {{"t1", 800},      {"t2", 1400},     {"t3", 800},       {"t4", 800},
                                {"t5", 800},      {"t6", 800},      {"t10", 30'000},   {"t12", 1200},
                                {"t13", 1200},    {"t14", 2500},    {"t19", 67'000},   {"t21", 63'000},
                                {"t22", 180'000}, {"t23", 180'000}, {"q707_t1", 4000}, {"q707_t2", 30'000}};

void set_timers(struct ss7* ss7) {
  // libss7 only reads the names.
  for (const auto& [name, ms] : kIsupTimers) ss7_set_isup_timer(ss7, const_cast<char*>(name), ms);
  for (const auto& [name, ms] : kMtp3Timers) ss7_set_mtp3_timer(ss7, const_cast<char*>(name), ms);
}

}  // namespace

Ss7Signalling::Impl::Impl(Kind wanted, SignallingListener& to) : kind(std::move(wanted)), listener(to) {
  ss7_set_message(&Impl::take_message);
  ss7_set_error(&Impl::take_message);
  ss7_set_notinservice(&Impl::on_not_in_service);
  ss7_set_hangup(&Impl::on_hangup);
  ss7_set_call_null(&Impl::on_call_null);
  ss7 = ss7_new(kind.ansi ? SS7_ANSI : SS7_ITU);
  ss7_set_pc(ss7, kind.opc);
  ss7_set_network_ind(ss7, kind.national ? SS7_NI_NAT : SS7_NI_INT);
  ss7_set_cause_location(ss7, 2);  // Q.850 2.2.3: public network serving the local user
  set_timers(ss7);
  for (const auto& [cic, slot] : kind.cics) {
    auto& circuit = circuits[cic];
    circuit.cic = cic;
    circuit.slot = slot;
  }
  instance = this;
  for (int i = 0; i < static_cast<int>(kind.links.size()); ++i) {
    links.push_back(std::make_unique<Ss7Link>(ss7, i, kind.dpc, [this, i] { drain(i); }));
    if (!links.back()->valid()) say("link " + std::to_string(i) + " cannot be opened");
  }
  if (kind.debug) ss7_set_debug(ss7, SS7_DEBUG_MTP2 | SS7_DEBUG_MTP3 | SS7_DEBUG_ISUP);
  ss7_start(ss7);
}

Ss7Signalling::Impl::~Impl() {
  // libss7 does not give back all of an instance; it stays where leak checkers see it.
  static auto& kept = *new std::vector<struct ss7*>;
  kept.push_back(ss7);
  instance = nullptr;
}

// --- libss7 calls back ----------------------------------------------------------------------------------

void Ss7Signalling::Impl::take_message(struct ss7*, char* text) {
  std::string line = text;
  while (!line.empty() && line.back() == '\n') line.pop_back();
  if (instance != nullptr && !line.empty()) instance->say("libss7 " + line);
}

void Ss7Signalling::Impl::on_not_in_service(struct ss7*, int cic, unsigned) {
  if (instance != nullptr) instance->say("cic " + std::to_string(cic) + " is out of service");
}

int Ss7Signalling::Impl::on_hangup(struct ss7* ss7, int cic, unsigned dpc, int cause, int what) {
  auto* circuit = instance == nullptr ? nullptr : instance->at_cic(cic);
  if (circuit == nullptr) return SS7_CIC_NOT_EXISTS;
  if (what == SS7_HANGUP_SEND_RSC) {  // a message that does not belong; libss7 sends RSC itself
    instance->say("cic " + std::to_string(cic) + " unexpected message");
    instance->over(*circuit, 41);
    circuit->resetting = true;
    return SS7_CIC_IDLE;
  }
  if (circuit->handle == nullptr) return SS7_CIC_IDLE;
  if (what == SS7_HANGUP_SEND_REL) {
    circuit->cause = cause;
    isup_rel(ss7, circuit->handle, cause);
  } else if (what == SS7_HANGUP_REEVENT_IAM) {  // Q.764 2.9.1.4: the far end controls this circuit
    instance->say("cic " + std::to_string(cic) + " dual seizure");
    instance->over(*circuit, 44);
    isup_clear_callflags(ss7, circuit->handle, ISUP_SENT_IAM | ISUP_PENDING_IAM);
    isup_event_iam(ss7, circuit->handle, static_cast<int>(dpc));
  }
  return SS7_CIC_USED;
}

void Ss7Signalling::Impl::on_call_null(struct ss7*, struct isup_call* handle, int) {
  if (instance == nullptr) return;
  for (auto& [cic, circuit] : instance->circuits) {
    if (circuit.handle != handle) continue;
    circuit.handle = nullptr;
    instance->over(circuit, 27);  // Q.850: destination out of order
  }
}

// --- circuits -------------------------------------------------------------------------------------------

Ss7Signalling::Impl::Circuit* Ss7Signalling::Impl::at_cic(int cic) {
  const auto found = circuits.find(cic);
  return found == circuits.end() ? nullptr : &found->second;
}

Ss7Signalling::Impl::Circuit* Ss7Signalling::Impl::at_slot(int slot) {
  for (auto& [cic, circuit] : circuits) {
    if (circuit.slot == slot) return &circuit;
  }
  return nullptr;
}

Ss7Signalling::Impl::Circuit* Ss7Signalling::Impl::of_call(int call) {
  for (auto& [cic, circuit] : circuits) {
    if (call != 0 && circuit.call == call && circuit.handle != nullptr) return &circuit;
  }
  return nullptr;
}

struct isup_call* Ss7Signalling::Impl::handle_of(Circuit& circuit) {
  if (circuit.handle == nullptr) circuit.handle = isup_new_call(ss7, circuit.cic, kind.dpc, 0);
  return circuit.handle;
}

void Ss7Signalling::Impl::settle(Circuit& circuit) {
  if (circuit.handle != nullptr) circuit.handle = isup_free_call_if_clear(ss7, circuit.handle);
}

void Ss7Signalling::Impl::over(Circuit& circuit, int cause) {
  listener.on_loop(circuit.slot, false);
  circuit.waiting.reset();
  circuit.acm = false;
  circuit.cause = 0;
  if (const int call = std::exchange(circuit.call, 0); call != 0) listener.on_released(call, cause, {});
}

// --- links ----------------------------------------------------------------------------------------------

void Ss7Signalling::Impl::drain(int link) {
  while (const ss7_event* event = ss7_check_event(ss7)) {
    const ss7_event copy = *event;  // its place is taken by those that follow
    on_event(copy, link);
  }
  listener.on_link(link, links[static_cast<std::size_t>(link)]->in_service());
}

void Ss7Signalling::Impl::set_linkset(bool is_up) {
  if (std::exchange(up, is_up) == is_up) return;
  say(is_up ? "linkset up" : "linkset down");
  if (is_up) reset_all();
}

Ss7Signalling::Ss7Signalling(Kind kind, SignallingListener& listener)
    : impl_(std::make_unique<Impl>(std::move(kind), listener)) {}
Ss7Signalling::~Ss7Signalling() = default;

const std::vector<int>& Ss7Signalling::link_slots() const {
  return impl_->kind.links;
}

bool Ss7Signalling::ready() const {
  return impl_->up;
}

bool Ss7Signalling::carries(int slot) const {
  return impl_->at_slot(slot) != nullptr;
}

bool Ss7Signalling::offers(int slot) const {
  const auto* circuit = impl_->at_slot(slot);
  return circuit != nullptr && !circuit->local && !circuit->local_hardware && !circuit->remote &&
         !circuit->remote_hardware && !circuit->unequipped && !circuit->resetting;
}

void Ss7Signalling::receive(int link, std::span<const std::uint8_t> line) {
  impl_->links[static_cast<std::size_t>(link)]->receive(line);
}

void Ss7Signalling::transmit(int link, std::span<std::uint8_t> line) {
  impl_->links[static_cast<std::size_t>(link)]->transmit(line);
}

void Ss7Signalling::run_timers() {
  ss7_schedule_run(impl_->ss7);
  for (int i = 0; i < static_cast<int>(impl_->links.size()); ++i) impl_->drain(i);
}

void Ss7Signalling::connect_line(int link, bool connected) {
  impl_->links[static_cast<std::size_t>(link)]->connect_line(connected);
}

}  // namespace exchange
