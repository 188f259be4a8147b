// What the exchange tells libpri to send.
#include <algorithm>

#include "tests/exchange/pri_impl.h"

namespace exchange {
namespace {

pri_party_number number_of(const std::string& digits) {
  pri_party_number number{};
  number.valid = 1;
  number.plan = PRI_UNKNOWN | PRI_NPI_E163_E164;
  number.presentation = PRES_ALLOWED_USER_NUMBER_PASSED_SCREEN;
  digits.copy(number.str, sizeof number.str - 1);
  return number;
}

pri_party_name name_of(const std::string& text) {
  pri_party_name name{};
  name.valid = 1;
  name.presentation = PRI_PRES_ALLOWED;
  name.char_set = PRI_CHAR_SET_ISO8859_1;
  text.copy(name.str, sizeof name.str - 1);
  return name;
}

pri_party_connected_line line_of(const std::string& number, const std::string& name) {
  pri_party_connected_line line{};
  if (!number.empty()) line.id.number = number_of(number);
  if (!name.empty()) line.id.name = name_of(name);
  return line;
}

void set_called_subaddress(pri_sr* request, const std::string& digits) {
  pri_party_subaddress subaddress{};
  subaddress.valid = 1;
  subaddress.type = 2;  // user specified (Q.931 4.5.9)
  subaddress.length = static_cast<int>(std::min(digits.size(), sizeof subaddress.data - 1));
  std::copy_n(digits.begin(), subaddress.length, subaddress.data);
  pri_sr_set_called_subaddress(request, &subaddress);
}

void set_redirecting(pri_sr* request, const std::string& digits, const std::string& original) {
  pri_party_redirecting redirecting{};
  redirecting.from.number = number_of(digits);
  redirecting.orig_called.number = number_of(original.empty() ? digits : original);
  redirecting.count = original.empty() ? 1 : 2;
  redirecting.reason = PRI_REDIR_UNCONDITIONAL;
  redirecting.orig_reason = PRI_REDIR_UNCONDITIONAL;
  pri_sr_set_redirecting_parties(request, &redirecting);
}

}  // namespace

int PriSignalling::setup(const SetupInfo& setup) {
  auto* pri = impl_->active();
  q931_call* handle = pri_new_call(pri);
  if (handle == nullptr) return 0;
  std::string to = setup.to;
  pri_sr* request = pri_sr_new();
  if (!setup.no_channel)
    pri_sr_set_channel(request, impl_->encoded(setup.slot), impl_->kind.network ? 1 : 0, 0);
  if (setup.clear)
    pri_sr_set_bearer(request, PRI_TRANS_CAP_DIGITAL, 0);
  else
    pri_sr_set_bearer(request, PRI_TRANS_CAP_SPEECH, impl_->kind.t1 ? PRI_LAYER_1_ULAW : PRI_LAYER_1_ALAW);
  pri_sr_set_called(request, to.data(), PRI_UNKNOWN | PRI_NPI_E163_E164, setup.complete ? 1 : 0);
  pri_party_id party{};
  party.number = number_of(setup.from);
  if (!setup.name.empty()) party.name = name_of(setup.name);
  pri_sr_set_caller_party(request, &party);
  if (!setup.redirecting.empty()) set_redirecting(request, setup.redirecting, setup.original);
  if (!setup.user_user.empty()) pri_sr_set_useruser(request, setup.user_user.c_str());
  if (!setup.subaddress.empty()) set_called_subaddress(request, setup.subaddress);
  if (!setup.keypad.empty()) pri_sr_set_keypad_digits(request, setup.keypad.c_str());
  const bool sent = pri_setup(pri, handle, request) == 0;
  pri_sr_free(request);
  if (!sent) {
    pri_destroycall(pri, handle);
    return 0;
  }
  impl_->calls[++impl_->last] = handle;
  return impl_->last;
}

void PriSignalling::setup_ack(int call, int slot) {
  if (auto* handle = impl_->call_of(call)) pri_setup_ack(impl_->active(), handle, impl_->encoded(slot), 0, 0);
}

void PriSignalling::more_digits(int call, const std::string& digits) {
  auto* handle = impl_->call_of(call);
  for (const char digit : digits)
    if (handle != nullptr) pri_information(impl_->active(), handle, digit);
}

void PriSignalling::proceeding(int call, int slot) {
  if (auto* handle = impl_->call_of(call)) pri_proceeding(impl_->active(), handle, impl_->encoded(slot), 0);
}

void PriSignalling::alerting(int call, int slot) {
  if (auto* handle = impl_->call_of(call)) pri_acknowledge(impl_->active(), handle, impl_->encoded(slot), 0);
}

void PriSignalling::progress(int call, int slot, int cause) {
  auto* handle = impl_->call_of(call);
  if (handle == nullptr) return;
  if (cause != 0) {
    pri_progress_with_cause(impl_->active(), handle, impl_->encoded(slot), 1, cause);
  } else {
    pri_progress(impl_->active(), handle, impl_->encoded(slot), 1);
  }
}

void PriSignalling::answer(int call, int slot, const std::string& number, const std::string& name) {
  auto* handle = impl_->call_of(call);
  if (handle == nullptr) return;
  if (!number.empty() || !name.empty()) {
    const auto line = line_of(number, name);
    pri_connected_line_update(impl_->active(), handle, &line);
  }
  pri_answer(impl_->active(), handle, impl_->encoded(slot), 0);
}

void PriSignalling::party(int call, const std::string& number, const std::string& name) {
  auto* handle = impl_->call_of(call);
  if (handle == nullptr) return;
  const auto line = line_of(number, name);
  pri_connected_line_update(impl_->active(), handle, &line);
}

void PriSignalling::notify(int call, int slot, int notification) {
  if (auto* handle = impl_->call_of(call))
    pri_notify(impl_->active(), handle, impl_->encoded(slot), notification);
}

namespace {

/// What AOC-D and AOC-E have in common.
template <class Advice>
void write_charge(const Charge& charge, Advice& advice) {
  if (charge.free) {
    advice.charge = PRI_AOC_DE_CHARGE_FREE;
  } else if (!charge.currency.empty()) {
    advice.charge = PRI_AOC_DE_CHARGE_CURRENCY;
    auto& money = advice.recorded.money;
    money.amount = {.cost = charge.number, .multiplier = PRI_AOC_MULTIPLIER_HUNDREDTH};
    charge.currency.copy(money.currency, sizeof money.currency - 1);
  } else {
    advice.charge = PRI_AOC_DE_CHARGE_UNITS;
    advice.recorded.unit.num_items = 1;
    advice.recorded.unit.item[0].number = charge.number;
    advice.recorded.unit.item[0].type = -1;
  }
}

}  // namespace

void PriSignalling::charge(int call, const Charge& charge) {
  auto* handle = impl_->call_of(call);
  if (handle == nullptr) return;
  if (charge.final) {
    pri_subcmd_aoc_e advice{};
    advice.billing_id = PRI_AOC_E_BILLING_ID_NOT_AVAILABLE;
    write_charge(charge, advice);
    pri_aoc_e_send(impl_->active(), handle, &advice);
  } else {
    pri_subcmd_aoc_d advice{};
    advice.billing_id = PRI_AOC_D_BILLING_ID_NOT_AVAILABLE;
    write_charge(charge, advice);
    pri_aoc_d_send(impl_->active(), handle, &advice);
  }
}

void PriSignalling::user_user(int call, const std::string& text) {
  if (auto* handle = impl_->call_of(call)) pri_call_set_useruser(handle, text.c_str());
}

void PriSignalling::hangup(int call, int cause, bool inband) {
  auto* handle = impl_->call_of(call);
  if (handle == nullptr || !impl_->causes.try_emplace(call, cause).second) return;
  if (inband) impl_->with_tones[impl_->reference_of(handle)] = call;
  pri_hangup(impl_->active(), handle, cause);
  // RELEASE COMPLETE as the first answer ends the call at once and without an event.
  const bool dead = impl_->reference_of(handle) < 0;
  if (dead) {
    impl_->causes.erase(call);
    impl_->over(call, cause);
  }
}

void PriSignalling::restart(int slot) {
  pri_reset(impl_->active(), impl_->encoded(slot));
}

void PriSignalling::service(int slot, bool in_service) {
  const int span = impl_->kind.interfaces[static_cast<std::size_t>(slot / kSlotsOfSpan)];
  pri_maintenance_service(impl_->active(), span, slot % kSlotsOfSpan, in_service ? 0 : 2);
}

void PriSignalling::drop(int call) {
  auto* handle = impl_->call_of(call);
  if (handle == nullptr) return;
  pri_destroycall(impl_->active(), handle);
  impl_->causes.erase(call);
  impl_->over(call, 41);
}

}  // namespace exchange
