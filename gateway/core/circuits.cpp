#include "gateway/core/circuits.h"

#include <algorithm>
#include <charconv>

namespace tandem::core {

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

CircuitPool::CircuitPool(std::span<const std::uint8_t> timeslots, Hunt hunt) : hunt_(hunt) {
  entries_.reserve(timeslots.size());
  for (const auto timeslot : timeslots) {
    CircuitEntry entry;
    entry.timeslot = timeslot;
    entries_.push_back(entry);
  }
  std::ranges::sort(entries_, {}, &CircuitEntry::timeslot);
  resetting_.resize(entries_.size());
}

CircuitEntry* CircuitPool::entry(std::uint8_t timeslot) {
  const auto it = std::ranges::lower_bound(entries_, timeslot, {}, &CircuitEntry::timeslot);
  return it != entries_.end() && it->timeslot == timeslot ? &*it : nullptr;
}

const CircuitEntry* CircuitPool::find(std::uint8_t timeslot) const {
  const auto it = std::ranges::lower_bound(entries_, timeslot, {}, &CircuitEntry::timeslot);
  return it != entries_.end() && it->timeslot == timeslot ? &*it : nullptr;
}

namespace {

bool better(Hunt hunt, const CircuitEntry& a, const CircuitEntry& b) {
  switch (hunt) {
    case Hunt::ascending:
      return a.timeslot < b.timeslot;
    case Hunt::descending:
      return a.timeslot > b.timeslot;
    case Hunt::least_recent:
      return a.touched != b.touched ? a.touched < b.touched : a.timeslot < b.timeslot;
    case Hunt::most_recent:
      return a.touched != b.touched ? a.touched > b.touched : a.timeslot < b.timeslot;
    case Hunt::odd:
    case Hunt::even: {
      const bool a_first = (a.timeslot % 2 == 1) == (hunt == Hunt::odd);
      const bool b_first = (b.timeslot % 2 == 1) == (hunt == Hunt::odd);
      return a_first != b_first ? a_first : a.timeslot < b.timeslot;
    }
  }
  return false;
}

}  // namespace

const CircuitEntry* CircuitPool::choose() const {
  const CircuitEntry* best = nullptr;
  for (const auto& candidate : entries_) {
    if (candidate.state != CircuitState::idle || candidate.media != 0 || candidate.blocked) continue;
    if (best == nullptr || better(hunt_, candidate, *best)) best = &candidate;
  }
  return best;
}

std::optional<std::uint8_t> CircuitPool::hunt(CircuitState state, CallId call) {
  if (!up_ || alarm_) return std::nullopt;
  const auto* chosen = choose();
  if (chosen == nullptr) return std::nullopt;
  auto* taken = entry(chosen->timeslot);
  taken->state = state;
  taken->call = call;
  return taken->timeslot;
}

CircuitPool::Seizure CircuitPool::seize(std::uint8_t timeslot, CircuitState state, CallId call) {
  auto* found = entry(timeslot);
  if (found == nullptr) return Seizure::unknown;
  if (found->state != CircuitState::idle || found->blocked) return Seizure::busy;
  found->state = state;
  found->call = call;
  return Seizure::taken;
}

void CircuitPool::release(std::uint8_t timeslot, CallId call) {
  auto* found = entry(timeslot);
  if (found == nullptr || found->call != call || !call) return;
  const auto index = static_cast<std::size_t>(found - entries_.data());
  found->state = resetting_[index] ? CircuitState::resetting : CircuitState::idle;
  found->call = {};
  found->touched = ++sequence_;
}

void CircuitPool::hold_media(std::uint8_t timeslot) {
  if (auto* found = entry(timeslot); found != nullptr) ++found->media;
}

void CircuitPool::release_media(std::uint8_t timeslot) {
  if (auto* found = entry(timeslot); found != nullptr && found->media > 0) --found->media;
}

void CircuitPool::pass_on(std::uint8_t timeslot, CallId winner) {
  auto* found = entry(timeslot);
  if (found == nullptr) return;
  found->state = CircuitState::incoming;
  found->call = winner;
}

bool CircuitPool::block(std::uint8_t timeslot, bool blocked) {
  auto* found = entry(timeslot);
  if (found == nullptr) return false;
  found->blocked = blocked;
  return true;
}

bool CircuitPool::set_resetting(std::uint8_t timeslot, bool resetting) {
  auto* found = entry(timeslot);
  if (found == nullptr) return false;
  resetting_[static_cast<std::size_t>(found - entries_.data())] = resetting;
  if (found->state == CircuitState::idle && resetting) found->state = CircuitState::resetting;
  if (found->state == CircuitState::resetting && !resetting) found->state = CircuitState::idle;
  return true;
}

std::string_view CircuitPool::blocked_by(const CircuitEntry& entry) const {
  if (entry.blocked) return "local";
  if (alarm_) return "alarm";
  return up_ ? "" : "down";
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

}  // namespace

std::expected<std::vector<std::uint8_t>, std::string> parse_timeslots(
    std::string_view text, std::span<const std::uint8_t> timeslots) {
  if (text.empty()) return std::vector<std::uint8_t>(timeslots.begin(), timeslots.end());
  std::vector<std::uint8_t> chosen;
  while (true) {
    const auto comma = text.find(',');
    const auto part = text.substr(0, comma);
    const auto dash = part.find('-');
    const auto first = parse_timeslot(part.substr(0, dash));
    if (!first) return std::unexpected(first.error());
    const auto last = dash == std::string_view::npos ? first : parse_timeslot(part.substr(dash + 1));
    if (!last) return std::unexpected(last.error());
    if (*last < *first) return std::unexpected("the range '" + std::string(part) + "' runs backwards");
    bool any = false;
    for (int slot = *first; slot <= *last; ++slot) {
      const auto timeslot = static_cast<std::uint8_t>(slot);
      if (std::ranges::find(timeslots, timeslot) == timeslots.end()) continue;
      any = true;
      if (std::ranges::find(chosen, timeslot) == chosen.end()) chosen.push_back(timeslot);
    }
    if (!any) return std::unexpected("the trunk has no B channel in '" + std::string(part) + "'");
    if (comma == std::string_view::npos) return chosen;
    text.remove_prefix(comma + 1);
  }
}

}  // namespace tandem::core
