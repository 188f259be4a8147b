#include "tests/sim/two_gateways.h"

namespace tandem::sim {

namespace pri = tdm::pri;

TwoGateways::TwoGateways(core::Config left, core::Config right, std::uint64_t seed) : Clockwork(seed) {
  sides_[0] = std::make_unique<Side>(std::move(left), seed ^ 0x5a5a, now);
  sides_[1] = std::make_unique<Side>(std::move(right), seed ^ 0xa5a5, now);
  for (auto& side : sides_)
    for (const auto& trunk : side->config.trunks) {
      auto far = doubles::far_config(side->config, trunk);
      far.hold = trunk.hold;
      far.transfer = trunk.transfer;
      far.service_messages = trunk.service_messages;
      far.overlap_sending = trunk.overlap != core::Overlap::off;
      far.overlap_receiving = trunk.overlap_sending;
      side->fars.push_back(std::make_unique<Far>(far, now));
    }
}

std::optional<Time> TwoGateways::next_deadline() const {
  std::optional<Time> next;
  for (const auto& side : sides_) {
    next = earlier(next, side->gateway.next_deadline());
    for (const auto& far : side->fars) next = earlier(next, far->channel.next_deadline());
  }
  return next;
}

void TwoGateways::wake() {
  for (auto& side : sides_) {
    wake_if_due(side->gateway);
    for (auto& far : side->fars) wake_if_due(far->channel);
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

bool TwoGateways::drain_far(std::size_t side, std::size_t trunk) {
  auto& far = *sides_[side]->fars[trunk];
  bool any = false;
  while (auto output = far.channel.poll_output()) {
    any = true;
    if (auto* frame = std::get_if<pri::FrameOut>(&*output))
      send_frame(far, frame->link, frame->octets,
                 [this, side, trunk, link = frame->link](const Octets& octets) {
                   gateway(side).handle_frame(trunk, octets, now, link);
                 });
    else
      far.handler(*output);
  }
  return any;
}

void TwoGateways::send_frame(Far& far, std::uint8_t link, const Octets& frame,
                             std::function<void(const Octets&)> arrive) {
  if (far.cut[link]) return;
  for (auto& octets : wire_.carry(frame, far.faults, random))
    after(std::chrono::milliseconds(1), [&far, link, arrive, octets = std::move(octets)] {
      if (!far.cut[link]) arrive(octets);
    });
}

void TwoGateways::take(std::size_t side, sip::Transmit& transmit) {
  travel([this, other = 1 - side, flow = transmit.flow, octets = transmit.octets] {
    gateway(other).handle_datagram({sip::Transport::udp, flow.remote, flow.local, 0}, octets, now);
  });
}

void TwoGateways::take(std::size_t side, core::FrameToSend& frame) {
  auto& far = *sides_[side]->fars[frame.trunk];
  send_frame(far, frame.link, frame.octets, [this, &far, link = frame.link](const Octets& octets) {
    far.channel.handle_frame(octets, now, link);
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
  note(record.text, record.at);
}

void TwoGateways::take(std::size_t, core::LogRecord& record) {
  if (record.text.find(" D channel ") != std::string::npos && record.text.ends_with(" down")) ++link_losses_;
}

}  // namespace tandem::sim
