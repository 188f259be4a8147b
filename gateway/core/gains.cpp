#include "gateway/core/gains.h"

#include <algorithm>

namespace tandem::core {
namespace {

void put(std::vector<SpanGains>& all, Circuit circuit, const TrunkGains& own) {
  if (circuit.span >= all.size() || circuit.timeslot == 0 || circuit.timeslot > kSpanTimeslots) return;
  auto& gains = all[circuit.span][circuit.timeslot - 1U];
  gains.receive = own.receive.value_or(gains.receive);
  gains.send = own.send.value_or(gains.send);
}

}  // namespace

std::vector<SpanGains> span_gains(const Config& config) {
  std::vector<SpanGains> all(config.spans.size());
  for (std::size_t i = 0; i < std::min(all.size(), config.media.spans.size()); ++i)
    all[i].fill({config.media.spans[i].receive_gain, config.media.spans[i].send_gain});
  return all;
}

std::vector<SpanGains> circuit_gains(const Config& config) {
  auto all = span_gains(config);
  for (const auto& trunk : config.trunks) {
    if (trunk.retired) continue;
    for (const auto& part : trunk.spans)
      for (const auto timeslot : part.timeslots)
        put(all, {.span = part.span, .timeslot = timeslot}, trunk.gains);
  }
  for (const auto& trunk : config.isup_trunks) {
    if (trunk.retired) continue;
    for (const auto& range : trunk.group.circuits)
      for (const auto circuit : range.circuits) put(all, circuit, trunk.gains);
  }
  return all;
}

std::vector<media::SetGains> gain_changes(const std::vector<SpanGains>& from,
                                          const std::vector<SpanGains>& to) {
  std::vector<media::SetGains> changes;
  for (std::size_t span = 0; span < std::min(from.size(), to.size()); ++span) {
    const auto first = changes.size();
    for (std::size_t i = 0; i < kSpanTimeslots; ++i) {
      const auto& gains = to[span][i];
      if (gains == from[span][i]) continue;
      const auto alike = std::find_if(
          changes.begin() + static_cast<std::ptrdiff_t>(first), changes.end(),
          [&](const media::SetGains& c) { return c.receive == gains.receive && c.send == gains.send; });
      auto& change = alike != changes.end() ? *alike
                                            : changes.emplace_back(static_cast<std::uint16_t>(span), 0U,
                                                                   gains.receive, gains.send);
      change.timeslots |= std::uint32_t{1} << i;
    }
  }
  return changes;
}

}  // namespace tandem::core
