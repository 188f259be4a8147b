#include "sipt/large_requests.h"

#include <algorithm>
#include <string>

#include "sipt/message.h"

namespace tandem::sip {
namespace {

/// The request with another transport and sent-by in its topmost Via; as it is when that cannot be read.
Octets with_via(const Octets& request, const Flow& flow) {
  Message message;
  if (!message.parse(request)) return request;
  const auto via = message.via();
  if (!via) return request;
  const std::string_view text = as_text(request);
  const std::size_t start = message.offset_of(via->text);
  std::string out(text.substr(0, start));
  out.append(flow.transport == Transport::tcp ? "SIP/2.0/TCP " : "SIP/2.0/UDP ")
      .append(to_string(flow.local));
  out.append(via->params.text()).append(text.substr(start + via->text.size()));
  return to_octets(out);
}

}  // namespace

LargeRequests::LargeRequests(std::span<const ListenAddress> listen) {
  for (const ListenAddress& one : listen)
    if (one.transport == Transport::tcp) tcp_.push_back(one.address);
}

std::optional<Flow> LargeRequests::divert(Flow& flow, Octets& request, Time now) {
  if (flow.transport != Transport::udp || request.size() <= kMaxDatagramRequest) return std::nullopt;
  if (const auto it = refusals_.find(flow.remote); it != refusals_.end()) {
    if (now < it->second) return std::nullopt;
    refusals_.erase(it);
  }
  // The address that it would have left from, if we listen there on TCP too.
  auto local = std::ranges::find_if(
      tcp_, [&](const SocketAddress& a) { return a.v6 == flow.local.v6 && a.ip == flow.local.ip; });
  if (local == tcp_.end()) local = std::ranges::find(tcp_, flow.remote.v6, &SocketAddress::v6);
  if (local == tcp_.end()) return std::nullopt;
  const Flow datagram = flow;
  flow.transport = Transport::tcp;
  flow.local = *local;
  flow.connection = 0;
  request = with_via(request, flow);
  return datagram;
}

Octets LargeRequests::restore(const Octets& request, const Flow& datagram, Time now) {
  if (refusals_.size() >= kMaxTcpRefusals)
    std::erase_if(refusals_, [&](const auto& refusal) { return refusal.second <= now; });
  if (refusals_.size() >= kMaxTcpRefusals) refusals_.clear();  // asked again, they refuse again
  refusals_[datagram.remote] = now + kTcpRefusalMemory;
  return with_via(request, datagram);
}

}  // namespace tandem::sip
