// Blocking, resets and the other messages about circuits, and the commands for them.
#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "tests/exchange/ss7_impl.h"

namespace exchange {
namespace {

/// Q.763 3.43: a range is up to 31.
constexpr int kGroup = 32;

using Status = std::array<unsigned char, 256>;

std::string range(int first, int last) {
  return "cic " + std::to_string(first) + (last > first ? '-' + std::to_string(last) : "");
}

/// libss7's handle in an event about one circuit.
struct isup_call* handle_in(const ss7_event& event) {
  const bool facility = event.e == ISUP_EVENT_FAR || event.e == ISUP_EVENT_FAA || event.e == ISUP_EVENT_FRJ;
  return facility ? event.far.call : event.blo.call;
}

}  // namespace

// --- what comes -----------------------------------------------------------------------------------------

void Ss7Signalling::Impl::on_reset(const ss7_event_rsc& event) {
  auto* circuit = at_cic(event.cic);
  if (circuit == nullptr) {
    isup_free_call(ss7, event.call);
    isup_ucic(ss7, event.cic, event.opc);
    return;
  }
  circuit->handle = event.call;
  say(range(event.cic, event.cic) + " reset by the far end");
  over(*circuit, 41);
  circuit->remote = circuit->unequipped = circuit->resetting = false;
  isup_rlc(ss7, event.call);
  if (circuit->local) isup_blo(ss7, event.call);  // Q.764 2.9.3.1
  settle(*circuit);
}

void Ss7Signalling::Impl::on_circuit_event(const ss7_event& event) {
  auto* circuit = at_cic(event.blo.cic);
  if (circuit == nullptr) {
    isup_free_call_if_clear(ss7, handle_in(event));
    return;
  }
  circuit->handle = handle_in(event);
  const auto cic = range(circuit->cic, circuit->cic);
  switch (event.e) {
    case ISUP_EVENT_BLO:
    case ISUP_EVENT_UBL:
      circuit->remote = event.e == ISUP_EVENT_BLO;
      say(cic + (circuit->remote ? " blocked by the far end" : " unblocked by the far end"));
      if (circuit->remote) {
        isup_bla(ss7, circuit->handle);
      } else {
        isup_uba(ss7, circuit->handle);
      }
      break;
    case ISUP_EVENT_BLA:
      say(cic + " blocked");
      break;
    case ISUP_EVENT_UBA:
      say(cic + " unblocked");
      break;
    case ISUP_EVENT_RLC:
      if ((event.rlc.got_sent_msg & ISUP_SENT_RSC) != 0) {
        circuit->resetting = circuit->unequipped = false;
        say(cic + " reset");
      }
      over(*circuit, circuit->cause != 0 ? circuit->cause : 102);  // 102: libss7 cleared on a timer
      break;
    case ISUP_EVENT_UCIC:
      circuit->unequipped = true;
      say(cic + " is unequipped at the far end");
      isup_free_call(ss7, std::exchange(circuit->handle, nullptr));
      over(*circuit, 34);
      return;
    case ISUP_EVENT_FAR:
      if (!kind.ansi) isup_frj(ss7, circuit->handle);
      break;
    default:
      say(cic + " event " + std::to_string(event.e));
  }
  settle(*circuit);
}

void Ss7Signalling::Impl::on_group_event(const ss7_event& event) {
  const auto& group = event.cgb;  // all groups are alike
  if (event.e == ISUP_EVENT_GRS) return on_group_reset(group);
  const auto circuits_said = range(group.startcic, group.endcic);
  Status status{};
  for (int i = 0; i <= group.endcic - group.startcic && i < kGroup; ++i) {
    const auto at = static_cast<std::size_t>(i);
    auto* circuit = at_cic(group.startcic + i);
    status[at] = group.status[i];
    if (circuit == nullptr) {
      if (event.e == ISUP_EVENT_CQM) status[at] = 3;  // Q.763 3.14: unequipped
      continue;
    }
    if (event.e == ISUP_EVENT_CQM) {
      const int maintenance = (circuit->local ? 1 : 0) | (circuit->remote ? 2 : 0);
      const int hardware = (circuit->local_hardware ? 1 : 0) | (circuit->remote_hardware ? 2 : 0);
      const int busy = circuit->call == 0 ? 3 : 1;
      status[at] = static_cast<unsigned char>(maintenance | busy << 2 | hardware << 4);
    } else if (event.e == ISUP_EVENT_GRA) {
      circuit->remote = group.status[i] != 0;
      circuit->resetting = circuit->unequipped = false;
    } else if (event.e == ISUP_EVENT_CGB || event.e == ISUP_EVENT_CGU) {
      if (group.status[i] == 0) continue;
      (group.type == 1 ? circuit->remote_hardware : circuit->remote) = event.e == ISUP_EVENT_CGB;
      if (event.e == ISUP_EVENT_CGB && group.type == 1) over(*circuit, 41);  // Q.764 2.8.2.2
    }
  }
  const std::string kind_said = group.type == 1 ? " hardware" : "";
  const auto end = group.endcic;
  if (event.e == ISUP_EVENT_CQM) {
    say(circuits_said + " queried by the far end");
    isup_cqr(ss7, group.startcic, end, group.opc, status.data());
  } else if (event.e == ISUP_EVENT_GRA) {
    say(circuits_said + " group reset");
  } else if (event.e == ISUP_EVENT_CGB) {
    say(circuits_said + " group blocked by the far end" + kind_said);
    isup_cgba(ss7, group.call, end, status.data());
  } else if (event.e == ISUP_EVENT_CGU) {
    say(circuits_said + " group unblocked by the far end" + kind_said);
    isup_cgua(ss7, group.call, end, status.data());
  } else {
    say(circuits_said + (event.e == ISUP_EVENT_CGBA ? " group blocked" : " group unblocked") + kind_said);
  }
  if (auto* circuit = at_cic(group.startcic)) {
    circuit->handle = group.call;
    settle(*circuit);
  } else {
    isup_free_call_if_clear(ss7, group.call);
  }
}

void Ss7Signalling::Impl::on_group_reset(const ss7_event_cicrange& event) {
  say(range(event.startcic, event.endcic) + " group reset by the far end");
  Status status{};
  for (int i = 0; i <= event.endcic - event.startcic && i < kGroup; ++i) {
    auto* circuit = at_cic(event.startcic + i);
    if (circuit == nullptr) continue;
    status[static_cast<std::size_t>(i)] = circuit->local ? 1 : 0;  // Q.764 2.9.3.2
    circuit->remote = circuit->remote_hardware = circuit->unequipped = false;
    if (circuit->handle != nullptr && circuit->handle != event.call && circuit->call != 0)
      isup_free_call(ss7, std::exchange(circuit->handle, nullptr));
    over(*circuit, 41);
  }
  isup_gra(ss7, event.call, event.endcic, status.data());
  if (auto* circuit = at_cic(event.startcic)) {
    circuit->handle = event.call;
    settle(*circuit);
  } else {
    isup_free_call_if_clear(ss7, event.call);
  }
}

// --- what is sent ---------------------------------------------------------------------------------------

int Ss7Signalling::Impl::last_of_group(int first) {
  int end = first;
  while (end - first + 1 < kGroup && at_cic(end + 1) != nullptr) ++end;
  return end;
}

void Ss7Signalling::Impl::reset(int first, int last_cic) {
  for (int cic = first; cic <= last_cic; ++cic) {
    auto* circuit = at_cic(cic);
    over(*circuit, 41);
    if (cic != first && circuit->handle != nullptr)
      isup_free_call(ss7, std::exchange(circuit->handle, nullptr));
  }
  auto* handle = handle_of(*at_cic(first));
  if (first == last_cic) {
    isup_rsc(ss7, handle);
  } else {
    isup_grs(ss7, handle, last_cic);
  }
}

// Q.764 2.9.3.3: after a failure of memory, and that is what a start is.
void Ss7Signalling::Impl::reset_all() {
  for (auto at = circuits.begin(); at != circuits.end();) {
    const int end = last_of_group(at->first);
    reset(at->first, end);
    at = circuits.upper_bound(end);
  }
}

void Ss7Signalling::Impl::block(int first, int last_cic, bool blocked, bool hardware, bool group) {
  Status status{};
  for (int cic = first; cic <= last_cic; ++cic) {
    auto* circuit = at_cic(cic);
    (hardware ? circuit->local_hardware : circuit->local) = blocked;
    status[static_cast<std::size_t>(cic - first)] = 1;
    if (hardware && blocked) over(*circuit, 41);
  }
  auto* handle = handle_of(*at_cic(first));
  const int type = hardware ? 1 : 0;
  if (group && blocked) {
    isup_cgb(ss7, handle, last_cic, status.data(), type);
  } else if (group) {
    isup_cgu(ss7, handle, last_cic, status.data(), type);
  } else if (blocked) {
    isup_blo(ss7, handle);
  } else {
    isup_ubl(ss7, handle);
  }
}

// --- commands -------------------------------------------------------------------------------------------

namespace {

using Reply = std::expected<std::string, std::string>;

std::optional<int> number_of(std::string_view word) {
  int value = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (error != std::errc{} || end != word.data() + word.size() || value < 0) return std::nullopt;
  return value;
}

/// "5" or "5-9".
std::optional<std::pair<int, int>> range_of(std::string_view word) {
  const auto dash = word.find('-');
  const auto first = number_of(word.substr(0, dash));
  const auto last = dash == std::string_view::npos ? first : number_of(word.substr(dash + 1));
  if (!first || !last || *last < *first || *last - *first >= kGroup) return std::nullopt;
  return std::pair{*first, *last};
}

const char* yes(bool value, const char* word) {
  return value ? word : "";
}

}  // namespace

std::expected<std::string, std::string> Ss7Signalling::maintain(const std::vector<std::string>& words) {
  auto& own = *impl_;
  const auto& verb = words[0];
  const std::string argument = words.size() > 1 ? words[1] : "";
  const std::string more = words.size() > 2 ? words[2] : "";
  if (verb == "circuits") {
    std::string text = std::to_string(own.circuits.size()) + " circuits";
    for (const auto& [cic, c] : own.circuits)
      text += "; cic " + std::to_string(cic) + " slot " + std::to_string(c.slot) +
              (c.call != 0 ? " call " + std::to_string(c.call) : std::string(" idle")) +
              yes(c.local, " blocked") + yes(c.local_hardware, " blocked-hardware") +
              yes(c.remote, " blocked-there") + yes(c.remote_hardware, " blocked-hardware-there") +
              yes(c.unequipped, " unequipped-there") + yes(c.resetting, " resetting");
    return text;
  }
  if (verb == "link") {
    const auto link = number_of(more);
    const bool outage = argument == "outage", line = argument == "up" || argument == "down";
    if (!link || *link >= static_cast<int>(own.links.size()) || (!line && !outage && argument != "recovers"))
      return std::unexpected("link up|down|outage|recovers N");
    if (line)
      connect_line(*link, argument == "up");
    else
      own.links[static_cast<std::size_t>(*link)]->set_outage(outage);
    return "";
  }
  if (!own.up) return std::unexpected("the signalling is down");
  if (verb == "traffic") {  // MTP3 management, Q.704
    const auto link = number_of(more);
    if (!link) return std::unexpected("traffic WHAT LINK [PARAMETER]");
    if (argument == "restart") {
      mtp3_init_restart(own.ss7, *link);
      return "";
    }
    const auto parameter = static_cast<unsigned>(number_of(words.size() > 3 ? words[3] : "0").value_or(0));
    const std::string said = mtp3_net_mng(own.ss7, static_cast<unsigned>(*link), argument.c_str(), parameter);
    if (!said.starts_with("OK")) return std::unexpected(said.substr(0, said.find('\n')));
    return "";
  }
  const auto circuits = range_of(argument);
  if (!circuits) return std::unexpected("wanted: " + verb + " NUMBER, or a range of at most 32");
  const auto [first, last] = *circuits;
  if (verb == "suspend" || verb == "resume") {
    auto* circuit = own.of_call(first);
    if (circuit == nullptr) return std::unexpected("no such call");
    const unsigned char by = more == "user" ? 0 : 1;
    if (verb == "suspend") {
      isup_sus(own.ss7, circuit->handle, by);
    } else {
      isup_res(own.ss7, circuit->handle, by);
    }
    return "";
  }
  if (verb == "ucic" || verb == "lpa") {
    (verb == "ucic" ? isup_ucic : isup_lpa)(own.ss7, first, own.kind.dpc);
    return "";
  }
  for (int cic = first; cic <= last; ++cic)
    if (own.at_cic(cic) == nullptr) return std::unexpected("no such circuit: " + std::to_string(cic));
  const bool group = verb == "cgb" || verb == "cgu" || last > first;
  if (verb == "reset") {
    own.reset(first, last);
  } else {
    if (group && first == last) return std::unexpected("a group has 2 to 32 circuits");
    own.block(first, last, verb == "block" || verb == "cgb", more == "hardware", group);
  }
  return "";
}

}  // namespace exchange
