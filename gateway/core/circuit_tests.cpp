#include "gateway/core/circuit_tests.h"

#include <algorithm>

#include "gateway/core/context.h"

namespace tandem::core {

namespace {

/// Q.763 3.14: "idle", "incoming call", "idle, blocked by itself", "unequipped". `here`: as this end has it.
std::string words_of(const isup::CircuitState& state) {
  if (state.unequipped()) return "unequipped";
  if (state.transient()) return "changing";
  static constexpr const char* kCalls[] = {"no call state", "incoming call", "outgoing call", "idle"};
  static constexpr const char* kBlocked[] = {"", ", blocked by itself", ", blocked by the other",
                                             ", blocked by both"};
  static constexpr const char* kFailed[] = {"", ", failed at its end", ", failed at the other",
                                            ", failed at both"};
  return std::string(kCalls[state.call]) + kBlocked[state.maintenance] + kFailed[state.hardware];
}

/// One end's view of the other's: what is local there is remote here, an incoming call outgoing.
isup::CircuitState mirrored(isup::CircuitState state) {
  const auto turned = [](std::uint8_t bits) {
    return static_cast<std::uint8_t>((bits & 1U) << 1 | bits >> 1);
  };
  if (state.transient() || state.unequipped()) return state;
  if (state.call == 1 || state.call == 2) state.call = static_cast<std::uint8_t>(3 - state.call);
  state.maintenance = turned(state.maintenance);
  state.hardware = turned(state.hardware);
  return state;
}

std::string_view verdict(const isup::CircuitSeen& seen) {
  if (seen.theirs.unequipped()) return "unequipped";
  if (seen.ours.transient() || seen.theirs.transient()) return "changing";
  return mirrored(seen.theirs) == seen.ours ? "same" : "differs";
}

std::string_view verdict(isup::Validation result) {
  switch (result) {
    case isup::Validation::same:
      return "same";
    case isup::Validation::other:
      return "differs";
    case isup::Validation::unequipped:
      return "unequipped";
    case isup::Validation::unanswered:
      break;
  }
  return "no answer";
}

}  // namespace

std::uint64_t CircuitTests::begin(CircuitTest what, std::span<const CircuitTestRow> circuits,
                                  std::vector<std::uint16_t> waiting) {
  if (full()) return 0;
  const auto number = context_.new_test();
  pending_.push_back({std::move(waiting), {number, what, {circuits.begin(), circuits.end()}}});
  return number;
}

template <class Fill>
void CircuitTests::end(CircuitTest what, std::uint16_t waited, Fill fill) {
  for (auto& pending : pending_) {
    if (pending.answer.what != what || std::erase(pending.waiting, waited) == 0) continue;
    for (auto& row : pending.answer.rows) fill(row);
    if (pending.waiting.empty()) context_.out.emplace_back(std::move(pending.answer));
  }
  std::erase_if(pending_, [](const Pending& pending) { return pending.waiting.empty(); });
}

void CircuitTests::ended(const isup::QueryEnded& query) {
  end(CircuitTest::query, query.first, [&](CircuitTestRow& row) {
    const auto seen = std::ranges::find(query.seen, row.cic, &isup::CircuitSeen::cic);
    if (seen == query.seen.end()) return;
    row.result = verdict(*seen);
    row.here = words_of(seen->ours);
    row.there = words_of(seen->theirs);
  });
}

void CircuitTests::ended(const isup::CheckEnded& check) {
  end(CircuitTest::check, check.cic,
      [&](CircuitTestRow& row) { row.result = check.good ? "passed" : "failed"; });
}

void CircuitTests::ended(const isup::ValidationEnded& validation) {
  end(CircuitTest::validate, validation.cic,
      [&](CircuitTestRow& row) { row.result = verdict(validation.result); });
}

}  // namespace tandem::core
