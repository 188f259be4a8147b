#include "gateway/core/circuits.h"

#include <algorithm>
#include <charconv>

namespace tandem::core {

std::vector<Circuit> circuits_of(const TrunkConfig& trunk) {
  std::vector<Circuit> circuits;
  for (const auto& span : trunk.spans)
    for (const auto timeslot : span.timeslots) circuits.push_back({span.span, timeslot});
  return circuits;
}

std::string_view to_string(CircuitState state) {
  switch (state) {
    case CircuitState::idle:
      return "idle";
    case CircuitState::incoming:
      return "incoming";
    case CircuitState::outgoing:
      return "outgoing";
    case CircuitState::resetting:
      return "resetting";
  }
  return "";
}

CircuitPool::CircuitPool(std::span<const Circuit> circuits, Hunt hunt) : hunt_(hunt) {
  entries_.reserve(circuits.size());
  for (const auto circuit : circuits) {
    CircuitEntry entry;
    entry.circuit = circuit;
    entries_.push_back(entry);
  }
  std::ranges::sort(entries_, {}, &CircuitEntry::circuit);
  resetting_.resize(entries_.size());
}

CircuitEntry* CircuitPool::entry(Circuit circuit) {
  const auto it = std::ranges::lower_bound(entries_, circuit, {}, &CircuitEntry::circuit);
  return it != entries_.end() && it->circuit == circuit ? &*it : nullptr;
}

const CircuitEntry* CircuitPool::find(Circuit circuit) const {
  const auto it = std::ranges::lower_bound(entries_, circuit, {}, &CircuitEntry::circuit);
  return it != entries_.end() && it->circuit == circuit ? &*it : nullptr;
}

namespace {

bool better(Hunt hunt, const CircuitEntry& a, const CircuitEntry& b) {
  switch (hunt) {
    case Hunt::ascending:
      return a.circuit < b.circuit;
    case Hunt::descending:
      return a.circuit > b.circuit;
    case Hunt::least_recent:
      return a.touched != b.touched ? a.touched < b.touched : a.circuit < b.circuit;
    case Hunt::most_recent:
      return a.touched != b.touched ? a.touched > b.touched : a.circuit < b.circuit;
    case Hunt::odd:
    case Hunt::even: {
      const bool a_first = (a.circuit.timeslot % 2 == 1) == (hunt == Hunt::odd);
      const bool b_first = (b.circuit.timeslot % 2 == 1) == (hunt == Hunt::odd);
      return a_first != b_first ? a_first : a.circuit < b.circuit;
    }
  }
  return false;
}

}  // namespace

bool CircuitPool::usable(const CircuitEntry& entry) const {
  return open_ && entry.state == CircuitState::idle && !entry.blocked && !entry.out_of_service;
}

const CircuitEntry* CircuitPool::choose() const {
  const CircuitEntry* best = nullptr;
  for (const auto& candidate : entries_) {
    if (!usable(candidate) || candidate.media != 0 || alarm(candidate.circuit.span)) continue;
    if (best == nullptr || better(hunt_, candidate, *best)) best = &candidate;
  }
  return best;
}

std::optional<Circuit> CircuitPool::hunt(CircuitState state, CallId call) {
  if (!up_) return std::nullopt;
  const auto* chosen = choose();
  if (chosen == nullptr) return std::nullopt;
  auto* taken = entry(chosen->circuit);
  taken->state = state;
  taken->call = call;
  return taken->circuit;
}

CircuitPool::Seizure CircuitPool::seize(Circuit circuit, CircuitState state, CallId call) {
  auto* found = entry(circuit);
  if (found == nullptr) return Seizure::unknown;
  if (!usable(*found)) return Seizure::busy;
  found->state = state;
  found->call = call;
  return Seizure::taken;
}

void CircuitPool::release(Circuit circuit, CallId call) {
  auto* found = entry(circuit);
  if (found == nullptr || found->call != call || !call) return;
  const auto index = static_cast<std::size_t>(found - entries_.data());
  found->state = resetting_[index] ? CircuitState::resetting : CircuitState::idle;
  found->call = {};
  found->touched = ++sequence_;
}

void CircuitPool::hold_media(Circuit circuit) {
  if (auto* found = entry(circuit); found != nullptr) ++found->media;
}

void CircuitPool::release_media(Circuit circuit) {
  if (auto* found = entry(circuit); found != nullptr && found->media > 0) --found->media;
}

void CircuitPool::pass_on(Circuit circuit, CallId winner) {
  auto* found = entry(circuit);
  if (found == nullptr) return;
  found->state = CircuitState::incoming;
  found->call = winner;
}

bool CircuitPool::block(Circuit circuit, bool blocked) {
  auto* found = entry(circuit);
  if (found == nullptr) return false;
  found->blocked = blocked;
  return true;
}

bool CircuitPool::set_service(Circuit circuit, bool in_service) {
  auto* found = entry(circuit);
  if (found == nullptr) return false;
  found->out_of_service = !in_service;
  return true;
}

bool CircuitPool::set_resetting(Circuit circuit, bool resetting) {
  auto* found = entry(circuit);
  if (found == nullptr) return false;
  resetting_[static_cast<std::size_t>(found - entries_.data())] = resetting;
  if (found->state == CircuitState::idle && resetting) found->state = CircuitState::resetting;
  if (found->state == CircuitState::resetting && !resetting) found->state = CircuitState::idle;
  return true;
}

void CircuitPool::set_alarm(std::uint16_t span, bool alarm) {
  std::erase(alarms_, span);
  if (alarm) alarms_.push_back(span);
}

bool CircuitPool::alarm(std::uint16_t span) const {
  return std::ranges::find(alarms_, span) != alarms_.end();
}

bool CircuitPool::alarm() const {
  return !alarms_.empty() && std::ranges::all_of(entries_, [this](const CircuitEntry& entry) {
    return alarm(entry.circuit.span);
  });
}

std::string_view CircuitPool::blocked_by(const CircuitEntry& entry) const {
  if (entry.blocked) return "local";
  if (entry.out_of_service) return "remote";
  if (alarm(entry.circuit.span)) return "alarm";
  if (!up_) return "down";
  return open_ ? "" : "draining";
}

bool CircuitPool::all_idle() const {
  return std::ranges::all_of(entries_, [](const CircuitEntry& entry) {
    return entry.state == CircuitState::idle && entry.media == 0 && !entry.call;
  });
}

namespace {

std::expected<std::uint8_t, std::string> parse_timeslot(std::string_view text) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value == 0 || value > 31)
    return std::unexpected("'" + std::string(text) + "' is not a timeslot (1 to 31)");
  return static_cast<std::uint8_t>(value);
}

