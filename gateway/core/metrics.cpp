#include "gateway/core/metrics.h"

#include <algorithm>

namespace tandem::core {

void CallMetrics::count_side(const Config& config, const std::string& party, bool incoming, const Cdr& cdr) {
  const bool trunk =
      std::ranges::find(config.trunks, party, &TrunkConfig::name) != config.trunks.end() ||
      std::ranges::find(config.isup_trunks, party, &IsupTrunkConfig::name) != config.isup_trunks.end();
  if (!trunk && std::ranges::find(config.peers, party, &PeerConfig::name) == config.peers.end()) return;
  AttemptKind kind{party, trunk, incoming, cdr.cause, cdr.sip_status};
  if (attempts_.size() >= kMaxKinds && !attempts_.contains(kind)) kind.cause = kind.sip_status = 0;
  ++attempts_[kind];
}

void CallMetrics::count(const Cdr& cdr, const Config& config) {
  if (cdr.state != CdrState::ended) return;
  count_side(config, cdr.from_name, true, cdr);
  count_side(config, cdr.to_name, false, cdr);
  const auto seconds = [](WallTime from, WallTime to) {
    return std::max(0.0, std::chrono::duration<double>(to - from).count());
  };
  if (cdr.answer) {
    answer_seconds.add(seconds(cdr.setup, *cdr.answer));
    if (cdr.release) talk_seconds.add(seconds(*cdr.answer, *cdr.release));
  }
  if (cdr.packets_received == 0) return;
  const auto expected = static_cast<double>(cdr.packets_received + cdr.packets_lost);
  loss_ratio.add(static_cast<double>(cdr.packets_lost) / expected);
  jitter_seconds.add(cdr.jitter_ms / 1000);
  if (cdr.mos > 0) mos.add(cdr.mos);
}

}  // namespace tandem::core
