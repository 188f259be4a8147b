#include "hw/open_span.h"

#include <random>

#include "hw/cesopsn.h"
#include "hw/udp_port.h"

namespace tandem::hw {
namespace {

constexpr Duration kMaxPlayout = std::chrono::milliseconds(500);

/// Empty: all is well.
std::string problem_of(const tdm::SpanConfig& config) {
  const int most = max_packet_frames(config.type);
  if (config.packet_frames < 1 || config.packet_frames > most) {
    return "packet_frames " + std::to_string(config.packet_frames) + " is not from 1 to " +
           std::to_string(most) + "; a longer packet exceeds an MTU of 1500";
  }
  if (config.playout < Duration{} || config.playout > kMaxPlayout) return "playout is not from 0 to 500 ms";
  if (config.dscp > 63) return "dscp " + std::to_string(config.dscp) + " is not from 0 to 63";
  return {};
}

}  // namespace

std::expected<std::unique_ptr<tdm::Span>, std::string> open_span(const tdm::SpanConfig& config,
                                                                 const PortWrapper& wrap) {
  const std::string name = "span " + config.name + ": ";
  if (const auto problem = problem_of(config); !problem.empty()) return std::unexpected(name + problem);
  auto port = UdpPort::open(config.local, config.remote, config.dscp);
  if (!port) return std::unexpected(name + port.error());
  // RFC 5086 4.3: the first sequence number should be unpredictable.
  const auto first = static_cast<std::uint16_t>(std::random_device{}());
  std::unique_ptr<DatagramPort> socket = std::move(*port);
  return std::make_unique<CesopsnSpan>(config, wrap ? wrap(std::move(socket)) : std::move(socket), first);
}

}  // namespace tandem::hw
