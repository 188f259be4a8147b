#include "tests/sim/two_gateways.h"

namespace tandem::sim {

namespace pri = tdm::pri;

TwoGateways::TwoGateways(core::Config left, core::Config right, std::uint64_t seed) : random_(seed) {
  sides_[0] = std::make_unique<Side>(std::move(left), seed ^ 0x5a5a, now);
  sides_[1] = std::make_unique<Side>(std::move(right), seed ^ 0xa5a5, now);
  for (auto& side : sides_)
    for (const auto& trunk : side->config.trunks) {
      pri::DChannelConfig far;
      far.type = trunk.type;
      far.side = trunk.side == pri::Side::user ? pri::Side::network : pri::Side::user;
      far.hold = trunk.hold;
      far.transfer = trunk.transfer;
      far.service_messages = trunk.service_messages;
      far.overlap_sending = trunk.overlap != core::Overlap::off;
      far.overlap_receiving = trunk.overlap_sending;
      side->fars.push_back(std::make_unique<Far>(far, now));
    }
}

std::optional<Time> TwoGateways::next_time() const {
  std::optional<Time> next;
  if (!queue_.empty()) next = queue_.begin()->first.first;
  for (const auto& side : sides_) {
    next = earlier(next, side->gateway.next_deadline());
    for (const auto& far : side->fars) next = earlier(next, far->channel.next_deadline());
  }
  return next;
}

void TwoGateways::run_until(Time end) {
  settle();
  while (const auto next = next_time()) {
    if (*next > end) break;
    now = std::max(now, *next);
    wake();
    while (!queue_.empty() && queue_.begin()->first.first <= now) {
      auto action = std::move(queue_.extract(queue_.begin()).mapped());
      action();
    }
    settle();
  }
  now = end;
}

void TwoGateways::wake() {
  const auto due = [this](const auto& owner) {
    const auto deadline = owner.next_deadline();
    return deadline && *deadline <= now;
  };
  for (auto& side : sides_) {
    if (due(side->gateway)) side->gateway.handle_timers(now);
    for (auto& far : side->fars)
      if (due(far->channel)) far->channel.handle_timers(now);
  }
}

void TwoGateways::settle() {
  for (bool busy = true; std::exchange(busy, false);)
    for (std::size_t side = 0; side < sides_.size(); ++side) {
      busy = drain_gateway(side) || busy;
      for (std::size_t trunk = 0; trunk < sides_[side]->fars.size(); ++trunk)
        busy = drain_far(side, trunk) || busy;
    }
}

bool TwoGateways::drain_gateway(std::size_t side) {
  bool any = false;
  while (auto output = gateway(side).poll_output()) {
    any = true;
    std::visit([this, side](auto& out) { take(side, out); }, *output);
  }
  return any;
}

void TwoGateways::take(std::size_t side, sip::Transmit& transmit) {
  const int copies = chance(network.loss) ? 0 : chance(network.duplicate) ? 2 : 1;
  const std::size_t other = 1 - side;
  for (int i = 0; i < copies; ++i) {
    const auto late = network.jitter > Duration{} ? some(network.jitter) : Duration{};
    after(network.delay + late, [this, other, flow = transmit.flow, octets = transmit.octets] {
      gateway(other).handle_datagram({sip::Transport::udp, flow.remote, flow.local, 0}, octets, now);
    });
  }
}

void TwoGateways::take(std::size_t side, core::FrameToSend& frame) {
  if (sides_[side]->fars[frame.trunk]->cut) return;
  after(std::chrono::milliseconds(1), [this, side, trunk = frame.trunk, octets = std::move(frame.octets)] {
    auto& far = *sides_[side]->fars[trunk];
    if (!far.cut) far.channel.handle_frame(octets, now);
  });
}

void TwoGateways::take(std::size_t side, media::Command& command) {
  if (!sides_[side]->media.take(command)) return;
  const auto id = std::get<media::CloseSession>(command).session;
  after(std::chrono::milliseconds(15), [this, side, id] {
    media::SessionClosed closed;
    closed.session = id;
    gateway(side).handle_media(closed, now);
  });
}

void TwoGateways::take(std::size_t side, core::Cdr& cdr) {
  if (cdr.state == core::CdrState::ended) ++sides_[side]->causes[cdr.cause];
}

void TwoGateways::take(std::size_t, core::TraceRecord& record) {
  if (record.text.starts_with("transferred: joined")) ++joined_;
  for (const char c : record.text) hash_ = (hash_ ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  const auto at = static_cast<std::uint64_t>(record.at.time_since_epoch().count());
  hash_ = (hash_ ^ at) * 1099511628211ULL;
}

bool TwoGateways::drain_far(std::size_t side, std::size_t trunk) {
  auto& far = *sides_[side]->fars[trunk];
  bool any = false;
  while (auto output = far.channel.poll_output()) {
    any = true;
    auto* frame = std::get_if<pri::FrameOut>(&*output);
    if (frame == nullptr) {
      far.handler(*output);
    } else if (!far.cut) {
      after(std::chrono::milliseconds(1), [this, side, trunk, octets = std::move(frame->octets)] {
        if (!sides_[side]->fars[trunk]->cut) gateway(side).handle_frame(trunk, octets, now);
      });
    }
  }
  return any;
}

}  // namespace tandem::sim
