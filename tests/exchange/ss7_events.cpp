// What libss7 tells: links, and the messages of calls.
#include <algorithm>
#include <cstring>
#include <utility>

#include "tests/exchange/ss7_impl.h"

namespace exchange {
namespace {

template <std::size_t N>
std::string text_of(const char (&field)[N]) {
  return {field, strnlen(field, N)};
}

/// Q.763 3.9: the signal "ST" says that the number is complete; libss7 shows it as #.
bool take_end(std::string& digits) {
  if (digits.empty() || digits.back() != '#') return false;
  digits.pop_back();
  return true;
}

}  // namespace

void Ss7Signalling::Impl::on_event(const ss7_event& event, int link) {
  switch (event.e) {
    case MTP2_LINK_UP:
      known[event.link.link] = link;  // only what was just read brings a link into service
      links[static_cast<std::size_t>(link)]->set_in_service(true);
      return;
    case MTP2_LINK_DOWN:
      if (const auto found = known.find(event.link.link); found != known.end()) {
        links[static_cast<std::size_t>(found->second)]->set_in_service(false);
        listener.on_link(found->second, false);
      }
      return;
    case SS7_EVENT_UP:
      return set_linkset(true);
    case SS7_EVENT_DOWN:
      return set_linkset(false);
    case ISUP_EVENT_IAM:
      return on_iam(event.iam);
    case ISUP_EVENT_REL:
      return on_release(event.rel);
    case ISUP_EVENT_RSC:
      return on_reset(event.rsc);
    case ISUP_EVENT_ACM:
    case ISUP_EVENT_CPG:
    case ISUP_EVENT_CON:
    case ISUP_EVENT_ANM:
    case ISUP_EVENT_SUS:
    case ISUP_EVENT_RES:
    case ISUP_EVENT_SAM:
    case ISUP_EVENT_DIGITTIMEOUT:
      return on_call_event(event);
    case ISUP_EVENT_COT:
    case ISUP_EVENT_CCR:
    case ISUP_EVENT_LPA:
    case ISUP_EVENT_CVT:
      return on_check_event(event);
    case ISUP_EVENT_GRS:
    case ISUP_EVENT_GRA:
    case ISUP_EVENT_CGB:
    case ISUP_EVENT_CGU:
    case ISUP_EVENT_CGBA:
    case ISUP_EVENT_CGUA:
    case ISUP_EVENT_CQM:
      return on_group_event(event);
    default:
      return on_circuit_event(event);
  }
}

void Ss7Signalling::Impl::on_iam(const ss7_event_iam& event) {
  auto* circuit = at_cic(event.cic);
  if (circuit == nullptr || event.opc != kind.dpc) {
    say("cic " + std::to_string(event.cic) + " is unequipped here");
    isup_free_call(ss7, event.call);
    isup_ucic(ss7, event.cic, event.opc);
    return;
  }
  circuit->handle = event.call;
  if (circuit->call != 0) return say("cic " + std::to_string(event.cic) + " a second IAM");
  if (circuit->local || circuit->local_hardware) {  // Q.764 2.8.2.1
    say("cic " + std::to_string(event.cic) + " is blocked here");
    isup_free_call(ss7, event.call);
    circuit->handle = nullptr;
    isup_blo(ss7, handle_of(*circuit));
    return;
  }
  circuit->remote = false;  // Q.764 2.8.2.1: the call unblocks
  SetupInfo setup;
  setup.slot = circuit->slot;
  setup.exclusive = true;
  if (event.presentation_ind == SS7_PRESENTATION_ALLOWED) setup.from = text_of(event.calling_party_num);
  setup.to = text_of(event.called_party_num);
  setup.complete = take_end(setup.to) || kind.ansi;
  setup.name = text_of(event.generic_name);
  setup.redirecting = text_of(event.redirecting_num);
  setup.clear = event.transcap == SS7_TMR_64K_UNRESTRICTED && !kind.ansi;
  if (event.cot_check_required == 0 && event.cot_performed_on_previous_cic == 0)
    return present(*circuit, setup);
  circuit->waiting = setup;
  if (event.cot_check_required != 0) listener.on_loop(circuit->slot, true);
}

void Ss7Signalling::Impl::present(Circuit& circuit, const SetupInfo& setup) {
  circuit.call = ++last;
  listener.on_setup(circuit.call, setup);
}

void Ss7Signalling::Impl::on_release(const ss7_event_rel& event) {
  auto* circuit = at_cic(event.cic);
  isup_rlc(ss7, event.call);
  if (circuit == nullptr) {
    isup_free_call_if_clear(ss7, event.call);
    return;
  }
  circuit->handle = event.call;
  if (circuit->cause != 0) return;  // Q.764 2.3.1: REL in both directions; RLC is yet to come
  over(*circuit, event.cause);
  settle(*circuit);
}

void Ss7Signalling::Impl::on_call_event(const ss7_event& event) {
  auto* circuit = at_cic(event.acm.cic);  // all begin alike
  if (circuit == nullptr || circuit->call == 0) return;
  const int call = circuit->call;
  switch (event.e) {
    case ISUP_EVENT_ACM:
      listener.on_proceeding(call, circuit->slot);
      if (event.acm.called_party_status_ind == 1) listener.on_alerting(call, circuit->slot);
      break;
    case ISUP_EVENT_CPG: {
      const int what = event.cpg.event & 0x7F;
      if (what == CPG_EVENT_ALERTING) {
        listener.on_alerting(call, circuit->slot);
      } else if (what == CPG_EVENT_PROGRESS || what == CPG_EVENT_INBANDINFO) {
        listener.on_progress(call, 0);
      } else {
        listener.on_call_notice(call, "event " + std::to_string(what));
      }
      break;
    }
    case ISUP_EVENT_CON:
    case ISUP_EVENT_ANM: {
      const auto number =
          event.e == ISUP_EVENT_CON ? text_of(event.con.connected_num) : text_of(event.anm.connected_num);
      if (!number.empty()) listener.on_party(call, number, {});
      listener.on_answered(call, circuit->slot);
      break;
    }
    case ISUP_EVENT_SUS:
      listener.on_call_notice(call,
                              event.sus.network_isdn_indicator != 0 ? "suspended network" : "suspended user");
      break;
    case ISUP_EVENT_RES:
      listener.on_call_notice(call,
                              event.res.network_isdn_indicator != 0 ? "resumed network" : "resumed user");
      break;
    case ISUP_EVENT_SAM: {
      auto digits = text_of(event.sam.called_party_num);
      const bool complete = take_end(digits);
      listener.on_digits(call, digits, complete);
      break;
    }
    default:
      listener.on_digits(call, {}, true);  // T10
  }
}

// Q.764 2.1.8: the far end checks; here is the loop.
void Ss7Signalling::Impl::on_check_event(const ss7_event& event) {
  auto* circuit = at_cic(event.ccr.cic);
  if (circuit == nullptr && event.e == ISUP_EVENT_CCR) {
    isup_free_call(ss7, event.ccr.call);
    isup_ucic(ss7, event.ccr.cic, kind.dpc);
  }
  if (circuit == nullptr) return;
  const auto cic = "cic " + std::to_string(circuit->cic);
  if (event.e == ISUP_EVENT_CCR) {
    circuit->handle = event.ccr.call;
    listener.on_loop(circuit->slot, true);
    isup_lpa(ss7, circuit->cic, kind.dpc);
  } else if (event.e == ISUP_EVENT_COT) {
    circuit->handle = event.cot.call;
    say(cic + (event.cot.passed != 0 ? " continuity passed" : " continuity failed"));
    listener.on_loop(circuit->slot, false);
    const auto waiting = std::exchange(circuit->waiting, std::nullopt);
    if (event.cot.passed != 0 && waiting) return present(*circuit, *waiting);
    settle(*circuit);
  } else if (event.e == ISUP_EVENT_CVT) {
    circuit->handle = event.cvt.call;
    isup_cvr(ss7, circuit->cic, kind.dpc);
    settle(*circuit);
  } else {
    say(cic + " loop acknowledged");
    circuit->handle = event.lpa.call;
    settle(*circuit);
  }
}

}  // namespace exchange
