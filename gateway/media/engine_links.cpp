// Signalling links in the tick: level 2 runs here, on the octets of its timeslot; level 3 is the signalling
// thread's.
#include "gateway/media/engine_impl.h"

namespace tandem::media {
namespace {

constexpr std::size_t kLinkCommandsPerTick = 4096;
constexpr std::uint32_t kReportTicks = 100;

}  // namespace

void Engine::Impl::make_links() {
  links.reserve(config.links.size());
  for (auto& link : config.links) {
    link.link.level3_silence = config.level3_silence;
    const auto port = links.size();
    links.push_back(std::make_unique<LinkPort>(static_cast<std::uint16_t>(port), link, links_out));
    const auto channel = audio_channel(link.circuit);
    if (channel == kNoChannel) continue;
    channels[channel].link = static_cast<std::int32_t>(port);
    update_lane(channel);
  }
}

void Engine::Impl::tick_links() {
  if (const auto beat = alive.load(std::memory_order_relaxed); beat != alive_seen) {
    alive_seen = beat;
    for (auto& link : links) link->alive(now);
  }
  if (!links_ended && links_end.load(std::memory_order_relaxed)) {
    links_ended = true;
    for (auto& link : links) link->stop(now);
  }
  for (std::size_t i = 0; i < kLinkCommandsPerTick && !links_ended; ++i) {
    if (!link_command_waits && !link_commands.pop(link_command)) break;
    link_command_waits = false;
    if (link_command.link >= links.size()) {
      link_commands_dropped.fetch_add(1, std::memory_order_relaxed);
      continue;
    }
    auto& link = *links[link_command.link];
    link_command_waits = !link.may(link_command.action);
    if (link_command_waits) break;
    if (!link.apply(link_command, now)) link_commands_dropped.fetch_add(1, std::memory_order_relaxed);
  }
  report_links();
}

// A link's turn comes once a second, not all in one tick. Where nobody takes reports the next one says more.
void Engine::Impl::report_links() {
  for (std::size_t i = ticks % kReportTicks; i < links.size(); i += kReportTicks)
    link_reports.push(links[i]->report());
}

void Engine::Impl::run_link(SpanState& span, Channel& channel, std::size_t lane) {
  auto& link = *links[static_cast<std::size_t>(channel.link)];
  link.receive(in.lanes[lane], span.alarms.down(), now);
  link.transmit(out_of(span).lanes[lane], now);
}

// ---- the outside

bool Engine::post_link(const LinkCommand& command) {
  return impl_->link_commands.push(command);
}

bool Engine::poll_link(LinkEvent& event) {
  return impl_->links_out.events.pop(event);
}

bool Engine::poll_link(LinkReport& report) {
  return impl_->link_reports.pop(report);
}

void Engine::signalling_alive() {
  impl_->alive.fetch_add(1, std::memory_order_relaxed);
}

void Engine::shut_down_links() {
  impl_->links_end.store(true, std::memory_order_relaxed);
}

}  // namespace tandem::media
