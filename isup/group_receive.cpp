// Messages in and out: which machine they belong to, which octets they are.
#include <utility>

#include "isup/group_core.h"
#include "isup/registry.h"

namespace tandem::isup {
namespace {

using M = MessageType;
using E = CircuitEvent;

std::optional<E> received_event(M type) {
  switch (type) {
    case M::iam:
      return E::r_iam;
    case M::sam:
      return E::r_sam;
    case M::acm:
      return E::r_acm;
    case M::cpg:
      return E::r_cpg;
    case M::con:
      return E::r_con;
    case M::anm:
      return E::r_anm;
    case M::rel:
      return E::r_rel;
    case M::rlc:
      return E::r_rlc;
    case M::sus:
      return E::r_sus;
    case M::res:
      return E::r_res;
    case M::cot:
      return E::r_cot;
    case M::ccr:
      return E::r_ccr;
    case M::lpa:
      return E::r_lpa;
    case M::rsc:
      return E::r_rsc;
    case M::ucic:
      return E::r_ucic;
    case M::olm:
      return E::r_olm;
    case M::inf:
      return E::r_inf;
    case M::irs:
      return E::r_irs;
    case M::inr:
    case M::idr:
    case M::far:
    case M::faa:
    case M::frj:
    case M::fac:
    case M::pam:
    case M::usr:
    case M::crg:
    case M::nrm:
    case M::lop:
    case M::apm:
    case M::pri:
    case M::sdn:
    case M::fot:
    case M::exm:
      return E::r_info;
    default:
      return std::nullopt;
  }
}

/// What call control may send; nothing: the machines send it, or the variant has no such message.
std::optional<E> command_event(M type, Variant variant) {
  const bool ansi = variant == Variant::ansi;
  switch (type) {
    case M::iam:
      return E::c_iam;
    case M::acm:
      return E::c_acm;
    case M::cpg:
      return E::c_cpg;
    case M::anm:
      return E::c_anm;
    case M::rel:
      return E::c_rel;
    case M::sus:
      return E::c_sus;
    case M::res:
      return E::c_res;
    case M::cot:
      return E::c_cot;
    case M::inr:
      return E::c_inr;
    case M::sam:
      return ansi ? std::nullopt : std::optional(E::c_sam);
    case M::con:
      return ansi ? std::nullopt : std::optional(E::c_con);
    case M::olm:
      return ansi ? std::nullopt : std::optional(E::c_olm);
    case M::idr:
      return ansi ? std::nullopt : std::optional(E::c_idr);
    case M::far:
    case M::faa:
    case M::frj:
    case M::usr:
      return ansi ? std::nullopt : std::optional(E::c_info);
    case M::inf:
    case M::irs:
    case M::fac:
    case M::pam:
    case M::crg:
    case M::nrm:
    case M::lop:
    case M::apm:
    case M::pri:
    case M::sdn:
    case M::fot:
    case M::exm:
    case M::cfn:
      return E::c_info;
    default:  // Q.764 2.9.5.3.2: what nobody knows is passed on
      return find_message(type, variant) == nullptr ? std::optional(E::c_info) : std::nullopt;
  }
}

bool of_groups(M type) {
  switch (type) {
    case M::grs:
    case M::gra:
    case M::cgb:
    case M::cgu:
    case M::cgba:
    case M::cgua:
    case M::cqm:
    case M::cqr:
      return true;
    default:
      return false;
  }
}

constexpr std::size_t kCicOctets = 2;

}  // namespace

void GroupCore::transmit(std::uint16_t cic, const Message& message) {
  Octets octets(kCicOctets);
  octets[0] = static_cast<Octet>(cic);
  octets[1] = static_cast<Octet>(cic >> 8);
  if (prepared_for == &message) {
    octets.insert(octets.end(), prepared.begin(), prepared.end());
  } else {
    const auto encoded = encode(message, config.variant);
    if (!encoded) return;
    octets.insert(octets.end(), encoded->begin(), encoded->end());
  }
  const bool plain_rlc = message.type() == M::rlc && message.parameters().empty();
  if (plain_rlc && !config.quirks.rlc_with_pointer) octets.resize(kCicOctets + 1);
  // Q.704 2.2.4, T1.111.4: messages of one circuit keep their order.
  const unsigned bits = config.sls_bits != 0 ? config.sls_bits : config.variant == Variant::ansi ? 5U : 4U;
  const auto sls = static_cast<std::uint8_t>(cic & ((1U << bits) - 1));
  ++counters.sent;
  outputs.emplace_back(
      Transmit{sls, static_cast<std::uint8_t>(message.type() == M::iam ? 0 : 1), std::move(octets)});
}

bool GroupCore::command(CircuitRecord& circuit, const Message& given, Time now) {
  const auto added = with_path(circuit, given);
  const Message& message = added ? *added : given;
  const auto event = command_event(message.type(), config.variant);
  if (!event || is_excluded(message.type())) return false;
  auto encoded = encode(message, config.variant);
  if (!encoded) {
    if (encoded.error().code != Errc::too_long) return false;
    const auto parts = in_two_parts(message);
    if (!parts || !happen(circuit, *event, &parts->first, now)) return false;
    transmit(circuit.cic, parts->second);  // Q.764 2.1.12
    return true;
  }
  prepared = std::move(*encoded);
  prepared_for = &message;
  const bool taken = happen(circuit, *event, &message, now);
  prepared_for = nullptr;
  return taken;
}

void GroupCore::receive(OctetView from_cic, Time now) {
  ++counters.received;
  if (from_cic.size() <= kCicOctets) {
    ++counters.malformed;
    return;
  }
  const unsigned mask = config.variant == Variant::ansi ? 0x3fffU : 0x0fffU;
  const auto cic = static_cast<std::uint16_t>((from_cic[0] | from_cic[1] << 8) & static_cast<int>(mask));
  auto message = decode(from_cic.subspan(kCicOctets), config.variant);
  if (!message) {  // Q.764 2.9.5: format errors
    ++counters.malformed;
    return;
  }
  dispatch(cic, *message, now);
}

void GroupCore::dispatch(std::uint16_t cic, Message& message, Time now) {
  user_part_heard();
  if (message.type() == M::upt) return transmit(cic, M::upa);  // Q.764 2.13
  if (message.type() == M::upa) return;
  if (of_groups(message.type()) && !is_excluded(message.type())) return group_message(cic, message, now);
  auto* circuit = find(cic);
  if (circuit == nullptr) return unknown_cic(cic, message);
  to_circuit(*circuit, message, now);
}

bool GroupCore::is_excluded(M type) const {
  if (type == M::lpa && config.quirks.loop_acknowledge) return false;
  return excluded(type, config.variant);
}

/// Q.764 2.12: said of what begins something, never of an answer.
void GroupCore::unknown_cic(std::uint16_t cic, const Message& message) {
  ++counters.unknown_cic;
  switch (message.type()) {
    case M::iam:
    case M::ccr:
    case M::rsc:
    case M::blo:
    case M::ubl:
    case M::grs:
    case M::cgb:
    case M::cgu:
    case M::cvt:
      if (config.quirks.unequipped_answer && !is_excluded(M::ucic)) transmit(cic, M::ucic);
      return;
    default:
      return;
  }
}

void GroupCore::to_circuit(CircuitRecord& circuit, Message& message, Time now) {
  const M type = message.type();
  switch (type) {
    case M::blo:
    case M::ubl:
    case M::bla:
    case M::uba:
      return blocking_message(circuit, type, now);
    case M::cfn:  // Q.764 2.9.5.2: never answered
      outputs.emplace_back(GroupAlert{circuit.cic, AlertText::confusion});
      return;
    case M::cvt:
    case M::cvr:
    case M::crm:
    case M::cra:
      if (config.variant == Variant::ansi) return ansi_message(circuit, message);
      break;
    default:
      break;
  }
  if (find_message(type, config.variant) == nullptr || is_excluded(type))
    return unknown_message(circuit, message, now);
  if (type == M::ucic) unequipped_answer(circuit);
  if (!known_parameters(circuit, message, now)) return;
  if (const auto whole = joined(circuit, std::move(message), now)) act(circuit, *whole, now);
  refused_parameters.clear();
}

void GroupCore::act(CircuitRecord& circuit, const Message& message, Time now) {
  const M type = message.type();
  const auto event = received_event(type);
  if (!event) {
    ++counters.unrecognized;
    return;
  }
  if (type == M::iam) {
    const auto* category = message.get<CallingPartysCategory>();
    constexpr std::uint8_t kTestCall = 0x0d;
    const bool test = category != nullptr && category->value == kTestCall;
    // Q.764 2.8.2: the peer has unblocked it, or would not use it.
    if (!test && circuit.remote_maintenance && circuit.call == CallState::idle)
      remote_blocking(circuit, Blocking::maintenance, false, now);
    if (!test && circuit.block == BlockState::blocked && circuit.call == CallState::idle &&
        !wanted_by_group(circuit.cic))  // CGU may have arrived, and CGUA not
      block_one(circuit, true, now);
    if (refuse_bearer(circuit, message, now)) return;
    if (circuit.call == CallState::idle) circuit.test = test;
  }
  if (type == M::rel) {
    const auto* level = message.get<AutomaticCongestionLevel>();
    if (level != nullptr && (level->level == 1 || level->level == 2)) {  // Q.764 2.11
      heeded_level = level->level;
      start(kGroup, Timer::tacl, now);
    }
  }
  if (type == M::nrm) answer_echo_request(circuit, message);
  if (!happen(circuit, *event, &message, now)) unexpected(circuit, now);
}

}  // namespace tandem::isup
