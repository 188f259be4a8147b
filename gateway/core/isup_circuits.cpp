// What operators do to circuits of an ISUP trunk, by CIC or by timeslot.
#include <algorithm>
#include <charconv>
#include <utility>

#include "gateway/core/circuits.h"
#include "gateway/core/isup_trunk.h"

namespace tandem::core {

namespace {

using Cics = std::vector<std::uint16_t>;

std::expected<std::uint16_t, std::string> parse_cic(std::string_view text) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value > 16383)
    return std::unexpected("'" + std::string(text) + "' is not a CIC (0 to 16383)");
  return static_cast<std::uint16_t>(value);
}

/// "1-15,17"
std::expected<Cics, std::string> parse_cics(std::string_view text, const Cics& known) {
  Cics chosen;
  while (true) {
    const auto comma = text.find(',');
    const auto part = text.substr(0, comma);
    const auto dash = part.find('-');
    const auto first = parse_cic(part.substr(0, dash));
    if (!first) return std::unexpected(first.error());
    const auto last = dash == std::string_view::npos ? first : parse_cic(part.substr(dash + 1));
    if (!last) return std::unexpected(last.error());
    if (*last < *first) return std::unexpected("the range '" + std::string(part) + "' runs backwards");
    const auto before = chosen.size();
    std::ranges::copy_if(known, std::back_inserter(chosen),
                         [&](std::uint16_t cic) { return cic >= *first && cic <= *last; });
    if (chosen.size() == before)
      return std::unexpected("the trunk has no circuit with a CIC in '" + std::string(part) + "'");
    if (comma == std::string_view::npos) return chosen;
    text.remove_prefix(comma + 1);
  }
}

/// `each(first, count)` of CICs that follow one another.
template <class Each>
void for_runs(const Cics& cics, Each each) {
  for (std::size_t i = 0; i < cics.size();) {
    std::size_t end = i + 1;
    while (end < cics.size() && cics[end] == cics[end - 1] + 1) ++end;
    each(cics[i], static_cast<unsigned>(end - i));
    i = end;
  }
}

}  // namespace

std::expected<Cics, std::string> IsupTrunk::choose(std::string_view text) const {
  const auto known = cics();
  if (text.empty()) return known;
  Cics chosen;
  if (text.find(':') == std::string_view::npos) {
    auto parsed = parse_cics(text, known);
    if (!parsed) return parsed;
    chosen = std::move(*parsed);
  } else {
    std::vector<Circuit> all;
    std::vector<SpanName> names;
    for (const auto of : known) all.push_back(*circuit(of));
    for (std::uint16_t i = 0; i < context_.config.spans.size(); ++i)
      if (has_span(i)) names.push_back({context_.config.spans[i].name, i});
    const auto circuits = parse_circuits(text, all, names);
    if (!circuits) return std::unexpected(circuits.error());
    for (const auto one : *circuits) chosen.push_back(*cic(one));
  }
  std::ranges::sort(chosen);
  const auto same = std::ranges::unique(chosen);
  chosen.erase(same.begin(), same.end());
  return chosen;
}

std::expected<std::size_t, std::string> IsupTrunk::maintain(std::string_view text, Maintenance what,
                                                            Time now) {
  const auto chosen = choose(text);
  if (!chosen) return std::unexpected(chosen.error());
  order(*chosen, what, now);
  return chosen->size();
}

std::expected<std::uint64_t, std::string> IsupTrunk::test(CircuitTest what, std::string_view text, Time now) {
  const auto chosen = choose(text);
  if (!chosen) return std::unexpected(chosen.error());
  const auto refuse = [this](const std::string& why) {
    return std::unexpected("trunk '" + config().name + "': " + why);
  };
  if (what != CircuitTest::query && chosen->size() != 1) return refuse("name one circuit by its CIC");
  if (what == CircuitTest::validate && config().group.variant != isup::Variant::ansi)
    return refuse("circuits are validated in ANSI networks only (CVT, T1.113); try query");
  if (!group().available()) return refuse("the far end cannot be reached");
  if (group_.tests().full()) return refuse("too many questions wait for an answer");
  std::vector<CircuitTestRow> rows;
  for (const auto of : *chosen) rows.push_back({.cic = of, .circuit = context_.circuit_name(*circuit(of))});
  std::vector<std::uint16_t> waiting;
  const auto first = chosen->front();
  if (what == CircuitTest::query)
    for_runs(*chosen, [&](std::uint16_t from, unsigned count) {
      std::ranges::copy(commanded().query(from, count, now), std::back_inserter(waiting));
    });
  else
    waiting = {first};
  if (waiting.empty()) return refuse("its variant has no query (EN 300 356-1)");
  if (what == CircuitTest::validate) commanded().validate(first, now);
  if (what == CircuitTest::check && !commanded().check(first, now))
    return refuse("CIC " + std::to_string(first) + " is not idle: only then its continuity is checked");
  return group_.tests().begin(what, rows, std::move(waiting));
}

void IsupTrunk::order(const std::vector<std::uint16_t>& cics, Maintenance what, Time now) {
  auto& group = commanded();
  for_runs(cics, [&](std::uint16_t first, unsigned count) {
    switch (what) {
      case Maintenance::block:
        group.block(first, count, isup::Blocking::maintenance, now);
        break;
      case Maintenance::unblock:
        group.unblock(first, count, isup::Blocking::maintenance, now);
        break;
      case Maintenance::reset:
        group.reset(first, count, now);
        break;
    }
  });
}

void IsupTrunk::close(Time now) {
  for (const auto of : cics()) {
    const auto circuit = group().status(of);
    if (circuit && circuit->block == isup::BlockState::unblocked) closed_.push_back(of);
  }
  order(closed_, Maintenance::block, now);
}

void IsupTrunk::reopen(Time now) {
  order(std::exchange(closed_, {}), Maintenance::unblock, now);
}

}  // namespace tandem::core
