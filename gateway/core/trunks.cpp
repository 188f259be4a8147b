#include "gateway/core/trunks.h"

#include <map>

namespace tandem::core {

void Trunks::build(Exchange& exchange, Time now) {
  const auto& config = context_.config;
  alarms_.resize(config.spans.size());
  for (std::size_t i = 0; i < config.trunks.size(); ++i)
    trunks_.push_back(std::make_unique<Trunk>(context_, exchange, i, touched_, now));
  note_spans();
}

void Trunks::note_spans() {
  const auto& config = context_.config;
  by_span_.assign(config.spans.size(), {});
  for (std::size_t i = 0; i < config.trunks.size(); ++i)
    for (const auto& span : config.trunks[i].spans) by_span_[span.span].push_back(i);
}

void Trunks::rebuild(std::size_t index, Exchange& exchange, Time now) {
  std::vector<Circuit> blocked;
  for (const auto& entry : trunks_[index]->circuits().entries())
    if (entry.blocked) blocked.push_back(entry.circuit);
  std::erase(touched_, index);
  deadlines_.stop(index);
  trunks_[index] = std::make_unique<Trunk>(context_, exchange, index, touched_, now);
  note_spans();
  auto& trunk = *trunks_[index];
  for (const auto circuit : blocked) trunk.circuits().block(circuit, true);
  for (const auto& span : trunk.config().spans)
    if (alarms_[span.span].any()) trunk.set_alarms(span.span, alarms_[span.span], now);
}

void Trunks::handle_frame(std::size_t trunk, OctetView frame, Time now, std::uint8_t link) {
  if (trunk < trunks_.size() && link < trunks_[trunk]->config().d_channels.size())
    trunks_[trunk]->handle_frame(frame, now, link);
}

void Trunks::handle_timer(const TimerKey& key, Time now) {
  trunks_[Trunk::trunk_of(key)]->handle_timer(key, now);
}

void Trunks::handle_timers(Time now) {
  while (const auto index = deadlines_.pop_expired(now)) trunks_[*index]->handle_timers(now);
}

bool Trunks::pump(Time now) {
  bool any = false;
  while (!touched_.empty()) {
    const auto index = touched_.back();
    touched_.pop_back();
    auto& trunk = *trunks_[index];
    any = trunk.pump(now) || any;
    if (const auto deadline = trunk.next_deadline())
      deadlines_.start(index, *deadline);
    else
      deadlines_.stop(index);
  }
  return any;
}

Trunk* Trunks::trunk_of(Circuit circuit) {
  if (circuit.span >= by_span_.size()) return nullptr;
  for (const auto index : by_span_[circuit.span])
    if (trunks_[index]->circuits().find(circuit) != nullptr) return trunks_[index].get();
  return nullptr;
}

void Trunks::hold_media(Circuit circuit) {
  if (auto* trunk = trunk_of(circuit)) trunk->circuits().hold_media(circuit);
}

void Trunks::release_media(Circuit circuit) {
  if (auto* trunk = trunk_of(circuit)) trunk->circuits().release_media(circuit);
}

std::unique_ptr<Leg> Trunks::make_leg(std::size_t trunk, Bus& bus, CallId call, int attempt) {
  return std::make_unique<PriLeg>(context_, bus, *trunks_[trunk], call, attempt);
}

void Trunks::restart_when_up(const HeldCircuit& held) {
  for (const auto& trunk : trunks_) {
    if (trunk->config().name != held.trunk) continue;
    for (const auto circuit : circuits_of(trunk->config()))
      if (context_.circuit_name(circuit) == held.circuit) trunk->restart_when_up(circuit);
  }
}

void Trunks::set_alarms(std::uint16_t span, tdm::Alarms alarms, Time now) {
  if (span >= alarms_.size() || alarms_[span] == alarms) return;
  alarms_[span] = alarms;
  const auto& name = context_.config.spans[span].name;
  std::string text;
  if (alarms.red) text += " red";
  if (alarms.blue) text += " blue (AIS)";
  if (alarms.yellow) text += " yellow (RDI)";
  context_.log(alarms.any() ? Severity::warning : Severity::info, {},
               "span " + name + (text.empty() ? ": alarms cleared" : ": alarm" + text));
  for (const auto index : by_span_[span]) trunks_[index]->set_alarms(span, alarms, now);
}

std::expected<Trunks::Chosen, std::string> Trunks::choose(const std::string& trunk,
                                                          const std::string& timeslots) {
  for (const auto& candidate : trunks_) {
    if (candidate->config().retired || candidate->config().name != trunk) continue;
    std::vector<SpanName> names;
    for (const auto& span : candidate->config().spans)
      names.push_back({context_.config.spans[span.span].name, span.span});
    auto chosen = parse_circuits(timeslots, circuits_of(candidate->config()), names);
    if (!chosen) return std::unexpected(chosen.error());
    return Chosen{candidate.get(), std::move(*chosen)};
  }
  return std::unexpected("there is no trunk '" + trunk + "'");
}

std::vector<CircuitStatus> Trunks::circuits() const {
  std::vector<CircuitStatus> rows;
  for (const auto& trunk : trunks_) {
    const auto& config = trunk->config();
    if (config.retired) continue;
    const auto& pool = trunk->circuits();
    std::map<Circuit, CircuitStatus> own;
    for (std::size_t i = 0; i < config.d_channels.size(); ++i) {
      const auto circuit = config.d_channels[i];
      const auto* blocked = pool.alarm(circuit.span) ? "alarm" : trunk->link_up(i) ? "" : "down";
      own[circuit] = {config.name, context_.circuit_name(circuit), "d-channel", blocked, {}};
    }
    for (const auto& entry : pool.entries())
      own[entry.circuit] = {config.name, context_.circuit_name(entry.circuit),
                            std::string(to_string(entry.state)), std::string(pool.blocked_by(entry)),
                            entry.call};
    for (auto& [circuit, row] : own) rows.push_back(std::move(row));
  }
  return rows;
}

std::vector<TrunkStatus> Trunks::status() const {
  std::vector<TrunkStatus> rows;
  for (const auto& trunk : trunks_)
    if (!trunk->config().retired) rows.push_back(trunk->status());
  return rows;
}

std::size_t Trunks::calls() const {
  std::size_t sum = 0;
  for (const auto& trunk : trunks_) sum += trunk->calls();
  return sum;
}

std::size_t Trunks::busy() const {
  std::size_t sum = 0;
  for (const auto& trunk : trunks_)
    for (const auto& entry : trunk->circuits().entries())
      if (entry.state != CircuitState::idle || entry.media != 0 || entry.call) ++sum;
  return sum;
}

}  // namespace tandem::core