struct TimeslotRange {
  std::uint8_t first = 0, last = 0;
};

std::expected<TimeslotRange, std::string> parse_range(std::string_view part) {
  const auto dash = part.find('-');
  const auto first = parse_timeslot(part.substr(0, dash));
  if (!first) return std::unexpected(first.error());
  const auto last = dash == std::string_view::npos ? first : parse_timeslot(part.substr(dash + 1));
  if (!last) return std::unexpected(last.error());
  if (*last < *first) return std::unexpected("the range '" + std::string(part) + "' runs backwards");
  return TimeslotRange{*first, *last};
}

}  // namespace

std::expected<std::vector<Circuit>, std::string> parse_circuits(std::string_view text,
                                                                std::span<const Circuit> circuits,
                                                                std::span<const SpanName> spans) {
  if (text.empty()) return std::vector<Circuit>(circuits.begin(), circuits.end());
  std::vector<Circuit> chosen;
  std::optional<std::uint16_t> only;
  while (true) {
    const auto comma = text.find(',');
    auto part = text.substr(0, comma);
    if (const auto colon = part.rfind(':'); colon != std::string_view::npos) {
      const auto name = part.substr(0, colon);
      const auto span = std::ranges::find(spans, name, &SpanName::name);
      if (span == spans.end()) return std::unexpected("the trunk has no span '" + std::string(name) + "'");
      only = span->span;
      part.remove_prefix(colon + 1);
    }
    const auto range = parse_range(part);
    if (!range) return std::unexpected(range.error());
    bool any = false;
    for (const auto circuit : circuits) {
      if (circuit.timeslot < range->first || circuit.timeslot > range->last) continue;
      if (only && circuit.span != *only) continue;
      any = true;
      if (std::ranges::find(chosen, circuit) == chosen.end()) chosen.push_back(circuit);
    }
    if (!any) return std::unexpected("the trunk has no B channel in '" + std::string(part) + "'");
    if (comma == std::string_view::npos) return chosen;
    text.remove_prefix(comma + 1);
  }
}

}  // namespace tandem::core
