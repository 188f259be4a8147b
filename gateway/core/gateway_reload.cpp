// A changed configuration in a running gateway (ADR 0009).
#include <algorithm>

#include "gateway/core/gateway_impl.h"

namespace tandem::core {

std::vector<Change> Gateway::Impl::reload(Config file, Time now) {
  auto next = renumbered(std::move(file), config);
  if (next.media.recordings.size() > media::kMaxRecordings)
    return {{Effect::restart, "WAV files: too many since the start, so nothing is changed"}};
  wanted = std::move(next);
  auto changes = differences(config, *wanted);
  take(gateway_rows(), Effect::now, config, *wanted);
  sip.reconfigure();
  plan_audit(now);
  reload_media();
  reload_trunks();
  reload_isup_trunks();
  apply_gains();
  reload_peers(now);
  config.routes = wanted->routes;
  exchange.reroute();
  for (const auto& change : changes) context.log(Severity::info, {}, "reload: " + to_string(change));
  return changes;
}

// Before what refers to it.
void Gateway::Impl::reload_media() {
  auto& own = config.media;
  for (auto id = own.recordings.size(); id < wanted->media.recordings.size(); ++id) {
    own.recordings.push_back(wanted->media.recordings[id]);
    recordings.push_back(own.recordings.back());
    context.out.emplace_back(
        media::Command{media::AddRecording{static_cast<media::RecordingId>(id), &recordings.back()}});
  }
  for (std::size_t i = 0; i < std::min(wanted->spans.size(), wanted->media.spans.size()); ++i) {
    const auto& next = wanted->media.spans[i];
    const auto it = std::ranges::find(config.spans, wanted->spans[i].name, &tdm::SpanConfig::name);
    const auto span = static_cast<std::size_t>(it - config.spans.begin());
    if (span >= own.spans.size()) continue;
    own.spans[span].receive_gain = next.receive_gain;
    own.spans[span].send_gain = next.send_gain;
  }
}

void Gateway::Impl::apply_gains() {
  auto next = circuit_gains(config);
  for (const auto& change : gain_changes(gains, next)) context.out.emplace_back(media::Command{change});
  gains = std::move(next);
}

void Gateway::Impl::reload_trunks() {
  waiting.clear();
  for (std::size_t i = 0; i < config.trunks.size(); ++i) {
    auto& trunk = config.trunks[i];
    const auto* next = in_force(wanted->trunks, trunk.name);
    const bool retimed = next != nullptr && next->timers != trunk.timers;
    if (next != nullptr) take(trunk_rows(), Effect::now, trunk, *next);
    if (retimed) trunks.at(i).reset_timers();
    const bool removed = next == nullptr && !trunk.retired;
    const bool changed = next != nullptr && takes_place_of(*next, trunk) &&
                         (trunk.retired || differs(trunk_rows(), Effect::drained, trunk, *next));
    if (removed || changed) waiting.push_back(i);
    trunks.at(i).circuits().set_open(!trunk.retired && !removed && !changed);
  }
}

void Gateway::Impl::reload_isup_trunks() {
  waiting_isup.clear();
  for (std::size_t i = 0; i < config.isup_trunks.size(); ++i) {
    auto& trunk = config.isup_trunks[i];
    const auto* next = in_force(wanted->isup_trunks, trunk.name);
    if (next != nullptr) {
      take(isup_trunk_rows(), Effect::now, trunk, *next);
      ss7.at(i).reconfigure();
    }
    const bool comes_or_goes = trunk.retired == (next != nullptr);
    if (comes_or_goes) waiting_isup.push_back(i);
    ss7.at(i).set_open(!trunk.retired && !comes_or_goes);
  }
}

void Gateway::Impl::apply_drained_isup(std::size_t i, Time now) {
  auto& trunk = config.isup_trunks[i];
  context.log(Severity::info, {}, "trunk " + trunk.name + ": idle, so what waited for that is done");
  trunk.retired = in_force(wanted->isup_trunks, trunk.name) == nullptr;
  ss7.at(i).set_open(!trunk.retired);
  if (trunk.retired)
    ss7.at(i).close(now);
  else
    ss7.at(i).reopen(now);
  apply_gains();
  exchange.reroute();
}

bool Gateway::Impl::apply_drained(Time now) {
  const auto idle = [&](std::size_t i) { return ss7.at(i).legs().empty(); };
  if (const auto isup = std::ranges::find_if(waiting_isup, idle); isup != waiting_isup.end()) {
    const auto i = *isup;
    waiting_isup.erase(isup);
    apply_drained_isup(i, now);
    return true;
  }
  const auto ready = [&](std::size_t i) { return trunks.at(i).drained(); };
  const auto it = std::ranges::find_if(waiting, ready);
  if (it == waiting.end()) return false;
  const auto i = *it;
  waiting.erase(it);
  auto& trunk = config.trunks[i];
  context.log(Severity::info, {}, "trunk " + trunk.name + ": idle, so what waited for that is done");
  const auto* next = in_force(wanted->trunks, trunk.name);
  trunk.retired = next == nullptr;
  if (trunk.retired) {
    trunks.at(i).close(now);
    apply_gains();
    return true;
  }
  trunks.at(i).stop_timers();
  take(trunk_rows(), Effect::drained, trunk, *next);
  std::size_t number = 0;  // of its first D channel: those of the trunks stand one after the other
  for (std::size_t k = 0; k < i; ++k) number += config.trunks[k].d_channels.size();
  for (const auto circuit : trunk.d_channels)
    context.out.emplace_back(
        media::Command{media::MoveDChannel{static_cast<std::uint16_t>(number++), circuit}});
  trunks.rebuild(i, exchange, now);
  apply_gains();
  exchange.reroute();
  return true;
}

// A call keeps the peer that it began with, whatever becomes of it: what changes gets a number of its own.
void Gateway::Impl::reload_peers(Time now) {
  const auto retire = [&](std::size_t i) {
    config.peers[i].retired = true;
    left.resize(config.peers.size());
    left[i] = context.next_call();
    sip.forget_peer(i, now);
  };
  for (std::size_t i = 0; i < config.peers.size(); ++i)
    if (!config.peers[i].retired && in_force(wanted->peers, config.peers[i].name) == nullptr) retire(i);
  std::vector<std::size_t> order;
  for (const auto& next : wanted->peers) {
    const auto* known = in_force(config.peers, next.name);
    auto index =
        known == nullptr ? config.peers.size() : static_cast<std::size_t>(known - config.peers.data());
    if (known == nullptr || differs(peer_rows(), Effect::now, *known, next)) {
      const auto old = known == nullptr ? std::nullopt : std::optional(index);
      const auto reach = old ? std::optional(sip.reach(*old)) : std::nullopt;
      const bool same_place =
          old && known->destination == next.destination && known->options_interval == next.options_interval;
      if (old) retire(*old);
      index = free_peer();
      config.peers[index] = next;
      sip.set_peer(index, same_place ? reach : std::nullopt, now);
    }
    order.push_back(index);
  }
  sip.order_peers(order);
}

std::size_t Gateway::Impl::free_peer() {
  left.resize(config.peers.size());
  for (std::size_t i = 0; i < config.peers.size(); ++i)
    if (config.peers[i].retired && exchange.oldest().value >= left[i].value) return i;
  config.peers.emplace_back();
  return config.peers.size() - 1;
}

std::vector<std::string> Gateway::Impl::pending() const {
  std::vector<std::string> lines;
  if (!wanted) return lines;
  for (const auto& change : differences(config, *wanted)) lines.push_back(to_string(change));
  return lines;
}

}  // namespace tandem::core
