#include "gateway/core/auditor.h"

#include <algorithm>
#include <numeric>
#include <set>

namespace tandem::core {
namespace {

constexpr int kRepair = 2;    ///< audits in a row
constexpr int kWriteOff = 4;  ///< the media engine has been told twice and says nothing

std::uint64_t key(Circuit circuit) {
  return std::uint64_t{circuit.span} << 8 | circuit.timeslot;
}
template <class T>
std::uint64_t key(const T* pointer) {
  return reinterpret_cast<std::uintptr_t>(pointer);
}

}  // namespace

std::string_view to_string(Fault fault) {
  switch (fault) {
    case Fault::circuit_without_call:
      return "circuit_without_call";
    case Fault::circuit_without_media:
      return "circuit_without_media";
    case Fault::call_without_leg:
      return "call_without_leg";
    case Fault::leg_without_call:
      return "leg_without_call";
    case Fault::session_without_call:
      return "session_without_call";
    case Fault::port_without_leg:
      return "port_without_leg";
    case Fault::signalling_state:
      return "signalling_state";
  }
  return "";
}

std::uint64_t AuditCounters::all_repairs() const {
  return std::accumulate(repairs.begin(), repairs.end(), std::uint64_t{0});
}

void Auditor::audit(Time now) {
  ++counters_.audits;
  now_.clear();
  legs_.clear();
  for (const auto& [id, call] : exchange_.calls_) {
    legs_.insert(call->incoming.get());
    for (const auto& attempt : call->attempts) legs_.insert(attempt->leg.get());
  }
  for (std::size_t i = 0; i < trunks_.size(); ++i)
    for (const auto* leg : trunks_.at(i).collecting()) legs_.insert(leg);
  legs_.erase(nullptr);
  look_at_calls();
  look_at_d_channels(now);
  look_at_signalling(now);
  look_at_isup(now);
  look_at_media(now);
  look_at_circuits(now);
  before_.swap(now_);
}

int Auditor::seen(const Finding& finding) {
  const auto it = before_.find(finding);
  return now_[finding] = it == before_.end() ? 1 : it->second + 1;
}

void Auditor::repaired(Fault fault, CallId call, const std::string& what) {
  ++counters_.repairs[static_cast<std::size_t>(fault)];
  context_.log(Severity::error, call, "audit: " + what);
}

void Auditor::look_at_calls() {
  std::unordered_set<const Leg*> alive;
  for (std::size_t i = 0; i < trunks_.size(); ++i)
    for (const auto& [reference, leg] : trunks_.at(i).legs())
      if (trunks_.at(i).d_channel().has(reference)) alive.insert(leg);
  for (std::size_t i = 0; i < ss7_.size(); ++i)
    for (const auto& [cic, leg] : ss7_.at(i).legs()) alive.insert(leg);
  for (const auto& [sip_call, leg] : sip_.legs_) alive.insert(leg);
  std::vector<std::pair<CallId, int>> lost;
  const auto look = [&](const Leg* leg, bool idle) {
    if (leg == nullptr || idle || alive.contains(leg)) return;
    if (seen({Fault::call_without_leg, leg->call().value, static_cast<std::uint64_t>(leg->attempt())}) >=
        kRepair)
      lost.emplace_back(leg->call(), leg->attempt());
  };
  for (const auto& [id, call] : exchange_.calls_) {
    look(call->incoming.get(), call->incoming_idle);
    for (const auto& attempt : call->attempts) look(attempt->leg.get(), attempt->idle);
  }
  for (const auto& [call, attempt] : lost) {
    forget(call, attempt);
    repaired(Fault::call_without_leg, call, "a leg is gone without a word: its side of the call is ended");
    exchange_.leg_lost(call, attempt);
  }
}

/// A trunk may have the leg for a call that its D channel has not.
void Auditor::forget(CallId call, int attempt) {
  for (std::size_t i = 0; i < trunks_.size(); ++i)
    std::erase_if(trunks_.at(i).legs(), [&](const auto& entry) {
      return legs_.contains(entry.second) && entry.second->call() == call &&
             entry.second->attempt() == attempt;
    });
}

// What the D channel has and what its trunk believes of it.
void Auditor::look_at_d_channels(Time now) {
  for (std::size_t i = 0; i < trunks_.size(); ++i) {
    auto& trunk = trunks_.at(i);
    const auto& name = trunk.config().name;
    const bool up = trunk.d_channel().up();
    if (up != trunk.circuits().up() && seen({Fault::signalling_state, i, up}) >= kRepair) {
      repaired(Fault::signalling_state, {}, "the D channel of trunk " + name + " is " + (up ? "up" : "down"));
      trunk.believe(now);
    }
    for (const auto reference : trunk.d_channel().open_calls()) {
      if (trunk.legs().contains(reference) || seen({Fault::leg_without_call, i, reference}) < kRepair)
        continue;
      repaired(Fault::leg_without_call, {},
               "trunk " + name + ": a call of the D channel that no call here knows is cleared");
      trunk.commanded().disconnect(reference, 41, now);
    }
  }
}

// A map of signalling that names a leg which no call has: the leg itself is not looked at, for it may be
// gone.
void Auditor::look_at_signalling(Time now) {
  for (std::size_t i = 0; i < trunks_.size(); ++i) {
    auto& trunk = trunks_.at(i);
    std::vector<tdm::pri::CallRef> lost;
    for (const auto& [reference, leg] : trunk.legs()) {
      if (legs_.contains(leg)) continue;
      if (seen({Fault::leg_without_call, i, reference}) >= kRepair) lost.push_back(reference);
    }
    for (const auto reference : lost) {
      repaired(Fault::leg_without_call, {},
               "trunk " + trunk.config().name + ": a call that no call here knows is cleared");
      trunk.legs().erase(reference);
      trunk.commanded().disconnect(reference, 41, now);
    }
  }
  std::vector<sip::SipCall> lost;
  for (const auto& [sip_call, leg] : sip_.legs_) {
    if (legs_.contains(leg)) continue;
    if (seen({Fault::leg_without_call, ~std::uint64_t{0}, sip_call.value}) >= kRepair)
      lost.push_back(sip_call);
  }
  for (const auto sip_call : lost) {
    repaired(Fault::leg_without_call, {}, "a SIP call that no call here knows is ended");
    sip_.legs_.erase(sip_call);
    sip_.agent_.bye(sip_call, {}, now);
  }
}

// The circuit machine and the leg on its circuit: neither is without the other while a call lasts.
void Auditor::look_at_isup(Time now) {
  for (std::size_t i = 0; i < ss7_.size(); ++i) {
    auto& trunk = ss7_.at(i);
    const auto place = [&](std::uint16_t cic) { return std::uint64_t{i} << 16 | cic; };
    std::vector<std::uint16_t> lost, stuck;
    const bool reachable = trunk.reachable();
    if (reachable != trunk.group().reachable() &&
        seen({Fault::signalling_state, ~std::uint64_t{i}, reachable}) >= kRepair) {
      repaired(Fault::signalling_state, {},
               "the point code of trunk " + trunk.config().name +
                   (reachable ? " can be reached" : " cannot be reached"));
      reachable ? trunk.shared().resume(now) : trunk.shared().pause(now);
    }
    for (const auto& [cic, leg] : trunk.legs())
      if (!legs_.contains(leg) && seen({Fault::leg_without_call, ~place(cic), key(leg)}) >= kRepair)
        lost.push_back(cic);
    for (const auto cic : trunk.cics())
      if (trunk.group().in_call(cic) && !trunk.legs().contains(cic) &&
          seen({Fault::circuit_without_call, ~place(cic), trunk.call_of(cic).value}) >= kRepair)
        stuck.push_back(cic);
    for (const auto cic : lost) {
      repaired(Fault::leg_without_call, {},
               "trunk " + trunk.config().name + ": a call that no call here knows is released");
      trunk.legs().erase(cic);
      trunk.commanded().send(cic, make_rel(41, isup::cause_location(trunk.config().group, false)), now);
    }
    for (const auto cic : stuck) {
      repaired(Fault::circuit_without_call, trunk.call_of(cic),
               "trunk " + trunk.config().name + ": CIC " + std::to_string(cic) +
                   " is taken from a call that is not on it: reset");
      trunk.commanded().reset(cic, 1, now);
    }
  }
}

void Auditor::look_at_media(Time now) {
  std::vector<SessionId> told, written_off;
  const auto call_of = [this](CallId id) {
    const auto it = exchange_.calls_.find(id);
    return it == exchange_.calls_.end() ? nullptr : it->second.get();
  };
  for (const auto& [id, session] : media_.sessions_) {
    const auto* call = call_of(session.owner.call);
    if (call != nullptr && call->join.session == id) continue;
    // After a transfer the session is of the call of its RTP side, the joint may be the other call's.
    const auto* partner = call != nullptr ? call_of(call->partner) : nullptr;
    if (partner != nullptr && partner->join.session == id) continue;
    // The engine says when it has let go of a session; the port must not be closed under it.
    const auto times = seen({Fault::session_without_call, id.value});
    if (times == kRepair) told.push_back(id);
    if (times >= kWriteOff) written_off.push_back(id);
  }
  for (const auto id : told) {
    repaired(Fault::session_without_call, {}, "a media session without a call is closed");
    context_.out.emplace_back(media::Command{media::CloseSession{id}});
  }
  for (const auto id : written_off) {
    context_.log(Severity::error, {}, "audit: the media engine has not closed a session: it is written off");
    media::SessionClosed closed;
    closed.session = id;
    if (const auto owner = media_.closed(closed)) exchange_.media_closed(*owner, closed.stats, now);
  }
  std::unordered_set<const media::RtpTransport*> held;
  for (const auto* leg : legs_)
    if (const auto* rtp = leg->rtp()) held.insert(rtp->transport);
  std::vector<media::RtpTransport*> left;
  for (const auto& [transport, use] : media_.uses_) {
    if (!use.held || held.contains(transport)) continue;
    if (seen({Fault::port_without_leg, key(transport)}) >= kRepair) left.push_back(transport);
  }
  for (auto* transport : left) {
    repaired(Fault::port_without_leg, {}, "an RTP port that no call has is closed");
    media_.give_back_port(transport);
  }
}

void Auditor::look_at_circuits(Time now) {
  std::map<Circuit, int> sessions;
  for (const auto& [id, session] : media_.sessions_)
    if (session.circuit) ++sessions[*session.circuit];
  std::set<std::pair<Circuit, CallId>> used;
  for (const auto* leg : legs_)
    if (const auto circuit = leg->circuit()) used.emplace(*circuit, leg->call());
  for (std::size_t i = 0; i < trunks_.size(); ++i) {
    auto& trunk = trunks_.at(i);
    std::vector<CircuitEntry> stuck, held;
    for (const auto& entry : trunk.circuits().entries()) {
      if (entry.call && !used.contains({entry.circuit, entry.call}) &&
          seen({Fault::circuit_without_call, key(entry.circuit), entry.call.value}) >= kRepair)
        stuck.push_back(entry);
      if (entry.media != sessions[entry.circuit] &&
          seen({Fault::circuit_without_media, key(entry.circuit)}) >= kRepair)
        held.push_back(entry);
    }
    for (const auto& entry : stuck) {
      const auto name = context_.circuit_name(entry.circuit);
      repaired(Fault::circuit_without_call, entry.call,
               "circuit " + name + " is taken from a call that is not on it");
      trunk.circuits().release(entry.circuit, entry.call);
      trunk.restart_idle(entry.circuit, now);  // the far end may think otherwise of it (Q.931 5.5)
    }
    for (const auto& entry : held) {
      repaired(Fault::circuit_without_media, {},
               "circuit " + context_.circuit_name(entry.circuit) + " is let go by media");
      for (int n = entry.media; n > sessions[entry.circuit]; --n)
        trunk.circuits().release_media(entry.circuit);
      for (int n = entry.media; n < sessions[entry.circuit]; ++n) trunk.circuits().hold_media(entry.circuit);
    }
  }
}

}  // namespace tandem::core
