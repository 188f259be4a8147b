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

void IsupTrunk::order(const std::vector<std::uint16_t>& cics, Maintenance what, Time now) {
  auto& group = commanded();
  for (std::size_t i = 0; i < cics.size();) {
    std::size_t end = i + 1;
    while (end < cics.size() && cics[end] == cics[end - 1] + 1) ++end;
    const auto first = cics[i];
    const auto count = static_cast<unsigned>(end - i);
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
    i = end;
  }
}

void IsupTrunk::close(Time now) {
  for (const auto of : cics()) {
    const auto circuit = group_.status(of);
    if (circuit && circuit->block == isup::BlockState::unblocked) closed_.push_back(of);
  }
  order(closed_, Maintenance::block, now);
}

void IsupTrunk::reopen(Time now) {
  order(std::exchange(closed_, {}), Maintenance::unblock, now);
}

}  // namespace tandem::core
