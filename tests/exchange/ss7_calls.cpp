// What the exchange tells libss7 to send for calls. Nothing is sent while the linkset is down: libss7 then
// frees the call that it was asked about.
#include <algorithm>

#include "tests/exchange/ss7_impl.h"

namespace exchange {
namespace {

constexpr unsigned char kNetworkProvided = SS7_SCREENING_NETWORK_PROVIDED;

bool is_number(const std::string& text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

/// libss7 adds the end of number under ITU, always; an ANSI instance does not, and tells it nothing else.
const struct ss7* open_ended() {
  static const struct ss7* one = ss7_new(SS7_ANSI);
  return one;
}

}  // namespace

int Ss7Signalling::setup(const SetupInfo& setup) {
  auto* circuit = impl_->at_slot(setup.slot);
  if (!impl_->up || circuit == nullptr || circuit->call != 0 || circuit->resetting) return 0;
  if (circuit->handle != nullptr) isup_free_call(impl_->ss7, circuit->handle);
  auto* handle = circuit->handle = isup_new_call(impl_->ss7, circuit->cic, impl_->kind.dpc, 1);
  isup_set_called(handle, setup.to.c_str(), SS7_NAI_NATIONAL, setup.complete ? impl_->ss7 : open_ended());
  if (is_number(setup.from)) {
    isup_set_calling(handle, setup.from.c_str(), SS7_NAI_NATIONAL, SS7_PRESENTATION_ALLOWED,
                     kNetworkProvided);
  } else {
    isup_set_calling(handle, nullptr, 0, SS7_PRESENTATION_ADDR_NOT_AVAILABLE, kNetworkProvided);
  }
  isup_set_tmr(handle, setup.clear ? SS7_TMR_64K_UNRESTRICTED : SS7_TMR_3K1_AUDIO);
  isup_set_col_req(handle);
  if (!setup.name.empty())
    isup_set_generic_name(handle, setup.name.substr(0, 15).c_str(), GEN_NAME_TYPE_CALLING_NAME,
                          GEN_NAME_AVAIL_AVAILABLE, GEN_NAME_PRES_ALLOWED);
  if (is_number(setup.redirecting)) {
    constexpr unsigned char kDiverted = 3, kUnconditional = 3;  // Q.763 3.45
    isup_set_redirecting_number(handle, setup.redirecting.c_str(), SS7_NAI_NATIONAL, SS7_PRESENTATION_ALLOWED,
                                kNetworkProvided);
    isup_set_orig_called_num(handle, setup.redirecting.c_str(), SS7_NAI_NATIONAL, SS7_PRESENTATION_ALLOWED,
                             kNetworkProvided);
    isup_set_redirection_info(handle, kDiverted, 0, 1, kUnconditional);
  }
  if (isup_iam(impl_->ss7, handle) < 0) return 0;
  circuit->acm = false;
  circuit->cause = 0;
  return circuit->call = ++impl_->last;
}

void Ss7Signalling::setup_ack(int call, int) {
  if (auto* circuit = impl_->of_call(call)) isup_start_digittimeout(impl_->ss7, circuit->handle);
}

void Ss7Signalling::more_digits(int call, const std::string&) {
  impl_->listener.on_call_notice(call, "libss7 sends no SAM");
}

void Ss7Signalling::proceeding(int, int) {}  // ACM is what says that the number is complete

void Ss7Signalling::alerting(int call, int) {
  auto* circuit = impl_->of_call(call);
  if (circuit == nullptr || !impl_->up) return;
  if (!circuit->acm && isup_acm(impl_->ss7, circuit->handle) < 0) return;
  circuit->acm = true;
  isup_cpg(impl_->ss7, circuit->handle, CPG_EVENT_ALERTING);
}

void Ss7Signalling::progress(int call, int, int) {
  auto* circuit = impl_->of_call(call);
  if (circuit == nullptr || !impl_->up) return;
  if (!circuit->acm && isup_acm(impl_->ss7, circuit->handle) < 0) return;
  circuit->acm = true;
  isup_cpg(impl_->ss7, circuit->handle, CPG_EVENT_INBANDINFO);
}

void Ss7Signalling::answer(int call, int, const std::string& number, const std::string&) {
  auto* circuit = impl_->of_call(call);
  if (circuit == nullptr || !impl_->up) return;
  if (is_number(number))
    isup_set_connected(circuit->handle, number.c_str(), SS7_NAI_NATIONAL, SS7_PRESENTATION_ALLOWED,
                       kNetworkProvided);
  // ANSI has no CON: libss7 sends one in a network that does not exist.
  if (impl_->kind.ansi && !circuit->acm) {
    if (isup_acm(impl_->ss7, circuit->handle) < 0) return;
    circuit->acm = true;
  }
  if (circuit->acm) {
    isup_anm(impl_->ss7, circuit->handle);
  } else {
    isup_con(impl_->ss7, circuit->handle);
  }
}

void Ss7Signalling::party(int, const std::string&, const std::string&) {}

// What ISDN tells of hold and retrieval is here a suspension by the network and its end (Q.764 2.4).
void Ss7Signalling::notify(int call, int, int notification) {
  auto* circuit = impl_->of_call(call);
  if (circuit == nullptr || !impl_->up) return;
  if (notification == 0x79) {
    isup_sus(impl_->ss7, circuit->handle, 1);
  } else {
    isup_res(impl_->ss7, circuit->handle, 1);
  }
}

void Ss7Signalling::charge(int, const Charge&) {}
void Ss7Signalling::user_user(int, const std::string&) {}

void Ss7Signalling::hangup(int call, int cause, bool) {
  auto* circuit = impl_->of_call(call);
  if (circuit == nullptr || !impl_->up || circuit->cause != 0) return;
  circuit->cause = cause;
  isup_rel(impl_->ss7, circuit->handle, cause);
}

void Ss7Signalling::drop(int call) {
  if (auto* circuit = impl_->of_call(call)) impl_->over(*circuit, 41);
}

void Ss7Signalling::restart(int slot) {
  if (auto* circuit = impl_->at_slot(slot)) impl_->reset(circuit->cic, circuit->cic);
}

void Ss7Signalling::service(int slot, bool in_service) {
  if (auto* circuit = impl_->at_slot(slot))
    impl_->block(circuit->cic, circuit->cic, !in_service, false, false);
}

}  // namespace exchange
